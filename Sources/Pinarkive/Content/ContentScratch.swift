/// Memory on the stack for what the content functions work on, lent for one call: what a CID is
/// decoded to, the numbers behind base 58 and its like, and the text of a root that is written in
/// another base. Not cleared, because each part is written before it is read.
package struct ContentScratch {
  let bytes: UnsafeMutablePointer<UInt8>
  package let limbs: UnsafeMutablePointer<UInt64>
  /// Room for a CIDv1 of the maximum length in base 32 or base 36.
  let text: UnsafeMutablePointer<UInt8>

  private static let limbsOffset = Multibase.outputSize
  private static let textOffset = limbsOffset + Multibase.limbCount * MemoryLayout<UInt64>.stride
  /// A request of up to 1,024 bytes is met by the stack.
  private static let size = textOffset + 256

  private init(_ start: UnsafeMutableRawPointer) {
    bytes = start.assumingMemoryBound(to: UInt8.self)
    limbs = (start + Self.limbsOffset).assumingMemoryBound(to: UInt64.self)
    text = (start + Self.textOffset).assumingMemoryBound(to: UInt8.self)
  }

  /// Lends scratch memory to `body`.
  @inline(__always)
  package static func with<Result>(_ body: (ContentScratch) -> Result) -> Result {
    withUnsafeTemporaryAllocation(byteCount: size, alignment: 8) { memory in
      // Memory of more than no bytes has an address.
      body(ContentScratch(memory.baseAddress.unsafelyUnwrapped))
    }
  }
}
