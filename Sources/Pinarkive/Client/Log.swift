import CPlatform

/// How much is written to standard error: `PINARKIVE_LOG=info` or `debug`; else nothing.
enum LogLevel {
  case off, info, debug

  init(_ value: Bytes?) {
    switch value {
    case let value? where value.equalsIgnoringCase("info"): self = .info
    case let value? where value.equalsIgnoringCase("debug"): self = .debug
    default: self = .off
    }
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
