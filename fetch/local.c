/* HTTP/1.1 over a Unix socket, by hand: libcurl and what it brings along cost the console 8 MB and
 * 5 ms of CPU before the first byte, for a framing of two hundred lines. */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "fetch/message.h"
#include "fetch/state.h"

struct exchange {
    struct fetch *f;
    const struct fetch_request *request;
    struct arena *mem;
    int fd;
    bool reused; /* a connection that was kept: its end may have come meanwhile */
    int64_t end_ms;
    struct message message;
};

/* --- the connection -----------------------------------------------------------------------------
 */

void local_close(struct fetch *f)
{
    if (f->fds[FETCH_LOCAL] >= 0)
        (void)fetch_close(f, FETCH_LOCAL, f->fds[FETCH_LOCAL]);
    buf_reset(&f->path);
}

/* Readable before anything was asked means that the server has closed it. */
static bool alive(int fd)
{
    struct pollfd ready = {fd, POLLIN, 0};
    return poll(&ready, 1, 0) == 0;
}

static bool fail_connect(struct exchange *x, int problem, struct err *err)
{
    if (problem == EAGAIN || problem == EINPROGRESS) /* SO_SNDTIMEO has passed */
        return fetch_fail_late(x->request, x->mem, err);
    (void)fetch_fail(x->request, x->mem, err, strerror(problem));
    if (problem == EACCES)
        return err_hint(err, "this account may not use the socket; ask its owner for access");
    return false;
}

static bool open_connection(struct exchange *x, struct str path, struct err *err)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int timeout_ms = fetch_timeout(x->request);
    const struct timeval limit = {timeout_ms / 1000, timeout_ms % 1000 * 1000L};
    if (path.len == 0 || path.len >= sizeof(address.sun_path))
        return fail_connect(x, ENAMETOOLONG, err);
    memcpy(address.sun_path, path.ptr, path.len);
    x->fd = fetch_socket(x->f, FETCH_LOCAL, AF_UNIX, SOCK_STREAM, 0);
    if (x->fd < 0)
        return fail_connect(x, errno, err);
    (void)setsockopt(x->fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
    if (connect(x->fd, (const struct sockaddr *)(const void *)&address, sizeof(address)) != 0)
        return fail_connect(x, errno, err);
    buf_reset(&x->f->path);
    buf_add(&x->f->path, path);
    return true;
}

static bool connect_to(struct exchange *x, struct err *err)
{
    struct fetch *f = x->f;
    struct str path = str_sub(x->request->address, 5, x->request->address.len);
    x->fd = f->fds[FETCH_LOCAL];
    x->reused = x->fd >= 0 && str_eq(buf_str(&f->path), path) && alive(x->fd);
    if (x->reused)
        return true;
    local_close(f);
    if (open_connection(x, path, err))
        return true;
    local_close(f);
    return false;
}

/* --- asking and reading -------------------------------------------------------------------------
 */

static void write_request(const struct exchange *x, struct buf *out)
{
    const struct fetch_request *r = x->request;
    buf_printf(out, "%s " STR_FMT " HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\n", r->method,
               STR_ARG(r->target));
    for (size_t i = 0; i < r->header_count; i++)
        buf_printf(out, STR_FMT ": " STR_FMT "\r\n", STR_ARG(r->headers[i].name),
                   STR_ARG(r->headers[i].value));
    if (r->body.ptr != NULL)
        buf_printf(out, "Content-Length: %zu\r\n", r->body.len);
    buf_add(out, STR("\r\n"));
    buf_add(out, r->body);
}

/* Waits for the socket; false when the time is up. */
static bool await(const struct exchange *x, short events)
{
    struct pollfd ready = {x->fd, events, 0};
    int64_t left_ms;
    while ((left_ms = x->end_ms - clock_steady_ms()) > 0) {
        int got = poll(&ready, 1, (int)left_ms);
        if (got > 0)
            return true;
        if (got < 0 && errno != EINTR)
            return true; /* the call that follows says what is wrong */
    }
    return false;
}

enum outcome { SENT, CUT, LATE };

static enum outcome send_all(const struct exchange *x, struct str bytes)
{
    while (bytes.len > 0) {
        if (!await(x, POLLOUT))
            return LATE;
        ssize_t sent = send(x->fd, bytes.ptr, bytes.len, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < 0 && errno != EAGAIN && errno != EINTR)
            return CUT;
        if (sent > 0)
            bytes = str_sub(bytes, (size_t)sent, bytes.len);
    }
    return SENT;
}

/* Reads until the answer is complete; *got tells whether anything came. */
static enum outcome receive_all(struct exchange *x, bool *got)
{
    char bytes[16384];
    struct message *m = &x->message;
    while (m->state < MESSAGE_DONE) {
        if (!await(x, POLLIN))
            return LATE;
        ssize_t size = recv(x->fd, bytes, sizeof(bytes), MSG_DONTWAIT);
        if (size < 0 && (errno == EAGAIN || errno == EINTR))
            continue;
        if (size <= 0)
            message_end(m);
        else
            message_take(m, (struct str){bytes, (size_t)size});
        *got = *got || size > 0;
    }
    return m->state == MESSAGE_BAD ? CUT : SENT;
}

static bool repeatable(const char *method)
{
    return strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0;
}

/* A kept connection may end just as it is used: what changes nothing is then asked once more. */
static enum outcome exchange(struct exchange *x, struct str request, bool *again)
{
    bool got = false;
    enum outcome outcome = send_all(x, request);
    if (outcome == SENT)
        outcome = receive_all(x, &got);
    *again = outcome == CUT && !got && x->reused && repeatable(x->request->method);
    if (outcome != SENT || !x->message.keep)
        local_close(x->f);
    return outcome;
}

static bool conclude(struct exchange *x, enum outcome outcome, struct fetch_answer *out,
                     struct err *err)
{
    if (outcome == LATE)
        return fetch_fail_late(x->request, x->mem, err);
    if (outcome == CUT)
        return fetch_fail(x->request, x->mem, err,
                          "the connection ended before the answer did, or the answer is no HTTP");
    if (x->message.state == MESSAGE_TOO_LARGE)
        return fetch_fail_large(x->request, x->mem, err);
    *out = x->message.answer;
    out->headers = x->message.headers.ptr;
    out->header_count = x->message.headers.len;
    out->body = arena_str(x->mem, buf_str(&x->message.body));
    return true;
}

bool local_send(struct fetch *f, const struct fetch_request *request, struct arena *mem,
                struct fetch_answer *out, struct err *err)
{
    CLEANUP(buf_clear) struct buf bytes = {0};
    struct exchange x = {.f = f, .request = request, .mem = mem};
    enum outcome outcome = CUT;
    bool again = true;
    x.end_ms = clock_steady_ms() + fetch_timeout(request);
    write_request(&x, &bytes);
    for (int attempt = 0; attempt < 2 && again; attempt++) {
        message_clear(&x.message);
        x.message = (struct message){.mem = mem,
                                     .limit_bytes = fetch_limit(request),
                                     .head_only = strcmp(request->method, "HEAD") == 0};
        if (!connect_to(&x, err)) {
            message_clear(&x.message);
            return false;
        }
        outcome = exchange(&x, buf_str(&bytes), &again);
    }
    bool ok = conclude(&x, outcome, out, err);
    message_clear(&x.message);
    return ok;
}
