import Testing

@testable import HeaderGenerator

struct CHeaderWriterTests {
  @Test func writesASmallManual() throws {
    let text = CHeaderWriter.text(of: try Samples.manual())
    #expect(
      text == firstPage + """


        #ifndef PINARKIVE_H
        #define PINARKIVE_H

        #include <stddef.h>
        #include <stdint.h>

        #ifdef __cplusplus
        extern "C" {
        #endif

        /* Things */

        /** The number. */
        #define PK_NUMBER 1

        /** A kind. */
        typedef enum pk_kind {
          /** Good. */
          PK_GOOD = 0,
          /** Bad,
              in two lines. */
          PK_BAD = 7
        } pk_kind;

        /** Hidden. */
        typedef struct pk_thing pk_thing;

        /** Options. */
        typedef struct pk_options {
          /** Its size. */
          size_t struct_size;
          /** A name. */
          const char *name;
          /** A number. */
          int64_t number;
          /** A list. */
          const pk_thing *const *things;
        } pk_options;

        /** The default of every option: `pk_options options = PK_OPTIONS_INIT;` */
        #define PK_OPTIONS_INIT {sizeof(pk_options), NULL, 0, NULL}

        /**
         * Makes a thing.
         *
         * Parameters:
         *   options  how.
         *   count    how many.
         *
         * Returns:   the thing.
         * Ownership: release it with pk_free.
         * Threads:   any.
         * Errors:    PK_BAD.
         * Since:     0.1.0
         */
        pk_thing *pk_thing_new(const pk_options *options, int32_t count);

        /**
         * The name.
         *
         * Returns:   constant text, not to be freed.
         * Threads:   any.
         * Errors:    none.
         * Since:     0.1.0
         */
        const char *pk_name(void);

        /**
         * Releases it.
         *
         * Parameters:
         *   result  what to release.
         *
         * Threads:   any.
         * Errors:    none.
         * Since:     0.1.0
         */
        void pk_free(void *result);

        #ifdef __cplusplus
        }  /* extern "C" */
        #endif

        #endif /* PINARKIVE_H */

        """)
  }

  @Test func initializerFollowsTheStruct() throws {
    let manual = try Samples.manual(
      replacing: "  int64_t number;", with: "  int64_t number;\n  /** New. */\n  int32_t added;")
    #expect(
      CHeaderWriter.text(of: manual).contains(
        "#define PK_OPTIONS_INIT {sizeof(pk_options), NULL, 0, 0, NULL}\n"))
  }

  @Test func breaksLongLines() {
    let words = String(repeating: "word ", count: 30)
    let type = CType(base: "pk_some_long_options", isConst: true, pointers: [.mutable])
    let function = Function(
      name: "pk_function", result: CType(base: "void"),
      parameters: ["first", "second", "third"].map { Parameter(name: $0, type: type) },
      documentation: Documentation(
        purpose: [words],
        parameters: [ParameterDocumentation(name: "first", text: words)],
        topics: [.threads: words]))
    let text = CHeaderWriter.text(of: Manual(items: [.function(function)]))
    #expect(
      text.contains(
        """
        void pk_function(const pk_some_long_options *first, const pk_some_long_options *second,
                         const pk_some_long_options *third);
        """))
    let full = String(repeating: " word", count: 17)
    #expect(text.contains("\n *   first \(full)\n *          word word"))
    #expect(text.contains("\n * Threads:  \(full)\n *            word word"))
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= maximumColumns })
  }

  @Test func firstPageFitsAndIsOneComment() {
    #expect(firstPage.hasPrefix("/*\n"))
    #expect(firstPage.hasSuffix("\n */"))
    #expect(firstPage.ranges(of: "*/").count == 1)
    #expect(firstPage.ranges(of: "/*").count == 1)
    let lines = firstPage.split(separator: "\n")
    #expect(lines.allSatisfy { $0.count <= maximumColumns })
    // A filter that drops # lines and extern "C" lines must leave the comment whole.
    #expect(lines.allSatisfy { !$0.hasPrefix("#") && !$0.contains("extern \"C\"") })
  }
}
