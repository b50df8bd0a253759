/// Why content is refused and, only where one thing alone can be meant, what that is.
///
/// A few numbers, so that throwing it costs nothing; its sentence is made when it is reported.
package struct ContentRefusal: Error {
  package enum Reason: UInt8, CaseIterable, Sendable {
    case empty, tooLong, notUTF8, surroundedBySpace
    case cidEmpty, cidTooLong, cidUnknownBase, cidCharacter, cidIncomplete
    case version0Length, version0Hash, version0Prefixed, version0Lowercased
    case version, digestTooShort, digestTooLong, digestLongerThanHash, trailingBytes
    case keyUnderIPFS, nameUnderIPFS, addressUnderIPFS, doubledPrefix, neitherKeyNorName
    case bareName, otherPath, otherScheme, oneSlash, dwebPath
    case userinfo, hostCharacter, otherURL
    case dotSegment, control
    case labelTooLong, nameTooLong
  }

  package let reason: Reason
  /// The number in the sentence, where it has one: a position, counted in characters from 1, or a
  /// number of characters.
  private(set) var number = 0
  private(set) var base = Multibase.base32
  /// What was meant: the content up to an offset, a word perhaps, and the content from another one.
  private var correction: (start: Int, end: Int, inserted: Insertion)?

  private enum Insertion {
    case nothing, ipns, ipfsScheme, ipnsScheme, httpsScheme

    var text: StaticString {
      switch self {
      case .nothing: ""
      case .ipns: "ipns"
      case .ipfsScheme: "ipfs://"
      case .ipnsScheme: "ipns://"
      case .httpsScheme: "https://"
      }
    }
  }

  init(_ reason: Reason) { self.reason = reason }

  init(_ reason: Reason, number: Int) {
    self.reason = reason
    self.number = number
  }

  /// Proposes the text without a part of it.
  func dropping(_ part: Range<Int>) -> ContentRefusal {
    var longer = self
    longer.correction = (part.lowerBound, part.upperBound, .nothing)
    return longer
  }

  // MARK: - What is wrong with a CID

  /// - Parameters:
  ///   - root: the text that was to be a CID.
  ///   - text: the content that it is part of.
  init(_ problem: CID.Problem, _ root: Bytes, of text: Bytes) {
    switch problem.kind {
    case .empty: reason = .cidEmpty
    case .tooLong: reason = .cidTooLong
    case .unknownBase: reason = .cidUnknownBase
    case .character:
      reason = .cidCharacter
      number = Self.position(of: root, problem.offset, in: text)
      base = problem.base
    case .incomplete, .hashNumber, .lengthNumber, .codecNumber: reason = .cidIncomplete
    case .version0Length:
      reason = .version0Length
      number = root.count
    case .version0Hash: reason = .version0Hash
    case .version0Prefixed:
      reason = .version0Prefixed
      if root.hasPrefix("zQm"), root.count == 47 {
        let start = Self.offset(of: root, in: text)
        correction = (start, start + 1, .nothing)
      }
    case .lowercasedVersion0: reason = .version0Lowercased
    case .version: reason = .version
    case .digestTooShort: reason = .digestTooShort
    case .digestTooLong: reason = .digestTooLong
    case .digestLongerThanHash: reason = .digestLongerThanHash
    case .trailingBytes: reason = .trailingBytes
    }
  }

  // MARK: - What is wrong with an address

  /// Content that has no form of an address, and is no CID either.
  static func ofBare(_ problem: CID.Problem, _ root: Bytes, of text: Bytes) -> ContentRefusal {
    if text[0] == .slash { return ContentRefusal(.otherPath) }
    let leadsOn = ContentAddress.namespace(ofPath: text.dropping(root.count)) != nil
    let isHost = leadsOn && root.firstIndex(of: .dot) != nil && DomainName.isValid(root)
    if isHost || isDomain(root) { return withoutScheme }
    return ContentRefusal(problem, root, of: text)
  }

  /// A host's name without https:// before it. Where it is a gateway's, that is what was meant.
  static var withoutScheme: ContentRefusal {
    var refusal = ContentRefusal(.bareName)
    refusal.correction = (0, 0, .httpsScheme)
    return refusal
  }

  /// ipfs:, ipns: or dweb: that is not followed by what must follow it.
  ///
  /// - Parameter end: where the scheme ends, behind its colon.
  static func scheme(_ namespace: ContentAddress.Namespace?, end: Int, in text: Bytes)
    -> ContentRefusal
  {
    var refusal = ContentRefusal(namespace == nil ? .dwebPath : .oneSlash)
    var start = end
    while start < text.count, text[start] == .slash { start += 1 }
    if ContentAddress.namespace(ofPath: text.dropping(start)) != nil {
      // A path, which needs no scheme; a slash before it belongs to it.
      refusal.correction = (0, max(start - 1, end), .nothing)
    } else if let namespace {
      refusal.correction = (0, start, namespace == .ipfs ? .ipfsScheme : .ipnsScheme)
    }
    return refusal
  }

  /// What stands behind /ipfs/ and is no CID.
  static func ofIPFS(_ problem: CID.Problem, _ root: Bytes, of text: Bytes) -> ContentRefusal {
    if root.equals("ipfs") || root.equals("ipns") { return doubledPrefix(root, of: text) }
    if root.equals("https:") || root.equals("http:") || root.equals("ipfs:")
      || root.equals("ipns:")
    {
      return ContentRefusal(.addressUnderIPFS).dropping(0..<offset(of: root, in: text))
    }
    if isDomain(root) { return ContentRefusal(.nameUnderIPFS).moving(root, of: text) }
    return ContentRefusal(problem, root, of: text)
  }

  /// What stands behind /ipns/ and is neither a key nor a domain name.
  static func ofIPNS(_ problem: CID.Problem, _ root: Bytes, of text: Bytes) -> ContentRefusal {
    if root.count == 0 || problem.kind == .lowercasedVersion0 || isDamagedKey(root) {
      return ContentRefusal(problem, root, of: text)
    }
    return ContentRefusal(.neitherKeyNorName)
  }

  /// An IPNS key where a CID should be.
  static func keyUnderIPFS(_ root: Bytes, in text: Bytes) -> ContentRefusal {
    ContentRefusal(.keyUnderIPFS).moving(root, of: text)
  }

  /// The same in a host: CID.ipfs.GATEWAY.
  static func keyUnderIPFS(label: Bytes, in text: Bytes) -> ContentRefusal {
    let start = offset(of: label, in: text) + label.count + 1
    var refusal = ContentRefusal(.keyUnderIPFS)
    refusal.correction = (start, start + 4, .ipns)
    return refusal
  }

  /// /ipfs/ipfs/…, and the like: the outer one is too much.
  static func doubledPrefix(_ root: Bytes, of text: Bytes) -> ContentRefusal {
    let refusal = ContentRefusal(.doubledPrefix)
    guard let outer = namespaceBefore(root, in: text) else { return refusal }
    return refusal.dropping(outer..<offset(of: root, in: text))
  }

  init(_ problem: ContentPath.Problem, _ path: Bytes, of text: Bytes) {
    switch problem {
    case .dotSegment(let offset):
      self.init(.dotSegment, number: Self.position(of: path, offset, in: text))
    case .control(let offset):
      self.init(.control, number: Self.position(of: path, offset, in: text))
    }
  }

  // MARK: - Looking closer

  /// The text without white space and line ends around it.
  static func trimmed(_ text: Bytes) -> Range<Int> {
    func isSpace(_ byte: UInt8) -> Bool { byte == .space || (byte >= 0x09 && byte <= 0x0D) }
    var start = 0
    var end = text.count
    while start < end, isSpace(text[start]) { start += 1 }
    while end > start, isSpace(text[end - 1]) { end -= 1 }
    return start..<end
  }

  /// Whether a text is a domain name of several labels, the last of letters alone.
  private static func isDomain(_ text: Bytes) -> Bool {
    guard DomainName.isValid(text) else { return false }
    var last = text.count
    while last > 0, text[last - 1] != .dot { last -= 1 }
    guard last > 0, text.count - last >= 2 else { return false }
    for byte in text.dropping(last) where !byte.isLetter { return false }
    return true
  }

  /// Whether what could be a host name of one label is rather a key that was cut or mistyped.
  static func isDamagedKey(_ text: Bytes) -> Bool {
    guard text.count >= 32 else { return false }
    for byte in text where !byte.isLetter && !byte.isDigit { return false }
    return true
  }

  /// Where in `text` the namespace begins that stands before `root`.
  private static func namespaceBefore(_ root: Bytes, in text: Bytes) -> Int? {
    var end = offset(of: root, in: text)
    while end > 0, text[end - 1] == .slash || text[end - 1] == .colon { end -= 1 }
    guard end >= 4 else { return nil }
    let name = text[part: end - 4..<end]
    return name.equalsIgnoringCase("ipfs") || name.equalsIgnoringCase("ipns") ? end - 4 : nil
  }

  /// Proposes ipns for the ipfs that stands before the root.
  private func moving(_ root: Bytes, of text: Bytes) -> ContentRefusal {
    guard let start = Self.namespaceBefore(root, in: text) else { return self }
    var longer = self
    longer.correction = (start, start + 4, .ipns)
    return longer
  }

  /// Where in `text` a part of it begins.
  private static func offset(of part: Bytes, in text: Bytes) -> Int {
    guard let start = text.baseAddress, let place = part.baseAddress else { return 0 }
    return min(max(place - start, 0), text.count)
  }

  /// The number of a character of the text, counted from 1 as people do, given as an offset in a part
  /// of it.
  private static func position(of part: Bytes, _ offset: Int, in text: Bytes) -> Int {
    let end = min(Self.offset(of: part, in: text) + offset, text.count)
    var number = 1
    for byte in text[part: 0..<end] where byte & 0xC0 != 0x80 { number += 1 }
    return number
  }

  // MARK: - Reporting

  /// The length of what `writeSuggestion` writes at most, 0 if there is none.
  package func suggestionLength(of text: Bytes) -> Int {
    correction == nil ? 0 : text.count + 8
  }

  /// Writes what was meant instead of `text`, if that is certain, and returns its length; 0 if not.
  /// Certain is only what is itself accepted.
  package func writeSuggestion(
    for text: Bytes, to place: UnsafeMutablePointer<UInt8>
  ) -> Int {
    guard let correction, correction.end <= text.count else { return 0 }
    var end = place
    append(text[part: 0..<correction.start], at: &end)
    append(Bytes(correction.inserted.text), at: &end)
    append(text.dropping(correction.end), at: &end)
    let count = end - place
    // White space at both ends is the one correction with something after the kept part.
    let suggestion =
      reason == .surroundedBySpace
      ? Bytes(start: place, count: Self.trimmed(Bytes(start: place, count: count)).upperBound)
      : Bytes(start: place, count: count)
    return ContentAddress.accepts(suggestion) ? suggestion.count : 0
  }

  /// Writes the sentence.
  package func write<let capacity: Int>(to text: inout InlineText<capacity>) {
    let (before, after) = sentence
    text.append("The content cannot be used: ")
    text.append(before)
    switch reason {
    case .cidCharacter:
      text.append(Int64(number))
      text.append(" does not belong to ")
      text.append(base.name)
    case .version0Length, .dotSegment, .control: text.append(Int64(number))
    default: break
    }
    text.append(after)
  }
}
