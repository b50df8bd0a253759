import Foundation
import Testing

@testable import Pinarkive

struct HTTPDateTests {
  @Test(
    arguments: [
      ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777),
      ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
      ("Thu, 01 Jan 1970 00:00:01 GMT", 1),
      ("Tue, 29 Feb 2000 00:00:00 GMT", 951_782_400),
      ("Thu, 29 Feb 2024 23:59:59 GMT", 1_709_251_199),
      ("Fri, 01 Mar 2024 00:00:00 GMT", 1_709_251_200),
      ("Sun, 28 Feb 2100 00:00:00 GMT", 4_107_456_000),
      ("Tue, 19 Jan 2038 03:14:08 GMT", 2_147_483_648),
      ("Fri, 31 Dec 9999 23:59:59 GMT", 253_402_300_799),
      ("Sat, 31 Dec 2016 23:59:60 GMT", 1_483_228_800),  // a leap second
      ("Sun, 06 Nov 1994 08:49:37 UTC", nil),
      ("Sun, 06 Nov 1994 08:49:37 gmt", nil),
      ("Sun, 06 Nov 1994 08:49:37", nil),
      ("Sun, 6 Nov 1994 08:49:37 GMT", nil),
      ("Sunday, 06-Nov-94 08:49:37 GMT", nil),  // obsolete: RFC 850
      ("Sun Nov  6 08:49:37 1994", nil),  // obsolete: asctime
      ("Sun; 06 Nov 1994 08:49:37 GMT", nil),
      ("Sun,x06 Nov 1994 08:49:37 GMT", nil),
      ("Sun, 06-Nov 1994 08:49:37 GMT", nil),
      ("Sun, 06 Nov-1994 08:49:37 GMT", nil),
      ("Sun, 06 Nov 1994T08:49:37 GMT", nil),
      ("Sun, 06 nov 1994 08:49:37 GMT", nil),
      ("Sun, 06 anF 1994 08:49:37 GMT", nil),  // letters of "JanFeb"
      ("Sun, 00 Nov 1994 08:49:37 GMT", nil),
      ("Sun, 31 Nov 1994 08:49:37 GMT", nil),
      ("Sun, 32 Jan 1994 08:49:37 GMT", nil),
      ("Sun, 30 Feb 2024 08:49:37 GMT", nil),
      ("Wed, 29 Feb 2023 08:49:37 GMT", nil),
      ("Mon, 29 Feb 2100 08:49:37 GMT", nil),
      ("Sun, 06 Nov 1969 08:49:37 GMT", nil),
      ("Sun, 06 Nov 0000 08:49:37 GMT", nil),
      ("Sun, 06 Nov -999 08:49:37 GMT", nil),
      ("Sun, 06 Nov 1994 24:00:00 GMT", nil),
      ("Sun, 06 Nov 1994 08:60:37 GMT", nil),
      ("Sun, 06 Nov 1994 08:49:61 GMT", nil),
      ("Sun, 06 Nov 1994 08.49.37 GMT", nil),
      ("Sun, 06 Nov 1994 +8:49:37 GMT", nil),
      ("Sun, 06 Nov 1994 08:49:37 GMTGMT", nil),
      (" GMT", nil),
      ("", nil),
      ("120", nil),
    ] as [(String, Int64?)]) func imfFixdates(given: String, expected: Int64?)
  {
    withBytes(given) { #expect(HTTPDate.timestamp($0) == expected) }
  }

  @Test(
    arguments: [
      ("2026-03-01T12:00:00Z", 1_772_366_400),
      ("2026-03-01T12:00:00.000Z", 1_772_366_400),
      ("2026-03-01T12:00:00.9Z", 1_772_366_400),
      ("2026-03-01T12:00:00.123456789Z", 1_772_366_400),
      ("1970-01-01T00:00:00Z", 0),
      ("2024-02-29T00:00:00Z", 1_709_164_800),
      ("9999-12-31T23:59:59Z", 253_402_300_799),
      ("2026-03-01T12:00:00", nil),
      ("2026-03-01T12:00:00+00:00", nil),
      ("2026-03-01T12:00:00.Z", nil),
      ("2026-03-01T12:00:00.1aZ", nil),
      ("2026-03-01T12:00:00,1Z", nil),
      ("2026-03-01T12:00:0000Z", nil),
      ("2026-03-01 12:00:00Z", nil),
      ("2026-03-01t12:00:00z", nil),
      ("2026/03/01T12:00:00Z", nil),
      ("2026-13-01T12:00:00Z", nil),
      ("2026-00-01T12:00:00Z", nil),
      ("2026-03-00T12:00:00Z", nil),
      ("2026-04-31T12:00:00Z", nil),
      ("2023-02-29T12:00:00Z", nil),
      ("2026-03-01T24:00:00Z", nil),
      ("1969-12-31T23:59:59Z", nil),
      ("-026-03-01T12:00:00Z", nil),
      ("2026-03-01Z", nil),
      ("Z", nil),
      ("", nil),
    ] as [(String, Int64?)]) func iso8601(given: String, expected: Int64?)
  {
    withBytes(given) { #expect(HTTPDate.timestamp(iso8601: $0) == expected) }
  }

  /// Every day of four centuries, against Foundation's calendar.
  @Test func everyDayIsWhereTheCalendarHasIt() throws {
    let format = DateFormatter()
    format.locale = Locale(identifier: "en_US_POSIX")
    format.timeZone = TimeZone(identifier: "GMT")
    format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
    // A stride prime to the lengths of months, years and cycles of years.
    for day in stride(from: Int64(0), to: 146_097, by: 23) {
      let time = day * 86_400 + day % 86_400
      let date = format.string(from: Date(timeIntervalSince1970: TimeInterval(time)))
      withBytes(date) { #expect(HTTPDate.timestamp($0) == time, "\(date)") }
    }
  }
}
