/// The first byte chooses the options, the rest is content, CID text, CID bytes and base URL in turn.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
  guard let data, size > 1 else { return 0 }
  let all = UnsafeBufferPointer(start: data, count: size)
  var options = URLOptions()
  options.style = URLOptions.Style(rawValue: Int32(all[0] & 3)) ?? .path
  options.rootForm = URLOptions.RootForm(rawValue: Int32(all[0] >> 2 & 3)) ?? .automatic
  options.download = all[0] & 16 != 0
  options.inlinesNames = all[0] & 32 != 0
  if all[0] & 64 != 0 { options.format = Bytes("raw") }
  let base: GatewayBase
  do throws(Failure) {
    base = try GatewayBase(
      all[0] & 128 != 0 ? Bytes("http://gw.test/x/ipfs") : Bytes("http://gw.test:80"))
  } catch { return 0 }
  // Exact copy so that reading past the end is seen.
  let copy = UnsafeMutablePointer<UInt8>.allocate(capacity: size - 1)
  copy.update(from: data + 1, count: size - 1)
  defer { copy.deallocate() }
  let text = UnsafeBufferPointer(start: UnsafePointer(copy), count: size - 1)
  ContentScratch.with { scratch in
    do throws(ContentRefusal) {
      let url = try GatewayURL(base, text, options, in: scratch)
      let out = UnsafeMutablePointer<UInt8>.allocate(capacity: url.count)
      url.write(to: out)
      for i in 0..<url.count { precondition(out[i] > 0x20 && out[i] < 0x7F) }
      out.deallocate()
    } catch let refusal {
      var message = InlineText<1024>()
      refusal.write(to: &message)
      let length = refusal.suggestionLength(of: text)
      if length > 0 {
        let out = UnsafeMutablePointer<UInt8>.allocate(capacity: length)
        _ = refusal.writeSuggestion(for: text, to: out)
        out.deallocate()
      }
    }
    if let cid = try? CID(text, in: scratch) {
      for base in Multibase.allCases {
        let out = UnsafeMutablePointer<UInt8>.allocate(
          capacity: base.maximumTextLength(of: cid.bytes.count + (cid.version == 0 ? 2 : 0)))
        _ = cid.writeVersion1(base, into: out, limbs: scratch.limbs)
        out.deallocate()
      }
    }
    _ = try? CID(binary: text)
  }
  let web = try? WebURL(base: text)
  _ = web
  return 0
}
