/// What has arrived of one answer. libcurl hands it in piece by piece.
struct Exchange: ~Copyable {
  /// The largest body that is accepted.
  static let maximumBody = 8 << 20
  /// All header lines of an attempt together, those of interim (1xx) answers included.
  static let maximumHeaders = 32 << 10

  enum Overflow { case headers, body, memory }

  private(set) var body = AnswerMemory()
  private(set) var headers = AnswerHeaders()
  /// Why the transfer was stopped from our side, if it was.
  private(set) var overflow: Overflow?
  private var headerBytes = 0

  /// How much has been handed in; a line of the header only when it is complete.
  var received: Int { headerBytes + body.count }

  /// Makes ready for the next attempt.
  mutating func reset() {
    body.removeAll(keeping: 64 << 10)
    headers = AnswerHeaders()
    overflow = nil
    headerBytes = 0
  }

  /// Forgets the body of an answer that may repeat the key.
  mutating func wipeBody() { body.wipe() }

  /// Hands the body over.
  mutating func takeBody() -> AnswerMemory {
    var taken = AnswerMemory()
    swap(&taken, &body)
    return taken
  }

  /// Takes a header line; false stops the transfer.
  mutating func receive(header line: Bytes) -> Bool {
    headerBytes += line.count
    guard headerBytes <= Self.maximumHeaders else {
      overflow = .headers
      return false
    }
    // A new status line begins a new answer: after an interim one, or a proxy's to CONNECT.
    if line.hasPrefix("HTTP/") { headers = AnswerHeaders() } else { headers.read(line) }
    return true
  }

  /// Takes a piece of the body; false stops the transfer.
  mutating func receive(body piece: Bytes) -> Bool {
    switch body.append(piece, limit: Self.maximumBody, expected: headers.contentLength) {
    case .appended: return true
    case .overLimit: overflow = .body
    case .outOfMemory: overflow = .memory
    }
    return false
  }
}

/// The header fields of an answer that mean something to the library.
struct AnswerHeaders {
  /// Content-Length, or 0.
  private(set) var contentLength = 0
  /// X-RateLimit-Limit, or -1.
  private(set) var rateLimit: Int64 = -1
  /// X-RateLimit-Remaining, or -1.
  private(set) var rateLimitRemaining: Int64 = -1
  /// X-RateLimit-Reset in seconds since 1970, or -1.
  private(set) var rateLimitReset: Int64 = -1
  /// The server's clock (Date) in seconds since 1970, or nil.
  private(set) var date: Int64?
  /// Seconds to wait that Retry-After names, or nil.
  private(set) var retryAfterSeconds: Int64?
  /// The moment that Retry-After names, where it is a date, in seconds since 1970.
  private(set) var retryAfterDate: Int64?

  mutating func read(_ line: Bytes) {
    guard let colon = line.firstIndex(of: .colon) else { return }
    let name = line[part: 0..<colon]
    var value = line.dropping(colon + 1)
    while value.count > 0, value[value.count - 1] == 13 || value[value.count - 1] == 10 {
      value = value[part: 0..<value.count - 1]
    }
    value = value.trimmed
    switch name.count {
    case 4 where name.equalsIgnoringCase("date"):
      date = HTTPDate.timestamp(value)
    case 14 where name.equalsIgnoringCase("content-length"):
      contentLength = value.decimal.map(Int.init(clamping:)) ?? 0
    case 11 where name.equalsIgnoringCase("retry-after"):
      // Sent twice, the longer wait counts.
      if let seconds = value.decimal {
        retryAfterSeconds = max(retryAfterSeconds ?? 0, seconds)
      } else if value.isAllDigits {
        retryAfterSeconds = .max
      } else if let moment = HTTPDate.timestamp(value) {
        retryAfterDate = max(retryAfterDate ?? 0, moment)
      }
    case 17 where name.equalsIgnoringCase("x-ratelimit-limit"):
      rateLimit = value.decimal ?? -1
    case 21 where name.equalsIgnoringCase("x-ratelimit-remaining"):
      rateLimitRemaining = value.decimal ?? -1
    case 17 where name.equalsIgnoringCase("x-ratelimit-reset"):
      rateLimitReset = value.decimal ?? HTTPDate.timestamp(iso8601: value) ?? -1
    default: break
    }
  }

  /// How long to wait by the headers, in seconds, or nil. A date counts from the answer's own Date,
  /// so that a wrong clock on either side does no harm; without one it is not used.
  var retryAfter: Int64? {
    var wait = retryAfterSeconds
    if let moment = retryAfterDate, let date { wait = max(wait ?? 0, moment - date) }
    return wait
  }
}
