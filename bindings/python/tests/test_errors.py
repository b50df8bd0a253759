"""Every way to fail: the class, its built-in, its fields, and what it tells a new user."""

from __future__ import annotations

import copy
import pickle
import socket
from ctypes import POINTER

import pytest
from conftest import CID, MakeClient

import pinarkive
from pinarkive import _abi, _errors


def test_every_status_has_a_class_of_its_own() -> None:
    statuses = {
        value for name, value in vars(_abi).items() if name.startswith("PK_ERROR_")
    }
    assert len(statuses) >= 17
    assert set(_errors.CLASS_BY_STATUS) == statuses
    assert len(set(_errors.CLASS_BY_STATUS.values())) == len(statuses)
    for kind in _errors.CLASS_BY_STATUS.values():
        assert kind.__name__ in pinarkive.__all__
        assert kind.__doc__


@pytest.mark.parametrize(
    ("key", "kind", "builtin", "http_status", "code", "says"),
    [
        ("wrong", pinarkive.UnauthorizedError, PermissionError, 401, "INVALID_API_KEY", "key"),
        ("sandbox-expired", pinarkive.UnauthorizedError, PermissionError, 401, "UNAUTHORIZED", ""),
        (
            "sandbox-missing-scope",
            pinarkive.MissingScopeError,
            pinarkive.ForbiddenError,
            403,
            "missing_scope",
            "cluster:read",
        ),
        (
            "sandbox-unverified",
            pinarkive.ForbiddenError,
            PermissionError,
            403,
            "email_not_verified",
            "",
        ),
        ("sandbox-plan-limit", pinarkive.ForbiddenError, PermissionError, 403, None, ""),
        ("sandbox-not-found", pinarkive.NotFoundError, LookupError, 404, None, "base_url"),
        ("sandbox-error", pinarkive.ServerError, pinarkive.PinarkiveError, 500, None, ""),
        ("sandbox-html", pinarkive.ProtocolError, pinarkive.PinarkiveError, 200, None, ""),
        ("sandbox-redirect", pinarkive.ProtocolError, pinarkive.PinarkiveError, 302, None, ""),
        (
            "sandbox-too-large",
            pinarkive.TooLargeError,
            pinarkive.PinarkiveError,
            413,
            "FILE_TOO_LARGE",
            "",
        ),
    ],
)
def test_an_answer_that_is_an_error(
    make_client: MakeClient,
    key: str,
    kind: type[pinarkive.PinarkiveError],
    builtin: type[Exception],
    http_status: int,
    code: str | None,
    says: str,
) -> None:
    with pytest.raises(kind) as caught:
        make_client(key, max_attempts=1).list_clusters()
    error = caught.value
    assert type(error) is kind
    assert isinstance(error, builtin)
    assert isinstance(error, pinarkive.PinarkiveError)
    assert (error.http_status, error.code) == (http_status, code)
    assert error.retry_after is None
    assert error.required == ("cluster:read" if key == "sandbox-missing-scope" else None)
    assert says in str(error)
    assert str(error) == error.message
    assert key not in str(error)


def test_the_rate_limit_says_how_long_to_wait(make_client: MakeClient) -> None:
    with pytest.raises(pinarkive.RateLimitError) as caught:
        make_client("sandbox-rate-limited").list_clusters()
    assert caught.value.retry_after == pytest.approx(30, abs=1)
    assert caught.value.http_status == 429
    assert caught.value.code == "RATE_LIMIT"


def test_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PINARKIVE_API_KEY", raising=False)
    with pytest.raises(pinarkive.ConfigurationError, match="PINARKIVE_API_KEY"):
        pinarkive.Client()


def test_no_server() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        base_url = f"http://127.0.0.1:{unused.getsockname()[1]}/api/v3"
        with pinarkive.Client(api_key="k", base_url=base_url, max_attempts=1) as client:
            with pytest.raises(ConnectionError) as caught:
                client.list_clusters()
    assert isinstance(caught.value, pinarkive.NetworkError)
    assert caught.value.http_status is None
    assert caught.value.errno is None


def test_no_tls(sandbox: str) -> None:
    base_url = sandbox.replace("http:", "https:")
    with pinarkive.Client(api_key="k", base_url=base_url) as client:
        with pytest.raises(pinarkive.TLSError) as caught:
            client.list_clusters()
    assert isinstance(caught.value, ConnectionError)


@pytest.mark.parametrize("content", ["", "hello", "Qm", CID[:-1], "../../etc/passwd", "a\0b", "\ud800"])
def test_content_that_is_no_cid(content: str) -> None:
    with pytest.raises(pinarkive.InvalidContentError) as caught:
        pinarkive.gateway_url(None, content)
    assert isinstance(caught.value, ValueError)


@pytest.mark.parametrize("base", ["javascript:alert(1)", "https://u:p@h/ipfs/", "", "x\0y", "\udfff"])
def test_a_base_that_is_no_gateway(base: str) -> None:
    with pytest.raises(pinarkive.InvalidArgumentError):
        pinarkive.gateway_url(base, CID)


def test_errors_are_pickled_and_copied_whole(make_client: MakeClient) -> None:
    found: list[pinarkive.PinarkiveError] = []
    for key in ("sandbox-missing-scope", "sandbox-rate-limited", "wrong"):
        with pytest.raises(pinarkive.PinarkiveError) as caught:
            make_client(key).list_clusters()
        found.append(caught.value)
    for kind in _errors.CLASS_BY_STATUS.values():
        found.append(kind("text", http_status=1, retry_after=2.5, code="c", required="r"))
    for error in found:
        for same in (pickle.loads(pickle.dumps(error)), copy.copy(error)):
            assert type(same) is type(error)
            assert str(same) == str(error)
            assert vars(same) == vars(error)


def test_a_library_that_fails_without_an_error_is_to_be_reported() -> None:
    error = _errors.failure_of(POINTER(_abi.pk_error)())
    assert type(error) is pinarkive.InternalError


def test_a_status_of_a_newer_library_is_a_plain_error() -> None:
    native = _abi.pk_error(status=4711, retry_after_ms=-1, message=b"new")
    error = _errors.exception_of(native)
    assert type(error) is pinarkive.PinarkiveError
    assert (error.status, str(error)) == (4711, "new")
