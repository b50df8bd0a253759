import CCurl

/// Base URLs, of the service and of gateways. An input is one.
func runBases(_ input: Bytes) -> Verdict {
  let url: WebURL
  do throws(WebURL.Problem) {
    url = try WebURL(base: input)
  } catch {
    claim(error.sentence.utf8CodeUnitCount > 0, "a problem has a sentence")
    claim((try? GatewayBase(input)) == nil, "what is no URL is no gateway")
    return .refused
  }
  claim(url.text.equals(input), "nothing is dropped from a URL")
  claim(input.isVisibleASCII && input.count <= WebURL.maximumLength, "a URL is short ASCII")
  for byte in Bytes("\\\"<>^`{|}#?@") {
    claim(input.firstIndex(of: byte) == nil || byte == UInt8(ascii: "@"), "a URL is clean")
  }
  claimCurlAgrees(url)
  checkGateway(url)
  return .accepted
}

/// What libcurl would connect to is what was checked.
func claimCurlAgrees(_ url: WebURL) {
  guard let curl = CurlURL(url.text) else {
    claim(false, "libcurl takes what is taken for a URL")
    return
  }
  claim(curl.has(CURLUPART_SCHEME, url.isSecure ? "https" : "http"), "libcurl sees the scheme")
  claim(curl.hasHost(url.host), "libcurl sees the host")
  claim(
    curl.has(CURLUPART_PATH, url.path.count > 0 ? url.path : Bytes("/")), "libcurl sees the path")
  claim(curl.has(CURLUPART_USER, "") && curl.has(CURLUPART_PASSWORD, ""), "there is no user")
  claim(curl.has(CURLUPART_QUERY, "") && curl.has(CURLUPART_FRAGMENT, ""), "there is no query")
  if url.isLiteralLoopback {
    curl.with(CURLUPART_HOST) { host in
      guard !host.equals("[::1]") else { return }
      claim(host.hasPrefix("127."), "loopback is loopback to libcurl")
      for byte in host { claim(byte.isDigit || byte == .dot, "loopback is an address") }
    }
  }
  if let resolved = CurlURL(url.text, resolvesDots: true) {
    claim(
      resolved.has(CURLUPART_PATH, url.path.count > 0 ? url.path : Bytes("/")),
      "a path has nothing to resolve")
  }
}

private func checkGateway(_ url: WebURL) {
  guard let base = try? GatewayBase(url.text) else {
    claim(false, "every base URL is a gateway")
    return
  }
  claim(base.host.equals(url.host), "a gateway has the URL's host")
  claim(url.text.count >= base.prefix.count, "a prefix is a part of the URL")
  claim(base.prefix.equals(url.text[part: 0..<base.prefix.count]), "a prefix begins the URL")
  let separator = Bytes(GatewayBase.separator(after: url).text)
  let whole = UnsafeMutablePointer<UInt8>.allocate(capacity: url.text.count + separator.count)
  defer { whole.deallocate() }
  var end = whole
  append(url.text, at: &end)
  append(separator, at: &end)
  claim(Bytes(start: whole, count: end - whole).hasSuffix("/ipfs/"), "a base ends in /ipfs/")
  claimPrefixIsWhole(base)
  do throws(Failure) {
    try base.check(for: .subdomain)
    claim(base.prefix.count == base.origin.count, "a gateway of subdomains has no path")
    claim(!base.host.hasPrefix("["), "a gateway of subdomains has a name")
  } catch {
    claim(error.status == .invalidArgument, "a gateway is an argument")
  }
}

/// However often /ipfs/ is written behind a prefix, it stays the prefix.
private func claimPrefixIsWhole(_ base: GatewayBase) {
  let ending = Bytes("/ipfs/")
  let count = base.prefix.count + ending.count
  guard count <= WebURL.maximumLength else { return }
  let completed = UnsafeMutablePointer<UInt8>.allocate(capacity: count)
  defer { completed.deallocate() }
  var end = completed
  append(base.prefix, at: &end)
  append(ending, at: &end)
  guard let again = try? GatewayBase(Bytes(start: completed, count: count)) else {
    claim(false, "a prefix and /ipfs/ are a gateway")
    return
  }
  claim(again.prefix.equals(base.prefix), "a prefix holds no /ipfs/ of its own at its end")
}
