/* Starting, waking, counting and stopping a server. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "portal/http/exchange.h"
#include "portal/http/loop.h"
#include "portal/http/peer.h"
#include "portal/http/server.h"
#include "portal/http/table.h"
#include "portal/http/transport.h"
#include "portal/http/worker.h"

const struct http_config http_config_default = {
    .name = "http",
    .profile = HTTP_PORTAL,
    .workers = 2,
    .queue_limit = 64,
    .connection_limit = 1024,
    /* Room for a request line of 8,000 bytes (RFC 9112 §3); the library clears it with each
     * request, so that more of it costs more. */
    .pool_bytes = (size_t)10 * 1024,
    .body_limit_bytes = (size_t)1 << 20,
    .upload_limit_bytes = (size_t)64 << 20,
    .header_deadline_ms = 5000,
    .body_deadline_ms = 15000,
    .upload_deadline_ms = INT64_C(15) * 60 * 1000,
    .idle_ms = 60000,
    .clock = &clock_system,
};

/* Frees what has been made; no thread runs any more. */
static void server_free(struct http_server *server)
{
    if (server->wake_fd >= 0)
        close(server->wake_fd);
    if (server->set_fd >= 0)
        close(server->set_fd);
    exchange_free_spare(server);
    buf_clear(&server->router_bytes);
    buf_clear(&server->scratch);
    transport_free_kept(server);
    pthread_mutex_destroy(&server->pool.mutex);
    pthread_cond_destroy(&server->pool.ready);
    free(server);
}

static bool open_transports(struct http_server *server, struct err *err)
{
    const struct http_config *config = &server->config;
    if (config->listener_count == 0 || config->listener_count > LISTENERS_MAX)
        return fail(err, ERR_INVALID, config->name, "needs 1 to %d listeners", LISTENERS_MAX);
    for (size_t i = 0; i < config->listener_count; i++) {
        if (!transport_open(server, i, &server->transports[i], err))
            return false;
        server->transport_count++;
    }
    return true;
}

/* The event thread takes no signals: they are the main thread's. */
static bool start_thread(struct http_server *server, struct err *err)
{
    if (pthread_create(&server->thread, NULL, loop_run, server) != 0)
        return fail(err, ERR_IO, server->config.name, "cannot start the event thread");
    return true;
}

static bool start_threads(struct http_server *server, struct err *err)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    bool ok = worker_start(server, err) && start_thread(server, err);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (!ok)
        worker_stop(server);
    return ok;
}

static struct http_server *server_new(const struct http_config *config)
{
    struct http_server *server = mem_new_of(struct http_server);
    server->config = *config;
    server->scan_ms = NEVER;
    server->date_s = -1;
    server->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    server->set_fd = epoll_create1(EPOLL_CLOEXEC);
    random_fill(&server->id_state, sizeof(server->id_state));
    pthread_mutex_init(&server->pool.mutex, NULL);
    pthread_cond_init(&server->pool.ready, NULL);
    return server;
}

static bool open_set(struct http_server *server, struct err *err)
{
    struct epoll_event event = {.events = EPOLLIN, .data.u32 = SET_WAKE};
    if (server->wake_fd >= 0 && server->set_fd >= 0 &&
        epoll_ctl(server->set_fd, EPOLL_CTL_ADD, server->wake_fd, &event) == 0)
        return true;
    return fail(err, ERR_IO, server->config.name, "cannot make an event set: %s", strerror(errno));
}

bool http_server_start(const struct http_config *config, struct http_server **out, struct err *err)
{
    struct http_server *server = server_new(config);
    bool ok = open_set(server, err) && peer_trust(server, err) &&
              (config->any != NULL || table_compile(server, err));
    if (ok && config->spool_dir != NULL)
        spool_sweep(config->spool_dir);
    ok = ok && open_transports(server, err) && start_threads(server, err);
    if (!ok) {
        for (size_t i = 0; i < server->transport_count; i++)
            transport_close(server->transports[i]);
        server_free(server);
        return false;
    }
    *out = server;
    return true;
}

static void signal_loop(struct http_server *server)
{
    (void)!write(server->wake_fd, &(uint64_t){1}, sizeof(uint64_t));
}

void http_server_wake(struct http_server *server)
{
    if (!atomic_exchange(&server->woken, true))
        signal_loop(server);
}

void http_server_drain(struct http_server *server, bool idle_too)
{
    atomic_store(&server->drain_idle, idle_too);
    atomic_store(&server->drain, true);
    signal_loop(server);
}

void http_server_stop(struct http_server *server, int64_t grace_ms)
{
    if (server == NULL)
        return;
    atomic_store(&server->stop_by_ms, clock_steady_ms() + grace_ms);
    atomic_store(&server->stopping, true);
    signal_loop(server);
    pthread_join(server->thread, NULL);
    server_free(server);
}

void http_server_counts(const struct http_server *server, struct http_counts *out)
{
    *out = (struct http_counts){
        .requests = atomic_load(&server->requests),
        .refused_by_guard = atomic_load(&server->refused_by_guard),
        .timed_out = atomic_load(&server->timed_out),
        .overloaded = atomic_load(&server->overloaded),
        .connections = atomic_load(&server->connection_count),
        .held = atomic_load(&server->held_count),
        .queued = atomic_load(&server->queued_count),
    };
}
