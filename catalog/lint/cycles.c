/* Circles of references. Every reference between values that lead to each other is kept as it
 * stands, so what is left has no circle. */
#include <stdlib.h>

#include "view.h"

#define MOST_DEPTH 4096
#define NONE       UINT32_MAX
#define MOST_STEPS UINT64_C(50000000)

/* A value that some reference names. */
struct target {
    struct jsonpath_spot spot;
    uint32_t first, last; /* its place in a walk of its document: what lies between is inside */
    VEC(uint32_t) next;   /* targets of the references inside */
    uint32_t index, low, group;
    uint32_t at; /* Tarjan: next edge to look at */
    bool open;
};

/* A reference inside of a target. */
struct within {
    uint32_t target, ref;
};

struct graph {
    struct view *view;
    struct arena *mem;
    VEC(struct target) targets;
    uint32_t **number; /* by document, by node: number of the target, plus 1 */
    VEC(struct within) within;
    uint32_t *to;          /* by reference: its target, or NONE */
    bool *to_own;          /* by reference: it stands in its target */
    uint32_t *seen, round; /* leads(): by target, the round that met it last */
    VEC(uint32_t) todo;
    uint64_t steps;
};

static size_t doc_index(const struct view *view, const struct tree *doc)
{
    return (size_t)(view_doc_of(view, doc) - view->docs.ptr);
}

static uint32_t target_at(const struct graph *g, struct jsonpath_spot spot)
{
    uint32_t number = g->number[doc_index(g->view, spot.doc)][tree_number(spot.doc, spot.node)];
    return number ? number - 1 : NONE;
}

static void gather_targets(struct graph *g)
{
    struct view *view = g->view;
    g->number = arena_array(g->mem, uint32_t *, view->docs.len);
    for (size_t i = 0; i < view->docs.len; i++)
        g->number[i] = arena_array(g->mem, uint32_t, tree_count(view->docs.ptr[i].doc));
    g->to = arena_array(g->mem, uint32_t, view->refs.len);
    g->to_own = arena_array(g->mem, bool, view->refs.len);
    for (size_t i = 0; i < view->refs.len; i++) {
        const struct ref *ref = &view->refs.ptr[i];
        g->to[i] = NONE;
        if (ref->kind != REF_FOLLOWED)
            continue;
        if (target_at(g, ref->target) == NONE) {
            vec_push(&g->targets, g->mem, (struct target){.spot = ref->target, .index = NONE});
            g->number[doc_index(view, ref->target.doc)]
                     [tree_number(ref->target.doc, ref->target.node)] = (uint32_t)g->targets.len;
        }
        g->to[i] = target_at(g, ref->target);
    }
}

/* --- what lies inside what -------------------------------------------------------------------- */

struct inside {
    struct graph *g;
    const struct view_doc *d;
    size_t doc;
    const struct tree_node *stack[MOST_DEPTH];
    uint32_t open[MOST_DEPTH]; /* targets around */
    size_t depth, open_count;
    uint32_t clock;
};

static void enter(struct inside *w, const struct tree_node *n)
{
    uint32_t node = tree_number(w->d->doc, n), number = w->g->number[w->doc][node];
    w->clock++;
    if (number) {
        w->g->targets.ptr[number - 1].first = w->clock;
        w->g->targets.ptr[number - 1].last = UINT32_MAX;
        w->open[w->open_count++] = number - 1;
    }
    if (w->d->ref[node] && w->g->to[w->d->ref[node] - 1] != NONE)
        for (size_t i = 0; i < w->open_count; i++)
            vec_push(&w->g->within, w->g->mem, (struct within){w->open[i], w->d->ref[node] - 1});
}

static void leave(struct inside *w, const struct tree_node *n)
{
    uint32_t number = w->g->number[w->doc][tree_number(w->d->doc, n)];
    if (number && w->open_count > 0 && w->open[w->open_count - 1] == number - 1) {
        w->g->targets.ptr[number - 1].last = w->clock;
        w->open_count--;
    }
}

static void walk(struct graph *g, size_t doc)
{
    struct inside *w = arena_new(g->mem, struct inside);
    w->g = g;
    w->d = &g->view->docs.ptr[doc];
    w->doc = doc;
    const struct tree_node *n = tree_root(w->d->doc);
    while (n != NULL) {
        enter(w, n);
        const struct tree_node *child = NULL;
        if (!w->d->ref[tree_number(w->d->doc, n)] && w->depth + 1 < MOST_DEPTH)
            child = tree_first(w->d->doc, n);
        if (child != NULL) {
            w->stack[w->depth++] = n;
            n = child;
            continue;
        }
        leave(w, n);
        while (w->depth > 0 && tree_next(w->d->doc, n) == NULL) {
            n = w->stack[--w->depth];
            leave(w, n);
        }
        n = w->depth > 0 ? tree_next(w->d->doc, n) : NULL;
    }
}

static bool contains(const struct graph *g, uint32_t outer, uint32_t inner)
{
    const struct target *o = &g->targets.ptr[outer], *i = &g->targets.ptr[inner];
    return o->spot.doc == i->spot.doc && o->first <= i->first && i->first <= o->last;
}

/* --- groups of targets that lead to each other (Tarjan) --------------------------------------- */

static void group(struct graph *g)
{
    VEC(uint32_t) calls = {0};
    VEC(uint32_t) stack = {0};
    uint32_t clock = 0, groups = 0;
    for (uint32_t root = 0; root < g->targets.len; root++) {
        if (g->targets.ptr[root].index != NONE)
            continue;
        vec_push(&calls, g->mem, root);
        while (calls.len > 0) {
            struct target *t = &g->targets.ptr[*vec_last(&calls)];
            if (t->index == NONE) {
                t->index = t->low = clock++;
                t->open = true;
                vec_push(&stack, g->mem, *vec_last(&calls));
            }
            if (t->at < t->next.len) {
                struct target *next = &g->targets.ptr[t->next.ptr[t->at]];
                if (next->index == NONE) {
                    vec_push(&calls, g->mem, t->next.ptr[t->at]);
                    continue;
                }
                if (next->open && next->low < t->low)
                    t->low = next->low;
                t->at++;
                continue;
            }
            while (t->low == t->index && t->open && stack.len > 0) {
                struct target *member = &g->targets.ptr[*vec_last(&stack)];
                stack.len--;
                member->open = false;
                member->group = groups;
            }
            groups += t->low == t->index;
            calls.len--;
        }
    }
}

/* True when the references below `from` lead to `to`, however far. Past the budget, what is not
 * known to be no circle is taken for one. */
static bool leads(struct graph *g, uint32_t from, uint32_t to)
{
    g->round++;
    g->todo.len = 0;
    vec_push(&g->todo, g->mem, from);
    while (g->todo.len > 0) {
        const struct target *t = &g->targets.ptr[g->todo.ptr[--g->todo.len]];
        for (size_t i = 0; i < t->next.len; i++) {
            uint32_t next = t->next.ptr[i];
            if (next == to || ++g->steps > MOST_STEPS)
                return true;
            if (g->seen[next] != g->round)
                vec_push(&g->todo, g->mem, next);
            g->seen[next] = g->round;
        }
    }
    return false;
}

/* What unused components are told by. */
static void mark_referred(const struct graph *g)
{
    struct view *view = g->view;
    for (size_t i = 0; i < view->refs.len; i++) {
        const struct ref *ref = &view->refs.ptr[i];
        if (g->to[i] == NONE || (ref->kind == REF_KEPT && g->to_own[i]))
            continue;
        view_doc_of(view, ref->target.doc)
            ->referred[tree_number(ref->target.doc, ref->target.node)] = true;
    }
}

void view_cut_circles(struct view *view)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct graph g = {.view = view, .mem = &mem};
    gather_targets(&g);
    for (size_t i = 0; i < view->docs.len; i++)
        walk(&g, i);
    for (size_t i = 0; i < g.within.len; i++) {
        const struct within *w = &g.within.ptr[i];
        uint32_t to = g.to[w->ref];
        if (to == w->target)
            g.to_own[w->ref] = true;
        else if (!contains(&g, w->target, to))
            vec_push(&g.targets.ptr[w->target].next, g.mem, to);
    }
    group(&g);
    g.seen = arena_array(&mem, uint32_t, g.targets.len);
    for (size_t i = 0; i < g.within.len; i++) {
        const struct within *w = &g.within.ptr[i];
        uint32_t to = g.to[w->ref];
        bool circle = contains(&g, w->target, to)
                          ? leads(&g, to, w->target)
                          : g.targets.ptr[w->target].group == g.targets.ptr[to].group;
        if (circle || g.to_own[w->ref])
            view->refs.ptr[w->ref].kind = REF_KEPT;
    }
    mark_referred(&g);
}
