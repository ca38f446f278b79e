/* One gateway beside the list: what it runs, what it has rejected and why, and its traffic. */
#include <math.h>

#include "tui/view/details.h"

enum { ASK_STATUS, ASK_GATEWAY, ASK_OPERATIONS };

#define OPERATIONS_MOST 100

void proxies_ask(struct view *v, struct str id)
{
    detail_ask(v, LIVE_PERIOD_MS, false, "/v1/gateways/" STR_FMT "/status", STR_ARG(id));
    detail_ask(v, LIST_PERIOD_MS, false, "/v1/gateways/" STR_FMT, STR_ARG(id));
    detail_ask(v, LIVE_PERIOD_MS, false, "/v1/live?by=operation&gateway=" STR_FMT, STR_ARG(id));
}

static struct str ago(struct arena *mem, struct cell age)
{
    return isnan(age.value) ? STR("") : arena_join(mem, age.text, STR(" ago"));
}

/* Why it does not run what it should, once: both answers may carry the same reason. */
static void add_problems(struct view *v, const struct json *live)
{
    struct str seen = json_get_str(live, "error"),
               told = json_get_str(detail_json(v, ASK_STATUS), "error");
    detail_text(v, "error", TONE_BAD, seen);
    if (!str_eq(seen, told))
        detail_text(v, "rejected", TONE_BAD, told);
}

static void add_state(struct view *v, const struct json *live)
{
    static const char *const fields[] = {"group", "listener", "node_id"};
    const struct json *status = detail_json(v, ASK_STATUS);
    struct arena *mem = &v->detail.mem;
    double age_ms = json_get_double(live, "age_ms", (double)NAN);
    const struct str applied[] = {
        json_get_i64(status, "applied_seq", 0)
            ? arena_printf(mem, "change %lld", (long long)json_get_i64(status, "applied_seq", 0))
            : STR(""),
        figure_when(mem, v->now_ms, json_get_str(status, "applied_at")),
    };
    detail_text(v, "last heard", TONE_TEXT,
                isnan(age_ms)
                    ? STR("never")
                    : arena_printf(mem, STR_FMT " ago", STR_ARG(figure_age(mem, (int64_t)age_ms))));
    detail_text(v, "last poll", TONE_TEXT,
                ago(mem, figure_since(mem, v->now_ms, status, "last_poll_at")));
    detail_text(v, "applied", TONE_TEXT, terms_join(mem, applied, COUNT_OF(applied)));
    detail_fields(v, detail_json(v, ASK_GATEWAY), fields, COUNT_OF(fields));
    detail_text(v, "calls seen", TONE_TEXT,
                figure_count(mem, json_get_double(live, "requests", (double)NAN)));
    detail_text(v, "answers", TONE_TEXT, answers_text(live, false, mem));
}

static void add_versions(struct ui *ui, struct view *v)
{
    static const struct grid_column columns[] = {
        {"RUNS",      10, false},
        {"VERSION",   20, false},
        {"SINCE",     10, false},
        {"PUBLISHED", 20, false},
        {"REJECTED",  20, false},
        {"AT",        10, false},
    };
    struct grid g;
    struct arena *mem = &v->detail.mem;
    const struct json *types = json_get(detail_json(v, ASK_STATUS), "types");
    if (!detail_ready(v, "RUNS", ASK_STATUS))
        return;
    grid_open(&g, ui, detail_feed(v, ASK_STATUS), columns, COUNT_OF(columns));
    for (const struct json *t = types ? types->child : NULL; t != NULL; t = t->next) {
        struct cell *cells = grid_row(&g);
        struct str wanted = json_get_str(t, "version"), runs = json_get_str(t, "acknowledged"),
                   rejected = json_get_str(t, "rejected");
        cells[0] = cell_text(json_get_str(t, "type"), TONE_TEXT);
        cells[1] = cell_text(runs, TONE_TEXT);
        cells[2] =
            cell_text(figure_when(mem, v->now_ms, json_get_str(t, "acknowledged_at")), TONE_TEXT);
        if (!str_eq(wanted, runs)) /* else it would say the same twice */
            cells[3] = cell_text(wanted, TONE_WARN);
        cells[4] = cell_text(rejected, rejected.len ? TONE_BAD : TONE_TEXT);
        cells[5] =
            cell_text(figure_when(mem, v->now_ms, json_get_str(t, "rejected_at")), TONE_TEXT);
    }
    grid_close(&g, OPERATIONS_MOST);
}

static void add_operations(struct ui *ui, struct view *v)
{
    static const struct grid_column columns[] = {
        {"OPERATION", 48, false},
        {"SERVICE",   24, false},
        {"CALLS",     10, true },
        GRID_FIGURES,
    };
    enum { RPS = 3 };
    struct grid g;
    struct arena *mem = &v->detail.mem;
    if (!detail_ready(v, "OPERATION", ASK_OPERATIONS))
        return;
    grid_open(&g, ui, detail_feed(v, ASK_OPERATIONS), columns, COUNT_OF(columns));
    for (const struct json *r = detail_items(v, ASK_OPERATIONS, "rows"); r; r = r->next) {
        struct cell *cells = grid_row(&g);
        struct str name = json_get_str(r, "operation");
        cells[0] = cell_text(name.len ? name : STR("(no operation)"), TONE_TEXT);
        cells[1] = cell_text(json_get_str(r, "api"), TONE_TEXT);
        cells[2] = cell_count(mem, r, "requests");
        figure_cells(mem, r, &cells[RPS]);
    }
    grid_sort(&g, RPS);
    grid_close(&g, OPERATIONS_MOST);
}

void proxies_pane(struct ui *ui, struct view *v, const struct table_row *row)
{
    add_problems(v, row->data);
    add_state(v, row->data);
    add_versions(ui, v);
    add_operations(ui, v);
}
