import Foundation
import Glibc

/// A run of `pinarkive-sandbox`, the stand-in for the service. Ends with this, and with the tests.
final class SandboxProcess: Sendable {
  /// What the sandbox counted.
  struct Report: Decodable {
    var connections: Int
    var openConnections: Int
    var requests: Int
  }

  let baseURL: String
  private let input = Pipe()

  init(_ arguments: String...) throws {
    let process = Process()
    let output = Pipe()
    // Products of the same build lie next to the program that runs the tests.
    process.executableURL = URL(fileURLWithPath: CommandLine.arguments[0])
      .deletingLastPathComponent().appendingPathComponent("pinarkive-sandbox")
    process.arguments = arguments + ["--exit-with-stdin"]
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    var line = Data()
    while line.last != UInt8(ascii: "\n") {
      let more = output.fileHandleForReading.availableData
      guard !more.isEmpty else { throw CocoaError(.executableLoad) }
      line += more
    }
    baseURL = String(decoding: line.dropLast(), as: UTF8.self)
  }

  deinit { try? input.fileHandleForWriting.close() }

  /// The counters. Asking takes a connection of its own, which is counted too.
  func report() async throws -> Report {
    let port = UInt16(URL(string: baseURL)?.port ?? 0)
    let answer = await onThread { Self.get("/sandbox/stats", port: port) }
    let head = answer.range(of: Data("\r\n\r\n".utf8))
    return try JSONDecoder().decode(Report.self, from: answer[(head?.upperBound ?? 0)...])
  }

  /// A whole answer, head and body. By hand, because URLSession leaks memory of the same libcurl
  /// that is tested here, which would look like ours.
  private static func get(_ path: String, port: UInt16) -> Data {
    let connection = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(connection) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let isConnected = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(connection, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
    let request = Array("GET \(path) HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".utf8)
    guard isConnected, send(connection, request, request.count, Int32(MSG_NOSIGNAL)) > 0 else {
      return Data()
    }
    var answer = Data()
    var buffer = [UInt8](repeating: 0, count: 4096)
    while case let count = recv(connection, &buffer, buffer.count, 0), count > 0 {
      answer += buffer[..<count]
    }
    return answer
  }

  /// Waits until the sandbox has seen so many requests; gives up after 10 s.
  func waitForRequests(_ count: Int) async throws {
    for _ in 0..<2_000 where try await report().requests < count {
      try await Task.sleep(for: .milliseconds(5))
    }
  }
}
