/// Where two texts begin to differ, for a person to see at a glance.
struct Difference: Equatable {
  /// Number of the first line that differs, from 1.
  var line: Int
  var removed: [Substring]
  var added: [Substring]

  private static let shownLines = 6

  /// - Returns: nil if the texts are the same.
  init?(from old: String, to new: String) {
    var removed = old.split(separator: "\n", omittingEmptySubsequences: false)[...]
    var added = new.split(separator: "\n", omittingEmptySubsequences: false)[...]
    line = 1
    while let first = removed.first, first == added.first {
      removed.removeFirst()
      added.removeFirst()
      line += 1
    }
    while let last = removed.last, last == added.last {
      removed.removeLast()
      added.removeLast()
    }
    if removed.isEmpty && added.isEmpty { return nil }
    self.removed = Array(removed)
    self.added = Array(added)
  }

  /// The first lines of the difference in the form of a unified diff.
  func hint(file: String) -> String {
    let lines =
      ["--- \(file)", "+++ generated", "@@ line \(line) @@"]
      + Self.shown(removed, mark: "-") + Self.shown(added, mark: "+")
    return lines.joined(separator: "\n")
  }

  private static func shown(_ lines: [Substring], mark: String) -> [String] {
    let rest = lines.count - shownLines
    return lines.prefix(shownLines).map { mark + $0 } + (rest > 0 ? ["\(mark) (\(rest) more)"] : [])
  }
}
