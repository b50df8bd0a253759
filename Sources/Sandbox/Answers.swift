import Foundation

/// What the sandbox answers, still free of any HTTP machinery.
struct Answer: Sendable {
  var status: Int
  var headers: [(name: String, value: String)] = [("Content-Type", "application/json")]
  var body: Data
  /// How long the client waits for it.
  var delay: Duration = .zero

  /// The value of a header; its name is compared without regard to case.
  subscript(header name: String) -> String? {
    headers.first { $0.name.caseInsensitiveCompare(name) == .orderedSame }?.value
  }

  /// Adds a header unless the answer has one of that name.
  mutating func addIfMissing(_ name: String, _ value: String) {
    if self[header: name] == nil { headers.append((name, value)) }
  }

  /// The same answer with one more header.
  func adding(_ name: String, _ value: String) -> Answer {
    var answer = self
    answer.headers.append((name, value))
    return answer
  }

  /// The phrase of a status code (RFC 9110, section 15), also the `error` member of most errors.
  static func phrase(_ status: Int) -> String {
    switch status {
    case 200: "OK"
    case 302: "Found"
    case 400: "Bad Request"
    case 401: "Unauthorized"
    case 403: "Forbidden"
    case 404: "Not Found"
    case 405: "Method Not Allowed"
    case 410: "Gone"
    case 413: "Payload Too Large"
    case 429: "Too Many Requests"
    case 503: "Service Unavailable"
    default: "Internal Server Error"
    }
  }
}

extension Answer {
  static func success(_ value: JSON) -> Answer {
    Answer(status: 200, body: Data(value.encoded.utf8))
  }

  /// An error in the documented shape.
  static func failure(
    _ status: Int, _ message: String, code: String? = nil, more: [(String, JSON)] = []
  ) -> Answer {
    var members: [(name: String, value: JSON)] = [
      ("error", .string(phrase(status))), ("message", .string(message)),
    ]
    if let code { members.append(("code", .string(code))) }
    members += more.map { (name: $0.0, value: $0.1) }
    return Answer(status: status, body: Data(JSON.object(members).encoded.utf8))
  }

  static let invalidKey = failure(401, "Invalid or missing API key", code: "INVALID_API_KEY")
  static let expired = failure(401, "The API key has expired", code: "UNAUTHORIZED")
  static let missingScope = failure(
    403, "The API key does not have the required scope", code: "missing_scope",
    more: [("required", "cluster:read")])
  static let unverified = failure(
    403, "Verify your e-mail address first", code: "email_not_verified",
    more: [("canResendVerification", true)])
  static let disabled = failure(403, "This account is disabled", code: "account_disabled")
  static let planLimit = failure(403, "Your plan does not include this")
  static let badRequest = failure(400, "The request is not valid")
  static let notFound = failure(404, "Not found")
  static let tooLarge = failure(413, "The file is too large", code: "FILE_TOO_LARGE")
  static let broken = failure(500, "Something went wrong")
  static let down = failure(503, "The service is temporarily unavailable")

  /// What `/api/v1` and `/api/v2` say.
  static let oldVersion = Answer(
    status: 410,
    body: Data(
      JSON.object([
        ("error", "api_version_deprecated"),
        ("message", "This version of the API is no longer available. Use /api/v3."),
        ("currentApiBase", "/api/v3"),
      ]).encoded.utf8))

  /// A page of a proxy in front of the service, which knows nothing of JSON.
  static let page = Answer(
    status: 200, headers: [("Content-Type", "text/html; charset=utf-8")],
    body: Data("<!DOCTYPE html>\n<html><body><h1>Welcome</h1></body></html>\n".utf8))

  static let nothing = Answer(status: 200, body: Data())

  /// Points at a path that answers 404: a client that follows shows up as a second request.
  static let redirect = failure(302, "The clusters have moved")
    .adding("Location", Route.clusters + "/moved")

  static func methodNotAllowed(allow: String) -> Answer {
    failure(405, "Use \(allow)").adding("Allow", allow)
  }

  /// A 429 with no more than each of them has.
  static let slowDown = failure(429, "Too many requests").adding("Retry-After", "30")

  /// The documented 429, as it comes in full.
  ///
  /// - Parameters:
  ///   - limit: How many requests the window allows.
  ///   - wait: Seconds until the next request is welcome.
  ///   - now: What the clock says.
  static func rateLimited(limit: Int, wait: Int, now: Date) -> Answer {
    let reset = now.addingTimeInterval(TimeInterval(wait))
    return failure(
      429, "Rate limit exceeded. Try again in \(wait) s.", code: "RATE_LIMIT",
      more: [
        ("retryAfter", .integer(Int64(wait))), ("limit", .integer(Int64(limit))), ("remaining", 0),
        ("resetTime", .string(reset.timestamp)),
      ]
    )
    .adding("Retry-After", String(wait))
    .adding("X-RateLimit-Limit", String(limit))
    .adding("X-RateLimit-Remaining", "0")
    .adding("X-RateLimit-Reset", String(reset.unixSeconds))
  }
}

extension Date {
  /// ISO 8601 with milliseconds in UTC, as JavaScript's `toISOString` writes it.
  var timestamp: String { formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true)) }

  /// Whole seconds since 1970, rounded up: a client that waits for them never comes too early.
  var unixSeconds: Int { Int(timeIntervalSince1970.rounded(.up)) }
}
