import CPlatform

/// An answer that several calls read: the one in the cache, and those of callers who waited for the
/// same request. Counted, under the lock of the `AnswerCache`.
struct SharedAnswer: ~Copyable {
  let answer: Answer
  /// When it arrived: milliseconds on a clock that also counts while the machine sleeps.
  let receivedAt: Int64
  private var holders = 1

  /// - Returns: nil if there is no memory; then the answer is gone.
  static func make(_ answer: consuming Answer) -> UnsafeMutablePointer<SharedAnswer>? {
    guard let memory = malloc(MemoryLayout<SharedAnswer>.size) else { return nil }
    let shared = memory.bindMemory(to: SharedAnswer.self, capacity: 1)
    shared.initialize(to: SharedAnswer(answer))
    return shared
  }

  private init(_ answer: consuming Answer) {
    // What is kept for long takes no more than it needs; where that fails it takes more.
    _ = answer.memory.resize(room: 0)
    self.answer = answer
    receivedAt = platform_boottime_milliseconds()
  }

  static func hold(_ shared: UnsafeMutablePointer<SharedAnswer>) { shared.pointee.holders += 1 }

  static func letGo(_ shared: UnsafeMutablePointer<SharedAnswer>) {
    shared.pointee.holders -= 1
    guard shared.pointee.holders == 0 else { return }
    shared.deinitialize(count: 1)
    free(shared)
  }
}

/// A request that is under way, and what came of it, for those who wait for it too. Counted, under
/// the lock of the `AnswerCache`.
struct Flight: ~Copyable {
  enum Outcome {
    case underWay
    case arrived(UnsafeMutablePointer<SharedAnswer>)
    case failed(Failure)
    /// Ended for a reason of the one who made it; whoever waits makes one of their own.
    case abandoned
  }

  fileprivate(set) var outcome = Outcome.underWay
  /// What the service said, where it failed.
  fileprivate(set) var said = ServiceError()
  private var holders = 1

  /// - Returns: nil if there is no memory.
  static func make() -> UnsafeMutablePointer<Flight>? {
    guard let memory = malloc(MemoryLayout<Flight>.size) else { return nil }
    let flight = memory.bindMemory(to: Flight.self, capacity: 1)
    flight.initialize(to: Flight())
    return flight
  }

  private init() {}

  deinit { if case .arrived(let shared) = outcome { SharedAnswer.letGo(shared) } }

  static func hold(_ flight: UnsafeMutablePointer<Flight>) { flight.pointee.holders += 1 }

  static func letGo(_ flight: UnsafeMutablePointer<Flight>) {
    flight.pointee.holders -= 1
    guard flight.pointee.holders == 0 else { return }
    flight.deinitialize(count: 1)
    free(flight)
  }

  mutating func land(_ shared: UnsafeMutablePointer<SharedAnswer>) {
    SharedAnswer.hold(shared)
    outcome = .arrived(shared)
  }

  mutating func fail(_ failure: Failure, _ said: ServiceError, isOwn: Bool) {
    switch failure.status {
    case .cancelled, .timeout, .invalidArgument, .outOfMemory: outcome = .abandoned
    case _ where isOwn: outcome = .abandoned
    default:
      outcome = .failed(failure)
      self.said = said
    }
  }
}
