import FlyingSocks
import Foundation
import Glibc

/// The program around the server: arguments, signals, exit status.
enum Program {
  static let name = "pinarkive-sandbox"
  static let version = "0.1.0"

  /// Runs the program.
  ///
  /// - Returns: The exit status: 0 at a proper end, 1 if it cannot listen, 2 for bad arguments.
  static func run(_ arguments: [String]) async -> Int32 {
    do throws(UsageError) {
      switch try Command.parse(arguments) {
      case .help: print(Command.usage, to: .standardOutput)
      case .version: print("\(name) \(version)\n", to: .standardOutput)
      case .serve(let options): return await serve(options)
      }
      return 0
    } catch {
      print("\(name): \(error.message); see --help\n", to: .standardError)
      return 2
    }
  }

  private static func serve(_ options: Options) async -> Int32 {
    // Before anyone can know the address, so that no signal comes too early.
    endOnSignals()
    if options.exitsWithStdin { endWithStdin() }
    let service = Service(
      accounts: Account.table(listing: options.list),
      enforcesRateLimit: options.enforcesRateLimit)
    let server = Server(service: service, host: options.host, port: options.port)
    do {
      try await server.run { print("\($0)\n", to: .standardOutput) }
      return 0
    } catch {
      let place = "\(options.host.rawValue) port \(options.port)"
      print("\(name): cannot serve on \(place): \(reason(error))\n", to: .standardError)
      return 1
    }
  }

  /// Nothing is worth saving and all output is written at once, so the handlers may end the
  /// process themselves; `_exit` is safe there. A dispatch source would come to life some time
  /// after its activation, and lose a signal that is sent before.
  private static func endOnSignals() {
    signal(SIGTERM) { _ in _exit(0) }
    signal(SIGINT) { _ in _exit(0) }
    signal(SIGPIPE, SIG_IGN)
  }

  private static func endWithStdin() {
    Thread.detachNewThread {
      var buffer = [UInt8](repeating: 0, count: 4096)
      while true {
        let count = read(STDIN_FILENO, &buffer, buffer.count)
        if count == 0 || (count < 0 && errno != EINTR) { _exit(0) }
      }
    }
  }

  private static func reason(_ error: any Error) -> String {
    guard case SocketError.failed(_, _, let message) = error else { return "\(error)" }
    return message
  }

  /// Writes at once: a script waits for the line. Nobody reading is no reason to stop.
  private static func print(_ text: String, to file: FileHandle) {
    try? file.write(contentsOf: Data(text.utf8))
  }
}
