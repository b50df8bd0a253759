import CPlatform

/// The request of one call of `listClusters`: its deadline, its attempts and its cancellation.
struct Call {
  private let client: UnsafeMutablePointer<ClientCore>
  private let cancellation: UnsafeMutablePointer<CancellationState>?
  /// Monotonic milliseconds.
  let deadline: Int64
  private var attempt = 0
  /// Whether there would have been another attempt, had the call had the time for it.
  private(set) var hasRunOutOfTime = false
  /// Where to keep what the service said of a failure.
  let said: UnsafeMutablePointer<ServiceError>

  /// Why an attempt brought no answer, and whether another may.
  private struct Setback: Error {
    var error: Failure
    var reason: RetryPolicy.Reason
  }

  init(
    _ client: UnsafeMutablePointer<ClientCore>,
    cancellation: UnsafeMutablePointer<CancellationState>?, timeout: Int64,
    said: UnsafeMutablePointer<ServiceError>
  ) {
    self.client = client
    self.said = said
    self.cancellation = cancellation
    deadline = platform_monotonic_milliseconds() + timeout
  }

  /// Tries until there is an answer or no reason to try again.
  mutating func run() throws(Failure) -> Answer {
    try passGate()
    var hadNonsense = false
    while true {
      attempt += 1
      do throws(Setback) {
        let answer = try tryOnce()
        client.pointee.withPolicy { policy, now in policy.noteSuccess(now: now) }
        return answer
      } catch {
        var setback = error
        if case .nonsense = setback.reason {
          setback.reason = hadNonsense ? .permanent : .transient
          hadNonsense = true
        }
        try waitToRetry(after: setback)
      }
    }
  }

  /// The service may have asked for a pause that is not over: then no request is made.
  private func passGate() throws(Failure) {
    let wait = client.pointee.withPolicy { policy, now in policy.gate(now: now) }
    guard wait > 0 else { return }
    var failure = Failure(
      .rateLimited,
      "Too many requests: the service asked to wait, no request was made; call again in {} s.",
      .number((wait + 999) / 1000))
    failure.retryAfter = wait
    throw failure
  }

  func shouldStop() -> Bool {
    client.pointee.isClosed || cancellation?.pointee.isFired == true
  }

  /// - Throws: `cancelled` if the call is to stop.
  func checkStop() throws(Failure) { if shouldStop() { throw cancelled } }

  /// - Throws: `timeout` if the time is out, `cancelled` if the call is to stop.
  func checkTime() throws(Failure) {
    try checkStop()
    if platform_monotonic_milliseconds() >= deadline { throw timeout }
  }

  private var cancelled: Failure {
    if platform_is_exiting() { return .exiting }
    return Failure(
      .cancelled,
      client.pointee.isClosed
        ? "The call was cancelled because its client was freed."
        : "The call was cancelled.")
  }

  // MARK: - One attempt

  private func tryOnce() throws(Setback) -> Answer {
    let lane = try acquireLane()
    cancellation?.pointee.use(lane)
    defer {
      cancellation?.pointee.use(nil)
      client.pointee.pool.release(lane)
    }
    let start = platform_monotonic_milliseconds()
    let attemptDeadline = min(deadline, start + client.pointee.configuration.attemptTimeout)
    var outcome = Lane.perform(
      on: lane, deadline: attemptDeadline, shouldStop: shouldStop)
    if case .failed = outcome,
      lane.pointee.turnsToBundle(for: client.pointee.configuration.endpoint)
    {
      outcome = Lane.perform(on: lane, deadline: attemptDeadline, shouldStop: shouldStop)
    }
    log(outcome, on: lane, since: start)
    switch outcome {
    case .answered where lane.pointee.httpStatus == 200: return try answer(on: lane)
    case .answered: throw setback(httpStatus: lane.pointee.httpStatus, on: lane)
    case .failed:
      let failure = lane.pointee.failure
      throw Setback(error: failure.error, reason: failure.isTransient ? .transient : .permanent)
    case .timedOut: throw Setback(error: timeout, reason: .transient)
    case .stopped: throw Setback(error: cancelled, reason: .permanent)
    }
  }

  private func acquireLane() throws(Setback) -> UnsafeMutablePointer<Lane> {
    let lane: UnsafeMutablePointer<Lane>?
    do throws(Failure) {
      lane = try client.pointee.pool.acquire(
        for: client.pointee.configuration.endpoint, deadline: deadline, shouldStop: shouldStop)
    } catch {
      throw Setback(error: error, reason: .permanent)
    }
    if let lane { return lane }
    if shouldStop() { throw Setback(error: cancelled, reason: .permanent) }
    throw Setback(
      error: Failure(
        .timeout,
        "No connection of the client became free in time: raise max_connections or the time-out."),
      reason: .permanent)
  }

  private var timeout: Failure {
    Failure(
      .timeout, "The service did not answer in time: check the network or raise the time-out.")
  }

  private func answer(on lane: UnsafeMutablePointer<Lane>) throws(Setback) -> Answer {
    do throws(ClusterTable.Problem) {
      var memory = lane.pointee.exchange.takeBody()
      let table = try ClusterReader.read(&memory)
      let headers = lane.pointee.exchange.headers
      return Answer(
        memory: memory, table: table, attempts: Int32(attempt),
        rateLimit: headers.rateLimit, rateLimitRemaining: headers.rateLimitRemaining,
        rateLimitReset: headers.rateLimitReset)
    } catch {
      let isNonsense = if case .outOfMemory = error { false } else { true }
      throw Setback(error: Failure(error), reason: isNonsense ? .nonsense : .permanent)
    }
  }

  private func setback(httpStatus: Int32, on lane: UnsafeMutablePointer<Lane>) -> Setback {
    said.pointee = ServiceError(
      body: lane.pointee.exchange.body.bytes,
      secrets: client.pointee.configuration.endpoint.secrets)
    // Some services repeat the key that they refuse.
    lane.pointee.exchange.wipeBody()
    var error = Failure(httpStatus: httpStatus, said.pointee)
    if let seconds = lane.pointee.exchange.headers.retryAfter {
      error.noteRetryAfter(seconds: seconds)
    }
    switch httpStatus {
    case 429: return Setback(error: error, reason: .throttled)
    case 408, 500, 502, 503, 504: return Setback(error: error, reason: .transient)
    default: return Setback(error: error, reason: .permanent)
    }
  }

  // MARK: - Between attempts

  /// Waits as long as it should before the next attempt.
  ///
  /// - Throws: the setback's error if there is to be none.
  private mutating func waitToRetry(after setback: Setback) throws(Failure) {
    let error = setback.error
    let requested = max(error.retryAfter, 0)
    let isThrottled = if case .throttled = setback.reason { true } else { false }
    let wait = max(
      RetryPolicy.backOff(after: attempt, setback.reason, random: platform_random()), requested)
    let isWorthIt = client.pointee.withPolicy { policy, now in
      if isThrottled, requested > 0 { policy.noteWait(requested, now: now) }
      if case .permanent = setback.reason { return false }
      guard attempt < client.pointee.configuration.maxAttempts,
        deadline - now - wait >= RetryPolicy.leastTimeLeft
      else {
        // A wait that the service asks for is no matter of this call alone.
        hasRunOutOfTime = attempt < client.pointee.configuration.maxAttempts && requested == 0
        return false
      }
      return policy.pay(for: setback.reason, now: now)
    }
    guard isWorthIt else { throw error }
    client.pointee.sleep(
      until: platform_monotonic_milliseconds() + wait, shouldStop: shouldStop)
    try checkStop()
  }

  private func log(
    _ outcome: Lane.Outcome, on lane: UnsafeMutablePointer<Lane>, since start: Int64
  ) {
    if case .off = client.pointee.configuration.log { return }
    let result: (StaticString, Int64?) =
      switch outcome {
      case .answered: ("", Int64(lane.pointee.httpStatus))
      case .failed: ("libcurl error ", lane.pointee.failure.code)
      case .timedOut: ("time-out", nil)
      case .stopped: ("cancelled", nil)
      }
    client.pointee.configuration.log.attempt(
      attempt, client.pointee.configuration.endpoint, outcome: result.0, number: result.1,
      milliseconds: platform_monotonic_milliseconds() - start)
  }
}
