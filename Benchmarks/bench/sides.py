"""The library and its peers, in each language: how the program that measures each is started."""

import dataclasses
import os
import pathlib
import shutil
import subprocess
import sys

from .places import BUNDLE, HERE, LIBRARY, OUT, ROOT, SYSTEM_TRUST, TRUST

PYTHON = [sys.executable, HERE / "python" / "driver.py"]
PHP = [shutil.which("php") or "php", "-d", "ffi.enable=true", HERE / "php" / "driver.php"]
GO = OUT / "go"


@dataclasses.dataclass(frozen=True)
class Kind:
    """One way to do the work. A key names it in results.json."""

    language: str
    label: str
    command: tuple
    work: str
    needs: str = ""  # a Python module or PHP extension

    @property
    def is_library(self):
        return self.label.lower().startswith(("pinarkive", "pk_"))


def kinds():
    c_library, c_reference = (OUT / "list-library",), (OUT / "list-reference",)
    python, php = tuple(PYTHON), tuple(PHP)
    go_library, go_peer = (GO / "library",), (GO / "peer",)
    return {
        "c-library": Kind("C", "pinarkive", c_library, "kept"),
        "c-reference": Kind("C", "libcurl kept + jansson", c_reference, "kept"),
        "c-library-fresh": Kind("C", "pinarkive, a client for each call", c_library, "fresh"),
        "c-reference-fresh": Kind("C", "libcurl handle for each call", c_reference, "fresh"),
        "c-library-look": Kind("C", "pinarkive", c_library, "kept"),
        "c-reference-look": Kind("C", "libcurl kept + jansson", c_reference, "kept"),
        "c-cached": Kind("C", "pinarkive, kept answer", c_library, "cached"),
        "python-library": Kind("Python", "pinarkive", python, "library"),
        "python-pycurl": Kind("Python", "pycurl kept + json", python, "pycurl", "pycurl"),
        "python-pycurl-typed": Kind("Python", "pycurl kept, typed", python, "pycurl-typed", "pycurl"),
        "python-session": Kind("Python", "requests.Session", python, "session", "requests"),
        "python-session-typed": Kind(
            "Python", "requests.Session, typed", python, "session-typed", "requests"
        ),
        "python-requests": Kind("Python", "requests", python, "requests", "requests"),
        "python-httpx": Kind("Python", "httpx.Client", python, "httpx", "httpx"),
        "python-cached": Kind("Python", "pinarkive, kept answer", python, "cached"),
        "python-library-look": Kind("Python", "pinarkive", python, "library-look"),
        "python-pycurl-look": Kind("Python", "pycurl kept + json", python, "pycurl-look", "pycurl"),
        "python-session-look": Kind("Python", "requests.Session", python, "session-look", "requests"),
        "go-library": Kind("Go", "pinarkive", go_library, "library"),
        "go-peer": Kind("Go", "net/http + encoding/json", go_peer, "peer"),
        "go-cached": Kind("Go", "pinarkive, kept answer", go_library, "cached"),
        "go-library-look": Kind("Go", "pinarkive", go_library, "library-look"),
        "go-peer-look": Kind("Go", "net/http + encoding/json", go_peer, "peer-look"),
        "php-library": Kind("PHP", "pinarkive", php, "library"),
        "php-curl": Kind("PHP", "curl kept + json_decode", php, "curl", "curl"),
        "php-curl-each": Kind("PHP", "curl for each call", php, "curl_each", "curl"),
        "php-cached": Kind("PHP", "pinarkive, kept answer", php, "cached"),
        "php-library-look": Kind("PHP", "pinarkive", php, "library-look"),
        "php-curl-look": Kind("PHP", "curl kept + json_decode", php, "curl-look", "curl"),
        # CIDs and URLs.
        "c-parse-v0": Kind("C", "pk_cid_parse, CIDv0", (OUT / "content",), "parse-v0"),
        "c-parse-v1": Kind("C", "pk_cid_parse, CIDv1", (OUT / "content",), "parse-v1"),
        "c-parse-raw": Kind("C", "pk_cid_parse, CIDv1 without a CIDv0", (OUT / "content",), "parse-raw"),
        "c-check-v0": Kind("C", "plain C checks a CIDv0", (OUT / "content",), "check-v0"),
        "c-check-v1": Kind("C", "plain C checks a CIDv1", (OUT / "content",), "check-v1"),
        "c-url-v0": Kind("C", "pk_gateway_url, CIDv0", (OUT / "content",), "url-v0"),
        "c-url-v1": Kind("C", "pk_gateway_url, CIDv1", (OUT / "content",), "url-v1"),
        "c-plain-url-v0": Kind("C", "plain C, CIDv0", (OUT / "content",), "plain-url-v0"),
        "c-plain-url-v1": Kind("C", "plain C, CIDv1", (OUT / "content",), "plain-url-v1"),
        "c-plain-copy-v1": Kind("C", "plain C copies, unchecked", (OUT / "content",), "plain-copy-v1"),
        "c-urls": Kind("C", "pk_gateway_urls", (OUT / "content",), "urls"),
        "c-plain-urls": Kind("C", "a loop in plain C", (OUT / "content",), "plain-urls"),
        "python-urls": Kind("Python", "pinarkive.gateway_urls", python, "content-library"),
        "python-url": Kind("Python", "pinarkive.gateway_url", python, "content-single"),
        "python-expression": Kind("Python", "a regular expression", python, "content-expression"),
        "python-concatenation": Kind(
            "Python", "concatenation, unchecked", python, "content-concatenation"
        ),
        "python-multiformats": Kind(
            "Python", "multiformats", python, "content-multiformats", "multiformats"
        ),
        "python-py-cid": Kind("Python", "py-cid", python, "content-py_cid", "cid"),
        "python-aleph-cid": Kind("Python", "aleph-cid", python, "content-aleph_cid", "aleph_cid"),
        "python-parse": Kind("Python", "pinarkive.CID.parse", python, "content-parse_library"),
        "python-parse-multiformats": Kind(
            "Python", "multiformats", python, "content-parse_multiformats", "multiformats"
        ),
        "python-parse-py-cid": Kind("Python", "py-cid", python, "content-parse_py_cid", "cid"),
        "go-urls": Kind("Go", "pinarkive.GatewayURLs", go_library, "content-urls"),
        "go-url": Kind("Go", "pinarkive.GatewayURL", go_library, "content-single"),
        "go-table": Kind("Go", "a table of letters", go_peer, "content-table"),
        "go-concatenation": Kind("Go", "concatenation, unchecked", go_peer, "content-concatenation"),
        "php-urls": Kind("PHP", "Pinarkive\\gatewayUrls", php, "content-library"),
        "php-url": Kind("PHP", "Pinarkive\\gatewayUrl", php, "content-single"),
        "php-table": Kind("PHP", "a table of letters", php, "content-table"),
        "php-expression": Kind("PHP", "a regular expression", php, "content-expression"),
        "php-concatenation": Kind("PHP", "concatenation, unchecked", php, "content-concatenation"),
    }


KINDS = kinds()


def is_trust_mounted():
    return (SYSTEM_TRUST / "benchmark.pem").exists()


def ca_settings():
    """For the programs that bring their own authorities, and, where the trust store could not be put
    where the system's own is, for all others too."""
    if is_trust_mounted():
        bundle = str(SYSTEM_TRUST / BUNDLE)
        return {"REQUESTS_CA_BUNDLE": bundle, "BENCHMARK_PYTHON_CA_FILE": bundle}
    bundle = str(TRUST / BUNDLE)
    return {
        "REQUESTS_CA_BUNDLE": bundle,
        "BENCHMARK_PYTHON_CA_FILE": bundle,
        "BENCHMARK_CA_FILE": bundle,
        "SSL_CERT_FILE": bundle,
        "SSL_CERT_DIR": str(TRUST),
    }


# Of the caller's, only what programs need to run: no proxy, no other authorities, no allocator's knobs.
KEPT_SETTINGS = ("PATH", "HOME", "LANG", "TMPDIR", "USER")


def environment():
    settings = {name: os.environ[name] for name in KEPT_SETTINGS if name in os.environ}
    return (
        settings
        | ca_settings()
        | {
            "PINARKIVE_LIBRARY": str(LIBRARY.resolve()),
            "LD_LIBRARY_PATH": str(LIBRARY.parent),
            "PYTHONPATH": str(ROOT / "bindings" / "python" / "src"),
            "PYTHONPYCACHEPREFIX": str(OUT / "pycache"),
            # Go takes the cores that a process may use for those of the machine. It runs otherwise on
            # a machine of one core than on one core of many, which is what is measured here.
            "GOMAXPROCS": str(os.cpu_count()),
        }
    )


def succeeds(command):
    return not subprocess.run(
        [str(part) for part in command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ).returncode


def missing():
    """Why a kind cannot be measured here: {key: reason}."""
    found, asked = {}, {}
    for key, kind in KINDS.items():
        question = (kind.language, kind.needs)
        if question not in asked:
            asked[question] = why_missing(*question)
        if asked[question]:
            found[key] = asked[question]
    return found


def why_missing(language, needs):
    if language == "Python" and needs and not succeeds([sys.executable, "-c", f"import {needs}"]):
        return f"the Python package for `import {needs}` is not installed"
    if language == "PHP" and not succeeds([*PHP[:-1], "-r", "exit(class_exists('FFI') ? 0 : 1);"]):
        return "PHP with FFI is not installed"
    if (
        language == "PHP"
        and needs
        and not succeeds([PHP[0], "-r", f"exit(extension_loaded('{needs}') ? 0 : 1);"])
    ):
        return f"PHP's extension {needs} is not installed"
    if language == "Go" and not pathlib.Path(GO / "peer").exists():
        return "Go is not installed"
    return ""
