/* Finds the schemas of a document that have a URI or a name of their own. */
#include "engine.h"

enum way {
    WAY_SCHEMA, /* is a schema */
    WAY_HOLDER, /* may be one, or hold some */
    WAY_MAP,    /* its members may be: names say nothing */
    WAY_DATA,   /* no schema, nor anything below */
};

struct scan {
    struct schema_set *set;
    struct document *document;
    const struct tree *doc;
};

/* --- resources ---------------------------------------------------------------------------------
 */

static uint32_t add_resource(struct scan *scan, const struct tree_node *node, struct str uri,
                             const struct resource *outer)
{
    struct arena *mem = scan->set->mem;
    struct document *document = scan->document;
    struct resource *resource = arena_new(mem, struct resource);
    struct str ignored;
    resource->document = document;
    resource->root = node;
    resource->uri = uri_without_fragment(uri, &ignored);
    vec_push(&document->resources, mem, resource);
    if (resource->uri.len > 0)
        table_put(&scan->set->resources, mem, NULL, resource->uri, resource);
    dialect_decide(scan->set, resource, outer);
    if (document->resources.len == 2)
        document->owners = arena_array(mem, uint32_t, tree_count(scan->doc));
    return (uint32_t)document->resources.len - 1;
}

static void add_anchor(struct scan *scan, const struct resource *resource,
                       const struct tree_node *node, struct str name, bool dynamic)
{
    struct anchor *anchor = arena_new(scan->set->mem, struct anchor);
    *anchor = (struct anchor){node, dynamic};
    table_put(&scan->set->anchors, scan->set->mem, resource, name, anchor);
}

static bool is_modern(enum schema_dialect dialect)
{
    return dialect == SCHEMA_2019_09 || dialect == SCHEMA_2020_12;
}

/* Before 2019-09 a `$ref` makes nothing of what stands beside it. */
static struct str id_of(const struct scan *scan, const struct tree_node *node,
                        enum schema_dialect dialect)
{
    bool old = !is_modern(dialect);
    if (dialect == SCHEMA_OAS_3_0 ||
        (old && tree_kind_of(tree_get(scan->doc, node, STR("$ref"))) == TREE_STRING))
        return STR_NONE;
    const struct tree_node *id =
        tree_get(scan->doc, node, dialect == SCHEMA_DRAFT_04 ? STR("id") : STR("$id"));
    return tree_kind_of(id) == TREE_STRING ? tree_text(scan->doc, id) : STR_NONE;
}

static void take_anchors(struct scan *scan, const struct resource *resource,
                         const struct tree_node *node, struct str id)
{
    const struct tree_node *anchor = tree_get(scan->doc, node, STR("$anchor"));
    const struct tree_node *dynamic = tree_get(scan->doc, node, STR("$dynamicAnchor"));
    if (!is_modern(resource->dialect)) {
        if (id.len > 1 && id.ptr[0] == '#')
            add_anchor(scan, resource, node, str_sub(id, 1, id.len), false);
        return;
    }
    if (tree_kind_of(dynamic) == TREE_STRING && resource->dialect == SCHEMA_2020_12)
        add_anchor(scan, resource, node, tree_text(scan->doc, dynamic), true);
    if (tree_kind_of(anchor) == TREE_STRING)
        add_anchor(scan, resource, node, tree_text(scan->doc, anchor), false);
    if (resource->dialect == SCHEMA_2019_09 && node == resource->root &&
        tree_true(scan->doc, tree_get(scan->doc, node, STR("$recursiveAnchor"))))
        add_anchor(scan, resource, node, STR(""), true);
}

/* A `$schema` of its own may change how the id is written. */
static enum schema_dialect dialect_of(const struct scan *scan, const struct tree_node *node,
                                      enum schema_dialect outer)
{
    struct str named = tree_text(scan->doc, tree_get(scan->doc, node, STR("$schema")));
    enum schema_dialect dialect = outer;
    bool fixed = scan->set->settings.dialect_fixed && scan->document != scan->set->builtin;
    if (named.ptr == NULL || fixed || !schema_dialect_named(named, &dialect))
        return outer;
    return dialect;
}

/* The resource that the node belongs to: a fresh one where it has an id. */
static uint32_t enter(struct scan *scan, const struct tree_node *node, uint32_t outer)
{
    const struct resource *from = scan->document->resources.ptr[outer];
    struct str id = id_of(scan, node, dialect_of(scan, node, from->dialect));
    bool fresh = id.len > 0 && id.ptr[0] != '#' && node != from->root;
    if (fresh)
        outer = add_resource(scan, node, uri_resolve(from->uri, id, scan->set->mem), from);
    take_anchors(scan, scan->document->resources.ptr[outer], node, id);
    return outer;
}

/* --- the walk ----------------------------------------------------------------------------------
 */

static enum way way_in_schema(enum schema_dialect dialect, struct str name,
                              const struct tree_node *value)
{
    const struct keyword *keyword = keyword_named(name, dialect);
    bool list = tree_kind_of(value) == TREE_ARRAY;
    switch (keyword ? keyword->shape : SHAPE_NONE) {
    case SHAPE_NONE:
        return WAY_DATA;
    case SHAPE_SCHEMA:
        return list ? WAY_DATA : WAY_SCHEMA;
    case SHAPE_LIST:
        return list ? WAY_MAP : WAY_DATA;
    case SHAPE_MAP:
        return WAY_MAP;
    case SHAPE_SCHEMA_OR_LIST:
        return list ? WAY_MAP : WAY_SCHEMA;
    }
    return WAY_DATA;
}

/* Names below which an OpenAPI document has values, not schemas; and those whose members have names
 * of their author's. */
static enum way way_in_holder(struct str name)
{
    static const char *const data[] = {"example", "examples", "default", "enum", "const", "value"};
    static const char *const maps[] = {"properties",    "patternProperties", "$defs",
                                       "definitions",   "schemas",           "dependentSchemas",
                                       "responses",     "parameters",        "headers",
                                       "requestBodies", "callbacks"};
    for (size_t i = 0; i < COUNT_OF(data); i++)
        if (str_eq(name, str_from(data[i])))
            return WAY_DATA;
    for (size_t i = 0; i < COUNT_OF(maps); i++)
        if (str_eq(name, str_from(maps[i])))
            return WAY_MAP;
    return str_starts(name, STR("x-")) ? WAY_DATA : WAY_HOLDER;
}

static void own(struct scan *scan, const struct tree_node *node, uint32_t resource)
{
    if (scan->document->owners != NULL)
        scan->document->owners[tree_number(scan->doc, node)] = resource;
}

/* As deep as the tree, which has a limit. */
static void walk(struct scan *scan, const struct tree_node *node, uint32_t resource, enum way way,
                 enum way below)
{
    bool named = tree_kind_of(node) == TREE_OBJECT;
    if (named && (way == WAY_SCHEMA || way == WAY_HOLDER))
        resource = enter(scan, node, resource);
    own(scan, node, resource);
    enum schema_dialect dialect = scan->document->resources.ptr[resource]->dialect;
    for (const struct tree_node *m = tree_first(scan->doc, node); m != NULL;
         m = tree_next(scan->doc, m)) {
        enum way next = way == WAY_MAP ? below : way;
        if (named && way == WAY_SCHEMA)
            next = way_in_schema(dialect, tree_key(scan->doc, m), m);
        else if (named && way == WAY_HOLDER)
            next = way_in_holder(tree_key(scan->doc, m));
        walk(scan, m, resource, next, below);
    }
}

/* The root says where it is by its id, an OpenAPI document by `$self`. */
static void name_root(struct scan *scan, struct resource *root)
{
    struct str fragment, id = id_of(scan, root->root, root->dialect);
    if (scan->document->holds == SCHEMA_HOLDS_SCHEMAS)
        id = tree_text(scan->doc, tree_get(scan->doc, root->root, STR("$self")));
    if (id.len == 0 || id.ptr[0] == '#')
        return;
    struct str whole = uri_resolve(root->uri, id, scan->set->mem);
    root->uri = uri_without_fragment(whole, &fragment);
    table_put(&scan->set->resources, scan->set->mem, NULL, root->uri, root);
}

void scan_document(struct schema_set *set, struct document *document, struct str uri)
{
    struct scan scan = {set, document, document->doc};
    const struct tree_node *root = tree_root(scan.doc);
    bool schema = document->holds == SCHEMA_IS_SCHEMA;
    uint32_t number = add_resource(&scan, root, uri, NULL);
    struct resource *first = document->resources.ptr[number];
    if (document == set->builtin) {
        walk(&scan, root, number, WAY_MAP, WAY_SCHEMA);
        return;
    }
    name_root(&scan, first);
    if (first->dialect != SCHEMA_OAS_3_0) /* there nothing below has a name of its own */
        walk(&scan, root, number, schema ? WAY_SCHEMA : WAY_HOLDER,
             schema ? WAY_SCHEMA : WAY_HOLDER);
}
