/* One thread, a few connections, HTTP/1.1 with keep-alive: as much as the console needs. */
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "tests/screen/canned.h"

#define CONNECTIONS 16

struct seen {
    struct str method, target;
};
struct connection {
    int fd;
    struct buf in;
};
struct canned {
    int listener, stop[2];
    pthread_t thread;
    struct connection connections[CONNECTIONS];
    pthread_mutex_t lock; /* guards what follows */
    const struct canned_answer *answers;
    struct arena mem;
    VEC(struct seen) seen;
    struct str body;
};

/* --- one request --------------------------------------------------------------------------------
 */

static const struct canned_answer *answer_to(const struct canned *c, const struct seen *request)
{
    static const struct canned_answer none = {"", "", 404, "{\"title\":\"no such answer\"}"};
    for (const struct canned_answer *a = c->answers; a->method != NULL; a++)
        if (str_eq(request->method, str_from(a->method)) &&
            str_starts(request->target, str_from(a->prefix)))
            return a;
    return &none;
}

static void respond(struct canned *c, struct connection *x, struct str head, struct str body)
{
    CLEANUP(buf_clear) struct buf out = {0};
    struct seen request;
    pthread_mutex_lock(&c->lock);
    struct str rest = head;
    (void)str_split(&rest, ' ', &request.method);
    (void)str_split(&rest, ' ', &request.target);
    request.method = arena_str(&c->mem, request.method);
    request.target = arena_str(&c->mem, request.target);
    vec_push(&c->seen, &c->mem, request);
    if (body.len > 0)
        c->body = arena_str(&c->mem, body);
    const struct canned_answer *answer = answer_to(c, &request);
    pthread_mutex_unlock(&c->lock);
    if (answer->status == 0)
        return;
    buf_printf(&out,
               "HTTP/1.1 %d Canned\r\nDate: Tue, 24 Nov 2026 12:04:31 GMT\r\n"
               "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
               answer->status, strlen(answer->body), answer->body);
    ssize_t sent = send(x->fd, out.ptr, out.len, MSG_NOSIGNAL);
    (void)sent;
}

static size_t body_length(struct str head)
{
    struct str line, rest = head, name;
    int64_t length = 0;
    while (str_split(&rest, '\n', &line)) {
        struct str value = line;
        if (str_split(&value, ':', &name) && str_eq_nocase(name, STR("content-length")))
            (void)!str_to_i64(str_trim(value), &length);
    }
    return (size_t)length;
}

static void serve(struct canned *c, struct connection *x)
{
    for (;;) {
        struct str all = buf_str(&x->in);
        size_t end = str_find(all, STR("\r\n\r\n"));
        if (end == SIZE_MAX)
            return;
        size_t length = body_length(str_sub(all, 0, end)), total = end + 4 + length;
        if (all.len < total)
            return;
        respond(c, x, str_sub(all, 0, end), str_sub(all, end + 4, length));
        memmove(x->in.ptr, x->in.ptr + total, all.len - total);
        x->in.len = all.len - total;
    }
}

/* --- connections --------------------------------------------------------------------------------
 */

static void drop(struct connection *x)
{
    if (x->fd >= 0)
        (void)close(x->fd);
    buf_clear(&x->in);
    x->fd = -1;
}

static void receive(struct canned *c, struct connection *x)
{
    char bytes[8192];
    ssize_t got = recv(x->fd, bytes, sizeof(bytes), 0);
    if (got <= 0) {
        drop(x);
        return;
    }
    buf_add(&x->in, (struct str){bytes, (size_t)got});
    serve(c, x);
}

static void accept_one(struct canned *c)
{
    int fd = accept4(c->listener, NULL, NULL, SOCK_CLOEXEC);
    for (size_t i = 0; i < CONNECTIONS; i++)
        if (c->connections[i].fd < 0) {
            c->connections[i].fd = fd;
            return;
        }
    (void)close(fd);
}

static void *run(void *context)
{
    struct canned *c = context;
    struct pollfd fds[CONNECTIONS + 2];
    for (;;) {
        fds[0] = (struct pollfd){c->stop[0], POLLIN, 0};
        fds[1] = (struct pollfd){c->listener, POLLIN, 0};
        for (size_t i = 0; i < CONNECTIONS; i++)
            fds[i + 2] = (struct pollfd){c->connections[i].fd, POLLIN, 0};
        if (poll(fds, COUNT_OF(fds), -1) < 0)
            continue;
        if (fds[0].revents)
            return NULL;
        for (size_t i = 0; i < CONNECTIONS; i++)
            if (fds[i + 2].revents)
                receive(c, &c->connections[i]);
        if (fds[1].revents)
            accept_one(c);
    }
}

struct canned *canned_start(const char *path, const struct canned_answer *answers)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    struct canned *c = mem_new_of(struct canned);
    c->answers = answers;
    for (size_t i = 0; i < CONNECTIONS; i++)
        c->connections[i].fd = -1;
    (void)snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
    (void)unlink(path);
    c->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    pthread_mutex_init(&c->lock, NULL);
    if (pipe(c->stop) != 0 ||
        bind(c->listener, (const struct sockaddr *)(const void *)&address, sizeof(address)) != 0 ||
        listen(c->listener, 8) != 0 || pthread_create(&c->thread, NULL, run, c) != 0) {
        free(c);
        return NULL;
    }
    return c;
}

void canned_stop(struct canned *c)
{
    if (c == NULL)
        return;
    (void)close(c->stop[1]);
    (void)pthread_join(c->thread, NULL);
    (void)close(c->stop[0]);
    (void)close(c->listener);
    for (size_t i = 0; i < CONNECTIONS; i++)
        drop(&c->connections[i]);
    pthread_mutex_destroy(&c->lock);
    arena_clear(&c->mem);
    free(c);
}

void canned_change(struct canned *c, const struct canned_answer *answers)
{
    pthread_mutex_lock(&c->lock);
    c->answers = answers;
    pthread_mutex_unlock(&c->lock);
}

int canned_count(struct canned *c, const char *method, const char *prefix)
{
    int count = 0;
    pthread_mutex_lock(&c->lock);
    for (size_t i = 0; i < c->seen.len; i++)
        count += str_eq(c->seen.ptr[i].method, str_from(method)) &&
                 str_starts(c->seen.ptr[i].target, str_from(prefix));
    pthread_mutex_unlock(&c->lock);
    return count;
}

struct str canned_body(struct canned *c, struct arena *mem)
{
    pthread_mutex_lock(&c->lock);
    struct str body = arena_str(mem, c->body);
    pthread_mutex_unlock(&c->lock);
    return body;
}
