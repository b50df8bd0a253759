"""The wheel: its name, what is in it, and that it works in a fresh virtual environment."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest
from conftest import BINDING, PROJECT

from pinarkive import _abi, _library


def build(source: Path, target: Path, **variables: str) -> "subprocess.CompletedProcess[str]":
    environment = {name: value for name, value in os.environ.items() if name != "PINARKIVE_LIBRARY"}
    return subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
        + ["--disable-pip-version-check", "--wheel-dir", str(target), str(source)],
        env={**environment, **variables},
        capture_output=True,
        text=True,
    )


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    done = build(BINDING, folder)
    assert done.returncode == 0, done.stderr
    (built,) = folder.iterdir()
    return built


def test_the_tag_names_the_platform_and_no_python(wheel: Path) -> None:
    machine = platform.machine()
    assert wheel.name == f"pinarkive-{_abi.PK_VERSION}-py3-none-linux_{machine}.whl"
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/WHEEL"))
        told = archive.read(name).decode()
    assert f"Tag: py3-none-linux_{machine}\n" in told
    assert "Root-Is-Purelib: false\n" in told


def test_the_library_and_the_types_are_in_it(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        library = archive.read(f"pinarkive/{_library.SONAME}")
    assert "pinarkive/py.typed" in names
    assert library == (PROJECT / "build" / "lib" / _library.SONAME).read_bytes()
    assert not [name for name in names if "tests" in name or "__pycache__" in name]


def test_the_licence_is_the_projects_and_goes_along(wheel: Path, tmp_path: Path) -> None:
    licence = (PROJECT / "LICENSE").read_bytes()
    assert (BINDING / "LICENSE").read_bytes() == licence
    with zipfile.ZipFile(wheel) as archive:
        name = f"pinarkive-{_abi.PK_VERSION}.dist-info/licenses/LICENSE"
        assert archive.read(name) == licence
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", str(tmp_path)],
        cwd=BINDING,
        check=True,
        capture_output=True,
    )
    (source,) = tmp_path.iterdir()
    with tarfile.open(source) as archive:
        packed = archive.extractfile(f"pinarkive-{_abi.PK_VERSION}/LICENSE")
        assert packed is not None and packed.read() == licence


def test_it_lists_clusters_in_a_fresh_environment(
    wheel: Path, tmp_path: Path, sandbox: str
) -> None:
    place = tmp_path / "venv"
    venv.create(place, with_pip=True)
    python = str(place / "bin" / "python")
    variables = {
        name: value
        for name, value in os.environ.items()
        if name not in ("PINARKIVE_LIBRARY", "PYTHONPATH", "LD_LIBRARY_PATH")
    }
    variables.update(PINARKIVE_API_URL=sandbox, PINARKIVE_API_KEY="sandbox")
    subprocess.run(
        [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-index"]
        + [str(wheel)],
        env=variables,
        check=True,
    )
    program = (
        "import pinarkive\n"
        "for cluster in pinarkive.Client().list_clusters():\n"
        "    print(cluster.id)\n"
        "print(pinarkive.load_library())\n"
    )
    done = subprocess.run(
        [python, "-W", "error", "-c", program],
        env=variables,
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[:2] == ["cl0-global", "cl1-eu"] and len(lines) == 7
    assert lines[-1].startswith(str(place)) and lines[-1].endswith(_library.SONAME)


def test_without_a_library_the_wheel_is_for_any_platform(tmp_path: Path) -> None:
    source = tmp_path / "elsewhere" / "a" / "python"
    shutil.copytree(BINDING, source, ignore=shutil.ignore_patterns("__pycache__", "tests"))
    assert build(source, tmp_path / "out").returncode == 0
    (built,) = (tmp_path / "out").iterdir()
    assert built.name.endswith("-py3-none-any.whl")


@pytest.mark.parametrize("content", [None, b"no library at all, but long enough"])
def test_a_library_that_is_none_stops_the_build(tmp_path: Path, content: bytes | None) -> None:
    library = tmp_path / "library.so"
    if content is not None:
        library.write_bytes(content)
    done = build(BINDING, tmp_path / "out", PINARKIVE_LIBRARY=str(library))
    assert done.returncode != 0
    assert str(library) in done.stderr
    assert not (tmp_path / "out").exists() or not list((tmp_path / "out").iterdir())


def test_a_library_of_a_machine_of_32_bits_stops_the_build(tmp_path: Path) -> None:
    library = tmp_path / "library.so"
    library.write_bytes(b"\x7fELF\x01\x01" + bytes(12) + (40).to_bytes(2, "little"))
    done = build(BINDING, tmp_path / "out", PINARKIVE_LIBRARY=str(library))
    assert done.returncode != 0
    assert "machine 40 of ELF" in done.stderr and "aarch64" in done.stderr
