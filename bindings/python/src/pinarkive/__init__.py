"""The clusters and gateways of a Pinarkive account, and the URLs of content at a gateway.

    import pinarkive

    with pinarkive.Client() as client:  # key from $PINARKIVE_API_KEY
        for cluster in client.list_clusters():
            for gateway in cluster.gateways:
                print(cluster.id, gateway.url_for("bafy..."))

The work is done by the shared library libpinarkive, which is loaded on first use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._abi import PK_VERSION as __version__
from ._cid import CID
from ._client import Client
from ._content import Candidate, URLOptions, candidates, gateway_url, gateway_urls
from ._errors import (
    CallCancelledError,
    CallTimeoutError,
    ConfigurationError,
    ForbiddenError,
    InternalError,
    InvalidArgumentError,
    InvalidContentError,
    LibraryError,
    MissingScopeError,
    NetworkError,
    NotFoundError,
    OutOfMemoryError,
    PinarkiveError,
    ProtocolError,
    RateLimitError,
    ServerError,
    TLSError,
    TooLargeError,
    UnauthorizedError,
)
from ._library import build_info, load_library
from ._native import Cancellation
from ._values import Cluster, ClusterList, Gateway, RateLimit

if TYPE_CHECKING:
    from ._async_client import AsyncClient

__all__ = [
    "CID",
    "AsyncClient",
    "CallCancelledError",
    "CallTimeoutError",
    "Cancellation",
    "Candidate",
    "Client",
    "Cluster",
    "ClusterList",
    "ConfigurationError",
    "ForbiddenError",
    "Gateway",
    "InternalError",
    "InvalidArgumentError",
    "InvalidContentError",
    "LibraryError",
    "MissingScopeError",
    "NetworkError",
    "NotFoundError",
    "OutOfMemoryError",
    "PinarkiveError",
    "ProtocolError",
    "RateLimit",
    "RateLimitError",
    "ServerError",
    "TLSError",
    "TooLargeError",
    "URLOptions",
    "UnauthorizedError",
    "__version__",
    "build_info",
    "candidates",
    "gateway_url",
    "gateway_urls",
    "load_library",
]


def __getattr__(name: str) -> Any:
    # asyncio takes longer to import than all the rest, and most programs do not need it.
    if name == "AsyncClient":
        from ._async_client import AsyncClient

        return AsyncClient
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
