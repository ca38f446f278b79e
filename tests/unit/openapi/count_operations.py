"""Counts operations of OpenAPI documents: the oracle of test_corpus.c. Prints "count<TAB>file"."""
import gzip, json, sys
import yaml

LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
OLD = "get put post delete options head patch".split()

def item_methods(doc, item, methods):
    ref = item.get("$ref", "")
    found = {name for name in item if name in methods}
    found |= {"+" + name for name in item.get("additionalOperations", {})} if "query" in methods else set()
    if ref.startswith("#/"):
        target = doc
        for token in ref[2:].split("/"):
            target = target[token.replace("~1", "/").replace("~0", "~")]
        found |= item_methods(doc, target, methods)
    return found

for path in sys.argv[1:]:
    raw = (gzip.open if path.endswith(".gz") else open)(path, "rb").read().decode()
    doc = json.loads(raw) if raw.lstrip()[:1] == "{" else yaml.load(raw, LOADER)
    version = str(doc.get("openapi", "2.0"))
    methods = OLD + (["trace"] if version[0] == "3" else []) + (["query"] if version > "3.2" else [])
    paths = doc.get("paths") or {}
    print(sum(len(item_methods(doc, paths[p], methods)) for p in paths if not p.startswith("x-")), path, sep="\t")
