/// The body of an answer that is an error. An input is a key, a token and the body.
func runErrors(_ input: Bytes) -> Verdict {
  let parts = Parts(input, most: 3)
  // No other secret gets past the checks of a client's options.
  let key = parts[0].isVisibleASCII ? parts[0] : Bytes("")
  let token = parts[1].isVisibleASCII ? parts[1] : Bytes("")
  let body = parts[2]
  let said = ServiceError(body: body, secrets: Secrets(apiKey: key, bearerToken: token))
  said.code.withBytes { claimIsHarmless($0, key, token, most: 128) }
  said.required.withBytes { claimIsHarmless($0, key, token, most: 128) }
  said.message.withBytes { claimIsHarmless($0, key, token, most: 512) }
  claim((said.retryAfterSeconds ?? 0) >= 0, "the seconds to wait are not negative")

  var details = InlineText<1024>()
  for status in [400, 401, 403, 404, 410, 429, 503] as [Int32] {
    let failure = Failure(httpStatus: status, said)
    claim(failure.retryAfter >= -1 && failure.retryAfter <= 86_400_000, "a wait has bounds")
    failure.write(to: &details)
    said.writeDetails(httpStatus: status, to: &details)
    details.withBytes(claimIsText)
    details = InlineText<1024>()
  }

  let isEmpty = said.code.isEmpty && said.required.isEmpty && said.message.isEmpty
  let judge = Judge(body)
  claim(judge.isJSON || isEmpty && said.retryAfterSeconds == nil, "of no JSON nothing is taken")
  return isEmpty && said.retryAfterSeconds == nil ? .refused : .accepted
}

/// Where the body begins in an input.
func startOfErrorBody(_ input: Bytes) -> Int {
  guard let first = input.firstIndex(of: 0),
    let second = input.dropping(first + 1).firstIndex(of: 0)
  else { return 0 }
  return first + second + 2
}

private func claimIsHarmless(_ text: Bytes, _ key: Bytes, _ token: Bytes, most: Int) {
  claim(text.count <= most, "a text of the service is cut")
  claimIsText(text)
  for byte in text { claim(byte >= 0x20 && byte != 0x7F, "a text has no control characters") }
  for secret in [key, token] where isDistinct(secret) {
    claim(!contains(text, secret), "a secret is in no text")
  }
}

/// Whether a secret could not come about from "[key]", which stands for it, and what is around it.
private func isDistinct(_ secret: Bytes) -> Bool {
  secret.count >= 4 && secret.isVisibleASCII && secret.firstIndex(of: UInt8(ascii: "[")) == nil
    && secret.firstIndex(of: UInt8(ascii: "]")) == nil
}
