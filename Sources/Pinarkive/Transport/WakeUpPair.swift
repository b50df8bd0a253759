import CCurl
import CPlatform

/// The pair of local sockets by which `curl_multi_wakeup` ends a wait. Before 8.10 libcurl makes it so
/// that an exec'ed program inherits it, and tells nobody its numbers. They are found here, so that no
/// program gets them, and so that we notice when the host has closed them: a wake-up would go to a
/// stranger then.
struct WakeUpPair {
  /// How many numbers are looked at. libcurl gets the lowest that are free, so few are enough unless
  /// other threads open many files at this moment.
  private static let window: Int32 = 256

  private var reading = platform_descriptor(number: -1, device: 0, inode: 0)
  private var writing = platform_descriptor(number: -1, device: 0, inode: 0)

  /// Finds the pair of a multi handle that has just been made, by waking it. With a libcurl that
  /// makes it differently there is nothing to find, and nothing to do.
  ///
  /// - Parameter lowest: the number that the next descriptor would have got before it was made.
  /// - Returns: nil if the handle cannot be woken: there were no descriptors for the pair.
  init?(of multi: UnsafeMutableRawPointer, from lowest: Int32) {
    // The two are among those that are quiet now.
    var quiet = InlineArray<8, Int32>(repeating: -1)
    var count = 0
    var number = lowest - 1
    let end = lowest.addingReportingOverflow(Self.window).partialValue
    while count < quiet.count {
      number = platform_next_inherited_local_socket(number + 1, end)
      guard number >= 0 else { break }
      if platform_bytes_to_read(number) == 0, platform_bytes_on_the_way(number) == 0 {
        quiet[count] = number
        count += 1
      }
    }
    guard curl_multi_wakeup(multi) == CURLM_OK else { return nil }
    var (readable, sending): (Int32?, Int32?)
    for index in 0..<count {
      if platform_bytes_to_read(quiet[index]) > 0 { readable = quiet[index] }
      if platform_bytes_on_the_way(quiet[index]) > 0 { sending = quiet[index] }
    }
    curl_multi_poll(multi, nil, 0, 0, nil)
    // After the wake-up has been taken they are quiet again.
    guard let readable, let sending, platform_bytes_to_read(readable) == 0,
      platform_bytes_on_the_way(sending) == 0
    else { return }
    reading = platform_descriptor_adopt(readable)
    writing = platform_descriptor_adopt(sending)
  }

  /// Whether both numbers still stand for the pair, as far as it is known.
  var isOurs: Bool { Self.isOurs(reading) && Self.isOurs(writing) }

  /// Closes what is ours, behind libcurl's back.
  mutating func close() {
    platform_descriptor_close(&reading)
    platform_descriptor_close(&writing)
  }

  private static func isOurs(_ end: platform_descriptor) -> Bool {
    var end = end
    return end.number < 0 || platform_descriptor_is_ours(&end)
  }
}
