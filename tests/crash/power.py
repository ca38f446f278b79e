#!/usr/bin/python3
"""Power loss. The real server runs with every write, sync and rename below it written down; from that record disks
are made as a power loss could have left them at any moment: all that was synced, and of the rest anything (none,
all, a beginning, some, torn sectors, rubbish). Each is opened as `chanceryd check` opens it, and must hold what had
been acknowledged by then. The same with fsync ignored, and as with synchronous=NORMAL, must show losses."""
import concurrent.futures
import os
import pathlib
import re
import shutil
import subprocess
import sys
import threading
import time

from harness import Clerk, Count, Facts, Server, binary, parser, scratch

CLERKS = 3
LOAD_S = 0.5
CONTROL_IMAGES = 40
IMAGES_A_RUN = 500
PROGRAM_EACH = 100  # images: one that the program itself is started on


def serve(server, facts, seed, backup):
    """Serves under load for a while; a backup is taken meanwhile."""
    server.start()
    clerks = [Clerk(server, f"c{seed % 1000}{number}", facts, seed + number) for number in range(CLERKS)]
    threads = [threading.Thread(target=clerk.run) for clerk in clerks]
    for thread in threads:
        thread.start()
    time.sleep(LOAD_S / 2)
    if backup:
        facts.sent("copy.db", "made")
        server.rest("POST", "/v1/backup", {"file": str(server.folder / "copy.db")}, expect=200)
        facts.acknowledged("copy.db", server.control.log_bytes)
    time.sleep(LOAD_S / 2)
    return clerks, threads


def record(seed):
    """Init, serve, stop, serve, kill; returns the server, whose folder holds the record, and the facts."""
    server, facts = Server(), Facts()
    server.record_to(server.folder / "log")
    facts.sent("init", "made")
    server.init()
    facts.acknowledged("init", server.control.log_bytes)
    server.start()
    server.seed()
    for last in (False, True):
        if server.process.poll() is None:
            server.stop()
        clerks, threads = serve(server, facts, seed + 10 * last, not last)
        if last:
            server.kill()
        for clerk in clerks:
            clerk.stopped = True
        for thread in threads:
            thread.join()
        if not last:
            server.stop()
    return server, facts


def write_facts(facts, path):
    lines = [f"{thing}\t{value}\t{position}" for thing, values in facts.values.items()
             for value, position in zip(values, facts.positions[thing])]
    path.write_text("\n".join(lines) + "\n")


def checker():
    return str(pathlib.Path(binary("chanceryd")).parents[1] / "tests/crash/crash_images")


def images(server, seed, count, syncs, only=None):
    """Runs the checker: good, bad, and what it said of the bad ones."""
    folder = scratch("chy-image-") if not os.path.isdir("/dev/shm") else pathlib.Path(f"/dev/shm/{server.folder.name}-{syncs}")
    folder.mkdir(exist_ok=True)
    line = [checker(), str(server.record), str(server.folder / "facts"), str(server.folder), str(folder), str(seed), str(count), syncs]
    done = subprocess.run(line + ([str(only)] if only is not None else []), capture_output=True, text=True, timeout=900, check=False)
    found = re.search(r"^images: (\d+) good, (\d+) bad$", done.stdout, re.M)
    if not found:
        return 0, count, f"the checker ended with {done.returncode}: {done.stdout[-500:]}{done.stderr[-1500:]}", folder
    return int(found[1]), int(found[2]), done.stdout, folder


def program_agrees(server, folder):
    """The program itself on the one image that was made."""
    done = subprocess.run([binary("chanceryd"), "--set", f"database={folder}/chancery.db", "check"], capture_output=True, text=True, timeout=60, check=False)
    return done.returncode == 0 and "sound" in done.stdout, done.stdout + done.stderr


def one_run(seed, count):
    """One record and its images: problems, changes acknowledged, the server."""
    server, facts = record(seed)
    write_facts(facts, server.folder / "facts")
    problems = []
    good, bad, said, folder = images(server, seed, count, "all")
    if bad:
        problems.append(f"{bad} of {count} images: {said}")
    agreed = 0
    for only in range(count - 1, count // 2, -PROGRAM_EACH):
        *_, folder = images(server, seed, count, "all", only)
        fine, words = program_agrees(server, folder)
        agreed += fine
        if not fine:
            problems.append(f"image {only} of seed {seed}: chanceryd check says {words}")
    shutil.rmtree(folder, ignore_errors=True)
    return problems, good, bad, agreed, facts.count(), server


def control(count, server, seed, syncs, name):
    good, bad, said, folder = images(server, seed, CONTROL_IMAGES, syncs)
    shutil.rmtree(folder, ignore_errors=True)
    if count.expect(bad > 0 and good + bad == CONTROL_IMAGES, f"control: {name} lost nothing in {good} images, so this harness sees nothing"):
        print(f"power: control: {name}: {bad} of {CONTROL_IMAGES} images are noticed, for example:\n  {said.splitlines()[0][:230]}", flush=True)


def main():
    options = parser(__doc__, ("images", 5000, "how many")).parse_args()
    count = Count("power")
    print(f"power: {options.images} images, seed {options.seed}", flush=True)
    start, acknowledged, program = time.monotonic(), 0, 0
    shares = [min(IMAGES_A_RUN, options.images - first) for first in range(0, options.images, IMAGES_A_RUN)]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        runs = [pool.submit(one_run, options.seed + number, share) for number, share in enumerate(shares)]
        for number, run in enumerate(runs):
            problems, good, bad, agreed, acked, server = run.result()
            count.passed += good
            count.failed += bad
            acknowledged, program = acknowledged + acked, program + agreed
            count.so_far()
            for problem in problems:
                print(f"power: FAILED: {problem}\n  the record is in {server.folder}", flush=True)
            if number == 0:
                control(count, server, options.seed, "none", "fsync ignored")
                control(count, server, options.seed, "normal", "synchronous=NORMAL")
            if not problems:
                server.clear()
    took = time.monotonic() - start
    print(f"power: {acknowledged} changes acknowledged, {program} images opened by the program itself, {took:.0f} s, {options.images / took:.0f} images/s", flush=True)
    return count.close()


if __name__ == "__main__":
    sys.exit(main())
