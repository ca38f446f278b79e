/* What the specification asks of paths, operations, responses and links. */
#include "validate.h"

/* --- path templates ----------------------------------------------------------------------------
 */

/* "/pets/{id}/x" → "/pets/{}/x": what two paths may not share. */
static struct str shape_of(struct str path, struct arena *mem)
{
    CLEANUP(buf_clear) struct buf out = {0};
    bool inside = false;
    for (size_t i = 0; i < path.len; i++) {
        inside = inside && path.ptr[i] != '}';
        if (!inside)
            buf_add_char(&out, path.ptr[i]);
        inside = inside || path.ptr[i] == '{';
    }
    return arena_str(mem, buf_str(&out));
}

static bool is_balanced(struct str path)
{
    bool open = false;
    for (size_t i = 0; i < path.len; i++) {
        char c = path.ptr[i];
        if ((c == '{' && open) || (c == '}' && (!open || path.ptr[i - 1] == '{')))
            return false;
        open = c == '{' || (open && c != '}');
    }
    return !open;
}

void check_paths(struct validation *v, const struct tree_node *node)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    VEC(struct named_spot) shapes = {0};
    const struct tree *doc = walk_doc(v);
    if (v->options.grammar_only)
        return;
    for (const struct tree_node *m = tree_first(doc, node); m != NULL; m = tree_next(doc, m)) {
        struct str path = tree_key(doc, m);
        if (!str_starts(path, STR("/")))
            continue;
        vec_push(&shapes, &mem, (struct named_spot){.name = shape_of(path, &mem), .node = m});
        if (!is_balanced(path))
            fault_at(v, FAULT_PATH_FORM, m,
                     "the braces of the path \"" SHORT_FMT "\" do not enclose names",
                     SHORT_ARG(path));
    }
    named_sort(shapes.ptr, shapes.len);
    for (size_t i = 1; i < shapes.len; i++)
        if (str_eq(shapes.ptr[i].name, shapes.ptr[i - 1].name))
            fault_at(v, FAULT_PATH_TWIN, shapes.ptr[i].node,
                     "the path \"" SHORT_FMT "\" is the same as \"" SHORT_FMT "\"",
                     SHORT_ARG(tree_key(doc, shapes.ptr[i].node)),
                     SHORT_ARG(tree_key(doc, shapes.ptr[i - 1].node)));
}

/* --- parameters of a path ----------------------------------------------------------------------
 */

/* The template that an operation or path item stands under, when it stands in `paths` itself. */
static struct str template_of(const struct validation *v, size_t levels)
{
    bool direct = v->base.len == 0 && walk_depth(v) == levels + 2 &&
                  str_eq(walk_name(v, levels + 1), STR("paths"));
    return direct ? walk_name(v, levels) : STR_NONE;
}

/* Adds the names of a list's parameters in path. */
static void add_declared(struct validation *v, const struct tree_node *holder,
                         struct path_names *out)
{
    const struct tree *doc = walk_doc(v);
    const struct tree_node *list = tree_get(doc, holder, STR("parameters"));
    if (tree_kind_of(list) != TREE_ARRAY)
        return;
    for (const struct tree_node *n = tree_first(doc, list); n != NULL; n = tree_next(doc, n)) {
        struct oas_spot spot = spot_follow(v, doc, n);
        out->unknown = out->unknown || spot.node == NULL;
        if (str_eq(spot_text(spot, "in"), STR("path")))
            (void)text_set_add(&out->declared, spot_text(spot, "name"));
    }
}

/* Asked for by each operation of a path item: made once. */
static const struct path_names *names_of(struct validation *v, struct str template,
                                         const struct tree_node *item)
{
    struct path_names *names = &v->path_names;
    if (names->item == item)
        return names;
    *names = (struct path_names){.item = item,
                                 .template = template_names(v->mem, template),
                                 .declared = {.mem = v->mem},
                                 .missing = {.mem = v->mem}};
    add_declared(v, item, names);
    for (size_t i = 0; i < names->template.texts.len; i++)
        if (!text_set_has(&names->declared, names->template.texts.ptr[i]))
            (void)text_set_add(&names->missing, names->template.texts.ptr[i]);
    return names;
}

static void check_template(struct validation *v, const struct path_names *names,
                           const struct tree_node *operation)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct path_names own = {.unknown = names->unknown, .declared = {.mem = &mem}};
    add_declared(v, operation, &own);
    for (size_t i = 0; i < names->missing.texts.len && !own.unknown; i++) {
        struct str name = names->missing.texts.ptr[i];
        if (tree_notes_full(walk_doc(v)))
            return;
        if (name.len > 0 && !text_set_has(&own.declared, name))
            fault_here(v, FAULT_PATH_UNDECLARED,
                       "the path has {" SHORT_FMT "}: declare a parameter of that name in path",
                       SHORT_ARG(name));
    }
}

static void check_unused(struct validation *v, const struct path_names *names,
                         const struct tree_node *holder)
{
    const struct tree *doc = walk_doc(v);
    const struct tree_node *list = tree_get(doc, holder, STR("parameters"));
    uint32_t index = 0;
    if (tree_kind_of(list) != TREE_ARRAY)
        return;
    walk_enter(v, list, 0);
    for (const struct tree_node *n = tree_first(doc, list); n != NULL; n = tree_next(doc, n)) {
        struct oas_spot spot = spot_follow(v, doc, n);
        struct str wanted = spot_text(spot, "name");
        walk_enter(v, n, index++);
        if (wanted.ptr != NULL && str_eq(spot_text(spot, "in"), STR("path")) &&
            !text_set_has(&names->template, wanted))
            fault_here(v, FAULT_PATH_UNUSED, "the path has no {" SHORT_FMT "} for this parameter",
                       SHORT_ARG(wanted));
        walk_leave(v);
    }
    walk_leave(v);
}

/* --- objects -----------------------------------------------------------------------------------
 */

void check_path_item(struct validation *v, const struct tree_node *node)
{
    struct str template = template_of(v, 0);
    check_parameter_list(v, node);
    if (template.ptr != NULL && !v->options.grammar_only)
        check_unused(v, names_of(v, template, node), node);
}

static void remember(struct validation *v, const struct tree_node *id, bool link)
{
    if (tree_kind_of(id) != TREE_STRING)
        return;
    walk_enter(v, id, 0);
    const struct named_spot spot = {tree_text(walk_doc(v), id), walk_doc(v), id, walk_pointer(v)};
    walk_leave(v);
    if (link)
        vec_push(&v->links, v->mem, spot);
    else
        vec_push(&v->operation_ids, v->mem, spot);
}

void check_operation(struct validation *v, const struct tree_node *node)
{
    bool additional = str_eq(walk_name(v, 1), STR("additionalOperations"));
    size_t levels = additional ? 2 : 1;
    struct str template = template_of(v, levels);
    check_parameter_list(v, node);
    if (v->options.grammar_only)
        return;
    remember(v, tree_get(walk_doc(v), node, STR("operationId")), false);
    if (template.ptr == NULL)
        return;
    const struct tree_node *item = v->path.ptr[v->path.len - 1 - levels].node;
    const struct path_names *names = names_of(v, template, item);
    check_template(v, names, node);
    check_unused(v, names, node);
}

void check_responses(struct validation *v, const struct tree_node *node)
{
    const struct tree *doc = walk_doc(v);
    bool any = v->version == OAS_3_0 && node->size > 0;
    for (const struct tree_node *m = tree_first(doc, node); m != NULL && !any;
         m = tree_next(doc, m))
        any = !str_starts(tree_key(doc, m), STR("x-"));
    if (!any)
        fault_here(v, FAULT_EMPTY, "there is no response: describe at least one, or default");
}

void check_link(struct validation *v, const struct tree_node *node)
{
    const struct tree *doc = walk_doc(v);
    const struct tree_node *reference = tree_get(doc, node, STR("operationRef"));
    const struct tree_node *id = tree_get(doc, node, STR("operationId"));
    check_exclusive(v, node, "operationRef", "operationId");
    if (reference == NULL && id == NULL && (version_bit(v) & V31_ON))
        fault_missing(v, "operationId",
                      "the Link Object lacks operationId or operationRef: add one");
    if (v->options.grammar_only)
        return;
    remember(v, id, true);
    if (tree_kind_of(reference) != TREE_STRING)
        return;
    walk_enter(v, reference, 0);
    reference_add(v, reference, KIND_OPERATION);
    walk_leave(v);
}

/* --- when all is walked ------------------------------------------------------------------------
 */

void check_operation_ids(struct validation *v)
{
    struct named_spot *ids = v->operation_ids.ptr;
    named_sort(ids, v->operation_ids.len);
    for (size_t i = 1; i < v->operation_ids.len; i++)
        if (str_eq(ids[i].name, ids[i - 1].name))
            fault_spot(v, FAULT_OPERATION_ID, ids[i].doc, ids[i].node, ids[i].pointer,
                       "the operationId \"" SHORT_FMT
                       "\" is taken by another operation: choose one "
                       "of its own",
                       SHORT_ARG(ids[i].name));
}

void check_links(struct validation *v)
{
    for (size_t i = 0; i < v->links.len; i++) {
        const struct named_spot *link = &v->links.ptr[i];
        if (named_find(v->operation_ids.ptr, v->operation_ids.len, link->name) == NULL)
            fault_spot(v, FAULT_LINK, link->doc, link->node, link->pointer,
                       "no operation has the operationId \"" SHORT_FMT "\"", SHORT_ARG(link->name));
    }
}
