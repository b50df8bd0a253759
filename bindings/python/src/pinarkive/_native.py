"""What the library hands out for something that lives on: clients and cancellations."""

from __future__ import annotations

import os
import threading
import weakref
from ctypes import CDLL, POINTER, byref
from typing import TYPE_CHECKING, Any, NoReturn

import pinarkive._abi as _abi
from ._arguments import count, milliseconds, path, text
from ._errors import InvalidArgumentError, OutOfMemoryError, raise_native
from ._library import library
from ._values import ClusterList, cluster_list

if TYPE_CHECKING:
    from ctypes import _Pointer  # pyright: ignore[reportPrivateUsage]


def _free_here(native: CDLL, pointer: _Pointer[Any], process: int) -> None:
    """The finalizer of a handle. It also runs in a forked child, where the handle is the parent's:
    a lock of the library may be held there by a thread that the child does not have."""
    if os.getpid() == process:
        native.pk_free(pointer)


class Cancellation:
    """A way to end one call from another thread.

    Hand it to :meth:`pinarkive.Client.list_clusters`, and call :meth:`cancel` from any thread. It
    stays fired: use a new one for each call. Ctrl-C, and cancelling the task of an
    :class:`pinarkive.AsyncClient`, need none.
    """

    __slots__ = ("__weakref__", "_finalizer", "_library", "pointer")

    def __init__(self) -> None:
        self._library = library()
        self.pointer: _Pointer[_abi.pk_cancellation] = self._library.pk_cancellation_new()
        """For this package alone."""
        if not self.pointer:
            raise OutOfMemoryError("out of memory: free some, then call again")
        self._finalizer = weakref.finalize(
            self, _free_here, self._library, self.pointer, os.getpid()
        )

    def cancel(self) -> None:
        """Ends the call with :exc:`pinarkive.CallCancelledError`, within 50 ms.

        A call that has already ended is not changed; one that starts later ends at once. Calling
        this again does nothing. Not for signal handlers.
        """
        self._library.pk_cancel(self.pointer)

    def free(self) -> None:
        """For this package alone: after the last use.

        The finalizer would do it, too. But Python drops what a signal handler raises in there, and
        with it a Ctrl-C.
        """
        if self._finalizer.detach() is not None:
            self._library.pk_free(self.pointer)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a pinarkive.Cancellation cannot be pickled or copied: make another one")


class NativeClient:
    """A pk_client, which is freed when it is closed and the last call with it has left.

    The library would bear an earlier end. But it uses the memory of a freed client for the next
    one, and a call that is just about to enter must not reach that, because it has another key.
    """

    def __init__(
        self,
        *,
        api_key: str | None,
        bearer_token: str | None,
        base_url: str | None,
        user_agent: str | None,
        ca_file: str | os.PathLike[str] | None,
        proxy: str | None,
        timeout: float | None,
        attempt_timeout: float | None,
        connect_timeout: float | None,
        max_attempts: int | None,
        max_connections: int | None,
        cache_ttl: float | None,
        stale_if_error: float | None,
    ) -> None:
        options = _abi.PK_CLIENT_OPTIONS_INIT()
        options.api_key = text("api_key", api_key)
        options.bearer_token = text("bearer_token", bearer_token)
        options.base_url = text("base_url", base_url)
        options.user_agent = text("user_agent", user_agent)
        options.ca_file = path("ca_file", ca_file)
        options.proxy = text("proxy", proxy)
        options.timeout_ms = milliseconds("timeout", timeout)
        options.attempt_timeout_ms = milliseconds("attempt_timeout", attempt_timeout)
        options.connect_timeout_ms = milliseconds("connect_timeout", connect_timeout)
        options.max_attempts = count("max_attempts", max_attempts)
        options.max_connections = count("max_connections", max_connections)
        options.cache_ttl_ms = milliseconds("cache_ttl", cache_ttl)
        options.stale_if_error_ms = milliseconds("stale_if_error", stale_if_error)

        self._library = library()
        error = POINTER(_abi.pk_error)()
        self._pointer: _Pointer[_abi.pk_client] = self._library.pk_client_new(
            byref(options), byref(error)
        )
        if not self._pointer:
            raise_native(self._library, error)
        self._finalizer = weakref.finalize(
            self, _free_here, self._library, self._pointer, os.getpid()
        )
        self._lock = threading.Lock()
        self._running: list[Cancellation] = []
        self.closed = False
        _clients.add(self)

    def list_clusters(
        self, cancellation: Cancellation, timeout_ms: int, refresh: bool
    ) -> ClusterList:
        """One pk_list_clusters on this thread, its result copied and freed."""
        options = _abi.PK_CALL_OPTIONS_INIT()
        options.cancellation = cancellation.pointer
        options.timeout_ms = timeout_ms
        options.refresh = 1 if refresh else 0
        error = POINTER(_abi.pk_error)()
        self._enter(cancellation)
        try:
            result: _Pointer[_abi.pk_cluster_list] = self._library.pk_list_clusters(
                self._pointer, byref(options), byref(error)
            )
            if not result:
                raise_native(self._library, error)
            try:
                return cluster_list(result.contents)
            finally:
                self._library.pk_free(result)
        finally:
            self._leave(cancellation)

    def close(self) -> None:
        """Ends the calls that run, with CANCELLED, and frees the client. Twice is fine."""
        with self._lock:
            self.closed = True
            for cancellation in self._running:
                cancellation.cancel()
            idle = not self._running
        if idle:
            self._free()

    def _enter(self, cancellation: Cancellation) -> None:
        with self._lock:
            if self.closed:
                raise InvalidArgumentError("the client is closed: make a new one")
            self._running.append(cancellation)

    def _leave(self, cancellation: Cancellation) -> None:
        with self._lock:
            self._running.remove(cancellation)
            last = self.closed and not self._running
        if last:
            self._free()

    def _free(self) -> None:
        # Not by calling the finalizer: a child that closes the client means it.
        if self._finalizer.detach() is not None:
            self._library.pk_free(self._pointer)

    def renew_after_fork(self) -> None:
        """In a child: forgets the parent's other threads, with the lock that one may hold."""
        self._lock = threading.Lock()
        self._running = []


_clients: weakref.WeakSet[NativeClient] = weakref.WeakSet()


def _after_fork_in_child() -> None:
    for client in list(_clients):
        client.renew_after_fork()


os.register_at_fork(after_in_child=_after_fork_in_child)
