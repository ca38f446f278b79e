#!/usr/bin/python3
"""The whole path on real programs: import, publish, refuse, ask, approve in the console, allow, limit, count,
revoke, survive a kill -9 of chanceryd and of Envoy. Prints step, what was sent, what came back, ms; exits 1 at
the first wrong one. `./demo --story` and the test envoy/story run it. Options: --samples N (default 300)."""
import argparse
import html.parser
import http.client
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))
from kit.chancery import Answer, Chanceryd, Failed  # noqa: E402
from kit.console import Console  # noqa: E402
from kit.envoy import Envoy, find_envoy  # noqa: E402
from kit.net import free_port  # noqa: E402
from kit.upstream import Upstream  # noqa: E402

DOCUMENT = ROOT / "data/demo/parcels.yaml"
REAL_DOCUMENTS = ROOT.parent / "shared/corpora/lint/docs"
BASE = "/parcels/v1"
PASSWORD = "a long enough password"


class Wrong(Exception):
    """A step that did not come out as it must."""


def expect(what, got, want):
    if got != want:
        raise Wrong(f"{what}: expected {want!r}, got {got!r}")


def wait_until(what, check, timeout_s=10, every_s=0.002):
    end = time.monotonic() + timeout_s
    while time.monotonic() < end:
        value = check()
        if value:
            return value
        time.sleep(every_s)
    raise Wrong(f"{what}: not within {timeout_s} s")


def summary(samples_ms, *parts):
    ordered = sorted(samples_ms)
    return " ".join(f"{name} {ordered[min(len(ordered) - 1, int(len(ordered) * part))]:.1f}" for name, part in parts) + \
        f" max {ordered[-1]:.1f} ms ({len(ordered)} samples)"


class Form(html.parser.HTMLParser):
    """The fields of the form on a page that goes to an address containing a text."""

    def __init__(self, page, action):
        super().__init__()
        self.wanted, self.inside, self.fields, self.action, self.select = action, False, {}, None, None
        self.feed(page)
        if self.action is None:
            raise Wrong(f"no form for {action} on the page")

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "form":
            self.inside = self.wanted in (attrs.get("action") or "") and attrs.get("method", "").lower() == "post"
            if self.inside:
                self.action = attrs["action"]
        elif self.inside and tag == "input" and attrs.get("name"):
            self.fields[attrs["name"]] = attrs.get("value") or ""
        elif self.inside and tag == "textarea" and attrs.get("name"):
            self.fields[attrs["name"]] = ""
        elif self.inside and tag == "select":
            self.select = attrs.get("name")
        elif self.inside and tag == "option" and self.select and ("selected" in attrs or self.select not in self.fields):
            self.fields[self.select] = attrs.get("value") or ""

    def handle_endtag(self, tag):
        if tag == "form":
            self.inside = False
        elif tag == "select":
            self.select = None


class Browser:
    """A browser without JavaScript: one cookie, forms."""

    def __init__(self, port):
        self.port, self.cookie = port, None

    def ask(self, method, target, fields=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {"cookie": self.cookie} if self.cookie else {}
        body = None
        if fields is not None:
            body = urllib.parse.urlencode(fields)
            headers |= {"content-type": "application/x-www-form-urlencoded", "origin": f"http://127.0.0.1:{self.port}"}
        connection.request(method, target, body=body, headers=headers)
        answer = Answer(connection.getresponse())
        connection.close()
        for cookie in answer.set_cookies:
            self.cookie = cookie.split(";")[0]
        return answer

    def page(self, target):
        answer = self.ask("GET", target)
        expect(f"GET {target}", answer.status, 200)
        return answer.body.decode()

    def send(self, page, action, **values):
        form = Form(page, action)
        unknown = set(values) - set(form.fields)
        if unknown:
            raise Wrong(f"the form {form.action} has no field {unknown}; it has {sorted(form.fields)}")
        answer = self.ask("POST", form.action, form.fields | values)
        if answer.status != 303:
            raise Wrong(f"POST {form.action}: expected 303, got {answer}")
        return answer.headers["location"]


class Story:
    def __init__(self, samples):
        self.samples = samples
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="chy-story-"))
        self.envoy_binary = find_envoy()
        self.upstream = Upstream()
        self.daemon = Chanceryd(self.folder, envoy=self.envoy_binary)
        self.proxy_port = free_port()
        self.proxy = None
        self.sent = {}  # (operation, status, reason) -> count
        self.keys, self.subscription = {}, None
        self.step_number, self.started = 0, 0.0
        self.console = None

    # --- telling -----------------------------------------------------------------------------------

    def tell(self, number, sent, got, ms=None):
        took = f"{ms:9.1f} ms" if ms is not None else ""
        print(f"{number:>3}  {sent:<58} {got:<46}{took}", flush=True)

    # --- calling -----------------------------------------------------------------------------------

    def connect(self):
        return http.client.HTTPConnection("127.0.0.1", self.proxy_port, timeout=10)

    def call(self, method, path, key=None, headers=None, connection=None, base=BASE):
        own = connection is None
        connection = connection or self.connect()
        headers = dict(headers or {}) | ({"x-api-key": key} if key else {})
        connection.request(method, base + path, body=b"{}" if method == "POST" else None, headers=headers)
        answer = Answer(connection.getresponse())
        if own:
            connection.close()
        return answer

    def counted(self, method, path, key, operation, status, reason, headers=None):
        """A call that must come out as told, and that the figures must show later."""
        start = time.monotonic()
        answer = self.call(method, path, key, headers)
        ms = (time.monotonic() - start) * 1000
        expect(f"{method} {path}", answer.status, status)
        if reason != "ok":
            expect(f"{method} {path}: type", answer.headers.get("content-type"), "application/problem+json")
            expect(f"{method} {path}: code", answer.json["code"], reason)
        place = (operation, status, reason)
        self.sent[place] = self.sent.get(place, 0) + 1
        return answer, ms

    # --- steps -------------------------------------------------------------------------------------

    def prepare(self):
        self.daemon.init()
        self.daemon.start()
        post = lambda target, body: self.daemon.rest("POST", target, body, expect=201).json
        post("/v1/users", {"name": "dev", "display_name": "Devi Developer", "password": PASSWORD})
        post("/v1/teams", {"slug": "logistics", "name": "Logistics"})
        post("/v1/teams", {"slug": "web", "name": "Web shop"})
        self.daemon.rest("PUT", "/v1/teams/web/members/dev", {"role": "maintainer"})
        post("/v1/apis", {"slug": "parcels", "name": "Parcels", "team": "logistics", "summary": "Follow parcels"})
        post("/v1/plans", {"slug": "standard", "name": "Standard", "apis": ["parcels"], "rate_count": 6, "rate_period_s": 60, "burst": 6})
        post("/v1/plans", {"slug": "large", "name": "Large", "apis": ["parcels"]})
        for app in ("shop", "stranger", "sampler"):
            post("/v1/apps", {"slug": app, "name": app.title(), "team": "web"})
            self.keys[app] = post(f"/v1/apps/{app}/keys", {"name": "story"})["secret"]
        post("/v1/groups", {"slug": "edge", "name": "Edge"})
        post("/v1/gateways", {"slug": "edge-1", "group": "edge", "listener": f"127.0.0.1:{self.proxy_port}",
                              "admin": f"unix:{self.daemon.sockets}/admin.sock"})
        self.start_proxy()

    def start_proxy(self):
        bootstrap = self.daemon.rest("GET", "/v1/gateways/edge-1/bootstrap", expect=200).body
        self.proxy = Envoy(self.envoy_binary, bootstrap, self.folder)

    def import_document(self):
        start = time.monotonic()
        self.daemon.rest("POST", "/v1/apis/parcels/versions", {"label": "v1"}, expect=201)
        put = lambda api, label, path: self.daemon.rest(
            "PUT", f"/v1/apis/{api}/versions/{label}/document?name={path.name}", path.read_bytes(),
            {"content-type": "application/json" if path.suffix == ".json" else "application/yaml"}, expect=201).json
        imported = put("parcels", "v1", DOCUMENT)
        ms = (time.monotonic() - start) * 1000
        expect("operations", imported["operation_count"], 7)
        self.tell(1, f"PUT …/parcels/versions/v1/document ({DOCUMENT.name})", f"{imported['operation_count']} operations", ms)
        real = sorted(REAL_DOCUMENTS.glob("*petstore*.json")) + sorted(REAL_DOCUMENTS.glob("*netlify*.yaml"))
        for path in real[:1]:
            self.daemon.rest("POST", "/v1/apis", {"slug": "real", "name": "Real", "team": "logistics"}, expect=201)
            self.daemon.rest("POST", "/v1/apis/real/versions", {"label": "v1"}, expect=201)
            start = time.monotonic()
            imported = put("real", "v1", path)
            self.tell(1, f"PUT …/real/versions/v1/document ({path.name})", f"{imported['operation_count']} operations", (time.monotonic() - start) * 1000)

    def status(self):
        return self.daemon.rest("GET", "/v1/gateways/edge-1/status", expect=200).json

    def publish(self):
        start = time.monotonic()
        self.daemon.rest("POST", "/v1/apis/parcels/versions/v1/stage", {"stage": "published"}, expect=200)
        made = self.daemon.rest("POST", "/v1/deployments", {"api": "parcels", "version": "v1", "group": "edge", "base_path": BASE,
                                                            "upstream": f"http://127.0.0.1:{self.upstream.port}"}, expect=201).json
        self.deployment = made["id"]
        wait_until("Envoy serves the route", lambda: self.reachable() and self.call("GET", "/parcels").status == 401)
        ms = (time.monotonic() - start) * 1000
        self.count_probe()
        wait_until("Envoy has acknowledged", lambda: self.status()["sync"] == "in_sync")
        self.tell(2, "publish v1, deploy to group edge", "edge-1 in_sync, route enforced", ms)

    def reachable(self):
        try:
            self.connect().connect()
            return True
        except OSError:
            return False

    def count_probe(self):
        """wait_until's last call was refused with 401 and is in the figures, too."""
        self.sent[("", 401, "credential_missing")] = self.sent.get(("", 401, "credential_missing"), 0) + 1

    def refuse(self):
        steps = (
            ("GET", "/parcels", None, "", 401, "credential_missing", "no key"),
            ("GET", "/parcels", self.keys["stranger"], "", 403, "not_subscribed", "key of an app without access"),
            ("GET", "/nowhere", self.keys["stranger"], "", 403, "not_subscribed", "the same, unknown path"),
        )
        for method, path, key, operation, status, reason, what in steps:
            _, ms = self.counted(method, path, key, operation, status, reason)
            self.tell(3, f"{method} {path}, {what}", f"{status} {reason}", ms)
        self.grant("sampler", "large")
        _, ms = self.counted("GET", "/nowhere", self.keys["sampler"], "", 404, "operation_unknown")
        self.tell(3, "GET /nowhere, subscribed key", "404 operation_unknown", ms)
        answer, ms = self.counted("DELETE", "/parcels", self.keys["sampler"], "", 405, "method_not_allowed")
        expect("Allow", answer.headers.get("allow"), "GET, HEAD, POST")
        self.tell(3, "DELETE /parcels, subscribed key", f"405 method_not_allowed, Allow: {answer.headers['allow']}", ms)

    def grant(self, app, plan):
        asked = self.daemon.rest("POST", "/v1/subscriptions", {"app": app, "api": "parcels", "plan": plan, "purpose": "story"}, expect=201).json
        self.daemon.rest("POST", f"/v1/subscriptions/{asked['id']}/approve", expect=200)
        return asked["id"]

    def ask_on_the_portal(self):
        start = time.monotonic()
        browser = Browser(self.daemon.port)
        browser.send(browser.page("/sign-in"), "/sign-in", name="dev", password=PASSWORD)
        link = re.search(r'href="([^"]*/ask[^"]*)"', browser.page("/apis/parcels"))
        if not link:
            raise Wrong("the API's page offers no way to ask for access")
        page = browser.page(html.unescape(link[1]))
        browser.send(page, "/ask", app="shop", plan="standard", purpose="Show customers where their parcel is")
        waiting = self.daemon.rest("GET", "/v1/subscriptions?state=requested", expect=200).json["items"]
        expect("requests waiting", [(row["app"], row["plan"], row["requested_by"]) for row in waiting], [("shop", "standard", "dev")])
        self.subscription = waiting[0]["id"]
        self.tell(4, "the developer asks on the portal's form", "requested, waiting for approval", (time.monotonic() - start) * 1000)
        _, ms = self.counted("GET", "/parcels", self.keys["shop"], "", 403, "subscription_pending")
        self.tell(4, "GET /parcels with the app's key", "403 subscription_pending", ms)

    def open_console(self):
        self.console = Console(self.daemon.socket, 40, 120)
        self.console.wait("parcels")

    def approve_in_the_console(self):
        self.console.type("3")
        self.console.wait("shop")
        self.console.type("A")
        self.console.wait("Approve")
        self.console.type("agreed with logistics")
        start = time.monotonic()
        self.console.key("ENTER")
        wait_until("the approved call passes", lambda: self.approved())
        ms = (time.monotonic() - start) * 1000
        self.console.wait("approved")
        self.tell(5, "the operator types A, a reason, Enter in the console", "approved", ms)

    def approved(self):
        row = self.daemon.rest("GET", f"/v1/subscriptions/{self.subscription}", expect=200).json
        return row["state"] == "approved"

    def pass_and_limit(self):
        seen = len(self.upstream.requests)
        answer, ms = self.counted("GET", "/parcels", self.keys["shop"], "GET /parcels", 200, "ok", {"x-consumer": "somebody-else", "x-plan": "gold"})
        self.upstream_saw(seen)
        self.tell(6, "GET /parcels with the app's key and a forged x-consumer", "200; upstream saw x-consumer: shop, no key", ms)
        for _ in range(5):
            self.counted("GET", "/parcels/DE123456789", self.keys["shop"], "GET /parcels/{number}", 200, "ok")
        answer, ms = self.counted("GET", "/parcels", self.keys["shop"], "GET /parcels", 429, "rate_limited")
        if not 1 <= int(answer.headers.get("retry-after", 0)) <= 10:
            raise Wrong(f"Retry-After is {answer.headers.get('retry-after')!r}")
        self.tell(7, "GET /parcels past the plan's burst of 6", f"429 rate_limited, Retry-After: {answer.headers['retry-after']}", ms)

    def upstream_saw(self, seen):
        expect("requests at the upstream", len(self.upstream.requests), seen + 1)
        headers = self.upstream.requests[-1].headers
        expect("x-consumer at the upstream", headers.get("x-consumer"), "shop")
        expect("x-plan at the upstream", headers.get("x-plan"), "standard")
        expect("x-operation at the upstream", headers.get("x-operation"), "GET /parcels")
        if "x-api-key" in headers or self.keys["shop"] in str(headers):
            raise Wrong("the key reached the upstream")

    # --- figures -----------------------------------------------------------------------------------

    def figures(self):
        """(operation, status, reason) -> calls, as GET /v1/live has them."""
        found = {}
        for row in self.daemon.rest("GET", "/v1/live?by=operation&api=parcels", expect=200).json["rows"]:
            for reason in row["reasons"]:
                place = (row["operation"] or "", reason["status"], reason["reason"])
                found[place] = found.get(place, 0) + reason["count"]
        return found

    def before_traffic(self):
        row = next(line for line in self.console.screen() if "parcels" in line and "logistics" in line)
        if not re.search(r"\s-(\s|$)", row):
            raise Wrong(f"before traffic the cells must read '-': {row!r}")
        self.tell(1, "the console's Services before any call", "figures read '-'")

    def count(self):
        start = time.monotonic()
        wait_until("the figures are complete", lambda: self.figures() == self.sent, 2.0, 0.05) if self.figures() != self.sent else None
        expect("figures", self.figures(), self.sent)
        self.console.type("2")
        self.console.wait("published")
        self.console.key("ENTER")
        for (operation, status, reason), calls in self.sent.items():
            if operation:
                self.console.wait(operation)
        self.console.wait(f"{self.sent[('GET /parcels/{number}', 200, 'ok')]}")
        for reason in {reason for _, _, reason in self.sent if reason != "ok"}:
            self.console.wait(reason)
        ms = (time.monotonic() - start) * 1000
        if ms > 2000:
            raise Wrong(f"the figures took {ms:.0f} ms")
        self.tell(8, f"{sum(self.sent.values())} calls in {len(self.sent)} kinds", "live figures equal what was sent", ms)

    def revoke(self):
        start = time.monotonic()
        self.daemon.rest("POST", f"/v1/subscriptions/{self.subscription}/revoke", {"reason": "end of the story"}, expect=200)
        answer = self.call("GET", "/parcels", self.keys["shop"])
        ms = (time.monotonic() - start) * 1000
        expect("after the revocation", (answer.status, answer.json["code"]), (403, "subscription_expired"))
        receipt = self.daemon.rest("GET", f"/v1/subscriptions/{self.subscription}/receipt", expect=200).json
        expect("receipt", [(row["gateway"], row["enforced"]) for row in receipt["gateways"]], [("edge-1", True)])
        self.tell(9, "revoke, then GET /parcels with the same key", "403 subscription_expired; receipt: edge-1", ms)

    # --- failures ----------------------------------------------------------------------------------

    def pause_chanceryd(self):
        """A checker that has to wait for a processor delays calls; it must not cost one."""
        start, process = time.monotonic(), self.daemon.process
        process.send_signal(signal.SIGSTOP)
        threading.Timer(0.3, process.send_signal, (signal.SIGCONT,)).start()
        expect("a call while chanceryd stands still", self.call("GET", "/parcels", self.keys["sampler"]).status, 200)
        self.tell(10, "chanceryd stopped for 0.3 s in the middle of a call", "200, only later", (time.monotonic() - start) * 1000)

    def kill_chanceryd(self):
        before = self.catalog_state()
        self.daemon.kill()
        seen, start = len(self.upstream.requests), time.monotonic()
        connection = self.connect()
        for _ in range(1000):
            answer = self.call("GET", "/parcels", self.keys["sampler"], connection=connection)
            expect("with chanceryd killed", answer.status, 503)
        connection.close()
        expect("calls the upstream saw meanwhile", len(self.upstream.requests) - seen, 0)
        self.tell(10, "chanceryd killed with -9, 1,000 calls with a good key", "1,000 times 503, upstream saw none", (time.monotonic() - start) * 1000)
        start = time.monotonic()
        self.daemon.start()
        wait_until("the good key passes again", lambda: self.call("GET", "/parcels", self.keys["sampler"]).status == 200)
        ms = (time.monotonic() - start) * 1000
        expect("catalog after the kill", self.catalog_state(), before)
        wait_until("Envoy is known to be in sync again", lambda: self.status()["sync"] == "in_sync")
        self.tell(10, "chanceryd restarted", "200 as before, nothing acknowledged lost", ms)

    def catalog_state(self):
        return {target: self.daemon.rest("GET", target, expect=200).json["items"]
                for target in ("/v1/subscriptions", "/v1/apps", "/v1/apis", "/v1/deployments", "/v1/events?limit=500")}

    def kill_envoy(self):
        self.proxy.kill()
        start = time.monotonic()
        self.start_proxy()
        wait_until("the proxy is configured again", lambda: self.reachable() and self.call("GET", "/parcels", self.keys["sampler"]).status == 200)
        self.tell(11, "Envoy killed with -9 and started again", "200, configured without help", (time.monotonic() - start) * 1000)

    # --- how fast ----------------------------------------------------------------------------------

    def measure_access(self):
        allowed, refused = [], []
        key, connection = self.keys["stranger"], self.connect()
        for _ in range(self.samples):
            asked = self.daemon.rest("POST", "/v1/subscriptions", {"app": "stranger", "api": "parcels", "plan": "large"}, expect=201).json
            for action, status, samples in (("approve", 200, allowed), ("revoke", 403, refused)):
                start = time.monotonic()
                self.daemon.rest("POST", f"/v1/subscriptions/{asked['id']}/{action}", {"reason": "sample"}, expect=200)
                wait_until(action, lambda: self.call("GET", "/parcels", key, connection=connection).status == status, every_s=0)
                samples.append((time.monotonic() - start) * 1000)
        connection.close()
        parts = (("p50", 0.5), ("p99", 0.99))
        print(f"     approve → allowed   {summary(allowed, *parts)}")
        print(f"     revoke  → refused   {summary(refused, *parts)}")

    def measure_publishing(self):
        applied, connection = [], self.connect()
        for number in range(max(100, self.samples // 3)):
            base = f"/t{number}"
            row = self.daemon.rest("GET", f"/v1/deployments/{self.deployment}", expect=200)
            start = time.monotonic()
            self.daemon.rest("PATCH", f"/v1/deployments/{self.deployment}", {"base_path": base},
                             {"if-match": row.headers["etag"], "content-type": "application/merge-patch+json"}, expect=200)
            wait_until("the change is applied", lambda: self.call("GET", "/parcels", base=base, connection=connection).status == 401, every_s=0)
            applied.append((time.monotonic() - start) * 1000)
        connection.close()
        print(f"     change  → applied   {summary(applied, ('p50', 0.5), ('p95', 0.95))}", flush=True)

    def run(self):
        self.prepare()
        self.import_document()
        self.publish_with_console()
        self.refuse()
        self.ask_on_the_portal()
        self.approve_in_the_console()
        self.pass_and_limit()
        self.count()
        self.revoke()
        self.pause_chanceryd()
        self.kill_chanceryd()
        self.kill_envoy()
        if self.samples:
            self.measure_access()
            self.measure_publishing()

    def publish_with_console(self):
        self.open_console()
        self.before_traffic()
        self.publish()

    def stop(self):
        for part in (self.console, self.proxy, self.upstream):
            if part:
                part.stop()
        try:
            self.daemon.stop()
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)
            shutil.rmtree(self.daemon.sockets, ignore_errors=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--samples", type=int, default=300)
    options = parser.parse_args()
    if not find_envoy():
        print("story: there is no Envoy (no-program); see scripts/envoy", file=sys.stderr)
        return 77
    story = Story(options.samples)
    try:
        story.run()
    except (Wrong, Failed, OSError) as problem:
        print(f"WRONG {problem}", file=sys.stderr)
        for log in (story.daemon.log, story.folder / "envoy.log"):
            if log.exists():
                print(f"--- end of {log.name}\n{log.read_text(errors='replace')[-3000:]}", file=sys.stderr)
        if story.console:
            print("--- console\n" + "\n".join(story.console.screen()), file=sys.stderr)
        return 1
    finally:
        story.stop()
    print("story: 11 steps passed, 0 failed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
