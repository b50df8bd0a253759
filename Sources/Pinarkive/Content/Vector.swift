#if _endian(big)
  #error("The bytes of a vector are numbered from the lowest one")
#endif

/// Sixteen bytes that a processor works on at once, as bytes or as numbers of 2, 4 or 8 bytes.
///
/// Only operations that the compiler turns into an instruction or two are used. Comparisons, for
/// one, become a loop, so a number is compared by the sign of a difference.
typealias Vector = SIMD2<UInt64>

extension Vector {
  /// The same byte sixteen times.
  @inline(__always)
  init(bytes byte: UInt8) { self.init(repeating: UInt64(byte) &* 0x0101_0101_0101_0101) }

  @inline(__always)
  static func loading(_ place: UnsafeRawPointer) -> Vector {
    place.loadUnaligned(as: Vector.self)
  }

  @inline(__always)
  private var bytes: SIMD16<Int8> { unsafeBitCast(self, to: SIMD16<Int8>.self) }

  /// The sums of the bytes.
  @inline(__always)
  func addingBytes(_ other: Vector) -> Vector {
    unsafeBitCast(bytes &+ other.bytes, to: Vector.self)
  }

  /// The differences of the bytes.
  @inline(__always)
  func subtractingBytes(_ other: Vector) -> Vector {
    unsafeBitCast(bytes &- other.bytes, to: Vector.self)
  }

  /// 0xFF for each byte from 0x80 on, 0 for the others.
  @inline(__always)
  var signs: Vector { unsafeBitCast(bytes &>> 7, to: Vector.self) }

  @inline(__always)
  var shorts: SIMD8<UInt16> {
    get { unsafeBitCast(self, to: SIMD8<UInt16>.self) }
    set { self = unsafeBitCast(newValue, to: Vector.self) }
  }

  @inline(__always)
  var ints: SIMD4<UInt32> {
    get { unsafeBitCast(self, to: SIMD4<UInt32>.self) }
    set { self = unsafeBitCast(newValue, to: Vector.self) }
  }

  /// The products of the lower halves of both numbers.
  @inline(__always)
  func multipliedHalves(by other: Vector) -> Vector {
    let half = Vector(repeating: 0xFFFF_FFFF)
    return (self & half) &* (other & half)
  }
}
