/* Values as texts show them and as fingerprints hold them. */
#include <stdlib.h>

#include "catalog/diff/site.h"

/* Deeper values are shown by their kind only. */
#define MOST_SHOWN_DEPTH 8

/* As Go prints a value: map[a:1 b:[x y]]. Names of fingerprints that others made depend on it. */
static void print_raw(struct arena *mem, struct oas_spot value, unsigned depth, struct buf *out);

static void print_object(struct arena *mem, struct oas_spot value, unsigned depth, struct buf *out)
{
    const struct oas_spot *all;
    size_t count = members_of(mem, value, &all);
    buf_add(out, STR("map["));
    for (size_t i = 0; i < count; i++) {
        buf_add(out, i > 0 ? STR(" ") : STR(""));
        buf_add(out, tree_key(all[i].doc, all[i].node));
        buf_add_char(out, ':');
        print_raw(mem, all[i], depth + 1, out);
    }
    buf_add_char(out, ']');
}

static void print_array(struct arena *mem, struct oas_spot value, unsigned depth, struct buf *out)
{
    bool first = true;
    buf_add_char(out, '[');
    for (const struct tree_node *n = tree_first(value.doc, value.node); n;
         n = tree_next(value.doc, n)) {
        if (!first)
            buf_add_char(out, ' ');
        first = false;
        print_raw(mem, (struct oas_spot){value.doc, n}, depth + 1, out);
    }
    buf_add_char(out, ']');
}

static double number_at(struct arena *mem, struct oas_spot value)
{
    double number = 0;
    struct str text = tree_text(value.doc, value.node);
    char *z = str_z(mem, text);
    char *end = NULL;
    number = strtod(z, &end);
    return number;
}

static void print_raw(struct arena *mem, struct oas_spot value, unsigned depth, struct buf *out)
{
    if (value.node == NULL || depth > MOST_SHOWN_DEPTH) {
        buf_add(out, STR("<nil>"));
        return;
    }
    switch (tree_kind_of(value.node)) {
    case TREE_NULL:
        buf_add(out, STR("<nil>"));
        return;
    case TREE_BOOL:
        buf_add(out, tree_true(value.doc, value.node) ? STR("true") : STR("false"));
        return;
    case TREE_NUMBER:
        buf_add(out, diff_number_text(mem, number_at(mem, value)));
        return;
    case TREE_STRING:
        buf_add(out, tree_text(value.doc, value.node));
        return;
    case TREE_ARRAY:
        print_array(mem, value, depth, out);
        return;
    case TREE_OBJECT:
        print_object(mem, value, depth, out);
        return;
    }
}

struct word word_of(struct arena *mem, bool oasdiff, struct oas_spot value)
{
    CLEANUP(buf_clear) struct buf raw = {0};
    struct word w;
    print_raw(mem, value, 0, &raw);
    w.raw = w.shown = arena_str(mem, buf_str(&raw));
    if (value.node == NULL || tree_kind_of(value.node) == TREE_NULL)
        w.shown = oasdiff ? STR("undefined") : STR("null");
    else if (tree_kind_of(value.node) == TREE_NUMBER && oasdiff)
        w.shown = arena_printf(mem, "%.2f", number_at(mem, value));
    else if (!oasdiff && tree_kind_of(value.node) >= TREE_ARRAY)
        w.shown =
            str_sub(tree_source(value.doc), value.node->start, value.node->end - value.node->start);
    return w;
}

struct word word_of_bound(struct arena *mem, bool oasdiff, struct bound b)
{
    struct word w = {STR("undefined"), STR("<nil>")};
    switch (b.is) {
    case BOUND_ABSENT:
        break;
    case BOUND_FALSE:
        return WORD(STR("false"));
    case BOUND_TRUE:
        return WORD(STR("true"));
    case BOUND_NUMBER:
        w.raw = w.shown = diff_number_text(mem, b.number);
        if (oasdiff && !b.whole)
            w.shown = arena_printf(mem, "%.2f", b.number);
        break;
    }
    return w;
}

struct str diff_joined(struct arena *mem, const struct str *texts, size_t count,
                       const char *between)
{
    CLEANUP(buf_clear) struct buf out = {0};
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            buf_add(&out, str_from(between));
        buf_add(&out, texts[i]);
    }
    return arena_str(mem, buf_str(&out));
}

struct str diff_lower(struct arena *mem, struct str text)
{
    char *z = str_z(mem, text);
    for (size_t i = 0; i < text.len; i++)
        if (z[i] >= 'A' && z[i] <= 'Z')
            z[i] = (char)(z[i] + 32);
    return (struct str){z, text.len};
}

struct str property_name(struct arena *mem, struct str path, struct str name)
{
    return path.len == 0 ? name : arena_join(mem, path, STR("/"), name);
}
