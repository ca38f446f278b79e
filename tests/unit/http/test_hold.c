/* http: held requests, overload, stopping. */
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/unit/http/rig.h"

#define H    "Host: localhost\r\n"
#define HOLD "GET /hold HTTP/1.1\r\n" H "\r\n"

TEST(test_hold_runs_again_at_a_wake_up)
{
    enum { POLLS = 50 };
    struct rig rig;
    int fds[POLLS];
    rig_init(&rig);
    rig.config.header_deadline_ms = 100; /* none of the deadlines touches a held request */
    rig.config.body_deadline_ms = 100;
    rig.config.idle_ms = 100;
    rig_start(&rig, false);
    for (size_t i = 0; i < POLLS; i++) {
        fds[i] = client_open(&rig);
        client_say(fds[i], HOLD);
    }
    CHECK(rig_wait(&rig, count_held, POLLS));
    usleep(250000);
    http_server_wake(rig.server); /* nothing has happened: they go on waiting */
    for (int i = 0; i < 5000 && atomic_load(&rig_state(&rig)->runs) < 2 * POLLS; i++)
        usleep(1000);
    CHECK_I64(atomic_load(&rig_state(&rig)->runs), 2 * POLLS);
    CHECK(rig_wait(&rig, count_held, POLLS));
    atomic_store(&rig_state(&rig)->events, 1);
    http_server_wake(rig.server);
    for (size_t i = 0; i < POLLS; i++) {
        struct reply r = client_read(fds[i], &rig.mem, false);
        CHECK_I64(r.status, 200);
        CHECK_STR(r.body, STR("woken"));
        close(fds[i]);
    }
    CHECK(rig_wait(&rig, count_held, 0));
    rig_stop(&rig);
}

TEST(test_hold_ends_at_its_time)
{
    struct rig rig;
    rig_init(&rig);
    rig_start(&rig, false);
    struct reply r = client_ask(&rig, &rig.mem, "GET /hold?ms=80 HTTP/1.1\r\n" H "\r\n");
    CHECK_I64(r.status, 200);
    CHECK_STR(r.body, STR("over"));
    CHECK_I64(atomic_load(&rig_state(&rig)->runs), 2);
    r = client_ask(&rig, &rig.mem, "GET /forever HTTP/1.1\r\n" H "\r\n");
    CHECK_I64(r.status, 503);
    CHECK_STR(reply_header(&r, "retry-after"), STR("1"));
    rig_stop(&rig);
}

TEST(test_hold_notices_clients_that_have_gone)
{
    struct rig rig;
    rig_init(&rig);
    rig_start(&rig, false);
    int fd = client_open(&rig);
    client_say(fd, HOLD);
    CHECK(rig_wait(&rig, count_held, 1));
    close(fd);
    CHECK(rig_wait(&rig, count_connections, 0));
    CHECK(rig_wait(&rig, count_held, 0));
    rig_stop(&rig);
}

TEST(test_hold_wake_ups_are_never_lost)
{
    struct rig rig;
    rig_init(&rig);
    rig_start(&rig, false);
    int fd = client_open(&rig);
    for (int i = 0; i < 300; i++) {
        atomic_store(&rig_state(&rig)->events, 0);
        client_say(fd, HOLD);
        if (i % 3 == 0)
            CHECK(rig_wait(&rig, count_held, 1));
        atomic_store(&rig_state(&rig)->events, 1);
        http_server_wake(rig.server);
        CHECK_STR(client_read(fd, &rig.mem, false).body, STR("woken"));
    }
    close(fd);
    rig_stop(&rig);
}

TEST(test_worker_that_cannot_begin_refuses_and_tries_again)
{
    struct rig rig;
    rig_init(&rig);
    rig.config.workers = 1;
    atomic_store(&rig_state(&rig)->refused_openings,
                 2); /* at the start, and at the first request */
    rig_start(&rig, false);
    struct reply r = client_ask(&rig, &rig.mem, "GET /work HTTP/1.1\r\n" H "\r\n");
    CHECK_I64(r.status, 503);
    CHECK_STR(reply_header(&r, "retry-after"), STR("1"));
    CHECK_I64(client_ask(&rig, &rig.mem, "GET /work HTTP/1.1\r\n" H "\r\n").status, 200);
    rig_stop(&rig);
}

/* --- overload --------------------------------------------------------------------------------- */

TEST(test_overload_answers_503_and_keeps_inline_routes_alive)
{
    struct rig rig;
    struct http_counts counts;
    int fds[3];
    rig_init(&rig);
    rig.config.workers = 1;
    rig.config.queue_limit = 2;
    rig_start(&rig, false);
    for (size_t i = 0; i < COUNT_OF(fds); i++) {
        fds[i] = client_open(&rig);
        client_say(fds[i], "GET /block HTTP/1.1\r\n" H "\r\n");
        while (i == 0 && atomic_load(&rig_state(&rig)->blocked) == 0)
            usleep(1000);
    }
    CHECK(rig_wait(&rig, count_queued, 2));
    static const char *const full[] = {
        "GET /work HTTP/1.1\r\n" H "\r\n",
        "POST /upload HTTP/1.1\r\n" H "Content-Length: 100\r\n\r\n",
    };
    for (size_t i = 0; i < COUNT_OF(full); i++) {
        struct reply r = client_ask(&rig, &rig.mem, full[i]);
        CHECK_I64(r.status, 503);
        CHECK_STR(reply_header(&r, "retry-after"), STR("1"));
        CHECK(reply_header(&r, "content-security-policy").ptr != NULL);
    }
    CHECK_I64(client_ask(&rig, &rig.mem, "GET / HTTP/1.1\r\n" H "\r\n").status, 200);
    http_server_counts(rig.server, &counts);
    CHECK_I64(counts.overloaded, 2);
    atomic_store(&rig_state(&rig)->release, true);
    for (size_t i = 0; i < COUNT_OF(fds); i++) {
        CHECK_STR(client_read(fds[i], &rig.mem, false).body, STR("released"));
        close(fds[i]);
    }
    rig_stop(&rig);
}

/* --- stopping --------------------------------------------------------------------------------- */

TEST(test_stop_answers_held_requests_and_ends_connections)
{
    struct rig rig;
    rig_init(&rig);
    rig_start(&rig, true);
    int held = client_open(&rig), held_unix = client_open_unix(&rig), idle = client_open(&rig);
    client_say(held, HOLD);
    client_say(held_unix, HOLD);
    client_say(idle, "GET / HTTP/1.1\r\n" H "\r\n");
    CHECK_I64(client_read(idle, &rig.mem, false).status, 200);
    CHECK(rig_wait(&rig, count_held, 2));
    struct arena mem = {0};
    rig_stop(&rig);
    int fds[] = {held, held_unix};
    for (size_t i = 0; i < COUNT_OF(fds); i++) {
        struct reply r = client_read(fds[i], &mem, false);
        CHECK_STR(r.body, STR("over"));
        CHECK_STR(reply_header(&r, "connection"), STR("close"));
        CHECK(client_ended(fds[i]));
        close(fds[i]);
    }
    CHECK(client_ended(idle));
    close(idle);
    arena_clear(&mem);
}

TEST(test_stop_lets_running_handlers_finish)
{
    struct rig rig;
    struct arena mem = {0};
    rig_init(&rig);
    rig.config.workers = 1;
    rig_start(&rig, false);
    int fd = client_open(&rig);
    client_say(fd, "GET /block HTTP/1.1\r\n" H "\r\n");
    while (atomic_load(&rig_state(&rig)->blocked) == 0)
        usleep(1000);
    rig_release_later(&rig, 100);
    rig_stop(&rig);
    struct reply r = client_read(fd, &mem, false);
    CHECK_STR(r.body, STR("released"));
    CHECK_STR(reply_header(&r, "connection"), STR("close"));
    close(fd);
    arena_clear(&mem);
}

/* The grace is over while one handler runs and one waits for it: no answer, no crash, no leak. */
TEST(test_stop_after_grace_drops_what_had_not_begun)
{
    struct rig rig;
    rig_init(&rig);
    rig.config.workers = 1;
    rig_start(&rig, false);
    struct rig_state *state = rig_state(&rig);
    int running = client_open(&rig), waiting = client_open(&rig), upload = client_open(&rig);
    client_say(running, "GET /block HTTP/1.1\r\n" H "\r\n");
    while (atomic_load(&state->blocked) == 0)
        usleep(1000);
    client_say(waiting, "GET /block HTTP/1.1\r\n" H "\r\n");
    client_say(upload, "POST /upload HTTP/1.1\r\n" H "Content-Length: 9\r\n\r\n");
    CHECK(rig_wait(&rig, count_queued, 2));
    rig_release_later(&rig, 200);
    http_server_stop(rig.server, 50);
    rig.server = NULL;
    CHECK_I64(atomic_load(&state->blocked), 1);
    CHECK_I64(client_read(waiting, &rig.mem, false).status, 0);
    CHECK_I64(client_read(upload, &rig.mem, false).status, 0);
    close(running);
    close(waiting);
    close(upload);
    rig_stop(&rig);
}

/* --- draining --------------------------------------------------------------------------------- */

#define ROOT "GET / HTTP/1.1\r\n" H "\r\n"

/* The socket goes on with another server, which nobody notices. */
TEST(test_drain_ends_each_connection_with_its_next_answer)
{
    struct rig rig;
    struct http_server *next = NULL;
    struct err err = {0};
    rig_init(&rig);
    rig_start(&rig, false);
    struct http_listener same = {.fd = -1};
    int kept = client_open(&rig), held = client_open(&rig);
    client_say(kept, ROOT);
    CHECK(client_read(kept, &rig.mem, false).status != 0);
    client_say(held, HOLD);
    CHECK(rig_wait(&rig, count_held, 1));
    same.fd = dup(rig.listeners[0].fd);
    http_server_drain(rig.server, false);
    struct reply r = client_read(held, &rig.mem, false);
    CHECK_I64(r.status, 200);
    CHECK_STR(r.body, STR("over"));
    CHECK_STR(reply_header(&r, "connection"), STR("close"));
    CHECK(client_ended(held));
    CHECK(rig_wait(&rig, count_connections, 1));
    int late = client_open(&rig); /* waits in the kernel */
    client_say(late, ROOT);
    usleep(50000);
    CHECK(rig_wait(&rig, count_connections, 1));
    struct http_config config = rig.config;
    config.listeners = &same;
    config.listener_count = 1;
    CHECK_OK(http_server_start(&config, &next, &err), &err);
    r = client_read(late, &rig.mem, false);
    CHECK(r.status != 0 && reply_header(&r, "connection").ptr == NULL);
    client_say(kept, ROOT);
    r = client_read(kept, &rig.mem, false);
    CHECK(r.status != 0);
    CHECK_STR(reply_header(&r, "connection"), STR("close"));
    CHECK(client_ended(kept));
    CHECK(rig_wait(&rig, count_connections, 0));
    close(kept);
    close(held);
    close(late);
    http_server_stop(next, 1000);
    rig_stop(&rig);
}

TEST(test_drain_ends_idle_connections_when_told)
{
    struct rig rig;
    rig_init(&rig);
    rig_start(&rig, false);
    int kept = client_open(&rig), running = client_open(&rig);
    int fresh = client_open(&rig), silent = client_open(&rig);
    client_say(kept, ROOT);
    CHECK(client_read(kept, &rig.mem, false).status != 0);
    client_say(running, "GET /block HTTP/1.1\r\n" H "\r\n");
    for (int i = 0; i < 5000 && atomic_load(&rig_state(&rig)->blocked) == 0; i++)
        usleep(1000);
    CHECK(rig_wait(&rig, count_connections, 4));
    http_server_drain(rig.server, true);
    CHECK(client_ended(kept));
    client_say(fresh, ROOT); /* who has just connected is answered */
    struct reply last = client_read(fresh, &rig.mem, false);
    CHECK(last.status != 0);
    CHECK_STR(reply_header(&last, "connection"), STR("close"));
    CHECK(client_ended(silent));
    CHECK(rig_wait(&rig, count_connections, 1));
    rig_release_later(&rig, 10);
    CHECK(client_read(running, &rig.mem, false).status == 200);
    CHECK(rig_wait(&rig, count_connections, 0));
    close(kept);
    close(running);
    close(fresh);
    close(silent);
    rig_stop(&rig);
}

/* --- addresses -------------------------------------------------------------------------------- */

TEST(test_a_listener_says_where_it_is)
{
    struct rig rig;
    rig_init(&rig);
    rig_start(&rig, true);
    CHECK_STR(http_listener_address(&rig.listeners[0], &rig.mem),
              arena_printf(&rig.mem, "http://127.0.0.1:%u", rig.port));
    CHECK_STR(http_listener_address(&rig.listeners[1], &rig.mem),
              arena_printf(&rig.mem, "unix:%s", rig.socket_path));
    rig_stop(&rig);
}
