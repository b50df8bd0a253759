/// The library's own name and version.
package enum Library {
  /// The same as PK_VERSION in the public header; a test compares them.
  package static let version: StaticString = "0.1.0"
  static let userAgent: StaticString = "libpinarkive/0.1.0"
}
