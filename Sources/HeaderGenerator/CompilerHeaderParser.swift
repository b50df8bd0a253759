/// Reads the exported functions from the header that the compiler wrote for the Swift module.
///
/// A function is one line that begins with SWIFT_EXTERN; the `///` lines directly before it are its
/// documentation. Everything else in that header serves the compiler.
struct CompilerHeaderParser {
  static func parse(_ text: String, file: String) throws(GeneratorError) -> [Function] {
    var functions: [Function] = []
    var comment: [String] = []
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    {
      if line.hasPrefix("///") {
        comment.append(String(line.dropFirst(3)))
        continue
      }
      if line.hasPrefix("SWIFT_EXTERN") {
        guard let prototype = Prototype(line) else {
          throw GeneratorError(file: file, line: index + 1, "not understood: \(line)")
        }
        functions.append(
          Function(
            name: prototype.name, result: prototype.result, parameters: prototype.parameters,
            documentation: try DocumentationParser.parse(comment, function: prototype.name)))
      }
      comment = []
    }
    return functions
  }
}

/// `SWIFT_EXTERN type name(parameters) attributes;`
private struct Prototype {
  var name: String
  var result: CType
  var parameters: [Parameter] = []

  /// Attributes that mean nothing to callers in C. Any other one, such as "never returns" or
  /// "deprecated", the header would have to pass on.
  private static let silent: Set<Substring> = ["SWIFT_NOEXCEPT", "SWIFT_WARN_UNUSED_RESULT"]

  init?(_ line: Substring) {
    let parts = line.split(omittingEmptySubsequences: false) { $0 == "(" || $0 == ")" }
    guard line.hasPrefix("SWIFT_EXTERN "), parts.count == 3, parts[2].hasSuffix(";"),
      let head = CType.parse(parts[0].dropFirst("SWIFT_EXTERN ".count)),
      parts[2].dropLast().split(separator: " ").allSatisfy(Self.silent.contains)
    else { return nil }
    name = head.name
    result = head.type
    if parts[1] == "void" { return }
    for text in parts[1].split(separator: ",", omittingEmptySubsequences: false) {
      guard let parameter = CType.parse(text) else { return nil }
      parameters.append(Parameter(name: parameter.name, type: parameter.type))
    }
  }
}
