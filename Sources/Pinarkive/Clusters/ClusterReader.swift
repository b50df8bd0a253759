import CPlatform

/// Reads the answer of `GET /users/me/clusters` in one pass.
///
/// Two forms are documented and both are understood, cluster by cluster:
/// `{"clusterId", "gateways": [{"publicUrl", "url", "label", "order"}]}` and
/// `{"id", "label", "region", "country"}`. A member that is null counts as missing, as an empty text
/// does; an unknown one is passed over; and a known one of a wrong type makes the whole answer wrong.
package struct ClusterReader: ~Copyable {
  package typealias Problem = ClusterTable.Problem

  private var json: JSONReader
  private let memory: UnsafeMutablePointer<AnswerMemory>
  private var table = ClusterTable()
  private var knownBases = KnownBases()
  /// The first thing that is wrong with a text that so far is JSON. It is only told at the end: what
  /// is no JSON at all is called so, wherever that begins.
  private var flaw: Problem?

  /// Reads the body of a 200, and lays the records behind it.
  package static func read(_ memory: inout AnswerMemory) throws(Problem) -> ClusterTable {
    let count = memory.count
    // As much as documented answers need.
    guard memory.endBody(room: count / 3 + 1024) else { throw .outOfMemory }
    guard count > 0 else { throw .notJSON }
    return try withUnsafeMutablePointer(to: &memory) { (memory) throws(Problem) in
      var reader = ClusterReader(memory)
      do throws(JSONReader.Problem) {
        try reader.readAnswer()
      } catch {
        switch error {
        case .malformed: throw .notJSON
        case .tooDeep: throw .tooDeep
        case .tooManyValues: throw .tooManyValues
        case .outOfMemory: throw reader.flaw == .tooDense ? .tooDense : .outOfMemory
        }
      }
      if let flaw = reader.flaw { throw flaw }
      let table = reader.table
      let size = memory.pointee.recordsSize + table.pointersSize + table.fieldsSize
      guard size <= ClusterTable.maximumSize(forBody: count) else { throw .tooDense }
      return table
    }
  }

  private init(_ memory: UnsafeMutablePointer<AnswerMemory>) {
    self.memory = memory
    json = JSONReader(memory.pointee.bytes)
  }

  private mutating func note(_ problem: Problem) { if flaw == nil { flaw = problem } }

  /// Notes that a value is of a wrong type, and passes over it.
  private mutating func skip(noting problem: Problem) throws(JSONReader.Problem) {
    note(problem)
    try json.skip()
  }

  private mutating func readAnswer() throws(JSONReader.Problem) {
    switch json.peek() {
    case UInt8(ascii: "["): break
    case UInt8(ascii: "{"):
      try skip(noting: .notArray)
      return try json.end()
    default: throw .malformed
    }
    try json.enter()
    if json.isNotEmpty(UInt8(ascii: "]")) {
      repeat { try readCluster() } while try json.hasMore(before: UInt8(ascii: "]"))
    }
    try json.end()
  }

  // MARK: - Clusters

  private enum ClusterMember: UInt8 {
    case unknown, clusterId, id, label, region, country, gateways
  }

  @_optimize(speed)
  private mutating func readCluster() throws(JSONReader.Problem) {
    guard json.peek() == UInt8(ascii: "{") else { return try skip(noting: .badCluster) }
    // The cluster stands before its gateways, and is complete when they are.
    let place = try take(MemoryLayout<ClusterRecord>.stride)
    var cluster = ClusterRecord()
    var id = JSONText.none
    try json.enter()
    if json.isNotEmpty(UInt8(ascii: "}")) {
      var seen: UInt8 = 0
      let mark = json.namesMark
      repeat {
        let member = try clusterMember()
        try checkNew(member.rawValue, &seen)
        if try json.takeNull() { continue }
        switch member {
        case .clusterId: cluster.id = try text(or: .badCluster)
        case .id: id = try text(or: .badCluster)
        case .label: cluster.label = try text(or: .badCluster)
        case .region: cluster.region = try text(or: .badCluster)
        case .country: cluster.country = try text(or: .badCluster)
        case .gateways: cluster.gatewayCount = try readGateways()
        case .unknown: try json.skip()
        }
      } while try json.hasMore(before: UInt8(ascii: "}"))
      try json.forgetNames(since: mark)
    }
    if !cluster.id.isThere { cluster.id = id }
    if !cluster.id.isThere { note(.badCluster) }
    table.clusterCount += 1
    table.textSize +=
      cluster.id.count + cluster.label.count + cluster.region.count + cluster.country.count
      + DecimalDigits.count(of: UInt64(cluster.gatewayCount))
    memory.pointee.record(at: place).storeBytes(of: cluster, as: ClusterRecord.self)
  }

  /// Passes over the name that is next. An unknown one is noted.
  @inline(__always)
  private mutating func clusterMember() throws(JSONReader.Problem) -> ClusterMember {
    if try json.take(name: JSONName("c", "l", "u", "s", "t", "e", "r", "I", "d")) {
      return .clusterId
    }
    if try json.take(name: JSONName("g", "a", "t", "e", "w", "a", "y", "s")) { return .gateways }
    if try json.take(name: JSONName("i", "d")) { return .id }
    if try json.take(name: JSONName("l", "a", "b", "e", "l")) { return .label }
    if try json.take(name: JSONName("r", "e", "g", "i", "o", "n")) { return .region }
    if try json.take(name: JSONName("c", "o", "u", "n", "t", "r", "y")) { return .country }
    return try otherClusterMember()
  }

  /// The same for a name that is unknown or written with escapes.
  @inline(never)
  private mutating func otherClusterMember() throws(JSONReader.Problem) -> ClusterMember {
    let name = try json.name()
    let text = json.text
    if name.equals("clusterId", in: text) { return .clusterId }
    if name.equals("id", in: text) { return .id }
    if name.equals("label", in: text) { return .label }
    if name.equals("region", in: text) { return .region }
    if name.equals("country", in: text) { return .country }
    if name.equals("gateways", in: text) { return .gateways }
    try json.note(name)
    return .unknown
  }

  // MARK: - Gateways

  private enum GatewayMember: UInt8 { case unknown, publicURL, url, label, order }

  /// - Returns: how many of them can be used.
  @_optimize(speed)
  private mutating func readGateways() throws(JSONReader.Problem) -> Int {
    guard json.peek() == UInt8(ascii: "[") else {
      try skip(noting: .badCluster)
      return 0
    }
    try json.enter()
    guard json.isNotEmpty(UInt8(ascii: "]")) else { return 0 }
    let start = memory.pointee.recordsSize
    var count = 0
    var last = Int64.min
    var isSorted = true
    repeat {
      guard json.peek() == UInt8(ascii: "{") else {
        try skip(noting: .badGateway)
        continue
      }
      guard let gateway = try readGateway() else { continue }
      let place = try take(MemoryLayout<GatewayRecord>.stride)
      memory.pointee.record(at: place).storeBytes(of: gateway, as: GatewayRecord.self)
      count += 1
      isSorted = isSorted && last <= gateway.order
      last = gateway.order
    } while try json.hasMore(before: UInt8(ascii: "]"))
    table.gatewayCount += count
    if !isSorted { try sort(at: start, count) }
    return count
  }

  /// A gateway, or nil where it has no URL that a CID could be appended to.
  @_optimize(speed)
  private mutating func readGateway() throws(JSONReader.Problem) -> GatewayRecord? {
    var gateway = GatewayRecord()
    try json.enter()
    guard json.isNotEmpty(UInt8(ascii: "}")) else { return nil }
    var seen: UInt8 = 0
    let mark = json.namesMark
    repeat {
      let member = try gatewayMember()
      try checkNew(member.rawValue, &seen)
      if try json.takeNull() { continue }
      switch member {
      case .publicURL: gateway.publicURL = try text(or: .badGateway)
      case .url: gateway.url = try text(or: .badGateway)
      case .label: gateway.label = try text(or: .badGateway)
      case .order: gateway.order = try integer(or: .badGateway)
      case .unknown: try json.skip()
      }
    } while try json.hasMore(before: UInt8(ascii: "}"))
    try json.forgetNames(since: mark)
    let base = gateway.base
    guard base.isThere, let separator = try separator(after: base) else { return nil }
    gateway.separator = separator
    if separator == .none {
      gateway.publicURLIsBase = gateway.publicURL.isThere
      gateway.urlIsBase = gateway.url.isThere && gateway.url.isWrittenLike(base, in: json.text)
    }
    noteSize(of: gateway)
    return gateway
  }

  @inline(__always)
  private mutating func noteSize(of gateway: GatewayRecord) {
    table.textSize +=
      gateway.base.count + gateway.separator.text.utf8CodeUnitCount
      + (gateway.publicURLIsBase ? 0 : gateway.publicURL.count)
      + (gateway.urlIsBase ? 0 : gateway.url.count)
      + gateway.label.count + DecimalDigits.count(of: gateway.order.magnitude)
      + (gateway.order < 0 ? 1 : 0)
  }

  /// Passes over the name that is next. An unknown one is noted.
  @inline(__always)
  private mutating func gatewayMember() throws(JSONReader.Problem) -> GatewayMember {
    if try json.take(name: JSONName("p", "u", "b", "l", "i", "c", "U", "r", "l")) {
      return .publicURL
    }
    if try json.take(name: JSONName("u", "r", "l")) { return .url }
    if try json.take(name: JSONName("l", "a", "b", "e", "l")) { return .label }
    if try json.take(name: JSONName("o", "r", "d", "e", "r")) { return .order }
    return try otherGatewayMember()
  }

  /// The same for a name that is unknown or written with escapes.
  @inline(never)
  private mutating func otherGatewayMember() throws(JSONReader.Problem) -> GatewayMember {
    let name = try json.name()
    let text = json.text
    if name.equals("publicUrl", in: text) { return .publicURL }
    if name.equals("url", in: text) { return .url }
    if name.equals("label", in: text) { return .label }
    if name.equals("order", in: text) { return .order }
    try json.note(name)
    return .unknown
  }

  /// What follows a base so that a CID can be appended; nil where it is no URL that could be used.
  @inline(__always)
  private mutating func separator(after base: JSONText) throws(JSONReader.Problem)
    -> GatewayBase.Separator?
  {
    if let known = knownBases.separator(after: base, in: json.text) { return known }
    guard let separator = try checkedSeparator(after: base) else { return nil }
    knownBases.note(base, separator)
    return separator
  }

  @inline(never)
  private mutating func checkedSeparator(after base: JSONText) throws(JSONReader.Problem)
    -> GatewayBase.Separator?
  {
    if let plain = base.plain(in: json.text) { return Self.separator(after: plain) }
    // Some services write each slash as \/. The room behind the records will do for a moment.
    try reserve(base.count)
    let start = memory.pointee.record(at: memory.pointee.recordsSize)
      .assumingMemoryBound(to: UInt8.self)
    var end = start
    base.write(from: json.text, to: &end)
    return Self.separator(after: Bytes(start: start, count: end - start))
  }

  private static func separator(after base: Bytes) -> GatewayBase.Separator? {
    guard let url = try? WebURL(base: base), !url.isMetadataAddress else { return nil }
    let separator = GatewayBase.separator(after: url)
    // What is listed must be a base that pk_gateway_url takes.
    let length = base.count + separator.text.utf8CodeUnitCount
    return length <= WebURL.maximumLength ? separator : nil
  }

  // MARK: - Members

  /// Refuses a known member that the object has had already. Unknown ones are compared at its end.
  ///
  /// - Parameter member: 0 for an unknown one.
  @inline(__always)
  private func checkNew(_ member: UInt8, _ seen: inout UInt8) throws(JSONReader.Problem) {
    let bit: UInt8 = 1 << member
    guard seen & bit & ~1 == 0 else { throw .malformed }
    seen |= bit
  }

  /// The text of a string; an empty one counts as missing.
  @inline(__always)
  private mutating func text(or problem: Problem) throws(JSONReader.Problem) -> JSONText {
    guard json.peek() == UInt8(ascii: "\"") else {
      try skip(noting: problem)
      return .none
    }
    let text = try json.string()
    return text.isEmpty ? .none : text
  }

  private mutating func integer(or problem: Problem) throws(JSONReader.Problem) -> Int64 {
    let byte = json.peek()
    guard byte.isDigit || byte == UInt8(ascii: "-") else {
      try skip(noting: problem)
      return 0
    }
    guard case .integer(let integer) = try json.number() else {
      note(problem)
      return 0
    }
    return integer
  }

  // MARK: - Memory

  /// Takes memory for a record.
  @inline(__always)
  private mutating func take(_ size: Int) throws(JSONReader.Problem) -> Int {
    try reserve(size)
    return memory.pointee.take(size)
  }

  /// Makes room behind the records. The body may move.
  @inline(__always)
  private mutating func reserve(_ size: Int) throws(JSONReader.Problem) {
    guard !memory.pointee.hasRoom(size) else { return }
    try grow(size)
  }

  @inline(never)
  private mutating func grow(_ size: Int) throws(JSONReader.Problem) {
    let limit = ClusterTable.maximumSize(forBody: memory.pointee.count)
    guard memory.pointee.recordsSize + size <= limit else {
      flaw = .tooDense
      throw .outOfMemory
    }
    guard memory.pointee.reserve(size) else { throw .outOfMemory }
    json.move(to: memory.pointee.bytes)
  }

  /// Sorts gateways by their order and keeps the sequence of equal ones.
  private mutating func sort(at place: Int, _ count: Int) throws(JSONReader.Problem) {
    guard count > 32 else {
      GatewaySorting.insert(gateways(at: place), count)
      return
    }
    try reserve(count * MemoryLayout<GatewayRecord>.stride)
    GatewaySorting.merge(
      gateways(at: place), count, scratch: gateways(at: memory.pointee.recordsSize))
  }

  private func gateways(at place: Int) -> UnsafeMutablePointer<GatewayRecord> {
    memory.pointee.record(at: place).assumingMemoryBound(to: GatewayRecord.self)
  }
}

/// The base URLs that were checked last: a few gateways serve most clusters.
private struct KnownBases {
  private typealias Entry = (base: JSONText, separator: GatewayBase.Separator)

  private static let capacity = 8
  private var entries = InlineArray<8, Entry>(repeating: (.none, .none))
  private var next = 0

  @inline(__always)
  func separator(after base: JSONText, in body: Bytes) -> GatewayBase.Separator? {
    for index in 0..<Self.capacity where entries[index].base.isWrittenLike(base, in: body) {
      return entries[index].separator
    }
    return nil
  }

  mutating func note(_ base: JSONText, _ separator: GatewayBase.Separator) {
    entries[next] = (base, separator)
    next = (next + 1) % Self.capacity
  }
}

/// Stable sorting of gateways by their order, without memory of its own.
private enum GatewaySorting {
  /// For a few, or for many that are nearly sorted.
  static func insert(_ records: UnsafeMutablePointer<GatewayRecord>, _ count: Int) {
    for index in 1..<max(count, 1) {
      let record = records[index]
      var place = index
      while place > 0, records[place - 1].order > record.order {
        records[place] = records[place - 1]
        place -= 1
      }
      records[place] = record
    }
  }

  /// For any number: from the bottom up, because the service decides how many there are and in what
  /// sequence they come.
  static func merge(
    _ records: UnsafeMutablePointer<GatewayRecord>, _ count: Int,
    scratch: UnsafeMutablePointer<GatewayRecord>
  ) {
    var (from, to) = (records, scratch)
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
