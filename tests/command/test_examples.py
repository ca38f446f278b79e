#!/usr/bin/python3
"""chancery examples: lines that a shell runs, forms for programs, findings, exit codes."""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from kit.chancery import binary  # noqa: E402
from kit.upstream import Upstream  # noqa: E402

DOCUMENT = """openapi: 3.1.0
info: {title: t, version: "1"}
servers: [{url: "BASE/v1"}]
security: [{key: []}]
paths:
  /pets/{id}:
    parameters:
    - {name: id, in: path, required: true, schema: {type: string}, example: it's}
    put:
      operationId: putPet
      parameters:
      - {name: tags, in: query, schema: {type: array, items: {type: string}}, example: [a b, c]}
      requestBody:
        required: true
        content:
          application/json: {schema: {$ref: "#/components/schemas/Pet"}}
          multipart/form-data: {schema: {type: object, properties: {note: {type: string, example: "a'b"}}}}
      responses:
        "200":
          description: "The pet\\e[31m."
          headers: {X-Left: {schema: {type: integer}, example: 7}}
          content: {application/json: {schema: {$ref: "#/components/schemas/Pet"}}}
        "404": {description: None}
    get:
      operationId: getPet
      responses: {"200": {description: d, content: {application/json: {examples: {one: {value: 1}, two: {value: 2}}}}}}
components:
  securitySchemes: {key: {type: apiKey, in: header, name: X-Key}}
  schemas:
    Pet:
      type: object
      required: [id, name]
      properties:
        id: {type: integer, readOnly: true}
        name: {type: string, example: "Tom's"}
        parent: {$ref: "#/components/schemas/Pet"}
"""


class ExamplesTest(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.upstream = Upstream()
        self.addCleanup(self.upstream.stop)
        self.write(DOCUMENT.replace("BASE", f"http://127.0.0.1:{self.upstream.port}"))

    def write(self, text, name="doc.yaml"):
        (self.folder / name).write_text(text)

    def run_it(self, *words, code=0, text=None):
        run = subprocess.run([binary("chancery"), "examples", *words], input=text, capture_output=True, text=True,
                             cwd=self.folder, timeout=60)
        self.assertEqual(run.returncode, code, run.stdout + run.stderr)
        return run

    @unittest.skipUnless(shutil.which("curl") and shutil.which("bash"), "no-program: curl")
    def test_the_lines_run_as_they_stand(self):
        text = self.run_it("--operation", "putPet", "doc.yaml").stdout
        lines = [part.split("\n\n")[0] for part in ("\n" + text).split("\ncurl ")[1:]]
        self.assertEqual(len(lines), 2)
        for line in lines:
            subprocess.run(["bash", "-c", "curl -s -S -f " + line], check=True, capture_output=True, timeout=30)
        first, second = self.upstream.requests
        self.assertEqual((first.method, first.path), ("PUT", "/v1/pets/it%27s?tags=a%20b&tags=c"))
        self.assertEqual(first.headers["x-key"], "<key>")
        self.assertEqual(first.headers["accept"], "application/json")
        self.assertEqual(json.loads(first.body), {"name": "Tom's"})
        self.assertEqual(second.headers["content-type"], "multipart/form-data; boundary=example-boundary")
        self.assertEqual(second.body, b'--example-boundary\r\nContent-Disposition: form-data; name="note"\r\n\r\na\'b\r\n--example-boundary--\r\n')

    def test_answers_and_no_escape_sequences(self):
        text = self.run_it("doc.yaml").stdout
        self.assertIn('X-Left: 7\nContent-Type: application/json\n\n{\n  "id": 1,\n  "name": "Tom\'s"\n}', text)
        self.assertIn("HTTP 404  None\n", text)
        self.assertIn("HTTP 200  d (one)\n", text)
        self.assertIn("HTTP 200  d (two)\n", text)
        self.assertNotIn("\x1b", text)

    def test_json(self):
        found = json.loads(self.run_it("--format=json", "doc.yaml").stdout)
        self.assertEqual([o["operation"] for o in found], ["PUT /pets/{id}", "GET /pets/{id}"])
        put = found[0]
        self.assertEqual(put["request"]["target"], "/pets/it%27s?tags=a%20b&tags=c")
        self.assertEqual(put["request"]["url"], f"http://127.0.0.1:{self.upstream.port}/v1" + put["request"]["target"])
        self.assertEqual([json.loads(b["body"]) for b in put["request"]["bodies"][:1]], [{"name": "Tom's"}])
        self.assertEqual(json.loads(put["answers"][0]["bodies"][0]["body"]), {"id": 1, "name": "Tom's"})
        self.assertEqual(put["answers"][0]["headers"], [{"name": "X-Left", "value": "7"}])
        self.assertEqual(put["findings"], [])
        self.assertEqual(self.run_it("--format=json", "doc.yaml").stdout, json.dumps(found, separators=(",", ":"), ensure_ascii=False) + "\n")

    def test_findings_make_the_exit_status(self):
        self.write(DOCUMENT.replace("example: it's", "example: 5").replace("example: 7", "example: x"))
        run = self.run_it("doc.yaml", code=1)
        self.assertIn("doc.yaml#/paths/~1pets~1{id}/parameters/0/example: the example does not fit its schema: must be string", run.stderr)
        self.assertIn("headers/X-Left/example: the example does not fit its schema: must be integer", run.stderr)
        found = json.loads(self.run_it("--format", "json", "doc.yaml", code=1).stdout)
        self.assertEqual(len(found[0]["findings"]), 2)

    def test_what_cannot_be_made_is_said(self):
        self.write(DOCUMENT.replace('name: {type: string, example: "Tom\'s"}', "name: {type: integer, minimum: 2, maximum: 1}"))
        run = self.run_it("--operation", "putPet", "doc.yaml", code=1)
        self.assertIn("no example: none could be made of /name: must be >= 2", run.stderr)
        self.assertIn("none could be made of /name: must be >= 2", run.stdout)

    def test_other_files_and_standard_input(self):
        self.write("type: object\nrequired: [n]\nproperties: {n: {const: 9, example: 8}}\n", "pet.yaml")
        self.write("get: {responses: {'200': {description: d, content: {application/json: {schema: {$ref: pet.yaml},"
                   " example: {n: 8}}}}}}\n", "item.yaml")
        self.write("openapi: 3.1.0\ninfo: {title: t, version: '1'}\npaths: {/a: {$ref: item.yaml}}\n", "root.yaml")
        run = self.run_it("root.yaml", code=1)
        self.assertIn("item.yaml#/get/responses/200/content/application~1json/example: the example does not fit its schema: "
                      "/n must be equal to constant (pet.yaml#/properties/n/const)", run.stderr)
        self.assertIn("=== GET /a", self.run_it("-", text=(self.folder / "root.yaml").read_text(), code=1).stdout)

    def test_refusals(self):
        for words, said in (((), "the document is not named"), (("a.yaml", "b.yaml"), "is a second document"),
                            (("--colour", "doc.yaml"), "is no option"), (("--format", "pdf", "doc.yaml"), "text or json"),
                            (("doc.yaml", "--operation"), "needs a value"), (("nowhere.yaml",), "nowhere.yaml"),
                            (("--operation", "no", "doc.yaml"), "no operation")):
            self.assertIn(said, self.run_it(*words, code=2).stderr)
        self.write("openapi: 3.1.0\n  a: [\n", "broken.yaml")
        self.assertIn("broken.yaml line 2", self.run_it("broken.yaml", code=2).stderr)
        self.write("openapi: 3.1.0\njsonSchemaDialect: urn:mine\npaths: {}\n", "own.yaml")
        self.assertIn("dialect is not known", self.run_it("own.yaml", code=2).stderr)

    def test_what_does_not_arrive_is_told(self):
        """A pipe that closes early and a full disk, for each command that needs no server."""
        self.write("openapi: 3.1.0\ninfo: {title: t}\npaths: {/a: {get: {operationId: a, responses: {'200': {description: d}}}}}\n", "doc.yaml")
        for words in (("examples", "doc.yaml"), ("lint", "doc.yaml"), ("diff", "doc.yaml", "doc.yaml"), ("validate", "doc.yaml"),
                      ("bundle", "doc.yaml"), ("slice", "--operation", "a", "doc.yaml"), ("route", "doc.yaml", "GET", "/a")):
            reader, writer = os.pipe()
            os.close(reader)
            for out in (writer, os.open("/dev/full", os.O_WRONLY)):
                done = subprocess.run([binary("chancery"), *words], cwd=self.folder, stdout=out, stderr=subprocess.PIPE, text=True, timeout=60)
                os.close(out)
                self.assertEqual(done.returncode, 2, words)
                self.assertTrue(done.stderr.endswith("chancery: standard output cannot be written\n"), done.stderr)


if __name__ == "__main__":
    unittest.main()
