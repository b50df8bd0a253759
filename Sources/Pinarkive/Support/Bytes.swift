import CPlatform

/// Text or data that somebody else owns. The core works on bytes: comparing Swift Strings needs
/// Unicode tables three times the size of the library, and making one can fail without a chance to
/// say so (see `OwnedText`).
package typealias Bytes = UnsafeBufferPointer<UInt8>

extension UnsafeBufferPointer<UInt8> {
  /// The text that a C string holds, without its NUL; at most `limit` + 1 bytes of it are looked at,
  /// so that a missing NUL cannot lead far astray. Longer text comes out as `limit` + 1 bytes.
  package init(cString: UnsafePointer<CChar>, limit: Int) {
    let start = UnsafeRawPointer(cString).assumingMemoryBound(to: UInt8.self)
    self.init(start: start, count: strnlen(cString, limit + 1))
  }

  /// The whole text that a C string holds, without its NUL: for one that is known to have it.
  package init(cString: UnsafePointer<CChar>) {
    let start = UnsafeRawPointer(cString).assumingMemoryBound(to: UInt8.self)
    self.init(start: start, count: strlen(cString))
  }

  package init(_ text: StaticString) {
    self.init(start: text.utf8Start, count: text.utf8CodeUnitCount)
  }

  /// A part of the text. The range must lie inside it.
  package subscript(part range: Range<Int>) -> Bytes { Bytes(rebasing: self[range]) }

  package func dropping(_ count: Int) -> Bytes { self[part: count..<self.count] }

  /// The text without its first bytes, or nothing if it has no more of them.
  package func droppingUp(to count: Int) -> Bytes { dropping(Swift.min(count, self.count)) }

  package func equals(_ other: Bytes) -> Bool {
    guard count == other.count else { return false }
    guard let start = baseAddress, let otherStart = other.baseAddress else { return true }
    return memcmp(start, otherStart, count) == 0
  }

  package func equals(_ text: StaticString) -> Bool { equals(Bytes(text)) }

  package func hasPrefix(_ text: StaticString) -> Bool {
    count >= text.utf8CodeUnitCount && self[part: 0..<text.utf8CodeUnitCount].equals(text)
  }

  package func hasSuffix(_ text: StaticString) -> Bool {
    count >= text.utf8CodeUnitCount && dropping(count - text.utf8CodeUnitCount).equals(text)
  }

  /// Whether this is `text` but for the case of ASCII letters; `text` is in lower case.
  package func equalsIgnoringCase(_ text: StaticString) -> Bool {
    let other = Bytes(text)
    guard count == other.count else { return false }
    for index in 0..<count where self[index] != other[index] {
      if self[index].lowercasedASCII != other[index] { return false }
    }
    return true
  }

  /// The same of the text's beginning.
  package func hasPrefixIgnoringCase(_ text: StaticString) -> Bool {
    count >= text.utf8CodeUnitCount
      && self[part: 0..<text.utf8CodeUnitCount].equalsIgnoringCase(text)
  }

  package func firstIndex(of byte: UInt8) -> Int? {
    for index in 0..<count where self[index] == byte { return index }
    return nil
  }

  /// The text without spaces and tabs at its ends.
  package var trimmed: Bytes {
    var start = 0
    var end = count
    while start < end, self[start] == .space || self[start] == .tab { start += 1 }
    while end > start, self[end - 1] == .space || self[end - 1] == .tab { end -= 1 }
    return self[part: start..<end]
  }

  /// The number that the text spells in decimal digits alone, or nil if it has anything else in it
  /// or is greater than Int64 holds.
  package var decimal: Int64? {
    guard count > 0 else { return nil }
    var value: Int64 = 0
    for byte in self {
      guard byte.isDigit else { return nil }
      let (tens, tooMany) = value.multipliedReportingOverflow(by: 10)
      let (sum, tooLarge) = tens.addingReportingOverflow(Int64(byte &- .zero))
      if tooMany || tooLarge { return nil }
      value = sum
    }
    return value
  }

  /// Whether there is nothing but decimal digits, and at least one.
  package var isAllDigits: Bool {
    for byte in self where !byte.isDigit { return false }
    return count > 0
  }

  /// Whether every byte is a visible ASCII character: 0x21 to 0x7E.
  package var isVisibleASCII: Bool {
    for byte in self where byte < 0x21 || byte > 0x7E { return false }
    return true
  }

  /// Whether every byte is a visible ASCII character or a space.
  package var isPrintableASCII: Bool {
    for byte in self where byte < 0x20 || byte > 0x7E { return false }
    return true
  }

  /// Whether this is well-formed UTF-8.
  package var isUTF8: Bool {
    (try? UTF8Span(validating: Span(_unsafeElements: self))) != nil
  }
}

extension UInt8 {
  static let tab = UInt8(ascii: "\t")
  static let space = UInt8(ascii: " ")
  static let slash = UInt8(ascii: "/")
  static let colon = UInt8(ascii: ":")
  static let percent = UInt8(ascii: "%")
  static let dot = UInt8(ascii: ".")
  static let zero = UInt8(ascii: "0")

  var isDigit: Bool { self >= .zero && self <= UInt8(ascii: "9") }

  var lowercasedASCII: UInt8 {
    self >= UInt8(ascii: "A") && self <= UInt8(ascii: "Z") ? self | 0x20 : self
  }

  var isLetter: Bool {
    lowercasedASCII >= UInt8(ascii: "a") && lowercasedASCII <= UInt8(ascii: "z")
  }

  /// The value of a hexadecimal digit, or nil.
  var hexValue: UInt8? {
    if isDigit { return self &- .zero }
    let letter = lowercasedASCII
    guard letter >= UInt8(ascii: "a"), letter <= UInt8(ascii: "f") else { return nil }
    return letter &- UInt8(ascii: "a") &+ 10
  }
}
