/* Rulesets: ruleset and document are the two parts of the input. What compiles judges, twice the
 * same, and each finding stands in the document. */
#include "catalog/lint/lint.h"
#include "tests/fuzz/dump.h"

static bool load(void *context, struct str path, struct arena *mem, struct str *bytes,
                 struct err *err)
{
    const struct str *ruleset = context;
    if (!str_eq(path, STR("ruleset.yaml")))
        return fail(err, ERR_NOT_FOUND, str_z(mem, path), "there is no such file");
    *bytes = *ruleset;
    return true;
}

static void judge(struct str ruleset, struct str text, struct arena *mem, struct lint_report *out,
                  struct buf *written)
{
    struct lint_ruleset_config config = {.load = load, .context = &ruleset};
    struct lint_ruleset *rules = NULL;
    struct tree *doc = NULL;
    struct err err = {0};
    if (!lint_ruleset_read(STR("ruleset.yaml"), &config, mem, &rules, &err)) {
        HOLDS(err.code != ERR_NONE && err.msg[0] != '\0');
        return;
    }
    if (!dump_read(text, mem, &doc, &err))
        return;
    if (!lint_run(rules, oas_files_of(doc, mem), STR("openapi.yaml"), mem, out, &err)) {
        HOLDS(err.code == ERR_LIMIT && err.msg[0] != '\0');
        return;
    }
    lint_write(LINT_JSON, out, 1, written);
}

static void check(const struct lint_report *report)
{
    size_t sum = 0;
    for (size_t i = 0; i < COUNT_OF(report->by_severity); i++)
        sum += report->by_severity[i];
    HOLDS(sum == report->count);
    for (size_t i = 0; i < report->count; i++) {
        const struct lint_finding *f = &report->findings[i];
        HOLDS(f->code.len > 0 && (unsigned)f->severity <= SEVERITY_HINT);
        HOLDS(f->range.line < f->range.end_line ||
              (f->range.line == f->range.end_line && f->range.column <= f->range.end_column));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    CLEANUP(buf_clear) struct buf once = {0};
    CLEANUP(buf_clear) struct buf twice = {0};
    struct str rest = fuzz_text(data, size), ruleset = fuzz_part(&rest), text = fuzz_part(&rest);
    struct lint_report first = {0}, second = {0};
    judge(ruleset, text, &mem, &first, &once);
    judge(ruleset, text, &mem, &second, &twice);
    check(&first);
    HOLDS(str_eq(buf_str(&once), buf_str(&twice)));
    return 0;
}
