/* Which OpenAPI version a document follows. */
#include "lister.h"

static const struct {
    const char *field;
    struct str prefix; /* whole, or followed by a dot or a hyphen */
    enum oas_version version;
} versions[] = {
    {"swagger", {"2.0", 3}, OAS_2_0},
    {"swagger", {"2", 1},   OAS_2_0},
    {"openapi", {"3.0", 3}, OAS_3_0},
    {"openapi", {"3.1", 3}, OAS_3_1},
    {"openapi", {"3.2", 3}, OAS_3_2},
};

static enum oas_version version_of(const char *field, struct str text)
{
    for (size_t i = 0; i < COUNT_OF(versions); i++) {
        struct str prefix = versions[i].prefix;
        if (strcmp(field, versions[i].field) != 0 || !str_starts(text, prefix))
            continue;
        if (text.len == prefix.len ||
            (versions[i].version != OAS_2_0 && strchr(".-", text.ptr[prefix.len]) != NULL))
            return versions[i].version;
    }
    return OAS_UNKNOWN;
}

/* "2.0" exactly; three numbers since. */
static bool well_written(enum oas_version version, struct str text)
{
    if (version == OAS_2_0)
        return str_eq(text, STR("2.0"));
    int64_t number = 0;
    struct str part, rest = text;
    size_t parts = 0;
    while (str_split(&rest, '.', &part)) {
        if (!str_to_i64(part, &number))
            return false;
        parts++;
    }
    return parts == 3;
}

static bool refuse_version(const struct tree *doc, const struct tree_node *field, struct err *err)
{
    const struct tree_node *at = field ? field : tree_root(doc);
    struct str text = tree_text(doc, field);
    if (tree_kind_of(tree_root(doc)) != TREE_OBJECT)
        (void)tree_fail(err, ERR_INVALID, doc, at->start, "the document is no object");
    else if (field == NULL)
        (void)tree_fail(err, ERR_INVALID, doc, at->start,
                        "the document names no version: neither openapi nor swagger is there");
    else
        (void)tree_fail(err, ERR_INVALID, doc, at->start, "unknown OpenAPI version \"%.*s\"",
                        (int)(text.len < 40 ? text.len : 40), text.ptr ? text.ptr : "");
    return err_hint(err, "versions 2.0, 3.0, 3.1 and 3.2 are read: begin with openapi: 3.1.0");
}

static const struct tree_node *version_field(const struct tree *doc)
{
    const struct tree_node *openapi = tree_get(doc, tree_root(doc), STR("openapi"));
    return openapi ? openapi : tree_get(doc, tree_root(doc), STR("swagger"));
}

bool oas_version_of(const struct tree *doc, enum oas_version *out, struct err *err)
{
    const struct tree_node *field = version_field(doc);
    enum oas_version version = OAS_UNKNOWN;
    if (field != NULL)
        version = version_of(str_eq(tree_key(doc, field), STR("openapi")) ? "openapi" : "swagger",
                             tree_text(doc, field));
    if (version == OAS_UNKNOWN)
        return refuse_version(doc, field, err);
    *out = version;
    return true;
}

bool lister_version(struct lister *lister, struct oas_summary *out, struct err *err)
{
    const struct tree *doc = lister->doc;
    const struct tree_node *swagger = tree_get(doc, lister->root.node, STR("swagger"));
    const struct tree_node *field = version_field(doc);
    if (!oas_version_of(doc, &lister->version, err))
        return false;
    out->version = lister->version;
    out->version_text = tree_text(doc, field);
    if (swagger != NULL && swagger != field)
        note(lister, FINDING_TWO_VERSIONS, swagger, STR_NONE,
             "both openapi and swagger are there; openapi counts");
    if (tree_kind_of(field) != TREE_STRING || !well_written(lister->version, out->version_text))
        note(lister, FINDING_VERSION_FORM, field, STR_NONE,
             "write the version in quotes and in full, as \"%s\"",
             lister->version == OAS_2_0 ? "2.0" : "3.1.0");
    return true;
}
