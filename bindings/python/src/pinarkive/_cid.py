"""Content identifiers."""

from __future__ import annotations

from ctypes import POINTER, byref, c_char_p, c_uint8, cast, string_at
from typing import Any

import pinarkive._abi as _abi
from ._arguments import text
from ._errors import InvalidContentError, raise_native
from ._library import library
from ._value import Value, certain_text, dataclass, optional_text


@dataclass(frozen=True, eq=False, repr=False)
class CID(Value):
    """A content identifier, taken apart: https://github.com/multiformats/cid

    Make one with :meth:`parse` or :meth:`from_bytes`. Two are equal if their bytes are, whatever
    their bases; a CIDv0 and the CIDv1 of the same content are not, but have the same ``v1``.

    ``str`` gives the CID in its own version and base, ``bytes`` gives it in binary.
    """

    __slots__ = (
        "_bytes",
        "_text",
        "base",
        "codec",
        "codec_name",
        "digest",
        "hash",
        "hash_name",
        "v0",
        "v1",
        "version",
    )

    _bytes: bytes
    _text: str

    version: int
    """0 or 1."""

    codec: int
    """The multicodec of the content, such as 0x70 (dag-pb) or 0x55 (raw)."""

    codec_name: str | None
    """The codec's name, such as ``"dag-pb"``, or None if this version knows none."""

    hash: int
    """The multihash code of the hash function, such as 0x12 (sha2-256)."""

    hash_name: str | None
    """The hash function's name, such as ``"sha2-256"``, or None."""

    digest: bytes
    """The hash: 20 to 128 bytes; from 0 on for the identity function, which hashes nothing."""

    base: str
    """The multibase of the text that was parsed, such as ``"base32"``; ``"base58btc"`` for a CIDv0,
    and ``"base32"`` for a CIDv1 that came as bytes."""

    v0: str | None
    """The same content as CIDv0, or None: only dag-pb with sha2-256 of 32 bytes has one."""

    v1: str
    """The same content as CIDv1 in lower-case base 32."""

    @classmethod
    def parse(cls, cid: str) -> CID:
        """Takes the text of a CID apart, without ``/ipfs/`` or path.

        Accepts CIDv0, and CIDv1 in every base of the multibase registry but identity, proquint and
        base45. Only canonical ones: no left-over bits, no numbers longer than needed, nothing behind.

        Raises:
            InvalidContentError: it is no CID; ``suggestion`` says what was meant, if certain.
        """
        native = library()
        content = text("cid", cid, InvalidContentError)
        error = POINTER(_abi.pk_error)()
        return _taken(native.pk_cid_parse(content, byref(error)), error)

    @classmethod
    def from_bytes(cls, cid: bytes) -> CID:
        """Takes a CID in binary apart, which has no multibase prefix.

        Raises:
            InvalidContentError: it is no CID.
        """
        native = library()
        binary = bytes(cid)
        error = POINTER(_abi.pk_error)()
        # The bytes may hold NUL: the length says where they end.
        start = cast(c_char_p(binary), POINTER(c_uint8))
        return _taken(native.pk_cid_from_bytes(start, len(binary), byref(error)), error)

    def format(self, base: str | None = None) -> str:
        """The CID in the base of that name, such as ``"base36"``. A CIDv0 is written as the CIDv1 of
        the same content. None: the CID in its own version and base.

        Raises:
            InvalidArgumentError: there is no such base.
        """
        if base is None:
            return self._text
        start = cast(c_char_p(self._bytes), POINTER(c_uint8))
        native = _abi.pk_cid(version=self.version, bytes=start, length=len(self._bytes))
        return _formatted(native, text("base", base))

    def __str__(self) -> str:
        return self._text

    def __bytes__(self) -> bytes:
        return self._bytes

    def __repr__(self) -> str:
        return f"CID.parse({self._text!r})"

    def __eq__(self, other: object) -> bool:
        return self._bytes == other._bytes if isinstance(other, CID) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._bytes)


def _taken(address: Any, error: Any) -> CID:
    native = library()
    if not address:
        raise_native(native, error)
    try:
        cid: _abi.pk_cid = address.contents
        base, v0, v1 = certain_text(cid.base), optional_text(cid.v0), certain_text(cid.v1)
        if cid.version == 0 and v0 is not None:
            own = v0
        else:
            own = v1 if base == "base32" else _formatted(cid, None)
        return CID(
            _bytes=string_at(cid.bytes, cid.length),
            _text=own,
            version=cid.version,
            codec=cid.codec,
            codec_name=optional_text(cid.codec_name),
            hash=cid.hash,
            hash_name=optional_text(cid.hash_name),
            digest=string_at(cid.digest, cid.digest_length),
            base=base,
            v0=v0,
            v1=v1,
        )
    finally:
        native.pk_free(address)


def _formatted(cid: _abi.pk_cid, base: bytes | None) -> str:
    native = library()
    error = POINTER(_abi.pk_error)()
    address: int | None = native.pk_cid_format(byref(cid), base, byref(error))
    if address is None:
        raise_native(native, error)
    try:
        return string_at(address).decode()
    finally:
        native.pk_free(address)
