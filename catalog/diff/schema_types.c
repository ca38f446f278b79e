/* Types and formats, and whether null is allowed. */
#include "catalog/diff/site.h"

#define MOST_NESTED_ITEMS 8

struct type_change types_of(struct differ *d, const struct pair *pair)
{
    struct type_change t = {.old = shape_set(d->old, pair->old, KW_TYPE),
                            .new = shape_set(d->new, pair->new, KW_TYPE)};
    t.added = not_held(d->mem, &t.new, &t.old);
    t.removed = not_held(d->mem, &t.old, &t.new);
    return t;
}

/* --- as people read them ---------------------------------------------------------------------- */

static struct str type_format_text(struct side *side, const struct shape *s, unsigned depth);

static struct str type_text(struct side *side, const struct shape *s, unsigned depth)
{
    struct arena *mem = side_arena(side);
    struct text_set types = shape_set(side, s, KW_TYPE);
    struct shape_ref items = shape_child(side, s, KW_ITEMS);
    VEC(struct str) parts = {0};
    for (size_t i = 0; i < types.texts.len; i++) {
        struct str text = types.texts.ptr[i];
        if (str_eq(text, STR("array")) && items.schema != NULL && depth < MOST_NESTED_ITEMS)
            text = arena_join(mem, STR("array<"), type_format_text(side, items.schema, depth + 1),
                              STR(">"));
        vec_push(&parts, mem, text);
    }
    return parts.len == 0 ? STR("any") : diff_joined(mem, parts.ptr, parts.len, ", ");
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
    const struct text_set *added, *removed, *to;
    bool type; /* the set of types changed, and not just by widening */
    bool format;
    struct str format_from, format_to;
};

static bool subtype(struct str sub, struct str super)
{
    return str_eq(sub, super) || (str_eq(sub, STR("integer")) && str_eq(super, STR("number")));
}

static bool covers(const struct text_set *types, struct str type)
{
    return text_set_has(types, type) ||
           (str_eq(type, STR("integer")) && text_set_has(types, STR("number")));
}

static bool subset(const struct text_set *sub, const struct text_set *super)
{
    for (size_t i = 0; i < sub->texts.len; i++)
        if (!covers(super, sub->texts.ptr[i]))
            return false;
    return sub->texts.len > 0;
}

static bool type_contained(const struct flow *f, bool typed)
{
    size_t added = f->added->texts.len, removed = f->removed->texts.len;
    if (added == 1 && removed == 1 && subtype(f->removed->texts.ptr[0], f->added->texts.ptr[0]))
        return true;
    /* as text, a number is a string */
    return !typed && (added == 0 || (added == 1 && text_set_has(f->added, STR("string"))));
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
    for (size_t i = 0; i < COUNT_OF(wider) && f->to->texts.len == 1; i++)
        if (text_set_has(f->to, str_from(wider[i].type)) &&
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
    struct str from = shape_text(pair->old, KW_FORMAT), to = shape_text(pair->new, KW_FORMAT);
    return (struct flow){.added = reversed ? &t->removed : &t->added,
                         .removed = reversed ? &t->added : &t->removed,
                         .to = reversed ? &t->old : &t->new,
                         .type = (changed & BIT(KW_TYPE)) != 0,
                         .format = (changed & BIT(KW_FORMAT)) != 0,
                         .format_from = reversed ? to : from,
                         .format_to = reversed ? from : to};
}

/* A message's schema: when all values are gone that the other side may send, or none. */
static bool message_breaking(struct flow f, bool widened, bool typed)
{
    if (widened)
        f.type = false;
    if (f.type && f.to->texts.len == 0)
        return false;
    return breaking(&f, typed);
}

static const char *message_action(const struct site *site, const struct type_change *t)
{
    const struct pair *pair = site->delta->pair;
    uint64_t changed = site->delta->changed;
    bool type = (changed & BIT(KW_TYPE)) != 0;
    bool widened = type && subset(&t->old, &t->new);
    bool narrowed = type && subset(&t->new, &t->old);
    struct flow f = flow_of(t, pair, changed, site->response);
    bool swapped = type && t->old.texts.len > 0 && t->new.texts.len > 0;
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

static size_t without_null(const struct text_set *types, struct str *one)
{
    size_t kept = 0;
    for (size_t i = 0; i < types->texts.len; i++)
        if (!str_eq(types->texts.ptr[i], STR("null"))) {
            *one = types->texts.ptr[i];
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
    size_t olds = without_null(&t->old, &old);
    if (without_null(&t->added, &added) != 1 || !str_eq(added, STR("array")) || olds == 0 ||
        !form_exploded(site->new_param) || items.schema == NULL)
        return false;
    struct text_set types = shape_set(site->d->new, items.schema, KW_TYPE);
    size_t kinds = without_null(&types, &item);
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
    struct text_set types;
    size_t count; /* of branches, or 1 */
    bool valid, list;
};

static bool simple(struct side *side, const struct shape *s, struct str *type)
{
    struct text_set types = shape_set(side, s, KW_TYPE);
    const struct str *names;
    const struct shape_ref *refs;
    if (types.texts.len != 1 || shape_names(side, s, KW_PROPERTIES, &names) > 0 ||
        shape_list(side, s, KW_ONE_OF, &refs) > 0 || shape_list(side, s, KW_ANY_OF, &refs) > 0 ||
        shape_list(side, s, KW_ALL_OF, &refs) > 0)
        return false;
    *type = types.texts.ptr[0];
    return true;
}

static bool simple_list(struct side *side, const struct shape *s, enum keyword k,
                        struct pattern *out)
{
    const struct shape_ref *refs;
    size_t count = shape_list(side, s, k, &refs);
    out->types = (struct text_set){.mem = side_arena(side)};
    out->count = count;
    for (size_t i = 0; i < count; i++) {
        struct str type;
        if (!simple(side, refs[i].schema, &type))
            return false;
        (void)text_set_add(&out->types, type);
    }
    return count > 0;
}

static struct pattern pattern_of(struct side *side, const struct shape *s)
{
    struct pattern p = {.types = shape_set(side, s, KW_TYPE), .count = 1};
    const struct str *names;
    const struct shape_ref *refs;
    if (shape_has(s, KW_NOT) || shape_list(side, s, KW_ALL_OF, &refs) > 0 ||
        shape_names(side, s, KW_PROPERTIES, &names) > 0)
        return p;
    if (p.types.texts.len > 0) {
        struct str first = p.types.texts.ptr[0];
        p.types = (struct text_set){.mem = side_arena(side)};
        p.valid = text_set_add(&p.types, first);
    } else {
        p.valid = p.list =
            simple_list(side, s, KW_ONE_OF, &p) || simple_list(side, s, KW_ANY_OF, &p);
    }
    return p;
}

/* Every integer is a number; oasdiff takes them for strangers. */
static struct text_set missing(struct differ *d, const struct pattern *of, const struct pattern *in)
{
    struct text_set found = {.mem = d->mem};
    for (size_t i = 0; i < of->types.texts.len; i++) {
        struct str type = of->types.texts.ptr[i];
        if (d->graph.tree ? !text_set_has(&in->types, type) : !covers(&in->types, type))
            (void)text_set_add(&found, type);
    }
    return found;
}

static struct type_list *find_list(struct differ *d, const struct pair *pair)
{
    struct type_list *list = arena_new(d->mem, struct type_list);
    if (((pair->old->has | pair->new->has) & (BIT(KW_ONE_OF) | BIT(KW_ANY_OF))) == 0)
        return list;
    struct pattern old = pattern_of(d->old, pair->old), new = pattern_of(d->new, pair->new);
    if (!old.valid || !new.valid || (!old.list && !new.list))
        return list;
    list->added = missing(d, &new, &old);
    list->removed = missing(d, &old, &new);
    size_t added = list->added.texts.len, removed = list->removed.texts.len;
    list->changed = added + removed > 0 && !(old.count == new.count &&added == 0);
    return list;
}

const struct type_list *list_of_types(struct differ *d, const struct pair *pair)
{
    struct type_list *list = diff_map_get(&d->type_lists, pair->number);
    if (list == NULL) {
        list = find_list(d, pair);
        diff_map_put(&d->type_lists, d->mem, pair->number, list);
    }
    return list;
}

static struct str enumerated(struct arena *mem, const struct text_set *set)
{
    const struct str *texts = set->texts.ptr;
    size_t count = set->texts.len;
    if (count < 2)
        return count == 0 ? STR("") : texts[0];
    return arena_join(mem, diff_joined(mem, texts, count - 1, ", "), STR(" and "),
                      texts[count - 1]);
}

static void check_list_of_types(const struct site *site)
{
    const struct type_list *types = list_of_types(site->d, site->delta->pair);
    if (site->scope == SCOPE_HEADER || !types->changed)
        return;
    bool widened = site->response ? types->added.texts.len > 0 : types->removed.texts.len == 0;
    struct str list = enumerated(site->d->mem, widened ? &types->added : &types->removed);
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
        if (t.new.texts.len > 0 && text_set_has(&t.removed, STR("null")))
            return -1;
        if (t.old.texts.len > 0 && text_set_has(&t.added, STR("null")))
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
