"""Documents of one long list each, two by two: the entries of the new one are others. An upload may hold any of them, so none may cost the
square of its length."""
import json

OK = {"200": {"description": "d"}}


def operation(**members):
    return {"paths": {"/a": {"get": {"operationId": "a", "responses": OK} | members}}}


def schema(**members):
    return operation(responses={"200": {"description": "d", "content": {"application/json": {"schema": members}}}})


def answer(**members):
    return operation(responses={"200": {"description": "d"} | members})


# name: the document around a list of names
KINDS = {
    "enum": lambda names: schema(enum=names),
    "enum of objects": lambda names: schema(enum=[{"a": name, "b": [name]} for name in names]),
    "required": lambda names: schema(type="object", required=names),
    "types": lambda names: schema(type=names),
    "properties": lambda names: schema(properties={name: {"type": "string"} for name in names}),
    "pattern properties": lambda names: schema(patternProperties={name: {} for name in names}, oneOf=[{"type": name} for name in names]),
    "references": lambda names: schema(oneOf=[{"$ref": f"#/components/schemas/{name}"} for name in names])
    | {"components": {"schemas": {name: {"title": name} for name in names}}},
    "anchors": lambda names: schema(oneOf=[{"$ref": f"#{name}"} for name in names])
    | {"components": {"schemas": {name: {"$anchor": name} for name in names}}},
    "identifiers": lambda names: schema(oneOf=[{"$ref": f"urn:{name}"} for name in names])
    | {"components": {"schemas": {name: {"$id": f"urn:{name}"} for name in names}}},
    "broken references": lambda names: schema(oneOf=[{"$ref": f"#/components/schemas/{name}"} for name in names]),
    "a file's schemas": lambda names: schema(oneOf=[{"$ref": f"other.json#/all/{name}"} for name in names])
    | {"other": {"all": {name: {"title": name} for name in names}}},
    "a file's list": lambda names: schema(oneOf=[{"$ref": f"other.json#/allOf/{n}"} for n in range(len(names))])
    | {"other": {"allOf": [{"title": name} for name in names]}},
    "dependent names": lambda names: schema(dependentRequired={"a": names}),
    "tags": lambda names: operation(tags=names),
    "parameters": lambda names: operation(parameters=[{"name": name, "in": "query", "schema": {}} for name in names]),
    "security": lambda names: operation(security=[{name: []} for name in names]),
    "scopes": lambda names: operation(security=[{"o": names}]),
    "media types": lambda names: answer(content={f"a/{name}": {} for name in names}),
    "suffixes": lambda names: answer(content={f"a/{names[0]}+{name}": {} for name in names}),
    "headers": lambda names: answer(headers={name: {"schema": {}} for name in names}),
    "path": lambda names: {"paths": {"/" + "/".join(f"{{{name}}}" for name in names): {
        "get": {"responses": OK, "parameters": [{"name": name, "in": "path", "required": True, "schema": {}} for name in names]}}}},
}


def write(kind, count, folder):
    """The old and the new document's paths; "other" of a document is a file beside it."""
    paths = folder / "old" / "api.json", folder / "new" / "api.json"
    for path, first in zip(paths, (0, count)):
        document = {"openapi": "3.1.0", "info": {"title": "t", "version": "1.0.0"}} | KINDS[kind]([f"v{n}" for n in range(first, first + count)])
        path.parent.mkdir()
        (path.parent / "other.json").write_text(json.dumps(document.pop("other", {})))
        path.write_text(json.dumps(document))
    return paths
