"""What all values have in common."""

from __future__ import annotations

import sys
from ctypes import c_char
from typing import TYPE_CHECKING, Any, Callable, NoReturn, cast


class Value:
    """Freezes, pickles and copies a dataclass with slots, which Python 3.9 cannot do by itself."""

    __slots__ = ()

    def __reduce__(self) -> tuple[type[Any], tuple[Any, ...]]:
        import dataclasses

        names = (field.name for field in dataclasses.fields(self))  # type: ignore[arg-type]
        return type(self), tuple(getattr(self, name) for name in names)

    if not TYPE_CHECKING:

        def __setattr__(self, name: str, value: object) -> NoReturn:
            from dataclasses import FrozenInstanceError

            raise FrozenInstanceError(f"cannot assign to field {name!r}")

        def __delattr__(self, name: str) -> NoReturn:
            from dataclasses import FrozenInstanceError

            raise FrozenInstanceError(f"cannot delete field {name!r}")


if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
else:
    # The module dataclasses and the methods that it writes take a third of the time of importing this
    # package, and most programs only read what a call returns. So a class gets its methods when one
    # of them is first used: of a class beside it that has the same fields.

    METHODS = ["__init__", "__repr__", "__eq__", "__hash__"]
    ATTRIBUTES = ["__dataclass_fields__", "__dataclass_params__"]
    if sys.version_info >= (3, 10):
        ATTRIBUTES.append("__match_args__")
    if sys.version_info >= (3, 13):
        METHODS.append("__replace__")

    def dataclass(**options: bool) -> Callable[[type], type]:
        """As dataclasses.dataclass, for a class based on `Value` and frozen by that."""

        def prepare(cls: type) -> type:
            own = {name: cls.__dict__[name] for name in METHODS if name in cls.__dict__}
            wanted = [name for name in METHODS if name not in own]
            complete = _completer(cls, own, wanted, options)
            for name in wanted:
                setattr(cls, name, _method(cls, name, complete))
            for name in [*ATTRIBUTES, "__signature__"]:
                setattr(cls, name, _Attribute(cls, name, complete))
            return cls

        return prepare

    def _completer(
        cls: type, own: dict[str, Any], wanted: list[str], options: dict[str, bool]
    ) -> Callable[[], None]:
        def complete() -> None:
            import dataclasses

            names = ("__module__", "__qualname__", "__annotations__")
            namespace = {**own, **{name: getattr(cls, name) for name in names}}
            made = dataclasses.dataclass(**options)(type(cls.__name__, (), namespace))
            # Each is set at once: other threads may do the same at the same time.
            for name in wanted + ATTRIBUTES:
                setattr(cls, name, made.__dict__[name])
            cls.__signature__ = None  # The signature is that of __init__ from now on.

        return complete

    def _method(cls: type, name: str, complete: Callable[[], None]) -> Callable[..., Any]:
        def first(self: object, *arguments: object, **named: object) -> object:
            complete()
            return getattr(cls, name)(self, *arguments, **named)

        return first

    class _Attribute:
        def __init__(self, cls: type, name: str, complete: Callable[[], None]) -> None:
            self._cls, self._name, self._complete = cls, name, complete

        def __get__(self, instance: object, owner: type) -> object:
            self._complete()
            return self._cls.__dict__[self._name]


def optional_text(value: bytes | None) -> str | None:
    """A text of C, or None for NULL."""
    return None if value is None else value.decode()


def certain_text(value: bytes | None) -> str:
    """A text of C that is never NULL."""
    assert value is not None, "the library promises that this is never NULL"
    return value.decode()


# All memory: the slice from an address on, to that plus a length, copies it to bytes, in a third of the
# time of string_at. Only for what the library has just returned.
MEMORY = cast(Any, (c_char * (sys.maxsize // 2)).from_address(0))
