/* fetch: Unix sockets, kept connections, limits, errors that say what to do, stopping. */
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "fetch/fetch.h"
#include "tests/screen/canned.h"
#include "tests/unit/test.h"

static const struct canned_answer answers[] = {
    {"GET",  "/json",   200, "{\"a\":1}"},
    {"POST", "/json",   201, "{}"       },
    {"GET",  "/gone",   404, "{}"       },
    {"GET",  "/silent", 0,   ""         },
    {NULL,   NULL,      0,   NULL       },
};

struct fixture {
    struct arena mem;
    char folder[32];
    struct str socket, address;
    struct canned *server;
    struct fetch *client;
};

static void fixture_open(struct fixture *f)
{
    *f = (struct fixture){.folder = "/tmp/chy-fetch-XXXXXX"};
    CHECK(mkdtemp(f->folder) != NULL);
    f->socket = arena_printf(&f->mem, "%s/s", f->folder);
    f->address = arena_join(&f->mem, STR("unix:"), f->socket);
    f->server = canned_start(f->socket.ptr, answers);
    f->client = fetch_new();
}

static void fixture_close(struct fixture *f)
{
    fetch_free(f->client);
    canned_stop(f->server);
    (void)unlink(f->socket.ptr);
    (void)rmdir(f->folder);
    arena_clear(&f->mem);
}

static bool ask(struct fixture *f, const char *target, struct fetch_answer *out, struct err *err)
{
    const struct fetch_request request = {
        .address = f->address, .method = "GET", .target = str_from(target), .timeout_ms = 5000};
    return fetch_send(f->client, &request, &f->mem, out, err);
}

TEST(test_fetch_reads_status_type_date_and_body)
{
    CLEANUP(fixture_close) struct fixture f;
    struct fetch_answer answer = {0};
    struct err err = {0};
    fixture_open(&f);
    CHECK_OK(ask(&f, "/json?a=%20", &answer, &err), &err);
    CHECK_I64(answer.status, 200);
    CHECK_STR(answer.content_type, STR("application/json"));
    CHECK_I64(answer.date_ms, INT64_C(1795521871000));
    CHECK_STR(answer.body, STR("{\"a\":1}"));
    CHECK_I64(answer.header_count, 3);
    CHECK_STR(answer.headers[1].name, STR("Content-Type"));
    CHECK_STR(answer.headers[1].value, STR("application/json"));
    CHECK_OK(ask(&f, "/json#part", &answer, &err), &err);
    CHECK_I64(canned_count(f.server, "GET", "/json#part"), 1);
    CHECK_I64(canned_count(f.server, "GET", "/json?a=%20"), 1);
    CHECK_OK(ask(&f, "/gone", &answer, &err), &err); /* any status is an answer */
    CHECK_I64(answer.status, 404);
}

TEST(test_fetch_sends_method_headers_and_body)
{
    CLEANUP(fixture_close) struct fixture f;
    struct fetch_answer answer = {0};
    struct err err = {0};
    fixture_open(&f);
    const struct fetch_header header = {STR("content-type"), STR("application/json")};
    const struct fetch_request request = {.address = f.address,
                                          .method = "POST",
                                          .target = STR("/json"),
                                          .headers = &header,
                                          .header_count = 1,
                                          .body = STR("{\"reason\":\"x\"}")};
    CHECK_OK(fetch_send(f.client, &request, &f.mem, &answer, &err), &err);
    CHECK_I64(answer.status, 201);
    CHECK_STR(canned_body(f.server, &f.mem), STR("{\"reason\":\"x\"}"));
}

TEST(test_fetch_refuses_more_than_its_limit)
{
    CLEANUP(fixture_close) struct fixture f;
    struct fetch_answer answer = {0};
    struct err err = {0};
    fixture_open(&f);
    struct fetch_request request = {
        .address = f.address, .method = "GET", .target = STR("/json"), .limit_bytes = 6};
    CHECK(!fetch_send(f.client, &request, &f.mem, &answer, &err));
    CHECK_I64(err.code, ERR_LIMIT);
    request.limit_bytes = 7;
    CHECK_OK(fetch_send(f.client, &request, &f.mem, &answer, &err), &err);
}

TEST(test_fetch_names_place_reason_and_remedy)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    static const struct {
        const char *address, *message;
        enum err_code code;
    } cases[] = {
        {"unix:/tmp/chy-no-such/s",
         "cannot reach chanceryd at unix:/tmp/chy-no-such/s: no such file or directory",                ERR_IO     },
        {"http://127.0.0.1:1",      "cannot reach chanceryd at http://127.0.0.1:1: connection refused",
         ERR_IO                                                                                                    },
        {"ftp://127.0.0.1",         "not an address",                                                   ERR_INVALID},
        {"/run/s",                  "not an address",                                                   ERR_INVALID},
    };
    struct fetch *client = fetch_new();
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct fetch_answer answer = {0};
        struct err err = {0};
        const struct fetch_request request = {.address = str_from(cases[i].address),
                                              .method = "GET",
                                              .target = STR("/"),
                                              .peer = "chanceryd"};
        CHECK(!fetch_send(client, &request, &mem, &answer, &err));
        CHECK_I64(err.code, cases[i].code);
        CHECK_STR(str_from(err.where), str_from(cases[i].address));
        CHECK_STR(str_from(err.msg), str_from(cases[i].message));
        CHECK(err.hint[0] != '\0');
    }
    fetch_free(client);
}

static void *stop_soon(void *context)
{
    struct fixture *f = context;
    while (canned_count(f->server, "GET", "/silent") == 0)
        (void)usleep(1000);
    fetch_stop(f->client);
    return NULL;
}

TEST(test_fetch_stop_cuts_a_request_under_way)
{
    CLEANUP(fixture_close) struct fixture f;
    struct fetch_answer answer = {0};
    struct err err = {0};
    pthread_t thread;
    fixture_open(&f);
    CHECK_I64(pthread_create(&thread, NULL, stop_soon, &f), 0);
    int64_t start = clock_steady_ms();
    CHECK(!ask(&f, "/silent", &answer, &err));
    CHECK(clock_steady_ms() - start < 4000); /* well before its own timeout */
    (void)pthread_join(thread, NULL);
    CHECK(!ask(&f, "/json", &answer, &err));
}

TEST(test_fetch_meets_a_server_that_was_started_anew)
{
    CLEANUP(fixture_close) struct fixture f;
    struct fetch_answer answer = {0};
    struct err err = {0};
    fixture_open(&f);
    CHECK_OK(ask(&f, "/json", &answer, &err), &err);
    canned_stop(f.server);
    f.server = canned_start(f.socket.ptr, answers);
    CHECK_OK(ask(&f, "/json", &answer, &err), &err);
}
