/* Lower and upper bounds, multipleOf, uniqueItems. */
#include <math.h>

#include "catalog/diff/site.h"

enum polarity { LOWER, UPPER, STEP };

static const struct bound_row {
    const char *name;
    enum keyword keyword;
    enum polarity polarity;
} rows[] = {
    {"max",            KW_MAXIMUM,           UPPER},
    {"min",            KW_MINIMUM,           LOWER},
    {"multiple-of",    KW_MULTIPLE_OF,       STEP },
    {"max-length",     KW_MAX_LENGTH,        UPPER},
    {"min-length",     KW_MIN_LENGTH,        LOWER},
    {"max-items",      KW_MAX_ITEMS,         UPPER},
    {"min-items",      KW_MIN_ITEMS,         LOWER},
    {"max-properties", KW_MAX_PROPERTIES,    UPPER},
    {"min-properties", KW_MIN_PROPERTIES,    LOWER},
    {"min-contains",   KW_MIN_CONTAINS,      LOWER},
    {"max-contains",   KW_MAX_CONTAINS,      UPPER},
    {"exclusive-min",  KW_EXCLUSIVE_MINIMUM, LOWER},
    {"exclusive-max",  KW_EXCLUSIVE_MAXIMUM, UPPER},
};

static bool set(struct bound b)
{
    return b.is == BOUND_TRUE || b.is == BOUND_NUMBER;
}

static void say(const struct site *site, const struct bound_row *row, const char *what,
                struct bound old, struct bound new, struct bound value)
{
    struct arena *mem = site->d->mem;
    bool oasdiff = site->d->options->oasdiff;
    bool schema_scope = site->scope == SCOPE_BODY || site->scope == SCOPE_PROPERTY;
    char action[64], id[128];
    const struct words *words = SAY(SAID_WORD(FROM, word_of_bound(mem, oasdiff, old)),
                                    SAID_WORD(TO, word_of_bound(mem, oasdiff, new)),
                                    SAID_WORD(VALUE, word_of_bound(mem, oasdiff, value)));
    snprintf(action, sizeof(action), "%s-%s", row->name, what);
    /* who must not send a property is not broken by a narrower one */
    snprintf(id, sizeof(id), "request-read-only-property-%s", action);
    if (!site->response && site->scope == SCOPE_PROPERTY &&
        shape_flag(site->delta->pair->new, KW_READ_ONLY) && diff_is_check(str_from(id)))
        site_emit_id(site, id, EMIT_SCHEMA, row->keyword, words);
    else
        site_emit(site, action, schema_scope ? EMIT_SCHEMA : EMIT_PLAIN, row->keyword, words);
}

/* Whether a is a whole multiple of b; both are decimals, so a little noise is none. */
static bool whole_multiple(double a, double b)
{
    double ratio = a / b;
    return fabs(b) > 0 && fabs(ratio - round(ratio)) < 1e-9 * fmax(1, fabs(ratio));
}

static void check_step(const struct site *site, const struct bound_row *row, struct bound old,
                       struct bound new)
{
    bool looser = whole_multiple(old.number, new.number),
         stricter = whole_multiple(new.number, old.number);
    if (site->response)
        say(site, row, stricter ? "specialized" : "changed", old, new, new);
    else
        say(site, row, looser ? "generalized" : "changed", old, new, new);
}

/* 3.0 writes an exclusive bound with the plain one's number: that moved, it did not go or come. */
static bool is_exclusive(const struct site *site, enum keyword k, const struct shape *s,
                         struct side *side)
{
    enum keyword exclusive = k == KW_MINIMUM   ? KW_EXCLUSIVE_MINIMUM
                             : k == KW_MAXIMUM ? KW_EXCLUSIVE_MAXIMUM
                                               : KW_NONE;
    return !site->d->options->oasdiff && exclusive != KW_NONE &&
           shape_bound(side, s, exclusive).is == BOUND_NUMBER;
}

static void check_bound(const struct site *site, const struct bound_row *row,
                        const struct pair *pair)
{
    struct bound old = shape_bound(site->d->old, pair->old, row->keyword),
                 new = shape_bound(site->d->new, pair->new, row->keyword);
    if (is_exclusive(site, row->keyword, pair->old, site->d->old) !=
        is_exclusive(site, row->keyword, pair->new, site->d->new))
        return;
    if (!set(old) && set(new))
        say(site, row, "set", old, new, new);
    else if (set(old) && !set(new))
        say(site, row, "unset", old, new, old);
    else if (old.is != BOUND_NUMBER || new.is != BOUND_NUMBER)
        return;
    else if (row->polarity == STEP)
        check_step(site, row, old, new);
    else
        say(site, row, old.number < new.number ? "increased" : "decreased", old, new, new);
}

/* oasdiff looks for a parameter's maxItems in its items, too. */
static void check_items_of_parameter(const struct site *site)
{
    const struct delta *delta = site->delta;
    for (uint32_t e = 0; e < delta->edge_count; e++) {
        const struct pair *items = delta->edges[e].to->pair;
        if (delta->edges[e].edge->keyword != KW_ITEMS || !(items->changed & BIT(KW_MAX_ITEMS)))
            continue;
        if (shape_has(items->old, KW_MAX_ITEMS) && shape_has(items->new, KW_MAX_ITEMS))
            check_bound(site, &rows[5], items);
    }
}

static void check_unique(const struct site *site)
{
    bool set_now = shape_flag(site->delta->pair->new, KW_UNIQUE_ITEMS);
    if (site->scope == SCOPE_BODY || site->scope == SCOPE_PROPERTY)
        site_emit(site, set_now ? "unique-items-set" : "unique-items-unset", EMIT_SCHEMA,
                  KW_UNIQUE_ITEMS, NULL);
}

void judge_bounds(const struct site *site)
{
    uint64_t changed = site->delta->changed;
    if (site->scope == SCOPE_PARAMETER_PROPERTY)
        return;
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        if (changed & BIT(rows[i].keyword))
            check_bound(site, &rows[i], site->delta->pair);
    if (site->d->options->oasdiff && site->scope == SCOPE_PARAMETER &&
        !(changed & BIT(KW_MAX_ITEMS)))
        check_items_of_parameter(site);
    if (changed & BIT(KW_UNIQUE_ITEMS))
        check_unique(site);
}
