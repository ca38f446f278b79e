/* The members of one object when it closes: merge keys, duplicate names, an index for wide ones. */
#include <stdlib.h>

#include "reader.h"

/* Up to here comparing every pair is cheaper than sorting; it also bounds tree_get without index.
 */
#define NARROW 16

uint32_t key_hash(struct str key)
{
    uint32_t hash = UINT32_C(2166136261); /* FNV-1a; equal hashes only cost comparisons */
    for (size_t i = 0; i < key.len; i++)
        hash = (hash ^ (unsigned char)key.ptr[i]) * UINT32_C(16777619);
    return hash;
}

static struct str name_of(const struct builder *b, uint32_t member)
{
    return builder_text(b, builder_node(b, member)->key);
}

/* --- duplicate names -------------------------------------------------------------------------- */

static void duplicate(struct builder *b, uint32_t first, uint32_t again)
{
    struct tree_node *node = builder_node(b, again);
    if (node->flags & NODE_DUPLICATE)
        return;
    node->flags |= NODE_DUPLICATE;
    if (node->flags & NODE_MERGED)
        return; /* what a mapping says itself, or an earlier merge, goes before */
    if (tree_notes_full(b->doc))
        return;
    struct str name = name_of(b, again);
    uint32_t at = builder_node(b, node->key)->start;
    uint32_t before = builder_node(b, builder_node(b, first)->key)->start;
    tree_note(b->doc, &finding_kinds[FINDING_DUPLICATE_KEY], builder_pointer(b, name), at,
              "the name \"%.*s\" occurs again; the first, on line %u, is used",
              (int)(name.len < 80 ? name.len : 80), name.ptr,
              source_place(&b->doc->source, before).line);
}

/* Removes marked members from the chain. */
static void unlink_duplicates(struct builder *b)
{
    struct frame *top = builder_top(b);
    uint32_t *link = &builder_node(b, top->node)->child;
    top->last = 0;
    top->count = 0;
    while (*link != 0) {
        struct tree_node *member = builder_node(b, *link);
        if (member->flags & NODE_DUPLICATE) {
            *link = member->next;
        } else {
            top->last = *link;
            top->count++;
            link = &member->next;
        }
    }
}

static bool settle_narrow(struct builder *b)
{
    uint32_t first = builder_node(b, builder_top(b)->node)->child;
    bool found = false;
    for (uint32_t i = first; i != 0; i = builder_node(b, i)->next) {
        struct str name = name_of(b, i);
        for (uint32_t j = builder_node(b, i)->next; j != 0; j = builder_node(b, j)->next)
            if (str_eq(name, name_of(b, j))) {
                duplicate(b, i, j);
                found = true;
            }
    }
    return found;
}

/* Order of members, apart from their numbers: merged members are newer and linked last. */
static int by_hash_and_name(const void *left, const void *right, void *context)
{
    const struct index_entry *l = left, *r = right;
    const struct builder *b = context;
    if (l->hash != r->hash)
        return l->hash < r->hash ? -1 : 1;
    int order = str_cmp(name_of(b, l->node), name_of(b, r->node));
    return order ? order : (l->node > r->node) - (l->node < r->node);
}

static struct index_entry *sorted_members(struct builder *b)
{
    buf_reset(&b->sorting);
    for (uint32_t i = builder_node(b, builder_top(b)->node)->child; i != 0;
         i = builder_node(b, i)->next) {
        struct index_entry entry = {key_hash(name_of(b, i)), i};
        buf_add(&b->sorting, (struct str){(const char *)&entry, sizeof(entry)});
    }
    void *entries = b->sorting.ptr;
    qsort_r(entries, b->sorting.len / sizeof(struct index_entry), sizeof(struct index_entry),
            by_hash_and_name, b);
    return entries;
}

static bool settle_wide(struct builder *b)
{
    uint32_t container = builder_top(b)->node;
    const struct index_entry *entries = sorted_members(b);
    size_t count = b->sorting.len / sizeof(*entries), first = 0;
    bool found = false;
    builder_node(b, container)->index = (uint32_t)(b->index.len / sizeof(*entries)) + 1;
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && entries[i].hash == entries[first].hash &&
            str_eq(name_of(b, entries[i].node), name_of(b, entries[first].node))) {
            duplicate(b, entries[first].node, entries[i].node);
            found = true;
            continue;
        }
        first = i;
        buf_add(&b->index, (struct str){(const char *)&entries[i], sizeof(entries[i])});
    }
    return found;
}

static void index_elements(struct builder *b)
{
    uint32_t array = builder_top(b)->node;
    builder_node(b, array)->index = (uint32_t)(b->index.len / sizeof(struct index_entry)) + 1;
    for (uint32_t i = builder_node(b, array)->child; i != 0; i = builder_node(b, i)->next) {
        struct index_entry entry = {0, i};
        buf_add(&b->index, (struct str){(const char *)&entry, sizeof(entry)});
    }
}

void members_settle(struct builder *b)
{
    const struct frame *top = builder_top(b);
    if (!top->object && top->count > NARROW)
        index_elements(b);
    if (!top->object || top->count < 2)
        return;
    if (top->count <= NARROW ? settle_narrow(b) : settle_wide(b))
        unlink_duplicates(b);
}

/* --- merge keys ------------------------------------------------------------------------------- */

static bool mergeable(const struct builder *b, uint32_t value)
{
    const struct tree_node *node = builder_node(b, value);
    if (node->kind == TREE_OBJECT)
        return true;
    if (node->kind != TREE_ARRAY)
        return false;
    for (uint32_t i = node->child; i != 0; i = builder_node(b, i)->next)
        if (builder_node(b, i)->kind != TREE_OBJECT)
            return false;
    return true;
}

/* Marks usable merges for unlinking and gathers their values; the others stay as members. */
static void take_merges(struct builder *b, struct buf *sources)
{
    for (uint32_t i = builder_node(b, builder_top(b)->node)->child; i != 0;
         i = builder_node(b, i)->next) {
        struct tree_node *member = builder_node(b, i);
        if (!(builder_node(b, member->key)->flags & NODE_MERGE_KEY))
            continue;
        if (mergeable(b, i)) {
            member->flags |= NODE_DUPLICATE;
            buf_add(sources, (struct str){(const char *)&i, sizeof(i)});
        } else {
            tree_note(b->doc, &finding_kinds[FINDING_MERGE_VALUE], builder_pointer(b, STR("<<")),
                      member->start, "a merge key takes a map or a list of maps");
        }
    }
}

static bool merge_map(struct builder *b, uint32_t map, uint32_t offset)
{
    for (uint32_t i = builder_node(b, map)->child; i != 0; i = builder_node(b, i)->next) {
        uint32_t copy = 0;
        if (!builder_share(b, i, offset, &copy))
            return false;
        builder_node(b, copy)->flags |= NODE_MERGED;
        builder_top(b)->key = builder_node(b, i)->key;
        builder_append(b, copy);
        builder_weigh(b, copy);
    }
    return true;
}

static bool merge_value(struct builder *b, uint32_t value)
{
    uint32_t offset = builder_node(b, value)->start;
    if (builder_node(b, value)->kind == TREE_OBJECT)
        return merge_map(b, value, offset);
    for (uint32_t i = builder_node(b, value)->child; i != 0; i = builder_node(b, i)->next)
        if (!merge_map(b, i, offset))
            return false;
    return true;
}

bool members_merge(struct builder *b)
{
    CLEANUP(buf_clear) struct buf sources = {0};
    take_merges(b, &sources);
    unlink_duplicates(b);
    for (size_t i = 0; i < sources.len; i += sizeof(uint32_t)) {
        uint32_t value = 0;
        memcpy(&value, sources.ptr + i, sizeof(value));
        if (!merge_value(b, value))
            return false;
    }
    return true;
}
