/// Lists the clusters of a Pinarkive account.
///
/// Keep one and share it: any number of threads or tasks may call it at the same time, and it keeps
/// its connections. A call blocks its thread; from a task, call it where blocking is allowed.
public final class Client: Sendable {
  // Immutable after `init`; what it points to guards itself.
  private nonisolated(unsafe) let core: UnsafeMutablePointer<ClientCore>

  /// Makes a client. Opens no connection.
  ///
  /// - Throws: `configuration` (no key, a bad environment), `invalidArgument`.
  public init(_ options: ClientOptions = ClientOptions()) throws(PinarkiveError) {
    core = try options.withSettings { settings throws(Failure) in try ClientCore.make(settings) }
  }

  deinit { ClientCore.release(core) }

  /// Lists the clusters that the account's plan allows, each with its public gateways.
  ///
  /// - Parameters:
  ///   - timeout: for this call; default: that of the client.
  ///   - cancellation: ends the call early when it is fired.
  ///   - refresh: makes a request even if a kept answer is still fresh.
  /// - Throws: every `Status` but `invalidContent`.
  public func listClusters(
    timeout: Duration? = nil, cancellation: Cancellation? = nil, refresh: Bool = false
  ) throws(PinarkiveError) -> ClusterList {
    var settings = CallSettings()
    settings.timeout = timeout?.wholeMilliseconds ?? 0
    settings.cancellation = cancellation?.state
    settings.refresh = refresh
    var list: ClusterList?
    var said = ServiceError()
    do throws(Failure) {
      // The call uses what these two own, and Swift lets go of what is not named any more.
      try withExtendedLifetime((self, cancellation)) { () throws(Failure) in
        try ClientCore.listClusters(core, settings, said: &said) { answer, provenance in
          list = ClusterList(answer, provenance)
        }
      }
    } catch {
      throw PinarkiveError(error, said)
    }
    guard let list else {
      throw PinarkiveError(Failure(.internalFault, "A call ended without an answer."))
    }
    return list
  }
}

/// A way to end one call from another thread or task. It stays fired: use one for each call.
public final class Cancellation: Sendable {
  // Immutable after `init`; what it points to guards itself.
  nonisolated(unsafe) let state: UnsafeMutablePointer<CancellationState>

  /// A cancellation that is not fired.
  ///
  /// - Throws: `outOfMemory`.
  public init() throws(PinarkiveError) {
    do throws(Failure) { state = try CancellationState.make() } catch {
      throw PinarkiveError(error)
    }
  }

  deinit { CancellationState.release(state) }

  /// Ends the call that has it, or will have it. Any number of times.
  public func cancel() { withExtendedLifetime(self) { state.pointee.fire() } }
}
