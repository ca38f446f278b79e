/* A hash table from numbers to pointers; memory belongs to the arena given. */
#ifndef CHANCERY_DIFF_MAP_H
#define CHANCERY_DIFF_MAP_H

#include "catalog/base/base.h"

/** Zeroed is empty. Keys are never 0. */
struct map {
    struct map_slot {
        uint64_t key;
        void *value;
    } *slots;
    size_t capacity, count;
};

void *map_get(const struct map *m, uint64_t key); /* NULL when absent */
void map_put(struct map *m, struct arena *mem, uint64_t key, void *value);
static inline uint64_t map_key(const void *ptr)
{
    return (uint64_t)(uintptr_t)ptr;
}
/** Mixes all bits; the same on every run. */
uint64_t hash_u64(uint64_t x);
uint64_t hash_str(uint64_t seed, struct str s);

#endif
