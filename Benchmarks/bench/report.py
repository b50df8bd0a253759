"""RESULTS.md and its charts, from results.json and NOTES.md."""

from . import chart
from .figures import Figures, duration, label, language, three_digits
from .parts import BATCH, CACHED, CALLERS, COLD, LISTS, LOOKS, PARSING, SINGLE
from .places import HERE
from .sides import KINDS
from .targets import targets

SIZES = "S is 1 cluster with 1 gateway, M 6 with 2 each, L 1,000 with 10 each."
REFERENCE = "c-reference"


def table(heading, rows):
    lines = [heading, ["---"] * len(heading), *rows]
    return "\n".join("| " + " | ".join(cell or " " for cell in line) + " |" for line in lines)


def shown_ratio(ratio):
    if ratio is None:
        return "–"
    low, high = three_digits(ratio.low), three_digits(ratio.high)
    return f"**{three_digits(ratio.median)}** ({low}–{high})"


def shown_time(value):
    return "–" if value is None else duration(value.median)


def named(key):
    text = label(key)
    return f"**{text}**" if key in KINDS and KINDS[key].is_library else text


def ratio_table(figures, part, rows, keys, peer, measure="time", show=shown_time):
    """A line for each side; for each row of the part a ratio to the peer, and the figure itself."""
    heading = ["", ""]
    for row in rows:
        heading += [f"{row}: ratio", row]
    lines = []
    for key in keys:
        if not any(figures.rounds_of(part, row, key, measure) for row in rows):
            continue
        line = [language(key), named(key)]
        for row in rows:
            line.append(shown_ratio(figures.ratio(part, row, key, peer, measure)))
            line.append(show(figures.value(part, row, key, measure)))
        lines.append(line)
    return table(heading, lines)


# --- the parts ---


def target_part(figures):
    found = targets(figures)
    met = sum(target.measured is not None and target.is_met for target in found)
    missed = sum(target.measured is not None and not target.is_met for target in found)
    yield "## Targets"
    yield (
        f"{met} of {len(found)} are met, {missed} are missed. Ratios are medians; times are those of this "
        "machine."
    )
    yield table(["", "target", "measured", ""], [target.row() for target in found])


def notes_part(_):
    notes = HERE / "NOTES.md"
    yield "## What was tried where a target is missed"
    yield notes.read_text().strip() if notes.exists() else "Nothing is noted yet."


def list_part(figures):
    yield "## Warm calls"
    yield (
        f"One caller, a kept connection. {SIZES} Every field of the answer is read. Client and server share "
        "one core: the client's waiting is the server's work, and neither waits for another core to wake up."
    )
    keys = [key for key in LISTS if not key.endswith("-fresh")]
    for transport, name in (("http", "Plain http"), ("TLS", "TLS; HTTP/2 where the side speaks it")):
        yield f"### {name}"
        rows = [f"{transport} {size}" for size in "SML"]
        yield ratio_table(figures, "lists", rows, keys, REFERENCE)
    yield "### L, where the clusters are counted and only the first one is read"
    yield ratio_table(figures, "lists", ["http L look"], LOOKS, "c-reference-look")


def fresh_part(figures):
    yield "## A new client for each call"
    yield "Over TLS nearly all of it is reading the trust store. The ratios are to a new handle of libcurl."
    keys = ["c-library-fresh", "c-reference-fresh", "python-requests", "php-curl-each"]
    yield ratio_table(figures, "lists", ["http S", "TLS S", "TLS M"], keys, "c-reference-fresh")


def caller_part(figures):
    yield "## 1, 8 and 32 callers"
    yield (
        "Calls a second at S, on all cores: threads in C and Python, goroutines, processes of PHP. The "
        "library's callers share one client, with its default of 4 connections; for the peers each thread "
        "has a handle or session of its own, and Go one client. The server has one process. Ratios above 1 "
        "are faster than the C reference."
    )

    def rate(value):
        return "–" if value is None else three_digits(value.median / 1000) + " k"

    for transport in ("http", "TLS"):
        rows = [f"{transport} {count}" for count in (1, 8, 32)]
        yield ratio_table(figures, "callers", rows, CALLERS, REFERENCE, "rate", rate)


def cold_part(figures):
    yield "## A whole process"
    yield "From start to end: loading, one call at S, every field read."
    yield ratio_table(figures, "cold", ["http S", "TLS S"], COLD, REFERENCE)


def memory_part(figures):
    yield "## Memory and allocations"
    yield (
        "The peak of a whole process that makes one call, over http. Allocations are those of one warm "
        "call: in C all of the process, libcurl and jansson included; in Go those of Go's own heap."
    )
    lines = []
    for key in COLD:
        peaks = [figures.value("cold", f"http {size}", key, "peak") for size in "SL"]
        if None in peaks:
            continue
        small, large = (peak.median / 1024 for peak in peaks)
        part, prefix = ("allocations", "") if language(key) == "C" else ("lists", "http ")
        counts = [figures.value(part, f"{prefix}{size}", key, "allocations") for size in "SML"]
        cells = [f"{one.median:,.0f}" if one and one.median else "–" for one in counts]
        lines.append([language(key), named(key), f"{small:.1f} MB", f"+ {large - small:.1f} MB", *cells])
    yield table(
        ["", "", "peak at S", "more at L", "allocations S", "allocations M", "allocations L"], lines
    )


def cached_part(figures):
    yield "## A kept answer"
    yield "M, with `cache_ttl`: no request is made."
    yield table(
        ["", "a call"],
        [[language(key), shown_time(figures.value("cached", "http M", key))] for key in CACHED
         if figures.value("cached", "http M", key)],
    )  # fmt: skip


def content_part(figures):
    def lines(row, keys, peer):
        return ratio_table(figures, "content", [row], keys, peer)

    yield "## CIDs and URLs"
    yield (
        "Plain C, the expressions and the tables look at letters; of them only plain C also decodes the CID "
        "and checks version, lengths and left-over bits, as the library does. `pk_cid_parse` also makes the "
        "texts of both versions. `aleph-cid` makes CIDs; the one function that reads a CID is measured."
    )
    yield "### A CID taken apart"
    yield lines("parse", PARSING, "c-check-v1")
    yield "### A URL for one CID a call"
    yield lines("single", SINGLE, "c-plain-url-v1")
    yield "### URLs of 100,000 CIDs in one call or loop; time for one"
    yield lines("batch", BATCH, "c-plain-urls")


def loading_part(figures):
    yield "## Loading"
    yield "`dlopen` in a fresh process."
    keys = figures.sides("loading", "dlopen")
    yield ratio_table(figures, "loading", ["dlopen"], keys, "libcurl")


def page_part(figures):
    yield "## Pages of php-fpm"
    yield (
        "One worker, pages that list M over TLS. The library's client lives as long as the worker; a handle "
        "of curl as long as the page. CPU is the worker's."
    )
    rows = []
    for key in figures.sides("pages", "TLS M"):
        ratio = figures.ratio("pages", "TLS M", key, "curl", "cpu")
        cpu, time = (figures.value("pages", "TLS M", key, measure) for measure in ("cpu", "time"))
        rows.append([key, shown_ratio(ratio), shown_time(cpu), shown_time(time)])
    yield table(["", "CPU: ratio", "CPU a page", "time a page"], rows)


COUNTED = {
    "list-s": ("pk_list_clusters, S", "reference-s"),
    "list-m": ("pk_list_clusters, M", "reference-m"),
    "list-l": ("pk_list_clusters, L", "reference-l"),
    "cached-m": ("pk_list_clusters, M, kept answer", None),
    "url-v0": ("pk_gateway_url, CIDv0", "plain-url-v0"),
    "url-v1": ("pk_gateway_url, CIDv1", "plain-url-v1"),
    "parse-v0": ("pk_cid_parse, CIDv0", None),
    "parse-v1": ("pk_cid_parse, CIDv1", None),
    "load": ("loading, beside libcurl", "load-libcurl"),
}


def instruction_part(figures):
    yield "## Instructions"
    yield (
        "In user space, counted by callgrind: no noise, and no kernel. `make test-instructions` fails if they "
        "grow beyond [limits.csv](limits.csv)."
    )

    def count(name):
        found = figures.value("instructions", "costs", f"instructions {name}", "count")
        return found and found.median

    rows = []
    for name, (what, peer) in COUNTED.items():
        own, other = count(name), peer and count(peer)
        if own:
            ratio = f"**{three_digits(own / other)}**" if other else "–"
            rows.append([what, ratio, f"{own:,.0f}", f"{other:,.0f}" if other else "–"])
    yield table(["", "ratio", "library", "plain C"], rows)


def machine_part(figures):
    yield "## Machine and versions"
    yield table(["", ""], [[name, text] for name, text in figures.machine.items()])
    if figures.missing:
        yield "**Not measured, because it is not there:**"
        yield "\n".join(f"- {name}: {why}" for name, why in sorted(figures.missing.items()))
    rounds = ", ".join(f"{name} {count}" for name, count in figures.rounds.items())
    yield f"Rounds: {rounds}."


# --- the charts ---


def chart_rows(figures, part, row, keys, measure="time", show=duration):
    rows = []
    for key in keys:
        value = figures.value(part, row, key, measure)
        if value:
            kind = KINDS.get(key)
            rows.append((
                kind.language if kind else "PHP", label(key), value.median, show(value.median),
                kind.is_library if kind else key == "library",
            ))  # fmt: skip
    return rows


def charts(figures):
    plain = [
        key for key in LISTS
        if not key.endswith(("-fresh", "-typed", "-each")) and key != "python-requests"
    ]  # fmt: skip

    def rate(number):
        return three_digits(number / 1000) + " k"

    return {
        "warm-m.svg": (
            "Listing 6 clusters, connection kept",
            "Time of one call over http on loopback, every field read. Shorter is better.",
            chart_rows(figures, "lists", "http M", plain),
        ),
        "warm-l.svg": (
            "Listing 1,000 clusters with 10,000 gateways",
            "Time of one call over http on loopback, every field read. Shorter is better.",
            chart_rows(figures, "lists", "http L", plain),
        ),
        "cold.svg": (
            "A whole process that lists the clusters once over TLS",
            "From its start to its end. Shorter is better.",
            chart_rows(figures, "cold", "TLS S", COLD),
        ),
        "pages.svg": (
            "A page of php-fpm that lists the clusters over TLS",
            "CPU time of the worker for one page. Shorter is better.",
            chart_rows(figures, "pages", "TLS M", ["library", "curl"], "cpu"),
        ),
        "callers.svg": (
            "32 callers at the same time, over TLS",
            "Calls a second, all cores. Longer is better.",
            chart_rows(figures, "callers", "TLS 32", CALLERS, "rate", rate),
        ),
        "urls.svg": (
            "Gateway URLs of 100,000 CIDs",
            "Time for one URL. Expressions and tables only look at letters. Shorter is better.",
            chart_rows(figures, "content", "batch", BATCH),
        ),
    }


def chart_part(figures):
    """Writes the charts, and shows those that there are."""
    for file, (title, note, rows) in charts(figures).items():
        path = HERE / file
        if rows:
            path.write_text(chart.bars(title, note, rows))
            yield f"![{title}]({file})"
        else:
            path.unlink(missing_ok=True)


HEAD = """# Results

Written by `make bench`: do not edit. How it is measured stands in [README.md](README.md).

A ratio is this side's figure divided by the other's in the same round, most often the C reference's: a handle
of libcurl that is kept, jansson, and structs. Below 1 is better, unless said otherwise. Printed are the median
of all rounds and, in brackets, between what the middle half of them lies: a difference smaller than that is no
finding. Absolute figures belong to one machine at one moment."""

PARTS = {
    "lists": [list_part, fresh_part],
    "callers": [caller_part],
    "cold": [cold_part, memory_part],
    "cached": [cached_part],
    "content": [content_part],
    "loading": [loading_part],
    "pages": [page_part],
    "instructions": [instruction_part],
}


def write(results):
    figures = Figures(results)
    blocks = [HEAD, *chart_part(figures), *target_part(figures), *notes_part(figures)]
    for name, writers in PARTS.items():
        if figures.parts.get(name):
            blocks += [block for writer in writers for block in writer(figures)]
    blocks += machine_part(figures)
    (HERE / "RESULTS.md").write_text("\n\n".join(blocks) + "\n")
