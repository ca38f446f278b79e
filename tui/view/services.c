/* APIs, what they offer and how they fare. */
#include "tui/view/details.h"

enum { COL_NAME, COL_OWNER, COL_VERSION, COL_STATE, COL_OPS, COL_SUBS, COL_FIGURES };

static const struct column columns[] = {
    {"name",  "NAME",  32, 0, false},
    {"owner", "OWNER", 20, 6, false},
    {"ver",   "VER",   12, 7, false},
    {"state", "STATE", 10, 3, false},
    {"ops",   "OPS",   6,  9, true },
    {"subs",  "SUBS",  6,  8, true },
    FIGURE_COLUMNS(1),
};

static void open(struct view *v)
{
    view_feed(v, LIST_PERIOD_MS, true, "/v1/apis");
    view_feed(v, LIVE_PERIOD_MS, false, "/v1/live?by=api");
    view_feed(v, LIST_PERIOD_MS, true, "/v1/deployments");
}

/* The version deployed last, and how many others are. */
static struct str deployed(struct view *v, const struct lookup *deployments, struct str api)
{
    size_t count, others = 0;
    const struct lookup_row *rows = lookup_find(deployments, api, &count);
    struct str newest = STR("-"), newest_at = STR_NONE;
    for (size_t i = 0; i < count; i++) {
        struct str at = json_get_str(rows[i].row, "created_at");
        if (i > 0 && str_cmp(at, newest_at) <= 0)
            continue;
        newest = json_get_str(rows[i].row, "version");
        newest_at = at;
    }
    for (size_t i = 0; i < count; i++) {
        struct str version = json_get_str(rows[i].row, "version");
        bool known = str_eq(version, newest);
        for (size_t k = 0; k < i && !known; k++)
            known = str_eq(version, json_get_str(rows[k].row, "version"));
        others += !known;
    }
    return others ? arena_printf(&v->mem, STR_FMT " +%zu", STR_ARG(newest), others) : newest;
}

static void build(struct view *v)
{
    struct lookup live, deployments;
    size_t count;
    lookup_make(&live, view_items(v, SERVICES_LIVE, "rows"), "api", &v->mem);
    lookup_make(&deployments, view_items(v, SERVICES_DEPLOYMENTS, "items"), "api", &v->mem);
    for (const struct json *api = view_items(v, SERVICES_APIS, "items"); api; api = api->next) {
        struct str slug = json_get_str(api, "slug"), stage = json_get_str(api, "stage");
        struct cell *cells = view_row(v, slug, api);
        cells[COL_NAME] = cell_text(slug, TONE_TEXT);
        cells[COL_OWNER] = cell_text(json_get_str(api, "team"), TONE_TEXT);
        cells[COL_VERSION] = cell_text(deployed(v, &deployments, slug), TONE_TEXT);
        if (stage.len > 0)
            cells[COL_STATE] = cell_text(stage, stage_tone(stage));
        cells[COL_OPS] = cell_count(&v->mem, api, "operation_count");
        cells[COL_SUBS] = cell_count(&v->mem, api, "subscription_count");
        const struct lookup_row *found = lookup_find(&live, slug, &count);
        figure_cells(&v->mem, count ? found->row : NULL, &cells[COL_FIGURES]);
    }
}

static void enter(struct ui *ui, struct view *v, const struct table_row *row)
{
    UNUSED(v);
    ui_push(ui, VIEW_SERVICE, row->id);
}

const struct view_ops view_services = {
    .name = "services",
    .title = "Services",
    .noun = "services",
    .one = "service",
    .columns = columns,
    .column_count = COUNT_OF(columns),
    .sort = COL_NAME,
    .live = true,
    .open = open,
    .build = build,
    .pane = services_pane,
    .detail = services_ask,
    .enter = enter,
};
