/* Parameters of an operation: matched by name and place, in paths by position. */
#include "catalog/diff/site.h"

struct parameter {
    struct oas_spot spot;
    struct str name, in;
    bool of_item; /* stands at the path item */
};

/* Parameters by place and name. */
struct parameters {
    VEC(struct parameter) all;
    VEC(struct str) keys; /* of each: key_of() */
    struct text_set known;
    bool *matched; /* each; made when all are collected */
};

struct matching {
    struct differ *d;
    const struct operation *op;
    struct parameters old, new;
    struct text_set old_names; /* of the path's template, where they differ */
    VEC(struct str) new_names; /* what each is called now */
};

static struct str key_of(struct arena *mem, struct str in, struct str name)
{
    return arena_join(mem, arena_printf(mem, "%zu:", in.len), in, name);
}

static void collect(struct differ *d, struct side *side, struct oas_spot list, bool of_item,
                    struct parameters *out)
{
    out->known.mem = d->mem;
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
        struct str key = key_of(d->mem, p.in, p.name);
        if (!text_set_add(&out->known, key) && of_item)
            continue;
        vec_push(&out->all, d->mem, p);
        vec_push(&out->keys, d->mem, key);
    }
}

/* --- matching --------------------------------------------------------------------------------- */

/* The key that an old parameter's counterpart has: one of the path goes by its position. */
static struct str counterpart(const struct matching *m, size_t i)
{
    const struct parameter *p = &m->old.all.ptr[i];
    if (!str_eq(p->in, STR("path")) || m->new_names.len == 0)
        return m->old.keys.ptr[i];
    size_t at = text_set_find(&m->old_names, p->name);
    return at == SIZE_MAX ? STR_NONE : key_of(m->d->mem, p->in, m->new_names.ptr[at]);
}

static void match_names(struct matching *m, const struct str *old_names,
                        const struct str *new_names, size_t count)
{
    m->old_names.mem = m->d->mem;
    for (size_t i = 0; i < count; i++)
        if (text_set_add(&m->old_names, old_names[i]))
            vec_push(&m->new_names, m->d->mem, new_names[i]);
}

/* Query and cookie objects written as `?a=1&b=2`, each property a parameter of its own. */
static const struct shape *exploded_object(struct side *side, const struct parameter *p)
{
    struct str style = at_text(at_raw(p->spot, "style"));
    struct shape_ref schema = shape_at(side, at_raw(p->spot, "schema"));
    const struct str *names;
    bool of_query = str_eq(p->in, STR("query")) || str_eq(p->in, STR("cookie"));
    if (!of_query || (style.len > 0 && !str_eq(style, STR("form"))) ||
        !at_true(at_raw(p->spot, "explode")) || schema.schema == NULL)
        return NULL;
    struct text_set types = shape_set(side, schema.schema, KW_TYPE);
    if (types.texts.len != 1 || !text_set_has(&types, STR("object")) ||
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

/* One side has an object, the other a parameter for a property of it. */
struct exploding {
    struct matching *m;
    bool object_is_new;
    struct parameters *objects, *singles;
    struct text_places places; /* of singles */
    bool *passed;         /* singles that have been looked at; absent before the first object */
    struct diff_map done; /* schemas whose properties have been looked up, by place */
};

static void match_property(struct exploding *e, size_t object, struct oas_spot property)
{
    struct differ *d = e->m->d;
    struct parameter *whole = &e->objects->all.ptr[object];
    struct str key = key_of(d->mem, whole->in, tree_key(property.doc, property.node));
    for (size_t j; (j = text_places_first(&e->places, key, e->passed)) != SIZE_MAX;) {
        struct parameter *one = &e->singles->all.ptr[j];
        struct oas_spot schema = at_raw(one->spot, "schema");
        e->passed[j] = true;
        if (exploded_object(e->object_is_new ? d->old : d->new, one) != NULL)
            continue;
        e->singles->matched[j] = e->objects->matched[object] = true;
        if (e->object_is_new)
            compare_one(d, e->m->op, one, one->spot, whole->spot, schema, property);
        else
            compare_one(d, e->m->op, one, whole->spot, one->spot, property, schema);
    }
}

static void match_object(struct exploding *e, size_t object, const struct shape *s)
{
    struct arena *mem = e->m->d->mem;
    bool of_query = str_eq(e->objects->all.ptr[object].in, STR("query"));
    uint64_t key = diff_map_key(s) | of_query; /* views are aligned */
    struct oas_spot map = shape_get(s, KW_PROPERTIES);
    if (e->passed == NULL) {
        e->places = text_places_of(mem, e->singles->keys.ptr, e->singles->all.len);
        e->passed = arena_array(mem, bool, e->singles->all.len);
        for (size_t j = 0; j < e->singles->all.len; j++)
            e->passed[j] = e->singles->matched[j];
    }
    if (diff_map_get(&e->done, key) != NULL)
        return;
    diff_map_put(&e->done, mem, key, e);
    for (const struct tree_node *n = tree_first(map.doc, map.node); n; n = tree_next(map.doc, n))
        match_property(e, object, (struct oas_spot){map.doc, n});
}

static void match_exploded(struct matching *m, bool object_is_new)
{
    struct exploding e = {.m = m,
                          .object_is_new = object_is_new,
                          .objects = object_is_new ? &m->new : &m->old,
                          .singles = object_is_new ? &m->old : &m->new};
    for (size_t i = 0; i < e.objects->all.len; i++) {
        const struct shape *s =
            e.objects->matched[i]
                ? NULL
                : exploded_object(object_is_new ? m->d->new : m->d->old, &e.objects->all.ptr[i]);
        if (s != NULL)
            match_object(&e, i, s);
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
    struct text_places places = text_places_of(m->d->mem, m->new.keys.ptr, m->new.all.len);
    match_exploded(m, true);
    match_exploded(m, false);
    for (size_t i = 0; i < m->old.all.len; i++) {
        size_t j = m->old.matched[i]
                       ? SIZE_MAX
                       : text_places_first(&places, counterpart(m, i), m->new.matched);
        if (j == SIZE_MAX)
            continue;
        m->old.matched[i] = m->new.matched[j] = true;
        compare_pair(m, &m->old.all.ptr[i], &m->new.all.ptr[j]);
    }
}

void compare_item_parameters(struct differ *d, const struct operation *op, struct oas_spot old_item,
                             struct oas_spot new_item, const struct str *old_names,
                             const struct str *new_names, size_t name_count)
{
    struct matching m = {.d = d, .op = op};
    struct text_set there = {.mem = d->mem};
    match_names(&m, old_names, new_names, name_count);
    collect(d, d->old, at_raw(old_item, "parameters"), false, &m.old);
    collect(d, d->new, at_raw(new_item, "parameters"), false, &m.new);
    for (size_t i = 0; i < m.old.all.len; i++)
        (void)text_set_add(&there, counterpart(&m, i));
    for (size_t j = 0; j < m.new.all.len; j++) {
        struct parameter *new = &m.new.all.ptr[j];
        new->of_item = true;
        if (!str_eq(new->in, STR("path")) && !text_set_has(&there, m.new.keys.ptr[j]))
            say_added(d, op, new);
    }
}

void compare_parameters(struct differ *d, const struct operation *op, struct oas_spot old_item,
                        struct oas_spot new_item, const struct str *old_names,
                        const struct str *new_names, size_t name_count)
{
    struct matching m = {.d = d, .op = op};
    bool flatten = d->options->flatten_parameters || !d->options->oasdiff;
    match_names(&m, old_names, new_names, name_count);
    collect(d, d->old, at_raw(op->old, "parameters"), false, &m.old);
    collect(d, d->new, at_raw(op->new, "parameters"), false, &m.new);
    if (flatten) {
        collect(d, d->old, at_raw(old_item, "parameters"), true, &m.old);
        collect(d, d->new, at_raw(new_item, "parameters"), true, &m.new);
    }
    m.old.matched = arena_array(d->mem, bool, m.old.all.len);
    m.new.matched = arena_array(d->mem, bool, m.new.all.len);
    match_all(&m);
    for (size_t i = 0; i < m.old.all.len; i++)
        if (!m.old.matched[i])
            say_removed(d, op, &m.old.all.ptr[i]);
    for (size_t i = 0; i < m.new.all.len; i++)
        if (!m.new.matched[i])
            say_added(d, op, &m.new.all.ptr[i]);
}
