#!/usr/bin/env python3
"""Row 7: runs the group `names` with a name server that is dead, and with one that knows nothing.

    unshare --user --map-root-user --net --mount names.py COMMAND [ARGUMENT …]

Must be in a network and a mount namespace of its own: it puts another file over /etc/resolv.conf
and takes port 53 of the loopback address.
"""

import os
import socket
import subprocess
import sys
import tempfile
import threading


def answer(server):
    """Says that there is no such name (NXDOMAIN) to everybody."""
    while True:
        question, address = server.recvfrom(4096)
        server.sendto(question[:2] + b"\x81\x83" + question[4:6] + b"\0\0" * 3 + question[12:], address)


def main():
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    with tempfile.NamedTemporaryFile("w") as configuration:
        configuration.write("nameserver 127.0.0.1\n")
        configuration.flush()
        os.chmod(configuration.name, 0o644)
        subprocess.run(["mount", "--bind", configuration.name, "/etc/resolv.conf"], check=True)
        server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        server.bind(("127.0.0.1", 53))
        result = subprocess.run(sys.argv[1:], env={**os.environ, "HOSTILE_NAMES": "dead"})
        threading.Thread(target=answer, args=(server,), daemon=True).start()
        second = subprocess.run(sys.argv[1:], env={**os.environ, "HOSTILE_NAMES": "ignorant"})
    sys.exit(result.returncode or second.returncode)


if __name__ == "__main__":
    main()
