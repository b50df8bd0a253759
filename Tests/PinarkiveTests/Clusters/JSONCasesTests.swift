import Foundation
import Testing

@testable import Pinarkive

/// The cases of `Tests/JSON`, each by itself and in every place of an answer where it could stand.
struct JSONCasesTests {
  struct Case: Decodable, CustomTestStringConvertible {
    enum Place: String, Decodable { case value, document }
    /// A text or an integer.
    enum Meaning: Equatable { case text([UInt8]), integer(Int64) }

    let name: String
    let place: Place
    /// What RFC 8259 says: y or n, or i where it leaves it open.
    let expect: String
    /// What this library does where it is open.
    let here: String?
    private let text: String?
    private let base64: Data?
    private let parts: [Part]?
    private let means: Means?

    private struct Part: Decodable {
      let text: String
      let count: Int

      init(from decoder: any Decoder) throws {
        var values = try decoder.unkeyedContainer()
        text = try values.decode(String.self)
        count = try values.decode(Int.self)
      }
    }

    private struct Means: Decodable {
      let meaning: Meaning

      init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if let integer = try? value.decode(Int64.self) {
          meaning = .integer(integer)
        } else {
          meaning = .text(Array(try value.decode(String.self).utf8))
        }
      }
    }

    var testDescription: String { name }
    var isAccepted: Bool { (here ?? expect) == "y" }
    var meaning: Meaning? { means?.meaning }

    var bytes: [UInt8] {
      if let base64 { return Array(base64) }
      if let parts {
        return parts.flatMap { Array(String(repeating: $0.text, count: $0.count).utf8) }
      }
      return Array((text ?? "").utf8)
    }

    /// Whether the value is of a kind, which its first character tells.
    func isOne(of first: String) -> Bool {
      let spaces = Array(" \t\r\n".utf8)
      guard let start = bytes.first(where: { !spaces.contains($0) }) else { return false }
      return first.utf8.contains(start)
    }

    var isNull: Bool { isOne(of: "n") }
  }

  static let all: [Case] = {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../JSON/cases.jsonl")
    guard let data = try? Data(contentsOf: file) else { return [] }
    return data.split(separator: UInt8(ascii: "\n")).compactMap {
      try? JSONDecoder().decode(Case.self, from: $0)
    }
  }()

  private static let values = all.filter { $0.place == .value }

  /// How a body fares: nil for one that is decoded.
  private func problem(_ before: String, _ bytes: [UInt8], _ after: String = "")
    -> ClusterTable.Problem?
  {
    do throws(ClusterTable.Problem) {
      _ = try decode(Array(before.utf8) + bytes + Array(after.utf8))
      return nil
    } catch {
      return error
    }
  }

  private func isRefusedAsJSON(_ problem: ClusterTable.Problem?) -> Bool {
    switch problem {
    case .notJSON, .tooDeep, .tooManyValues: true
    default: false
    }
  }

  @Test func theCasesAreThere() {
    #expect(Self.all.count > 1_000)
    for expectation in ["y", "n", "i"] {
      #expect(Self.all.filter { $0.expect == expectation }.count > 100)
    }
    #expect(Self.all.allSatisfy { ($0.expect == "i") == ($0.here != nil) })
    #expect(Set(Self.all.map(\.name)).count == Self.all.count)
  }

  /// jansson, with which the bodies of errors are read, and which is the judge of the other reader.
  @Test(arguments: all) func byItselfForJansson(_ value: Case) {
    let isDocument = value.isOne(of: "[{")
    withBytes(value.bytes) { bytes in
      let isAccepted = (try? JSONDocument(bytes)) != nil
      #expect(isAccepted == (value.isAccepted && isDocument))
    }
  }

  @Test(arguments: all) func byItself(_ value: Case) {
    let isDocument = value.isOne(of: "[{")
    #expect(isRefusedAsJSON(problem("", value.bytes)) == !(value.isAccepted && isDocument))
  }

  @Test(arguments: values) func asAMemberThatIsUnknown(_ value: Case) {
    for (before, after) in [
      (#"[{"id":"a","x":"#, "}]"), (#"[{"x":"#, #","id":"a"}]"#),
      (#"[{"id":"a","gateways":[{"url":"https://h/","x":"#, "}]}]"),
      (#"[{"id":"a","x":[0,"#, #",{"y":0}]}]"#), (#"[{"id":"a","x":{"y":"#, #","z":[]}}]"#),
    ] {
      #expect((problem(before, value.bytes, after) == nil) == value.isAccepted)
    }
  }

  /// Where a text should stand: another value is a wrong answer, but well-formed.
  @Test(arguments: values) func asALabel(_ value: Case) throws {
    for (before, after, wrong) in [
      (#"[{"id":"a","label":"#, "}]", .badCluster),
      (#"[{"id":"a","gateways":[{"url":"https://h/","label":"#, "}]}]", .badGateway),
    ] as [(String, String, ClusterTable.Problem)] {
      let problem = problem(before, value.bytes, after)
      if !value.isAccepted {
        // What is wrong with it may be seen before its JSON has an end that is wrong.
        #expect(isRefusedAsJSON(problem) || problem == wrong)
      } else {
        #expect(problem == (value.isOne(of: "\"") || value.isNull ? nil : wrong))
      }
    }
    guard value.isAccepted, case .text(let text) = value.meaning else { return }
    let body = Array(#"[{"id":"a","label":"#.utf8) + value.bytes + Array("}]".utf8)
    let label = try decode(body)[0].label
    #expect(Array((label ?? "").utf8) == text)
  }

  /// Where an integer should stand.
  @Test(arguments: values) func asAnOrder(_ value: Case) throws {
    let (before, after) = (#"[{"id":"a","gateways":[{"url":"https://h/","order":"#, "}]}]")
    let problem = problem(before, value.bytes, after)
    let isReal = value.isOne(of: "-0123456789") && value.bytes.contains { ".eE".utf8.contains($0) }
    let isInteger = value.isOne(of: "-0123456789") && !isReal
    if !value.isAccepted {
      #expect(isRefusedAsJSON(problem) || problem == .badGateway)
    } else {
      #expect(problem == (isInteger || value.isNull ? nil : .badGateway))
    }
    guard value.isAccepted, case .integer(let order) = value.meaning else { return }
    let body = Array(before.utf8) + value.bytes + Array(after.utf8)
    #expect(try decode(body)[0].gateways.first?.order == order)
  }

  /// Texts as names, which may not be there twice.
  @Test(arguments: values.filter { $0.isOne(of: "\"") }) func asAName(_ value: Case) {
    #expect((problem(#"[{"id":"a","#, value.bytes, ":1}]") == nil) == value.isAccepted)
    let twice = value.bytes + Array(":1,".utf8) + value.bytes
    #expect(problem(#"[{"id":"a","#, twice, ":1}]") != nil)
  }

  /// The first 600 bytes: every beginning of a case is refused, and never read past.
  @Test(arguments: all.filter { $0.place == .document || $0.isOne(of: "[{") })
  func everyBeginningIsReadWithoutHarm(_ value: Case) {
    let bytes = Array(value.bytes.prefix(600))
    for length in 0..<bytes.count { _ = try? decode(bytes[..<length]) }
  }
}
