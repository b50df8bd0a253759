/// RFC 4648's base 32, the base of nearly every CIDv1: sixteen characters, which are two times five
/// bytes, at a time, each character in a byte of its own of a vector.
extension Multibase {
  /// Reads digits without their prefix, in either case.
  ///
  /// - Returns: how many bytes were written, and whether letters were in upper case.
  @inline(never)
  static func decodeBase32(_ text: Bytes, into output: UnsafeMutablePointer<UInt8>)
    throws(Problem) -> (length: Int, hasUpperCase: Bool)
  {
    guard let first = text.baseAddress, text.count <= (maximumLength * 8 + 4) / 5 else {
      throw Problem(kind: .tooLong, offset: text.count)
    }
    var source = UnsafeRawPointer(first)
    var target = UnsafeMutableRawPointer(output)
    var digits = Digits()
    for _ in 0..<UInt(text.count) / 16 {
      write(digits.read(.loading(source)), to: target)
      source += 16
      target += 10
    }
    // The last ones, with zeros behind them.
    let rest = UInt64(text.count) % 8
    let zeros = Vector(bytes: UInt8(ascii: "a"))
    let last = lastWord(of: text) | zeros[0] &<< (rest * 8)
    let isSecond = text.count & 8 != 0
    let bits = digits.read(isSecond ? Vector(word(source), last) : Vector(last, zeros[0]))
    let lastBits = isSecond ? bits[1] : bits[0]
    guard !digits.hasStrangers else {
      throw stranger(in: text, tableOf32.utf8Start, below: 32)
    }
    let bytes = rest * 5 / 8
    // What is left over is less than a digit, and zero: else two texts would give the same bytes.
    guard rest * 5 % 8 < 5, (lastBits &>> 24) &<< (24 + bytes * 8) == 0 else {
      throw Problem(kind: .incomplete, offset: text.count)
    }
    write(bits, to: target)
    return (text.count / 8 * 5 + Int(bytes), digits.hasUpperCase)
  }

  /// The last characters, as many as are more than a multiple of eight, and zeros behind them.
  @inline(__always)
  private static func lastWord(of text: Bytes) -> UInt64 {
    let rest = UInt64(text.count) % 8
    if text.count >= 8 {
      let start = UnsafeRawPointer(text.baseAddress.unsafelyUnwrapped)
      // Two shifts, because none of 64 bits is defined.
      return (word(start + text.count - 8) &>> 8) &>> (56 - rest * 8)
    }
    var last: UInt64 = 0
    for index in 0..<Int(rest) { last |= UInt64(text[index]) << UInt64(index * 8) }
    return last
  }

  /// What has been seen of the characters so far.
  private struct Digits {
    /// Has bit 0x80 in each byte that was no digit.
    private var strangers = Vector.zero
    /// Has not bit 0x80 in each byte that was no digit.
    private var common = Vector(bytes: 0xFF)
    private var enough = Vector(bytes: 0xFF)

    /// Two times eight digits as two numbers, each of 40 bits from the highest one on. Below them
    /// is what does not matter.
    @inline(__always)
    mutating func read(_ characters: Vector) -> Vector {
      common &= characters
      // Letters, 0x41 to 0x5A and 0x61 to 0x7A, are told from 2 to 7, 0x32 to 0x37, by bit 0x40.
      let letters = characters.addingBytes(characters).signs
      // The low bits, of which letters have five and digits six.
      let low = characters & (Vector(bytes: 0x1F) | ~letters & Vector(bytes: 0x20))
      // In each byte at least 0x80 if the low bits are greater than those of z or 7, ...
      strangers |= characters
      strangers |= low &+ Vector(bytes: 0x7F - 0x37) &+ (letters & Vector(bytes: 0x37 - 0x1A))
      // ... and if they are not smaller than those of a or 2.
      enough &= low &+ Vector(bytes: 0x80 - 0x32) &+ (letters & Vector(bytes: 0x32 - 0x01))
      // The values: a is 1 less 1, 2 is 0x32 less 24.
      var values = low.subtractingBytes(Vector(bytes: 24)).addingBytes(letters & Vector(bytes: 23))
      // Two, four and eight digits side by side. The first one lies in the lowest byte.
      values.shorts = (values.shorts &<< 5 | values.shorts &>> 8) & SIMD8(repeating: 0x03FF)
      values.ints = (values.ints &<< 10 | values.ints &>> 16) & SIMD4(repeating: 0x000F_FFFF)
      return values &<< 44 | values &>> 8
    }

    @inline(__always)
    var hasStrangers: Bool {
      let signs = (strangers | ~enough) & Vector(bytes: 0x80)
      return signs[0] | signs[1] != 0
    }

    /// Digits and lower-case letters have bit 0x20, upper-case letters do not.
    @inline(__always)
    var hasUpperCase: Bool { common[0] & common[1] | ~Vector(bytes: 0x20)[0] != ~0 }
  }

  /// Writes two times five bytes, and then three that do not matter.
  @inline(__always)
  private static func write(_ bits: Vector, to target: UnsafeMutableRawPointer) {
    target.storeBytes(of: bits[0].bigEndian, as: UInt64.self)
    (target + 5).storeBytes(of: bits[1].bigEndian, as: UInt64.self)
  }

  /// What `encodeBase32` needs room for, which writes sixteen characters at a time.
  @inline(__always)
  package static func maximumBase32Length(of count: Int) -> Int {
    1 + ((count * 8 + 4) / 5 + 15) / 16 * 16
  }

  /// Writes the prefix and digits in lower case.
  ///
  /// - Parameter output: room for `maximumBase32Length`.
  /// - Returns: how many bytes are the text.
  package static func encodeBase32(_ bytes: Bytes, into output: UnsafeMutablePointer<UInt8>) -> Int
  {
    output[0] = UInt8(ascii: "b")
    return 1 + encodeBase32Digits(bytes, into: output + 1)
  }

  static func encodeBase32Digits(_ bytes: Bytes, into output: UnsafeMutablePointer<UInt8>) -> Int {
    // No bytes are no characters, and there may be no room for the sixteen that are written at once.
    guard let first = bytes.baseAddress, bytes.count > 0 else { return 0 }
    let end = UnsafeRawPointer(first) + bytes.count
    var source = UnsafeRawPointer(first)
    var target = UnsafeMutableRawPointer(output)
    @inline(__always) func write(_ first: UInt64, _ second: UInt64) {
      target.storeBytes(of: characters(of: Vector(first, second)), as: Vector.self)
      source += 10
      target += 16
    }
    if bytes.count >= 8 {
      /// The last bytes, fewer than eight, and zeros behind them.
      @inline(__always) func last(_ count: Int) -> UInt64 {
        count > 0 ? word(end - 8).bigEndian &<< UInt64(64 - count * 8) : 0
      }
      while end - source >= 13 { write(word(source).bigEndian, word(source + 5).bigEndian) }
      while source < end {
        let count = end - source
        write(count < 8 ? last(count) : word(source).bigEndian, last(count - 5))
      }
    } else {
      var bits: UInt64 = 0
      for index in 0..<bytes.count { bits |= UInt64(bytes[index]) << UInt64(56 - index * 8) }
      write(bits, bits << 40)
    }
    return (bytes.count * 8 + 4) / 5
  }

  /// The eight characters of the upper 40 bits, twice.
  @inline(__always)
  private static func characters(of bits: Vector) -> Vector {
    var values = bits &>> 44 | bits &<< 8 & Vector(repeating: 0x000F_FFFF_0000_0000)
    values.ints = values.ints &>> 10 | values.ints &<< 16
    values = values & Vector(repeating: 0x03FF_03FF_03FF_03FF)
    values.shorts = values.shorts &>> 5 | values.shorts &<< 8
    values = values & Vector(bytes: 0x1F)
    // From 26 on they are 2 to 7, which lie 73 before where letters would go on.
    let letters = values.subtractingBytes(Vector(bytes: 26)).signs
    return values &+ Vector(bytes: UInt8(ascii: "a") - 73) &+ (letters & Vector(bytes: 73))
  }

  /// Eight bytes, the first one in the lowest byte.
  @inline(__always)
  private static func word(_ place: UnsafeRawPointer) -> UInt64 {
    place.loadUnaligned(as: UInt64.self)
  }
}
