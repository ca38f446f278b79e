/* How two schemas differ by themselves. */
#include "catalog/diff/graph.h"

static bool sets_equal(struct graph *g, const struct pair *p, enum keyword k)
{
    struct text_set a = shape_set(g->old, p->old, k), b = shape_set(g->new, p->new, k);
    return a.texts.len == b.texts.len && all_held(&a, &b);
}

/* Equal lists, the usual case, cost one pass. */
static bool enums_equal(struct oas_spot a, struct oas_spot b)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    if (diff_values_equal(a, b))
        return true;
    struct text_set x = value_keys(&mem, a), y = value_keys(&mem, b);
    return x.texts.len == y.texts.len && all_held(&x, &y);
}

static bool bounds_equal(struct graph *g, const struct pair *p, enum keyword k)
{
    struct bound a = shape_bound(g->old, p->old, k), b = shape_bound(g->new, p->new, k);
    return a.is == b.is &&
           (a.is != BOUND_NUMBER || (!(a.number < b.number) && !(a.number > b.number)));
}

static bool needs_equal(struct oas_spot a, struct oas_spot b)
{
    if (a.node == NULL || b.node == NULL || a.node->size != b.node->size)
        return (a.node == NULL || a.node->size == 0) && (b.node == NULL || b.node->size == 0);
    for (const struct tree_node *n = tree_first(a.doc, a.node); n; n = tree_next(a.doc, n)) {
        struct oas_spot x = {a.doc, n}, y = {b.doc, tree_get(b.doc, b.node, tree_key(a.doc, n))};
        if (y.node == NULL || !enums_equal(x, y))
            return false;
    }
    return true;
}

static bool names_equal(struct graph *g, const struct pair *p, enum keyword k)
{
    const struct str *a, *b;
    size_t na = shape_names(g->old, p->old, k, &a), nb = shape_names(g->new, p->new, k, &b);
    if (na != nb)
        return false;
    for (size_t i = 0; i < na; i++)
        if (!str_eq(a[i], b[i]))
            return false;
    return true;
}

/* What an open keyword says without a schema: nothing, true or false. */
static int open_says(struct oas_spot at)
{
    return tree_kind_of(at.node) == TREE_BOOL ? 1 + at_true(at) : 0;
}

static void compare_single(struct graph *g, struct pair *p, enum keyword k)
{
    bool a = shape_child(g->old, p->old, k).schema != NULL,
         b = shape_child(g->new, p->new, k).schema != NULL;
    if (a && !b)
        p->removed |= BIT(k);
    if (b && !a)
        p->added |= BIT(k);
    if (a != b || (shape_keywords[k].class == CLASS_OPEN &&
                   open_says(shape_get(p->old, k)) != open_says(shape_get(p->new, k))))
        p->changed |= BIT(k);
}

static bool same(struct graph *g, struct pair *p, enum keyword k)
{
    struct oas_spot a = shape_get(p->old, k), b = shape_get(p->new, k);
    switch (shape_keywords[k].class) {
    case CLASS_TEXT:
        return str_eq(shape_text(p->old, k), shape_text(p->new, k));
    case CLASS_FLAG:
        /* 3.0 nullable is read as a type where forms are read alike */
        if (k == KW_NULLABLE && (g->options->upgrade || !g->options->oasdiff) &&
            (shape_has(p->old, KW_TYPE) || shape_has(p->new, KW_TYPE)))
            return true;
        return at_true(a) == at_true(b);
    case CLASS_COUNT:
    case CLASS_NUMBER:
    case CLASS_LIMIT:
        return bounds_equal(g, p, k);
    case CLASS_SET:
        return sets_equal(g, p, k);
    case CLASS_ENUM:
        return (a.node == NULL) == (b.node == NULL) ? enums_equal(a, b)
                                                    : (a.node ? a.node->size : b.node->size) == 0;
    case CLASS_VALUE:
        return diff_values_equal(a, b);
    case CLASS_NEEDS:
        return needs_equal(a, b);
    case CLASS_MAP:
        return names_equal(g, p, k);
    case CLASS_SCHEMA:
    case CLASS_OPEN:
        compare_single(g, p, k);
        return true;
    case CLASS_BRANCHES:
    case CLASS_TUPLE:
        break;
    }
    return true;
}

void pair_compare(struct graph *g, struct pair *p)
{
    uint64_t has = p->old->has | p->new->has;
    /* exclusive flags of 3.0 make a change of theirs one of the plain bound, and reverse */
    if (has & (BIT(KW_EXCLUSIVE_MINIMUM) | BIT(KW_MINIMUM)))
        has |= BIT(KW_EXCLUSIVE_MINIMUM) | BIT(KW_MINIMUM);
    if (has & (BIT(KW_EXCLUSIVE_MAXIMUM) | BIT(KW_MAXIMUM)))
        has |= BIT(KW_EXCLUSIVE_MAXIMUM) | BIT(KW_MAXIMUM);
    if (has & BIT(KW_NULLABLE))
        has |= BIT(KW_TYPE);
    for (unsigned k = 0; k < KEYWORD_COUNT; k++)
        if ((has & BIT(k)) && !same(g, p, (enum keyword)k))
            p->changed |= BIT(k);
    if (!shape_extensions_equal(p->old, p->new))
        p->changed |= BIT_EXTENSIONS;
    if (p->old->is_false != p->new->is_false || p->old->is_true != p->new->is_true)
        p->changed |= BIT_BOOLEAN;
}
