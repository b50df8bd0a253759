import CPlatform

/// What is written to standard error: with `PINARKIVE_LOG=info` (or `debug`, which is the same yet)
/// a line for each attempt; else nothing.
enum LogLevel {
  case off, info

  init(_ value: Bytes?) {
    guard let value, value.equalsIgnoringCase("info") || value.equalsIgnoringCase("debug") else {
      self = .off
      return
    }
    self = .info
  }

  /// One line for one attempt: `pinarkive: attempt 1 host/path 200 34 ms`. Never a secret: the host
  /// and path come from the base URL, which cannot hold any.
  func attempt(
    _ attempt: Int, _ endpoint: borrowing Endpoint, outcome: StaticString, number: Int64?,
    milliseconds: Int64
  ) {
    if case .off = self { return }
    var line = InlineText<512>("pinarkive: attempt ")
    line.append(Int64(attempt))
    line.append(.space)
    line.append(endpoint.name.bytes[part: 0..<min(endpoint.name.count, 384)])
    line.append(.space)
    line.append(outcome)
    if let number { line.append(number) }
    line.append(.space)
    line.append(milliseconds)
    line.append(" ms\n")
    line.withBytes { bytes in
      guard let start = bytes.baseAddress else { return }
      platform_log(UnsafeRawPointer(start).assumingMemoryBound(to: CChar.self), bytes.count)
    }
  }
}
