import Foundation
import Testing

@testable import Pinarkive

/// Many threads that make many calls with few clients, for ThreadSanitizer to watch.
@Suite(.timeLimit(.minutes(10)))
struct ManyCallsTests {
  /// How many each thread makes: `Tests/sanitizers` asks for a thousand.
  private static let calls =
    ProcessInfo.processInfo.environment["PINARKIVE_CALLS"].flatMap { Int($0) } ?? 50

  @Test func thirtyTwoThreadsMakeManyCalls() async throws {
    let sandbox = try SandboxProcess()
    let plain = try TestClient(sandbox.baseURL)
    // Each call finds the answer to be old, so that flights begin and land all the time.
    let cached = try TestClient(sandbox.baseURL) { $0.cacheTimeToLive = 1 }
    let answers = await withTaskGroup { group in
      for thread in 0..<32 {
        let client = thread % 4 == 0 ? cached : plain
        group.addTask {
          await onThread { (0..<Self.calls).count { _ in client.call().clusters?.count == 6 } }
        }
      }
      return await group.reduce(0, +)
    }
    #expect(answers == 32 * Self.calls)
    let requests = try await sandbox.report().requests
    #expect((24 * Self.calls...32 * Self.calls).contains(requests))
    print("32 threads made \(answers) calls, which took \(requests) requests")
  }
}
