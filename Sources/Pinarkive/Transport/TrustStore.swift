import CCurl
import CPlatform

/// Where the certificate authorities to trust are read from.
struct TrustStore: ~Copyable {
  /// A file of certificates, of which each is read; empty for none.
  let bundle: OwnedText
  /// A folder of hashed certificates, of which only what is needed is read; empty for none. If there
  /// is a bundle too, both stand for the same authorities, and the bundle is the one to ask if the
  /// folder fails. With neither, libcurl uses what it would by itself.
  let directory: OwnedText

  private init(bundle: Bytes, directory: Bytes) throws(Failure) {
    let bundleCopy = try OwnedText(bundle)
    let directoryCopy = try OwnedText(directory)
    self.bundle = bundleCopy
    self.directory = directoryCopy
  }

  /// What libcurl uses by itself.
  ///
  /// - Throws: `outOfMemory`.
  static func standard() throws(Failure) -> TrustStore {
    try TrustStore(bundle: Bytes(""), directory: Bytes(""))
  }

  /// Finds the authorities. In this order:
  ///
  /// 1. The caller's file, `$SSL_CERT_FILE`, `$SSL_CERT_DIR`: the first of these that is given, and
  ///    nothing beside it.
  /// 2. The system's: libcurl's own bundle, or one where distributions have it, because a libcurl
  ///    built elsewhere may look where there is nothing; and in its place, where there is one that is
  ///    sound, the system's directory of hashed certificates.
  ///
  /// - Throws: `configuration` if what was named cannot be read, or nothing is found; `outOfMemory`.
  static func find(
    option: Bytes?, file: Bytes?, directory: Bytes?, system: SystemTrust = SystemTrust()
  ) throws(Failure) -> TrustStore {
    if let option { return try named(option, by: "ca_file.") }
    if let file { return try named(file, by: "SSL_CERT_FILE.") }
    if let directory { return try folders(directory) }
    // A libcurl that has no bundle of its own uses a store that it knows how to find.
    guard let own = system.bundle else { return try standard() }
    guard let bundle = readable(own, or: system.bundles) else {
      throw Failure(
        .configuration,
        """
        The bundle of certificate authorities {} cannot be read: install ca-certificates or set \
        ca_file.
        """, .text(Bytes(cString: own, limit: 1024)))
    }
    let folder = system.directory(insteadOf: bundle)
    return try TrustStore(
      bundle: Bytes(cString: bundle, limit: 4096),
      directory: folder.map { Bytes(cString: $0, limit: 4096) } ?? Bytes(""))
  }

  private static func named(_ path: Bytes, by name: StaticString) throws(Failure) -> TrustStore {
    let store = try TrustStore(bundle: path, directory: Bytes(""))
    if platform_file_is_readable(store.bundle.cString) { return store }
    throw Failure(
      .configuration, "The bundle of certificate authorities {} cannot be read: check {}",
      .text(path), .text(name))
  }

  /// Folders, with colons between them as OpenSSL has it. One of them must be there.
  private static func folders(_ paths: Bytes) throws(Failure) -> TrustStore {
    var rest = paths
    while true {
      let end = rest.firstIndex(of: .colon) ?? rest.count
      var about = platform_file()
      let path = try OwnedText(rest[part: 0..<end])
      if platform_file_look(path.cString, &about), about.is_folder {
        return try TrustStore(bundle: Bytes(""), directory: paths)
      }
      guard end < rest.count else { break }
      rest = rest.dropping(end + 1)
    }
    throw Failure(
      .configuration,
      "The directory of certificate authorities {} cannot be read: check SSL_CERT_DIR.",
      .text(paths))
  }

  private static func readable(_ own: UnsafePointer<CChar>, or places: SystemTrust.Places)
    -> UnsafePointer<CChar>?
  {
    if platform_file_is_readable(own) { return own }
    var index = 0
    while let place = places(index) {
      if platform_file_is_readable(place.cString) { return place.cString }
      index += 1
    }
    return nil
  }
}

/// What this system offers. Tests make up another.
struct SystemTrust {
  /// A list: the entry at an index, nil behind the last. An array would need memory.
  typealias Places = (Int) -> StaticString?

  /// The bundle and the directory of hashed certificates that libcurl was built with.
  var bundle = ccurl_default_ca_file()
  var directory = ccurl_default_ca_directory()
  /// Where distributions have them.
  var bundles: Places = wellKnownBundle
  var directories: Places = wellKnownDirectory
  /// The name and version of libcurl's TLS library.
  var tlsLibrary = Bytes(cString: ccurl_tls_version(), limit: 64)
  /// Who owns what the system trusts.
  var owner: UInt32 = 0

  private static func wellKnownBundle(_ index: Int) -> StaticString? {
    switch index {
    case 0: "/etc/ssl/certs/ca-certificates.crt"  // Debian, Ubuntu, Arch
    case 1: "/etc/pki/tls/certs/ca-bundle.crt"  // Fedora, RHEL
    case 2: "/etc/ssl/ca-bundle.pem"  // openSUSE
    case 3: "/etc/ssl/cert.pem"  // Alpine
    default: nil
    }
  }

  private static func wellKnownDirectory(_ index: Int) -> StaticString? {
    switch index {
    case 0: "/etc/ssl/certs"  // Debian, Ubuntu, Arch, openSUSE
    case 1: "/etc/pki/ca-trust/extracted/pem/directory-hash"  // Fedora
    default: nil
    }
  }

  /// A directory that can be used in the place of a bundle, nil if there is none.
  func directory(insteadOf bundle: UnsafePointer<CChar>) -> UnsafePointer<CChar>? {
    guard looksUpByHash else { return nil }
    if let directory {
      // libcurl would trust all of it anyhow.
      let rule = HashedDirectory(owner: owner, mayHoldMore: true)
      return rule.isSound(at: directory, insteadOf: bundle) ? directory : nil
    }
    let rule = HashedDirectory(owner: owner, mayHoldMore: false)
    var index = 0
    while let place = directories(index) {
      if rule.isSound(at: place.cString, insteadOf: bundle) { return place.cString }
      index += 1
    }
    return nil
  }

  /// Whether the TLS library opens a certificate by the hash of its subject when it needs it: others
  /// read all that a directory holds, or none. Where libcurl has several, those not in use are in
  /// parentheses.
  private var looksUpByHash: Bool {
    tlsLibrary.hasPrefix("OpenSSL") || tlsLibrary.hasPrefix("LibreSSL")
      || tlsLibrary.hasPrefix("BoringSSL") || tlsLibrary.hasPrefix("AWS-LC")
      || tlsLibrary.hasPrefix("quictls")
  }
}

extension StaticString {
  /// A literal ends with a NUL.
  fileprivate var cString: UnsafePointer<CChar> {
    UnsafeRawPointer(utf8Start).assumingMemoryBound(to: CChar.self)
  }
}
