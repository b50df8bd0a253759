"""The client, and what it shares with the one for asyncio."""

from __future__ import annotations

import os
from types import TracebackType
from typing import TYPE_CHECKING, NoReturn, TypeVar

from ._arguments import milliseconds
from ._native import Cancellation, NativeClient
from ._values import ClusterList

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor

Self = TypeVar("Self", bound="Client")


class ClientBase:
    """Holds the credentials, the settings and the kept-alive connections."""

    def __init__(
        self,
        *,
        api_key: str | None = None,
        bearer_token: str | None = None,
        base_url: str | None = None,
        user_agent: str | None = None,
        ca_file: str | os.PathLike[str] | None = None,
        proxy: str | None = None,
        timeout: float | None = None,
        attempt_timeout: float | None = None,
        connect_timeout: float | None = None,
        max_attempts: int | None = None,
        max_connections: int | None = None,
        cache_ttl: float | None = None,
        stale_if_error: float | None = None,
    ) -> None:
        """Makes a client. Opens no connection. None, or 0 for a number, means the default.

        Args:
            api_key: The API key. Default: ``$PINARKIVE_API_KEY``, unless ``bearer_token`` is given.
            bearer_token: An API key or session token (JWT), sent as ``Authorization: Bearer``. May
                be given together with ``api_key``; both are sent then.
            base_url: The base URL of the API: https, or http for a literal loopback address.
                Default: ``$PINARKIVE_API_URL``, else ``https://api.pinarkive.com/api/v3``.
            user_agent: The User-Agent header: at most 256 characters of printable ASCII.
            ca_file: A PEM file of the certificate authorities to trust, and of no others. Default:
                ``$SSL_CERT_FILE``, else ``$SSL_CERT_DIR``, else what the system trusts.
            proxy: The proxy's URL; ``""`` means none. Default: the usual environment variables,
                read once. The proxy never sees the key.
            timeout: Seconds for a whole call, everything included. Default 10. Times are brought
                into 0.1 to 120 seconds; negative ones are refused.
            attempt_timeout: Seconds for one request and its answer. Default 4.
            connect_timeout: Seconds for one connection, TLS included. Default 2.
            max_attempts: How often a request is tried at most: 1 to 10. Default 3.
            max_connections: How many connections are open at most: 1 to 64. Default 4.
            cache_ttl: Seconds for which an answer is kept and used again without a request, a tenth
                more or less. Default 0: none is kept. At most a week. Calls at the same time with
                such a client share one request.
            stale_if_error: Seconds after that for which the kept answer stands in when a request
                fails with a :exc:`NetworkError`, :exc:`CallTimeoutError`, :exc:`ServerError` or
                :exc:`RateLimitError`. Default 0: it does not.

        Raises:
            ConfigurationError: no key, a malformed one in the environment, no readable CA bundle.
            InvalidArgumentError: an argument cannot be right.
            LibraryError: the shared library is missing; the text says what to do.
        """
        self._native = NativeClient(
            api_key=api_key,
            bearer_token=bearer_token,
            base_url=base_url,
            user_agent=user_agent,
            ca_file=ca_file,
            proxy=proxy,
            timeout=timeout,
            attempt_timeout=attempt_timeout,
            connect_timeout=connect_timeout,
            max_attempts=max_attempts,
            max_connections=max_connections,
            cache_ttl=cache_ttl,
            stale_if_error=stale_if_error,
        )
        self._base_url = base_url
        self._pools: dict[int, ThreadPoolExecutor] = {}
        """The threads of an :class:`pinarkive.AsyncClient`, by the process that they are in."""

    @property
    def closed(self) -> bool:
        """Whether the client has been closed. A closed one makes no more calls."""
        return self._native.closed

    def __repr__(self) -> str:
        base_url = "" if self._base_url is None else f" base_url={self._base_url!r}"
        state = "closed" if self.closed else "open"
        return f"<pinarkive.{type(self).__name__} key=***{base_url} {state}>"

    def __reduce__(self) -> NoReturn:
        raise TypeError(
            f"a pinarkive.{type(self).__name__} cannot be pickled or copied: it holds a key and "
            "connections. Make one in each process; threads and forked children may share it"
        )


def _check(cancellation: object) -> None:
    if not isinstance(cancellation, Cancellation):
        kind = type(cancellation).__name__
        raise TypeError(f"cancellation must be a pinarkive.Cancellation, not {kind}")


class Client(ClientBase):
    """Lists the clusters of an account.

    Make one, keep it, share it: any number of threads may call with the same client at the same
    time, and a forked child may go on using it. It keeps its connections open for the next call.

        with pinarkive.Client() as client:
            for cluster in client.list_clusters():
                print(cluster.id)
    """

    def list_clusters(
        self,
        *,
        timeout: float | None = None,
        refresh: bool = False,
        cancellation: Cancellation | None = None,
    ) -> ClusterList:
        """Lists the clusters that the account's plan allows, each with its public gateways.

        Blocks until there is an answer, or the time is out. Ctrl-C ends it at once.

        Args:
            timeout: Seconds for this call, everything included. Default: the client's.
            refresh: Make a request even if a kept answer is still fresh.
            cancellation: Ends the call early when it is fired.

        Returns:
            The clusters. An account without clusters gives an empty list.

        Raises:
            PinarkiveError: one of its subclasses, for each way to fail.
        """
        limit = 0 if timeout is None else milliseconds("timeout", timeout)
        if cancellation is not None:
            _check(cancellation)
        return self._native.list_clusters(limit, refresh, cancellation)

    def close(self) -> None:
        """Closes the connections and forgets the key. Closing twice is fine.

        Calls that run in other threads end with :exc:`pinarkive.CallCancelledError`.
        """
        self._native.close()

    def __enter__(self: Self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()
