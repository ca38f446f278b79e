/* Walks what is to be written as one file by the grammar's tables, finds the references in it, and
 * decides what stands where. */
#include "excerpt.h"

_Static_assert(KIND_COUNT <= 64, "a bit for each in struct sheet");

static void visit_object(struct excerpt *x, enum kind kind, struct oas_spot at);
static void visit_field(struct excerpt *x, const struct field *field, struct oas_spot at);

static bool is_text(struct oas_spot at)
{
    return tree_kind_of(at.node) == TREE_STRING;
}

static struct str key_of(struct oas_spot at)
{
    return tree_key(at.doc, at.node);
}

/* --- following ---------------------------------------------------------------------------------
 */

/* Why the file that a reference names was not read. */
static struct str reason(struct excerpt *x, struct str ref)
{
    struct str path = str_sub(ref, 0, str_find_char(ref, '#')), name = path;
    for (size_t i = 0; i < path.len; i++)
        if (path.ptr[i] == '/')
            name = str_sub(path, i + 1, path.len);
    for (size_t i = oas_file_count(x->files); i-- > 0;) {
        const struct oas_file *file = oas_file_at(x->files, i);
        if (file->doc == NULL && str_ends(file->path, name))
            return arena_join(x->mem, str_from(file->err.msg), STR(" "), str_from(file->err.where));
    }
    return STR("");
}

static void tell_lead(struct excerpt *x, struct oas_spot ref, enum oas_lead lead)
{
    struct str text = tree_text(ref.doc, ref.node), why = reason(x, text);
    int len = text.len < 80 ? (int)text.len : 80;
    switch (lead) {
    case OAS_LEAD_FOUND:
        return;
    case OAS_LEAD_NOWHERE:
        excerpt_fail(x, ref, "define what it names, or correct it",
                     "the reference \"%.*s\" leads nowhere", len, text.ptr);
        return;
    case OAS_LEAD_CIRCLE:
        excerpt_fail(x, ref, "let one of them be something other than a reference",
                     "the reference \"%.*s\" leads in a circle", len, text.ptr);
        return;
    case OAS_LEAD_OUTSIDE:
        excerpt_fail(x, ref, "copy what it names into the document's folder",
                     "the reference \"%.*s\" leads out of the document's folder", len, text.ptr);
        return;
    case OAS_LEAD_UNREADABLE:
        excerpt_fail(x, ref, "correct the path, or the file",
                     "the file of the reference \"%.*s\" cannot be read: %.100s", len, text.ptr,
                     str_z(x->mem, why));
        return;
    }
}

/* Where a reference leads in the end: references that stand alone in other files are passed over.
 * Node NULL when it leads nowhere, which is told. */
static struct oas_spot settle(struct excerpt *x, struct oas_spot ref)
{
    for (unsigned hops = 0; hops < REFERENCE_MOST_HOPS; hops++) {
        enum oas_lead lead = OAS_LEAD_FOUND;
        struct oas_spot to = oas_refer(x->files, ref.doc, tree_text(ref.doc, ref.node), &lead);
        if (to.node == NULL)
            tell_lead(x, ref, lead);
        if (to.node == NULL || to.doc == x->root.doc || !excerpt_is_reference(to))
            return to;
        ref = spot_get(to, "$ref");
    }
    tell_lead(x, ref, OAS_LEAD_CIRCLE);
    return (struct oas_spot){0};
}

static struct target *reach(struct excerpt *x, struct oas_spot to, enum kind kind,
                            const struct field *field, bool *fresh)
{
    if (x->only != NULL)
        slice_reach(x, to);
    return excerpt_target(x, to, kind, field, fresh);
}

static void add_use(struct excerpt *x, struct oas_spot text, struct oas_spot to, enum kind kind)
{
    bool fresh = false, local = excerpt_is_local(x, text);
    reach(x, to, kind, NULL, &fresh)->referred = true;
    vec_push(&x->uses, x->mem, (struct use){.text = text, .to = to, .local = local});
}

static void refer(struct excerpt *x, struct oas_spot text, enum kind kind)
{
    struct oas_spot to = settle(x, text);
    if (to.node != NULL)
        add_use(x, text, to, kind);
}

/* Writes what a reference leads to in its place, and nowhere else when that is the first. */
static void place_here(struct excerpt *x, struct oas_spot at, struct target *target, bool home)
{
    if (home)
        target->home = at;
    excerpt_edit(x, at, (struct edit){.fate = FATE_PLACE, .with = target->at});
}

/* --- references, by what they stand for --------------------------------------------------------
 */

/* A component that is a reference to another file becomes what that holds. */
static void visit_entry(struct excerpt *x, enum kind kind, struct oas_spot at)
{
    bool fresh = false;
    if (excerpt_has_fate(x, at, FATE_PLACE))
        return;
    if (!excerpt_is_reference(at)) {
        visit_object(x, kind, at);
        return;
    }
    struct oas_spot to = settle(x, spot_get(at, "$ref"));
    if (to.node == NULL)
        return;
    struct target *target = reach(x, to, kind, NULL, &fresh);
    if (excerpt_is_placed(x, to))
        visit_object(x, kind, at);
    else
        place_here(x, at, target, true);
}

/* Operations belong below their path: the first reference becomes what it leads to, where nothing
 * else is said beside it; later ones lead there. */
static void visit_path_item(struct excerpt *x, struct oas_spot at)
{
    bool fresh = false, alone = excerpt_is_reference(at);
    struct oas_spot ref = spot_get(at, "$ref"), to = settle(x, ref);
    if (to.node == NULL)
        return;
    struct target *target = reach(x, to, KIND_PATH_ITEM, NULL, &fresh);
    bool is_home = alone && fresh && !excerpt_is_placed(x, to);
    bool may_lift = excerpt_section_of(x, KIND_PATH_ITEM) != NULL;
    if (!is_home && (may_lift || excerpt_is_placed(x, to)))
        add_use(x, ref, to, KIND_PATH_ITEM);
    else
        place_here(x, at, target, is_home);
}

/* A $ref where the specification has none, as many write it. */
static void visit_stray(struct excerpt *x, struct oas_spot at, enum kind kind,
                        const struct field *field)
{
    bool fresh = false;
    struct oas_spot ref = spot_get(at, "$ref"), to = settle(x, ref);
    if (to.node == NULL)
        return;
    struct target *target = reach(x, to, kind, field, &fresh);
    if (excerpt_is_local(x, ref)) {
        vec_push(&x->uses, x->mem,
                 (struct use){.text = ref, .to = to, .local = true, .optional = true});
        return;
    }
    place_here(x, at, target, fresh && !excerpt_is_placed(x, to));
}

/* OAS "Discriminator Object": names of components, else references. */
static void visit_mapping(struct excerpt *x, struct oas_spot text)
{
    const struct section *schemas = excerpt_section_of(x, KIND_SCHEMA);
    struct str name = tree_text(text.doc, text.node);
    struct oas_spot named = {schemas->map.doc, tree_get(schemas->map.doc, schemas->map.node, name)};
    bool fresh = false;
    if (!is_text(text))
        return;
    if (named.node != NULL) {
        (void)reach(x, named, KIND_SCHEMA, NULL, &fresh);
        return;
    }
    bool is_reference =
        str_find_char(name, '/') != SIZE_MAX || str_find_char(name, '#') != SIZE_MAX;
    if (is_reference || oas_refer(x->files, text.doc, name, NULL).node != NULL)
        refer(x, text, KIND_SCHEMA);
}

static void visit_discriminator(struct excerpt *x, struct oas_spot at)
{
    for (struct oas_spot m = spot_first(spot_get(at, "mapping")); m.node != NULL; m = spot_next(m))
        visit_mapping(x, m);
    visit_mapping(x, spot_get(at, "defaultMapping"));
}

static void visit_link(struct excerpt *x, struct oas_spot at)
{
    struct oas_spot ref = spot_get(at, "operationRef");
    struct oas_spot to = {0};
    if (is_text(ref))
        to = oas_refer(x->files, ref.doc, tree_text(ref.doc, ref.node), NULL);
    if (to.node == NULL)
        return;
    vec_push(
        &x->uses, x->mem,
        (struct use){.text = ref, .to = to, .local = excerpt_is_local(x, ref), .optional = true});
}

/* JSON Schema 2020-12 §8.2.3.2: the name of a $dynamicAnchor keeps its meaning, the file does not.
 */
static void visit_dynamic(struct excerpt *x, struct oas_spot text)
{
    bool fresh = false;
    struct str ref = tree_text(text.doc, text.node);
    size_t hash = str_find_char(ref, '#');
    struct str fragment = hash == SIZE_MAX ? STR("") : str_sub(ref, hash, ref.len);
    if (fragment.len < 2 || fragment.ptr[1] == '/') {
        refer(x, text, KIND_SCHEMA);
        return;
    }
    struct oas_spot to = settle(x, text);
    if (to.node == NULL)
        return;
    reach(x, to, KIND_SCHEMA, NULL, &fresh)->referred = true;
    if (hash > 0 && !excerpt_is_local(x, text))
        excerpt_edit(x, text, (struct edit){.fate = FATE_TEXT, .text = fragment});
}

static void visit_particulars(struct excerpt *x, enum kind kind, struct oas_spot at)
{
    if (kind == KIND_DISCRIMINATOR)
        visit_discriminator(x, at);
    if (kind == KIND_LINK)
        visit_link(x, at);
    if (x->only == NULL)
        return;
    if (kind == KIND_OPERATION)
        slice_operation(x, at);
    if (kind == KIND_REQUIREMENT)
        slice_requirement(x, at);
    if (kind == KIND_SCHEMA && spot_get(at, "discriminator").node != NULL)
        slice_discriminated(x, at);
}

/* --- values of fields --------------------------------------------------------------------------
 */

enum shape {
    SHAPE_DATA,  /* anything, which is never looked into */
    SHAPE_PLAIN, /* no object, unless a stray reference stands for it */
    SHAPE_REFERENCE,
    SHAPE_OBJECT,
    SHAPE_LIST,
    SHAPE_OBJECT_OR_LIST,
    SHAPE_MAP,
};

static const enum shape shapes[] = {
    [FORM_TEXT] = SHAPE_PLAIN,
    [FORM_URI] = SHAPE_PLAIN,
    [FORM_URI_REF] = SHAPE_PLAIN,
    [FORM_EMAIL] = SHAPE_PLAIN,
    [FORM_REGEX] = SHAPE_PLAIN,
    [FORM_BOOL] = SHAPE_PLAIN,
    [FORM_NUMBER] = SHAPE_PLAIN,
    [FORM_POSITIVE] = SHAPE_PLAIN,
    [FORM_COUNT] = SHAPE_PLAIN,
    [FORM_WORD] = SHAPE_PLAIN,
    [FORM_WORDS] = SHAPE_PLAIN,
    [FORM_TYPES] = SHAPE_PLAIN,
    [FORM_TEXTS] = SHAPE_PLAIN,
    [FORM_LIST_ANY] = SHAPE_PLAIN,
    [FORM_REFERENCE] = SHAPE_REFERENCE,
    [FORM_OBJECT] = SHAPE_OBJECT,
    [FORM_OBJECT_OR_BOOL] = SHAPE_OBJECT,
    [FORM_LIST] = SHAPE_LIST,
    [FORM_OBJECT_OR_LIST] = SHAPE_OBJECT_OR_LIST,
    [FORM_MAP] = SHAPE_MAP,
    [FORM_COMPONENTS] = SHAPE_MAP,
    [FORM_HEADERS] = SHAPE_MAP,
    [FORM_METHODS] = SHAPE_MAP,
    [FORM_PATTERNS] = SHAPE_MAP,
    [FORM_DEPENDENCIES] = SHAPE_MAP,
};

static void visit_list(struct excerpt *x, const struct field *field, struct oas_spot at)
{
    for (struct oas_spot e = spot_first(at); e.node != NULL && !x->failed; e = spot_next(e))
        visit_object(x, field->kind, e);
}

static void visit_map(struct excerpt *x, const struct field *field, struct oas_spot at)
{
    bool is_section = excerpt_section(x, at) != NULL;
    for (struct oas_spot m = spot_first(at); m.node != NULL && !x->failed; m = spot_next(m)) {
        if (excerpt_has_fate(x, m, FATE_DROPPED))
            continue;
        if (x->only != NULL && field->kind == KIND_LINK && !slice_keeps_link(x, m)) {
            excerpt_edit(x, m, (struct edit){.fate = FATE_DROPPED});
            excerpt_edit(x, at, (struct edit){.fate = FATE_PRUNED});
        } else if (is_section) {
            visit_entry(x, field->kind, m);
        } else {
            visit_object(x, field->kind, m);
        }
    }
}

static void visit_text(struct excerpt *x, const struct field *field, struct oas_spot at)
{
    if (field->form == FORM_REFERENCE && field->kind != KIND_PATH_ITEM)
        refer(x, at, field->kind);
    else if (strcmp(field->name, "$dynamicRef") == 0)
        visit_dynamic(x, at);
}

static void visit_field(struct excerpt *x, const struct field *field, struct oas_spot at)
{
    bool is_list = tree_kind_of(at.node) == TREE_ARRAY;
    enum shape shape = shapes[field->form];
    if (shape == SHAPE_OBJECT_OR_LIST)
        shape = is_list ? SHAPE_LIST : SHAPE_OBJECT;
    if (is_text(at))
        visit_text(x, field, at);
    else if (shape == SHAPE_OBJECT)
        visit_object(x, field->kind, at);
    else if (shape != SHAPE_DATA && is_text(spot_get(at, "$ref")))
        visit_stray(x, at, field->kind, field);
    if (shape == SHAPE_LIST && is_list)
        visit_list(x, field, at);
    else if (shape == SHAPE_MAP)
        visit_map(x, field, at);
}

/* --- objects -----------------------------------------------------------------------------------
 */

static void visit_members(struct excerpt *x, const struct object *object, struct oas_spot at)
{
    for (struct oas_spot m = spot_first(at); m.node != NULL && !x->failed; m = spot_next(m)) {
        struct str name = key_of(m);
        const struct field *field = grammar_field(object, name, x->version_bit);
        if (excerpt_has_fate(x, m, FATE_DROPPED))
            continue;
        if (field != NULL)
            visit_field(x, field, m);
        else if (!grammar_extension(name) && object->naming != NAMING_NONE)
            visit_object(x, object->member, m); /* wrongly named ones, too */
    }
}

static void visit_object(struct excerpt *x, enum kind kind, struct oas_spot at)
{
    uint64_t *seen = &excerpt_sheet(x, at.doc)->kinds[tree_number(at.doc, at.node)];
    const struct object *object = objects[kind];
    struct oas_spot ref = spot_get(at, "$ref");
    if (x->failed || (*seen & UINT64_C(1) << kind) || tree_kind_of(at.node) != TREE_OBJECT)
        return;
    *seen |= UINT64_C(1) << kind;
    if (is_text(ref) && (object->reference & x->version_bit)) {
        refer(x, ref, kind); /* what stands beside it says nothing */
        return;
    }
    object = grammar_object(kind, x->version, at.doc, at.node);
    if (is_text(ref) && kind == KIND_PATH_ITEM)
        visit_path_item(x, at);
    else if (is_text(ref) && grammar_field(object, STR("$ref"), x->version_bit) == NULL)
        visit_stray(x, at, kind, NULL);
    visit_members(x, object, at);
    visit_particulars(x, kind, at);
}

static void visit_target(struct excerpt *x, struct walk walk)
{
    struct oas_spot map = {walk.at.doc, excerpt_parent(x, walk.at)};
    if (walk.field != NULL)
        visit_field(x, walk.field, walk.at);
    else if (excerpt_section(x, map) != NULL)
        visit_entry(x, walk.kind, walk.at);
    else
        visit_object(x, walk.kind, walk.at);
}

/* The list grows while it is walked. */
void excerpt_survey(struct excerpt *x)
{
    visit_object(x, KIND_DOCUMENT, x->root);
    for (size_t i = 0; i < x->walks.len && !x->failed; i++)
        visit_target(x, x->walks.ptr[i]);
}
