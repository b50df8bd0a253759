/// The widest line of the header. Lines that begin with # may be longer: other languages drop them
/// line by line, so they must not be continued.
let maximumColumns = 100

/// The text in plain ASCII punctuation: undoes what the compiler's Markdown made of quotes, dashes,
/// dots and code.
func plainText(_ text: String) -> String {
  var plain = ""
  for character in text {
    switch character {
    case "\u{2018}", "\u{2019}": plain += "'"
    case "\u{201C}", "\u{201D}": plain += "\""
    case "\u{2026}": plain += "..."
    case "\u{2013}": plain += "--"
    case "\u{2014}": plain += "---"
    case "\u{00A0}": plain += " "
    default: plain.append(character)
    }
  }
  return plain.replacing("<code>", with: "`").replacing("</code>", with: "`")
}

/// The words of the text in lines of at most `maximumColumns`.
///
/// - Parameters:
///   - text: words between white space, which is not kept.
///   - first: what the first line begins with.
///   - rest: what each further line begins with.
func wrapped(_ text: String, first: String, rest: String) -> [String] {
  var lines: [String] = []
  var line = first
  var isFresh = true
  for word in text.split(whereSeparator: \.isWhitespace) {
    if !isFresh && line.count + 1 + word.count > maximumColumns {
      lines.append(line)
      line = rest
      isFresh = true
    }
    line += (isFresh ? "" : " ") + word
    isFresh = false
  }
  return lines + [line]
}

/// The text at both ends freed of spaces.
func trimmed(_ text: some StringProtocol) -> String {
  var text = text[...]
  while text.first?.isWhitespace == true { text.removeFirst() }
  while text.last?.isWhitespace == true { text.removeLast() }
  return String(text)
}
