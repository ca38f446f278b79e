/* Hash sets: numbers seen, and values by short sequences of numbers. */
#include <stdlib.h>

#include "set.h"

static uint64_t mix(uint64_t h)
{
    h ^= h >> 33;
    h *= UINT64_C(0xff51afd7ed558ccd);
    h ^= h >> 33;
    h *= UINT64_C(0xc4ceb9fe1a85ec53);
    return h ^ h >> 33;
}

/* --- numbers ---------------------------------------------------------------------------------- */

static bool insert(uint64_t *slots, size_t size, uint64_t kept)
{
    size_t at = (size_t)mix(kept) & (size - 1);
    for (; slots[at] != 0; at = (at + 1) & (size - 1))
        if (slots[at] == kept)
            return false;
    slots[at] = kept;
    return true;
}

static void grow(struct numbers *n)
{
    struct numbers bigger = {.count = n->count, .size = n->size ? n->size * 2 : 1024};
    bigger.slots = mem_new(bigger.size * sizeof(*bigger.slots));
    for (size_t i = 0; i < n->size; i++)
        if (n->slots[i] != 0)
            (void)insert(bigger.slots, bigger.size, n->slots[i]);
    free(n->slots);
    *n = bigger;
}

bool numbers_add(struct numbers *n, uint64_t number)
{
    if (n->count * 3 >= n->size * 2)
        grow(n);
    bool fresh = insert(n->slots, n->size, number + 1);
    n->count += fresh;
    return fresh;
}

void numbers_clear(struct numbers *n)
{
    free(n->slots);
    *n = (struct numbers){0};
}

/* --- sequences -------------------------------------------------------------------------------- */

struct entry {
    uint64_t hash;
    uint32_t head, count;
    const uint32_t *items;
    void *value;
};

struct table {
    struct arena *mem;
    struct entry *slots;
    size_t count, size;
};

struct table *table_new(struct arena *mem)
{
    struct table *t = arena_new(mem, struct table);
    t->mem = mem;
    t->size = 256;
    t->slots = arena_array(mem, struct entry, t->size);
    return t;
}

static struct entry *find(struct table *t, const struct entry *wanted)
{
    size_t at = (size_t)wanted->hash & (t->size - 1);
    for (; t->slots[at].hash != 0; at = (at + 1) & (t->size - 1)) {
        const struct entry *e = &t->slots[at];
        if (e->hash == wanted->hash && e->head == wanted->head && e->count == wanted->count &&
            (e->count == 0 ||
             memcmp(e->items, wanted->items, wanted->count * sizeof(*e->items)) == 0))
            break;
    }
    return &t->slots[at];
}

static void spread(struct table *t)
{
    struct table bigger = {.mem = t->mem, .count = t->count, .size = t->size * 2};
    bigger.slots = arena_array(t->mem, struct entry, bigger.size);
    for (size_t i = 0; i < t->size; i++)
        if (t->slots[i].hash != 0)
            *find(&bigger, &t->slots[i]) = t->slots[i];
    *t = bigger;
}

void **table_at(struct table *t, uint32_t head, const uint32_t *items, uint32_t count)
{
    struct entry wanted = {.hash = mix(head + 1), .head = head, .count = count, .items = items};
    for (uint32_t i = 0; i < count; i++)
        wanted.hash = mix(wanted.hash ^ items[i]);
    wanted.hash |= 1;
    if (t->count * 2 >= t->size)
        spread(t);
    struct entry *e = find(t, &wanted);
    if (e->hash == 0) {
        uint32_t *copy = arena_array(t->mem, uint32_t, count);
        if (count > 0)
            memcpy(copy, items, count * sizeof(*copy));
        *e = wanted;
        e->items = copy;
        t->count++;
    }
    return &e->value;
}
