import CPinarkive
import Pinarkive
import Testing

@testable import PinarkiveABI

struct ErrorResultTests {
  private func reported(_ failure: Failure) -> Reported? {
    var error: UnsafeMutablePointer<pk_error>?
    report(failure, to: &error)
    return Reported(taking: error)
  }

  @Test func aFailureBecomesAnErrorWithEveryField() {
    var failure = Failure(.rateLimited, "Wait {} s.", .number(7))
    failure.httpStatus = 429
    failure.noteRetryAfter(seconds: 7)
    let error = reported(failure)
    #expect(error?.status == status(PK_ERROR_RATE_LIMITED))
    #expect(error?.httpStatus == 429)
    #expect(error?.retryAfter == 7_000)
    #expect(error?.message == "Wait 7 s.")
    #expect(error?.code == nil)
    #expect(error?.required == nil)
  }

  @Test func withoutDetailsNothingOfTheServiceIsSaid() {
    #expect(
      reported(Failure(httpStatus: 401, ServiceError()))?.message.hasSuffix(" (HTTP 401).") == true)
    #expect(reported(Failure(.network, "Nothing."))?.message == "Nothing.")
  }

  @Test func aLongTextIsCutAtACharacter() {
    let long = String(repeating: "é", count: 2_000)
    long.withCString { start in
      let bytes = Bytes(cString: start, limit: 8192)
      let message = reported(Failure(.network, "x{}", .text(bytes)))?.message
      #expect(message == "x" + String(repeating: "é", count: 511))
    }
  }

  @Test func nobodyWantsToKnow() {
    report(Failure(.network, "Nobody."), to: nil)
    #expect(pk_gateway_url(nil, nil, nil, nil) == nil)
  }

  @Test func success() {
    var error: UnsafeMutablePointer<pk_error>?
    let url = pk_gateway_url(nil, "QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG", nil, &error)
    #expect(error == nil)
    #expect(url != nil)
    pk_free(url)
  }

  @Test func theErrorForNoMemoryIsNeverFreed() {
    let error = pinarkive_error_without_memory()
    for _ in 0..<3 { pk_free(error) }
    #expect(error?.pointee.status == status(PK_ERROR_OUT_OF_MEMORY))
    #expect(error.map { String(cString: $0.pointee.message) }?.isEmpty == false)
  }
}

/// The numbers and names of the C enum. A status that is added to it has to be added here.
struct StatusTests {
  @Test(
    arguments: [
      (PK_OK, "PK_OK", nil),
      (PK_ERROR_INVALID_ARGUMENT, "PK_ERROR_INVALID_ARGUMENT", .invalidArgument),
      (PK_ERROR_INVALID_CONTENT, "PK_ERROR_INVALID_CONTENT", .invalidContent),
      (PK_ERROR_CONFIGURATION, "PK_ERROR_CONFIGURATION", .configuration),
      (PK_ERROR_NETWORK, "PK_ERROR_NETWORK", .network),
      (PK_ERROR_TIMEOUT, "PK_ERROR_TIMEOUT", .timeout),
      (PK_ERROR_TLS, "PK_ERROR_TLS", .tls),
      (PK_ERROR_CANCELLED, "PK_ERROR_CANCELLED", .cancelled),
      (PK_ERROR_UNAUTHORIZED, "PK_ERROR_UNAUTHORIZED", .unauthorized),
      (PK_ERROR_FORBIDDEN, "PK_ERROR_FORBIDDEN", .forbidden),
      (PK_ERROR_MISSING_SCOPE, "PK_ERROR_MISSING_SCOPE", .missingScope),
      (PK_ERROR_NOT_FOUND, "PK_ERROR_NOT_FOUND", .notFound),
      (PK_ERROR_RATE_LIMITED, "PK_ERROR_RATE_LIMITED", .rateLimited),
      (PK_ERROR_SERVER, "PK_ERROR_SERVER", .server),
      (PK_ERROR_PROTOCOL, "PK_ERROR_PROTOCOL", .protocolViolation),
      (PK_ERROR_TOO_LARGE, "PK_ERROR_TOO_LARGE", .tooLarge),
      (PK_ERROR_OUT_OF_MEMORY, "PK_ERROR_OUT_OF_MEMORY", .outOfMemory),
      (PK_ERROR_INTERNAL, "PK_ERROR_INTERNAL", .internalFault),
    ] as [(pk_status, String, Status?)]) func theCEnumAndTheCoreAgree(
      number: pk_status, name: String, core: Status?
    )
  {
    #expect(String(cString: pk_status_name(status(number))) == name)
    #expect(Status(rawValue: status(number)) == core)
  }

  @Test(arguments: [-1, 18, 1_000, .min, .max] as [Int32])
  func anUnknownNumberHasANameToo(number: Int32) {
    #expect(String(cString: pk_status_name(number)) == "PK_ERROR_UNKNOWN")
    #expect(Status(rawValue: number) == nil)
  }
}

struct VersionTests {
  @Test func coreAndHeaderNameTheSameVersion() {
    let version = String(cString: pk_version())
    #expect(version == "\(Library.version)")
    #expect(version == PK_VERSION)
    #expect(pk_abi_version() == PK_ABI_VERSION)
  }

  @Test func theBuildInfoNamesWhatTheLibraryRunsOn() {
    let info = String(cString: pk_build_info())
    #expect(info.hasPrefix("libpinarkive/\(PK_VERSION) libcurl/"))
    #expect(info.contains(" jansson/2."))
    #expect(info.split(separator: " ").count == 4)
    #expect(pk_build_info() == pk_build_info())
  }
}
