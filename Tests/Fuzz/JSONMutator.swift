/// Changes JSON a little, so that most of what comes out is nearly an answer of the service: what is
/// not even nearly JSON is refused at its first byte and teaches nothing.
struct JSONMutator {
  private var random: Random
  private var text: [UInt8]
  private var tokens: [Range<Int>] = []

  init(_ text: Bytes, _ random: Random) {
    self.random = random
    self.text = Array(text)
  }

  mutating func mutated(most: Int) -> [UInt8] {
    if text.isEmpty || random.oneIn(40) {
      text = []
      writeAnswer()
    }
    var changes = 1
    while changes < 6, random.oneIn(2) { changes += 1 }
    for _ in 0..<changes { change() }
    if text.count > most { text.removeSubrange(most...) }
    return text
  }

  private mutating func change() {
    tokenize()
    guard !tokens.isEmpty else { return writeAnswer() }
    // Most changes put one value or name in another's place, so that JSON stays JSON.
    switch random.below(20) {
    case 0, 1, 2: replace(aValue(), with: number())
    case 3, 4, 5: replace(aValue(), with: string())
    case 6: replace(aValue(), with: url())
    case 7: replace(subtree(at: aValue()), with: value())
    case 8: replace(aName(), with: Self.pick(Self.names, &random))
    case 9: replace(aName(), with: string())
    case 10: insertMember(near: anyToken())
    case 11: replace(aName(), with: respelled(aName()))
    case 12: copy(subtree(at: aValue()))
    case 13:
      let whole = subtree(at: aValue())
      replace(whole, with: wrapped(whole))
    case 14: insertSpace(beside: anyToken())
    case 15: insert(character(), at: random.index(in: aValue()))
    case 16: swap(aValue(), aValue())
    case 17: changeInside(anyToken())
    default: breakUp(anyToken())
    }
  }

  /// A change after which JSON is hardly JSON.
  private mutating func breakUp(_ token: Range<Int>) {
    switch random.below(6) {
    case 0: replace(token, with: [])
    case 1: replace(token, with: Array(text[token]) + Array(text[token]))
    case 2: replace(subtree(at: token), with: [])
    case 3: swap(token, anyToken())
    case 4: replace(token, with: value())
    default: text.removeSubrange((random.oneIn(4) ? token.lowerBound : token.upperBound)...)
    }
  }

  // MARK: - Pieces of the text

  /// Splits the text as a lexer would that complains of nothing.
  private mutating func tokenize() {
    tokens.removeAll(keepingCapacity: true)
    var index = 0
    while index < text.count {
      let start = index
      index += 1
      if text[start] == UInt8(ascii: "\"") {
        while index < text.count, text[index] != UInt8(ascii: "\"") {
          index += text[index] == UInt8(ascii: "\\") ? 2 : 1
        }
        index = min(index + 1, text.count)
      } else if Self.isWord(text[start]) {
        while index < text.count, Self.isWord(text[index]) { index += 1 }
      }
      tokens.append(start..<index)
    }
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    byte.isDigit || byte.isLetter || byte == .dot || byte == UInt8(ascii: "-")
      || byte == UInt8(ascii: "+")
  }

  /// An array or object that begins with the token, whole; else the token.
  private func subtree(at token: Range<Int>) -> Range<Int> {
    var depth = 0
    for other in tokens where other.lowerBound >= token.lowerBound {
      switch text[other.lowerBound] {
      case UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
      case UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
      default: break
      }
      if depth <= 0 { return token.lowerBound..<other.upperBound }
    }
    return token
  }

  private mutating func replace(_ place: Range<Int>, with piece: [UInt8]) {
    text.replaceSubrange(place, with: piece)
  }

  private mutating func insert(_ piece: [UInt8], at place: Int) {
    text.insert(contentsOf: piece, at: place)
  }

  private mutating func swap(_ token: Range<Int>, _ other: Range<Int>) {
    let (first, second) = token.lowerBound < other.lowerBound ? (token, other) : (other, token)
    guard first.upperBound <= second.lowerBound else { return }
    let (left, right) = (Array(text[first]), Array(text[second]))
    replace(second, with: left)
    replace(first, with: right)
  }

  private mutating func anyToken() -> Range<Int> { tokens[random.below(tokens.count)] }

  /// A token that is a name: a text before a colon. Any token where there is none.
  private mutating func aName() -> Range<Int> {
    find { mutator, index in mutator.isText(index) && mutator.isBeforeColon(index) }
  }

  /// A token that a value begins with.
  private mutating func aValue() -> Range<Int> {
    find { mutator, index in
      switch mutator.text[mutator.tokens[index].lowerBound] {
      case UInt8(ascii: "["), UInt8(ascii: "{"): index > 0
      case let byte: mutator.isText(index) && !mutator.isBeforeColon(index) || Self.isWord(byte)
      }
    }
  }

  /// The first token from a place by chance on that is as wanted.
  private mutating func find(_ isWanted: (JSONMutator, Int) -> Bool) -> Range<Int> {
    let start = random.below(tokens.count)
    for offset in 0..<tokens.count {
      let index = (start + offset) % tokens.count
      if isWanted(self, index) { return tokens[index] }
    }
    return tokens[start]
  }

  private func isText(_ index: Int) -> Bool {
    text[tokens[index].lowerBound] == UInt8(ascii: "\"")
  }

  private func isBeforeColon(_ index: Int) -> Bool {
    index + 1 < tokens.count && text[tokens[index + 1].lowerBound] == .colon
  }

  private mutating func insertSpace(beside token: Range<Int>) {
    insert(
      Self.pick(random.oneIn(3) ? Self.badSpaces : Self.spaces, &random),
      at: random.oneIn(2) ? token.lowerBound : token.upperBound)
  }

  /// Puts a copy of a value behind it or another one, as an element.
  private mutating func copy(_ piece: Range<Int>) {
    let copy = Array(text[piece])
    let place = random.oneIn(2) ? piece.upperBound : subtree(at: aValue()).upperBound
    insert([UInt8(ascii: ",")] + copy, at: place)
  }

  private mutating func wrapped(_ piece: Range<Int>) -> [UInt8] {
    var whole = Array(text[piece])
    for _ in 0..<(random.oneIn(4) ? 10 + random.below(8) : 1) {
      whole =
        random.oneIn(2)
        ? [UInt8(ascii: "[")] + whole + [UInt8(ascii: "]")]
        : Self.bytes("{\"x\":") + whole + [UInt8(ascii: "}")]
    }
    return whole
  }

  /// Adds a member to an object, first or last.
  private mutating func insertMember(near token: Range<Int>) {
    for other in tokens where other.lowerBound >= token.lowerBound {
      let isOpening = text[other.lowerBound] == UInt8(ascii: "{")
      guard isOpening || text[other.lowerBound] == UInt8(ascii: "}") else { continue }
      let member = Self.pick(Self.names, &random) + [.colon] + value()
      let comma = [UInt8(ascii: ",")]
      return insert(
        isOpening ? member + comma : comma + member,
        at: isOpening ? other.upperBound : other.lowerBound)
    }
  }

  /// The token with a character as \u00XX: the same name to a reader.
  private mutating func respelled(_ token: Range<Int>) -> [UInt8] {
    let place = random.index(in: token)
    let byte = text[place]
    var piece = Array(text[token])
    guard byte > 0x20, byte < 0x7F, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") else {
      return piece
    }
    let offset = place - token.lowerBound
    piece.replaceSubrange(offset...offset, with: Self.bytes("\\u00") + hex(byte))
    return piece
  }

  /// Changes a byte of a token as libFuzzer would, with no need of it.
  private mutating func changeInside(_ token: Range<Int>) {
    let place = random.index(in: token)
    switch random.below(4) {
    case 0: text[place] = UInt8(truncatingIfNeeded: random.next())
    case 1: text[place] ^= 1 << UInt8(random.below(8))
    case 2: text[place] = text[random.below(text.count)]
    default: text.remove(at: place)
    }
  }

  // MARK: - New pieces

  private mutating func value() -> [UInt8] {
    switch random.below(10) {
    case 0: number()
    case 1: string()
    case 2: url()
    case 3: Self.pick(Self.names, &random)
    case 4: Self.pick(Self.badValues, &random)
    default: Self.pick(Self.values, &random)
    }
  }

  private mutating func url() -> [UInt8] {
    [UInt8(ascii: "\"")] + Self.pick(Self.urls, &random) + [UInt8(ascii: "\"")]
  }

  private mutating func string() -> [UInt8] {
    var piece = [UInt8(ascii: "\"")]
    for _ in 0..<random.below(5) {
      switch random.below(6) {
      case 0: piece += character()
      case 1: piece += Self.pick(Self.characters, &random)
      case 2: piece += Self.pick(Self.escapes, &random)
      default: piece.append(UInt8(ascii: "a") + UInt8(random.below(26)))
      }
    }
    piece.append(UInt8(ascii: "\""))
    return piece
  }

  /// A character of a text, escaped or not.
  private mutating func character() -> [UInt8] {
    switch random.below(12) {
    case 0, 1: Self.pick(Self.escapes, &random)
    case 2: Self.pick(Self.badEscapes, &random)
    case 3, 4: Self.pick(Self.characters, &random)
    case 5: Self.pick(Self.badCharacters, &random)
    case 6: unicodeEscape()
    case 7: pairOfEscapes()
    case 8: sequence()
    case 9: [UInt8(truncatingIfNeeded: random.below(0x20))]
    default: [UInt8(0x20 + random.below(0x60))]
    }
  }

  private mutating func anyHex() -> [UInt8] { hex(UInt8(truncatingIfNeeded: random.next())) }

  private mutating func unicodeEscape() -> [UInt8] { Self.bytes("\\u") + anyHex() + anyHex() }

  /// The two halves of a character, or what is nearly so.
  private mutating func pairOfEscapes() -> [UInt8] {
    let highs: [StaticString] = ["\\ud8", "\\ud9", "\\uda", "\\udb", "\\uDB", "\\ud7", "\\udc"]
    let lows: [StaticString] = ["\\udc", "\\udd", "\\ude", "\\udf", "\\uDF", "\\ue0", "\\udb"]
    return Self.pick(highs, &random) + anyHex() + Self.pick(lows, &random) + anyHex()
  }

  /// Two to four bytes that may be a character.
  private mutating func sequence() -> [UInt8] {
    let lead = Self.leads[random.below(Self.leads.count)]
    var length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
    if random.oneIn(8) { length += random.oneIn(2) ? 1 : -1 }
    var piece = [lead]
    while piece.count < length { piece.append(Self.nexts[random.below(Self.nexts.count)]) }
    return piece
  }

  private mutating func hex(_ byte: UInt8) -> [UInt8] {
    let digits = Bytes(random.oneIn(2) ? "0123456789abcdef" : "0123456789ABCDEF")
    return [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
  }

  /// A number: one of those where readers go wrong, or any that has the form, nearly.
  private mutating func number() -> [UInt8] {
    switch random.below(10) {
    case 0: return Self.pick(Self.badNumbers, &random)
    case 1, 2: return Self.pick(Self.numbers, &random)
    case 3:
      // Around the largest double: what follows these digits decides whether it is too large.
      var piece = Self.pick(
        ["1.79769313486231", "17976931348623.1", "0.179769313486231", "-1.79769313486231"], &random)
      piece += Self.pick(
        ["57", "570", "58", "5807", "5808", "58079", "580793", "580794", "5807937289", "59", "6"],
        &random)
      digits(upTo: 12, into: &piece)
      return piece + Self.pick(["e308", "e295", "e309", "E+308", "e+00308", "e307"], &random)
    case 4:
      // Around the largest integers.
      var piece = Self.pick(
        ["922337203685477580", "-922337203685477580", "92233720368547758", "-"], &random)
      digits(upTo: 3, into: &piece)
      return piece
    default:
      var piece: [UInt8] = random.oneIn(3) ? [UInt8(ascii: "-")] : []
      if !random.oneIn(4) { piece.append(UInt8(ascii: "1") + UInt8(random.below(9))) }
      if piece.isEmpty || random.oneIn(2) { digits(upTo: random.oneIn(4) ? 30 : 3, into: &piece) }
      if random.oneIn(3) {
        piece.append(.dot)
        digits(upTo: random.oneIn(8) ? 400 : 3, into: &piece)
      }
      if random.oneIn(3) {
        piece += Self.pick(["e", "E", "e+", "e-", "E-", "e+0", "e30", "e-30", "e-32"], &random)
        digits(upTo: random.oneIn(8) ? 25 : 2, into: &piece)
      }
      return piece
    }
  }

  /// At least one digit.
  private mutating func digits(upTo most: Int, into piece: inout [UInt8]) {
    for _ in 0...random.below(most) {
      piece.append(random.oneIn(4) ? .zero : .zero + UInt8(random.below(10)))
    }
  }

  /// A whole answer.
  private mutating func writeAnswer() {
    text.append(UInt8(ascii: "["))
    for index in 0..<random.below(3) {
      if index > 0 { text.append(UInt8(ascii: ",")) }
      text += Self.bytes("{\"clusterId\":\"c\"")
      for _ in 0..<random.below(3) {
        text += [UInt8(ascii: ",")] + Self.pick(Self.names, &random) + [.colon] + value()
      }
      text += Self.bytes(",\"gateways\":[")
      for gateway in 0..<random.below(5) {
        if gateway > 0 { text.append(UInt8(ascii: ",")) }
        text += Self.bytes("{\"url\":") + url() + Self.bytes(",\"order\":")
        text.append(.zero + UInt8(random.below(10)))
        text += Self.bytes(",\"label\":") + string() + Self.bytes("}")
      }
      text += Self.bytes("]}")
    }
    text.append(UInt8(ascii: "]"))
  }

  // MARK: - Tables

  private static func bytes(_ text: StaticString) -> [UInt8] { Array(Bytes(text)) }

  private static func pick(_ table: [StaticString], _ random: inout Random) -> [UInt8] {
    bytes(table[random.below(table.count)])
  }

  private static func pick(_ table: [[UInt8]], _ random: inout Random) -> [UInt8] {
    table[random.below(table.count)]
  }

  private static let names: [StaticString] = [
    "\"clusterId\"", "\"id\"", "\"label\"", "\"region\"", "\"country\"", "\"gateways\"",
    "\"publicUrl\"", "\"url\"", "\"order\"", "\"x\"", "\"\"", "\"\\u0078\"", "\"Id\"",
    "\"clusterid\"", "\"\\u0069d\"", "\"i\\u0064\"", "\"code\"", "\"error\"", "\"message\"",
    "\"required\"", "\"retryAfter\"",
  ]

  private static let values: [StaticString] = [
    "null", "true", "false", "\"\"", "\"a\"", "[]", "{}", "[[]]", "[{}]", "[null]", "[1,2]",
    "{\"x\":1}", "{\"a\":1,\"b\":2,\"c\":3}", "{\"x\":{\"x\":{\"x\":1}}}", "[\"]\"]", "[\"\\\"]\"]",
    "[[[[[[[[[[]]]]]]]]]]", "[[[[[[[[[[[[[]]]]]]]]]]]]]", "{\"gateways\":[{\"order\":1}]}",
    "{\"id\":\"b\",\"gateways\":[{\"url\":\"https://h/\"}]}",
    "{\"url\":\"https://h/\",\"order\":1}",
  ]

  private static let badValues: [StaticString] = [
    "{\"x\":1,\"y\":2,\"x\":3}", "{\"x\":1,\"\\u0078\":2}", "{\"\":0,\"\":1}",
    "[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]", "nul", "nulL", "NULL", "True", "truex", "tru", "fals",
    "NaN",
    "Infinity", "-Infinity", "'a'", "undefined", "[1,]", "[,1]", "[1 2]", "{\"x\"}", "{\"x\":}",
    "{:1}", "{\"x\":1,}", "{x:1}", "{\"x\" 1}", "{1:1}", "{null:1}", "/**/1", "1//", "#",
    "\u{FEFF}1",
  ]

  private static let numbers: [StaticString] = [
    "0", "-0", "1", "-1", "0.0", "-0.0", "1.5", "1e1", "1E1", "1E+1", "1e-1", "1e01", "1e+00",
    "0e0", "0E400", "-0e999", "0.0e999999999999999999999", "1e308", "1e309", "-1e308", "-1e309",
    "1e400", "1e-400", "1e-324", "4.9e-324", "2.2250738585072011e-308", "1e99999999999999999999",
    "1e-99999999999999999999", "1.7976931348623157e308", "1.7976931348623158e308",
    "1.7976931348623159e308", "1.797693134862315807e308", "1.797693134862315808e308",
    "179769313486231570e291", "179769313486231580e291", "179769313486231590e291",
    "9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809",
    "18446744073709551615", "18446744073709551616", "99999999999999999999",
    "-99999999999999999999", "9223372036854775807.0", "9223372036854775808.0",
    "9223372036854775808e0", "1000000000000000000",
  ]

  private static let badNumbers: [StaticString] = [
    "01", "-01", "00", "-", "+1", ".5", "1.", "-.5", "1e", "1e+", "1e-", "09223372036854775807",
    "0x10", "1_000", "1,000", "1e1.5", "1.2.3", "--1", "1-1", "1e--1", "1f", "1a", "1e5e5",
    "\u{FF11}",
  ]

  private static let escapes: [StaticString] = [
    "\\\"", "\\\\", "\\/", "\\b", "\\f", "\\n", "\\r", "\\t", "\\u0001", "\\u001f", "\\u0020",
    "\\u0022",
    "\\u005c", "\\u007f", "\\u0080", "\\u00e9", "\\u07FF", "\\u0800", "\\uD7FF", "\\uE000",
    "\\uFFFD",
    "\\uFFFE", "\\uFFFF", "\\ud800\\udc00", "\\udbff\\udfff", "\\uDBFF\\uDFFF", "\\ud83d\\ude00",
    "\\u00e9\\u00E9",
  ]

  private static let badEscapes: [StaticString] = [
    "\\u0000", "\\ud800", "\\udbff", "\\udc00", "\\udfff", "\\ud800\\ud800", "\\udc00\\ud800",
    "\\ud800\\u0041", "\\ud800x", "\\ud800\\n", "\\ud800\\", "\\u", "\\u1", "\\u12", "\\u123",
    "\\u12g4",
    "\\u 123", "\\u+123", "\\u-123", "\\u0x41", "\\U0041", "\\a", "\\v", "\\x41", "\\0", "\\'",
    "\\", "\\ ",
    "\\uD83D\\uDE0", "\\ud83d\\u",
  ]

  private static let characters: [[UInt8]] = [
    [0x7F], [0xC2, 0x80], [0xC3, 0xA9], [0xDF, 0xBF], [0xE0, 0xA0, 0x80], [0xE2, 0x82, 0xAC],
    [0xED, 0x9F, 0xBF], [0xEE, 0x80, 0x80], [0xEF, 0xBB, 0xBF], [0xEF, 0xBF, 0xBD],
    [0xEF, 0xBF, 0xBE], [0xEF, 0xBF, 0xBF], [0xF0, 0x90, 0x80, 0x80], [0xF0, 0x9F, 0x98, 0x80],
    [0xF3, 0xA0, 0x80, 0x81], [0xF4, 0x8F, 0xBF, 0xBF], [0xE2, 0x80, 0xA8],
  ]

  /// Bytes that are no UTF-8, or may not stand in a text.
  private static let badCharacters: [[UInt8]] = [
    [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC2], [0xC3, 0x28], [0xE0, 0x80, 0x80],
    [0xE0, 0x9F, 0xBF], [0xE0, 0xA0], [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF],
    [0xED, 0xA0, 0xBD, 0xED, 0xB8, 0x80], [0xF0, 0x80, 0x80, 0x80], [0xF0, 0x8F, 0xBF, 0xBF],
    [0xF0, 0x9F, 0x98], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80],
    [0xF8, 0x88, 0x80, 0x80, 0x80], [0xFE], [0xFF], [0x00], [0x1F], [0x0A], [0x22], [0x5C],
  ]

  private static let leads: [UInt8] = [
    0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED, 0xEE, 0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5,
  ]

  private static let nexts: [UInt8] = [0x7F, 0x80, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xBF, 0xC0]

  private static let spaces: [[UInt8]] = [
    [0x20], [0x09], [0x0A], [0x0D], [0x0D, 0x0A], [0x20, 0x20, 0x09],
  ]

  private static let badSpaces: [[UInt8]] = [
    [0x0B], [0x0C], [0x00], [0xEF, 0xBB, 0xBF], [0xC2, 0xA0], [0xE2, 0x80, 0x83], [0x85], [0x1E],
    [0x2C], [0x3A], [0x00, 0x00],
  ]

  private static let urls: [StaticString] = [
    "https://a.example/ipfs/", "https://a.example/ipfs", "https://a.example", "https://a.example/",
    "https:\\/\\/a.example\\/ipfs\\/", "http://host:9094/ipfs/", "HTTPS://A/ipfs/",
    "https://[::1]/x",
    "https://u@h/", "https://h/?x", "https://h/#x", "https://h/../", "https://h:0/", "ftp://h/",
    "javascript:1", "https://h/a b", "https://h/\\u0061", "https://\\u00e9/", "https://h/%2f",
    "\\u0068ttps://h/ipfs/", "https://h\\\\x/", "=", "=https://h/", "",
  ]
}

/// Numbers by chance, the same for the same seed: xorshift64*.
struct Random {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

  mutating func next() -> UInt64 {
    state ^= state >> 12
    state ^= state << 25
    state ^= state >> 27
    return (state &* 0x2545_F491_4F6C_DD1D) >> 16
  }

  mutating func below(_ limit: Int) -> Int { Int(next() % UInt64(limit)) }

  mutating func oneIn(_ chances: Int) -> Bool { below(chances) == 0 }

  mutating func index(in range: Range<Int>) -> Int { range.lowerBound + below(range.count) }
}
