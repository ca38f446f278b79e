/* Recognises a schema that moved into a oneOf: made nullable, or made one of several. */
#include "catalog/diff/graph.h"

static bool says(struct side *side, const struct shape *s, enum keyword k)
{
    struct oas_spot at = shape_get(s, k);
    const struct str *names;
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
        return shape_set(side, s, k, &names) > 0;
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
    const struct str *types;
    size_t count = shape_set(side, s, KW_TYPE, &types);
    for (size_t i = 0; i < count; i++)
        if (str_eq(types[i], STR("null")))
            return true;
    return shape_flag(s, KW_NULLABLE);
}

static bool is_bare_null(struct side *side, const struct shape *s)
{
    const struct str *types;
    return !s->is_true && !s->is_false && shape_set(side, s, KW_TYPE, &types) == 1 &&
           str_eq(types[0], STR("null")) && says_nothing_beyond(side, s, BIT(KW_TYPE));
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

static bool moved_into(struct graph *g, const struct shape *new, struct str name)
{
    const struct shape_ref *all;
    size_t count = shape_list(g->new, new, KW_ONE_OF, &all);
    for (size_t i = 0; i < count; i++)
        if (shape_member(g->new, all[i].schema, KW_PROPERTIES, name).schema != NULL)
            return true;
    return false;
}

bool may_wrap_one_of(struct graph *g, const struct shape *old, const struct shape *new)
{
    const struct str *names, *types;
    size_t count;
    if (shape_has(old, KW_ONE_OF) || !shape_has(new, KW_ONE_OF) ||
        shape_names(g->new, new, KW_PROPERTIES, &names) > 0 ||
        shape_set(g->new, new, KW_TYPE, &types) > 0)
        return false;
    count = shape_names(g->old, old, KW_PROPERTIES, &names);
    for (size_t i = 0; i < count; i++)
        if (moved_into(g, new, names[i]))
            return true;
    return false;
}

bool wrapping_moved(struct graph *g, const struct pair *pair, struct str name)
{
    return may_wrap_one_of(g, pair->old, pair->new) && moved_into(g, pair->new, name);
}

static bool kept_whole(struct graph *g, const struct pair *pair)
{
    const struct shape_ref *all;
    size_t count = shape_list(g->new, pair->new, KW_ONE_OF, &all);
    for (size_t i = 0; i < count; i++)
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
