"""Content identifiers and the URLs of content."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest
from conftest import CID as CIDV1
from conftest import PROJECT, MakeClient

import pinarkive
from pinarkive import _content
from pinarkive import CID, Cluster, Gateway, InvalidArgumentError, InvalidContentError

V0 = "QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWKR9NL"
V1 = "bafybeie5nqv6kd3qnfjupgvz34woh3oksc3iau6abmyajn7qvtf47n2jou"
IPNS_KEY = "k51qzi5uqu5dgutdk6i1ynyzgkqngpha5xpgia3a5qqp4jsh0u4csozksxel2r"
GATEWAY = "https://gw.example"
# What no function can take: too few characters, none, one that C would cut, and a lone surrogate.
BAD = [V0[:40], "", V0 + "\0", "\ud800"]


def test_a_cid_is_taken_apart() -> None:
    cid = CID.parse(V0)
    assert (cid.version, cid.codec, cid.codec_name) == (0, 0x70, "dag-pb")
    assert (cid.hash, cid.hash_name, cid.base) == (0x12, "sha2-256", "base58btc")
    assert (cid.v0, cid.v1, str(cid), len(cid.digest)) == (V0, V1, V0, 32)
    assert bytes(cid) == b"\x12\x20" + cid.digest
    assert repr(cid) == f"CID.parse({V0!r})"


def test_cids_are_equal_whatever_their_bases() -> None:
    cid = CID.parse(V1)
    other = CID.parse(cid.format("base36"))
    assert (other.base, str(other)) == ("base36", cid.format("base36"))
    assert other == cid == CID.from_bytes(bytes(cid))
    assert len({cid, other, CID.from_bytes(bytes(other))}) == 1
    assert cid != CID.parse(V0)
    assert cid.v1 == CID.parse(V0).v1
    assert cid != V1


def test_a_cid_of_unknown_codes_has_no_names() -> None:
    raw = bytes([1]) + b"\xff\xff\x03" + b"\xfe\xff\x03" + bytes([20]) + bytes(20)
    cid = CID.from_bytes(raw)
    assert (cid.codec, cid.codec_name, cid.hash, cid.hash_name) == (0xFFFF, None, 0xFFFE, None)
    assert cid.v0 is None
    assert cid.digest == bytes(20)  # NUL bytes do not end it


def test_a_cid_is_frozen_copied_and_pickled() -> None:
    cid = CID.parse(CID.parse(V1).format("base36"))
    with pytest.raises(AttributeError):
        cid.version = 3  # type: ignore[misc]
    assert not hasattr(cid, "__dict__")
    for same in (copy.copy(cid), copy.deepcopy(cid), pickle.loads(pickle.dumps(cid))):
        assert (same, hash(same), str(same)) == (cid, hash(cid), str(cid))


@pytest.mark.parametrize("bad", [*BAD, f"/ipfs/{V0}", V0.lower()])
def test_what_is_no_cid_is_refused(bad: str) -> None:
    with pytest.raises(InvalidContentError):
        CID.parse(bad)


@pytest.mark.parametrize("bad", [b"", b"\x12", bytes(36), bytes(CID.parse(V0)) + b"\0"])
def test_bytes_that_are_no_cid_are_refused(bad: bytes) -> None:
    with pytest.raises(InvalidContentError):
        CID.from_bytes(bad)


@pytest.mark.parametrize("base", ["", "base99", "base36\0"])
def test_an_unknown_base_is_refused(base: str) -> None:
    with pytest.raises(InvalidArgumentError):
        CID.parse(V1).format(base)


URLS: list[tuple[dict[str, Any], str]] = [
    ({}, f"{GATEWAY}/ipfs/{V0}"),
    ({"path": "a b/100%#1?.png"}, f"{GATEWAY}/ipfs/{V0}/a%20b/100%25%231%3F.png"),
    ({"style": "subdomain"}, f"https://{V1}.ipfs.gw.example/"),
    ({"style": "native"}, f"ipfs://{V1}"),
    ({"style": "native", "root_form": "given"}, f"ipfs://{V0}"),
    ({"root_form": "canonical"}, f"{GATEWAY}/ipfs/{V1}"),
    ({"filename": "a b.png", "download": True}, f"{GATEWAY}/ipfs/{V0}?filename=a%20b.png&download=true"),
    ({"format": "car"}, f"{GATEWAY}/ipfs/{V0}?format=car"),
    ({"filename": None, "format": None, "path": None}, f"{GATEWAY}/ipfs/{V0}"),
]


@pytest.mark.parametrize(("options", "expected"), URLS)
def test_options_say_how_a_url_is_made(options: dict[str, Any], expected: str) -> None:
    gateway = Gateway(GATEWAY, None, None, None, 0)
    assert pinarkive.gateway_url(GATEWAY, V0, **options) == expected
    assert gateway.url_for(V0, **options) == expected
    assert pinarkive.gateway_urls(GATEWAY, [V0, V0], **options) == [expected, expected]


def test_names_are_inlined_where_it_is_asked_for() -> None:
    url = pinarkive.gateway_url(
        "http://gw.example", "/ipns/docs.ipfs.tech", style="subdomain", inline_names=True
    )
    assert url == "http://docs-ipfs-tech.ipns.gw.example/"


@pytest.mark.parametrize(
    "options",
    [
        {"style": "postal"},
        {"root_form": ""},
        {"format": "pdf"},
        {"filename": "a/b"},
        {"filename": "a\0"},
        {"format": "raw\0"},
        {"path": "a\0"},
        {"path": "\ud800"},
        {"path": "../up"},
    ],
)
def test_options_that_cannot_be_right_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises(InvalidArgumentError):
        pinarkive.gateway_url(None, V0, **options)
    with pytest.raises(InvalidArgumentError):
        pinarkive.gateway_urls(None, [V0], **options)


def test_an_unknown_option_is_a_type_error() -> None:
    with pytest.raises(TypeError, match="colour"):
        pinarkive.gateway_url(None, V0, colour="red")  # type: ignore[call-arg]


def test_a_refusal_suggests_what_was_meant() -> None:
    with pytest.raises(InvalidContentError) as caught:
        pinarkive.gateway_url(None, f"/ipfs/{IPNS_KEY}")
    assert caught.value.suggestion == f"/ipns/{IPNS_KEY}"
    with pytest.raises(InvalidContentError) as caught:
        pinarkive.gateway_url(None, "no content")
    assert caught.value.suggestion is None


def test_each_of_many_contents_has_its_own_error() -> None:
    contents = [CIDV1, *BAD, f"{V0}/é", f"/ipfs/{IPNS_KEY}", V0]
    results = pinarkive.gateway_urls(GATEWAY, iter(contents))
    assert len(results) == len(contents)
    for content, result in zip(contents, results):
        if isinstance(result, str):
            assert result == pinarkive.gateway_url(GATEWAY, content)
        else:
            with pytest.raises(InvalidContentError) as caught:
                pinarkive.gateway_url(GATEWAY, content)
            assert type(result) is type(caught.value)
            assert result.suggestion == caught.value.suggestion
    refused = [place for place, result in enumerate(results) if not isinstance(result, str)]
    assert refused == [1, 2, 3, 4, 6]
    assert pinarkive.gateway_urls(None, []) == []


def test_many_contents_keep_their_places() -> None:
    contents = [f"{CIDV1}/{number}{'ü' * (number % 3)}" for number in range(3000)]
    single = [pinarkive.gateway_url(None, content) for content in contents]
    assert pinarkive.gateway_urls(None, contents) == single
    ascii_only = [content for content in contents if content.isascii()]
    assert pinarkive.gateway_urls(None, ascii_only) == [
        pinarkive.gateway_url(None, content) for content in ascii_only
    ]


def test_what_is_wrong_with_the_whole_call_is_raised() -> None:
    for base in ("ftp://gw.example", "https://gw.example\0"):
        with pytest.raises(InvalidArgumentError):
            pinarkive.gateway_urls(base, [V0])
    with pytest.raises(InvalidArgumentError):
        pinarkive.gateway_urls(None, [""] * 1_000_001)
    with pytest.raises(TypeError):
        pinarkive.gateway_urls(None, [V0, 1])  # type: ignore[list-item]


A = Gateway("https://a.example/ipfs/", None, None, "A", 1)
IP = Gateway("http://203.0.113.1/ipfs/", None, None, None, 2)
B = Gateway("https://b.example/ipfs/", None, None, None, -3)
CLUSTERS = pinarkive.ClusterList(
    (
        Cluster("empty", None, None, None, ()),
        Cluster("one", "One", None, None, (A, IP)),
        Cluster("two", None, None, None, (B, A)),
    ),
    b"",
    False,
    0.0,
    1,
    pinarkive.RateLimit(None, None, None),
)


def test_candidates_stand_in_their_order() -> None:
    assert CLUSTERS.candidates(V0) == [
        pinarkive.Candidate(f"https://a.example/ipfs/{V0}", "one", "One", "A", 1, "first cluster"),
        pinarkive.Candidate(f"http://203.0.113.1/ipfs/{V0}", "one", "One", None, 2, "first cluster"),
        pinarkive.Candidate(f"https://b.example/ipfs/{V0}", "two", None, None, -3, "other cluster"),
    ]
    asked = CLUSTERS.candidates(V0, "two")
    assert [each.url.split("/")[2] for each in asked] == ["b.example", "a.example", "203.0.113.1"]
    assert [each.reason for each in asked] == ["asked for", "asked for", "other cluster"]
    subdomains = CLUSTERS.candidates(V0, style="subdomain")
    assert [each.url for each in subdomains] == [
        f"https://{V1}.ipfs.a.example/", f"https://{V1}.ipfs.b.example/"
    ]
    assert pinarkive.candidates(CLUSTERS[:1], V0) == []
    assert pinarkive.candidates((), V0) == []
    assert pinarkive.candidates(CLUSTERS[2:], V0)[0].reason == "first cluster"


@pytest.mark.parametrize("bad", BAD)
def test_candidates_of_no_content_are_refused(bad: str) -> None:
    for clusters in (CLUSTERS, CLUSTERS[:1]):
        with pytest.raises(InvalidContentError):
            pinarkive.candidates(tuple(clusters), bad)


def test_what_else_candidates_refuse() -> None:
    for cluster in ("three", "two\0"):
        with pytest.raises(InvalidArgumentError):
            CLUSTERS.candidates(V0, cluster)
    with pytest.raises(InvalidArgumentError):
        CLUSTERS.candidates(V0, style="native")
    with pytest.raises(InvalidArgumentError):
        pinarkive.candidates([Cluster("a\0b", None, None, None, ())], V0)


def test_candidates_of_an_account(make_client: MakeClient) -> None:
    found = make_client().list_clusters().candidates(f"ipfs://{V0}/a b", "cl1-eu")
    assert found[0].url == f"https://eu1.gateway.pinarkive.com/ipfs/{V0}/a%20b"
    assert (found[0].cluster_id, found[0].reason) == ("cl1-eu", "asked for")
    assert len({each.url for each in found}) == len(found)


def test_many_urls_are_those_of_one_each_whatever_the_number() -> None:
    # Around the number that is made at a time, with a refused one at each end of it.
    for count in (0, 1, _content.BATCH, _content.BATCH + 1, 3 * _content.BATCH):
        contents = [f"{CIDV1}/{number}é" for number in range(count)]
        for place in (0, _content.BATCH - 1, _content.BATCH):
            if place < count:
                contents[place] = f"\0{place}"
        urls = pinarkive.gateway_urls(None, contents)
        assert len(urls) == count
        for place, (content, url) in enumerate(zip(contents, urls)):
            if isinstance(url, pinarkive.PinarkiveError):
                assert f"contents[{place}] holds a NUL" in str(url)
            else:
                assert url == pinarkive.gateway_url(None, content)


def test_too_many_urls_are_refused_as_the_header_says() -> None:
    header = (PROJECT / "include" / "pinarkive.h").read_text()
    assert f"at most {_content.LIMIT:,}." in header
    with pytest.raises(pinarkive.InvalidArgumentError, match="more than 1,000,000 contents"):
        pinarkive.gateway_urls(None, [CIDV1] * (_content.LIMIT + 1))


def test_one_text_is_not_taken_for_many() -> None:
    with pytest.raises(TypeError, match="give .content."):
        pinarkive.gateway_urls(None, CIDV1)
