"""The declarations against the compiled header, and every function against its use."""

from __future__ import annotations

import ctypes
import json
import re
import subprocess

from conftest import BINDING, PROJECT

from pinarkive import _abi, _library

# Functions of C that the package does not call, and why.
LEFT_OUT = {"pk_status_name": "an exception's class is the name of its status"}


def test_structures_have_the_compilers_layout() -> None:
    probe = subprocess.run(
        [PROJECT / "build" / "tests" / "layout"], capture_output=True, text=True, check=True
    )
    expected = json.loads(probe.stdout)
    found = {
        name: {
            "size": ctypes.sizeof(structure),
            "fields": {
                field: {
                    "offset": getattr(structure, field).offset,
                    "size": getattr(structure, field).size,
                }
                for field, *_ in structure._fields_
            },
        }
        for name, structure in vars(_abi).items()
        if isinstance(structure, type)
        and issubclass(structure, ctypes.Structure)
        and hasattr(structure, "_fields_")
        and name != "Structure"
    }
    assert len(expected) >= 7
    assert found == expected


def test_every_function_is_declared_and_used_or_left_out() -> None:
    header = (PROJECT / "include" / "pinarkive.h").read_text()
    code = re.sub(r"/\*.*?\*/", "", header, flags=re.DOTALL)
    functions = set(re.findall(r"\b(pk_\w+)\(", code))
    assert len(functions) >= 10
    library = _library.library()
    sources = "".join(
        path.read_text() for path in (BINDING / "src" / "pinarkive").glob("*.py")
        if path.name != "_abi.py"
    )
    for function in functions:
        assert getattr(library, function).argtypes is not None, function
        assert (f".{function}" in sources) != (function in LEFT_OUT), function
    assert set(LEFT_OUT) <= functions


def test_owned_text_is_returned_as_an_address() -> None:
    # As c_char_p it would be copied, and its memory could never be freed.
    assert _library.library().pk_gateway_url.restype is ctypes.c_void_p
