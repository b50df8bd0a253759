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
      // jansson has no number as large as these, and cannot pass over it.
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
      try decode(String(repeating: ",", count: 200_001))
    }
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
