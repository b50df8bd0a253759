import CCurl
import CPlatform

/// libcurl's process-wide state. It counts its users, so ours does not disturb another part of the
/// program that uses libcurl too. It is never cleaned up: the library stays loaded, and a clean-up
/// at exit could run while another thread is inside a call.
enum CurlLibrary {
  nonisolated(unsafe) private static var result = CURLE_FAILED_INIT

  /// - Throws: `outOfMemory` or `internalFault`.
  static func prepare() throws(Failure) {
    platform_process_once {
      CurlLibrary.result = ccurl_global_init()
      if !platform_exit_guard_install() { CurlLibrary.result = CURLE_OUT_OF_MEMORY }
    }
    if result == CURLE_OUT_OF_MEMORY { throw .outOfMemory }
    guard result == CURLE_OK else {
      throw Failure(.internalFault, "libcurl could not be initialised.")
    }
  }

  /// Adds " libcurl/VERSION TLS-LIBRARY/VERSION" to a text.
  static func describe(to text: inout InlineText<256>) {
    text.append(" libcurl/")
    text.append(Bytes(cString: ccurl_version(), limit: 32))
    text.append(.space)
    text.append(Bytes(cString: ccurl_tls_version(), limit: 64))
  }
}
