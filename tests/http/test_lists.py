"""Consumer lists as a proxy keeps them: signed, by changes, held until something changes, compressed, over a restart."""
import concurrent.futures
import gzip
import json
import os
import pathlib
import random
import re
import stat
import subprocess
import sys
import tempfile
import time

from case import CONTRACT, ROOT, RestCase, main

WHERE = "/v1/gateways/edge-1/consumers"


def verifier():
    """The program of the manual, as a reader would copy it."""
    text = (ROOT / "doc/chanceryd.8").read_text()
    return re.search(r"\.Bd -literal\n(#!/usr/bin/python3\n\"\"\"verify-list.*?)\.Ed", text, re.S)[1]


class Proxy:
    """Keeps a list by what it is told, and nothing else."""

    def __init__(self):
        self.version, self.consumers = None, {}

    def take(self, document):
        if "consumers" in document:
            self.consumers = {row["app"]: row for row in document["consumers"]}
        else:
            for app in document["removed"]:
                self.consumers.pop(app, None)
            self.consumers.update({row["app"]: row for row in document["changed"]})
        self.version = document["version"]


class ListsTest(RestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        self = cls()
        self.api("pets", "zoo"), self.api("toys", "zoo")
        self.plan("gold", "pets", "toys", rate_count=10, rate_period_s=1, burst=20)
        self.plan("thin", "pets", "toys", operations=["GET /parcels"])
        self.make("/v1/groups", {"slug": "edge", "name": "Edge"})
        self.make("/v1/groups", {"slug": "core", "name": "Core"})
        for gateway, group, port in (("edge-1", "edge", 19990), ("core-1", "core", 19991)):
            self.make("/v1/gateways", {"slug": gateway, "group": group, "listener": f"127.0.0.1:{port}", "admin": "unix:/nowhere"})
        cls.place = self.deploy("pets", "edge")
        for number in range(4):
            self.app(f"app-{number}", "shop")
            self.make(f"/v1/apps/app-{number}/keys", {})

    def deploy(self, api, group):
        return self.make("/v1/deployments", {"api": api, "version": "v1", "group": group, "base_path": f"/{api}", "upstream": "http://127.0.0.1:8"})["id"]

    def fetch(self, query="", headers=None, expect=200, gateway="edge-1", verify=True):
        """At the control socket, where a proxy asks; judged by the contract and by the signature."""
        target = f"/v1/gateways/{gateway}/consumers{query}"
        answer = self.at_control(target, headers)
        self.assertEqual(answer.status, expect, answer)
        if answer.headers.get("content-encoding") == "gzip":
            answer.body = gzip.decompress(answer.body)
        if expect == 200:
            CONTRACT.judge("GET", target, answer, None)
            if verify:
                self.verify(answer)
        return answer

    def verify(self, answer, holds=True, body=None):
        keys = self.admin("GET", "/v1/signing-keys", expect=200).body
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            (folder / "verify-list").write_text(verifier())
            (folder / "keys").write_bytes(keys)
            (folder / "body").write_bytes(answer.body if body is None else body)
            done = subprocess.run([sys.executable, folder / "verify-list", folder / "keys", answer.headers["chancery-signature"], folder / "body"],
                                  capture_output=True, text=True, timeout=30)
        self.assertEqual(done.returncode == 0, holds, done.stdout + done.stderr)

    def grant(self, app, api="pets", plan="gold"):
        asked = self.make("/v1/subscriptions", {"app": app, "api": api, "plan": plan})["id"]
        self.admin("POST", f"/v1/subscriptions/{asked}/approve", expect=200)
        return asked

    def revoke(self, identity):
        self.admin("POST", f"/v1/subscriptions/{identity}/revoke", {"reason": "over"}, expect=200)

    # --- signatures --------------------------------------------------------------------------------

    def test_verifier_fits_into_twenty_lines_and_refuses_changed_bytes(self):
        self.assertLessEqual(len(verifier().splitlines()), 20)
        answer = self.fetch()
        self.verify(answer, False, answer.body.replace(b"edge", b"core"))
        self.verify(answer, False, answer.body + b" ")

    def test_a_new_key_signs_and_the_old_one_stays_listed(self):
        before = self.fetch()
        old = self.admin("GET", "/v1/signing-keys", expect=200).json["items"]
        fresh = self.admin("POST", "/v1/signing-keys", expect=201).json["items"]
        self.assertEqual([key["id"] for key in fresh[1:]], [key["id"] for key in old])
        self.assertIsNone(fresh[0]["retired_at"])
        self.assertIsNotNone(fresh[1]["retired_at"])
        after = self.fetch()
        self.assertEqual([answer.headers["chancery-signature"].split()[1] for answer in (before, after)], [fresh[1]["id"], fresh[0]["id"]])
        self.verify(before)
        bootstrap = self.admin("GET", "/v1/gateways/edge-1/bootstrap", expect=200).body.decode()
        self.assertIn(f"{fresh[0]['id']}: {fresh[0]['public_key']}", bootstrap)
        file = pathlib.Path(f"{self.daemon.settings['database']}.signing-key")
        self.assertEqual(stat.S_IMODE(file.stat().st_mode), 0o600)
        self.assertEqual(file.read_text().count("ed25519 "), 1, "only the key in use is kept as a secret")

    def test_only_operators_make_keys(self):
        self.team("shop")
        person = self.person("peter", "shop")
        person.ask("POST", "/v1/signing-keys", expect=403)
        person.ask("GET", "/v1/signing-keys", expect=200)
        self.nobody("POST", "/v1/signing-keys", expect=401)

    # --- changes -----------------------------------------------------------------------------------

    def test_changes_alone_keep_the_list_whole(self):
        seed = int(time.time())
        dice, subs = random.Random(seed), []
        proxies = {gateway: Proxy() for gateway in ("edge-1", "core-1")}
        places = {}
        for step in range(50):
            move = dice.randrange(7)
            if move < 3:
                app, api, plan = f"app-{dice.randrange(4)}", dice.choice(("pets", "toys")), dice.choice(("gold", "thin"))
                asked = self.admin("POST", "/v1/subscriptions", {"app": app, "api": api, "plan": plan})
                if asked.status == 201:
                    self.admin("POST", f"/v1/subscriptions/{asked.json['id']}/approve", expect=200)
                    subs.append(asked.json["id"])
            elif move == 3 and subs:
                self.revoke(subs.pop(dice.randrange(len(subs))))
            elif move == 4:
                self.make(f"/v1/apps/app-{dice.randrange(4)}/keys", {})
            elif move == 5:
                self.patch("/v1/plans/thin", {"operations": dice.choice((["GET /parcels"], ["POST /parcels"], []))})
            elif (place := places.pop("core", None)) is not None:
                self.admin("DELETE", f"/v1/deployments/{place}", expect=204)
            else:
                places["core"] = self.deploy("toys", "core")
            for gateway, proxy in proxies.items():
                if proxy.version is not None and dice.randrange(3) == 0:
                    continue  # a proxy that was away for a while
                query = "" if proxy.version is None else f"?since={proxy.version}"
                proxy.take(self.fetch(query, gateway=gateway, verify=step % 8 == 0).json)
                whole = self.fetch(gateway=gateway, verify=False).json
                self.assertEqual(proxy.version, whole["version"], f"seed {seed} step {step}")
                self.assertEqual(proxy.consumers, {row["app"]: row for row in whole["consumers"]}, f"seed {seed} step {step}")
        for identity in subs:
            self.revoke(identity)
        for place in places.values():
            self.admin("DELETE", f"/v1/deployments/{place}", expect=204)

    def test_an_unknown_version_gets_the_whole_list(self):
        for since in (10 ** 12, 0):
            document = self.fetch(f"?since={since}").json
            if since:
                self.assertIn("consumers", document)
        for bad in ("since=-1", "since=x", "wait=61", "wait=soon"):
            self.fetch(f"?{bad}", expect=400)

    def test_a_change_of_another_group_does_not_move_the_list(self):
        before = self.fetch()
        place = self.deploy("toys", "core")
        sub = self.grant("app-3", "toys")
        self.assertEqual(self.fetch(headers={"if-none-match": before.headers["etag"]}, expect=304).headers["etag"], before.headers["etag"])
        document = self.fetch(f"?since={before.json['version']}").json
        self.assertEqual((document["version"], document["changed"], document["removed"]), (before.json["version"], [], []))
        self.revoke(sub)
        self.admin("DELETE", f"/v1/deployments/{place}", expect=204)

    # --- waiting -----------------------------------------------------------------------------------

    def test_a_held_request_is_answered_by_the_change(self):
        first = self.fetch()
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            changes = pool.submit(self.fetch, f"?since={first.json['version']}&wait=30")
            whole = pool.submit(self.fetch, "?wait=30", {"if-none-match": first.headers["etag"]})
            time.sleep(0.5)
            self.assertFalse(changes.done() or whole.done())
            sub = self.grant("app-2")
            document = changes.result(timeout=10).json
            self.assertEqual([row["app"] for row in document["changed"]], ["app-2"])
            self.assertIn("app-2", [row["app"] for row in whole.result(timeout=10).json["consumers"]])
        self.revoke(sub)

    def test_a_held_request_ends_without_a_change(self):
        first = self.fetch()
        begin = time.monotonic()
        document = self.fetch(f"?since={first.json['version']}&wait=1").json
        self.fetch("?wait=1", {"if-none-match": first.headers["etag"]}, 304)
        self.assertEqual((document["changed"], document["removed"]), ([], []))
        self.assertGreater(time.monotonic() - begin, 1.9)
        self.admin("GET", f"{WHERE}?since={first.json['version']}&wait=30", expect=200)  # elsewhere nobody waits
        self.assertLess(time.monotonic() - begin, 20)

    # --- size --------------------------------------------------------------------------------------

    def test_large_lists_come_in_pieces_and_compressed(self):
        self.app("large", "shop")
        sub = self.grant("large")
        for _ in range(150):
            self.make("/v1/apps/large/keys", {})
        plain = self.fetch()
        packed = self.fetch(headers={"accept-encoding": "gzip"})
        self.assertEqual(packed.headers.get("content-encoding"), "gzip")
        self.assertNotIn("content-encoding", plain.headers)
        self.assertEqual(packed.body, plain.body)
        self.assertEqual(len([k for row in plain.json["consumers"] if row["app"] == "large" for k in row["credentials"]]), 150)
        refused = self.fetch(headers={"accept-encoding": "gzip;q=0"})
        self.assertNotIn("content-encoding", refused.headers)
        here = self.admin("GET", WHERE, expect=200)
        self.verify(here)
        self.assertEqual(here.json["consumers"], plain.json["consumers"])
        self.revoke(sub)

    def test_versions_outlive_a_restart(self):
        sub = self.grant("app-0")
        first = self.fetch()
        self.team("restarters")  # no change of access
        self.daemon.stop()
        self.daemon.start()
        self.fetch(headers={"if-none-match": first.headers["etag"]}, expect=304)
        document = self.fetch(f"?since={first.json['version']}").json
        self.assertEqual((document["changed"], document["removed"]), ([], []))
        log = self.daemon.log.read_text()
        self.assertIn("the access image was read from its file", log)
        for name in (".access", ".access-patch"):
            path = f"{self.daemon.settings['database']}{name}"
            if os.path.exists(path):
                self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), 0o600)
        self.revoke(sub)

    def test_a_damaged_file_is_told_of_and_built_anew(self):
        sub = self.grant("app-0")
        first = self.fetch()
        self.daemon.stop()
        path = pathlib.Path(f"{self.daemon.settings['database']}.access")
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 0xFF
        path.write_bytes(content)
        seen = len(self.daemon.log.read_text())
        self.daemon.start()
        lines = [json.loads(line) for line in self.daemon.log.read_text()[seen:].splitlines() if line.startswith("{")]
        self.assertTrue(any(line["event"] == "the access image's file is not used" for line in lines), lines)
        self.assertEqual(self.fetch().json["consumers"], first.json["consumers"])
        self.revoke(sub)


if __name__ == "__main__":
    main()
