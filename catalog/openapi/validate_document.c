/* What the specification asks of a document as a whole, of tags and servers. */
#include <stdlib.h>

#include "validate.h"

static struct str member_text(const struct validation *v, const struct tree_node *node,
                              const char *name)
{
    return tree_text(walk_doc(v), tree_get(walk_doc(v), node, str_from(name)));
}

static bool matches(const char *pattern, struct str text)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct regex *regex = NULL;
    return regex_compile(str_from(pattern), STR(""), &mem, &regex, NULL) &&
           regex_matches(regex, text, NULL);
}

void check_exclusive(struct validation *v, const struct tree_node *node, const char *one,
                     const char *other)
{
    const struct tree_node *second = tree_get(walk_doc(v), node, str_from(other));
    if (second != NULL && tree_get(walk_doc(v), node, str_from(one)) != NULL)
        fault_at(v, FAULT_EXCLUSIVE, second, "%s and %s exclude each other: remove one", one,
                 other);
}

/* --- names -------------------------------------------------------------------------------------
 */

static int by_name(const void *a, const void *b)
{
    const struct named_spot *x = a, *y = b;
    int cmp = str_cmp(x->name, y->name);
    return cmp != 0 ? cmp : (x->node > y->node) - (x->node < y->node);
}

void named_sort(struct named_spot *spots, size_t count)
{
    if (count > 1)
        qsort(spots, count, sizeof(*spots), by_name);
}

const struct named_spot *named_find(const struct named_spot *spots, size_t count, struct str name)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (str_cmp(spots[middle].name, name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < count && str_eq(spots[low].name, name) ? &spots[low] : NULL;
}

/* --- the document ------------------------------------------------------------------------------
 */

struct text_rule {
    unsigned versions;
    const char *field, *pattern, *remedy;
};
static const struct text_rule text_rules[] = {
    {V30, "openapi",  "^3\\.0\\.\\d(-.+)?$",       "write a version such as 3.0.4"           },
    {V31, "openapi",  "^3\\.1\\.\\d+(-.+)?$",      "write a version such as 3.1.1"           },
    {V32, "openapi",  "^3\\.2\\.\\d+(-.+)?$",      "write a version such as 3.2.0"           },
    {V32, "$self",    "^[^#]*$",                   "it must not have a fragment"             },
    {V20, "host",     "^[^{}/ :\\\\]+(?::\\d+)?$", "write a name with or without a port only"},
    {V20, "basePath", "^/",                        "begin it with a slash"                   },
};

static void check_texts_of(struct validation *v, const struct tree_node *node)
{
    for (size_t i = 0; i < COUNT_OF(text_rules); i++) {
        const struct text_rule *rule = &text_rules[i];
        const struct tree_node *field = tree_get(walk_doc(v), node, str_from(rule->field));
        struct str text = tree_text(walk_doc(v), field);
        if ((rule->versions & version_bit(v)) && tree_kind_of(field) == TREE_STRING &&
            !matches(rule->pattern, text))
            fault_at(v, FAULT_VALUE, field, "%s is \"" SHORT_FMT "\": %s", rule->field,
                     SHORT_ARG(text), rule->remedy);
    }
}

/* --- tags --------------------------------------------------------------------------------------
 */

/* Chains of parents longer than this are circles, or as good as. */
#define MOST_PARENTS 64

static void check_parent(struct validation *v, const struct tree_node *tag,
                         const struct named_spot *tags, size_t count)
{
    const struct tree_node *at = tag;
    for (unsigned up = 0; at != NULL; up++) {
        struct str parent = member_text(v, at, "parent");
        if (parent.ptr == NULL)
            return;
        const struct named_spot *found = named_find(tags, count, parent);
        if (found == NULL && at == tag)
            fault_at(v, FAULT_TAG_PARENT, tree_get(walk_doc(v), tag, STR("parent")),
                     "there is no tag \"" SHORT_FMT "\" to be the parent", SHORT_ARG(parent));
        if (up == MOST_PARENTS) {
            fault_at(v, FAULT_TAG_PARENT, tree_get(walk_doc(v), tag, STR("parent")),
                     "the tag is its own parent by way of others");
            return;
        }
        at = found ? found->node : NULL;
    }
}

static void check_tags(struct validation *v, const struct tree_node *tags)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    VEC(struct named_spot) named = {0};
    const struct tree *doc = walk_doc(v);
    if (tree_kind_of(tags) != TREE_ARRAY)
        return;
    for (const struct tree_node *n = tree_first(doc, tags); n != NULL; n = tree_next(doc, n))
        if (member_text(v, n, "name").ptr != NULL)
            vec_push(&named, &mem,
                     (struct named_spot){.name = member_text(v, n, "name"), .node = n});
    named_sort(named.ptr, named.len);
    walk_enter(v, tags, 0);
    uint32_t index = 0;
    for (const struct tree_node *n = tree_first(doc, tags); n != NULL; n = tree_next(doc, n)) {
        struct str name = member_text(v, n, "name");
        const struct named_spot *first = named_find(named.ptr, named.len, name);
        walk_enter(v, n, index++);
        if (first != NULL && first->node != n)
            fault_here(v, FAULT_TAG_TWIN, "the tag \"" SHORT_FMT "\" is declared twice: remove one",
                       SHORT_ARG(name));
        check_parent(v, n, named.ptr, named.len);
        walk_leave(v);
    }
    walk_leave(v);
}

void check_document(struct validation *v, const struct tree_node *node)
{
    const struct tree *doc = walk_doc(v);
    check_texts_of(v, node);
    if ((version_bit(v) & V31_ON) && tree_get(doc, node, STR("paths")) == NULL &&
        tree_get(doc, node, STR("components")) == NULL &&
        tree_get(doc, node, STR("webhooks")) == NULL)
        fault_missing(v, "paths",
                      "the document has neither paths nor components nor webhooks: add "
                      "one of them");
    if (!v->options.grammar_only)
        check_tags(v, tree_get(doc, node, STR("tags")));
}

void check_license(struct validation *v, const struct tree_node *node)
{
    if (version_bit(v) & V31_ON)
        check_exclusive(v, node, "identifier", "url");
}

/* --- servers -----------------------------------------------------------------------------------
 */

/* Takes the next {name} of a template. */
static bool template_next(struct str *rest, struct str *name)
{
    size_t open = str_find_char(*rest, '{');
    if (open == SIZE_MAX)
        return false;
    struct str behind = str_sub(*rest, open + 1, rest->len);
    size_t close = str_find_char(behind, '}');
    if (close == SIZE_MAX)
        return false;
    *name = str_sub(behind, 0, close);
    *rest = str_sub(behind, close + 1, behind.len);
    return true;
}

struct text_set template_names(struct arena *mem, struct str template)
{
    struct text_set names = {.mem = mem};
    struct str name;
    while (template_next(&template, &name))
        (void)text_set_add(&names, name);
    return names;
}

void check_server(struct validation *v, const struct tree_node *node)
{
    const struct tree *doc = walk_doc(v);
    const struct tree_node *url = tree_get(doc, node, STR("url"));
    const struct tree_node *variables = tree_get(doc, node, STR("variables"));
    CLEANUP(arena_clear) struct arena mem = {0};
    if (v->options.grammar_only || tree_kind_of(url) != TREE_STRING)
        return;
    struct text_set names = template_names(&mem, tree_text(doc, url));
    for (size_t i = 0; i < names.texts.len; i++)
        if (tree_get(doc, variables, names.texts.ptr[i]) == NULL)
            fault_at(v, FAULT_VARIABLE, url,
                     "the URL has {" SHORT_FMT "}, which is missing in variables",
                     SHORT_ARG(names.texts.ptr[i]));
    for (const struct tree_node *m = tree_first(doc, variables); m != NULL; m = tree_next(doc, m))
        if (!text_set_has(&names, tree_key(doc, m)))
            fault_at(v, FAULT_VARIABLE_UNUSED, variables,
                     "the variable \"" SHORT_FMT "\" does not occur in the URL",
                     SHORT_ARG(tree_key(doc, m)));
}

void check_server_variable(struct validation *v, const struct tree_node *node)
{
    const struct tree *doc = walk_doc(v);
    const struct tree_node *words = tree_get(doc, node, STR("enum"));
    const struct tree_node *preset = tree_get(doc, node, STR("default"));
    if (v->options.grammar_only || preset == NULL || tree_kind_of(words) != TREE_ARRAY ||
        words->size == 0)
        return;
    for (const struct tree_node *n = tree_first(doc, words); n != NULL; n = tree_next(doc, n))
        if (schema_same_value(doc, n, doc, preset))
            return;
    fault_at(v, v->version == OAS_3_0 ? FAULT_VARIABLE_DEFAULT : FAULT_VARIABLE_DEFAULT_MUST,
             preset, "the default \"" SHORT_FMT "\" is none of the values in enum",
             SHORT_ARG(tree_text(doc, preset)));
}
