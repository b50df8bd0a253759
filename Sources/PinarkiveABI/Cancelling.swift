import CPinarkive
import Pinarkive

/// Makes a cancellation, to be handed to one call in pk_call_options.
///
/// - Returns: the cancellation, or NULL if there is no memory.
///
/// Ownership: release it with pk_free, before, during or after the call.
///
/// Threads: any.
///
/// Errors: NULL if there is no memory.
///
/// Since: 0.1.0
@_cdecl("pk_cancellation_new")
public func pk_cancellation_new() -> UnsafeMutablePointer<pk_cancellation>? {
  guard let state = try? CancellationState.make() else { return nil }
  guard let handle = try? Handle(for: state, .cancellation) else {
    CancellationState.release(state)
    return nil
  }
  return handle.raw.assumingMemoryBound(to: pk_cancellation.self)
}

/// Releases a cancellation for pk_free. A call that has it goes on.
func freeCancellation(_ cancellation: UnsafeMutableRawPointer) {
  if let handle = Handle(closing: cancellation, .cancellation) { leaveCancellation(handle) }
}

/// Lets go of a cancellation after a call.
func leaveCancellation(_ handle: Handle) {
  if let state = handle.leave(CancellationState.self) { CancellationState.release(state) }
}

/// Ends the call that the cancellation was handed to, with PK_ERROR_CANCELLED.
///
/// The call returns within 50 ms. A call that has already ended is not changed; one that starts
/// later ends at once. Calling it again does nothing.
///
/// - Parameters:
///   - cancellation: from pk_cancellation_new. NULL does nothing.
///
/// Ownership: the cancellation stays yours.
///
/// Threads: any. Not for signal handlers.
///
/// Errors: none.
///
/// Since: 0.1.0
@_cdecl("pk_cancel")
public func pk_cancel(_ cancellation: UnsafeMutablePointer<pk_cancellation>?) {
  guard let cancellation, let handle = Handle(entering: cancellation, .cancellation) else { return }
  handle.object(CancellationState.self).pointee.fire()
  leaveCancellation(handle)
}
