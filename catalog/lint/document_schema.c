/* The structure of documents, in the words that rules about it use. */
#include "functions.h"
#include "schemas.h"

extern const unsigned char lint_oas_2_0[], lint_oas_3_0[], lint_oas_3_1[], lint_oas_3_1_dialect[],
    lint_oas_3_2[], lint_oas_3_2_dialect[];
extern const size_t lint_oas_2_0_len, lint_oas_3_0_len, lint_oas_3_1_len, lint_oas_3_1_dialect_len,
    lint_oas_3_2_len, lint_oas_3_2_dialect_len;

struct grammar {
    struct schema_set *set;
    struct schema *root;
};

static const struct tree *add_schema(struct schema_set *set, const unsigned char *bytes, size_t len,
                                     struct arena *mem)
{
    struct tree *doc = NULL;
    struct err err = {0};
    struct str text = {(const char *)bytes, len};
    bool ok = tree_read(text, NULL, mem, &doc, &err) &&
              schema_set_add(set, STR(""), doc, SCHEMA_IS_SCHEMA, &err);
    assert(ok); /* it is compiled in */
    return doc;
}

static struct grammar grammar_of(unsigned formats, struct arena *mem)
{
    bool modern = formats & (FORMAT_OAS3_1 | FORMAT_OAS3_2);
    const struct schema_settings settings = {.dialect = modern ? SCHEMA_2020_12 : SCHEMA_DRAFT_07};
    struct grammar g = {.set = schema_set_new(mem, &settings)};
    const struct tree *doc;
    if (formats & FORMAT_OAS2) {
        doc = add_schema(g.set, lint_oas_2_0, lint_oas_2_0_len, mem);
    } else if (formats & FORMAT_OAS3_2) {
        (void)add_schema(g.set, lint_oas_3_2_dialect, lint_oas_3_2_dialect_len, mem);
        doc = add_schema(g.set, lint_oas_3_2, lint_oas_3_2_len, mem);
    } else if (formats & FORMAT_OAS3_1) {
        (void)add_schema(g.set, lint_oas_3_1_dialect, lint_oas_3_1_dialect_len, mem);
        doc = add_schema(g.set, lint_oas_3_1, lint_oas_3_1_len, mem);
    } else {
        doc = add_schema(g.set, lint_oas_3_0, lint_oas_3_0_len, mem);
    }
    g.root = schema_at(g.set, doc, tree_root(doc));
    return g;
}

/* --- wording ---------------------------------------------------------------------------------- */

static bool is(const struct schema_error *e, const char *keyword)
{
    return strcmp(e->keyword, keyword) == 0;
}

/* A schema may say itself what to tell: always, or for one of its keywords. */
static struct str own_message(const struct schema_error *e)
{
    const struct tree *doc = e->schema_doc;
    const struct tree_node *message = tree_get(doc, e->schema, STR("errorMessage"));
    if (tree_kind_of(message) == TREE_OBJECT)
        message = tree_get(doc, message, str_from(e->keyword));
    return tree_kind_of(message) == TREE_STRING ? tree_text(doc, message) : STR_NONE;
}

static void add_allowed(const struct schema_error *e, struct jsonpath_spot root, struct buf *out)
{
    for (const struct tree_node *n = tree_first(e->schema_doc, e->value); n;
         n = tree_next(e->schema_doc, n)) {
        struct json_writer w = {.out = out};
        buf_add(out, n == tree_first(e->schema_doc, e->value) ? STR(": ") : STR(", "));
        write_json((struct jsonpath_spot){e->schema_doc, n}, &w);
    }
    if (tree_kind_of(e->at) != TREE_STRING || tree_kind_of(root.node) != TREE_OBJECT)
        return;
    struct str best =
        nearest_text(tree_text(root.doc, e->at), e->schema_doc, e->value, e->value->size);
    if (best.ptr != NULL)
        buf_printf(out, ". Did you mean \"" STR_FMT "\"?", STR_ARG(best));
}

static struct str wording(const struct call *c, const struct schema_error *e, struct str property)
{
    CLEANUP(buf_clear) struct buf out = {0};
    CLEANUP(buf_clear) struct buf text = {0};
    struct str own = own_message(e);
    if (own.ptr != NULL)
        return own;
    if (is(e, "additionalProperties"))
        return call_text(c, "Property \"" STR_FMT "\" is not expected to be here",
                         STR_ARG(e->name));
    if (property.ptr != NULL)
        buf_printf(&out, "\"" STR_FMT "\" property ", STR_ARG(property));
    schema_message(e, &text);
    add_cleaned(buf_str(&text), &out);
    if (is(e, "enum"))
        add_allowed(e, c->value.spot, &out);
    return arena_str(&c->run->scratch, buf_str(&out));
}

/* --- telling ---------------------------------------------------------------------------------- */

static void tell(struct call *c, const struct schema_error *e)
{
    name_list path = {0};
    struct arena *mem = &c->run->scratch;
    schema_error_path(c, c->value.spot, e, &path, mem);
    struct str property = path.len ? path.ptr[path.len - 1] : STR_NONE;
    struct str message = wording(c, e, property);
    if (is(e, "additionalProperties") && own_message(e).ptr == NULL)
        vec_push(&path, mem, e->name);
    /* 2.0's choice of security schemes says nothing of use: only that something is wrong there. */
    if ((c->run->formats & FORMAT_OAS2) && path.len > 1 &&
        str_eq(path.ptr[0], STR("securityDefinitions"))) {
        path.len = 1;
        message = STR("Invalid security securityDefinitions");
    }
    call_report_at(c, path.ptr, path.len, message);
}

/* In 3.1 a `type` that is text is either one of the known or not: what a list would have to be is
 * beside the point. */
static bool beside_the_point(const struct call *c, const struct schema_error *e)
{
    struct str key = e->path_len ? tree_key(c->value.spot.doc, e->at) : STR_NONE;
    return (c->run->formats & FORMAT_OAS3_1) && tree_kind_of(e->at) == TREE_STRING &&
           str_eq(key, STR("type")) && (is(e, "type") || is(e, "anyOf"));
}

void fn_oas_document_schema(struct call *c)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    const struct schema_options options = {.formats = true, .branches = SCHEMA_BRANCHES_ALL};
    struct schema_result result = {0};
    if (c->value.kind != TARGET_NODE || !c->run->formats_known)
        return;
    struct grammar g = grammar_of(c->run->formats, &mem);
    if (schema_check(g.set, g.root, c->value.spot.doc, c->value.spot.node, &options, &mem,
                     &result) != SCHEMA_INVALID)
        return;
    for (size_t i = 0; i < result.count; i++)
        if (!is(&result.errors[i], "if") && !beside_the_point(c, &result.errors[i]))
            tell(c, &result.errors[i]);
}
