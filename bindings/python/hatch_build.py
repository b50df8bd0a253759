"""Puts libpinarkive into the wheel, and names the platform that the wheel is for.

The library is $PINARKIVE_LIBRARY, or else the one that `make` built in the project's root. Without
either, the wheel is for any platform and uses the library that the system has.
"""

from __future__ import annotations

import os
import re
import struct
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

# e_machine of the ELF header, and what platform tags call it. Of 64 bits alone, as the package is.
MACHINES = {62: "x86_64", 183: "aarch64", 243: "riscv64"}


class LibraryHook(BuildHookInterface[Any]):
    """Runs before a wheel is packed."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        library = self._library()
        if library is None or version == "editable":
            return
        build_data["force_include"][library] = f"pinarkive/{self._soname()}"
        build_data["pure_python"] = False
        # Not manylinux: that allows neither libcurl nor jansson from outside. With copies of them,
        # and of a TLS library, inside, their security updates would no longer reach the user.
        build_data["tag"] = f"py3-none-linux_{machine(library)}"

    def _library(self) -> str | None:
        chosen = os.environ.get("PINARKIVE_LIBRARY")
        library = chosen or os.path.join(self.root, "..", "..", "build", "lib", self._soname())
        if os.path.isfile(library):
            return os.path.realpath(library)
        if chosen:
            raise FileNotFoundError(f"$PINARKIVE_LIBRARY names no file: {chosen}")
        self.app.display_warning(
            "no libpinarkive is put into the wheel: run `make` in the project's root, or name the "
            "library in $PINARKIVE_LIBRARY"
        )
        return None

    def _soname(self) -> str:
        with open(os.path.join(self.root, "src", "pinarkive", "_abi.py"), encoding="utf-8") as abi:
            found = re.search(r"^PK_ABI_VERSION = (\d+)$", abi.read(), re.MULTILINE)
        assert found is not None, "_abi.py has no PK_ABI_VERSION"
        return f"libpinarkive.so.{found[1]}"


def machine(library: str) -> str:
    """What the library itself says it is for: Python may run on something else."""
    with open(library, "rb") as file:
        header = file.read(20)
    if len(header) < 20 or header[:4] != b"\x7fELF":
        raise ValueError(f"{library} is no ELF library")
    order = "<" if header[5] == 1 else ">"
    (number,) = struct.unpack_from(f"{order}H", header, 18)
    if number not in MACHINES:
        raise ValueError(
            f"{library} is for machine {number} of ELF, which pinarkive does not run on: it needs one "
            f"of {', '.join(MACHINES.values())}"
        )
    return MACHINES[number]
