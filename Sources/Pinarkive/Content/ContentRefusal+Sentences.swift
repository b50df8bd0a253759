extension ContentRefusal {
  /// What is wrong and what to do, around the number where there is one.
  var sentence: (before: StaticString, after: StaticString) {
    switch reason {
    case .empty: ("it is empty; give a CID.", "")
    case .tooLong: ("it is longer than 8,192 bytes; give a CID or its address alone.", "")
    case .notUTF8: ("it is not UTF-8; write its names in UTF-8, or as %XX.", "")
    case .surroundedBySpace: ("there is white space around it; take that away.", "")
    case .cidEmpty: ("there is nothing where the CID should be; give a CID.", "")
    case .cidTooLong: ("it is longer than any CID; copy the CID alone.", "")
    case .cidUnknownBase:
      (
        "it is not a CID, which begins with Qm (version 0) or a sign of its base, mostly b, z or k;",
        " copy it from its first character on."
      )
    case .cidCharacter:
      (
        "it is not a CID, because character number ",
        "; copy it again, the whole of it and nothing else."
      )
    case .cidIncomplete:
      ("a part of the CID is missing or was changed; copy the whole of it again.", "")
    case .version0Length:
      (
        "a CID that begins with Qm has 46 characters, this one has ",
        "; copy it again, the whole of it and nothing else."
      )
    case .version0Hash:
      (
        "a CID that begins with Qm holds a sha2-256 hash, this one does not;",
        " copy the whole of it again."
      )
    case .version0Prefixed:
      (
        "a CID of version 0 has no prefix and no other base; give it as Qm and 44 characters,",
        " or give the CID of version 1."
      )
    case .version0Lowercased:
      (
        "it is a CID of version 0 (Qm...) that lost its upper-case letters, as in a host name; copy",
        " it from its source, or use the CID of version 1 (b...), which survives that."
      )
    case .version:
      ("the CID's version is not 0 or 1, or it was changed; copy the whole of it again.", "")
    case .digestTooShort:
      ("the CID's hash has fewer than 20 bytes, too few to be safe; use another CID.", "")
    case .digestTooLong: ("the CID's hash has more than 128 bytes; use another CID.", "")
    case .digestLongerThanHash:
      ("the CID's hash is longer than its hash function makes it; copy it again.", "")
    case .trailingBytes: ("there is something behind the CID's end; copy the CID alone.", "")
    case .keyUnderIPFS:
      ("there is an IPNS key where a CID should be; write /ipns/ before a key.", "")
    case .nameUnderIPFS:
      ("there is a domain name where a CID should be; write /ipns/ before a domain name.", "")
    case .addressUnderIPFS:
      ("there is a whole address where a CID should be; give that address alone.", "")
    case .doubledPrefix: ("its /ipfs/ or /ipns/ is doubled; write it once.", "")
    case .neitherKeyNorName:
      (
        "there is neither a key nor a domain name where one should be; give a key (k51...) or a",
        " domain name in ASCII."
      )
    case .bareName:
      (
        "it is not a CID; write /ipns/ before a domain name, or https:// before the URL of a",
        " gateway."
      )
    case .otherPath: ("its path begins with neither /ipfs/ nor /ipns/; write /ipfs/CID.", "")
    case .otherScheme:
      ("its scheme names no content; give a CID, /ipfs/CID, ipfs://CID or a gateway's URL.", "")
    case .oneSlash: ("its scheme is not followed by just two slashes; write ipfs://CID.", "")
    case .dwebPath: ("its dweb: is not followed by /ipfs/ or /ipns/; write dweb:/ipfs/CID.", "")
    case .userinfo: ("its URL holds a user name or password; take that away.", "")
    case .hostCharacter:
      (
        "the host in its URL is missing or has a character that no host has; give the plain host.",
        ""
      )
    case .otherURL:
      (
        "its URL has neither /ipfs/ nor /ipns/ nor a CID in its host; give the URL of a gateway.",
        ""
      )
    case .dotSegment:
      (
        "its path has a \".\" or \"..\" at character number ",
        ", which could lead out of the CID; name the place without it."
      )
    case .control:
      (
        "its path has a control character, number ",
        "; take it away, or write it as %XX if the name really has it (NUL no name has)."
      )
    case .labelTooLong:
      ("the CID has more than the 63 characters of a part of a host name; use the path style.", "")
    case .nameTooLong:
      ("the name is too long for a host name with the gateway's behind it; use the path style.", "")
    }
  }
}

extension CID {
  /// Parses the text of a CID alone, and says what is wrong with it.
  package init(diagnosing text: Bytes, in scratch: ContentScratch) throws(ContentRefusal) {
    do throws(Problem) { self = try CID(text, in: scratch) } catch {
      throw ContentRefusal(error, text, of: text)
    }
  }

  /// Reads a CID in binary, and says what is wrong with it.
  package init(diagnosing bytes: Bytes) throws(ContentRefusal) {
    do throws(Problem) { self = try CID(binary: bytes) } catch {
      throw ContentRefusal(error, Bytes(""), of: Bytes(""))
    }
  }
}
