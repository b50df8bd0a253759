"""Processes that do one kind of work on demand, in rounds in which they take turns."""

import contextlib
import os
import subprocess
import sys
import time


class Failure(Exception):
    """A side does not work: a wrong answer, or a process that ended."""


class Side:
    """A process, or several that work at the same time, of one of the drivers."""

    def __init__(self, name, command, environment, processes=1, cpus=None):
        self.name = name
        self.processes = []
        # One after the other: each makes its first connection here, and all at once might run out of time.
        for _ in range(processes):
            process = subprocess.Popen(
                [str(part) for part in command],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                env=environment,
            )
            self.processes.append(process)
            if cpus:
                os.sched_setaffinity(process.pid, cpus)
            self.expect(process, "ready")

    def expect(self, process, beginning):
        line = process.stdout.readline()
        if not line.startswith(beginning):
            raise Failure(f"{self.name} ended, or said: {line!r}")
        return line

    def run(self, milliseconds):
        for process in self.processes:
            process.stdin.write(f"run {milliseconds}\n")
            process.stdin.flush()
        found = []
        for process in self.processes:
            pairs = self.expect(process, "calls=").split()
            found.append({name: float(value) for name, value in (one.split("=") for one in pairs)})
        calls = sum(one["calls"] for one in found)
        operations = found[0]["operations"]
        return {
            # Nanoseconds for an operation, operations in a second, allocations for a call.
            "time": found[0]["each"] / operations,
            "cpu": sum(one["cpu"] for one in found) / calls / operations,
            "rate": calls * operations * 1e9 / max(one["wall"] for one in found),
            "allocations": found[0]["allocations"] / found[0]["calls"],
        }

    def close(self):
        for process in self.processes:
            with contextlib.suppress(BrokenPipeError):
                process.stdin.close()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            process.stdout.close()


def turns(sides, round_number):
    """Each round begins with another side, so that none gains from its place."""
    sides = list(sides)
    start = round_number % len(sides)
    return sides[start:] + sides[:start]


def take_turns(sides, rounds, milliseconds):
    """What each side gave in each round: {name: {measure: [value, ...]}}."""
    found = {side.name: {} for side in sides}
    for side in sides:  # Warms up.
        side.run(milliseconds / 4)
    for number in range(rounds):
        for side in turns(sides, number):
            for measure, value in side.run(milliseconds).items():
                found[side.name].setdefault(measure, []).append(value)
    return found


def whole_process(command, environment):
    """Nanoseconds of a process from start to end, its CPU time, and the peak of its memory in kilobytes,
    which it says itself: what the system remembers begins with the process that started it."""
    reading, writing = os.pipe()
    start = time.perf_counter_ns()
    # Nothing but what is measured is between the two clocks: subprocess would do more.
    child = os.posix_spawn(
        str(command[0]),
        [str(part) for part in command],
        environment,
        file_actions=[(os.POSIX_SPAWN_DUP2, writing, 1)],
    )
    os.close(writing)
    _, status, usage = os.wait4(child, 0)
    used = time.perf_counter_ns() - start
    with os.fdopen(reading) as lines:
        said = lines.read()
    if status or "peak=" not in said:
        raise Failure(f"{' '.join(map(str, command))} failed and said: {said!r}")
    return {
        "time": used,
        "cpu": (usage.ru_utime + usage.ru_stime) * 1e9,
        "peak": float(said.split("peak=")[1].split()[0]),
    }


def say(text):
    print(text, file=sys.stderr, flush=True)
