#!/usr/bin/python3
"""Each rule of data/rulesets/chancery.yaml finds fault with its bad example and none with its good one; doc/rules.md says what the
ruleset says. Usage: rules.py [--write]: makes doc/rules.md."""
import copy
import json
import pathlib
import subprocess
import sys
import tempfile

import yaml

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from parity import BIN, ROOT  # noqa: E402

RULESET = yaml.safe_load((ROOT / "data/rulesets/chancery.yaml").read_text())
PAGE = ROOT / "doc/rules.md"
BASE = yaml.safe_load("""
openapi: 3.0.3
info: {title: Orders, version: 1.0.0, description: Orders of a shop, contact: {name: Desk}}
servers: [{url: "https://api.example.net"}]
security: [{key: []}]
tags: [{name: orders}]
paths:
  /orders:
    get:
      operationId: listOrders
      summary: List orders
      description: All of them.
      tags: [orders]
      responses: {"200": {description: ok}, default: {description: failed, content: {application/problem+json: {}}}}
components: {securitySchemes: {key: {type: apiKey, in: header, name: X-Key}}}
""")


def laid_over(base, part):
    """Members replace members; null takes one away."""
    if not isinstance(part, dict) or not isinstance(base, dict):
        return copy.deepcopy(part)
    out = copy.deepcopy(base)
    for name, value in part.items():
        if value is None:
            out.pop(name, None)
        else:
            out[name] = laid_over(out.get(name), value)
    return out


def codes(document):
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(document, file)
        file.flush()
        run = subprocess.run([BIN, "lint", "--ruleset", "chancery", "--format", "json", file.name], capture_output=True, text=True)
    assert run.stdout, run.stderr
    return {f["code"] for f in json.loads(run.stdout)}


def example(part):
    return yaml.safe_dump(part, sort_keys=False, default_flow_style=None, width=100).rstrip()


def page():
    lines = ["# The house ruleset", "",
             "`chancery lint --ruleset chancery` judges by what `spectral:oas` recommends and by these rules. Change one in a ruleset",
             "of your own: `extends: chancery`, then `rules: {chancery-id-string: off}`. Made by `tests/lint/rules.py --write`.", ""]
    for name, rule in RULESET["rules"].items():
        lines += [f"## {name}", "", f"{rule['description']} Severity: {rule['severity']}.", "", "Bad:", "```yaml", example(rule["x-bad"]),
                  "```", "Good:", "```yaml", example(rule["x-good"]), "```", ""]
    return "\n".join(lines)


def main():
    if "--write" in sys.argv:
        PAGE.write_text(page())
    wrong = []
    if codes(BASE) - {"operation-tag-defined"}:
        wrong.append(f"the plain document has findings: {codes(BASE)}")
    for name, rule in RULESET["rules"].items():
        if name not in codes(laid_over(BASE, rule["x-bad"])):
            wrong.append(f"{name}: its bad example is not found")
        if name in codes(laid_over(BASE, rule["x-good"])):
            wrong.append(f"{name}: its good example is found")
    if PAGE.read_text() != page():
        wrong.append("doc/rules.md is out of date: tests/lint/rules.py --write")
    print("\n".join(wrong + [f"rules: {len(RULESET['rules'])} rules, {len(wrong)} wrong"]))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
