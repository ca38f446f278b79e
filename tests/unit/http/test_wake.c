/* http: what the event thread wakes up for, and what it must not sleep through. */
#include <stdatomic.h>
#include <unistd.h>

#include "tests/unit/http/rig.h"

#define ASK "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"

/* The client of a Unix socket makes it writable for us by reading: nothing to wake up for. */
TEST(test_wake_once_for_a_request)
{
    enum { ASKED = 50 };
    struct rig rig;
    rig_init(&rig);
    rig.config.on_turn = rig_count_turn;
    rig_start(&rig, true);
    int fd = client_open_unix(&rig);
    client_say(fd, ASK);
    CHECK_I64(client_read(fd, &rig.mem, false).status, 200);
    int before = atomic_load(&rig_state(&rig)->turns);
    for (int i = 0; i < ASKED; i++) {
        client_say(fd, ASK);
        CHECK_I64(client_read(fd, &rig.mem, false).status, 200);
        usleep(2000); /* time to wake up and sleep again */
    }
    int turns = atomic_load(&rig_state(&rig)->turns) - before;
    if (turns >= ASKED * 3 / 2)
        printf("\n%d turns for %d requests\n", turns, ASKED);
    CHECK(turns < ASKED * 3 / 2);
    close(fd);
    rig_stop(&rig);
}

static void all_are_answered(struct rig *rig, const int *fds, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        CHECK_I64(client_read(fds[i], &rig->mem, false).status, 200);
        close(fds[i]);
    }
    CHECK(rig_wait(rig, count_connections, 0));
    rig_stop(rig);
}

/* The library accepts about ten at a time. */
TEST(test_wake_accepts_all_that_came_at_once)
{
    enum { CLIENTS = 60 };
    struct rig rig;
    int fds[CLIENTS];
    rig_init(&rig);
    rig_listen(&rig, true);
    for (size_t i = 0; i < CLIENTS; i++)
        fds[i] = i % 2 == 0 ? client_open(&rig) : client_open_unix(&rig);
    rig_run(&rig);
    CHECK(rig_wait(&rig, count_connections, CLIENTS));
    for (size_t i = 0; i < CLIENTS; i++)
        client_say(fds[i], ASK);
    all_are_answered(&rig, fds, CLIENTS);
}

TEST(test_wake_serves_who_waited_at_the_limit_when_another_goes)
{
    enum { CLIENTS = 20, LIMIT = 3 };
    struct rig rig;
    int fds[CLIENTS];
    rig_init(&rig);
    rig.config.connection_limit = LIMIT;
    rig_start(&rig, true);
    for (size_t i = 0; i < CLIENTS; i++) {
        fds[i] = client_open_unix(&rig);
        client_say(fds[i], ASK);
    }
    all_are_answered(&rig, fds, CLIENTS);
}
