/* APIs, what they offer and how they fare. */
#include "tui/view/ui.h"

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

enum { FEED_APIS, FEED_LIVE, FEED_DEPLOYMENTS };

static void open(struct view *v)
{
    view_feed(v, LIST_PERIOD_MS, true, "/v1/apis");
    view_feed(v, LIVE_PERIOD_MS, false, "/v1/live?by=api");
    view_feed(v, LIST_PERIOD_MS, true, "/v1/deployments");
}

static enum term_tone stage_tone(struct str stage)
{
    if (str_eq(stage, STR("published")))
        return TONE_GOOD;
    return str_eq(stage, STR("deprecated")) ? TONE_WARN : TONE_DIM;
}

/* The version deployed last, and how many others are. */
static struct str deployed(struct view *v, struct str api)
{
    struct str newest = STR_NONE, newest_at = STR_NONE;
    int others = 0;
    for (const struct json *d = view_items(v, FEED_DEPLOYMENTS, "items"); d; d = d->next) {
        struct str version = json_get_str(d, "version"), at = json_get_str(d, "created_at");
        if (!str_eq(json_get_str(d, "api"), api) || str_eq(version, newest))
            continue;
        others += newest.ptr != NULL;
        if (newest.ptr == NULL || str_cmp(at, newest_at) > 0) {
            newest = version;
            newest_at = at;
        }
    }
    if (newest.ptr == NULL)
        return STR("-");
    return others ? arena_printf(&v->mem, STR_FMT " +%d", STR_ARG(newest), others) : newest;
}

static const struct json *live_of(const struct view *v, struct str api)
{
    for (const struct json *row = view_items(v, FEED_LIVE, "rows"); row; row = row->next)
        if (str_eq(json_get_str(row, "api"), api))
            return row;
    return NULL;
}

static void build(struct view *v)
{
    for (const struct json *api = view_items(v, FEED_APIS, "items"); api; api = api->next) {
        struct str slug = json_get_str(api, "slug"), stage = json_get_str(api, "stage");
        struct cell *cells = view_row(v, slug, api);
        cells[COL_NAME] = cell_text(slug, TONE_TEXT);
        cells[COL_OWNER] = cell_text(json_get_str(api, "team"), TONE_TEXT);
        cells[COL_VERSION] = cell_text(deployed(v, slug), TONE_TEXT);
        if (stage.len > 0)
            cells[COL_STATE] = cell_text(stage, stage_tone(stage));
        cells[COL_OPS] = cell_count(&v->mem, api, "operation_count");
        cells[COL_SUBS] = cell_count(&v->mem, api, "subscription_count");
        figure_cells(&v->mem, live_of(v, slug), &cells[COL_FIGURES]);
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
    .columns = columns,
    .column_count = COUNT_OF(columns),
    .sort = COL_NAME,
    .live = true,
    .open = open,
    .build = build,
    .enter = enter,
};
