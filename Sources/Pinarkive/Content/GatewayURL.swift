/// The URL of a piece of content: at a gateway, in its path or in a subdomain, or ipfs://
/// Sources: https://specs.ipfs.tech/http-gateways/path-gateway/,
/// https://specs.ipfs.tech/http-gateways/subdomain-gateway/
///
/// Checked when it is made; borrows the texts that it was made from.
package struct GatewayURL {
  private let base: GatewayBase
  private let address: ContentAddress
  private let options: URLOptions
  private let scratch: ContentScratch
  /// The root where it is not written as given: in the scratch memory.
  private let label: Bytes?
  /// The length of the URL in bytes.
  package let count: Int

  /// - Parameters:
  ///   - base: for the subdomain style one that `supports` it.
  ///   - options: checked.
  package init(
    _ base: GatewayBase, _ content: Bytes, _ options: URLOptions, in scratch: ContentScratch
  ) throws(ContentRefusal) {
    address = try ContentAddress(content, in: scratch)
    (self.base, self.options, self.scratch) = (base, options, scratch)
    (label, count) = try Self.measure(base, address, options, in: scratch)
  }

  /// Whether the URL is nothing but the base's prefix, /ipfs/ and the content: options that change
  /// nothing, and a bare CID in the form that its base writes. That is the frequent case, in which no
  /// more than this need be found out.
  @inline(__always)
  package static func isPlain(
    _ content: Bytes, _ options: URLOptions, in scratch: ContentScratch
  ) -> Bool {
    guard options.isPlain, content.count > 0,
      content[0] == UInt8(ascii: "b") || content[0] == UInt8(ascii: "Q"),
      let cid = try? CID(content, in: scratch)
    else { return false }
    return !cid.foldsCase && cid.codec != CID.libp2pKey
  }

  /// Writes the URL of content that `isPlain`, `plainLength(of:at:)` bytes.
  @inline(__always)
  package static func writePlain(
    _ content: Bytes, at base: GatewayBase, to place: UnsafeMutablePointer<UInt8>
  ) {
    var end = place
    append(base.prefix, at: &end)
    append(Bytes(ContentAddress.Namespace.ipfs.path), at: &end)
    append(content, at: &end)
  }

  @inline(__always)
  package static func plainLength(of content: Bytes, at base: GatewayBase) -> Int {
    base.prefix.count + 6 + content.count
  }

  /// Writes the URL, `count` bytes, to `place`.
  package func write(to place: UnsafeMutablePointer<UInt8>) {
    var writer = URLWriter(to: place)
    Self.write(base, address, options, label, to: &writer)
  }

  @inline(never)
  private static func measure(
    _ base: GatewayBase, _ address: ContentAddress, _ options: URLOptions,
    in scratch: ContentScratch
  ) throws(ContentRefusal) -> (label: Bytes?, count: Int) {
    let label = try label(address, options, in: scratch)
    var writer = URLWriter(to: nil)
    write(base, address, options, label, to: &writer)
    if options.style == .subdomain { try checkHost(base, address, options, label) }
    return (label, writer.count)
  }

  @inline(never)
  private static func write(
    _ base: GatewayBase, _ address: ContentAddress, _ options: URLOptions, _ label: Bytes?,
    to writer: inout URLWriter
  ) {
    switch options.style {
    case .path:
      writer.append(base.prefix)
      writer.append(address.namespace.path)
      address.writeRoot(label, to: &writer)
    case .subdomain:
      writer.append(base.origin[part: 0..<base.hostOffset])
      writeLabel(base, address, options, label, to: &writer)
      writer.append(address.namespace.label)
      writer.append(base.origin.dropping(base.hostOffset))
      if address.path.count == 0, options.path == nil { writer.append(.slash) }
    case .native:
      writer.append(address.namespace.scheme)
      address.writeRoot(label, to: &writer)
    }
    if let path = options.path {
      var above = address.path
      while above.count > 0, above[above.count - 1] == .slash {
        above = above[part: 0..<above.count - 1]
      }
      ContentPath.write(above, keepsEscapes: true, to: &writer)
      if path.count == 0 || path[0] != .slash { writer.append(.slash) }
      ContentPath.write(path, keepsEscapes: false, to: &writer)
    } else {
      ContentPath.write(address.path, keepsEscapes: true, to: &writer)
    }
    writeQuery(address.query, options, to: &writer)
    if address.fragment.count > 0 {
      writer.append(UInt8(ascii: "#"))
      PercentEncoding.write(
        address.fragment.dropping(1), to: .query, keepsEscapes: true, &writer)
    }
  }

  // MARK: - The root

  /// The root in another form than the given one, where one is wanted.
  @_optimize(size)
  private static func label(
    _ address: ContentAddress, _ options: URLOptions, in scratch: ContentScratch
  ) throws(ContentRefusal) -> Bytes? {
    let cid: CID
    let isKey: Bool
    switch address.root {
    case .name, .inlinedName: return nil
    case .cid(let root): (cid, isKey) = (root, false)
    case .peerID(let root): (cid, isKey) = (root, true)
    }
    switch (options.style, options.rootForm) {
    case (.path, .automatic), (.path, .given), (.native, .given):
      // Base 64 has slashes, which would split the path; emoji would have to be escaped.
      let suitsURLs = cid.base != .base64 && cid.base != .base64pad && cid.base != .base256emoji
      if suitsURLs || isKey { return nil }
    case (.native, .automatic):
      // Already without case, and so the form that this would make of it, or its equal.
      if !isKey, cid.base == .base32, !cid.foldsCase { return nil }
      if !isKey, cid.base == .base36, !cid.foldsCase { return nil }
    default: break
    }
    let base: Multibase = address.namespace == .ipns ? .base36 : .base32
    let codec: UInt8? = address.namespace == .ipns ? UInt8(CID.libp2pKey) : nil
    var length = cid.writeVersion1(base, codec: codec, into: scratch.text, limbs: scratch.limbs)
    if options.style == .subdomain {
      if length > 63, base == .base32 {
        length = cid.writeVersion1(.base36, into: scratch.text, limbs: scratch.limbs)
      }
      guard length <= 63 else {
        throw ContentRefusal(.labelTooLong)
      }
    }
    return Bytes(start: scratch.text, count: length)
  }

  @inline(never)
  private static func writeLabel(
    _ base: GatewayBase, _ address: ContentAddress, _ options: URLOptions, _ label: Bytes?,
    to writer: inout URLWriter
  ) {
    let isSecure = base.hostOffset == 8
    switch address.root {
    case .cid, .peerID: writer.append(label ?? address.rootText)
    case .name:
      // A certificate's wildcard covers one label only.
      if isSecure || options.inlinesNames {
        DomainName.writeInlined(address.rootText, to: &writer)
      } else {
        writer.append(address.rootText)
      }
    case .inlinedName:
      if isSecure || options.inlinesNames {
        writer.append(address.rootText)
      } else {
        DomainName.writeExpanded(address.rootText, to: &writer)
      }
    }
  }

  /// Whether the host of a subdomain URL is one: no label has more than 63 characters and the whole
  /// no more than 253.
  private static func checkHost(
    _ base: GatewayBase, _ address: ContentAddress, _ options: URLOptions, _ label: Bytes?
  ) throws(ContentRefusal) {
    var writer = URLWriter(to: nil)
    writeLabel(base, address, options, label, to: &writer)
    var longest = writer.count
    if case .name = address.root, base.hostOffset == 7, !options.inlinesNames { longest = 0 }
    if case .inlinedName = address.root { longest = min(longest, 63) }
    guard longest <= 63, writer.count + 6 + base.host.count <= 253 else {
      throw ContentRefusal(.nameTooLong)
    }
  }

  // MARK: - The query

  /// Writes the content's own query, less the parameters that the options set, and then these.
  @_optimize(size)
  private static func writeQuery(
    _ query: Bytes, _ options: URLOptions, to writer: inout URLWriter
  ) {
    if options.addsNothing {
      guard query.count > 0 else { return }
      writer.append(UInt8(ascii: "?"))
      PercentEncoding.write(query.dropping(1), to: .query, keepsEscapes: true, &writer)
      return
    }
    var separator = UInt8(ascii: "?")
    var start = 1
    while start < query.count {
      let rest = query.dropping(start)
      let end = rest.firstIndex(of: UInt8(ascii: "&")) ?? rest.count
      let parameter = rest[part: 0..<end]
      start += end + 1
      let name = parameter[part: 0..<(parameter.firstIndex(of: UInt8(ascii: "=")) ?? end)]
      if options.format != nil && PercentEncoding.spells(name, "format")
        || options.filename != nil && PercentEncoding.spells(name, "filename")
        || options.download && PercentEncoding.spells(name, "download") || parameter.count == 0
      {
        continue
      }
      writer.append(separator)
      PercentEncoding.write(parameter, to: .query, keepsEscapes: true, &writer)
      separator = UInt8(ascii: "&")
    }
    func add(_ name: StaticString, _ value: Bytes) {
      writer.append(separator)
      writer.append(name)
      PercentEncoding.write(value, to: .value, keepsEscapes: false, &writer)
      separator = UInt8(ascii: "&")
    }
    if let format = options.format { add("format=", format) }
    if let filename = options.filename { add("filename=", filename) }
    if options.download { add("download=", Bytes("true")) }
  }
}

extension ContentAddress {
  /// Writes the root as a path has it.
  func writeRoot(_ label: Bytes?, to writer: inout URLWriter) {
    if let label {
      writer.append(label)
      return
    }
    switch root {
    case .inlinedName: DomainName.writeExpanded(rootText, to: &writer)
    case .cid(let cid) where cid.foldsCase:
      // The base's own case, which every reader takes.
      writer.append(rootText[0])
      for byte in rootText.dropping(1) {
        let isLetter = byte.isLetter
        let upper = cid.base.upperCase == true
        writer.append(!isLetter ? byte : upper ? byte & 0xDF : byte | 0x20)
      }
    default: PercentEncoding.write(rootText, to: .path, keepsEscapes: false, &writer)
    }
  }
}
