/* Findings of validation, and the pointers they carry. */
#include "validate.h"

#define FAULT_KIND(name, text, severity) [name] = {text, severity},
static const struct finding_kind fault_kinds[] = {FAULT_CODES(FAULT_KIND)};
#undef FAULT_KIND

const char *kind_words(const struct tree_node *node)
{
    static const char *const words[] = {"null",   "true or false", "a number",
                                        "a text", "a list",        "an object"};
    return words[tree_kind_of(node)];
}

static void add_steps(const struct validation *v, struct buf *out)
{
    buf_add(out, v->base);
    for (size_t i = 0; i < v->path.len; i++) {
        const struct step *step = &v->path.ptr[i];
        if (tree_key_node(walk_doc(v), step->node) != NULL)
            pointer_add(out, tree_key(walk_doc(v), step->node));
        else
            buf_printf(out, "/%u", step->index);
    }
}

struct str walk_pointer(struct validation *v)
{
    CLEANUP(buf_clear) struct buf out = {0};
    add_steps(v, &out);
    return arena_str(v->mem, buf_str(&out));
}

/* The lister, or a reference from elsewhere, may have told it already. */
static bool is_told(const struct tree *doc, const char *code, uint32_t offset, struct str pointer)
{
    size_t count = 0;
    const struct finding *all = tree_findings(doc, &count);
    for (size_t i = tree_notes_of_reading(doc); i < count; i++)
        if (all[i].offset == offset && strcmp(all[i].code, code) == 0 &&
            str_eq(all[i].pointer, pointer))
            return true;
    return false;
}

PRINTF_LIKE(5, 0)
static void tell(struct tree *doc, enum fault fault, uint32_t offset, struct str pointer,
                 const char *format, va_list args)
{
    char text[240];
    const struct finding_kind *kind = &fault_kinds[fault];
    if (is_told(doc, kind->code, offset, pointer))
        return;
    vsnprintf(text, sizeof(text), format, args);
    tree_note(doc, kind, arena_str(tree_arena(doc), pointer), offset, "%s", text);
}

/* Below the walk: a member of the value at hand, or a name that is missing there. */
PRINTF_LIKE(5, 0)
static void tell_below(struct validation *v, enum fault fault, const struct tree_node *member,
                       const char *missing, const char *format, va_list args)
{
    CLEANUP(buf_clear) struct buf pointer = {0};
    struct tree *doc = v->at->doc;
    const struct tree_node *at = v->path.len > 0 ? v->path.ptr[v->path.len - 1].node : NULL;
    if (tree_notes_full(doc))
        return;
    add_steps(v, &pointer);
    if (at == NULL)
        at = v->top;
    if (member != NULL) {
        pointer_add(&pointer, tree_key(doc, member));
        at = member;
    }
    if (missing != NULL)
        pointer_add(&pointer, str_from(missing));
    tell(doc, fault, at->start, buf_str(&pointer), format, args);
}

void fault_here(struct validation *v, enum fault fault, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    tell_below(v, fault, NULL, NULL, format, args);
    va_end(args);
}

void fault_at(struct validation *v, enum fault fault, const struct tree_node *member,
              const char *format, ...)
{
    va_list args;
    va_start(args, format);
    tell_below(v, fault, member, NULL, format, args);
    va_end(args);
}

void fault_missing(struct validation *v, const char *name, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    tell_below(v, FAULT_MISSING, NULL, name, format, args);
    va_end(args);
}

void fault_spot(struct validation *v, enum fault fault, const struct tree *doc,
                const struct tree_node *node, struct str pointer, const char *format, ...)
{
    struct tree *own = walk_file(v, doc)->doc;
    va_list args;
    if (tree_notes_full(own))
        return;
    va_start(args, format);
    tell(own, fault, node->start, pointer, format, args);
    va_end(args);
}
