/* Hash table with open addressing. */
#include "catalog/diff/map.h"

#define LEAST_SLOTS 64

uint64_t diff_hash_u64(uint64_t x)
{
    x ^= x >> 32; /* splitmix64's finish */
    x *= UINT64_C(0xd6e8feb86659fd93);
    x ^= x >> 32;
    x *= UINT64_C(0xd6e8feb86659fd93);
    return x ^ x >> 32;
}

uint64_t diff_hash_str(uint64_t seed, struct str s)
{
    uint64_t h = seed ^ UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < s.len; i++)
        h = (h ^ (unsigned char)s.ptr[i]) * UINT64_C(0x100000001b3); /* FNV-1a */
    return diff_hash_u64(h);
}

static struct map_slot *slot_of(struct map_slot *slots, size_t capacity, uint64_t key)
{
    size_t at = (size_t)diff_hash_u64(key) & (capacity - 1);
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
