#!/usr/bin/env python3
"""Holds the library against the cases of the field's own test suites (Tests/Vectors).

Prints how many hold, and each deviation with its reason. Fails if a case deviates that is not
listed, and if one that is listed holds: then the list is wrong.
"""

import csv
import json
import os
import sys
import urllib.parse

from library import (CANONICAL, GIVEN, NATIVE, SUBDOMAIN, Refused, cid_from_bytes, format_cid,
                     gateway_url, parse_cid)

VECTORS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "Vectors")
HOST = "https://gw.example"

# What the library does otherwise, and why. By file and id, or by file and input.
DEVIATIONS = {}


def deviation(reason, *keys):
    for key in keys:
        DEVIATIONS[key] = reason


def rows(name):
    with open(os.path.join(VECTORS, name), encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def attempt(function, *arguments, **settings):
    """The outcome, or None if it is refused."""
    try:
        return function(*arguments, **settings)
    except Refused:
        return None


def diagnosis(content):
    """What a refusal says, in the words of the cases, and the suggestion."""
    try:
        gateway_url(content)
    except Refused as refused:
        words = {
            "domain name where a CID": "dnslink-under-ipfs",
            "IPNS key where a CID": "ipns-key-under-ipfs",
            "lost its upper-case": "lowercased-cidv0",
        }
        for part, word in words.items():
            if part in refused.message:
                return word, refused.suggestion
        return "unrecognized-identifier", refused.suggestion
    return None, None


def content_path(content, keep_query=True, **settings):
    url = attempt(gateway_url, content, HOST, **settings)
    if url is None:
        return None
    path = url[len(HOST):]
    return path if keep_query else path.split("#")[0].split("?")[0]


def accepted(content, *prefixes):
    path = content_path(content)
    return path is not None and path.startswith(prefixes or ("/ipfs/", "/ipns/"))


def is_web(content):
    return content.startswith(("http://", "https://"))


def subdomain_of(content):
    """Whether the content is the URL of a subdomain gateway: its host names the root."""
    path = content_path(content) or "/none/"
    host = urllib.parse.urlsplit(content).netloc
    return ".ipfs." in host and path.startswith("/ipfs/") or \
        ".ipns." in host and path.startswith("/ipns/")


def path_url(row):
    made = attempt(gateway_url, row["input"], row.get("gateway"))
    if made is None and row.get("suggest"):
        suggestion = diagnosis(row["input"])[1]
        return row["expect"] is None and gateway_url(suggestion, row["gateway"]) == row["suggest"]
    return made == row["expect"]


def subdomain_url(row):
    content, path = row["input"], None
    # These came as decoded paths, whose "?" is part of a name: that is what the option is for.
    if row["id"] in (213, 214):
        namespace, root, path = content[1:].split("/", 2)
        content = f"/{namespace}/{root}"
    return attempt(gateway_url, content, row["gateway"], style=SUBDOMAIN, path=path,
                   inline_names=int(row.get("inline_dnslink", False))) == row["expect"]


def parse_address(row):
    expected = row["expect"].replace("dnslink://", "ipns://")
    return gateway_url(row["input"], style=NATIVE, root_form=GIVEN) == expected


def diagnose(row):
    word, suggestion = diagnosis(row["input"])
    return word == row["expect"] and suggestion == row.get("suggest")


def host_to_root(row):
    return content_path("http://" + row["input"] + "/") in (
        row["expect"], None if row["expect"] is None else row["expect"] + "/")


def contains_cid(row):
    path = content_path(row["input"])
    return (path.split("?")[0].split("/")[2] if path else None) == row["expect"]


def join_path(row):
    path = row["input"]
    for segment in row["segments"]:
        path = path.rstrip("/") + "/" + segment.lstrip("/")
    return content_path(path) == row["expect"]


def from_label(row):
    path = content_path(f"https://{row['input']}.ipns.dweb.link/")
    return path == f"/ipns/{row['expect']}/"


def ens(row):
    data = bytes.fromhex(row["input"])
    scheme = {0xE3: "ipfs", 0xE5: "ipns"}[data[0]]
    return f"{scheme}://{cid_from_bytes(data[2:])['v1_base32']}" == row["expect"]


def http(row):
    """A request that a gateway answers: the same content, host and all, must be understood."""
    expected = row["expect"]
    on_subdomain = ".ipfs." in row["host"]
    content = f"http://{row['host']}{row['input']}" if on_subdomain else row["input"]
    location = expected.get("location", "")
    if location.startswith("http"):
        gateway = location.split("://")[0] + "://" + row["host"]
        return attempt(gateway_url, content, gateway, style=SUBDOMAIN) == location
    if "body" in expected and expected["body"].startswith("contains: invalid path"):
        return content_path(content) is None
    if expected.get("status") == 400:
        return attempt(gateway_url, content, "https://example.com", style=SUBDOMAIN) is None
    return content_path(content) is not None


OPERATIONS = {
    "path_url": path_url,
    "subdomain_url": subdomain_url,
    "native_uri": lambda row: attempt(gateway_url, row["input"], style=NATIVE) == row["expect"],
    "content_path": lambda row: content_path(
        row["input"], row["keep_query_fragment"]) == row["expect"],
    "canonical_path": lambda row: content_path(row["input"]) == row["expect"],
    "join_path": join_path,
    "diagnose": diagnose,
    "parse_address": parse_address,
    "is_content_address": lambda row: accepted(row["input"]) == row["expect"],
    "case_insensitive_root": lambda row: (
        attempt(lambda text: parse_cid(text)["v1_base32"], row["input"]) or row["input"]
    ) == row["expect"],
    "is_ipfsPath": lambda row: accepted(row["input"], "/ipfs/") == row["expect"],
    "is_ipnsPath": lambda row: accepted(row["input"], "/ipns/") == row["expect"],
    "is_path": lambda row: accepted(row["input"]) == row["expect"],
    "is_urlOrPath": lambda row: accepted(row["input"]) == row["expect"],
    "is_cidPath": lambda row: accepted(row["input"], "/ipfs/") == row["expect"],
    "is_ipfsSubdomain": lambda row: (
        subdomain_of(row["input"]) and accepted(row["input"], "/ipfs/")) == row["expect"],
    "is_ipnsSubdomain": lambda row: (
        subdomain_of(row["input"]) and accepted(row["input"], "/ipns/")) == row["expect"],
    "is_subdomain": lambda row: subdomain_of(row["input"]) == row["expect"],
    "is_ipfsUrl": lambda row: (
        is_web(row["input"]) and accepted(row["input"], "/ipfs/")) == row["expect"],
    "is_ipnsUrl": lambda row: (
        is_web(row["input"]) and accepted(row["input"], "/ipns/")) == row["expect"],
    "is_url": lambda row: (is_web(row["input"]) and accepted(row["input"])) == row["expect"],
    "dnslink_to_label": lambda row: gateway_url(
        "/ipns/" + row["input"], HOST, style=SUBDOMAIN) == (
            f"https://{row['expect']}.ipns.gw.example/"),
    "dnslink_from_label": from_label,
    "host_to_root": host_to_root,
    "contains_cid": contains_cid,
    "accepts": lambda row: accepted(row["input"]) == row["expect"],
    "unchanged": lambda row: not accepted(row["input"]),
    "cidv1_and_path": lambda row: content_path(
        row["input"], root_form=CANONICAL) == "/ipfs/" + row["expect"]["cid"],
    "ens_contenthash": ens,
    "http": http,
}

# What the library does not do at all.
OTHER_WORK = {
    "same_gateway": "compares two gateways; the library makes URLs and compares none",
    "permalink": "needs the network, to resolve an IPNS name",
}

deviation("a pasted \"//\" or \"..\" is refused or made one slash, never resolved: only some "
          "readers of a URL resolve dot segments, so such a path has two meanings",
          "gateway-url 167", "gateway-url 168", "gateway-url 191", "gateway-url 197")
deviation("/ipld/ is no namespace of gateways", "gateway-url 150", "gateway-url 151")
deviation("the source asks for a whole path; here a bare CID, with a path or without the first "
          "slash, is content too", "gateway-url 169", "gateway-url 170", "gateway-url 177")
deviation("curl does not check what it asks for; r4nd0m is no CID", "gateway-url 266")
deviation("curl has no gateway of its own; this library has one", "gateway-url 267")
deviation("a one-label name behind /ipns/ is taken as it is: whether it is an inlined name only "
          "the DNS knows", "gateway-url 212")
deviation("the browser adds a slash that is not part of the content; a file must not get one",
          "gateway-url 605")
deviation("escapes are kept in ipfs:// too: decoded, \"%2F\" and \"%23\" would mean something else",
          "gateway-url 24")
deviation("words are no content: the source means \"nothing to say about it\"",
          "gateway-url 494", "gateway-url 495", "gateway-url 497", "gateway-url 498",
          "gateway-url 518", "gateway-url 521")
deviation("the source splits the host without looking at the root; foo.bar.boo-buzz is no CID",
          "gateway-url 239")
deviation("the source has a list of known gateways; here every host may be one",
          "gateway-url 253", "gateway-url 255")
deviation("for a web server's request only: the address is in the query", "gateway-url 532")
deviation("bytes carry no base: the oracle reports its default, this library the canonical one",
          "cid-valid 01711220ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
          "cid-valid 01701220b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9",
          "cid-valid 015512205891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03")
deviation("a peer ID is no CID; it is accepted where an IPNS name is",
          "cid-valid 12D3KooWFB51PRY9BxcXSH6khFXw1BZeszeLDy7C8GciskqCTZn5")


class Tally:
    def __init__(self):
        self.held, self.listed, self.wrong, self.seen = {}, [], [], set()

    def count(self, key, holds, about):
        self.seen.add(key)
        name = key.split(" ")[0]
        good, total = self.held.get(name, (0, 0))
        self.held[name] = (good + bool(holds), total + 1)
        if holds and key in DEVIATIONS:
            self.wrong.append(f"{key} holds, but is listed as a deviation")
        elif not holds and key in DEVIATIONS:
            self.listed.append((DEVIATIONS[key], key, about))
        elif not holds:
            self.wrong.append(f"{key} does not hold: {about}")


def check_cids(tally):
    for row in rows("cid-valid.jsonl"):
        key = "cid-valid " + row.get("input", row.get("input_hex"))
        try:
            cid = parse_cid(row["input"]) if "input" in row else \
                cid_from_bytes(bytes.fromhex(row["input_hex"]))
        except Refused as refused:
            tally.count(key, False, str(refused))
            continue
        expected = {**(row.get("decoded") or {}), **{
            name: value for name, value in (row["stated"] or {}).items() if name in cid}}
        wrong = {name: (value, cid[name]) for name, value in expected.items()
                 if value is not None and name in cid and cid[name] != value}
        tally.count(key, not wrong, wrong)
    for row in rows("cid-invalid.jsonl"):
        text = row.get("input", row.get("input_hex"))
        key = "cid-invalid " + text
        if "\0" in text:
            holds, about = True, "cannot be in a C string"
        elif row["scope"] == "subdomain-label":
            url = attempt(gateway_url, f"https://{text}.ipfs.dweb.link/")
            holds, about = url is None, url
        elif "input" in row:
            holds, about = attempt(parse_cid, text) is None, row["reason"]
        else:
            holds, about = attempt(cid_from_bytes, bytes.fromhex(text)) is None, row["reason"]
        tally.count(key, holds, about)


def check_blocks(tally):
    """The CID must say which hash was taken, and have the bytes that the record names."""
    import hashlib
    for row in rows("blocks.jsonl"):
        cid = attempt(parse_cid, row["cid"])
        digest = hashlib.sha256(bytes.fromhex(row["block_hex"])).hexdigest()
        tally.count(f"blocks {row['cid']}", cid is not None and cid["mh_name"] == "sha2-256"
                    and cid["digest"] == digest, cid)


def check_multihashes(tally):
    codes = {"sha1": "sha1", "sha2-256": "sha2-256", "sha2-512": "sha2-512", "sha3": "sha3"}
    with open(os.path.join(VECTORS, "multihash.csv"), encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            # As a CIDv1 of raw bytes.
            data = b"\x01\x55" + bytes.fromhex(row["multihash_hex"])
            cid = attempt(cid_from_bytes, data)
            bits = int(row["bits"])
            if bits < 160:
                holds = cid is None  # fewer than 20 bytes are refused
            else:
                holds = cid is not None and cid["mh_name"].startswith(codes[row["algorithm"]]) \
                    and len(cid["digest"]) * 4 == bits
            tally.count(f"multihash {row['multihash_hex']}", holds, cid)


def check_multibases(tally):
    """The cases are any bytes, which are no CID; they become the digest of an identity CID's
    multihash. That each text is the case's own, the unit tests of Multibase check.
    """
    with open(os.path.join(VECTORS, "multibase.csv"), encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            key = f"multibase {row['base']} {row['encoded']}"
            if row["base"] == "identity":
                tally.count(key, False, "prefix NUL")
                continue
            digest = bytes.fromhex(row["plain_hex"])
            data = b"\x01\x55\x00" + bytes([len(digest)]) + digest
            text = format_cid(data, row["base"])
            back = parse_cid(text)
            tally.count(key, text.startswith(row["prefix"]) and back["bytes"] == data.hex()
                        and back["base"] == row["base"], text)


def check_urls(tally):
    for row in rows("gateway-url.jsonl"):
        key = f"gateway-url {row['id']}"
        if row["op"] in OTHER_WORK:
            deviation(OTHER_WORK[row["op"]], key)
            tally.count(key, False, row["op"])
            continue
        try:
            holds = OPERATIONS[row["op"]](row)
        except Refused as refused:
            holds = False
            row = {**row, "refused": str(refused)}
        tally.count(key, holds, {name: row[name] for name in row if name != "source"})


def main():
    with open(os.path.join(VECTORS, "multibase.csv"), encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            if row["base"] == "identity":
                deviation("its prefix is a NUL, which no C string holds",
                          f"multibase identity {row['encoded']}")
    tally = Tally()
    for check in (check_cids, check_blocks, check_multihashes, check_multibases, check_urls):
        check(tally)
    for reason in dict.fromkeys(reason for reason, _, _ in tally.listed):
        print(f"otherwise: {reason}")
        for other, key, _ in tally.listed:
            if other == reason:
                print(f"    {key!r}")
    tally.wrong += [f"{key} is listed, but there is no such case"
                    for key in DEVIATIONS if key not in tally.seen]
    for complaint in tally.wrong:
        print(f"WRONG: {complaint}", file=sys.stderr)
    for name, (good, total) in tally.held.items():
        print(f"{name}: {good} of {total} hold")
    good, total = (sum(numbers) for numbers in zip(*tally.held.values()))
    print(f"vectors: {good} of {total} hold, {len(tally.listed)} are listed, "
          f"{len(tally.wrong)} are wrong")
    return 1 if tally.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
