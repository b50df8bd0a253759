extension Failure {
  /// The failure that an answer of the service means which is not a 200.
  ///
  /// - Parameters:
  ///   - httpStatus: the answer's status.
  ///   - said: what the service said of it.
  package init(httpStatus: Int32, _ said: ServiceError) {
    switch httpStatus {
    case 401:
      self.init(
        .unauthorized, "The service does not accept the key: check PINARKIVE_API_KEY or api_key")
    case 403:
      self.init(forbidden: said)
    case 404:
      self.init(
        .notFound,
        "The service has no such endpoint: check that PINARKIVE_API_URL or base_url ends in /api/v3"
      )
    case 407:
      self.init(.network, "The proxy wants a login: check the proxy's URL")
    case 408:
      self.init(.timeout, "The service gave up waiting for the request: try again")
    case 410:
      self.init(
        .configuration,
        """
        This version of the service's API is switched off: set PINARKIVE_API_URL or base_url to one \
        that ends in /api/v3, or update the library
        """)
    case 413:
      self.init(.tooLarge, "The service calls the request too large: please report it")
    case 429:
      self.init(.rateLimited, "Too many requests: wait before the next call")
    case 300...399:
      self.init(
        .protocolViolation,
        """
        The service answered with a redirect, which is not followed because it could lead the key \
        elsewhere: check PINARKIVE_API_URL or base_url
        """)
    case 500...599:
      self.init(.server, "The service failed: try again later")
    default:
      self.init(
        .protocolViolation,
        """
        The service gave an answer that is not documented: check PINARKIVE_API_URL or base_url, or \
        try again later
        """)
    }
    self.httpStatus = httpStatus
    hasDetails = true
    if let seconds = said.retryAfterSeconds { noteRetryAfter(seconds: seconds) }
  }

  private init(forbidden said: ServiceError) {
    switch said.meaning {
    case .missingScope:
      self.init(
        .missingScope, "The key lacks a scope: make a key with it (cluster:read lists clusters)")
    case .emailNotVerified:
      self.init(
        .forbidden, "The account's e-mail address is not verified: follow the link in the e-mail")
    case .accountDisabled:
      self.init(.forbidden, "The account is disabled: contact the service's support")
    case .other:
      self.init(.forbidden, "The account may not do this: check what its plan allows")
    }
  }

  /// The failure that a 200 means whose body is not a list of clusters.
  package init(_ problem: ClusterTable.Problem) {
    if case .outOfMemory = problem {
      self = .outOfMemory
    } else {
      self.init(
        .protocolViolation,
        "The service's answer {}: check PINARKIVE_API_URL or base_url, or try again later.",
        .text(problem.sentence))
    }
    httpStatus = 200
  }
}
