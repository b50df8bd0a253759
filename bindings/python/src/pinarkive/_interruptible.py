"""Blocking calls that Ctrl-C ends.

Python runs signal handlers on the main thread, between two steps of Python: a call that blocks
there in C swallows Ctrl-C until it returns. Other threads run none, so they just call. For the main
thread there are two ways:

- `watched`: it makes the call itself, and a thread that is kept waits for signals, by the descriptor
  into which Python writes their numbers (`signal.set_wakeup_fd`). That is 3 µs a call, where handing
  the call to a kept thread and back would be 25, and starting a thread 100. The descriptor is the
  host's: it is only borrowed, while the main thread is in C and so nobody else can want it, and only
  if the host has none.
- `elsewhere`: a thread of its own makes the call, and the main thread waits for it, for which Python
  lets it run signal handlers. For hosts with a descriptor of their own; for calls with a cancellation
  of the caller's, which must not be fired for a signal that ends nothing; and for programs that get
  signals whose handlers return: the watching thread cannot know that, and ends the call. Then the
  call is made once more this way, and so are all later ones.
"""

from __future__ import annotations

import _thread
import contextlib
import os
import threading
import time
from collections.abc import Iterable
from itertools import starmap
from signal import set_wakeup_fd
from typing import Any, Callable, TypeVar

Result = TypeVar("Result")

# A signal that comes when Python has just looked for one, and has not yet begun to wait, does not end
# the waiting. Hence it waits for so many seconds at a time: Ctrl-C must work within 0.1.
SLICE = 0.05


class Watched:
    """What the watching thread ends when a signal comes."""

    __slots__ = ()

    def cancel(self) -> None:
        """Makes the call return soon. Called from the watching thread."""
        raise NotImplementedError


class _Watch:
    """The watching thread of this process. It does nothing, and sleeps, while there is no call."""

    def __init__(self) -> None:
        self.main_thread = threading.main_thread().ident
        self.forget()
        self.unsuited = False
        """Whether calls have to be made elsewhere from now on."""

    def forget(self) -> None:
        """Begins anew, as if there had never been a thread."""
        self.call: Watched | None = None
        self.writer: tuple[int, ...] = ()
        self._thread = 0
        self._ended = _thread.allocate_lock()

    def start(self) -> bool:
        """Whether there is a watching thread now. Called on the main thread."""
        pipes: list[tuple[int, int]] = []
        threads: list[int] = []
        try:
            call_once(os.pipe, ((),), pipes)
            reader, writer = pipes[0]
            os.set_blocking(writer, False)
            self._ended = _thread.allocate_lock()
            self._ended.acquire()
            call_once(_thread.start_new_thread, ((self._run, (reader, writer, self._ended)),), threads)
            self.writer = (writer,)
        except BaseException as error:
            # A thread that was started closes its end, and ends when the other one is closed.
            for descriptor in pipes[0][len(threads) :] if pipes else ():
                os.close(descriptor)
            # No thread or no descriptor can be had: too many, or Python is ending.
            if isinstance(error, (RuntimeError, OSError)):
                return False
            raise
        return True

    def _run(self, reader: int, writer: int, ended: _thread.LockType) -> None:
        self._thread = _thread.get_native_id()
        pipe = _identity(reader)
        try:
            while os.read(reader, 64):
                call = self.call
                if call is not None:
                    call.cancel()
        finally:
            # The other end was closed: by `stop`, or by a program that closes all descriptors. Their
            # numbers may be others' by now.
            if self.writer == (writer,):
                self.writer = ()
            if _identity(reader) == pipe:
                os.close(reader)
            ended.release()

    def stop(self) -> None:
        """Ends the thread. Only for the main thread, and only while there is no call."""
        writer, self.writer = self.writer, ()
        for descriptor in writer:
            os.close(descriptor)
            self._ended.acquire(timeout=1)
            # Python has done with it then, the system a moment later.
            for _ in range(100):
                if not os.path.exists(f"/proc/self/task/{self._thread}"):
                    break
                time.sleep(0.0001)

    def before_fork(self) -> None:
        # Python warns of forking with threads. A fork on the main thread need not have this one.
        if self.writer and self.call is None and _thread.get_ident() == self.main_thread:
            self.stop()

    def after_fork_in_child(self) -> None:
        # The thread that forked is the main thread now, and the only one.
        self.main_thread = _thread.get_ident()
        for writer in self.writer:
            # Another thread forked while the main thread was in a call, and had lent this.
            previous = set_wakeup_fd(-1)
            if previous not in (-1, writer):
                set_wakeup_fd(previous)
            os.close(writer)
        self.forget()


def _identity(descriptor: int) -> tuple[int, int] | None:
    """Which file it is, or None if it is closed."""
    try:
        status = os.fstat(descriptor)
    except OSError:
        return None
    return status.st_dev, status.st_ino


_watch = _Watch()
os.register_at_fork(before=_watch.before_fork, after_in_child=_watch.after_fork_in_child)


def on_main_thread() -> bool:
    """Whether signal handlers run on this thread."""
    return _thread.get_ident() == _watch.main_thread


def call_once(
    function: Callable[..., Result], arguments: Iterable[tuple[Any, ...]], results: list[Result]
) -> None:
    """Appends what the function returns for the only tuple of arguments.

    Python looks for signals when a call has returned, before its result is stored: what a handler
    raises there would lose it. It does not look within one call of C code, such as this.
    """
    results.extend(starmap(function, arguments))


def watched(
    call: Watched,
    function: Callable[..., Result],
    arguments: Iterable[tuple[Any, ...]],
    results: list[Result],
) -> bool:
    """Does `call_once`, on the main thread, with a thread that cancels the call if a signal comes.

    Returns:
        Whether it did. If not, it has to be done `elsewhere`.
    """
    watch = _watch
    if watch.unsuited or not (watch.writer or watch.start()):
        return False
    writer = watch.writer
    before: list[int] = []
    # A signal handler that calls in the middle of this finds the outer call here, and its descriptor.
    outer = watch.call
    watch.call = call
    try:
        before.extend(map(set_wakeup_fd, writer))
        if before[0] != -1 and before[0] not in writer:
            return False
        results.extend(starmap(function, arguments))
        return True
    except (ValueError, OSError) as error:
        if before or error.__traceback__ is None or error.__traceback__.tb_next is not None:
            raise  # A signal handler raised it.
        # This is a subinterpreter's main thread. Or the descriptor was closed a moment ago.
        watch.unsuited = True
        return False
    finally:
        watch.call = outer
        if before:
            set_wakeup_fd(-1 if outer is None and before[0] in writer else before[0])


def signal_returned() -> None:
    """To be called when a call was cancelled for a signal whose handler returned."""
    _watch.unsuited = True


def elsewhere(call: Callable[[], None], cancel: Callable[[], None]) -> None:
    """Makes a call on a thread of its own. Whatever interrupts the waiting is raised when the call
    has left.

    Args:
        call: What blocks. Whatever it raises is raised here.
        cancel: Makes the call return soon. It may be called at any time, from this thread.
    """
    # Whoever gets this first decides whether the call is made on the other thread.
    begun = _thread.allocate_lock()
    outcomes: list[BaseException | None] = []
    ended = _thread.allocate_lock()
    ended.acquire()

    def work() -> None:
        if not begun.acquire(blocking=False):
            return
        try:
            call()
        except BaseException as error:  # noqa: BLE001  It is raised on the main thread.
            outcomes.append(error)
        else:
            outcomes.append(None)
        finally:
            ended.release()

    try:
        # Not threading.Thread: an interruption in the middle of its start would leave it half known.
        _thread.start_new_thread(work, ())
        # An interruption can come after the lock was got: the list says what happened.
        while not outcomes:
            ended.acquire(timeout=SLICE)
    except BaseException as interruption:
        if begun.acquire(blocking=False):
            if isinstance(interruption, RuntimeError):
                return call()  # No thread can be started: too many, or Python is ending.
            raise
        cancel()
        while not outcomes:
            with contextlib.suppress(BaseException):  # A second Ctrl-C changes nothing.
                ended.acquire()
        raise
    # Popped, so that the traceback's frames do not refer back to it.
    failure = outcomes.pop()
    if failure is not None:
        raise failure
