import Foundation
import Testing

@testable import Pinarkive

/// The quick ways of CIDv0 and of base 32 against the ways of any base.
@Suite struct ContentVersion0Tests {
  /// Digests with what is special in them: zeros, ones, and numbers whose digits of 58^5 are zeros.
  static let digests: [[UInt8]] = {
    var digests = [[UInt8](repeating: 0, count: 32), [UInt8](repeating: 0xFF, count: 32)]
    for bit in 0..<256 {
      var digest = [UInt8](repeating: 0, count: 32)
      digest[31 - bit / 8] = 1 << UInt8(bit % 8)
      digests.append(digest)
      digests.append(digest.map { ~$0 })
    }
    for _ in 0..<5_000 { digests.append((0..<32).map { _ in .random(in: 0...255) }) }
    for zeros in 1..<44 {
      for digit in ["1", "z"] {
        // The lowest digits of the number are all the same.
        let others = (0..<43 - zeros).map { _ in String("Ab3xYz9k".shuffled().prefix(1)) }
        let text = "QmZ" + others.joined() + String(repeating: digit, count: zeros)
        if let bytes = any(of: text) { digests.append([UInt8](bytes.dropFirst(2))) }
      }
    }
    // Digits of 58^5 that are the smallest or the greatest one, or nearly so: what adds carries to all
    // of them at once is off by one just there.
    let limbs = ["11111", "11112", "1112z", "zzzzz", "zzzzy", "Ab3xY"]
    for _ in 0..<5_000 {
      let text = (0..<8).reduce("QmYwAP") { text, _ in text + limbs[.random(in: 0..<limbs.count)] }
      if let bytes = any(of: text) { digests.append([UInt8](bytes.dropFirst(2))) }
    }
    return digests
  }()

  @Test func writesWhatBase58Writes() {
    for digest in Self.digests {
      let bytes = [0x12, 0x20] + digest
      let (quick, slow) = bytes.withUnsafeBufferPointer { bytes in
        ContentScratch.with { scratch in
          let cid = try! CID(binary: bytes)
          var quick = [UInt8](repeating: 0, count: CID.version0TextLength)
          let length = cid.writeVersion0(into: &quick)
          var slow = [UInt8](repeating: 0, count: 64)
          let other = Multibase.base58btc.encodeDigits(bytes, into: &slow, limbs: scratch.limbs)
          return (quick[..<length], slow[..<other])
        }
      }
      #expect(quick == slow, "\(digest)")
    }
  }

  @Test func readsWhatBase58Reads() {
    for digest in Self.digests {
      let text = Self.text(of: [0x12, 0x20] + digest)
      #expect(Self.quick(text) == [0x12, 0x20] + digest)
      #expect(Self.any(of: text) == [0x12, 0x20] + digest)
    }
  }

  @Test func anyByteAnywhereIsReadAlike() {
    let text = Array("QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG".utf8)
    for place in 0..<text.count {
      for byte in UInt8.min...UInt8.max {
        var changed = text
        changed[place] = byte
        let expected = Self.any(of: changed).flatMap { $0.starts(with: [0x12, 0x20]) ? $0 : nil }
        #expect(Self.quick(changed) == expected, "\(byte) at \(place)")
      }
    }
    #expect(Self.quick(text.dropLast()) == nil)
    #expect(Self.quick(text + [0x31]) == nil)
  }

  /// Every length has its own way through: sixteen at a time, eight, and the rest.
  @Test func anyByteInBase32IsReadLikeItsUpperCaseBase() {
    for length in 1...34 {
      let text = Array("abcdefghijklmnopqrstuvwxyz234567ya".utf8.prefix(length))
      for place in 0..<length {
        for byte in UInt8.min...UInt8.max {
          var changed = text
          changed[place] = byte
          #expect(
            Self.decode(changed, .base32) == Self.decode(changed, .base32upper),
            "\(byte) at \(place) of \(length)")
        }
      }
    }
  }

  @Test func base32OfAnyLengthIsThatOfItsUpperCaseBase() {
    for length in 0...64 {
      for _ in 0..<20 {
        let bytes = (0..<length).map { _ in UInt8.random(in: 0...255) }
        let text = Self.encode(bytes, .base32)
        #expect(text == Self.encode(bytes, .base32upper).map { $0.lowercasedASCII }, "\(bytes)")
        #expect(Self.decode(text, .base32) == bytes)
      }
    }
  }

  // MARK: - Helpers

  private static func encode(_ bytes: [UInt8], _ base: Multibase) -> [UInt8] {
    bytes.withUnsafeBufferPointer { bytes in
      ContentScratch.with { scratch in
        var text = [UInt8](repeating: 0, count: 256)
        let length = base.encodeDigits(bytes, into: &text, limbs: scratch.limbs)
        return Array(text[..<length])
      }
    }
  }

  private static func text(of bytes: [UInt8]) -> [UInt8] { encode(bytes, .base58btc) }

  private static func quick(_ text: some Sequence<UInt8>) -> [UInt8]? {
    Array(text).withUnsafeBufferPointer { text in
      var bytes = [UInt8](repeating: 0, count: 34)
      return CID.readVersion0(text, into: &bytes) ? bytes : nil
    }
  }

  private static func any(of text: some Sequence<UInt8>) -> [UInt8]? {
    decode(Array(text), .base58btc).flatMap { $0.count == 34 ? $0 : nil }
  }

  private static func any(of text: String) -> [UInt8]? { any(of: text.utf8) }

  private static func decode(_ text: [UInt8], _ base: Multibase) -> [UInt8]? {
    text.withUnsafeBufferPointer { text in
      ContentScratch.with { scratch in
        let output = UnsafeMutablePointer<UInt8>.allocate(capacity: Multibase.outputSize)
        defer { output.deallocate() }
        guard let length = try? base.decode(text, into: output, limbs: scratch.limbs) else {
          return nil
        }
        return Array(UnsafeBufferPointer(start: output, count: length))
      }
    }
  }
}
