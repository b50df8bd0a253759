import CPlatform

/// The environment variables that the library reads, all of them when a client is made and never
/// later: another thread's setenv must not hit a running call.
struct Environment {
  /// The value of a variable, or nil where it is missing or empty. Borrowed from the environment:
  /// copy it at once. As long as it is: a list that is cut would mean something else.
  func value(_ name: StaticString) -> Bytes? {
    let name = UnsafeRawPointer(name.utf8Start).assumingMemoryBound(to: CChar.self)
    guard let text = getenv(name) else { return nil }
    let bytes = Bytes(cString: text)
    return bytes.count > 0 ? bytes : nil
  }

  /// The first of several spellings of a variable.
  func value(_ name: StaticString, or otherName: StaticString) -> Bytes? {
    value(name) ?? value(otherName)
  }
}
