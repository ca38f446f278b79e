/* Recognises a schema that moved into a oneOf: made nullable, or made one of several. */
#include "catalog/diff/graph.h"

static bool says(struct side *side, const struct shape *s, enum keyword k)
{
    struct oas_spot at = shape_get(s, k);
    switch (shape_keywords[k].class) {
    case CLASS_TEXT:
        return shape_text(s, k).len > 0;
    case CLASS_FLAG:
        return at_true(at);
    case CLASS_COUNT:
    case CLASS_NUMBER:
    case CLASS_LIMIT:
        return shape_bound(side, s, k).is != BOUND_ABSENT;
    case CLASS_SET:
        return shape_set(side, s, k).texts.len > 0;
    case CLASS_ENUM:
    case CLASS_NEEDS:
    case CLASS_BRANCHES:
    case CLASS_TUPLE:
    case CLASS_MAP:
        return at.node != NULL && at.node->size > 0;
    case CLASS_VALUE:
    case CLASS_SCHEMA:
    case CLASS_OPEN:
        break;
    }
    return at.node != NULL;
}

static bool says_nothing_beyond(struct side *side, const struct shape *s, uint64_t but)
{
    if (s->is_true || s->is_false)
        return s->is_true;
    if (s->has & BIT_EXTENSIONS)
        return false;
    for (unsigned k = 0; k < KEYWORD_COUNT; k++)
        if ((s->has & BIT(k) & ~(but | ANNOTATION_KEYWORDS)) && says(side, s, (enum keyword)k))
            return false;
    return true;
}

bool shape_says_nothing(struct side *side, const struct shape *s)
{
    return says_nothing_beyond(side, s, 0);
}

static bool allows_null(struct side *side, const struct shape *s)
{
    struct text_set types = shape_set(side, s, KW_TYPE);
    return text_set_has(&types, STR("null")) || shape_flag(s, KW_NULLABLE);
}

static bool is_bare_null(struct side *side, const struct shape *s)
{
    struct text_set types = shape_set(side, s, KW_TYPE);
    return !s->is_true && !s->is_false && types.texts.len == 1 &&
           text_set_has(&types, STR("null")) && says_nothing_beyond(side, s, BIT(KW_TYPE));
}

bool may_wrap_null(struct graph *g, const struct shape *plain, const struct shape *wrapped,
                   struct shape_ref *payload, bool wrapped_is_new)
{
    const struct shape_ref *all;
    struct side *side = graph_side(g, wrapped_is_new);
    unsigned nulls = 0;
    if ((plain->has & (BIT(KW_ONE_OF) | BIT(KW_ANY_OF) | BIT(KW_ALL_OF) | BIT(KW_NOT))) ||
        !shape_has(wrapped, KW_ONE_OF) || allows_null(graph_side(g, !wrapped_is_new), plain) ||
        shape_list(side, wrapped, KW_ONE_OF, &all) != 2 ||
        !says_nothing_beyond(side, wrapped, BIT(KW_ONE_OF)))
        return false;
    for (size_t i = 0; i < 2; i++) {
        if (is_bare_null(side, all[i].schema))
            nulls++;
        else
            *payload = all[i];
    }
    return nulls == 1;
}

/* Asked for each property of the old schema: the set is made once. */
static const struct text_set *branch_names(struct graph *g, const struct shape *new)
{
    const struct shape_ref *all;
    const struct str *names;
    struct diff_map seen = {0};
    struct text_set *set = diff_map_get(&g->branch_names, diff_map_key(new));
    if (set != NULL)
        return set;
    set = arena_new(g->mem, struct text_set);
    set->mem = g->mem;
    diff_map_put(&g->branch_names, g->mem, diff_map_key(new), set);
    size_t count = shape_list(g->new, new, KW_ONE_OF, &all);
    for (size_t i = 0; i < count; i++) {
        uint64_t key = diff_map_key(all[i].schema);
        if (diff_map_get(&seen, key) != NULL)
            continue;
        diff_map_put(&seen, g->mem, key, set);
        size_t name_count = shape_names(g->new, all[i].schema, KW_PROPERTIES, &names);
        for (size_t j = 0; j < name_count; j++)
            (void)text_set_add(set, names[j]);
    }
    return set;
}

bool may_wrap_one_of(struct graph *g, const struct shape *old, const struct shape *new)
{
    const struct str *names;
    if (shape_has(old, KW_ONE_OF) || !shape_has(new, KW_ONE_OF) ||
        shape_names(g->new, new, KW_PROPERTIES, &names) > 0 ||
        shape_set(g->new, new, KW_TYPE).texts.len > 0)
        return false;
    size_t count = shape_names(g->old, old, KW_PROPERTIES, &names);
    const struct text_set *moved = count > 0 ? branch_names(g, new) : NULL;
    for (size_t i = 0; i < count; i++)
        if (text_set_has(moved, names[i]))
            return true;
    return false;
}

bool wrapping_moved(struct graph *g, const struct pair *pair, struct str name)
{
    return text_set_has(branch_names(g, pair->new), name);
}

static bool kept_whole(struct graph *g, const struct pair *pair)
{
    const struct shape_ref *all;
    size_t count = shape_list(g->new, pair->new, KW_ONE_OF, &all);
    for (size_t i = 0; i < count && count <= MOST_BRANCHES; i++)
        if (shapes_equivalent(g, pair->old, all[i].schema))
            return true;
    return false;
}

unsigned wrapping_of(struct graph *g, const struct pair *pair)
{
    struct shape_ref payload = {STR(""), NULL};
    unsigned found = 0;
    if (may_wrap_one_of(g, pair->old, pair->new))
        found |= WRAP_ONE_OF | (kept_whole(g, pair) ? WRAP_KEPT : 0u);
    if (may_wrap_null(g, pair->old, pair->new, &payload, true) &&
        shapes_equivalent(g, pair->old, payload.schema))
        found |= WRAP_NULL_ADDED;
    else if (may_wrap_null(g, pair->new, pair->old, &payload, false) &&
             shapes_equivalent(g, payload.schema, pair->new))
        found |= WRAP_NULL_REMOVED;
    return found;
}
