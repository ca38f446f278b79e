/* Reports as markup: JUnit for build servers, one self-contained page for people. */
#include "report.h"

static void attribute(const char *name, struct str value, struct buf *out)
{
    buf_printf(out, " %s=\"", name);
    buf_add_markup(out, value);
    buf_add_char(out, '"');
}

/* --- JUnit ------------------------------------------------------------------------------------ */

static void test_case(const struct lint_finding *f, struct buf *out)
{
    CLEANUP(buf_clear) struct buf name = {0};
    buf_add(&name, f->code);
    buf_add_char(&name, ' ');
    buf_add(&name, f->pointer);
    buf_add(out, STR("    <testcase"));
    attribute("name", buf_str(&name), out);
    attribute("classname", f->file, out);
    buf_add(out, STR(">\n      <failure"));
    attribute("message", f->message, out);
    attribute("type", str_from(severity_names[f->severity]), out);
    buf_add_char(out, '>');
    buf_reset(&name);
    add_location(f, &name);
    if (f->remedy.len > 0) {
        buf_add_char(&name, '\n');
        buf_add(&name, f->remedy);
    }
    buf_add_markup(out, buf_str(&name));
    buf_add(out, STR("</failure>\n    </testcase>\n"));
}

/* Errors are failures of tests; a document without any is one test that passed. */
void report_junit(const struct lint_report *reports, size_t count, struct buf *out)
{
    buf_add(out, STR("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n"));
    for (size_t i = 0; i < count; i++) {
        const struct lint_report *report = &reports[i];
        size_t tests = report->count ? report->count : 1;
        buf_add(out, STR("  <testsuite"));
        attribute("name", report->file, out);
        buf_printf(out, " tests=\"%zu\" failures=\"%zu\" errors=\"0\">\n", tests, report->count);
        for (size_t j = 0; j < report->count; j++)
            test_case(&report->findings[j], out);
        if (report->count == 0) {
            buf_add(out, STR("    <testcase"));
            attribute("name", STR("no findings"), out);
            attribute("classname", report->file, out);
            buf_add(out, STR("/>\n"));
        }
        buf_add(out, STR("  </testsuite>\n"));
    }
    buf_add(out, STR("</testsuites>\n"));
}

/* --- HTML ------------------------------------------------------------------------------------- */

static void table_row(const struct lint_finding *f, struct buf *out)
{
    buf_printf(out, "<tr class=\"%s\"><td>%u:%u</td><td>%s</td><td><code>",
               severity_names[f->severity], f->range.line + 1, f->range.column + 1,
               severity_names[f->severity]);
    buf_add_markup(out, f->code);
    buf_add(out, STR("</code></td><td>"));
    buf_add_markup(out, f->message);
    buf_add(out, STR("</td><td><code>"));
    buf_add_markup(out, f->pointer);
    buf_add(out, STR("</code></td></tr>\n"));
}

static void table(const struct lint_report *report, struct buf *out)
{
    struct str file = STR_NONE;
    for (size_t j = 0; j < report->count; j++) {
        const struct lint_finding *f = &report->findings[j];
        if (file.ptr == NULL || !str_eq(f->file, file)) {
            buf_add(out, file.ptr ? STR("</tbody></table>\n<h2>") : STR("<h2>"));
            buf_add_markup(out, f->file);
            buf_add(out, STR("</h2>\n<table><thead><tr><th scope=\"col\">Place</th>"
                             "<th scope=\"col\">Severity</th><th scope=\"col\">Rule</th>"
                             "<th scope=\"col\">Finding</th><th scope=\"col\">Path</th></tr>"
                             "</thead><tbody>\n"));
        }
        file = f->file;
        table_row(f, out);
    }
    if (file.ptr != NULL) {
        buf_add(out, STR("</tbody></table>\n"));
        return;
    }
    buf_add(out, STR("<h2>"));
    buf_add_markup(out, report->file);
    buf_add(out, report->unruled ? STR("</h2>\n<p>No rule was applied.</p>\n")
                                 : STR("</h2>\n<p>No findings.</p>\n"));
}

static void remedies(const struct lint_report *reports, size_t count, struct buf *out)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    const struct lint_finding *const *codes = NULL;
    size_t code_count = report_codes(reports, count, &mem, &codes);
    if (code_count == 0)
        return;
    buf_add(out, STR("<h2>Why, and what to do</h2>\n<dl>\n"));
    for (size_t i = 0; i < code_count; i++) {
        struct str url = codes[i]->documentation_url;
        bool linked = str_starts(url, STR("https://")) || str_starts(url, STR("http://"));
        buf_add(out, STR("<dt><code>"));
        if (linked) {
            buf_add(out, STR("<a"));
            attribute("href", url, out);
            buf_add_char(out, '>');
        }
        buf_add_markup(out, codes[i]->code);
        buf_add(out, linked ? STR("</a></code></dt><dd>") : STR("</code></dt><dd>"));
        buf_add_markup(out, codes[i]->remedy);
        buf_add(out, STR("</dd>\n"));
    }
    buf_add(out, STR("</dl>\n"));
}

void report_html(const struct lint_report *reports, size_t count, struct buf *out)
{
    size_t errors = findings_total(reports, count, SEVERITY_ERROR);
    size_t all = findings_total(reports, count, SEVERITY_HINT);
    buf_add(out, STR("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                     "<meta name=\"viewport\" content=\"width=device-width\">\n"
                     "<title>Findings</title>\n<style>\n"
                     "body{font:1rem/1.5 system-ui,sans-serif;margin:2rem}\n"
                     "table{border-collapse:collapse}\n"
                     "th,td{border-bottom:1px solid #bbb;padding:.25rem .75rem;text-align:left;"
                     "vertical-align:top}\n"
                     ".error td:nth-child(2){color:#a00000;font-weight:bold}\n"
                     "</style>\n</head>\n<body>\n<h1>Findings</h1>\n"));
    buf_printf(out, "<p>%zu finding%s in %zu document%s, %zu of them errors.</p>\n", all,
               all == 1 ? "" : "s", count, count == 1 ? "" : "s", errors);
    for (size_t i = 0; i < count; i++)
        table(&reports[i], out);
    remedies(reports, count, out);
    buf_add(out, STR("</body>\n</html>\n"));
}
