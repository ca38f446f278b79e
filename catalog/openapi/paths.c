/* Path items and their operations. */
#include "lister.h"

typedef VEC(struct oas_operation) operation_list;

static const struct {
    struct str field, method;
    enum oas_version since;
    bool servable;
} methods[] = {
    {{"get", 3},     {"GET", 3},     OAS_2_0, true },
    {{"put", 3},     {"PUT", 3},     OAS_2_0, true },
    {{"post", 4},    {"POST", 4},    OAS_2_0, true },
    {{"delete", 6},  {"DELETE", 6},  OAS_2_0, true },
    {{"options", 7}, {"OPTIONS", 7}, OAS_2_0, true },
    {{"head", 4},    {"HEAD", 4},    OAS_2_0, true },
    {{"patch", 5},   {"PATCH", 5},   OAS_2_0, true },
    {{"trace", 5},   {"TRACE", 5},   OAS_3_0, true },
    {{"query", 5},   {"QUERY", 5},   OAS_3_2, false},
};

/* Methods that HTTP/1.1 parsers of proxies accept besides; others are answered 400 by them. */
static const char *const other_servable[] = {
    "ACL",       "BIND",       "CHECKOUT",   "COPY",        "LINK",   "LOCK",   "M-SEARCH",
    "MERGE",     "MKACTIVITY", "MKCALENDAR", "MKCOL",       "MOVE",   "NOTIFY", "PROPFIND",
    "PROPPATCH", "PURGE",      "REBIND",     "REPORT",      "SEARCH", "SOURCE", "SUBSCRIBE",
    "UNBIND",    "UNLINK",     "UNLOCK",     "UNSUBSCRIBE",
};

static bool is_servable(struct str method)
{
    for (size_t i = 0; i < COUNT_OF(other_servable); i++)
        if (str_eq(method, str_from(other_servable[i])))
            return true;
    return false;
}

static size_t fixed_method(const struct lister *lister, struct str field)
{
    for (size_t i = 0; i < COUNT_OF(methods); i++)
        if (lister->version >= methods[i].since && str_eq(field, methods[i].field))
            return i;
    return SIZE_MAX;
}

/* The path item's own object and the one its $ref leads to (or NULL, or the same). */
struct item {
    struct oas_spot own, target;
};

static void add_operation(struct lister *lister, const struct item *item, struct str method,
                          bool servable, const struct tree_node *value, operation_list *list)
{
    const struct tree *doc = lister->doc;
    struct oas_operation op = {
        .method = method,
        .path = lister->path,
        .servable = servable,
        .doc = doc,
        .offset = value->start,
    };
    if (tree_kind_of(value) != TREE_OBJECT) {
        note(lister, FINDING_WRONG_TYPE, value, STR_NONE, "the operation is no object");
        return;
    }
    if (!lister_room(lister))
        return;
    op.key = arena_join(lister->mem, method, STR(" "), lister->path);
    op.operation_id = lister_text(lister, value, "operationId");
    op.summary = lister_text(lister, value, "summary");
    op.description = lister_text(lister, value, "description");
    op.tags = lister_join_texts(lister, tree_get(doc, value, STR("tags")));
    op.deprecated = tree_true(doc, tree_get(doc, value, STR("deprecated")));
    lister_parameters(lister, item->own, item->target, value, &op);
    lister_responses(lister, value, &op);
    lister_security(lister, value, &op);
    vec_push(list, lister->mem, op);
}

/* OAS 3.2 "Path Item Object": a map of methods, written as they are sent. */
static void additional(struct lister *lister, const struct item *item, const struct tree_node *map,
                       operation_list *list)
{
    for (const struct tree_node *n = tree_first(lister->doc, map); n; n = lister_next(lister, n)) {
        struct str method = tree_key(lister->doc, n);
        bool fixed = false;
        for (size_t i = 0; i < COUNT_OF(methods); i++)
            fixed = fixed || str_eq_nocase(method, methods[i].method);
        if (fixed || method.len == 0)
            note(lister, FINDING_METHOD_FORM, n, STR_NONE,
                 "\"" STR_FMT "\" has a field of its own in the path item", STR_ARG(method));
        add_operation(lister, item, method, is_servable(method), n, list);
    }
}

/* Members of one of the item's two objects; what own says is not repeated from target. */
static void list_object(struct lister *lister, const struct item *item, struct oas_spot from,
                        operation_list *list)
{
    const struct tree *before = lister_enter(lister, from.doc);
    for (const struct tree_node *n = tree_first(from.doc, from.node); n != NULL;
         n = lister_next(lister, n)) {
        struct str field = tree_key(from.doc, n);
        size_t known = fixed_method(lister, field);
        bool more = lister->version >= OAS_3_2 && str_eq(field, STR("additionalOperations"));
        if (from.node != item->own.node && tree_get(item->own.doc, item->own.node, field) != NULL)
            continue;
        if (known != SIZE_MAX)
            add_operation(lister, item, methods[known].method, methods[known].servable, n, list);
        else if (more && tree_kind_of(n) == TREE_OBJECT)
            additional(lister, item, n, list);
    }
    (void)lister_enter(lister, before);
}

static void list_item(struct lister *lister, const struct tree_node *own, operation_list *list)
{
    struct item item = {
        .own = {lister->doc, own}
    };
    if (tree_kind_of(own) != TREE_OBJECT) {
        note(lister, FINDING_WRONG_TYPE, own, STR_NONE, "the path item is no object");
        return;
    }
    if (lister->path.len == 0 || lister->path.ptr[0] != '/')
        note(lister, FINDING_PATH_FORM, own, STR_NONE, "the path does not begin with a slash");
    if (tree_get(lister->doc, own, STR("$ref")) != NULL)
        item.target = lister_resolve(lister, own);
    list_object(lister, &item, item.own, list);
    if (tree_kind_of(item.target.node) == TREE_OBJECT && item.target.node != own)
        list_object(lister, &item, item.target, list);
}

void lister_paths(struct lister *lister, struct oas_summary *out)
{
    const struct tree *doc = lister->doc;
    const struct tree_node *paths = tree_get(doc, lister->root.node, STR("paths"));
    bool optional =
        lister->version >= OAS_3_1 && (tree_get(doc, lister->root.node, STR("webhooks")) ||
                                       tree_get(doc, lister->root.node, STR("components")));
    operation_list list = {0};
    if (tree_kind_of(paths) != TREE_OBJECT && (paths != NULL || !optional))
        note(lister, FINDING_NO_PATHS, lister->root.node, STR("paths"),
             "the document has no paths");
    if (tree_kind_of(paths) != TREE_OBJECT)
        return;
    for (const struct tree_node *n = tree_first(doc, paths); n != NULL;
         n = lister_next(lister, n)) {
        lister->path = tree_key(doc, n);
        if (!is_extension(lister->path))
            list_item(lister, n, &list);
        lister->path = STR_NONE;
    }
    out->operations = list.ptr;
    out->operation_count = list.len;
}

size_t oas_operation_count(const struct tree *doc)
{
    const struct tree_node *paths = tree_get(doc, tree_root(doc), STR("paths"));
    size_t count = 0;
    for (const struct tree_node *item = tree_first(doc, paths); item; item = tree_next(doc, item)) {
        const struct tree_node *more = tree_get(doc, item, STR("additionalOperations"));
        for (size_t i = 0; i < COUNT_OF(methods); i++)
            count += tree_get(doc, item, methods[i].field) != NULL;
        for (more = tree_first(doc, more); more != NULL; more = tree_next(doc, more))
            count++;
    }
    return count;
}
