package pinarkive

// CID is a content identifier, taken apart: https://github.com/multiformats/cid. Make one with
// [ParseCID] or [CIDFromBytes]. It is immutable and ordinary Go memory.
//
// Two CIDs name the same bytes under the same version if their Bytes are equal, whatever their bases:
// see [CID.Equal].
type CID struct {
	version             int
	codec, hash         uint64
	codecName, hashName string
	base, text          string
	v0, v1              string
	bytes               string
	digestLength        int
}

// ParseCID takes the text of a CID apart, such as "bafy…" or "Qm…", without "/ipfs/" or path.
//
// It accepts CIDv0, and CIDv1 in every base of the multibase registry but identity, proquint and base45.
// Only canonical ones: no left-over bits, no numbers longer than needed, nothing behind the end.
//
// The error is an [*Error] with [ErrInvalidContent], perhaps with a Suggestion, or [ErrOutOfMemory], or
// [ErrConfiguration] where the library does not fit.
func ParseCID(text string) (CID, error) {
	if err := refuseNUL(ErrInvalidContent, "The CID", text); err != nil {
		return CID{}, err
	}
	return parseCID(text)
}

// CIDFromBytes takes a CID in binary apart, which has no multibase prefix. The errors are those of
// [ParseCID].
func CIDFromBytes(bytes []byte) (CID, error) { return cidFromBytes(bytes) }

// Version is 0 or 1.
func (c CID) Version() int { return c.version }

// Codec is the multicodec of the content, such as 0x70 (dag-pb) or 0x55 (raw).
func (c CID) Codec() uint64 { return c.codec }

// CodecName is the codec's name, such as "dag-pb", or "" if this version of the library knows none.
func (c CID) CodecName() string { return c.codecName }

// Hash is the multihash code of the hash function, such as 0x12 (sha2-256).
func (c CID) Hash() uint64 { return c.hash }

// HashName is the hash function's name, such as "sha2-256", or "" if this version of the library knows
// none.
func (c CID) HashName() string { return c.hashName }

// Digest is the hash: 20 to 128 bytes; from 0 on for the identity function, which hashes nothing.
func (c CID) Digest() []byte { return []byte(c.bytes[len(c.bytes)-c.digestLength:]) }

// Base is the name of the multibase of the text that was parsed, such as "base32"; "base58btc" for a
// CIDv0, and "base32" for a CIDv1 that came as bytes.
func (c CID) Base() string { return c.base }

// V0 is the same content as CIDv0, or "": only dag-pb with sha2-256 of 32 bytes has one.
func (c CID) V0() string { return c.v0 }

// V1 is the same content as CIDv1 in lower-case base 32.
func (c CID) V1() string { return c.v1 }

// Bytes is the CID in binary.
func (c CID) Bytes() []byte { return []byte(c.bytes) }

// Equal reports whether both are the same CID, whatever their bases. A CIDv0 and the CIDv1 of the same
// content are not: compare V1 for that.
func (c CID) Equal(other CID) bool { return c.bytes == other.bytes }

// String returns the CID in its own version and base; "" for CID{}.
func (c CID) String() string { return c.text }

// Format returns the CID in the base of that name, such as "base36". A CIDv0 is written as the CIDv1
// of the same content.
//
// The error is an [*Error] with [ErrInvalidArgument] for CID{} and an unknown base, or [ErrOutOfMemory].
func (c CID) Format(base string) (string, error) {
	if c.bytes == "" {
		return "", failure(ErrInvalidArgument, "The CID is empty: make it with ParseCID.", nil)
	}
	if err := refuseNUL(ErrInvalidArgument, "The base", base); err != nil {
		return "", err
	}
	return formatCID(c, base)
}

// MarshalText returns what String does, for encoding/json and its like.
func (c CID) MarshalText() ([]byte, error) { return []byte(c.text), nil }

// UnmarshalText does what [ParseCID] does; an empty text makes CID{}.
func (c *CID) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*c = CID{}
		return nil
	}
	parsed, err := ParseCID(string(text))
	if err == nil {
		*c = parsed
	}
	return err
}
