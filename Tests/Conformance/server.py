#!/usr/bin/env python3
"""Plays the cases of cases.json over HTTP on the loopback address; README.md says what it answers.

    server.py CASES

Prints its root (http://127.0.0.1:PORT) as its first line and ends when its standard input does.
"""

import base64
import json
import os
import re
import socketserver
import sys
import threading
import time

MAXIMUM_HEAD = 64 << 10


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 128

    def __init__(self, cases):
        self.cases = cases
        self.requests = [[] for _ in cases]
        self.lock = threading.Lock()
        super().__init__(("127.0.0.1", 0), Connection)

    def handle_error(self, request, client_address):
        """A client that goes away is part of many cases; anything else is a fault of ours."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class Connection(socketserver.StreamRequestHandler):
    """Requests on one connection, one after the other. Written by hand because http.server adds
    headers of its own and repairs what a case wants to be wrong."""

    disable_nagle_algorithm = True
    timeout = 60

    def handle(self):
        try:
            while self.handle_request():
                pass
        except TimeoutError:
            pass

    def handle_request(self):
        """Answers one request; False if the connection is to be closed."""
        first = self.rfile.peek(1)[:1]
        if not first:
            return False
        if not first.isupper():
            # Not HTTP, such as a TLS handshake, which has no end of line to wait for.
            self.send(400, {}, b"")
            return False
        line, headers = self.read_head()
        method, _, rest = line.partition(" ")
        path = rest.rpartition(" ")[0]
        if match := re.fullmatch(r"/requests/(\d+)", path):
            return self.tell(int(match[1]))
        if match := re.match(r"/case/(\d+)(/.*|)", path):
            number = int(match[1])
            if number < len(self.server.cases):
                with self.server.lock:
                    self.server.requests[number].append(headers)
                    count = len(self.server.requests[number])
                if method == "GET" and match[2] == "/users/me/clusters":
                    return self.play(self.server.cases[number].get("server", []), count)
        return self.send(418, {}, f"not expected: {line}\n".encode())

    def read_head(self):
        """The request line, and the headers with their names in lower case."""
        size = 0
        lines = []
        while True:
            line = self.rfile.readline(MAXIMUM_HEAD)
            size += len(line)
            if not line or size > MAXIMUM_HEAD:
                raise ConnectionError("no end of the header")
            line = line.decode("latin-1").rstrip("\r\n")
            if not line:
                break
            lines.append(line)
        headers = {}
        for line in lines[1:]:
            name, _, value = line.partition(":")
            name, value = name.strip().lower(), value.strip()
            headers[name] = f"{headers[name]}, {value}" if name in headers else value
        return lines[0] if lines else "", headers

    def tell(self, number):
        """Says which requests were made for a case."""
        if number >= len(self.server.cases):
            return self.send(404, {}, b"")
        with self.server.lock:
            made = list(self.server.requests[number])
        body = json.dumps({"count": len(made), "headers": made}).encode()
        return self.send(200, {"Content-Type": "application/json"}, body)

    def play(self, answers, count):
        if not answers:
            return self.send(418, {}, b"this case expects no request\n")
        answer = answers[min(count, len(answers)) - 1]
        time.sleep(answer.get("delay_ms", 0) / 1000)
        if answer.get("close"):
            return False
        return self.send(answer["status"], answer.get("headers", {}), body_of(answer))

    def send(self, status, headers, body):
        lines = [f"HTTP/1.1 {status} Conformance"]
        for name, value in headers.items():
            lines += [f"{name}: {one}" for one in (value if isinstance(value, list) else [value])]
        closes = any(name.lower() == "content-length" for name in headers)
        if not closes and status not in (204, 304):
            lines.append(f"Content-Length: {len(body)}")
        self.wfile.write("\r\n".join(lines + ["", ""]).encode("latin-1") + body)
        return not closes and status not in (400, 418)


def body_of(answer):
    """The bytes of an answer's body."""
    if "body_base64" in answer:
        return base64.b64decode(answer["body_base64"], validate=True)
    if "body_repeated" in answer:
        return "".join(text * times for text, times in answer["body_repeated"]).encode()
    return answer.get("body", "").encode()


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: server.py CASES")
    with open(sys.argv[1], encoding="utf-8") as file:
        cases = json.load(file)
    with Server(cases) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        print(f"http://127.0.0.1:{server.server_address[1]}", flush=True)
        # Whoever started this server has ended when standard input has.
        while sys.stdin.buffer.read(4096):
            pass
        # Not the ordinary way out, which waits for answers that are still delayed.
        os._exit(0)


if __name__ == "__main__":
    main()
