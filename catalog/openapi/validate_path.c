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

/* Adds the names of a holder's parameters in path; false when some parameter cannot be found. */
static bool add_declared(struct validation *v, struct oas_spot holder, struct text_set *out)
{
    struct oas_spot list = spot_get(holder, "parameters");
    bool all = true;
    if (tree_kind_of(list.node) != TREE_ARRAY)
        return true;
    for (struct oas_spot n = spot_first(list); n.node != NULL; n = spot_next(n)) {
        struct oas_spot spot = spot_follow(v, n.doc, n.node);
        all = all && spot.node != NULL;
        if (str_eq(spot_text(spot, "in"), STR("path")))
            (void)text_set_add(out, spot_text(spot, "name"));
    }
    return all;
}

/* The path item that the $ref of one leads to; node NULL: there is none. */
static struct oas_spot item_behind(struct validation *v, struct oas_spot item)
{
    struct oas_spot ref = spot_get(item, "$ref");
    if (tree_kind_of(ref.node) != TREE_STRING)
        return (struct oas_spot){0};
    return oas_refer(v->files, ref.doc, tree_text(ref.doc, ref.node), NULL);
}

struct chain {
    struct oas_spot items[REFERENCE_MOST_HOPS];
    size_t count;
};

/* A field that stands beside a $ref goes before the one behind it. */
static bool is_given(const struct chain *chain, struct str field)
{
    for (size_t i = 0; i < chain->count; i++)
        if (tree_get(chain->items[i].doc, chain->items[i].node, field) != NULL)
            return true;
    return false;
}

static void add_operation(struct validation *v, struct item_names *out, struct str field,
                          struct oas_spot operation)
{
    const struct operation_names names = {field, {.mem = v->mem}};
    vec_push(&out->operations, v->mem, names);
    out->known = add_declared(v, operation, &vec_last(&out->operations)->names) && out->known;
}

static void add_item(struct validation *v, struct item_names *out, const struct chain *before,
                     struct oas_spot item)
{
    for (struct oas_spot m = spot_first(item); m.node != NULL; m = spot_next(m)) {
        struct str name = tree_key(m.doc, m.node);
        const struct field *field = grammar_field(objects[KIND_PATH_ITEM], name, version_bit(v));
        if (field == NULL || is_given(before, name))
            continue;
        if (strcmp(field->name, "parameters") == 0)
            out->known = add_declared(v, item, &out->shared) && out->known;
        else if (field->form == FORM_OBJECT)
            add_operation(v, out, name, m);
        else if (field->form == FORM_METHODS)
            for (struct oas_spot o = spot_first(m); o.node != NULL; o = spot_next(o))
                add_operation(v, out, name, o);
    }
}

/* Asked for by each path that refers to the item: made once. */
static const struct item_names *names_behind(struct validation *v, struct oas_spot item)
{
    struct chain chain = {.count = 0};
    struct visited *file = walk_file(v, item.doc);
    if (file->items == NULL)
        file->items = arena_array(v->mem, const struct item_names *, tree_count(item.doc));
    const struct item_names **made = &file->items[tree_number(item.doc, item.node)];
    if (*made != NULL)
        return *made;
    struct item_names *names = arena_new(v->mem, struct item_names);
    *names = (struct item_names){.shared = {.mem = v->mem}, .known = true};
    for (; item.node != NULL && chain.count < REFERENCE_MOST_HOPS; item = item_behind(v, item)) {
        add_item(v, names, &chain, item);
        chain.items[chain.count++] = item;
    }
    *made = names;
    return names;
}

/* Asked for by each operation of a path item: made once. */
static const struct path_names *names_of(struct validation *v, struct str template,
                                         const struct tree_node *item)
{
    struct path_names *names = &v->path_names;
    struct oas_spot at = {walk_doc(v), item}, behind = item_behind(v, at);
    if (names->item == item)
        return names;
    *names = (struct path_names){.item = item,
                                 .template = template_names(v->mem, template),
                                 .declared = {.mem = v->mem},
                                 .missing = {.mem = v->mem}};
    names->known = add_declared(v, at, &names->declared);
    if (behind.node != NULL && spot_get(at, "parameters").node == NULL) {
        const struct item_names *there = names_behind(v, behind);
        names->declared = there->shared;
        names->known = there->known;
    }
    for (size_t i = 0; i < names->template.texts.len; i++)
        if (!text_set_has(&names->declared, names->template.texts.ptr[i]))
            (void)text_set_add(&names->missing, names->template.texts.ptr[i]);
    return names;
}

static void check_template(struct validation *v, const struct path_names *names,
                           const struct tree_node *operation)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct text_set own = {.mem = &mem};
    bool known = add_declared(v, (struct oas_spot){walk_doc(v), operation}, &own) && names->known;
    for (size_t i = 0; i < names->missing.texts.len && known; i++) {
        struct str name = names->missing.texts.ptr[i];
        if (tree_notes_full(walk_doc(v)))
            return;
        if (name.len > 0 && !text_set_has(&own, name))
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

/* --- what is behind a path's $ref: it is walked where it stands, which has no template ---------
 */

static bool all_declare(const struct validation *v, const struct tree_node *item,
                        const struct item_names *behind, struct str name)
{
    for (size_t i = 0; i < behind->operations.len; i++) {
        const struct operation_names *operation = &behind->operations.ptr[i];
        if (tree_get(walk_doc(v), item, operation->field) == NULL &&
            !text_set_has(&operation->names, name))
            return false;
    }
    return true;
}

/* Tells the first name that the template lacks. */
static bool tell_unused(struct validation *v, const struct path_names *names,
                        const struct text_set *declared, const struct tree_node *ref)
{
    for (size_t i = 0; i < declared->texts.len; i++) {
        struct str name = declared->texts.ptr[i];
        if (text_set_has(&names->template, name))
            continue;
        fault_at(v, FAULT_PATH_UNUSED, ref,
                 "the path has no {" SHORT_FMT "} for a parameter of what this leads to",
                 SHORT_ARG(name));
        return true;
    }
    return false;
}

static void check_behind(struct validation *v, const struct path_names *names,
                         const struct tree_node *item)
{
    const struct tree *doc = walk_doc(v);
    const struct tree_node *ref = tree_get(doc, item, STR("$ref"));
    struct oas_spot to = item_behind(v, (struct oas_spot){doc, item});
    if (to.node == NULL)
        return;
    const struct item_names *behind = names_behind(v, to);
    for (size_t i = 0; i < names->missing.texts.len && names->known && behind->known; i++) {
        struct str name = names->missing.texts.ptr[i];
        if (name.len > 0 && !all_declare(v, item, behind, name))
            fault_at(v, FAULT_PATH_UNDECLARED, ref,
                     "the path has {" SHORT_FMT
                     "}, and an operation that this leads to has no parameter of that name in "
                     "path: declare it",
                     SHORT_ARG(name));
    }
    if (tree_get(doc, item, STR("parameters")) == NULL &&
        tell_unused(v, names, &behind->shared, ref))
        return;
    for (size_t i = 0; i < behind->operations.len; i++)
        if (tree_get(doc, item, behind->operations.ptr[i].field) == NULL &&
            tell_unused(v, names, &behind->operations.ptr[i].names, ref))
            return;
}

/* --- objects -----------------------------------------------------------------------------------
 */

void check_path_item(struct validation *v, const struct tree_node *node)
{
    struct str template = template_of(v, 0);
    check_parameter_list(v, node);
    if (template.ptr == NULL || v->options.grammar_only)
        return;
    const struct path_names *names = names_of(v, template, node);
    check_unused(v, names, node);
    check_behind(v, names, node);
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
