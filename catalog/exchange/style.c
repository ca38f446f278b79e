/* How the value of a parameter is written (OAS 3.x "Style Values", 2.0 "collectionFormat"). */
#include <ctype.h>

#include "parts.h"

struct style {
    struct str name, before;
    struct str apart;  /* between members when exploded */
    struct str joined; /* between them when not */
    bool named;        /* the parameter's name stands before its value */
    bool deep;         /* name[member]=value */
};

enum { SIMPLE, LABEL, MATRIX, FORM, SPACES, PIPES, TABS, DEEP, COOKIE };

static const struct style styles[] = {
    [SIMPLE] = {{"simple", 6},          {"", 0},  {",", 1},  {",", 1},   false, false},
    [LABEL] = {{"label", 5},           {".", 1}, {".", 1},  {",", 1},   false, false},
    [MATRIX] = {{"matrix", 6},          {";", 1}, {";", 1},  {",", 1},   true,  false},
    [FORM] = {{"form", 4},            {"", 0},  {"&", 1},  {",", 1},   true,  false},
    [SPACES] = {{"spaceDelimited", 14}, {"", 0},  {"&", 1},  {"%20", 3}, true,  false},
    [PIPES] = {{"pipeDelimited", 13},  {"", 0},  {"&", 1},  {"%7C", 3}, true,  false},
    [TABS] = {{"tsv", 3},             {"", 0},  {"&", 1},  {"%09", 3}, true,  false},
    [DEEP] = {{"deepObject", 10},     {"", 0},  {"&", 1},  {",", 1},   true,  true },
    [COOKIE] = {{"cookie", 6},          {"", 0},  {"; ", 2}, {",", 1},   true,  false},
};

static const struct style *style_named(struct str name, const struct style *otherwise)
{
    for (size_t i = 0; i < COUNT_OF(styles); i++)
        if (str_eq(styles[i].name, name))
            return &styles[i];
    return otherwise;
}

const struct style *style_simple(void)
{
    return &styles[SIMPLE];
}

/* OAS 2.0 "Parameter Object": in paths and headers there is no name to be repeated. */
static const struct style *style_2(struct exchange *x, struct oas_spot parameter, bool *explode)
{
    static const struct {
        struct str format;
        int style;
    } formats[] = {
        {{"ssv", 3},   SPACES},
        {{"tsv", 3},   TABS  },
        {{"pipes", 5}, PIPES },
    };
    struct str format = part_text(x, parameter, "collectionFormat");
    struct str in = part_text(x, parameter, "in");
    *explode = str_eq(format, STR("multi"));
    if (str_eq(in, STR("path")) || str_eq(in, STR("header")))
        return style_simple();
    for (size_t i = 0; i < COUNT_OF(formats); i++)
        if (str_eq(format, formats[i].format))
            return &styles[formats[i].style];
    return &styles[FORM];
}

const struct style *style_of(struct exchange *x, struct oas_spot parameter, bool *explode)
{
    struct str in = part_text(x, parameter, "in");
    bool by_place = str_eq(in, STR("path")) || str_eq(in, STR("header"));
    if (x->version == OAS_2_0)
        return style_2(x, parameter, explode);
    const struct style *style =
        style_named(part_text(x, parameter, "style"), &styles[by_place ? SIMPLE : FORM]);
    bool said = part_at(x, parameter, STR("explode")).node != NULL;
    *explode = said ? part_true(x, parameter, "explode")
                    : style == &styles[FORM] || style == &styles[COOKIE];
    return style;
}

/* --- characters --------------------------------------------------------------------------------
 */

void put_encoded(struct str text, bool reserved, struct buf *out)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        bool plain = isalnum(c) || (c != '\0' && strchr("-._~", c) != NULL);
        bool kept = reserved && c != '\0' && strchr(":/?#[]@!$&'()*+,;=", c) != NULL;
        if ((plain && c < 128) || kept)
            buf_add_char(out, (char)c);
        else
            buf_printf(out, "%%%02X", c);
    }
}

static void put_text(const struct written *how, struct str text, struct buf *out)
{
    if (how->raw)
        buf_add(out, text);
    else
        put_encoded(text, how->reserved, out);
}

/* What is nested deeper than the styles know is written as JSON. */
static void put_value(const struct written *how, const struct tree *doc,
                      const struct tree_node *value, struct buf *out)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct str json = STR_NONE;
    enum tree_kind kind = tree_kind_of(value);
    if (kind != TREE_OBJECT && kind != TREE_ARRAY)
        put_text(how, tree_text(doc, value), out);
    else if (example_json(doc, value, &mem, &json))
        put_text(how, json, out);
}

/* --- values ------------------------------------------------------------------------------------
 */

static void put_members(const struct style *style, const struct written *how,
                        const struct tree *doc, const struct tree_node *value, struct buf *out)
{
    bool object = tree_kind_of(value) == TREE_OBJECT, apart = how->explode || style->deep;
    struct str between = apart ? style->apart : style->joined;
    for (const struct tree_node *n = tree_first(doc, value); n != NULL; n = tree_next(doc, n)) {
        struct str key = tree_key(doc, n);
        if (n != tree_first(doc, value))
            buf_add(out, between);
        if (style->deep && object) {
            put_text(how, how->name, out);
            buf_add(out, STR("%5B"));
            put_text(how, key, out);
            buf_add(out, STR("%5D="));
        } else if (object) {
            put_text(how, key, out);
            buf_add(out, apart ? STR("=") : between);
        } else if (apart && style->named) {
            put_text(how, how->name, out);
            buf_add_char(out, '=');
        }
        put_value(how, doc, n, out);
    }
}

void style_write(const struct style *style, const struct written *how, const struct tree *doc,
                 const struct tree_node *value, struct buf *out)
{
    enum tree_kind kind = tree_kind_of(value);
    bool members = kind == TREE_OBJECT || kind == TREE_ARRAY;
    bool apart = members && value->size > 0 && (how->explode || style->deep);
    buf_add(out, style->before);
    if (style->named && !apart) {
        put_text(how, how->name, out);
        buf_add_char(out, '=');
    }
    if (members)
        put_members(style, how, doc, value, out);
    else
        put_value(how, doc, value, out);
}

void put_form(const struct tree *doc, const struct tree_node *object, struct buf *out)
{
    for (const struct tree_node *n = tree_first(doc, object); n != NULL; n = tree_next(doc, n)) {
        const struct written how = {.name = tree_key(doc, n),
                                    .explode = tree_kind_of(n) == TREE_ARRAY};
        if (n != tree_first(doc, object))
            buf_add_char(out, '&');
        style_write(&styles[FORM], &how, doc, n, out);
    }
}
