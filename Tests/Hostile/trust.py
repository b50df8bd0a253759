#!/usr/bin/env python3
"""Runs a command on a system whose trust store can be changed at will, and trusts us too.

    unshare --user --map-root-user --mount trust.py CERTIFICATES COMMAND [ARGUMENT …]

Must be in a mount namespace of its own: it puts a copy of the store, with CERTIFICATES/ca.pem added,
over the place where libcurl looks for it. $HOSTILE_TRUST is that place: a directory of hashed
certificates, and in it the bundle, ca-certificates.crt.
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile

BUNDLE = pathlib.Path("/etc/ssl/certs/ca-certificates.crt")


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    ours = pathlib.Path(sys.argv[1], "ca.pem").read_text()
    own = subprocess.run(["curl-config", "--ca"], capture_output=True, text=True, check=True)
    if own.stdout.strip() != str(BUNDLE):
        sys.exit(f"trust.py: libcurl's bundle is {own.stdout.strip()}, not {BUNDLE}")
    pattern = re.compile("-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----\n", re.DOTALL)
    certificates = [ours, *pattern.findall(BUNDLE.read_text())]
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        folder.chmod(0o755)
        for number, certificate in enumerate(certificates):
            (folder / f"{number}.pem").write_text(certificate)
        (folder / BUNDLE.name).write_text("".join(certificates))
        for file in folder.iterdir():
            file.chmod(0o644)
        # It leaves the bundle alone, because there is more than one certificate in it.
        subprocess.run(["openssl", "rehash", folder], check=True, stderr=subprocess.DEVNULL)
        subprocess.run(["mount", "--bind", folder, BUNDLE.parent], check=True)
        environment = {**os.environ, "HOSTILE_TRUST": str(BUNDLE.parent)}
        result = subprocess.run(sys.argv[2:], env=environment)
        subprocess.run(["umount", BUNDLE.parent], check=True)
    sys.exit(result.returncode)


if __name__ == "__main__":
    main()
