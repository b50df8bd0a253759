"""The machine and the versions of what was measured, in general words."""

import os
import platform
import re
import subprocess
import sys
from importlib import metadata

from .places import LIBRARY
from .sides import PHP, environment, is_trust_mounted

PACKAGES = ("pycurl", "requests", "httpx", "multiformats", "py-cid", "aleph-cid")


def said(command, pattern, environment=None):
    try:
        done = subprocess.run(
            [str(part) for part in command], capture_output=True, text=True, env=environment
        )
    except OSError:
        return "not installed"
    found = re.search(pattern, done.stdout + done.stderr)
    return found[1] if found else "unknown"


def version_of(package):
    try:
        return f"{package} {metadata.version(package)}"
    except metadata.PackageNotFoundError:
        return f"{package} not installed"


def libraries():
    program = "import pinarkive; print('info:', pinarkive.build_info())"
    return said([sys.executable, "-c", program], r"info: (.+)", environment())


def description():
    with open("/etc/os-release") as lines:
        system = re.search(r'^PRETTY_NAME="(.+)"', lines.read(), re.MULTILINE)[1]
    path = {**os.environ, "PATH": os.environ["PATH"] + ":/usr/sbin"}
    store = "the system's own, with one authority more"
    if not is_trust_mounted():
        store = "a copy of the system's bundle, with one authority more, named by SSL_CERT_FILE"
    return {
        "machine": f"{len(os.sched_getaffinity(0))} cores, {platform.machine()}, {system}",
        "library": libraries(),
        "Python": f"{platform.python_version()}; " + ", ".join(map(version_of, PACKAGES)),
        "Go": said(["go", "version"], r"go version go(\S+)"),
        "PHP": said([PHP[0], "-v"], r"PHP (\S+)"),
        "server": "nginx " + said(["nginx", "-v"], r"nginx/(\S+)", path) + ", one process, loopback",
        "trust store": store,
        "size of the library": f"{LIBRARY.stat().st_size / 1024:.0f} KB, stripped",
    }
