/// An HTTP gateway that shows the content of a cluster.
public struct Gateway: Sendable, Hashable {
  /// What a CID is appended to: `publicURL` where the service gave one, else `url`. Ends in "/".
  public let baseURL: String
  /// The member `publicUrl` as the service gave it.
  public let publicURL: String?
  /// The member `url` as the service gave it; may be a plain-http node address.
  public let url: String?
  /// The gateway's name for people.
  public let label: String?
  /// The place among the cluster's gateways, smallest first; 0 where the service gave none.
  public let order: Int64

  init(_ record: GatewayRecord, in body: Bytes) {
    baseURL = (record.base.string(in: body) ?? "") + "\(record.separator.text)"
    publicURL = record.publicURL.string(in: body)
    url = record.url.string(in: body)
    label = record.label.string(in: body)
    order = record.order
  }
}

/// A cluster that the account's plan allows.
public struct Cluster: Sendable, Hashable, Identifiable {
  /// The cluster's identifier, such as "cl0-global".
  public let id: String
  /// The cluster's name for people.
  public let label: String?
  /// The cluster's region.
  public let region: String?
  /// The cluster's country.
  public let country: String?
  /// The gateways, sorted by order; equal ones keep the service's sequence.
  public let gateways: [Gateway]

  init(_ record: ClusterRecord, _ gateways: [Gateway], in body: Bytes) {
    id = record.id.string(in: body) ?? ""
    label = record.label.string(in: body)
    region = record.region.string(in: body)
    country = record.country.string(in: body)
    self.gateways = gateways
  }
}

/// The answer of `Client.listClusters`.
public struct ClusterList: Sendable {
  /// The clusters, in the service's sequence.
  public let clusters: [Cluster]
  /// The body of the answer as it came, for members that this version does not know.
  public let json: String
  /// Whether an earlier answer was kept and used again.
  public let isFromCache: Bool
  /// How old a kept answer is; zero for one of this call.
  public let age: Duration
  /// How many requests were made for this answer: 0 for a kept one.
  public let attempts: Int
  /// Requests allowed in the present window, or nil if the service said nothing.
  public let rateLimit: Int64?
  /// Requests left in the present window, or nil.
  public let rateLimitRemaining: Int64?
  /// When the window ends, in seconds since 1970-01-01 UTC, or nil.
  public let rateLimitReset: Int64?

  init(_ answer: borrowing Answer, _ provenance: Provenance) {
    isFromCache = provenance.isFromCache
    age = .milliseconds(provenance.age)
    let body = answer.memory.bytes
    var records = RecordWalk(answer.memory)
    clusters = (0..<answer.table.clusterCount).map { _ in
      let cluster = records.cluster().pointee
      let gateways = (0..<cluster.gatewayCount).map { _ in
        Gateway(records.gateway().pointee, in: body)
      }
      return Cluster(cluster, gateways, in: body)
    }
    json = String(decoding: body, as: UTF8.self)
    attempts = provenance.isFromCache ? 0 : Int(answer.attempts)
    func known(_ number: Int64) -> Int64? { number < 0 ? nil : number }
    rateLimit = known(answer.rateLimit)
    rateLimitRemaining = known(answer.rateLimitRemaining)
    rateLimitReset = known(answer.rateLimitReset)
  }
}

extension JSONText {
  /// The text as a String, or nil if there is none.
  func string(in body: Bytes) -> String? {
    guard isThere else { return nil }
    return String(unsafeUninitializedCapacity: count) { memory in
      guard let start = memory.baseAddress else { return 0 }
      var end = start
      write(from: body, to: &end)
      return end - start
    }
  }
}
