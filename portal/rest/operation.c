/* What every call has in common: query, body, forgery, repetition, status. */
#include "portal/rest/operation.h"
#include "portal/identity.h"

static bool changes(const struct http_request *req)
{
    return req->method != HTTP_GET && req->method != HTTP_HEAD;
}

static bool run(struct rest_call *call, struct err *err)
{
    struct str key = STR_NONE;
    if (call->req->method != HTTP_POST)
        return call->op->run(call, err);
    switch (rest_replay_begin(call, &key, err)) {
    case REPLAY_DONE:
        return true;
    case REPLAY_REFUSED:
        return false;
    case REPLAY_RUN:
        break;
    }
    bool ok = call->op->run(call, err);
    rest_replay_end(call, key, ok);
    return ok;
}

/* A wrong member is 422, with its pointer; what is wrong elsewhere in a request is 400. */
static void set_status(const struct err *err, struct http_response *res)
{
    if (res->status < 400)
        res->status = err->code == ERR_INVALID && err->where[0] == '/' ? 422 : 0;
}

bool rest_answer(const struct rest_operation *op, struct http_request *req,
                 struct http_response *res, struct err *err)
{
    struct rest_call call = {.op = op, .req = req, .res = res, .if_match = IF_MATCH_NONE};
    bool ok = rest_read_query(&call, err) &&
              (!changes(req) || (identity_check_token(req, http_header(req, "x-csrf-token"), err) &&
                                 rest_read_body(&call, err))) &&
              run(&call, err);
    if (!ok)
        set_status(err, res);
    return ok;
}
