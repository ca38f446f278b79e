"""chancery test with the contract, as a stranger, an administrator with a token, and over the Unix socket."""
import json
import subprocess
import tempfile

from case import RestCase, main
from contract import PATH
from kit.chancery import binary


class OwnTest(RestCase):
    def judged(self, base, *words):
        run = subprocess.run([binary("chancery"), "test", "--format", "json", "--base", base, *words, str(PATH)], capture_output=True,
                             text=True, timeout=120)
        rows = json.loads(run.stdout)
        wrong = [row for row in rows if row["verdict"] in ("failed", "error")]
        self.assertEqual((run.returncode, wrong), (0, []), run.stderr)
        called = [row for row in rows if row["verdict"] == "ok"]
        self.assertEqual({row["operation"].split()[0] for row in called}, {"GET"})
        self.assertEqual(len(called), sum(row["operation"].startswith("GET ") for row in rows))
        return {row["operation"]: row["status"] for row in called}

    def test_the_contract_holds_for_all_who_ask(self):
        self.team("crew")
        self.make("/v1/users", {"name": "ada", "role": "admin"})
        ada = self.person("ada", "crew", "owner")
        with tempfile.NamedTemporaryFile("w") as file:
            file.write(ada.ask("POST", "/v1/users/ada/tokens", {"name": "t", "scope": "admin"}, expect=201).json["secret"])
            file.flush()
            base = f"http://127.0.0.1:{self.daemon.port}"
            self.assertEqual(self.judged(base)["GET /v1/me"], 401)
            by_token = self.judged(base, "--token-file", file.name)
        self.assertEqual(by_token["GET /v1/me"], 200)
        self.assertEqual(by_token["GET /v1/teams"], 200)
        self.assertEqual(self.judged(f"unix:{self.daemon.socket}")["GET /v1/gateways"], 200)


if __name__ == "__main__":
    main()
