import FlyingSocks
import Foundation
import Synchronization

/// What happened so far, for tests that ask how a client used its connections and how often it
/// tried.
final class Stats: Sendable {
  /// Requests that carried no key at all.
  static let noKey = "none"
  /// Requests with a key that is no account's. It is not recorded: it may be a real one.
  static let otherKey = "other"

  private struct Counts {
    var accepted = 0
    var open = 0
    var requests = 0
    var keys: [String: Int]
  }

  private let names: [String]
  private let counts: Mutex<Counts>

  /// - Parameter keys: The keys to list even while nobody has used them.
  init(keys: [String]) {
    names = keys + [Self.otherKey, Self.noKey]
    counts = Mutex(Counts(keys: [:]))
  }

  /// Counts a request.
  ///
  /// - Returns: How many requests of that key came before it.
  func countRequest(of key: String) -> Int {
    counts.withLock { counts in
      counts.requests += 1
      let before = counts.keys[key, default: 0]
      counts.keys[key] = before + 1
      return before
    }
  }

  func connectionOpened() {
    counts.withLock { counts in
      counts.accepted += 1
      counts.open += 1
    }
  }

  func connectionClosed() {
    counts.withLock { $0.open -= 1 }
  }

  /// Sets everything to zero except the number of connections that are open.
  func reset() {
    counts.withLock { $0 = Counts(open: $0.open, keys: [:]) }
  }

  /// The counters as `/sandbox/stats` shows them.
  var report: JSON {
    let now = counts.withLock { $0 }
    return [
      "connections": .integer(Int64(now.accepted)), "openConnections": .integer(Int64(now.open)),
      "requests": .integer(Int64(now.requests)),
      "keys": .object(names.map { ($0, .integer(Int64(now.keys[$0, default: 0]))) }),
    ]
  }
}

/// Counts connections by listening to what the server logs, and drops the messages.
///
/// FlyingFox has no hook for a new connection. A request carries its peer's port, but ports are
/// used again, and a connection without a request would be missed. The log line is exact: the
/// server writes it once for each accepted socket, before it reads from it, and once on closing.
struct ConnectionLog: Logging {
  let stats: Stats

  func logInfo(_ info: @autoclosure () -> String) {
    // "<127.0.0.1> open connection". The line of a request also ends in text from the client, so
    // all that follows the address has to match.
    switch info().drop(while: { $0 != ">" }) {
    case "> open connection": stats.connectionOpened()
    case "> close connection": stats.connectionClosed()
    default: break
    }
  }

  func logDebug(_ debug: @autoclosure () -> String) {}
  func logWarning(_ warning: @autoclosure () -> String) {}
  func logError(_ error: @autoclosure () -> String) {}
  func logCritical(_ critical: @autoclosure () -> String) {}
}
