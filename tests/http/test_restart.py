"""chanceryd restart: what a fresh process takes over, and that one which fails leaves everything as it was. How it
looks through a real Envoy is the business of tests/envoy/test_restart.py."""
import http.client
import os
import pathlib
import re
import shutil
import signal
import socket
import sqlite3
import stat
import struct
import subprocess
import sys
import tempfile
import threading
import time
import unittest

from case import ROOT, Chanceryd, UnixConnection, ask
from kit.chancery import Adopted, binary
from kit.net import free_port

SOCKETS, WANTS, CATALOG, LOADED, LIMITS, SERVING, FAILED = range(1, 8)
DOCUMENT = (ROOT / "data/demo/parcels.yaml").read_bytes()


class Restart(unittest.TestCase):
    def setUp(self):
        self.daemon = Chanceryd()
        self.program = self.daemon.folder / "chanceryd"
        self.install(binary("chanceryd"))
        self.daemon.command = lambda *words, command=self.daemon.command: [str(self.program), *command(*words)[1:]]
        self.daemon.init()

    def tearDown(self):
        self.daemon.stop()
        for process in filter(None, (*self.daemon.left, self.daemon.process)):
            self.assertIn(process.returncode, (None, 0))
        log = self.daemon.log.read_text()
        self.assertNotIn("Sanitizer", log)
        self.assertNotIn("runtime error", log)
        shutil.rmtree(self.daemon.folder, ignore_errors=True)
        shutil.rmtree(self.daemon.sockets, ignore_errors=True)

    def install(self, program):
        """What the next process will run, put in place as a package does it."""
        fresh = self.program.with_suffix(".new")
        shutil.copy(program, fresh)
        fresh.rename(self.program)

    def install_script(self, text):
        fresh = self.program.with_suffix(".new")
        fresh.write_text(text)
        fresh.chmod(0o755)
        fresh.rename(self.program)

    def post(self, target, body, expect=201):
        return self.daemon.rest("POST", target, body, expect=expect).json

    def limited_app(self):
        """An app that may call five times and then once an hour; answers its key and the target to check."""
        self.post("/v1/teams", {"slug": "owners", "name": "Owners"})
        self.post("/v1/apis", {"slug": "parcels", "name": "Parcels", "team": "owners"})
        self.post("/v1/apis/parcels/versions", {"label": "v1"})
        self.daemon.rest("PUT", "/v1/apis/parcels/versions/v1/document?name=a.yaml", DOCUMENT, {"content-type": "application/yaml"}, expect=201)
        self.post("/v1/apis/parcels/versions/v1/stage", {"stage": "published"}, 200)
        self.post("/v1/plans", {"slug": "small", "name": "Small", "apis": ["parcels"], "rate_count": 1, "rate_period_s": 3600, "burst": 5})
        self.post("/v1/groups", {"slug": "edge", "name": "Edge"})
        self.post("/v1/gateways", {"slug": "edge-1", "group": "edge", "listener": "127.0.0.1:1", "admin": "127.0.0.1:2", "token_file": "/t"})
        self.token = self.daemon.rest("POST", "/v1/gateways/edge-1/token", expect=201).json["token"]
        deployment = self.post("/v1/deployments", {"api": "parcels", "version": "v1", "group": "edge", "base_path": "/p", "upstream": "http://127.0.0.1:9"})
        self.post("/v1/apps", {"slug": "shop", "name": "Shop", "team": "owners"})
        key = self.post("/v1/apps/shop/keys", {"name": "k"})["secret"]
        wish = self.post("/v1/subscriptions", {"app": "shop", "api": "parcels", "plan": "small"})
        self.post(f"/v1/subscriptions/{wish['id']}/approve", {}, 200)
        return key, f"/check/{deployment['id']}/p/parcels"

    def check(self, key, target, connection=None):
        own = connection or UnixConnection(self.daemon.check_socket)
        try:
            return ask(own, "GET", target, headers={"x-api-key": key})
        finally:
            if connection is None:
                own.close()

    def serves(self, slug):
        """Reading, changing and deciding go on."""
        self.post("/v1/teams", {"slug": slug, "name": "T"})
        self.assertEqual(self.daemon.rest("GET", f"/v1/teams/{slug}").status, 200)
        self.assertEqual(self.daemon.portal("GET", "/healthz").status, 200)
        self.assertEqual(self.check("chy_x", "/check/0000000000000/x").status, 404)

    def assert_goes_on(self, done, pid, *words):
        self.assertEqual(done.returncode, 1, done)
        for word in (*words, str(pid)):
            self.assertIn(word, done.stderr)
        self.assertIsNone(self.daemon.process.poll())
        self.serves(f"after-{time.monotonic_ns()}")

    # --- taking over -------------------------------------------------------------------------------

    def test_a_fresh_process_serves_on_the_same_sockets(self):
        self.daemon.start()
        self.serves("before")
        paths = (self.daemon.socket, self.daemon.control_socket, self.daemon.check_socket)
        inodes = [os.stat(path).st_ino for path in paths]
        first = self.daemon.process
        done = self.daemon.restart()
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertNotEqual(self.daemon.process.pid, first.pid)
        self.assertEqual(first.wait(15), 0)
        self.serves("after")
        self.assertEqual(self.daemon.rest("GET", "/v1/teams/before").status, 200)
        self.assertEqual([os.stat(path).st_ino for path in paths], inodes)
        done = self.daemon.restart()
        self.assertEqual(done.returncode, 0, done.stderr)
        self.serves("again")

    def test_changed_settings_count_from_then_on(self):
        config, ports = self.daemon.folder / "chanceryd.conf", [free_port(), free_port()]
        plain = self.daemon.command
        del self.daemon.settings["listen"]
        self.daemon.command = lambda *words: [plain()[0], "--config", str(config), *plain(*words)[1:]]
        self.daemon.pin_ports = lambda: None
        config.write_text(f"listen = 127.0.0.1:{ports[0]}\n")
        self.daemon.start()
        self.assertEqual(self.daemon.port, ports[0])
        config.write_text(f"listen = 127.0.0.1:{ports[1]}\n")
        self.assertEqual(self.daemon.restart().returncode, 0)
        self.daemon.left[0].wait(15)
        self.daemon.ready["port"] = ports[1]
        self.serves("after")
        self.daemon.ready["port"] = ports[0]
        self.assertRaises(ConnectionRefusedError, self.daemon.portal, "GET", "/healthz")

    def test_two_who_ask_at_once_see_one_restart(self):
        self.daemon.start()
        pid, done = self.daemon.process.pid, []
        threads = [threading.Thread(target=lambda: done.append(self.daemon.run("restart"))) for _ in range(3)]
        self.daemon.restart()  # so that later ends are seen here
        self.daemon.left[0].wait(15)
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual({each.returncode for each in done}, {0}, done)
        self.daemon.left.append(self.daemon.process)
        self.daemon.process = Adopted(self.holder())
        self.serves("after")
        self.assertNotEqual(self.daemon.process.pid, pid)

    def holder(self):
        return int(pathlib.Path(f"{self.daemon.settings['database']}.lock").read_text().split()[0])

    def test_an_upload_that_lasts_longer_is_told_to_come_again(self):
        self.daemon.start()
        self.limited_app()
        self.post("/v1/apis/parcels/versions", {"label": "v2"})
        with socket.socket(socket.AF_UNIX) as peer:
            peer.settimeout(30)
            peer.connect(self.daemon.socket)
            peer.sendall(b"PUT /v1/apis/parcels/versions/v2/document?name=a.yaml HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/yaml\r\n"
                         b"Content-Length: %d\r\n\r\n" % len(DOCUMENT) + DOCUMENT[:100])
            time.sleep(0.2)
            self.assertEqual(self.daemon.restart().returncode, 0)
            peer.sendall(DOCUMENT[100:])
            answer = http.client.HTTPResponse(peer)
            answer.begin()
            self.assertEqual((answer.status, answer.headers["connection"], answer.headers["retry-after"]), (503, "close", "1"), answer.read())
        self.daemon.rest("PUT", "/v1/apis/parcels/versions/v2/document?name=a.yaml", DOCUMENT, {"content-type": "application/yaml"}, expect=201)

    def test_a_stop_meanwhile_ends_both(self):
        self.daemon.start()
        given = self.daemon.folder / "given"
        self.install_script(f"#!/bin/sh\nGIVEN={given} exec /usr/bin/python3 {__file__} --stand-in {LOADED} sleeps\n")
        restart = threading.Thread(target=lambda: self.restart_with(binary("chanceryd")))
        restart.start()
        end = time.monotonic() + 60
        while not given.exists():
            self.assertLess(time.monotonic(), end)
            time.sleep(0.01)
        children = pathlib.Path(f"/proc/{self.daemon.process.pid}/task/{self.daemon.process.pid}/children").read_text().split()
        self.assertEqual(len(children), 1)
        self.daemon.stop()
        restart.join()
        self.assertFalse(pathlib.Path(f"/proc/{children[0]}").exists())
        self.install(binary("chanceryd"))
        self.daemon.start()
        self.serves("after")

    def test_nobody_to_take_over_from(self):
        done = self.daemon.restart()
        self.assertEqual(done.returncode, 3, done)
        self.assertIn("nobody serves", done.stderr)
        self.daemon.start()
        self.daemon.stop()
        self.assertEqual(self.daemon.restart().returncode, 3)

    def test_no_acknowledged_change_is_lost(self):
        self.daemon.start()
        acknowledged, odd, done = [], [], threading.Event()

        def write(name):
            number = 0
            while not done.is_set():
                number += 1
                try:
                    answer = self.daemon.rest("POST", "/v1/teams", {"slug": f"{name}-{number}", "name": "T"})
                except OSError as problem:
                    odd.append(problem)
                    continue
                if answer.status == 201:
                    acknowledged.append(f"{name}-{number}")
                elif answer.status != 503 or "retry-after" not in answer.headers:
                    odd.append(answer)

        writers = [threading.Thread(target=write, args=(name,)) for name in ("a", "b", "c")]
        for writer in writers:
            writer.start()
        for _ in range(4):
            time.sleep(0.2)
            result = self.daemon.restart()
            self.assertEqual(result.returncode, 0, result)
        time.sleep(0.2)
        done.set()
        for writer in writers:
            writer.join()
        self.assertEqual(odd, [])
        self.assertGreater(len(acknowledged), 20)
        for slug in acknowledged:
            self.assertEqual(self.daemon.rest("GET", f"/v1/teams/{slug}").status, 200, slug)
        self.daemon.stop()
        self.assertIn("sound", self.daemon.run("check").stdout)

    def assert_left(self, answer, calls, full_s):
        """So many calls are left, and all of them again in so many seconds, or a few less on a slow machine."""
        left, seconds = re.fullmatch(r'"default";r=(\d+);t=(\d+)', answer.headers["ratelimit"]).groups()
        self.assertEqual(int(left), calls)
        self.assertTrue(full_s - 300 < int(seconds) <= full_s, answer.headers["ratelimit"])

    def test_limits_are_handed_over_and_decided_once(self):
        self.daemon.start()
        key, target = self.limited_app()
        kept = [UnixConnection(self.daemon.check_socket) for _ in range(3)]
        for connection in kept:
            self.assertEqual(self.check(key, target, connection).status, 200)
        self.assertEqual(self.daemon.restart().returncode, 0)
        self.assert_left(self.check(key, target), 1, 14400)
        answer = self.check(key, target, kept[0])  # still the old process's connection
        self.assertEqual(answer.status, 200)
        self.assert_left(answer, 0, 18000)
        self.assertEqual((answer.headers["x-consumer"], answer.headers["connection"]), ("shop", "close"))
        for connection in (None, kept[1], kept[2]):
            answer = self.check(key, target, connection)
            self.assertEqual(answer.status, 429)
            self.assertEqual(answer.json["code"], "rate_limited")
            self.assertIn("retry-after", answer.headers)
        self.assertEqual(self.daemon.left[0].wait(5), 0)  # its last connection has ended
        self.assertEqual(self.daemon.restart().returncode, 0)
        self.assertEqual(self.check(key, target).status, 429)

    def use_up(self, key, target):
        for _ in range(5):
            self.assertEqual(self.check(key, target).status, 200)
        self.assertEqual(self.check(key, target).status, 429)

    def test_limits_outlive_a_stop(self):
        self.daemon.start()
        key, target = self.limited_app()
        self.use_up(key, target)
        file = pathlib.Path(f"{self.daemon.settings['database']}.limits")
        for _ in range(2):  # also when nobody has called since the start
            self.assertEqual(self.daemon.stop(), 0)
            self.assertEqual(stat.S_IMODE(file.stat().st_mode), 0o600)
            self.daemon.start()
            self.assertEqual(self.check(key, target).status, 429)
        self.assertEqual(self.daemon.stop(), 0)
        file.write_bytes(file.read_bytes()[:-1])
        self.daemon.start()
        self.assertIn("the limits of the last run are not used", self.daemon.log.read_text())
        self.assertEqual(self.check(key, target).status, 200)

    def test_limits_outlive_a_kill_but_for_a_while(self):
        self.daemon.start()
        key, target = self.limited_app()
        self.use_up(key, target)
        file = pathlib.Path(f"{self.daemon.settings['database']}.limits")
        end = time.monotonic() + 60
        while not file.exists() and time.monotonic() < end:
            time.sleep(0.1)
        left = file.with_name(f"{file.name}.1.new")
        left.write_text("half of it")
        self.daemon.kill()
        self.daemon.start()
        self.assertEqual(self.check(key, target).status, 429)
        self.assertFalse(left.exists())

    def test_a_connection_that_stays_silent_is_left_after_a_while(self):
        self.daemon.start()
        kept = UnixConnection(self.daemon.check_socket)
        self.check("chy_x", "/check/0000000000000/x", kept)
        self.assertEqual(self.daemon.restart().returncode, 0)
        self.assertEqual(self.daemon.left[0].wait(20), 0)
        self.serves("after")
        kept.close()

    def test_a_gateway_over_tcp_is_known_at_once(self):
        self.daemon.start()
        key, target = self.limited_app()
        for _ in range(2):
            self.assertEqual(self.daemon.restart().returncode, 0)
            connection = http.client.HTTPConnection("127.0.0.1", self.daemon.ready["check_port"], timeout=5)
            answer = ask(connection, "GET", target, headers={"x-api-key": key, "x-chancery-gateway": self.token})
            connection.close()
            self.assertEqual(answer.status, 200, answer)

    def test_a_stale_socket_file_is_replaced(self):
        self.daemon.start()
        self.daemon.kill()
        self.assertTrue(stat.S_ISSOCK(os.stat(self.daemon.socket).st_mode))
        self.daemon.start()
        self.serves("after")

    # --- one that fails ----------------------------------------------------------------------------

    def test_a_new_program_that_fails_leaves_the_old_one_serving(self):
        self.daemon.start()
        pid = self.daemon.process.pid
        real = binary("chanceryd")
        for script, word in (("#!/bin/sh\nexit 7\n", "status 7"), ("#!/bin/sh\nkill -SEGV $$\n", "signal 11"),
                             ("#!/no/such/program\n", "cannot be started"), (f"#!/bin/sh\nexec {real} --set workers=0 serve\n", "status 2")):
            with self.subTest(word):
                self.install_script(script)
                self.assert_goes_on(self.restart_with(real), pid, word)
        self.install(real)
        self.assertEqual(self.daemon.restart().returncode, 0)
        self.serves("at-last")

    def restart_with(self, program):
        """The command itself is one that works."""
        return subprocess.run([program, *self.daemon.command("restart")[1:]], capture_output=True, text=True, timeout=60, check=False)

    def test_a_port_that_is_taken_leaves_the_old_one_serving(self):
        self.daemon.start()
        pid, real = self.daemon.process.pid, binary("chanceryd")
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            self.install_script(f'#!/bin/sh\nexec {real} "$@" --set listen=127.0.0.1:{port}\n')
            self.assert_goes_on(self.restart_with(real), pid, "listen", str(port))

    def test_a_catalog_that_is_another_or_none_leaves_the_old_one_serving(self):
        self.daemon.start()
        pid, real = self.daemon.process.pid, binary("chanceryd")
        other = Chanceryd()
        other.init()
        for path, word in ((other.settings["database"], "another catalog"), (self.daemon.folder / "none.db", "no catalog")):
            self.install_script(f'#!/bin/sh\nexec {real} "$@" --set database={path}\n')
            self.assert_goes_on(self.restart_with(real), pid, word)
        shutil.rmtree(other.folder)

    def test_a_newer_catalog_leaves_the_old_one_serving(self):
        self.daemon.settings["workers"] = 1
        self.daemon.start()
        self.serves("before")  # the worker has opened the catalog
        path = self.daemon.settings["database"]
        pid = self.daemon.process.pid
        with sqlite3.connect(path) as db:
            schema = db.execute("PRAGMA user_version").fetchone()[0]
            db.execute("PRAGMA user_version = 9999")
        db.close()
        done = self.daemon.restart()
        self.assertEqual(done.returncode, 1)
        self.assertIn("newer", done.stderr)
        with sqlite3.connect(path) as db:
            db.execute(f"PRAGMA user_version = {schema}")
        db.close()
        self.assertEqual(self.daemon.process.pid, pid)
        self.serves("after")

    def test_one_that_fails_at_any_step_leaves_the_old_one_serving(self):
        self.daemon.start()
        pid, real = self.daemon.process.pid, binary("chanceryd")
        key, target = self.limited_app()
        kept = UnixConnection(self.daemon.check_socket)
        for calls in range(2):
            self.assertEqual(self.check(key, target, kept).status, 200)
        for step in (SOCKETS, WANTS, CATALOG, LOADED, LIMITS):
            for ending in ("dies", "gives up", "babbles"):
                with self.subTest(f"{step} {ending}"):
                    self.install_script(f"#!/bin/sh\nexec /usr/bin/python3 {__file__} --stand-in {step} '{ending}'\n")
                    self.assert_goes_on(self.restart_with(real), pid)
                    self.assertEqual(self.check("chy_x", target, kept).status, 401)  # open, and never idle for long
        self.assertEqual([self.check(key, target, connection).status for connection in (kept, None, kept, kept)], [200, 200, 200, 429])
        self.install(real)
        self.assertEqual(self.daemon.restart().returncode, 0)
        self.assertEqual(self.check(key, target).status, 429)

    def test_changes_wait_for_a_slow_one_and_are_then_refused(self):
        self.daemon.start()
        real, waiting, given = binary("chanceryd"), [], self.daemon.folder / "given"
        self.install_script(f"#!/bin/sh\nGIVEN={given} exec /usr/bin/python3 {__file__} --stand-in {LOADED} sleeps\n")

        def change(delay_s, slug):
            time.sleep(delay_s)
            waiting.append(self.daemon.rest("POST", "/v1/teams", {"slug": slug, "name": "T"}))

        restart = threading.Thread(target=lambda: self.restart_with(real))
        restart.start()
        end = time.monotonic() + 60
        while not given.exists():
            self.assertLess(time.monotonic(), end)
            time.sleep(0.01)
        changes = [threading.Thread(target=change, args=(0, "early")), threading.Thread(target=change, args=(3, "late"))]
        for each in changes:
            each.start()
        time.sleep(1)
        self.assertEqual(self.check("chy_x", "/check/0000000000000/x").status, 404)  # decided meanwhile
        for each in changes:
            each.join()
        self.assertEqual([answer.status for answer in waiting], [503, 503])
        self.assertTrue(all("retry-after" in answer.headers for answer in waiting))
        restart.join()
        self.serves("after")

    # --- service manager ---------------------------------------------------------------------------

    def start_managed(self, sockets, names, notify):
        """As systemd does it: sockets from 3 on, their names, and where to tell."""
        line = self.daemon.command("serve")
        environment = os.environ | {"NOTIFY_SOCKET": notify, "LISTEN_FDS": str(len(sockets)), "LISTEN_FDNAMES": ":".join(names)}

        def place():
            copies = [os.dup(each.fileno()) for each in sockets]
            for number, copy in enumerate(copies):
                os.dup2(copy, 3 + number, inheritable=True)

        with open(self.daemon.log, "ab") as log:
            self.daemon.process = subprocess.Popen(
                ["/bin/sh", "-c", 'LISTEN_PID=$$ exec "$@"', "sh", *line], env=environment, stdin=subprocess.DEVNULL,
                stdout=log, stderr=log, pass_fds=range(3, 3 + len(sockets)), preexec_fn=place)

    def told(self, notify, word):
        notify.settimeout(20)
        while True:
            lines = notify.recv(4096).decode().splitlines()
            if any(line.startswith(word) for line in lines):
                return lines

    def test_sockets_and_signs_of_the_service_manager(self):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="chy-"))
        self.addCleanup(shutil.rmtree, folder, True)
        notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.addCleanup(notify.close)
        notify.bind(str(folder / "notify"))
        tcp = socket.create_server(("127.0.0.1", 0))
        local = socket.socket(socket.AF_UNIX)
        local.bind(self.daemon.check_socket)
        local.listen()
        self.daemon.settings["listen"] = ""
        inode = os.stat(self.daemon.check_socket).st_ino
        self.start_managed([tcp, local], ["listen", "chanceryd.socket"], str(folder / "notify"))
        self.assertIn("READY=1", self.told(notify, "READY=1"))
        port = tcp.getsockname()[1]
        self.daemon.ready = {"port": port}
        tcp.close()
        local.close()
        self.serves("first")
        self.assertEqual(os.stat(self.daemon.check_socket).st_ino, inode)
        first = self.daemon.process
        self.assertEqual(self.daemon.restart().returncode, 0)
        self.told(notify, "RELOADING=1")
        lines = self.told(notify, "MAINPID=")
        self.assertEqual(sorted(lines), sorted([f"MAINPID={self.daemon.process.pid}", "READY=1"]))
        self.assertEqual(first.wait(15), 0)
        self.serves("second")
        self.assertEqual(os.stat(self.daemon.check_socket).st_ino, inode)
        self.daemon.process.send_signal(signal.SIGTERM)
        self.told(notify, "STOPPING=1")

    def test_a_passed_socket_that_nothing_is_set_for_is_an_error(self):
        with socket.create_server(("127.0.0.1", 0)) as tcp:
            self.start_managed([tcp], ["chekc_listen"], "")
            self.assertEqual(self.daemon.process.wait(20), 1)
            self.daemon.process = None
        self.assertIn("FileDescriptorName", self.daemon.log.read_text())


# --- a new process that does not do its part --------------------------------------------------------


def stand_in(step, ending):
    """Plays the new process up to a message that it has read or sent, and then fails."""
    channel = socket.socket(fileno=int(os.environ["CHANCERY_HANDOVER"]))

    def read():
        head, rights, _, _ = channel.recvmsg(16, socket.CMSG_SPACE(64 * 4), socket.MSG_WAITALL)
        message, _, size = struct.unpack("=IIQ", head)
        text = channel.recv(size, socket.MSG_WAITALL) if size else b""
        del rights
        return message, text

    def say(message, text=b""):
        channel.sendall(struct.pack("=IIQ", message, 0, len(text)) + text)

    for message in range(SOCKETS, step + 1):
        if message in (SOCKETS, CATALOG, LIMITS):
            if read()[0] != message:
                raise SystemExit("unexpected message")
            if message == CATALOG and "GIVEN" in os.environ:
                pathlib.Path(os.environ["GIVEN"]).touch()
        elif message != step or ending == "dies":
            say(message)
    if ending == "gives up":
        say(FAILED, b"no mood today")
    elif ending == "babbles":
        channel.sendall(b"\xff" * 100)
        time.sleep(5)
    elif ending == "sleeps":
        time.sleep(6)
    os._exit(0)


if __name__ == "__main__":
    if "--stand-in" in sys.argv:
        stand_in(int(sys.argv[-2]), sys.argv[-1])
    unittest.main(verbosity=1)
