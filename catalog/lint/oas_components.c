/* Components that nobody refers to, discriminators, security requirements, what stands beside a
 * $ref. */
#include "functions.h"
#include "options.h"

/* --- unreferenced ----------------------------------------------------------------------------- */

bool prepare_unreferenced(const struct function_site *site, void **options, struct err *err)
{
    static const struct option table[] = {
        {"reusableObjectsLocation", INPUT_STRING, true}
    };
    struct str *location = arena_new(site->mem, struct str);
    if (!options_check(site, table, COUNT_OF(table), false, err))
        return false;
    *location = option_text(site, "reusableObjectsLocation");
    *options = location;
    return str_eq(*location, STR("#")) || str_starts(*location, STR("#/")) ||
           fail(err, ERR_INVALID, "",
                "\"reusableObjectsLocation\" is a pointer such as "
                "\"#/definitions\"");
}

static bool is_referred(const struct view *view, struct jsonpath_spot target)
{
    const struct view_doc *d = view_doc_of(view, target.doc);
    return d != NULL && d->referred[tree_number(target.doc, target.node)];
}

static void check_referred(struct call *c, struct jsonpath_spot names, struct str location)
{
    struct jsonpath_spot home = {call_root(c).doc, NULL}, name = names;
    home.node = tree_at(home.doc, str_sub(location, 1, location.len));
    for (name.node = tree_first(names.doc, names.node); name.node;
         name.node = tree_next(names.doc, name.node)) {
        struct str key = tree_key(names.doc, name.node);
        struct jsonpath_spot target = spot_child(home, key);
        if (key.ptr == NULL || (target.node && is_referred(&c->run->view, target)))
            continue;
        struct str part, rest = str_sub(location, 1, location.len);
        struct str path[8];
        size_t depth = 0;
        (void)str_split(&rest, '/', &part);
        while (rest.ptr != NULL && depth + 1 < COUNT_OF(path) && str_split(&rest, '/', &part))
            path[depth++] = part;
        path[depth++] = key;
        call_report_at(c, path, depth, STR("Potential orphaned reusable object has been detected"));
    }
}

void fn_unreferenced(struct call *c)
{
    check_referred(c, c->value.spot, *(const struct str *)c->step->options);
}

void fn_oas_unused_component(struct call *c)
{
    static const char *const kinds[] = {"schemas",       "responses", "parameters", "examples",
                                        "requestBodies", "headers",   "links",      "callbacks"};
    struct jsonpath_spot components = call_child(c, c->value.spot, STR("components"));
    if (tree_kind_of(components.node) != TREE_OBJECT)
        return;
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        struct jsonpath_spot names = call_child(c, components, str_from(kinds[i]));
        if (tree_kind_of(names.node) == TREE_OBJECT)
            check_referred(c, names, call_text(c, "#/components/%s", kinds[i]));
    }
}

/* --- discriminator ---------------------------------------------------------------------------- */

void fn_oas_discriminator(struct call *c)
{
    struct jsonpath_spot name = call_child(c, c->value.spot, STR("discriminator"));
    struct jsonpath_spot properties = call_child(c, c->value.spot, STR("properties"));
    struct jsonpath_spot required = call_child(c, c->value.spot, STR("required")), at = required;
    bool listed = false;
    if (tree_kind_of(name.node) != TREE_STRING)
        return;
    struct str text = tree_text(name.doc, name.node);
    if (tree_kind_of(properties.node) < TREE_ARRAY || spot_child(properties, text).node == NULL)
        call_report_below(c, BELOW(STR("properties")),
                          STR("The discriminator property must be defined in this schema."));
    if (tree_kind_of(required.node) == TREE_ARRAY)
        for (at.node = tree_first(at.doc, required.node); at.node;
             at.node = tree_next(at.doc, at.node))
            listed = listed || str_eq(tree_text(at.doc, at.node), text);
    if (!listed)
        call_report_below(c, BELOW(STR("required")),
                          STR("The discriminator property must be in the required property "
                              "list."));
}

/* --- beside a $ref ---------------------------------------------------------------------------- */

void fn_oas_reference_siblings(struct call *c)
{
    struct jsonpath_spot parent = call_root(c);
    for (size_t i = 0; i + 1 < c->depth; i++)
        parent = spot_child(parent, c->path[i]);
    if (c->depth == 0 || tree_kind_of(parent.node) < TREE_ARRAY || parent.node->size == 1)
        return;
    for (const struct tree_node *n = tree_first(parent.doc, parent.node); n;
         n = tree_next(parent.doc, n)) {
        struct str key = tree_key(parent.doc, n);
        struct str *path = arena_array(&c->run->scratch, struct str, c->depth);
        if (key.ptr == NULL || str_eq(key, STR("$ref")))
            continue;
        memcpy(path, c->path, c->depth * sizeof(*path));
        path[c->depth - 1] = key;
        call_report_at(c, path, c->depth,
                       STR("$ref must not be placed next to any other properties"));
    }
}

/* --- security --------------------------------------------------------------------------------- */

bool prepare_oas_version(const struct function_site *site, void **options, struct err *err)
{
    static const struct option table[] = {
        {"oasVersion", INPUT_NUMBER, true}
    };
    bool *three = arena_new(site->mem, bool);
    if (!options_check(site, table, COUNT_OF(table), false, err))
        return false;
    *three = spot_number(option_get(site, "oasVersion")) >= 3;
    *options = three;
    return true;
}

static bool scope_known(struct jsonpath_spot scheme, struct str scope, bool three)
{
    struct jsonpath_spot flows = spot_child(scheme, STR("flows")), flow = flows;
    if (!three)
        return spot_child(spot_child(scheme, STR("scopes")), scope).node != NULL;
    if (tree_kind_of(flows.node) != TREE_OBJECT)
        return false;
    for (flow.node = tree_first(flows.doc, flows.node); flow.node;
         flow.node = tree_next(flows.doc, flow.node))
        if (spot_child(spot_child(flow, STR("scopes")), scope).node != NULL)
            return true;
    return false;
}

/* Only lists of texts are judged. */
static bool well_formed(const struct call *c)
{
    struct jsonpath_spot at = c->value.spot;
    for (at.node = tree_first(at.doc, c->value.spot.node); at.node;
         at.node = tree_next(at.doc, at.node)) {
        struct jsonpath_spot scopes = call_see(c, at), scope = scopes;
        if (tree_kind_of(scopes.node) != TREE_ARRAY)
            return false;
        for (scope.node = tree_first(scopes.doc, scopes.node); scope.node;
             scope.node = tree_next(scopes.doc, scope.node))
            if (tree_kind_of(scope.node) != TREE_STRING)
                return false;
    }
    return true;
}

void fn_oas_security_defined(struct call *c)
{
    bool three = *(const bool *)c->step->options;
    struct jsonpath_spot root = call_root(c), at = c->value.spot;
    struct jsonpath_spot schemes =
        three ? spot_child(spot_child(root, STR("components")), STR("securitySchemes"))
              : spot_child(root, STR("securityDefinitions"));
    if (!well_formed(c))
        return;
    for (at.node = tree_first(at.doc, at.node); at.node; at.node = tree_next(at.doc, at.node)) {
        struct str name = tree_key(at.doc, at.node);
        struct jsonpath_spot scheme = spot_child(schemes, name);
        struct jsonpath_spot scopes = call_see(c, at), scope = scopes;
        size_t index = 0;
        if (scheme.node == NULL) {
            call_report_below(
                c, BELOW(name),
                call_text(c,
                          "%s \"security\" values must match a scheme defined in "
                          "the \"%s\" object.",
                          c->depth == 2 ? "API" : "Operation",
                          three ? "components.securitySchemes" : "securityDefinitions"));
            continue;
        }
        for (scope.node = tree_first(scopes.doc, scopes.node); scope.node;
             scope.node = tree_next(scopes.doc, scope.node), index++)
            if (!scope_known(scheme, tree_text(scope.doc, scope.node), three))
                call_report_below(c, BELOW(name, call_index(c, index)),
                                  call_text(c, "\"" STR_FMT "\" must be listed among scopes.",
                                            STR_ARG(tree_text(scope.doc, scope.node))));
    }
}
