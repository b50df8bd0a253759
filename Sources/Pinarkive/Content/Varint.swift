/// Unsigned variable-length integers as multiformats use them: seven bits a byte, smallest first, at
/// most nine bytes, and no longer than needed.
/// Source: https://github.com/multiformats/unsigned-varint
enum Varint {
  /// The number at the beginning of `bytes` and how many bytes it takes; nil if it is cut short,
  /// longer than nine bytes or longer than needed.
  static func decode(_ bytes: Bytes) -> (value: UInt64, length: Int)? {
    var value: UInt64 = 0
    for index in 0..<min(bytes.count, 9) {
      let byte = bytes[index]
      value |= UInt64(byte & 0x7F) << (7 * UInt64(index))
      guard byte & 0x80 == 0 else { continue }
      if byte == 0, index > 0 { return nil }
      return (value, index + 1)
    }
    return nil
  }
}
