"""The client: what it lists, how it ends, and what it never shows."""

from __future__ import annotations

import copy
import http.client
import json
import pickle
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from conftest import CID, MakeClient, RunScript

import pinarkive


def test_lists_clusters_with_gateways_in_their_order(make_client: MakeClient) -> None:
    clusters = make_client().list_clusters()
    assert [cluster.id for cluster in clusters][:3] == ["cl0-global", "cl1-eu", "cl1-na"]
    assert clusters[0].gateways[0] == pinarkive.Gateway(
        base_url="https://gateway.pinarkive.com/ipfs/",
        public_url="https://gateway.pinarkive.com/ipfs/",
        url="https://gateway.pinarkive.com/ipfs/",
        label="Primary",
        order=0,
    )
    assert clusters[3].gateways[0].public_url is None
    assert (clusters.attempts, clusters.from_cache, clusters.age) == (1, False, 0)
    assert clusters.rate_limit.limit == 100
    assert clusters.rate_limit.remaining is not None
    assert abs((clusters.rate_limit.reset or 0) - time.time()) < 120


def test_raw_is_the_body_as_it_came(make_client: MakeClient) -> None:
    clusters = make_client("sandbox-unicode").list_clusters()
    members = json.loads(clusters.raw)
    assert [member["clusterId"] for member in members] == [cluster.id for cluster in clusters]
    labels = [gateway.label for cluster in clusters for gateway in cluster.gateways]
    assert labels == [gateway.get("label") for member in members for gateway in member["gateways"]]
    assert any(label and not label.isascii() for label in labels)


def test_an_account_without_clusters_has_an_empty_list(make_client: MakeClient) -> None:
    clusters = make_client("sandbox-no-clusters").list_clusters()
    assert (len(clusters), list(clusters), clusters.raw.strip()) == (0, [], b"[]")


def test_the_environment_gives_key_and_address(
    monkeypatch: pytest.MonkeyPatch, sandbox: str
) -> None:
    monkeypatch.setenv("PINARKIVE_API_KEY", "sandbox")
    monkeypatch.setenv("PINARKIVE_API_URL", sandbox)
    with pinarkive.Client() as client:
        assert len(client.list_clusters()) == 6


def test_a_bearer_token_is_enough(make_client: MakeClient, sandbox: str) -> None:
    with pinarkive.Client(bearer_token="sandbox-jwt", base_url=sandbox) as client:
        assert len(client.list_clusters()) == 6


def test_the_connection_is_kept_for_the_next_call(
    make_client: MakeClient, sandbox: str
) -> None:
    client = make_client(max_connections=1)
    before = connections(sandbox)
    for _ in range(10):
        client.list_clusters()
    # One for the calls, and one for asking.
    assert connections(sandbox) - before == 2


def connections(sandbox: str) -> int:
    """How many connections the sandbox has accepted, this one included."""
    connection = http.client.HTTPConnection(sandbox.split("/")[2], timeout=10)
    try:
        connection.request("GET", "/sandbox/stats")
        stats: dict[str, int] = json.loads(connection.getresponse().read())
        return stats["connections"]
    finally:
        connection.close()


def test_many_threads_share_a_client(make_client: MakeClient) -> None:
    client = make_client()
    with ThreadPoolExecutor(16) as threads:
        answers = list(threads.map(lambda _: len(client.list_clusters()), range(320)))
    assert answers == [6] * 320


def test_answers_are_kept_for_as_long_as_wanted(make_client: MakeClient) -> None:
    client = make_client("sandbox", cache_ttl=60)
    first = client.list_clusters()
    again = client.list_clusters()
    assert (first.from_cache, again.from_cache, again.attempts) == (False, True, 0)
    assert again.clusters == first.clusters and again.raw == first.raw
    time.sleep(0.02)
    assert 0.02 <= client.list_clusters().age < 2
    assert not client.list_clusters(refresh=True).from_cache
    short = make_client("sandbox", cache_ttl=0.05)
    short.list_clusters()
    time.sleep(0.1)
    assert not short.list_clusters().from_cache


def test_a_kept_answer_stands_in_when_the_service_fails(make_client: MakeClient) -> None:
    # This account answers 503, 503, 200, and so on.
    client = make_client("sandbox-flaky", cache_ttl=0.05, stale_if_error=60, max_attempts=1)
    for _ in range(2):
        with pytest.raises(pinarkive.ServerError):
            client.list_clusters()
    assert not client.list_clusters().from_cache
    time.sleep(0.1)
    for _ in range(2):
        stale = client.list_clusters()
        assert stale.from_cache and stale.age >= 0.1
    assert not client.list_clusters().from_cache


def test_a_call_has_a_time_limit_of_its_own(make_client: MakeClient) -> None:
    client = make_client("sandbox-slow", timeout=60)
    began = time.monotonic()
    with pytest.raises(pinarkive.CallTimeoutError):
        client.list_clusters(timeout=0.3)
    assert 0.29 < time.monotonic() - began < 0.5


def test_the_client_has_a_time_limit(make_client: MakeClient) -> None:
    began = time.monotonic()
    with pytest.raises(TimeoutError):
        make_client("sandbox-slow", timeout=0.25).list_clusters()
    assert 0.24 < time.monotonic() - began < 0.45


def test_max_attempts_is_obeyed(make_client: MakeClient) -> None:
    assert make_client("sandbox-flaky", max_attempts=3).list_clusters().attempts == 3
    with pytest.raises(pinarkive.ServerError):
        make_client("sandbox-flaky", max_attempts=2).list_clusters()
    make_client("sandbox-flaky", max_attempts=1).list_clusters()


def test_a_cancellation_ends_a_call_from_another_thread(make_client: MakeClient) -> None:
    client = make_client("sandbox-slow", timeout=20)
    cancellation = pinarkive.Cancellation()
    timer = threading.Timer(0.2, cancellation.cancel)
    timer.start()
    began = time.monotonic()
    with pytest.raises(pinarkive.CallCancelledError):
        client.list_clusters(cancellation=cancellation)
    assert 0.19 < time.monotonic() - began < 0.3
    timer.join()


def test_a_cancellation_that_was_fired_ends_the_call_at_once(make_client: MakeClient) -> None:
    client = make_client()
    cancellation = pinarkive.Cancellation()
    cancellation.cancel()
    cancellation.cancel()
    with pytest.raises(pinarkive.CallCancelledError):
        client.list_clusters(cancellation=cancellation)
    assert len(client.list_clusters()) == 6


def test_what_is_no_cancellation_is_refused(make_client: MakeClient) -> None:
    wrong: Any = threading.Event()
    with pytest.raises(TypeError, match="must be a pinarkive.Cancellation, not Event"):
        make_client().list_clusters(cancellation=wrong)


def test_closing_ends_the_calls_of_all_threads(make_client: MakeClient) -> None:
    client = make_client("sandbox-slow", timeout=20, max_connections=2)
    with ThreadPoolExecutor(8) as threads:
        calls = [threads.submit(client.list_clusters) for _ in range(8)]
        time.sleep(0.3)
        began = time.monotonic()
        client.close()
        for call in calls:
            with pytest.raises(pinarkive.CallCancelledError):
                call.result()
    assert time.monotonic() - began < 0.2


def test_a_closed_client_says_so(make_client: MakeClient) -> None:
    client = make_client()
    with client as same:
        assert same is client
        assert not client.closed
    assert client.closed
    client.close()
    with pytest.raises(pinarkive.InvalidArgumentError, match="closed: make a new one"):
        client.list_clusters()


def test_closing_and_calling_at_once_never_reaches_another_client(sandbox: str) -> None:
    # The library uses a freed client's memory for the next: here they all have different keys.
    def work(number: int) -> None:
        key = ("sandbox", "sandbox-no-clusters")[number % 2]
        for _ in range(60):
            client = pinarkive.Client(api_key=key, base_url=sandbox)
            closer = threading.Thread(target=client.close)
            closer.start()
            try:
                assert len(client.list_clusters()) == (6, 0)[number % 2]
            except (pinarkive.CallCancelledError, pinarkive.InvalidArgumentError):
                pass
            closer.join()

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(work, range(8)))


@pytest.mark.parametrize("kind", [pinarkive.Client, pinarkive.AsyncClient])
def test_the_key_shows_nowhere(kind: type, sandbox: str) -> None:
    secret = "key-that-nobody-sees"
    client = kind(api_key=secret, bearer_token=secret + "2", base_url=sandbox)
    for text in (repr(client), str(client), repr(vars(client)), repr(vars(client._native))):
        assert secret not in text
    assert "***" in repr(client) and sandbox in repr(client) and "open" in repr(client)
    client._native.close()
    assert "closed" in repr(client)


def test_no_client_is_pickled_or_copied(make_client: MakeClient) -> None:
    for held in (make_client(), pinarkive.Cancellation()):
        for attempt in (pickle.dumps, copy.copy, copy.deepcopy):
            with pytest.raises(TypeError, match="cannot be pickled or copied"):
                attempt(held)


def test_a_forgotten_client_closes_its_connections(run_script: RunScript) -> None:
    run_script("""
import gc, os, pinarkive
def descriptors(): return len(os.listdir("/proc/self/fd"))
pinarkive.Client().list_clusters()
gc.collect()
before = descriptors()
client = pinarkive.Client()
client.list_clusters()
assert descriptors() > before
del client
gc.collect()
assert descriptors() == before
""")


def test_a_client_is_usable_while_python_ends(run_script: RunScript) -> None:
    done = run_script("""
import atexit, pinarkive
client = pinarkive.Client()
atexit.register(lambda: print(len(client.list_clusters())))
""")
    assert done.stdout == "6\n"


def test_the_urls_of_a_gateway(make_client: MakeClient) -> None:
    gateway = make_client("sandbox-no-slash").list_clusters()[0].gateways[0]
    assert gateway.base_url.endswith("/ipfs/")
    assert gateway.url_for(CID) == gateway.base_url + CID
    assert pinarkive.gateway_url(None, CID) == f"https://gateway.pinarkive.com/ipfs/{CID}"
