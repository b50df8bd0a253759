/// The public interface as the manual tells it, from top to bottom. It knows nothing of how it was
/// read or how it will be written, so that each language's declarations come from the same values.
struct Manual: Equatable {
  var items: [Item]
}

/// One thing that stands in the manual.
enum Item: Equatable {
  /// A comment between the declarations, such as a chapter's title.
  case note(String)
  case declaration(Declaration)
  case initializer(Initializer)
  case function(Function)
}

/// A constant or type of the public interface.
struct Declaration: Equatable {
  var name: String
  var kind: Kind
  /// The declaration with its documentation as the types file has it: the C header repeats it.
  var source: String
  /// Where it stands in the types file, for messages.
  var line: Int

  enum Kind: Equatable {
    case constant(value: String)
    case enumeration([EnumerationValue])
    case structure([Field])
    /// A type that callers only hold pointers to.
    case opaque
  }
}

struct EnumerationValue: Equatable {
  var name: String
  var value: Int32
}

struct Field: Equatable {
  var name: String
  var type: CType
}

/// A macro that starts an options struct: its size first, then every field at its default.
struct Initializer: Equatable {
  var name: String
  var structure: String
  var fields: [Field]
}

/// An exported function.
struct Function: Equatable {
  var name: String
  var result: CType
  var parameters: [Parameter]
  var documentation: Documentation
}

struct Parameter: Equatable {
  var name: String
  var type: CType
}

/// What a function's documentation says, taken apart by topic.
struct Documentation: Equatable {
  /// Paragraphs.
  var purpose: [String] = []
  var parameters: [ParameterDocumentation] = []
  var returns: String?
  /// Keyed by `Topic`; a topic that the source leaves out is missing.
  var topics: [Topic: String] = [:]

  /// The topics that stand as `Name: text` in the source, in the order of the manual.
  enum Topic: String, CaseIterable {
    case ownership = "Ownership"
    case threads = "Threads"
    case errors = "Errors"
    case since = "Since"
  }
}

struct ParameterDocumentation: Equatable {
  var name: String
  var text: String
}
