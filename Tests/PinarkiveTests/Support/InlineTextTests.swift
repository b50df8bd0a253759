import Testing

@testable import Pinarkive

struct InlineTextTests {
  @Test(arguments: [
    ("", ""),
    ("12345678", "12345678"),
    ("123456789", "12345678"),
    ("1234567é", "1234567"),  // 2 bytes, 1 fits
    ("123456é", "123456é"),
    ("123456€", "123456"),  // 3 bytes, 2 fit
    ("12345€", "12345€"),
    ("12345🚀", "12345"),  // 4 bytes, 3 fit
    ("1234🚀", "1234🚀"),
    ("1234🚀🚀", "1234🚀"),
    ("🚀🚀🚀", "🚀🚀"),
  ]) func whatDoesNotFitIsCutAtTheEndOfACharacter(given: String, expected: String) {
    withBytes(given) { bytes in
      var text = InlineText<8>()
      text.append(bytes)
      #expect(text.string == expected)
      #expect(text.count == expected.utf8.count)
      #expect(text.isEmpty == expected.isEmpty)
    }
  }

  @Test func aFullTextTakesNothingMore() {
    var text = InlineText<4>("1234")
    text.append("5")
    text.append(UInt8(ascii: "6"))
    text.append(Int64(7))
    #expect(text.string == "1234")
  }

  @Test func textsOfContinuationBytesAloneDoNotTrap() {
    withBytes([UInt8](repeating: 0x80, count: 20)) { bytes in
      var text = InlineText<8>()
      text.append(bytes)
      #expect(text.isEmpty)
    }
  }

  @Test(arguments: [
    0, 1, -1, 9, 10, 11, 99, 100, -100, 1_000_000_007, Int64.max, .max - 1, .min, .min + 1,
    1_000_000_000_000_000_000, -1_000_000_000_000_000_000, 999_999_999_999_999_999,
  ]) func numbersAreWrittenAsSwiftWritesThem(number: Int64) {
    var text = InlineText<32>()
    text.append(number)
    #expect(text.string == String(number))
  }
}
