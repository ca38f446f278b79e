"""What the three harnesses share: a server with the shim in it, clerks who make changes and note what was
acknowledged, and the comparison of what is there with what must be."""
import ctypes
import hashlib
import http.client
import mmap
import os
import pathlib
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))
from kit.chancery import Chanceryd, Failed, UnixConnection, ask, binary  # noqa: E402,F401

DOCUMENT = (ROOT / "data/demo/parcels.yaml").read_text()
HALVES = (ROOT / "tests/crash/halves.sql").read_text()
CONTROL_BYTES = 4096
VOLATILE_NO, VOLATILE_HONEST, VOLATILE_LAZY, VOLATILE_NEVER = range(4)
PAGE = 500  # rows of one answer
TELL_EACH = 250  # good ones: a word, so that one sees it is going on


class Control(ctypes.Structure):
    """struct control of control.h."""
    _fields_ = [(name, ctypes.c_uint32) for name in ("armed", "calls", "files", "shape")] + \
               [("error", ctypes.c_int32), ("countdown", ctypes.c_int32)] + \
               [(name, ctypes.c_uint32) for name in ("sticky", "matched", "fired", "volatiles", "next_id", "recording")] + \
               [("log_bytes", ctypes.c_uint64)]


def sanitizer(program):
    """The sanitizer's library that the program needs first, or None."""
    for line in subprocess.run(["ldd", program], capture_output=True, text=True, check=True).stdout.splitlines():
        if "libasan" in line:
            return line.split("=>")[1].split()[0]
    return None


class Server(Chanceryd):
    """chanceryd with the shim preloaded; `control` steers it while it runs."""

    def __init__(self, shim=True, tcp=False):
        super().__init__(tcp=tcp)
        self.control, self.record = None, None
        if shim:
            self.preload()

    def preload(self):
        program = binary("chanceryd")
        shims = pathlib.Path(program).parents[1] / "tests/crash"
        asan = sanitizer(program)
        page = self.folder / "control"
        page.write_bytes(bytes(CONTROL_BYTES))
        with open(page, "r+b") as file:
            self.page = mmap.mmap(file.fileno(), CONTROL_BYTES)
        self.control = Control.from_buffer(self.page)
        libraries = [asan, shims / "libcrash_shim.so"] if asan else [shims / "libcrash_shim.so", shims / "libcrash_malloc.so"]
        self.fails_allocations = asan is None
        self.environment = {"LD_PRELOAD": ":".join(map(str, libraries)), "CRASH_CONTROL": str(page), "CRASH_ROOT": str(self.folder)}

    def record_to(self, path):
        """From now on every write is written down."""
        self.record = pathlib.Path(path)
        self.record.write_bytes(b"")
        self.environment["CRASH_LOG"] = str(path)
        self.control.recording = 1

    def rest_json(self, target):
        return self.rest("GET", target, expect=200).json

    def every(self, target):
        """All rows of a list."""
        rows, cursor = [], ""
        while True:
            page = self.rest_json(f"{target}{'&' if '?' in target else '?'}limit={PAGE}{cursor}")
            rows += page["items"]
            if not page["next"]:
                return rows
            cursor = f"&cursor={page['next']}"

    def sound(self):
        """What `chanceryd check` finds, asked of the running server: None when sound."""
        return self.rest("POST", "/v1/check", {}, expect=200).json["problem"]

    def halves(self):
        """Whether a half of a change is on the disk of a server that has been killed: None, or how many. Looked at in a
        copy, so that the server itself recovers."""
        copy, name = scratch(), pathlib.Path(self.settings["database"])
        for end in ("", "-wal"):
            if name.with_name(name.name + end).exists():
                shutil.copy(name.with_name(name.name + end), copy / f"copy{end}")
        db = sqlite3.connect(copy / "copy")
        found = db.execute(HALVES).fetchone()[0]
        db.close()
        shutil.rmtree(copy)
        return f"{found} rows and events are there one without the other" if found else None

    def seed(self):
        """What the clerks work on."""
        for target, body in (("/v1/teams", {"slug": "owners", "name": "Owners"}),
                             ("/v1/apis", {"slug": "shared", "name": "Shared", "team": "owners"}),
                             ("/v1/apis/shared/versions", {"label": "v1"}),
                             ("/v1/plans", {"slug": "plan", "name": "Plan", "apis": ["shared"]})):
            self.rest("POST", target, body, expect=201)
        self.rest("PUT", "/v1/apis/shared/versions/v1/document?name=a.yaml", DOCUMENT.encode(), {"content-type": "application/yaml"}, expect=201)
        self.rest("POST", "/v1/apis/shared/versions/v1/stage", {"stage": "published"}, expect=200)
        self.rest("POST", "/v1/groups", {"slug": "edge", "name": "Edge"}, expect=201)
        self.deployment = self.rest("POST", "/v1/deployments", {"api": "shared", "version": "v1", "group": "edge", "base_path": "/s",
                                                                "upstream": "http://127.0.0.1:9"}, expect=201).json["id"]

    def clear(self):
        """Ends the process and takes its folder away."""
        if self.process and self.process.poll() is None:
            self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)


class Facts:
    """For each thing the values it was given, in order, and up to which one that was acknowledged. Each thing is
    changed by one clerk at a time, so what is there is the last acknowledged value or the one behind it."""

    def __init__(self):
        self.lock, self.values, self.acked, self.positions = threading.Lock(), {}, {}, {}

    def sent(self, thing, value):
        with self.lock:
            self.values.setdefault(thing, []).append(value)
            self.positions.setdefault(thing, []).append(-1)

    def acknowledged(self, thing, position=0):
        with self.lock:
            self.acked[thing] = len(self.values[thing])
            self.positions[thing][-1] = position

    def refused(self, thing):
        """The last value was answered with an error: it is not there."""
        with self.lock:
            self.values[thing].pop()
            self.positions[thing].pop()

    def may_be(self, thing):
        acked = self.acked.get(thing, 0)
        before = [None] if acked == 0 else [self.values[thing][acked - 1]]
        return before + self.values[thing][acked:acked + 1]

    def wrong(self, there):
        """The first thing that is not as it must be, in words; None when all are."""
        for thing in self.values:
            if there.get(thing) not in self.may_be(thing):
                return f"{thing}: is {there.get(thing)!r}, must be one of {self.may_be(thing)}"
        return None

    def settle(self, there):
        """What was unanswered has turned out to be there or not."""
        for thing, values in self.values.items():
            acked = self.acked.get(thing, 0)
            if len(values) > acked and there.get(thing) == values[acked]:
                self.acked[thing] = len(values)
            elif len(values) > acked:
                values.pop()
                self.positions[thing].pop()

    def count(self):
        with self.lock:
            return sum(self.acked.values())


class Clerk:
    """One client: a connection, its own teams, API, apps; every change and its acknowledgement goes into `facts`."""

    def __init__(self, server, name, facts, seed):
        self.server, self.name, self.facts = server, name, facts
        self.random, self.number = random.Random(seed), 0
        self.connection, self.stopped, self.refusals = None, False, []
        self.app, self.subscription, self.state, self.keys, self.etags, self.api = None, None, None, {}, {}, None

    # --- one change --------------------------------------------------------------------------------

    def change(self, thing, value, method, target, body, headers=None, status=(200, 201)):
        """Sends one change that gives `thing` that value. None when it was refused or not answered."""
        self.facts.sent(thing, value)
        if self.connection is None:
            self.connection = UnixConnection(self.server.socket)
        answer = ask(self.connection, method, target, body, headers)
        if answer.status in status:
            control = self.server.control
            self.facts.acknowledged(thing, control.log_bytes if control else 0)
            return answer
        self.facts.refused(thing)
        if answer.status != 429:  # two uploads at a time are taken
            self.refusals.append((method, target, answer))
        return None

    def fresh(self, kind):
        self.number += 1
        return f"{self.name}-{kind}{self.number}"

    def new_team(self):
        slug = self.fresh("t")
        answer = self.change(f"team {slug}", "0", "POST", "/v1/teams", {"slug": slug, "name": "T", "description": "0"})
        if answer:
            self.etags[slug] = [answer.headers["etag"], 0]

    def patch_team(self):
        if not self.etags:
            return self.new_team()
        slug = self.random.choice(list(self.etags)[-5:])
        etag, value = self.etags[slug]
        answer = self.change(f"team {slug}", str(value + 1), "PATCH", f"/v1/teams/{slug}", {"description": str(value + 1)},
                             {"if-match": etag, "content-type": "application/merge-patch+json"})
        if answer:
            self.etags[slug] = [answer.headers["etag"], value + 1]
        else:
            del self.etags[slug]
        return None

    def document(self):
        if self.api is None:
            slug = self.fresh("a")
            if not self.change(f"api {slug}", slug, "POST", "/v1/apis", {"slug": slug, "name": slug, "team": "owners"}) or \
               not self.change(f"version {slug}", "draft", "POST", f"/v1/apis/{slug}/versions", {"label": "v1"}):
                return
            self.api = slug
        content = (DOCUMENT + f"# {self.fresh('d')} " + "x" * self.random.randrange(20000) + "\n").encode()
        self.change(f"document {self.api}", hashlib.sha256(content).hexdigest(), "PUT",
                    f"/v1/apis/{self.api}/versions/v1/document?name=a.yaml", content, {"content-type": "application/yaml"})

    def access(self):
        """One step on: app, key, request, approval, suspension, revocation."""
        if self.state in (None, "revoked"):
            slug = self.fresh("p")
            self.app, self.subscription, self.state = None, None, None
            if self.change(f"app {slug}", slug, "POST", "/v1/apps", {"slug": slug, "name": slug, "team": "owners"}):
                self.app, self.state = slug, "app"
        elif self.state == "app":
            answer = self.change(f"subscription {self.app}", "requested", "POST", "/v1/subscriptions", {"app": self.app, "api": "shared", "plan": "plan"})
            self.subscription, self.state = (answer.json["id"], "requested") if answer else (None, None)
        else:
            step, state = self.random.choice({
                "requested": [("approve", "approved")], "approved": [("suspend", "suspended"), ("revoke", "revoked")],
                "suspended": [("resume", "approved")]}[self.state])
            if self.change(f"subscription {self.app}", state, "POST", f"/v1/subscriptions/{self.subscription}/{step}", {"reason": "r"}):
                self.state = state

    def key(self):
        if self.app is None:
            return
        if self.keys and self.random.random() < 0.4:
            name, (app, number) = self.keys.popitem()
            self.change(f"key {app} {name}", "revoked", "DELETE", f"/v1/apps/{app}/keys/{number}", None)
            return
        name = self.fresh("k")
        answer = self.change(f"key {self.app} {name}", "live", "POST", f"/v1/apps/{self.app}/keys", {"name": name})
        if answer:
            self.keys[name] = (self.app, answer.json["key"]["id"])

    def step(self):
        self.random.choices((self.new_team, self.patch_team, self.document, self.access, self.key), (3, 5, 1, 6, 2))[0]()

    # --- a life ------------------------------------------------------------------------------------

    def run(self):
        """Until the server is gone, or told to stop. What was under way may be undone, so nothing is kept."""
        try:
            while not self.stopped:
                self.step()
        except (OSError, http.client.HTTPException):
            pass
        if self.connection:
            self.connection.close()
        self.connection, self.app, self.subscription, self.state, self.keys, self.etags, self.api = None, None, None, None, {}, {}, None


def look(server, facts):
    """What the server says is there, by the names of the facts."""
    there = {f"team {row['slug']}": row["description"] for row in server.every("/v1/teams")}
    there |= {f"app {row['slug']}": row["slug"] for row in server.every("/v1/apps")}
    there |= {f"subscription {row['app']}": row["state"] for row in server.every("/v1/subscriptions")}
    there |= {f"api {row['slug']}": row["slug"] for row in server.every("/v1/apis")}
    for kind, *names in [thing.split() for thing in facts.values]:
        thing = " ".join((kind, *names))
        if kind == "version" and f"api {names[0]}" in there:
            there |= {thing: row["stage"] for row in server.every(f"/v1/apis/{names[0]}/versions")}
        elif kind == "document" and f"api {names[0]}" in there:
            answer = server.rest("GET", f"/v1/apis/{names[0]}/versions/v1/document")
            there[thing] = hashlib.sha256(answer.body).hexdigest() if answer.status == 200 else None
        elif kind == "key" and thing not in there and f"app {names[0]}" in there:
            there |= {f"key {names[0]} {row['name']}": "revoked" if row["revoked_at"] else "live" for row in server.every(f"/v1/apps/{names[0]}/keys")}
    return there


def parser(description, *numbers):
    """The options every harness has: how many, and the seed of a run to be repeated."""
    import argparse
    options = argparse.ArgumentParser(description=description)
    for name, default, text in numbers:
        options.add_argument(f"--{name}", type=int, default=default, help=text)
    options.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 31), help="repeats a run")
    options.add_argument("--keep", action="store_true", help="keep the folder of a failure")
    return options


class Count:
    """Passed and failed, told in the closing line."""

    def __init__(self, name):
        self.name, self.passed, self.failed, self.begin = name, 0, 0, time.monotonic()

    def so_far(self):
        print(f"{self.name}: {self.passed} so far, {self.failed} wrong, {time.monotonic() - self.begin:.0f} s", flush=True)

    def expect(self, good, text):
        if good:
            self.passed += 1
            if self.passed % TELL_EACH == 0:
                self.so_far()
        else:
            self.failed += 1
            print(f"{self.name}: FAILED: {text}", flush=True)
        return good

    def close(self):
        print(f"{self.name}: {self.passed} passed, {self.failed} failed", flush=True)
        return 0 if self.failed == 0 else 1


def scratch(prefix="chy-crash-"):
    return pathlib.Path(tempfile.mkdtemp(prefix=prefix))
