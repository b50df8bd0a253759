/// A gateway as the service describes it.
///
/// As large as the structure of the C interface that takes its place (see `ClusterTable`).
package struct GatewayRecord: BitwiseCopyable {
  package var publicURL = JSONText.none
  package var url = JSONText.none
  package var label = JSONText.none
  package var order: Int64 = 0
  /// What follows `base` so that a CID can be appended: see `GatewayBase.separator`.
  package var separator = GatewayBase.Separator.none
  /// Whether `publicURL` is the base URL to the letter, and whether `url` is. Both are as a rule.
  package var publicURLIsBase = false
  package var urlIsBase = false

  /// `publicURL` if there is one, else `url`: a checked http or https URL.
  package var base: JSONText { publicURL.isThere ? publicURL : url }
}

/// A cluster as the service describes it. Its gateways follow it, sorted.
///
/// As large as the structure of the C interface that takes its place (see `ClusterTable`).
package struct ClusterRecord: BitwiseCopyable {
  package var id = JSONText.none
  package var label = JSONText.none
  package var region = JSONText.none
  package var country = JSONText.none
  package var gatewayCount = 0
  private var unused = 0
}

/// What `ClusterReader` found in the body of an answer. The records lie behind the body, in its
/// `AnswerMemory`: each cluster with its gateways behind it. Their texts stay in the body.
///
/// Whoever copies a list out of the process's memory reads the records. The C interface turns each
/// into a structure of its own on the spot, so that a large list is laid out only once.
package struct ClusterTable: BitwiseCopyable {
  package internal(set) var clusterCount = 0
  package internal(set) var gatewayCount = 0
  /// How many bytes all texts and numbers of the list take, at the most: base URLs, and of the other
  /// URLs those that are not the base URL.
  package internal(set) var textSize = 0

  package init() {}

  /// What a list needs behind its records: a pointer to each of them.
  package var pointersSize: Int { (clusterCount + gatewayCount) * MemoryLayout<Int>.stride }

  /// And behind those: five fields for each of them, each with a NUL; in place of a URL or before it
  /// there may be a "=".
  package var fieldsSize: Int { textSize + clusterCount * 5 + gatewayCount * (5 + 2) }

  /// Why a body is not such an answer. The sentences complete "The service's answer …".
  package enum Problem: Error {
    case notJSON, tooDeep, tooManyValues, tooDense, notArray, badCluster, badGateway, outOfMemory

    package var sentence: StaticString {
      switch self {
      case .notJSON: "is not valid JSON"
      case .tooDeep: "is nested more than 16 levels deep"
      case .tooManyValues: "has more than 200,000 values"
      case .tooDense: "would take more than four times its size in memory"
      case .notArray: "is not an array of clusters"
      case .badCluster: "has a cluster without an identifier, or with a member of a wrong type"
      case .badGateway: "has a gateway with a member of a wrong type"
      case .outOfMemory: "needs more memory than there is"
      }
    }
  }

  /// How much memory a list may take for a body of so many bytes: enough for every list that the
  /// service documents, whatever stands in it, and not so much that a hostile one could do harm.
  package static func maximumSize(forBody count: Int) -> Int { 4 * count + 1 << 20 }
}

/// Goes from record to record: a cluster, as many gateways as it has, the next cluster.
package struct RecordWalk {
  private var next: UnsafeMutableRawPointer

  /// - Parameter memory: must have records, and must outlive the walk without a change.
  package init(_ memory: borrowing AnswerMemory) { next = memory.record(at: 0) }

  @inline(__always)
  package mutating func cluster() -> UnsafeMutablePointer<ClusterRecord> { take() }

  @inline(__always)
  package mutating func gateway() -> UnsafeMutablePointer<GatewayRecord> { take() }

  @inline(__always)
  private mutating func take<Record>() -> UnsafeMutablePointer<Record> {
    defer { next += MemoryLayout<Record>.stride }
    return next.assumingMemoryBound(to: Record.self)
  }
}
