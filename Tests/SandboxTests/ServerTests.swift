import Foundation
import FoundationNetworking
import Testing

@testable import Sandbox

/// Talks to the server over a real socket.
@Suite(.timeLimit(.minutes(1)))
struct ServerTests {
  /// A client with connections of its own.
  private struct Client {
    let root: String
    private let session: URLSession

    init(_ baseURL: String) {
      root = String(baseURL.dropLast(Route.base.count))
      let configuration = URLSessionConfiguration.ephemeral
      configuration.httpMaximumConnectionsPerHost = 1
      session = URLSession(configuration: configuration)
    }

    func send(
      _ method: String = "GET", _ path: String = Route.clusters, key: String? = "sandbox",
      body: Data? = nil
    ) async throws -> (response: HTTPURLResponse, body: Data) {
      var request = URLRequest(url: try #require(URL(string: root + path)))
      request.httpMethod = method
      request.httpBody = body
      if let key { request.setValue(key, forHTTPHeaderField: "X-API-Key") }
      let (data, response) = try await session.data(for: request)
      return (try #require(response as? HTTPURLResponse), data)
    }

    func report() async throws -> Report {
      try JSONDecoder().decode(Report.self, from: try await send("GET", Route.stats).body)
    }
  }

  /// Serves while the body runs, then cancels and waits, which must end the server.
  private func withServer(
    _ service: Service = Service(),
    _ body: (_ baseURL: String) async throws -> Void
  ) async throws {
    let (addresses, announced) = AsyncStream<String>.makeStream()
    let serving = Task {
      defer { announced.finish() }
      try await Server(service: service).run { announced.yield($0) }
    }
    defer { serving.cancel() }
    var iterator = addresses.makeAsyncIterator()
    try await body(try #require(await iterator.next()))
    serving.cancel()
    _ = await serving.result
  }

  @Test func servesOverASocket() async throws {
    try await withServer { baseURL in
      #expect(baseURL.hasPrefix("http://127.0.0.1:"))
      #expect(baseURL.hasSuffix("/api/v3"))
      let (response, body) = try await Client(baseURL).send()
      #expect(response.statusCode == 200)
      #expect(response.value(forHTTPHeaderField: "Content-Type") == "application/json")
      #expect(response.value(forHTTPHeaderField: "X-RateLimit-Limit") == "100")
      #expect(response.value(forHTTPHeaderField: "X-RateLimit-Remaining") == "99")
      #expect(body == ClusterList.documented.body)
    }
  }

  @Test func readsQueryAndBearerToken() async throws {
    try await withServer { baseURL in
      let client = Client(baseURL)
      let (response, body) = try await client.send("GET", Route.gateways + "?x=1&cl=cl1%2Dna")
      #expect(response.statusCode == 200)
      #expect(try JSONDecoder().decode(ListedCluster.self, from: body).clusterId == "cl1-na")
      var request = URLRequest(url: try #require(URL(string: baseURL + "/users/me/clusters")))
      request.setValue("Bearer sandbox-jwt", forHTTPHeaderField: "Authorization")
      let bearer = try await URLSession.shared.data(for: request).0
      #expect(bearer == ClusterList.documented.body)
    }
  }

  @Test func keepsAConnectionAndCountsIt() async throws {
    try await withServer { baseURL in
      let client = Client(baseURL)
      for _ in 0..<5 { #expect(try await client.send().response.statusCode == 200) }
      var report = try await client.report()
      #expect(report.connections == 1)
      #expect(report.openConnections == 1)
      #expect(report.requests == 5)
      #expect(report.keys["sandbox"] == 5)

      #expect(try await Client(baseURL).send().response.statusCode == 200)
      report = try await client.report()
      #expect(report.connections == 2)
      #expect(report.keys["sandbox"] == 6)

      _ = try await client.send("POST", Route.reset)
      report = try await client.report()
      #expect(report.connections == 0, "the connection that asks is an old one")
      #expect(report.requests == 0)
    }
  }

  @Test func noticesThatAConnectionWasClosed() async throws {
    try await withServer { baseURL in
      var request = URLRequest(url: try #require(URL(string: baseURL + "/users/me/clusters")))
      request.setValue("close", forHTTPHeaderField: "Connection")
      _ = try await URLSession.shared.data(for: request)
      let client = Client(baseURL)
      // The server closes after it has answered, so the first report may be too early.
      while try await client.report().openConnections != 1 {
        try await Task.sleep(for: .milliseconds(5))
      }
      #expect(try await client.report().connections == 2)
    }
  }

  @Test func aRefusedBodyDoesNotSpoilTheConnection() async throws {
    try await withServer { baseURL in
      let client = Client(baseURL)
      for size in [0, 10, 100_000] {
        let body = Data(repeating: 0x20, count: size)
        let (response, _) = try await client.send("POST", body: body)
        #expect(response.statusCode == 405)
        #expect(response.value(forHTTPHeaderField: "Allow") == "GET")
      }
      let head = try await client.send("HEAD")
      #expect(head.response.statusCode == 405)
      #expect(head.body.isEmpty)
      #expect(try await client.send().body == ClusterList.documented.body)
      #expect(try await client.report().connections == 1)
    }
  }

  @Test func aPathCannotPassForAConnection() async throws {
    try await withServer { baseURL in
      let client = Client(baseURL)
      let path = "/%3E%20open%20connection"
      let response = try await client.send("GET", path).response
      #expect(response.statusCode == 404)
      #expect(try await client.report().connections == 1)
    }
  }

  /// Head and body leave in two writes. With Nagle's algorithm the second would wait for the
  /// client's delayed acknowledgement, 40 ms or more each time.
  @Test func answersWithoutDelay() async throws {
    try await withServer { baseURL in
      let client = Client(baseURL)
      let clock = ContinuousClock()
      var times: [Duration] = []
      for _ in 0..<21 {
        times.append(try await clock.measure { _ = try await client.send() })
      }
      // The fastest, so that a busy machine does not matter: the delay would be in each of them.
      #expect(try #require(times.min()) < .milliseconds(30))
    }
  }

  @Test func aSlowAccountHoldsUpNobody() async throws {
    try await withServer { baseURL in
      // More than there are cores: none of them may keep a thread.
      let count = 2 * ProcessInfo.processInfo.activeProcessorCount
      let slow = (0..<count).map { _ in
        Task { _ = try await Client(baseURL).send(key: "sandbox-slow") }
      }
      defer { for task in slow { task.cancel() } }
      let client = Client(baseURL)
      let elapsed = try await ContinuousClock().measure {
        while try await client.report().keys["sandbox-slow"] != count {
          try await Task.sleep(for: .milliseconds(5))
        }
        _ = try await client.send()
      }
      #expect(elapsed < .seconds(10))
    }
  }

  @Test func sendsAListOfMegabytesWhole() async throws {
    let list = ClusterList.generated(clusters: 2000, gateways: 10)
    #expect(list.body.count > 2_000_000)
    try await withServer(Service(accounts: Account.table(listing: list))) { baseURL in
      let body = try await Client(baseURL).send().body
      #expect(body == list.body)
    }
  }
}
