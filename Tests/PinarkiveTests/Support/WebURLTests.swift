import Testing

@testable import Pinarkive

struct WebURLTests {
  @Test(arguments: [
    ("https://gateway.pinarkive.com/ipfs/", true, "gateway.pinarkive.com", "/ipfs/"),
    ("http://node:9094/ipfs/", false, "node", "/ipfs/"),
    ("HTTPS://Host", true, "Host", ""),
    ("hTTp://host/", false, "host", "/"),
    ("https://host:1", true, "host", ""),
    ("https://host:65535/a", true, "host", "/a"),
    ("https://host:00443/a", true, "host", "/a"),
    ("https://host./a", true, "host.", "/a"),
    ("https://a_b.xn--bcher-kva.example/", true, "a_b.xn--bcher-kva.example", "/"),
    ("https://1.2.3.4/", true, "1.2.3.4", "/"),
    ("https://[::1]/", true, "[::1]", "/"),
    ("https://[2001:db8::FF]:8443/x", true, "[2001:db8::FF]", "/x"),
    ("https://[::ffff:192.0.2.1]/", true, "[::ffff:192.0.2.1]", "/"),
    ("https://host//a//", true, "host", "//a//"),
    ("https://host/a%20b/%C3%A9/%25", true, "host", "/a%20b/%C3%A9/%25"),
    ("https://host/...", true, "host", "/..."),
    ("https://host/.a/..b/c.", true, "host", "/.a/..b/c."),
    ("https://host/~!$&'()*+,;=:@-_", true, "host", "/~!$&'()*+,;=:@-_"),
    ("https://\(label(63)).example/", true, "\(label(63)).example", "/"),
    ("https://host/\(label(2035))", true, "host", "/\(label(2035))"),
  ]) func isTakenApart(given: String, isSecure: Bool, host: String, path: String) throws {
    try withBytes(given) { bytes throws in
      let url = try WebURL(base: bytes)
      #expect(url.isSecure == isSecure)
      #expect(text(url.host) == host)
      #expect(text(url.path) == path)
      #expect(text(url.text) == given)
    }
  }

  private static func label(_ length: Int) -> String { String(repeating: "a", count: length) }

  /// Four labels that make a host of that length.
  private static func longHost(_ length: Int) -> String {
    "\(label(63)).\(label(63)).\(label(63)).\(label(length - 192))"
  }

  @Test(
    arguments: [
      ("", .empty),
      ("https://host/\(label(2036))", .tooLong),

      ("host", .scheme),
      ("/ipfs/", .scheme),
      ("https:/host", .scheme),
      ("https:host", .scheme),
      ("httpss://host", .scheme),
      ("http//host", .scheme),
      ("ftp://host", .scheme),
      ("javascript:alert(1)", .scheme),
      ("file:///etc/passwd", .scheme),
      ("data:text/html,x", .scheme),
      ("https", .scheme),
      ("http:/", .scheme),

      ("https://user@host/", .userinfo),
      ("https://user:secret@host/", .userinfo),
      ("https://@host/", .userinfo),
      ("https://api.pinarkive.com@evil.example/", .userinfo),
      ("https://[::1]@host/", .userinfo),

      ("https://", .host),
      ("https:///ipfs/", .host),
      ("https://:443/", .host),
      ("https://.host/", .host),
      ("https://a..b/", .host),
      ("https://./", .host),
      ("https://ho%73t/", .host),
      ("https://ho!st/", .host),
      ("https://host,evil/", .host),
      ("https://\(label(64)).example/", .host),
      ("https://\(longHost(254))/", .host),
      ("https://[::1/", .host),
      ("https://[]/", .host),
      ("https://[:]/", .host),
      ("https://[::1]x/", .host),
      ("https://[::1]]/", .host),
      ("https://[fe80::1%25eth0]/", .host),
      ("https://[v1.x]/", .host),
      ("https://[::g]/", .host),
      ("https://[abc]/", .host),
      ("https://[...]/", .host),
      ("https://[1:2:3:4:5:6:7]/", .host),
      ("https://[1:2:3:4:5:6:7:8:9]/", .host),
      ("https://[1::2::3]/", .host),
      ("https://[12345::]/", .host),
      ("https://[::1.2.3]/", .host),
      ("https://[::1.2.3.256]/", .host),
      ("https://::1/", .host),
      ("https://[::1:2:3:4:5:6:7:8]/", .host),
      ("https://[1:2:3:4:5:6:7:1.2.3.4]/", .host),
      // Somebody reads each of these as an IPv4 address, but not everybody as the same.
      ("http://127.1/", .host),
      ("http://127.0.0/", .host),
      ("http://127.0.0.1./", .host),
      ("http://127.0.0.256/", .host),
      ("http://127.0.0.0x1/", .host),
      ("http://127.0.0.0001/", .host),
      ("http://127.08.0.1/", .host),
      ("http://127.0.0.010/", .host),
      ("http://127./", .host),
      ("http://2130706433/", .host),
      ("http://0x7f000001/", .host),
      ("http://0XA9.0xfe.43518/", .host),
      ("http://0x/", .host),

      ("https://host:/", .port),
      ("https://host:0/", .port),
      ("https://host:65536/", .port),
      ("https://host:000443/", .port),
      ("https://host:-1/", .port),
      ("https://host:+1/", .port),
      ("https://host:80:80/", .port),
      ("https://host:http/", .port),
      ("https://[::1]:/", .port),
      ("https://[::1]:99999/", .port),

      ("https://host/.", .path),
      ("https://host/..", .path),
      ("https://host/./a", .path),
      ("https://host/a/../b", .path),
      ("https://host/a/..", .path),
      ("https://host/%2e%2e/a", .path),
      ("https://host/.%2E/a", .path),
      ("https://host/%2e", .path),
      ("https://host/a%2fb", .path),
      ("https://host/a%2Fb", .path),
      ("https://host/a%5cb", .path),
      ("https://host/%00", .path),
      ("https://host/%0d%0aX:%20y", .path),
      ("https://host/%1F", .path),
      ("https://host/%7f", .path),
      ("https://host/%", .path),
      ("https://host/%4", .path),
      ("https://host/%zz", .path),
      ("https://host/a%4", .path),
      ("https://host/[a]", .path),

      ("https://host?", .query),
      ("https://host/?cl=1", .query),
      ("https://user@host/?a", .query),
      ("https://host#", .fragment),
      ("https://host/a#b", .fragment),
      ("https://host/?a#b", .fragment),

      (" https://host", .character),
      ("https://host ", .character),
      ("https://host/a b", .character),
      ("https://host/a\tb", .character),
      ("https://host/\r\nX: y", .character),
      ("https://host/\0", .character),
      ("https://host\\@evil.example/", .character),
      ("https:\\\\host", .character),
      ("https://host/\"", .character),
      ("https://host/<a>", .character),
      ("https://host/{a}", .character),
      ("https://host/a|b", .character),
      ("https://host/a^b", .character),
      ("https://host/`", .character),
      ("https://bücher.example/", .character),
      ("https://host/é", .character),
      ("https://host/\u{7F}", .character),
    ] as [(String, WebURL.Problem)]) func isRefused(given: String, problem: WebURL.Problem)
  {
    withBytes(given) { bytes in
      #expect(throws: problem) { _ = try WebURL(base: bytes) }
    }
  }

  @Test func theLongestHostHas253Characters() {
    withBytes("https://\(Self.longHost(253))/") { bytes in
      #expect(throws: Never.self) { _ = try WebURL(base: bytes) }
    }
  }

  @Test func noByteOutsideASCIIIsAccepted() {
    for byte in UInt8(0x80)...0xFF {
      withBytes(Array("https://host/".utf8) + [byte]) { bytes in
        #expect(throws: WebURL.Problem.character) { _ = try WebURL(base: bytes) }
      }
    }
  }

  @Test(arguments: [
    ("http://127.0.0.1", true),
    ("http://127.0.0.1:8080/api/v3", true),
    ("http://127.255.255.255/", true),
    ("http://[::1]:8080/", true),
    ("http://localhost/", false),
    ("http://127.0.0.1.example/", false),
    ("http://0.0.0.0/", false),
    ("http://128.0.0.1/", false),
    ("http://[::]/", false),
    ("http://[0:0:0:0:0:0:0:1]/", false),
    ("http://[::ffff:127.0.0.1]/", false),
  ]) func loopbackIsOnlyWhatIsWrittenAsSuch(given: String, expected: Bool) throws {
    try withBytes(given) { bytes throws in
      #expect(try WebURL(base: bytes).isLiteralLoopback == expected)
    }
  }

  @Test(arguments: [
    ("http://169.254.169.254/latest/meta-data/", true),
    ("https://169.254.0.1", true),
    ("http://100.100.100.200/", true),
    ("http://Metadata.Google.Internal/", true),
    ("http://metadata.google.internal./", true),
    ("http://[fe80::1]/", true),
    ("http://[FEBF:0:0:0:1:2:3:4]/", true),
    ("http://[fd00:ec2::254]/", true),
    ("http://[::ffff:169.254.169.254]/", true),
    ("http://[::FFFF:A9FE:a9fe]/", true),
    ("http://[0:0:0:0:0:ffff:169.254.169.254]/", true),
    ("http://[::169.254.169.254]/", true),
    ("http://[64:ff9b::a9fe:a9fe]/", true),
    ("http://169.253.169.254/", false),
    ("http://169.254.example/", false),
    ("http://100.100.100.20/", false),
    ("http://internal/", false),
    ("http://127.0.0.1/", false),
    ("http://[::1]/", false),
    ("http://[fec0::1]/", false),
    ("http://[fd00:ec2::255]/", false),
    ("http://[2001:db8::a9fe:a9fe]/", false),
    ("http://[::ffff:192.0.2.1]/", false),
    ("http://[1:2:3:4:5:6:a9fe:a9fe]/", false),
  ]) func metadataAddressesAreKnown(given: String, expected: Bool) throws {
    try withBytes(given) { bytes throws in
      #expect(try WebURL(base: bytes).isMetadataAddress == expected)
    }
  }

  @Test(arguments: [
    ("host", "host"), ("host:80", "host"), ("[::1]:80", "[::1]"), ("[::1]", "[::1]"),
  ]) func theHostOfAnAuthorityIsFoundWithoutScheme(given: String, expected: String) throws {
    try withBytes(given) { bytes throws in #expect(text(try WebURL.host(of: bytes)) == expected) }
  }
}
