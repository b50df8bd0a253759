/// A content identifier: what names a piece of content by its hash.
/// Source: https://github.com/multiformats/cid
///
/// Borrows its bytes from the scratch memory that it was decoded into, or from its maker's.
package struct CID {
  /// 0 or 1.
  package let version: Int32
  /// The multibase of the text; base58btc for a CIDv0, base32 for a CID that came as bytes.
  package let base: Multibase
  /// Whether the text has letters in a case that its base takes, but does not write itself.
  package let foldsCase: Bool
  /// The multicodec of the content, such as 0x70 (dag-pb) or 0x55 (raw).
  package let codec: UInt64
  /// The multihash's code, such as 0x12 (sha2-256).
  package let hash: UInt64
  /// The CID in binary: for version 0 the multihash alone.
  package let bytes: Bytes
  /// Where in `bytes` the multihash begins, and where its digest.
  let hashOffset: Int
  let digestOffset: Int

  static let minimumDigest = 20
  static let maximumDigest = 128
  /// The longest text: the longest CID in base 2.
  package static let maximumTextLength = 1 + Multibase.maximumLength * 8

  package var digest: Bytes { bytes.dropping(digestOffset) }
  package var multihash: Bytes { bytes.dropping(hashOffset) }

  /// Why a text or bytes are no CID.
  package struct Problem: Error {
    package enum Kind: Sendable {
      case empty, tooLong
      /// The first character announces no base.
      case unknownBase
      /// A character that the base does not have.
      case character
      /// Left-over bits or a missing end.
      case incomplete
      /// Begins as a CIDv0, but does not have 46 characters.
      case version0Length
      /// A CIDv0 whose 34 bytes are not a sha2-256 multihash.
      case version0Hash
      /// A CIDv0 behind a multibase prefix, or a written-out version 0.
      case version0Prefixed
      /// 46 characters that begin with qm, all in lower case.
      case lowercasedVersion0
      case version
      case codecNumber, hashNumber, lengthNumber
      case digestTooShort, digestTooLong, digestLongerThanHash
      case trailingBytes
    }

    package let kind: Kind
    /// For `character`: where, counted in bytes from the beginning of the text.
    package var offset = 0
    package var base = Multibase.base32

    package init(kind: Kind) { self.kind = kind }

    /// Turns a problem of the base, which begins behind a prefix, into one of the CID.
    @inline(never)
    init(_ problem: Multibase.Problem, _ base: Multibase, _ prefix: Int) {
      kind =
        switch problem.kind {
        case .character: .character
        case .incomplete: .incomplete
        case .tooLong: .tooLong
        }
      (offset, self.base) = (problem.offset + prefix, base)
    }
  }

  /// Parses the text of a CID. Allocates nothing.
  package init(_ text: Bytes, in scratch: ContentScratch) throws(Problem) {
    guard text.count > 0 else { throw Problem(kind: .empty) }
    if text[0] == UInt8(ascii: "b") {
      let read: (length: Int, hasUpperCase: Bool)
      do throws(Multibase.Problem) {
        read = try Multibase.decodeBase32(text.dropping(1), into: scratch.bytes)
      } catch {
        throw Problem(error, .base32, 1)
      }
      self = try CID(
        version1: Bytes(start: scratch.bytes, count: read.length), .base32,
        foldsCase: read.hasUpperCase)
      return
    }
    if text[0] == UInt8(ascii: "Q") {
      self = try CID(version0: text, in: scratch)
      return
    }
    self = try CID(other: text, in: scratch)
  }

  @inline(__always)
  private init(version0 text: Bytes, in scratch: ContentScratch) throws(Problem) {
    if Self.readVersion0(text, into: scratch.bytes) {
      self.init(version0: Bytes(start: scratch.bytes, count: 34))
    } else {
      self = try CID(otherVersion0: text, in: scratch)
    }
  }

  @inline(never)
  @_optimize(size)
  private init(otherVersion0 text: Bytes, in scratch: ContentScratch) throws(Problem) {
    guard text.hasPrefix("Qm") else { throw Problem(kind: .unknownBase) }
    let length: Int
    do throws(Problem) {
      length = try Self.decode(text, .base58btc, 0, into: scratch)
    } catch {
      // A character that does not belong there says more than the length.
      guard error.kind == .character else { throw Problem(kind: .version0Length) }
      throw error
    }
    guard text.count == 46 else { throw Problem(kind: .version0Length) }
    let bytes = Bytes(start: scratch.bytes, count: length)
    guard Self.isVersion0(bytes) else { throw Problem(kind: .version0Hash) }
    self.init(version0: bytes)
  }

  @inline(never)
  @_optimize(size)
  private init(other text: Bytes, in scratch: ContentScratch) throws(Problem) {
    guard text.count <= Self.maximumTextLength else { throw Problem(kind: .tooLong) }
    if Self.isLowercasedVersion0(text) { throw Problem(kind: .lowercasedVersion0) }
    guard let base = Multibase(prefixOf: text) else { throw Problem(kind: .unknownBase) }
    let length = try Self.decode(text, base, base.prefix.utf8CodeUnitCount, into: scratch)
    let folds = base.upperCase.map { $0 ? Self.hasLowerCase(text) : Self.hasUpperCase(text) }
    self = try CID(
      version1: Bytes(start: scratch.bytes, count: length), base, foldsCase: folds ?? false)
  }

  /// Reads a CID in binary, which it then borrows.
  package init(binary bytes: Bytes) throws(Problem) {
    guard bytes.count > 0 else { throw Problem(kind: .empty) }
    guard bytes.count <= Multibase.maximumLength else { throw Problem(kind: .tooLong) }
    if Self.isVersion0(bytes) {
      self.init(version0: bytes)
    } else {
      self = try CID(version1: bytes, .base32, foldsCase: false)
    }
  }

  /// A CIDv0 is nothing but a sha2-256 multihash of 32 bytes.
  private static func isVersion0(_ bytes: Bytes) -> Bool {
    bytes.count == 34 && bytes[0] == 0x12 && bytes[1] == 0x20
  }

  @inline(__always)
  private init(version0 bytes: Bytes) {
    (version, base, foldsCase) = (0, .base58btc, false)
    (codec, hash, self.bytes) = (Self.dagPB, Self.sha256, bytes)
    (hashOffset, digestOffset) = (0, 2)
  }

  @inline(__always)
  private init(version1 bytes: Bytes, _ base: Multibase, foldsCase: Bool) throws(Problem) {
    if bytes.count >= 24, bytes[0] == 1, (bytes[1] | bytes[2] | bytes[3]) & 0x80 == 0,
      bytes[3] >= UInt8(Self.minimumDigest), Int(bytes[3]) == bytes.count - 4,
      Int(bytes[3]) <= Self.maximumDigestLength(of: UInt64(bytes[2]))
    {
      // All four numbers have one byte, as in nearly every CID.
      (version, self.base, self.foldsCase) = (1, base, foldsCase)
      (codec, hash, self.bytes) = (UInt64(bytes[1]), UInt64(bytes[2]), bytes)
      (hashOffset, digestOffset) = (2, 4)
      return
    }
    self = try CID(long: bytes, base, foldsCase: foldsCase)
  }

  @inline(never)
  @_optimize(size)
  private init(long bytes: Bytes, _ base: Multibase, foldsCase: Bool) throws(Problem) {
    var rest = bytes
    func next(_ kind: Problem.Kind) throws(Problem) -> UInt64 {
      guard let (value, length) = Varint.decode(rest) else { throw Problem(kind: kind) }
      rest = rest.dropping(length)
      return value
    }
    if Self.isVersion0(bytes) { throw Problem(kind: .version0Prefixed) }
    let version = try next(.version)
    guard version != 0 else { throw Problem(kind: .version0Prefixed) }
    guard version == 1 else { throw Problem(kind: .version) }
    let codec = try next(.codecNumber)
    let hashOffset = bytes.count - rest.count
    let hash = try next(.hashNumber)
    let length = try next(.lengthNumber)
    guard length <= UInt64(Self.maximumDigest) else { throw Problem(kind: .digestTooLong) }
    guard hash == Self.identity || length >= UInt64(Self.minimumDigest) else {
      throw Problem(kind: .digestTooShort)
    }
    guard Int(length) <= Self.maximumDigestLength(of: hash) else {
      throw Problem(kind: .digestLongerThanHash)
    }
    guard rest.count >= Int(length) else { throw Problem(kind: .incomplete) }
    guard rest.count == Int(length) else { throw Problem(kind: .trailingBytes) }
    (self.version, self.base, self.foldsCase) = (1, base, foldsCase)
    (self.codec, self.hash, self.bytes) = (codec, hash, bytes)
    (self.hashOffset, digestOffset) = (hashOffset, bytes.count - rest.count)
  }

  /// The CIDv1 of an IPNS name that came as a peer ID, a base 58 multihash without a prefix.
  init?(peerID text: Bytes, in scratch: ContentScratch) {
    // The two bytes before the multihash are those of a CIDv1.
    scratch.bytes[0] = 1
    scratch.bytes[1] = UInt8(Self.libp2pKey)
    guard text.count >= 46, text.count <= 60,
      let length = try? Multibase.base58btc.decode(
        text, into: scratch.bytes + 2, limbs: scratch.limbs), length <= 64,
      let cid = try? CID(
        long: Bytes(start: scratch.bytes, count: length + 2), .base58btc, foldsCase: false),
      cid.hash == Self.sha256 && cid.digest.count == 32
        || cid.hash == Self.identity && cid.digest.count >= 36
    else { return nil }
    self = cid
  }

  @inline(__always)
  private static func decode(
    _ text: Bytes, _ base: Multibase, _ prefix: Int, into scratch: ContentScratch
  ) throws(Problem) -> Int {
    do throws(Multibase.Problem) {
      return try base.decode(text.dropping(prefix), into: scratch.bytes, limbs: scratch.limbs)
    } catch { throw Problem(error, base, prefix) }
  }

  /// 46 letters and digits that begin with qm: what is left of a CIDv0 that some program took for a
  /// host name. The letters' case was part of the number, so it cannot be restored.
  static func isLowercasedVersion0(_ text: Bytes) -> Bool {
    guard text.count == 46, text.hasPrefix("qm") else { return false }
    for byte in text where !byte.isDigit && (!byte.isLetter || byte != byte.lowercasedASCII) {
      return false
    }
    return true
  }

  private static func hasUpperCase(_ text: Bytes) -> Bool {
    for byte in text where byte.isLetter && byte != byte.lowercasedASCII { return true }
    return false
  }

  private static func hasLowerCase(_ text: Bytes) -> Bool {
    for byte in text where byte.isLetter && byte == byte.lowercasedASCII { return true }
    return false
  }

  // MARK: - Texts

  /// Writes the CIDv1 of the same content in any base.
  ///
  /// - Parameters:
  ///   - codec: the codec to name, where it is not the CID's own. One byte long.
  ///   - output: room for `base.maximumTextLength(of: bytes.count + 2)`.
  /// - Returns: how many bytes were written.
  package func writeVersion1(
    _ base: Multibase, codec other: UInt8? = nil, into output: UnsafeMutablePointer<UInt8>,
    limbs: UnsafeMutablePointer<UInt64>
  ) -> Int {
    if version == 1, other == nil || UInt64(other.unsafelyUnwrapped) == codec {
      return base.encode(bytes, into: output, limbs: limbs)
    }
    return withUnsafeTemporaryAllocation(byteCount: Multibase.outputSize, alignment: 8) { memory in
      let start = memory.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: UInt8.self)
      start[0] = 1
      start[1] = other ?? UInt8(truncatingIfNeeded: codec)
      var end = start + 2
      append(multihash, at: &end)
      return base.encode(Bytes(start: start, count: end - start), into: output, limbs: limbs)
    }
  }

  /// By how many bytes the CIDv1 of the same content is longer.
  @inline(__always)
  package var lengthAddedByVersion1: Int { version == 0 ? 2 : 0 }

  /// Writes the CIDv1 of the same content in binary.
  @inline(__always)
  package func writeVersion1(to output: UnsafeMutablePointer<UInt8>) {
    var end = output
    if version == 0 {
      output[0] = 1
      output[1] = UInt8(Self.dagPB)
      end += 2
    }
    append(bytes, at: &end)
  }

  /// Whether there is a CIDv0 of the same content.
  package var hasVersion0: Bool {
    codec == Self.dagPB && hash == Self.sha256 && digest.count == 32
  }
}
