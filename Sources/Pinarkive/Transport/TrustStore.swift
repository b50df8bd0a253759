import CCurl
import CPlatform

/// Where the certificate authorities to trust are found.
enum TrustStore {
  /// The path of the bundle to use; empty for what libcurl uses by itself.
  ///
  /// In this order: the caller's, `$SSL_CERT_FILE`, libcurl's own, the places that distributions
  /// use: a libcurl built elsewhere may look where there is nothing.
  ///
  /// - Throws: `configuration` if the file that was named cannot be read, or none is found.
  static func find(option: Bytes?, environment: Bytes?) throws(Failure) -> OwnedText {
    if let option { return try named(option, by: "ca_file.") }
    if let environment { return try named(environment, by: "SSL_CERT_FILE.") }
    guard let own = ccurl_default_ca_file() else {
      // A libcurl that has no bundle of its own uses the system's store.
      return try OwnedText(Bytes(""))
    }
    if platform_file_is_readable(own) { return try OwnedText(Bytes("")) }
    var index = 0
    while let place = wellKnown(index) {
      let path = UnsafeRawPointer(place.utf8Start).assumingMemoryBound(to: CChar.self)
      if platform_file_is_readable(path) { return try OwnedText(Bytes(place)) }
      index += 1
    }
    throw Failure(
      .configuration,
      "No bundle of certificate authorities was found: install ca-certificates or set ca_file.")
  }

  private static func named(_ path: Bytes, by name: StaticString) throws(Failure) -> OwnedText {
    let copy = try OwnedText(path)
    if platform_file_is_readable(copy.cString) { return copy }
    throw Failure(
      .configuration, "The bundle of certificate authorities {} cannot be read: check {}",
      .text(path), .text(name))
  }

  /// A function and not an array, which would need memory.
  private static func wellKnown(_ index: Int) -> StaticString? {
    switch index {
    case 0: "/etc/ssl/certs/ca-certificates.crt"  // Debian, Ubuntu, Arch
    case 1: "/etc/pki/tls/certs/ca-bundle.crt"  // Fedora, RHEL
    case 2: "/etc/ssl/ca-bundle.pem"  // openSUSE
    case 3: "/etc/ssl/cert.pem"  // Alpine
    default: nil
    }
  }
}
