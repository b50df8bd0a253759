import CPlatform

/// Where requests go, and what goes with each of them. Never changes.
struct Endpoint: ~Copyable {
  /// The whole URL.
  let url: OwnedText
  /// Whether it is https.
  let isSecure: Bool
  /// Host and path, for the log: nothing in it is secret.
  let name: OwnedText
  /// The header lines that carry the key and the token; empty where there is none.
  let keyLine: OwnedText
  let tokenLine: OwnedText
  let userAgent: OwnedText
  /// The certificate authorities that may vouch for the service.
  let trust: TrustStore
  /// The proxy's URL; empty for none.
  let proxy: OwnedText
  /// Whether the way to the proxy is TLS as well, with the same authorities.
  let proxyIsSecure: Bool
  /// The hosts that need no proxy, as the environment lists them.
  let noProxy: OwnedText
  /// Milliseconds for a connection.
  let connectTimeout: Int64

  static let keyHeader: StaticString = "X-API-Key: "
  static let tokenHeader: StaticString = "Authorization: Bearer "

  /// The key and the token, to keep them out of texts.
  var secrets: Secrets {
    Secrets(
      apiKey: keyLine.bytes.droppingUp(to: Self.keyHeader.utf8CodeUnitCount),
      bearerToken: tokenLine.bytes.droppingUp(to: Self.tokenHeader.utf8CodeUnitCount))
  }
}
