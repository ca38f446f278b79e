/* Sets of texts. */
#include "catalog/base/hash.h"

#define FEW 8 /* comparing costs less than hashing */

uint64_t hash_mix(uint64_t hash, uint64_t value)
{
    hash ^= value + UINT64_C(0x9e3779b97f4a7c15) + (hash << 6) + (hash >> 2);
    hash *= UINT64_C(0xff51afd7ed558ccd);
    return hash ^ (hash >> 32);
}

/* --- sets of texts ---------------------------------------------------------------------------- */

static uint32_t *slot_of(const struct text_set *set, struct str text)
{
    size_t at = (size_t)hash_text(0, text) & (set->slot_count - 1);
    while (set->slots[at] != 0 && !str_eq(set->texts.ptr[set->slots[at] - 1], text))
        at = (at + 1) & (set->slot_count - 1);
    return &set->slots[at];
}

size_t text_set_find(const struct text_set *set, struct str text)
{
    if (set->slots != NULL)
        return (size_t)*slot_of(set, text) - 1; /* SIZE_MAX for a free one */
    for (size_t i = 0; i < set->texts.len; i++)
        if (str_eq(set->texts.ptr[i], text))
            return i;
    return SIZE_MAX;
}

static void grow(struct text_set *set)
{
    set->slot_count = set->slot_count ? set->slot_count * 2 : (size_t)4 * FEW;
    set->slots = arena_array(set->mem, uint32_t, set->slot_count);
    for (size_t i = 0; i < set->texts.len; i++)
        *slot_of(set, set->texts.ptr[i]) = (uint32_t)i + 1;
}

bool text_set_add(struct text_set *set, struct str text)
{
    size_t count = set->texts.len;
    if (text_set_has(set, text))
        return false;
    if (count >= UINT32_MAX - 1)
        mem_exhausted();
    vec_push(&set->texts, set->mem, text);
    if (count >= FEW && (count + 1) * 2 > set->slot_count)
        grow(set);
    else if (set->slots != NULL)
        *slot_of(set, text) = (uint32_t)count + 1;
    return true;
}
