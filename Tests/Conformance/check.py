#!/usr/bin/env python3
"""Checks the form of cases.json, so that a misspelt member is an error and not a check left out.

    check.py CASES [LANGUAGE]

With a language, prints how many cases a runner in that language must count. Names of options and
statuses are those of include/pinarkive.h, wherever this is run from.
"""

import base64
import json
import pathlib
import re
import sys

HEADER = pathlib.Path(__file__).resolve().parents[2] / "include" / "pinarkive.h"
LANGUAGES = ("c", "python", "go", "php")


class Fault(Exception):
    """What is wrong with a case."""


# --- a small language of forms: each is called with a value and a place, and raises Fault ------


def kind(*types, name):
    def check(value, place):
        # bool is an int in Python, but not in JSON.
        if not isinstance(value, types) or isinstance(value, bool) and bool not in types:
            raise Fault(f"{place}: must be {name}")

    return check


text = kind(str, name="a text")
text_or_null = kind(str, type(None), name="a text or null")
integer = kind(int, name="an integer")
boolean = kind(bool, name="true or false")


def count(value, place):
    integer(value, place)
    if value < 0:
        raise Fault(f"{place}: must not be negative")


def one_of(*values):
    def check(value, place):
        if value not in values or isinstance(value, bool) != isinstance(values[0], bool):
            raise Fault(f"{place}: must be one of {', '.join(map(str, values))}")

    return check


def list_of(form, minimum=0):
    def check(value, place):
        if not isinstance(value, list) or len(value) < minimum:
            raise Fault(f"{place}: must be a list of at least {minimum}")
        for index, item in enumerate(value):
            form(item, f"{place}[{index}]")

    return check


def pair(first, second):
    def check(value, place):
        if not isinstance(value, list) or len(value) != 2:
            raise Fault(f"{place}: must be a pair")
        first(value[0], f"{place}[0]")
        second(value[1], f"{place}[1]")

    return check


def range_of(form):
    def check(value, place):
        pair(form, form)(value, place)
        if value[0] > value[1]:
            raise Fault(f"{place}: the first must not be greater than the second")

    return check


def either(list_form, other):
    def check(value, place):
        (list_form if isinstance(value, list) else other)(value, place)

    return check


def object_or(object_form, other):
    def check(value, place):
        (object_form if isinstance(value, dict) else other)(value, place)

    return check


def members(forms, needed=()):
    def check(value, place):
        if not isinstance(value, dict):
            raise Fault(f"{place}: must be an object")
        for name, item in value.items():
            if name not in forms:
                raise Fault(f"{place}: unknown member {name!r}; known are {', '.join(forms)}")
            forms[name](item, f"{place}.{name}")
        for name in needed:
            if name not in value:
                raise Fault(f"{place}: lacks {name!r}")

    return check


def any_names(form):
    def check(value, place):
        if not isinstance(value, dict):
            raise Fault(f"{place}: must be an object")
        for name, item in value.items():
            form(item, f"{place}.{name}")

    return check


def in_base64(value, place):
    text(value, place)
    try:
        base64.b64decode(value, validate=True)
    except ValueError:
        raise Fault(f"{place}: is not base 64") from None


def in_hex(value, place):
    text(value, place)
    try:
        bytes.fromhex(value)
    except ValueError:
        raise Fault(f"{place}: is not hexadecimal") from None


# --- the forms of the table -------------------------------------------------------------------


def options_of(header, struct, leave_out=()):
    """The options of a struct of the header: integers, and texts that may be null."""
    body = re.search(rf"typedef struct {struct} {{\n(.*?)\n}} {struct};", header, re.DOTALL)
    if not body:
        raise Fault(f"{HEADER.name}: has no {struct}")
    code = re.sub(r"/\*.*?\*/", "", body[1], flags=re.DOTALL)
    forms = {}
    for type_name, name in re.findall(r"^\s*([\w ]+?[ *]+)(\w+);", code, re.MULTILINE):
        if name != "struct_size" and name not in leave_out:
            forms[name] = text_or_null if "*" in type_name else integer
    return forms


def names_of(header, prefix):
    """The constants of an enum of the header, as the table has them: in lower case, no prefix."""
    return [name.lower() for name in re.findall(rf"^  {prefix}(\w+) = ", header, re.MULTILINE)]


def forms_of_table(header):
    statuses = re.findall(r"^  PK_ERROR_(\w+) = ", header, re.MULTILINE)
    answer = members(
        {
            "status": integer,
            "headers": any_names(either(list_of(text, 1), text)),
            "body": text,
            "body_base64": in_base64,
            "body_repeated": list_of(pair(text, count), 1),
            "delay_ms": count,
            "close": one_of(True),
        }
    )
    gateway = members(
        {
            "base_url": text,
            "public_url": text_or_null,
            "url": text_or_null,
            "label": text_or_null,
            "order": integer,
        }
    )
    cluster = members(
        {
            "id": text,
            "label": text_or_null,
            "region": text_or_null,
            "country": text_or_null,
            "gateways": list_of(gateway),
        }
    )
    cluster_list = members(
        {
            "clusters": list_of(cluster),
            "attempts": count,
            "from_cache": boolean,
            "rate_limit": integer,
            "rate_limit_remaining": integer,
            "rate_limit_reset": integer,
            "json": one_of(True),
        }
    )
    error = members(
        {
            "status": one_of(*statuses),
            "http_status": count,
            "code": text_or_null,
            "required": text_or_null,
            "suggestion": text_or_null,
            "retry_after_ms": either(range_of(integer), integer),
            "message": list_of(text, 1),
            "message_not": list_of(text, 1),
        },
        needed=["status"],
    )
    candidate = members(
        {
            "url": text,
            "cluster_id": text,
            "cluster_label": text_or_null,
            "gateway_label": text_or_null,
            "order": integer,
            "reason": one_of(*names_of(header, "PK_REASON_")),
        }
    )
    cid = members(
        {
            "version": one_of(0, 1),
            "codec": count,
            "hash": count,
            "codec_name": text_or_null,
            "hash_name": text_or_null,
            "digest": in_hex,
            "base": text,
            "v0": text_or_null,
            "v1": text,
            "bytes": in_hex,
            "formats": any_names(text),
        }
    )
    outcomes = {
        "url": text,
        "urls": list_of(object_or(members({"error": error}, needed=["error"]), text)),
        "candidates": list_of(candidate),
        "cid": cid,
        "text": text,
        "list": cluster_list,
        "client": one_of(True),
        "error": error,
    }
    url_options = {
        **options_of(header, "pk_url_options"),
        "style": one_of(*names_of(header, "PK_URL_")),
        "root_form": one_of(*names_of(header, "PK_ROOT_")),
        "download": one_of(0, 1),
        "inline_names": one_of(0, 1),
    }
    given_gateway = {"base_url": text, "label": text, "order": integer}
    given_cluster = {
        "id": text,
        "label": text,
        "gateways": list_of(members(given_gateway, needed=["base_url"])),
    }
    call_options = options_of(header, "pk_call_options", leave_out=["cancellation"])
    return members(
        {
            "name": text,
            "call": one_of(*OUTCOME_OF_CALL),
            "options": members(options_of(header, "pk_client_options")),
            "environment": any_names(text_or_null),
            "call_options": members({**call_options, "cancel": one_of("before", "during")}),
            "server": list_of(answer, 1),
            "request": any_names(text_or_null),
            "requests": count,
            "gateway": text_or_null,
            "gateway_base64": in_base64,
            "content": text,
            "content_base64": in_base64,
            "contents": list_of(object_or(members({"base64": in_base64}, needed=["base64"]), text)),
            "from": one_of("text", "bytes"),
            "base": text,
            "clusters": list_of(members(given_cluster, needed=["id"])),
            "cluster": text,
            "url_options": members(url_options),
            "repeat": count,
            "took_ms": range_of(count),
            "not_in": members({language: text for language in LANGUAGES}),
            "expect": members(outcomes),
        },
        needed=["name", "call", "expect"],
    )


# Which members a call may have beside those that every case may have.
MEMBERS_OF_CALL = {
    "list_clusters": {
        "options", "environment", "call_options", "server", "request", "requests", "repeat",
        "took_ms",
    },
    "client_new": {"options", "environment"},
    "gateway_url": {"gateway", "gateway_base64", "content", "content_base64", "url_options"},
    "gateway_urls": {"gateway", "gateway_base64", "contents", "url_options"},
    "candidates": {"clusters", "cluster", "content", "content_base64", "url_options"},
    "cid": {"content", "content_base64", "from"},
    "cid_format": {"content", "content_base64", "base"},
}  # fmt: skip
MEMBERS_OF_ALL = {"name", "call", "not_in", "expect"}
OUTCOME_OF_CALL = {
    "list_clusters": "list",
    "client_new": "client",
    "gateway_url": "url",
    "gateway_urls": "urls",
    "candidates": "candidates",
    "cid": "cid",
    "cid_format": "text",
}
# What a call needs, beside its content.
NEEDED_BY_CALL = {"gateway_urls": "contents", "candidates": "clusters"}


def check_sense(case, place):
    """What the form alone does not say."""
    call = case["call"]
    for name in case.keys() - MEMBERS_OF_ALL - MEMBERS_OF_CALL[call]:
        raise Fault(f"{place}: {call} has no use for {name!r}")
    if len(case["expect"]) != 1 or not case["expect"].keys() <= {OUTCOME_OF_CALL[call], "error"}:
        raise Fault(f"{place}.expect: must be one of {OUTCOME_OF_CALL[call]!r} and 'error'")
    if "content" in MEMBERS_OF_CALL[call] and ("content" in case) == ("content_base64" in case):
        raise Fault(f"{place}: needs one of 'content' and 'content_base64'")
    if "gateway" in case and "gateway_base64" in case:
        raise Fault(f"{place}: has two gateways")
    if NEEDED_BY_CALL.get(call, "name") not in case:
        raise Fault(f"{place}: needs {NEEDED_BY_CALL[call]!r}")
    if case.get("from") == "bytes" and "content" in case:
        raise Fault(f"{place}: bytes are given as 'content_base64'")
    if call == "list_clusters" and "requests" not in case:
        raise Fault(f"{place}: needs 'requests', to see that no more were made")
    if case.get("repeat") == 0:
        raise Fault(f"{place}.repeat: must be at least 1")
    if "request" in case and case["requests"] == 0:
        raise Fault(f"{place}: has 'request', but there is none")
    for index, answer in enumerate(case.get("server", [])):
        check_answer(answer, f"{place}.server[{index}]")
    if case["expect"].get("list", {}).get("json") and "body" not in case["server"][-1]:
        raise Fault(f"{place}: 'json' needs 'body' in the last answer of 'server'")


def check_answer(answer, place):
    if ("status" in answer) == ("close" in answer):
        raise Fault(f"{place}: needs one of 'status' and 'close'")
    bodies = [name for name in answer if name.startswith("body")]
    if len(bodies) > 1 or bodies and "close" in answer:
        raise Fault(f"{place}: too many of {', '.join(bodies)}, 'close'")


def distinct(pairs):
    """An object without a name that stands twice."""
    names = [name for name, _ in pairs]
    if len(set(names)) < len(names):
        raise Fault(f"a member stands twice in an object of {', '.join(names)}")
    return dict(pairs)


def check(path):
    """The cases, after all checks."""
    with open(path, encoding="utf-8") as file:
        cases = json.load(file, object_pairs_hook=distinct)
    form = forms_of_table(HEADER.read_text(encoding="ascii"))
    if not isinstance(cases, list):
        raise Fault("the table must be a list")
    seen = set()
    for number, case in enumerate(cases):
        name = case.get("name") if isinstance(case, dict) else None
        place = f"case {number} ({name})"
        form(case, place)
        check_sense(case, place)
        if name in seen:
            raise Fault(f"{place}: there is another case of this name")
        seen.add(name)
    return cases


def main():
    if len(sys.argv) not in (2, 3) or len(sys.argv) == 3 and sys.argv[2] not in LANGUAGES:
        sys.exit(f"usage: check.py CASES [{'|'.join(LANGUAGES)}]")
    try:
        cases = check(sys.argv[1])
    except (Fault, ValueError) as fault:
        sys.exit(f"{sys.argv[1]}: {fault}")
    if len(sys.argv) == 3:
        print(sum(sys.argv[2] not in case.get("not_in", {}) for case in cases))


if __name__ == "__main__":
    main()
