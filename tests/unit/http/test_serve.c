/* http: answers, routes derived from the table, keep-alive, many connections. */
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/unit/http/rig.h"

#define HOST "Host: localhost\r\n"

TEST(test_http_answers_with_headers_every_answer_has)
{
    struct rig rig;
    rig_init(&rig);
    rig_start(&rig, false);
    struct reply r = client_ask(&rig, &rig.mem, "GET / HTTP/1.1\r\n" HOST "\r\n");
    CHECK_I64(r.status, 200);
    CHECK_STR(r.body, STR("hello"));
    CHECK_STR(reply_header(&r, "content-type"), STR("text/plain"));
    CHECK_STR(reply_header(&r, "content-length"), STR("5"));
    CHECK_STR(reply_header(&r, "content-security-policy"), STR("default-src 'none'"));
    CHECK_STR(reply_header(&r, "cache-control"), STR("no-store"));
    CHECK_I64(reply_header(&r, "x-request-id").len, 13);
    CHECK(str_ends(reply_header(&r, "date"), STR(" GMT")));
    CHECK(reply_header(&r, "connection").ptr == NULL);
    struct reply again = client_ask(&rig, &rig.mem, "GET / HTTP/1.1\r\n" HOST "\r\n");
    CHECK(!str_eq(reply_header(&r, "x-request-id"), reply_header(&again, "x-request-id")));
    rig_stop(&rig);
}

TEST(test_http_derives_answers_from_the_table)
{
    static const struct {
        const char *request;
        int status;
        const char *allow;
    } cases[] = {
        {"GET /echo HTTP/1.1\r\n" HOST "\r\n",                   200, NULL                           },
        {"PUT /echo HTTP/1.1\r\n" HOST "\r\n",                   200, NULL                           },
        {"HEAD /echo HTTP/1.1\r\n" HOST "\r\n",                  200, NULL                           },
        {"HEAD /form HTTP/1.1\r\n" HOST "\r\n",                  405, "POST, OPTIONS"                },
        {"DELETE /echo HTTP/1.1\r\n" HOST "\r\n",                405, "GET, HEAD, POST, PUT, OPTIONS"},
        {"OPTIONS /echo HTTP/1.1\r\n" HOST "\r\n",               204, "GET, HEAD, POST, PUT, OPTIONS"},
        {"OPTIONS /form HTTP/1.1\r\n" HOST "\r\n",               204, "POST, OPTIONS"                },
        {"OPTIONS /nothing HTTP/1.1\r\n" HOST "\r\n",            404, NULL                           },
        {"GET /nothing HTTP/1.1\r\n" HOST "\r\n",                404, NULL                           },
        {"GET /echo/ HTTP/1.1\r\n" HOST "\r\n",                  404, NULL                           },
        {"GET /secret HTTP/1.1\r\n" HOST "\r\n",                 403, NULL                           },
        {"GET /work HTTP/1.1\r\n" HOST "X-User: nobody\r\n\r\n", 401, NULL                           },
    };
    struct rig rig;
    rig_init(&rig);
    rig_start(&rig, false);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct reply r = client_ask(&rig, &rig.mem, cases[i].request);
        CHECK_I64(r.status, cases[i].status);
        CHECK_STR(reply_header(&r, "allow"), str_from(cases[i].allow));
        CHECK(reply_header(&r, "content-security-policy").ptr != NULL);
        CHECK(reply_header(&r, "x-request-id").ptr != NULL);
        CHECK(!r.closed);
    }
    CHECK_I64(atomic_load(&rig_state(&rig)->answers), COUNT_OF(cases));
    rig_stop(&rig);
}

TEST(test_http_head_has_the_headers_of_get_and_no_body)
{
    struct rig rig;
    rig_init(&rig);
    rig_start(&rig, false);
    int fd = client_open(&rig);
    client_say(fd, "HEAD / HTTP/1.1\r\n" HOST "\r\n");
    struct reply r = client_read(fd, &rig.mem, true);
    CHECK_I64(r.status, 200);
    CHECK_STR(reply_header(&r, "content-length"), STR("5"));
    client_say(fd, "GET /echo HTTP/1.1\r\n" HOST "\r\n");
    r = client_read(fd, &rig.mem, false);
    CHECK_I64(r.status, 200);
    CHECK(str_starts(r.body, STR("method=GET")));
    close(fd);
    rig_stop(&rig);
}

TEST(test_http_decodes_arguments_query_and_cookies)
{
    struct rig rig;
    rig_init(&rig);
    rig_start(&rig, false);
    struct reply r = client_ask(&rig, &rig.mem,
                                "GET /v1/apis/a%20b/versions/%C3%A9?q=x+y%2Fz&empty&n=%26 "
                                "HTTP/1.1\r\n" HOST "Cookie: a=1; sid=\"s,1\"; b=2\r\n\r\n");
    CHECK_I64(r.status, 200);
    CHECK(str_find(r.body, STR("arg=a b\narg=\xC3\xA9\n")) != SIZE_MAX);
    CHECK(str_find(r.body, STR("query q=x y/z\nquery empty=\nquery n=&\n")) != SIZE_MAX);
    CHECK(str_find(r.body, STR("cookie=s,1\n")) != SIZE_MAX);
    CHECK(str_find(r.body, STR("worker=thread\n")) != SIZE_MAX);
    static const char *const bad[] = {
        "GET /v1/apis/%FF/versions/1 HTTP/1.1\r\n" HOST "\r\n",
        "GET /echo?q=%FF HTTP/1.1\r\n" HOST "\r\n",
    };
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        CHECK_I64(client_ask(&rig, &rig.mem, bad[i]).status, 400);
    rig_stop(&rig);
}

TEST(test_http_query_of_too_many_fields_is_refused)
{
    struct rig rig;
    rig_init(&rig);
    rig.config.pool_bytes = (size_t)64 * 1024;
    rig_start(&rig, false);
    CLEANUP(buf_clear) struct buf text = {0};
    buf_add(&text, STR("GET /echo?a=1"));
    for (int i = 0; i < 256; i++)
        buf_add(&text, STR("&b=2"));
    buf_add(&text, STR(" HTTP/1.1\r\n" HOST "\r\n"));
    CHECK_I64(client_once(&rig, &rig.mem, buf_str(&text)).status, 413);
    rig_stop(&rig);
}

TEST(test_http_caches_by_etag_and_route)
{
    struct rig rig;
    rig_init(&rig);
    rig_start(&rig, false);
    struct reply r = client_ask(&rig, &rig.mem, "GET /tag HTTP/1.1\r\n" HOST "\r\n");
    CHECK_I64(r.status, 200);
    CHECK_STR(reply_header(&r, "cache-control"), STR("private, no-cache"));
    r = client_ask(&rig, &rig.mem,
                   "GET /tag HTTP/1.1\r\n" HOST "If-None-Match: \"b\", W/\"a,1\"\r\n\r\n");
    CHECK_I64(r.status, 304);
    r = client_ask(&rig, &rig.mem, "GET /tag HTTP/1.1\r\n" HOST "If-None-Match: \"a\"\r\n\r\n");
    CHECK_I64(r.status, 200);
    r = client_ask(&rig, &rig.mem, "GET /static HTTP/1.1\r\n" HOST "\r\n");
    CHECK_STR(reply_header(&r, "cache-control"), STR("public, max-age=31536000, immutable"));
    rig_stop(&rig);
}

TEST(test_http_etag_matches_lists_and_any)
{
    static const struct {
        const char *header;
        bool match;
    } cases[] = {
        {"\"x\"",           true },
        {"W/\"x\"",         true },
        {"\"y\"",           false},
        {"\"y\",\"x\"",     true },
        {"\"y\" , W/\"x\"", true },
        {"*",               true },
        {"x",               false},
        {"\"x",             false},
        {"",                false},
        {"\"y\" junk",      false},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        CHECK_I64(http_etag_matches(str_from(cases[i].header), STR("\"x\"")), cases[i].match);
    CHECK(!http_etag_matches(STR_NONE, STR("\"x\"")));
}

TEST(test_http_errors_become_problem_documents)
{
    struct rig rig;
    rig_init(&rig);
    rig_start(&rig, false);
    struct reply r =
        client_ask(&rig, &rig.mem, "GET /fail HTTP/1.1\r\n" HOST "X-Request-Id: abc-1.2\r\n\r\n");
    CHECK_I64(r.status, 409);
    CHECK_STR(reply_header(&r, "content-type"), STR("application/problem+json"));
    CHECK_STR(reply_header(&r, "x-request-id"), STR("abc-1.2"));
    CHECK_STR(r.body, STR("{\"type\":\"about:blank\",\"title\":\"Conflict\",\"status\":409,"
                          "\"detail\":\"name is taken; choose another\",\"code\":\"conflict\","
                          "\"request_id\":\"abc-1.2\",\"errors\":[{\"pointer\":\"/name\","
                          "\"code\":\"conflict\",\"detail\":\"name is taken\"}]}"));
    r = client_ask(&rig, &rig.mem, "GET /fail?code=store HTTP/1.1\r\n" HOST "\r\n");
    CHECK_I64(r.status, 500);
    CHECK(str_find(r.body, STR("secret")) == SIZE_MAX);
    CHECK(str_find(r.body, STR("malformed")) == SIZE_MAX);
    r = client_ask(&rig, &rig.mem, "GET / HTTP/1.1\r\n" HOST "X-Request-Id: a\"b\r\n\r\n");
    CHECK_I64(reply_header(&r, "x-request-id").len, 13);
    rig_stop(&rig);
}

TEST(test_http_header_injection_becomes_500)
{
    struct rig rig;
    rig_init(&rig);
    rig_start(&rig, false);
    struct reply r = client_ask(&rig, &rig.mem, "GET /badheader HTTP/1.1\r\n" HOST "\r\n");
    CHECK_I64(r.status, 500);
    CHECK(reply_header(&r, "set-cookie").ptr == NULL);
    CHECK(reply_header(&r, "x-name").ptr == NULL);
    rig_stop(&rig);
}

TEST(test_http_keeps_alive_and_answers_pipelined_requests_in_order)
{
    struct rig rig;
    rig_init(&rig);
    rig_start(&rig, false);
    int fd = client_open(&rig);
    client_say(fd, "GET /work?a=1 HTTP/1.1\r\n" HOST "\r\n"
                   "GET /echo?a=2 HTTP/1.1\r\n" HOST "\r\n"
                   "POST /echo HTTP/1.1\r\n" HOST "Content-Length: 3\r\n\r\nabc"
                   "GET /work?a=4 HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n");
    static const char *const wants[] = {"query a=1", "query a=2", "body=abc", "query a=4"};
    for (size_t i = 0; i < COUNT_OF(wants); i++) {
        struct reply r = client_read(fd, &rig.mem, false);
        CHECK_I64(r.status, 200);
        CHECK(str_find(r.body, str_from(wants[i])) != SIZE_MAX);
    }
    CHECK(client_ended(fd));
    close(fd);
    rig_stop(&rig);
}

TEST(test_http_answers_one_byte_at_a_time_requests)
{
    struct rig rig;
    rig_init(&rig);
    rig_start(&rig, false);
    static const char text[] =
        "POST /echo?x=1 HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n"
        "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n";
    int fd = client_open(&rig);
    for (size_t i = 0; i + 1 < sizeof(text); i++)
        client_send(fd, (struct str){text + i, 1});
    struct reply r = client_read(fd, &rig.mem, false);
    CHECK_I64(r.status, 200);
    CHECK(str_find(r.body, STR("body=abcde\n")) != SIZE_MAX);
    close(fd);
    rig_stop(&rig);
}

/* All are ready at once: a full batch of the library's must not put the loop to sleep. */
static void check_progress(size_t count)
{
    struct rig rig;
    rig_init(&rig);
    rig_start(&rig, false);
    int fds[512];
    for (size_t i = 0; i < count; i++)
        fds[i] = client_open(&rig);
    CHECK(rig_wait(&rig, count_connections, (uint32_t)count));
    for (int round = 0; round < 3; round++) {
        size_t good = 0;
        for (size_t i = 0; i < count; i++)
            client_say(fds[i], round == 1 ? "GET /work HTTP/1.1\r\n" HOST "\r\n"
                                          : "GET / HTTP/1.1\r\n" HOST "\r\n");
        for (size_t i = 0; i < count; i++) {
            int status = client_read(fds[i], &rig.mem, false).status;
            good += status == 200 || (round == 1 && status == 503);
        }
        CHECK_I64(good, count);
    }
    for (size_t i = 0; i < count; i++)
        close(fds[i]);
    CHECK(rig_wait(&rig, count_connections, 0));
    rig_stop(&rig);
}

TEST(test_http_makes_progress_with_127_connections)
{
    check_progress(127);
}

TEST(test_http_makes_progress_with_128_connections)
{
    check_progress(128);
}

TEST(test_http_makes_progress_with_256_connections)
{
    check_progress(256);
}

TEST(test_http_makes_progress_with_512_connections)
{
    check_progress(512);
}

TEST(test_http_large_answers_reach_slow_readers)
{
    struct rig rig;
    rig_init(&rig);
    rig_start(&rig, false);
    int fd = client_open(&rig), small = 65536;
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small));
    client_say(fd, "GET /large HTTP/1.1\r\n" HOST "\r\nGET / HTTP/1.1\r\n" HOST "\r\n");
    struct reply r = client_read(fd, &rig.mem, false);
    CHECK_I64(r.body.len, 16 << 18);
    r = client_read(fd, &rig.mem, false);
    CHECK_STR(r.body, STR("hello"));
    close(fd);
    rig_stop(&rig);
}

TEST(test_http_refuses_tables_it_cannot_serve)
{
    static const struct {
        struct http_route routes[2];
        size_t count;
        enum err_code code;
    } cases[] = {
        {{{HTTP_GET, 0, "/a", NULL, NULL, 0}, {HTTP_GET, 0, "/a", NULL, NULL, 0}}, 2, ERR_CONFLICT},
        {{{HTTP_GET, 0, "/a", NULL, NULL, HTTP_HOLDS}},                            1, ERR_INVALID },
        {{{HTTP_POST, 0, "/a", NULL, NULL, HTTP_UPLOAD | HTTP_INLINE}},            1, ERR_INVALID },
        {{{HTTP_GET, 0, "/{a}/{b}/{c}/{d}/{e}/{f}/{g}/{h}/{i}", NULL, NULL, 0}},   1, ERR_INVALID },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct http_config config = http_config_default;
        struct http_server *server = NULL;
        struct err err = {0};
        config.routes = cases[i].routes;
        config.route_count = cases[i].count;
        CHECK(!http_server_start(&config, &server, &err));
        CHECK_I64(err.code, cases[i].code);
        CHECK(server == NULL);
    }
}

/* Callers alike are those of the same number, "/consumer-NUMBER…". */
static bool allow_or_refuse(struct http_request *req, struct http_response *res, struct err *err)
{
    struct rig_state *state = req->context;
    struct http_alike alike = {
        {1, 2, 3, 4, 5, 0}
    };
    if (str_starts(req->target, STR("/no")))
        return fail(err, ERR_DENIED, "", "no");
    int64_t number = 0;
    if (!str_to_i64(str_sub(req->target, sizeof("/consumer-") - 1, 4), &number))
        return fail(err, ERR_INVALID, "path", "has no number");
    alike.words[5] = (uint64_t)number;
    if (!http_answer_again(req, &alike)) {
        atomic_fetch_add(&state->runs, 1);
        http_set_header(res, "X-Consumer", req->target);
    }
    return !str_ends(req->target, STR("-fails")) || fail(err, ERR_IO, "", "no");
}

static int64_t second_of(void *context)
{
    return atomic_load((_Atomic int64_t *)context);
}

static struct reply ask_as(int fd, struct arena *mem, int number, const char *rest)
{
    struct str head = arena_printf(
        mem, "GET /consumer-%04d%s HTTP/1.1\r\n" HOST "X-Request-Id: abc\r\n\r\n", number, rest);
    CHECK(client_send(fd, head));
    return client_read(fd, mem, false);
}

/* More callers than answers are kept for, each of them twice. */
TEST(test_http_gives_each_caller_its_own_yes)
{
    struct rig rig;
    rig_init(&rig);
    rig_any(&rig, allow_or_refuse);
    rig.config.on_answer = NULL;
    rig_start(&rig, false);
    int fd = client_open(&rig);
    for (int i = 0; i < 10000; i++) {
        CLEANUP(arena_clear) struct arena mem = {0};
        struct reply r = ask_as(fd, &mem, i / 2, "-of-many");
        CHECK_I64(r.status, 200);
        CHECK_STR(reply_header(&r, "x-consumer"),
                  arena_printf(&mem, "/consumer-%04d-of-many", i / 2));
        CHECK(str_ends(reply_header(&r, "date"), STR(" GMT")));
        CHECK(reply_header(&r, "x-request-id").ptr == NULL);
    }
    CHECK(client_say(fd, "GET /no HTTP/1.1\r\n" HOST "X-Request-Id: abc\r\n\r\n"));
    struct reply no = client_read(fd, &rig.mem, false);
    CHECK_I64(no.status, 403);
    CHECK_STR(reply_header(&no, "x-request-id"), STR("abc"));
    close(fd);
    rig_stop(&rig);
}

/* A yes is kept for its second, and never in the place of a no. */
TEST(test_http_keeps_a_yes_for_a_second)
{
    struct rig rig;
    _Atomic int64_t now_ms = INT64_C(1700000000000);
    const struct clock clock = {.now_ms = second_of, .context = &now_ms};
    rig_init(&rig);
    rig_any(&rig, allow_or_refuse);
    rig.config.on_answer = NULL;
    rig.config.clock = &clock;
    rig_start(&rig, false);
    int fd = client_open(&rig);
    CHECK_I64(ask_as(fd, &rig.mem, 7, "-fails").status, 500);
    struct reply first = ask_as(fd, &rig.mem, 7, "-a");
    struct reply again = ask_as(fd, &rig.mem, 7, "-b");
    CHECK_STR(reply_header(&first, "x-consumer"), STR("/consumer-0007-a"));
    CHECK_STR(again.head, first.head);
    CHECK_I64(atomic_load(&rig_state(&rig)->runs), 2);
    struct reply no = ask_as(fd, &rig.mem, 7, "-fails");
    CHECK_I64(no.status, 500);
    CHECK(reply_header(&no, "x-consumer").ptr == NULL);
    atomic_store(&now_ms, INT64_C(1700000001000));
    again = ask_as(fd, &rig.mem, 7, "-c");
    CHECK_STR(reply_header(&again, "x-consumer"), STR("/consumer-0007-c"));
    CHECK(!str_eq(reply_header(&again, "date"), reply_header(&first, "date")));
    CHECK_I64(atomic_load(&rig_state(&rig)->runs), 3);
    http_server_drain(rig.server, false);
    for (int tries = 0; tries < 1000; tries++) { /* until the server has heard of it */
        again = ask_as(fd, &rig.mem, 7, "-d");
        if (again.status != 200 || reply_header(&again, "connection").ptr != NULL)
            break;
    }
    CHECK_STR(reply_header(&again, "connection"), STR("close"));
    CHECK_STR(reply_header(&again, "x-consumer"), STR("/consumer-0007-d"));
    close(fd);
    rig_stop(&rig);
}
