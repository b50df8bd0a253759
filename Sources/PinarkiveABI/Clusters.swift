import CPinarkive
import CPlatform
import Pinarkive

/// Lists the clusters that the account's plan allows, each with its public gateways.
///
/// Makes one `GET BASE/users/me/clusters`, and tries again as pk_client_options.max_attempts says.
/// The connection is kept for the next call.
///
/// - Parameters:
///   - client: from pk_client_new, or NULL for one that the whole process shares: it is made from
///     the environment on first use and kept until the process ends.
///   - options: for this call alone, or NULL.
///   - error: where to store why it failed, or NULL.
///
/// - Returns: the list, or NULL on failure. An account without clusters gives an empty list.
///
/// Ownership: release the list with pk_free. It does not depend on the client.
///
/// Threads: any number at the same time with the same client. The call blocks its thread until it
/// has an answer, or the time is out, or it is cancelled.
///
/// Errors: every pk_status except PK_OK and PK_ERROR_INVALID_CONTENT.
///
/// Since: 0.1.0
@_cdecl("pk_list_clusters")
public func pk_list_clusters(
  _ client: UnsafeMutablePointer<pk_client>?,
  _ options: UnsafePointer<pk_call_options>?,
  _ error: ErrorOut?
) -> UnsafeMutablePointer<pk_cluster_list>? {
  var said = ServiceError()
  do throws(Failure) {
    let options = try read(options, named: "pk_call_options", standard: pk_call_options())
    let client = if let client { client } else { try SharedClient.get() }
    guard let clientHandle = Handle(entering: client, .client) else {
      throw Failure(.invalidArgument, "The client was freed: make a new one.")
    }
    defer { leaveClient(clientHandle) }
    let core = clientHandle.object(ClientCore.self)
    var settings = CallSettings()
    settings.timeout = options.timeout_ms
    settings.refresh = options.refresh != 0
    guard let cancellation = options.cancellation else { return try list(core, settings, &said) }
    guard let handle = Handle(entering: cancellation, .cancellation) else {
      throw Failure(
        .invalidArgument, "The cancellation was freed before the call: make one for each call.")
    }
    defer { leaveCancellation(handle) }
    settings.cancellation = handle.object(CancellationState.self)
    return try list(core, settings, &said)
  } catch let failure {
    report(failure, said, to: error)
    return nil
  }
}

private func list(
  _ core: UnsafeMutablePointer<ClientCore>, _ settings: CallSettings,
  _ said: UnsafeMutablePointer<ServiceError>
) throws(Failure) -> UnsafeMutablePointer<pk_cluster_list>? {
  var list: UnsafeMutablePointer<pk_cluster_list>?
  try ClientCore.listClusters(core, settings, said: said) {
    (answer, provenance) throws(Failure) in list = try makeList(&answer, provenance)
  }
  return list
}

/// Makes the list in the memory of the answer: the list itself at its head, the body, the clusters
/// and gateways where their records were, the arrays of pointers to them, and then all texts.
///
/// Not private, because Tests/Fuzz calls it.
func makeList(_ answer: inout Answer, _ provenance: Provenance) throws(Failure)
  -> UnsafeMutablePointer<pk_cluster_list>
{
  let table = answer.table
  // From here on nothing moves any more.
  guard answer.memory.resize(room: table.pointersSize + table.fieldsSize) else {
    throw .outOfMemory
  }

  var layout = ListLayout(answer)
  layout.lay(table)
  let body = answer.memory.bytes
  let (jsonStart, jsonLength) = (body.baseAddress, body.count)
  guard let memory = answer.memory.surrender() else { throw .outOfMemory }
  memory.initializeMemory(as: Preamble.self, repeating: Preamble(.plain), count: 1)
  let list = (memory + Preamble.size).bindMemory(to: pk_cluster_list.self, capacity: 1)
  list.initialize(
    to: pk_cluster_list(
      count: table.clusterCount, clusters: layout.clusters,
      json: UnsafeRawPointer(jsonStart)?.assumingMemoryBound(to: CChar.self),
      json_length: jsonLength, from_cache: provenance.isFromCache ? 1 : 0,
      attempts: provenance.isFromCache ? 0 : answer.attempts, age_ms: provenance.age,
      rate_limit: answer.rateLimit, rate_limit_remaining: answer.rateLimitRemaining,
      rate_limit_reset: answer.rateLimitReset, text: layout.text.start,
      text_length: layout.text.length))
  return list
}

/// Turns the records of an answer into structures on the spot.
private struct ListLayout {
  /// The array of pointers to the clusters.
  let clusters: UnsafeMutablePointer<UnsafePointer<pk_cluster>?>
  private(set) var text: FieldWriter
  private var gateways: UnsafeMutablePointer<UnsafePointer<pk_gateway>?>
  private var records: RecordWalk

  init(_ answer: borrowing Answer) {
    records = RecordWalk(answer.memory)
    let place = answer.memory.record(at: answer.memory.recordsSize)
    let count = answer.table.clusterCount
    clusters = place.bindMemory(to: UnsafePointer<pk_cluster>?.self, capacity: count)
    gateways = UnsafeMutableRawPointer(clusters + count)
      .bindMemory(to: UnsafePointer<pk_gateway>?.self, capacity: answer.table.gatewayCount)
    text = FieldWriter(
      answer.memory.bytes,
      at: (place + answer.table.pointersSize).assumingMemoryBound(to: UInt8.self))
  }

  @_optimize(speed)
  mutating func lay(_ table: ClusterTable) {
    for index in 0..<table.clusterCount {
      let record = records.cluster()
      let cluster = cluster(record.pointee)
      clusters[index] = replace(record, by: cluster)
      for _ in 0..<cluster.gateway_count {
        let record = records.gateway()
        gateways.pointee = replace(record, by: gateway(record.pointee))
        gateways += 1
      }
    }
  }

  @inline(__always)
  private mutating func cluster(_ record: ClusterRecord) -> pk_cluster {
    let cluster = pk_cluster(
      id: text.write(record.id), label: text.write(record.label),
      region: text.write(record.region), country: text.write(record.country),
      gateway_count: record.gatewayCount, gateways: gateways)
    text.write(Int64(record.gatewayCount))
    return cluster
  }

  @inline(__always)
  private mutating func gateway(_ record: GatewayRecord) -> pk_gateway {
    let base = text.write(record.base, record.separator.text)
    let gateway = pk_gateway(
      base_url: base,
      public_url: text.write(record.publicURL, unless: record.publicURLIsBase, itIs: base),
      url: text.write(record.url, unless: record.urlIsBase, itIs: base),
      label: text.write(record.label), order: record.order)
    text.write(record.order)
    return gateway
  }

  @inline(__always)
  private func replace<Record, Structure>(
    _ record: UnsafeMutablePointer<Record>, by structure: Structure
  ) -> UnsafePointer<Structure> {
    let place = UnsafeMutableRawPointer(record).bindMemory(to: Structure.self, capacity: 1)
    place.initialize(to: structure)
    return UnsafePointer(place)
  }
}

/// Writes the fields of pk_cluster_list.text; the structures point to them.
private struct FieldWriter {
  private let body: Bytes
  private let first: UnsafeMutablePointer<UInt8>
  private var place: UnsafeMutablePointer<UInt8>

  init(_ body: Bytes, at place: UnsafeMutablePointer<UInt8>) {
    self.body = body
    first = place
    self.place = place
  }

  var start: UnsafePointer<CChar> { pointer(first) }
  var length: Int { place - first }

  /// Writes a text, and what is to follow it; an empty field for none, and then returns nil.
  @inline(__always)
  mutating func write(_ text: JSONText, _ end: StaticString = "") -> UnsafePointer<CChar>? {
    let start = place
    if text.isThere { text.write(from: body, to: &place) }
    append(Bytes(end), at: &place)
    endField()
    return text.isThere ? pointer(start) : nil
  }

  /// Writes a text, or "=" if it is the base URL.
  @inline(__always)
  mutating func write(
    _ text: JSONText, unless isBase: Bool, itIs base: UnsafePointer<CChar>?
  ) -> UnsafePointer<CChar>? {
    guard !isBase else {
      place.pointee = UInt8(ascii: "=")
      place += 1
      endField()
      return base
    }
    let start = place
    guard let written = write(text) else { return nil }
    guard start.pointee == UInt8(ascii: "=") else { return written }
    // No URL begins so, but the service may send anything.
    memmove(start + 1, start, place - start)
    place += 1
    return written + 1
  }

  @inline(__always)
  mutating func write(_ number: Int64) {
    if number < 0 {
      place.pointee = UInt8(ascii: "-")
      place += 1
    }
    let digits = DecimalDigits(number.magnitude)
    for index in 0..<digits.count { place[index] = digits[index] }
    place += digits.count
    endField()
  }

  @inline(__always)
  private mutating func endField() {
    place.pointee = 0
    place += 1
  }

  private func pointer(_ place: UnsafeMutablePointer<UInt8>) -> UnsafePointer<CChar> {
    UnsafeRawPointer(place).assumingMemoryBound(to: CChar.self)
  }
}
