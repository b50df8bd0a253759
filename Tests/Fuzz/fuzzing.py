#!/usr/bin/env python3
"""Builds the fuzz targets, runs them for a bounded time, and says how many inputs they took.

  run [--seconds N] [--mode embedded|regular] [--workers N] [--runs N] [TARGET …]
  run --input FILE TARGET          one input, such as one that was kept because a claim failed

Each target begins with its seeds: seeds/TARGET.jsonl and what can be taken from Tests/Vectors and
Tests/JSON. What it finds on the way stays in build/fuzz/corpus. A run fails if a claim does not hold,
and if a target took fewer inputs, or accepted or refused fewer of them, than one that does its work.
"""

import argparse
import base64
import concurrent.futures
import csv
import dataclasses
import glob
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
OUT = os.path.join(ROOT, "build", "fuzz")


@dataclasses.dataclass(frozen=True)
class Target:
    name: str
    longest: int
    """The longest input, in bytes."""
    accepted: float
    """The least share of inputs that are accepted; as much must be refused."""


# A tenth of what each does on a machine with other work to do.
SLOWEST = 400
"""Inputs a second."""

TARGETS = [
    Target("clusters", 1500, 0.05),
    Target("errors", 900, 0.02),
    Target("headers", 600, 0.02),
    Target("bases", 300, 0.02),
    Target("client", 600, 0.02),
    Target("content", 600, 0.02),
    Target("cid", 300, 0.02),
]


# --- building ---------------------------------------------------------------------------------------


def swift_files(*folders):
    return sorted(
        path for folder in folders
        for path in glob.glob(os.path.join(folder, "**", "*.swift"), recursive=True))


def copy_interface(sources, out):
    """The C interface becomes a part of the one module: its files need names that the core has not."""
    shutil.rmtree(out, ignore_errors=True)
    os.makedirs(out)
    for path in swift_files(os.path.join(sources, "PinarkiveABI")):
        shutil.copy(path, os.path.join(out, f"Interface+{os.path.basename(path)}"))
    return out


def run_compiler(command, out):
    # What it leaves behind it leaves in its own folder.
    done = subprocess.run(command, cwd=out, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode != 0:
        sys.exit(f"fuzz: {command[0]} failed:\n{done.stdout.decode(errors='replace')}")


def pkg_config(what):
    command = ["pkg-config", what, "libcurl", "jansson"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()


def embedded_flags():
    """Embedded Swift, and its tables of Unicode, which only the targets themselves need."""
    info = json.loads(subprocess.run(
        ["swiftc", "-print-target-info"], check=True, capture_output=True).stdout)
    tables = os.path.join(
        info["paths"]["runtimeResourcePath"], "embedded", info["target"]["moduleTriple"])
    return ["-enable-experimental-feature", "Embedded", "-L", tables, "-lswiftUnicodeDataTables"]


def build(mode, sanitizer="address", sources=os.path.join(ROOT, "Sources"), out=None):
    """Builds the one program that has all targets, and returns its path."""
    out = out or os.path.join(OUT, f"{mode}-{sanitizer}")
    program = os.path.join(out, "fuzz")
    platform = os.path.join(sources, "CPlatform")
    inputs = [__file__, *glob.glob(f"{sources}/**", recursive=True),
              *glob.glob(f"{HERE}/**/*.swift", recursive=True), os.path.join(HERE, "CFuzz", "fuzz.h")]
    if os.path.exists(program):
        if os.path.getmtime(program) > max(os.path.getmtime(path) for path in inputs):
            return program
    files = [*swift_files(HERE, os.path.join(sources, "Pinarkive")),
             *swift_files(copy_interface(sources, os.path.join(out, "interface")))]
    modules = os.path.join(out, "modules")
    os.makedirs(modules, exist_ok=True)
    with open(os.path.join(modules, "module.modulemap"), "w", encoding="utf-8") as module:
        module.write(f'module CPlatform {{ header "{platform}/include/CPlatform.h" export * }}\n')
    compiled = os.path.join(out, "platform.o")
    run_compiler(["cc", "-O2", "-g", "-c", f"{platform}/platform.c", "-I", f"{platform}/include",
                  "-o", compiled], out)
    imports = [modules, os.path.join(HERE, "CFuzz"), *(
        os.path.join(sources, folder) for folder in ("CCurl", "CJansson", "CPinarkive"))]
    run_compiler([
        "swiftc", "-O", "-g", "-wmo", "-parse-as-library",
        "-sanitize=fuzzer" if sanitizer == "none" else f"-sanitize=fuzzer,{sanitizer}",
        "-suppress-warnings", "-use-ld=lld", "-module-name", "Pinarkive", "-package-name", "libpinarkive",
        *(embedded_flags() if mode == "embedded" else []),
        *(flag for folder in imports for flag in ("-I", folder)),
        *pkg_config("--cflags"), *files, compiled, *pkg_config("--libs"), "-lm", "-o", program], out)
    return program


# --- seeds ------------------------------------------------------------------------------------------


def lines(*path):
    with open(os.path.join(ROOT, "Tests", *path), encoding="utf-8") as rows:
        return [json.loads(row) for row in rows]


def data(value):
    """The bytes of a seed: a text, or {"base64": …} where it is none."""
    return base64.b64decode(value["base64"]) if isinstance(value, dict) else value.encode()


def vectors(*names):
    for name in names:
        for row in lines("Vectors", f"{name}.jsonl"):
            if isinstance(row.get("input"), str):
                yield row["input"].encode()
            if "input_hex" in row:
                yield bytes.fromhex(row["input_hex"])


def taken(target):
    """The seeds that come from data which is there for other tests."""
    if target == "clusters":
        for case in lines("JSON", "cases.jsonl"):
            text = case_bytes(case)
            if len(text) <= 1500:
                yield text
                yield b'[{"id":"a","x":' + text + b"}]"
                yield b'[{"id":"a","label":' + text + b"}]"
                yield b'[{"id":"a","gateways":[{"url":"https://h/","order":' + text + b"}]}]"
    elif target == "errors":
        for case in lines("JSON", "cases.jsonl"):
            if len(case_bytes(case)) <= 300:
                yield b'key\0token\0{"message":' + case_bytes(case) + b"}"
    elif target == "bases":
        for row in lines("Vectors", "gateway-url.jsonl"):
            if isinstance(row.get("gateway"), str):
                yield row["gateway"].encode()
    elif target == "content":
        for number, text in enumerate(vectors("gateway-url", "cid-valid", "cid-invalid")):
            yield bytes([number % 256]) + b"\0\0\0" + text
    elif target == "cid":
        yield from vectors("cid-valid", "cid-invalid")
        with open(os.path.join(ROOT, "Tests", "Vectors", "multibase.csv"), newline="",
                  encoding="utf-8") as rows:
            yield from (cell.encode() for row in csv.reader(rows) for cell in row)


def case_bytes(case):
    sys.path.insert(0, os.path.join(ROOT, "Tests", "JSON"))
    import cases  # noqa: PLC0415 (beside the data that it reads)
    return cases.data(case)


def write_seeds(target):
    folder = os.path.join(OUT, "seeds", target)
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    for seed in [*(data(row) for row in lines("Fuzz", "seeds", f"{target}.jsonl")), *taken(target)]:
        with open(os.path.join(folder, hashlib.sha1(seed).hexdigest()), "wb") as file:
            file.write(seed)
    return folder


# --- running ----------------------------------------------------------------------------------------


@dataclasses.dataclass
class Result:
    target: Target
    executions: int = 0
    accepted: int = 0
    refused: int = 0
    seconds: float = 0
    problem: str = ""

    def add(self, other):
        self.executions += other.executions
        self.accepted += other.accepted
        self.refused += other.refused
        self.seconds = max(self.seconds, other.seconds)
        self.problem = self.problem or other.problem

    def shortfall(self):
        """What is missing of the work that a target is to do, if anything."""
        least = int(SLOWEST * self.seconds)
        share = int(self.executions * self.target.accepted)
        if self.executions < least:
            return f"only {self.executions:,} executions, {least:,} are the floor"
        for what, count in (("accepted", self.accepted), ("refused", self.refused)):
            if count < share:
                return f"only {count:,} inputs were {what}, {share:,} are the floor"
        return ""


def environment(target):
    # The variables that the library reads are the client target's own business.
    names = ("PATH", "HOME", "TMPDIR", "FAULT")
    kept = {name: os.environ[name] for name in names if name in os.environ}
    # Where memory was allocated is told by two frames, which costs much less than thirty.
    return {**kept, "FUZZ_TARGET": target, "ASAN_OPTIONS": "malloc_context_size=2"}


def run_worker(program, target, arguments, number, corpus=None):
    """Runs one process of a target, and reads what libFuzzer and the target say at the end."""
    corpus = corpus or os.path.join(OUT, "corpus", target.name)
    os.makedirs(corpus, exist_ok=True)
    artifacts = os.path.join(OUT, "kept", f"{target.name}-")
    os.makedirs(os.path.dirname(artifacts), exist_ok=True)
    command = [
        program, f"-max_len={target.longest}", "-timeout=20", "-rss_limit_mb=3000", "-verbosity=1",
        "-print_final_stats=1", f"-artifact_prefix={artifacts}", "-reload=5",
        *(f"-{name}={value}" for name, value in arguments.items())]
    dictionary = os.path.join(HERE, "dictionaries", f"{target.name}.txt")
    if os.path.exists(dictionary):
        command.append(f"-dict={dictionary}")
    log = os.path.join(OUT, f"{target.name}-{number}.log")
    start = time.monotonic()
    with open(log, "wb") as output:
        done = subprocess.run(
            [*command, corpus, os.path.join(OUT, "seeds", target.name)], stdin=subprocess.DEVNULL,
            stdout=output, stderr=subprocess.STDOUT, env=environment(target.name), cwd=OUT)
    result = Result(target, seconds=time.monotonic() - start)
    with open(log, encoding="utf-8", errors="replace") as output:
        text = output.read()
    executed = re.search(r"number_of_executed_units: (\d+)", text)
    counts = re.search(r"fuzz: accepted (\d+), refused (\d+)", text)
    result.executions = int(executed[1]) if executed else 0
    if counts:
        result.accepted, result.refused = int(counts[1]), int(counts[2])
    if done.returncode != 0 or not executed or not counts:
        result.problem = explanation(text, target, log)
    return result


def explanation(text, target, log):
    reason = re.search(r"fuzz: does not hold: .*|SUMMARY: .*|ERROR: .*", text)
    said = [reason[0] if reason else f"ended early, see {log}"]
    kept = re.search(r"Test unit written to (\S+)", text)
    if kept:
        with open(kept[1], "rb") as file:
            said.append(f"    input: {file.read()!r}")
        said.append(f"    again: Tests/Fuzz/run --input {os.path.relpath(kept[1], ROOT)} {target.name}")
    return "\n".join(said)


def run_input(program, target, path):
    done = subprocess.run([program, path], env=environment(target.name), stdin=subprocess.DEVNULL)
    sys.exit(done.returncode)


def main():
    parser = argparse.ArgumentParser(prog="Tests/Fuzz/run")
    parser.add_argument("--seconds", type=int, default=60, help="for each target")
    parser.add_argument("--mode", choices=["regular", "embedded"], default="embedded")
    parser.add_argument("--sanitizer", choices=["address", "none"], default="address",
                        help="none takes three times as many inputs in the same time")
    parser.add_argument("--workers", type=int, default=1, help="processes for each target")
    parser.add_argument("--runs", type=int, default=-1, help="inputs for each process, if sooner")
    parser.add_argument("--input", help="run this file once, and nothing else")
    parser.add_argument("targets", nargs="*", metavar="TARGET")
    arguments = parser.parse_args()
    targets = [target for target in TARGETS if target.name in (arguments.targets or target.name)]
    if len(targets) < len(set(arguments.targets)):
        parser.error(f"targets are {', '.join(target.name for target in TARGETS)}")
    start = time.monotonic()
    program = build(arguments.mode, arguments.sanitizer)
    if arguments.input:
        run_input(program, targets[0], os.path.abspath(arguments.input))
    print(f"fuzz: built in {time.monotonic() - start:.0f} s ({arguments.mode} Swift)", flush=True)
    for target in targets:
        write_seeds(target.name)

    results = {target.name: Result(target) for target in targets}
    limits = {"max_total_time": arguments.seconds, "runs": arguments.runs}
    with concurrent.futures.ThreadPoolExecutor(max(os.cpu_count() or 1, arguments.workers)) as pool:
        jobs = [pool.submit(run_worker, program, target, limits, number)
                for target in targets for number in range(arguments.workers)]
        for job in concurrent.futures.as_completed(jobs):
            results[job.result().target.name].add(job.result())

    failed = 0
    print(f"{'target':10}{'executions':>14}{'accepted':>12}{'refused':>12}{'seconds':>9}")
    for result in results.values():
        print(f"{result.target.name:10}{result.executions:14,}{result.accepted:12,}"
              f"{result.refused:12,}{result.seconds:9.0f}")
        problem = result.problem or (arguments.runs < 0 and result.shortfall())
        if problem:
            failed += 1
            print(f"  FAILED: {problem}")
    executions = sum(result.executions for result in results.values())
    print(f"fuzz: {executions:,} executions in {time.monotonic() - start:.0f} s")
    print(f"{len(results) - failed} passed, {failed} failed")
    sys.exit(1 if failed else 0)

