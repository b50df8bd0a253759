/// Why a call failed, as the core throws it.
///
/// Small, and without any memory of its own, so that it can be thrown when there is none left and
/// costs the calls that succeed nothing. Its sentence is only put together by `write`. The texts of
/// the service, which are long, travel beside it in a `ServiceError`.
// Unchecked because of the borrowed bytes: a failure does not leave the call that it is thrown in.
package struct Failure: Error, @unchecked Sendable {
  package let status: Status
  /// Whether a `ServiceError` says more.
  package var hasDetails = false
  /// The HTTP status of the answer, or 0.
  package var httpStatus: Int32 = 0
  /// Milliseconds to wait, or -1.
  package var retryAfter: Int64 = -1
  /// Ends with a NUL, as every StaticString does.
  private let sentence: UnsafePointer<UInt8>
  private let first: Detail
  private let second: Detail

  /// What stands in a sentence for "{}".
  package struct Detail {
    fileprivate let start: UnsafePointer<UInt8>?
    /// The length of the text, or the number if there is no text.
    fileprivate let number: Int64

    /// A text of the caller's. It must live until the failure has been reported, as an argument of
    /// the call does, and is only shown as far as it is harmless.
    package static func text(_ text: Bytes) -> Detail {
      Detail(start: text.baseAddress ?? Bytes("").baseAddress, number: Int64(text.count))
    }

    package static func text(_ text: StaticString) -> Detail { .text(Bytes(text)) }

    package static func number(_ number: Int64) -> Detail { Detail(start: nil, number: number) }
  }

  /// - Parameters:
  ///   - sentence: what happened and what to do. Each of at most two "{}" in it stands for a detail.
  ///   - first: what the first one stands for.
  ///   - second: what the second one stands for.
  package init(
    _ status: Status, _ sentence: StaticString, _ first: Detail = .number(0),
    _ second: Detail = .number(0)
  ) {
    self.status = status
    self.sentence = sentence.utf8Start
    self.first = first
    self.second = second
  }

  /// Writes the sentence.
  package func write<let capacity: Int>(to text: inout InlineText<capacity>) {
    var place = sentence
    var detail = first
    while place.pointee != 0 {
      if place.pointee == UInt8(ascii: "{"), place[1] == UInt8(ascii: "}") {
        Self.write(detail, to: &text)
        detail = second
        place += 2
      } else {
        text.append(place.pointee)
        place += 1
      }
    }
  }

  private static func write<let capacity: Int>(
    _ detail: Detail, to text: inout InlineText<capacity>
  ) {
    guard let start = detail.start else { return text.append(detail.number) }
    let bytes = Bytes(start: start, count: Int(detail.number))
    if bytes.isUTF8 { Secrets().appendSafely(bytes, to: &text) }
  }

  /// Takes over a time to wait, if it is longer than what is known, but at most a day.
  package mutating func noteRetryAfter(seconds: Int64) {
    retryAfter = max(retryAfter, min(max(seconds, 0), 86_400) * 1000)
  }

  package static var exiting: Failure {
    Failure(.cancelled, "The call was cancelled because the process is exiting.")
  }

  package static var outOfMemory: Failure {
    Failure(.outOfMemory, "There is not enough memory for the call; nothing was changed.")
  }
}
