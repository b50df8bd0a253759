/// The path below a CID: names, each behind a slash. Checked so that no reader of the URL can leave
/// the CID with it: not a browser, which resolves dot segments, not a server, which may decode
/// escapes before it splits the path, and not one to which a backslash is a slash.
struct ContentPath {
  enum Problem: Error {
    /// "." or "..", plain or in escapes, or behind an escaped slash or a backslash.
    case dotSegment(at: Int)
    /// A control character, or an escaped NUL, which no name can hold.
    case control(at: Int)
  }

  /// - Parameter keepsEscapes: whether %XX in it is an escape, or part of a name.
  static func check(_ path: Bytes, keepsEscapes: Bool) throws(Problem) {
    // How many dots the present name consists of; -1 once it has anything else.
    var dots = 0
    var start = 0
    var index = 0
    while index < path.count {
      var byte = path[index]
      let at = index
      index += 1
      if keepsEscapes {
        if byte < 0x20 || byte == 0x7F { throw .control(at: at) }
        if PercentEncoding.isEscape(path, at: at) {
          byte = (path[at + 1].hexValue ?? 0) << 4 | (path[at + 2].hexValue ?? 0)
          index += 2
          if byte == 0 { throw .control(at: at) }
        }
      }
      if byte == .slash || byte == UInt8(ascii: "\\") {
        if dots == 1 || dots == 2 { throw .dotSegment(at: start) }
        dots = 0
        start = index
      } else if byte == .dot {
        if dots >= 0 { dots += 1 }
      } else {
        dots = -1
      }
    }
    if dots == 1 || dots == 2 { throw .dotSegment(at: start) }
  }

  /// Writes a path. Several slashes in a row become one: no name is empty, so they mean the same.
  static func write(_ path: Bytes, keepsEscapes: Bool, to writer: inout URLWriter) {
    var start = 0
    for index in 0..<path.count
    where path[index] == .slash && index > 0 && path[index - 1] == .slash {
      if start < index {
        PercentEncoding.write(
          path[part: start..<index], to: .path, keepsEscapes: keepsEscapes, &writer)
      }
      start = index + 1
    }
    if start < path.count {
      PercentEncoding.write(path.dropping(start), to: .path, keepsEscapes: keepsEscapes, &writer)
    }
  }
}
