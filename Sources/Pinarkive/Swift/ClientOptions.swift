/// How a `Client` is made. What is nil is taken from the environment or has a default.
public struct ClientOptions: Sendable {
  /// The API key, sent as `X-API-Key`. Default: `$PINARKIVE_API_KEY`, unless there is a bearer token.
  public var apiKey: String?
  /// An API key or session token, sent as `Authorization: Bearer`.
  public var bearerToken: String?
  /// The base URL of the API: https, or http for a literal loopback address. Default:
  /// `$PINARKIVE_API_URL`, else https://api.pinarkive.com/api/v3
  public var baseURL: String?
  /// The `User-Agent` header.
  public var userAgent: String?
  /// A PEM file of the certificate authorities to trust, and of no others. Default:
  /// `$SSL_CERT_FILE`, else `$SSL_CERT_DIR`, else what the system trusts.
  public var caFile: String?
  /// The proxy's URL; "" means none. Default: that of the environment.
  public var proxy: String?
  /// For a whole call, everything included. Default 10 s; brought into 100 ms to 120 s.
  public var timeout: Duration?
  /// For one request and its answer. Default 4 s; same limits.
  public var attemptTimeout: Duration?
  /// For one connection, TLS included. Default 2 s; same limits.
  public var connectTimeout: Duration?
  /// How often a request is tried at most: 1 to 10. Default 3.
  public var maxAttempts: Int?
  /// How many connections are opened at most: 1 to 64. Default 4.
  public var maxConnections: Int?
  /// How long an answer is kept and used again without a request. Default: not at all. At most a
  /// week; a tenth more or less, by chance. Callers at the same time then share one request.
  public var cacheTimeToLive: Duration?
  /// For how long after that a kept answer stands in when a request fails (network, time-out, HTTP
  /// 429 or 5xx). Default: not at all.
  public var staleIfError: Duration?

  /// Everything from the environment.
  public init() {}

  /// Lends the options to `body` in the form that the core takes.
  func withSettings<Result>(_ body: (ClientSettings) throws(Failure) -> Result)
    throws(PinarkiveError) -> Result
  {
    let texts = Texts([apiKey, bearerToken, baseURL, userAgent, caFile, proxy])
    var settings = ClientSettings()
    settings.apiKey = texts[0]
    settings.bearerToken = texts[1]
    settings.baseURL = texts[2]
    settings.userAgent = texts[3]
    settings.caFile = texts[4]
    settings.proxy = texts[5]
    settings.timeout = timeout?.wholeMilliseconds ?? 0
    settings.attemptTimeout = attemptTimeout?.wholeMilliseconds ?? 0
    settings.connectTimeout = connectTimeout?.wholeMilliseconds ?? 0
    // 0 is the default, so an explicit 0 must not become one.
    settings.maxAttempts = maxAttempts.map { $0 == 0 ? -1 : Int32(clamping: $0) } ?? 0
    settings.maxConnections = maxConnections.map { $0 == 0 ? -1 : Int32(clamping: $0) } ?? 0
    // Of these none is what zero says as well: not at all.
    settings.cacheTimeToLive = cacheTimeToLive?.unlessZero?.wholeMilliseconds ?? 0
    settings.staleIfError = staleIfError?.unlessZero?.wholeMilliseconds ?? 0
    return try withExtendedLifetime(texts) { () throws(PinarkiveError) in
      // In here, because the sentence of a failure may borrow the texts.
      do throws(Failure) { return try body(settings) } catch { throw PinarkiveError(error) }
    }
  }
}

/// Copies of Strings as bytes at fixed addresses, as long as this lives.
final class Texts {
  private var copies: [UnsafeMutableBufferPointer<UInt8>?]

  init(_ texts: [String?]) {
    copies = texts.map { text in
      text.map { text in
        let copy = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: text.utf8.count)
        _ = copy.initialize(fromContentsOf: text.utf8)
        return copy
      }
    }
  }

  deinit {
    for case let copy? in copies { copy.deallocate() }
  }

  subscript(index: Int) -> Bytes? { copies[index].map { Bytes($0) } }
}

extension Duration {
  fileprivate var unlessZero: Duration? { self == .zero ? nil : self }

  /// Whole milliseconds; at least 1 where there is any time, since 0 means the default; the extremes
  /// of Int64 where there are more.
  var wholeMilliseconds: Int64 {
    let (seconds, attoseconds) = components
    let (milliseconds, overflow) = seconds.multipliedReportingOverflow(by: 1000)
    if overflow { return seconds < 0 ? .min : .max }
    let (sum, tooLarge) = milliseconds.addingReportingOverflow(attoseconds / 1_000_000_000_000_000)
    if tooLarge { return seconds < 0 ? .min : .max }
    return sum == 0 ? (self < .zero ? -1 : 1) : sum
  }
}
