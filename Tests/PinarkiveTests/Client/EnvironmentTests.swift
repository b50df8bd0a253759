import Foundation
import Testing

@testable import Pinarkive

/// Each of these tests runs in a process of its own: setenv would disturb the others' threads.
@Suite(.serialized)
struct EnvironmentTests {
  /// Sets the variables that count, and takes away the others that do.
  private static func set(_ variables: [String: String]) {
    for name in [
      "PINARKIVE_API_KEY", "PINARKIVE_API_URL", "PINARKIVE_LOG", "SSL_CERT_FILE", "SSL_CERT_DIR",
      "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY",
    ] {
      unsetenv(name)
    }
    for (name, value) in variables { setenv(name, value, 1) }
  }

  @Test func anEmptyVariableIsNone() async {
    await #expect(processExitsWith: .success) {
      Self.set(["no_proxy": "", "NO_PROXY": "upper", "HTTPS_PROXY": "x"])
      let environment = Environment()
      #expect(environment.value("no_proxy") == nil)
      #expect(environment.value("no_proxy", or: "NO_PROXY").map(text) == "upper")
      #expect(environment.value("https_proxy", or: "HTTPS_PROXY").map(text) == "x")
      setenv("https_proxy", "lower", 1)
      #expect(environment.value("https_proxy", or: "HTTPS_PROXY").map(text) == "lower")
      #expect(environment.value("all_proxy", or: "ALL_PROXY") == nil)
      // A list of hosts that was cut would mean something else.
      setenv("NO_PROXY", String(repeating: "a", count: 50_000), 1)
      #expect(environment.value("NO_PROXY")?.count == 50_000)
    }
  }

  @Test func theKeyComesFromTheOptionsThenFromTheEnvironment() async {
    await #expect(processExitsWith: .success) {
      for (key, token, variable, line) in [
        ("option", nil, "variable", "X-API-Key: option"),
        (nil, nil, "variable", "X-API-Key: variable"),
        // A token alone is enough; the variable may hold the key of another account.
        (nil, "token", "variable", ""),
        ("option", "token", "variable", "X-API-Key: option"),
      ] as [(String?, String?, String, String)] {
        Self.set(["PINARKIVE_API_KEY": variable])
        let settings = Settings(apiKey: key)
        if let token { settings[\.bearerToken] = token }
        let found = try settings.configure { text($0.endpoint.keyLine.bytes) }
        #expect(found == line)
      }
    }
  }

  @Test func aKeyOfTheEnvironmentThatCannotBeRightIsAMatterOfConfiguration() async {
    await #expect(processExitsWith: .success) {
      for (value, beginning) in [
        (nil, "There is no API key: set PINARKIVE_API_KEY"),
        ("", "There is no API key: set PINARKIVE_API_KEY"),
        ("SECRET\n", "PINARKIVE_API_KEY holds a space, a line break "),
        ("SECRET KEY", "PINARKIVE_API_KEY holds a space, a line break "),
        (String(repeating: "S", count: 513), "PINARKIVE_API_KEY is too long "),
        (String(repeating: "S", count: 100_000), "PINARKIVE_API_KEY is too long "),
      ] as [(String?, String)] {
        Self.set(value.map { ["PINARKIVE_API_KEY": $0] } ?? [:])
        let refusal = Settings(apiKey: nil).refusal()
        #expect(refusal?.status == .configuration)
        #expect(refusal?.message.hasPrefix(beginning) == true)
        #expect(refusal?.message.contains("SECRET") == false)
      }
    }
  }

  @Test func theBaseURLComesFromTheOptionsThenTheEnvironmentThenTheDefault() async {
    await #expect(processExitsWith: .success) {
      for (option, variable, url) in [
        ("http://127.0.0.1:1", "http://127.0.0.1:2", "http://127.0.0.1:1/users/me/clusters"),
        (nil, "http://127.0.0.1:2", "http://127.0.0.1:2/users/me/clusters"),
        (nil, "", "https://api.pinarkive.com/api/v3/users/me/clusters"),
      ] as [(String?, String, String)] {
        Self.set(["PINARKIVE_API_URL": variable])
        let settings = Settings(baseURL: option)
        let found = try settings.configure { text($0.endpoint.url.bytes) }
        #expect(found == url)
      }
      Self.set(["PINARKIVE_API_URL": "http://api.pinarkive.com/"])
      let refusal = Settings(baseURL: nil).refusal()
      #expect(refusal?.status == .configuration)
      #expect(refusal?.message.hasPrefix("PINARKIVE_API_URL is not https, ") == true)
    }
  }

  @Test func theProxyOfTheEnvironmentIsNotForLoopback() async {
    await #expect(processExitsWith: .success) {
      let secure = "https://api.pinarkive.com/api/v3"
      let loopback = "http://127.0.0.1:9"
      for (base, option, variables, proxy, noProxy) in [
        (secure, nil, [:], "", ""),
        (secure, nil, ["https_proxy": "a", "HTTPS_PROXY": "b", "all_proxy": "c"], "a", ""),
        (secure, nil, ["HTTPS_PROXY": "b", "all_proxy": "c"], "b", ""),
        (secure, nil, ["all_proxy": "c", "ALL_PROXY": "d"], "c", ""),
        (secure, nil, ["ALL_PROXY": "d", "no_proxy": "e", "NO_PROXY": "f"], "d", "e"),
        (secure, nil, ["https_proxy": "a", "NO_PROXY": "f"], "a", "f"),
        (secure, nil, ["http_proxy": "g", "HTTP_PROXY": "h"], "", ""),
        (secure, "o", ["https_proxy": "a", "no_proxy": "e"], "o", ""),
        (secure, "", ["https_proxy": "a", "no_proxy": "e"], "", ""),
        (loopback, nil, ["https_proxy": "a", "all_proxy": "c", "no_proxy": "e"], "", ""),
        (loopback, "o", ["https_proxy": "a"], "o", ""),
        ("https://127.0.0.1:9", nil, ["https_proxy": "a", "all_proxy": "c"], "", ""),
        ("https://[::1]:9", "o", ["https_proxy": "a"], "o", ""),
      ] as [(String, String?, [String: String], String, String)] {
        Self.set(variables)
        let settings = Settings(baseURL: base)
        if let option { settings[\.proxy] = option }
        let found = try settings.configure {
          [text($0.endpoint.proxy.bytes), text($0.endpoint.noProxy.bytes)]
        }
        #expect(found == [proxy, noProxy], "\(base) \(variables)")
      }
    }
  }

  @Test func theBundleComesFromTheOptionsThenFromTheEnvironment() async {
    await #expect(processExitsWith: .success) {
      Self.set(["SSL_CERT_FILE": "/nowhere/variable.pem"])
      var refusal = Settings(baseURL: "https://api.pinarkive.com").refusal()
      #expect(refusal?.status == .configuration)
      #expect(
        refusal?.message.contains("/nowhere/variable.pem cannot be read: check SSL_CERT_FILE")
          == true)
      // Where nothing is encrypted nobody asks for it.
      refusal = Settings().refusal()
      #expect(refusal == nil)

      let settings = Settings(baseURL: "https://api.pinarkive.com")
      let readable = try #require(CommandLine.arguments.first)
      settings[\.caFile] = readable
      let found = try settings.configure { text($0.endpoint.trust.bundle.bytes) }
      #expect(found == readable)
    }
  }

  @Test(
    arguments: [
      (nil, "off"), ("", "off"), ("info", "info"), ("INFO", "info"), ("debug", "info"),
      ("Debug", "info"), ("trace", "off"), ("1", "off"), ("info ", "off"),
    ] as [(String?, String)]) func theLogLevelIsOneOfTwoWords(value: String?, expected: String)
  {
    let level = value.map { withBytes($0) { LogLevel($0) } } ?? LogLevel(nil)
    #expect("\(level)" == expected)
  }

  @Test func aLogLineIsOneLineWithHostPathOutcomeAndTime() async throws {
    let result = await #expect(
      processExitsWith: .success, observing: [\.standardErrorContent]
    ) {
      for level in ["", "info", "debug"] {
        Self.set(["PINARKIVE_LOG": level])
        try Settings(apiKey: "SECRET").configure { configuration in
          configuration.log.attempt(
            1, configuration.endpoint, outcome: "", number: 200, milliseconds: 34)
          configuration.log.attempt(
            2, configuration.endpoint, outcome: "libcurl error ", number: 7, milliseconds: 0)
          configuration.log.attempt(
            3, configuration.endpoint, outcome: "time-out", number: nil, milliseconds: 4_000)
        }
      }
      // A path too long for a line is cut, the outcome is not.
      let long = Settings(baseURL: "http://127.0.0.1:9/" + String(repeating: "p", count: 2_000))
      try long.configure { configuration in
        configuration.log.attempt(
          10, configuration.endpoint, outcome: "cancelled", number: nil, milliseconds: 5)
      }
    }
    let log = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
    let lines = log.split(separator: "\n").filter { $0.hasPrefix("pinarkive: ") }
    let url = "127.0.0.1:9/api/v3/users/me/clusters"
    let three = [
      "pinarkive: attempt 1 \(url) 200 34 ms",
      "pinarkive: attempt 2 \(url) libcurl error 7 0 ms",
      "pinarkive: attempt 3 \(url) time-out 4000 ms",
    ]
    #expect(lines.dropLast().map(String.init) == three + three)
    let last = try #require(lines.last)
    #expect(last.hasPrefix("pinarkive: attempt 10 127.0.0.1:9/ppp"))
    #expect(last.hasSuffix("p cancelled 5 ms"))
    #expect(last.utf8.count < 512)
    #expect(!log.contains("SECRET"))
  }
}
