/* One handler a kind of operation, for every noun of the table. */
#include "portal/rest/rest.h"

bool rest_list(struct http_request *req, struct http_response *res, struct err *err)
{
    const struct rest_row *row = rest_row_of(req);
    struct catalog_query query;
    struct catalog_list list = {0};
    if (!rest_query(req, row, &query, err) ||
        !row->list(VIEW(req), PRINCIPAL(req), &query, req->mem, &list, err))
        return false;
    struct json_writer w = {.out = &res->owned};
    json_open_object(&w);
    json_key(&w, STR("items"));
    json_open_array(&w);
    for (size_t i = 0; i < list.count; i++)
        record_write(&w, row->record, (const char *)list.rows + i * row->record->size);
    json_close_array(&w);
    json_key_str(&w, "next", list.next);
    json_key_i64(&w, "total", list.total);
    json_close_object(&w);
    res->content_type = STR("application/json");
    return true;
}

bool rest_get(struct http_request *req, struct http_response *res, struct err *err)
{
    const struct rest_row *row = rest_row_of(req);
    void *found = arena_alloc(req->mem, row->record->size);
    if (!row->get(VIEW(req), PRINCIPAL(req), req->args, req->mem, found, err))
        return false;
    if (!rest_etag(req, row->record, found, res))
        rest_answer(row->record, found, res);
    return true;
}

static struct change change_of(struct http_request *req)
{
    struct change change = {.by = PRINCIPAL(req), .if_match = IF_MATCH_NONE};
    for (size_t i = 0; i < COUNT_OF(change.args); i++)
        change.args[i] = req->args[i];
    return change;
}

/* The row after a change, or NULL when it failed. */
static void *run_change(struct http_request *req, const struct change *change, struct err *err)
{
    const struct rest_row *row = rest_row_of(req);
    void *out = arena_alloc(req->mem, row->record->size);
    bool ok = rest_may_change(req, err) &&
              catalog_change(APP(req)->catalog, row->change, change, req->mem, out, err);
    return ok ? out : NULL;
}

bool rest_create(struct http_request *req, struct http_response *res, struct err *err)
{
    const struct rest_row *row = rest_row_of(req);
    struct change change = change_of(req);
    if (!rest_body(req, true, &change.body, res, err))
        return false;
    const void *made = run_change(req, &change, err);
    if (made == NULL)
        return false;
    res->status = 201;
    http_set_header(res, "Location",
                    arena_join(req->mem, req->path, STR("/"),
                               record_text(row->record, row->name, made, req->mem)));
    (void)rest_etag(req, row->record, made, res);
    rest_answer(row->record, made, res);
    return true;
}

static bool answer_change(struct http_request *req, const struct change *change,
                          struct http_response *res, struct err *err)
{
    const struct rest_row *row = rest_row_of(req);
    const void *changed = run_change(req, change, err);
    if (changed == NULL)
        return false;
    (void)rest_etag(req, row->record, changed, res);
    rest_answer(row->record, changed, res);
    return true;
}

bool rest_change(struct http_request *req, struct http_response *res, struct err *err)
{
    struct change change = change_of(req);
    return rest_if_match(req, &change.if_match, res, err) &&
           rest_body(req, true, &change.body, res, err) && answer_change(req, &change, res, err);
}

/* If-Match is honoured where it is sent: two people may decide on the same request at once. */
bool rest_action(struct http_request *req, struct http_response *res, struct err *err)
{
    struct change change = change_of(req);
    if (http_header(req, "if-match").ptr != NULL && !rest_if_match(req, &change.if_match, res, err))
        return false;
    return rest_body(req, false, &change.body, res, err) && answer_change(req, &change, res, err);
}

bool rest_put(struct http_request *req, struct http_response *res, struct err *err)
{
    struct change change = change_of(req);
    return rest_body(req, false, &change.body, res, err) && answer_change(req, &change, res, err);
}

bool rest_delete(struct http_request *req, struct http_response *res, struct err *err)
{
    const struct change change = change_of(req);
    if (run_change(req, &change, err) == NULL)
        return false;
    res->status = 204;
    return true;
}
