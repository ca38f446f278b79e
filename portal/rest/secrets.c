/* Keys and tokens: answered once, never cached, never kept. */
#include "portal/rest/operation.h"

static void once(struct http_response *res)
{
    res->status = 201;
    res->plain = true;
    http_set_header(res, "Cache-Control", STR("no-store"));
}

/* The row under its name, and the secret beside it. */
static void write_secret(struct rest_call *call, const struct record *record, const char *name,
                         const void *row, struct str secret)
{
    once(call->res);
    http_set_header(call->res, "Location", rest_location_of(call, record, row));
    struct json_writer w = rest_json(call->res);
    json_open_object(&w);
    json_key(&w, str_from(name));
    record_write(&w, record, row);
    json_key_str(&w, "secret", secret);
    json_close_object(&w);
}

bool rest_key(struct rest_call *call, struct err *err)
{
    struct new_key *made = rest_row_new(call, sizeof(*made));
    bool again = false; /* never: a repetition of a secret is refused */
    if (!rest_run_change(call, key_create, made, &again, err))
        return false;
    write_secret(call, &record_key, "key", &made->key, made->secret);
    return true;
}

bool rest_user_token(struct rest_call *call, struct err *err)
{
    struct new_token *made = rest_row_new(call, sizeof(*made));
    bool again = false;
    if (!rest_run_change(call, token_create, made, &again, err))
        return false;
    write_secret(call, &record_token, "token", &made->token, made->secret);
    return true;
}

bool rest_token(struct rest_call *call, struct err *err)
{
    struct new_gateway_token *made = rest_row_new(call, sizeof(*made));
    bool again = false;
    if (!rest_run_change(call, gateway_token, made, &again, err))
        return false;
    once(call->res);
    struct json_writer w = rest_json(call->res);
    json_open_object(&w);
    json_key_str(&w, "token", made->token);
    json_close_object(&w);
    return true;
}
