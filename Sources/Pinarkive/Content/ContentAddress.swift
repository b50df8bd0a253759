/// What a caller calls content, taken apart: a bare CID, a content path, an ipfs: or ipns: address,
/// or the URL of a gateway.
///
/// Borrows the text, and the CID's bytes from the scratch memory.
package struct ContentAddress {
  package enum Namespace: Sendable {
    case ipfs, ipns

    /// What stands before the root in a path.
    var path: StaticString { self == .ipfs ? "/ipfs/" : "/ipns/" }
    /// What stands between the root's label and the gateway's host.
    var label: StaticString { self == .ipfs ? ".ipfs." : ".ipns." }
    var scheme: StaticString { self == .ipfs ? "ipfs://" : "ipns://" }
  }

  package enum Root {
    case cid(CID)
    /// An IPNS key that came as a peer ID, without a multibase prefix.
    case peerID(CID)
    /// A domain name with a DNSLink.
    case name
    /// The same, in the one-label form of a subdomain gateway: "--" for "-", "-" for ".".
    case inlinedName
  }

  package let namespace: Namespace
  package let root: Root
  /// The root as it came.
  let rootText: Bytes
  /// Empty, or from its first slash on. Escapes in it are kept.
  let path: Bytes
  /// Empty, or from "?" on.
  let query: Bytes
  /// Empty, or from "#" on.
  let fragment: Bytes

  /// The longest content that is looked at, in bytes.
  package static let maximumLength = 8192

  /// Takes content apart.
  ///
  /// - Throws: the reason and, where it is certain, what was meant.
  package init(_ text: Bytes, in scratch: ContentScratch) throws(ContentRefusal) {
    // The usual case first: nothing but a CID.
    if text.count > 0, text[0] == UInt8(ascii: "b") || text[0] == UInt8(ascii: "Q"),
      text.count <= Self.maximumLength, let cid = try? CID(text, in: scratch),
      cid.codec != CID.libp2pKey
    {
      (namespace, root, rootText) = (.ipfs, .cid(cid), text)
      path = Bytes(start: nil, count: 0)
      query = Bytes(start: nil, count: 0)
      fragment = Bytes(start: nil, count: 0)
      return
    }
    self = try ContentAddress(any: text, in: scratch)
  }

  /// Whether the text is content.
  package static func accepts(_ text: Bytes) -> Bool {
    let accepted = ContentScratch.with { scratch in
      (try? ContentAddress(text, in: scratch)) != nil
    }
    return accepted
  }

  @_optimize(size)
  private init(any text: Bytes, in scratch: ContentScratch) throws(ContentRefusal) {
    try Self.checkText(text)
    if let scheme = Scheme(of: text) {
      self = try ContentAddress(scheme, text, in: scratch)
      return
    }
    let parts = Parts(text)
    if let (namespace, rest) = Self.namespace(ofPath: parts.path) {
      self = try ContentAddress(namespace, rest, parts, of: text, in: scratch)
    } else {
      self = try ContentAddress(bare: parts, of: text, in: scratch)
    }
  }

  private static func checkText(_ text: Bytes) throws(ContentRefusal) {
    guard text.count > 0 else { throw ContentRefusal(.empty) }
    guard text.count <= maximumLength else { throw ContentRefusal(.tooLong) }
    guard text.isUTF8 else { throw ContentRefusal(.notUTF8) }
    let trimmed = ContentRefusal.trimmed(text)
    guard trimmed.count == text.count else {
      throw ContentRefusal(.surroundedBySpace).dropping(0..<trimmed.lowerBound)
    }
  }

  // MARK: - The forms

  /// What comes before the colon, where that is a scheme.
  private enum Scheme {
    case ipfs, ipns, dweb, web, other

    init?(of text: Bytes) {
      guard let colon = text.firstIndex(of: .colon), colon > 0 else { return nil }
      let name = text[part: 0..<colon]
      for (index, byte) in name.enumerated() {
        let isLater =
          byte.isDigit || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") || byte == .dot
        guard byte.isLetter || (index > 0 && isLater) else { return nil }
      }
      if name.equalsIgnoringCase("ipfs") || name.equalsIgnoringCase("web+ipfs") {
        self = .ipfs
      } else if name.equalsIgnoringCase("ipns") || name.equalsIgnoringCase("web+ipns") {
        self = .ipns
      } else if name.equalsIgnoringCase("dweb") || name.equalsIgnoringCase("web+dweb") {
        self = .dweb
      } else if name.equalsIgnoringCase("http") || name.equalsIgnoringCase("https") {
        self = .web
      } else {
        self = .other
      }
    }
  }

  @_optimize(size)
  private init(_ scheme: Scheme, _ text: Bytes, in scratch: ContentScratch) throws(ContentRefusal) {
    let colon = text.firstIndex(of: .colon) ?? 0
    let parts = Parts(text.dropping(colon + 1))
    switch scheme {
    case .ipfs, .ipns:
      var namespace = scheme == .ipfs ? Namespace.ipfs : .ipns
      var rest = parts.path
      if rest.hasPrefix("//"), !rest.hasPrefix("///") {
        rest = rest.dropping(2)
        // "ipfs://ipfs/CID" and "ipfs://ipns/NAME" are widespread, and mean one thing only.
        if scheme == .ipfs, let (other, behind) = Self.namespace(ofPath: rest) {
          (namespace, rest) = (other, behind)
        }
      } else if rest.count == 0 || rest[0] == .slash || scheme == .ipns {
        throw ContentRefusal.scheme(namespace, end: colon + 1, in: text)
      }
      self = try ContentAddress(namespace, rest, parts, of: text, in: scratch)
    case .dweb:
      guard parts.path.hasPrefix("/"), let (namespace, rest) = Self.namespace(ofPath: parts.path)
      else {
        throw ContentRefusal.scheme(nil, end: colon + 1, in: text)
      }
      self = try ContentAddress(namespace, rest, parts, of: text, in: scratch)
    case .web:
      guard parts.path.hasPrefix("//") else {
        throw ContentRefusal(.oneSlash)
      }
      self = try ContentAddress(web: parts, of: text, in: scratch)
    case .other:
      // A host and a port, as browsers show it.
      if parts.path.count > 0, parts.path[0].isDigit { throw ContentRefusal.withoutScheme }
      throw ContentRefusal(.otherScheme)
    }
  }

  /// A URL of http or https: of a subdomain gateway, or of a path gateway.
  @_optimize(size)
  private init(web parts: Parts, of text: Bytes, in scratch: ContentScratch) throws(ContentRefusal)
  {
    let rest = parts.path.dropping(2)
    let end = rest.firstIndex(of: .slash) ?? rest.count
    let authority = rest[part: 0..<end]
    let path = rest.dropping(end)
    // What a browser would read as the host must be what is read here.
    for byte in authority {
      switch byte {
      case UInt8(ascii: "@"):
        throw ContentRefusal(.userinfo)
      case .percent, UInt8(ascii: "\\"), 0...0x20, 0x7F...0xFF:
        throw ContentRefusal(.hostCharacter)
      default: break
      }
    }
    let host = authority[part: 0..<(authority.firstIndex(of: .colon) ?? authority.count)]
    // Without a host a browser takes the next name for it.
    guard host.count > 0 else { throw ContentRefusal(.hostCharacter) }
    if let found = try Self.subdomain(host, of: text, in: scratch) {
      try Self.check(path, of: text)
      self.init(
        namespace: found.namespace, root: found.root, rootText: found.text, path: path,
        query: parts.query, fragment: parts.fragment)
      return
    }
    // The first /ipfs/ or /ipns/ of the path. One that is deeper lies below the CID.
    var start = 0
    while start < path.count {
      if let (namespace, behind) = Self.namespace(ofPath: path.dropping(start)) {
        self = try ContentAddress(namespace, behind, parts, of: text, in: scratch)
        return
      }
      start += 1
      while start < path.count, path[start] != .slash { start += 1 }
    }
    throw ContentRefusal(.otherURL)
  }

  /// What a host like CID.ipfs.GATEWAY or NAME.ipns.GATEWAY names; nil for any other host, such as
  /// docs.ipfs.tech.
  @_optimize(size)
  private static func subdomain(
    _ host: Bytes, of text: Bytes, in scratch: ContentScratch
  ) throws(ContentRefusal) -> (namespace: Namespace, root: Root, text: Bytes)? {
    for index in 0..<host.count where host[index] == .dot {
      let behind = host.dropping(index)
      guard behind.count > 6, behind[5] == .dot else { continue }
      let label = host[part: 0..<index]
      let mark = behind[part: 0..<6]
      if mark.equalsIgnoringCase(".ipfs.") {
        if CID.isLowercasedVersion0(label) {
          throw ContentRefusal(.version0Lowercased)
        }
        // A host has no case, so only a base without case is meant by it.
        if let cid = try? CID(label, in: scratch), cid.base.ignoresCase {
          if cid.codec == CID.libp2pKey {
            throw ContentRefusal.keyUnderIPFS(label: label, in: text)
          }
          return (.ipfs, .cid(cid), label)
        }
      } else if mark.equalsIgnoringCase(".ipns.") {
        if CID.isLowercasedVersion0(label) {
          throw ContentRefusal(.version0Lowercased)
        }
        if let cid = try? CID(label, in: scratch), cid.base.ignoresCase {
          return (.ipns, .cid(cid), label)
        }
        // /ipns/ipfs and /ipns/ipns are no names either: they are doubled prefixes.
        if DomainName.isValid(label), !ContentRefusal.isDamagedKey(label),
          !label.equalsIgnoringCase("ipfs"), !label.equalsIgnoringCase("ipns")
        {
          // With a dot in it, it is the name itself.
          if label.firstIndex(of: .dot) != nil { return (.ipns, .name, label) }
          // Else the name is made of it, and must be one. A label is shorter than the scratch memory.
          var name = URLWriter(to: scratch.text)
          DomainName.writeExpanded(label, to: &name)
          if DomainName.isValid(Bytes(start: scratch.text, count: name.count)) {
            return (.ipns, .inlinedName, label)
          }
        }
      }
    }
    return nil
  }

  /// A bare CID, or an IPNS key, with a path perhaps.
  @_optimize(size)
  private init(bare parts: Parts, of text: Bytes, in scratch: ContentScratch) throws(ContentRefusal)
  {
    // Base 64 has slashes of its own.
    if text[0] == UInt8(ascii: "m") || text[0] == UInt8(ascii: "M"),
      let cid = try? CID(text, in: scratch)
    {
      self.init(
        namespace: cid.codec == CID.libp2pKey ? .ipns : .ipfs, root: .cid(cid), rootText: text,
        path: text.dropping(text.count), query: text.dropping(text.count),
        fragment: text.dropping(text.count))
      return
    }
    let (root, path) = parts.splitRoot(parts.path)
    let namespace: Namespace
    let found: Root
    do throws(CID.Problem) {
      let cid = try CID(root, in: scratch)
      namespace = cid.codec == CID.libp2pKey ? .ipns : .ipfs
      found = .cid(cid)
    } catch {
      guard let key = CID(peerID: root, in: scratch) else {
        throw ContentRefusal.ofBare(error, root, of: text)
      }
      (namespace, found) = (.ipns, .peerID(key))
    }
    try Self.check(path, of: text)
    self.init(
      namespace: namespace, root: found, rootText: root, path: path, query: parts.query,
      fragment: parts.fragment)
  }

  /// What stands behind /ipfs/ or /ipns/, or behind ipfs:// or ipns://.
  private init(
    _ namespace: Namespace, _ rest: Bytes, _ parts: Parts, of text: Bytes,
    in scratch: ContentScratch
  ) throws(ContentRefusal) {
    var rest = rest
    while rest.count > 0, rest[0] == .slash { rest = rest.dropping(1) }
    let (root, path) = parts.splitRoot(rest)
    let found =
      namespace == .ipfs
      ? try Self.rootOfIPFS(root, path, of: text, in: scratch)
      : try Self.rootOfIPNS(root, path, of: text, in: scratch)
    try Self.check(path, of: text)
    self.init(
      namespace: namespace, root: found, rootText: root, path: path, query: parts.query,
      fragment: parts.fragment)
  }

  private static func rootOfIPFS(
    _ root: Bytes, _ path: Bytes, of text: Bytes, in scratch: ContentScratch
  ) throws(ContentRefusal) -> Root {
    do throws(CID.Problem) {
      let cid = try CID(root, in: scratch)
      if cid.codec != CID.libp2pKey { return .cid(cid) }
    } catch {
      if CID(peerID: root, in: scratch) == nil {
        throw ContentRefusal.ofIPFS(error, root, of: text)
      }
    }
    throw ContentRefusal.keyUnderIPFS(root, in: text)
  }

  private static func rootOfIPNS(
    _ root: Bytes, _ path: Bytes, of text: Bytes, in scratch: ContentScratch
  ) throws(ContentRefusal) -> Root {
    let problem: CID.Problem
    do throws(CID.Problem) { return .cid(try CID(root, in: scratch)) } catch { problem = error }
    if let key = CID(peerID: root, in: scratch) { return .peerID(key) }
    if root.equals("ipfs") || root.equals("ipns") {
      throw ContentRefusal.doubledPrefix(root, of: text)
    }
    guard problem.kind != .lowercasedVersion0, DomainName.isValid(root),
      !ContentRefusal.isDamagedKey(root)
    else { throw ContentRefusal.ofIPNS(problem, root, of: text) }
    return .name
  }

  private static func check(_ path: Bytes, of text: Bytes) throws(ContentRefusal) {
    do throws(ContentPath.Problem) {
      try ContentPath.check(path, keepsEscapes: true)
    } catch {
      throw ContentRefusal(error, path, of: text)
    }
  }

  private init(
    namespace: Namespace, root: Root, rootText: Bytes, path: Bytes, query: Bytes, fragment: Bytes
  ) {
    (self.namespace, self.root, self.rootText) = (namespace, root, rootText)
    (self.path, self.query, self.fragment) = (path, query, fragment)
  }

  /// The namespace of a path that begins with /ipfs/ or /ipns/, the first slash being optional, and
  /// what stands behind.
  static func namespace(ofPath path: Bytes) -> (Namespace, Bytes)? {
    let path = path.hasPrefix("/") ? path.dropping(1) : path
    if path.hasPrefix("ipfs/") { return (.ipfs, path.dropping(5)) }
    if path.hasPrefix("ipns/") { return (.ipns, path.dropping(5)) }
    return nil
  }

  /// A text split at the first "?" and "#".
  private struct Parts {
    let path: Bytes
    let query: Bytes
    let fragment: Bytes

    init(_ text: Bytes) {
      let fragmentStart = text.firstIndex(of: UInt8(ascii: "#")) ?? text.count
      fragment = text.dropping(fragmentStart)
      let before = text[part: 0..<fragmentStart]
      let queryStart = before.firstIndex(of: UInt8(ascii: "?")) ?? fragmentStart
      query = before.dropping(queryStart)
      path = before[part: 0..<queryStart]
    }

    func splitRoot(_ path: Bytes) -> (root: Bytes, path: Bytes) {
      let end = path.firstIndex(of: .slash) ?? path.count
      return (path[part: 0..<end], path.dropping(end))
    }
  }
}

/// A name of the domain name system, as a DNSLink has it.
enum DomainName {
  /// Whether it consists of labels of 1 to 63 letters, digits, hyphens and underscores, without a
  /// hyphen at a label's ends, and has at most 253 characters. One label is enough.
  static func isValid(_ name: Bytes) -> Bool {
    guard name.count > 0, name.count <= 253 else { return false }
    var start = 0
    for index in 0...name.count where index == name.count || name[index] == .dot {
      let label = name[part: start..<index]
      guard label.count >= 1, label.count <= 63, label[0] != UInt8(ascii: "-"),
        label[label.count - 1] != UInt8(ascii: "-")
      else { return false }
      for byte in label {
        guard
          byte.isLetter || byte.isDigit || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
        else { return false }
      }
      start = index + 1
    }
    return true
  }

  /// Writes a name as one label, as subdomain gateways do: "-" becomes "--", then "." becomes "-".
  static func writeInlined(_ name: Bytes, to writer: inout URLWriter) {
    for byte in name {
      writer.append(byte == .dot ? UInt8(ascii: "-") : byte)
      if byte == UInt8(ascii: "-") { writer.append(byte) }
    }
  }

  /// The opposite of `writeInlined`.
  static func writeExpanded(_ label: Bytes, to writer: inout URLWriter) {
    var index = 0
    while index < label.count {
      if label[index] != UInt8(ascii: "-") {
        writer.append(label[index])
      } else if index + 1 < label.count, label[index + 1] == UInt8(ascii: "-") {
        writer.append(UInt8(ascii: "-"))
        index += 1
      } else {
        writer.append(.dot)
      }
      index += 1
    }
  }
}
