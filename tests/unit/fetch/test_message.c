/* fetch: HTTP/1.1 framing, whole and byte by byte. */
#include "fetch/message.h"
#include "tests/unit/test.h"

#define CHUNKED "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"

static const struct {
    const char *bytes;
    enum message_state state; /* after the bytes and, when `ends`, the connection's end */
    bool ends, keep;
    int status;
    const char *body;
} cases[] = {
    {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",                               MESSAGE_DONE,      false, true,  200, "ok"        },
    {"HTTP/1.1 204 No Content\r\n\r\n",                                              MESSAGE_DONE,      false, true,  204, ""          },
    {"HTTP/1.1 200\r\ncontent-length:0\r\n\r\n",                                     MESSAGE_DONE,      false, true,  200, ""          },
    {"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx",           MESSAGE_DONE,      false,
     false,                                                                                                           200, "x"         },
    {"HTTP/1.1 200 OK\r\n\r\nto the end",                                            MESSAGE_DONE,      true,  false, 200, "to the end"},
    {"HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx",                                MESSAGE_DONE,      false, false, 200, "x"         },
    {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Made\r\nContent-Length: 1\r\n\r\ny", MESSAGE_DONE,
     false,                                                                                                    true,  201, "y"         },
    {CHUNKED "3\r\nabc\r\n0A;x=1\r\n0123456789\r\n0\r\n\r\n",                        MESSAGE_DONE,      false, true,  200,
     "abc0123456789"                                                                                                                   },
    {CHUNKED "0\r\nTrailer: x\r\n\r\n",                                              MESSAGE_DONE,      false, true,  200, ""          },
    {"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok",                               MESSAGE_BAD,       true,  false, 200, "ok"        },
    {CHUNKED "3\r\nab",                                                              MESSAGE_BAD,       true,  false, 200, "ab"        },
    {CHUNKED "3\r\nabcd\r\n",                                                        MESSAGE_BAD,       false, true,  200, "abc"       },
    {CHUNKED "-1\r\n",                                                               MESSAGE_BAD,       false, true,  200, ""          },
    {CHUNKED "1000000000000000\r\n",                                                 MESSAGE_BAD,       false, true,  200, ""          },
    {"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",                                MESSAGE_BAD,       false, true,  200, ""          },
    {"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",          MESSAGE_BAD,       false,
     true,                                                                                                            200, ""          },
    {"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",                           MESSAGE_BAD,       false, true,  200, ""          },
    {"HTTP/1.1 200 OK\r\nno colon\r\n\r\n",                                          MESSAGE_BAD,       false, true,  200, ""          },
    {"SSH-2.0-OpenSSH\r\n\r\n",                                                      MESSAGE_BAD,       false, false, 0,   ""          },
    {"",                                                                             MESSAGE_BAD,       true,  false, 0,   ""          },
    {"HTTP/1.1 200 OK\r\nContent-Length: 17\r\n\r\n",                                MESSAGE_TOO_LARGE, false, true,  200, ""          },
    {CHUNKED "11\r\n01234567890123456\r\n",                                          MESSAGE_TOO_LARGE, false, true,  200, ""          },
};

static void feed(const char *bytes, size_t at_once, bool ends, struct arena *mem,
                 struct message *out)
{
    *out = (struct message){.mem = mem, .limit_bytes = 16};
    struct str rest = str_from(bytes);
    while (rest.len > 0) {
        message_take(out, str_sub(rest, 0, at_once));
        rest = str_sub(rest, at_once, rest.len);
    }
    if (ends)
        message_end(out);
}

TEST(test_messages_read_the_same_in_any_pieces)
{
    static const size_t pieces[] = {1, 2, 7, 4096};
    CLEANUP(arena_clear) struct arena mem = {0};
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        for (size_t k = 0; k < COUNT_OF(pieces); k++) {
            struct message m;
            feed(cases[i].bytes, pieces[k], cases[i].ends, &mem, &m);
            if (m.state != cases[i].state)
                printf("\ncase %zu in pieces of %zu\n", i, pieces[k]);
            CHECK_I64(m.state, cases[i].state);
            CHECK_I64(m.answer.status, cases[i].status);
            if (cases[i].state == MESSAGE_DONE) {
                CHECK_I64(m.keep, cases[i].keep);
                CHECK_STR(buf_str(&m.body), str_from(cases[i].body));
            }
            message_clear(&m);
        }
}

TEST(test_a_head_request_has_no_body)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct message m = {.mem = &mem, .limit_bytes = 16, .head_only = true};
    message_take(&m, STR("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"));
    CHECK_I64(m.state, MESSAGE_DONE);
    CHECK(m.keep);
    message_clear(&m);
}

TEST(test_bytes_behind_an_answer_end_the_connection)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct message m = {.mem = &mem, .limit_bytes = 16};
    message_take(&m, STR("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nxHTTP/1.1"));
    CHECK_I64(m.state, MESSAGE_DONE);
    CHECK(!m.keep);
    message_clear(&m);
}

TEST(test_dates_of_heads)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    CHECK_I64(message_date(STR("Tue, 24 Nov 2026 12:04:31 GMT"), &mem), INT64_C(1795521871000));
    CHECK_I64(message_date(STR("Tue, 24 Nov 2026 12:04:31 CET"), &mem), 0);
    CHECK_I64(message_date(STR("Tue, 24 Xyz 2026 12:04:31 GMT"), &mem), 0);
    CHECK_I64(message_date(STR("yesterday"), &mem), 0);
}
