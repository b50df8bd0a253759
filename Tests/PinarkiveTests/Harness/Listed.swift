@testable import Pinarkive

/// A cluster as `ClusterReader` finds it, in values of its own.
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

  init(_ record: ClusterRecord, _ gateways: [Gateway], in body: Bytes) {
    id = record.id.string(in: body) ?? ""
    label = record.label.string(in: body)
    region = record.region.string(in: body)
    country = record.country.string(in: body)
    self.gateways = gateways
  }
}

extension Listed.Gateway {
  init(_ record: GatewayRecord, in body: Bytes) {
    base = (record.base.string(in: body) ?? "") + "\(record.separator.text)"
    publicURL = record.publicURL.string(in: body)
    url = record.url.string(in: body)
    label = record.label.string(in: body)
    order = record.order
    // What the C interface counts on.
    precondition(!record.publicURLIsBase || publicURL == base)
    precondition(!record.urlIsBase || url == base)
  }
}

/// The body of an answer as it arrives.
func answerMemory(_ body: some Sequence<UInt8>) -> AnswerMemory {
  var memory = AnswerMemory()
  withBytes(body) { precondition(memory.append($0, limit: .max) == .appended) }
  return memory
}

/// Reads a body as the client does with that of a 200.
func decode(_ body: some Sequence<UInt8>) throws(ClusterTable.Problem) -> [Listed] {
  var memory = answerMemory(body)
  let table = try ClusterReader.read(&memory)
  let isUnchanged = memory.bytes.elementsEqual(body)
  precondition(isUnchanged)
  return listed(memory, table)
}

/// What was found in an answer.
func listed(_ memory: borrowing AnswerMemory, _ table: ClusterTable) -> [Listed] {
  let bytes = memory.bytes
  var records = RecordWalk(memory)
  let listed = (0..<table.clusterCount).map { _ in
    let cluster = records.cluster().pointee
    let gateways = (0..<cluster.gatewayCount).map { _ in
      Listed.Gateway(records.gateway().pointee, in: bytes)
    }
    return Listed(cluster, gateways, in: bytes)
  }
  // What the C interface counts on, too.
  precondition(table.gatewayCount == listed.map(\.gateways.count).reduce(0, +))
  return listed
}

func decode(_ body: String) throws(ClusterTable.Problem) -> [Listed] { try decode(body.utf8) }
