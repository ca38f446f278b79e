/* A closed-loop HTTP/1.1 client: each connection has one request under way.
 *
 *   load ADDRESS CONNECTIONS SECONDS [busy] < requests
 *
 * SECONDS 0: each request once. Else they are taken in turn, again and again.
 *
 * `busy` never sleeps: else a server that is slower than this client pays for waking it with each
 * answer, and a faster one does not.
 *
 * ADDRESS is unix:PATH or PORT on 127.0.0.1. Requests are whole HTTP messages, each ended by a NUL
 * byte. Prints one JSON object: answers, seconds, how many of each status,
 * answers that never came, and the latencies' percentiles in µs. */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "catalog/base/base.h"

#define MOST_CONNECTIONS 4096
#define MOST_REQUESTS    ((size_t)64 << 20)
#define MOST_ANSWER      ((size_t)1 << 20)
#define EVENTS           256
#define STALL_NS         INT64_C(10000000000)
#define STATUSES         600
#define WAIT_MS          100
/* Latencies up to this are counted one by one, longer ones as the last. */
#define SLOTS_US 1000000

struct peer {
    int fd;
    int64_t asked_ns;
    struct buf in;
    bool idle;
};

struct load {
    struct sockaddr_storage to;
    socklen_t to_len;
    struct buf text;
    VEC(struct str) requests;
    size_t next;
    int epoll;
    struct peer peers[MOST_CONNECTIONS];
    size_t peer_count, waiting;
    uint64_t answers, lost, statuses[STATUSES];
    uint32_t *slots; /* answers by latency in µs */
};

static void must(bool ok, const char *what)
{
    if (ok)
        return;
    fprintf(stderr, "load: %s: %s\n", what, strerror(errno));
    exit(EXIT_FAILURE);
}

static int64_t now_ns(void)
{
    struct timespec at;
    must(clock_gettime(CLOCK_MONOTONIC, &at) == 0, "clock_gettime");
    return (int64_t)at.tv_sec * 1000000000 + at.tv_nsec;
}

/* --- what is asked ---------------------------------------------------------------------------- */

static void set_address(struct load *l, const char *text)
{
    struct sockaddr_un local = {.sun_family = AF_UNIX};
    struct sockaddr_in port = {.sin_family = AF_INET,
                               .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)}};
    struct str address = str_from(text);
    int64_t number = 0;
    if (str_starts(address, STR("unix:")) && address.len - 5 < sizeof(local.sun_path)) {
        memcpy(local.sun_path, address.ptr + 5, address.len - 5);
        memcpy(&l->to, &local, sizeof(local));
        l->to_len = sizeof(local);
        return;
    }
    errno = EINVAL;
    must(str_to_i64(address, &number) && number > 0 && number < 65536, text);
    port.sin_port = htons((uint16_t)number);
    memcpy(&l->to, &port, sizeof(port));
    l->to_len = sizeof(port);
}

static void read_requests(struct load *l, struct arena *mem)
{
    struct err err = {0};
    must(file_read("/dev/stdin", MOST_REQUESTS, &l->text, &err), err.msg);
    struct str rest = buf_str(&l->text), one;
    while (str_split(&rest, '\0', &one))
        if (one.len > 0)
            vec_push(&l->requests, mem, one);
    errno = EINVAL;
    must(l->requests.len > 0, "no requests on standard input");
}

/* --- connections ------------------------------------------------------------------------------ */

static void ask(struct load *l, struct peer *peer)
{
    struct str request = l->requests.ptr[l->next++ % l->requests.len];
    peer->in.len = 0;
    peer->idle = false;
    peer->asked_ns = now_ns();
    must(send(peer->fd, request.ptr, request.len, MSG_NOSIGNAL) == (ssize_t)request.len, "send");
}

static void open_peer(struct load *l, struct peer *peer)
{
    int on = 1;
    peer->fd = socket(l->to.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    must(peer->fd >= 0 && connect(peer->fd, (const struct sockaddr *)&l->to, l->to_len) == 0,
         "connect");
    if (l->to.ss_family == AF_INET)
        must(setsockopt(peer->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)) == 0, "setsockopt");
    must(epoll_ctl(l->epoll, EPOLL_CTL_ADD, peer->fd,
                   &(struct epoll_event){.events = EPOLLIN, .data.ptr = peer}) == 0,
         "epoll_ctl");
}

/* Size of the whole answer once its head is there, else 0. */
static size_t answer_size(struct str in, size_t *status)
{
    size_t head = str_find(in, STR("\r\n\r\n"));
    int64_t code = 0, length = 0;
    struct str line, rest = str_sub(in, 0, head), name;
    if (head == SIZE_MAX || !str_to_i64(str_sub(in, 9, 3), &code) || code < 100 || code >= STATUSES)
        return 0;
    *status = (size_t)code;
    while (str_split(&rest, '\n', &line))
        if (str_split(&line, ':', &name) && str_eq_nocase(name, STR("content-length")))
            must(str_to_i64(str_trim(line), &length) && length >= 0, "content-length");
    return head + 4 + (size_t)length;
}

static void note(struct load *l, size_t status, int64_t took_ns)
{
    size_t slot = (size_t)(took_ns / 1000);
    l->answers++;
    l->statuses[status]++;
    l->slots[slot < SLOTS_US ? slot : SLOTS_US - 1]++;
}

/* True when the answer is complete or will never be. */
static bool take(struct load *l, struct peer *peer)
{
    size_t status = 0;
    char *room = buf_room(&peer->in, 8192);
    ssize_t got = recv(peer->fd, room, 8192, 0);
    if (got <= 0) {
        l->lost++;
        close(peer->fd);
        open_peer(l, peer);
        return true;
    }
    peer->in.len += (size_t)got;
    must(peer->in.len < MOST_ANSWER, "an answer without end");
    size_t size = answer_size(buf_str(&peer->in), &status);
    if (size == 0 || peer->in.len < size)
        return false;
    note(l, status, now_ns() - peer->asked_ns);
    return true;
}

static void run(struct load *l, int64_t seconds, int wait_ms)
{
    struct epoll_event events[EVENTS];
    int64_t end_ns = now_ns() + seconds * 1000000000;
    if (seconds == 0 && l->peer_count > l->requests.len)
        l->peer_count = l->requests.len;
    for (size_t i = 0; i < l->peer_count; i++)
        ask(l, &l->peers[i]);
    l->waiting = l->peer_count;
    while (l->waiting > 0) {
        int ready = epoll_wait(l->epoll, events, EVENTS, wait_ms);
        int64_t at_ns = now_ns();
        must(at_ns < end_ns + STALL_NS, "answers that never came");
        for (int i = 0; i < ready; i++) {
            struct peer *peer = events[i].data.ptr;
            if (peer->idle || !take(l, peer))
                continue;
            peer->idle = seconds > 0 ? at_ns >= end_ns : l->next >= l->requests.len;
            l->waiting -= peer->idle;
            if (!peer->idle)
                ask(l, peer);
        }
    }
}

/* --- telling ---------------------------------------------------------------------------------- */

static int64_t percentile(const struct load *l, double part)
{
    uint64_t wanted = (uint64_t)((double)l->answers * part), seen = 0;
    for (size_t us = 0; us < SLOTS_US; us++) {
        seen += l->slots[us];
        if (seen > wanted || seen == l->answers)
            return (int64_t)us;
    }
    return SLOTS_US;
}

static void tell(const struct load *l, double seconds)
{
    CLEANUP(buf_clear) struct buf out = {0};
    struct json_writer w = {.out = &out};
    char code[16];
    json_open_object(&w);
    json_key_i64(&w, "answers", (int64_t)l->answers);
    json_key_i64(&w, "lost", (int64_t)l->lost);
    json_key(&w, STR("seconds"));
    json_put_double(&w, seconds);
    json_key(&w, STR("statuses"));
    json_open_object(&w);
    for (size_t i = 0; i < STATUSES; i++) {
        snprintf(code, sizeof(code), "%zu", i);
        if (l->statuses[i] > 0)
            json_key_i64(&w, code, (int64_t)l->statuses[i]);
    }
    json_close_object(&w);
    json_key_i64(&w, "p50_us", percentile(l, 0.5));
    json_key_i64(&w, "p99_us", percentile(l, 0.99));
    json_key_i64(&w, "max_us", percentile(l, 1.0));
    json_close_object(&w);
    printf(STR_FMT "\n", STR_ARG(buf_str(&out)));
}

int main(int argc, char **argv)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct load *l = mem_new_of(struct load);
    int64_t connections = 0, seconds = 0;
    bool busy = argc == 5 && strcmp(argv[4], "busy") == 0;
    if (argc != 4 + busy || !str_to_i64(str_from(argv[2]), &connections) || connections < 1 ||
        connections > MOST_CONNECTIONS || !str_to_i64(str_from(argv[3]), &seconds) || seconds < 0) {
        fprintf(stderr, "usage: load unix:PATH|PORT CONNECTIONS SECONDS [busy] < requests\n");
        return 2;
    }
    set_address(l, argv[1]);
    read_requests(l, &mem);
    l->slots = mem_new(SLOTS_US * sizeof(*l->slots));
    l->epoll = epoll_create1(EPOLL_CLOEXEC);
    l->peer_count = (size_t)connections;
    for (size_t i = 0; i < l->peer_count; i++)
        open_peer(l, &l->peers[i]);
    int64_t start_ns = now_ns();
    run(l, seconds, busy ? 0 : WAIT_MS);
    tell(l, (double)(now_ns() - start_ns) / 1e9);
    for (size_t i = 0; i < l->peer_count; i++)
        buf_clear(&l->peers[i].in);
    buf_clear(&l->text);
    free(l->slots);
    free(l);
    return EXIT_SUCCESS;
}
