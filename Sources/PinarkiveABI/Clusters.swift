import CPinarkive
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
    (answer, provenance) throws(Failure) in list = try makeList(answer, provenance)
  }
  return list
}

/// Lays an answer out in one block: the list, the clusters, their gateways, the arrays of pointers to
/// them, and then all texts.
private func makeList(_ answer: borrowing Answer, _ provenance: Provenance) throws(Failure)
  -> UnsafeMutablePointer<pk_cluster_list>
{
  let clusters = answer.table.clusters
  let body = answer.body.bytes
  var block = try Block(size: size(of: clusters, gateways: answer.table.gatewayCount, body))
  let list = block.take(pk_cluster_list.self)
  let clusterStructs = block.take(pk_cluster.self, count: clusters.count)
  let gatewayStructs = block.take(pk_gateway.self, count: answer.table.gatewayCount)
  let clusterPointers = block.take(UnsafePointer<pk_cluster>?.self, count: clusters.count)
  var gatewayPointers = block.take(
    UnsafePointer<pk_gateway>?.self, count: answer.table.gatewayCount)

  var gateway = gatewayStructs
  for index in 0..<clusters.count {
    let cluster = clusters[index]
    let firstGateway = gatewayPointers
    for record in cluster.gateways {
      gateway.initialize(to: copy(record, into: &block))
      gatewayPointers.initialize(to: gateway)
      gateway += 1
      gatewayPointers += 1
    }
    (clusterStructs + index).initialize(
      to: pk_cluster(
        id: block.copy(cluster.id), label: block.copy(ifAny: cluster.label),
        region: block.copy(ifAny: cluster.region), country: block.copy(ifAny: cluster.country),
        gateway_count: cluster.gateways.count, gateways: firstGateway))
    (clusterPointers + index).initialize(to: clusterStructs + index)
  }
  list.initialize(
    to: pk_cluster_list(
      count: clusters.count, clusters: clusterPointers, json: block.copy(body),
      json_length: body.count, from_cache: provenance.isFromCache ? 1 : 0,
      attempts: provenance.isFromCache ? 0 : answer.attempts, age_ms: provenance.age,
      rate_limit: answer.rateLimit, rate_limit_remaining: answer.rateLimitRemaining,
      rate_limit_reset: answer.rateLimitReset))
  return list
}

private func copy(_ record: GatewayRecord, into block: inout Block) -> pk_gateway {
  pk_gateway(
    base_url: block.copy(record.base, record.separator),
    public_url: block.copy(ifAny: record.publicURL), url: block.copy(ifAny: record.url),
    label: block.copy(ifAny: record.label), order: record.order)
}

/// The bytes that `makeList` needs. The texts were all part of an answer of bounded size, so the sum
/// is far from overflowing.
private func size(
  of clusters: UnsafeBufferPointer<ClusterRecord>, gateways: Int, _ body: Bytes
) -> Int {
  var size = MemoryLayout<pk_cluster_list>.stride + body.count + 1
  size += clusters.count * (MemoryLayout<pk_cluster>.stride + MemoryLayout<Int>.stride)
  size += gateways * (MemoryLayout<pk_gateway>.stride + MemoryLayout<Int>.stride)
  for cluster in clusters {
    size += cluster.id.count + 1 + Block.size(ifAny: cluster.label)
    size += Block.size(ifAny: cluster.region) + Block.size(ifAny: cluster.country)
    for gateway in cluster.gateways {
      size += gateway.base.count + gateway.separator.count + 1
      size += Block.size(ifAny: gateway.publicURL) + Block.size(ifAny: gateway.url)
      size += Block.size(ifAny: gateway.label)
    }
  }
  return size
}
