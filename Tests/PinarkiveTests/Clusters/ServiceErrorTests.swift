import Testing

@testable import Pinarkive

/// What is taken over from the body of an error.
struct ServiceErrorTests {
  private struct Said: Equatable {
    var code = ""
    var message = ""
    var required = ""
    var seconds: Int64?
  }

  private func said(_ body: String, key: String = "") -> ServiceError {
    withBytes(body, key) { ServiceError(body: $0, secrets: Secrets(apiKey: $1)) }
  }

  @Test(arguments: [
    (
      #"{"error":"Unauthorized","message":"Invalid or missing API key","code":"INVALID_API_KEY"}"#,
      Said(code: "INVALID_API_KEY", message: "Invalid or missing API key")
    ),
    (
      #"{"error":"Forbidden","message":"m","code":"missing_scope","required":"cluster:read"}"#,
      Said(code: "missing_scope", message: "m", required: "cluster:read")
    ),
    (
      #"{"message":"m","code":"email_not_verified","canResendVerification":true}"#,
      Said(code: "email_not_verified", message: "m")
    ),
    (
      #"{"error":"api_version_deprecated","message":"m","currentApiBase":"/api/v3"}"#,
      Said(code: "api_version_deprecated", message: "m")
    ),
    // A code is not said twice.
    (#"{"error":"2fa_required"}"#, Said(code: "2fa_required")),
    (#"{"error":"Unauthorized"}"#, Said(message: "Unauthorized")),
    (#"{"error":"not a_code"}"#, Said(message: "not a_code")),
    (#"{"error":"Gone","code":"x"}"#, Said(code: "x", message: "Gone")),
    (
      #"{"message":"m","code":"RATE_LIMIT","retryAfter":30,"limit":100,"remaining":0}"#,
      Said(code: "RATE_LIMIT", message: "m", seconds: 30)
    ),
    (#"{"retryAfter":0}"#, Said(seconds: 0)),
    (#"{"retryAfter":99999999999}"#, Said(seconds: 99_999_999_999)),
    (#"{"retryAfter":-1}"#, Said()),
    (#"{"retryAfter":1.5}"#, Said()),
    (#"{"retryAfter":"30"}"#, Said()),
    (#"{"retryAfter":null}"#, Said()),
    (#"{"message":5,"code":[],"required":{},"error":null}"#, Said()),
    (#"{"message":"","code":"","error":""}"#, Said()),
    (#"{"message":"a\u001b[31mb\n\u202ec"}"#, Said(message: "a [31mb  c")),
    ("{}", Said()),
    ("[]", Said()),
    (#"["error"]"#, Said()),
    (#"[{"message":"m"}]"#, Said()),
    ("", Said()),
    ("null", Said()),
    (#""Unauthorized""#, Said()),
    ("<html><body>502 Bad Gateway</body></html>", Said()),
    (#"{"message":"m""#, Said()),
    (#"{"message":"m","message":"n"}"#, Said()),
  ]) private func isRead(body: String, expected: Said) {
    let said = said(body)
    #expect(
      Said(
        code: said.code.string, message: said.message.string, required: said.required.string,
        seconds: said.retryAfterSeconds) == expected)
  }

  @Test func aMessageOfAMegabyteIsCutTo512Bytes() {
    let said = said(#"{"message":"\#(String(repeating: "é", count: 1 << 19))x","code":"c"}"#)
    #expect(said.message.string == String(repeating: "é", count: 256))
    #expect(said.code.string == "c")
  }

  @Test func aLongCodeIsCutTo128Bytes() {
    let long = String(repeating: "c", count: 1_000)
    let said = said(#"{"code":"\#(long)","required":"\#(long)"}"#)
    #expect(said.code.string == String(repeating: "c", count: 128))
    #expect(said.required.string == String(repeating: "c", count: 128))
  }

  @Test func theKeyIsInNoMember() {
    let body = #"{"error":"K-1","code":"K-1","required":"K-1","message":"key \u004b-1 is bad"}"#
    let said = said(body, key: "K-1")
    #expect(said.code.string == "[key]")
    #expect(said.required.string == "[key]")
    #expect(said.message.string == "key [key] is bad")
  }

  @Test(arguments: [
    (#"{"message":"m","code":"c"}"#, " (HTTP 403, c: m)."),
    (#"{"message":"m"}"#, " (HTTP 403: m)."),
    (#"{"code":"c"}"#, " (HTTP 403, c)."),
    ("", " (HTTP 403)."),
  ]) func detailsAreWhatWasSaid(body: String, expected: String) {
    var text = InlineText<64>()
    said(body).writeDetails(httpStatus: 403, to: &text)
    #expect(text.string == expected)
  }
}

/// What an answer means that is not a 200.
struct AnswerFailureTests {
  @Test(
    arguments: [
      (400, "", .protocolViolation),
      (400, #"{"error":"2fa_required"}"#, .protocolViolation),
      (401, "", .unauthorized),
      (401, #"{"code":"INVALID_API_KEY"}"#, .unauthorized),
      (401, #"{"code":"UNAUTHORIZED"}"#, .unauthorized),
      (401, #"{"code":"missing_scope"}"#, .unauthorized),
      (403, "", .forbidden),
      (403, "<html>", .forbidden),
      (403, #"{"code":"missing_scope","required":"cluster:read"}"#, .missingScope),
      (403, #"{"error":"missing_scope"}"#, .missingScope),
      (403, #"{"code":"MISSING_SCOPE"}"#, .forbidden),
      (403, #"{"code":"email_not_verified"}"#, .forbidden),
      (403, #"{"code":"account_disabled"}"#, .forbidden),
      (404, "", .notFound),
      (405, "", .protocolViolation),
      (407, "", .network),
      (408, "", .timeout),
      (410, #"{"error":"api_version_deprecated"}"#, .configuration),
      (413, #"{"code":"FILE_TOO_LARGE"}"#, .tooLarge),
      (418, "", .protocolViolation),
      (429, #"{"code":"RATE_LIMIT"}"#, .rateLimited),
      (429, "", .rateLimited),
      (500, "", .server),
      (502, "<html>", .server),
      (503, "", .server),
      (504, "", .server),
      (599, "", .server),
      (600, "", .protocolViolation),
      (0, "", .protocolViolation),
      (101, "", .protocolViolation),
      (201, "[]", .protocolViolation),
      (204, "", .protocolViolation),
      (301, "", .protocolViolation),
      (302, "", .protocolViolation),
      (304, "", .protocolViolation),
      (307, "", .protocolViolation),
    ] as [(Int32, String, Status)]) func aStatusIsAFailure(
      httpStatus: Int32, body: String, expected: Status
    )
  {
    withBytes(body) { body in
      let said = ServiceError(body: body, secrets: Secrets())
      let failure = Failure(httpStatus: httpStatus, said)
      #expect(failure.status == expected)
      #expect(failure.httpStatus == httpStatus)
      #expect(failure.hasDetails)
      #expect(failure.retryAfter == -1)
      let message = Reported(failure, said).message
      #expect(message.contains("(HTTP \(httpStatus)"))
      #expect(message.hasSuffix(")."))
    }
  }

  @Test(
    arguments: [
      (403, #"{"code":"missing_scope"}"#, "lacks a scope"),
      (403, #"{"code":"email_not_verified"}"#, "e-mail address is not verified"),
      (403, #"{"code":"account_disabled"}"#, "is disabled"),
      (403, "", "what its plan allows"),
      (401, "", "check PINARKIVE_API_KEY or api_key"),
      (404, "", "ends in /api/v3"),
      (410, "", "ends in /api/v3"),
      (302, "", "redirect, which is not followed"),
      (429, "", "wait before the next call"),
      (503, "", "try again later"),
    ] as [(Int32, String, String)]) func theSentenceSaysWhatToDo(
      httpStatus: Int32, body: String, part: String
    )
  {
    withBytes(body) { body in
      let said = ServiceError(body: body, secrets: Secrets())
      #expect(Reported(Failure(httpStatus: httpStatus, said), said).message.contains(part))
    }
  }

  @Test(
    arguments: [
      (#"{"retryAfter":30}"#, 30_000), (#"{"retryAfter":0}"#, 0),
      (#"{"retryAfter":99999999999}"#, 86_400_000), (#"{"retryAfter":-3}"#, -1),
    ] as [(String, Int64)]) func theWaitThatTheBodyNamesIsTakenOver(body: String, expected: Int64)
  {
    withBytes(body) { body in
      for httpStatus: Int32 in [429, 503] {
        let said = ServiceError(body: body, secrets: Secrets())
        #expect(Failure(httpStatus: httpStatus, said).retryAfter == expected)
      }
    }
  }
}
