/* Parameters of an operation: matched by name and place, in paths by position. */
#include "catalog/diff/site.h"

struct parameter {
    struct oas_spot spot;
    struct str name, in;
    bool of_item; /* stands at the path item */
    bool matched;
};

typedef VEC(struct parameter) parameters;

struct matching {
    struct differ *d;
    const struct operation *op;
    parameters old, new;
    const struct str *old_names, *new_names; /* of the path's template, by position */
    size_t name_count;
};

static bool known(const parameters *all, const struct parameter *p)
{
    for (size_t i = 0; i < all->len; i++)
        if (str_eq(all->ptr[i].name, p->name) && str_eq(all->ptr[i].in, p->in))
            return true;
    return false;
}

static void collect(struct differ *d, struct side *side, struct oas_spot list, bool of_item,
                    parameters *out)
{
    for (const struct tree_node *n = tree_first(list.doc, list.node); n;
         n = tree_next(list.doc, n)) {
        struct parameter p = {.spot = side_follow(side, (struct oas_spot){list.doc, n}),
                              .of_item = of_item};
        p.name = at_text(at_raw(p.spot, "name"));
        p.in = at_text(at_raw(p.spot, "in"));
        if (p.name.ptr == NULL || p.in.ptr == NULL || str_eq(p.in, STR("body")) ||
            (str_eq(p.in, STR("formData")) && !side_is_20(side)))
            continue;
        if (str_eq(p.in, STR("header")) && !d->options->headers_as_written)
            p.name = diff_lower(d->mem, p.name);
        if (!of_item || !known(out, &p))
            vec_push(out, d->mem, p);
    }
}

/* --- matching --------------------------------------------------------------------------------- */

static bool same_in_path(const struct matching *m, struct str old, struct str new)
{
    for (size_t i = 0; i < m->name_count; i++)
        if (str_eq(m->old_names[i], old))
            return str_eq(m->new_names[i], new);
    return m->name_count == 0 && str_eq(old, new);
}

static bool same_parameter(const struct matching *m, const struct parameter *old,
                           const struct parameter *new)
{
    if (!str_eq(old->in, new->in))
        return false;
    return str_eq(old->in, STR("path")) ? same_in_path(m, old->name, new->name)
                                        : str_eq(old->name, new->name);
}

/* Query and cookie objects written as `?a=1&b=2`, each property a parameter of its own. */
static const struct shape *exploded_object(struct side *side, const struct parameter *p)
{
    struct str style = at_text(at_raw(p->spot, "style"));
    struct shape_ref schema = shape_at(side, at_raw(p->spot, "schema"));
    const struct str *types, *names;
    bool of_query = str_eq(p->in, STR("query")) || str_eq(p->in, STR("cookie"));
    if (!of_query || (style.len > 0 && !str_eq(style, STR("form"))) ||
        !at_true(at_raw(p->spot, "explode")) || schema.schema == NULL)
        return NULL;
    if (shape_set(side, schema.schema, KW_TYPE, &types) != 1 || !str_eq(types[0], STR("object")) ||
        shape_names(side, schema.schema, KW_PROPERTIES, &names) == 0)
        return NULL;
    return schema.schema;
}

/* --- one parameter on both sides -------------------------------------------------------------- */

static void say_parameter(struct differ *d, const struct operation *op, const char *id,
                          const struct parameter *p, struct oas_spot old, struct oas_spot new,
                          const struct words *more)
{
    struct words words = more != NULL ? *more : (struct words){0};
    words.slot[SLOT_IN] = WORD(p->in);
    words.slot[SLOT_PARAM] = WORD(p->name);
    say_operation(d, id, op, old, new, &words);
}

static void compare_deprecated(struct differ *d, const struct operation *op,
                               const struct parameter *p, struct oas_spot old, struct oas_spot new)
{
    struct stability stability = stability_of(d, op->new);
    struct sunset sunset = sunset_of(d, new);
    bool was = at_true(at_raw(old, "deprecated")), is = at_true(at_raw(new, "deprecated"));
    uint32_t days = sunset_days(d, &stability);
    const char *id = NULL;
    struct words words = {0};
    words.slot[SLOT_DATE] = WORD(sunset.date);
    words.slot[SLOT_DAYS] = WORD(arena_printf(d->mem, "%u", days));
    words.slot[SLOT_VALUE] = WORD(sunset.fault);
    if (was == is || (is && !stability.valid))
        return;
    if (!is)
        id = "request-parameter-reactivated";
    else if (!sunset.said)
        id = days > 0 ? "request-parameter-deprecated-sunset-missing"
                      : "request-parameter-deprecated";
    else if (!sunset.valid)
        id = "request-parameter-sunset-parse";
    else
        id = sunset.day - today(d) < (int64_t)days ? "request-parameter-sunset-date-too-small"
                                                   : "request-parameter-deprecated";
    say_parameter(d, op, id, p, old, new, &words);
}

static void compare_sunset(struct differ *d, const struct operation *op, const struct parameter *p,
                           struct oas_spot old, struct oas_spot new)
{
    struct sunset was = sunset_of(d, old), is = sunset_of(d, new);
    struct stability stability = stability_of(d, op->new);
    uint32_t days = sunset_days(d, &stability);
    if (!at_true(at_raw(new, "deprecated")) || !was.said)
        return;
    if (!is.said)
        say_parameter(d, op, "request-parameter-sunset-deleted", p, old, new, NULL);
    else if (diff_values_equal(at_raw(old, "x-sunset"), at_raw(new, "x-sunset")))
        return;
    else if (!is.valid || !was.valid)
        say_parameter(d, op, "request-parameter-sunset-parse", p, old, new,
                      SAY(SAID(VALUE, is.valid ? was.fault : is.fault)));
    else if (stability.valid && was.day > is.day && is.day - today(d) < (int64_t)days)
        say_parameter(d, op, "request-parameter-sunset-date-changed-too-small", p, old, new,
                      SAY(SAID(FROM, was.date), SAID(TO, is.date),
                          SAID(DAYS, arena_printf(d->mem, "%u", days))));
}

static struct oas_spot schema_of(struct side *side, struct oas_spot param)
{
    struct oas_spot schema = value_schema(side, param);
    if (schema.node != NULL || side_is_plain(side))
        return schema;
    /* content has one member: its schema is the parameter's */
    struct oas_spot content = at_raw(param, "content");
    struct oas_spot media = {content.doc, tree_first(content.doc, content.node)};
    return at_raw(side_follow(side, media), "schema");
}

static void compare_one(struct differ *d, const struct operation *op, const struct parameter *p,
                        struct oas_spot old, struct oas_spot new, struct oas_spot old_schema,
                        struct oas_spot new_schema)
{
    bool was = at_true(at_raw(old, "required")), is = at_true(at_raw(new, "required"));
    struct shape_ref a = shape_at(d->old, old_schema), b = shape_at(d->new, new_schema);
    struct site site = {.d = d,
                        .op = op,
                        .scope = SCOPE_PARAMETER,
                        .words = *SAY(SAID(IN, p->in), SAID(PARAM, p->name)),
                        .old_param = old,
                        .new_param = new};
    if (was != is)
        say_parameter(
            d, op, is ? "request-parameter-became-required" : "request-parameter-became-optional",
            p, old, new, NULL);
    compare_deprecated(d, op, p, old, new);
    compare_sunset(d, op, p, old, new);
    if (a.schema != NULL && b.schema != NULL)
        walk_shapes(&site, a.schema, b.schema);
}

static void compare_pair(struct matching *m, const struct parameter *old,
                         const struct parameter *new)
{
    compare_one(m->d, m->op, old, old->spot, new->spot, schema_of(m->d->old, old->spot),
                schema_of(m->d->new, new->spot));
}

static void match_exploded(struct matching *m, bool object_is_new)
{
    struct differ *d = m->d;
    struct side *side = object_is_new ? d->new : d->old;
    parameters *objects = object_is_new ? &m->new : &m->old,
               *singles = object_is_new ? &m->old : &m->new;
    for (size_t i = 0; i < objects->len; i++) {
        struct parameter *object = &objects->ptr[i];
        const struct shape *s = object->matched ? NULL : exploded_object(side, object);
        for (size_t j = 0; s != NULL && j < singles->len; j++) {
            struct parameter *one = &singles->ptr[j];
            struct oas_spot property = {s->spot.doc, NULL}, map = shape_get(s, KW_PROPERTIES);
            property.node = tree_get(map.doc, map.node, one->name);
            if (one->matched || !str_eq(one->in, object->in) || property.node == NULL ||
                exploded_object(object_is_new ? d->old : d->new, one) != NULL)
                continue;
            one->matched = object->matched = true;
            struct oas_spot whole = object->spot, single = one->spot;
            struct oas_spot schema = at_raw(single, "schema");
            if (object_is_new)
                compare_one(d, m->op, one, single, whole, schema, property);
            else
                compare_one(d, m->op, one, whole, single, property, schema);
        }
    }
}

/* --- one side only ---------------------------------------------------------------------------- */

static void say_removed(struct differ *d, const struct operation *op, const struct parameter *p)
{
    struct str date = STR("");
    struct sunset sunset = sunset_of(d, p->spot);
    bool deprecated = at_true(at_raw(p->spot, "deprecated"));
    const char *id = removal_id(d, p->spot, "request-parameter-removed",
                                "request-parameter-removed-with-deprecation",
                                "request-parameter-removed-before-sunset", &date);
    if (deprecated && sunset.said && !sunset.valid)
        id = "request-parameter-sunset-parse";
    if (id != NULL)
        say_parameter(d, op, id, p, p->spot, (struct oas_spot){0},
                      SAY(SAID(DATE, date), SAID(VALUE, date)));
}

static void say_added(struct differ *d, const struct operation *op, const struct parameter *p)
{
    bool required = at_true(at_raw(p->spot, "required"));
    const char *id = str_eq(p->in, STR("path")) ? "new-request-path-parameter"
                     : p->of_item
                         ? (required ? "new-required-request-default-parameter-to-existing-path"
                                     : "new-optional-request-default-parameter-to-existing-path")
                     : required ? "new-required-request-parameter"
                                : "new-optional-request-parameter";
    say_parameter(d, op, id, p, (struct oas_spot){0}, p->spot, NULL);
}

static void match_all(struct matching *m)
{
    match_exploded(m, true);
    match_exploded(m, false);
    for (size_t i = 0; i < m->old.len; i++) {
        struct parameter *old = &m->old.ptr[i], *new = NULL;
        for (size_t j = 0; j < m->new.len &&new == NULL && !old->matched; j++)
            if (!m->new.ptr[j].matched && same_parameter(m, old, &m->new.ptr[j]))
                new = &m->new.ptr[j];
        if (new == NULL)
            continue;
        old->matched = new->matched = true;
        compare_pair(m, old, new);
    }
}

void compare_item_parameters(struct differ *d, const struct operation *op, struct oas_spot old_item,
                             struct oas_spot new_item, const struct str *old_names,
                             const struct str *new_names, size_t name_count)
{
    struct matching m = {
        .d = d, .op = op, .old_names = old_names, .new_names = new_names, .name_count = name_count};
    collect(d, d->old, at_raw(old_item, "parameters"), false, &m.old);
    collect(d, d->new, at_raw(new_item, "parameters"), false, &m.new);
    for (size_t j = 0; j < m.new.len; j++) {
        bool found = str_eq(m.new.ptr[j].in, STR("path"));
        for (size_t i = 0; i < m.old.len && !found; i++)
            found = same_parameter(&m, &m.old.ptr[i], &m.new.ptr[j]);
        m.new.ptr[j].of_item = true;
        if (!found)
            say_added(d, op, &m.new.ptr[j]);
    }
}

void compare_parameters(struct differ *d, const struct operation *op, struct oas_spot old_item,
                        struct oas_spot new_item, const struct str *old_names,
                        const struct str *new_names, size_t name_count)
{
    struct matching m = {
        .d = d, .op = op, .old_names = old_names, .new_names = new_names, .name_count = name_count};
    bool flatten = d->options->flatten_parameters || !d->options->oasdiff;
    collect(d, d->old, at_raw(op->old, "parameters"), false, &m.old);
    collect(d, d->new, at_raw(op->new, "parameters"), false, &m.new);
    if (flatten) {
        collect(d, d->old, at_raw(old_item, "parameters"), true, &m.old);
        collect(d, d->new, at_raw(new_item, "parameters"), true, &m.new);
    }
    match_all(&m);
    for (size_t i = 0; i < m.old.len; i++)
        if (!m.old.ptr[i].matched)
            say_removed(d, op, &m.old.ptr[i]);
    for (size_t i = 0; i < m.new.len; i++)
        if (!m.new.ptr[i].matched)
            say_added(d, op, &m.new.ptr[i]);
}
