"""The contract itself: closed, complete, and the same as the program's routes."""
import copy
import gzip
import hashlib
import subprocess
import unittest

import jsonschema
from case import CONTRACT, RestCase, main
from contract import METHODS, PATH, Broken


def schemas_of(value, place=""):
    """Every object schema below a value."""
    if isinstance(value, dict):
        if value.get("type") == "object" or value.get("type") == ["object", "null"]:
            yield place, value
        for key, child in value.items():
            if key != "examples":
                yield from schemas_of(child, f"{place}/{key}")
    elif isinstance(value, list):
        for index, child in enumerate(value):
            yield from schemas_of(child, f"{place}/{index}")


def references_of(value):
    if isinstance(value, dict):
        if "$ref" in value:
            yield value["$ref"]
        for child in value.values():
            yield from references_of(child)
    elif isinstance(value, list):
        for child in value:
            yield from references_of(child)


class ContractTest(unittest.TestCase):
    def test_every_object_is_closed(self):
        open_ones = [place for place, schema in schemas_of(CONTRACT.document) if schema.get("additionalProperties") is not False]
        self.assertEqual(open_ones, [])

    def test_every_reference_leads_somewhere_and_every_component_is_used(self):
        used = set(references_of(CONTRACT.document))
        for reference in used:
            CONTRACT.resolver.resolve(reference)
        known = {f"#/components/{kind}/{name}" for kind, members in CONTRACT.document["components"].items()
                 for name in members if kind != "securitySchemes"}
        self.assertEqual(known - used, set())

    def test_schemas_are_schemas_and_their_examples_fit(self):
        for name, schema in CONTRACT.document["components"]["schemas"].items():
            jsonschema.Draft202012Validator.check_schema(schema)
            for example in schema.get("examples", []):
                CONTRACT.valid(schema, example, f"example of {name}")

    def test_every_operation_is_described(self):
        tags = {tag["name"] for tag in CONTRACT.document["tags"]}
        for name, (method, path, operation, parameters) in CONTRACT.operations.items():
            self.assertTrue(operation.get("summary"), name)
            self.assertLessEqual(set(operation["tags"]), tags, name)
            in_path = {p["name"] for p in parameters if p["in"] == "path"}
            self.assertEqual(in_path, {part[1:-1] for part in path.split("/") if part.startswith("{")}, name)
            self.assertTrue(any(status.startswith("2") for status in operation["responses"]), name)

    def test_changing_operations_take_the_headers_that_guard_them(self):
        for name, (method, path, operation, parameters) in CONTRACT.operations.items():
            headers = {p["name"] for p in parameters if p["in"] == "header"}
            if method != "GET":
                self.assertIn("X-CSRF-Token", headers, name)
            if method == "PATCH":
                self.assertIn("If-Match", headers, name)
                self.assertLessEqual({"412", "428"}, set(operation["responses"]), name)

    def test_operation_ids_are_unique(self):
        count = sum(1 for item in CONTRACT.document["paths"].values() for method in METHODS if method in item)
        self.assertEqual(len(CONTRACT.operations), count)


class JudgeTest(unittest.TestCase):
    """The judge must be able to find what it is there for."""

    class Answer:
        def __init__(self, status, body, **headers):
            self.status, self.json = status, body
            self.body = b"x" if body is not None else b""
            self.headers = {"x-request-id": "1", "content-type": "application/json", "etag": '"1"', **headers}

    def setUp(self):
        self.team = copy.deepcopy(CONTRACT.document["components"]["schemas"]["Team"]["examples"][0])

    def refuses(self, answer, method="GET", target="/v1/teams/logistics", sent=None):
        with self.assertRaises(Broken):
            CONTRACT.judge(method, target, answer, sent)

    def test_accepts_what_the_contract_says(self):
        CONTRACT.judge("GET", "/v1/teams/logistics", self.Answer(200, self.team))

    def test_refuses_what_it_does_not(self):
        self.refuses(self.Answer(200, self.team | {"secret": "x"}))
        self.refuses(self.Answer(200, {k: v for k, v in self.team.items() if k != "slug"}))
        self.refuses(self.Answer(200, self.team | {"member_count": "4"}))
        self.refuses(self.Answer(202, self.team))
        self.refuses(self.Answer(200, self.team, **{"content-type": "text/html"}))
        without_etag = self.Answer(200, self.team)
        del without_etag.headers["etag"]
        self.refuses(without_etag)
        self.refuses(self.Answer(200, self.team), target="/v1/teams/logistics?colour=red")
        self.refuses(self.Answer(200, self.team), target="/v1/nowhere")
        self.refuses(self.Answer(200, self.team), method="PATCH", sent={"slug": "other"})


class RouteTest(RestCase):
    def test_every_route_has_its_operation_and_the_reverse(self):
        lines = self.daemon.run("routes").stdout.split("\n")
        routes = {name: (method, path) for method, path, name in (line.split(" ") for line in lines if line) if name != "-"}
        self.assertEqual(routes, {name: row[:2] for name, row in CONTRACT.operations.items()})

    def test_no_page_hides_below_the_interface(self):
        lines = self.daemon.run("routes").stdout.split("\n")
        pages = [line for line in lines if line.endswith(" -") and " /v1/" in line]
        self.assertEqual(pages, [])

    def test_the_program_serves_this_contract(self):
        answer = self.nobody("GET", "/v1/openapi.yaml", expect=200)
        self.assertEqual(answer.body, PATH.read_bytes())
        self.assertEqual(answer.headers["etag"], f'"{hashlib.sha256(answer.body).hexdigest()}"')
        self.nobody("GET", "/v1/openapi.yaml", headers={"if-none-match": answer.headers["etag"]}, expect=304)
        packed = self.nobody("GET", "/v1/openapi.yaml", headers={"accept-encoding": "gzip"}, expect=200)
        self.assertEqual(gzip.decompress(packed.body), answer.body)
        self.assertLess(len(packed.body), len(answer.body) / 5)
        self.assertEqual((packed.headers["etag"], packed.headers["vary"]), (f"W/{answer.headers['etag']}", "Accept-Encoding"))
        self.nobody("GET", "/v1/openapi.yaml", headers={"accept-encoding": "gzip", "if-none-match": packed.headers["etag"]}, expect=304)

    def test_health_needs_nobody(self):
        for target in ("/healthz", "/readyz"):
            self.nobody("GET", target, expect=200)
        self.assertIn(b"chancery_uptime_seconds", self.nobody("GET", "/metrics", expect=200).body)

    def test_routes_need_a_principal_where_the_contract_says_so(self):
        for name, (method, path, operation, _) in CONTRACT.operations.items():
            if "security" in operation:
                continue
            target = path.replace("{deployment}", "0000000000001").replace("{subscription}", "0000000000001").replace("{operation}", "0000000000001") \
                .replace("{key}", "0000000000001").replace("{", "").replace("}", "")
            self.nobody(method, target, {} if method in ("POST", "PATCH") else None, expect=401)


if __name__ == "__main__":
    main()
