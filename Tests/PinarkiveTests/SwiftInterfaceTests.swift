import Testing

@testable import Pinarkive

/// `Client` and its options, as a Swift program uses them.
struct SwiftInterfaceTests {
  @Test func aClientListsTheClusters() throws {
    let sandbox = try SandboxProcess()
    var options = ClientOptions()
    options.apiKey = "sandbox"
    options.baseURL = sandbox.baseURL
    let list = try Client(options).listClusters()
    #expect(list.clusters.count == 6)
    #expect(list.attempts == 1)
    #expect(!list.isFromCache)
  }

  @Test func theSentenceOfARefusalNamesWhatWasGiven() throws {
    var options = ClientOptions()
    options.apiKey = "key"
    // Long enough to have memory of its own, which is gone when the error is looked at.
    options.caFile = "/nowhere/" + String(repeating: "folder/", count: 20) + "authorities.pem"
    let error = try #require(throws: PinarkiveError.self) { _ = try Client(options) }
    #expect(error.status == .configuration)
    #expect(error.message.contains("/folder/authorities.pem cannot be read: check ca_file."))
  }

  @Test func noTimeForTheCacheIsNoCache() throws {
    var options = ClientOptions()
    options.cacheTimeToLive = .zero
    options.staleIfError = .zero
    options.timeout = .zero
    try options.withSettings { settings in
      #expect(settings.cacheTimeToLive == 0)
      #expect(settings.staleIfError == 0)
      // 0 would be the default.
      #expect(settings.timeout == 1)
    }
  }
}
