/* Examples: gathered on the walk, judged by their schemas once every file has been read. */
#include "validate.h"

/* Examples beyond these are not judged, nor are those left when the steps are used up. */
#define MOST_EXAMPLES 50000
#define MOST_STEPS    ((uint64_t)20000000)
/* Errors told of one example. */
#define MOST_ERRORS 5

/* --- gathering ---------------------------------------------------------------------------------
 */

static bool is_below(const struct validation *v, const char *name)
{
    for (size_t i = 0; i < walk_depth(v); i++)
        if (str_eq(walk_name(v, i), str_from(name)))
            return true;
    return false;
}

static enum schema_direction direction_of(const struct validation *v)
{
    if (is_below(v, "requestBody") || is_below(v, "requestBodies"))
        return SCHEMA_REQUEST;
    return is_below(v, "responses") || is_below(v, "headers") ? SCHEMA_RESPONSE : SCHEMA_ANY_WAY;
}

static const struct tree_node *get(const struct validation *v, const struct tree_node *node,
                                   const char *name)
{
    return tree_get(walk_doc(v), node, str_from(name));
}

static void gather(struct validation *v, const struct tree_node *schema, struct oas_spot value,
                   struct str pointer)
{
    if (v->examples.len >= MOST_EXAMPLES || value.node == NULL)
        return;
    const struct example example = {
        {walk_doc(v), schema},
        value, pointer, direction_of(v)
    };
    vec_push(&v->examples, v->mem, example);
}

static void gather_member(struct validation *v, const struct tree_node *schema,
                          const struct tree_node *member)
{
    if (member == NULL)
        return;
    walk_enter(v, member, 0);
    gather(v, schema, (struct oas_spot){walk_doc(v), member}, walk_pointer(v));
    walk_leave(v);
}

/* The pointer to the value of an Example Object that a reference leads to. */
static struct str pointer_behind(struct validation *v, const struct tree_node *holder,
                                 struct oas_spot value)
{
    CLEANUP(buf_clear) struct buf out = {0};
    buf_add(&out, reference_pointer(v, tree_text(walk_doc(v), get(v, holder, "$ref"))));
    pointer_add(&out, tree_key(value.doc, value.node));
    return arena_str(v->mem, buf_str(&out));
}

/* An example of XML or CSV is a text, whatever its schema says. */
static bool is_foreign_text(const struct validation *v, const struct tree_node *value)
{
    struct str name = walk_name(v, 0);
    bool typed = str_eq(walk_name(v, 1), STR("content"));
    return typed && tree_kind_of(value) == TREE_STRING && str_find(name, STR("json")) == SIZE_MAX;
}

static void gather_named(struct validation *v, const struct tree_node *schema,
                         const struct tree_node *examples)
{
    const struct tree *doc = walk_doc(v);
    if (tree_kind_of(examples) != TREE_OBJECT)
        return;
    for (const struct tree_node *m = tree_first(doc, examples); m != NULL; m = tree_next(doc, m)) {
        struct oas_spot example = spot_follow(v, doc, m);
        struct oas_spot value = spot_get(example, "value");
        if (value.node == NULL && v->version == OAS_3_2)
            value = spot_get(example, "dataValue");
        if (value.node == NULL || (value.doc == doc && is_foreign_text(v, value.node)))
            continue;
        walk_enter(v, examples, 0);
        walk_enter(v, m, 0);
        if (example.node == m)
            gather_member(v, schema, value.node);
        else
            gather(v, schema, value, pointer_behind(v, m, value));
        walk_leave(v);
        walk_leave(v);
    }
}

void check_examples(struct validation *v, const struct tree_node *holder)
{
    const struct tree_node *schema = get(v, holder, "schema");
    const struct tree_node *example = get(v, holder, "example");
    if (schema == NULL)
        return;
    if (!is_foreign_text(v, example))
        gather_member(v, schema, example);
    gather_named(v, schema, get(v, holder, "examples"));
}

void check_schema_examples(struct validation *v, const struct tree_node *schema)
{
    const struct tree *doc = walk_doc(v);
    const struct tree_node *examples = get(v, schema, "examples");
    uint32_t index = 0;
    gather_member(v, schema, get(v, schema, "example"));
    gather_member(v, schema, get(v, schema, "default"));
    if (tree_kind_of(examples) != TREE_ARRAY)
        return;
    walk_enter(v, examples, 0);
    for (const struct tree_node *n = tree_first(doc, examples); n != NULL; n = tree_next(doc, n)) {
        walk_enter(v, n, index++);
        gather(v, schema, (struct oas_spot){doc, n}, walk_pointer(v));
        walk_leave(v);
    }
    walk_leave(v);
}

void check_response_2(struct validation *v, const struct tree_node *node)
{
    const struct tree_node *schema = get(v, node, "schema"), *examples = get(v, node, "examples");
    const struct tree_node *json = get(v, examples, "application/json");
    if (v->options.grammar_only || schema == NULL || json == NULL)
        return;
    walk_enter(v, examples, 0);
    gather_member(v, schema, json);
    walk_leave(v);
}

/* --- judging -----------------------------------------------------------------------------------
 */

static void tell(struct validation *v, const struct example *example,
                 const struct schema_error *error, const struct schema_error *detail)
{
    CLEANUP(buf_clear) struct buf pointer = {0}, text = {0};
    const struct tree *doc = example->value.doc;
    buf_add(&pointer, example->pointer);
    schema_error_pointer(doc, error, &pointer);
    schema_message(error, &text);
    if (error->name.ptr != NULL && strcmp(error->keyword, "required") != 0)
        buf_printf(&text, " (\"%.*s\")", SHORT_ARG(error->name));
    if (detail != NULL) {
        buf_add(&text, STR("; the nearest: "));
        schema_error_pointer(doc, detail, &text);
        buf_add_char(&text, ' ');
        schema_message(detail, &text);
    }
    fault_spot(v, FAULT_EXAMPLE, doc, error->at, buf_str(&pointer),
               "the example does not fit its schema: %.*s", (int)(text.len < 180 ? text.len : 180),
               text.ptr);
}

static void judge(struct validation *v, struct schema_set *set, const struct example *example,
                  uint64_t *steps)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    const struct schema_options options = {
        .direction = example->direction, .formats = true, .errors = 50, .steps = *steps};
    struct schema_result result = {0};
    struct schema *schema = oas_schema_at(v->files, set, example->schema);
    if (schema == NULL)
        return;
    enum schema_verdict verdict =
        schema_check(set, schema, example->value.doc, example->value.node, &options, &mem, &result);
    *steps -= result.steps < *steps ? result.steps : *steps;
    unsigned told = 0;
    for (size_t i = 0; i < result.count && verdict == SCHEMA_INVALID && told < MOST_ERRORS; i++) {
        const struct schema_error *error = &result.errors[i];
        bool nested = i > 0 && result.errors[i - 1].level > error->level;
        if (error->level > 0)
            continue;
        tell(v, example, error, nested ? &result.errors[i - 1] : NULL);
        told++;
    }
}

void examples_judge(struct validation *v)
{
    uint64_t steps = MOST_STEPS;
    struct schema_set *set = oas_schema_set(v->files, v->mem);
    for (size_t i = 0; set != NULL && i < v->examples.len && steps > 0; i++)
        judge(v, set, &v->examples.ptr[i], &steps);
}
