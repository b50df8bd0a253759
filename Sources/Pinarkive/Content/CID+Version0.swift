/// The text of a CIDv0: base 58 of a number that always has 34 bytes, of which the first two are known.
/// So both ways are faster than those of `Multibase`.
extension CID {
  /// The length of every CIDv0: all numbers that begin with the bytes 0x12, 0x20 have it.
  package static let version0TextLength = 46

  /// Reads the 34 bytes of a CIDv0.
  ///
  /// - Parameter output: room for them.
  /// - Returns: false if the text is none. Why, the slower reader of any number says.
  @inline(never)
  static func readVersion0(_ text: Bytes, into output: UnsafeMutablePointer<UInt8>) -> Bool {
    guard text.count == version0TextLength else { return false }
    let start = UnsafeRawPointer(text.baseAddress.unsafelyUnwrapped)
    // The table has the characters of ASCII.
    var characters = (start + 38).loadUnaligned(as: UInt64.self)
    for offset in 0..<5 { characters |= (start + offset * 8).loadUnaligned(as: UInt64.self) }
    guard characters & 0x8080_8080_8080_8080 == 0 else { return false }
    // Six digits and four times ten, two at a time: a pair with a stranger has more than 12 bits.
    var all: UInt64 = 0
    @inline(__always) func value(_ offset: Int) -> UInt64 {
      UInt64(valuesOfDigits[unchecked: Int(start.load(fromByteOffset: offset, as: UInt8.self))])
    }
    @inline(__always) func part(_ start: Int, _ end: Int) -> UInt64 {
      var part: UInt64 = 0
      var offset = start
      while offset < end {
        let two = value(offset) &* 58 &+ value(offset &+ 1)
        all |= two
        part = part &* (58 * 58) &+ two
        offset &+= 2
      }
      return part
    }
    /// Multiplies by 58^10 and adds.
    @inline(__always) func multiply(_ limb: inout UInt64, adding carry: inout UInt64) {
      let product = UInt128(limb) &* 430_804_206_899_405_824 &+ UInt128(carry)
      limb = UInt64(truncatingIfNeeded: product)
      carry = UInt64(truncatingIfNeeded: product >> 64)
    }
    // The number in five 64-bit ones, the lowest first.
    var first = part(0, 6)
    var second = part(6, 16)
    multiply(&first, adding: &second)
    var third = part(16, 26)
    multiply(&first, adding: &third)
    multiply(&second, adding: &third)
    var fourth = part(26, 36)
    multiply(&first, adding: &fourth)
    multiply(&second, adding: &fourth)
    multiply(&third, adding: &fourth)
    var fifth = part(36, 46)
    multiply(&first, adding: &fifth)
    multiply(&second, adding: &fifth)
    multiply(&third, adding: &fifth)
    multiply(&fourth, adding: &fifth)
    guard all < UInt64(noDigit), fifth == 0x1220 else { return false }
    let target = UnsafeMutableRawPointer(output)
    target.storeBytes(of: 0x12, as: UInt8.self)
    target.storeBytes(of: 0x20, toByteOffset: 1, as: UInt8.self)
    target.storeBytes(of: fourth.bigEndian, toByteOffset: 2, as: UInt64.self)
    target.storeBytes(of: third.bigEndian, toByteOffset: 10, as: UInt64.self)
    target.storeBytes(of: second.bigEndian, toByteOffset: 18, as: UInt64.self)
    target.storeBytes(of: first.bigEndian, toByteOffset: 26, as: UInt64.self)
    return true
  }

  private static let noDigit: UInt16 = 4096

  /// What each character of ASCII is worth in base 58; `noDigit` for none.
  static let valuesOfDigits: InlineArray<128, UInt16> = [
    4096, 4096, 4096, 4096, 4096, 4096, 4096, 4096, 4096, 4096, 4096, 4096, 4096, 4096, 4096, 4096,
    4096, 4096, 4096, 4096, 4096, 4096, 4096, 4096, 4096, 4096, 4096, 4096, 4096, 4096, 4096, 4096,
    4096, 4096, 4096, 4096, 4096, 4096, 4096, 4096, 4096, 4096, 4096, 4096, 4096, 4096, 4096, 4096,
    4096, 0, 1, 2, 3, 4, 5, 6, 7, 8, 4096, 4096, 4096, 4096, 4096, 4096,
    4096, 9, 10, 11, 12, 13, 14, 15, 16, 4096, 17, 18, 19, 20, 21, 4096,
    22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 4096, 4096, 4096, 4096, 4096,
    4096, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 4096, 44, 45, 46,
    47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 4096, 4096, 4096, 4096, 4096,
  ]

  /// Writes the CIDv0, 46 bytes, where there is one.
  package func writeVersion0(into output: UnsafeMutablePointer<UInt8>) -> Int {
    let limbs = Limbs(ofVersion0: digest)
    let digits = Multibase.base58btc.digits.utf8Start
    var target = output + 1
    @inline(__always) func write(_ limb: UInt64) {
      // A fraction of 2^64, rounded up: its product with 58 is the next digit and a new fraction.
      // What the rounding adds is less than 2^-5 of the last digit.
      var fraction = limb &* 0x6_8B2C_7AD2
      for digit in 0..<5 {
        let product = fraction.multipliedFullWidth(by: 58)
        target[digit] = digits[Int(truncatingIfNeeded: product.high)]
        fraction = product.low
      }
      target += 5
    }
    output[0] = UInt8(ascii: "Q")
    write(limbs.digit8)
    write(limbs.digits37[1])
    write(limbs.digits26[1])
    write(limbs.digits15[1])
    write(limbs.digits04[1])
    write(limbs.digits37[0])
    write(limbs.digits26[0])
    write(limbs.digits15[0])
    write(limbs.digits04[0])
    return Self.version0TextLength
  }
}

/// The number of a CIDv0 in digits of 58^5; number 0 is the lowest one.
///
/// All of them are made side by side. Were each one's carry added to the next one before that is
/// divided, each would wait for the one before.
private struct Limbs {
  private(set) var digits04: Vector
  private(set) var digits15: Vector
  private(set) var digits26: Vector
  private(set) var digits37: Vector
  private(set) var digit8: UInt64 = 502_089_279
  // Digit 9 is that of Q in every CIDv0.

  /// 58^5
  private static let radix: UInt64 = 656_356_768

  @inline(__always)
  init(ofVersion0 digest: Bytes) {
    let start = UnsafeRawPointer(digest.baseAddress.unsafelyUnwrapped)
    /// The sums of the digest's 32-bit words, each times those digits of its power of 2^32. None is
    /// greater than 0.54 times 2^64.
    @inline(__always) func sums(_ digit: Int, _ first: Int) -> Vector {
      var sums = Vector.zero
      for word in digit..<8 {
        let number = (start + (28 - word * 4)).loadUnaligned(as: UInt32.self).bigEndian
        let power = (first + word - digit) * 2
        sums &+= Vector(repeating: UInt64(number)).multipliedHalves(
          by: Vector(Self.powers[unchecked: power], Self.powers[unchecked: power + 1]))
      }
      return sums
    }
    // To them come the digits of 0x1220 times 2^256, and 1, of which below.
    digits04 = sums(0, 0) &+ Vector(205_977_952 + 1, 312_992_359 + 1)
    digits15 = sums(1, 8) &+ Vector(9_695_593 + 1, 273_554_431 + 1)
    digits26 = sums(2, 15) &+ Vector(425_088_746 + 1, 650_431_409 + 1)
    digits37 = sums(3, 21) &+ Vector(333_613_253 + 1, 69_458_234 + 1)
    // First without the last bits of each sum, which leaves less than 2^33 of it: the quotients are
    // those by four times the radix, which have 32 bits.
    carry { sum in
      let quotient = (sum &>> 32).multipliedHalves(by: Vector(repeating: 3_513_093_978)) &>> 31
      // Minus the product and 1, because the compiler makes a difference of two multiplications.
      sum &+= ~quotient.multipliedHalves(by: Vector(repeating: 4 * Self.radix))
      return quotient &<< 2
    }
    // What is left, with the carry less than 2^35, is divided exactly: by 2^5, then by 29^5.
    carry { sum in
      let quotient = (sum &>> 5).multipliedHalves(by: Vector(repeating: 1_756_546_990)) &>> 55
      sum.ints &-= quotient.multipliedHalves(by: Vector(repeating: Self.radix)).ints
      sum &= Vector(repeating: 0xFFFF_FFFF)
      return quotient
    }
    // These carries were less than 64, so that hardly any CID needs another one.
    let greatest = Vector(repeating: Self.radix - 1)
    let signs =
      (greatest &- digits04) | (greatest &- digits15) | (greatest &- digits26)
      | (greatest &- digits37)
    if (signs[0] | signs[1]) >> 63 != 0 { carryOneByOne() }
  }

  /// Adds the quotient of each digit to the next one.
  @inline(__always)
  private mutating func carry(_ divide: (inout Vector) -> Vector) {
    let last = divide(&digits37)
    digits37 &+= divide(&digits26)
    digits26 &+= divide(&digits15)
    digits15 &+= divide(&digits04)
    digits04 &+= Vector(0, last[0])
    digit8 &+= last[1]
  }

  @inline(never)
  @_optimize(size)
  private mutating func carryOneByOne() {
    var carry: UInt64 = 0
    func add(to digit: inout UInt64) {
      let sum = digit &+ carry
      carry = sum / Self.radix
      digit = sum % Self.radix
    }
    for lane in 0..<2 {
      add(to: &digits04[lane])
      add(to: &digits15[lane])
      add(to: &digits26[lane])
      add(to: &digits37[lane])
    }
    digit8 &+= carry
  }

  /// Of 2^0, 2^32, ... 2^224 the digits 0 and 4; of 2^32, ... 2^224 the digits 1 and 5; and so on.
  private static let powers: InlineArray<52, UInt64> = [
    1, 0, 356_826_688, 0, 410_450_016, 0, 357_132_832, 0, 21_339_008, 1_833, 289_024_608,
    486_083_817, 153_715_680, 118_408_823, 379_377_856, 300_156_666, 6, 0, 537_767_569, 0,
    389_432_875, 0, 551_597_588, 0, 247_894_721, 11_997, 413_102_373, 646_269_101, 141_436_834,
    437_087_610, 42, 0, 127_692_781, 0, 385_795_061, 0, 294_005_210, 0, 209_184_527, 78_508,
    214_625_350, 77_223_048, 280, 0, 324_463_681, 0, 3_737_691, 0, 91_512_303, 0, 605_448_490,
    513_735,
  ]
}
