/* What a document gives itself: examples, defaults, enumerations; and values of it as JSON. */
#include <math.h>
#include <stdlib.h>

#include "maker.h"

#define MOST_NESTED 60 /* the writer's own bound is 63 */
#define MOST_ENUM   200

/* --- JSON --------------------------------------------------------------------------------------
 */

struct str json_text(struct arena *mem, struct str text)
{
    CLEANUP(buf_clear) struct buf out = {0};
    struct json_writer w = {.out = &out};
    json_put_str(&w, text.ptr ? text : STR(""));
    return arena_str(mem, buf_str(&out));
}

static size_t digits(struct str text, size_t at)
{
    size_t from = at;
    while (at < text.len && text.ptr[at] >= '0' && text.ptr[at] <= '9')
        at++;
    return at - from;
}

/* RFC 8259 §6; YAML knows others. */
static bool is_json_number(struct str text)
{
    size_t at = text.len > 0 && text.ptr[0] == '-', count = digits(text, at);
    if (count == 0 || (count > 1 && text.ptr[at] == '0'))
        return false;
    at += count;
    if (at < text.len && text.ptr[at] == '.') {
        count = digits(text, at + 1);
        at += count > 0 ? count + 1 : 0;
    }
    if (at < text.len && (text.ptr[at] | 0x20) == 'e') {
        size_t sign = at + 1 < text.len && (text.ptr[at + 1] == '+' || text.ptr[at + 1] == '-');
        count = digits(text, at + 1 + sign);
        at += count > 0 ? count + 1 + sign : 0;
    }
    return at == text.len;
}

static void put_number(struct str text, struct json_writer *w)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    if (is_json_number(text)) {
        json_put_raw(w, text);
        return;
    }
    if (text.len > 0 && strchr("nfNF", text.ptr[text.len - 1]) != NULL && text.ptr[0] != '0') {
        json_put_null(w); /* .inf, .nan */
        return;
    }
    bool octal = str_starts(text, STR("0o"));
    const char *z = str_z(&mem, octal ? str_sub(text, 2, text.len) : text);
    json_put_double(w, octal ? (double)strtoull(z, NULL, 8) : strtod(z, NULL));
}

static bool put(const struct tree *doc, const struct tree_node *value, struct json_writer *w)
{
    enum tree_kind kind = tree_kind_of(value);
    bool object = kind == TREE_OBJECT;
    switch (kind) {
    case TREE_NULL:
        json_put_null(w);
        return true;
    case TREE_BOOL:
        json_put_bool(w, tree_true(doc, value));
        return true;
    case TREE_NUMBER:
        put_number(tree_text(doc, value), w);
        return true;
    case TREE_STRING:
        json_put_str(w, tree_text(doc, value));
        return true;
    case TREE_ARRAY:
    case TREE_OBJECT:
        break;
    }
    if (w->depth >= MOST_NESTED)
        return false;
    object ? json_open_object(w) : json_open_array(w);
    for (const struct tree_node *n = tree_first(doc, value); n != NULL; n = tree_next(doc, n)) {
        if (object)
            json_key(w, tree_key(doc, n));
        if (!put(doc, n, w))
            return false;
    }
    object ? json_close_object(w) : json_close_array(w);
    return true;
}

bool example_json(const struct tree *doc, const struct tree_node *value, struct arena *mem,
                  struct str *out)
{
    CLEANUP(buf_clear) struct buf text = {0};
    struct json_writer w = {.out = &text};
    if (!put(doc, value, &w))
        return false;
    *out = arena_str(mem, buf_str(&text));
    return true;
}

/* Nodes are numbered in document order: the last child that does not begin behind it. */
struct str example_pointer(const struct tree *doc, const struct tree_node *node, struct arena *mem)
{
    CLEANUP(buf_clear) struct buf out = {0};
    const struct tree_node *at = tree_root(doc);
    uint32_t number = tree_number(doc, node);
    while (at != NULL && at != node) {
        const struct tree_node *child = NULL;
        uint32_t position = 0, index = 0;
        for (const struct tree_node *n = tree_first(doc, at); n != NULL; n = tree_next(doc, n)) {
            if (tree_number(doc, n) > number)
                break;
            child = n;
            position = index++;
        }
        if (child != NULL && tree_key_node(doc, child) != NULL)
            pointer_add(&out, tree_key(doc, child));
        else if (child != NULL)
            buf_printf(&out, "/%u", position);
        at = child;
    }
    return arena_str(mem, buf_str(&out));
}

/* --- candidates --------------------------------------------------------------------------------
 */

static bool offer_one(struct making *m, struct tries *tries, const struct tree *doc,
                      const struct tree_node *value, bool telling)
{
    enum tree_kind kind = tree_kind_of(value);
    bool empty = (kind == TREE_OBJECT || kind == TREE_ARRAY) && value->size == 0;
    struct str json = STR_NONE;
    if (value == NULL || (telling && (kind == TREE_NULL || empty)))
        return false;
    return example_json(doc, value, m->mem, &json) && offer(m, tries, json);
}

static bool offer_list(struct making *m, struct tries *tries, const struct tree *doc,
                       const struct tree_node *list, bool telling)
{
    unsigned count = 0;
    if (tree_kind_of(list) != TREE_ARRAY)
        return false;
    for (const struct tree_node *n = tree_first(doc, list); n != NULL && count < MOST_ENUM;
         n = tree_next(doc, n), count++)
        if (offer_one(m, tries, doc, n, telling))
            return true;
    return false;
}

bool make_given(struct making *m, struct tries *tries, const struct group *g)
{
    static const struct {
        const char *keyword;
        bool list, telling; /* only what says something: no null, nothing empty */
    } sources[] = {
        {"example",   false, false},
        {"examples",  true,  false},
        {"x-example", false, false},
        {"const",     false, false},
        {"default",   false, true },
        {"enum",      true,  true },
    };
    if (tries->need->hint.ptr != NULL && offer(m, tries, tries->need->hint))
        return true;
    for (size_t i = 0; i < COUNT_OF(sources); i++)
        for (size_t part = 0; part < g->parts.len; part++) {
            const struct tree_node *node = part_get(g, part, sources[i].keyword);
            const struct tree *doc = g->parts.ptr[part].doc;
            if (sources[i].list ? offer_list(m, tries, doc, node, sources[i].telling)
                                : offer_one(m, tries, doc, node, sources[i].telling))
                return true;
        }
    return false;
}
