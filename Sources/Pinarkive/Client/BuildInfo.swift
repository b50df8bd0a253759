extension Library {
  /// Adds the versions of the library and of what it runs on to a text, such as
  /// "libpinarkive/0.1.0 libcurl/7.88.1 OpenSSL/3.0.15 jansson/2.14".
  package static func describe(to text: inout InlineText<256>) {
    text.append(userAgent)
    CurlLibrary.describe(to: &text)
    text.append(" jansson/")
    text.append(JSONDocument.libraryVersion)
  }
}
