/* Keys and tokens: answered once, never cached, never kept. */
#include "portal/rest/operation.h"

static void once(struct http_response *res)
{
    res->status = 201;
    http_set_header(res, "Cache-Control", STR("no-store"));
}

bool rest_key(struct rest_call *call, struct err *err)
{
    const struct change change = rest_change_of(call);
    struct new_key made = {0};
    if (!catalog_change(APP(call->req)->catalog, key_create, &change, call->req->mem, &made, err))
        return false;
    once(call->res);
    rest_set_location(call, &record_key, &made.key);
    struct json_writer w = rest_json(call->res);
    json_open_object(&w);
    json_key(&w, STR("key"));
    record_write(&w, &record_key, &made.key);
    json_key_str(&w, "secret", made.secret);
    json_close_object(&w);
    return true;
}

bool rest_token(struct rest_call *call, struct err *err)
{
    const struct change change = rest_change_of(call);
    struct new_token made = {0};
    if (!catalog_change(APP(call->req)->catalog, gateway_token, &change, call->req->mem, &made,
                        err))
        return false;
    once(call->res);
    struct json_writer w = rest_json(call->res);
    json_open_object(&w);
    json_key_str(&w, "token", made.token);
    json_close_object(&w);
    return true;
}
