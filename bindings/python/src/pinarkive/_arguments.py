"""Python values as C wants them. What C would cut short or wrap around is refused here."""

from __future__ import annotations

import math
import operator
import os

from ._errors import InvalidArgumentError, PinarkiveError

_INT32 = 2**31 - 1
_INT64 = 2**63 - 1


def text(
    name: str, value: str | None, error: type[PinarkiveError] = InvalidArgumentError
) -> bytes | None:
    """The UTF-8 of a text, or None. A NUL byte would end it in C, without a word."""
    if value is None:
        return None
    if not isinstance(value, str):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise TypeError(f"{name} must be a str, not {type(value).__name__}")
    return _checked(name, value, "utf-8", "strict", error)


def path(name: str, value: str | os.PathLike[str] | None) -> bytes | None:
    """The bytes of a file's name, or None."""
    if value is None:
        return None
    value = os.fspath(value)
    if not isinstance(value, str):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise TypeError(f"{name} must be a str or a path of str, not {type(value).__name__}")
    # File names that are no text reach Python as lone surrogates; "surrogateescape" takes them back.
    return _checked(name, value, "utf-8", "surrogateescape", InvalidArgumentError)


def _checked(
    name: str, value: str, encoding: str, errors: str, error: type[PinarkiveError]
) -> bytes:
    # The value may be a key: no message quotes it, and no exception that would is its context.
    try:
        encoded = value.encode(encoding, errors)
    except UnicodeEncodeError:
        encoded = None
    if encoded is None:
        raise error(f"{name} holds a lone surrogate, which is not text: decode it correctly")
    if b"\0" in encoded:
        raise error(f"{name} holds a NUL character: remove it")
    return encoded


def milliseconds(name: str, seconds: float | None) -> int:
    """Seconds as whole milliseconds, away from 0, so that only None and 0 mean the default.

    What no int64 holds becomes the nearest that does: the library brings it into its limits, or
    refuses it.
    """
    if seconds is None:
        return 0
    if not isinstance(seconds, (int, float)):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise TypeError(f"{name} must be a number of seconds, not {type(seconds).__name__}")
    if seconds != seconds:  # NaN. math.isnan refuses an int that no float holds.
        raise InvalidArgumentError(f"{name} is not a number: give seconds")
    if not -_INT64 < seconds * 1000 < _INT64:
        return _INT64 if seconds > 0 else -_INT64
    return math.ceil(seconds * 1000) if seconds > 0 else math.floor(seconds * 1000)


def count(name: str, value: int | None) -> int:
    """A number as an int32; what does not fit becomes the nearest that does, to be refused."""
    if value is None:
        return 0
    try:
        number = operator.index(value)
    except TypeError:
        raise TypeError(f"{name} must be an int, not {type(value).__name__}") from None
    return max(-_INT32, min(_INT32, number))
