import Foundation

/// The documented limits, 100 requests a minute and 10 a second, for each key by itself.
///
/// Both windows are fixed: one opens with the first request after the last one closed. A request
/// that is refused counts in neither. Time comes from the caller, so a test need not wait.
struct RateLimiter: Sendable {
  /// The limits as they stand after a request.
  struct Reading: Equatable, Sendable {
    let limit: Int
    let remaining: Int
    /// When the window closes.
    let reset: Date
    /// Whole seconds to wait, if the request came too early.
    let wait: Int?
  }

  private struct Window {
    let limit: Int
    let length: TimeInterval
    var closes = Date.distantPast
    var used = 0

    /// Opens a new window if the old one has closed, or if the clock was set back before it.
    mutating func advance(to now: Date) {
      guard now >= closes || closes.timeIntervalSince(now) > length else { return }
      closes = now.addingTimeInterval(length)
      used = 0
    }
  }

  private struct Windows {
    var minute = Window(limit: 100, length: 60)
    var second = Window(limit: 10, length: 1)
  }

  private let isEnforced: Bool
  private var windows: [String: Windows] = [:]

  /// - Parameter isEnforced: If false, requests are only counted, down to zero and never refused.
  init(isEnforced: Bool) {
    self.isEnforced = isEnforced
  }

  /// Counts a request of a key.
  ///
  /// - Returns: The window that refuses it for longest, else what is left of the minute.
  mutating func admit(_ key: String, at now: Date) -> Reading {
    var state = windows[key, default: Windows()]
    state.minute.advance(to: now)
    state.second.advance(to: now)
    defer { windows[key] = state }

    for full in [state.minute, state.second] where isEnforced && full.used >= full.limit {
      let wait = max(1, Int(full.closes.timeIntervalSince(now).rounded(.up)))
      return Reading(limit: full.limit, remaining: 0, reset: full.closes, wait: wait)
    }
    state.minute.used = min(state.minute.used + 1, state.minute.limit)
    state.second.used += 1
    return Reading(
      limit: state.minute.limit, remaining: state.minute.limit - state.minute.used,
      reset: state.minute.closes, wait: nil)
  }

  /// Forgets every request.
  mutating func reset() { windows = [:] }
}
