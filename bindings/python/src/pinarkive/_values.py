"""What a call returns: immutable values that do not depend on the library or the client."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from ctypes import c_int32, c_int64, c_size_t
from itertools import islice
from struct import Struct
from typing import TYPE_CHECKING, Any, cast, overload

import pinarkive._abi as _abi
from ._content import Candidate, URLOptions, candidates, gateway_url
from ._value import MEMORY, Value, dataclass

if TYPE_CHECKING:
    from typing_extensions import Unpack

# How a pk_cluster_list is read: whole. Each field of its own would take as long.
_FIELDS = cast(Any, _abi.pk_cluster_list)._fields_
_NAMES: list[str] = [name for name, _ in _FIELDS]
_CODES = (kind._type_ if kind in (c_size_t, c_int32, c_int64) else "P" for _, kind in _FIELDS)
_unpack = Struct("@" + "".join(_CODES)).unpack_from

_TEXT, _TEXT_LENGTH = _NAMES.index("text"), _NAMES.index("text_length")
_JSON, _JSON_LENGTH = _NAMES.index("json"), _NAMES.index("json_length")
_FROM_CACHE, _AGE_MS, _ATTEMPTS = map(_NAMES.index, ("from_cache", "age_ms", "attempts"))
_RATE_LIMIT = [
    _NAMES.index(name) for name in ("rate_limit", "rate_limit_remaining", "rate_limit_reset")
]

# What nearly all numbers are: looked up in a third of the time that int takes.
_SMALL_NUMBERS = {str(number): number for number in range(64)}


# A frozen dataclass sets each field by a call of object.__setattr__, which is most of the time that
# a large list takes. So values of a list are made as what they are based on here, which has the same
# slots and is not frozen, and become values when they are complete.


class _GatewaySlots:
    __slots__ = ("base_url", "label", "order", "public_url", "url")

    base_url: str
    public_url: str | None
    url: str | None
    label: str | None
    order: int


class _ClusterSlots:
    __slots__ = ("country", "gateways", "id", "label", "region")

    id: str
    label: str | None
    region: str | None
    country: str | None
    gateways: tuple[Gateway, ...]


class Recent:
    """The clusters that were made last for a client. They hardly ever change, and are immutable: as
    long as the library says the same text, making them again is spared.
    """

    __slots__ = ("clusters",)

    def __init__(self) -> None:
        self.clusters: tuple[bytes, tuple[Cluster, ...]] = (b"", ())
        """The text, and what it says."""


class _ClusterListSlots:
    __slots__ = (
        "_made",
        "_numbers",
        "_recent",
        "_text",
        "age",
        "attempts",
        "clusters",
        "from_cache",
        "rate_limit",
        "raw",
    )

    clusters: tuple[Cluster, ...]
    raw: bytes
    from_cache: bool
    age: float
    attempts: int
    rate_limit: RateLimit

    _numbers: tuple[int, ...]
    """The fields of the pk_cluster_list, of which others are made when they are looked at."""

    _text: bytes | None
    """pk_cluster_list.text, until the clusters are looked at."""

    _recent: Recent

    _made: list[tuple[Cluster, ...]]
    """The clusters, as each thread made them that looked at the same time."""

    def _look(self) -> tuple[Cluster, ...]:
        """The clusters, which are made when they are looked at for the first time."""
        text = self._text
        if text is None:
            return self.clusters
        recent = self._recent.clusters
        if recent[0] != text:
            recent = self._recent.clusters = (text, _clusters(text))
        # Of threads that look at the same time, all get what was appended first.
        self._made.append(recent[1])
        clusters = self._made[0]
        object.__setattr__(self, "clusters", clusters)
        object.__setattr__(self, "_text", None)
        return clusters

    def _make(self, name: str) -> object:
        """What an empty slot is to hold."""
        if name == "clusters":
            return self._look()
        if name == "from_cache":
            return self._numbers[_FROM_CACHE] != 0
        if name == "age":
            return self._numbers[_AGE_MS] / 1000
        if name == "attempts":
            return self._numbers[_ATTEMPTS]
        if name == "rate_limit":
            return RateLimit(*(_known(self._numbers[place]) for place in _RATE_LIMIT))
        if name == "_numbers":  # Of a list that was made of its fields: all that it needs.
            return (len(self.clusters),)
        if name == "_text":  # The same.
            return None
        raise AttributeError(f"'ClusterList' object has no attribute {name!r}")


@dataclass(frozen=True)
class Gateway(_GatewaySlots, Value):
    """An HTTP gateway that shows the content of a cluster."""

    __slots__ = ()

    base_url: str
    """What a CID is appended to. An http or https URL that ends in ``/``."""

    public_url: str | None
    """The member ``publicUrl`` as the service gave it, or None."""

    url: str | None
    """The member ``url`` as the service gave it, or None. May be a plain-http node address."""

    label: str | None
    """The gateway's name for people, or None."""

    order: int
    """The place among the cluster's gateways, smallest first. 0 where the service gave none."""

    def url_for(self, content: str, **options: Unpack[URLOptions]) -> str:
        """The URL that shows a piece of content here: see :func:`pinarkive.gateway_url`."""
        return gateway_url(self.base_url, content, **options)


@dataclass(frozen=True)
class Cluster(_ClusterSlots, Value):
    """A cluster that the account's plan allows."""

    __slots__ = ()

    id: str
    """The cluster's identifier, such as ``"cl0-global"``."""

    label: str | None
    """The cluster's name for people, or None."""

    region: str | None
    """The cluster's region, or None."""

    country: str | None
    """The cluster's country, or None."""

    gateways: tuple[Gateway, ...]
    """The gateways, the preferred one first. May be empty. A gateway without a usable URL is left
    out here and only stands in :attr:`ClusterList.raw`."""


@dataclass(frozen=True)
class RateLimit(Value):
    """What the service said about how often it may be asked. None where it said nothing."""

    __slots__ = ("limit", "remaining", "reset")

    limit: int | None
    """Requests allowed in the present window."""

    remaining: int | None
    """Requests left in the present window."""

    reset: int | None
    """When the window ends, in seconds since 1970-01-01 UTC, as ``time.time()`` counts."""


@dataclass(frozen=True, repr=False)
class ClusterList(_ClusterListSlots, Value, Sequence[Cluster]):
    """The clusters of an account, in the service's sequence, and how the answer was got.

    The clusters are made when they are first looked at; counting them does not need that. Lists of
    one client whose answers say the same share them.
    """

    __slots__ = ()

    clusters: tuple[Cluster, ...]
    """The clusters. The list itself is a sequence of them, too."""

    raw: bytes
    """The body of the answer as it came (JSON), for members that this version does not know."""

    from_cache: bool
    """Whether this is an earlier answer that was kept: a fresh one, see ``cache_ttl`` of the client,
    or one that stands in for a request that failed, see ``stale_if_error``."""

    age: float
    """Seconds since a kept answer arrived. 0 for a new one."""

    attempts: int
    """How many requests were made for this answer: more than 1 if it was tried again, 0 if it was
    kept, also where it stands in for requests that failed."""

    rate_limit: RateLimit
    """What the service said about how often it may be asked."""

    def candidates(
        self, content: str, cluster: str | None = None, **options: Unpack[URLOptions]
    ) -> list[Candidate]:
        """The URLs to try for a piece of content, the best one first. Makes no request.

        First come the gateways of the cluster that is asked for, then those of the other clusters in
        the service's sequence, each by their order. A URL that several gateways have stands once, at
        its best place. A gateway that cannot make the URL is left out, such as one on an IP address
        for the style ``"subdomain"``; there may be none left.

        Args:
            content: As for :func:`pinarkive.gateway_url`.
            cluster: The identifier of the cluster that is to come first, or None.
            options: The members of :class:`pinarkive.URLOptions`. The style ``"native"`` is
                refused: it needs no gateway.

        Raises:
            InvalidContentError: the content is none; ``suggestion`` says what was meant, if certain.
            InvalidArgumentError: the list has no such cluster, or an option cannot be right.
        """
        return candidates(self.clusters, content, cluster, **options)

    @overload
    def __getitem__(self, index: int) -> Cluster: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[Cluster, ...]: ...

    def __getitem__(self, index: int | slice) -> Cluster | tuple[Cluster, ...]:
        return self._look()[index]

    def __len__(self) -> int:
        return self._numbers[0]  # count

    def __iter__(self) -> Iterator[Cluster]:
        return iter(self._look())

    def __repr__(self) -> str:
        # Without raw, which may be a megabyte.
        return (
            f"ClusterList({list(self.clusters)!r}, from_cache={self.from_cache}, age={self.age}, "
            f"attempts={self.attempts}, {self.rate_limit!r})"
        )


    if not TYPE_CHECKING:  # A type checker would take any name for an attribute.

        def __getattr__(self, name: str) -> object:
            """Makes a field that is looked at for the first time: its slot is still empty."""
            value = self._make(name)
            object.__setattr__(self, name, value)
            return value


def cluster_list(address: int, recent: Recent) -> ClusterList:
    """Copies the pk_cluster_list at an address. Nothing is made that may never be looked at."""
    memory = MEMORY
    numbers = _unpack(memory, address)
    text, json = numbers[_TEXT], numbers[_JSON]
    made: Any = _ClusterListSlots()
    made._numbers = numbers
    made._text = memory[text : text + numbers[_TEXT_LENGTH]]
    made._recent = recent
    made._made = []
    made.raw = memory[json : json + numbers[_JSON_LENGTH]]
    made.__class__ = ClusterList
    return cast(ClusterList, made)


def _clusters(text: bytes) -> tuple[Cluster, ...]:
    """The clusters of pk_cluster_list.text: five fields for each cluster and each gateway."""
    fields = iter(text.decode().split("\0"))
    rows = zip(fields, fields, fields, fields, fields)
    numbers = _SMALL_NUMBERS
    clusters: list[Any] = []
    for identifier, label, region, country, count in rows:
        gateways: list[Any] = []
        for base_url, public_url, url, name, order in islice(rows, int(count)):
            gateway: Any = _GatewaySlots()
            gateway.base_url = base_url
            gateway.public_url = base_url if public_url == "=" else _url(public_url)
            gateway.url = base_url if url == "=" else _url(url)
            gateway.label = name or None
            try:
                gateway.order = numbers[order]
            except KeyError:
                gateway.order = int(order)
            gateway.__class__ = Gateway
            gateways.append(gateway)
        cluster: Any = _ClusterSlots()
        cluster.id = identifier
        cluster.label = label or None
        cluster.region = region or None
        cluster.country = country or None
        cluster.gateways = tuple(gateways)
        cluster.__class__ = Cluster
        clusters.append(cluster)
    return tuple(clusters)


def _url(text: str) -> str | None:
    """A URL that is not the same as the base URL. One that begins with "=" has another in front."""
    return (text[1:] if text[0] == "=" else text) if text else None


def _known(number: int) -> int | None:
    return number if number >= 0 else None
