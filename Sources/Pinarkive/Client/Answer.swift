/// A successful answer: what was decoded, the body it came from, and what came with it.
package struct Answer: ~Copyable {
  package let table: ClusterTable
  /// The body as it came.
  package let body: ByteBuffer
  /// How many requests it took.
  package let attempts: Int32
  /// What X-RateLimit-Limit, -Remaining and -Reset said, or -1; the last in seconds since 1970.
  package let rateLimit: Int64
  package let rateLimitRemaining: Int64
  package let rateLimitReset: Int64
}
