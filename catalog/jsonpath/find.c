/* One expression evaluated from one value, depth first: the order of RFC 9535. */
#include "path.h"

#define VISITS_AT_LEAST UINT64_C(4000000)
#define VISITS_A_VALUE  UINT64_C(50)

struct effort effort_for(struct jsonpath_spot root)
{
    return (struct effort){.left = VISITS_AT_LEAST + VISITS_A_VALUE * tree_count(root.doc)};
}

bool filter_true(enum jsonpath_dialect dialect, const struct scene *scene, const struct expr *e)
{
    struct value v;
    if (dialect == JSONPATH_STRICT)
        return strict_true(scene, e);
    return script_value(scene, e, &v) && path_value_true(&v);
}

/* --- selectors -------------------------------------------------------------------------------- */

/* RFC 9535 §2.3.4.2.2: indices from `from` to before `to`; backwards when the step is negative. */
struct bounds {
    int64_t from, to;
};

static int64_t clamp(int64_t index, int64_t least, int64_t most)
{
    return index < least ? least : index > most ? most : index;
}

static struct bounds slice_bounds(const struct selector *s, int64_t size)
{
    bool back = s->step < 0;
    int64_t least = back ? -1 : 0, most = back ? size - 1 : size;
    int64_t from = s->start < 0 ? s->start + size : s->start,
            to = s->end < 0 ? s->end + size : s->end;
    return (struct bounds){s->has_start ? clamp(from, least, most) : (back ? most : least),
                           s->has_end ? clamp(to, least, most) : (back ? least : most)};
}

static bool in_slice(const struct selector *s, int64_t index, int64_t size)
{
    struct bounds b = slice_bounds(s, size);
    if (s->step == 0 || (index - b.from) % s->step != 0)
        return false;
    return s->step > 0 ? index >= b.from && index < b.to : index <= b.from && index > b.to;
}

static bool script_names(const struct selector *s, const struct scene *child)
{
    struct scene parent = *child;
    const struct jsonpath_step *step = &child->path[child->depth - 1];
    struct value v;
    parent.depth--;
    if (!script_value(&parent, s->filter, &v))
        return false;
    if (step->key.ptr != NULL)
        return str_eq(step->key, path_value_string(&v, child->scratch));
    return v.kind == VALUE_NUMBER && !(v.number < step->index) && !(v.number > step->index);
}

bool selector_takes(enum jsonpath_dialect dialect, const struct selector *s,
                    const struct scene *child, struct jsonpath_spot container)
{
    const struct jsonpath_step *step = &child->path[child->depth - 1];
    bool member = step->key.ptr != NULL;
    int64_t size = container.node->size;
    switch (s->kind) {
    case SELECT_NAME:
        return member ? str_eq(step->key, s->name) : s->also_index && s->index == step->index;
    case SELECT_INDEX:
        return !member && step->index == (s->index < 0 ? s->index + size : s->index);
    case SELECT_ALL:
        return true;
    case SELECT_SLICE:
        return !member && in_slice(s, step->index, size);
    case SELECT_FILTER:
        return filter_true(dialect, child, s->filter);
    case SELECT_SCRIPT:
        return script_names(s, child);
    }
    return false;
}

/* --- walking ---------------------------------------------------------------------------------- */

static struct jsonpath_spot here(const struct finder *f)
{
    return f->steps.len ? vec_last(&f->steps)->seen : f->start;
}

static bool enter(struct finder *f, struct jsonpath_spot container, const struct tree_node *node,
                  uint32_t index)
{
    struct effort *effort = f->scene.effort;
    if (f->steps.len >= MOST_LEVELS || effort->left == 0)
        effort->cut = true;
    if (effort->cut)
        return false;
    effort->left--;
    struct jsonpath_spot raw = {container.doc, node};
    struct jsonpath_step step = {tree_key(raw.doc, node), index, raw, view_see(f->scene.view, raw)};
    vec_push(&f->steps, f->mem, step);
    f->scene.path = f->steps.ptr;
    f->scene.depth = f->steps.len;
    return true;
}

static void leave(struct finder *f)
{
    f->steps.len--;
    f->scene.depth = f->steps.len;
}

static void report(struct finder *f)
{
    struct jsonpath_match match = {here(f), f->steps.ptr, f->steps.len, f->path->key};
    if (!match.key || match.depth > 0)
        f->hit(f->context, f->tag, &match);
}

static void each_child(struct finder *f, const struct selector *s, size_t next)
{
    struct jsonpath_spot container = here(f);
    uint32_t index = 0;
    for (const struct tree_node *n = tree_first(container.doc, container.node);
         n && !f->scene.effort->cut; n = tree_next(container.doc, n), index++) {
        if (!enter(f, container, n, index))
            return;
        if (selector_takes(f->path->dialect, s, &f->scene, container))
            finder_run(f, next);
        leave(f);
        if (f->mem != f->scene.scratch && f->scene.scratch->used_bytes > SCRATCH_BYTES)
            arena_reset(f->scene.scratch);
    }
}

static void one_child(struct finder *f, const struct tree_node *node, uint32_t index, size_t next)
{
    if (node == NULL || !enter(f, here(f), node, index))
        return;
    finder_run(f, next);
    leave(f);
}

/* The elements first, so that the last one is not counted to from the first for each. */
static void backwards(struct finder *f, const struct selector *s, size_t next)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct jsonpath_spot array = here(f);
    int64_t size = array.node->size;
    struct bounds b = slice_bounds(s, size);
    const struct tree_node **elements =
        arena_array(&mem, const struct tree_node *, array.node->size);
    size_t count = 0;
    for (const struct tree_node *n = tree_first(array.doc, array.node); n != NULL;
         n = tree_next(array.doc, n))
        elements[count++] = n;
    for (int64_t i = b.from; i > b.to && !f->scene.effort->cut; i += s->step) {
        one_child(f, elements[i], (uint32_t)i, next);
        if (i - b.to <= -s->step)
            break;
    }
}

static void select_children(struct finder *f, const struct selector *s, size_t next)
{
    struct jsonpath_spot container = here(f);
    enum tree_kind kind = tree_kind_of(container.node);
    if (kind != TREE_ARRAY && kind != TREE_OBJECT)
        return;
    if (s->kind == SELECT_NAME && kind == TREE_OBJECT)
        one_child(f, tree_get(container.doc, container.node, s->name), 0, next);
    else if (s->kind == SELECT_SLICE && s->step < 0 && kind == TREE_ARRAY)
        backwards(f, s, next);
    else
        each_child(f, s, next);
}

static void descend(struct finder *f, size_t segment)
{
    struct jsonpath_spot container = here(f);
    uint32_t index = 0;
    for (const struct tree_node *n = tree_first(container.doc, container.node);
         n && !f->scene.effort->cut; n = tree_next(container.doc, n), index++) {
        if (!enter(f, container, n, index))
            return;
        if (tree_kind_of(here(f).node) >= TREE_ARRAY)
            finder_run(f, segment);
        leave(f);
    }
}

/* The parent's own place is what the rest of the path goes on from. */
static void ascend(struct finder *f, size_t next)
{
    if (f->steps.len == 0)
        return;
    struct jsonpath_step child = *vec_last(&f->steps);
    leave(f);
    finder_run(f, next);
    vec_push(&f->steps, f->mem, child);
    f->scene.path = f->steps.ptr;
    f->scene.depth = f->steps.len;
}

void finder_run(struct finder *f, size_t segment)
{
    if (f->scene.effort->cut)
        return;
    if (segment == f->path->count) {
        report(f);
        return;
    }
    const struct segment *s = &f->path->segments[segment];
    if (s->kind == SEGMENT_PARENT) {
        ascend(f, segment + 1);
        return;
    }
    for (size_t i = 0; i < s->count; i++)
        select_children(f, &s->selectors[i], segment + 1);
    if (s->kind == SEGMENT_DEEP)
        descend(f, segment);
}

bool jsonpath_find(const struct jsonpath *path, struct jsonpath_spot root,
                   const struct jsonpath_view *view, size_t tag, jsonpath_hit *hit, void *context,
                   struct err *err)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    CLEANUP(arena_clear) struct arena scratch = {0};
    struct effort effort = effort_for(root);
    struct finder f = {
        .path = path,
        .scene = {.root = root, .view = view, .scratch = &scratch, .effort = &effort},
        .start = root,
        .tag = tag,
        .hit = hit,
        .context = context,
        .mem = &mem
    };
    finder_run(&f, 0);
    return !effort.cut || fail(err, ERR_LIMIT, "", "the expression visits too many values");
}
