#!/usr/bin/python3
"""chancery test beside a real server: what holds, each way of not holding, nothing unsafe, no secrets in reports."""
import json
import pathlib
import ssl
import subprocess
import sys
import tempfile
import threading
import unittest
import xml.etree.ElementTree

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from kit.chancery import binary  # noqa: E402
from kit.net import free_port  # noqa: E402
from kit.tls import Issuer  # noqa: E402
from kit.upstream import Upstream  # noqa: E402

DOCUMENT = """openapi: 3.1.0
info: {title: t, version: "1"}
paths:
  /right: {get: {responses: {"200": {$ref: "#/components/responses/Pet"}}}}
  /head: {head: {responses: {"200": {$ref: "#/components/responses/Pet"}}}}
  /gone: {get: {responses: {"204": {description: d}}}}
  /range: {get: {responses: {4XX: {description: d}}}}
  /status: {get: {responses: {"200": {description: d}}}}
  /type: {get: {responses: {"200": {$ref: "#/components/responses/Pet"}}}}
  /header: {get: {responses: {"200": {$ref: "#/components/responses/Pet"}}}}
  /body: {get: {responses: {"200": {$ref: "#/components/responses/Pet"}}}}
  /cut: {get: {responses: {default: {description: d}}}}
  /needs/{id}:
    get:
      parameters: [{name: id, in: path, required: true, schema: {type: string, not: {type: string}}}]
      responses: {"200": {description: d}}
  /made/{id}:
    get:
      parameters: [{name: id, in: path, required: true, schema: {type: string, pattern: "^[A-Z]{3}$"}}]
      responses: {"200": {description: d}}
  /given/{id}:
    get:
      parameters:
      - {name: id, in: path, required: true, schema: {type: integer}, example: 42}
      - {name: q, in: query, schema: {type: string}}
      - {name: r, in: query, schema: {type: string}, example: x}
      - {name: s, in: query, required: true, schema: {enum: [one, two]}}
      responses: {"200": {description: d}}
  /change:
    post:
      requestBody: {required: true, content: {application/json: {schema: {$ref: "#/components/schemas/Pet"}}}}
      responses: {"201": {description: d}}
    delete: {responses: {"204": {description: d}}}
    trace: {responses: {"200": {description: d}}}
components:
  responses:
    Pet:
      description: d
      headers: {X-Total: {required: true, schema: {type: integer}}}
      content: {application/json: {schema: {$ref: "#/components/schemas/Pet"}}}
  schemas:
    Pet: {type: object, required: [id], properties: {id: {type: integer, example: 1}, name: {type: string}}, additionalProperties: false}
"""
JSON = {"content-type": "application/json; charset=utf-8", "x-total": "1"}
PET = b'{"id":1}'


def answer(request):
    path = request.path.split("?")[0].removeprefix("/v1")
    return {"/right": (200, JSON, PET), "/head": (200, JSON, PET), "/gone": (204, {}, b""), "/range": (418, {}, b""),
            "/status": (500, {}, b""), "/type": (200, JSON | {"content-type": "text/html"}, b"<p>"),
            "/header": (200, {"content-type": "application/json", "x-total": "many"}, PET),
            "/body": (200, JSON, json.dumps({"id": "1", request.headers.get("authorization", "none"): 1}).encode()),
            "/cut": None, "/change": (201 if request.method == "POST" else 204, {}, b""),
            "/given/42": (200, {}, b"")}.get(path, (404, {}, b""))


class TestTest(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        (self.folder / "doc.yaml").write_text(DOCUMENT)
        self.upstream = Upstream(answer)
        self.addCleanup(self.upstream.stop)
        self.base = f"http://127.0.0.1:{self.upstream.port}/v1/"

    def run_it(self, *words, code, base=None):
        run = subprocess.run([binary("chancery"), "test", "--base", base or self.base, *words, "doc.yaml"], capture_output=True,
                             text=True, cwd=self.folder, timeout=60)
        self.assertEqual(run.returncode, code, run.stdout + run.stderr)
        return run

    def found(self, *words, code=1, **more):
        return {row["operation"]: row for row in json.loads(self.run_it("--format", "json", *words, code=code, **more).stdout)}

    def test_each_verdict(self):
        rows = self.found()
        for name in ("GET /right", "HEAD /head", "GET /gone", "GET /range", "GET /given/{id}"):
            self.assertEqual((rows[name]["verdict"], rows[name]["problems"]), ("ok", []), name)
        for name, check, message, instance, schema in (
                ("GET /status", "status", "status 500 is not in the document, which has 200", "", "#/paths/~1status/get/responses"),
                ("GET /type", "content-type", "the document has no answer as text/html", "", "#/components/responses/Pet"),
                ("GET /header", "header", "header X-Total: must be integer", "X-Total",
                 "#/components/responses/Pet/headers/X-Total/schema/type")):
            self.assertEqual(rows[name]["verdict"], "failed")
            self.assertEqual(rows[name]["problems"], [{"check": check, "message": message, "instance": instance, "schema": schema}])
        body = rows["GET /body"]["problems"]
        self.assertIn({"check": "body", "message": "must be integer", "instance": "/id", "schema": "#/components/schemas/Pet/properties/id/type"}, body)
        self.assertEqual(len(body), 2)
        self.assertEqual(rows["GET /cut"]["verdict"], "error")
        self.assertEqual((rows["GET /needs/{id}"]["verdict"], rows["GET /needs/{id}"]["reason"]),
                         ("skipped", "no request: id: none could be made: must NOT be valid"))
        self.assertIn("made up: id", rows["GET /made/{id}"]["problems"][0]["message"])
        self.assertEqual(rows["GET /made/{id}"]["target"], "/v1/made/ABC")

    def test_parameters_are_those_given_and_those_required(self):
        self.run_it("--operation", "GET /given/{id}", code=0)
        self.assertEqual([r.path for r in self.upstream.requests], ["/v1/given/42?r=x&s=one"])

    def test_nothing_unsafe_unasked(self):
        rows = self.found()
        self.assertEqual({r.method for r in self.upstream.requests}, {"GET", "HEAD"})
        for name in ("POST /change", "DELETE /change", "TRACE /change"):
            self.assertEqual(rows[name]["verdict"], "skipped")
        rows = self.found("--unsafe")
        self.assertEqual([rows[name]["verdict"] for name in ("POST /change", "DELETE /change", "TRACE /change")], ["ok", "ok", "skipped"])
        post = next(r for r in self.upstream.requests if r.method == "POST")
        self.assertEqual((json.loads(post.body), post.headers["content-type"]), ({"id": 1}, "application/json"))

    def test_secrets_are_sent_and_never_shown(self):
        token = self.folder / "token"
        token.write_text("chp_very-secret-token\n")
        token.chmod(0o600)
        for form in ("text", "json", "junit"):
            for words in (("--token-file", str(token)), ("--header", "Authorization: Bearer chp_very-secret-token")):
                run = self.run_it("--format", form, *words, code=1)
                self.assertNotIn("very-secret", run.stdout + run.stderr)
                self.assertIn("***", run.stdout)  # the server has sent it back
        self.assertEqual({r.headers["authorization"] for r in self.upstream.requests}, {"Bearer chp_very-secret-token"})
        token.chmod(0o644)
        self.assertIn("may be read by others", self.run_it("--token-file", str(token), code=2).stderr)
        token.chmod(0o600)
        self.assertIn("in the clear", self.run_it("--token-file", str(token), code=2, base="http://192.0.2.1").stderr)

    def test_headers_stand_in_place_of_the_documents(self):
        self.run_it("--operation", "GET /right", "--header", "accept: text/css", "--header=X-Team: crew", code=0)
        self.assertEqual((self.upstream.requests[0].headers["accept"], self.upstream.requests[0].headers["x-team"]), ("text/css", "crew"))

    def test_text(self):
        text = self.run_it(code=1).stdout
        head, row = text.splitlines()[:2]
        self.assertEqual(head.split(), ["OPERATION", "STATUS", "MS", "VERDICT", "PROBLEM"])
        self.assertRegex(row, r"^GET /right +200 +\d+  ok +-$")
        self.assertIn("\nGET /body  /v1/body\n  body /id: must be integer\n      by #/components/schemas/Pet/properties/id/type\n", text)
        self.assertIn("\n5 as documented, 5 not, 1 without an answer, 4 not called\n1 of those as documented are errors", text)

    def test_junit(self):
        root = xml.etree.ElementTree.fromstring(self.run_it("--format", "junit", code=1).stdout)
        suite = root[0]
        self.assertEqual([suite.get(k) for k in ("tests", "failures", "errors", "skipped")], ["15", "5", "1", "4"])
        cases = {case.get("name"): case for case in suite}
        self.assertEqual(len(cases), 15)
        self.assertEqual([f.get("type") for f in cases["GET /body"].iter("failure")], ["body", "body"])
        self.assertIsNotNone(cases["GET /cut"].find("error"))
        self.assertIsNotNone(cases["POST /change"].find("skipped"))
        self.assertEqual(cases["GET /right"].find("system-out").text, "status 200")

    def test_what_cannot_run(self):
        run = self.run_it(code=2, base=f"http://127.0.0.1:{free_port()}")
        self.assertIn("cannot reach", run.stderr)
        self.assertEqual(run.stdout, "")
        self.assertIn("no operation could be called", self.run_it("--operation", "POST /change", code=2).stderr)
        for words, said in ((("--operation", "no"), "no operation"), (("--timeout", "0"), "milliseconds"), (("--format", "pdf"), "junit"),
                            (("--header", "no colon"), "'Name: value'"), (("--header", "a: b\nc: d"), "'Name: value'"), (("--quiet",), "is no option")):
            self.assertIn(said, self.run_it(*words, code=2).stderr)
        self.assertIn("must begin with", self.run_it(code=2, base="127.0.0.1:80").stderr)
        self.assertIn("not the address of a server", self.run_it(code=2, base="http://user@127.0.0.1/v1").stderr)
        self.assertIn("is no base", self.run_it(code=2, base="http://127.0.0.1/?a=b").stderr)

    def test_a_server_that_does_not_answer_in_time(self):
        held = threading.Event()
        self.addCleanup(held.set)
        slow = Upstream(lambda request: held.wait(60) and None if "/right" in request.path else answer(request))
        self.addCleanup(slow.stop)
        rows = self.found("--timeout", "300", "--operation", "GET /right", "--operation", "GET /gone", base=f"http://127.0.0.1:{slow.port}")
        self.assertEqual((rows["GET /right"]["verdict"], rows["GET /gone"]["verdict"]), ("error", "ok"))
        self.assertIn("did not answer within 300 ms", rows["GET /right"]["reason"])

    def test_over_tls_only_a_server_that_is_verified(self):
        issuer = Issuer(self.folder)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*issuer.make("server"))
        server = self.upstream._server
        server.socket = context.wrap_socket(server.socket, server_side=True)
        base = f"https://localhost:{self.upstream.port}"
        self.found("--operation", "GET /right", "--ca", str(issuer.certificate), code=0, base=base)
        self.assertIn("issuer that is not trusted", self.run_it("--operation", "GET /right", code=2, base=base).stderr)
        self.assertEqual(len(self.upstream.requests), 1)

    def test_over_a_unix_socket(self):
        path = self.folder / "u.sock"
        upstream = Upstream(answer, path=path)
        self.addCleanup(upstream.stop)
        rows = self.found("--operation", "GET /right", "--operation", "HEAD /head", "--operation", "GET /gone", code=0, base=f"unix:{path}")
        self.assertEqual({row["verdict"] for row in rows.values()}, {"ok"})


if __name__ == "__main__":
    unittest.main()
