"""The client for asyncio."""

from __future__ import annotations

import asyncio
import pickle
import time

import pytest
from conftest import RunScript

import pinarkive
from pinarkive import _async_client, _native


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
            ticks = 0
            while not call.done():
                await asyncio.sleep(0.01)
                ticks += 1
            assert ticks > 20
            with pytest.raises(pinarkive.CallTimeoutError):
                await call

    asyncio.run(main())


def test_cancelling_the_task_cancels_the_call(sandbox: str) -> None:
    async def main() -> None:
        client = pinarkive.AsyncClient(
            api_key="sandbox-slow", base_url=sandbox, timeout=30, attempt_timeout=30
        )
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
        async with pinarkive.AsyncClient(
            api_key="sandbox-slow", base_url=sandbox, timeout=30, attempt_timeout=30
        ) as client:
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


def test_the_default_time_limit_is_the_headers() -> None:
    from conftest import PROJECT

    header = (PROJECT / "include" / "pinarkive.h").read_text()
    default = f"Default {_native.DEFAULT_TIMEOUT_MS:,}"
    assert f"Milliseconds for a whole call, everything included. {default}." in header


def test_closing_ends_the_calls_of_other_tasks(sandbox: str) -> None:
    async def main() -> None:
        client = pinarkive.AsyncClient(
            api_key="sandbox-slow", base_url=sandbox, timeout=30, attempt_timeout=30
        )
        tasks = [asyncio.ensure_future(client.list_clusters()) for _ in range(5)]
        await asyncio.sleep(0.2)
        began = time.monotonic()
        await client.close()
        outcomes = await asyncio.gather(*tasks, return_exceptions=True)
        assert time.monotonic() - began < 0.2
        assert {type(outcome) for outcome in outcomes} == {pinarkive.CallCancelledError}

    asyncio.run(main())


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
