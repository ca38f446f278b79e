/* Lists of a document as sets, so that long ones are not compared element by element. */
#include <stdlib.h>

#include "catalog/diff/shape.h"

/* --- values ----------------------------------------------------------------------------------- */

static void put_value(struct oas_spot value, struct buf *out);

void key_put(struct str text, struct buf *out)
{
    buf_printf(out, " %zu:", text.len);
    buf_add(out, text);
}

static int compare_members(const void *x, const void *y)
{
    const struct oas_spot *a = x, *b = y;
    return str_cmp(tree_key(a->doc, a->node), tree_key(b->doc, b->node));
}

size_t members_of(struct arena *mem, struct oas_spot object, const struct oas_spot **out)
{
    VEC(struct oas_spot) all = {0};
    for (const struct tree_node *n = tree_first(object.doc, object.node); n;
         n = tree_next(object.doc, n))
        vec_push(&all, mem, (struct oas_spot){object.doc, n});
    if (all.len > 1)
        qsort(all.ptr, all.len, sizeof(*all.ptr), compare_members);
    *out = all.ptr;
    return all.len;
}

/* Their order says nothing. */
static void put_members(struct oas_spot object, struct buf *out)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    const struct oas_spot *all;
    size_t count = members_of(&mem, object, &all);
    for (size_t i = 0; i < count; i++) {
        key_put(tree_key(all[i].doc, all[i].node), out);
        put_value(all[i], out);
    }
}

/* Recursion is as deep as the reader lets documents nest. */
static void put_value(struct oas_spot value, struct buf *out)
{
    enum tree_kind kind = tree_kind_of(value.node);
    buf_add_char(out, "nbds[{"[kind]);
    switch (kind) {
    case TREE_NULL:
        return;
    case TREE_BOOL:
        buf_add_char(out, tree_true(value.doc, value.node) ? '1' : '0');
        return;
    case TREE_NUMBER:
        diff_number_key(tree_text(value.doc, value.node), out);
        return;
    case TREE_STRING:
        key_put(tree_text(value.doc, value.node), out);
        return;
    case TREE_ARRAY:
        for (const struct tree_node *n = tree_first(value.doc, value.node); n;
             n = tree_next(value.doc, n))
            put_value((struct oas_spot){value.doc, n}, out);
        break;
    case TREE_OBJECT:
        put_members(value, out);
        break;
    }
    buf_add_char(out, ']');
}

struct str value_key(struct arena *mem, struct oas_spot value)
{
    CLEANUP(buf_clear) struct buf out = {0};
    put_value(value, &out);
    return arena_str(mem, buf_str(&out));
}

struct text_set value_keys(struct arena *mem, struct oas_spot list)
{
    struct text_set set = {.mem = mem};
    for (const struct tree_node *n = tree_first(list.doc, list.node); n; n = tree_next(list.doc, n))
        (void)text_set_add(&set, value_key(mem, (struct oas_spot){list.doc, n}));
    return set;
}

/* --- texts ------------------------------------------------------------------------------------ */

struct text_set texts_of(struct arena *mem, struct oas_spot list)
{
    struct text_set set = {.mem = mem};
    for (const struct tree_node *n = tree_first(list.doc, list.node); n; n = tree_next(list.doc, n))
        (void)text_set_add(&set, tree_text(list.doc, n));
    return set;
}

bool all_held(const struct text_set *small, const struct text_set *large)
{
    for (size_t i = 0; i < small->texts.len; i++)
        if (!text_set_has(large, small->texts.ptr[i]))
            return false;
    return true;
}

struct text_set not_held(struct arena *mem, const struct text_set *of, const struct text_set *in)
{
    struct text_set rest = {.mem = mem};
    for (size_t i = 0; i < of->texts.len; i++)
        if (!text_set_has(in, of->texts.ptr[i]))
            (void)text_set_add(&rest, of->texts.ptr[i]);
    return rest;
}

/* --- places ----------------------------------------------------------------------------------- */

struct text_places text_places_of(struct arena *mem, const struct str *list, size_t count)
{
    struct text_places places = {.texts = {.mem = mem},
                                 .first = arena_array(mem, uint32_t, count),
                                 .next = arena_array(mem, uint32_t, count)};
    for (size_t i = count; i-- > 0;) {
        if (list[i].ptr == NULL)
            continue;
        (void)text_set_add(&places.texts, list[i]);
        size_t text = text_set_find(&places.texts, list[i]);
        places.next[i] = places.first[text];
        places.first[text] = (uint32_t)i + 1;
    }
    return places;
}

size_t text_places_first(struct text_places *places, struct str text, const bool *taken)
{
    size_t at = text_set_find(&places->texts, text);
    if (at == SIZE_MAX)
        return SIZE_MAX;
    uint32_t *first = &places->first[at];
    while (*first != 0 && taken[*first - 1])
        *first = places->next[*first - 1];
    return (size_t)*first - 1; /* SIZE_MAX when none is left */
}
