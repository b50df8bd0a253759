/// A file that is generated, by the option that asks for it.
enum Output: String, CaseIterable {
  case header = "--output"
  case go = "--go"
  case php = "--php"
  case python = "--python"
  case layoutProbe = "--layout-probe"

  func text(of manual: Manual) throws(GeneratorError) -> String {
    switch self {
    // Go's tools copy only what lies beside Go files, so the binding has a header of its own.
    case .header, .go: CHeaderWriter.text(of: manual)
    case .php: try PHPWriter.text(of: manual)
    case .python: try PythonWriter.text(of: manual)
    case .layoutProbe: LayoutProbeWriter.text(of: manual)
    }
  }
}
