"""What gunicorn runs for prefork.py: it makes its client before it forks its workers."""

import os

import pinarkive

client = pinarkive.Client(
    api_key="prefork", base_url=f"http://127.0.0.1:{os.environ['FAULT_PLAIN']}/numbered/prefork")
first = client.list_clusters()[0].id
master = os.getpid()


def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    said = client.list_clusters()[0].id if os.getpid() != master else "not forked"
    return [f"{os.getpid()} {said}".encode()]
