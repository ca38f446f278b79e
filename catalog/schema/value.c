/* Values as JSON Schema compares them. */
#include <stdlib.h>

#include "engine.h"

static bool same_number(struct str a, struct str b)
{
    struct decimal x, y;
    if (str_eq(a, b))
        return true;
    decimal_read(a, &x);
    decimal_read(b, &y);
    return !x.nan && !y.nan && decimal_cmp(&x, &y) == 0;
}

static bool same_members(const struct tree *a, const struct tree_node *x, const struct tree *b,
                         const struct tree_node *y)
{
    bool named = tree_kind_of(x) == TREE_OBJECT;
    const struct tree_node *n = tree_first(b, y);
    for (const struct tree_node *m = tree_first(a, x); m != NULL; m = tree_next(a, m)) {
        const struct tree_node *other = named ? tree_get(b, y, tree_key(a, m)) : n;
        if (other == NULL || !schema_same_value(a, m, b, other))
            return false;
        n = tree_next(b, n);
    }
    return true;
}

/* As deep as the tree, which has a limit. */
bool schema_same_value(const struct tree *a, const struct tree_node *x, const struct tree *b,
                       const struct tree_node *y)
{
    enum tree_kind kind = tree_kind_of(x);
    if (x == y)
        return true;
    if (kind != tree_kind_of(y))
        return false;
    switch (kind) {
    case TREE_NULL:
        return true;
    case TREE_BOOL:
        return tree_true(a, x) == tree_true(b, y);
    case TREE_NUMBER:
        return same_number(tree_text(a, x), tree_text(b, y));
    case TREE_STRING:
        return str_eq(tree_text(a, x), tree_text(b, y));
    case TREE_ARRAY:
    case TREE_OBJECT:
        return x->size == y->size && same_members(a, x, b, y);
    }
    return false;
}

static uint64_t hash_members(const struct tree *doc, const struct tree_node *node)
{
    bool named = tree_kind_of(node) == TREE_OBJECT;
    uint64_t hash = hash_text(named, STR("")); /* begins where nobody outside knows */
    hash = hash_mix(hash, node->size);
    for (const struct tree_node *m = tree_first(doc, node); m != NULL; m = tree_next(doc, m)) {
        uint64_t value = schema_value_hash(doc, m);
        if (named) /* in any order */
            hash += hash_text(value, tree_key(doc, m));
        else
            hash = hash_mix(hash, value);
    }
    return hash;
}

uint64_t schema_value_hash(const struct tree *doc, const struct tree_node *node)
{
    struct decimal number;
    enum tree_kind kind = tree_kind_of(node);
    switch (kind) {
    case TREE_NULL:
        return 1;
    case TREE_BOOL:
        return tree_true(doc, node) ? 2 : 3;
    case TREE_NUMBER:
        decimal_read(tree_text(doc, node), &number);
        return decimal_hash(&number);
    case TREE_STRING:
        return hash_text(4, tree_text(doc, node));
    case TREE_ARRAY:
    case TREE_OBJECT:
        return hash_members(doc, node);
    }
    return 0;
}

/* --- many values -------------------------------------------------------------------------------
 */

static int by_hash(const void *a, const void *b)
{
    const struct hashed *x = a, *y = b;
    if (x->hash != y->hash)
        return x->hash < y->hash ? -1 : 1;
    return (x->position > y->position) - (x->position < y->position);
}

void hashed_sort(struct hashed *values, size_t count)
{
    if (count > 1)
        qsort(values, count, sizeof(*values), by_hash);
}

size_t hashed_find(const struct hashed *values, size_t count, uint64_t hash)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (values[middle].hash < hash)
            low = middle + 1;
        else
            high = middle;
    }
    return low < count && values[low].hash == hash ? low : count;
}
