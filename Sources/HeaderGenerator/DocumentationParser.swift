/// Takes apart a documentation comment as the compiler writes it into its C header:
///
///     /// Purpose, without the empty lines that stood between its paragraphs.
///     /// Threads: any.
///     /// \param name text
///     ///
///     /// returns:
///     /// text
struct DocumentationParser {
  private let function: String
  private var documentation = Documentation()
  private var part = Part.purpose
  /// The last line of the purpose as it came, to find the paragraphs again.
  private var lastLine = ""

  private enum Part: Equatable {
    case purpose
    case topic(Documentation.Topic)
    case parameter
    case returns
    /// Behind an empty line: only a new part may follow.
    case closed
  }

  /// - Parameters:
  ///   - lines: without the slashes and the space behind them.
  ///   - function: whose documentation it is, for messages.
  static func parse(
    _ lines: [String], function: String
  ) throws(GeneratorError) -> Documentation {
    var parser = DocumentationParser(function: function)
    for line in lines { try parser.read(trimmed(plainText(line))) }
    return parser.documentation
  }

  private init(function: String) {
    self.function = function
  }

  private mutating func read(_ line: String) throws(GeneratorError) {
    try refuseMarkup(line)
    if line.isEmpty {
      part = .closed
    } else if line.hasPrefix("\\param ") {
      let words = line.split(separator: " ", maxSplits: 2).map { String($0) }
      let text = words.count > 2 ? words[2] : ""
      documentation.parameters.append(ParameterDocumentation(name: words[1], text: text))
      part = .parameter
    } else if line == "returns:" {
      guard documentation.returns == nil else { throw failure("documents Returns twice") }
      documentation.returns = ""
      part = .returns
    } else if let topic = Documentation.Topic.allCases.first(where: {
      line.hasPrefix($0.rawValue + ":")
    }) {
      try open(topic, with: line)
    } else {
      try append(line)
    }
  }

  private mutating func open(
    _ topic: Documentation.Topic, with line: String
  ) throws(GeneratorError) {
    switch part {
    case .purpose, .topic: break
    case .parameter, .returns, .closed:
      throw failure("needs an empty line before \"\(topic.rawValue):\" in its documentation")
    }
    guard documentation.topics[topic] == nil else {
      throw failure("documents \(topic.rawValue) twice")
    }
    documentation.topics[topic] = trimmed(line.dropFirst(topic.rawValue.count + 1))
    part = .topic(topic)
  }

  private mutating func append(_ line: String) throws(GeneratorError) {
    switch part {
    case .purpose:
      if documentation.purpose.isEmpty || Self.endsParagraph(lastLine, before: line) {
        documentation.purpose.append(line)
      } else {
        documentation.purpose[documentation.purpose.count - 1] += " " + line
      }
      lastLine = line
    case .topic(let topic):
      documentation.topics[topic] = trimmed((documentation.topics[topic] ?? "") + " " + line)
    case .parameter:
      let last = documentation.parameters.count - 1
      documentation.parameters[last].text = trimmed(
        documentation.parameters[last].text + " " + line)
    case .returns:
      documentation.returns = trimmed((documentation.returns ?? "") + " " + line)
    case .closed:
      throw failure("has documentation that belongs to no topic: \"\(line)\"")
    }
  }

  /// Whether a paragraph ends between two lines. The compiler drops the empty line, but a sentence
  /// that ends although the next word had still fitted was meant as an end.
  private static func endsParagraph(_ line: String, before next: String) -> Bool {
    guard let end = line.last, ".:!?".contains(end) else { return false }
    let word = next.prefix { $0 != " " }
    return "/// ".count + line.count + 1 + word.count <= maximumColumns
  }

  /// Lists, emphasis, links, code blocks and call-outs come out as HTML or Doxygen commands that the
  /// manual has no form for.
  private func refuseMarkup(_ line: String) throws(GeneratorError) {
    if line.hasPrefix("\\") && !line.hasPrefix("\\param ") {
      throw failure("documentation with a code block or command: \"\(line)\"")
    }
    if line.hasSuffix(":") && line != "returns:" && line.dropLast().allSatisfy(\.isLowercase) {
      throw failure("documentation with a call-out: \"\(line)\"")
    }
    for mark in ["</", "<ul>", "<ol>", "<li>", "/*", "*/"] where line.contains(mark) {
      throw failure("documentation with \"\(mark)\": \"\(line)\"")
    }
  }

  private func failure(_ message: String) -> GeneratorError {
    GeneratorError("\(function): \(message)")
  }
}
