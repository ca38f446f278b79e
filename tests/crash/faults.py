#!/usr/bin/python3
"""Faults in the file and allocation calls of the real server: no space, I/O errors, short and torn writes, no more
descriptors, no more memory; at the first, second … call of each kind that a flow makes, once or from then on. Each
time: an answer that is right or a clean 5xx, nothing acknowledged lost, nobody let in, service again by itself. A
process ends only for want of memory, by its own decision. Every so often it is killed and must still hold all. What
is not synced is lost then. Controls: writes that are reported and not made, fsync ignored, synchronous=NORMAL."""
import errno
import hashlib
import http.client
import random
import signal
import sqlite3
import subprocess
import sys
import time

from harness import (VOLATILE_HONEST, VOLATILE_LAZY, VOLATILE_NEVER, Clerk, Count, DOCUMENT, Facts, Failed, Server, UnixConnection, ask, look,
                     parser)

OPEN, READ, WRITE, SYNC, TRUNCATE, RENAME, UNLINK, ALLOCATE = (1 << bit for bit in range(8))
DATABASE, WAL, JOURNAL, SPOOL, COPY, DIRECTORY, OTHER, SHM, MEMORY, TEMPORARY = (1 << bit for bit in range(10))
SHAPE_ERROR, SHAPE_SHORT, SHAPE_TORN, SHAPE_LOST = range(4)
NAMES = {"call": {OPEN: "open", READ: "read", WRITE: "write", SYNC: "sync", TRUNCATE: "truncate", RENAME: "rename", UNLINK: "unlink", ALLOCATE: "malloc"},
         "file": {DATABASE: "database", WAL: "wal", JOURNAL: "journal", SPOOL: "spool", COPY: "copy", DIRECTORY: "directory",
                  OTHER: "other", SHM: "shm", MEMORY: "memory", TEMPORARY: "temporary"}}
WAYS = {  # call: (shape, errno, from then on)
    OPEN: ((SHAPE_ERROR, errno.EMFILE, 0), (SHAPE_ERROR, errno.EMFILE, 1), (SHAPE_ERROR, errno.EIO, 0)),
    READ: ((SHAPE_ERROR, errno.EIO, 0), (SHAPE_ERROR, errno.EIO, 1)),
    WRITE: ((SHAPE_ERROR, errno.ENOSPC, 0), (SHAPE_ERROR, errno.ENOSPC, 1), (SHAPE_ERROR, errno.EIO, 0), (SHAPE_SHORT, 0, 0), (SHAPE_SHORT, 0, 1),
            (SHAPE_TORN, errno.ENOSPC, 0), (SHAPE_TORN, errno.EIO, 1)),
    SYNC: ((SHAPE_ERROR, errno.EIO, 0), (SHAPE_ERROR, errno.EIO, 1), (SHAPE_ERROR, errno.ENOSPC, 0)),
    TRUNCATE: ((SHAPE_ERROR, errno.EIO, 0), (SHAPE_ERROR, errno.ENOSPC, 1)),
    RENAME: ((SHAPE_ERROR, errno.ENOSPC, 0), (SHAPE_ERROR, errno.EIO, 1)),
    UNLINK: ((SHAPE_ERROR, errno.EIO, 0), (SHAPE_ERROR, errno.EIO, 1)),
    ALLOCATE: ((SHAPE_ERROR, errno.ENOMEM, 0), (SHAPE_ERROR, errno.ENOMEM, 0), (SHAPE_ERROR, errno.ENOMEM, 1)),
}
UNREACHED = 1 << 30
RECOVERY_S = 5
POINTS_A_KILL = 25
POINTS_A_CATALOG = 150
BIG_A_CATALOG = 3  # large documents, which make every look slow
BIG_BYTES = 6_000_000  # of hexadecimal digits: more pages than a checkpoint waits for
CONTROL_POINTS = 60


class Died(Exception):
    """The process has ended."""


class Office:
    """One catalog with a grant of each kind, served with the shim in it."""

    def __init__(self, seed, volatiles=VOLATILE_HONEST):
        self.server, self.facts, self.random = Server(), Facts(), random.Random(seed)
        self.server.init()
        self.server.start()
        self.server.seed()
        self.keys, self.subscriptions = {}, {}
        self.prepare()
        self.server.stop()
        self.server.control.volatiles = volatiles
        self.server.start()
        self.clerk = Clerk(self.server, "c", self.facts, seed)
        self.copies, self.copy, self.big = 0, None, 0

    def prepare(self):
        post = lambda target, body=None, status=201: self.server.rest("POST", target, body, expect=status).json
        for app in ("good", "toggled", "revoked", "waiting", "stranger"):
            post("/v1/apps", {"slug": app, "name": app, "team": "owners"})
            self.keys[app] = post(f"/v1/apps/{app}/keys", {"name": "k"})["secret"]
            if app != "stranger":
                self.subscriptions[app] = post("/v1/subscriptions", {"app": app, "api": "shared", "plan": "plan"})["id"]
            if app in ("good", "toggled", "revoked"):
                post(f"/v1/subscriptions/{self.subscriptions[app]}/approve", status=200)
        post(f"/v1/subscriptions/{self.subscriptions['revoked']}/revoke", {"reason": "r"}, 200)
        self.facts.sent("subscription toggled", "approved")
        self.facts.acknowledged("subscription toggled")

    # --- deciding ----------------------------------------------------------------------------------

    def decides(self, app):
        connection = UnixConnection(self.server.check_socket)
        try:
            return ask(connection, "GET", f"/check/{self.server.deployment}/s/parcels", headers={"x-api-key": self.keys[app]}).status
        finally:
            connection.close()

    def let_in(self):
        """Who is let in and must not be; checked while faults are on."""
        return [app for app in ("revoked", "waiting", "stranger") if self.decides(app) == 200]

    def toggled(self):
        return self.facts.may_be("subscription toggled")[0]

    # --- flows -------------------------------------------------------------------------------------

    def toggle(self):
        step, state = ("suspend", "suspended") if self.toggled() == "approved" else ("resume", "approved")
        self.clerk.change("subscription toggled", state, "POST", f"/v1/subscriptions/{self.subscriptions['toggled']}/{step}", {"reason": "r"})

    def big_document(self):
        """A commit large enough that the writer copies its log into the database; the next one waits for that."""
        self.big += 1
        content = (DOCUMENT + f"# {self.random.randbytes(BIG_BYTES // 2).hex()}\n").encode()
        if self.clerk.api is None:
            self.clerk.document()
        if self.clerk.api is not None:
            self.clerk.change(f"document {self.clerk.api}", hashlib.sha256(content).hexdigest(), "PUT",
                              f"/v1/apis/{self.clerk.api}/versions/v1/document?name=a.yaml", content, {"content-type": "application/yaml"})
        self.clerk.new_team()

    def plain(self, method, target, body=None):
        connection = UnixConnection(self.server.socket)
        try:
            answer = ask(connection, method, target, body)
        finally:
            connection.close()
        if answer.status != 200:
            self.clerk.refusals.append((method, target, answer))
        return answer

    def backup(self):
        self.copies += 1
        path = self.server.folder / f"copy{self.copies}.db"
        made = self.plain("POST", "/v1/backup", {"file": str(path)}).status == 200
        left = path.exists() and self.server.control.calls != UNLINK  # what cannot be removed stays
        if made != path.exists() and (made or left):
            self.clerk.refusals.append(("POST", "/v1/backup", f"reported: {made}, the file is there: {not made}"))
        self.copy = path if made else self.copy

    def copy_is_whole(self):
        """None, or what is wrong with the last copy that was reported as made."""
        if self.copy is None:
            return None
        done = self.server.run("--set", f"database={self.copy}", "check")
        self.copy = None
        return None if "sound" in done.stdout else f"the copy: {done.stdout}{done.stderr}"

    def read(self):
        for target in ("/v1/events?limit=50", "/v1/subscriptions?limit=50", "/v1/apis"):
            self.plain("GET", target)

    def verify(self):
        answer, control = self.plain("POST", "/v1/check", {}), self.server.control
        unreadable = control.fired and control.calls in (READ, ALLOCATE)  # what cannot be read is told as damage
        if answer.status == 200 and (problem := answer.json["problem"]) and not unreadable:
            self.clerk.refusals.append(("POST", "/v1/check", f"says {problem}"))

    # --- service -----------------------------------------------------------------------------------

    def served_again(self):
        """Service goes on by itself: a change is taken, and decisions follow what is recorded."""
        end, problem = time.monotonic() + RECOVERY_S, "?"
        while problem and time.monotonic() < end:
            try:
                problem = self.not_served()
            except (OSError, http.client.HTTPException) as cut:
                problem = f"the connection was cut: {cut!r}"
                if self.server.process.poll() is not None:
                    raise Died(problem) from None
            if problem:
                time.sleep(0.05)
        return problem

    def not_served(self):
        before = len(self.clerk.refusals)
        self.clerk.connection = None
        self.clerk.new_team()
        refused = self.clerk.refusals[before:]
        del self.clerk.refusals[before:]
        if refused:
            return f"a change is refused: {refused[0]}"
        state = self.server.rest_json(f"/v1/subscriptions/{self.subscriptions['toggled']}")["state"]
        if state not in self.facts.may_be("subscription toggled"):
            return f"the toggled subscription is {state}, must be {self.facts.may_be('subscription toggled')}"
        wanted = {"good": 200, "revoked": 403, "waiting": 403, "stranger": 403, "toggled": 200 if state == "approved" else 403}
        decided = {app: self.decides(app) for app in wanted}
        return None if decided == wanted else f"decisions are {decided}, must be {wanted}"

    def everything(self):
        """All facts, and the event chain."""
        there = look(self.server, self.facts)
        return self.server.sound() or self.facts.wrong(there), there

    def start_again(self):
        """After a death or a kill: None, or what is wrong."""
        self.server.control.armed = 0
        self.clerk.connection = None
        self.server.start()
        problem, there = self.everything()
        self.facts.settle(there)
        for name in ("app", "subscription", "state", "api"):
            setattr(self.clerk, name, None)
        self.clerk.keys, self.clerk.etags = {}, {}
        return problem or self.served_again()


FLOWS = {
    "team": lambda office: (office.clerk.new_team(), office.clerk.patch_team()),
    "document": lambda office: office.clerk.document(),
    "access": lambda office: (office.clerk.access(), office.clerk.access()),
    "key": lambda office: (office.clerk.access() if office.clerk.app is None else None, office.clerk.key()),
    "toggle": lambda office: office.toggle(),
    "backup": lambda office: office.backup(),
    "read": lambda office: office.read(),
    "verify": lambda office: office.verify(),
    "checkpoint": lambda office: office.big_document(),
}


def arm(control, call, file, way, countdown):
    control.armed = 0
    control.calls, control.files, control.countdown, control.matched, control.fired = call, file, countdown, 0, 0
    control.shape, control.error, control.sticky = way
    control.armed = 1


class Point:
    """One fault: where, and how."""

    def __init__(self, flow, call, file, way, countdown):
        self.flow, self.call, self.file, self.way, self.countdown = flow, call, file, way, countdown

    def __str__(self):
        shape, error, sticky = self.way
        return f"{self.flow}: {NAMES['call'][self.call]} {self.countdown} of {NAMES['file'][self.file]}, " \
               f"{('error', 'short', 'torn', 'lost')[shape]} {errno.errorcode.get(error, '')}{' from then on' if sticky else ''}"


def measured(seed, allocations):
    """How many calls of each kind each flow makes: the points there are."""
    office, points = Office(seed), []
    pairs = [(call, file) for call in WAYS for file in NAMES["file"] if (call == ALLOCATE) == (file == MEMORY)]
    try:
        for name in (*FLOWS, "start"):
            for call, file in pairs:
                if call == ALLOCATE and not allocations or name == "checkpoint" and file != DATABASE:
                    continue
                if name == "start":
                    office.server.stop()
                arm(office.server.control, call, file, (SHAPE_ERROR, errno.EIO, 0), UNREACHED)
                office.server.start() if name == "start" else FLOWS[name](office)
                count = office.server.control.matched
                points += [Point(name, call, file, way, number) for number in range(1, count + 1) for way in WAYS[call]]
        return points
    finally:
        office.server.clear()


def clean(refusal):
    """An answer a fault may give: a 5xx with a problem document."""
    answer = refusal[2]
    return not isinstance(answer, str) and answer.status in (500, 503, 507) and answer.headers.get("content-type") == "application/problem+json"


def start_point(office, point):
    """A fault while the server starts: it serves, or says why not; without the fault it serves."""
    office.server.kill()
    arm(office.server.control, point.call, point.file, point.way, point.countdown)
    seen = office.server.log.stat().st_size
    try:
        office.server.start()
        office.server.control.armed = 0
        office.server.kill()
    except Failed:
        status, said = office.server.process.poll(), office.server.log.read_bytes()[seen:]
        by_memory = point.call == ALLOCATE and status == -signal.SIGABRT
        if not by_memory and (status != 1 or b"chanceryd: " not in said):
            return f"the start ended with {status}: {said[-300:]!r}"
    return office.start_again()


def ended(office, point):
    """The process is gone: only for want of memory, and by its own decision."""
    status = office.server.process.returncode
    if point.call != ALLOCATE or status != -signal.SIGABRT:
        return f"the server ended with {status}: {office.server.log.read_text()[-500:]}"
    return office.start_again()


def live_point(office, point):
    """A fault while it serves."""
    arm(office.server.control, point.call, point.file, point.way, point.countdown)
    let_in = []
    office.clerk.refusals = []
    try:
        FLOWS[point.flow](office)
        let_in = office.let_in()
    except (OSError, http.client.HTTPException) as cut:
        if point.call != ALLOCATE:
            return f"the connection was cut: {cut!r}"
    finally:
        office.server.control.armed = 0
    unclean = [refusal for refusal in office.clerk.refusals if not clean(refusal)]
    if let_in or unclean:
        return f"let in: {let_in}" if let_in else f"not a clean answer: {unclean[0]}"
    try:
        return ended(office, point) if office.server.process.poll() is not None else settled(office)
    except (Died, OSError, http.client.HTTPException) as cut:
        try:
            office.server.process.wait(2)
        except subprocess.TimeoutExpired:
            return f"it does not answer: {cut!r}"
        return ended(office, point)


def settled(office):
    """What is unanswered is looked up; then service goes on."""
    if any(len(values) > office.facts.acked.get(thing, 0) for thing, values in office.facts.values.items()):
        problem, there = office.everything()
        office.facts.settle(there)
        if problem:
            return problem
    return office.served_again()


def killed(office):
    """Everything is there now, and after a kill that loses what was not synced."""
    problem = office.everything()[0] or office.copy_is_whole()
    if problem:
        return problem
    office.server.kill()
    return office.server.halves() or office.start_again()


def sweep(count, points, seed, volatiles=VOLATILE_HONEST, enough=UNREACHED):
    """Runs the points until enough faults were given; returns how many faults were given by kind of call, and how often the process ended."""
    given, deaths, office = {}, 0, None
    for number, point in enumerate(points):
        if sum(given.values()) + count.failed >= enough:
            break
        if number % POINTS_A_CATALOG == 0 or office.big >= BIG_A_CATALOG:
            if office:
                office.server.clear()
            office = Office(seed + number, volatiles)
        process = office.server.process
        try:
            problem = start_point(office, point) if point.flow == "start" else live_point(office, point)
            fired = office.server.control.fired
            if problem is None and number % POINTS_A_KILL == POINTS_A_KILL - 1:
                problem = killed(office)
        except (Failed, sqlite3.Error) as why:
            problem, fired = str(why), 1
        if problem is not None:
            count.expect(False, f"{point}: {problem}")
            office.server.clear()
            office = Office(seed + number, volatiles)
            continue
        if fired:
            given[point.call] = given.get(point.call, 0) + 1
            deaths += point.flow != "start" and office.server.process is not process and process.returncode == -signal.SIGABRT
            count.expect(True, "")
    office.server.clear()
    return given, deaths


class Noticed(Count):
    """A count that keeps its failures to itself: a control's."""

    def expect(self, good, text):
        if not good and not self.failed:
            self.said = text[:200]
        self.passed, self.failed = self.passed + good, self.failed + (not good)
        return good


def control(count, name, points, seed, volatiles=VOLATILE_HONEST):
    noticed = Noticed(name)
    sweep(noticed, points, seed, volatiles)
    if count.expect(noticed.failed > 0, f"control: {name} was not noticed, so this harness sees nothing"):
        print(f"faults: control: {name} is noticed: {noticed.said}", flush=True)


def in_turn(kinds):
    """One point of each kind after the other, so that the many do not hide the few."""
    for row in range(max(map(len, kinds))):
        for kind in kinds:
            if row < len(kind):
                yield kind[row]


def main():
    options = parser(__doc__, ("faults", 3000, "how many")).parse_args()
    options_of = random.Random(options.seed)
    count = Count("faults")
    print(f"faults: {options.faults} faults, seed {options.seed}", flush=True)
    start = time.monotonic()
    probe = Server()
    points = measured(options.seed, probe.fails_allocations)
    kinds = {}
    for point in points:
        kinds.setdefault((point.flow, point.call, point.file), []).append(point)
    print(f"faults: {len(points)} places and ways in {len(kinds)} kinds", flush=True)
    for kind in kinds.values():
        options_of.shuffle(kind)
    given, deaths = sweep(count, in_turn(kinds.values()), options.seed, enough=options.faults)
    took = time.monotonic() - start
    by_call = ", ".join(f"{NAMES['call'][call]} {number}" for call, number in sorted(given.items()))
    print(f"faults: {sum(given.values())} faults given ({by_call}), {deaths} times the process ended for want of memory, {took:.0f} s", flush=True)
    lost = [Point("team", WRITE, WAL, (SHAPE_LOST, 0, 0), 1) for _ in range(CONTROL_POINTS)]
    unhurt = [Point("team", WRITE, WAL, (SHAPE_ERROR, errno.ENOSPC, 0), 1) for _ in range(CONTROL_POINTS)]
    control(count, "a write reported and not made", lost, options.seed)
    control(count, "fsync ignored", unhurt, options.seed, VOLATILE_NEVER)
    control(count, "synchronous=NORMAL", unhurt, options.seed, VOLATILE_LAZY)
    return count.close()


if __name__ == "__main__":
    sys.exit(main())
