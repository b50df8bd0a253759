import CPlatform

/// A gateway as the service describes it. The texts belong to the `ClusterTable`.
package struct GatewayRecord: BitwiseCopyable {
  package var publicURL: Bytes?
  package var url: Bytes?
  package var label: Bytes?
  package var order: Int64 = 0
  /// `publicURL` if there is one, else `url`: a checked http or https URL.
  package var base = Bytes("")
  /// What follows `base` so that a CID can be appended: see `GatewayBase.separator`.
  package var separator = Bytes("")

  package init() {}
}

/// A cluster as the service describes it. The texts belong to the `ClusterTable`.
package struct ClusterRecord: BitwiseCopyable {
  package var id = Bytes("")
  package var label: Bytes?
  package var region: Bytes?
  package var country: Bytes?
  /// The cluster's gateways, sorted.
  package var gateways = UnsafeBufferPointer<GatewayRecord>(start: nil, count: 0)

  package init() {}
}

/// The answer of `GET /users/me/clusters`, decoded and checked, for one pass by whoever copies it.
///
/// Two forms are documented and both are understood, cluster by cluster:
/// `{"clusterId", "gateways": [{"publicUrl", "url", "label", "order"}]}` and
/// `{"id", "label", "region", "country"}`. A member that is null counts as missing, an unknown one
/// is passed over, and a known one of a wrong type makes the whole answer wrong.
package struct ClusterTable: ~Copyable {
  private let document: JSONDocument
  private let clusterMemory: OwnedArray<ClusterRecord>
  private let gatewayMemory: OwnedArray<GatewayRecord>
  private var clusterCount = 0
  package private(set) var gatewayCount = 0

  /// Why a body is not such an answer. The sentences complete "The service's answer …".
  package enum Problem: Error {
    case notJSON, tooDeep, tooManyValues, notArray, badCluster, badGateway, outOfMemory

    package var sentence: StaticString {
      switch self {
      case .notJSON: "is not valid JSON"
      case .tooDeep: "is nested more than 16 levels deep"
      case .tooManyValues: "has more than 200,000 values"
      case .notArray: "is not an array of clusters"
      case .badCluster: "has a cluster without an identifier, or with a member of a wrong type"
      case .badGateway: "has a gateway with a member of a wrong type"
      case .outOfMemory: "needs more memory than there is"
      }
    }
  }

  /// Decodes the body of a 200. A factory and not an initialiser, because Swift does not let one of
  /// a noncopyable type throw half-way.
  package static func decode(_ body: Bytes) throws(Problem) -> ClusterTable {
    let document = try parse(body)
    guard document.root.isArray else { throw .notArray }
    let count = document.root.elementCount
    let gatewayCount = try countGateways(document.root)
    let clusters: OwnedArray<ClusterRecord> = try array(capacity: count)
    let gateways: OwnedArray<GatewayRecord> = try array(capacity: gatewayCount)
    var table = ClusterTable(document: document, clusters: clusters, gateways: gateways)
    for index in 0..<count {
      guard let value = table.document.root.element(index) else { throw .badCluster }
      try table.append(value)
    }
    return table
  }

  private init(
    document: consuming JSONDocument, clusters: consuming OwnedArray<ClusterRecord>,
    gateways: consuming OwnedArray<GatewayRecord>
  ) {
    self.document = document
    clusterMemory = clusters
    gatewayMemory = gateways
  }

  private static func parse(_ body: Bytes) throws(Problem) -> JSONDocument {
    do throws(JSONDocument.Problem) {
      return try JSONDocument(body)
    } catch {
      switch error {
      case .malformed: throw .notJSON
      case .tooDeep: throw .tooDeep
      case .tooManyValues: throw .tooManyValues
      case .outOfMemory: throw .outOfMemory
      }
    }
  }

  private static func array<Value>(capacity: Int) throws(Problem) -> OwnedArray<Value> {
    do throws(Failure) { return try OwnedArray(capacity: capacity) } catch {
      throw .outOfMemory
    }
  }

  /// The clusters in the service's sequence. Must not outlive the table.
  package var clusters: UnsafeBufferPointer<ClusterRecord> {
    UnsafeBufferPointer(start: clusterMemory.start, count: clusterCount)
  }

  private static func countGateways(_ root: JSONValue) throws(Problem) -> Int {
    var sum = 0
    for index in 0..<root.elementCount {
      guard let cluster = root.element(index), cluster.isObject else { throw .badCluster }
      var members = cluster.members
      while let (name, value) = members.next() {
        if name.equals("gateways") { sum += value.elementCount }
      }
    }
    return sum
  }

  private mutating func append(_ value: JSONValue) throws(Problem) {
    var record = ClusterRecord()
    var clusterId: Bytes?
    var id: Bytes?
    var members = value.members
    while let (name, value) = members.next() {
      if value.isNull { continue }
      if name.equals("clusterId") {
        clusterId = try Self.text(value, or: .badCluster)
      } else if name.equals("id") {
        id = try Self.text(value, or: .badCluster)
      } else if name.equals("label") {
        record.label = try Self.text(value, or: .badCluster)
      } else if name.equals("region") {
        record.region = try Self.text(value, or: .badCluster)
      } else if name.equals("country") {
        record.country = try Self.text(value, or: .badCluster)
      } else if name.equals("gateways") {
        record.gateways = try appendGateways(value)
      }
    }
    guard let identifier = clusterId ?? id, identifier.count > 0 else { throw .badCluster }
    record.id = identifier
    (clusterMemory.start + clusterCount).initialize(to: record)
    clusterCount += 1
  }

  private mutating func appendGateways(_ list: JSONValue) throws(Problem)
    -> UnsafeBufferPointer<GatewayRecord>
  {
    guard list.isArray else { throw .badCluster }
    let start = gatewayMemory.start + gatewayCount
    var count = 0
    var sorted = true
    for index in 0..<list.elementCount {
      guard let value = list.element(index), value.isObject else { throw .badGateway }
      guard let record = try Self.gateway(value) else { continue }
      if count > 0, record.order < start[count - 1].order { sorted = false }
      (start + count).initialize(to: record)
      count += 1
    }
    gatewayCount += count
    if !sorted { try Self.sort(start, count) }
    return UnsafeBufferPointer(start: start, count: count)
  }

  /// A gateway, or nil where it has no URL that a CID could be appended to.
  private static func gateway(_ value: JSONValue) throws(Problem) -> GatewayRecord? {
    var record = GatewayRecord()
    var members = value.members
    while let (name, value) = members.next() {
      if value.isNull { continue }
      if name.equals("publicUrl") {
        record.publicURL = try text(value, or: .badGateway)
      } else if name.equals("url") {
        record.url = try text(value, or: .badGateway)
      } else if name.equals("label") {
        record.label = try text(value, or: .badGateway)
      } else if name.equals("order") {
        guard let order = value.integer else { throw .badGateway }
        record.order = order
      }
    }
    guard let base = record.publicURL ?? record.url,
      let checked = try? WebURL(base: base)
    else { return nil }
    record.base = base
    record.separator = GatewayBase.separator(after: checked)
    return record
  }

  /// The text of a string; an empty one counts as missing.
  private static func text(_ value: JSONValue, or failure: Problem) throws(Problem) -> Bytes? {
    guard let text = value.text else { throw failure }
    return text.count > 0 ? text : nil
  }

  /// Sorts by order and keeps the sequence of equal ones: a merge sort from the bottom up, because
  /// the service decides how many there are and in what sequence they come.
  private static func sort(_ records: UnsafeMutablePointer<GatewayRecord>, _ count: Int)
    throws(Problem)
  {
    let scratch: OwnedArray<GatewayRecord> = try array(capacity: count)
    var (from, to) = (records, scratch.start)
    var width = 1
    while width < count {
      var start = 0
      while start < count {
        let middle = min(start + width, count)
        let end = min(middle + width, count)
        var (left, right) = (start, middle)
        for place in start..<end {
          let takeLeft = left < middle && (right == end || from[left].order <= from[right].order)
          (to + place).initialize(to: from[takeLeft ? left : right])
          if takeLeft { left += 1 } else { right += 1 }
        }
        start = end
      }
      swap(&from, &to)
      width *= 2
    }
    if from != records { records.update(from: from, count: count) }
  }
}
