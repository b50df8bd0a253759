import Foundation
import Testing

@testable import Sandbox

struct RateLimiterTests {
  private let start = Date(timeIntervalSince1970: 1_777_636_800)

  /// Admits requests one after the other, so many seconds apart.
  private func admit(
    _ limiter: inout RateLimiter, _ count: Int, from: TimeInterval = 0, every step: TimeInterval
  ) -> [RateLimiter.Reading] {
    (0..<count).map { limiter.admit("key", at: start + from + Double($0) * step) }
  }

  @Test func allowsTenASecond() {
    var limiter = RateLimiter(isEnforced: true)
    let readings = admit(&limiter, 11, every: 0.05)
    #expect(readings.prefix(10).allSatisfy { $0.wait == nil })
    #expect(readings.prefix(10).map(\.remaining) == Array((90...99).reversed()))
    #expect(
      readings[10]
        == RateLimiter.Reading(limit: 10, remaining: 0, reset: start + 1, wait: 1))
    #expect(limiter.admit("key", at: start + 0.999).wait == 1)
    #expect(limiter.admit("key", at: start + 1).wait == nil)
  }

  @Test func allowsAHundredAMinute() {
    var limiter = RateLimiter(isEnforced: true)
    let readings = admit(&limiter, 100, every: 0.2)
    #expect(readings.allSatisfy { $0.wait == nil })
    #expect(readings.last?.remaining == 0)
    #expect(
      limiter.admit("key", at: start + 20.5)
        == RateLimiter.Reading(limit: 100, remaining: 0, reset: start + 60, wait: 40))
    #expect(limiter.admit("key", at: start + 59.99).wait == 1)
    #expect(
      limiter.admit("key", at: start + 60)
        == RateLimiter.Reading(limit: 100, remaining: 99, reset: start + 120, wait: nil))
  }

  @Test func refusedRequestsDoNotCount() {
    var limiter = RateLimiter(isEnforced: true)
    _ = admit(&limiter, 500, every: 0.001)
    #expect(limiter.admit("key", at: start + 1).remaining == 89)
  }

  @Test func theLongerWaitWins() {
    var limiter = RateLimiter(isEnforced: true)
    _ = admit(&limiter, 90, every: 0.2)
    let last = admit(&limiter, 11, from: 30, every: 0.01)
    #expect(last.map { $0.wait == nil } == Array(repeating: true, count: 10) + [false])
    #expect(last.last?.limit == 100)
    #expect(last.last?.wait == 30)
  }

  @Test func keysDoNotShareAWindow() {
    var limiter = RateLimiter(isEnforced: true)
    _ = admit(&limiter, 10, every: 0)
    #expect(limiter.admit("key", at: start).wait == 1)
    #expect(limiter.admit("other", at: start).remaining == 99)
  }

  @Test func resetForgets() {
    var limiter = RateLimiter(isEnforced: true)
    _ = admit(&limiter, 11, every: 0)
    limiter.reset()
    #expect(limiter.admit("key", at: start).remaining == 99)
  }

  @Test func aClockSetBackDoesNotLockAKeyOut() {
    var limiter = RateLimiter(isEnforced: true)
    _ = admit(&limiter, 10, every: 0)
    #expect(limiter.admit("key", at: start - 3600).wait == nil)
  }

  @Test func countsOnlyWhenNotEnforced() {
    var limiter = RateLimiter(isEnforced: false)
    let readings = admit(&limiter, 150, every: 0)
    #expect(readings.allSatisfy { $0.wait == nil && $0.limit == 100 })
    #expect(readings[9].remaining == 90)
    #expect(readings[10].remaining == 89)
    #expect(readings[149].remaining == 0)
  }
}
