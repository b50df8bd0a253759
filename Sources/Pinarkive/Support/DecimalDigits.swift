/// The decimal digits of a number, as many as it needs.
package struct DecimalDigits {
  package let count: Int
  // Only the last `count` are set.
  private var digits = InlineArray<20, UInt8>(repeating: 0)

  @inline(__always)
  package init(_ number: UInt64) {
    var count = 1
    digits[19] = .zero &+ UInt8(truncatingIfNeeded: number % 10)
    var rest = number / 10
    while rest > 0 {
      count += 1
      digits[20 - count] = .zero &+ UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
    }
    self.count = count
  }

  /// How many digits a number has.
  @inline(__always)
  package static func count(of number: UInt64) -> Int {
    var (count, limit): (Int, UInt64) = (1, 10)
    while number >= limit, count < 19 {
      count += 1
      limit &*= 10
    }
    return number >= limit ? 20 : count
  }

  /// The digit at a place from the left, in ASCII.
  package subscript(place: Int) -> UInt8 { digits[20 - count + place] }
}
