@testable import Pinarkive

/// A cluster as `ClusterTable` decodes it, in values of its own.
struct Listed: Equatable {
  struct Gateway: Equatable {
    /// Base and separator: what a CID is appended to.
    var base: String
    var publicURL: String?
    var url: String?
    var label: String?
    var order: Int64 = 0
  }

  var id: String
  var label: String?
  var region: String?
  var country: String?
  var gateways: [Gateway] = []

  init(_ id: String, gateways: [Gateway] = []) {
    self.id = id
    self.gateways = gateways
  }

  init(_ id: String, label: String?, region: String? = nil, country: String? = nil) {
    self.id = id
    self.label = label
    self.region = region
    self.country = country
  }

  init(_ record: ClusterRecord) {
    id = text(record.id)
    label = record.label.map(text)
    region = record.region.map(text)
    country = record.country.map(text)
    gateways = record.gateways.map { gateway in
      Gateway(
        base: text(gateway.base) + text(gateway.separator),
        publicURL: gateway.publicURL.map(text), url: gateway.url.map(text),
        label: gateway.label.map(text), order: gateway.order)
    }
  }
}

/// Decodes a body as the client does with that of a 200.
func decode(_ body: some Sequence<UInt8>) throws(ClusterTable.Problem) -> [Listed] {
  try withBytes(body) { (bytes) throws(ClusterTable.Problem) in
    let table = try ClusterTable.decode(bytes)
    let listed = table.clusters.map(Listed.init(_:))
    // What `makeList` of the C interface counts on.
    precondition(table.gatewayCount == listed.map(\.gateways.count).reduce(0, +))
    return listed
  }
}

func decode(_ body: String) throws(ClusterTable.Problem) -> [Listed] { try decode(body.utf8) }
