/* Applying schemas: of rulesets to values, of documents to examples. */
#include "schemas.h"

/* Larger values are checked as they stand when they hold references. */
#define MOST_EXPANDED 100000

/* --- the documents' own ----------------------------------------------------------------------- */

static const struct tree *load(void *context, struct str uri)
{
    const struct schemas *schemas = context;
    const struct view *view = &schemas->run->view;
    for (size_t i = 0; i < view->docs.len; i++)
        if (str_eq(view->docs.ptr[i].file->path, uri))
            return view->docs.ptr[i].doc;
    return NULL;
}

enum schema_dialect schemas_dialect(const struct run *run)
{
    if (!run->formats_known)
        return SCHEMA_DRAFT_07;
    return run->formats & (FORMAT_OAS3_1 | FORMAT_OAS3_2) ? SCHEMA_2020_12 : SCHEMA_OAS_3_0;
}

struct schemas *schemas_new(struct run *run)
{
    struct schemas *schemas = arena_new(&run->state, struct schemas);
    schemas->run = run;
    return schemas;
}

struct schema_set *schemas_documents(struct run *run)
{
    struct schemas *schemas = run->schemas;
    struct err err = {0};
    if (schemas->set == NULL) {
        const struct schema_settings settings = {
            .dialect = schemas_dialect(run), .dialect_fixed = true, .loader = {load, schemas}
        };
        schemas->set = schema_set_new(&run->state, &settings);
    }
    for (; schemas->docs < run->view.docs.len; schemas->docs++) {
        const struct view_doc *d = &run->view.docs.ptr[schemas->docs];
        if (!schema_set_add(schemas->set, d->file->path, d->doc, SCHEMA_HOLDS_SCHEMAS, &err))
            run->err = err;
    }
    return schemas->set;
}

/* --- values as the rule sees them ------------------------------------------------------------- */

/* True when some reference is followed below a value; counts the values looked at. */
static bool has_references(const struct view *view, struct jsonpath_spot at, size_t *budget)
{
    if (tree_kind_of(at.node) < TREE_ARRAY || *budget == 0)
        return false;
    const struct ref *ref = view_ref(view, at);
    if (ref != NULL && ref->kind == REF_FOLLOWED)
        return true;
    struct jsonpath_spot child = {at.doc, NULL};
    for (child.node = tree_first(at.doc, at.node); child.node && *budget > 0;
         child.node = tree_next(at.doc, child.node)) {
        --*budget;
        if (has_references(view, child, budget))
            return true;
    }
    return false;
}

static bool write_seen(const struct view *view, struct jsonpath_spot at, struct json_writer *w,
                       size_t *budget)
{
    at = view_at(view, at);
    enum tree_kind kind = tree_kind_of(at.node);
    struct jsonpath_spot child = {at.doc, NULL};
    if (*budget == 0 || w->depth > 60)
        return false;
    --*budget;
    if (kind < TREE_ARRAY) {
        write_json(at, w);
        return true;
    }
    kind == TREE_ARRAY ? json_open_array(w) : json_open_object(w);
    bool ok = true;
    for (child.node = tree_first(at.doc, at.node); child.node && ok;
         child.node = tree_next(at.doc, child.node)) {
        if (kind == TREE_OBJECT)
            json_key(w, tree_key(at.doc, child.node));
        ok = write_seen(view, child, w, budget);
    }
    if (ok)
        kind == TREE_ARRAY ? json_close_array(w) : json_close_object(w);
    return ok;
}

static struct jsonpath_spot read_back(struct str json, struct arena *mem)
{
    struct tree *doc = NULL;
    struct err err = {0};
    if (!tree_read(arena_str(mem, json), NULL, mem, &doc, &err))
        return (struct jsonpath_spot){NULL, NULL};
    return (struct jsonpath_spot){doc, tree_root(doc)};
}

/* The value with references in it followed: a copy, where there are any. */
static struct jsonpath_spot seen_value(const struct call *c, struct jsonpath_spot value)
{
    CLEANUP(buf_clear) struct buf json = {0};
    struct json_writer w = {.out = &json};
    size_t budget = MOST_EXPANDED;
    if (!c->rule->resolved || !has_references(&c->run->view, value, &budget))
        return value;
    budget = MOST_EXPANDED;
    if (!write_seen(&c->run->view, value, &w, &budget))
        return value;
    struct jsonpath_spot copy = read_back(buf_str(&json), &c->run->scratch);
    return copy.node ? copy : value;
}

/* Names and lengths are no values of a document: they are made ones. */
static struct jsonpath_spot target_value(const struct call *c)
{
    struct arena *mem = &c->run->scratch;
    if (c->value.kind == TARGET_TEXT)
        return read_back(print_text(mem, c->value.text), mem);
    if (c->value.kind == TARGET_NUMBER)
        return read_back(print_number(mem, c->value.number), mem);
    return seen_value(c, c->value.spot);
}

/* --- schemas of rulesets ---------------------------------------------------------------------- */

bool rule_schema_open(struct jsonpath_spot schema, enum schema_dialect dialect, struct arena *mem,
                      struct rule_schema *out, struct err *err)
{
    CLEANUP(buf_clear) struct buf json = {0};
    struct json_writer w = {.out = &json};
    struct tree *doc = NULL;
    if (tree_kind_of(schema.node) != TREE_OBJECT)
        return fail(err, ERR_INVALID, "", "\"schema\" takes a JSON Schema");
    write_json(schema, &w);
    if (!tree_read(arena_str(mem, buf_str(&json)), NULL, mem, &doc, err))
        return false;
    *out = (struct rule_schema){.doc = doc, .dialect = dialect, .mem = mem};
    return true;
}

static struct schema *rule_schema_root(struct rule_schema *s, enum schema_dialect dialect)
{
    struct err err = {0};
    if (s->roots[dialect] != NULL)
        return s->roots[dialect];
    const struct schema_settings settings = {.dialect = dialect};
    s->sets[dialect] = schema_set_new(s->mem, &settings);
    if (!schema_set_add(s->sets[dialect], STR(""), s->doc, SCHEMA_IS_SCHEMA, &err))
        return NULL;
    return s->roots[dialect] = schema_at(s->sets[dialect], s->doc, tree_root(s->doc));
}

void rule_schema_check(struct call *c, struct rule_schema *s, enum schema_dialect dialect)
{
    struct schema *root = rule_schema_root(s, dialect);
    struct jsonpath_spot value = target_value(c);
    struct jsonpath_spot schema = {s->doc, tree_root(s->doc)};
    const struct schema_options options = {
        .first = !s->all_errors, .formats = true, .branches = SCHEMA_BRANCHES_ALL};
    struct schema_result result = {0};
    if (root == NULL || value.node == NULL)
        return;
    if (s->flaws[dialect] == NULL)
        s->flaws[dialect] = schema_flaw(s->sets[dialect], schema, dialect, s->mem);
    if (s->flaws[dialect]->kind != FLAW_NONE) {
        call_report_at(c, c->path, c->depth, flaw_message(s->flaws[dialect], &c->run->scratch));
        return;
    }
    if (schema_check(s->sets[dialect], root, value.doc, value.node, &options, &c->run->scratch,
                     &result) == SCHEMA_INVALID)
        report_schema_errors(c, &result, value, NULL, 0);
}

/* --- examples --------------------------------------------------------------------------------- */

/* The engine of Spectral lets `nullable` (and in 2.0 `x-nullable`) add null to the type in every
 * dialect; ours only where the specification has it. */
static bool excused(const struct run *run, const struct schema_error *e)
{
    const char *flag = run->formats & FORMAT_OAS2 ? "x-nullable" : "nullable";
    return strcmp(e->keyword, "type") == 0 && tree_kind_of(e->at) == TREE_NULL &&
           tree_true(e->schema_doc, tree_get(e->schema_doc, e->schema, str_from(flag)));
}

static void drop_excused(const struct call *c, struct schema_result *result)
{
    struct arena *mem = &c->run->scratch;
    struct schema_error *kept = arena_array(mem, struct schema_error, result->count);
    size_t count = 0;
    for (size_t i = 0; i < result->count; i++)
        if (!excused(c->run, &result->errors[i]))
            kept[count++] = result->errors[i];
    result->errors = kept;
    result->count = count;
}

void schemas_check_example(struct call *c, struct jsonpath_spot schema, struct jsonpath_spot value,
                           enum schema_direction direction, const struct str *below, size_t count)
{
    struct schema_set *set = schemas_documents(c->run);
    const struct schema_options options = {
        .first = true, .formats = true, .direction = direction, .branches = SCHEMA_BRANCHES_ALL};
    struct schema_result result = {0};
    const struct flaw *flaw = schemas_flaw(c->run, schema);
    if (flaw->kind == FLAW_OPEN)
        return;
    if (flaw->kind != FLAW_NONE) {
        call_report_below(c, below, count, flaw_message(flaw, &c->run->scratch));
        return;
    }
    value = seen_value(c, value);
    if (schema_check(set, schema_at(set, schema.doc, schema.node), value.doc, value.node, &options,
                     &c->run->scratch, &result) != SCHEMA_INVALID)
        return;
    drop_excused(c, &result);
    report_schema_errors(c, &result, value, below, count);
}
