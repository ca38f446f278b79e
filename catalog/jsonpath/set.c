/* The trie of expressions, and the states made from it as a walk asks for them. */
#include <stdlib.h>

#include "set.h"

struct jsonpath_set *jsonpath_set_new(struct arena *mem)
{
    struct jsonpath_set *set = arena_new(mem, struct jsonpath_set);
    set->mem = mem;
    vec_push(&set->edges, mem, (struct edge){0});
    return set;
}

static bool only_names(const struct segment *s)
{
    for (size_t i = 0; i < s->count; i++)
        if (s->selectors[i].kind != SELECT_NAME || s->selectors[i].also_index)
            return false;
    return true;
}

static uint32_t next_edge(struct jsonpath_set *set, uint32_t from, const struct segment *s,
                          enum jsonpath_dialect dialect)
{
    for (size_t i = 0; i < set->edges.ptr[from].next.len; i++) {
        uint32_t id = set->edges.ptr[from].next.ptr[i];
        const struct edge *e = &set->edges.ptr[id];
        if (s->text.len > 0 && e->dialect == dialect && str_eq(e->segment->text, s->text))
            return id;
    }
    uint32_t id = (uint32_t)set->edges.len;
    vec_push(&set->edges, set->mem,
             (struct edge){.segment = s, .dialect = dialect, .only_names = only_names(s)});
    vec_push(&set->edges.ptr[from].next, set->mem, id);
    return id;
}

void jsonpath_set_add(struct jsonpath_set *set, const struct jsonpath *path, size_t tag)
{
    uint32_t at = 0;
    size_t i = 0;
    for (; i < path->count && path->segments[i].kind != SEGMENT_PARENT; i++)
        at = next_edge(set, at, &path->segments[i], path->dialect);
    vec_push(&set->edges.ptr[at].ends, set->mem, (struct terminal){tag, path, i});
}

/* --- names ------------------------------------------------------------------------------------ */

static uint32_t hash_of(struct str s)
{
    uint32_t hash = UINT32_C(2166136261);
    for (size_t i = 0; i < s.len; i++)
        hash = (hash ^ (unsigned char)s.ptr[i]) * UINT32_C(16777619);
    return hash;
}

static uint32_t name_number(const struct names *n, struct str name)
{
    uint32_t at = hash_of(name) & (n->slot_count - 1);
    for (; n->slots[at] != 0; at = (at + 1) & (n->slot_count - 1))
        if (str_eq(n->texts[n->slots[at]], name))
            return n->slots[at];
    return 0;
}

/* Required names first: they have bits. */
static void gather_names(const struct jsonpath_set *set, struct arena *mem, struct names *out)
{
    VEC(struct str) all = {0};
    vec_push(&all, mem, STR_NONE);
    for (int required = 1; required >= 0; required--)
        for (size_t i = 1; i < set->edges.len; i++) {
            const struct segment *s = set->edges.ptr[i].segment;
            for (size_t j = 0; j < s->count; j++) {
                const struct expr *filter = s->selectors[j].filter;
                if (!required && s->selectors[j].kind == SELECT_NAME)
                    vec_push(&all, mem, s->selectors[j].name);
                for (size_t k = 0; required && filter && k < filter->required_count; k++)
                    vec_push(&all, mem, filter->required[k]);
            }
        }
    out->slot_count = 64;
    while (out->slot_count < all.len * 4)
        out->slot_count *= 2;
    out->slots = arena_array(mem, uint32_t, out->slot_count);
    struct str *texts = arena_array(mem, struct str, all.len);
    out->texts = texts;
    for (size_t i = 1; i < all.len; i++) {
        uint32_t at = hash_of(all.ptr[i]) & (out->slot_count - 1);
        if (name_number(out, all.ptr[i]) != 0 || out->count == UINT16_MAX - 1)
            continue;
        while (out->slots[at] != 0)
            at = (at + 1) & (out->slot_count - 1);
        texts[++out->count] = all.ptr[i];
        out->slots[at] = out->count;
    }
}

uint64_t automaton_required(const struct automaton *a, const struct expr *filter)
{
    uint64_t bits = 0;
    for (size_t i = 0; i < filter->required_count; i++) {
        uint32_t number = name_number(&a->names, filter->required[i]);
        if (number > 0 && number < 64)
            bits |= UINT64_C(1) << number;
    }
    return bits;
}

static void number_members(const struct automaton *a, const struct doc_names *d,
                           const struct tree_node *object)
{
    uint64_t holds = 0;
    for (const struct tree_node *m = tree_first(d->doc, object); m; m = tree_next(d->doc, m)) {
        uint32_t number = name_number(&a->names, tree_key(d->doc, m));
        d->name[tree_number(d->doc, m)] = (uint16_t)number;
        if (number > 0 && number < 64)
            holds |= UINT64_C(1) << number;
    }
    d->holds[tree_number(d->doc, object)] = holds;
}

const struct doc_names *automaton_doc(struct automaton *a, const struct tree *doc)
{
    for (size_t i = 0; i < a->docs.len; i++)
        if (a->docs.ptr[i].doc == doc)
            return &a->docs.ptr[i];
    uint32_t count = tree_count(doc);
    struct doc_names d = {doc, arena_array(a->mem, uint16_t, count),
                          arena_array(a->mem, uint64_t, count)};
    for (uint32_t i = 0; i < count; i++) {
        const struct tree_node *node = tree_numbered(doc, i);
        if (tree_kind_of(node) == TREE_OBJECT)
            number_members(a, &d, node);
    }
    vec_push(&a->docs, a->mem, d);
    return vec_last(&a->docs);
}

/* --- states ----------------------------------------------------------------------------------- */

static bool names_it(const struct edge *e, struct str name)
{
    for (size_t i = 0; i < e->segment->count; i++)
        if (str_eq(e->segment->selectors[i].name, name))
            return true;
    return false;
}

static void index_state(struct automaton *a, struct state *s)
{
    VEC(uint32_t) others = {0};
    VEC(uint32_t) named = {0};
    uint16_t *first = arena_array(a->mem, uint16_t, a->names.count + 2);
    for (uint32_t i = 0; i < s->count; i++)
        if (!a->set->edges.ptr[s->edges[i]].only_names)
            vec_push(&others, a->mem, s->edges[i]);
    for (uint32_t n = 1; n <= a->names.count; n++) {
        first[n] = (uint16_t)named.len;
        for (uint32_t i = 0; i < s->count; i++) {
            const struct edge *e = &a->set->edges.ptr[s->edges[i]];
            if (e->only_names && names_it(e, a->names.texts[n]))
                vec_push(&named, a->mem, s->edges[i]);
        }
    }
    first[a->names.count + 1] = (uint16_t)named.len;
    s->others = others.ptr;
    s->other_count = (uint32_t)others.len;
    s->named = named.ptr;
    s->first = first;
}

static int by_number(const void *left, const void *right)
{
    const uint32_t *l = left, *r = right;
    return (*l > *r) - (*l < *r);
}

static struct state *state_of(struct automaton *a, uint32_t *edges, uint32_t count)
{
    uint32_t kept = 0;
    if (count > 0)
        qsort(edges, count, sizeof(*edges), by_number);
    for (uint32_t i = 0; i < count; i++)
        if (kept == 0 || edges[kept - 1] != edges[i])
            edges[kept++] = edges[i];
    void **place = table_at(a->by_edges, 0, edges, kept);
    if (*place == NULL) {
        struct state *s = arena_new(a->mem, struct state);
        uint32_t *copy = arena_array(a->mem, uint32_t, kept);
        if (kept > 0)
            memcpy(copy, edges, kept * sizeof(*copy));
        s->id = (uint32_t)a->states.len;
        s->edges = copy;
        s->count = kept;
        index_state(a, s);
        vec_push(&a->states, a->mem, s);
        *place = s;
    }
    return *place;
}

void automaton_init(struct automaton *a, const struct jsonpath_set *set, struct arena *mem)
{
    *a = (struct automaton){.set = set, .mem = mem};
    gather_names(set, mem, &a->names);
    a->by_edges = table_new(mem);
    a->by_step = table_new(mem);
}

const struct state *automaton_start(struct automaton *a)
{
    const struct edge *root = &a->set->edges.ptr[0];
    uint32_t count = (uint32_t)root->next.len;
    uint32_t *edges = arena_array(a->mem, uint32_t, count);
    if (count > 0)
        memcpy(edges, root->next.ptr, count * sizeof(*edges));
    return state_of(a, edges, count);
}

static struct state *make_step(struct automaton *a, const struct state *from,
                               const uint32_t *matched, uint32_t count)
{
    VEC(uint32_t) edges = {0};
    for (uint32_t i = 0; i < from->count; i++)
        if (a->set->edges.ptr[from->edges[i]].segment->kind == SEGMENT_DEEP)
            vec_push(&edges, a->mem, from->edges[i]);
    for (uint32_t i = 0; i < count; i++) {
        const struct edge *e = &a->set->edges.ptr[matched[i]];
        for (size_t j = 0; j < e->next.len; j++)
            vec_push(&edges, a->mem, e->next.ptr[j]);
    }
    return state_of(a, edges.ptr, (uint32_t)edges.len);
}

const struct state *automaton_step(struct automaton *a, const struct state *from,
                                   const uint32_t *matched, uint32_t count)
{
    if (count == 0 && from->plain != NULL)
        return from->plain;
    void **place = table_at(a->by_step, from->id, matched, count);
    if (*place == NULL) {
        struct state *next = make_step(a, from, matched, count);
        place = table_at(a->by_step, from->id, matched, count);
        *place = next;
        if (count == 0)
            a->states.ptr[from->id]->plain = next;
    }
    const struct state *next = *place;
    return next;
}
