/// The answer of the clusters endpoint: the reader must say what the judge says.
func runClusters(_ input: Bytes) -> Verdict {
  let judge = Judge(input)
  do throws(ClusterTable.Problem) {
    memory.fill(with: input)
    let table = try ClusterReader.read(&memory.answer)
    claim(memory.answer.bytes.equals(input), "the body stays as it came")
    claim(judge.problem == nil, "the reader refuses what the judge refuses")
    compare(table, with: judge)
    claimListIsRight(memory.answer, table, judge)
    return .accepted
  } catch {
    claim(judge.problem != nil, "the reader accepts what the judge accepts")
    claim(isDefensible(error, judge), "the reader refuses for a reason that there is")
    return .refused
  }
}

/// The memory of answers, one for all inputs, as a connection has it.
private nonisolated(unsafe) var memory = UsedMemory()

private struct UsedMemory: ~Copyable {
  var answer = AnswerMemory()

  /// Puts a body where another one was. What is behind it is not what a reader may count on: so it is
  /// each time something that could go on where the body ends.
  mutating func fill(with body: Bytes) {
    let leftovers: [StaticString] = [
      "\"\"\"\"\"\"\"\"", "]]]]]]]]", "}]}]}]}]", "99999999", "\\u0041\\u", ",1,1,1,1", "        ",
      "eeee++++",
    ]
    let leftover = Bytes(leftovers[body.count % leftovers.count])
    answer.removeAll(keeping: 1 << 20)
    var length = 0
    while length < body.count + 64 {
      _ = answer.append(leftover, limit: .max)
      length += leftover.count
    }
    answer.removeAll(keeping: 1 << 20)
    // In two pieces, as it may arrive.
    _ = answer.append(body[part: 0..<body.count / 2], limit: .max)
    _ = answer.append(body.dropping(body.count / 2), limit: .max)
  }
}

/// Whether the reader may give this reason. What is no JSON is called so. Of what is wrong with JSON it
/// gives what comes first in the text, and that need not be what the judge looks for first.
private func isDefensible(_ problem: ClusterTable.Problem, _ judge: Judge) -> Bool {
  switch problem {
  case .outOfMemory, .tooDense: false
  case .tooDeep: judge.isTooDeep
  case .tooManyValues: judge.hasTooManyValues
  case .notJSON: !judge.isJSON
  case .notArray: judge.problem == .notArray
  case .badCluster: judge.isJSON && judge.hasBadCluster
  case .badGateway: judge.isJSON && judge.hasBadGateway
  }
}

// MARK: - Records

private func compare(_ table: ClusterTable, with judge: Judge) {
  claim(table.clusterCount == judge.clusters.count, "as many clusters as the judge has")
  var records = RecordWalk(memory.answer)
  let body = memory.answer.bytes
  var gateways = 0
  var size = 0
  for judged in judge.clusters {
    let cluster = records.cluster().pointee
    claim(cluster.gatewayCount == judged.gateways.count, "as many gateways as the judge has")
    gateways += cluster.gatewayCount
    size += compare(cluster, judged, in: body)
    for judged in judged.gateways { size += compare(records.gateway().pointee, judged, in: body) }
  }
  claim(table.gatewayCount == gateways, "as many gateways in all as in the clusters")
  claim(table.textSize >= size, "the texts have the room that was measured")
}

/// - Returns: how many bytes its texts take.
private func compare(_ cluster: ClusterRecord, _ judged: Judge.Cluster, in body: Bytes) -> Int {
  claim(cluster.id.isThere, "a cluster has an identifier")
  claimSame(cluster.id, judged.id, in: body, "a cluster's identifier is the judge's")
  claimSame(cluster.label, judged.label, in: body, "a cluster's label is the judge's")
  claimSame(cluster.region, judged.region, in: body, "a cluster's region is the judge's")
  claimSame(cluster.country, judged.country, in: body, "a cluster's country is the judge's")
  let texts = judged.id.count + count(judged.label) + count(judged.region) + count(judged.country)
  return texts + length(Int64(judged.gateways.count))
}

private func compare(_ gateway: GatewayRecord, _ judged: Judge.Gateway, in body: Bytes) -> Int {
  claim(gateway.order == judged.order, "a gateway's order is the judge's")
  claimSame(gateway.publicURL, judged.publicURL, in: body, "a gateway's publicUrl is the judge's")
  claimSame(gateway.url, judged.url, in: body, "a gateway's url is the judge's")
  claimSame(gateway.label, judged.label, in: body, "a gateway's label is the judge's")
  claimSame(gateway.base, judged.base, in: body, "a gateway's base is the judge's")
  let whole = judged.baseURL
  whole.withUnsafeBufferPointer { whole in
    claim(whole.hasSuffix("/ipfs/"), "a base ends in /ipfs/")
    var end = Bytes(gateway.separator.text)
    end = whole.dropping(whole.count - end.count)
    claim(end.equals(gateway.separator.text), "a separator completes the base")
    claim(whole.count == judged.base.count + end.count, "a separator adds what is missing")
    claim(
      !gateway.publicURLIsBase || judged.publicURL?.equals(whole) == true,
      "publicUrl is the base where that is said")
    claim(
      !gateway.urlIsBase || judged.url?.equals(whole) == true, "url is the base where that is said")
  }
  let urls =
    (gateway.publicURLIsBase ? 0 : count(judged.publicURL))
    + (gateway.urlIsBase ? 0 : count(judged.url))
  return whole.count + urls + count(judged.label) + length(judged.order)
}

/// How many bytes a number takes.
private func length(_ number: Int64) -> Int {
  var text = InlineText<24>()
  text.append(number)
  return text.count
}

private func count(_ text: Bytes?) -> Int { text?.count ?? 0 }

private func claimSame(_ text: JSONText, _ judged: Bytes?, in body: Bytes, _ what: StaticString) {
  guard let judged else { return claim(!text.isThere, what) }
  claim(text.isThere, what)
  claim(text.count >= judged.count, "a text is no longer than it is written")
  let written = UnsafeMutablePointer<UInt8>.allocate(capacity: text.count)
  defer { written.deallocate() }
  var end = written
  text.write(from: body, to: &end)
  let result = Bytes(start: written, count: end - written)
  claim(result.equals(judged), what)
  claimIsText(result)
}
