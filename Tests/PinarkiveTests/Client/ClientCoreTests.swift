import CPlatform
import Testing

@testable import Pinarkive

/// Calls over a real socket: answers, retries, time.
@Suite(.timeLimit(.minutes(1)))
struct ClientCoreTests {
  private static let documented = ["cl0-global", "cl1-eu", "cl1-na", "cl2-es", "cl2-us", "cl2-de"]

  @Test func listsWhatTheServiceLists() async throws {
    let sandbox = try SandboxProcess()
    let outcome = try await TestClient(sandbox.baseURL).list()
    #expect(outcome.failure == nil)
    #expect(outcome.clusters == Self.documented)
    #expect(outcome.attempts == 1)
    #expect(outcome.rateLimit == 100)
  }

  @Test func theConnectionIsUsedAgain() async throws {
    let sandbox = try SandboxProcess()
    let client = try TestClient(sandbox.baseURL)
    let before = try await sandbox.report().connections
    for _ in 0..<20 { #expect(await client.list().clusters?.count == 6) }
    let after = try await sandbox.report()
    #expect(after.requests == 20)
    // One for the calls and one for the second report.
    #expect(after.connections - before == 2)
  }

  @Test func theRequestIsTheDocumentedOne() async throws {
    let server = try ScriptedServer(.answer())
    #expect(try await TestClient(server.baseURL, key: "k-1").list().clusters == ["scripted"])
    let lines = try #require(server.requests.first).split(separator: "\r\n").map(String.init)
    #expect(lines.first == "GET /api/v3/users/me/clusters HTTP/1.1")
    #expect(
      Set(lines.dropFirst()) == [
        "Host: 127.0.0.1:\(server.port)", "User-Agent: libpinarkive/\(Library.version)",
        "Accept: application/json", "X-API-Key: k-1",
      ])
  }

  // MARK: - Retries

  @Test func isTriedAgainUntilItSucceeds() async throws {
    let sandbox = try SandboxProcess()
    let outcome = try await TestClient(sandbox.baseURL, key: "sandbox-flaky").list()
    #expect(outcome.clusters == Self.documented)
    #expect(outcome.attempts == 3)
    #expect(try await sandbox.report().requests == 3)
  }

  @Test(
    arguments: [
      ("sandbox-down", .server, 503, 3),
      ("sandbox-error", .server, 500, 3),
      ("sandbox-html", .protocolViolation, 200, 2),
      ("sandbox-empty", .protocolViolation, 200, 2),
      ("sandbox-redirect", .protocolViolation, 302, 1),
      ("sandbox-expired", .unauthorized, 401, 1),
      ("nobody", .unauthorized, 401, 1),
      ("sandbox-missing-scope", .missingScope, 403, 1),
      ("sandbox-disabled", .forbidden, 403, 1),
      ("sandbox-not-found", .notFound, 404, 1),
      ("sandbox-gone", .configuration, 410, 1),
      ("sandbox-too-large", .tooLarge, 413, 1),
      ("sandbox-bad-request", .protocolViolation, 400, 1),
    ] as [(String, Status, Int32, Int)]) func eachFailureTakesItsNumberOfRequests(
      key: String, status: Status, httpStatus: Int32, requests: Int
    ) async throws
  {
    let sandbox = try SandboxProcess()
    let outcome = try await TestClient(sandbox.baseURL, key: key).list()
    #expect(outcome.status == status)
    #expect(outcome.failure?.httpStatus == httpStatus)
    #expect(outcome.failure?.message.contains(key == "nobody" ? " nobody" : key) == false)
    #expect(try await sandbox.report().requests == requests)
  }

  @Test(
    arguments: [
      (.last(""), .network, 3),
      (.last("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n[]"), .network, 3),
      (.answer(408, ""), .timeout, 3),
      (.answer(502, "<html>"), .server, 3),
      (.answer(504, ""), .server, 3),
      (.answer(501, ""), .server, 1),
      (.answer(204, ""), .protocolViolation, 1),
      (.last("not HTTP at all\r\n\r\n"), .protocolViolation, 1),
      (.last("HTTP/0.9 200 OK\r\n\r\n[]"), .protocolViolation, 1),
      (.answer(200, "{}"), .protocolViolation, 2),
      (.answer(200, "[{}]"), .protocolViolation, 2),
      (.answer(200, String(repeating: " ", count: (8 << 20) + 1)), .tooLarge, 1),
      (.answer(200, "[]", "X: \(String(repeating: "x", count: 33_000))"), .tooLarge, 1),
    ] as [(ScriptedServer.Reply, Status, Int)]) func whatTheServiceWouldNeverDoIsAFailure(
      reply: ScriptedServer.Reply, status: Status, requests: Int
    ) async throws
  {
    let server = try ScriptedServer(reply)
    let outcome = try await TestClient(server.baseURL).list()
    #expect(outcome.status == status, "\(outcome.failure?.message ?? "")")
    #expect(server.requests.count == requests)
  }

  @Test func nonsenseIsLookedAtOnceMore() async throws {
    let server = try ScriptedServer(.answer(200, "<html>"), .answer())
    let outcome = try await TestClient(server.baseURL).list()
    #expect(outcome.clusters == ["scripted"])
    #expect(outcome.attempts == 2)
  }

  @Test func maxAttemptsIsTheNumberOfRequests() async throws {
    for attempts: Int32 in [1, 2, 5] {
      let server = try ScriptedServer(.answer(503, ""))
      _ = try await TestClient(server.baseURL) { $0.maxAttempts = attempts }.list()
      #expect(server.requests.count == attempts)
    }
  }

  /// 100 tokens, 14 for a retry: the eighth has to be done without.
  @Test func retriesOfAClientEndWhenTheyAreMany() async throws {
    let server = try ScriptedServer(.answer(503, ""))
    let client = try TestClient(server.baseURL) { $0.maxAttempts = 2 }
    for _ in 0..<12 { #expect(await client.list().status == .server) }
    // A second more may have brought back a token or two, but no retry's worth.
    #expect(server.requests.count == 12 + 7)
  }

  @Test func nobodyListensIsANetworkFailure() async throws {
    let port = try ScriptedServer(.silence).port
    let outcome = try await TestClient("http://127.0.0.1:\(port)/") { $0.maxAttempts = 2 }.list()
    #expect(outcome.status == .network)
    #expect(outcome.failure?.httpStatus == 0)
  }

  /// A connection that the server closed while it was idle is not the caller's concern.
  @Test func aStaleConnectionIsReplacedUnnoticed() async throws {
    let body = #"[{"id":"a"}]"#
    let closing = ScriptedServer.Reply.last(
      "HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
    let server = try ScriptedServer(closing)
    let client = try TestClient(server.baseURL)
    for _ in 0..<3 {
      let outcome = await client.list()
      #expect(outcome.clusters == ["a"])
      #expect(outcome.attempts == 1)
      try await Task.sleep(for: .milliseconds(20))
    }
    #expect(server.connections == 3)
  }

  // MARK: - The service asks to wait

  @Test func a429IsTriedAgainNotBeforeTheTimeThatItNames() async throws {
    let sandbox = try SandboxProcess()
    let outcome = try await TestClient(sandbox.baseURL, key: "sandbox-rate-limited-once").list()
    #expect(outcome.clusters == Self.documented)
    #expect(outcome.attempts == 2)
    #expect(outcome.milliseconds >= 1_000)
  }

  @Test func aWaitThatIsTooLongFailsAtOnceAndClosesTheGate() async throws {
    let sandbox = try SandboxProcess()
    let client = try TestClient(sandbox.baseURL, key: "sandbox-rate-limited")
    let first = await client.list()
    #expect(first.status == .rateLimited)
    #expect(first.failure?.httpStatus == 429)
    #expect(first.failure?.retryAfter == 30_000)
    #expect(first.failure?.code == "RATE_LIMIT")
    #expect(first.milliseconds < 5_000)

    let second = await client.list()
    #expect(second.status == .rateLimited)
    #expect(second.failure?.httpStatus == 0)
    #expect(second.failure.map { (20_000...30_000).contains($0.retryAfter) } == true)
    #expect(second.failure?.message.contains("no request was made") == true)
    #expect(second.milliseconds < 1_000)
    #expect(try await sandbox.report().requests == 1)

    // The gate is the client's own.
    #expect(try await TestClient(sandbox.baseURL).list().clusters == Self.documented)
  }

  @Test func theGateOpensAgain() async throws {
    let server = try ScriptedServer(.answer(429, "", "Retry-After: 3"), .answer())
    let client = try TestClient(server.baseURL) { $0.maxAttempts = 1 }
    #expect(await client.list().failure?.retryAfter == 3_000)
    let refused = try #require(await client.list().failure)
    #expect(refused.httpStatus == 0)
    try await Task.sleep(for: .milliseconds(refused.retryAfter + 20))
    #expect(await client.list().clusters == ["scripted"])
  }

  @Test(
    arguments: [
      (["Retry-After: 99999999999"], "", 86_400_000),
      (["Retry-After: 60"], #"{"retryAfter":90}"#, 90_000),
      (["Retry-After: 90"], #"{"retryAfter":60}"#, 90_000),
      (
        ["Date: Fri, 01 May 2026 12:00:00 GMT", "Retry-After: Fri, 01 May 2026 12:05:00 GMT"], "",
        300_000
      ),
      (["Retry-After: -5"], "", -1),
      (["Retry-After: soon"], "", -1),
      ([], "", -1),
    ] as [([String], String, Int64)]) func theWaitIsReportedAsTheLongerOfHeaderAndBody(
      headers: [String], body: String, expected: Int64
    ) async throws
  {
    let head = headers.map { $0 + "\r\n" }.joined()
    let server = try ScriptedServer(
      .bytes("HTTP/1.1 429 X\r\nContent-Length: \(body.utf8.count)\r\n\(head)\r\n\(body)"))
    let outcome = try await TestClient(server.baseURL) { $0.maxAttempts = 1 }.list()
    #expect(outcome.status == .rateLimited)
    #expect(outcome.failure?.retryAfter == expected)
  }

  // MARK: - Time

  @Test func aCallEndsWithItsTime() async throws {
    let server = try ScriptedServer(.silence)
    let outcome = try await TestClient(server.baseURL).list(timeout: 400)
    #expect(outcome.status == .timeout)
    #expect((400..<3_000).contains(outcome.milliseconds))
    #expect(server.requests.count == 1)
  }

  @Test func anAttemptEndsWithItsTimeAndIsTriedAgain() async throws {
    let server = try ScriptedServer(.silence, .answer())
    let outcome = try await TestClient(server.baseURL) { $0.attemptTimeout = 1_000 }.list()
    #expect(outcome.clusters == ["scripted"])
    #expect(outcome.attempts == 2)
    #expect(outcome.milliseconds >= 1_000)
  }

  @Test func aByteEveryNowAndThenDoesNotKeepAnAttemptAlive() async throws {
    let server = try ScriptedServer(.drip("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n"))
    let client = try TestClient(server.baseURL) {
      $0.attemptTimeout = 300
      $0.maxAttempts = 1
    }
    let outcome = await client.list()
    #expect(outcome.status == .timeout)
    #expect((300..<3_000).contains(outcome.milliseconds))
  }

  @Test func aConnectionThatDoesNotComeAboutEndsWithItsTime() async throws {
    let server = try ScriptedServer(.silence, accepts: false)
    let client = try TestClient(server.baseURL) {
      $0.connectTimeout = 200
      $0.maxAttempts = 1
    }
    let outcome = await client.list()
    #expect(outcome.status == .timeout)
    #expect((190..<3_000).contains(outcome.milliseconds))
  }

  @Test func withLittleTimeLeftNothingIsTriedAgain() async throws {
    // After the wait 200 ms would be left; an attempt wants 250.
    let server = try ScriptedServer(.answer(503, "", "Retry-After: 1"))
    let outcome = try await TestClient(server.baseURL).list(timeout: 1_200)
    #expect(outcome.status == .server)
    #expect(outcome.milliseconds < 1_000)
    #expect(server.requests.count == 1)
  }

  @Test func aNegativeTimeIsRefusedWithoutARequest() async throws {
    let server = try ScriptedServer(.answer())
    let outcome = try await TestClient(server.baseURL).list(timeout: -1)
    #expect(outcome.status == .invalidArgument)
    #expect(server.connections == 0)
  }
}
