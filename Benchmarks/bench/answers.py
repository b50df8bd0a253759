"""What the servers answer, and what the programs are told to find in it."""

import base64
import hashlib
import json
import subprocess

from .places import CIDS, OUT

SIZES = {"S": "s", "M": "m", "L": "l"}
MANY = 100_000


def write_bodies(folder):
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run([OUT / "server", folder], check=True)


def expected(body):
    """Clusters, gateways, and the sum of the lengths of all texts and of all orders."""
    clusters = json.loads(body)
    gateways = [gateway for cluster in clusters for gateway in cluster["gateways"]]
    total = sum(len(cluster["clusterId"]) for cluster in clusters)
    for gateway in gateways:
        total += len(gateway.get("publicUrl") or gateway["url"]) + gateway["order"]
        total += sum(len(gateway.get(name, "")) for name in ("publicUrl", "url", "label"))
    return f"{len(clusters)},{len(gateways)},{total}"


def base58(data):
    digits = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
    number = int.from_bytes(data, "big")
    text = ""
    while number:
        number, digit = divmod(number, 58)
        text = digits[digit] + text
    return text


def write_cids():
    """100,000 CIDs, all different. Every fourth is a CIDv0; the others are CIDv1 of a file or a block."""
    lines = []
    for number in range(MANY):
        multihash = b"\x12\x20" + hashlib.sha256(str(number).encode()).digest()
        if number % 4 == 0:
            lines.append(base58(multihash))
        else:
            codec = b"\x70" if number % 4 < 3 else b"\x55"
            text = base64.b32encode(b"\x01" + codec + multihash).decode()
            lines.append("b" + text.rstrip("=").lower())
    CIDS.write_text("\n".join(lines) + "\n")
