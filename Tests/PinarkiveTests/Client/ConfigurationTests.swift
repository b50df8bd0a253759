import Foundation
import Testing

@testable import Pinarkive

struct ConfigurationTests {
  private typealias Text = WritableKeyPath<ClientSettings, Bytes?>

  @Test func whatIsNotGivenHasADefault() throws {
    try Settings().configure { configuration in
      let (timeout, attempt) = (configuration.timeout, configuration.attemptTimeout)
      #expect(timeout == 10_000)
      #expect(attempt == 4_000)
      let (connect, attempts) = (configuration.endpoint.connectTimeout, configuration.maxAttempts)
      #expect(connect == 2_000)
      #expect(attempts == 3)
      let (connections, agent) = (
        configuration.maxConnections, text(configuration.endpoint.userAgent.bytes)
      )
      #expect(connections == 4)
      #expect(agent == "libpinarkive/\(Library.version)")
      let (proxy, token) = (
        configuration.endpoint.proxy.count, configuration.endpoint.tokenLine.count
      )
      #expect(proxy == 0)
      #expect(token == 0)
    }
  }

  @Test(
    arguments: [
      (1, 100), (99, 100), (100, 100), (101, 101), (4_321, 4_321), (120_000, 120_000),
      (120_001, 120_000), (.max, 120_000),
    ] as [(Int64, Int64)]) func timesAreBroughtInto100MillisecondsTo120Seconds(
      given: Int64, expected: Int64
    ) throws
  {
    let settings = Settings()
    settings.settings.timeout = given
    settings.settings.attemptTimeout = given
    settings.settings.connectTimeout = given
    let times = try settings.configure {
      [$0.timeout, $0.attemptTimeout, $0.endpoint.connectTimeout]
    }
    #expect(times == [expected, expected, expected])
  }

  @Test(
    arguments: [
      (\.timeout, "timeout_ms"), (\.attemptTimeout, "attempt_timeout_ms"),
      (\.connectTimeout, "connect_timeout_ms"),
    ] as [(any WritableKeyPath<ClientSettings, Int64> & Sendable, String)])
  func aNegativeTimeIsRefused(
    field: any WritableKeyPath<ClientSettings, Int64> & Sendable, name: String
  ) {
    for value: Int64 in [-1, .min] {
      let settings = Settings()
      settings.settings[keyPath: field] = value
      let refusal = settings.refusal()
      #expect(refusal?.status == .invalidArgument)
      #expect(refusal?.message == "\(name) is negative.")
    }
  }

  @Test(
    arguments: [
      (\.maxAttempts, "max_attempts", 10), (\.maxConnections, "max_connections", 64),
    ] as [(any WritableKeyPath<ClientSettings, Int32> & Sendable, String, Int32)])
  func aCountOutsideItsRangeIsRefused(
    field: any WritableKeyPath<ClientSettings, Int32> & Sendable, name: String, most: Int32
  ) throws {
    for value in [1, most] {
      let settings = Settings()
      settings.settings[keyPath: field] = value
      let counts = try settings.configure { [$0.maxAttempts, $0.maxConnections] }
      #expect(counts.contains(Int(value)))
    }
    for value in [-1, .min, most + 1, .max] {
      let settings = Settings()
      settings.settings[keyPath: field] = value
      let refusal = settings.refusal()
      #expect(refusal?.status == .invalidArgument)
      #expect(refusal?.message == "\(name) is not a number from 1 to \(most).")
    }
  }

  @Test(arguments: [
    ("http://127.0.0.1:9/api/v3", "http://127.0.0.1:9/api/v3/users/me/clusters"),
    ("http://127.0.0.1:9/api/v3/", "http://127.0.0.1:9/api/v3/users/me/clusters"),
    ("http://127.0.0.1", "http://127.0.0.1/users/me/clusters"),
    ("http://127.0.0.1/", "http://127.0.0.1/users/me/clusters"),
    ("HTTP://[::1]:9/a", "HTTP://[::1]:9/a/users/me/clusters"),
  ]) func thePathFollowsTheBaseAfterOneSlash(base: String, url: String) throws {
    let (found, name) = try Settings(baseURL: base).configure {
      (text($0.endpoint.url.bytes), text($0.endpoint.name.bytes))
    }
    #expect(found == url)
    #expect(name == String(url.dropFirst(7)))
  }

  @Test(arguments: [
    ("", "base_url is empty."),
    ("http://api.pinarkive.com/api/v3", "base_url is not https, "),
    ("http://localhost:9/", "base_url is not https, "),
    ("http://127.1/", "base_url has no valid host "),
    ("http://[::2]/", "base_url is not https, "),
    ("ftp://host/", "base_url does not begin with "),
    ("https://user:pw@host/", "base_url holds a user name "),
    ("https://host/?x", "base_url has a query "),
  ]) func aBaseURLThatWouldGiveTheKeyAwayIsRefused(base: String, beginning: String) {
    let refusal = Settings(baseURL: base).refusal()
    #expect(refusal?.status == .invalidArgument)
    #expect(refusal?.message.hasPrefix(beginning) == true)
  }

  @Test(
    arguments: [
      (\.apiKey, "", "api_key is empty."),
      (\.apiKey, "SECRET KEY", "api_key holds a space, "),
      (\.apiKey, "SECRET\r\nX: y", "api_key holds a space, "),
      (\.apiKey, "SECRET\0", "api_key holds a space, "),
      (\.apiKey, "SECRETé", "api_key holds a space, "),
      (\.apiKey, "SECRET\u{7F}", "api_key holds a space, "),
      (\.apiKey, String(repeating: "S", count: 513), "api_key is too long "),
      (\.bearerToken, "", "bearer_token is empty."),
      (\.bearerToken, "SECRET\n", "bearer_token holds a space, "),
      (\.bearerToken, String(repeating: "S", count: 4_097), "bearer_token is too long "),
      (\.userAgent, "", "user_agent is not 1 to 256 "),
      (\.userAgent, "a\r\nX: y", "user_agent is not 1 to 256 "),
      (\.userAgent, "é", "user_agent is not 1 to 256 "),
      (\.userAgent, String(repeating: "a", count: 257), "user_agent is not 1 to 256 "),
      (\.proxy, "http://a b", "proxy is too long, or holds "),
      (\.proxy, String(repeating: "a", count: 2_049), "proxy is too long, or holds "),
      (\.proxy, "http://", "proxy has no valid host name"),
      (\.proxy, "http://host:0", "proxy has a port "),
      (\.proxy, "http://user:SECRET@/", "proxy has no valid host name"),
    ] as [(any WritableKeyPath<ClientSettings, Bytes?> & Sendable, String, String)])
  func aTextThatCannotBeRightIsRefusedAndNotRepeated(
    field: any WritableKeyPath<ClientSettings, Bytes?> & Sendable, value: String, beginning: String
  ) {
    let settings = Settings()
    settings[field] = value
    let refusal = settings.refusal()
    #expect(refusal?.status == .invalidArgument)
    #expect(refusal?.message.hasPrefix(beginning) == true)
    #expect(refusal?.message.contains("SECRET") == false)
  }

  @Test func theLongestAllowedTextsArePassedOn() throws {
    let settings = Settings(apiKey: String(repeating: "k", count: 512))
    settings[\.bearerToken] = String(repeating: "t", count: 4_096)
    settings[\.userAgent] = String(repeating: "u", count: 256)
    let lines = try settings.configure {
      [$0.endpoint.keyLine.count, $0.endpoint.tokenLine.count, $0.endpoint.userAgent.count]
    }
    #expect(lines == ["X-API-Key: ".count + 512, "Authorization: Bearer ".count + 4_096, 256])
  }

  @Test func keyAndTokenAreBothSentAndBothSecret() throws {
    let settings = Settings(apiKey: "K-1")
    settings[\.bearerToken] = "T-1"
    let safe = try settings.configure { configuration in
      #expect(text(configuration.endpoint.keyLine.bytes) == "X-API-Key: K-1")
      #expect(text(configuration.endpoint.tokenLine.bytes) == "Authorization: Bearer T-1")
      var safe = InlineText<64>()
      withBytes("K-1 T-1 K-2") { configuration.endpoint.secrets.appendSafely($0, to: &safe) }
      return safe.string
    }
    #expect(safe == "[key] [key] K-2")
  }

  @Test(arguments: ["", "/nowhere/ca.pem", "/tmp", "/nowhere/\u{1B}[2J.pem"])
  func aBundleThatCannotBeReadIsRefusedByName(path: String) {
    let settings = Settings()
    settings[\.caFile] = path
    let refusal = settings.refusal()
    #expect(refusal?.status == .configuration)
    let shown = " \(path.replacing("\u{1B}", with: " ")) cannot be read"
    #expect(refusal?.message.contains(shown) == true)
    #expect(refusal?.message.hasSuffix(" cannot be read: check ca_file.") == true)
  }

  @Test(arguments: [
    "", "proxy", "proxy:8080", "http://proxy:8080", "http://user:pw@proxy:8080/",
    "socks5h://[::1]:1080", "http://a@b@proxy",
  ]) func aProxyIsTakenAsItIs(proxy: String) throws {
    let settings = Settings()
    settings[\.proxy] = proxy
    #expect(try settings.configure { text($0.endpoint.proxy.bytes) } == proxy)
  }
}

struct DurationTests {
  @Test(
    arguments: [
      (.zero, 1),
      (.milliseconds(1), 1),
      (.milliseconds(-1), -1),
      (.seconds(10), 10_000),
      (.microseconds(1_999), 1),
      (.microseconds(-1_999), -1),
      (.nanoseconds(1), 1),
      (.nanoseconds(-1), -1),
      (.seconds(Int64.max / 1000), Int64.max / 1000 * 1000),
      (.seconds(Int64.max / 1000) + .milliseconds(808), .max),
      (.seconds(Int64.max), .max),
      (.seconds(Int64.min), .min),
      (.seconds(Int64.max / 1000 + 1), .max),
      (.seconds(Int64.min / 1000 - 1), .min),
    ] as [(Duration, Int64)]) func becomesMillisecondsAndNeverTheDefault(
      duration: Duration, expected: Int64
    )
  {
    #expect(duration.wholeMilliseconds == expected)
  }
}
