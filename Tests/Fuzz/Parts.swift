/// The parts of an input, which are separated by NUL as no C string can hold one. Each is a copy that
/// ends where its memory does, so that the address sanitizer sees every look behind the end.
struct Parts: ~Copyable {
  private let memory: UnsafeMutablePointer<Bytes>
  let count: Int

  /// - Parameter most: how many parts there may be; the last one is all the rest, with its NULs.
  init(_ input: Bytes, most: Int) {
    memory = UnsafeMutablePointer<Bytes>.allocate(capacity: most)
    var rest = input
    var found = 0
    while found < most {
      let end = found + 1 == most ? rest.count : rest.firstIndex(of: 0) ?? rest.count
      (memory + found).initialize(to: Self.copy(rest[part: 0..<end]))
      found += 1
      if end == rest.count { break }
      rest = rest.dropping(end + 1)
    }
    count = found
  }

  deinit {
    for index in 0..<count { memory[index].deallocate() }
    memory.deallocate()
  }

  /// A part; nothing where there are not so many.
  subscript(_ index: Int) -> Bytes { index < count ? memory[index] : Bytes("") }

  private static func copy(_ text: Bytes) -> Bytes {
    let copy = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: text.count)
    _ = copy.initialize(fromContentsOf: text)
    return Bytes(copy)
  }
}

/// Whether a text has another one in it.
func contains(_ text: Bytes, _ other: Bytes) -> Bool {
  guard other.count > 0, other.count <= text.count else { return other.count == 0 }
  for start in 0...text.count - other.count
  where text[part: start..<start + other.count].equals(other) {
    return true
  }
  return false
}

/// Claims what must hold of every text that the library passes on.
func claimIsText(_ text: Bytes) {
  claim(isWellFormed(text), "a text is UTF-8")
  claim(text.firstIndex(of: 0) == nil, "a text has no NUL")
}

/// Whether this is UTF-8, by table 3-7 of the Unicode standard. Written out, and not the core's own
/// test, which is one of the things to check.
func isWellFormed(_ text: Bytes) -> Bool {
  var index = 0
  while index < text.count {
    let first = text[index]
    let length: Int
    var second: ClosedRange<UInt8> = 0x80...0xBF
    switch first {
    case 0x00...0x7F: length = 1
    case 0xC2...0xDF: length = 2
    case 0xE0: (length, second) = (3, 0xA0...0xBF)
    case 0xED: (length, second) = (3, 0x80...0x9F)
    case 0xE1...0xEF: length = 3
    case 0xF0: (length, second) = (4, 0x90...0xBF)
    case 0xF4: (length, second) = (4, 0x80...0x8F)
    case 0xF1...0xF3: length = 4
    default: return false
    }
    guard index + length <= text.count else { return false }
    if length > 1, !second.contains(text[index + 1]) { return false }
    if length > 2 {
      for byte in text[part: index + 2..<index + length] where byte & 0xC0 != 0x80 { return false }
    }
    index += length
  }
  return true
}
