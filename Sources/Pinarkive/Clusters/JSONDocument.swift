import CJansson
import CPlatform

/// A parsed JSON text, over jansson. All of the core's use of jansson is in this file.
///
/// jansson accepts more than a service's answer ever needs, and pays for it in memory and stack, so
/// the text is measured first. Its error texts quote the input; they are not used.
struct JSONDocument: ~Copyable {
  /// Deeper nesting than any documented answer by a wide margin.
  static let maximumDepth = 16
  /// More values than 8,000 gateways have. jansson needs some 80 bytes for each.
  static let maximumValues = 200_000

  /// jansson's version.
  static var libraryVersion: Bytes { Bytes(cString: cjansson_version(), limit: 32) }

  enum Problem: Error { case malformed, tooDeep, tooManyValues, outOfMemory }

  private let handle: UnsafeMutablePointer<json_t>

  /// Parses an array or object in strict JSON (RFC 8259): UTF-8, no duplicate names, no NUL.
  init(_ text: Bytes) throws(Problem) {
    try Self.measure(text)
    guard let start = text.baseAddress else { throw .malformed }
    var error = json_error_t()
    let locale = platform_locale_enter()
    let parsed = json_loadb(
      UnsafeRawPointer(start).assumingMemoryBound(to: CChar.self), text.count,
      Int(JSON_REJECT_DUPLICATES), &error)
    platform_locale_leave(locale)
    guard let parsed else {
      throw cjansson_is_out_of_memory(&error) ? .outOfMemory : .malformed
    }
    handle = parsed
  }

  deinit { cjansson_release(handle) }

  /// The array or object. Must not outlive the document.
  var root: JSONValue { JSONValue(handle: handle) }

  /// Counts depth and values without regard to whether the text is otherwise right.
  private static func measure(_ text: Bytes) throws(Problem) {
    var depth = 0
    var values = 0
    var index = 0
    while index < text.count {
      switch text[index] {
      case UInt8(ascii: "\""):
        index += 1
        while index < text.count, text[index] != UInt8(ascii: "\"") {
          index += text[index] == UInt8(ascii: "\\") ? 2 : 1
        }
      case UInt8(ascii: "["), UInt8(ascii: "{"):
        depth += 1
        values += 1
        guard depth <= maximumDepth else { throw .tooDeep }
      case UInt8(ascii: "]"), UInt8(ascii: "}"):
        depth -= 1
      case UInt8(ascii: ","):
        values += 1
      case 0:
        // No JSON has one outside of its texts. jansson passes over it behind a number or a literal.
        throw .malformed
      default: break
      }
      index += 1
    }
    guard values <= maximumValues else { throw .tooManyValues }
  }
}

/// A value inside a `JSONDocument`, which it must not outlive.
struct JSONValue {
  fileprivate let handle: UnsafeMutablePointer<json_t>

  /// The text of a string, else nil.
  var text: Bytes? {
    guard let start = json_string_value(handle) else { return nil }
    return Bytes(
      start: UnsafeRawPointer(start).assumingMemoryBound(to: UInt8.self),
      count: json_string_length(handle))
  }

  /// The value of an integer, else nil.
  var integer: Int64? {
    cjansson_type(handle) == JSON_INTEGER ? Int64(json_integer_value(handle)) : nil
  }

  /// The members of an object in the order of the text; none for anything else.
  var members: Members { Members(object: handle) }

  struct Members {
    fileprivate let object: UnsafeMutablePointer<json_t>
    private var iterator: UnsafeMutableRawPointer?
    private var started = false

    fileprivate init(object: UnsafeMutablePointer<json_t>) { self.object = object }

    mutating func next() -> (name: Bytes, value: JSONValue)? {
      iterator = started ? json_object_iter_next(object, iterator) : json_object_iter(object)
      started = true
      guard let iterator, let value = json_object_iter_value(iterator),
        let name = json_object_iter_key(iterator)
      else { return nil }
      // json_object_iter_key_len came with jansson 2.14; names of interest hold no NUL.
      return (Bytes(cString: name, limit: 64), JSONValue(handle: value))
    }
  }
}
