import CPlatform

/// A copy of a text, with a NUL at its end, in memory of its own that is wiped when it is released:
/// it may be a key.
///
/// Swift stops the process when an allocation of its own fails. In somebody else's process that is
/// no answer, so what the core keeps is allocated with malloc, and checked.
package struct OwnedText: ~Copyable {
  private let start: UnsafeMutablePointer<UInt8>
  package let count: Int

  /// Copies one text, or two joined.
  ///
  /// - Throws: `outOfMemory`.
  package init(_ first: Bytes, _ second: Bytes = Bytes("")) throws(Failure) {
    count = first.count + second.count
    guard let memory = malloc(count + 1) else { throw .outOfMemory }
    start = memory.assumingMemoryBound(to: UInt8.self)
    var end = start
    append(first, at: &end)
    append(second, at: &end)
    end.pointee = 0
  }

  deinit { Self.wipe(start, count) }

  // Not inlined: where something fails between many of these, each is released in many places.
  @inline(never)
  private static func wipe(_ start: UnsafeMutablePointer<UInt8>, _ count: Int) {
    explicit_bzero(start, count)
    free(start)
  }

  package var bytes: Bytes { Bytes(start: start, count: count) }

  package var cString: UnsafePointer<CChar> {
    UnsafeRawPointer(start).assumingMemoryBound(to: CChar.self)
  }
}

/// Copies `text` to `place` and moves `place` behind it.
package func append(_ text: Bytes, at place: inout UnsafeMutablePointer<UInt8>) {
  guard text.count > 0, let source = text.baseAddress else { return }
  memcpy(place, source, text.count)
  place += text.count
}

/// Memory for a fixed number of trivial values, not initialised.
package struct OwnedArray<Value: BitwiseCopyable>: ~Copyable {
  package let start: UnsafeMutablePointer<Value>

  /// - Throws: `outOfMemory`.
  package init(capacity: Int) throws(Failure) {
    let (size, overflow) = MemoryLayout<Value>.stride.multipliedReportingOverflow(by: capacity)
    guard !overflow, let memory = malloc(max(size, 1)) else { throw .outOfMemory }
    start = memory.bindMemory(to: Value.self, capacity: capacity)
  }

  deinit { free(start) }
}
