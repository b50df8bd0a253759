/// What a caller asks of a client, not yet checked: texts that the caller owns, and numbers of which
/// 0 means the default. Both the C interface and `ClientOptions` come down to this.
package struct ClientSettings {
  package var apiKey: Bytes?
  package var bearerToken: Bytes?
  package var baseURL: Bytes?
  package var userAgent: Bytes?
  package var caFile: Bytes?
  package var proxy: Bytes?
  package var timeout: Int64 = 0
  package var attemptTimeout: Int64 = 0
  package var connectTimeout: Int64 = 0
  package var maxAttempts: Int32 = 0
  package var maxConnections: Int32 = 0
  package var cacheTimeToLive: Int64 = 0
  package var staleIfError: Int64 = 0

  package init() {}
}
