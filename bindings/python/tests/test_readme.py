"""The programs that are shown run as they stand."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from conftest import BINDING, CID, PROJECT, RunScript

README = (BINDING / "README.md").read_text()
PROGRAMS = re.findall(r"^```python\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


def test_there_are_programs() -> None:
    assert len(PROGRAMS) == 5


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.split("\n")[2][:30])
def test_a_program_of_the_readme(run_script: RunScript, program: str) -> None:
    run_script(program)


def test_the_first_program_prints_gateways_and_the_url(run_script: RunScript) -> None:
    lines = run_script(PROGRAMS[0]).stdout.splitlines()
    assert lines[0] == "cl0-global https://gateway.pinarkive.com/ipfs/"
    assert lines[-1] == f"https://gateway.pinarkive.com/ipfs/{CID}"


def test_the_example_prints_the_table_and_the_url_of_c(run_script: RunScript, sandbox: str) -> None:
    program = (BINDING / "examples" / "clusters.py").read_text()
    printed = run_script(program).stdout
    command = PROJECT / "build" / "bin" / "pinarkive-clusters"
    environment = {"PINARKIVE_API_KEY": "sandbox", "PINARKIVE_API_URL": sandbox}
    table = subprocess.run([command], env=environment, capture_output=True, text=True, check=True)
    url = subprocess.run([command, "url", CID], capture_output=True, text=True, check=True)
    assert printed == f"{table.stdout}\n{url.stdout}"


def test_the_example_tells_what_is_wrong(run_script: RunScript) -> None:
    program = (BINDING / "examples" / "clusters.py").read_text()
    done = run_script(program, check=False, PINARKIVE_API_KEY="")
    assert done.returncode == 1
    assert "PINARKIVE_API_KEY" in done.stderr
    assert "Traceback" not in done.stderr


def test_every_class_of_error_is_in_the_table() -> None:
    import pinarkive

    for name in pinarkive.__all__:
        if name.endswith("Error") and name != "PinarkiveError":
            kind = getattr(pinarkive, name)
            row = re.search(rf"^\| `{name}` \|(.*?) \|", README, re.MULTILINE)
            assert row is not None, name
            also = re.findall(r"`(\w+)`", row[1])
            bases = [base.__name__ for base in kind.__bases__ if base.__name__ != "PinarkiveError"]
            assert also == bases, name


def test_python_is_new_enough() -> None:
    assert sys.version_info >= (3, 9)
