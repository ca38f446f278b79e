#!/usr/bin/python3
"""What the console costs: CPU to its first paint, a key's way to the screen, bytes of a cursor move, idle CPU, memory.

Usage: tests/bench/console.py [PROGRAM …]. Without a program: that of the bench build, else the newest. A catalog of 200 APIs is
made and served by the real chanceryd over its Unix socket; the console runs in a pseudo-terminal of 120 × 40 that answers its
questions at once. CPU is the scheduler's own count, so another load on the machine does not change it."""
import fcntl
import os
import pathlib
import pty
import select
import shutil
import signal
import statistics
import struct
import sys
import tempfile
import termios
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))
from kit.chancery import Chanceryd, binary  # noqa: E402

ROWS, COLUMNS, APIS = 40, 120, 200
ASK, ANSWER = b"\033[5n", b"\033[0n"  # the question behind each frame, ECMA-48 8.3.35
STARTS, KEYS, IDLE_S = 9, 200, 20


class Run:
    """One console in a terminal, its bytes counted."""

    def __init__(self, program, words, rows=ROWS, columns=COLUMNS):
        self.out, self.frames, self.sent = b"", 0, 0
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            for name in ("LINES", "COLUMNS", "NO_COLOR"):
                os.environ.pop(name, None)
            os.environ.update(TERM="xterm-256color", LC_ALL="C.UTF-8", TZ="UTC")
            os.execv(program, [program, *words])
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def pump(self, timeout_s):
        """Reads what is there; answers each frame's question. False when nothing came."""
        if not select.select([self.fd], [], [], timeout_s)[0]:
            return False
        got = os.read(self.fd, 65536)
        self.out += got
        asked = got.count(ASK)
        self.frames += asked
        self.sent += len(got) - asked * len(ASK)
        if asked:
            os.write(self.fd, ANSWER * asked)
        return True

    def until(self, text, timeout_s=20):
        """Reads until the bytes have come, then to the end of their frame."""
        end = time.monotonic() + timeout_s
        while text not in self.out or not self.out.endswith(ASK):
            if time.monotonic() > end:
                raise SystemExit(f"the console does not write {text!r}: {self.out[-2000:]!r}")
            self.pump(0.05)

    def settle(self, quiet_s=0.4):
        while self.pump(quiet_s):
            pass

    def key(self, keys):
        """ms from the key to the end of its frame, and the bytes of that frame."""
        before_frames, before = self.frames, self.sent
        start = time.monotonic()
        os.write(self.fd, keys)
        while self.frames == before_frames:
            if not self.pump(2):
                raise SystemExit(f"no frame after {keys!r}")
        return (time.monotonic() - start) * 1000, self.sent - before

    def cpu_ms(self):
        total = 0
        for task in pathlib.Path(f"/proc/{self.pid}/task").iterdir():
            total += int((task / "schedstat").read_text().split()[0])
        return total / 1e6

    def memory(self):
        """MB resident: all, and what is the process's own."""
        lines = dict(line.split(":", 1) for line in pathlib.Path(f"/proc/{self.pid}/status").read_text().splitlines())
        return tuple(int(lines[name].split()[0]) / 1024 for name in ("VmRSS", "RssAnon"))

    def stop(self):
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.fd)


def catalog(folder):
    daemon = Chanceryd(folder)
    daemon.init()
    daemon.start()
    post = lambda target, body: daemon.rest("POST", target, body, expect=201).json
    text = (ROOT / "data/demo/parcels.yaml").read_bytes()
    post("/v1/teams", {"slug": "owners", "name": "Owners"})
    post("/v1/groups", {"slug": "edge", "name": "Edge"})
    for number in range(APIS):
        slug = f"api-{number:03d}"
        post("/v1/apis", {"slug": slug, "name": f"API {number}", "team": "owners", "summary": f"Sample number {number}"})
        post(f"/v1/apis/{slug}/versions", {"label": "v1"})
        daemon.rest("PUT", f"/v1/apis/{slug}/versions/v1/document?name=p.yaml", text, {"content-type": "application/yaml"}, expect=201)
        daemon.rest("POST", f"/v1/apis/{slug}/versions/v1/stage", {"stage": "published"}, expect=200)
        post("/v1/deployments", {"api": slug, "version": "v1", "group": "edge", "base_path": f"/{slug}", "upstream": "http://127.0.0.1:9"})
    return daemon


def first_paint(program, words):
    """CPU ms until the list stands on the screen; median of several starts."""
    figures = []
    for _ in range(STARTS):
        run = Run(program, words)
        run.until(b"api-000")
        figures.append(run.cpu_ms())
        run.stop()
    return statistics.median(figures)


def keys(run):
    """ms of each cursor key while figures are asked each second."""
    waits = []
    for number in range(KEYS):
        waits.append(run.key(b"\033OB" if number % 20 < 10 else b"\033OA")[0])
        end = time.monotonic() + 0.03
        while (left := end - time.monotonic()) > 0:
            run.pump(left)
    return sorted(waits)


def moves(run):
    """Bytes of a cursor key's own frame, and what follows when the cursor rests."""
    run.key(b"p")
    run.settle()
    own, after = [], []
    for _ in range(5):
        before = run.sent
        own.append(run.key(b"\033OB")[1])
        run.settle()
        after.append(run.sent - before - own[-1])
    run.key(b"p")
    return statistics.median(own), statistics.median(after)


def idle(run):
    """Percent of one processor, with figures asked each second."""
    run.settle()
    before, start = run.cpu_ms(), time.monotonic()
    while time.monotonic() - start < IDLE_S:
        run.pump(0.5)
    return (run.cpu_ms() - before) / (time.monotonic() - start) / 10


def measure(program):
    """Rows (what, must, figure, held) of the design's table."""
    folder = tempfile.mkdtemp(prefix="chy-bench-")
    daemon = catalog(folder)
    try:
        words = ["--socket", daemon.socket]
        paint = first_paint(program, words)
        run = Run(program, words)
        run.until(b"api-000")
        run.settle()
        everything, own = run.memory()
        waits = keys(run)
        p50, p95 = waits[len(waits) // 2], waits[len(waits) * 95 // 100]
        move, after = moves(run)
        percent = idle(run)
        run.stop()
    finally:
        daemon.stop()
        shutil.rmtree(folder, ignore_errors=True)
    return [
        (f"console, {APIS} APIs: CPU to the first paint", "≤ 30 ms", f"{paint:.1f} ms", paint <= 30),
        ("console: key → paint", "p95 ≤ 5 ms", f"p50 {p50:.2f} p95 {p95:.2f} ms ({KEYS} keys)", p95 <= 5),
        ("console: bytes of a cursor move", "≤ 150 B", f"{move:.0f} B, and {after:.0f} B of details when it rests", move <= 150),
        ("console: idle CPU, figures each second", "≤ 0.2 %", f"{percent:.2f} %", percent <= 0.2),
        ("console: RSS", "≤ 8 MB + data", f"{everything:.1f} MB, {own:.1f} MB of it its own", everything <= 8),
    ]


def main():
    held = True
    for program in sys.argv[1:] or [binary("chancery")]:
        print(program)
        for what, must, figure, ok in measure(program):
            held = held and ok
            print(f"{'ok  ' if ok else 'MISS'} {what}: {figure} (must: {must})", flush=True)
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
