"""Consumer lists as maps: real HAProxy and nginx with the sample configurations decide by them as chanceryd does, or refuse."""
import gzip
import http.client
import os
import pathlib
import random
import shutil
import signal
import subprocess
import tempfile
import time

from case import CONTRACT, ROOT, RestCase, main
from kit.chancery import UnixConnection, ask
from kit.net import free_port
from kit.upstream import Upstream

SAMPLES = ROOT / "data/proxies"
JS_MODULE = pathlib.Path("/usr/lib/nginx/modules/ngx_http_js_module.so")
MAPS = {"haproxy": ("haproxy-consumers", "haproxy-operations"), "nginx": ("nginx",)}
CALLS = 200


def program(name):
    """A program, also where the path of an ordinary user does not lead."""
    return shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")


class Proxy:
    """A real proxy with its sample configuration, in a folder of its own."""

    def __init__(self, kind, upstream):
        self.kind, self.port = kind, free_port()
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="chy-"))
        self.maps, self.pid = self.folder / "chancery", self.folder / "pid"
        self.maps.mkdir()
        self.config = self.folder / ("haproxy.cfg" if kind == "haproxy" else "nginx.conf")
        text = (SAMPLES / self.config.name).read_text()
        for sample, own in ((f"/etc/{kind}/chancery", self.maps), ("127.0.0.1:10000", f"127.0.0.1:{self.port}"),
                            ("127.0.0.1:10001", f"127.0.0.1:{upstream}"), ("127.0.0.1:10002", f"127.0.0.1:{upstream}")):
            assert sample in text, sample
            text = text.replace(sample, str(own))
        if kind == "nginx":
            for name in ("guard.conf", "chancery.js"):
                shutil.copy(SAMPLES / name, self.maps)
            places = "".join(f"{name}_temp_path {self.folder}/{name};\n" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
            text = f"daemon off;\npid {self.pid};\nerror_log {self.folder}/log;\n" + text.replace("http {", f"http {{\naccess_log off;\n{places}", 1)
        self.config.write_text(text)
        self.process = None

    @property
    def reload(self):
        """What fetch-maps is given."""
        if self.kind == "haproxy":
            return [SAMPLES / "reload-haproxy", self.config, self.pid]
        nginx = f"nginx -e {self.folder}/log -c {self.config}"
        return ["sh", "-c", f"{nginx} -q -t && {nginx} -s reload"]

    def start(self):
        line = ["haproxy", "-W", "-db", "-p", self.pid, "-f"] if self.kind == "haproxy" else ["nginx", "-e", self.folder / "log", "-c"]
        with open(self.folder / "out", "ab") as out:
            self.process = subprocess.Popen([program(line[0]), *line[1:], self.config], stdin=subprocess.DEVNULL, stdout=out, stderr=out)
        for _ in range(500):
            try:
                self.ask("GET", "/")
                return
            except OSError:
                if self.process.poll() is not None:
                    break
                time.sleep(0.02)
        raise AssertionError(f"{self.kind} does not start: {(self.folder / 'out').read_text()}")

    def ask(self, method, path, key=None, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            return ask(connection, method, path, headers={**({"x-api-key": key} if key else {}), **(headers or {})})
        finally:
            connection.close()

    def await_status(self, status, *call):
        """Until a call has that answer."""
        end, seen = time.monotonic() + 30, None
        while time.monotonic() < end:
            try:
                seen = self.ask(*call).status
            except OSError as gone:  # between two workers
                seen = gone
            if seen == status:
                return
            time.sleep(0.02)
        said = "".join(path.read_text()[-2000:] for path in self.folder.iterdir() if path.name in ("out", "fetch", "log"))
        raise AssertionError(f"{self.kind}: {call} is {seen}, not {status}: {said}")

    def stop(self):
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM if self.kind == "haproxy" else signal.SIGQUIT)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


class MapsTest(RestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        self = cls()
        cls.upstream = Upstream()
        self.api("parcels", "zoo")
        self.make("/v1/apis", {"slug": "rooms", "name": "Rooms", "team": "zoo", "access": "open"})
        self.make("/v1/apis/rooms/versions", {"label": "v2"})
        self.upload("rooms", "v2")
        self.admin("POST", "/v1/apis/rooms/versions/v2/stage", {"stage": "published"}, expect=200)
        self.plan("whole", "parcels")
        self.plan("part", "parcels", operations=["GET /parcels/{number}", "GET /depots"])
        self.plan("rate", "parcels", rate_count=1000000, rate_period_s=1)
        self.plan("quota", "parcels", quota_count=1000000, quota_period="day")
        self.make("/v1/groups", {"slug": "edge", "name": "Edge"})
        self.make("/v1/gateways", {"slug": "edge-1", "group": "edge", "listener": "127.0.0.1:19990", "admin": "unix:/nowhere"})
        cls.places = {api: self.make("/v1/deployments", {"api": api, "version": label, "group": "edge", "base_path": f"/{api}",
                                                         "upstream": f"http://127.0.0.1:{cls.upstream.port}"})["id"]
                      for api, label in (("parcels", "v1"), ("rooms", "v2"))}
        cls.keys, cls.subs = {}, {}
        for plan in ("whole", "part", "rate", "quota", None):
            self.consumer(f"app-{plan or 'none'}", plan)

    @classmethod
    def tearDownClass(cls):
        cls.upstream.stop()
        super().tearDownClass()

    def consumer(self, app, plan):
        self.app(app, "shop")
        self.keys[app] = self.make(f"/v1/apps/{app}/keys", {})["secret"]
        if plan:
            asked = self.make("/v1/subscriptions", {"app": app, "api": "parcels", "plan": plan})["id"]
            self.admin("POST", f"/v1/subscriptions/{asked}/approve", expect=200)
            self.subs[app] = asked
        return self.keys[app]

    def proxy(self, kind):
        if program(kind) is None or (kind == "nginx" and not JS_MODULE.exists()):
            self.skipTest(f"no-program: {kind} is not installed")
        made = Proxy(kind, self.upstream.port)
        self.addCleanup(made.stop)
        return made

    def fetch(self, name, query="", headers=None, expect=200):
        target = f"/v1/gateways/edge-1/maps/{name}{query}"
        answer = self.at_control(target, headers)
        self.assertEqual(answer.status, expect, answer)
        CONTRACT.judge("GET", target, answer, None)
        return answer

    def started(self, kind):
        made = self.proxy(kind)
        for name in MAPS[kind]:
            (made.maps / name).write_bytes(self.fetch(name).body)
        made.start()
        return made

    def decided(self, method, path, key):
        connection = UnixConnection(self.daemon.check_socket)
        try:
            return ask(connection, method, f"/check/{self.places[path.split('/')[1]]}{path}", headers={"x-api-key": key} if key else {}).status
        finally:
            connection.close()

    # --- what a proxy decides ----------------------------------------------------------------------

    def judge_calls(self, kind):
        made, seed, allowed = self.started(kind), int(time.time()), 0
        dice = random.Random(seed)
        keys = [self.keys[app] for app in ("app-whole", "app-part", "app-none")] + ["chy_l" + "0" * 38, "nonsense", None]
        rests = ["/parcels", "/parcels/7", "/parcels/a%2Fb", "/parcels/7/label", "/parcels/7/events?from=1", "/depots", "/parcels/", "/none", "",
                 "/parcels/..", "/parcels/.", "/depots?x=/parcels", "//depots", "/parcels/7/labels"]
        for _ in range(CALLS):
            method, rest, key = dice.choice(("GET", "GET", "GET", "HEAD", "POST", "DELETE", "PUT")), dice.choice(rests), dice.choice(keys[:3] + keys)
            path = ("/parcels" if "/." in rest else dice.choice(("/parcels", "/parcels", "/parcels", "/rooms"))) + rest
            what = f"{kind}, seed {seed}: {method} {path} with {key}"
            want, got = self.decided(method, path, key), made.ask(method, path, key).status
            self.assertEqual(got // 100, want // 100, what)
            allowed += got == 200
        self.assertGreater(allowed, CALLS / 10)

    def test_haproxy_decides_as_chanceryd_does(self):
        self.judge_calls("haproxy")

    def test_nginx_decides_as_chanceryd_does(self):
        self.judge_calls("nginx")

    def judge_refusals(self, kind):
        """What the map cannot say is refused, and what is spelt oddly; what is refused never reaches the upstream."""
        made, whole = self.started(kind), self.keys["app-whole"]
        reached = len(self.upstream.requests)
        for app in ("app-rate", "app-quota"):
            self.assertEqual(self.decided("GET", "/parcels/depots", self.keys[app]), 200)
            self.assertEqual(made.ask("GET", "/parcels/depots", self.keys[app]).status, 403)
        part = self.keys["app-part"]
        for path in ("/parcels/%70arcels/7", "/parcels/parcels/7/%6cabel", "/parcels/parcels/7%00", "/parcels/x/../depots", "/parcels/parcels/%2e%2e",
                     "/parcels/parcels/7/../../depots", "/x/parcels/depots", "/parcelsx/depots", "/rooms/../parcels/depots", "/parcels/depots;a/../../rooms"):
            for key in (whole, part):
                self.assertNotEqual(made.ask("GET", path, key).status, 200, path)
        cors = {"origin": "https://example.org", "access-control-request-method": "GET"}
        self.assertNotEqual(made.ask("OPTIONS", "/parcels/depots", None, cors).status, 200)
        statuses = [made.ask(method, path, key).status for method, path, key in (
            ("GET", "/parcels/depots", None), ("GET", "/parcels/depots", self.keys["app-none"]), ("POST", "/parcels/parcels", part),
            ("GET", "/parcels/none", whole), ("PUT", "/parcels/depots", whole))]
        self.assertIn(statuses, ([401, 401, 403, 404, 405], [401, 403, 403, 404, 405]))
        self.assertEqual(len(self.upstream.requests), reached)

    def test_haproxy_refuses_what_its_maps_do_not_say(self):
        self.judge_refusals("haproxy")

    def test_nginx_refuses_what_its_maps_do_not_say(self):
        self.judge_refusals("nginx")

    def judge_identity(self, kind):
        made = self.started(kind)
        forged = {"x-consumer": "evil", "x-plan": "evil"}
        seen = made.ask("GET", "/parcels/parcels/7?x=%20y", self.keys["app-part"], forged).json
        self.assertEqual((seen["headers"].get("x-consumer"), seen["headers"].get("x-plan"), seen["path"]), ("app-part", "part", "/parcels/parcels/7?x=%20y"))
        self.assertNotIn("x-api-key", seen["headers"])
        seen = made.ask("GET", "/rooms/anything", None, forged).json
        self.assertEqual((seen["headers"].get("x-consumer"), seen["headers"].get("x-plan")), (None, None))

    def test_haproxy_tells_the_upstream_who_calls(self):
        self.judge_identity("haproxy")

    def test_nginx_tells_the_upstream_who_calls(self):
        self.judge_identity("nginx")

    # --- keeping the maps --------------------------------------------------------------------------

    def keep(self, made, ttl_s, token=None):
        """fetch-maps beside a proxy; over TCP with a token."""
        if program("curl") is None:
            self.skipTest("no-program: curl is not installed")
        log = open(made.folder / "fetch", "ab")
        where, own = self.daemon.control_socket, {"TTL": str(ttl_s), "PATH": f"{os.environ['PATH']}:/usr/sbin:/sbin"}
        if token:
            (made.folder / "token").write_text(token)
            where, own["TOKEN_FILE"] = f"http://127.0.0.1:{self.daemon.ready['control_port']}", made.folder / "token"
        kept = subprocess.Popen([SAMPLES / "fetch-maps", where, "edge-1", made.maps, made.kind, *made.reload], stdin=subprocess.DEVNULL,
                                stdout=log, stderr=log, env={**os.environ, **own}, start_new_session=True)
        log.close()

        def end():
            os.killpg(kept.pid, signal.SIGKILL)
            kept.wait()
        self.addCleanup(end)
        return made.folder / "fetch"

    def judge_changes(self, kind):
        made, app = self.started(kind), f"fresh-{kind}"
        self.keep(made, 60, self.make("/v1/gateways/edge-1/token", None)["token"] if kind == "haproxy" else None)
        self.app(app, "shop")
        key = self.make(f"/v1/apps/{app}/keys", {})
        call = ("GET", "/parcels/depots", key["secret"])
        self.assertEqual(made.ask(*call).status, 401)
        sub = self.make("/v1/subscriptions", {"app": app, "api": "parcels", "plan": "whole"})["id"]
        self.admin("POST", f"/v1/subscriptions/{sub}/approve", expect=200)
        made.await_status(200, *call)
        self.admin("POST", f"/v1/subscriptions/{sub}/revoke", {"reason": "over"}, expect=200)
        made.await_status(401, *call)  # an app without access is not on the list
        self.assertEqual(made.ask("GET", "/parcels/depots", self.keys["app-whole"]).status, 200)

    def test_haproxy_learns_of_a_revocation(self):
        self.judge_changes("haproxy")

    def test_nginx_learns_of_a_revocation(self):
        self.judge_changes("nginx")

    def judge_silence(self, kind):
        made = self.started(kind)
        call = ("GET", "/parcels/depots", self.keys["app-whole"])
        log = self.keep(made, 2)
        made.await_status(200, *call)
        self.daemon.stop()
        try:
            made.await_status(401, *call)
            self.assertIn("the maps are emptied", log.read_text())
        finally:
            self.daemon.start()
        made.await_status(200, *call)

    def test_haproxy_lets_nobody_pass_when_chanceryd_is_silent(self):
        self.judge_silence("haproxy")

    def test_nginx_lets_nobody_pass_when_chanceryd_is_silent(self):
        self.judge_silence("nginx")

    # --- the answers -------------------------------------------------------------------------------

    def test_maps_have_a_version_and_wait_for_another(self):
        first = self.fetch("nginx")
        self.assertRegex(first.headers["etag"], r'^"\d+"$')
        self.assertTrue(first.headers["content-type"].startswith("text/plain"))
        self.fetch("nginx", headers={"if-none-match": first.headers["etag"]}, expect=304)
        self.fetch("nginx", "?wait=1", {"if-none-match": first.headers["etag"]}, 304)
        self.admin("POST", "/v1/plans", {"slug": "late", "name": "Late", "apis": ["parcels"]}, expect=201)
        begin = time.monotonic()
        self.consumer("app-late", "late")
        second = self.fetch("nginx", "?wait=30", {"if-none-match": first.headers["etag"]})
        self.assertLess(time.monotonic() - begin, 20)
        self.assertNotEqual(second.headers["etag"], first.headers["etag"])
        self.assertIn(b"app-late", second.body)
        here = self.admin("GET", "/v1/gateways/edge-1/maps/nginx", expect=200)
        self.assertEqual((here.body, here.headers["etag"]), (second.body, second.headers["etag"]))
        packed = self.fetch("nginx", headers={"accept-encoding": "gzip"})
        body = gzip.decompress(packed.body) if packed.headers.get("content-encoding") == "gzip" else packed.body
        self.assertEqual(body, second.body)
        self.assertEqual(packed.headers["chancery-signature"], second.headers["chancery-signature"])

    def test_a_map_changes_when_something_on_it_ends(self):
        self.app("app-short", "shop")
        self.make("/v1/apps/app-short/keys", {})
        asked = self.make("/v1/subscriptions", {"app": "app-short", "api": "parcels", "plan": "whole"})["id"]
        end = time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(time.time() + 3))
        self.admin("POST", f"/v1/subscriptions/{asked}/approve", {"not_after": end}, expect=200)
        first = self.fetch("haproxy-consumers")
        self.assertRegex(first.headers["etag"], r'^"\d+\.\d+"$')
        self.assertIn(b"app-short:parcels whole\n", first.body)
        etag = {"if-none-match": first.headers["etag"]}
        self.fetch("haproxy-consumers", headers=etag, expect=304)
        begin = time.monotonic()
        self.fetch("haproxy-consumers", "?wait=30", etag, 304)  # until it ends
        self.assertLess(time.monotonic() - begin, 20)
        second = self.fetch("haproxy-consumers", "?wait=30", etag)
        self.assertNotIn(b"app-short", second.body)
        self.assertEqual(self.fetch("haproxy-operations").headers["etag"].strip('"'), second.headers["etag"].strip('"').split(".")[0])

    def test_only_the_gateway_and_who_may_see_it_get_maps(self):
        self.admin("GET", "/v1/gateways/edge-1/maps/caddy", expect=404)
        self.admin("GET", "/v1/gateways/nowhere/maps/nginx", expect=404)
        self.admin("GET", "/v1/gateways/edge-1/maps/nginx?since=1", expect=400)
        self.admin("GET", "/v1/gateways/edge-1/maps/nginx?wait=61", expect=400)
        self.nobody("GET", "/v1/gateways/edge-1/maps/nginx", expect=401)
        self.person("walter", "shop").ask("GET", "/v1/gateways/edge-1/maps/nginx", expect=404)
        target = "/v1/gateways/edge-1/maps/nginx"
        connection = http.client.HTTPConnection("127.0.0.1", self.daemon.ready["control_port"], timeout=10)
        self.assertEqual(ask(connection, "GET", target).status, 401)
        token = self.make("/v1/gateways/edge-1/token", None)["token"]
        for _ in range(100):
            answer = ask(connection, "GET", target, headers={"authorization": f"Bearer {token}"})
            if answer.status == 200:
                break
            time.sleep(0.1)
        self.assertEqual(answer.status, 200)
        connection.close()


if __name__ == "__main__":
    main()
