"""Measures one kind of work, on demand: the same commands as c/driver.c.

driver.py WORK [--url URL] [--file CIDS] [--expect CLUSTERS,GATEWAYS,SUM] [--callers N] [--once]
"""

import sys
import time

KEPT = 4096


class Task:
    def __init__(self, arguments):
        options = dict(zip(arguments, arguments[1:]))
        self.url = options.get("--url", "")
        self.file = options.get("--file", "")
        self.callers = int(options.get("--callers", "1"))
        self.expect = tuple(int(part) for part in options.get("--expect", "0,0,0").split(","))


class Caller:
    """Does its work again and again. What is not timed is the check."""

    def __init__(self, work):
        self.work = work
        self.times = []
        self.calls = 0

    def call(self):
        start = time.perf_counter_ns()
        answer = self.work.call()
        used = time.perf_counter_ns() - start
        self.work.check(answer)
        start = time.perf_counter_ns()
        del answer
        return used + time.perf_counter_ns() - start

    def call_until(self, end):
        self.times = []
        self.calls = 0
        while self.calls < 3 or time.perf_counter_ns() < end:
            used = self.call()
            if len(self.times) < KEPT:
                self.times.append(used)
            self.calls += 1


def run(callers, milliseconds):
    cpu = time.process_time_ns()
    start = time.perf_counter_ns()
    end = start + int(milliseconds * 1e6)
    if len(callers) == 1:
        callers[0].call_until(end)
    else:
        from threading import Thread

        threads = [Thread(target=caller.call_until, args=(end,)) for caller in callers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    wall = time.perf_counter_ns() - start
    cpu = time.process_time_ns() - cpu
    times = sorted(callers[0].times)
    each = (times[(len(times) - 1) // 2] + times[len(times) // 2]) / 2
    calls = sum(caller.calls for caller in callers)
    operations = callers[0].work.operations
    print(
        f"calls={calls} each={each} wall={wall} cpu={cpu} operations={operations} allocations=0",
        flush=True,
    )


def peak():
    with open("/proc/self/status") as status:
        return next(line.split()[1] for line in status if line.startswith("VmHWM:"))


def main():
    name = sys.argv[1]
    task = Task(sys.argv[2:])
    # Only what the work itself needs is imported, so that a whole process costs what it would cost.
    if name.startswith("content-"):
        from content import work_named
    else:
        from lists import work_named
    callers = [Caller(work_named(name, task)) for _ in range(task.callers)]
    for caller in callers:
        caller.call()
    if sys.argv[-1] == "--once":
        print(f"peak={peak()}")
        return
    print("ready", flush=True)
    for line in sys.stdin:
        run(callers, float(line.split()[1]))


if __name__ == "__main__":
    main()
