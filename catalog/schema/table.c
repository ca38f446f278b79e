/* A hash table in an arena, by owner and name. */
#include "engine.h"

#define FIRST_SLOTS 64

static uint64_t key_hash(const void *owner, struct str name)
{
    return hash_text((uint64_t)(uintptr_t)owner, name);
}

static struct table_slot *slot_of(struct table_slot *slots, size_t cap, uint64_t hash,
                                  const void *owner, struct str name)
{
    size_t at = (size_t)hash & (cap - 1);
    for (;; at = (at + 1) & (cap - 1)) {
        struct table_slot *slot = &slots[at];
        if (slot->value == NULL ||
            (slot->hash == hash && slot->owner == owner && str_eq(slot->name, name)))
            return slot;
    }
}

void *table_get(const struct table *table, const void *owner, struct str name)
{
    if (table->cap == 0)
        return NULL;
    return slot_of(table->slots, table->cap, key_hash(owner, name), owner, name)->value;
}

static void grow(struct table *table, struct arena *mem)
{
    size_t cap = table->cap ? table->cap * 2 : FIRST_SLOTS;
    struct table_slot *slots = arena_array(mem, struct table_slot, cap);
    for (size_t i = 0; i < table->cap; i++) {
        const struct table_slot *old = &table->slots[i];
        if (old->value != NULL)
            *slot_of(slots, cap, old->hash, old->owner, old->name) = *old;
    }
    table->slots = slots;
    table->cap = cap;
}

void table_put(struct table *table, struct arena *mem, const void *owner, struct str name,
               void *value)
{
    if (table->count * 2 >= table->cap)
        grow(table, mem);
    uint64_t hash = key_hash(owner, name);
    struct table_slot *slot = slot_of(table->slots, table->cap, hash, owner, name);
    if (slot->value != NULL)
        return;
    *slot = (struct table_slot){hash, owner, name, value};
    table->count++;
}
