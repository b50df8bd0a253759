import CPlatform
import Foundation
import Testing

@testable import Pinarkive

/// A folder and a bundle that are made up for one test.
final class MadeUpStore {
  let folder: String
  let bundle: String
  private let parent: URL

  static let certificate = "-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----\n"

  /// `entries` are links with a target each, which is made unless its name begins with "no".
  init(entries: [String: String], bundled: Int) throws {
    parent = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    let folder = parent.appending(path: "certs")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    self.folder = folder.path
    bundle = parent.appending(path: "bundle.crt").path
    try Self.write(String(repeating: Self.certificate, count: bundled), to: bundle)
    for (name, target) in entries {
      if !target.hasPrefix("no") { try Self.write(Self.certificate, to: path(target)) }
      if target != name { #expect(symlink(target, path(name)) == 0) }
    }
    chmod(self.folder, 0o755)
  }

  deinit { try? FileManager.default.removeItem(at: parent) }

  func path(_ name: String) -> String { folder + "/" + name }

  static func write(_ text: String, to path: String) throws {
    try Data(text.utf8).write(to: URL(filePath: path))
    chmod(path, 0o644)
  }

  func isSound(mayHoldMore: Bool = true, owner: UInt32 = getuid()) -> Bool {
    let rule = HashedDirectory(owner: owner, mayHoldMore: mayHoldMore)
    return folder.withCString { folder in
      bundle.withCString { rule.isSound(at: folder, insteadOf: $0) }
    }
  }
}

struct HashedDirectoryTests {
  static let two = ["0123abcd.0": "a.pem", "fedcba98.0": "b.pem"]

  @Test(
    arguments: [
      (two, 2, true),
      (two, 1, true),
      (two, 3, false),
      // Twice the same hash, and other files that are no business of ours.
      (["0123abcd.0": "a.pem", "0123abcd.1": "b.pem"], 2, true),
      (["0123abcd.0": "a.pem", "0123abcd.r0": "list.crl", "README": "README"], 1, true),
      // A file in the place of a link.
      (["0123abcd.0": "0123abcd.0"], 1, true),
      // The second name of a certificate counts for nothing.
      (["0123abcd.0": "a.pem", "76543210.0": "a.pem"], 2, false),
      // OpenSSL never looks behind a gap.
      (["0123abcd.0": "a.pem", "0123abcd.2": "b.pem"], 2, false),
      (["0123abcd.1": "a.pem"], 1, false),
      (["0123abcd.0": "a.pem", "fedcba98.0": "nothing"], 1, false),
      ([:], 0, false),
      ([:], 2, false),
      (["0123ABCD.0": "a.pem"], 1, false),
      (["0123abcg.0": "a.pem"], 1, false),
      (["0123abc.0": "a.pem"], 1, false),
      (["0123abcd0": "a.pem"], 1, false),
      (["0123abcd.": "a.pem"], 1, false),
      (["0123abcd.0x": "a.pem"], 1, false),
      (["a.pem": "a.pem"], 1, false),
    ] as [([String: String], Int, Bool)]) func theEntriesAreTheBundles(
      entries: [String: String], bundled: Int, expected: Bool
    ) throws
  {
    let store = try MadeUpStore(entries: entries, bundled: bundled)
    #expect(store.isSound() == expected)
    #expect(store.isSound() == expected)  // from memory
  }

  @Test func aDirectoryThatLibcurlWouldNotUseMayNotHoldMore() throws {
    for (bundled, expected) in [(1, false), (2, true), (3, false)] {
      let store = try MadeUpStore(entries: Self.two, bundled: bundled)
      #expect(store.isSound(mayHoldMore: false) == expected)
    }
  }

  @Test(
    arguments: [
      (0o755, true), (0o555, true), (0o775, false), (0o757, false), (0o1777, false),
    ] as [(mode_t, Bool)]) func nobodyElseMayWriteToIt(mode: mode_t, expected: Bool) throws
  {
    let store = try MadeUpStore(entries: Self.two, bundled: 2)
    chmod(store.folder, mode)
    #expect(store.isSound() == expected)
  }

  @Test(
    arguments: [
      (0o644, true), (0o444, true), (0o664, false), (0o646, false), (0o640, false), (0o600, false),
    ] as [(mode_t, Bool)]) func everybodyMayReadACertificateAndNobodyElseWriteIt(
      mode: mode_t, expected: Bool
    ) throws
  {
    let store = try MadeUpStore(entries: Self.two, bundled: 2)
    chmod(store.path("b.pem"), mode)
    #expect(store.isSound() == expected)
  }

  @Test func itMustBelongToWhoMayDecide() throws {
    let store = try MadeUpStore(entries: Self.two, bundled: 2)
    #expect(!store.isSound(owner: getuid() &+ 1))
  }

  @Test func anEmptyFileAndAFolderAreNoCertificate() throws {
    var store = try MadeUpStore(entries: Self.two, bundled: 2)
    try MadeUpStore.write("", to: store.path("b.pem"))
    #expect(!store.isSound())
    store = try MadeUpStore(entries: ["0123abcd.0": "a.pem", "fedcba98.0": "nothing"], bundled: 2)
    #expect(mkdir(store.path("nothing"), 0o755) == 0)
    #expect(!store.isSound())
  }

  @Test func whatIsNotThereIsNotSound() throws {
    var store = try MadeUpStore(entries: Self.two, bundled: 2)
    try FileManager.default.removeItem(atPath: store.bundle)
    #expect(!store.isSound())
    store = try MadeUpStore(entries: Self.two, bundled: 2)
    try FileManager.default.removeItem(atPath: store.folder)
    #expect(!store.isSound())
    try MadeUpStore.write("", to: store.folder)
    #expect(!store.isSound())
  }

  /// The clock of a file system is a coarse one.
  @Test func theVerdictIsForgottenWhenSomethingChanges() async throws {
    let store = try MadeUpStore(entries: Self.two, bundled: 2)
    #expect(store.isSound())
    try await Task.sleep(for: .milliseconds(30))
    try FileManager.default.removeItem(atPath: store.path("fedcba98.0"))
    #expect(!store.isSound())
    try await Task.sleep(for: .milliseconds(30))
    try MadeUpStore.write(MadeUpStore.certificate, to: store.bundle)
    #expect(store.isSound())
    try await Task.sleep(for: .milliseconds(30))
    chmod(store.folder, 0o775)
    #expect(!store.isSound())
  }

  @Test func countingFindsATextAcrossPieces() throws {
    let store = try MadeUpStore(entries: [:], bundled: 0)
    // Certificates of all lengths, so that some lie across the borders of what is read at a time.
    var text = ""
    for number in 0..<3000 {
      text += String(repeating: "x", count: number % 67) + "\n" + MadeUpStore.certificate
    }
    try MadeUpStore.write(text, to: store.bundle)
    #expect(platform_file_count(store.bundle, "-----BEGIN ") == 3000)
    #expect(platform_file_count(store.bundle, "-----BEGIN X") == 0)
    #expect(platform_file_count(store.bundle, "") == -1)
    #expect(platform_file_count(store.folder, "-") == -1)
    #expect(platform_file_count(store.path("nothing"), "-") == -1)
  }
}
