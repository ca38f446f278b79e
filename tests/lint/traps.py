#!/usr/bin/python3
"""What real documents and rulesets set before a linter: each trap ends at once, with a finding that says so, a refusal that names the
place, or no finding at all. Usage: traps.py [TEXT]: only those whose name holds it."""
import os
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from parity import BIN  # noqa: E402

HEAD = 'openapi: 3.0.3\ninfo: {title: t, version: "1", description: d, contact: {name: n}}\nservers: [{url: "https://example.org"}]\n'
HEAD31 = HEAD.replace("3.0.3", "3.1.0")
EMPTY = HEAD + "paths: {}\n"


def schemas(text, head=HEAD):
    """A document whose schemas are used, each by one operation's answer."""
    names = [line.split(":")[0].strip() for line in text.splitlines() if line and not line.startswith(" ")]
    body = "".join(f"        '{200 + i}': {{description: d, content: {{application/json: {{schema: {{$ref: '#/components/schemas/{name}'}}}}}}}}\n"
                   for i, name in enumerate(names))
    return (f"{head}tags: [{{name: t}}]\npaths:\n  /a:\n    get:\n      operationId: a\n      description: d\n      tags: [t]\n      responses:\n{body}"
            "components:\n  schemas:\n" + "".join(f"    {line}\n" for line in text.splitlines()))


def doubling(levels):
    return "\n".join(f"S{i}: {{type: object, properties: {{a: {{$ref: '#/components/schemas/S{i + 1}'}}, b: {{$ref: '#/components/schemas/S{i + 1}'}}}}}}"
                     for i in range(levels)) + f"\nS{levels}: {{type: string, enum: [a, a]}}"


def bomb():
    rows = ["x-0: &a0 [lol, lol]"] + [f"x-{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 10)]
    return EMPTY + "\n".join(rows) + "\n"


LINKED = "info: {$ref: secret.yaml}\npaths: {}\nopenapi: 3.0.3\n"

# name: document, exit status, texts that the answer holds, texts that it does not
DOCUMENTS = {
    "a circle of references": (schemas("Ring: {type: object, properties: {next: {$ref: '#/components/schemas/Other'}}}\n"
                                       "Other: {type: object, properties: {back: {$ref: '#/components/schemas/Ring'}}}"), 0, ["no findings"], []),
    "a reference to itself": (schemas("Self: {$ref: '#/components/schemas/Self'}"), 0, [], ["Sanitizer"]),
    "references that double 60 times": (schemas(doubling(60)), 0, ["duplicated-entry-in-enum", "1 finding"], []),
    "a reference to nowhere": (EMPTY + "x-a: {$ref: '#/nobody'}\n", 1, ["invalid-ref"], []),
    "a reference to another host": (HEAD + "paths: {/a: {$ref: 'https://example.org/a.yaml'}}\n", 1, ["invalid-ref"], []),
    "a reference to an absolute path": (HEAD + "paths: {/a: {$ref: /etc/hostname}}\n", 1, ["invalid-ref"], []),
    "a reference to a file by URL": (HEAD + "paths: {/a: {$ref: 'file:///etc/hostname'}}\n", 1, ["invalid-ref"], []),
    "a reference that climbs out": (HEAD + "paths: {/a: {$ref: '../secret.yaml'}}\n", 1, ["invalid-ref"], ["hidden"]),
    "a name with a slash, a blank and a percent sign": (schemas("'a/b c%': {type: string, enum: [x, x]}").replace("schemas/'a/b c%'", "schemas/a~1b%20c%25"),
                                                        0, ["duplicated-entry-in-enum"], ["invalid-ref"]),
    "an example that looks like a reference": (HEAD + "paths: {}\ncomponents: {examples: {e: {value: {$ref: '#/x'}}}}\n", 1, ["invalid-ref"], []),
    "siblings of a reference, 3.0": (schemas("A: {type: object, properties: {b: {$ref: '#/components/schemas/A', description: d}}}"), 1, ["no-$ref-siblings"], []),
    "siblings of a reference, 3.1": (schemas("A: {type: object, properties: {b: {$ref: '#/components/schemas/A', description: d}}}", HEAD31), 0, [], ["no-$ref-siblings"]),
    "YAML anchors and merges": (EMPTY.replace("info: {", "x-base: &base {contact: {name: n}}\ninfo: {<<: *base, ").replace(", contact: {name: n}}\nserv", "}\nserv"),
                                0, ["no findings"], []),
    "a YAML bomb": (bomb(), 1, ["parser", "aliases"], []),
    "ten thousand levels": ("[" * 10000, 1, ["parser"], []),
    "a hundred thousand levels of YAML": ("a: " + "[" * 100000, 1, ["parser"], []),
    "equal names": (EMPTY + "paths: {/a: {}}\n", 1, ["parser", "uplicate"], []),
    "names that are numbers": (HEAD + "tags: [{name: t}]\npaths: {/a: {get: {operationId: a, description: d, tags: [t], responses: {200: {description: d}}}}}\n",
                               1, ["parser"], ["operation-success-response"]),
    "words that YAML 1.1 takes for booleans": (schemas("A: {type: string, enum: [NO, on, off, y, 2001-01-01, 12:30:45, 0o]}"), 0, ["no findings"], ["typed-enum"]),
    "a closing brace further left": (EMPTY + "x-a: {\n  b: 1\n}\n", 0, ["no findings"], []),
    "tabs in YAML": (HEAD + "paths:\n\t/a: {}\n", 1, ["parser", "5:1"], []),
    "tabs in JSON": ('{\n\t"openapi": "3.0.3",\n\t"paths": {}\n}', 1, ["oas3-schema"], ["parser"]),
    "a byte order mark and CRLF": ("\ufeff" + EMPTY.replace("\n", "\r\n"), 0, ["no findings"], []),
    "UTF-16": (EMPTY.encode("utf-16"), 0, ["no findings"], []),
    "Latin-1": ((EMPTY + "x-a: é\n").encode("latin-1"), 1, ["parser", "UTF-8"], []),
    "a second document": (EMPTY + "---\na: 1\n", 1, ["parser"], []),
    "tags that construct": (EMPTY + "x-a: !!python/object:os.system [ls]\n", 0, [], ["Traceback"]),
    "numbers beyond 64 bits": (schemas("A: {type: number, maximum: 99999999999999999999999, example: 1e400}"), 1, ["oas3-valid-schema-example"], []),
    "NUL and a lone surrogate": ('{"openapi": "3.0.3", "info": {"title": "a\\u0000b", "version": "\\ud800", "description": "d", "contact": {}}, "servers": [{"url": "/"}], '
                                 '"paths": {}}', 0, [], ["parser", "Sanitizer"]),
    "nothing": ("", 1, ["parser", "empty"], []),
    "a text": ("hello", 0, ["unrecognized-format"], []),
    "no paths, wrong kinds everywhere": ("openapi: 3.0.3\ninfo: 1\npaths: [1]\ncomponents: null\nservers: {}\ntags: x\n", 1, ["oas3-schema"], []),
    "path items, operations and parameters of wrong kinds": (
        HEAD + "paths: {/a: 1, /b: {get: x, put: [1]}, /c: {get: {parameters: {}, responses: [], tags: 1, security: 1, operationId: []}}}\n", 1, ["oas3-schema"], []),
    "equal paths but for names": (
        HEAD + "paths: {'/a/{b}': {parameters: [{name: b, in: path, required: true, schema: {}}]}, '/a/{c}': {parameters: [{name: c, in: path, required: true, schema: {}}]}}\n",
        1, ["path-params", "quivalent"], []),
    "a version that is a number": (EMPTY.replace("3.0.3", "3.1"), 1, ["oas3-schema"], ["unrecognized-format"]),
    "a version before its release": (EMPTY.replace("3.0.3", "3.0.0-rc2"), 0, [], ["Sanitizer"]),
    "two versions": (EMPTY + "swagger: '2.0'\n", 1, ["oas2-schema", "oas3-schema"], []),
    "lookbehind, names and classes in a pattern": (schemas("A: {type: string, pattern: '^(?<n>\\p{L}+)(?<!x)$', example: äb}", HEAD31), 0, ["no findings"], []),
    "a pattern that is none": (schemas("A: {type: string, pattern: '(', example: a}"), 1, ["oas3-valid-schema-example"], []),
    "a pattern that takes for ever": (schemas(f"A: {{type: string, pattern: '^(a+)+$', example: {'a' * 200}b}}"), None, [], ["Sanitizer"]),
    "extensions of any shape": (EMPTY + "x-a: [[{b: [null, 1.0, {}]}], x]\nx-: {'': {'~': 1}}\n", 0, ["no findings"], []),
}

RULE = "then: {function: truthy}"
# name: ruleset, exit status, texts that the answer holds; the document has nothing wrong
RULESETS = {
    "a pattern that takes for ever, of a rule": ("rules: {a: {given: $.info.title, then: {function: pattern, functionOptions: {match: '^(t+)+$'}}}}", 0, ["takes too many steps", "1 finding in"]),
    "such a pattern that must not match": ("rules: {a: {given: $.info.title, then: {function: pattern, functionOptions: {notMatch: '^(t+)+$'}}}}", 0,
                                           ["takes too many steps", "1 finding in"]),
    "a pattern of a rule that is none": ("rules: {a: {given: $, then: {function: pattern, functionOptions: {match: '['}}}}", 2, ["rules.yaml line 1"]),
    "a filter with a pattern that is none": ("rules: {a: {given: '$..[?(@.match(/(/))]', " + RULE + "}}", 2, ["rules.yaml line 1"]),
    "a path that ends early": ("rules: {a: {given: '$.paths[', " + RULE + "}}", 2, ["rules.yaml line 1"]),
    "a field with such a path": ("rules: {a: {given: $, then: {field: '$.a[', function: truthy}}}", 2, ["rules.yaml line 1", "field"]),
    "an alias with such a path": ("aliases: {A: ['$.a[']}\nrules: {a: {given: '#A', " + RULE + "}}", 2, ["rules.yaml line 2"]),
    "brackets without end": ("rules: {a: {given: '$" + "[" * 20000 + "', " + RULE + "}}", 2, ["rules.yaml"]),
    "parentheses without end": ("rules: {a: {given: '$[?(" + "(" * 20000 + "', " + RULE + "}}", 2, ["rules.yaml"]),
    "many descents": ("rules: {a: {given: '$" + "..*" * 12 + "', " + RULE + "}}", None, []),
    "aliases 40 deep": ("aliases: {" + ", ".join(f"A{i}: ['#A{i + 1}']" for i in range(40)) + ", A40: [$]}\nrules: {a: {given: '#A0', " + RULE + "}}", 2, ["nested too deeply"]),
    "aliases that double": ("aliases: {" + ", ".join(f"A{i}: ['#A{i + 1}', '#A{i + 1}']" for i in range(30)) + ", A30: [$]}\nrules: {a: {given: '#A0', " + RULE + "}}",
                            2, ["too many"]),
    "an alias that leads to itself by way of another": ("aliases: {A: ['#B.x'], B: ['#A.y']}\nrules: {a: {given: '#A', " + RULE + "}}", 2, ["leads to itself"]),
    "a ruleset that extends itself": ("extends: rules.yaml\nrules: {a: {given: $, " + RULE + "}}", 2, ["rules.yaml line 1", "in a circle"]),
    "seventeen rulesets deep": ("extends: deep-0.yaml", 2, ["too deeply"]),
    "a function of nobody": ("rules: {a: {given: $, then: {function: nobody}}}", 2, ["no function \"nobody\""]),
    "a schema that is none": ("rules: {a: {given: $, then: {function: schema, functionOptions: {schema: {type: 12}}}}}", 0, ["schema is invalid"]),
    "a schema with a pattern that is none": ("rules: {a: {given: $, then: {function: schema, functionOptions: {schema: {patternProperties: {'(': {}}}}}}}", None, []),
    "a YAML bomb as ruleset": (bomb() + "rules: {}\n", 2, ["rules.yaml", "alias"]),
    "rules that are a list": ("rules: [a]", 2, ["rules.yaml line 1"]),
    "a ruleset that is a text": ("hello", 2, ["a ruleset is an object"]),
    "an empty ruleset": ("", 2, ["rules.yaml"]),
}


def lint(folder, *options):
    try:
        return subprocess.run([BIN, "lint", *options, "doc.yaml"], cwd=folder, capture_output=True, text=True, errors="replace", timeout=60)
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess([], -1, "", "not done in a minute")


def judge(name, run, status, holds, lacks):
    said = run.stdout + run.stderr
    wrong = [text for text in holds if text not in said] + [f"not {text}" for text in [*lacks, "AddressSanitizer", "runtime error"] if text in said]
    if status is None and run.returncode in (0, 1, 2) and not wrong or run.returncode == status and not wrong:
        return []
    return [f"{name}: exit {run.returncode}, {wrong}\n{said[:1500]}"]


def main():
    only, wrong, count = sys.argv[1] if len(sys.argv) > 1 else "", [], 0
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch) / "inner"
        folder.mkdir()
        (folder.parent / "secret.yaml").write_text("hidden: 1\n")
        for i in range(20):
            (folder / f"deep-{i}.yaml").write_text(f"extends: deep-{i + 1}.yaml\n" if i < 19 else "rules: {}\n")
        for name, (text, status, holds, lacks) in DOCUMENTS.items():
            if only in name:
                (folder / "doc.yaml").write_bytes(text if isinstance(text, bytes) else text.encode())
                wrong += judge(name, lint(folder), status, holds, lacks)
                count += 1
        (folder / "doc.yaml").write_text(EMPTY.replace("title: t", f"title: {'t' * 300}!"))
        for name, (text, status, holds) in RULESETS.items():
            if only in name:
                (folder / "rules.yaml").write_text(text)
                wrong += judge(name, lint(folder, "--ruleset", "rules.yaml"), status, holds, [])
                count += 1
        os.symlink("../secret.yaml", folder / "secret.yaml")
        (folder / "doc.yaml").write_text(LINKED)
        wrong += judge("a link out of the folder", lint(folder), 1, [], ["hidden"])
    print("\n".join(wrong + [f"traps: {count + 1}, {len(wrong)} wrong"]))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
