/* client: pages, problems, feeds that keep what they have. */
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/screen/canned.h"
#include "tests/unit/test.h"
#include "tui/client/client.h"

static const struct canned_answer answers[] = {
    {"GET",  "/list?limit=500&cursor=b%2F2", 200, "{\"items\":[3],\"next\":null}"                            },
    {"GET",  "/list?limit=500",              200, "{\"items\":[1,2],\"next\":\"b/2\"}"                       },
    {"GET",  "/one",                         200, "{\"n\":1}"                                                },
    {"POST", "/taken",                       409, "{\"title\":\"conflict\",\"detail\":\"the name is taken\"}"},
    {"POST", "/bad",                         422,
     "{\"title\":\"invalid\",\"detail\":\"the body is not valid\",\"errors\":[{\"pointer\":\"/a\","
     "\"detail\":\"a is required\"}]}"                                                                       },
    {"GET",  "/html",                        502, "<html>"                                                   },
    {NULL,   NULL,                           0,   NULL                                                       },
};
static const struct canned_answer earlier[] = {
    {"GET", "/live", 200, "{\"at\":\"12:00\",\"rows\":[1]}"},
    {NULL,  NULL,    0,   NULL                             },
};
static const struct canned_answer later[] = {
    {"GET", "/live", 200, "{\"at\":\"12:01\",\"rows\":[1]}"},
    {NULL,  NULL,    0,   NULL                             },
};
static const struct canned_answer changed[] = {
    {"GET", "/live", 200, "{\"at\":\"12:01\",\"rows\":[2]}"},
    {NULL,  NULL,    0,   NULL                             },
};
static const struct canned_answer broken[] = {
    {"GET", "/",  500, "{\"title\":\"broken\"}"},
    {NULL,  NULL, 0,   NULL                    },
};

struct fixture {
    struct arena mem;
    char folder[32];
    struct str socket;
    struct server at;
    struct canned *server;
};

static void fixture_open(struct fixture *f)
{
    *f = (struct fixture){.folder = "/tmp/chy-client-XXXXXX"};
    CHECK(mkdtemp(f->folder) != NULL);
    f->socket = arena_printf(&f->mem, "%s/s", f->folder);
    f->at = (struct server){.address = arena_join(&f->mem, STR("unix:"), f->socket)};
    f->server = canned_start(f->socket.ptr, answers);
}

static void fixture_close(struct fixture *f)
{
    canned_stop(f->server);
    (void)unlink(f->socket.ptr);
    (void)rmdir(f->folder);
    arena_clear(&f->mem);
}

TEST(test_call_joins_pages)
{
    CLEANUP(fixture_close) struct fixture f;
    fixture_open(&f);
    struct fetch *fetch = fetch_new();
    const struct client_ask ask = {.method = "GET", .target = STR("/list"), .paged = true};
    struct client_reply *reply = client_call(fetch, &f.at, &ask);
    CHECK(reply->ok);
    const struct json *items = json_get(reply->json, "items");
    CHECK_I64(items->count, 3);
    int64_t want = 1;
    for (const struct json *item = items->child; item != NULL; item = item->next)
        CHECK_I64(item->integer, want++);
    CHECK_I64(want, 4);
    client_reply_free(reply);
    fetch_free(fetch);
}

TEST(test_call_puts_problems_into_words)
{
    static const struct {
        const char *method, *target, *message;
        enum err_code code;
    } cases[] = {
        {"POST", "/taken", "the name is taken",                    ERR_CONFLICT},
        {"POST", "/bad",   "the body is not valid: a is required", ERR_INVALID },
        {"GET",  "/html",  "chanceryd answered 502",               ERR_IO      },
    };
    CLEANUP(fixture_close) struct fixture f;
    fixture_open(&f);
    struct fetch *fetch = fetch_new();
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const struct client_ask ask = {
            .method = cases[i].method, .target = str_from(cases[i].target), .body = STR("{}")};
        struct client_reply *reply = client_call(fetch, &f.at, &ask);
        CHECK(!reply->ok && reply->reached);
        CHECK_I64(reply->err.code, cases[i].code);
        CHECK_STR(str_from(reply->err.msg), str_from(cases[i].message));
        client_reply_free(reply);
    }
    fetch_free(fetch);
}

static struct client_reply *wait_reply(struct client *c)
{
    struct client_reply *reply = client_take(c);
    for (int i = 0; reply == NULL && i < 100; i++) {
        struct pollfd ready = {client_fd(c), POLLIN, 0};
        (void)poll(&ready, 1, 100);
        reply = client_take(c);
    }
    return reply;
}

TEST(test_feed_keeps_its_data_when_the_server_fails)
{
    CLEANUP(fixture_close) struct fixture f;
    struct client *client = NULL;
    struct err err = {0};
    struct feed feed;
    fixture_open(&f);
    CHECK_OK(client_open(&f.at, &client, &err), &err);
    feed_init(&feed, STR("/one"), 1000, false);
    feed_step(&feed, client, false, 0);
    CHECK(feed_take(&feed, wait_reply(client), 50, 0));
    CHECK_I64(json_get_i64(feed_json(&feed), "n", 0), 1);
    CHECK_I64(feed.good_ms, 50);
    CHECK_I64(feed_due(&feed, false), 1050);
    CHECK_I64(feed_due(&feed, true), INT64_MAX);

    canned_change(f.server, broken);
    int64_t now_ms = 1050, last_ms = 0;
    for (int i = 0; i < 8; i++) { /* the distance between tries grows to its end */
        feed_step(&feed, client, false, now_ms);
        CHECK(feed_take(&feed, wait_reply(client), now_ms, 0));
        CHECK(feed.err.code != ERR_NONE);
        CHECK_I64(json_get_i64(feed_json(&feed), "n", 0), 1);
        CHECK(feed.due_ms - now_ms >= last_ms && feed.due_ms - now_ms <= 5000);
        last_ms = feed.due_ms - now_ms;
        now_ms = feed.due_ms;
    }
    CHECK_I64(last_ms, 5000);

    canned_change(f.server, answers);
    feed_step(&feed, client, false, now_ms);
    CHECK(feed_take(&feed, wait_reply(client), now_ms, 3000));
    CHECK_I64(feed.err.code, ERR_NONE);
    CHECK_I64(feed.due_ms, now_ms + 3000); /* a slow link's own period */
    feed_clear(&feed);
    client_close(client);
}

TEST(test_client_refuses_more_than_its_queue_holds)
{
    CLEANUP(fixture_close) struct fixture f;
    struct client *client = NULL;
    struct err err = {0};
    fixture_open(&f);
    CHECK_OK(client_open(&f.at, &client, &err), &err);
    const struct client_ask ask = {.method = "GET", .target = STR("/one")};
    int taken = 0;
    while (taken < 100 && client_send(client, &ask) != 0)
        taken++;
    CHECK_I64(taken, 32);
    for (int i = 0; i < taken; i++)
        client_reply_free(wait_reply(client));
    CHECK(client_send(client, &ask) != 0);
    client_close(client);
}

TEST(test_an_answer_that_is_known_is_not_read_again)
{
    CLEANUP(fixture_close) struct fixture f;
    static const struct canned_answer *const servers[] = {earlier, later, changed};
    struct fetch *fetch = fetch_new();
    struct client_ask ask = {.method = "GET", .target = STR("/live")};
    fixture_open(&f);
    for (size_t i = 0; i < COUNT_OF(servers); i++) {
        canned_change(f.server, servers[i]);
        struct client_reply *reply = client_call(fetch, &f.at, &ask);
        CHECK(reply->ok);
        CHECK_I64(reply->same, i == 1);
        CHECK_I64(reply->json == NULL, i == 1);
        ask.known = reply->digest;
        client_reply_free(reply);
    }
    fetch_free(fetch);
}
