"""Listing clusters: the library and what Python programs use today.

Each kind of work has two halves: how the list is got, and what is done with it. "-look" at the end of
a name counts the clusters and reads the first one, otherwise every field is read.
"""

import os

HEADERS = {"X-API-Key": "benchmark", "Accept": "application/json"}
CA_FILE = os.environ.get("BENCHMARK_PYTHON_CA_FILE")


# --- what is done with the list


def read_typed(clusters):
    for cluster in clusters:
        _ = cluster.id, cluster.label, cluster.region, cluster.country
        for gateway in cluster.gateways:
            _ = gateway.base_url, gateway.public_url, gateway.url, gateway.label, gateway.order


def read_parsed(clusters):
    for cluster in clusters:
        _ = cluster["clusterId"], cluster.get("label"), cluster.get("region"), cluster.get("country")
        for gateway in cluster["gateways"]:
            url = gateway.get("url")
            _ = gateway.get("publicUrl") or url, url, gateway.get("label"), gateway["order"]


def look_typed(clusters):
    _ = len(clusters), clusters[0].id, clusters[0].gateways[0].base_url


def look_parsed(clusters):
    _ = len(clusters), clusters[0]["clusterId"], clusters[0]["gateways"][0]["publicUrl"]


# --- what is in it: number of clusters, number of gateways, and a sum over all fields


def length(text):
    return 0 if text is None else len(text)


def found_typed(clusters):
    gateways = total = 0
    for cluster in clusters:
        total += len(cluster.id) + length(cluster.label)
        total += length(cluster.region) + length(cluster.country)
        gateways += len(cluster.gateways)
        for gateway in cluster.gateways:
            total += len(gateway.base_url) + length(gateway.public_url) + length(gateway.url)
            total += length(gateway.label) + gateway.order
    return len(clusters), gateways, total


def found_parsed(clusters):
    gateways = total = 0
    for cluster in clusters:
        total += len(cluster["clusterId"]) + length(cluster.get("label"))
        total += length(cluster.get("region")) + length(cluster.get("country"))
        gateways += len(cluster["gateways"])
        for gateway in cluster["gateways"]:
            public_url, url = gateway.get("publicUrl"), gateway.get("url")
            total += len(public_url or url) + length(public_url) + length(url)
            total += length(gateway.get("label")) + gateway["order"]
    return len(clusters), gateways, total


# --- how it is got: each returns a function that does one call


def library(task, **options):
    import pinarkive

    key = ("library", *options)
    if key not in shared:  # One client for all threads, as users are told to.
        shared[key] = pinarkive.Client(api_key="benchmark", base_url=task.url, **options)
    return shared[key].list_clusters


def cached(task):
    return library(task, cache_ttl=3600)


def pycurl(task):
    import json
    from io import BytesIO

    import pycurl

    handle = pycurl.Curl()
    handle.setopt(pycurl.URL, f"{task.url}/users/me/clusters")
    handle.setopt(pycurl.HTTPHEADER, [f"{name}: {value}" for name, value in HEADERS.items()])
    handle.setopt(pycurl.TIMEOUT, 10)
    if CA_FILE:
        handle.setopt(pycurl.CAINFO, CA_FILE)

    def call():
        body = BytesIO()
        handle.setopt(pycurl.WRITEDATA, body)
        handle.perform()
        if handle.getinfo(pycurl.RESPONSE_CODE) != 200:
            raise RuntimeError("the answer is not HTTP 200")
        return json.loads(body.getvalue())

    return call


def session(task):
    import requests

    kept = requests.Session()
    kept.headers.update(HEADERS)

    def call():
        answer = kept.get(f"{task.url}/users/me/clusters", timeout=10)
        answer.raise_for_status()
        return answer.json()

    return call


def requests(task):
    import requests

    def call():
        answer = requests.get(f"{task.url}/users/me/clusters", headers=HEADERS, timeout=10)
        answer.raise_for_status()
        return answer.json()

    return call


def httpx(task):
    import ssl

    import httpx

    if "httpx" not in shared:  # Safe for threads, unlike a session of requests.
        verify = ssl.create_default_context(cafile=CA_FILE)
        shared["httpx"] = httpx.Client(http2=True, headers=HEADERS, timeout=10, verify=verify)
    kept = shared["httpx"]

    def call():
        answer = kept.get(f"{task.url}/users/me/clusters")
        answer.raise_for_status()
        return answer.json()

    return call


def typed(get):
    """The same, with values like those of the library."""
    from dataclasses import dataclass
    from typing import Optional

    @dataclass(frozen=True)
    class Gateway:
        __slots__ = ("base_url", "public_url", "url", "label", "order")
        base_url: str
        public_url: Optional[str]
        url: Optional[str]
        label: Optional[str]
        order: int

    @dataclass(frozen=True)
    class Cluster:
        __slots__ = ("id", "label", "region", "country", "gateways")
        id: str
        label: Optional[str]
        region: Optional[str]
        country: Optional[str]
        gateways: tuple[Gateway, ...]

    def gateway_of(parsed):
        public_url, url = parsed.get("publicUrl"), parsed.get("url")
        base_url = public_url or url
        if not base_url.endswith("/"):
            base_url += "/"
        return Gateway(base_url, public_url, url, parsed.get("label"), parsed["order"])

    def cluster_of(parsed):
        gateways = sorted(map(gateway_of, parsed["gateways"]), key=lambda one: one.order)
        return Cluster(
            parsed["clusterId"],
            parsed.get("label"),
            parsed.get("region"),
            parsed.get("country"),
            tuple(gateways),
        )

    return lambda: tuple(map(cluster_of, get()))


shared = {}
WAYS = {
    "library": library,
    "cached": cached,
    "pycurl": pycurl,
    "session": session,
    "requests": requests,
    "httpx": httpx,
}


class List:
    operations = 1

    def __init__(self, name, task):
        way, *rest = name.split("-")
        self.get = WAYS[way](task)
        if "typed" in rest:
            self.get = typed(self.get)
        is_typed = "typed" in rest or way in ("library", "cached")
        self.found = found_typed if is_typed else found_parsed
        if "look" in rest:
            self.use = look_typed if is_typed else look_parsed
        else:
            self.use = read_typed if is_typed else read_parsed
        self.expected = task.expect

    def call(self):
        answer = self.get()
        self.use(answer)
        return answer

    def check(self, answer):
        found = self.found(answer)
        if found != self.expected:
            raise RuntimeError(f"wrong answer: {found}")


class Cached(List):
    """A kept answer is got so fast that many calls are measured as one."""

    operations = 100

    def call(self):
        for _ in range(self.operations):
            answer = self.get()
        return answer


def work_named(name, task):
    return Cached(name, task) if name == "cached" else List(name, task)
