"""The client for asyncio."""

from __future__ import annotations

import asyncio
import concurrent.futures
import os
import pickle
import threading
import time
from typing import Any, NoReturn

import pytest
from conftest import RunScript

import pinarkive
from pinarkive import _async_client, _native


def slow_client(sandbox: str) -> pinarkive.AsyncClient:
    """Its calls take longer than a test, unless something ends them."""
    return pinarkive.AsyncClient(
        api_key="sandbox-slow", base_url=sandbox, timeout=30, attempt_timeout=30
    )


async def ticks_until(future: asyncio.Future[Any]) -> int:
    """How often the loop comes round, every 10 ms if nothing holds it up."""
    ticks = 0
    while not future.done():
        await asyncio.sleep(0.01)
        ticks += 1
    return ticks


def test_lists_clusters(sandbox: str) -> None:
    async def main() -> None:
        async with pinarkive.AsyncClient(api_key="sandbox", base_url=sandbox) as client:
            assert [cluster.id for cluster in await client.list_clusters()][0] == "cl0-global"
            many = await asyncio.gather(*(client.list_clusters() for _ in range(200)))
            assert {len(clusters) for clusters in many} == {6}
        assert client.closed

    asyncio.run(main())


def test_answers_are_kept_unless_refreshed(sandbox: str) -> None:
    async def main() -> None:
        async with pinarkive.AsyncClient(
            api_key="sandbox", base_url=sandbox, cache_ttl=60
        ) as client:
            await client.list_clusters()
            assert (await client.list_clusters()).from_cache
            assert not (await client.list_clusters(refresh=True)).from_cache

    asyncio.run(main())


def test_errors_are_those_of_the_client(sandbox: str) -> None:
    async def main() -> None:
        async with pinarkive.AsyncClient(api_key="wrong", base_url=sandbox) as client:
            with pytest.raises(pinarkive.UnauthorizedError):
                await client.list_clusters()
            with pytest.raises(pinarkive.InvalidArgumentError):
                await client.list_clusters(timeout=-1)
        with pytest.raises(pinarkive.InvalidArgumentError, match="closed: make a new one"):
            await client.list_clusters()
        await client.close()

    asyncio.run(main())


def test_the_loop_goes_on_during_a_call(sandbox: str) -> None:
    async def main() -> None:
        async with pinarkive.AsyncClient(api_key="sandbox-slow", base_url=sandbox) as client:
            call = asyncio.ensure_future(client.list_clusters(timeout=0.5))
            assert await ticks_until(call) > 20
            with pytest.raises(pinarkive.CallTimeoutError):
                await call

    asyncio.run(main())


def test_cancelling_the_task_cancels_the_call(sandbox: str) -> None:
    async def main() -> None:
        client = slow_client(sandbox)
        task = asyncio.ensure_future(client.list_clusters())
        await asyncio.sleep(0.2)
        began = time.monotonic()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert time.monotonic() - began < 0.1
        # The call has really left.
        assert client._native._running == set()
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(client.list_clusters(), 0.2)
        assert client._native._running == set()
        await client.close()

    asyncio.run(main())


def test_cancelling_more_calls_than_there_are_threads(
    sandbox: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_async_client, "THREADS", 3)

    async def main() -> None:
        async with slow_client(sandbox) as client:
            tasks = [asyncio.ensure_future(client.list_clusters()) for _ in range(50)]
            await asyncio.sleep(0.2)
            began = time.monotonic()
            for task in tasks:
                task.cancel()
            outcomes = await asyncio.gather(*tasks, return_exceptions=True)
            assert time.monotonic() - began < 0.3
            assert {type(outcome) for outcome in outcomes} == {asyncio.CancelledError}

    asyncio.run(main())


def test_waiting_for_a_thread_counts(sandbox: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_async_client, "THREADS", 2)

    async def main() -> None:
        async with pinarkive.AsyncClient(
            api_key="sandbox-slow", base_url=sandbox, timeout=0.5
        ) as client:
            began = time.monotonic()
            outcomes = await asyncio.gather(
                *(client.list_clusters() for _ in range(6)), return_exceptions=True
            )
            assert time.monotonic() - began < 0.8
            assert {type(outcome) for outcome in outcomes} == {pinarkive.CallTimeoutError}

    asyncio.run(main())


@pytest.mark.parametrize("timeout", [-1, -0.0001, -1e300])
def test_a_negative_time_limit_is_refused_without_waiting_for_a_thread(
    sandbox: str, monkeypatch: pytest.MonkeyPatch, timeout: float
) -> None:
    monkeypatch.setattr(_async_client, "THREADS", 1)

    async def main() -> None:
        async with slow_client(sandbox) as client:
            slow = asyncio.ensure_future(client.list_clusters())
            await asyncio.sleep(0.1)
            began = time.monotonic()
            with pytest.raises(pinarkive.InvalidArgumentError, match="negative"):
                await client.list_clusters(timeout=timeout)
            assert time.monotonic() - began < 0.1
            slow.cancel()
            await asyncio.wait({slow})

    asyncio.run(main())


def test_a_short_time_limit_becomes_the_shortest(
    sandbox: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_async_client, "THREADS", 1)

    async def main(timeout: float | None, of_client: float | None) -> None:
        # Another call has the only thread for a part of the time, then for longer.
        async with pinarkive.AsyncClient(
            api_key="sandbox", base_url=sandbox, timeout=of_client
        ) as client:
            await client.list_clusters(timeout=5)
            client._pool().submit(time.sleep, 0.02)
            assert len(await client.list_clusters(timeout=timeout)) == 6
            client._pool().submit(time.sleep, 0.3)
            with pytest.raises(pinarkive.CallTimeoutError, match="within 0.1 s"):
                await client.list_clusters(timeout=timeout)

    asyncio.run(main(0.001, None))
    asyncio.run(main(None, 0.001))


def test_the_time_limits_are_the_headers() -> None:
    from conftest import PROJECT

    header = (PROJECT / "include" / "pinarkive.h").read_text()
    default = f"Default {_native.DEFAULT_TIMEOUT_MS:,}"
    assert f"Milliseconds for a whole call, everything included. {default}." in header
    limits = f"into {_native.SHORTEST_TIMEOUT_MS:,} to {_native.LONGEST_TIMEOUT_MS:,};"
    assert header.count(limits) == 2
    with pinarkive.Client(api_key="k") as client:
        given = (0, 1, 100, 5_000, 120_000, 2**63 - 1)
        taken = [client._native.call_time(timeout) for timeout in given]
    assert taken == [10_000, 100, 100, 5_000, 120_000, 120_000]


def test_closing_ends_the_calls_of_other_tasks(sandbox: str) -> None:
    async def main() -> None:
        client = slow_client(sandbox)
        tasks = [asyncio.ensure_future(client.list_clusters()) for _ in range(5)]
        await asyncio.sleep(0.2)
        began = time.monotonic()
        await client.close()
        outcomes = await asyncio.gather(*tasks, return_exceptions=True)
        assert time.monotonic() - began < 0.2
        assert {type(outcome) for outcome in outcomes} == {pinarkive.CallCancelledError}

    asyncio.run(main())


def test_closing_ends_calls_that_wait_for_a_thread(
    sandbox: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_async_client, "THREADS", 2)

    async def main() -> None:
        client = slow_client(sandbox)
        tasks = [asyncio.ensure_future(client.list_clusters()) for _ in range(10)]
        await asyncio.sleep(0.1)
        await client.close()
        outcomes = await asyncio.gather(*tasks, return_exceptions=True)
        assert {type(outcome) for outcome in outcomes} == {pinarkive.CallCancelledError}

    asyncio.run(main())


def test_the_loop_goes_on_while_it_closes(sandbox: str) -> None:
    async def main() -> None:
        client = pinarkive.AsyncClient(api_key="sandbox", base_url=sandbox)
        await client.list_clusters()
        client._pool().submit(time.sleep, 0.3)
        began = time.monotonic()
        closing = asyncio.ensure_future(client.close())
        assert await ticks_until(closing) > 10
        await closing
        assert time.monotonic() - began > 0.2  # It does wait for its threads.

    asyncio.run(main())


def test_closing_when_the_loop_has_no_threads_any_more(sandbox: str) -> None:
    async def main() -> None:
        client = pinarkive.AsyncClient(api_key="sandbox", base_url=sandbox)
        await client.list_clusters()
        await asyncio.get_running_loop().shutdown_default_executor()
        await client.close()
        assert client.closed

    asyncio.run(main())


def test_closing_while_other_loops_call(sandbox: str) -> None:
    outcomes: list[object] = []

    async def call(client: pinarkive.AsyncClient) -> None:
        for _ in range(10_000):
            outcome: object
            (outcome,) = await asyncio.gather(client.list_clusters(), return_exceptions=True)
            outcomes.append(outcome)
            if isinstance(outcome, BaseException) and client.closed:
                break

    for _ in range(20):
        client = pinarkive.AsyncClient(api_key="sandbox", base_url=sandbox, cache_ttl=60)
        threads = [threading.Thread(target=asyncio.run, args=(call(client),)) for _ in range(3)]
        for thread in threads:
            thread.start()
        time.sleep(0.01)
        asyncio.run(client.close())
        for thread in threads:
            thread.join()
        with pytest.raises(pinarkive.InvalidArgumentError, match="closed: make a new one"):
            asyncio.run(client.list_clusters())
    # Two of them may have begun to call when it was closed; others came when it was.
    expected = {pinarkive.ClusterList, pinarkive.CallCancelledError, pinarkive.InvalidArgumentError}
    assert {type(outcome) for outcome in outcomes} <= expected, outcomes


def test_a_call_that_comes_between_the_steps_of_closing(sandbox: str) -> None:
    async def main() -> None:
        client = pinarkive.AsyncClient(api_key="sandbox", base_url=sandbox)

        class Closing(concurrent.futures.ThreadPoolExecutor):
            def submit(self, *arguments: object, **named: object) -> NoReturn:
                client._native.close()
                raise RuntimeError("cannot schedule new futures after shutdown")

        client._pools[os.getpid()] = Closing()
        with pytest.raises(pinarkive.InvalidArgumentError, match="closed: make a new one"):
            await client.list_clusters()

    asyncio.run(main())


def test_threads_that_begin_at_the_same_time_share_the_pool(sandbox: str) -> None:
    client = pinarkive.AsyncClient(api_key="sandbox", base_url=sandbox)
    with concurrent.futures.ThreadPoolExecutor(16) as threads:
        barrier = threading.Barrier(16)

        def pool() -> object:
            barrier.wait()
            return client._pool()

        assert len(set(threads.map(lambda _: pool(), range(16)))) == 1
    asyncio.run(client.close())


def test_one_client_serves_several_loops(sandbox: str) -> None:
    client = pinarkive.AsyncClient(api_key="sandbox", base_url=sandbox)
    for _ in range(3):
        assert len(asyncio.run(client.list_clusters())) == 6
    asyncio.run(client.close())


def test_it_is_not_pickled(sandbox: str) -> None:
    client = pinarkive.AsyncClient(api_key="sandbox", base_url=sandbox)
    with pytest.raises(TypeError, match="cannot be pickled or copied"):
        pickle.dumps(client)


def test_nothing_is_left_behind_and_nothing_is_logged(run_script: RunScript) -> None:
    run_script("""
import asyncio, os, threading, time
import pinarkive

async def main():
    async with pinarkive.AsyncClient(api_key="sandbox-slow", timeout=30) as client:
        for _ in range(100):
            task = asyncio.ensure_future(client.list_clusters())
            await asyncio.sleep(0.001)
            task.cancel()
            task.cancel()
            try:
                await task
            except asyncio.CancelledError:
                pass

before = threading.active_count()
asyncio.run(main(), debug=False)
assert threading.active_count() == before
end = time.monotonic() + 1
while len(os.listdir("/proc/self/task")) > 1 and time.monotonic() < end:
    time.sleep(0.005)
assert len(os.listdir("/proc/self/task")) == 1
""")


def test_ctrl_c_ends_asyncio_run(run_script: RunScript) -> None:
    run_script("""
import asyncio, os, signal, threading, time
import pinarkive
signal.signal(signal.SIGINT, signal.default_int_handler)

async def main():
    async with pinarkive.AsyncClient(
        api_key="sandbox-slow", timeout=30, attempt_timeout=30
    ) as client:
        await client.list_clusters()

sent = []
def interrupt():
    time.sleep(0.3)
    sent.append(time.monotonic())
    os.kill(os.getpid(), signal.SIGINT)
threading.Thread(target=interrupt).start()
try:
    asyncio.run(main())
except KeyboardInterrupt:
    took = time.monotonic() - sent[0]
assert took < 0.2, took
""")


def test_importing_the_package_does_not_import_asyncio(run_script: RunScript) -> None:
    run_script("""
import sys, pinarkive
assert "asyncio" not in sys.modules
pinarkive.AsyncClient
assert "asyncio" in sys.modules
""")
