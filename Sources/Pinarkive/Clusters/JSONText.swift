import CPlatform

/// Where the text of a JSON string stands in the body of an answer, between its quotes. Eight bytes,
/// as many as the pointer that takes its place in a result.
///
/// Only `JSONReader` makes one: what its functions count on has been checked there.
package struct JSONText: BitwiseCopyable {
  // Offset, length, and whether there are escapes. A body of 8 MiB leaves room for more.
  private let packed: UInt64

  /// No text. An offset of 0 is that of the answer's first bracket.
  package static let none = JSONText(packed: 0)

  private init(packed: UInt64) { self.packed = packed }

  @inline(__always)
  init(offset: Int, count: Int, hasEscapes: Bool) {
    packed =
      UInt64(truncatingIfNeeded: offset) << 32 | UInt64(truncatingIfNeeded: count) << 1
      | (hasEscapes ? 1 : 0)
  }

  /// Whether there is one.
  package var isThere: Bool { packed != 0 }
  package var isEmpty: Bool { count == 0 }
  /// How many bytes it has as it is written, with escapes: the text itself has no more.
  package var count: Int { Int(truncatingIfNeeded: packed & 0xFFFF_FFFF) >> 1 }
  private var offset: Int { Int(truncatingIfNeeded: packed >> 32) }
  private var hasEscapes: Bool { packed & 1 != 0 }

  @inline(__always)
  private func written(in body: Bytes) -> Bytes {
    Bytes(start: body.baseAddress.unsafelyUnwrapped + offset, count: count)
  }

  /// The text where it stands, or nil if it has escapes.
  @inline(__always)
  func plain(in body: Bytes) -> Bytes? { hasEscapes ? nil : written(in: body) }

  /// Whether both are written the same way, and so the one may stand for the other.
  @inline(__always)
  package func isWrittenLike(_ other: JSONText, in body: Bytes) -> Bool {
    packed == other.packed
      || packed & 0xFFFF_FFFF == other.packed & 0xFFFF_FFFF
        && written(in: body).equals(other.written(in: body))
  }

  /// Writes the text to `place`, and moves `place` behind it.
  @inline(__always)
  package func write(from body: Bytes, to place: inout UnsafeMutablePointer<UInt8>) {
    if hasEscapes {
      writeWithoutEscapes(from: body, to: &place)
    } else {
      append(written(in: body), at: &place)
    }
  }

  @inline(never)
  private func writeWithoutEscapes(
    from body: Bytes, to place: inout UnsafeMutablePointer<UInt8>
  ) {
    var rest = written(in: body)
    while let backslash = rest.firstIndex(of: UInt8(ascii: "\\")) {
      append(rest[part: 0..<backslash], at: &place)
      let escape = JSONEscape(rest.dropping(backslash))
      for index in 0..<escape.bytes.count { place[index] = escape.bytes[index] }
      place += escape.bytes.count
      rest = rest.dropping(backslash + escape.length)
    }
    append(rest, at: &place)
  }

  // MARK: - Comparing

  func equals(_ text: StaticString, in body: Bytes) -> Bool {
    if let plain = plain(in: body) { return plain.equals(text) }
    var mine = UnescapedBytes(written(in: body))
    for byte in Bytes(text) where mine.next() != byte { return false }
    return mine.next() == nil
  }

  /// Whether this text comes before the other, or is the same: by their bytes, without escapes.
  func precedes(_ other: JSONText, in body: Bytes) -> Bool {
    compare(other, in: body) <= 0
  }

  func equals(_ other: JSONText, in body: Bytes) -> Bool { compare(other, in: body) == 0 }

  private func compare(_ other: JSONText, in body: Bytes) -> Int32 {
    if let mine = plain(in: body), let theirs = other.plain(in: body) {
      let common = min(mine.count, theirs.count)
      if common > 0, let mine = mine.baseAddress, let theirs = theirs.baseAddress {
        let order = memcmp(mine, theirs, common)
        if order != 0 { return order }
      }
      return Int32(truncatingIfNeeded: mine.count - theirs.count)
    }
    var mine = UnescapedBytes(written(in: body))
    var theirs = UnescapedBytes(other.written(in: body))
    while true {
      // An end comes before every byte.
      let (left, right) = (mine.next().map(Int32.init) ?? -1, theirs.next().map(Int32.init) ?? -1)
      if left != right { return left - right }
      if left < 0 { return 0 }
    }
  }
}

/// What an escape in a JSON string (RFC 8259, section 7) stands for.
private struct JSONEscape {
  /// The character in UTF-8.
  private(set) var bytes = UTF8Bytes()
  /// How long the escape is: 2, 6, or 12 for a pair of surrogates.
  let length: Int

  struct UTF8Bytes {
    private var packed: UInt32 = 0
    private(set) var count = 0

    mutating func append(_ byte: UInt32) {
      packed |= byte << UInt32(truncatingIfNeeded: 8 * count)
      count += 1
    }

    subscript(index: Int) -> UInt8 {
      UInt8(truncatingIfNeeded: packed >> UInt32(truncatingIfNeeded: 8 * index))
    }
  }

  /// - Parameter text: begins with the escape, which is a valid one.
  @inline(never)
  init(_ text: Bytes) {
    switch text[1] {
    case UInt8(ascii: "u"):
      var scalar = Self.hex(text[part: 2..<6])
      if scalar >> 10 == 0xD800 >> 10 {
        scalar = 0x10000 + (scalar & 0x3FF) << 10 + Self.hex(text[part: 8..<12]) & 0x3FF
        length = 12
      } else {
        length = 6
      }
      encode(scalar)
      return
    case UInt8(ascii: "b"): bytes.append(8)
    case UInt8(ascii: "t"): bytes.append(9)
    case UInt8(ascii: "n"): bytes.append(10)
    case UInt8(ascii: "f"): bytes.append(12)
    case UInt8(ascii: "r"): bytes.append(13)
    case let itself: bytes.append(UInt32(itself))
    }
    length = 2
  }

  private mutating func encode(_ scalar: UInt32) {
    switch scalar {
    case 0..<0x80:
      bytes.append(scalar)
    case 0x80..<0x800:
      bytes.append(0xC0 | scalar >> 6)
      bytes.append(0x80 | scalar & 0x3F)
    case 0x800..<0x10000:
      bytes.append(0xE0 | scalar >> 12)
      bytes.append(0x80 | scalar >> 6 & 0x3F)
      bytes.append(0x80 | scalar & 0x3F)
    default:
      bytes.append(0xF0 | scalar >> 18)
      bytes.append(0x80 | scalar >> 12 & 0x3F)
      bytes.append(0x80 | scalar >> 6 & 0x3F)
      bytes.append(0x80 | scalar & 0x3F)
    }
  }

  private static func hex(_ digits: Bytes) -> UInt32 {
    var value: UInt32 = 0
    for digit in digits { value = value << 4 | UInt32(digit.hexValue ?? 0) }
    return value
  }
}

/// The bytes of a JSON string without its escapes, one by one.
private struct UnescapedBytes {
  private var rest: Bytes
  private var pending = JSONEscape.UTF8Bytes()
  private var pendingIndex = 0

  init(_ written: Bytes) { rest = written }

  @inline(never)
  mutating func next() -> UInt8? {
    if pendingIndex < pending.count {
      pendingIndex += 1
      return pending[pendingIndex - 1]
    }
    guard rest.count > 0 else { return nil }
    let byte = rest[0]
    guard byte == UInt8(ascii: "\\") else {
      rest = rest.dropping(1)
      return byte
    }
    let escape = JSONEscape(rest)
    rest = rest.dropping(escape.length)
    (pending, pendingIndex) = (escape.bytes, 1)
    return pending[0]
  }
}
