/* Fragments of references, and steps from one value to another. */
#include "reference.h"

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

void reference_decode(struct str text, struct buf *out)
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

/* --- fragments -------------------------------------------------------------------------------- */

static const struct tree_node *anchored(const struct tree *doc, struct str name)
{
    static const char *const words[] = {"$anchor", "$dynamicAnchor"};
    for (uint32_t i = 0; i < tree_count(doc); i++) {
        const struct tree_node *object = tree_numbered(doc, i);
        if (tree_kind_of(object) != TREE_OBJECT)
            continue;
        for (size_t k = 0; k < COUNT_OF(words); k++)
            if (str_eq(tree_text(doc, tree_get(doc, object, str_from(words[k]))), name))
                return object;
    }
    return NULL;
}

const struct tree_node *reference_fragment(const struct tree *doc, const struct tree_node *base,
                                           struct str fragment)
{
    CLEANUP(buf_clear) struct buf plain = {0};
    if (fragment.len == 0)
        return base;
    reference_decode(fragment, &plain);
    if (fragment.ptr[0] != '/')
        return anchored(doc, buf_str(&plain));
    return tree_below(doc, base, buf_str(&plain));
}

/* --- spots ------------------------------------------------------------------------------------ */

struct oas_spot spot_get(struct oas_spot spot, const char *name)
{
    return (struct oas_spot){spot.doc, tree_get(spot.doc, spot.node, str_from(name))};
}

struct str spot_text(struct oas_spot spot, const char *name)
{
    return tree_text(spot.doc, spot_get(spot, name).node);
}

struct oas_spot spot_first(struct oas_spot container)
{
    return (struct oas_spot){container.doc, tree_first(container.doc, container.node)};
}

struct oas_spot spot_next(struct oas_spot spot)
{
    return (struct oas_spot){spot.doc, tree_next(spot.doc, spot.node)};
}
