/* jsonpath: one walk finds what a search finds, and both end. */
#include "catalog/jsonpath/jsonpath.h"
#include "tests/unit/test.h"

static void add_size(void *context, size_t tag, const struct jsonpath_match *match)
{
    uint64_t *sum = context;
    UNUSED(tag);
    *sum = *sum * 10 + match->value.node->size;
}

static struct tree *read_text(struct arena *mem, struct str text)
{
    struct tree *doc = NULL;
    struct err err = {0};
    CHECK_OK(tree_read(text, NULL, mem, &doc, &err), &err);
    return doc;
}

static struct jsonpath *strict(struct arena *mem, const char *text)
{
    struct jsonpath *path = NULL;
    struct err err = {0};
    CHECK_OK(jsonpath_compile(str_from(text), JSONPATH_STRICT, mem, &path, &err), &err);
    return path;
}

static void note_number(void *context, size_t tag, const struct jsonpath_match *match)
{
    unsigned *numbers = context;
    UNUSED(tag);
    *numbers |= 1U << tree_number(match->value.doc, match->value.node);
}

TEST(test_a_walk_takes_slices_as_a_search_does)
{
    static const struct {
        const char *text;
        int64_t found, walked;
    } cases[] = {
        {"$[-1:0:-2]", 42,    24  },
        {"$[::-1]",    43210, 1234},
        {"$[3:-9:-3]", 30,    3   },
        {"$[1:9:2]",   13,    13  },
        {"$[-9:2]",    1,     1   },
        {"$[2:0]",     0,     0   },
        {"$[::0]",     0,     0   },
    };
    CLEANUP(arena_clear) struct arena mem = {0};
    struct tree *doc = read_text(&mem, STR("['', 'a', 'bb', 'ccc', 'dddd']"));
    struct jsonpath_spot root = {doc, tree_root(doc)};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const struct jsonpath *path = strict(&mem, cases[i].text);
        struct jsonpath_set *set = jsonpath_set_new(&mem);
        uint64_t found = 0, walked = 0;
        struct err err = {0};
        jsonpath_set_add(set, path, 0);
        CHECK_OK(jsonpath_find(path, root, NULL, 0, add_size, &found, &err), &err);
        CHECK_OK(jsonpath_set_walk(set, root, NULL, add_size, &walked, &err), &err);
        CHECK_I64(found, cases[i].found);
        CHECK_I64(walked, cases[i].walked);
    }
}

/* Text and lists have elements and methods, though no members. */
TEST(test_a_walk_gives_text_and_lists_to_filters)
{
    static const char *const cases[] = {"$[?(@.3)]", "$[?(@['3'] == 'd')]", "$[?(@.trim)]",
                                        "$[?(@.join)]", "$[?(@.3 != null)]"};
    CLEANUP(arena_clear) struct arena mem = {0};
    struct tree *doc = read_text(&mem, STR("[[1, 2, 3, 4], 'abcd', {'3': 'd', trim: 1, join: 1}]"));
    struct jsonpath_spot root = {doc, tree_root(doc)};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct jsonpath *path = NULL;
        struct jsonpath_set *set = jsonpath_set_new(&mem);
        unsigned found = 0, walked = 0;
        struct err err = {0};
        CHECK_OK(jsonpath_compile(str_from(cases[i]), JSONPATH_SPECTRAL, &mem, &path, &err), &err);
        jsonpath_set_add(set, path, 0);
        CHECK_OK(jsonpath_find(path, root, NULL, 0, note_number, &found, &err), &err);
        CHECK_OK(jsonpath_set_walk(set, root, NULL, note_number, &walked, &err), &err);
        CHECK(found != 0);
        CHECK_I64(walked, found);
    }
}

/* `[0, 0, …]` */
static struct tree *zeros(struct arena *mem, size_t count)
{
    CLEANUP(buf_clear) struct buf text = {0};
    buf_add(&text, STR("[0"));
    while (--count > 0)
        buf_add(&text, STR(",0"));
    buf_add_char(&text, ']');
    return read_text(mem, arena_str(mem, buf_str(&text)));
}

/* Counting to each element from the first would take 10^11 steps. */
TEST(test_a_long_list_is_taken_backwards)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct tree *doc = zeros(&mem, 500000);
    uint64_t sum = 0;
    struct err err = {0};
    CHECK_OK(jsonpath_find(strict(&mem, "$[::-1]"), (struct jsonpath_spot){doc, tree_root(doc)},
                           NULL, 0, add_size, &sum, &err),
             &err);
    CHECK(sum > 0);
}

TEST(test_filters_inside_of_filters_share_one_budget)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct tree *doc = zeros(&mem, 2000);
    struct jsonpath_spot root = {doc, tree_root(doc)};
    const struct jsonpath *path = strict(&mem, "$[?$[?$[?@ > 0]]]");
    struct jsonpath_set *set = jsonpath_set_new(&mem);
    uint64_t sum = 0;
    struct err err = {0};
    jsonpath_set_add(set, path, 0);
    CHECK(!jsonpath_find(path, root, NULL, 0, add_size, &sum, &err));
    CHECK_I64(err.code, ERR_LIMIT);
    CHECK(!jsonpath_set_walk(set, root, NULL, add_size, &sum, &err));
    CHECK_I64(err.code, ERR_LIMIT);
}

static void note_tag(void *context, size_t tag, const struct jsonpath_match *match)
{
    unsigned *tags = context;
    UNUSED(match);
    *tags |= 1U << tag;
}

/* What an alias repeats is entered again where other expressions lead on. */
TEST(test_a_shared_value_is_entered_for_each_set_of_expressions)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct tree *doc = read_text(&mem, STR("a: &x {b: {c: 1, d: 2}}\ne: *x\n"));
    struct jsonpath_set *set = jsonpath_set_new(&mem);
    unsigned tags = 0;
    struct err err = {0};
    jsonpath_set_add(set, strict(&mem, "$.a.b.c"), 0);
    jsonpath_set_add(set, strict(&mem, "$.e.b.d"), 1);
    jsonpath_set_add(set, strict(&mem, "$.e.b.none"), 2);
    CHECK_OK(jsonpath_set_walk(set, (struct jsonpath_spot){doc, tree_root(doc)}, NULL, note_tag,
                               &tags, &err),
             &err);
    CHECK_I64(tags, 3);
}
