import Testing

@testable import Pinarkive

/// What answers are understood, and how. The service documents both forms.
struct ClusterTableTests {
  private typealias Gateway = Listed.Gateway
  private static let a = "https://a.example/ipfs/"
  private static let b = "https://b.example/ipfs/"

  @Test func theDocumentedAnswerIsDecodedWhole() throws {
    let listed = try decode(
      """
      [ { "clusterId": "cl0-global",
          "gateways": [ { "publicUrl": "https://gateway.pinarkive.com/ipfs/",
                          "url": "http://203.0.113.1:9094/ipfs/",
                          "label": "Primary", "order": 3 } ] } ]
      """)
    #expect(
      listed == [
        Listed(
          "cl0-global",
          gateways: [
            Gateway(
              base: "https://gateway.pinarkive.com/ipfs/",
              publicURL: "https://gateway.pinarkive.com/ipfs/",
              url: "http://203.0.113.1:9094/ipfs/", label: "Primary", order: 3)
          ])
      ])
  }

  @Test(arguments: [
    (#"[]"#, []),
    (" \t\r\n[ ]\n", []),
    (#"[{"clusterId":"c"}]"#, [Listed("c")]),
    (#"[{"clusterId":"c","gateways":[]}]"#, [Listed("c")]),
    (#"[{"clusterId":"c","gateways":null}]"#, [Listed("c")]),
    (
      #"[{"clusterId":"b"},{"clusterId":"a"},{"clusterId":"b"}]"#,
      ["b", "a", "b"].map { Listed($0) }
    ),
    // The other documented form.
    (#"[{"id":"c","label":"L"}]"#, [Listed("c", label: "L")]),
    (
      #"[{"id":"c","label":"L","region":"eu","country":"DE"}]"#,
      [Listed("c", label: "L", region: "eu", country: "DE")]
    ),
    (#"[{"id":"c","label":null,"region":"","country":null}]"#, [Listed("c")]),
    // A mix of the two, from answer to answer and inside a cluster.
    (#"[{"clusterId":"a"},{"id":"b"}]"#, [Listed("a"), Listed("b")]),
    (#"[{"clusterId":"a","id":"b","label":"L"}]"#, [Listed("a", label: "L")]),
    (#"[{"id":"b","clusterId":"a"}]"#, [Listed("a")]),
    (#"[{"clusterId":null,"id":"b"}]"#, [Listed("b")]),
    (#"[{"clusterId":"","id":"b"}]"#, [Listed("b")]),
    (#"[{"clusterId":"a","id":null}]"#, [Listed("a")]),
    // Unknown members, even of familiar names elsewhere.
    (#"[{"clusterId":"c","order":"x","url":5,"x":{"gateways":[{"order":true}]}}]"#, [Listed("c")]),
    (#"[{"CLUSTERID":"x","clusterId":"c","clusterid":1}]"#, [Listed("c")]),
    (#"[{"clusterId":"\u00e9\ud83d\ude80\"\\\/\n"}]"#, [Listed("é🚀\"\\/\n")]),
    ("[{\"clusterId\":\"\u{7F}\u{10FFFF}\"}]", [Listed("\u{7F}\u{10FFFF}")]),
  ]) func clustersAreDecoded(body: String, expected: [Listed]) throws {
    #expect(try decode(body) == expected)
  }

  @Test(arguments: [
    // publicUrl comes before url, whichever stands first.
    (#"{"publicUrl":"\#(a)","url":"\#(b)"}"#, Gateway(base: a, publicURL: a, url: b)),
    (#"{"url":"\#(b)","publicUrl":"\#(a)"}"#, Gateway(base: a, publicURL: a, url: b)),
    (#"{"publicUrl":"\#(a)"}"#, Gateway(base: a, publicURL: a)),
    (#"{"url":"\#(b)"}"#, Gateway(base: b, url: b)),
    (#"{"publicUrl":null,"url":"\#(b)"}"#, Gateway(base: b, url: b)),
    (#"{"publicUrl":"","url":"\#(b)"}"#, Gateway(base: b, url: b)),
    (#"{"publicUrl":"\#(a)","url":null}"#, Gateway(base: a, publicURL: a)),
    (#"{"publicUrl":"\#(a)","url":""}"#, Gateway(base: a, publicURL: a)),
    // A base that is not used is passed on as it came, whatever it is.
    (
      #"{"publicUrl":"\#(a)","url":"javascript:1"}"#,
      Gateway(base: a, publicURL: a, url: "javascript:1")
    ),
    (
      #"{"url":"http://host:9094/ipfs/"}"#,
      Gateway(base: "http://host:9094/ipfs/", url: "http://host:9094/ipfs/")
    ),
    // What is missing so that a CID can follow is added.
    (#"{"url":"https://h/ipfs"}"#, Gateway(base: "https://h/ipfs/", url: "https://h/ipfs")),
    (#"{"url":"https://h"}"#, Gateway(base: "https://h/ipfs/", url: "https://h")),
    (#"{"url":"https://h/"}"#, Gateway(base: "https://h/ipfs/", url: "https://h/")),
    (#"{"url":"https://h:8443"}"#, Gateway(base: "https://h:8443/ipfs/", url: "https://h:8443")),
    (#"{"url":"https://h/x"}"#, Gateway(base: "https://h/x/ipfs/", url: "https://h/x")),
    (#"{"url":"https:\/\/h\/ipfs\/"}"#, Gateway(base: "https://h/ipfs/", url: "https://h/ipfs/")),
    // The rest.
    (#"{"url":"\#(a)","label":"Grüße"}"#, Gateway(base: a, url: a, label: "Grüße")),
    (#"{"url":"\#(a)","label":null}"#, Gateway(base: a, url: a)),
    (#"{"url":"\#(a)","label":""}"#, Gateway(base: a, url: a)),
    (#"{"url":"\#(a)","order":null}"#, Gateway(base: a, url: a)),
    (#"{"url":"\#(a)","order":-0}"#, Gateway(base: a, url: a)),
    (#"{"url":"\#(a)","order":-7}"#, Gateway(base: a, url: a, order: -7)),
    (#"{"url":"\#(a)","order":9223372036854775807}"#, Gateway(base: a, url: a, order: .max)),
    (#"{"url":"\#(a)","order":-9223372036854775808}"#, Gateway(base: a, url: a, order: .min)),
    (#"{"url":"\#(a)","weight":1e-3,"clusterId":7,"id":[]}"#, Gateway(base: a, url: a)),
  ]) func gatewaysAreDecoded(gateway: String, expected: Listed.Gateway) throws {
    let body = #"[{"clusterId":"c","gateways":[\#(gateway)]}]"#
    #expect(try decode(body) == [Listed("c", gateways: [expected])])
  }

  /// Where the first choice is no good the gateway is left out: the other may be a node that the
  /// service does not want to be seen. The neighbours stay.
  @Test(arguments: [
    #"{}"#,
    #"{"label":"x","order":1}"#,
    #"{"publicUrl":null,"url":null}"#,
    #"{"publicUrl":"","url":""}"#,
    #"{"url":"javascript:alert(1)"}"#,
    #"{"publicUrl":"javascript:alert(1)","url":"\#(a)"}"#,
    #"{"url":"ftp://h/ipfs/"}"#,
    #"{"url":"//h/ipfs/"}"#,
    #"{"url":"/ipfs/"}"#,
    #"{"url":"h.example"}"#,
    #"{"url":"https://user:pw@h/ipfs/"}"#,
    #"{"url":"https://h/ipfs/?x"}"#,
    #"{"url":"https://h/ipfs/#x"}"#,
    #"{"url":"https://h/../ipfs/"}"#,
    #"{"url":"https://h/ipfs/\u0000"}"#.replacing(#"\u0000"#, with: #"\n"#),
    #"{"url":"https://h\\@evil/ipfs/"}"#,
    #"{"url":"https://bücher.example/ipfs/"}"#,
    #"{"url":"https://h/\#(String(repeating: "a", count: 2048))"}"#,
  ]) func aGatewayWithoutAUsableURLIsLeftOut(gateway: String) throws {
    let good = #"{"url":"\#(Self.b)"}"#
    let expected = [
      Listed.Gateway(base: Self.b, url: Self.b), Listed.Gateway(base: Self.b, url: Self.b),
    ]
    #expect(
      try decode(#"[{"id":"c","gateways":[\#(good),\#(gateway),\#(good)]},{"id":"d"}]"#)
        == [Listed("c", gateways: expected), Listed("d")])
    #expect(try decode(#"[{"id":"c","gateways":[\#(gateway)]}]"#) == [Listed("c")])
  }

  // MARK: - How texts are written

  /// Each escape alone, and each way of writing the names of members.
  @Test(arguments: [
    (#"\""#, "\""), (#"\\"#, "\\"), (#"\/"#, "/"), (#"\b"#, "\u{8}"), (#"\f"#, "\u{C}"),
    (#"\n"#, "\n"), (#"\r"#, "\r"), (#"\t"#, "\t"), (#"\u0001"#, "\u{1}"), (#"\u007F"#, "\u{7F}"),
    (#"\u0080"#, "\u{80}"), (#"\u07ff"#, "\u{7FF}"), (#"\u0800"#, "\u{800}"),
    (#"\uD7FF"#, "\u{D7FF}"), (#"\uE000"#, "\u{E000}"), (#"\uffff"#, "\u{FFFF}"),
    (#"\ud800\udc00"#, "\u{10000}"), (#"\uDBFF\uDFFF"#, "\u{10FFFF}"),
  ]) func escapesAreUndone(escape: String, expected: String) throws {
    for (before, after) in [("", ""), ("a", ""), ("", "b"), ("1234567", "89012345678"), ("é", "é")]
    {
      #expect(
        try decode(#"[{"id":"\#(before)\#(escape)\#(after)"}]"#)
          == [Listed(before + expected + after)])
      #expect(
        try decode(#"[{"id":"\#(escape)\#(escape)\#(after)"}]"#)
          == [Listed(expected + expected + after)])
    }
  }

  /// Plain bytes are passed over eight at a time: the end may fall anywhere.
  @Test func textsOfEveryLengthAreRead() throws {
    for length in 1...40 {
      let text = String(repeating: "x", count: length)
      for place in 0...length {
        for special in ["é", "\u{10FFFF}", "~"] {
          var id = text
          id.insert(contentsOf: special, at: id.index(id.startIndex, offsetBy: place))
          #expect(try decode(#"[{"id":"\#(id)"}]"#) == [Listed(id)])
        }
      }
      #expect(throws: ClusterTable.Problem.notJSON) { try decode(#"[{"id":"\#(text)"#) }
      #expect(throws: ClusterTable.Problem.notJSON) { try decode("[{\"id\":\"\(text)\u{1F}\"}]") }
    }
  }

  @Test(arguments: ["clusterId", "id", "label", "region", "country", "gateways"])
  func aNameThatIsNearlyKnownIsUnknown(name: String) throws {
    for other in [
      name + "x", "x" + name, String(name.dropLast()), String(name.dropFirst()), name.uppercased(),
    ]
    where !["", "id", "I", "d"].contains(other) || other != name {
      #expect(try decode(#"[{"\#(other)":[1],"clusterId":"c"}]"#) == [Listed("c")], "\(other)")
    }
    // A name with an escape is the same name.
    let escaped = "\\u00\(String(name.utf8.first!, radix: 16))" + name.dropFirst()
    #expect(throws: ClusterTable.Problem.badCluster) {
      try decode(#"[{"\#(escaped)":true,"x":1}]"#)
    }
  }

  @Test(arguments: ["publicUrl", "url", "label", "order"])
  func aGatewaysNameThatIsNearlyKnownIsUnknown(name: String) throws {
    let gateway = Gateway(base: Self.a, url: Self.a)
    for other in [name + "x", "x" + name, String(name.dropLast()), name.uppercased()] {
      let body = #"[{"id":"c","gateways":[{"\#(other)":[1],"url":"\#(Self.a)"}]}]"#
      #expect(try decode(body) == [Listed("c", gateways: [gateway])], "\(other)")
    }
    let escaped = "\\u00\(String(name.utf8.first!, radix: 16))" + name.dropFirst()
    #expect(throws: ClusterTable.Problem.badGateway) {
      try decode(#"[{"id":"c","gateways":[{"\#(escaped)":true}]}]"#)
    }
  }

  /// More than fits into the room that is set apart at first, so that the memory moves.
  @Test func manyShortClustersAreRead() throws {
    let ids = (0..<5_000).map { "\($0)" }
    let body = ids.map { #"{"id":"\#($0)","gateways":[{"url":"http:\/\/a"}]}"# }
    let gateway = Gateway(base: "http://a/ipfs/", url: "http://a")
    #expect(
      try decode("[\(body.joined(separator: ","))]") == ids.map { Listed($0, gateways: [gateway]) })
  }

  /// One base URL after another, more than are remembered, and each of them again and again.
  @Test func eachGatewayHasItsOwnBase() throws {
    let urls = (0..<40).map { "https://h\($0 % 13).example\($0 % 3 == 0 ? "" : "/ipfs/")" }
    let body = urls.map { #"{"url":"\#($0)"}"# }.joined(separator: ",")
    let expected = urls.map {
      Gateway(base: $0.hasSuffix("/") ? $0 : $0 + "/ipfs/", url: $0)
    }
    #expect(try decode(#"[{"id":"c","gateways":[\#(body)]}]"#) == [Listed("c", gateways: expected)])
  }

  // MARK: - Sorting

  /// A cluster with a gateway for each order, labelled with its place in the answer.
  private func labels(orders: [Int64?]) throws -> [String?] {
    let gateways = orders.enumerated().map { place, order in
      #"{"url":"https://h/","label":"\#(place)"\#(order.map { ",\"order\":\($0)" } ?? "")}"#
    }
    let listed = try decode(#"[{"id":"c","gateways":[\#(gateways.joined(separator: ","))]}]"#)
    return listed[0].gateways.map(\.label)
  }

  /// What the standard library makes of it; its sort is stable, which is not promised, hence the
  /// place as the second key.
  private func expectedLabels(orders: [Int64?]) -> [String?] {
    orders.enumerated().sorted { ($0.element ?? 0, $0.offset) < ($1.element ?? 0, $1.offset) }
      .map { String($0.offset) }
  }

  @Test(
    arguments: [
      [],
      [1],
      [1, 2, 3],
      [3, 2, 1],
      [1, 1, 1],
      [2, 1, 2, 1, 2, 1],
      [0, nil, 0, nil],
      [1, nil, -1],
      [.max, 0, .min, -1, nil, 1],
      [.min, .max, .min, .max],
      [5, 4, 3, 2, 1, 0, 1, 2, 3, 4, 5],
    ] as [[Int64?]]) func gatewaysAreSortedAndTiesKeepTheirSequence(orders: [Int64?]) throws
  {
    #expect(try labels(orders: orders) == expectedLabels(orders: orders))
  }

  /// Every length up to several powers of two, where merging can go wrong at the ends.
  @Test func everyLengthIsSorted() throws {
    var numbers = SystemRandomNumberGenerator()
    for count in 0...70 {
      let orders: [Int64?] = (0..<count).map { _ in Int64.random(in: 0...9, using: &numbers) }
      #expect(try labels(orders: orders) == expectedLabels(orders: orders), "\(orders)")
    }
  }

  @Test(arguments: ["sorted", "reversed", "equal", "mixed"])
  func tenThousandGatewaysAreSorted(kind: String) throws {
    let orders: [Int64?] = (0..<10_000).map { place in
      switch kind {
      case "sorted": Int64(place)
      case "reversed": Int64(-place)
      case "equal": 1
      default: Int64(place * 7919 % 1000)
      }
    }
    #expect(try labels(orders: orders) == expectedLabels(orders: orders))
  }

  @Test func eachClusterIsSortedByItself() throws {
    func cluster(_ id: String, _ orders: [Int]) -> String {
      let gateways = orders.map { #"{"url":"https://h/\#($0)/","order":\#($0)}"# }
      return #"{"id":"\#(id)","gateways":[\#(gateways.joined(separator: ","))]}"#
    }
    let listed = try decode(
      "[\(cluster("a", [3, 1, 2])),\(cluster("b", [])),\(cluster("c", [2, 1]))]")
    #expect(listed.map(\.id) == ["a", "b", "c"])
    #expect(listed.map { $0.gateways.map(\.order) } == [[1, 2, 3], [], [1, 2]])
    #expect(listed[2].gateways.map(\.base) == ["https://h/1/ipfs/", "https://h/2/ipfs/"])
  }
}
