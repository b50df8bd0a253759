import CPinarkive
import CPlatform
import Pinarkive

/// What the interface hands out for something that lives on: a client or a cancellation.
///
/// The memory of a handle is never given back, only used again for a later one. So looking at one
/// that was freed is always allowed, and a call with it is refused instead of crashing. (Once a new
/// object has got the same handle that cannot be seen; therefore the one unused longest is taken.)
///
/// A call holds what it uses: freeing the handle meanwhile only closes it, and the last call to leave
/// ends the object. All of this happens under the process's lock, which is held for moments only.
struct Handle {
  private let pointer: UnsafeMutablePointer<pinarkive_handle>

  // The handles without an object, by the start of their memory: a leak checker finds them so.
  nonisolated(unsafe) private static var oldest: UnsafeMutableRawPointer?
  nonisolated(unsafe) private static var newest: UnsafeMutableRawPointer?

  /// A new handle for an object.
  ///
  /// - Throws: `outOfMemory`.
  init(for object: UnsafeMutableRawPointer, _ kind: Preamble.Kind) throws(Failure) {
    platform_process_lock()
    defer { platform_process_unlock() }
    let memory: UnsafeMutableRawPointer
    if let oldest = Self.oldest {
      memory = oldest
      Self.oldest = Self.handle(in: oldest).pointee.next
      if Self.oldest == nil { Self.newest = nil }
    } else {
      let size = Preamble.size + MemoryLayout<pinarkive_handle>.size
      guard let fresh = malloc(size) else { throw .outOfMemory }
      memory = fresh
    }
    memory.initializeMemory(as: Preamble.self, repeating: Preamble(kind), count: 1)
    pointer = Self.handle(in: memory)
    pointer.initialize(to: pinarkive_handle(object: object, users: 0, next: nil))
  }

  /// Takes hold of the object that a caller's handle refers to, until `leave`. Nil if it refers to
  /// none, or to something else.
  init?(entering pointer: UnsafeMutableRawPointer, _ kind: Preamble.Kind) {
    self.pointer = pointer.assumingMemoryBound(to: pinarkive_handle.self)
    platform_process_lock()
    defer { platform_process_unlock() }
    guard Preamble.kind(of: pointer) == kind else { return nil }
    self.pointer.pointee.users += 1
  }

  /// As `init(entering:)`, and lets nobody else enter from now on.
  init?(closing pointer: UnsafeMutableRawPointer, _ kind: Preamble.Kind) {
    self.pointer = pointer.assumingMemoryBound(to: pinarkive_handle.self)
    platform_process_lock()
    defer { platform_process_unlock() }
    guard Preamble.kind(of: pointer) == kind else { return nil }
    self.pointer.pointee.users += 1
    Preamble.clear(pointer)
  }

  /// The handle as the caller knows it.
  var raw: UnsafeMutableRawPointer { UnsafeMutableRawPointer(pointer) }

  /// The object. Only between entering and leaving.
  func object<Object: ~Copyable>(_ type: Object.Type) -> UnsafeMutablePointer<Object> {
    // Whoever has entered knows that there is one.
    pointer.pointee.object.unsafelyUnwrapped.assumingMemoryBound(to: type)
  }

  /// Lets go of the object. If the handle was closed and this was the last to hold it, the object
  /// is returned, for the caller to end it.
  func leave<Object: ~Copyable>(_ type: Object.Type) -> UnsafeMutablePointer<Object>? {
    platform_process_lock()
    defer { platform_process_unlock() }
    pointer.pointee.users -= 1
    guard pointer.pointee.users == 0, Preamble.isCleared(raw) else { return nil }
    let object = pointer.pointee.object
    pointer.pointee.object = nil
    let memory = Preamble.start(of: raw)
    if let newest = Self.newest {
      Self.handle(in: newest).pointee.next = memory
    } else {
      Self.oldest = memory
    }
    Self.newest = memory
    return object?.assumingMemoryBound(to: type)
  }

  private static func handle(in memory: UnsafeMutableRawPointer)
    -> UnsafeMutablePointer<pinarkive_handle>
  {
    (memory + Preamble.size).assumingMemoryBound(to: pinarkive_handle.self)
  }
}
