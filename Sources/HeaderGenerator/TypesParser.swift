/// What the types file says, function bodies of the story still to be filled in.
struct TypesFile: Equatable {
  var name: String
  var entries: [Entry]

  enum Entry: Equatable {
    case note(String)
    case declaration(Declaration)
    /// `@functions a b c`: these functions stand here.
    case functions([String], line: Int)
    /// `@initializer NAME struct`: the initialiser of the struct stands here.
    case initializer(name: String, structure: String, line: Int)
    /// `@raw function parameter`: the parameter is a raw pointer in Swift, too. The compiler writes
    /// `void *` for an OpaquePointer as well, which would be a type forgotten.
    case rawPointer(function: String, parameter: String, line: Int)
  }
}

/// Reads the types file: a small, fixed part of C, and nothing that it does not understand.
///
/// Only what stands between the lines `/* @manual */` and `/* @end */` is read.
struct TypesParser {
  private let file: String
  private let lines: [String]
  /// Index of the line to be read next.
  private var next = 0

  static func parse(_ text: String, file: String) throws(GeneratorError) -> TypesFile {
    var parser = TypesParser(text, file: file)
    return TypesFile(name: file, entries: try parser.entries())
  }

  private init(_ text: String, file: String) {
    self.file = file
    self.lines = text.split(separator: "\n", omittingEmptySubsequences: false).map {
      plainText(String($0))
    }
  }

  private mutating func entries() throws(GeneratorError) -> [TypesFile.Entry] {
    let opening = lines.indices.filter { lines[$0] == "/* @manual */" }
    let closing = lines.indices.filter { lines[$0] == "/* @end */" }
    guard opening.count == 1, closing.count == 1, opening[0] < closing[0] else {
      throw GeneratorError(
        "\(file): needs one line /* @manual */ and, after it, one line /* @end */")
    }
    next = opening[0] + 1
    var entries: [TypesFile.Entry] = []
    while next < closing[0] {
      if trimmed(lines[next]).isEmpty {
        next += 1
      } else if lines[next].hasPrefix("/* @") {
        entries.append(try marker())
      } else if lines[next].hasPrefix("/**") {
        entries.append(.declaration(try declaration()))
      } else if lines[next].hasPrefix("/*") {
        entries.append(.note(try comment().joined(separator: "\n")))
      } else {
        throw failure("not understood here, or without a /** */ comment before it", at: next)
      }
    }
    return entries
  }

  // MARK: - Comments

  /// A comment that fills its lines.
  private mutating func comment() throws(GeneratorError) -> [String] {
    let start = next
    while next < lines.count {
      try checkWidth(at: next)
      let line = lines[next]
      next += 1
      if line.contains("@") { try refuseHiddenMarker(line, at: next - 1) }
      guard line.contains("*/") else { continue }
      guard line.hasSuffix("*/"), line.ranges(of: "*/").count == 1 else {
        throw failure("a comment must end where its line ends", at: next - 1)
      }
      return Array(lines[start..<next])
    }
    throw failure("this comment does not end", at: start)
  }

  private mutating func marker() throws(GeneratorError) -> TypesFile.Entry {
    let number = next + 1
    let line = lines[next]
    guard line.hasSuffix("*/") else { throw failure("a marker must be one line", at: next) }
    next += 1
    let words = line.dropFirst(2).dropLast(2).split(separator: " ").map { String($0) }
    switch (words[0], words.count) {
    case ("@functions", 2...):
      return .functions(Array(words[1...]), line: number)
    case ("@initializer", 3):
      return .initializer(name: words[1], structure: words[2], line: number)
    case ("@raw", 3):
      return .rawPointer(function: words[1], parameter: words[2], line: number)
    case ("@functions", _), ("@initializer", _), ("@raw", _):
      throw failure("\(words[0]) has the wrong number of words", at: next - 1)
    default:
      throw failure("unknown marker \(words[0])", at: next - 1)
    }
  }

  /// A marker within another comment would be printed instead of obeyed.
  private func refuseHiddenMarker(_ line: String, at index: Int) throws(GeneratorError) {
    let words = line.split { $0 == " " || $0 == "*" || $0 == "/" }
    if words.first?.hasPrefix("@") == true {
      throw failure(
        "the marker \(words[0]) must be a comment of its own at the left margin", at: index)
    }
  }

  // MARK: - Declarations

  private mutating func declaration() throws(GeneratorError) -> Declaration {
    let start = next
    _ = try comment()
    let first = next
    try checkWidth(at: first)
    let words = lines[first].split(separator: " ").map { String($0) }
    next += 1
    let name: String
    let kind: Declaration.Kind
    switch words.count {
    case 3...
    where words[0] == "#define" && CType.isIdentifier(words[1]) && !lines[first].hasSuffix("\\"):
      name = words[1]
      kind = .constant(value: words[2...].joined(separator: " "))
    case 4 where words[0] == "typedef" && words[1] == "struct" && words[3] == "\(words[2]);":
      name = words[2]
      kind = .opaque
    case 4 where words[0] == "typedef" && words[1] == "struct" && words[3] == "{":
      name = words[2]
      kind = .structure(try members(of: name, ending: ";", read: Self.field))
    case 4 where words[0] == "typedef" && words[1] == "enum" && words[3] == "{":
      name = words[2]
      kind = .enumeration(
        try distinct(try members(of: name, ending: ",", read: Self.value), at: first))
    default:
      throw failure("not a declaration that the manual may have", at: first)
    }
    let source = lines[start..<next].joined(separator: "\n")
    return Declaration(name: name, kind: kind, source: source, line: first + 1)
  }

  /// The members up to `} name;`, each with its documentation before it.
  private mutating func members<Member>(
    of name: String, ending: Character, read: (String) -> Member?
  ) throws(GeneratorError) -> [Member] {
    let start = next - 1
    var members: [Member] = []
    var isDocumented = false
    while next < lines.count {
      let line = trimmed(lines[next])
      if line.hasPrefix("/**") && !isDocumented {
        _ = try comment()
        isDocumented = true
        continue
      }
      try checkWidth(at: next)
      next += 1
      if line == "} \(name);" && !isDocumented { return members }
      guard isDocumented else {
        throw failure("a member of \(name) needs a /** */ comment before it", at: next - 1)
      }
      // The last value of an enum has no comma.
      let text = line.last == ending ? String(line.dropLast()) : line
      guard ending == "," || line.last == ending, let member = read(text) else {
        throw failure("not a member that \(name) may have", at: next - 1)
      }
      members.append(member)
      isDocumented = false
    }
    throw failure("\(name) does not end", at: start)
  }

  private static func field(_ text: String) -> Field? {
    CType.parse(text).map { Field(name: $0.name, type: $0.type) }
  }

  private static func value(_ text: String) -> EnumerationValue? {
    let words = text.split(separator: " ")
    guard words.count == 3, words[1] == "=", CType.isIdentifier(words[0]),
      let value = Int32(words[2])
    else { return nil }
    return EnumerationValue(name: String(words[0]), value: value)
  }

  private func distinct(
    _ values: [EnumerationValue], at index: Int
  ) throws(GeneratorError) -> [EnumerationValue] {
    guard Set(values.map(\.value)).count == values.count else {
      throw failure("a number stands twice in this enum", at: index)
    }
    return values
  }

  // MARK: - Messages

  private func checkWidth(at index: Int) throws(GeneratorError) {
    if lines[index].count > maximumColumns && !lines[index].hasPrefix("#") {
      throw failure("longer than \(maximumColumns) columns", at: index)
    }
  }

  private func failure(_ message: String, at index: Int) -> GeneratorError {
    GeneratorError(file: file, line: index + 1, "\(message): \(trimmed(lines[index]))")
  }
}
