"""Discovery, acknowledgements and consumer lists of the real chanceryd, polled byte for byte as Envoy polls; what a
real Envoy makes of the answers is the business of test_resources.py and story.py."""
import concurrent.futures
import http.server
import json
import os
import pathlib
import shutil
import socket
import socketserver
import sys
import threading
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))
from kit.chancery import Chanceryd, UnixConnection, ask  # noqa: E402

TYPES = {"clusters": "envoy.config.cluster.v3.Cluster", "listeners": "envoy.config.listener.v3.Listener",
         "routes": "envoy.config.route.v3.RouteConfiguration"}
SHORT_MS = 2100  # chanceryd answers 2 s before the proxy's own timeout: a hold of 0.1 s
DOCUMENT = (ROOT / "data/demo/parcels.yaml").read_bytes()


class AdminStub:
    """The two gauges of an admin interface that no accepted configuration of ours can make a real Envoy show."""

    def __init__(self, path):
        self.warming = 0
        stub = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                body = b""
                if "warming_clusters" in self.path:
                    body = f"cluster_manager.warming_clusters: {stub.warming}\nserver.dynamic_unknown_fields: 0\n".encode()
                self.send_response(200)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def address_string(self):
                return "unix"

            def log_message(self, *_):
                pass

        class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
            daemon_threads = True

        self.server = Server(path, Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


class Control(unittest.TestCase):
    def setUp(self):
        self.daemon = Chanceryd(tcp=False)
        self.daemon.init()
        self.daemon.start()
        self.admin = f"{self.daemon.sockets}/admin.sock"
        self.pool = concurrent.futures.ThreadPoolExecutor(8)
        self.post("/v1/teams", {"slug": "owners", "name": "Owners"})
        self.post("/v1/groups", {"slug": "edge", "name": "Edge"})
        self.post("/v1/gateways", {"slug": "edge-1", "group": "edge", "listener": "127.0.0.1:1", "admin": f"unix:{self.admin}"})
        empty = self.wanted_after(None)
        self.deploy("parcels", "/parcels")
        self.wanted_after(empty)

    def tearDown(self):
        self.daemon.stop()
        self.pool.shutdown()
        shutil.rmtree(self.daemon.folder, ignore_errors=True)
        shutil.rmtree(self.daemon.sockets, ignore_errors=True)

    def post(self, target, body, expect=201):
        return self.daemon.rest("POST", target, body, expect=expect).json

    def deploy(self, slug, base_path):
        self.post("/v1/apis", {"slug": slug, "name": slug, "team": "owners"})
        self.post(f"/v1/apis/{slug}/versions", {"label": "v1"})
        self.daemon.rest("PUT", f"/v1/apis/{slug}/versions/v1/document?name=a.yaml", DOCUMENT, {"content-type": "application/yaml"}, expect=201)
        self.post(f"/v1/apis/{slug}/versions/v1/stage", {"stage": "published"}, 200)
        self.post("/v1/deployments", {"api": slug, "version": "v1", "group": "edge", "base_path": base_path, "upstream": "http://127.0.0.1:9"})

    def poll(self, kind, version="", node="edge-1", hold_ms=35000):
        body = {"node": {"id": node, "cluster": "edge"}, "type_url": f"type.googleapis.com/{TYPES[kind]}"}
        if version:
            body["version_info"] = version
        if kind == "routes":
            body["resource_names"] = ["chancery"]
        connection = UnixConnection(self.daemon.control_socket, timeout=40)
        try:
            return ask(connection, "POST", f"/v3/discovery:{kind}", body, {"x-envoy-expected-rq-timeout-ms": str(hold_ms)})
        finally:
            connection.close()

    def version(self, answer):
        self.assertEqual(answer.status, 200, answer)
        return answer.json["version_info"]

    def wanted_after(self, version):
        """The version of clusters that is wanted once it is another one."""
        end = time.monotonic() + 5
        while (wanted := self.type_status("clusters")["version"]) == version:
            self.assertLess(time.monotonic(), end)
            time.sleep(0.01)
        return wanted

    def status(self):
        return self.daemon.rest("GET", "/v1/gateways/edge-1/status", expect=200).json

    def type_status(self, kind):
        return next(row for row in self.status()["types"] if row["type"] == kind)

    def acknowledge_all(self):
        versions = {}
        for kind in ("clusters", "listeners", "routes"):
            versions[kind] = self.version(self.poll(kind))
            self.assertEqual(self.poll(kind, versions[kind], hold_ms=SHORT_MS).status, 304)
            self.assertEqual(self.type_status(kind)["acknowledged"], versions[kind])
        return versions

    # --- polls ------------------------------------------------------------------------------------

    def test_poll_with_the_current_version_is_held_until_a_change(self):
        version = self.version(self.poll("clusters"))
        held = self.pool.submit(self.poll, "clusters", version)
        time.sleep(0.3)
        self.assertFalse(held.done(), "a poll with the current version must be held")
        self.deploy("second", "/second")
        fresh = self.version(held.result(timeout=3))
        self.assertNotEqual(fresh, version)

    def test_held_poll_ends_before_the_proxys_own_timeout(self):
        version = self.version(self.poll("clusters"))
        start = time.monotonic()
        self.assertEqual(self.poll("clusters", version, hold_ms=3000).status, 304)
        self.assertLess(time.monotonic() - start, 3)

    def test_acknowledgement_is_kept_per_type(self):
        versions = self.acknowledge_all()
        self.assertEqual({row["type"]: row["acknowledged"] for row in self.status()["types"]}, versions)

    def test_unknown_node_learns_nothing(self):
        answer = self.poll("clusters", node="somebody")
        self.assertEqual(answer.status, 401)
        self.assertNotIn(b"version_info", answer.body)

    def test_restarted_proxy_is_configured_at_once(self):
        versions = self.acknowledge_all()
        start = time.monotonic()
        self.assertEqual(self.version(self.poll("clusters")), versions["clusters"])
        self.assertLess(time.monotonic() - start, 0.9)

    def test_change_is_not_spent_on_a_proxy_that_has_gone(self):
        versions = self.acknowledge_all()
        body = json.dumps({"version_info": versions["clusters"], "node": {"id": "edge-1", "cluster": "edge"},
                           "type_url": f"type.googleapis.com/{TYPES['clusters']}"}).encode()
        with socket.socket(socket.AF_UNIX) as killed:
            killed.connect(self.daemon.control_socket)
            killed.sendall(b"POST /v3/discovery:clusters HTTP/1.1\r\nhost: xds\r\ncontent-type: application/json\r\n"
                           b"content-length: %d\r\n\r\n%s" % (len(body), body))
            time.sleep(0.3)
        wanted = self.type_status("clusters")["version"]
        self.deploy("second", "/second")
        self.wanted_after(wanted)
        start = time.monotonic()
        self.assertNotEqual(self.version(self.poll("clusters", versions["clusters"], hold_ms=5000)), versions["clusters"])
        self.assertLess(time.monotonic() - start, 2)

    # --- rejections -------------------------------------------------------------------------------

    def test_rejected_version_is_shown_and_not_sent_again(self):
        versions = self.acknowledge_all()
        self.deploy("second", "/second")
        refused = self.version(self.poll("clusters", versions["clusters"]))
        again = self.pool.submit(self.poll, "clusters", versions["clusters"], "edge-1", 3000)  # the old version: it was rejected
        time.sleep(0.5)
        self.assertEqual(self.type_status("clusters")["rejected"], refused)
        self.assertEqual(self.status()["sync"], "rejected")
        self.assertIn("rejected clusters", self.status()["error"])
        self.assertEqual(again.result(timeout=6).status, 304, "a rejected version must not be sent in a loop")
        self.deploy("third", "/third")
        healed = self.version(self.poll("clusters", versions["clusters"]))
        self.assertNotIn(healed, (refused, versions["clusters"]))

    def test_acknowledgement_while_clusters_are_warming_does_not_count(self):
        stub = AdminStub(self.admin)
        try:
            self.acknowledge_all()
            stub.warming = 1
            self.watch_until(lambda: self.status()["sync"] == "drift")
            self.assertIn("warming", self.status()["error"])
            stub.warming = 0
            self.watch_until(lambda: self.status()["error"] is None)
        finally:
            stub.stop()

    def watch_until(self, done):
        end = time.monotonic() + 8
        while not done():
            self.assertLess(time.monotonic(), end, self.status())
            self.daemon.rest("GET", "/v1/live", expect=200)  # somebody watches: scraped each second
            time.sleep(0.1)

    def test_gateway_whose_admin_cannot_be_read_says_so(self):
        self.watch_until(lambda: self.live()["state"] == "unreachable")
        row = self.live()
        self.assertTrue(row["error"])
        for name in ("rps", "requests", "p50_ms", "p99_ms"):
            self.assertIsNone(row[name], name)

    def live(self):
        rows = self.daemon.rest("GET", "/v1/live?by=gateway", expect=200).json["rows"]
        return rows[0] if rows else {"state": "not scraped yet"}

    def test_routes_wait_for_their_clusters(self):
        versions = self.acknowledge_all()
        routes = self.pool.submit(self.poll, "routes", versions["routes"])
        clusters = self.pool.submit(self.poll, "clusters", versions["clusters"])
        time.sleep(0.2)
        self.deploy("second", "/second")
        fresh = self.version(clusters.result(timeout=3))
        time.sleep(0.3)
        self.assertFalse(routes.done(), "routes must not go out before the clusters they name are acknowledged")
        self.pool.submit(self.poll, "clusters", fresh, "edge-1", SHORT_MS)
        self.assertIn(b"/second", routes.result(timeout=2).body)

    # --- consumer lists ---------------------------------------------------------------------------

    def consumers(self, etag=None):
        connection = UnixConnection(self.daemon.control_socket)
        try:
            return ask(connection, "GET", "/v1/gateways/edge-1/consumers", headers={"if-none-match": etag} if etag else {})
        finally:
            connection.close()

    def test_list_has_a_version_that_moves_only_with_the_list(self):
        empty = self.consumers()
        self.assertEqual(empty.json["consumers"], [])
        self.assertEqual(self.consumers(empty.headers["etag"]).status, 304)
        self.post("/v1/apps", {"slug": "idle", "name": "Idle", "team": "owners"})
        self.assertEqual(self.consumers(empty.headers["etag"]).status, 304, "an app without access is no change of the list")
        self.post("/v1/plans", {"slug": "all", "name": "All", "apis": ["parcels"]})
        self.post("/v1/apps/idle/keys", {"name": "k"})
        asked = self.post("/v1/subscriptions", {"app": "idle", "api": "parcels", "plan": "all"})
        self.post(f"/v1/subscriptions/{asked['id']}/approve", None, 200)
        full = self.consumers(empty.headers["etag"])
        self.assertEqual(full.status, 200)
        self.assertEqual([row["app"] for row in full.json["consumers"]], ["idle"])
        self.assertGreater(full.json["version"], empty.json["version"])


if __name__ == "__main__":
    unittest.main(verbosity=1)
