import CPlatform
import Pinarkive

/// A result under construction: one piece of memory that is laid out front to back, so that one
/// `free` releases it all.
struct Block {
  private var place: UnsafeMutablePointer<UInt8>

  /// Memory for a result of `size` bytes.
  ///
  /// - Throws: `outOfMemory`.
  init(size: Int) throws(Failure) {
    guard size < Int.max - Preamble.size, let memory = malloc(Preamble.size + size) else {
      throw .outOfMemory
    }
    memory.initializeMemory(as: Preamble.self, repeating: Preamble(.plain), count: 1)
    place = (memory + Preamble.size).assumingMemoryBound(to: UInt8.self)
  }

  /// A part of a result that lies in memory of somebody else's.
  init(inside place: UnsafeMutablePointer<UInt8>) { self.place = place }

  /// How many bytes have been laid out behind `start`.
  func taken(since start: UnsafeMutablePointer<UInt8>) -> Int { place - start }

  /// Releases a result.
  static func free(_ result: UnsafeMutableRawPointer) {
    // A second pk_free that comes before the memory is used again finds no kind.
    Preamble.clear(result)
    CPlatform.free(Preamble.start(of: result))
  }

  /// Room for `count` values at the front of what is left. Values come before texts, whose lengths
  /// would spoil the alignment.
  mutating func take<Value>(_ type: Value.Type, count: Int = 1) -> UnsafeMutablePointer<Value> {
    let start = UnsafeMutableRawPointer(place).bindMemory(to: Value.self, capacity: count)
    place += MemoryLayout<Value>.stride * count
    return start
  }

  /// A copy of a text, or of several joined, with a NUL at the end.
  mutating func copy(_ text: Bytes, _ more: Bytes = Bytes(""), _ rest: Bytes = Bytes(""))
    -> UnsafePointer<CChar>
  {
    let start = place
    append(text, at: &place)
    append(more, at: &place)
    append(rest, at: &place)
    place.pointee = 0
    place += 1
    return UnsafeRawPointer(start).assumingMemoryBound(to: CChar.self)
  }

  /// Text that `write` makes, with a NUL at the end. It says how many bytes it wrote; there must be
  /// room for the most that it can write.
  mutating func text(_ write: (UnsafeMutablePointer<UInt8>) -> Int) -> UnsafePointer<CChar> {
    let start = place
    place += write(start)
    place.pointee = 0
    place += 1
    return UnsafeRawPointer(start).assumingMemoryBound(to: CChar.self)
  }

  /// A copy of a text where there is one.
  mutating func copy(ifAny text: Bytes?) -> UnsafePointer<CChar>? { text.map { copy($0) } }

  /// How many bytes `copy(ifAny:)` takes.
  static func size(ifAny text: Bytes?) -> Int { text.map { $0.count + 1 } ?? 0 }
}
