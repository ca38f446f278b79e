/* lint: reports of findings in each form, and the score. */
#include "catalog/lint/lint.h"
#include "tests/unit/test.h"

static const struct lint_finding findings[] = {
    {.code = {"a-rule", 6},
     .message = {"<b> & \"c\"", 9},
     .severity = SEVERITY_ERROR,
     .file = {"d.yaml", 6},
     .pointer = {"/paths/~1x/get", 14},
     .remedy = {"do <this>", 9},
     .documentation_url = {"https://example.org/#a", 22},
     .range = {3, 4, 5, 6}},
    {.code = {"b-rule", 6},
     .message = {"two", 3},
     .severity = SEVERITY_WARN,
     .file = {"my part.yaml", 12},
     .path = {"parts/my part.yaml", 18},
     .pointer = {"", 0}},
};

static const struct lint_report report = {
    .file = {"d.yaml", 6},
      .findings = findings, .count = 2, .by_severity = { 1, 1,       0, 0}
};

static void check_holds(enum lint_format format, const char *text)
{
    CLEANUP(buf_clear) struct buf out = {0};
    lint_write(format, &report, 1, &out);
    if (str_find(buf_str(&out), str_from(text)) == SIZE_MAX)
        printf("\nwithout %s:\n" STR_FMT "\n", text, STR_ARG(buf_str(&out)));
    CHECK(str_find(buf_str(&out), str_from(text)) != SIZE_MAX);
}

TEST(test_lines_are_code_severity_path_and_line_from_0)
{
    CLEANUP(buf_clear) struct buf out = {0};
    lint_write(LINT_TSV, &report, 1, &out);
    CHECK_STR(buf_str(&out), STR("a-rule\t0\tpaths/~1x/get\t3\nb-rule\t1\tmy part.yaml#\t0\n"));
}

TEST(test_json_is_spectrals)
{
    check_holds(LINT_JSON,
                "{\"code\":\"a-rule\",\"path\":[\"paths\",\"/x\",\"get\"],"
                "\"message\":\"<b> & \\\"c\\\"\",\"severity\":0,\"range\":{\"start\":{"
                "\"line\":3,\"character\":4},\"end\":{\"line\":5,\"character\":6}},"
                "\"source\":\"d.yaml\",\"documentationUrl\":\"https://example.org/#a\"}");
}

TEST(test_markup_is_escaped)
{
    check_holds(LINT_HTML, "&lt;b&gt; &amp; &quot;c&quot;");
    check_holds(LINT_JUNIT, "message=\"&lt;b&gt; &amp; &quot;c&quot;\"");
    check_holds(LINT_JUNIT, "tests=\"2\" failures=\"2\"");
}

TEST(test_reports_say_what_to_do)
{
    check_holds(LINT_TEXT, "\nwhy, and what to do:\n  a-rule\n    do <this>\n\n2 findings");
    check_holds(LINT_SARIF, "\"rules\":[{\"id\":\"a-rule\",\"help\":{\"text\":\"do <this>\"},"
                            "\"helpUri\":\"https://example.org/#a\"},{\"id\":\"b-rule\"}]");
    check_holds(LINT_HTML, "<a href=\"https://example.org/#a\">a-rule</a></code></dt>"
                           "<dd>do &lt;this&gt;</dd>");
    check_holds(LINT_HTML, "<dt><code>b-rule</code></dt>");
    check_holds(LINT_JUNIT, ">d.yaml:4:5\ndo &lt;this&gt;</failure>");
}

TEST(test_sarif_names_files_by_addresses)
{
    check_holds(LINT_SARIF, "{\"uri\":\"my%20part.yaml\"}");
}

TEST(test_other_tools_get_lines_from_1)
{
    check_holds(LINT_SARIF, "\"startLine\":4,\"startColumn\":5");
    check_holds(LINT_GITHUB,
                "::error title=a-rule,file=d.yaml,line=4,endLine=6,col=5,endColumn=7::");
    check_holds(LINT_TEXT, " 4:5  error    a-rule");
    check_holds(LINT_TEXT, "2 findings in 1 document: 1 error, 1 warning, 0 infos, 0 hints");
}

TEST(test_score_shows_its_arithmetic)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct lint_score score = lint_score(&report, &mem);
    CHECK_I64(score.points, 94);
    CHECK(score.grade == 'A');
    CHECK_STR(score.explained, STR("100 - 5.00 (a-rule) - 1.00 (b-rule) = 94"));
    const struct lint_report none = {.file = STR("d")};
    CHECK_I64(lint_score(&none, &mem).points, 100);
    struct lint_report large = report;
    large.operations = 100;
    CHECK_STR(lint_score(&large, &mem).explained, STR("100 - 0.50 (a-rule) - 0.10 (b-rule) = 99"));
    const struct lint_report broken = {.file = STR("d"), .unreadable = true};
    CHECK(lint_score(&broken, &mem).grade == 'F');
    struct lint_finding unknown = {.code = STR("unrecognized-format"), .severity = SEVERITY_WARN};
    const struct lint_report other = {.findings = &unknown, .count = 1};
    CHECK(lint_score(&other, &mem).grade == 'F');
    const struct lint_report unruled = {.file = STR("d"), .unruled = true};
    CHECK(lint_score(&unruled, &mem).grade == '\0');
    check_holds(LINT_TEXT, "score 94, grade A: 100 - 5.00 (a-rule) - 1.00 (b-rule) = 94");
}
