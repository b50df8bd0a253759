import CCurl

/// What a failure inside libcurl means for the caller.
struct CurlFailure {
  let error: Failure
  /// Whether another attempt may do better.
  let isTransient: Bool
  /// libcurl's number for it, for the log.
  private(set) var code: Int64 = 0

  /// - Parameters:
  ///   - code: libcurl's result.
  ///   - lane: the lane that it happened on, for what else libcurl knows.
  init(_ code: CURLcode, on lane: borrowing Lane) {
    if let overflow = lane.exchange.overflow {
      self.init(overflow)
    } else if code == CURLE_OUT_OF_MEMORY && lane.hasEndlessLine || code == Self.tooLarge {
      self.init(.headers)
    } else {
      self.init(code: code, on: lane)
    }
    self.code = Int64(code.rawValue)
  }

  /// CURLE_TOO_LARGE, which came with 8.6 for lines that are too long.
  private static var tooLarge: CURLcode { CURLcode(rawValue: 100) }

  private init(code: CURLcode, on lane: borrowing Lane) {
    switch code {
    case CURLE_COULDNT_RESOLVE_HOST:
      self.init(
        .network,
        "The name of the service could not be resolved: check the network and the base URL.",
        transient: true)
    case CURLE_COULDNT_RESOLVE_PROXY:
      self.init(
        .network, "The name of the proxy could not be resolved: check the proxy's URL.",
        transient: true)
    case CURLE_COULDNT_CONNECT:
      self.init(
        .network, "No connection to the service: check the network, the base URL and the proxy.",
        transient: true)
    case CURLE_OPERATION_TIMEDOUT:
      self.init(
        .timeout, "The service did not answer in time: check the network or try again later.",
        transient: true)
    case CURLE_PEER_FAILED_VERIFICATION:
      self.init(.tls, Self.certificateProblem(lane.information(CURLINFO_SSL_VERIFYRESULT)))
    case CURLE_SSL_CACERT_BADFILE:
      self.init(
        .configuration,
        "The bundle of certificate authorities is gone or holds none: check ca_file or SSL_CERT_FILE."
      )
    case CURLE_SSL_CONNECT_ERROR where lane.information(CURLINFO_OS_ERRNO) != 0:
      self.init(
        .network, "The connection broke during the TLS handshake: try again later.",
        transient: true)
    case CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CIPHER, CURLE_SSL_CERTPROBLEM, CURLE_SSL_ISSUER_ERROR,
      CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_ENGINE_INITFAILED, CURLE_USE_SSL_FAILED:
      self.init(
        .tls, "The TLS handshake failed: the service or something before it does not speak TLS 1.2."
      )
    // The URL was taken apart when the lane was made; a copy of it is all that can fail later.
    case CURLE_OUT_OF_MEMORY, CURLE_URL_MALFORMAT:
      self.init(error: .outOfMemory, isTransient: false)
    case CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY, CURLE_BAD_CONTENT_ENCODING,
      CURLE_HTTP_RETURNED_ERROR:
      self.init(
        .protocolViolation, "The answer is not HTTP: check the base URL and the proxy.")
    case CURLE_PROXY:
      self.init(.network, "The proxy refused the connection: check the proxy's URL.")
    case CURLE_RECV_ERROR where lane.information(CURLINFO_HTTP_CONNECTCODE) >= 400:
      self.init(.network, "The proxy refused the connection: check the proxy's URL and login.")
    case CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_GOT_NOTHING, CURLE_PARTIAL_FILE,
      CURLE_HTTP2, CURLE_HTTP2_STREAM, CURLE_READ_ERROR, CURLE_WRITE_ERROR:
      self.init(
        .network, "The connection broke before the answer was complete: try again.",
        transient: true)
    default:
      self.init(
        error: Failure(
          .internalFault, "libcurl failed with code {}: please report it.",
          .number(Int64(code.rawValue))), isTransient: false)
    }
  }

  private init(_ overflow: Exchange.Overflow) {
    switch overflow {
    case .headers:
      self.init(.tooLarge, "The header of the answer is larger than 32 KiB: check the base URL.")
    case .body:
      self.init(.tooLarge, "The answer is larger than 8 MiB: check the base URL.")
    case .memory:
      self.init(error: .outOfMemory, isTransient: false)
    }
  }

  private init(_ status: Status, _ message: StaticString, transient: Bool = false) {
    self.init(error: Failure(status, message), isTransient: transient)
  }

  private init(error: Failure, isTransient: Bool) {
    self.error = error
    self.isTransient = isTransient
  }

  /// Whether a certificate was refused because nobody who is trusted vouches for it.
  static func isUnknownAuthority(_ code: CURLcode, on lane: borrowing Lane) -> Bool {
    guard code == CURLE_PEER_FAILED_VERIFICATION else { return false }
    switch lane.information(CURLINFO_SSL_VERIFYRESULT) {
    case 2, 18, 19, 20, 21: return true
    default: return false
    }
  }

  /// Whether a failure has nothing to do with what libcurl keeps between requests.
  static func isOfNetwork(_ code: CURLcode) -> Bool {
    switch code {
    case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY, CURLE_COULDNT_CONNECT,
      CURLE_OPERATION_TIMEDOUT, CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_GOT_NOTHING,
      CURLE_PARTIAL_FILE:
      true
    default: false
    }
  }

  /// The commonest results of OpenSSL's verification (X509_V_ERR_…), in words. Other TLS libraries
  /// do not fill the number in.
  private static func certificateProblem(_ result: Int) -> StaticString {
    switch result {
    case 9: "The service's certificate is not yet valid: check this machine's clock."
    case 10: "The service's certificate has expired: check this machine's clock, else report it."
    case 18:
      "The service's certificate is self-signed: something may be intercepting the connection."
    case 19, 20, 21, 2:
      "The service's certificate comes from an authority that is not trusted: check ca_file."
    case 62, 64: "The service's certificate is for another host: check the base URL."
    default:
      "The service's certificate is not acceptable: check the base URL, ca_file and the clock."
    }
  }
}
