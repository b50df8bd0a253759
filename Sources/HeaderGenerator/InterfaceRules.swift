/// What the types and functions of the public interface have to keep to, because every language
/// must be able to read them and because the manual promises it.
struct InterfaceRules {
  private let file: String
  private var declarations: [String: Declaration] = [:]
  /// `function.parameter` that may be `void *`.
  private var rawPointers: Set<String> = []

  private static let integers: Set<String> = [
    "int8_t", "int16_t", "int32_t", "int64_t", "uint8_t", "uint16_t", "uint32_t", "uint64_t",
    "size_t",
  ]

  init(types: TypesFile) {
    file = types.name
    for entry in types.entries {
      switch entry {
      case .declaration(let declaration): declarations[declaration.name] = declaration
      case .rawPointer(let function, let parameter, _):
        rawPointers.insert("\(function).\(parameter)")
      case .note, .functions, .initializer: break
      }
    }
  }

  // MARK: - Types

  func check(_ declaration: Declaration) throws(GeneratorError) {
    guard case .structure(let fields) = declaration.kind else { return }
    for field in fields {
      let place = "\(file):\(declaration.line): \(declaration.name).\(field.name)"
      try check(field.type, at: place)
    }
  }

  /// The fields of an options struct, which must begin with its size.
  func optionFields(of structure: String, line: Int) throws(GeneratorError) -> [Field] {
    guard case .structure(let fields)? = declarations[structure]?.kind else {
      throw GeneratorError(
        file: file, line: line, "@initializer of \(structure), which is not a struct of this file")
    }
    guard fields.first == Field(name: "struct_size", type: CType(base: "size_t")) else {
      throw GeneratorError(
        file: file, line: line, "\(structure) must begin with size_t struct_size")
    }
    return fields
  }

  private func check(_ type: CType, at place: String) throws(GeneratorError) {
    if Self.integers.contains(type.base) || (type.base == "char" && type.isPointer) { return }
    switch declarations[type.base]?.kind {
    case .structure?, .opaque?:
      if type.isPointer { return }
      throw GeneratorError("\(place): \(type.base) must be passed by pointer")
    case .enumeration?:
      throw GeneratorError("\(place): must be int32_t, because the size of an enum is not fixed")
    case .constant?, nil:
      break
    }
    switch type.base {
    case "void":
      throw GeneratorError(
        "\(place): void * hides a type: name it in Swift, too, or say @raw if it can be anything")
    case let base where base.hasPrefix("pk_"):
      throw GeneratorError("\(place): \(base) is not defined in \(file)")
    case "NSInteger", "NSUInteger":
      throw GeneratorError("\(place): \(type.base) is Int or UInt: use a type of fixed width")
    default:
      throw GeneratorError("\(place): unknown type \(type.spelled)")
    }
  }

  // MARK: - Functions

  func check(_ function: Function) throws(GeneratorError) {
    let rawPointer = CType(base: "void", pointers: [.mutable])
    for parameter in function.parameters {
      let place = "\(function.name).\(parameter.name)"
      if parameter.type == rawPointer && rawPointers.contains(place) { continue }
      try check(parameter.type, at: place)
    }
    if !function.result.isVoid {
      try check(function.result, at: "the result of \(function.name)")
    }
    try checkDocumentation(of: function)
    try checkOwnership(of: function)
  }

  private func checkDocumentation(of function: Function) throws(GeneratorError) {
    let documentation = function.documentation
    var missing: [String] = documentation.purpose.isEmpty ? ["its purpose"] : []
    for parameter in function.parameters
    where documentation.parameters.allSatisfy({ $0.name != parameter.name || $0.text.isEmpty }) {
      missing.append("the parameter \(parameter.name)")
    }
    if !function.result.isVoid && (documentation.returns ?? "").isEmpty {
      missing.append("Returns")
    }
    for topic in Documentation.Topic.allCases
    where documentation.topics[topic, default: ""].isEmpty
      && (topic != .ownership || documentation.topics[topic] != nil)
    {
      missing.append(topic.rawValue)
    }
    guard missing.isEmpty else {
      throw GeneratorError("\(function.name): does not document \(missing.joined(separator: ", "))")
    }
    guard documentation.parameters.map(\.name) == function.parameters.map(\.name) else {
      throw GeneratorError(
        "\(function.name): documents parameters twice, that it lacks, or in another order")
    }
    if function.result.isVoid && documentation.returns != nil {
      throw GeneratorError("\(function.name): documents Returns, but returns nothing")
    }
  }

  /// What is returned belongs to the caller, unless it is constant text that says so. Languages go
  /// by the type: PHP turns `const char *` into a string of its own and would leak an owned one.
  private func checkOwnership(of function: Function) throws(GeneratorError) {
    guard function.result.isPointer else { return }
    let name = function.name
    let type = function.result.spelled
    guard function.result.pointers == [.mutable] else {
      throw GeneratorError("\(name): cannot return \(type)")
    }
    let saysBorrowed = (function.documentation.returns ?? "").contains("not to be freed")
    let saysOwned = (function.documentation.topics[.ownership] ?? "").contains("pk_free")
    switch (function.result.isConst, function.result.base) {
    case (true, "char"):
      guard saysBorrowed && !saysOwned else {
        throw GeneratorError(
          "\(name): returns const char *, so Returns must say \"not to be freed\"; "
            + "text that the caller owns must be char *")
      }
    case (true, _):
      throw GeneratorError("\(name): returns \(type), but what the caller owns must not be const")
    case (false, _):
      guard saysOwned && !saysBorrowed else {
        throw GeneratorError(
          "\(name): returns \(type), so Ownership must name pk_free; "
            + "constant text that stays the library's must be const char *")
      }
    }
  }
}
