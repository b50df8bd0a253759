@testable import HeaderGenerator

/// Small inputs that the generator accepts. Each test of a refusal changes one thing in them, so
/// that it can only be refused for that.
enum Samples {
  static let types = """
    /* What stands here is not copied. */
    /* @manual */

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

    /* @initializer PK_OPTIONS_INIT pk_options */

    /* @functions pk_thing_new pk_name */
    /* @raw pk_free result */
    /* @functions pk_free */

    /* @end */
    Nor what stands here.
    """

  static let compilerHeader = """
    #if defined(__OBJC__)

    /// Releases it.
    /// Threads: any.
    /// Errors: none.
    /// Since: 0.1.0
    /// \\param result what to release.
    ///
    SWIFT_EXTERN void pk_free(void * _Nullable result) SWIFT_NOEXCEPT;

    /// The name.
    /// Threads: any.
    /// Errors: none.
    /// Since: 0.1.0
    ///
    /// returns:
    /// constant text, not to be freed.
    SWIFT_EXTERN char const * _Nonnull pk_name(void) SWIFT_NOEXCEPT SWIFT_WARN_UNUSED_RESULT;

    /// Makes a thing.
    /// Ownership: release it with pk_free.
    /// Threads: any.
    /// Errors: PK_BAD.
    /// Since: 0.1.0
    /// \\param options how.
    ///
    /// \\param count how many.
    ///
    ///
    /// returns:
    /// the thing.
    SWIFT_EXTERN pk_thing * _Nullable pk_thing_new(pk_options const * _Nullable options, int32_t count) SWIFT_NOEXCEPT SWIFT_WARN_UNUSED_RESULT;

    #endif
    """

  /// The manual of the samples, with one replacement in one of them.
  static func manual(
    replacing old: String = "", with new: String = ""
  ) throws(GeneratorError) -> Manual {
    try Manual(
      types: TypesParser.parse(replaced(types, old, new), file: "types.h"),
      functions: CompilerHeaderParser.parse(replaced(compilerHeader, old, new), file: "swift.h"))
  }

  private static func replaced(_ text: String, _ old: String, _ new: String) -> String {
    old.isEmpty ? text : text.replacing(old, with: new)
  }

  /// Whether a replacement changes anything; one that does not would test nothing.
  static func contain(_ text: String) -> Bool {
    types.contains(text) || compilerHeader.contains(text)
  }
}
