"""A catalog with a million keys: made by the real program, then filled beside it while it is stopped."""
import binascii
import hashlib
import pathlib
import random
import shutil
import sqlite3
import sys
import tempfile

from measure import ROOT

sys.path.insert(0, str(ROOT / "tests"))
from kit.chancery import Chanceryd  # noqa: E402

APPS, KEYS = 1000, 1_000_000
KEPT = 4096  # keys that calls are made with
BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def key_text(chance):
    """A key as catalog/base makes them: prefix, environment, 32 characters, 6 that check them."""
    body = "chy_l" + "".join(chance.choices(BASE62, k=32))
    check, crc = "", binascii.crc32(body.encode())
    for _ in range(6):
        check, crc = BASE62[crc % 62] + check, crc // 62
    return body + check


def copies(database, table, like, rows):
    """Rows that differ from one that exists only in the columns given."""
    cursor = database.execute(f"SELECT * FROM {table} WHERE id = ?", (like,))
    names = [column[0] for column in cursor.description]
    template = dict(zip(names, cursor.fetchone()))
    statement = f"INSERT INTO {table} ({','.join(names)}) VALUES ({','.join('?' * len(names))})"
    database.executemany(statement, ([({**template, **row})[name] for name in names] for row in rows))


class Town:
    """chanceryd on that catalog. deployment: the id that checks name; calls(): messages that are all allowed."""

    def __init__(self, keys=KEYS, apps=APPS, settings=None):
        self.daemon = Chanceryd(tempfile.mkdtemp(prefix="chy-town-"), settings=settings)
        self.daemon.init()
        self.daemon.start()
        self.make_one_of_each()
        self.daemon.stop()
        self.fill(keys, apps)
        self.daemon.start(timeout_s=120)

    def post(self, target, body):
        return self.daemon.rest("POST", target, body, expect=201).json

    def make_one_of_each(self):
        text = (ROOT / "data/demo/parcels.yaml").read_bytes()
        self.post("/v1/teams", {"slug": "owners", "name": "Owners"})
        self.post("/v1/groups", {"slug": "edge", "name": "Edge"})
        self.post("/v1/apis", {"slug": "parcels", "name": "Parcels", "team": "owners"})
        self.post("/v1/apis/parcels/versions", {"label": "v1"})
        self.daemon.rest("PUT", "/v1/apis/parcels/versions/v1/document?name=p.yaml", text, {"content-type": "application/yaml"}, expect=201)
        self.daemon.rest("POST", "/v1/apis/parcels/versions/v1/stage", {"stage": "published"}, expect=200)
        self.deployment = self.post("/v1/deployments", {"api": "parcels", "version": "v1", "group": "edge", "base_path": "/parcels",
                                                        "upstream": "http://127.0.0.1:9"})["id"]
        self.post("/v1/plans", {"slug": "all", "name": "All", "apis": ["parcels"]})
        for app in ("mover", "app"):  # the last ids, behind which copies have room
            self.post("/v1/apps", {"slug": app, "name": app, "team": "owners"})
        self.mover_key = self.post("/v1/apps/mover/keys", {"name": "one"})["secret"]
        self.post("/v1/apps/app/keys", {"name": "one"})
        asked = self.post("/v1/subscriptions", {"app": "app", "api": "parcels", "plan": "all"})
        self.daemon.rest("POST", f"/v1/subscriptions/{asked['id']}/approve", expect=200)

    def fill(self, keys, apps):
        chance = random.Random(62)
        self.keys = [key_text(chance) for _ in range(KEPT)]
        database = sqlite3.connect(self.daemon.settings["database"])
        (app,) = database.execute("SELECT id FROM app WHERE slug = 'app'").fetchone()
        (key,) = database.execute("SELECT id FROM api_key WHERE app_id = ?", (app,)).fetchone()
        (subscription,) = database.execute("SELECT id FROM subscription WHERE app_id = ?", (app,)).fetchone()
        copies(database, "app", app, ({"id": app + 1 + n, "slug": f"app-{n}"} for n in range(apps)))
        copies(database, "subscription", subscription, ({"id": subscription + 1 + n, "app_id": app + 1 + n} for n in range(apps)))
        copies(database, "api_key", key, (
            {"id": key + 1 + n, "app_id": app + 1 + n % apps,
             "sha256": hashlib.sha256(self.keys[n].encode()).digest() if n < KEPT else chance.randbytes(32)} for n in range(keys)))
        database.commit()
        database.close()
        for name in (".access", ".access-patch"):  # the image's files, which know nothing of this
            pathlib.Path(f"{self.daemon.settings['database']}{name}").unlink(missing_ok=True)

    def check(self, key):
        """Target and headers of one check."""
        return f"/check/{self.deployment}/parcels/parcels/DE123456789", (("X-Api-Key", key), ("X-Request-Id", "f47ac10b-58cc-4372-a567-0e02b2c3d479"))

    def stop(self):
        self.daemon.stop()
        shutil.rmtree(self.daemon.folder, ignore_errors=True)
