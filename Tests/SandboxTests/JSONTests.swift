import Foundation
import Testing

@testable import Sandbox

struct JSONTests {
  static let encodings: [(JSON, String)] = [
    (nil, "null"), (true, "true"), (false, "false"), (0, "0"), ("", "\"\""), ([], "[]"),
    ([:], "{}"),
    (.integer(.max), "9223372036854775807"), (.integer(.min), "-9223372036854775808"),
    ([1, nil, ["a"]], "[1,null,[\"a\"]]"),
    (["b": 1, "a": ["c": true]], "{\"b\":1,\"a\":{\"c\":true}}"),
    ("\"\\/\n\r\t\u{1}é🚀", "\"\\\"\\\\/\\n\\r\\t\\u0001é🚀\""),
    (.verbatim("0.25"), "0.25"),
  ]

  @Test(arguments: encodings)
  func encodesCompactlyInTheGivenOrder(value: JSON, text: String) {
    #expect(value.encoded == text)
  }

  @Test func escapesWhatAParserWouldRefuse() throws {
    let text = String(String.UnicodeScalarView((0..<0x80).compactMap(Unicode.Scalar.init)))
    let encoded = Data(JSON.array([.string(text)]).encoded.utf8)
    #expect(try JSONDecoder().decode([String].self, from: encoded) == [text])
  }

  @Test func findsTheFirstMemberOfAName() {
    let value: JSON = .object([("a", "first"), ("a", "second")])
    #expect(value["a"]?.text == "first")
    #expect(value["b"] == nil)
    #expect(JSON.array([])["a"] == nil)
  }
}
