"""Finding and loading libpinarkive. Importing the package never fails because it is missing."""

from __future__ import annotations

import os
from ctypes import CDLL, c_char_p

import pinarkive._abi as _abi
from ._errors import InvalidArgumentError, LibraryError

SONAME = f"libpinarkive.so.{_abi.PK_ABI_VERSION}"
BUNDLED = os.path.join(os.path.dirname(os.path.abspath(__file__)), SONAME)
VARIABLE = "PINARKIVE_LIBRARY"

_FIX = f"""To fix it, do one of these:
  - install a wheel of pinarkive, which brings the library along;
  - install libpinarkive where the system looks for libraries (`make install`, then `ldconfig`);
  - set {VARIABLE} to the full path of {SONAME}.
The library itself needs libcurl and jansson (on Debian: apt-get install libcurl4 libjansson4)."""

# Set once, by load_library. Two threads that load at the same time get the same library, because
# the system loads a file once for a process: no lock that a fork could leave locked is needed.
_loaded: tuple[str, CDLL] | None = None


def load_library(path: str | os.PathLike[str] | None = None) -> str:
    """Loads libpinarkive and returns where it was found. Needed only to choose the place yourself.

    Looks in this order, and never in the working directory:

    1. ``path``, if it is given;
    2. the full path in ``$PINARKIVE_LIBRARY``, if it is set;
    3. beside this package, where a wheel puts it;
    4. where the system looks for shared libraries.

    The first two have no fallback. A process has one library: call this before anything else.

    Raises:
        LibraryError: nothing suitable was found; the text lists what was tried and the remedy.
        InvalidArgumentError: another library is in use already.
    """
    global _loaded
    wanted = None if path is None else os.fspath(path)
    if _loaded is not None:
        if wanted is not None and wanted != _loaded[0]:
            raise InvalidArgumentError(
                f"libpinarkive is in use already, from {_loaded[0]}: choose another before the "
                "first call of this process"
            )
        return _loaded[0]
    failures: list[str] = []
    for origin, candidate in _candidates(wanted):
        try:
            library = _open(candidate)
        except (OSError, _UnsuitableError) as reason:
            failures.append(f"  - {candidate} ({origin}): {reason}")
        else:
            _loaded = (candidate, library)
            return candidate
    tried = "\n".join(failures)
    raise LibraryError(f"libpinarkive cannot be loaded. Tried:\n{tried}\n{_FIX}")


def library() -> CDLL:
    """The library, with its functions declared. Loads it on first use."""
    if _loaded is None:
        load_library()
    assert _loaded is not None
    return _loaded[1]


def build_info() -> str:
    """The versions of libpinarkive, libcurl, its TLS library and jansson, for bug reports."""
    information: bytes = library().pk_build_info()
    return information.decode()


class _UnsuitableError(Exception):
    """A library that can be loaded but not used."""


def _candidates(wanted: str | None) -> list[tuple[str, str]]:
    if wanted is not None:
        return [("the path that was given", wanted)]
    chosen = os.environ.get(VARIABLE)
    if chosen:
        return [(f"${VARIABLE}", chosen)]
    return [("beside the package", BUNDLED), ("where the system looks", SONAME)]


def _open(candidate: str) -> CDLL:
    if candidate != SONAME:
        # A relative name would depend on the working directory, where anybody may put a library.
        if not os.path.isabs(candidate):
            raise _UnsuitableError(f"not a full path: write {os.path.abspath(candidate)!r}")
        if not os.path.exists(candidate):
            raise _UnsuitableError("there is no such file")
    library = CDLL(candidate)
    version = _version(library)
    missing = None
    try:
        _abi.declare(library)
    except AttributeError as error:
        missing = error
    if missing is None and library.pk_abi_version() != _abi.PK_ABI_VERSION:
        raise _UnsuitableError(
            f"it is version {version} with binary interface {library.pk_abi_version()}, but this "
            f"package is version {_abi.PK_VERSION} and needs binary interface "
            f"{_abi.PK_ABI_VERSION}: install the two of one version"
        )
    if missing is not None or _numbers(version) < _numbers(_abi.PK_VERSION):
        raise _UnsuitableError(
            f"it is version {version}, but this package is version {_abi.PK_VERSION}: update the "
            "library" + ("" if missing is None else f" ({missing})")
        )
    return library


def _version(library: CDLL) -> str:
    try:
        function = library.pk_version
    except AttributeError:
        raise _UnsuitableError("it is not libpinarkive: it has no pk_version") from None
    function.argtypes = []
    function.restype = c_char_p
    version: bytes = function()
    return version.decode()


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("-")[0].split("+")[0].split("."))
