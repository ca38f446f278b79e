/* The table of report formats, and what several of them share. */
#include <stdlib.h>

#include "report.h"

const char *const severity_names[] = {[SEVERITY_ERROR] = "error",
                                      [SEVERITY_WARN] = "warning",
                                      [SEVERITY_INFO] = "info",
                                      [SEVERITY_HINT] = "hint"};

static const struct {
    const char *name;
    report_writer *write;
} formats[LINT_FORMAT_COUNT] = {
    [LINT_TEXT] = {"text",   report_text  },
      [LINT_TSV] = {"tsv",    report_tsv   },
    [LINT_JSON] = {"json",   report_json  },
      [LINT_SARIF] = {"sarif",  report_sarif },
    [LINT_JUNIT] = {"junit",  report_junit },
      [LINT_GITHUB] = {"github", report_github},
    [LINT_HTML] = {"html",   report_html  },
};

bool lint_format_named(struct str name, enum lint_format *out)
{
    for (size_t i = 0; i < LINT_FORMAT_COUNT; i++)
        if (str_eq(name, str_from(formats[i].name))) {
            *out = (enum lint_format)i;
            return true;
        }
    return false;
}

void lint_write(enum lint_format format, const struct lint_report *reports, size_t count,
                struct buf *out)
{
    formats[format].write(reports, count, out);
}

void add_location(const struct lint_finding *f, struct buf *out)
{
    buf_add(out, f->file);
    buf_printf(out, ":%u:%u", f->range.line + 1, f->range.column + 1);
}

size_t findings_total(const struct lint_report *reports, size_t count, enum severity worst)
{
    size_t total = 0;
    for (size_t i = 0; i < count; i++)
        for (size_t s = 0; s <= (size_t)worst; s++)
            total += reports[i].by_severity[s];
    return total;
}

size_t report_codes(const struct lint_report *reports, size_t count, struct arena *mem,
                    const struct lint_finding *const **out)
{
    VEC(const struct lint_finding *) seen = {0};
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < reports[i].count; j++) {
            const struct lint_finding *f = &reports[i].findings[j];
            size_t k = 0;
            while (k < seen.len && !str_eq(seen.ptr[k]->code, f->code))
                k++;
            if (k == seen.len)
                vec_push(&seen, mem, f);
        }
    *out = seen.ptr;
    return seen.len;
}

/* --- lines ------------------------------------------------------------------------------------ */

static int by_text(const void *left, const void *right)
{
    const struct str *l = left, *r = right;
    return str_cmp(*l, *r);
}

/* A tab or a line break in a name would make two of one column. */
static void add_column(struct str text, struct buf *out)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == '\t' || c == '\n' || c == '\r')
            buf_add(out, c == '\t' ? STR("\\t") : c == '\n' ? STR("\\n") : STR("\\r"));
        else
            buf_add_char(out, c);
    }
}

static struct str tsv_line(const struct lint_finding *f, struct arena *mem)
{
    CLEANUP(buf_clear) struct buf line = {0};
    add_column(f->code, &line);
    buf_printf(&line, "\t%d\t", (int)f->severity);
    if (f->path.len > 0) {
        add_column(f->file, &line);
        buf_add_char(&line, '#');
    }
    add_column(str_sub(f->pointer, 1, f->pointer.len), &line);
    buf_printf(&line, "\t%u\n", f->range.line);
    return arena_str(mem, buf_str(&line));
}

void report_tsv(const struct lint_report *reports, size_t count, struct buf *out)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    VEC(struct str) lines = {0};
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < reports[i].count; j++)
            vec_push(&lines, &mem, tsv_line(&reports[i].findings[j], &mem));
    if (lines.len > 0)
        qsort(lines.ptr, lines.len, sizeof(*lines.ptr), by_text);
    for (size_t i = 0; i < lines.len; i++)
        buf_add(out, lines.ptr[i]);
}

void report_github(const struct lint_report *reports, size_t count, struct buf *out)
{
    static const char *const commands[] = {"error", "warning", "notice", "notice"};
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < reports[i].count; j++) {
            const struct lint_finding *f = &reports[i].findings[j];
            buf_printf(out, "::%s title=", commands[f->severity]);
            buf_add_annotation(out, f->code, true);
            buf_add(out, STR(",file="));
            buf_add_annotation(out, f->file, true);
            buf_printf(out, ",line=%u,endLine=%u,col=%u,endColumn=%u::", f->range.line + 1,
                       f->range.end_line + 1, f->range.column + 1, f->range.end_column + 1);
            buf_add_annotation(out, f->message, false);
            buf_add_char(out, '\n');
        }
}

/* --- for people ------------------------------------------------------------------------------- */

static const char *plural(size_t count)
{
    return count == 1 ? "" : "s";
}

static void add_skips(const struct lint_report *report, struct buf *out)
{
    for (size_t i = 0; i < report->skip_count; i++)
        buf_printf(out, "  skipped: %zu rule step%s with the %s function " STR_FMT " (%s)\n",
                   report->skips[i].rules, plural(report->skips[i].rules),
                   report->skips[i].vacuums ? "vacuum" : "custom",
                   STR_ARG(report->skips[i].function),
                   report->skips[i].vacuums ? "not built" : "JavaScript is not run");
}

static void add_score(const struct lint_report *report, struct buf *out)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct lint_score score = lint_score(report, &mem);
    if (score.grade == '\0')
        buf_printf(out, "  no score: " STR_FMT "\n", STR_ARG(score.explained));
    else
        buf_printf(out, "  score %u, grade %c: " STR_FMT "\n", score.points, score.grade,
                   STR_ARG(score.explained));
}

void lint_write_skips(enum lint_format format, const struct lint_report *reports, size_t count,
                      struct buf *out)
{
    for (size_t i = 0; i < count && format != LINT_TEXT; i++) {
        if (reports[i].skip_count > 0 || reports[i].unruled)
            buf_printf(out, STR_FMT "\n", STR_ARG(reports[i].file));
        add_skips(&reports[i], out);
        if (reports[i].unruled)
            buf_add(out, STR("  no rule was applied\n"));
    }
}

static void add_plain(struct str text, struct buf *out)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        buf_add_char(out, c < 0x20 || c == 0x7F ? ' ' : (char)c);
    }
}

/* Once for each rule, however many findings it has. */
static void add_remedies(const struct lint_report *reports, size_t count, struct buf *out)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    const struct lint_finding *const *codes = NULL;
    size_t code_count = report_codes(reports, count, &mem, &codes);
    bool begun = false;
    for (size_t i = 0; i < code_count; i++) {
        if (codes[i]->remedy.len == 0)
            continue;
        buf_printf(out, "%s  " STR_FMT "\n    ", begun ? "" : "\nwhy, and what to do:\n",
                   STR_ARG(codes[i]->code));
        add_plain(codes[i]->remedy, out);
        buf_add_char(out, '\n');
        begun = true;
    }
}

static void add_finding(const struct lint_finding *f, int width, struct buf *out)
{
    CLEANUP(buf_clear) struct buf place = {0};
    buf_printf(&place, "%u:%u", f->range.line + 1, f->range.column + 1);
    buf_printf(out, "  %*.*s  %-7s  ", width, (int)place.len, place.ptr,
               severity_names[f->severity]);
    buf_add(out, f->code);
    buf_add(out, STR("  "));
    add_plain(f->message, out);
    buf_add_char(out, '\n');
}

static int place_width(const struct lint_report *report)
{
    int width = 4;
    for (size_t i = 0; i < report->count; i++) {
        const struct lint_range *r = &report->findings[i].range;
        int digits = snprintf(NULL, 0, "%u:%u", r->line + 1, r->column + 1);
        width = digits > width ? digits : width;
    }
    return width;
}

void report_text(const struct lint_report *reports, size_t count, struct buf *out)
{
    size_t all = findings_total(reports, count, SEVERITY_HINT), sums[4] = {0};
    for (size_t i = 0; i < count; i++) {
        const struct lint_report *report = &reports[i];
        int width = place_width(report);
        struct str file = STR_NONE;
        for (size_t j = 0; j < report->count; j++) {
            const struct lint_finding *f = &report->findings[j];
            if (!str_eq(f->file, file) || file.ptr == NULL)
                buf_printf(out, "%s" STR_FMT "\n", out->len ? "\n" : "", STR_ARG(f->file));
            file = f->file;
            add_finding(f, width, out);
        }
        if (report->count == 0)
            buf_printf(out, "%s" STR_FMT "\n", out->len ? "\n" : "", STR_ARG(report->file));
        add_skips(report, out);
        add_score(report, out);
        for (size_t s = 0; s < COUNT_OF(sums); s++)
            sums[s] += report->by_severity[s];
    }
    add_remedies(reports, count, out);
    if (all == 0)
        buf_printf(out, "%sno findings in %zu document%s\n", out->len ? "\n" : "", count,
                   plural(count));
    else
        buf_printf(out,
                   "\n%zu finding%s in %zu document%s: %zu error%s, %zu warning%s, %zu info%s, "
                   "%zu hint%s\n",
                   all, plural(all), count, plural(count), sums[0], plural(sums[0]), sums[1],
                   plural(sums[1]), sums[2], plural(sums[2]), sums[3], plural(sums[3]));
}
