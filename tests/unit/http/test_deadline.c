/* http: absolute deadlines: slow heads, bodies, readers and idle connections are cut; others are
 * served meanwhile. */
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/unit/http/rig.h"

#define H "Host: localhost\r\n"

static uint32_t count_timed_out(const struct http_counts *c)
{
    return (uint32_t)c->timed_out;
}

/* Sends one byte at a time until the server has had enough; what it says is not looked at. */
static void trickle(int fd, const char *byte)
{
    for (int i = 0; i < 2000 && client_say(fd, byte); i++)
        usleep(5000);
}

TEST(test_deadline_cuts_a_trickled_head)
{
    static const char *const starts[] = {
        "", "GET / HTTP/1.1\r\n", "GET / HTTP/1.1\r\n" H "X: ",
        "GET / HTTP/1.1\r\n" H "\r\nGET / HTTP/1.1\r\nX: ", /* on a kept connection */
    };
    struct rig rig;
    rig_init(&rig);
    rig.config.header_deadline_ms = 150;
    rig_start(&rig, false);
    for (size_t i = 0; i < COUNT_OF(starts); i++) {
        int fd = client_open(&rig);
        client_say(fd, starts[i]);
        trickle(fd, "a");
        CHECK(rig_wait(&rig, count_timed_out, (uint32_t)i + 1));
        CHECK(rig_wait(&rig, count_connections, 0));
        close(fd);
    }
    rig_stop(&rig);
}

TEST(test_deadline_cuts_a_trickled_body_and_upload)
{
    static const char *const starts[] = {
        "POST /echo HTTP/1.1\r\n" H "Content-Length: 100000\r\n\r\n",
        "POST /nothing HTTP/1.1\r\n" H "Content-Length: 100000\r\n\r\n",
        "POST /upload HTTP/1.1\r\n" H "Content-Length: 100000\r\n\r\n",
        "POST /upload HTTP/1.1\r\n" H "Transfer-Encoding: chunked\r\n\r\nffff\r\n",
    };
    struct rig rig;
    rig_init(&rig);
    rig.config.body_deadline_ms = 150;
    rig_start(&rig, false);
    for (size_t i = 0; i < COUNT_OF(starts); i++) {
        int fd = client_open(&rig);
        client_say(fd, starts[i]);
        trickle(fd, "a");
        CHECK(rig_wait(&rig, count_timed_out, (uint32_t)i + 1));
        CHECK(rig_wait(&rig, count_connections, 0));
        close(fd);
    }
    CHECK_I64(atomic_load(&rig_state(&rig)->runs), 0);
    rig_stop(&rig);
}

TEST(test_deadline_of_uploads_grows_with_what_has_come_up_to_its_most)
{
    static const struct {
        int64_t most_ms;
        uint32_t timed_out;
    } cases[] = {
        {60000, 0},
        {200,   1}
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct rig rig;
        rig_init(&rig);
        rig.config.body_deadline_ms = 150;
        rig.config.upload_deadline_ms = cases[i].most_ms;
        rig_start(&rig, false);
        int fd = client_open(&rig);
        CLEANUP(buf_clear) struct buf part = {0};
        for (int k = 0; k < 65536; k++)
            buf_add_char(&part, 'a');
        client_say(fd, "POST /upload HTTP/1.1\r\n" H "Content-Length: 65537\r\n\r\n");
        client_send(fd, buf_str(&part));
        /* 64 KiB have bought a second more than the deadline of a small body. */
        if (cases[i].timed_out == 0)
            usleep(500000);
        else
            CHECK(rig_wait(&rig, count_timed_out, 1));
        client_say(fd, "b");
        CHECK_I64(client_read(fd, &rig.mem, false).status, cases[i].timed_out == 0 ? 200 : 0);
        close(fd);
        rig_stop(&rig);
    }
}

TEST(test_deadline_cuts_idle_connections_and_unread_answers)
{
    struct rig rig;
    rig_init(&rig);
    rig.config.idle_ms = 150;
    rig.config.body_deadline_ms = 150;
    rig.config.upload_deadline_ms = 150;
    rig_start(&rig, false);
    int fd = client_open(&rig);
    client_say(fd, "GET / HTTP/1.1\r\n" H "\r\n");
    CHECK_I64(client_read(fd, &rig.mem, false).status, 200);
    CHECK(client_ended(fd));
    close(fd);
    int small = 4096;
    fd = client_open(&rig);
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small));
    client_say(fd, "GET /large HTTP/1.1\r\n" H "\r\n");
    CHECK(rig_wait(&rig, count_timed_out, 2));
    CHECK(rig_wait(&rig, count_connections, 0));
    close(fd);
    rig_stop(&rig);
}

TEST(test_deadline_tricklers_do_not_hinder_others)
{
    enum { SLOW = 200 };
    struct rig rig;
    int slow[SLOW];
    rig_init(&rig);
    rig.config.header_deadline_ms = 400;
    rig_start(&rig, false);
    for (size_t i = 0; i < SLOW; i++) {
        slow[i] = client_open(&rig);
        client_say(slow[i], i % 2 ? "GET / HTTP/1.1\r\nX: " : "G");
    }
    size_t good = 0, asked = 0;
    for (int round = 0; round < 100; round++, asked++) {
        good += client_ask(&rig, &rig.mem, "GET /work HTTP/1.1\r\n" H "\r\n").status == 200;
        for (size_t i = 0; i < SLOW; i += 20)
            client_say(slow[i], "a");
    }
    CHECK_I64(good, asked);
    CHECK(rig_wait(&rig, count_timed_out, SLOW));
    CHECK(rig_wait(&rig, count_connections, 0));
    for (size_t i = 0; i < SLOW; i++)
        close(slow[i]);
    rig_stop(&rig);
}
