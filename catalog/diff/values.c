/* Values of a document: equality and numbers. */
#include <math.h>
#include <stdlib.h>

#include "catalog/diff/shape.h"

/* Longer numbers are compared as text. */
#define MOST_DIGITS 400

static double number_of(struct str text)
{
    char z[MOST_DIGITS + 1];
    size_t len = text.len < MOST_DIGITS ? text.len : MOST_DIGITS;
    if (len > 0)
        memcpy(z, text.ptr, len);
    z[len] = '\0';
    return strtod(z, NULL);
}

void diff_number_key(struct str text, struct buf *out)
{
    if (text.len > MOST_DIGITS)
        buf_printf(out, "%zu:" STR_FMT, text.len, STR_ARG(text));
    else
        buf_printf(out, "%a;", number_of(text) + 0.0); /* which makes of -0 a 0 */
}

static bool numbers_equal(struct str a, struct str b)
{
    if (str_eq(a, b))
        return true;
    if (a.len > MOST_DIGITS || b.len > MOST_DIGITS)
        return false;
    double x = number_of(a), y = number_of(b);
    return !(x < y) && !(x > y);
}

static bool objects_equal(struct oas_spot a, struct oas_spot b)
{
    for (const struct tree_node *n = tree_first(a.doc, a.node); n; n = tree_next(a.doc, n)) {
        const struct tree_node *other = tree_get(b.doc, b.node, tree_key(a.doc, n));
        if (other == NULL ||
            !diff_values_equal((struct oas_spot){a.doc, n}, (struct oas_spot){b.doc, other}))
            return false;
    }
    return true;
}

static bool arrays_equal(struct oas_spot a, struct oas_spot b)
{
    const struct tree_node *other = tree_first(b.doc, b.node);
    for (const struct tree_node *n = tree_first(a.doc, a.node); n; n = tree_next(a.doc, n)) {
        if (!diff_values_equal((struct oas_spot){a.doc, n}, (struct oas_spot){b.doc, other}))
            return false;
        other = tree_next(b.doc, other);
    }
    return true;
}

/* Recursion is as deep as the reader lets documents nest. */
bool diff_values_equal(struct oas_spot a, struct oas_spot b)
{
    if (a.node == NULL || b.node == NULL)
        return a.node == b.node;
    enum tree_kind kind = tree_kind_of(a.node);
    if (kind != tree_kind_of(b.node))
        return false;
    switch (kind) {
    case TREE_NULL:
        return true;
    case TREE_BOOL:
        return tree_true(a.doc, a.node) == tree_true(b.doc, b.node);
    case TREE_NUMBER:
        return numbers_equal(tree_text(a.doc, a.node), tree_text(b.doc, b.node));
    case TREE_STRING:
        return str_eq(tree_text(a.doc, a.node), tree_text(b.doc, b.node));
    case TREE_ARRAY:
        return a.node->size == b.node->size && arrays_equal(a, b);
    case TREE_OBJECT:
        return a.node->size == b.node->size && objects_equal(a, b);
    }
    return false;
}

bool extension_name(struct str name)
{
    return str_starts(name, STR("x-"));
}

static bool unknown(struct str name)
{
    return shape_keyword_of(name) == KW_NONE && !str_eq(name, STR("$ref"));
}

static size_t extension_count(struct oas_spot object)
{
    size_t count = 0;
    if (tree_kind_of(object.node) != TREE_OBJECT)
        return 0;
    for (const struct tree_node *n = tree_first(object.doc, object.node); n;
         n = tree_next(object.doc, n))
        if (unknown(tree_key(object.doc, n)))
            count++;
    return count;
}

bool shape_extensions_equal(const struct shape *a, const struct shape *b)
{
    struct oas_spot x = a->spot, y = b->spot;
    if (((a->has | b->has) & BIT_EXTENSIONS) == 0)
        return true;
    if (extension_count(x) != extension_count(y))
        return false;
    for (const struct tree_node *n = tree_first(x.doc, x.node); n; n = tree_next(x.doc, n)) {
        struct str name = tree_key(x.doc, n);
        const struct tree_node *other = unknown(name) ? tree_get(y.doc, y.node, name) : NULL;
        if (unknown(name) && (other == NULL || !diff_values_equal((struct oas_spot){x.doc, n},
                                                                  (struct oas_spot){y.doc, other})))
            return false;
    }
    return true;
}

struct str diff_number_text(struct arena *mem, double number)
{
    char z[64];
    for (int digits = 0; digits <= 16; digits++) {
        snprintf(z, sizeof(z), "%.*e", digits & 31, number);
        double again = strtod(z, NULL);
        if (!(again < number) && !(again > number))
            break;
    }
    char *e = strchr(z, 'e');
    int exponent = e != NULL ? (int)strtol(e + 1, NULL, 10) : 0;
    if (e == NULL || exponent < -4 || exponent >= 21)
        return arena_str(mem, str_from(z));
    size_t digits = 0;
    for (const char *c = z; c < e; c++)
        digits += *c >= '0' && *c <= '9';
    int decimals = (int)digits - 1 - exponent;
    return arena_printf(mem, "%.*f", decimals > 0 ? decimals : 0, number);
}
