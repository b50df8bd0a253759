"""Blocking calls that Ctrl-C ends.

Python runs signal handlers on the main thread, between two steps of Python: a call that blocks
there in C swallows Ctrl-C until it returns. So the main thread lets another one make the call.
"""

from __future__ import annotations

import _thread
import contextlib
import threading
from typing import Callable, TypeVar

Result = TypeVar("Result")

# A signal that comes when Python has just looked for one, and has not yet begun to wait, does not end
# the waiting. Hence it waits for so many seconds at a time: Ctrl-C must work within 0.1.
SLICE = 0.05


def interruptible(call: Callable[[], Result], cancel: Callable[[], None]) -> Result:
    """Makes a call. Whatever interrupts the waiting is raised when the call has left.

    Args:
        call: What blocks. Whatever it raises is raised here.
        cancel: Makes the call return soon. It may be called at any time, from this thread.
    """
    if threading.current_thread() is not threading.main_thread():
        return call()  # Nothing interrupts other threads.

    # Whoever gets this first decides whether the call is made on the other thread.
    begun = threading.Lock()
    results: list[Result] = []
    failures: list[BaseException] = []
    ended = threading.Lock()
    ended.acquire()

    def work() -> None:
        if not begun.acquire(blocking=False):
            return
        try:
            results.append(call())
        except BaseException as error:  # noqa: BLE001  It is raised on the main thread.
            failures.append(error)
        finally:
            ended.release()

    try:
        # Not threading.Thread: an interruption in the middle of its start would leave it half known.
        _thread.start_new_thread(work, ())
        # An interruption can come after the lock was got: the lists say what happened.
        while not (results or failures):
            ended.acquire(timeout=SLICE)
    except BaseException as interruption:
        if begun.acquire(blocking=False):
            if isinstance(interruption, RuntimeError):
                return call()  # No thread can be started: too many, or Python is ending.
            raise
        cancel()
        while not (results or failures):
            with contextlib.suppress(BaseException):  # A second Ctrl-C changes nothing.
                ended.acquire()
        raise
    if failures:
        # Popped, so that the traceback's frames do not refer back to it.
        raise failures.pop()
    return results.pop()
