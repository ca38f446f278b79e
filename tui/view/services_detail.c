/* One service beside the list: who owns it, who asks for it, what is deployed, how its operations
 * fare. */
#include "tui/view/details.h"

enum { ASK_VERSIONS, ASK_LIVE, ASK_REQUESTS, ASK_PLANS, ASK_TEAM, ASK_OPERATIONS };

#define ROWS_MOST 200

void services_ask(struct view *v, struct str id)
{
    const struct table_row *row = detail_row(v);
    struct str team = row ? json_get_str(row->data, "team") : STR_NONE;
    detail_ask(v, LIST_PERIOD_MS, true, "/v1/apis/" STR_FMT "/versions", STR_ARG(id));
    detail_ask(v, LIVE_PERIOD_MS, false, "/v1/live?by=operation&api=" STR_FMT, STR_ARG(id));
    detail_ask(v, LIST_PERIOD_MS, true, "/v1/subscriptions?state=requested&api=" STR_FMT,
               STR_ARG(id));
    detail_ask(v, LIST_PERIOD_MS, true, "/v1/plans?api=" STR_FMT, STR_ARG(id));
    if (team.len > 0)
        detail_ask(v, LIST_PERIOD_MS, false, "/v1/teams/" STR_FMT, STR_ARG(team));
}

/* --- who and where ------------------------------------------------------------------------------
 */

static struct str named(struct arena *mem, const char *name, struct str value)
{
    return value.len ? arena_printf(mem, "%s " STR_FMT, name, STR_ARG(value)) : STR("");
}

static struct str count_text(struct arena *mem, const struct json *row, const char *field)
{
    int64_t value = json_get_i64(row, field, 0);
    return value ? arena_printf(mem, "%lld", (long long)value) : STR("");
}

static struct str list_text(struct arena *mem, const struct json *list)
{
    CLEANUP(buf_clear) struct buf b = {0};
    for (const struct json *item = list ? list->child : NULL; item != NULL; item = item->next)
        buf_printf(&b, "%s" STR_FMT, b.len ? ", " : "", STR_ARG(item->string));
    return arena_str(mem, buf_str(&b));
}

static struct str owner_text(struct view *v, const struct json *api)
{
    struct arena *mem = &v->detail.mem;
    const struct json *team = detail_json(v, ASK_TEAM);
    const struct str words[] = {
        json_get_str(api, "team"),
        json_get_str(team, "contact"),
        named(mem, "on call", json_get_str(team, "on_call")),
    };
    return terms_join(mem, words, COUNT_OF(words));
}

static struct str terms_text(struct arena *mem, const struct json *api)
{
    const struct str words[] = {
        json_get_str(api, "visibility"),
        named(mem, "access", json_get_str(api, "access")),
        named(mem, "approval", json_get_str(api, "approval")),
        named(mem, "tier", count_text(mem, api, "tier")),
        named(mem, "data", json_get_str(api, "data_class")),
    };
    return terms_join(mem, words, COUNT_OF(words));
}

/* The portal is at the address the console talks to, or where chanceryd says that it is. */
static struct str docs_text(const struct ui *ui, struct arena *mem, struct str api)
{
    struct str portal = str_starts(ui->server->address, STR("unix:"))
                            ? json_get_str(feed_json(&ui->me), "portal_url")
                            : ui->server->address;
    if (portal.len == 0)
        return STR("");
    if (str_ends(portal, STR("/")))
        portal.len--;
    return arena_join(mem, portal, STR("/apis/"), api);
}

static void add_about(const struct ui *ui, struct view *v, const struct table_row *row)
{
    struct arena *mem = &v->detail.mem;
    const struct json *api = row->data;
    detail_text(v, "summary", TONE_TEXT, json_get_str(api, "summary"));
    detail_text(v, "owner", TONE_TEXT, owner_text(v, api));
    detail_text(v, "terms", TONE_TEXT, terms_text(mem, api));
    detail_text(v, "tags", TONE_TEXT, list_text(mem, json_get(api, "tags")));
    detail_text(v, "docs", TONE_TEXT, docs_text(ui, mem, row->id));
    detail_text(v, "answers", TONE_TEXT,
                answers_text(detail_items(v, ASK_LIVE, "rows"), true, mem));
}

/* --- requests -----------------------------------------------------------------------------------
 */

static void add_requests(struct ui *ui, struct view *v)
{
    static const struct grid_column columns[] = {
        {"OPEN REQUEST", 24, false},
        {"TEAM",         16, false},
        {"PLAN",         16, false},
        {"AGE",          7,  true },
        {"BY",           16, false},
        {"PURPOSE",      60, false},
    };
    static const char *const fields[] = {"app", "team", "plan", NULL, "requested_by", "purpose"};
    struct grid g;
    if (!detail_ready(v, "OPEN REQUEST", ASK_REQUESTS))
        return;
    grid_open(&g, ui, detail_feed(v, ASK_REQUESTS), columns, COUNT_OF(columns));
    for (const struct json *r = detail_items(v, ASK_REQUESTS, "items"); r; r = r->next) {
        struct cell *cells = grid_row(&g);
        for (size_t i = 0; i < COUNT_OF(fields); i++)
            cells[i] = fields[i] ? cell_text(json_get_str(r, fields[i]), TONE_TEXT)
                                 : figure_since(&v->detail.mem, v->now_ms, r, "requested_at");
        cells[0].tone = TONE_WARN;
    }
    grid_close(&g, ROWS_MOST);
}

/* --- versions and deployments -------------------------------------------------------------------
 */

static void add_versions(struct ui *ui, struct view *v)
{
    static const struct grid_column columns[] = {
        {"VERSION",   20, false},
        {"STAGE",     10, false},
        {"OPS",       5,  true },
        {"OPENAPI",   8,  false},
        {"PUBLISHED", 19, false},
        {"SUNSET",    19, false},
        {"SUCCESSOR", 20, false},
        {"TITLE",     40, false},
    };
    struct grid g;
    struct arena *mem = &v->detail.mem;
    if (!detail_ready(v, "VERSION", ASK_VERSIONS))
        return;
    grid_open(&g, ui, detail_feed(v, ASK_VERSIONS), columns, COUNT_OF(columns));
    for (const struct json *r = detail_items(v, ASK_VERSIONS, "items"); r; r = r->next) {
        struct cell *cells = grid_row(&g);
        struct str stage = json_get_str(r, "stage");
        cells[0] = cell_text(json_get_str(r, "label"), TONE_TEXT);
        cells[1] = cell_text(stage, stage_tone(stage));
        cells[2] = cell_count(mem, r, "operation_count");
        cells[3] = cell_text(json_get_str(r, "spec_version"), TONE_TEXT);
        cells[4] =
            cell_text(figure_when(mem, v->now_ms, json_get_str(r, "published_at")), TONE_TEXT);
        cells[5] = cell_text(figure_when(mem, v->now_ms, json_get_str(r, "sunset_at")), TONE_TEXT);
        cells[6] = cell_text(json_get_str(r, "successor"), TONE_TEXT);
        cells[7] = cell_text(json_get_str(r, "title"), TONE_TEXT);
    }
    grid_close(&g, ROWS_MOST);
}

static void add_deployments(struct ui *ui, struct view *v, struct str api)
{
    static const struct grid_column columns[] = {
        {"DEPLOYED", 20, false},
        {"GROUP",    20, false},
        {"HOST",     40, false},
        {"PATH",     40, false},
        {"UPSTREAM", 60, false},
        {"TIMEOUT",  9,  true },
    };
    static const char *const fields[] = {"version", "group", "host", "base_path", "upstream"};
    struct grid g;
    grid_open(&g, ui, NULL, columns, COUNT_OF(columns));
    for (const struct json *r = view_items(v, SERVICES_DEPLOYMENTS, "items"); r; r = r->next) {
        if (!str_eq(json_get_str(r, "api"), api))
            continue;
        struct cell *cells = grid_row(&g);
        for (size_t i = 0; i < COUNT_OF(fields); i++)
            cells[i] = cell_text(json_get_str(r, fields[i]), TONE_TEXT);
        int64_t timeout_ms = json_get_i64(r, "timeout_ms", 0);
        if (timeout_ms > 0)
            cells[5] = cell_text(figure_ms(&v->detail.mem, (double)timeout_ms), TONE_TEXT);
    }
    grid_close(&g, ROWS_MOST);
}

/* --- operations ---------------------------------------------------------------------------------
 */

static const struct grid_column operation_columns[] = {
    {"OPERATION", 48, false},
    {"VER",       12, false},
    {"CALLS",     10, true },
    GRID_FIGURES,
};
enum { OPERATION_RPS = 3 };

/* Operations without a call yet: the document knows them, figures do not. */
static void add_silent(struct view *v, struct grid *g)
{
    struct lookup live;
    size_t count;
    lookup_make(&live, detail_items(v, ASK_LIVE, "rows"), "operation", &v->detail.mem);
    for (const struct json *op = detail_items(v, ASK_OPERATIONS, "items"); op; op = op->next) {
        struct str key = json_get_str(op, "key");
        (void)lookup_find(&live, key, &count);
        if (count == 0)
            grid_row(g)[0] = cell_text(key, TONE_TEXT);
    }
}

static void add_operations(struct ui *ui, struct view *v)
{
    struct grid g;
    struct arena *mem = &v->detail.mem;
    struct str label = version_of(detail_items(v, ASK_VERSIONS, "items"));
    if (label.len > 0 && v->detail.feed_count == ASK_OPERATIONS)
        detail_ask(v, LIST_PERIOD_MS, true, "/v1/apis/" STR_FMT "/versions/" STR_FMT "/operations",
                   STR_ARG(buf_str(&v->detail.subject)), STR_ARG(label));
    grid_open(&g, ui, detail_feed(v, ASK_LIVE), operation_columns, COUNT_OF(operation_columns));
    for (const struct json *r = detail_items(v, ASK_LIVE, "rows"); r; r = r->next) {
        struct cell *cells = grid_row(&g);
        struct str name = json_get_str(r, "operation");
        cells[0] = cell_text(name.len ? name : STR("(no operation)"), TONE_TEXT);
        cells[1] = cell_text(json_get_str(r, "version"), TONE_TEXT);
        cells[2] = cell_count(mem, r, "requests");
        figure_cells(mem, r, &cells[OPERATION_RPS]);
    }
    grid_sort(&g, OPERATION_RPS);
    add_silent(v, &g);
    grid_close(&g, ROWS_MOST);
}

/* --- plans --------------------------------------------------------------------------------------
 */

static void add_plans(struct ui *ui, struct view *v)
{
    static const struct grid_column columns[] = {
        {"PLAN",  24, false},
        {"NAME",  24, false},
        {"RATE",  16, true },
        {"BURST", 8,  true },
        {"QUOTA", 18, true },
        {"TERM",  8,  true },
    };
    struct grid g;
    struct arena *mem = &v->detail.mem;
    if (!detail_ready(v, "PLAN", ASK_PLANS))
        return;
    grid_open(&g, ui, detail_feed(v, ASK_PLANS), columns, COUNT_OF(columns));
    for (const struct json *r = detail_items(v, ASK_PLANS, "items"); r; r = r->next) {
        struct cell *cells = grid_row(&g);
        cells[0] = cell_text(json_get_str(r, "slug"), TONE_TEXT);
        cells[1] = cell_text(json_get_str(r, "name"), TONE_TEXT);
        cells[2] = cell_text(plan_rate(mem, r), TONE_TEXT);
        cells[3] = cell_text(count_text(mem, r, "burst"), TONE_TEXT);
        cells[4] = cell_text(plan_quota(mem, r), TONE_TEXT);
        cells[5] = cell_text(plan_term(mem, r), TONE_TEXT);
    }
    grid_close(&g, ROWS_MOST);
}

void services_pane(struct ui *ui, struct view *v, const struct table_row *row)
{
    add_about(ui, v, row);
    add_requests(ui, v);
    add_versions(ui, v);
    add_operations(ui, v);
    add_deployments(ui, v, row->id);
    add_plans(ui, v);
}
