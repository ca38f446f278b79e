/* Hashes of texts for tables in memory, and sets of texts. */
#ifndef CHANCERY_BASE_HASH_H
#define CHANCERY_BASE_HASH_H

#include "catalog/base/base.h"

/** SipHash-2-4 of a text under a key that each process has for itself, mixed into hash: nobody can
 *  choose texts that collide. Another run has other hashes, so nothing that is shown may
 *  depend on their order. */
uint64_t hash_text(uint64_t hash, struct str text);
/** Mixes a 64-bit value into a hash. */
uint64_t hash_mix(uint64_t hash, uint64_t value);

/** Texts in the order in which they came, each once. Zeroed but for mem is empty; the texts
 *  themselves are not copied. */
struct text_set {
    struct arena *mem;
    VEC(struct str) texts;
    uint32_t *slots; /* places in texts, plus 1; absent while few enough to search in order */
    size_t slot_count;
};
/** Adds a text; false when it was there already. */
bool text_set_add(struct text_set *set, struct str text);
/** Its place in texts, SIZE_MAX when it is not there. */
size_t text_set_find(const struct text_set *set, struct str text);
static inline bool text_set_has(const struct text_set *set, struct str text)
{
    return text_set_find(set, text) != SIZE_MAX;
}

#endif
