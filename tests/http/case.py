"""A test case with its own chanceryd, users who are signed in, and a contract that judges every answer."""
import hashlib
import http.client
import pathlib
import secrets
import sqlite3
import sys
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))
from kit.chancery import Chanceryd, UnixConnection, ask  # noqa: E402
from contract import Contract  # noqa: E402

DOCUMENT = ROOT / "data/demo/parcels.yaml"
CONTRACT = Contract()
MINUTE_MS = 60000
# What a path parameter of the contract names in a row of its noun, unless it is the slug.
NAMED_BY = {"user": "name", "version": "label", **dict.fromkeys(("operation", "subscription", "deployment", "waiver", "review", "rule"), "id")}


class Person:
    """A session as signing in leaves it, used over TCP as a browser's scripts would."""

    def __init__(self, case, name):
        self.case, self.name = case, name
        self.cookie, self.csrf = secrets.token_urlsafe(32), secrets.token_hex(16)
        now = int(time.time() * 1000)
        with sqlite3.connect(case.daemon.settings["database"], timeout=10) as db:
            user = db.execute("SELECT id FROM account WHERE name = ?", (name,)).fetchone()[0]
            db.execute("INSERT INTO session(id, id_hash, user_id, csrf, created_at, seen_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
                       (secrets.randbits(60), hashlib.sha256(self.cookie.encode()).digest(), user, self.csrf, now, now, now + 60 * MINUTE_MS))
        db.close()

    def headers(self, method):
        own = {"cookie": f"chancery={self.cookie}"}
        return own if method in ("GET", "HEAD") else own | {"x-csrf-token": self.csrf}

    def ask(self, method, target, body=None, headers=None, expect=None):
        return self.case.send(self.case.tcp(), method, target, body, self.headers(method) | (headers or {}), expect)


class RestCase(unittest.TestCase):
    """One daemon a class; tests make objects with names of their own."""

    @classmethod
    def setUpClass(cls):
        cls.daemon = Chanceryd()
        cls.daemon.init()
        cls.daemon.start()

    @classmethod
    def tearDownClass(cls):
        status = cls.daemon.stop()
        log = cls.daemon.log.read_text()
        if status != 0 or "Sanitizer" in log or "runtime error" in log:
            raise AssertionError(f"chanceryd ended with {status}: {log[-3000:]}")

    def tcp(self):
        return http.client.HTTPConnection("127.0.0.1", self.daemon.port, timeout=30)

    def unix(self):
        return UnixConnection(self.daemon.socket)

    def send(self, connection, method, target, body=None, headers=None, expect=None):
        try:
            answer = ask(connection, method, target, body, headers)
        finally:
            connection.close()
        CONTRACT.judge(method, target, answer, body)
        if expect is not None:
            self.assertEqual(answer.status, expect, f"{method} {target}: {answer}")
        return answer

    def admin(self, method, target, body=None, headers=None, expect=None):
        """As the local administrator, over the Unix socket."""
        return self.send(self.unix(), method, target, body, headers, expect)

    def nobody(self, method, target, body=None, headers=None, expect=None):
        """Over TCP without a cookie."""
        return self.send(self.tcp(), method, target, body, headers, expect)

    def at_control(self, target, headers=None):
        """Where a proxy asks; what proxies may know is there a moment after the start, or after a gateway was made."""
        for _ in range(100):
            connection = UnixConnection(self.daemon.control_socket, timeout=70)
            try:
                answer = ask(connection, "GET", target, headers=headers)
            finally:
                connection.close()
            if answer.status not in (401, 503):
                break
            time.sleep(0.1)
        return answer

    # --- objects -----------------------------------------------------------------------------------

    def make(self, target, body):
        return self.admin("POST", target, body, expect=201).json

    def patch(self, target, body, who=None, expect=200):
        who = who or self.admin
        etag = who("GET", target, expect=200).headers["etag"]
        return who("PATCH", target, body, {"if-match": etag, "content-type": "application/merge-patch+json"}, expect)

    def person(self, name, team=None, role="member", **more):
        """A user who is signed in, and a member of that team."""
        if self.admin("GET", f"/v1/users/{name}").status == 404:
            self.make("/v1/users", {"name": name, **more})
        if team is not None:
            self.admin("PUT", f"/v1/teams/{team}/members/{name}", {"role": role}, expect=200)
        return Person(self, name)

    def team(self, slug):
        if self.admin("GET", f"/v1/teams/{slug}").status == 404:
            self.make("/v1/teams", {"slug": slug, "name": slug.title()})
        return slug

    def upload(self, api, label, content=None, name="openapi.yaml", who=None, expect=201):
        kind = "application/json" if name.endswith(".json") else "application/yaml"
        content = DOCUMENT.read_bytes() if content is None else content
        return (who or self.admin)("PUT", f"/v1/apis/{api}/versions/{label}/document?name={name}", content, {"content-type": kind}, expect)

    def api(self, slug, team, published=True, **more):
        """An API with a version v1 that has a document."""
        self.make("/v1/apis", {"slug": slug, "name": slug.title(), "team": self.team(team), **more})
        self.make(f"/v1/apis/{slug}/versions", {"label": "v1"})
        self.upload(slug, "v1")
        if published:
            self.admin("POST", f"/v1/apis/{slug}/versions/v1/stage", {"stage": "published"}, expect=200)
        return slug

    def app(self, slug, team):
        self.make("/v1/apps", {"slug": slug, "name": slug.title(), "team": self.team(team)})
        return slug

    def plan(self, slug, *apis, **more):
        self.make("/v1/plans", {"slug": slug, "name": slug.title(), "apis": list(apis), **more})
        return slug

    def everything(self):
        """One of each noun; their names by the contract's path parameters."""
        month = time.strftime("%Y-%m-%dT00:00:00Z", time.gmtime(time.time() + 30 * 86400))
        version = "/v1/apis/parcels/versions/v1"
        self.api("parcels", "crew", tags=["post"])
        self.person("ada", "crew", "owner")
        self.plan("gold", "parcels", rate_count=5, rate_period_s=1)
        self.app("shop", "crew")
        self.make("/v1/groups", {"slug": "edge", "name": "Edge"})
        self.make("/v1/gateways", {"slug": "edge-1", "group": "edge", "listener": "127.0.0.1:19989", "admin": "127.0.0.1:19988"})
        self.make("/v1/rulesets", {"slug": "house", "name": "House", "everywhere": True})
        self.admin("PUT", "/v1/rulesets/house/text", {"text": "extends: chancery\n"}, expect=200)
        by_id = {
            "operation": self.admin("GET", f"{version}/operations", expect=200).json["items"][0],
            "key": self.make("/v1/apps/shop/keys", {})["key"],
            "subscription": self.make("/v1/subscriptions", {"app": "shop", "api": "parcels", "plan": "gold"}),
            "deployment": self.make("/v1/deployments", {"api": "parcels", "version": "v1", "group": "edge", "base_path": "/parcels/v1",
                                                        "upstream": "http://127.0.0.1:8"}),
            "waiver": self.make("/v1/apis/parcels/waivers", {"code": "info-contact", "reason": "later", "not_after": month}),
            "review": self.make(f"{version}/reviews", {"note": "please"}),
            "rule": self.admin("GET", "/v1/gate-rules", expect=200).json["items"][0],
        }
        self.admin("POST", f"/v1/subscriptions/{by_id['subscription']['id']}/approve", {}, expect=200)
        return {"user": "ada", "team": "crew", "api": "parcels", "version": "v1", "plan": "gold", "app": "shop", "group": "edge",
                "gateway": "edge-1", "ruleset": "house", **{noun: row["id"] for noun, row in by_id.items()}}

    def problem(self, answer, status, pointer=None, words=""):
        """The answer is that problem, about that member of the body."""
        self.assertEqual(answer.status, status, answer)
        self.assertIn(words, answer.json["detail"])
        if pointer is not None:
            self.assertEqual([error["pointer"] for error in answer.json["errors"]], [pointer])


def main():
    unittest.main(verbosity=1)
