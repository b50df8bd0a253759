"""Finding the library: the order, the mistakes, and what the error tells."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from conftest import PROJECT, RunScript

import pinarkive
from pinarkive import _abi, _library

LIBRARY = PROJECT / "build" / "lib" / _library.SONAME

FAIL = """
import sys
import pinarkive
try:
    pinarkive.load_library(*sys.argv[1:])
except pinarkive.LibraryError as error:
    assert isinstance(error, (ImportError, pinarkive.ConfigurationError))
    print(error)
else:
    raise SystemExit("no error")
"""
SHOW = "import sys, pinarkive; print(pinarkive.load_library(*sys.argv[1:]))"


def stub(folder: Path, name: str, version: str | None, abi: int) -> Path:
    """A library that says these versions and can do nothing else."""
    source = folder / "stub.c"
    source.write_text(
        f'const char *pk_version(void) {{ return "{version}"; }}' if version else "int nothing;"
    )
    functions = _functions() - {"pk_version", "pk_abi_version"}
    with source.open("a") as file:
        file.write(f"\nint pk_abi_version(void) {{ return {abi}; }}\n")
        for function in sorted(functions):
            file.write(f"void *{function}(void) {{ return 0; }}\n")
    target = folder / name
    subprocess.run(["cc", "-shared", "-fPIC", "-o", target, source], check=True)
    return target


def _functions() -> set[str]:
    header = (PROJECT / "include" / "pinarkive.h").read_text()
    code = re.sub(r"/\*.*?\*/", "", header, flags=re.DOTALL)
    return set(re.findall(r"\b(pk_\w+)\(", code))


def test_an_explicit_path_comes_first(run_script: RunScript, tmp_path: Path) -> None:
    copy = tmp_path / "any name.so"
    shutil.copy(LIBRARY, copy)
    done = run_script(SHOW, str(copy), PINARKIVE_LIBRARY=str(LIBRARY))
    assert done.stdout == f"{copy}\n"


def test_then_the_variable(run_script: RunScript, tmp_path: Path) -> None:
    copy = tmp_path / "libpinarkive.so.0"
    shutil.copy(LIBRARY, copy)
    assert run_script(SHOW, PINARKIVE_LIBRARY=str(copy)).stdout == f"{copy}\n"


def test_then_the_system(run_script: RunScript) -> None:
    done = run_script(SHOW, PINARKIVE_LIBRARY="", LD_LIBRARY_PATH=str(LIBRARY.parent))
    assert done.stdout == f"{_library.SONAME}\n"


@pytest.mark.parametrize("how", ["argument", "variable"])
def test_what_was_chosen_has_no_fallback(run_script: RunScript, how: str) -> None:
    arguments = ("/no/such/library.so",) if how == "argument" else ()
    variable = str(LIBRARY) if how == "argument" else "/no/such/library.so"
    done = run_script(
        FAIL, *arguments, PINARKIVE_LIBRARY=variable, LD_LIBRARY_PATH=str(LIBRARY.parent)
    )
    assert "/no/such/library.so" in done.stdout
    assert "there is no such file" in done.stdout
    assert _library.SONAME + " (where" not in done.stdout


def test_the_working_directory_is_never_looked_in(
    run_script: RunScript, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(LIBRARY, tmp_path / _library.SONAME)
    monkeypatch.chdir(tmp_path)
    assert "(where the system looks)" in run_script(FAIL, PINARKIVE_LIBRARY="").stdout
    for relative in (f"./{_library.SONAME}", "lib/any.so"):
        for done in (run_script(FAIL, relative), run_script(FAIL, PINARKIVE_LIBRARY=relative)):
            assert "not a full path: write" in done.stdout
            assert os.path.abspath(relative) in done.stdout


def test_the_error_lists_what_was_tried_and_how_to_fix_it(run_script: RunScript) -> None:
    told = run_script(FAIL, PINARKIVE_LIBRARY="").stdout
    assert _library.BUNDLED in told
    assert "beside the package" in told and "where the system looks" in told
    for fix in ("install a wheel", "make install", "PINARKIVE_LIBRARY", "libcurl4 libjansson4"):
        assert fix in told


def test_importing_never_fails_and_using_does(run_script: RunScript) -> None:
    run_script(
        """
import pinarkive
for use in (pinarkive.Client, pinarkive.AsyncClient, pinarkive.Cancellation, pinarkive.build_info,
            lambda: pinarkive.gateway_url(None, "Qm")):
    try:
        use()
    except pinarkive.LibraryError:
        continue
    raise SystemExit(f"{use} works")
""",
        PINARKIVE_LIBRARY="/no/such/library.so",
    )


def test_another_binary_interface_is_refused_with_both_versions(
    run_script: RunScript, tmp_path: Path
) -> None:
    library = stub(tmp_path, "other.so", "7.8.9", 99)
    told = run_script(FAIL, str(library)).stdout
    assert "7.8.9" in told and "99" in told
    assert _abi.PK_VERSION in told and f"interface {_abi.PK_ABI_VERSION}:" in told


def test_an_older_library_is_refused_with_both_versions(
    run_script: RunScript, tmp_path: Path
) -> None:
    library = stub(tmp_path, "old.so", "0.0.9", _abi.PK_ABI_VERSION)
    told = run_script(FAIL, str(library)).stdout
    assert "it is version 0.0.9" in told
    assert f"this package is version {_abi.PK_VERSION}: update the library" in told


def test_a_newer_library_is_accepted(run_script: RunScript, tmp_path: Path) -> None:
    library = stub(tmp_path, "new.so", "0.10.0-beta.1", _abi.PK_ABI_VERSION)
    assert run_script(SHOW, str(library)).stdout == f"{library}\n"


def test_what_is_no_libpinarkive_is_refused(run_script: RunScript, tmp_path: Path) -> None:
    assert "it has no pk_version" in run_script(
        FAIL, str(stub(tmp_path, "none.so", None, 0))
    ).stdout
    text = tmp_path / "text.so"
    text.write_text("hello")
    assert str(text) in run_script(FAIL, str(text)).stdout


def test_a_process_has_one_library() -> None:
    first = pinarkive.load_library()
    assert pinarkive.load_library() == first == pinarkive.load_library(first)
    with pytest.raises(pinarkive.InvalidArgumentError, match="in use already"):
        pinarkive.load_library("/another.so")


def test_the_versions_are_told() -> None:
    assert pinarkive.__version__ == _abi.PK_VERSION
    for name in (f"libpinarkive/{_abi.PK_VERSION}", "libcurl/", "jansson/"):
        assert name in pinarkive.build_info()
