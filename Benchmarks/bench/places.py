"""Where things are."""

import pathlib
import re
import subprocess

HERE = pathlib.Path(__file__).resolve().parent.parent
ROOT = HERE.parent
BUILD = ROOT / "build"
OUT = BUILD / "benchmarks"
LIBRARY = BUILD / "lib" / "libpinarkive.so"
RESULTS = OUT / "results.json"
CIDS = OUT / "cids.txt"
CERTIFICATES = OUT / "certificates"
# A copy of the system's certificate directory with the throwaway authority in it. Benchmarks/run
# mounts it where the system's own is, for this run's processes alone, where that is allowed.
TRUST = OUT / "trust"
SYSTEM_TRUST = pathlib.Path("/etc/ssl/certs")
BUNDLE = "ca-certificates.crt"


def needed(name):
    """The name under which the library needs another one, such as libcurl.so.4."""
    needs = subprocess.run(["ldd", LIBRARY], check=True, capture_output=True, text=True).stdout
    return re.search(rf"^\s*({name}\.so\S*)", needs, re.MULTILINE)[1]
