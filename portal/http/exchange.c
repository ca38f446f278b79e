/* A request's way through its stages, on the event thread. */
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "portal/http/answer.h"
#include "portal/http/body.h"
#include "portal/http/dispatch.h"
#include "portal/http/exchange.h"
#include "portal/http/peer.h"
#include "portal/http/table.h"
#include "portal/http/transport.h"
#include "portal/http/worker.h"

#define LINGER_MS          2000
#define SPARE_MAX          256
#define BUFFER_KEEP_BYTES  ((size_t)64 * 1024)
#define DEADLINE_STEP      ((size_t)64 * 1024)
#define DEADLINE_STEP_MS   1000
#define UPLOADS_PER_CALLER 2

/* --- begin and end ---------------------------------------------------------------------------- */

void connection_deadline(struct connection *conn, int64_t at_ms)
{
    conn->deadline_ms = at_ms;
    if (at_ms < conn->server->scan_ms)
        conn->server->scan_ms = at_ms;
}

static void enter(struct http_exchange **list, struct http_exchange *ex)
{
    ex->prev = NULL;
    ex->next = *list;
    if (ex->next != NULL)
        ex->next->prev = ex;
    *list = ex;
}

static void leave(struct http_exchange **list, struct http_exchange *ex)
{
    if (ex->prev != NULL)
        ex->prev->next = ex->next;
    else
        *list = ex->next;
    if (ex->next != NULL)
        ex->next->prev = ex->prev;
}

/* The first block of an arena is kept for ever, so it must not be one that a large request made. */
static struct http_exchange *new_exchange(void)
{
    struct http_exchange *ex = mem_new_of(struct http_exchange);
    arena_alloc(&ex->own, 1);
    arena_alloc(&ex->mem, 1);
    arena_reset(&ex->own);
    arena_reset(&ex->mem);
    return ex;
}

struct http_exchange *exchange_begin(struct connection *conn, struct MHD_Connection *mhd,
                                     const char *target)
{
    struct http_server *server = conn->server;
    struct http_exchange *ex = server->spare;
    if (ex != NULL) {
        server->spare = ex->next;
        server->spare_count--;
    } else {
        ex = new_exchange();
    }
    /* Every byte counts here; what is not cleared is counted (headers) or ended (texts). */
    memset(ex, 0, offsetof(struct http_exchange, res.headers));
    ex->err.code = ERR_NONE;
    ex->err.where[0] = ex->err.msg[0] = ex->err.hint[0] = '\0';
    ex->header_count = 0;
    ex->server = server;
    ex->conn = conn;
    ex->mhd = mhd;
    ex->req.mem = &ex->mem;
    ex->req.context = server->config.context;
    ex->req.exchange = ex;
    ex->req.now_ms = server->now_ms;
    ex->req.target = arena_str(&ex->own, str_from(target));
    conn->exchange = ex;
    conn->asked = true;
    enter(&server->heads, ex);
    server->active++;
    atomic_fetch_add_explicit(&server->requests, 1, memory_order_relaxed);
    /* From its first line on, a head has as long as a new connection's. */
    int64_t at = server->steady_ms + server->config.header_deadline_ms;
    if (at < conn->deadline_ms)
        connection_deadline(conn, at);
    return ex;
}

static void leave_uploads(struct http_exchange *ex)
{
    struct http_exchange **at = &ex->server->uploads;
    if (!ex->uploading)
        return;
    while (*at != ex)
        at = &(*at)->next_upload;
    *at = ex->next_upload;
    ex->uploading = false;
}

static void exchange_free(struct http_exchange *ex)
{
    arena_clear(&ex->own);
    arena_clear(&ex->mem);
    buf_clear(&ex->body);
    free(ex);
}

void exchange_end(struct http_exchange *ex)
{
    struct http_server *server = ex->server;
    assert(!ex->suspended);
    if (ex->stage == STAGE_NEW)
        leave(&server->heads, ex);
    leave_uploads(ex);
    spool_close(&ex->spool);
    if (ex->form.mem != NULL)
        form_clear(&ex->form);
    buf_clear(&ex->res.owned);
    answer_drop_stream(&ex->res);
    server->collected_bytes -= ex->body_charged;
    if (ex->body.cap > BUFFER_KEEP_BYTES)
        buf_clear(&ex->body);
    buf_reset(&ex->body);
    arena_reset(&ex->own);
    arena_reset(&ex->mem);
    ex->conn->exchange = NULL;
    connection_deadline(ex->conn, server->steady_ms + server->config.idle_ms);
    server->active--;
    if (server->spare_count >= SPARE_MAX) {
        exchange_free(ex);
        return;
    }
    ex->next = server->spare;
    server->spare = ex;
    server->spare_count++;
}

void exchange_free_spare(struct http_server *server)
{
    while (server->spare != NULL) {
        struct http_exchange *ex = server->spare;
        server->spare = ex->next;
        exchange_free(ex);
    }
}

/* --- answering -------------------------------------------------------------------------------- */

/* The time an answer or an upload of that size may take in all. */
static int64_t time_for(const struct http_exchange *ex, size_t bytes)
{
    int64_t wait =
        ex->server->config.body_deadline_ms + (int64_t)(bytes / DEADLINE_STEP) * DEADLINE_STEP_MS;
    int64_t most = ex->server->config.upload_deadline_ms;
    return wait < most ? wait : most;
}

static bool send_answer(struct http_exchange *ex)
{
    struct http_server *server = ex->server;
    if (ex->again == NULL)
        http_set_header(&ex->res, "Date", (struct str){server->date, strlen(server->date)});
    ex->closes = ex->closes || server->draining;
    ex->stage = STAGE_SENT;
    size_t size = answer_body(&ex->res).len + ex->res.stream.about_bytes;
    connection_deadline(ex->conn, server->steady_ms + time_for(ex, size));
    return transport_answer(ex);
}

/* An answer while the client still sends: the library can only close, and closing with unread bytes
 * makes the kernel take the answer back from the client (RFC 9112 §9.6). So it is written here, and
 * what still comes is thrown away for a short while. */
static bool send_and_linger(struct http_exchange *ex)
{
    CLEANUP(buf_clear) struct buf out = {0};
    struct http_server *server = ex->server;
    http_set_header(&ex->res, "Date", (struct str){server->date, strlen(server->date)});
    answer_write(&ex->res, ex->req.method != HTTP_HEAD, &out);
    bool sent = transport_write_last(ex, buf_str(&out));
    ex->stage = STAGE_LINGER;
    connection_deadline(ex->conn, server->steady_ms + LINGER_MS);
    return sent;
}

/* Refuses before or while a body comes. A client that waits for 100 has not begun to send. */
static bool refuse_early(struct http_exchange *ex)
{
    bool before_body = ex->stage == STAGE_NEW || ex->stage == STAGE_ADMIT;
    dispatch_refuse(ex);
    ex->closes = true;
    if (before_body && (ex->facts.expects_continue || ex->facts.framing == FRAMING_NONE))
        return send_answer(ex);
    return send_and_linger(ex);
}

static void note_overload(struct http_exchange *ex)
{
    atomic_fetch_add_explicit(&ex->server->overloaded, 1, memory_order_relaxed);
    fail(&ex->err, ERR_BUSY, "", "the server has more to do than it can");
    err_hint(&ex->err, "try again in a moment");
    ex->failed = true;
}

static bool refuse_busy(struct http_exchange *ex)
{
    note_overload(ex);
    return refuse_early(ex);
}

/* --- running ---------------------------------------------------------------------------------- */

static void hold(struct http_exchange *ex)
{
    struct http_server *server = ex->server;
    int64_t wait = ex->res.hold_until_ms - server->now_ms;
    connection_deadline(ex->conn, server->steady_ms + (wait > 0 ? wait : 0));
    if (server->scan_ms > server->steady_ms + HELD_CHECK_MS)
        server->scan_ms = server->steady_ms + HELD_CHECK_MS;
    if (ex->stage == STAGE_HELD)
        return;
    ex->stage = STAGE_HELD;
    enter(&server->held, ex);
    atomic_fetch_add_explicit(&server->held_count, 1, memory_order_relaxed);
    transport_suspend(ex);
}

static void unhold(struct http_exchange *ex)
{
    leave(&ex->server->held, ex);
    atomic_fetch_sub_explicit(&ex->server->held_count, 1, memory_order_relaxed);
    ex->stage = STAGE_ANSWER;
    connection_deadline(ex->conn, NEVER);
    transport_resume(ex);
}

bool connection_gone(const struct connection *conn)
{
    struct pollfd fd = {.fd = conn->fd, .events = POLLRDHUP};
    return poll(&fd, 1, 0) > 0;
}

/* Nobody reads the answer any more, so the handler must not count it as given. */
static void drop_held(struct http_exchange *ex)
{
    fail(&ex->err, ERR_BUSY, "", "the client has gone");
    ex->failed = ex->closes = true;
    dispatch_refuse(ex);
    unhold(ex);
}

void exchange_retry(struct http_exchange *ex, bool over)
{
    if (connection_gone(ex->conn)) {
        drop_held(ex);
        return;
    }
    buf_clear(&ex->res.owned);
    answer_drop_stream(&ex->res);
    arena_reset(&ex->mem);
    ex->res = (struct http_response){0};
    ex->req.principal = NULL;
    ex->req.now_ms = ex->server->now_ms;
    ex->req.held = true;
    ex->req.hold_over = over;
    ex->looked_up = false;
    if (dispatch_run(ex))
        unhold(ex);
    else
        hold(ex);
}

/* What no row takes is refused on a worker, where on_error can look up who asks. */
static bool is_inline(const struct http_exchange *ex)
{
    const struct http_route *route = ex->req.route;
    if (route == NULL)
        return !ex->failed || ex->server->config.workers == 0;
    return ex->failed || (route->flags & HTTP_INLINE) != 0;
}

static bool give_to_worker(struct http_exchange *ex, enum stage stage)
{
    enum stage before = ex->stage;
    ex->stage = stage;
    ex->worked = false;
    if (!worker_put(ex->server, ex)) {
        ex->stage = before;
        return false;
    }
    connection_deadline(ex->conn, NEVER);
    transport_suspend(ex);
    return true;
}

/* The whole request is here. */
static bool run(struct http_exchange *ex)
{
    ex->req.now_ms = ex->req.arrived_ms = ex->server->now_ms;
    if (ex->body_mode == BODY_COLLECT)
        ex->req.body = buf_str(&ex->body);
    if (ex->body_mode == BODY_FORM && !ex->failed)
        ex->failed = !form_finish(&ex->form, &ex->err);
    if (!is_inline(ex)) {
        if (give_to_worker(ex, STAGE_RUN))
            return true;
        if (!ex->failed)
            note_overload(ex);
    }
    if (dispatch_run(ex))
        return send_answer(ex);
    hold(ex);
    return true;
}

void exchange_done(struct http_exchange *ex)
{
    if (ex->stage == STAGE_RUN && ex->worked)
        ex->stage = STAGE_ANSWER;
    ex->req.worker = NULL;
    transport_resume(ex);
}

/* --- the head --------------------------------------------------------------------------------- */

static enum http_method method_of(struct str text)
{
    for (size_t i = 0; i < HTTP_METHOD_COUNT; i++)
        if (str_eq(text, str_from(http_method_name((enum http_method)i))))
            return (enum http_method)i;
    return HTTP_METHOD_COUNT;
}

/* A bijection of a counter (splitmix64), so ids differ and tell nothing about each other. */
static struct str new_request_id(struct http_exchange *ex)
{
    uint64_t z = ex->server->id_state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return id_format(&ex->own, (int64_t)((z ^ (z >> 31)) >> 1));
}

static int judge(struct http_exchange *ex, struct guard_head *head)
{
    struct http_request *req = &ex->req;
    bool too_many = ex->header_count > HEADERS_MAX;
    if (too_many)
        ex->header_count = HEADERS_MAX;
    head->target = req->target;
    head->headers = ex->headers;
    head->header_count = ex->header_count;
    head->public_host = ex->server->config.public_host;
    int status =
        too_many ? 431 : guard_check(ex->server->config.profile, head, &ex->facts, &ex->err);
    if (too_many)
        fail(&ex->err, ERR_LIMIT, "header", "more than %d headers", HEADERS_MAX);
    req->method_text = head->method;
    req->method = method_of(head->method);
    req->path = ex->facts.path;
    req->host = ex->facts.host.ptr ? ex->facts.host : STR("");
    req->request_id = ex->facts.request_id.len > 0 ? ex->facts.request_id : new_request_id(ex);
    return status;
}

/* A refusal that needs no hurry: the body, within its limit, is read first. */
static void refuse_after_body(struct http_exchange *ex)
{
    ex->failed = true;
    ex->body_mode = BODY_DISCARD;
}

static bool enter_body(struct http_exchange *ex)
{
    ex->stage = STAGE_BODY;
    ex->body_since_ms = ex->server->steady_ms;
    if (ex->facts.framing != FRAMING_NONE)
        connection_deadline(ex->conn, ex->body_since_ms + ex->server->config.body_deadline_ms);
    return true;
}

static struct str caller_of(const struct http_exchange *ex)
{
    return ex->req.caller.len > 0 ? ex->req.caller : ex->req.peer.address;
}

static size_t uploads_of(const struct http_exchange *ex)
{
    size_t count = 0;
    for (const struct http_exchange *at = ex->server->uploads; at != NULL; at = at->next_upload)
        count += at->req.peer.uid == ex->req.peer.uid && str_eq(caller_of(at), caller_of(ex));
    return count;
}

/* Identify and admit have answered for an upload; not a byte of it has been read. */
static bool admitted(struct http_exchange *ex)
{
    struct http_server *server = ex->server;
    if (!ex->worked)
        return false; /* the server stops */
    if (!ex->failed && uploads_of(ex) >= UPLOADS_PER_CALLER) {
        ex->res.status = 429;
        http_set_header(&ex->res, "Retry-After", STR("5"));
        ex->failed =
            !fail(&ex->err, ERR_BUSY, "", "%d uploads at a time are taken", UPLOADS_PER_CALLER);
    }
    if (!ex->failed)
        ex->failed = !body_start_upload(ex, &ex->err);
    if (ex->failed)
        return refuse_early(ex);
    ex->uploading = true;
    ex->next_upload = server->uploads;
    server->uploads = ex;
    return enter_body(ex);
}

static bool first_call(struct http_exchange *ex, struct guard_head *head)
{
    const struct http_config *config = &ex->server->config;
    leave(&ex->server->heads, ex);
    int status = judge(ex, head);
    peer_of_request(ex);
    if (status != 0) {
        atomic_fetch_add_explicit(&ex->server->refused_by_guard, 1, memory_order_relaxed);
        ex->res.status = status;
        ex->failed = true;
        return refuse_early(ex);
    }
    if (config->any == NULL && !table_route(ex))
        refuse_after_body(ex);
    if (!body_limits(ex, &ex->err)) {
        ex->failed = true;
        return refuse_early(ex);
    }
    if (!ex->failed && ex->req.route != NULL && (ex->req.route->flags & HTTP_UPLOAD) != 0)
        return give_to_worker(ex, STAGE_ADMIT) || refuse_busy(ex);
    return enter_body(ex);
}

/* The library's own answer to such a head has two status lines. Ours goes first, and the closed
 * direction keeps the other from being sent. */
void exchange_unparsed(struct http_exchange *ex)
{
    struct http_request *req = &ex->req;
    leave(&ex->server->heads, ex);
    atomic_fetch_add_explicit(&ex->server->refused_by_guard, 1, memory_order_relaxed);
    req->method = HTTP_METHOD_COUNT;
    req->method_text = STR("");
    req->host = STR("");
    req->path = str_sub(req->target, 0, str_find_char(req->target, '?'));
    req->request_id = new_request_id(ex);
    peer_of_request(ex);
    bool unframed = guard_length_is_odd(ex->headers, ex->header_count);
    ex->res.status = unframed ? 400 : 431;
    ex->failed = true;
    if (unframed)
        fail(&ex->err, ERR_INVALID, "content-length", "must be 1 to 12 digits");
    else
        fail(&ex->err, ERR_LIMIT, "header", "the headers are too large");
    dispatch_refuse(ex);
    ex->closes = true;
    (void)!send_and_linger(ex);
}

/* --- steps ------------------------------------------------------------------------------------ */

static bool take_piece(struct http_exchange *ex, struct str bytes)
{
    if (!body_take(ex, bytes, &ex->err)) {
        ex->failed = true;
        return refuse_early(ex);
    }
    if (ex->uploading)
        connection_deadline(ex->conn, ex->body_since_ms + time_for(ex, ex->body_bytes));
    return true;
}

bool exchange_step(struct http_exchange *ex, struct guard_head *head, struct str bytes)
{
    switch (ex->stage) {
    case STAGE_NEW:
        return first_call(ex, head);
    case STAGE_ADMIT:
        return admitted(ex);
    case STAGE_BODY:
        return bytes.len > 0 ? take_piece(ex, bytes) : run(ex);
    case STAGE_ANSWER:
        return send_answer(ex);
    case STAGE_LINGER:
        return bytes.len > 0;
    case STAGE_RUN: /* the server stops before a worker had it */
    case STAGE_HELD:
    case STAGE_SENT:
        return false;
    }
    return false;
}
