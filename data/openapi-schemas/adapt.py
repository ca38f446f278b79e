#!/usr/bin/python3
"""Makes the schemas of this folder from the OpenAPI Initiative's. Usage: adapt.py FOLDER

FOLDER holds oas-2.0.json, oas-3.0.json, oas-3.1.json, oas-3.1-meta.json, oas-3.2.json and oas-3.2-meta.json of
https://github.com/OAI/spec.openapis.org (Apache-2.0). What changes is how much an error says, not what is valid: a choice between
a reference and an object looks at `$ref` first, a choice between kinds looks at the member that names the kind."""
import json
import pathlib
import sys

SOURCE, HERE = pathlib.Path(sys.argv[1]), pathlib.Path(__file__).resolve().parent
DIALECT = "urn:chancery:dialect:"
SHORT = {"annotations": ("description", "$comment", "title")}


def read(name):
    return json.loads((SOURCE / f"oas-{name}.json").read_text())


def write(name, schema):
    (HERE / f"{name}.json").write_text(json.dumps(schema, separators=(",", ":"), sort_keys=False) + "\n")


def walk(node, change):
    if isinstance(node, dict):
        for key in list(node):
            walk(node[key], change)
        change(node)
    elif isinstance(node, list):
        for item in node:
            walk(item, change)


def is_reference(schema):
    return schema.get("$ref", "").rsplit("/", 1)[-1] in ("Reference", "jsonReference")


def by_reference(node):
    """oneOf [X, Reference] becomes if $ref then Reference else X; booleans come last."""
    choices = node.get("oneOf")
    if not isinstance(choices, list) or not any(isinstance(c, dict) and is_reference(c) for c in choices):
        return
    rest = [c for c in choices if not is_reference(c)]
    node["if"] = {"type": "object", "required": ["$ref"]}
    node["then"] = next(c for c in choices if is_reference(c))
    node["else"] = rest[0] if len(rest) == 1 else boolean_or(rest)
    del node["oneOf"]


def boolean_or(rest):
    schema = next(c for c in rest if c.get("type") != "boolean")
    return {"if": {"type": "object"}, "then": schema,
            "else": {"if": {"type": "boolean"}, "then": True,
                     "else": {"not": {}, "errorMessage": '"additionalProperties" property must be a valid schema'}}}


def drop_words(node):
    for word in SHORT["annotations"]:
        if isinstance(node.get(word), str):
            del node[word]
    if isinstance(node.get("enum"), list) and node.get("type") == "string":
        del node["type"]


def as_draft_07(schema):
    schema["$schema"] = "http://json-schema.org/draft-07/schema#"
    schema.pop("id")
    return schema


def oas_2_0():
    schema = as_draft_07(read("2.0"))
    definitions = schema["definitions"]
    extra = definitions["schema"]["properties"]["additionalProperties"]
    extra.update(boolean_or(extra.pop("anyOf")))
    for name in ("oneOf", "anyOf"):  # other rules speak of these
        definitions["schema"]["properties"][name] = {"type": "array", "minItems": 1, "items": {"$ref": "#/definitions/schema"}}
    definitions["multipleOf"] = {"type": "number", "exclusiveMinimum": 0}
    for flow in ("Implicit", "Password", "Application", "AccessCode"):
        definitions[f"oauth2{flow}Security"]["required"].append("scopes")
    return schema


def oas_3_0():
    schema = as_draft_07(read("3.0"))
    definitions = schema["definitions"]
    item = definitions["PathItem"]
    methods = [m for m in item["properties"] if item["properties"][m] == {"$ref": "#/definitions/Operation"}]
    for method in methods:
        del item["properties"][method]
    item["patternProperties"] = {f"^({'|'.join(methods)})$": {"$ref": "#/definitions/Operation"}, **item.get("patternProperties", {})}
    definitions["Schema"]["properties"]["multipleOf"] = {"type": "number", "exclusiveMinimum": 0}
    one = definitions["SchemaXORContent"]
    alone = one.pop("oneOf")[1]["allOf"]
    one["errorMessage"] = {"not": "Schema and content are mutually exclusive, at least one is required"}
    one.update({"if": {"required": ["content"]}, "then": {"allOf": alone}})
    definitions["SchemaXORContent"] = {
        "if": {"anyOf": [{"required": ["schema"]}, {"required": ["content"]}]}, "then": one,
        "else": {"not": {}, "errorMessage": '"schema" or "content" must be present'}}
    parameter = definitions["Parameter"]
    kinds = [definitions.pop(c["$ref"].rsplit("/", 1)[-1]) for c in parameter.pop("oneOf")]
    names = [k["properties"].pop("in")["enum"][0] for k in kinds]
    location = {"required": ["in"], "properties": {"in": {"enum": names}}}
    for name, kind in reversed(list(zip(names, kinds))):
        if "required" in kind["properties"]:
            kind["properties"]["required"] = {"const": True}
        location = {"if": {"required": ["in"], "properties": {"in": {"const": name}}}, "then": kind, "else": location}
    parameter["required"] = ["name"]
    parameter["allOf"].append(location)
    return schema


def by_kind(schema, words):
    """A choice between kinds of security schemes: the `type` decides."""
    kinds = [c["$ref"] for c in schema.pop("oneOf")]
    chain = {"properties": {"type": {"enum": [w for w, _ in words]}}, "required": ["type"]}
    for word, name in reversed(words):
        ref = next(k for k in kinds if k.endswith("/" + name))
        chain = {"if": {"required": ["type"], "properties": {"type": {"const": word}}}, "then": {"$ref": ref}, "else": chain}
    schema.update(chain)


def with_dialect(schema, name):
    """Schema Objects are checked against the dialect, which is a document of its own."""
    def change(node):
        if node.get("$dynamicRef") == "#meta":
            del node["$dynamicRef"]
            node["$ref"] = DIALECT + name
    walk(schema, change)
    return schema


def dialect(name, meta):
    meta = dict(meta)
    for word in ("$dynamicAnchor", "$vocabulary", "$id"):
        meta.pop(word, None)
    meta["$id"] = f"{DIALECT}{name}:base"
    vocabularies = ("core", "applicator", "unevaluated", "validation", "meta-data", "format-annotation", "content")
    base = [{"$ref": f"https://json-schema.org/draft/2020-12/meta/{v}"} for v in vocabularies]
    older = {w: {"$ref": f"https://json-schema.org/draft/2020-12/schema#/properties/{w.replace('$', '%24')}"}
             for w in ("definitions", "dependencies", "$recursiveAnchor", "$recursiveRef")}
    return {"$id": DIALECT + name, "$schema": "https://json-schema.org/draft/2020-12/schema", "$dynamicAnchor": "meta",
            "if": {"type": "object"}, "then": {"allOf": base + [{"$ref": f"{DIALECT}{name}:base"}], "properties": older},
            "else": {"if": {"type": "boolean"}, "then": True,
                     "else": {"not": {}, "errorMessage": '"{{property}}" property must be a valid Schema Object'}},
            "$defs": {"base": meta}}


def must_have_one(schema):
    for choice in schema["anyOf"]:
        choice["errorMessage"] = 'The document must have either "paths", "webhooks" or "components"'
    schema["errorMessage"] = {"anyOf": 'The document must have either "paths", "webhooks" or "components"'}
    return schema


def oas_3_1():
    schema = must_have_one(with_dialect(read("3.1"), "3.1"))
    schema["properties"]["jsonSchemaDialect"]["format"] = "uri"
    definitions = schema["$defs"]
    definitions["schema"] = {"$ref": DIALECT + "3.1"}
    del definitions["examples"]["not"]
    return schema


schema = oas_2_0()
walk(schema, by_reference)
walk(schema, drop_words)
write("2.0", schema)
schema = oas_3_0()
walk(schema, by_reference)
walk(schema, drop_words)
by_kind(schema["definitions"]["SecurityScheme"], [("apiKey", "APIKeySecurityScheme"), ("http", "HTTPSecurityScheme"),
                                                  ("oauth2", "OAuth2SecurityScheme"), ("openIdConnect", "OpenIdConnectSecurityScheme")])
write("3.0", schema)
for name, make in (("3.1", oas_3_1), ("3.2", lambda: must_have_one(with_dialect(read("3.2"), "3.2")))):
    schema = make()
    walk(schema, drop_words)
    write(name, schema)
    write(f"{name}-dialect", dialect(name, read(f"{name}-meta")))
