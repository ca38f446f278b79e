/* route: what compiles, what is refused, and bytes that lie. */
#include <stdlib.h>

#include "catalog/route/route.h"
#include "tests/unit/test.h"

static struct route_entry entry(const char *method, const char *template, uint32_t value)
{
    return (struct route_entry){str_from(method), str_from(template), value};
}

TEST(test_compile_refuses_what_cannot_match)
{
    static const struct {
        const char *method, *template;
        enum err_code code;
    } cases[] = {
        {"GET",   "pets",                                                         ERR_INVALID},
        {"GET",   "",                                                             ERR_INVALID},
        {"GET",   "/a?b={c}",                                                     ERR_INVALID},
        {"GET",   "/a#b",                                                         ERR_INVALID},
        {"GET",   "/{a",                                                          ERR_INVALID},
        {"GET",   "/a}",                                                          ERR_INVALID},
        {"GET",   "/{}",                                                          ERR_INVALID},
        {"GET",   "/{a{b}}",                                                      ERR_INVALID},
        {"GET",   "/100%",                                                        ERR_INVALID},
        {"GET",   "/a/../b",                                                      ERR_INVALID},
        {"GET",   "/%2e",                                                         ERR_INVALID},
        {"G T",   "/a",                                                           ERR_INVALID},
        {"",      "/a",                                                           ERR_INVALID},
        {"GET",   "/a\nb",                                                        ERR_INVALID},
        {"GET",   "/{1}{2}{3}{4}{5}{6}{7}{8}{9}{10}{11}{12}{13}{14}{15}{16}{17}", ERR_LIMIT  },
        {"GET",   "/{1}{2}{3}{4}{5}{6}{7}{8}{9}{10}{11}{12}{13}{14}{15}{16}",     ERR_NONE   },
        {"GET",   "/{a/b}/x",                                                     ERR_NONE   },
        {"QUERY", "/a b",                                                         ERR_NONE   },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        CLEANUP(buf_clear) struct buf out = {0};
        struct route_entry two[] = {entry("GET", "/fine", 0),
                                    entry(cases[i].method, cases[i].template, 1)};
        struct err err = {0};
        CHECK_I64(route_compile(two, 2, &out, &err), cases[i].code == ERR_NONE);
        CHECK_I64(err.code, cases[i].code);
        if (cases[i].code != ERR_NONE) {
            CHECK_STR(str_from(err.where), STR("/1"));
            CHECK_I64(out.len, 0);
        }
    }
}

TEST(test_compile_finds_templates_that_differ_in_names_only)
{
    static const struct {
        const char *first[2], *second[2];
        bool conflict;
    } cases[] = {
        {{"GET", "/a/{x}"},   {"GET", "/a/{y}"},   true },
        {{"GET", "/a/{x}"},   {"PUT", "/a/{y}"},   false},
        {{"GET", "/{x}-{y}"}, {"GET", "/{p}-{q}"}, true },
        {{"GET", "/{x}-{y}"}, {"GET", "/{p}_{q}"}, false},
        {{"GET", "/%61"},     {"GET", "/a"},       true },
        {{"GET", "/a"},       {"GET", "/a/"},      false},
        {{"GET", "/a%2Fb"},   {"GET", "/a/b"},     false},
        {{"GET", "/a"},       {"get", "/a"},       false},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        CLEANUP(buf_clear) struct buf out = {0}, some = {0};
        struct route_entry two[] = {entry(cases[i].first[0], cases[i].first[1], 0),
                                    entry(cases[i].second[0], cases[i].second[1], 1)};
        struct err err = {0};
        bool left_out[2] = {false, false};
        CHECK_I64(route_compile(two, 2, &out, &err), !cases[i].conflict);
        CHECK_I64(err.code, cases[i].conflict ? ERR_CONFLICT : ERR_NONE);
        CHECK(route_compile_some(two, 2, left_out, &some, &err));
        CHECK(!left_out[0]);
        CHECK_I64(left_out[1], cases[i].conflict);
    }
}

TEST(test_compile_some_leaves_out_and_keeps_the_rest)
{
    CLEANUP(buf_clear) struct buf out = {0};
    struct route_entry list[] = {entry("GET", "/a?b", 0), entry("GET", "/b/{x}", 1),
                                 entry("GET", "/{", 2), entry("GET", "/c", 3)};
    bool left_out[4] = {false};
    struct router r;
    struct route_hit hit;
    struct err err = {0};
    CHECK(route_compile_some(list, 4, left_out, &out, &err));
    CHECK(left_out[0] && !left_out[1] && left_out[2] && !left_out[3]);
    CHECK_OK(route_open(buf_str(&out), &r, &err), &err);
    CHECK_I64(route_match(&r, STR("GET"), STR("/c"), &hit), ROUTE_HIT);
    CHECK_I64(hit.value, 3);
}

TEST(test_empty_router_matches_nothing)
{
    CLEANUP(buf_clear) struct buf out = {0};
    struct router r;
    struct route_hit hit;
    struct err err = {0};
    CHECK_OK(route_compile(NULL, 0, &out, &err), &err);
    CHECK_OK(route_open(buf_str(&out), &r, &err), &err);
    CHECK_I64(route_match(&r, STR("GET"), STR("/"), &hit), ROUTE_NONE);
}

TEST(test_thousands_of_templates_each_find_themselves)
{
    enum { COUNT = 6000 };
    CLEANUP(arena_clear) struct arena mem = {0};
    CLEANUP(buf_clear) struct buf out = {0};
    struct route_entry *list = arena_array(&mem, struct route_entry, COUNT);
    struct router r;
    struct err err = {0};
    for (uint32_t i = 0; i < COUNT; i++) {
        list[i] = (struct route_entry){STR("GET"), STR_NONE, i};
        CLEANUP(buf_clear) struct buf text = {0};
        if (i % 3 == 0)
            buf_printf(&text, "/r%u/{x}/s%u", i % 97, i);
        else if (i % 3 == 1)
            buf_printf(&text, "/r%u/s%u", i % 89, i);
        else
            buf_printf(&text, "/{x}/r%u/v{n}.s%u", i, i);
        list[i].template = arena_str(&mem, buf_str(&text));
    }
    CHECK_OK(route_compile(list, COUNT, &out, &err), &err);
    CHECK_OK(route_open(buf_str(&out), &r, &err), &err);
    for (uint32_t i = 0; i < COUNT; i++) {
        struct route_hit hit;
        struct str path = i % 3 == 0   ? arena_printf(&mem, "/r%u/q/s%u", i % 97, i)
                          : i % 3 == 1 ? arena_printf(&mem, "/r%u/s%u", i % 89, i)
                                       : arena_printf(&mem, "/q/r%u/v1.s%u", i, i);
        CHECK(route_match(&r, STR("GET"), path, &hit) == ROUTE_HIT && hit.value == i);
    }
}

/* Whatever route_open accepts may be matched without leaving the bytes (the sanitizers look). */
TEST(test_open_refuses_or_survives_changed_bytes)
{
    static const char *const paths[] = {"/a/b/c", "/x-y/v1.json", "/a/%2Fq/zz", "/", "/x.y"};
    CLEANUP(buf_clear) struct buf out = {0}, allow = {0};
    struct route_entry list[] = {entry("GET", "/a/{b}/c", 0), entry("PUT", "/{x}-{y}/v{n}.json", 1),
                                 entry("GET", "/", 2), entry("DELETE", "/a/b", 3)};
    struct err err = {0};
    CHECK_OK(route_compile(list, COUNT_OF(list), &out, &err), &err);
    struct router r;
    for (size_t len = 0; len < out.len; len++)
        CHECK(!route_open((struct str){out.ptr, len}, &r, &err));
    unsigned seed = 20261124;
    for (int round = 0; round < 20000; round++) {
        char *copy = mem_new(out.len);
        memcpy(copy, out.ptr, out.len);
        for (int k = 0; k < 1 + rand_r(&seed) % 3; k++)
            copy[(size_t)rand_r(&seed) % out.len] = (char)(rand_r(&seed) % (k ? 256 : 5));
        if (route_open((struct str){copy, out.len}, &r, &err)) {
            struct route_hit hit;
            for (size_t i = 0; i < COUNT_OF(paths); i++) {
                (void)route_match(&r, STR("GET"), str_from(paths[i]), &hit);
                route_allow(&r, &hit, &allow);
            }
            buf_reset(&allow);
        }
        free(copy);
    }
}
