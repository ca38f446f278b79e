/* What is wrong with schemas themselves: Spectral's engine refuses to compile such a schema, and
 * says so where it was to be used. */
#include "schemas.h"

/* Schemas that lead through more references than this are not judged. */
#define MOST_DEPTH 128

static bool is_one_of(struct str name, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq(name, str_from(names[i])))
            return true;
    return false;
}

/* --- one schema as it stands ------------------------------------------------------------------ */

static const char *meta_uri(enum schema_dialect dialect)
{
    static const char *const uris[SCHEMA_DIALECT_COUNT] = {
        [SCHEMA_DRAFT_04] = "http://json-schema.org/draft-04/schema",
        [SCHEMA_DRAFT_06] = "http://json-schema.org/draft-07/schema",
        [SCHEMA_DRAFT_07] = "http://json-schema.org/draft-07/schema",
        [SCHEMA_2019_09] = "https://json-schema.org/draft/2019-09/schema",
        [SCHEMA_2020_12] = "https://json-schema.org/draft/2020-12/schema",
        [SCHEMA_OAS_3_0] = "http://json-schema.org/draft-04/schema",
    };
    return uris[dialect];
}

static void add_errors(struct flaw *flaw, const struct schema_result *result,
                       struct jsonpath_spot schema, struct arena *mem)
{
    flaw->kind = FLAW_INVALID;
    for (size_t i = 0; i < result->count; i++) {
        CLEANUP(buf_clear) struct buf pointer = {0};
        CLEANUP(buf_clear) struct buf text = {0};
        schema_error_pointer(schema.doc, &result->errors[i], &pointer);
        schema_message(&result->errors[i], &text);
        vec_push(
            &flaw->errors, mem,
            (struct flaw_error){arena_str(mem, buf_str(&pointer)), arena_str(mem, buf_str(&text))});
    }
}

const struct flaw *schema_flaw(struct schema_set *set, struct jsonpath_spot schema,
                               enum schema_dialect dialect, struct arena *mem)
{
    CLEANUP(arena_clear) struct arena scratch = {0};
    struct flaw *flaw = arena_new(mem, struct flaw);
    struct schema_result result = {0};
    const struct schema_options options = {
        .first = true, .formats = true, .branches = SCHEMA_BRANCHES_ALL};
    struct schema *meta =
        schema_referred(set, schema.doc, schema.node, str_from(meta_uri(dialect)));
    if (meta != NULL && schema_check(set, meta, schema.doc, schema.node, &options, &scratch,
                                     &result) == SCHEMA_INVALID)
        add_errors(flaw, &result, schema, mem);
    return flaw;
}

struct str flaw_message(const struct flaw *flaw, struct arena *mem)
{
    CLEANUP(buf_clear) struct buf out = {0};
    if (flaw->kind == FLAW_NULLABLE)
        return STR("\"nullable\" cannot be used without \"type\"");
    buf_add(&out, STR("schema is invalid: "));
    for (size_t i = 0; i < flaw->errors.len; i++)
        buf_printf(&out, "%sdata" STR_FMT " " STR_FMT, i ? ", " : "",
                   STR_ARG(flaw->errors.ptr[i].pointer), STR_ARG(flaw->errors.ptr[i].text));
    return arena_str(mem, buf_str(&out));
}

/* --- with all that it refers to --------------------------------------------------------------- */

struct inspection {
    struct run *run;
    struct flaw *flaw;
    struct buf pointer; /* from the schema */
};

/* The worse of both stays; places are those below the outer schema. */
static void take_over(struct inspection *in, const struct flaw *inner)
{
    struct arena *mem = &in->run->state;
    if (inner->kind <= in->flaw->kind)
        return;
    in->flaw->kind = inner->kind;
    in->flaw->errors.len = 0;
    for (size_t i = 0; i < inner->errors.len; i++)
        vec_push(&in->flaw->errors, mem,
                 (struct flaw_error){
                     arena_join(mem, buf_str(&in->pointer), inner->errors.ptr[i].pointer),
                     inner->errors.ptr[i].text});
}

static void note(struct inspection *in, enum flaw_kind kind)
{
    const struct flaw flaw = {.kind = kind};
    take_over(in, &flaw);
}

static bool untyped_nullable(const struct run *run, struct jsonpath_spot schema)
{
    const char *flag = run->formats & FORMAT_OAS2 ? "x-nullable" : "nullable";
    const struct tree_node *nullable = tree_get(schema.doc, schema.node, str_from(flag));
    bool given = run->formats & FORMAT_OAS2 ? tree_true(schema.doc, nullable) : nullable != NULL;
    return given && tree_get(schema.doc, schema.node, STR("type")) == NULL;
}

static void inspect(struct inspection *in, struct jsonpath_spot at, bool map);

static void inspect_children(struct inspection *in, struct jsonpath_spot at, bool map)
{
    static const char *const maps[] = {"properties", "patternProperties", "definitions",
                                       "$defs",      "dependentSchemas",  "dependencies"};
    static const char *const data[] = {"example", "examples", "default", "enum", "const"};
    struct jsonpath_spot child = {at.doc, NULL};
    uint32_t index = 0;
    for (child.node = tree_first(at.doc, at.node); child.node;
         child.node = tree_next(at.doc, child.node), index++) {
        struct str key = tree_key(at.doc, child.node);
        bool keyword = !map && key.ptr != NULL;
        size_t before = in->pointer.len;
        if (tree_kind_of(child.node) < TREE_ARRAY ||
            (keyword && (str_starts(key, STR("x-")) || is_one_of(key, data, COUNT_OF(data)))))
            continue;
        if (key.ptr != NULL)
            pointer_add(&in->pointer, key);
        else
            buf_printf(&in->pointer, "/%u", index);
        inspect(in, child, keyword && is_one_of(key, maps, COUNT_OF(maps)));
        in->pointer.len = before;
    }
}

/* Only what is compiled counts: schemas, and maps of schemas. */
static void inspect(struct inspection *in, struct jsonpath_spot at, bool map)
{
    const struct ref *ref = map ? NULL : view_ref(&in->run->view, at);
    if (ref != NULL && ref->kind != REF_FOLLOWED) {
        note(in, FLAW_OPEN);
        return;
    }
    if (ref != NULL) {
        take_over(in, schemas_flaw(in->run, view_at(&in->run->view, at)));
        return;
    }
    if (!map && tree_kind_of(at.node) == TREE_OBJECT && untyped_nullable(in->run, at))
        note(in, FLAW_NULLABLE);
    inspect_children(in, at, map);
}

static uint32_t *number_place(struct run *run, struct jsonpath_spot schema)
{
    struct schemas *s = run->schemas;
    size_t index = (size_t)(view_doc_of(&run->view, schema.doc) - run->view.docs.ptr);
    if (s->flaw_docs < run->view.docs.len) {
        s->flaw_numbers = arena_array(&run->state, uint32_t *, run->view.docs.len);
        s->flaw_docs = run->view.docs.len;
    }
    if (s->flaw_numbers[index] == NULL)
        s->flaw_numbers[index] = arena_array(&run->state, uint32_t, tree_count(schema.doc));
    return &s->flaw_numbers[index][tree_number(schema.doc, schema.node)];
}

/* 2.0 has parameters that are schemas and say `required: true`: that is taken away before. */
static bool only_required(const struct run *run, const struct flaw *flaw)
{
    return (run->formats & FORMAT_OAS2) && flaw->errors.len == 1 &&
           str_eq(flaw->errors.ptr[0].pointer, STR("/required"));
}

const struct flaw *schemas_flaw(struct run *run, struct jsonpath_spot schema)
{
    static const struct flaw too_deep = {.kind = FLAW_OPEN};
    uint32_t *number = number_place(run, schema);
    if (*number > 0)
        return run->schemas->flaws.ptr[*number - 1];
    if (run->schemas->depth >= MOST_DEPTH)
        return &too_deep;
    run->schemas->depth++;
    struct inspection in = {.run = run, .flaw = arena_new(&run->state, struct flaw)};
    const struct flaw *own =
        schema_flaw(schemas_documents(run), schema, schemas_dialect(run), &run->state);
    if (!only_required(run, own))
        take_over(&in, own);
    inspect_children(&in, schema, false);
    if (untyped_nullable(run, schema))
        note(&in, FLAW_NULLABLE);
    buf_clear(&in.pointer);
    run->schemas->depth--;
    vec_push(&run->schemas->flaws, &run->state, in.flaw);
    *number = (uint32_t)run->schemas->flaws.len;
    return in.flaw;
}
