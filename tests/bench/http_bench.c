/* What an answer costs: our server (guard, router, arena, headers) beside a raw epoll loop, asked
 * by the same closed-loop client in turns of one second. The third is our server again with the
 * headers that the portal adds to every page.
 *
 *   http_bench [TURNS]   prints CPU µs per request of each and the ratios
 *   http_bench plain [unix:PATH]
 *                        serves the same plain 200s there, or on a free port, until it is stopped
 *   http_bench upstream [unix:PATH]
 *                        answers whatever is asked, without routes: the upstream of proxies
 */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "portal/http/http.h"

#define BODY_BYTES  200
#define TURNS       15
#define TURNS_MAX   60
#define CONNECTIONS 64
#define TURN_MS     1000
#define RAW_BYTES   4096
#define EVENTS      256
#define STALL_MS    INT64_C(5000)

static const char request[] = "GET /v1/apis/petstore HTTP/1.1\r\nHost: localhost\r\n"
                              "User-Agent: http_bench\r\nAccept: */*\r\n\r\n";

static void must(bool ok, const char *what)
{
    if (ok)
        return;
    fprintf(stderr, "http_bench: %s: %s\n", what, strerror(errno));
    exit(EXIT_FAILURE);
}

static void pin(size_t cpu)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(cpu, &set);
    (void)sched_setaffinity(0, sizeof(set), &set); /* on one core both sides share it */
}

/* --- the raw loop ----------------------------------------------------------------------------- */

static void raw_answer(int fd, char *in, const char *answer, size_t len)
{
    ssize_t got = recv(fd, in, RAW_BYTES, 0);
    if (got <= 0) {
        if (got == 0 || errno != EAGAIN)
            close(fd);
        return;
    }
    if (memmem(in, (size_t)got, "\r\n\r\n", 4) != NULL)
        must(send(fd, answer, len, MSG_NOSIGNAL) >= 0 || errno == EPIPE || errno == ECONNRESET,
             "send");
}

static void raw_accept(int epoll, int listener)
{
    for (int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK); fd >= 0;
         fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK))
        must(epoll_ctl(epoll, EPOLL_CTL_ADD, fd,
                       &(struct epoll_event){.events = EPOLLIN, .data.fd = fd}) == 0,
             "epoll_ctl");
}

static void serve_raw(int listener)
{
    struct epoll_event events[EVENTS];
    char in[RAW_BYTES], answer[512], body[BODY_BYTES + 1];
    memset(body, 'x', BODY_BYTES);
    body[BODY_BYTES] = '\0';
    int len =
        snprintf(answer, sizeof(answer),
                 "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n%s",
                 BODY_BYTES, body);
    int epoll = epoll_create1(EPOLL_CLOEXEC);
    must(len > 0 && epoll_ctl(epoll, EPOLL_CTL_ADD, listener,
                              &(struct epoll_event){.events = EPOLLIN, .data.fd = listener}) == 0,
         "epoll_ctl");
    for (;;) {
        int ready = epoll_wait(epoll, events, EVENTS, -1);
        for (int i = 0; i < ready; i++) {
            if (events[i].data.fd == listener)
                raw_accept(epoll, listener);
            else
                raw_answer(events[i].data.fd, in, answer, (size_t)len);
        }
    }
}

/* --- our server ------------------------------------------------------------------------------- */

static bool answer_plain(struct http_request *req, struct http_response *res, struct err *err)
{
    UNUSED(err);
    char *body = arena_alloc(req->mem, BODY_BYTES);
    memset(body, 'x', BODY_BYTES);
    res->content_type = STR("text/plain");
    res->body = (struct str){body, BODY_BYTES};
    return true;
}

static void add_page_headers(struct http_request *req, struct http_response *res)
{
    UNUSED(req);
    http_set_header(
        res, "Content-Security-Policy",
        STR("default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
            "frame-ancestors 'none'; base-uri 'none'"));
    http_set_header(res, "X-Content-Type-Options", STR("nosniff"));
    http_set_header(res, "Referrer-Policy", STR("same-origin"));
    http_set_header(res, "Cross-Origin-Opener-Policy", STR("same-origin"));
}

static const struct http_route routes[] = {
    {HTTP_GET, 0, "/",                                 answer_plain, NULL, HTTP_INLINE},
    {HTTP_GET, 0, "/v1/apis",                          answer_plain, NULL, HTTP_INLINE},
    {HTTP_GET, 0, "/v1/apis/{api}",                    answer_plain, NULL, HTTP_INLINE},
    {HTTP_PUT, 0, "/v1/apis/{api}",                    answer_plain, NULL, HTTP_INLINE},
    {HTTP_GET, 0, "/v1/apis/{api}/versions",           answer_plain, NULL, HTTP_INLINE},
    {HTTP_GET, 0, "/v1/apis/{api}/versions/{version}", answer_plain, NULL, HTTP_INLINE},
    {HTTP_GET, 0, "/v1/apps",                          answer_plain, NULL, HTTP_INLINE},
    {HTTP_GET, 0, "/v1/apps/{app}/keys",               answer_plain, NULL, HTTP_INLINE},
    {HTTP_GET, 0, "/v1/subscriptions/{subscription}",  answer_plain, NULL, HTTP_INLINE},
    {HTTP_GET, 0, "/v1/gateways/{gateway}/status",     answer_plain, NULL, HTTP_INLINE},
};

static struct http_config portal_config(const struct http_listener *listener)
{
    struct http_config config = http_config_default;
    config.listeners = listener;
    config.listener_count = 1;
    config.routes = routes;
    config.route_count = COUNT_OF(routes);
    config.workers = 1;
    return config;
}

static void serve_ours(const struct http_config *config)
{
    struct http_server *server = NULL;
    struct err err = {0};
    if (!http_server_start(config, &server, &err)) {
        fprintf(stderr, "http_bench: %s: %s\n", err.where, err.msg);
        exit(EXIT_FAILURE);
    }
    for (;;)
        pause();
}

/* --- the client ------------------------------------------------------------------------------- */

enum kind { KIND_RAW, KIND_SERVER, KIND_PAGES, KIND_COUNT };

struct side {
    const char *name;
    pid_t pid;
    uint16_t port;
    double cost_us[TURNS_MAX];
};

struct client {
    int epoll;
    size_t count;
    int fds[1024];
    size_t answer_bytes; /* of one answer; all are alike */
    size_t got[1024];
    uint64_t answers;
};

static int64_t now_ns(clockid_t clock)
{
    struct timespec at;
    must(clock_gettime(clock, &at) == 0, "clock_gettime");
    return (int64_t)at.tv_sec * 1000000000 + at.tv_nsec;
}

static int64_t cpu_ns(pid_t pid)
{
    clockid_t clock;
    must(clock_getcpuclockid(pid, &clock) == 0, "clock_getcpuclockid");
    return now_ns(clock);
}

static void ask(int fd)
{
    must(send(fd, request, sizeof(request) - 1, MSG_NOSIGNAL) == (ssize_t)sizeof(request) - 1,
         "send");
}

/* One answer read to its end tells the size of all. */
static size_t measure_answer(int fd)
{
    char in[4096];
    size_t len = 0, head = 0;
    ask(fd);
    while (head == 0 || len < head + BODY_BYTES) {
        ssize_t got = recv(fd, in + len, sizeof(in) - 1 - len, 0);
        must(got > 0, "recv");
        len += (size_t)got;
        const char *end = memmem(in, len, "\r\n\r\n", 4);
        head = end ? (size_t)(end - in) + 4 : 0;
    }
    must(memcmp(in, "HTTP/1.1 200", 12) == 0, "an answer is no 200");
    return len;
}

static void client_connect(struct client *client, uint16_t port, size_t count)
{
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_port = htons(port),
                             .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)}};
    *client = (struct client){.epoll = epoll_create1(EPOLL_CLOEXEC), .count = count};
    for (size_t i = 0; i < count; i++) {
        int fd = client->fds[i] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;
        must(fd >= 0 && connect(fd, (const struct sockaddr *)&at, sizeof(at)) == 0, "connect");
        must(setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)) == 0, "setsockopt");
        client->answer_bytes = measure_answer(fd);
        must(epoll_ctl(client->epoll, EPOLL_CTL_ADD, fd,
                       &(struct epoll_event){.events = EPOLLIN, .data.u32 = (uint32_t)i}) == 0,
             "epoll_ctl");
    }
}

static void client_close(struct client *client)
{
    for (size_t i = 0; i < client->count; i++)
        close(client->fds[i]);
    close(client->epoll);
}

static void client_read(struct client *client, size_t i, bool again)
{
    char in[4096];
    ssize_t got = recv(client->fds[i], in, sizeof(in), 0);
    must(got > 0, "recv");
    client->got[i] += (size_t)got;
    if (client->got[i] < client->answer_bytes)
        return;
    client->got[i] = 0;
    client->answers++;
    if (again)
        ask(client->fds[i]);
}

/* Every connection has one request under way; at the end each gets its last answer. The client
 * never sleeps: else the slower server would pay for waking it with each answer and the faster not.
 */
static uint64_t client_run(struct client *client, int64_t for_ms)
{
    struct epoll_event events[EVENTS];
    int64_t end_ns = now_ns(CLOCK_MONOTONIC) + for_ms * 1000000;
    size_t open = client->count;
    client->answers = 0;
    for (size_t i = 0; i < client->count; i++)
        ask(client->fds[i]);
    while (open > 0) {
        int ready = epoll_wait(client->epoll, events, EVENTS, 0);
        int64_t at_ns = now_ns(CLOCK_MONOTONIC);
        must(ready >= 0 && at_ns < end_ns + STALL_MS * 1000000, "no answer for a long time");
        bool again = at_ns < end_ns;
        for (int i = 0; i < ready; i++) {
            uint64_t before = client->answers;
            client_read(client, events[i].data.u32, again);
            open -= !again && client->answers > before;
        }
    }
    return client->answers;
}

/* --- measuring -------------------------------------------------------------------------------- */

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values, size_t count)
{
    qsort(values, count, sizeof(*values), by_value);
    return values[count / 2];
}

static pid_t start(struct side *side, enum kind kind)
{
    struct http_listener listener = {0};
    struct err err = {0};
    must(http_listen(STR("127.0.0.1:0"), 0, "listen", &listener, &side->port, &err), err.msg);
    pid_t pid = fork();
    must(pid >= 0, "fork");
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        pin(0);
        if (kind == KIND_RAW)
            serve_raw(listener.fd);
        struct http_config config = portal_config(&listener);
        config.on_answer = kind == KIND_PAGES ? add_page_headers : NULL;
        serve_ours(&config);
    }
    close(listener.fd);
    return pid;
}

static double cost_of_turn(const struct side *side, struct client *client)
{
    int64_t before = cpu_ns(side->pid);
    uint64_t answers = client_run(client, TURN_MS);
    return (double)(cpu_ns(side->pid) - before) / 1000.0 / (double)answers;
}

/* Ratios are taken turn by turn, for the machine's own pace changes between turns. */
static double print_side(const struct side *raw, const struct side *side, size_t turns)
{
    double costs[TURNS_MAX], ratios[TURNS_MAX];
    for (size_t turn = 0; turn < turns; turn++) {
        costs[turn] = side->cost_us[turn];
        ratios[turn] = raw->cost_us[turn] / side->cost_us[turn];
    }
    double ratio = median(ratios, turns);
    printf("%-8s %6.2f µs CPU per request, raw / this %.3f (%zu turns of %d ms, %d connections)\n",
           side->name, median(costs, turns), ratio, turns, TURN_MS, CONNECTIONS);
    return ratio;
}

static void compare(struct side sides[KIND_COUNT], size_t turns)
{
    struct client clients[KIND_COUNT];
    for (size_t s = 0; s < KIND_COUNT; s++) {
        client_connect(&clients[s], sides[s].port, CONNECTIONS);
        client_run(&clients[s], TURN_MS / 4);
    }
    for (size_t turn = 0; turn < turns; turn++)
        for (size_t s = 0; s < KIND_COUNT; s++)
            sides[s].cost_us[turn] = cost_of_turn(&sides[s], &clients[s]);
    for (size_t s = 0; s < KIND_COUNT; s++)
        client_close(&clients[s]);
    double ratios[KIND_COUNT];
    for (size_t s = 0; s < KIND_COUNT; s++)
        ratios[s] = print_side(&sides[KIND_RAW], &sides[s], turns);
    printf("ratio %.3f (raw / server)\n", ratios[KIND_SERVER]);
}

static void show_progress(const struct side *side)
{
    static const size_t counts[] = {64, 128, 256, 512};
    for (size_t i = 0; i < COUNT_OF(counts); i++) {
        struct client client;
        client_connect(&client, side->port, counts[i]);
        uint64_t answers = client_run(&client, TURN_MS);
        client_close(&client);
        printf("%-8s %6zu connections: %llu answers a second\n", side->name, counts[i],
               (unsigned long long)answers);
    }
}

static void serve_others(const char *address, bool anything)
{
    struct http_listener listener = {0};
    struct err err = {0};
    uint16_t port = 0;
    must(http_listen(str_from(address), 0600, "listen", &listener, &port, &err), err.msg);
    struct http_config config = portal_config(&listener);
    if (anything) {
        config.profile = HTTP_CHECK;
        config.any = answer_plain;
    }
    printf("port %u\n", (unsigned)port);
    fflush(stdout);
    serve_ours(&config);
}

int main(int argc, char **argv)
{
    struct side sides[KIND_COUNT] = {{.name = "raw"}, {.name = "server"}, {.name = "pages"}};
    int64_t turns = TURNS;
    must(crypto_init(), "libsodium");
    if (argc > 1 && (strcmp(argv[1], "plain") == 0 || strcmp(argv[1], "upstream") == 0))
        serve_others(argc > 2 ? argv[2] : "127.0.0.1:0", argv[1][0] == 'u');
    if (argc > 1 && (!str_to_i64(str_from(argv[1]), &turns) || turns < 1 || turns > TURNS_MAX)) {
        fprintf(stderr, "usage: http_bench [TURNS | plain [unix:PATH] | upstream [unix:PATH]]\n");
        return 2;
    }
    for (size_t s = 0; s < KIND_COUNT; s++)
        sides[s].pid = start(&sides[s], (enum kind)s);
    pin(1);
    compare(sides, (size_t)turns);
    show_progress(&sides[KIND_SERVER]);
    for (size_t s = 0; s < KIND_COUNT; s++) {
        kill(sides[s].pid, SIGKILL);
        waitpid(sides[s].pid, NULL, 0);
    }
    return EXIT_SUCCESS;
}
