/* Lists, single rows and changes of every noun, driven by the rows of routes.c. */
#include "portal/rest/operation.h"

struct json_writer rest_json(struct http_response *res)
{
    res->content_type = STR("application/json");
    return (struct json_writer){.out = &res->owned};
}

void rest_write_row(struct http_response *res, const struct record *record, const void *row)
{
    struct json_writer w = rest_json(res);
    record_write(&w, record, row);
}

struct str rest_etag_of(const struct rest_call *call, const void *row)
{
    const struct field *f = record_field(call->op->record, STR("etag"));
    if (f == NULL)
        return STR_NONE;
    return arena_printf(call->req->mem, "\"%lld\"",
                        (long long)*(const int64_t *)(const void *)((const char *)row + f->offset));
}

static struct str set_etag(struct rest_call *call, const void *row)
{
    struct str etag = rest_etag_of(call, row);
    if (etag.ptr != NULL)
        http_set_header(call->res, "ETag", etag);
    return etag;
}

/* --- reading ------------------------------------------------------------------------------------
 */

/* A list below an object that the caller does not see is as absent as the object. */
static bool parent_seen(const struct rest_call *call, struct err *err)
{
    const struct http_request *req = call->req;
    if (call->op->get == NULL)
        return true;
    return call->op->get(VIEW(req), PRINCIPAL(req), req->args, req->mem,
                         arena_alloc(req->mem, call->op->parent->size), err);
}

bool rest_list(struct rest_call *call, struct err *err)
{
    const struct rest_operation *op = call->op;
    struct http_request *req = call->req;
    struct catalog_list list = {0};
    if (!parent_seen(call, err) ||
        !op->list(VIEW(req), PRINCIPAL(req), &call->query, req->mem, &list, err))
        return false;
    struct json_writer w = rest_json(call->res);
    json_open_object(&w);
    json_key(&w, STR("items"));
    json_open_array(&w);
    for (size_t i = 0; i < list.count; i++)
        record_write(&w, op->record, (const char *)list.rows + i * op->record->size);
    json_close_array(&w);
    json_key_str(&w, "next", list.next);
    json_key_i64(&w, "total", list.total);
    json_close_object(&w);
    return true;
}

bool rest_get(struct rest_call *call, struct err *err)
{
    const struct rest_operation *op = call->op;
    struct http_request *req = call->req;
    void *row = arena_alloc(req->mem, op->record->size);
    if (!op->get(VIEW(req), PRINCIPAL(req), req->args, req->mem, row, err))
        return false;
    struct str etag = set_etag(call, row);
    if (etag.ptr != NULL && http_etag_matches(http_header(req, "if-none-match"), etag))
        call->res->status = 304;
    else
        rest_write_row(call->res, op->record, row);
    return true;
}

/* --- changing -----------------------------------------------------------------------------------
 */

struct change rest_change_of(const struct rest_call *call)
{
    struct change change = {
        .by = PRINCIPAL(call->req),
        .body = call->body,
        .if_match = call->if_match,
        .verdict = call->verdict,
    };
    for (size_t i = 0; i < call->req->arg_count && i < COUNT_OF(change.args); i++)
        change.args[i] = call->req->args[i];
    return change;
}

struct str rest_location_of(const struct rest_call *call, const struct record *record,
                            const void *row)
{
    CLEANUP(buf_clear) struct buf out = {0};
    struct arena *mem = call->req->mem;
    struct str rest = str_from(call->op->location), part;
    if (call->op->location == NULL)
        return STR_NONE;
    while (str_split(&rest, '{', &part)) {
        struct str field = STR_NONE;
        buf_add(&out, part);
        if (str_split(&rest, '}', &field))
            buf_add(&out, record_text(record, str_z(mem, field), row, mem));
    }
    return arena_str(mem, buf_str(&out));
}

bool rest_change(struct rest_call *call, struct err *err)
{
    const struct rest_operation *op = call->op;
    void *row = rest_row_new(call, op->record->size);
    bool again = false;
    if (!rest_run_change(call, op->change, row, &again, err))
        return false;
    if (again)
        return true;
    (void)set_etag(call, row);
    struct str location = rest_location_of(call, op->record, row);
    if (location.ptr != NULL)
        http_set_header(call->res, "Location", location);
    call->res->status = op->status;
    rest_write_row(call->res, op->record, row);
    return true;
}

bool rest_delete(struct rest_call *call, struct err *err)
{
    const struct change change = rest_change_of(call);
    if (!catalog_change(APP(call->req)->catalog, call->op->change, &change, call->req->mem, NULL,
                        err))
        return false;
    call->res->status = 204;
    return true;
}
