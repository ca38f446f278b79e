/* Deprecation with x-sunset, x-stability-level. */
#include "catalog/diff/site.h"

#define MS_PER_DAY INT64_C(86400000)

static const char *const stability_names[] = {[STABILITY_DRAFT] = "draft",
                                              [STABILITY_ALPHA] = "alpha",
                                              [STABILITY_BETA] = "beta",
                                              [STABILITY_STABLE] = "stable"};

/* A value as it stands in the source, without quotes. */
static struct str plain_text(struct oas_spot value)
{
    if (tree_kind_of(value.node) == TREE_STRING)
        return tree_text(value.doc, value.node);
    return str_sub(tree_source(value.doc), value.node->start, value.node->end - value.node->start);
}

struct stability stability_of(struct differ *d, struct oas_spot object)
{
    struct stability s = {.level = STABILITY_STABLE, .valid = true, .name = STR("stable")};
    struct oas_spot value = at_raw(object, "x-stability-level");
    if (value.node == NULL || tree_kind_of(value.node) == TREE_NULL)
        return s;
    s.said = true;
    struct str text = at_text(value);
    for (unsigned i = 0; i < COUNT_OF(stability_names); i++)
        if (text.ptr != NULL && str_eq(text, str_from(stability_names[i]))) {
            s.level = (enum diff_stability)i;
            s.name = text;
            return s;
        }
    s.valid = text.ptr != NULL && text.len == 0;
    const char *quote = tree_kind_of(value.node) == TREE_STRING ? "\"" : "";
    s.fault =
        arena_printf(d->mem, "value is not one of draft, alpha, beta or stable: %s" STR_FMT "%s",
                     quote, STR_ARG(plain_text(value)), quote);
    s.valid = false;
    return s;
}

bool stable_enough(const struct differ *d, const struct stability *stability)
{
    enum diff_stability least = d->options->has_stability ? d->options->stability : STABILITY_BETA;
    return stability->level >= least;
}

struct str stability_details(struct differ *d, struct oas_spot operation)
{
    struct stability s = stability_of(d, operation);
    return s.said && s.valid ? arena_join(d->mem, STR("(stability: "), s.name, STR(")")) : STR("");
}

uint32_t sunset_days(const struct differ *d, const struct stability *stability)
{
    switch (stability->level) {
    case STABILITY_BETA:
        return d->options->sunset_days_beta;
    case STABILITY_STABLE:
        return d->options->sunset_days_stable;
    case STABILITY_DRAFT:
    case STABILITY_ALPHA:
        break;
    }
    return 0;
}

int64_t today(const struct differ *d)
{
    return d->options->now_ms / MS_PER_DAY;
}

/* A date, or a time with an offset (RFC 3339); only the date as written counts. */
static bool date_of(struct arena *mem, struct str text, int64_t *day)
{
    int64_t ms = 0;
    struct str date = str_sub(text, 0, 10);
    struct str midnight = arena_join(mem, date, STR("T00:00:00.000Z"));
    bool alone = text.len == 10,
         with_time = text.len >= 20 && (text.ptr[10] == 'T' || text.ptr[10] == 't');
    if (text.len < 10 || (!alone && !with_time) || !time_parse(midnight, &ms))
        return false;
    *day = ms / MS_PER_DAY;
    return true;
}

struct sunset sunset_of(struct differ *d, struct oas_spot object)
{
    struct sunset s = {.said = false};
    struct oas_spot value = at_raw(object, "x-sunset");
    if (value.node == NULL)
        return s;
    s.said = true;
    struct str text = at_text(value);
    s.valid = text.ptr != NULL && date_of(d->mem, text, &s.day);
    s.date = str_sub(text, 0, 10);
    if (!s.valid)
        s.fault = arena_join(d->mem, STR("sunset date doesn't conform with RFC3339: "),
                             plain_text(value));
    return s;
}

const char *removal_id(struct differ *d, struct oas_spot removed, const char *plain,
                       const char *deprecated, const char *before_sunset, struct str *date)
{
    struct sunset sunset = sunset_of(d, removed);
    if (!at_true(at_raw(removed, "deprecated")))
        return plain;
    if (!sunset.said)
        return deprecated;
    *date = sunset.valid ? sunset.date : sunset.fault;
    if (!sunset.valid)
        return plain;
    return today(d) < sunset.day ? before_sunset : NULL;
}
