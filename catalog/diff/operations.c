/* One operation: identity, tags, life cycle, and all it holds. */
#include "catalog/diff/site.h"

static void report_both(struct differ *d, const char *id, const struct operation *op,
                        const char *member, const struct words *words, struct str details)
{
    struct oas_spot a = at_raw(op->old, member), b = at_raw(op->new, member);
    const struct about about = {.op = op,
                                .operation_id = op->id,
                                .section = "paths",
                                .old = a.node != NULL ? a : op->old,
                                .new = b.node != NULL ? b : op->new,
                                .details = details};
    say_check(d, id, &about, DIFF_NONE, words);
}

/* --- life cycle ------------------------------------------------------------------------------- */

static void compare_deprecated(struct differ *d, const struct operation *op)
{
    struct stability stability = stability_of(d, op->new);
    struct sunset sunset = sunset_of(d, op->new);
    struct str details = stability_details(d, op->new);
    bool old = at_true(at_raw(op->old, "deprecated")), new = at_true(at_raw(op->new, "deprecated"));
    uint32_t days = sunset_days(d, &stability);
    if (old == new)
        return;
    if (!new) {
        report_both(d, "endpoint-reactivated", op, "deprecated", NULL, details);
        return;
    }
    if (!stability.valid)
        return;
    if (!sunset.said && days > 0)
        report_both(d, "api-deprecated-sunset-missing", op, "deprecated", NULL, STR_NONE);
    else if (!sunset.said)
        report_both(d, "endpoint-deprecated", op, "deprecated", NULL, details);
    else if (!sunset.valid)
        report_both(d, "api-deprecated-sunset-parse", op, "deprecated",
                    SAY(SAID(VALUE, sunset.fault)), STR_NONE);
    else if (sunset.day - today(d) < (int64_t)days)
        report_both(d, "api-sunset-date-too-small", op, "deprecated",
                    SAY(SAID(DATE, sunset.date), SAID(DAYS, arena_printf(d->mem, "%u", days))),
                    STR_NONE);
    else
        report_both(d, "endpoint-deprecated-with-sunset", op, "deprecated",
                    SAY(SAID(DATE, sunset.date)), details);
}

static void compare_sunset(struct differ *d, const struct operation *op)
{
    struct sunset old = sunset_of(d, op->old), new = sunset_of(d, op->new);
    struct stability stability = stability_of(d, op->new);
    struct oas_spot a = at_raw(op->old, "x-sunset"), b = at_raw(op->new, "x-sunset");
    uint32_t days = sunset_days(d, &stability);
    if (!at_true(at_raw(op->new, "deprecated")) || !old.said)
        return;
    if (!new.said)
        report_both(d, "sunset-deleted", op, "deprecated", NULL, STR_NONE);
    else if (diff_values_equal(a, b))
        return;
    else if (!new.valid || !old.valid)
        report_both(d, "api-path-sunset-parse", op, "x-sunset",
                    SAY(SAID(VALUE, new.valid ? old.fault : new.fault)), STR_NONE);
    else if (stability.valid && old.day > new.day &&new.day - today(d) < (int64_t)days)
        report_both(d, "api-sunset-date-changed-too-small", op, "x-sunset",
                    SAY(SAID(FROM, old.date), SAID(TO, new.date),
                        SAID(DAYS, arena_printf(d->mem, "%u", days))),
                    STR_NONE);
}

/* False when the operation is not stable enough to be looked at. */
static bool compare_stability(struct differ *d, const struct operation *op)
{
    struct stability old = stability_of(d, op->old), new = stability_of(d, op->new);
    if (!old.valid && !diff_values_equal(op->old, op->new))
        report_both(d, "api-invalid-stability-level", op, "x-stability-level",
                    SAY(SAID(VALUE, old.fault)), STR_NONE);
    if (!new.valid && !diff_values_equal(op->old, op->new))
        report_both(d, "api-invalid-stability-level", op, "x-stability-level",
                    SAY(SAID(VALUE, new.fault)), STR_NONE);
    if (old.valid && new.valid && old.level != new.level &&stable_enough(d, &old))
        report_both(
            d, new.level < old.level ? "api-stability-decreased" : "api-stability-increased", op,
            "x-stability-level", SAY(SAID(FROM, old.name), SAID(TO, new.name)), STR_NONE);
    return !new.valid || stable_enough(d, &new);
}

/* --- identity and tags ------------------------------------------------------------------------ */

static void compare_id(struct differ *d, const struct operation *op)
{
    struct str old = at_text(at_raw(op->old, "operationId")),
               new = at_text(at_raw(op->new, "operationId"));
    if (old.len == new.len && (old.len == 0 || str_eq(old, new)))
        return;
    struct operation named = *op;
    if (old.len == 0) {
        report_both(d, "api-operation-id-added", op, "operationId", SAY(SAID(TO, new)), STR_NONE);
        return;
    }
    named.id = old;
    report_both(d, "api-operation-id-removed", &named, "operationId",
                SAY(SAID(FROM, old), SAID(TO, new.ptr == NULL ? STR("") : new)), STR_NONE);
}

static void each_tag(struct differ *d, const struct operation *op, const struct text_set *tags,
                     const char *id)
{
    struct operation named = *op;
    named.id = at_text(at_raw(op->old, "operationId"));
    if (named.id.ptr == NULL)
        named.id = STR("");
    for (size_t i = 0; i < tags->texts.len; i++)
        report_both(d, id, &named, "tags", SAY(SAID(VALUE, tags->texts.ptr[i])), STR_NONE);
}

static void compare_tags(struct differ *d, const struct operation *op)
{
    struct text_set a = texts_of(d->mem, at_raw(op->old, "tags")),
                    b = texts_of(d->mem, at_raw(op->new, "tags")),
                    removed = not_held(d->mem, &a, &b), added = not_held(d->mem, &b, &a);
    each_tag(d, op, &removed, "api-tag-removed");
    each_tag(d, op, &added, "api-tag-added");
}

void compare_operation(struct differ *d, const struct operation *op, struct oas_spot old_item,
                       struct oas_spot new_item, const struct str *old_names,
                       const struct str *new_names, size_t name_count)
{
    if (!compare_stability(d, op))
        return;
    d->inherits_security |= !str_starts(op->path, STR("webhook:")) &&
                            at_raw(op->old, "security").node == NULL &&
                            at_raw(op->new, "security").node == NULL;
    compare_deprecated(d, op);
    compare_sunset(d, op);
    compare_id(d, op);
    compare_tags(d, op);
    compare_parameters(d, op, old_item, new_item, old_names, new_names, name_count);
    compare_request_body(d, op, old_item, new_item);
    compare_responses(d, op);
    compare_operation_security(d, op);
    if (!d->options->oasdiff)
        compare_callbacks(d, op);
}
