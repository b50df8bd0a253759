/// Why a call failed.
public struct PinarkiveError: Error, Sendable, CustomStringConvertible {
  /// The kind of failure.
  public let status: Status
  /// The HTTP status of the answer, or nil if there was none.
  public let httpStatus: Int?
  /// How long to wait before another call may succeed, or nil if unknown. At most a day.
  public let retryAfter: Duration?
  /// One English sentence: what happened and what to do. Never holds the key.
  public let message: String
  /// The service's own code, such as "INVALID_API_KEY", or nil if it gave none.
  public let code: String?
  /// With `missingScope` the scope that is needed, such as "cluster:read"; else nil.
  public let required: String?
  /// With `invalidContent` what was meant, where one thing alone can be; else nil.
  public let suggestion: String?

  /// The message.
  public var description: String { message }

  init(_ failure: Failure, _ said: ServiceError = ServiceError()) {
    status = failure.status
    httpStatus = failure.httpStatus == 0 ? nil : Int(failure.httpStatus)
    retryAfter = failure.retryAfter < 0 ? nil : .milliseconds(failure.retryAfter)
    var text = InlineText<1024>()
    failure.write(to: &text)
    if failure.hasDetails { said.writeDetails(httpStatus: failure.httpStatus, to: &text) }
    message = text.string
    code = failure.hasDetails && !said.code.isEmpty ? said.code.string : nil
    required =
      failure.status == .missingScope && !said.required.isEmpty ? said.required.string : nil
    suggestion = nil
  }

  init(_ refusal: ContentRefusal, of content: Bytes) {
    (status, httpStatus, retryAfter, code, required) = (.invalidContent, nil, nil, nil, nil)
    var text = InlineText<1024>()
    refusal.write(to: &text)
    message = text.string
    let length = refusal.suggestionLength(of: content)
    let meant = String(unsafeUninitializedCapacity: length) { buffer in
      guard length > 0, let start = buffer.baseAddress else { return 0 }
      return refusal.writeSuggestion(for: content, to: start)
    }
    suggestion = meant.utf8.isEmpty ? nil : meant
  }
}
