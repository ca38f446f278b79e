/* Makes deltas of pairs: once each, or, in tree mode, once for each way that cuts circles alike. */
#include <stdlib.h>

#include "catalog/diff/graph.h"

/* Documents whose references form longer chains are refused; each level costs some stack. */
#define MOST_DEPTH 3000

struct delta_memo {
    uint64_t hash;
    const uint32_t *cut;
    size_t count;
    struct delta *delta;
    struct delta_memo *next;
};

struct cut {
    VEC(uint32_t) numbers;
};

void graph_fail(struct graph *g, const struct pair *pair)
{
    if (!g->failed)
        (void)!tree_fail(g->err, ERR_LIMIT, pair->new->spot.doc,
                         pair->new->spot.node ? pair->new->spot.node->start : 0,
                         "schemas refer to each other more than %d levels deep", MOST_DEPTH);
    g->failed = true;
}

static struct delta *unroll(struct graph *g, struct pair *pair);

static bool is_empty(const struct delta *d)
{
    return d->changed == 0 && d->edge_count == 0 && d->wrapping == 0;
}

static void copy_branches(struct graph *g, struct pair *pair, enum keyword k, struct delta *d,
                          delta_edges *edges)
{
    struct list_change *change = &d->lists[list_of(k)];
    *change = pair->lists[list_of(k)];
    if (shape_keywords[k].class == CLASS_BRANCHES)
        lists_match(g, pair, k, change, edges);
    if (change->added_count + change->removed_count > 0)
        d->changed |= BIT(k);
}

static void copy(struct graph *g, struct pair *pair, struct delta *d)
{
    delta_edges edges = {0};
    uint32_t at = 0;
    uint64_t either = pair->old->has | pair->new->has;
    d->pair = pair;
    d->changed = pair->changed;
    for (unsigned n = 0; n < SCHEMA_KEYWORDS; n++) {
        enum keyword k = (enum keyword)n;
        for (; at < pair->edge_count && pair->edges[at].keyword == k; at++) {
            struct delta *child = unroll(g, pair->edges[at].to);
            if (child != NULL)
                vec_push(&edges, g->mem, (struct delta_edge){&pair->edges[at], child});
        }
        if ((either & BIT(k)) && list_of(k) != LIST_COUNT)
            copy_branches(g, pair, k, d, &edges);
    }
    d->edges = edges.ptr;
    d->edge_count = (uint32_t)edges.len;
    if (either & BIT(KW_ONE_OF))
        d->wrapping = wrapping_of(g, pair);
}

/* --- usual mode ------------------------------------------------------------------------------- */

static struct delta *delta_of(struct graph *g, struct pair *pair)
{
    if (pair->state != DELTA_NOT_MADE)
        return pair->delta;
    pair->delta = arena_new(g->mem, struct delta);
    pair->delta->pair = pair;
    pair->state = DELTA_IN_WORK;
    if (++g->depth > MOST_DEPTH)
        graph_fail(g, pair);
    else if (!g->failed)
        copy(g, pair, pair->delta);
    g->depth--;
    pair->state = DELTA_MADE;
    return pair->delta;
}

/* --- tree mode -------------------------------------------------------------------------------- */

static struct delta *expand(struct graph *g, struct pair *pair)
{
    struct delta d = {0};
    if (pair->cyclic)
        diff_map_put(g->visited, g->mem, pair->number, pair);
    if (g->path.len >= MOST_DEPTH)
        graph_fail(g, pair);
    if (g->failed)
        return NULL;
    pair->on_path = true;
    vec_push(&g->path, g->mem, pair);
    copy(g, pair, &d);
    g->path.len--;
    pair->on_path = false;
    if (is_empty(&d))
        return NULL;
    struct delta *kept = arena_new(g->mem, struct delta);
    *kept = d;
    return kept;
}

static int compare_numbers(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* The pairs being unrolled that a way from here would meet again. */
static void find_cut(struct graph *g, struct pair *pair, struct cut *out)
{
    if (pair->component == 0)
        graph_find_components(g, pair);
    for (size_t i = 0; pair->cyclic && i < g->path.len; i++)
        if (g->path.ptr[i]->component == pair->component)
            vec_push(&out->numbers, g->mem, g->path.ptr[i]->number);
    if (out->numbers.len > 1)
        qsort(out->numbers.ptr, out->numbers.len, sizeof(uint32_t), compare_numbers);
}

static uint64_t cut_hash(const struct cut *cut)
{
    return hash_text(0, (struct str){(const char *)cut->numbers.ptr,
                                     cut->numbers.len * sizeof(*cut->numbers.ptr)});
}

static struct delta_memo *memo_find(const struct pair *pair, const struct cut *cut, uint64_t hash)
{
    struct delta_memo *m = pair->memos;
    while (m != NULL && (m->hash != hash || m->count != cut->numbers.len ||
                         memcmp(m->cut, cut->numbers.ptr, m->count * sizeof(*m->cut)) != 0))
        m = m->next;
    return m;
}

static struct delta *walk_fresh(struct graph *g, struct pair *pair)
{
    struct diff_map mine = {0}, *outer = g->visited;
    if (g->spare.len > 0)
        mine = g->spare.ptr[--g->spare.len];
    g->visited = &mine;
    struct delta *d = expand(g, pair);
    g->visited = outer;
    if (mine.capacity > 0) {
        memset(mine.slots, 0, mine.capacity * sizeof(*mine.slots));
        mine.count = 0;
        vec_push(&g->spare, g->mem, mine);
    }
    return d;
}

static struct delta *walk(struct graph *g, struct pair *pair, const struct cut *cut)
{
    if (cut->numbers.len == 0) {
        if (pair->state == DELTA_NOT_MADE) {
            pair->delta = walk_fresh(g, pair);
            pair->state = DELTA_MADE;
        }
        return pair->delta;
    }
    uint64_t hash = cut_hash(cut);
    struct delta_memo *m = memo_find(pair, cut, hash);
    if (m != NULL)
        return m->delta;
    struct delta *d = walk_fresh(g, pair);
    m = arena_new(g->mem, struct delta_memo);
    *m = (struct delta_memo){hash, cut->numbers.ptr, cut->numbers.len, d, pair->memos};
    pair->memos = m;
    return d;
}

static struct delta *unroll(struct graph *g, struct pair *pair)
{
    struct cut cut = {{0}};
    if (!g->tree)
        return delta_of(g, pair);
    if (pair->on_path)
        return NULL;
    find_cut(g, pair, &cut);
    if (cut.numbers.len == 0)
        return walk(g, pair, &cut);
    return diff_map_get(g->visited, pair->number) != NULL ? NULL : expand(g, pair);
}

struct delta *graph_compare(struct graph *g, struct pair *pair)
{
    struct cut cut = {{0}};
    if (!g->tree)
        return delta_of(g, pair);
    if (pair->on_path)
        return NULL;
    find_cut(g, pair, &cut);
    return walk(g, pair, &cut);
}

struct delta *graph_delta(struct graph *g, const struct shape *old, const struct shape *new)
{
    struct delta *d = unroll(g, graph_pair(g, old, new));
    return delta_changes(g, d, false) ? d : NULL;
}

/* --- does anything change? -------------------------------------------------------------------- */

enum answer { ANSWER_UNKNOWN, ANSWER_NO, ANSWER_YES };

static bool changes_here(const struct delta *d, bool strict)
{
    return (strict ? d->changed & ~ANNOTATION_KEYWORDS : d->changed) != 0 || d->wrapping != 0;
}

static uint8_t *answer_of(struct delta *d, bool strict)
{
    return strict ? &d->strict : &d->any;
}

bool delta_changes(struct graph *g, struct delta *delta, bool strict)
{
    VEC(struct delta *) met = {0};
    bool in_work = false;
    uint32_t search = ++g->searches;
    if (delta == NULL)
        return false;
    if (*answer_of(delta, strict) != ANSWER_UNKNOWN)
        return *answer_of(delta, strict) == ANSWER_YES;
    vec_push(&met, g->mem, delta);
    delta->search = search;
    for (size_t i = 0; i < met.len; i++) {
        struct delta *d = met.ptr[i];
        if (changes_here(d, strict) || *answer_of(d, strict) == ANSWER_YES) {
            *answer_of(delta, strict) = ANSWER_YES;
            return true;
        }
        in_work |= d->pair->state == DELTA_IN_WORK;
        for (uint32_t e = 0; e < d->edge_count; e++) {
            struct delta *to = d->edges[e].to;
            if (to->search == search || *answer_of(to, strict) == ANSWER_NO)
                continue;
            to->search = search;
            vec_push(&met, g->mem, to);
        }
    }
    for (size_t i = 0; i < met.len && !in_work; i++)
        *answer_of(met.ptr[i], strict) = ANSWER_NO;
    return false;
}

bool shapes_equivalent(struct graph *g, const struct shape *old, const struct shape *new)
{
    struct pair *pair = graph_pair(g, true_as_empty(g->old, old), true_as_empty(g->new, new));
    return !delta_changes(g, graph_compare(g, pair), true);
}
