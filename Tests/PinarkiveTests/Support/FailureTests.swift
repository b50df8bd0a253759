import Testing

@testable import Pinarkive

struct FailureTests {
  @Test func detailsStandWhereTheSentenceWantsThem() {
    withBytes("{} two") { two in
      let sentence: StaticString = "one, {}, {}{, } {"
      #expect(
        Reported(Failure(.network, sentence, .text(two), .number(.min))).message
          == "one, {} two, -9223372036854775808{, } {")
      #expect(
        Reported(Failure(.network, sentence, .number(.max), .text(two))).message
          == "one, 9223372036854775807, {} two{, } {")
    }
    #expect(Reported(Failure(.network, "")).message == "")
    #expect(Reported(Failure(.network, "<{}>", .text("static"))).message == "<static>")
  }

  @Test(
    arguments: [
      (Array("/a/b".utf8), "</a/b>"),
      (Array("a\u{1B}[2Jb\n".utf8), "<a [2Jb >"),
      ([0xFF, 0x61], "<>"),
      ([], "<>"),
    ] as [([UInt8], String)]) func aCallersTextIsShownAsFarAsItIsHarmless(
      bytes: [UInt8], expected: String
    )
  {
    withBytes(bytes) { bytes in
      #expect(Reported(Failure(.network, "<{}>", .text(bytes))).message == expected)
    }
  }

  @Test(
    arguments: [
      ([], -1),
      ([0], 0),
      ([5], 5_000),
      ([5, 3], 5_000),
      ([3, 5], 5_000),
      ([-5], 0),
      ([86_400], 86_400_000),
      ([86_401], 86_400_000),
      ([.max], 86_400_000),
      ([.min], 0),
    ] as [([Int64], Int64)]) func theLongestWaitCountsUpToADay(seconds: [Int64], expected: Int64)
  {
    var failure = Failure(.rateLimited, "")
    for seconds in seconds { failure.noteRetryAfter(seconds: seconds) }
    #expect(failure.retryAfter == expected)
  }

  @Test func aNewFailureKnowsNothingOfAnAnswer() {
    let failure = Failure.outOfMemory
    #expect(failure.status == .outOfMemory)
    #expect(failure.httpStatus == 0)
    #expect(failure.retryAfter == -1)
    #expect(!failure.hasDetails)
  }
}
