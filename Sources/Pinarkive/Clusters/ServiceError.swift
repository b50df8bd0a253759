/// What the service says of itself when it answers with an error:
/// `{"error", "message", "code", "required", "retryAfter"}`, every member optional. A proxy in front
/// may answer instead, with HTML or nothing: then all of it is empty.
package struct ServiceError {
  package private(set) var code = InlineText<128>()
  package private(set) var required = InlineText<128>()
  package private(set) var message = InlineText<512>()
  /// What the code means, where the library knows it. Told before secrets are taken out of the texts.
  private(set) var meaning = Meaning.other
  /// Seconds to wait, or nil where the service named no sensible number.
  private(set) var retryAfterSeconds: Int64?

  enum Meaning { case other, missingScope, emailNotVerified, accountDisabled }

  /// Nothing said.
  package init() {}

  /// - Parameter secrets: what must not be passed on even if the service repeats it.
  init(body: Bytes, secrets: Secrets) {
    guard let document = try? JSONDocument(body) else { return }
    var name = InlineText<128>()
    var members = document.root.members
    while let (member, value) = members.next() {
      if member.equals("retryAfter") {
        if let seconds = value.integer, seconds >= 0 { retryAfterSeconds = seconds }
        continue
      }
      guard let text = value.text else { continue }
      if member.equals("code") || member.equals("error"), case .other = meaning {
        meaning = Self.meaning(of: text)
      }
      if member.equals("code") {
        secrets.appendSafely(text, to: &code)
      } else if member.equals("required") {
        secrets.appendSafely(text, to: &required)
      } else if member.equals("message") {
        secrets.appendSafely(text, to: &message)
      } else if member.equals("error") {
        secrets.appendSafely(text, to: &name)
      }
    }
    // Where there is no code, some answers carry it as "error": api_version_deprecated,
    // 2fa_required. A word for people, such as "Unauthorized", is none.
    if code.isEmpty, name.withBytes(Self.looksLikeCode) {
      code = name
    } else if message.isEmpty {
      name.withBytes { message.append($0) }
    }
  }

  private static func meaning(of code: Bytes) -> Meaning {
    if code.equals("missing_scope") { return .missingScope }
    if code.equals("email_not_verified") { return .emailNotVerified }
    if code.equals("account_disabled") { return .accountDisabled }
    return .other
  }

  private static func looksLikeCode(_ name: Bytes) -> Bool {
    guard name.firstIndex(of: UInt8(ascii: "_")) != nil else { return false }
    for byte in name where !byte.isLetter && !byte.isDigit && byte != UInt8(ascii: "_") {
      return false
    }
    return true
  }

  /// Adds what was said to a sentence: " (HTTP 401, INVALID_API_KEY: Invalid or missing API key)."
  package func writeDetails<let capacity: Int>(
    httpStatus: Int32, to text: inout InlineText<capacity>
  ) {
    text.append(" (HTTP ")
    text.append(Int64(httpStatus))
    if !code.isEmpty {
      text.append(", ")
      code.withBytes { text.append($0) }
    }
    if !message.isEmpty {
      text.append(": ")
      message.withBytes { text.append($0) }
    }
    text.append(").")
  }
}
