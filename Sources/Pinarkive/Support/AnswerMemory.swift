import CPlatform

/// The body of an answer as it arrives, and behind it what is made of it: one piece of memory, which
/// in the end becomes the result that the caller gets. So nothing of a large answer is ever copied.
///
///     head | body | zeros | records
///
/// Memory comes from malloc, and is checked: Swift stops the process when an allocation of its own
/// fails.
package struct AnswerMemory: ~Copyable {
  /// How many bytes stand before the body, for the head of a result. A multiple of 16.
  package static let headSize = 256
  /// Zeros behind the body: no JSON holds a NUL, so a reader stops there without counting, even one
  /// that looks at eight bytes at a time.
  private static let zeros = 8

  private var start: UnsafeMutableRawPointer?
  private var capacity = 0
  /// The length of the body.
  package private(set) var count = 0
  /// Where the records end, counted from the start of the memory; 0 while there is no body's end.
  private var recordsEnd = 0

  package enum Outcome { case appended, overLimit, outOfMemory }

  package init() {}

  deinit { free(start) }

  // MARK: - The body

  /// The body. Must not outlive the memory, nor be kept across anything that changes it.
  package var bytes: Bytes {
    Bytes(start: start.map { bytes(at: $0 + Self.headSize) }, count: start == nil ? 0 : count)
  }

  /// Adds a piece to the body, unless that then is longer than `limit`.
  ///
  /// - Parameter expected: how long the body is said to be in the end, or 0: saves growing.
  package mutating func append(_ piece: Bytes, limit: Int, expected: Int = 0) -> Outcome {
    guard piece.count <= limit - count else { return .overLimit }
    let needed = Self.headSize + count + piece.count + Self.zeros
    if needed > capacity {
      let body = max(min(max(expected, count * 2), limit), count + piece.count)
      guard grow(to: max(Self.headSize + body + Self.zeros, 8192)) else { return .outOfMemory }
    }
    if let start, let source = piece.baseAddress {
      memcpy(start + Self.headSize + count, source, piece.count)
    }
    count += piece.count
    return .appended
  }

  /// Forgets the body and leaves nothing of it in memory.
  package mutating func wipe() {
    if let start { explicit_bzero(start + Self.headSize, count) }
    removeAll(keeping: capacity)
  }

  /// Forgets the body. Memory of more than `keeping` bytes is given back.
  package mutating func removeAll(keeping: Int) {
    count = 0
    recordsEnd = 0
    guard capacity > keeping else { return }
    free(start)
    start = nil
    capacity = 0
  }

  // MARK: - Records

  /// Where the records begin: behind the body and its zeros.
  private var recordsStart: Int {
    (Self.headSize + count + Self.zeros + 7) & ~7
  }

  /// Ends the body, and makes room for records.
  ///
  /// - Returns: false if there is no memory.
  package mutating func endBody(room: Int) -> Bool {
    recordsEnd = recordsStart
    guard reserve(room), let start else { return false }
    memset(start + Self.headSize + count, 0, Self.zeros)
    return true
  }

  /// Whether there is room for so many bytes of records more.
  @inline(__always)
  package func hasRoom(_ size: Int) -> Bool { recordsEnd + size <= capacity }

  /// Makes room for so many bytes of records more. The memory may move.
  ///
  /// - Returns: false if there is no memory.
  package mutating func reserve(_ size: Int) -> Bool {
    hasRoom(size) || grow(to: max(recordsEnd + size, capacity + capacity / 2))
  }

  /// Takes the next bytes behind the records, for which `reserve` has made room. Their place counts
  /// from the first record.
  @inline(__always)
  package mutating func take(_ size: Int) -> Int {
    defer { recordsEnd += size }
    return recordsEnd - recordsStart
  }

  /// How many bytes the records take.
  package var recordsSize: Int { recordsEnd - recordsStart }

  /// A place among the records, or in the room behind them. Must not be kept across `reserve`.
  @inline(__always)
  package func record(at place: Int) -> UnsafeMutableRawPointer {
    // Not nil since `endBody`.
    start.unsafelyUnwrapped + (recordsStart + place)
  }

  // MARK: - The whole

  /// A copy of body and records.
  ///
  /// - Returns: nil if there is no memory.
  package func copy() -> AnswerMemory? {
    var copy = AnswerMemory()
    guard let start, copy.grow(to: recordsEnd), let target = copy.start else { return nil }
    memcpy(target, start, recordsEnd)
    copy.count = count
    copy.recordsEnd = recordsEnd
    return copy
  }

  /// Makes the memory just so large that there is `room` behind the records. It may move.
  ///
  /// - Returns: false if there is no memory.
  package mutating func resize(room: Int) -> Bool {
    // A smaller piece can fail too; then the larger one stays.
    grow(to: recordsEnd + room) || hasRoom(room)
  }

  /// Hands the memory over: whoever takes it frees it. Nothing is left here.
  package mutating func surrender() -> UnsafeMutableRawPointer? {
    let memory = start
    start = nil
    capacity = 0
    removeAll(keeping: 0)
    return memory
  }

  @inline(never)
  private mutating func grow(to size: Int) -> Bool {
    guard let memory = realloc(start, size) else { return false }
    start = memory
    capacity = size
    return true
  }

  private func bytes(at address: UnsafeMutableRawPointer) -> UnsafePointer<UInt8> {
    UnsafeRawPointer(address).assumingMemoryBound(to: UInt8.self)
  }
}
