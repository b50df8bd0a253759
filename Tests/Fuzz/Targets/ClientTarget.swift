import CFuzz

/// A client's options and environment. An input is their names and values, such as
/// "base_url=https://h/api/v3": the environment's in capitals, or ending in _proxy.
func runClient(_ input: Bytes) -> Verdict {
  let parts = Parts(input, most: 16)
  var settings = ClientSettings()
  // The environment's texts need a NUL at their ends.
  var variables: [UnsafeMutablePointer<CChar>?] = []
  for index in 0..<parts.count {
    let part = parts[index]
    guard let equals = part.firstIndex(of: UInt8(ascii: "=")) else { continue }
    let (name, value) = (part[part: 0..<equals], part.dropping(equals + 1))
    if name.hasSuffix("_proxy") || name.count > 0 && !isLowerCase(name) {
      if name.equals("SSL_CERT_FILE"), !isHarmlessFile(value) { continue }
      variables.append(cString(part))
    } else {
      set(name, value, in: &settings)
    }
  }
  variables.append(nil)
  let outcome = variables.withUnsafeMutableBufferPointer { variables in
    let before = fuzz_environment(variables.baseAddress)
    defer { _ = fuzz_environment(before) }
    return check(settings)
  }
  for text in variables { text?.deallocate() }
  return outcome
}

private func isLowerCase(_ name: Bytes) -> Bool {
  for byte in name where byte.isLetter && byte != byte.lowercasedASCII { return false }
  return true
}

private func cString(_ text: Bytes) -> UnsafeMutablePointer<CChar> {
  let copy = UnsafeMutablePointer<CChar>.allocate(capacity: text.count + 1)
  for (index, byte) in text.enumerated() {
    (copy + index).initialize(to: CChar(bitPattern: byte))
  }
  (copy + text.count).initialize(to: 0)
  return copy
}

private func set(_ name: Bytes, _ value: Bytes, in settings: inout ClientSettings) {
  // Any number at all, as a caller of C may give.
  let isNegative = value.hasPrefix("-")
  let magnitude = (isNegative ? value.dropping(1) : value).decimal ?? .max
  let number = isNegative ? -magnitude : magnitude
  if name.equals("api_key") { settings.apiKey = value }
  if name.equals("bearer_token") { settings.bearerToken = value }
  if name.equals("base_url") { settings.baseURL = value }
  if name.equals("user_agent") { settings.userAgent = value }
  if name.equals("ca_file"), isHarmlessFile(value) { settings.caFile = value }
  if name.equals("proxy") { settings.proxy = value }
  if name.equals("timeout_ms") { settings.timeout = number }
  if name.equals("attempt_timeout_ms") { settings.attemptTimeout = number }
  if name.equals("connect_timeout_ms") { settings.connectTimeout = number }
  if name.equals("max_attempts") { settings.maxAttempts = Int32(truncatingIfNeeded: number) }
  if name.equals("max_connections") { settings.maxConnections = Int32(truncatingIfNeeded: number) }
  if name.equals("cache_ttl_ms") { settings.cacheTimeToLive = number }
  if name.equals("stale_if_error_ms") { settings.staleIfError = number }
}

private func check(_ settings: ClientSettings) -> Verdict {
  do throws(Failure) {
    let configuration = try Configuration.make(settings)
    claim((100...120_000).contains(configuration.timeout), "the time-out has bounds")
    claim((100...120_000).contains(configuration.attemptTimeout), "an attempt's time has bounds")
    claim((1...10).contains(configuration.maxAttempts), "the attempts have bounds")
    claim((1...64).contains(configuration.maxConnections), "the connections have bounds")
    claim((0...604_800_000).contains(configuration.cacheTimeToLive), "a cache's time has bounds")
    claim((0...604_800_000).contains(configuration.staleIfError), "a stale time has bounds")
    check(configuration.endpoint, settings)
    return .accepted
  } catch {
    claim(error.status == .invalidArgument || error.status == .configuration, "it is the caller's")
    var message = InlineText<1024>()
    error.write(to: &message)
    claim(!message.isEmpty, "a refusal has a sentence")
    message.withBytes { text in
      claimIsText(text)
      for byte in text { claim(byte >= 0x20 && byte != 0x7F, "a sentence is one line") }
      claimHidden(settings.apiKey, in: text, settings)
      claimHidden(settings.bearerToken, in: text, settings)
      claimHidden(settings.proxy, in: text, settings)
    }
    return .refused
  }
}

/// What an input puts into a secret to have it looked for.
private var mark: Bytes { Bytes("~5ecret~") }

/// Sentences name a file. No file of this machine is opened but the one that every client reads.
private func isHarmlessFile(_ name: Bytes) -> Bool {
  name.firstIndex(of: .slash) == nil && !contains(name, mark)
}

/// A sentence repeats no secret: no key, and no proxy, which may hold a password.
private func claimHidden(_ secret: Bytes?, in sentence: Bytes, _ settings: ClientSettings) {
  guard let secret, contains(secret, mark) else { return }
  claim(!contains(sentence, mark), "no secret is in a sentence")
}

private func check(_ endpoint: borrowing Endpoint, _ settings: ClientSettings) {
  claim((100...120_000).contains(endpoint.connectTimeout), "a connection's time has bounds")
  let url = endpoint.url.bytes
  let path = Bytes("/users/me/clusters")
  claim(url.hasSuffix("/users/me/clusters"), "the URL ends in the endpoint's path")
  claim(!url.hasSuffix("//users/me/clusters") || isDoubled(settings), "one slash is between")
  guard let base = try? WebURL(base: url[part: 0..<url.count - path.count]) else {
    claim(false, "what stands before the path is a base URL")
    return
  }
  claim(base.isSecure == endpoint.isSecure, "it is known whether the URL is https")
  claim(base.isSecure || base.isLiteralLoopback, "no key goes out in clear text")
  claimCurlAgrees(base)
  if let given = settings.baseURL {
    claim(given.count - base.text.count <= 1, "a base URL is used whole")
    claim(base.text.equals(given[part: 0..<base.text.count]), "a base URL is used as given")
  }
  claim(
    endpoint.name.bytes.firstIndex(of: UInt8(ascii: "@")) == nil || base.path.count > 0,
    "no user is logged")

  let (keyLine, tokenLine) = (endpoint.keyLine.bytes, endpoint.tokenLine.bytes)
  claim(keyLine.count + tokenLine.count > 0, "there is a key or a token")
  claim(keyLine.count <= 512 + 11 && tokenLine.count <= 4096 + 22, "a secret has a length")
  for line in [keyLine, tokenLine, endpoint.userAgent.bytes] {
    claim(line.isPrintableASCII, "a header line is one line")
  }
  claim(keyLine.count == 0 || keyLine.hasPrefix("X-API-Key: "), "a key has its header")
  if let key = settings.apiKey { claim(keyLine.dropping(11).equals(key), "the key is as given") }
  if let token = settings.bearerToken {
    claim(tokenLine.dropping(22).equals(token), "the token is as given")
  }
  if let proxy = settings.proxy {
    claim(endpoint.proxy.bytes.equals(proxy), "the proxy is as given")
    claim(proxy.isVisibleASCII, "a proxy's URL is one word")
    claim(endpoint.noProxy.bytes.count == 0, "a proxy that is asked for is used")
  } else if !endpoint.isSecure {
    claim(endpoint.proxy.bytes.count == 0, "loopback takes no proxy from the environment")
  }
}

/// A base URL may itself end in several slashes.
private func isDoubled(_ settings: ClientSettings) -> Bool {
  settings.baseURL.map { $0.hasSuffix("//") } ?? true
}
