import CPinarkive
import CPlatform
import Pinarkive

/// The URLs to try for a piece of content, the best one first.
///
/// First come the gateways of the cluster that is asked for, by their order, then those of the
/// other clusters in the service's sequence, each by their order. A URL that several gateways have
/// stands once, at its best place. A gateway that cannot make the URL is left out, such as one on an
/// IP address for PK_URL_SUBDOMAIN.
///
/// - Parameters:
///   - list: from pk_list_clusters.
///   - content: as for pk_gateway_url.
///   - cluster: the identifier of the cluster that is to come first, or NULL.
///   - options: how the URLs are made, or NULL. PK_URL_NATIVE is refused: it needs no gateway.
///   - error: where to store why it failed, or NULL.
///
/// - Returns: the candidates, or NULL on failure.
///
/// Ownership: release the candidates with pk_free. They do not depend on the list.
///
/// Threads: any, at any time.
///
/// Errors: PK_ERROR_INVALID_CONTENT, perhaps with a suggestion; PK_ERROR_INVALID_ARGUMENT, also for
/// a cluster that the list does not have; PK_ERROR_OUT_OF_MEMORY.
///
/// Since: 0.1.0
@_cdecl("pk_candidates")
public func pk_candidates(
  _ list: UnsafePointer<pk_cluster_list>?,
  _ content: UnsafePointer<CChar>?,
  _ cluster: UnsafePointer<CChar>?,
  _ options: UnsafePointer<pk_url_options>?,
  _ error: ErrorOut?
) -> UnsafeMutablePointer<pk_candidate_list>? {
  do throws(Failure) {
    let options = try URLOptions(options)
    guard let list else { throw Failure(.invalidArgument, "The list of clusters is NULL.") }
    guard let content = Bytes(argument: content) else {
      throw Failure(.invalidArgument, "The content is NULL: give a CID.")
    }
    guard options.style != .native else {
      throw Failure(.invalidArgument, "PK_URL_NATIVE needs no gateway: use pk_gateway_url.")
    }
    let ranking = try Ranking(list.pointee, cluster: whole(cluster))
    var outcome: Result<UnsafeMutablePointer<pk_candidate_list>?, Failure> = .success(nil)
    ContentScratch.with { scratch in
      do throws(ContentRefusal) {
        // The content is judged even where there is no gateway at all.
        _ = try ContentAddress(content, in: scratch)
        do throws(Failure) {
          outcome = .success(try makeCandidates(ranking, content, options, scratch))
        } catch { outcome = .failure(error) }
      } catch let refusal {
        report(refusal, of: content, to: error)
      }
    }
    return try outcome.get()
  } catch let failure {
    report(failure, to: error)
    return nil
  }
}

/// The gateways of a list in the order in which they are to be tried.
private struct Ranking {
  private let clusters: UnsafeBufferPointer<UnsafePointer<pk_cluster>?>
  /// The place of the cluster that comes first.
  private let first: Int
  private let isAskedFor: Bool
  let gatewayCount: Int

  /// - Throws: `invalidArgument` for a cluster that the list does not have.
  init(_ list: pk_cluster_list, cluster: Bytes?) throws(Failure) {
    clusters = UnsafeBufferPointer(start: list.clusters, count: list.count)
    var first: Int?
    var count = 0
    for (index, entry) in clusters.enumerated() {
      guard let entry else { continue }
      count += entry.pointee.gateway_count
      if let cluster {
        if first == nil, whole(entry.pointee.id)?.equals(cluster) == true {
          first = index
        }
      } else if first == nil, entry.pointee.gateway_count > 0 {
        first = index
      }
    }
    if cluster != nil, first == nil {
      throw Failure(
        .invalidArgument, "The list has no cluster of that identifier: take one of its ids.")
    }
    (self.first, isAskedFor, gatewayCount) = (first ?? 0, cluster != nil, count)
  }

  /// Calls `body` with each gateway.
  @inline(never)
  @_optimize(size)
  func forEachGateway(_ body: (pk_cluster, pk_gateway, pk_reason) -> Void) {
    // The turn before the clusters' own is that of the first.
    for turn in -1..<clusters.count where turn != first {
      let index = turn < 0 ? first : turn
      guard index < clusters.count, let cluster = clusters[index] else { continue }
      let reason =
        turn >= 0
        ? PK_REASON_OTHER_CLUSTER : isAskedFor ? PK_REASON_ASKED_FOR : PK_REASON_FIRST_CLUSTER
      for place in 0..<cluster.pointee.gateway_count {
        guard let gateway = cluster.pointee.gateways[place] else { continue }
        body(cluster.pointee, gateway.pointee, reason)
      }
    }
  }
}

/// A text of a list. It may be longer than any argument, and is copied as it is.
private func whole(_ text: UnsafePointer<CChar>?) -> Bytes? { text.map { Bytes(cString: $0) } }

@_optimize(size)
private func makeCandidates(
  _ ranking: Ranking, _ content: Bytes, _ options: URLOptions, _ scratch: ContentScratch
) throws(Failure) -> UnsafeMutablePointer<pk_candidate_list> {
  @inline(never)
  func url(_ gateway: pk_gateway) -> GatewayURL? {
    guard let base = try? GatewayBase(whole(gateway.base_url)),
      (try? base.check(for: options.style)) != nil
    else { return nil }
    return try? GatewayURL(base, content, options, in: scratch)
  }
  let entry = MemoryLayout<pk_candidate>.stride + MemoryLayout<Int>.stride
  var size = MemoryLayout<pk_candidate_list>.stride + ranking.gatewayCount * entry
  ranking.forEachGateway { cluster, gateway, _ in
    guard let url = url(gateway) else { return }
    size += url.count + 1 + (whole(cluster.id)?.count ?? 0) + 1
    size += Block.size(ifAny: whole(cluster.label))
    size += Block.size(ifAny: whole(gateway.label))
  }
  var seen = try TextSet(capacity: ranking.gatewayCount)
  var block = try Block(size: size)
  let list = block.take(pk_candidate_list.self)
  let pointers = block.take(UnsafePointer<pk_candidate>?.self, count: ranking.gatewayCount)
  let candidates = block.take(pk_candidate.self, count: ranking.gatewayCount)
  var count = 0
  ranking.forEachGateway { cluster, gateway, reason in
    guard let url = url(gateway) else { return }
    let text = block.text { place in
      url.write(to: place)
      return url.count
    }
    guard seen.insert(text, length: url.count) else { return }
    (candidates + count).initialize(
      to: pk_candidate(
        url: text, cluster_id: block.copy(whole(cluster.id) ?? Bytes("")),
        cluster_label: block.copy(ifAny: whole(cluster.label)),
        gateway_label: block.copy(ifAny: whole(gateway.label)), order: gateway.order,
        reason: Int32(reason.rawValue)))
    pointers[count] = UnsafePointer(candidates + count)
    count += 1
  }
  list.initialize(to: pk_candidate_list(count: count, candidates: pointers))
  return list
}

/// Texts of which each stands once, so that thousands of gateways need no comparison of each with
/// each. Borrows the texts.
private struct TextSet: ~Copyable {
  private let slots: UnsafeMutablePointer<UnsafePointer<CChar>?>
  private let mask: Int

  /// - Throws: `outOfMemory`.
  init(capacity: Int) throws(Failure) {
    // At most half full, so that a free slot is soon found.
    var size = 8
    while size < capacity * 2 { size *= 2 }
    mask = size - 1
    guard let memory = calloc(size, MemoryLayout<UnsafePointer<CChar>?>.stride) else {
      throw .outOfMemory
    }
    slots = memory.bindMemory(to: UnsafePointer<CChar>?.self, capacity: size)
  }

  deinit { free(slots) }

  /// Returns false if an equal text is there already.
  mutating func insert(_ text: UnsafePointer<CChar>, length: Int) -> Bool {
    // FNV-1a.
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in Bytes(cString: text, limit: length) {
      hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3
    }
    var place = Int(truncatingIfNeeded: hash ^ hash >> 32) & mask
    while let other = slots[place] {
      if strcmp(other, text) == 0 { return false }
      place = (place + 1) & mask
    }
    slots[place] = text
    return true
  }
}
