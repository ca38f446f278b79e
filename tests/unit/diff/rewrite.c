/* Refactorings of whole documents. */
#include "tests/unit/diff/rewrite.h"

/* What is being written, and where it stands. */
struct rewriter {
    const struct tree *doc;
    enum rewriting how;
    struct json_writer w;
    VEC(const struct tree_node *) named; /* schemas that become components */
    bool naming;                         /* in the paths; components are still to come */
    struct arena mem;
};

/* Which of a value's places matter. */
enum place { PLACE_ANY, PLACE_ROOT, PLACE_COMPONENTS, PLACE_PATHS, PLACE_SCHEMA, PLACE_MEMBERS };

static void put(struct rewriter *r, const struct tree_node *node, enum place place);

static const struct tree_node *get(const struct rewriter *r, const struct tree_node *node,
                                   const char *name)
{
    return tree_get(r->doc, node, str_from(name));
}

static bool refers(const struct rewriter *r, const struct tree_node *node)
{
    return tree_kind_of(node) == TREE_OBJECT && get(r, node, "$ref") != NULL;
}

/* True when nothing at or below has a reference. */
static bool stands_alone(const struct rewriter *r, const struct tree_node *node)
{
    if (refers(r, node))
        return false;
    for (const struct tree_node *n = tree_first(r->doc, node); n != NULL; n = tree_next(r->doc, n))
        if (!stands_alone(r, n))
            return false;
    return true;
}

/* --- schemas ---------------------------------------------------------------------------------- */

static void put_reference(struct rewriter *r, struct str to)
{
    json_open_object(&r->w);
    json_key_str(&r->w, "$ref", to);
    json_close_object(&r->w);
}

/* A reference without siblings to a schema of this document, or nothing. */
static struct str reference_of(const struct rewriter *r, const struct tree_node *node)
{
    struct str ref = tree_text(r->doc, get(r, node, "$ref"));
    bool local =
        str_starts(ref, STR("#/components/schemas/")) || str_starts(ref, STR("#/definitions/"));
    return local && node->size == 1 ? ref : STR("");
}

static bool put_schema(struct rewriter *r, const struct tree_node *node)
{
    if (tree_kind_of(node) != TREE_OBJECT)
        return false;
    struct str ref = reference_of(r, node);
    const struct tree_node *target = ref.len > 0 ? tree_at(r->doc, str_sub(ref, 1, ref.len)) : NULL;
    if (r->how == REWRITE_INLINE && tree_kind_of(target) == TREE_OBJECT &&
        stands_alone(r, target)) {
        put(r, target, PLACE_ANY);
        return true;
    }
    if (r->how == REWRITE_ALL_OF && ref.len > 0) {
        json_open_object(&r->w);
        json_key(&r->w, STR("allOf"));
        json_open_array(&r->w);
        put_reference(r, ref);
        json_close_array(&r->w);
        json_close_object(&r->w);
        return true;
    }
    return false;
}

static bool put_body_schema(struct rewriter *r, const struct tree_node *node)
{
    if (!r->naming || tree_kind_of(node) != TREE_OBJECT || refers(r, node))
        return put_schema(r, node);
    put_reference(r, arena_printf(&r->mem, "#/components/schemas/Written%zu", r->named.len));
    vec_push(&r->named, &r->mem, node);
    return true;
}

/* --- parameters ------------------------------------------------------------------------------- */

static const struct tree_node *only_operation(const struct rewriter *r,
                                              const struct tree_node *item)
{
    static const char *const methods[] = {"get",     "put",  "post",  "delete",
                                          "options", "head", "patch", "trace"};
    const struct tree_node *only = NULL;
    size_t count = 0;
    for (size_t i = 0; i < COUNT_OF(methods); i++) {
        const struct tree_node *op = get(r, item, methods[i]);
        only = op != NULL ? op : only;
        count += op != NULL;
    }
    return count == 1 && get(r, item, "parameters") == NULL && get(r, item, "$ref") == NULL &&
                   get(r, item, "query") == NULL && get(r, item, "additionalOperations") == NULL
               ? only
               : NULL;
}

static void put_item(struct rewriter *r, const struct tree_node *item)
{
    const struct tree_node *only = only_operation(r, item),
                           *moved = only != NULL ? get(r, only, "parameters") : NULL;
    if (moved == NULL) {
        put(r, item, PLACE_ANY);
        return;
    }
    json_open_object(&r->w);
    json_key(&r->w, STR("parameters"));
    put(r, moved, PLACE_ANY);
    for (const struct tree_node *n = tree_first(r->doc, item); n; n = tree_next(r->doc, n)) {
        json_key(&r->w, tree_key(r->doc, n));
        if (n != only) {
            put(r, n, PLACE_ANY);
            continue;
        }
        json_open_object(&r->w);
        for (const struct tree_node *m = tree_first(r->doc, only); m; m = tree_next(r->doc, m)) {
            if (m == moved)
                continue;
            json_key(&r->w, tree_key(r->doc, m));
            put(r, m, PLACE_ANY);
        }
        json_close_object(&r->w);
    }
    json_close_object(&r->w);
}

/* --- everything ------------------------------------------------------------------------------- */

static void put_scalar(struct rewriter *r, const struct tree_node *node)
{
    enum tree_kind kind = tree_kind_of(node);
    if (kind == TREE_STRING)
        json_put_str(&r->w, tree_text(r->doc, node));
    else if (kind == TREE_NULL)
        json_put_null(&r->w);
    else
        json_put_raw(&r->w, tree_text(r->doc, node));
}

static void put_named(struct rewriter *r)
{
    for (size_t i = 0; i < r->named.len; i++) {
        json_key(&r->w, arena_printf(&r->mem, "Written%zu", i));
        put(r, r->named.ptr[i], PLACE_ANY);
    }
}

static void put_paths(struct rewriter *r, const struct tree_node *paths)
{
    const struct tree_node *n = paths;
    while (n != NULL && !str_eq(tree_key(r->doc, n), STR("components")))
        n = tree_next(r->doc, n);
    r->naming = r->how == REWRITE_COMPONENT && get(r, n, "schemas") != NULL;
    put(r, paths, PLACE_PATHS);
    r->naming = false;
}

static void put_member(struct rewriter *r, const struct tree_node *n, enum place place)
{
    struct str key = tree_key(r->doc, n);
    bool schema = str_eq(key, STR("schema")), items = str_eq(key, STR("items"));
    json_key(&r->w, key);
    if (place == PLACE_MEMBERS ? put_schema(r, n)
        : schema               ? put_body_schema(r, n)
                               : items && put_schema(r, n))
        return;
    if (place == PLACE_PATHS && r->how == REWRITE_PARAMETERS && key.len > 0 && key.ptr[0] == '/')
        put_item(r, n);
    else if (place == PLACE_ROOT && str_eq(key, STR("paths")))
        put_paths(r, n);
    else if (place == PLACE_ROOT && str_eq(key, STR("components")))
        put(r, n, PLACE_COMPONENTS);
    else if (place == PLACE_COMPONENTS && str_eq(key, STR("schemas")))
        put(r, n, PLACE_SCHEMA);
    else if (place != PLACE_MEMBERS && str_eq(key, STR("properties")))
        put(r, n, PLACE_MEMBERS);
    else
        put(r, n, PLACE_ANY);
}

static void put(struct rewriter *r, const struct tree_node *node, enum place place)
{
    VEC(const struct tree_node *) all = {0};
    enum tree_kind kind = tree_kind_of(node);
    if (kind != TREE_ARRAY && kind != TREE_OBJECT) {
        put_scalar(r, node);
        return;
    }
    for (const struct tree_node *n = tree_first(r->doc, node); n != NULL; n = tree_next(r->doc, n))
        vec_push(&all, &r->mem, n);
    if (kind == TREE_ARRAY)
        json_open_array(&r->w);
    else
        json_open_object(&r->w);
    bool back = kind == TREE_OBJECT && r->how == REWRITE_REVERSED;
    for (size_t i = 0; i < all.len; i++) {
        const struct tree_node *n = all.ptr[back ? all.len - 1 - i : i];
        if (kind == TREE_ARRAY)
            put(r, n, PLACE_ANY);
        else
            put_member(r, n, place);
    }
    if (place == PLACE_SCHEMA)
        put_named(r);
    if (kind == TREE_ARRAY)
        json_close_array(&r->w);
    else
        json_close_object(&r->w);
}

void rewrite_document(const struct tree *doc, enum rewriting how, struct buf *out)
{
    struct rewriter r = {.doc = doc, .how = how, .w = {.out = out}};
    put(&r, tree_root(doc), PLACE_ROOT);
    arena_clear(&r.mem);
}
