<?php

declare(strict_types=1);

namespace Pinarkive;

use Pinarkive\Internal\Native;

/**
 * A content identifier, taken apart: https://github.com/multiformats/cid
 *
 * Make one with parse() or fromBytes(). As a string it is the CID in its own version and base. A plain
 * value: copy, serialise and keep it.
 */
final class Cid implements \Stringable, \JsonSerializable
{
    /**
     * @internal
     *
     * @param int $version 0 or 1
     * @param int $codec the multicodec of the content, such as 0x70 (dag-pb) or 0x55 (raw)
     * @param string|null $codecName the codec's name, such as "dag-pb", where it is known
     * @param int $hash the multihash code of the hash function, such as 0x12 (sha2-256)
     * @param string|null $hashName the hash function's name, such as "sha2-256", where it is known
     * @param string $digest the hash in binary: 20 to 128 bytes; from 0 on for the identity function,
     *     which hashes nothing
     * @param string $base the multibase of the text that was parsed, such as "base32"; "base58btc" for
     *     a CIDv0, and "base32" for a CIDv1 that came as bytes
     * @param string|null $v0 the same content as CIDv0: only dag-pb with sha2-256 of 32 bytes has one
     * @param string $v1 the same content as CIDv1 in lower-case base 32
     * @param string $bytes the CID in binary
     * @param string $text the CID in its own version and base
     */
    public function __construct(
        public readonly int $version,
        public readonly int $codec,
        public readonly ?string $codecName,
        public readonly int $hash,
        public readonly ?string $hashName,
        public readonly string $digest,
        public readonly string $base,
        public readonly ?string $v0,
        public readonly string $v1,
        public readonly string $bytes,
        private readonly string $text,
    ) {
    }

    /**
     * Takes the text of a CID apart, without "/ipfs/" or path.
     *
     * Accepts CIDv0, and CIDv1 in every base of the multibase registry but identity, proquint and
     * base45. Only canonical ones: no left-over bits, no numbers longer than needed, nothing behind the
     * end.
     *
     * @throws Exception\InvalidContentException it is no CID
     * @throws Exception\LibraryException libpinarkive cannot be used here
     */
    public static function parse(string $text): self
    {
        return Native::get()->parseCid($text);
    }

    /**
     * Takes a CID in binary apart, which has no multibase prefix.
     *
     * @throws Exception\InvalidContentException it is no CID
     * @throws Exception\LibraryException libpinarkive cannot be used here
     */
    public static function fromBytes(string $bytes): self
    {
        return Native::get()->cidFromBytes($bytes);
    }

    /**
     * The CID in the base of that name, such as "base36". A CIDv0 is written as the CIDv1 of the same
     * content. Null: the CID in its own version and base.
     *
     * @throws Exception\InvalidArgumentException there is no such base
     * @throws Exception\LibraryException libpinarkive cannot be used here
     */
    public function format(?string $base = null): string
    {
        return $base === null ? $this->text : Native::get()->formatCid($this, $base);
    }

    /**
     * Whether both are the same CID, whatever their bases. A CIDv0 and the CIDv1 of the same content are
     * not: compare v1 for that.
     */
    public function equals(self $other): bool
    {
        return $this->bytes === $other->bytes;
    }

    public function __toString(): string
    {
        return $this->text;
    }

    public function jsonSerialize(): string
    {
        return $this->text;
    }
}
