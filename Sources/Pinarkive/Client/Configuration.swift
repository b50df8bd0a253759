import CPlatform

/// The checked settings of a client, in memory of its own. Never changes.
struct Configuration: ~Copyable {
  static let defaultBaseURL: StaticString = "https://api.pinarkive.com/api/v3"
  private static let path: StaticString = "/users/me/clusters"

  let endpoint: Endpoint
  let log: LogLevel
  /// Milliseconds.
  let timeout: Int64
  let attemptTimeout: Int64
  let maxAttempts: Int
  let maxConnections: Int
  /// Milliseconds; 0 for no cache.
  let cacheTimeToLive: Int64
  let staleIfError: Int64

  /// Checks what the caller wants, fills in the environment and the defaults, and copies it all.
  ///
  /// - Throws: `invalidArgument` for what the caller gave, `configuration` for what the environment
  ///   gave or lacks, `outOfMemory`.
  static func make(_ settings: ClientSettings) throws(Failure) -> Configuration {
    let environment = Environment()
    let timeout = try milliseconds(settings.timeout, "timeout_ms", default: 10_000)
    let attemptTimeout = try milliseconds(
      settings.attemptTimeout, "attempt_timeout_ms", default: 4_000)
    let maxAttempts = try count(settings.maxAttempts, "max_attempts", 1...10, default: 3)
    let maxConnections = try count(settings.maxConnections, "max_connections", 1...64, default: 4)
    let cacheTimeToLive = try cacheTime(settings.cacheTimeToLive, "cache_ttl_ms")
    let staleIfError = try cacheTime(settings.staleIfError, "stale_if_error_ms")
    let endpoint = try makeEndpoint(settings, environment)
    return Configuration(
      endpoint: endpoint, log: LogLevel(environment.value("PINARKIVE_LOG")), timeout: timeout,
      attemptTimeout: attemptTimeout, maxAttempts: maxAttempts, maxConnections: maxConnections,
      cacheTimeToLive: cacheTimeToLive, staleIfError: staleIfError)
  }

  /// Checks a time in milliseconds: 0 is the default, the rest is brought into 100 ms to 120 s.
  static func milliseconds(_ value: Int64, _ name: StaticString, default standard: Int64)
    throws(Failure) -> Int64
  {
    guard value >= 0 else { throw refusal(name, "is negative") }
    return value == 0 ? standard : min(max(value, 100), 120_000)
  }

  /// Checks a time in milliseconds for which answers are kept: at most a week.
  private static func cacheTime(_ value: Int64, _ name: StaticString) throws(Failure) -> Int64 {
    guard value >= 0 else { throw refusal(name, "is negative") }
    return min(value, 7 * 86_400_000)
  }

  private static func count(
    _ value: Int32, _ name: StaticString, _ range: ClosedRange<Int32>, default standard: Int
  ) throws(Failure) -> Int {
    if value == 0 { return standard }
    guard range.contains(value) else {
      throw Failure(
        .invalidArgument, "{} is not a number from 1 to {}.", .text(name),
        .number(Int64(range.upperBound)))
    }
    return Int(value)
  }

  private static func makeEndpoint(_ settings: ClientSettings, _ environment: Environment)
    throws(Failure) -> Endpoint
  {
    let connectTimeout = try milliseconds(
      settings.connectTimeout, "connect_timeout_ms", default: 2_000)
    let base = try baseURL(settings, environment)
    let credentials = try Credentials(settings, environment)

    let userAgent = settings.userAgent ?? Bytes(Library.userAgent)
    guard userAgent.count > 0, userAgent.count <= 256, userAgent.isPrintableASCII else {
      throw refusal("user_agent", "is not 1 to 256 characters of printable ASCII")
    }

    // A loopback address takes no proxy from the environment: the request would leave the machine,
    // and reach another one's loopback.
    var proxy = Bytes("")
    var noProxy = Bytes("")
    if let option = settings.proxy {
      try checkProxy(option)
      proxy = option
    } else if !base.isLiteralLoopback {
      proxy =
        environment.value("https_proxy", or: "HTTPS_PROXY")
        ?? environment.value("all_proxy", or: "ALL_PROXY") ?? proxy
      noProxy = environment.value("no_proxy", or: "NO_PROXY") ?? noProxy
    }

    let proxyIsSecure = proxy.hasPrefixIgnoringCase("https://")
    let trust =
      base.isSecure || proxyIsSecure || settings.caFile != nil
      ? try TrustStore.find(
        option: settings.caFile, file: environment.value("SSL_CERT_FILE"),
        directory: environment.value("SSL_CERT_DIR"))
      : try TrustStore.standard()

    // One slash between base and path, however the base ends.
    let endsInSlash = base.text.hasSuffix("/")
    let trimmed = endsInSlash ? base.text[part: 0..<base.text.count - 1] : base.text
    let scheme = base.isSecure ? 8 : 7
    return Endpoint(
      url: try OwnedText(trimmed, Bytes(path)), isSecure: base.isSecure,
      name: try OwnedText(trimmed.dropping(scheme), Bytes(path)),
      keyLine: try line(Endpoint.keyHeader, credentials.apiKey),
      tokenLine: try line(Endpoint.tokenHeader, credentials.bearerToken),
      userAgent: try OwnedText(userAgent), trust: trust, proxy: try OwnedText(proxy),
      proxyIsSecure: proxyIsSecure, noProxy: try OwnedText(noProxy), connectTimeout: connectTimeout)
  }

  /// Checks a proxy as libcurl understands it: "[scheme://][user:password@]host[:port][/]". Empty
  /// means none.
  private static func checkProxy(_ proxy: Bytes) throws(Failure) {
    if proxy.count == 0 { return }
    guard proxy.count <= WebURL.maximumLength, proxy.isVisibleASCII else {
      throw refusal("proxy", "is too long, or holds a space or a control character")
    }
    var authority = proxy
    for index in 0..<proxy.count where proxy.dropping(index).hasPrefix("://") {
      guard isProxyScheme(proxy[part: 0..<index]) else {
        throw refusal(
          "proxy", "has a scheme other than http, https, socks4, socks4a, socks5, socks5h")
      }
      authority = proxy.dropping(index + 3)
      break
    }
    if let slash = authority.firstIndex(of: .slash) { authority = authority[part: 0..<slash] }
    while let at = authority.firstIndex(of: UInt8(ascii: "@")) {
      authority = authority.dropping(at + 1)
    }
    do throws(WebURL.Problem) { _ = try WebURL.host(of: authority) } catch {
      throw refusal("proxy", error.sentence)
    }
  }

  private static func isProxyScheme(_ scheme: Bytes) -> Bool {
    scheme.equalsIgnoringCase("http") || scheme.equalsIgnoringCase("https")
      || scheme.equalsIgnoringCase("socks4") || scheme.equalsIgnoringCase("socks4a")
      || scheme.equalsIgnoringCase("socks5") || scheme.equalsIgnoringCase("socks5h")
  }

  private static func line(_ header: StaticString, _ secret: Bytes?) throws(Failure)
    -> OwnedText
  {
    guard let secret else { return try OwnedText(Bytes("")) }
    return try OwnedText(Bytes(header), secret)
  }

  private static func baseURL(_ settings: ClientSettings, _ environment: Environment)
    throws(Failure) -> WebURL
  {
    let given = settings.baseURL
    let text = given ?? environment.value("PINARKIVE_API_URL") ?? Bytes(defaultBaseURL)
    func refuse(_ reason: StaticString) -> Failure {
      given != nil
        ? refusal("base_url", reason)
        : refusal("PINARKIVE_API_URL", reason, status: .configuration)
    }
    let url: WebURL
    do throws(WebURL.Problem) { url = try WebURL(base: text) } catch {
      throw refuse(error.sentence)
    }
    guard url.isSecure || url.isLiteralLoopback else {
      throw refuse(
        "is not https, so the key could be read on the way; http is only for 127.0.0.1 and [::1]")
    }
    return url
  }

  static func refusal(
    _ name: StaticString, _ reason: StaticString, status: Status = .invalidArgument
  ) -> Failure {
    Failure(status, "{} {}.", .text(name), .text(reason))
  }
}

/// The key and the token: the caller's or the environment's. Borrowed; copy them at once.
private struct Credentials {
  private(set) var apiKey: Bytes?
  private(set) var bearerToken: Bytes?

  init(_ settings: ClientSettings, _ environment: Environment) throws(Failure) {
    if let token = settings.bearerToken {
      bearerToken = try Self.check(token, "bearer_token", limit: 4096, .invalidArgument)
    }
    if let key = settings.apiKey {
      apiKey = try Self.check(key, "api_key", limit: 512, .invalidArgument)
    } else if bearerToken == nil {
      guard let key = environment.value("PINARKIVE_API_KEY") else {
        throw Failure(
          .configuration,
          "There is no API key: set PINARKIVE_API_KEY, or give api_key when the client is made.")
      }
      apiKey = try Self.check(key, "PINARKIVE_API_KEY", limit: 512, .configuration)
    }
  }

  /// What is put into a header field must not be able to begin another one. The value is never
  /// repeated in the message.
  private static func check(
    _ value: Bytes, _ name: StaticString, limit: Int, _ status: Status
  ) throws(Failure) -> Bytes {
    func refuse(_ reason: StaticString) -> Failure {
      Configuration.refusal(name, reason, status: status)
    }
    guard value.count > 0 else { throw refuse("is empty") }
    guard value.count <= limit else {
      throw refuse("is too long to be a key: check what was put there")
    }
    guard value.isVisibleASCII else {
      throw refuse("holds a space, a line break or another character that no key has")
    }
    return value
  }
}
