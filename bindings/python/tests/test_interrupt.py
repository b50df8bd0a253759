"""Ctrl-C: at once, and nothing is left behind."""

from __future__ import annotations

import http.server
import threading
import time
import urllib.request
from collections.abc import Iterator

import pytest
from conftest import RunScript

COMMON = """
import os, signal, sys, threading, time
import pinarkive

def left():
    # Threads of the system, and those that Python knows.
    return len(os.listdir("/proc/self/task")), threading.active_count()

def begin():
    # The thread that watches for signals is kept: it comes with the first call.
    pinarkive.Client().list_clusters()
    return left()

def settled(expected):
    # A thread that has done its work takes a moment to end.
    end = time.monotonic() + 1
    while left() != expected and time.monotonic() < end:
        time.sleep(0.005)
    return left()
"""


@pytest.fixture
def delayed(sandbox: str) -> Iterator[str]:
    """The base URL of a service that answers as the sandbox does, but a quarter of a second later."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            time.sleep(0.25)
            request = urllib.request.Request(sandbox + self.path, headers={"X-API-Key": "sandbox"})
            with urllib.request.urlopen(request) as answer:
                body: bytes = answer.read()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            try:
                self.wfile.write(body)
            except ConnectionError:
                pass  # The call was cancelled.

        def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


# What makes the main thread wait for another one that makes the call: see _interruptible.
ELSEWHERE = {
    "watched": "",
    "the host has a descriptor": "host = os.pipe(); os.set_blocking(host[1], False); "
    "signal.set_wakeup_fd(host[1])",
    "signals return": "from pinarkive import _interruptible; _interruptible.signal_returned()",
}


@pytest.mark.parametrize("way", ELSEWHERE)
def test_ctrl_c_ends_a_call_within_a_tenth_of_a_second(run_script: RunScript, way: str) -> None:
    run_script(
        COMMON
        + ELSEWHERE[way]
        + """
signal.signal(signal.SIGINT, signal.default_int_handler)
client = pinarkive.Client(api_key="sandbox-slow", timeout=30, attempt_timeout=30)
before = begin()
for number in range(4):
    # A call with a cancellation of its own is made elsewhere, too.
    options = {"cancellation": pinarkive.Cancellation()} if number == 3 else {}
    sent = []
    def interrupt():
        time.sleep(0.2)
        sent.append(time.monotonic())
        os.kill(os.getpid(), signal.SIGINT)
    interrupter = threading.Thread(target=interrupt)
    interrupter.start()
    try:
        client.list_clusters(**options)
    except KeyboardInterrupt:
        took = time.monotonic() - sent[0]
    assert took < 0.1, took
    interrupter.join()
    assert settled(before) == before
# The call is over, the client is not.
try:
    client.list_clusters(timeout=0.2)
except pinarkive.CallTimeoutError:
    pass
else:
    raise SystemExit("no time-out")
"""
    )


def test_a_second_ctrl_c_changes_nothing(run_script: RunScript) -> None:
    run_script(
        COMMON
        + """
signal.signal(signal.SIGINT, signal.default_int_handler)
client = pinarkive.Client(api_key="sandbox-slow", timeout=30, attempt_timeout=30)
before = begin()
over = []
def interrupt():
    time.sleep(0.2)
    for _ in range(50):
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(0.0001)
    over.append(True)
interrupts = 0
try:
    threading.Thread(target=interrupt).start()
    client.list_clusters()
except KeyboardInterrupt:
    interrupts += 1
# An interrupted Thread.join is wrong about what has ended, so look oneself.
while not over:
    try:
        time.sleep(0.01)
    except KeyboardInterrupt:
        interrupts += 1
try:
    time.sleep(0.05)
except KeyboardInterrupt:
    interrupts += 1
assert interrupts > 0
assert settled(before) == before
"""
    )


def test_a_signal_handler_that_returns_does_not_end_the_call(run_script: RunScript) -> None:
    run_script(
        COMMON
        + """
seen = []
signal.signal(signal.SIGALRM, lambda *_: seen.append(1))
client = pinarkive.Client(api_key="sandbox-slow")
for _ in range(2):
    signal.setitimer(signal.ITIMER_REAL, 0.05, 0.05)
    began = time.monotonic()
    try:
        client.list_clusters(timeout=0.5)
    except pinarkive.CallTimeoutError:
        pass
    else:
        raise SystemExit("no time-out")
    took = time.monotonic() - began
    signal.setitimer(signal.ITIMER_REAL, 0)
    assert 0.49 < took < 0.7, took
    assert len(seen) > 3, seen
    del seen[:]
"""
    )


def test_the_answer_comes_although_a_signal_handler_returned(
    run_script: RunScript, delayed: str
) -> None:
    done = run_script(
        COMMON
        + """
signal.signal(signal.SIGUSR1, lambda *_: print("handled"))
client = pinarkive.Client()
threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGUSR1)).start()
print(len(client.list_clusters()))
# A cancellation that was fired is not used again.
assert [call.fired for call in client._native._idle] == [False] and not client._native._running
""",
        PINARKIVE_API_URL=delayed,
    )
    assert done.stdout == "handled\n6\n"


def test_a_handler_may_call_too(run_script: RunScript, delayed: str) -> None:
    done = run_script(
        COMMON
        + """
client = pinarkive.Client()
def handle(*_):
    print("inner", len(client.list_clusters()))
signal.signal(signal.SIGUSR1, handle)
threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGUSR1)).start()
print("outer", len(client.list_clusters()))
assert signal.set_wakeup_fd(-1) == -1
""",
        PINARKIVE_API_URL=delayed,
    )
    assert done.stdout == "inner 6\nouter 6\n"


def test_a_handler_may_close_the_client(run_script: RunScript) -> None:
    run_script(
        COMMON
        + """
client = pinarkive.Client(api_key="sandbox-slow", timeout=30, attempt_timeout=30)
signal.signal(signal.SIGTERM, lambda *_: client.close())
threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGTERM)).start()
try:
    client.list_clusters()
except pinarkive.CallCancelledError:
    pass
else:
    raise SystemExit("no error")
assert client.closed and not client._native._finalizer.alive
"""
    )


def test_the_descriptor_for_signals_stays_the_hosts(run_script: RunScript) -> None:
    run_script(
        COMMON
        + """
client = pinarkive.Client()
client.list_clusters()
assert signal.set_wakeup_fd(-1) == -1
reader, writer = os.pipe()
os.set_blocking(writer, False)
signal.signal(signal.SIGUSR1, lambda *_: None)
signal.set_wakeup_fd(writer)
slow = pinarkive.Client(api_key="sandbox-slow")
threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGUSR1)).start()
try:
    slow.list_clusters(timeout=0.3)
except pinarkive.CallTimeoutError:
    pass
assert os.read(reader, 100) == bytes([signal.SIGUSR1])
assert signal.set_wakeup_fd(-1) == writer
"""
    )


def test_a_program_may_close_the_descriptors(run_script: RunScript) -> None:
    run_script(
        COMMON
        + """
def links():
    links = {}
    for name in os.listdir("/proc/self/fd"):
        try:
            links[int(name)] = os.readlink(f"/proc/self/fd/{name}")
        except OSError:
            pass
    return links
client = pinarkive.Client()
before = links()
client.list_clusters()
mine = {
    number for number, link in links().items()
    if link.startswith("pipe:") and before.get(number) != link
}
assert len(mine) == 2
for number in mine:
    os.close(number)
assert len(client.list_clusters()) == 6
others = [os.open("/dev/null", os.O_WRONLY) for _ in range(4)]
time.sleep(0.05)
for _ in range(2):
    assert len(client.list_clusters()) == 6
assert signal.set_wakeup_fd(-1) == -1
for number in others:  # They are still those.
    assert links()[number] == "/dev/null"
"""
    )


def test_interruptions_at_any_moment_leave_nothing_behind(run_script: RunScript) -> None:
    run_script(
        COMMON
        + """
import random
class Alarm(Exception): pass
def ring(*_): raise Alarm
signal.signal(signal.SIGALRM, ring)
client = pinarkive.Client()
slow = pinarkive.Client(api_key="sandbox-slow", timeout=30, attempt_timeout=30)
before = begin()
client.list_clusters()
assert settled(before) == before
descriptors = len(os.listdir("/proc/self/fd"))
interrupted = 0
slowest = 0
for number in range(2000):
    began = time.monotonic()
    try:
        try:
            signal.setitimer(signal.ITIMER_REAL, random.uniform(0.00001, 0.002))
            (slow if number % 2 else client).list_clusters()
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
    except Alarm:
        interrupted += 1
    slowest = max(slowest, time.monotonic() - began)
assert interrupted > 1000, interrupted
assert slowest < 0.5, slowest
assert settled(before) == before, (left(), before)
assert not slow._native._running and not client._native._running
assert signal.set_wakeup_fd(-1) == -1
# A connection of each client may stay.
assert len(os.listdir("/proc/self/fd")) <= descriptors + 8
assert len(client.list_clusters()) == 6
"""
    )


def test_where_no_thread_can_be_started_the_call_is_made_here(
    run_script: RunScript,
) -> None:
    run_script(
        COMMON
        + """
import _thread
def refuse(*_): raise RuntimeError("can't start new thread")
_thread.start_new_thread = refuse
before = os.listdir("/proc/self/fd")
assert len(pinarkive.Client().list_clusters()) == 6
assert os.listdir("/proc/self/fd") == before
"""
    )


@pytest.mark.parametrize("kind", ["KeyboardInterrupt", "SystemExit", "ValueError"])
def test_what_interrupts_is_what_is_raised(run_script: RunScript, kind: str) -> None:
    done = run_script(
        COMMON
        + f"""
def ring(*_): raise {kind}("ring")
signal.signal(signal.SIGALRM, ring)
signal.setitimer(signal.ITIMER_REAL, 0.1)
try:
    pinarkive.Client(api_key="sandbox-slow").list_clusters()
except BaseException as error:
    print(type(error).__name__, error)
"""
    )
    assert done.stdout == f"{kind} ring\n"
