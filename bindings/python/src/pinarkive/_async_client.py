"""The client for asyncio: the library's blocking calls on a few threads of the client's own."""

from __future__ import annotations

import asyncio
import os
import time
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import TypeVar

from ._arguments import milliseconds
from ._client import ClientBase
from ._errors import CallTimeoutError
from ._native import Cancellation
from ._values import ClusterList

Self = TypeVar("Self", bound="AsyncClient")

# A call holds a thread while it runs. More calls at a time than this wait for one.
THREADS = 32


class AsyncClient(ClientBase):
    """Lists the clusters of an account, for asyncio. Its options are those of :class:`Client`.

    Make one, keep it, share it between tasks; event loops and threads may share it, too.

        async with pinarkive.AsyncClient() as client:
            for cluster in await client.list_clusters():
                print(cluster.id)

    Cancelling a task cancels its call, and so do ``asyncio.timeout`` and ``asyncio.wait_for``: the
    task ends when the call has left, within 50 ms.
    """

    _threads: ThreadPoolExecutor | None = None
    _process = 0

    async def list_clusters(
        self, *, timeout: float | None = None, refresh: bool = False
    ) -> ClusterList:
        """Lists the clusters that the account's plan allows, each with its public gateways.

        Args:
            timeout: Seconds for this call, everything included. Default: the client's.
            refresh: Make a request even if a kept answer is still fresh.

        Returns:
            The clusters. An account without clusters gives an empty list.

        Raises:
            PinarkiveError: one of its subclasses, for each way to fail.
            asyncio.CancelledError: the task was cancelled.
        """
        limit = milliseconds("timeout", timeout)
        token = Cancellation()
        call = self._submit(token, limit, refresh)
        ended = asyncio.wrap_future(call)
        ended.add_done_callback(_mark_as_seen)
        try:
            # Unlike awaiting the future, this leaves it alone when the task is cancelled.
            await asyncio.wait({ended})
        except BaseException as interruption:
            if not call.cancel():  # It runs.
                token.cancel()
                if isinstance(interruption, asyncio.CancelledError):
                    await asyncio.wait({ended})
            raise
        finally:
            if call.done():
                token.free()
        return ended.result()

    async def close(self) -> None:
        """Closes the connections and forgets the key. Closing twice is fine.

        Calls of other tasks end with :exc:`pinarkive.CallCancelledError`.
        """
        self._native.close()
        if self._threads is not None and self._process == os.getpid():
            self._threads.shutdown()  # The calls were cancelled: they leave in a moment.

    async def __aenter__(self: Self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()

    def _submit(self, token: Cancellation, limit: int, refresh: bool) -> Future[ClusterList]:
        native = self._native
        if native.closed:
            # The threads are gone. This says so, without a request.
            closed: Future[ClusterList] = Future()
            try:
                closed.set_result(native.list_clusters(limit, refresh, token))
            except Exception as error:  # noqa: BLE001  It is the call's outcome.
                closed.set_exception(error)
            return closed
        begin = time.monotonic()
        known = limit or native.timeout_ms

        def call() -> ClusterList:
            waited = int((time.monotonic() - begin) * 1000)
            if waited == 0:
                return native.list_clusters(limit, refresh, token)
            if waited >= known:
                raise CallTimeoutError(
                    f"no thread was free within {known / 1000:g} s: make fewer calls at a time, "
                    f"at most {THREADS} run"
                )
            return native.list_clusters(known - waited, refresh, token)

        return self._pool().submit(call)

    def _pool(self) -> ThreadPoolExecutor:
        # A forked child has none of the parent's threads.
        if self._threads is None or self._process != os.getpid():
            self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="pinarkive")
            self._process = os.getpid()
        return self._threads


def _mark_as_seen(future: asyncio.Future[ClusterList]) -> None:
    # asyncio would log the failure of a call that nobody waits for any more.
    if not future.cancelled():
        future.exception()
