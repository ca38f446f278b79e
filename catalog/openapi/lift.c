/* Names for components that a document of one file has more than the one of several, and the texts
 * of the references to them. */
#include "excerpt.h"

/* --- names -------------------------------------------------------------------------------------
 */

/* What a component may be called in 3.x; other characters become underscores. */
static struct str clean(struct excerpt *x, struct str text)
{
    char *at = str_z(x->mem, text);
    for (size_t i = 0; i < text.len; i++) {
        char low = (char)(at[i] | 0x20);
        bool plain = (low >= 'a' && low <= 'z') || (at[i] >= '0' && at[i] <= '9') ||
                     (at[i] != '\0' && strchr("._-", at[i]) != NULL);
        at[i] = plain ? at[i] : '_';
    }
    return text.len > 0 ? (struct str){at, text.len} : STR("unnamed");
}

/* Takes the last part off a path. */
static struct str last_part(struct str *path)
{
    size_t from = path->len;
    while (from > 0 && path->ptr[from - 1] != '/')
        from--;
    struct str part = str_sub(*path, from, path->len);
    *path = str_sub(*path, 0, from > 0 ? from - 1 : 0);
    return part;
}

static struct str stem_of(struct str file)
{
    size_t dot = file.len;
    while (dot > 0 && file.ptr[dot - 1] != '.')
        dot--;
    return dot > 1 ? str_sub(file, 0, dot - 1) : file;
}

/* The nearest member's name at or above; the file's where there is none. */
static struct str own_name(struct excerpt *x, struct oas_spot at, struct str stem)
{
    for (; at.node != NULL; at.node = excerpt_parent(x, at))
        if (tree_key(at.doc, at.node).len > 0)
            return tree_key(at.doc, at.node);
    return stem;
}

static void take_names(struct excerpt *x, struct section *section)
{
    struct oas_spot map = section->map;
    section->taken.mem = section->bases.mem = x->mem;
    for (unsigned hops = 0; map.node != NULL && hops < REFERENCE_MOST_HOPS; hops++) {
        for (struct oas_spot m = spot_first(map); m.node != NULL; m = spot_next(m))
            if (!excerpt_has_fate(x, m, FATE_DROPPED))
                (void)text_set_add(&section->taken, tree_key(m.doc, m.node));
        map = excerpt_joined(x, map);
    }
}

/* Pet-2, Pet-3 … */
static struct str numbered(struct excerpt *x, struct section *section, struct str base)
{
    if (text_set_add(&section->bases, base))
        vec_push(&section->next, x->mem, 2);
    unsigned *next = &section->next.ptr[text_set_find(&section->bases, base)];
    struct str name = base;
    while (text_set_has(&section->taken, name))
        name = arena_printf(x->mem, STR_FMT "-%u", STR_ARG(base), (*next)++);
    return name;
}

/* Pet, else Pet_FILE, Pet_FILE_FOLDER …, else with a number. */
static struct str free_name(struct excerpt *x, struct section *section, struct oas_spot at)
{
    struct str path = oas_file_of(x->files, at.doc)->path, root = oas_file_at(x->files, 0)->path;
    (void)last_part(&root);
    if (root.len > 0 && str_starts(path, root)) /* folders above both say nothing */
        path = str_sub(path, root.len + 1, path.len);
    struct str stem = stem_of(last_part(&path));
    struct str base = clean(x, own_name(x, at, stem)), name = base;
    if (text_set_has(&section->taken, name) && !str_eq(base, clean(x, stem)))
        name = arena_join(x->mem, base, STR("_"), clean(x, stem));
    while (path.len > 0 && text_set_has(&section->taken, name))
        name = arena_join(x->mem, name, STR("_"), clean(x, last_part(&path)));
    return text_set_has(&section->taken, name) ? numbered(x, section, base) : name;
}

/* --- components --------------------------------------------------------------------------------
 */

/* Something above will have a place, and with it what is below. */
static bool stands_in_another(struct excerpt *x, struct oas_spot at)
{
    struct sheet *sheet = excerpt_sheet(x, at.doc);
    while (excerpt_edit_at(x, sheet, at.node)->fate != FATE_DROPPED) {
        at.node = excerpt_parent(x, at);
        if (at.node == NULL)
            return false;
        uint32_t number = sheet->targets[tree_number(at.doc, at.node)];
        if (number != 0 && x->targets.ptr[number - 1].referred)
            return true;
    }
    return false;
}

/* Makes room for a section that is not there: what stands in its place must say nothing. */
static bool clear_place(struct excerpt *x, const struct section *section)
{
    bool held = x->components.node != NULL;
    struct oas_spot at =
        spot_get(held ? x->components : x->root, held ? section->field->name : "components");
    if (section->map.node != NULL || at.node == NULL)
        return true;
    if (tree_kind_of(at.node) != TREE_NULL)
        excerpt_fail(x, at, "write an object, or remove it",
                     "components belong here, but this is no object");
    excerpt_edit(x, at, (struct edit){.fate = FATE_DROPPED});
    return !x->failed;
}

static void lift(struct excerpt *x, uint32_t number)
{
    struct target *target = &x->targets.ptr[number];
    struct section *section = excerpt_section_of(x, target->kind);
    if (section != NULL && !clear_place(x, section))
        return;
    if (section == NULL) {
        excerpt_fail(
            x, target->at, "write it where it is used",
            "what stands here is referred to, but OpenAPI has no place for such components");
        return;
    }
    if (section->added.len == 0)
        take_names(x, section);
    target->name = free_name(x, section, target->at);
    (void)text_set_add(&section->taken, target->name);
    vec_push(&section->added, x->mem, number);
}

/* RFC 3986 §3.5: what a fragment holds as it is. */
static void add_fragment(struct buf *out, struct str pointer)
{
    for (size_t i = 0; i < pointer.len; i++) {
        char c = pointer.ptr[i], low = (char)(c | 0x20);
        bool plain = (low >= 'a' && low <= 'z') || (c >= '0' && c <= '9') ||
                     (c != '\0' && strchr("-._~!$&'()*+,;=:@/?", c) != NULL);
        if (plain)
            buf_add_char(out, c);
        else
            buf_printf(out, "%%%02X", (unsigned)(unsigned char)c);
    }
}

static bool said_again(const struct said *said, struct str name)
{
    size_t at = text_set_find(&said->names, name);
    return at != SIZE_MAX && said->again.ptr[at];
}

/* A reference by name leads to the first value that has it; another may stand before this. */
static bool is_ambiguous(const struct excerpt *x, struct str text)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    size_t hash = str_find_char(text, '#');
    struct str fragment = hash == SIZE_MAX ? STR("") : str_sub(text, hash + 1, text.len);
    return said_again(&x->ids, str_sub(text, 0, hash)) ||
           said_again(&x->anchors, percent_decode(fragment, &mem));
}

static void rewrite(struct excerpt *x, const struct use *use)
{
    CLEANUP(buf_clear) struct buf pointer = {0}, text = {0};
    if (!excerpt_place(x, use->to, &pointer)) {
        if (!use->optional)
            excerpt_fail(x, use->text, "write what it names where it is used",
                         "the reference leads to what has no place in one file");
        return;
    }
    if (use->local && tree_at(x->root.doc, buf_str(&pointer)) == use->to.node &&
        !is_ambiguous(x, tree_text(use->text.doc, use->text.node)))
        return;
    buf_add_char(&text, '#');
    add_fragment(&text, buf_str(&pointer));
    if (text.len > REFERENCE_MOST_BYTES) {
        excerpt_fail(x, use->text, "give the values on the way there shorter names",
                     "the reference to its place in one file would have more than %d bytes",
                     REFERENCE_MOST_BYTES);
        return;
    }
    excerpt_edit(x, use->text,
                 (struct edit){.fate = FATE_TEXT, .text = arena_str(x->mem, buf_str(&text))});
}

void excerpt_lift(struct excerpt *x)
{
    for (uint32_t i = 0; i < x->targets.len && !x->failed; i++) {
        struct target *target = &x->targets.ptr[i];
        if (target->referred && !excerpt_is_placed(x, target->at) &&
            !stands_in_another(x, target->at))
            lift(x, i);
    }
}

void excerpt_rewrite(struct excerpt *x)
{
    for (size_t i = 0; i < x->uses.len && !x->failed; i++)
        rewrite(x, &x->uses.ptr[i]);
}
