/// How the URL of content is made.
package struct URLOptions {
  package enum Style: Int32, Sendable {
    /// https://GATEWAY/ipfs/CID
    case path = 0
    /// https://CID.ipfs.GATEWAY/
    case subdomain = 1
    /// ipfs://CID, without a gateway
    case native = 2
  }

  /// How the root, a CID or a key, is written.
  package enum RootForm: Int32, Sendable {
    /// As given in a path; in a form without case in a host.
    case automatic = 0
    /// As CIDv1 in base 32, or base 36 for an IPNS key.
    case canonical = 1
    /// As given, also in ipfs://
    case given = 2
  }

  package var style = Style.path
  package var rootForm = RootForm.automatic
  /// Whether the browser is to save the content instead of showing it.
  package var download = false
  /// Whether a subdomain gateway of http gets DNSLink names in one label, as one of https does.
  package var inlinesNames = false
  package var filename: Bytes?
  package var format: Bytes?
  /// A path below the content, its names raw: nothing in it is an escape.
  package var path: Bytes?

  package init() {}

  /// Whether a URL of this style is the base, then the root and path as given.
  var isPlain: Bool {
    style == .path && rootForm != .canonical && !download && filename == nil && format == nil
      && path == nil
  }

  /// Whether nothing is added to the content's own query.
  var addsNothing: Bool { !download && filename == nil && format == nil }

  private static let longestText = 4096

  /// - Throws: `invalidArgument`.
  @_optimize(size)
  package func check() throws(Failure) {
    if let filename {
      guard filename.count > 0, filename.count <= 1024, filename.isUTF8 else {
        throw Failure(
          .invalidArgument, "The filename is empty, longer than 1,024 bytes or not UTF-8.")
      }
      for byte in filename where byte < 0x20 || byte == 0x7F || byte == .slash {
        throw Failure(
          .invalidArgument, "The filename has a slash or a control character: give a plain name.")
      }
    }
    if let format, !Self.isFormat(format) {
      throw Failure(
        .invalidArgument,
        """
        The format is none that gateways know: raw, car, tar, json, cbor, dag-json, dag-cbor or \
        ipns-record.
        """)
    }
    guard let path else { return }
    guard path.count <= Self.longestText, path.isUTF8 else {
      throw Failure(.invalidArgument, "The path is longer than 4,096 bytes or not UTF-8.")
    }
    do throws(ContentPath.Problem) { try ContentPath.check(path, keepsEscapes: false) } catch {
      throw Failure(
        .invalidArgument,
        "The path has a \".\" or \"..\", which could lead out of the content: name the place itself."
      )
    }
  }

  /// Source: https://specs.ipfs.tech/http-gateways/path-gateway/#format-request-query-parameter
  private static func isFormat(_ text: Bytes) -> Bool {
    text.equals("raw") || text.equals("car") || text.equals("tar") || text.equals("json")
      || text.equals("cbor") || text.equals("dag-json") || text.equals("dag-cbor")
      || text.equals("ipns-record")
  }
}
