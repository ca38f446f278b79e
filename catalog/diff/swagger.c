/* Swagger 2.0 as 3.x would say it: bodies among the parameters, types without a schema, media types
 * by operation, security definitions. */
#include "catalog/diff/site.h"

/* --- messages --------------------------------------------------------------------------------- */

static struct oas_spot body_among(const struct side *side, struct oas_spot list)
{
    for (const struct tree_node *n = tree_first(list.doc, list.node); n;
         n = tree_next(list.doc, n)) {
        struct oas_spot p = side_follow(side, (struct oas_spot){list.doc, n});
        if (str_eq(at_text(at_raw(p, "in")), STR("body")))
            return p;
    }
    return (struct oas_spot){list.doc, NULL};
}

struct oas_spot body_of(const struct side *side, struct oas_spot operation, struct oas_spot item)
{
    if (!side_is_20(side))
        return side_get(side, operation, "requestBody");
    struct oas_spot body = body_among(side, at_raw(operation, "parameters"));
    return body.node != NULL ? body : body_among(side, at_raw(item, "parameters"));
}

/* The operation's, else the document's; JSON where neither says. */
static struct oas_spot media_list(const struct side *side, struct oas_spot operation,
                                  const char *name)
{
    struct oas_spot own = at_raw(operation, name);
    return own.node != NULL ? own : at_raw(side_root(side), name);
}

struct content content_of(const struct side *side, struct oas_spot message,
                          struct oas_spot operation, bool response)
{
    static const struct str json = {"application/json", 16};
    struct content content = {
        .map = {message.doc, NULL}
    };
    if (!side_is_20(side)) {
        content.map = at_raw(message, "content");
        return content;
    }
    struct oas_spot list = media_list(side, operation, response ? "produces" : "consumes");
    VEC(struct str) names = {0};
    if (at_raw(message, "schema").node == NULL)
        return content; /* no body */
    content.shared = message;
    for (const struct tree_node *n = tree_first(list.doc, list.node); n; n = tree_next(list.doc, n))
        if (tree_kind_of(n) == TREE_STRING)
            vec_push(&names, side_arena(side), tree_text(list.doc, n));
    content.names = names.len > 0 ? names.ptr : &json;
    content.name_count = names.len > 0 ? names.len : 1;
    return content;
}

struct oas_spot value_schema(const struct side *side, struct oas_spot object)
{
    struct oas_spot schema = at_raw(object, "schema");
    return schema.node == NULL && side_is_20(side) ? object : schema;
}

/* --- security --------------------------------------------------------------------------------- */

struct oas_spot security_schemes(const struct side *side)
{
    if (side_is_20(side))
        return at_raw(side_root(side), "securityDefinitions");
    return at_raw(at_raw(side_root(side), "components"), "securitySchemes");
}

struct oas_spot oauth_flow(struct oas_spot scheme, const char *name)
{
    static const char *const names[][2] = {
        {"implicit",          "implicit"   },
        {"password",          "password"   },
        {"clientCredentials", "application"},
        {"authorizationCode", "accessCode" }
    };
    struct str flow = at_text(at_raw(scheme, "flow"));
    for (size_t i = 0; flow.len > 0 && i < COUNT_OF(names); i++)
        if (strcmp(names[i][0], name) == 0 && str_eq(flow, str_from(names[i][1])))
            return scheme;
    return at_raw(at_raw(scheme, "flows"), name);
}
