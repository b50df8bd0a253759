"""What all values have in common."""

from __future__ import annotations

import dataclasses
from typing import Any


class Value:
    """Pickles and copies a frozen dataclass with slots, which Python 3.9 cannot do by itself."""

    __slots__ = ()

    def __reduce__(self) -> tuple[type[Any], tuple[Any, ...]]:
        names = (field.name for field in dataclasses.fields(self))  # type: ignore[arg-type]
        return type(self), tuple(getattr(self, name) for name in names)


def optional_text(value: bytes | None) -> str | None:
    """A text of C, or None for NULL."""
    return None if value is None else value.decode()


def certain_text(value: bytes | None) -> str:
    """A text of C that is never NULL."""
    assert value is not None, "the library promises that this is never NULL"
    return value.decode()
