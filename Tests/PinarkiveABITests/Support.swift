import CPinarkive
import Pinarkive

@testable import PinarkiveABI

/// A failure as it comes out of the C interface, copied; the `pk_error` is released.
struct Reported: Equatable {
  var status: Int32
  var httpStatus: Int32 = 0
  var retryAfter: Int64 = -1
  var message = ""
  var code: String?
  var required: String?

  init?(taking error: UnsafeMutablePointer<pk_error>?) {
    guard let error else { return nil }
    status = error.pointee.status
    httpStatus = error.pointee.http_status
    retryAfter = error.pointee.retry_after_ms
    message = String(cString: error.pointee.message)
    code = error.pointee.code.map { String(cString: $0) }
    required = error.pointee.required.map { String(cString: $0) }
    pk_free(error)
  }
}

/// A failure's status is a plain number in C.
func status(_ status: pk_status) -> Int32 { Int32(status.rawValue) }

/// Makes a client for an address where nobody listens, which is no matter until it is called.
func makeClient(_ change: (inout pk_client_options) -> Void = { _ in }) -> (
  client: UnsafeMutablePointer<pk_client>?, error: Reported?
) {
  "sandbox".withCString { key in
    "http://127.0.0.1:9/api/v3".withCString { url in
      var options = pk_client_options()
      options.struct_size = MemoryLayout<pk_client_options>.size
      options.api_key = key
      options.base_url = url
      options.max_attempts = 1
      change(&options)
      var error: UnsafeMutablePointer<pk_error>?
      let client = pk_client_new(&options, &error)
      return (client, Reported(taking: error))
    }
  }
}

/// Calls with a client; the answer, which nobody is there to give, is released.
func list(
  _ client: UnsafeMutablePointer<pk_client>?,
  cancellation: UnsafeMutablePointer<pk_cancellation>? = nil
) -> Reported? {
  var options = pk_call_options()
  options.struct_size = MemoryLayout<pk_call_options>.size
  options.cancellation = cancellation
  var error: UnsafeMutablePointer<pk_error>?
  pk_free(pk_list_clusters(client, &options, &error))
  return Reported(taking: error)
}
