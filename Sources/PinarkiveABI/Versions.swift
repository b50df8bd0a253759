import CPinarkive
import CPlatform
import Pinarkive

/// The version of the library that is loaded, such as "0.1.0".
///
/// Compare it with PK_VERSION to see whether header and library belong together.
///
/// - Returns: constant text, never NULL, not to be freed.
///
/// Threads: any, at any time.
///
/// Errors: none.
///
/// Since: 0.1.0
@_cdecl("pk_version")
public func pk_version() -> UnsafePointer<CChar> { pinarkive_version_text() }

/// The number of the binary interface of the library that is loaded.
///
/// A program built with a header of another PK_ABI_VERSION must not use this library.
///
/// - Returns: the number that is also in the name of the shared library.
///
/// Threads: any, at any time.
///
/// Errors: none.
///
/// Since: 0.1.0
@_cdecl("pk_abi_version")
public func pk_abi_version() -> Int32 { PK_ABI_VERSION }

/// What the library runs on: its own version and those of libcurl, its TLS library and jansson.
///
/// For bug reports and logs; the form may change.
///
/// - Returns: constant text, never NULL, not to be freed.
///
/// Threads: any, at any time.
///
/// Errors: none.
///
/// Since: 0.1.0
@_cdecl("pk_build_info")
public func pk_build_info() -> UnsafePointer<CChar> {
  platform_process_lock()
  defer { platform_process_unlock() }
  if let text = BuildInfo.text { return text }
  // Without memory the version alone has to do.
  guard let made = BuildInfo.make() else { return pinarkive_version_text() }
  BuildInfo.text = made
  return made
}

private enum BuildInfo {
  /// Made on first use, kept for ever. Under the process's lock.
  nonisolated(unsafe) static var text: UnsafePointer<CChar>?

  static func make() -> UnsafePointer<CChar>? {
    var info = InlineText<256>()
    Library.describe(to: &info)
    return info.withBytes { bytes in
      guard let memory = malloc(bytes.count + 1) else { return nil }
      var end = memory.assumingMemoryBound(to: UInt8.self)
      append(bytes, at: &end)
      end.pointee = 0
      return UnsafePointer(memory.assumingMemoryBound(to: CChar.self))
    }
  }
}
