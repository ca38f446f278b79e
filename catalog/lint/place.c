/* From a path in the view to the place in a file, as Spectral finds it. */
#include "view.h"

struct jsonpath_spot spot_child(struct jsonpath_spot parent, struct str name)
{
    struct jsonpath_spot child = {parent.doc, NULL};
    if (tree_kind_of(parent.node) == TREE_OBJECT)
        child.node = tree_get(parent.doc, parent.node, name);
    else
        child.node = tree_element(parent.doc, parent.node, name);
    return child;
}

static struct jsonpath_spot root_of(const struct view *view)
{
    return (struct jsonpath_spot){view->docs.ptr[0].doc, tree_root(view->docs.ptr[0].doc)};
}

/* How far a path goes in the document as it stands. */
static size_t closest(struct jsonpath_spot *at, const struct str *path, size_t depth)
{
    for (size_t i = 0; i < depth; i++) {
        struct jsonpath_spot child = spot_child(*at, path[i]);
        if (child.node == NULL)
            return i;
        *at = child;
    }
    return depth;
}

/* How far it goes in the view. */
static size_t closest_seen(const struct view *view, const struct str *path, size_t depth)
{
    struct jsonpath_spot at = view_at(view, root_of(view));
    for (size_t i = 0; i < depth; i++) {
        struct jsonpath_spot child = spot_child(at, path[i]);
        if (child.node == NULL)
            return i;
        at = view_at(view, child);
    }
    return depth;
}

/* The first step, as the document stands, that needs a reference to be taken; SIZE_MAX when none
 * does. A value that is nothing but a reference is one, too. */
static size_t first_reference(const struct view *view, const struct str *path, size_t depth)
{
    struct jsonpath_spot at = root_of(view);
    for (size_t i = 0; i < depth; i++) {
        struct jsonpath_spot child = spot_child(at, path[i]);
        if (child.node == NULL)
            return i;
        at = child;
    }
    const struct tree_node *ref = tree_get(at.doc, at.node, STR("$ref"));
    return tree_kind_of(ref) == TREE_STRING && at.node->size == 1 ? depth : SIZE_MAX;
}

/* --- through references ----------------------------------------------------------------------- */

struct path_list {
    struct arena *mem;
    VEC(struct str) names;
};

/* `~1` is a slash, `~0` a tilde. */
static struct str unescaped(struct arena *mem, struct str token)
{
    if (str_find_char(token, '~') == SIZE_MAX)
        return token;
    char *bytes = arena_array(mem, char, token.len + 1);
    size_t len = 0;
    for (size_t i = 0; i < token.len; i++) {
        char next = token.ptr[i] == '~' && i + 1 < token.len ? token.ptr[i + 1] : '\0';
        bool escape = next == '0' || next == '1';
        bytes[len++] = escape ? (next == '0' ? '~' : '/') : token.ptr[i];
        i += escape;
    }
    return (struct str){bytes, len};
}

/* The path that a reference's pointer spells, as far as there are values. */
static void target_path(const struct ref *ref, struct path_list *out)
{
    struct str part, rest = ref->pointer;
    out->names.len = 0;
    (void)str_split(&rest, '/', &part);
    while (rest.ptr != NULL && str_split(&rest, '/', &part))
        vec_push(&out->names, out->mem, unescaped(out->mem, part));
}

/* Follows the whole path through every reference, and then as far as the target's file goes. */
static struct place follow(const struct view *view, const struct str *path, size_t depth,
                           struct arena *mem)
{
    struct path_list names = {.mem = mem};
    struct jsonpath_spot at = root_of(view);
    for (size_t i = 0;; i++) {
        const struct ref *ref = view_ref(view, at);
        bool moved = ref && (ref->kind == REF_FOLLOWED || ref->kind == REF_MISSING);
        if (moved) {
            at = ref->target;
            target_path(ref, &names);
            if (ref->kind == REF_MISSING)
                break;
            i--;
            continue;
        }
        if (i == depth)
            break;
        struct jsonpath_spot child = spot_child(at, path[i]);
        if (child.node == NULL)
            break;
        vec_push(&names.names, mem, path[i]);
        at = child;
    }
    return (struct place){.spot = at, .path = names.names.ptr, .depth = names.names.len};
}

/* What is left of the path behind the last step that exists, found by its name as Spectral does. */
static void add_missing(struct place *p, const struct str *path, size_t depth, size_t seen,
                        size_t reference, struct arena *mem)
{
    VEC(struct str) all = {0};
    for (size_t i = 0; i < p->depth; i++)
        vec_push(&all, mem, p->path[i]);
    size_t from = depth;
    if (seen > reference) { /* else nothing of the path is left behind the reference */
        from = 0;
        for (size_t i = 0; i < depth; i++)
            if (str_eq(path[i], path[seen - 1]))
                from = i + 1;
    }
    for (size_t i = from; i < depth; i++)
        vec_push(&all, mem, path[i]);
    p->missing = all.ptr;
    p->missing_depth = all.len;
}

struct place place_of(const struct view *view, const struct str *path, size_t depth, bool resolved,
                      struct arena *mem)
{
    size_t seen = resolved ? closest_seen(view, path, depth) : 0;
    size_t reference = resolved ? first_reference(view, path, seen) : SIZE_MAX;
    if (reference == SIZE_MAX) {
        struct place p = {.spot = root_of(view), .path = path};
        p.depth = closest(&p.spot, path, depth);
        p.missing = path;
        p.missing_depth = depth;
        return p;
    }
    struct place p = follow(view, path, depth, mem);
    add_missing(&p, path, depth, seen, reference, mem);
    return p;
}
