/* The test server's routes and handlers, and the byte-exact client. */
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "tests/unit/http/rig.h"

#define PATIENCE_MS 10000

/* --- handlers --------------------------------------------------------------------------------- */

static bool say_hello(struct http_request *req, struct http_response *res, struct err *err)
{
    UNUSED(req);
    UNUSED(err);
    res->content_type = STR("text/plain");
    res->body = STR("hello");
    return true;
}

/* Everything a handler sees, one line each. */
static bool echo(struct http_request *req, struct http_response *res, struct err *err)
{
    UNUSED(err);
    struct buf *out = &res->owned;
    res->content_type = STR("text/plain");
    buf_printf(out, "method=%s text=" STR_FMT " path=" STR_FMT " host=" STR_FMT "\n",
               http_method_name(req->method), STR_ARG(req->method_text), STR_ARG(req->path),
               STR_ARG(req->host));
    for (size_t i = 0; i < req->arg_count; i++)
        buf_printf(out, "arg=" STR_FMT "\n", STR_ARG(req->args[i]));
    for (size_t i = 0; i < req->query_count; i++)
        buf_printf(out, "query " STR_FMT "=" STR_FMT "\n", STR_ARG(req->query[i].name),
                   STR_ARG(req->query[i].value));
    for (size_t i = 0; i < req->form_count; i++)
        buf_printf(out, "form " STR_FMT "=" STR_FMT "\n", STR_ARG(req->form[i].name),
                   STR_ARG(req->form[i].value));
    buf_printf(out, "body=" STR_FMT "\n", STR_ARG(req->body));
    buf_printf(out, "cookie=" STR_FMT "\n", STR_ARG(http_cookie(req, "sid")));
    buf_printf(out, "peer unix=%d loop=%d proxy=%d secure=%d uid=%ld address=" STR_FMT "\n",
               req->peer.is_unix, req->peer.is_loopback, req->peer.behind_proxy, req->peer.secure,
               (long)(int)req->peer.uid, STR_ARG(req->peer.address));
    buf_printf(out, "worker=%s\n", req->worker ? (const char *)req->worker : "none");
    return true;
}

static bool tagged(struct http_request *req, struct http_response *res, struct err *err)
{
    UNUSED(err);
    http_set_header(res, "ETag", STR("\"a,1\""));
    if (http_etag_matches(http_header(req, "if-none-match"), STR("\"a,1\"")))
        res->status = 304;
    else
        res->body = STR("tagged");
    return true;
}

static bool fails(struct http_request *req, struct http_response *res, struct err *err)
{
    UNUSED(res);
    if (str_eq(http_query(req, "code"), STR("store")))
        return fail(err, ERR_STORE, "/var/lib/secret.db", "disk image is malformed");
    fail(err, ERR_CONFLICT, "/name", "name is taken");
    return err_hint(err, "choose another");
}

static bool sets_bad_header(struct http_request *req, struct http_response *res, struct err *err)
{
    UNUSED(req);
    UNUSED(err);
    http_set_header(res, "X-Name", STR("a\r\nSet-Cookie: x=1"));
    res->body = STR("never");
    return true;
}

static bool large(struct http_request *req, struct http_response *res, struct err *err)
{
    UNUSED(req);
    UNUSED(err);
    for (int i = 0; i < 1 << 18; i++)
        buf_add(&res->owned, STR("0123456789abcdef"));
    return true;
}

static bool block(struct http_request *req, struct http_response *res, struct err *err)
{
    struct rig_state *state = req->context;
    UNUSED(err);
    atomic_fetch_add(&state->blocked, 1);
    while (!atomic_load(&state->release))
        usleep(1000);
    res->body = STR("released");
    return true;
}

static bool hold(struct http_request *req, struct http_response *res, struct err *err)
{
    struct rig_state *state = req->context;
    UNUSED(err);
    atomic_fetch_add(&state->runs, 1);
    int64_t wait_ms = 60000;
    if (http_query(req, "ms").ptr != NULL && !str_to_i64(http_query(req, "ms"), &wait_ms))
        wait_ms = 0;
    if (atomic_load(&state->events) == 0 && !req->hold_over) {
        res->hold_until_ms = req->now_ms + wait_ms;
        return true;
    }
    res->body = req->hold_over ? STR("over") : STR("woken");
    return true;
}

static bool holds_for_ever(struct http_request *req, struct http_response *res, struct err *err)
{
    UNUSED(err);
    res->hold_until_ms = req->now_ms + 10;
    return true;
}

static bool take_upload(struct http_request *req, struct http_response *res, struct err *err)
{
    struct rig_state *state = req->context;
    CLEANUP(buf_clear) struct buf bytes = {0};
    atomic_fetch_add(&state->runs, 1);
    if (req->spool_path.ptr != NULL && !file_read(req->spool_path.ptr, 1 << 24, &bytes, err))
        return false;
    struct sha256 hash = sha256_of(buf_str(&bytes));
    buf_printf(&res->owned, "size=%zu sha=" STR_FMT " \n", bytes.len,
               STR_ARG(hex_format(req->mem, hash.bytes, 4)));
    for (size_t i = 0; i < req->file_count; i++) {
        const struct http_file *file = &req->files[i];
        struct str own = str_sub(buf_str(&bytes), file->start, file->size_bytes);
        buf_printf(&res->owned, "field=" STR_FMT " file=" STR_FMT " type=" STR_FMT " " STR_FMT "\n",
                   STR_ARG(file->field), STR_ARG(file->name), STR_ARG(file->type),
                   STR_ARG(str_sub(own, 0, 20)));
    }
    for (size_t i = 0; i < req->form_count; i++)
        buf_printf(&res->owned, "form " STR_FMT "=" STR_FMT "\n", STR_ARG(req->form[i].name),
                   STR_ARG(req->form[i].value));
    return true;
}

/* --- callbacks -------------------------------------------------------------------------------- */

static bool identify(struct http_request *req, struct err *err)
{
    struct str who = http_header(req, "x-user");
    if (str_eq(who, STR("nobody")))
        return fail(err, ERR_UNAUTHENTICATED, "", "who is that");
    req->caller = who.ptr ? who : STR_NONE;
    return true;
}

static bool admit(struct http_request *req, struct err *err)
{
    struct rig_state *state = req->context;
    atomic_fetch_add(&state->admits, 1);
    if (req->route != NULL && req->route->role == 9)
        return fail(err, ERR_DENIED, "", "not for you");
    return true;
}

static bool check_form(struct http_request *req, struct err *err)
{
    return str_eq(http_form(req, "csrf"), STR("ok")) ||
           fail(err, ERR_DENIED, "csrf", "the form has expired");
}

static void on_answer(struct http_request *req, struct http_response *res)
{
    struct rig_state *state = req->context;
    atomic_fetch_add(&state->answers, 1);
    http_set_header(res, "Content-Security-Policy", STR("default-src 'none'"));
}

static void *worker_open(void *context)
{
    struct rig_state *state = context;
    return atomic_fetch_sub(&state->refused_openings, 1) > 0 ? NULL : strdup("thread");
}

static void worker_close(void *worker)
{
    free(worker);
}

static const struct http_route routes[] = {
    {HTTP_GET,  0, "/",                                 say_hello,       NULL, HTTP_INLINE                    },
    {HTTP_GET,  0, "/echo",                             echo,            NULL, HTTP_INLINE                    },
    {HTTP_POST, 0, "/echo",                             echo,            NULL, HTTP_INLINE                    },
    {HTTP_PUT,  0, "/echo",                             echo,            NULL, 0                              },
    {HTTP_GET,  0, "/v1/apis/{api}/versions/{version}", echo,            NULL, 0                              },
    {HTTP_GET,  0, "/work",                             echo,            NULL, 0                              },
    {HTTP_GET,  0, "/tag",                              tagged,          NULL, HTTP_INLINE                    },
    {HTTP_GET,  0, "/static",                           say_hello,       NULL, HTTP_INLINE | HTTP_PUBLIC_CACHE},
    {HTTP_GET,  0, "/fail",                             fails,           NULL, 0                              },
    {HTTP_GET,  0, "/badheader",                        sets_bad_header, NULL, HTTP_INLINE                    },
    {HTTP_GET,  0, "/large",                            large,           NULL, 0                              },
    {HTTP_GET,  0, "/block",                            block,           NULL, 0                              },
    {HTTP_GET,  0, "/hold",                             hold,            NULL, HTTP_INLINE | HTTP_HOLDS       },
    {HTTP_GET,  0, "/forever",                          holds_for_ever,  NULL, HTTP_INLINE | HTTP_HOLDS       },
    {HTTP_GET,  9, "/secret",                           say_hello,       NULL, 0                              },
    {HTTP_POST, 0, "/form",                             echo,            NULL, HTTP_FORM                      },
    {HTTP_POST, 0, "/upload",                           take_upload,     NULL, HTTP_UPLOAD                    },
    {HTTP_POST, 9, "/denied",                           take_upload,     NULL, HTTP_UPLOAD                    },
    {HTTP_POST, 0, "/parts",                            take_upload,     NULL, HTTP_UPLOAD | HTTP_PARTS       },
    {HTTP_POST, 0, "/file",                             take_upload,     NULL, HTTP_UPLOAD | HTTP_FORM        },
};

/* --- the rig ---------------------------------------------------------------------------------- */

struct rig_state *rig_state(struct rig *rig)
{
    return rig->config.context;
}

void rig_count_turn(void *state)
{
    struct rig_state *counts = state;
    atomic_fetch_add(&counts->turns, 1);
}

void rig_init(struct rig *rig)
{
    *rig = (struct rig){.config = http_config_default};
    snprintf(rig->dir, sizeof(rig->dir), "/tmp/chancery-http-XXXXXX");
    CHECK(mkdtemp(rig->dir) != NULL);
    snprintf(rig->socket_path, sizeof(rig->socket_path), "%s/s", rig->dir);
    rig->config.name = "test";
    rig->config.routes = routes;
    rig->config.route_count = COUNT_OF(routes);
    rig->config.spool_dir = rig->dir;
    rig->config.context = mem_new_of(struct rig_state);
    rig->config.identify = identify;
    rig->config.admit = admit;
    rig->config.check_form = check_form;
    rig->config.on_answer = on_answer;
    rig->config.worker_open = worker_open;
    rig->config.worker_close = worker_close;
}

void rig_any(struct rig *rig, http_handler *any)
{
    rig->config.profile = HTTP_CHECK;
    rig->config.any = any;
    rig->config.identify = NULL;
    rig->config.admit = NULL;
}

void rig_listen(struct rig *rig, bool with_unix)
{
    struct err err = {0};
    struct str path = arena_printf(&rig->mem, "unix:%s", rig->socket_path);
    CHECK_OK(http_listen(STR("127.0.0.1:0"), 0, "listen", &rig->listeners[0], &rig->port, &err),
             &err);
    if (with_unix)
        CHECK_OK(http_listen(path, 0600, "socket", &rig->listeners[1], NULL, &err), &err);
    rig->config.listeners = rig->listeners;
    rig->config.listener_count = with_unix ? 2 : 1;
}

void rig_run(struct rig *rig)
{
    struct err err = {0};
    CHECK_OK(http_server_start(&rig->config, &rig->server, &err), &err);
}

void rig_start(struct rig *rig, bool with_unix)
{
    rig_listen(rig, with_unix);
    rig_run(rig);
}

static void *release(void *arg)
{
    struct rig *rig = arg;
    usleep(rig->wait_ms * 1000);
    atomic_store(&rig_state(rig)->release, true);
    return NULL;
}

void rig_release_later(struct rig *rig, unsigned wait_ms)
{
    rig->wait_ms = wait_ms;
    rig->has_helper = pthread_create(&rig->helper, NULL, release, rig) == 0;
}

void rig_stop(struct rig *rig)
{
    http_server_stop(rig->server, 5000);
    if (rig->has_helper)
        pthread_join(rig->helper, NULL);
    unlink(rig->socket_path);
    CHECK_I64(rmdir(rig->dir), 0); /* nothing is left behind */
    free(rig->config.context);
    arena_clear(&rig->mem);
}

uint32_t count_held(const struct http_counts *c)
{
    return c->held;
}

uint32_t count_queued(const struct http_counts *c)
{
    return c->queued;
}

uint32_t count_connections(const struct http_counts *c)
{
    return c->connections;
}

bool rig_wait(const struct rig *rig, uint32_t (*of)(const struct http_counts *), uint32_t want)
{
    for (int i = 0; i < PATIENCE_MS; i++) {
        struct http_counts counts;
        http_server_counts(rig->server, &counts);
        if (of(&counts) == want)
            return true;
        usleep(1000);
    }
    return false;
}

/* --- the client ------------------------------------------------------------------------------- */

int client_open(const struct rig *rig)
{
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_port = htons(rig->port),
                             .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)}};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    CHECK(fd >= 0 && connect(fd, (const struct sockaddr *)&at, sizeof(at)) == 0);
    return fd;
}

int client_open_unix(const struct rig *rig)
{
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    snprintf(at.sun_path, sizeof(at.sun_path), "%s", rig->socket_path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    CHECK(fd >= 0 && connect(fd, (const struct sockaddr *)&at, sizeof(at)) == 0);
    return fd;
}

bool client_send(int fd, struct str bytes)
{
    while (bytes.len > 0) {
        ssize_t sent = send(fd, bytes.ptr, bytes.len, MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        bytes = str_sub(bytes, (size_t)sent, bytes.len);
    }
    return true;
}

static ssize_t read_some(int fd, char *to, size_t size)
{
    struct pollfd ready = {.fd = fd, .events = POLLIN};
    if (poll(&ready, 1, PATIENCE_MS) <= 0)
        return -2; /* nothing came and nothing ended */
    return recv(fd, to, size, 0);
}

struct str reply_header(const struct reply *reply, const char *name)
{
    struct str rest = reply->head, line = STR_NONE, key = STR_NONE;
    while (str_split(&rest, '\n', &line))
        if (str_split(&line, ':', &key) && str_eq_nocase(key, str_from(name)))
            return str_trim(line);
    return STR_NONE;
}

struct reply client_read(int fd, struct arena *mem, bool head_only)
{
    CLEANUP(buf_clear) struct buf in = {0};
    struct reply reply = {0};
    size_t end = SIZE_MAX;
    int64_t length = 0;
    while (end == SIZE_MAX) {
        char *to = buf_room(&in, 1);
        ssize_t got = read_some(fd, to, 1);
        if (got <= 0) {
            reply.closed = got != -2;
            return reply;
        }
        in.len++;
        end = str_find(buf_str(&in), STR("\r\n\r\n"));
    }
    reply.head = arena_str(mem, buf_str(&in));
    if (!str_to_i64(str_sub(reply.head, 9, 3), &length))
        return reply;
    reply.status = (int)length;
    length = 0;
    if (!head_only && reply.status != 304 &&
        str_to_i64(reply_header(&reply, "content-length"), &length)) {
        buf_reset(&in);
        while (in.len < (size_t)length) {
            size_t left = (size_t)length - in.len;
            char *to = buf_room(&in, left);
            ssize_t got = read_some(fd, to, left);
            if (got <= 0)
                break;
            in.len += (size_t)got;
        }
        reply.body = arena_str(mem, buf_str(&in));
    }
    return reply;
}

bool client_ended(int fd)
{
    char byte;
    ssize_t got = read_some(fd, &byte, 1);
    return got == 0 || got == -1;
}

struct reply client_once(const struct rig *rig, struct arena *mem, struct str bytes)
{
    int fd = client_open(rig);
    client_send(fd, bytes);
    struct reply reply = client_read(fd, mem, str_starts(bytes, STR("HEAD ")));
    if (str_eq_nocase(reply_header(&reply, "connection"), STR("close")))
        reply.closed = client_ended(fd);
    close(fd);
    return reply;
}
