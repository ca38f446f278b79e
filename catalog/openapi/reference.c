/* Percent-encoding in references, and steps from one value to another. */
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
