import Testing

@testable import Pinarkive

@Suite struct ContentRefusalTests {
  @Test(arguments: ContentRefusal.Reason.allCases)
  func everySentenceIsWholeAndSaysWhatToDo(reason: ContentRefusal.Reason) {
    var text = InlineText<1024>()
    ContentRefusal(reason).write(to: &text)
    let sentence = text.string
    #expect(sentence.hasSuffix("."))
    #expect(sentence.contains(";") || sentence.contains(", which"))
    #expect(!sentence.contains("  "))
    #expect(sentence.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F })
  }

  /// Else the URL that is made would be no content itself. Found by fuzzing.
  @Test(arguments: [
    ("http://en-wikipedia--on--ipfs-org.ipns.k", true), ("http://a--b.ipns.k", true),
    ("http://a---b.ipns.k", false), ("http://x-a---b-y.ipns.k/z", false),
  ]) func aLabelThatIsNoNameWithDotsIsNone(content: String, isContent: Bool) {
    withBytes(content) { #expect(ContentAddress.accepts($0) == isContent) }
  }
}
