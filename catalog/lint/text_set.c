/* A set of texts with a number for each. */
#include "functions.h"

struct text_slot {
    struct str text;
    size_t value;
    bool used;
};

static size_t hash_of(struct str s)
{
    size_t hash = (size_t)UINT64_C(14695981039346656037);
    for (size_t i = 0; i < s.len; i++)
        hash = (hash ^ (unsigned char)s.ptr[i]) * (size_t)UINT64_C(1099511628211);
    return hash ^ hash >> 29;
}

static struct text_slot *find(const struct text_set *set, struct str text)
{
    size_t at = hash_of(text) & (set->size - 1);
    while (set->slots[at].used && !str_eq(set->slots[at].text, text))
        at = (at + 1) & (set->size - 1);
    return &set->slots[at];
}

static void grow(struct text_set *set)
{
    struct text_set bigger = {.mem = set->mem, .count = set->count};
    bigger.size = set->size ? set->size * 2 : 32;
    bigger.slots = arena_array(set->mem, struct text_slot, bigger.size);
    for (size_t i = 0; i < set->size; i++)
        if (set->slots[i].used)
            *find(&bigger, set->slots[i].text) = set->slots[i];
    *set = bigger;
}

size_t text_set_add(struct text_set *set, struct str text, size_t value, bool *fresh)
{
    if (set->count * 2 >= set->size)
        grow(set);
    struct text_slot *slot = find(set, text);
    *fresh = !slot->used;
    if (*fresh) {
        *slot = (struct text_slot){text, value, true};
        set->count++;
    }
    return slot->value;
}

bool text_set_has(const struct text_set *set, struct str text)
{
    return set->size > 0 && find(set, text)->used;
}
