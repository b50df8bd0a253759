import CPinarkive
import CPlatform
import Pinarkive

/// Takes the text of a CID apart.
///
/// Accepts CIDv0, and CIDv1 in every base of the multibase registry but identity, proquint and
/// base45. Only canonical ones: no left-over bits, no numbers longer than needed, nothing behind the
/// end. Letters may have either case where the registry says that the base ignores it.
///
/// - Parameters:
///   - text: the CID alone, without /ipfs/, scheme or path.
///   - error: where to store why it failed, or NULL.
///
/// - Returns: the CID, or NULL on failure.
///
/// Ownership: release the CID with pk_free.
///
/// Threads: any, at any time.
///
/// Errors: PK_ERROR_INVALID_CONTENT, perhaps with a suggestion; PK_ERROR_INVALID_ARGUMENT,
/// PK_ERROR_OUT_OF_MEMORY.
///
/// Since: 0.1.0
@_cdecl("pk_cid_parse")
public func pk_cid_parse(_ text: UnsafePointer<CChar>?, _ error: ErrorOut?)
  -> UnsafeMutablePointer<pk_cid>?
{
  do throws(Failure) {
    guard let text = Bytes(argument: text) else {
      throw Failure(.invalidArgument, "The text is NULL: give a CID.")
    }
    return try makeCID(text, text, error) { (scratch) throws(ContentRefusal) in
      try CID(diagnosing: text, in: scratch)
    }
  } catch let failure {
    report(failure, to: error)
    return nil
  }
}

/// Takes a CID in binary apart.
///
/// - Parameters:
///   - bytes: the CID, without a multibase prefix.
///   - length: how many bytes it has.
///   - error: where to store why it failed, or NULL.
///
/// - Returns: the CID, or NULL on failure.
///
/// Ownership: release the CID with pk_free. The bytes are copied.
///
/// Threads: any, at any time.
///
/// Errors: PK_ERROR_INVALID_CONTENT, PK_ERROR_INVALID_ARGUMENT, PK_ERROR_OUT_OF_MEMORY.
///
/// Since: 0.1.0
@_cdecl("pk_cid_from_bytes")
public func pk_cid_from_bytes(_ bytes: UnsafePointer<UInt8>?, _ length: UInt64, _ error: ErrorOut?)
  -> UnsafeMutablePointer<pk_cid>?
{
  do throws(Failure) {
    guard let bytes else { throw Failure(.invalidArgument, "The bytes are NULL: give a CID.") }
    let binary = Bytes(start: bytes, count: Int(min(length, UInt64(ContentAddress.maximumLength))))
    return try makeCID(binary, nil, error) { (_) throws(ContentRefusal) in
      try CID(diagnosing: binary)
    }
  } catch let failure {
    report(failure, to: error)
    return nil
  }
}

/// The text of a CID in another base.
///
/// - Parameters:
///   - cid: from pk_cid_parse or pk_cid_from_bytes.
///   - base: the name of a base, such as "base36". A CIDv0 is written as the CIDv1 of the same
///     content. NULL: the CID in its own version and base.
///   - error: where to store why it failed, or NULL.
///
/// - Returns: the text, or NULL on failure.
///
/// Ownership: release the text with pk_free.
///
/// Threads: any, at any time.
///
/// Errors: PK_ERROR_INVALID_ARGUMENT for NULL and an unknown base, PK_ERROR_OUT_OF_MEMORY.
///
/// Since: 0.1.0
@_cdecl("pk_cid_format")
public func pk_cid_format(
  _ cid: UnsafePointer<pk_cid>?, _ base: UnsafePointer<CChar>?, _ error: ErrorOut?
) -> UnsafeMutablePointer<CChar>? {
  do throws(Failure) {
    guard let cid = cid?.pointee else { throw Failure(.invalidArgument, "The CID is NULL.") }
    guard let name = Bytes(argument: base) ?? Bytes(argument: cid.base),
      let multibase = Multibase(named: name)
    else {
      throw Failure(
        .invalidArgument, "The base is none that is known here: give a name such as base32.")
    }
    let writesVersion0 = base == nil && cid.version == 0
    let binary = Bytes(start: cid.bytes, count: cid.length)
    guard let parsed = try? CID(binary: binary) else {
      throw Failure(.invalidArgument, "The CID was not made by this library.")
    }
    var block = try Block(size: multibase.maximumTextLength(of: binary.count + 2) + 1)
    let text = ContentScratch.with { scratch in
      block.text { place in
        writesVersion0
          ? parsed.writeVersion0(into: place)
          : parsed.writeVersion1(multibase, into: place, limbs: scratch.limbs)
      }
    }
    return UnsafeMutablePointer(mutating: text)
  } catch let failure {
    report(failure, to: error)
    return nil
  }
}

/// - Parameters:
///   - content: what the CID is parsed from.
///   - text: the same, if it is a text.
/// - Returns: nil if it was refused, which then has been reported.
@inline(__always)
private func makeCID(
  _ content: Bytes, _ text: Bytes?, _ error: ErrorOut?,
  _ parse: (ContentScratch) throws(ContentRefusal) -> CID
) throws(Failure) -> UnsafeMutablePointer<pk_cid>? {
  var isOutOfMemory = false
  let result: UnsafeMutablePointer<pk_cid>? = ContentScratch.with { scratch in
    do throws(ContentRefusal) {
      let cid = try parse(scratch)
      let result = try? makeCID(cid, text, scratch)
      isOutOfMemory = result == nil
      return result
    } catch let refusal {
      report(refusal, of: content, to: error)
      return nil
    }
  }
  if isOutOfMemory { throw .outOfMemory }
  return result
}

private func makeCID(_ cid: CID, _ text: Bytes?, _ scratch: ContentScratch) throws(Failure)
  -> UnsafeMutablePointer<pk_cid>
{
  let added = cid.lengthAddedByVersion1
  let length = added + cid.bytes.count
  let texts = Multibase.maximumBase32Length(of: length) + 1 + CID.version0TextLength + 1
  var block = try Block(size: MemoryLayout<pk_cid>.stride + length + texts)
  let result = block.take(pk_cid.self)
  // The CIDv1 of the same content: a CIDv0 is the end of it.
  let version1Bytes = block.take(UInt8.self, count: length)
  cid.writeVersion1(to: version1Bytes)
  let bytes = version1Bytes + added
  // A text in the form that is wanted need not be made anew.
  let version1 =
    if let text, cid.base == .base32, !cid.foldsCase {
      block.copy(text)
    } else {
      block.text { Multibase.encodeBase32(Bytes(start: version1Bytes, count: length), into: $0) }
    }
  var version0: UnsafePointer<CChar>?
  if cid.hasVersion0 {
    if let text, cid.version == 0 {
      version0 = block.copy(text)
    } else {
      version0 = block.text { cid.writeVersion0(into: $0) }
    }
  }
  result.initialize(
    to: pk_cid(
      version: cid.version, codec: cid.codec, hash: cid.hash, codec_name: cString(cid.codecName),
      hash_name: cString(cid.hashName), digest: bytes + (cid.bytes.count - cid.digest.count),
      digest_length: cid.digest.count, base: cString(cid.base.name), v1: version1, v0: version0,
      bytes: bytes, length: cid.bytes.count))
  return result
}

/// A constant text: it has a NUL behind it, and the library is never unloaded.
private func cString(_ text: StaticString?) -> UnsafePointer<CChar>? {
  text.map { UnsafeRawPointer($0.utf8Start).assumingMemoryBound(to: CChar.self) }
}
