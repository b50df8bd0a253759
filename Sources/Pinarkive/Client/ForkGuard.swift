import CPlatform

/// Keeps clients usable on both sides of a fork: the child must not use, and not even close, the
/// connections that it shares with its parent, and must find no lock taken by a thread that it does
/// not have.
enum ForkGuard {
  /// All clients, linked by `ClientCore.next`. Under the process's lock.
  nonisolated(unsafe) private static var first: UnsafeMutablePointer<ClientCore>?
  nonisolated(unsafe) private static var isInstalled = false

  /// Adds a client that has just been made.
  ///
  /// - Throws: `outOfMemory` if forks cannot be watched. There is no client without that.
  static func add(_ client: UnsafeMutablePointer<ClientCore>) throws(Failure) {
    platform_process_lock()
    defer { platform_process_unlock() }
    if !isInstalled {
      guard platform_at_fork(prepare, afterInParent, afterInChild) else { throw .outOfMemory }
      isInstalled = true
    }
    client.pointee.next = first
    first = client
  }

  /// Takes a client away that is about to end.
  static func remove(_ client: UnsafeMutablePointer<ClientCore>) {
    platform_process_lock()
    defer { platform_process_unlock() }
    if first == client {
      first = client.pointee.next
      return
    }
    var before = first
    while let current = before {
      if current.pointee.next == client {
        current.pointee.next = client.pointee.next
        return
      }
      before = current.pointee.next
    }
  }

  // Between `prepare` and the other two, the forking thread holds every lock of the library, so that
  // the child gets all of it in good order. In the child only what is safe after a fork is done:
  // memory and descriptors.

  private static let prepare: @convention(c) () -> Void = {
    platform_process_lock()
    ForkGuard.forEach { $0.pointee.beforeFork() }
  }

  private static let afterInParent: @convention(c) () -> Void = {
    ForkGuard.forEach { $0.pointee.afterForkInParent() }
    platform_process_unlock()
  }

  private static let afterInChild: @convention(c) () -> Void = {
    platform_exit_guard_reset()
    ForkGuard.forEach { $0.pointee.afterForkInChild() }
    platform_process_unlock()
  }

  private static func forEach(_ body: (UnsafeMutablePointer<ClientCore>) -> Void) {
    var next = first
    while let client = next {
      body(client)
      next = client.pointee.next
    }
  }
}
