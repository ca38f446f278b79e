/* Bodies: a value in the form of its media type. */
#include "parts.h"

#define BOUNDARY "example-boundary"

static void put_part(const struct tree *doc, const struct tree_node *value, struct str name,
                     struct buf *out)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    enum tree_kind kind = tree_kind_of(value);
    bool nested = kind == TREE_OBJECT || kind == TREE_ARRAY;
    struct str text = tree_text(doc, value);
    if (nested && !example_json(doc, value, &mem, &text))
        return;
    buf_printf(out, "--" BOUNDARY "\r\nContent-Disposition: form-data; name=\"" STR_FMT "\"\r\n",
               STR_ARG(name));
    if (nested)
        buf_add(out, STR("Content-Type: application/json\r\n"));
    buf_add(out, STR("\r\n"));
    buf_add(out, text);
    buf_add(out, STR("\r\n"));
}

/* RFC 7578: elements of a list are parts of one name. */
static void put_multipart(const struct tree *doc, const struct tree_node *object, struct buf *out)
{
    for (const struct tree_node *n = tree_first(doc, object); n != NULL; n = tree_next(doc, n)) {
        struct str name = tree_key(doc, n);
        if (tree_kind_of(n) != TREE_ARRAY) {
            put_part(doc, n, name, out);
            continue;
        }
        for (const struct tree_node *e = tree_first(doc, n); e != NULL; e = tree_next(doc, e))
            put_part(doc, e, name, out);
    }
    buf_add(out, STR("--" BOUNDARY "--\r\n"));
}

/* Other types than JSON: forms from objects, texts from strings. */
static bool write_other(struct making *m, struct str json, struct str media_type,
                        struct exchange_body *out)
{
    CLEANUP(buf_clear) struct buf text = {0};
    CLEANUP(arena_clear) struct arena mem = {0};
    struct str essence = media_essence(media_type);
    struct tree *doc = NULL;
    if (!tree_read(json, NULL, &mem, &doc, NULL))
        return false;
    enum tree_kind kind = tree_kind_of(tree_root(doc));
    bool multipart = str_eq_nocase(essence, STR("multipart/form-data"));
    if (kind == TREE_OBJECT && multipart) {
        put_multipart(doc, tree_root(doc), &text);
        out->media_type = STR("multipart/form-data; boundary=" BOUNDARY);
    } else if (kind == TREE_OBJECT &&
               str_eq_nocase(essence, STR("application/x-www-form-urlencoded"))) {
        put_form(doc, tree_root(doc), &text);
    } else if (kind != TREE_OBJECT && kind != TREE_ARRAY &&
               str_find(essence, STR("xml")) == SIZE_MAX) {
        buf_add(&text, tree_text(doc, tree_root(doc)));
    } else {
        return false;
    }
    out->text = arena_str(m->mem, buf_str(&text));
    return true;
}

void body_written(struct making *m, const struct value *value, struct str media_type,
                  struct exchange_body *out)
{
    *out = (struct exchange_body){.media_type = media_sent(media_type),
                                  .name = value->name,
                                  .text = value->raw,
                                  .given = value->given,
                                  .reason = value->reason};
    if (value->json.ptr == NULL)
        return;
    if (is_json(media_type))
        out->text = value->json;
    else if (!write_other(m, value->json, media_type, out))
        out->reason = arena_join(m->mem, STR("no text can be made for "), media_type,
                                 STR(": give an example"));
}

/* One item of what comes item by item (OAS 3.2 "itemSchema"), a line each. */
static void add_lines(struct making *m, struct oas_spot schema, struct str media_type, bodies *out)
{
    values found = {0};
    struct exchange_body body = {.media_type = media_type};
    values_of(m, (struct oas_spot){0}, schema, false, &found);
    body.reason = found.ptr[0].reason;
    body.given = found.ptr[0].given;
    if (found.ptr[0].json.ptr != NULL)
        body.text = arena_join(m->mem, found.ptr[0].json, STR("\n"));
    vec_push(out, m->mem, body);
}

static void add_media(struct making *m, struct oas_spot media, struct str media_type, bool all,
                      bodies *out)
{
    struct oas_spot schema = {media.doc, tree_get(media.doc, media.node, STR("schema"))};
    struct oas_spot items = {media.doc, tree_get(media.doc, media.node, STR("itemSchema"))};
    values found = {0};
    if (schema.node == NULL && items.node != NULL &&
        tree_get(media.doc, media.node, STR("example")) == NULL &&
        tree_get(media.doc, media.node, STR("examples")) == NULL) {
        add_lines(m, items, media_type, out);
        return;
    }
    values_of(m, media, schema, !is_json(media_type), &found);
    for (size_t i = 0; i < found.len && (all || i == 0); i++) {
        struct exchange_body body;
        body_written(m, &found.ptr[i], media_type, &body);
        vec_push(out, m->mem, body);
    }
}

/* What a range would be sent as may have a key of its own, which is the one that applies: "the most
 * specific". */
static bool is_overruled(struct oas_spot content, struct str media_type)
{
    struct str sent = media_sent(media_type);
    unsigned covers = media_covers(media_type, sent);
    for (struct oas_spot n = part_first(content); n.node != NULL; n = part_next(n))
        if (media_covers(tree_key(n.doc, n.node), sent) > covers)
            return true;
    return false;
}

void bodies_of_content(struct making *m, struct oas_spot content, bool all, bodies *out)
{
    for (struct oas_spot n = part_first(content); n.node != NULL; n = part_next(n)) {
        struct str media_type = tree_key(n.doc, n.node);
        if (media_type.ptr != NULL && !str_starts(media_type, STR("x-")) &&
            !is_overruled(content, media_type))
            add_media(m, part_follow(m->x, n), media_type, all, out);
    }
}

void body_of_schema(struct making *m, struct oas_spot schema, struct str media_type, bodies *out)
{
    values found = {0};
    struct exchange_body body;
    values_of(m, (struct oas_spot){0}, schema, false, &found);
    body_written(m, &found.ptr[0], media_type, &body);
    vec_push(out, m->mem, body);
}

struct oas_spot media_types_2(struct exchange *x, const struct exchange_operation *op,
                              const char *name)
{
    struct oas_spot own = part_at(x, op->operation, str_from(name));
    return own.node != NULL ? own : part_at(x, x->root, str_from(name));
}
