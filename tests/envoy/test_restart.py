#!/usr/bin/python3
"""Restarts of chanceryd under a real Envoy with traffic and changes going on: no call is refused, no acknowledged
change is lost, and no limit starts anew. Options: --restarts N, --rate CALLS_PER_SECOND. Exit 77 when there is no
Envoy."""
import argparse
import http.client
import shutil
import sys
import threading
import time
import pathlib

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))
from kit.chancery import Chanceryd, ask  # noqa: E402
from kit.envoy import Envoy, find_envoy, short_folder  # noqa: E402
from kit.net import free_port  # noqa: E402
from kit.upstream import Upstream  # noqa: E402

DOCUMENT = (ROOT / "data/demo/parcels.yaml").read_bytes()
CALLERS = 8
PERIOD_S, BURST = 1, 4  # of the limited app: one call a period
PAUSE_S = 0.4


class Traffic:
    """Threads that call at a steady rate over connections of their own, and what came back."""

    def __init__(self, port):
        self.port, self.ended, self.threads = port, threading.Event(), []
        self.answers, self.lock = {}, threading.Lock()

    def note(self, key, what):
        with self.lock:
            self.answers.setdefault(key, {}).setdefault(what, 0)
            self.answers[key][what] += 1

    def caller(self, name, key, rate):
        connection, due = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10), time.monotonic()
        while not self.ended.is_set():
            due = max(due + 1 / rate, time.monotonic() - 1)
            time.sleep(max(0, due - time.monotonic()))
            try:
                answer = ask(connection, "GET", "/parcels/v1/parcels", headers={"x-api-key": key})
                self.note(name, (answer.status, answer.json.get("code") if answer.status != 200 else None))
            except (OSError, http.client.HTTPException) as problem:
                self.note(name, repr(problem))
                connection.close()

    def start(self, name, key, rate, threads):
        for _ in range(threads):
            self.threads.append(threading.Thread(target=self.caller, args=(name, key, rate / threads)))
            self.threads[-1].start()

    def stop(self):
        self.ended.set()
        for thread in self.threads:
            thread.join()


def expect(condition, what):
    if not condition:
        raise SystemExit(f"FAILED: {what}")


class Stage:
    """Everything the story needs: a served API, an unlimited and a limited app."""

    def __init__(self, envoy, tcp):
        self.folder = short_folder()
        self.daemon = Chanceryd(self.folder, settings={
            name: f"127.0.0.1:{free_port()}" for name in ("control_listen", "check_listen")})  # the bootstrap names them
        self.upstream = Upstream(lambda request: (200, {}, b"{}"))
        self.port = free_port()
        self.daemon.init()
        self.daemon.start()
        post = lambda target, body, expect=201: self.daemon.rest("POST", target, body, expect=expect).json
        post("/v1/teams", {"slug": "owners", "name": "Owners"})
        post("/v1/apis", {"slug": "parcels", "name": "Parcels", "team": "owners"})
        post("/v1/apis/parcels/versions", {"label": "v1"})
        self.daemon.rest("PUT", "/v1/apis/parcels/versions/v1/document?name=a.yaml", DOCUMENT, {"content-type": "application/yaml"}, expect=201)
        post("/v1/apis/parcels/versions/v1/stage", {"stage": "published"}, 200)
        post("/v1/plans", {"slug": "free", "name": "Free", "apis": ["parcels"]})
        post("/v1/plans", {"slug": "tight", "name": "Tight", "apis": ["parcels"], "rate_count": 1, "rate_period_s": PERIOD_S, "burst": BURST})
        self.keys = {}
        for app, plan in (("open", "free"), ("limited", "tight")):
            post("/v1/apps", {"slug": app, "name": app, "team": "owners"})
            self.keys[app] = post(f"/v1/apps/{app}/keys", {"name": "k"})["secret"]
            wish = post("/v1/subscriptions", {"app": app, "api": "parcels", "plan": plan})
            post(f"/v1/subscriptions/{wish['id']}/approve", {}, 200)
        post("/v1/groups", {"slug": "edge", "name": "Edge"})
        gateway = {"slug": "edge-1", "group": "edge", "listener": f"127.0.0.1:{self.port}", "admin": f"unix:{self.folder}/a.sock"}
        if tcp:
            gateway["token_file"] = str(self.folder / "token")
        post("/v1/gateways", gateway)
        if tcp:
            token = self.daemon.rest("POST", "/v1/gateways/edge-1/token", expect=201).json["token"]
            (self.folder / "token").write_text(token)
        post("/v1/deployments", {"api": "parcels", "version": "v1", "group": "edge", "base_path": "/parcels/v1", "upstream": f"http://127.0.0.1:{self.upstream.port}"})
        self.envoy = Envoy(envoy, self.daemon.rest("GET", "/v1/gateways/edge-1/bootstrap", expect=200).body, self.folder)
        self.envoy.wait_ready()
        self.wait_served()

    def wait_served(self):
        end = time.monotonic() + 20
        while True:
            try:
                connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
                if ask(connection, "GET", "/parcels/v1/parcels", headers={"x-api-key": self.keys["open"]}).status == 200:
                    return
            except OSError:
                pass
            if time.monotonic() > end:
                raise SystemExit("FAILED: the API is not served")
            time.sleep(0.05)

    def stop(self):
        self.envoy.stop()
        self.daemon.stop()
        self.upstream.stop()
        sound = self.daemon.run("check")
        expect("sound" in sound.stdout, f"the catalog is damaged: {sound}")
        shutil.rmtree(self.folder, ignore_errors=True)


class Changes:
    """Changes that go on meanwhile."""

    def __init__(self, daemon):
        self.daemon, self.acknowledged, self.busy, self.odd = daemon, [], 0, []
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def run(self):
        number = 0
        while not self.ended.is_set():
            number += 1
            try:
                answer = self.daemon.rest("POST", "/v1/teams", {"slug": f"team-{number}", "name": "T"})
            except OSError as problem:
                self.odd.append(problem)
                continue
            if answer.status == 201:
                self.acknowledged.append(f"team-{number}")
            elif answer.status == 503 and "retry-after" in answer.headers:
                self.busy += 1
            else:
                self.odd.append(answer)
            time.sleep(0.01)

    def stop(self):
        self.ended.set()
        self.thread.join()


def restarts(envoy, count, rate, tcp):
    stage = Stage(envoy, tcp)
    traffic, changes = Traffic(stage.port), Changes(stage.daemon)
    began = time.monotonic()
    traffic.start("open", stage.keys["open"], rate, CALLERS)
    traffic.start("limited", stage.keys["limited"], 20, 2)
    took = []
    try:
        time.sleep(PAUSE_S)
        for _ in range(count):
            at = time.monotonic()
            done = stage.daemon.restart()
            expect(done.returncode == 0, f"restart: {done}\n{stage.daemon.log.read_text()[-3000:]}")
            took.append(time.monotonic() - at)
            time.sleep(PAUSE_S)
    finally:
        traffic.stop()
        changes.stop()
    seconds = time.monotonic() - began
    retried = stage.envoy.stat("cluster.chancery_check.upstream_rq_retry")
    for slug in changes.acknowledged:
        expect(stage.daemon.rest("GET", f"/v1/teams/{slug}").status == 200, f"{slug} was acknowledged and is lost")
    stage.stop()
    return took, seconds, traffic.answers, changes, retried


def judge(count, rate, name, result):
    took, seconds, answers, changes, retried = result
    calls = sum(answers["open"].values())
    limited = answers["limited"]
    allowed, most = limited.get((200, None), 0), BURST + seconds / PERIOD_S + 1
    print(f"{name}: {count} restarts in {seconds:.1f} s, {calls / seconds:.0f} of {rate} calls/s, median {sorted(took)[len(took) // 2] * 1000:.0f} ms; "
          f"{calls} calls {answers['open']}; limited {allowed} of at most {most:.0f}; "
          f"{len(changes.acknowledged)} changes, {changes.busy} told to wait; {retried} checks tried twice", flush=True)
    expect(set(answers["open"]) == {(200, None)}, f"calls were refused: {answers['open']}")
    expect(set(limited) <= {(200, None), (429, "rate_limited")}, f"limited calls went wrong: {limited}")
    expect(allowed <= most, f"{allowed} calls of the limited app, at most {most:.0f} are due")
    expect(allowed >= 0.7 * seconds / PERIOD_S, f"only {allowed} calls of the limited app")
    expect(not changes.odd, f"changes went wrong: {changes.odd[:3]}")
    expect(len(changes.acknowledged) > count, f"only {len(changes.acknowledged)} changes")


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--restarts", type=int, default=20)
    options.add_argument("--rate", type=int, default=500)
    given = options.parse_args()
    envoy = find_envoy()
    if envoy is None:
        sys.exit(77)
    for name, tcp in (("unix", False), ("tcp", True)):
        judge(given.restarts, given.rate, name, restarts(envoy, given.restarts, given.rate, tcp))


if __name__ == "__main__":
    main()
