/* Which credentials an operation wants. */
#include "lister.h"

typedef VEC(struct oas_security) security_list;

/* Names are those of the root document, wherever the operation stands. */
static struct oas_spot scheme_of(struct lister *lister, struct str name)
{
    struct oas_spot schemes = spot_get(lister->root, "securityDefinitions");
    if (lister->version != OAS_2_0)
        schemes = spot_get(spot_get(lister->root, "components"), "securitySchemes");
    struct oas_spot scheme = {schemes.doc, tree_get(schemes.doc, schemes.node, name)};
    if (scheme.node == NULL && str_starts(name, STR("#/"))) /* OAS 3.2: a reference may be here */
        scheme.node = tree_at(scheme.doc, str_sub(name, 1, name.len));
    return lister_follow(lister, scheme, NULL);
}

static struct str scheme_words(struct lister *lister, struct oas_spot scheme)
{
    struct str type = spot_text(scheme, "type");
    if (str_eq(type, STR("apiKey")))
        return arena_join(lister->mem, STR("apiKey in "), spot_text(scheme, "in"), STR(" "),
                          spot_text(scheme, "name"));
    if (str_eq(type, STR("http")))
        return arena_join(lister->mem, STR("http "), spot_text(scheme, "scheme"));
    if (str_eq(type, STR("basic"))) /* 2.0's name for it */
        return STR("http basic");
    return type.ptr ? type : STR("");
}

static void add_scheme(struct lister *lister, const struct tree_node *member, uint32_t alternative,
                       security_list *list)
{
    struct oas_security out = {.alternative = alternative, .name = tree_key(lister->doc, member)};
    struct oas_spot scheme = scheme_of(lister, out.name);
    if (scheme.node == NULL)
        note(lister, FINDING_UNKNOWN_SCHEME, member, STR_NONE,
             "the security scheme \"%.*s\" is not defined",
             (int)(out.name.len < 80 ? out.name.len : 80), out.name.ptr);
    out.kind = scheme_words(lister, scheme);
    out.scopes = lister_join_texts(lister, member);
    vec_push(list, lister->mem, out);
}

static void add_security(struct lister *lister, const struct tree_node *given,
                         struct oas_operation *out)
{
    const struct tree *doc = lister->doc;
    uint32_t alternative = 0;
    security_list list = {0};
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

void lister_security(struct lister *lister, const struct tree_node *operation,
                     struct oas_operation *out)
{
    struct oas_spot given = {lister->doc, tree_get(lister->doc, operation, STR("security"))};
    if (given.node == NULL)
        given = spot_get(lister->root, "security");
    const struct tree *before = lister_enter(lister, given.doc);
    add_security(lister, given.node, out);
    (void)lister_enter(lister, before);
}
