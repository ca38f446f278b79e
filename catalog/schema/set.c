/* Documents by URI; references and what they lead to. */
#include "engine.h"

#define MOST_FAULTS    1000
#define MOST_URI_BYTES 4096

struct schema_set *schema_set_new(struct arena *mem, const struct schema_settings *settings)
{
    struct schema_set *set = arena_new(mem, struct schema_set);
    set->mem = mem;
    set->settings = *settings;
    return set;
}

/* --- documents ---------------------------------------------------------------------------------
 */

static struct document *add(struct schema_set *set, struct str uri, const struct tree *doc,
                            enum schema_holds holds)
{
    struct document *document = arena_new(set->mem, struct document);
    *document = (struct document){.doc = doc, .holds = holds};
    table_put(&set->documents, set->mem, doc, STR(""), document);
    scan_document(set, document, arena_str(set->mem, uri));
    return document;
}

bool schema_set_add(struct schema_set *set, struct str uri, const struct tree *doc,
                    enum schema_holds holds, struct err *err)
{
    enum tree_kind kind = tree_kind_of(tree_root(doc));
    if (uri.len > MOST_URI_BYTES)
        return fail(err, ERR_LIMIT, "", "the URI of a schema has %zu bytes, %d are allowed",
                    uri.len, MOST_URI_BYTES);
    if (holds == SCHEMA_IS_SCHEMA && kind != TREE_OBJECT && kind != TREE_BOOL)
        return tree_fail(err, ERR_INVALID, doc, tree_root(doc)->start,
                         "a schema is an object, true or false");
    if (set_document(set, doc) == NULL)
        add(set, uri, doc, holds);
    return true;
}

const struct document *set_document(const struct schema_set *set, const struct tree *doc)
{
    return table_get(&set->documents, doc, STR(""));
}

const struct resource *set_resource_of(const struct document *document,
                                       const struct tree_node *node)
{
    uint32_t number = document->owners ? document->owners[tree_number(document->doc, node)] : 0;
    return document->resources.ptr[number];
}

/* --- finding -----------------------------------------------------------------------------------
 */

static void add_builtin(struct schema_set *set)
{
    struct tree *doc = NULL;
    bool read = tree_read(meta_schemas(), NULL, set->mem, &doc, NULL);
    assert(read);
    UNUSED(read);
    set->builtin = arena_new(set->mem, struct document);
    *set->builtin = (struct document){.doc = doc, .holds = SCHEMA_IS_SCHEMA};
    table_put(&set->documents, set->mem, doc, STR(""), set->builtin);
    scan_document(set, set->builtin, STR(""));
}

static bool load(struct schema_set *set, struct str uri, enum schema_holds holds)
{
    const struct schema_loader *loader = &set->settings.loader;
    if (set->builtin == NULL && str_find(str_sub(uri, 0, 32), STR("//json-schema.org/")) < 8) {
        add_builtin(set);
        if (table_get(&set->resources, NULL, uri) != NULL)
            return true;
    }
    const struct tree *doc = loader->load ? loader->load(loader->context, uri) : NULL;
    if (doc == NULL)
        return false;
    const struct document *known = set_document(set, doc);
    if (known == NULL)
        known = add(set, uri, doc, holds);
    table_put(&set->resources, set->mem, NULL, arena_str(set->mem, uri), known->resources.ptr[0]);
    return true;
}

const struct resource *set_find(struct schema_set *set, struct str uri, enum schema_holds holds)
{
    const struct resource *found = table_get(&set->resources, NULL, uri);
    if (found == NULL && uri.len <= MOST_URI_BYTES && load(set, uri, holds))
        found = table_get(&set->resources, NULL, uri);
    return found;
}

const struct anchor *set_anchor(const struct schema_set *set, const struct resource *resource,
                                struct str name)
{
    return table_get(&set->anchors, resource, name);
}

struct schema *set_schema(struct schema_set *set, const struct document *document,
                          const struct tree_node *node)
{
    struct schema *known = table_get(&set->schemas, node, STR(""));
    if (known != NULL)
        return known;
    struct schema *schema = arena_new(set->mem, struct schema);
    schema->resource = set_resource_of(document, node);
    schema->node = node;
    table_put(&set->schemas, set->mem, node, STR(""), schema);
    return schema;
}

/* --- following ---------------------------------------------------------------------------------
 */

static const struct tree_node *node_named(struct schema_set *set, const struct resource *resource,
                                          struct str fragment, const struct anchor **anchor)
{
    *anchor = NULL;
    if (fragment.len == 0)
        return resource->root;
    struct str plain = percent_decode(fragment, set->mem);
    if (plain.ptr[0] == '/')
        return tree_below(resource->document->doc, resource->root, plain);
    *anchor = set_anchor(set, resource, plain);
    return *anchor ? (*anchor)->node : NULL;
}

struct schema *set_follow(struct schema_set *set, const struct resource *from, struct str reference,
                          const struct anchor **anchor)
{
    const struct anchor *found = NULL;
    struct str fragment, before;
    if (reference.len > MOST_URI_BYTES)
        return NULL;
    before = uri_without_fragment(reference, &fragment);
    if (before.len > 0) {
        before = uri_resolve(from->uri, before, set->mem);
        from = set_find(set, before, from->document->holds);
    }
    const struct tree_node *node = from ? node_named(set, from, fragment, &found) : NULL;
    if (anchor != NULL)
        *anchor = found;
    return node ? set_schema(set, from->document, node) : NULL;
}

/* --- outside -----------------------------------------------------------------------------------
 */

struct schema *schema_at(struct schema_set *set, const struct tree *doc,
                         const struct tree_node *node)
{
    const struct document *document = set_document(set, doc);
    assert(document != NULL);
    return set_schema(set, document, node);
}

struct schema *schema_referred(struct schema_set *set, const struct tree *doc,
                               const struct tree_node *from, struct str reference)
{
    const struct document *document = set_document(set, doc);
    assert(document != NULL);
    return set_follow(set, set_resource_of(document, from), reference, NULL);
}

const struct tree *schema_doc(const struct schema *schema)
{
    return schema->resource->document->doc;
}

const struct tree_node *schema_node(const struct schema *schema)
{
    return schema->node;
}

void set_fault(struct schema_set *set, const struct resource *resource,
               const struct tree_node *node, const char *keyword, const char *format, ...)
{
    char text[240];
    if (set->faults.len >= MOST_FAULTS || table_get(&set->faulty, node, STR("")) != NULL)
        return;
    table_put(&set->faulty, set->mem, node, STR(""), set);
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    vec_push(&set->faults, set->mem,
             (struct schema_fault){.doc = resource->document->doc,
                                   .node = node,
                                   .keyword = keyword,
                                   .message = arena_str(set->mem, str_from(text))});
}

const struct schema_fault *schema_faults(const struct schema_set *set, size_t *count)
{
    *count = set->faults.len;
    return set->faults.ptr;
}
