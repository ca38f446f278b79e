/* Checks that still come to a process which has handed over: asked of the one that decides now, so
 * that no call is counted twice or not at all. Only connections that are open already send them,
 * one each. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "fetch/fetch.h"
#include "portal/control/state.h"

#define RELAY_MS 900 /* Envoy waits a second */

struct relay {
    struct arena mem;
    struct str address; /* absent: there is none to ask */
    struct fetch *client;
    atomic_bool stopped;
};

/* A Unix socket asks for no token, which the caller has shown here already. */
struct relay *relay_new(const struct http_listener *listeners, size_t count)
{
    struct relay *relay = mem_new_of(struct relay);
    relay->client = fetch_new();
    for (size_t i = 0; i < count; i++) {
        struct str address = http_listener_address(&listeners[i], &relay->mem);
        if (relay->address.ptr == NULL || str_starts(address, STR("unix:")))
            relay->address = address;
    }
    return relay;
}

void relay_free(struct relay *relay)
{
    if (relay == NULL)
        return;
    fetch_free(relay->client);
    arena_clear(&relay->mem);
    free(relay);
}

void relay_stop(struct relay *relay)
{
    atomic_store(&relay->stopped, true);
    fetch_stop(relay->client);
}

bool relay_stopped(const struct relay *relay)
{
    return atomic_load(&relay->stopped);
}

/* What a decision is made from, besides method and target. */
static size_t question_headers(const struct http_request *req, struct fetch_header *out)
{
    static const char *const names[] = {"x-api-key", "x-chancery-gateway", "x-chancery-deployment",
                                        "origin", "access-control-request-method"};
    size_t count = 0;
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        struct str value = http_header(req, names[i]);
        if (value.len > 0)
            out[count++] = (struct fetch_header){str_from(names[i]), value};
    }
    out[count++] = (struct fetch_header){STR("x-request-id"), req->request_id};
    return count;
}

/* The server's own on each answer. */
static bool is_servers_own(struct str name)
{
    static const char *const own[] = {"content-length", "content-type", "connection", "date",
                                      "x-request-id"};
    for (size_t i = 0; i < COUNT_OF(own); i++)
        if (str_eq_nocase(name, str_from(own[i])))
            return true;
    return false;
}

bool relay_check(struct relay *relay, struct http_request *req, struct http_response *res,
                 struct err *err)
{
    struct fetch_header headers[8];
    struct fetch_answer answer = {0};
    struct fetch_request request = {
        .address = relay->address,
        .method = str_z(req->mem, req->method_text),
        .target = arena_str(req->mem, req->target),
        .headers = headers,
        .timeout_ms = RELAY_MS,
        .peer = "the process that decides",
    };
    request.header_count = question_headers(req, headers);
    if (relay->address.ptr == NULL || !fetch_send(relay->client, &request, req->mem, &answer, err))
        return fail(err, ERR_BUSY, "", "the process that decides does not answer");
    res->status = answer.status;
    res->content_type = answer.content_type.ptr ? answer.content_type : STR("");
    res->body = answer.body;
    for (size_t i = 0; i < answer.header_count; i++)
        if (!is_servers_own(answer.headers[i].name))
            http_set_header(res, str_z(req->mem, answer.headers[i].name), answer.headers[i].value);
    return true;
}
