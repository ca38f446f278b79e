/* http: bodies and their limits, forms, uploads. */
#include <dirent.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/http/rig.h"

#define H "Host: localhost\r\n"

static struct str with_length(struct arena *mem, const char *head, struct str body)
{
    return arena_join(mem, str_from(head),
                      arena_printf(mem, "Content-Length: %zu\r\n\r\n", body.len), body);
}

static struct str repeated(struct arena *mem, size_t len)
{
    char *bytes = arena_alloc(mem, len + 1);
    for (size_t i = 0; i < len; i++)
        bytes[i] = (char)('a' + (char)(i * 7 % 23));
    return (struct str){bytes, len};
}

static bool has(struct reply r, const char *text)
{
    return str_find(r.body, str_from(text)) != SIZE_MAX;
}

TEST(test_body_within_the_limit_is_whole)
{
    struct rig rig;
    rig_init(&rig);
    rig.config.body_limit_bytes = 100000;
    rig_start(&rig, false);
    struct str body = repeated(&rig.mem, 100000);
    static const char *const heads[] = {"POST /echo HTTP/1.1\r\n" H, "PUT /echo HTTP/1.1\r\n" H};
    for (size_t i = 0; i < COUNT_OF(heads); i++) {
        struct reply r = client_once(&rig, &rig.mem, with_length(&rig.mem, heads[i], body));
        CHECK_I64(r.status, 200);
        CHECK(str_find(r.body, body) != SIZE_MAX);
    }
    rig_stop(&rig);
}

TEST(test_body_beyond_the_limit_is_refused_unread)
{
    static const char *const requests[] = {
        "POST /echo HTTP/1.1\r\n" H "Content-Length: 1001\r\n\r\n",
        "PUT /echo HTTP/1.1\r\n" H "Content-Length: 999999999999\r\n\r\nabc",
        "POST /nothing HTTP/1.1\r\n" H "Content-Length: 1001\r\n\r\n",
        "POST /echo HTTP/1.1\r\n" H "Content-Length: 1001\r\nExpect: 100-continue\r\n\r\n",
        "POST /upload HTTP/1.1\r\n" H "Content-Length: 2001\r\n\r\n",
    };
    struct rig rig;
    rig_init(&rig);
    rig.config.body_limit_bytes = 1000;
    rig.config.upload_limit_bytes = 2000;
    rig_start(&rig, false);
    for (size_t i = 0; i < COUNT_OF(requests); i++) {
        struct reply r = client_ask(&rig, &rig.mem, requests[i]);
        CHECK_I64(r.status, 413);
        CHECK(r.closed);
        CHECK_STR(reply_header(&r, "content-security-policy"), STR("default-src 'none'"));
        CHECK(has(r, "\"code\":\"limit\""));
    }
    CHECK_I64(atomic_load(&rig_state(&rig)->admits), 0);
    rig_stop(&rig);
}

/* The client sends on without looking; the answer must reach it all the same, and only that one. */
TEST(test_body_too_large_in_chunks_is_refused_while_it_comes)
{
    static const char *const paths[] = {"/echo", "/nothing", "/upload"};
    struct rig rig;
    rig_init(&rig);
    rig.config.body_limit_bytes = 100000;
    rig.config.upload_limit_bytes = 100000;
    rig_start(&rig, false);
    struct str chunk =
        arena_join(&rig.mem, STR("4000\r\n"), repeated(&rig.mem, 0x4000), STR("\r\n"));
    for (size_t i = 0; i < COUNT_OF(paths); i++) {
        int fd = client_open(&rig);
        struct str head = arena_printf(
            &rig.mem, "POST %s HTTP/1.1\r\n" H "Transfer-Encoding: chunked\r\n\r\n", paths[i]);
        client_send(fd, head);
        for (int k = 0; k < 640; k++)
            CHECK(client_send(fd, chunk)); /* a reset would take the answer along */
        client_say(fd, "0\r\n\r\nGET /smuggled HTTP/1.1\r\n" H "\r\n");
        struct reply r = client_read(fd, &rig.mem, false);
        CHECK_I64(r.status, 413);
        CHECK_STR(reply_header(&r, "connection"), STR("close"));
        CHECK(client_ended(fd));
        close(fd);
    }
    CHECK_I64(atomic_load(&rig_state(&rig)->runs), 0);
    rig_stop(&rig);
}

TEST(test_body_waits_for_100_continue)
{
    struct rig rig;
    rig_init(&rig);
    rig_start(&rig, false);
    static const char *const paths[] = {"/echo", "/upload"};
    for (size_t i = 0; i < COUNT_OF(paths); i++) {
        int fd = client_open(&rig);
        client_send(fd, arena_printf(&rig.mem,
                                     "POST %s HTTP/1.1\r\n" H
                                     "Content-Length: 3\r\nExpect: 100-continue\r\n\r\n",
                                     paths[i]));
        CHECK_I64(client_read(fd, &rig.mem, true).status, 100);
        client_say(fd, "abc");
        CHECK_I64(client_read(fd, &rig.mem, false).status, 200);
        close(fd);
    }
    struct reply r = client_ask(&rig, &rig.mem,
                                "POST /denied HTTP/1.1\r\n" H
                                "Content-Length: 3\r\nExpect: 100-continue\r\n\r\n");
    CHECK_I64(r.status, 403);
    CHECK(r.closed);
    rig_stop(&rig);
}

TEST(test_body_compressed_is_refused)
{
    struct rig rig;
    rig_init(&rig);
    rig_start(&rig, false);
    struct reply r = client_ask(&rig, &rig.mem,
                                "POST /echo HTTP/1.1\r\n" H
                                "Content-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc");
    CHECK_I64(r.status, 415);
    rig_stop(&rig);
}

/* --- forms ------------------------------------------------------------------------------------ */

#define URLENCODED "Content-Type: application/x-www-form-urlencoded\r\n"
#define MULTIPART  "Content-Type: multipart/form-data; boundary=\"B-1\"\r\n"
#define FIELD(name, value) \
    "--B-1\r\nContent-Disposition: form-data; name=\"" name "\"\r\n\r\n" value "\r\n"
#define LAST "--B-1--\r\n"

TEST(test_form_is_decoded_and_its_token_checked)
{
    /* Version 14 does not survive this table. */
    /* clang-format off */
    static const struct {
        const char *type, *body;
        int status;
        const char *has;
    } cases[] = {
        {URLENCODED, "csrf=ok&name=a+b%26c", 200, "form name=a b&c\n"},
        {"Content-Type: Application/X-WWW-Form-Urlencoded; charset=utf-8\r\n", "csrf=ok", 200,
         "form csrf=ok\n"},
        {URLENCODED, "csrf=no&name=a", 403, NULL},
        {URLENCODED, "", 403, NULL},
        {URLENCODED, "csrf=ok&name=%zz", 400, NULL},
        {URLENCODED, "csrf=ok&name=%00", 400, NULL},
        {URLENCODED, "csrf=ok&name=%FF", 400, NULL},
        {"Content-Type: application/json\r\n", "{}", 415, NULL},
        {"", "csrf=ok", 415, NULL},
        {MULTIPART, FIELD("csrf", "ok") FIELD("name", "a\r\nb") LAST, 200, "form name=a\r\nb\n"},
        {MULTIPART, FIELD("csrf", "ok") FIELD("name", "--B-1x") "--B-1--", 200,
         "form name=--B-1x\n"},
        {MULTIPART, FIELD("csrf", "no") LAST, 403, NULL},
        {MULTIPART, FIELD("csrf", "ok"), 400, NULL},
        {MULTIPART, FIELD("csrf", "ok") LAST "more", 400, NULL},
        {MULTIPART, "preamble\r\n" FIELD("csrf", "ok") LAST, 400, NULL},
        {MULTIPART, FIELD("csrf", "ok") "--B-1\r\n\r\nx\r\n" LAST, 400, NULL},
        {MULTIPART, FIELD("csrf", "ok") "--B-1\r\nContent-Disposition: form-data\r\n\r\nx\r\n" LAST,
         400, NULL},
        {MULTIPART, FIELD("csrf", "ok") FIELD("a", "\xFF") LAST, 400, NULL},
        {MULTIPART, FIELD("csrf", "ok") "--B-1 \r\n" LAST, 400, NULL},
        {"Content-Type: multipart/form-data\r\n", FIELD("csrf", "ok") LAST, 400, NULL},
        {"Content-Type: multipart/form-data; boundary=a b\r\n", "--a b--", 400, NULL},
        {MULTIPART,
         FIELD("csrf", "ok") "--B-1\r\nContent-Disposition: form-data; name=f; filename=x\r\n\r\nx"
                             "\r\n" LAST,
         400, NULL},
    };
    /* clang-format on */
    struct rig rig;
    rig_init(&rig);
    rig_start(&rig, false);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char head[256];
        snprintf(head, sizeof(head), "POST /form HTTP/1.1\r\n" H "%s", cases[i].type);
        struct reply r =
            client_once(&rig, &rig.mem, with_length(&rig.mem, head, str_from(cases[i].body)));
        if (r.status != cases[i].status)
            printf("\nform %zu: %.60s\n", i, cases[i].body);
        CHECK_I64(r.status, cases[i].status);
        CHECK(cases[i].has == NULL || has(r, cases[i].has));
    }
    rig_stop(&rig);
}

TEST(test_form_of_too_many_fields_is_refused)
{
    static const char *const parts[] = {"a=1&", FIELD("a", "1")};
    static const char *const types[] = {URLENCODED, MULTIPART};
    struct rig rig;
    rig_init(&rig);
    rig_start(&rig, false);
    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        CLEANUP(buf_clear) struct buf body = {0};
        char head[256];
        for (int k = 0; k < 257; k++)
            buf_add(&body, str_from(parts[i]));
        snprintf(head, sizeof(head), "POST /form HTTP/1.1\r\n" H "%s", types[i]);
        CHECK_I64(client_once(&rig, &rig.mem, with_length(&rig.mem, head, buf_str(&body))).status,
                  413);
    }
    rig_stop(&rig);
}

/* --- uploads ---------------------------------------------------------------------------------- */

static const char *hash_of(struct arena *mem, struct str bytes)
{
    struct sha256 hash = sha256_of(bytes);
    return str_z(mem, arena_printf(mem, "size=%zu sha=" STR_FMT " ", bytes.len,
                                   STR_ARG(hex_format(mem, hash.bytes, 4))));
}

TEST(test_upload_reaches_the_handler_byte_for_byte)
{
    static const size_t sizes[] = {0, 1, 65536, 1000003};
    struct rig rig;
    rig_init(&rig);
    rig_start(&rig, false);
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        struct str body = repeated(&rig.mem, sizes[i]);
        struct reply r =
            client_once(&rig, &rig.mem, with_length(&rig.mem, "POST /upload HTTP/1.1\r\n" H, body));
        CHECK_I64(r.status, 200);
        CHECK(has(r, hash_of(&rig.mem, body)));
    }
    rig_stop(&rig);
}

TEST(test_upload_by_form_gives_fields_and_files)
{
    struct rig rig;
    rig_init(&rig);
    rig_start(&rig, false);
    struct str file = repeated(&rig.mem, 300000);
    struct str body = arena_join(
        &rig.mem, STR(FIELD("csrf", "ok")),
        STR("--B-1\r\nContent-Disposition: form-data; name=\"doc\"; filename=\"a \xC3\xA9.yaml\"\r\n"
            "Content-Type: application/yaml\r\n\r\n"),
        file, STR("\r\n" FIELD("note", "x") LAST));
    struct reply r = client_once(
        &rig, &rig.mem, with_length(&rig.mem, "POST /file HTTP/1.1\r\n" H MULTIPART, body));
    CHECK_I64(r.status, 200);
    CHECK(has(r, hash_of(&rig.mem, file)));
    CHECK(has(r, "field=doc file=a \xC3\xA9.yaml type=application/yaml "));
    CHECK(has(r, "form csrf=ok\nform note=x\n"));

    /* one byte at a time, so that every border falls everywhere */
    int fd = client_open(&rig);
    struct str small =
        STR(FIELD("csrf", "ok") "--B-1\r\nContent-Disposition: form-data; name=f; "
                                "filename=f\r\n\r\n\r\n--B-\r\n--B-1\r\n" FIELD("b", "\r") LAST);
    client_send(fd, with_length(&rig.mem, "POST /file HTTP/1.1\r\n" H MULTIPART,
                                (struct str){small.ptr, 0}));
    close(fd);
    fd = client_open(&rig);
    client_send(fd,
                arena_printf(&rig.mem,
                             "POST /file HTTP/1.1\r\n" H MULTIPART "Content-Length: %zu\r\n\r\n",
                             small.len));
    for (size_t i = 0; i < small.len; i++)
        client_send(fd, str_sub(small, i, 1));
    r = client_read(fd, &rig.mem, false);
    CHECK_I64(r.status, 200);
    CHECK(has(r, hash_of(&rig.mem, STR("\r\n--B-"))));
    CHECK(has(r, "form b=\r\n"));
    close(fd);

    r = client_once(
        &rig, &rig.mem,
        with_length(&rig.mem, "POST /file HTTP/1.1\r\n" H URLENCODED, STR("csrf=ok&url=x")));
    CHECK_I64(r.status, 200);
    CHECK(has(r, "form url=x\n"));
    rig_stop(&rig);
}

#define NO_FILE                                                          \
    "--B-1\r\nContent-Disposition: form-data; name=f; filename=\"\"\r\n" \
    "Content-Type: application/octet-stream\r\n\r\n\r\n"
#define A_FILE "--B-1\r\nContent-Disposition: form-data; name=f; filename=f\r\n\r\nabc\r\n"

TEST(test_upload_by_form_refuses_forged_and_cut_bodies)
{
    static const struct {
        const char *body;
        int status;
    } cases[] = {
        {FIELD("csrf", "ok") A_FILE LAST,        200},
        {FIELD("csrf", "no") A_FILE LAST,        403},
        {FIELD("csrf", "ok") A_FILE A_FILE LAST, 200},
        {FIELD("csrf", "ok") A_FILE,             400},
        {FIELD("csrf", "ok") NO_FILE LAST,       200},
    };
    struct rig rig;
    rig_init(&rig);
    rig_start(&rig, false);
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        CHECK_I64(client_once(&rig, &rig.mem,
                              with_length(&rig.mem, "POST /file HTTP/1.1\r\n" H MULTIPART,
                                          str_from(cases[i].body)))
                      .status,
                  cases[i].status);
    CHECK_I64(atomic_load(&rig_state(&rig)->runs), 3);
    rig_stop(&rig);
}

#define FILE_NAMED(name, bytes) \
    "--B-1\r\nContent-Disposition: form-data; name=file; filename=\"" name "\"\r\n\r\n" bytes "\r\n"

TEST(test_parts_are_read_apart_where_a_route_takes_them)
{
    struct rig rig;
    rig_init(&rig);
    rig_start(&rig, false);
    struct str body = STR(FILE_NAMED("a.yaml", "one") FIELD("root", "b/c.yaml")
                              FILE_NAMED("none.yaml", "") FILE_NAMED("b/c.yaml", "two\r\n") LAST);
    struct reply r = client_once(
        &rig, &rig.mem, with_length(&rig.mem, "POST /parts HTTP/1.1\r\n" H MULTIPART, body));
    CHECK_I64(r.status, 200);
    CHECK(has(r, "field=file file=a.yaml type= one\n"));
    CHECK(has(r, "field=file file=none.yaml type= \n"));
    CHECK(has(r, "field=file file=b/c.yaml type= two\r\n\n"));
    CHECK(has(r, "form root=b/c.yaml\n"));
    /* What is no multipart, or comes elsewhere, stays as it is. */
    r = client_once(&rig, &rig.mem, with_length(&rig.mem, "POST /parts HTTP/1.1\r\n" H, body));
    CHECK(has(r, hash_of(&rig.mem, body)) && !has(r, "field="));
    r = client_once(&rig, &rig.mem,
                    with_length(&rig.mem, "POST /upload HTTP/1.1\r\n" H MULTIPART, body));
    CHECK(has(r, hash_of(&rig.mem, body)) && !has(r, "field="));
    rig_stop(&rig);
}

TEST(test_files_of_a_form_are_bounded)
{
    struct rig rig;
    CLEANUP(buf_clear) struct buf body = {0};
    rig_init(&rig);
    rig_start(&rig, false);
    for (int i = 0; i < 256; i++)
        buf_add(&body, STR(FILE_NAMED("a", "")));
    struct str most = arena_join(&rig.mem, buf_str(&body), STR(LAST));
    struct str more = arena_join(&rig.mem, buf_str(&body), STR(FILE_NAMED("a", "") LAST));
    static const char head[] = "POST /parts HTTP/1.1\r\n" H MULTIPART;
    CHECK_I64(client_once(&rig, &rig.mem, with_length(&rig.mem, head, most)).status, 200);
    CHECK_I64(client_once(&rig, &rig.mem, with_length(&rig.mem, head, more)).status, 413);
    rig_stop(&rig);
}

/* No byte of the body has been sent when the answer comes. */
TEST(test_upload_is_admitted_before_its_first_byte)
{
    static const struct {
        const char *request;
        int status;
    } cases[] = {
        {"POST /denied HTTP/1.1\r\n" H "Content-Length: 100000\r\n\r\n",                   403},
        {"POST /upload HTTP/1.1\r\n" H "X-User: nobody\r\nContent-Length: 100000\r\n\r\n", 401},
        {"POST /denied HTTP/1.1\r\n" H "Transfer-Encoding: chunked\r\n\r\n",               403},
    };
    struct rig rig;
    rig_init(&rig);
    rig_start(&rig, false);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct reply r = client_ask(&rig, &rig.mem, cases[i].request);
        CHECK_I64(r.status, cases[i].status);
        CHECK(r.closed);
    }
    CHECK_I64(atomic_load(&rig_state(&rig)->runs), 0);
    rig_stop(&rig);
}

static size_t open_files(void)
{
    size_t count = 0;
    DIR *dir = opendir("/proc/self/fd");
    while (dir != NULL && readdir(dir) != NULL)
        count++;
    if (dir != NULL)
        closedir(dir);
    return count;
}

TEST(test_upload_cut_half_way_leaves_nothing)
{
    struct rig rig;
    rig_init(&rig);
    rig_start(&rig, false);
    size_t before = open_files();
    for (int i = 0; i < 20; i++) {
        int fd = client_open(&rig);
        client_say(fd, "POST /upload HTTP/1.1\r\n" H "Content-Length: 100000\r\n\r\nabc");
        while (atomic_load(&rig_state(&rig)->admits) <= i)
            usleep(1000);
        close(fd);
        CHECK(rig_wait(&rig, count_connections, 0));
    }
    CHECK_I64(open_files(), before);
    CHECK_I64(atomic_load(&rig_state(&rig)->runs), 0);
    rig_stop(&rig); /* the directory must be empty */
}

TEST(test_upload_leftovers_of_a_killed_process_are_swept)
{
    struct rig rig;
    char path[128];
    struct stat status;
    rig_init(&rig);
    snprintf(path, sizeof(path), "%s/chancery-upload-abcdef", rig.dir);
    close(open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
    CHECK_I64(stat(path, &status), 0);
    rig_start(&rig, false);
    CHECK(stat(path, &status) != 0);
    rig_stop(&rig);
}

TEST(test_upload_two_at_a_time_per_caller)
{
    struct rig rig;
    int fds[2];
    rig_init(&rig);
    rig_start(&rig, false);
    static const char ann[] =
        "POST /upload HTTP/1.1\r\n" H "X-User: ann\r\nContent-Length: 4\r\n\r\n";
    for (size_t i = 0; i < COUNT_OF(fds); i++) {
        fds[i] = client_open(&rig);
        client_say(fds[i], "POST /upload HTTP/1.1\r\n" H
                           "X-User: ann\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
        CHECK_I64(client_read(fds[i], &rig.mem, true).status, 100);
    }
    struct reply r = client_ask(&rig, &rig.mem, ann);
    CHECK_I64(r.status, 429);
    CHECK_STR(reply_header(&r, "retry-after"), STR("5"));
    r = client_ask(&rig, &rig.mem,
                   "POST /upload HTTP/1.1\r\n" H "X-User: bob\r\nContent-Length: 4\r\n\r\nabcd");
    CHECK_I64(r.status, 200);
    client_say(fds[0], "abcd");
    CHECK_I64(client_read(fds[0], &rig.mem, false).status, 200);
    close(fds[0]);
    CHECK(rig_wait(&rig, count_connections, 1));
    int fd = client_open(&rig);
    client_say(fd, ann);
    client_say(fd, "abcd");
    CHECK_I64(client_read(fd, &rig.mem, false).status, 200);
    close(fd);
    close(fds[1]);
    rig_stop(&rig);
}
