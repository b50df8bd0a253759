import Testing

@testable import Pinarkive

/// What answers are refused, and why.
struct ClusterTableRefusalTests {
  private typealias Problem = ClusterTable.Problem

  @Test(
    arguments: [
      ("", .notJSON),
      (" ", .notJSON),
      ("<!DOCTYPE html><html></html>", .notJSON),
      ("null", .notJSON),
      ("5", .notJSON),
      (#""text""#, .notJSON),
      ("[", .notJSON),
      ("]", .notJSON),
      ("[]]", .notJSON),
      ("[] x", .notJSON),
      ("[],[]", .notJSON),
      ("[{}", .notJSON),
      ("[{},]", .notJSON),
      ("[,]", .notJSON),
      (#"[{"id":"a"} {"id":"b"}]"#, .notJSON),
      (#"[{"id":"a",}]"#, .notJSON),
      (#"[{'id':'a'}]"#, .notJSON),
      (#"[{id:"a"}]"#, .notJSON),
      (#"[{"id":a}]"#, .notJSON),
      (#"[{"id":"a"}] // comment"#, .notJSON),
      ("\u{FEFF}[]", .notJSON),
      ("[\u{0}]", .notJSON),
      ("[]\u{0}", .notJSON),
      ("[{\"id\":\"a\nb\"}]", .notJSON),
      (#"[{"id":"\x41"}]"#, .notJSON),
      (#"[{"id":"\u12"}]"#, .notJSON),
      (#"[{"id":"\ud800"}]"#, .notJSON),
      (#"[{"id":"\ud800x"}]"#, .notJSON),
      (#"[{"id":"\ud800\u0041"}]"#, .notJSON),
      (#"[{"id":"\udc00"}]"#, .notJSON),
      (#"[{"id":"\udc00\ud800"}]"#, .notJSON),
      (#"[{"id":"a\u0000b"}]"#, .notJSON),
      (#"[{"i\u0000d":"a"}]"#, .notJSON),
      (#"[{"id":"a","id":"a"}]"#, .notJSON),
      (#"[{"id":"a","x":1,"\u0078":2}]"#, .notJSON),
      (#"[{"id":"a","gateways":[{"url":"https://a/","url":"https://b/"}]}]"#, .notJSON),
      (#"[{"id":"a","x":01}]"#, .notJSON),
      (#"[{"id":"a","x":.5}]"#, .notJSON),
      (#"[{"id":"a","x":NaN}]"#, .notJSON),
      // No 64-bit integer and no double is as large as these: so it is with jansson.
      (#"[{"id":"a","x":9223372036854775808}]"#, .notJSON),
      (#"[{"id":"a","x":1e999}]"#, .notJSON),

      ("{}", .notArray),
      (#"{"clusters":[]}"#, .notArray),
      (#"{"error":"Unauthorized"}"#, .notArray),
      (#"{"clusterId":"c","gateways":[]}"#, .notArray),

      ("[null]", .badCluster),
      ("[1]", .badCluster),
      (#"["cl0-global"]"#, .badCluster),
      ("[[]]", .badCluster),
      ("[true]", .badCluster),
      ("[{}]", .badCluster),
      (#"[{"id":"a"},null]"#, .badCluster),
      (#"[{"clusterId":null}]"#, .badCluster),
      (#"[{"clusterId":""}]"#, .badCluster),
      (#"[{"clusterId":"","id":""}]"#, .badCluster),
      (#"[{"clusterId":null,"id":null}]"#, .badCluster),
      (#"[{"gateways":[]}]"#, .badCluster),
      (#"[{"clusterId":1}]"#, .badCluster),
      (#"[{"clusterId":["a"]}]"#, .badCluster),
      (#"[{"clusterId":"a","id":1}]"#, .badCluster),
      (#"[{"id":true}]"#, .badCluster),
      (#"[{"id":"a","label":1}]"#, .badCluster),
      (#"[{"id":"a","region":{}}]"#, .badCluster),
      (#"[{"id":"a","country":false}]"#, .badCluster),
      (#"[{"id":"a","gateways":{}}]"#, .badCluster),
      (#"[{"id":"a","gateways":"https://a/"}]"#, .badCluster),
      (#"[{"id":"a","gateways":0}]"#, .badCluster),

      (#"[{"id":"a","gateways":[null]}]"#, .badGateway),
      (#"[{"id":"a","gateways":["https://a/"]}]"#, .badGateway),
      (#"[{"id":"a","gateways":[[]]}]"#, .badGateway),
      (#"[{"id":"a","gateways":[{"publicUrl":1}]}]"#, .badGateway),
      (#"[{"id":"a","gateways":[{"publicUrl":false,"url":"https://a/"}]}]"#, .badGateway),
      (#"[{"id":"a","gateways":[{"url":[]}]}]"#, .badGateway),
      (#"[{"id":"a","gateways":[{"label":{}}]}]"#, .badGateway),
      (#"[{"id":"a","gateways":[{"order":"1"}]}]"#, .badGateway),
      (#"[{"id":"a","gateways":[{"order":1.0}]}]"#, .badGateway),
      (#"[{"id":"a","gateways":[{"order":1e2}]}]"#, .badGateway),
      (#"[{"id":"a","gateways":[{"order":true}]}]"#, .badGateway),
      (#"[{"id":"a","gateways":[{"url":"https://a/","order":9223372036854775808}]}]"#, .notJSON),
    ] as [(String, ClusterTable.Problem)]) func theAnswerIsRefused(
      body: String, problem: ClusterTable.Problem
    )
  {
    #expect(throws: problem) { try decode(body) }
  }

  @Test(
    arguments: [
      [0x80], [0xC3], [0xC0, 0x80], [0xE0, 0x80, 0xAF], [0xED, 0xA0, 0x80],
      [0xF4, 0x90, 0x80, 0x80], [0xFF],
    ] as [[UInt8]]) func malformedUTF8IsRefusedEverywhere(bytes: [UInt8])
  {
    for (before, after) in [
      (#"[{"id":""#, #""}]"#), (#"[{"id":"a",""#, #"":1}]"#), (#"[{"id":"a","x":""#, #""}]"#),
      ("[", "]"), ("", "[]"), ("[]", ""),
    ] {
      #expect(throws: ClusterTable.Problem.notJSON) {
        try decode(Array(before.utf8) + bytes + Array(after.utf8))
      }
    }
  }

  /// The same names in objects of every size, whichever way they are written and compared.
  @Test func aNameThatComesTwiceIsFoundAmongAnyNumber() throws {
    for count in [2, 3, 7, 8, 9, 10, 33, 1_000] {
      let names = (0..<count).map { "n\($0 * 7919 % count)" }
      func object(_ names: [String]) -> String {
        "{" + names.map { #""\#($0)":0"# }.joined(separator: ",") + "}"
      }
      #expect(try decode(#"[{"id":"a","x":\#(object(names))}]"#) == [Listed("a")])
      for (place, other) in [(0, count - 1), (count / 2, 0), (count - 1, count / 2)]
      where place != other {
        for twin in [names[other], #"\u006e"# + names[other].dropFirst()] {
          var twice = names
          twice[place] = twin
          #expect(throws: ClusterTable.Problem.notJSON, "\(count) \(place) \(twin)") {
            try decode(#"[{"id":"a","x":\#(object(twice))}]"#)
          }
          #expect(throws: ClusterTable.Problem.notJSON) { try decode("[\(object(twice))]") }
        }
      }
    }
  }

  @Test(arguments: [
    #"{"":1,"":2}"#, #"{"a":1,"b":{"a":1,"a":2}}"#, #"{"a":[{"b":1,"b":1}]}"#,
    #"{"é":1,"\u00e9":2}"#, #"{"\ud83d\ude80":1,"🚀":2}"#, #"{"a\/b":1,"a/b":2}"#,
  ]) func aNameThatComesTwiceIsRefusedAtEveryLevel(object: String) {
    #expect(throws: ClusterTable.Problem.notJSON) { try decode(#"[{"id":"a","x":\#(object)}]"#) }
  }

  @Test(arguments: [
    #"{"a":1,"A":2}"#, #"{"a":1,"aa":2,"":3}"#, #"{"a":{"a":{"a":1}}}"#, #"[{"a":1},{"a":1}]"#,
    #"{"é":1,"e\u0301":2}"#, #"{"\u0061":1,"\u0062":2,"ab":3}"#,
  ]) func namesThatOnlyLookTheSameAreNot(value: String) throws {
    #expect(try decode(#"[{"id":"a","x":\#(value)}]"#) == [Listed("a")])
  }

  @Test(
    arguments: [
      ("0", true), ("-0", true), ("-", false), ("+1", false), ("1.", false), ("1.e1", false),
      ("1.5", true), ("1e5", true), ("1E+05", true), ("1e-5", true), ("1e", false), ("1e+", false),
      ("00", false), ("-01", false), ("0x1", false), ("1_000", false), ("Infinity", false),
      ("9223372036854775807", true), ("9223372036854775808", false),
      ("-9223372036854775808", true), ("-9223372036854775809", false),
      ("99999999999999999999999999999", false), ("9223372036854775808.0", true),
      ("1e308", true), ("1.7976931348623157e308", true), ("1.7976931348623158e308", true),
      ("1.7976931348623159e308", false), ("-1e309", false), ("1e-999", true),
      ("0e999999999999", true), ("1e99999999999999999999", false),
      (String(repeating: "1", count: 309) + ".0", true),
      (String(repeating: "1", count: 310) + ".0", false),
      ("0." + String(repeating: "0", count: 400) + "1e401", true),
    ] as [(String, Bool)]) func numbersAreThoseThatADoubleOrInteger64CanHold(
      number: String, isOne: Bool
    ) throws
  {
    for body in [#"[{"id":"a","x":\#(number)}]"#, #"[{"id":"a","x":[\#(number) ]}]"#] {
      if isOne {
        #expect(try decode(body) == [Listed("a")])
      } else {
        #expect(throws: ClusterTable.Problem.notJSON) { try decode(body) }
      }
    }
  }

  /// What is no JSON is called so, even if something else is wrong before it.
  @Test(arguments: [
    #"{"clusters":[}"#, #"[1,]"#, #"[{"id":1},"#, #"[{"id":"a","gateways":{}}"#,
    #"[{"id":"a","gateways":[{"order":"x"},{"order":tru}]}]"#, #"[{}]]"#,
  ]) func noJSONIsWorseThanAWrongType(body: String) {
    #expect(throws: ClusterTable.Problem.notJSON) { try decode(body) }
  }

  // MARK: - Limits

  /// An unknown member that makes the whole so many levels deep.
  private func nested(_ depth: Int, _ open: String, _ close: String) -> String {
    let inner = String(repeating: open, count: depth - 2)
    let end = String(repeating: close, count: depth - 2)
    let closed = open.hasSuffix(":") ? "\(inner)1\(end)" : "\(inner)\(end)"
    return #"[{"id":"a","x":\#(closed)}]"#
  }

  @Test(arguments: [("[", "]"), (#"{"x":"#, "}")])
  func nestingEndsAtSixteenLevels(open: String, close: String) throws {
    #expect(try decode(nested(16, open, close)) == [Listed("a")])
    for depth in [17, 18, 100, 2_048, 100_000] {
      #expect(throws: ClusterTable.Problem.tooDeep) { try decode(nested(depth, open, close)) }
    }
  }

  @Test func depthIsNotCountedInsideTexts() throws {
    let brackets = String(repeating: #"[{\"[\\"#, count: 1_000)
    #expect(try decode(#"[{"id":"a","x":"\#(brackets)"}]"#) == [Listed("a")])
  }

  /// A text without an end hides what follows from the count, and is refused by the parser.
  @Test(arguments: [#"[""#, #"["\"#, #"["\""#, #"["a\\\"#])
  func aTextWithoutAnEndIsRefused(body: String) {
    #expect(throws: ClusterTable.Problem.notJSON) { try decode(body) }
  }

  @Test func valuesEndAtTwoHundredThousand() throws {
    // The outer array, the object, the comma behind the identifier, the array of zeros.
    func body(values: Int) -> String {
      #"[{"id":"a","x":[0\#(String(repeating: ",0", count: values - 4))]}]"#
    }
    #expect(try decode(body(values: 200_000)) == [Listed("a")])
    #expect(throws: ClusterTable.Problem.tooManyValues) { try decode(body(values: 200_001)) }
    #expect(throws: ClusterTable.Problem.tooManyValues) {
      try decode("[" + String(repeating: "{},", count: 349_525) + "{}]")
    }
    #expect(throws: ClusterTable.Problem.tooManyValues) {
      try decode("[" + String(repeating: "[],", count: 100_000) + "[]")
    }
  }

  /// Records are larger than the shortest clusters. Only of very many is that too much.
  @Test func clustersWithNothingInThemEndSomewhere() throws {
    func body(_ count: Int) -> String {
      "[" + String(repeating: #"{"id":"a"},"#, count: count - 1) + #"{"id":"a"}]"#
    }
    #expect(try decode(body(20_000)).count == 20_000)
    #expect(throws: ClusterTable.Problem.tooDense) { _ = try decode(body(99_999)) }
  }

  @Test func everyBeginningOfADocumentIsRefused() throws {
    let whole = Array(
      #"[{"clusterId":"é\u00e9","gateways":[{"url":"https://a/","order":-1},{"label":null}]}]"#.utf8
    )
    #expect(try decode(whole).count == 1)
    for length in 0..<whole.count {
      #expect(throws: ClusterTable.Problem.notJSON, "\(length)") {
        try decode(whole.prefix(length))
      }
    }
  }

  /// Whatever one wrong byte makes of a document, it is decoded or refused, and never read past.
  @Test func everyByteOfADocumentMayBeAnother() {
    let whole = Array(
      #"[{"clusterId":"a\n","gateways":[{"url":"https://a/","order":12}],"x":[{}]}]"#.utf8)
    for place in whole.indices {
      for byte in [0x00, 0x22, 0x2C, 0x5B, 0x5C, 0x5D, 0x7B, 0x7D, 0x80, 0xC3, 0xFF] as [UInt8] {
        var other = whole
        other[place] = byte
        _ = try? decode(other)
      }
    }
  }

  // MARK: - The failure

  @Test(
    arguments: [
      (.notJSON, "The service's answer is not valid JSON: check "),
      (.tooDeep, "The service's answer is nested more than 16 levels deep: check "),
      (.tooManyValues, "The service's answer has more than 200,000 values: check "),
      (.tooDense, "The service's answer would take more than four times its size in memory: "),
      (.notArray, "The service's answer is not an array of clusters: check "),
      (.badCluster, "The service's answer has a cluster without an identifier, or "),
      (.badGateway, "The service's answer has a gateway with a member of a wrong type: check "),
    ] as [(ClusterTable.Problem, String)]) func aProblemIsAProtocolFailure(
      problem: ClusterTable.Problem, beginning: String
    )
  {
    let reported = Reported(Failure(problem))
    #expect(reported.status == .protocolViolation)
    #expect(reported.httpStatus == 200)
    #expect(reported.message.hasPrefix(beginning))
  }

  @Test func noMemoryIsNoProtocolFailure() {
    #expect(Failure(ClusterTable.Problem.outOfMemory).status == .outOfMemory)
  }
}
