import FlyingFox
import FlyingSocks
import Foundation
import Glibc
import Synchronization

/// An address of this machine that nobody else can reach. The sandbox listens nowhere else.
enum LoopbackHost: String, Sendable {
  case ipv4 = "127.0.0.1"
  case ipv6 = "::1"

  /// The base URL of a sandbox on that port.
  func baseURL(port: UInt16) -> String {
    let host = self == .ipv6 ? "[\(rawValue)]" : rawValue
    return "http://\(host):\(port)\(Route.base)"
  }
}

/// Serves a ``Service`` over HTTP/1.1.
struct Server: Sendable {
  let service: Service
  var host = LoopbackHost.ipv4
  /// Zero takes any free port.
  var port: UInt16 = 0

  /// Longer than the slowest account takes.
  private static let handlerTimeout: TimeInterval = 120

  /// Serves until its task is cancelled.
  ///
  /// - Parameter announce: Gets the base URL once a client can connect.
  /// - Throws: `SocketError` if it cannot listen, `CancellationError` at the end.
  func run(announce: @escaping @Sendable (String) -> Void) async throws {
    let pool = PromptPool()
    let server = try makeServer(pool: pool)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await server.run() }
      group.addTask {
        for await port in pool.ports { announce(host.baseURL(port: port)) }
      }
      // The announcement ends first; a failure to listen gets here too.
      while try await group.next() != nil {}
    }
  }

  private func makeServer(pool: PromptPool) throws -> HTTPServer {
    func server(_ address: some SocketAddress) -> HTTPServer {
      HTTPServer(
        address: address, timeout: Self.handlerTimeout, pool: pool,
        logger: ConnectionLog(stats: service.stats), handler: Handler(service: service))
    }
    switch host {
    case .ipv4: return try server(sockaddr_in.inet(ip4: host.rawValue, port: port))
    case .ipv6: return try server(sockaddr_in6.inet6(ip6: host.rawValue, port: port))
    }
  }
}

/// Translates between FlyingFox and ``Service``.
struct Handler: HTTPHandler {
  let service: Service

  func handleRequest(_ request: HTTPRequest) async throws -> HTTPResponse {
    let answer = service.answer(
      to: Call(
        method: request.method.rawValue, path: request.path, cluster: request.query["cl"],
        apiKey: request.headers[HTTPHeader("X-API-Key")],
        authorization: request.headers[.authorization]))
    if answer.delay > .zero { try await Task.sleep(for: answer.delay) }

    var headers = HTTPHeaders()
    for (name, value) in answer.headers { headers[HTTPHeader(name)] = value }
    // Said here because the answer to HEAD names the length of a body that is not sent.
    headers[.contentLength] = String(answer.body.count)
    let body = request.method == .HEAD ? Data() : answer.body
    return HTTPResponse(
      statusCode: HTTPStatusCode(answer.status, phrase: Answer.phrase(answer.status)),
      headers: headers,
      // In one piece: the default would cut a long list into chunks of 4 KiB.
      body: HTTPBodySequence(data: body, suggestedBufferSize: max(1, body.count)))
  }
}

/// The default pool, and Nagle's algorithm turned off for every connection.
///
/// FlyingFox writes head and body of an answer apart. With Nagle's algorithm the body would wait
/// for the client's delayed acknowledgement of the head, 40 ms on Linux. The server keeps its
/// sockets to itself, but it passes each one here before it waits for it. The first is the one
/// that listens, and on Linux accepted sockets inherit the option from it.
final class PromptPool: AsyncSocketPool {
  /// The port, once the server waits for its first connection.
  let ports: AsyncStream<UInt16>

  private let base: any AsyncSocketPool = HTTPServer.defaultPool()
  private let foundPort: AsyncStream<UInt16>.Continuation
  private let hasListener = Atomic(false)

  init() {
    (ports, foundPort) = AsyncStream.makeStream()
  }

  func prepare() async throws { try await base.prepare() }

  func run() async throws { try await base.run() }

  func suspendSocket(_ socket: Socket, untilReadyFor events: Socket.Events) async throws {
    if !hasListener.load(ordering: .acquiring) { try inspect(socket) }
    try await base.suspendSocket(socket, untilReadyFor: events)
  }

  /// Also meets connections if one came before the server could wait, hence the second option.
  private func inspect(_ socket: Socket) throws {
    try socket.setValue(true, for: BoolSocketOption(level: Int32(IPPROTO_TCP), name: TCP_NODELAY))
    guard try socket.getValue(for: BoolSocketOption(name: SO_ACCEPTCONN)) else { return }
    hasListener.store(true, ordering: .releasing)
    switch try socket.sockname() {
    case .ip4(_, let port), .ip6(_, let port): foundPort.yield(port)
    case .unix: break
    }
    foundPort.finish()
  }
}
