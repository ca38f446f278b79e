"""data/openapi.yaml as a judge: every answer must be one that the contract lists for its operation."""
import pathlib
import re
import urllib.parse

import jsonschema
import yaml

PATH = pathlib.Path(__file__).resolve().parents[2] / "data/openapi.yaml"
METHODS = ("get", "put", "post", "delete", "patch")


class Broken(AssertionError):
    """An answer, or a request that was accepted, which the contract does not know."""


class Contract:
    def __init__(self, path=PATH):
        self.document = yaml.safe_load(path.read_text())
        self.resolver = jsonschema.RefResolver("", self.document)
        self.operations = {}  # operationId -> (METHOD, path, operation, parameters)
        self.seen = set()  # (operationId, status) of every answer judged
        self.routes = []
        for template, item in self.document["paths"].items():
            pattern = re.compile(re.sub(r"\\\{\w+\\\}", "([^/]+)", re.escape(template)) + "$")
            for method in METHODS:
                if method not in item:
                    continue
                operation = item[method]
                parameters = [self.resolve(p) for p in item.get("parameters", []) + operation.get("parameters", [])]
                self.operations[operation["operationId"]] = (method.upper(), template, operation, parameters)
                self.routes.append((method.upper(), template.count("{"), pattern, operation["operationId"]))
        self.routes.sort(key=lambda route: route[1])  # literal segments before variables

    def resolve(self, value):
        while "$ref" in value:
            value = self.resolver.resolve(value["$ref"])[1]
        return value

    def find(self, method, target):
        """The operationId of a request, or None."""
        path = target.split("?")[0]
        for known, _, pattern, name in self.routes:
            if known == ("GET" if method == "HEAD" else method) and pattern.match(path):
                return name
        return None

    def valid(self, schema, value, what):
        checker = jsonschema.Draft202012Validator(schema, resolver=self.resolver, format_checker=jsonschema.FormatChecker())
        for error in checker.iter_errors(value):
            place = "/".join(str(part) for part in error.absolute_path)
            raise Broken(f"{what}: /{place}: {error.message}")

    # --- answers -----------------------------------------------------------------------------------

    def judge(self, method, target, answer, sent=None):
        """Checks one answer; sent is the JSON value of the request, judged when it was accepted."""
        what = f"{method} {target} -> {answer.status}"
        if answer.headers.get("x-request-id") is None:
            raise Broken(f"{what}: no X-Request-Id")
        name = self.find(method, target)
        if name is None:
            return self.judge_stray(what, target, answer)
        operation, parameters = self.operations[name][2:]
        responses = operation["responses"]
        if str(answer.status) not in responses:
            raise Broken(f"{what}: {name} has no such answer: {answer.body[:300]}")
        self.seen.add((name, answer.status))
        response = self.resolve(responses[str(answer.status)])
        self.judge_headers(what, response, answer)
        self.judge_body(what, response, answer, method)
        if 200 <= answer.status < 300:
            self.judge_request(what, operation, parameters, target, sent)
        return name

    def judge_stray(self, what, target, answer):
        """A request outside of the contract is refused with a problem document all the same."""
        if answer.status < 400 and not what.startswith("OPTIONS "):
            raise Broken(f"{what}: not in the contract")
        if answer.body and target.startswith("/v1/"):
            self.valid({"$ref": "#/components/schemas/Problem"}, answer.json, what)

    def judge_headers(self, what, response, answer):
        for header, definition in response.get("headers", {}).items():
            definition = self.resolve(definition)
            value = answer.headers.get(header.lower())
            if value is None and definition.get("required"):
                raise Broken(f"{what}: no {header}")
            if value is not None:
                self.valid(definition["schema"], value, f"{what}: {header}")

    def judge_body(self, what, response, answer, method):
        content = response.get("content")
        if content is None or method == "HEAD":
            if answer.body:
                raise Broken(f"{what}: has a body")
            return
        kind = answer.headers.get("content-type", "").split(";")[0]
        if kind not in content:
            raise Broken(f"{what}: Content-Type is {kind!r}, not one of {list(content)}")
        if "schema" not in content[kind]:
            return
        self.valid(content[kind]["schema"], answer.json, what)
        if kind == "application/problem+json" and answer.json["status"] != answer.status:
            raise Broken(f"{what}: the problem says {answer.json['status']}")

    # --- requests ----------------------------------------------------------------------------------

    def judge_request(self, what, operation, parameters, target, sent):
        """What is accepted must be what the contract invites to send."""
        known = {p["name"]: p["schema"] for p in parameters if p["in"] == "query"}
        for name, text in urllib.parse.parse_qsl(target.partition("?")[2]):
            if name not in known:
                raise Broken(f"{what}: accepted an unknown parameter {name}")
            schema = self.resolve(known[name])
            value = int(text) if schema.get("type") == "integer" else text == "true" if schema.get("type") == "boolean" else text
            self.valid(schema, value, f"{what}: ?{name}")
        body = self.resolve(operation.get("requestBody", {}))
        if isinstance(sent, (dict, list)) and body:
            self.valid(next(iter(body["content"].values()))["schema"], sent, f"{what}: request")
