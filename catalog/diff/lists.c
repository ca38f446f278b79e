/* Matches the branches of oneOf, anyOf and allOf by what they say. */
#include "catalog/diff/graph.h"

typedef VEC(uint32_t) indices;

struct match {
    struct graph *g;
    enum keyword keyword;
    const struct shape_ref *old, *new;
    uint32_t old_count, new_count;
    indices added, removed;
    delta_edges *edges;
};

static bool written_out(const struct shape_ref *ref)
{
    return ref->ref.len == 0;
}

static bool identical(struct match *m, uint32_t i, uint32_t j)
{
    struct pair *pair = graph_pair(m->g, m->old[i].schema, m->new[j].schema);
    return !delta_changes(m->g, graph_compare(m->g, pair), false);
}

/* The written-out elements of one side that have no identical one on the other. */
static void leave(struct match *m, bool of_new, indices *out)
{
    const struct shape_ref *mine = of_new ? m->new : m->old, *other = of_new ? m->old : m->new;
    uint32_t count = of_new ? m->new_count : m->old_count,
             others = of_new ? m->old_count : m->new_count;
    bool *taken = arena_array(m->g->mem, bool, others);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t j = others;
        if (!written_out(&mine[i]))
            continue;
        /* in the same place most often */
        if (!m->g->tree && i < others && written_out(&other[i]) && !taken[i] && identical(m, i, i))
            j = i;
        for (uint32_t k = 0; k < others && j == others; k++)
            if (written_out(&other[k]) && !taken[k] && identical(m, of_new ? k : i, of_new ? i : k))
                j = k;
        if (j < others)
            taken[j] = true;
        else
            vec_push(out, m->g->mem, i);
    }
}

static void take_index(indices *list, size_t at)
{
    memmove(&list->ptr[at], &list->ptr[at + 1], (list->len - at - 1) * sizeof(*list->ptr));
    list->len--;
}

static void add_modified(struct match *m, uint32_t i, uint32_t j)
{
    struct pair_edge *edge = arena_new(m->g->mem, struct pair_edge);
    struct pair *pair = graph_pair(m->g, m->old[i].schema, m->new[j].schema);
    struct delta *d = graph_compare(m->g, pair);
    *edge = (struct pair_edge){.keyword = m->keyword,
                               .old_index = i,
                               .new_index = j,
                               .old = m->old[i],
                               .new = m->new[j],
                               .to = pair};
    if (d != NULL)
        vec_push(m->edges, m->g->mem, (struct delta_edge){edge, d});
}

static bool seen_title(const struct match *m, struct str title, const indices *titled)
{
    for (size_t i = 0; i < titled->len; i++)
        if (str_eq(shape_text(m->new[titled->ptr[i]].schema, KW_TITLE), title))
            return true;
    return false;
}

/* What has the same title is the same thing, changed. */
static void match_titles(struct match *m)
{
    indices titled = {0};
    for (size_t a = 0; a < m->added.len;) {
        uint32_t j = m->added.ptr[a];
        struct str title = shape_text(m->new[j].schema, KW_TITLE);
        size_t r = 0;
        while (r < m->removed.len &&
               !str_eq(shape_text(m->old[m->removed.ptr[r]].schema, KW_TITLE), title))
            r++;
        if (title.len == 0 || r == m->removed.len || seen_title(m, title, &titled)) {
            a++;
            continue;
        }
        add_modified(m, m->removed.ptr[r], j);
        vec_push(&titled, m->g->mem, j);
        take_index(&m->removed, r);
        take_index(&m->added, a);
    }
}

/* One left on each side, both without a title: the same thing, changed. */
static void match_last(struct match *m)
{
    if (m->added.len != 1 || m->removed.len != 1)
        return;
    uint32_t j = m->added.ptr[0], i = m->removed.ptr[0];
    if (shape_text(m->old[i].schema, KW_TITLE).len > 0 ||
        shape_text(m->new[j].schema, KW_TITLE).len > 0)
        return;
    add_modified(m, i, j);
    m->added.len = m->removed.len = 0;
}

/* A branch written out on one side and referred to on the other; but for oasdiff also one that is
 * referred to by another name, or described in other words. */
static bool may_be_moved(const struct match *m, uint32_t i, uint32_t j)
{
    return !m->g->tree || written_out(&m->old[i]) != written_out(&m->new[j]);
}

static void match_moved(struct match *m)
{
    for (size_t r = 0; r < m->removed.len;) {
        uint32_t i = m->removed.ptr[r];
        size_t a = 0;
        while (a < m->added.len &&
               (!may_be_moved(m, i, m->added.ptr[a]) ||
                !shapes_equivalent(m->g, m->old[i].schema, m->new[m->added.ptr[a]].schema)))
            a++;
        if (a == m->added.len) {
            r++;
            continue;
        }
        if (written_out(&m->old[i]) && written_out(&m->new[m->added.ptr[a]]))
            add_modified(m, i, m->added.ptr[a]); /* a default may be another */
        take_index(&m->removed, r);
        take_index(&m->added, a);
    }
}

static void put_first(struct graph *g, const uint32_t *first, uint32_t count, indices *list)
{
    indices all = {0};
    for (uint32_t i = 0; i < count; i++)
        vec_push(&all, g->mem, first[i]);
    for (size_t i = 0; i < list->len; i++)
        vec_push(&all, g->mem, list->ptr[i]);
    *list = all;
}

void lists_match(struct graph *g, const struct pair *pair, enum keyword keyword,
                 struct list_change *change, delta_edges *edges)
{
    struct match m = {.g = g, .keyword = keyword, .edges = edges};
    m.old_count = (uint32_t)shape_list(g->old, pair->old, keyword, &m.old);
    m.new_count = (uint32_t)shape_list(g->new, pair->new, keyword, &m.new);
    bool apart = g->options->keep_inline_apart,
         few = m.old_count <= MOST_BRANCHES && m.new_count <= MOST_BRANCHES;
    if (few) {
        leave(&m, true, &m.added);
        leave(&m, false, &m.removed);
    }
    if (few && g->tree) { /* oasdiff looks for what only moved last, among what is left */
        match_titles(&m);
        match_last(&m);
    }
    put_first(g, change->added, change->added_count, &m.added);
    put_first(g, change->removed, change->removed_count, &m.removed);
    if (!apart && m.added.len <= MOST_BRANCHES && m.removed.len <= MOST_BRANCHES)
        match_moved(&m);
    if (few && !g->tree) {
        match_titles(&m);
        match_last(&m);
    }
    *change = (struct list_change){m.added.ptr, m.removed.ptr, (uint32_t)m.added.len,
                                   (uint32_t)m.removed.len};
}
