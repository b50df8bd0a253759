import Testing

@testable import Pinarkive

struct BytesTests {
  @Test(arguments: [
    ("", 8, ""),
    ("short", 8, "short"),
    ("exactly8", 8, "exactly8"),
    ("one more.", 8, "one more."),
    ("much longer than that", 8, "much long"),
  ]) func aCStringIsReadToItsNULOrOneBytePastTheLimit(text: String, limit: Int, expected: String) {
    text.withCString { start in
      #expect(Pinarkive.Bytes(cString: start, limit: limit).elementsEqual(expected.utf8))
    }
  }

  /// The limit is there for text whose NUL is missing: the memory ends where looking has to end.
  @Test func aCStringWithoutNULIsNotReadPastTheLimit() {
    withBytes("abcd") { bytes in
      bytes.withMemoryRebound(to: CChar.self) { characters in
        guard let start = characters.baseAddress else { return }
        #expect(Bytes(cString: start, limit: 3).count == 4)
      }
    }
  }

  @Test(arguments: [
    ("", "", true),
    ("a", "", false),
    ("", "a", false),
    ("abc", "abc", true),
    ("abc", "abd", false),
    ("abc", "ABC", false),
    ("abc", "ab", false),
    ("a\0b", "a\0c", false),
  ]) func equalsComparesEveryByte(one: String, other: String, expected: Bool) {
    withBytes(one, other) { #expect($0.equals($1) == expected) }
  }

  @Test func emptyBytesAreEqualWithAndWithoutAnAddress() {
    #expect(Bytes(start: nil, count: 0).equals(Bytes("")))
    #expect(Bytes("").equals(Bytes(start: nil, count: 0)))
    #expect(Bytes(start: nil, count: 0).trimmed.count == 0)
    #expect(Bytes(start: nil, count: 0).isUTF8)
  }

  @Test(arguments: [
    ("", false, false),
    ("ht", false, false),
    ("http", true, true),
    ("https", true, false),
    ("xhttp", false, true),
    ("HTTP", false, false),
  ]) func prefixAndSuffixAreExact(text: String, prefix: Bool, suffix: Bool) {
    withBytes(text) {
      #expect($0.hasPrefix("http") == prefix)
      #expect($0.hasSuffix("http") == suffix)
      #expect($0.hasPrefix(""))
      #expect($0.hasSuffix(""))
    }
  }

  @Test(arguments: [
    ("retry-after", true),
    ("Retry-After", true),
    ("RETRY-AFTER", true),
    ("retry_after", false),
    ("retry-after ", false),
    ("retry-afte", false),
    // "-" and CR differ by the bit that makes ASCII letters small.
    ("retry\rafter", false),
    ("retry-aft\u{435}r", false),  // a Cyrillic e
  ]) func caseIsIgnoredForASCIILettersAlone(text: String, expected: Bool) {
    withBytes(text) { #expect($0.equalsIgnoringCase("retry-after") == expected) }
  }

  /// "@[`{" stand beside the letters, and become each other if case is a bit alone.
  @Test func neighboursOfLettersAreNoLetters() {
    withBytes("@[") { #expect(!$0.equalsIgnoringCase("`{")) }
    for byte in UInt8.min...UInt8.max {
      let character = Character(UnicodeScalar(byte))
      #expect(byte.isLetter == (character.isASCII && character.isLetter))
      #expect(byte.isDigit == (character.isASCII && character.isNumber))
      #expect(
        byte.hexValue.map(Int.init) == (character.isASCII ? character.hexDigitValue : nil))
    }
  }

  @Test(arguments: [
    ("", ""),
    (" ", ""),
    (" \t \t", ""),
    ("a", "a"),
    ("  a b\t", "a b"),
    ("\na\r", "\na\r"),
  ]) func trimmedTakesSpacesAndTabsFromBothEnds(given: String, expected: String) {
    withBytes(given) { #expect(text($0.trimmed) == expected) }
  }

  @Test(
    arguments: [
      ("0", 0),
      ("7", 7),
      ("007", 7),
      ("9223372036854775807", Int64.max),
      ("00000000000000000000000000000000000000000001", 1),
      ("9223372036854775808", nil),
      ("9300000000000000000", nil),
      ("99999999999999999999", nil),
      ("", nil),
      ("-1", nil),
      ("+1", nil),
      ("1 ", nil),
      (" 1", nil),
      ("1.0", nil),
      ("0x1", nil),
      ("1e3", nil),
      ("١", nil),
    ] as [(String, Int64?)]) func decimalTakesDigitsAlone(given: String, expected: Int64?)
  {
    withBytes(given) { #expect($0.decimal == expected) }
  }

  @Test(arguments: [
    ("", false), ("0", true), ("99999999999999999999999", true), ("1.", false), ("-1", false),
  ]) func isAllDigitsWantsOne(given: String, expected: Bool) {
    withBytes(given) { #expect($0.isAllDigits == expected) }
  }

  @Test func visibleAndPrintableASCIIEndWhereTheStandardSays() {
    for byte in UInt8.min...UInt8.max {
      withBytes([byte]) {
        #expect($0.isVisibleASCII == (0x21...0x7E).contains(byte))
        #expect($0.isPrintableASCII == (0x20...0x7E).contains(byte))
      }
    }
  }

  @Test(
    arguments: [
      ([], true),
      ([0x61, 0x00, 0x7F], true),
      ([0xC3, 0xA9], true),
      ([0xF0, 0x9F, 0x9A, 0x80], true),
      ([0xEF, 0xBF, 0xBD], true),
      ([0x80], false),  // a continuation alone
      ([0xC3], false),  // cut
      ([0xF0, 0x9F, 0x9A], false),  // cut
      ([0xC0, 0x80], false),  // NUL, overlong
      ([0xE0, 0x80, 0xAF], false),  // "/", overlong
      ([0xED, 0xA0, 0x80], false),  // a surrogate
      ([0xF4, 0x90, 0x80, 0x80], false),  // beyond U+10FFFF
      ([0xFF, 0xFE], false),
    ] as [([UInt8], Bool)]) func isUTF8IsStrict(bytes: [UInt8], expected: Bool)
  {
    withBytes(bytes) { #expect($0.isUTF8 == expected) }
  }

  @Test func droppingStopsAtTheEnd() {
    withBytes("abc") {
      #expect(text($0.droppingUp(to: 2)) == "c")
      #expect($0.droppingUp(to: 3).count == 0)
      #expect($0.droppingUp(to: 4).count == 0)
      #expect($0.firstIndex(of: UInt8(ascii: "c")) == 2)
      #expect($0.firstIndex(of: UInt8(ascii: "d")) == nil)
    }
  }
}
