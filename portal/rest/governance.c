/* The publish gate's judgement, moves of versions that it may block, texts and previews of
 * rulesets.
 */
#include "portal/rest/operation.h"

#define MATTERS_MOST 500 /* of a verdict, the worst first */
#define ERRORS_MOST  100 /* of a problem */

/* --- the gate --------------------------------------------------------------------------------- */

static void write_item(struct json_writer *w, const struct verdict_item *item)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    json_open_object(w);
    json_key_str(w, "action", str_from(name_of(&names_gate_action, (int)item->action)));
    json_key_str(w, "condition", str_from(name_of(&names_condition, (int)item->condition)));
    json_key_str(w, "code", item->code);
    json_key_str(w, "pointer", item->pointer);
    json_key_str(w, "detail", item->detail);
    json_key_str(w, "remedy", item->remedy);
    json_key_str(w, "gate_rule", id_format(&mem, item->gate_rule));
    json_key_str(w, "waiver", item->waiver ? id_format(&mem, item->waiver) : STR_NONE);
    json_close_object(w);
}

void rest_write_verdict(struct json_writer *w, const struct verdict *verdict)
{
    json_open_object(w);
    json_key_bool(w, "blocked", verdict->blocked);
    json_key_i64(w, "blocks", (int64_t)verdict->blocks);
    json_key_i64(w, "notices", (int64_t)verdict->notices);
    json_key_i64(w, "allowed", (int64_t)verdict->allowed);
    json_key(w, STR("matters"));
    json_open_array(w);
    for (size_t i = 0; i < verdict->count && i < MATTERS_MOST; i++)
        write_item(w, &verdict->items[i]);
    json_close_array(w);
    json_close_object(w);
}

bool rest_gate(struct rest_call *call, struct err *err)
{
    struct http_request *req = call->req;
    struct verdict verdict = {0};
    if (!catalog_verdict(VIEW(req), PRINCIPAL(req), req->args, req->mem, &verdict, err))
        return false;
    struct json_writer w = rest_json(call->res);
    rest_write_verdict(&w, &verdict);
    return true;
}

/* A blocked move tells everything there is to do, not only the first of it. */
static struct str blocks_as_errors(const struct verdict *verdict, struct arena *mem)
{
    CLEANUP(buf_clear) struct buf out = {0};
    struct json_writer w = {.out = &out};
    json_open_array(&w);
    for (size_t i = 0; i < verdict->blocks && i < ERRORS_MOST; i++) {
        const struct verdict_item *item = &verdict->items[i];
        json_open_object(&w);
        json_key_str(&w, "pointer", item->pointer.ptr ? item->pointer : STR(""));
        json_key_str(&w, "code", item->code);
        json_key_str(&w, "detail", item->detail);
        json_key_str(&w, "remedy", item->remedy);
        json_close_object(&w);
    }
    json_close_array(&w);
    return arena_str(mem, buf_str(&out));
}

bool rest_stage(struct rest_call *call, struct err *err)
{
    struct verdict *verdict = arena_new(call->req->mem, struct verdict);
    call->verdict = verdict;
    if (rest_change(call, err))
        return true;
    if (verdict->blocked)
        call->res->errors = blocks_as_errors(verdict, call->req->mem);
    return false;
}

/* --- rulesets --------------------------------------------------------------------------------- */

static bool number_asked(const struct http_request *req, int64_t *out, struct err *err)
{
    struct str text = http_query(req, "number");
    return text.ptr == NULL || (str_to_i64(text, out) && *out > 0) ||
           fail(err, ERR_INVALID, "number", "is no number of a revision");
}

bool rest_ruleset_text(struct rest_call *call, struct err *err)
{
    struct http_request *req = call->req;
    struct ruleset_revision row = {0};
    int64_t number = 0;
    if (!number_asked(req, &number, err) ||
        !catalog_ruleset_text(VIEW(req), PRINCIPAL(req), req->args, number, req->mem, &row, err))
        return false;
    call->res->content_type = STR("application/yaml");
    call->res->body = row.text;
    return true;
}

static void write_preview(struct json_writer *w, const struct preview *preview)
{
    json_open_object(w);
    json_key(w, STR("items"));
    json_open_array(w);
    for (size_t i = 0; i < preview->count; i++) {
        const struct preview_row *row = &preview->rows[i];
        json_open_object(w);
        json_key_str(w, "api", row->api);
        json_key_str(w, "version", row->version);
        json_key_i64(w, "new_findings", row->new_findings);
        json_key_i64(w, "new_errors", row->new_errors);
        json_key_i64(w, "new_warnings", row->new_warnings);
        json_key_bool(w, "blocked", row->blocked);
        json_key_bool(w, "would_block", row->would_block);
        json_key_str(w, "first", row->first);
        json_close_object(w);
    }
    json_close_array(w);
    json_key_i64(w, "judged", preview->judged);
    json_key_str(w, "next", preview->next);
    json_close_object(w);
}

bool rest_ruleset_preview(struct rest_call *call, struct err *err)
{
    struct http_request *req = call->req;
    struct catalog_query page = {.cursor = http_query(req, "cursor")};
    struct str limit = http_query(req, "limit");
    struct preview preview = {0};
    int64_t number = 0;
    if (limit.ptr != NULL && (!str_to_i64(limit, &page.limit) || page.limit < 1))
        return fail(err, ERR_INVALID, "limit", "is no number from 1 to %d", PREVIEW_MOST);
    if (!number_asked(req, &number, err) ||
        !catalog_ruleset_preview(VIEW(req), PRINCIPAL(req), req->args, number, &page, req->mem,
                                 &preview, err))
        return false;
    struct json_writer w = rest_json(call->res);
    write_preview(&w, &preview);
    return true;
}
