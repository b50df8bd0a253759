import Foundation

/// A list of clusters and its JSON text, which is built once.
struct ClusterList: Sendable {
  let clusters: [JSON]
  let body: Data

  init(_ clusters: [JSON]) {
    self.clusters = clusters
    body = Data(JSON.array(clusters).encoded.utf8)
  }

  /// The cluster of that id, whichever of the two documented members carries it.
  func first(withID id: String) -> JSON? {
    clusters.first { ($0["clusterId"] ?? $0["id"])?.text == id }
  }
}

/// A cluster in the documented shape.
private func cluster(_ id: String, _ gateways: JSON...) -> JSON {
  ["clusterId": .string(id), "gateways": .array(gateways)]
}

/// A gateway that has every documented member; `url` is the public address unless told otherwise.
private func gateway(_ publicURL: String, url: String? = nil, _ label: String, _ order: Int64)
  -> JSON
{
  [
    "publicUrl": .string(publicURL), "url": .string(url ?? publicURL), "label": .string(label),
    "order": .integer(order),
  ]
}

extension ClusterList {
  /// The six documented clusters.
  ///
  /// Node addresses come from the range for documentation (RFC 5737): nobody answers there.
  static let documented = ClusterList([
    cluster(
      "cl0-global",
      gateway("https://gateway.pinarkive.com/ipfs/", "Primary", 0),
      gateway("https://ipfs.io/ipfs/", "Public fallback", 10)),
    // The array is not in the order of `order` here and in cl2-us: a client has to sort.
    cluster(
      "cl1-eu",
      gateway("https://gateway.pinarkive.com/ipfs/", "Global", 1),
      gateway("https://eu1.gateway.pinarkive.com/ipfs/", "Europe", 0)),
    cluster("cl1-na", gateway("https://na1.gateway.pinarkive.com/ipfs/", "North America", 0)),
    cluster(
      "cl2-es", ["url": "http://203.0.113.10:9094/ipfs/", "label": "Spain, node", "order": 0]),
    cluster(
      "cl2-us",
      gateway("https://gateway.pinarkive.com/ipfs/", "Global", 2),
      gateway("https://us1.gateway.pinarkive.com/ipfs/", "United States", 0),
      gateway("https://na1.gateway.pinarkive.com/ipfs/", "North America", 1)),
    // Both addresses, and they differ: `publicUrl` is the one to use.
    cluster(
      "cl2-de",
      gateway(
        "https://de1.gateway.pinarkive.com/ipfs/", url: "http://203.0.113.24:9094/ipfs/",
        "Germany", 0)),
  ])

  static let empty = ClusterList([])

  static let withoutGateways = ClusterList([
    cluster("cl0-global"), ["clusterId": "cl1-eu"],
  ])

  /// The shape that one published SDK documents.
  static let otherShape = ClusterList([
    ["id": "cl0-global", "label": "Global"],
    ["id": "cl1-eu", "label": "Europe", "region": "eu"],
    ["id": "cl2-de", "label": "Germany", "region": "eu", "country": "DE"],
    ["id": "cl2-us"],
  ])

  /// Members that no client knows, some of them named like those that it does.
  static let unknownMembers = ClusterList([
    [
      "status": "healthy", "clusterId": "cl0-global", "nodes": 3, "load": .verbatim("0.25"),
      "maintenance": nil,
      "replica": ["clusterId": "not-this-one", "gateways": [["url": "https://wrong.invalid/"]]],
      "gateways": [
        [
          "weight": .verbatim("1e-3"), "publicUrl": "https://gateway.pinarkive.com/ipfs/",
          "protocols": ["http/1.1", "h2", ["name": "h3", "order": 99]],
          "url": "https://gateway.pinarkive.com/ipfs/", "label": "Primary",
          "meta": ["label": "not this one", "order": -1], "order": 0, "healthy": true,
        ]
      ], "tags": ["default", "public"],
    ]
  ])

  /// Text beyond ASCII: as UTF-8, as escapes, and as a pair of surrogates.
  static let unicode = ClusterList([
    [
      "clusterId": "cl1-eu", "label": "Zürich — 東京 — Ελλάδα 🚀",
      "gateways": [
        [
          "publicUrl": "https://eu1.gateway.pinarkive.com/ipfs/",
          "label": .verbatim(#""caf\u00e9 \ud83d\ude80""#), "order": 0,
        ],
        [
          "publicUrl": .verbatim(#""https:\/\/gateway.pinarkive.com\/ipfs\/""#),
          "label": .verbatim(#""\"quoted\" \\ \/ tab\tline\nend""#), "order": 1,
        ],
      ],
    ]
  ])

  /// Sorted, the labels read: smallest, negative, then zero and missing, tie 1, tie 2, largest.
  static let orders = ClusterList([
    cluster(
      "cl0-global",
      gateway("https://g1.example/ipfs/", "largest", .max),
      gateway("https://g2.example/ipfs/", "tie 1", 5),
      gateway("https://g3.example/ipfs/", "negative", -1),
      gateway("https://g4.example/ipfs/", "tie 2", 5),
      gateway("https://g5.example/ipfs/", "zero", 0),
      ["publicUrl": "https://g6.example/ipfs/", "label": "missing"],
      gateway("https://g7.example/ipfs/", "smallest", .min))
  ])

  /// Bases without the last slash, which the backend accepts too.
  static let withoutSlash = ClusterList([
    cluster(
      "cl0-global",
      gateway("https://gateway.pinarkive.com/ipfs", "Primary", 0),
      ["url": "http://203.0.113.10:9094/ipfs", "label": "Node", "order": 1])
  ])

  /// Members that are present and null.
  static let nullMembers = ClusterList([
    cluster(
      "cl0-global",
      [
        "publicUrl": nil, "url": "https://gateway.pinarkive.com/ipfs/", "label": nil, "order": 0,
      ],
      [
        "publicUrl": "https://ipfs.io/ipfs/", "url": nil, "label": "Public fallback", "order": 1,
      ])
  ])

  /// A made-up list of any size, for benchmarks.
  static func generated(clusters: Int, gateways: Int) -> ClusterList {
    ClusterList(
      (0..<clusters).map { number in
        let members = (0..<gateways).map { index in
          gateway(
            "https://gw\(index).cl\(number).example/ipfs/", "Gateway \(index)", Int64(index))
        }
        return ["clusterId": .string("cl\(number)-generated"), "gateways": .array(members)]
      })
  }
}
