/* envoy: what polls say. */
#include "catalog/envoy/envoy.h"
#include "tests/unit/test.h"

#define SAMPLES SHARED_DIR "/envoy/samples"

static const char whole[] =
    " {\"version_info\":\"v7\", \"node\":{\"metadata\":{\"id\":\"inner\",\"n\":[1,-2.5e3,true,null,{}]},"
    "\"id\":\"edge-1\",\"cluster\":\"edge\",\"extensions\":[{\"name\":\"a\\\"]}\",\"id\":\"x\"},[]]},"
    "\"resource_names\":[\"chancery\",\"other\"],\"type_url\":\"t\",\"response_nonce\":\"\","
    "\"error_detail\":{\"code\":13,\"message\":\"no \\\"such\\\" field\"}}\n";

TEST(test_poll_reads_node_version_names_and_error)
{
    struct envoy_poll poll = {0};
    struct err err = {0};
    CHECK_OK(envoy_poll_read(str_from(whole), &poll, &err), &err);
    CHECK_STR(poll.node_id, STR("edge-1"));
    CHECK_STR(poll.cluster, STR("edge"));
    CHECK_STR(poll.version, STR("v7"));
    CHECK_I64(poll.name_count, 2);
    CHECK_STR(poll.names[0], STR("chancery"));
    CHECK_STR(poll.names[1], STR("other"));
    CHECK_STR(poll.error_detail, STR("no \\\"such\\\" field"));
}

TEST(test_poll_without_version_has_none)
{
    struct envoy_poll poll = {0};
    struct err err = {0};
    CHECK_OK(envoy_poll_read(STR("{\"node\":{\"id\":\"a\"}}"), &poll, &err), &err);
    CHECK(poll.version.ptr == NULL && poll.cluster.ptr == NULL && poll.name_count == 0);
}

TEST(test_poll_refuses_what_is_no_request)
{
    static const char *const cases[] = {
        "",
        "{}",
        "[]",
        "null",
        "{\"node\":{}}",
        "{\"node\":{\"id\":\"\"}}",
        "{\"node\":{\"id\":7}}",
        "{\"node\":{\"id\":null}}",
        "{\"node\":[\"id\"]}",
        "{\"node\":{\"id\":\"a\\u0062\"}}",
        "{\"node\":{\"id\":\"a\",\"id\":\"b\"}}",
        "{\"node\":{\"id\":\"a\"},\"node\":{\"id\":\"b\"}}",
        "{\"node\":{\"id\":\"a\"}} x",
        "{\"node\":{\"id\":\"a\"},}",
        "{\"node\":{\"id\":\"a\"} \"version_info\":\"x\"}",
        "{\"node\":{\"id\":\"a\"},\"version_info\" \"x\"}",
        "{\"node\":{\"id\":\"a\"},\"version_info\":\"1\",\"version_info\":\"2\"}",
        "{\"node\":{\"id\":\"a\n\"}}",
        "{\"node\":{\"id\":\"a\"},\"x\":}",
        "{\"node\":{\"id\":\"a\"},\"x\":[1,]}",
        "{\"node\":{\"id\":\"a\"},\"x\":[1}]",
        "{\"node\":{\"id\":\"a\"},\"resource_names\":\"a\"}",
        "{\"node\":{\"id\":\"a\"},\"resource_names\":[1]}",
        "{\"node\":{\"id\":\"a\"},\"resource_names\":[\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",\"9\"]}",
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct envoy_poll poll = {.version = STR("untouched")};
        struct err err = {0};
        bool read = envoy_poll_read(str_from(cases[i]), &poll, &err);
        if (read)
            printf("\n   read: %s\n", cases[i]);
        CHECK(!read);
        CHECK_I64(err.code, ERR_INVALID);
        CHECK(str_starts(str_from(err.where), STR("offset ")));
        CHECK_STR(poll.version, STR("untouched"));
    }
}

/* n levels of arrays around nothing, as a member. */
static bool read_nested(size_t levels)
{
    CLEANUP(buf_clear) struct buf text = {0};
    struct envoy_poll poll;
    buf_add(&text, STR("{\"node\":{\"id\":\"a\"},\"x\":"));
    for (size_t i = 0; i < levels; i++)
        buf_add_char(&text, '[');
    for (size_t i = 0; i < levels; i++)
        buf_add_char(&text, ']');
    buf_add_char(&text, '}');
    return envoy_poll_read(buf_str(&text), &poll, NULL);
}

TEST(test_poll_depth_is_bounded)
{
    CHECK(read_nested(31));
    CHECK(!read_nested(32));
    CHECK(!read_nested(100000));
}

/* Every prefix lies in a block of its own size, so that one byte too far is found. */
static void check_prefixes(struct str text)
{
    for (size_t len = 0; len < text.len; len++) {
        struct envoy_poll poll;
        CLEANUP(buf_clear) struct buf exact = {.ptr = mem_new(len ? len : 1)};
        memcpy(exact.ptr, text.ptr, len);
        CHECK(!envoy_poll_read((struct str){exact.ptr, len}, &poll, NULL));
    }
}

TEST(test_poll_refuses_every_truncation)
{
    check_prefixes(str_trim(str_from(whole)));
}

TEST(test_poll_survives_every_changed_byte)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    char *text = str_z(&mem, str_from(whole));
    for (size_t i = 0; i < sizeof(whole) - 1; i++) {
        static const char others[] = "\"\\{}[]:,\0\xFF"
                                     "a0";
        char was = text[i];
        for (size_t j = 0; j < sizeof(others); j++) {
            struct envoy_poll poll = {0};
            text[i] = others[j];
            if (envoy_poll_read((struct str){text, sizeof(whole) - 1}, &poll, NULL))
                CHECK(poll.node_id.len > 0 && poll.name_count <= COUNT_OF(poll.names));
        }
        text[i] = was;
    }
}

TEST(test_poll_reads_a_real_one)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    if (!test_have_shared())
        SKIP("no-shared");
    struct envoy_poll poll = {0};
    struct err err = {0};
    struct str body = test_file(&mem, SAMPLES, "poll_request_first.json");
    CHECK_OK(envoy_poll_read(body, &poll, &err), &err);
    CHECK_STR(poll.node_id, STR("gw-1"));
    CHECK_STR(poll.cluster, STR("edge"));
    CHECK(poll.version.ptr == NULL);
    check_prefixes(str_trim(body));
}
