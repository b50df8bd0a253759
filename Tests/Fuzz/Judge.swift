import CJansson

/// What an answer of the clusters endpoint says, by jansson and the plainest code there is: the judge
/// of the library's own reader. Shares nothing with it but the check of a gateway's URL.
///
/// Borrows its texts from jansson's values, which live as long as the judge.
final class Judge {
  struct Gateway {
    var publicURL: Bytes?
    var url: Bytes?
    var label: Bytes?
    var order: Int64 = 0
    var base: Bytes { publicURL ?? url ?? Bytes("") }

    /// What a CID is appended to: the base, which is made to end in /ipfs/.
    var baseURL: [UInt8] {
      var whole = Array(base)
      if !base.hasSuffix("/ipfs/") {
        if !base.hasSuffix("/") { whole.append(.slash) }
        if !base.hasSuffix("/ipfs") { whole += Array(Bytes("ipfs/")) }
      }
      return whole
    }
  }

  struct Cluster {
    var id = Bytes("")
    var label: Bytes?
    var region: Bytes?
    var country: Bytes?
    /// Those that can be used, in the sequence in which they are to be listed.
    var gateways: [Gateway] = []
  }

  /// Why there are no clusters; of several reasons the first that this code comes upon.
  private(set) var problem: ClusterTable.Problem?
  /// The reasons that a reader may come upon first which goes through the text once.
  private(set) var isTooDeep = false
  private(set) var hasTooManyValues = false
  private(set) var hasBadCluster = false
  private(set) var hasBadGateway = false
  /// Whether the text is JSON as the library takes it, whatever it says.
  private(set) var isJSON = false
  private(set) var clusters: [Cluster] = []
  private var root: UnsafeMutablePointer<json_t>?

  init(_ text: Bytes) {
    measure(text)
    if isTooDeep {
      problem = .tooDeep
    } else if hasTooManyValues {
      problem = .tooManyValues
    } else if !parse(text) {
      problem = .notJSON
    } else if cjansson_type(root) != JSON_ARRAY {
      problem = .notArray
    } else {
      for index in 0..<json_array_size(root) {
        clusters.append(cluster(json_array_get(root, index)))
      }
      problem = hasBadCluster ? .badCluster : hasBadGateway ? .badGateway : nil
    }
  }

  deinit { if let root { cjansson_release(root) } }

  private func measure(_ text: Bytes) {
    var depth = 0
    var values = 0
    var isInside = false
    var isEscaped = false
    for byte in text {
      if isInside {
        if !isEscaped, byte == UInt8(ascii: "\"") { isInside = false }
        isEscaped = !isEscaped && byte == UInt8(ascii: "\\")
        continue
      }
      switch byte {
      case UInt8(ascii: "\""): isInside = true
      case UInt8(ascii: "["), UInt8(ascii: "{"): (depth, values) = (depth + 1, values + 1)
      case UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
      case UInt8(ascii: ","): values += 1
      default: break
      }
      if depth > 16 { isTooDeep = true }
    }
    hasTooManyValues = values > 200_000
  }

  private func parse(_ text: Bytes) -> Bool {
    // jansson passes over a NUL that stands behind a number or a literal.
    guard let start = text.baseAddress, text.firstIndex(of: 0) == nil else { return false }
    root = json_loadb(
      UnsafeRawPointer(start).assumingMemoryBound(to: CChar.self), text.count,
      Int(JSON_REJECT_DUPLICATES), nil)
    isJSON = root != nil
    return isJSON
  }

  private func cluster(_ value: UnsafeMutablePointer<json_t>?) -> Cluster {
    var cluster = Cluster()
    let clusterID = text(value, "clusterId", &hasBadCluster)
    let id = text(value, "id", &hasBadCluster)
    cluster.label = text(value, "label", &hasBadCluster)
    cluster.region = text(value, "region", &hasBadCluster)
    cluster.country = text(value, "country", &hasBadCluster)
    if let list = member(value, "gateways") {
      if cjansson_type(list) != JSON_ARRAY { hasBadCluster = true }
      for index in 0..<json_array_size(list) {
        if let gateway = gateway(json_array_get(list, index)) {
          insert(gateway, into: &cluster.gateways)
        }
      }
    }
    // Also where it is no object, and so has no members.
    if clusterID == nil && id == nil { hasBadCluster = true }
    cluster.id = clusterID ?? id ?? Bytes("")
    return cluster
  }

  /// Puts a gateway behind those of the same order or a lower one.
  private func insert(_ gateway: Gateway, into list: inout [Gateway]) {
    var place = list.count
    while place > 0, list[place - 1].order > gateway.order { place -= 1 }
    list.insert(gateway, at: place)
  }

  private func gateway(_ value: UnsafeMutablePointer<json_t>?) -> Gateway? {
    if cjansson_type(value) != JSON_OBJECT { hasBadGateway = true }
    var gateway = Gateway()
    gateway.publicURL = text(value, "publicUrl", &hasBadGateway)
    gateway.url = text(value, "url", &hasBadGateway)
    gateway.label = text(value, "label", &hasBadGateway)
    if let order = member(value, "order") {
      if cjansson_type(order) != JSON_INTEGER { hasBadGateway = true }
      gateway.order = Int64(json_integer_value(order))
    }
    return (try? WebURL(base: gateway.base)) == nil ? nil : gateway
  }

  /// A member that is there and not null.
  private func member(_ object: UnsafeMutablePointer<json_t>?, _ name: StaticString)
    -> UnsafeMutablePointer<json_t>?
  {
    let name = UnsafeRawPointer(name.utf8Start).assumingMemoryBound(to: CChar.self)
    guard let value = json_object_get(object, name), cjansson_type(value) != JSON_NULL else {
      return nil
    }
    return value
  }

  /// The text of a member; nil where it is missing, null or empty.
  private func text(
    _ object: UnsafeMutablePointer<json_t>?, _ name: StaticString, _ isBad: inout Bool
  ) -> Bytes? {
    guard let value = member(object, name) else { return nil }
    guard let start = json_string_value(value) else {
      isBad = true
      return nil
    }
    let length = json_string_length(value)
    if length == 0 { return nil }
    return Bytes(
      start: UnsafeRawPointer(start).assumingMemoryBound(to: UInt8.self), count: length)
  }
}
