/// A type of the public interface: a name, perhaps const, behind any number of pointers.
struct CType: Equatable {
  var base: String
  var isConst = false
  /// One for each `*`, from the innermost out.
  var pointers: [Pointer] = []

  enum Pointer: Equatable {
    case mutable
    case const
  }

  var isVoid: Bool { base == "void" && pointers.isEmpty }

  var isPointer: Bool { !pointers.isEmpty }

  /// The type as C spells it before a name, with the name: `const pk_cluster *const *clusters`.
  func spelled(before name: String) -> String {
    var text = (isConst ? "const " : "") + base + " "
    for pointer in pointers { text += pointer == .const ? "*const " : "*" }
    return text + name
  }

  /// The type alone, for messages.
  var spelled: String {
    let text = spelled(before: "")
    return text.hasSuffix(" ") ? String(text.dropLast()) : text
  }
}

extension CType {
  /// Reads a type and the name behind it, such as `char const * _Nullable name`.
  ///
  /// Takes const on either side of the name that it belongs to, because the compiler writes it
  /// behind and people write it before.
  ///
  /// - Returns: nil for what is not of this form: arrays, bit-fields, function pointers, types of
  ///   several words, a missing name.
  static func parse(_ text: some StringProtocol) -> (type: CType, name: String)? {
    guard var tokens = tokens(in: text) else { return nil }
    tokens.removeAll { $0 == "_Nullable" || $0 == "_Nonnull" || $0 == "_Null_unspecified" }
    guard let name = tokens.popLast(), isIdentifier(name) else { return nil }
    var type = CType(base: "")
    for token in tokens {
      switch (token, type.pointers.isEmpty) {
      case ("*", _) where !type.base.isEmpty: type.pointers.append(.mutable)
      case ("const", true): type.isConst = true
      case ("const", false): type.pointers[type.pointers.count - 1] = .const
      case (_, true) where type.base.isEmpty && isIdentifier(token): type.base = token
      default: return nil
      }
    }
    return type.base.isEmpty ? nil : (type, name)
  }

  /// Identifiers and stars, or nil if there is anything else.
  private static func tokens(in text: some StringProtocol) -> [String]? {
    var tokens: [String] = []
    var word = ""
    for character in String(text) + " " {
      if isWordCharacter(character) {
        word.append(character)
        continue
      }
      if !word.isEmpty { tokens.append(word) }
      word = ""
      switch character {
      case "*": tokens.append("*")
      case " ": break
      default: return nil
      }
    }
    return tokens
  }

  static func isIdentifier(_ text: some StringProtocol) -> Bool {
    guard let first = text.first, !first.isNumber, text != "const" else { return false }
    return text.allSatisfy(isWordCharacter)
  }

  private static func isWordCharacter(_ character: Character) -> Bool {
    character == "_" || (character.isASCII && (character.isLetter || character.isNumber))
  }
}
