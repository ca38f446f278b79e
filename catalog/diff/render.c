/* Reports for people and programs. */
#include <stdlib.h>

#include "catalog/diff/diff.h"

static const char *const format_names[DIFF_FORMAT_COUNT] = {
    [DIFF_TEXT] = "text",         [DIFF_TSV] = "tsv",   [DIFF_JSON] = "json",
    [DIFF_MARKDOWN] = "markdown", [DIFF_HTML] = "html", [DIFF_JUNIT] = "junit",
    [DIFF_GITHUB] = "github"};

bool diff_format_parse(struct str text, enum diff_format *out)
{
    for (unsigned i = 0; i < DIFF_FORMAT_COUNT; i++)
        if (str_eq(text, str_from(format_names[i]))) {
            *out = (enum diff_format)i;
            return true;
        }
    return false;
}

static const char *const level_words[] = {
    [DIFF_NONE] = "none", [DIFF_INFO] = "info", [DIFF_WARN] = "warning", [DIFF_ERR] = "error"};

/* "GET /pets", "#/components/schemas/Pet", "components" */
static void put_subject(const struct diff_finding *f, struct buf *out)
{
    if (f->operation.len > 0) {
        buf_add(out, f->operation);
        buf_add_char(out, ' ');
    }
    buf_add(out, f->path.len > 0 ? f->path : str_from(f->section));
}

static bool same_subject(const struct diff_finding *a, const struct diff_finding *b)
{
    return str_eq(a->operation, b->operation) && str_eq(a->path, b->path) &&
           strcmp(a->section, b->section) == 0;
}

static void put_counts(const struct diff_report *r, struct buf *out)
{
    buf_printf(out, "%zu change%s: %zu breaking, %zu warning%s, %zu info", r->count,
               r->count == 1 ? "" : "s", r->levels[DIFF_ERR], r->levels[DIFF_WARN],
               r->levels[DIFF_WARN] == 1 ? "" : "s", r->levels[DIFF_INFO]);
}

/* --- text ------------------------------------------------------------------------------------- */

/* Control bytes of a document must not reach a terminal. */
static void put_plain(struct str text, struct buf *out)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        if (c < 0x20 || c == 0x7f)
            buf_printf(out, "\\x%02x", c);
        else
            buf_add_char(out, (char)c);
    }
}

static void put_affected(const struct diff_finding *f, struct buf *out)
{
    static const size_t most = 5;
    if (f->affected_count == 0)
        return;
    buf_printf(out, "        in %zu operation%s: ", f->affected_count,
               f->affected_count == 1 ? "" : "s");
    for (size_t i = 0; i < f->affected_count && i < most; i++) {
        if (i > 0)
            buf_add(out, STR(", "));
        put_plain(f->affected[i], out);
    }
    if (f->affected_count > most)
        buf_printf(out, " and %zu more", f->affected_count - most);
    buf_add_char(out, '\n');
}

static void render_text(const struct diff_report *r, const struct diff_names *names,
                        struct buf *out)
{
    put_counts(r, out);
    if (r->bump != BUMP_NONE)
        buf_printf(out, "; next version: %s", diff_bump_name(r->bump));
    buf_add_char(out, '\n');
    for (size_t i = 0; i < r->count; i++) {
        const struct diff_finding *f = &r->findings[i];
        struct buf subject = {0};
        put_subject(f, &subject);
        buf_printf(out, "\n%s [%s] %s\n    ", level_words[f->level], f->id, f->fingerprint.ptr);
        put_plain(buf_str(&subject), out);
        buf_clear(&subject);
        buf_add(out, STR("\n        "));
        put_plain(f->text, out);
        buf_add_char(out, '\n');
        put_affected(f, out);
        if (f->new.line > 0)
            buf_printf(out, "        at " STR_FMT ":%u:%u\n",
                       STR_ARG(f->new.file.len > 0 ? f->new.file : names->new), f->new.line,
                       f->new.column);
    }
    for (size_t i = 0; i < r->note_count; i++) {
        buf_add(out, STR("\nnote: "));
        put_plain(r->notes[i], out);
        buf_add_char(out, '\n');
    }
}

/* --- tsv -------------------------------------------------------------------------------------- */

static struct str tsv_line(const struct diff_finding *f, struct arena *mem)
{
    CLEANUP(buf_clear) struct buf line = {0};
    buf_printf(&line, "%s\t%d\t", f->id, (int)f->level);
    put_plain(f->operation, &line);
    buf_add_char(&line, '\t');
    put_plain(f->path, &line);
    buf_add_char(&line, '\t');
    put_plain(f->text, &line);
    buf_add_char(&line, '\n');
    return arena_str(mem, buf_str(&line));
}

static int compare_text(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

static void render_tsv(const struct diff_report *r, struct buf *out)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct str *lines = arena_array(&mem, struct str, r->count);
    for (size_t i = 0; i < r->count; i++)
        lines[i] = tsv_line(&r->findings[i], &mem);
    if (r->count > 1)
        qsort(lines, r->count, sizeof(*lines), compare_text);
    for (size_t i = 0; i < r->count; i++)
        buf_add(out, lines[i]);
}

/* --- JSON ------------------------------------------------------------------------------------- */

static void put_source(struct json_writer *w, const char *name, struct str file,
                       struct diff_place place)
{
    if (place.line == 0)
        return;
    if (place.file.len > 0)
        file = place.file;
    json_key(w, str_from(name));
    json_open_object(w);
    json_key_str(w, "file", file);
    json_key_i64(w, "line", place.line);
    json_key_i64(w, "column", place.column);
    json_close_object(w);
}

static void put_optional(struct json_writer *w, const char *name, struct str value)
{
    if (value.len > 0)
        json_key_str(w, name, value);
}

static void render_json(const struct diff_report *r, const struct diff_names *names,
                        struct buf *out)
{
    struct json_writer w = {.out = out};
    json_open_array(&w);
    for (size_t i = 0; i < r->count; i++) {
        const struct diff_finding *f = &r->findings[i];
        json_open_object(&w);
        json_key_str(&w, "id", str_from(f->id));
        json_key_str(&w, "text", f->text);
        json_key_i64(&w, "level", (int64_t)f->level);
        put_optional(&w, "operation", f->operation);
        put_optional(&w, "operationId", f->operation_id);
        put_optional(&w, "path", f->path);
        put_optional(&w, "source", f->operation.len > 0 ? names->new : STR_NONE);
        json_key_str(&w, "section", str_from(f->section));
        put_source(&w, "baseSource", names->old, f->old);
        put_source(&w, "revisionSource", names->new, f->new);
        json_key_str(&w, "fingerprint", f->fingerprint);
        if (f->affected_count > 0) {
            json_key(&w, STR("operations"));
            json_open_array(&w);
            for (size_t j = 0; j < f->affected_count; j++)
                json_put_str(&w, f->affected[j]);
            json_close_array(&w);
        }
        json_close_object(&w);
    }
    json_close_array(&w);
    buf_add_char(out, '\n');
}

/* --- markdown --------------------------------------------------------------------------------- */

/* Nothing of a document is markup; its backticks set names apart. */
static void put_markdown(struct str text, struct buf *out)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if ((unsigned char)c < 0x20) {
            buf_add_char(out, ' ');
            continue;
        }
        if (strchr("<>&|*_[]#\\", c) != NULL)
            buf_add_char(out, '\\');
        buf_add_char(out, c);
    }
}

static void render_markdown(const struct diff_report *r, const struct diff_names *names,
                            struct buf *out)
{
    buf_add(out, STR("# Changes from "));
    put_markdown(names->old, out);
    buf_add(out, STR(" to "));
    put_markdown(names->new, out);
    buf_add(out, STR("\n\n"));
    put_counts(r, out);
    buf_printf(out, ". Next version: %s.\n", diff_bump_name(r->bump));
    for (int level = DIFF_ERR; level >= DIFF_INFO; level--) {
        static const char *const titles[] = {[DIFF_NONE] = "",
                                             [DIFF_INFO] = "Other changes",
                                             [DIFF_WARN] = "Perhaps breaking",
                                             [DIFF_ERR] = "Breaking changes"};
        const struct diff_finding *last = NULL;
        if (r->levels[level] > 0)
            buf_printf(out, "\n## %s\n", titles[level]);
        for (size_t i = 0; i < r->count; i++) {
            const struct diff_finding *f = &r->findings[i];
            struct buf subject = {0};
            if ((int)f->level != level)
                continue;
            put_subject(f, &subject);
            if (last == NULL || !same_subject(last, f)) {
                buf_add(out, STR("\n### "));
                put_markdown(buf_str(&subject), out);
                buf_add(out, STR("\n\n"));
            }
            buf_clear(&subject);
            last = f;
            buf_add(out, STR("- "));
            put_markdown(f->text, out);
            buf_printf(out, " (%s", f->id);
            if (f->affected_count > 0)
                buf_printf(out, ", %zu operation%s", f->affected_count,
                           f->affected_count == 1 ? "" : "s");
            buf_add(out, STR(")\n"));
        }
    }
}

/* --- HTML and JUnit --------------------------------------------------------------------------- */

static void render_html(const struct diff_report *r, const struct diff_names *names,
                        struct buf *out)
{
    buf_add(out,
            STR("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>"
                "API changes</title>\n</head>\n<body>\n<h1>Changes from "));
    buf_add_markup(out, names->old);
    buf_add(out, STR(" to "));
    buf_add_markup(out, names->new);
    buf_add(out, STR("</h1>\n<p>"));
    put_counts(r, out);
    buf_printf(out,
               ". Next version: %s.</p>\n<table>\n<thead><tr><th>Level</th><th>Where</th><th>"
               "What</th><th>Check</th></tr></thead>\n<tbody>\n",
               diff_bump_name(r->bump));
    for (size_t i = 0; i < r->count; i++) {
        const struct diff_finding *f = &r->findings[i];
        struct buf subject = {0};
        put_subject(f, &subject);
        buf_printf(out, "<tr class=\"%s\"><td>%s</td><td>", level_words[f->level],
                   level_words[f->level]);
        buf_add_markup(out, buf_str(&subject));
        buf_clear(&subject);
        if (f->affected_count > 0)
            buf_printf(out, " (%zu operation%s)", f->affected_count,
                       f->affected_count == 1 ? "" : "s");
        buf_add(out, STR("</td><td>"));
        buf_add_markup(out, f->text);
        buf_printf(out, "</td><td><code>%s</code></td></tr>\n", f->id);
    }
    buf_add(out, STR("</tbody>\n</table>\n</body>\n</html>\n"));
}

/* A warning or worse is a failed case; a report without any is one passed case. */
static void render_junit(const struct diff_report *r, const struct diff_names *names,
                         struct buf *out)
{
    size_t failed = r->levels[DIFF_ERR] + r->levels[DIFF_WARN];
    buf_printf(
        out,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n<testsuite name=\"chancery "
        "diff\" tests=\"%zu\" failures=\"%zu\" errors=\"0\">\n",
        failed == 0 ? (size_t)1 : failed, failed);
    if (failed == 0)
        buf_add(out, STR("<testcase name=\"no breaking changes\" classname=\"chancery diff\"/>\n"));
    for (size_t i = 0; i < r->count; i++) {
        const struct diff_finding *f = &r->findings[i];
        struct buf subject = {0};
        if (f->level < DIFF_WARN)
            continue;
        put_subject(f, &subject);
        buf_printf(out, "<testcase name=\"%s\" classname=\"", f->id);
        buf_add_markup(out, buf_str(&subject));
        buf_printf(out, "\">\n<failure type=\"%s\" message=\"", level_words[f->level]);
        buf_add_markup(out, f->text);
        buf_add(out, STR("\">"));
        buf_add_markup(out, names->new);
        buf_printf(out, ":%u:%u</failure>\n</testcase>\n", f->new.line, f->new.column);
        buf_clear(&subject);
    }
    buf_add(out, STR("</testsuite>\n</testsuites>\n"));
}

/* --- github ----------------------------------------------------------------------------------- */

/* An annotation stands in the new document; what is gone has a place in the old one only. */
static void render_github(const struct diff_report *r, const struct diff_names *names,
                          struct buf *out)
{
    static const char *const commands[] = {[DIFF_NONE] = "debug",
                                           [DIFF_INFO] = "notice",
                                           [DIFF_WARN] = "warning",
                                           [DIFF_ERR] = "error"};
    for (size_t i = 0; i < r->count; i++) {
        const struct diff_finding *f = &r->findings[i];
        bool is_new = f->new.line > 0;
        const struct diff_place *at = is_new ? &f->new : &f->old;
        CLEANUP(buf_clear) struct buf subject = {0};
        buf_printf(out, "::%s title=%s", commands[f->level], f->id);
        if (at->line > 0) {
            buf_add(out, STR(",file="));
            buf_add_annotation(out,
                               at->file.len > 0 ? at->file
                               : is_new         ? names->new
                                                : names->old,
                               true);
            buf_printf(out, ",line=%u,col=%u", at->line, at->column);
        }
        buf_add(out, STR("::"));
        put_subject(f, &subject);
        buf_add_annotation(out, buf_str(&subject), false);
        buf_add(out, STR(": "));
        buf_add_annotation(out, f->text, false);
        buf_add_char(out, '\n');
    }
}

void diff_render(const struct diff_report *report, enum diff_format format,
                 const struct diff_names *names, struct buf *out)
{
    switch (format) {
    case DIFF_TEXT:
        render_text(report, names, out);
        return;
    case DIFF_TSV:
        render_tsv(report, out);
        return;
    case DIFF_JSON:
        render_json(report, names, out);
        return;
    case DIFF_MARKDOWN:
        render_markdown(report, names, out);
        return;
    case DIFF_HTML:
        render_html(report, names, out);
        return;
    case DIFF_JUNIT:
        render_junit(report, names, out);
        return;
    case DIFF_GITHUB:
        render_github(report, names, out);
        return;
    case DIFF_FORMAT_COUNT:
        return;
    }
}
