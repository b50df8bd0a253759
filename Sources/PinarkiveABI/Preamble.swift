/// What stands before everything that the interface hands out, so that pk_free knows what it is
/// given. 16 bytes, which keeps what follows aligned as malloc aligns.
struct Preamble {
  enum Kind: UInt64 {
    // Numbers that memory does not hold by chance.
    case plain = 0x706B_706C_6169_6E01
    case client = 0x706B_636C_6965_6E02
    case cancellation = 0x706B_6361_6E63_6C03
  }

  static let size = 16

  private let kind: UInt64
  private let padding: UInt64 = 0

  init(_ kind: Kind) { self.kind = kind.rawValue }

  /// The kind of what a pk_ function returned, or nil if none did or it is gone.
  static func kind(of result: UnsafeRawPointer) -> Kind? { Kind(rawValue: number(of: result)) }

  /// Makes `kind(of:)` nil.
  static func clear(_ result: UnsafeMutableRawPointer) {
    (result - size).storeBytes(of: 0, as: UInt64.self)
  }

  static func isCleared(_ result: UnsafeRawPointer) -> Bool { number(of: result) == 0 }

  /// Where the memory of a result begins.
  static func start(of result: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer { result - size }

  private static func number(of result: UnsafeRawPointer) -> UInt64 {
    (result - size).load(as: UInt64.self)
  }
}
