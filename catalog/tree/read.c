/* tree_read: which syntax, then which reader. */
#include "reader.h"

static bool looks_like_json(struct str text)
{
    text = str_trim(text);
    return text.len > 0 && (text.ptr[0] == '{' || text.ptr[0] == '[');
}

enum tree_format tree_format_of(const struct tree *doc)
{
    return looks_like_json(doc->source.text) ? TREE_JSON : TREE_YAML;
}

static bool read_yaml(struct tree *doc, const struct tree_limits *limits, struct err *err)
{
    struct builder b;
    builder_init(&b, doc, limits, true, err);
    bool ok = yaml_scan(&b);
    if (ok)
        builder_finish(&b);
    builder_clear(&b);
    return ok;
}

/* Reads JSON; when the fault is one that YAML's flow style may allow (a bare word, a comment, a
 * trailing comma), gives YAML a try. A fault behind the first complete value is reported as JSON's
 * all the same: then the author meant JSON, and its message is the better one. */
static bool read_json(struct tree *doc, const struct tree_limits *limits, struct err *err)
{
    struct builder b;
    struct json_fault fault = {0};
    struct err json_err = {0}, yaml_err = {0};
    builder_init(&b, doc, limits, false, &json_err);
    bool ok = json_scan(&b, &fault);
    uint32_t values = builder_count(&b);
    if (ok)
        builder_finish(&b);
    builder_clear(&b);
    if (ok)
        return true;
    doc->findings.len = 0;
    if (fault.outside_string && read_yaml(doc, limits, &yaml_err)) {
        tree_note(doc, &finding_kinds[FINDING_NOT_JSON], STR(""), fault.offset,
                  "read as YAML; as JSON it fails: %s", json_err.msg);
        doc->read_findings = doc->findings.len;
        return true;
    }
    if (err != NULL)
        *err = yaml_err.code != ERR_NONE && values <= 1 ? yaml_err : json_err;
    return false;
}

bool tree_read(struct str bytes, const struct tree_limits *limits, struct arena *mem,
               struct tree **out, struct err *err)
{
    struct source source;
    if (limits == NULL)
        limits = &tree_limits_default;
    if (!source_open(bytes, limits, mem, &source, err))
        return false;
    struct tree *doc = arena_new(mem, struct tree);
    doc->source = source;
    doc->mem = mem;
    bool json = looks_like_json(source.text);
    if (json ? !read_json(doc, limits, err) : !read_yaml(doc, limits, err))
        return false;
    *out = doc;
    return true;
}
