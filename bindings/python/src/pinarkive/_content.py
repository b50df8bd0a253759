"""URLs of content at gateways. Pure: no client, no request; any thread, at any time."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from ctypes import POINTER, byref, c_char_p, c_void_p, pointer, string_at
from itertools import accumulate, repeat
from operator import add
from typing import TYPE_CHECKING, Any, Literal, TypedDict, cast

import pinarkive._abi as _abi
from ._arguments import text
from ._errors import InvalidArgumentError, InvalidContentError, PinarkiveError
from ._errors import exception_of, raise_native
from ._library import library
from ._value import MEMORY, Value, certain_text, dataclass, optional_text

if TYPE_CHECKING:
    from ctypes import _Pointer  # pyright: ignore[reportPrivateUsage]

    from typing_extensions import Unpack

    from ._values import Cluster

Style = Literal["path", "subdomain", "native"]
RootForm = Literal["automatic", "canonical", "given"]
Reason = Literal["asked for", "first cluster", "other cluster"]

_STYLES: dict[str, int] = {
    "path": _abi.PK_URL_PATH,
    "subdomain": _abi.PK_URL_SUBDOMAIN,
    "native": _abi.PK_URL_NATIVE,
}
_ROOT_FORMS: dict[str, int] = {
    "automatic": _abi.PK_ROOT_AUTOMATIC,
    "canonical": _abi.PK_ROOT_CANONICAL,
    "given": _abi.PK_ROOT_GIVEN,
}
_REASONS: dict[int, Reason] = {
    _abi.PK_REASON_ASKED_FOR: "asked for",
    _abi.PK_REASON_FIRST_CLUSTER: "first cluster",
    _abi.PK_REASON_OTHER_CLUSTER: "other cluster",
}

# How many URLs are made at a time: as much as fits into memory that is used again and again. Memory
# that is used for the first time costs more than the URLs.
BATCH = 1024

# How many pk_gateway_urls makes at most.
LIMIT = 1_000_000

# Where a list's text is. Read as a field it would end at its first NUL.
_TEXT_OFFSET: int = cast(Any, _abi.pk_url_list).text.offset


class URLOptions(TypedDict, total=False):
    """How a URL is made: the keyword arguments of every function that makes one."""

    style: Style
    """``"path"`` (default): ``https://GATEWAY/ipfs/CID/path``. ``"subdomain"``:
    ``https://CID.ipfs.GATEWAY/path``, where each content has a web origin of its own. ``"native"``:
    ``ipfs://CID/path``, without a gateway."""

    root_form: RootForm
    """How the CID or IPNS key is written. ``"automatic"`` (default): as given in a path, and in a
    form without upper case elsewhere. ``"canonical"``: as CIDv1 in lower-case base 32, an IPNS key
    in base 36. ``"given"``: as given."""

    download: bool
    """True to have the content saved, not shown (``download=true``)."""

    inline_names: bool
    """True to write DNSLink names as one label for a subdomain gateway of http too."""

    filename: str | None
    """The name under which the content is to be saved or shown. At most 1,024 bytes of UTF-8."""

    format: str | None
    """What the gateway is to answer: ``"raw"``, ``"car"``, ``"tar"``, ``"json"``, ``"cbor"``,
    ``"dag-json"``, ``"dag-cbor"`` or ``"ipns-record"``. Default: the content itself."""

    path: str | None
    """A path below the content, such as ``"a b/100%#1?.png"``. Its names are raw: what is special
    in a URL is escaped. At most 4,096 bytes of UTF-8."""


@dataclass(frozen=True)
class Candidate(Value):
    """A URL that may show the content: see :meth:`pinarkive.ClusterList.candidates`."""

    __slots__ = ("cluster_id", "cluster_label", "gateway_label", "order", "reason", "url")

    url: str
    """The URL to try."""

    cluster_id: str
    """The cluster's identifier."""

    cluster_label: str | None
    """The cluster's name for people, or None."""

    gateway_label: str | None
    """The gateway's name for people, or None."""

    order: int
    """The gateway's place among those of its cluster."""

    reason: Reason
    """Why it stands here: it is of the cluster that was asked for; of the first one that has any
    gateways, where none was asked for; or of another one."""


def gateway_url(base: str | None, content: str, **options: Unpack[URLOptions]) -> str:
    """The URL that shows a piece of content at a gateway, with the CID checked.

    Args:
        base: The gateway's base URL, such as ``gateway.base_url``; http or https, with or without
            ``/ipfs/`` at its end. None means ``https://gateway.pinarkive.com/ipfs/``.
        content: A CID or IPNS key (``bafy...``, ``Qm...``, ``k51...``) with path, query and
            fragment behind it; a content path (``/ipfs/CID``); an address (``ipfs://CID``,
            ``ipns://NAME``); or a gateway URL. Read as a URL is: ``?`` and ``#`` begin query and
            fragment, ``%XX`` is an escape.
        options: The members of :class:`pinarkive.URLOptions`.

    Raises:
        InvalidContentError: the content is none; ``suggestion`` says what was meant, if certain.
        InvalidArgumentError: the base is not such a URL, or an option cannot be right.
    """
    native = library()
    base_text = text("base", base)
    content_text = text("content", content, InvalidContentError)
    error = POINTER(_abi.pk_error)()
    address: int | None = native.pk_gateway_url(
        base_text, content_text, _native_options(**options), byref(error)
    )
    if address is None:
        raise_native(native, error)
    try:
        return string_at(address).decode()
    finally:
        native.pk_free(address)


def gateway_urls(
    base: str | None, contents: Iterable[str], **options: Unpack[URLOptions]
) -> list[str | PinarkiveError]:
    """The URLs of many pieces of content at once: much faster than :func:`gateway_url` for each.

    Content that is refused leaves the others whole: in its place stands the error that
    :func:`gateway_url` would have raised. At most 1,000,000 contents.

    Args:
        base: As for :func:`gateway_url`.
        contents: As for :func:`gateway_url`.
        options: The members of :class:`pinarkive.URLOptions`.

    Raises:
        InvalidArgumentError: the base or an option cannot be right, or there are too many contents.
    """
    base_text = text("base", base)
    native_options = _native_options(**options)
    if isinstance(contents, str):  # It would be taken for the list of its characters.
        raise TypeError("contents is one text, not many: give [content], or use gateway_url")
    given = list(contents)
    size = BATCH if len(given) <= LIMIT else len(given)  # That is refused.
    urls: list[str | PinarkiveError] = []
    # At least once: base and options are checked.
    for first in range(0, len(given) or 1, size):
        urls += _some_urls(base_text, given[first : first + size], first, native_options)
    return urls


def _some_urls(
    base: bytes | None,
    contents: list[str],
    first: int,
    options: _Pointer[_abi.pk_url_options],
) -> list[str | PinarkiveError]:
    native = library()
    prepared, refused = _prepare(contents, first)
    error = POINTER(_abi.pk_error)()
    result = native.pk_gateway_urls(
        base, prepared.pointers, len(contents), options, byref(error)
    )
    if not result:
        raise_native(native, error)
    try:
        urls = _texts(result.contents)
        if result.contents.error_count > 0:
            results = result.contents.results[: len(contents)]
            for place, url in enumerate(urls):
                if not url:
                    urls[place] = refused.get(place) or exception_of(
                        results[place].contents.error.contents
                    )
        return urls
    finally:
        native.pk_free(result)


def candidates(
    clusters: Sequence[Cluster],
    content: str,
    cluster: str | None = None,
    **options: Unpack[URLOptions],
) -> list[Candidate]:
    """What :meth:`pinarkive.ClusterList.candidates` does, for clusters of your own choice."""
    native = library()
    content_text = text("content", content, InvalidContentError)
    cluster_text = text("cluster", cluster)
    native_options = _native_options(**options)
    native_list = _native_list(clusters)
    error = POINTER(_abi.pk_error)()
    result = native.pk_candidates(
        byref(native_list), content_text, cluster_text, native_options, byref(error)
    )
    if not result:
        raise_native(native, error)
    try:
        found = result.contents
        return [_candidate(each.contents) for each in found.candidates[: found.count]]
    finally:
        native.pk_free(result)


def _native_options(
    *,
    style: Style = "path",
    root_form: RootForm = "automatic",
    download: bool = False,
    inline_names: bool = False,
    filename: str | None = None,
    format: str | None = None,  # noqa: A002 - the word of the gateways' specification
    path: str | None = None,
) -> _Pointer[_abi.pk_url_options]:
    options = _abi.PK_URL_OPTIONS_INIT()
    options.style = _number("style", style, _STYLES)
    options.root_form = _number("root_form", root_form, _ROOT_FORMS)
    options.download = bool(download)
    options.inline_names = bool(inline_names)
    options.filename = text("filename", filename)
    options.format = text("format", format)
    options.path = text("path", path)
    return pointer(options)


def _number(name: str, word: str, numbers: dict[str, int]) -> int:
    number = numbers.get(word)
    if number is None:
        raise InvalidArgumentError(f"{name} is {word!r}: give one of {', '.join(numbers)}")
    return number


class _Prepared:
    """Texts as C wants them: pointers into one piece of memory, which live as long as this."""

    def __init__(self, joined: bytes, lengths: Iterable[int], count: int) -> None:
        self._joined = c_char_p(joined)
        start = c_void_p.from_buffer(self._joined).value or 0
        # "L" has the size of a pointer, here and on every system with this library.
        places = array("L", accumulate(map(add, lengths, repeat(1)), initial=start))
        self._places = places
        self.pointers = (c_char_p * count).from_buffer(places)

    def leave_out(self, place: int) -> None:
        """Makes one of them NULL."""
        self._places[place] = 0


def _prepare(contents: list[str], first: int) -> tuple[_Prepared, dict[int, PinarkiveError]]:
    """The contents, and the errors of those that C would cut short."""
    try:
        joined = "\0".join(contents).encode()
    except (TypeError, UnicodeEncodeError):
        pass
    else:
        if joined.count(0) == max(len(contents) - 1, 0):
            lengths = contents if joined.isascii() else joined.split(b"\0")
            return _Prepared(joined, map(len, lengths), len(contents)), {}
    # At least one cannot be passed on, or is no text at all, which is a mistake in the program.
    encoded: list[bytes] = []
    refused: dict[int, PinarkiveError] = {}
    for place, content in enumerate(contents):
        try:
            encoded.append(text(f"contents[{first + place}]", content, InvalidContentError) or b"")
        except InvalidContentError as error:
            encoded.append(b"")
            refused[place] = error
    prepared = _Prepared(b"\0".join(encoded), map(len, encoded), len(contents))
    for place in refused:
        prepared.leave_out(place)
    return prepared, refused


def _texts(urls: _abi.pk_url_list) -> list[str | PinarkiveError]:
    """The URLs of a list; "" for those that were refused."""
    address = c_void_p.from_buffer(urls, _TEXT_OFFSET).value or 0
    text: bytes = MEMORY[address : address + urls.text_length]
    texts: list[Any] = text.decode().split("\0")
    del texts[-1]  # what is behind the last NUL
    return texts


def _native_list(clusters: Sequence[Cluster]) -> _abi.pk_cluster_list:
    """The part of a list that pk_candidates reads. It keeps alive what it points to."""
    made: list[_abi.pk_cluster] = []
    for cluster in clusters:
        gateways = [
            _abi.pk_gateway(
                base_url=text("base_url", gateway.base_url),
                label=text("label", gateway.label),
                order=gateway.order,
            )
            for gateway in cluster.gateways
        ]
        made.append(
            _abi.pk_cluster(
                id=text("id", cluster.id),
                label=text("label", cluster.label),
                gateway_count=len(gateways),
                gateways=_pointers(_abi.pk_gateway, gateways),
            )
        )
    return _abi.pk_cluster_list(count=len(made), clusters=_pointers(_abi.pk_cluster, made))


def _pointers(kind: Any, values: list[Any]) -> Any:
    array_of_pointers = cast(Any, POINTER(kind) * len(values))
    return array_of_pointers(*map(pointer, values))


def _candidate(native: _abi.pk_candidate) -> Candidate:
    return Candidate(
        url=certain_text(native.url),
        cluster_id=certain_text(native.cluster_id),
        cluster_label=optional_text(native.cluster_label),
        gateway_label=optional_text(native.gateway_label),
        order=native.order,
        reason=_REASONS.get(native.reason, "other cluster"),
    )
