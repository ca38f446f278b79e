"""The real console in a pseudo-terminal, driven through tests/screen/vtdrive (libvterm)."""
import pathlib
import subprocess

from .chancery import ROOT, Failed, binary


def vtdrive():
    found = sorted(ROOT.glob("build/*/**/vtdrive"), key=lambda p: p.stat().st_mtime, reverse=True)
    if not found:
        raise FileNotFoundError("vtdrive is not built")
    return str(found[0])


class Console:
    """`chancery` on a socket (or with other words), in a terminal of so many rows and columns."""

    def __init__(self, socket, rows, columns, words=None):
        self.rows = rows
        self.process = subprocess.Popen(
            [vtdrive(), str(rows), str(columns), "--", binary("chancery"), *(words or ["--socket", socket])],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def tell(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def answer(self):
        return self.process.stdout.readline().rstrip("\n")

    def type(self, text):
        self.tell(f"type {text}")
        self.answer()

    def key(self, name):
        self.tell(f"key {name}")
        self.answer()

    def wait(self, text, timeout_ms=5000):
        self.tell(f"wait {timeout_ms} {text}")
        if self.answer() != "ok":
            raise Failed(f"the console does not show {text!r}")

    def gone(self, text, timeout_ms=5000):
        self.tell(f"gone {timeout_ms} {text}")
        if self.answer() != "ok":
            raise Failed(f"the console still shows {text!r}")

    def screen(self):
        self.tell("screen")
        return [self.answer() for _ in range(self.rows)]

    def stop(self):
        try:
            self.tell("quit")
            self.process.wait(5)
        except (OSError, subprocess.TimeoutExpired):
            self.process.kill()
            self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()
