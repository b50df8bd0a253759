import CPlatform

/// The sockets that libcurl has open for a lane. A program that shares the process may close our
/// descriptors or fork; libcurl knows nothing of either, so we remember what each number stood for.
struct LaneSockets {
  /// What happened to connections since an attempt began.
  struct Attempt {
    /// Whether a new one was begun.
    var hasOpened = false
    /// How many bytes libcurl has read from those that were closed, since the last one was begun.
    var consumed: UInt64 = 0
  }

  /// One connection is kept; while one is made, IPv4 and IPv6 are tried side by side.
  private static let capacity = 8
  private var descriptors = InlineArray<8, platform_descriptor>(
    repeating: platform_descriptor(number: -1, device: 0, inode: 0))
  var attempt = Attempt()

  /// A socket that an exec'ed program does not inherit (libcurl does not ask for that itself), or
  /// -1.
  mutating func open(_ family: Int32, _ type: Int32, _ protocolNumber: Int32) -> Int32 {
    guard let place = place(of: -1) else { return -1 }
    // What a kept connection had brought, which libcurl has just given up, is no part of this one.
    attempt = Attempt(hasOpened: true)
    descriptors[place] = platform_socket(family, type, protocolNumber)
    return descriptors[place].number
  }

  /// Closes a socket, unless its number stands for somebody else's file by now.
  mutating func close(_ number: Int32) {
    guard let place = place(of: number) else { return }
    attempt.consumed &+= platform_descriptor_consumed(&descriptors[place])
    platform_descriptor_close(&descriptors[place])
    descriptors[place].number = -1
  }

  var areOurs: Bool {
    for index in 0..<Self.capacity where descriptors[index].number >= 0 {
      var descriptor = descriptors[index]
      if !platform_descriptor_is_ours(&descriptor) { return false }
    }
    return true
  }

  /// Closes what is ours, behind libcurl's back.
  mutating func closeAll() {
    for index in 0..<Self.capacity where descriptors[index].number >= 0 {
      platform_descriptor_close(&descriptors[index])
    }
  }

  mutating func detach() {
    for index in 0..<Self.capacity where descriptors[index].number >= 0 {
      platform_descriptor_detach(&descriptors[index])
    }
  }

  private func place(of number: Int32) -> Int? {
    for index in 0..<Self.capacity where descriptors[index].number == number { return index }
    return nil
  }
}
