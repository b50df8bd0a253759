import Foundation
import Synchronization

/// The paths that the sandbox knows.
enum Route {
  static let base = "/api/v3"
  static let clusters = base + "/users/me/clusters"
  static let gateways = base + "/cluster/gateways"
  static let stats = "/sandbox/stats"
  static let reset = "/sandbox/reset"

  /// Whether the path belongs to a version of the API that is gone.
  static func isOldVersion(_ path: String) -> Bool {
    ["/api/v1", "/api/v2"].contains { path == $0 || path.hasPrefix($0 + "/") }
  }
}

/// What matters of a request.
struct Call: Sendable {
  var method = "GET"
  var path: String
  /// The query's first `cl`.
  var cluster: String?
  var apiKey: String?
  var authorization: String?

  /// The token of `Authorization: Bearer TOKEN`; the scheme's case does not matter (RFC 9110).
  var bearerToken: String? {
    guard let authorization else { return nil }
    let parts = authorization.split(separator: " ", maxSplits: 1)
    guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
    return parts[1].trimmingCharacters(in: .whitespaces)
  }
}

/// The stand-in for the service: from a call to an answer, without a network.
final class Service: Sendable {
  let stats: Stats
  private let accounts: [String: Account]
  private let limiter: Mutex<RateLimiter>
  private let clock: @Sendable () -> Date

  /// - Parameters:
  ///   - accounts: Who may ask.
  ///   - enforcesRateLimit: Whether too many requests are refused, or only counted.
  ///   - clock: What time it is.
  init(
    accounts: [Account] = Account.table(), enforcesRateLimit: Bool = false,
    clock: @escaping @Sendable () -> Date = { Date() }
  ) {
    self.accounts = Dictionary(uniqueKeysWithValues: accounts.map { ($0.key, $0) })
    self.clock = clock
    stats = Stats(keys: accounts.map(\.key))
    limiter = Mutex(RateLimiter(isEnforced: enforcesRateLimit))
  }

  /// Answers a call, and counts it unless it is about the sandbox itself.
  func answer(to call: Call) -> Answer {
    switch call.path {
    case Route.stats:
      return call.method == "GET" ? .success(stats.report) : .methodNotAllowed(allow: "GET")
    case Route.reset:
      guard call.method == "POST" else { return .methodNotAllowed(allow: "POST") }
      stats.reset()
      limiter.withLock { $0.reset() }
      return .success(stats.report)
    default:
      return serviceAnswer(to: call)
    }
  }

  private func serviceAnswer(to call: Call) -> Answer {
    let account = account(of: call)
    let isAnonymous = call.apiKey == nil && call.authorization == nil
    let key = account?.key ?? (isAnonymous ? Stats.noKey : Stats.otherKey)
    let turn = stats.countRequest(of: key)
    let now = clock()
    let reading = limiter.withLock { $0.admit(key, at: now) }

    var answer: Answer
    if let wait = reading.wait {
      answer = .rateLimited(limit: reading.limit, wait: wait, now: now)
    } else {
      answer = route(call, account: account, turn: turn, now: now)
    }
    answer.addIfMissing("X-RateLimit-Limit", String(reading.limit))
    answer.addIfMissing("X-RateLimit-Remaining", String(reading.remaining))
    answer.addIfMissing(
      "X-RateLimit-Reset",
      account?.resetsInISO8601 == true
        ? reading.reset.timestamp : String(reading.reset.unixSeconds))
    return answer
  }

  /// Whose call it is. With both headers the API key decides, even if only the other is good.
  private func account(of call: Call) -> Account? {
    if let key = call.apiKey {
      return accounts[key].flatMap { $0.isSession ? nil : $0 }
    }
    return call.bearerToken.flatMap { accounts[$0] }
  }

  private func route(_ call: Call, account: Account?, turn: Int, now: Date) -> Answer {
    if Route.isOldVersion(call.path) { return .oldVersion }
    guard [Route.clusters, Route.gateways].contains(call.path) else { return .notFound }
    guard call.method == "GET" else { return .methodNotAllowed(allow: "GET") }
    guard let account else { return .invalidKey }
    return answer(account.behaviour, to: call, turn: turn, now: now)
  }

  private func answer(_ behaviour: Behaviour, to call: Call, turn: Int, now: Date) -> Answer {
    switch behaviour {
    case .lists(let list):
      return call.path == Route.clusters
        ? Answer(status: 200, body: list.body) : gateways(of: call.cluster, in: list)
    case .answers(let answer):
      return answer
    case .rateLimited(let wait):
      return .rateLimited(limit: 100, wait: wait, now: now)
    case .after(let delay, let behaviour):
      var answer = answer(behaviour, to: call, turn: turn, now: now)
      answer.delay = delay
      return answer
    case .cycles(let behaviours):
      return answer(behaviours[turn % behaviours.count], to: call, turn: turn, now: now)
    }
  }

  private func gateways(of id: String?, in list: ClusterList) -> Answer {
    guard let id, !id.isEmpty else { return .failure(400, "Name a cluster: ?cl=ID") }
    guard let cluster = list.first(withID: id) else { return .failure(404, "Cluster not found") }
    return .success(["clusterId": .string(id), "gateways": cluster["gateways"] ?? []])
  }
}
