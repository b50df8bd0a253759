import CPlatform

/// When to try again, how long to wait before it, and when to stop because the service has enough
/// trouble already. All times are monotonic milliseconds.
///
/// Back-off with full jitter: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
struct RetryPolicy {
  /// Why an attempt failed, as far as trying again is concerned.
  enum Reason {
    /// Nothing will be better the next time.
    case permanent
    /// The network or the service had a bad moment.
    case transient
    /// The service wants fewer requests.
    case throttled
    /// The service answered nonsense: worth one more look.
    case nonsense
  }

  /// No attempt begins with less time left than this.
  static let leastTimeLeft: Int64 = 250

  /// The longest wait that the service can impose on later calls.
  private static let longestGate: Int64 = 300_000

  // A bucket of tokens that retries pay from, so that many failing calls of one client do not become
  // three times as many requests.
  private var tokens: Int64 = 100
  private var filledAt: Int64
  private var gatedUntil: Int64 = 0

  init(now: Int64) { filledAt = now }

  /// The wait before attempt number `attempt` + 1, without what the service asks for.
  static func backOff(after attempt: Int, _ reason: Reason, random: UInt32) -> Int64 {
    let (base, cap): (Int64, Int64) =
      if case .throttled = reason { (1000, 5000) } else { (100, 2000) }
    let ceiling = min(base << Int64(min(attempt - 1, 10)), cap)
    return spread(random, upTo: ceiling)
  }

  /// A number from 0 to `ceiling`, which is less than 2^32, each as likely as any other.
  static func spread(_ random: UInt32, upTo ceiling: Int64) -> Int64 {
    // Swift's >> binds more tightly than its *.
    Int64((UInt64(random) * UInt64(ceiling + 1)) >> 32)
  }

  /// Pays for a retry; false if there is not enough in the bucket.
  mutating func pay(for reason: Reason, now: Int64) -> Bool {
    refill(now: now)
    let price: Int64 = if case .throttled = reason { 5 } else { 14 }
    guard tokens >= price else { return false }
    tokens -= price
    return true
  }

  mutating func noteSuccess(now: Int64) {
    refill(now: now)
    tokens = min(tokens + 1, 100)
  }

  /// The service named a time before which it wants no request.
  mutating func noteWait(_ milliseconds: Int64, now: Int64) {
    gatedUntil = max(gatedUntil, now + min(milliseconds, Self.longestGate))
  }

  /// How long the service still wants no request; 0 if it takes them.
  func gate(now: Int64) -> Int64 { max(gatedUntil - now, 0) }

  private mutating func refill(now: Int64) {
    let seconds = (now - filledAt) / 1000
    guard seconds > 0 else { return }
    tokens = min(tokens + min(seconds, 100), 100)
    filledAt += seconds * 1000
  }
}
