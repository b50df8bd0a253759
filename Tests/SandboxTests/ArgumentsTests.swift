import Testing

@testable import Sandbox

struct ArgumentsTests {
  @Test(arguments: [
    ([], Options()),
    (["--port", "8080"], Options(port: 8080)),
    (["--port=65535"], Options(port: 65535)),
    (["--port", "1", "--port", "2"], Options(port: 2)),
    (["--host", "127.0.0.1"], Options()),
    (["--host=::1"], Options(host: .ipv6)),
    (["--rate-limit"], Options(enforcesRateLimit: true)),
    (["--exit-with-stdin"], Options(exitsWithStdin: true)),
    (
      ["--gateways", "3", "--clusters=2"],
      Options(generated: Options.Size(clusters: 2, gateways: 3))
    ),
    (
      ["--clusters", "0", "--gateways", "0"],
      Options(generated: Options.Size(clusters: 0, gateways: 0))
    ),
  ])
  func parses(arguments: [String], options: Options) throws {
    #expect(try Command.parse(arguments) == .serve(options))
  }

  @Test(arguments: [
    (["--help"], Command.help), (["--rate-limit", "-h"], .help), (["--version"], .version),
  ])
  func parsesQuestions(arguments: [String], command: Command) throws {
    #expect(try Command.parse(arguments) == command)
  }

  @Test(arguments: [
    (["serve"], "unknown argument 'serve'"),
    (["--pretty"], "unknown argument '--pretty'"),
    ([""], "unknown argument ''"),
    (["--port"], "--port needs a value"),
    (["--port", "65536"], "--port: '65536' is not a number from 0 to 65535"),
    (["--port", "-1"], "--port: '-1' is not a number from 0 to 65535"),
    (["--port="], "--port: '' is not a number from 0 to 65535"),
    (["--port", "80x"], "--port: '80x' is not a number from 0 to 65535"),
    (["--host", "0.0.0.0"], "--host: only 127.0.0.1 and ::1, not '0.0.0.0'"),
    (["--host", "localhost"], "--host: only 127.0.0.1 and ::1, not 'localhost'"),
    (["--rate-limit=yes"], "--rate-limit takes no value"),
    (["--clusters", "2"], "--clusters and --gateways belong together"),
    (["--gateways", "2"], "--clusters and --gateways belong together"),
    (["--clusters", "1001", "--gateways", "1000"], "more than 1000000 gateways in all"),
  ])
  func refuses(arguments: [String], message: String) {
    #expect(throws: UsageError(message: message)) { try Command.parse(arguments) }
  }

  @Test func optionsChooseTheList() {
    #expect(Options().list.body == ClusterList.documented.body)
    let generated = Options(generated: Options.Size(clusters: 2, gateways: 3))
    #expect(generated.list.body == ClusterList.generated(clusters: 2, gateways: 3).body)
  }

  @Test func helpNamesEveryOptionAndEveryKey() {
    let lines = Command.usage.split(separator: "\n").map { $0.drop { $0 == " " } }
    for account in Account.table() {
      #expect(lines.contains { $0.hasPrefix(account.key + " ") && $0.hasSuffix(account.summary) })
    }
    for option in ["--port", "--host", "--rate-limit", "--clusters", "--exit-with-stdin"] {
      #expect(lines.contains { $0.hasPrefix(option) })
    }
    #expect(Command.usage.split(separator: "\n").allSatisfy { $0.count <= 100 })
  }
}
