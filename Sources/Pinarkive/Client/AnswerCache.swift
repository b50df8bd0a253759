import CPlatform

/// The last good answer of a client, for as long as it may be used again, and the request that is
/// under way for it. Only for clients that were given a time to live.
///
/// Callers at the same time share one request; each keeps its own deadline and cancellation.
struct AnswerCache: ~Copyable {
  /// Milliseconds; 0 for no cache.
  private let timeToLive: Int64
  private let staleIfError: Int64
  private let monitor: UnsafeMutablePointer<platform_monitor>
  // One, in memory of its own: see `LanePool.counts`.
  private let state: OwnedArray<State>

  private struct State {
    var kept: UnsafeMutablePointer<SharedAnswer>?
    /// When `kept` is no longer fresh, on the clock of `SharedAnswer.receivedAt`.
    var freshUntil: Int64 = 0
    var flight: UnsafeMutablePointer<Flight>?
  }

  private var kept: UnsafeMutablePointer<SharedAnswer>? {
    get { state.start.pointee.kept }
    nonmutating set { state.start.pointee.kept = newValue }
  }

  private var freshUntil: Int64 {
    get { state.start.pointee.freshUntil }
    nonmutating set { state.start.pointee.freshUntil = newValue }
  }

  private var flight: UnsafeMutablePointer<Flight>? {
    get { state.start.pointee.flight }
    nonmutating set { state.start.pointee.flight = newValue }
  }

  /// - Throws: `outOfMemory`.
  static func make(timeToLive: Int64, staleIfError: Int64) throws(Failure) -> AnswerCache {
    let state: OwnedArray<State> = try OwnedArray(capacity: 1)
    guard let monitor = platform_monitor_new() else { throw .outOfMemory }
    return AnswerCache(
      timeToLive: timeToLive, staleIfError: staleIfError, monitor: monitor, state: state)
  }

  private init(
    timeToLive: Int64, staleIfError: Int64, monitor: UnsafeMutablePointer<platform_monitor>,
    state: consuming OwnedArray<State>
  ) {
    state.start.initialize(to: State())
    self.state = state
    self.timeToLive = timeToLive
    self.staleIfError = staleIfError
    self.monitor = monitor
  }

  deinit {
    if let kept { SharedAnswer.letGo(kept) }
    platform_monitor_free(monitor)
  }

  var isOn: Bool { timeToLive > 0 }

  /// What a caller is to do.
  enum Turn {
    /// Use this answer, and let go of it.
    case use(UnsafeMutablePointer<SharedAnswer>)
    /// Wait for this request, and let go of it.
    case wait(UnsafeMutablePointer<Flight>)
    /// Make the request, for those who wait for it too, and `land` it or have it `fail`.
    case fly(UnsafeMutablePointer<Flight>)
    /// Make the request, for itself alone: there is no memory for more.
    case flyAlone
  }

  /// - Parameter refresh: no kept answer will do, nor one that was asked for earlier.
  func turn(refresh: Bool) -> Turn {
    platform_monitor_lock(monitor)
    defer { platform_monitor_unlock(monitor) }
    if !refresh {
      if let kept, platform_boottime_milliseconds() < freshUntil {
        SharedAnswer.hold(kept)
        return .use(kept)
      }
      if let flight {
        Flight.hold(flight)
        return .wait(flight)
      }
    }
    guard let new = Flight.make() else { return .flyAlone }
    // A refresh takes the place of a request that is under way: its answer will be the newer one.
    if let flight { Flight.letGo(flight) }
    flight = new
    Flight.hold(new)
    return .fly(new)
  }

  /// Waits until a request has ended, or `deadline` (monotonic milliseconds) has passed, or
  /// `shouldStop` says so.
  func wait(
    for flight: UnsafeMutablePointer<Flight>, deadline: Int64, shouldStop: () -> Bool
  ) -> (Flight.Outcome, ServiceError) {
    platform_monitor_lock(monitor)
    defer { platform_monitor_unlock(monitor) }
    while case .underWay = flight.pointee.outcome, !shouldStop(),
      platform_monotonic_milliseconds() < deadline
    {
      platform_monitor_wait(monitor, deadline)
    }
    let outcome = flight.pointee.outcome
    if case .arrived(let shared) = outcome { SharedAnswer.hold(shared) }
    let said = flight.pointee.said
    Flight.letGo(flight)
    return (outcome, said)
  }

  /// A request has brought an answer: hands it to those who wait, and keeps it, unless a refresh has
  /// taken its place: that one's answer is the newer one, or its failure says that there is none.
  func land(
    _ flight: UnsafeMutablePointer<Flight>, _ shared: UnsafeMutablePointer<SharedAnswer>
  ) {
    platform_monitor_lock(monitor)
    defer { platform_monitor_unlock(monitor) }
    if flight == self.flight {
      if let kept { SharedAnswer.letGo(kept) }
      SharedAnswer.hold(shared)
      kept = shared
      freshUntil =
        shared.pointee.receivedAt + Self.freshness(timeToLive, random: platform_random())
    }
    flight.pointee.land(shared)
    end(flight)
  }

  /// For how long an answer is fresh: its time to live, a tenth more or less, so that many processes
  /// do not all ask again at the same moment.
  static func freshness(_ timeToLive: Int64, random: UInt32) -> Int64 {
    let spread = timeToLive / 5
    return timeToLive - spread / 2 + RetryPolicy.spread(random, upTo: spread)
  }

  /// A request has failed: tells those who wait.
  ///
  /// - Parameter isOwn: whether the reason is its caller's alone, and does not hold for who waits.
  func fail(
    _ flight: UnsafeMutablePointer<Flight>, _ failure: Failure, _ said: ServiceError, isOwn: Bool
  ) {
    platform_monitor_lock(monitor)
    defer { platform_monitor_unlock(monitor) }
    purge(after: failure)
    flight.pointee.fail(failure, said, isOwn: isOwn)
    end(flight)
  }

  /// A request that flew alone has failed.
  func failAlone(_ failure: Failure) {
    platform_monitor_lock(monitor)
    defer { platform_monitor_unlock(monitor) }
    purge(after: failure)
  }

  /// A refused key makes what is kept worthless. Within the lock.
  private func purge(after failure: Failure) {
    switch failure.status {
    case .unauthorized, .forbidden, .missingScope:
      if let kept { SharedAnswer.letGo(kept) }
      kept = nil
    default: break
    }
  }

  private func end(_ ended: UnsafeMutablePointer<Flight>) {
    if flight == ended {
      Flight.letGo(ended)
      flight = nil
    }
    Flight.letGo(ended)
    platform_monitor_wake_all(monitor)
  }

  /// The kept answer, if it may stand in for one that failed so; to be let go of.
  func stale(for failure: Failure) -> UnsafeMutablePointer<SharedAnswer>? {
    switch failure.status {
    case .network, .timeout, .server, .rateLimited: break
    default: return nil
    }
    platform_monitor_lock(monitor)
    defer { platform_monitor_unlock(monitor) }
    guard staleIfError > 0, let kept,
      platform_boottime_milliseconds() < freshUntil + staleIfError
    else { return nil }
    SharedAnswer.hold(kept)
    return kept
  }

  func letGo(_ shared: UnsafeMutablePointer<SharedAnswer>) {
    platform_monitor_lock(monitor)
    SharedAnswer.letGo(shared)
    platform_monitor_unlock(monitor)
  }

  /// Makes everybody who waits for a request look whether to stop.
  func wakeWaiters() {
    platform_monitor_lock(monitor)
    platform_monitor_wake_all(monitor)
    platform_monitor_unlock(monitor)
  }

  // MARK: - For `ForkGuard`

  func beforeFork() { platform_monitor_lock(monitor) }

  func afterForkInParent() { platform_monitor_unlock(monitor) }

  /// The child keeps the answer. Whoever was making a request is not in the child.
  func afterForkInChild() {
    platform_monitor_reset(monitor)
    flight = nil
  }
}
