import CCurl
import CPlatform

/// One connection's worth of libcurl: an easy handle, and a multi handle that keeps the connection
/// between requests. Used by one thread at a time.
///
/// It must not move: libcurl holds its address. So it lives behind a pointer, see `make`.
struct Lane: ~Copyable {
  private let multi: UnsafeMutableRawPointer
  private let easy: UnsafeMutableRawPointer
  private var wakeUpPair: WakeUpPair
  private var url: OpaquePointer?
  private var headerLines: UnsafeMutablePointer<curl_slist>?
  var exchange = Exchange()
  private var sockets = LaneSockets()
  private var result = CURLE_OK
  /// Whether libcurl may have kept something half-made, such as a store of authorities for which the
  /// memory did not suffice: it keeps one for all connections of a lane.
  private var isSpoilt = false
  /// The lanes that were abandoned, linked by `nextAbandoned`. Nobody uses them, but tools that look
  /// for leaks can tell that they are left on purpose. Under the process's lock.
  nonisolated(unsafe) private static var firstAbandoned: UnsafeMutablePointer<Lane>?
  private var nextAbandoned: UnsafeMutablePointer<Lane>?
  // Whether the authorities come from a directory that a bundle could replace.
  private var canAskBundle = false

  /// How an attempt ended.
  enum Outcome {
    /// A whole answer has arrived: see `httpStatus` and `exchange`.
    case answered
    /// libcurl gave up: see `failure`.
    case failed
    /// The time ran out.
    case timedOut
    /// The call was cancelled.
    case stopped
  }

  /// A new lane to an endpoint. Opens no connection yet. Release it with `release`.
  ///
  /// - Throws: `outOfMemory`, `internalFault`, or `network` if there are no descriptors.
  static func make(to endpoint: borrowing Endpoint) throws(Failure)
    -> UnsafeMutablePointer<Lane>
  {
    guard platform_exit_guard_enter() else { throw .exiting }
    defer { platform_exit_guard_leave() }
    guard let memory = malloc(MemoryLayout<Lane>.size) else { throw .outOfMemory }
    let (multi, wakeUpPair): (UnsafeMutableRawPointer, WakeUpPair)
    do throws(Failure) { (multi, wakeUpPair) = try makeMulti() } catch {
      free(memory)
      throw error
    }
    guard let easy = curl_easy_init() else {
      curl_multi_cleanup(multi)
      free(memory)
      throw .outOfMemory
    }
    let lane = memory.bindMemory(to: Lane.self, capacity: 1)
    lane.initialize(to: Lane(multi: multi, easy: easy, wakeUpPair: wakeUpPair))
    do throws(Failure) {
      try lane.pointee.configure(for: endpoint, at: lane)
    } catch {
      release(lane)
      throw error
    }
    return lane
  }

  /// A new multi handle, and the pair of sockets that wakes it.
  private static func makeMulti() throws(Failure) -> (UnsafeMutableRawPointer, WakeUpPair) {
    // One at a time, because the pair is found by what changes; and no fork meanwhile, whose child
    // could begin a program that inherits it.
    platform_process_lock()
    defer { platform_process_unlock() }
    let lowest = platform_lowest_free_descriptor()
    guard let multi = curl_multi_init() else { throw .outOfMemory }
    // A handle that cannot be woken could not be cancelled either.
    guard let pair = WakeUpPair(of: multi, from: lowest) else {
      curl_multi_cleanup(multi)
      throw Failure(
        .network,
        "There are no file descriptors left for a connection: raise the limit (ulimit -n).")
    }
    return (multi, pair)
  }

  /// Ends a lane. If somebody else has closed its descriptors it is only left, which costs its memory:
  /// libcurl would say good-bye to a stranger, or close a stranger's descriptor.
  static func release(_ lane: UnsafeMutablePointer<Lane>) {
    guard platform_exit_guard_enter() else { return }
    defer { platform_exit_guard_leave() }
    guard lane.pointee.isSound else { return abandon(lane) }
    lane.deinitialize(count: 1)
    free(lane)
  }

  private init(
    multi: UnsafeMutableRawPointer, easy: UnsafeMutableRawPointer, wakeUpPair: WakeUpPair
  ) {
    self.multi = multi
    self.easy = easy
    self.wakeUpPair = wakeUpPair
  }

  deinit {
    curl_easy_cleanup(easy)
    curl_multi_cleanup(multi)
    curl_url_cleanup(url)
    wipeHeaderLines()
    curl_slist_free_all(headerLines)
  }

  private static func abandon(_ lane: UnsafeMutablePointer<Lane>) {
    lane.pointee.sockets.closeAll()
    lane.pointee.wakeUpPair.close()
    lane.pointee.wipeHeaderLines()
    platform_process_lock()
    lane.pointee.nextAbandoned = firstAbandoned
    firstAbandoned = lane
    platform_process_unlock()
  }

  /// The lines hold the key; libcurl frees them but does not wipe them.
  private func wipeHeaderLines() {
    var line = headerLines
    while let current = line {
      if let text = current.pointee.data { explicit_bzero(text, strlen(text)) }
      line = current.pointee.next
    }
  }

  /// Whether the lane can be used again. If not, a new one takes its place.
  var isFit: Bool { !isSpoilt && isSound }

  /// Whether the descriptors are as they were. Not if somebody else closed one of them: the number may
  /// stand for another file now, which must neither get our key nor be closed by us.
  private var isSound: Bool { sockets.areOurs && wakeUpPair.isOurs }

  /// In a forked child: lets go of the parent's connection without a word to the other side.
  mutating func detach() { sockets.detach() }

  /// Makes a running `perform` look at once whether it should stop. Any thread.
  func wake() { if wakeUpPair.isOurs { curl_multi_wakeup(multi) } }

  /// Makes one request. Blocks until there is an answer, libcurl gives up, `deadline` (monotonic
  /// milliseconds) has passed, or `shouldStop` says so, which is asked after each `wake`.
  ///
  /// A kept connection that the other side has closed meanwhile is nobody's fault: the request is made
  /// again, on a new one. So it is where only a new one tells what was wrong: see `hasEndlessLine`.
  ///
  /// Static, because libcurl calls back and changes the lane meanwhile: a `mutating` method would
  /// promise the compiler that nobody else does.
  static func perform(
    on lane: UnsafeMutablePointer<Lane>, deadline: Int64, shouldStop: () -> Bool
  ) -> Outcome {
    let outcome = performOnce(on: lane, deadline: deadline, shouldStop: shouldStop)
    guard case .failed = outcome, lane.pointee.deservesNewConnection else { return outcome }
    return performOnce(on: lane, deadline: deadline, shouldStop: shouldStop)
  }

  private static func performOnce(
    on lane: UnsafeMutablePointer<Lane>, deadline: Int64, shouldStop: () -> Bool
  ) -> Outcome {
    let (multi, easy) = (lane.pointee.multi, lane.pointee.easy)
    lane.pointee.exchange.reset()
    lane.pointee.sockets.attempt = LaneSockets.Attempt()
    lane.pointee.isSpoilt = false
    guard platform_exit_guard_enter() else { return .stopped }
    var isInside = true
    defer {
      if isInside {
        curl_multi_remove_handle(multi, easy)
        platform_exit_guard_leave()
      }
    }
    guard curl_multi_add_handle(multi, easy) == CURLM_OK else {
      return failed(lane, CURLE_OUT_OF_MEMORY)
    }
    while true {
      if shouldStop() { return .stopped }
      var running: Int32 = 0
      let code = curl_multi_perform(multi, &running)
      guard code == CURLM_OK else {
        return failed(
          lane, code == CURLM_OUT_OF_MEMORY ? CURLE_OUT_OF_MEMORY : CURLE_FAILED_INIT)
      }
      if let result = lane.pointee.finished() {
        return result == CURLE_OK ? .answered : failed(lane, result)
      }
      let left = deadline - platform_monotonic_milliseconds()
      guard left > 0 else { return .timedOut }
      platform_exit_guard_leave()
      let polled = curl_multi_poll(multi, nil, 0, Int32(clamping: left), nil)
      isInside = platform_exit_guard_enter()
      guard isInside else { return .stopped }
      guard polled == CURLM_OK else { return failed(lane, CURLE_OUT_OF_MEMORY) }
    }
  }

  private static func failed(_ lane: UnsafeMutablePointer<Lane>, _ code: CURLcode) -> Outcome {
    lane.pointee.result = code
    lane.pointee.isSpoilt = !CurlFailure.isOfNetwork(code)
    return .failed
  }

  /// After an attempt that `failed`: whether the directory of authorities lacked one, so that the
  /// bundle, which stands for the same authorities, should be asked. From here on the lane uses it.
  /// The directory may have gone or changed since it was looked at. Nothing has been sent yet.
  mutating func turnsToBundle(for endpoint: borrowing Endpoint) -> Bool {
    guard canAskBundle, CurlFailure.isUnknownAuthority(result, on: self),
      trustBundle(for: endpoint) == CURLE_OK
    else { return false }
    canAskBundle = false
    return true
  }

  /// Whether a kept connection broke before it brought anything, or may have brought an endless line.
  private var deservesNewConnection: Bool {
    guard !sockets.attempt.hasOpened else { return false }
    if result == CURLE_OUT_OF_MEMORY { return exchange.body.count == 0 }
    return exchange.received == 0
      && (result == CURLE_SEND_ERROR || result == CURLE_RECV_ERROR || result == CURLE_GOT_NOTHING)
  }

  /// Whether libcurl held a line of the header that is longer than any it hands on: 100 KiB. It has
  /// that look like a lack of memory. Of a connection that was kept it is not known what it had brought
  /// before.
  var hasEndlessLine: Bool {
    exchange.body.count == 0 && sockets.attempt.consumed > UInt64(exchange.received + 96 * 1024)
  }

  /// Why libcurl gave up, after an attempt that `failed`.
  var failure: CurlFailure { CurlFailure(result, on: self) }

  /// The transfer's result once it has ended.
  private func finished() -> CURLcode? {
    var remaining: Int32 = 0
    while let message = curl_multi_info_read(multi, &remaining) {
      if message.pointee.msg == CURLMSG_DONE { return ccurl_message_result(message) }
    }
    return nil
  }

  /// The answer's status, after an attempt that was `answered`.
  var httpStatus: Int32 { Int32(clamping: information(CURLINFO_RESPONSE_CODE)) }

  /// A number that libcurl knows of the last transfer, or 0.
  func information(_ what: CURLINFO) -> Int {
    var value = 0
    ccurl_get_long(easy, what, &value)
    return value
  }

  // MARK: - Set-up

  private mutating func configure(
    for endpoint: borrowing Endpoint, at lane: UnsafeMutableRawPointer
  )
    throws(Failure)
  {
    try addHeader("Accept: application/json")
    if endpoint.keyLine.count > 0 { try addHeader(endpoint.keyLine.cString) }
    if endpoint.tokenLine.count > 0 { try addHeader(endpoint.tokenLine.cString) }

    // Each of these matters for safety or is known to every libcurl that is supported: a failure is
    // one of memory.
    var failed = CURLE_OK
    func check(_ code: CURLcode) { if code != CURLE_OK { failed = code } }

    // Taken apart once: as a text, libcurl would do it at each request.
    guard let url = curl_url() else { throw .outOfMemory }
    self.url = url
    guard curl_url_set(url, CURLUPART_URL, endpoint.url.cString, 0) == CURLUE_OK else {
      throw .outOfMemory
    }
    check(ccurl_set_pointer(easy, CURLOPT_CURLU, UnsafeMutableRawPointer(url)))
    check(ccurl_set_only_protocol(easy, endpoint.isSecure))
    check(ccurl_set_list(easy, CURLOPT_HTTPHEADER, headerLines))
    check(ccurl_set_text(easy, CURLOPT_USERAGENT, endpoint.userAgent.cString))
    // One request at a time is all that a lane makes: HTTP/2 has nothing to offer for it, and takes a
    // third more processor time for each.
    check(ccurl_set_long(easy, CURLOPT_HTTP_VERSION, Int(ccurl_http_1_1)))
    // Never follow: the key would go along.
    check(ccurl_set_long(easy, CURLOPT_FOLLOWLOCATION, 0))
    check(ccurl_set_long(easy, CURLOPT_HTTP09_ALLOWED, 0))
    check(ccurl_set_long(easy, CURLOPT_CONNECTTIMEOUT_MS, Int(endpoint.connectTimeout)))
    // No signal of ours in somebody else's process; nor wait for a look-up that was given up.
    check(ccurl_set_long(easy, CURLOPT_NOSIGNAL, 1))
    ccurl_set_quick_exit(easy)

    // The proxy is decided once, when the client is made: libcurl would read the environment at
    // each request, while another thread may be changing it.
    check(ccurl_set_text(easy, CURLOPT_PROXY, endpoint.proxy.cString))
    check(ccurl_set_text(easy, CURLOPT_NOPROXY, endpoint.noProxy.cString))
    check(ccurl_set_long(easy, CURLOPT_HTTPPROXYTUNNEL, 1))
    check(ccurl_set_long(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1))
    check(ccurl_set_long(easy, CURLOPT_HEADEROPT, Int(CURLHEADER_SEPARATE)))

    check(trust(for: endpoint))
    if endpoint.proxyIsSecure {
      check(ccurl_set_long(easy, CURLOPT_PROXY_SSLVERSION, Int(ccurl_tls_1_2)))
    }
    ccurl_set_bundle_lifetime(easy, Self.bundleLifetime)
    check(ccurl_set_long(easy, CURLOPT_SSLVERSION, Int(ccurl_tls_1_2)))
    // The session cache frees twice when memory runs out.
    check(ccurl_set_long(easy, CURLOPT_SSL_SESSIONID_CACHE, 0))

    check(ccurl_set_data_function(easy, CURLOPT_HEADERFUNCTION, Self.onHeader))
    check(ccurl_set_pointer(easy, CURLOPT_HEADERDATA, lane))
    check(ccurl_set_data_function(easy, CURLOPT_WRITEFUNCTION, Self.onBody))
    check(ccurl_set_pointer(easy, CURLOPT_WRITEDATA, lane))
    check(ccurl_set_open_socket_function(easy, Self.openSocket))
    check(ccurl_set_pointer(easy, CURLOPT_OPENSOCKETDATA, lane))
    check(ccurl_set_close_socket_function(easy, Self.closeSocket))
    check(ccurl_set_pointer(easy, CURLOPT_CLOSESOCKETDATA, lane))
    // One connection is what a lane is for.
    ccurl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, 1)

    if failed == CURLE_OUT_OF_MEMORY { throw .outOfMemory }
    guard failed == CURLE_OK else {
      throw Failure(
        .internalFault, "libcurl lacks an option that is needed: version 7.81 or later is required."
      )
    }
  }

  /// Seconds for which a bundle that was read serves new connections of the lane. Reading one takes
  /// many times as long as a handshake, but one that was replaced should soon be noticed.
  private static let bundleLifetime = 60

  /// Uses the directory if there is one, else the bundle; and one alone, though libcurl has a
  /// standard for each: with both it would read the whole bundle for every connection.
  private mutating func trust(for endpoint: borrowing Endpoint) -> CURLcode {
    if endpoint.trust.directory.count > 0 {
      canAskBundle = endpoint.trust.bundle.count > 0
      let result = trust(endpoint.trust.directory, CURLOPT_CAPATH, insteadOf: CURLOPT_CAINFO)
      guard result == CURLE_OK, endpoint.proxyIsSecure else { return result }
      return trust(
        endpoint.trust.directory, CURLOPT_PROXY_CAPATH, insteadOf: CURLOPT_PROXY_CAINFO)
    }
    return endpoint.trust.bundle.count > 0 ? trustBundle(for: endpoint) : CURLE_OK
  }

  private func trustBundle(for endpoint: borrowing Endpoint) -> CURLcode {
    let result = trust(endpoint.trust.bundle, CURLOPT_CAINFO, insteadOf: CURLOPT_CAPATH)
    guard result == CURLE_OK, endpoint.proxyIsSecure else { return result }
    return trust(endpoint.trust.bundle, CURLOPT_PROXY_CAINFO, insteadOf: CURLOPT_PROXY_CAPATH)
  }

  /// Sets one option and takes the other kind back: which cannot fail, or is refused by a TLS library
  /// that does not know it, which is as good.
  private func trust(
    _ path: borrowing OwnedText, _ option: CURLoption, insteadOf other: CURLoption
  ) -> CURLcode {
    let result = ccurl_set_text(easy, option, path.cString)
    if result == CURLE_OK { ccurl_set_text(easy, other, nil) }
    return result
  }

  private mutating func addHeader(_ line: StaticString) throws(Failure) {
    try addHeader(UnsafeRawPointer(line.utf8Start).assumingMemoryBound(to: CChar.self))
  }

  private mutating func addHeader(_ line: UnsafePointer<CChar>) throws(Failure) {
    guard let longer = curl_slist_append(headerLines, line) else { throw .outOfMemory }
    headerLines = longer
  }

  // MARK: - What libcurl calls

  private static let onHeader: ccurl_data_function = { data, size, count, context in
    Lane.receive(data, size, count, context) { $0.receive(header: $1) }
  }

  private static let onBody: ccurl_data_function = { data, size, count, context in
    Lane.receive(data, size, count, context) { $0.receive(body: $1) }
  }

  /// Hands a piece to the exchange; an answer other than the piece's length stops the transfer.
  private static func receive(
    _ data: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int,
    _ context: UnsafeMutableRawPointer?, _ accept: (inout Exchange, Bytes) -> Bool
  ) -> Int {
    guard let data, let context else { return 0 }
    let length = size &* count
    let bytes = Bytes(
      start: UnsafeRawPointer(data).assumingMemoryBound(to: UInt8.self), count: length)
    let lane = context.assumingMemoryBound(to: Lane.self)
    // Not 0, which is also the length of an empty piece.
    return accept(&lane.pointee.exchange, bytes) ? length : length &+ 1
  }

  private static let openSocket: ccurl_open_socket_function = { context, _, address in
    guard let address, let context else { return ccurl_bad_socket }
    return context.assumingMemoryBound(to: Lane.self).pointee.sockets.open(
      address.pointee.family, address.pointee.socktype, address.pointee.protocol)
  }

  private static let closeSocket: ccurl_close_socket_function = { context, number in
    context?.assumingMemoryBound(to: Lane.self).pointee.sockets.close(number)
    return 0
  }
}
