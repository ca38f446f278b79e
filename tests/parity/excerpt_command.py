#!/usr/bin/python3
"""chancery bundle and slice as scripts and people use them: exit codes, forms, standard input, files, what cannot be
read; and documents of several files whose bundle differs in nothing.
Usage: excerpt_command.py CHANCERY"""
import json
import os
import pathlib
import subprocess
import sys
import tarfile
import tempfile

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))
from kit.expect import conclude, expect, wrong  # noqa: E402

BIN = pathlib.Path(sys.argv[1]).resolve()
TREES = ROOT / "../shared/corpora/lint-multi"
PETS = """openapi: 3.0.3
info: {title: pets, version: "1.0"}
paths:
  /pets:
    get:
      operationId: listPets
      tags: [pets]
      responses: {"200": {description: "yes", content: {application/json: {schema: {$ref: "schemas/Pet.yaml"}}}}}
    post: {operationId: addPet, tags: [more], responses: {"201": {description: "2020-01-01"}}}
"""
PET = '{"type": "object", "properties": {"next": {"$ref": "#"}, "size": {"type": "number", "maximum": 1.10}}}\n'


# A media type cannot be a reference, but people write it.
STRAY = """openapi: 3.0.3
info: {title: t, version: '1'}
paths:
  /pets:
    get: {operationId: listPets, responses: {'200': {description: ok, content: {application/json: {$ref: '#/components/schemas/Pet'}}}}}
components:
  schemas:
    Pet: {type: object}
    Other: {type: object}
"""


def run(*words, text=None, cwd=None):
    return subprocess.run([BIN, *words], input=text, capture_output=True, text=True, cwd=cwd, timeout=120)


def same(what, got, want):
    if got != want:
        wrong.append(f"{what}:\n{got}\nis not\n{want}")


def forms(folder):
    as_yaml, as_json = run("bundle", "pets.yaml", cwd=folder), run("bundle", "--format", "json", "pets.yaml", cwd=folder)
    expect("the input's form", as_yaml, 0, "openapi: 3.0.3\n", "version: '1.0'", "description: '2020-01-01'", "maximum: 1.10")
    expect("json", as_json, 0, '\n  "openapi": "3.0.3",\n', '"$ref": "#/components/schemas/Pet"', '"maximum": 1.10')
    same("an independent reader", yaml.safe_load(as_yaml.stdout), json.loads(as_json.stdout))
    (folder / "one.json").write_text(as_json.stdout)
    same("once more", run("bundle", "one.json", cwd=folder).stdout, as_json.stdout)
    same("and back", run("bundle", "--format=yaml", "one.json", cwd=folder).stdout, as_yaml.stdout)
    same("standard input", run("bundle", "--", "-", text=PETS, cwd=folder).stdout, as_yaml.stdout)
    expect("from elsewhere", run("bundle", str(folder / "pets.yaml")), 0, "#/components/schemas/Pet")
    expect("no change", run("diff", "--fail-on", "INFO", "pets.yaml", "one.json", cwd=folder), 0)
    expect("valid", run("validate", "one.json", cwd=folder), 0)


def slices(folder):
    both = run("slice", "--tag", "pets", "--operation=POST /pets", "pets.yaml", cwd=folder)
    same("a union", both.stdout, run("bundle", "pets.yaml", cwd=folder).stdout)
    one = json.loads(run("slice", "--operation", "addPet", "--format", "json", "pets.yaml", cwd=folder).stdout)
    same("one operation", [list(one), list(one["paths"]["/pets"])], [["openapi", "info", "paths"], ["post"]])
    (folder / "stray.yaml").write_text(STRAY)
    made = run("slice", "--operation", "listPets", "stray.yaml", cwd=folder)
    expect("where no reference belongs", made, 0, "Pet:")
    same("a slice is its own", run("slice", "--operation", "listPets", "-", text=made.stdout, cwd=folder).stdout, made.stdout)
    expect("no tag", run("slice", "--tag", "pest", "pets.yaml", cwd=folder), 2, 'no operation has the tag "pest"', 'is "pets" meant?')
    expect("no operation", run("slice", "--operation", "listPet", "pets.yaml", cwd=folder), 2, 'is "listPets" meant?')
    expect("no choice", run("slice", "pets.yaml", cwd=folder), 2, "needs a --tag or an --operation", "usage: chancery slice")
    expect("a tag needs a name", run("slice", "pets.yaml", "--tag", cwd=folder), 2, "--tag: takes a tag")


def output(folder):
    made = folder / "out" / "made.yaml"
    made.parent.mkdir()
    made.write_text("what was there")
    expect("to a file", run("bundle", "--output", "out/made.yaml", "pets.yaml", cwd=folder), 0)
    same("the file", made.read_text(), run("bundle", "pets.yaml", cwd=folder).stdout)
    same("nothing beside it", os.listdir(made.parent), ["made.yaml"])
    expect("a failure", run("slice", "--output", "out/made.yaml", "--tag", "x", "pets.yaml", cwd=folder), 2)
    same("leaves it", made.read_text(), run("bundle", "pets.yaml", cwd=folder).stdout)
    expect("no such folder", run("bundle", "--output", "none/made.yaml", "pets.yaml", cwd=folder), 2, "none/made.yaml")
    with open("/dev/full", "w") as full:
        whole = subprocess.run([BIN, "bundle", "pets.yaml"], cwd=folder, stdout=full, stderr=subprocess.PIPE, text=True, timeout=60)
    expect("a full disk", subprocess.CompletedProcess([], whole.returncode, "", whole.stderr), 2, "standard output")


def refusals(folder):
    (folder / "secret.yaml").write_text("type: string\n")
    inner = folder / "inner"
    inner.mkdir()
    for name, ref in {"up": "../secret.yaml", "over": "link.yaml", "url": "https://example.org/x.yaml", "missing": "none.yaml"}.items():
        (inner / f"{name}.yaml").write_text(PETS.replace("schemas/Pet.yaml", ref))
    (inner / "link.yaml").symlink_to("../secret.yaml")
    expect("out of the folder", run("bundle", "up.yaml", cwd=inner), 2, "up.yaml line 8 column 91", "leads out of")
    expect("below the working directory", run("bundle", "inner/up.yaml", cwd=folder), 0, "#/components/schemas/secret")
    expect("through a link", run("bundle", "over.yaml", cwd=inner), 2, "lies outside")
    expect("an address", run("bundle", "url.yaml", cwd=inner), 2, "leads out of", "copy what it names")
    expect("a missing file", run("bundle", "missing.yaml", cwd=inner), 2, "cannot be read", "No such file")
    expect("only what is kept matters", run("slice", "--operation", "addPet", "missing.yaml", cwd=inner), 0, "addPet")
    expect("a folder", run("bundle", ".", cwd=folder), 2, "is a folder")
    expect("nothing", run("bundle", cwd=folder), 2, "needs a document", "usage: chancery bundle")
    expect("two", run("bundle", "pets.yaml", "pets.yaml", cwd=folder), 2, "second document")
    expect("an odd form", run("bundle", "--format", "xml", "pets.yaml", cwd=folder), 2, "json or yaml")
    expect("an option of the other", run("bundle", "--tag", "pets", "pets.yaml", cwd=folder), 2, "--tag")
    expect("broken", run("bundle", "-", text="a: [\n", cwd=folder), 2, "line 2")
    expect("no version", run("bundle", "-", text="a: 1\n", cwd=folder), 2, "- line 1 column 1", "openapi")


def trees(folder):
    if not TREES.exists():
        print("no-shared: trees of public documents")
        return
    with tarfile.open(TREES / "multi.tar.gz") as packed:
        packed.extractall(folder, filter="data") if hasattr(tarfile, "data_filter") else packed.extractall(folder)
    for row in (TREES / "index.tsv").read_text().splitlines()[1:]:
        tree, entry = row.split("\t")[:2]
        (folder / "bundle").write_text(run("bundle", entry, cwd=folder / "multi" / tree).stdout or
                                       run("bundle", f"{tree}/{entry}", cwd=folder / "multi").stdout)
        expect(f"{tree} is valid", run("validate", "bundle", cwd=folder), 0)
        changes = run("diff", "--format", "tsv", f"multi/{tree}/{entry}", "bundle", cwd=folder).stdout.splitlines()
        # a mapping is compared by its text, which names a file before
        same(f"{tree} says the same", [c for c in changes if "discriminator-mapping-changed" not in c], [])


def main():
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        (folder / "schemas").mkdir()
        (folder / "pets.yaml").write_text(PETS)
        (folder / "schemas" / "Pet.yaml").write_text(PET)
        for check in (forms, slices, output, refusals, trees):
            check(folder)
    return conclude("excerpts")


if __name__ == "__main__":
    sys.exit(main())
