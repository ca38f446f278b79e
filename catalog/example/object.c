/* Objects: declared properties, then what else must be there. */
#include "maker.h"

#define FULL_DEPTH      5    /* deeper, only what is required */
#define FULL_STEPS      2000 /* with fewer left, only what is required */
#define MOST_PROPERTIES 400
#define MOST_EXTRA      50

struct property {
    struct str name, json; /* json absent: not made */
    bool required;
};

struct object {
    struct making *m;
    struct tries *tries;
    const struct group *g;
    VEC(struct property) properties;
    uint64_t least, most;
    bool full; /* what is optional, too */
};

/* --- names -------------------------------------------------------------------------------------
 */

static struct property *find(struct object *o, struct str name)
{
    for (size_t i = 0; i < o->properties.len; i++)
        if (str_eq(o->properties.ptr[i].name, name))
            return &o->properties.ptr[i];
    return NULL;
}

static void add_name(struct object *o, struct str name, bool required)
{
    struct property *known = find(o, name);
    if (known != NULL)
        known->required = known->required || required;
    else if (o->properties.len < MOST_PROPERTIES || required)
        vec_push(&o->properties, o->m->mem, (struct property){name, STR_NONE, required});
}

static void require(struct object *o, const struct tree *doc, const struct tree_node *names)
{
    if (tree_kind_of(names) != TREE_ARRAY)
        return;
    for (const struct tree_node *n = tree_first(doc, names); n != NULL; n = tree_next(doc, n))
        if (tree_kind_of(n) == TREE_STRING)
            add_name(o, tree_text(doc, n), true);
}

static void declare(struct object *o, size_t part)
{
    const struct tree *doc = o->g->parts.ptr[part].doc;
    const struct tree_node *list = part_get(o->g, part, "properties");
    if (tree_kind_of(list) != TREE_OBJECT)
        return;
    for (const struct tree_node *n = tree_first(doc, list); n != NULL; n = tree_next(doc, n))
        add_name(o, tree_key(doc, n), false);
}

/* What a property that will be there asks for. */
static void require_dependents(struct object *o, struct str name)
{
    static const char *const keywords[] = {"dependentRequired", "dependencies"};
    for (size_t part = 0; part < o->g->parts.len; part++)
        for (size_t i = 0; i < COUNT_OF(keywords); i++) {
            const struct tree *doc = o->g->parts.ptr[part].doc;
            require(o, doc, tree_get(doc, part_get(o->g, part, keywords[i]), name));
        }
}

/* --- the schemas of one property ---------------------------------------------------------------
 */

static bool name_matches(struct str pattern, struct str name)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct regex *regex = NULL;
    return regex_compile(pattern, STR("u"), &mem, &regex, NULL) && regex_matches(regex, name, NULL);
}

struct schemas {
    VEC(struct oas_spot) list;
    bool declared; /* some part names it */
};

/* Adds what one part says of a name: properties, patternProperties, else the rest. */
static void add_schemas(struct object *o, size_t part, struct str name, struct schemas *out)
{
    const struct tree *doc = o->g->parts.ptr[part].doc;
    const struct tree_node *patterns = part_get(o->g, part, "patternProperties");
    const struct tree_node *rest = part_get(o->g, part, "additionalProperties");
    const struct tree_node *own = tree_get(doc, part_get(o->g, part, "properties"), name);
    bool known = own != NULL;
    if (own != NULL)
        vec_push(&out->list, o->m->mem, (struct oas_spot){doc, own});
    if (tree_kind_of(patterns) == TREE_OBJECT)
        for (const struct tree_node *n = tree_first(doc, patterns); n; n = tree_next(doc, n))
            if (name_matches(tree_key(doc, n), name)) {
                vec_push(&out->list, o->m->mem, (struct oas_spot){doc, n});
                known = true;
            }
    out->declared = out->declared || known;
    if (!known && rest != NULL)
        vec_push(&out->list, o->m->mem, (struct oas_spot){doc, rest});
}

static struct schemas schemas_of(struct object *o, struct str name)
{
    struct schemas out = {0};
    for (size_t part = 0; part < o->g->parts.len; part++)
        add_schemas(o, part, name, &out);
    for (size_t part = 0; part < o->g->parts.len && !out.declared; part++) {
        const struct tree_node *rest = part_get(o->g, part, "unevaluatedProperties");
        if (rest != NULL)
            vec_push(&out.list, o->m->mem, (struct oas_spot){o->g->parts.ptr[part].doc, rest});
    }
    return out;
}

/* OAS 3.0 "readOnly": not to be sent in a request; writeOnly not in a response. */
static bool is_hidden(struct object *o, const struct schemas *schemas)
{
    static const char *const words[] = {
        [SCHEMA_ANY_WAY] = "", [SCHEMA_REQUEST] = "readOnly", [SCHEMA_RESPONSE] = "writeOnly"};
    struct str word = str_from(words[o->m->options.direction]);
    for (size_t i = 0; i < schemas->list.len && word.len > 0; i++) {
        struct oas_spot own = schemas->list.ptr[i], end = schema_behind(o->m, own);
        if (tree_true(own.doc, tree_get(own.doc, own.node, word)) ||
            (end.node != NULL && tree_true(end.doc, tree_get(end.doc, end.node, word))))
            return true;
    }
    return false;
}

static struct str hint_of(const struct object *o, struct str name)
{
    for (size_t i = 0; i < o->g->tags.len; i++)
        if (str_eq(o->g->tags.ptr[i].property, name))
            return o->g->tags.ptr[i].json;
    return STR_NONE;
}

/* --- making ------------------------------------------------------------------------------------
 */

static bool make_member(struct object *o, struct str name, const struct schemas *schemas,
                        unsigned ordinal, struct str *out)
{
    static const struct schemas anything = {0};
    const struct schemas *of = schemas ? schemas : &anything;
    const struct need need = {of->list.ptr, of->list.len, hint_of(o, name), ordinal};
    vec_push(&o->m->path, o->m->mem, name);
    bool made = make_value(o->m, &need, out);
    o->m->path.len--;
    return made;
}

/* True when it was made, or need not be. */
static bool fill(struct object *o, size_t index)
{
    struct str name = o->properties.ptr[index].name, json = STR_NONE;
    bool required = o->properties.ptr[index].required;
    const struct schemas schemas = schemas_of(o, name);
    struct trouble before = o->m->trouble;
    if (o->properties.ptr[index].json.ptr != NULL || is_hidden(o, &schemas))
        return true;
    if (make_member(o, name, &schemas, o->tries->need->ordinal, &json)) {
        o->properties.ptr[index].json = json;
        require_dependents(o, name);
        return true;
    }
    if (!required)
        o->m->trouble = before;
    return !required;
}

static size_t count_made(const struct object *o)
{
    size_t count = 0;
    for (size_t i = 0; i < o->properties.len; i++)
        count += o->properties.ptr[i].json.ptr != NULL;
    return count;
}

/* Required ones first, then, as far as there is room, the others; each in its place. */
static bool fill_all(struct object *o)
{
    for (size_t i = 0; i < o->properties.len; i++)
        if (o->properties.ptr[i].required && !fill(o, i))
            return false;
    for (size_t i = 0; i < o->properties.len; i++) {
        bool wanted = (o->full && o->m->steps > FULL_STEPS) || count_made(o) < o->least;
        if (o->properties.ptr[i].required || !wanted || count_made(o) >= o->most)
            continue;
        (void)fill(o, i);
        for (size_t more = 0; more < o->properties.len; more++) /* what it asks for */
            if (o->properties.ptr[more].required && !fill(o, more))
                return false;
    }
    return true;
}

/* --- names of one's own ------------------------------------------------------------------------
 */

static struct str named_by_schema(struct object *o, unsigned ordinal)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    VEC(struct oas_spot) list = {0};
    struct tree *doc = NULL;
    struct str json = STR_NONE;
    for (size_t part = 0; part < o->g->parts.len; part++) {
        const struct tree_node *names = part_get(o->g, part, "propertyNames");
        if (names != NULL)
            vec_push(&list, o->m->mem, (struct oas_spot){o->g->parts.ptr[part].doc, names});
    }
    const struct need need = {list.ptr, list.len, STR_NONE, ordinal};
    if (list.len == 0 || !make_value(o->m, &need, &json) ||
        !tree_read(json, NULL, &mem, &doc, NULL))
        return STR_NONE;
    return arena_str(o->m->mem, tree_text(doc, tree_root(doc)));
}

static struct str named_by_pattern(struct object *o, unsigned ordinal)
{
    CLEANUP(buf_clear) struct buf text = {0};
    for (size_t part = 0; part < o->g->parts.len; part++) {
        const struct tree *doc = o->g->parts.ptr[part].doc;
        const struct tree_node *patterns = part_get(o->g, part, "patternProperties");
        if (tree_kind_of(patterns) == TREE_OBJECT && patterns->size > 0 &&
            pattern_text(tree_key(doc, tree_first(doc, patterns)), ordinal, 0, &text))
            return arena_str(o->m->mem, buf_str(&text));
    }
    return STR_NONE;
}

static bool is_map(const struct object *o)
{
    for (size_t part = 0; part < o->g->parts.len; part++) {
        const struct tree_node *rest = part_get(o->g, part, "additionalProperties");
        if (tree_kind_of(rest) == TREE_OBJECT || part_get(o->g, part, "patternProperties") != NULL)
            return true;
    }
    return false;
}

/* A map without members of its own shows one; minProperties may ask for more. */
static void fill_extra(struct object *o)
{
    size_t wanted = o->full && o->properties.len == 0 && is_map(o) ? 1 : 0;
    wanted = o->least > wanted ? (size_t)o->least : wanted;
    for (unsigned i = 0; i < MOST_EXTRA && count_made(o) < wanted && count_made(o) < o->most; i++) {
        struct trouble before = o->m->trouble;
        struct str json = STR_NONE, name = named_by_schema(o, i);
        if (name.ptr == NULL)
            name = named_by_pattern(o, i);
        if (name.ptr == NULL)
            name = arena_printf(o->m->mem, "property%u", i + 1);
        const struct schemas schemas = schemas_of(o, name);
        if (find(o, name) == NULL && make_member(o, name, &schemas, o->tries->need->ordinal, &json))
            vec_push(&o->properties, o->m->mem, (struct property){name, json, false});
        else
            o->m->trouble = before;
    }
}

/* --- the whole ---------------------------------------------------------------------------------
 */

/* Which of the optional properties are written. */
enum selection { ALL, ALL_BUT, REQUIRED, REQUIRED_AND };

static struct str written(const struct object *o, enum selection selection, size_t one)
{
    CLEANUP(buf_clear) struct buf out = {0};
    struct json_writer w = {.out = &out};
    json_open_object(&w);
    for (size_t i = 0; i < o->properties.len; i++) {
        const struct property *p = &o->properties.ptr[i];
        bool wanted = p->required || selection == ALL || (selection == ALL_BUT && i != one) ||
                      (selection == REQUIRED_AND && i == one);
        if (p->json.ptr == NULL || !wanted)
            continue;
        json_key(&w, p->name);
        json_put_raw(&w, p->json);
    }
    json_close_object(&w);
    return arena_str(o->m->mem, buf_str(&out));
}

static bool offer_one_by_one(struct object *o, enum selection selection)
{
    for (size_t i = 0; i < o->properties.len; i++)
        if (!o->properties.ptr[i].required && o->properties.ptr[i].json.ptr != NULL &&
            offer(o->m, o->tries, written(o, selection, i)))
            return true;
    return false;
}

/* Where everything together does not fit, something less may. */
static bool offer_smaller(struct object *o)
{
    struct trouble first = o->m->trouble;
    if (offer_one_by_one(o, ALL_BUT) || offer(o->m, o->tries, written(o, REQUIRED, 0)) ||
        offer_one_by_one(o, REQUIRED_AND))
        return true;
    o->m->trouble = first;
    return false;
}

bool make_object(struct making *m, struct tries *tries, const struct group *g)
{
    struct object o = {.m = m, .tries = tries, .g = g};
    o.least = group_count(g, "minProperties", true, 0);
    o.most = group_count(g, "maxProperties", false, UINT64_MAX);
    o.full = !m->options.required_only && m->depth <= FULL_DEPTH && m->steps > FULL_STEPS;
    for (size_t part = 0; part < g->parts.len; part++)
        declare(&o, part);
    for (size_t part = 0; part < g->parts.len; part++)
        require(&o, g->parts.ptr[part].doc, part_get(g, part, "required"));
    for (size_t i = 0; i < g->tags.len; i++)
        add_name(&o, g->tags.ptr[i].property, true);
    if (!fill_all(&o))
        return false;
    fill_extra(&o);
    return offer(m, tries, written(&o, ALL, 0)) || offer_smaller(&o);
}
