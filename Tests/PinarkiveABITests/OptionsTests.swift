import CPinarkive
import CPlatform
import Pinarkive
import Testing

@testable import PinarkiveABI

struct OptionsTests {
  /// Options whose every field is something else than its default.
  private func readWith(structSize: Int) -> pk_client_options? {
    var options = pk_client_options()
    memset(&options, 1, MemoryLayout<pk_client_options>.size)
    options.struct_size = structSize
    return try? read(&options, named: "pk_client_options", standard: pk_client_options())
  }

  private static let size = MemoryLayout<pk_client_options>.size

  @Test func everySizeFromTheFirstFieldToTheWholeIsRead() throws {
    for size in 8...Self.size {
      let read = try #require(readWith(structSize: size), "\(size)")
      // A field counts if the caller's struct holds all of it, and the word that it ends in.
      func has(_ field: PartialKeyPath<pk_client_options>, _ fieldSize: Int) throws -> Bool {
        let end = try #require(MemoryLayout<pk_client_options>.offset(of: field)) + fieldSize
        return (end + 7) & ~7 <= size & ~7
      }
      #expect((read.api_key != nil) == (try has(\.api_key, 8)), "\(size)")
      #expect((read.bearer_token != nil) == (try has(\.bearer_token, 8)), "\(size)")
      #expect((read.proxy != nil) == (try has(\.proxy, 8)), "\(size)")
      #expect((read.timeout_ms != 0) == (try has(\.timeout_ms, 8)), "\(size)")
      #expect((read.connect_timeout_ms != 0) == (try has(\.connect_timeout_ms, 8)), "\(size)")
      #expect((read.max_attempts != 0) == (try has(\.max_attempts, 4)), "\(size)")
      #expect((read.max_connections != 0) == (try has(\.max_connections, 4)), "\(size)")
    }
  }

  @Test(arguments: [0, 1, 7, size + 1, size + 8, 4096, .max, .min, -1])
  func anyOtherSizeIsRefused(size: Int) {
    #expect(readWith(structSize: size) == nil)
    let reported = makeClient { $0.struct_size = size }.error
    #expect(reported?.status == status(PK_ERROR_INVALID_ARGUMENT))
    #expect(reported?.message.contains("struct_size of pk_client_options") == true)
  }

  @Test func aSizeThatIsRefusedKeepsACallFromTheNetwork() throws {
    let client = try #require(makeClient().client)
    defer { pk_free(client) }
    var options = pk_call_options()
    var error: UnsafeMutablePointer<pk_error>?
    #expect(pk_list_clusters(client, &options, &error) == nil)
    let reported = Reported(taking: error)
    #expect(reported?.status == status(PK_ERROR_INVALID_ARGUMENT))
    #expect(reported?.message.contains("struct_size of pk_call_options") == true)
  }

  /// An old caller's struct ends where its memory does.
  @Test func nothingBehindASmallerStructIsRead() {
    let memory = UnsafeMutableRawPointer.allocate(byteCount: 16, alignment: 8)
    defer { memory.deallocate() }
    "sandbox".withCString { key in
      memory.storeBytes(of: 16, as: Int.self)
      memory.storeBytes(of: key, toByteOffset: 8, as: UnsafePointer<CChar>.self)
      let options = UnsafePointer(memory.assumingMemoryBound(to: pk_client_options.self))
      let copy = try? read(options, named: "", standard: pk_client_options())
      #expect(copy?.api_key == key)
      #expect(copy?.base_url == nil)
      #expect(copy?.max_connections == 0)
    }
  }

  @Test func noOptionsAreTheStandard() throws {
    var standard = pk_call_options()
    standard.timeout_ms = 7
    let copy = try read(nil as UnsafePointer<pk_call_options>?, named: "", standard: standard)
    #expect(copy.timeout_ms == 7)
  }

  @Test(
    arguments: [
      (-1, "timeout_ms"), (.min, "timeout_ms"),
    ] as [(Int64, String)]) func aBadNumberIsRefusedByName(value: Int64, name: String)
  {
    let reported = makeClient { $0.timeout_ms = value }.error
    #expect(reported?.status == status(PK_ERROR_INVALID_ARGUMENT))
    #expect(reported?.message == "\(name) is negative.")
  }

  /// The shortest text that is cut on its way in is still too long for every check.
  @Test func aTextOfAMegabyteIsRefusedAndNotCut() {
    let long = String(repeating: "a", count: 1 << 20)
    long.withCString { text in
      for reported in [
        makeClient { $0.api_key = text }.error, makeClient { $0.bearer_token = text }.error,
        makeClient { $0.user_agent = text }.error, makeClient { $0.base_url = text }.error,
        makeClient { $0.proxy = text }.error,
      ] {
        #expect(reported?.status == status(PK_ERROR_INVALID_ARGUMENT))
        #expect((reported?.message.utf8.count ?? 0) < 200)
      }
      #expect(makeClient { $0.ca_file = text }.error?.status == status(PK_ERROR_CONFIGURATION))
    }
  }
}
