#!/usr/bin/python3
"""chancery lint as scripts and people use it: exit codes, forms, standard input, what cannot be read."""
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests/lint")]
from kit.expect import conclude, expect, wrong  # noqa: E402
from parity import BIN  # noqa: E402

DOCUMENT = """openapi: 3.0.3
info: {title: t, version: "1"}
paths:
  /x/:
    get: {operationId: a, responses: {"404": {description: no}}}
    put: {operationId: a, responses: {"200": {description: ok}}}
"""
CLEAN = """openapi: 3.0.3
info: {title: t, version: "1", description: d, contact: {name: n}}
servers: [{url: "https://example.org"}]
paths: {}
"""


def lint(*words, text=None, cwd=None):
    return subprocess.run([BIN, "lint", *words], input=text, capture_output=True, text=True, cwd=cwd, timeout=60)


def exits(folder):
    expect("errors", lint("doc.yaml", cwd=folder), 1, "operation-operationId-unique", "1 error,", "score ", " - 5.00 (operation-operationId-unique)")
    expect("no errors", lint("clean.yaml", cwd=folder), 0, "no findings in 1 document", "score 100, grade A")
    expect("threshold", lint("--fail-severity", "warn", "--ruleset", "warn.yaml", "clean.yaml", cwd=folder), 1, "needs-x")
    expect("below it", lint("--ruleset=warn.yaml", "clean.yaml", cwd=folder), 0, "needs-x")
    expect("several", lint("doc.yaml", "clean.yaml", cwd=folder), 1, "in 2 documents")
    expect("input", lint("-", text=DOCUMENT), 1, "operation-operationId-unique")


def no_rules(folder):
    """Of a document that nothing has judged nobody may think that it is good."""
    for ruleset, file in (("none-enabled.yaml", "clean.yaml"), ("custom.yaml", "doc.yaml")):
        told = lint("--ruleset", ruleset, file, cwd=folder)
        expect(ruleset, told, 0, "no score: no rule was applied")
        if " grade " in told.stdout or "score 100" in told.stdout:
            wrong.append(f"{ruleset} has a score:\n{told.stdout}")
        expect(f"{ruleset} as page", lint("--ruleset", ruleset, "--format", "html", file, cwd=folder), 0, "No rule was applied.")
        found = lint("--ruleset", ruleset, "--format", "json", file, cwd=folder)
        expect(f"{ruleset} as json", found, 0, "no rule was applied")
        if json.loads(found.stdout) != []:
            wrong.append(f"{ruleset} as json: {found.stdout}")
    expect("one rule", lint("--ruleset", "warn.yaml", "clean.yaml", cwd=folder), 0, "score 99, grade A")


def refusals(folder):
    expect("a folder", lint(".", cwd=folder), 2, "is a folder")
    expect("missing", lint("nowhere.yaml", cwd=folder), 2, "nowhere.yaml")
    expect("help", lint("--help"), 0, "usage: chancery lint", "ruleset", "chancery(1)")
    expect("nothing", lint(), 2, "needs a document", "usage: chancery lint")
    expect("odd option", lint("--colour", "doc.yaml", cwd=folder), 2, "--colour", "is no option")
    expect("odd format", lint("--format", "pdf", "doc.yaml", cwd=folder), 2, "text, tsv, json")
    expect("no ruleset", lint("--ruleset", "none.yaml", "doc.yaml", cwd=folder), 2, "none.yaml")
    expect("a bad ruleset", lint("--ruleset", "bad.yaml", "doc.yaml", cwd=folder), 2, "bad.yaml line 2", "\"given\"")
    expect("a big ruleset", lint("--ruleset", "big.yaml", "doc.yaml", cwd=folder), 2, "big.yaml", "10485760 bytes")
    expect("a folder as ruleset", lint("--ruleset", ".", "doc.yaml", cwd=folder), 2, "is a folder")
    expect("network", lint("--ruleset", "url.yaml", "doc.yaml", cwd=folder), 2, "not fetched", "download it")
    expect("broken", lint("broken.yaml", cwd=folder), 1, "parser", "grade F")
    expect("network itself", lint("--ruleset", "https://example.org/r.yaml", "doc.yaml", cwd=folder), 2, "not fetched", "rulesets.lock")
    expect("a circle of rulesets", lint("--ruleset", "ring-1.yaml", "clean.yaml", cwd=folder), 2, "ring-2.yaml line 1 column 11", "\"ring-1.yaml\" is extended in a circle")
    expect("a ruleset that is extended and missing", lint("--ruleset", "lost.yaml", "clean.yaml", cwd=folder), 2, "none.yaml: cannot open", "lost.yaml line 2 column 10")
    (folder / "d").mkdir()
    expect("a folder with a short name", lint("d", cwd=folder), 2, "chancery: d: is a folder")
    expect("a circle of aliases", lint("--ruleset", "aliases.yaml", "clean.yaml", cwd=folder), 2, "aliases.yaml line 2", "leads to itself")
    expect("no JSONPath", lint("--ruleset", "path.yaml", "clean.yaml", cwd=folder), 2, "path.yaml line 2", "$.a[")
    expect("no regex", lint("--ruleset", "regex.yaml", "clean.yaml", cwd=folder), 2, "regex.yaml line 2", "pattern")
    expect("an unknown function", lint("--ruleset", "function.yaml", "clean.yaml", cwd=folder), 2, "no function \"nonsense\"", "skipped")
    for form in ("text", "tsv", "json", "sarif", "junit", "github", "html"):
        expect(f"custom in {form}", lint("--ruleset", "custom.yaml", "--format", form, "clean.yaml", cwd=folder), 0, "skipped: 1 rule", "mine")


def pinned(folder):
    """An address stands for the file that rulesets.lock names, as long as that is the file that was pinned."""
    lock, words = folder / "rulesets.lock", ("--ruleset", "url.yaml", "clean.yaml")
    lock.write_text("# ours\nhttps://example.org/r.yaml warn.yaml\n")
    told = lint(*words, cwd=folder)
    expect("not pinned", told, 2, "rulesets.lock line 2", "warn.yaml is not pinned yet")
    lock.write_text(f"https://example.org/r.yaml {re.search('sha256:[0-9a-f]{64}', told.stderr)[0]} warn.yaml\n")
    expect("pinned", lint(*words, cwd=folder), 0, "needs-x")
    expect("pinned itself", lint("--ruleset", "https://example.org/r.yaml", "clean.yaml", cwd=folder), 0, "needs-x")
    with open(folder / "warn.yaml", "a") as file:
        file.write("# changed\n")
    expect("changed", lint(*words, cwd=folder), 2, "warn.yaml is not the file that was pinned")
    lock.unlink()


def forms(folder):
    tsv = lint("--format", "tsv", "doc.yaml", cwd=folder).stdout.splitlines()
    if tsv != sorted(tsv, key=str.encode) or "path-keys-no-trailing-slash\t1\tpaths/~1x~1\t3" not in tsv:
        wrong.append("tsv: " + "\n".join(tsv))
    found = json.loads(lint("--format", "json", "doc.yaml", cwd=folder).stdout)
    if {"code", "path", "message", "severity", "range", "source"} - set(found[0]) or len(found) != len(tsv):
        wrong.append(f"json: {found[:1]}")
    sarif = json.loads(lint("--format", "sarif", "doc.yaml", cwd=folder).stdout)
    if len(sarif["runs"][0]["results"]) != len(tsv) or sarif["version"] != "2.1.0":
        wrong.append("sarif")
    suites = xml.etree.ElementTree.fromstring(lint("--format", "junit", "doc.yaml", "clean.yaml", cwd=folder).stdout)
    if [s.get("failures") for s in suites] != [str(len(tsv)), "0"]:
        wrong.append("junit")
    expect("github", lint("--format", "github", "doc.yaml", cwd=folder), 1, "::error title=operation-operationId-unique,file=doc.yaml,line=6")
    expect("html", lint("--format", "html", "doc.yaml", cwd=folder), 1, "<!DOCTYPE html>", "operation-operationId-unique")


def remedies(folder):
    """Built-in rules say why and what to do; who changes one changes its words as with Spectral."""
    for ruleset, file in (("spectral:oas", "spectral-oas"), ("owasp", "owasp"), ("chancery", "chancery")):
        rules = yaml.safe_load((ROOT / f"data/rulesets/{file}.yaml").read_text())["rules"]
        wrong.extend(f"{name} has no remedy" for name, rule in rules.items()
                     if isinstance(rule, dict) and not rule.get("howToFix") and not (rule.get("message") and rule.get("description")))
        told = json.loads(lint("--format", "sarif", "--rules", "all", "--ruleset", ruleset, "doc.yaml", cwd=folder).stdout)
        rules = told["runs"][0]["tool"]["driver"]["rules"]
        mute = [rule["id"] for rule in rules if not rule.get("help", {}).get("text")]
        if len(rules) < 5 or mute:
            wrong.append(f"rules of {ruleset} without a remedy: {mute} of {len(rules)}")
    found = {f["code"]: f for f in json.loads(lint("--format", "json", "--ruleset", "words.yaml", "doc.yaml", cwd=folder).stdout)}
    for code, member, text in (("info-contact", "message", "Tell us!"), ("info-description", "message", 'so: Info "description" must be present and non-empty string.'),
                               ("path-keys-no-trailing-slash", "message", "Path must not end with slash."),
                               ("info-description", "documentationUrl", "https://meta.stoplight.io/docs/spectral/docs/reference/openapi-rules.md#info-description")):
        if found[code].get(member) != text:
            wrong.append(f"{code}: {member} is {found[code].get(member)!r}")
    told = lint("--ruleset", "words.yaml", "doc.yaml", cwd=folder).stdout
    if "operation-tags\n    ask the guild" not in told or "stands in no group" in told or told.count("  operation-tags\n") != 1:
        wrong.append(f"a remedy of one's own:\n{told}")


def big_documents(folder):
    (folder / "ten.json").write_text(json.dumps({"openapi": "3.0.3", "info": {"title": "t" * (10 << 20), "version": "1"}, "paths": {}}))
    expect("10 MB", lint("--format", "tsv", "ten.json", cwd=folder), 0, "info-contact")
    (folder / "hundred.json").write_bytes(b'{"openapi": "3.0.3"' + b" " * (100 << 20) + b"}")
    expect("100 MB", lint("hundred.json", cwd=folder), 2, "hundred.json", "exceeds")


def pipe_that_closes(folder):
    run = subprocess.Popen([BIN, "lint", "--format", "json", *["doc.yaml"] * 800], cwd=folder, stdout=subprocess.PIPE,
                           stderr=subprocess.PIPE)
    run.stdout.close()
    run.stderr.read()
    if run.wait(60) != 2:
        wrong.append(f"a pipe that closes early: {run.returncode}")


def same_twice(folder):
    if lint("--format", "json", "doc.yaml", cwd=folder).stdout != lint("--format", "json", "doc.yaml", cwd=folder).stdout:
        wrong.append("two runs differ")


def references_stay_inside(folder):
    outside = folder / "outside.yaml"
    outside.write_text("secret: 1\n")
    inner = folder / "inner"
    inner.mkdir()
    (inner / "doc.yaml").write_text(CLEAN.replace("paths: {}", "paths: {/x: {$ref: ../outside.yaml}}"))
    expect("out of the folder", lint("doc.yaml", cwd=inner), 1, "invalid-ref")
    expect("in the folder", lint("inner/doc.yaml", "--rules", "recommended", cwd=folder), 0, "no findings")
    (inner / "link.yaml").symlink_to(outside)
    (inner / "doc.yaml").write_text(CLEAN.replace("paths: {}", "paths: {/x: {$ref: link.yaml}}"))
    expect("a link that leads out", lint("doc.yaml", cwd=inner), 1, "invalid-ref")


def main():
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        for name, text in {
                "doc.yaml": DOCUMENT, "clean.yaml": CLEAN, "broken.yaml": "a: [\n", "big.yaml": "x: " + "y" * (11 << 20),
                "warn.yaml": "rules: {needs-x: {given: $, then: {field: x-y, function: truthy}}}\n",
                "bad.yaml": "rules:\n  a: {given: paths, then: {function: truthy}}\n",
                "none-enabled.yaml": "extends: [[spectral:oas, off]]\n",
                "url.yaml": "extends: https://example.org/r.yaml\n",
                "lost.yaml": "# ours\nextends: none.yaml\n",
                "ring-1.yaml": "extends: ring-2.yaml\n",
                "ring-2.yaml": "extends: [ring-1.yaml, warn.yaml]\n",
                "aliases.yaml": "aliases: {A: ['#B'], B: ['#A']}\nrules: {a: {given: '#A', then: {function: truthy}}}\n",
                "path.yaml": "rules:\n  a: {given: '$.a[', then: {function: truthy}}\n",
                "regex.yaml": "rules:\n  a: {given: $, then: {function: pattern, functionOptions: {match: '('}}}\n",
                "function.yaml": "rules:\n  a: {given: $, then: {function: nonsense}}\n",
                "words.yaml": "extends: spectral:oas\nrules:\n  info-contact: {description: Tell us!}\n  info-description: {message: 'so: {{description}}'}\n"
                              "  operation-tags: {howToFix: ask the guild}\n",
                "custom.yaml": "functions: [mine]\nrules: {a: {given: $, then: {function: mine}}}\n"}.items():
            (folder / name).write_text(text)
        for check in (exits, no_rules, refusals, pinned, forms, remedies, big_documents, pipe_that_closes, same_twice, references_stay_inside):
            check(folder)
    return conclude("command")


if __name__ == "__main__":
    sys.exit(main())
