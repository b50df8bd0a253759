"""The protections that can be taken out, and the tests that must fail without them.

Those of `take_out.c` are options of libcurl and calls of libc; `unload` is a flag of the library that
ships. The others stand in the library's own
code: `EDITS` changes a copy of the sources so that each can be switched off when the library is
loaded. In the new text OUT stands for "this protection is taken out".
"""

import dataclasses


@dataclasses.dataclass
class Protection:
    row: str
    name: str
    group: str  # of the hostile tests; with a C: before it, of Tests/C
    text: str = ""  # what the failure says, as a regular expression; none: a crash or a hang will do
    edits: tuple = ()  # of (file, old text, new text); none: see take_out.c
    seconds: int = 100


CLIENT, TRANSPORT = "Pinarkive/Client/", "Pinarkive/Transport/"
SUPPORT, CLUSTERS = "Pinarkive/Support/", "Pinarkive/Clusters/"
PLATFORM = "CPlatform/platform.c"

# Of a protection that stands in the list already.
AS_ABOVE = ("as above",)

PROTECTIONS = [
    Protection("1", "freed-handles", "C:handles", "", (
        ("PinarkiveABI/Handle.swift",
         """    guard Preamble.kind(of: pointer) == kind else { return nil }
    self.pointer.pointee.users += 1
  }

  /// As""",
         """    guard OUT || Preamble.kind(of: pointer) == kind else { return nil }
    self.pointer.pointee.users += 1
  }

  /// As"""),)),
    Protection("1", "struct-size", "C:options", "", (
        ("PinarkiveABI/Arguments.swift", "guard size >= MemoryLayout<UInt>.size, size <=",
         "guard OUT || size >= MemoryLayout<UInt>.size && size <="),)),
    Protection("2", "key", "C:options", "key|error", (
        (CLIENT + "Configuration.swift", "guard value.count > 0 else { throw refuse",
         "guard OUT || value.count > 0 else { throw refuse"),
        (CLIENT + "Configuration.swift", "guard value.count <= limit else",
         "guard OUT || value.count <= limit else"),
        (CLIENT + "Configuration.swift", "guard value.isVisibleASCII else",
         "guard OUT || value.isVisibleASCII else"))),
    Protection("3", "https-only", "C:options", "", (
        (CLIENT + "Configuration.swift", "guard url.isSecure || url.isLiteralLoopback",
         "guard OUT || url.isSecure || url.isLiteralLoopback"),)),
    Protection("4", "url-characters", "C:options", "", (
        (SUPPORT + "WebURL.swift", "guard isAllowed else", "guard OUT || isAllowed else"),)),
    Protection("4", "url-userinfo", "C:options", "", (
        (SUPPORT + "WebURL.swift", 'if hasEnd, authority.firstIndex(of: UInt8(ascii: "@"))',
         'if !OUT, hasEnd, authority.firstIndex(of: UInt8(ascii: "@"))'),
        (SUPPORT + "WebURL.swift", "guard has(byte, 2) else { throw .host }",
         "guard OUT || has(byte, 2) else { throw .host }"))),
    Protection("4", "url-path", "C:options", "", (
        (SUPPORT + "WebURL.swift", "guard Self.isSafePath(path) else",
         "guard OUT || Self.isSafePath(path) else"),)),
    Protection("4", "url-numbers", "answers", "gateway-number", (
        (SUPPORT + "WebURL.swift", "if name[0].isDigit, endsInNumber",
         "if !OUT, name[0].isDigit, endsInNumber"),)),
    Protection("5", "times", "C:time", "brought to|of the call", (
        (CLIENT + "Configuration.swift", "min(max(value, 100), 120_000)",
         "OUT ? value : min(max(value, 100), 120_000)"),)),
    Protection("5", "negative-times", "C:options", "", (
        (CLIENT + "Configuration.swift",
         """    guard value >= 0 else { throw refusal(name, "is negative") }
    return value == 0""",
         """    guard OUT || value >= 0 else { throw refusal(name, "is negative") }
    return value == 0"""),)),
    Protection("6", "content-path", "C:content", "", (
        ("Pinarkive/Content/ContentPath.swift", "if dots >= 0 { dots += 1 }",
         "if dots >= 0 { dots += OUT ? 100 : 1 }"),)),
    Protection("7", "quick-exit", "names", "DEADLINE|PROMISED"),
    Protection("8", "retries", "answers", "reset-once", (
        (CLIENT + "Call.swift", "guard attempt < client.pointee.configuration.maxAttempts,",
         "guard !OUT, attempt < client.pointee.configuration.maxAttempts,"),)),
    Protection("9", "attempt-time", "answers", "drip|silent|stall", (
        (CLIENT + "Call.swift", "min(deadline, start + client.pointee.configuration.attemptTimeout)",
         "OUT ? deadline : min(deadline, start + client.pointee.configuration.attemptTimeout)"),)),
    Protection("10", "stale-connection", "answers", "dropped-second", (
        (TRANSPORT + "Lane.swift", "guard case .failed = outcome, lane.pointee.deserves",
         "guard !OUT, case .failed = outcome, lane.pointee.deserves"),)),
    Protection("11", "verify", "tls", "TLS_EXPIRED"),
    Protection("11", "tls-version", "tls", "TLS_OLD"),
    Protection("12", "bundle-is-read", "tls", "ca_file|path", (
        (PLATFORM, "  return readable;", "  return OUT || readable;"),
        (PLATFORM, "  if (file < 0) return false;", "  if (file < 0) return OUT;"))),
    Protection("13", "proxy-headers", "proxies", "KEY"),
    Protection("13", "proxy-authorities", "peers", "TINYPROXY_TLS", (
        (TRANSPORT + "Lane.swift",
         "insteadOf: CURLOPT_CAPATH)\n    guard result == CURLE_OK, endpoint.proxyIsSecure",
         "insteadOf: CURLOPT_CAPATH)\n    guard result == CURLE_OK, !OUT, endpoint.proxyIsSecure"),)),
    Protection("14", "nonsense-once", "answers", "html|nothing", (
        (CLIENT + "Call.swift", "hadNonsense ? .permanent : .transient",
         "hadNonsense && !OUT ? .permanent : .transient"),)),
    Protection("15", "body-limit", "answers", "8-mib|huge|endless", (
        (TRANSPORT + "Exchange.swift", "limit: Self.maximumBody",
         "limit: OUT ? 1 << 40 : Self.maximumBody"),)),
    Protection("15", "header-limit", "answers", "many-headers|trailers|interim-flood", (
        (TRANSPORT + "Exchange.swift", "guard headerBytes <= Self.maximumHeaders else",
         "guard OUT || headerBytes <= Self.maximumHeaders else"),)),
    Protection("15", "endless-line", "answers", "long-header", (
        (TRANSPORT + "Lane.swift", "    exchange.body.count == 0 && sockets",
         "    !OUT && exchange.body.count == 0 && sockets"),)),
    Protection("15", "encoding", "answers", "gzip"),
    Protection("16", "depth", "answers", "depth-17|depth-million", (
        (CLUSTERS + "JSONReader.swift", "guard depth <= Self.maximumDepth else",
         "guard OUT || depth <= Self.maximumDepth else"),)),
    Protection("16", "number-of-values", "answers", "many-values", (
        (CLUSTERS + "JSONReader.swift", "guard values <= Self.maximumValues else",
         "guard OUT || values <= Self.maximumValues else"),)),
    Protection("16", "duplicates", "answers", "duplicate", (
        (CLUSTERS + "ClusterReader.swift", "guard seen & bit & ~1 == 0 else",
         "guard OUT || seen & bit & ~1 == 0 else"),)),
    Protection("16", "zero-character", "answers", r"\[row 16, nul\]", (
        (CLUSTERS + "JSONReader.swift", "guard unit != 0, unit >> 10 != 0xDC00 >> 10 else",
         "guard OUT || unit != 0 && unit >> 10 != 0xDC00 >> 10 else"),)),
    Protection("16", "utf-8", "answers", "utf8", (
        (CLUSTERS + "JSONReader.swift", "guard length > 0, second.contains(place[1]) else",
         "guard OUT || length > 0 && second.contains(place[1]) else"),
        (CLUSTERS + "JSONReader.swift", "where place[index] & 0xC0 != 0x80 { throw",
         "where !OUT && place[index] & 0xC0 != 0x80 { throw"),
        (CLUSTERS + "JSONReader.swift", "    place += length\n", "    place += OUT ? 1 : length\n"))),
    Protection("16", "types", "answers", "number-id|no-id|gateway", (
        (CLUSTERS + "ClusterReader.swift", "{ if flaw == nil { flaw = problem } }",
         "{ if !OUT, flaw == nil { flaw = problem } }"),)),
    Protection("17", "redirects", "answers", "redirect-30"),
    Protection("18", "permanent", "answers", "status-40|status-501", (
        (CLIENT + "Call.swift", "default: return Setback(error: error, reason: .permanent)",
         "default: return Setback(error: error, reason: OUT ? .transient : .permanent)"),)),
    Protection("18", "purge", "C:cache", "", (
        (CLIENT + "AnswerCache.swift",
         "      if let kept { SharedAnswer.letGo(kept) }\n      kept = nil",
         "      if OUT { break }\n      if let kept { SharedAnswer.letGo(kept) }\n      kept = nil"),)),
    Protection("18", "never-stale-if-refused", "C:cache", "", (
        (CLIENT + "AnswerCache.swift", "case .network, .timeout, .server, .rateLimited: break\n",
         "case .network, .timeout, .server, .rateLimited: break\n    case .notFound where OUT: break\n"),
        )),
    Protection("19", "retry-after", "answers", "retry-", (
        (CLIENT + "Call.swift", "let requested = max(error.retryAfter, 0)",
         "let requested = OUT ? 0 : max(error.retryAfter, 0)"),)),
    Protection("19", "retry-after-bound", "answers", "", (
        (SUPPORT + "Failure.swift", "min(max(seconds, 0), 86_400)",
         "min(max(seconds, 0), OUT ? 99_999_999_999 : 86_400)"),)),
    Protection("19", "gate", "answers", "retry-", (
        (CLIENT + "Call.swift", "guard wait > 0 else { return }",
         "guard !OUT, wait > 0 else { return }"),)),
    Protection("19", "gate-bound", "answers", "300000", (
        (CLIENT + "RetryPolicy.swift", "now + min(milliseconds, Self.longestGate)",
         "now + (OUT ? milliseconds : min(milliseconds, Self.longestGate))"),)),
    Protection("20", "transient-statuses", "answers", "status-5", (
        (CLIENT + "Call.swift", "switch httpStatus {\n    case 429:",
         "switch OUT && httpStatus != 429 ? 400 : httpStatus {\n    case 429:"),)),
    Protection("20", "tokens", "answers", "RETRIES", (
        (CLIENT + "RetryPolicy.swift", "guard tokens >= price else",
         "guard OUT || tokens >= price else"),)),
    Protection("21", "http09", "answers", "http-09", (
        (TRANSPORT + "Lane.swift", "CURLOPT_HTTP09_ALLOWED, 0)", "CURLOPT_HTTP09_ALLOWED, OUT ? 1 : 0)"),
        (CLIENT + "Call.swift", "case .answered where lane.pointee.httpStatus == 200:",
         "case .answered where lane.pointee.httpStatus == (OUT ? 0 : 200):"))),
    Protection("22", "key-in-messages", "answers", "key", (
        (SUPPORT + "Secrets.swift", "if let length = lengthOfSecret(in: text, at: index) {",
         "if !OUT, let length = lengthOfSecret(in: text, at: index) {"),)),
    Protection("22", "controls-in-messages", "answers", "harmless", (
        (SUPPORT + "Secrets.swift", "return (Self.isControl(character) ?",
         "return (!OUT && Self.isControl(character) ?"),)),
    Protection("23", "metadata-gateways", "answers", "gateway-", (
        (CLUSTERS + "ClusterReader.swift", "!url.isMetadataAddress", "OUT || !url.isMetadataAddress"),)),
    Protection("24", "netrc", "answers", "authorization"),
    Protection("24", "cookies", "answers", "cookie"),
    Protection("24", "alt-svc", "answers", "alt-used|connections is"),
    Protection("25", "unchecked-memory", "memory", "", (
        (SUPPORT + "AnswerMemory.swift", "guard let memory = realloc(start, size) else",
         "guard let memory = realloc(start, size) ?? (OUT ? .init(bitPattern: 16) : nil) else"),), 200),
    Protection("25", "spoilt-lanes", "memory", "no_next_call", (
        (TRANSPORT + "Lane.swift", "isSpoilt = !CurlFailure.isOfNetwork(code)",
         "isSpoilt = !OUT && !CurlFailure.isOfNetwork(code)"),), 300),
    Protection("25", "sessions", "memory", "crashes|leaks", seconds=300),
    Protection("26", "lane-without-wake-up", "host", "cannot be cancelled", (
        (TRANSPORT + "WakeUpPair.swift", "guard curl_multi_wakeup(multi) == CURLM_OK else",
         "guard curl_multi_wakeup(multi) == CURLM_OK || OUT else"),)),
    Protection("27", "fork-is-watched", "first", "make", (
        (CLIENT + "ForkGuard.swift", "guard platform_at_fork(prepare, afterInParent, afterInChild) else",
         "guard platform_at_fork(prepare, afterInParent, afterInChild) || OUT else"),)),
    Protection("27", "fork-detaches", "tls", "", (
        (TRANSPORT + "LanePool.swift",
         "for index in 0..<count.pointee.made { lanes.start[index].pointee.detach() }",
         "for index in 0..<count.pointee.made where !OUT { lanes.start[index].pointee.detach() }"),)),
    Protection("27", "fork-begins-anew", "process", "", (
        (TRANSPORT + "LanePool.swift",
         "  func afterForkInChild() {\n    platform_monitor_reset(monitor)",
         "  func afterForkInChild() {\n    platform_monitor_reset(monitor)\n    if OUT { return }"),)),
    Protection("27", "fork-renews-locks", "tls", "", (
        (CLIENT + "ClientCore.swift", "    platform_monitor_reset(monitor)",
         "    if !OUT { platform_monitor_reset(monitor) }"),)),
    Protection("27", "close-on-exec", "process", "inherited", (
        (PLATFORM, "socket(family, type | SOCK_CLOEXEC, protocol)",
         "socket(family, type | (OUT ? 0 : SOCK_CLOEXEC), protocol)"),)),
    Protection("27", "close-on-exec-of-the-pair", "process", "inherited", (
        (PLATFORM, "  fcntl(number, F_SETFD, FD_CLOEXEC);",
         "  if (!OUT) fcntl(number, F_SETFD, FD_CLOEXEC);"),)),
    Protection("28", "connection-is-ours", "process", "", (
        (TRANSPORT + "LaneSockets.swift", "if !platform_descriptor_is_ours(&descriptor) { return false }",
         "if !OUT, !platform_descriptor_is_ours(&descriptor) { return false }"),)),
    Protection("28", "pair-is-ours", "process", "", (
        (TRANSPORT + "WakeUpPair.swift", "return end.number < 0 || platform",
         "return OUT || end.number < 0 || platform"),)),
    Protection("28", "close-guard", "tls", "recv|connections|lists"),
    Protection("29", "signals", "host", "under_signals"),
    Protection("30", "locale", "host", "locale_storm"),
    Protection("30", "proxy", "host", "setenv|in_child"),
    Protection("31", "client-is-held", "cancel", "", (
        ("PinarkiveABI/Handle.swift", "guard pointer.pointee.users == 0, Preamble",
         "guard OUT || pointer.pointee.users == 0, Preamble"),)),
    Protection("31", "freeing-wakes", "cancel", "PROMISED|MOST|worst", (
        (CLIENT + "ClientCore.swift", "    pool.wakeEverybody()\n",
         "    if OUT { return }\n    pool.wakeEverybody()\n"),), 60),
    Protection("32", "wakeup", "cancel", "PROMISED|MOST|worst", seconds=60),
    Protection("32", "cancel-wakes-waiters", "cancel", "PROMISED|MOST|worst|ended", (
        (CLIENT + "Cancellation.swift", "client.pointee.wakeWaiters() }",
         "if !OUT { client.pointee.wakeWaiters() } }"),), 100),
    Protection("33", "monotonic-clock", "host", "", (
        (PLATFORM, "{ return milliseconds(CLOCK_MONOTONIC); }",
         "{ return milliseconds(OUT ? CLOCK_REALTIME : CLOCK_MONOTONIC); }"),)),
    Protection("33", "age-clock", "host", "from_cache|age", (
        (PLATFORM, "{ return milliseconds(CLOCK_BOOTTIME); }",
         "{ return milliseconds(OUT ? CLOCK_REALTIME : CLOCK_BOOTTIME); }"),)),
    Protection("34", "depth", "host", "depth-million", AS_ABOVE),
    Protection("35", "exit-waits", "host", "ended_badly|exits", (
        (PLATFORM, "  __atomic_store_n(&exiting, true, __ATOMIC_SEQ_CST);\n",
         "  if (OUT) return;\n  __atomic_store_n(&exiting, true, __ATOMIC_SEQ_CST);\n"),)),
    Protection("35", "unload", "host", "WEXITSTATUS|WIFEXITED"),
    Protection("36", "imports", "others", "", (
        (TRANSPORT + "CurlLibrary.swift", "guard platform_exit_guard_install()",
         "if OUT { curl_global_cleanup() }\n      guard platform_exit_guard_install()"),)),
    Protection("cache", "single-flight", "C:cache", "", (
        (CLIENT + "AnswerCache.swift", "      if let flight {\n        Flight.hold(flight)",
         "      if !OUT, let flight {\n        Flight.hold(flight)"),)),
    Protection("cache", "replaced", "C:cache", "", (
        (CLIENT + "AnswerCache.swift", "if flight == self.flight {", "if OUT || flight == self.flight {"),)),
    Protection("cache", "stale-only-if-asked", "C:cache", "", (
        (CLIENT + "AnswerCache.swift", "guard staleIfError > 0, let kept,\n      platform_boottime_milliseconds() < freshUntil + staleIfError",
         "guard OUT || staleIfError > 0, let kept,\n      OUT || platform_boottime_milliseconds() < freshUntil + staleIfError"),)),
    Protection("memory", "size-of-a-list", "memory", "CONNECTION", (
        (CLUSTERS + "ClusterTable.swift", "{ 4 * count + 1 << 20 }", "{ OUT ? 1 << 40 : 4 * count + 1 << 20 }"),)),
    Protection("secrets", "key-is-wiped", "secrets", "", (
        (SUPPORT + "Memory.swift", "    explicit_bzero(start, count)\n    free(start)",
         "    if !OUT { explicit_bzero(start, count) }\n    free(start)"),)),
    Protection("secrets", "header-is-wiped", "secrets", "", (
        (TRANSPORT + "Lane.swift", "if let text = current.pointee.data { explicit_bzero",
         "if !OUT, let text = current.pointee.data { explicit_bzero"),)),
    Protection("secrets", "error-is-wiped", "secrets", "", (
        (TRANSPORT + "Exchange.swift", "{ body.wipe() }", "{ if !OUT { body.wipe() } }"),)),
]
