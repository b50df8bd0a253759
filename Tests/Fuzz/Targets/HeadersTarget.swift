import CPlatform

/// Header lines, dates among them. An input is the lines of an answer.
func runHeaders(_ input: Bytes) -> Verdict {
  var exchange = Exchange()
  var rest = input
  while rest.count > 0 {
    let end = rest.firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? rest.count
    let line = Parts(rest[part: 0..<end], most: 1)
    rest = rest.dropping(end)
    if !exchange.receive(header: line[0]) { break }
    checkDates(line[0])
  }
  let headers = exchange.headers
  claim(headers.rateLimit >= -1, "a limit is a number or unknown")
  claim(headers.rateLimitRemaining >= -1, "what remains is a number or unknown")
  claim(headers.rateLimitReset >= -1, "the moment of the reset is known or not")
  claim((headers.date ?? 0) >= 0, "a date is not before 1970")
  claim((headers.retryAfter ?? 0) >= 0, "a wait is not negative")
  if let seconds = headers.retryAfterSeconds {
    claim((headers.retryAfter ?? -1) >= seconds, "of two waits the longer counts")
  }

  var failure = Failure(httpStatus: 429, ServiceError())
  if let seconds = headers.retryAfter { failure.noteRetryAfter(seconds: seconds) }
  claim(failure.retryAfter >= -1 && failure.retryAfter <= 86_400_000, "a wait has bounds")
  var policy = RetryPolicy(now: 0)
  policy.noteWait(max(failure.retryAfter, 0), now: 1_000_000)
  let gate = policy.gate(now: 1_000_000)
  claim(gate >= 0 && gate <= 300_000, "calls are not held back for more than five minutes")
  claim(gate == min(max(failure.retryAfter, 0), 300_000), "calls are held back as long as asked")

  let isKnown = headers.rateLimit >= 0 || headers.rateLimitRemaining >= 0
  let isTimed = headers.rateLimitReset >= 0 || headers.date != nil || headers.retryAfter != nil
  return isKnown || isTimed ? .accepted : .refused
}

/// What stands behind the colon, as both kinds of date; what is one says the same to libc.
private func checkDates(_ line: Bytes) {
  guard let colon = line.firstIndex(of: .colon) else { return }
  var end = line.count
  while end > colon + 1, line[end - 1] == 13 || line[end - 1] == 10 { end -= 1 }
  let value = line[part: colon + 1..<end].trimmed
  if let seconds = HTTPDate.timestamp(value) {
    claim(value.count == 29, "a date has 29 characters")
    let months = Bytes("JanFebMarAprMayJunJulAugSepOctNovDec")
    let date = calendar(seconds, leap: isLeap(value[part: 23..<25]))
    let month = Int(date.tm_mon) * 3
    claim(value[part: 8..<11].equals(months[part: month..<month + 3]), "a date has its month")
    claim(value[part: 5..<7].decimal == Int64(date.tm_mday), "a date has its day")
    claim(value[part: 12..<16].decimal == Int64(date.tm_year) + 1900, "a date has its year")
    claimTime(value[part: 17..<25], date)
  }
  if let seconds = HTTPDate.timestamp(iso8601: value) {
    let date = calendar(seconds, leap: isLeap(value[part: 17..<19]))
    claim(value[part: 0..<4].decimal == Int64(date.tm_year) + 1900, "a date has its year")
    claim(value[part: 5..<7].decimal == Int64(date.tm_mon) + 1, "a date has its month")
    claim(value[part: 8..<10].decimal == Int64(date.tm_mday), "a date has its day")
    claimTime(value[part: 11..<19], date)
  }
}

private func isLeap(_ second: Bytes) -> Bool { second.equals("60") }

/// A leap second is the first of the next minute to libc; it is looked at as the one before.
private func calendar(_ seconds: Int64, leap: Bool) -> tm {
  claim(seconds >= 0 && seconds <= 253_402_300_800, "a date is from 1970 to 9999")
  var moment = time_t(seconds) - (leap ? 1 : 0)
  var date = tm()
  gmtime_r(&moment, &date)
  return date
}

private func claimTime(_ text: Bytes, _ date: tm) {
  claim(text[part: 0..<2].decimal == Int64(date.tm_hour), "a time has its hour")
  claim(text[part: 3..<5].decimal == Int64(date.tm_min), "a time has its minute")
  let second = isLeap(text[part: 6..<8]) ? 59 : text[part: 6..<8].decimal
  claim(second == Int64(date.tm_sec), "a time has its second")
}
