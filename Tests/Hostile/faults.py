#!/usr/bin/env python3
"""A server that does on purpose what a bad network and a bad service do.

    faults.py CERTIFICATES -- COMMAND [ARGUMENT …]

Runs the command with the addresses in its environment, ends with it, and gives its result:

    FAULT_PLAIN          the port of http://127.0.0.1
    FAULT_TLS            the port of https://127.0.0.1, with a certificate that is right
    FAULT_TLS_NAME       … with certificate NAME (expired, early, other-host, …; - is _ here)
    FAULT_TLS_MUTE       takes connections and never says a word
    FAULT_TLS_OLD        speaks TLS 1.1 at most
    FAULT_BLACK_HOLE     does not even take the connection
    FAULT_REFUSED        nobody listens
    FAULT_TRAP           whoever comes here followed something that must not be followed
    FAULT_PROXY          a proxy that makes the tunnel
    FAULT_PROXY_407, FAULT_PROXY_502, FAULT_PROXY_MUTE
                         proxies that do not
    FAULT_CERTIFICATES   the folder of certificates

A request is GET /SCENARIO/NONCE/…; each method of `Scenarios` is a scenario. GET /seen/NONCE tells
what came with a nonce, or with `all`, or at a port by its name in small letters: numbers of requests, connections
and bytes of body sent, one in a line, and then the heads of the requests.
"""

import collections
import contextlib
import gzip
import json
import os
import pathlib
import re
import signal
import socket
import ssl
import struct
import subprocess
import sys
import threading
import time
import warnings

warnings.filterwarnings("ignore", category=DeprecationWarning, module=__name__)

LIST = json.dumps([
    {"clusterId": "cl0-global", "gateways": [
        {"publicUrl": "https://gateway.pinarkive.com/ipfs/", "label": "Primary", "order": 0}]},
    {"clusterId": "cl1-eu", "load": 0.25, "gateways": []},
]).encode()

# 64 MiB of spaces. Made once: it takes long.
BOMB = gzip.compress(b" " * (64 << 20), 1)


class Seen:
    """What came with a nonce or at a port."""

    def __init__(self):
        self.requests = 0
        self.connections = 0
        self.bytes = 0
        self.heads = []


seen = collections.defaultdict(Seen)
lock = threading.Lock()


class Closed(Exception):
    """The connection is over."""


class Connection:
    """One connection, request after request, written by hand so that every byte can be wrong."""

    def __init__(self, stream, name):
        self.stream = stream
        self.name = name
        self.buffer = b""
        self.count = 0  # of requests on this connection
        self.nonces = set()
        self.place = 0  # among the connections of its nonce

    def read_head(self):
        while b"\r\n\r\n" not in self.buffer:
            piece = self.stream.recv(65536)
            if not piece or len(self.buffer) > 1 << 20:
                raise Closed
            self.buffer += piece
        head, _, self.buffer = self.buffer.partition(b"\r\n\r\n")
        return head.decode("latin-1")

    def send(self, data):
        self.stream.sendall(data)

    def answer(self, body, status="200 OK", headers=(), length=None):
        lines = [f"HTTP/1.1 {status}", *headers]
        lines.append(f"Content-Length: {len(body) if length is None else length}")
        self.send("\r\n".join(lines + ["", ""]).encode("latin-1") + body)

    def reset(self):
        """Ends the connection with RST instead of FIN."""
        self.stream.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        raise Closed

    def wait_for_end(self):
        """Says nothing until the other side goes, for a minute at most."""
        self.stream.settimeout(60)
        with contextlib.suppress(OSError):
            while self.stream.recv(4096):
                pass
        raise Closed

    def serve(self):
        while True:
            head = self.read_head()
            path = head.split(" ", 2)[1]
            parts = path.split("/")
            if len(parts) < 3:
                raise Closed
            scenario, nonce = parts[1], parts[2]
            if scenario == "seen":
                self.tell(nonce)
                continue
            self.count += 1
            with lock:
                one = seen[nonce]
                one.requests += 1
                seen["all"].requests += 1
                one.heads.append(head)
                if nonce not in self.nonces:
                    one.connections += 1
                    self.place = one.connections
                self.nonces.add(nonce)
                number = one.requests
            play = getattr(Scenarios, scenario.replace("-", "_"), None)
            if play is None:
                match = re.fullmatch(r"status-(\d+)(-once)?", scenario)
                if match is None:
                    raise Closed
                if match[2] and number > 1:
                    self.answer(LIST)
                else:
                    self.answer(b"{}", f"{match[1]} Fault")
            else:
                play(self, number, one)

    def tell(self, nonce):
        with lock:
            one = seen[nonce]
            text = f"{one.requests}\n{one.connections}\n{one.bytes}\n" + "\n\n".join(one.heads[:8])
        self.answer(text.encode("latin-1"))


def body(data):
    """A scenario that answers 200 with this body."""
    return lambda connection, number, one: connection.answer(data)


def sized(data, status="200 OK"):
    """The same, which tells how large the body is."""

    def play(connection, number, one):
        one.bytes = len(data)
        connection.answer(data, status)

    return play


def retry_after(*values, status="429 Fault", date=None, content=b"{}"):
    """A scenario that answers 429 with these Retry-After headers, and from the second time on 200."""
    headers = [f"Retry-After: {value}" for value in values]
    if date:
        headers.append(f"Date: {date}")

    def play(connection, number, one):
        if number == 1:
            connection.answer(content, status, headers)
        else:
            connection.answer(LIST)

    return play


def redirect(status):
    def play(connection, number, one):
        to = f"Location: http://127.0.0.1:{os.environ['FAULT_TRAP']}/list/trap/users/me/clusters"
        connection.answer(b"", f"{status} Fault", [to])

    return play


def with_gateway(url):
    return body(json.dumps([{"clusterId": "a", "gateways": [
        {"publicUrl": url, "order": 1},
        {"publicUrl": "https://good.example/ipfs/", "order": 2}]}]).encode())


class Scenarios:
    """Each is called with the connection, the number of the request of its nonce, and its Seen."""

    def list(self, number, one):
        self.answer(LIST)

    def numbered(self, number, one):
        """Says which connection of its nonce this is, and the how manyth request on it."""
        self.answer(b'[{"id":"%d-%d"}]' % (self.place, self.count))

    # --- below HTTP (rows 8 to 10) ---

    def reset(self, number, one):
        self.answer(LIST[:20], length=len(LIST))
        self.reset()

    def reset_once(self, number, one):
        if number == 1:
            Scenarios.reset(self, number, one)
        self.answer(LIST)

    def reset_at_once(self, number, one):
        self.reset()

    def truncated(self, number, one):
        self.answer(LIST[:20], length=len(LIST))
        raise Closed

    def truncated_chunk(self, number, one):
        self.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n40\r\n" + LIST[:20])
        raise Closed

    def bad_chunk(self, number, one):
        self.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n" + LIST)
        raise Closed

    def closed(self, number, one):
        raise Closed

    def silent(self, number, one):
        self.wait_for_end()

    def stall(self, number, one):
        self.answer(LIST[:20], length=len(LIST))
        self.wait_for_end()

    def drip(self, number, one):
        self.answer(b"", length=1000)
        for _ in range(1000):
            self.send(b" ")
            time.sleep(0.05)

    def drip_head(self, number, one):
        self.send(b"HTTP/1.1 200 OK\r\nX-Long: ")
        for _ in range(1000):
            self.send(b"x")
            time.sleep(0.05)

    def dropped_after(self, number, one):
        """Keeps the connection by its words, and closes it."""
        self.answer(LIST)
        raise Closed

    def dropped_second(self, number, one):
        """Closes a kept connection when the second request has come."""
        if self.count > 1:
            self.reset()
        self.answer(LIST)

    # --- nonsense (rows 14 to 17, 21) ---

    def html(self, number, one):
        self.answer(b"<!doctype html><html><body>Please log in</body></html>",
                    headers=["Content-Type: text/html"])

    def html_once(self, number, one):
        if number == 1:
            return Scenarios.html(self, number, one)
        self.answer(LIST)

    def nothing(self, number, one):
        self.answer(b"")

    def challenge(self, number, one):
        self.answer(b"<html><script>location.reload()</script></html>",
                    headers=["Content-Type: text/html", "Set-Cookie: challenge=1"])

    def huge(self, number, one):
        """Ten GB by Content-Length."""
        self.answer(b"[", length=10 << 30)
        Scenarios.flood(self, one, b" " * 65536)

    def endless(self, number, one):
        self.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n[\r\n")
        Scenarios.flood(self, one, b"10000\r\n" + b" " * 65536 + b"\r\n")

    def flood(self, one, piece):
        for _ in range(4096):
            self.send(piece)
            one.bytes += len(piece)
        raise Closed

    def body_of_8_mib(self, number, one):
        self.answer(b"[" + b" " * ((8 << 20) - 2) + b"]")

    def body_over_8_mib(self, number, one):
        self.answer(b"[" + b" " * ((8 << 20) - 1) + b"]")

    def many_headers(self, number, one):
        self.send(b"HTTP/1.1 200 OK\r\n")
        Scenarios.flood(self, one, b"X-More: " + b"x" * 1000 + b"\r\n")

    def long_header(self, number, one):
        self.send(b"HTTP/1.1 200 OK\r\nX-Long: ")
        Scenarios.flood(self, one, b"x" * 1000)

    def headers_of_30_kib(self, number, one):
        self.answer(LIST, headers=["X-More: " + "x" * 992] * 30)

    def trailers(self, number, one):
        self.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n[]\r\n0\r\n")
        Scenarios.flood(self, one, b"X-More: " + b"x" * 1000 + b"\r\n")

    def gzip(self, number, one):
        self.answer(gzip.compress(LIST), headers=["Content-Encoding: gzip"])

    def gzip_bomb(self, number, one):
        self.answer(BOMB, headers=["Content-Encoding: gzip"])

    depth_16 = body(b'[{"id":"a","x":' + b"[" * 14 + b"]" * 14 + b"}]")
    depth_17 = body(b'[{"id":"a","x":' + b"[" * 15 + b"]" * 15 + b"}]")
    depth_million = body(b"[" * 1_000_000)
    many_values = body(b'[{"id":"a","x":[' + b"0," * 200_001 + b"0]}]")
    many_commas = body(b"[" + b"," * 1_000_000 + b"]")
    duplicate = body(b'[{"id":"a","id":"b"}]')
    nul = body(b'[{"id":"a\\u0000b"}]')
    nul_byte = body(b'[{"id":"a"}]\0')
    nul_in_text = body(b'[{"id":"a\0b"}]')
    bad_utf8 = body(b'[{"id":"\xff\xfe"}]')
    overlong_utf8 = body(b'[{"id":"\xc0\xaf"}]')
    surrogate = body(b'[{"id":"\\ud800"}]')
    bom = body(b'\xef\xbb\xbf[{"id":"a"}]')
    object = body(b'{"clusters":[]}')
    number_list = body(b"[1]")
    number_id = body(b'[{"id":1}]')
    no_id = body(b'[{"label":"a"}]')
    gateways_object = body(b'[{"id":"a","gateways":{}}]')
    gateway_text = body(b'[{"id":"a","gateways":["x"]}]')
    order_text = body(b'[{"id":"a","gateways":[{"order":"1"}]}]')
    order_huge = body(b'[{"id":"a","gateways":[{"order":99999999999999999999}]}]')
    real_huge = body(b'[{"id":"a","x":1e999}]')
    many_reals = body(b'[{"id":"a","x":[' + b"1.5," * 2000 + b"0.25]}]")
    trailing = body(b"[]x")
    comment = body(b"[]// nothing")
    single_quotes = body(b"[{'id':'a'}]")
    unknown_members = body(b'[{"id":"a","x":{"y":[1,2.5,null,true]},"gateways":[{"z":0}]}]')

    redirect_300 = redirect(300)
    redirect_301 = redirect(301)
    redirect_302 = redirect(302)
    redirect_303 = redirect(303)
    redirect_304 = redirect(304)
    redirect_307 = redirect(307)
    redirect_308 = redirect(308)
    redirect_399 = redirect(399)

    def refresh(self, number, one):
        self.answer(LIST, headers=[f"Refresh: 0; url=http://127.0.0.1:{os.environ['FAULT_TRAP']}/"])

    def interim(self, number, one):
        self.send(b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" * 3)
        self.answer(LIST)

    def interim_flood(self, number, one):
        Scenarios.flood(self, one, b"HTTP/1.1 100 Continue\r\n\r\n" * 100)

    def interim_drip(self, number, one):
        for _ in range(1000):
            self.send(b"HTTP/1.1 102 Processing\r\n\r\n")
            time.sleep(0.05)

    def switch(self, number, one):
        self.send(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n")
        self.wait_for_end()

    def http_09(self, number, one):
        self.send(LIST)
        raise Closed

    def http_10(self, number, one):
        self.send(b"HTTP/1.0 200 OK\r\n\r\n" + LIST)
        raise Closed

    def http_9(self, number, one):
        self.send(b"HTTP/9.9 200 OK\r\nContent-Length: 2\r\n\r\n[]")
        raise Closed

    def garbage(self, number, one):
        self.send(bytes(range(256)) * 8)
        raise Closed

    def bad_status(self, number, one):
        self.send(b"HTTP/1.1 2x0 OK\r\nContent-Length: 2\r\n\r\n[]")
        raise Closed

    def two_lengths(self, number, one):
        self.send(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 900\r\n\r\n[]")
        raise Closed

    def bad_length(self, number, one):
        self.send(b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n[]")
        raise Closed

    def header_with_nul(self, number, one):
        self.send(b"HTTP/1.1 200 OK\r\nX-A: a\0b\r\nContent-Length: 2\r\n\r\n[]")
        raise Closed

    def more_than_length(self, number, one):
        """An answer to a request that was never made, behind the right one."""
        self.answer(LIST + b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]", length=len(LIST))

    # --- limits (row 19) ---

    retry_none = retry_after()
    retry_0 = retry_after("0")
    retry_1 = retry_after("1")
    def retry_30(self, number, one):
        self.answer(b"{}", "503 Fault", ["Retry-After: 30"])

    retry_negative = retry_after("-5")
    retry_huge = retry_after("99999999999")
    retry_endless = retry_after("9" * 400)
    retry_garbage = retry_after("soon, maybe")
    retry_real = retry_after("1.5e3")
    retry_twice = retry_after("1", "3600")
    retry_date = retry_after("Sun, 06 Nov 1994 09:49:37 GMT", date="Sun, 06 Nov 1994 08:49:37 GMT")
    retry_past = retry_after("Sun, 06 Nov 1994 07:49:37 GMT", date="Sun, 06 Nov 1994 08:49:37 GMT")
    retry_date_alone = retry_after("Fri, 31 Dec 9999 23:59:59 GMT")
    retry_bad_date = retry_after("Sun, 99 Foo 1994 99:99:99 GMT", date="x")
    retry_body = retry_after("1", content=b'{"retryAfter":3600}')
    retry_body_huge = retry_after(content=b'{"retryAfter":1e300}')
    retry_body_negative = retry_after(content=b'{"retryAfter":-1}')
    retry_503 = retry_after("3600", status="503 Fault")

    # --- how much memory an answer takes (row 16) ---

    documented = sized(json.dumps([
        {"clusterId": f"cl{number}-eu", "label": "Europe", "region": "eu-west", "country": "FR",
         "gateways": [{"publicUrl": f"https://eu{number}.gateway.pinarkive.com/ipfs/",
                       "url": f"https://node{number}.pinarkive.com:9094/", "label": "Primary",
                       "order": 0}]} for number in range(2_000)]).encode())
    wide_objects = sized(b'[{"id":"a","x":[' + b"{}," * 190_000 + b"{}]}]")
    wide_arrays = sized(b'[{"id":"a","x":[' + b"[]," * 190_000 + b"[]]}]")
    wide_numbers = sized(b'[{"id":"a","x":[' + b"1," * 190_000 + b"1]}]")
    wide_names = sized(b'[{"id":"a","x":{' + b",".join(
        b'"n%d":0' % number for number in range(190_000)) + b"}}]")
    many_gateways = sized(b'[{"id":"a","gateways":[' + b",".join(
        b'{"url":"http://g%d/"}' % number for number in range(10_000)) + b"]}]")
    many_clusters = sized(b"[" + b",".join(
        b'{"id":"c%d"}' % number for number in range(20_000)) + b"]")
    long_label = sized(b'[{"id":"a","label":"' + b"l" * 1_000_000 + b'"}]')
    escapes = sized(b'[{"id":"a","label":"' + rb"\u00e9" * 100_000 + b'"}]')
    spaces = sized(b"[" + b" " * 4_000_000 + b"]")
    error_objects = sized(b'{"x":[' + b"{}," * 190_000 + b"{}]}", "400 Fault")
    error_message = sized(b'{"message":"' + b"m" * 1_000_000 + b'"}', "400 Fault")

    # --- errors (row 22) ---

    error_reals = sized(b'{"message":"m","x":[' + b"1.5," * 2000 + b"0.25]}", "403 Fault")

    def message_long(self, number, one):
        self.answer(json.dumps({"error": "E", "message": "m" * 1_000_000, "code": "c" * 1_000_000}
                               ).encode(), "400 Fault")

    def message_escapes(self, number, one):
        self.answer(rb'{"message":"a\u001b[31mred\r\nX: y\u0007\u0085\u202ez",'
                    rb'"code":"C\n\u001b"}', "400 Fault")

    def message_nul(self, number, one):
        self.answer(b'{"message":"a\\u0000b"}', "400 Fault")

    def message_echo(self, number, one):
        key = re.search(r"(?i)x-api-key: (\S+)", one.heads[-1])[1]
        text = f"the key {key} is bad, {key}{key} and {key[:-1]}\\u00{ord(key[-1]):02x}"
        self.answer(b'{"message":"%s","code":"%s","required":"%s","error":"%s"}' % (
            text.encode(), key.encode(), key.encode(), key.encode()), "403 Fault")

    def scope_echo(self, number, one):
        key = re.search(r"(?i)x-api-key: (\S+)", one.heads[-1])[1].encode()
        self.answer(b'{"message":"%s","code":"missing_scope","required":"a %s b"}' % (key, key),
                    "403 Fault")

    def message_cut_in_key(self, number, one):
        """The cut to 512 bytes falls into the key."""
        key = re.search(r"(?i)x-api-key: (\S+)", one.heads[-1])[1]
        self.answer(json.dumps({"message": "m" * 500 + key}).encode(), "400 Fault")

    def message_cut_in_character(self, number, one):
        self.answer(('{"message":"%s"}' % ("m" * 511 + "€" * 10)).encode(), "400 Fault")

    def message_wrong_types(self, number, one):
        self.answer(b'{"message":[1],"code":{},"required":7,"error":null,"retryAfter":"x"}',
                    "400 Fault")

    def message_deep(self, number, one):
        self.answer(b'{"message":' + b"[" * 100_000, "400 Fault")

    # --- hostile gateways (row 23) ---

    gateway_javascript = with_gateway("javascript:alert(1)//")
    gateway_userinfo = with_gateway("https://user:pass@gateway.pinarkive.com/ipfs/")
    gateway_file = with_gateway("file:///etc/passwd")
    gateway_data = with_gateway("data:text/html,x")
    gateway_control = with_gateway("https://a.example/ipfs/\r\nX: y")
    gateway_backslash = with_gateway("https://a.example\\@b.example/ipfs/")
    gateway_space = with_gateway("https://a.example/ip fs/")
    gateway_fragment = with_gateway("https://a.example/ipfs/#")
    gateway_query = with_gateway("https://a.example/ipfs/?x=")
    gateway_relative = with_gateway("//a.example/ipfs/")
    gateway_port = with_gateway("https://a.example:99999/ipfs/")
    gateway_long = with_gateway("https://a.example/" + "x" * 5000)
    gateway_climb = with_gateway("https://a.example/ipfs/../../")
    gateway_metadata = with_gateway("http://169.254.169.254/latest/meta-data/")
    gateway_link_local = with_gateway("http://[fe80::1]/ipfs/")
    gateway_number = with_gateway("http://2852039166/latest/")
    gateway_mapped = with_gateway("http://[::ffff:a9fe:a9fe]/latest/")
    gateway_slashes = with_gateway("https:///a.example/ipfs/")
    gateway_ftp = with_gateway("ftp://a.example/ipfs/")

    # --- temptations (row 24) ---

    def temptations(self, number, one):
        trap = os.environ["FAULT_TRAP"]
        self.answer(LIST, headers=[
            f'Alt-Svc: h2=":{trap}"; ma=3600, http/1.1="127.0.0.1:{trap}"; ma=3600, '
            f'h1="127.0.0.1:{trap}"; ma=3600',
            "Set-Cookie: tempting=1; Path=/", "Set-Cookie2: tempting=2",
            "Strict-Transport-Security: max-age=31536000; includeSubDomains",
            'WWW-Authenticate: Basic realm="x"'])

    def challenge_401(self, number, one):
        self.answer(b"{}", "401 Fault", ['WWW-Authenticate: Basic realm="x", Negotiate, NTLM'])

    # --- for the soak: another fault each time ---

    MIXED = ["list"] * 6 + ["reset", "truncated", "html", "garbage", "depth_17", "message_long",
                            "many_headers", "interim_flood", "gzip", "dropped_after", "closed",
                            "message_echo", "redirect_302", "truncated_chunk", "body_over_8_mib"]

    def mixed(self, number, one):
        one.heads[:] = one.heads[-1:]
        name = Scenarios.MIXED[number * 7919 % len(Scenarios.MIXED)]
        getattr(Scenarios, name)(self, number, one)


def listener(backlog=128):
    server = socket.socket()
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind(("127.0.0.1", 0))
    server.listen(backlog)
    return server


def accept_for_ever(name, work):
    """Takes connections on a new port; hands each to `work` in a thread. Sets FAULT_NAME."""
    server = listener()
    os.environ["FAULT_" + name.upper().replace("-", "_")] = str(server.getsockname()[1])

    def serve(stream):
        with contextlib.suppress(Closed, OSError, ssl.SSLError, IndexError, ValueError):
            with stream:
                stream.settimeout(60)
                stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                work(stream)

    def run():
        while True:
            try:
                stream, _ = server.accept()
            except OSError:
                time.sleep(0.01)
                continue
            with lock:
                seen[name].connections += 1
            threading.Thread(target=serve, args=(stream,), daemon=True).start()

    threading.Thread(target=run, daemon=True).start()


def tls(name, certificates, certificate, limit=None):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates / f"{certificate}.pem")
    if limit:
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = limit
        context.set_ciphers("DEFAULT:@SECLEVEL=0")

    def work(stream):
        with context.wrap_socket(stream, server_side=True) as secure:
            Connection(secure, name).serve()

    accept_for_ever(name, work)


def proxy(name, answer):
    """A proxy; with `answer` None it makes the tunnel."""

    def work(stream):
        head = Connection(stream, name).read_head()
        with lock:
            seen[name].requests += 1
            seen[name].heads.append(head)
        if answer is not None:
            stream.sendall(answer)
            if answer:
                return
            Connection(stream, name).wait_for_end()
        host, _, port = head.split(" ")[1].rpartition(":")
        with socket.create_connection((host, int(port))) as other:
            stream.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            back = threading.Thread(target=pump, args=(other, stream), daemon=True)
            back.start()
            pump(stream, other)
            back.join()

    accept_for_ever(name, work)


def pump(source, target):
    with contextlib.suppress(OSError):
        while piece := source.recv(65536):
            target.sendall(piece)
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_WR)


def black_hole():
    """A port whose queue is full: further attempts to connect get no answer at all."""
    server = listener(backlog=0)
    address = server.getsockname()
    os.environ["FAULT_BLACK_HOLE"] = str(address[1])
    fillers = []
    for _ in range(4):
        filler = socket.socket()
        filler.setblocking(False)
        filler.connect_ex(address)
        fillers.append(filler)
    return server, fillers


def main():
    if len(sys.argv) < 4 or sys.argv[2] != "--":
        sys.exit(__doc__)
    certificates = pathlib.Path(sys.argv[1])
    kept = black_hole()
    accept_for_ever("plain", lambda stream: Connection(stream, "plain").serve())
    accept_for_ever("trap", lambda stream: Connection(stream, "trap").serve())
    accept_for_ever("tls_mute", lambda stream: Connection(stream, "mute").wait_for_end())
    tls("tls", certificates, "good")
    for name in ("expired", "early", "other-host", "stranger", "self-signed"):
        tls("tls_" + name.replace("-", "_"), certificates, name)
    tls("tls_old", certificates, "good", limit=ssl.TLSVersion.TLSv1_1)
    proxy("proxy", None)
    proxy("proxy_407", b"HTTP/1.1 407 Proxy Authentication Required\r\n"
          b"Proxy-Authenticate: Basic realm=x\r\nContent-Length: 0\r\n\r\n")
    proxy("proxy_502", b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")
    proxy("proxy_mute", b"")
    refused = listener()
    os.environ["FAULT_REFUSED"] = str(refused.getsockname()[1])
    refused.close()
    os.environ["FAULT_CERTIFICATES"] = str(certificates.resolve())

    child = subprocess.Popen(sys.argv[3:])
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: child.terminate())
    result = child.wait()
    del kept
    # Not the ordinary way out, which would wait for connections.
    os._exit(result if result >= 0 else 128 - result)


if __name__ == "__main__":
    main()
