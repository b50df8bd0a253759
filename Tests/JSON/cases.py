"""The cases of JSON in this folder, for tests in Python."""

import base64
import json
import os

HERE = os.path.dirname(os.path.abspath(__file__))


def read():
    with open(os.path.join(HERE, "cases.jsonl"), encoding="utf-8", newline="\n") as rows:
        return [json.loads(row) for row in rows]


def data(case):
    """The bytes of a case."""
    if "base64" in case:
        return base64.b64decode(case["base64"])
    if "parts" in case:
        return b"".join(text.encode() * count for text, count in case["parts"])
    return case["text"].encode()


def is_accepted(case):
    """Whether this library is to accept it."""
    return case.get("here", case["expect"]) == "y"
