import Testing

@testable import HeaderGenerator

struct CTypeTests {
  @Test(arguments: [
    ("int32_t status", "int32_t status"),
    ("char const * _Nullable name", "const char *name"),
    ("const char *name", "const char *name"),
    ("pk_error * _Nullable * _Nullable error", "pk_error **error"),
    ("const pk_cluster *const *clusters", "const pk_cluster *const *clusters"),
    ("char const * _Nullable const * _Nullable t", "const char *const *t"),
    ("void * _Nullable result", "void *result"),
  ])
  func readsBothOrdersOfConst(_ text: String, _ spelled: String) throws {
    let parsed = try #require(CType.parse(text))
    #expect(parsed.type.spelled(before: parsed.name) == spelled)
  }

  @Test(arguments: [
    "", "int32_t", "char const * _Nullable", "int a[2]", "int a : 2", "unsigned int a", "* a",
    "void (* f)(void)", "int 2a",
  ])
  func refusesEverythingElse(_ text: String) {
    #expect(CType.parse(text) == nil)
  }
}

struct TypesParserTests {
  @Test func readsDeclarationsInTheirOrder() throws {
    let types = try TypesParser.parse(Samples.types, file: "types.h")
    let names = types.entries.map { entry in
      switch entry {
      case .note(let text): text
      case .declaration(let declaration): declaration.name
      case .functions(let names, _): names.joined(separator: "+")
      case .initializer(let name, let structure, _): "\(name) of \(structure)"
      case .rawPointer(let function, let parameter, _): "\(function).\(parameter)"
      }
    }
    #expect(
      names == [
        "/* Things */", "PK_NUMBER", "pk_kind", "pk_thing", "pk_options",
        "PK_OPTIONS_INIT of pk_options", "pk_thing_new+pk_name", "pk_free.result", "pk_free",
      ])
  }

  @Test func readsWhatEachDeclarationHolds() throws {
    let types = try TypesParser.parse(Samples.types, file: "types.h")
    var kinds: [String: Declaration.Kind] = [:]
    for case .declaration(let declaration) in types.entries {
      kinds[declaration.name] = declaration.kind
    }
    #expect(kinds["PK_NUMBER"] == .constant(value: "1"))
    #expect(
      kinds["pk_kind"]
        == .enumeration([
          EnumerationValue(name: "PK_GOOD", value: 0), EnumerationValue(name: "PK_BAD", value: 7),
        ]))
    #expect(kinds["pk_thing"] == .opaque)
    #expect(
      kinds["pk_options"]
        == .structure([
          Field(name: "struct_size", type: CType(base: "size_t")),
          Field(name: "name", type: CType(base: "char", isConst: true, pointers: [.mutable])),
          Field(name: "number", type: CType(base: "int64_t")),
          Field(
            name: "things",
            type: CType(base: "pk_thing", isConst: true, pointers: [.const, .mutable])),
        ]))
  }

  @Test func keepsTheSourceAndItsPlace() throws {
    let types = try TypesParser.parse(Samples.types, file: "types.h")
    let declaration = try #require(
      types.entries.compactMap { entry -> Declaration? in
        if case .declaration(let declaration) = entry { declaration } else { nil }
      }.first)
    #expect(declaration.source == "/** The number. */\n#define PK_NUMBER 1")
    #expect(declaration.line == 7)
  }
}

struct CompilerHeaderParserTests {
  @Test func readsPrototypes() throws {
    let functions = try CompilerHeaderParser.parse(Samples.compilerHeader, file: "swift.h")
    #expect(functions.map(\.name) == ["pk_free", "pk_name", "pk_thing_new"])
    #expect(functions.map(\.result.spelled) == ["void", "const char *", "pk_thing *"])
    #expect(functions[1].parameters.isEmpty)
    #expect(
      functions[2].parameters.map { $0.type.spelled(before: $0.name) }
        == ["const pk_options *options", "int32_t count"])
  }

  @Test func takesDocumentationApart() throws {
    let functions = try CompilerHeaderParser.parse(Samples.compilerHeader, file: "swift.h")
    #expect(
      functions[2].documentation
        == Documentation(
          purpose: ["Makes a thing."],
          parameters: [
            ParameterDocumentation(name: "options", text: "how."),
            ParameterDocumentation(name: "count", text: "how many."),
          ],
          returns: "the thing.",
          topics: [
            .ownership: "release it with pk_free.", .threads: "any.", .errors: "PK_BAD.",
            .since: "0.1.0",
          ]))
  }

  @Test func takesOnlyTheCommentDirectlyBefore() throws {
    let text = """
      /// Of something else.

      SWIFT_EXTERN void pk_bare(void) SWIFT_NOEXCEPT;
      # define SWIFT_EXTERN extern
      """
    let functions = try CompilerHeaderParser.parse(text, file: "swift.h")
    #expect(functions.map(\.documentation) == [Documentation()])
  }
}

struct DocumentationParserTests {
  @Test func joinsLinesAndFindsParagraphs() throws {
    let long = String(repeating: "word ", count: 18) + "end."
    let documentation = try DocumentationParser.parse(
      ["Short.", long, "Sentence goes", "on.", "Threads: any", "number."], function: "pk_f")
    // The long line is full, so the compiler's comment says nothing about an end there.
    #expect(documentation.purpose == ["Short.", long + " Sentence goes on."])
    #expect(documentation.topics == [.threads: "any number."])
  }

  @Test func turnsTypographyIntoASCII() throws {
    let documentation = try DocumentationParser.parse(
      [
        " the gateway\u{2019}s \u{201C}bafy\u{2026}\u{201D}, <code>a < b</code> \u{2013} \u{2018}x\u{2019}\u{2014}y"
      ], function: "pk_f")
    #expect(documentation.purpose == ["the gateway's \"bafy...\", `a < b` -- 'x'---y"])
  }
}
