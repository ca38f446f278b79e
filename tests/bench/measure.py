"""What every row of the table needs: the programs, CPU and memory of a process, load, and the rows themselves."""
import json
import os
import pathlib
import re
import statistics
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))
BIN = ROOT / "build/bench/bin"
os.environ["CHANCERY_BIN"] = str(BIN)
rows = []


def program(name):
    """A benchmark program, wherever the build has put it."""
    found = [path for path in (ROOT / "build/bench").rglob(name) if path.is_file()]
    if not found:
        raise SystemExit(f"{name} is not built: cmake --workflow --preset bench")
    return max(found, key=lambda path: path.stat().st_mtime)  # a folder that moved may have left an older one


def row(what, must, figure, held):
    rows.append((what, must, figure, held))
    print(f"{'ok  ' if held else 'MISS'} {what}: {figure} (must: {must})", flush=True)


def cpu_s(pid):
    """User and system time of a process, by its threads' schedstat (ns)."""
    total = 0
    for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
        try:
            total += int((task / "schedstat").read_text().split()[0])
        except OSError:
            pass
    return total / 1e9


def rss_mb(pid):
    return int(re.search(r"VmRSS:\s+(\d+)", pathlib.Path(f"/proc/{pid}/status").read_text())[1]) / 1024


def request(target, headers=(), method="GET"):
    """One HTTP message, as `load` takes it."""
    lines = [f"{method} {target} HTTP/1.1", "Host: localhost", *(f"{name}: {value}" for name, value in headers), "", ""]
    return "\r\n".join(lines).encode()


def load(address, requests, connections=32, seconds=3, busy_on=None):
    """Asks in a closed loop; gives what tests/bench/load.c prints. Anything but 200 ends the benchmark. busy_on: a core of its own."""
    how = ["busy"] if busy_on is not None else []
    done = subprocess.run([program("load"), str(address), str(connections), str(seconds), *how], input=b"\0".join(requests),
                          capture_output=True, timeout=seconds + 60, check=True,
                          preexec_fn=None if busy_on is None else lambda: os.sched_setaffinity(0, {busy_on}))
    told = json.loads(done.stdout)
    if set(told["statuses"]) != {"200"} or told["lost"]:
        raise SystemExit(f"the load was refused: {told}")
    return told


def move(pids, cores):
    """All threads of some processes to these cores."""
    for pid in pids:
        for task in os.listdir(f"/proc/{pid}/task"):
            try:
                os.sched_setaffinity(int(task), cores)
            except ProcessLookupError:
                pass


def cost(pids, address, requests, **how):
    """CPU µs per answer of some processes under load, and what the load saw. The client stays awake on a core of its own:
    waking it would be the slower server's cost."""
    cores = sorted(os.sched_getaffinity(0))
    move(pids, cores[:1])
    before = sum(cpu_s(pid) for pid in pids)
    told = load(address, requests, busy_on=cores[-1], **how)
    spent = sum(cpu_s(pid) for pid in pids) - before
    move(pids, cores)
    return spent / told["answers"] * 1e6, told


def ratios(turns, first, second):
    """Two measurements in turn, so that the machine's own pace falls out: the medians of each and of their ratio."""
    pairs = [(first(), second()) for _ in range(turns)]
    return (statistics.median(one for one, _ in pairs), statistics.median(two for _, two in pairs),
            statistics.median(two / one for one, two in pairs))
