"""The own listener over TLS: versions, deadlines, identity, and a certificate that is replaced while it is used."""
import http.client
import os
import pathlib
import re
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import threading
import time
import unittest
import urllib.parse
import warnings

from case import Chanceryd, ask
from kit.chancery import Failed

warnings.simplefilter("ignore", DeprecationWarning)  # the old versions are asked for on purpose
PASSWORD = "a long enough password"


def make_pair(folder, name, *kind):
    """A certificate for localhost, signed by itself; its common name tells it from others."""
    certificate, key = folder / f"{name}.crt", folder / f"{name}.key"
    done = subprocess.run(
        ["openssl", "req", "-x509", "-newkey", *(kind or ("ec", "-pkeyopt", "ec_paramgen_curve:P-256")), "-nodes", "-days", "30",
         "-subj", f"/CN={name}", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", key, "-out", certificate],
        capture_output=True, text=True, check=False)
    if done.returncode:
        raise Failed(done.stderr)
    key.chmod(0o640)
    return certificate, key


class Tls(unittest.TestCase):
    settings = {}

    @classmethod
    def setUpClass(cls):
        cls.pairs = pathlib.Path(tempfile.mkdtemp(prefix="chy-tls-"))
        cls.addClassCleanup(shutil.rmtree, cls.pairs, True)
        for name in ("one", "two", "three"):
            make_pair(cls.pairs, name)
        make_pair(cls.pairs, "rsa", "rsa:2048")

    def setUp(self):
        self.daemon = Chanceryd()
        self.certificate, self.key = self.daemon.folder / "tls.crt", self.daemon.folder / "tls.key"
        self.install("one")
        self.daemon.settings |= {"listen_tls": "127.0.0.1:0", "tls_certificate": self.certificate, "tls_key": self.key,
                                 "public_url": "https://localhost"}
        self.daemon.init()

    def start(self, **settings):
        self.daemon.settings |= settings
        self.daemon.start()
        self.port = self.daemon.ready["tls_port"]

    def tearDown(self):
        self.daemon.stop()
        for process in filter(None, (*self.daemon.left, self.daemon.process)):
            self.assertIn(process.returncode, (None, 0))
        log = self.daemon.log.read_text() if self.daemon.log.exists() else ""
        self.assertNotIn("Sanitizer", log)
        self.assertNotIn("runtime error", log)
        shutil.rmtree(self.daemon.folder, ignore_errors=True)
        shutil.rmtree(self.daemon.sockets, ignore_errors=True)

    def put(self, source, target):
        fresh = target.with_suffix(".new")
        shutil.copy(source, fresh)
        fresh.rename(target)

    def install(self, name, key=None):
        self.put(self.pairs / f"{name}.crt", self.certificate)
        self.put(self.pairs / f"{key or name}.key", self.key)

    def context(self, name=None, least=None, most=None, ciphers=None):
        context = ssl.create_default_context()
        if name:
            context.load_verify_locations(self.pairs / f"{name}.crt")
        else:
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        if ciphers:
            context.set_ciphers(ciphers)
        if least:
            context.minimum_version = least
        if most:
            context.maximum_version = most
        return context

    def connect(self, **how):
        return http.client.HTTPSConnection("localhost", self.port, timeout=20, context=self.context(**how))

    def ask(self, method, target, body=None, headers=None, **how):
        connection = self.connect(**how)
        try:
            return ask(connection, method, target, body, headers)
        finally:
            connection.close()

    def served_name(self):
        """The common name of the certificate that a new connection is shown."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=20) as plain, self.context().wrap_socket(plain) as secure:
            text = subprocess.run(["openssl", "x509", "-inform", "DER", "-noout", "-subject"], input=secure.getpeercert(True), capture_output=True, check=True)
        return re.search(r"CN\s*=\s*(\S+)", text.stdout.decode())[1]

    def wait_for(self, what, timeout_s=20):
        end = time.monotonic() + timeout_s
        while not what():
            self.assertLess(time.monotonic(), end, self.daemon.log.read_text()[-2000:])
            time.sleep(0.02)

    def events(self, event):
        return self.daemon.log.read_text().count(f'"event":"{event}"')

    # --- what is spoken ----------------------------------------------------------------------------

    def test_versions_1_2_and_1_3_only(self):
        self.start()
        for version, name in ((ssl.TLSVersion.TLSv1_2, "TLSv1.2"), (ssl.TLSVersion.TLSv1_3, "TLSv1.3")):
            connection = self.connect(name="one", least=version, most=version)
            self.assertEqual(ask(connection, "GET", "/healthz").status, 200)
            self.assertEqual(connection.sock.version(), name)
            connection.close()
        for version in (ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1):
            with self.assertRaises(ssl.SSLError, msg=version) as refused:
                self.ask("GET", "/healthz", least=version, most=version, ciphers="ALL:@SECLEVEL=0")
            self.assertRegex(str(refused.exception), "(?i)alert|eof")  # it was the server that ended it

    def test_only_ciphers_with_forward_secrecy_and_integrity(self):
        self.install("rsa")
        self.start()
        for ciphers, good in (("ECDHE-RSA-AES256-GCM-SHA384", True), ("ECDHE-RSA-CHACHA20-POLY1305", True),
                              ("AES256-GCM-SHA384", False), ("ECDHE-RSA-AES256-SHA384", False), ("ECDHE-RSA-AES128-SHA", False)):
            with self.subTest(ciphers):
                how = {"least": ssl.TLSVersion.TLSv1_2, "most": ssl.TLSVersion.TLSv1_2, "ciphers": f"{ciphers}:@SECLEVEL=0"}
                if good:
                    self.assertEqual(self.ask("GET", "/healthz", **how).status, 200)
                else:
                    self.assertRaises(ssl.SSLError, self.ask, "GET", "/healthz", **how)

    def test_requests_of_all_sizes_and_many_at_once(self):
        self.start(header_deadline_ms=60000)  # the clients share two cores with everything
        connection = self.connect(name="one")
        contract = ask(connection, "GET", "/v1/openapi.yaml")
        self.assertEqual(contract.status, 200)
        self.assertGreater(len(contract.body), 100_000)
        self.assertEqual(ask(connection, "POST", "/v1/teams", b"{" + b" " * 900_000 + b"}").status, 401)  # read to its end
        self.assertEqual(ask(connection, "GET", "/v1/openapi.yaml").body, contract.body)
        connection.close()
        statuses = []
        threads = [threading.Thread(target=lambda: statuses.append(self.ask("GET", "/healthz").status)) for _ in range(130)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(statuses, [200] * 130)

    def test_plain_http_is_closed_without_a_word_of_http(self):
        self.start()
        with socket.create_connection(("127.0.0.1", self.port), timeout=20) as plain:
            plain.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
            said = b""
            try:
                while piece := plain.recv(4096):
                    said += piece
            except ConnectionResetError:
                pass
        self.assertNotIn(b"HTTP", said)
        self.assertEqual(self.ask("GET", "/healthz").status, 200)

    def test_a_refusal_before_the_body_is_read_reaches_the_client(self):
        self.start()
        with socket.create_connection(("127.0.0.1", self.port), timeout=20) as plain, \
                self.context().wrap_socket(plain, server_hostname="localhost") as secure:
            secure.sendall(b"PUT /v1/apis/a/versions/v1/document HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9999999\r\n\r\n" + b"x" * 50_000)
            said = b""
            while piece := secure.recv(4096):
                said += piece
        self.assertTrue(said.startswith(b"HTTP/1.1 401 "), said[:200])
        self.assertIn(b"nobody is signed in", said)

    def test_a_handshake_that_does_not_end_is_cut(self):
        self.start(header_deadline_ms=400)
        hello = ssl.MemoryBIO()
        halves = self.context().wrap_bio(ssl.MemoryBIO(), hello, server_hostname="localhost")
        self.assertRaises(ssl.SSLWantReadError, halves.do_handshake)
        record = hello.read()
        for start in (b"", record[:1], record[:len(record) // 2], record):
            with self.subTest(len(start)), socket.create_connection(("127.0.0.1", self.port), timeout=20) as slow:
                slow.sendall(start)
                while slow.recv(4096):  # answers of the handshake, and then the end
                    pass
        self.assertEqual(self.ask("GET", "/healthz").status, 200)

    # --- who is who --------------------------------------------------------------------------------

    def test_sign_in_over_tls_is_bound_to_it(self):
        self.start()
        self.daemon.rest("POST", "/v1/users", {"name": "dev", "password": PASSWORD}, expect=201)
        page = self.ask("GET", "/sign-in")
        self.assertEqual(page.headers["strict-transport-security"], "max-age=31536000")
        form = urllib.parse.urlencode({"name": "dev", "password": PASSWORD, "csrf": ""})
        headers = {"content-type": "application/x-www-form-urlencoded", "origin": f"https://localhost:{self.port}"}
        answer = self.ask("POST", "/sign-in", form, headers)
        self.assertEqual(answer.status, 303, answer)
        cookie = answer.set_cookies[0]
        self.assertTrue(cookie.startswith("__Host-chancery="), cookie)
        for word in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax"):
            self.assertIn(word, cookie)
        value = cookie.split(";")[0]
        self.assertEqual(self.ask("GET", "/v1/apps", headers={"cookie": value}).status, 200)
        self.assertEqual(self.ask("GET", "/v1/apps", headers={"cookie": value.replace("__Host-", "")}).status, 401)
        plain = self.daemon.portal("GET", "/healthz")
        self.assertNotIn("strict-transport-security", plain.headers)

    # --- another certificate -----------------------------------------------------------------------

    def test_hangup_reloads_for_new_connections(self):
        self.start()
        kept = self.connect(name="one")
        self.assertEqual(ask(kept, "GET", "/healthz").status, 200)
        self.install("rsa")
        self.daemon.process.send_signal(signal.SIGHUP)
        self.wait_for(lambda: self.served_name() == "rsa")
        self.assertEqual(ask(kept, "GET", "/healthz").status, 200)
        kept.close()
        self.assertEqual(self.ask("GET", "/healthz", name="rsa").status, 200)

    def test_changed_files_are_noticed(self):
        self.start()
        self.install("two")
        self.wait_for(lambda: self.served_name() == "two")

    def test_a_bad_pair_is_kept_out_and_told(self):
        self.start()
        bad = [("fit", lambda: self.install("two", "one")), ("certificate", lambda: self.certificate.write_text("nonsense")),
               ("key", lambda: (self.install("two"), self.key.write_text("nonsense"))), ("open", lambda: (self.install("two"), self.key.chmod(0o644))),
               ("missing", self.certificate.unlink)]
        for number, (name, spoil) in enumerate(bad, 1):
            with self.subTest(name):
                self.install("one")
                spoil()
                self.daemon.process.send_signal(signal.SIGHUP)
                self.wait_for(lambda: self.events("the new certificate is not used; the old one stays") >= number)
                self.assertEqual(self.served_name(), "one")
        self.assertIn("chancery_certificate_reload_failed 1", self.daemon.portal("GET", "/metrics").body.decode())
        self.install("three")
        self.wait_for(lambda: self.served_name() == "three")
        self.assertIn("chancery_certificate_reload_failed 0", self.daemon.portal("GET", "/metrics").body.decode())
        self.assertRegex(self.daemon.portal("GET", "/metrics").body.decode(), r"chancery_certificate_not_after_seconds \d{10}")

    def test_a_restart_keeps_the_port_and_takes_the_new_certificate(self):
        self.start()
        self.install("two")
        done = self.daemon.restart()
        self.assertEqual(done.returncode, 0, done)
        self.assertEqual(self.served_name(), "two")
        self.install("three", "one")
        done = self.daemon.restart()
        self.assertEqual(done.returncode, 1)
        self.assertIn("not the certificate's", done.stderr)
        self.assertEqual(self.served_name(), "two")

    # --- starting ----------------------------------------------------------------------------------

    def start_fails(self, *words):
        with self.assertRaises(Failed) as failed:
            self.daemon.start()
        for word in words:
            self.assertIn(word, str(failed.exception))
        self.daemon.process = None

    def test_what_is_missing_or_wrong_is_named(self):
        self.install("one", "two")
        self.start_fails("tls.key", "not the certificate's")
        self.install("one")
        self.key.chmod(0o644)
        self.start_fails("tls.key", "open to every account", "chmod")
        self.daemon.settings["tls_key"] = ""
        self.start_fails("listen_tls", "set tls_certificate and tls_key")


if __name__ == "__main__":
    unittest.main(verbosity=1)
