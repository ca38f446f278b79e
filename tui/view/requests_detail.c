/* One request beside the list: what is asked for, under which terms, and what else its app has
 * asked for. */
#include "tui/view/details.h"

enum { ASK_PLAN, ASK_API, ASK_HISTORY };

void requests_ask(struct view *v, struct str id)
{
    const struct json *request = detail_row(v) ? detail_row(v)->data : NULL;
    UNUSED(id);
    if (request == NULL)
        return;
    detail_ask(v, LIST_PERIOD_MS, false, "/v1/plans/" STR_FMT,
               STR_ARG(json_get_str(request, "plan")));
    detail_ask(v, LIST_PERIOD_MS, false, "/v1/apis/" STR_FMT,
               STR_ARG(json_get_str(request, "api")));
    detail_ask(v, LIST_PERIOD_MS, true, "/v1/subscriptions?app=" STR_FMT,
               STR_ARG(json_get_str(request, "app")));
}

static struct str plan_text(struct view *v, const struct json *request)
{
    const struct json *plan = detail_json(v, ASK_PLAN);
    struct arena *mem = &v->detail.mem;
    const struct str words[] = {
        json_get_str(request, "plan"),
        plan_rate(mem, plan),
        plan_quota(mem, plan),
        plan_term(mem, plan),
    };
    return terms_join(mem, words, COUNT_OF(words));
}

static struct str service_text(struct view *v, const struct json *request)
{
    const struct json *api = detail_json(v, ASK_API);
    struct arena *mem = &v->detail.mem;
    int64_t tier = json_get_i64(api, "tier", 0);
    struct str data = json_get_str(api, "data_class");
    const struct str words[] = {
        json_get_str(request, "api"),
        json_get_str(api, "stage"),
        tier ? arena_printf(mem, "tier %lld", (long long)tier) : STR(""),
        data.len ? arena_join(mem, STR("data "), data) : STR(""),
        json_get_str(api, "team"),
    };
    return terms_join(mem, words, COUNT_OF(words));
}

/* What the same app has asked for before, newest first as the server lists them. */
static void add_history(struct ui *ui, struct view *v, const struct json *request)
{
    static const struct grid_column columns[] = {
        {"ALSO ASKED FOR", 24, false},
        {"PLAN",           16, false},
        {"STATE",          10, false},
        {"AGE",            7,  true },
        {"DECIDED BY",     16, false},
        {"REASON",         60, false},
    };
    struct grid g;
    struct str own = json_get_str(request, "id");
    if (!detail_ready(v, "ALSO ASKED FOR", ASK_HISTORY))
        return;
    grid_open(&g, ui, detail_feed(v, ASK_HISTORY), columns, COUNT_OF(columns));
    for (const struct json *r = detail_items(v, ASK_HISTORY, "items"); r; r = r->next) {
        if (str_eq(json_get_str(r, "id"), own))
            continue;
        struct cell *cells = grid_row(&g);
        struct str state = json_get_str(r, "state");
        cells[0] = cell_text(json_get_str(r, "api"), TONE_TEXT);
        cells[1] = cell_text(json_get_str(r, "plan"), TONE_TEXT);
        cells[2] = cell_text(state, subscription_tone(state));
        cells[3] = figure_since(&v->detail.mem, v->now_ms, r, "requested_at");
        cells[4] = cell_text(json_get_str(r, "decided_by"), TONE_TEXT);
        cells[5] = cell_text(json_get_str(r, "reason"), TONE_TEXT);
    }
    grid_close(&g, 100);
}

void requests_pane(struct ui *ui, struct view *v, const struct table_row *row)
{
    static const char *const fields[] = {"purpose", "requested_by", "decided_by", "reason"};
    struct arena *mem = &v->detail.mem;
    v->detail.title = arena_join(mem, row->id, STR("  "), json_get_str(row->data, "app"),
                                 STR(" > "), json_get_str(row->data, "api"));
    detail_fields(v, row->data, fields, COUNT_OF(fields));
    detail_text(v, "service", TONE_TEXT, service_text(v, row->data));
    detail_text(v, "plan", TONE_TEXT, plan_text(v, row->data));
    add_history(ui, v, row->data);
}
