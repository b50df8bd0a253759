import CPlatform

/// Text of bounded length that lives where its owner lives, without any heap memory, so that it can
/// be built when there is none left. What does not fit is cut off, at the end of a character.
package struct InlineText<let capacity: Int>: Sendable {
  private var storage = InlineArray<capacity, UInt8>(repeating: 0)
  package private(set) var count = 0

  package init() {}

  package init(_ text: StaticString) { append(text) }

  package var isEmpty: Bool { count == 0 }

  package mutating func append(_ byte: UInt8) {
    guard count < capacity else { return }
    storage[count] = byte
    count += 1
  }

  package mutating func append(_ text: StaticString) { append(Bytes(text)) }

  package mutating func append(_ text: Bytes) {
    let start = count
    count += copyFitting(text, to: &storage, at: start, capacity: capacity)
  }

  package mutating func append(_ number: Int64) {
    if number < 0 { append(UInt8(ascii: "-")) }
    let digits = DecimalDigits(number.magnitude)
    for index in 0..<digits.count { append(digits[index]) }
  }

  /// Lends the text to `body`.
  package func withBytes<Result>(_ body: (Bytes) -> Result) -> Result {
    storage.span.withUnsafeBufferPointer { body(Bytes(rebasing: $0[0..<count])) }
  }

  /// The text as a String. Allocates; for Swift programs, not for the C interface.
  package var string: String { withBytes { String(decoding: $0, as: UTF8.self) } }
}

/// Copies as much of a text as there is room for, but no part of a character.
///
/// Not generic, so that there is one of it for texts of every capacity.
///
/// - Returns: how many bytes those are.
@inline(never)
private func copyFitting(
  _ text: Bytes, to storage: UnsafeMutableRawPointer, at place: Int, capacity: Int
) -> Int {
  var length = min(text.count, capacity - place)
  // Never end inside a character: step back over its continuation bytes.
  if length < text.count { while length > 0, text[length] & 0xC0 == 0x80 { length -= 1 } }
  if length > 0, let source = text.baseAddress { memcpy(storage + place, source, length) }
  return length
}
