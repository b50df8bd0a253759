/// An http or https URL, taken apart and checked against RFC 3986, stricter where being generous has
/// hurt others: nothing in it is ever decoded, repaired or dropped.
///
/// Borrows the text that it was made from.
package struct WebURL {
  /// The longest URL that is accepted, in bytes.
  package static let maximumLength = 2048

  package let text: Bytes
  /// Whether the scheme is https.
  package let isSecure: Bool
  package let host: Bytes
  /// Everything from the first slash after the host; empty where there is none.
  package let path: Bytes

  /// Why a text is not a URL that can be used. The sentences complete "The URL …".
  package enum Problem: Error {
    case empty, tooLong, scheme, userinfo, host, port, path, query, fragment, character

    package var sentence: StaticString {
      switch self {
      case .empty: "is empty"
      case .tooLong: "is longer than 2,048 bytes"
      case .scheme: "does not begin with https:// or http://"
      case .userinfo: "holds a user name or password, which is not allowed"
      case .host: "has no valid host name"
      case .port: "has a port that is not a number from 1 to 65535"
      case .path: "has a path with a dot segment, or with a bad or dangerous % escape"
      case .query: "has a query (?), which a base URL cannot have"
      case .fragment: "has a fragment (#), which a base URL cannot have"
      case .character: "holds a space, control character, backslash or other forbidden character"
      }
    }
  }

  /// Takes a base URL apart: something that paths are appended to.
  package init(base text: Bytes) throws(Problem) {
    guard text.count > 0 else { throw .empty }
    guard text.count <= Self.maximumLength else { throw .tooLong }
    let (isAllowed, hasEnd) = Self.look(at: text)
    guard isAllowed else { throw .character }

    let afterScheme: Bytes
    if text.hasPrefixIgnoringCase("https://") {
      (isSecure, afterScheme) = (true, text.dropping(8))
    } else if text.hasPrefixIgnoringCase("http://") {
      (isSecure, afterScheme) = (false, text.dropping(7))
    } else {
      throw .scheme
    }

    if hasEnd, text.firstIndex(of: UInt8(ascii: "#")) != nil { throw .fragment }
    if hasEnd, text.firstIndex(of: UInt8(ascii: "?")) != nil { throw .query }
    let authorityEnd = afterScheme.firstIndex(of: .slash) ?? afterScheme.count
    let authority = afterScheme[part: 0..<authorityEnd]
    if hasEnd, authority.firstIndex(of: UInt8(ascii: "@")) != nil { throw .userinfo }

    host = try Self.host(of: authority)
    path = afterScheme.dropping(authorityEnd)
    guard Self.isSafePath(path) else { throw .path }
    self.text = text
  }

  /// Whether the host is a loopback address written as such: 127.0.0.0/8 or [::1]. A name like
  /// localhost is not, because a resolver may send it elsewhere.
  package var isLiteralLoopback: Bool {
    if host.equals("[::1]") { return true }
    return host.hasPrefix("127.") && Self.isIPv4(host)
  }

  /// Whether the host is an address at which a cloud tells its machines their secrets, or one that is
  /// valid on the own link only: nothing that a service on the internet has reason to name.
  package var isMetadataAddress: Bool {
    if host.hasPrefix("[") {
      guard let groups = Self.ipv6(host[part: 1..<host.count - 1]) else { return false }
      // fe80::/10, and the one of Amazon, fd00:ec2::254.
      if groups[0] & 0xFFC0 == 0xFE80 { return true }
      if groups[0] == 0xFD00, groups[1] == 0xEC2, groups[7] == 0x254 { return true }
      // 169.254.0.0/16 in one of the ways in which IPv6 holds IPv4: the first four groups are zero, or
      // it is the well-known prefix of a NAT64 (RFC 6052).
      let isMapped = groups[0] | groups[1] | groups[2] | groups[3] == 0
      let isTranslated = groups[0] == 0x64 && groups[1] == 0xFF9B
      return (isMapped || isTranslated) && groups[6] == 0xA9FE
    }
    let name = host.hasSuffix(".") ? host[part: 0..<host.count - 1] : host
    // Amazon, Azure, Google, Oracle and others; Alibaba; Google's name for it.
    return name.hasPrefix("169.254.") && Self.isIPv4(name) || name.equals("100.100.100.200")
      || name.equalsIgnoringCase("metadata.google.internal")
  }

  /// The host of "host", "host:port" or "[address]:port".
  package static func host(of authority: Bytes) throws(Problem) -> Bytes {
    let end = try endOfHost(authority)
    if end < authority.count {
      let port = authority.dropping(end + 1)
      guard port.count <= 5, let number = port.decimal, number >= 1, number <= 65535 else {
        throw .port
      }
    }
    return authority[part: 0..<end]
  }

  /// What RFC 3986 lets stand in a URL at all. Backslash, quotes, braces, control characters, spaces
  /// and everything that is not ASCII do not: an international name is to be given in its ASCII form.
  private static func look(at text: Bytes) -> (isAllowed: Bool, hasEnd: Bool) {
    let kinds = kinds.utf8Start
    var bytes: UInt8 = 0
    var common: UInt8 = 1
    var any: UInt8 = 0
    for byte in text {
      let kind = kinds[Int(byte & 0x7F)] &- .zero
      bytes |= byte
      common &= kind
      any |= kind
    }
    return (bytes < 0x80 && common == 1, any & 8 != 0)
  }

  @inline(__always)
  private static func has(_ byte: UInt8, _ kind: UInt8) -> Bool {
    byte < 0x80 && (kinds.utf8Start[Int(byte)] &- .zero) & kind != 0
  }

  /// For each character of ASCII the digit "0", plus 1 if it may stand in a URL, 2 if in a host's
  /// label, 4 if it means nothing special in a path, and 8 if it ends what a base URL can have.
  private static var kinds: StaticString {
    """
    00000000000000000000000000000000\
    050=515555555711777777777755050=\
    =7777777777777777777777777710107\
    07777777777777777777777777700050
    """
  }

  /// Where the host ends: at the colon before the port, or at the end.
  private static func endOfHost(_ authority: Bytes) throws(Problem) -> Int {
    if authority.hasPrefix("[") {
      guard let close = authority.firstIndex(of: UInt8(ascii: "]")),
        ipv6(authority[part: 1..<close]) != nil
      else { throw .host }
      guard close + 1 == authority.count || authority[close + 1] == .colon else { throw .host }
      return close + 1
    }
    let end = authority.firstIndex(of: .colon) ?? authority.count
    guard end > 0, end <= 253 else { throw .host }
    // 2852039166, 0xA9FEA9FE and 169.254.43518 are all read as 169.254.169.254 by somebody.
    let name = authority[part: 0..<end]
    if name[0].isDigit, endsInNumber(name), !isIPv4(name) { throw .host }
    // Letters, digits, hyphens, underscores; labels of 1 to 63; a last dot is allowed.
    var label = 0
    for index in 0..<end {
      let byte = authority[index]
      if byte == .dot {
        guard label > 0 else { throw .host }
        label = 0
      } else {
        guard has(byte, 2) else { throw .host }
        label += 1
        guard label <= 63 else { throw .host }
      }
    }
    return end
  }

  /// Whether others may take the host for an IPv4 address, by the rule of browsers
  /// (https://url.spec.whatwg.org/#ends-in-a-number-checker).
  private static func endsInNumber(_ host: Bytes) -> Bool {
    let end = host.hasSuffix(".") ? host.count - 1 : host.count
    var start = end
    while start > 0, host[start - 1] != .dot { start -= 1 }
    let label = host[part: start..<end]
    if label.isAllDigits { return true }
    guard label.count >= 2, label[0] == .zero, label[1].lowercasedASCII == UInt8(ascii: "x") else {
      return false
    }
    for byte in label.dropping(2) where byte.hexValue == nil { return false }
    return true
  }

  /// The groups of an IPv6 address as RFC 4291, section 2.2, writes it, without a zone; else nil.
  private static func ipv6(_ text: Bytes) -> InlineArray<8, UInt16>? {
    var values = InlineArray<8, UInt16>(repeating: 0)
    var groups = 0
    // How many groups stand before "::", which is for any number of groups of zeros, once.
    var before = text.hasPrefix("::") ? 0 : -1
    var start = before == 0 ? 2 : 0
    while start < text.count || groups == 0 && before < 0 {
      var end = start
      while end < text.count, text[end] != .colon { end += 1 }
      let group = text[part: start..<end]
      if end == text.count, group.firstIndex(of: .dot) != nil {
        guard groups <= 6, let number = ipv4(group) else { return nil }
        values[groups] = UInt16(truncatingIfNeeded: number >> 16)
        values[groups + 1] = UInt16(truncatingIfNeeded: number)
        groups += 2
        break
      }
      guard group.count >= 1, group.count <= 4, groups < 8 else { return nil }
      for byte in group {
        guard let digit = byte.hexValue else { return nil }
        values[groups] = values[groups] << 4 | UInt16(digit)
      }
      groups += 1
      if end == text.count { break }
      start = end + 1
      if start == text.count { return nil }
      if text[start] == .colon {
        guard before < 0 else { return nil }
        before = groups
        start += 1
      }
    }
    guard before >= 0 ? groups < 8 : groups == 8 else { return nil }
    if before >= 0 {
      // What stands behind "::" belongs to the end.
      for index in stride(from: groups - 1, through: before, by: -1) {
        values[8 - groups + index] = values[index]
        values[index] = 0
      }
    }
    return values
  }

  private static func isIPv4(_ text: Bytes) -> Bool { ipv4(text) != nil }

  /// The address that is written as four decimal numbers, else nil. None begins with a zero, which
  /// others read as octal.
  private static func ipv4(_ text: Bytes) -> UInt32? {
    var address: UInt32 = 0
    var numbers = 0
    var start = 0
    for index in 0...text.count where index == text.count || text[index] == .dot {
      let part = text[part: start..<index]
      guard numbers < 4, part.count <= 3, let number = part.decimal, number <= 255,
        part.count == 1 || part[0] != .zero
      else { return nil }
      address = address << 8 | UInt32(truncatingIfNeeded: number)
      numbers += 1
      start = index + 1
    }
    return numbers == 4 ? address : nil
  }

  /// Whether each % escape is complete and none hides a NUL, a slash, a backslash or a dot, and no
  /// segment is "." or "..": nothing that another program could read as a way out of the path.
  private static func isSafePath(_ path: Bytes) -> Bool {
    var index = 0
    var segment = 0
    while index <= path.count {
      // Most characters are plain.
      while index < path.count, has(path[index], 4) { index += 1 }
      if index == path.count || path[index] == .slash {
        let name = path[part: segment..<index]
        if name.equals(".") || name.equals("..") { return false }
        segment = index + 1
      } else if path[index] == .percent {
        guard index + 2 < path.count, let high = path[index + 1].hexValue,
          let low = path[index + 2].hexValue
        else { return false }
        let byte = high << 4 | low
        if byte < 0x20 || byte == 0x7F || byte == .slash || byte == UInt8(ascii: "\\")
          || byte == .dot
        {
          return false
        }
        index += 2
      } else if path[index] == UInt8(ascii: "[") || path[index] == UInt8(ascii: "]") {
        return false
      }
      index += 1
    }
    return true
  }
}
