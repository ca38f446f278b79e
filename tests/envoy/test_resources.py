"""What catalog/envoy emits, in a real Envoy: served by a small discovery server, with a small checker and an
echoing upstream. Usage: test_resources.py ENVOY_EMIT [unittest options]. Exit 77 when there is no Envoy."""
import http.client
import json
import os
import pathlib
import re
import shutil
import socket
import ssl
import stat
import subprocess
import sys
import threading
import time
import unittest
import unittest.mock

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from kit.chancery import ask  # noqa: E402
from kit.envoy import START_FLAGS, Envoy, find_envoy, short_folder, validate  # noqa: E402
from kit.net import free_port  # noqa: E402
from kit.upstream import Upstream, echo  # noqa: E402

EMIT = sys.argv.pop(1) if len(sys.argv) > 1 and not sys.argv[1].startswith("-") else os.environ.get("ENVOY_EMIT", "")
ENVOY = find_envoy()
STATS = "/stats/prometheus?filter=%5Echancery%5C."
PROBLEM = "application/problem+json"
IDENTITY = ("x-consumer", "x-plan", "x-operation")
TOKEN = "gateway-token-of-this-test"


def emit(what, description):
    done = subprocess.run([EMIT, what], input=json.dumps(description).encode(), capture_output=True, check=False)
    if done.returncode:
        raise AssertionError(done.stderr.decode())
    return done.stdout


class Discovery:
    """REST discovery with held polls: answers when the version differs from the one the poll names."""

    def __init__(self, path=None, hold_s=5):
        self.changed, self.bodies, self.versions, self.acknowledged = threading.Condition(), {}, {}, {}
        self.hold_s, self.stopping = hold_s, False
        self.server = Upstream(self.answer, path)

    def put(self, description):
        with self.changed:
            for kind in ("clusters", "listeners", "routes"):
                self.bodies[kind] = emit(kind, description)
                self.versions[kind] = json.loads(self.bodies[kind])["version_info"]
            self.changed.notify_all()

    def answer(self, request):
        kind, poll = request.path.rsplit(":", 1)[1], json.loads(request.body)
        end = time.monotonic() + self.hold_s
        with self.changed:
            self.acknowledged[kind] = poll.get("version_info", "")
            self.changed.notify_all()
            while self.versions.get(kind) in (None, poll.get("version_info", "")):
                if time.monotonic() > end or self.stopping:
                    return 304, {}, b""
                self.changed.wait(0.1)
            return 200, {"content-type": "application/json"}, self.bodies[kind]

    def wait_applied(self, timeout_s=15):
        with self.changed:
            if not self.changed.wait_for(lambda: self.acknowledged == self.versions, timeout_s):
                raise AssertionError(f"not applied: have {self.acknowledged}, want {self.versions}")

    def stop(self):
        self.stopping = True
        self.server.stop()


def refusal(status, reason, extra=()):
    body = json.dumps({"type": "about:blank", "status": status, "code": reason}).encode()
    return status, {"content-type": PROBLEM, "x-reason": reason, "x-refused-operation": "", "x-internal": "1", **dict(extra)}, body


def decide(request):
    """A checker: what each key of the tests gets."""
    key = request.headers.get("x-api-key")
    if key == "busy":
        return refusal(429, "rate_limited", {"retry-after": "7", "ratelimit": '"default";r=0;t=7', "x-refused-consumer": "shop", "x-refused-operation": "listPets"})
    if key == "stranger":
        return refusal(403, "not_subscribed", {"x-refused-consumer": "other"})
    if key != "good":
        return refusal(401, "credential_missing", {"www-authenticate": 'ApiKey realm="chancery"'})
    return 200, {"x-consumer": "shop", "x-plan": "gold", "x-operation": 'GET /pets/{petId} "x"\\',
                 "ratelimit": '"default";r=5;t=1', "x-internal": "1"}, b""


def deployment(number, base_path, port, **more):
    return {"id": number, "api": f"api{number}", "version": "v1", "base_path": base_path,
            "upstream_host": "127.0.0.1", "upstream_port": port, **more}


def figures(envoy):
    """{(api, op, consumer, reason, status): count} from the access logger's counters."""
    found = {}
    for line in envoy.admin(STATS).body.decode().splitlines():
        if not line.startswith("envoy_chancery_rq{"):
            continue
        labels = dict(re.findall(r'(\w+)="((?:[^"\\]|\\.)*)"', line))
        found[tuple(labels[name] for name in ("api", "op", "consumer", "reason", "status"))] = int(line.rsplit(" ", 1)[1])
    return found


class Gateway(unittest.TestCase):
    """One Envoy with discovery, checker and upstream over Unix sockets."""
    token = False

    @classmethod
    def setUpClass(cls):
        cls.folder = short_folder()
        cls.addClassCleanup(shutil.rmtree, cls.folder, True)
        cls.upstream = Upstream(cls.serve)
        cls.addClassCleanup(cls.upstream.stop)
        path = (lambda name: None) if cls.token else (lambda name: cls.folder / name)
        cls.checker = Upstream(decide, path("k.sock"))
        cls.discovery = Discovery(path("x.sock"))
        cls.port = free_port()
        cls.gateway = {
            "slug": "edge-1", "group": "edge", "node_id": "edge-1-node", "listener": {"host": "127.0.0.1", "port": cls.port},
            "admin": {"path": str(cls.folder / "admin.sock")}, "xds": cls.address(cls.discovery.server),
            "check": cls.address(cls.checker), "request_log": True}
        if cls.token:
            (cls.folder / "token").write_text(TOKEN + "\n")
            cls.gateway["token_file"] = str(cls.folder / "token")
        cls.description = {"gateway": cls.gateway, "deployments": cls.deployments()}
        cls.discovery.put(cls.description)
        cls.bootstrap = emit("bootstrap", cls.description)
        cls.envoy = Envoy(ENVOY, cls.bootstrap, cls.folder, flags=START_FLAGS + ("--file-flush-interval-msec", "50"))
        cls.addClassCleanup(cls.stop_all)
        cls.envoy.wait_ready()
        cls.discovery.wait_applied()

    @classmethod
    def stop_all(cls):
        cls.envoy.stop()
        cls.discovery.stop()
        cls.checker.stop()

    @staticmethod
    def address(server):
        return {"path": str(server.path)} if server.path else {"host": "127.0.0.1", "port": server.port}

    @staticmethod
    def serve(request):
        if "sleep" in request.path:
            time.sleep(1)
        return echo(request)

    @classmethod
    def deployments(cls):
        return []

    def call(self, path, key=None, method="GET", headers=None, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            return ask(connection, method, path, body, dict(headers or {}) | ({"x-api-key": key} if key else {}))
        finally:
            connection.close()

    def passed(self, path, key="good", **more):
        """A call that must pass; gives what the upstream saw."""
        answer = self.call(path, key, **more)
        self.assertEqual(answer.status, 200, answer)
        return answer.json

    def problem(self, answer, status, code):
        self.assertEqual((answer.status, answer.headers.get("content-type")), (status, PROBLEM), answer)
        self.assertEqual((answer.json["status"], answer.json["code"]), (status, code))


class Behaviour(Gateway):
    @classmethod
    def deployments(cls):
        port = cls.upstream.port
        return [
            deployment(1, "/pets/v1", port, upstream_path="/"), deployment(2, "/pets", port, upstream_path="/inner/"),
            deployment(3, "/open", port, open=True), deployment(4, "/", port, host="root.example", upstream_path="/deep"),
            deployment(5, "/", port, host="plain.example"), deployment(6, "/dead", 1),
            deployment(7, "/slow", port, timeout_ms=200),
            deployment(8, "/named", port, upstream_host="localhost"),
        ]

    def setUp(self):
        self.seen_upstream, self.seen_checker = len(self.upstream.requests), len(self.checker.requests)

    def upstream_saw(self):
        return self.upstream.requests[self.seen_upstream:]

    def checker_saw(self):
        return self.checker.requests[self.seen_checker:]

    def test_call_without_key_is_refused_in_the_checkers_words(self):
        answer = self.call("/pets/v1/dogs?x=1")
        self.problem(answer, 401, "credential_missing")
        self.assertEqual(answer.body, refusal(401, "credential_missing")[2])
        self.assertEqual(answer.headers["www-authenticate"], 'ApiKey realm="chancery"')
        for name in ("x-reason", "x-internal", *IDENTITY):
            self.assertNotIn(name, answer.headers)
        self.assertEqual(self.upstream_saw(), [])
        answer = self.call("/pets/v1/dogs", "busy")
        self.assertEqual((answer.status, answer.headers["retry-after"], answer.headers["ratelimit"]), (429, "7", '"default";r=0;t=7'))

    def test_checker_is_asked_about_deployment_and_client_path(self):
        self.passed("/pets/v1/dogs?x=1", method="POST", body=b"secret", headers={
            "origin": "http://o.example", "access-control-request-method": "GET", "cookie": "c=1", "x-chancery-gateway": "forged",
            "x-chancery-deployment": "0000000000002"})
        (asked,) = self.checker_saw()
        self.assertEqual((asked.method, asked.path), ("POST", "/check/0000000000000/pets/v1/dogs?x=1"))
        self.assertEqual(asked.headers["x-chancery-deployment"], "0000000000001")
        for name in ("x-api-key", "x-request-id", "origin", "access-control-request-method"):
            self.assertIn(name, asked.headers)
        self.assertEqual(asked.body, b"")
        for name in ("cookie", "x-chancery-gateway", "x-forwarded-for"):
            self.assertNotIn(name, asked.headers)

    def test_identity_comes_from_the_checker_only_and_the_key_stays_outside(self):
        forged = {name: "forged" for name in IDENTITY} | {name.replace("-", "_"): "forged" for name in IDENTITY}
        seen = self.passed("/pets/v1/dogs", headers=forged | {"x-forwarded-host": "forged", "x-reason": "forged"})["headers"]
        self.assertEqual((seen["x-consumer"], seen["x-plan"]), ("shop", "gold"))
        self.assertNotIn("x-api-key", seen)
        self.assertNotIn("forged", json.dumps(seen))
        self.assertNotIn("x-internal", seen)

    def test_client_sees_limits_and_request_id_on_success_but_no_identity(self):
        answer = self.call("/pets/v1/dogs", "good")
        self.assertEqual(answer.headers["ratelimit"], '"default";r=5;t=1')
        self.assertIn("x-request-id", answer.headers)
        for name in ("x-internal", "x-reason", *IDENTITY):
            self.assertNotIn(name, answer.headers)

    def test_open_route_asks_nobody_and_carries_neither_identity_nor_key(self):
        seen = self.passed("/open/x", "good", headers={"x-consumer": "forged", "x_consumer": "forged"})["headers"]
        for name in ("x-consumer", "x_consumer", "x-api-key"):
            self.assertNotIn(name, seen)
        self.assertEqual(self.checker_saw(), [])

    def test_deployment_is_said_to_the_checker_only(self):
        for path in ("/pets/v1/dogs", "/open/x"):
            self.assertNotIn("x-chancery-deployment", self.passed(path, headers={"x-chancery-deployment": "0000000000002"})["headers"])

    def test_base_path_matches_at_a_segment_border_and_is_rewritten(self):
        for path, want, number in (
                ("/pets/v1", "/", 1), ("/pets/v1/", "/", 1), ("/pets/v1?q=/a", "/?q=/a", 1), ("/pets/v1/dogs?q=1", "/dogs?q=1", 1),
                ("/pets/v10/dogs", "/inner/v10/dogs", 2), ("/pets", "/inner", 2), ("/pets?q", "/inner?q", 2), ("/pets/a%20b", "/inner/a%20b", 2),
                ("/pets//dogs/../cats", "/inner/cats", 2), ("/open/a", "/a", None)):
            with self.subTest(path=path):
                self.setUp()
                self.assertEqual(self.passed(path)["path"], want)
                asked = [request.headers["x-chancery-deployment"] for request in self.checker_saw()]
                self.assertEqual(asked, [f"{number:013d}"] if number else [])

    def test_hosts_have_their_own_routes(self):
        self.assertEqual(self.passed("/a/b?q=1", headers={"host": "root.example"})["path"], "/deep/a/b?q=1")
        self.assertEqual(self.passed("/", headers={"host": "root.example:8080"})["path"], "/deep/")
        self.assertEqual(self.passed("/pets/v1/dogs?q=1", headers={"host": "plain.example"})["path"], "/pets/v1/dogs?q=1")

    def test_upstream_gets_its_own_name_and_an_address_the_clients(self):
        seen = self.passed("/named/x", headers={"host": "public.example"})["headers"]
        self.assertEqual((seen["host"], seen["x-forwarded-host"]), (f"localhost:{self.upstream.port}", "public.example"))
        self.assertEqual(self.passed("/pets/x", headers={"host": "public.example"})["headers"]["host"], "public.example")

    def test_unknown_path_is_a_404_problem_without_asking(self):
        for path in ("/petsx", "/nowhere", "/"):
            self.problem(self.call(path, "good"), 404, "route_unknown")
        self.assertEqual((self.checker_saw(), self.upstream_saw()), ([], []))

    def test_escaped_slash_is_refused(self):
        for path in ("/pets/v1/a%2Fb", "/pets/v1/a%2fb", "/open/..%2Fpets", "/open/a%5Cb"):
            self.problem(self.call(path, "good"), 400, "request_invalid")
        self.assertEqual(self.upstream_saw(), [])

    def test_client_cannot_set_timeouts_or_retries(self):
        hostile = {"x-envoy-upstream-rq-timeout-ms": "1", "x-envoy-retry-on": "5xx", "x-envoy-original-path": "/x"}
        seen = self.passed("/pets/v1/sleep", headers=hostile)["headers"]
        self.assertEqual([name for name in hostile if seen.get(name) == hostile[name]], [])

    def test_upstream_down_or_late_is_a_problem(self):
        self.problem(self.call("/dead/x", "good"), 503, "upstream_unavailable")
        self.problem(self.call("/slow/sleep", "good"), 504, "upstream_timeout")

    def test_checker_down_refuses_and_open_routes_go_on(self):
        self.checker.stop()
        try:
            for _ in range(3):
                self.problem(self.call("/pets/v1/dogs", "good"), 503, "check_unavailable")
            self.assertEqual(self.upstream_saw(), [])
            self.passed("/open/x")
        finally:
            type(self).checker = Upstream(decide, self.checker.path)
        self.seen_checker = 0
        self.passed("/pets/v1/dogs")

    def test_checks_whose_connections_end_are_asked_once_more(self):
        cut, lock = set(), threading.Lock()

        def cut_once(request):
            with lock:
                first = request.headers["x-request-id"] not in cut
                cut.add(request.headers["x-request-id"])
            return None if first else decide(request)

        statuses, callers = [], 30
        with unittest.mock.patch.object(self.checker, "answer", cut_once):
            threads = [threading.Thread(target=lambda: statuses.append(self.call("/pets/v1/dogs", "good").status)) for _ in range(callers)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        self.assertEqual((statuses, len(cut)), ([200] * callers, callers))
        self.assertEqual(len(self.checker_saw()), 2 * callers)

    def test_checks_that_always_end_without_an_answer_are_given_up(self):
        with unittest.mock.patch.object(self.checker, "answer", lambda _: None):
            self.problem(self.call("/pets/v1/dogs", "good"), 503, "check_unavailable")
        self.assertEqual((len(self.checker_saw()), self.upstream_saw()), (2, []))

    def test_a_slow_check_is_waited_for_and_asked_once(self):
        def slow(request):
            time.sleep(0.3)
            return decide(request)

        with unittest.mock.patch.object(self.checker, "answer", slow):
            self.passed("/pets/v1/dogs")
        self.assertEqual(len(self.checker_saw()), 1)

    def test_checker_that_fails_or_grants_oddly_does_not_let_anybody_in(self):
        for status in (500, 503, 201, 204, 302):
            with unittest.mock.patch.object(self.checker, "answer", lambda _, status=status: (status, {"x-consumer": "shop"}, b"")):
                self.assertNotEqual(self.call("/pets/v1/dogs", "good").status, 200)
        self.assertEqual(self.upstream_saw(), [])

    def test_check_is_asked_again_when_its_connection_was_just_closed(self):
        answers = [None]
        with unittest.mock.patch.object(self.checker, "answer", lambda request: answers.pop() if answers else decide(request)):
            self.passed("/pets/v1/dogs")
        self.assertEqual(len(self.checker_saw()), 2)

    def test_figures_count_every_call_by_operation_app_reason_and_status(self):
        before, op = figures(self.envoy), 'GET /pets/{petId} \\"x\\"\\\\'
        for path, key, times in (("/pets/v1/a", "good", 5), ("/pets/v1/a", "stranger", 3), ("/pets/v1/a", None, 2),
                                 ("/pets/v1/a", "busy", 4), ("/pets/b", "good", 1), ("/open/a", None, 6), ("/zzz", None, 2)):
            for _ in range(times):
                self.call(path, key, headers={name: "forged" for name in IDENTITY})
        after = figures(self.envoy)
        self.assertEqual({key: count - before.get(key, 0) for key, count in after.items() if count != before.get(key, 0)}, {
            ("api1", op, "shop", "", "200"): 5, ("api1", "", "other", "not_subscribed", "403"): 3,
            ("api1", "", "", "credential_missing", "401"): 2, ("api1", "listPets", "shop", "rate_limited", "429"): 4,
            ("api2", op, "shop", "", "200"): 1, ("api3", "", "", "", "200"): 6, ("", "", "", "", "404"): 2})

    def test_durations_have_fine_buckets_by_api_version_and_operation(self):
        def buckets():
            rows = [line for line in self.envoy.admin(STATS).body.decode().splitlines()
                    if line.startswith('envoy_chancery_ms_bucket{api="api7",version="v1",op="GET')]
            return [(re.search(r'le="([^"]+)"', row)[1], int(row.rsplit(" ", 1)[1])) for row in rows]
        def complete():  # a scrape starts the merge of the workers' parts, which the next one shows
            end = time.monotonic() + 10
            calls = sum(count for (api, *_), count in figures(self.envoy).items() if api == "api7")
            while time.monotonic() < end and (not buckets() or buckets()[-1][1] != calls):
                time.sleep(0.02)
            return calls, buckets()
        self.call("/slow/sleep", "good")
        calls, found = complete()
        self.assertGreaterEqual(len(found), 40)
        self.assertEqual([bound for bound, _ in found], sorted((bound for bound, _ in found), key=float))
        self.assertEqual({count for bound, count in found if float(bound) <= 150}, {0})
        self.assertEqual((found[-1], dict(found)["60000"]), (("+Inf", calls), calls))
        self.call("/slow/sleep", "good")
        self.assertEqual(complete()[1][-1][1], calls + 1)

    def test_request_log_tells_who_and_why_but_no_key(self):
        self.call("/pets/v1/logged?token=hidden", "stranger")
        end, found = time.monotonic() + 15, None
        while not found and time.monotonic() < end:
            found = re.search(r'^\{.*"/pets/v1/logged".*\}$', self.envoy.log_text(), re.M)
            time.sleep(0.02)
        line = json.loads(found[0])
        self.assertEqual((line["api"], line["consumer"], line["reason"], line["status"]), ("api1", "other", "not_subscribed", 403))
        self.assertNotIn("stranger", json.dumps(line))
        self.assertNotIn("hidden", json.dumps(line))

    def test_admin_is_the_owners_alone_and_reads_only(self):
        self.assertEqual(stat.S_IMODE(os.stat(self.gateway["admin"]["path"]).st_mode), 0o600)
        for target in ("/quitquitquit", "/healthcheck/fail", "/runtime_modify?x=1", "/logging?level=trace"):
            self.assertEqual(self.envoy.admin(target, "POST").status, 403)
        for target in ("/ready", "/server_info", "/clusters?format=json", "/listeners", "/config_dump?resource=dynamic_warming_clusters", "/stats"):
            self.assertEqual(self.envoy.admin(target).status, 200)

    def test_change_is_applied_and_taken_back(self):
        fresh = deployment(9, "/fresh", self.upstream.port)
        self.problem(self.call("/fresh/x", "good"), 404, "route_unknown")
        self.discovery.put(self.description | {"deployments": self.description["deployments"] + [fresh]})
        self.discovery.wait_applied()
        self.passed("/fresh/x")
        self.discovery.put(self.description)
        self.discovery.wait_applied()
        self.problem(self.call("/fresh/x", "good"), 404, "route_unknown")

    def test_envoy_has_nothing_to_complain_about(self):
        """Named to run with whatever ran before it: the log is that of the whole class so far."""
        lines = [line for line in self.envoy.log_text().splitlines() if re.search(r"\]\[(warning|error|critical)\]", line)]
        self.assertEqual(lines, [])
        self.assertEqual((self.envoy.stat("server.dynamic_unknown_fields"), self.envoy.stat("server.static_unknown_fields")), (0, 0))
        self.assertEqual((self.envoy.stat("listener_manager.lds.update_rejected"), self.envoy.stat("cluster_manager.cds.update_rejected"),
                          self.envoy.stat("cluster_manager.warming_clusters")), (0, 0, 0))


class ManyRoutes(Gateway):
    """From 200 routes on a tree by path takes the place of the list; one deployment keeps escaped slashes."""

    @classmethod
    def deployments(cls):
        port = cls.upstream.port
        return [deployment(n, f"/svc{n}/v1", port) for n in range(100, 350)] + [
            deployment(1, "/a", port), deployment(2, "/a/b", port, keep_escaped_slashes=True), deployment(3, "/a/b/c", port, open=True)]

    def test_tree_finds_the_longest_base_path_at_a_border(self):
        for path, number in (("/a/b", 2), ("/a/b?q", 2), ("/a/bc/x", 1), ("/a/b/cd", 2), ("/a/x", 1), ("/svc349/v1/x", 349), ("/svc100/v1", 100)):
            with self.subTest(path=path):
                seen = len(self.checker.requests)
                self.passed(path)
                self.assertEqual([request.headers["x-chancery-deployment"] for request in self.checker.requests[seen:]],
                                 [crockford(number)])
        for path in ("/a/b/c/x", "/a/b/c"):
            seen = len(self.checker.requests)
            self.passed(path)
            self.assertEqual(len(self.checker.requests), seen)
        seen = len(self.checker.requests)
        for path in ("/ab", "/svc100/v10", "/svc100", "/zzz", "/"):
            self.problem(self.call(path, "good"), 404, "route_unknown")
        self.assertEqual(len(self.checker.requests), seen)

    def test_escaped_slash_is_kept_when_a_deployment_says_so(self):
        self.assertEqual(self.passed("/a/b/x%2Fy")["path"], "/x%2Fy")


def crockford(number):
    text = ""
    for _ in range(13):
        text, number = "0123456789abcdefghjkmnpqrstvwxyz"[number % 32] + text, number // 32
    return text


class TokenOverTcp(Gateway):
    token = True

    @classmethod
    def deployments(cls):
        return [deployment(1, "/pets", cls.upstream.port)]

    def test_polls_and_checks_carry_the_token_and_never_the_clients(self):
        polls = self.discovery.server.requests
        self.assertGreaterEqual({poll.path for poll in polls}, {f"/v3/discovery:{kind}" for kind in ("clusters", "listeners", "routes")})
        self.assertEqual({poll.headers.get("authorization") for poll in polls}, {f"Bearer {TOKEN}"})
        self.assertEqual({json.loads(poll.body)["node"]["id"] for poll in polls}, {"edge-1-node"})
        seen = self.passed("/pets/x", headers={"x-chancery-gateway": "forged", "authorization": "Bearer client"})["headers"]
        asked = self.checker.requests[-1].headers
        self.assertEqual((asked["x-chancery-gateway"], asked["authorization"]), (TOKEN, "Bearer client"))
        self.assertNotIn("x-chancery-gateway", seen)
        self.assertEqual(seen["authorization"], "Bearer client")

    def test_bootstrap_holds_no_secret_and_names_the_start_command(self):
        self.assertNotIn(TOKEN, self.bootstrap.decode())
        self.assertNotIn(TOKEN, self.envoy.admin("/config_dump").body.decode())
        for word in ("--reject-unknown-dynamic-fields", "--disable-hot-restart", "--component-log-level misc:error", self.gateway["token_file"]):
            self.assertIn(word, "\n".join(line for line in self.bootstrap.decode().splitlines() if line.startswith("#")))


class TlsUpstream(Gateway):
    @classmethod
    def deployments(cls):
        cls.refused = 0
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
                        "-keyout", cls.folder / "key.pem", "-out", cls.folder / "cert.pem", "-days", "1"], check=True, capture_output=True)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(cls.folder / "cert.pem", cls.folder / "key.pem")
        listener = socket.create_server(("127.0.0.1", 0))
        cls.names = []
        context.sni_callback = lambda _, name, __: cls.names.append(name)

        def accept():
            while True:
                try:
                    connection = listener.accept()[0]
                    context.wrap_socket(connection, server_side=True)
                except ssl.SSLError:
                    pass
                except OSError:
                    return
        threading.Thread(target=accept, daemon=True).start()
        cls.addClassCleanup(listener.close)
        port = listener.getsockname()[1]
        return [deployment(1, "/name", port, upstream_host="localhost", upstream_tls=True), deployment(2, "/address", port, upstream_tls=True)]

    def test_unknown_authority_is_refused(self):
        for path in ("/name/x", "/address/x"):
            self.problem(self.call(path, "good"), 503, "upstream_unavailable")
        self.assertGreaterEqual(self.envoy.stat("cluster.upstream-0000000000001.ssl.fail_verify_error"), 1)
        self.assertGreaterEqual(self.envoy.stat("cluster.upstream-0000000000002.ssl.fail_verify_error"), 1)
        self.assertEqual(set(self.names), {"localhost", None})


class Static(unittest.TestCase):
    def setUp(self):
        self.folder = short_folder()
        self.addCleanup(shutil.rmtree, self.folder, True)

    def description(self, deployments, **gateway):
        return {"deployments": deployments, "gateway": {
            "slug": "edge-1", "group": "edge", "node_id": "n", "listener": {"host": "0.0.0.0", "port": 8080}, "admin": {"host": "127.0.0.1", "port": 9901},
            "xds": {"host": "control.example", "port": 9000}, "check": {"host": "::1", "port": 9001}, "token_file": "/nowhere/token", **gateway}}

    def test_validate_accepts_what_is_emitted(self):
        for deployments in ([], [deployment(1, "/", 80, upstream_host="a.example", upstream_tls=True)],
                            [deployment(n, f"/p{n}", 80, host=f"h{n % 3}.example", upstream_path="/x") for n in range(1, 700)],
                            [deployment(1, "/a", 80), deployment(2, "/a", 81)]):
            self.assertIsNone(validate(ENVOY, emit("static", self.description(deployments)), self.folder))

    def test_validate_says_what_is_wrong(self):
        broken = emit("static", self.description([deployment(1, "/a", 80)])).replace(b'"timeout":"15s"', b'"timeout":"soon"')
        self.assertIn("soon", validate(ENVOY, broken, self.folder) or "accepted")

    def test_deployment_check_refuses_before_envoy_does(self):
        with self.assertRaisesRegex(AssertionError, "api1/v1: base path"):
            emit("routes", self.description([deployment(1, "/a?b", 80)]))


if __name__ == "__main__":
    if not ENVOY:
        print("envoy/resources: there is no Envoy (no-program); see scripts/envoy", file=sys.stderr)
        sys.exit(77)
    unittest.main(verbosity=1)
