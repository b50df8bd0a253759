import Testing

@testable import Pinarkive

struct MemoryTests {
  @Test(arguments: [
    (["", ""], ""), (["a", ""], "a"), (["X-API-Key: ", "key"], "X-API-Key: key"), (["", "b"], "b"),
    (["a\0b", "c"], "a\0bc"),
  ]) func anOwnedTextJoinsCopiesAndEndsWithNUL(parts: [String], expected: String) throws {
    try withBytes(parts[0], parts[1]) { first, second throws in
      let owned = try OwnedText(first, second)
      #expect(text(owned.bytes) == expected)
      #expect(owned.count == expected.utf8.count)
      #expect(owned.cString[owned.count] == 0)
    }
  }

  @Test(
    arguments: [
      ([0], 10, .appended, 0),
      ([10], 10, .appended, 10),
      ([11], 10, .overLimit, 0),
      ([4, 6], 10, .appended, 10),
      ([4, 7], 10, .overLimit, 4),
      ([10, 0], 10, .appended, 10),
      ([10, 1], 10, .overLimit, 10),
      ([4096, 1], 4097, .appended, 4097),
      ([100_000, 100_000], 200_000, .appended, 200_000),
      ([1], 0, .overLimit, 0),
    ] as [([Int], Int, AnswerMemory.Outcome, Int)]) func aBufferTakesPiecesUpToItsLimit(
      pieces: [Int], limit: Int, outcome: AnswerMemory.Outcome, count: Int
    )
  {
    var buffer = AnswerMemory()
    var last = AnswerMemory.Outcome.appended
    var expected: [UInt8] = []
    for (number, size) in pieces.enumerated() {
      let piece = [UInt8](repeating: UInt8(number + 1), count: size)
      withBytes(piece) { last = buffer.append($0, limit: limit) }
      if last == .appended { expected += piece }
    }
    #expect(last == outcome)
    #expect(buffer.count == count)
    #expect(buffer.bytes.elementsEqual(expected))
  }

  @Test(arguments: [0, 4096, 1 << 20]) func anEmptiedBufferIsUsedAgain(keeping: Int) {
    var buffer = AnswerMemory()
    for round in 0..<3 {
      withBytes([UInt8](repeating: 7, count: 10_000 + round)) {
        #expect(buffer.append($0, limit: 20_000) == .appended)
      }
      buffer.removeAll(keeping: keeping)
      #expect(buffer.count == 0)
      #expect(buffer.bytes.count == 0)
    }
  }

  @Test func anArrayTooLargeToCountIsOutOfMemory() {
    #expect {
      _ = try OwnedArray<GatewayRecord>(capacity: .max)
    } throws: {
      ($0 as? Failure)?.status == .outOfMemory
    }
    #expect(throws: Never.self) { _ = try OwnedArray<GatewayRecord>(capacity: 0) }
  }
}
