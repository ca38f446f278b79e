"""What goes wrong around a server: full and read-only disks, other processes, kill -9, foreign tokens, slow clients.
Each must give a clear error, lose nothing, and be over by itself when its cause is."""
import http.client
import json
import os
import pathlib
import re
import resource
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))
from kit.chancery import Chanceryd, Failed, UnixConnection, ask  # noqa: E402

DOCUMENT = (ROOT / "data/demo/parcels.yaml").read_bytes()
NAMESPACE = ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "--map-root-user", "--mount"]
skipped_programs = 0


def have_namespace():
    probe = subprocess.run([*NAMESPACE, "sh", "-c", "mount -t tmpfs none /mnt"], capture_output=True, check=False)
    return probe.returncode == 0


class Faults(unittest.TestCase):
    def setUp(self):
        self.daemon = Chanceryd()
        self.daemon.init()

    def tearDown(self):
        self.daemon.stop()
        shutil.rmtree(self.daemon.folder, ignore_errors=True)
        shutil.rmtree(self.daemon.sockets, ignore_errors=True)

    def seed(self):
        post = lambda target, body: self.daemon.rest("POST", target, body, expect=201).json
        post("/v1/teams", {"slug": "owners", "name": "Owners"})
        post("/v1/apis", {"slug": "parcels", "name": "Parcels", "team": "owners"})
        post("/v1/apis/parcels/versions", {"label": "v1"})

    def start_fails(self, daemon, *words):
        with self.assertRaises(Failed) as caught:
            daemon.start()
        for word in words:
            self.assertIn(word, str(caught.exception))

    # --- other processes ---------------------------------------------------------------------------

    def test_database_served_by_another_process_is_refused(self):
        self.daemon.start()
        second = Chanceryd(settings={"database": self.daemon.settings["database"]})
        self.start_fails(second, "another process")
        self.assertEqual(self.daemon.rest("GET", "/v1/teams").status, 200)

    def test_port_taken_is_named(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            self.daemon.settings["listen"] = f"127.0.0.1:{port}"
            self.start_fails(self.daemon, "listen", str(port))
        self.daemon.start()

    def test_newer_database_is_refused_untouched(self):
        path = self.daemon.settings["database"]
        with sqlite3.connect(path) as db:
            db.execute("PRAGMA user_version = 9999")
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        db.close()
        before = pathlib.Path(path).read_bytes()
        self.start_fails(self.daemon, "newer")
        self.assertEqual(pathlib.Path(path).read_bytes(), before)

    def test_missing_database_says_how_to_make_one(self):
        os.unlink(self.daemon.settings["database"])
        self.start_fails(self.daemon, "chanceryd init")

    def test_backup_and_check_work_while_it_is_served(self):
        self.daemon.start()
        self.seed()
        target = self.daemon.folder / "copy.db"
        done = self.daemon.run("backup", str(target))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("sound", self.daemon.run("check").stdout)
        again = self.daemon.run("backup", str(target))
        self.assertEqual(again.returncode, 1)
        self.assertIn("exists", again.stderr)
        copy = Chanceryd(settings={"database": target})
        copy.start()
        self.assertEqual(copy.rest("GET", "/v1/apis").json["total"], 1)
        copy.stop()
        self.assertIn("sound", copy.run("check").stdout)

    # --- disks -------------------------------------------------------------------------------------

    def in_namespace(self, what):
        if not have_namespace():
            global skipped_programs
            skipped_programs += 1
            self.skipTest("no-program: a private mount namespace cannot be made here")
        done = subprocess.run([*NAMESPACE, "/usr/bin/python3", __file__, what], capture_output=True, text=True, timeout=120, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_full_disk_refuses_and_recovers(self):
        self.in_namespace("--full-disk")

    def test_read_only_disk_is_named(self):
        self.in_namespace("--read-only")

    # --- kill -9 -----------------------------------------------------------------------------------

    def test_upload_cut_by_kill_leaves_nothing(self):
        self.daemon.start()
        self.seed()
        peer = socket.socket(socket.AF_UNIX)
        peer.connect(self.daemon.socket)
        peer.sendall(b"PUT /v1/apis/parcels/versions/v1/document?name=x.yaml HTTP/1.1\r\nHost: localhost\r\n"
                     b"Content-Type: application/yaml\r\nContent-Length: 1000000\r\n\r\n" + DOCUMENT)
        time.sleep(0.3)
        self.daemon.kill()
        peer.close()
        self.daemon.start()
        spool = pathlib.Path(self.daemon.settings["spool_dir"])
        self.assertEqual(list(spool.iterdir()), [])
        self.assertEqual(self.daemon.rest("GET", "/v1/apis/parcels/versions/v1/revisions").json["items"], [])

    def test_upload_cut_by_the_client_leaves_nothing(self):
        self.daemon.start()
        self.seed()
        with socket.socket(socket.AF_UNIX) as peer:
            peer.connect(self.daemon.socket)
            peer.sendall(b"PUT /v1/apis/parcels/versions/v1/document?name=x.yaml HTTP/1.1\r\nHost: localhost\r\n"
                         b"Content-Type: application/yaml\r\nContent-Length: 1000000\r\n\r\n" + DOCUMENT)
        spool = pathlib.Path(self.daemon.settings["spool_dir"])
        end = time.monotonic() + 5
        while list(spool.iterdir()) and time.monotonic() < end:
            time.sleep(0.01)
        self.assertEqual(list(spool.iterdir()), [])
        self.assertEqual(self.daemon.rest("GET", "/v1/apis/parcels/versions/v1/revisions").json["items"], [])

    def test_acknowledged_changes_survive_kill(self):
        self.daemon.start()
        acknowledged = []

        def write():
            connection = UnixConnection(self.daemon.socket)
            for number in range(10_000):
                try:
                    answer = ask(connection, "POST", "/v1/teams", {"slug": f"t{number}", "name": "T"})
                except (OSError, http.client.HTTPException):
                    return
                if answer.status == 201:
                    acknowledged.append(f"t{number}")

        writer = threading.Thread(target=write)
        writer.start()
        end = time.monotonic() + 30
        while len(acknowledged) <= 50 and time.monotonic() < end:
            time.sleep(0.01)
        self.daemon.kill()
        writer.join()
        self.daemon.start()
        self.assertGreater(len(acknowledged), 50)
        for slug in acknowledged:
            self.assertEqual(self.daemon.rest("GET", f"/v1/teams/{slug}").status, 200, slug)
        self.daemon.stop()
        self.assertIn("sound", self.daemon.run("check").stdout)

    # --- proxies -----------------------------------------------------------------------------------

    def gateway(self):
        self.daemon.start()
        post = lambda target, body: self.daemon.rest("POST", target, body, expect=201).json
        post("/v1/groups", {"slug": "edge", "name": "Edge"})
        post("/v1/groups", {"slug": "other", "name": "Other"})
        for slug, group, port in (("edge-1", "edge", 1), ("other-1", "other", 3)):
            post("/v1/gateways", {"slug": slug, "group": group, "listener": f"127.0.0.1:{port}", "admin": "127.0.0.1:2", "token_file": "/t"})
        time.sleep(0.3)
        return {slug: self.daemon.rest("POST", f"/v1/gateways/{slug}/token", expect=201).json["token"] for slug in ("edge-1", "other-1")}

    def tcp(self, port, method, target, body=None, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            return ask(connection, method, target, body, headers)
        finally:
            connection.close()

    def test_discovery_list_and_check_want_the_gateways_own_token(self):
        tokens = self.gateway()
        time.sleep(0.3)
        control, check = self.daemon.ready["control_port"], self.daemon.ready["check_port"]
        node = self.daemon.rest("GET", "/v1/gateways/edge-1").json["node_id"]
        poll = {"node": {"id": node, "cluster": "edge"}, "type_url": "type.googleapis.com/envoy.config.cluster.v3.Cluster"}
        bearer = lambda token: {"authorization": f"Bearer {token}"} if token else {}
        for token, status in ((None, 401), ("wrong", 401), (tokens["other-1"], 401), (tokens["edge-1"], 200)):
            answer = self.tcp(control, "POST", "/v3/discovery:clusters", poll, bearer(token))
            self.assertEqual(answer.status, status, (token, answer))
            answer = self.tcp(control, "GET", "/v1/gateways/edge-1/consumers", headers=bearer(token))
            self.assertEqual(answer.status, status, (token, answer))
            self.assertNotIn(b"clusters", answer.body if status == 401 else b"")
        for token, status in ((None, 401), ("wrong", 401), (tokens["edge-1"], 404)):
            headers = {"x-chancery-gateway": token} if token else {}
            self.assertEqual(self.tcp(check, "GET", "/check/0000000000001/x", headers=headers).status, status)

    # --- slow clients ------------------------------------------------------------------------------

    def test_good_clients_are_served_beside_two_thousand_slow_ones(self):
        most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
        self.daemon.settings["header_deadline_ms"] = 2000
        self.daemon.start()
        slow = []
        for _ in range(2000):
            peer = socket.socket()
            peer.connect(("127.0.0.1", self.daemon.port))
            peer.sendall(b"GET / HTTP/1.1\r\nHo")
            slow.append(peer)
        for _ in range(100):
            self.assertEqual(self.daemon.portal("GET", "/healthz").status, 200)
        end, open_ones = time.monotonic() + 20, list(slow)
        while open_ones and time.monotonic() < end:
            for peer in list(open_ones):
                try:
                    peer.send(b"x")
                    peer.setblocking(False)
                    if peer.recv(4096) == b"":
                        open_ones.remove(peer)
                except BlockingIOError:
                    pass
                except OSError:
                    open_ones.remove(peer)
            time.sleep(0.5)
        for peer in slow:
            peer.close()
        self.assertEqual(len(open_ones), 0, "slow clients still connected after their deadline")


# --- inside a private mount namespace -------------------------------------------------------------


def mounted(options):
    folder = tempfile.mkdtemp(prefix="chy-disk-")
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "none", folder], check=True)
    return pathlib.Path(folder)


def expect(condition, what):
    if not condition:
        raise SystemExit(f"FAILED: {what}")


def full_disk():
    folder = mounted("size=2m")
    daemon = Chanceryd(folder, tcp=False)
    daemon.log = pathlib.Path(tempfile.mktemp(prefix="chy-log-"))
    daemon.init()
    daemon.start()
    daemon.rest("POST", "/v1/teams", {"slug": "owners", "name": "Owners"}, expect=201)
    acknowledged, refused = [], 0
    for number in range(3000):
        slug = f"t{number}"
        answer = daemon.rest("POST", "/v1/teams", {"slug": slug, "name": "T", "description": "x" * 3900})
        if answer.status == 201:
            acknowledged.append(slug)
            continue
        expect(answer.status in (500, 503, 507), f"a full disk gives {answer}")
        expect(answer.headers["content-type"] == "application/problem+json", "no problem document")
        refused += 1
        if refused == 5:
            break
    expect(refused == 5, "the disk never filled")
    expect(daemon.rest("GET", "/v1/teams/owners").status == 200, "reading fails on a full disk")
    for slug in acknowledged:
        expect(daemon.rest("GET", f"/v1/teams/{slug}").status == 200, f"{slug} was acknowledged and is lost")
    subprocess.run(["mount", "-o", "remount,size=16m", str(folder)], check=True)
    end = time.monotonic() + 5
    while daemon.rest("POST", "/v1/teams", {"slug": f"after{time.monotonic_ns()}", "name": "T"}).status != 201:
        expect(time.monotonic() < end, "it does not recover when there is room again")
        time.sleep(0.1)
    daemon.stop()
    expect("sound" in daemon.run("check").stdout, "the catalog is damaged")


def read_only():
    folder = mounted("size=8m")
    daemon = Chanceryd(folder, tcp=False)
    daemon.sockets = pathlib.Path(tempfile.mkdtemp(prefix="chy-"))
    for name in ("socket", "control_socket", "check_socket"):
        daemon.settings[name] = daemon.sockets / name
    daemon.socket = str(daemon.settings["socket"])
    daemon.log = pathlib.Path(tempfile.mktemp(prefix="chy-log-"))
    daemon.init()
    subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True)
    try:
        daemon.start()
    except Failed as problem:
        expect("read-only" in str(problem).lower() or "Read-only" in str(problem), f"no clear reason: {problem}")
    else:
        raise SystemExit("FAILED: it serves a catalog that it cannot write")
    subprocess.run(["mount", "-o", "remount,rw", str(folder)], check=True)
    daemon.start()
    daemon.rest("POST", "/v1/teams", {"slug": "owners", "name": "Owners"}, expect=201)
    daemon.stop()


if __name__ == "__main__":
    if "--full-disk" in sys.argv:
        full_disk()
    elif "--read-only" in sys.argv:
        read_only()
    else:
        result = unittest.main(exit=False, verbosity=1).result
        if skipped_programs:
            print(f"faults: no-program {skipped_programs}")
        sys.exit(not result.wasSuccessful())
