import CPlatform

/// A copy of a text, with a NUL at its end, in memory of its own that is wiped when it is released:
/// it may be a key.
///
/// Swift stops the process when an allocation of its own fails. In somebody else's process that is
/// no answer, so what the core keeps is allocated with malloc, and checked.
package struct OwnedText: ~Copyable {
  private let start: UnsafeMutablePointer<UInt8>
  package let count: Int

  /// Copies one text, or several joined.
  ///
  /// - Throws: `outOfMemory`.
  package init(_ first: Bytes, _ second: Bytes = Bytes(""), _ third: Bytes = Bytes(""))
    throws(Failure)
  {
    count = first.count + second.count + third.count
    guard let memory = malloc(count + 1) else { throw .outOfMemory }
    start = memory.assumingMemoryBound(to: UInt8.self)
    var end = start
    append(first, at: &end)
    append(second, at: &end)
    append(third, at: &end)
    end.pointee = 0
  }

  deinit {
    explicit_bzero(start, count)
    free(start)
  }

  package var bytes: Bytes { Bytes(start: start, count: count) }

  package var cString: UnsafePointer<CChar> {
    UnsafeRawPointer(start).assumingMemoryBound(to: CChar.self)
  }
}

/// Bytes that arrive piece by piece, up to a limit. Keeps its memory when it is emptied.
package struct ByteBuffer: ~Copyable {
  private var start: UnsafeMutablePointer<UInt8>?
  private var capacity = 0
  package private(set) var count = 0

  package enum Outcome { case appended, overLimit, outOfMemory }

  package init() {}

  deinit { free(start) }

  package var bytes: Bytes { Bytes(start: start, count: count) }

  package mutating func append(_ piece: Bytes, limit: Int) -> Outcome {
    guard piece.count <= limit - count else { return .overLimit }
    let needed = count + piece.count
    if needed > capacity {
      let size = max(needed, min(capacity * 2, limit), 4096)
      guard let memory = realloc(start, size) else { return .outOfMemory }
      start = memory.assumingMemoryBound(to: UInt8.self)
      capacity = size
    }
    if let start, let source = piece.baseAddress { memcpy(start + count, source, piece.count) }
    count = needed
    return .appended
  }

  /// Forgets the content. Memory of more than `keeping` bytes is given back.
  package mutating func removeAll(keeping: Int) {
    count = 0
    guard capacity > keeping else { return }
    free(start)
    start = nil
    capacity = 0
  }
}

/// Copies `text` to `place` and moves `place` behind it.
package func append(_ text: Bytes, at place: inout UnsafeMutablePointer<UInt8>) {
  guard let source = text.baseAddress else { return }
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
