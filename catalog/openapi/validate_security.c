/* What the specification asks of security schemes and requirements. */
#include "validate.h"

void check_scheme_http(struct validation *v, const struct tree_node *node)
{
    const struct tree_node *format = tree_get(walk_doc(v), node, STR("bearerFormat"));
    struct str scheme = tree_text(walk_doc(v), tree_get(walk_doc(v), node, STR("scheme")));
    if (format != NULL && scheme.ptr != NULL && !str_eq_nocase(scheme, STR("bearer")))
        fault_at(v, FAULT_MISPLACED, format,
                 "bearerFormat has no place beside scheme \"" SHORT_FMT "\"", SHORT_ARG(scheme));
}

/* --- requirements ------------------------------------------------------------------------------
 */

static struct oas_spot schemes_of(const struct validation *v)
{
    struct oas_spot root = {v->root_doc, v->root};
    if (v->version == OAS_2_0)
        return spot_get(root, "securityDefinitions");
    return spot_get(spot_get(root, "components"), "securitySchemes");
}

static bool flow_has(struct oas_spot flow, struct str scope)
{
    struct oas_spot scopes = spot_get(flow, "scopes");
    return tree_get(scopes.doc, scopes.node, scope) != NULL;
}

static bool scheme_has(const struct validation *v, struct oas_spot scheme, struct str scope)
{
    struct oas_spot flows = spot_get(scheme, "flows");
    if (v->version == OAS_2_0)
        return flow_has(scheme, scope);
    for (const struct tree_node *m = tree_first(flows.doc, flows.node); m != NULL;
         m = tree_next(flows.doc, m))
        if (flow_has((struct oas_spot){flows.doc, m}, scope))
            return true;
    return false;
}

static void check_scopes(struct validation *v, struct oas_spot scheme, const struct tree_node *list)
{
    const struct tree *doc = walk_doc(v);
    struct str type = spot_text(scheme, "type");
    bool oauth = str_eq(type, STR("oauth2")), open = str_eq(type, STR("openIdConnect"));
    if (!oauth && !open && type.ptr != NULL && list->size > 0 &&
        (v->version == OAS_2_0 || v->version == OAS_3_0))
        fault_here(v, FAULT_SCOPES_NOT_EMPTY,
                   "a scheme of type " SHORT_FMT " has no scopes: leave the list empty",
                   SHORT_ARG(type));
    uint32_t index = 0;
    for (const struct tree_node *n = tree_first(doc, list); n != NULL && oauth;
         n = tree_next(doc, n)) {
        struct str scope = tree_text(doc, n);
        walk_enter(v, n, index++);
        if (scope.ptr != NULL && !scheme_has(v, scheme, scope))
            fault_here(v, FAULT_SCOPE, "no flow of the scheme has the scope \"" SHORT_FMT "\"",
                       SHORT_ARG(scope));
        walk_leave(v);
    }
}

/* OAS 3.2: a name that is none of the components' may be a URI. */
static bool is_uri(const struct validation *v, struct str name)
{
    return v->version == OAS_3_2 &&
           (str_find_char(name, '/') != SIZE_MAX || str_find_char(name, '#') != SIZE_MAX);
}

static void check_scheme(struct validation *v, const struct tree_node *list)
{
    static const struct field scopes = {"the list of scopes", V3X, FORM_TEXTS, KIND_NONE, 0, NULL};
    static const struct field unique = {
        "the list of scopes", V20, FORM_TEXTS, KIND_NONE, UNIQUE, NULL};
    struct str name = tree_key(walk_doc(v), list);
    check_field(v, v->version == OAS_2_0 ? &unique : &scopes, list);
    if (v->options.grammar_only || tree_kind_of(list) != TREE_ARRAY)
        return;
    struct oas_spot known = schemes_of(v);
    known.node = tree_get(known.doc, known.node, name);
    if (known.node == NULL && !is_uri(v, name))
        fault_here(v, FAULT_SECURITY, "there is no security scheme \"" SHORT_FMT "\": define it",
                   SHORT_ARG(name));
    if (known.node == NULL)
        return;
    check_scopes(v, spot_follow(v, known.doc, known.node), list);
}

void check_requirement(struct validation *v, const struct tree_node *node)
{
    for (const struct tree_node *m = tree_first(walk_doc(v), node); m != NULL;
         m = tree_next(walk_doc(v), m)) {
        walk_enter(v, m, 0);
        check_scheme(v, m);
        walk_leave(v);
    }
}
