#!/usr/bin/python3
"""kill -9 of the real server under load, again and again. After each restart every acknowledged change must be
there, the event chain whole, and the server in service by itself. Two controls run with a write-ahead log that
is lost with the process: where fsync is ignored, and where only checkpoints sync; both must be noticed."""
import random
import sqlite3
import sys
import threading
import time

from harness import VOLATILE_LAZY, VOLATILE_NEVER, VOLATILE_HONEST, VOLATILE_NO, Clerk, Count, Facts, Failed, Server, look, parser

CLERKS = 4
KILLS_A_CATALOG = 40  # then a fresh one, so that looking at everything stays quick
CONTROL_KILLS = 12
LOAD_S = 1.0  # at most, before a kill


class Life:
    """One catalog that is served and killed."""

    def __init__(self, seed, volatiles=VOLATILE_NO):
        self.random = random.Random(seed)
        self.server = Server(shim=volatiles != VOLATILE_NO)
        self.server.init()
        self.server.start()
        self.server.seed()
        self.server.stop()
        if volatiles != VOLATILE_NO:
            self.server.control.volatiles = volatiles
        self.facts = Facts()
        self.clerks = [Clerk(self.server, f"c{number}", self.facts, self.random.random()) for number in range(CLERKS)]

    def wait(self):
        """Until some changes were acknowledged, and a moment more, so that the kill comes anywhere in the next."""
        wanted = self.facts.count() + self.random.randrange(60)
        end = time.monotonic() + LOAD_S
        while self.facts.count() < wanted and time.monotonic() < end:
            time.sleep(0.001)
        time.sleep(self.random.uniform(0, 0.01))

    def cycle(self):
        """Serves, kills, serves again and looks. None, or what is wrong."""
        self.server.start()
        threads = [threading.Thread(target=clerk.run) for clerk in self.clerks]
        for thread in threads:
            thread.start()
        self.wait()
        self.server.kill()
        for thread in threads:
            thread.join()
        try:
            halves = self.server.halves()
            self.server.start()
            there = look(self.server, self.facts)
            problem = halves or self.server.sound() or self.facts.wrong(there)
        except (Failed, sqlite3.Error) as why:
            return str(why)
        self.facts.settle(there)
        for clerk in self.clerks:
            if clerk.refusals:
                return f"refused without a cause: {clerk.refusals[0]}"
        if self.random.random() < 0.5:
            self.server.stop()
        else:
            self.server.kill()
        return problem


def kills(count, number, seed):
    """So many kills; returns what was acknowledged."""
    acknowledged = 0
    for first in range(0, number, KILLS_A_CATALOG):
        life = Life(seed + first)
        for kill in range(first, min(number, first + KILLS_A_CATALOG)):
            problem = life.cycle()
            if not count.expect(problem is None, f"kill {kill} of seed {seed}: {problem} ({life.server.folder})"):
                life.server.kill()
                return acknowledged
        acknowledged += life.facts.count()
        life.server.clear()
    return acknowledged


def control(seed, volatiles):
    """Kills until something is missed: what, or None."""
    life = Life(seed, volatiles)
    try:
        for number in range(1, CONTROL_KILLS + 1):
            problem = life.cycle()
            if problem is not None:
                return f"kill {number}: {problem}"
        return None
    finally:
        life.server.clear()


def main():
    options = parser(__doc__, ("kills", 600, "how many")).parse_args()
    count = Count("kill")
    print(f"kill: {options.kills} kills, seed {options.seed}", flush=True)
    start = time.monotonic()
    acknowledged = kills(count, options.kills, options.seed)
    took = time.monotonic() - start
    print(f"kill: {acknowledged} changes acknowledged, {took:.0f} s, {options.kills / took:.1f} kills/s", flush=True)
    for name, volatiles in (("fsync ignored", VOLATILE_NEVER), ("synchronous=NORMAL", VOLATILE_LAZY)):
        noticed = control(options.seed, volatiles)
        if count.expect(noticed is not None, f"control: {name} lost nothing in {CONTROL_KILLS} kills, so this harness sees nothing"):
            print(f"kill: control: {name} is noticed at {noticed}", flush=True)
    honest = control(options.seed, VOLATILE_HONEST)
    count.expect(honest is None, f"control: what was synced was lost at {honest}, so the controls prove nothing")
    return count.close()


if __name__ == "__main__":
    sys.exit(main())
