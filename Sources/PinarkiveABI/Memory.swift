/// Releases whatever a pk_ function returned: text, lists, errors, clients and cancellations.
///
/// - Parameters:
///   - result: what a pk_ function returned, or NULL, which does nothing.
///
/// Ownership: takes result; it and everything reachable from it must not be used afterwards.
/// A client may be freed while calls run with it: they end with PK_ERROR_CANCELLED, and its memory
/// is held until the last of them has left. Freeing a client or a cancellation twice does nothing, as
/// long as no new one has got the same address meanwhile; do not rely on it.
///
/// Threads: any.
///
/// Errors: none.
///
/// Since: 0.1.0
@_cdecl("pk_free")
public func pk_free(_ result: UnsafeMutableRawPointer?) {
  guard let result else { return }
  switch Preamble.kind(of: result) {
  case .plain: Block.free(result)
  case .client: freeClient(result)
  case .cancellation: freeCancellation(result)
  case nil: break
  }
}
