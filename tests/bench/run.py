#!/usr/bin/python3
"""Measures what the design promises and writes one table. Usage: tests/bench/run.py [ROW …] [--write]

Rows: portal, plain, envoy, access, import, lint, ingest, compare, wide, check, peers, approvals, crowd, console, million,
lists. Without a row: all. --write replaces tests/bench/RESULTS.md.
Judged by CPU per operation and by ratios taken side by side in one run; times are the median of several.
Needs the bench preset built (cmake --workflow --preset bench), wrk, nginx, an Envoy and, for the programs of others, npm and Go."""
import contextlib
import datetime
import gzip
import io
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parent), str(pathlib.Path(__file__).resolve().parents[1] / "envoy")]
from measure import BIN, ROOT, cpu_s, program, row, rows, rss_mb  # noqa: E402
import console  # noqa: E402
from check import Nginx, bench_check, bench_peers  # noqa: E402
from crowd import bench_approvals, bench_crowd  # noqa: E402
from documents import bench_compare, bench_import, bench_ingest, bench_lint, bench_wide  # noqa: E402
from kit.chancery import Chanceryd  # noqa: E402
from kit.envoy import Envoy, find_envoy  # noqa: E402
from kit.net import free_port  # noqa: E402
from story import Story  # noqa: E402
import million  # noqa: E402

SHARED = ROOT.parent / "shared/corpora/lint/docs"


def documents():
    """The sample APIs and the corpus documents of at most 500 kB."""
    found = [path for path in sorted((ROOT / "data/demo").iterdir())]
    if SHARED.exists():
        found += [path for path in sorted(SHARED.rglob("*")) if path.suffix in (".json", ".yaml", ".gz") and path.is_file()]
    texts = []
    for path in found:
        text = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        if len(text) <= 500_000:
            texts.append((path.name.removesuffix(".gz"), text))
    return texts


def fill(daemon, apis=1000, deployed=100, upstream="http://127.0.0.1:9"):
    """What the rows about proxies are measured with, too: a proxy has all the deployed ones."""
    post = lambda target, body: daemon.rest("POST", target, body, expect=201).json
    post("/v1/teams", {"slug": "owners", "name": "Owners"})
    if daemon.rest("GET", "/v1/groups/edge").status == 404:
        post("/v1/groups", {"slug": "edge", "name": "Edge"})
    daemon.rest("DELETE", "/v1/gate-rules/0000000000001", expect=204)  # some of the corpus is wrong
    texts = documents()
    for number in range(apis):
        slug = f"api-{number:04d}"
        name, text = texts[number % len(texts)]
        post("/v1/apis", {"slug": slug, "name": f"API {number}", "team": "owners", "summary": f"Sample number {number}", "tags": [f"t{number % 17}"]})
        post(f"/v1/apis/{slug}/versions", {"label": "v1"})
        daemon.rest("PUT", f"/v1/apis/{slug}/versions/v1/document?name={name}", text, {"content-type": "application/octet-stream"}, expect=201)
        daemon.rest("POST", f"/v1/apis/{slug}/versions/v1/stage", {"stage": "published"}, expect=200)
        if number < deployed:
            post("/v1/deployments", {"api": slug, "version": "v1", "group": "edge", "base_path": f"/{slug}", "upstream": upstream})


def bench_portal():
    """1,000 APIs, 100 of them deployed: start to the first list page, memory, CPU of a list page."""
    daemon = Chanceryd(tempfile.mkdtemp(prefix="chy-bench-"))
    daemon.init()
    daemon.start()
    try:
        fill(daemon)
        daemon.stop()
        starts = []
        for _ in range(5):
            begin = time.monotonic()
            daemon.start()
            answer = daemon.portal("GET", "/apis")
            starts.append(time.monotonic() - begin)
            assert answer.status == 200, answer
            memory = rss_mb(daemon.process.pid)
            before = cpu_s(daemon.process.pid)
            for _ in range(200):
                daemon.rest("GET", "/apis", expect=200)
            page_ms = (cpu_s(daemon.process.pid) - before) * 1000 / 200
            daemon.stop()
        start = statistics.median(starts)
        row("portal after start and one list page, 1,000 APIs (100 deployed)", "≤ 1 s, ≤ 50 MB, page ≤ 5 ms CPU",
            f"{start:.3f} s, {memory:.1f} MB, {page_ms:.2f} ms", start <= 1 and memory <= 50 and page_ms <= 5)
    finally:
        daemon.stop()
        shutil.rmtree(daemon.folder, ignore_errors=True)


def bench_plain():
    """Plain 200 through guard, router, arena and headers against a raw epoll loop; where its memory comes to lie makes a process a tenth
    dearer or cheaper, so the median of five."""
    ratios = []
    for _ in range(5):
        done = subprocess.run([program("http_bench")], capture_output=True, text=True, timeout=300)
        print(done.stdout)
        ratio = re.search(r"ratio\D*([0-9.]+)", done.stdout)
        ratios.append(float(ratio[1]) if ratio else 0)
    value = statistics.median(ratios)
    row("plain 200 vs a raw epoll loop, CPU per request", "≥ 0.70", f"{value:.2f} ({min(ratios):.2f}–{max(ratios):.2f})", value >= 0.70)


def wrk(port, path, key, seconds=4, connections=32):
    script = tempfile.NamedTemporaryFile("w", suffix=".lua", delete=False)
    script.write(f'wrk.headers["x-api-key"] = "{key}"\n')
    script.close()
    done = subprocess.run(["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "-s", script.name, f"http://127.0.0.1:{port}{path}"],
                          capture_output=True, text=True, timeout=60)
    os.unlink(script.name)
    if "Non-2xx" in done.stdout:
        raise SystemExit(f"wrk was refused: {done.stdout}")
    return int(re.search(r"(\d+) requests in", done.stdout)[1])


def bench_envoy():
    """CPU of proxy and checker per request, Envoy's protected route and nginx's against Envoy's open one, side by side."""
    daemon = Chanceryd(tempfile.mkdtemp(prefix="chy-bench-"))
    upstream = subprocess.Popen([program("http_bench"), "upstream"], stdout=subprocess.PIPE, text=True)
    port = int(upstream.stdout.readline().split()[-1])
    daemon.init()
    daemon.start()
    proxy_port, proxy, nginx, places = free_port(), None, None, {}
    post = lambda target, body: daemon.rest("POST", target, body, expect=201).json
    try:
        fill(daemon, upstream=f"http://127.0.0.1:{port}")
        text = (ROOT / "data/demo/parcels.yaml").read_bytes()
        for slug, access in (("closed", "approved"), ("free", "open")):
            post("/v1/apis", {"slug": slug, "name": slug, "team": "owners", "access": access})
            post(f"/v1/apis/{slug}/versions", {"label": "v1"})
            daemon.rest("PUT", f"/v1/apis/{slug}/versions/v1/document?name=parcels.yaml", text, {"content-type": "application/yaml"}, expect=201)
            daemon.rest("POST", f"/v1/apis/{slug}/versions/v1/stage", {"stage": "published"}, expect=200)
            places[slug] = post("/v1/deployments", {"api": slug, "version": "v1", "group": "edge", "base_path": f"/{slug}",
                                                    "upstream": f"http://127.0.0.1:{port}"})["id"]
        post("/v1/plans", {"slug": "all", "name": "All", "apis": ["closed"]})
        post("/v1/apps", {"slug": "app", "name": "App", "team": "owners"})
        key = post("/v1/apps/app/keys", {"name": "bench"})["secret"]
        asked = post("/v1/subscriptions", {"app": "app", "api": "closed", "plan": "all"})
        daemon.rest("POST", f"/v1/subscriptions/{asked['id']}/approve", expect=200)
        post("/v1/gateways", {"slug": "edge-1", "group": "edge", "listener": f"127.0.0.1:{proxy_port}", "admin": f"unix:{daemon.sockets}/admin.sock"})
        proxy = Envoy(find_envoy(), daemon.rest("GET", "/v1/gateways/edge-1/bootstrap", expect=200).body, daemon.folder)
        nginx = Nginx(daemon.check_socket, places["closed"], port)
        time.sleep(2)
        envoy_s = lambda: cpu_s(proxy.process.pid)
        sides = {"plain": (envoy_s, proxy_port, "/free/parcels"), "envoy": (envoy_s, proxy_port, "/closed/parcels"),
                 "nginx": (nginx.cpu_s, nginx.port, "/closed/parcels")}
        costs = {name: [] for name in sides}
        for _ in range(6):
            for name, (proxy_s, at, path) in sides.items():
                before = proxy_s() + cpu_s(daemon.process.pid)
                requests = wrk(at, path, key)
                costs[name].append((proxy_s() + cpu_s(daemon.process.pid) - before) / requests * 1e6)
        for name, what, most in (("envoy", "CPU of proxy + checker per request vs plain, same loggers", 2.4),
                                 ("nginx", "CPU of nginx + checker per request vs Envoy plain", 0.65)):
            ratio = statistics.median(one / plain for one, plain in zip(costs[name], costs["plain"]))
            row(what, f"≤ {most}×", f"{ratio:.2f}× ({statistics.median(costs['plain']):.0f} → {statistics.median(costs[name]):.0f} µs)", ratio <= most)
    finally:
        for one in (proxy, nginx):
            if one:
                one.stop()
        upstream.terminate()
        daemon.stop()
        shutil.rmtree(daemon.folder, ignore_errors=True)


def bench_access():
    """Revocation and configuration change at a real Envoy: the story's samples, beside 1,000 APIs, 100 of them deployed."""
    story, told = Story(300), io.StringIO()
    try:
        story.prepare()
        fill(story.daemon, upstream=f"http://127.0.0.1:{story.upstream.port}")
        story.import_document()
        story.publish()
        with contextlib.redirect_stdout(told):
            story.measure_access()
            story.measure_publishing()
    finally:
        story.stop()
    found = dict(re.findall(r"(allowed|refused|applied)\s+(.*)", told.getvalue()))
    at = lambda name, percentile: float(re.search(rf"{percentile} ([0-9.]+)", found[name])[1])
    row("revocation → first refusal at a real Envoy", "p99 ≤ 50 ms", found["refused"], at("refused", "p99") <= 50)
    row("approval → first call allowed", "(shown)", found["allowed"], True)
    row("configuration change → applied in a real Envoy", "p95 ≤ 500 ms", found["applied"], at("applied", "p95") <= 500)


def bench_console():
    """First paint, keys, bytes, idle CPU and memory of the console before a real daemon with 200 APIs."""
    for result in console.measure(str(BIN / "chancery")):
        row(*result)


def bench_lists():
    """A consumer list of a million keys, streamed, against the same as a jansson tree."""
    done = subprocess.run([program("list_bench")], capture_output=True, text=True, timeout=300)
    print(done.stdout, done.stderr)
    figures = {name: [float(n) for n in re.findall(r"[0-9.]+", rest)] for name, rest in re.findall(r"^(\w+): (.*)$", done.stdout, re.M)}
    (stream_s, more_mb, size_mb), tree = figures["stream"], figures["tree"]
    ratio = tree[0] / stream_s
    row("consumer list of 1 M keys vs a jansson tree: time; extra memory", "≥ 20×; ≤ 8 MB",
        f"{ratio:.0f}× ({stream_s:.2f} s for {size_mb:.0f} MB; signed {figures['signed'][0]:.2f} s, gzip {figures['gzip'][0]:.1f} s); {more_mb:.1f} MB (tree {tree[1]:.0f} MB)",
        ratio >= 20 and more_mb <= 8)


BENCHES = {"portal": bench_portal, "plain": bench_plain, "envoy": bench_envoy, "access": bench_access, "import": bench_import,
           "lint": bench_lint, "ingest": bench_ingest, "compare": bench_compare, "wide": bench_wide, "check": bench_check, "peers": bench_peers, "approvals": bench_approvals, "crowd": bench_crowd, "console": bench_console, "lists": bench_lists,
           "million": lambda: million.measure(row, rss_mb)}


def write():
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()
    lines = ["# Measured", "", f"{datetime.date.today()}, commit {commit}, {os.cpu_count()} cores. Made by `tests/bench/run.py --write`.", "",
             "| what | must | measured | held |", "|---|---|---|---|"]
    lines += [f"| {what} | {must} | {figure} | {'yes' if held else '**no**'} |" for what, must, figure, held in rows]
    (ROOT / "tests/bench/RESULTS.md").write_text("\n".join(lines) + "\n")


unknown = [word for word in sys.argv[1:] if word not in (*BENCHES, "--write")]
if unknown:
    sys.exit(f"{__doc__}\n\nno row is called {unknown[0]}")
for name in [word for word in sys.argv[1:] if word in BENCHES] or BENCHES:
    BENCHES[name]()
if "--write" in sys.argv:
    write()
sys.exit(0 if all(held for *_, held in rows) else 1)
