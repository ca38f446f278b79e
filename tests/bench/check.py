"""Rows about the check endpoint with a million keys: beside our own plain answers, crowded, and beside other programs."""
import json
import os
import pathlib
import shutil
import socket
import statistics
import subprocess
import tempfile
import threading
import time

from measure import ROOT, cost, cpu_s, load, program, ratios, request, row
from kit.net import free_port
from town import Town

PEERS = pathlib.Path(__file__).resolve().parent / "peers"
TURNS = 5


class Plain:
    """Our server answering plain 200s on a Unix socket: guard, routes, headers."""

    def __init__(self, folder):
        self.address = f"unix:{folder}/plain.sock"
        self.process = subprocess.Popen([program("http_bench"), "plain", self.address], stdout=subprocess.PIPE, text=True)
        self.process.stdout.readline()
        self.requests = [request("/v1/apis/petstore", (("User-Agent", "bench"), ("Accept", "*/*")))]

    def stop(self):
        self.process.terminate()


def beside_plain(town, plain, address, calls):
    pid, plain_pid = town.daemon.process.pid, plain.process.pid
    seen = {"check": [], "plain": []}

    def of(name, pids, where, requests):
        us, told = cost(pids, where, requests)
        seen[name].append(told["p99_us"])
        return us
    plain_us, check_us, ratio = ratios(TURNS, lambda: of("plain", [plain_pid], plain.address, plain.requests),
                                       lambda: of("check", [pid], address, calls))
    late = statistics.median(check / plain for check, plain in zip(seen["check"], seen["plain"]))
    row("check with 1 M keys vs own plain 200: answers per CPU; p99", "≥ 0.85; ≤ 1.5×",
        f"{1 / ratio:.2f} ({plain_us:.1f} → {check_us:.1f} µs); {late:.2f}×", 1 / ratio >= 0.85 and late <= 1.5)
    return check_us


def beside_idle(town, address, calls):
    pid, path = town.daemon.process.pid, address.removeprefix("unix:")
    quiet, crowded = [], []
    for _ in range(TURNS):
        quiet.append(cost([pid], address, calls)[0])
        idle = []
        for _ in range(960):
            peer = socket.socket(socket.AF_UNIX)
            peer.connect(path)
            peer.sendall(calls[0])
            peer.recv(4096)
            idle.append(peer)
        crowded.append(cost([pid], address, calls)[0])
        for peer in idle:
            peer.close()
    ratio = statistics.median(many / few for many, few in zip(crowded, quiet))
    row("check with 960 idle connections vs none, CPU", "≤ 1.5×", f"{ratio:.2f}×", ratio <= 1.5)


class Repeatedly:
    """Does something again and again on a thread while inside."""

    def __init__(self, work, pause_s=0.0):
        self.work, self.pause_s, self.over, self.times, self.problem = work, pause_s, threading.Event(), 0, None
        self.thread = threading.Thread(target=self.run)

    def run(self):
        try:
            while not self.over.is_set():
                self.work(self.times)
                self.times += 1
                self.over.wait(self.pause_s)
        except Exception as problem:
            self.problem = problem

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.thread.join()
        if self.problem:
            raise self.problem


def p99_beside(what, must, address, calls, work, pause_s):
    """p99 with something going on beside, against p99 without; a light load, as a full one hides the difference."""
    most, pairs, times = float(must.split()[1].rstrip("×")), [], 0
    for _ in range(TURNS):
        quiet = load(address, calls, connections=4)["p99_us"]
        with Repeatedly(work, pause_s) as beside:
            pairs.append((quiet, load(address, calls, connections=4)["p99_us"]))
        times += beside.times
    ratio = statistics.median(busy / quiet for quiet, busy in pairs)
    row(what, must, f"{ratio:.2f}× ({statistics.median(q for q, _ in pairs)} → {statistics.median(b for _, b in pairs)} µs, {times} times)",
        ratio <= most)


def swapping(town):
    """An approval or a revocation: each changes the image."""
    asked = {"id": None}

    def work(_):
        if asked["id"] is None:
            asked["id"] = town.post("/v1/subscriptions", {"app": "mover", "api": "parcels", "plan": "all"})["id"]
            town.daemon.rest("POST", f"/v1/subscriptions/{asked['id']}/approve", expect=200)
        else:
            town.daemon.rest("POST", f"/v1/subscriptions/{asked['id']}/revoke", {"reason": "bench"}, expect=200)
            asked["id"] = None
    return work


def bench_check():
    """The check endpoint over its Unix socket, 1,000 apps with 1,000,000 keys."""
    town = Town()
    plain = Plain(town.daemon.sockets)
    try:
        address = f"unix:{town.daemon.check_socket}"
        calls = [request(*town.check(key)) for key in town.keys]
        beside_plain(town, plain, address, calls)
        beside_idle(town, address, calls)
        p99_beside("check p99 while access changes with 1 M keys", "≤ 2×", address, calls, swapping(town), 0.05)
    finally:
        plain.stop()
        town.stop()


# --- other programs ------------------------------------------------------------------------------------------------

def npm_install(*packages):
    """Into the build folder, once; scripts of packages are not run."""
    folder = ROOT / "build/peers"
    folder.mkdir(parents=True, exist_ok=True)
    if not all((folder / "node_modules" / name.split("@")[0]).exists() for name in packages):
        (folder / "package.json").write_text('{"private":true}')
        subprocess.run(["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--silent", *packages], cwd=folder, check=True)
    return folder


class Node:
    """A server in JavaScript that prints its port when it is ready."""

    def __init__(self, script, *words, cwd):
        environment = os.environ | {"NODE_ENV": "production", "NODE_PATH": str(cwd / "node_modules"), "LOG_LEVEL": "error"}
        self.process = subprocess.Popen(["node", PEERS / script, *words], cwd=cwd, env=environment, stdout=subprocess.PIPE, text=True)
        line = ""
        while not line.startswith("port "):
            line = self.process.stdout.readline()
            if not line:
                raise SystemExit(f"{script} did not start")
        self.port = int(line.split()[1])
        threading.Thread(target=self.process.stdout.read, daemon=True).start()

    def stop(self):
        self.process.kill()
        self.process.wait()


def beside(town, name, peer, requests, must):
    calls = [request(*town.check(key)) for key in town.keys]
    ours_us, theirs_us, ratio = ratios(TURNS, lambda: cost([town.daemon.process.pid], f"unix:{town.daemon.check_socket}", calls)[0],
                                       lambda: cost([peer.process.pid], peer.port, requests)[0])
    row(f"check vs {name}: answers per CPU", f"≥ {must}×", f"{ratio:.1f}× ({ours_us:.1f} vs {theirs_us:.0f} µs)", ratio >= must)


class Nginx:
    """nginx with auth_request on the check socket, in front of an upstream; logs each request, as our Envoy does."""

    def __init__(self, check_socket, deployment, upstream_port):
        self.folder, self.port = pathlib.Path(tempfile.mkdtemp(prefix="chy-nginx-")), free_port()
        text = (PEERS / "nginx.conf.in").read_text()
        for name, value in {"FOLDER": self.folder, "UPSTREAM": upstream_port, "CHECK": check_socket, "DEPLOYMENT": deployment,
                            "PORT": self.port}.items():
            text = text.replace(f"@{name}@", str(value))
        (self.folder / "nginx.conf").write_text(text)
        self.process = subprocess.Popen(["nginx", "-p", self.folder, "-c", self.folder / "nginx.conf"], stderr=subprocess.DEVNULL)
        while not self.listens():
            if self.process.poll() is not None:
                raise SystemExit(f"nginx did not start: {(self.folder / 'error.log').read_text()}")
            time.sleep(0.01)

    def listens(self):
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def cpu_s(self):
        workers = pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return sum(cpu_s(int(pid)) for pid in [self.process.pid, *workers])

    def stop(self):
        self.process.terminate()
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def bench_peers():
    """The same question asked of express with a Map of 1 M keys and of express-gateway with one key."""
    town, peers = Town(), []
    try:
        folder = npm_install("express@5", "express-gateway@1")
        key = town.keys[0]
        keys = town.daemon.folder / "keys.json"
        keys.write_text(json.dumps(town.keys))
        express = Node("express.js", keys, cwd=folder)
        peers.append(express)
        beside(town, "express + Map(1 M)", express, [request(*town.check(key)) for key in town.keys], 15)
        gateway = Node("express-gateway.js", cwd=folder)
        peers.append(gateway)
        beside(town, "express-gateway, one key", gateway, [request("/parcels", (("Authorization", "apiKey bench:secret"),))], 30)
    finally:
        for peer in peers:
            peer.stop()
        town.stop()
