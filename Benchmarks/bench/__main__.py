"""python -m bench [--report]: measures and writes the report, or only writes the report anew.

$ROUNDS (default 25) is how often the sides take turns; $ONLY names the parts to measure, such as
"lists pages": the others stay as they were measured before.
"""

import json
import os
import signal
import sys

from . import answers, machine, measure, report, servers, sides
from .parts import PARTS, Run
from .places import OUT, RESULTS


def wanted_parts():
    names = os.environ.get("ONLY", "").replace(",", " ").split() or list(PARTS)
    unknown = [name for name in names if name not in PARTS]
    if unknown:
        sys.exit(f"bench: there is no part {', '.join(unknown)}; there are {', '.join(PARTS)}")
    return names


def read_results():
    return json.loads(RESULTS.read_text()) if RESULTS.exists() else {"parts": {}, "rounds": {}}


def measure_parts(names, rounds):
    results = read_results()
    busy = os.getloadavg()[0]
    if busy > 0.3:
        measure.say(f"bench: the machine is busy with other work (load {busy:.1f}): expect noise")
    with servers.Nginx().running() as nginx:
        run = Run(nginx, rounds)
        for name in names:
            measure.say(f"{name}:")
            results["parts"][name] = PARTS[name](run)
            results["rounds"][name] = rounds
            results["machine"] = machine.description() | {"load before the run": f"{busy:.1f}"}
            results["missing"] = {
                sides.KINDS[key].label if key in sides.KINDS else key: why
                for key, why in run.missing.items()
            }
            # After each part, so that a later one that fails does not cost the earlier ones.
            RESULTS.write_text(json.dumps(results))


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    # So that the servers are ended on SIGTERM too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("bench: ended by SIGTERM"))
    if "--report" not in sys.argv:
        answers.write_cids()
        try:
            measure_parts(wanted_parts(), int(os.environ.get("ROUNDS") or 25))
        except measure.Failure as failure:
            sys.exit(f"bench: {failure}")
    report.write(read_results())


if __name__ == "__main__":
    main()
