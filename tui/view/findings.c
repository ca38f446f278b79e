/* What was found in a version's document, the worst first. The subject is "API VERSION", or "API
 * VERSION HASH" of a document that is not in force. */
#include "tui/view/ui.h"

enum { COL_NUMBER, COL_PLACE, COL_SEVERITY, COL_RULE, COL_FINDING };

static const struct column columns[] = {
    {"no",       "NO",       5,  3, true },
    {"place",    "PLACE",    11, 0, false},
    {"severity", "SEVERITY", 8,  1, false},
    {"rule",     "RULE",     36, 2, false},
    {"finding",  "FINDING",  64, 0, false},
};

static void open(struct view *v)
{
    struct str rest = buf_str(&v->subject), api, version;
    (void)str_split(&rest, ' ', &api);
    (void)str_split(&rest, ' ', &version);
    view_feed(v, LIST_PERIOD_MS, true,
              "/v1/apis/" STR_FMT "/versions/" STR_FMT "/findings%s" STR_FMT, STR_ARG(api),
              STR_ARG(version), rest.len > 0 ? "?revision=" : "", STR_ARG(rest));
}

static enum term_tone severity_tone(struct str severity)
{
    if (str_eq(severity, STR("error")))
        return TONE_BAD;
    return str_eq(severity, STR("warn")) ? TONE_WARN : TONE_TEXT;
}

static void build(struct view *v)
{
    int number = 0;
    for (const struct json *row = view_items(v, 0, "items"); row; row = row->next) {
        struct str id = arena_printf(&v->mem, "%d", ++number);
        struct str severity = json_get_str(row, "severity");
        struct cell *cells = view_row(v, id, row);
        /* numbers begin with the largest */
        cells[COL_NUMBER] = (struct cell){id, -number, TONE_DIM};
        cells[COL_PLACE] =
            cell_text(arena_printf(&v->mem, "%lld:%lld", (long long)json_get_i64(row, "line", 0),
                                   (long long)json_get_i64(row, "column", 0)),
                      TONE_TEXT);
        cells[COL_SEVERITY] = cell_text(severity, severity_tone(severity));
        cells[COL_RULE] = cell_text(json_get_str(row, "code"), TONE_TEXT);
        cells[COL_FINDING] = cell_text(json_get_str(row, "message"), TONE_TEXT);
    }
}

static void pane(struct ui *ui, struct view *v, const struct table_row *row)
{
    static const char *const fields[] = {"message", "pointer", "code", "severity", "source"};
    UNUSED(ui);
    detail_fields(v, row->data, fields, COUNT_OF(fields));
}

const struct view_ops view_findings = {
    .name = "findings",
    .title = "Findings",
    .noun = "findings",
    .one = "finding",
    .columns = columns,
    .column_count = COUNT_OF(columns),
    .sort = COL_NUMBER,
    .open = open,
    .build = build,
    .pane = pane,
};
