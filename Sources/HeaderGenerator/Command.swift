import Foundation

/// The command line: which files to read, which to write, or whether only to compare.
struct Command: Equatable {
  var types: String
  var compilerHeader: String
  /// The path of each file that is asked for.
  var outputs: [Output: String] = [:]
  var isCheck = false

  static let usage = """
    usage: HeaderGenerator --types FILE --compiler-header FILE OUTPUT... [--check]

      --types            the C types of the interface, with the markers of the manual
      --compiler-header  what the compiler wrote for the exported functions (PinarkiveABI-Swift.h)

    outputs, at least one:
      --output           the C header
      --go               the C header again, for the Go binding
      --php              the declarations for PHP's FFI::cdef
      --python           the declarations for Python's ctypes
      --layout-probe     a C program that prints sizes and offsets

      --check            write nothing; fail if a file is not what would be written
    """

  /// - Returns: nil if the arguments are not of the form that `usage` shows.
  init?(arguments: [String]) {
    let options = ["--types", "--compiler-header"] + Output.allCases.map(\.rawValue)
    var paths: [String: String] = [:]
    var rest = arguments[...]
    while let option = rest.popFirst() {
      if option == "--check" {
        isCheck = true
        continue
      }
      guard options.contains(option), paths[option] == nil, let path = rest.popFirst() else {
        return nil
      }
      paths[option] = path
    }
    guard let types = paths["--types"], let compilerHeader = paths["--compiler-header"] else {
      return nil
    }
    self.types = types
    self.compilerHeader = compilerHeader
    for output in Output.allCases { outputs[output] = paths[output.rawValue] }
    if outputs.isEmpty { return nil }
  }

  /// Writes the files, or compares them. Writes none if any of them cannot be made.
  func run() throws(GeneratorError) {
    let manual = try manual()
    var files: [(path: String, text: String)] = []
    for output in Output.allCases {
      guard let path = outputs[output] else { continue }
      files.append((path, try output.text(of: manual)))
    }
    if isCheck {
      try check(files)
    } else {
      for file in files { try write(file.text, to: file.path) }
    }
  }

  /// Names every file that differs, not only the first.
  private func check(_ files: [(path: String, text: String)]) throws(GeneratorError) {
    var complaints: [String] = []
    for file in files {
      do {
        guard let difference = Difference(from: try read(file.path), to: file.text) else {
          continue
        }
        complaints.append(
          "\(file.path) is not what the sources say; run `make header`\n"
            + difference.hint(file: file.path))
      } catch {
        complaints.append(error.message)
      }
    }
    if !complaints.isEmpty { throw GeneratorError(complaints.joined(separator: "\n")) }
  }

  private func manual() throws(GeneratorError) -> Manual {
    try Manual(
      types: try TypesParser.parse(try read(types), file: types),
      functions: try CompilerHeaderParser.parse(try read(compilerHeader), file: compilerHeader))
  }

  private func read(_ path: String) throws(GeneratorError) -> String {
    do {
      return try String(contentsOfFile: path, encoding: .utf8)
    } catch {
      throw GeneratorError("cannot read \(path): \(error.localizedDescription)")
    }
  }

  private func write(_ text: String, to path: String) throws(GeneratorError) {
    do {
      try text.write(toFile: path, atomically: true, encoding: .utf8)
    } catch {
      throw GeneratorError("cannot write \(path): \(error.localizedDescription)")
    }
  }
}
