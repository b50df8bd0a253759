import CPinarkive
import CPlatform
import Pinarkive

extension UnsafeBufferPointer<UInt8> {
  /// A caller's text; nil for NULL. What is longer than any text may be comes out cut, but still too
  /// long for the check that knows how long it may be.
  init?(argument text: UnsafePointer<CChar>?) {
    guard let text else { return nil }
    self.init(cString: text, limit: 8192)
  }
}

/// A caller's options as this version knows them. A caller built with an older header has a smaller
/// struct: the fields that it lacks are those of `standard`.
///
/// Inlined, because a function that throws must not end with a copy: see Tests/Checks/tail-calls.
///
/// - Throws: `invalidArgument` for a size that is none of this struct.
@inline(__always)
func read<Options: BitwiseCopyable>(
  _ options: UnsafePointer<Options>?, named name: StaticString, standard: Options
) throws(Failure) -> Options {
  guard let options else { return standard }
  let size = UnsafeRawPointer(options).loadUnaligned(as: UInt.self)
  guard size >= MemoryLayout<UInt>.size, size <= MemoryLayout<Options>.size else {
    throw Failure(
      .invalidArgument,
      """
      The struct_size of {} is not one that this version of the library knows: start from the _INIT \
      macro, and update the library if it is older than the header.
      """, .text(name))
  }
  var copy = standard
  // No version of the struct ends inside a field. Should one seem to, the field is left out: half a
  // pointer is no pointer.
  let whole = Int(size) & ~(MemoryLayout<Options>.alignment - 1)
  withUnsafeMutableBytes(of: &copy) { bytes in
    guard let start = bytes.baseAddress else { return }
    memcpy(start, options, whole)
  }
  return copy
}
