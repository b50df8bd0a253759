/// How an account behaves when a client asks for clusters.
indirect enum Behaviour: Sendable {
  /// Lists these clusters.
  case lists(ClusterList)
  /// Always gives this answer.
  case answers(Answer)
  /// The documented 429, with so many seconds to wait.
  case rateLimited(wait: Int)
  /// Does the same, later.
  case after(Duration, Behaviour)
  /// Each request takes the next of these; after the last comes the first.
  case cycles([Behaviour])
}

/// An account of the sandbox: one row of the table.
struct Account: Sendable {
  /// What the client sends.
  let key: String
  /// The line in `--help`.
  let summary: String
  let behaviour: Behaviour
  /// A session token: good in `Authorization` only, never as an API key.
  var isSession = false
  /// Writes `X-RateLimit-Reset` as ISO 8601, the other documented form.
  var resetsInISO8601 = false

  private init(_ key: String, _ summary: String, _ behaviour: Behaviour) {
    self.key = key
    self.summary = summary
    self.behaviour = behaviour
  }
}

extension Account {
  /// Every account of the sandbox; the keys, their behaviour and the help all come from here.
  ///
  /// - Parameter list: What an account without a peculiarity lists.
  static func table(listing list: ClusterList = .documented) -> [Account] {
    let lists = Behaviour.lists(list)
    var session = Account("sandbox-jwt", "like `sandbox`, as `Authorization: Bearer` only", lists)
    session.isSession = true
    var otherShape = Account(
      "sandbox-other-shape", "200, members id, label, region, country; reset time as ISO 8601",
      .lists(.otherShape))
    otherShape.resetsInISO8601 = true

    return [
      Account("sandbox", "200, the six documented clusters (or --clusters)", lists),
      session,
      Account("sandbox-no-clusters", "200, an empty list", .lists(.empty)),
      Account(
        "sandbox-no-gateways", "200, a cluster with no gateways, one without the member",
        .lists(.withoutGateways)),
      otherShape,
      Account(
        "sandbox-unknown-members", "200, unknown members at every level", .lists(.unknownMembers)),
      Account("sandbox-unicode", "200, labels with non-ASCII text and escapes", .lists(.unicode)),
      Account(
        "sandbox-order", "200, orders that tie, are negative, huge or missing", .lists(.orders)),
      Account("sandbox-no-slash", "200, bases without the last slash", .lists(.withoutSlash)),
      Account("sandbox-null-members", "200, members that are null", .lists(.nullMembers)),
      Account("sandbox-missing-scope", "403 missing_scope", .answers(.missingScope)),
      Account("sandbox-unverified", "403 email_not_verified", .answers(.unverified)),
      Account("sandbox-disabled", "403 account_disabled", .answers(.disabled)),
      Account("sandbox-plan-limit", "403 without a code", .answers(.planLimit)),
      Account("sandbox-expired", "401 UNAUTHORIZED", .answers(.expired)),
      Account("sandbox-bad-request", "400", .answers(.badRequest)),
      Account("sandbox-not-found", "404", .answers(.notFound)),
      Account("sandbox-gone", "410, as the old versions of the API", .answers(.oldVersion)),
      Account("sandbox-too-large", "413 FILE_TOO_LARGE", .answers(.tooLarge)),
      Account("sandbox-rate-limited", "429, wait 30 s", .rateLimited(wait: 30)),
      Account("sandbox-rate-limited-bare", "429 without a code, wait 30 s", .answers(.slowDown)),
      Account(
        "sandbox-rate-limited-once", "429 with 1 s to wait, then 200, and so on",
        .cycles([.rateLimited(wait: 1), lists])),
      Account("sandbox-error", "500", .answers(.broken)),
      Account("sandbox-down", "503", .answers(.down)),
      Account(
        "sandbox-flaky", "503, 503, then 200, and so on",
        .cycles([.answers(.down), .answers(.down), lists])),
      Account("sandbox-slow", "200 after 30 s", .after(.seconds(30), lists)),
      Account("sandbox-html", "200 with a page of HTML", .answers(.page)),
      Account("sandbox-empty", "200 with an empty body", .answers(.nothing)),
      Account("sandbox-redirect", "302 to a path that answers 404", .answers(.redirect)),
    ]
  }
}
