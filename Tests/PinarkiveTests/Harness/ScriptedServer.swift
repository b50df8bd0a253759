import Foundation
import Glibc
import Synchronization

/// A server on loopback that does to each request what the test says, right or wrong. The sandbox is
/// the service; this is for what the service would never do. Blocks no thread of the tests.
final class ScriptedServer: Sendable {
  enum Reply: Sendable {
    /// These bytes; the connection is kept.
    case bytes(String)
    /// These bytes, and the end of the connection.
    case last(String)
    /// Nothing, until the server ends.
    case silence
    /// A byte at a time, 50 ms apart.
    case drip(String)

    /// A whole answer.
    static func answer(
      _ status: Int = 200, _ body: String = #"[{"id":"scripted"}]"#, _ headers: String...
    ) -> Reply {
      let lines = headers.map { $0 + "\r\n" }.joined()
      return .bytes(
        "HTTP/1.1 \(status) X\r\nContent-Length: \(body.utf8.count)\r\n\(lines)\r\n\(body)")
    }
  }

  /// What the threads of the connections share with the server; they may outlive it.
  private final class Shared: Sendable {
    struct State {
      var requests: [String] = []
      var open: Set<Int32> = []
      var accepted = 0
    }

    let state = Mutex(State())
    let replies: [Reply]

    init(_ replies: [Reply]) { self.replies = replies }
  }

  let port: UInt16
  private let listener: Int32
  private let shared: Shared

  var baseURL: String { "http://127.0.0.1:\(port)/api/v3" }

  /// The heads of the requests so far.
  var requests: [String] { shared.state.withLock { $0.requests } }
  /// How many connections were accepted.
  var connections: Int { shared.state.withLock { $0.accepted } }

  /// - Parameters:
  ///   - replies: to each request the next; the last one again and again.
  ///   - accepts: if not, a connection waits for the end of its handshake.
  init(_ replies: Reply..., accepts: Bool = true) throws {
    shared = Shared(replies)
    let listener = Self.makeSocket()
    self.listener = listener
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isListening = withUnsafeMutablePointer(to: &address) { pointer -> Bool in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        bind(listener, address, length) == 0 && listen(listener, accepts ? 128 : 0) == 0
          && getsockname(listener, address, &length) == 0
      }
    }
    port = UInt16(bigEndian: address.sin_port)
    guard isListening else { throw POSIXError(.EADDRNOTAVAIL) }
    if accepts {
      Thread.detachNewThread { [listener, shared] in
        while case let connection = accept(listener, nil, nil), connection >= 0 {
          _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
          shared.state.withLock { state in
            state.open.insert(connection)
            state.accepted += 1
          }
          Thread.detachNewThread { Self.serve(connection, shared) }
        }
        close(listener)
      }
    } else {
      // Connections that nobody accepts: those that come after wait for their handshake.
      for _ in 0..<2 {
        let connection = Self.makeSocket()
        _ = fcntl(connection, F_SETFL, O_NONBLOCK)
        _ = withUnsafePointer(to: &address) { pointer in
          pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            connect(connection, $0, length)
          }
        }
        _ = shared.state.withLock { $0.open.insert(connection) }
      }
    }
  }

  deinit {
    // Ends the thread that accepts, which then closes the socket.
    shutdown(listener, Int32(SHUT_RDWR))
    shared.state.withLock { state in
      for connection in state.open { shutdown(connection, Int32(SHUT_RDWR)) }
    }
  }

  /// Waits for so many requests; gives up after 10 s.
  func waitForRequests(_ count: Int) async throws {
    for _ in 0..<5_000 where requests.count < count {
      try await Task.sleep(for: .milliseconds(2))
    }
  }

  private static func makeSocket() -> Int32 {
    let made = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    _ = fcntl(made, F_SETFD, FD_CLOEXEC)
    return made
  }

  private static func serve(_ connection: Int32, _ shared: Shared) {
    while let reply = nextReply(on: connection, shared), send(reply, on: connection) {}
    shared.state.withLock { state in
      state.open.remove(connection)
      _ = close(connection)
    }
  }

  /// Reads a request; the reply to it, or nil at the end of the connection.
  private static func nextReply(on connection: Int32, _ shared: Shared) -> Reply? {
    var head: [UInt8] = []
    while !head.suffix(4).elementsEqual("\r\n\r\n".utf8) {
      var byte: UInt8 = 0
      guard recv(connection, &byte, 1, 0) == 1 else { return nil }
      head.append(byte)
    }
    let request = String(decoding: head, as: UTF8.self)
    return shared.state.withLock { state in
      state.requests.append(request)
      return shared.replies[min(state.requests.count, shared.replies.count) - 1]
    }
  }

  /// False ends the connection.
  private static func send(_ reply: Reply, on connection: Int32) -> Bool {
    func send(_ bytes: [UInt8]) -> Bool {
      Glibc.send(connection, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count
    }
    switch reply {
    case .bytes(let text): return send(Array(text.utf8))
    case .last(let text):
      _ = send(Array(text.utf8))
      return false
    case .silence:
      var byte: UInt8 = 0
      _ = recv(connection, &byte, 1, 0)
      return false
    case .drip(let text):
      for byte in text.utf8 {
        guard send([byte]) else { return false }
        usleep(50_000)
      }
      return true
    }
  }
}
