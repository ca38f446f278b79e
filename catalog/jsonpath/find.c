/* One expression evaluated from one value, depth first: the order of RFC 9535. */
#include "path.h"

#define MOST_VISITS UINT64_C(50000000)

bool filter_true(enum jsonpath_dialect dialect, const struct scene *scene, const struct expr *e)
{
    struct value v;
    if (dialect == JSONPATH_STRICT)
        return strict_true(scene, e);
    return script_value(scene, e, &v) && path_value_true(&v);
}

/* --- selectors -------------------------------------------------------------------------------- */

static bool in_slice(const struct selector *s, int64_t index, int64_t size)
{
    if (s->step <= 0)
        return false; /* only find.c's own order walks backwards */
    int64_t start = s->has_start ? s->start : 0, end = s->has_end ? s->end : size;
    start = start < 0 ? (start + size < 0 ? 0 : start + size) : start;
    end = end < 0 ? end + size : end;
    return index >= start && index < end && (index - start) % s->step == 0;
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
    if (f->steps.len >= MOST_LEVELS || ++f->visits > MOST_VISITS) {
        f->cut = true;
        return false;
    }
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
    for (const struct tree_node *n = tree_first(container.doc, container.node); n && !f->cut;
         n = tree_next(container.doc, n), index++) {
        if (!enter(f, container, n, index))
            return;
        if (selector_takes(f->path->dialect, s, &f->scene, container))
            finder_run(f, next);
        leave(f);
    }
}

static void one_child(struct finder *f, const struct tree_node *node, uint32_t index, size_t next)
{
    if (node == NULL || !enter(f, here(f), node, index))
        return;
    finder_run(f, next);
    leave(f);
}

static const struct tree_node *element(struct jsonpath_spot array, int64_t index)
{
    const struct tree_node *n = tree_first(array.doc, array.node);
    for (; index > 0 && n != NULL; index--)
        n = tree_next(array.doc, n);
    return n;
}

/* RFC 9535 §2.3.4.2.2 for negative steps. */
static void backwards(struct finder *f, const struct selector *s, size_t next)
{
    struct jsonpath_spot array = here(f);
    int64_t size = array.node->size;
    int64_t start = s->has_start ? s->start : size - 1, end = s->has_end ? s->end : -size - 1;
    start = start < 0 ? start + size : start;
    end = end < 0 ? end + size : end;
    start = start >= size ? size - 1 : start < -1 ? -1 : start;
    end = end >= size ? size - 1 : end < -1 ? -1 : end;
    for (int64_t i = start; i > end && !f->cut;) {
        one_child(f, element(array, i), (uint32_t)i, next);
        if (i - end <= -s->step)
            break;
        i += s->step;
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
    for (const struct tree_node *n = tree_first(container.doc, container.node); n && !f->cut;
         n = tree_next(container.doc, n), index++) {
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
    if (f->cut)
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
    struct finder f = {
        .path = path,
        .scene = {.root = root, .view = view, .scratch = &scratch},
        .start = root,
        .tag = tag,
        .hit = hit,
        .context = context,
        .mem = &mem
    };
    finder_run(&f, 0);
    return !f.cut || fail(err, ERR_LIMIT, "", "the expression visits too many values");
}
