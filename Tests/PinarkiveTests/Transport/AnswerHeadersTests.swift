import Testing

@testable import Pinarkive

struct AnswerHeadersTests {
  private func read(_ lines: String...) -> AnswerHeaders {
    var headers = AnswerHeaders()
    for line in lines { withBytes(line + "\r\n") { headers.read($0) } }
    return headers
  }

  @Test(
    arguments: [
      ("X-RateLimit-Limit: 100", 100, -1, -1),
      ("x-ratelimit-limit:100", 100, -1, -1),
      ("X-RATELIMIT-LIMIT: \t 100 \t", 100, -1, -1),
      ("X-RateLimit-Remaining: 0", -1, 0, -1),
      ("X-RateLimit-Reset: 1777636800", -1, -1, 1_777_636_800),
      ("X-RateLimit-Reset: 2026-05-01T12:00:00.000Z", -1, -1, 1_777_636_800),
      ("X-RateLimit-Reset: 2026-05-01T12:00:00Z", -1, -1, 1_777_636_800),
      ("X-RateLimit-Reset: soon", -1, -1, -1),
      ("X-RateLimit-Limit: -1", -1, -1, -1),
      ("X-RateLimit-Limit: 1.5", -1, -1, -1),
      ("X-RateLimit-Limit:", -1, -1, -1),
      ("X-RateLimit-Limit: 99999999999999999999", -1, -1, -1),
      ("X-RateLimit-Limit : 100", -1, -1, -1),
      (" X-RateLimit-Limit: 100", -1, -1, -1),
      ("X-RateLimit-Limit 100", -1, -1, -1),
      ("X-RateLimit-Limits: 100", -1, -1, -1),
      ("Y-RateLimit-Limit: 100", -1, -1, -1),
      (": 100", -1, -1, -1),
      ("", -1, -1, -1),
    ] as [(String, Int64, Int64, Int64)]) func rateLimits(
      line: String, limit: Int64, remaining: Int64, reset: Int64
    )
  {
    let headers = read(line)
    #expect(headers.rateLimit == limit)
    #expect(headers.rateLimitRemaining == remaining)
    #expect(headers.rateLimitReset == reset)
    #expect(headers.retryAfter == nil)
  }

  @Test func ofARateLimitThatIsSentTwiceTheLastCounts() {
    #expect(read("X-RateLimit-Limit: 5", "X-RateLimit-Limit: 7").rateLimit == 7)
    #expect(read("X-RateLimit-Limit: 5", "X-RateLimit-Limit: x").rateLimit == -1)
  }

  @Test(
    arguments: [
      ([], nil),
      (["Retry-After: 30"], 30),
      (["retry-after:30"], 30),
      (["Retry-After: 0"], 0),
      (["Retry-After: 030"], 30),
      (["Retry-After: 99999999999"], 99_999_999_999),
      (["Retry-After: 99999999999999999999999"], .max),
      (["Retry-After: -1"], nil),
      (["Retry-After: 1.5"], nil),
      (["Retry-After: "], nil),
      (["Retry-After: soon"], nil),
      (["Retry-After: 30s"], nil),
      // Twice: the longer wait.
      (["Retry-After: 30", "Retry-After: 60"], 60),
      (["Retry-After: 60", "Retry-After: 30"], 60),
      (["Retry-After: 60", "Retry-After: x"], 60),
      (["Retry-After: x", "Retry-After: 5"], 5),
      // A date counts from the answer's own.
      (["Retry-After: \(later)"], nil),
      (["Date: \(now)", "Retry-After: \(later)"], 120),
      (["Retry-After: \(later)", "Date: \(now)"], 120),
      (["Date: \(now)", "Retry-After: \(now)"], 0),
      (["Date: \(later)", "Retry-After: \(now)"], 0),
      (["Date: yesterday", "Retry-After: \(later)"], nil),
      (["Date: \(now)", "Retry-After: \(now)", "Retry-After: \(later)"], 120),
      (["Date: \(now)", "Retry-After: \(later)", "Retry-After: \(now)"], 120),
      (["Date: \(now)", "Retry-After: \(later)", "Retry-After: 30"], 120),
      (["Date: \(now)", "Retry-After: \(later)", "Retry-After: 300"], 300),
      (["Date: \(now)", "Retry-After: 2026-05-01T12:02:00Z"], nil),
      (
        ["Date: \(now)", "Retry-After: Fri, 31 Dec 9999 23:59:59 GMT"],
        253_402_300_799 - 1_777_636_800
      ),
    ] as [([String], Int64?)]) func retryAfter(lines: [String], expected: Int64?)
  {
    var headers = AnswerHeaders()
    for line in lines { withBytes(line + "\r\n") { headers.read($0) } }
    #expect(headers.retryAfter == expected)
  }

  private static let now = "Fri, 01 May 2026 12:00:00 GMT"
  private static let later = "Fri, 01 May 2026 12:02:00 GMT"
}

struct ExchangeTests {
  /// An exchange that is fed as libcurl does it.
  private final class Feed {
    var exchange = Exchange()

    func header(_ line: String) -> Bool { withBytes(line) { exchange.receive(header: $0) } }

    func body(_ piece: String) -> Bool { withBytes(piece) { exchange.receive(body: $0) } }
  }

  /// Of the headers of interim answers nothing stays.
  @Test func aNewStatusLineBeginsANewAnswer() {
    let feed = Feed()
    #expect(feed.header("HTTP/1.1 103 Early Hints\r\n"))
    #expect(feed.header("Retry-After: 5\r\n"))
    #expect(feed.exchange.headers.retryAfter == 5)
    #expect(feed.header("HTTP/1.1 200 OK\r\n"))
    #expect(feed.exchange.headers.retryAfter == nil)
    #expect(feed.header("X-RateLimit-Limit: 9\r\n"))
    #expect(feed.header("\r\n"))
    #expect(feed.exchange.headers.rateLimit == 9)
  }

  @Test func headersEndAt32KiBOverAllAnswers() {
    let feed = Feed()
    let hint = "HTTP/1.1 100 Continue\r\n"
    for _ in 0..<(32 << 10) / hint.utf8.count { #expect(feed.header(hint)) }
    #expect(feed.exchange.overflow == nil)
    #expect(!feed.header(hint))
    #expect(feed.exchange.overflow == .headers)

    feed.exchange.reset()
    #expect(feed.exchange.overflow == nil)
    #expect(feed.header(String(repeating: "x", count: 32 << 10)))
    #expect(!feed.header("y"))
  }

  @Test func aBodyEndsAt8MiB() {
    let feed = Feed()
    let piece = String(repeating: " ", count: 1 << 20)
    for _ in 0..<8 { #expect(feed.body(piece)) }
    #expect(!feed.body("x"))
    #expect(feed.exchange.overflow == .body)
    let count = feed.exchange.body.count
    #expect(count == 8 << 20)
  }

  @Test func aBodyThatIsTakenLeavesNothingBehind() {
    let feed = Feed()
    #expect(feed.body("first"))
    let taken = feed.exchange.takeBody()
    #expect(text(taken.bytes) == "first")
    feed.exchange.reset()
    #expect(feed.body("second"))
    let second = text(feed.exchange.body.bytes)
    #expect(second == "second")
    #expect(text(taken.bytes) == "first")
  }
}
