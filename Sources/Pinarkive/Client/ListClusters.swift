import CPlatform

/// How one call of `listClusters` is made.
package struct CallSettings {
  /// Milliseconds for the whole call; 0 for the client's.
  package var timeout: Int64 = 0
  package var cancellation: UnsafeMutablePointer<CancellationState>?
  /// Whether an answer from the cache will not do.
  package var refresh = false

  package init() {}
}

/// Where an answer came from.
package struct Provenance {
  /// Whether it was kept from an earlier call.
  package var isFromCache = false
  /// Milliseconds since it arrived; 0 for one of this call.
  package var age: Int64 = 0
}

extension ClientCore {
  /// Lists the account's clusters.
  ///
  /// - Parameters:
  ///   - said: gets what the service said, if the failure that is thrown `hasDetails`.
  ///   - body: gets the answer, and may take its memory: what is kept is kept as a copy. It is lent
  ///     and not returned, because Embedded Swift cannot end a noncopyable value of another module.
  package static func listClusters(
    _ client: UnsafeMutablePointer<ClientCore>, _ settings: CallSettings,
    said: UnsafeMutablePointer<ServiceError>,
    _ body: (inout Answer, Provenance) throws(Failure) -> Void
  ) throws(Failure) {
    let timeout = try Configuration.milliseconds(
      settings.timeout, "timeout_ms", default: client.pointee.configuration.timeout)
    try settings.cancellation?.pointee.attach(to: client)
    defer { settings.cancellation?.pointee.detach() }
    var call = Call(client, cancellation: settings.cancellation, timeout: timeout, said: said)
    guard client.pointee.cache.isOn else {
      var answer = try call.run()
      return try body(&answer, Provenance())
    }
    do throws(Failure) {
      try listShared(client, &call, refresh: settings.refresh, body)
    } catch {
      guard let stale = client.pointee.cache.stale(for: error) else { throw error }
      try lend(stale, of: client, fromCache: true, body)
    }
  }

  private static func listShared(
    _ client: UnsafeMutablePointer<ClientCore>, _ call: inout Call, refresh: Bool,
    _ body: (inout Answer, Provenance) throws(Failure) -> Void
  ) throws(Failure) {
    while true {
      try call.checkStop()
      switch client.pointee.cache.turn(refresh: refresh) {
      case .use(let shared):
        return try lend(shared, of: client, fromCache: true, body)
      case .fly(let flight):
        return try lend(try fly(flight, for: client, &call), of: client, fromCache: false, body)
      case .flyAlone:
        var answer = try flyAlone(for: client, &call)
        return try body(&answer, Provenance())
      case .wait(let flight):
        let (outcome, said) = client.pointee.cache.wait(
          for: flight, deadline: call.deadline, shouldStop: call.shouldStop)
        switch outcome {
        case .arrived(let shared): return try lend(shared, of: client, fromCache: false, body)
        case .failed(let failure):
          call.said.pointee = said
          throw failure
        case .underWay: try call.checkTime()
        case .abandoned: break
        }
      }
    }
  }

  /// Makes the request that others may be waiting for.
  private static func fly(
    _ flight: UnsafeMutablePointer<Flight>, for client: UnsafeMutablePointer<ClientCore>,
    _ call: inout Call
  ) throws(Failure) -> UnsafeMutablePointer<SharedAnswer> {
    do throws(Failure) {
      let answer = try call.run()
      guard let shared = SharedAnswer.make(answer) else { throw .outOfMemory }
      client.pointee.cache.land(flight, shared)
      return shared
    } catch {
      client.pointee.cache.fail(
        flight, error, call.said.pointee, isOwn: call.hasRunOutOfTime)
      throw error
    }
  }

  private static func flyAlone(
    for client: UnsafeMutablePointer<ClientCore>, _ call: inout Call
  ) throws(Failure) -> Answer {
    do throws(Failure) { return try call.run() } catch {
      client.pointee.cache.failAlone(error)
      throw error
    }
  }

  private static func lend(
    _ shared: UnsafeMutablePointer<SharedAnswer>, of client: UnsafeMutablePointer<ClientCore>,
    fromCache: Bool, _ body: (inout Answer, Provenance) throws(Failure) -> Void
  ) throws(Failure) {
    defer { client.pointee.cache.letGo(shared) }
    var provenance = Provenance(isFromCache: fromCache)
    if fromCache {
      provenance.age = max(platform_boottime_milliseconds() - shared.pointee.receivedAt, 0)
    }
    guard var copy = shared.pointee.answer.copy() else { throw .outOfMemory }
    try body(&copy, provenance)
  }
}
