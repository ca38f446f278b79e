/* What an operation takes and gives: parameters, body, responses. */
#include "lister.h"

/* Each is compared with all before it. */
#define MOST_PARAMETERS 1000

typedef VEC(struct oas_parameter) parameter_list;

/* --- bodies ----------------------------------------------------------------------------------- */

static struct str body_type(struct lister *lister, const struct tree_node *media)
{
    const struct tree *doc = lister->doc;
    const struct tree_node *schema = tree_get(doc, media, STR("schema"));
    const struct tree_node *items = tree_get(doc, media, STR("itemSchema"));
    if (schema != NULL || items == NULL)
        return schema_words(lister, schema);
    return arena_join(lister->mem, STR("stream of "), schema_words(lister, items)); /* OAS 3.2 */
}

static const struct tree_node *first_media(struct lister *lister, const struct tree_node *owner)
{
    const struct tree *doc = lister->doc;
    const struct tree_node *content = tree_get(doc, owner, STR("content"));
    const struct tree_node *media =
        tree_kind_of(content) == TREE_OBJECT ? tree_first(doc, content) : NULL;
    while (media != NULL && is_extension(tree_key(doc, media)))
        media = lister_next(lister, media);
    return oas_resolve(doc, media);
}

static void add_body(struct lister *lister, const struct tree_node *operation, parameter_list *list)
{
    const struct tree *doc = lister->doc;
    const struct tree_node *given = tree_get(doc, operation, STR("requestBody"));
    const struct tree_node *body = lister_resolve(lister, given);
    if (lister->version == OAS_2_0 || body == NULL)
        return;
    if (tree_kind_of(body) != TREE_OBJECT) {
        note(lister, FINDING_WRONG_TYPE, given, STR_NONE, "requestBody is no object");
        return;
    }
    struct oas_parameter out = {.name = STR("body"),
                                .in = STR("body"),
                                .description = lister_text(lister, body, "description"),
                                .type = body_type(lister, first_media(lister, body)),
                                .required = tree_true(doc, tree_get(doc, body, STR("required")))};
    vec_push(list, lister->mem, out);
}

/* --- parameters ------------------------------------------------------------------------------- */

/* 2.0 writes the type into the parameter itself, except for bodies. */
static struct str parameter_type(struct lister *lister, const struct tree_node *parameter)
{
    const struct tree *doc = lister->doc;
    const struct tree_node *schema = tree_get(doc, parameter, STR("schema"));
    if (schema == NULL && lister->version == OAS_2_0)
        schema = parameter;
    if (schema == NULL && tree_get(doc, parameter, STR("content")) != NULL)
        return body_type(lister, first_media(lister, parameter));
    return schema_words(lister, schema);
}

/* The operation's parameter replaces the path item's of the same name and place. */
static void put_parameter(struct lister *lister, const struct tree_node *given,
                          const struct oas_parameter *parameter, parameter_list *list)
{
    for (size_t i = 0; i < list->len; i++)
        if (str_eq(list->ptr[i].name, parameter->name) && str_eq(list->ptr[i].in, parameter->in)) {
            list->ptr[i] = *parameter;
            return;
        }
    if (list->len < MOST_PARAMETERS)
        vec_push(list, lister->mem, *parameter);
    else if (list->len == MOST_PARAMETERS)
        note(lister, FINDING_TOO_MANY_PARAMETERS, given, STR_NONE,
             "only the first %d parameters are listed", MOST_PARAMETERS);
}

static void add_parameter(struct lister *lister, const struct tree_node *given,
                          parameter_list *list)
{
    const struct tree *doc = lister->doc;
    const struct tree_node *node = lister_resolve(lister, given);
    if (node == NULL)
        return;
    struct oas_parameter out = {.name = lister_text(lister, node, "name"),
                                .in = lister_text(lister, node, "in"),
                                .description = lister_text(lister, node, "description"),
                                .required = tree_true(doc, tree_get(doc, node, STR("required"))),
                                .deprecated =
                                    tree_true(doc, tree_get(doc, node, STR("deprecated")))};
    if (out.name.ptr == NULL || out.in.ptr == NULL) {
        note(lister, FINDING_MISSING, given, out.name.ptr ? STR("in") : STR("name"),
             "a parameter has no name or does not say what it is in");
        return;
    }
    out.type = parameter_type(lister, node);
    put_parameter(lister, given, &out, list);
}

static void add_parameters(struct lister *lister, const struct tree_node *owner,
                           parameter_list *list)
{
    const struct tree *doc = lister->doc;
    const struct tree_node *given = tree_get(doc, owner, STR("parameters"));
    if (given != NULL && tree_kind_of(given) != TREE_ARRAY)
        note(lister, FINDING_WRONG_TYPE, given, STR_NONE, "parameters is no list");
    if (tree_kind_of(given) != TREE_ARRAY)
        return;
    for (const struct tree_node *n = tree_first(doc, given); n != NULL; n = lister_next(lister, n))
        if (lister_room(lister))
            add_parameter(lister, n, list);
}

void lister_parameters(struct lister *lister, const struct tree_node *item,
                       const struct tree_node *shared, const struct tree_node *operation,
                       struct oas_operation *out)
{
    parameter_list list = {0};
    if (shared != NULL && shared != item)
        add_parameters(lister, shared, &list);
    add_parameters(lister, item, &list);
    add_parameters(lister, operation, &list);
    add_body(lister, operation, &list);
    out->parameters = list.ptr;
    out->parameter_count = list.len;
}

/* --- responses -------------------------------------------------------------------------------- */

static struct str media_types(struct lister *lister, const struct tree_node *operation,
                              const struct tree_node *response)
{
    CLEANUP(arena_clear) struct arena scratch = {0};
    const struct tree *doc = lister->doc;
    VEC(struct str) names = {0};
    if (lister->version == OAS_2_0) {
        const struct tree_node *produces = tree_get(doc, operation, STR("produces"));
        if (tree_get(doc, response, STR("schema")) == NULL)
            return STR("");
        return lister_join_texts(lister, produces ? produces
                                                  : tree_get(doc, lister->root, STR("produces")));
    }
    const struct tree_node *content = tree_get(doc, response, STR("content"));
    for (const struct tree_node *n = tree_first(doc, content); n != NULL;
         n = lister_next(lister, n))
        if (!is_extension(tree_key(doc, n)))
            vec_push(&names, &scratch, tree_key(doc, n));
    return lister_join(lister, names.ptr, names.len);
}

void lister_responses(struct lister *lister, const struct tree_node *operation,
                      struct oas_operation *out)
{
    const struct tree *doc = lister->doc;
    const struct tree_node *given = tree_get(doc, operation, STR("responses"));
    VEC(struct oas_response) list = {0};
    if (given != NULL && tree_kind_of(given) != TREE_OBJECT)
        note(lister, FINDING_WRONG_TYPE, given, STR_NONE, "responses is no object");
    if (tree_kind_of(given) != TREE_OBJECT)
        return;
    for (const struct tree_node *n = tree_first(doc, given); n != NULL;
         n = lister_next(lister, n)) {
        struct oas_response response = {.status = tree_key(doc, n)};
        if (is_extension(response.status) || !lister_room(lister))
            continue;
        const struct tree_node *node = lister_resolve(lister, n);
        response.description = lister_text(lister, node, "description");
        response.media_types = media_types(lister, operation, node);
        vec_push(&list, lister->mem, response);
    }
    out->responses = list.ptr;
    out->response_count = list.len;
}
