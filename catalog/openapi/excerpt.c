/* What bundles and slices note beside the trees, and where values will stand. */
#include "excerpt.h"

/* Places that stand in each other deeper than this are circles. */
#define MOST_PLACES 64

bool excerpt_same(struct oas_spot a, struct oas_spot b)
{
    return a.node == b.node && a.node != NULL; /* nodes of two trees are never one */
}

bool excerpt_is_reference(struct oas_spot at)
{
    return at.node != NULL && tree_kind_of(at.node) == TREE_OBJECT && at.node->size == 1 &&
           tree_kind_of(tree_get(at.doc, at.node, STR("$ref"))) == TREE_STRING;
}

void excerpt_fail(struct excerpt *x, struct oas_spot at, const char *hint, const char *format, ...)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    char text[200];
    va_list args;
    if (x->failed)
        return;
    x->failed = true;
    va_start(args, format);
    (void)vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    (void)fail(x->err, ERR_INVALID, str_z(&mem, oas_where(x->files, at, &mem)), "%s", text);
    (void)err_hint(x->err, "%s", hint);
}

/* --- sheets ------------------------------------------------------------------------------------
 */

static void note_parents(struct sheet *sheet, const struct tree_node *container)
{
    const struct tree *doc = sheet->doc;
    for (const struct tree_node *m = tree_first(doc, container); m; m = tree_next(doc, m)) {
        uint32_t *parent = &sheet->parents[tree_number(doc, m)];
        if (*parent != 0) /* a YAML alias leads here once more */
            return;
        *parent = tree_number(doc, container) + 1;
        note_parents(sheet, m);
    }
}

struct sheet *excerpt_sheet(struct excerpt *x, const struct tree *doc)
{
    if (x->last_sheet != NULL && x->last_sheet->doc == doc)
        return x->last_sheet;
    for (size_t i = 0; i < x->sheets.len; i++)
        if (x->sheets.ptr[i]->doc == doc)
            return x->last_sheet = x->sheets.ptr[i];
    struct sheet *sheet = arena_new(x->mem, struct sheet);
    size_t count = tree_count(doc);
    *sheet = (struct sheet){
        doc,
        arena_array(x->mem, uint64_t, count),
        arena_array(x->mem, uint32_t, count),
        arena_array(x->mem, uint32_t, count),
        arena_array(x->mem, uint32_t, count),
        NULL,
    };
    vec_push(&x->sheets, x->mem, sheet);
    note_parents(sheet, tree_root(doc));
    return sheet;
}

void excerpt_edit(struct excerpt *x, struct oas_spot at, struct edit edit)
{
    struct sheet *sheet = excerpt_sheet(x, at.doc);
    uint32_t *number = &sheet->edits[tree_number(at.doc, at.node)];
    if (*number == 0) {
        vec_push(&x->edits, x->mem, edit);
        *number = (uint32_t)x->edits.len;
    }
    x->edits.ptr[*number - 1] = edit;
}

const struct edit *excerpt_edit_at(const struct excerpt *x, const struct sheet *sheet,
                                   const struct tree_node *node)
{
    static const struct edit none = {0};
    uint32_t number = sheet->edits[tree_number(sheet->doc, node)];
    return number ? &x->edits.ptr[number - 1] : &none;
}

bool excerpt_has_fate(struct excerpt *x, struct oas_spot at, enum fate fate)
{
    return excerpt_edit_at(x, excerpt_sheet(x, at.doc), at.node)->fate == fate;
}

const struct tree_node *excerpt_parent(struct excerpt *x, struct oas_spot at)
{
    uint32_t parent = excerpt_sheet(x, at.doc)->parents[tree_number(at.doc, at.node)];
    return parent ? tree_numbered(at.doc, parent - 1) : NULL;
}

/* --- targets -----------------------------------------------------------------------------------
 */

static void add_walk(struct excerpt *x, struct target *target, enum kind kind,
                     const struct field *field)
{
    for (uint32_t i = target->last_walk; i != 0; i = x->walks.ptr[i - 1].before)
        if (x->walks.ptr[i - 1].kind == kind && x->walks.ptr[i - 1].field == field)
            return;
    vec_push(&x->walks, x->mem, (struct walk){target->at, kind, field, target->last_walk});
    target->last_walk = (uint32_t)x->walks.len;
}

struct target *excerpt_target(struct excerpt *x, struct oas_spot at, enum kind kind,
                              const struct field *field, bool *fresh)
{
    uint32_t *number = &excerpt_sheet(x, at.doc)->targets[tree_number(at.doc, at.node)];
    *fresh = *number == 0;
    if (*fresh) {
        vec_push(&x->targets, x->mem, (struct target){.at = at, .kind = kind});
        *number = (uint32_t)x->targets.len;
    }
    struct target *target = &x->targets.ptr[*number - 1];
    add_walk(x, target, kind, field);
    return target;
}

const struct target *excerpt_target_at(struct excerpt *x, struct oas_spot at)
{
    uint32_t number = excerpt_sheet(x, at.doc)->targets[tree_number(at.doc, at.node)];
    return number ? &x->targets.ptr[number - 1] : NULL;
}

/* --- objects in parts --------------------------------------------------------------------------
 */

bool excerpt_is_local(struct excerpt *x, struct oas_spot ref)
{
    struct str text = tree_text(ref.doc, ref.node);
    size_t colon = str_find_char(text, ':');
    bool no_file = str_starts(text, STR("#")) ||
                   (colon != SIZE_MAX && colon < str_find_char(text, '/')); /* an absolute URI */
    return no_file && ref.doc == x->root.doc &&
           oas_refer(x->files, ref.doc, text, NULL).doc == x->root.doc;
}

struct oas_spot excerpt_joined(struct excerpt *x, struct oas_spot object)
{
    struct oas_spot ref = spot_get(object, "$ref");
    if (tree_kind_of(ref.node) != TREE_STRING || excerpt_is_local(x, ref))
        return (struct oas_spot){0};
    return oas_refer(x->files, ref.doc, tree_text(ref.doc, ref.node), NULL);
}

struct oas_spot excerpt_member(struct excerpt *x, struct oas_spot object, const char *name)
{
    struct oas_spot at = {0};
    for (unsigned hops = 0; object.node != NULL && hops < REFERENCE_MOST_HOPS; hops++) {
        at = spot_get(object, name);
        if (at.node != NULL)
            break;
        object = excerpt_joined(x, object);
    }
    if (excerpt_is_reference(at))
        at = oas_follow(x->files, at, NULL);
    return tree_kind_of(at.node) == TREE_OBJECT ? at : (struct oas_spot){0};
}

/* --- sections ----------------------------------------------------------------------------------
 */

struct section *excerpt_section(struct excerpt *x, struct oas_spot map)
{
    for (size_t i = 0; i < x->section_count; i++)
        if (excerpt_same(x->sections[i].map, map))
            return &x->sections[i];
    return NULL;
}

struct section *excerpt_section_of(struct excerpt *x, enum kind kind)
{
    for (size_t i = 0; i < x->section_count; i++)
        if (x->sections[i].field->kind == kind)
            return &x->sections[i];
    return NULL;
}

/* The fields of the grammar that hold named things which references may lead to. */
static void open_sections(struct excerpt *x)
{
    bool two = x->version == OAS_2_0;
    const struct object *holder = objects[two ? KIND_DOCUMENT_2 : KIND_COMPONENTS];
    x->components = two ? x->root : excerpt_member(x, x->root, "components");
    for (size_t i = 0; i < holder->field_count; i++) {
        const struct field *field = &holder->fields[i];
        bool is_map = field->form == (two ? FORM_MAP : FORM_COMPONENTS);
        if (!is_map || !(field->versions & x->version_bit))
            continue;
        assert(x->section_count < SECTIONS_MOST);
        x->sections[x->section_count++] = (struct section){
            .field = field,
            .map = excerpt_member(x, x->components, field->name),
        };
    }
}

bool excerpt_open(struct excerpt *x, struct oas_files *files, struct arena *mem, struct err *err)
{
    const struct tree *doc = oas_file_at(files, 0)->doc;
    *x = (struct excerpt){.files = files, .mem = mem, .err = err};
    if (!oas_version_of(doc, &x->version, err))
        return false;
    x->version_bit = version_as_bit(x->version);
    x->root = (struct oas_spot){doc, tree_root(doc)};
    open_sections(x);
    return true;
}

/* --- places ------------------------------------------------------------------------------------
 */

/* A member of what stands in place of a reference is not written where that has one of its name. */
static bool is_hidden(struct excerpt *x, struct oas_spot home, struct oas_spot member)
{
    struct str name = tree_key(member.doc, member.node);
    for (unsigned hops = 0; home.node != NULL && name.ptr != NULL; hops++) {
        const struct target *target = excerpt_target_at(x, home);
        if (tree_get(home.doc, home.node, name) != NULL || hops == MOST_PLACES)
            return true;
        home = target != NULL ? target->home : (struct oas_spot){0};
    }
    return false;
}

/* The value at or above a spot that says where it is written: the root, a component to be, or what
 * stands in place of a reference. Node NULL: the value is not written. */
static struct oas_spot anchor_of(struct excerpt *x, struct oas_spot at)
{
    struct oas_spot below = {0};
    for (; at.node != NULL; below = at, at.node = excerpt_parent(x, at)) {
        const struct target *target = excerpt_target_at(x, at);
        if (target != NULL && target->name.ptr != NULL)
            return at;
        bool homed = target != NULL && target->home.node != NULL;
        if (homed && below.node != NULL && is_hidden(x, target->home, below))
            break;
        if (homed)
            return at;
        if (excerpt_has_fate(x, at, FATE_DROPPED))
            break;
        if (at.node == x->root.node)
            return at;
    }
    return (struct oas_spot){0};
}

bool excerpt_is_placed(struct excerpt *x, struct oas_spot at)
{
    return anchor_of(x, at).node != NULL;
}

/* Asked for once all fates are known: of all elements at once. */
static uint32_t index_of(struct excerpt *x, struct oas_spot array, struct oas_spot element)
{
    struct sheet *sheet = excerpt_sheet(x, array.doc);
    if (sheet->indexes == NULL)
        sheet->indexes = arena_array(x->mem, uint32_t, tree_count(array.doc));
    const uint32_t *index = &sheet->indexes[tree_number(element.doc, element.node)];
    uint32_t count = 0;
    if (*index != 0)
        return *index - 1;
    for (struct oas_spot e = spot_first(array); e.node != NULL; e = spot_next(e)) {
        uint32_t *of = &sheet->indexes[tree_number(e.doc, e.node)];
        bool written = !excerpt_has_fate(x, e, FATE_DROPPED);
        count += written ? 1 : 0;
        if (written && *of == 0 && excerpt_parent(x, e) == array.node) /* no alias of another */
            *of = count;
    }
    return *index - 1;
}

static void add_token(struct excerpt *x, struct oas_spot at, struct buf *out)
{
    struct oas_spot parent = {at.doc, excerpt_parent(x, at)};
    if (tree_kind_of(parent.node) == TREE_OBJECT)
        pointer_add(out, tree_key(at.doc, at.node));
    else
        buf_printf(out, "/%u", index_of(x, parent, at));
}

static void add_path(struct excerpt *x, struct oas_spot from, struct oas_spot at, struct buf *out)
{
    if (excerpt_same(from, at))
        return;
    add_path(x, from, (struct oas_spot){at.doc, excerpt_parent(x, at)}, out);
    add_token(x, at, out);
}

static bool place(struct excerpt *x, struct oas_spot at, unsigned depth, struct buf *out);

/* Where a section is, or will be. */
static bool place_section(struct excerpt *x, const struct section *section, unsigned depth,
                          struct buf *out)
{
    if (section->map.node != NULL)
        return place(x, section->map, depth, out);
    if (x->components.node == NULL)
        pointer_add(out, STR("components"));
    else if (!place(x, x->components, depth, out))
        return false;
    pointer_add(out, str_from(section->field->name));
    return true;
}

static bool place(struct excerpt *x, struct oas_spot at, unsigned depth, struct buf *out)
{
    struct oas_spot anchor = anchor_of(x, at);
    if (anchor.node == NULL || depth == MOST_PLACES)
        return false;
    const struct target *target = excerpt_target_at(x, anchor);
    if (target != NULL && target->home.node != NULL) {
        if (!place(x, target->home, depth + 1, out))
            return false;
    } else if (target != NULL && target->name.ptr != NULL) {
        if (!place_section(x, excerpt_section_of(x, target->kind), depth + 1, out))
            return false;
        pointer_add(out, target->name);
    }
    add_path(x, anchor, at, out);
    return true;
}

bool excerpt_place(struct excerpt *x, struct oas_spot at, struct buf *out)
{
    return place(x, at, 0, out);
}
