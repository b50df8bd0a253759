#!/usr/bin/env python3
"""Runs the conformance table with the Python binding; README.md says what a case means.

    runner.py CASES ROOT
"""

from __future__ import annotations

import base64
import contextlib
import http.client
import json
import os
import sys
import threading
import time
import warnings
from collections.abc import Iterator
from typing import Any, Callable, Union

import pinarkive
from pinarkive import _abi

Case = dict[str, Any]
# What a call gives, under its name in "expect".
Outcome = Union[pinarkive.PinarkiveError, tuple[str, Any]]

KNOWN = set(
    "name call options environment call_options server request requests gateway content "
    "gateway_base64 content_base64 contents from base clusters cluster url_options repeat took_ms "
    "not_in expect".split()
)
# Names are those of C; times are seconds in Python.
TIMES = {
    "timeout_ms": "timeout",
    "attempt_timeout_ms": "attempt_timeout",
    "connect_timeout_ms": "connect_timeout",
    "cache_ttl_ms": "cache_ttl",
    "stale_if_error_ms": "stale_if_error",
}
STATUS_NAMES = {
    value: name[len("PK_ERROR_") :]
    for name, value in vars(_abi).items()
    if name.startswith("PK_ERROR_")
}
PROXY_VARIABLES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")
CLEARED = (
    "PINARKIVE_API_KEY",
    "PINARKIVE_API_URL",
    "SSL_CERT_FILE",
    *PROXY_VARIABLES,
    *(name.upper() for name in PROXY_VARIABLES),
)


class Difference(Exception):
    """What a case found and what it should have found."""


def main(arguments: list[str]) -> int:
    if len(arguments) != 2:
        sys.exit("usage: runner.py CASES ROOT")
    warnings.simplefilter("error")
    with open(arguments[0], encoding="utf-8") as file:
        cases: list[Case] = json.load(file)
    passed = failed = 0
    for number, case in enumerate(cases):
        if "python" in case.get("not_in", {}):
            continue
        try:
            run(case, number, arguments[1])
        except Exception as error:
            failed += 1
            reason = error if isinstance(error, Difference) else repr(error)
            print(f"{number} {case.get('name')}: {reason}")
        else:
            passed += 1
    print(f"{passed} passed, {failed} failed")
    return 0 if failed == 0 else 1


def run(case: Case, number: int, root: str) -> None:
    unknown = set(case) - KNOWN
    if unknown:
        raise Difference(f"members that this runner does not know: {sorted(unknown)}")

    def fill(value: Any) -> Any:
        if not isinstance(value, str):
            return value
        filled = value.replace("{base}", f"{root}/case/{number}")
        return filled.replace("{host}", root[len("http://") :])

    options = case.get("options", {"api_key": "conformance"})
    options = {name: fill(value) for name, value in {"base_url": "{base}", **options}.items()}
    changes = {name: fill(value) for name, value in case.get("environment", {}).items()}
    with environment(changes):
        began = time.monotonic()
        outcome = attempt(case, options)
        took = (time.monotonic() - began) * 1000
    compare(case, outcome)
    if "took_ms" in case:
        at_least, at_most = case["took_ms"]
        if not at_least <= took <= at_most:
            raise Difference(f"took {took:.0f} ms, expected {at_least} to {at_most}")
    if "request" in case or "requests" in case:
        compare_requests(case, ask(root, number))


def attempt(case: Case, options: dict[str, Any]) -> Outcome:
    """The value or the error of the case's call; with `repeat`, of the last one."""
    try:
        call = CONTENT_CALLS.get(case["call"])
        if call is not None:
            return repeated(case, lambda: call(case))
        with pinarkive.Client(**python_options(options)) as client:
            if case["call"] == "client_new":
                return "client", True
            if case["call"] == "list_clusters":
                return repeated(
                    case, lambda: ("list", list_clusters(client, case.get("call_options", {})))
                )
            raise Difference(f"a call that this runner does not know: {case['call']}")
    except pinarkive.PinarkiveError as error:
        return error


def repeated(case: Case, call: Callable[[], Outcome]) -> Outcome:
    for _ in range(case.get("repeat", 1) - 1):
        with contextlib.suppress(pinarkive.PinarkiveError):
            call()
    return call()


def gateway_url(case: Case) -> Outcome:
    arguments = argument(case, "gateway"), argument(case, "content")
    return "url", pinarkive.gateway_url(*arguments, **url_options(case))


def gateway_urls(case: Case) -> Outcome:
    contents = [
        as_text(content["base64"]) if isinstance(content, dict) else content
        for content in case["contents"]
    ]
    urls = pinarkive.gateway_urls(argument(case, "gateway"), contents, **url_options(case))
    return "urls", urls


def candidates(case: Case) -> Outcome:
    clusters = [
        pinarkive.Cluster(
            cluster["id"],
            cluster.get("label"),
            None,
            None,
            tuple(
                pinarkive.Gateway(
                    gateway["base_url"], None, None, gateway.get("label"), gateway.get("order", 0)
                )
                for gateway in cluster.get("gateways", [])
            ),
        )
        for cluster in case["clusters"]
    ]
    content, cluster = argument(case, "content"), case.get("cluster")
    return "candidates", pinarkive.candidates(clusters, content, cluster, **url_options(case))


def cid(case: Case) -> Outcome:
    if case.get("from", "text") == "bytes":
        binary = base64.b64decode(case["content_base64"], validate=True)
        return "cid", pinarkive.CID.from_bytes(binary)
    return "cid", pinarkive.CID.parse(argument(case, "content"))


def cid_format(case: Case) -> Outcome:
    return "text", pinarkive.CID.parse(argument(case, "content")).format(case.get("base"))


CONTENT_CALLS: dict[str, Callable[[Case], Outcome]] = {
    "gateway_url": gateway_url,
    "gateway_urls": gateway_urls,
    "candidates": candidates,
    "cid": cid,
    "cid_format": cid_format,
}


def url_options(case: Case) -> Any:
    options: dict[str, Any] = dict(case.get("url_options", {}))
    for name in ("download", "inline_names"):
        if name in options and options[name] not in (0, 1):
            raise Difference(f"{name} is a bool in Python: say so with not_in")
    return options


def list_clusters(client: pinarkive.Client, options: dict[str, Any]) -> pinarkive.ClusterList:
    options = dict(options)
    when = options.pop("cancel", None)
    if when is None:
        return client.list_clusters(**python_options(options))
    cancellation = pinarkive.Cancellation()
    options["cancellation"] = cancellation
    if when == "before":
        cancellation.cancel()
        return client.list_clusters(**python_options(options))
    if when != "during":
        raise Difference(f"a cancel that this runner does not know: {when}")
    timer = threading.Timer(0.1, cancellation.cancel)
    timer.start()
    try:
        return client.list_clusters(**python_options(options))
    finally:
        timer.cancel()
        timer.join()


def python_options(options: dict[str, Any]) -> dict[str, Any]:
    return {
        TIMES.get(name, name): value / 1000 if name in TIMES and value is not None else value
        for name, value in options.items()
    }


def argument(case: Case, name: str) -> Any:
    encoded = case.get(f"{name}_base64")
    return case.get(name) if encoded is None else as_text(encoded)


def as_text(encoded: str) -> str:
    # As Python itself hands out bytes that are no text, from file names and the command line.
    return base64.b64decode(encoded, validate=True).decode("utf-8", "surrogateescape")


@contextlib.contextmanager
def environment(changes: dict[str, str | None]) -> Iterator[None]:
    before = dict(os.environ)
    try:
        for name in CLEARED:
            os.environ.pop(name, None)
        for name, value in changes.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
        yield
    finally:
        for name in set(os.environ) - set(before):
            del os.environ[name]
        os.environ.update(before)


def compare(case: Case, outcome: Outcome) -> None:
    ((kind, expected),) = case["expect"].items()
    if isinstance(outcome, pinarkive.PinarkiveError):
        if kind != "error":
            raise Difference(f"found {outcome!r}, expected {kind} {expected}")
        compare_error(expected, outcome)
        return
    found, value = outcome
    if found != kind:
        raise Difference(f"found {found} {value!r}, expected {kind} {expected}")
    if kind == "list":
        compare_list(expected, value, case)
    elif kind == "urls":
        compare_urls(expected, value)
    elif kind == "candidates":
        compare_members("candidate", value, expected)
    elif kind == "cid":
        compare_cid(expected, value)
    else:
        equal(kind, value, expected)


def compare_urls(expected: list[Any], urls: list[Any]) -> None:
    equal("number of URLs", len(urls), len(expected))
    for place, (url, wanted) in enumerate(zip(urls, expected)):
        if isinstance(url, pinarkive.PinarkiveError) and isinstance(wanted, dict):
            ((kind, members),) = wanted.items()
            equal("kind", kind, "error")
            compare_error(members, url)
        else:
            equal(f"URL {place}", url, wanted)


def compare_cid(expected: dict[str, Any], cid: pinarkive.CID) -> None:
    for name, value in expected.items():
        if name == "formats":
            for base, text in value.items():
                equal(f"in {base}", cid.format(base) if base else str(cid), text)
        elif name in ("digest", "bytes"):
            equal(name, (cid.digest if name == "digest" else bytes(cid)).hex(), value)
        elif name in ("codec", "hash"):
            equal(name, getattr(cid, name), int(value))
        else:
            equal(name, getattr(cid, name), value)


def compare_error(expected: dict[str, Any], error: pinarkive.PinarkiveError) -> None:
    found: dict[str, Any] = {
        "status": STATUS_NAMES.get(error.status, error.status),
        "http_status": error.http_status or 0,
        "retry_after_ms": -1 if error.retry_after is None else round(error.retry_after * 1000),
        "code": error.code,
        "required": error.required,
        "suggestion": error.suggestion,
    }
    for name, value in expected.items():
        if name == "message":
            missing = [part for part in value if part not in error.message]
            if missing:
                raise Difference(f"the message lacks {missing}: {error.message!r}")
        elif name == "message_not":
            present = [part for part in value if part in error.message or part in repr(error)]
            if present:
                raise Difference(f"the message holds {present}: {error.message!r}")
        elif name == "retry_after_ms" and isinstance(value, list):
            if not value[0] <= found[name] <= value[1]:
                raise Difference(f"retry_after_ms: found {found[name]}, expected {value}")
        else:
            equal(name, found[name], value)


def compare_list(expected: dict[str, Any], clusters: pinarkive.ClusterList, case: Case) -> None:
    limits = clusters.rate_limit
    found: dict[str, Any] = {
        "attempts": clusters.attempts,
        "from_cache": clusters.from_cache,
        "rate_limit": -1 if limits.limit is None else limits.limit,
        "rate_limit_remaining": -1 if limits.remaining is None else limits.remaining,
        "rate_limit_reset": -1 if limits.reset is None else limits.reset,
    }
    for name, value in expected.items():
        if name == "clusters":
            compare_members("cluster", clusters, value)
        elif name == "json":
            equal("raw", clusters.raw, body_of(case["server"][-1]))
        else:
            equal(name, found[name], value)


def compare_members(kind: str, values: Any, expected: list[dict[str, Any]]) -> None:
    equal(f"number of {kind}s", len(values), len(expected))
    for place, (value, members) in enumerate(zip(values, expected)):
        for name, member in members.items():
            if name == "gateways":
                compare_members(f"{kind} {place} gateway", value.gateways, member)
            elif name == "reason":
                equal(f"{kind} {place} {name}", value.reason.replace(" ", "_"), member)
            else:
                equal(f"{kind} {place} {name}", getattr(value, name), member)


def body_of(answer: dict[str, Any]) -> bytes:
    if "body_base64" in answer:
        return base64.b64decode(answer["body_base64"], validate=True)
    if "body_repeated" in answer:
        return "".join(text * times for text, times in answer["body_repeated"]).encode()
    body: str = answer.get("body", "")
    return body.encode()


def ask(root: str, number: int) -> dict[str, Any]:
    """Which requests the server has seen for a case."""
    connection = http.client.HTTPConnection(root[len("http://") :], timeout=10)
    try:
        connection.request("GET", f"/requests/{number}")
        answer: dict[str, Any] = json.loads(connection.getresponse().read())
        return answer
    finally:
        connection.close()


def compare_requests(case: Case, seen: dict[str, Any]) -> None:
    if "requests" in case:
        equal("requests", seen["count"], case["requests"])
    if "request" in case:
        if not seen["headers"]:
            raise Difference("no request was made")
        for name, value in case["request"].items():
            equal(f"header {name}", seen["headers"][0].get(name.lower()), value)


def equal(name: str, found: Any, expected: Any) -> None:
    if found != expected:
        raise Difference(f"{name}: found {found!r}, expected {expected!r}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
