import Testing

@testable import HeaderGenerator

/// One change to the samples, and what the generator has to say about it.
struct Refusal: CustomTestStringConvertible, Sendable {
  var name: String
  var old: String
  var new: String
  var message: String

  var testDescription: String { name }

  init(_ name: String, _ old: String, _ new: String, _ message: String) {
    self.name = name
    self.old = old
    self.new = new
    self.message = message
  }
}

struct RefusalTests {
  @Test func acceptsTheSamplesUnchanged() throws {
    #expect(try Samples.manual().items.count == 9)
  }

  @Test(arguments: [
    Refusal("Int", "int32_t count", "NSInteger count", "pk_thing_new.count: NSInteger is Int"),
    Refusal("UInt", "int32_t count", "NSUInteger count", "pk_thing_new.count: NSUInteger is Int"),
    Refusal("unknown", "int32_t count", "BOOL count", "pk_thing_new.count: unknown type BOOL"),
    Refusal("char by value", "int32_t count", "char count", "unknown type char"),
    Refusal("enum", "int32_t count", "pk_kind count", "pk_thing_new.count: must be int32_t"),
    Refusal("struct by value", "int32_t count", "pk_options count", "must be passed by pointer"),
    Refusal(
      "undefined struct", "int32_t count", "pk_secret * _Nullable count",
      "pk_thing_new.count: pk_secret is not defined in types.h"),
    Refusal(
      "opaque pointer", "int32_t count", "void * _Nullable count",
      "pk_thing_new.count: void * hides a type"),
    Refusal(
      "opaque pointer returned", "pk_thing * _Nullable pk_thing_new",
      "void * _Nullable pk_thing_new", "the result of pk_thing_new: void * hides a type"),
    Refusal(
      "raw pointer not allowed", "/* @raw pk_free result */\n", "",
      "pk_free.result: void * hides a type"),
    Refusal(
      "const raw pointer", "void * _Nullable result", "void const * _Nullable result",
      "pk_free.result: void * hides a type"),
    Refusal(
      "callback", "int32_t count", "void (* _Nullable count)(int32_t)", "swift.h:32: not understood"
    ),
    Refusal("unnamed parameter", "int32_t count", "int32_t", "swift.h:32: not understood"),
    Refusal("two words", "int32_t count", "unsigned int count", "swift.h:32: not understood"),
    Refusal("field", "int64_t number;", "long number;", "pk_options.number: unknown type long"),
    Refusal(
      "enum field", "int64_t number;", "pk_kind number;", "pk_options.number: must be int32_t"),
  ])
  func stopsOnTypesThatCallersDoNotHave(_ refusal: Refusal) {
    expect(refusal)
  }

  @Test(arguments: [
    Refusal(
      "placed nowhere", "@functions pk_thing_new pk_name", "@functions pk_thing_new",
      "pk_name is exported, but no @functions in types.h places it"),
    Refusal(
      "not exported", "@functions pk_free", "@functions pk_free pk_gone",
      "types.h:37: pk_gone is placed here, but no such function is exported"),
    Refusal(
      "placed twice", "@functions pk_free", "@functions pk_free pk_name",
      "types.h:37: pk_name is placed twice"),
    Refusal(
      "placed twice in one line", "@functions pk_free", "@functions pk_free pk_free",
      "pk_free is placed twice"),
    Refusal(
      "raw pointer of nothing", "@raw pk_free result", "@raw pk_free thing",
      "types.h:36: @raw: no exported function pk_free has a raw pointer thing"),
    Refusal(
      "raw pointer that is none", "@raw pk_free result", "@raw pk_thing_new count",
      "types.h:36: @raw: no exported function pk_thing_new has a raw pointer count"),
    Refusal("unknown marker", "@raw pk_free", "@row pk_free", "types.h:36: unknown marker @row"),
    Refusal("empty marker", "@functions pk_free", "@functions", "wrong number of words"),
    Refusal("long marker", "@raw pk_free result", "@raw pk_free result x", "wrong number of words"),
    Refusal(
      "marker over two lines", "@functions pk_free", "@functions\npk_free",
      "a marker must be one line"),
    Refusal(
      "hidden marker", "/** A name. */", "/** @functions pk_free */", "the marker @functions"),
    Refusal("no beginning", "/* @manual */", "", "needs one line /* @manual */"),
    Refusal("no end", "/* @end */", "", "one line /* @end */"),
    Refusal(
      "initialiser of nothing", "INIT pk_options */", "INIT pk_thing */",
      "@initializer of pk_thing, which is not a struct of this file"),
    Refusal(
      "no size", "size_t struct_size", "size_t size",
      "pk_options must begin with size_t struct_size"),
    Refusal(
      "small size", "size_t struct_size", "int32_t struct_size",
      "pk_options must begin with size_t struct_size"),
  ])
  func stopsOnMarkersThatDoNotFit(_ refusal: Refusal) {
    expect(refusal)
  }

  @Test(arguments: [
    Refusal(
      "owned text is const", "pk_thing * _Nullable pk_thing_new",
      "char const * _Nullable pk_thing_new", "pk_thing_new: returns const char *, so Returns must"),
    Refusal(
      "borrowed text is not const", "char const * _Nonnull pk_name", "char * _Nonnull pk_name",
      "pk_name: returns char *, so Ownership must name pk_free"),
    Refusal(
      "borrowed text does not say so", "constant text, not to be freed", "constant text",
      "pk_name: returns const char *, so Returns must say \"not to be freed\""),
    Refusal(
      "owned struct is const", "pk_thing * _Nullable pk_thing_new",
      "pk_thing const * _Nullable pk_thing_new", "what the caller owns must not be const"),
    Refusal(
      "owned, but not to be freed", "/// the thing.", "/// the thing, not to be freed.",
      "pk_thing_new: returns pk_thing *, so Ownership must name pk_free"),
    Refusal(
      "owned without a word on it", "/// Ownership: release it with pk_free.\n", "",
      "pk_thing_new: returns pk_thing *, so Ownership must name pk_free"),
    Refusal(
      "array", "pk_thing * _Nullable pk_thing_new",
      "pk_thing * _Nullable * _Nullable pk_thing_new", "cannot return pk_thing **"),
  ])
  func stopsOnReturnsWhoseOwnerIsUnclear(_ refusal: Refusal) {
    expect(refusal)
  }

  @Test(arguments: [
    Refusal("purpose", "/// Makes a thing.\n", "", "pk_thing_new: does not document its purpose"),
    Refusal("threads", "/// Threads: any.\n", "", "does not document Threads"),
    Refusal("empty topic", "Threads: any.", "Threads:", "does not document Threads"),
    Refusal("errors", "/// Errors: none.\n", "", "does not document Errors"),
    Refusal("since", "/// Since: 0.1.0\n", "", "does not document Since"),
    Refusal("empty ownership", "Ownership: release it with pk_free.", "Ownership:", "Ownership"),
    Refusal(
      "returns", "/// returns:\n/// the thing.\n", "", "pk_thing_new: does not document Returns"),
    Refusal(
      "returns of void", "/// \\param result what to release.\n///",
      "/// \\param result what to release.\n///\n/// returns:\n/// nothing.",
      "pk_free: documents Returns, but returns nothing"),
    Refusal(
      "parameter", "/// \\param count how many.\n", "",
      "pk_thing_new: does not document the parameter count"),
    Refusal(
      "empty parameter", "\\param count how many.", "\\param count",
      "pk_thing_new: does not document the parameter count"),
    Refusal(
      "stale parameter", "/// \\param count how many.",
      "/// \\param count how many.\n///\n/// \\param old gone.", "documents parameters twice"),
    Refusal("topic twice", "/// Errors: PK_BAD.", "/// Errors: x.\n/// Errors: y.", "Errors twice"),
    Refusal(
      "topic within returns", "/// the thing.", "/// the thing.\n/// Since: 0.1.0",
      "pk_thing_new: needs an empty line before \"Since:\""),
    Refusal("stray", "how many.\n///", "how many.\n///\n/// stray", "belongs to no topic"),
    Refusal("list", "/// Makes a thing.", "/// Makes:\n/// <ul>", "documentation with \"<ul>\""),
    Refusal(
      "emphasis", "/// Makes a thing.", "/// Makes a <em>thing</em>.", "documentation with \"</\""),
    Refusal("code block", "/// Makes a thing.", "/// Makes\n/// \\code", "a code block"),
    Refusal("call-out", "/// Makes a thing.", "/// Makes\n/// note:\n/// x", "a call-out"),
    Refusal("end of comment", "Makes a thing.", "Makes a */ thing.", "documentation with \"*/\""),
  ])
  func stopsOnDocumentationThatIsNotComplete(_ refusal: Refusal) {
    expect(refusal)
  }

  @Test(arguments: [
    Refusal("attribute", "pk_name(void) ", "pk_name(void) SWIFT_NORETURN ", "swift.h:18: not"),
    Refusal("undocumented type", "/** Hidden. */\n", "", "without a /** */ comment before it"),
    Refusal("undocumented field", "  /** A name. */\n", "", "a member of pk_options needs a"),
    Refusal("gap", "/** Hidden. */\n", "/** Hidden. */\n\n", "not a declaration"),
    Refusal("array field", "int64_t number;", "int64_t number[2];", "not a member that pk_options"),
    Refusal("bit-field", "int64_t number;", "int64_t number : 2;", "not a member that pk_options"),
    Refusal("field without end", "int64_t number;", "int64_t number", "not a member that"),
    Refusal("value without a number", "PK_GOOD = 0,", "PK_GOOD,", "not a member that pk_kind may"),
    Refusal("number used twice", "PK_BAD = 7", "PK_BAD = 0", "a number stands twice"),
    Refusal("other name at the end", "} pk_kind;", "} pk_kinds;", "a member of pk_kind needs a"),
    Refusal("enum with a base", "typedef enum pk_kind {", "typedef enum pk_kind : int {", "not a"),
    Refusal("continued macro", "PK_NUMBER 1", "PK_NUMBER 1 \\", "not a declaration"),
    Refusal("union", "typedef struct pk_thing pk_thing;", "union pk_thing;", "not a declaration"),
    Refusal("code behind a comment", "/** Hidden. */", "/** Hidden. */ int x;", "must end where"),
    Refusal(
      "long line", "/** Hidden. */", "/** " + String(repeating: "x", count: 94) + " */",
      "longer than 100 columns"),
  ])
  func stopsOnWhatItDoesNotUnderstand(_ refusal: Refusal) {
    expect(refusal)
  }

  private func expect(_ refusal: Refusal) {
    #expect(Samples.contain(refusal.old), "the samples have nothing to replace")
    let error = #expect(throws: GeneratorError.self) {
      _ = try Samples.manual(replacing: refusal.old, with: refusal.new)
    }
    let message = error?.message ?? ""
    #expect(message.contains(refusal.message), "it said: \(message)")
  }
}
