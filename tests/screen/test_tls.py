"""The console and the commands over https: a server that is verified, a token that is kept."""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from kit.chancery import Chanceryd, binary  # noqa: E402
from kit.console import Console  # noqa: E402
from kit.tls import Front, Issuer  # noqa: E402

TOKEN = "chp_0123456789abcdef"


class TlsCase(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="chy-tls-"))
        cls.daemon = Chanceryd(cls.folder / "daemon")
        cls.daemon.folder.mkdir()
        cls.daemon.init()
        cls.daemon.start()
        cls.daemon.rest("POST", "/v1/teams", {"slug": "logistics", "name": "Logistics"}, expect=201)
        cls.daemon.rest("POST", "/v1/apis", {"slug": "parcels", "name": "Parcels", "team": "logistics"}, expect=201)
        cls.issuer = Issuer(cls.folder)
        cls.good = cls.issuer.make("good")

    @classmethod
    def tearDownClass(cls):
        cls.daemon.stop()
        shutil.rmtree(cls.folder, ignore_errors=True)

    def front(self, certificate=None, token=None, port=0):
        front = Front(self.daemon.socket, certificate or self.good, token, port)
        self.addCleanup(front.stop)
        return front

    def token_file(self, text=TOKEN, mode=0o600):
        path = pathlib.Path(tempfile.mkstemp(dir=self.folder)[1])
        path.write_text(f"{text}\n")
        path.chmod(mode)
        return path

    def chancery(self, *words, **environment):
        clean = {name: value for name, value in os.environ.items() if not name.startswith("CHANCERY_") or name == "CHANCERY_BIN"}
        return subprocess.run([binary("chancery"), *map(str, words)], capture_output=True, text=True, timeout=30,
                              stdin=subprocess.DEVNULL, env={**clean, "LC_ALL": "C.UTF-8", **environment})

    def console(self, *words):
        console = Console(None, 24, 80, list(map(str, words)))
        self.addCleanup(console.stop)
        return console


class CommandTest(TlsCase):
    def test_a_verified_server_and_a_token_give_the_list(self):
        front, token = self.front(token=TOKEN), self.token_file()
        for words in (("--url", front.url, "--ca", self.issuer.certificate, "--token-file", token, "apis"),
                      ("apis", f"--url={front.url}", "--ca", self.issuer.certificate, f"--token-file={token}"),
                      ("--url", f"{front.url}/", "--ca", self.issuer.certificate, "apis", "--token-file", token)):
            done = self.chancery(*words)
            self.assertEqual((done.returncode, done.stderr), (0, ""), words)
            self.assertIn("parcels  logistics", done.stdout)
        self.assertEqual({header for *_, header in front.seen}, {f"Bearer {TOKEN}"})

    def test_the_environment_says_the_same(self):
        front = self.front(token=TOKEN)
        done = self.chancery("apis", CHANCERY_URL=front.url, CHANCERY_CA=str(self.issuer.certificate), CHANCERY_TOKEN_FILE=str(self.token_file()))
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        done = self.chancery("--socket", self.daemon.socket, "apis", CHANCERY_URL=front.url)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(len(front.seen), 1)

    def test_what_is_wrong_with_a_certificate_is_named_with_the_remedy(self):
        wrong = {
            "expired": (self.issuer.make("expired", days=-1), "has expired", "check this machine's clock"),
            "host": (self.issuer.make("host", "elsewhere.example"), "is not for this host", "use the name that the certificate carries"),
        }
        for name, (certificate, what, remedy) in wrong.items():
            front = self.front(certificate)
            done = self.chancery("--url", front.url, "--ca", self.issuer.certificate, "apis")
            self.assertEqual(done.returncode, 1, name)
            self.assertIn(f"the certificate of chanceryd at {front.url} {what}\n", done.stderr)
            self.assertIn(remedy, done.stderr)
            self.assertEqual(front.seen, [], name)
        front = self.front(token=TOKEN)
        done = self.chancery("--url", front.url, "--token-file", self.token_file(), "apis")
        self.assertEqual(done.returncode, 1)
        self.assertIn("has an issuer that is not trusted here\n  name the issuer's certificate: --ca FILE\n", done.stderr)
        self.assertEqual(front.seen, [])

    def test_files_that_are_not_what_they_should_be(self):
        front = self.front()
        garbage = self.token_file("no certificate")
        cases = (
            (("--ca", garbage), 1, "no certificates can be read from this file"),
            (("--ca", "/no/such/file"), 1, "cannot read the issuers' certificates: No such file or directory"),
            (("--ca", self.issuer.certificate, "--token-file", "/no/such/file"), 1, "cannot open the token file: No such file"),
            (("--ca", self.issuer.certificate, "--token-file", self.token_file("two words")), 2, "does not hold one token"),
            (("--ca", self.issuer.certificate, "--token-file", self.folder), 2, "not a regular file"),
        )
        for words, status, says in cases:
            done = self.chancery("--url", front.url, *words, "apis")
            self.assertEqual(done.returncode, status, done.stderr)
            self.assertIn(says, done.stderr)
        self.assertEqual(front.seen, [])

    def test_a_token_that_others_can_read_is_not_used(self):
        front = self.front(token=TOKEN)
        for mode in (0o640, 0o604, 0o644, 0o660):
            path = self.token_file(mode=mode)
            done = self.chancery("--url", front.url, "--ca", self.issuer.certificate, "--token-file", path, "apis")
            self.assertEqual(done.returncode, 1)
            self.assertIn(f"may be read by others (mode {mode:04o})", done.stderr)
            self.assertIn(f"chmod 600 {path}", done.stderr)
            self.assertNotIn(TOKEN, done.stderr)
        self.assertEqual(front.seen, [])

    def test_a_wrong_token_is_told_with_its_file(self):
        front, path = self.front(token="another"), self.token_file()
        done = self.chancery("--url", front.url, "--ca", self.issuer.certificate, "--token-file", path, "apis")
        self.assertEqual(done.returncode, 1)
        self.assertIn("this token is not known", done.stderr)
        self.assertIn(f"the token of {path} is not valid", done.stderr)
        self.assertNotIn(TOKEN, done.stderr + done.stdout)
        done = self.chancery("--url", front.url, "--ca", self.issuer.certificate, "apis")
        self.assertIn("--token-file FILE", done.stderr)

    def test_a_token_never_leaves_in_the_clear(self):
        done = self.chancery("--url", "http://192.0.2.1", "--token-file", self.token_file(), "apis")
        self.assertEqual(done.returncode, 1)
        self.assertIn("a token is not sent in the clear", done.stderr)
        done = self.chancery("--url", f"http://127.0.0.1:{self.daemon.port}", "apis")
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_addresses_that_are_none(self):
        for words in (("--url", "ftp://x"), ("--url", "https://"), ("--url", "https://x/y"), ("--url", "https://u@x"), ("--url", "x"),
                      ("--socket", "https://x"), ("--url", "https://x", "--socket", "/s"), ("--ca", "/x")):
            done = self.chancery(*words, "apis")
            self.assertEqual(done.returncode, 2, words)

    def test_a_port_without_tls_is_told(self):
        done = self.chancery("--url", f"https://localhost:{self.daemon.port}", "apis")
        self.assertEqual(done.returncode, 1)
        self.assertIn("it does not speak TLS", done.stderr)

    def test_no_option_skips_the_verification(self):
        text = self.chancery("--help").stdout
        for word in ("insecure", "skip", "no-verify"):
            self.assertNotIn(word, text)


class ConsoleTest(TlsCase):
    def words(self, front, *more):
        return ("--url", front.url, "--ca", self.issuer.certificate, *more)

    def test_the_title_names_the_server_and_it_reconnects(self):
        front = self.front()
        console = self.console(*self.words(front))
        console.wait(f"localhost:{front.port} › Services")
        console.wait("parcels")
        front.stop()
        console.wait("offline ", 10000)
        console.wait("cannot reach chanceryd at https://localhost", 10000)
        self.assertTrue(any("parcels" in line for line in console.screen()))
        self.front(port=front.port)
        console.gone("offline", 15000)
        console.wait("live 1s")

    def test_a_certificate_that_runs_out_is_told_and_a_new_one_taken(self):
        front = self.front()
        console = self.console(*self.words(front))
        console.wait("parcels")
        front.stop()
        expired = self.front(self.issuer.make("late", days=-1), port=front.port)
        console.wait("has expired", 15000)
        self.assertEqual(expired.seen, [])
        expired.stop()
        self.front(port=front.port)
        console.gone("has expired", 15000)

    def test_a_wrong_token_does_not_loop_and_a_new_one_is_read(self):
        front, path = self.front(token="the-right-one"), self.token_file("a-wrong-one")
        console = self.console(*self.words(front, "--token-file", path))
        console.wait("not signed in")
        console.wait("this token is not known")
        time.sleep(2)
        asked = front.refused
        self.assertLessEqual(asked, 4)  # each of the view's lists and "who am I", once
        path.write_text("the-right-one\n")
        console.key("^R")
        console.wait("parcels")
        console.gone("not signed in")
        self.assertEqual(front.refused, asked)


if __name__ == "__main__":
    unittest.main()
