/* Properties of objects: added, removed, required, read-only, write-only, deprecated, stable. */
#include "catalog/diff/site.h"

/* --- added and removed ------------------------------------------------------------------------ */

/* Deprecation stands beside the reference or in what it leads to. */
static struct oas_spot deprecated_spot(const struct shape *s)
{
    return s->overlaid & BIT(KW_DEPRECATED) ? s->over : s->spot;
}

static void emit_property(const struct site *site, const char *id, struct str name, struct str date)
{
    struct str full = property_name(site->d->mem, site->path, name);
    site_emit_id(site, id, EMIT_CLAIMED | EMIT_DISCLAIMED | EMIT_DETAILS, KW_PROPERTIES,
                 SAY(SAID(PROP, full), SAID(BARE, name), SAID(DATE, date)));
}

static void check_removed(const struct site *site, struct str name, const struct shape *old)
{
    struct differ *d = site->d;
    const struct pair *parent = site->delta->pair;
    bool required = shape_requires(site->d->old, parent->old, name),
         write_only = shape_flag(old, KW_WRITE_ONLY);
    struct str date = STR("");
    const char *id = NULL;
    if (site->delta->wrapping & WRAP_ONE_OF && wrapping_moved(&d->graph, parent, name))
        return;
    if (!site->response && !shape_flag(old, KW_READ_ONLY))
        id = removal_id(d, deprecated_spot(old), "request-property-removed",
                        "request-property-removed-with-deprecation",
                        "request-property-removed-before-sunset", &date);
    else if (site->response && !required)
        id = write_only ? "response-optional-write-only-property-removed"
                        : "response-optional-property-removed";
    else if (site->response && write_only)
        id = "response-required-write-only-property-removed";
    else if (site->response)
        id = removal_id(d, deprecated_spot(old), "response-required-property-removed",
                        "response-required-property-removed-with-deprecation",
                        "response-required-property-removed-before-sunset", &date);
    if (id != NULL)
        emit_property(site, id, name, date);
}

static const char *added_id(const struct site *site, const struct shape *new, bool required)
{
    bool write_only = shape_flag(new, KW_WRITE_ONLY);
    if (site->response)
        return required ? (write_only ? "response-required-write-only-property-added"
                                      : "response-required-property-added")
                        : (write_only ? "response-optional-write-only-property-added"
                                      : "response-optional-property-added");
    if (shape_flag(new, KW_READ_ONLY))
        return NULL;
    if (!required)
        return "new-optional-request-property";
    return shape_has(new, KW_DEFAULT) ? "new-required-request-property-with-default"
                                      : "new-required-request-property";
}

static void check_added(const struct site *site, struct str name, const struct shape *new)
{
    const char *id =
        added_id(site, new, shape_requires(site->d->new, site->delta->pair->new, name));
    if (id != NULL)
        emit_property(site, id, name, STR(""));
}

/* In a header's object only what must be sent breaks. */
static void check_added_to_header(const struct site *site, struct str name, const struct shape *new)
{
    if (!str_eq(site->words.slot[SLOT_IN].shown, STR("header")) || shape_flag(new, KW_READ_ONLY) ||
        !shape_requires(site->d->new, site->delta->pair->new, name))
        return;
    emit_property(site, "new-required-request-header-property", name, STR(""));
}

static void check_one(const struct site *site, struct str name)
{
    struct differ *d = site->d;
    const struct pair *pair = site->delta->pair;
    const struct shape *old = shape_member(d->old, pair->old, KW_PROPERTIES, name).schema,
                       *new = shape_member(d->new, pair->new, KW_PROPERTIES, name).schema;
    bool of_message = site->scope == SCOPE_BODY || site->scope == SCOPE_PROPERTY;
    if (old == NULL && new != NULL && of_message)
        check_added(site, name, new);
    if (old != NULL && new == NULL && of_message)
        check_removed(site, name, old);
    if (old == NULL && new != NULL && site->scope == SCOPE_PARAMETER_PROPERTY)
        check_added_to_header(site, name, new);
}

/* site->path leads to the object. */
void judge_properties(const struct site *site)
{
    struct differ *d = site->d;
    const struct str *a, *b;
    size_t na = shape_names(d->old, site->delta->pair->old, KW_PROPERTIES, &a),
           nb = shape_names(d->new, site->delta->pair->new, KW_PROPERTIES, &b);
    for (size_t i = 0, j = 0; i < na || j < nb;) {
        int order = i == na ? 1 : j == nb ? -1 : str_cmp(a[i], b[j]);
        if (order != 0)
            check_one(site, order < 0 ? a[i] : b[j]);
        i += order <= 0;
        j += order >= 0;
    }
}

/* --- required --------------------------------------------------------------------------------- */

static void emit_required(const struct site *site, const char *action, struct str name,
                          unsigned how)
{
    struct arena *mem = site->d->mem;
    struct str below = property_name(mem, site->name, name);
    site_emit_id(site, action, how, KW_REQUIRED,
                 SAY(SAID(PROP, property_name(mem, site->path, below)), SAID(BARE, name)));
}

static void check_required_of_request(const struct site *site, struct str name, bool now,
                                      const struct shape *old, const struct shape *new)
{
    struct site plain = *site;
    plain.under_all_of = false;
    if (old == NULL || new == NULL || shape_flag(new, KW_READ_ONLY))
        return;
    const char *id = !now                         ? "request-property-became-optional"
                     : shape_has(new, KW_DEFAULT) ? "request-property-became-required-with-default"
                                                  : "request-property-became-required";
    emit_required(&plain, id, name, EMIT_CLAIMED | EMIT_DISCLAIMED | EMIT_DETAILS);
}

static void check_required_of_response(const struct site *site, struct str name, bool now,
                                       const struct shape *old, const struct shape *new)
{
    bool body = site->scope == SCOPE_BODY;
    if (new == NULL || (old == NULL && (now || !body)))
        return;
    bool write_only = shape_flag(body ? new : old, KW_WRITE_ONLY);
    emit_required(site,
                  now ? (write_only ? "response-write-only-property-became-required"
                                    : "response-property-became-required")
                      : (write_only ? "response-write-only-property-became-optional"
                                    : "response-property-became-optional"),
                  name, EMIT_SCHEMA);
}

static void check_required_of_header(const struct site *site, struct str name, bool now,
                                     const struct shape *old, const struct shape *new)
{
    if (!now || new == NULL || shape_flag(new, KW_READ_ONLY) ||
        !str_eq(site->words.slot[SLOT_IN].shown, STR("header")) ||
        (site->scope == SCOPE_PARAMETER && old == NULL))
        return;
    emit_required(site, "request-header-property-became-required", name, EMIT_CLAIMED);
}

static void each_required(const struct site *site, const struct text_set *names, bool now)
{
    struct differ *d = site->d;
    const struct pair *pair = site->delta->pair;
    for (size_t i = 0; i < names->texts.len; i++) {
        struct str name = names->texts.ptr[i];
        const struct shape *old = shape_member(d->old, pair->old, KW_PROPERTIES, name).schema,
                           *new = shape_member(d->new, pair->new, KW_PROPERTIES, name).schema;
        if (site->scope == SCOPE_PARAMETER || site->scope == SCOPE_PARAMETER_PROPERTY)
            check_required_of_header(site, name, now, old, new);
        else if (site->scope != SCOPE_HEADER && site->response)
            check_required_of_response(site, name, now, old, new);
        else if (site->scope != SCOPE_HEADER)
            check_required_of_request(site, name, now, old, new);
    }
}

void judge_required(const struct site *site)
{
    struct differ *d = site->d;
    if (!(site->delta->changed & BIT(KW_REQUIRED)))
        return;
    struct text_set a = shape_set(d->old, site->delta->pair->old, KW_REQUIRED),
                    b = shape_set(d->new, site->delta->pair->new, KW_REQUIRED),
                    added = not_held(d->mem, &b, &a), removed = not_held(d->mem, &a, &b);
    each_required(site, &added, true);
    each_required(site, &removed, false);
}

/* --- read-only and write-only ----------------------------------------------------------------- */

static void emit_mutability(const struct site *site, bool required, const char *what,
                            enum keyword k, unsigned how)
{
    char id[96];
    snprintf(id, sizeof(id), "%s-%s-property-became-%s%s", site->response ? "response" : "request",
             required ? "required" : "optional",
             shape_flag(site->delta->pair->new, k) ? "" : "not-", what);
    /* since 3.1 what is required is so in requests, read-only or not */
    bool still_sent = !site->response && required && k == KW_READ_ONLY &&
                      !shape_flag(site->delta->pair->new, k) && side_is_31(site->d->old);
    site_emit_id(site,
                 still_sent ? "request-required-property-became-not-read-only-in-openapi-31" : id,
                 EMIT_SCHEMA | how, k, NULL);
}

void judge_mutability(const struct site *site)
{
    uint64_t changed = site->delta->changed;
    if (site->scope != SCOPE_PROPERTY || site->parent == NULL || site->name.len == 0 ||
        !(changed & (BIT(KW_READ_ONLY) | BIT(KW_WRITE_ONLY))))
        return;
    const struct pair *parent = site->parent->pair;
    if (shape_member(site->d->new, parent->new, KW_PROPERTIES, site->name).schema == NULL)
        return;
    bool required = shape_requires(site->d->old, parent->old, site->name) &&
                    (site->response || shape_requires(site->d->new, parent->new, site->name));
    if (changed & BIT(KW_WRITE_ONLY))
        emit_mutability(site, required, "write-only", KW_WRITE_ONLY,
                        site->response && required ? EMIT_NOT_WRITE_ONLY : 0);
    if (changed & BIT(KW_READ_ONLY))
        emit_mutability(site, required, "read-only", KW_READ_ONLY,
                        site->response ? 0 : EMIT_NOT_READ_ONLY);
}

/* --- life cycle ------------------------------------------------------------------------------- */

static struct str both_details(const struct site *site)
{
    struct str stability = stability_details(site->d, site->op->new);
    return arena_join(site->d->mem, stability,
                      stability.len > 0 && site->details.len > 0 ? STR(" ") : STR(""),
                      site->details);
}

static void check_deprecated(const struct site *site)
{
    struct differ *d = site->d;
    struct site detailed = *site;
    struct stability stability = stability_of(d, site->op->new);
    struct sunset sunset = sunset_of(d, deprecated_spot(site->delta->pair->new));
    uint32_t days = sunset_days(d, &stability);
    detailed.details = both_details(site);
    if (!stability.valid)
        return;
    if (!shape_flag(site->delta->pair->new, KW_DEPRECATED))
        site_emit(&detailed, "reactivated", EMIT_SCHEMA, KW_DEPRECATED, NULL);
    else if (!sunset.said && days > 0)
        site_emit(site, "deprecated-sunset-missing", EMIT_SCHEMA, KW_DEPRECATED, NULL);
    else if (!sunset.said)
        site_emit(&detailed, "deprecated", EMIT_SCHEMA, KW_DEPRECATED, NULL);
    else if (!sunset.valid)
        site_emit(site, "deprecated-sunset-invalid", EMIT_SCHEMA, KW_DEPRECATED,
                  SAY(SAID(VALUE, sunset.fault)));
    else if (sunset.day - today(d) < (int64_t)days)
        site_emit(site, "sunset-date-too-small", EMIT_SCHEMA, KW_DEPRECATED,
                  SAY(SAID(DATE, sunset.date), SAID(DAYS, arena_printf(d->mem, "%u", days))));
    else
        site_emit(&detailed, "deprecated-with-sunset", EMIT_SCHEMA, KW_DEPRECATED,
                  SAY(SAID(DATE, sunset.date)));
}

static void check_stability(const struct site *site)
{
    struct differ *d = site->d;
    struct stability old = stability_of(d, site->delta->pair->old->spot),
                     new = stability_of(d, site->delta->pair->new->spot);
    if (!old.valid || !new.valid) {
        say_operation(d, "api-invalid-stability-level", site->op, site->delta->pair->old->spot,
                      site->delta->pair->new->spot,
                      SAY(SAID(VALUE, old.valid ? new.fault : old.fault)));
        return;
    }
    if (old.level == new.level || !stable_enough(d, &old))
        return;
    site_emit(site, new.level < old.level ? "stability-decreased" : "stability-increased",
              EMIT_SCHEMA, KW_NONE, SAY(SAID(FROM, old.name), SAID(TO, new.name)));
}

void judge_property_lifecycle(const struct site *site)
{
    if (site->scope != SCOPE_PROPERTY)
        return;
    if (site->delta->changed & BIT(KW_DEPRECATED))
        check_deprecated(site);
    if (site->delta->changed & BIT_EXTENSIONS)
        check_stability(site);
}

void judge_schema(const struct site *site)
{
    judge_nullable(site);
    judge_false(site);
    judge_types(site);
    judge_bounds(site);
    judge_values(site);
    judge_structure(site);
    judge_discriminator(site);
    judge_required(site);
    judge_mutability(site);
    judge_property_lifecycle(site);
}
