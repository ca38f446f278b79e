/* http: what the event thread wakes up for, and what it must not sleep through. */
#include <stdatomic.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "portal/http/server.h"
#include "tests/unit/http/rig.h"

#define ASK "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"

static bool answer_nothing(struct http_request *req, struct http_response *res, struct err *err)
{
    UNUSED(req);
    UNUSED(res);
    UNUSED(err);
    return true;
}

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

/* Clients of one socket whose next requests are here before the turn ends. */
static struct {
    int fds[16];
    int turns, most; /* of the event thread; so many at the most */
    _Atomic bool over;
} throng;

static void ask_again(void *state)
{
    char bytes[1024];
    UNUSED(state);
    if (atomic_load(&throng.over) || ++throng.turns > throng.most)
        return;
    for (size_t i = 0; i < COUNT_OF(throng.fds); i++)
        if (recv(throng.fds[i], bytes, sizeof(bytes), MSG_DONTWAIT) > 0)
            client_say(throng.fds[i], ASK);
}

/* While that goes on nobody sleeps, and so nobody is told that the other socket has something. */
TEST(test_wake_looks_at_every_socket_while_one_is_busy)
{
    struct rig rig;
    rig_init(&rig);
    rig_any(&rig, answer_nothing);
    rig.config.on_turn = ask_again;
    throng.turns = 0;
    throng.most = 50000;
    atomic_store(&throng.over, false);
    rig_listen(&rig, true);
    for (size_t i = 0; i < COUNT_OF(throng.fds); i++) {
        throng.fds[i] = client_open_unix(&rig);
        client_say(throng.fds[i], ASK);
    }
    rig_run(&rig);
    CHECK(rig_wait(&rig, count_connections, COUNT_OF(throng.fds)));
    CHECK_I64(client_ask(&rig, &rig.mem, ASK).status, 200);
    atomic_store(&throng.over, true);
    for (size_t i = 0; i < COUNT_OF(throng.fds); i++)
        close(throng.fds[i]);
    rig_stop(&rig);
    CHECK(throng.turns > 0 && throng.turns < throng.most);
}

/* The server's end of the only connection to its Unix socket. */
static int accepted_fd(const struct rig *rig)
{
    for (int fd = 3; fd < 1024; fd++) {
        struct sockaddr_un name = {0};
        socklen_t len = sizeof(name), size = sizeof(int);
        int listens = 1;
        if (getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) == 0 && !listens &&
            getsockname(fd, (struct sockaddr *)&name, &len) == 0 && name.sun_family == AF_UNIX &&
            str_eq(str_from(name.sun_path), str_from(rig->socket_path)))
            return fd;
    }
    return -1;
}

/* Edges tell once. One that was lost makes an answer late, not the client wait for ever. */
TEST(test_wake_looks_from_time_to_time_at_what_nobody_tells_of)
{
    struct rig rig;
    rig_init(&rig);
    rig_start(&rig, true);
    int fd = client_open_unix(&rig);
    client_say(fd, ASK);
    CHECK_I64(client_read(fd, &rig.mem, false).status, 200);
    CHECK_I64(epoll_ctl(rig.server->set_fd, EPOLL_CTL_DEL, accepted_fd(&rig), NULL), 0);
    client_say(fd, ASK);
    CHECK_I64(client_read(fd, &rig.mem, false).status, 200);
    close(fd);
    rig_stop(&rig);
}

static void watch(int set, int fd)
{
    struct epoll_event event = {.events = EPOLLIN | EPOLLET, .data.fd = fd};
    CHECK_I64(epoll_ctl(set, EPOLL_CTL_ADD, fd, &event), 0);
}

/* What transport.c builds on: of two sets the one that began to watch a socket later is told first.
 * A third set, which watches both, lists them in the order in which they were told. */
TEST(test_wake_is_told_last_where_it_watches_first)
{
    struct epoll_event events[2];
    int pair[2], ours = epoll_create1(EPOLL_CLOEXEC), library = epoll_create1(EPOLL_CLOEXEC),
                 both = epoll_create1(EPOLL_CLOEXEC);
    CHECK_I64(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    watch(both, ours);
    watch(both, library);
    watch(ours, pair[1]);
    watch(library, pair[1]);
    CHECK_I64(epoll_wait(both, events, 2, 0), 0);
    CHECK(client_say(pair[0], "x"));
    CHECK_I64(epoll_wait(both, events, 2, 0), 2);
    CHECK_I64(events[0].data.fd, library);
    CHECK_I64(events[1].data.fd, ours);
    close(pair[0]);
    close(pair[1]);
    close(ours);
    close(library);
    close(both);
}
