import CPlatform
import Synchronization

/// A folder of certificates that are named by a hash of their subject, as `openssl rehash` and
/// `update-ca-certificates` make it. OpenSSL opens the one or two files that a connection needs,
/// where a bundle is read whole: about twenty times the time of all the rest of a handshake.
struct HashedDirectory {
  /// What the folder must belong to; root outside of tests.
  let owner: UInt32
  /// Whether it may hold more certificates than the bundle.
  let mayHoldMore: Bool

  /// The last verdict, with a stamp of what it is about: see `remember`. One word, so that neither
  /// a thread nor a fork can meet half of it.
  private static let verdict = Atomic<UInt64>(0)

  /// Whether the folder can be used in the place of the bundle: nobody but its owner can change it,
  /// each entry leads to a certificate that can be read, and there are as many as in the bundle.
  ///
  /// The verdict is kept for the process, until folder or bundle change.
  func isSound(at path: UnsafePointer<CChar>, insteadOf bundle: UnsafePointer<CChar>) -> Bool {
    var about = platform_file()
    var bundleAbout = platform_file()
    guard platform_file_look(path, &about), platform_file_look(bundle, &bundleAbout),
      isWellKept(about), about.is_folder
    else { return false }
    let stamp = Self.stamp(about, bundleAbout)
    let last = Self.verdict.load(ordering: .relaxed)
    if last | 1 == stamp | 1 { return last & 1 == 1 }

    guard let folder = platform_folder_open(path) else { return false }
    defer { platform_folder_close(folder) }
    let count = certificates(in: folder)
    let wanted = platform_file_count(bundle, "-----BEGIN ")
    guard wanted >= 0 else { return false }
    let isSound = count > 0 && (mayHoldMore ? count >= wanted : count == wanted)
    Self.verdict.store(stamp | (isSound ? 1 : 0), ordering: .relaxed)
    return isSound
  }

  /// Whether nobody but the owner can change it.
  private func isWellKept(_ file: platform_file) -> Bool {
    file.owner == owner && !file.is_writable_by_others
  }

  /// How many certificates the folder holds, one with two names counted once; none if an entry
  /// is not as it should be.
  private func certificates(in folder: OpaquePointer) -> Int {
    // More than any trust store has.
    var seen = InlineArray<512, UInt64>(repeating: 0)
    var count = 0
    while let name = platform_folder_next(folder) {
      let text = Bytes(cString: name, limit: 16)
      guard let number = Self.number(ofEntry: text) else { continue }
      var file = platform_file()
      guard platform_folder_look(folder, name, &file), file.is_file, file.size > 0,
        file.is_readable_by_all, isWellKept(file)
      else { return 0 }
      // OpenSSL counts from 0 and stops at the first gap.
      if number > 0 {
        guard Self.has(folder, text[part: 0..<9], number - 1) else { return 0 }
      }
      let identity = file.inode ^ (file.device &* Self.spread)
      var isKnown = false
      for index in 0..<count where seen[index] == identity { isKnown = true }
      if isKnown { continue }
      guard count < seen.count else { return 0 }
      seen[count] = identity
      count += 1
    }
    return count
  }

  /// The number at the end of a name such as "002c0b4f.0", or nil for any other name.
  static func number(ofEntry name: Bytes) -> Int64? {
    guard name.count >= 10, name.count <= 12, name[8] == .dot else { return nil }
    for byte in name[part: 0..<8] {
      guard byte.hexValue != nil, byte == byte.lowercasedASCII else { return nil }
    }
    return name.dropping(9).decimal
  }

  /// Whether the folder has an entry of this beginning and number.
  private static func has(_ folder: OpaquePointer, _ beginning: Bytes, _ number: Int64) -> Bool {
    var name = InlineText<32>()
    name.append(beginning)
    name.append(number)
    name.append(UInt8(0))
    var about = platform_file()
    return name.withBytes { bytes in
      guard let start = bytes.baseAddress else { return false }
      let name = UnsafeRawPointer(start).assumingMemoryBound(to: CChar.self)
      return platform_folder_look(folder, name, &about)
    }
  }

  // MARK: - The memory of the process

  private static let spread: UInt64 = 0x9E37_79B9_7F4A_7C15

  /// A number that differs when folder or bundle do. The lowest bit is free, and it is never 0.
  private static func stamp(_ folder: platform_file, _ bundle: platform_file) -> UInt64 {
    var stamp: UInt64 = 0
    func add(_ value: UInt64) {
      stamp = (stamp ^ value) &* spread
      stamp ^= stamp >> 32
    }
    add(folder.device)
    add(folder.inode)
    add(UInt64(bitPattern: folder.changed))
    add(bundle.device)
    add(bundle.inode)
    add(UInt64(bitPattern: bundle.size))
    add(UInt64(bitPattern: bundle.changed))
    return stamp << 2 | 2
  }
}
