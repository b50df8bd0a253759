/// Why no header was written: one sentence for the person who changed the sources.
struct GeneratorError: Error, Equatable {
  var message: String

  init(_ message: String) {
    self.message = message
  }

  init(file: String, line: Int, _ message: String) {
    self.message = "\(file):\(line): \(message)"
  }
}
