/* One service's operations, or all that pass one proxy, with their figures and what was answered.
 */
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

static void build_service(struct view *v)
{
    struct str label = version_of(view_items(v, FEED_VERSIONS, "items"));
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

/* --- details ------------------------------------------------------------------------------------
 */

static void pane_answers(struct ui *ui, struct view *v, const struct table_row *row)
{
    struct arena *mem = &v->detail.mem;
    UNUSED(ui);
    detail_text(v, "all answers", TONE_TEXT,
                answers_text(view_items(v, FEED_LIVE, "rows"), true, mem));
    detail_text(v, "selected", TONE_TEXT, answers_text(row->data, false, mem));
}

static struct str versions_text(struct view *v)
{
    CLEANUP(buf_clear) struct buf b = {0};
    for (const struct json *row = view_items(v, FEED_VERSIONS, "items"); row; row = row->next)
        buf_printf(&b, "%s" STR_FMT " " STR_FMT, b.len ? ", " : "",
                   STR_ARG(json_get_str(row, "label")), STR_ARG(json_get_str(row, "stage")));
    return arena_str(&v->detail.mem, buf_str(&b));
}

static void pane_service(struct ui *ui, struct view *v, const struct table_row *row)
{
    static const char *const fields[] = {"visibility", "approval", "summary"};
    const struct json *api = feed_json(&v->feeds[FEED_API]);
    pane_answers(ui, v, row);
    detail_text(v, "owner", TONE_TEXT, json_get_str(api, "team"));
    detail_text(v, "versions", TONE_TEXT, versions_text(v));
    detail_fields(v, api, fields, COUNT_OF(fields));
}

const struct view_ops view_service = {
    .name = "service",
    .title = "Services",
    .noun = "operations",
    .one = "operation",
    .columns = service_columns,
    .column_count = COUNT_OF(service_columns),
    .sort = COL_OPERATION,
    .live = true,
    .open = open_service,
    .build = build_service,
    .pane = pane_service,
};
const struct view_ops view_proxy = {
    .name = "proxy",
    .title = "Proxies",
    .noun = "operations with calls",
    .one = "operation with calls",
    .columns = proxy_columns,
    .column_count = COUNT_OF(proxy_columns),
    .sort = COL_CALLS,
    .live = true,
    .open = open_proxy,
    .build = build_proxy,
    .pane = pane_answers,
};
