import CPinarkive

/// Claims that the list which a caller of the C interface gets says what the judge says: its
/// structures, and its one text.
func claimListIsRight(_ answer: borrowing AnswerMemory, _ table: ClusterTable, _ judge: Judge) {
  // A copy is just as large as what is in it, so that the address sanitizer sees the end.
  guard let memory = answer.copy() else { return claim(false, "there is memory") }
  var copy = Answer(
    memory: memory, table: table, attempts: 1, rateLimit: 2, rateLimitRemaining: 3,
    rateLimitReset: 4)
  guard let list = try? makeList(&copy, Provenance(isFromCache: false, age: 0)) else {
    return claim(false, "there is memory for the list")
  }
  defer { pk_free(list) }
  claim(list.pointee.count == judge.clusters.count, "the list has the judge's clusters")
  claim(list.pointee.json_length == answer.count, "the list has the body")
  claimSame(list.pointee.json, answer.bytes, "the list has the body as it came")
  for (index, judged) in judge.clusters.enumerated() {
    guard let cluster = list.pointee.clusters[index]?.pointee else {
      return claim(false, "each cluster is there")
    }
    claimSame(cluster.id, judged.id, "a cluster's id is the judge's")
    claimSame(cluster.label, judged.label, "a cluster's label is the judge's")
    claimSame(cluster.region, judged.region, "a cluster's region is the judge's")
    claimSame(cluster.country, judged.country, "a cluster's country is the judge's")
    claim(cluster.gateway_count == judged.gateways.count, "a cluster has the judge's gateways")
    for (index, judged) in judged.gateways.enumerated() {
      guard let gateway = cluster.gateways[index]?.pointee else {
        return claim(false, "each gateway is there")
      }
      claim(gateway.order == judged.order, "a gateway's order is the judge's")
      judged.baseURL.withUnsafeBufferPointer {
        claimSame(gateway.base_url, $0, "a gateway's base_url is the judge's")
      }
      claimSame(gateway.public_url, judged.publicURL, "a gateway's public_url is the judge's")
      claimSame(gateway.url, judged.url, "a gateway's url is the judge's")
      claimSame(gateway.label, judged.label, "a gateway's label is the judge's")
    }
  }
  let text = Bytes(
    start: UnsafeRawPointer(list.pointee.text)?.assumingMemoryBound(to: UInt8.self),
    count: list.pointee.text_length)
  claimFieldsAreRight(text, judge)
}

/// Reads pk_cluster_list.text as it is documented.
private func claimFieldsAreRight(_ text: Bytes, _ judge: Judge) {
  var fields = Fields(rest: text)
  for cluster in judge.clusters {
    claimSame(fields.next(), cluster.id, "the id in the text is the judge's")
    claimSame(fields.next(), cluster.label, "the label in the text is the judge's")
    claimSame(fields.next(), cluster.region, "the region in the text is the judge's")
    claimSame(fields.next(), cluster.country, "the country in the text is the judge's")
    claim(fields.next().decimal == Int64(cluster.gateways.count), "the text has the count")
    for gateway in cluster.gateways {
      let base = fields.next()
      gateway.baseURL.withUnsafeBufferPointer {
        claimSame(base, $0, "the base_url in the text is the judge's")
      }
      let publicURL = fields.nextURL(base)
      claimSame(publicURL, gateway.publicURL, "the public_url in the text is the judge's")
      claimSame(fields.nextURL(base), gateway.url, "the url in the text is the judge's")
      claimSame(fields.next(), gateway.label, "the label in the text is the judge's")
      let order = fields.next()
      let digits = order.hasPrefix("-") ? order.dropping(1) : order
      // The smallest number has no positive counterpart.
      let magnitude = gateway.order == .min ? nil : Int64(gateway.order.magnitude)
      claim(digits.decimal == magnitude && digits.isAllDigits, "the text has the order")
      claim(order.hasPrefix("-") == (gateway.order < 0), "the text has the order's sign")
    }
  }
  claim(fields.rest.count == 0, "the text ends with the last field")
}

/// Fields that each end with a NUL.
private struct Fields {
  var rest: Bytes

  mutating func next() -> Bytes {
    guard let end = rest.firstIndex(of: 0) else {
      claim(false, "the text has all fields, and each has its NUL")
      return Bytes("")
    }
    defer { rest = rest.dropping(end + 1) }
    return rest[part: 0..<end]
  }

  /// "=" stands for the base URL, and "==" for "=" at the beginning.
  mutating func nextURL(_ base: Bytes) -> Bytes {
    let field = next()
    guard field.hasPrefix("=") else { return field }
    return field.count == 1 ? base : field.dropping(1)
  }
}

/// An empty field stands for none.
private func claimSame(_ field: Bytes, _ judged: Bytes?, _ what: StaticString) {
  claim(field.equals(judged ?? Bytes("")), what)
}

private func claimSame(_ text: UnsafePointer<CChar>?, _ judged: Bytes?, _ what: StaticString) {
  guard let text, let judged else { return claim(text == nil && judged == nil, what) }
  // No longer than the whole answer, even if its NUL were missing.
  claim(Bytes(cString: text, limit: 1 << 20).equals(judged), what)
}
