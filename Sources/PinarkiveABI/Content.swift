import CPinarkive
import Pinarkive

/// The URL that shows a piece of content.
///
/// Pure: needs no client, makes no request.
///
/// - Parameters:
///   - gateway: the gateway's base URL, such as pk_gateway.base_url; http or https, with or without
///     /ipfs/ at its end. NULL means https://gateway.pinarkive.com/ipfs/
///   - content: a CID, a content path, an ipfs: address or a gateway URL, as described above.
///   - options: how the URL is made, or NULL.
///   - error: where to store why it failed, or NULL.
///
/// - Returns: the URL, or NULL on failure.
///
/// Ownership: release the URL with pk_free.
///
/// Threads: any, at any time.
///
/// Errors: PK_ERROR_INVALID_CONTENT, perhaps with a suggestion; PK_ERROR_INVALID_ARGUMENT,
/// PK_ERROR_OUT_OF_MEMORY.
///
/// Since: 0.1.0
@_cdecl("pk_gateway_url")
public func pk_gateway_url(
  _ gateway: UnsafePointer<CChar>?,
  _ content: UnsafePointer<CChar>?,
  _ options: UnsafePointer<pk_url_options>?,
  _ error: ErrorOut?
) -> UnsafeMutablePointer<CChar>? {
  do throws(Failure) {
    let options = try URLOptions(options)
    guard let content = Bytes(argument: content) else {
      throw Failure(.invalidArgument, "The content is NULL: give a CID.")
    }
    let base = try GatewayBase(Bytes(argument: gateway))
    try base.check(for: options.style)
    return try makeURL(base, content, options, error)
  } catch let failure {
    report(failure, to: error)
    return nil
  }
}

/// - Returns: nil if the content was refused, which then has been reported.
private func makeURL(
  _ base: GatewayBase, _ content: Bytes, _ options: URLOptions, _ error: ErrorOut?
) throws(Failure) -> UnsafeMutablePointer<CChar>? {
  var isOutOfMemory = false
  let text: UnsafeMutablePointer<CChar>? = ContentScratch.with { scratch in
    if GatewayURL.isPlain(content, options, in: scratch) {
      return newText(of: GatewayURL.plainLength(of: content, at: base), &isOutOfMemory) { place in
        GatewayURL.writePlain(content, at: base, to: place)
      }
    }
    do throws(ContentRefusal) {
      let url = try GatewayURL(base, content, options, in: scratch)
      return newText(of: url.count, &isOutOfMemory) { url.write(to: $0) }
    } catch let refusal {
      report(refusal, of: content, to: error)
      return nil
    }
  }
  if isOutOfMemory { throw .outOfMemory }
  return text
}

/// Text for the caller, `length` bytes that `write` writes, and a NUL.
@inline(__always)
private func newText(
  of length: Int, _ isOutOfMemory: inout Bool, _ write: (UnsafeMutablePointer<UInt8>) -> Void
) -> UnsafeMutablePointer<CChar>? {
  guard var block = try? Block(size: length + 1) else {
    isOutOfMemory = true
    return nil
  }
  let text = block.take(UInt8.self, count: length + 1)
  write(text)
  text[length] = 0
  return UnsafeMutableRawPointer(text).assumingMemoryBound(to: CChar.self)
}
