import CCurl

/// Content and how its URL is made. An input is a byte of options, and then a base, a path, a file
/// name and the content; a base that is none stands for one of two that are good.
func runContent(_ input: Bytes) -> Verdict {
  guard input.count > 0 else { return .refused }
  let parts = Parts(input.dropping(1), most: 4)
  let (path, filename, content) = (parts[1], parts[2], parts[3])
  var options = URLOptions()
  options.style = URLOptions.Style(rawValue: Int32(input[0] & 3)) ?? .path
  options.rootForm = URLOptions.RootForm(rawValue: Int32(input[0] >> 2 & 3)) ?? .automatic
  options.download = input[0] & 16 != 0
  options.inlinesNames = input[0] & 32 != 0
  if input[0] & 64 != 0 { options.format = Bytes("raw") }
  if path.count > 0 { options.path = path }
  if filename.count > 0 { options.filename = filename }
  if (try? options.check()) == nil {
    options.path = nil
    options.filename = nil
  }
  guard let base = usableBase(parts[0], input[0] & 128 != 0, options.style) else { return .refused }
  return ContentScratch.with { scratch in
    do throws(ContentRefusal) {
      let url = try GatewayURL(base, content, options, in: scratch)
      let text = UnsafeMutablePointer<UInt8>.allocate(capacity: url.count)
      defer { text.deallocate() }
      url.write(to: text)
      check(Bytes(start: text, count: url.count), base, content, options)
      return .accepted
    } catch {
      check(error, of: content, style: options.style)
      return .refused
    }
  }
}

private func usableBase(_ text: Bytes, _ isSecure: Bool, _ style: URLOptions.Style) -> GatewayBase?
{
  if let base = try? GatewayBase(text), (try? base.check(for: style)) != nil { return base }
  if style == .subdomain { return try? GatewayBase(Bytes("http://gw.test:80")) }
  return try? GatewayBase(
    isSecure ? Bytes("https://gw.test/ipfs/") : Bytes("http://gw.test:80/x/ipfs"))
}

/// Nothing that content says makes a URL of another host or another CID.
private func check(_ url: Bytes, _ base: GatewayBase, _ content: Bytes, _ options: URLOptions) {
  for byte in url { claim(byte > 0x20 && byte < 0x7F, "a URL is visible ASCII") }
  guard let root = identity(of: content) else {
    claim(false, "content that has a URL is content")
    return
  }
  if options.style != .native {
    checkHost(url, base, options)
  } else {
    claim(url.hasPrefix("ipfs://") || url.hasPrefix("ipns://"), "a native address has its scheme")
  }
  // A base that itself looks like content hides what is behind it. So does a domain name that has a
  // label like ipns, once a host begins with it, and one of a single label is read as an inlined one.
  guard base.prefix.count == base.origin.count, !contains(base.host, Bytes(".ip")),
    options.style != .subdomain || !root.isAmbiguousHost
  else { return }
  claim(identity(of: url)?.isSame(as: root) == true, "a URL's root is the content's")
  checkAgain(url, base, options)
}

private func checkHost(_ url: Bytes, _ base: GatewayBase, _ options: URLOptions) {
  // Dot segments are resolved, as every browser does: none may lead out of the content.
  guard let curl = CurlURL(url, resolvesDots: true) else {
    claim(false, "libcurl takes every URL")
    return
  }
  claim(curl.has(CURLUPART_USER, "") && curl.has(CURLUPART_PASSWORD, ""), "there is no user")
  if options.style == .subdomain {
    curl.with(CURLUPART_HOST) { host in
      claim(host.count > base.host.count + 6, "content has its own host")
      let behind = host.dropping(host.count - base.host.count - 6)
      claim(behind.hasPrefix(".ipfs.") || behind.hasPrefix(".ipns."), "the host has its namespace")
    }
  } else {
    claim(curl.hasHost(base.host), "the host is the gateway's")
    curl.with(CURLUPART_PATH) { path in
      let prefix = base.prefix.dropping(base.origin.count)
      claim(path.count > prefix.count + 6, "the path has a root")
      claim(path[part: 0..<prefix.count].equals(prefix), "the path begins with the gateway's")
      let behind = path.dropping(prefix.count)
      claim(behind.hasPrefix("/ipfs/") || behind.hasPrefix("/ipns/"), "the path has its namespace")
    }
  }
}

/// The URL of a URL is the same one.
private func checkAgain(_ url: Bytes, _ base: GatewayBase, _ options: URLOptions) {
  // What the options add once they would add again: a path, and parameters behind others.
  guard options.path == nil, options.addsNothing, url.count <= ContentAddress.maximumLength else {
    return
  }
  ContentScratch.with { scratch in
    do throws(ContentRefusal) {
      let again = try GatewayURL(base, url, options, in: scratch)
      let text = UnsafeMutablePointer<UInt8>.allocate(capacity: again.count)
      defer { text.deallocate() }
      again.write(to: text)
      claim(Bytes(start: text, count: again.count).equals(url), "the URL of a URL is the same")
    } catch {
      claim(false, "a URL is content")
    }
  }
}

/// What content names: bytes that say namespace and multihash, or the domain name.
private struct Identity {
  let namespace: ContentAddress.Namespace
  let bytes: [UInt8]
  var isName = false

  var isAmbiguousHost: Bool {
    bytes.withUnsafeBufferPointer { name in
      isName && (name.firstIndex(of: .dot) == nil || contains(name, Bytes(".ip")))
    }
  }

  func isSame(as other: Identity) -> Bool {
    guard namespace == other.namespace, bytes.count == other.bytes.count else { return false }
    for index in 0..<bytes.count where bytes[index] != other.bytes[index] { return false }
    return true
  }
}

private func identity(of content: Bytes) -> Identity? {
  ContentScratch.with { scratch in
    guard let address = try? ContentAddress(content, in: scratch) else { return nil }
    var bytes: [UInt8]
    var isName = false
    switch address.root {
    case .cid(let cid), .peerID(let cid):
      // An IPNS key has one codec, whatever it came with.
      let isKey = address.namespace == .ipns
      bytes = isKey ? [] : [UInt8(truncatingIfNeeded: cid.codec)]
      bytes += Array(cid.multihash)
    case .name, .inlinedName:
      isName = true
      let name = UnsafeMutablePointer<UInt8>.allocate(capacity: address.rootText.count)
      defer { name.deallocate() }
      var writer = URLWriter(to: name)
      if case .inlinedName = address.root {
        DomainName.writeExpanded(address.rootText, to: &writer)
      } else {
        writer.append(address.rootText)
      }
      bytes = Array(Bytes(start: name, count: writer.count))
    }
    return Identity(namespace: address.namespace, bytes: bytes, isName: isName)
  }
}

/// A refusal has a sentence, and what it proposes is content.
private func check(_ refusal: ContentRefusal, of content: Bytes, style: URLOptions.Style) {
  var message = InlineText<1024>()
  refusal.write(to: &message)
  message.withBytes { text in
    claim(text.hasPrefix("The content cannot be used: ") && text.hasSuffix("."), "it is a sentence")
    claimIsText(text)
  }
  let length = refusal.suggestionLength(of: content)
  guard length > 0 else { return }
  let text = UnsafeMutablePointer<UInt8>.allocate(capacity: length)
  defer { text.deallocate() }
  let count = refusal.writeSuggestion(for: content, to: text)
  claim(count >= 0 && count <= length, "a suggestion has room")
  if count > 0 {
    claim(identity(of: Bytes(start: text, count: count)) != nil, "a suggestion is content")
    claim(identity(of: content) == nil || style != .path, "only what is refused is corrected")
  }
}
