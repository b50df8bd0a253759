"""What a caller can get wrong is refused before C cuts it short or wraps it around."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

import pinarkive
from pinarkive import _arguments

TEXTS = ["api_key", "bearer_token", "base_url", "user_agent", "ca_file", "proxy"]
TIMES = ["timeout", "attempt_timeout", "connect_timeout"]
COUNTS = ["max_attempts", "max_connections"]


def make(**options: object) -> None:
    pinarkive.Client(**{"api_key": "k", **options}).close()  # type: ignore[arg-type]


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize(("value", "says"), [("secret\0", "NUL"), ("\ud800secret", "surrogate")])
def test_a_text_that_c_cannot_hold_is_refused_and_not_shown(
    name: str, value: str, says: str
) -> None:
    with pytest.raises(pinarkive.InvalidArgumentError, match=f"^{name} .*{says}") as caught:
        make(**{name: value})
    assert "secret" not in str(caught.value)
    # A UnicodeEncodeError holds the whole text, and would show in a traceback or a report.
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_of_another_type_is_refused(name: str) -> None:
    for value in (b"bytes", 1):
        with pytest.raises(TypeError):
            make(**{name: value})


@pytest.mark.parametrize("name", TIMES)
def test_times(name: str) -> None:
    for good in (None, 0, 0.05, 3, 2.5, 1e300, 10**400, math.inf):
        make(**{name: good})
    refuses_what_is_no_time(name)


@pytest.mark.parametrize("name", ["cache_ttl", "stale_if_error"])
def test_times_of_the_cache(name: str) -> None:
    for good in (None, 0, 0.05, 3600):
        make(**{name: good})
    refuses_what_is_no_time(name)


def refuses_what_is_no_time(name: str) -> None:
    for bad in (-1, -0.0001, -(10**400), -math.inf, math.nan):
        with pytest.raises(pinarkive.InvalidArgumentError):
            make(**{name: bad})
    for other in ("3", b"3", [3]):
        with pytest.raises(TypeError, match=f"^{name} must be a number of seconds"):
            make(**{name: other})


@pytest.mark.parametrize("name", COUNTS)
def test_counts(name: str) -> None:
    for good in (None, 0, 1, 10):
        make(**{name: good})
    for bad in (-1, 65, 2**31, 2**32 + 1, -(2**32) + 1, 10**30):
        with pytest.raises(pinarkive.InvalidArgumentError, match=name):
            make(**{name: bad})
    for other in (1.5, "1"):
        with pytest.raises(TypeError, match=f"^{name} must be an int"):
            make(**{name: other})


@pytest.mark.parametrize(
    ("seconds", "milliseconds"),
    [
        (None, 0),
        (0, 0),
        (0.0, 0),
        (1, 1000),
        (0.3, 300),
        (2.675, 2675),
        (1e-9, 1),
        (-1e-9, -1),
        (-1, -1000),
        (1e300, 2**63 - 1),
        (-math.inf, -(2**63) + 1),
    ],
)
def test_seconds_become_milliseconds(seconds: float | None, milliseconds: int) -> None:
    assert _arguments.milliseconds("timeout", seconds) == milliseconds


def test_a_call_refuses_its_arguments_too() -> None:
    with pinarkive.Client(api_key="k") as client:
        with pytest.raises(pinarkive.InvalidArgumentError):
            client.list_clusters(timeout=-1)
        with pytest.raises(pinarkive.InvalidArgumentError):
            client.list_clusters(timeout=math.nan)


@pytest.mark.parametrize(
    "options",
    [
        {"api_key": ""},
        {"api_key": "a b"},
        {"api_key": "k\r\nX: y"},
        {"api_key": "k" * 513},
        {"base_url": "http://example.com/api/v3"},
        {"base_url": "https://u:p@example.com/"},
        {"user_agent": "ä"},
        {"proxy": "nonsense proxy"},
    ],
)
def test_the_library_refuses_the_rest(options: dict[str, str]) -> None:
    with pytest.raises(pinarkive.InvalidArgumentError):
        make(**options)


def test_a_ca_file_may_be_a_path(tmp_path: Path) -> None:
    with pytest.raises(pinarkive.ConfigurationError, match="no ä such.pem"):
        make(ca_file=tmp_path / "no ä such.pem")
    # How Python shows a file name that is no UTF-8.
    with pytest.raises(pinarkive.ConfigurationError):
        make(ca_file=tmp_path / "\udcff.pem")


def test_arguments_of_gateway_url_are_texts() -> None:
    with pytest.raises(TypeError, match="^content must be a str"):
        pinarkive.gateway_url(None, b"Qm")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="^base must be a str"):
        pinarkive.gateway_url(1, "Qm")  # type: ignore[arg-type]
