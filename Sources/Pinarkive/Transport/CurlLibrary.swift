import CCurl
import CPlatform

/// libcurl's process-wide state. It counts its users, so ours does not disturb another part of the
/// program that uses libcurl too. It is never cleaned up: the library stays loaded, and a clean-up
/// at exit could run while another thread is inside a call.
enum CurlLibrary {
  // Under the process's lock. A failure is not kept: the next client tries again.
  nonisolated(unsafe) private static var isInitialised = false
  nonisolated(unsafe) private static var isGuarded = false

  /// - Throws: `outOfMemory` or `internalFault`.
  static func prepare() throws(Failure) {
    platform_process_lock()
    defer { platform_process_unlock() }
    if !isInitialised {
      let result = ccurl_global_init()
      if result == CURLE_OUT_OF_MEMORY { throw .outOfMemory }
      guard result == CURLE_OK else {
        throw Failure(.internalFault, "libcurl could not be initialised.")
      }
      isInitialised = true
    }
    if !isGuarded {
      guard platform_exit_guard_install() else { throw .outOfMemory }
      isGuarded = true
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
