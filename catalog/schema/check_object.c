/* Keywords about objects. */
#include <stdlib.h>

#include "engine.h"

/* --- names -------------------------------------------------------------------------------------
 */

bool compile_required(struct compiler *c, struct rule *rule)
{
    /* draft-03 and people write `required: true` at a property. */
    return tree_kind_of(rule->value) == TREE_ARRAY ||
           compiler_fault(c, rule, "is no list of names");
}

/* A request may lack what is readOnly, a response what is writeOnly. */
static bool may_lack(struct run *run, const struct frame *frame, struct str name)
{
    const struct tree *doc = frame->schema->resource->document->doc;
    const struct tree_node *properties = tree_get(doc, frame->schema->node, STR("properties"));
    const struct tree_node *property = tree_get(doc, properties, name);
    if (run->options.direction == SCHEMA_ANY_WAY || property == NULL)
        return false;
    struct str reference = tree_text(doc, tree_get(doc, property, STR("$ref")));
    if (reference.ptr != NULL) {
        const struct schema *target =
            set_follow(run->set, frame->schema->resource, reference, NULL);
        if (target == NULL)
            return false;
        doc = target->resource->document->doc;
        property = target->node;
    }
    bool request = run->options.direction == SCHEMA_REQUEST;
    return tree_true(doc, tree_get(doc, property, request ? STR("readOnly") : STR("writeOnly")));
}

/* `because`: the property whose presence asks for the names; absent for `required`. */
static bool check_names(struct run *run, const struct frame *frame, const struct rule *rule,
                        const struct tree_node *names, struct str because)
{
    const struct tree *doc = frame->schema->resource->document->doc;
    bool ok = true;
    for (const struct tree_node *n = tree_first(doc, names); n != NULL && (ok || !run_stops(run));
         n = tree_next(doc, n)) {
        struct str name = tree_text(doc, n);
        if (!run_spend(run, 1))
            return false;
        if (tree_kind_of(n) != TREE_STRING || tree_get(run->doc, frame->value.node, name) != NULL ||
            (because.ptr == NULL && may_lack(run, frame, name)))
            continue;
        ok = run_fails(run, frame, rule,
                       (struct schema_error){.name = name, .other = because, .branch = -1});
    }
    return ok;
}

bool check_required(struct run *run, const struct frame *frame, const struct rule *rule)
{
    return check_names(run, frame, rule, rule->value, STR_NONE);
}

bool compile_property_names(struct compiler *c, struct rule *rule)
{
    return compile_one(c, rule);
}

bool check_property_names(struct run *run, const struct frame *frame, const struct rule *rule)
{
    bool ok = true;
    for (const struct tree_node *m = tree_first(run->doc, frame->value.node);
         m != NULL && (ok || !run_stops(run)); m = tree_next(run->doc, m)) {
        const struct value name = {.node = m, .name = tree_key(run->doc, m)};
        run->level++;
        bool fits = run_apply(run, frame, rule->one, name, false);
        run->level--;
        if (!fits)
            ok =
                run_fails(run, frame, rule, (struct schema_error){.name = name.name, .branch = -1});
    }
    return ok;
}

/* --- properties --------------------------------------------------------------------------------
 */

static bool compile_map(struct compiler *c, struct rule *rule)
{
    if (tree_kind_of(rule->value) != TREE_OBJECT)
        return compiler_fault(c, rule, "is no object");
    rule->named.ptr = arena_array(c->set->mem, struct named_schema, rule->value->size);
    for (const struct tree_node *m = tree_first(c->doc, rule->value); m; m = tree_next(c->doc, m))
        rule->named.ptr[rule->named.len++] =
            (struct named_schema){.name = tree_key(c->doc, m), .schema = compiler_sub(c, m)};
    return true;
}

bool compile_properties(struct compiler *c, struct rule *rule)
{
    return compile_map(c, rule);
}

bool check_properties(struct run *run, const struct frame *frame, const struct rule *rule)
{
    bool ok = true;
    if (!run_spend(run, rule->named.len / 8))
        return false;
    for (size_t i = 0; i < rule->named.len && (ok || !run_stops(run)); i++) {
        const struct named_schema *named = &rule->named.ptr[i];
        const struct tree_node *member = tree_get(run->doc, frame->value.node, named->name);
        if (member != NULL)
            ok = run_child(run, frame, named->schema, member) && ok;
    }
    return ok;
}

bool compile_pattern_properties(struct compiler *c, struct rule *rule)
{
    size_t kept = 0;
    if (!compile_map(c, rule))
        return false;
    for (size_t i = 0; i < rule->named.len; i++) {
        struct named_schema named = rule->named.ptr[i];
        named.regex = compile_regex(c, named.schema->node, named.name, "patternProperties");
        if (named.regex != NULL)
            rule->named.ptr[kept++] = named;
    }
    rule->named.len = kept;
    return true;
}

bool check_pattern_properties(struct run *run, const struct frame *frame, const struct rule *rule)
{
    bool ok = true;
    for (size_t i = 0; i < rule->named.len && (ok || !run_stops(run)); i++) {
        const struct named_schema *named = &rule->named.ptr[i];
        for (const struct tree_node *m = tree_first(run->doc, frame->value.node);
             m != NULL && (ok || !run_stops(run)); m = tree_next(run->doc, m))
            if (run_matches(run, named->regex, tree_key(run->doc, m)))
                ok = run_child(run, frame, named->schema, m) && ok;
    }
    return ok;
}

bool compile_additional_properties(struct compiler *c, struct rule *rule)
{
    const struct rule *properties = compiler_rule(c, "properties");
    rule->additional.properties = properties ? properties->value : NULL;
    rule->additional.patterns = compiler_rule(c, "patternProperties");
    rule->additional.schema = compiler_sub(c, rule->value);
    return true;
}

static bool is_additional(struct run *run, const struct frame *frame, const struct rule *rule,
                          struct str name)
{
    const struct tree *doc = frame->schema->resource->document->doc;
    const struct rule *patterns = rule->additional.patterns;
    if (tree_get(doc, rule->additional.properties, name) != NULL)
        return false;
    for (size_t i = 0; patterns != NULL && i < patterns->named.len; i++)
        if (run_matches(run, patterns->named.ptr[i].regex, name))
            return false;
    return true;
}

bool check_additional_properties(struct run *run, const struct frame *frame,
                                 const struct rule *rule)
{
    struct schema *schema = rule->additional.schema;
    bool ok = true;
    schema_prepare(run->set, schema);
    for (const struct tree_node *m = tree_first(run->doc, frame->value.node);
         m != NULL && (ok || !run_stops(run)); m = tree_next(run->doc, m)) {
        struct str name = tree_key(run->doc, m);
        if (!run_spend(run, 1))
            return false;
        if (!is_additional(run, frame, rule, name))
            continue;
        if (schema->nothing)
            ok = run_fails(run, frame, rule, (struct schema_error){.name = name, .branch = -1});
        else
            ok = run_child(run, frame, schema, m) && ok;
    }
    return ok;
}

/* --- dependencies ------------------------------------------------------------------------------
 */

bool compile_dependent_required(struct compiler *c, struct rule *rule)
{
    return tree_kind_of(rule->value) == TREE_OBJECT || compiler_fault(c, rule, "is no object");
}

bool check_dependent_required(struct run *run, const struct frame *frame, const struct rule *rule)
{
    const struct tree *doc = frame->schema->resource->document->doc;
    bool ok = true;
    for (const struct tree_node *m = tree_first(doc, rule->value);
         m != NULL && (ok || !run_stops(run)); m = tree_next(doc, m))
        if (tree_get(run->doc, frame->value.node, tree_key(doc, m)) != NULL)
            ok = check_names(run, frame, rule, m, tree_key(doc, m)) && ok;
    return ok;
}

bool compile_dependencies(struct compiler *c, struct rule *rule)
{
    if (!compile_map(c, rule))
        return false;
    for (size_t i = 0; i < rule->named.len; i++) {
        struct named_schema *named = &rule->named.ptr[i];
        if (tree_kind_of(named->schema->node) != TREE_ARRAY)
            continue;
        named->names = named->schema->node;
        named->schema = NULL;
    }
    return true;
}

bool check_dependencies(struct run *run, const struct frame *frame, const struct rule *rule)
{
    bool ok = true;
    for (size_t i = 0; i < rule->named.len && (ok || !run_stops(run)); i++) {
        const struct named_schema *named = &rule->named.ptr[i];
        if (tree_get(run->doc, frame->value.node, named->name) == NULL)
            continue;
        ok = (named->schema ? run_inner(run, frame, named->schema)
                            : check_names(run, frame, rule, named->names, named->name)) &&
             ok;
    }
    return ok;
}

bool compile_dependent_schemas(struct compiler *c, struct rule *rule)
{
    return compile_map(c, rule);
}

bool check_dependent_schemas(struct run *run, const struct frame *frame, const struct rule *rule)
{
    return check_dependencies(run, frame, rule);
}

/* --- unevaluated -------------------------------------------------------------------------------
 */

static int by_number(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

bool marked_all(const struct run *run, const struct frame *frame, struct arena *mem,
                struct marked *out)
{
    size_t count = run->marks.len - frame->marks;
    const uint32_t *marks = count > 0 ? run->marks.ptr + frame->marks : NULL;
    for (size_t i = 0; i < count; i++)
        if (marks[i] == MARK_ALL)
            return true;
    *out = (struct marked){arena_array(mem, uint32_t, count), count};
    if (count > 0) {
        memcpy(out->numbers, marks, count * sizeof(*marks));
        qsort(out->numbers, count, sizeof(*marks), by_number);
    }
    return false;
}

bool marked_has(const struct marked *seen, uint32_t number)
{
    return seen->count > 0 &&
           bsearch(&number, seen->numbers, seen->count, sizeof(number), by_number) != NULL;
}

bool compile_unevaluated_properties(struct compiler *c, struct rule *rule)
{
    return compile_one(c, rule);
}

bool check_unevaluated_properties(struct run *run, const struct frame *frame,
                                  const struct rule *rule)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct marked seen;
    bool ok = true;
    if (marked_all(run, frame, &mem, &seen))
        return true;
    schema_prepare(run->set, rule->one);
    for (const struct tree_node *m = tree_first(run->doc, frame->value.node);
         m != NULL && (ok || !run_stops(run)); m = tree_next(run->doc, m)) {
        if (marked_has(&seen, tree_number(run->doc, m)))
            continue;
        if (rule->one->nothing)
            ok = run_fails(run, frame, rule,
                           (struct schema_error){.name = tree_key(run->doc, m), .branch = -1});
        else
            ok = run_child(run, frame, rule->one, m) && ok;
    }
    run->marks.len = frame->marks;
    run_mark(run, frame, MARK_ALL);
    return ok;
}
