/* What the specification asks of Schema Objects: discriminators, names, what a reference hides. */
#include "validate.h"

static const struct tree_node *get(const struct validation *v, const struct tree_node *node,
                                   const char *name)
{
    return tree_get(walk_doc(v), node, str_from(name));
}

/* --- grammar -----------------------------------------------------------------------------------
 */

/* JSON Schema 2020-12 §8.2.2 */
static bool is_anchor(struct str name)
{
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i], low = (char)(c | 0x20);
        bool letter = (low >= 'a' && low <= 'z') || c == '_';
        bool other = (c >= '0' && c <= '9') || c == '-' || c == '.';
        if (!letter && (i == 0 || !other))
            return false;
    }
    return name.len > 0;
}

static void check_anchor(struct validation *v, const struct tree_node *node, const char *field)
{
    const struct tree_node *anchor = get(v, node, field);
    if (tree_kind_of(anchor) == TREE_STRING && !is_anchor(tree_text(walk_doc(v), anchor)))
        fault_at(v, FAULT_VALUE, anchor,
                 "%s is no name: begin with a letter, go on with letters, digits, - _ .", field);
}

static void check_id(struct validation *v, const struct tree_node *node)
{
    const struct tree_node *id = get(v, node, "$id");
    struct str text = tree_text(walk_doc(v), id);
    size_t hash = str_find_char(text, '#');
    if (tree_kind_of(id) == TREE_STRING && hash != SIZE_MAX && hash + 1 != text.len)
        fault_at(v, FAULT_VALUE, id, "$id must not have a fragment: use $anchor");
}

/* 2.0: a response may be a file, nothing else. */
static void check_file(struct validation *v, const struct tree_node *node)
{
    static const char *const allowed[] = {"format",   "title",        "description",
                                          "default",  "required",     "type",
                                          "readOnly", "externalDocs", "example"};
    const struct tree *doc = walk_doc(v);
    const struct tree_node *type = get(v, node, "type");
    if (!str_eq(tree_text(doc, type), STR("file")))
        return;
    const struct tree_node *parent = walk_depth(v) > 1 ? v->path.ptr[v->path.len - 2].node : NULL;
    if (!str_eq(walk_name(v, 0), STR("schema")) || get(v, parent, "in") != NULL) {
        fault_at(v, FAULT_VALUE, type, "only a whole response is a file");
        return;
    }
    for (const struct tree_node *m = tree_first(doc, node); m != NULL; m = tree_next(doc, m)) {
        bool fits = str_starts(tree_key(doc, m), STR("x-"));
        for (size_t i = 0; i < COUNT_OF(allowed); i++)
            fits = fits || str_eq(tree_key(doc, m), str_from(allowed[i]));
        if (!fits)
            fault_at(v, FAULT_MISPLACED, m, "\"" SHORT_FMT "\" says nothing about a file",
                     SHORT_ARG(tree_key(doc, m)));
    }
}

void check_xml(struct validation *v, const struct tree_node *node)
{
    if (v->version != OAS_3_2)
        return;
    check_exclusive(v, node, "nodeType", "attribute");
    check_exclusive(v, node, "nodeType", "wrapped");
}

/* --- discriminators ----------------------------------------------------------------------------
 */

static bool is_component(const struct validation *v, struct str name)
{
    struct oas_spot root = {v->root_doc, v->root};
    struct oas_spot schemas = spot_get(spot_get(root, "components"), "schemas");
    return tree_get(schemas.doc, schemas.node, name) != NULL;
}

static void check_mapping(struct validation *v, const struct tree_node *value)
{
    enum oas_lead lead = OAS_LEAD_FOUND;
    struct str text = tree_text(walk_doc(v), value);
    if (tree_kind_of(value) != TREE_STRING || is_component(v, text))
        return;
    if (oas_refer(v->files, walk_doc(v), text, &lead).node == NULL && lead != OAS_LEAD_OUTSIDE)
        fault_here(v, FAULT_MAPPING,
                   "\"" SHORT_FMT "\" is neither a schema's name nor a reference to one",
                   SHORT_ARG(text));
}

void check_discriminator(struct validation *v, const struct tree_node *node)
{
    const struct tree *doc = walk_doc(v);
    const struct tree_node *mapping = get(v, node, "mapping");
    if (v->options.grammar_only || tree_kind_of(mapping) != TREE_OBJECT)
        return;
    walk_enter(v, mapping, 0);
    for (const struct tree_node *m = tree_first(doc, mapping); m != NULL; m = tree_next(doc, m)) {
        walk_enter(v, m, 0);
        check_mapping(v, m);
        walk_leave(v);
    }
    walk_leave(v);
}

static bool lists(const struct tree *doc, const struct tree_node *list, struct str name)
{
    for (const struct tree_node *n = tree_first(doc, list); n != NULL; n = tree_next(doc, n))
        if (str_eq(tree_text(doc, n), name))
            return true;
    return false;
}

/* The property that tells the kinds apart is one that instances must have. Where alternatives
 * declare it, they are looked at on their own. */
static void check_discriminated(struct validation *v, const struct tree_node *node)
{
    const struct tree *doc = walk_doc(v);
    const struct tree_node *at = get(v, node, "discriminator");
    const struct tree_node *name = v->version == OAS_2_0 ? at : get(v, at, "propertyName");
    struct str property = tree_text(doc, name);
    bool elsewhere = get(v, node, "oneOf") != NULL || get(v, node, "anyOf") != NULL ||
                     get(v, node, "allOf") != NULL || get(v, node, "$ref") != NULL;
    if (tree_kind_of(name) != TREE_STRING || elsewhere)
        return;
    if (tree_get(doc, get(v, node, "properties"), property) == NULL)
        fault_at(v, FAULT_DISCRIMINATOR, at,
                 "the discriminator \"" SHORT_FMT "\" is none of the properties: declare it",
                 SHORT_ARG(property));
    else if (!lists(doc, get(v, node, "required"), property))
        fault_at(v, FAULT_DISCRIMINATOR, at,
                 "the discriminator \"" SHORT_FMT "\" is not required: add it to required",
                 SHORT_ARG(property));
}

/* --- schemas -----------------------------------------------------------------------------------
 */

static void check_siblings(struct validation *v, const struct tree_node *node)
{
    const struct tree *doc = walk_doc(v);
    if (v->version != OAS_2_0 || tree_kind_of(get(v, node, "$ref")) != TREE_STRING)
        return;
    for (const struct tree_node *m = tree_first(doc, node); m != NULL; m = tree_next(doc, m)) {
        struct str name = tree_key(doc, m);
        if (!str_eq(name, STR("$ref")) && !str_starts(name, STR("x-")))
            fault_at(v, FAULT_REF_SIBLINGS, m, "\"" SHORT_FMT "\" beside $ref is ignored",
                     SHORT_ARG(name));
    }
}

void check_schema(struct validation *v, const struct tree_node *node)
{
    if (v->version == OAS_2_0)
        check_file(v, node);
    if (version_bit(v) & V31_ON) {
        check_anchor(v, node, "$anchor");
        check_anchor(v, node, "$dynamicAnchor");
        check_id(v, node);
    }
    if (v->options.grammar_only)
        return;
    check_siblings(v, node);
    check_discriminated(v, node);
    check_schema_examples(v, node);
}
