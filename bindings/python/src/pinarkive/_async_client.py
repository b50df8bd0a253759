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
from ._errors import CallCancelledError, CallTimeoutError
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

        Calls of other tasks end with :exc:`pinarkive.CallCancelledError`. When this returns they have
        left, and the loop has gone on meanwhile.
        """
        self._native.close()
        pool = self._pools.get(os.getpid())
        if pool is None:
            return
        pool.shutdown(wait=False)
        try:
            left = asyncio.get_running_loop().run_in_executor(None, pool.shutdown)
        except RuntimeError:
            return  # The loop has no threads any more, or Python is ending.
        await left

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
        if native.closed or limit < 0:
            return self._refuse(token, limit, refresh)
        begin = time.monotonic()
        known = native.call_time(limit)

        def call() -> ClusterList:
            if native.closed:
                raise CallCancelledError("the call was cancelled because its client was closed")
            waited = int((time.monotonic() - begin) * 1000)
            if waited == 0:
                return native.list_clusters(limit, refresh, token)
            if waited >= known:
                raise CallTimeoutError(
                    f"no thread was free within {known / 1000:g} s: make fewer calls at a time, "
                    f"at most {THREADS} run"
                )
            # Less than the library's least becomes that: the call may take so much longer.
            return native.list_clusters(known - waited, refresh, token)

        pool = self._pool()
        try:
            submitted = pool.submit(call)
        except RuntimeError:
            if native.closed:  # Another thread has just done so.
                return self._refuse(token, limit, refresh)
            raise
        if native.closed:  # Whoever did may not have seen this pool yet.
            pool.shutdown(wait=False)
        return submitted

    def _refuse(self, token: Cancellation, limit: int, refresh: bool) -> Future[ClusterList]:
        """The call's outcome where that is known without a request, and so without a thread."""
        refused: Future[ClusterList] = Future()
        try:
            refused.set_result(self._native.list_clusters(limit, refresh, token))
        except Exception as error:  # noqa: BLE001  It is the call's outcome.
            refused.set_exception(error)
        return refused

    def _pool(self) -> ThreadPoolExecutor:
        # A forked child has none of the parent's threads. Threads that come here at the same time get
        # the same one, because setdefault is one step: a fork could leave a lock locked.
        process = os.getpid()
        pool = self._pools.get(process)
        if pool is None:
            fresh = ThreadPoolExecutor(THREADS, thread_name_prefix="pinarkive")
            pool = self._pools.setdefault(process, fresh)
        return pool


def _mark_as_seen(future: asyncio.Future[ClusterList]) -> None:
    # asyncio would log the failure of a call that nobody waits for any more.
    if not future.cancelled():
        future.exception()
