/// The names of codecs and hash functions that are met in practice, and the digests' sizes.
/// Source: https://github.com/multiformats/multicodec/blob/master/table.csv
extension CID {
  static let dagPB: UInt64 = 0x70
  static let libp2pKey: UInt64 = 0x72
  static let identity: UInt64 = 0x00
  static let sha256: UInt64 = 0x12

  /// The registry's name of the codec, or nil where it is not one of those known here.
  package var codecName: StaticString? {
    switch codec {
    case 0x51: "cbor"
    case 0x55: "raw"
    case 0x70: "dag-pb"
    case 0x71: "dag-cbor"
    case 0x72: "libp2p-key"
    case 0x78: "git-raw"
    case 0x7b: "torrent-info"
    case 0x7c: "torrent-file"
    case 0x81: "blake3-hashseq"
    case 0x83: "leofcoin-block"
    case 0x85: "dag-jose"
    case 0x86: "dag-cose"
    case 0x90: "eth-block"
    case 0x91: "eth-block-list"
    case 0x92: "eth-tx-trie"
    case 0x93: "eth-tx"
    case 0x94: "eth-tx-receipt-trie"
    case 0x95: "eth-tx-receipt"
    case 0x96: "eth-state-trie"
    case 0x97: "eth-account-snapshot"
    case 0x98: "eth-storage-trie"
    case 0xb0: "bitcoin-block"
    case 0xb1: "bitcoin-tx"
    case 0xb2: "bitcoin-witness-commitment"
    case 0xc0: "zcash-block"
    case 0xc1: "zcash-tx"
    case 0x0129: "dag-json"
    case 0x0200: "json"
    case 0x0201: "messagepack"
    case 0x0202: "car"
    case 0x0300: "ipns-record"
    case 0xf101: "fil-commitment-unsealed"
    case 0xf102: "fil-commitment-sealed"
    default: nil
    }
  }

  /// The registry's name of the hash function, or nil where it is not one of those known here. Of
  /// the many sizes of BLAKE2 those in use are named.
  package var hashName: StaticString? {
    switch hash {
    case 0x00: "identity"
    case 0x11: "sha1"
    case 0x12: "sha2-256"
    case 0x13: "sha2-512"
    case 0x14: "sha3-512"
    case 0x15: "sha3-384"
    case 0x16: "sha3-256"
    case 0x17: "sha3-224"
    case 0x18: "shake-128"
    case 0x19: "shake-256"
    case 0x1a: "keccak-224"
    case 0x1b: "keccak-256"
    case 0x1c: "keccak-384"
    case 0x1d: "keccak-512"
    case 0x1e: "blake3"
    case 0x20: "sha2-384"
    case 0x56: "dbl-sha2-256"
    case 0xd4: "md4"
    case 0xd5: "md5"
    case 0x1012: "sha2-256-trunc254-padded"
    case 0x1013: "sha2-224"
    case 0x1014: "sha2-512-224"
    case 0x1015: "sha2-512-256"
    case 0x1052: "ripemd-128"
    case 0x1053: "ripemd-160"
    case 0x534d: "sm3-256"
    case 0xb214: "blake2b-160"
    case 0xb21c: "blake2b-224"
    case 0xb220: "blake2b-256"
    case 0xb230: "blake2b-384"
    case 0xb240: "blake2b-512"
    case 0xb254: "blake2s-160"
    case 0xb25c: "blake2s-224"
    case 0xb260: "blake2s-256"
    case 0xb401: "poseidon-bls12_381-a2-fc1"
    default: nil
    }
  }

  /// How many bytes the hash function makes at most. A digest may be cut shorter, never be longer.
  /// Functions of any length, and unknown ones, are only held to the 128 bytes of every digest.
  static func maximumDigestLength(of hash: UInt64) -> Int {
    switch hash {
    case 0x11, 0x1053: 20
    case 0x17, 0x1a, 0x1013, 0x1014: 28
    case 0x12, 0x16, 0x1b, 0x56, 0x1012, 0x1015, 0x534d, 0xb401: 32
    case 0x15, 0x1c, 0x20: 48
    case 0x13, 0x14, 0x1d: 64
    case 0xd4, 0xd5, 0x1052: 16
    // BLAKE2b of 1 to 64 bytes and BLAKE2s of 1 to 32 have a code for each length.
    case 0xb201...0xb240: Int(hash - 0xb200)
    case 0xb241...0xb260: Int(hash - 0xb240)
    default: maximumDigest
    }
  }
}
