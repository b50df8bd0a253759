/// What stands in a URL as it is and what as %XX.
/// Source: https://www.rfc-editor.org/rfc/rfc3986
enum PercentEncoding {
  /// Where a text goes to; each value is the bit of the table that says what stands there as it is.
  enum Place: UInt8 {
    /// A path with its slashes.
    case path = 1
    /// A query or a fragment.
    case query = 2
    /// A value in a query: only letters, digits and "-._~".
    case value = 4
  }

  /// For each character of ASCII the digit "0" plus the bits of the places that it may stand in.
  private static var table: StaticString {
    """
    00000000000000000000000000000000\
    03003033333337737777777777330302\
    37777777777777777777777777700007\
    07777777777777777777777777700070
    """
  }

  /// Whether an escape, % and two hexadecimal digits, begins there.
  static func isEscape(_ text: Bytes, at index: Int) -> Bool {
    index + 2 < text.count && text[index] == .percent && text[index + 1].hexValue != nil
      && text[index + 2].hexValue != nil
  }

  /// Whether this is `word`, its escapes read.
  static func spells(_ text: Bytes, _ word: StaticString) -> Bool {
    let word = Bytes(word)
    var index = 0
    for expected in word {
      guard index < text.count else { return false }
      var byte = text[index]
      if isEscape(text, at: index) {
        byte = (text[index + 1].hexValue ?? 0) << 4 | (text[index + 2].hexValue ?? 0)
        index += 2
      }
      guard byte == expected else { return false }
      index += 1
    }
    return index == text.count
  }

  /// Writes a text.
  ///
  /// - Parameter keepsEscapes: escapes stay as they are, and a % that begins none is encoded; else
  ///   each % is a plain character of a name, and is encoded.
  @inline(never)
  static func write(_ text: Bytes, to place: Place, keepsEscapes: Bool, _ writer: inout URLWriter) {
    let table = table.utf8Start
    var index = 0
    var kept = 0
    while index < text.count {
      let byte = text[index]
      if byte < 0x80, (table[Int(byte)] &- .zero) & place.rawValue != 0 {
        index += 1
        continue
      }
      if keepsEscapes, isEscape(text, at: index) {
        index += 3
        continue
      }
      if kept < index { writer.append(text[part: kept..<index]) }
      writer.append(.percent)
      writer.append(digit(byte >> 4))
      writer.append(digit(byte & 0xF))
      index += 1
      kept = index
    }
    if kept < index { writer.append(kept == 0 ? text : text[part: kept..<index]) }
  }

  private static func digit(_ value: UInt8) -> UInt8 {
    value < 10 ? .zero + value : UInt8(ascii: "A") + value - 10
  }
}

/// Writes a URL, or only counts its bytes: the same code does both, so that the memory fits.
package struct URLWriter {
  private var end: UnsafeMutablePointer<UInt8>?
  package private(set) var count = 0

  /// - Parameter start: nil to count.
  package init(to start: UnsafeMutablePointer<UInt8>?) { end = start }

  @inline(never)
  mutating func append(_ text: Bytes) {
    count += text.count
    guard var place = end else { return }
    Pinarkive.append(text, at: &place)
    end = place
  }

  mutating func append(_ text: StaticString) { append(Bytes(text)) }

  @inline(never)
  mutating func append(_ byte: UInt8) {
    count += 1
    guard let place = end else { return }
    place.pointee = byte
    end = place + 1
  }
}
