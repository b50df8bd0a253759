import CFuzz
import CPlatform

// libFuzzer's entry points. One program has all targets; $FUZZ_TARGET names the one to run.

/// What became of an input.
enum Verdict { case accepted, refused }

/// A piece of code that takes somebody else's bytes, and what must hold of it.
struct Target {
  let name: StaticString
  /// Runs the code on an input; does not return if a claim does not hold.
  let run: (Bytes) -> Verdict
  /// Where the JSON of an input begins, for targets whose inputs have one.
  var json: ((Bytes) -> Int)?

  static func named(_ name: Bytes) -> Target? {
    let all = [
      Target(name: "clusters", run: runClusters, json: { _ in 0 }),
      Target(name: "errors", run: runErrors, json: startOfErrorBody),
      Target(name: "headers", run: runHeaders),
      Target(name: "bases", run: runBases),
      Target(name: "client", run: runClient),
      Target(name: "content", run: runContent),
      Target(name: "cid", run: runCID),
    ]
    for target in all where name.equals(target.name) { return target }
    return nil
  }
}

private nonisolated(unsafe) var target: Target?
private nonisolated(unsafe) var accepted: Int64 = 0
private nonisolated(unsafe) var refused: Int64 = 0
/// Inputs that were accepted, to change them further: what becomes of one that was refused is nearly
/// always refused too.
private nonisolated(unsafe) var pool = Pool()

/// Prepares the target, and has the counts printed at the end: a target that never accepts, or never
/// refuses, does not do its work, however fast it is.
@_cdecl("LLVMFuzzerInitialize")
public func initializeFuzzer(
  _ count: UnsafeMutableRawPointer?, _ arguments: UnsafeMutableRawPointer?
) -> CInt {
  guard let name = getenv("FUZZ_TARGET") else { die("FUZZ_TARGET is not set") }
  target = Target.named(Bytes(cString: name, limit: 32))
  if target == nil { die("FUZZ_TARGET names no target") }
  atexit {
    var line = InlineText<128>("\nfuzz: accepted ")
    line.append(accepted)
    line.append(", refused ")
    line.append(refused)
    line.append("\n")
    write(line)
  }
  return 0
}

/// Runs one input.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
  guard let target else { return -1 }
  let input = Bytes(start: data, count: size)
  switch target.run(input) {
  case .accepted:
    accepted += 1
    if target.json != nil { pool.keep(input, number: Int(accepted)) }
  case .refused: refused += 1
  }
  return 0
}

/// In memory of fixed size: libFuzzer looks for leaks after each input that leaves some allocated.
private struct Pool {
  private static let places = 512
  private static let longest = 2048
  private let memory = UnsafeMutablePointer<UInt8>.allocate(capacity: places * longest)
  private let lengths = UnsafeMutablePointer<Int>.allocate(capacity: places)
  private(set) var count = 0

  mutating func keep(_ input: Bytes, number: Int) {
    // Once it is full only some take the place of an older one, so that all kinds stay for a while.
    guard input.count <= Self.longest, count < Self.places || number % 8 == 0 else { return }
    let place = count < Self.places ? count : number / 8 % Self.places
    count = max(count, place + 1)
    lengths[place] = input.count
    var end = memory + place * Self.longest
    append(input, at: &end)
  }

  subscript(_ place: Int) -> Bytes {
    Bytes(start: memory + place * Self.longest, count: lengths[place])
  }
}

/// Changes an input: as JSON where it is JSON, else as libFuzzer does by itself.
@_cdecl("LLVMFuzzerCustomMutator")
public func mutate(
  _ data: UnsafeMutablePointer<UInt8>?, _ size: Int, _ most: Int, _ seed: CUnsignedInt
) -> Int {
  guard let data, let target, let json = target.json, seed % 8 != 0 else {
    return LLVMFuzzerMutate(data, size, most)
  }
  var random = Random(seed: UInt64(seed))
  var size = size
  if pool.count > 0, !random.oneIn(4) {
    let other = pool[random.below(pool.count)]
    size = min(other.count, most)
    var end = data
    append(other[part: 0..<size], at: &end)
  }
  let input = Bytes(start: data, count: size)
  let start = json(input)
  var mutator = JSONMutator(input.dropping(start), random)
  let changed = mutator.mutated(most: most - start)
  for (index, byte) in changed.enumerated() { data[start + index] = byte }
  return start + changed.count
}

// MARK: - Claims

/// Ends the run if what must hold does not; libFuzzer then keeps the input.
func claim(_ holds: Bool, _ what: StaticString) { if !holds { die(what) } }

private func die(_ what: StaticString) -> Never {
  var line = InlineText<256>("\nfuzz: does not hold: ")
  line.append(what)
  line.append("\n")
  write(line)
  abort()
}

private func write(_ line: borrowing InlineText<128>) { line.withBytes(write) }

private func write(_ line: borrowing InlineText<256>) { line.withBytes(write) }

private func write(_ line: Bytes) {
  guard let start = line.baseAddress else { return }
  platform_log(UnsafeRawPointer(start).assumingMemoryBound(to: CChar.self), line.count)
}
