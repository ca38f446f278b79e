#!/usr/bin/python3
"""chancery diff as scripts and people use it: exit codes, forms, lists, standard input, what cannot be read.
Usage: diff_command.py CHANCERY"""
import json
import pathlib
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from kit.expect import conclude, expect, wrong  # noqa: E402

BIN = pathlib.Path(sys.argv[1]).resolve()
OLD = """openapi: 3.0.3
info: {title: t, version: "1"}
paths:
  /pets:
    get: {operationId: list, responses: {"200": {description: ok}}}
    post: {operationId: add, responses: {"201": {description: made}}}
"""
GONE = OLD.replace('    post: {operationId: add, responses: {"201": {description: made}}}\n', "")
MORE = OLD + '  /toys:\n    get: {operationId: toys, responses: {"200": {description: ok}}}\n'
REMOVED = "api-removed-without-deprecation"


def diff(*words, text=None, cwd=None):
    return subprocess.run([BIN, "diff", *words], input=text, capture_output=True, text=True, cwd=cwd, timeout=60)


def exits(folder):
    expect("breaking", diff("old.yaml", "gone.yaml", cwd=folder), 0, REMOVED, "POST /pets")
    expect("breaking is fatal", diff("--fail-on", "ERR", "old.yaml", "gone.yaml", cwd=folder), 1, REMOVED)
    expect("an addition", diff("--fail-on", "WARN", "old.yaml", "more.yaml", cwd=folder), 0, "endpoint-added")
    expect("an addition counts", diff("--fail-on=INFO", "old.yaml", "more.yaml", cwd=folder), 1, "endpoint-added")
    expect("the same", diff("--fail-on", "INFO", "old.yaml", "old.yaml", cwd=folder), 0)
    expect("input", diff("--fail-on", "ERR", "-", "gone.yaml", text=OLD, cwd=folder), 1, REMOVED)


def lists(folder):
    expect("levels", diff("--fail-on", "ERR", "--levels", "levels", "old.yaml", "gone.yaml", cwd=folder), 0, REMOVED)
    expect("ignored", diff("--fail-on", "ERR", "--ignore", "ignore", "old.yaml", "gone.yaml", cwd=folder), 0)


def refusals(folder):
    expect("missing", diff("old.yaml", "nowhere.yaml", cwd=folder), 2, "nowhere.yaml")
    expect("a folder", diff("old.yaml", ".", cwd=folder), 2, "is a folder")
    expect("broken", diff("old.yaml", "broken.yaml", cwd=folder), 2, "broken.yaml line 2")
    expect("one document", diff("old.yaml", cwd=folder), 2, "two documents", "usage: chancery diff")
    expect("odd format", diff("--format", "pdf", "old.yaml", "old.yaml", cwd=folder), 2, "text, tsv, json")
    expect("a check that is none", diff("--levels", "odd", "old.yaml", "old.yaml", cwd=folder), 2, "odd line 2", 'no check "nonsense"')
    expect("no levels", diff("--levels", "none", "old.yaml", "old.yaml", cwd=folder), 2, "none")


def forms(folder):
    compared = lambda name: diff("--format", name, "old.yaml", "gone.yaml", cwd=folder).stdout
    tsv = [line.split("\t") for line in compared("tsv").splitlines()]
    if [row[:4] for row in tsv] != [[REMOVED, "3", "POST", "/pets"]]:
        wrong.append(f"tsv: {tsv}")
    found = json.loads(compared("json"))
    if len(found) != 1 or {"id", "level", "operation", "path", "operationId", "section", "text", "fingerprint", "source"} - set(found[0]):
        wrong.append(f"json: {found}")
    if [suite.get("failures") for suite in xml.etree.ElementTree.fromstring(compared("junit"))] != ["1"]:
        wrong.append("junit: " + compared("junit"))
    for name, text in (("markdown", "/pets"), ("html", "<!DOCTYPE html>"), ("text", REMOVED)):
        if text not in compared(name):
            wrong.append(f"{name}: {compared(name)}")


def references(folder):
    """Files beside and below are read; what a link or dots lead to outside is not."""
    inner = folder / "inner"
    inner.mkdir()
    (folder / "outside.yaml").write_text("get: {operationId: secret, responses: {}}\n")
    (inner / "part.yaml").write_text('get: {operationId: part, responses: {"200": {description: ok}}}\n')
    (inner / "link.yaml").symlink_to(folder / "outside.yaml")
    for name, ref in (("in.yaml", "part.yaml"), ("out.yaml", "link.yaml")):
        (inner / name).write_text(OLD + f"  /x: {{$ref: {ref}}}\n")
    expect("a part", diff("--fail-on", "INFO", "../old.yaml", "in.yaml", cwd=inner), 1, "GET /x")
    if "secret" in diff("--format", "json", "../old.yaml", "out.yaml", cwd=inner).stdout:
        wrong.append("a link led out of the folder")


def main():
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        for name, text in {"old.yaml": OLD, "gone.yaml": GONE, "more.yaml": MORE, "broken.yaml": "a: [\n",
                           "odd": "# ours\nnonsense ERR\n",
                           "levels": f"{REMOVED} info\n", "ignore": "POST /pets api removed without deprecation\n"}.items():
            (folder / name).write_text(text)
        for check in (exits, lists, refusals, forms, references):
            check(folder)
    return conclude("diff command")


if __name__ == "__main__":
    sys.exit(main())
