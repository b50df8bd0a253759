import CPlatform
import Synchronization

/// Whether one call has been cancelled, and whom to wake then. Any thread may use it.
///
/// Lives behind a pointer (see `PinarkiveABI`'s handles, and the class `Cancellation`), because the
/// call and the one who cancels it share it. `user` is guarded by the process's lock,
/// which is held for moments only and which a forked child never finds taken.
package struct CancellationState: ~Copyable {
  private let fired = Atomic(false)
  // One, in memory of its own: the call and the one who cancels it are in here at the same time, so
  // neither may have exclusive access to it, which a `mutating` method would promise the compiler.
  private let user: OwnedArray<User>

  private struct User {
    /// The call that it was handed to, while it runs.
    var client: UnsafeMutablePointer<ClientCore>?
    /// The lane that the call is using, while it does.
    var lane: UnsafeMutablePointer<Lane>?
  }

  /// A new one. Release it with `release`.
  ///
  /// - Throws: `outOfMemory`.
  package static func make() throws(Failure) -> UnsafeMutablePointer<CancellationState> {
    let user: OwnedArray<User> = try OwnedArray(capacity: 1)
    guard let memory = malloc(MemoryLayout<CancellationState>.size) else { throw .outOfMemory }
    let state = memory.bindMemory(to: CancellationState.self, capacity: 1)
    state.initialize(to: CancellationState(user: user))
    return state
  }

  /// Ends one that nobody uses any more.
  package static func release(_ state: UnsafeMutablePointer<CancellationState>) {
    state.deinitialize(count: 1)
    free(state)
  }

  private init(user: consuming OwnedArray<User>) {
    user.start.initialize(to: User())
    self.user = user
  }

  package var isFired: Bool { fired.load(ordering: .acquiring) }

  /// Cancels the call, or the next one.
  package func fire() {
    fired.store(true, ordering: .releasing)
    // Under the lock, so that the call cannot leave, and take client and lane with it, meanwhile.
    platform_process_lock()
    if let lane = user.start.pointee.lane { lane.pointee.wake() }
    if let client = user.start.pointee.client { client.pointee.wakeWaiters() }
    platform_process_unlock()
  }

  /// - Throws: `invalidArgument` if another call has it.
  func attach(to client: UnsafeMutablePointer<ClientCore>) throws(Failure) {
    platform_process_lock()
    let isFree = user.start.pointee.client == nil
    if isFree { user.start.pointee.client = client }
    platform_process_unlock()
    guard isFree else {
      throw Failure(
        .invalidArgument, "The cancellation is in use by another call: make one for each call.")
    }
  }

  func detach() {
    platform_process_lock()
    user.start.pointee = User()
    platform_process_unlock()
  }

  func use(_ lane: UnsafeMutablePointer<Lane>?) {
    platform_process_lock()
    user.start.pointee.lane = lane
    platform_process_unlock()
  }
}
