"""A catalog with a million keys in a real chanceryd: restart, memory, approvals; used by run.py."""
import hashlib
import pathlib
import shutil
import sqlite3
import statistics
import tempfile
import time

from kit.chancery import Chanceryd, UnixConnection, ask

ROOT = pathlib.Path(__file__).resolve().parents[2]
KEYS, APPS, APIS = 1_000_000, 10_000, 200
FIRST_ID = 1 << 40
SAMPLES = 200


def insert(database, team, api, plan):
    """Ten thousand apps with a hundred keys each and a subscription to one of 200 APIs, past the use cases."""
    connection = sqlite3.connect(database)
    connection.execute("PRAGMA synchronous = OFF")
    connection.executemany("INSERT INTO api(id, slug, name, team_id, visibility, access, approval, tier, created_at, updated_at, etag)"
                           " VALUES (?, ?, 'A', ?, 'internal', 'approved', 'manual', 3, 1, 1, 1)", ((FIRST_ID + n, f"crowd-{n}", team) for n in range(1, APIS)))
    connection.executemany("INSERT INTO app(id, slug, name, team_id, created_at, etag) VALUES (?, ?, 'A', ?, 1, 1)",
                           ((FIRST_ID + n, f"crowd-{n}", team) for n in range(APPS)))
    connection.executemany("INSERT INTO subscription(id, app_id, api_id, plan_id, state, requested_by, requested_at, etag)"
                           " VALUES (?, ?, ?, ?, 'approved', 'x', 1, 1)", ((FIRST_ID + n, FIRST_ID + n, FIRST_ID + n % APIS if n % APIS else api, plan) for n in range(APPS)))
    connection.executemany("INSERT INTO api_key(id, app_id, hint, sha256, created_by, created_at) VALUES (?, ?, 'abcd', ?, 'x', 1)",
                           ((FIRST_ID + n, FIRST_ID + n % APPS, hashlib.sha256(str(n).encode()).digest()) for n in range(KEYS)))
    connection.commit()
    connection.close()


def fill(daemon):
    """One API with a plan, an app and a key that calls it; returns the deployment's id, the secret and the key's app."""
    post = lambda target, body: daemon.rest("POST", target, body, expect=201).json
    post("/v1/teams", {"slug": "owners", "name": "Owners"})
    post("/v1/groups", {"slug": "edge", "name": "Edge"})
    post("/v1/apis", {"slug": "parcels", "name": "Parcels", "team": "owners"})
    post("/v1/apis/parcels/versions", {"label": "v1"})
    daemon.rest("PUT", "/v1/apis/parcels/versions/v1/document?name=parcels.yaml", (ROOT / "data/demo/parcels.yaml").read_bytes(),
                {"content-type": "application/yaml"}, expect=201)
    daemon.rest("POST", "/v1/apis/parcels/versions/v1/stage", {"stage": "published"}, expect=200)
    place = post("/v1/deployments", {"api": "parcels", "version": "v1", "group": "edge", "base_path": "/parcels", "upstream": "http://127.0.0.1:9"})
    post("/v1/plans", {"slug": "all", "name": "All", "apis": ["parcels"]})
    post("/v1/gateways", {"slug": "edge-1", "group": "edge", "listener": "127.0.0.1:10000", "admin": "unix:/nowhere"})
    post("/v1/apps", {"slug": "caller", "name": "Caller", "team": "owners"})
    return place["id"], post("/v1/apps/caller/keys", {"name": "bench"})["secret"]


def grant(daemon, wait=True):
    asked = daemon.rest("POST", "/v1/subscriptions", {"app": "caller", "api": "parcels", "plan": "all"}, expect=201).json["id"]
    if wait:
        daemon.rest("POST", f"/v1/subscriptions/{asked}/approve", expect=200)
    return asked


def call(daemon, place, key, connection=None):
    own = connection or UnixConnection(daemon.check_socket)
    status = ask(own, "GET", f"/check/{place}/parcels/parcels", headers={"x-api-key": key}).status
    if not connection:
        own.close()
    return status


def first_answer(daemon, place, key):
    """Seconds from the start of the program to a decision for a known key."""
    begin = time.monotonic()
    daemon.spawn()
    while True:
        try:
            if call(daemon, place, key) == 200:
                return time.monotonic() - begin
        except OSError:
            pass
        if daemon.process.poll() is not None:
            raise SystemExit("chanceryd did not start")
        time.sleep(0.0005)


def approvals(daemon, place, key):
    """Milliseconds from sending an approval to the first call that it lets through, and of the commit's neighbours."""
    times = []
    check, rest = UnixConnection(daemon.check_socket), UnixConnection(daemon.socket)
    for _ in range(SAMPLES):
        asked = grant(daemon, wait=False)
        begin = time.monotonic()
        answer = ask(rest, "POST", f"/v1/subscriptions/{asked}/approve")
        assert answer.status == 200, answer
        assert call(daemon, place, key, check) == 200, "an approval that is answered is in force"
        times.append((time.monotonic() - begin) * 1000)
        daemon.rest("POST", f"/v1/subscriptions/{asked}/revoke", expect=200)
        assert call(daemon, place, key, check) == 403
    return sorted(times)


def measure(row, rss_mb):
    daemon = Chanceryd(tempfile.mkdtemp(prefix="chy-bench-"))
    daemon.init()
    daemon.start()
    try:
        place, key = fill(daemon)
        grant(daemon)
        daemon.stop()
        database = daemon.settings["database"]
        connection = sqlite3.connect(database)
        ids = [connection.execute(f"SELECT id FROM {table}").fetchone()[0] for table in ("team", "api", "plan")]
        connection.close()
        insert(database, *ids)
        for name in (".access", ".access-patch"):
            pathlib.Path(f"{database}{name}").unlink(missing_ok=True)
        rows_s = first_answer(daemon, place, key)
        rows_mb = rss_mb(daemon.process.pid)
        time.sleep(4)  # the image is filed
        starts = []
        for _ in range(7):
            daemon.stop()
            starts.append(first_answer(daemon, place, key))
            file_mb = rss_mb(daemon.process.pid)
        row("start to first answer with 1 M keys, from the rows", "≤ 0.6 s", f"{rows_s:.3f} s, {rows_mb:.0f} MB right after", rows_s <= 0.6)
        file_s = statistics.median(starts)
        row("the same from the image's file; memory", "≤ 50 ms (aim), ≤ 60 MB", f"{file_s * 1000:.0f} ms, {file_mb:.1f} MB", file_s <= 0.05 and file_mb <= 60)
        identity = daemon.rest("GET", "/v1/subscriptions?app=caller", expect=200).json["items"][0]["id"]
        daemon.rest("POST", f"/v1/subscriptions/{identity}/revoke", expect=200)
        times = approvals(daemon, place, key)
        p50, p99 = times[len(times) // 2], times[int(len(times) * 0.99)]
        row("approval sent → decision changed, 1 M keys, commit and two requests included", "≤ 5 ms", f"p50 {p50:.1f} p99 {p99:.1f} ms ({SAMPLES} samples)", p50 <= 5)
        return daemon, place, key
    finally:
        daemon.stop()
        shutil.rmtree(daemon.folder, ignore_errors=True)
