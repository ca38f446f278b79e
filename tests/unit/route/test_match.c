/* route: which template and method a path finds, and what is in its variables. */
#include "catalog/route/route.h"
#include "tests/unit/test.h"

#define ENTRY_MAX 16

struct table {
    struct buf bytes;
    struct router router;
};

static void table_clear(struct table *t)
{
    buf_clear(&t->bytes);
}

/* Lines "METHOD /template"; a hit's value is the line's number. */
static void table_make(struct table *t, const char *const *lines)
{
    struct route_entry entries[ENTRY_MAX] = {0};
    struct err err = {0};
    size_t count = 0;
    for (; count < ENTRY_MAX && lines[count] != NULL; count++) {
        struct str rest = str_from(lines[count]);
        (void)str_split(&rest, ' ', &entries[count].method);
        entries[count].template = rest;
        entries[count].value = (uint32_t)count;
    }
    CHECK_OK(route_compile(entries, count, &t->bytes, &err), &err);
    CHECK_OK(route_open(buf_str(&t->bytes), &t->router, &err), &err);
}

static const char *const pets[] = {
    "GET /pets",      "POST /pets",          "GET /pets/{id}", "DELETE /pets/{pet}",
    "GET /pets/mine", "GET /pets/{id}/toys", "GET /v1.json",   "GET /{v}.json",
    "GET /{a}-{b}",   "GET /v{n}",           "GET /a%20b/{x}", "GET /",
    "GET /pets/",     "HEAD /head",          "GET /head",      NULL,
};

static const struct {
    const char *method, *path;
    enum route_result result;
    int64_t value;
    const char *params[3];
} match_cases[] = {
    {"GET",     "/pets",           ROUTE_HIT,    0,  {0}           },
    {"POST",    "/pets",           ROUTE_HIT,    1,  {0}           },
    {"HEAD",    "/pets",           ROUTE_HIT,    0,  {0}           },
    {"PUT",     "/pets",           ROUTE_METHOD, 0,  {0}           },
    {"get",     "/pets",           ROUTE_METHOD, 0,  {0}           },
    {"GET",     "/pets/",          ROUTE_HIT,    12, {0}           },
    {"GET",     "/pets/7",         ROUTE_HIT,    2,  {"7"}         },
    {"DELETE",  "/pets/7",         ROUTE_HIT,    3,  {"7"}         },
    {"GET",     "/pets/mine",      ROUTE_HIT,    4,  {0}           },
    {"GET",     "/pets/m%69ne",    ROUTE_HIT,    4,  {0}           },
    {"DELETE",  "/pets/mine",      ROUTE_METHOD, 0,  {0}           },
    {"GET",     "/pets/mine/toys", ROUTE_HIT,    5,  {"mine"}      },
    {"GET",     "/pets/7/",        ROUTE_NONE,   0,  {0}           },
    {"GET",     "/pets//toys",     ROUTE_NONE,   0,  {0}           },
    {"GET",     "/pets/a%2Fb",     ROUTE_HIT,    2,  {"a%2Fb"}     },
    {"GET",     "/pets%2F7",       ROUTE_NONE,   0,  {0}           },
    {"GET",     "/pets/%zz",       ROUTE_NONE,   0,  {0}           },
    {"GET",     "/pets/7%",        ROUTE_NONE,   0,  {0}           },
    {"GET",     "/pets/7%4",       ROUTE_NONE,   0,  {0}           },
    {"GET",     "/v1.json",        ROUTE_HIT,    6,  {0}           },
    {"GET",     "/v2.json",        ROUTE_HIT,    7,  {"v2"}        },
    {"GET",     "/v2%2Ejson",      ROUTE_HIT,    7,  {"v2"}        },
    {"GET",     "/.json",          ROUTE_NONE,   0,  {0}           },
    {"GET",     "/x-y-z",          ROUTE_HIT,    8,  {"x", "y-z"}  },
    {"GET",     "/--",             ROUTE_NONE,   0,  {0}           },
    {"GET",     "/---",            ROUTE_HIT,    8,  {"-", "-"}    },
    {"GET",     "/%2D%2d%2D",      ROUTE_HIT,    8,  {"%2D", "%2D"}},
    {"GET",     "/x-",             ROUTE_NONE,   0,  {0}           },
    {"GET",     "/v",              ROUTE_NONE,   0,  {0}           },
    {"GET",     "/v12",            ROUTE_HIT,    9,  {"12"}        },
    {"GET",     "/a%20b/c",        ROUTE_HIT,    10, {"c"}         },
    {"GET",     "/a b/c",          ROUTE_NONE,   0,  {0}           },
    {"GET",     "/",               ROUTE_HIT,    11, {0}           },
    {"GET",     "",                ROUTE_NONE,   0,  {0}           },
    {"GET",     "pets",            ROUTE_NONE,   0,  {0}           },
    {"GET",     "/pets?x=1",       ROUTE_NONE,   0,  {0}           },
    {"GET",     "/pets/7#x",       ROUTE_NONE,   0,  {0}           },
    {"GET",     "/pets/..",        ROUTE_NONE,   0,  {0}           },
    {"GET",     "/pets/%2e%2E",    ROUTE_NONE,   0,  {0}           },
    {"GET",     "/pets/./toys",    ROUTE_NONE,   0,  {0}           },
    {"GET",     "/pets/...",       ROUTE_HIT,    2,  {"..."}       },
    {"HEAD",    "/head",           ROUTE_HIT,    13, {0}           },
    {"OPTIONS", "/pets",           ROUTE_METHOD, 0,  {0}           },
};

TEST(test_match_finds_the_most_specific_template)
{
    CLEANUP(table_clear) struct table t = {0};
    table_make(&t, pets);
    for (size_t i = 0; i < COUNT_OF(match_cases); i++) {
        struct route_hit hit;
        size_t params = 0;
        enum route_result got = route_match(&t.router, str_from(match_cases[i].method),
                                            str_from(match_cases[i].path), &hit);
        if (got != match_cases[i].result)
            printf("\n%s %s\n", match_cases[i].method, match_cases[i].path);
        CHECK_I64(got, match_cases[i].result);
        if (got == ROUTE_HIT)
            CHECK_I64(hit.value, match_cases[i].value);
        for (; params < 3 && match_cases[i].params[params] != NULL; params++)
            if (params < hit.param_count)
                CHECK_STR(hit.params[params], str_from(match_cases[i].params[params]));
        if (got != ROUTE_METHOD)
            CHECK_I64(hit.param_count, params);
    }
}

TEST(test_match_returns_from_a_specific_beginning_that_leads_nowhere)
{
    static const char *const lines[] = {"GET /a/{x}/c", "GET /{y}/b/d", "GET /{y}/{z}/e",
                                        "GET /x{n}/b/f", NULL};
    static const struct {
        const char *path;
        int64_t value;
        size_t params;
    } cases[] = {
        {"/a/b/c",  0, 1},
        {"/a/b/d",  1, 1},
        {"/a/b/e",  2, 2},
        {"/x1/b/f", 3, 1},
        {"/x1/b/d", 1, 1}
    };
    CLEANUP(table_clear) struct table t = {0};
    table_make(&t, lines);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct route_hit hit;
        CHECK_I64(route_match(&t.router, STR("GET"), str_from(cases[i].path), &hit), ROUTE_HIT);
        CHECK_I64(hit.value, cases[i].value);
        CHECK_I64(hit.param_count, cases[i].params);
    }
}

TEST(test_allow_lists_the_methods_of_the_found_template)
{
    static const struct {
        const char *path, *allow;
    } cases[] = {
        {"/pets",       "GET, HEAD, POST"  },
        {"/pets/7",     "DELETE, GET, HEAD"},
        {"/pets/mine",  "GET, HEAD"        },
        {"/head",       "GET, HEAD"        },
        {"/none/there", ""                 }
    };
    CLEANUP(table_clear) struct table t = {0};
    table_make(&t, pets);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        CLEANUP(buf_clear) struct buf out = {0};
        struct route_hit hit;
        (void)route_match(&t.router, STR("PATCH"), str_from(cases[i].path), &hit);
        route_allow(&t.router, &hit, &out);
        CHECK_STR(buf_str(&out), str_from(cases[i].allow));
    }
}

TEST(test_decode_and_strip_respect_borders)
{
    static const struct {
        const char *path, *base, *rest;
    } cases[] = {
        {"/pets/1",   "/pets",  "/1" },
        {"/pets",     "/pets",  ""   },
        {"/pets/",    "/pets/", "/"  },
        {"/petsx",    "/pets",  NULL },
        {"/p%65ts/1", "/pets",  "/1" },
        {"/a%2Fb/1",  "/a/b",   NULL },
        {"/a/b",      "/a%2Fb", NULL },
        {"/x",        "",       "/x" },
        {"/x",        "/",      "/x" },
        {"/pe",       "/pets",  NULL },
        {"/pets/%zz", "/pets",  NULL },
        {"/a%2Fb/c",  "/a%2fb", "/c" },
        {"/a/b",      "/a/b/c", NULL },
        {"/a//b",     "/a",     "//b"},
        {"",          "/a",     NULL },
    };
    CLEANUP(arena_clear) struct arena mem = {0};
    struct str out = STR_NONE;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct str rest = STR_NONE;
        bool cut = route_strip(str_from(cases[i].path), str_from(cases[i].base), &rest);
        CHECK_I64(cut, cases[i].rest != NULL);
        if (cut)
            CHECK_STR(rest, str_from(cases[i].rest));
    }
    CHECK(route_decode(STR("a%2fb%00"), &mem, &out));
    CHECK_STR(out, ((struct str){"a/b\0", 4}));
    CHECK(!route_decode(STR("a%2"), &mem, &out) && !route_decode(STR("%g0"), &mem, &out));
}
