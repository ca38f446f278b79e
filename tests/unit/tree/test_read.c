/* tree: syntaxes, budgets, refusals with their place, findings, offsets, encodings. */
#include <math.h>
#include <stdlib.h>

#include "catalog/tree/reader.h"
#include "catalog/tree/tree.h"
#include "tests/unit/test.h"

static void show(const struct tree *doc, const struct tree_node *node, struct buf *out);

static void show_scalar(const struct tree *doc, const struct tree_node *node, struct buf *out)
{
    static const char *const forms[] = {
        [TREE_NULL] = "null", [TREE_BOOL] = "", [TREE_NUMBER] = "#", [TREE_STRING] = "'"};
    enum tree_kind kind = tree_kind_of(node);
    buf_add(out, str_from(forms[kind]));
    buf_add(out, tree_text(doc, node));
    buf_add(out, kind == TREE_STRING ? STR("'") : STR(""));
}

static void show_members(const struct tree *doc, const struct tree_node *node, struct buf *out)
{
    for (const struct tree_node *n = tree_first(doc, node); n != NULL; n = tree_next(doc, n)) {
        if (tree_key(doc, n).ptr != NULL)
            buf_printf(out, STR_FMT ":", STR_ARG(tree_key(doc, n)));
        show(doc, n, out);
        if (tree_next(doc, n) != NULL)
            buf_add_char(out, ' ');
    }
}

/* One short form to compare trees in: {a:#1 b:['text' null true]}. */
static void show(const struct tree *doc, const struct tree_node *node, struct buf *out)
{
    bool object = tree_kind_of(node) == TREE_OBJECT;
    if (tree_kind_of(node) < TREE_ARRAY) {
        show_scalar(doc, node, out);
        return;
    }
    buf_add(out, object ? STR("{") : STR("["));
    show_members(doc, node, out);
    buf_add(out, object ? STR("}") : STR("]"));
}

static void check_tree(struct str bytes, const char *want)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    CLEANUP(buf_clear) struct buf got = {0};
    struct tree *doc = NULL;
    struct err err = {0};
    CHECK_OK(tree_read(bytes, NULL, &mem, &doc, &err), &err);
    if (doc == NULL)
        return;
    show(doc, tree_root(doc), &got);
    CHECK_STR(buf_str(&got), str_from(want));
}

TEST(test_yaml_follows_the_core_schema)
{
    static const struct {
        const char *yaml, *want;
    } cases[] = {
        {"[NO, no, on, off, y, yes, Yes]",                                     "['NO' 'no' 'on' 'off' 'y' 'yes' 'Yes']"   },
        {"- true\n- True\n- TRUE\n- tRUE\n- FALSE",                            "[true True TRUE 'tRUE' FALSE]"            },
        {"- ~\n- null\n- NULL\n- nUll\n-",                                     "[null null null 'nUll' null]"             },
        {"- 1\n- -0\n- +12\n- 007\n- 0o17\n- 0x1F\n- 0b1\n- 1_000",
         "[#1 #-0 #+12 #007 #0o17 #0x1F '0b1' '1_000']"                                                                   },
        {"- 1.10\n- .5\n- 1.\n- 1e400\n- .inf\n- -.INF\n- .nan\n- .\n- 1.2.3",
         "[#1.10 #.5 #1. #1e400 #.inf #-.INF #.nan '.' '1.2.3']"                                                          },
        {"- 2026-11-24\n- 12:30:45\n- 9007199254740993",
         "['2026-11-24' '12:30:45' #9007199254740993]"                                                                    },
        {"- '1'\n- \"true\"\n- |\n  1\n- !!str 1\n- ! 1",                      "['1' 'true' '1\n' '1' '1']"               },
        {"- !!int 5\n- !!int five\n- !thing 5",                                "[#5 'five' '5']"                          },
        {"200: a\nnull: b\ntrue: c\n1.0: d\n~: e",                             "{200:'a' null:'b' true:'c' 1.0:'d' ~:'e'}"},
        {"a: &x {p: 1}\nb: *x\nc: &y text\nd: *y\n*y : key",
         "{a:{p:#1} b:{p:#1} c:'text' d:'text' text:'key'}"                                                               },
        {"a: &a 1\nb: &a 2\nc: *a",                                            "{a:#1 b:#2 c:#2}"                         },
        {"? [1, 2]\n: x\n? {a: 1}\n: y",                                       "{[1, 2]:'x' {a: 1}:'y'}"                  },
        {"text: >\n  folded\n  line\n",                                        "{text:'folded line\n'}"                   },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        check_tree(str_from(cases[i].yaml), cases[i].want);
}

TEST(test_yaml_merge_keys_never_override)
{
    static const struct {
        const char *yaml, *want;
    } cases[] = {
        {"a: &a {x: 1, y: 2}\nb:\n  <<: *a\n  y: 3",               "{a:{x:#1 y:#2} b:{y:#3 x:#1}}"   },
        {"- &a {x: 1}\n- &b {x: 2, z: 3}\n- {<<: [*a, *b], q: 4}",
         "[{x:#1} {x:#2 z:#3} {q:#4 x:#1 z:#3}]"                                                     },
        {"- &a {x: 1}\n- &b {<<: *a, y: 2}\n- {<<: *b}",           "[{x:#1} {y:#2 x:#1} {y:#2 x:#1}]"},
        {"<<: {a: 1}\n<<: {a: 2, b: 3}",                           "{a:#1 b:#3}"                     },
        {"'<<': {a: 1}",                                           "{<<:{a:#1}}"                     },
        {"<<: 5\na: 1",                                            "{<<:#5 a:#1}"                    },
        {"<<: {}",                                                 "{}"                              },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        check_tree(str_from(cases[i].yaml), cases[i].want);
}

/* What loses against a name of the mapping itself is no duplicate; wide objects take the same way.
 */
TEST(test_merged_names_lose_silently)
{
    for (int width = 1; width < 40; width += 19) {
        CLEANUP(arena_clear) struct arena mem = {0};
        CLEANUP(buf_clear) struct buf text = {0};
        struct tree *doc = NULL;
        struct err err = {0};
        size_t count = 0;
        buf_add(&text, STR("- &a {"));
        for (int i = 0; i < width; i++)
            buf_printf(&text, "k%d: old,", i);
        buf_add(&text, STR("}\n- {<<: *a, k0: new}\n"));
        CHECK_OK(tree_read(buf_str(&text), NULL, &mem, &doc, &err), &err);
        (void)tree_findings(doc, &count);
        CHECK_I64(count, 0);
        CHECK_STR(tree_text(doc, tree_at(doc, STR("/1/k0"))), STR("new"));
        CHECK_I64(tree_at(doc, STR("/1"))->size, width);
    }
}

TEST(test_json_keeps_numbers_and_decodes_text)
{
    check_tree(STR("{\"a\": [1e400, -0, 9007199254740993, 1.10], \"b\": true, \"c\": null}"),
               "{a:[#1e400 #-0 #9007199254740993 #1.10] b:true c:null}");
    check_tree(STR("[\"\\u00e9\\ud83d\\ude00\\n\\/\", \"\\ud800x\"]"),
               "['\xC3\xA9\xF0\x9F\x98\x80\n/' '\xEF\xBF\xBDx']");
    check_tree(STR(" [ ] "), "[]");
    check_tree(STR("{\"\":{}}"), "{:{}}");
}

TEST(test_nul_escape_keeps_its_length)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct tree *doc = NULL;
    struct err err = {0};
    CHECK_OK(tree_read(STR("[\"a\\u0000b\"]"), NULL, &mem, &doc, &err), &err);
    CHECK_STR(tree_text(doc, tree_first(doc, tree_root(doc))), STR("a\0b"));
}

TEST(test_flow_yaml_is_read_where_json_fails_outside_a_string)
{
    check_tree(STR("{openapi: 3.1.0, info: {title: x}}"), "{openapi:'3.1.0' info:{title:'x'}}");
    check_tree(STR("{\"a\": 1, # why\n \"b\": 2,}"), "{a:#1 b:#2}");
    CLEANUP(arena_clear) struct arena mem = {0};
    struct tree *doc = NULL;
    struct err err = {0};
    size_t count = 0;
    CHECK_OK(tree_read(STR("{\"a\": 1,}"), NULL, &mem, &doc, &err), &err);
    const struct finding *found = tree_findings(doc, &count);
    CHECK_I64(count, 1);
    CHECK(count == 1 && strcmp(found[0].code, "not-json") == 0 && found[0].offset == 8);
}

/* --- refusals --------------------------------------------------------------------------------- */

TEST(test_refusals_name_line_and_column)
{
    static const struct {
        struct str bytes;
        const char *where;
        enum err_code code;
    } cases[] = {
        {{"", 0},                                 "line 1 column 1", ERR_INVALID},
        {{"\xEF\xBB\xBF", 3},                     "line 1 column 1", ERR_INVALID},
        {{" \n# only a comment\n", 19},           "line 1 column 1", ERR_INVALID},
        {{"{\"a\":\n  [1, 2", 13},                "line 2 column 8", ERR_INVALID},
        {{"{\"a\": \"no end", 13},                "line 1 column 7", ERR_INVALID},
        {{"{\"a\": 1\n \"b\": 2}", 16},           "line 2 column 2", ERR_INVALID},
        {{"{\"\xF0\x9F\x98\x80\": \"\\q\"}", 14}, "line 1 column 9", ERR_INVALID},
        {{"{\"a\": \"x\ny\"}", 12},               "line 1 column 9", ERR_INVALID},
        {{"a: 1\r\nb: \0", 10},                   "line 2 column 4", ERR_INVALID},
        {{"{\"a\":1}\n\0", 9},                    "line 2 column 1", ERR_INVALID},
        {{"a: 1\nb: \xE9t\xE9\n", 12},            "line 2 column 4", ERR_INVALID},
        {{"\xC3\xA9: \xC0\x80", 6},               "line 1 column 4", ERR_INVALID},
        {{"a: b\n\tc: d", 10},                    "line 2 column 1", ERR_INVALID},
        {{"a: \"\xF0\x9F\x98\x80\" x", 11},       "line 1 column 9", ERR_INVALID},
        {{"a: 1\n---\nb: 2\n", 14},               "line 2 column 1", ERR_INVALID},
        {{"a: *nowhere", 11},                     "line 1 column 4", ERR_INVALID},
        {{"a: &x [*x]", 10},                      "line 1 column 8", ERR_INVALID},
        {{"a: \x01", 4},                          "line 1 column 4", ERR_INVALID},
        {{"\xFF\xFE"
          "a\0:\0\x00\xD8",
          8},
         "line 1 column 3",                                          ERR_INVALID},
        {{"\xFF\xFE"
          "a\0:",
          5},
         "line 1 column 2",                                          ERR_INVALID},
        {{"\xFF\xFE\0\0a\0\0\0", 8},              "line 1 column 1", ERR_INVALID},
        {{"{openapi: 3.1.0,\n info: [}", 26},     "line 2 column 9", ERR_INVALID},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        CLEANUP(arena_clear) struct arena mem = {0};
        struct tree *doc = NULL;
        struct err err = {0};
        CHECK(!tree_read(cases[i].bytes, NULL, &mem, &doc, &err));
        CHECK_STR(str_from(err.where), str_from(cases[i].where));
        CHECK_I64(err.code, cases[i].code);
    }
}

static void check_limit(struct str bytes, const struct tree_limits *limits, bool ok)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct tree *doc = NULL;
    struct err err = {0};
    bool got = tree_read(bytes, limits, &mem, &doc, &err);
    if (got != ok)
        printf("\n%.60s: %s\n", bytes.ptr, err.msg);
    CHECK_I64(got, ok);
    CHECK_I64(err.code, ok ? ERR_NONE : ERR_LIMIT);
    CHECK(ok || (err.hint[0] != '\0' && str_starts(str_from(err.where), STR("line "))));
}

TEST(test_budgets_hold_to_the_last_one)
{
    static const struct {
        const char *text;
        struct tree_limits limits;
        bool ok;
    } cases[] = {
        {"{\"a\":1}",                 {7, 9, 9, 9},    true },
        {"{\"a\":1}",                 {6, 9, 9, 9},    false},
        {"[[[1]]]",                   {99, 3, 99, 9},  true },
        {"[[[1]]]",                   {99, 2, 99, 9},  false},
        {"- - - 1",                   {99, 3, 99, 9},  true },
        {"- - - 1",                   {99, 2, 99, 9},  false},
        {"{\"a\":1}",                 {99, 9, 3, 9},   true }, /* names count */
        {"{\"a\":1}",                 {99, 9, 2, 9},   false},
        {"a: 1",                      {99, 9, 3, 9},   true },
        {"a: 1",                      {99, 9, 2, 9},   false},
        {"[&a [1, 2], *a]",           {99, 9, 99, 3},  true },
        {"[&a [1, 2], *a]",           {99, 9, 99, 2},  false},
        {"[&a [[1]], [*a]]",          {99, 4, 99, 99}, true }, /* an alias brings its own depth */
        {"[&a [[1]], [*a]]",          {99, 3, 99, 99}, false},
        {"- &a {x: [1]}\n- {<<: *a}", {99, 9, 99, 6},  true },
        {"- &a {x: [1]}\n- {<<: *a}", {99, 9, 99, 5},  false},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        check_limit(str_from(cases[i].text), &cases[i].limits, cases[i].ok);
}

static void check_repeated(const char *unit, size_t times)
{
    CLEANUP(buf_clear) struct buf text = {0};
    for (size_t i = 0; i < times; i++)
        buf_add(&text, str_from(unit));
    check_limit(buf_str(&text), NULL, false);
}

TEST(test_ten_thousand_levels_are_refused_at_once)
{
    static const char *const units[] = {
        "[", "{\"a\":", "- ", "{a: ", "[\n", "? ", "{a: [", "%TAG !a! b\n"};
    for (size_t i = 0; i < COUNT_OF(units); i++)
        check_repeated(units[i], 10000);
}

/* Nine lines, ten to the eighth values. */
TEST(test_alias_bomb_is_refused)
{
    CLEANUP(buf_clear) struct buf text = {0};
    buf_add(&text, STR("l0: &l0 [x,x,x,x,x,x,x,x,x,x]\n"));
    for (int i = 1; i < 9; i++) {
        buf_printf(&text, "l%d: &l%d [", i, i);
        for (int k = 0; k < 10; k++)
            buf_printf(&text, "%s*l%d", k ? "," : "", i - 1);
        buf_add(&text, STR("]\n"));
    }
    check_limit(buf_str(&text), NULL, false);
    buf_reset(&text);
    buf_add(&text, STR("m0: &m0 {a: 1, b: 2}\n"));
    for (int i = 1; i < 40; i++)
        buf_printf(&text, "m%d: &m%d {x: *m%d, y: *m%d, <<: *m%d}\n", i, i, i - 1, i - 1, i - 1);
    check_limit(buf_str(&text), NULL, false);
}

/* A million values is the most that aliases add, and 64 bytes of a text weigh as much as one. */
TEST(test_aliases_of_long_texts_weigh_more)
{
    static const struct {
        const char *before, *after;
    } cases[] = {
        {"a: &a ",     "\nb: ["     },
        {"a: &a {x: ", "}\nb: ["    },
        {"a: &a {? ",  " : 1}\nb: ["},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        for (int times = 900; times <= 1100; times += 200) {
            CLEANUP(arena_clear) struct arena mem = {0};
            CLEANUP(buf_clear) struct buf text = {0};
            struct tree *doc = NULL;
            struct err err = {0};
            buf_printf(&text, "%s%064000d%s", cases[i].before, 1, cases[i].after);
            for (int k = 0; k < times; k++)
                buf_add(&text, STR("*a, "));
            buf_add(&text, STR("]\n"));
            CHECK_I64(tree_read(buf_str(&text), NULL, &mem, &doc, &err), times == 900);
            CHECK_I64(err.code, times == 900 ? ERR_NONE : ERR_LIMIT);
        }
}

/* --- findings --------------------------------------------------------------------------------- */

TEST(test_findings_point_at_the_oddity)
{
    static const struct {
        const char *text, *code, *pointer;
        uint32_t offset;
    } cases[] = {
        {"{\"a\":{\"b\":1,\"c/d~\":2,\"c/d~\":3}}", "duplicate-key",  "/a/c~1d~0", 21},
        {"a: 1\nb:\n  - {x: 1, x: 2}\n",            "duplicate-key",  "/b/0/x",    19},
        {"a:\n  - 1\n  - ? [k]\n    : 2\n",         "complex-key",    "/a/1/[k]",  15},
        {"a: {<<: 3}",                              "merge-value",    "/a/<<",     8 },
        {"a: [1, !Ref x]",                          "unknown-tag",    "/a/1",      7 },
        {"a: !!int x",                              "tag-mismatch",   "/a",        3 },
        {"{\"a\":[0,\"\\udc00\"]}",                 "lone-surrogate", "/a/1",      9 },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        CLEANUP(arena_clear) struct arena mem = {0};
        struct tree *doc = NULL;
        struct err err = {0};
        size_t count = 0;
        CHECK_OK(tree_read(str_from(cases[i].text), NULL, &mem, &doc, &err), &err);
        const struct finding *found = doc ? tree_findings(doc, &count) : NULL;
        CHECK_I64(count, 1);
        if (count != 1)
            continue;
        CHECK_STR(str_from(found->code), str_from(cases[i].code));
        CHECK_STR(found->pointer, str_from(cases[i].pointer));
        CHECK_I64(found->offset, cases[i].offset);
    }
}

/* Narrow objects compare pairs, wide ones sort: both keep the first, in document order. */
TEST(test_first_of_equal_names_wins_in_narrow_and_wide_objects)
{
    for (int width = 2; width < 400; width += 13) {
        CLEANUP(arena_clear) struct arena mem = {0};
        CLEANUP(buf_clear) struct buf text = {0};
        struct tree *doc = NULL;
        struct err err = {0};
        size_t count = 0;
        for (int i = 0; i < 2 * width; i++)
            buf_printf(&text, "%s\"k%d\":%d", i ? "," : "{", i % width, i);
        buf_add_char(&text, '}');
        CHECK_OK(tree_read(buf_str(&text), NULL, &mem, &doc, &err), &err);
        (void)tree_findings(doc, &count);
        CHECK_I64(count, width);
        CHECK_I64(tree_root(doc)->size, width);
        int at = 0;
        for (const struct tree_node *n = tree_first(doc, tree_root(doc)); n;
             n = tree_next(doc, n), at++) {
            CHECK_STR(tree_key(doc, n), arena_printf(&mem, "k%d", at));
            CHECK_STR(tree_text(doc, n), arena_printf(&mem, "%d", at));
            CHECK(tree_get(doc, tree_root(doc), tree_key(doc, n)) == n);
        }
        CHECK_I64(at, width);
        CHECK(tree_get(doc, tree_root(doc), STR("absent")) == NULL);
    }
}

/* Two names of an index that have one hash are found, each its own; a third one is not there. */
TEST(test_names_with_one_hash_are_told_apart)
{
    static const char *const names[][2] = {
        {"costarring", "liquid"   },
        {"declinate",  "macallums"},
        {"altarage",   "zinke"    }
    };
    CLEANUP(arena_clear) struct arena mem = {0};
    CLEANUP(buf_clear) struct buf text = {0};
    struct tree *doc = NULL;
    struct err err = {0};
    buf_add(&text, STR("{"));
    for (int i = 0; i < 40; i++)
        buf_printf(&text, "\"n%d\":%d,", i, i);
    buf_add(&text, STR("\"liquid\":1,\"costarring\":2,\"declinate\":3,\"altarage\":4,"
                       "\"zinke\":5}"));
    CHECK_OK(tree_read(buf_str(&text), NULL, &mem, &doc, &err), &err);
    for (size_t i = 0; i < COUNT_OF(names); i++)
        CHECK_I64(key_hash(str_from(names[i][0])), key_hash(str_from(names[i][1])));
    const struct tree_node *root = tree_root(doc);
    CHECK_STR(tree_text(doc, tree_get(doc, root, STR("liquid"))), STR("1"));
    CHECK_STR(tree_text(doc, tree_get(doc, root, STR("costarring"))), STR("2"));
    CHECK_STR(tree_text(doc, tree_get(doc, root, STR("declinate"))), STR("3"));
    CHECK(tree_get(doc, root, STR("macallums")) == NULL);
    CHECK_STR(tree_text(doc, tree_get(doc, root, STR("altarage"))), STR("4"));
    CHECK_STR(tree_text(doc, tree_get(doc, root, STR("zinke"))), STR("5"));
}

TEST(test_findings_are_bounded)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    CLEANUP(buf_clear) struct buf text = {0};
    struct tree *doc = NULL;
    struct err err = {0};
    size_t count = 0;
    for (int i = 0; i < 5000; i++)
        buf_add(&text, i ? STR(",\"a\":1") : STR("{\"a\":1"));
    buf_add_char(&text, '}');
    CHECK_OK(tree_read(buf_str(&text), NULL, &mem, &doc, &err), &err);
    const struct finding *found = tree_findings(doc, &count);
    CHECK_I64(count, 1001);
    CHECK_STR(str_from(found[count - 1].code), STR("more-findings"));
}

/* --- places ----------------------------------------------------------------------------------- */

static void check_place(const struct tree *doc, const char *pointer, uint32_t line, uint32_t column,
                        const char *source)
{
    const struct tree_node *node = tree_at(doc, str_from(pointer));
    CHECK(node != NULL);
    if (node == NULL)
        return;
    struct tree_place place = tree_place_of(doc, node->start);
    CHECK_I64(place.line, line);
    CHECK_I64(place.column, column);
    CHECK_STR(str_sub(tree_source(doc), node->start, node->end - node->start), str_from(source));
}

TEST(test_offsets_lead_to_lines_and_columns)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct tree *doc = NULL;
    struct err err = {0};
    CHECK_OK(
        tree_read(
            STR("\xEF\xBB\xBF{\"\xC3\xA9\": [1,\r\n  \"\xF0\x9F\x98\x80\", {\"k\": true}],\r\"n\": {}}"),
            NULL, &mem, &doc, &err),
        &err);
    check_place(doc, "", 1, 1,
                "{\"\xC3\xA9\": [1,\r\n  \"\xF0\x9F\x98\x80\", {\"k\": true}],\r\"n\": {}}");
    check_place(doc, "/\xC3\xA9/0", 1, 8, "1");
    check_place(doc, "/\xC3\xA9/1", 2, 3, "\"\xF0\x9F\x98\x80\"");
    check_place(doc, "/\xC3\xA9/2/k", 2, 15, "true");
    check_place(doc, "/n", 3, 6, "{}");
    CHECK_OK(
        tree_read(
            STR("# caf\xC3\xA9\r\na:\r\n  - &x \"\xF0\x9F\x98\x80 b\"  # c\r\n  - !!str 5\r\n\r\n"
                "b: {k: *x, l: [1]}\r\nc:\r\n  d: |\r\n    t\r\n  e:\r\n"),
            NULL, &mem, &doc, &err),
        &err);
    check_place(doc, "/a/0", 3, 8, "\"\xF0\x9F\x98\x80 b\"");
    check_place(doc, "/a/1", 4, 11, "5");
    check_place(doc, "/a", 3, 3, "- &x \"\xF0\x9F\x98\x80 b\"  # c\r\n  - !!str 5");
    check_place(doc, "/b", 6, 4, "{k: *x, l: [1]}");
    check_place(doc, "/b/k", 6, 8, "*x");
    CHECK_STR(tree_text(doc, tree_at(doc, STR("/b/k"))), STR("\xF0\x9F\x98\x80 b"));
    check_place(doc, "/c/e", 10, 5, "");
    const struct tree_node *key = tree_key_node(doc, tree_at(doc, STR("/b")));
    CHECK_I64(tree_place_of(doc, key->start).line, 6);
    CHECK_I64(tree_place_of(doc, key->start).column, 1);
}

/* Places must be right on both sides of the blocks that they are counted by. */
TEST(test_places_agree_with_counting_from_the_start)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    CLEANUP(buf_clear) struct buf text = {0};
    struct tree *doc = NULL;
    struct err err = {0};
    uint32_t line = 1, column = 1;
    buf_add(&text, STR("[\""));
    for (int i = 0; i < 3000; i++)
        buf_add(&text, i % 700 == 3 ? STR("\",\r\n\"") : STR("\xC3\xA9x\xF0\x9F\x98\x80"));
    buf_add(&text, STR("\"]"));
    CHECK_OK(tree_read(buf_str(&text), NULL, &mem, &doc, &err), &err);
    for (uint32_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        struct tree_place place = tree_place_of(doc, i);
        if (((c & 0xC0) != 0x80) && (place.line != line || place.column != column)) {
            CHECK_I64(place.line, line);
            CHECK_I64(place.column, column);
            return;
        }
        if (c == '\n') {
            line++;
            column = 1;
        } else {
            column += (c & 0xC0) == 0x80 ? 0 : c >= 0xF0 ? 2 : 1;
        }
    }
}

/* --- pointers and references ------------------------------------------------------------------ */

TEST(test_pointers_lead_to_values)
{
    static const struct {
        const char *pointer, *want;
    } cases[] = {
        {"/a~1b/c~0d", "#1" },
        {"/list/1",    "'y'"},
        {"/list/01",   NULL },
        {"/list/2",    NULL },
        {"/list/-1",   NULL },
        {"/list/-",    NULL },
        {"list",       NULL },
        {"/a",         NULL },
        {"/e/",        "#2" },
        {"/wide/17",   "#17"},
        {"/wide/18",   NULL },
    };
    CLEANUP(arena_clear) struct arena mem = {0};
    struct tree *doc = NULL;
    struct err err = {0};
    CHECK_OK(
        tree_read(STR("$self: https://example.com/api\na/b: {c~d: 1}\nlist: [x, y]\ne: {'': 2}\n"
                      "wide: [0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17]\n"),
                  NULL, &mem, &doc, &err),
        &err);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        CLEANUP(buf_clear) struct buf got = {0};
        const struct tree_node *node = tree_at(doc, str_from(cases[i].pointer));
        const char *want = cases[i].want;
        CHECK_I64(node != NULL, want != NULL);
        if (node != NULL && want != NULL) {
            show(doc, node, &got);
            CHECK_STR(buf_str(&got), str_from(want));
        }
    }
}

/* --- encodings -------------------------------------------------------------------------------- */

static void to_utf16(struct str text, bool little, bool mark, struct buf *out)
{
    uint32_t units[2], count = 0;
    const unsigned char *p = (const unsigned char *)text.ptr;
    if (mark)
        buf_add(out, little ? STR("\xFF\xFE") : STR("\xFE\xFF"));
    for (size_t i = 0; i < text.len;) {
        size_t len = p[i] < 0x80 ? 1 : p[i] < 0xE0 ? 2 : p[i] < 0xF0 ? 3 : 4;
        uint32_t c = len == 1 ? p[i] : p[i] & (0xFFu >> (len + 1));
        for (size_t k = 1; k < len; k++)
            c = c << 6 | (p[i + k] & 0x3Fu);
        count = c >= 0x10000 ? 2 : 1;
        units[0] = c >= 0x10000 ? 0xD800 + ((c - 0x10000) >> 10) : c;
        units[1] = 0xDC00 + ((c - 0x10000) & 0x3FF);
        for (uint32_t k = 0; k < count; k++) {
            buf_add_char(out, (char)(little ? units[k] & 0xFF : units[k] >> 8));
            buf_add_char(out, (char)(little ? units[k] >> 8 : units[k] & 0xFF));
        }
        i += len;
    }
}

TEST(test_utf16_gives_the_same_tree)
{
    static const char *const texts[] = {
        "openapi: 3.1.0\r\ninfo: {title: \xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80, version: '1'}\r\npaths: {}\r\n",
        "{\"openapi\": \"3.1.0\", \"info\": {\"title\": \"\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\"}}",
    };
    for (size_t i = 0; i < COUNT_OF(texts) * 4; i++) {
        CLEANUP(arena_clear) struct arena mem = {0};
        CLEANUP(buf_clear) struct buf wide = {0}, want = {0};
        struct tree *doc = NULL;
        struct err err = {0};
        struct str text = str_from(texts[i / 4]);
        to_utf16(text, i & 1, i & 2, &wide);
        CHECK_OK(tree_read(text, NULL, &mem, &doc, &err), &err);
        show(doc, tree_root(doc), &want);
        buf_add_char(&want, '\0');
        check_tree(buf_str(&wide), want.ptr);
    }
}

TEST(test_numbers_are_doubles)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    static const double want[] = {12, 0.5, 1500, 15, 31, -(double)INFINITY};
    struct tree *doc = NULL;
    struct err err = {0};
    CHECK_OK(tree_read(STR("[+12, .5, 1.5e3, 0o17, 0x1F, -.INF, .nan, text, [1]]"), NULL, &mem,
                       &doc, &err),
             &err);
    const struct tree_node *n = tree_first(doc, tree_root(doc));
    for (size_t i = 0; i < COUNT_OF(want); i++, n = tree_next(doc, n))
        CHECK(!(tree_double(doc, n) < want[i]) && !(tree_double(doc, n) > want[i]));
    for (; n != NULL; n = tree_next(doc, n))
        CHECK(isnan(tree_double(doc, n)));
    CHECK(isnan(tree_double(doc, NULL)));
}
