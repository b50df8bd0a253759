/// A successful answer: the body as it came, what was found in it, and what came with it.
package struct Answer: ~Copyable {
  /// The body, and the records of `table`.
  package var memory: AnswerMemory
  package let table: ClusterTable
  /// How many requests it took.
  package let attempts: Int32
  /// What X-RateLimit-Limit, -Remaining and -Reset said, or -1; the last in seconds since 1970.
  package let rateLimit: Int64
  package let rateLimitRemaining: Int64
  package let rateLimitReset: Int64

  /// - Returns: nil if there is no memory.
  func copy() -> Answer? {
    guard let memory = memory.copy() else { return nil }
    return Answer(
      memory: memory, table: table, attempts: attempts, rateLimit: rateLimit,
      rateLimitRemaining: rateLimitRemaining, rateLimitReset: rateLimitReset)
  }
}
