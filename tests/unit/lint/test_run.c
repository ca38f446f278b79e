/* lint: what is found, how often, and with which severity. */
#include "catalog/lint/lint.h"
#include "tests/unit/test.h"

static const char document[] =
    "openapi: 3.0.0\ninfo: {title: t}\n"
    "paths:\n  /a: {get: {summary: A}}\n  /b: {get: {summary: B}}\n"
    "components:\n  schemas:\n    Pet: {$ref: '#/components/schemas/Cat'}"
    "\n    Cat: {type: object}\n";

static bool load(void *context, struct str path, struct arena *mem, struct str *bytes,
                 struct err *err)
{
    if (!str_eq(path, STR("r.yaml")))
        return fail(err, ERR_NOT_FOUND, str_z(mem, path), "there is no such file");
    *bytes = str_from(context);
    return true;
}

/* "code severity pointer\n" of each finding. */
static void check_told(char *ruleset, const char *want)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    CLEANUP(buf_clear) struct buf out = {0};
    const struct lint_ruleset_config config = {.load = load, .context = ruleset};
    struct lint_ruleset *rules = NULL;
    struct lint_report report = {0};
    struct tree *doc = NULL;
    struct err err = {0};
    CHECK_OK(lint_ruleset_read(STR("r.yaml"), &config, &mem, &rules, &err), &err);
    CHECK_OK(tree_read(str_from(document), NULL, &mem, &doc, &err), &err);
    if (rules == NULL || doc == NULL)
        return;
    CHECK_OK(lint_run(rules, oas_files_of(doc, &mem), STR("api.yaml"), &mem, &report, &err), &err);
    for (size_t i = 0; i < report.count; i++)
        buf_printf(&out, STR_FMT " %d " STR_FMT "\n", STR_ARG(report.findings[i].code),
                   (int)report.findings[i].severity, STR_ARG(report.findings[i].pointer));
    CHECK_STR(buf_str(&out), str_from(want));
}

/* resolved: false sees the document as it is written, anything else what references lead to. */
TEST(test_rules_see_targets_or_references)
{
    static char written[] = "rules: {r: {given: \"$..[?(@property === '$ref')]\", resolved: false, "
                            "then: {function: falsy}}}\n",
                resolved[] =
                    "rules: {r: {given: \"$..[?(@property === '$ref')]\", then: {function: "
                    "falsy}}}\n";
    check_told(written, "r 1 /components/schemas/Pet/$ref\n");
    check_told(resolved, "");
}

TEST(test_what_two_expressions_find_is_told_once)
{
    static char ruleset[] = "rules: {r: {given: ['$.info', '$..info', '$.paths^.info'], then: "
                            "{field: version, function: truthy}}}\n";
    check_told(ruleset, "r 1 /info\n");
}

/* Overrides by pointer: the one nearest to the finding decides, whatever their order. */
TEST(test_the_closest_override_decides)
{
    static char outside_first[] =
        "rules: {r: {given: '$.paths.*.get', then: {field: summary, function: falsy}}}\n"
        "overrides:\n- {files: ['*.yaml#/paths'], rules: {r: hint}}\n"
        "- {files: ['*.yaml#/paths/~1b'], rules: {r: error}}\n",
                inside_first[] =
                    "rules: {r: {given: '$.paths.*.get', then: {field: summary, function: falsy}}}"
                    "\noverrides:\n- {files: ['*.yaml#/paths/~1b'], rules: {r: error}}\n"
                    "- {files: ['*.yaml#/paths'], rules: {r: hint}}\n";
    check_told(outside_first, "r 3 /paths/~1a/get/summary\nr 0 /paths/~1b/get/summary\n");
    check_told(inside_first, "r 3 /paths/~1a/get/summary\nr 0 /paths/~1b/get/summary\n");
}
