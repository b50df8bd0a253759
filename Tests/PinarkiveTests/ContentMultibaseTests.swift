import Foundation
import Testing

@testable import Pinarkive

/// The bases by themselves: their tables against their digits, and the registry's own cases.
@Suite struct ContentMultibaseTests {
  @Test(arguments: Multibase.allCases.filter { $0 != .base256emoji })
  func everyCharacterOfATableIsTheDigitItClaims(base: Multibase) {
    let digits = String(describing: base.digits).utf8.map { $0 }
    let table = base.table.utf8Start
    #expect(base.table.utf8CodeUnitCount == 128)
    let radix = Self.radix(of: base)
    for character in UInt8(0)..<128 {
      let value = Multibase.value(of: character, in: table)
      var expected = digits.firstIndex(of: character)
      if expected == nil, base.ignoresCase, character.isLetter {
        expected = digits.firstIndex(of: character ^ 0x20)
      }
      if let expected, expected < radix {
        #expect(Int(value) == expected, "\(base) \(character)")
      } else {
        #expect(Int(value) >= radix, "\(base) \(character)")
      }
    }
  }

  @Test func emojiAreAllDifferent() {
    let digits = String(describing: Multibase.base256emoji.digits).unicodeScalars
    #expect(digits.count == 256)
    #expect(Set(digits).count == 256)
  }

  @Test func holdsTheCasesOfTheRegistry() throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../Vectors/multibase.csv")
    let lines = try String(contentsOf: file, encoding: .utf8).split(whereSeparator: \.isNewline)
      .dropFirst()
    var held = 0
    for line in lines where !line.hasPrefix("identity,") {
      let fields = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      let base = try #require(Self.base(named: fields[0]), "\(line)")
      let plain = try #require(Self.bytes(hex: fields[2]))
      #expect(Self.decode(fields[3]) == plain, "\(line)")
      if fields[4] == "both" { #expect(Self.encode(plain, base) == fields[3], "\(line)") }
      held += 1
    }
    #expect(held == 127)
  }

  @Test(arguments: Multibase.allCases)
  func whatIsWrittenIsReadAgain(base: Multibase) {
    var generator = SystemRandomNumberGenerator()
    for length in 0...Multibase.maximumLength {
      var bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &generator) }
      if length > 3, length % 3 == 0 { bytes.replaceSubrange(0..<3, with: [0, 0, 0]) }
      let text = Self.encode(bytes, base)
      #expect(text.utf8.count <= base.maximumTextLength(of: length))
      #expect(Self.decode(text) == bytes, "\(base) \(bytes)")
    }
  }

  @Test(arguments: Multibase.allCases)
  func longerDataIsRefused(base: Multibase) {
    // One digit of nearly every value more than the longest data has.
    let text = Self.encode([UInt8](repeating: 0xFF, count: Multibase.maximumLength), base)
    let digits = [String(String(describing: base.digits).unicodeScalars.dropFirst().first!)]
    let longer = text + String(repeating: digits[0], count: 16)
    #expect(Self.decode(longer) == nil)
  }

  @Test(arguments: [
    "bA", "bab", "mAB", "MAAA", "MAA=", "MAA===", "caa=====", "caa", "f0", "01", "b1", "z0", "k!",
  ])
  func whatIsNotWholeOrNotOfTheBaseIsRefused(text: String) {
    #expect(Self.decode(text) == nil)
  }

  // MARK: - Helpers

  static func radix(of base: Multibase) -> Int {
    switch base {
    case .base2: 2
    case .base8: 8
    case .base10: 10
    case .base16, .base16upper: 16
    case .base36, .base36upper: 36
    case .base58btc, .base58flickr: 58
    case .base64, .base64pad, .base64url, .base64urlpad: 64
    default: 32
    }
  }

  static func base(named name: String) -> Multibase? {
    let bytes = Array(name.utf8)
    return bytes.withUnsafeBufferPointer { Multibase(named: $0) }
  }

  static func decode(_ text: String) -> [UInt8]? {
    let bytes = Array(text.utf8)
    return bytes.withUnsafeBufferPointer { text in
      ContentScratch.with { scratch in
        guard let base = Multibase(prefixOf: text) else { return nil }
        let output = UnsafeMutablePointer<UInt8>.allocate(capacity: Multibase.outputSize)
        defer { output.deallocate() }
        let digits = text.dropping(base.prefix.utf8CodeUnitCount)
        guard let length = try? base.decode(digits, into: output, limbs: scratch.limbs) else {
          return nil
        }
        return Array(UnsafeBufferPointer(start: output, count: length))
      }
    }
  }

  static func encode(_ bytes: [UInt8], _ base: Multibase) -> String {
    bytes.withUnsafeBufferPointer { bytes in
      ContentScratch.with { scratch in
        let capacity = base.maximumTextLength(of: bytes.count)
        let output = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
        defer { output.deallocate() }
        let length = base.encode(bytes, into: output, limbs: scratch.limbs)
        return String(decoding: UnsafeBufferPointer(start: output, count: length), as: UTF8.self)
      }
    }
  }

  static func bytes(hex: String) -> [UInt8]? {
    let digits = Array(hex.utf8)
    guard digits.count % 2 == 0 else { return nil }
    return stride(from: 0, to: digits.count, by: 2).map { index in
      (digits[index].hexValue ?? 0) << 4 | (digits[index + 1].hexValue ?? 0)
    }
  }
}
