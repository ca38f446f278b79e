"""Explaining equals what the check endpoint does; secrets are shown once and are nowhere afterwards."""
import pathlib

from case import RestCase, main
from kit.chancery import UnixConnection, ask

OPEN_DOCUMENT = b"""openapi: 3.1.0
info: {title: Open, version: "1"}
paths: {/hello: {get: {responses: {"200": {description: hello}}}}}
"""


class ExplainTest(RestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        self = cls()
        self.api("parcels", "logistics")
        self.make("/v1/apis/parcels/versions", {"label": "v2"})
        self.upload("parcels", "v2")
        self.make("/v1/apis", {"slug": "open", "name": "Open", "team": "logistics", "access": "open"})
        self.make("/v1/apis/open/versions", {"label": "v1"})
        self.upload("open", "v1", OPEN_DOCUMENT)
        self.admin("POST", "/v1/apis/open/versions/v1/stage", {"stage": "published"}, expect=200)
        self.plan("all", "parcels", "open"), self.plan("reading", "parcels", operations=["GET /parcels"])
        self.plan("slow", "parcels", rate_count=1, rate_period_s=3600, burst=1)
        self.make("/v1/groups", {"slug": "edge", "name": "Edge"})
        cls.deployments = {api: self.make("/v1/deployments", {"api": api, "version": "v1", "group": "edge", "base_path": f"/{api}/v1", "upstream": "http://127.0.0.1:8"})["id"]
                           for api in ("parcels", "open")}
        cls.keys, cls.subs = {}, {}
        for app, plan, step in (("approved", "all", "approve"), ("reader", "reading", "approve"), ("slowpoke", "slow", "approve"), ("waiting", "all", None), ("rejected", "all", "reject"),
                                ("suspended", "all", "suspend"), ("revoked", "all", "revoke"), ("stranger", None, None)):
            cls.grant(self, app, plan, step)

    def grant(self, app, plan, step):
        self.app(app, "apps")
        self.keys[app] = self.make(f"/v1/apps/{app}/keys", {})["secret"]
        if plan is None:
            return
        where = "/v1/subscriptions/" + self.make("/v1/subscriptions", {"app": app, "api": "parcels", "plan": plan})["id"]
        self.subs[app] = where[-13:]
        for move in {None: (), "approve": ("approve",), "reject": ("reject",)}.get(step, ("approve", step)):
            self.admin("POST", f"{where}/{move}", {"reason": "test"}, expect=200)

    def explain(self, method, path, api="parcels", version="v1", expect=200, who=None, **more):
        return (who or self.admin)("POST", "/v1/explain", {"api": api, "version": version, "method": method, "path": path, **more}, expect=expect).json

    def check(self, method, path, key=None, api="parcels"):
        """The same call as a proxy asks it."""
        connection = UnixConnection(self.daemon.check_socket)
        try:
            return ask(connection, method, f"/check/{self.deployments[api]}/{api}/v1{path}", headers={"x-api-key": key} if key else {})
        finally:
            connection.close()

    CASES = (  # app, method, path, status, code
        ("approved", "GET", "/parcels", 200, "ok"), ("approved", "HEAD", "/parcels", 200, "ok"), ("approved", "GET", "/parcels/DE1", 200, "ok"),
        ("approved", "GET", "/nowhere", 404, "operation_unknown"), ("approved", "DELETE", "/parcels", 405, "method_not_allowed"), ("approved", "GET", "/parcels/", 404, "operation_unknown"),
        ("reader", "GET", "/parcels", 200, "ok"), ("reader", "POST", "/parcels", 403, "operation_not_in_plan"),
        ("waiting", "GET", "/parcels", 403, "subscription_pending"), ("rejected", "GET", "/parcels", 403, "not_subscribed"), ("suspended", "GET", "/parcels", 403, "subscription_suspended"),
        ("revoked", "GET", "/parcels", 403, "subscription_expired"), ("stranger", "GET", "/parcels", 403, "not_subscribed"), ("stranger", "GET", "/nowhere", 403, "not_subscribed"),
        (None, "GET", "/parcels", 401, "credential_missing"),
    )

    def test_a_proxy_may_name_the_deployment_in_a_header(self):
        def status(header):
            connection = UnixConnection(self.daemon.check_socket)
            try:
                headers = {"x-api-key": self.keys["approved"]} | ({"x-chancery-deployment": header} if header else {})
                return ask(connection, "GET", "/check/0000000000000/parcels/v1/parcels", headers=headers).status
            finally:
                connection.close()
        self.assertEqual(status(self.deployments["parcels"]), 200)
        for nothing in (None, "", "0000000000000", "nonsense", self.deployments["parcels"] + "0"):
            self.assertEqual(status(nothing), 404, nothing)

    def test_explaining_a_key_or_an_app_is_what_a_proxy_is_told(self):
        for app, method, path, status, code in self.CASES:
            asked = self.check(method, path, self.keys.get(app))
            self.assertEqual(asked.status, status, (app, method, path, asked))
            if status != 200 and method != "HEAD":
                self.assertEqual(asked.json["code"], code)
            for credential in ({"key": self.keys[app]}, {"app": app}) if app else ({},):
                told = self.explain(method, path, **credential)
                self.assertEqual((told["status"], told["code"], told["allowed"]), (status, code, status == 200), (app, method, path, credential))
                self.assertEqual((told["app"], told["deployment"]), (app, self.deployments["parcels"]))
                if status == 200:
                    self.assertEqual(told["subscription"], self.subs[app])

    def test_what_is_told_beside_the_code(self):
        self.assertEqual(self.explain("GET", "/parcels/DE1", app="approved")["operation"], "GET /parcels/{number}")
        self.assertEqual(self.explain("DELETE", "/parcels", app="approved")["allow"], "GET, HEAD, POST")
        self.assertEqual(self.explain("GET", "/parcels", app="reader")["plan"], "reading")
        told = self.explain("GET", "/parcels", app="stranger")
        self.assertTrue(told["sentence"] and told["remedy"])
        self.assertEqual((told["plan"], told["operation"], told["subscription"]), (None, None, None))

    def test_other_credentials(self):
        self.assertEqual(self.explain("GET", "/parcels", key="chy_nonsense")["code"], "credential_unknown")
        self.app("keys", "apps")
        made = self.make("/v1/apps/keys/keys", {})
        self.admin("DELETE", f"/v1/apps/keys/keys/{made['key']['id']}", expect=200)
        self.assertEqual(self.explain("GET", "/parcels", key=made["secret"])["code"], "credential_revoked")
        self.assertEqual(self.explain("GET", "/hello", api="open")["code"], "ok")

    def test_asking_takes_nothing_from_limits(self):
        for _ in range(5):
            self.assertEqual(self.explain("GET", "/parcels", app="slowpoke")["code"], "ok")
        self.assertEqual([self.check("GET", "/parcels", self.keys["slowpoke"]).status for _ in range(2)], [200, 429])

    def test_a_version_that_is_deployed_nowhere(self):
        told = self.explain("GET", "/parcels", version="v2", app="approved")
        self.assertEqual((told["allowed"], told["deployment"], told["code"]), (False, None, "operation_unknown"))
        self.assertIn("deploy", told["remedy"])
        self.assertIsNone(self.explain("GET", "/parcels", group="elsewhere", app="approved")["deployment"])
        self.assertTrue(self.explain("GET", "/parcels", group="edge", app="approved")["allowed"])

    def test_what_cannot_be_asked(self):
        good = {"api": "parcels", "version": "v1", "method": "GET", "path": "/parcels"}
        post = lambda body: self.admin("POST", "/v1/explain", body)
        for name in good:
            self.problem(post({k: v for k, v in good.items() if k != name}), 422, f"/{name}")
            self.problem(post(good | {name: 7}), 422, f"/{name}")
        self.problem(post(good | {"path": "parcels"}), 422, "/path")
        self.problem(post(good | {"key": "x", "app": "approved"}), 422, "/app")
        self.problem(post(good | {"ap": "approved"}), 422, "/ap")
        for name in ("api", "version", "app"):
            self.problem(post(good | {name: "absent"}), 404)
        outsider = self.person("outsider").ask
        self.problem(outsider("POST", "/v1/explain", good | {"app": "approved"}), 404)
        self.assertEqual(self.explain("GET", "/parcels", who=outsider)["code"], "credential_missing")

    # --- secrets -----------------------------------------------------------------------------------

    def test_a_key_appears_once_and_nowhere_else(self):
        """K3: in no answer, no file of the catalog, no log, no spool, no backup."""
        self.app("canary", "apps")
        made = self.admin("POST", "/v1/apps/canary/keys", {"name": "canary"}, {"idempotency-key": "canary"}, 201)
        secret = made.json["secret"].encode()
        self.make("/v1/gateways", {"slug": "canary", "group": "edge", "listener": "127.0.0.1:19987", "admin": "127.0.0.1:19986"})
        token = self.admin("POST", "/v1/gateways/canary/token", expect=201).json["token"].encode()
        self.make("/v1/users", {"name": "canary", "password": "canary password 4711"})
        secrets = (secret, token, b"canary password 4711")
        self.assertEqual(made.headers["cache-control"], "no-store")
        self.check("GET", "/parcels", secret.decode())
        self.explain("GET", "/parcels", key=secret.decode())
        self.admin("POST", "/v1/explain", {"api": "parcels", "version": "v1", "method": "GET", "path": "bad", "key": secret.decode()}, expect=422)
        self.admin("POST", "/v1/apps/canary/keys", {"name": "canary"}, {"idempotency-key": "canary"}, 409)
        for target in ("/v1/apps/canary", "/v1/apps/canary/keys", "/v1/events?limit=500", "/v1/gateways/canary", "/v1/gateways/canary/bootstrap", "/v1/gateways/canary/consumers", "/v1/users/canary"):
            body = self.admin("GET", target, expect=200).body
            for text in secrets:
                self.assertNotIn(text, body, target)
        backup = self.daemon.folder / "backup.db"
        self.daemon.stop()
        done = self.daemon.run("backup", str(backup))
        self.daemon.start()
        self.assertEqual(done.returncode, 0, done.stderr)
        files = [path for path in pathlib.Path(self.daemon.folder).rglob("*") if path.is_file()]
        self.assertIn(self.daemon.log, files)
        self.assertTrue(any(b"canary" in path.read_bytes() for path in files), "the search finds what is there")
        for path in files:
            content = path.read_bytes()
            for text in secrets:
                self.assertNotIn(text, content, path)


if __name__ == "__main__":
    main()
