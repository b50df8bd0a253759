import Foundation
import Testing

@testable import Sandbox

struct AccountsTests {
  /// An account that refuses, and what it says.
  struct Refusal: CustomTestStringConvertible, Sendable {
    let key: String
    let status: Int
    let error: String
    var code: String?
    var required: String?
    var canResend: Bool?
    var currentApiBase: String?

    var testDescription: String { key }
  }

  static let refusals = [
    Refusal(key: "sandbox-bad-request", status: 400, error: "Bad Request"),
    Refusal(key: "sandbox-expired", status: 401, error: "Unauthorized", code: "UNAUTHORIZED"),
    Refusal(
      key: "sandbox-missing-scope", status: 403, error: "Forbidden", code: "missing_scope",
      required: "cluster:read"),
    Refusal(
      key: "sandbox-unverified", status: 403, error: "Forbidden", code: "email_not_verified",
      canResend: true),
    Refusal(key: "sandbox-disabled", status: 403, error: "Forbidden", code: "account_disabled"),
    Refusal(key: "sandbox-plan-limit", status: 403, error: "Forbidden"),
    Refusal(key: "sandbox-not-found", status: 404, error: "Not Found"),
    Refusal(
      key: "sandbox-gone", status: 410, error: "api_version_deprecated",
      currentApiBase: "/api/v3"),
    Refusal(
      key: "sandbox-too-large", status: 413, error: "Payload Too Large", code: "FILE_TOO_LARGE"),
    Refusal(key: "sandbox-rate-limited-bare", status: 429, error: "Too Many Requests"),
    Refusal(key: "sandbox-error", status: 500, error: "Internal Server Error"),
    Refusal(key: "sandbox-down", status: 503, error: "Service Unavailable"),
  ]

  /// Accounts that list clusters at the first request.
  static let lists = [
    "sandbox", "sandbox-no-clusters", "sandbox-no-gateways", "sandbox-other-shape",
    "sandbox-unknown-members", "sandbox-unicode", "sandbox-order", "sandbox-no-slash",
    "sandbox-null-members", "sandbox-slow",
  ]

  /// Accounts with a test of their own below.
  static let peculiar = [
    "sandbox-jwt", "sandbox-rate-limited", "sandbox-rate-limited-once", "sandbox-flaky",
    "sandbox-html", "sandbox-empty", "sandbox-redirect",
  ]

  private let clock = StoppedClock()

  private func makeService() -> Service {
    Service(clock: { [clock] in clock.now })
  }

  @Test func everyAccountIsTested() {
    let tested = Self.refusals.map(\.key) + Self.lists + Self.peculiar
    #expect(Account.table().map(\.key).sorted() == tested.sorted())
  }

  @Test func everyAccountNamesItsStatusInTheHelp() {
    for account in Account.table() where account.key != "sandbox-jwt" {
      let status = makeService().clusters(account.key).status
      #expect(account.summary.hasPrefix(String(status)), "\(account.key)")
    }
  }

  @Test(arguments: refusals)
  func refusesAsDocumented(refusal: Refusal) throws {
    let answer = makeService().clusters(refusal.key)
    #expect(answer.status == refusal.status)
    #expect(answer[header: "Content-Type"] == "application/json")
    // The service sends it with every 429 and with nothing else.
    #expect(answer[header: "Retry-After"] == (refusal.status == 429 ? "30" : nil))
    let failure: Failure = try answer.decoded()
    #expect(!failure.message.isEmpty)
    #expect(
      failure
        == Failure(
          error: refusal.error, message: failure.message, code: refusal.code,
          required: refusal.required, canResendVerification: refusal.canResend,
          currentApiBase: refusal.currentApiBase))
  }

  @Test(arguments: lists)
  func listsClusters(key: String) throws {
    let answer = makeService().clusters(key)
    #expect(answer.status == 200)
    #expect(answer[header: "Content-Type"] == "application/json")
    _ = try answer.decoded([ListedCluster].self)
  }

  @Test func onlySlowIsSlow() {
    let service = makeService()
    for account in Account.table() {
      let delay = service.clusters(account.key).delay
      #expect(delay == (account.key == "sandbox-slow" ? .seconds(30) : .zero), "\(account.key)")
    }
  }

  @Test func everyAnswerTellsTheRateLimit() throws {
    for account in Account.table() where account.key != "sandbox-rate-limited" {
      guard account.key != "sandbox-rate-limited-once" else { continue }
      let answer = makeService().clusters(account.key)
      #expect(answer[header: "X-RateLimit-Limit"] == "100")
      #expect(answer[header: "X-RateLimit-Remaining"] == "99")
      let isISO = account.key == "sandbox-other-shape"
      #expect(
        answer[header: "X-RateLimit-Reset"] == (isISO ? "2026-05-01T12:01:00.000Z" : "1777636860"))
    }
  }

  @Test func rateLimitedSaysWhenToComeBack() throws {
    let answer = makeService().clusters("sandbox-rate-limited")
    #expect(answer.status == 429)
    #expect(answer[header: "Retry-After"] == "30")
    #expect(answer[header: "X-RateLimit-Limit"] == "100")
    #expect(answer[header: "X-RateLimit-Remaining"] == "0")
    #expect(answer[header: "X-RateLimit-Reset"] == "1777636830")
    let failure: Failure = try answer.decoded()
    #expect(
      failure
        == Failure(
          error: "Too Many Requests", message: failure.message, code: "RATE_LIMIT",
          retryAfter: 30, limit: 100, remaining: 0, resetTime: "2026-05-01T12:00:30.000Z"))
  }

  @Test func partsOfASecondCountAsAWholeOne() {
    #expect(Date(timeIntervalSince1970: 7).unixSeconds == 7)
    #expect(Date(timeIntervalSince1970: 7.001).unixSeconds == 8)
  }

  @Test func noHeaderComesTwice() {
    for account in Account.table() {
      let names = makeService().clusters(account.key).headers.map { $0.name.lowercased() }
      #expect(Set(names).count == names.count, "\(account.key)")
    }
  }

  @Test func rateLimitedOnceAlternates() {
    let service = makeService()
    let answers = (0..<4).map { _ in service.clusters("sandbox-rate-limited-once") }
    #expect(answers.map(\.status) == [429, 200, 429, 200])
    #expect(answers.map { $0[header: "Retry-After"] } == ["1", nil, "1", nil])
    #expect(answers[1].body == ClusterList.documented.body)
  }

  @Test func flakyAnswersEachThirdTime() {
    let service = makeService()
    let statuses = (0..<7).map { _ in service.clusters("sandbox-flaky").status }
    #expect(statuses == [503, 503, 200, 503, 503, 200, 503])
    #expect(service.clusters("sandbox-rate-limited-once").status == 429, "cycles are per key")
  }

  @Test func htmlIsNoJSON() {
    let answer = makeService().clusters("sandbox-html")
    #expect(answer.status == 200)
    #expect(answer[header: "Content-Type"] == "text/html; charset=utf-8")
    #expect(answer.text.hasPrefix("<!DOCTYPE html>"))
  }

  @Test func emptyHasNoBody() {
    let answer = makeService().clusters("sandbox-empty")
    #expect(answer.status == 200)
    #expect(answer.body.isEmpty)
  }

  @Test func redirectLeadsNowhere() throws {
    let service = makeService()
    let answer = service.clusters("sandbox-redirect")
    #expect(answer.status == 302)
    let location = try #require(answer[header: "Location"])
    #expect(service.answer(to: Call(path: location, apiKey: "sandbox-redirect")).status == 404)
    #expect(try service.report().keys["sandbox-redirect"] == 2)
  }
}
