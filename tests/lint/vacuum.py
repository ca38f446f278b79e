#!/usr/bin/python3
"""Functions of vacuum's rulesets: each name that data/rulesets/vacuum.yaml knows either finds what is wrong with a document made for
it, and nothing with a sound one, or is skipped and counted. Rules look as `vacuum generate-ruleset` writes them."""
import pathlib
import subprocess
import sys
import tempfile

import yaml

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from parity import BIN, ROOT  # noqa: E402
from rules import laid_over  # noqa: E402

KNOWN = yaml.safe_load((ROOT / "data/rulesets/vacuum.yaml").read_text())["x-functions"]
OPTIONS = {
    "noEvalDescription": {"pattern": "eval\\("}, "oasDescriptions": {"minWords": "2"}, "oasCamelCaseProperties": {"type": "camel"},
    "postResponseSuccess": {"properties": ["2XX", "201", "200"]}, "owaspDefineErrorDefinition": {"codes": ["400", "422", "4XX"]},
    "owaspCheckErrorResponse": {"code": "401"}, "owaspHeaderDefinition": {"headers": ["X-RateLimit-Limit", "RateLimit-Limit||RateLimit-Reset"]},
    "oasOpSecurityDefined": {"schemesPath": "$.components.securitySchemes"}, "oas2OpSecurityDefined": {"schemesPath": "$.securityDefinitions"},
    "pattern": {"notMatch": ".+\\/$"}}
GIVEN = {"oasOpParams": "$.paths", "pattern": "$.paths", "postResponseSuccess": "$.paths.*.post.responses"}
HEADERS = {"RateLimit-Limit": {"schema": {"type": "boolean"}, "description": "d"}, "RateLimit-Reset": {"schema": {"type": "boolean"}, "description": "d"}}


def response(text, **more):
    return {"description": text, "headers": HEADERS, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Order"}}}, **more}


SOUND = {
    "openapi": "3.0.3",
    "info": {"title": "t", "version": "1.0.0", "description": "Orders of a shop", "contact": {"name": "n", "url": "https://example.org", "email": "n@example.org"},
             "license": {"name": "l", "url": "https://example.org"}},
    "servers": [{"url": "https://example.org"}], "security": [{"key": []}], "tags": [{"name": "orders", "description": "All orders"}],
    "paths": {"/shop-orders/{code}": {"post": {
        "operationId": "change", "description": "Changes one order", "tags": ["orders"], "security": [{"key": []}],
        "parameters": [{"name": "code", "in": "path", "required": True, "description": "Which order", "schema": {"type": "boolean"}}],
        "responses": {"200": response("done"), "400": response("wrong"), "401": response("who"), "429": response("much", headers={
            **HEADERS, "Retry-After": {"description": "d", "schema": {"type": "boolean"}}})}}}},
    "components": {
        "schemas": {"Order": {"type": "object", "description": "One order", "properties": {"openCount": {"type": "boolean", "enum": [True]}}}},
        "securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X-Key", "description": "Key of the app"}}}}
SWAGGER = {"swagger": "2.0", "info": SOUND["info"], "host": "example.org", "schemes": ["https"], "securityDefinitions": {"key": {"type": "basic"}},
           "definitions": {"Cat": {"type": "object", "properties": {"kind": {"type": "string"}}, "required": ["kind"], "discriminator": "kind"}},
           "paths": {"/cats": {"get": {"operationId": "cats", "security": [{"key": []}], "responses": {"200": {"description": "d", "schema": {
               "$ref": "#/definitions/Cat"}}}}}}}


def operation(**part):
    return {"paths": {"/shop-orders/{code}": {"post": part}}}


def schema(**part):
    return {"components": {"schemas": {"Order": part}}}


def scheme(**part):
    return {"components": {"securitySchemes": {"more": part}}}


def parameter(**part):
    return operation(parameters=[*SOUND["paths"]["/shop-orders/{code}"]["post"]["parameters"], {"description": "d", "schema": {"type": "boolean"}, **part}])


def responses(**part):
    return operation(responses={code.strip("_"): answer for code, answer in part.items()})


THIRD = {  # what makes the sound document of OpenAPI 3 wrong
    "oasDocumentSchema": {"info": {"title": None}},
    "oasOpParams": parameter(name="code", **{"in": "path"}, required=True), "oasOpSuccessResponse": responses(_200=None),
    "oasPathParam": operation(parameters=[]), "oasUnusedComponent": {"components": {"schemas": {"Nobody": {"type": "object"}}}},
    "pattern": {"paths": {"/shop-orders/": {}}}, "refSiblings": schema(**{"properties": {"a": {"$ref": "#/components/schemas/Order", "maxLength": 1}}}),
    "typedEnum": schema(properties={"a": {"type": "string", "enum": [1]}}), "duplicatedEnum": schema(properties={"a": {"type": "boolean", "enum": [True, True]}}),
    "infoContact": {"info": {"contact": None}}, "infoContactProperties": {"info": {"contact": {"email": None}}}, "infoDescription": {"info": {"description": ""}},
    "infoLicense": {"info": {"license": None}}, "infoLicenseUrl": {"info": {"license": {"url": None}}}, "infoLicenseURLSPDX": {"info": {"license": {"identifier": "MIT"}}},
    "migrateZallyIgnore": {"x-zally-ignore": ["101"]}, "missingType": schema(properties={"a": {"description": "d"}}),
    "noEvalDescription": {"info": {"description": "eval(1)"}}, "noRequestBody": {"paths": {"/shop-orders/{code}": {"delete": {"requestBody": {"content": {}}}}}},
    "noVerbsInPath": {"paths": {"/orders/GET": {}}}, "nullableEnum": schema(properties={"a": {"type": "boolean", "nullable": True, "enum": [True]}}),
    "oasAPIServers": {"servers": []}, "oasCamelCaseProperties": schema(properties={"open_count": {"type": "boolean"}}),
    "oasComponentDescriptions": schema(description=""), "oasDescriptions": operation(description="one"),
    "oasExampleExternal": {"components": {"examples": {"e": {"description": "d", "value": 1, "externalValue": "https://example.org"}}}},
    "oasExampleSchema": responses(_200=response("d", content={"application/json": {"schema": {"type": "boolean"}, "example": "no"}})),
    "oasOpErrorResponse": responses(_400=None, _401=None, _429=None), "oasOpId": operation(operationId=""),
    "oasOpSecurityDefined": operation(security=[{"other": []}]), "oasOpSingleTag": operation(tags=["orders", "more"]), "oasOperationTags": operation(tags=[]),
    "oasParamDescriptions": parameter(name="n", description="", **{"in": "query"}),
    "oasRefSiblings": schema(properties={"a": {"$ref": "#/components/schemas/Order", "maxLength": 1}}), "oasUnnecessaryCombinator": schema(allOf=[{"type": "object"}]),
    "pathItemReferences": {"paths": {"/shop-orders/{code}": {"put": {"$ref": "#/paths/~1shop-orders~1{code}/post"}}}},
    "pathsKebabCase": {"paths": {"/shopOrders": {}}}, "postResponseSuccess": responses(_200=None), "schemaTypeCheck": schema(properties={"a": {"type": "text"}}),
    "tagDescription": {"tags": [{"name": "orders"}]}, "owaspArrayLimit": schema(properties={"a": {"type": "array", "items": {"type": "boolean"}}}),
    "owaspAuthInsecureSchemes": scheme(type="http", scheme="oauth"), "owaspCheckErrorResponse": responses(_401=None),
    "owaspDefineErrorDefinition": responses(_400=None), "owaspHeaderDefinition": responses(_200=response("d", headers={"RateLimit-Reset": None})),
    "owaspHostsHttps": {"servers": [{"url": "http://example.org"}]}, "owaspIntegerFormat": schema(properties={"a": {"type": "integer"}}),
    "owaspIntegerLimit": schema(properties={"a": {"type": "integer"}}), "owaspJWTBestPractice": scheme(type="http", scheme="bearer", bearerFormat="JWT"),
    "owaspNoAdditionalProperties": schema(additionalProperties=True), "owaspNoAdditionalPropertiesConstrained": schema(additionalProperties={"type": "boolean"}),
    "owaspNoApiKeyInUrl": scheme(type="apiKey", name="k", **{"in": "query"}), "owaspNoBasicAuth": scheme(type="http", scheme="basic"),
    "owaspNoCredentialsInUrl": parameter(name="password", **{"in": "query"}), "owaspNoNumericIds": parameter(name="id", schema={"type": "integer"}, **{"in": "query"}),
    "owaspRatelimitRetryAfter": responses(_429=response("d", headers={"Retry-After": None})), "owaspStringLimit": schema(properties={"a": {"type": "string"}}),
    "owaspStringRestricted": schema(properties={"a": {"type": "string"}})}
SECOND = {
    "oasDiscriminator": {"definitions": {"Cat": {"required": []}}}, "oasPolymorphicAnyOf": {"definitions": {"Cat": {"anyOf": []}}},
    "oasPolymorphicOneOf": {"definitions": {"Cat": {"oneOf": []}}}, "oas2OpSecurityDefined": {"paths": {"/cats": {"get": {"security": [{"other": []}]}}}},
    "oasOpFormDataConsumeCheck": {"paths": {"/cats": {"get": {"consumes": ["text/plain"], "parameters": [{"name": "f", "in": "formData", "type": "string"}]}}}}}


def judge(folder, document, *options):
    """Names of rules with findings, and the skipped functions with their counts."""
    (folder / "doc.yaml").write_text(yaml.safe_dump(document, sort_keys=False))
    run = subprocess.run([BIN, "lint", "--ruleset", "rules.yaml", *options, "doc.yaml"], cwd=folder, capture_output=True, text=True)
    if run.returncode == 2:
        return None, run.stderr
    found = [line.split() for line in run.stdout.splitlines()]
    return ({words[2] for words in found if len(words) > 2 and words[1] in ("error", "warning")},
            {words[words.index("function") + 1]: int(words[1]) for words in found if words[:1] == ["skipped:"]})


def main():
    wrong = []
    rules = {f"r-{name}": {"given": GIVEN.get(name, "$"), "severity": "warn", "message": "{{error}}", "recommended": True, "howToFix": "h",
                           "then": {"function": name, **({"functionOptions": OPTIONS[name]} if name in OPTIONS else {})}} for name in KNOWN}
    rules["r-oasOpSuccessResponse"]["then"]["field"] = "responses"
    built = {name for name, rule in KNOWN.items() if rule}
    if built != set(THIRD) | set(SECOND):
        wrong.append(f"without a document: {built ^ (set(THIRD) | set(SECOND))}")
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        (folder / "rules.yaml").write_text(yaml.safe_dump({"rules": rules}))
        for sound, documents in ((SOUND, THIRD), (SWAGGER, SECOND)):
            found, skipped = judge(folder, sound)
            if found & {f"r-{name}" for name in documents}:
                wrong.append(f"the sound document has findings: {found}")
            if skipped != {name: 1 for name in KNOWN if not KNOWN[name]}:
                wrong.append(f"skipped: {skipped}")
            for name, part in documents.items():
                if f"r-{name}" not in judge(folder, laid_over(sound, part))[0]:
                    wrong.append(f"{name}: what is wrong is not found")
        if judge(folder, SOUND, "--compat", "spectral")[0] is not None:
            wrong.append("--compat spectral takes vacuum's names")
        (folder / "rules.yaml").write_text("rules: {a: {given: $, then: {function: noVerbsInPath, functionOptions: {verbs: []}}}}")
        refused, why = judge(folder, SOUND)
        if refused is not None or 'has no option "verbs"' not in why:
            wrong.append(f"an option that nobody has: {why}")
    print("\n".join(wrong + [f"vacuum: {len(built)} of {len(KNOWN)} functions built, {len(wrong)} wrong"]))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
