/// What kind of failure an error is. The numbers are those of the C interface: fixed, never reused.
public enum Status: Int32, Sendable {
  /// An argument cannot be right.
  case invalidArgument = 1
  /// The content is neither a CID nor an address of one.
  case invalidContent = 2
  /// Something in the environment is missing or wrong, such as the key.
  case configuration = 3
  /// No answer came: the name, the connection or the proxy failed.
  case network = 4
  /// The time given for the call ran out.
  case timeout = 5
  /// The server's certificate or the TLS handshake was not acceptable.
  case tls = 6
  /// The call was cancelled.
  case cancelled = 7
  /// HTTP 401: the service does not accept the key or token.
  case unauthorized = 8
  /// HTTP 403: the account may not do this.
  case forbidden = 9
  /// HTTP 403 because the key lacks a scope.
  case missingScope = 10
  /// HTTP 404: there is no such endpoint at the base URL.
  case notFound = 11
  /// HTTP 429: too many requests.
  case rateLimited = 12
  /// HTTP 5xx: the service failed.
  case server = 13
  /// The answer is not what the service documents.
  case protocolViolation = 14
  /// The answer is larger than the library accepts.
  case tooLarge = 15
  /// Memory could not be allocated.
  case outOfMemory = 16
  /// A fault of the library itself.
  case internalFault = 17
}
