"""The project's targets, beside what was measured."""

import dataclasses
import typing

from .figures import duration, three_digits


@dataclasses.dataclass(frozen=True)
class Target:
    what: str
    limit: float
    measured: typing.Optional[float]
    is_least: bool = False  # the limit is the least that is asked for, not the most
    show: typing.Callable = three_digits

    @property
    def is_met(self):
        return self.measured >= self.limit if self.is_least else self.measured <= self.limit

    def row(self):
        limit = f"{'≥' if self.is_least else '≤'} {self.show(self.limit)}"
        if self.measured is None:
            return [self.what, limit, "–", "not measured"]
        return [self.what, limit, self.show(self.measured), self.verdict()]

    def verdict(self):
        if self.is_met:
            return "met"
        times = self.limit / self.measured if self.is_least else self.measured / self.limit
        by = f"{(times - 1) * 100:.0f} %" if times < 2 else f"a factor of {three_digits(times)}"
        return f"**missed by {by}**"


def times(number):
    return f"{three_digits(number)} times"


def count(number):
    return f"{number:,.0f}"


def megabytes(number):
    return f"{number:.1f} MB"


def kilobytes(number):
    return f"{number:.0f} KB"


def targets(figures):
    def value(*where):
        found = figures.value(*where)
        return None if found is None else found.median

    def ratio(*where):
        found = figures.ratio(*where)
        return None if found is None else found.median

    def faster(part, row, side, peer, measure="time"):
        return ratio(part, row, peer, side, measure)

    peaks = [value("cold", f"http {size}", "c-library", "peak") for size in "SL"]
    growth = None if None in peaks else (peaks[1] - peaks[0]) / 1024
    size = value("loading", "size", "library", "bytes")
    found = []

    def at_most(what, limit, measured, show=three_digits):
        found.append(Target(what, limit, measured, False, show))

    def at_least(what, limit, measured, show=times):
        found.append(Target(what, limit, measured, True, show))

    for letter, limit in (("S", 0.95), ("M", 0.60), ("L", 0.08)):
        measured = ratio("lists", f"http {letter}", "c-library", "c-reference")
        at_most(f"C, `pk_list_clusters` warm, {letter}, of the C reference", limit, measured)
    for letter, limit in (("S", 80_000), ("M", 95_000)):
        measured = value("instructions", "costs", f"instructions list-{letter.lower()}", "count")
        at_most(f"C, instructions of a call, {letter}", limit, measured, count)
    at_most(
        "C, allocations of a call, L", 60, value("allocations", "L", "c-library", "allocations"), count
    )
    for letter in "SM":
        row = f"http {letter}"
        measured = ratio("lists", row, "python-library", "python-pycurl")
        at_most(f"Python, typed, {letter}, of pycurl + json", 1.0, measured)
        measured = faster("lists", row, "python-library", "python-session")
        at_least(f"Python, typed, {letter}, faster than requests.Session", 12, measured)
    measured = value("lists", "http L", "python-library")
    at_most("Python, L, every field read", 5.5e6, measured, duration)
    measured = value("lists", "http L look", "python-library-look")
    at_most("Python, L, only counted", 2e6, measured, duration)
    measured = ratio("lists", "http M", "go-library", "go-peer")
    at_most("Go, M, typed, of net/http", 1.0, measured)
    measured = faster("lists", "http L", "go-library", "go-peer")
    at_least("Go, L, typed, faster than net/http", 5, measured)
    for letter, limit in (("M", 0.95), ("L", 0.9)):
        measured = ratio("lists", f"http {letter}", "php-library", "php-curl")
        at_most(f"PHP, {letter}, every field read, of the kept curl handle", limit, measured)
    measured = ratio("lists", "http L look", "php-library-look", "php-curl-look")
    at_most("PHP, L, looked at lazily, of the kept curl handle", 0.3, measured)
    measured = faster("pages", "TLS M", "library", "curl", "cpu")
    at_least("PHP, pages over TLS, less CPU than curl for each page", 10, measured)
    measured = ratio("lists", "TLS S", "c-library-fresh", "c-reference-fresh")
    at_most("TLS, first call of a fresh client, of the C reference with the bundle", 0.12, measured)
    measured = ratio("callers", "TLS 32", "c-library", "go-peer", "rate")
    at_least("32 callers over TLS, S, calls a second beside Go", 1.0, measured)
    for name, side, peer, limit in (
        ("C, of the C reference", "c-library", "c-reference", 0.5),
        ("Python, of requests", "python-library", "python-requests", 0.45),
        ("PHP, of PHP's curl", "php-library", "php-curl", 0.6),
    ):
        at_most(f"Cold process, TLS, {name}", limit, ratio("cold", "TLS S", side, peer))
    at_most("Kept answer, M, in C", 2e3, value("cached", "http M", "c-cached"), duration)
    for version in ("v0", "v1"):
        measured = value("content", "parse", f"c-parse-{version}")
        at_most(f"`pk_cid_parse`, CID{version}", 55, measured, duration)
    for version in ("v0", "v1"):
        measured = ratio("content", "single", f"c-url-{version}", f"c-plain-url-{version}")
        at_most(f"`pk_gateway_url`, CID{version} checked, of the C loop", 1.5, measured)
    for name, side, limit in (("Python", "python", 350), ("PHP", "php", 200), ("Go", "go", 90)):
        measured = value("content", "batch", f"{side}-urls")
        at_most(f"100,000 CIDs checked, from {name}, a URL", limit, measured, duration)
    at_most("C, memory at L over S", 2.5, growth, megabytes)
    at_most("`dlopen`, of libcurl's own", 1.15, ratio("loading", "dlopen", "library", "libcurl"))
    at_most("Stripped size", 150, None if size is None else size / 1024, kilobytes)
    return found
