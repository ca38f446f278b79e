/* Makes the pairs of two documents' schemas. */
#include "catalog/diff/graph.h"

void graph_init(struct graph *g, struct side *old, struct side *new,
                const struct diff_options *options, struct arena *mem, struct err *err)
{
    *g = (struct graph){.old = old,
                        .new = new,
                        .options = options,
                        .mem = mem,
                        .err = err,
                        .tree = options->oasdiff};
}

struct side *graph_side(struct graph *g, bool is_new)
{
    return is_new ? g->new : g->old;
}

unsigned list_of(enum keyword keyword)
{
    static const uint8_t number[KEYWORD_COUNT] = {
        [KW_ONE_OF] = 1, [KW_ANY_OF] = 2, [KW_ALL_OF] = 3, [KW_PREFIX_ITEMS] = 4};
    return number[keyword] == 0 ? LIST_COUNT : number[keyword] - 1u;
}

const struct shape *true_as_empty(struct side *side, const struct shape *s)
{
    return s->is_true ? shape_empty(side) : s;
}

static struct pair *pair_of(struct graph *g, const struct shape *old, const struct shape *new)
{
    uint64_t key = (uint64_t)old->number << 32 | new->number;
    struct pair *p = diff_map_get(&g->pairs, key);
    if (p != NULL)
        return p;
    p = arena_new(g->mem, struct pair);
    p->old = old;
    p->new = new;
    p->number = ++g->pair_count;
    diff_map_put(&g->pairs, g->mem, key, p);
    vec_push(&g->waiting, g->mem, p);
    return p;
}

/* --- expanding -------------------------------------------------------------------------------- */

typedef VEC(struct pair_edge) edges;
typedef VEC(struct pair *) candidates;
typedef VEC(uint32_t) indices;

static void add_edge(struct graph *g, edges *out, struct pair_edge edge)
{
    if (edge.old.schema == NULL || edge.new.schema == NULL)
        return;
    edge.to = pair_of(g, edge.old.schema, edge.new.schema);
    vec_push(out, g->mem, edge);
}

static void expand_map(struct graph *g, const struct pair *p, enum keyword k, edges *out)
{
    const struct str *a, *b;
    size_t na = shape_names(g->old, p->old, k, &a), nb = shape_names(g->new, p->new, k, &b);
    for (size_t i = 0, j = 0; i < na && j < nb;) {
        int order = str_cmp(a[i], b[j]);
        if (order == 0)
            add_edge(g, out,
                     (struct pair_edge){.keyword = k,
                                        .name = a[i],
                                        .old = shape_member(g->old, p->old, k, a[i]),
                                        .new = shape_member(g->new, p->new, k, a[i])});
        i += order <= 0;
        j += order >= 0;
    }
}

static void add_list_edge(struct graph *g, edges *out, enum keyword k, const struct shape_ref *a,
                          const struct shape_ref *b, uint32_t i, uint32_t j)
{
    add_edge(
        g, out,
        (struct pair_edge){.keyword = k, .old_index = i, .new_index = j, .old = a[i], .new = b[j]});
}

static void expand_tuple(struct graph *g, struct pair *p, edges *out)
{
    const struct shape_ref *a, *b;
    uint32_t na = (uint32_t)shape_list(g->old, p->old, KW_PREFIX_ITEMS, &a),
             nb = (uint32_t)shape_list(g->new, p->new, KW_PREFIX_ITEMS, &b), i = 0;
    indices added = {0}, removed = {0};
    for (; i < na && i < nb; i++)
        add_list_edge(g, out, KW_PREFIX_ITEMS, a, b, i, i);
    for (uint32_t j = i; j < na; j++)
        vec_push(&removed, g->mem, j);
    for (uint32_t j = i; j < nb; j++)
        vec_push(&added, g->mem, j);
    p->lists[list_of(KW_PREFIX_ITEMS)] =
        (struct list_change){added.ptr, removed.ptr, (uint32_t)added.len, (uint32_t)removed.len};
    if (added.len + removed.len > 0)
        p->changed |= BIT(KW_PREFIX_ITEMS);
}

/* References are matched by their text, the nth with the nth of the same text. */
static void match_references(struct graph *g, struct pair *p, enum keyword k,
                             const struct shape_ref *a, uint32_t na, const struct shape_ref *b,
                             uint32_t nb, edges *out)
{
    bool *taken = arena_array(g->mem, bool, nb);
    struct str *refs = arena_array(g->mem, struct str, nb);
    indices added = {0}, removed = {0};
    for (uint32_t j = 0; j < nb; j++)
        refs[j] = b[j].ref.len > 0 ? b[j].ref : STR_NONE;
    struct text_places places = text_places_of(g->mem, refs, nb);
    for (uint32_t i = 0; i < na; i++) {
        if (a[i].ref.len == 0)
            continue;
        size_t j = text_places_first(&places, a[i].ref, taken);
        if (j < nb) {
            taken[j] = true;
            add_list_edge(g, out, k, a, b, i, (uint32_t)j);
        } else {
            vec_push(&removed, g->mem, i);
        }
    }
    for (uint32_t j = 0; j < nb; j++)
        if (b[j].ref.len > 0 && !taken[j])
            vec_push(&added, g->mem, j);
    p->lists[list_of(k)] =
        (struct list_change){added.ptr, removed.ptr, (uint32_t)added.len, (uint32_t)removed.len};
}

static void add_candidate(struct graph *g, candidates *out, const struct shape *old,
                          const struct shape *new)
{
    vec_push(out, g->mem, pair_of(g, old, new));
}

static void expand_branches(struct graph *g, struct pair *p, enum keyword k, edges *out,
                            candidates *asked)
{
    const struct shape_ref *a, *b;
    uint32_t na = (uint32_t)shape_list(g->old, p->old, k, &a),
             nb = (uint32_t)shape_list(g->new, p->new, k, &b);
    if (na + nb == 0)
        return;
    match_references(g, p, k, a, na, b, nb, out);
    for (uint32_t i = 0; i < na && na <= MOST_BRANCHES && nb <= MOST_BRANCHES; i++)
        for (uint32_t j = 0; j < nb && g->tree; j++) {
            bool x = a[i].ref.len == 0, y = b[j].ref.len == 0;
            if (x && y)
                add_candidate(g, asked, a[i].schema, b[j].schema);
            if (x != y)
                add_candidate(g, asked, true_as_empty(g->old, a[i].schema),
                              true_as_empty(g->new, b[j].schema));
        }
}

/* Pairs that recognising a wrapping compares. */
static void expand_wrapping(struct graph *g, struct pair *p, candidates *asked)
{
    const struct shape_ref *all;
    struct shape_ref payload;
    if (may_wrap_one_of(g, p->old, p->new)) {
        size_t count = shape_list(g->new, p->new, KW_ONE_OF, &all);
        for (size_t i = 0; i < count && count <= MOST_BRANCHES; i++)
            add_candidate(g, asked, true_as_empty(g->old, p->old),
                          true_as_empty(g->new, all[i].schema));
    }
    if (may_wrap_null(g, p->old, p->new, &payload, true))
        add_candidate(g, asked, true_as_empty(g->old, p->old),
                      true_as_empty(g->new, payload.schema));
    if (may_wrap_null(g, p->new, p->old, &payload, false))
        add_candidate(g, asked, true_as_empty(g->old, payload.schema),
                      true_as_empty(g->new, p->new));
}

static bool may_be(struct side *side, const struct shape *s, struct str type)
{
    struct text_set types = shape_set(side, s, KW_TYPE);
    return types.texts.len == 0 || text_set_has(&types, type);
}

/* What holds where the keyword says nothing is anything; its `false` is a schema as any other. */
static const struct shape *implied(struct side *side, const struct shape *s, enum keyword k)
{
    struct oas_spot at = shape_get(s, k);
    struct shape_ref ref = at.node != NULL ? shape_at(side, at) : (struct shape_ref){STR(""), NULL};
    return ref.schema != NULL ? true_as_empty(side, ref.schema) : shape_empty(side);
}

/* Elements or further members that one side leaves open. */
static void expand_open(struct graph *g, const struct pair *p, enum keyword k, edges *out)
{
    struct str type = k == KW_ITEMS ? STR("array") : STR("object");
    if (may_be(g->old, p->old, type) && may_be(g->new, p->new, type))
        add_edge(g, out,
                 (struct pair_edge){
                     .keyword = k,
                     .old = {STR(""), implied(g->old, p->old, k)},
                     .new = {STR(""), implied(g->new, p->new, k)}
        });
}

static void expand_single(struct graph *g, const struct pair *p, enum keyword k, edges *out)
{
    struct shape_ref old = shape_child(g->old, p->old, k), new = shape_child(g->new, p->new, k);
    if (old.schema != NULL && new.schema != NULL)
        add_edge(g, out, (struct pair_edge){.keyword = k, .old = old, .new = new});
    else if (!g->tree && (k == KW_ITEMS || k == KW_ADDITIONAL_PROPERTIES))
        expand_open(g, p, k, out);
}

static void expand(struct graph *g, struct pair *p)
{
    edges out = {0};
    candidates asked = {0};
    uint64_t both = p->old->has & p->new->has, either = p->old->has | p->new->has;
    p->expanded = true;
    if (p->old->is_false || p->old->is_true || p->new->is_false || p->new->is_true)
        either = both = 0;
    pair_compare(g, p);
    for (unsigned n = 0; n < SCHEMA_KEYWORDS; n++) {
        enum keyword k = (enum keyword)n;
        if ((either & BIT(k)) && shape_keywords[k].class == CLASS_BRANCHES)
            expand_branches(g, p, k, &out, &asked);
        if ((either & BIT(k)) && shape_keywords[k].class == CLASS_TUPLE)
            expand_tuple(g, p, &out);
        if ((both & BIT(k)) && shape_keywords[k].class == CLASS_MAP)
            expand_map(g, p, k, &out);
        if ((either & BIT(k)) &&
            (shape_keywords[k].class == CLASS_SCHEMA || shape_keywords[k].class == CLASS_OPEN))
            expand_single(g, p, k, &out);
    }
    if (g->tree && (either & BIT(KW_ONE_OF)))
        expand_wrapping(g, p, &asked);
    p->edges = out.ptr;
    p->edge_count = (uint32_t)out.len;
    p->candidates = asked.ptr;
    p->candidate_count = (uint32_t)asked.len;
}

struct pair *graph_pair(struct graph *g, const struct shape *old, const struct shape *new)
{
    struct pair *root = pair_of(g, old, new);
    while (g->waiting.len > 0) {
        struct pair *p = g->waiting.ptr[--g->waiting.len];
        if (!p->expanded)
            expand(g, p);
    }
    return root;
}
