#!/usr/bin/env python3
"""Properties of the content functions, on random input.

  properties.py [--seconds N] [--seed N]

CIDs are compared with the package multiformats, URLs are read back with urllib, yarl and ada-url,
which reads as browsers do: parsers that are not ours. The seed is printed, so that a failure can be repeated.
"""

import argparse
import os
import random
import re
import string
import sys
import time
import urllib.parse

import ada_url
import yarl
from multiformats import CID, multibase

from library import (CANONICAL, NATIVE, PATH, SUBDOMAIN, Refused, cid_from_bytes, format_cid,
                     gateway_url, gateway_urls, parse_cid)

# The bases that multiformats has too. base256emoji is in the vectors alone.
BASES = [
    "base2", "base8", "base10", "base16", "base16upper", "base32hex", "base32hexupper",
    "base32hexpad", "base32hexpadupper", "base32", "base32upper", "base32pad", "base32padupper",
    "base32z", "base36", "base36upper", "base58btc", "base58flickr", "base64", "base64pad",
    "base64url", "base64urlpad",
]
CODECS = ["raw", "dag-pb", "dag-cbor", "dag-json", "libp2p-key", "git-raw", "json"]
HASHES = {"sha1": 20, "sha2-256": 32, "sha2-512": 64, "sha3-256": 32, "blake2b-256": 32}


def varint(number):
    out = bytearray()
    while number >= 0x80:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes(out + bytes([number]))


def random_digest(rng, length):
    digest = bytearray(rng.randbytes(length))
    for index in range(rng.choice([0, 0, 0, 1, 3, length])):
        digest[index] = 0  # leading zeros are where number bases go wrong
    return bytes(digest)


def random_cid(rng):
    """Version, codec, hash and digest of a CID, and its bytes made by hand."""
    name = rng.choice(list(HASHES))
    digest = random_digest(rng, HASHES[name])
    if rng.random() < 0.2:
        digest = random_digest(rng, 32)
        data = b"\x12\x20" + digest
        return CID("base58btc", 0, "dag-pb", ("sha2-256", digest)), data
    cid = CID("base32", 1, rng.choice(CODECS), (name, digest))
    return cid, bytes(cid)


def encode(data, base):
    text = multibase.encode(data, base)
    # multiformats pads base 8; the registry's own cases (Tests/Vectors/multibase.csv) do not.
    return text.rstrip("=") if base == "base8" else text


def decode(text):
    padding = "=" * (-(len(text) - 1) % 8) if text[0] == "7" else ""
    return multibase.decode(text + padding)


def check_cid(rng):
    theirs, data = random_cid(rng)
    assert bytes(theirs) == data
    ours = cid_from_bytes(data)
    assert ours["bytes"] == data.hex(), ours
    assert (ours["version"], ours["codec_name"], ours["mh_name"]) == (
        theirs.version, theirs.codec.name, theirs.hashfun.name), ours
    version1 = data if theirs.version else b"\x01\x70" + data
    for base in BASES:
        text = format_cid(data, base)
        assert text == encode(version1, base), (base, text)
        again = parse_cid(text)
        assert (again["bytes"], again["base"]) == (version1.hex(), base), (base, text, again)
        assert decode(text) == version1
    emoji = format_cid(data, "base256emoji")
    assert parse_cid(emoji)["bytes"] == version1.hex()
    own = format_cid(data, None)
    assert own == str(theirs), (own, str(theirs))
    assert parse_cid(own)["bytes"] == data.hex()
    assert ours["v1_base32"] == multibase.encode(version1, "base32")
    if ours["v0"] is not None:
        assert parse_cid(ours["v0"])["bytes"] == version1[2:].hex()


def check_changed_cid(rng):
    """A CID with a character changed is refused or another CID, and reads the same twice."""
    _, data = random_cid(rng)
    text = list(format_cid(data, rng.choice(BASES)))
    for _ in range(rng.randint(1, 3)):
        place = rng.randrange(len(text))
        change = rng.choice("cdi")
        new = rng.choice(string.ascii_letters + string.digits + "+/=-_ .é")
        if change == "c":
            text[place] = new
        elif change == "d" and len(text) > 1:
            del text[place]
        else:
            text.insert(place, new)
    text = "".join(text)
    try:
        cid = parse_cid(text)
    except Refused:
        return
    data = bytes.fromhex(cid["bytes"])
    own = format_cid(data, None if cid["version"] == 0 else cid["base"])
    folds = re.match(r"base(16|32(?!z)|36)", cid["base"])
    assert text == own or (folds and text[0] == own[0] and
                           text[1:].lower() == own[1:].lower()), (text, own)
    try:
        assert decode(text if cid["version"] else "z" + text) == data
    except (ValueError, KeyError):
        assert folds, text  # multiformats does not take both cases everywhere


PIECES = [
    "/", "//", "\\", ".", "..", "...", "%2e", "%2E%2e", "%2f", "%2F..%2f", "%5c", "%00", "%", "%4",
    "%zz", "?", "#", "&", "=", "@", ":", " ", "\t", "\n", "\r", "\x7f", "é", "日本", "🚀", "a", "b.png",
    "a b", "ipfs", "ipns", "/ipfs/", "/ipns/", "ipfs://", "ipns://", "dweb:", "https://", "http://",
    "evil.example", "evil.example@", "user:pw@", ".ipfs.", ".ipns.", "[::1]", ":80", "x--y-z",
    "..;/", "%252e%252e", "%25", "+", ";", "'", '"', "<", ">", "{", "}", "|", "^", "`", "\u202e",
]


def random_content(rng):
    _, data = random_cid(rng)
    root = format_cid(data, rng.choice([None, None, "base32", "base36", "base64", "base16upper",
                                        "base64urlpad", "base256emoji"]))
    before = rng.choice(["", "", "/ipfs/", "ipfs://", "https://gw.example/ipfs/", "dweb:/ipfs/",
                         "/ipns/", "".join(rng.choices(PIECES, k=rng.randint(0, 4)))])
    after = "".join(rng.choices(PIECES, k=rng.randint(0, 7)))
    if rng.random() < 0.2:
        return before + root + rng.choice([".ipfs.", ".ipns."]) + "gw.example" + after
    return before + root + after


def read(url):
    """Scheme, host with port, path, query and fragment; the same from all three parsers."""
    parts = urllib.parse.urlsplit(url)
    other = yarl.URL(url, encoded=True)
    assert (other.scheme, other.raw_path or "") == (parts.scheme, parts.path or
                                                    ("/" if other.raw_path == "/" else "")), url
    assert other.raw_authority == parts.netloc, url
    assert parts.username is None and parts.password is None, url
    browser = ada_url.URL(url)
    assert browser.protocol == parts.scheme + ":" and not browser.username, url
    # A browser lowers a host of http and escapes ' in a query; it must find nothing else to change,
    # no dot segment and no backslash above all.
    path, query = parts.path, parts.query
    if parts.scheme.startswith("http"):
        path, query = path or "/", query.replace("'", "%27")
    assert browser.host.lower() == parts.netloc.lower() and browser.pathname == path, url
    assert browser.search.removeprefix("?") == query, url
    assert browser.hash.removeprefix("#") == parts.fragment, url
    return parts


def decoded_leaves(path):
    """Whether a path climbs for a reader that decodes it, takes backslashes for slashes, or both."""
    decoded = urllib.parse.unquote(path, errors="surrogateescape").replace("\\", "/")
    return any(name in (".", "..") for name in decoded.split("/"))


def check_url(rng):
    content = random_content(rng)
    style = rng.choice([PATH, PATH, SUBDOMAIN, NATIVE])
    gateway = rng.choice(["https://gw.test", "https://gw.test/", "http://gw.test:8080/ipfs",
                          "https://gw.test/ipfs/", "http://gw.test:8080/ipns/"])
    settings = {"style": style}
    if rng.random() < 0.3:
        settings["filename"] = "".join(rng.choices(["a", "b&c", "=", "#", "?", "é", " ", "%", '"'], k=4))
    if rng.random() < 0.3:
        settings["path"] = "x" + "".join(rng.choices(PIECES, k=rng.randint(0, 5)))
    if rng.random() < 0.3:
        settings["root_form"] = CANONICAL
    try:
        url = gateway_url(content, gateway, **settings)
    except Refused as refused:
        if refused.suggestion is not None:
            try:
                gateway_url(refused.suggestion, gateway, style=PATH)
            except Refused as again:
                raise AssertionError(("suggestion refused", content, refused.suggestion)) from again
        return False
    assert re.fullmatch(r"[!-~]+", url), (content, url)
    parts = read(url)
    authority = urllib.parse.urlsplit(gateway).netloc
    if style == PATH:
        assert parts.netloc == authority and parts.scheme == gateway.split(":")[0], (content, url)
        match = re.match(r"/(ipfs|ipns)/([^/]+)(.*)", parts.path, re.S)
        assert match, (content, url)
        namespace, root, rest = match.groups()
    elif style == SUBDOMAIN:
        match = re.fullmatch(r"(.+)\.(ipfs|ipns)\." + re.escape(authority), parts.netloc)
        assert match, (content, url)
        root, namespace, rest = match[1], match[2], parts.path
        assert rest.startswith("/") and max(map(len, root.split("."))) <= 63, (content, url)
    else:
        assert parts.scheme in ("ipfs", "ipns") and parts.netloc, (content, url)
        namespace, root, rest = parts.scheme, parts.netloc, parts.path
    assert not decoded_leaves(rest), (content, url)
    root = urllib.parse.unquote(root)
    if namespace == "ipfs":
        # The CID of the URL is one that stands in the content.
        made = parse_cid(root)
        wanted = [word for word in candidates(content)]
        digests = {cid["digest"] for cid in wanted}
        assert made["digest"] in digests, (content, url)
    if "path" in settings:
        above = rest.rsplit(urllib.parse.quote("x"), 1)
        assert above, (content, url)
        names = re.sub("/+", "/", settings["path"])
        assert urllib.parse.unquote(rest).endswith(names), (content, url, names)
    if "filename" in settings:
        query = urllib.parse.parse_qs(parts.query.replace("+", "%2B"), keep_blank_values=True)
        assert query["filename"][-1] == settings["filename"], (content, url)
    # Made once more from the outcome, the URL stays as it is.
    if style == PATH and gateway.startswith("https"):
        settings.pop("path", None)
        try:
            again = gateway_url(url, gateway, **settings)
        except Refused as refused:
            raise AssertionError(("its own URL is refused", content, url)) from refused
        assert again == url, (content, url, again)
    return True


def candidates(content):
    """Every CID that is a part of the content."""
    found = []
    for text in {content, *re.split(r"[/?#]|\.ipfs\.|\.ipns\.|//|:", content)}:
        for start in range(min(len(text), 40)):
            try:
                found.append(parse_cid(text[start:]))
            except Refused:
                pass
            if len(text) > 400:
                break
    return found


def check_batch(rng):
    contents = [random_content(rng) for _ in range(rng.randint(0, 60))]
    many = gateway_urls(contents)
    assert len(many) == len(contents)
    for content, outcome in zip(contents, many):
        try:
            assert gateway_url(content) == outcome, content
        except Refused as refused:
            assert isinstance(outcome, Refused) and (
                refused.status, refused.message, refused.suggestion) == (
                outcome.status, outcome.message, outcome.suggestion), content


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--seconds", type=float, default=10)
    options.add_argument("--seed", type=int, default=int.from_bytes(os.urandom(4), "big"))
    settings = options.parse_args()
    print(f"seed {settings.seed}")
    rng = random.Random(settings.seed)
    counts = {"cids": 0, "changed": 0, "urls": 0, "made": 0, "batches": 0}
    end = time.monotonic() + settings.seconds
    while time.monotonic() < end:
        check_cid(rng)
        counts["cids"] += 1
        for _ in range(20):
            check_changed_cid(rng)
            counts["changed"] += 1
        for _ in range(20):
            counts["made"] += check_url(rng)
            counts["urls"] += 1
        check_batch(rng)
        counts["batches"] += 1
    assert counts["made"] * 10 > counts["urls"], "nearly everything was refused: test nothing"
    print("properties hold:", ", ".join(f"{value:,} {name}" for name, value in counts.items()))


if __name__ == "__main__":
    sys.exit(main())
