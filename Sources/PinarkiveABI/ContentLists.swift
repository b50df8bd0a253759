import CPinarkive
import CPlatform
import Pinarkive

/// The URLs of many pieces of content, in one call.
///
/// Content that is refused has an error of its own and leaves the others whole.
///
/// - Parameters:
///   - gateway: as for pk_gateway_url.
///   - contents: as many contents as count says; each as for pk_gateway_url.
///   - count: at most 1,000,000.
///   - options: how the URLs are made, or NULL.
///   - error: where to store why the whole call failed, or NULL.
///
/// - Returns: the list, or NULL if the call failed for another reason than a content.
///
/// Ownership: release the list with pk_free.
///
/// Threads: any, at any time.
///
/// Errors: PK_ERROR_INVALID_ARGUMENT, PK_ERROR_OUT_OF_MEMORY; for a content
/// PK_ERROR_INVALID_CONTENT, and PK_ERROR_INVALID_ARGUMENT if it is NULL.
///
/// Since: 0.1.0
@_cdecl("pk_gateway_urls")
public func pk_gateway_urls(
  _ gateway: UnsafePointer<CChar>?,
  _ contents: UnsafePointer<UnsafePointer<CChar>?>?,
  _ count: UInt64,
  _ options: UnsafePointer<pk_url_options>?,
  _ error: ErrorOut?
) -> UnsafeMutablePointer<pk_url_list>? {
  do throws(Failure) {
    let options = try URLOptions(options)
    guard count <= 1_000_000 else {
      throw Failure(.invalidArgument, "There are more than 1,000,000 contents: split the call.")
    }
    guard contents != nil || count == 0 else {
      throw Failure(.invalidArgument, "The contents are NULL: give an array of texts.")
    }
    let base = try GatewayBase(Bytes(argument: gateway))
    try base.check(for: options.style)
    let array = UnsafeBufferPointer(start: contents, count: Int(count))
    return try makeURLList(base, array, options)
  } catch let failure {
    report(failure, to: error)
    return nil
  }
}

private func makeURLList(
  _ base: GatewayBase, _ contents: UnsafeBufferPointer<UnsafePointer<CChar>?>,
  _ options: URLOptions
) throws(Failure) -> UnsafeMutablePointer<pk_url_list> {
  let count = contents.count
  let tables =
    MemoryLayout<pk_url_list>.stride
    + count * (MemoryLayout<Int>.stride + MemoryLayout<pk_url_result>.stride)
  // Room for URLs of CIDs. To ask for each content's length first would cost more than to grow.
  var block = try GrowingBlock(capacity: tables + count * (base.length + 64))
  block.skip(tables)
  let results = MemoryLayout<pk_url_list>.stride + count * MemoryLayout<Int>.stride

  // The memory may move while it grows: until the end each result holds the place of its text, which
  // is never 0, instead of the address.
  var errorCount = 0
  let textStart = block.count
  for (index, content) in contents.enumerated() {
    let place = results + index * MemoryLayout<pk_url_result>.stride
    switch Bytes(argument: content).map({ appendURL(base, $0, options, to: &block) }) ?? .refused {
    case .url(let at): block.store(at, nil, at: place)
    case .refused:
      errorCount += 1
      guard block.appendEmptyText() else { throw block.failed() }
      block.store(nil, nil, at: place)
    case .outOfMemory: throw block.failed()
    }
  }
  let text = textStart..<block.count
  if errorCount > 0, !appendErrors(base, contents, options, results, to: &block) {
    throw block.failed()
  }
  return block.finish(count: count, errorCount: errorCount, results: results, text: text)
}

/// Lays the errors out behind the URLs, which stay together. They are found a second time for that,
/// which only costs where there are any.
///
/// - Returns: false if there is no memory.
@inline(never)
@_optimize(size)
private func appendErrors(
  _ base: GatewayBase, _ contents: UnsafeBufferPointer<UnsafePointer<CChar>?>,
  _ options: URLOptions, _ results: Int, to block: inout GrowingBlock
) -> Bool {
  for (index, content) in contents.enumerated() {
    let place = results + index * MemoryLayout<pk_url_result>.stride
    guard !block.hasURL(at: place) else { continue }
    guard let at = appendError(base, Bytes(argument: content), options, to: &block) else {
      return false
    }
    block.store(nil, at, at: place)
  }
  return true
}

/// As small as registers are: it is made for each content.
private enum Outcome {
  case url(at: Int)
  case refused
  case outOfMemory
}

@inline(never)
private func appendURL(
  _ base: GatewayBase, _ content: Bytes, _ options: URLOptions, to block: inout GrowingBlock
) -> Outcome {
  ContentScratch.with { scratch in
    if GatewayURL.isPlain(content, options, in: scratch) {
      let length = GatewayURL.plainLength(of: content, at: base)
      guard let text = block.reserve(length + 1) else { return .outOfMemory }
      GatewayURL.writePlain(content, at: base, to: text)
      text[length] = 0
      return .url(at: block.advance(length + 1))
    }
    guard let url = try? GatewayURL(base, content, options, in: scratch) else { return .refused }
    guard let text = block.reserve(url.count + 1) else { return .outOfMemory }
    url.write(to: text)
    text[url.count] = 0
    return .url(at: block.advance(url.count + 1))
  }
}

/// Lays the error of a content that is refused out at the end of the block, with offsets for addresses.
///
/// - Returns: its offset; nil if there is no memory.
private func appendError(
  _ base: GatewayBase, _ content: Bytes?, _ options: URLOptions, to block: inout GrowingBlock
) -> Int? {
  guard let content else {
    let failure = Failure(.invalidArgument, "The content is NULL: give a CID.")
    return block.appendError(size: sizeOfError(failure)) { part in writeError(failure, into: &part)
    }
  }
  let refusal: ContentRefusal? = ContentScratch.with { scratch in
    do throws(ContentRefusal) {
      _ = try GatewayURL(base, content, options, in: scratch)
      return nil
    } catch let refusal {
      return refusal
    }
  }
  guard let refusal else { return nil }
  return block.appendError(size: sizeOfError(refusal, of: content)) { part in
    writeError(refusal, of: content, into: &part)
  }
}

/// A result that grows while it is made, because nobody knows its size before.
private struct GrowingBlock {
  /// With the preamble.
  private var start: UnsafeMutableRawPointer
  private var capacity: Int
  private(set) var count = Preamble.size

  init(capacity: Int) throws(Failure) {
    self.capacity = capacity + Preamble.size
    guard let memory = malloc(self.capacity) else { throw .outOfMemory }
    start = memory
  }

  /// Releases the memory.
  func failed() -> Failure {
    free(start)
    return .outOfMemory
  }

  mutating func skip(_ size: Int) { count += size }

  /// Memory for the next `size` bytes; nil if there is none.
  @inline(__always)
  mutating func reserve(_ size: Int) -> UnsafeMutablePointer<UInt8>? {
    if count + size > capacity, !grow(to: count + size) { return nil }
    return (start + count).assumingMemoryBound(to: UInt8.self)
  }

  private mutating func grow(to size: Int) -> Bool {
    let larger = max(size, capacity + capacity / 2)
    guard let memory = realloc(start, larger) else { return false }
    (start, capacity) = (memory, larger)
    return true
  }

  /// Takes the bytes that were reserved, and returns where they are.
  @inline(__always)
  mutating func advance(_ size: Int) -> Int {
    defer { count += size }
    return count
  }

  /// The text of a content that has no URL.
  ///
  /// - Returns: false if there is no memory.
  mutating func appendEmptyText() -> Bool {
    guard let text = reserve(1) else { return false }
    text.pointee = 0
    _ = advance(1)
    return true
  }

  func hasURL(at place: Int) -> Bool {
    (start + Preamble.size + place).load(as: pk_url_result.self).url != nil
  }

  /// Appends an error that `write` makes.
  mutating func appendError(
    size: Int, _ write: (inout Block) -> UnsafeMutablePointer<pk_error>
  ) -> Int? {
    let alignment = MemoryLayout<pk_error>.alignment
    count = (count + alignment - 1) & ~(alignment - 1)
    guard let memory = reserve(size) else { return nil }
    var block = Block(inside: memory)
    let error = write(&block)
    // The same move as of the other addresses, at the end.
    error.pointee.message -= Int(bitPattern: start)
    if let suggestion = error.pointee.suggestion {
      error.pointee.suggestion = UnsafePointer(
        bitPattern: Int(bitPattern: suggestion) - Int(bitPattern: start))
    }
    let at = count
    count += block.taken(since: memory)
    return at
  }

  func store(_ url: Int?, _ error: Int?, at place: Int) {
    (start + Preamble.size + place).storeBytes(
      of: pk_url_result(
        url: url.flatMap { UnsafePointer(bitPattern: $0) },
        error: error.flatMap { UnsafePointer(bitPattern: $0) }),
      as: pk_url_result.self)
  }

  /// Turns places into addresses.
  ///
  /// - Parameter text: where the URLs are, from the start of the memory on.
  func finish(count: Int, errorCount: Int, results: Int, text: Range<Int>)
    -> UnsafeMutablePointer<pk_url_list>
  {
    start.initializeMemory(as: Preamble.self, repeating: Preamble(.plain), count: 1)
    let origin = start + Preamble.size
    let list = origin.bindMemory(to: pk_url_list.self, capacity: 1)
    let pointers = (origin + MemoryLayout<pk_url_list>.stride)
      .bindMemory(to: UnsafePointer<pk_url_result>?.self, capacity: count)
    let values = (origin + results).bindMemory(to: pk_url_result.self, capacity: count)
    for index in 0..<count {
      pointers[index] = UnsafePointer(values + index)
      if let url = values[index].url { values[index].url = address(of: url) }
      guard let error = values[index].error.map({ address(of: $0) }) else { continue }
      values[index].error = error
      let moved = UnsafeMutablePointer(mutating: error)
      moved.pointee.message = address(of: moved.pointee.message)
      moved.pointee.suggestion = moved.pointee.suggestion.map { address(of: $0) }
    }
    list.initialize(
      to: pk_url_list(
        count: count, error_count: errorCount, results: pointers,
        text: (start + text.lowerBound).assumingMemoryBound(to: CChar.self),
        text_length: text.count))
    return list
  }

  private func address<Value>(of place: UnsafePointer<Value>) -> UnsafePointer<Value> {
    UnsafeRawPointer(start + Int(bitPattern: place)).assumingMemoryBound(to: Value.self)
  }
}
