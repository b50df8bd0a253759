import Testing

@testable import Pinarkive

/// What the cache does is tested through the C interface; here is what is left to chance.
struct AnswerCacheTests {
  @Test(
    arguments: [
      (1, 1, 1), (10, 9, 11), (1_000, 900, 1_100), (60_000, 54_000, 66_000),
      (604_800_000, 544_320_000, 665_280_000),
    ] as [(Int64, Int64, Int64)]) func anAnswerIsFreshForItsTimeATenthMoreOrLess(
      timeToLive: Int64, least: Int64, most: Int64
    )
  {
    #expect(AnswerCache.freshness(timeToLive, random: 0) == least)
    #expect(AnswerCache.freshness(timeToLive, random: .max) == most)
    #expect(abs(AnswerCache.freshness(timeToLive, random: 1 << 31) - timeToLive) <= 1)
  }
}
