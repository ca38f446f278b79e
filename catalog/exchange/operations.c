/* A document's operations. */
#include "parts.h"

#define MOST_OPERATIONS 100000

/* Methods that change nothing (RFC 9110 §9.2.1; IANA's registry of methods). */
static const char *const safe_methods[] = {"GET",    "HEAD",     "OPTIONS", "QUERY",
                                           "SEARCH", "PROPFIND", "REPORT"};

static const struct {
    struct str field, method;
    enum oas_version since;
} methods[] = {
    {{"get", 3},     {"GET", 3},     OAS_2_0},
    {{"put", 3},     {"PUT", 3},     OAS_2_0},
    {{"post", 4},    {"POST", 4},    OAS_2_0},
    {{"delete", 6},  {"DELETE", 6},  OAS_2_0},
    {{"options", 7}, {"OPTIONS", 7}, OAS_2_0},
    {{"head", 4},    {"HEAD", 4},    OAS_2_0},
    {{"patch", 5},   {"PATCH", 5},   OAS_2_0},
    {{"trace", 5},   {"TRACE", 5},   OAS_3_0},
    {{"query", 5},   {"QUERY", 5},   OAS_3_2},
};

/* --- values of the document --------------------------------------------------------------------
 */

struct oas_spot part_follow(struct exchange *x, struct oas_spot spot)
{
    return spot.node ? oas_follow(x->files, spot, NULL) : spot;
}

struct oas_spot part_at(struct exchange *x, struct oas_spot owner, struct str name)
{
    return part_follow(x, (struct oas_spot){owner.doc, tree_get(owner.doc, owner.node, name)});
}

struct str part_text(struct exchange *x, struct oas_spot owner, const char *name)
{
    struct oas_spot found = part_at(x, owner, str_from(name));
    return part_is(found, TREE_STRING) ? tree_text(found.doc, found.node) : STR_NONE;
}

bool part_true(struct exchange *x, struct oas_spot owner, const char *name)
{
    struct oas_spot found = part_at(x, owner, str_from(name));
    return found.node != NULL && tree_true(found.doc, found.node);
}

bool part_is(struct oas_spot spot, enum tree_kind kind)
{
    return spot.node != NULL && tree_kind_of(spot.node) == kind;
}

struct oas_spot part_first(struct oas_spot owner)
{
    bool holds = part_is(owner, TREE_OBJECT) || part_is(owner, TREE_ARRAY);
    return (struct oas_spot){owner.doc, holds ? tree_first(owner.doc, owner.node) : NULL};
}

struct oas_spot part_next(struct oas_spot member)
{
    return (struct oas_spot){member.doc, tree_next(member.doc, member.node)};
}

struct str part_pointer(const struct exchange *x, struct oas_spot spot, struct arena *mem)
{
    const struct oas_file *file = oas_file_of(x->files, spot.doc);
    struct str name = spot.doc == x->root.doc || file == NULL ? STR("") : file->path;
    return arena_join(mem, name, STR("#"), example_pointer(spot.doc, spot.node, mem));
}

/* --- listing -----------------------------------------------------------------------------------
 */

static bool is_safe(struct str method)
{
    for (size_t i = 0; i < COUNT_OF(safe_methods); i++)
        if (str_eq(method, str_from(safe_methods[i])))
            return true;
    return false;
}

static void add(struct exchange *x, struct str path, struct str method, struct oas_spot item,
                struct oas_spot operation, struct arena *mem)
{
    if (!part_is(operation, TREE_OBJECT) || x->operations.len >= MOST_OPERATIONS)
        return;
    const struct exchange_operation made = {.method = method,
                                            .path = path,
                                            .key = arena_join(mem, method, STR(" "), path),
                                            .operation_id = part_text(x, operation, "operationId"),
                                            .safe = is_safe(method),
                                            .item = item,
                                            .operation = operation};
    vec_push(&x->operations, mem, made);
}

static void add_item(struct exchange *x, struct str path, struct oas_spot item, struct arena *mem)
{
    for (struct oas_spot n = part_first(item); n.node != NULL; n = part_next(n)) {
        struct str field = tree_key(n.doc, n.node);
        for (size_t i = 0; i < COUNT_OF(methods); i++)
            if (x->version >= methods[i].since && str_eq(field, methods[i].field))
                add(x, path, methods[i].method, item, n, mem);
        if (x->version < OAS_3_2 || !str_eq(field, STR("additionalOperations")))
            continue;
        for (struct oas_spot o = part_first(n); o.node != NULL; o = part_next(o))
            add(x, path, tree_key(o.doc, o.node), item, o, mem);
    }
}

bool exchange_open(struct oas_files *files, struct arena *mem, struct exchange **out,
                   struct err *err)
{
    struct exchange *x = arena_new(mem, struct exchange);
    const struct tree *doc = oas_file_at(files, 0)->doc;
    x->files = files;
    x->root = (struct oas_spot){doc, tree_root(doc)};
    if (!example_maker_new(files, mem, &x->maker, err))
        return false;
    x->version = example_version(x->maker);
    struct oas_spot paths = part_at(x, x->root, STR("paths"));
    for (struct oas_spot n = part_first(paths); n.node != NULL; n = part_next(n)) {
        struct str path = tree_key(n.doc, n.node);
        if (path.len > 0 && path.ptr[0] == '/')
            add_item(x, path, part_follow(x, n), mem);
    }
    *out = x;
    return true;
}

const struct exchange_operation *exchange_operations(const struct exchange *x, size_t *count)
{
    *count = x->operations.len;
    return x->operations.ptr;
}

const struct exchange_operation *exchange_find(const struct exchange *x, struct str name)
{
    for (size_t i = 0; i < x->operations.len; i++)
        if (str_eq(x->operations.ptr[i].operation_id, name) ||
            str_eq(x->operations.ptr[i].key, name))
            return &x->operations.ptr[i];
    return NULL;
}
