"""The demo: chanceryd on a fresh file with the sample catalog, two upstreams, a real Envoy, gentle traffic."""
import http.client
import json
import os
import pathlib
import random
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))
from kit.chancery import Chanceryd, Failed, binary  # noqa: E402
from kit.upstream import Upstream  # noqa: E402

PORTAL_PORT, PROXY_PORT = 8080, 10000  # preferred; others when taken
APIS = (  # slug, label, document, team, base path, summary
    ("parcels", "v1", "parcels.yaml", "logistics", "/parcels/v1", "Send parcels and follow them to the door", ["shipping"]),
    ("rooms", "v2", "rooms.yaml", "workplace", "/rooms", "Find a free meeting room and book it", ["workplace"]),
    ("invoices", "v3", "invoices.json", "finance", "/invoices/v3", "Invoices as the ledger knows them", ["finance", "billing"]),
)
TEAMS = (("logistics", "Logistics platform"), ("workplace", "Workplace"), ("finance", "Finance systems"), ("web", "Web shop"))
PATHS = {
    "parcels": ("GET /parcels", "GET /parcels/DE123456789", "GET /parcels/DE123456789/events", "POST /parcels"),
    "rooms": ("GET /rooms", "GET /rooms/berlin-3", "GET /rooms/berlin-3/bookings?day=2026-01-05"),
    "invoices": ("GET /invoices", "GET /invoices/4711"),
}


def free_port(preferred):
    for port in (preferred, 0):
        with socket.socket() as s:
            s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                s.bind(("127.0.0.1", port))
                return s.getsockname()[1]
            except OSError:
                continue
    raise OSError("no free port")


class Demo:
    def __init__(self):
        self.folder = ROOT / "build/demo" / f"{os.getpid()}"
        self.folder.mkdir(parents=True)
        self.portal_port, self.proxy_port = free_port(PORTAL_PORT), free_port(PROXY_PORT)
        self.envoy_binary = os.environ.get("ENVOY", "")
        self.url = f"http://127.0.0.1:{self.portal_port}"
        self.daemon = Chanceryd(self.folder, envoy=self.envoy_binary, settings={
            "listen": f"127.0.0.1:{self.portal_port}", "public_url": self.url, "control_listen": "", "check_listen": ""})
        self.upstreams, self.envoy, self.stopping = [], None, threading.Event()
        self.passwords = {"olivia": secrets.token_urlsafe(9), "dev": secrets.token_urlsafe(9)}
        self.keys = {}

    def say(self, text):
        print(f"  {text}", flush=True)

    # --- catalog ---------------------------------------------------------------------------------

    def post(self, target, body):
        return self.daemon.rest("POST", target, body, expect=201).json

    def seed(self):
        put = self.daemon.rest
        self.post("/v1/users", {"name": "olivia", "display_name": "Olivia Operator", "role": "operator", "password": self.passwords["olivia"]})
        self.post("/v1/users", {"name": "dev", "display_name": "Devi Developer", "password": self.passwords["dev"]})
        for slug, name in TEAMS:
            self.post("/v1/teams", {"slug": slug, "name": name, "contact": f"{slug}@example.com"})
        put("PUT", "/v1/teams/web/members/dev", {"role": "maintainer"})
        self.post("/v1/groups", {"slug": "edge", "name": "Edge", "public_url": f"http://127.0.0.1:{self.proxy_port}"})
        for index, (slug, label, document, team, base_path, summary, tags) in enumerate(APIS):
            self.add_api(slug, label, document, team, base_path, summary, tags, self.upstreams[index % 2].port)
        slugs = [row[0] for row in APIS]
        self.post("/v1/plans", {"slug": "standard", "name": "Standard", "description": "Enough for most apps", "apis": slugs, "rate_count": 50, "rate_period_s": 1, "burst": 100})
        self.post("/v1/plans", {"slug": "trial", "name": "Trial", "description": "To look around: five calls, then one each ten seconds", "apis": slugs, "rate_count": 6, "rate_period_s": 60, "burst": 5})
        self.add_app("shop", "Web shop", ("parcels", "invoices"))
        self.add_app("badge-reader", "Badge reader", ("rooms",))
        self.add_app("dashboard", "Dashboard", ())
        self.post("/v1/subscriptions", {"app": "dashboard", "api": "rooms", "plan": "standard", "purpose": "Show free rooms on the lobby screens"})
        self.post("/v1/subscriptions", {"app": "dashboard", "api": "parcels", "plan": "trial", "purpose": "Count parcels per day"})

    def add_api(self, slug, label, document, team, base_path, summary, tags, port):
        path = ROOT / "data/demo" / document
        title = {"parcels": "Parcels", "rooms": "Meeting rooms", "invoices": "Invoices"}[slug]
        self.post("/v1/apis", {"slug": slug, "name": title, "team": team, "summary": summary, "tags": tags})
        self.post(f"/v1/apis/{slug}/versions", {"label": label})
        kind = "application/json" if document.endswith("json") else "application/yaml"
        self.daemon.rest("PUT", f"/v1/apis/{slug}/versions/{label}/document?name={document}", path.read_bytes(), {"content-type": kind}, expect=201)
        self.daemon.rest("POST", f"/v1/apis/{slug}/versions/{label}/stage", {"stage": "published"}, expect=200)
        self.post("/v1/deployments", {"api": slug, "version": label, "group": "edge", "base_path": base_path, "upstream": f"http://127.0.0.1:{port}"})

    def add_app(self, slug, name, apis):
        self.post("/v1/apps", {"slug": slug, "name": name, "team": "web"})
        self.keys[slug] = self.post(f"/v1/apps/{slug}/keys", {"name": "demo"})["secret"]
        for api in apis:
            asked = self.post("/v1/subscriptions", {"app": slug, "api": api, "plan": "standard", "purpose": "Part of the demo"})
            self.daemon.rest("POST", f"/v1/subscriptions/{asked['id']}/approve", {"reason": "part of the demo"}, expect=200)

    # --- proxy -----------------------------------------------------------------------------------

    def start_envoy(self):
        admin = self.daemon.sockets / "admin.sock"
        self.post("/v1/gateways", {"slug": "edge-1", "group": "edge", "listener": f"127.0.0.1:{self.proxy_port}", "admin": f"unix:{admin}"})
        if not self.envoy_binary:
            return
        bootstrap = self.folder / "envoy.yaml"
        bootstrap.write_bytes(self.daemon.rest("GET", "/v1/gateways/edge-1/bootstrap", expect=200).body)
        with open(self.folder / "envoy.log", "wb") as log:
            self.envoy = subprocess.Popen(
                [self.envoy_binary, "-c", bootstrap, "--disable-hot-restart", "--reject-unknown-dynamic-fields",
                 "--component-log-level", "misc:error", "--log-level", "warn", "--concurrency", "1"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        self.wait_for_proxy()

    def wait_for_proxy(self):
        end = time.monotonic() + 15
        while time.monotonic() < end:
            try:
                if self.call("rooms", "GET /rooms", self.keys["badge-reader"]) == 200:
                    return
            except OSError:
                pass
            time.sleep(0.05)
        raise Failed(f"Envoy did not come up: {self.folder}/envoy.log")

    def call(self, api, operation, key):
        base = next(row[4] for row in APIS if row[0] == api)
        method, path = operation.split(" ")
        connection = http.client.HTTPConnection("127.0.0.1", self.proxy_port, timeout=5)
        try:
            body = b"{}" if method == "POST" else None
            connection.request(method, base + path, body=body, headers={"x-api-key": key} if key else {})
            answer = connection.getresponse()
            answer.read()
            return answer.status
        finally:
            connection.close()

    def traffic(self):
        """About ten calls a second, a few of them refused for each of the usual reasons."""
        dice = random.Random(7)
        while not self.stopping.wait(0.1):
            api = dice.choice(("parcels", "parcels", "invoices", "rooms"))
            key = self.keys["badge-reader" if api == "rooms" else "shop"]
            operation = dice.choice(PATHS[api])
            turn = dice.random()
            if turn < 0.03:
                key = None
            elif turn < 0.06:
                key = self.keys["dashboard"]
            elif turn < 0.08:
                operation = "GET /nowhere"
            try:
                self.call(api, operation, key)
            except OSError:
                pass

    # --- life ------------------------------------------------------------------------------------

    def start(self):
        start = time.monotonic()
        self.upstreams = [Upstream(), Upstream()]
        self.daemon.init()
        self.daemon.start()
        self.say(f"chanceryd serves {self.url}, catalog in {self.folder.relative_to(ROOT)}/chancery.db")
        self.seed()
        self.say(f"{len(APIS)} APIs, {len(TEAMS)} teams, 3 apps, 2 requests waiting for approval")
        self.start_envoy()
        if self.envoy:
            self.say(f"Envoy listens on 127.0.0.1:{self.proxy_port} and enforces the catalog")
            threading.Thread(target=self.traffic, daemon=True).start()
        else:
            self.say("no Envoy is to be had here: portal and console run, nothing is proxied (see above)")
        self.say(f"ready after {time.monotonic() - start:.1f} s")

    def block(self):
        print(f"\n  Portal    {self.url}")
        if os.environ.get("SSH_CONNECTION"):
            print(f"            from your machine: ssh -L {self.portal_port}:127.0.0.1:{self.portal_port} {os.environ['SSH_CONNECTION'].split()[2]}")
        print(f"  Operator  olivia / {self.passwords['olivia']}")
        print(f"  Developer dev / {self.passwords['dev']}")
        print(f"  Console   {binary('chancery')} --socket {self.daemon.socket}")
        if self.envoy:
            print(f"\n  Refused, because no key is sent:\n    curl -i http://127.0.0.1:{self.proxy_port}/parcels/v1/parcels")
            print(f"  Refused, because the app has asked but nobody has approved yet:\n    curl -i -H 'X-API-Key: {self.keys['dashboard']}' http://127.0.0.1:{self.proxy_port}/rooms/rooms")
        print(flush=True)

    def stay(self):
        if sys.stdin.isatty() and sys.stdout.isatty():
            input("  Enter opens the console (3 Requests: A approves; q leaves) … ")
            while True:
                subprocess.run([binary("chancery"), "--socket", self.daemon.socket], check=False)
                if input("  Stop the demo? [Y/n] ").strip().lower() in ("", "y", "yes"):
                    return
        else:
            print("  Ctrl-C ends it.", flush=True)
            signal.pause()

    def stop(self, keep):
        self.stopping.set()
        if self.envoy:
            self.envoy.terminate()
            self.envoy.wait()
        self.daemon.stop()
        for upstream in self.upstreams:
            upstream.stop()
        if not keep:
            shutil.rmtree(self.folder, ignore_errors=True)
            shutil.rmtree(self.daemon.sockets, ignore_errors=True)


def main():
    def leave(number, frame):
        raise KeyboardInterrupt

    keep = "--keep" in sys.argv[1:]
    for number in (signal.SIGINT, signal.SIGTERM):  # INT, too: a shell without job control has it ignored
        signal.signal(number, leave)
    demo = Demo()
    try:
        demo.start()
        demo.block()
        demo.stay()
    except (KeyboardInterrupt, EOFError):
        print()
    except (Failed, OSError) as problem:
        print(f"demo: {problem}", file=sys.stderr)
        return 1
    finally:
        demo.stop(keep)
    return 0


if __name__ == "__main__":
    sys.exit(main())
