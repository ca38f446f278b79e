/* Levels, approvals, options, and the forms of a report. */
#include "tests/unit/diff/pair.h"

static const char old_pet[] = "    Pet: {properties: {a: {type: string}, b: {type: string}}}\n";
static const char new_pet[] = "    Pet: {properties: {a: {type: integer}}}\n";

static struct diff_report pets(struct arena *mem, const struct diff_options *options)
{
    return compare_texts(mem, with_schemas(mem, old_pet), with_schemas(mem, new_pet), options);
}

TEST(test_levels_are_overridden)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct diff_options options = {0};
    struct err err = {0};
    CHECK_OK(diff_overrides_read(STR("# ours\nrequest-property-type-changed  info\n"
                                     "response-property-type-changed NONE # never\n"),
                                 &mem, &options.overrides, &options.override_count, &err),
             &err);
    struct diff_report report = pets(&mem, &options);
    CHECK_STR(told(&mem, &report),
              STR("request-property-removed WARN  #/components/schemas/Pet\n"
                  "request-property-type-changed INFO  #/components/schemas/Pet\n"
                  "response-optional-property-removed INFO  #/components/schemas/Pet\n"));
    CHECK(!diff_overrides_read(STR("\nno-such-id ERR\n"), &mem, &options.overrides,
                               &options.override_count, &err));
    CHECK_STR(str_from(err.where), STR("line 2"));
    CHECK(!diff_overrides_read(STR("endpoint-added LOUD"), &mem, &options.overrides,
                               &options.override_count, &err));
}

TEST(test_approved_findings_are_dropped)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct diff_options options = {.oasdiff = true};
    struct diff_report report = pets(&mem, &options);
    size_t before = report.count;
    struct str print = report.findings[0].fingerprint;
    diff_ignore(&report, print, &mem);
    CHECK_I64(report.count, before - 1);
    diff_ignore(&report, STR("POST /pets Removed the request property `b`\n"), &mem);
    CHECK_I64(report.count, before - 2);
    diff_ignore(&report, STR("\n# nothing\nGET /pets something else\n"), &mem);
    CHECK_I64(report.count, before - 2);
}

TEST(test_fingerprints_stay_when_lines_move)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct diff_report a = pets(&mem, NULL);
    struct diff_report b =
        compare_texts(&mem, with_schemas(&mem, old_pet),
                      arena_join(&mem, STR("# a line\n\n"), with_schemas(&mem, new_pet)), NULL);
    CHECK_I64(a.count, b.count);
    for (size_t i = 0; i < a.count && i < b.count; i++)
        CHECK_STR(a.findings[i].fingerprint, b.findings[i].fingerprint);
}

TEST(test_options_by_name)
{
    struct diff_options options = {0};
    struct err err = {0};
    CHECK_OK(diff_option_set(&options, STR("match-inline-refs"), STR("false"), &err), &err);
    CHECK(options.keep_inline_apart);
    CHECK_OK(diff_option_set(&options, STR("stability-level"), STR("alpha"), &err), &err);
    CHECK(options.has_stability && options.stability == STABILITY_ALPHA);
    CHECK(!diff_option_set(&options, STR("stability-level"), STR("solid"), &err));
    CHECK(!diff_option_set(&options, STR("deprecation-days-beta"), STR("-1"), &err));
    CHECK(!diff_option_set(&options, STR("no-such"), STR_NONE, &err));
    CHECK_I64(err.code, ERR_NOT_FOUND);
    CHECK(diff_option_takes_value(STR("match-path")) &&
          !diff_option_takes_value(STR("auto-upgrade")));
}

TEST(test_forms_of_a_report)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    const struct diff_names names = {STR("<old>"), STR("a,b.yaml")};
    static const struct {
        const char *format, *holds;
    } cases[] = {
        {"text",     "error [request-property-type-changed]"                             },
        {"tsv",      "request-property-type-changed\t3\t\t#/components/schemas/Pet\tthe" },
        {"json",     "\"id\":\"request-property-type-changed\""                          },
        {"markdown", "## Breaking changes"                                               },
        {"html",     "Changes from &lt;old&gt; to a,b.yaml"                              },
        {"junit",    "<testcase name=\"request-property-type-changed\""                  },
        {"github",   "::error title=request-property-type-changed,file=a%2Cb.yaml,line=1"},
    };
    struct diff_report report = pets(&mem, NULL);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        CLEANUP(buf_clear) struct buf out = {0};
        enum diff_format format = DIFF_TEXT;
        CHECK(diff_format_parse(str_from(cases[i].format), &format));
        diff_render(&report, format, &names, &out);
        CHECK(str_find(buf_str(&out), str_from(cases[i].holds)) != SIZE_MAX);
    }
}
