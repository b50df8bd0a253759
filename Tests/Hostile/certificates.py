#!/usr/bin/env python3
"""Makes throwaway certificates with trustme, from PyPI.

    certificates.py DIRECTORY

Each NAME.pem holds a key and its certificate; ca.pem is the authority that a client is to trust.
"""

import datetime
import pathlib
import sys

import trustme

DAY = datetime.timedelta(days=1)


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: certificates.py DIRECTORY")
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    now = datetime.datetime.now(datetime.timezone.utc)
    authority, stranger = trustme.CA(), trustme.CA()

    def write(name, leaf):
        leaf.private_key_and_cert_chain_pem.write_to_path(folder / f"{name}.pem")

    write("good", authority.issue_cert("127.0.0.1", "localhost"))
    write("expired", authority.issue_cert("127.0.0.1", not_before=now - 9 * DAY, not_after=now - DAY))
    write("early", authority.issue_cert("127.0.0.1", not_before=now + DAY, not_after=now + 9 * DAY))
    write("other-host", authority.issue_cert("elsewhere.example"))
    write("stranger", stranger.issue_cert("127.0.0.1"))
    # An authority's own certificate is signed by itself.
    (folder / "self-signed.pem").write_bytes(
        stranger.private_key_pem.bytes() + stranger.cert_pem.bytes())
    # Last, because whoever makes this folder looks whether it is there.
    authority.cert_pem.write_to_path(folder / "ca.pem")


if __name__ == "__main__":
    main()
