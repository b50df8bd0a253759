"""Row 27: gunicorn, a prefork server, whose workers inherit a client that is connected.

Needs the fault server's addresses, see faults.py, and gunicorn.
"""

import collections
import concurrent.futures
import os
import pathlib
import socket
import subprocess
import sys
import urllib.request

WORKERS, REQUESTS = 4, 200


def main():
    # gunicorn gets a socket that listens already, so its port is known.
    listener = socket.create_server(("127.0.0.1", 0), backlog=128)
    listener.set_inheritable(True)
    port = listener.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "--preload", "--workers", str(WORKERS), "--log-level",
         "warning", "--bind", f"fd://{listener.fileno()}", "--worker-tmp-dir", "/dev/shm",
         "prefork_app"],
        cwd=pathlib.Path(__file__).parent, pass_fds=[listener.fileno()],
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"})

    def ask(_):
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=30) as answer:
            worker, said = answer.read().decode().split()
            connection, number = said.split("-")
            return worker, int(connection), int(number)

    try:
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(ask, range(REQUESTS)))
    finally:
        server.terminate()
        code = server.wait()
    # Each worker has a connection of its own, none the first, which is their parent's, and gets every
    # answer that comes on it.
    owners = collections.defaultdict(set)
    numbers = collections.defaultdict(list)
    for worker, connection, number in answers:
        owners[connection].add(worker)
        numbers[connection].append(number)
    workers = {worker for worker, _, _ in answers}
    assert len(answers) == REQUESTS and len(workers) > 1, workers
    assert 1 not in owners, "a worker has used its parent's connection"
    assert all(len(of) == 1 for of in owners.values()), owners
    assert all(sorted(those) == list(range(1, len(those) + 1)) for those in numbers.values()), numbers
    assert code == 0, code
    print(f"  gunicorn: {REQUESTS} requests by {len(workers)} workers over {len(owners)} connections")


if __name__ == "__main__":
    sys.exit(main())
