import CPlatform

/// Reads a JSON text (RFC 8259) front to back, value by value, as strictly as jansson does with
/// JSON_REJECT_DUPLICATES: the texts that are accepted are the same, which a fuzzer looks after
/// (Tests/Fuzz). UTF-8; no NUL, not even as \u0000; no lone surrogates; no name twice in an object;
/// no number that a 64-bit integer or a double cannot hold.
///
/// The caller asks for what it expects, and skips the rest. No memory is used for that, but for the
/// names of skipped objects.
struct JSONReader: ~Copyable {
  /// Deeper nesting than any documented answer by a wide margin.
  static let maximumDepth = 16
  /// More values than 8,000 gateways have.
  static let maximumValues = 200_000

  enum Problem: Error { case malformed, tooDeep, tooManyValues, outOfMemory }

  /// A number as far as anyone wants to know it.
  enum Number { case integer(Int64), real }

  private var start: UnsafePointer<UInt8>
  private var place: UnsafePointer<UInt8>
  private let count: Int
  private var depth = 0
  private var values = 0
  private var names = NameStack()

  /// - Parameter text: is not empty; at least eight zeros stand behind it.
  init(_ text: Bytes) {
    start = text.baseAddress.unsafelyUnwrapped
    place = start
    count = text.count
  }

  /// The whole text.
  var text: Bytes { Bytes(start: start, count: count) }

  /// Goes on where the text is now, after it was moved.
  mutating func move(to text: Bytes) {
    let newStart = text.baseAddress.unsafelyUnwrapped
    place = newStart + (place - start)
    start = newStart
  }

  // MARK: - Structure

  /// The first byte of the next token; 0 at the end.
  @inline(__always)
  mutating func peek() -> UInt8 {
    while true {
      let byte = place.pointee
      guard byte <= .space, byte == .space || byte == 10 || byte == 13 || byte == .tab else {
        return byte
      }
      place += 1
    }
  }

  /// Passes over a token of one byte if it is next.
  @inline(__always)
  mutating func take(_ byte: UInt8) -> Bool {
    guard peek() == byte else { return false }
    place += 1
    return true
  }

  @inline(__always)
  mutating func expect(_ byte: UInt8) throws(Problem) {
    guard take(byte) else { throw .malformed }
  }

  /// Begins the array or object whose bracket is next.
  @inline(__always)
  mutating func enter() throws(Problem) {
    place += 1
    depth += 1
    guard depth <= Self.maximumDepth else { throw .tooDeep }
    try countValue()
  }

  /// Whether the array or object that was entered has something in it. If not, it is left.
  @inline(__always)
  mutating func isNotEmpty(_ end: UInt8) -> Bool {
    guard take(end) else { return true }
    depth -= 1
    return false
  }

  /// Whether another element or member follows. If not, the array or object is left.
  @inline(__always)
  mutating func hasMore(before end: UInt8) throws(Problem) -> Bool {
    let next = peek()
    guard next == UInt8(ascii: ",") || next == end else { throw .malformed }
    place += 1
    guard next != end else {
      depth -= 1
      return false
    }
    try countValue()
    return true
  }

  @inline(__always)
  private mutating func countValue() throws(Problem) {
    values += 1
    guard values <= Self.maximumValues else { throw .tooManyValues }
  }

  /// - Throws: `malformed` if anything but white space follows.
  mutating func end() throws(Problem) {
    guard peek() == 0, place == start + count else { throw .malformed }
  }

  // MARK: - Names

  /// A member's name and the colon behind it.
  @inline(__always)
  mutating func name() throws(Problem) -> JSONText {
    guard peek() == UInt8(ascii: "\"") else { throw .malformed }
    let name = try string()
    try expect(.colon)
    return name
  }

  /// Passes over a name that is written without escapes, and its colon, if it is next.
  ///
  /// - Returns: whether it was next.
  @inline(__always)
  mutating func take(name: JSONName) throws(Problem) -> Bool {
    guard peek() == UInt8(ascii: "\""), name.isWritten(at: place + 1) else { return false }
    place += name.count + 2
    try expect(.colon)
    return true
  }

  /// Where the names of the object that was just entered begin, for `note` and `forgetNames`.
  var namesMark: Int { names.count }

  /// Keeps a name of the innermost object, to be compared with its others.
  mutating func note(_ name: JSONText) throws(Problem) {
    guard names.push(name) else { throw .outOfMemory }
  }

  /// Compares the names that were noted since the mark, and forgets them.
  ///
  /// - Throws: `malformed` if two are the same.
  @inline(__always)
  mutating func forgetNames(since mark: Int) throws(Problem) {
    guard names.count > mark else { return }
    guard names.pop(to: mark, in: text) else { throw .malformed }
  }

  // MARK: - Values

  /// Passes over a value of any kind.
  mutating func skip() throws(Problem) {
    switch peek() {
    case UInt8(ascii: "\""): _ = try string()
    case UInt8(ascii: "{"):
      try enter()
      guard isNotEmpty(UInt8(ascii: "}")) else { return }
      let mark = namesMark
      repeat {
        let name = try name()
        try note(name)
        // Bounded by maximumDepth.
        try skip()
      } while try hasMore(before: UInt8(ascii: "}"))
      try forgetNames(since: mark)
    case UInt8(ascii: "["):
      try enter()
      guard isNotEmpty(UInt8(ascii: "]")) else { return }
      repeat { try skip() } while try hasMore(before: UInt8(ascii: "]"))
    case UInt8(ascii: "t"): try literal("true")
    case UInt8(ascii: "f"): try literal("false")
    case UInt8(ascii: "n"): try literal("null")
    default: _ = try number()
    }
  }

  /// Passes over a null if it is next.
  @inline(__always)
  mutating func takeNull() throws(Problem) -> Bool {
    guard peek() == UInt8(ascii: "n") else { return false }
    try literal("null")
    return true
  }

  private mutating func literal(_ word: StaticString) throws(Problem) {
    for byte in Bytes(word) {
      guard place.pointee == byte else { throw .malformed }
      place += 1
    }
  }

  // MARK: - Numbers

  /// The number that is next.
  mutating func number() throws(Problem) -> Number {
    let first = place
    let isNegative = place.pointee == UInt8(ascii: "-")
    if isNegative { place += 1 }
    let digits = place
    // Counted down, because there is one more negative number than positive ones.
    var value: Int64 = 0
    var isTooLarge = false
    while place.pointee.isDigit {
      let (tens, first) = value.multipliedReportingOverflow(by: 10)
      let (sum, second) = tens.subtractingReportingOverflow(Int64(place.pointee &- .zero))
      isTooLarge = isTooLarge || first || second
      value = sum
      place += 1
    }
    guard place > digits, digits.pointee != .zero || place == digits + 1 else { throw .malformed }
    if place.pointee == .dot || place.pointee | 0x20 == UInt8(ascii: "e") {
      try real(from: first)
      return .real
    }
    if isNegative { return isTooLarge ? try tooLarge() : .integer(value) }
    let (positive, overflow) = Int64.zero.subtractingReportingOverflow(value)
    return isTooLarge || overflow ? try tooLarge() : .integer(positive)
  }

  private func tooLarge() throws(Problem) -> Number { throw .malformed }

  /// Passes over the rest of a real number that begins at `first`.
  private mutating func real(from first: UnsafePointer<UInt8>) throws(Problem) {
    if place.pointee == .dot {
      place += 1
      try skipDigits()
    }
    if place.pointee | 0x20 == UInt8(ascii: "e") {
      place += 1
      if place.pointee == UInt8(ascii: "+") || place.pointee == UInt8(ascii: "-") { place += 1 }
      try skipDigits()
    }
    guard platform_is_finite_number(first) else { throw .malformed }
  }

  private mutating func skipDigits() throws(Problem) {
    guard place.pointee.isDigit else { throw .malformed }
    while place.pointee.isDigit { place += 1 }
  }

  // MARK: - Strings

  /// The string whose quote is next.
  @inline(never)
  @_optimize(speed)
  mutating func string() throws(Problem) -> JSONText {
    place += 1
    let first = place
    var hasEscapes = false
    while true {
      skipPlain()
      let byte = place.pointee
      if byte == UInt8(ascii: "\"") { break }
      if byte == UInt8(ascii: "\\") {
        hasEscapes = true
        try escape()
      } else if byte >= 0x80 {
        try multibyteCharacter()
      } else {
        throw .malformed
      }
    }
    defer { place += 1 }
    return JSONText(offset: first - start, count: place - first, hasEscapes: hasEscapes)
  }

  /// Passes over bytes that are nothing but themselves, eight at a time.
  @inline(__always)
  private mutating func skipPlain() {
    while true {
      let word = UInt64(
        littleEndian: UnsafeRawPointer(place).loadUnaligned(as: UInt64.self))
      let special = Self.specialBytes(word)
      if special != 0 {
        place += special.trailingZeroBitCount >> 3
        return
      }
      place += 8
    }
  }

  /// The highest bit of each byte that is a quote, a backslash, a control character or not ASCII,
  /// as far as the first of them: what is above it may be wrong.
  @inline(__always)
  private static func specialBytes(_ word: UInt64) -> UInt64 {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let quotes = word ^ (ones &* UInt64(UInt8(ascii: "\"")))
    let backslashes = word ^ (ones &* UInt64(UInt8(ascii: "\\")))
    let controls = word &- ones &* 0x20
    return (word | (quotes &- ones) | (backslashes &- ones) | controls) & (ones &* 0x80)
  }

  /// Passes over an escape.
  @inline(never)
  private mutating func escape() throws(Problem) {
    switch place[1] {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"),
      UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      place += 2
    case UInt8(ascii: "u"):
      let unit = try codeUnit()
      guard unit != 0, unit >> 10 != 0xDC00 >> 10 else { throw .malformed }
      guard unit >> 10 == 0xD800 >> 10 else { return }
      guard place[0] == UInt8(ascii: "\\"), place[1] == UInt8(ascii: "u"),
        try codeUnit() >> 10 == 0xDC00 >> 10
      else { throw .malformed }
    default: throw .malformed
    }
  }

  /// Passes over \uXXXX.
  private mutating func codeUnit() throws(Problem) -> UInt16 {
    var unit: UInt16 = 0
    for index in 2..<6 {
      // A byte that is no digit ends it: nothing behind the text is looked at.
      guard let digit = place[index].hexValue else { throw .malformed }
      unit = unit << 4 | UInt16(digit)
    }
    place += 6
    return unit
  }

  /// Passes over a character of two to four bytes, as RFC 3629, section 4, allows them.
  @inline(never)
  private mutating func multibyteCharacter() throws(Problem) {
    let (length, second): (Int, ClosedRange<UInt8>) =
      switch place[0] {
      case 0xC2...0xDF: (2, 0x80...0xBF)
      case 0xE0: (3, 0xA0...0xBF)
      case 0xED: (3, 0x80...0x9F)
      case 0xE1...0xEF: (3, 0x80...0xBF)
      case 0xF0: (4, 0x90...0xBF)
      case 0xF1...0xF3: (4, 0x80...0xBF)
      case 0xF4: (4, 0x80...0x8F)
      default: (0, 0...0)
      }
    guard length > 0, second.contains(place[1]) else { throw .malformed }
    // The zeros behind the text are none.
    for index in 2..<max(length, 2) where place[index] & 0xC0 != 0x80 { throw .malformed }
    place += length
  }
}

/// A name of one to nine letters that is looked for, as numbers to compare eight bytes at a time with.
struct JSONName {
  let count: Int
  private let first: UInt64
  private let firstMask: UInt64
  private let rest: UInt64

  /// The letters one by one, of which the compiler makes numbers; of a text it does not.
  @inline(__always)
  init(
    _ a: Unicode.Scalar, _ b: Unicode.Scalar = "\"", _ c: Unicode.Scalar = "\"",
    _ d: Unicode.Scalar = "\"", _ e: Unicode.Scalar = "\"", _ f: Unicode.Scalar = "\"",
    _ g: Unicode.Scalar = "\"", _ h: Unicode.Scalar = "\"", _ i: Unicode.Scalar = "\""
  ) {
    count =
      1 + Self.one(b) + Self.one(c) + Self.one(d) + Self.one(e) + Self.one(f) + Self.one(g)
      + Self.one(h) + Self.one(i)
    let low = UInt64(a.value) | UInt64(b.value) << 8 | UInt64(c.value) << 16 | UInt64(d.value) << 24
    let high =
      UInt64(e.value) | UInt64(f.value) << 8 | UInt64(g.value) << 16 | UInt64(h.value) << 24
    // The name and the quote that ends it.
    firstMask = count < 7 ? 1 &<< UInt64(8 * (count + 1)) &- 1 : .max
    first = (low | high << 32) & firstMask
    rest = UInt64(i.value) | UInt64(UInt8(ascii: "\"")) << 8
  }

  @inline(__always)
  private static func one(_ letter: Unicode.Scalar) -> Int { letter == "\"" ? 0 : 1 }

  /// Whether the name stands there, with the quote that ends it.
  @inline(__always)
  func isWritten(at place: UnsafePointer<UInt8>) -> Bool {
    guard Self.load(place) & firstMask == first else { return false }
    // Where the first eight bytes are of the name, eight more can be looked at.
    if count == 8 { return place[8] == UInt8(ascii: "\"") }
    return count < 8 || Self.load(place + 8) & 0xFFFF == rest
  }

  @inline(__always)
  private static func load(_ place: UnsafePointer<UInt8>) -> UInt64 {
    UInt64(littleEndian: UnsafeRawPointer(place).loadUnaligned(as: UInt64.self))
  }
}

/// The names of the objects that are being passed over, the innermost ones last.
private struct NameStack: ~Copyable {
  private var start: UnsafeMutablePointer<JSONText>?
  private var capacity = 0
  private(set) var count = 0

  init() {}

  deinit { free(start) }

  /// - Returns: false if there is no memory.
  mutating func push(_ name: JSONText) -> Bool {
    if count == capacity {
      let larger = max(capacity * 2, 64)
      guard let memory = realloc(start, larger * MemoryLayout<JSONText>.stride) else {
        return false
      }
      start = memory.assumingMemoryBound(to: JSONText.self)
      capacity = larger
    }
    start.unsafelyUnwrapped[count] = name
    count += 1
    return true
  }

  /// Takes names away.
  ///
  /// - Returns: whether no two of them are the same.
  mutating func pop(to mark: Int, in body: Bytes) -> Bool {
    let names = UnsafeMutableBufferPointer(
      start: start.unsafelyUnwrapped + mark, count: count - mark)
    count = mark
    if names.count > 8 { return Self.areDifferentSorted(names, in: body) }
    for index in 1..<max(names.count, 1) {
      for other in 0..<index where names[index].equals(names[other], in: body) { return false }
    }
    return true
  }

  /// The same for many. Sorted on the spot by heapsort: no memory, and no sequence of names that
  /// somebody thinks of makes it slow, as it could with hashing.
  private static func areDifferentSorted(
    _ names: UnsafeMutableBufferPointer<JSONText>, in body: Bytes
  ) -> Bool {
    var start = names.count / 2
    while start > 0 {
      start -= 1
      siftDown(names, start, names.count, in: body)
    }
    var end = names.count
    while end > 1 {
      end -= 1
      names.swapAt(0, end)
      siftDown(names, 0, end, in: body)
      // What was taken last comes right behind in the order.
      if end + 1 < names.count, names[end].equals(names[end + 1], in: body) { return false }
    }
    return !names[0].equals(names[1], in: body)
  }

  private static func siftDown(
    _ names: UnsafeMutableBufferPointer<JSONText>, _ start: Int, _ end: Int, in body: Bytes
  ) {
    var parent = start
    while 2 * parent + 1 < end {
      var child = 2 * parent + 1
      if child + 1 < end, names[child].precedes(names[child + 1], in: body) { child += 1 }
      if names[child].precedes(names[parent], in: body) { return }
      names.swapAt(parent, child)
      parent = child
    }
  }
}
