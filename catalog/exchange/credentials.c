/* What security asks for, as headers with words in brackets in place of secrets. */
#include "parts.h"

typedef VEC(struct exchange_header) header_list;

static struct oas_spot scheme_named(struct exchange *x, struct str name)
{
    struct oas_spot owner = x->root;
    if (x->version == OAS_2_0)
        return part_at(x, part_at(x, owner, STR("securityDefinitions")), name);
    owner = part_at(x, part_at(x, owner, STR("components")), STR("securitySchemes"));
    return part_at(x, owner, name);
}

static void add_scheme(struct exchange *x, struct str name, struct arena *mem, header_list *out,
                       struct exchange_request *request)
{
    struct oas_spot scheme = scheme_named(x, name);
    struct str type = part_text(x, scheme, "type"), key = part_text(x, scheme, "name");
    struct str in = part_text(x, scheme, "in"), word = arena_join(mem, STR("<"), name, STR(">"));
    struct exchange_header made = {STR("Authorization"), arena_join(mem, STR("Bearer "), word)};
    bool http = str_eq(type, STR("http"));
    if (str_eq(type, STR("basic")) ||
        (http && str_eq_nocase(part_text(x, scheme, "scheme"), STR("basic"))))
        made.value = arena_join(mem, STR("Basic "), word);
    if (str_eq(type, STR("apiKey"))) {
        made = (struct exchange_header){key, word};
        if (str_eq(in, STR("cookie")))
            made = (struct exchange_header){STR("Cookie"), arena_join(mem, key, STR("="), word)};
        if (str_eq(in, STR("query"))) {
            request->credential_query = arena_join(mem, key, STR("="), word);
            return;
        }
    }
    if (type.ptr != NULL && !str_eq(type, STR("mutualTLS")) && made.name.ptr != NULL)
        vec_push(out, mem, made);
}

/* The first of the alternatives; an empty one asks for nothing. */
void credentials_of(struct exchange *x, const struct exchange_operation *operation,
                    struct arena *mem, struct exchange_request *out)
{
    header_list list = {0};
    struct oas_spot security = part_at(x, operation->operation, STR("security"));
    if (security.node == NULL)
        security = part_at(x, x->root, STR("security"));
    for (struct oas_spot n = part_first(part_first(security)); n.node != NULL; n = part_next(n))
        add_scheme(x, tree_key(n.doc, n.node), mem, &list, out);
    out->credentials = list.ptr;
    out->credential_count = list.len;
}
