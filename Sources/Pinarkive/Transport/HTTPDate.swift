import CPlatform

/// Dates in header fields, as seconds since 1970-01-01 UTC.
enum HTTPDate {
  /// An IMF-fixdate (RFC 9110, 5.6.7) such as "Sun, 06 Nov 1994 08:49:37 GMT", or nil. The two
  /// obsolete forms are not understood.
  static func timestamp(_ text: Bytes) -> Int64? {
    guard text.count == 29, text.hasSuffix(" GMT"), text[3] == UInt8(ascii: ","),
      text[4] == .space, text[7] == .space, text[11] == .space, text[16] == .space,
      let day = number(text, 5, 2), let month = month(text[part: 8..<11]),
      let year = number(text, 12, 4), let (hour, minute, second) = time(text[part: 17..<25])
    else { return nil }
    return timestamp(year, month, day, hour, minute, second)
  }

  /// An ISO 8601 / RFC 3339 time in UTC such as "2026-03-01T12:00:00.000Z", or nil.
  static func timestamp(iso8601 text: Bytes) -> Int64? {
    guard text.count >= 20, text[text.count - 1] == UInt8(ascii: "Z"),
      text[4] == UInt8(ascii: "-"), text[7] == UInt8(ascii: "-"), text[10] == UInt8(ascii: "T"),
      let year = number(text, 0, 4), let month = number(text, 5, 2), let day = number(text, 8, 2),
      let (hour, minute, second) = time(text[part: 11..<19])
    else { return nil }
    // What may follow is a fraction of a second, which is dropped.
    if text.count > 20 {
      guard text[19] == .dot, text[part: 20..<text.count - 1].isAllDigits else { return nil }
    }
    return timestamp(year, month, day, hour, minute, second)
  }

  private static func timestamp(
    _ year: Int64, _ month: Int64, _ day: Int64, _ hour: Int64, _ minute: Int64, _ second: Int64
  ) -> Int64? {
    guard year >= 1970, month >= 1, month <= 12, day >= 1, day <= days(in: month, of: year),
      hour <= 23, minute <= 59, second <= 60
    else { return nil }
    return platform_timestamp(year, month, day, hour, minute, second)
  }

  private static func days(in month: Int64, of year: Int64) -> Int64 {
    switch month {
    case 4, 6, 9, 11: 30
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    default: 31
    }
  }

  /// "08:49:37"
  private static func time(_ text: Bytes) -> (Int64, Int64, Int64)? {
    guard text[2] == .colon, text[5] == .colon, let hour = number(text, 0, 2),
      let minute = number(text, 3, 2), let second = number(text, 6, 2)
    else { return nil }
    return (hour, minute, second)
  }

  private static func number(_ text: Bytes, _ start: Int, _ length: Int) -> Int64? {
    text[part: start..<start + length].decimal
  }

  private static func month(_ name: Bytes) -> Int64? {
    let names = Bytes("JanFebMarAprMayJunJulAugSepOctNovDec")
    for index in 0..<12 where names[part: index * 3..<index * 3 + 3].equals(name) {
      return Int64(index + 1)
    }
    return nil
  }
}
