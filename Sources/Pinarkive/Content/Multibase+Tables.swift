/// The digits of each base, and what each character is worth as a digit.
///
/// A table has 128 characters, one for each of ASCII: "0" for a digit of value 0, "1" for 1, and so
/// on up to "o" for 63; "~" for no digit. It is a `StaticString` because that is plain memory in the
/// library: a global array would be made on first use and guarded by a lock at each look. The unit
/// tests compare the tables with the digits.
extension Multibase {
  /// What the value of a character has beyond every digit.
  static let noDigit: UInt8 = 0x40

  /// The value of a digit, or one with `noDigit` in it. The caller looks at characters from 0x80.
  @inline(__always)
  static func value(of character: UInt8, in table: UnsafePointer<UInt8>) -> UInt8 {
    table[Int(character & 0x7F)] &- UInt8(ascii: "0")
  }

  var table: StaticString {
    switch self {
    case .base2, .base8, .base10, .base16, .base16upper, .base32hex, .base32hexupper, .base32hexpad,
      .base32hexpadupper, .base36, .base36upper:
      Self.tableOf36
    case .base32, .base32upper, .base32pad, .base32padupper: Self.tableOf32
    case .base32z: Self.tableOf32z
    case .base58btc: Self.tableOf58btc
    case .base58flickr: Self.tableOf58flickr
    case .base64, .base64pad: Self.tableOf64
    case .base64url, .base64urlpad: Self.tableOf64url
    case .base256emoji: ""
    }
  }

  var digits: StaticString {
    switch self {
    case .base2, .base8, .base10, .base16, .base32hex, .base32hexpad, .base36:
      "0123456789abcdefghijklmnopqrstuvwxyz"
    case .base16upper, .base32hexupper, .base32hexpadupper, .base36upper:
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    case .base32, .base32pad: "abcdefghijklmnopqrstuvwxyz234567"
    case .base32upper, .base32padupper: "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
    case .base32z: "ybndrfg8ejkmcpqxot1uwisza345h769"
    case .base58btc: "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
    case .base58flickr: "123456789abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ"
    case .base64, .base64pad: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    case .base64url, .base64urlpad:
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    case .base256emoji:
      """
      🚀🪐☄🛰🌌🌑🌒🌓🌔🌕🌖🌗🌘🌍🌏🌎🐉☀💻🖥💾💿😂❤😍🤣😊🙏💕😭😘👍\
      😅👏😁🔥🥰💔💖💙😢🤔😆🙄💪😉☺👌🤗💜😔😎😇🌹🤦🎉💞✌✨🤷😱😌🌸🙌\
      😋💗💚😏💛🙂💓🤩😄😀🖤😃💯🙈👇🎶😒🤭❣😜💋👀😪😑💥🙋😞😩😡🤪👊🥳\
      😥🤤👉💃😳✋😚😝😴🌟😬🙃🍀🌷😻😓⭐✅🥺🌈😈🤘💦✔😣🏃💐☹🎊💘😠☝\
      😕🌺🎂🌻😐🖕💝🙊😹🗣💫💀👑🎵🤞😛🔴😤🌼😫⚽🤙☕🏆🤫👈😮🙆🍻🍃🐶💁\
      😲🌿🧡🎁⚡🌞🎈❌✊👋😰🤨😶🤝🚶💰🍓💢🤟🙁🚨💨🤬✈🎀🍺🤓😙💟🌱😖👶\
      🥴▶➡❓💎💸⬇😨🌚🦋😷🕺⚠🙅😟😵👎🤲🤠🤧📌🔵💅🧐🐾🍒😗🤑🌊🤯🐷☎\
      💧😯💆👆🎤🙇🍑❄🌴💣🐸💌📍🥀🤢👅💡💩👐📸👻🤐🤮🎼🥵🚩🍎🍊👼💍📣🥂
      """
    }
  }

  /// Digits and letters in either case; a smaller base stops earlier.
  private static var tableOf36: StaticString {
    """
    ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~\
    ~~~~~~~~~~~~~~~~0123456789~~~~~~\
    ~:;<=>?@ABCDEFGHIJKLMNOPQRS~~~~~\
    ~:;<=>?@ABCDEFGHIJKLMNOPQRS~~~~~
    """
  }

  /// RFC 4648, in either case.
  static var tableOf32: StaticString {
    """
    ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~\
    ~~~~~~~~~~~~~~~~~~JKLMNO~~~~~~~~\
    ~0123456789:;<=>?@ABCDEFGHI~~~~~\
    ~0123456789:;<=>?@ABCDEFGHI~~~~~
    """
  }

  private static var tableOf32z: StaticString {
    """
    ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~\
    ~~~~~~~~~~~~~~~~~B~IJKNM7O~~~~~~\
    ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~\
    ~H1<3856LE9:~;2@=>4FAC~D?0G~~~~~
    """
  }

  static var tableOf58btc: StaticString {
    """
    ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~\
    ~~~~~~~~~~~~~~~~~012345678~~~~~~\
    ~9:;<=>?@~ABCDE~FGHIJKLMNOP~~~~~\
    ~QRSTUVWXYZ[~\\]^_`abcdefghi~~~~~
    """
  }

  private static var tableOf58flickr: StaticString {
    """
    ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~\
    ~~~~~~~~~~~~~~~~~012345678~~~~~~\
    ~RSTUVWXY~Z[\\]^~_`abcdefghi~~~~~\
    ~9:;<=>?@ABC~DEFGHIJKLMNOPQ~~~~~
    """
  }

  private static var tableOf64: StaticString {
    """
    ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~\
    ~~~~~~~~~~~n~~~odefghijklm~~~~~~\
    ~0123456789:;<=>?@ABCDEFGHI~~~~~\
    ~JKLMNOPQRSTUVWXYZ[\\]^_`abc~~~~~
    """
  }

  private static var tableOf64url: StaticString {
    """
    ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~\
    ~~~~~~~~~~~~~n~~defghijklm~~~~~~\
    ~0123456789:;<=>?@ABCDEFGHI~~~~o\
    ~JKLMNOPQRSTUVWXYZ[\\]^_`abc~~~~~
    """
  }
}
