extension Manual {
  /// Puts the functions where the types file places them.
  ///
  /// Stops on everything that would make the header wrong: functions and places that do not match,
  /// types that C callers do not have, documentation that lacks a topic.
  init(types: TypesFile, functions: [Function]) throws(GeneratorError) {
    items = []
    let rules = InterfaceRules(types: types)
    var unplaced: [String: Function] = [:]
    for function in functions { unplaced[function.name] = function }
    var placed: Set<String> = []

    for entry in types.entries {
      switch entry {
      case .note(let text):
        items.append(.note(text))
      case .declaration(let declaration):
        try rules.check(declaration)
        items.append(.declaration(declaration))
      case .initializer(let name, let structure, let line):
        let fields = try rules.optionFields(of: structure, line: line)
        items.append(.initializer(Initializer(name: name, structure: structure, fields: fields)))
      case .rawPointer(let function, let parameter, let line):
        let isUsed = functions.contains { candidate in
          candidate.name == function
            && candidate.parameters.contains { $0.name == parameter && $0.type.base == "void" }
        }
        guard isUsed else {
          throw GeneratorError(
            file: types.name, line: line,
            "@raw: no exported function \(function) has a raw pointer \(parameter)")
        }
      case .functions(let names, let line):
        for name in names {
          guard placed.insert(name).inserted else {
            throw GeneratorError(file: types.name, line: line, "\(name) is placed twice")
          }
          guard let function = unplaced.removeValue(forKey: name) else {
            throw GeneratorError(
              file: types.name, line: line,
              "\(name) is placed here, but no such function is exported")
          }
          try rules.check(function)
          items.append(.function(function))
        }
      }
    }
    if let name = unplaced.keys.min() {
      throw GeneratorError("\(name) is exported, but no @functions in \(types.name) places it")
    }
  }
}
