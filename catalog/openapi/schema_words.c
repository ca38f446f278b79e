/* Schemas in a few words for people. */
#include "lister.h"

#define MOST_NESTED  6 /* lists of lists, choices of choices */
#define MOST_CHOICES 4

static void words(struct lister *lister, const struct tree_node *schema, unsigned depth,
                  struct buf *out);

/* "#/components/schemas/Pet" is Pet. */
static void ref_name(struct str ref, struct buf *out)
{
    struct str part = STR(""), rest = ref;
    while (str_split(&rest, '/', &part))
        continue;
    buf_add(out, part);
}

/* type: "string", or a list of types since 3.1, of which null says least. */
static struct str main_type(struct lister *lister, const struct tree_node *schema)
{
    const struct tree *doc = lister->doc;
    const struct tree_node *type = tree_get(doc, schema, STR("type"));
    if (tree_kind_of(type) != TREE_ARRAY)
        return tree_text(doc, type);
    struct str found = STR_NONE;
    for (const struct tree_node *n = tree_first(doc, type); n != NULL; n = lister_next(lister, n))
        if (found.len == 0 || str_eq(found, STR("null")))
            found = tree_text(doc, n);
    return found;
}

static bool choices(struct lister *lister, const struct tree_node *schema, unsigned depth,
                    struct buf *out)
{
    static const struct str fields[] = {
        {"oneOf", 5},
        {"anyOf", 5},
        {"allOf", 5}
    };
    for (size_t i = 0; i < COUNT_OF(fields); i++) {
        const struct tree_node *list = tree_get(lister->doc, schema, fields[i]);
        unsigned shown = 0;
        if (tree_kind_of(list) != TREE_ARRAY || list->size == 0)
            continue;
        for (const struct tree_node *n = tree_first(lister->doc, list); n && shown <= MOST_CHOICES;
             n = lister_next(lister, n), shown++) {
            if (shown > 0)
                buf_add(out, i == 2 ? STR(" & ") : STR(" | "));
            if (shown == MOST_CHOICES)
                buf_add(out, STR("…"));
            else
                words(lister, n, depth + 1, out);
        }
        return true;
    }
    return false;
}

static void list_words(struct lister *lister, const struct tree_node *schema, unsigned depth,
                       struct buf *out)
{
    CLEANUP(buf_clear) struct buf inner = {0};
    words(lister, tree_get(lister->doc, schema, STR("items")), depth + 1, &inner);
    bool many = str_find_char(buf_str(&inner), ' ') != SIZE_MAX;
    buf_add(out, many ? STR("(") : STR(""));
    buf_add(out, buf_str(&inner));
    buf_add(out, many ? STR(")[]") : STR("[]"));
}

static void words(struct lister *lister, const struct tree_node *schema, unsigned depth,
                  struct buf *out)
{
    const struct tree *doc = lister->doc;
    const struct tree_node *ref = tree_get(doc, schema, STR("$ref"));
    struct str type = main_type(lister, schema);
    struct str format = tree_text(doc, tree_get(doc, schema, STR("format")));
    if (depth >= MOST_NESTED)
        buf_add(out, STR("…"));
    else if (tree_kind_of(ref) == TREE_STRING)
        ref_name(tree_text(doc, ref), out);
    else if (str_eq(type, STR("array")))
        list_words(lister, schema, depth, out);
    else if (type.len > 0) {
        buf_add(out, type);
        if (format.len > 0)
            buf_printf(out, "(" STR_FMT ")", STR_ARG(format));
    } else if (!choices(lister, schema, depth, out))
        buf_add(out, tree_get(doc, schema, STR("properties")) ? STR("object") : STR("any"));
}

struct str schema_words(struct lister *lister, const struct tree_node *schema)
{
    CLEANUP(buf_clear) struct buf out = {0};
    words(lister, schema, 0, &out);
    return arena_str(lister->mem, buf_str(&out));
}
