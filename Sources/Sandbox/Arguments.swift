/// What the command line asks for.
enum Command: Equatable, Sendable {
  case serve(Options)
  case help
  case version
}

/// How to serve.
struct Options: Equatable, Sendable {
  /// The size of a made-up list.
  struct Size: Equatable, Sendable {
    var clusters: Int
    var gateways: Int
  }

  var host = LoopbackHost.ipv4
  var port: UInt16 = 0
  var enforcesRateLimit = false
  var exitsWithStdin = false
  var generated: Size?

  /// What the account `sandbox` lists.
  var list: ClusterList {
    guard let generated else { return .documented }
    return .generated(clusters: generated.clusters, gateways: generated.gateways)
  }
}

/// The command line makes no sense; the message says why.
struct UsageError: Error, Equatable {
  let message: String
}

extension Command {
  /// More gateways than any benchmark needs, and still a body that fits in memory.
  private static let mostGateways = 1_000_000

  /// Reads the arguments that follow the program's name; `--name value` and `--name=value` are
  /// the same.
  static func parse(_ arguments: [String]) throws(UsageError) -> Command {
    var options = Options()
    var clusters: Int?
    var gateways: Int?
    var rest = arguments[...]

    while let argument = rest.popFirst() {
      let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = parts.first.map(String.init) ?? ""
      let attached = parts.count == 2 ? String(parts[1]) : nil

      func value() throws(UsageError) -> String {
        guard let value = attached ?? rest.popFirst() else {
          throw UsageError(message: "\(name) needs a value")
        }
        return value
      }
      func number(_ range: ClosedRange<Int>) throws(UsageError) -> Int {
        let text = try value()
        guard let number = Int(text), range.contains(number) else {
          throw UsageError(
            message: "\(name): '\(text)' is not a number from \(range.lowerBound) to "
              + "\(range.upperBound)")
        }
        return number
      }

      if attached != nil, flags.contains(name) {
        throw UsageError(message: "\(name) takes no value")
      }
      switch name {
      case "--port": options.port = UInt16(try number(0...65535))
      case "--host":
        let text = try value()
        guard let host = LoopbackHost(rawValue: text) else {
          throw UsageError(message: "--host: only 127.0.0.1 and ::1, not '\(text)'")
        }
        options.host = host
      case "--clusters": clusters = try number(0...mostGateways)
      case "--gateways": gateways = try number(0...mostGateways)
      case "--rate-limit": options.enforcesRateLimit = true
      case "--exit-with-stdin": options.exitsWithStdin = true
      case "--help", "-h": return .help
      case "--version": return .version
      default: throw UsageError(message: "unknown argument '\(argument)'")
      }
    }

    if clusters != nil || gateways != nil {
      guard let clusters, let gateways else {
        throw UsageError(message: "--clusters and --gateways belong together")
      }
      guard clusters * gateways <= mostGateways else {
        throw UsageError(message: "more than \(mostGateways) gateways in all")
      }
      options.generated = Options.Size(clusters: clusters, gateways: gateways)
    }
    return .serve(options)
  }

  private static let flags: Set = [
    "--rate-limit", "--exit-with-stdin", "--help", "-h", "--version",
  ]

  /// The text of `--help`; the keys come from the table of accounts.
  static var usage: String {
    """
    usage: pinarkive-sandbox [options]

    A stand-in for the Pinarkive service on this machine. The first line on stdout is the base
    URL, for PINARKIVE_API_URL. It ends with exit status 0 on SIGTERM or SIGINT.

      --port N           listen on this port; 0, the default, takes any free one
      --host ADDRESS     127.0.0.1, the default, or ::1
      --rate-limit       enforce 100 requests a minute and 10 a second for each key, in fixed
                         windows that open with the first request; else they are only counted
      --clusters N --gateways M
                         `sandbox` lists N made-up clusters with M gateways each
      --exit-with-stdin  end when stdin does
      --help, --version  print this, or the version

    What it serves:

    \(columns([
      ("GET \(Route.clusters)", "the clusters of the key"),
      ("GET \(Route.gateways)?cl=ID", "one of them"),
      ("GET \(Route.stats)", "TCP connections accepted, that of this request too, and open;"),
      ("", "requests, those to /sandbox not; requests of each key"),
      ("POST \(Route.reset)", "counters, cycles and rate limits start anew"),
    ]))
    Keys, for `X-API-Key: KEY` or `Authorization: Bearer KEY`; any other gets a 401:

    \(columns(Account.table().map { ($0.key, $0.summary) }))
    """
  }

  private static func columns(_ rows: [(String, String)]) -> String {
    let width = rows.map(\.0.count).max() ?? 0
    return rows.map { left, right in
      "  \(left)\(String(repeating: " ", count: width - left.count))  \(right)\n"
    }.joined()
  }
}
