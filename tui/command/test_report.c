/* The forms of a test's report. */
#include "tui/command/test.h"
#include "tui/term/term.h"

static const char *const verdict_names[] = {[VERDICT_OK] = "ok",
                                            [VERDICT_FAILED] = "failed",
                                            [VERDICT_ERROR] = "error",
                                            [VERDICT_SKIPPED] = "skipped"};

static struct str first_problem(const struct outcome *o)
{
    return o->problems.len > 0 ? o->problems.ptr[0].message : o->reason;
}

/* --- text --------------------------------------------------------------------------------------
 */

struct cell {
    struct str text;
    int cols;
};

enum { COLUMNS = 5 };

static void fill_row(const struct outcome *o, struct arena *mem, struct cell *cells)
{
    struct str texts[COLUMNS] = {o->operation->key, STR("-"), STR("-"),
                                 str_from(verdict_names[o->verdict]), first_problem(o)};
    if (o->status > 0)
        texts[1] = arena_printf(mem, "%d", o->status);
    if (o->target.ptr != NULL)
        texts[2] = arena_printf(mem, "%lld", (long long)o->took_ms);
    if (texts[4].ptr == NULL)
        texts[4] = STR("-");
    for (size_t i = 0; i < COLUMNS; i++)
        cells[i].text = term_plain(mem, texts[i], &cells[i].cols);
}

static void put_row(const struct cell *cells, const int *widths, struct buf *out)
{
    for (size_t i = 0; i < COLUMNS; i++) {
        int blanks = widths[i] - cells[i].cols;
        bool number = i == 1 || i == 2;
        if (number)
            buf_printf(out, "%*s", blanks, "");
        buf_add(out, cells[i].text);
        if (i + 1 < COLUMNS)
            buf_printf(out, "%*s", (number ? 0 : blanks) + 2, "");
    }
    buf_add_char(out, '\n');
}

static void put_problems(const struct outcome *o, struct buf *out)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    int cols = 0;
    buf_printf(out, "\n" STR_FMT "  " STR_FMT "\n",
               STR_ARG(term_plain(&mem, o->operation->key, &cols)),
               STR_ARG(term_plain(&mem, o->target, &cols)));
    for (size_t i = 0; i < o->problems.len; i++) {
        const struct exchange_problem *p = &o->problems.ptr[i];
        struct str place = p->check == EXCHANGE_BODY ? p->instance : STR("");
        buf_printf(out, "  %s%s" STR_FMT ": " STR_FMT "\n      by " STR_FMT "\n",
                   exchange_check_name(p->check), place.len > 0 ? " " : "",
                   STR_ARG(term_plain(&mem, place, &cols)),
                   STR_ARG(term_plain(&mem, p->message, &cols)),
                   STR_ARG(term_plain(&mem, p->schema, &cols)));
    }
}

/* An error that the document lists holds, too: who only meets such has not tested much. */
static void put_summary(const struct report *r, struct buf *out)
{
    size_t errors = 0;
    for (size_t i = 0; i < r->outcomes.len; i++)
        errors += r->outcomes.ptr[i].verdict == VERDICT_OK && r->outcomes.ptr[i].status >= 400;
    buf_printf(out, "\n%zu as documented, %zu not, %zu without an answer, %zu not called\n",
               r->counts[VERDICT_OK], r->counts[VERDICT_FAILED], r->counts[VERDICT_ERROR],
               r->counts[VERDICT_SKIPPED]);
    if (errors > 0)
        buf_printf(out,
                   "%zu of those as documented are errors (4xx, 5xx): a token, or examples of "
                   "parameters in the document, would get further\n",
                   errors);
}

static void write_text(const struct report *r, struct buf *out)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    static const char *const titles[COLUMNS] = {"OPERATION", "STATUS", "MS", "VERDICT", "PROBLEM"};
    int widths[COLUMNS];
    struct cell head[COLUMNS], *rows = arena_array(&mem, struct cell, r->outcomes.len * COLUMNS);
    for (size_t i = 0; i < COLUMNS; i++) {
        head[i] = (struct cell){str_from(titles[i]), (int)strlen(titles[i])};
        widths[i] = head[i].cols;
    }
    for (size_t i = 0; i < r->outcomes.len; i++) {
        fill_row(&r->outcomes.ptr[i], &mem, &rows[i * COLUMNS]);
        for (size_t c = 0; c < COLUMNS; c++)
            widths[c] =
                rows[i * COLUMNS + c].cols > widths[c] ? rows[i * COLUMNS + c].cols : widths[c];
    }
    put_row(head, widths, out);
    for (size_t i = 0; i < r->outcomes.len; i++)
        put_row(&rows[i * COLUMNS], widths, out);
    for (size_t i = 0; i < r->outcomes.len; i++)
        if (r->outcomes.ptr[i].problems.len > 0)
            put_problems(&r->outcomes.ptr[i], out);
    put_summary(r, out);
}

/* --- JSON --------------------------------------------------------------------------------------
 */

static void put_outcome(struct json_writer *w, const struct outcome *o)
{
    json_open_object(w);
    json_key_str(w, "operation", o->operation->key);
    json_key_str(w, "operation_id", o->operation->operation_id);
    json_key_str(w, "target", o->target);
    json_key(w, STR("status"));
    if (o->status > 0)
        json_put_i64(w, o->status);
    else
        json_put_null(w);
    json_key_i64(w, "took_ms", o->took_ms);
    json_key_str(w, "verdict", str_from(verdict_names[o->verdict]));
    json_key_str(w, "reason", o->reason);
    json_key(w, STR("problems"));
    json_open_array(w);
    for (size_t i = 0; i < o->problems.len; i++) {
        const struct exchange_problem *p = &o->problems.ptr[i];
        json_open_object(w);
        json_key_str(w, "check", str_from(exchange_check_name(p->check)));
        json_key_str(w, "message", p->message);
        json_key_str(w, "instance", p->instance);
        json_key_str(w, "schema", p->schema);
        json_close_object(w);
    }
    json_close_array(w);
    json_close_object(w);
}

static void write_json(const struct report *r, struct buf *out)
{
    struct json_writer w = {.out = out};
    json_open_array(&w);
    for (size_t i = 0; i < r->outcomes.len; i++)
        put_outcome(&w, &r->outcomes.ptr[i]);
    json_close_array(&w);
    buf_add_char(out, '\n');
}

/* --- JUnit -------------------------------------------------------------------------------------
 */

static void put_attribute(const char *name, struct str value, struct buf *out)
{
    buf_printf(out, " %s=\"", name);
    buf_add_markup(out, value);
    buf_add_char(out, '"');
}

static void put_failure(const struct exchange_problem *p, struct buf *out)
{
    buf_add(out, STR("    <failure"));
    put_attribute("type", str_from(exchange_check_name(p->check)), out);
    put_attribute("message", p->message, out);
    buf_add_char(out, '>');
    buf_add_markup(out, p->instance);
    buf_add(out, p->instance.len > 0 ? STR(" by ") : STR("by "));
    buf_add_markup(out, p->schema);
    buf_add(out, STR("</failure>\n"));
}

static void put_case(const struct report *r, const struct outcome *o, struct buf *out)
{
    buf_add(out, STR("  <testcase"));
    put_attribute("name", o->operation->key, out);
    put_attribute("classname", r->document, out);
    buf_printf(out, " time=\"%lld.%03d\">\n", (long long)(o->took_ms / 1000),
               (int)(o->took_ms % 1000));
    for (size_t i = 0; i < o->problems.len; i++)
        put_failure(&o->problems.ptr[i], out);
    if (o->status > 0)
        buf_printf(out, "    <system-out>status %d</system-out>\n", o->status);
    if (o->verdict == VERDICT_ERROR || o->verdict == VERDICT_SKIPPED) {
        buf_add(out, o->verdict == VERDICT_ERROR ? STR("    <error") : STR("    <skipped"));
        put_attribute("message", o->reason, out);
        buf_add(out, STR("/>\n"));
    }
    buf_add(out, STR("  </testcase>\n"));
}

static void write_junit(const struct report *r, struct buf *out)
{
    int64_t took_ms = 0;
    for (size_t i = 0; i < r->outcomes.len; i++)
        took_ms += r->outcomes.ptr[i].took_ms;
    buf_add(out, STR("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n<testsuite"));
    put_attribute("name", r->document, out);
    buf_printf(out,
               " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" skipped=\"%zu\" "
               "time=\"%lld.%03d\">\n",
               r->outcomes.len, r->counts[VERDICT_FAILED], r->counts[VERDICT_ERROR],
               r->counts[VERDICT_SKIPPED], (long long)(took_ms / 1000), (int)(took_ms % 1000));
    for (size_t i = 0; i < r->outcomes.len; i++)
        put_case(r, &r->outcomes.ptr[i], out);
    buf_add(out, STR("</testsuite>\n</testsuites>\n"));
}

/* --- forms -------------------------------------------------------------------------------------
 */

static const struct {
    const char *name;
    void (*write)(const struct report *r, struct buf *out);
} formats[] = {
    [TEST_TEXT] = {"text",  write_text },
    [TEST_JSON] = {"json",  write_json },
    [TEST_JUNIT] = {"junit", write_junit},
};

bool test_format_parse(struct str name, enum test_format *out)
{
    for (size_t i = 0; i < COUNT_OF(formats); i++)
        if (str_eq(name, str_from(formats[i].name))) {
            *out = (enum test_format)i;
            return true;
        }
    return false;
}

void test_write(const struct report *report, enum test_format format, struct buf *out)
{
    formats[format].write(report, out);
}
