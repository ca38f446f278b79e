/* Which operations a finding is about that is made once for several. */
#include <stdlib.h>

#include "catalog/diff/unit.h"

/* --- operations by number --------------------------------------------------------------------- */

size_t operation_number(struct differ *d, struct str key)
{
    uint64_t hash = hash_text(2, key) | 1;
    size_t *number = diff_map_get(&d->operation_numbers, hash);
    if (number != NULL)
        return *number;
    number = arena_new(d->mem, size_t);
    *number = d->operation_keys.len;
    vec_push(&d->operation_keys, d->mem, key);
    diff_map_put(&d->operation_numbers, d->mem, hash, number);
    return *number;
}

static void make_room(struct operation_set *set, struct arena *mem, size_t words)
{
    if (words <= set->count)
        return;
    uint64_t *more = arena_array(mem, uint64_t, words);
    for (size_t i = 0; i < set->count; i++)
        more[i] = set->words[i];
    *set = (struct operation_set){more, words};
}

bool operation_set_add(struct operation_set *set, struct arena *mem, size_t number)
{
    uint64_t bit = UINT64_C(1) << (number & 63);
    make_room(set, mem, number / 64 + 1);
    bool fresh = (set->words[number / 64] & bit) == 0;
    set->words[number / 64] |= bit;
    return fresh;
}

bool operation_set_join(struct operation_set *set, struct arena *mem,
                        const struct operation_set *more)
{
    uint64_t fresh = 0;
    make_room(set, mem, more->count);
    for (size_t i = 0; i < more->count; i++) {
        fresh |= more->words[i] & ~set->words[i];
        set->words[i] |= more->words[i];
    }
    return fresh != 0;
}

size_t operation_set_keys(struct differ *d, const struct operation_set *set, const struct str **out)
{
    VEC(struct str) keys = {0};
    for (size_t n = 0; n < set->count * 64; n++)
        if (set->words[n / 64] >> (n & 63) & 1)
            vec_push(&keys, d->mem, d->operation_keys.ptr[n]);
    *out = keys.ptr;
    return keys.len;
}

/* --- where components stand ------------------------------------------------------------------- */

struct shared_place {
    uint32_t start, end; /* in the source */
    struct str pointer;
};
struct shared_places {
    VEC(struct shared_place) all; /* by start */
};

static int compare_places(const void *x, const void *y)
{
    uint32_t a = ((const struct shared_place *)x)->start,
             b = ((const struct shared_place *)y)->start;
    return (a > b) - (a < b);
}

static void add_places(struct differ *d, struct shared_places *places, struct oas_spot above,
                       struct str prefix, const char *kind)
{
    struct oas_spot map = at_raw(above, kind);
    if (tree_kind_of(map.node) != TREE_OBJECT)
        return;
    for (const struct tree_node *n = tree_first(map.doc, map.node); n; n = tree_next(map.doc, n)) {
        CLEANUP(buf_clear) struct buf pointer = {0};
        buf_add(&pointer, prefix);
        pointer_add(&pointer, str_from(kind));
        pointer_add(&pointer, tree_key(map.doc, n));
        vec_push(&places->all, d->mem,
                 (struct shared_place){n->start, n->end, arena_str(d->mem, buf_str(&pointer))});
    }
}

static struct shared_places *places_of(struct differ *d, bool is_new)
{
    static const char *const kinds[] = {"parameters", "responses", "requestBodies", "headers"};
    struct oas_spot root = side_root(is_new ? d->new : d->old);
    struct shared_places *places = d->places[is_new];
    if (places != NULL)
        return places;
    places = d->places[is_new] = arena_new(d->mem, struct shared_places);
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        add_places(d, places, at_raw(root, "components"), STR("#/components"), kinds[i]);
        if (at_raw(root, "swagger").node != NULL)
            add_places(d, places, root, STR("#"), kinds[i]);
    }
    if (places->all.len > 1)
        qsort(places->all.ptr, places->all.len, sizeof(*places->all.ptr), compare_places);
    return places;
}

/* The place that a spot of the root document stands in, or absent. */
static struct str place_around(struct differ *d, bool is_new, struct oas_spot spot)
{
    const struct shared_places *places = places_of(d, is_new);
    size_t low = 0, high = places->all.len;
    if (spot.node == NULL || spot.doc != side_doc(is_new ? d->new : d->old))
        return STR_NONE;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (places->all.ptr[middle].start <= spot.node->start)
            low = middle + 1;
        else
            high = middle;
    }
    const struct shared_place *p = low > 0 ? &places->all.ptr[low - 1] : NULL;
    return p != NULL && spot.node->end <= p->end ? p->pointer : STR_NONE;
}

struct str shared_component(struct differ *d, struct oas_spot old, struct oas_spot new)
{
    if (d->options->oasdiff)
        return STR_NONE;
    struct str a = place_around(d, false, old), b = place_around(d, true, new);
    return a.len > 0 && b.len > 0 ? b : STR_NONE;
}

/* --- findings --------------------------------------------------------------------------------- */

static bool same_place(struct diff_place a, struct diff_place b)
{
    return a.line == b.line && a.column == b.column && str_eq(a.file, b.file);
}

static bool same_finding(const struct diff_finding *a, const struct diff_finding *b)
{
    return a->id == b->id && a->level == b->level && str_eq(a->path, b->path) &&
           str_eq(a->text, b->text) && same_place(a->old, b->old) && same_place(a->new, b->new);
}

bool shared_begins(struct differ *d, const struct diff_finding *finding, const struct operation *op)
{
    uint64_t hash = hash_text(hash_text(3, finding->path), finding->text) | 1;
    struct shared *first = diff_map_get(&d->shared_by_hash, hash), *s = first;
    while (s != NULL && !same_finding(&d->findings.ptr[s->finding], finding))
        s = s->next;
    bool begins = s == NULL;
    if (begins) {
        s = arena_new(d->mem, struct shared);
        *s = (struct shared){.finding = d->findings.len, .next = first};
        vec_push(&d->shared, d->mem, s);
        diff_map_put(&d->shared_by_hash, d->mem, hash, s);
    }
    (void)operation_set_add(&s->operations, d->mem, op->number);
    return begins;
}

void shared_spread(struct differ *d)
{
    for (size_t i = 0; i < d->shared.len; i++) {
        struct diff_finding *f = &d->findings.ptr[d->shared.ptr[i]->finding];
        f->affected_count = operation_set_keys(d, &d->shared.ptr[i]->operations, &f->affected);
    }
}
