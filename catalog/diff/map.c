/* Hash table with open addressing. */
#include "catalog/diff/map.h"

#define LEAST_SLOTS 64

static struct map_slot *slot_of(struct map_slot *slots, size_t capacity, uint64_t key)
{
    size_t at = (size_t)hash_mix(0, key) & (capacity - 1);
    while (slots[at].key != 0 && slots[at].key != key)
        at = (at + 1) & (capacity - 1);
    return &slots[at];
}

void *diff_map_get(const struct diff_map *m, uint64_t key)
{
    return m->capacity == 0 ? NULL : slot_of(m->slots, m->capacity, key)->value;
}

static void grow(struct diff_map *m, struct arena *mem)
{
    size_t capacity = m->capacity == 0 ? LEAST_SLOTS : m->capacity * 2;
    struct map_slot *slots = arena_array(mem, struct map_slot, capacity);
    for (size_t i = 0; i < m->capacity; i++)
        if (m->slots[i].key != 0)
            *slot_of(slots, capacity, m->slots[i].key) = m->slots[i];
    m->slots = slots;
    m->capacity = capacity;
}

void diff_map_put(struct diff_map *m, struct arena *mem, uint64_t key, void *value)
{
    assert(key != 0);
    if ((m->count + 1) * 4 > m->capacity * 3)
        grow(m, mem);
    struct map_slot *slot = slot_of(m->slots, m->capacity, key);
    if (slot->key == 0)
        m->count++;
    *slot = (struct map_slot){key, value};
}
