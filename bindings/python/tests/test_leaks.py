"""10,000 calls of each kind: the resident memory stays flat, and so do descriptors and threads."""

from __future__ import annotations

import pytest
from conftest import RunScript

CALLS = 10_000
# What is missing one small block for each call has grown by more than this: 10,000 times 48 bytes
# are 469 KiB.
MAXIMUM_GROWTH_KIB = 320

KINDS = {
    "lists on the main thread": "good.list_clusters()",
    "lists that are looked at": "[each.gateways[0].order for each in good.list_clusters()]",
    "lists of which other parts are looked at": "repr(good.list_clusters())",
    "lists with a cancellation": "good.list_clusters(cancellation=pinarkive.Cancellation())",
    "kept lists": "kept.list_clusters()[0]",
    "lists on another thread": "elsewhere(good.list_clusters)",
    "lists with asyncio": "loop.run_until_complete(many(asynchronous))",
    "refused keys": "fail(wrong.list_clusters, pinarkive.UnauthorizedError)",
    "answers that are no JSON": "fail(html.list_clusters, pinarkive.ProtocolError)",
    "cancelled calls": "fail(cancelled, pinarkive.CallCancelledError)",
    "clients": "pinarkive.Client().close()",
    "forgotten clients": "pinarkive.Client()",
    "refused clients": "fail(lambda: pinarkive.Client(api_key=''), pinarkive.InvalidArgumentError)",
    "URLs": "pinarkive.gateway_url('https://gateway.example/ipfs', CID)",
    "refused URLs": "fail(lambda: pinarkive.gateway_url(None, 'no'), pinarkive.InvalidContentError)",
    "many URLs": "pinarkive.gateway_urls(None, [CID] * 9)",
    "many URLs, some refused": "pinarkive.gateway_urls(None, [CID, 'no', 'a\\0b', CID])",
    "many URLs, all refused": "fail(lambda: pinarkive.gateway_urls('no', [CID]), ValueError)",
    "candidates": "clusters.candidates(CID, 'cl1-eu')",
    "refused candidates": "fail(lambda: clusters.candidates(CID, 'none'), ValueError)",
    "CIDs": "pinarkive.CID.parse(CID).format('base36')",
    "CIDs from bytes": "pinarkive.CID.from_bytes(binary)",
    "refused CIDs": "fail(lambda: pinarkive.CID.parse('no'), pinarkive.InvalidContentError)",
    "CIDs in refused bases": "fail(lambda: cid.format('base1'), pinarkive.InvalidArgumentError)",
}


@pytest.mark.parametrize("kind", KINDS)
def test_memory_stays_flat(run_script: RunScript, kind: str) -> None:
    done = run_script(
        f"""
import asyncio, gc, os, queue, sys, threading
import pinarkive
CID = "bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi"
good = pinarkive.Client()
wrong = pinarkive.Client(api_key="wrong", max_attempts=1)
html = pinarkive.Client(api_key="sandbox-html", max_attempts=1)
kept = pinarkive.Client(cache_ttl=600)
asynchronous = pinarkive.AsyncClient()
clusters = good.list_clusters()
cid = pinarkive.CID.parse(CID)
binary = bytes(cid)
loop = asyncio.new_event_loop()

async def many(client):
    await asyncio.gather(*(client.list_clusters() for _ in range(4)))

def fail(call, kind):
    try:
        call()
    except kind:
        return
    raise SystemExit("no error")

def cancelled():
    cancellation = pinarkive.Cancellation()
    cancellation.cancel()
    good.list_clusters(cancellation=cancellation)

work, done = queue.SimpleQueue(), queue.SimpleQueue()
def elsewhere(call):
    work.put(call)
    done.get()
def serve():
    while (call := work.get()) is not None:
        done.put(call())
server = threading.Thread(target=serve)
server.start()

def run(times):
    for _ in range(times // (4 if "many" in {KINDS[kind]!r} else 1)):
        {KINDS[kind]}
    gc.collect()

def state():
    with open("/proc/self/statm") as statm:
        resident = int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") // 1024
    return resident, len(os.listdir("/proc/self/fd")), len(os.listdir("/proc/self/task"))

run(2000)
before = state()
run({CALLS})
after = state()
work.put(None)
server.join()
print(*(now - then for now, then in zip(after, before)))
loop.run_until_complete(asynchronous.close())
loop.close()
"""
    )
    resident, descriptors, threads = map(int, done.stdout.split())
    assert resident <= MAXIMUM_GROWTH_KIB, f"grew by {resident} KiB over {CALLS} calls: {kind}"
    assert descriptors <= 0
    assert threads <= 1
