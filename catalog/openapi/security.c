/* Which credentials an operation wants. */
#include "lister.h"

typedef VEC(struct oas_security) security_list;

static const struct tree_node *scheme_of(struct lister *lister, struct str name)
{
    const struct tree *doc = lister->doc;
    const struct tree_node *schemes = tree_get(doc, lister->root, STR("securityDefinitions"));
    if (lister->version != OAS_2_0)
        schemes =
            tree_get(doc, tree_get(doc, lister->root, STR("components")), STR("securitySchemes"));
    const struct tree_node *scheme = oas_resolve(doc, tree_get(doc, schemes, name));
    if (scheme == NULL && str_starts(name, STR("#/"))) /* OAS 3.2: a reference may stand here */
        scheme = oas_resolve(doc, tree_at(doc, str_sub(name, 1, name.len)));
    return scheme;
}

static struct str scheme_words(struct lister *lister, const struct tree_node *scheme)
{
    const struct tree *doc = lister->doc;
    struct str type = tree_text(doc, tree_get(doc, scheme, STR("type")));
    if (str_eq(type, STR("apiKey")))
        return arena_join(lister->mem, STR("apiKey in "),
                          tree_text(doc, tree_get(doc, scheme, STR("in"))), STR(" "),
                          tree_text(doc, tree_get(doc, scheme, STR("name"))));
    if (str_eq(type, STR("http")))
        return arena_join(lister->mem, STR("http "),
                          tree_text(doc, tree_get(doc, scheme, STR("scheme"))));
    if (str_eq(type, STR("basic"))) /* 2.0's name for it */
        return STR("http basic");
    return type.ptr ? type : STR("");
}

static void add_scheme(struct lister *lister, const struct tree_node *member, uint32_t alternative,
                       security_list *list)
{
    struct oas_security out = {.alternative = alternative, .name = tree_key(lister->doc, member)};
    const struct tree_node *scheme = scheme_of(lister, out.name);
    if (scheme == NULL)
        note(lister, FINDING_UNKNOWN_SCHEME, member, STR_NONE,
             "the security scheme \"%.*s\" is not defined",
             (int)(out.name.len < 80 ? out.name.len : 80), out.name.ptr);
    out.kind = scheme_words(lister, scheme);
    out.scopes = lister_join_texts(lister, member);
    vec_push(list, lister->mem, out);
}

void lister_security(struct lister *lister, const struct tree_node *operation,
                     struct oas_operation *out)
{
    const struct tree *doc = lister->doc;
    const struct tree_node *given = tree_get(doc, operation, STR("security"));
    uint32_t alternative = 0;
    security_list list = {0};
    if (given == NULL)
        given = tree_get(doc, lister->root, STR("security"));
    if (given != NULL && tree_kind_of(given) != TREE_ARRAY)
        note(lister, FINDING_WRONG_TYPE, given, STR_NONE, "security is no list");
    if (tree_kind_of(given) != TREE_ARRAY)
        return;
    for (const struct tree_node *n = tree_first(doc, given); n != NULL && lister_room(lister);
         n = lister_next(lister, n), alternative++) {
        const struct tree_node *member = tree_first(doc, n);
        if (member == NULL)
            vec_push(&list, lister->mem,
                     (struct oas_security){
                         .alternative = alternative, .name = STR(""), .kind = STR("none")});
        for (; member != NULL; member = lister_next(lister, member))
            add_scheme(lister, member, alternative, &list);
    }
    out->security = list.ptr;
    out->security_count = list.len;
}
