/// The text of a CIDv0: base 58 of a number that always has 34 bytes, of which the first two are known.
/// So both ways are faster than those of `Multibase`.
extension CID {
  /// The length of every CIDv0: all numbers that begin with the bytes 0x12, 0x20 have it.
  package static let version0TextLength = 46

  /// Reads the 34 bytes of a CIDv0.
  ///
  /// - Parameter output: room for them.
  /// - Returns: false if the text is none. Why, the slower reader of any number says.
  @inline(__always)
  static func readVersion0(_ text: Bytes, into output: UnsafeMutablePointer<UInt8>) -> Bool {
    guard text.count == version0TextLength else { return false }
    let start = UnsafeRawPointer(text.baseAddress.unsafelyUnwrapped)
    // The table has the characters of ASCII.
    var characters = (start + 38).loadUnaligned(as: UInt64.self)
    for offset in 0..<5 { characters |= (start + offset * 8).loadUnaligned(as: UInt64.self) }
    guard characters & 0x8080_8080_8080_8080 == 0 else { return false }
    var all: UInt8 = 0
    @inline(__always) func digit(_ offset: Int) -> UInt64 {
      let character = start.load(fromByteOffset: offset, as: UInt8.self)
      let value = valuesOfDigits[unchecked: Int(character)]
      all |= value
      return UInt64(value)
    }
    @inline(__always) func part(_ start: Int, _ end: Int) -> UInt64 {
      var part: UInt64 = 0
      var offset = start
      while offset < end {
        part = part &* (58 * 58) &+ (digit(offset) &* 58 &+ digit(offset &+ 1))
        offset &+= 2
      }
      return part
    }
    // Six digits and four times ten, in five 64-bit numbers, the smallest first.
    var number: InlineArray<5, UInt64> = [part(0, 6), 0, 0, 0, 0]
    for index in 1..<5 {
      var carry = part(index * 10 - 4, index * 10 + 6)
      for limb in 0..<index {
        // 58^10
        let product = number[unchecked: limb].multipliedFullWidth(by: 430_804_206_899_405_824)
        let (low, overflow) = product.low.addingReportingOverflow(carry)
        number[unchecked: limb] = low
        carry = product.high &+ (overflow ? 1 : 0)
      }
      number[unchecked: index] = carry
    }
    guard all & noDigit == 0, number[unchecked: 4] == 0x1220 else { return false }
    output[0] = 0x12
    output[1] = 0x20
    for index in 0..<4 {
      UnsafeMutableRawPointer(output + 2 + index * 8)
        .storeBytes(of: number[unchecked: 3 - index].bigEndian, as: UInt64.self)
    }
    return true
  }

  private static let noDigit: UInt8 = 0x80

  /// What each character of ASCII is worth in base 58; `noDigit` for none.
  static let valuesOfDigits: InlineArray<128, UInt8> = [
    128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128,
    128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128,
    128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128,
    128, 0, 1, 2, 3, 4, 5, 6, 7, 8, 128, 128, 128, 128, 128, 128,
    128, 9, 10, 11, 12, 13, 14, 15, 16, 128, 17, 18, 19, 20, 21, 128,
    22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 128, 128, 128, 128, 128,
    128, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 128, 44, 45, 46,
    47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 128, 128, 128, 128, 128,
  ]

  /// Writes the CIDv0, 46 bytes, where there is one.
  ///
  /// - Parameter limbs: room for ten numbers.
  package func writeVersion0(
    into output: UnsafeMutablePointer<UInt8>, limbs: UnsafeMutablePointer<UInt64>
  ) -> Int {
    let digits = Multibase.base58btc.digits.utf8Start
    Self.writeLimbs(ofVersion0: digest, to: limbs)
    output[0] = digits[Int(truncatingIfNeeded: limbs[9])]
    var target = output + 1
    for limb in 1..<10 {
      // A fraction of 2^64, rounded up: its product with 58 is the next digit and a new fraction.
      // What the rounding adds is less than 2^-5 of the last digit.
      var fraction = limbs[9 - limb] &* 0x6_8B2C_7AD2
      for digit in 0..<5 {
        let product = fraction.multipliedFullWidth(by: 58)
        target[digit] = digits[Int(truncatingIfNeeded: product.high)]
        fraction = product.low
      }
      target += 5
    }
    return Self.version0TextLength
  }

  /// The number in digits of 58^5, the smallest first: the sum of its 32-bit words, each times its
  /// power of 2^32, of which the digits are known. No sum is greater than 0.54 times 2^64.
  @inline(__always)
  private static func writeLimbs(
    ofVersion0 digest: Bytes, to limbs: UnsafeMutablePointer<UInt64>
  ) {
    let start = UnsafeRawPointer(digest.baseAddress.unsafelyUnwrapped)
    var sums = leading
    var power = 0
    for index in 0..<8 {
      let word = (start + (28 - index * 4)).loadUnaligned(as: UInt32.self).bigEndian
      for limb in 0...index {
        sums[unchecked: limb] &+= UInt64(word) &* UInt64(powers[unchecked: power])
        power &+= 1
      }
    }
    var carry: UInt64 = 0
    for limb in 0..<10 {
      let sum = sums[unchecked: limb] &+ carry
      carry = sum / 656_356_768
      limbs[limb] = sum &- carry &* 656_356_768
    }
  }

  /// 0x1220 times 2^256 in digits of 58^5, the smallest first.
  private static let leading: InlineArray<10, UInt64> = [
    205_977_952, 9_695_593, 425_088_746, 333_613_253, 312_992_359, 273_554_431, 650_431_409,
    69_458_234, 502_089_279, 23,
  ]

  /// 2^0, 2^32, ... 2^224 in digits of 58^5, the smallest first: one digit, two, ... eight.
  private static let powers: InlineArray<36, UInt32> = [
    1,
    356_826_688, 6,
    410_450_016, 537_767_569, 42,
    357_132_832, 389_432_875, 127_692_781, 280,
    21_339_008, 551_597_588, 385_795_061, 324_463_681, 1_833,
    289_024_608, 247_894_721, 294_005_210, 3_737_691, 486_083_817, 11_997,
    153_715_680, 413_102_373, 209_184_527, 91_512_303, 118_408_823, 646_269_101, 78_508,
    379_377_856, 141_436_834, 214_625_350, 605_448_490, 300_156_666, 437_087_610, 77_223_048,
    513_735,
  ]
}
