/* Recognises a schema that moved into a oneOf: made nullable, or made one of several. */
#include "catalog/diff/graph.h"

static bool says(struct side *side, const struct schema *s, enum keyword k)
{
    struct oas_spot at = schema_get(s, k);
    const struct str *names;
    switch (keywords[k].class) {
    case CLASS_TEXT:
        return schema_text(s, k).len > 0;
    case CLASS_FLAG:
        return spot_true(at);
    case CLASS_COUNT:
    case CLASS_NUMBER:
    case CLASS_LIMIT:
        return schema_bound(side, s, k).is != BOUND_ABSENT;
    case CLASS_SET:
        return schema_set(side, s, k, &names) > 0;
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

static bool says_nothing_beyond(struct side *side, const struct schema *s, uint64_t but)
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

bool schema_says_nothing(struct side *side, const struct schema *s)
{
    return says_nothing_beyond(side, s, 0);
}

static bool allows_null(struct side *side, const struct schema *s)
{
    const struct str *types;
    size_t count = schema_set(side, s, KW_TYPE, &types);
    for (size_t i = 0; i < count; i++)
        if (str_eq(types[i], STR("null")))
            return true;
    return schema_flag(s, KW_NULLABLE);
}

static bool is_bare_null(struct side *side, const struct schema *s)
{
    const struct str *types;
    return !s->is_true && !s->is_false && schema_set(side, s, KW_TYPE, &types) == 1 &&
           str_eq(types[0], STR("null")) && says_nothing_beyond(side, s, BIT(KW_TYPE));
}

bool may_wrap_null(struct graph *g, const struct schema *plain, const struct schema *wrapped,
                   struct schema_ref *payload, bool wrapped_is_new)
{
    const struct schema_ref *all;
    struct side *side = graph_side(g, wrapped_is_new);
    unsigned nulls = 0;
    if ((plain->has & (BIT(KW_ONE_OF) | BIT(KW_ANY_OF) | BIT(KW_ALL_OF) | BIT(KW_NOT))) ||
        !schema_has(wrapped, KW_ONE_OF) || allows_null(graph_side(g, !wrapped_is_new), plain) ||
        schema_list(side, wrapped, KW_ONE_OF, &all) != 2 ||
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

static bool moved_into(struct graph *g, const struct schema *new, struct str name)
{
    const struct schema_ref *all;
    size_t count = schema_list(g->new, new, KW_ONE_OF, &all);
    for (size_t i = 0; i < count; i++)
        if (schema_member(g->new, all[i].schema, KW_PROPERTIES, name).schema != NULL)
            return true;
    return false;
}

bool may_wrap_one_of(struct graph *g, const struct schema *old, const struct schema *new)
{
    const struct str *names, *types;
    size_t count;
    if (schema_has(old, KW_ONE_OF) || !schema_has(new, KW_ONE_OF) ||
        schema_names(g->new, new, KW_PROPERTIES, &names) > 0 ||
        schema_set(g->new, new, KW_TYPE, &types) > 0)
        return false;
    count = schema_names(g->old, old, KW_PROPERTIES, &names);
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
    const struct schema_ref *all;
    size_t count = schema_list(g->new, pair->new, KW_ONE_OF, &all);
    for (size_t i = 0; i < count; i++)
        if (schemas_equivalent(g, pair->old, all[i].schema))
            return true;
    return false;
}

unsigned wrapping_of(struct graph *g, const struct pair *pair)
{
    struct schema_ref payload = {STR(""), NULL};
    unsigned found = 0;
    if (may_wrap_one_of(g, pair->old, pair->new))
        found |= WRAP_ONE_OF | (kept_whole(g, pair) ? WRAP_KEPT : 0u);
    if (may_wrap_null(g, pair->old, pair->new, &payload, true) &&
        schemas_equivalent(g, pair->old, payload.schema))
        found |= WRAP_NULL_ADDED;
    else if (may_wrap_null(g, pair->new, pair->old, &payload, false) &&
             schemas_equivalent(g, payload.schema, pair->new))
        found |= WRAP_NULL_REMOVED;
    return found;
}
