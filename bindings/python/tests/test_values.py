"""The values that calls return."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from collections.abc import Sequence

import pytest
from conftest import MakeClient

import pinarkive

GATEWAY = pinarkive.Gateway("https://g/ipfs/", None, "https://g/ipfs/", "G", 1)
CLUSTER = pinarkive.Cluster("c", "label", None, "ES", (GATEWAY,))
LIMIT = pinarkive.RateLimit(100, 99, None)
CLUSTERS = pinarkive.ClusterList((CLUSTER, CLUSTER), b"[...]", True, 2.5, 0, LIMIT)
VALUES = [GATEWAY, CLUSTER, LIMIT, CLUSTERS]


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
