import Foundation
import Testing

/// Runs the program itself: what it prints, how it ends.
@Suite(.serialized, .timeLimit(.minutes(1)))
struct ProgramTests {
  /// A run of the program that ends with its stdin, so that a failing test leaves nothing behind.
  private final class Run {
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()
    private let errors = Pipe()

    init(_ arguments: String...) throws {
      // Products of the same build lie next to the program that runs the tests.
      let directory = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
      process.executableURL = directory.appendingPathComponent("pinarkive-sandbox")
      process.arguments = arguments + ["--exit-with-stdin"]
      process.standardInput = input
      process.standardOutput = output
      process.standardError = errors
      try process.run()
      // A run that does not end by itself fails its test instead of holding up all of them.
      DispatchQueue.global().asyncAfter(deadline: .now() + 10) { [process] in
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
      }
    }

    /// The next line of stdout, without its end.
    func readLine() -> String {
      var line = Data()
      while let byte = try? output.fileHandleForReading.read(upToCount: 1), byte != Data("\n".utf8)
      {
        line += byte
      }
      return String(decoding: line, as: UTF8.self)
    }

    func send(_ number: Int32) {
      kill(process.processIdentifier, number)
    }

    func closeInput() throws {
      try input.fileHandleForWriting.close()
    }

    /// Waits for the end.
    func finish() -> End {
      let rest = String(
        decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      let complaint = String(
        decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
      return End(
        status: process.terminationStatus, byItself: process.terminationReason == .exit,
        output: rest, errors: complaint)
    }
  }

  /// How a run ended, and what of its output had not been read before.
  private struct End: Equatable, Sendable {
    var status: Int32 = 0
    var byItself = true
    var output = ""
    var errors = ""
  }

  /// Runs work that blocks on a thread of its own: all tests together have one for each core.
  private func onThread<T: Sendable>(
    _ work: @escaping @Sendable () throws -> T
  ) async throws -> T {
    try await withCheckedThrowingContinuation { continuation in
      Thread.detachNewThread { continuation.resume(with: Result(catching: work)) }
    }
  }

  @Test(arguments: [SIGTERM, SIGINT])
  func printsItsAddressAndEndsOnASignal(number: Int32) async throws {
    let (line, end) = try await onThread {
      let run = try Run()
      let line = run.readLine()
      run.send(number)
      return (line, run.finish())
    }
    #expect(line.wholeMatch(of: /http:\/\/127\.0\.0\.1:[1-9][0-9]*\/api\/v3/) != nil)
    #expect(end == End())
  }

  @Test func endsWithItsInput() async throws {
    let (line, end) = try await onThread {
      let run = try Run("--host", "::1")
      let line = run.readLine()
      try run.closeInput()
      return (line, run.finish())
    }
    #expect(line.hasPrefix("http://[::1]:"))
    #expect(end == End())
  }

  @Test func refusesAPortThatIsTaken() async throws {
    let (port, end) = try await onThread {
      let first = try Run()
      let port = URLComponents(string: first.readLine())?.port ?? 0
      let end = try Run("--port", String(port)).finish()
      try first.closeInput()
      _ = first.finish()
      return (port, end)
    }
    let complaint = "cannot serve on 127.0.0.1 port \(port): Address already in use"
    #expect(end == End(status: 1, errors: "pinarkive-sandbox: \(complaint)\n"))
  }

  @Test func refusesWrongArguments() async throws {
    let end = try await onThread { try Run("--host", "0.0.0.0").finish() }
    #expect(end.status == 2)
    #expect(end.output.isEmpty)
    #expect(end.errors.contains("only 127.0.0.1 and ::1"))
  }

  @Test func tellsHelpAndVersionOnStdout() async throws {
    let (help, version) = try await onThread {
      (try Run("--help").finish(), try Run("--version").finish())
    }
    #expect(help.status == 0)
    #expect(help.output.contains("sandbox-redirect"))
    #expect(version.status == 0)
    #expect(version.output.wholeMatch(of: /pinarkive-sandbox [0-9]+\.[0-9]+\.[0-9]+\n/) != nil)
  }

  @Test func answersOnTheIPv6Loopback() async throws {
    let answer = try await onThread {
      let run = try Run("--host", "::1")
      let port = URLComponents(string: run.readLine())?.port ?? 0
      defer { _ = run.finish() }
      defer { try? run.closeInput() }
      return exchange(
        "GET /api/v3/users/me/clusters HTTP/1.1\r\nHost: [::1]:\(port)\r\n"
          + "X-API-Key: sandbox-no-clusters\r\nConnection: close\r\n\r\n", port: port)
    }
    #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
    #expect(answer.hasSuffix("\r\n\r\n[]"))
  }
}

/// Sends a request to `::1` and reads to the end; Foundation's client refuses the address.
private func exchange(_ request: String, port: Int) -> String {
  let file = socket(AF_INET6, Int32(SOCK_STREAM.rawValue), 0)
  defer { close(file) }
  var address = sockaddr_in6()
  address.sin6_family = sa_family_t(AF_INET6)
  address.sin6_port = UInt16(port).bigEndian
  address.sin6_addr = in6addr_loopback
  let connected = withUnsafePointer(to: &address) { pointer in
    pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
      connect(file, $0, socklen_t(MemoryLayout<sockaddr_in6>.size))
    }
  }
  guard connected == 0, write(file, request, request.utf8.count) == request.utf8.count else {
    return ""
  }
  var answer: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 4096)
  while case let count = read(file, &buffer, buffer.count), count > 0 {
    answer += buffer.prefix(count)
  }
  return String(decoding: answer, as: UTF8.self)
}
