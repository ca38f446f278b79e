"""Console and commands by https with a personal token of the real chanceryd, from its making to its revocation."""
import pathlib
import sys
import unittest

from test_tls import TlsCase

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "http"))
from case import Person  # noqa: E402


class TokenTest(TlsCase):
    def setUp(self):
        self.made = self.make("console")
        self.front_ = self.front()  # lets everybody through: the daemon judges the token
        self.path = self.token_file(self.made["secret"])
        self.words = ("--url", self.front_.url, "--ca", self.issuer.certificate, "--token-file", self.path)

    def olivia(self, method, target, body, status):
        """Only the user makes tokens, signed in."""
        answer = self.daemon.portal(method, f"/v1/users/olivia/tokens{target}", body, Person(self, "olivia").headers(method))
        self.assertEqual(answer.status, status, answer)
        return answer

    def make(self, name):
        if self.daemon.rest("GET", "/v1/users/olivia").status == 404:
            self.daemon.rest("POST", "/v1/users", {"name": "olivia", "role": "operator"}, expect=201)
        return self.olivia("POST", "", {"name": name, "scope": "write"}, 201).json

    def revoke(self, made):
        self.olivia("DELETE", f"/{made['token']['id']}", None, 200)

    def test_commands_act_as_the_tokens_user(self):
        done = self.chancery(*self.words, "apis")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("parcels  logistics", done.stdout)
        self.revoke(self.made)
        done = self.chancery(*self.words, "apis")
        self.assertEqual(done.returncode, 1)
        self.assertIn(f"the token of {self.path} is not valid", done.stderr)
        self.assertNotIn(self.made["secret"], done.stderr)

    def test_the_console_names_the_user_and_stops_when_the_token_is_revoked(self):
        console = self.console(*self.words)
        console.wait("olivia")
        console.wait("parcels")
        self.revoke(self.made)
        console.wait("not signed in", 10000)
        self.path.write_text(self.make("another")["secret"] + "\n")
        console.key("^R")
        console.gone("not signed in")
        console.wait("live 1s")


if __name__ == "__main__":
    unittest.main()
