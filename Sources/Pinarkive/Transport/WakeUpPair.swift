import CCurl
import CPlatform

/// The pair of local sockets by which `curl_multi_wakeup` ends a wait. Before 8.10 libcurl makes it so
/// that an exec'ed program inherits it, and tells nobody its numbers. They are found here, so that no
/// program gets them, and so that we notice when the host has closed them: a wake-up would go to a
/// stranger then.
struct WakeUpPair {
  /// How many numbers are looked at. libcurl gets the lowest that are free, so few are enough unless
  /// other threads open many files at this moment.
  private typealias Window = InlineArray<256, Int32>

  /// How often it looks which two are busy.
  private static let looks = 4

  private var reading = platform_descriptor(number: -1, device: 0, inode: 0)
  private var writing = platform_descriptor(number: -1, device: 0, inode: 0)

  /// Finds the pair of a multi handle that has just been made, by waking it. With a libcurl that
  /// makes it differently there is nothing to find, and nothing to do.
  ///
  /// - Parameter lowest: the number that the next descriptor would have got before it was made.
  /// - Returns: nil if the handle cannot be woken: there were no descriptors for the pair.
  init?(of multi: UnsafeMutableRawPointer, from lowest: Int32) {
    // The two are among those that are quiet now.
    var quiet = Window(repeating: -1)
    var count = 0
    var number = lowest - 1
    let end = lowest.addingReportingOverflow(Int32(quiet.count)).partialValue
    while true {
      number = platform_next_inherited_local_socket(number + 1, end)
      guard number >= 0 else { break }
      if platform_bytes_to_read(number) == 0, platform_bytes_on_the_way(number) == 0 {
        quiet[count] = number
        count += 1
      }
    }
    // Others of the program may get something at the same moment: then it takes another look.
    for _ in 0..<Self.looks {
      guard curl_multi_wakeup(multi) == CURLM_OK else { return nil }
      let (readable, sending) = Self.busy(quiet, count)
      curl_multi_poll(multi, nil, 0, 0, nil)
      // After the wake-up has been taken they are quiet again.
      guard let readable, let sending, platform_bytes_to_read(readable) == 0,
        platform_bytes_on_the_way(sending) == 0
      else { continue }
      reading = platform_descriptor_adopt(readable)
      writing = platform_descriptor_adopt(sending)
      return
    }
  }

  /// The one that has something to read and the one whose other end has; nil where it is not one.
  private static func busy(_ sockets: borrowing Window, _ count: Int)
    -> (readable: Int32?, sending: Int32?)
  {
    var (readable, sending): (Int32?, Int32?)
    var (readables, senders) = (0, 0)
    for index in 0..<count {
      if platform_bytes_to_read(sockets[index]) > 0 {
        readable = sockets[index]
        readables += 1
      }
      if platform_bytes_on_the_way(sockets[index]) > 0 {
        sending = sockets[index]
        senders += 1
      }
    }
    return (readables == 1 ? readable : nil, senders == 1 ? sending : nil)
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
