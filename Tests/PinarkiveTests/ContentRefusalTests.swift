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
}
