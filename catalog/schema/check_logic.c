/* References, and keywords that combine schemas. */
#include "engine.h"

static const struct schema_error plain = {.branch = -1};

/* --- references --------------------------------------------------------------------------------
 */

static bool compile_reference(struct compiler *c, struct rule *rule, struct str reference,
                              const struct anchor **anchor)
{
    rule->ref.target = set_follow(c->set, c->schema->resource, reference, anchor);
    if (rule->ref.target != NULL)
        return true;
    set_fault(c->set, c->schema->resource, rule->value, rule->keyword->name,
              "the reference %.*s leads nowhere", (int)(reference.len < 120 ? reference.len : 120),
              reference.ptr);
    return false;
}

bool compile_ref(struct compiler *c, struct rule *rule)
{
    if (tree_kind_of(rule->value) != TREE_STRING)
        return compiler_fault(c, rule, "is no text");
    return compile_reference(c, rule, tree_text(c->doc, rule->value), NULL);
}

bool compile_dynamic_ref(struct compiler *c, struct rule *rule)
{
    const struct anchor *anchor = NULL;
    struct str fragment, reference = tree_text(c->doc, rule->value);
    if (tree_kind_of(rule->value) != TREE_STRING)
        return compiler_fault(c, rule, "is no text");
    if (!compile_reference(c, rule, reference, &anchor))
        return false;
    (void)uri_without_fragment(reference, &fragment);
    if (anchor != NULL && anchor->dynamic)
        rule->ref.dynamic = fragment;
    return true;
}

/* 2019-09: dynamic when the root it leads to says so. */
bool compile_recursive_ref(struct compiler *c, struct rule *rule)
{
    if (!compile_reference(c, rule, STR("#"), NULL))
        return false;
    if (set_anchor(c->set, c->schema->resource, STR("")) != NULL)
        rule->ref.dynamic = STR("");
    return true;
}

/* The same schema on the same value once more: it would go on for ever. */
static bool circles(const struct frame *frame, const struct schema *target)
{
    const struct value *value = &frame->value;
    for (const struct frame *f = frame; f != NULL; f = f->up) {
        if (f->value.node != value->node || f->value.name.ptr != value->name.ptr)
            return false;
        if (f->schema == target)
            return true;
    }
    return false;
}

static bool follow(struct run *run, const struct frame *frame, const struct rule *rule,
                   struct schema *target)
{
    if (!circles(frame, target))
        return run_inner(run, frame, target);
    set_fault(run->set, frame->schema->resource, rule->value, rule->keyword->name,
              "the reference leads back to itself without going down into the value");
    return true;
}

bool check_ref(struct run *run, const struct frame *frame, const struct rule *rule)
{
    return follow(run, frame, rule, rule->ref.target);
}

/* The outermost resource on the way here that has the anchor decides. */
bool check_dynamic_ref(struct run *run, const struct frame *frame, const struct rule *rule)
{
    struct schema *target = rule->ref.target;
    bool found = rule->ref.dynamic.ptr == NULL;
    for (size_t i = 0; i < run->scope.len && !found; i++) {
        const struct resource *resource = run->scope.ptr[i];
        const struct anchor *anchor = set_anchor(run->set, resource, rule->ref.dynamic);
        found = anchor != NULL && anchor->dynamic;
        if (found)
            target = set_schema(run->set, resource->document, anchor->node);
    }
    return follow(run, frame, rule, target);
}

bool check_recursive_ref(struct run *run, const struct frame *frame, const struct rule *rule)
{
    return check_dynamic_ref(run, frame, rule);
}

/* --- lists of schemas --------------------------------------------------------------------------
 */

bool compile_list(struct compiler *c, struct rule *rule)
{
    if (tree_kind_of(rule->value) != TREE_ARRAY)
        return compiler_fault(c, rule, "is no list");
    rule->list.ptr = arena_array(c->set->mem, struct schema *, rule->value->size);
    for (const struct tree_node *n = tree_first(c->doc, rule->value); n; n = tree_next(c->doc, n))
        rule->list.ptr[rule->list.len++] = compiler_sub(c, n);
    return true;
}

bool compile_all_of(struct compiler *c, struct rule *rule)
{
    return compile_list(c, rule);
}

bool compile_any_of(struct compiler *c, struct rule *rule)
{
    return compile_list(c, rule);
}

bool compile_one_of(struct compiler *c, struct rule *rule)
{
    return compile_list(c, rule);
}

bool check_all_of(struct run *run, const struct frame *frame, const struct rule *rule)
{
    bool ok = true;
    for (size_t i = 0; i < rule->list.len && (ok || !run_stops(run)); i++)
        ok = run_inner(run, frame, rule->list.ptr[i]) && ok;
    return ok;
}

/* --- which branch came closest -----------------------------------------------------------------
 */

/* The branches tried so far. Errors of the best stand from `from` on. */
struct trial {
    size_t from;
    uint64_t best_cost;
    int32_t best;
    size_t matched;
};

static bool is_word(const struct schema_error *error, const char *keyword)
{
    return strcmp(error->keyword, keyword) == 0;
}

/* A branch meant for another kind of value fails by type, one for another case by a constant; the
 * deeper the rest lies, the nearer it came. */
static uint64_t cost_of(const struct schema_error *error, size_t depth)
{
    size_t below = error->path_len - depth;
    if (below == 0 && (is_word(error, "type") || is_word(error, "false schema")))
        return 10000;
    if (below <= 1 && (is_word(error, "const") || is_word(error, "enum")))
        return 1000;
    return below == 0 ? 10 : 1;
}

static void judge_branch(struct run *run, struct trial *trial, size_t from, int32_t branch)
{
    uint64_t cost = 0;
    if (run->quiet > 0)
        return;
    for (size_t i = from; i < run->errors.len; i++)
        cost += cost_of(&run->errors.ptr[i].error, run->path.len);
    if (trial->best < 0 || cost < trial->best_cost) {
        trial->best = branch;
        trial->best_cost = cost;
        if (run->options.branches == SCHEMA_BRANCH_CLOSEST && from > trial->from) {
            size_t count = run->errors.len - from;
            memmove(run->errors.ptr + trial->from, run->errors.ptr + from,
                    count * sizeof(*run->errors.ptr));
            run->errors.len = trial->from + count;
        }
    } else if (run->options.branches == SCHEMA_BRANCH_CLOSEST) {
        run->errors.len = from;
    }
}

static void try_branch(struct run *run, const struct frame *frame, struct trial *trial,
                       struct schema *schema, int32_t branch)
{
    size_t from = run->errors.len;
    bool more = run->more;
    run->level++;
    bool ok = run_inner(run, frame, schema);
    run->level--;
    if (ok)
        trial->matched++;
    else
        judge_branch(run, trial, from, branch);
    if (run->options.branches != SCHEMA_BRANCHES_ALL)
        run->more = more;
    if (run->options.branches == SCHEMA_BRANCHES_NONE)
        run->errors.len = trial->from;
}

bool check_any_of(struct run *run, const struct frame *frame, const struct rule *rule)
{
    struct trial trial = {.from = run->errors.len, .best = -1};
    for (size_t i = 0; i < rule->list.len && !run->gave_up; i++) {
        try_branch(run, frame, &trial, rule->list.ptr[i], (int32_t)i);
        if (trial.matched > 0 && !frame->collect)
            break;
    }
    if (trial.matched > 0) {
        run->errors.len = trial.from;
        return true;
    }
    return run_fails(run, frame, rule, (struct schema_error){.branch = trial.best});
}

bool check_one_of(struct run *run, const struct frame *frame, const struct rule *rule)
{
    struct trial trial = {.from = run->errors.len, .best = -1};
    size_t marks = run->marks.len;
    for (size_t i = 0; i < rule->list.len && trial.matched < 2 && !run->gave_up; i++)
        try_branch(run, frame, &trial, rule->list.ptr[i], (int32_t)i);
    if (trial.matched > 0)
        run->errors.len = trial.from;
    if (trial.matched == 1)
        return true;
    run->marks.len = marks;
    return run_fails(run, frame, rule,
                     (struct schema_error){.number = trial.matched,
                                           .branch = trial.matched == 0 ? trial.best : -1});
}

/* --- not, if -----------------------------------------------------------------------------------
 */

bool compile_one(struct compiler *c, struct rule *rule)
{
    rule->one = compiler_sub(c, rule->value);
    return true;
}

bool compile_not(struct compiler *c, struct rule *rule)
{
    return compile_one(c, rule);
}

bool check_not(struct run *run, const struct frame *frame, const struct rule *rule)
{
    return !run_tries(run, frame, rule->one, false) || run_fails(run, frame, rule, plain);
}

bool compile_if(struct compiler *c, struct rule *rule)
{
    const struct tree_node *then = tree_get(c->doc, c->schema->node, STR("then"));
    const struct tree_node *otherwise = tree_get(c->doc, c->schema->node, STR("else"));
    rule->branch.condition = compiler_sub(c, rule->value);
    rule->branch.then = then ? compiler_sub(c, then) : NULL;
    rule->branch.otherwise = otherwise ? compiler_sub(c, otherwise) : NULL;
    return true;
}

bool check_if(struct run *run, const struct frame *frame, const struct rule *rule)
{
    bool holds = run_tries(run, frame, rule->branch.condition, frame->collect);
    struct schema *next = holds ? rule->branch.then : rule->branch.otherwise;
    if (run->gave_up || next == NULL)
        return true;
    run->level++;
    bool ok = run_inner(run, frame, next);
    run->level--;
    return ok || run_fails(run, frame, rule, (struct schema_error){.number = holds, .branch = -1});
}
