/* http: odd requests on the wire, both profiles: exact status, the connection's end, and never a
 * second answer to what a lenient parser could take for a second request. */
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <unistd.h>

#include "portal/http/guard.h"
#include "tests/unit/http/rig.h"

#define H        "Host: localhost\r\n"
#define SMUGGLED "GET /smuggled HTTP/1.1\r\n" H "\r\n"
#define OPEN     false
#define CLOSED   true

/* status 0: the connection ends without an answer. */
struct odd {
    const char *name;
    struct str bytes;
    int portal;
    bool portal_closed;
    int check;
    bool check_closed;
};

#define BYTES(text)            \
    {                          \
        text, sizeof(text) - 1 \
    }

/* One row a request. */
/* clang-format off */
static const struct odd odds[] = {
    {"plain", BYTES("GET / HTTP/1.1\r\n" H "\r\n"), 200, OPEN, 200, OPEN},
    {"empty line before", BYTES("\r\nGET / HTTP/1.1\r\n" H "\r\n"), 200, OPEN, 200, OPEN},

    /* framing */
    {"te and cl", BYTES("POST /echo HTTP/1.1\r\n" H "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n" SMUGGLED), 400, CLOSED, 400, CLOSED},
    {"cl and te", BYTES("POST /echo HTTP/1.1\r\n" H "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" SMUGGLED), 400, CLOSED, 400, CLOSED},
    {"cl 0 and te", BYTES("POST /echo HTTP/1.1\r\n" H "Content-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" SMUGGLED), 400, CLOSED, 400, CLOSED},
    {"two cl", BYTES("POST /echo HTTP/1.1\r\n" H "Content-Length: 3\r\nContent-Length: 9\r\n\r\nabc" SMUGGLED), 400, CLOSED, 400, CLOSED},
    {"two equal cl", BYTES("POST /echo HTTP/1.1\r\n" H "Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc" SMUGGLED), 400, CLOSED, 400, CLOSED},
    {"cl list", BYTES("POST /echo HTTP/1.1\r\n" H "Content-Length: 3, 3\r\n\r\nabc"), 400, CLOSED, 400, CLOSED},
    {"cl sign", BYTES("POST /echo HTTP/1.1\r\n" H "Content-Length: +3\r\n\r\nabc"), 400, CLOSED, 400, CLOSED},
    {"cl minus", BYTES("POST /echo HTTP/1.1\r\n" H "Content-Length: -3\r\n\r\nabc"), 400, CLOSED, 400, CLOSED},
    {"cl hex", BYTES("POST /echo HTTP/1.1\r\n" H "Content-Length: 0x3\r\n\r\nabc"), 400, CLOSED, 400, CLOSED},
    {"cl empty", BYTES("POST /echo HTTP/1.1\r\n" H "Content-Length:\r\n\r\nabc"), 400, CLOSED, 400, CLOSED},
    {"cl inner blank", BYTES("POST /echo HTTP/1.1\r\n" H "Content-Length: 1 1\r\n\r\nabc"), 400, CLOSED, 400, CLOSED},
    {"cl 13 digits", BYTES("POST /echo HTTP/1.1\r\n" H "Content-Length: 1000000000000\r\n\r\nabc"), 400, CLOSED, 400, CLOSED},
    {"cl 12 digits", BYTES("POST /echo HTTP/1.1\r\n" H "Content-Length: 999999999999\r\n\r\nabc"), 413, CLOSED, 413, CLOSED},
    {"cl beyond 64 bits", BYTES("POST /echo HTTP/1.1\r\n" H "Content-Length: 99999999999999999999\r\n\r\n"), 400, CLOSED, 400, CLOSED},
    {"two te", BYTES("POST /echo HTTP/1.1\r\n" H "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" SMUGGLED), 400, CLOSED, 400, CLOSED},
    {"te identity second", BYTES("POST /echo HTTP/1.1\r\n" H "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n" SMUGGLED), 400, CLOSED, 400, CLOSED},
    {"te xchunked", BYTES("POST /echo HTTP/1.1\r\n" H "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" SMUGGLED), 400, CLOSED, 400, CLOSED},
    {"te gzip, chunked", BYTES("POST /echo HTTP/1.1\r\n" H "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n" SMUGGLED), 400, CLOSED, 400, CLOSED},
    {"te identity", BYTES("POST /echo HTTP/1.1\r\n" H "Transfer-Encoding: identity\r\nContent-Length: 3\r\n\r\nabc" SMUGGLED), 400, CLOSED, 400, CLOSED},
    {"te tab", BYTES("POST /echo HTTP/1.1\r\n" H "Transfer-Encoding:\tchunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"), 200, OPEN, 200, OPEN},
    {"te capitals", BYTES("POST /echo HTTP/1.1\r\n" H "TRANSFER-ENCODING: Chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"), 200, OPEN, 200, OPEN},
    {"te quoted", BYTES("POST /echo HTTP/1.1\r\n" H "Transfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\n" SMUGGLED), 400, CLOSED, 400, CLOSED},
    {"te parameter", BYTES("POST /echo HTTP/1.1\r\n" H "Transfer-Encoding: chunked;q=1\r\n\r\n0\r\n\r\n" SMUGGLED), 400, CLOSED, 400, CLOSED},
    {"te empty", BYTES("POST /echo HTTP/1.1\r\n" H "Transfer-Encoding:\r\n\r\n0\r\n\r\n" SMUGGLED), 400, CLOSED, 400, CLOSED},
    {"te in 1.0", BYTES("POST /echo HTTP/1.0\r\n" H "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" SMUGGLED), 400, CLOSED, 400, CLOSED},
    {"name with blank", BYTES("POST /echo HTTP/1.1\r\n" H "Transfer-Encoding : chunked\r\nContent-Length: 3\r\n\r\nabc" SMUGGLED), 400, CLOSED, 400, CLOSED},
    {"name with tab", BYTES("POST /echo HTTP/1.1\r\n" H "Transfer-Encoding\t: chunked\r\n\r\n0\r\n\r\n" SMUGGLED), 400, CLOSED, 400, CLOSED},
    {"chunk size bad", BYTES("POST /echo HTTP/1.1\r\n" H "Transfer-Encoding: chunked\r\n\r\nxyz\r\nabc\r\n0\r\n\r\n" SMUGGLED), 400, CLOSED, 400, CLOSED},
    {"chunk size sign", BYTES("POST /echo HTTP/1.1\r\n" H "Transfer-Encoding: chunked\r\n\r\n+3\r\nabc\r\n0\r\n\r\n" SMUGGLED), 400, CLOSED, 400, CLOSED},
    {"chunk size 0x", BYTES("POST /echo HTTP/1.1\r\n" H "Transfer-Encoding: chunked\r\n\r\n0x3\r\nabc\r\n0\r\n\r\n" SMUGGLED), 400, CLOSED, 400, CLOSED},
    {"chunk size beyond 64 bits", BYTES("POST /echo HTTP/1.1\r\n" H "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\nabc\r\n0\r\n\r\n"), 413, CLOSED, 413, CLOSED},
    {"chunk longer than said", BYTES("POST /echo HTTP/1.1\r\n" H "Transfer-Encoding: chunked\r\n\r\n2\r\nabc\r\n0\r\n\r\n" SMUGGLED), 400, CLOSED, 400, CLOSED},

    /* lines */
    {"bare lf everywhere", BYTES("GET / HTTP/1.1\nHost: localhost\n\n" SMUGGLED), 400, CLOSED, 400, CLOSED},
    {"bare lf request line", BYTES("GET / HTTP/1.1\n" H "\r\n" SMUGGLED), 400, CLOSED, 400, CLOSED},
    {"bare lf header", BYTES("GET / HTTP/1.1\r\nHost: localhost\nX: 1\r\n\r\n" SMUGGLED), 400, CLOSED, 400, CLOSED},
    {"bare lf last line", BYTES("GET / HTTP/1.1\r\n" H "\n" SMUGGLED), 400, CLOSED, 400, CLOSED},
    {"bare cr in value", BYTES("GET / HTTP/1.1\r\n" H "X: a\rb\r\n\r\n" SMUGGLED), 400, CLOSED, 400, CLOSED},
    {"folded value", BYTES("GET / HTTP/1.1\r\n" H "X: a\r\n b\r\n\r\n" SMUGGLED), 400, CLOSED, 400, CLOSED},
    {"folded first", BYTES("GET / HTTP/1.1\r\n X: a\r\n" H "\r\n" SMUGGLED), 400, CLOSED, 400, CLOSED},
    {"nul in value", BYTES("GET / HTTP/1.1\r\n" H "X: a\0b\r\n\r\n" SMUGGLED), 400, CLOSED, 400, CLOSED},
    {"nul in last value", BYTES("GET / HTTP/1.1\r\nX: 1\r\nHost: localhost\0.evil\r\n\r\n" SMUGGLED), 400, CLOSED, 400, CLOSED},
    {"nul in name", BYTES("GET / HTTP/1.1\r\n" H "X\0Y: a\r\n\r\n" SMUGGLED), 400, CLOSED, 400, CLOSED},
    {"control in value", BYTES("GET / HTTP/1.1\r\n" H "X: a\x01\r\n\r\n" SMUGGLED), 400, CLOSED, 400, CLOSED},
    {"delete in value", BYTES("GET / HTTP/1.1\r\n" H "X: a\x7f\r\n\r\n" SMUGGLED), 400, CLOSED, 400, CLOSED},
    {"tab in value", BYTES("GET / HTTP/1.1\r\n" H "X: a\tb\r\n\r\n"), 200, OPEN, 200, OPEN},
    {"obs-text in value", BYTES("GET / HTTP/1.1\r\n" H "X: \xE9\r\n\r\n"), 200, OPEN, 200, OPEN},
    {"blank in name", BYTES("GET / HTTP/1.1\r\n" H "X Y: a\r\n\r\n" SMUGGLED), 400, CLOSED, 400, CLOSED},
    {"odd byte in name", BYTES("GET / HTTP/1.1\r\n" H "X(: a\r\n\r\n" SMUGGLED), 400, CLOSED, 400, CLOSED},
    {"high byte in name", BYTES("GET / HTTP/1.1\r\n" H "X\xE9: a\r\n\r\n" SMUGGLED), 400, CLOSED, 400, CLOSED},
    {"empty name", BYTES("GET / HTTP/1.1\r\n" H ": a\r\n\r\n" SMUGGLED), 400, CLOSED, 400, CLOSED},
    {"no colon", BYTES("GET / HTTP/1.1\r\n" H "nonsense\r\n\r\n" SMUGGLED), 400, CLOSED, 400, CLOSED},

    /* request line */
    {"two blanks before target", BYTES("GET  / HTTP/1.1\r\n" H "\r\n" SMUGGLED), 400, CLOSED, 400, CLOSED},
    {"two blanks after target", BYTES("GET /  HTTP/1.1\r\n" H "\r\n" SMUGGLED), 400, CLOSED, 400, CLOSED},
    {"blank at end", BYTES("GET / HTTP/1.1 \r\n" H "\r\n" SMUGGLED), 400, CLOSED, 400, CLOSED},
    {"blank in target", BYTES("GET /a b HTTP/1.1\r\n" H "\r\n" SMUGGLED), 400, CLOSED, 400, CLOSED},
    {"tab for blank", BYTES("GET\t/\tHTTP/1.1\r\n" H "\r\n" SMUGGLED), 0, CLOSED, 0, CLOSED},
    {"nul in target", BYTES("GET /\0secret HTTP/1.1\r\n" H "\r\n" SMUGGLED), 400, CLOSED, 400, CLOSED},
    {"nul in query", BYTES("GET /?a\0b HTTP/1.1\r\n" H "\r\n" SMUGGLED), 400, CLOSED, 400, CLOSED},
    {"nul in method", BYTES("GE\0T / HTTP/1.1\r\n" H "\r\n" SMUGGLED), 400, CLOSED, 400, CLOSED},
    {"no version", BYTES("GET /\r\n" H "\r\n"), 400, CLOSED, 400, CLOSED},
    {"no target", BYTES("GET\r\n" H "\r\n"), 0, CLOSED, 0, CLOSED},
    {"version 2.0", BYTES("GET / HTTP/2.0\r\n" H "\r\n"), 505, CLOSED, 505, CLOSED},
    {"version 0.9", BYTES("GET / HTTP/0.9\r\n" H "\r\n"), 505, CLOSED, 505, CLOSED},
    {"version lower case", BYTES("GET / http/1.1\r\n" H "\r\n"), 400, CLOSED, 400, CLOSED},
    {"version 1.10", BYTES("GET / HTTP/1.10\r\n" H "\r\n"), 400, CLOSED, 400, CLOSED},
    {"version 1.0", BYTES("GET / HTTP/1.0\r\n" H "\r\n"), 200, CLOSED, 200, CLOSED},
    {"version 1.0 without host", BYTES("GET / HTTP/1.0\r\n\r\n"), 200, CLOSED, 200, CLOSED},

    /* method */
    {"method g=t", BYTES("G=T / HTTP/1.1\r\n" H "\r\n" SMUGGLED), 400, CLOSED, 400, CLOSED},
    {"method with quote", BYTES("G\"T / HTTP/1.1\r\n" H "\r\n" SMUGGLED), 400, CLOSED, 400, CLOSED},
    {"method trace", BYTES("TRACE / HTTP/1.1\r\n" H "\r\n"), 501, CLOSED, 200, OPEN},
    {"method connect", BYTES("CONNECT localhost:80 HTTP/1.1\r\n" H "\r\n"), 501, CLOSED, 200, OPEN},
    {"method query", BYTES("QUERY / HTTP/1.1\r\n" H "\r\n"), 501, CLOSED, 200, OPEN},
    {"method lower case", BYTES("get / HTTP/1.1\r\n" H "\r\n"), 501, CLOSED, 200, OPEN},
    {"method empty", BYTES(" / HTTP/1.1\r\n" H "\r\n"), 0, CLOSED, 0, CLOSED},

    /* target */
    {"absolute form", BYTES("GET http://localhost/ HTTP/1.1\r\n" H "\r\n"), 400, CLOSED, 200, OPEN},
    {"asterisk", BYTES("OPTIONS * HTTP/1.1\r\n" H "\r\n"), 400, CLOSED, 200, OPEN},
    {"no slash", BYTES("GET echo HTTP/1.1\r\n" H "\r\n"), 400, CLOSED, 200, OPEN},
    {"only query", BYTES("GET ?a=1 HTTP/1.1\r\n" H "\r\n"), 400, CLOSED, 200, OPEN},
    {"encoded nul", BYTES("GET /a%00b HTTP/1.1\r\n" H "\r\n" SMUGGLED), 400, CLOSED, 400, CLOSED},
    {"encoded nul in query", BYTES("GET /echo?a=%00 HTTP/1.1\r\n" H "\r\n" SMUGGLED), 400, CLOSED, 400, CLOSED},
    {"encoded slash", BYTES("GET /a%2fb HTTP/1.1\r\n" H "\r\n"), 400, CLOSED, 200, OPEN},
    {"encoded slash in query", BYTES("GET /echo?a=%2F HTTP/1.1\r\n" H "\r\n"), 200, OPEN, 200, OPEN},
    {"encoded backslash", BYTES("GET /a%5Cb HTTP/1.1\r\n" H "\r\n"), 400, CLOSED, 200, OPEN},
    {"encoded dot", BYTES("GET /%2e%2e/secret HTTP/1.1\r\n" H "\r\n"), 400, CLOSED, 200, OPEN},
    {"encoded line end", BYTES("GET /a%0d%0ab HTTP/1.1\r\n" H "\r\n"), 400, CLOSED, 200, OPEN},
    {"encoded delete", BYTES("GET /a%7f HTTP/1.1\r\n" H "\r\n"), 400, CLOSED, 200, OPEN},
    {"encoded blank", BYTES("GET /a%20b HTTP/1.1\r\n" H "\r\n"), 404, OPEN, 200, OPEN},
    {"half encoding", BYTES("GET /a% HTTP/1.1\r\n" H "\r\n" SMUGGLED), 400, CLOSED, 400, CLOSED},
    {"bad encoding", BYTES("GET /a%zz HTTP/1.1\r\n" H "\r\n" SMUGGLED), 400, CLOSED, 400, CLOSED},
    {"cut encoding", BYTES("GET /a%2 HTTP/1.1\r\n" H "\r\n" SMUGGLED), 400, CLOSED, 400, CLOSED},
    {"bad encoding in query", BYTES("GET /echo?a=%g0 HTTP/1.1\r\n" H "\r\n" SMUGGLED), 400, CLOSED, 400, CLOSED},
    {"dot segments", BYTES("GET /a/../secret HTTP/1.1\r\n" H "\r\n"), 400, CLOSED, 200, OPEN},
    {"dot segment last", BYTES("GET /a/.. HTTP/1.1\r\n" H "\r\n"), 400, CLOSED, 200, OPEN},
    {"one dot", BYTES("GET /./a HTTP/1.1\r\n" H "\r\n"), 400, CLOSED, 200, OPEN},
    {"dots in a name", BYTES("GET /..a/b.. HTTP/1.1\r\n" H "\r\n"), 404, OPEN, 200, OPEN},
    {"dots in query", BYTES("GET /echo?a=/../ HTTP/1.1\r\n" H "\r\n"), 200, OPEN, 200, OPEN},
    {"backslash", BYTES("GET /a\\b HTTP/1.1\r\n" H "\r\n"), 400, CLOSED, 200, OPEN},
    {"fragment", BYTES("GET /a#b HTTP/1.1\r\n" H "\r\n"), 400, CLOSED, 200, OPEN},
    {"high byte", BYTES("GET /\xC3\xA9 HTTP/1.1\r\n" H "\r\n"), 400, CLOSED, 200, OPEN},
    {"control byte", BYTES("GET /a\x01 HTTP/1.1\r\n" H "\r\n" SMUGGLED), 400, CLOSED, 400, CLOSED},
    {"delete byte", BYTES("GET /a\x7f HTTP/1.1\r\n" H "\r\n" SMUGGLED), 400, CLOSED, 400, CLOSED},

    /* host */
    {"no host", BYTES("GET / HTTP/1.1\r\n\r\n" SMUGGLED), 400, CLOSED, 400, CLOSED},
    {"two hosts", BYTES("GET / HTTP/1.1\r\n" H "Host: evil\r\n\r\n" SMUGGLED), 400, CLOSED, 400, CLOSED},
    {"empty host", BYTES("GET / HTTP/1.1\r\nHost:\r\n\r\n" SMUGGLED), 400, CLOSED, 400, CLOSED},
    {"host with path", BYTES("GET / HTTP/1.1\r\nHost: localhost/a\r\n\r\n" SMUGGLED), 400, CLOSED, 400, CLOSED},
    {"host with user", BYTES("GET / HTTP/1.1\r\nHost: a@localhost\r\n\r\n" SMUGGLED), 400, CLOSED, 400, CLOSED},
    {"host with blank", BYTES("GET / HTTP/1.1\r\nHost: local host\r\n\r\n" SMUGGLED), 400, CLOSED, 400, CLOSED},
    {"host list", BYTES("GET / HTTP/1.1\r\nHost: localhost, b\r\n\r\n" SMUGGLED), 400, CLOSED, 400, CLOSED},
    {"host with bad port", BYTES("GET / HTTP/1.1\r\nHost: localhost:x\r\n\r\n" SMUGGLED), 400, CLOSED, 400, CLOSED},
    {"host with empty port", BYTES("GET / HTTP/1.1\r\nHost: localhost:\r\n\r\n" SMUGGLED), 400, CLOSED, 400, CLOSED},
    {"host open bracket", BYTES("GET / HTTP/1.1\r\nHost: [::1\r\n\r\n" SMUGGLED), 400, CLOSED, 400, CLOSED},
    {"host ipv6", BYTES("GET / HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n"), 200, OPEN, 200, OPEN},
    {"host ipv4 loopback", BYTES("GET / HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n\r\n"), 200, OPEN, 200, OPEN},
    {"host like loopback", BYTES("GET / HTTP/1.1\r\nHost: 127.0.0.1.evil\r\n\r\n"), 421, CLOSED, 200, OPEN},
    {"host under localhost", BYTES("GET / HTTP/1.1\r\nHost: a.localhost\r\n\r\n"), 200, OPEN, 200, OPEN},
    {"host public", BYTES("GET / HTTP/1.1\r\nHost: API.example.org:8443\r\n\r\n"), 200, OPEN, 200, OPEN},
    {"host of another", BYTES("GET / HTTP/1.1\r\nHost: evil.example.org\r\n\r\n"), 421, CLOSED, 200, OPEN},

    /* expect, origin */
    {"expect other", BYTES("GET / HTTP/1.1\r\n" H "Expect: 200-ok\r\n\r\n" SMUGGLED), 417, CLOSED, 417, CLOSED},
    {"origin own", BYTES("POST /echo HTTP/1.1\r\n" H "Origin: http://localhost\r\n\r\n"), 200, OPEN, 200, OPEN},
    {"origin public", BYTES("POST /echo HTTP/1.1\r\n" H "Origin: https://api.example.org\r\n\r\n"), 200, OPEN, 200, OPEN},
    {"origin other", BYTES("POST /echo HTTP/1.1\r\n" H "Origin: https://evil.example\r\n\r\n"), 403, CLOSED, 200, OPEN},
    {"origin null", BYTES("POST /echo HTTP/1.1\r\n" H "Origin: null\r\n\r\n"), 403, CLOSED, 200, OPEN},
    {"origin other port", BYTES("POST /echo HTTP/1.1\r\n" H "Origin: http://localhost:1\r\n\r\n"), 403, CLOSED, 200, OPEN},
    {"origin of a read", BYTES("GET /echo HTTP/1.1\r\n" H "Origin: https://evil.example\r\n\r\n"), 200, OPEN, 200, OPEN},
};
/* clang-format on */

static bool answer_any(struct http_request *req, struct http_response *res, struct err *err)
{
    UNUSED(req);
    UNUSED(res);
    UNUSED(err);
    return true;
}

static void note_answer(struct http_request *req, struct http_response *res)
{
    struct rig_state *state = req->context;
    UNUSED(res);
    atomic_fetch_add(&state->answers, 1);
}

/* An open connection must still answer; a closed one must have nothing more to say. */
static void check_odd(const struct rig *rig, struct arena *mem, const struct odd *odd, int status,
                      bool closed)
{
    int fd = client_open(rig);
    CHECK(client_send(fd, odd->bytes));
    struct reply r = client_read(fd, mem, false);
    if (r.status != status)
        printf("\n%s: got %d, want %d\n", odd->name, r.status, status);
    CHECK_I64(r.status, status);
    if (closed) {
        bool ended = client_ended(fd);
        if (!ended || (status != 0 && !str_eq(reply_header(&r, "connection"), STR("close"))))
            printf("\n%s: is not closed\n", odd->name);
        CHECK(ended);
        CHECK(status == 0 || str_eq(reply_header(&r, "connection"), STR("close")));
    } else {
        client_say(fd, "GET /echo?still=here HTTP/1.1\r\n" H "\r\n");
        struct reply again = client_read(fd, mem, false);
        if (again.status != 200)
            printf("\n%s: is closed\n", odd->name);
        CHECK_I64(again.status, 200);
    }
    close(fd);
}

TEST(test_guard_portal_profile_judges_odd_requests)
{
    struct rig rig;
    rig_init(&rig);
    rig.config.public_host = STR("api.example.org");
    rig_start(&rig, false);
    for (size_t i = 0; i < COUNT_OF(odds); i++)
        check_odd(&rig, &rig.mem, &odds[i], odds[i].portal, odds[i].portal_closed);
    rig_stop(&rig);
}

TEST(test_guard_check_profile_judges_odd_requests)
{
    struct rig rig;
    rig_init(&rig);
    rig_any(&rig, answer_any);
    rig.config.on_answer = note_answer;
    rig_start(&rig, false);
    for (size_t i = 0; i < COUNT_OF(odds); i++)
        check_odd(&rig, &rig.mem, &odds[i], odds[i].check, odds[i].check_closed);
    rig_stop(&rig);
}

TEST(test_guard_refusals_are_seen_by_on_answer_and_counted)
{
    struct rig rig;
    struct http_counts counts;
    rig_init(&rig);
    rig_start(&rig, false);
    struct reply r = client_ask(&rig, &rig.mem, "GET /a/../b HTTP/1.1\r\n" H "\r\n");
    CHECK_I64(r.status, 400);
    CHECK_STR(reply_header(&r, "content-security-policy"), STR("default-src 'none'"));
    CHECK_STR(reply_header(&r, "content-type"), STR("application/problem+json"));
    CHECK(str_find(r.body, STR("path: has a dot segment")) != SIZE_MAX);
    http_server_counts(rig.server, &counts);
    CHECK_I64(counts.refused_by_guard, 1);
    rig_stop(&rig);
}

static bool answer_target(struct http_request *req, struct http_response *res, struct err *err)
{
    UNUSED(err);
    http_set_header(res, "X-Method", req->method_text);
    http_set_header(res, "X-Target", req->target);
    return true;
}

TEST(test_guard_check_profile_passes_method_and_target_raw)
{
    struct rig rig;
    rig_init(&rig);
    rig_any(&rig, answer_target);
    rig_start(&rig, false);
    struct reply r =
        client_ask(&rig, &rig.mem, "M-SEARCH /a%2Fb/../c//%2e?x=1&y=%20?z HTTP/1.1\r\n" H "\r\n");
    CHECK_I64(r.status, 200);
    CHECK_STR(reply_header(&r, "content-length"), STR("0"));
    CHECK_STR(reply_header(&r, "x-method"), STR("M-SEARCH"));
    CHECK_STR(reply_header(&r, "x-target"), STR("/a%2Fb/../c//%2e?x=1&y=%20?z"));
    CHECK(reply_header(&r, "cache-control").ptr == NULL);
    r = client_ask(&rig, &rig.mem, "POST / HTTP/1.1\r\n" H "Content-Length: 7\r\n\r\nignored");
    CHECK_I64(r.status, 200);
    CHECK(!r.closed);
    rig_stop(&rig);
}

/* What RFC 9112 §3 wants everybody to take; more is a setting of the server. */
TEST(test_guard_takes_request_lines_of_8000_bytes)
{
    struct rig rig;
    rig_init(&rig);
    rig_any(&rig, answer_any);
    rig_start(&rig, false);
    CLEANUP(buf_clear) struct buf text = {0};
    buf_add(&text, STR("GET /"));
    while (text.len < 8000 - sizeof(" HTTP/1.1") + 1)
        buf_add_char(&text, 'a');
    buf_add(&text, STR(" HTTP/1.1\r\n" H "X-Api-Key: k\r\n\r\n"));
    CHECK_I64(client_once(&rig, &rig.mem, buf_str(&text)).status, 200);
    rig_stop(&rig);
}

TEST(test_guard_heads_beyond_the_pool_are_refused)
{
    struct rig rig;
    rig_init(&rig);
    rig.config.pool_bytes = 8192;
    rig_start(&rig, false);
    CLEANUP(buf_clear) struct buf text = {0};
    buf_add(&text, STR("GET / HTTP/1.1\r\n" H "X: "));
    for (int i = 0; i < 32768; i++)
        buf_add_char(&text, 'a');
    buf_add(&text, STR("\r\n\r\n"));
    CHECK_I64(client_once(&rig, &rig.mem, buf_str(&text)).status, 431);
    buf_reset(&text);
    buf_add(&text, STR("GET /"));
    for (int i = 0; i < 32768; i++)
        buf_add_char(&text, 'a');
    CHECK_I64(client_once(&rig, &rig.mem, buf_str(&text)).status, 414);
    buf_reset(&text);
    buf_add(&text, STR("GET / HTTP/1.1\r\n" H));
    for (int i = 0; i < 64; i++)
        buf_printf(&text, "X%d: 1\r\n", i);
    buf_add(&text, STR("\r\n"));
    CHECK_I64(client_once(&rig, &rig.mem, buf_str(&text)).status, 431);
    rig_stop(&rig);
}

TEST(test_guard_knows_loopback_names)
{
    static const struct {
        const char *host;
        bool loopback;
    } cases[] = {
        {"localhost",      true },
        {"LocalHost:80",   true },
        {"x.localhost",    true },
        {"127.0.0.1",      true },
        {"127.1.2.3:9",    true },
        {"[::1]",          true },
        {"[::1]:8080",     true },
        {".localhost",     false},
        {"localhost.evil", false},
        {"127.0.0.1.evil", false},
        {"127.1",          false},
        {"[::2]",          false},
        {"",               false},
        {"evil",           false},
        {"128.0.0.1",      false},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        CHECK_I64(guard_host_is_loopback(str_from(cases[i].host)), cases[i].loopback);
}

/* Status of a GET whose target has that byte at that place, between letters that
 * are no hexadecimal digits. */
static int status_of_byte(enum http_profile profile, size_t at, char byte)
{
    enum { TARGET = sizeof("GET ") - 1, LETTERS = 24 };
    char text[] = "GET /ghijklmnopqrstuvwxyzghij HTTP/1.1\r\n" H "\r\n";
    struct str all = {text, sizeof(text) - 1};
    struct str target = str_sub(all, TARGET, LETTERS + 1);
    size_t version = TARGET + target.len + 1, host = str_find(all, STR("Host"));
    const struct http_pair header = {str_sub(all, host, 4), str_sub(all, host + 6, 9)};
    const struct guard_head head = {
        .method = str_sub(all, 0, 3),
        .target = target,
        .version = str_sub(all, version, 8),
        .headers = &header,
        .header_count = 1,
        .size_bytes = all.len,
        .url = target.ptr,
    };
    struct guard_facts facts;
    struct err err = {0};
    text[TARGET + at] = byte;
    return guard_check(profile, &head, &facts, &err);
}

/* Targets are read eight bytes at a time; each byte is judged as if it were read alone. */
TEST(test_guard_judges_each_byte_of_a_target_wherever_it_stands)
{
    for (size_t at = 1; at <= 24; at++)
        for (int byte = 0; byte <= UINT8_MAX; byte++) {
            bool odd = byte <= ' ' || byte == 0x7f || byte == '%';
            bool odd_for_us = odd || byte >= 0x80 || byte == '\\' || byte == '#';
            CHECK_I64(status_of_byte(HTTP_CHECK, at, (char)byte), odd ? 400 : 0);
            CHECK_I64(status_of_byte(HTTP_PORTAL, at, (char)byte), odd_for_us ? 400 : 0);
        }
}
