import CPinarkive
import CPlatform
import Pinarkive

/// Where a caller wants to be told why a call failed.
public typealias ErrorOut = UnsafeMutablePointer<UnsafeMutablePointer<pk_error>?>

/// Makes a `pk_error` and stores it where the caller wants it, if anywhere.
///
/// - Parameter said: what the service said, where the failure `hasDetails`.
@inline(never)
func report(_ failure: Failure, _ said: ServiceError, to error: ErrorOut?) {
  guard let error else { return }
  // Where there is no memory for an error there is one in static memory. It has the preamble of a
  // freed result, so that pk_free leaves it alone.
  error.pointee = makeError(failure, said) ?? pinarkive_error_without_memory()
}

/// Makes a `pk_error` of a failure that the service said nothing of.
@inline(never)
func report(_ failure: Failure, to error: ErrorOut?) {
  report(failure, ServiceError(), to: error)
}

/// Makes a `pk_error` for content that is refused, and stores it where the caller wants it.
///
/// - Parameter text: the content.
func report(_ refusal: ContentRefusal, of text: Bytes, to error: ErrorOut?) {
  guard let error else { return }
  let size = sizeOfError(refusal, of: text)
  guard var block = try? Block(size: size) else {
    error.pointee = pinarkive_error_without_memory()
    return
  }
  error.pointee = writeError(refusal, of: text, into: &block)
}

/// The most bytes that `writeError` takes.
func sizeOfError(_ refusal: ContentRefusal, of text: Bytes) -> Int {
  MemoryLayout<pk_error>.stride + 1025 + refusal.suggestionLength(of: text) + 1
}

/// Writes a `pk_error` and its texts to a block that has room for them.
func writeError(_ refusal: ContentRefusal, of text: Bytes, into block: inout Block)
  -> UnsafeMutablePointer<pk_error>
{
  let error = block.take(pk_error.self)
  var message = InlineText<1024>()
  refusal.write(to: &message)
  let sentence = message.withBytes { block.copy($0) }
  var suggestion: UnsafePointer<CChar>?
  if refusal.suggestionLength(of: text) > 0 {
    var length = 0
    let written = block.text { place in
      length = refusal.writeSuggestion(for: text, to: place)
      return length
    }
    if length > 0 { suggestion = written }
  }
  error.initialize(
    to: pk_error(
      status: Status.invalidContent.rawValue, http_status: 0, retry_after_ms: -1,
      message: sentence, code: nil, required: nil, suggestion: suggestion))
  return error
}

/// The most bytes that `writeError` takes.
func sizeOfError(_ failure: Failure) -> Int { MemoryLayout<pk_error>.stride + 1025 }

/// Writes a `pk_error` without details of the service to a block that has room for it.
func writeError(_ failure: Failure, into block: inout Block) -> UnsafeMutablePointer<pk_error> {
  let error = block.take(pk_error.self)
  var message = InlineText<1024>()
  failure.write(to: &message)
  error.initialize(
    to: pk_error(
      status: failure.status.rawValue, http_status: failure.httpStatus,
      retry_after_ms: failure.retryAfter, message: message.withBytes { block.copy($0) }, code: nil,
      required: nil, suggestion: nil))
  return error
}

private func makeError(_ failure: Failure, _ said: ServiceError) -> UnsafeMutablePointer<pk_error>?
{
  var message = InlineText<1024>()
  failure.write(to: &message)
  if failure.hasDetails { said.writeDetails(httpStatus: failure.httpStatus, to: &message) }
  let hasCode = failure.hasDetails && !said.code.isEmpty
  let hasRequired = failure.status == .missingScope && !said.required.isEmpty
  let texts = message.count + said.code.count + said.required.count + 3
  guard var block = try? Block(size: MemoryLayout<pk_error>.stride + texts) else { return nil }
  let error = block.take(pk_error.self)
  error.initialize(
    to: pk_error(
      status: failure.status.rawValue, http_status: failure.httpStatus,
      retry_after_ms: failure.retryAfter, message: message.withBytes { block.copy($0) },
      code: hasCode ? said.code.withBytes { block.copy($0) } : nil,
      required: hasRequired ? said.required.withBytes { block.copy($0) } : nil,
      suggestion: nil))
  return error
}
