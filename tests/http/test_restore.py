"""The restore drill, retention, and a backup taken while everybody writes."""
import hashlib
import json
import os
import pathlib
import re
import shutil
import sqlite3
import subprocess
import threading
import unittest

from case import CONTRACT, NAMED_BY, ROOT, RestCase, main

PASSWORD = "a long password"
# What the clock, the proxies or the process make of it, not the catalog.
OF_THE_MOMENT = {"getLive", "getGatewayStatus", "getHealth", "getReadiness", "getMetrics", "getSubscriptionReceipt",
                 "listSigningKeys",  # is kept in a file of its own
                 "compareRevisions"}  # is made of documents, which are read


def held(text):
    """"events   7" of chanceryd's report as a number."""
    return {name.strip(): value for name, value in re.findall(r"^([A-Za-z ]+?)  +(.+)$", text, re.M)}


class Drill(RestCase):
    maxDiff = None

    def reads(self):
        """Every GET of the contract, its parameters filled from the lists, to its status and body."""
        known, answers = {}, {}
        todo = [(name, row) for name, row in CONTRACT.operations.items() if row[0] == "GET" and name not in OF_THE_MOMENT]
        for _ in range(4):
            for name, (_, template, _, _) in todo:
                for target in self.fill(template, known):
                    if target in answers:
                        continue
                    whole = f"{target}?limit=500" if name.startswith("list") and name != "listTags" else target
                    answer = self.admin("GET", whole, expect=200)
                    answers[target] = re.sub(rb'"issued_at":"[^"]*"|key [0-9a-f]{16}: \S+', b"", answer.body)
                    if name.startswith("list") and name != "listTags":
                        self.assertIsNone(answer.json["next"], target)
                        known.setdefault(template, []).extend((target, row) for row in answer.json["items"])
        return answers

    @staticmethod
    def fill(template, known):
        """All addresses of a template, from the rows of the lists above it."""
        targets = [""]
        for part in template.strip("/").split("/"):
            if not part.startswith("{"):
                targets = [f"{target}/{part}" for target in targets]
                continue
            key = NAMED_BY.get(part[1:-1], "slug")
            rows = [(place, row) for rows in known.values() for place, row in rows]
            targets = [f"{target}/{row[key]}" for target in targets for place, row in rows if place == target]
        return targets

    def catalog(self):
        """Something of everything."""
        names = self.everything()
        self.api("dogs", names["team"], visibility="public")
        self.make("/v1/users", {"name": "kim", "password": PASSWORD})
        kim = self.person("kim", names["team"], "owner")
        keys = [self.make("/v1/apps/shop/keys", {}) for _ in range(2)]
        self.admin("DELETE", f"/v1/apps/shop/keys/{keys[1]['key']['id']}", expect=200)
        token = kim.ask("POST", "/v1/users/kim/tokens", {"name": "job"}, expect=201).json["secret"]
        return kim, token, [key["secret"] for key in keys]

    def decision(self, key):
        asked = {"api": "parcels", "version": "v1", "group": "edge", "method": "GET", "path": "/parcels/v1/parcels", "key": key}
        return {name: value for name, value in self.admin("POST", "/v1/explain", asked, expect=200).json.items() if name != "at"}

    def test_serve_change_back_up_destroy_restore_serve(self):
        kim, token, keys = self.catalog()
        by_token = {"authorization": f"Bearer {token}"}
        self.send(self.tcp(), "GET", "/v1/me", headers=by_token, expect=200)
        backup = self.daemon.folder / "backup.db"
        decisions = [self.decision(key) for key in keys]
        before = self.reads()
        self.assertGreater(len(before), 50)
        done = self.daemon.run("backup", str(backup))
        self.assertEqual(done.returncode, 0, done.stderr)
        # what happens behind the backup is lost
        self.make("/v1/teams", {"slug": "late", "name": "Late"})
        self.assertEqual(self.daemon.stop(), 0)
        database = pathlib.Path(self.daemon.settings["database"])
        for file in database.parent.glob(f"{database.name}*"):
            file.unlink()
        checked = self.daemon.run("restore", "--check", str(backup))
        self.assertEqual((checked.returncode, database.exists()), (0, False), checked.stderr)
        restored = self.daemon.run("restore", str(backup))
        self.assertEqual(restored.returncode, 0, restored.stderr)
        self.assertIn("sign in again", restored.stdout)
        self.assertEqual(database.stat().st_mode & 0o777, 0o600)
        self.daemon.start()
        after = self.reads()
        self.assertEqual(set(after), set(before))
        for target, body in before.items():
            self.assertEqual(after[target], body, target)
        self.assertEqual([self.decision(key) for key in keys], decisions)
        self.assertNotEqual(decisions[0], decisions[1])
        self.send(self.tcp(), "GET", "/v1/me", headers=by_token, expect=200)
        kim.ask("GET", "/v1/me", expect=401)  # it might have ended behind the backup
        self.person("kim").ask("PUT", "/v1/me/password", {"current_password": PASSWORD, "password": "another password"}, expect=204)
        counts = held(checked.stdout)
        self.assertEqual(counts["APIs"], "2")
        self.assertEqual(counts["subscriptions"], "1")
        self.assertEqual(counts["state"], "sound")
        self.assertEqual(counts["last event"], json.loads(before["/v1/events"])["items"][0]["at"])
        self.assertIn("sound", self.daemon.run("check").stdout)


class UnderLoad(RestCase):
    WRITERS = 4

    def write(self, number, stop, acked):
        """Teams, one after the other; each is acknowledged before it counts."""
        for count in range(100000):
            if stop.is_set():
                return
            slug = f"t{number}-{count}"
            if self.admin("POST", "/v1/teams", {"slug": slug, "name": slug}).status == 201:
                acked.append(slug)

    def events(self, path):
        with sqlite3.connect(f"file:{path}?immutable=1" if path != self.daemon.settings["database"] else f"file:{path}?mode=ro", uri=True) as db:
            rows = db.execute("SELECT seq, hash, subject FROM event ORDER BY seq").fetchall()
        db.close()
        return rows

    def test_a_backup_is_a_prefix_with_all_that_was_acknowledged(self):
        stop, lists = threading.Event(), [[] for _ in range(self.WRITERS)]
        threads = [threading.Thread(target=self.write, args=(number, stop, acked)) for number, acked in enumerate(lists)]
        for thread in threads:
            thread.start()
        backups = []
        try:
            while len(backups) < 5:
                began_with = {slug for acked in lists for slug in acked}
                if not began_with:
                    continue
                path = self.daemon.folder / f"busy-{len(backups)}.db"
                done = self.daemon.run("backup", str(path))
                self.assertEqual(done.returncode, 0, done.stderr)
                backups.append((path, began_with))
        finally:
            stop.set()
            for thread in threads:
                thread.join()
        original = self.events(self.daemon.settings["database"])
        sizes = []
        for path, began_with in backups:
            copy = self.events(path)
            self.assertEqual(copy, original[:len(copy)])
            self.assertLessEqual(began_with, {row[2] for row in copy})
            with sqlite3.connect(f"file:{path}?immutable=1", uri=True) as db:
                teams = {row[0] for row in db.execute("SELECT slug FROM team")}
            db.close()
            self.assertEqual(teams, {row[2] for row in copy})  # no row without its event, no event without its row
            checked = self.daemon.run("restore", "--check", str(path))
            self.assertEqual((checked.returncode, held(checked.stdout)["events"]), (0, str(len(copy))), checked.stderr)
            sizes.append(len(copy))
        self.assertEqual(sizes, sorted(sizes))
        self.assertLess(sizes[0], len(original))  # they did write meanwhile


class Refusals(RestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        self = cls("test_what_is_wrong_is_named_and_nothing_is_written")
        self.api("cats", "pets")
        cls.good = cls.daemon.folder / "good.db"
        assert cls.daemon.run("backup", str(cls.good)).returncode == 0
        cls.number = 0

    def copy(self):
        """A fresh folder with the good backup in it."""
        Refusals.number += 1
        folder = self.daemon.folder / f"case-{Refusals.number}"
        folder.mkdir()
        return shutil.copy(self.good, folder / "b.db")

    def restore(self, path, *words):
        settings, self.daemon.settings = self.daemon.settings, self.daemon.settings | {"database": path.parent / "new.db"}
        try:
            return self.daemon.run("restore", *words, str(path))
        finally:
            self.daemon.settings = settings

    def refuses(self, path, *words):
        before = sorted((file.name, file.read_bytes()) for file in path.parent.iterdir())
        for options in ([], ["--check"]):
            done = self.restore(path, *options)
            self.assertEqual(done.returncode, 1, f"{words}: {done.stdout}")
            for word in words:
                self.assertIn(word, done.stderr)
        self.assertEqual(sorted((file.name, file.read_bytes()) for file in path.parent.iterdir()), before)

    def sql(self, path, text):
        with sqlite3.connect(path) as db:
            db.executescript("PRAGMA journal_mode = DELETE; " + text)
        db.close()
        return path

    def test_what_is_wrong_is_named_and_nothing_is_written(self):
        triggers = "DROP TRIGGER event_no_update; DROP TRIGGER event_no_delete; "
        again = ("CREATE TRIGGER event_no_update BEFORE UPDATE ON event BEGIN SELECT raise(ABORT, 'events are never changed'); END;"
                 "CREATE TRIGGER event_no_delete BEFORE DELETE ON event BEGIN SELECT raise(ABORT, 'events are never deleted'); END;")
        for words, text in ((("event 2", "has been changed"), triggers + "UPDATE event SET principal = 'eve via session' WHERE seq = 2;" + again),
                            (("event 3", "missing"), triggers + "DELETE FROM event WHERE seq = 3;" + again),
                            (("behind",), triggers + "DELETE FROM event WHERE seq = (SELECT max(seq) FROM event);" + again),
                            (("does not hash to its name",), "UPDATE file SET packed = zeroblob(40);"),
                            (("refers to one that does not exist",), "DELETE FROM file;"),
                            (("trigger event_no_update is not",), "DROP TRIGGER event_no_update;"),
                            (("table sneaky is not",), "CREATE TABLE sneaky(a);"),
                            (("newer",), "PRAGMA user_version = 99;"),
                            (("no catalog of chanceryd",), "PRAGMA application_id = 1;")):
            self.refuses(self.sql(self.copy(), text), *words)

    def test_damaged_files(self):
        whole = self.good.read_bytes()
        for length in (0, 10, 100, len(whole) // 2, len(whole) - 4096, len(whole) - 1):
            path = self.copy()
            path.write_bytes(whole[:length])
            self.refuses(path, str(path))
        for number in range(6):  # pages whose bytes have turned
            path, at = self.copy(), 4096 * (1 + number * (len(whole) // 4096 - 2) // 6)
            path.write_bytes(whole[:at] + hashlib.sha512(whole).digest() * 64 + whole[at + 4096:])
            self.refuses(path, str(path))
        path = self.copy()
        path.write_bytes(os.urandom(20000))
        self.refuses(path, "no database")
        self.refuses(path.parent / "missing.db", "cannot open")
        self.assertEqual(self.daemon.run("restore").returncode, 2)

    def test_an_existing_catalog_is_never_overwritten(self):
        for name in ("new.db", "new.db-wal", "new.db-journal"):
            path = self.copy()
            (path.parent / name).write_bytes(b"something")
            done = self.restore(path)
            self.assertEqual(done.returncode, 1)
            self.assertIn("there is a catalog already", done.stderr)
            self.assertIn("move it away", done.stderr)
            self.assertEqual((path.parent / name).read_bytes(), b"something")
            self.assertEqual(self.restore(path, "--check").returncode, 0)
        served = self.daemon.run("restore", str(self.good))
        self.assertEqual(served.returncode, 1)
        self.assertIn("there is a catalog already", served.stderr)

    def test_a_restore_cut_off_is_begun_again(self):
        path = self.copy()
        (path.parent / "new.db.part").write_bytes(b"half")
        self.assertEqual(self.restore(path).returncode, 0)
        self.assertEqual(sorted(file.name for file in path.parent.iterdir()), ["b.db", "new.db", "new.db.lock"])

    def test_older_schemas_are_brought_up_on_the_way(self):
        path = self.copy()
        old = (ROOT / "tests/data/schema-1.db").read_bytes()
        path.write_bytes(old)
        checked = self.restore(path, "--check")
        self.assertIn("1, older", held(checked.stdout)["schema"])
        restored = self.restore(path)
        self.assertEqual(restored.returncode, 0, restored.stderr)
        self.assertIn("brought to this program's schema", restored.stdout)
        self.assertEqual(path.read_bytes(), old)
        with sqlite3.connect(path.parent / "new.db") as db:
            self.assertEqual(db.execute("SELECT count(*) FROM token").fetchone(), (0,))
        db.close()


class Retention(RestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls("test_the_newest_are_kept").api("cats", "pets")

    def setUp(self):
        self.place = self.daemon.folder / self.id().split(".")[-1]
        self.place.mkdir()

    def backup(self, keep):
        return self.daemon.run("backup", "--keep", str(keep), str(self.place))

    def names(self):
        return sorted(file.name for file in self.place.iterdir())

    def test_the_newest_are_kept(self):
        others = ["chancery-20200101T000000.000Z.db.txt", "chancery-2020.db", "mine.db", "xchancery-20200101T000000.000Z.db"]
        for name in others:
            (self.place / name).write_text("not ours")
        (self.place / "chancery-20200101T000000.000Z.db").write_text("the oldest")
        (self.place / "chancery-20200101T000001.000Z.db.part").write_text("cut off by a crash")
        for _ in range(4):
            done = self.backup(3)
            self.assertEqual(done.returncode, 0, done.stderr)
        ours = [name for name in self.names() if re.fullmatch(r"chancery-\d{8}T\d{6}\.\d{3}Z\.db", name)]
        self.assertEqual(len(ours), 3)
        self.assertNotIn("chancery-20200101T000000.000Z.db", ours)
        self.assertEqual([name for name in self.names() if name not in ours], sorted(others))
        self.assertEqual(self.daemon.run("restore", "--check", str(self.place / ours[0])).returncode, 0)

    def test_one_made_while_the_clock_is_behind_is_kept_all_the_same(self):
        for year in (2098, 2099):
            (self.place / f"chancery-{year}0101T000000.000Z.db").write_text("from the future")
        self.assertEqual(self.backup(2).returncode, 0)
        self.assertEqual(len(self.names()), 2)
        self.assertNotIn("chancery-20980101T000000.000Z.db", self.names())

    def test_old_ones_stay_when_the_new_one_is_not_sound(self):
        (self.place / "chancery-20200101T000000.000Z.db").write_text("the only one")
        path = self.daemon.settings["database"]
        with sqlite3.connect(path, timeout=10) as db:
            packed = db.execute("SELECT sha256, packed FROM file").fetchone()
            db.execute("UPDATE file SET packed = zeroblob(40)")
        try:
            done = self.backup(1)
            self.assertEqual(done.returncode, 1)
            self.assertIn("does not hash to its name", done.stderr)
            self.assertIn("no older backup was removed", done.stderr)
            self.assertEqual(self.names(), ["chancery-20200101T000000.000Z.db"])
        finally:
            with db:
                db.execute("UPDATE file SET packed = ? WHERE sha256 = ?", packed[::-1])
            db.close()

    def test_it_works_without_a_server_too(self):
        self.assertEqual(self.daemon.stop(), 0)
        try:
            done = self.backup(1)
            self.assertEqual((done.returncode, len(self.names())), (0, 1), done.stderr)
        finally:
            self.daemon.start()

    def test_numbers_and_places_are_judged(self):
        for keep in (0, -1, "x", 10001):
            self.assertEqual(self.backup(keep).returncode, 2, keep)
        self.assertEqual(self.daemon.run("backup", "--keep", "2").returncode, 2)
        self.place /= "nowhere"
        self.assertEqual(self.backup(2).returncode, 1)


class Units(RestCase):
    FOLDER = ROOT / "data/systemd"

    def option(self, file, name):
        return re.findall(rf"^{name}=(.*)$", (self.FOLDER / file).read_text(), re.M)

    def test_the_backup_units_command_line_works(self):
        program, *words = self.option("chanceryd-backup.service", "ExecStart")[0].split()
        self.assertEqual(program, "/usr/bin/chanceryd")
        self.assertEqual(words[:2], ["--config", "/etc/chancery/chanceryd.conf"])
        place = words[-1]
        # the service that makes the copy must be able to write there, and its account to own it
        states = self.option("chanceryd-backup.service", "StateDirectory")[0].split()
        self.assertIn(place, [f"/var/lib/{state}" for state in states])
        self.assertEqual(place.split("/")[3], self.option("chanceryd.service", "StateDirectory")[0])
        self.assertEqual(self.option("chanceryd-backup.service", "User"), self.option("chanceryd.service", "User"))
        folder = self.daemon.folder / "backups"
        folder.mkdir()
        done = self.daemon.run(*words[2:-1], str(folder))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(len(list(folder.iterdir())), 1)

    def test_systemd_accepts_the_units(self):
        folder = self.daemon.folder / "units"
        folder.mkdir()
        for file in self.FOLDER.glob("chanceryd*"):
            (folder / file.name).write_text(file.read_text().replace("/usr/bin/chanceryd", "/bin/true").replace("User=chancery", "User=root").replace("Group=chancery", "Group=root"))
        done = subprocess.run(["systemd-analyze", "verify", "--man=no", *map(str, sorted(folder.iterdir()))], capture_output=True, text=True, timeout=60, check=False)
        ours = [line for line in done.stderr.splitlines() if "chanceryd" in line]
        self.assertEqual((done.returncode, ours), (0, []), done.stderr)

    def test_systemd_makes_the_account_and_its_folder(self):
        root = self.daemon.folder / "root"
        for kind in ("sysusers", "tmpfiles"):
            folder = root / f"usr/lib/{kind}.d"
            folder.mkdir(parents=True)
            shutil.copy(self.FOLDER / f"chancery.{kind}", folder / "chancery.conf")
        (root / "etc").mkdir()
        run = lambda *words: subprocess.run([*words, f"--root={root}"], capture_output=True, text=True, timeout=60, check=False)
        users, files = run("systemd-sysusers"), run("systemd-tmpfiles", "--create")
        self.assertEqual(users.returncode, 0, users.stderr)
        name, _, uid, *_ = (root / "etc/passwd").read_text().split(":")
        self.assertIn(f"\nUser={name}\n", (self.FOLDER / "chanceryd.service").read_text())
        made = root / "var/lib/chancery"
        if os.geteuid() == 0:
            self.assertEqual(files.returncode, 0, files.stderr)
            self.assertEqual((made.stat().st_uid, made.stat().st_mode & 0o777), (int(uid), 0o700))
        else:  # who may not give a folder away is refused that, and nothing else
            self.assertEqual(files.stderr, f"fchownat() of {made} failed: Operation not permitted\n")


if __name__ == "__main__":
    main()
