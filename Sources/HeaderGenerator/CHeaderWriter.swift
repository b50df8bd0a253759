/// Writes the manual as the C header.
///
/// PHP's FFI::cdef and Python's cffi read it too, after a filter that drops the lines that begin
/// with `#` and the two that name `extern "C"`. So both branches of an #ifdef must be harmless, and
/// no # line may be continued on the next.
struct CHeaderWriter {
  static func text(of manual: Manual) -> String {
    let items = manual.items.map { item in
      switch item {
      case .note(let text): text
      case .declaration(let declaration): declaration.source
      case .initializer(let initializer): text(of: initializer)
      case .function(let function): text(of: function)
      }
    }
    return ([firstPage, opening] + items + [closing]).joined(separator: "\n\n") + "\n"
  }

  private static let opening = """
    #ifndef PINARKIVE_H
    #define PINARKIVE_H

    #include <stddef.h>
    #include <stdint.h>

    #ifdef __cplusplus
    extern "C" {
    #endif
    """

  private static let closing = """
    #ifdef __cplusplus
    }  /* extern "C" */
    #endif

    #endif /* PINARKIVE_H */
    """

  // MARK: - Initialisers

  /// Every field is named by a value, so that neither C nor C++ warns of missing ones.
  private static func text(of initializer: Initializer) -> String {
    let structure = initializer.structure
    let values = initializer.fields.map { field in
      switch field.name {
      case "struct_size": "sizeof(\(structure))"
      default: field.type.isPointer ? "NULL" : "0"
      }
    }
    return """
      /** The default of every option: `\(structure) options = \(initializer.name);` */
      #define \(initializer.name) {\(values.joined(separator: ", "))}
      """
  }

  // MARK: - Functions

  private static func text(of function: Function) -> String {
    (comment(on: function) + prototype(of: function)).joined(separator: "\n")
  }

  /// The prototype in as many lines as it needs.
  static func prototype(of function: Function) -> [String] {
    let parameters = function.parameters.map { $0.type.spelled(before: $0.name) }
    let head = function.result.spelled(before: function.name) + "("
    let all = parameters.isEmpty ? "void" : parameters.joined(separator: ", ")
    if head.count + all.count + 2 <= maximumColumns { return [head + all + ");"] }
    return broken(parameters, behind: head)
  }

  /// The parameters below each other's beginning, as many in a line as fit.
  private static func broken(_ parameters: [String], behind head: String) -> [String] {
    var lines: [String] = []
    var line = head
    for (index, parameter) in parameters.enumerated() {
      let text = parameter + (index == parameters.count - 1 ? ");" : ",")
      if index > 0 && line.count + 1 + text.count > maximumColumns {
        lines.append(line)
        line = String(repeating: " ", count: head.count) + text
      } else {
        line += (index == 0 ? "" : " ") + text
      }
    }
    return lines + [line]
  }

  private static func comment(on function: Function) -> [String] {
    let documentation = function.documentation
    var lines = ["/**"]
    for paragraph in documentation.purpose {
      lines += wrapped(paragraph, first: " * ", rest: " * ") + [" *"]
    }
    if !documentation.parameters.isEmpty {
      lines.append(" * Parameters:")
      let width = documentation.parameters.map(\.name.count).max() ?? 0
      for parameter in documentation.parameters {
        lines += labelled("  \(parameter.name)", parameter.text, width: width + 4)
      }
      lines.append(" *")
    }
    if let returns = documentation.returns { lines += labelled("Returns:", returns, width: 11) }
    for topic in Documentation.Topic.allCases {
      guard let text = documentation.topics[topic] else { continue }
      lines += labelled("\(topic.rawValue):", text, width: 11)
    }
    return lines + [" */"]
  }

  /// The text behind a label, all its lines beginning in the same column.
  private static func labelled(_ label: String, _ text: String, width: Int) -> [String] {
    let gap = String(repeating: " ", count: width - label.count)
    let margin = String(repeating: " ", count: width)
    return wrapped(text, first: " * " + label + gap, rest: " * " + margin)
  }
}
