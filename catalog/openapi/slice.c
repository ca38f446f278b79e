/* A part of a document: some operations, and what they need. */
#include <stdlib.h>

#include "excerpt.h"

/* A schema that names another in its allOf, which may tell it apart by a discriminator. */
struct child {
    const struct tree_node *parent;
    size_t number; /* in the document's order */
    struct oas_spot entry;
};

struct selection {
    const struct oas_part *part;
    bool *found;         /* of the part: its tags, then its operations */
    VEC(struct str) ids; /* operationIds of what is chosen, sorted once all are */
    struct text_set tags;
    VEC(const char *) all_tags, all_operations; /* for hints */
    VEC(struct child) children;
    bool has_children;
};

static struct str text_of(struct oas_spot at)
{
    return tree_text(at.doc, at.node);
}

static void set_fate(struct excerpt *x, struct oas_spot at, enum fate fate)
{
    excerpt_edit(x, at, (struct edit){.fate = fate});
}

/* --- operations --------------------------------------------------------------------------------
 */

struct candidate {
    struct oas_spot item, at; /* the member of paths or webhooks, and the operation */
    struct str path, method; /* as written: a field's name, or a member's of additionalOperations */
    bool is_field;
};

typedef void candidate_visit(struct excerpt *x, const struct candidate *c);

static void each_of_item(struct excerpt *x, struct candidate *c, struct oas_spot object,
                         candidate_visit *visit)
{
    for (struct oas_spot m = spot_first(object); m.node != NULL; m = spot_next(m)) {
        struct str name = tree_key(m.doc, m.node);
        const struct field *field = grammar_field(objects[KIND_PATH_ITEM], name, x->version_bit);
        if (field == NULL || field->kind != KIND_OPERATION)
            continue;
        c->method = name;
        c->at = m;
        c->is_field = field->form == FORM_OBJECT;
        if (c->is_field) {
            visit(x, c);
            continue;
        }
        for (struct oas_spot o = spot_first(m); o.node != NULL; o = spot_next(o)) {
            c->method = tree_key(o.doc, o.node);
            c->at = o;
            visit(x, c);
        }
        set_fate(x, m, FATE_PRUNED);
    }
}

/* Operations of the path items in a map, with those that items have by reference. */
static void each_operation(struct excerpt *x, const char *map, candidate_visit *visit)
{
    for (struct oas_spot m = spot_first(excerpt_member(x, x->root, map)); m.node != NULL;
         m = spot_next(m)) {
        struct candidate c = {.item = m, .path = tree_key(m.doc, m.node)};
        struct oas_spot object = m;
        if (grammar_extension(c.path))
            continue;
        for (unsigned hops = 0; object.node != NULL && hops < REFERENCE_MOST_HOPS; hops++) {
            each_of_item(x, &c, object, visit);
            struct oas_spot ref = spot_get(object, "$ref");
            if (tree_kind_of(ref.node) != TREE_STRING)
                break;
            object = oas_refer(x->files, ref.doc, text_of(ref), NULL);
        }
    }
}

static bool has_tag(struct oas_spot operation, struct str tag)
{
    for (struct oas_spot t = spot_first(spot_get(operation, "tags")); t.node != NULL;
         t = spot_next(t))
        if (str_eq(text_of(t), tag))
            return true;
    return false;
}

/* An operationId, or "METHOD PATH". */
static bool is_named(const struct candidate *c, struct str name)
{
    size_t space = str_find_char(name, ' ');
    struct str id = spot_text(c->at, "operationId");
    if (id.ptr != NULL && str_eq(id, name))
        return true;
    return space != SIZE_MAX && str_eq_nocase(str_sub(name, 0, space), c->method) &&
           str_eq(str_sub(name, space + 1, name.len), c->path);
}

static void choose(struct excerpt *x, const struct candidate *c)
{
    struct selection *only = x->only;
    const struct oas_part *part = only->part;
    struct str id = spot_text(c->at, "operationId");
    bool chosen = false;
    for (size_t i = 0; i < part->tag_count; i++)
        if (has_tag(c->at, part->tags[i]))
            chosen = only->found[i] = true;
    for (size_t i = 0; i < part->operation_count; i++)
        if (is_named(c, part->operations[i]))
            chosen = only->found[part->tag_count + i] = true;
    if (!chosen)
        return;
    set_fate(x, c->at, FATE_CHOSEN);
    set_fate(x, c->item, FATE_CHOSEN);
    if (id.ptr != NULL)
        vec_push(&only->ids, x->mem, id);
}

static void drop_others(struct excerpt *x, const struct candidate *c)
{
    if (!excerpt_has_fate(x, c->at, FATE_CHOSEN))
        set_fate(x, c->at, FATE_DROPPED);
}

static void drop_items(struct excerpt *x, const char *map)
{
    struct oas_spot at = excerpt_member(x, x->root, map);
    if (at.node == NULL)
        return;
    for (struct oas_spot m = spot_first(at); m.node != NULL; m = spot_next(m))
        if (!grammar_extension(tree_key(m.doc, m.node)) && !excerpt_has_fate(x, m, FATE_CHOSEN))
            set_fate(x, m, FATE_DROPPED);
    if (x->version >= OAS_3_1) /* before, paths are required */
        set_fate(x, at, FATE_PRUNED);
}

/* --- what is not there -------------------------------------------------------------------------
 */

static void note_name(struct excerpt *x, const struct candidate *c)
{
    struct str id = spot_text(c->at, "operationId");
    for (struct oas_spot t = spot_first(spot_get(c->at, "tags")); t.node != NULL; t = spot_next(t))
        vec_push(&x->only->all_tags, x->mem, str_z(x->mem, text_of(t)));
    if (id.ptr != NULL)
        vec_push(&x->only->all_operations, x->mem, str_z(x->mem, id));
    char *key = str_z(x->mem, arena_join(x->mem, c->method, STR(" "), c->path));
    for (size_t i = 0; i < c->method.len && c->is_field; i++)
        key[i] = (char)(key[i] & ~0x20); /* fields are in lower case */
    vec_push(&x->only->all_operations, x->mem, key);
}

static bool refuse(struct excerpt *x, struct str name, bool tag)
{
    struct selection *only = x->only;
    each_operation(x, "paths", note_name);
    each_operation(x, "webhooks", note_name);
    const char *near = tag ? nearest_name(name, only->all_tags.ptr, only->all_tags.len)
                           : nearest_name(name, only->all_operations.ptr, only->all_operations.len);
    (void)fail(x->err, ERR_NOT_FOUND, "",
               tag ? "no operation has the tag \"%.*s\"" : "there is no operation \"%.*s\"",
               name.len < 100 ? (int)name.len : 100, name.ptr);
    if (near != NULL)
        return err_hint(x->err, "is \"%s\" meant?", near);
    return err_hint(x->err, tag ? "name a tag as the operations have it"
                                : "name an operationId, or method and path: \"GET /pets\"");
}

static bool all_found(struct excerpt *x)
{
    const struct oas_part *part = x->only->part;
    for (size_t i = 0; i < part->tag_count + part->operation_count; i++)
        if (!x->only->found[i])
            return i < part->tag_count ? refuse(x, part->tags[i], true)
                                       : refuse(x, part->operations[i - part->tag_count], false);
    return true;
}

/* --- what operations need ----------------------------------------------------------------------
 */

void slice_reach(struct excerpt *x, struct oas_spot at)
{
    bool fresh = false;
    while (at.node != NULL && !excerpt_has_fate(x, at, FATE_DROPPED))
        at.node = excerpt_parent(x, at);
    if (at.node == NULL)
        return;
    const struct section *section =
        excerpt_section(x, (struct oas_spot){at.doc, excerpt_parent(x, at)});
    if (section == NULL) /* an operation that is left out: what is needed of it moves */
        return;
    set_fate(x, at, FATE_KEPT);
    (void)excerpt_target(x, at, section->field->kind, NULL, &fresh);
}

void slice_operation(struct excerpt *x, struct oas_spot at)
{
    for (struct oas_spot t = spot_first(spot_get(at, "tags")); t.node != NULL; t = spot_next(t))
        (void)text_set_add(&x->only->tags, text_of(t));
}

void slice_requirement(struct excerpt *x, struct oas_spot at)
{
    struct oas_spot schemes = excerpt_section_of(x, KIND_SECURITY_SCHEME)->map;
    for (struct oas_spot m = spot_first(at); m.node != NULL; m = spot_next(m)) {
        struct str name = tree_key(m.doc, m.node);
        struct oas_spot scheme = {schemes.doc, tree_get(schemes.doc, schemes.node, name)};
        if (scheme.node == NULL && x->version >= OAS_3_2) /* a reference may stand here */
            scheme = oas_refer(x->files, m.doc, name, NULL);
        if (scheme.node != NULL)
            slice_reach(x, scheme);
    }
}

static int by_parent(const void *a, const void *b)
{
    const struct child *x = a, *y = b;
    int order = (x->parent > y->parent) - (x->parent < y->parent);
    return order ? order : (x->number > y->number) - (x->number < y->number);
}

static void find_children(struct excerpt *x)
{
    struct oas_spot schemas = excerpt_section_of(x, KIND_SCHEMA)->map;
    x->only->has_children = true;
    for (struct oas_spot m = spot_first(schemas); m.node != NULL; m = spot_next(m))
        for (struct oas_spot e = spot_first(spot_get(m, "allOf")); e.node != NULL;
             e = spot_next(e)) {
            struct oas_spot ref = spot_get(e, "$ref"), to = {0};
            if (tree_kind_of(ref.node) == TREE_STRING)
                to = oas_refer(x->files, ref.doc, text_of(ref), NULL);
            if (to.node != NULL)
                vec_push(&x->only->children, x->mem,
                         (struct child){to.node, x->only->children.len, m});
        }
    if (x->only->children.len > 0)
        qsort(x->only->children.ptr, x->only->children.len, sizeof(struct child), by_parent);
}

/* OAS "Discriminator Object": a value may be the name of any schema that has this one in allOf. */
void slice_discriminated(struct excerpt *x, struct oas_spot schema)
{
    if (!x->only->has_children)
        find_children(x);
    const struct child *children = x->only->children.ptr;
    size_t from = 0, to = x->only->children.len;
    if (children == NULL)
        return;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        bool before = children[middle].parent < schema.node;
        from = before ? middle + 1 : from;
        to = before ? to : middle;
    }
    for (; from < x->only->children.len && children[from].parent == schema.node; from++)
        slice_reach(x, children[from].entry);
}

static int by_text(const void *a, const void *b)
{
    const struct str *x = a, *y = b;
    return str_cmp(*x, *y);
}

bool slice_keeps_link(struct excerpt *x, struct oas_spot link)
{
    const struct selection *only = x->only;
    struct oas_spot at = oas_follow(x->files, link, NULL);
    struct oas_spot id = spot_get(at, "operationId"), ref = spot_get(at, "operationRef"), to = {0};
    if (tree_kind_of(id.node) == TREE_STRING) {
        struct str text = text_of(id);
        return only->ids.len > 0 &&
               bsearch(&text, only->ids.ptr, only->ids.len, sizeof(text), by_text) != NULL;
    }
    if (tree_kind_of(ref.node) == TREE_STRING)
        to = oas_refer(x->files, ref.doc, text_of(ref), NULL);
    return to.node == NULL || to.doc != x->root.doc || excerpt_is_placed(x, to);
}

/* --- the document's own lists ------------------------------------------------------------------
 */

static void drop_components(struct excerpt *x)
{
    for (size_t i = 0; i < x->section_count; i++) {
        struct oas_spot map = x->sections[i].map;
        for (struct oas_spot m = spot_first(map); m.node != NULL; m = spot_next(m))
            set_fate(x, m, FATE_DROPPED);
        if (map.node != NULL)
            set_fate(x, map, FATE_PRUNED);
    }
    if (x->version != OAS_2_0 && x->components.node != NULL)
        set_fate(x, x->components, FATE_PRUNED);
}

/* A tag that is used brings its parent (3.2), and so on: the set grows while it is walked. */
static void use_parents(struct excerpt *x, struct oas_spot tags)
{
    struct text_set *used = &x->only->tags, names = {.mem = x->mem};
    VEC(struct oas_spot) parents = {0}; /* by place in names */
    for (struct oas_spot t = spot_first(tags); t.node != NULL; t = spot_next(t))
        if (text_set_add(&names, spot_text(t, "name")))
            vec_push(&parents, x->mem, spot_get(t, "parent"));
    for (size_t i = 0; i < used->texts.len; i++) {
        size_t at = text_set_find(&names, used->texts.ptr[i]);
        if (at < parents.len && parents.ptr[at].node != NULL)
            (void)text_set_add(used, text_of(parents.ptr[at]));
    }
}

static void drop_tags(struct excerpt *x)
{
    struct oas_spot tags = spot_get(x->root, "tags");
    if (tree_kind_of(tags.node) != TREE_ARRAY)
        return;
    use_parents(x, tags);
    for (struct oas_spot t = spot_first(tags); t.node != NULL; t = spot_next(t))
        if (!text_set_has(&x->only->tags, spot_text(t, "name")))
            set_fate(x, t, FATE_DROPPED);
    set_fate(x, tags, FATE_PRUNED);
}

/* Something in it refers to what is left out. */
static bool misses_something(struct excerpt *x, struct oas_spot at)
{
    struct oas_spot ref = spot_get(at, "$ref"), to = {0};
    if (tree_kind_of(ref.node) == TREE_STRING)
        to = oas_refer(x->files, ref.doc, text_of(ref), NULL);
    if (to.node != NULL && !excerpt_is_placed(x, to))
        return true;
    for (struct oas_spot m = spot_first(at); m.node != NULL; m = spot_next(m))
        if (misses_something(x, m))
            return true;
    return false;
}

/* Extensions of the document stay while they are whole: x-webhooks holds operations. */
static void drop_extensions(struct excerpt *x)
{
    for (struct oas_spot m = spot_first(x->root); m.node != NULL; m = spot_next(m))
        if (grammar_extension(tree_key(m.doc, m.node)) && misses_something(x, m))
            set_fate(x, m, FATE_DROPPED);
}

/* --- outside -----------------------------------------------------------------------------------
 */

static bool select_operations(struct excerpt *x)
{
    static const char *const maps[] = {"paths", "webhooks"};
    for (size_t i = 0; i < COUNT_OF(maps); i++)
        each_operation(x, maps[i], choose);
    if (!all_found(x))
        return false;
    for (size_t i = 0; i < COUNT_OF(maps); i++) {
        each_operation(x, maps[i], drop_others);
        drop_items(x, maps[i]);
    }
    if (x->only->ids.len > 1)
        qsort(x->only->ids.ptr, x->only->ids.len, sizeof(struct str), by_text);
    drop_components(x);
    return true;
}

bool oas_slice(struct oas_files *files, const struct oas_part *part, enum tree_format format,
               struct buf *out, struct err *err)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct selection only = {.part = part, .tags = {.mem = &mem}};
    struct excerpt x;
    if (!excerpt_open(&x, files, &mem, err))
        return false;
    only.found = arena_array(&mem, bool, part->tag_count + part->operation_count);
    x.only = &only;
    if (!select_operations(&x))
        return false;
    excerpt_survey(&x);
    drop_tags(&x);
    drop_extensions(&x);
    return excerpt_write(&x, format, out);
}
