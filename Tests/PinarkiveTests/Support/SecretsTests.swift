import Testing

@testable import Pinarkive

struct SecretsTests {
  private func safe(_ given: String, apiKey: String = "", token: String = "") -> String {
    withBytes(apiKey, token) { key, token in
      withBytes(given) { bytes in
        var output = InlineText<64>()
        Secrets(apiKey: key, bearerToken: token).appendSafely(bytes, to: &output)
        return output.string
      }
    }
  }

  @Test(arguments: [
    ("nothing", "nothing"),
    ("KEY", "[key]"),
    ("the KEY.", "the [key]."),
    ("KEYKEY", "[key][key]"),
    ("TOKEN and KEY", "[key] and [key]"),
    ("KE", "KE"),
    ("KE KEY KE", "KE [key] KE"),
    ("key", "key"),
    ("", ""),
  ]) func theKeyAndTheTokenAreTakenOut(given: String, expected: String) {
    #expect(safe(given, apiKey: "KEY", token: "TOKEN") == expected)
  }

  /// The shorter one must not take the beginning of the longer one and leave the rest to be read.
  @Test(arguments: [
    ("pk_1", "pk_1_and_more"), ("pk_1_and_more", "pk_1"),
  ]) func ofTwoSecretsThatBeginAlikeTheLongerOneIsTakenOut(key: String, token: String) {
    #expect(safe("<pk_1_and_more>", apiKey: key, token: token) == "<[key]>")
    #expect(safe("<pk_1>", apiKey: key, token: token) == "<[key]>")
  }

  @Test func aKeyBehindTheCutIsNotShownInPart() {
    let filler = String(repeating: "x", count: 60)
    #expect(safe(filler + "SECRETKEY", apiKey: "SECRETKEY") == filler + "[key")
  }

  @Test(arguments: [
    ("\u{0}", true), ("\t", true), ("\n", true), ("\r", true), ("\u{1B}", true), ("\u{1F}", true),
    ("\u{7F}", true),
    (" ", true),
    ("\u{80}", true), ("\u{85}", true), ("\u{9B}", true), ("\u{9F}", true),  // C1
    ("\u{A0}", false),
    ("\u{2028}", true), ("\u{2029}", true),  // line and paragraph separator
    ("\u{61C}", true), ("\u{200E}", true), ("\u{200F}", true),  // direction marks
    ("\u{202A}", true), ("\u{202B}", true), ("\u{202C}", true), ("\u{202D}", true),
    ("\u{202E}", true),  // embeddings and overrides
    ("\u{2066}", true), ("\u{2067}", true), ("\u{2068}", true), ("\u{2069}", true),  // isolates
    ("\u{200D}", false),  // joins emoji
    ("\u{2010}", false), ("\u{2027}", false), ("\u{202F}", false), ("\u{2065}", false),
    ("\u{206A}", false),
    ("é", false), ("ع", false), ("€", false), ("🚀", false), ("\u{10FFFF}", false),
  ]) func whatWouldUpsetATerminalBecomesASpace(character: String, isHarmful: Bool) {
    #expect(safe("a\(character)b") == (isHarmful ? "a b" : "a\(character)b"))
  }

  @Test func aCharacterThatDoesNotFitEndsTheText() {
    let filler = String(repeating: "x", count: 62)
    #expect(safe(filler + "🚀y") == filler)
    #expect(safe(filler + "éy") == filler + "é")
    #expect(safe(filler + "yz!") == filler + "yz")
  }

  /// Callers check first, but a cut one must not lead past the end.
  @Test(
    arguments: [
      [0xC3], [0xE2, 0x80], [0xF0, 0x9F, 0x9A], [0x80], [0xFF],
    ] as [[UInt8]]) func malformedBytesAreNotReadPastTheEnd(bytes: [UInt8])
  {
    withBytes(bytes) { bytes in
      var output = InlineText<64>()
      Secrets().appendSafely(bytes, to: &output)
      #expect(output.count <= bytes.count)
    }
  }
}
