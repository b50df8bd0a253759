/// Why a call failed, as the core throws it.
///
/// Small, and without any memory of its own, so that it can be thrown when there is none left and
/// costs the calls that succeed nothing. Its sentence is kept in pieces and only put together by
/// `write`. The texts of the service, which are long, travel beside it in a `ServiceError`.
package struct Failure: Error {
  package let status: Status
  /// The HTTP status of the answer, or 0.
  package var httpStatus: Int32 = 0
  /// Milliseconds to wait, or -1.
  package var retryAfter: Int64 = -1
  /// Whether a `ServiceError` says more.
  package var hasDetails = false
  private var pieces: (Piece, Piece, Piece, Piece)

  // Unchecked because of the borrowed bytes: a failure does not leave the call that it is thrown in.
  private enum Piece: @unchecked Sendable {
    case none
    case text(StaticString)
    case number(Int64)
    case bytes(Bytes)
  }

  /// - Parameter sentence: what happened and what to do; more pieces may follow.
  package init(_ status: Status, _ sentence: StaticString) {
    self.status = status
    pieces = (.text(sentence), .none, .none, .none)
  }

  package func adding(_ text: StaticString) -> Failure { adding(.text(text)) }

  package func adding(_ number: Int64) -> Failure { adding(.number(number)) }

  /// Adds a text of the caller's. It must live until the failure has been reported, as an argument
  /// of the call does, and is only shown as far as it is harmless.
  package func adding(_ text: Bytes) -> Failure { adding(.bytes(text)) }

  private func adding(_ piece: Piece) -> Failure {
    var longer = self
    if case .none = pieces.1 {
      longer.pieces.1 = piece
    } else if case .none = pieces.2 {
      longer.pieces.2 = piece
    } else {
      longer.pieces.3 = piece
    }
    return longer
  }

  /// Writes the sentence.
  package func write<let capacity: Int>(to text: inout InlineText<capacity>) {
    Self.write(pieces.0, to: &text)
    Self.write(pieces.1, to: &text)
    Self.write(pieces.2, to: &text)
    Self.write(pieces.3, to: &text)
  }

  private static func write<let capacity: Int>(_ piece: Piece, to text: inout InlineText<capacity>)
  {
    switch piece {
    case .none: break
    case .text(let piece): text.append(piece)
    case .number(let piece): text.append(piece)
    case .bytes(let piece): if piece.isUTF8 { Secrets().appendSafely(piece, to: &text) }
    }
  }

  /// Takes over a time to wait, if it is longer than what is known, but at most a day.
  package mutating func noteRetryAfter(seconds: Int64) {
    retryAfter = max(retryAfter, min(max(seconds, 0), 86_400) * 1000)
  }

  package static var outOfMemory: Failure {
    Failure(.outOfMemory, "There is not enough memory for the call; nothing was changed.")
  }
}
