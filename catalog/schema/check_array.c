/* Keywords about arrays. */
#include "engine.h"

static const struct schema_error plain = {.branch = -1};

/* --- counts ------------------------------------------------------------------------------------
 */

bool compile_count(struct compiler *c, struct rule *rule)
{
    struct decimal number;
    if (tree_kind_of(rule->value) != TREE_NUMBER)
        return compiler_fault(c, rule, "is no number");
    decimal_read(tree_text(c->doc, rule->value), &number);
    return decimal_count(&number, &rule->limit) ||
           compiler_fault(c, rule, "is no whole number from 0 on");
}

bool check_at_most(struct run *run, const struct frame *frame, const struct rule *rule)
{
    return frame->value.node->size <= rule->limit ||
           run_fails(run, frame, rule, (struct schema_error){.number = rule->limit, .branch = -1});
}

bool check_at_least(struct run *run, const struct frame *frame, const struct rule *rule)
{
    return frame->value.node->size >= rule->limit ||
           run_fails(run, frame, rule, (struct schema_error){.number = rule->limit, .branch = -1});
}

/* --- uniqueItems -------------------------------------------------------------------------------
 */

bool compile_unique_items(struct compiler *c, struct rule *rule)
{
    if (tree_kind_of(rule->value) != TREE_BOOL)
        return compiler_fault(c, rule, "is neither true nor false");
    return tree_true(c->doc, rule->value);
}

/* The first element that repeats an earlier one. Equal ones have equal hashes, so only neighbours
 * are compared. */
static bool find_twins(struct run *run, const struct hashed *values, size_t count,
                       struct schema_error *twins)
{
    bool found = false;
    for (size_t i = 1; i < count; i++) {
        const struct hashed *one = &values[i - 1], *next = &values[i];
        if (one->hash != next->hash || (found && next->position > twins->number2))
            continue;
        if (!run_spend(run, 1))
            return false;
        if (!schema_same_value(run->doc, one->node, run->doc, next->node))
            continue;
        twins->number = one->position;
        twins->number2 = next->position;
        found = true;
    }
    return found;
}

bool check_unique_items(struct run *run, const struct frame *frame, const struct rule *rule)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    const struct tree_node *array = frame->value.node;
    struct schema_error twins = {.branch = -1};
    uint32_t count = 0;
    if (array->size < 2 || !run_spend(run, 1 + (array->end - array->start) / 16))
        return true;
    struct hashed *values = arena_array(&mem, struct hashed, array->size);
    for (const struct tree_node *n = tree_first(run->doc, array); n; n = tree_next(run->doc, n)) {
        values[count] = (struct hashed){schema_value_hash(run->doc, n), n, count};
        count++;
    }
    hashed_sort(values, count);
    return !find_twins(run, values, count, &twins) || run_fails(run, frame, rule, twins);
}

/* --- items -------------------------------------------------------------------------------------
 */

bool compile_prefix_items(struct compiler *c, struct rule *rule)
{
    return compile_list(c, rule);
}

static bool check_prefix(struct run *run, const struct frame *frame, const struct rule *rule)
{
    const struct tree_node *n = tree_first(run->doc, frame->value.node);
    bool ok = true;
    for (size_t i = 0; n != NULL && i < rule->list.len && (ok || !run_stops(run)); i++) {
        ok = run_child(run, frame, rule->list.ptr[i], n) && ok;
        n = tree_next(run->doc, n);
    }
    return ok;
}

bool check_prefix_items(struct run *run, const struct frame *frame, const struct rule *rule)
{
    return check_prefix(run, frame, rule);
}

/* Applies to the elements from a position on. */
static bool check_rest(struct run *run, const struct frame *frame, const struct rule *rule,
                       struct schema *schema, size_t from)
{
    const struct tree_node *n = tree_first(run->doc, frame->value.node);
    bool ok = true, any = false;
    for (; from > 0 && n != NULL; from--)
        n = tree_next(run->doc, n);
    schema_prepare(run->set, schema);
    if (n != NULL && schema->nothing && rule->list.len > 0)
        return run_fails(run, frame, rule,
                         (struct schema_error){.number = rule->list.len, .branch = -1});
    for (; n != NULL && (ok || !run_stops(run)); n = tree_next(run->doc, n)) {
        const size_t marks = run->marks.len;
        ok = run_child(run, frame, schema, n) && ok;
        run->marks.len = marks;
        any = true;
    }
    if (any)
        run_mark(run, frame, MARK_ALL);
    return ok;
}

bool compile_items(struct compiler *c, struct rule *rule)
{
    const struct rule *prefix = compiler_rule(c, "prefixItems");
    bool list = tree_kind_of(rule->value) == TREE_ARRAY;
    if (list && c->schema->resource->dialect == SCHEMA_2020_12)
        return compiler_fault(c, rule, "is a list, which 2020-12 calls prefixItems");
    if (list)
        return compile_list(c, rule);
    rule->list.rest = compiler_sub(c, rule->value);
    rule->list.len = prefix ? prefix->list.len : 0;
    return true;
}

bool check_items(struct run *run, const struct frame *frame, const struct rule *rule)
{
    if (rule->list.rest == NULL)
        return check_prefix(run, frame, rule);
    return check_rest(run, frame, rule, rule->list.rest, rule->list.len);
}

/* Says something only beside a list of items. */
bool compile_additional_items(struct compiler *c, struct rule *rule)
{
    const struct rule *items = compiler_rule(c, "items");
    if (items == NULL || items->list.rest != NULL)
        return false;
    rule->list.rest = compiler_sub(c, rule->value);
    rule->list.len = items->list.len;
    return true;
}

bool check_additional_items(struct run *run, const struct frame *frame, const struct rule *rule)
{
    return check_rest(run, frame, rule, rule->list.rest, rule->list.len);
}

/* --- contains ----------------------------------------------------------------------------------
 */

static bool read_bound(struct compiler *c, const char *name, uint64_t *out)
{
    const struct tree_node *value = tree_get(c->doc, c->schema->node, str_from(name));
    struct decimal number;
    if (value == NULL)
        return true;
    decimal_read(tree_text(c->doc, value), &number);
    if (tree_kind_of(value) == TREE_NUMBER && decimal_count(&number, out))
        return true;
    set_fault(c->set, c->schema->resource, value, name, "%s is no whole number from 0 on", name);
    return false;
}

bool compile_contains(struct compiler *c, struct rule *rule)
{
    enum schema_dialect dialect = c->schema->resource->dialect;
    bool bounds = (dialect == SCHEMA_2019_09 || dialect == SCHEMA_2020_12) &&
                  (c->schema->resource->vocabularies & VOCABULARY_VALIDATION);
    rule->contains.schema = compiler_sub(c, rule->value);
    rule->contains.least = 1;
    rule->contains.most = UINT64_MAX;
    rule->contains.marks = dialect == SCHEMA_2020_12;
    return !bounds || (read_bound(c, "minContains", &rule->contains.least) &&
                       read_bound(c, "maxContains", &rule->contains.most));
}

/* With all branches, what was wrong with each item is told, too. */
bool check_contains(struct run *run, const struct frame *frame, const struct rule *rule)
{
    bool quiet = run->options.first || run->options.branches != SCHEMA_BRANCHES_ALL;
    size_t from = run->errors.len;
    uint64_t found = 0;
    for (const struct tree_node *n = tree_first(run->doc, frame->value.node); n != NULL;
         n = tree_next(run->doc, n)) {
        size_t marks = run->marks.len;
        run->quiet += quiet;
        run->level++;
        bool holds = run_child(run, frame, rule->contains.schema, n);
        run->level--;
        run->quiet -= quiet;
        found += holds;
        if (!holds || !rule->contains.marks)
            run->marks.len = marks;
        if (run->gave_up || (!frame->collect && found > rule->contains.most))
            break;
    }
    if (found >= rule->contains.least && found <= rule->contains.most) {
        run->errors.len = from;
        return true;
    }
    const struct schema_error error = {
        .number = found, .number2 = found > rule->contains.most, .branch = -1};
    return run_fails(run, frame, rule, error);
}

/* --- unevaluatedItems --------------------------------------------------------------------------
 */

bool compile_unevaluated_items(struct compiler *c, struct rule *rule)
{
    return compile_one(c, rule);
}

bool check_unevaluated_items(struct run *run, const struct frame *frame, const struct rule *rule)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct marked seen;
    bool ok = true;
    if (marked_all(run, frame, &mem, &seen))
        return true;
    schema_prepare(run->set, rule->one);
    for (const struct tree_node *n = tree_first(run->doc, frame->value.node);
         n != NULL && (ok || !run_stops(run)); n = tree_next(run->doc, n)) {
        if (marked_has(&seen, tree_number(run->doc, n)))
            continue;
        if (rule->one->nothing)
            return run_fails(run, frame, rule, plain);
        ok = run_child(run, frame, rule->one, n) && ok;
    }
    run->marks.len = frame->marks;
    run_mark(run, frame, MARK_ALL);
    return ok;
}
