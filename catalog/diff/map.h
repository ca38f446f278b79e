/* A hash table from numbers to pointers; memory belongs to the arena given. */
#ifndef CHANCERY_DIFF_MAP_H
#define CHANCERY_DIFF_MAP_H

#include "catalog/base/hash.h"

/** Zeroed is empty. Keys are never 0. */
struct diff_map {
    struct map_slot {
        uint64_t key;
        void *value;
    } * slots;
    size_t capacity, count;
};

void *diff_map_get(const struct diff_map *m, uint64_t key); /* NULL when absent */
void diff_map_put(struct diff_map *m, struct arena *mem, uint64_t key, void *value);
static inline uint64_t diff_map_key(const void *ptr)
{
    return (uint64_t)(uintptr_t)ptr;
}

#endif
