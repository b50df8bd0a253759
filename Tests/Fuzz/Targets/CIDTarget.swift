/// The text of a CID and, as bytes, a CID in binary. An input is one.
func runCID(_ input: Bytes) -> Verdict {
  let isBinary = ContentScratch.with { scratch in
    guard let cid = try? CID(binary: input) else { return false }
    claim(cid.bytes.equals(input), "a CID in binary is all of its bytes")
    checkTexts(cid, scratch)
    return true
  }
  let isText = ContentScratch.with { scratch in
    do throws(CID.Problem) {
      let cid = try CID(input, in: scratch)
      claim(input.count <= CID.maximumTextLength, "a text has a length")
      checkTexts(cid, scratch)
      if cid.version == 0 {
        claimVersion0(cid, scratch, is: input)
      } else {
        claimOnlyText(cid, is: input)
      }
      return true
    } catch {
      claim(error.offset >= 0 && error.offset <= input.count, "a character has a place")
      return false
    }
  }
  return isBinary || isText ? .accepted : .refused
}

/// In every base the text of a CID is that of the same CID.
private func checkTexts(_ cid: CID, _ scratch: ContentScratch) {
  claim(cid.version == 0 || cid.version == 1, "there are two versions")
  claim(cid.digest.count <= CID.maximumDigest, "a digest has a length")
  claim(cid.version == 1 || cid.hasVersion0, "a CIDv0 has one")
  let version1 = [1, 0x70] + Array(cid.multihash)
  // The scratch memory may hold the CID itself.
  ContentScratch.with { other in
    for base in Multibase.allCases {
      let most = base.maximumTextLength(of: cid.bytes.count + (cid.version == 0 ? 2 : 0))
      let text = UnsafeMutablePointer<UInt8>.allocate(capacity: most)
      defer { text.deallocate() }
      let length = cid.writeVersion1(base, into: text, limbs: other.limbs)
      claim(length > 0 && length <= most, "a text has its room")
      guard let again = try? CID(Bytes(start: text, count: length), in: other) else {
        // An identity of more than the longest CID cannot be told from too much text.
        claim(false, "what is written can be read")
        return
      }
      claim(again.base == base && !again.foldsCase, "a text has its base")
      if cid.version == 1 {
        claim(again.bytes.equals(cid.bytes), "a text is the same CID")
      } else {
        version1.withUnsafeBufferPointer {
          claim(again.bytes.equals($0), "the CIDv1 of a CIDv0 is dag-pb")
        }
      }
    }
  }
  if cid.hasVersion0 { claimVersion0(cid, scratch, is: nil) }
}

/// A CID has one text in each base, but for the case of letters where that does not matter.
private func claimOnlyText(_ cid: CID, is text: Bytes) {
  ContentScratch.with { other in
    let most = cid.base.maximumTextLength(of: cid.bytes.count)
    let out = UnsafeMutablePointer<UInt8>.allocate(capacity: most)
    defer { out.deallocate() }
    let length = cid.writeVersion1(cid.base, into: out, limbs: other.limbs)
    claim(length == text.count, "a CID has one text")
    for index in 0..<length {
      let isSame =
        cid.foldsCase
        ? out[index].lowercasedASCII == text[index].lowercasedASCII : out[index] == text[index]
      claim(isSame, "a CID has one text but for case")
    }
  }
}

private func claimVersion0(_ cid: CID, _ scratch: ContentScratch, is text: Bytes?) {
  ContentScratch.with { other in
    let out = UnsafeMutablePointer<UInt8>.allocate(capacity: CID.version0TextLength)
    defer { out.deallocate() }
    let length = cid.writeVersion0(into: out)
    claim(length == CID.version0TextLength, "every CIDv0 has 46 characters")
    let written = Bytes(start: out, count: length)
    if let text { claim(written.equals(text), "a CIDv0 has one text") }
    guard let again = try? CID(written, in: other) else {
      claim(false, "a CIDv0 can be read")
      return
    }
    claim(again.multihash.equals(cid.multihash), "a CIDv0 is the same content")
  }
}
