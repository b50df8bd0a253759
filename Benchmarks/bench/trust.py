"""A throwaway authority, a certificate for the servers, and a trust store that holds both it and
everything that the system trusts: TLS starts as slowly as it does for a user.

    python -m bench.trust      (needs trustme)
"""

import os
import shutil
import subprocess

import trustme

from .places import BUNDLE, CERTIFICATES, SYSTEM_TRUST, TRUST


def main():
    authority = trustme.CA()
    CERTIFICATES.mkdir(parents=True, exist_ok=True)
    leaf = authority.issue_cert("127.0.0.1", "localhost")
    leaf.private_key_and_cert_chain_pem.write_to_path(CERTIFICATES / "server.pem")
    ours = CERTIFICATES / "ca.pem"
    authority.cert_pem.write_to_path(ours)

    shutil.rmtree(TRUST, ignore_errors=True)
    # The links lead to files of root. Somebody else, who is root in a name space of the run alone, needs
    # files of their own: the library does not trust a directory whose files belong to others.
    shutil.copytree(SYSTEM_TRUST, TRUST, symlinks=os.geteuid() == 0)
    (TRUST / "benchmark.pem").write_bytes(ours.read_bytes())
    hashed = subprocess.run(
        ["openssl", "x509", "-hash", "-noout", "-in", ours], check=True, capture_output=True, text=True
    ).stdout.strip()
    (TRUST / f"{hashed}.0").symlink_to("benchmark.pem")
    bundle = TRUST / BUNDLE
    text = bundle.read_bytes() + ours.read_bytes()
    bundle.unlink()
    bundle.write_bytes(text)


if __name__ == "__main__":
    main()
