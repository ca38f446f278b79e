"""Rows about many at once: approvals, gateways that poll, held and slow connections beside ordinary ones."""
import asyncio
import concurrent.futures
import json
import os
import resource
import shutil
import statistics
import sys
import tempfile
import time

from check import TURNS, p99_beside
from measure import ROOT, load, request, row, rss_mb
from town import Town

SYNC_BYTES = 4096


# --- approvals -----------------------------------------------------------------------------------------------------

def syncs_per_s(folder, seconds=1.0):
    """Appends of a page, each made durable, one after the other, on the disk that the catalog is on."""
    path = f"{folder}/sync"
    fd = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
    end, times = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        os.write(fd, bytes(SYNC_BYTES))
        os.fdatasync(fd)
        times += 1
    os.close(fd)
    os.unlink(path)
    return times / seconds


def bench_approvals():
    """Approvals of 16 operators at once against what the disk can sync."""
    town = Town(keys=1000, apps=1000)
    daemon, done = town.daemon, 0
    try:
        with concurrent.futures.ThreadPoolExecutor(16) as pool:
            town.post("/v1/plans", {"slug": "more", "name": "More", "apis": ["parcels"]})
            pairs = []
            for turn in range(TURNS):
                apps = [f"app-{number}" for number in range(turn * 200, turn * 200 + 200)]
                revoke = lambda app: [daemon.rest("POST", f"/v1/subscriptions/{one['id']}/revoke", {"reason": "bench"}, expect=200)
                                      for one in daemon.rest("GET", f"/v1/subscriptions?app={app}&state=approved", expect=200).json["items"]]
                list(pool.map(revoke, apps))
                asked = list(pool.map(lambda app: town.post("/v1/subscriptions", {"app": app, "api": "parcels", "plan": "more"})["id"], apps))
                raw = syncs_per_s(daemon.folder)
                told = load(f"unix:{daemon.socket}", [request(f"/v1/subscriptions/{one}/approve", (("Content-Length", "0"),), "POST") for one in asked],
                            connections=16, seconds=0)
                pairs.append((raw, told["answers"] / told["seconds"]))
                done += told["answers"]
        ratio = statistics.median(ours / raw for raw, ours in pairs)
        row("approvals/s (16 at once) vs raw fdatasync/s", "≥ 0.5", f"{ratio:.2f} ({statistics.median(o for _, o in pairs):.0f} vs "
            f"{statistics.median(r for r, _ in pairs):.0f}, {done} approvals)", ratio >= 0.5)
    finally:
        town.stop()


# --- a crowd -------------------------------------------------------------------------------------------------------

async def answer(reader):
    """Status and body of one answer."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = next((int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0)
    return int(head[9:12]), await reader.readexactly(length)


async def poll_forever(path, node, kind, seen):
    """One type of one gateway, as Envoy polls it: acknowledges what it is sent and asks again."""
    version = ""
    reader, writer = await asyncio.open_unix_connection(path)
    while True:
        body = json.dumps({"version_info": version, "node": {"id": node, "cluster": "edge"},
                           "type_url": f"type.googleapis.com/envoy.config.{kind}"}).encode()
        kinds = {"cluster.v3.Cluster": "clusters", "listener.v3.Listener": "listeners", "route.v3.RouteConfiguration": "routes"}
        writer.write(request(f"/v3/discovery:{kinds[kind]}", (("content-type", "application/json"), ("content-length", str(len(body))),
                                                             ("x-envoy-expected-rq-timeout-ms", "35000")), "POST") + body)
        status, text = await answer(reader)
        seen[status] = seen.get(status, 0) + 1
        if status == 200:
            version = json.loads(text)["version_info"]
        await asyncio.sleep(0.1)


class Gateways:
    """A hundred gateways on a thread of their own, three held polls each."""

    def __init__(self, town, count=100):
        import threading
        daemon = town.daemon
        for number in range(count):
            town.post("/v1/gateways", {"slug": f"edge-{number}", "group": "edge", "listener": f"127.0.0.1:{number + 1}",
                                       "admin": f"unix:{daemon.sockets}/none.sock"})
        rows = daemon.rest("GET", "/v1/gateways?limit=500", expect=200).json["items"]
        self.seen, self.loop = {}, asyncio.new_event_loop()
        for gateway in rows:
            for kind in ("cluster.v3.Cluster", "listener.v3.Listener", "route.v3.RouteConfiguration"):
                self.loop.create_task(poll_forever(daemon.control_socket, gateway["node_id"], kind, self.seen))
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()

    def end(self):
        for task in asyncio.all_tasks(self.loop):
            task.cancel()
        self.loop.call_soon(self.loop.stop)  # behind their last steps

    def stop(self):
        self.loop.call_soon_threadsafe(self.end)
        self.thread.join()
        if set(self.seen) - {200, 304}:
            raise SystemExit(f"polls were answered with {self.seen}")


def beside_gateways():
    town, gateways = Town(keys=1000, apps=100), None
    try:
        gateways = Gateways(town)
        time.sleep(2)
        calls = [request(*town.check(key)) for key in town.keys[:1000]]

        def publish(number):
            current = town.daemon.rest("GET", f"/v1/deployments/{town.deployment}", expect=200)
            town.daemon.rest("PATCH", f"/v1/deployments/{town.deployment}", {"timeout_ms": 1000 + number},
                             {"if-match": current.headers["etag"], "content-type": "application/merge-patch+json"}, expect=200)
        p99_beside("check p99 with 100 gateways polling and a publish each second", "≤ 1.5×", f"unix:{town.daemon.check_socket}", calls, publish, 1.0)
    finally:
        if gateways:
            gateways.stop()
        town.stop()


class Driver:
    """Ordinary requests at a fixed rate, a fifth of them changes, over 32 connections; each is timed from when it was due. It is a
    process of its own, so that the crowd's clients do not delay it."""

    RATE, SECONDS = 500, 60

    def __init__(self, path):
        self.path, self.took_ms, self.errors = path, [], []

    @staticmethod
    def message(number):
        if number % 5:
            targets = ("/v1/apis", "/v1/apps?limit=20", "/apis", "/v1/subscriptions?limit=20", "/healthz", "/v1/apis/parcels")
            return request(targets[number % len(targets)])
        body = json.dumps({"slug": f"crowd-{number}", "name": "Crowd", "team": "owners"}).encode()
        return request("/v1/apps", (("content-type", "application/json"), ("content-length", str(len(body)))), "POST") + body

    async def work(self, queue):
        reader, writer = await asyncio.open_unix_connection(self.path)
        while True:
            number, due = await queue.get()
            if number is None:
                return
            writer.write(self.message(number))
            status, _ = await answer(reader)
            self.took_ms.append((time.monotonic() - due) * 1000)
            if status not in (200, 201):
                self.errors.append(f"{number}: {status}")

    async def drive(self):
        queue, start = asyncio.Queue(), time.monotonic()
        workers = [asyncio.create_task(self.work(queue)) for _ in range(32)]
        for number in range(self.RATE * self.SECONDS):
            due = start + number / self.RATE
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            queue.put_nowait((number, due))
        for _ in workers:
            queue.put_nowait((None, 0))
        await asyncio.gather(*workers)


class Crowd:
    """Held polls and slow clients around a driver."""

    HELD, SLOW = 9900, 2000

    def __init__(self, town):
        self.daemon = town.daemon
        self.took_ms, self.errors, self.cut_s, self.held, self.rss = [], [], [], 0, 0.0
        self.over = asyncio.Event()

    async def hold(self, node, gate):
        """One long poll after the other; an answer is right whatever it says, a closed connection is not."""
        async with gate:
            reader, writer = await asyncio.open_unix_connection(self.daemon.control_socket)
        self.held += 1
        version = ""
        while not self.over.is_set():
            body = json.dumps({"version_info": version, "node": {"id": node, "cluster": "edge"},
                               "type_url": "type.googleapis.com/envoy.config.cluster.v3.Cluster"}).encode()
            writer.write(request("/v3/discovery:clusters", (("content-type", "application/json"), ("content-length", str(len(body))),
                                                           ("x-envoy-expected-rq-timeout-ms", "35000")), "POST") + body)
            try:
                status, text = await answer(reader)
            except (asyncio.IncompleteReadError, ConnectionError) as broken:
                if not self.over.is_set():
                    self.errors.append(f"held: {broken!r}")
                return
            if status == 200:
                version = json.loads(text)["version_info"]
            elif status != 304:
                self.errors.append(f"held: {status}")
                return

    async def crawl(self, gate):
        """Sends a head one byte a second; must be cut."""
        async with gate:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.daemon.port)
        start = time.monotonic()
        try:
            for byte in b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: " + b"x" * 60:
                writer.write(bytes([byte]))
                await writer.drain()
                if await asyncio.wait_for(reader.read(1024), 1.0) == b"":
                    break
        except asyncio.TimeoutError:
            pass
        except OSError:
            self.cut_s.append(time.monotonic() - start)
            return
        while time.monotonic() < start + 30:
            try:
                writer.write(b"x")
                if await asyncio.wait_for(reader.read(1024), 1.0) == b"":
                    break
            except asyncio.TimeoutError:
                continue
            except OSError:
                break
        self.cut_s.append(time.monotonic() - start)
        writer.close()

    async def run(self, node):
        gate = asyncio.Semaphore(64)
        held = [asyncio.create_task(self.hold(node, gate)) for _ in range(self.HELD)]
        while self.held < self.HELD and not self.errors:
            await asyncio.sleep(0.1)
        slow = [asyncio.create_task(self.crawl(gate)) for _ in range(self.SLOW)]
        driver = await asyncio.create_subprocess_exec(sys.executable, __file__, self.daemon.socket, stdout=asyncio.subprocess.PIPE)
        told = asyncio.create_task(driver.communicate())
        while not told.done():
            self.rss = max(self.rss, rss_mb(self.daemon.process.pid))
            await asyncio.wait([told], timeout=1)
        driven = json.loads((await told)[0])
        self.took_ms, self.errors = driven["took_ms"], self.errors + driven["errors"]
        await asyncio.gather(*slow)
        self.over.set()
        for task in held:
            task.cancel()
        await asyncio.gather(*held, return_exceptions=True)


def bench_crowd():
    """Gateways, then everything at once."""
    beside_gateways()
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    town = Town(keys=1000, apps=100, settings={"connections": 12500})
    try:
        town.post("/v1/gateways", {"slug": "edge-1", "group": "edge", "listener": "127.0.0.1:1", "admin": f"unix:{town.daemon.sockets}/none.sock"})
        node = town.daemon.rest("GET", "/v1/gateways/edge-1", expect=200).json["node_id"]
        crowd = Crowd(town)
        asyncio.run(crowd.run(node))
        ordered = sorted(crowd.took_ms)
        p99, cut = ordered[int(len(ordered) * 0.99)], max(crowd.cut_s)
        print(crowd.errors[:5])
        row("9,900 held, 2,000 slow, 500 requests/s (20 % changes) for 60 s", "p99 < 50 ms, 0 errors, < 512 MB, slow cut ≤ 17 s",
            f"p50 {statistics.median(ordered):.1f} p99 {p99:.1f} ms, {len(crowd.errors)} errors, {crowd.rss:.0f} MB, slow cut ≤ {cut:.1f} s",
            p99 < 50 and not crowd.errors and crowd.rss < 512 and cut <= 17 and len(crowd.cut_s) == Crowd.SLOW)
    finally:
        town.stop()


if __name__ == "__main__":  # the driver: run by the crowd with the socket to ask
    driver = Driver(sys.argv[1])
    asyncio.run(driver.drive())
    print(json.dumps({"took_ms": driver.took_ms, "errors": driver.errors}))
