#!/usr/bin/python3
"""Findings of `chancery lint --compat spectral` beside those that Spectral itself made. Usage: parity.py [CORPUS ...]

CORPUS is cases, docs or multi (all when none is given). Prints one table per corpus and per rule, and every deviation that
tests/data/lint/deviations.tsv does not list with a reason; exit 1 when there is one, or when a listed one is gone.
Options: -v shows listed deviations too; --only TEXT takes cases or documents whose name contains it; --most KB takes documents up to
that size (of all corpora: what a build with sanitizers judges in a minute)."""
import argparse
import collections
import concurrent.futures
import gzip
import json
import os
import pathlib
import subprocess
import sys
import tarfile
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
MOST = []  # bytes of a document, when that is asked
SHARED = ROOT.parent / "shared" / "corpora"
LISTED = ROOT / "tests/data/lint/deviations.tsv"


def binary():
    folder = os.environ.get("CHANCERY_BIN")
    found = [pathlib.Path(folder) / "chancery"] if folder else sorted(
        ROOT.glob("build/*/bin/chancery"), key=lambda p: p.stat().st_mtime, reverse=True)
    if not found or not found[0].exists():
        sys.exit("chancery is not built: cmake --workflow --preset release")
    return str(found[0].resolve())


BIN = binary()


class Finding(collections.namedtuple("Finding", "code file path")):
    """What must be the same; severity, line, range and message are compared for equal ones."""


def lint(folder, document, *options):
    """Findings, or None when the ruleset or document is refused."""
    run = subprocess.run([BIN, "lint", "--compat", "spectral", "--format", "json", *options, document], cwd=folder,
                         capture_output=True, text=True, timeout=600)
    if run.returncode not in (0, 1) or not run.stdout:
        assert run.returncode == 2, f"{folder}/{document}: {run.returncode} {run.stderr}"
        return None, run.stderr.strip()
    found = []
    for f in json.loads(run.stdout):
        path = "/".join(s.replace("~", "~0").replace("/", "~1") for s in f["path"])
        start, end = f["range"]["start"], f["range"]["end"]
        found.append({"code": f["code"], "path": path, "file": "" if f["source"] == document else f["source"],
                      "severity": f["severity"], "line": start["line"], "message": f["message"],
                      "range": (start["line"], start["character"], end["line"], end["character"])})
    return found, run.stderr.strip()


def key(f):
    return Finding(f["code"], f["file"], f["path"])


def by_key(findings):
    groups = collections.defaultdict(list)
    for f in findings:
        groups[key(f)].append(f)
    return groups


class Tally:
    """Counts of one corpus, and its deviations."""

    def __init__(self, name):
        self.name, self.rules, self.deviations = name, collections.defaultdict(collections.Counter), []
        self.units = self.units_equal = 0

    def add(self, unit, got, want, refused_ok):
        self.units += 1
        before = len(self.deviations)
        if want is None or got is None:
            if (want is None) != (got is None) and not refused_ok:
                self.deviations.append((unit, "refused" if got is None else "accepted", "", ""))
        else:
            self.compare(unit, by_key(got), by_key(want))
        self.units_equal += len(self.deviations) == before

    def compare(self, unit, got, want):
        for k in sorted(set(got) | set(want)):
            row = self.rules[k.code]
            if k not in want or k not in got:
                what = "missing" if k in want else "extra"
                row["want"] += k in want
                row[what] += 1
                self.deviations.append((unit, what, k.code, (k.file + "#" if k.file else "") + k.path))
                continue
            row["want"] += 1
            row["same"] += 1
            for what in ("severity", "line", "range", "message"):
                if what in want[k][0]:
                    row["of-" + what] += 1
                    row[what] += sorted(f[what] for f in got[k]) == sorted(f[what] for f in want[k])

    def print(self):
        print(f"\n{self.name}: {self.units_equal} of {self.units} with equal sets of (code, path)")
        print(f"  {'rule':44} {'want':>6} {'same':>6} {'missing':>7} {'extra':>6} {'sev':>6} {'line':>6} {'range':>6} {'message':>7}")
        total = collections.Counter()
        for code in sorted(self.rules):
            self.row(code, self.rules[code])
            total.update(self.rules[code])
        self.row("all", total)

    @staticmethod
    def row(name, r):
        part = [f"{r[w]:6}" if r["of-" + w] else "     -" for w in ("severity", "line", "range", "message")]
        print(f"  {name:44} {r['want']:6} {r['same']:6} {r['missing']:7} {r['extra']:6} {' '.join(part)}")


# --- corpora ----------------------------------------------------------------------------------------------------------

def ranged(f):
    f = dict(f, file=f.get("source", ""))
    f["range"] = (f["line"], f["col"], f["endLine"], f["endCol"])
    return f


def run_case(folder):
    document = next(p.name for p in folder.iterdir() if p.name in ("doc.yaml", "doc.json"))
    got, _ = lint(folder, document, "--ruleset", "ruleset.yaml")
    expected = folder / "expected.json"
    want = [ranged(f) for f in json.loads(expected.read_text())] if expected.exists() else None
    return folder.name, got, want


def cases(only, scratch):
    with tarfile.open(SHARED / "lint-cases/cases.tar.gz") as tar:
        tar.extractall(scratch)
    folders = sorted(p for p in (scratch / "cases").iterdir() if only in p.name)
    return folders, run_case


def run_document(job):
    document, ruleset, golden = job
    rules = ["--ruleset", "owasp"] if ruleset == "owasp" else ["--rules", "all" if ruleset == "all" else "recommended"]
    got, why = lint(document.parent, document.name, *rules)
    want = []
    for line in gzip.decompress(golden.read_bytes()).decode().splitlines():
        code, severity, path, number = line.split("\t")
        file, mark, rest = path.partition("#")
        in_file = mark and file.endswith((".yaml", ".json", ".yml"))
        want.append({"code": code, "severity": int(severity), "line": int(number), "file": file if in_file else "",
                     "path": rest if in_file else path})
    if got is None:
        print(document.name, why)
    for f in got or []:
        del f["message"], f["range"]
    return f"{ruleset}.{document.name}", got, want


def documents(only, scratch):
    jobs = []
    for packed in sorted((SHARED / "lint/docs").iterdir()):
        name = packed.name.removesuffix(".gz")
        golden = [(r, SHARED / f"lint/golden/spectral-{r}.{name}.tsv.gz") for r in ("all", "owasp", "recommended")]
        golden = [(r, p) for r, p in golden if p.exists() and only in f"{r}.{name}"]
        if not golden:
            continue
        data = packed.read_bytes()
        data = gzip.decompress(data) if packed.suffix == ".gz" else data
        if MOST and len(data) > MOST[0]:
            continue
        (scratch / name).write_bytes(data)
        jobs += [(scratch / name, ruleset, path) for ruleset, path in golden]
    return jobs, run_document


def run_tree(job):
    folder, entry = job
    got, _ = lint(folder, entry, "--rules", "all")
    want = []
    for f in json.loads((folder / "expected-all.json").read_text()):
        want.append(ranged(f) if "col" in f else dict(f, file=f.get("source", "")))
    return folder.name, got, want


def trees(only, scratch):
    with tarfile.open(SHARED / "lint-multi/multi.tar.gz") as tar:
        tar.extractall(scratch)
    rows = [r.split("\t") for r in (SHARED / "lint-multi/index.tsv").read_text().splitlines()]
    jobs = [(scratch / "multi" / r[0], r[1]) for r in rows if (scratch / "multi" / r[0]).is_dir() and only in r[0]]
    return jobs, run_tree


CORPORA = {"cases": cases, "docs": documents, "multi": trees}


def listed():
    """Deviations with a reason: corpus, unit, what, code, path, reason; `*` in path stands for any."""
    rows = {}
    if LISTED.exists():
        for line in LISTED.read_text().splitlines():
            if line and not line.startswith("#"):
                *row, reason = line.split("\t")
                assert len(row) == 5 and reason, f"not understood: {line}"
                rows[tuple(row)] = reason
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", nargs="*")
    parser.add_argument("-v", action="store_true")
    parser.add_argument("--only", default="")
    parser.add_argument("--most", type=int)
    asked = parser.parse_args()
    if asked.most:
        MOST.append(asked.most * 1024)
    if not SHARED.is_dir():
        print("skipped: no-shared")
        return 77
    known, used, news = listed(), set(), 0
    for name in asked.corpus or CORPORA:
        tally = Tally(name)
        with tempfile.TemporaryDirectory() as scratch:
            jobs, run = CORPORA[name](asked.only, pathlib.Path(scratch))
            with concurrent.futures.ThreadPoolExecutor(2) as pool:
                for unit, got, want in pool.map(run, jobs):
                    tally.add(unit, got, want, False)
        tally.print()
        for d in tally.deviations:
            rows = [r for r in ((name, *d), (name, d[0], d[1], d[2], "*"), (name, "*", d[1], d[2], "*")) if r in known]
            used.update(rows)
            news += not rows
            if asked.v or not rows:
                print("  " + "\t".join((name, *d)) + ("\t" + known[rows[0]] if rows else ""))
        print(f"  deviations: {len(tally.deviations)}")
    gone = [r for r in known if r not in used and not asked.only and not asked.most and r[0] in (asked.corpus or CORPORA)]
    for row in gone:
        print("no longer so: " + "\t".join(row))
    print(f"parity: {news} deviations without a reason, {len(gone)} reasons without a deviation")
    return 1 if news or gone else 0


if __name__ == "__main__":
    sys.exit(main())
