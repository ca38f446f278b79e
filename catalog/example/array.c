/* Arrays: elements by position, then as many as are asked for. */
#include "maker.h"

#define FULL_DEPTH    12
#define MOST_ELEMENTS 2000

struct array {
    struct making *m;
    struct tries *tries;
    const struct group *g;
    VEC(struct str) elements;
    size_t prefix; /* positions with a schema of their own */
    uint64_t contained;
};

/* --- the schemas of one element ----------------------------------------------------------------
 */

static const struct tree_node *at_position(const struct tree *doc, const struct tree_node *list,
                                           size_t index)
{
    const struct tree_node *n = tree_kind_of(list) == TREE_ARRAY ? tree_first(doc, list) : NULL;
    while (n != NULL && index-- > 0)
        n = tree_next(doc, n);
    return n;
}

/* items is a list before 2020-12; additionalItems then says what follows. */
static const struct tree_node *element_schema(const struct group *g, size_t part, size_t index)
{
    const struct tree *doc = g->parts.ptr[part].doc;
    const struct tree_node *prefix = part_get(g, part, "prefixItems");
    const struct tree_node *items = part_get(g, part, "items");
    bool list = tree_kind_of(items) == TREE_ARRAY;
    const struct tree_node *own = at_position(doc, list ? items : prefix, index);
    if (own != NULL)
        return own;
    return list ? part_get(g, part, "additionalItems") : items;
}

static size_t prefix_length(const struct group *g)
{
    size_t longest = 0;
    for (size_t part = 0; part < g->parts.len; part++) {
        const struct tree_node *lists[] = {part_get(g, part, "prefixItems"),
                                           part_get(g, part, "items")};
        for (size_t i = 0; i < COUNT_OF(lists); i++)
            if (tree_kind_of(lists[i]) == TREE_ARRAY && lists[i]->size > longest)
                longest = lists[i]->size;
    }
    return longest;
}

/* --- making ------------------------------------------------------------------------------------
 */

static bool make_element(struct array *a, size_t index, struct str *out)
{
    VEC(struct oas_spot) list = {0};
    struct making *m = a->m;
    for (size_t part = 0; part < a->g->parts.len; part++) {
        const struct tree_node *own = element_schema(a->g, part, index);
        const struct tree_node *contains = part_get(a->g, part, "contains");
        if (own != NULL)
            vec_push(&list, m->mem, (struct oas_spot){a->g->parts.ptr[part].doc, own});
        if (contains != NULL && index >= a->prefix && index - a->prefix < a->contained)
            vec_push(&list, m->mem, (struct oas_spot){a->g->parts.ptr[part].doc, contains});
    }
    bool set = group_true(a->g, "uniqueItems");
    unsigned ordinal = a->tries->need->ordinal + (set ? (unsigned)index : 0);
    const struct need need = {list.ptr, list.len, STR_NONE, ordinal};
    vec_push(&m->path, m->mem, arena_printf(m->mem, "%zu", index));
    bool made = make_value(m, &need, out);
    m->path.len--;
    return made;
}

static struct str written(const struct array *a, size_t count)
{
    CLEANUP(buf_clear) struct buf out = {0};
    struct json_writer w = {.out = &out};
    json_open_array(&w);
    for (size_t i = 0; i < count; i++)
        json_put_raw(&w, a->elements.ptr[i]);
    json_close_array(&w);
    return arena_str(a->m->mem, buf_str(&out));
}

/* Elements behind the prefix that need not differ are the same one. */
static bool repeats(const struct array *a, size_t index)
{
    return !group_true(a->g, "uniqueItems") && index > a->prefix + a->contained;
}

static uint64_t contained_at_least(const struct group *g)
{
    for (size_t part = 0; part < g->parts.len; part++)
        if (part_get(g, part, "contains") != NULL)
            return group_count(g, "minContains", true, 1);
    return 0;
}

bool make_array(struct making *m, struct tries *tries, const struct group *g)
{
    struct array a = {.m = m, .tries = tries, .g = g, .prefix = prefix_length(g)};
    uint64_t least = group_count(g, "minItems", true, 0);
    uint64_t most = group_count(g, "maxItems", false, UINT64_MAX);
    uint64_t wanted = a.prefix > 0 ? a.prefix : m->depth <= FULL_DEPTH;
    struct trouble trouble = {0};
    a.contained = contained_at_least(g);
    wanted = wanted < least ? least : wanted;
    wanted = a.contained > 0 && wanted < a.prefix + a.contained ? a.prefix + a.contained : wanted;
    wanted = wanted > most ? most : wanted;
    if (wanted > MOST_ELEMENTS)
        return no_value(m, "more than %d elements are asked for", MOST_ELEMENTS);
    for (size_t i = 0; i < wanted; i++) {
        struct str json = repeats(&a, i) ? a.elements.ptr[i - 1] : STR_NONE;
        if (json.ptr == NULL && !make_element(&a, i, &json)) {
            trouble = m->trouble;
            break;
        }
        vec_push(&a.elements, m->mem, json);
    }
    if (a.elements.len >= least && offer(m, tries, written(&a, a.elements.len)))
        return true;
    if (a.elements.len > least && offer(m, tries, written(&a, (size_t)least)))
        return true;
    if (trouble.reason.ptr != NULL)
        m->trouble = trouble;
    return false;
}
