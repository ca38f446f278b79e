/* Applying schemas to values: frames, marks, errors, budgets. */
#include "engine.h"

/* Deeper than this a schema goes down without the instance, or the instance is deeper than trees
 * are. Keeps the stack small. */
#define MOST_DEPTH   1500
#define MOST_ERRORS  1000
#define STEPS_LEAST  ((uint64_t)2000000)
#define STEPS_A_NODE 200

/* --- budgets -----------------------------------------------------------------------------------
 */

bool run_spend(struct run *run, uint64_t steps)
{
    if (run->gave_up || run->steps < steps) {
        run->gave_up = true;
        return false;
    }
    run->steps -= steps;
    return true;
}

bool run_stops(const struct run *run)
{
    return run->quiet > 0 || run->options.first || run->gave_up;
}

/* --- values ------------------------------------------------------------------------------------
 */

enum tree_kind value_kind(const struct value *value)
{
    return value->name.ptr != NULL ? TREE_STRING : tree_kind_of(value->node);
}

struct str value_text(const struct run *run, const struct value *value)
{
    return value->name.ptr != NULL ? value->name : tree_text(run->doc, value->node);
}

/* --- errors ------------------------------------------------------------------------------------
 */

static const struct tree_node *here(const struct run *run, const struct frame *frame)
{
    if (frame->value.name.ptr == NULL || run->path.len == 0)
        return frame->value.name.ptr == NULL ? frame->value.node : NULL;
    return run->path.ptr[run->path.len - 1];
}

bool run_fails(struct run *run, const struct frame *frame, const struct rule *rule,
               struct schema_error error)
{
    if (run->quiet > 0)
        return false;
    if (run->errors.len >= run->options.errors) {
        run->more = true;
        return false;
    }
    error.keyword = rule ? rule->keyword->name : "false schema";
    error.at = here(run, frame);
    error.schema_doc = frame->schema->resource->document->doc;
    error.schema = frame->schema->node;
    error.value = rule ? rule->value : NULL;
    error.level = run->level;
    error.path_len = (uint32_t)run->path.len;
    if (frame->value.name.ptr != NULL)
        error.name = frame->value.name;
    const struct held_error held = {error, run->paths.len};
    vec_push(&run->errors, &run->scratch, held);
    for (size_t i = 0; i < run->path.len; i++)
        vec_push(&run->paths, &run->scratch, run->path.ptr[i]);
    return false;
}

/* --- applying ----------------------------------------------------------------------------------
 */

static bool apply_rules(struct run *run, struct frame *frame)
{
    unsigned kind = 1U << value_kind(&frame->value);
    const struct schema *schema = frame->schema;
    if (schema->nothing)
        return run_fails(run, frame, NULL, (struct schema_error){.branch = -1});
    for (size_t i = 0; i < schema->rule_count; i++) {
        const struct rule *rule = &schema->rules[i];
        if ((rule->keyword->kinds & kind) == 0)
            continue;
        /* What a failed schema has not looked at says nothing. */
        if (frame->failed && rule->keyword->vocabulary == VOCABULARY_UNEVALUATED)
            break;
        if (!rule->keyword->check(run, frame, rule))
            frame->failed = true;
        if (frame->failed && run_stops(run))
            break;
    }
    return !frame->failed;
}

bool run_apply(struct run *run, const struct frame *up, struct schema *schema, struct value value,
               bool collect)
{
    if (run->depth >= MOST_DEPTH)
        run->gave_up = true;
    if (!run_spend(run, 1))
        return false;
    schema_prepare(run->set, schema);
    struct frame frame = {.up = up,
                          .schema = schema,
                          .value = value,
                          .marks = run->marks.len,
                          .collect = collect || schema->unevaluated};
    size_t scope = run->scope.len;
    if (scope == 0 || run->scope.ptr[scope - 1] != schema->resource)
        vec_push(&run->scope, &run->scratch, schema->resource);
    run->depth++;
    bool ok = apply_rules(run, &frame);
    run->depth--;
    run->scope.len = scope;
    if (!ok || !collect)
        run->marks.len = frame.marks;
    return ok;
}

void run_mark(struct run *run, const struct frame *frame, uint32_t number)
{
    if (frame->collect)
        vec_push(&run->marks, &run->scratch, number);
}

bool run_child(struct run *run, const struct frame *frame, struct schema *schema,
               const struct tree_node *member)
{
    const struct value value = {.node = member};
    vec_push(&run->path, &run->scratch, member);
    bool ok = run_apply(run, frame, schema, value, false);
    run->path.len--;
    run_mark(run, frame, tree_number(run->doc, member));
    return ok;
}

bool run_inner(struct run *run, const struct frame *frame, struct schema *schema)
{
    return run_apply(run, frame, schema, frame->value, frame->collect);
}

bool run_tries(struct run *run, const struct frame *frame, struct schema *schema, bool collect)
{
    run->quiet++;
    bool ok = run_apply(run, frame, schema, frame->value, collect);
    run->quiet--;
    return ok;
}

/* --- outside -----------------------------------------------------------------------------------
 */

static void hand_over(const struct run *run, const struct tree_node *top, struct arena *mem,
                      struct schema_result *out)
{
    struct schema_error *errors = arena_array(mem, struct schema_error, run->errors.len);
    for (size_t i = 0; i < run->errors.len; i++) {
        const struct held_error *held = &run->errors.ptr[i];
        size_t len = held->error.path_len;
        const struct tree_node **path = arena_array(mem, const struct tree_node *, len);
        if (len > 0)
            memcpy(path, run->paths.ptr + held->path, len * sizeof(const struct tree_node *));
        errors[i] = held->error;
        errors[i].top = top;
        errors[i].path = path;
        if (errors[i].at == NULL)
            errors[i].at = top;
    }
    out->errors = errors;
    out->count = run->errors.len;
    out->more = run->more;
}

enum schema_verdict schema_check(struct schema_set *set, struct schema *schema,
                                 const struct tree *doc, const struct tree_node *value,
                                 const struct schema_options *options, struct arena *mem,
                                 struct schema_result *out)
{
    struct run run = {.set = set, .doc = doc};
    if (options != NULL)
        run.options = *options;
    if (run.options.errors == 0)
        run.options.errors = MOST_ERRORS;
    run.steps = run.options.steps;
    if (run.steps == 0)
        run.steps = STEPS_LEAST + (uint64_t)STEPS_A_NODE * tree_count(doc);
    const uint64_t budget = run.steps;
    bool ok = run_apply(&run, NULL, schema, (struct value){.node = value}, false);
    *out = (struct schema_result){.verdict = run.gave_up ? SCHEMA_UNDECIDED
                                             : ok        ? SCHEMA_VALID
                                                         : SCHEMA_INVALID,
                                  .steps = budget - run.steps};
    hand_over(&run, value, mem, out);
    arena_clear(&run.scratch);
    return out->verdict;
}
