/* Finding references. What stands beside a $ref is not looked at: nobody sees it. */
#include "view.h"

#define MOST_DEPTH 4096

const struct view_doc *view_doc_of(const struct view *view, const struct tree *doc)
{
    for (size_t i = 0; i < view->docs.len; i++)
        if (view->docs.ptr[i].doc == doc)
            return &view->docs.ptr[i];
    return NULL;
}

const struct ref *view_ref(const struct view *view, struct jsonpath_spot raw)
{
    if (tree_kind_of(raw.node) != TREE_OBJECT)
        return NULL;
    const struct view_doc *d = view_doc_of(view, raw.doc);
    uint32_t number = d ? d->ref[tree_number(raw.doc, raw.node)] : 0;
    return number ? &view->refs.ptr[number - 1] : NULL;
}

struct jsonpath_spot view_at(const struct view *view, struct jsonpath_spot raw)
{
    for (;;) {
        const struct ref *ref = view_ref(view, raw);
        if (ref == NULL || ref->kind != REF_FOLLOWED)
            return raw;
        raw = ref->target;
    }
}

static struct jsonpath_spot see(const void *context, struct jsonpath_spot raw)
{
    return view_at(context, raw);
}

struct jsonpath_view view_for_paths(const struct view *view)
{
    return (struct jsonpath_view){see, view};
}

/* --- crawling --------------------------------------------------------------------------------- */

static void add_doc(struct view *view, const struct oas_file *file)
{
    uint32_t count = tree_count(file->doc);
    vec_push(&view->docs, view->mem,
             (struct view_doc){file->doc, file, arena_array(view->mem, uint32_t, count),
                               arena_array(view->mem, bool, count)});
}

/* The last value on the way that a pointer describes, and the pointer up to there. */
static void way_end(struct ref *ref, const struct tree *doc, struct str pointer)
{
    struct str part, rest = pointer;
    size_t len = 0;
    ref->target = (struct jsonpath_spot){doc, tree_root(doc)};
    ref->pointer = STR("");
    (void)str_split(&rest, '/', &part);
    while (rest.ptr != NULL && str_split(&rest, '/', &part)) {
        len += 1 + part.len;
        const struct tree_node *next = tree_at(doc, str_sub(pointer, 0, len));
        if (next == NULL)
            break;
        ref->target.node = next;
        ref->pointer = str_sub(pointer, 0, len);
    }
}

static struct ref lead(struct view *view, struct jsonpath_spot at, struct str text)
{
    struct ref ref = {.at = at, .text = text, .kind = REF_BROKEN};
    size_t hash = str_find_char(text, '#');
    struct str fragment = hash == SIZE_MAX ? STR("") : str_sub(text, hash + 1, text.len);
    enum oas_lead how;
    if (fragment.len > 0 && fragment.ptr[0] != '/')
        return ref; /* an anchor: not followed by pointers */
    struct oas_spot target = oas_refer(view->files, at.doc, text, &how);
    ref.pointer = percent_decode(fragment, view->mem);
    if (how == OAS_LEAD_FOUND) {
        ref.kind = REF_FOLLOWED;
        ref.target = (struct jsonpath_spot){target.doc, target.node};
        if (target.doc != at.doc && view_doc_of(view, target.doc) == NULL)
            add_doc(view, oas_file_of(view->files, target.doc));
    } else if (how == OAS_LEAD_NOWHERE && hash == 0) {
        ref.kind = REF_MISSING;
        way_end(&ref, at.doc, ref.pointer);
    }
    return ref;
}

struct crawl {
    const struct tree *doc;
    struct {
        const struct tree_node *node;
        uint32_t index; /* of the child that is looked at */
    } open[MOST_DEPTH];
    size_t depth;
};

static struct str pointer_here(const struct crawl *c, const struct tree_node *n, struct arena *mem)
{
    CLEANUP(buf_clear) struct buf out = {0};
    for (size_t i = 0; i < c->depth; i++) {
        struct str key = tree_key(c->doc, i + 1 < c->depth ? c->open[i + 1].node : n);
        if (key.ptr != NULL)
            pointer_add(&out, key);
        else
            buf_printf(&out, "/%u", c->open[i].index);
    }
    return arena_str(mem, buf_str(&out));
}

static void crawl(struct view *view, const struct tree *doc)
{
    struct crawl c;
    const struct tree_node *n = tree_root(doc);
    c.doc = doc;
    c.depth = 0;
    while (n != NULL) {
        const struct tree_node *ref = tree_get(doc, n, STR("$ref"));
        const struct tree_node *child = NULL;
        if (tree_kind_of(ref) == TREE_STRING) {
            struct ref found = lead(view, (struct jsonpath_spot){doc, n}, tree_text(doc, ref));
            if (found.kind == REF_MISSING || found.kind == REF_BROKEN)
                found.place = pointer_here(&c, n, view->mem);
            vec_push(&view->refs, view->mem, found);
            for (size_t i = 0; i < view->docs.len; i++)
                if (view->docs.ptr[i].doc == doc)
                    view->docs.ptr[i].ref[tree_number(doc, n)] = (uint32_t)view->refs.len;
        } else if (c.depth < MOST_DEPTH) {
            child = tree_first(doc, n);
        }
        if (child != NULL) {
            c.open[c.depth].node = n;
            c.open[c.depth++].index = 0;
            n = child;
            continue;
        }
        while (c.depth > 0 && tree_next(doc, n) == NULL)
            n = c.open[--c.depth].node;
        n = c.depth > 0 ? tree_next(doc, n) : NULL;
        if (n != NULL)
            c.open[c.depth - 1].index++;
    }
}

void view_init(struct view *view, struct oas_files *files, struct arena *mem)
{
    *view = (struct view){.files = files, .mem = mem};
    add_doc(view, oas_file_at(files, 0));
    for (size_t i = 0; i < view->docs.len; i++)
        crawl(view, view->docs.ptr[i].doc);
    view_cut_circles(view);
}
