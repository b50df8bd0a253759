import CCurl
import CPlatform

/// A URL as libcurl reads it: a parser that is not ours, and the one that requests go through.
final class CurlURL {
  private let handle: OpaquePointer?

  /// - Parameter resolvesDots: whether dot segments are resolved, as browsers do.
  init?(_ text: Bytes, resolvesDots: Bool = false) {
    handle = curl_url()
    let flags = resolvesDots ? 0 : UInt32(CURLU_PATH_AS_IS)
    guard handle != nil, let copy = try? OwnedText(text),
      curl_url_set(handle, CURLUPART_URL, copy.cString, flags) == CURLUE_OK
    else { return nil }
  }

  deinit { curl_url_cleanup(handle) }

  /// Whether a part is `text`; a part that is missing counts as empty.
  func has(_ part: CURLUPart, _ text: Bytes) -> Bool { with(part) { $0.equals(text) } }

  func has(_ part: CURLUPart, _ text: StaticString) -> Bool { has(part, Bytes(text)) }

  /// Whether the host is `host`, in any case. Of numbers libcurl makes an address in its own form.
  func hasHost(_ host: Bytes) -> Bool {
    if host.hasPrefix("[") { return with(CURLUPART_HOST) { $0.hasPrefix("[") } }
    var last = host
    if last.hasSuffix(".") { last = last[part: 0..<last.count - 1] }
    while let dot = last.firstIndex(of: .dot) { last = last.dropping(dot + 1) }
    if last.count > 0, last[0].isDigit { return true }
    return with(CURLUPART_HOST) { found in
      guard found.count == host.count else { return false }
      for index in 0..<host.count
      where host[index].lowercasedASCII != found[index].lowercasedASCII {
        return false
      }
      return true
    }
  }

  func with<Result>(_ part: CURLUPart, _ body: (Bytes) -> Result) -> Result {
    var text: UnsafeMutablePointer<CChar>?
    guard curl_url_get(handle, part, &text, 0) == CURLUE_OK, let text else {
      return body(Bytes(""))
    }
    defer { curl_free(text) }
    return body(Bytes(cString: text, limit: 1 << 20))
  }
}
