/* Writes an excerpt: the root's values, with what was noted about them. */
#include "excerpt.h"

/* Objects of which the members stand together in one; more is a circle. */
#define MOST_MERGED 64

struct output {
    struct excerpt *x;
    struct tree_writer to;
    bool rehearsal; /* names are noted */
};

/* Objects whose members go before those of another. */
struct shadow {
    struct oas_spot object;
    const struct shadow *up;
    unsigned depth;
};

static void put(struct output *o, const struct sheet *sheet, const struct tree_node *node);

static bool is_hidden(const struct shadow *shadow, struct str name)
{
    for (; shadow != NULL; shadow = shadow->up)
        if (tree_get(shadow->object.doc, shadow->object.node, name) != NULL)
            return true;
    return false;
}

static bool has_additions(const struct excerpt *x, struct oas_spot at)
{
    bool holder = excerpt_same(at, x->components);
    for (size_t i = 0; i < x->section_count; i++)
        if (x->sections[i].added.len > 0 && (holder || excerpt_same(at, x->sections[i].map)))
            return true;
    return false;
}

/* Left out, or pruned with nothing left below. */
static bool is_gone(const struct excerpt *x, const struct sheet *sheet,
                    const struct tree_node *node)
{
    const struct tree *doc = sheet->doc;
    enum fate fate = excerpt_edit_at(x, sheet, node)->fate;
    if (fate != FATE_PRUNED)
        return fate == FATE_DROPPED;
    for (const struct tree_node *m = tree_first(doc, node); m != NULL; m = tree_next(doc, m))
        if (!is_gone(x, sheet, m))
            return false;
    return node->size > 0 && !has_additions(x, (struct oas_spot){doc, node});
}

/* --- components that are new -------------------------------------------------------------------
 */

static void put_added(struct output *o, const struct section *section)
{
    for (size_t i = 0; i < section->added.len; i++) {
        const struct target *target = &o->x->targets.ptr[section->added.ptr[i]];
        tree_put_key(&o->to, target->name);
        put(o, excerpt_sheet(o->x, target->at.doc), target->at.node);
    }
}

static void put_new_sections(struct output *o)
{
    for (size_t i = 0; i < o->x->section_count; i++) {
        const struct section *section = &o->x->sections[i];
        if (section->map.node != NULL || section->added.len == 0)
            continue;
        tree_put_key(&o->to, str_from(section->field->name));
        tree_put_open(&o->to, true);
        put_added(o, section);
        tree_put_close(&o->to);
    }
}

static bool any_added(const struct excerpt *x)
{
    for (size_t i = 0; i < x->section_count; i++)
        if (x->sections[i].added.len > 0)
            return true;
    return false;
}

/* What an object has behind its own members. */
static void put_additions(struct output *o, struct oas_spot at)
{
    const struct section *section = excerpt_section(o->x, at);
    if (section != NULL)
        put_added(o, section);
    if (excerpt_same(at, o->x->components))
        put_new_sections(o);
    if (!excerpt_same(at, o->x->root) || o->x->components.node != NULL || !any_added(o->x))
        return;
    tree_put_key(&o->to, STR("components"));
    tree_put_open(&o->to, true);
    put_new_sections(o);
    tree_put_close(&o->to);
}

/* --- names by which values can be referred to --------------------------------------------------
 */

static void say(struct excerpt *x, struct said *said, struct str name)
{
    said->names.mem = x->mem;
    if (text_set_add(&said->names, name))
        vec_push(&said->again, x->mem, false);
    else
        said->again.ptr[text_set_find(&said->names, name)] = true;
}

static void note_name(struct excerpt *x, struct str key, struct str text)
{
    if (str_eq(key, STR("$anchor")) || str_eq(key, STR("$dynamicAnchor")))
        say(x, &x->anchors, text);
    else if (str_eq(key, STR("$id")) || str_eq(key, STR("$self")))
        say(x, &x->ids, str_ends(text, STR("#")) ? str_sub(text, 0, text.len - 1) : text);
}

/* --- values ------------------------------------------------------------------------------------
 */

/* What is written where a value stands: what its $ref gives way to, when nothing stands beside it
 * or that is no object. */
static struct oas_spot standing(struct output *o, struct oas_spot at, unsigned depth)
{
    const struct edit *edit = excerpt_edit_at(o->x, excerpt_sheet(o->x, at.doc), at.node);
    if (edit->fate != FATE_PLACE)
        return at;
    o->to.out->failed = o->to.out->failed || depth == MOST_MERGED;
    if (o->to.out->failed)
        return at;
    struct oas_spot to = standing(o, edit->with, depth + 1);
    return excerpt_is_reference(at) || tree_kind_of(to.node) != TREE_OBJECT ? to : at;
}

static void put_joined(struct output *o, struct oas_spot with, const struct shadow *up);

static void put_members(struct output *o, const struct sheet *sheet, const struct tree_node *node,
                        const struct shadow *up)
{
    const struct tree *doc = sheet->doc;
    const struct edit edit = *excerpt_edit_at(o->x, sheet, node);
    const struct shadow own = {
        {doc, node},
        up, up ? up->depth + 1 : 0
    };
    if (own.depth > MOST_MERGED)
        o->to.out->failed = true;
    for (const struct tree_node *m = tree_first(doc, node); m != NULL && !o->to.out->failed;
         m = tree_next(doc, m)) {
        struct str name = tree_key(doc, m);
        bool given_way = edit.fate == FATE_PLACE && str_eq(name, STR("$ref"));
        if (given_way) {
            put_joined(o, edit.with, &own);
        } else if (!is_gone(o->x, sheet, m) && !is_hidden(up, name)) {
            tree_put_key(&o->to, name);
            if (o->rehearsal && tree_kind_of(m) == TREE_STRING)
                note_name(o->x, name, tree_text(doc, m));
            put(o, sheet, m);
        }
    }
    put_additions(o, own.object);
}

static void put_joined(struct output *o, struct oas_spot with, const struct shadow *up)
{
    struct oas_spot at = standing(o, with, 0);
    if (tree_kind_of(at.node) == TREE_OBJECT)
        put_members(o, excerpt_sheet(o->x, at.doc), at.node, up);
}

static void put(struct output *o, const struct sheet *sheet, const struct tree_node *node)
{
    struct oas_spot at = standing(o, (struct oas_spot){sheet->doc, node}, 0);
    sheet = excerpt_sheet(o->x, at.doc);
    node = at.node;
    const struct edit *edit = excerpt_edit_at(o->x, sheet, node);
    enum tree_kind kind = tree_kind_of(node);
    if (edit->fate == FATE_TEXT) {
        tree_put_scalar(&o->to, TREE_STRING, edit->text);
    } else if (kind == TREE_OBJECT) {
        tree_put_open(&o->to, true);
        put_members(o, sheet, node, NULL);
        tree_put_close(&o->to);
    } else if (kind == TREE_ARRAY) {
        tree_put_open(&o->to, false);
        for (const struct tree_node *n = tree_first(sheet->doc, node);
             n != NULL && !o->to.out->failed; n = tree_next(sheet->doc, n))
            if (!is_gone(o->x, sheet, n))
                put(o, sheet, n);
        tree_put_close(&o->to);
    } else {
        tree_put_scalar(&o->to, kind, tree_text(sheet->doc, node));
    }
}

static void write_root(struct excerpt *x, enum tree_format format, bool rehearsal, struct buf *out)
{
    struct output o = {
        .x = x, .to = {.out = out, .format = format},
             .rehearsal = rehearsal
    };
    put(&o, excerpt_sheet(x, x->root.doc), x->root.node);
    tree_put_end(&o.to);
}

/* Some reference that may stay names its value other than by its place. */
static bool needs_names(const struct excerpt *x)
{
    for (size_t i = 0; i < x->uses.len; i++) {
        const struct use *use = &x->uses.ptr[i];
        struct str text = tree_text(use->text.doc, use->text.node);
        if (use->local && !str_eq(text, STR("#")) && !str_starts(text, STR("#/")))
            return true;
    }
    return false;
}

bool excerpt_write(struct excerpt *x, enum tree_format format, struct buf *out)
{
    if (out->limit_bytes == 0)
        out->limit_bytes = OAS_WRITTEN_MOST;
    excerpt_lift(x);
    if (!x->failed && needs_names(x)) {
        CLEANUP(buf_clear) struct buf unused = {.limit_bytes = out->limit_bytes};
        write_root(x, format, true, &unused);
    }
    excerpt_rewrite(x);
    if (x->failed)
        return false;
    write_root(x, format, false, out);
    if (!out->failed)
        return true;
    (void)fail(x->err, ERR_LIMIT, "",
               "the one file would have more than %zu bytes or %d levels, or never end",
               out->limit_bytes, TREE_WRITER_DEEPEST);
    return err_hint(x->err, "look for path items that refer to themselves");
}

bool oas_bundle(struct oas_files *files, enum tree_format format, struct buf *out, struct err *err)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct excerpt x;
    if (!excerpt_open(&x, files, &mem, err))
        return false;
    excerpt_survey(&x);
    return excerpt_write(&x, format, out);
}
