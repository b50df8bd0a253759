/// The URL that shows a piece of content at a gateway, with the content checked.
///
/// - Parameters:
///   - content: a CID, with a path perhaps; a content path such as /ipfs/CID; ipfs://CID or
///     ipns://NAME; or the URL of any gateway.
///   - gateway: the gateway's base URL, or nil for https://gateway.pinarkive.com/ipfs/
/// - Throws: `invalidContent` or `invalidArgument`.
public func gatewayURL(for content: String, at gateway: String? = nil) throws(PinarkiveError)
  -> String
{
  let texts = Texts([content, gateway])
  return try withExtendedLifetime(texts) { () throws(PinarkiveError) in
    let base: GatewayBase
    do throws(Failure) { base = try GatewayBase(texts[1]) } catch { throw PinarkiveError(error) }
    let content = texts[0] ?? Bytes("")
    var refusal: ContentRefusal?
    let url: String? = ContentScratch.with { scratch in
      do throws(ContentRefusal) {
        let url = try GatewayURL(base, content, URLOptions(), in: scratch)
        return String(unsafeUninitializedCapacity: url.count) { buffer in
          guard let start = buffer.baseAddress else { return 0 }
          url.write(to: start)
          return url.count
        }
      } catch {
        refusal = error
        return nil
      }
    }
    if let url { return url }
    throw PinarkiveError(refusal ?? ContentRefusal(.empty), of: content)
  }
}
