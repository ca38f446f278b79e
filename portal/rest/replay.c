/* Idempotency-Key: the first answer again for the same request, and no second change. */
#include <pthread.h>
#include <stdlib.h>

#include "portal/rest/operation.h"

#define SLOTS        1024
#define KEPT_MS      (INT64_C(24) * 3600 * 1000)
#define BYTES_MOST   ((size_t)8 << 20) /* of all kept answers together */
#define KEY_LEN_MOST 200

enum slot_state { SLOT_FREE, SLOT_RUNNING, SLOT_DONE };

struct slot {
    enum slot_state state;
    int64_t at_ms;
    struct sha256 who;  /* caller, operation and key */
    struct sha256 what; /* the request */
    int status;
    bool secret; /* made, but its answer is not kept */
    struct buf body, etag, location;
};

struct rest {
    pthread_mutex_t lock;
    size_t bytes;
    struct slot slots[SLOTS];
};

struct rest *rest_new(void)
{
    struct rest *r = mem_new_of(struct rest);
    pthread_mutex_init(&r->lock, NULL);
    return r;
}

static size_t slot_bytes(const struct slot *s)
{
    return s->body.cap + s->etag.cap + s->location.cap;
}

static void free_slot(struct rest *r, struct slot *s)
{
    r->bytes -= slot_bytes(s);
    buf_clear(&s->body);
    buf_clear(&s->etag);
    buf_clear(&s->location);
    *s = (struct slot){0};
}

void rest_free(struct rest *r)
{
    if (r == NULL)
        return;
    for (size_t i = 0; i < SLOTS; i++)
        free_slot(r, &r->slots[i]);
    pthread_mutex_destroy(&r->lock);
    free(r);
}

static struct slot *find_slot(struct rest *r, const struct sha256 *who, int64_t now_ms)
{
    for (size_t i = 0; i < SLOTS; i++) {
        struct slot *s = &r->slots[i];
        if (s->state == SLOT_DONE && now_ms - s->at_ms > KEPT_MS)
            free_slot(r, s);
        if (s->state != SLOT_FREE && memcmp(&s->who, who, sizeof(*who)) == 0)
            return s;
    }
    return NULL;
}

static struct slot *oldest_done(struct rest *r)
{
    struct slot *oldest = NULL;
    for (size_t i = 0; i < SLOTS; i++)
        if (r->slots[i].state == SLOT_DONE && (oldest == NULL || r->slots[i].at_ms < oldest->at_ms))
            oldest = &r->slots[i];
    return oldest;
}

/* A free slot, else the oldest answer's; NULL while all are running. */
static struct slot *take_slot(struct rest *r)
{
    for (size_t i = 0; i < SLOTS; i++)
        if (r->slots[i].state == SLOT_FREE)
            return &r->slots[i];
    struct slot *s = oldest_done(r);
    if (s != NULL)
        free_slot(r, s);
    return s;
}

/* --- what a request is --------------------------------------------------------------------------
 */

static struct sha256 who_asks(const struct rest_call *call, struct str key)
{
    const struct principal *by = PRINCIPAL(call->req);
    return sha256_of(arena_join(call->req->mem, id_format(call->req->mem, by->user_id), by->name,
                                STR("\n"), call->req->method_text, STR(" "), call->req->path,
                                STR("\n"), key));
}

static struct sha256 what_is_asked(const struct rest_call *call)
{
    return sha256_of(arena_join(call->req->mem, call->req->target, STR("\n"),
                                http_header(call->req, "if-match"), STR("\n"), call->req->body));
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

/* --- repeating ----------------------------------------------------------------------------------
 */

static void repeat(struct rest_call *call, const struct slot *s)
{
    struct arena *mem = call->req->mem;
    struct json_writer w = rest_json(call->res);
    call->res->status = s->status;
    json_put_raw(&w, arena_str(mem, buf_str(&s->body)));
    if (s->etag.len > 0)
        http_set_header(call->res, "ETag", arena_str(mem, buf_str(&s->etag)));
    if (s->location.len > 0)
        http_set_header(call->res, "Location", arena_str(mem, buf_str(&s->location)));
}

static enum rest_replay refuse(struct rest_call *call, int status)
{
    call->res->status = status;
    return REPLAY_REFUSED;
}

static enum rest_replay answer_known(struct rest_call *call, const struct slot *s,
                                     const struct sha256 *what, struct err *err)
{
    if (memcmp(&s->what, what, sizeof(*what)) != 0) {
        (void)fail(err, ERR_INVALID, "idempotency-key", "has been used for another request");
        (void)err_hint(err, "make up a new one");
        return refuse(call, 422);
    }
    if (s->state == SLOT_RUNNING) {
        (void)fail(err, ERR_CONFLICT, "idempotency-key", "the same request is still being run");
        return refuse(call, 409);
    }
    if (s->secret) {
        (void)fail(err, ERR_CONFLICT, "idempotency-key",
                   "the request has been run, and its secret is not shown again");
        (void)err_hint(err, "when the first answer is lost, revoke what was made and make another");
        return refuse(call, 409);
    }
    repeat(call, s);
    return REPLAY_DONE;
}

enum rest_replay rest_replay_begin(struct rest_call *call, struct str *key, struct err *err)
{
    struct rest *r = APP(call->req)->rest;
    struct str name = http_header(call->req, "idempotency-key");
    enum rest_replay result = REPLAY_RUN;
    if (name.ptr == NULL)
        return REPLAY_RUN;
    if (!key_valid(name)) {
        (void)fail(err, ERR_INVALID, "idempotency-key",
                   "is no text of 1 to %d visible ASCII characters", KEY_LEN_MOST);
        return REPLAY_REFUSED;
    }
    struct sha256 who = who_asks(call, name), what = what_is_asked(call);
    pthread_mutex_lock(&r->lock);
    struct slot *s = find_slot(r, &who, call->req->now_ms);
    if (s != NULL) {
        result = answer_known(call, s, &what, err);
    } else if ((s = take_slot(r)) == NULL) {
        result = REPLAY_REFUSED;
        (void)fail(err, ERR_BUSY, "idempotency-key", "too many requests are being run at once");
    } else {
        *s = (struct slot){
            .state = SLOT_RUNNING, .at_ms = call->req->now_ms, .who = who, .what = what};
        *key = name;
    }
    pthread_mutex_unlock(&r->lock);
    return result;
}

static struct str header_of(const struct http_response *res, const char *name)
{
    for (size_t i = 0; i < res->header_count; i++)
        if (str_eq(res->headers[i].name, str_from(name)))
            return res->headers[i].value;
    return STR_NONE;
}

/* Old answers make room; one that finds none is not kept, and its key is forgotten. */
static void keep(struct rest *r, struct slot *s, const struct rest_call *call)
{
    const struct http_response *res = call->res;
    s->state = SLOT_DONE;
    s->status = res->status;
    s->secret = call->op->secret;
    if (!s->secret) {
        buf_add(&s->body, buf_str(&res->owned));
        buf_add(&s->etag, header_of(res, "ETag"));
        buf_add(&s->location, header_of(res, "Location"));
    }
    r->bytes += slot_bytes(s);
    for (struct slot *old; r->bytes > BYTES_MOST && (old = oldest_done(r)) != NULL;)
        free_slot(r, old);
}

void rest_replay_end(struct rest_call *call, struct str key, bool done)
{
    struct rest *r = APP(call->req)->rest;
    if (key.ptr == NULL)
        return;
    struct sha256 who = who_asks(call, key);
    pthread_mutex_lock(&r->lock);
    struct slot *s = find_slot(r, &who, call->req->now_ms);
    if (s != NULL && done)
        keep(r, s, call);
    else if (s != NULL)
        free_slot(r, s);
    pthread_mutex_unlock(&r->lock);
}
