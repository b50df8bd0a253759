import CPlatform

/// The lanes of a client, made when they are needed and kept until the client ends. The one used
/// last is the first to be used again, so that few connections stay warm instead of many going cold.
///
/// Any thread may acquire and release. The lock is never held across a call of libcurl
/// that takes time.
struct LanePool: ~Copyable {
  private let monitor: UnsafeMutablePointer<platform_monitor>
  private let capacity: Int
  /// Every lane there is: `lanes[0..<count.made]`.
  private let lanes: OwnedArray<UnsafeMutablePointer<Lane>>
  /// Those that nobody uses: `idle[0..<count.idle]`.
  private let idle: OwnedArray<UnsafeMutablePointer<Lane>>
  // One, in memory of its own: several threads are inside the pool at a time, so none may have
  // exclusive access to it, which a `mutating` method would promise the compiler.
  private let counts: OwnedArray<Counts>
  private var count: UnsafeMutablePointer<Counts> { counts.start }

  private struct Counts {
    var made = 0
    var idle = 0
    var making = 0
    /// Threads inside `wait`, and how many of them were woken for a lane and are on their way.
    var waiting = 0
    var woken = 0
    /// In a forked child: how many lanes of the parent stand in `idle`, to be ended.
    var inherited = 0
  }

  /// - Throws: `outOfMemory`.
  static func make(capacity: Int) throws(Failure) -> LanePool {
    let lanes: OwnedArray<UnsafeMutablePointer<Lane>> = try OwnedArray(capacity: capacity)
    let idle: OwnedArray<UnsafeMutablePointer<Lane>> = try OwnedArray(capacity: capacity)
    let counts: OwnedArray<Counts> = try OwnedArray(capacity: 1)
    guard let monitor = platform_monitor_new() else { throw .outOfMemory }
    return LanePool(
      monitor: monitor, capacity: capacity, lanes: lanes, idle: idle, counts: counts)
  }

  private init(
    monitor: UnsafeMutablePointer<platform_monitor>, capacity: Int,
    lanes: consuming OwnedArray<UnsafeMutablePointer<Lane>>,
    idle: consuming OwnedArray<UnsafeMutablePointer<Lane>>, counts: consuming OwnedArray<Counts>
  ) {
    counts.start.initialize(to: Counts())
    self.counts = counts
    self.monitor = monitor
    self.capacity = capacity
    self.lanes = lanes
    self.idle = idle
  }

  /// Nobody may be using a lane any more.
  deinit {
    for index in 0..<count.pointee.inherited { Lane.release(idle.start[index]) }
    for index in 0..<count.pointee.made {
      Lane.release(lanes.start[index])
    }
    platform_monitor_free(monitor)
  }

  /// A lane for the caller alone, or nil if none became free before `deadline` (monotonic
  /// milliseconds) or `shouldStop` said so, which is asked after each `wakeWaiters`.
  ///
  /// - Throws: `outOfMemory` or `internalFault` if a lane cannot be made.
  func acquire(
    for endpoint: borrowing Endpoint, deadline: Int64, shouldStop: () -> Bool
  ) throws(Failure) -> UnsafeMutablePointer<Lane>? {
    endInherited()
    platform_monitor_lock(monitor)
    while true {
      if shouldStop() {
        // The wake-up that ended our wait may have been meant for somebody who goes on.
        unlockAndWake()
        return nil
      }
      if count.pointee.idle > 0 {
        count.pointee.idle -= 1
        let lane = idle.start[count.pointee.idle]
        platform_monitor_unlock(monitor)
        return lane.pointee.isFit ? lane : try replace(lane, endpoint)
      }
      if count.pointee.made + count.pointee.making < capacity {
        count.pointee.making += 1
        platform_monitor_unlock(monitor)
        return try makeLane(to: endpoint)
      }
      guard platform_monotonic_milliseconds() < deadline else {
        platform_monitor_unlock(monitor)
        return nil
      }
      wait(until: deadline)
    }
  }

  /// Waits for a lane that becomes free, or until `deadline`, or for no reason. Within the lock.
  private func wait(until deadline: Int64) {
    count.pointee.waiting += 1
    platform_monitor_wait(monitor, deadline)
    count.pointee.waiting -= 1
    // Perhaps it was another one who was woken; then one more is, which does no harm.
    if count.pointee.woken > 0 { count.pointee.woken -= 1 }
  }

  /// Ends the lock, and wakes somebody if there is a place that nobody is on the way to. A caller that
  /// is quicker than the woken one may take it: to hand it over would leave it unused meanwhile.
  private func unlockAndWake() {
    let now = count.pointee
    let places = now.idle + capacity - now.made - now.making
    let wakes = now.waiting > now.woken && places > now.woken
    if wakes { count.pointee.woken += 1 }
    platform_monitor_unlock(monitor)
    if wakes { platform_monitor_wake_one(monitor) }
  }

  private func makeLane(to endpoint: borrowing Endpoint) throws(Failure)
    -> UnsafeMutablePointer<Lane>
  {
    let lane: UnsafeMutablePointer<Lane>
    do throws(Failure) { lane = try Lane.make(to: endpoint) } catch {
      platform_monitor_lock(monitor)
      count.pointee.making -= 1
      unlockAndWake()
      throw error
    }
    platform_monitor_lock(monitor)
    count.pointee.making -= 1
    lanes.start[count.pointee.made] = lane
    count.pointee.made += 1
    platform_monitor_unlock(monitor)
    return lane
  }

  /// Gives a lane back.
  func release(_ lane: UnsafeMutablePointer<Lane>) {
    platform_monitor_lock(monitor)
    idle.start[count.pointee.idle] = lane
    count.pointee.idle += 1
    unlockAndWake()
  }

  /// Makes everybody who waits for a lane look whether to stop.
  func wakeWaiters() {
    platform_monitor_lock(monitor)
    platform_monitor_wake_all(monitor)
    platform_monitor_unlock(monitor)
  }

  /// Makes everybody who waits for a lane or uses one look whether to stop. Here the lock is held
  /// across `wake`, which only writes to a pipe, so that no lane goes meanwhile.
  func wakeEverybody() {
    platform_monitor_lock(monitor)
    platform_monitor_wake_all(monitor)
    for index in 0..<count.pointee.made { lanes.start[index].pointee.wake() }
    platform_monitor_unlock(monitor)
  }

  /// Puts a new lane in the place of one that cannot be used again.
  private func replace(
    _ old: UnsafeMutablePointer<Lane>, _ endpoint: borrowing Endpoint
  ) throws(Failure) -> UnsafeMutablePointer<Lane> {
    var lane: UnsafeMutablePointer<Lane>?
    var failure: Failure?
    do throws(Failure) { lane = try Lane.make(to: endpoint) } catch { failure = error }
    platform_monitor_lock(monitor)
    for index in 0..<count.pointee.made where lanes.start[index] == old {
      if lane == nil { count.pointee.made -= 1 }
      lanes.start[index] = lane ?? lanes.start[count.pointee.made]
      break
    }
    unlockAndWake()
    Lane.release(old)
    if let lane { return lane }
    throw failure ?? .outOfMemory
  }

  // MARK: - Fork

  /// Nobody changes the pool from here to `afterFork…`.
  func beforeFork() { platform_monitor_lock(monitor) }

  func afterForkInParent() { platform_monitor_unlock(monitor) }

  /// The child begins without lanes. Those that were idle are ended later, in a call, where that is
  /// allowed; those in use by threads that the child does not have are in nobody knows what state,
  /// and only lose their connection.
  func afterForkInChild() {
    platform_monitor_reset(monitor)
    for index in 0..<count.pointee.made { lanes.start[index].pointee.detach() }
    // In a child that has made no call yet those of its own parent still stand there.
    count.pointee = Counts(inherited: count.pointee.inherited + count.pointee.idle)
  }

  private func endInherited() {
    while true {
      platform_monitor_lock(monitor)
      guard count.pointee.inherited > 0 else {
        platform_monitor_unlock(monitor)
        return
      }
      count.pointee.inherited -= 1
      let lane = idle.start[count.pointee.inherited]
      platform_monitor_unlock(monitor)
      Lane.release(lane)
    }
  }
}
