/* Types and formats, and whether null is allowed. */
#include "catalog/diff/site.h"

#define MOST_NESTED_ITEMS 8

static bool holds(const struct str *texts, size_t count, struct str text)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq(texts[i], text))
            return true;
    return false;
}

struct type_change types_of(struct differ *d, const struct pair *pair)
{
    struct type_change t = {0};
    t.old_count = shape_set(d->old, pair->old, KW_TYPE, &t.old);
    t.new_count = shape_set(d->new, pair->new, KW_TYPE, &t.new);
    for (size_t i = 0; i < t.new_count; i++)
        if (!holds(t.old, t.old_count, t.new[i]))
            vec_push(&t.added, d->mem, t.new[i]);
    for (size_t i = 0; i < t.old_count; i++)
        if (!holds(t.new, t.new_count, t.old[i]))
            vec_push(&t.removed, d->mem, t.old[i]);
    return t;
}

/* --- as people read them ---------------------------------------------------------------------- */

static struct str type_format_text(struct side *side, const struct shape *s, unsigned depth);

static struct str type_text(struct side *side, const struct shape *s, unsigned depth)
{
    struct arena *mem = side_arena(side);
    const struct str *types;
    size_t count = shape_set(side, s, KW_TYPE, &types);
    struct shape_ref items = shape_child(side, s, KW_ITEMS);
    VEC(struct str) parts = {0};
    for (size_t i = 0; i < count; i++) {
        struct str text = types[i];
        if (str_eq(text, STR("array")) && items.schema != NULL && depth < MOST_NESTED_ITEMS)
            text = arena_join(mem, STR("array<"), type_format_text(side, items.schema, depth + 1),
                              STR(">"));
        vec_push(&parts, mem, text);
    }
    return count == 0 ? STR("any") : diff_joined(mem, parts.ptr, parts.len, ", ");
}

static struct str type_format_text(struct side *side, const struct shape *s, unsigned depth)
{
    struct str type = type_text(side, s, depth), format = shape_text(s, KW_FORMAT);
    if (format.len == 0)
        return type;
    if (str_eq(type, STR("any")))
        return format;
    return arena_join(side_arena(side), type, STR("/"), format);
}

static struct str side_text(struct side *side, const struct shape *s, bool type, bool format)
{
    if (type && format)
        return type_format_text(side, s, 0);
    if (type)
        return type_text(side, s, 0);
    struct str text = shape_text(s, KW_FORMAT);
    return text.len == 0 ? STR("none") : text;
}

/* --- what breaks ------------------------------------------------------------------------------ */

/* A change of types and of a format, in the direction in which values flow. */
struct flow {
    const struct str *added, *removed, *to;
    size_t added_count, removed_count, to_count;
    bool type; /* the set of types changed, and not just by widening */
    bool format;
    struct str format_from, format_to;
};

static bool subtype(struct str sub, struct str super)
{
    return str_eq(sub, super) || (str_eq(sub, STR("integer")) && str_eq(super, STR("number")));
}

static bool subset(const struct str *sub, size_t n, const struct str *super, size_t m)
{
    for (size_t i = 0; i < n; i++) {
        size_t j = 0;
        while (j < m && !subtype(sub[i], super[j]))
            j++;
        if (j == m)
            return false;
    }
    return n > 0;
}

static bool type_contained(const struct flow *f, bool typed)
{
    if (f->added_count == 1 && f->removed_count == 1 && subtype(f->removed[0], f->added[0]))
        return true;
    /* as text, a number is a string */
    return !typed &&
           (f->added_count == 0 || (f->added_count == 1 && str_eq(f->added[0], STR("string"))));
}

static bool format_contained(const struct flow *f)
{
    static const struct {
        const char *type, *from, *to;
    } wider[] = {
        {"number",  "float", "double"},
        {"integer", "int32", "int64" },
        {"integer", "int32", "bigint"},
        {"integer", "int64", "bigint"},
    };
    if (f->format_to.len == 0)
        return true;
    for (size_t i = 0; i < COUNT_OF(wider) && f->to_count == 1; i++)
        if (str_eq(f->to[0], str_from(wider[i].type)) &&
            str_eq(f->format_from, str_from(wider[i].from)) &&
            str_eq(f->format_to, str_from(wider[i].to)))
            return true;
    return false;
}

static bool breaking(const struct flow *f, bool typed)
{
    return (f->type && !type_contained(f, typed)) || (f->format && !format_contained(f));
}

static struct flow flow_of(const struct type_change *t, const struct pair *pair, uint64_t changed,
                           bool reversed)
{
    struct flow f = {t->added.ptr, t->removed.ptr, t->new, t->added.len, t->removed.len,
                     t->new_count, false,          false,  STR_NONE,     STR_NONE};
    f.type = (changed & BIT(KW_TYPE)) != 0;
    f.format = (changed & BIT(KW_FORMAT)) != 0;
    f.format_from = shape_text(pair->old, KW_FORMAT);
    f.format_to = shape_text(pair->new, KW_FORMAT);
    if (!reversed)
        return f;
    struct flow r = {f.removed,    f.added, t->old,   f.removed_count, f.added_count,
                     t->old_count, f.type,  f.format, f.format_to,     f.format_from};
    return r;
}

/* A message's schema: when all values are gone that the other side may send, or none. */
static bool message_breaking(struct flow f, bool widened, bool typed)
{
    if (widened)
        f.type = false;
    if (f.type && f.to_count == 0)
        return false;
    return breaking(&f, typed);
}

static const char *message_action(const struct site *site, const struct type_change *t)
{
    const struct pair *pair = site->delta->pair;
    uint64_t changed = site->delta->changed;
    bool type = (changed & BIT(KW_TYPE)) != 0;
    bool widened = type && subset(t->old, t->old_count, t->new, t->new_count);
    bool narrowed = type && subset(t->new, t->new_count, t->old, t->old_count);
    struct flow f = flow_of(t, pair, changed, site->response);
    bool swapped = type && t->old_count > 0 && t->new_count > 0;
    if (site->response) {
        if (message_breaking(f, narrowed, site->typed))
            return widened ? "type-generalized" : "type-changed";
        return swapped && !narrowed ? "type-compatible" : "type-specialized";
    }
    if (message_breaking(f, widened, site->typed))
        return "type-changed";
    return swapped && !widened ? "type-compatible" : "type-generalized";
}

/* --- parameters ------------------------------------------------------------------------------- */

static size_t without_null(const struct str *types, size_t count, struct str *one)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        if (!str_eq(types[i], STR("null"))) {
            *one = types[i];
            kept++;
        }
    return kept;
}

static bool form_exploded(struct oas_spot param)
{
    struct str style = at_text(at_raw(param, "style")), in = at_text(at_raw(param, "in"));
    struct oas_spot explode = at_raw(param, "explode");
    bool form = style.len > 0 ? str_eq(style, STR("form"))
                              : str_eq(in, STR("query")) || str_eq(in, STR("cookie"));
    return form && (explode.node == NULL || at_true(explode));
}

/* Equal but for the types. */
static bool equal_but_types(struct differ *d, const struct shape *old, const struct shape *new)
{
    const struct delta *delta = graph_delta(&d->graph, old, new);
    if (delta == NULL)
        return true;
    if ((delta->changed & ~(ANNOTATION_KEYWORDS | BIT(KW_TYPE) | BIT(KW_NULLABLE))) != 0)
        return false;
    for (uint32_t e = 0; e < delta->edge_count; e++)
        if (delta_changes(&d->graph, delta->edges[e].to, true))
            return false;
    return delta->wrapping == 0;
}

/* `?a=1` is an array of one where the parameter is exploded. */
static bool scalar_became_array(const struct site *site, const struct type_change *t)
{
    const struct pair *pair = site->delta->pair;
    struct str added = STR(""), old = STR(""), item = STR("");
    struct shape_ref items = shape_child(site->d->new, pair->new, KW_ITEMS);
    const struct str *types;
    size_t olds = without_null(t->old, t->old_count, &old);
    if (without_null(t->added.ptr, t->added.len, &added) != 1 || !str_eq(added, STR("array")) ||
        olds == 0 || !form_exploded(site->new_param) || items.schema == NULL)
        return false;
    size_t kinds = shape_set(site->d->new, items.schema, KW_TYPE, &types);
    kinds = without_null(types, kinds, &item);
    bool accepts = (kinds == 1 && olds == 1 && subtype(old, item)) || kinds == 0 ||
                   (kinds == 1 && str_eq(item, STR("string")));
    return accepts && equal_but_types(site->d, pair->old, items.schema);
}

static const char *parameter_action(const struct site *site, const struct type_change *t)
{
    struct flow f = flow_of(t, site->delta->pair, site->delta->changed, false);
    bool loose = breaking(&f, false);
    if (site->scope == SCOPE_PARAMETER)
        return loose && !scalar_became_array(site, t) ? "type-changed" : "type-generalized";
    /* how an object is written into a parameter is not known: as text, or as JSON */
    bool strict = breaking(&f, true);
    return strict != loose ? "type-changed" : strict ? "type-specialized" : "type-generalized";
}

static void check_type(const struct site *site)
{
    const struct pair *pair = site->delta->pair;
    bool type = (site->delta->changed & BIT(KW_TYPE)) != 0,
         format = (site->delta->changed & BIT(KW_FORMAT)) != 0;
    bool of_parameter = site->scope == SCOPE_PARAMETER || site->scope == SCOPE_PARAMETER_PROPERTY;
    struct type_change t = types_of(site->d, pair);
    struct str dimension = type && format ? STR("type/format") : type ? STR("type") : STR("format");
    site_emit(site, of_parameter ? parameter_action(site, &t) : message_action(site, &t),
              of_parameter || site->scope == SCOPE_HEADER ? EMIT_CLAIMED : EMIT_SCHEMA, KW_TYPE,
              SAY(SAID(DIMENSION, dimension),
                  SAID(FROM, side_text(site->d->old, pair->old, type, format)),
                  SAID(TO, side_text(site->d->new, pair->new, type, format))));
}

/* --- a type became a choice of types ---------------------------------------------------------- */

struct pattern {
    VEC(struct str) types;
    bool valid, list;
};

static bool simple(struct side *side, const struct shape *s, struct str *type)
{
    const struct str *types, *names;
    const struct shape_ref *refs;
    if (shape_set(side, s, KW_TYPE, &types) != 1 ||
        shape_names(side, s, KW_PROPERTIES, &names) > 0 ||
        shape_list(side, s, KW_ONE_OF, &refs) > 0 || shape_list(side, s, KW_ANY_OF, &refs) > 0 ||
        shape_list(side, s, KW_ALL_OF, &refs) > 0)
        return false;
    *type = types[0];
    return true;
}

static bool simple_list(struct side *side, const struct shape *s, enum keyword k,
                        struct pattern *out)
{
    const struct shape_ref *refs;
    size_t count = shape_list(side, s, k, &refs);
    out->types.len = 0;
    for (size_t i = 0; i < count; i++) {
        struct str type;
        if (!simple(side, refs[i].schema, &type))
            return false;
        vec_push(&out->types, side_arena(side), type);
    }
    return count > 0;
}

static struct pattern pattern_of(struct side *side, const struct shape *s)
{
    struct pattern p = {.valid = false};
    const struct str *types, *names;
    const struct shape_ref *refs;
    if (shape_has(s, KW_NOT) || shape_list(side, s, KW_ALL_OF, &refs) > 0 ||
        shape_names(side, s, KW_PROPERTIES, &names) > 0)
        return p;
    if (shape_set(side, s, KW_TYPE, &types) > 0) {
        vec_push(&p.types, side_arena(side), types[0]);
        p.valid = true;
    } else {
        p.valid = p.list =
            simple_list(side, s, KW_ONE_OF, &p) || simple_list(side, s, KW_ANY_OF, &p);
    }
    return p;
}

/* Every integer is a number; oasdiff takes them for strangers. */
static bool covers(const struct differ *d, const struct pattern *p, struct str type)
{
    return holds(p->types.ptr, p->types.len, type) ||
           (!d->graph.tree && str_eq(type, STR("integer")) &&
            holds(p->types.ptr, p->types.len, STR("number")));
}

static size_t missing(const struct differ *d, const struct pattern *of, const struct pattern *in,
                      const struct str **out)
{
    VEC(struct str) found = {0};
    for (size_t i = 0; i < of->types.len; i++)
        if (!covers(d, in, of->types.ptr[i]) && !holds(found.ptr, found.len, of->types.ptr[i]))
            vec_push(&found, d->mem, of->types.ptr[i]);
    *out = found.ptr;
    return found.len;
}

bool list_of_types(struct differ *d, const struct pair *pair, const struct str **added,
                   size_t *added_count, const struct str **removed, size_t *removed_count)
{
    uint64_t choices = BIT(KW_ONE_OF) | BIT(KW_ANY_OF);
    if (((pair->old->has | pair->new->has) & choices) == 0)
        return false;
    struct pattern old = pattern_of(d->old, pair->old), new = pattern_of(d->new, pair->new);
    if (!old.valid || !new.valid || (!old.list && !new.list))
        return false;
    *added_count = missing(d, &new, &old, added);
    *removed_count = missing(d, &old, &new, removed);
    if (old.types.len == new.types.len &&*added_count == 0)
        return false;
    return *added_count + *removed_count > 0;
}

static struct str enumerated(struct arena *mem, const struct str *texts, size_t count)
{
    if (count < 2)
        return count == 0 ? STR("") : texts[0];
    return arena_join(mem, diff_joined(mem, texts, count - 1, ", "), STR(" and "),
                      texts[count - 1]);
}

static void check_list_of_types(const struct site *site)
{
    const struct str *added, *removed;
    size_t na, nr;
    if (site->scope == SCOPE_HEADER ||
        !list_of_types(site->d, site->delta->pair, &added, &na, &removed, &nr))
        return;
    bool widened = site->response ? na > 0 : nr == 0;
    struct str list = enumerated(site->d->mem, widened ? added : removed, widened ? na : nr);
    site_emit(site, widened ? "list-of-types-widened" : "list-of-types-narrowed", EMIT_CLAIMED,
              KW_TYPE, SAY(SAID(LIST, list)));
}

void judge_types(const struct site *site)
{
    if (site->delta->changed & (BIT(KW_TYPE) | BIT(KW_FORMAT)))
        check_type(site);
    check_list_of_types(site);
}

/* --- null ------------------------------------------------------------------------------------- */

static int nullable_change(const struct site *site)
{
    const struct delta *delta = site->delta;
    const struct pair *pair = delta->pair;
    if (delta->changed & BIT(KW_NULLABLE))
        return shape_flag(pair->old, KW_NULLABLE) ? -1 : 1;
    if (delta->changed & BIT(KW_TYPE)) {
        struct type_change t = types_of(site->d, pair);
        if (t.new_count > 0 && holds(t.removed.ptr, t.removed.len, STR("null")))
            return -1;
        if (t.old_count > 0 && holds(t.added.ptr, t.added.len, STR("null")))
            return 1;
    }
    return delta->wrapping & WRAP_NULL_ADDED ? 1 : delta->wrapping & WRAP_NULL_REMOVED ? -1 : 0;
}

void judge_nullable(const struct site *site)
{
    int change = nullable_change(site);
    bool schema_scope = site->scope == SCOPE_BODY || site->scope == SCOPE_PROPERTY;
    unsigned how = schema_scope                  ? EMIT_SCHEMA
                   : site->scope == SCOPE_HEADER ? EMIT_PLAIN
                                                 : EMIT_CLAIMED;
    if (change != 0)
        site_emit(site, change > 0 ? "became-nullable" : "became-not-nullable", how, KW_NULLABLE,
                  NULL);
}

void judge_false(const struct site *site)
{
    const struct pair *pair = site->delta->pair;
    bool schema_scope = site->scope == SCOPE_BODY || site->scope == SCOPE_PROPERTY;
    unsigned how = schema_scope ? EMIT_SCHEMA : EMIT_CLAIMED;
    if (pair->new->is_false != pair->old->is_false)
        site_emit(site, pair->new->is_false ? "schema-became-false" : "schema-became-not-false",
                  how, KW_NONE, NULL);
    if (!site->d->graph.tree || !schema_scope || !((pair->added | pair->removed) & BIT(KW_ITEMS)))
        return; /* in the usual mode what is absent is compared as a schema that accepts all */
    /* items that appear as false, or go, are a property that may not be there */
    bool appears = (pair->added & BIT(KW_ITEMS)) != 0;
    struct shape_ref items = appears ? shape_child(site->d->new, pair->new, KW_ITEMS)
                                     : shape_child(site->d->old, pair->old, KW_ITEMS);
    const char *id = site->response ? (appears ? "response-property-schema-became-false"
                                               : "response-property-schema-became-not-false")
                                    : (appears ? "request-property-schema-became-false"
                                               : "request-property-schema-became-not-false");
    struct str at =
        site->scope == SCOPE_BODY
            ? STR("items")
            : property_name(site->d->mem, property_name(site->d->mem, site->path, site->name),
                            STR("items"));
    if (items.schema->is_false)
        site_emit_id(site, id, EMIT_SCHEMA, KW_ITEMS, SAY(SAID(PROP, at)));
}
