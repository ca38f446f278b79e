/* Gateways: state, whether they run what was published, and their traffic. A proxy that cannot be
 * reached says so; it never shows zeros. */
#include "tui/view/details.h"

enum { COL_PROXY, COL_STATE, COL_SYNC, COL_FIGURES };

static const struct column columns[] = {
    {"proxy", "PROXY", 32, 0, false},
    {"state", "STATE", 12, 1, false},
    {"sync",  "SYNC",  8,  2, false},
    FIGURE_COLUMNS(3),
};

static const struct {
    const char *name, *text;
    enum term_tone tone;
} states[] = {
    {"ok",          "ok",          TONE_GOOD},
    {"stale",       "stale",       TONE_WARN},
    {"unreachable", "unreachable", TONE_BAD },
    {"no_data",     "no data",     TONE_DIM },
    {"in_sync",     "in sync",     TONE_GOOD},
    {"drift",       "drift",       TONE_WARN},
    {"rejected",    "rejected",    TONE_BAD },
    {"never",       "never",       TONE_DIM },
};

static struct cell state_cell(struct str name)
{
    for (size_t i = 0; i < COUNT_OF(states); i++)
        if (str_eq(name, str_from(states[i].name)))
            return cell_text(str_from(states[i].text), states[i].tone);
    return cell_text(name.len ? name : STR("-"), TONE_TEXT);
}

static void open(struct view *v)
{
    view_feed(v, LIVE_PERIOD_MS, false, "/v1/live?by=gateway");
}

static void build(struct view *v)
{
    for (const struct json *row = view_items(v, 0, "rows"); row; row = row->next) {
        struct str name = json_get_str(row, "gateway"), state = json_get_str(row, "state");
        struct cell *cells = view_row(v, name, row);
        bool known = str_eq(state, STR("ok")) || str_eq(state, STR("stale"));
        cells[COL_PROXY] = cell_text(name, TONE_TEXT);
        cells[COL_STATE] = state_cell(state);
        cells[COL_SYNC] = state_cell(json_get_str(row, "sync"));
        figure_cells(&v->mem, known ? row : NULL, &cells[COL_FIGURES]);
    }
}

static void enter(struct ui *ui, struct view *v, const struct table_row *row)
{
    UNUSED(v);
    ui_push(ui, VIEW_PROXY, row->id);
}

const struct view_ops view_proxies = {
    .name = "proxies",
    .title = "Proxies",
    .noun = "proxies",
    .one = "proxy",
    .columns = columns,
    .column_count = COUNT_OF(columns),
    .sort = COL_PROXY,
    .live = true,
    .open = open,
    .build = build,
    .pane = proxies_pane,
    .detail = proxies_ask,
    .enter = enter,
};
