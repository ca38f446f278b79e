/* Keywords about numbers. */
#include "engine.h"

static bool compile_number(struct compiler *c, struct rule *rule)
{
    struct decimal *number = arena_new(c->set->mem, struct decimal);
    if (tree_kind_of(rule->value) != TREE_NUMBER)
        return compiler_fault(c, rule, "is no number");
    decimal_read(tree_text(c->doc, rule->value), number);
    rule->number.limit = number;
    return true;
}

/* draft-04 and OpenAPI 3.0: `exclusiveMaximum: true` beside `maximum`. */
static bool compile_limit(struct compiler *c, struct rule *rule, const char *exclusive)
{
    enum schema_dialect dialect = c->schema->resource->dialect;
    if (dialect == SCHEMA_DRAFT_04 || dialect == SCHEMA_OAS_3_0)
        rule->number.exclusive =
            tree_true(c->doc, tree_get(c->doc, c->schema->node, str_from(exclusive)));
    return compile_number(c, rule);
}

static bool compile_exclusive(struct compiler *c, struct rule *rule)
{
    if (c->schema->resource->dialect == SCHEMA_OAS_3_0 && tree_kind_of(rule->value) == TREE_BOOL)
        return false; /* belongs to maximum and minimum */
    return compile_number(c, rule);
}

bool compile_maximum(struct compiler *c, struct rule *rule)
{
    return compile_limit(c, rule, "exclusiveMaximum");
}

bool compile_minimum(struct compiler *c, struct rule *rule)
{
    return compile_limit(c, rule, "exclusiveMinimum");
}

bool compile_exclusive_maximum(struct compiler *c, struct rule *rule)
{
    return compile_exclusive(c, rule);
}

bool compile_exclusive_minimum(struct compiler *c, struct rule *rule)
{
    return compile_exclusive(c, rule);
}

bool compile_multiple_of(struct compiler *c, struct rule *rule)
{
    if (!compile_number(c, rule))
        return false;
    const struct decimal *by = rule->number.limit;
    return (by->count > 0 && !by->negative) || compiler_fault(c, rule, "is not above zero");
}

/* Sign of value - limit. */
static int compare(struct run *run, const struct frame *frame, const struct rule *rule)
{
    struct decimal number;
    decimal_read(tree_text(run->doc, frame->value.node), &number);
    return decimal_cmp(&number, rule->number.limit);
}

static bool told(struct run *run, const struct frame *frame, const struct rule *rule, bool ok)
{
    return ok || run_fails(run, frame, rule,
                           (struct schema_error){.number = rule->number.exclusive, .branch = -1});
}

bool check_maximum(struct run *run, const struct frame *frame, const struct rule *rule)
{
    int cmp = compare(run, frame, rule);
    return told(run, frame, rule, rule->number.exclusive ? cmp < 0 : cmp <= 0);
}

bool check_minimum(struct run *run, const struct frame *frame, const struct rule *rule)
{
    int cmp = compare(run, frame, rule);
    return told(run, frame, rule, rule->number.exclusive ? cmp > 0 : cmp >= 0);
}

bool check_exclusive_maximum(struct run *run, const struct frame *frame, const struct rule *rule)
{
    return told(run, frame, rule, compare(run, frame, rule) < 0);
}

bool check_exclusive_minimum(struct run *run, const struct frame *frame, const struct rule *rule)
{
    return told(run, frame, rule, compare(run, frame, rule) > 0);
}

bool check_multiple_of(struct run *run, const struct frame *frame, const struct rule *rule)
{
    struct decimal number;
    decimal_read(tree_text(run->doc, frame->value.node), &number);
    return run_spend(run, decimal_multiple_cost(&number, rule->number.limit)) &&
           told(run, frame, rule, decimal_multiple(&number, rule->number.limit));
}
