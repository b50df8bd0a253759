#!/usr/bin/env python3
"""Writes a table of cases each of which must fail: one wrong expectation in each.

    mutants.py CASES >TABLE

A runner that passes one of them does not look at what the case is named after. For each member that
the table's expectations have anywhere there is a mutant, and some for what no case has.
"""

import copy
import json
import sys

# The members of a case that say what must come out.
CHECKED = ("expect", "request", "requests", "took_ms")


def paths(value, path=()):
    """Every place in a value, as a path of names and indices."""
    yield path
    if isinstance(value, dict):
        for name, item in value.items():
            yield from paths(item, (*path, name))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from paths(item, (*path, index))


def shape(path):
    """The path without its indices: places of one shape are checked by one piece of a runner."""
    return tuple("[]" if isinstance(step, int) else step for step in path)


def at(value, path):
    for step in path:
        value = value[step]
    return value


def wrong(value, path):
    """Another value for this place, or None if there is none to try."""
    match path[-1]:
        case "message":
            return [*value, "what no message says"]
        case "message_not":
            return [*value, " "]
        case "status":
            return "INTERNAL"
        case "json" | "client":
            return None
    match value:
        case bool():
            return not value
        case int():
            return value - 1 if value > 0 else value + 1
        case str():
            return value + "?"
        case None:
            return "something"
        case [int() as least, int() as most]:
            return [most + 1_000_000, most + 2_000_000] if least <= most else None
        case [*items] if items:
            return items[:-1]
        case []:
            return [{}]
    return None


def renamed(case, name):
    mutant = copy.deepcopy(case)
    mutant["name"] = f"mutant: {name}"
    return mutant


def mutants_of(cases):
    """One mutant for each shape of place and kind of value."""
    seen = set()
    for case in cases:
        if "not_in" in case:
            continue
        checked = {name: case[name] for name in CHECKED if name in case}
        for path in paths(checked):
            # The parts of a pair or of a list of texts are changed together.
            if not path or shape(path)[-1] == "[]":
                continue
            key = (shape(path) if path[0] != "request" else "request", type(at(checked, path)))
            replacement = wrong(at(checked, path), path)
            if key in seen or replacement is None:
                continue
            seen.add(key)
            mutant = renamed(case, f"{'.'.join(map(str, path))} in {case['name']}")
            at(mutant, path[:-1])[path[-1]] = replacement
            yield mutant


def strangers(cases):
    """Members that no runner knows, and outcomes of another kind."""
    list_case = next(case for case in cases if "list" in case["expect"])
    client_case = next(case for case in cases if "client" in case["expect"])
    url_case = next(case for case in cases if "url" in case["expect"])
    urls_case, candidates_case, cid_case, text_case = (
        next(case for case in cases if kind in case["expect"] and "not_in" not in case)
        for kind in ("urls", "candidates", "cid", "text")
    )
    refused = {case["call"]: case for case in reversed(cases) if "error" in case["expect"]}
    error_case = refused["list_clusters"]
    content_cases = (urls_case, candidates_case, cid_case, text_case)
    for case in (list_case, client_case, url_case, *content_cases):
        mutant = renamed(case, f"an error is expected of {case['call']}, and there is none")
        mutant["expect"] = {"error": {"status": "INTERNAL"}}
        yield mutant
    for case, outcome in (
        (error_case, {"list": {}}),
        (refused["client_new"], {"client": True}),
        (refused["gateway_url"], {"url": "x"}),
        (refused["gateway_urls"], {"urls": []}),
        (refused["candidates"], {"candidates": []}),
        (refused["cid"], {"cid": {}}),
        (refused["cid_format"], {"text": "x"}),
    ):
        mutant = renamed(case, f"no error is expected of {case['call']}, and there is one")
        mutant["expect"] = outcome
        yield mutant

    mutant = renamed(list_case, "json of another body")
    mutant["expect"] = {"list": {"json": True}}
    mutant["server"] = [{"status": 200, "body": "[]"}, {"status": 200, "body": "[ ]"}]
    yield mutant
    mutant = renamed(list_case, "a header that must not be sent")
    mutant["request"] = {"X-API-Key": None}
    yield mutant
    for place, case in (
        ((), list_case),
        (("options",), client_case),
        (("expect", "list"), list_case),
        (("expect", "list", "clusters", 0), list_case),
        (("expect", "list", "clusters", 0, "gateways", 0), list_case),
        (("expect", "error"), error_case),
        (("expect", "candidates", 0), candidates_case),
        (("expect", "cid"), cid_case),
    ):
        mutant = renamed(case, f"an unknown member in {'.'.join(map(str, place)) or 'the case'}")
        at(mutant, place)["no_such_member"] = 1
        yield mutant
    for name, case in (("call_options", list_case), ("url_options", url_case)):
        mutant = renamed(case, f"an unknown member in {name}")
        mutant[name] = {"no_such_member": 1}
        yield mutant


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: mutants.py CASES")
    with open(sys.argv[1], encoding="utf-8") as file:
        cases = json.load(file)
    json.dump([*mutants_of(cases), *strangers(cases)], sys.stdout, indent=1)


if __name__ == "__main__":
    main()
