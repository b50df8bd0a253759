"""What the tests share. Run by `make test-python`, which starts a sandbox for them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Callable

import pytest

import pinarkive

PROJECT = Path(__file__).resolve().parents[3]
BINDING = PROJECT / "bindings" / "python"
CID = "bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi"

# Taken once, and out of the environment: a test that wants them there sets them.
_base_url = os.environ.pop("PINARKIVE_API_URL", None)
os.environ.pop("PINARKIVE_API_KEY", None)

RunScript = Callable[..., "subprocess.CompletedProcess[str]"]
MakeClient = Callable[..., pinarkive.Client]


@pytest.fixture(scope="session")
def sandbox() -> str:
    """The base URL of the sandbox."""
    assert _base_url, "run `make test-python`, or `Tests/with-sandbox -- pytest`"
    return _base_url


@pytest.fixture
def make_client(sandbox: str) -> Iterator[MakeClient]:
    """Makes clients of the sandbox, and closes them after the test."""
    made: list[pinarkive.Client] = []

    def make(api_key: str = "sandbox", **options: object) -> pinarkive.Client:
        client = pinarkive.Client(
            **{"api_key": api_key, "base_url": sandbox, **options}  # type: ignore[arg-type]
        )
        made.append(client)
        return client

    yield make
    for client in made:
        client.close()


@pytest.fixture
def run_script(sandbox: str) -> RunScript:
    """Runs a program in a Python of its own, with the sandbox's address and key in its environment.
    It must end with exit code 0 and write nothing to standard error."""

    def run(program: str, *arguments: str, check: bool = True, **variables: str) -> (
        subprocess.CompletedProcess[str]
    ):
        environment = {
            **os.environ,
            "PINARKIVE_API_URL": sandbox,
            "PINARKIVE_API_KEY": "sandbox",
            **variables,
        }
        done = subprocess.run(
            [sys.executable, "-W", "error", "-c", program, *arguments],
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
        )
        if check:
            assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr
        return done

    return run
