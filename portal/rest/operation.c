/* What every call has in common: query, body, forgery, status. */
#include "portal/rest/operation.h"
#include "portal/identity.h"

static bool changes(const struct http_request *req)
{
    return req->method != HTTP_GET && req->method != HTTP_HEAD;
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
              op->run(&call, err);
    if (!ok)
        set_status(err, res);
    return ok;
}
