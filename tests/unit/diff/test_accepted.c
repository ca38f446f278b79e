/* What a schema accepts decides what is reported: the cases that the oracle (tests/oracle) found.
 */
#include "tests/unit/diff/pair.h"

/* Of Pet: POST /pets takes it, GET /pets gives it. */
static void check_told(const char *old, const char *new, const char *want)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct str a = arena_printf(&mem, "    Pet: %s\n", old),
               b = arena_printf(&mem, "    Pet: %s\n", new);
    struct diff_report report =
        compare_texts(&mem, with_schemas(&mem, a.ptr), with_schemas(&mem, b.ptr), NULL);
    CHECK_STR(told(&mem, &report), str_from(want));
}

TEST(test_elements_that_were_open_are_compared_as_anything)
{
    check_told("{type: array}", "{type: array, items: {type: string}}",
               "request-property-type-changed ERR  #/components/schemas/Pet\n"
               "api-version-not-bumped INFO  \n"
               "response-property-type-specialized INFO  #/components/schemas/Pet\n");
    check_told("{type: array, items: {type: string}}", "{type: array}",
               "response-property-type-changed ERR  #/components/schemas/Pet\n"
               "api-version-not-bumped INFO  \n"
               "request-property-type-generalized INFO  #/components/schemas/Pet\n");
    check_told("{type: array}", "{type: array, items: {}}", "");
    check_told("{type: array, items: true}", "{type: array}", "");
}

TEST(test_an_object_that_closes_takes_less)
{
    check_told("{type: object}", "{type: object, additionalProperties: false}",
               "request-property-schema-became-false ERR  #/components/schemas/Pet\n"
               "api-version-not-bumped INFO  \n"
               "response-property-schema-became-false INFO  #/components/schemas/Pet\n");
    check_told("{type: object, additionalProperties: false}",
               "{type: object, additionalProperties: true}",
               "response-property-schema-became-not-false ERR  #/components/schemas/Pet\n"
               "api-version-not-bumped INFO  \n"
               "request-property-schema-became-not-false INFO  #/components/schemas/Pet\n");
    check_told("{type: object, additionalProperties: true}", "{type: object}", "");
    /* no object either way */
    check_told("{type: string}", "{type: string, additionalProperties: false}", "");
}

TEST(test_a_choice_that_takes_numbers_takes_integers)
{
    check_told("{oneOf: [{type: integer}, {type: string}]}",
               "{oneOf: [{type: number}, {type: string}]}",
               "response-body-list-of-types-widened ERR  #/components/schemas/Pet\n"
               "response-property-type-generalized ERR  #/components/schemas/Pet\n"
               "api-version-not-bumped INFO  \n"
               "request-body-list-of-types-widened INFO  #/components/schemas/Pet\n"
               "request-property-type-generalized INFO  #/components/schemas/Pet\n");
}

TEST(test_a_branch_in_other_words_is_the_same_branch)
{
    check_told("{oneOf: [{type: integer}, {type: string}]}",
               "{oneOf: [{type: string}, {title: Number, description: Of it., type: integer}]}",
               "");
    check_told("{anyOf: [{type: integer, default: 1}, {type: string}]}",
               "{anyOf: [{type: integer, default: 2}, {type: string}]}",
               "request-property-default-value-changed INFO  #/components/schemas/Pet\n"
               "response-property-default-value-changed INFO  #/components/schemas/Pet\n");
}

TEST(test_a_pattern_of_a_whole_body_counts)
{
    static const struct {
        const char *old, *new;
        const char *ids;
    } cases[] = {
        {"{type: string}",             "{type: string, pattern: a}",
         "request-body-pattern-added ERR  #/components/schemas/Pet\n"
         "api-version-not-bumped INFO  \n"
         "response-body-pattern-added INFO  #/components/schemas/Pet\n"  },
        {"{type: string, pattern: a}", "{type: string}",
         "response-body-pattern-removed ERR  #/components/schemas/Pet\n"
         "api-version-not-bumped INFO  \n"
         "request-body-pattern-removed INFO  #/components/schemas/Pet\n" },
        {"{type: string, pattern: a}", "{type: string, pattern: b}",
         "request-body-pattern-changed WARN  #/components/schemas/Pet\n"
         "response-body-pattern-changed WARN  #/components/schemas/Pet\n"},
    };
    const struct diff_options oasdiff = {.oasdiff = true};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        CLEANUP(arena_clear) struct arena mem = {0};
        check_told(cases[i].old, cases[i].new, cases[i].ids);
        struct str a = arena_printf(&mem, "    Pet: %s\n", cases[i].old),
                   b = arena_printf(&mem, "    Pet: %s\n", cases[i].new);
        struct diff_report report =
            compare_texts(&mem, with_schemas(&mem, a.ptr), with_schemas(&mem, b.ptr), &oasdiff);
        CHECK_I64(report.count, 0); /* oasdiff looks at patterns of properties only */
    }
}

TEST(test_a_media_type_that_leads_nowhere_is_no_removed_one)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct str doc = STR("openapi: 3.1.0\ninfo: {title: t, version: '1'}\npaths: {/a: {get: {"
                         "responses: {'200': {description: ok, content: {a/b: {$ref: '#/no'}}}}}}}"
                         "\n");
    struct diff_report report = compare_texts(&mem, doc, doc, NULL);
    CHECK_STR(told(&mem, &report), STR(""));
}
