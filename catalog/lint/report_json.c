/* Reports as JSON: Spectral's own form, and SARIF 2.1.0. */
#include "report.h"

static void put_position(struct json_writer *w, const char *name, uint32_t line, uint32_t column)
{
    json_key(w, str_from(name));
    json_open_object(w);
    json_key_i64(w, "line", line);
    json_key_i64(w, "character", column);
    json_close_object(w);
}

/* The segments of a pointer, unescaped. */
static void put_path(struct json_writer *w, struct str pointer)
{
    CLEANUP(buf_clear) struct buf segment = {0};
    struct str part, rest = pointer;
    json_open_array(w);
    (void)str_split(&rest, '/', &part);
    while (rest.ptr != NULL && str_split(&rest, '/', &part)) {
        buf_reset(&segment);
        for (size_t i = 0; i < part.len; i++) {
            char next = part.ptr[i] == '~' && i + 1 < part.len ? part.ptr[i + 1] : '\0';
            bool escape = next == '0' || next == '1';
            buf_add_char(&segment, escape ? (next == '0' ? '~' : '/') : part.ptr[i]);
            i += escape;
        }
        json_put_str(w, segment.len ? buf_str(&segment) : STR(""));
    }
    json_close_array(w);
}

void report_json(const struct lint_report *reports, size_t count, struct buf *out)
{
    struct json_writer w = {.out = out};
    json_open_array(&w);
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < reports[i].count; j++) {
            const struct lint_finding *f = &reports[i].findings[j];
            buf_add_char(out, '\n');
            json_open_object(&w);
            json_key_str(&w, "code", f->code);
            json_key(&w, STR("path"));
            put_path(&w, f->pointer);
            json_key_str(&w, "message", f->message);
            json_key_i64(&w, "severity", f->severity);
            json_key(&w, STR("range"));
            json_open_object(&w);
            put_position(&w, "start", f->range.line, f->range.column);
            put_position(&w, "end", f->range.end_line, f->range.end_column);
            json_close_object(&w);
            json_key_str(&w, "source", f->file);
            if (f->documentation_url.ptr != NULL)
                json_key_str(&w, "documentationUrl", f->documentation_url);
            json_close_object(&w);
        }
    json_close_array(&w);
    buf_add_char(out, '\n');
}

/* --- SARIF ------------------------------------------------------------------------------------ */

static void put_text(struct json_writer *w, const char *name, struct str text)
{
    json_key(w, str_from(name));
    json_open_object(w);
    json_key_str(w, "text", text);
    json_close_object(w);
}

static void put_rules(struct json_writer *w, const struct lint_report *reports, size_t count)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    const struct lint_finding *const *codes = NULL;
    size_t code_count = report_codes(reports, count, &mem, &codes);
    json_key(w, STR("rules"));
    json_open_array(w);
    for (size_t i = 0; i < code_count; i++) {
        json_open_object(w);
        json_key_str(w, "id", codes[i]->code);
        if (codes[i]->remedy.len > 0)
            put_text(w, "help", codes[i]->remedy);
        if (codes[i]->documentation_url.len > 0)
            json_key_str(w, "helpUri", codes[i]->documentation_url);
        json_close_object(w);
    }
    json_close_array(w);
}

/* A path as an address relative to where people stand (RFC 3986). */
static void put_uri(struct json_writer *w, const char *name, struct str path)
{
    static const char plain[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";
    CLEANUP(buf_clear) struct buf uri = {0};
    for (size_t i = 0; i < path.len; i++)
        if (memchr(plain, path.ptr[i], sizeof(plain) - 1) != NULL)
            buf_add_char(&uri, path.ptr[i]);
        else
            buf_printf(&uri, "%%%02X", (unsigned)(unsigned char)path.ptr[i]);
    json_key_str(w, name, buf_str(&uri));
}

static void put_location(struct json_writer *w, const struct lint_finding *f)
{
    json_key(w, STR("locations"));
    json_open_array(w);
    json_open_object(w);
    json_key(w, STR("physicalLocation"));
    json_open_object(w);
    json_key(w, STR("artifactLocation"));
    json_open_object(w);
    put_uri(w, "uri", f->file);
    json_close_object(w);
    json_key(w, STR("region"));
    json_open_object(w);
    json_key_i64(w, "startLine", (int64_t)f->range.line + 1);
    json_key_i64(w, "startColumn", (int64_t)f->range.column + 1);
    json_key_i64(w, "endLine", (int64_t)f->range.end_line + 1);
    json_key_i64(w, "endColumn", (int64_t)f->range.end_column + 1);
    json_close_object(w);
    json_close_object(w);
    json_key(w, STR("logicalLocations"));
    json_open_array(w);
    json_open_object(w);
    json_key_str(w, "fullyQualifiedName", f->pointer);
    json_close_object(w);
    json_close_array(w);
    json_close_object(w);
    json_close_array(w);
}

static void put_result(struct json_writer *w, const struct lint_finding *f)
{
    static const char *const levels[] = {"error", "warning", "note", "note"};
    json_open_object(w);
    json_key_str(w, "ruleId", f->code);
    json_key_str(w, "level", str_from(levels[f->severity]));
    put_text(w, "message", f->message);
    put_location(w, f);
    json_close_object(w);
}

void report_sarif(const struct lint_report *reports, size_t count, struct buf *out)
{
    struct json_writer w = {.out = out};
    json_open_object(&w);
    json_key_str(&w, "$schema", STR("https://json.schemastore.org/sarif-2.1.0.json"));
    json_key_str(&w, "version", STR("2.1.0"));
    json_key(&w, STR("runs"));
    json_open_array(&w);
    json_open_object(&w);
    json_key(&w, STR("tool"));
    json_open_object(&w);
    json_key(&w, STR("driver"));
    json_open_object(&w);
    json_key_str(&w, "name", STR("chancery lint"));
    put_rules(&w, reports, count);
    json_close_object(&w);
    json_close_object(&w);
    json_key(&w, STR("results"));
    json_open_array(&w);
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < reports[i].count; j++)
            put_result(&w, &reports[i].findings[j]);
    json_close_array(&w);
    json_close_object(&w);
    json_close_array(&w);
    json_close_object(&w);
    buf_add_char(out, '\n');
}
