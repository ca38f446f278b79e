/* Idempotency-Key: the first answer again for the same request, and no second change. */
#include <stdalign.h>
#include <stddef.h>

#include "portal/rest/operation.h"

#define KEY_LEN_MOST 200

/* A row behind the call it is made for, so that render finds its way back. */
struct made {
    const struct rest_call *call;
    alignas(max_align_t) unsigned char row[];
};

/* What is kept: ETag, Location and body, a line each but the last. On the writer's thread, while
 * the call's own waits. */
static void render(const void *row, struct buf *out)
{
    const struct made *made = (const void *)((const char *)row - offsetof(struct made, row));
    const struct rest_call *call = made->call;
    struct json_writer w = {.out = out};
    buf_add(out, rest_etag_of(call, row));
    buf_add_char(out, '\n');
    buf_add(out, rest_location_of(call, call->op->record, row));
    buf_add_char(out, '\n');
    record_write(&w, call->op->record, row);
}

static void answer_again(struct rest_call *call, struct str kept)
{
    struct str etag = STR_NONE, location = STR_NONE;
    (void)str_split(&kept, '\n', &etag);
    (void)str_split(&kept, '\n', &location);
    if (etag.len > 0)
        http_set_header(call->res, "ETag", etag);
    if (location.len > 0)
        http_set_header(call->res, "Location", location);
    call->res->status = call->op->status;
    call->res->content_type = STR("application/json");
    call->res->body = kept;
}

static bool key_valid(struct str key)
{
    if (key.len == 0 || key.len > KEY_LEN_MOST)
        return false;
    for (size_t i = 0; i < key.len; i++)
        if (key.ptr[i] <= 0x20 || key.ptr[i] >= 0x7F)
            return false;
    return true;
}

/* The address with its query counts as the route: the same key elsewhere is another request. */
static struct replay replay_of(const struct rest_call *call, struct str key)
{
    const struct http_request *req = call->req;
    return (struct replay){
        .key = key,
        .route = req->target,
        .body = sha256_of(arena_join(req->mem, http_header(req, "if-match"), STR("\n"), req->body)),
        .render = call->op->secret ? NULL : render,
    };
}

void *rest_row_new(const struct rest_call *call, size_t size)
{
    struct made *made = arena_alloc(call->req->mem, sizeof(struct made) + size);
    made->call = call;
    return made->row;
}

bool rest_run_change(struct rest_call *call, change_fn *fn, void *row, bool *again, struct err *err)
{
    const struct http_request *req = call->req;
    struct str key = req->method == HTTP_POST ? http_header(req, "idempotency-key") : STR_NONE;
    struct change change = rest_change_of(call);
    struct replay replay = {0};
    *again = false;
    if (key.ptr == NULL)
        return catalog_change(APP(req)->catalog, fn, &change, req->mem, row, err);
    if (!key_valid(key))
        return fail(err, ERR_INVALID, "idempotency-key",
                    "is no text of 1 to %d visible ASCII characters", KEY_LEN_MOST);
    replay = replay_of(call, key);
    change.replay = &replay;
    if (!catalog_change(APP(req)->catalog, fn, &change, req->mem, row, err)) {
        if (replay.taken) /* the fault is in what was sent, not in the state of things */
            call->res->status = 422;
        return false;
    }
    *again = replay.replayed;
    if (replay.replayed)
        answer_again(call, replay.answer);
    return true;
}
