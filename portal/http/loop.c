/* One thread, one turn after the other: finished work, wake-ups, sockets, deadlines, sleep. */
#include <poll.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "portal/http/exchange.h"
#include "portal/http/loop.h"
#include "portal/http/transport.h"
#include "portal/http/worker.h"

/* Deadlines are looked at together, at most this often. */
#define SCAN_STEP_MS 25
/* A connection that has brought nothing for so long is idle. */
#define FRESH_MS 500
/* Nobody sleeps longer, and who has slept so long looks at every socket: what an edge has not told
 * is late then, not lost. */
#define LOOK_MS 1000
/* Told in one go. */
#define EVENTS_MOST 256
/* After a turn of so many requests the next are here most often: what asking the set costs, a
 * fiftieth of a check, is saved. */
#define BUSY_REQUESTS 8

static void read_clocks(struct http_server *server)
{
    server->steady_ms = clock_steady_ms();
    server->now_ms = clock_now_ms(server->config.clock);
    time_t second = (time_t)(server->now_ms / 1000);
    struct tm parts;
    if ((int64_t)second == server->date_s || gmtime_r(&second, &parts) == NULL)
        return;
    server->date_s = (int64_t)second;
    strftime(server->date, sizeof(server->date), "%a, %d %b %Y %H:%M:%S GMT", &parts);
}

static void retry_held(struct http_server *server, bool over)
{
    for (struct http_exchange *ex = server->held, *next; ex != NULL; ex = next) {
        next = ex->next;
        exchange_retry(ex, over);
    }
}

static void take_done(struct http_server *server)
{
    for (struct http_exchange *ex = worker_take_done(server), *next; ex != NULL; ex = next) {
        next = ex->next;
        exchange_done(ex);
    }
}

/* --- deadlines -------------------------------------------------------------------------------- */

static void cut(struct connection *conn)
{
    shutdown(conn->fd, SHUT_RDWR);
    conn->deadline_ms = NEVER;
    atomic_fetch_add_explicit(&conn->server->timed_out, 1, memory_order_relaxed);
}

static void scan_deadlines(struct http_server *server)
{
    int64_t earliest = NEVER, now_ms = server->steady_ms;
    if (server->scan_ms > now_ms)
        return;
    server->scan_ms = NEVER;
    for (struct connection *conn = server->connections; conn != NULL; conn = conn->next) {
        bool held = conn->exchange != NULL && conn->exchange->stage == STAGE_HELD;
        if (held && (conn->deadline_ms <= now_ms || connection_gone(conn)))
            exchange_retry(conn->exchange, true);
        else if (conn->deadline_ms <= now_ms)
            cut(conn);
        int64_t next = conn->deadline_ms;
        if (held && next > now_ms + HELD_CHECK_MS)
            next = now_ms + HELD_CHECK_MS;
        if (next < earliest)
            earliest = next;
    }
    if (earliest < now_ms + SCAN_STEP_MS)
        earliest = now_ms + SCAN_STEP_MS;
    if (earliest < server->scan_ms)
        server->scan_ms = earliest;
}

/* --- sleeping --------------------------------------------------------------------------------- */

static int time_to_sleep(const struct http_server *server)
{
    if (server->resumed)
        return 0;
    for (size_t i = 0; i < server->transport_count; i++)
        if (transport_pending(server->transports[i]))
            return 0;
    if (server->draining)
        return SCAN_STEP_MS;
    int64_t wait = server->scan_ms - server->steady_ms; /* of NEVER: no less than a long time */
    return wait < 0 ? 0 : wait > LOOK_MS ? LOOK_MS : (int)wait;
}

static void sleep_until_work(struct http_server *server)
{
    struct epoll_event events[EVENTS_MOST];
    for (size_t i = 0; i < server->transport_count; i++) {
        transport_watch(server->transports[i], server->active > 0);
        server->ready[i] = false;
    }
    int found = epoll_wait(server->set_fd, events, EVENTS_MOST, time_to_sleep(server));
    for (size_t i = 0; found == 0 && i < server->transport_count; i++)
        server->ready[i] = true;
    for (int i = 0; i < found; i++) {
        uint64_t count = 0;
        if (events[i].data.u32 == SET_WAKE)
            (void)!read(server->wake_fd, &count, sizeof(count));
        else
            server->ready[events[i].data.u32] = true;
    }
}

/* --- stopping --------------------------------------------------------------------------------- */

static void start_draining(struct http_server *server)
{
    server->draining = true;
    for (size_t i = 0; i < server->transport_count; i++)
        transport_quiesce(server->transports[i]);
    retry_held(server, true);
}

/* A request that has come, or begun to, is answered. */
static bool has_bytes(const struct connection *conn)
{
    struct pollfd fd = {.fd = conn->fd, .events = POLLIN};
    return poll(&fd, 1, 0) > 0 && (fd.revents & POLLIN) != 0;
}

/* Who has just connected is about to ask, and would take a cut for a server that is down. */
static bool about_to_ask(const struct connection *conn)
{
    return !conn->asked && conn->server->steady_ms - conn->began_ms < FRESH_MS;
}

/* Connections between two requests have nothing to wait for. */
static void cut_idle(struct http_server *server, bool fresh_too)
{
    for (struct connection *conn = server->connections; conn != NULL; conn = conn->next)
        if (conn->exchange == NULL && conn->deadline_ms != NEVER && !has_bytes(conn) &&
            (fresh_too || !about_to_ask(conn))) {
            shutdown(conn->fd, SHUT_RDWR);
            conn->deadline_ms = NEVER;
        }
}

/* The library must not be stopped while a connection is suspended. */
static void close_all(struct http_server *server)
{
    worker_stop(server);
    take_done(server);
    retry_held(server, true);
    for (size_t i = 0; i < server->transport_count; i++) {
        transport_run(server->transports[i]);
        transport_close(server->transports[i]);
    }
}

static bool drained(struct http_server *server)
{
    bool stopping = atomic_load(&server->stopping);
    if (!server->draining && (stopping || atomic_load(&server->drain)))
        start_draining(server);
    if (!server->draining)
        return false;
    if (stopping || atomic_load(&server->drain_idle))
        cut_idle(server, stopping);
    if (!stopping)
        return false;
    return server->active == 0 || server->steady_ms >= atomic_load(&server->stop_by_ms);
}

static uint64_t requests_until_now(const struct http_server *server)
{
    return atomic_load_explicit(&server->requests, memory_order_relaxed);
}

/* All of them when some may be ready that the set has not told of: a resumed connection wakes
 * nobody, and a busy turn does not ask. */
static void run_transports(struct http_server *server)
{
    bool all = server->resumed || server->busy;
    uint64_t before = requests_until_now(server);
    server->resumed = false;
    for (size_t i = 0; i < server->transport_count; i++)
        if (all || server->ready[i] || transport_pending(server->transports[i]))
            transport_run(server->transports[i]);
    server->busy = requests_until_now(server) - before >= BUSY_REQUESTS;
}

static void turn(struct http_server *server)
{
    read_clocks(server);
    take_done(server);
    if (atomic_exchange(&server->woken, false))
        retry_held(server, server->draining);
    scan_deadlines(server);
    run_transports(server);
    if (server->config.on_turn != NULL)
        server->config.on_turn(server->config.context);
}

void *loop_run(void *arg)
{
    struct http_server *server = arg;
    for (turn(server); !drained(server); turn(server))
        if (!server->busy)
            sleep_until_work(server);
    close_all(server);
    return NULL;
}
