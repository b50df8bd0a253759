import CPlatform
import Foundation

@testable import Pinarkive

/// How a call ended, and when by the monotonic clock.
struct Outcome: Sendable {
  /// The identifiers of the clusters, or nil if it failed.
  var clusters: [String]?
  var attempts: Int32 = 0
  var rateLimit: Int64 = -1
  var failure: Reported?
  var started: Int64 = 0
  var ended: Int64 = 0

  var status: Status? { failure?.status }
  var milliseconds: Int64 { ended - started }
}

/// Runs something that blocks on a thread of its own: the threads of the tests are few, and others
/// need them.
func onThread<Result: Sendable>(_ body: @escaping @Sendable () -> Result) async -> Result {
  await withCheckedContinuation { continuation in
    Thread.detachNewThread { continuation.resume(returning: body()) }
  }
}

/// A client, released when the last call with it has ended.
final class TestClient: @unchecked Sendable {
  private let core: UnsafeMutablePointer<ClientCore>

  init(
    _ baseURL: String, key: String = "sandbox",
    _ change: (inout ClientSettings) -> Void = { _ in }
  ) throws(Reported) {
    let settings = Settings(baseURL: baseURL, apiKey: key)
    change(&settings.settings)
    do throws(Failure) { core = try ClientCore.make(settings.settings) } catch {
      throw Reported(error)
    }
  }

  deinit { ClientCore.release(core) }

  func close() { core.pointee.close() }

  /// Starts a call on a thread of its own, at once.
  func start(timeout: Int64 = 0, cancellation: TestCancellation? = nil) -> Task<Outcome, Never> {
    Task { await onThread { self.call(timeout: timeout, cancellation: cancellation) } }
  }

  func list(timeout: Int64 = 0, cancellation: TestCancellation? = nil) async -> Outcome {
    await start(timeout: timeout, cancellation: cancellation).value
  }

  /// On the thread of the caller.
  func call(timeout: Int64 = 0, cancellation: TestCancellation? = nil) -> Outcome {
    var said = ServiceError()
    var outcome = Outcome(started: platform_monotonic_milliseconds())
    var settings = CallSettings()
    settings.timeout = timeout
    settings.cancellation = cancellation?.state
    do throws(Failure) {
      try ClientCore.listClusters(core, settings, said: &said) {
        (answer, provenance) throws(Failure) in
        outcome.clusters = listed(answer.memory, answer.table).map(\.id)
        outcome.attempts = answer.attempts
        outcome.rateLimit = answer.rateLimit
      }
    } catch {
      outcome.failure = Reported(error, said)
    }
    outcome.ended = platform_monotonic_milliseconds()
    return outcome
  }
}

/// A cancellation, released when nobody has it any more.
final class TestCancellation: @unchecked Sendable {
  let state: UnsafeMutablePointer<CancellationState>

  init() throws(Reported) {
    do throws(Failure) { state = try CancellationState.make() } catch { throw Reported(error) }
  }

  deinit { CancellationState.release(state) }

  /// - Returns: when, by the monotonic clock.
  @discardableResult
  func fire() -> Int64 {
    let now = platform_monotonic_milliseconds()
    state.pointee.fire()
    return now
  }
}
