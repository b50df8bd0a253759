/// RFC 4648's base 32, the base of nearly every CIDv1: sixteen characters, which are two times five
/// bytes, at a time, each character in a byte of its own of a vector.
extension Multibase {
  private typealias Characters = SIMD2<UInt64>

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
    let end = source + text.count
    var target = UnsafeMutableRawPointer(output)
    var strangers = Characters.zero
    var common = repeating(0xFF)
    while end - source >= 16 {
      let characters = Characters(word(source), word(source + 8))
      common &= characters
      write(bits(of: characters, &strangers), to: target)
      source += 16
      target += 10
    }
    // The last ones, with zeros behind them.
    let zeros = repeating(UInt8(ascii: "a"))
    var last = zeros
    if end - source >= 8 {
      last[0] = word(source)
      source += 8
      last[1] = lastWord(of: text, end - source, zeros[0])
    } else {
      last[0] = lastWord(of: text, end - source, zeros[0])
    }
    common &= last
    let bits = bits(of: last, &strangers)
    guard (strangers[0] | strangers[1]) & repeating(0x80)[0] == 0 else {
      throw stranger(in: text, tableOf32.utf8Start, below: 32)
    }
    let rest = text.count % 8
    let bytes = rest * 5 / 8
    // What is left over is less than a digit, and zero: else two texts would give the same bytes.
    guard rest * 5 - bytes * 8 < 5, bits[text.count % 16 / 8] << UInt64(24 + bytes * 8) == 0 else {
      throw Problem(kind: .incomplete, offset: text.count)
    }
    write(bits, to: target)
    // Digits and lower-case letters have bit 0x20, upper-case letters do not.
    let hasUpperCase = common[0] & common[1] & repeating(0x20)[0] != repeating(0x20)[0]
    return (text.count / 8 * 5 + bytes, hasUpperCase)
  }

  /// The last characters, fewer than eight, and behind them others.
  @inline(__always)
  private static func lastWord(of text: Bytes, _ count: Int, _ others: UInt64) -> UInt64 {
    guard count > 0 else { return others }
    let start = UnsafeRawPointer(text.baseAddress.unsafelyUnwrapped)
    var last: UInt64 = 0
    if text.count >= 8 {
      last = word(start + text.count - 8) >> UInt64(64 - count * 8)
    } else {
      for index in 0..<count { last |= UInt64(text[index]) << UInt64(index * 8) }
    }
    return last | others << UInt64(count * 8)
  }

  /// The 40 bits of eight digits, twice.
  ///
  /// - Parameter strangers: gets bit 0x80 of each byte that is no digit.
  @inline(__always)
  private static func bits(of characters: Characters, _ strangers: inout Characters) -> Characters {
    // Letters, 0x41 to 0x5A and 0x61 to 0x7A, are told from 2 to 7, 0x32 to 0x37, by bit 0x40.
    let letters = characters &>> 6 & repeating(1)
    let low = characters & repeating(0x1F)
    // In each byte at least 0x80 if the low bits are greater than those of z or 7, ...
    let above = low &+ repeating(0x7F - 0x17) &- letters &- letters &<< 1
    // ... and if they are not smaller than those of a or 2.
    let enough = low &+ repeating(0x80 - 0x12) &+ letters &+ letters &<< 4
    // Bit 0x20, which digits must have, and letters have in lower case.
    let fifth = (characters | letters &<< 5) &<< 2
    strangers |= characters | above | ~(enough & fifth)
    // The values: a is 1 less 1, 2 is 0x12 and 8.
    var values = low &+ repeating(8) &- letters &- letters &<< 3
    // Two, four and eight digits side by side. The first one lies in the lowest byte.
    values = values &<< 5 & two(0x03E0_03E0_03E0_03E0) | values &>> 8 & two(0x001F_001F_001F_001F)
    values = values &<< 10 & two(0x000F_FC00_000F_FC00) | values &>> 16 & two(0x0000_03FF_0000_03FF)
    return values &<< 20 & two(0xFF_FFF0_0000) | values &>> 32
  }

  /// Writes two times five bytes, and then three that do not matter.
  @inline(__always)
  private static func write(_ bits: Characters, to target: UnsafeMutableRawPointer) {
    target.storeBytes(of: (bits[0] << 24).bigEndian, as: UInt64.self)
    (target + 5).storeBytes(of: (bits[1] << 24).bigEndian, as: UInt64.self)
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
    guard let first = bytes.baseAddress else { return 0 }
    var source = UnsafeRawPointer(first)
    let end = source + bytes.count
    var target = UnsafeMutableRawPointer(output)
    while end - source >= 13 {
      let bits = Characters(word(source).bigEndian >> 24, word(source + 5).bigEndian >> 24)
      target.storeBytes(of: characters(of: bits), as: Characters.self)
      source += 10
      target += 16
    }
    while source < end {
      let bits = Characters(lastBits(source, end - source), lastBits(source + 5, end - source - 5))
      target.storeBytes(of: characters(of: bits), as: Characters.self)
      source += 10
      target += 16
    }
    return (bytes.count * 8 + 4) / 5
  }

  /// The next five bytes, or as many as there are and zeros behind them.
  @inline(__always)
  private static func lastBits(_ place: UnsafeRawPointer, _ count: Int) -> UInt64 {
    var bits: UInt64 = 0
    for index in 0..<5 {
      bits <<= 8
      if index < count { bits |= UInt64(place.load(fromByteOffset: index, as: UInt8.self)) }
    }
    return bits
  }

  /// The eight characters of 40 bits, twice: the opposite of `bits(of:)`.
  @inline(__always)
  private static func characters(of bits: Characters) -> Characters {
    var values = bits &>> 20 & two(0x000F_FFFF) | bits &<< 32 & two(0x000F_FFFF_0000_0000)
    values = values &>> 10 & two(0x0000_03FF_0000_03FF) | values &<< 16 & two(0x03FF_0000_03FF_0000)
    values = values &>> 5 & two(0x001F_001F_001F_001F) | values &<< 8 & two(0x1F00_1F00_1F00_1F00)
    // From 26 on they are 2 to 7, which lie 73 before where letters would go on.
    let digits = (values &+ repeating(0x80 - 26)) &>> 7 & repeating(1)
    let back = digits &+ digits &<< 3 &+ digits &<< 6
    return values &+ repeating(UInt8(ascii: "a")) &- back
  }

  /// Eight bytes, the first one in the lowest byte.
  @inline(__always)
  private static func word(_ place: UnsafeRawPointer) -> UInt64 {
    place.loadUnaligned(as: UInt64.self).littleEndian
  }

  @inline(__always)
  private static func two(_ word: UInt64) -> Characters { Characters(word, word) }

  @inline(__always)
  private static func repeating(_ byte: UInt8) -> Characters {
    two(UInt64(byte) &* 0x0101_0101_0101_0101)
  }
}
