@testable import Pinarkive

/// Lends a copy of some bytes that ends where its memory does, so that the address sanitizer sees
/// every look behind the end.
@discardableResult
func withBytes<Result, Failure: Error>(
  _ bytes: some Sequence<UInt8>, _ body: (Bytes) throws(Failure) -> Result
) throws(Failure) -> Result {
  let bytes = Array(bytes)
  let copy = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: bytes.count)
  _ = copy.initialize(fromContentsOf: bytes)
  defer { copy.deallocate() }
  return try body(Bytes(copy))
}

/// Lends a text as such a copy.
@discardableResult
func withBytes<Result, Failure: Error>(
  _ text: String, _ body: (Bytes) throws(Failure) -> Result
) throws(Failure) -> Result {
  try withBytes(text.utf8, body)
}

/// Lends two texts.
@discardableResult
func withBytes<Result, Failure: Error>(
  _ first: String, _ second: String, _ body: (Bytes, Bytes) throws(Failure) -> Result
) throws(Failure) -> Result {
  try withBytes(first) { (first) throws(Failure) in
    try withBytes(second) { (second) throws(Failure) in try body(first, second) }
  }
}

/// What bytes say.
func text(_ bytes: Bytes) -> String { String(decoding: bytes, as: UTF8.self) }

/// A failure as a caller gets to know it, made while the texts that it borrows are there.
struct Reported: Error, Equatable {
  var status: Status
  var httpStatus: Int32 = 0
  var retryAfter: Int64 = -1
  var message = ""
  var code = ""

  init(_ failure: Failure, _ said: ServiceError = ServiceError()) {
    status = failure.status
    httpStatus = failure.httpStatus
    retryAfter = failure.retryAfter
    var sentence = InlineText<1024>()
    failure.write(to: &sentence)
    if failure.hasDetails { said.writeDetails(httpStatus: failure.httpStatus, to: &sentence) }
    message = sentence.string
    code = failure.hasDetails ? said.code.string : ""
  }
}
