import CPlatform
import Synchronization

/// A client: settings, lanes, and how well it has been going lately. Any thread may call it.
///
/// Lives behind a pointer and does not move, because cancellations and running calls point to it.
/// Whoever holds it keeps it alive until the last call has left: the handles of `PinarkiveABI`, or
/// the class `Client`.
package struct ClientCore: ~Copyable {
  let configuration: Configuration
  let pool: LanePool
  let cache: AnswerCache
  private let closed = Atomic(false)

  // Guards `policy`; those who wait before they try again sleep on it.
  private let monitor: UnsafeMutablePointer<platform_monitor>
  // One, in memory of its own: several threads are inside the client at a time, so none may have
  // exclusive access to it, which a `mutating` method would promise the compiler.
  private let policy: OwnedArray<RetryPolicy>

  /// The next in the list of all clients; belongs to `ForkGuard`.
  var next: UnsafeMutablePointer<ClientCore>?

  /// A new client. Release it with `release`.
  ///
  /// - Throws: `invalidArgument`, `configuration`, `outOfMemory` or `internalFault`.
  package static func make(_ settings: ClientSettings) throws(Failure)
    -> UnsafeMutablePointer<ClientCore>
  {
    try CurlLibrary.prepare()
    let configuration = try Configuration.make(settings)
    let pool = try LanePool.make(capacity: configuration.maxConnections)
    let cache = try AnswerCache.make(
      timeToLive: configuration.cacheTimeToLive, staleIfError: configuration.staleIfError)
    let policy: OwnedArray<RetryPolicy> = try OwnedArray(capacity: 1)
    guard let memory = malloc(MemoryLayout<ClientCore>.size) else { throw .outOfMemory }
    guard let monitor = platform_monitor_new() else {
      free(memory)
      throw .outOfMemory
    }
    let client = memory.bindMemory(to: ClientCore.self, capacity: 1)
    client.initialize(
      to: ClientCore(
        configuration: configuration, pool: pool, cache: cache, policy: policy, monitor: monitor))
    do throws(Failure) { try ForkGuard.add(client) } catch {
      end(client)
      throw error
    }
    return client
  }

  /// Ends a client that nobody uses any more.
  package static func release(_ client: UnsafeMutablePointer<ClientCore>) {
    ForkGuard.remove(client)
    end(client)
  }

  private static func end(_ client: UnsafeMutablePointer<ClientCore>) {
    client.deinitialize(count: 1)
    free(client)
  }

  private init(
    configuration: consuming Configuration, pool: consuming LanePool,
    cache: consuming AnswerCache, policy: consuming OwnedArray<RetryPolicy>,
    monitor: UnsafeMutablePointer<platform_monitor>
  ) {
    self.cache = cache
    self.configuration = configuration
    self.pool = pool
    self.monitor = monitor
    policy.start.initialize(to: RetryPolicy(now: platform_monotonic_milliseconds()))
    self.policy = policy
  }

  deinit { platform_monitor_free(monitor) }

  /// Ends all running calls with `cancelled`; later ones too.
  package func close() {
    closed.store(true, ordering: .releasing)
    pool.wakeEverybody()
    wakeThoseWithoutLane()
  }

  var isClosed: Bool { closed.load(ordering: .acquiring) }

  /// Makes every call that waits, but not for libcurl, look whether to stop.
  func wakeWaiters() {
    pool.wakeWaiters()
    wakeThoseWithoutLane()
  }

  private func wakeThoseWithoutLane() {
    cache.wakeWaiters()
    platform_monitor_lock(monitor)
    platform_monitor_wake_all(monitor)
    platform_monitor_unlock(monitor)
  }

  /// Sleeps until `time` (monotonic milliseconds) or until `shouldStop` says so.
  func sleep(until time: Int64, shouldStop: () -> Bool) {
    platform_monitor_lock(monitor)
    while !shouldStop(), platform_monotonic_milliseconds() < time {
      platform_monitor_wait(monitor, time)
    }
    platform_monitor_unlock(monitor)
  }

  /// Reads or changes the retry policy.
  func withPolicy<Result>(_ body: (inout RetryPolicy, _ now: Int64) -> Result) -> Result {
    platform_monitor_lock(monitor)
    defer { platform_monitor_unlock(monitor) }
    return body(&policy.start.pointee, platform_monotonic_milliseconds())
  }

  // MARK: - For `ForkGuard`

  func beforeFork() {
    cache.beforeFork()
    pool.beforeFork()
    platform_monitor_lock(monitor)
  }

  func afterForkInParent() {
    platform_monitor_unlock(monitor)
    pool.afterForkInParent()
    cache.afterForkInParent()
  }

  func afterForkInChild() {
    platform_monitor_reset(monitor)
    pool.afterForkInChild()
    cache.afterForkInChild()
  }
}
