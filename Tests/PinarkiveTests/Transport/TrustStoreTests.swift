import CPlatform
import Foundation
import Testing

@testable import Pinarkive

/// A system whose libcurl was built for these paths.
private final class MadeUpSystem {
  var trust = SystemTrust()
  private let paths: [UnsafeMutablePointer<CChar>?]

  init(bundle: String?, directory: String?, tlsLibrary: StaticString = "OpenSSL/3.0.19") {
    paths = [bundle, directory].map { $0.map { strdup($0) } ?? nil }
    trust.bundle = paths[0].map { UnsafePointer($0) }
    trust.directory = paths[1].map { UnsafePointer($0) }
    trust.bundles = { _ in nil }
    trust.directories = { _ in nil }
    trust.tlsLibrary = Bytes(tlsLibrary)
    trust.owner = getuid()
  }

  deinit { for path in paths { free(path) } }
}

struct TrustStoreTests {
  /// What is used: the bundle and the directory, as "bundle.crt", "certs", "" and the like.
  private func find(
    option: String? = nil, file: String? = nil, directory: String? = nil,
    _ system: MadeUpSystem? = nil
  ) throws(Reported) -> [String] {
    func lend<Result>(
      _ text: String?, _ body: (Bytes?) throws(Reported) -> Result
    ) throws(Reported) -> Result {
      guard let text else { return try body(nil) }
      return try withBytes(text) { (bytes) throws(Reported) in try body(bytes) }
    }
    return try lend(option) { (option) throws(Reported) in
      try lend(file) { (file) throws(Reported) in
        try lend(directory) { (directory) throws(Reported) in
          do throws(Failure) {
            let store = try TrustStore.find(
              option: option, file: file, directory: directory,
              system: system?.trust ?? SystemTrust())
            return [text(store.bundle.bytes), text(store.directory.bytes)]
          } catch { throw Reported(error) }
        }
      }
    }
  }

  @Test func whatIsNamedIsAllThatIsUsedInThisOrder() throws {
    let store = try MadeUpStore(entries: HashedDirectoryTests.two, bundled: 2)
    let other = store.path("a.pem")
    #expect(try find(option: other, file: store.bundle, directory: store.folder) == [other, ""])
    #expect(try find(file: other, directory: store.folder) == [other, ""])
    // No check of what a user names, but that it is there.
    chmod(store.folder, 0o777)
    #expect(try find(directory: store.folder) == ["", store.folder])
    for list in ["/nowhere:" + store.folder, store.folder + ":/nowhere", ":" + store.folder + ":"] {
      #expect(try find(directory: list) == ["", list])
    }
  }

  @Test(
    arguments: [
      ("/nowhere/a.pem", nil, nil, "/nowhere/a.pem cannot be read: check ca_file."),
      (nil, "/nowhere/b.pem", nil, "/nowhere/b.pem cannot be read: check SSL_CERT_FILE."),
      (nil, nil, "/nowhere/c", "/nowhere/c cannot be read: check SSL_CERT_DIR."),
      (
        nil, nil, "/nowhere:/etc/passwd", "/nowhere:/etc/passwd cannot be read: check SSL_CERT_DIR."
      ),
      (nil, nil, ":", "cannot be read: check SSL_CERT_DIR."),
      // The next in line is no help for one that is wrong.
      ("/nowhere/a.pem", "/etc/passwd", "/etc", "check ca_file."),
      (nil, "/nowhere/b.pem", "/etc", "check SSL_CERT_FILE."),
      ("/etc", nil, nil, "/etc cannot be read: check ca_file."),
    ] as [(String?, String?, String?, String)]) func whatIsNamedMustBeThere(
      option: String?, file: String?, directory: String?, sentence: String
    )
  {
    do throws(Reported) {
      let found = try find(option: option, file: file, directory: directory)
      Issue.record("found \(found)")
    } catch {
      #expect(error.status == .configuration)
      #expect(error.message.contains(sentence))
    }
  }

  @Test func aSoundDirectoryStandsInForTheBundle() throws {
    let store = try MadeUpStore(entries: HashedDirectoryTests.two, bundled: 2)
    #expect(
      try find(MadeUpSystem(bundle: store.bundle, directory: store.folder)) == [
        store.bundle, store.folder,
      ])
    let unsound = try MadeUpStore(entries: HashedDirectoryTests.two, bundled: 3)
    #expect(
      try find(MadeUpSystem(bundle: unsound.bundle, directory: unsound.folder)) == [
        unsound.bundle, "",
      ])
    #expect(
      try find(MadeUpSystem(bundle: store.bundle, directory: "/nowhere")) == [store.bundle, ""])
  }

  @Test(
    arguments: [
      ("OpenSSL/1.1.1w", true), ("LibreSSL/3.8.2", true), ("BoringSSL", true),
      ("AWS-LC/1.30.0", true), ("quictls/3.1.4", true), ("OpenSSL/3.0.2 (GnuTLS/3.7.3)", true),
      ("GnuTLS/3.7.9", false), ("(OpenSSL/3.0.2) GnuTLS/3.7.3", false), ("NSS/3.68", false),
      ("mbedTLS/2.28.3", false), ("wolfSSL/5.6.6", false), ("rustls-ffi/0.14", false),
      ("none", false), ("", false),
    ] as [(String, Bool)]) func onlyOpenSSLAndItsKinLookUpByHash(library: String, expected: Bool)
    throws
  {
    let store = try MadeUpStore(entries: HashedDirectoryTests.two, bundled: 2)
    let system = MadeUpSystem(bundle: store.bundle, directory: store.folder)
    let name = Bytes(UnsafeMutableBufferPointer.allocate(capacity: library.utf8.count))
    defer { name.deallocate() }
    _ = UnsafeMutableBufferPointer(mutating: name).initialize(fromContentsOf: library.utf8)
    system.trust.tlsLibrary = name
    #expect(try find(system) == [store.bundle, expected ? store.folder : ""])
  }

  @Test func aLibcurlWithoutABundleIsLeftAlone() throws {
    let store = try MadeUpStore(entries: HashedDirectoryTests.two, bundled: 2)
    #expect(try find(MadeUpSystem(bundle: nil, directory: store.folder)) == ["", ""])
  }

  @Test func theUsualPlacesHelpWhereLibcurlLooksForNothing() throws {
    let system = MadeUpSystem(bundle: "/nowhere/bundle.crt", directory: nil)
    system.trust.bundles = {
      switch $0 {
      case 0: "/nowhere/else.crt"
      case 1: "/etc/passwd"
      default: nil
      }
    }
    #expect(try find(system) == ["/etc/passwd", ""])
    system.trust.bundles = { _ in nil }
    do throws(Reported) {
      let found = try find(system)
      Issue.record("found \(found)")
    } catch {
      #expect(error.status == .configuration)
      #expect(error.message.contains("/nowhere/bundle.crt cannot be read: install ca-cert"))
    }
  }

  /// This machine's own store, whatever it is: what is found can be read.
  @Test func theSystemsOwnStoreIsFound() throws {
    let found = try find()
    for path in found where !path.isEmpty {
      #expect(FileManager.default.isReadableFile(atPath: path))
    }
  }
}
