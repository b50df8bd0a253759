/// A gateway, taken apart and checked once for any number of URLs.
package struct GatewayBase {
  /// The gateway that is used where none is named.
  package static let standard: StaticString = "https://gateway.pinarkive.com/ipfs/"

  /// What stands before the first slash of the path.
  let origin: Bytes
  /// Where in `origin` the host begins.
  let hostOffset: Int
  let host: Bytes
  /// What stands before /ipfs/ or /ipns/ in a path gateway's URL: the origin, and the path less its
  /// own /ipfs/.
  let prefix: Bytes

  /// How many bytes stand before the root, about.
  package var length: Int { prefix.count + 6 }

  /// - Throws: `invalidArgument`.
  package init(_ gateway: Bytes?) throws(Failure) {
    let text = gateway ?? Bytes(Self.standard)
    if text.equals(Self.standard) {
      (origin, hostOffset) = (text[part: 0..<29], 8)
      (host, prefix) = (text[part: 8..<29], text[part: 0..<29])
      return
    }
    let url: WebURL
    do throws(WebURL.Problem) {
      url = try WebURL(base: text)
    } catch {
      throw Failure(
        .invalidArgument,
        "The gateway's URL {}; give one like https://gateway.pinarkive.com/ipfs/.",
        .text(error.sentence))
    }
    origin = text[part: 0..<text.count - url.path.count]
    hostOffset = url.isSecure ? 8 : 7
    host = url.host
    prefix = text[part: 0..<origin.count + Self.lengthOfPrefix(in: url.path)]
  }

  /// What completes a base so that a CID can follow: "ipfs/" unless it ends so, and a slash where one
  /// is missing.
  package static func separator(after base: WebURL) -> Separator {
    if base.path.hasSuffix("/ipfs/") { return .none }
    if base.path.hasSuffix("/ipfs") { return .slash }
    return base.path.hasSuffix("/") ? .ipfs : .slashIPFS
  }

  /// What may have to stand between a base and a CID.
  package enum Separator: UInt8, BitwiseCopyable {
    case none, slash, ipfs, slashIPFS

    package var text: StaticString {
      switch self {
      case .none: ""
      case .slash: "/"
      case .ipfs: "ipfs/"
      case .slashIPFS: "/ipfs/"
      }
    }
  }

  /// How much of a path stands before the /ipfs or /ipns at its end, which may be doubled, and the
  /// slashes there.
  private static func lengthOfPrefix(in path: Bytes) -> Int {
    var length = path.count
    while true {
      while length > 0, path[length - 1] == .slash { length -= 1 }
      let rest = path[part: 0..<length]
      guard rest.hasSuffix("/ipfs") || rest.hasSuffix("/ipns") else { return length }
      length -= 5
    }
  }

  /// Checks that the gateway can have such URLs. For subdomains its host must be a name, and its URL
  /// have no path.
  ///
  /// - Throws: `invalidArgument`.
  package func check(for style: URLOptions.Style) throws(Failure) {
    guard style == .subdomain else { return }
    guard prefix.count == origin.count else {
      throw Failure(
        .invalidArgument,
        "The gateway's URL has a path, which a subdomain gateway cannot have: give its host alone.")
    }
    var isAddress = host.hasPrefix("[")
    if !isAddress {
      isAddress = true
      for byte in host where !byte.isDigit && byte != .dot { isAddress = false }
    }
    guard !isAddress else {
      throw Failure(
        .invalidArgument,
        "The gateway's host is an IP address, which has no subdomains: use the path style.")
    }
  }
}
