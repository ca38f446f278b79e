/* One frame: title, what is shown, the view, hints, status. */
#include "tui/view/ui.h"

#define ROWS_LEAST      3 /* below this only a notice */
#define COLS_LEAST      20
#define ROWS_FOR_EXTRAS 10 /* second line and hints */

/* --- title --------------------------------------------------------------------------------------
 */

struct mark {
    struct str text;
    enum term_tone tone;
    enum term_glyph glyph;
};

/* Whether what is shown can be trusted: live, paused, stale, offline. */
static struct mark state_mark(struct ui *ui, struct arena *mem)
{
    struct view *v = ui_view(ui);
    const struct feed *failing = view_failing(v);
    int64_t good_ms = view_good_ms(v);
    if (failing != NULL) {
        const char *word = failing->err.code == ERR_UNAUTHENTICATED ? "not signed in"
                           : failing->reached                       ? "stale"
                                                                    : "offline";
        struct str text = str_from(word);
        if (good_ms != 0)
            text = arena_printf(mem, "%s " STR_FMT, word,
                                STR_ARG(figure_age(mem, clock_steady_ms() - good_ms)));
        return (struct mark){text, TONE_BAD, GLYPH_BAD};
    }
    if (ui->paused)
        return (struct mark){STR("paused"), TONE_WARN, GLYPH_NONE};
    return (struct mark){
        arena_printf(mem, "live %ds", (v->ops->live ? LIVE_PERIOD_MS : LIST_PERIOD_MS) / 1000),
        TONE_GOOD, GLYPH_LIVE};
}

static struct str crumbs(struct ui *ui, struct arena *mem)
{
    struct str sign = arena_join(mem, STR(" "), term_glyph(ui->term, GLYPH_CRUMB), STR(" "));
    const struct view *v = ui_view(ui);
    struct str text = arena_join(mem, ui->server->name, sign, str_from(v->ops->title));
    return v->subject.len ? arena_join(mem, text, sign, buf_str(&v->subject)) : text;
}

/* From the right: time, state, who; what does not fit beside the title is left out, state last. */
static void draw_title(struct ui *ui, struct arena *mem)
{
    struct term *term = ui->term;
    const struct view *v = ui_view(ui);
    struct mark mark = state_mark(ui, mem);
    struct str title = crumbs(ui, mem), glyph = term_glyph(term, mark.glyph);
    struct str who = json_get_str(feed_json(&ui->me), "name");
    struct str time = v->now_ms ? figure_clock(mem, v->now_ms) : STR("");
    int left = 1 + term_width(term, title) + 2, right = term_cols(term) - 1;
    int mark_cols = term_width(term, mark.text) + 1 + term_width(term, glyph);
    if (right - left >= mark_cols + 2 + (int)time.len && time.len > 0) {
        right -= (int)time.len;
        (void)term_put(term, 0, right, (int)time.len, TONE_DIM, time);
        right -= 2;
    }
    if (right < mark_cols)
        return;
    int title_cols = right - mark_cols - 2;
    if (title_cols < left - 3) /* where one is, rather than in what */
        title = str_from(v->ops->title);
    (void)term_put(term, 0, 1, title_cols, TONE_TITLE, title);
    right -= mark_cols;
    int used = term_put(term, 0, right, mark_cols, mark.tone, mark.text);
    (void)term_put(term, 0, right + used + 1, 1, mark.tone, glyph);
    int who_cols = term_width(term, who);
    if (who_cols > 0 && right - 2 - who_cols >= left)
        (void)term_put(term, 0, right - 2 - who_cols, who_cols, TONE_TEXT, who);
}

static struct str counted(struct ui *ui, struct arena *mem)
{
    const struct view *v = ui_view(ui);
    const struct table *t = &v->table;
    const char *variant = v->ops->variants ? v->ops->variants[v->variant] : "";
    const char *gap = variant[0] ? " " : "";
    const char *noun = t->row_count == 1 ? v->ops->one : v->ops->noun;
    if (t->shown != t->row_count)
        return arena_printf(mem, "%zu of %zu %s%s%s", t->shown, t->row_count, variant, gap, noun);
    return arena_printf(mem, "%zu %s%s%s", t->row_count, variant, gap, noun);
}

static void draw_second(struct ui *ui, struct arena *mem)
{
    const struct table *t = &ui_view(ui)->table;
    struct str filter = buf_str(&t->filter);
    if (ui_view(ui)->ops->columns == NULL)
        return;
    struct str text = arena_join(mem, STR("sort "), str_from(t->columns[t->sort].title), STR(" "),
                                 term_glyph(ui->term, t->descending ? GLYPH_FALLING : GLYPH_RISING),
                                 STR("   filter: "), filter.len ? filter : STR("none"));
    int cols = term_cols(ui->term), width = term_width(ui->term, text);
    int used = term_put(ui->term, 1, 1, cols - 2, TONE_DIM, counted(ui, mem));
    if (used + width + 4 <= cols)
        (void)term_put(ui->term, 1, cols - 1 - width, width, TONE_DIM, text);
}

/* --- body ---------------------------------------------------------------------------------------
 */

static bool loaded(const struct view *v)
{
    return v->feed_count > 0 && feed_json(&v->feeds[0]) != NULL;
}

static void draw_empty(struct ui *ui, struct rect place)
{
    const struct view *v = ui_view(ui);
    const struct feed *failing = view_failing(v);
    char text[80];
    struct pager_line lines[2] = {
        {STR_NONE, STR_NONE, TONE_DIM, 0},
        {STR_NONE, STR_NONE, TONE_DIM, 0},
    };
    size_t top = 0;
    if (failing != NULL && !loaded(v)) {
        lines[0] = (struct pager_line){STR_NONE, str_from(failing->err.msg), TONE_BAD, 0};
        lines[1].text = str_from(failing->err.hint);
    } else if (!loaded(v)) {
        lines[0].text = STR("loading");
    } else if (v->table.row_count > 0) {
        lines[0].text = STR("nothing matches the filter; Esc clears it");
    } else {
        (void)snprintf(text, sizeof(text), "no %s%s%s",
                       v->ops->variants && v->variant < 2 ? v->ops->variants[v->variant] : "",
                       v->ops->variants && v->variant < 2 ? " " : "", v->ops->noun);
        lines[0].text = str_from(text);
    }
    place.row++;
    place.rows--;
    place.col += 2;
    place.cols -= 2;
    if (place.rows > 0)
        (void)pager_draw(ui->term, place, lines, COUNT_OF(lines), &top);
}

void ui_lay_out(struct ui *ui)
{
    struct view *v = ui_view(ui);
    if (v->ops->pane != NULL && v->table.row_count > 0)
        split_lay_out(&ui->split, ui->body, table_cols(&v->table), (int)v->table.row_count + 1,
                      &ui->areas);
    else
        ui->areas = (struct split_areas){.table = ui->body};
}

static void draw_table(struct ui *ui, struct rect place)
{
    struct view *v = ui_view(ui);
    const struct split_areas *areas = &ui->areas;
    ui->body = place;
    ui_lay_out(ui);
    v->detail.place = (struct rect){0};
    if (areas->place != SPLIT_NONE)
        detail_draw(ui, areas);
    if (areas->place == SPLIT_ONLY)
        return;
    table_draw(&v->table, ui->term, areas->table, view_failing(v) != NULL);
    if (v->table.shown == 0)
        draw_empty(ui, areas->table);
}

static void draw_body(struct ui *ui, struct rect place)
{
    struct view *v = ui_view(ui);
    if (ui->mode == MODE_HELP) { /* it tells what can be done in the view below it */
        help_draw(ui, place);
        return;
    }
    ui->areas = (struct split_areas){.table = place};
    if (v->ops->columns != NULL)
        draw_table(ui, place);
    else if (v->lines.len == 0)
        draw_empty(ui, place);
    else
        (void)pager_draw(ui->term, place, v->lines.ptr, v->lines.len, &v->top);
}

/* --- last lines ---------------------------------------------------------------------------------
 */

static struct str hint_key(const struct action *a)
{
    struct str rest = str_from(a->keys), key;
    (void)str_split(&rest, ' ', &key);
    return str_eq(key, STR("ENTER")) ? STR("Enter") : str_eq(key, STR("TAB")) ? STR("Tab") : key;
}

/* With the distance to the next one. */
static int hint_cols(const struct action *a)
{
    return (int)(hint_key(a).len + strlen(a->hint)) + 3;
}

static void draw_hints(struct ui *ui, int row)
{
    if (ui->mode == MODE_DIALOG)
        return;
    if (ui->mode == MODE_HELP) {
        (void)term_put(ui->term, row, 1, term_cols(ui->term) - 2, TONE_DIM,
                       STR("j k scroll, any other key closes"));
        return;
    }
    size_t count;
    const struct action *actions = actions_all(&count);
    int col = 1, kept = 0;
    for (size_t i = 0; i < count; i++)
        if ((actions[i].flags & ACTION_KEEP) && action_disabled(&actions[i], ui) == NULL)
            kept += hint_cols(&actions[i]);
    for (size_t i = 0; i < count; i++) {
        const struct action *a = &actions[i];
        if (!(a->flags & ACTION_HINT) || action_disabled(a, ui) != NULL)
            continue;
        int own = hint_cols(a);
        kept -= a->flags & ACTION_KEEP ? own : 0;
        if (col + own - 2 + kept > term_cols(ui->term) - 1)
            continue;
        col += term_put(ui->term, row, col, own, TONE_KEY, hint_key(a)) + 1;
        col += term_put(ui->term, row, col, own, TONE_DIM, str_from(a->hint)) + 2;
    }
}

static void draw_prompt(struct ui *ui, int row)
{
    struct str sign = ui->mode == MODE_FILTER ? STR("/") : STR(":");
    (void)term_put(ui->term, row, 1, 1, TONE_KEY, sign);
    line_draw(&ui->prompt, ui->term, row, 2, term_cols(ui->term) - 3);
}

static void draw_status(struct ui *ui, int row)
{
    const struct feed *failing = view_failing(ui_view(ui));
    char text[420];
    enum term_tone tone = ui->status_tone;
    if (ui->status[0] == '\0' && failing != NULL) {
        bool by_hand = failing->err.code == ERR_UNAUTHENTICATED;
        (void)snprintf(text, sizeof(text), "%s%s%s%s", failing->err.msg,
                       failing->err.hint[0] ? "; " : "", failing->err.hint,
                       by_hand ? "; ^R asks again" : "");
        tone = TONE_BAD;
    } else if (ui->status[0] == '\0' && ui->areas.too_small && ui->mode == MODE_VIEW) {
        (void)snprintf(text, sizeof(text), "no room for details here; z shows them alone");
        tone = TONE_DIM;
    } else {
        (void)snprintf(text, sizeof(text), "%s", ui->status);
    }
    (void)term_put(ui->term, row, 1, term_cols(ui->term) - 2, tone, str_from(text));
}

static void draw_too_small(struct ui *ui)
{
    (void)term_put(ui->term, 0, 0, term_cols(ui->term), TONE_TEXT, STR("too small: 20x3"));
}

static void draw_all(struct ui *ui, struct arena *mem)
{
    int rows = term_rows(ui->term), cols = term_cols(ui->term);
    bool extras = rows >= ROWS_FOR_EXTRAS;
    int top = extras ? 2 : 1, bottom = rows - (extras ? 2 : 1);
    draw_title(ui, mem);
    if (extras)
        draw_second(ui, mem);
    draw_body(ui, (struct rect){top, 0, bottom - top, cols});
    if (extras)
        draw_hints(ui, rows - 2);
    if (ui->mode == MODE_FILTER || ui->mode == MODE_COMMAND)
        draw_prompt(ui, rows - 1);
    else
        draw_status(ui, rows - 1);
    if (ui->mode == MODE_DIALOG)
        dialog_draw(&ui->dialog, ui->term, (struct rect){top, 0, bottom - top, cols});
}

void ui_draw(struct ui *ui)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    term_begin(ui->term);
    if (term_rows(ui->term) < ROWS_LEAST || term_cols(ui->term) < COLS_LEAST)
        draw_too_small(ui);
    else
        draw_all(ui, &mem);
    term_end(ui->term);
}
