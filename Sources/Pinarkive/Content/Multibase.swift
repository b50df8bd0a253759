/// The text forms of binary data that CIDs use, each announced by the first character of the text.
/// Source: https://github.com/multiformats/multibase
///
/// All that the registry lists but three: identity, whose prefix is a NUL that no C string can hold;
/// proquint, which has no agreed form for an odd number of bytes; and base45, whose digits include
/// the space, "%" and "/", so that an address could not hold it.
package enum Multibase: UInt8, CaseIterable, Sendable {
  case base2, base8, base10, base16, base16upper
  case base32hex, base32hexupper, base32hexpad, base32hexpadupper
  case base32, base32upper, base32pad, base32padupper, base32z
  case base36, base36upper, base58btc, base58flickr
  case base64, base64pad, base64url, base64urlpad, base256emoji

  package struct Problem: Error {
    package enum Kind: Sendable {
      /// A character that the base does not have.
      case character
      /// A number of characters, or left-over bits, that no whole number of bytes gives.
      case incomplete
      /// More bytes than `maximumLength`.
      case tooLong
    }

    let kind: Kind
    /// Where, counted in bytes from the first digit.
    let offset: Int
  }

  /// The longest data that is read: a CID's version, codec and hash code of 1, 9 and 9 bytes, its
  /// length of 2, and a digest of 128.
  package static let maximumLength = 149

  /// What must lie behind the pointers that `decode` writes to: the data and a word that is written
  /// at once; the number that a radix base spells, in 64-bit digits.
  package static let outputSize = 160
  static let limbCount = 19

  /// The base that a text's first character announces, and the length of that character.
  init?(prefixOf text: Bytes) {
    guard text.count > 0 else { return nil }
    switch text[0] {
    case UInt8(ascii: "0"): self = .base2
    case UInt8(ascii: "7"): self = .base8
    case UInt8(ascii: "9"): self = .base10
    case UInt8(ascii: "f"): self = .base16
    case UInt8(ascii: "F"): self = .base16upper
    case UInt8(ascii: "v"): self = .base32hex
    case UInt8(ascii: "V"): self = .base32hexupper
    case UInt8(ascii: "t"): self = .base32hexpad
    case UInt8(ascii: "T"): self = .base32hexpadupper
    case UInt8(ascii: "b"): self = .base32
    case UInt8(ascii: "B"): self = .base32upper
    case UInt8(ascii: "c"): self = .base32pad
    case UInt8(ascii: "C"): self = .base32padupper
    case UInt8(ascii: "h"): self = .base32z
    case UInt8(ascii: "k"): self = .base36
    case UInt8(ascii: "K"): self = .base36upper
    case UInt8(ascii: "z"): self = .base58btc
    case UInt8(ascii: "Z"): self = .base58flickr
    case UInt8(ascii: "m"): self = .base64
    case UInt8(ascii: "M"): self = .base64pad
    case UInt8(ascii: "u"): self = .base64url
    case UInt8(ascii: "U"): self = .base64urlpad
    default:
      guard text.hasPrefix("🚀") else { return nil }
      self = .base256emoji
    }
  }

  /// The base of that name, such as "base32".
  package init?(named name: Bytes) {
    for base in Self.allCases where name.equals(base.name) {
      self = base
      return
    }
    return nil
  }

  package var name: StaticString {
    switch self {
    case .base2: "base2"
    case .base8: "base8"
    case .base10: "base10"
    case .base16: "base16"
    case .base16upper: "base16upper"
    case .base32hex: "base32hex"
    case .base32hexupper: "base32hexupper"
    case .base32hexpad: "base32hexpad"
    case .base32hexpadupper: "base32hexpadupper"
    case .base32: "base32"
    case .base32upper: "base32upper"
    case .base32pad: "base32pad"
    case .base32padupper: "base32padupper"
    case .base32z: "base32z"
    case .base36: "base36"
    case .base36upper: "base36upper"
    case .base58btc: "base58btc"
    case .base58flickr: "base58flickr"
    case .base64: "base64"
    case .base64pad: "base64pad"
    case .base64url: "base64url"
    case .base64urlpad: "base64urlpad"
    case .base256emoji: "base256emoji"
    }
  }

  package var prefix: StaticString {
    switch self {
    case .base2: "0"
    case .base8: "7"
    case .base10: "9"
    case .base16: "f"
    case .base16upper: "F"
    case .base32hex: "v"
    case .base32hexupper: "V"
    case .base32hexpad: "t"
    case .base32hexpadupper: "T"
    case .base32: "b"
    case .base32upper: "B"
    case .base32pad: "c"
    case .base32padupper: "C"
    case .base32z: "h"
    case .base36: "k"
    case .base36upper: "K"
    case .base58btc: "z"
    case .base58flickr: "Z"
    case .base64: "m"
    case .base64pad: "M"
    case .base64url: "u"
    case .base64urlpad: "U"
    case .base256emoji: "🚀"
    }
  }

  /// How many bits a digit has; 0 where the text is one long number.
  private var bits: Int {
    switch self {
    case .base2: 1
    case .base8: 3
    case .base16, .base16upper: 4
    case .base64, .base64pad, .base64url, .base64urlpad: 6
    case .base10, .base36, .base36upper, .base58btc, .base58flickr: 0
    case .base256emoji: 8
    default: 5
    }
  }

  /// Of how many digits, padding included, the text consists of a multiple; 0 where there is none.
  private var paddedGroup: Int {
    switch self {
    case .base32pad, .base32padupper, .base32hexpad, .base32hexpadupper: 8
    case .base64pad, .base64urlpad: 4
    default: 0
    }
  }

  /// Whether the registry says that letters of either case are the same digits.
  var ignoresCase: Bool { upperCase != nil }

  /// For a base that ignores case, whether its own form has letters in upper case.
  var upperCase: Bool? {
    switch self {
    case .base16upper, .base32hexupper, .base32hexpadupper, .base32upper, .base32padupper,
      .base36upper:
      true
    case .base16, .base32hex, .base32hexpad, .base32, .base32pad, .base36: false
    default: nil
    }
  }

  // MARK: - Reading

  /// Reads the digits behind the prefix.
  ///
  /// - Parameters:
  ///   - output: room for `outputSize` bytes.
  ///   - limbs: room for `limbCount` numbers.
  /// - Returns: how many bytes were written.
  package func decode(
    _ text: Bytes, into output: UnsafeMutablePointer<UInt8>, limbs: UnsafeMutablePointer<UInt64>
  ) throws(Problem) -> Int {
    switch self {
    case .base32: try Self.decodeBase32(text, into: output).length
    case .base10: try decodeNumber(text, radix: 10, digits: 19, into: output, limbs)
    case .base36, .base36upper: try decodeNumber(text, radix: 36, digits: 12, into: output, limbs)
    case .base58btc, .base58flickr:
      try decodeNumber(text, radix: 58, digits: 10, into: output, limbs)
    case .base256emoji: try Self.decodeEmoji(text, into: output)
    default: try decodeBits(text, into: output)
    }
  }

  /// The problem of a text that has a character that is no digit.
  @_optimize(size)
  static func stranger(in text: Bytes, _ table: UnsafePointer<UInt8>, below radix: UInt8)
    -> Problem
  {
    var offset = 0
    while offset < text.count, text[offset] < 0x80, value(of: text[offset], in: table) < radix {
      offset += 1
    }
    return Problem(kind: .character, offset: offset)
  }

  /// Any base whose digits are a whole number of bits.
  @_optimize(size)
  private func decodeBits(_ text: Bytes, into output: UnsafeMutablePointer<UInt8>)
    throws(Problem) -> Int
  {
    let table = table.utf8Start
    let bits = bits
    var count = text.count
    if paddedGroup > 0 {
      while count > 0, text[count - 1] == UInt8(ascii: "=") { count -= 1 }
      // As many as complete the last group, no more and no fewer.
      guard (count + paddedGroup - 1) / paddedGroup * paddedGroup == text.count else {
        throw Problem(kind: .incomplete, offset: text.count)
      }
    }
    var held: UInt32 = 0
    var heldBits = 0
    var length = 0
    for offset in 0..<count {
      let value = Self.value(of: text[offset], in: table)
      guard text[offset] < 0x80, value < 1 << UInt8(bits) else {
        throw Problem(kind: .character, offset: offset)
      }
      held = held << UInt32(bits) | UInt32(value)
      heldBits += bits
      guard heldBits >= 8 else { continue }
      heldBits -= 8
      guard length < Self.maximumLength else { throw Problem(kind: .tooLong, offset: offset) }
      output[length] = UInt8(truncatingIfNeeded: held >> UInt32(heldBits))
      length += 1
    }
    guard heldBits < bits, held & ((1 << UInt32(heldBits)) - 1) == 0 else {
      throw Problem(kind: .incomplete, offset: text.count)
    }
    return length
  }

  /// A base whose text is one long number. So many digits at a time as a 64-bit number holds, so
  /// that the long multiplication has few steps.
  @_optimize(size)
  private func decodeNumber(
    _ text: Bytes, radix: UInt64, digits: Int, into output: UnsafeMutablePointer<UInt8>,
    _ limbs: UnsafeMutablePointer<UInt64>
  ) throws(Problem) -> Int {
    guard text.count <= Self.maximumLength * 8 else {
      throw Problem(kind: .tooLong, offset: text.count)
    }
    let table = table.utf8Start
    let zero = self.digits.utf8Start[0]
    var weight: UInt64 = 1
    for _ in 0..<digits { weight = weight &* radix }
    var highest: UInt8 = 0
    var limbsUsed = 0
    var offset = 0
    // The first part is the short one, so that all others have the same weight.
    var end = text.count % digits
    if end == 0 { end = min(digits, text.count) }
    while offset < text.count {
      var part: UInt64 = 0
      while offset < end {
        let value = Self.value(of: text[offset], in: table) | text[offset] & 0x80
        highest = max(highest, value)
        part = part &* radix &+ UInt64(value)
        offset += 1
      }
      end += digits
      for limb in 0..<limbsUsed {
        let product = limbs[limb].multipliedFullWidth(by: weight)
        let (low, carry) = product.low.addingReportingOverflow(part)
        limbs[limb] = low
        part = product.high &+ (carry ? 1 : 0)
      }
      if part > 0 {
        guard limbsUsed < Self.limbCount else { throw Problem(kind: .tooLong, offset: offset) }
        limbs[limbsUsed] = part
        limbsUsed += 1
      }
    }
    guard UInt64(highest) < radix else { throw Self.stranger(in: text, table, below: UInt8(radix)) }
    // Each leading zero digit is a zero byte; the number itself has none.
    var zeros = 0
    while zeros < text.count, text[zeros] == zero { zeros += 1 }
    let top = limbsUsed > 0 ? (71 - limbs[limbsUsed - 1].leadingZeroBitCount) / 8 : 0
    let length = zeros + (limbsUsed > 0 ? (limbsUsed - 1) * 8 + top : 0)
    guard length <= Self.maximumLength else { throw Problem(kind: .tooLong, offset: text.count) }
    for index in 0..<zeros { output[index] = 0 }
    guard limbsUsed > 0 else { return length }
    var target = UnsafeMutableRawPointer(output + zeros)
    let first = limbs[limbsUsed - 1] << UInt64(64 - top * 8)
    target.storeBytes(of: first.bigEndian, as: UInt64.self)
    target += top
    var limb = limbsUsed - 1
    while limb > 0 {
      limb -= 1
      target.storeBytes(of: limbs[limb].bigEndian, as: UInt64.self)
      target += 8
    }
    return length
  }

  @_optimize(size)
  private static func decodeEmoji(_ text: Bytes, into output: UnsafeMutablePointer<UInt8>)
    throws(Problem) -> Int
  {
    let digits = Bytes(Multibase.base256emoji.digits)
    var length = 0
    var offset = 0
    while offset < text.count {
      let size = sizeOfCharacter(at: offset, in: text)
      var place = 0
      var value = 0
      while place < digits.count {
        let other = sizeOfCharacter(at: place, in: digits)
        if size == other,
          text[part: offset..<offset + size].equals(digits[part: place..<place + size])
        {
          break
        }
        place += other
        value += 1
      }
      guard place < digits.count else { throw Problem(kind: .character, offset: offset) }
      guard length < maximumLength else { throw Problem(kind: .tooLong, offset: offset) }
      output[length] = UInt8(truncatingIfNeeded: value)
      length += 1
      offset += size
    }
    return length
  }

  /// How many bytes the UTF-8 character has that begins there, at most those that there are.
  private static func sizeOfCharacter(at offset: Int, in text: Bytes) -> Int {
    var size = 1
    while offset + size < text.count, text[offset + size] & 0xC0 == 0x80 { size += 1 }
    return size
  }

  // MARK: - Writing

  /// The length of the longest text that `encode` writes for so many bytes.
  package func maximumTextLength(of count: Int) -> Int {
    let prefix = prefix.utf8CodeUnitCount
    switch self {
    case .base256emoji: return prefix + count * 4
    // A byte is 2.41, 1.55 or 1.37 digits.
    case .base10: return prefix + count * 5 / 2 + 1
    case .base36, .base36upper: return prefix + count * 8 / 5 + 1
    case .base58btc, .base58flickr: return prefix + count * 7 / 5 + 1
    default:
      // Padding fills a group, and base 32 is written sixteen at a time.
      let digits = (count * 8 + bits - 1) / bits
      return prefix + (digits + 15) / 16 * 16
    }
  }

  /// Writes prefix and digits.
  ///
  /// - Parameters:
  ///   - output: room for `maximumTextLength` bytes.
  ///   - limbs: room for `limbCount` numbers.
  /// - Returns: how many bytes were written.
  package func encode(
    _ bytes: Bytes, into output: UnsafeMutablePointer<UInt8>, limbs: UnsafeMutablePointer<UInt64>
  ) -> Int {
    var end = output
    append(Bytes(prefix), at: &end)
    return end - output + encodeDigits(bytes, into: end, limbs: limbs)
  }

  /// As `encode`, without the prefix, which a CIDv0 does not have.
  @inline(never)
  func encodeDigits(
    _ bytes: Bytes, into output: UnsafeMutablePointer<UInt8>, limbs: UnsafeMutablePointer<UInt64>
  ) -> Int {
    switch self {
    case .base10: encodeNumber(bytes, radix: 10, digits: 9, into: output, limbs)
    case .base36, .base36upper: encodeNumber(bytes, radix: 36, digits: 6, into: output, limbs)
    case .base58btc, .base58flickr:
      encodeNumber(bytes, radix: 58, digits: 5, into: output, limbs)
    case .base32: Self.encodeBase32Digits(bytes, into: output)
    case .base256emoji: Self.encodeEmoji(bytes, into: output)
    default: encodeBits(bytes, into: output)
    }
  }

  @_optimize(size)
  private func encodeBits(_ bytes: Bytes, into output: UnsafeMutablePointer<UInt8>) -> Int {
    let digits = digits.utf8Start
    let bits = bits
    let mask = (UInt32(1) << UInt32(bits)) - 1
    var held: UInt32 = 0
    var heldBits = 0
    var length = 0
    for byte in bytes {
      held = held << 8 | UInt32(byte)
      heldBits += 8
      while heldBits >= bits {
        heldBits -= bits
        output[length] = digits[Int(held >> UInt32(heldBits) & mask)]
        length += 1
      }
    }
    if heldBits > 0 {
      output[length] = digits[Int(held << UInt32(bits - heldBits) & mask)]
      length += 1
    }
    if paddedGroup > 0 {
      while length % paddedGroup > 0 {
        output[length] = UInt8(ascii: "=")
        length += 1
      }
    }
    return length
  }

  /// Divides the number by as many digits at a time as 32 bits hold.
  @_optimize(size)
  private func encodeNumber(
    _ bytes: Bytes, radix: UInt32, digits count: Int, into output: UnsafeMutablePointer<UInt8>,
    _ limbs: UnsafeMutablePointer<UInt64>
  ) -> Int {
    let digits = self.digits.utf8Start
    var divisor: UInt64 = 1
    for _ in 0..<count { divisor *= UInt64(radix) }
    var zeros = 0
    while zeros < bytes.count, bytes[zeros] == 0 { zeros += 1 }
    // The number in 32-bit digits, the most significant first.
    let number = bytes.dropping(zeros)
    let words = UnsafeMutableRawPointer(limbs).assumingMemoryBound(to: UInt32.self)
    let wordCount = (number.count + 3) / 4
    var word: UInt32 = 0
    for (index, byte) in number.enumerated() {
      word = word << 8 | UInt32(byte)
      if (number.count - index) % 4 == 1 {
        words[wordCount - (number.count - index + 3) / 4] = word
      }
    }
    // The digits, the least significant first.
    var length = 0
    var first = 0
    while first < wordCount {
      var remainder: UInt64 = 0
      for index in first..<wordCount {
        let dividend = remainder << 32 | UInt64(words[index])
        let quotient = dividend / divisor
        words[index] = UInt32(truncatingIfNeeded: quotient)
        remainder = dividend &- quotient &* divisor
      }
      while first < wordCount, words[first] == 0 { first += 1 }
      var part = UInt32(truncatingIfNeeded: remainder)
      for _ in 0..<count {
        // The last part has no leading zeros.
        if first == wordCount, part == 0 { break }
        output[length] = digits[Int(part % radix)]
        part /= radix
        length += 1
      }
    }
    for _ in 0..<zeros {
      output[length] = digits[0]
      length += 1
    }
    var low = 0
    var high = length - 1
    while low < high {
      (output[low], output[high]) = (output[high], output[low])
      low += 1
      high -= 1
    }
    return length
  }

  @_optimize(size)
  private static func encodeEmoji(_ bytes: Bytes, into output: UnsafeMutablePointer<UInt8>) -> Int {
    let digits = Bytes(Multibase.base256emoji.digits)
    var end = output
    for byte in bytes {
      var place = 0
      for _ in 0..<byte { place += sizeOfCharacter(at: place, in: digits) }
      append(digits[part: place..<place + sizeOfCharacter(at: place, in: digits)], at: &end)
    }
    return end - output
  }
}
