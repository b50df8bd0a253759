import Foundation
import Testing

@testable import HeaderGenerator

struct CommandTests {
  @Test func readsItsArguments() throws {
    let arguments = ["--output", "o", "--types", "t", "--compiler-header", "c"]
    var command = try #require(Command(arguments: arguments))
    #expect(command.types == "t")
    #expect(command.compilerHeader == "c")
    #expect(command.outputs == [.header: "o"])
    #expect(!command.isCheck)
    command = try #require(Command(arguments: ["--check"] + arguments))
    #expect(command.isCheck)
  }

  @Test func takesEachOutput() throws {
    for output in Output.allCases {
      let command = try #require(
        Command(arguments: ["--types", "t", "--compiler-header", "c", output.rawValue, "o"]))
      #expect(command.outputs == [output: "o"])
    }
  }

  @Test(arguments: [
    [], ["--types", "t", "--compiler-header", "c"],
    ["--types", "t", "--compiler-header", "c", "--php", "p", "--php", "q"],
    ["--types", "t", "--output", "o"], ["--types"],
    ["--types", "t", "--types", "t", "--compiler-header", "c", "--output", "o"],
    ["--types", "t", "--compiler-header", "c", "--output", "o", "extra"],
  ])
  func refusesOtherArguments(_ arguments: [String]) {
    #expect(Command(arguments: arguments) == nil)
  }

  @Test func writesAndThenFindsNothingToSay() throws {
    try withFiles { command in
      try command.run()
      for (output, path) in command.outputs {
        let written = try String(contentsOfFile: path, encoding: .utf8)
        #expect(written == (try output.text(of: Samples.manual())))
      }
      try command.checking.run()
    }
  }

  @Test func theGoCopyIsTheHeader() throws {
    let manual = try Samples.manual()
    #expect(try Output.go.text(of: manual) == Output.header.text(of: manual))
  }

  @Test func checkShowsTheDifferenceAndWritesNothing() throws {
    try withFiles { command in
      try command.run()
      let header = try #require(command.outputs[.header])
      let stale = try String(contentsOfFile: header, encoding: .utf8)
        .replacing("int32_t count", with: "int64_t count")
      try stale.write(toFile: header, atomically: true, encoding: .utf8)

      let error = #expect(throws: GeneratorError.self) { try command.checking.run() }
      let message = error?.message ?? ""
      #expect(
        message.contains("-pk_thing *pk_thing_new(const pk_options *options, int64_t count);"))
      #expect(
        message.contains("+pk_thing *pk_thing_new(const pk_options *options, int32_t count);"))
      #expect(try String(contentsOfFile: header, encoding: .utf8) == stale)
    }
  }

  @Test func checkNamesEveryFileThatDiffers() throws {
    try withFiles { command in
      try command.run()
      for path in command.outputs.values {
        try "stale".write(toFile: path, atomically: true, encoding: .utf8)
      }
      let error = #expect(throws: GeneratorError.self) { try command.checking.run() }
      for path in command.outputs.values {
        #expect(error?.message.contains("\(path) is not what the sources say") == true)
      }
    }
  }

  @Test func checkFailsWithoutAFile() throws {
    try withFiles { command in
      let error = #expect(throws: GeneratorError.self) { try command.checking.run() }
      for path in command.outputs.values {
        #expect(error?.message.contains("cannot read \(path)") == true)
        #expect(!FileManager.default.fileExists(atPath: path))
      }
    }
  }

  @Test func leavesTheFilesAloneWhenItStops() throws {
    try withFiles { command in
      try command.run()
      let header = try #require(command.outputs[.header])
      let written = try String(contentsOfFile: header, encoding: .utf8)
      // Only the last writer stops: nothing must have been written by then.
      let types = Samples.types.replacing("NUMBER 1", with: "NUMBER (1 + 1)")
      try types.write(toFile: command.types, atomically: true, encoding: .utf8)
      #expect(throws: GeneratorError.self) { try command.run() }
      #expect(try String(contentsOfFile: header, encoding: .utf8) == written)
    }
  }

  /// A command over the samples in a folder of its own, with every output.
  private func withFiles(_ body: (Command) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "pk-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let paths = ["types.h", "swift.h"].map { folder.appending(path: $0).path }
    try Samples.types.write(toFile: paths[0], atomically: true, encoding: .utf8)
    try Samples.compilerHeader.write(toFile: paths[1], atomically: true, encoding: .utf8)
    let outputs = Output.allCases.flatMap {
      [$0.rawValue, folder.appending(path: "out\($0.rawValue)").path]
    }
    try body(
      #require(
        Command(arguments: ["--types", paths[0], "--compiler-header", paths[1]] + outputs)))
  }
}

extension Command {
  fileprivate var checking: Command {
    var command = self
    command.isCheck = true
    return command
  }
}

struct DifferenceTests {
  @Test func sameTextsDoNotDiffer() {
    #expect(Difference(from: "a\nb\n", to: "a\nb\n") == nil)
  }

  @Test(arguments: [
    ("a\nb\nc\n", "a\nx\ny\nc\n", "@@ line 2 @@\n-b\n+x\n+y"),
    ("a\n", "a\nb\n", "@@ line 2 @@\n+b"),
    ("a\nb\n", "b\n", "@@ line 1 @@\n-a"),
    ("a", "a\n", "@@ line 2 @@\n+"),
    ("1\n2\n3\n4\n5\n6\n7\n8", "", "@@ line 1 @@\n-1\n-2\n-3\n-4\n-5\n-6\n- (2 more)\n+"),
  ])
  func showsTheFirstLines(_ old: String, _ new: String, _ hint: String) throws {
    let difference = try #require(Difference(from: old, to: new))
    #expect(difference.hint(file: "f") == "--- f\n+++ generated\n" + hint)
  }
}
