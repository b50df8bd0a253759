"""Ctrl-C: at once, and nothing is left behind."""

from __future__ import annotations

import pytest
from conftest import RunScript

COMMON = """
import os, signal, sys, threading, time
import pinarkive

def left():
    # Threads of the system, and those that Python knows.
    return len(os.listdir("/proc/self/task")), threading.active_count()

def settled(expected):
    # A thread that has done its work takes a moment to end.
    end = time.monotonic() + 1
    while left() != expected and time.monotonic() < end:
        time.sleep(0.005)
    return left()
"""


def test_ctrl_c_ends_a_call_within_a_tenth_of_a_second(run_script: RunScript) -> None:
    run_script(
        COMMON
        + """
signal.signal(signal.SIGINT, signal.default_int_handler)
client = pinarkive.Client(api_key="sandbox-slow", timeout=30, attempt_timeout=30)
before = left()
for number in range(3):
    sent = []
    def interrupt():
        time.sleep(0.2)
        sent.append(time.monotonic())
        os.kill(os.getpid(), signal.SIGINT)
    interrupter = threading.Thread(target=interrupt)
    interrupter.start()
    try:
        client.list_clusters()
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
before = left()
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
signal.setitimer(signal.ITIMER_REAL, 0.05, 0.05)
client = pinarkive.Client(api_key="sandbox-slow")
began = time.monotonic()
try:
    client.list_clusters(timeout=0.5)
except pinarkive.CallTimeoutError:
    pass
assert 0.49 < time.monotonic() - began < 0.7
assert len(seen) > 3, seen
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
before = left()
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
assert len(pinarkive.Client().list_clusters()) == 6
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
