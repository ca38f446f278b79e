/* route: templates as regular expressions find what route_match finds. */
#include "catalog/route/route.h"
#include "tests/unit/test.h"

#define LINES_MAX 16
#define PATHS     20000

static const struct route_entry entries[] = {
    {{"GET", 3},    {"/pets", 5},            0 },
    {{"GET", 3},    {"/pets/{id}", 10},      1 },
    {{"DELETE", 6}, {"/pets/{id}", 10},      2 },
    {{"GET", 3},    {"/pets/mine", 10},      3 },
    {{"GET", 3},    {"/pets/{id}/toys", 15}, 4 },
    {{"GET", 3},    {"/v1.json", 8},         5 },
    {{"GET", 3},    {"/{v}.json", 9},        6 },
    {{"GET", 3},    {"/{a}-{b}-{c}", 12},    7 },
    {{"GET", 3},    {"/v{n}", 5},            8 },
    {{"GET", 3},    {"/a%20b/{x}", 10},      9 },
    {{"GET", 3},    {"/", 1},                10},
    {{"GET", 3},    {"/me@home/$all", 13},   11},
};

struct lines {
    struct arena mem;
    struct regex *regex[LINES_MAX];
    uint32_t path[LINES_MAX];
    size_t count;
};

static void lines_clear(struct lines *l)
{
    arena_clear(&l->mem);
}

static void add_line(void *context, struct str expression, uint32_t path)
{
    struct lines *l = context;
    struct err err = {0};
    size_t room = expression.len + sizeof("^(?:[?]|$)");
    char *text = arena_alloc(&l->mem, room);
    snprintf(text, room, "^" STR_FMT "(?:[?]|$)", STR_ARG(expression));
    for (char *at = text; *at != '\0'; at++) {
        CHECK(*at > ' ' && strchr("\\\"", *at) == NULL);
        if (strncmp(at, "(?>", 3) == 0) /* ECMA-262 has none; they only spare steps */
            at[2] = ':';
    }
    CHECK_OK(regex_compile(str_from(text), STR(""), &l->mem, &l->regex[l->count], &err), &err);
    l->path[l->count++] = path;
}

static bool first_match(const struct lines *l, struct str path, uint32_t *found)
{
    for (size_t i = 0; i < l->count; i++)
        if (regex_matches(l->regex[i], path, NULL)) {
            *found = l->path[i];
            return true;
        }
    return false;
}

struct fixture {
    struct buf bytes;
    struct router router;
    struct lines lines;
};

static void fixture_clear(struct fixture *f)
{
    buf_clear(&f->bytes);
    lines_clear(&f->lines);
}

static void fixture_make(struct fixture *f)
{
    struct err err = {0};
    CHECK_OK(route_compile(entries, COUNT_OF(entries), &f->bytes, &err), &err);
    CHECK_OK(route_open(buf_str(&f->bytes), &f->router, &err), &err);
    route_expressions(&f->router, add_line, &f->lines);
    CHECK_I64(f->lines.count, COUNT_OF(entries) - 1); /* two methods share a template */
}

TEST(test_expressions_find_what_route_match_finds)
{
    static const struct {
        const char *text;
        bool needless; /* spelt as no expression knows it */
    } pieces[] = {
        {"/",         false},
        {"/",         false},
        {"/",         false},
        {"pets",      false},
        {"mine",      false},
        {"7",         false},
        {"-",         false},
        {".json",     false},
        {"v",         false},
        {"v1",        false},
        {"toys",      false},
        {"a%20b",     false},
        {"%2F",       false},
        {"%2f",       false},
        {"..",        false},
        {".",         false},
        {"me@home",   false},
        {"me%40home", false},
        {"$all",      false},
        {"%24all",    false},
        {"%E4",       false},
        {"m%69ne",    true },
        {"%2E",       true },
        {"%2d",       true },
        {"%00",       true },
        {"\xE4",      true },
        {"|",         true },
    };
    CLEANUP(fixture_clear) struct fixture f = {0};
    uint32_t dice = 1;
    size_t hits = 0;
    fixture_make(&f);
    for (int number = 0; number < PATHS; number++) {
        char path[80] = "/";
        bool needless = false;
        dice = dice * 1103515245U + 12345U;
        uint32_t more = dice;
        for (int i = 0; i < 1 + (int)(dice >> 28) % 6; i++) {
            more = more * 1664525U + 1013904223U;
            size_t at = (more >> 16) % COUNT_OF(pieces);
            strncat(path, pieces[at].text, sizeof(path) - strlen(path) - 1);
            needless |= pieces[at].needless;
        }
        struct route_hit hit;
        uint32_t found = 0;
        bool known = route_match(&f.router, STR("GET"), str_from(path), &hit) != ROUTE_NONE;
        bool matched = first_match(&f.lines, str_from(path), &found);
        hits += matched;
        if (matched && (!known || hit.path != found))
            CHECK_STR(str_from(path), STR("a path that is let in as another one"));
        if (known && !matched && !needless)
            CHECK_STR(str_from(path), STR("a path that has an expression"));
    }
    CHECK(hits > 500);
}

TEST(test_expressions_end_at_the_query)
{
    CLEANUP(fixture_clear) struct fixture f = {0};
    uint32_t found = 0;
    fixture_make(&f);
    CHECK(first_match(&f.lines, STR("/pets?limit=3"), &found));
    CHECK(first_match(&f.lines, STR("/pets/7?/toys"), &found));
    CHECK(!first_match(&f.lines, STR("/petsx"), &found));
    CHECK(!first_match(&f.lines, STR("/pets/..?x"), &found));
}

TEST(test_expressions_name_the_methods_of_a_template)
{
    CLEANUP(fixture_clear) struct fixture f = {0};
    struct route_hit hit;
    struct str name = STR_NONE;
    uint32_t value = 0;
    fixture_make(&f);
    CHECK(route_match(&f.router, STR("GET"), STR("/pets/7"), &hit) == ROUTE_HIT);
    CHECK(route_method(&f.router, hit.path, 0, &name, &value));
    CHECK_STR(name, STR("DELETE"));
    CHECK_I64(value, 2);
    CHECK(route_method(&f.router, hit.path, 1, &name, &value));
    CHECK_STR(name, STR("GET"));
    CHECK(!route_method(&f.router, hit.path, 2, &name, &value));
    CHECK(!route_method(&f.router, UINT32_MAX, 0, &name, &value));
}

TEST(test_expression_of_any_takes_no_dots)
{
    static const struct {
        const char *path;
        bool taken;
    } cases[] = {
        {"",            true },
        {"/",           true },
        {"?x=/../y",    true },
        {"/a//b.c/...", true },
        {"x",           false},
        {"/..",         false},
        {"/a/./b",      false},
        {"/a/%2e%2E/b", false},
        {"/a/..?",      false},
        {"/%00",        false},
        {"/a b",        false},
    };
    CLEANUP(buf_clear) struct buf any = {0};
    CLEANUP(lines_clear) struct lines l = {0};
    uint32_t found = 0;
    route_expression_of_any(&any);
    add_line(&l, buf_str(&any), 0);
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        CHECK_I64(first_match(&l, str_from(cases[i].path), &found), cases[i].taken);
}

TEST(test_expression_of_text_takes_every_spelling_that_variables_take)
{
    CLEANUP(buf_clear) struct buf out = {0};
    CHECK(route_expression_of_text(STR("/a.b/%2fc"), &out));
    CHECK_STR(buf_str(&out), STR("/a[.]b/%2[Ff]c"));
    buf_reset(&out);
    CHECK(route_expression_of_text(STR(""), &out));
    CHECK_I64(out.len, 0);
    CHECK(!route_expression_of_text(STR("/%zz"), &out));
}
