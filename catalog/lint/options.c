/* Reading functionOptions: names, kinds, what is missing. */
#include "options.h"

static unsigned kind_bit(const struct tree_node *node)
{
    static const unsigned bits[] = {
        [TREE_NULL] = INPUT_NULL,     [TREE_BOOL] = INPUT_BOOL,   [TREE_NUMBER] = INPUT_NUMBER,
        [TREE_STRING] = INPUT_STRING, [TREE_ARRAY] = INPUT_ARRAY, [TREE_OBJECT] = INPUT_OBJECT,
    };
    return bits[tree_kind_of(node)];
}

struct jsonpath_spot option_get(const struct function_site *site, const char *name)
{
    struct jsonpath_spot spot = site->options;
    spot.node = tree_get(spot.doc, spot.node, str_from(name));
    return spot;
}

struct str option_text(const struct function_site *site, const char *name)
{
    struct jsonpath_spot spot = option_get(site, name);
    return tree_kind_of(spot.node) == TREE_STRING ? tree_text(spot.doc, spot.node) : STR_NONE;
}

bool option_flag(const struct function_site *site, const char *name)
{
    struct jsonpath_spot spot = option_get(site, name);
    return tree_true(spot.doc, spot.node);
}

static const struct option *find(const struct option *table, size_t count, struct str name)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq(name, str_from(table[i].name)))
            return &table[i];
    return NULL;
}

bool options_check(const struct function_site *site, const struct option *table, size_t count,
                   bool absent_ok, struct err *err)
{
    const struct tree *doc = site->options.doc;
    const struct tree_node *object = site->options.node;
    if (tree_kind_of(object) == TREE_NULL)
        return absent_ok || fail(err, ERR_INVALID, "", "needs functionOptions");
    if (tree_kind_of(object) != TREE_OBJECT)
        return fail(err, ERR_INVALID, "", "functionOptions is an object");
    for (const struct tree_node *n = tree_first(doc, object); n; n = tree_next(doc, n)) {
        const struct option *known = find(table, count, tree_key(doc, n));
        if (known == NULL)
            return fail(err, ERR_INVALID, "", "has no option \"" STR_FMT "\"",
                        STR_ARG(tree_key(doc, n)));
        if (!(known->kinds & kind_bit(n)))
            return fail(err, ERR_INVALID, "", "option \"%s\" has the wrong type", known->name);
    }
    for (size_t i = 0; i < count; i++)
        if (table[i].required && tree_get(doc, object, str_from(table[i].name)) == NULL)
            return fail(err, ERR_INVALID, "", "misses the option \"%s\"", table[i].name);
    return true;
}

bool option_texts(const struct function_site *site, const char *name, size_t least,
                  const struct str **out, size_t *count, struct err *err)
{
    struct jsonpath_spot list = option_get(site, name);
    VEC(struct str) texts = {0};
    for (const struct tree_node *n = tree_first(list.doc, list.node); n;
         n = tree_next(list.doc, n)) {
        if (tree_kind_of(n) != TREE_STRING)
            return fail(err, ERR_INVALID, "", "option \"%s\" is a list of texts", name);
        vec_push(&texts, site->mem, tree_text(list.doc, n));
    }
    if (texts.len < least)
        return fail(err, ERR_INVALID, "", "option \"%s\" needs at least %zu entries", name, least);
    *out = texts.ptr;
    *count = texts.len;
    return true;
}
