import Foundation
import Testing

@testable import Sandbox

/// A clock that stands still until told otherwise.
final class StoppedClock: @unchecked Sendable {
  private let lock = NSLock()
  private var time: Date

  /// 2026-05-01T12:00:00Z.
  init(_ time: Date = Date(timeIntervalSince1970: 1_777_636_800)) {
    self.time = time
  }

  var now: Date { lock.withLock { time } }

  func advance(by seconds: TimeInterval) {
    lock.withLock { time += seconds }
  }
}

/// The members of an error that the service documents.
struct Failure: Decodable, Equatable {
  var error: String
  var message: String
  var code: String?
  var required: String?
  var canResendVerification: Bool?
  var retryAfter: Int?
  var limit: Int?
  var remaining: Int?
  var resetTime: String?
  var currentApiBase: String?
}

/// A gateway as a client may read it.
struct ListedGateway: Decodable, Equatable {
  var publicUrl: String?
  var url: String?
  var label: String?
  var order: Int64?
}

/// A cluster as a client may read it, in both documented shapes.
struct ListedCluster: Decodable, Equatable {
  var clusterId: String?
  var id: String?
  var label: String?
  var region: String?
  var country: String?
  var gateways: [ListedGateway]?
}

/// What `/sandbox/stats` tells.
struct Report: Decodable, Equatable {
  var connections: Int
  var openConnections: Int
  var requests: Int
  var keys: [String: Int]
}

extension Answer {
  /// The body, read by a parser that is not the sandbox's own.
  func decoded<T: Decodable>(_ type: T.Type = T.self) throws -> T {
    try JSONDecoder().decode(type, from: body)
  }

  /// The body as text.
  var text: String { String(decoding: body, as: UTF8.self) }
}

extension Service {
  /// Asks for the clusters of a key.
  func clusters(_ key: String?) -> Answer {
    answer(to: Call(path: Route.clusters, apiKey: key))
  }

  /// Asks for the gateways of a cluster.
  func gateways(_ key: String?, of cluster: String?) -> Answer {
    answer(to: Call(path: Route.gateways, cluster: cluster, apiKey: key))
  }

  /// Asks for the counters.
  func report() throws -> Report {
    try answer(to: Call(path: Route.stats)).decoded()
  }
}
