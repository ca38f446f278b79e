/* The schemas that apply to one value: references followed, allOf joined, branches chosen. */
#include "maker.h"

#define MOST_PARTS  300
#define MOST_NESTED 60 /* of references and branches */

const struct tree_node *part_get(const struct group *g, size_t part, const char *keyword)
{
    return tree_get(g->parts.ptr[part].doc, g->parts.ptr[part].node, str_from(keyword));
}

static struct oas_spot refer(struct making *m, struct oas_spot from, struct str ref)
{
    struct schema_set *set = m->maker->set;
    if (oas_schema_at(m->maker->files, set, from) == NULL)
        return (struct oas_spot){0};
    struct schema *target = schema_referred(set, from.doc, from.node, ref);
    if (target == NULL)
        return (struct oas_spot){0};
    return (struct oas_spot){schema_doc(target), schema_node(target)};
}

struct oas_spot schema_behind(struct making *m, struct oas_spot schema)
{
    for (unsigned hops = 0; hops < MOST_NESTED && schema.node != NULL; hops++) {
        const struct tree_node *ref = tree_get(schema.doc, schema.node, STR("$ref"));
        if (tree_kind_of(ref) != TREE_STRING)
            return schema;
        schema = refer(m, schema, tree_text(schema.doc, ref));
    }
    return (struct oas_spot){0};
}

/* --- discriminators ----------------------------------------------------------------------------
 */

static struct str last_segment(struct str ref)
{
    struct str part = ref, rest = ref;
    while (str_split(&rest, '/', &part))
        continue;
    return part;
}

/* The name that stands for a schema: the mapping's, else the schema's own. */
static struct str tag_of(struct oas_spot part, struct str schema)
{
    const struct tree_node *discriminator = tree_get(part.doc, part.node, STR("discriminator"));
    const struct tree_node *mapping = tree_get(part.doc, discriminator, STR("mapping"));
    struct str name = last_segment(schema);
    for (const struct tree_node *n = tree_first(part.doc, mapping); n; n = tree_next(part.doc, n)) {
        struct str target = tree_text(part.doc, n);
        if (str_eq(target, schema) || str_eq(last_segment(target), name))
            return tree_key(part.doc, n);
    }
    return name;
}

/* The name of a component that is a schema; absent for others. */
static struct str component_name(struct oas_spot schema)
{
    const struct tree_node *root = tree_root(schema.doc);
    const struct tree_node *list = tree_get(schema.doc, root, STR("definitions"));
    struct str name = tree_key(schema.doc, schema.node);
    if (list == NULL)
        list = tree_at(schema.doc, STR("/components/schemas"));
    return name.ptr != NULL && tree_get(schema.doc, list, name) == schema.node ? name : STR_NONE;
}

static void add_tag(struct making *m, struct group *g, struct oas_spot part, struct str schema)
{
    const struct tree_node *given = tree_get(part.doc, part.node, STR("discriminator"));
    const struct tree_node *name = tree_get(part.doc, given, STR("propertyName"));
    struct str property = tree_text(part.doc, name ? name : given); /* 2.0: the name itself */
    if (property.len == 0 || schema.len == 0)
        return;
    struct tag tag = {property, json_text(m->mem, tag_of(part, schema))};
    vec_push(&g->tags, m->mem, tag);
}

/* --- branches ----------------------------------------------------------------------------------
 */

static unsigned choose(struct group *g, unsigned among)
{
    unsigned chosen = g->choice % among;
    g->choice /= among;
    g->choices = g->choices > 1000 ? g->choices : g->choices * among;
    return chosen;
}

static bool add_branch(struct making *m, struct group *g, struct oas_spot part, const char *keyword)
{
    const struct tree_node *list = tree_get(part.doc, part.node, str_from(keyword));
    if (tree_kind_of(list) != TREE_ARRAY || list->size == 0)
        return false;
    unsigned chosen = choose(g, list->size);
    const struct tree_node *branch = tree_first(part.doc, list);
    while (chosen-- > 0)
        branch = tree_next(part.doc, branch);
    add_tag(m, g, part, tree_text(part.doc, tree_get(part.doc, branch, STR("$ref"))));
    group_add(m, g, (struct oas_spot){part.doc, branch});
    return true;
}

static void add_condition(struct making *m, struct group *g, struct oas_spot part)
{
    const struct tree_node *condition = tree_get(part.doc, part.node, STR("if"));
    const struct tree_node *then = tree_get(part.doc, part.node, STR("then"));
    const struct tree_node *otherwise = tree_get(part.doc, part.node, STR("else"));
    if (condition == NULL || (then == NULL && otherwise == NULL))
        return;
    if (choose(g, 2) == 0) {
        group_add(m, g, (struct oas_spot){part.doc, condition});
        if (then != NULL)
            group_add(m, g, (struct oas_spot){part.doc, then});
    } else if (otherwise != NULL) {
        group_add(m, g, (struct oas_spot){part.doc, otherwise});
    }
}

static void add_inner(struct making *m, struct group *g, struct oas_spot part)
{
    const struct tree_node *all = tree_get(part.doc, part.node, STR("allOf"));
    if (tree_kind_of(all) == TREE_ARRAY)
        for (const struct tree_node *n = tree_first(part.doc, all); n; n = tree_next(part.doc, n))
            group_add(m, g, (struct oas_spot){part.doc, n});
    bool one = add_branch(m, g, part, "oneOf"), any = add_branch(m, g, part, "anyOf");
    if (!one && !any) /* the schemas that refer to this one are told apart by it */
        add_tag(m, g, part, component_name(g->parts.ptr[0]));
    add_condition(m, g, part);
}

/* --- parts -------------------------------------------------------------------------------------
 */

static bool has_part(const struct group *g, const struct tree_node *node)
{
    for (size_t i = 0; i < g->parts.len; i++)
        if (g->parts.ptr[i].node == node)
            return true;
    return false;
}

static bool is_open(const struct making *m, const struct tree_node *node)
{
    unsigned times = 0;
    for (size_t i = 0; i < m->open.len; i++)
        times += m->open.ptr[i] == node;
    return times >= m->repeats;
}

static void add_referred(struct making *m, struct group *g, struct oas_spot schema, struct str ref)
{
    struct oas_spot target = refer(m, schema, ref);
    if (target.node == NULL)
        g->broken = true;
    else
        group_add(m, g, target);
}

void group_add(struct making *m, struct group *g, struct oas_spot schema)
{
    enum tree_kind kind = tree_kind_of(schema.node);
    const struct tree_node *ref = tree_get(schema.doc, schema.node, STR("$ref"));
    const struct tree_node *dynamic = tree_get(schema.doc, schema.node, STR("$dynamicRef"));
    bool refers = tree_kind_of(ref) == TREE_STRING;
    if (kind == TREE_BOOL && !tree_true(schema.doc, schema.node))
        g->nothing = true;
    if (kind != TREE_OBJECT || has_part(g, schema.node))
        return;
    if (g->parts.len >= MOST_PARTS || g->depth >= MOST_NESTED) {
        g->broken = true;
        return;
    }
    g->circle = g->circle || is_open(m, schema.node);
    g->depth++;
    if (!refers || !m->maker->reference_alone) {
        vec_push(&g->parts, m->mem, schema);
        add_inner(m, g, schema);
    }
    if (refers)
        add_referred(m, g, schema, tree_text(schema.doc, ref));
    if (tree_kind_of(dynamic) == TREE_STRING && !m->maker->reference_alone)
        add_referred(m, g, schema, tree_text(schema.doc, dynamic));
    g->depth--;
}

/* --- what the parts say together ---------------------------------------------------------------
 */

static unsigned kind_named(struct str name, bool *fraction)
{
    static const struct {
        struct str name;
        unsigned kinds;
    } names[] = {
        {{"object", 6},  KIND_BIT(TREE_OBJECT)},
        {{"array", 5},   KIND_BIT(TREE_ARRAY) },
        {{"string", 6},  KIND_BIT(TREE_STRING)},
        {{"file", 4},    KIND_BIT(TREE_STRING)}, /* OAS 2.0 */
        {{"boolean", 7}, KIND_BIT(TREE_BOOL)  },
        {{"null", 4},    KIND_BIT(TREE_NULL)  },
        {{"integer", 7}, KIND_BIT(TREE_NUMBER)},
        {{"number", 6},  KIND_BIT(TREE_NUMBER)},
    };
    *fraction = *fraction || str_eq(name, STR("number"));
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (str_eq(name, names[i].name))
            return names[i].kinds;
    return 0;
}

static unsigned part_kinds(const struct group *g, size_t part, bool *whole)
{
    const struct tree *doc = g->parts.ptr[part].doc;
    const struct tree_node *type = part_get(g, part, "type");
    unsigned kinds = 0;
    bool fraction = false;
    if (tree_kind_of(type) == TREE_STRING)
        kinds = kind_named(tree_text(doc, type), &fraction);
    if (tree_kind_of(type) == TREE_ARRAY)
        for (const struct tree_node *n = tree_first(doc, type); n != NULL; n = tree_next(doc, n))
            kinds |= kind_named(tree_text(doc, n), &fraction);
    if (kinds == 0)
        return KINDS_ALL;
    *whole = *whole || ((kinds & KIND_BIT(TREE_NUMBER)) && !fraction);
    if (tree_true(doc, part_get(g, part, "nullable")))
        kinds |= KIND_BIT(TREE_NULL);
    return kinds;
}

unsigned group_kinds(const struct group *g, bool *whole)
{
    unsigned kinds = KINDS_ALL;
    *whole = false;
    for (size_t i = 0; i < g->parts.len; i++)
        kinds &= part_kinds(g, i, whole);
    return kinds;
}

uint64_t group_count(const struct group *g, const char *keyword, bool largest, uint64_t otherwise)
{
    uint64_t found = otherwise;
    bool any = false;
    for (size_t i = 0; i < g->parts.len; i++) {
        const struct tree_node *node = part_get(g, i, keyword);
        int64_t count = 0;
        if (tree_kind_of(node) != TREE_NUMBER ||
            !str_to_i64(tree_text(g->parts.ptr[i].doc, node), &count) || count < 0)
            continue;
        if (!any || (largest ? (uint64_t)count > found : (uint64_t)count < found))
            found = (uint64_t)count;
        any = true;
    }
    return found;
}

bool group_true(const struct group *g, const char *keyword)
{
    for (size_t i = 0; i < g->parts.len; i++)
        if (tree_true(g->parts.ptr[i].doc, part_get(g, i, keyword)))
            return true;
    return false;
}
