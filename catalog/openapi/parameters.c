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

/* Of the first media type that owner has. */
static struct str content_type(struct lister *lister, const struct tree_node *owner)
{
    const struct tree *doc = lister->doc;
    const struct tree_node *content = tree_get(doc, owner, STR("content"));
    const struct tree_node *media =
        tree_kind_of(content) == TREE_OBJECT ? tree_first(doc, content) : NULL;
    while (media != NULL && is_extension(tree_key(doc, media)))
        media = lister_next(lister, media);
    struct oas_spot target = lister_follow(lister, (struct oas_spot){doc, media}, NULL);
    if (target.node == NULL)
        return schema_words(lister, NULL);
    (void)lister_enter(lister, target.doc);
    struct str type = body_type(lister, target.node);
    (void)lister_enter(lister, doc);
    return type;
}

static void add_body(struct lister *lister, const struct tree_node *operation, parameter_list *list)
{
    const struct tree *doc = lister->doc;
    const struct tree_node *given = tree_get(doc, operation, STR("requestBody"));
    struct oas_spot body = lister_resolve(lister, given);
    if (lister->version == OAS_2_0 || body.node == NULL)
        return;
    if (tree_kind_of(body.node) != TREE_OBJECT) {
        note(lister, FINDING_WRONG_TYPE, given, STR_NONE, "requestBody is no object");
        return;
    }
    (void)lister_enter(lister, body.doc);
    struct oas_parameter out = {.name = STR("body"),
                                .in = STR("body"),
                                .description = lister_text(lister, body.node, "description"),
                                .type = content_type(lister, body.node),
                                .required = tree_true(body.doc, spot_get(body, "required").node)};
    (void)lister_enter(lister, doc);
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
        return content_type(lister, parameter);
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

static struct oas_parameter read_parameter(struct lister *lister, struct oas_spot spot)
{
    return (struct oas_parameter){
        .name = lister_text(lister, spot.node, "name"),
        .in = lister_text(lister, spot.node, "in"),
        .description = lister_text(lister, spot.node, "description"),
        .required = tree_true(spot.doc, spot_get(spot, "required").node),
        .deprecated = tree_true(spot.doc, spot_get(spot, "deprecated").node),
        .type = parameter_type(lister, spot.node),
    };
}

static void add_parameter(struct lister *lister, const struct tree_node *given,
                          parameter_list *list)
{
    struct oas_spot spot = lister_resolve(lister, given);
    if (spot.node == NULL)
        return;
    const struct tree *before = lister_enter(lister, spot.doc);
    struct oas_parameter out = read_parameter(lister, spot);
    (void)lister_enter(lister, before);
    if (out.name.ptr == NULL || out.in.ptr == NULL) {
        note(lister, FINDING_MISSING, given, out.name.ptr ? STR("in") : STR("name"),
             "a parameter has no name or does not say what it is in");
        return;
    }
    put_parameter(lister, given, &out, list);
}

static void add_parameters(struct lister *lister, struct oas_spot owner, parameter_list *list)
{
    struct oas_spot given = spot_get(owner, "parameters");
    const struct tree *before = lister_enter(lister, owner.doc);
    if (given.node != NULL && tree_kind_of(given.node) != TREE_ARRAY)
        note(lister, FINDING_WRONG_TYPE, given.node, STR_NONE, "parameters is no list");
    else if (given.node != NULL)
        for (const struct tree_node *n = tree_first(given.doc, given.node); n != NULL;
             n = lister_next(lister, n))
            if (lister_room(lister))
                add_parameter(lister, n, list);
    (void)lister_enter(lister, before);
}

void lister_parameters(struct lister *lister, struct oas_spot item, struct oas_spot shared,
                       const struct tree_node *operation, struct oas_operation *out)
{
    parameter_list list = {0};
    if (shared.node != NULL && shared.node != item.node)
        add_parameters(lister, shared, &list);
    add_parameters(lister, item, &list);
    add_parameters(lister, (struct oas_spot){lister->doc, operation}, &list);
    add_body(lister, operation, &list);
    out->parameters = list.ptr;
    out->parameter_count = list.len;
}

/* --- responses -------------------------------------------------------------------------------- */

/* OAS 2.0: what the operation produces, else what the document does. */
static struct str produced(struct lister *lister, struct oas_spot operation)
{
    struct oas_spot produces = spot_get(operation, "produces");
    if (produces.node == NULL)
        produces = spot_get(lister->root, "produces");
    const struct tree *before = lister_enter(lister, produces.doc);
    struct str joined = lister_join_texts(lister, produces.node);
    (void)lister_enter(lister, before);
    return joined;
}

static struct str media_types(struct lister *lister, struct oas_spot operation,
                              struct oas_spot response)
{
    CLEANUP(arena_clear) struct arena scratch = {0};
    struct oas_spot content = spot_get(response, "content");
    VEC(struct str) names = {0};
    if (lister->version == OAS_2_0)
        return spot_get(response, "schema").node ? produced(lister, operation) : STR("");
    for (const struct tree_node *n = tree_first(content.doc, content.node); n != NULL;
         n = lister_next(lister, n))
        if (!is_extension(tree_key(content.doc, n)))
            vec_push(&names, &scratch, tree_key(content.doc, n));
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
        struct oas_spot target = lister_resolve(lister, n);
        (void)lister_enter(lister, target.doc);
        response.description = lister_text(lister, target.node, "description");
        response.media_types = media_types(lister, (struct oas_spot){doc, operation}, target);
        (void)lister_enter(lister, doc);
        vec_push(&list, lister->mem, response);
    }
    out->responses = list.ptr;
    out->response_count = list.len;
}
