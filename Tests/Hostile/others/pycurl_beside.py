"""Row 36: pycurl and Python's own ssl use the same libcurl and OpenSSL in the same process.

Needs the fault server's addresses, see faults.py.
"""

import http.client
import os
import ssl
import sys
import threading
import time

import pinarkive
import pycurl

AUTHORITY = os.path.join(os.environ["FAULT_CERTIFICATES"], "ca.pem")
PORT = int(os.environ["FAULT_TLS"])
BASE = f"https://127.0.0.1:{PORT}/list"


def client(name):
    return pinarkive.Client(api_key="beside-others", base_url=f"{BASE}/{name}", ca_file=AUTHORITY)


def lists(one):
    assert one.list_clusters()[0].id == "cl0-global"


def with_pycurl(times=1):
    curl = pycurl.Curl()
    curl.setopt(pycurl.URL, f"{BASE}/pycurl/users/me/clusters")
    curl.setopt(pycurl.CAINFO, AUTHORITY)
    for _ in range(times):
        assert b"cl0-global" in curl.perform_rb()
        # Its own settings, such as the answer to redirects, are its own.
        assert curl.getinfo(pycurl.RESPONSE_CODE) == 200
    curl.close()


def with_ssl():
    context = ssl.create_default_context(cafile=AUTHORITY)
    connection = http.client.HTTPSConnection("127.0.0.1", PORT, context=context)
    connection.request("GET", "/list/ssl/users/me/clusters")
    assert b"cl0-global" in connection.getresponse().read()
    connection.close()


def main():
    # Whoever comes first, and whoever leaves first.
    with_pycurl()
    shared = client("shared")
    lists(shared)
    pycurl.global_cleanup()
    lists(shared)
    lists(client("another"))
    pycurl.global_init(pycurl.GLOBAL_DEFAULT)
    with_pycurl()
    shared.close()
    with_pycurl()
    with_ssl()

    shared = client("threads")
    calls = {"pinarkive": 0, "pycurl": 0, "ssl": 0}
    failures = []
    end = time.monotonic() + 1.5

    def repeat(name, work):
        try:
            while time.monotonic() < end:
                work()
                calls[name] += 1
        except BaseException as error:  # noqa: BLE001
            failures.append(f"{name}: {error!r}")

    threads = [threading.Thread(target=repeat, args=(name, work)) for name, work in (
        ("pinarkive", lambda: lists(shared)), ("pinarkive", lambda: lists(client("own"))),
        ("pycurl", lambda: with_pycurl(3)), ("pycurl", with_pycurl), ("ssl", with_ssl))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures, failures
    assert all(calls.values()), calls
    print(f"  beside pycurl {pycurl.version.split()[1]} and ssl: {calls}")


if __name__ == "__main__":
    sys.exit(main())
