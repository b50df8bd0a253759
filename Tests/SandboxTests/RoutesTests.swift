import Foundation
import Testing

@testable import Sandbox

struct RoutesTests {
  private let service = Service()

  static let credentials: [(key: String?, authorization: String?, status: Int)] = [
    (nil, nil, 401), ("sandbox", nil, 200), (nil, "Bearer sandbox", 200),
    (nil, "bearer sandbox", 200), (nil, "Bearer  sandbox ", 200), (nil, "Bearer sandbox-jwt", 200),
    ("sandbox-jwt", nil, 401), (nil, "sandbox", 401), (nil, "Basic sandbox", 401),
    (nil, "Bearer", 401), (nil, "Bearer ", 401), ("", nil, 401), ("SANDBOX", nil, 401),
    ("wrong", nil, 401), (nil, "Bearer wrong", 401),
    // With both, the API key decides.
    ("sandbox", "Bearer wrong", 200), ("wrong", "Bearer sandbox", 401),
    ("sandbox-down", "Bearer sandbox", 503), ("", "Bearer sandbox", 401),
  ]

  @Test(arguments: credentials)
  func authenticates(key: String?, authorization: String?, status: Int) throws {
    let answer = service.answer(
      to: Call(path: Route.clusters, apiKey: key, authorization: authorization))
    #expect(answer.status == status)
    guard status == 401 else { return }
    #expect(
      answer.text
        == #"{"error":"Unauthorized","message":"Invalid or missing API key","#
        + #""code":"INVALID_API_KEY"}"#)
    #expect(answer[header: "X-RateLimit-Limit"] == "100")
  }

  @Test(arguments: [
    "/api/v1", "/api/v1/", "/api/v1/users/me/clusters", "/api/v2", "/api/v2/files",
  ])
  func oldVersionsAreGone(path: String) throws {
    for method in ["GET", "POST"] {
      let answer = service.answer(to: Call(method: method, path: path))
      #expect(answer.status == 410)
      #expect(answer[header: "Content-Type"] == "application/json")
      let failure: Failure = try answer.decoded()
      #expect(failure.error == "api_version_deprecated")
      #expect(failure.currentApiBase == "/api/v3")
    }
  }

  @Test(arguments: [
    "/", "", "/api", "/api/v3", "/api/v10", "/api/v3/users/me", "/api/v3/users/me/clusters/x",
    "/users/me/clusters", "/sandbox", "/sandbox/stats/x",
  ])
  func otherPathsAreNotFound(path: String) throws {
    let answer = service.answer(to: Call(path: path, apiKey: "sandbox"))
    #expect(answer.status == 404)
    #expect(try answer.decoded(Failure.self).error == "Not Found")
  }

  @Test(arguments: ["POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "get"])
  func otherMethodsAreNotAllowed(method: String) throws {
    for path in [Route.clusters, Route.gateways, Route.stats] {
      let answer = service.answer(to: Call(method: method, path: path, apiKey: "sandbox"))
      #expect(answer.status == 405)
      #expect(answer[header: "Allow"] == "GET")
      #expect(try answer.decoded(Failure.self).error == "Method Not Allowed")
    }
  }

  @Test func resetNeedsAPost() {
    let answer = service.answer(to: Call(path: Route.reset))
    #expect(answer.status == 405)
    #expect(answer[header: "Allow"] == "POST")
  }

  @Test func gatewaysOfOneClusterAreAnObject() throws {
    let answer = service.gateways("sandbox", of: "cl1-na")
    #expect(answer.status == 200)
    let cluster: ListedCluster = try answer.decoded()
    #expect(cluster.clusterId == "cl1-na")
    #expect(cluster.gateways?.map(\.publicUrl) == ["https://na1.gateway.pinarkive.com/ipfs/"])
  }

  static let lookups: [(key: String?, cluster: String?, status: Int)] = [
    ("sandbox", "cl9-moon", 404), ("sandbox", "", 400), ("sandbox", nil, 400),
    (nil, "cl0-global", 401), ("sandbox-down", "cl0-global", 503),
    ("sandbox-no-clusters", "cl0-global", 404), ("sandbox-no-gateways", "cl1-eu", 200),
  ]

  @Test(arguments: lookups)
  func gatewaysOfOneClusterCanFail(key: String?, cluster: String?, status: Int) {
    #expect(service.gateways(key, of: cluster).status == status)
  }

  @Test func countsRequestsByKey() throws {
    _ = service.clusters("sandbox")
    _ = service.clusters("sandbox")
    _ = service.gateways("sandbox-down", of: "cl0-global")
    _ = service.clusters("a-real-key-by-mistake")
    _ = service.clusters(nil)
    _ = service.answer(to: Call(path: "/api/v1", apiKey: "sandbox-error"))
    let report = try service.report()
    #expect(report.requests == 6)
    #expect(
      report.keys.filter { $0.value > 0 }
        == ["sandbox": 2, "sandbox-down": 1, "sandbox-error": 1, "other": 1, "none": 1])
    #expect(report.keys.count == Account.table().count + 2)
    #expect(try service.report() == report, "asking changes nothing")
  }

  @Test func resetStartsAnew() throws {
    let clock = StoppedClock()
    let service = Service(enforcesRateLimit: true, clock: { clock.now })
    service.stats.connectionOpened()
    service.stats.connectionOpened()
    service.stats.connectionClosed()
    for _ in 0..<10 { _ = service.clusters("sandbox-flaky") }
    #expect(service.clusters("sandbox-flaky").status == 429)
    #expect(try service.report().connections == 2)

    let answer = service.answer(to: Call(method: "POST", path: Route.reset))
    #expect(answer.status == 200)
    let report = try service.report()
    #expect(report.requests == 0)
    #expect(report.connections == 0)
    #expect(report.openConnections == 1, "what is open stays open")
    #expect(report.keys.values.allSatisfy { $0 == 0 })
    let statuses = (0..<3).map { _ in service.clusters("sandbox-flaky").status }
    #expect(statuses == [503, 503, 200], "the cycle starts anew, and the limit too")
  }

  @Test func enforcesTheRateLimitWhenAsked() throws {
    let clock = StoppedClock()
    let service = Service(enforcesRateLimit: true, clock: { clock.now })
    for _ in 0..<10 { #expect(service.clusters("sandbox").status == 200) }
    let answer = service.clusters("sandbox")
    #expect(answer.status == 429)
    #expect(answer[header: "Retry-After"] == "1")
    #expect(answer[header: "X-RateLimit-Limit"] == "10")
    let failure: Failure = try answer.decoded()
    #expect(failure.code == "RATE_LIMIT")
    #expect(failure.limit == 10)
    #expect(failure.resetTime == "2026-05-01T12:00:01.000Z")
    #expect(service.clusters("sandbox-no-clusters").status == 200)
    clock.advance(by: 1)
    #expect(service.clusters("sandbox").status == 200)
  }

  @Test func doesNotEnforceTheRateLimitByItself() {
    for _ in 0..<200 { #expect(service.clusters("sandbox").status == 200) }
    #expect(service.clusters("sandbox")[header: "X-RateLimit-Remaining"] == "0")
  }
}
