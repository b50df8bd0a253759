import CPinarkive
import Pinarkive

/// The name of a status, such as "PK_ERROR_TIMEOUT", for logs.
///
/// - Parameters:
///   - status: a pk_status.
///
/// - Returns: constant text, not to be freed; "PK_ERROR_UNKNOWN" for a number that this version
///   does not know. Never NULL.
///
/// Threads: any, at any time.
///
/// Errors: none.
///
/// Since: 0.1.0
@_cdecl("pk_status_name")
public func pk_status_name(_ status: Int32) -> UnsafePointer<CChar> {
  let name: StaticString =
    switch Status(rawValue: status) {
    case .invalidArgument: "PK_ERROR_INVALID_ARGUMENT"
    case .invalidContent: "PK_ERROR_INVALID_CONTENT"
    case .configuration: "PK_ERROR_CONFIGURATION"
    case .network: "PK_ERROR_NETWORK"
    case .timeout: "PK_ERROR_TIMEOUT"
    case .tls: "PK_ERROR_TLS"
    case .cancelled: "PK_ERROR_CANCELLED"
    case .unauthorized: "PK_ERROR_UNAUTHORIZED"
    case .forbidden: "PK_ERROR_FORBIDDEN"
    case .missingScope: "PK_ERROR_MISSING_SCOPE"
    case .notFound: "PK_ERROR_NOT_FOUND"
    case .rateLimited: "PK_ERROR_RATE_LIMITED"
    case .server: "PK_ERROR_SERVER"
    case .protocolViolation: "PK_ERROR_PROTOCOL"
    case .tooLarge: "PK_ERROR_TOO_LARGE"
    case .outOfMemory: "PK_ERROR_OUT_OF_MEMORY"
    case .internalFault: "PK_ERROR_INTERNAL"
    case nil: status == 0 ? "PK_OK" : "PK_ERROR_UNKNOWN"
    }
  return UnsafeRawPointer(name.utf8Start).assumingMemoryBound(to: CChar.self)
}
