"""chancery test with the contract: as a stranger, with a token, over the Unix socket, and of things that exist."""
import json
import pathlib
import subprocess
import tempfile

import yaml

from case import RestCase, main
from contract import PATH
from kit.chancery import binary


class OwnTest(RestCase):
    maxDiff = None

    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))

    def judged(self, base, *words, document=PATH):
        run = subprocess.run([binary("chancery"), "test", "--format", "json", "--base", base, *words, str(document)], capture_output=True,
                             text=True, timeout=120)
        rows = json.loads(run.stdout)
        wrong = [row for row in rows if row["verdict"] in ("failed", "error")]
        self.assertEqual((run.returncode, wrong), (0, []), run.stderr)
        called = [row for row in rows if row["verdict"] == "ok"]
        self.assertEqual({row["operation"].split()[0] for row in called}, {"GET"})
        self.assertEqual(len(called), sum(row["operation"].startswith("GET ") for row in rows))
        return {row["operation"]: row["status"] for row in called}

    def token(self):
        self.make("/v1/users", {"name": "ada", "role": "admin"})
        ada = self.person("ada", self.team("crew"), "owner")
        file = self.folder / "token"
        file.touch(0o600)
        file.write_text(ada.ask("POST", "/v1/users/ada/tokens", {"name": "t", "scope": "admin"}, expect=201).json["secret"])
        return file

    def test_the_contract_holds_for_all_who_ask(self):
        base, token = f"http://127.0.0.1:{self.daemon.port}", self.token()
        self.assertEqual(self.judged(base)["GET /v1/me"], 401)
        self.assertEqual(self.judged(base, "--token-file", str(token))["GET /v1/me"], 200)
        self.assertEqual(self.judged(f"unix:{self.daemon.socket}")["GET /v1/gateways"], 200)
        contract = yaml.safe_load(PATH.read_text())
        for name, value in self.everything().items():
            contract["components"]["parameters"][name]["example"] = value
        for parameter in contract["paths"]["/v1/apis/{api}/compare"]["get"]["parameters"]:
            parameter["example"] = "v1"
        document = self.folder / "contract.json"
        document.write_text(json.dumps(contract))
        statuses = self.judged(base, "--token-file", str(token), document=document)
        self.assertEqual({name: status for name, status in statuses.items() if status != 200}, {})


if __name__ == "__main__":
    main()
