/// Texts that may never appear in anything the library shows.
package struct Secrets {
  private let apiKey: Bytes
  private let bearerToken: Bytes

  /// Empty means that there is none.
  package init(apiKey: Bytes = Bytes(""), bearerToken: Bytes = Bytes("")) {
    self.apiKey = apiKey
    self.bearerToken = bearerToken
  }

  /// Adds somebody else's text: without the secrets, and with control characters made spaces, so
  /// that a log or a terminal takes no harm.
  package func appendSafely<let capacity: Int>(_ text: Bytes, to output: inout InlineText<capacity>)
  {
    var index = 0
    while index < text.count {
      let (piece, length) = safePiece(of: text, at: index)
      let end = output.count + piece.count
      output.append(piece)
      // What does not fit ends the text: what follows would not belong to it.
      guard output.count == end else { return }
      index += length
    }
  }

  /// What may be shown of the character or secret at `index`, and how long that is in the text.
  @inline(never)
  private func safePiece(of text: Bytes, at index: Int) -> (Bytes, length: Int) {
    if let length = lengthOfSecret(in: text, at: index) { return (Bytes("[key]"), length) }
    let length = Self.characterLength(text, at: index)
    let character = text[part: index..<index + length]
    return (Self.isControl(character) ? Bytes(" ") : character, length)
  }

  private func lengthOfSecret(in text: Bytes, at index: Int) -> Int? {
    func starts(_ secret: Bytes) -> Int? {
      guard secret.count > 0, secret.count <= text.count - index,
        text[part: index..<index + secret.count].equals(secret)
      else { return nil }
      return secret.count
    }
    // The longer one, should one begin with the other: its rest must not stay behind.
    guard let key = starts(apiKey) else { return starts(bearerToken) }
    return max(key, starts(bearerToken) ?? 0)
  }

  /// How many bytes the character at `index` of well-formed UTF-8 takes.
  private static func characterLength(_ text: Bytes, at index: Int) -> Int {
    let first = text[index]
    let length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
    return min(length, text.count - index)
  }

  /// C0 and C1 control characters, and those that change the direction of the text around them.
  private static func isControl(_ character: Bytes) -> Bool {
    switch character.count {
    case 1: return character[0] < 0x20 || character[0] == 0x7F
    case 2:
      return character[0] == 0xC2 && character[1] < 0xA0
        || character[0] == 0xD8 && character[1] == 0x9C
    case 3:
      guard character[0] == 0xE2 else { return false }
      let low = character[2]
      return character[1] == 0x80 && (low >= 0xA8 && low <= 0xAE || low == 0x8E || low == 0x8F)
        || character[1] == 0x81 && low >= 0xA6 && low <= 0xA9
    default: return false
    }
  }
}
