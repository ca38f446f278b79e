/* route: precedence, decoding, methods, refusals, damaged bytes. */
#include "catalog/route/route.h"
#include "tests/unit/test.h"

static const struct route_entry entries[] = {
    {{"GET", 3},   {"/pets", 5},            1 },
    {{"POST", 4},  {"/pets", 5},            2 },
    {{"GET", 3},   {"/pets/{id}", 10},      3 },
    {{"GET", 3},   {"/pets/mine", 10},      4 },
    {{"PUT", 3},   {"/pets/{other}", 13},   5 },
    {{"GET", 3},   {"/pets/{id}/toys", 15}, 6 },
    {{"GET", 3},   {"/", 1},                7 },
    {{"GET", 3},   {"/files/{n}.json", 15}, 8 },
    {{"GET", 3},   {"/files/{n}", 10},      9 },
    {{"GET", 3},   {"/{a}-{b}/x", 10},      10},
    {{"GET", 3},   {"/pets/", 6},           11},
    {{"QUERY", 5}, {"/search", 7},          12},
    {{"HEAD", 4},  {"/own", 4},             13},
    {{"GET", 3},   {"/own", 4},             14},
    {{"GET", 3},   {"/a%20b", 6},           15},
    {{"GET", 3},   {"/pets/mine/{x}", 14},  16},
};

struct opened {
    struct buf bytes;
    struct router router;
};

static void open_all(struct opened *o)
{
    struct err err = {0};
    CHECK_OK(route_compile(entries, COUNT_OF(entries), &o->bytes, &err), &err);
    CHECK_OK(route_open(buf_str(&o->bytes), &o->router, &err), &err);
}

TEST(test_route_finds_the_most_specific_template)
{
    static const struct {
        const char *method, *path;
        enum route_result result;
        uint32_t value;
        const char *params; /* joined by '|' */
    } cases[] = {
        {"GET",    "/pets",              ROUTE_HIT,    1,  ""             },
        {"POST",   "/pets",              ROUTE_HIT,    2,  ""             },
        {"GET",    "/pets/42",           ROUTE_HIT,    3,  "42"           },
        {"PUT",    "/pets/42",           ROUTE_HIT,    5,  "42"           },
        {"GET",    "/pets/mine",         ROUTE_HIT,    4,  ""             },
        {"GET",    "/pets/m%69ne",       ROUTE_HIT,    4,  ""             },
        {"GET",    "/pets/42/toys",      ROUTE_HIT,    6,  "42"           },
        {"GET",    "/pets/mine/toys",    ROUTE_HIT,    16, "toys"         },
        {"GET",    "/pets/a%2Fb",        ROUTE_HIT,    3,  "a%2Fb"        },
        {"GET",    "/pets/",             ROUTE_HIT,    11, ""             },
        {"GET",    "/",                  ROUTE_HIT,    7,  ""             },
        {"GET",    "/files/x.json",      ROUTE_HIT,    8,  "x"            },
        {"GET",    "/files/x.json.json", ROUTE_HIT,    8,  "x.json"       },
        {"GET",    "/files/.json",       ROUTE_HIT,    9,  ".json"        },
        {"GET",    "/one-two-three/x",   ROUTE_HIT,    10, "one|two-three"},
        {"GET",    "/a%20b",             ROUTE_HIT,    15, ""             },
        {"HEAD",   "/pets",              ROUTE_HIT,    1,  ""             },
        {"HEAD",   "/own",               ROUTE_HIT,    13, ""             },
        {"QUERY",  "/search",            ROUTE_HIT,    12, ""             },
        {"DELETE", "/pets",              ROUTE_METHOD, 0,  ""             },
        {"GET",    "/pets/42/",          ROUTE_NONE,   0,  ""             },
        {"GET",    "/pets/42/toys/1",    ROUTE_NONE,   0,  ""             },
        {"GET",    "/-two/x",            ROUTE_NONE,   0,  ""             },
        {"GET",    "//",                 ROUTE_NONE,   0,  ""             },
        {"GET",    "/pets/%4",           ROUTE_NONE,   0,  ""             },
        {"GET",    "/pets/%zz",          ROUTE_NONE,   0,  ""             },
        {"GET",    "pets",               ROUTE_NONE,   0,  ""             },
        {"GET",    "",                   ROUTE_NONE,   0,  ""             },
        {"GET",    "/Pets",              ROUTE_NONE,   0,  ""             },
    };
    struct opened o = {0};
    open_all(&o);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        CLEANUP(buf_clear) struct buf params = {0};
        struct route_hit hit;
        CHECK_I64(route_match(&o.router, str_from(cases[i].method), str_from(cases[i].path), &hit),
                  cases[i].result);
        CHECK_I64(cases[i].result == ROUTE_HIT ? hit.value : 0, cases[i].value);
        for (size_t k = 0; cases[i].result == ROUTE_HIT && k < hit.param_count; k++) {
            buf_add(&params, k ? STR("|") : STR(""));
            buf_add(&params, hit.params[k]);
        }
        CHECK_STR(buf_str(&params), str_from(cases[i].params));
    }
    buf_clear(&o.bytes);
}

TEST(test_route_allow_lists_methods_with_head)
{
    struct opened o = {0};
    struct route_hit hit;
    CLEANUP(buf_clear) struct buf allow = {0};
    open_all(&o);
    CHECK_I64(route_match(&o.router, STR("DELETE"), STR("/pets"), &hit), ROUTE_METHOD);
    route_allow(&o.router, &hit, &allow);
    CHECK_STR(buf_str(&allow), STR("GET, HEAD, POST"));
    buf_clear(&o.bytes);
}

TEST(test_route_compile_names_the_bad_entry)
{
    static const struct {
        struct route_entry second;
        enum err_code code;
    } cases[] = {
        {{{"GET", 3}, {"/pets/{name}", 12}, 2}, ERR_CONFLICT},
        {{{"GET", 3}, {"pets", 4}, 2},          ERR_INVALID },
        {{{"GET", 3}, {"/a/{", 4}, 2},          ERR_INVALID },
        {{{"GET", 3}, {"/a/{}", 5}, 2},         ERR_INVALID },
        {{{"GET", 3}, {"/a}b", 4}, 2},          ERR_INVALID },
        {{{"", 0}, {"/a", 2}, 2},               ERR_INVALID },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        CLEANUP(buf_clear) struct buf out = {0};
        struct err err = {0};
        const struct route_entry two[] = {
            {STR("GET"), STR("/pets/{id}"), 1},
            cases[i].second
        };
        CHECK(!route_compile(two, 2, &out, &err));
        CHECK_I64(err.code, cases[i].code);
        CHECK_STR(str_from(err.where), STR("/1"));
    }
}

TEST(test_route_thousands_of_templates_each_find_themselves)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    CLEANUP(buf_clear) struct buf bytes = {0};
    struct route_entry *many = arena_array(&mem, struct route_entry, 5000);
    struct router router;
    struct err err = {0};
    for (uint32_t i = 0; i < 5000; i++)
        many[i] = (struct route_entry){STR("GET"),
                                       arena_printf(&mem, "/group%u/{id}/item%u", i % 50, i), i};
    CHECK_OK(route_compile(many, 5000, &bytes, &err), &err);
    CHECK_OK(route_open(buf_str(&bytes), &router, &err), &err);
    for (uint32_t i = 0; i < 5000; i++) {
        struct route_hit hit;
        struct str path = arena_printf(&mem, "/group%u/x/item%u", i % 50, i);
        CHECK(route_match(&router, STR("GET"), path, &hit) == ROUTE_HIT && hit.value == i);
        CHECK(route_match(&router, STR("GET"), arena_join(&mem, path, STR("/more")), &hit) ==
              ROUTE_NONE);
    }
}

/* Every byte changed in every bit, and every length: opened or refused, never read out of bounds.
 */
TEST(test_route_open_survives_damage)
{
    struct opened o = {0};
    open_all(&o);
    for (size_t i = 0; i < o.bytes.len; i++)
        for (unsigned bit = 0; bit < 8; bit++) {
            struct router damaged;
            struct route_hit hit;
            o.bytes.ptr[i] = (char)(o.bytes.ptr[i] ^ (1 << bit));
            if (route_open(buf_str(&o.bytes), &damaged, NULL)) {
                CLEANUP(buf_clear) struct buf allow = {0};
                if (route_match(&damaged, STR("GET"), STR("/pets/mine/toys"), &hit) != ROUTE_NONE)
                    route_allow(&damaged, &hit, &allow);
                (void)route_match(&damaged, STR("GET"), STR("/one-two/x"), &hit);
            }
            o.bytes.ptr[i] = (char)(o.bytes.ptr[i] ^ (1 << bit));
        }
    for (size_t len = 0; len < o.bytes.len; len++) {
        struct router cut;
        CHECK(!route_open(str_sub(buf_str(&o.bytes), 0, len), &cut, NULL));
    }
    buf_clear(&o.bytes);
}
