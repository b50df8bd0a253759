"""A forked child can use the client, and does the parent no harm."""

from __future__ import annotations

from conftest import RunScript

COMMON = """
import gc, os, signal, sys, threading, time, traceback, warnings
import pinarkive
warnings.simplefilter("ignore", DeprecationWarning)  # of forking with threads, which is the test

def in_child(work):
    child = os.fork()
    if child == 0:
        code = 1
        try:
            signal.alarm(20)
            work()
            code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stderr.flush()
            os._exit(code)
    _, status = os.waitpid(child, 0)
    assert status == 0, status
"""


def test_parent_and_child_go_on_with_the_same_client(run_script: RunScript) -> None:
    run_script(
        COMMON
        + """
client = pinarkive.Client()
assert len(client.list_clusters()) == 6
for _ in range(5):
    in_child(lambda: [client.list_clusters() for _ in range(3)])
    assert len(client.list_clusters()) == 6
"""
    )


def test_a_child_that_drops_or_closes_the_client_does_not_touch_the_parents(
    run_script: RunScript,
) -> None:
    run_script(
        COMMON
        + """
client = pinarkive.Client(max_attempts=1)
client.list_clusters()
def drop():
    global client
    client = None
    gc.collect()
in_child(drop)
assert len(client.list_clusters()) == 6
def close():
    client.list_clusters()
    client.close()
    try:
        client.list_clusters()
    except pinarkive.InvalidArgumentError:
        return
    raise AssertionError("the child's client is not closed")
in_child(close)
assert not client.closed
assert len(client.list_clusters()) == 6
in_child(lambda: sys.exit(0) if False else None)
"""
    )


def test_the_finalizers_of_a_child_free_nothing(run_script: RunScript) -> None:
    run_script(
        COMMON
        + """
import pinarkive._native as native
freed = []
client = pinarkive.Client()
cancellation = pinarkive.Cancellation()
class Spy:
    def pk_free(self, pointer): freed.append(pointer)
native._free_here(Spy(), 1, os.getpid())
assert freed == [1]
def child():
    native._free_here(Spy(), 2, os.getppid())
    assert freed == [1]
in_child(child)
"""
    )


def test_forking_while_other_threads_call(run_script: RunScript) -> None:
    run_script(
        COMMON
        + """
client = pinarkive.Client()
stop = threading.Event()
def call():
    while not stop.is_set():
        client.list_clusters()
threads = [threading.Thread(target=call) for _ in range(4)]
for thread in threads:
    thread.start()
try:
    for _ in range(30):
        def child():
            assert client._native._running == set()
            assert len(client.list_clusters()) == 6
            client.close()
        in_child(child)
finally:
    stop.set()
    for thread in threads:
        thread.join()
"""
    )


def test_the_lock_that_another_thread_holds_is_renewed(run_script: RunScript) -> None:
    run_script(
        COMMON
        + """
client = pinarkive.Client()
with client._native._lock:
    in_child(client.list_clusters)
"""
    )


def test_an_async_client_works_in_a_child(run_script: RunScript) -> None:
    run_script(
        COMMON
        + """
import asyncio
client = pinarkive.AsyncClient()
assert len(asyncio.run(client.list_clusters())) == 6
def child():
    assert len(asyncio.run(client.list_clusters())) == 6
    asyncio.run(client.close())
in_child(child)
assert len(asyncio.run(client.list_clusters())) == 6
"""
    )


def test_a_fork_on_the_main_thread_is_one_without_other_threads(run_script: RunScript) -> None:
    # Python 3.12 and later warn of others, and a warning is an error here.
    run_script("""
import os, pinarkive
client = pinarkive.Client()
for _ in range(20):
    assert len(client.list_clusters()) == 6
    threads = len(os.listdir("/proc/self/task"))
    assert threads == 2, threads
    child = os.fork()
    if child == 0:
        os._exit(len(client.list_clusters()))
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 6
""")


def test_a_fork_during_the_main_threads_call(run_script: RunScript) -> None:
    run_script(
        COMMON
        + """
client = pinarkive.Client(api_key="sandbox-slow", timeout=2, attempt_timeout=2)
good = pinarkive.Client()
good.list_clusters()
def child():
    # This thread is the main one here, and has no descriptor lent by its parent's.
    assert signal.set_wakeup_fd(-1) == -1
    assert len(good.list_clusters()) == 6
thread = threading.Timer(0.2, in_child, (child,))
thread.start()
try:
    client.list_clusters()
except pinarkive.CallTimeoutError:
    pass
thread.join()
assert len(good.list_clusters()) == 6
assert signal.set_wakeup_fd(-1) == -1
"""
    )


def test_multiprocessing_shares_it_by_forking(run_script: RunScript) -> None:
    run_script("""
import multiprocessing, warnings
warnings.simplefilter("ignore", DeprecationWarning)
import pinarkive
client = pinarkive.Client()
client.list_clusters()
def work(number): return len(client.list_clusters())
if __name__ == "__main__":
    with multiprocessing.get_context("fork").Pool(3) as pool:
        assert pool.map(work, range(30)) == [6] * 30
        pool.close()
        pool.join()
    assert len(client.list_clusters()) == 6
""")
