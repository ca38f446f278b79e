/* tree: what is written reads back as the same value, in both forms. */
#include <glob.h>

#include "catalog/tree/tree.h"
#include "tests/unit/test.h"

static struct tree *read_text(struct str text, struct arena *mem)
{
    struct tree *doc = NULL;
    struct err err = {0};
    CHECK_OK(tree_read(text, NULL, mem, &doc, &err), &err);
    return doc;
}

static void write_as(const struct tree *doc, enum tree_format format, struct buf *out)
{
    struct tree_writer w = {.out = out, .format = format};
    tree_write(&w, doc, tree_root(doc));
    tree_put_end(&w);
    CHECK(!out->failed);
}

static struct str number_text(struct str text, struct arena *mem)
{
    CLEANUP(buf_clear) struct buf out = {0};
    struct tree_writer w = {.out = &out, .format = TREE_JSON};
    tree_put_scalar(&w, TREE_NUMBER, text);
    return arena_str(mem, buf_str(&out));
}

/* Numbers keep their text, but for what JSON cannot say as YAML does. */
static bool same(const struct tree *a, const struct tree_node *x, const struct tree *b,
                 const struct tree_node *y, enum tree_format format)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    enum tree_kind kind = tree_kind_of(x);
    if (kind == TREE_NUMBER && format == TREE_JSON) {
        struct str want = number_text(tree_text(a, x), &mem), got = tree_text(b, y);
        return tree_kind_of(y) == TREE_STRING ? str_eq(got, tree_text(a, x)) : str_eq(got, want);
    }
    if (y == NULL || kind != tree_kind_of(y))
        return false;
    if (kind == TREE_BOOL)
        return tree_true(a, x) == tree_true(b, y);
    if (kind < TREE_ARRAY)
        return str_eq(tree_text(a, x), tree_text(b, y));
    const struct tree_node *n = tree_first(b, y);
    for (const struct tree_node *m = tree_first(a, x); m; m = tree_next(a, m)) {
        if (n == NULL || !str_eq(tree_key(a, m), tree_key(b, n)) || !same(a, m, b, n, format))
            return false;
        n = tree_next(b, n);
    }
    return n == NULL;
}

/* Written in both forms, and what was written again: the same value, and the same bytes. */
static bool survives(struct str text)
{
    static const enum tree_format formats[] = {TREE_JSON, TREE_YAML};
    bool ok = true;
    for (size_t i = 0; i < COUNT_OF(formats); i++) {
        CLEANUP(arena_clear) struct arena mem = {0};
        CLEANUP(buf_clear) struct buf once = {0}, twice = {0};
        const struct tree *doc = read_text(text, &mem), *back = NULL;
        write_as(doc, formats[i], &once);
        back = read_text(buf_str(&once), &mem);
        ok = ok && back != NULL && same(doc, tree_root(doc), back, tree_root(back), formats[i]);
        if (tree_kind_of(tree_root(doc)) >= TREE_ARRAY && tree_root(doc)->size > 0)
            ok = ok && tree_format_of(back) == formats[i];
        if (back != NULL)
            write_as(back, formats[i], &twice);
        ok = ok && str_eq(buf_str(&once), buf_str(&twice));
        if (!ok)
            printf("\n%.*s\n", (int)(once.len < 400 ? once.len : 400), once.ptr);
    }
    return ok;
}

TEST(test_values_are_written_as_people_commit_them)
{
    static const struct {
        const char *text, *json, *yaml;
    } cases[] = {
        {"{\"a\":{\"b\":[1,{\"c\":null,\"d\":[]},[true,[2]]],\"e\":{}}}",
         "{\n  \"a\": {\n    \"b\": [\n      1,\n      {\n        \"c\": null,\n        \"d\": []\n"
         "      },\n      [\n        true,\n        [\n          2\n        ]\n      ]\n    ],\n"
         "    \"e\": {}\n  }\n}\n",                                                                               "a:\n  b:\n    - 1\n    - c: null\n      d: []\n    - - true\n      - - 2\n  e: {}\n"},
        {"[]",                                                                              "[]\n",               "[]\n"                                                                               },
        {"x",                                                                               "\"x\"\n",            "x\n"                                                                                },
        {"'two\n\n  lines'",                                                                "\"two\\nlines\"\n",  "\"two\\nlines\"\n"                                                                  },
        {"[\"no\",\"1.0\",\"1.0.0\",\"2020-01-02\",\"http://a\"]",
         "[\n  \"no\",\n  \"1.0\",\n  \"1.0.0\",\n  \"2020-01-02\",\n  \"http://a\"\n]\n",                        "- 'no'\n- '1.0'\n- 1.0.0\n- '2020-01-02'\n- http://a\n"                             },
        {"{\"200\":\"it's\",\"t\":\"a\\n\\n  b\\n\",\"u\":\" a\\nb\",\"v\":\"a\\n\\n\"}",
         "{\n  \"200\": \"it's\",\n  \"t\": \"a\\n\\n  b\\n\",\n  \"u\": \" a\\nb\",\n  \"v\": \"a\\n\\n\"\n}\n",
         "'200': it's\nt: |\n  a\n\n    b\nu: |2-\n   a\n  b\nv: |+\n  a\n\n"                                                                                                                          },
        {"[0x1F, 0o17, +1, .5, 5., -0.e1, 007, .inf, 0xFFFFFFFFFFFFFFFFF, 1e400, ~, TRUE]",
         "[\n  31,\n  15,\n  1,\n  0.5,\n  5,\n  -0e1,\n  7,\n  \".inf\",\n  \"0xFFFFFFFFFFFFFFFFF\",\n"
         "  1e400,\n  null,\n  true\n]\n",                                                                        "- 0x1F\n- 0o17\n- +1\n- .5\n- 5.\n- -0.e1\n- 007\n- .inf\n- 0xFFFFFFFFFFFFFFFFF\n- 1e400\n"
         "- null\n- true\n"                                                                                                                                  },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        CLEANUP(arena_clear) struct arena mem = {0};
        CLEANUP(buf_clear) struct buf json = {0}, yaml = {0};
        const struct tree *doc = read_text(str_from(cases[i].text), &mem);
        write_as(doc, TREE_JSON, &json);
        write_as(doc, TREE_YAML, &yaml);
        CHECK_STR(buf_str(&json), str_from(cases[i].json));
        CHECK_STR(buf_str(&yaml), str_from(cases[i].yaml));
    }
}

/* A document that is one text. */
static void check_alone(struct str text)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    CLEANUP(buf_clear) struct buf out = {0};
    struct tree_writer w = {.out = &out, .format = TREE_YAML};
    tree_put_scalar(&w, TREE_STRING, text);
    tree_put_end(&w);
    const struct tree *back = read_text(buf_str(&out), &mem);
    CHECK(back != NULL && tree_kind_of(tree_root(back)) == TREE_STRING);
    if (back != NULL)
        CHECK_STR(tree_text(back, tree_root(back)), text);
}

/* A text as a value, as an element, as a name and below a list. */
static void check_anywhere(struct str value)
{
    CLEANUP(buf_clear) struct buf text = {0};
    CLEANUP(buf_clear) struct buf quoted = {0};
    struct json_writer w = {.out = &quoted};
    json_put_str(&w, value);
    struct str q = buf_str(&quoted);
    buf_printf(&text,
               "{\"v\":" STR_FMT ",\"l\":[" STR_FMT ",[" STR_FMT "]," STR_FMT "]," STR_FMT
               ":{\"m\":[{\"n\":" STR_FMT "," STR_FMT ":[]}]},\"z\":" STR_FMT "}",
               STR_ARG(q), STR_ARG(q), STR_ARG(q), STR_ARG(q), STR_ARG(q), STR_ARG(q), STR_ARG(q),
               STR_ARG(q));
    CHECK(survives(buf_str(&text)));
    check_alone(value);
}

TEST(test_any_text_survives_in_any_place)
{
    /* clang-format off */
    static const char *const texts[] = {
        "", " ", "a ", " a", "\t", "a\tb", "-", "- a", "-a", "?", "?a", "? a", ":", ":a", "a:",
        "a: b", "a :b", "a #b", "a#b", "#a", "'", "''", "\"", "it's", "[a", "{a", "a]", "a, b",
        ",a", "&a", "*a", "!a", "|", ">a", "%a", "@a", "`a", "<<", "=", "~", "~a", "null", "Null",
        "true", "yes", "NO", "1", "1.5e3", "0x1f", ".inf", "1_000", "12:30", "---", "--- a",
        "...", "\n", "\n\n", "a\n", "a\n\n", "\na", "\n a\nb", " \na", "a\n \n", "a\n  ",
        "\ta\nb", "a\n\tb\n", "a\r\nb", "a\rb", "# a\nb", "- a\n- b", "---\na", "a\n...\nb",
        "\x01", "\x7F", "\xC2\x85", "\xC2\xA0", "\xE2\x80\xA8", "a\n\xE2\x80\xA9", "\xEF\xBB\xBF",
        "\xEF\xBF\xBE", "\xF0\x9F\x90\xB6", "\xF0\x9F\x90\xB6\n\xC3\xA9", "\\", "\\n", "a\\\nb",
    };
    /* clang-format on */
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        check_anywhere(str_from(texts[i]));
    check_anywhere(STR("\0"));
    check_anywhere(STR("a\0b"));
}

TEST(test_long_names_survive)
{
    CLEANUP(buf_clear) struct buf text = {0};
    buf_add_char(&text, '{');
    for (size_t len = 240; len < 2200; len += 245) {
        buf_add(&text, len > 240 ? STR(",\"?") : STR("\"?"));
        for (size_t i = 0; i < len; i++)
            buf_add_char(&text, 'k');
        buf_add(&text, STR("\":{\"a\":[1]}"));
    }
    buf_add_char(&text, '}');
    CHECK(survives(buf_str(&text)));
}

TEST(test_too_deep_a_value_fails)
{
    CLEANUP(buf_clear) struct buf out = {0};
    struct tree_writer w = {.out = &out, .format = TREE_YAML};
    for (size_t i = 0; i < TREE_WRITER_DEEPEST + 1; i++)
        tree_put_open(&w, false);
    tree_put_close(&w);
    tree_put_end(&w);
    CHECK(out.failed);
}

/* --- corpora ---------------------------------------------------------------------------------- */

static void all_survive(const char *pattern, size_t most_bytes, size_t least_files)
{
    glob_t files = {0};
    size_t seen = 0;
    if (!test_have_shared())
        SKIP("no-shared");
    CHECK_I64(glob(pattern, 0, NULL, &files), 0);
    for (size_t i = 0; i < files.gl_pathc; i++) {
        CLEANUP(arena_clear) struct arena mem = {0};
        CLEANUP(buf_clear) struct buf bytes = {0};
        struct tree *doc = NULL;
        if (!test_unpack(files.gl_pathv[i], &bytes, NULL) || bytes.len > most_bytes ||
            !tree_read(buf_str(&bytes), NULL, &mem, &doc, NULL))
            continue;
        seen++;
        if (!survives(buf_str(&bytes))) {
            printf("%s\n", files.gl_pathv[i]);
            CHECK(false);
        }
    }
    globfree(&files);
    printf("\n%s: %zu survive\n", strrchr(pattern, '/') - 5, seen);
    CHECK(seen >= least_files);
}

TEST(test_json_suite_survives)
{
    all_survive(SHARED_DIR "/corpora/json-test-suite/test_*/*.json", SIZE_MAX, 100);
}

TEST(test_yaml_suite_survives)
{
    all_survive(SHARED_DIR "/corpora/yaml-test-suite/cases/*/in.yaml", SIZE_MAX, 150);
}

TEST(test_documents_survive)
{
    all_survive(SHARED_DIR "/corpora/lint/docs/*", 2000000, 20);
}
