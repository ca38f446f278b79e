/* Headers of an answer: declared ones are there and fit. */
#include "parts.h"

/* What the first type of a schema makes of a text: numbers and booleans as themselves, lists by
 * their commas (style simple). */
static enum tree_kind meant_kind(struct exchange *x, struct oas_spot schema)
{
    static const struct {
        struct str name;
        enum tree_kind kind;
    } kinds[] = {
        {{"integer", 7}, TREE_NUMBER},
        {{"number", 6},  TREE_NUMBER},
        {{"boolean", 7}, TREE_BOOL  },
        {{"array", 5},   TREE_ARRAY },
        {{"object", 6},  TREE_OBJECT},
    };
    struct oas_spot type = part_at(x, part_follow(x, schema), STR("type"));
    struct oas_spot first = part_is(type, TREE_ARRAY) ? part_first(type) : type;
    struct str name = first.node ? tree_text(first.doc, first.node) : STR_NONE;
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        if (str_eq(name, kinds[i].name))
            return kinds[i].kind;
    return TREE_STRING;
}

static void put_scalar(struct str text, enum tree_kind kind, struct json_writer *w)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct tree *doc = NULL;
    bool bare = (kind == TREE_NUMBER || kind == TREE_BOOL) && text.len > 0 && text.len < 400 &&
                tree_read(text, NULL, &mem, &doc, NULL) && tree_kind_of(tree_root(doc)) == kind;
    struct str json = STR_NONE;
    if (bare && example_json(doc, tree_root(doc), &mem, &json))
        json_put_raw(w, json);
    else
        json_put_str(w, text);
}

static struct str as_json(struct exchange *x, struct oas_spot schema, struct str text,
                          struct arena *mem)
{
    CLEANUP(buf_clear) struct buf out = {0};
    struct json_writer w = {.out = &out};
    enum tree_kind kind = meant_kind(x, schema);
    struct str rest = text, part;
    if (kind != TREE_ARRAY) {
        put_scalar(text, kind, &w);
        return arena_str(mem, buf_str(&out));
    }
    struct oas_spot items = part_at(x, part_follow(x, schema), STR("items"));
    json_open_array(&w);
    while (text.len > 0 && str_split(&rest, ',', &part))
        put_scalar(str_trim(part), meant_kind(x, items), &w);
    json_close_array(&w);
    return arena_str(mem, buf_str(&out));
}

static void judge_value(struct exchange *x, struct oas_spot schema, struct str name,
                        struct str text, struct arena *mem, exchange_problems *out)
{
    CLEANUP(arena_clear) struct arena own = {0};
    struct str json = as_json(x, schema, text, &own);
    struct tree *doc = NULL;
    example_problems found = {0};
    if (meant_kind(x, schema) == TREE_OBJECT || !tree_read(json, NULL, &own, &doc, NULL))
        return;
    example_judge(x->maker, schema, doc, tree_root(doc), SCHEMA_RESPONSE, mem, &found);
    if (found.len > 0)
        problem(x, found.ptr[0].by, EXCHANGE_HEADER, name, mem, out, "header " STR_FMT ": " STR_FMT,
                STR_ARG(name), STR_ARG(found.ptr[0].message));
}

void judge_headers(struct exchange *x, struct oas_spot response,
                   const struct exchange_answer *answer, struct arena *mem, exchange_problems *out)
{
    struct oas_spot headers = part_at(x, response, STR("headers"));
    for (struct oas_spot n = part_first(headers); n.node != NULL; n = part_next(n)) {
        struct oas_spot header = part_follow(x, n);
        struct str name = tree_key(n.doc, n.node), text = header_of(answer, name);
        struct oas_spot schema = {header.doc, tree_get(header.doc, header.node, STR("schema"))};
        if (header.node == NULL || str_eq_nocase(name, STR("content-type")))
            continue; /* OAS 3.x "Response Object": that one is said by content */
        if (x->version == OAS_2_0)
            schema = header;
        if (text.ptr == NULL && part_true(x, header, "required"))
            problem(x, header, EXCHANGE_HEADER, name, mem, out,
                    "header " STR_FMT " is required, the answer lacks it", STR_ARG(name));
        else if (text.ptr != NULL && schema.node != NULL)
            judge_value(x, schema, name, text, mem, out);
    }
}
