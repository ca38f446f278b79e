/* Long lists: what is looked up by name or value says what comparing each with each said. */
#include "catalog/diff/shape.h"
#include "tests/unit/diff/pair.h"

#define LONG 300

#define GET "paths:\n  /a:\n    get:\n      operationId: a\n"
#define OK  "      responses: {'200': {description: d}}\n"
#define BODY_BEFORE \
    GET "      responses: {'200': {description: d, content: {application/json: {schema: "
#define BODY_AFTER "}}}}\n"

/* '#' stands for an entry's number. */
static void put_entry(struct str entry, int number, struct buf *out)
{
    struct str part;
    for (bool first = true; str_split(&entry, '#', &part); first = false) {
        if (!first)
            buf_printf(out, "%d", number);
        buf_add(out, part);
    }
}

static struct str document(struct arena *mem, const char *before, const char *entry,
                           const char *after, bool is_new)
{
    CLEANUP(buf_clear) struct buf out = {0};
    buf_printf(&out, "openapi: 3.1.0\ninfo: {title: t, version: 1.0.0}\n%s", before);
    for (int i = 0; i < LONG; i++)
        if (!is_new)
            put_entry(str_from(entry), i, &out);
        else if (i != LONG - 7) /* the other way round, from LONG down to 1 without 7 */
            put_entry(str_from(entry), LONG - i, &out);
    buf_printf(&out, "%s", after);
    return arena_str(mem, buf_str(&out));
}

static size_t count_of(const struct diff_report *report, const char *id)
{
    size_t count = 0;
    for (size_t i = 0; i < report->count; i++)
        count += strcmp(report->findings[i].id, id) == 0;
    return count;
}

/* In the new list, which stands the other way round, 0 and 7 are gone, and LONG has come. */
TEST(test_two_entries_of_many_go_and_one_comes)
{
    static const struct {
        const char *before, *entry, *after, *removed, *added;
    } cases[] = {
        {BODY_BEFORE "{enum: [",                                                           "v#, ",                                "]}" BODY_AFTER, "response-mediatype-enum-value-removed",
         "response-mediatype-enum-value-added"                                                                                                                                                                                    },
        {BODY_BEFORE "{enum: [",                                                           "{b: [1, #.0], a: v#}, ",              "]}" BODY_AFTER,
         "response-mediatype-enum-value-removed",                                                                                                                                           "response-mediatype-enum-value-added" },
        {BODY_BEFORE "{type: object, properties: {p0: {}, p7: {}, p300: {}}, required: [", "p#, ",
         "]}" BODY_AFTER,                                                                                                                          "response-property-became-optional",     "response-property-became-required"   },
        {GET "      tags: [",                                                              "t#, ",                                "]\n" OK,        "api-tag-removed",                       "api-tag-added"                       },
        {GET "      parameters: [",                                                        "{name: p#, in: query, schema: {}}, ", "]\n" OK,
         "request-parameter-removed",                                                                                                                                                       "new-optional-request-parameter"      },
        {GET "      security: [",                                                          "{k#: [a]}, ",                         "]\n" OK,        "api-security-removed",
         "api-security-added"                                                                                                                                                                                                     },
        {GET "      security: [{o: [",                                                     "s#, ",                                "]}]\n" OK,      "api-security-scope-removed",
         "api-security-scope-added"                                                                                                                                                                                               },
        {GET "      responses: {'200': {description: d, content: {",                       "a/b#: {}, ",                          "}}}\n",
         "response-media-type-removed",                                                                                                                                                     "response-media-type-added"           },
        {GET "      responses: {'200': {description: d, headers: {",                       "H#: {schema: {}}, ",                  "}}}\n",
         "optional-response-header-removed",                                                                                                                                                "response-header-added"               },
        {BODY_BEFORE "{patternProperties: {",                                              "p#: {}, ",                            "}}" BODY_AFTER,
         "response-body-pattern-property-removed",                                                                                                                                          "response-body-pattern-property-added"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        CLEANUP(arena_clear) struct arena mem = {0};
        struct diff_report report = compare_texts(
            &mem, document(&mem, cases[i].before, cases[i].entry, cases[i].after, false),
            document(&mem, cases[i].before, cases[i].entry, cases[i].after, true), NULL);
        size_t removed = count_of(&report, cases[i].removed),
               added = count_of(&report, cases[i].added);
        CHECK_I64(removed, 2);
        CHECK_I64(added, 1);
        CHECK_I64(report.count, 3 + count_of(&report, "api-version-not-bumped"));
        if (removed != 2 || added != 1)
            printf("\n%s" STR_FMT, cases[i].entry, STR_ARG(told(&mem, &report)));
    }
}

static struct str with_content(struct arena *mem, const char *content)
{
    return arena_printf(mem,
                        "openapi: 3.1.0\ninfo: {title: t, version: 1.0.0}\n" GET
                        "      responses: {'200': {description: d, content: {%s}}}\n",
                        content);
}

static struct str with_parameters(struct arena *mem, const char *parameters)
{
    return arena_printf(
        mem, "openapi: 3.1.0\ninfo: {title: t, version: 1.0.0}\n" GET "      parameters: [%s]\n" OK,
        parameters);
}

static struct str with_security(struct arena *mem, const char *security)
{
    return arena_printf(
        mem, "openapi: 3.1.0\ninfo: {title: t, version: 1.0.0}\n" GET "      security: [%s]\n" OK,
        security);
}

/* A new name goes with the first old one that says the same more or less exactly. */
TEST(test_media_types_that_say_more_or_less_are_one)
{
    static const struct {
        const char *old, *new, *told;
    } cases[] = {
        {"a/json: {}",                 "a/b+json: {}",                 "response-media-type-name-specialized" },
        {"a/b+json: {}",               "a/json: {}",                   "response-media-type-name-generalized" },
        {"a/b: {}",                    "a/b;v=1: {}",                  "response-media-type-parameter-added"  },
        {"a/b;v=1: {}",                "a/b;v=2: {}",                  "response-media-type-parameter-changed"},
        {"a/b: {}",                    "c/b: {}",                      "response-media-type-removed"          },
        {"a/b;v=1;v=1: {}",            "a/b: {}",                      "response-media-type-removed"          },
        {"a/b+json: {}, a/c+json: {}", "a/json: {}, a/b+json;v=1: {}",
         "response-media-type-name-generalized"                                                               },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        CLEANUP(arena_clear) struct arena mem = {0};
        struct diff_report report = compare_texts(&mem, with_content(&mem, cases[i].old),
                                                  with_content(&mem, cases[i].new), NULL);
        CHECK_I64(count_of(&report, cases[i].told), 1);
        if (count_of(&report, cases[i].told) != 1)
            printf("\n%s -> %s\n" STR_FMT, cases[i].old, cases[i].new,
                   STR_ARG(told(&mem, &report)));
    }
}

/* Alternatives of the same schemes are one, changed, only where there is no other. */
TEST(test_security_alternatives_are_matched)
{
    static const struct {
        const char *old, *new;
        size_t removed, added, scopes_removed, scopes_added;
    } cases[] = {
        {"{o: [a]}, {k: []}",  "{k: []}, {o: [b, b]}", 0, 0, 1, 1},
        {"{o: [a]}, {o: [b]}", "{o: [c]}, {o: [d]}",   2, 2, 0, 0},
        {"{o: [a]}, {o: [b]}", "{o: [b]}, {o: [c]}",   0, 0, 1, 1},
        {"{o: [a, b]}",        "{o: [b, a]}",          0, 0, 0, 0},
        {"{o: [a]}, {o: [a]}", "{o: [a]}",             1, 0, 0, 0},
        {"{o: [a], k: [b]}",   "{k: [b], o: [a, c]}",  0, 0, 0, 1},
        {"{o: [a]}",           "{o: [a], k: []}",      1, 1, 0, 0},
        {"{o: [a]}, {o: [b]}", "{o: [c]}",             2, 1, 0, 0},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        CLEANUP(arena_clear) struct arena mem = {0};
        struct diff_report report = compare_texts(&mem, with_security(&mem, cases[i].old),
                                                  with_security(&mem, cases[i].new), NULL);
        CHECK_I64(count_of(&report, "api-security-removed"), cases[i].removed);
        CHECK_I64(count_of(&report, "api-security-added"), cases[i].added);
        CHECK_I64(count_of(&report, "api-security-scope-removed"), cases[i].scopes_removed);
        CHECK_I64(count_of(&report, "api-security-scope-added"), cases[i].scopes_added);
    }
}

/* `?a=1&b=2`: an object's properties are parameters of their own. */
TEST(test_an_exploded_object_is_its_properties)
{
    static const char object[] =
        "{name: o, in: query, explode: true, schema: {type: object, properties: "
        "{a: {type: string}, b: {type: string}, c: {type: string}}}}";
    static const struct {
        const char *old, *new;
        size_t removed, added;
    } cases[] = {
        {"{name: \"a\\0b\", in: query, schema: {}}",                                       "{name: \"a\\0c\", in: query, schema: {}}",      1,
         1                                                                                                                                      },
        {"{name: a, in: query, schema: {type: string}}, {name: b, in: query, schema: {type: "
         "string}}",                                                              object,                                          0, 0},
        {object,                                                                           "{name: b, in: query, schema: {type: string}}",  0, 0},
        {object,                                                                           "{name: b, in: cookie, schema: {type: string}}", 1, 1},
        {object,                                                                           "{name: d, in: query, schema: {type: string}}",  1, 1},
        {"{name: d, in: query, schema: {}}, {name: c, in: query, schema: {type: string}}", object,
         1,                                                                                                                                    0},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        CLEANUP(arena_clear) struct arena mem = {0};
        struct diff_report report = compare_texts(&mem, with_parameters(&mem, cases[i].old),
                                                  with_parameters(&mem, cases[i].new), NULL);
        CHECK_I64(count_of(&report, "request-parameter-removed"), cases[i].removed);
        CHECK_I64(count_of(&report, "new-optional-request-parameter"), cases[i].added);
    }
}

/* Equal values, and those alone, have one key. */
TEST(test_keys_of_values_are_equal_where_values_are)
{
    static const char values[] =
        "[null, true, false, 1, 1.0, 1e0, -0.0, 0, '1', 'true', '', [], {}, [[]], [1], ['1'], [1, 1],"
        " [[1], 1], {a: 1}, {a: 1.00}, {a: 1, b: 2}, {b: 2, a: 1}, {b: 1, a: 2}, {'1:a': 1},"
        " {a: {b: 1}}, ['a', 'b'], ['a1:b'], ['as:b'], ['1:a', 'b'], 'a;', 12345678901234567890,"
        " 12345678901234567891, 0.1, 0.10, [null], [true], [false], ['n'],"
        " \"a\\0b\", \"a\\0c\"]";
    CLEANUP(arena_clear) struct arena mem = {0};
    struct tree *doc = NULL;
    struct err err = {0};
    CHECK_OK(tree_read(str_from(values), NULL, &mem, &doc, &err), &err);
    const struct tree_node *list = tree_root(doc);
    CHECK(list->size > 30);
    for (const struct tree_node *a = tree_first(doc, list); a != NULL; a = tree_next(doc, a))
        for (const struct tree_node *b = tree_first(doc, list); b != NULL; b = tree_next(doc, b)) {
            struct oas_spot x = {doc, a}, y = {doc, b};
            CHECK_I64(str_eq(value_key(&mem, x), value_key(&mem, y)), diff_values_equal(x, y));
        }
}

TEST(test_places_of_texts_are_taken_in_order)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    const struct str list[] = {STR("a"), STR("b"), STR_NONE, STR("a"), STR("a")};
    bool taken[COUNT_OF(list)] = {false};
    struct text_places places = text_places_of(&mem, list, COUNT_OF(list));
    CHECK_I64(text_places_first(&places, STR("a"), taken), 0);
    CHECK_I64(text_places_first(&places, STR("a"), taken), 0);
    taken[0] = taken[3] = true;
    CHECK_I64(text_places_first(&places, STR("a"), taken), 4);
    taken[4] = true;
    CHECK(text_places_first(&places, STR("a"), taken) == SIZE_MAX);
    CHECK_I64(text_places_first(&places, STR("b"), taken), 1);
    CHECK(text_places_first(&places, STR(""), taken) == SIZE_MAX);
}
