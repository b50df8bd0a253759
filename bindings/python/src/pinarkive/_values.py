"""What a call returns: immutable values that do not depend on the library or the client."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, overload

from ._content import Candidate, URLOptions, candidates, gateway_url
from ._value import Value, certain_text, optional_text

if TYPE_CHECKING:
    from typing_extensions import Unpack

    import pinarkive._abi as _abi


@dataclass(frozen=True)
class Gateway(Value):
    """An HTTP gateway that shows the content of a cluster."""

    __slots__ = ("base_url", "label", "order", "public_url", "url")

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
class Cluster(Value):
    """A cluster that the account's plan allows."""

    __slots__ = ("country", "gateways", "id", "label", "region")

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
class ClusterList(Value, Sequence[Cluster]):
    """The clusters of an account, in the service's sequence, and how the answer was got."""

    __slots__ = ("age", "attempts", "clusters", "from_cache", "rate_limit", "raw")

    clusters: tuple[Cluster, ...]
    """The clusters. The list itself is a sequence of them, too."""

    raw: bytes
    """The body of the answer as it came (JSON), for members that this version does not know."""

    from_cache: bool
    """Whether this is an earlier answer that was kept: see ``cache_ttl`` of the client."""

    age: float
    """Seconds since the service gave this answer. 0 for a fresh one."""

    attempts: int
    """How many requests were made for this answer. More than 1: it was retried."""

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
        return self.clusters[index]

    def __len__(self) -> int:
        return len(self.clusters)

    def __iter__(self) -> Iterator[Cluster]:
        return iter(self.clusters)

    def __repr__(self) -> str:
        # Without raw, which may be a megabyte.
        return (
            f"ClusterList({list(self.clusters)!r}, from_cache={self.from_cache}, age={self.age}, "
            f"attempts={self.attempts}, {self.rate_limit!r})"
        )


def cluster_list(native: _abi.pk_cluster_list) -> ClusterList:
    """Copies the library's answer. A slice reads all pointers of an array at once."""
    return ClusterList(
        clusters=tuple(
            _cluster(pointer.contents) for pointer in native.clusters[: native.count]
        ),
        raw=native.json or b"",
        from_cache=native.from_cache != 0,
        age=native.age_ms / 1000,
        attempts=native.attempts,
        rate_limit=RateLimit(
            _known(native.rate_limit),
            _known(native.rate_limit_remaining),
            _known(native.rate_limit_reset),
        ),
    )


def _cluster(native: _abi.pk_cluster) -> Cluster:
    return Cluster(
        id=certain_text(native.id),
        label=optional_text(native.label),
        region=optional_text(native.region),
        country=optional_text(native.country),
        gateways=tuple(
            _gateway(pointer.contents) for pointer in native.gateways[: native.gateway_count]
        ),
    )


def _gateway(native: _abi.pk_gateway) -> Gateway:
    return Gateway(
        base_url=certain_text(native.base_url),
        public_url=optional_text(native.public_url),
        url=optional_text(native.url),
        label=optional_text(native.label),
        order=native.order,
    )


def _known(number: int) -> int | None:
    return number if number >= 0 else None
