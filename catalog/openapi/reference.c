/* $ref inside one document. */
#include "openapi.h"

/* Longer chains of references than this are circles, or as good as. */
#define MOST_HOPS 64
/* Longer references name nothing; a shared one is followed at every use. */
#define MOST_REF_BYTES 4096

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static void percent_decode(struct str text, struct buf *out)
{
    for (size_t i = 0; i < text.len; i++) {
        int high = i + 2 < text.len && text.ptr[i] == '%' ? hex_digit(text.ptr[i + 1]) : -1;
        int low = high >= 0 ? hex_digit(text.ptr[i + 2]) : -1;
        if (low >= 0) {
            buf_add_char(out, (char)(high << 4 | low));
            i += 2;
        } else {
            buf_add_char(out, text.ptr[i]);
        }
    }
}

/* A reference that begins with the document's own `$self` (3.2) stays inside. */
static bool inside(const struct tree *doc, struct str ref, struct str *fragment)
{
    size_t hash = str_find_char(ref, '#');
    if (hash == SIZE_MAX)
        return false;
    struct str self = tree_text(doc, tree_get(doc, tree_root(doc), STR("$self")));
    *fragment = str_sub(ref, hash + 1, ref.len);
    return hash == 0 || str_eq(str_sub(ref, 0, hash), self);
}

static const struct tree_node *follow(const struct tree *doc, struct str ref)
{
    CLEANUP(buf_clear) struct buf pointer = {0};
    struct str fragment;
    if (ref.len > MOST_REF_BYTES || !inside(doc, ref, &fragment))
        return NULL;
    percent_decode(fragment, &pointer);
    return tree_at(doc, buf_str(&pointer));
}

const struct tree_node *oas_resolve(const struct tree *doc, const struct tree_node *node)
{
    for (unsigned hops = 0; node != NULL && hops < MOST_HOPS; hops++) {
        const struct tree_node *ref = tree_get(doc, node, STR("$ref"));
        if (tree_kind_of(ref) != TREE_STRING)
            return node;
        node = follow(doc, tree_text(doc, ref));
    }
    return NULL;
}
