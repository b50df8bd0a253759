"""The values that calls return."""

from __future__ import annotations

import copy
import ctypes
import dataclasses
import pickle
import re
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest
from conftest import MakeClient

import pinarkive
from pinarkive import _abi, _values

GATEWAY = pinarkive.Gateway("https://g/ipfs/", None, "https://g/ipfs/", "G", 1)
CLUSTER = pinarkive.Cluster("c", "label", None, "ES", (GATEWAY,))
LIMIT = pinarkive.RateLimit(100, 99, None)
ANOTHER = pinarkive.Gateway("https://h/", "https://h/", "=odd", None, -(2**63))
CLUSTERS = pinarkive.ClusterList((CLUSTER, CLUSTER), b"[...]", True, 2.5, 0, LIMIT)
VALUES = [GATEWAY, CLUSTER, LIMIT, CLUSTERS]


def native_list(
    clusters: Sequence[pinarkive.Cluster], recent: _values.Recent | None = None
) -> pinarkive.ClusterList:
    """A list as it comes from the library, nothing of it looked at."""
    fields: list[object] = []

    def url(text: str | None, base: str) -> str:
        return "=" if text == base else "" if text is None else re.sub("^=", "==", text)

    for cluster in clusters:
        fields += [cluster.id, cluster.label or "", cluster.region or "", cluster.country or ""]
        fields.append(len(cluster.gateways))
        for gateway in cluster.gateways:
            base = gateway.base_url
            fields += [base, url(gateway.public_url, base), url(gateway.url, base)]
            fields += [gateway.label or "", gateway.order]
    text = "".join(f"{field}\0" for field in fields).encode()
    native = _abi.pk_cluster_list(
        count=len(clusters),
        json=b"[...]",
        json_length=5,
        from_cache=1,
        attempts=0,
        age_ms=2500,
        rate_limit=100,
        rate_limit_remaining=99,
        rate_limit_reset=-1,
        text=text,
        text_length=len(text),
    )
    return _values.cluster_list(ctypes.addressof(native), recent or _values.Recent())


def test_a_list_of_the_library_is_the_list_of_its_fields() -> None:
    cluster = pinarkive.Cluster("é", None, "eu", None, (GATEWAY, ANOTHER))
    for clusters in ((), (CLUSTER, CLUSTER), (cluster, pinarkive.Cluster("c", "l", "r", "c", ()))):
        expected = dataclasses.replace(CLUSTERS, clusters=clusters)
        for look in (repr, hash, pickle.dumps, copy.deepcopy, len, list, dataclasses.astuple):
            native = native_list(clusters)
            look(native)
            assert native == expected and hash(native) == hash(expected)
            assert repr(native) == repr(expected)
            for value in [native, *native, *(each for one in native for each in one.gateways)]:
                assert not hasattr(value, "__dict__")
                assert type(value) in (pinarkive.ClusterList, pinarkive.Cluster, pinarkive.Gateway)


def test_a_list_is_counted_without_making_its_clusters(monkeypatch: pytest.MonkeyPatch) -> None:
    native = native_list(CLUSTERS)
    with monkeypatch.context() as patch:
        patch.setattr(_values, "_clusters", None)
        assert len(native) == 2 and native
        assert (native.from_cache, native.age, native.attempts) == (True, 2.5, 0)
        assert native.rate_limit == LIMIT and native.raw == b"[...]"
        with pytest.raises(AttributeError, match="no attribute 'cluster'"):
            native.cluster  # type: ignore[attr-defined]
        with pytest.raises(dataclasses.FrozenInstanceError):
            native.clusters = ()  # type: ignore[misc]
    assert native.clusters == CLUSTERS.clusters
    assert native.clusters is native.clusters


def test_lists_that_say_the_same_share_their_clusters() -> None:
    recent = _values.Recent()
    first, second = native_list(CLUSTERS, recent), native_list(CLUSTERS, recent)
    other = native_list([CLUSTER], recent)
    assert first.clusters is second.clusters
    assert list(other) == [CLUSTER]
    again = native_list(CLUSTERS, recent)
    assert again.clusters == first.clusters and list(other) == [CLUSTER]
    assert native_list([], recent).clusters == () != first.clusters


def test_threads_that_look_at_the_same_time_see_the_same_clusters() -> None:
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(8) as threads:
            for _ in range(50):
                native = native_list([CLUSTER] * 20)
                seen = list(threads.map(lambda _: native.clusters, range(16)))
                assert all(clusters is native.clusters for clusters in seen)
    finally:
        sys.setswitchinterval(interval)


@pytest.mark.parametrize("value", VALUES)
def test_values_are_frozen_and_have_no_room_for_more(value: object) -> None:
    assert not hasattr(value, "__dict__")
    for field in dataclasses.fields(value):  # type: ignore[arg-type]
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(value, field.name, None)
    with pytest.raises((AttributeError, TypeError)):
        value.more = 1  # type: ignore[attr-defined]


@pytest.mark.parametrize("value", VALUES)
def test_values_are_compared_hashed_pickled_and_copied(value: object) -> None:
    for same in (pickle.loads(pickle.dumps(value)), copy.copy(value), copy.deepcopy(value)):
        assert same == value
        assert hash(same) == hash(value)
    assert dataclasses.replace(GATEWAY, order=2) != GATEWAY


@pytest.mark.skipif(sys.version_info < (3, 10), reason="match came with Python 3.10")
def test_values_can_be_matched() -> None:
    values = {"clusters": native_list(CLUSTERS), "pinarkive": pinarkive}
    # A text, because Python 3.9 cannot read it.
    program = """
match clusters:
    case [_, pinarkive.Cluster("c", "label", None, country="ES", gateways=(gateway,))]:
        pass
"""
    exec(program, values)
    assert values["gateway"] == GATEWAY


def test_a_cluster_list_is_a_sequence() -> None:
    assert isinstance(CLUSTERS, Sequence)
    assert len(CLUSTERS) == 2
    assert CLUSTERS[-1] is CLUSTER
    assert CLUSTERS[:1] == (CLUSTER,)
    assert CLUSTER in CLUSTERS
    assert list(reversed(CLUSTERS)) == [CLUSTER, CLUSTER]
    assert CLUSTERS.index(CLUSTER) == 0
    with pytest.raises(IndexError):
        CLUSTERS[2]


def test_the_text_of_a_list_leaves_the_raw_body_out() -> None:
    assert "Cluster(id='c'" in repr(CLUSTERS)
    assert "[...]" not in repr(CLUSTERS)


def test_orders_keep_every_bit(make_client: MakeClient) -> None:
    orders = [
        gateway.order
        for cluster in make_client("sandbox-order").list_clusters()
        for gateway in cluster.gateways
    ]
    assert min(orders) < -(2**31) or max(orders) > 2**31
    for cluster in make_client("sandbox-order").list_clusters():
        mine = [gateway.order for gateway in cluster.gateways]
        assert mine == sorted(mine)


def test_members_that_are_missing_or_null_are_none(make_client: MakeClient) -> None:
    clusters = make_client("sandbox-null-members").list_clusters()
    gateways = [gateway for cluster in clusters for gateway in cluster.gateways]
    assert any(gateway.label is None for gateway in gateways)
    assert all(gateway.base_url for gateway in gateways)


def test_results_outlive_client_and_library_memory(make_client: MakeClient) -> None:
    client = make_client("sandbox-other-shape")
    clusters = client.list_clusters()
    before = repr(clusters)
    client.close()
    other = make_client()
    for _ in range(50):
        other.list_clusters()
    assert repr(clusters) == before
