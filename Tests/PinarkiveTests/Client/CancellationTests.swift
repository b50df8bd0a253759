import CPlatform
import Testing

@testable import Pinarkive

/// Calls that are ended early, in each state that they can be in, and calls side by side.
///
/// A cancelled call returns within 50 ms on a quiet machine; tests run where there is no quiet.
@Suite(.timeLimit(.minutes(1)))
struct CancellationTests {
  private static let soon: Int64 = 1_000

  @Test func beforeTheCallNoRequestIsMade() async throws {
    let server = try ScriptedServer(.answer())
    let cancellation = try TestCancellation()
    cancellation.fire()
    cancellation.fire()
    let client = try TestClient(server.baseURL)
    for _ in 0..<2 {
      let outcome = await client.list(cancellation: cancellation)
      #expect(outcome.status == .cancelled)
      #expect(outcome.failure?.message == "The call was cancelled.")
    }
    #expect(server.connections == 0)
    #expect(await client.list().clusters == ["scripted"])
  }

  @Test func whileItConnects() async throws {
    let server = try ScriptedServer(.silence, accepts: false)
    let cancellation = try TestCancellation()
    let call = try TestClient(server.baseURL).start(cancellation: cancellation)
    try await Task.sleep(for: .milliseconds(100))
    let fired = cancellation.fire()
    let outcome = await call.value
    #expect(outcome.status == .cancelled)
    #expect(outcome.ended - fired < Self.soon)
  }

  @Test func whileItWaitsForTheAnswer() async throws {
    let server = try ScriptedServer(.silence, .answer())
    let cancellation = try TestCancellation()
    let client = try TestClient(server.baseURL)
    let call = client.start(cancellation: cancellation)
    try await server.waitForRequests(1)
    let fired = cancellation.fire()
    let outcome = await call.value
    #expect(outcome.status == .cancelled)
    #expect(outcome.ended - fired < Self.soon)
    // The lane is as good as new, and the wake-up was not for the next call.
    let next = await client.list()
    #expect(next.clusters == ["scripted"])
    #expect(next.attempts == 1)
  }

  @Test func whileItBacksOff() async throws {
    let server = try ScriptedServer(.answer(429, "", "Retry-After: 5"))
    let cancellation = try TestCancellation()
    let call = try TestClient(server.baseURL).start(cancellation: cancellation)
    try await server.waitForRequests(1)
    try await Task.sleep(for: .milliseconds(50))
    let fired = cancellation.fire()
    let outcome = await call.value
    #expect(outcome.status == .cancelled)
    #expect(outcome.ended - fired < Self.soon)
    #expect(server.requests.count == 1)
  }

  @Test func whileItWaitsForALane() async throws {
    let server = try ScriptedServer(.silence)
    let client = try TestClient(server.baseURL) { $0.maxConnections = 1 }
    let first = try TestCancellation()
    let second = try TestCancellation()
    let running = client.start(cancellation: first)
    try await server.waitForRequests(1)
    let waiting = client.start(cancellation: second)
    try await Task.sleep(for: .milliseconds(50))
    var fired = second.fire()
    var outcome = await waiting.value
    #expect(outcome.status == .cancelled)
    #expect(outcome.ended - fired < Self.soon)
    // The other one goes on.
    #expect(server.requests.count == 1)
    fired = first.fire()
    outcome = await running.value
    #expect(outcome.status == .cancelled)
    #expect(outcome.ended - fired < Self.soon)
  }

  @Test func afterTheCallNothingHappens() async throws {
    let server = try ScriptedServer(.answer())
    let cancellation = try TestCancellation()
    let client = try TestClient(server.baseURL)
    #expect(await client.list(cancellation: cancellation).clusters == ["scripted"])
    cancellation.fire()
    #expect(await client.list().clusters == ["scripted"])
    #expect(await client.list(cancellation: cancellation).status == .cancelled)
  }

  @Test func oneCancellationForTwoCallsIsRefused() async throws {
    let server = try ScriptedServer(.silence)
    let client = try TestClient(server.baseURL)
    let cancellation = try TestCancellation()
    let running = client.start(cancellation: cancellation)
    try await server.waitForRequests(1)
    let outcome = await client.list(cancellation: cancellation)
    #expect(outcome.status == .invalidArgument)
    // The refused call has not let go of the other's.
    cancellation.fire()
    #expect(await running.value.status == .cancelled)
  }

  @Test func aCallThatFindsNoLaneEndsWithItsTime() async throws {
    let server = try ScriptedServer(.silence)
    let client = try TestClient(server.baseURL) { $0.maxConnections = 1 }
    let cancellation = try TestCancellation()
    let running = client.start(cancellation: cancellation)
    try await server.waitForRequests(1)
    let outcome = await client.list(timeout: 200)
    #expect(outcome.status == .timeout)
    #expect(outcome.failure?.message.contains("max_connections") == true)
    #expect((200..<3_000).contains(outcome.milliseconds))
    cancellation.fire()
    _ = await running.value
  }

  @Test func aLaneThatBecomesFreeIsTakenAtOnce() async throws {
    let server = try ScriptedServer(.silence, .answer())
    let client = try TestClient(server.baseURL) { $0.maxConnections = 1 }
    let cancellation = try TestCancellation()
    let running = client.start(cancellation: cancellation)
    try await server.waitForRequests(1)
    let waiting = client.start()
    try await Task.sleep(for: .milliseconds(50))
    let fired = cancellation.fire()
    let outcome = await waiting.value
    #expect(outcome.clusters == ["scripted"])
    #expect(outcome.ended - fired < Self.soon)
    #expect(await running.value.status == .cancelled)
  }

  // MARK: - Closing

  @Test func closingTheClientEndsEveryCall() async throws {
    let server = try ScriptedServer(.silence)
    let client = try TestClient(server.baseURL) { $0.maxConnections = 2 }
    // Two wait for the answer, three for a lane.
    let calls = (0..<5).map { _ in client.start() }
    try await server.waitForRequests(2)
    try await Task.sleep(for: .milliseconds(50))
    let closed = platform_monotonic_milliseconds()
    client.close()
    client.close()
    for call in calls {
      let outcome = await call.value
      #expect(outcome.status == .cancelled)
      #expect(outcome.failure?.message == "The call was cancelled because its client was freed.")
      #expect(outcome.ended - closed < Self.soon)
    }
    #expect(await client.list().status == .cancelled)
    #expect(server.requests.count == 2)
  }

  @Test func closingTheClientEndsACallThatBacksOff() async throws {
    let server = try ScriptedServer(.answer(429, "", "Retry-After: 5"))
    let client = try TestClient(server.baseURL)
    let call = client.start()
    try await server.waitForRequests(1)
    try await Task.sleep(for: .milliseconds(50))
    let closed = platform_monotonic_milliseconds()
    client.close()
    let outcome = await call.value
    #expect(outcome.status == .cancelled)
    #expect(outcome.ended - closed < Self.soon)
  }

  // MARK: - Many threads

  @Test(arguments: [1, 4, 16] as [Int32])
  func thirtyTwoThreadsShareTheConnections(most: Int32) async throws {
    let sandbox = try SandboxProcess()
    let client = try TestClient(sandbox.baseURL) { $0.maxConnections = most }
    let before = try await sandbox.report().connections
    let answers = await withTaskGroup { group in
      for _ in 0..<32 {
        group.addTask {
          var answers = 0
          for _ in 0..<20 where await client.list().clusters?.count == 6 { answers += 1 }
          return answers
        }
      }
      return await group.reduce(0, +)
    }
    #expect(answers == 640)
    let report = try await sandbox.report()
    #expect(report.requests == 640)
    // The report's own connection is one of them.
    #expect((1...Int(most)).contains(report.connections - before - 1))
  }

  /// Whoever wins, each call has one outcome, and the client works afterwards.
  @Test func cancellingAtAnyMomentIsSafe() async throws {
    let sandbox = try SandboxProcess()
    let client = try TestClient(sandbox.baseURL) { $0.maxConnections = 3 }
    await withTaskGroup { group in
      for number in 0..<8 {
        group.addTask {
          for round in 0..<20 {
            guard let cancellation = try? TestCancellation() else { continue }
            let call = client.start(cancellation: cancellation)
            try? await Task.sleep(for: .microseconds((number * 20 + round) * 37 % 3_000))
            cancellation.fire()
            let outcome = await call.value
            #expect(outcome.clusters?.count == 6 || outcome.status == .cancelled)
          }
        }
      }
    }
    #expect(await client.list().clusters?.count == 6)
  }
}
