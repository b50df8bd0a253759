"""What a call can raise: one class for each pk_status, each also the built-in that fits."""

from __future__ import annotations

from ctypes import CDLL
from typing import TYPE_CHECKING, NoReturn

import pinarkive._abi as _abi
from ._value import optional_text

if TYPE_CHECKING:
    from ctypes import _Pointer  # pyright: ignore[reportPrivateUsage]


class PinarkiveError(Exception):
    """Why a call failed. Every error of this package is one.

    The text says what happened and what to do; it never holds the key.
    """

    status: int = _abi.PK_ERROR_INTERNAL
    """The number of the kind of failure, a ``pk_status`` of C."""

    message: str
    """The text of the error: one English sentence."""

    http_status: int | None
    """The HTTP status of the answer, or None if there was none."""

    retry_after: float | None
    """Seconds after which another call may succeed, or None if unknown. At most a day."""

    code: str | None
    """The service's own code, such as ``"INVALID_API_KEY"``, or None if it gave none."""

    required: str | None
    """The scope that the key lacks, such as ``"cluster:read"``; None with other errors."""

    suggestion: str | None
    """With :exc:`InvalidContentError` what was meant, where one thing alone can be: content that is
    accepted in the place of that which was refused. Else None."""

    def __init__(
        self,
        message: str,
        *,
        http_status: int | None = None,
        retry_after: float | None = None,
        code: str | None = None,
        required: str | None = None,
        suggestion: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.http_status = http_status
        self.retry_after = retry_after
        self.code = code
        self.required = required
        self.suggestion = suggestion


class InvalidArgumentError(PinarkiveError, ValueError):
    """An argument cannot be right: a malformed key, URL or number, or a client that is closed."""

    status = _abi.PK_ERROR_INVALID_ARGUMENT


class InvalidContentError(PinarkiveError, ValueError):
    """The content is neither a content identifier (CID) nor an address of one."""

    status = _abi.PK_ERROR_INVALID_CONTENT


class ConfigurationError(PinarkiveError):
    """Something in the environment is missing or wrong: no key, an unreadable CA bundle."""

    status = _abi.PK_ERROR_CONFIGURATION


class LibraryError(ConfigurationError, ImportError):
    """The shared library cannot be loaded. The text lists what was tried and how to fix it."""


class NetworkError(PinarkiveError, ConnectionError):
    """No answer: the name does not resolve, or the connection is refused, reset or cut short."""

    status = _abi.PK_ERROR_NETWORK


class CallTimeoutError(PinarkiveError, TimeoutError):
    """The time given for the call ran out."""

    status = _abi.PK_ERROR_TIMEOUT


class TLSError(PinarkiveError, ConnectionError):
    """The server's certificate or the TLS handshake was not acceptable. Do not try again."""

    status = _abi.PK_ERROR_TLS


class CallCancelledError(PinarkiveError):
    """The call was cancelled, or its client was closed while it ran."""

    status = _abi.PK_ERROR_CANCELLED


class UnauthorizedError(PinarkiveError, PermissionError):
    """HTTP 401: the service does not accept the key or token."""

    status = _abi.PK_ERROR_UNAUTHORIZED


class ForbiddenError(PinarkiveError, PermissionError):
    """HTTP 403: the account may not do this (plan limit, unverified e-mail, disabled account)."""

    status = _abi.PK_ERROR_FORBIDDEN


class MissingScopeError(ForbiddenError):
    """HTTP 403: the key lacks the scope that ``required`` names."""

    status = _abi.PK_ERROR_MISSING_SCOPE


class NotFoundError(PinarkiveError, LookupError):
    """HTTP 404: there is no such endpoint at the base URL."""

    status = _abi.PK_ERROR_NOT_FOUND


class RateLimitError(PinarkiveError):
    """HTTP 429: too many requests. ``retry_after`` says how many seconds to wait."""

    status = _abi.PK_ERROR_RATE_LIMITED


class ServerError(PinarkiveError):
    """HTTP 5xx: the service failed."""

    status = _abi.PK_ERROR_SERVER


class ProtocolError(PinarkiveError):
    """The answer is not what the service documents."""

    status = _abi.PK_ERROR_PROTOCOL


class TooLargeError(PinarkiveError):
    """The answer is larger than the library accepts, or the service called the request so."""

    status = _abi.PK_ERROR_TOO_LARGE


class OutOfMemoryError(PinarkiveError, MemoryError):
    """Memory could not be allocated."""

    status = _abi.PK_ERROR_OUT_OF_MEMORY


class InternalError(PinarkiveError, RuntimeError):
    """A fault of the library itself. Please report it, with ``pinarkive.build_info()``."""

    status = _abi.PK_ERROR_INTERNAL


CLASS_BY_STATUS: dict[int, type[PinarkiveError]] = {
    kind.status: kind
    for kind in (
        InvalidArgumentError,
        InvalidContentError,
        ConfigurationError,
        NetworkError,
        CallTimeoutError,
        TLSError,
        CallCancelledError,
        UnauthorizedError,
        ForbiddenError,
        MissingScopeError,
        NotFoundError,
        RateLimitError,
        ServerError,
        ProtocolError,
        TooLargeError,
        OutOfMemoryError,
        InternalError,
    )
}


def raise_native(library: CDLL, error: _Pointer[_abi.pk_error]) -> NoReturn:
    """Raises what a function stored through its last argument, and frees it."""
    try:
        raise failure_of(error)
    finally:
        library.pk_free(error)


def failure_of(error: _Pointer[_abi.pk_error]) -> PinarkiveError:
    """The exception for what a function that failed stored through its last argument."""
    # C always stores one: it has one that takes no memory for when there is none.
    if not error:
        return InternalError("the library failed without saying why: please report it")
    return exception_of(error.contents)


def exception_of(native: _abi.pk_error) -> PinarkiveError:
    """The exception that says what an error of C says. It does not depend on that one's memory."""
    # A status that this version does not know comes from a newer library: the base class fits.
    exception = CLASS_BY_STATUS.get(native.status, PinarkiveError)(
        optional_text(native.message) or "unknown failure",
        http_status=native.http_status or None,
        retry_after=native.retry_after_ms / 1000 if native.retry_after_ms >= 0 else None,
        code=optional_text(native.code),
        required=optional_text(native.required),
        suggestion=optional_text(native.suggestion),
    )
    exception.status = native.status
    return exception
