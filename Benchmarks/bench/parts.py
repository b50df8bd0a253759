"""What is measured. Each part fills a table of {row: {side: {measure: [value of each round, ...]}}}."""

import contextlib
import json
import os
import subprocess

from . import answers, measure, servers, sides
from .places import CIDS, HERE, LIBRARY, OUT, needed
from .sides import KINDS

FRESH = ["c-library-fresh", "c-reference-fresh"]
LISTS = [
    "c-library", "c-reference", *FRESH,
    "python-library", "python-pycurl", "python-pycurl-typed", "python-session", "python-session-typed",
    "python-requests", "python-httpx",
    "go-library", "go-peer",
    "php-library", "php-curl", "php-curl-each",
]  # fmt: skip
LOOKS = [
    "c-library-look", "c-reference-look", "python-library-look", "python-pycurl-look", "python-session-look",
    "go-library-look", "go-peer-look", "php-library-look", "php-curl-look",
]  # fmt: skip
CALLERS = [
    "c-library", "c-reference", "go-library", "go-peer",
    "python-library", "python-pycurl", "python-session", "php-library", "php-curl",
]  # fmt: skip
COLD = [
    "c-library", "c-reference", "python-library", "python-pycurl", "python-requests", "python-httpx",
    "go-library", "go-peer", "php-library", "php-curl",
]  # fmt: skip
CACHED = ["c-cached", "python-cached", "go-cached", "php-cached"]
PARSING = [
    "c-check-v0", "c-check-v1", "c-parse-v0", "c-parse-v1", "c-parse-raw",
    "python-parse", "python-parse-multiformats", "python-parse-py-cid",
]  # fmt: skip
SINGLE = [
    "c-plain-url-v0", "c-plain-url-v1", "c-plain-copy-v1", "c-url-v0", "c-url-v1",
    "python-url", "python-multiformats", "python-py-cid", "python-aleph-cid", "go-url", "php-url",
]  # fmt: skip
BATCH = [
    "c-plain-urls", "c-urls", "python-urls", "python-expression", "python-concatenation",
    "go-urls", "go-table", "go-concatenation",
    "php-urls", "php-table", "php-expression", "php-concatenation",
]  # fmt: skip
PAGES = 20  # in a round, for each kind


class Run:
    """One run: its servers, how many rounds, and what cannot be measured here."""

    def __init__(self, nginx, rounds):
        self.nginx = nginx
        self.rounds = rounds
        self.missing = sides.missing()
        self.environment = sides.environment()
        self.expect = {
            size: answers.expected((servers.FOLDER / "bodies" / letter).read_text())
            for size, letter in answers.SIZES.items()
        }

    def present(self, keys):
        return [key for key in keys if key not in self.missing]

    def command(self, key, transport="http", size="S", *more):
        kind = KINDS[key]
        return [
            *kind.command, kind.work,
            "--url", f"{self.nginx.urls[transport]}/{answers.SIZES[size]}",
            "--expect", self.expect[size],
            "--file", CIDS,
            *more,
        ]  # fmt: skip

    def settings(self, key):
        settings = dict(self.environment)
        python_ca_file = settings.pop("BENCHMARK_PYTHON_CA_FILE")
        if KINDS[key].language == "Python":
            settings["BENCHMARK_PYTHON_CA_FILE"] = python_ca_file
        return settings

    def start(self, key, transport="http", size="S", callers=1, cpus=None):
        # PHP has one thread: callers are processes.
        is_php = KINDS[key].language == "PHP"
        processes, threads = (callers, 1) if is_php else (1, callers)
        command = self.command(key, transport, size, "--callers", str(threads))
        return measure.Side(key, command, self.settings(key), processes, cpus)

    def take_turns(self, keys, milliseconds, rounds=None, **where):
        with contextlib.ExitStack() as stack:
            started = []
            for key in self.present(keys):
                started.append(self.start(key, **where))
                stack.callback(started[-1].close)
            return measure.take_turns(started, rounds or self.rounds, milliseconds)

    @contextlib.contextmanager
    def one_core(self):
        """One caller waits while the server works, and the other way round: on one core they do not wait
        for another one to wake up, which takes longer than what is measured."""
        everywhere = os.sched_getaffinity(0)
        one = {max(everywhere)}
        os.sched_setaffinity(self.nginx.process.pid, one)
        try:
            yield one
        finally:
            os.sched_setaffinity(self.nginx.process.pid, everywhere)


def lists(run):
    table = {}
    with run.one_core() as cpus:
        for transport in ("http", "TLS"):
            for size, milliseconds in (("S", 40), ("M", 40), ("L", 80)):
                measure.say(f"  {transport}, {size}")
                table[f"{transport} {size}"] = run.take_turns(
                    LISTS, milliseconds, transport=transport, size=size, cpus=cpus
                )
        measure.say("  http, L, looked at")
        table["http L look"] = run.take_turns(LOOKS, 80, size="L", cpus=cpus)
    return table


def callers(run):
    table = {}
    for transport in ("http", "TLS"):
        for count in (1, 8, 32):
            measure.say(f"  {transport}, {count}")
            table[f"{transport} {count}"] = run.take_turns(
                CALLERS, 150, max(run.rounds // 2, 3), transport=transport, callers=count
            )
    return table


def cold(run):
    table = {}
    for transport, size, rounds in (
        ("http", "S", run.rounds), ("TLS", "S", run.rounds), ("http", "L", max(run.rounds // 3, 3))
    ):  # fmt: skip
        measure.say(f"  {transport}, {size}")
        keys = run.present(COLD)
        row = table[f"{transport} {size}"] = {key: {} for key in keys}
        for number in range(-1, rounds):
            for key in measure.turns(keys, max(number, 0)):
                command = run.command(key, transport, size, "--once")
                found = measure.whole_process(command, run.settings(key))
                if number < 0:  # Fills the page cache.
                    continue
                for name, value in found.items():
                    row[key].setdefault(name, []).append(value)
    return table


def allocations(run):
    """Of everything in the process, by a malloc that counts. Go's heap is counted by Go (see lists)."""
    table = {}
    for size in ("S", "M", "L"):
        row = table[size] = {}
        for key in ("c-library", "c-reference"):
            settings = run.settings(key) | {"LD_PRELOAD": str(OUT / "allocations.so")}
            side = measure.Side(key, run.command(key, "http", size), settings)
            side.run(5)
            row[key] = {"allocations": [side.run(5)["allocations"]]}
            side.close()
    return table


def cached(run):
    return {"http M": run.take_turns(CACHED, 40, size="M")}


def content(run):
    return {
        "parse": run.take_turns(PARSING, 20),
        "single": run.take_turns(SINGLE, 20),
        "batch": run.take_turns(BATCH, 40),
    }


def loading(run):
    names = {
        "library": [str(LIBRARY)],
        "libcurl": [needed("libcurl")],
        "libcurl and jansson": [needed("libcurl"), needed("libjansson")],
    }
    row = {name: {"time": []} for name in names}
    for number in range(-2, run.rounds * 2):
        for name in measure.turns(names, max(number, 0)):
            said = subprocess.run([OUT / "load", *names[name]], check=True, capture_output=True).stdout
            if number >= 0:
                row[name]["time"].append(float(said))
    size = {"library": {"bytes": [LIBRARY.stat().st_size]}}
    return {"dlopen": row, "size": size}


def cpu_of(process):
    """Nanoseconds that a process has spent on a CPU."""
    with open(f"/proc/{process}/schedstat") as file:
        return int(file.read().split()[0])


def pages(run):
    why = next((run.missing[key] for key in ("php-library", "php-curl") if key in run.missing), "")
    if not why and not servers.fpm_program():
        why = "php-fpm is not installed"
    if why:
        run.missing["pages of php-fpm"] = why
        return {}
    expected = run.expect["M"]
    row = {"library": {"cpu": [], "time": []}, "curl": {"cpu": [], "time": []}}
    settings = {
        name: value for name, value in run.environment.items() if name.endswith(("_FILE", "_DIR"))
    }
    with servers.php_fpm(run.nginx, settings) as (page, worker):
        for number in range(-1, run.rounds):
            for name in measure.turns(row, max(number, 0)):
                before = cpu_of(worker)
                times = []
                for _ in range(PAGES):
                    start = measure.time.perf_counter_ns()
                    text = page(name)
                    times.append(measure.time.perf_counter_ns() - start)
                    if text != expected:
                        raise measure.Failure(f"the page with {name} says {text!r}")
                if number >= 0:
                    row[name]["cpu"].append((cpu_of(worker) - before) / PAGES)
                    row[name]["time"].append(sorted(times)[PAGES // 2])
    return {"TLS M": row}


def instructions(run):
    """Counted by callgrind, by the same program that guards them."""
    file = OUT / "costs.json"
    file.unlink(missing_ok=True)
    done = subprocess.run(
        [HERE / "check-costs", "--json", file], capture_output=True, text=True, timeout=600
    )
    measure.say(done.stdout + done.stderr)
    return {"costs": {name: {"count": [value]} for name, value in json.loads(file.read_text()).items()}}


PARTS = {
    "lists": lists,
    "callers": callers,
    "cold": cold,
    "allocations": allocations,
    "cached": cached,
    "content": content,
    "loading": loading,
    "pages": pages,
    "instructions": instructions,
}
