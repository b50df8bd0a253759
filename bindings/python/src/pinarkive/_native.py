"""What the library hands out for something that lives on: clients and cancellations."""

from __future__ import annotations

import os
import threading
import weakref
from ctypes import CDLL, POINTER, byref, c_void_p
from time import monotonic
from typing import TYPE_CHECKING, Any, NoReturn

import pinarkive._abi as _abi
from ._arguments import count, milliseconds, path, text
from ._errors import CallCancelledError, InvalidArgumentError, OutOfMemoryError, PinarkiveError
from ._errors import failure_of, raise_native
from ._interruptible import Watched, call_once, elsewhere, on_main_thread, signal_returned, watched
from ._library import library
from ._values import ClusterList, Recent, cluster_list

if TYPE_CHECKING:
    from ctypes import _Pointer  # pyright: ignore[reportPrivateUsage]

# pk_client_options.timeout_ms and its limits, for what has to know how much of it is left.
DEFAULT_TIMEOUT_MS = 10_000
SHORTEST_TIMEOUT_MS = 100
LONGEST_TIMEOUT_MS = 120_000


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
        # The functions and arguments of each call, made once. An address is less work than a pointer.
        self._list_clusters = self._library["pk_list_clusters"]
        self._list_clusters.argtypes = self._library.pk_list_clusters.argtypes
        self._list_clusters.restype = c_void_p
        self._timeout_ms = options.timeout_ms or DEFAULT_TIMEOUT_MS
        # Reentrant: a signal handler may close the client that the main thread is closing.
        self._lock = threading.RLock()
        self._running: set[_Call] = set()
        self._idle: list[_Call] = []
        self._recent = Recent()
        self.closed = False
        _clients.add(self)

    def list_clusters(
        self, timeout_ms: int, refresh: bool, cancellation: Cancellation | None = None
    ) -> ClusterList:
        """One pk_list_clusters, its result copied and freed. On the main thread, Ctrl-C ends it."""
        begin = monotonic()
        call: _Call | None = None
        results: list[int | None] = [None]
        try:
            if cancellation is None:
                try:
                    call = self._idle.pop()
                except IndexError:
                    call = _Call(self._pointer, None)
            else:
                call = _Call(self._pointer, cancellation)
            self._running.add(call)
            if self.closed:  # Looked at after that: who closes first says so, then looks for calls.
                raise InvalidArgumentError("the client is closed: make a new one")
            if timeout_ms or refresh or call.is_changed:
                call.is_changed = True
                call.options.timeout_ms = timeout_ms
                call.options.refresh = 1 if refresh else 0
            if not on_main_thread():
                call_once(self._list_clusters, call.arguments, results)
            elif cancellation is not None or not watched(
                call, self._list_clusters, call.arguments, results
            ):
                arguments = call.arguments
                elsewhere(
                    lambda: call_once(self._list_clusters, arguments, results), call.cancel
                )
            address = results[-1]
            if address is not None:
                return cluster_list(address, self._recent)
            failure = call.failure()
            if self.closed or not (call.fired and isinstance(failure, CallCancelledError)):
                raise failure
        finally:
            # Once more if a signal handler raises something in the middle of it.
            try:
                self._leave(call, results)
            except BaseException:
                self._leave(call, results)
                raise
        # The handler of that signal has returned: the call is to go on.
        signal_returned()
        took = int((monotonic() - begin) * 1000)
        return self.list_clusters(max(self.call_time(timeout_ms) - took, 1), refresh)

    def call_time(self, timeout_ms: int) -> int:
        """The milliseconds that the library gives a call with a time-out that it does not refuse."""
        wanted = timeout_ms or self._timeout_ms
        return min(max(wanted, SHORTEST_TIMEOUT_MS), LONGEST_TIMEOUT_MS)

    def close(self) -> None:
        """Ends the calls that run, with CANCELLED, and frees the client. Twice is fine."""
        with self._lock:
            self.closed = True
            for call in list(self._running):
                call.cancel()
            if not self._running:
                self._free()

    def _leave(self, call: _Call | None, results: list[int | None]) -> None:
        """Frees what a call has left. If something interrupts this, it may be done once more."""
        if results and results[-1] is None and call is not None and call.error:
            address = call.error.value
            call.error.value = None
            results += (address,)
        # From the last one to a None, within one call of C code: nothing is freed twice.
        if results:
            any(map(self._library.pk_free, iter(results.pop, None)))
        if call is None or call not in self._running:
            return
        if call.is_kept:
            self._running.discard(call)
            if not call.fired:
                self._idle.append(call)
        else:
            with self._lock:  # `close` must not fire a cancellation that its owner frees then.
                self._running.discard(call)
        if self.closed:
            with self._lock:
                if not self._running:
                    self._free()

    def _free(self) -> None:
        # Not by calling the finalizer: a child that closes the client means it.
        self._idle.clear()
        if self._finalizer.detach() is not None:
            self._library.pk_free(self._pointer)

    def renew_after_fork(self) -> None:
        """In a child: forgets the parent's other threads, with the lock that one may hold."""
        self._lock = threading.RLock()
        self._running = set()
        self._idle = []


class _Call(Watched):
    """What one call needs. Kept for the next one, as long as its cancellation was not fired."""

    __slots__ = (
        "_cancellation",
        "_failed",
        "arguments",
        "error",
        "fired",
        "is_changed",
        "is_kept",
        "options",
    )

    def __init__(
        self, client: _Pointer[_abi.pk_client], cancellation: Cancellation | None
    ) -> None:
        self.is_kept = cancellation is None
        self.is_changed = False
        self.fired = False
        self._cancellation = cancellation or Cancellation()
        self.options = _abi.PK_CALL_OPTIONS_INIT()
        self.options.cancellation = self._cancellation.pointer
        self._failed = POINTER(_abi.pk_error)()
        self.error = c_void_p.from_buffer(self._failed)
        """The address of the error; it shares its memory with the pointer that C gets."""
        self.arguments = ((client, byref(self.options), byref(self._failed)),)

    def cancel(self) -> None:
        """Makes the call return soon, with CANCELLED."""
        self.fired = True
        self._cancellation.cancel()

    def failure(self) -> PinarkiveError:
        """What the call has stored as its error."""
        return failure_of(self._failed)


_clients: weakref.WeakSet[NativeClient] = weakref.WeakSet()


def _after_fork_in_child() -> None:
    for client in list(_clients):
        client.renew_after_fork()


os.register_at_fork(after_in_child=_after_fork_in_child)
