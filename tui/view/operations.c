/* One service's operations, or all that pass one proxy, with their figures and what was answered.
 */
#include <stdlib.h>

#include "tui/view/ui.h"

enum { COL_OPERATION, COL_WHERE, COL_CALLS, COL_FIGURES };

static const struct column service_columns[] = {
    {"operation", "OPERATION", 48, 0, false},
    {"ver",       "VER",       12, 6, false},
    {"calls",     "CALLS",     10, 1, true },
    FIGURE_COLUMNS(1),
};
static const struct column proxy_columns[] = {
    {"operation", "OPERATION", 48, 0, false},
    {"service",   "SERVICE",   24, 2, false},
    {"calls",     "CALLS",     10, 1, true },
    FIGURE_COLUMNS(1),
};

enum { FEED_LIVE, FEED_API, FEED_VERSIONS, FEED_OPERATIONS };

static void open_service(struct view *v)
{
    struct str api = buf_str(&v->subject);
    view_feed(v, LIVE_PERIOD_MS, false, "/v1/live?by=operation&api=" STR_FMT, STR_ARG(api));
    view_feed(v, LIST_PERIOD_MS, false, "/v1/apis/" STR_FMT, STR_ARG(api));
    view_feed(v, LIST_PERIOD_MS, true, "/v1/apis/" STR_FMT "/versions", STR_ARG(api));
}

static void open_proxy(struct view *v)
{
    view_feed(v, LIVE_PERIOD_MS, false, "/v1/live?by=operation&gateway=" STR_FMT,
              STR_ARG(buf_str(&v->subject)));
}

/* --- rows ---------------------------------------------------------------------------------------
 */

/* Calls that no operation matched, or that were refused before one was looked for. */
static struct str operation_name(const struct json *row)
{
    struct str name = json_get_str(row, "operation");
    return name.len > 0 ? name : STR("(no operation)");
}

static void add_live(struct view *v, const char *where)
{
    for (const struct json *row = view_items(v, FEED_LIVE, "rows"); row; row = row->next) {
        struct str name = operation_name(row), place = json_get_str(row, where);
        struct str id = arena_join(&v->mem, place, STR(" "), name);
        struct cell *cells = view_row(v, id, row);
        cells[COL_OPERATION] = cell_text(name, TONE_TEXT);
        cells[COL_WHERE] = cell_text(place.len ? place : STR("-"), TONE_TEXT);
        cells[COL_CALLS] = cell_count(&v->mem, row, "requests");
        figure_cells(&v->mem, row, &cells[COL_FIGURES]);
    }
}

static bool listed(const struct view *v, struct str key)
{
    for (size_t i = 0; i < v->rows.len; i++)
        if (str_eq(v->rows.ptr[i].cells[COL_OPERATION].text, key))
            return true;
    return false;
}

/* Operations without a call yet: the document knows them, figures do not. */
static void add_silent(struct view *v, struct str label)
{
    for (const struct json *op = view_items(v, FEED_OPERATIONS, "items"); op; op = op->next) {
        struct str key = json_get_str(op, "key");
        if (listed(v, key))
            continue;
        struct cell *cells = view_row(v, arena_join(&v->mem, label, STR(" "), key), NULL);
        cells[COL_OPERATION] = cell_text(key, TONE_TEXT);
        cells[COL_WHERE] = cell_text(label, TONE_TEXT);
    }
}

/* The version that callers meet: published before deprecated before the rest. */
static struct str main_version(const struct view *v)
{
    static const char *const stages[] = {"published", "deprecated", "draft", "retired"};
    for (size_t i = 0; i < COUNT_OF(stages); i++)
        for (const struct json *row = view_items(v, FEED_VERSIONS, "items"); row; row = row->next)
            if (str_eq(json_get_str(row, "stage"), str_from(stages[i])))
                return json_get_str(row, "label");
    return STR_NONE;
}

static void build_service(struct view *v)
{
    struct str label = main_version(v);
    if (label.len > 0 && v->feed_count == FEED_OPERATIONS)
        view_feed(v, LIST_PERIOD_MS, true, "/v1/apis/" STR_FMT "/versions/" STR_FMT "/operations",
                  STR_ARG(buf_str(&v->subject)), STR_ARG(label));
    add_live(v, "version");
    add_silent(v, label);
}

static void build_proxy(struct view *v)
{
    add_live(v, "api");
}

/* --- answers ------------------------------------------------------------------------------------
 */

struct answer {
    int64_t status, count;
    struct str reason;
};
struct answers {
    struct answer kinds[32];
    size_t len;
};

static void add_answers(struct answers *a, const struct json *row)
{
    const struct json *list = json_get(row, "reasons");
    for (const struct json *r = list ? list->child : NULL; r != NULL; r = r->next) {
        int64_t status = json_get_i64(r, "status", 0), count = json_get_i64(r, "count", 0);
        struct str reason = json_get_str(r, "reason");
        size_t i = 0;
        while (i < a->len && (a->kinds[i].status != status || !str_eq(a->kinds[i].reason, reason)))
            i++;
        if (i == COUNT_OF(a->kinds))
            continue; /* more kinds than there are: statuses × reasons of the decision */
        if (i == a->len) {
            a->kinds[a->len].status = status;
            a->kinds[a->len++].reason = reason;
        }
        a->kinds[i].count += count;
    }
}

static int compare_answers(const void *left, const void *right)
{
    const struct answer *a = left, *b = right;
    if (a->status != b->status)
        return a->status < b->status ? -1 : 1;
    return str_cmp(a->reason, b->reason);
}

static struct str answers_text(struct answers *a, struct arena *mem)
{
    CLEANUP(buf_clear) struct buf b = {0};
    qsort(a->kinds, a->len, sizeof(a->kinds[0]), compare_answers);
    for (size_t i = 0; i < a->len; i++)
        buf_printf(&b, "%s%lld " STR_FMT ": %lld", i ? "   " : "", (long long)a->kinds[i].status,
                   STR_ARG(a->kinds[i].reason), (long long)a->kinds[i].count);
    return a->len ? arena_str(mem, buf_str(&b)) : STR("-");
}

static void pane_answers(struct view *v, const struct table_row *row)
{
    struct answers all = {0}, one = {0};
    for (const struct json *r = view_items(v, FEED_LIVE, "rows"); r; r = r->next)
        add_answers(&all, r);
    if (row != NULL)
        add_answers(&one, row->data);
    view_line(v, &v->pane_mem, "all answers", TONE_TEXT, answers_text(&all, &v->pane_mem));
    view_line(v, &v->pane_mem, "selected", TONE_TEXT, answers_text(&one, &v->pane_mem));
}

static void pane_text(struct view *v, const char *label, struct str text)
{
    if (text.len > 0)
        view_line(v, &v->pane_mem, label, TONE_TEXT, text);
}

static struct str versions_text(struct view *v)
{
    CLEANUP(buf_clear) struct buf b = {0};
    for (const struct json *row = view_items(v, FEED_VERSIONS, "items"); row; row = row->next)
        buf_printf(&b, "%s" STR_FMT " " STR_FMT, b.len ? ", " : "",
                   STR_ARG(json_get_str(row, "label")), STR_ARG(json_get_str(row, "stage")));
    return arena_str(&v->pane_mem, buf_str(&b));
}

static void pane_service(struct view *v, const struct table_row *row)
{
    const struct json *api = feed_json(&v->feeds[FEED_API]);
    pane_answers(v, row);
    pane_text(v, "owner", json_get_str(api, "team"));
    pane_text(v, "versions", versions_text(v));
    pane_text(v, "visibility", json_get_str(api, "visibility"));
    pane_text(v, "approval", json_get_str(api, "approval"));
    pane_text(v, "summary", json_get_str(api, "summary"));
}

const struct view_ops view_service = {
    .name = "service",
    .title = "Services",
    .noun = "operations",
    .columns = service_columns,
    .column_count = COUNT_OF(service_columns),
    .sort = COL_OPERATION,
    .pane_rows = 9,
    .live = true,
    .open = open_service,
    .build = build_service,
    .pane = pane_service,
};
const struct view_ops view_proxy = {
    .name = "proxy",
    .title = "Proxies",
    .noun = "operations with calls",
    .columns = proxy_columns,
    .column_count = COUNT_OF(proxy_columns),
    .sort = COL_CALLS,
    .pane_rows = 6,
    .live = true,
    .open = open_proxy,
    .build = build_proxy,
    .pane = pane_answers,
};
