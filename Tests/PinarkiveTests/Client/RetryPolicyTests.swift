import Testing

@testable import Pinarkive

struct RetryPolicyTests {
  @Test(
    arguments: [
      (.transient, 1, 100), (.transient, 2, 200), (.transient, 3, 400), (.transient, 4, 800),
      (.transient, 5, 1_600), (.transient, 6, 2_000), (.transient, 10, 2_000),
      (.nonsense, 1, 100),
      (.throttled, 1, 1_000), (.throttled, 2, 2_000), (.throttled, 3, 4_000),
      (.throttled, 4, 5_000), (.throttled, 10, 5_000),
      (.transient, 1_000_000, 2_000), (.throttled, .max, 5_000),
    ] as [(RetryPolicy.Reason, Int, Int64)]) func backOffIsSpreadFromNothingToItsCeiling(
      reason: RetryPolicy.Reason, attempt: Int, ceiling: Int64
    )
  {
    func backOff(_ random: UInt32) -> Int64 {
      RetryPolicy.backOff(after: attempt, reason, random: random)
    }
    #expect(backOff(0) == 0)
    #expect(backOff(.max) == ceiling)
    #expect(abs(backOff(1 << 31) - ceiling / 2) <= 1)
    // Full jitter: nowhere outside, everywhere inside, as often below the middle as above it.
    let waits = (0..<10_000).map { _ in backOff(.random(in: .min ... .max)) }
    #expect(waits.allSatisfy { (0...ceiling).contains($0) })
    let eighths = Dictionary(grouping: waits) { $0 * 8 / (ceiling + 1) }
    #expect(eighths.count == 8)
    #expect(eighths.values.allSatisfy { (1_000...1_500).contains($0.count) })
  }

  /// How many retries a policy pays for at that time.
  private func retries(
    _ policy: inout RetryPolicy, _ reason: RetryPolicy.Reason, now: Int64 = 0
  ) -> Int {
    var count = 0
    while count < 1_000, policy.pay(for: reason, now: now) { count += 1 }
    return count
  }

  @Test func aHundredTokensAreSevenTransientRetriesOrTwentyThrottledOnes() {
    var policy = RetryPolicy(now: 0)
    #expect(retries(&policy, .transient) == 7)
    // 2 left.
    #expect(retries(&policy, .throttled) == 0)

    policy = RetryPolicy(now: 0)
    #expect(retries(&policy, .throttled) == 20)
  }

  @Test(
    arguments: [
      (0, 0), (999, 0), (11_999, 0), (12_000, 1), (25_999, 1), (26_000, 2), (1_000_000, 7),
      (.max / 2, 7),
    ] as [(Int64, Int)]) func aTokenASecondComesBackUpToAHundred(after: Int64, expected: Int)
  {
    let start: Int64 = 5_000_000
    var policy = RetryPolicy(now: start)
    #expect(retries(&policy, .transient, now: start) == 7)  // 2 left
    #expect(retries(&policy, .transient, now: start + after) == expected)
  }

  @Test func partsOfASecondAreNotLost() {
    var policy = RetryPolicy(now: 0)
    #expect(retries(&policy, .throttled) == 20)
    // Looked at every 700 ms, 5 tokens are there after 5 s, not after 7 × 700 ms.
    for now in stride(from: Int64(700), through: 4_900, by: 700) {
      let isPaid = policy.pay(for: .throttled, now: now)
      #expect(!isPaid)
    }
    #expect(retries(&policy, .throttled, now: 5_000) == 1)
  }

  @Test func eachSuccessGivesATokenUpToAHundred() {
    var policy = RetryPolicy(now: 0)
    #expect(retries(&policy, .throttled) == 20)
    for _ in 0..<14 { policy.noteSuccess(now: 0) }
    #expect(retries(&policy, .transient) == 1)
    for _ in 0..<1_000 { policy.noteSuccess(now: 0) }
    #expect(retries(&policy, .throttled) == 20)
  }

  @Test func aClockThatStandsStillOrGoesBackGivesNothing() {
    var policy = RetryPolicy(now: 100_000)
    #expect(retries(&policy, .throttled, now: 100_000) == 20)
    #expect(retries(&policy, .throttled, now: 0) == 0)
    #expect(retries(&policy, .throttled, now: 100_000) == 0)
  }

  @Test func theGateClosesForAsLongAsTheServiceSays() {
    var policy = RetryPolicy(now: 0)
    #expect(policy.gate(now: 0) == 0)
    policy.noteWait(30_000, now: 1_000)
    #expect(policy.gate(now: 1_000) == 30_000)
    #expect(policy.gate(now: 30_999) == 1)
    #expect(policy.gate(now: 31_000) == 0)
    #expect(policy.gate(now: 40_000) == 0)
  }

  @Test func aShorterWaitDoesNotOpenTheGateEarlier() {
    var policy = RetryPolicy(now: 0)
    policy.noteWait(30_000, now: 0)
    policy.noteWait(1_000, now: 0)
    #expect(policy.gate(now: 0) == 30_000)
    policy.noteWait(25_000, now: 10_000)
    #expect(policy.gate(now: 10_000) == 25_000)
  }

  @Test(arguments: [300_000, 300_001, 86_400_000, .max] as [Int64])
  func theGateIsNeverClosedForMoreThanFiveMinutes(wait: Int64) {
    var policy = RetryPolicy(now: 0)
    policy.noteWait(wait, now: 1_000)
    #expect(policy.gate(now: 1_000) == 300_000)
  }
}
