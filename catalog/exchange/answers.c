/* The answers that a document lists, as they would come. */
#include "parts.h"

static void add_headers(struct making *m, struct oas_spot response, struct exchange_answers *out)
{
    VEC(struct exchange_header) list = {0};
    struct oas_spot headers = part_at(m->x, response, STR("headers"));
    for (struct oas_spot n = part_first(headers); n.node != NULL; n = part_next(n)) {
        struct oas_spot header = part_follow(m->x, n);
        struct oas_spot schema = {header.doc, tree_get(header.doc, header.node, STR("schema"))};
        struct str name = tree_key(n.doc, n.node);
        CLEANUP(arena_clear) struct arena mem = {0};
        CLEANUP(buf_clear) struct buf text = {0};
        struct written how = {.name = name, .raw = true};
        struct tree *doc = NULL;
        values found = {0};
        if (header.node == NULL || str_eq_nocase(name, STR("content-type")))
            continue;
        if (m->x->version == OAS_2_0)
            schema = header;
        else if (schema.node == NULL)
            continue;
        values_of(m, header, schema, false, &found);
        if (found.ptr[0].json.ptr == NULL || !tree_read(found.ptr[0].json, NULL, &mem, &doc, NULL))
            continue;
        style_write(style_simple(), &how, doc, tree_root(doc), &text);
        struct exchange_header made = {name, arena_str(m->mem, buf_str(&text))};
        vec_push(&list, m->mem, made);
    }
    out->headers = list.ptr;
    out->header_count = list.len;
}

/* OAS 2.0: one schema for all media types, examples by media type. */
static void add_bodies_2(struct making *m, const struct exchange_operation *op,
                         struct oas_spot response, bodies *list)
{
    struct oas_spot schema = {response.doc, tree_get(response.doc, response.node, STR("schema"))};
    struct oas_spot examples = part_at(m->x, response, STR("examples"));
    struct oas_spot type = part_first(media_types_2(m->x, op, "produces"));
    struct str json = STR_NONE;
    for (struct oas_spot n = part_first(examples); n.node != NULL; n = part_next(n)) {
        struct value value = {.given = true};
        struct exchange_body made;
        struct str media_type = tree_key(n.doc, n.node);
        if (!is_json(media_type) && part_is(n, TREE_STRING))
            value.raw = tree_text(n.doc, n.node);
        else if (example_json(n.doc, n.node, m->mem, &json))
            value.json = json;
        if (is_json(media_type))
            judge_given(m, schema, n);
        body_written(m, &value, media_type, &made);
        vec_push(list, m->mem, made);
    }
    if (list->len == 0 && schema.node != NULL)
        body_of_schema(m, schema,
                       type.node ? tree_text(type.doc, type.node) : STR("application/json"), list);
}

void exchange_answers(struct exchange *x, const struct exchange_operation *operation,
                      struct arena *mem, const struct exchange_answers **out, size_t *count,
                      exchange_notes *notes)
{
    struct making m = {x, mem, notes, SCHEMA_RESPONSE, false};
    VEC(struct exchange_answers) all = {0};
    struct oas_spot responses = part_at(x, operation->operation, STR("responses"));
    for (struct oas_spot n = part_first(responses); n.node != NULL; n = part_next(n)) {
        struct oas_spot response = part_follow(x, n);
        struct str status = tree_key(n.doc, n.node);
        bodies list = {0};
        struct exchange_answers answer = {.status = status,
                                          .description = part_text(x, response, "description")};
        if (status.ptr == NULL || str_starts(status, STR("x-")) || response.node == NULL)
            continue;
        add_headers(&m, response, &answer);
        if (x->version == OAS_2_0)
            add_bodies_2(&m, operation, response, &list);
        else
            bodies_of_content(&m, part_at(x, response, STR("content")), true, &list);
        answer.bodies = list.ptr;
        answer.body_count = list.len;
        vec_push(&all, mem, answer);
    }
    *out = all.ptr;
    *count = all.len;
}
