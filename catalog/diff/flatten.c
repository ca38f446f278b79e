/* allOf taken apart: one schema that says what a schema and its allOf say together. */
#include "catalog/diff/side.h"

#define MOST_PARTS 64
/* A schema and its allOf have at most as many parts, so a longer chain of them is not flat anyway;
 * some more for schemas that are parts of several. Each level takes a few kB of stack. */
#define MOST_LEVELS (2 * MOST_PARTS)
#define ANNOTATIONS                                                                               \
    (BIT(KW_TITLE) | BIT(KW_DESCRIPTION) | BIT(KW_DEFAULT) | BIT(KW_EXAMPLE) | BIT(KW_EXAMPLES) | \
     BIT(KW_EXTERNAL_DOCS) | BIT(KW_XML) | BIT(KW_COMMENT) | BIT(KW_ID) | BIT(KW_ANCHOR) |        \
     BIT(KW_DIALECT) | BIT(KW_DISCRIMINATOR) | BIT(KW_DEPRECATED) | BIT(KW_DEFS) |                \
     BIT(KW_ALLOW_EMPTY_VALUE) | BIT(KW_DYNAMIC_ANCHOR))

struct parts {
    const struct shape *ptr[MOST_PARTS];
    size_t len;
};

static bool add_part(struct parts *parts, const struct shape *s)
{
    for (size_t i = 0; i < parts->len; i++)
        if (parts->ptr[i] == s)
            return true;
    if (parts->len == MOST_PARTS || s->is_false)
        return false;
    parts->ptr[parts->len++] = s;
    return true;
}

/* The members of allOf are themselves flat, unless they are being made at this moment (a circle) or
 * could not be made one. */
static bool collect(struct side *side, const struct shape *s, struct parts *parts)
{
    const struct shape_ref *all;
    size_t count = shape_list(side, s, KW_ALL_OF, &all);
    for (size_t i = 0; i < count; i++) {
        const struct shape *one = all[i].schema;
        if (one->part_count == 0 && shape_has(one, KW_ALL_OF))
            return false;
        if (one->is_true)
            continue;
        for (size_t j = 0; j < one->part_count; j++)
            if (!add_part(parts, one->parts[j]))
                return false;
        if (one->part_count == 0 && !add_part(parts, one))
            return false;
    }
    return true;
}

/* Which of two sets is held by the other; NULL when neither is. */
static const struct shape *narrower(const struct shape *a, const struct text_set *of_a,
                                    const struct shape *b, const struct text_set *of_b)
{
    return all_held(of_a, of_b) ? a : all_held(of_b, of_a) ? b : NULL;
}

static const struct shape *narrower_types(struct side *side, const struct shape *a,
                                          const struct shape *b)
{
    struct text_set x = shape_set(side, a, KW_TYPE), y = shape_set(side, b, KW_TYPE);
    return narrower(a, &x, b, &y);
}

static const struct shape *narrower_enum(const struct shape *a, const struct shape *b)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct text_set x = value_keys(&mem, shape_get(a, KW_ENUM)),
                    y = value_keys(&mem, shape_get(b, KW_ENUM));
    return narrower(a, &x, b, &y);
}

static const struct shape *tighter(struct side *side, const struct shape *a, const struct shape *b,
                                   enum keyword k)
{
    struct bound x = shape_bound(side, a, k), y = shape_bound(side, b, k);
    bool upper = k == KW_MAXIMUM || k == KW_MAX_LENGTH || k == KW_MAX_ITEMS ||
                 k == KW_MAX_PROPERTIES || k == KW_MAX_CONTAINS || k == KW_EXCLUSIVE_MAXIMUM;
    if (x.is != BOUND_NUMBER)
        return y.is == BOUND_NUMBER || y.is == x.is ? b : NULL;
    if (y.is != BOUND_NUMBER)
        return a;
    if (k == KW_MULTIPLE_OF)
        return x.number < y.number || x.number > y.number ? NULL : a;
    return (x.number < y.number) == upper ? a : b;
}

/* The part whose word on a keyword holds for both, or NULL. */
static const struct shape *choose(struct side *side, const struct shape *a, const struct shape *b,
                                  enum keyword k)
{
    struct oas_spot x = shape_get(a, k), y = shape_get(b, k);
    if (diff_values_equal(x, y) || (ANNOTATIONS & BIT(k)))
        return a;
    switch (shape_keywords[k].class) {
    case CLASS_SET:
        return k == KW_REQUIRED ? a : narrower_types(side, a, b);
    case CLASS_ENUM:
        return narrower_enum(a, b);
    case CLASS_COUNT:
    case CLASS_NUMBER:
    case CLASS_LIMIT:
        return tighter(side, a, b, k);
    case CLASS_FLAG:
        return at_true(x) ? a : b;
    case CLASS_MAP:
        return k == KW_PROPERTIES ? a : NULL;
    case CLASS_TEXT:
    case CLASS_VALUE:
    case CLASS_NEEDS:
    case CLASS_SCHEMA:
    case CLASS_OPEN:
    case CLASS_BRANCHES:
    case CLASS_TUPLE:
        break;
    }
    return NULL;
}

struct merged {
    struct oas_spot by_keyword[KEYWORD_COUNT];
    uint64_t has;
};

static bool merge(struct side *side, const struct parts *parts, struct merged *out)
{
    for (unsigned k = 0; k < KEYWORD_COUNT; k++) {
        const struct shape *chosen = NULL;
        for (size_t i = 0; i < parts->len; i++) {
            const struct shape *one = parts->ptr[i];
            if (k == KW_ALL_OF || !shape_has(one, (enum keyword)k))
                continue;
            chosen = chosen == NULL ? one : choose(side, chosen, one, (enum keyword)k);
            if (chosen == NULL)
                return false;
        }
        if (chosen == NULL)
            continue;
        out->by_keyword[k] = shape_get(chosen, (enum keyword)k);
        out->has |= BIT(k);
    }
    /* null must be allowed by each part that says which types are */
    for (size_t i = 0; i < parts->len; i++)
        if (shape_has(parts->ptr[i], KW_TYPE) && !shape_flag(parts->ptr[i], KW_NULLABLE))
            out->has &= ~BIT(KW_NULLABLE);
    return true;
}

static void keep_parts(struct side *side, struct shape *s, const struct parts *parts)
{
    s->parts = arena_array(side->mem, const struct shape *, parts->len);
    memcpy(s->parts, parts->ptr, parts->len * sizeof(*s->parts));
    s->part_count = parts->len;
}

static void flatten(struct side *side, struct shape *s)
{
    struct parts parts = {.len = 0};
    struct merged merged = {.has = s->has & BIT_EXTENSIONS};
    struct shape *own = arena_new(side->mem, struct shape);
    *own = *s;
    own->has &= ~BIT(KW_ALL_OF);
    struct merged rest = {.has = own->has};
    for (unsigned k = 0; k < KEYWORD_COUNT; k++)
        rest.by_keyword[k] = shape_get(s, (enum keyword)k);
    shape_fill(side, own, rest.by_keyword, rest.has);
    own->number = ++side->count;
    if (!add_part(&parts, own) || !collect(side, s, &parts) || !merge(side, &parts, &merged))
        return;
    keep_parts(side, s, &parts);
    s->overlaid = 0;
    shape_fill(side, s, merged.by_keyword, merged.has);
}

void shape_flatten(struct side *side, struct shape *s)
{
    if (side->flattening == MOST_LEVELS)
        return;
    side->flattening++;
    flatten(side, s);
    side->flattening--;
}

const struct shape *shape_join(struct side *side, const struct shape *const *all, size_t count)
{
    struct parts parts = {.len = 0};
    struct merged merged = {0};
    uint64_t key = hash_text(0, STR(""));
    for (size_t i = 0; i < count; i++) {
        key = hash_mix(key, all[i]->number);
        for (size_t j = 0; j < all[i]->part_count; j++)
            if (!add_part(&parts, all[i]->parts[j]))
                return all[0];
        if (all[i]->part_count == 0 && !add_part(&parts, all[i]))
            return all[0];
    }
    struct shape *s = diff_map_get(&side->joined, key | 1);
    if (s != NULL)
        return s;
    if (!merge(side, &parts, &merged))
        return all[0];
    s = arena_new(side->mem, struct shape);
    s->spot = all[0]->spot;
    s->number = ++side->count;
    keep_parts(side, s, &parts);
    shape_fill(side, s, merged.by_keyword, merged.has);
    diff_map_put(&side->joined, side->mem, key | 1, s);
    return s;
}
