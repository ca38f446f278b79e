/* Who asks for access: the list, and one request with its receipt. */
#include "catalog/model/model.h"
#include "tui/view/details.h"

enum { COL_ID, COL_AGE, COL_APP, COL_TEAM, COL_SERVICE, COL_PLAN, COL_STATE };

static const struct column columns[] = {
    {"id",      "ID",      13, 0, false},
    {"age",     "AGE",     7,  4, true },
    {"app",     "APP",     24, 1, false},
    {"team",    "TEAM",    20, 6, false},
    {"service", "SERVICE", 24, 2, false},
    {"plan",    "PLAN",    16, 5, false},
    {"state",   "STATE",   10, 3, false},
};

/* --- the list -----------------------------------------------------------------------------------
 */

static void open_list(struct view *v)
{
    static const char *const targets[] = {
        "/v1/subscriptions?state=requested",
        "/v1/subscriptions?state=approved",
        "/v1/subscriptions",
    };
    view_feed(v, LIST_PERIOD_MS, true, "%s", targets[v->variant]);
}

static void build_list(struct view *v)
{
    static const struct {
        size_t column;
        const char *field;
    } texts[] = {
        {COL_APP,     "app" },
        {COL_TEAM,    "team"},
        {COL_SERVICE, "api" },
        {COL_PLAN,    "plan"}
    };
    for (const struct json *row = view_items(v, 0, "items"); row; row = row->next) {
        struct str id = json_get_str(row, "id"), state = json_get_str(row, "state");
        struct cell *cells = view_row(v, id, row);
        cells[COL_ID] = cell_text(id, TONE_TEXT);
        cells[COL_AGE] = figure_since(&v->mem, v->now_ms, row, "requested_at");
        for (size_t i = 0; i < COUNT_OF(texts); i++)
            cells[texts[i].column] = cell_text(json_get_str(row, texts[i].field), TONE_TEXT);
        cells[COL_STATE] = cell_text(state, subscription_tone(state));
    }
}

static void enter_list(struct ui *ui, struct view *v, const struct table_row *row)
{
    UNUSED(v);
    ui_push(ui, VIEW_REQUEST, row->id);
}

static const char *const variants[] = {"pending", "approved", "all", NULL};

const struct view_ops view_requests = {
    .name = "requests",
    .title = "Requests",
    .noun = "requests",
    .one = "request",
    .columns = columns,
    .column_count = COUNT_OF(columns),
    .sort = COL_AGE,
    .ages = true,
    .variants = variants,
    .open = open_list,
    .build = build_list,
    .pane = requests_pane,
    .detail = requests_ask,
    .enter = enter_list,
};

/* --- one request --------------------------------------------------------------------------------
 */

enum { FEED_SUBSCRIPTION, FEED_RECEIPT };

static void open_one(struct view *v)
{
    struct str id = buf_str(&v->subject);
    view_feed(v, LIST_PERIOD_MS, false, "/v1/subscriptions/" STR_FMT, STR_ARG(id));
    view_feed(v, LIST_PERIOD_MS, false, "/v1/subscriptions/" STR_FMT "/receipt", STR_ARG(id));
}

static void receipt_lines(struct view *v)
{
    const struct json *receipt = feed_json(&v->feeds[FEED_RECEIPT]),
                      *gateways = json_get(receipt, "gateways");
    if (gateways == NULL)
        return;
    view_line(v, &v->mem, "", TONE_TEXT, STR(""));
    view_line(v, &v->mem, "receipt", TONE_TITLE, STR("of the last change"));
    for (const struct json *g = gateways->child; g != NULL; g = g->next) {
        struct str name = json_get_str(g, "gateway");
        const char *label = str_z(&v->mem, name);
        if (json_get_bool(g, "enforced", false))
            view_line(v, &v->mem, label, TONE_GOOD,
                      arena_printf(&v->mem, "enforced after %lld ms",
                                   (long long)json_get_i64(g, "ms", 0)));
        else
            view_line(v, &v->mem, label, TONE_WARN, STR("not confirmed yet"));
    }
    if (gateways->child == NULL)
        view_line(v, &v->mem, "", TONE_DIM, STR("no gateway serves this API"));
}

static void build_one(struct view *v)
{
    const struct json *row = feed_json(&v->feeds[FEED_SUBSCRIPTION]);
    for (size_t i = 0; row != NULL && i < record_subscription.field_count; i++) {
        const struct field *field = &record_subscription.fields[i];
        struct str text = json_get_str(row, field->name);
        if ((field->flags & FIELD_HIDDEN) || text.len == 0)
            continue;
        if (field->type == FIELD_TIME)
            text = figure_time(&v->mem, text);
        view_line(v, &v->mem, view_label(&v->mem, field->name).ptr,
                  strcmp(field->name, "state") == 0 ? subscription_tone(text) : TONE_TEXT, text);
    }
    receipt_lines(v);
}

const struct view_ops view_request = {
    .name = "request",
    .title = "Requests",
    .noun = "request",
    .open = open_one,
    .build = build_one,
};
