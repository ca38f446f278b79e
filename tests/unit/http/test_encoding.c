/* http: which answers are compressed, for whom, and what their headers then say. */
#include <unistd.h>

#include "tests/unit/http/rig.h"

#define HOST       "Host: localhost\r\n"
#define BODY_BYTES 4000

static bool answer_with(struct http_request *req, struct http_response *res, const char *type,
                        size_t len)
{
    UNUSED(req);
    res->content_type = str_from(type);
    while (res->owned.len < len)
        buf_add(&res->owned, STR("0123456789abcdef"));
    return true;
}

#define ANSWERS(name, type, len)                                                           \
    static bool name(struct http_request *req, struct http_response *res, struct err *err) \
    {                                                                                      \
        UNUSED(err);                                                                       \
        return answer_with(req, res, type, len);                                           \
    }
ANSWERS(page, "text/html; charset=utf-8", BODY_BYTES)
ANSWERS(small, "application/json", 512)
ANSWERS(huge, "application/json", (size_t)5 << 20)
ANSWERS(picture, "image/png", BODY_BYTES)

static bool row(struct http_request *req, struct http_response *res, struct err *err)
{
    UNUSED(err);
    http_set_header(res, "ETag", STR("\"7\""));
    if (!http_etag_matches(http_header(req, "if-none-match"), STR("\"7\"")))
        return answer_with(req, res, "application/json", BODY_BYTES);
    res->status = 304;
    return true;
}

static bool secret(struct http_request *req, struct http_response *res, struct err *err)
{
    UNUSED(err);
    res->plain = true;
    return answer_with(req, res, "text/html", BODY_BYTES);
}

static bool packed_before(struct http_request *req, struct http_response *res, struct err *err)
{
    UNUSED(err);
    http_set_header(res, "Content-Encoding", STR("gzip"));
    return answer_with(req, res, "text/html", BODY_BYTES);
}

static bool noise(struct http_request *req, struct http_response *res, struct err *err)
{
    UNUSED(req);
    UNUSED(err);
    random_fill(buf_room(&res->owned, BODY_BYTES), BODY_BYTES);
    res->owned.len = BODY_BYTES;
    res->content_type = STR("text/plain");
    return true;
}

static const struct http_route routes[] = {
    {HTTP_GET, 0, "/page",    page,          NULL, 0          },
    {HTTP_GET, 0, "/row",     row,           NULL, 0          },
    {HTTP_GET, 0, "/small",   small,         NULL, 0          },
    {HTTP_GET, 0, "/huge",    huge,          NULL, 0          },
    {HTTP_GET, 0, "/picture", picture,       NULL, 0          },
    {HTTP_GET, 0, "/secret",  secret,        NULL, 0          },
    {HTTP_GET, 0, "/packed",  packed_before, NULL, 0          },
    {HTTP_GET, 0, "/noise",   noise,         NULL, 0          },
    {HTTP_GET, 0, "/inline",  page,          NULL, HTTP_INLINE},
};

static void begin(struct rig *rig)
{
    rig_init(rig);
    rig->config.routes = routes;
    rig->config.route_count = COUNT_OF(routes);
}

static struct reply ask(struct rig *rig, const char *method, const char *path, const char *headers)
{
    return client_ask(
        rig, &rig->mem,
        arena_printf(&rig->mem, "%s %s HTTP/1.1\r\n" HOST "%s\r\n", method, path, headers).ptr);
}

static bool is_packed(const struct reply *r)
{
    return str_eq(reply_header(r, "content-encoding"), STR("gzip"));
}

TEST(test_clients_get_what_they_take)
{
    static const struct {
        const char *accepted; /* NULL: no header */
        bool packed;
    } cases[] = {
        {NULL,                            false},
        {"",                              false},
        {"gzip",                          true },
        {"GZip",                          true },
        {"x-gzip",                        true },
        {"br, gzip",                      true },
        {"deflate, br",                   false},
        {"gzip;q=0",                      false},
        {"gzip;q=0.0",                    false},
        {"gzip; q=0.000",                 false},
        {"gzip;Q=0",                      false},
        {"gzip;q=0.001",                  true },
        {"gzip;q=1.000",                  true },
        {"br;q=1.0, gzip ; q=0.5, *;q=0", true },
        {"*",                             true },
        {"*;q=0.1",                       true },
        {"*;q=0",                         false},
        {"*, gzip;q=0",                   false},
        {"gzip;q=0, *",                   false},
        {"identity",                      false},
        {"gzip, identity",                true },
        {"gzip;q=0.5, identity",          false},
        {"gzip;q=0.5, identity;q=0.4",    true },
        {"identity;q=0, gzip",            true },
        {"gzip;q=2",                      false}, /* no weight: the item says nothing */
        {"gzip;q=1.001",                  false},
        {"gzip;q=0.0001",                 false},
        {"gzip;q=",                       false},
        {"gzip;level=9",                  false},
        {"gzipped",                       false},
        {",, gzip,",                      true },
    };
    struct rig rig;
    begin(&rig);
    rig_start(&rig, false);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        CLEANUP(buf_clear) struct buf plain = {0};
        const char *accepted = cases[i].accepted;
        struct reply r =
            ask(&rig, "GET", "/page",
                accepted ? arena_printf(&rig.mem, "Accept-Encoding: %s\r\n", accepted).ptr : "");
        if (is_packed(&r) != cases[i].packed)
            printf("\n%s\n", accepted ? accepted : "none");
        CHECK_I64(r.status, 200);
        CHECK_I64(is_packed(&r), cases[i].packed);
        CHECK_STR(reply_header(&r, "vary"), STR("Accept-Encoding"));
        if (is_packed(&r)) {
            CHECK(r.body.len < BODY_BYTES / 4);
            CHECK_OK(gzip_unpack(r.body, BODY_BYTES, &plain, NULL), &(struct err){0});
        }
        CHECK_I64(is_packed(&r) ? plain.len : r.body.len, BODY_BYTES);
    }
    rig_stop(&rig);
}

TEST(test_only_what_is_worthwhile_and_allowed_is_compressed)
{
    static const struct {
        const char *path, *headers;
        bool packed, varies;
    } cases[] = {
        {"/page",    "",                                true,  true },
        {"/small",   "",                                false, false},
        {"/huge",    "",                                false, false},
        {"/picture", "",                                false, false},
        {"/secret",  "",                                false, false},
        {"/packed",  "",                                true,  false}, /* by its handler, once */
        {"/noise",   "",                                false, true },
        {"/inline",  "",                                false, false},
        {"/page",    "Sec-Fetch-Site: same-origin\r\n", true,  true },
        {"/page",    "Sec-Fetch-Site: none\r\n",        true,  true },
        {"/page",    "Sec-Fetch-Site: cross-site\r\n",  false, true },
        {"/page",    "Sec-Fetch-Site: same-site\r\n",   false, true },
        {"/page",    "Sec-Fetch-Site: odd\r\n",         false, true },
    };
    struct rig rig;
    begin(&rig);
    rig_start(&rig, false);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct reply r =
            ask(&rig, "GET", cases[i].path,
                arena_printf(&rig.mem, "Accept-Encoding: gzip\r\n%s", cases[i].headers).ptr);
        if (is_packed(&r) != cases[i].packed)
            printf("\n%s %s\n", cases[i].path, cases[i].headers);
        CHECK_I64(is_packed(&r), cases[i].packed);
        CHECK_I64(reply_header(&r, "vary").ptr != NULL, cases[i].varies);
        if (strcmp(cases[i].path, "/packed") == 0)
            CHECK_I64(r.body.len, BODY_BYTES);
    }
    rig_stop(&rig);
}

TEST(test_decisions_are_never_compressed)
{
    struct rig rig;
    begin(&rig);
    rig.config.profile = HTTP_CHECK;
    rig_start(&rig, false);
    struct reply r = ask(&rig, "GET", "/page", "Accept-Encoding: gzip\r\n");
    CHECK_I64(r.status, 200);
    CHECK(!is_packed(&r));
    CHECK_I64(r.body.len, BODY_BYTES);
    CHECK(reply_header(&r, "vary").ptr == NULL);
    rig_stop(&rig);
}

/* RFC 9110 §8.8.3: two encodings of one state have not the same strong tag. */
TEST(test_tags_of_compressed_answers_are_weak_and_still_match)
{
    static const struct {
        const char *headers;
        int status;
        const char *etag;
    } cases[] = {
        {"",                                                    200, "\"7\""  },
        {"Accept-Encoding: gzip\r\n",                           200, "W/\"7\""},
        {"Accept-Encoding: gzip\r\nIf-None-Match: W/\"7\"\r\n", 304, "W/\"7\""},
        {"Accept-Encoding: gzip\r\nIf-None-Match: \"7\"\r\n",   304, "\"7\""  },
        {"If-None-Match: \"6\", W/\"7\"\r\n",                   304, "W/\"7\""},
        {"Accept-Encoding: gzip\r\nIf-None-Match: W/\"6\"\r\n", 200, "W/\"7\""},
    };
    struct rig rig;
    begin(&rig);
    rig_start(&rig, false);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct reply r = ask(&rig, "GET", "/row", cases[i].headers);
        CHECK_I64(r.status, cases[i].status);
        CHECK_STR(reply_header(&r, "etag"), str_from(cases[i].etag));
        CHECK_STR(reply_header(&r, "vary"), STR("Accept-Encoding"));
        CHECK_STR(reply_header(&r, "cache-control"), STR("private, no-cache"));
    }
    rig_stop(&rig);
}

TEST(test_heads_say_what_the_answer_would)
{
    struct rig rig;
    begin(&rig);
    rig_start(&rig, false);
    struct reply got = ask(&rig, "GET", "/page", "Accept-Encoding: gzip\r\n");
    int fd = client_open(&rig);
    CHECK(client_say(fd, "HEAD /page HTTP/1.1\r\n" HOST "Accept-Encoding: gzip\r\n\r\n"));
    struct reply head = client_read(fd, &rig.mem, true);
    CHECK(is_packed(&head));
    CHECK_STR(reply_header(&head, "content-length"), reply_header(&got, "content-length"));
    close(fd);
    rig_stop(&rig);
}
