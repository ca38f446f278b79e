/* The one table of what can be done. Keys, help, hint bar and `:` commands come from here. */
#include "tui/view/ui.h"

#define IN(view)      (1U << VIEW_##view)
#define REQUEST_VIEWS (IN(REQUESTS) | IN(REQUEST))
#define TABLE_VIEWS \
    (IN(SERVICES) | IN(REQUESTS) | IN(PROXIES) | IN(SERVICE) | IN(PROXY) | IN(FINDINGS))
#define ENTERING_VIEWS (IN(SERVICES) | IN(REQUESTS) | IN(PROXIES))
#define SPLIT_VIEWS    TABLE_VIEWS
#define QUOTED_MOST    20 /* bytes of a wrong name that leave room for the right ones */

/* --- why not ------------------------------------------------------------------------------------
 */

static const char *no_approve(struct ui *ui)
{
    return decide_disabled(ui, DECIDE_APPROVE);
}

static const char *no_reject(struct ui *ui)
{
    return decide_disabled(ui, DECIDE_REJECT);
}

static const char *no_revoke(struct ui *ui)
{
    return decide_disabled(ui, DECIDE_REVOKE);
}

static const char *no_enter(struct ui *ui)
{
    return table_selected(&ui_view(ui)->table) ? NULL : "nothing is selected";
}

static const char *no_details(struct ui *ui)
{
    if (detail_row(ui_view(ui)) == NULL && table_selected(&ui_view(ui)->table) == NULL)
        return "nothing is selected";
    if (ui->areas.too_small)
        return "there is no room for details here; z shows them alone";
    return ui->areas.place == SPLIT_NONE ? "the details are hidden; s shows them" : NULL;
}

static const char *no_size(struct ui *ui)
{
    const char *why = no_details(ui);
    return why == NULL && ui->areas.place == SPLIT_ONLY ? "the details have the whole view" : why;
}

static const char *no_requests(struct ui *ui)
{
    return ui_view(ui)->kind == VIEW_REQUESTS ? "this is it" : NULL;
}

static const char *no_last(struct ui *ui)
{
    return ui->last == VIEW_KIND_COUNT ? "there was no other view yet" : NULL;
}

/* --- what it does -------------------------------------------------------------------------------
 */

/* Clamped at the end when drawn. */
static void scroll(size_t *top, int64_t by)
{
    if (by < 0)
        *top -= (size_t)-by < *top ? (size_t)-by : *top;
    else
        *top += (size_t)by;
}

static bool in_details(struct ui *ui)
{
    return ui->areas.place == SPLIT_ONLY ||
           (ui_view(ui)->detail.focus && ui->areas.place != SPLIT_NONE);
}

static void move_by(struct ui *ui, int64_t by)
{
    struct view *v = ui_view(ui);
    if (v->ops->columns == NULL)
        scroll(&v->top, by);
    else if (in_details(ui))
        scroll(&v->detail.top, by);
    else
        table_move(&v->table, by);
}

static int64_t page(struct ui *ui)
{
    int rows = in_details(ui) ? ui_view(ui)->detail.place.rows : ui->areas.table.rows - 1;
    return rows > 2 ? rows - 1 : 1;
}

#define MOVE(name, by)                                         \
    static void run_##name(struct ui *ui, struct str argument) \
    {                                                          \
        UNUSED(argument);                                      \
        move_by(ui, (by));                                     \
    }
MOVE(down, 1)
MOVE(up, -1)
MOVE(first, -INT32_MAX)
MOVE(last, INT32_MAX)
MOVE(page_down, page(ui))
MOVE(page_up, -page(ui))
MOVE(half_down, page(ui) / 2)
MOVE(half_up, -page(ui) / 2)

static void run_enter(struct ui *ui, struct str argument)
{
    struct view *v = ui_view(ui);
    UNUSED(argument);
    v->ops->enter(ui, v, table_selected(&v->table));
}

static void run_back(struct ui *ui, struct str argument)
{
    UNUSED(argument);
    if (!ui_pop(ui))
        ui->quit = true;
}

static void wish(struct ui *ui, enum split_wish what)
{
    ui->split.wish = what;
    ui_lay_out(ui);
}

static void run_escape(struct ui *ui, struct str argument)
{
    struct view *v = ui_view(ui);
    UNUSED(argument);
    if (ui->areas.place == SPLIT_ONLY)
        wish(ui, SPLIT_SHOW);
    else if (v->detail.focus)
        v->detail.focus = false;
    else if (v->table.filter.len > 0)
        table_filter(&v->table, STR(""));
    else
        (void)ui_pop(ui);
}

static void run_quit(struct ui *ui, struct str argument)
{
    UNUSED(argument);
    ui->quit = true;
}

#define OPEN(name, kind)                                       \
    static void run_##name(struct ui *ui, struct str argument) \
    {                                                          \
        UNUSED(argument);                                      \
        ui_open(ui, (kind));                                   \
    }
OPEN(services, VIEW_SERVICES)
OPEN(requests, VIEW_REQUESTS)
OPEN(proxies, VIEW_PROXIES)
OPEN(last_view, ui->last)

static void run_filter(struct ui *ui, struct str argument)
{
    struct view *v = ui_view(ui);
    if (argument.len > 0) {
        table_filter(&v->table, argument);
        return;
    }
    line_set(&ui->prompt, buf_str(&v->table.filter));
    ui->mode = MODE_FILTER;
}

static void run_command(struct ui *ui, struct str argument)
{
    line_set(&ui->prompt, argument);
    ui->mode = MODE_COMMAND;
}

static void run_help(struct ui *ui, struct str argument)
{
    UNUSED(argument);
    ui->help_top = 0;
    ui->mode = MODE_HELP;
}

static void say_columns(struct ui *ui, struct str wrong)
{
    CLEANUP(buf_clear) struct buf names = {0};
    const struct table *t = &ui_view(ui)->table;
    for (size_t i = 0; i < t->column_count; i++)
        buf_printf(&names, " %s", t->columns[i].id);
    ui_say(ui, TONE_BAD, "no column \"" STR_FMT "\" among" STR_FMT,
           STR_ARG(str_sub(wrong, 0, QUOTED_MOST)), STR_ARG(buf_str(&names)));
}

static void run_sort(struct ui *ui, struct str argument)
{
    struct table *t = &ui_view(ui)->table;
    for (size_t i = 0; i < t->column_count; i++)
        if (str_eq_nocase(argument, str_from(t->columns[i].id))) {
            table_sort(t, i);
            return;
        }
    if (argument.len == 0)
        table_sort_step(t, false);
    else
        say_columns(ui, argument);
}

static void run_sort_before(struct ui *ui, struct str argument)
{
    UNUSED(argument);
    table_sort_step(&ui_view(ui)->table, true);
}

static void run_invert(struct ui *ui, struct str argument)
{
    UNUSED(argument);
    table_invert(&ui_view(ui)->table);
}

static void run_pause(struct ui *ui, struct str argument)
{
    UNUSED(argument);
    ui->paused = !ui->paused;
}

/* With the token that is in its file now: an expired one is replaced there. */
static void run_refetch(struct ui *ui, struct str argument)
{
    struct err err = {0};
    UNUSED(argument);
    if (!client_renew(ui->client, &err))
        ui_say(ui, TONE_BAD, "%s: %s%s%s", err.where, err.msg, err.hint[0] ? "; " : "", err.hint);
    feed_again(&ui->me);
    view_refetch(ui_view(ui));
}

static void run_redraw(struct ui *ui, struct str argument)
{
    UNUSED(argument);
    term_redraw(ui->term);
}

static void run_suspend(struct ui *ui, struct str argument)
{
    UNUSED(argument);
    term_suspend(ui->term);
}

static void run_details(struct ui *ui, struct str argument)
{
    UNUSED(argument);
    wish(ui, ui->split.wish == SPLIT_SHOW ? SPLIT_HIDE : SPLIT_SHOW);
}

static void run_zoom(struct ui *ui, struct str argument)
{
    UNUSED(argument);
    wish(ui, ui->split.wish == SPLIT_ALONE ? SPLIT_SHOW : SPLIT_ALONE);
}

static void run_focus(struct ui *ui, struct str argument)
{
    UNUSED(argument);
    ui_view(ui)->detail.focus = !ui_view(ui)->detail.focus;
}

static void resize(struct ui *ui, bool larger)
{
    if (!split_resize(&ui->split, &ui->areas, larger))
        ui_say(ui, TONE_DIM, "the details cannot be %s", larger ? "larger" : "smaller");
    ui_lay_out(ui);
}

static void run_larger(struct ui *ui, struct str argument)
{
    UNUSED(argument);
    resize(ui, true);
}

static void run_smaller(struct ui *ui, struct str argument)
{
    UNUSED(argument);
    resize(ui, false);
}

static void run_part(struct ui *ui, struct str argument)
{
    UNUSED(argument);
    detail_part(ui, false);
}

static void run_part_before(struct ui *ui, struct str argument)
{
    UNUSED(argument);
    detail_part(ui, true);
}

static void run_states(struct ui *ui, struct str argument)
{
    UNUSED(argument);
    view_next_variant(ui_view(ui));
}

#define DECIDE(name, kind)                                     \
    static void run_##name(struct ui *ui, struct str argument) \
    {                                                          \
        UNUSED(argument);                                      \
        decide_ask(ui, (kind));                                \
    }
DECIDE(approve, DECIDE_APPROVE)
DECIDE(reject, DECIDE_REJECT)
DECIDE(revoke, DECIDE_REVOKE)

/* --- the table ----------------------------------------------------------------------------------
 */

#define CHANGES (ACTION_MUTATES | ACTION_CONFIRM | ACTION_HINT)

/* name, keys, in the hint bar, help, flags, views, why not, what it does */
#define ACTION(...) \
    {               \
        __VA_ARGS__ \
    }
static const struct action actions[] = {
    ACTION("open", "ENTER", "open", "open the selected row", ACTION_HINT, ENTERING_VIEWS, no_enter,
           run_enter),
    ACTION("approve", "A", "approve", "approve the request", CHANGES, REQUEST_VIEWS, no_approve,
           run_approve),
    ACTION("reject", "X", "reject", "reject the request; a reason is required", CHANGES,
           REQUEST_VIEWS, no_reject, run_reject),
    ACTION("revoke", "R", "revoke", "take an approved access away; a reason is required", CHANGES,
           REQUEST_VIEWS, no_revoke, run_revoke),
    ACTION("upload", "U", "", "upload a document: asks for version and file",
           ACTION_MUTATES | ACTION_CONFIRM, IN(SERVICES) | IN(SERVICE), upload_disabled,
           upload_start),
    ACTION("states", "v", "states", "show pending, approved or all", ACTION_HINT, IN(REQUESTS),
           NULL, run_states),
    ACTION("details", "s", "details", "show the details of the selected row, or hide them",
           ACTION_HINT, SPLIT_VIEWS, NULL, run_details),
    ACTION("zoom", "z", "zoom", "the details alone, or beside the table again", ACTION_HINT,
           SPLIT_VIEWS, no_enter, run_zoom),
    ACTION("part", "]", "", "to the next part of the details", 0, SPLIT_VIEWS, no_details,
           run_part),
    ACTION("part-before", "[", "", "to the part before", 0, SPLIT_VIEWS, no_details,
           run_part_before),
    ACTION("larger", "}", "", "larger details", 0, SPLIT_VIEWS, no_size, run_larger),
    ACTION("smaller", "{", "", "smaller details", 0, SPLIT_VIEWS, no_size, run_smaller),
    ACTION("services", "2", "", "services and their traffic", 0, 0, NULL, run_services),
    ACTION("requests", "3", "requests", "requests for access", ACTION_HINT, 0, no_requests,
           run_requests),
    ACTION("proxies", "5", "", "proxies and their traffic", 0, 0, NULL, run_proxies),
    ACTION("last", "-", "", "the view before this one", 0, 0, no_last, run_last_view),
    ACTION("down", "j DOWN", "", "down", 0, 0, NULL, run_down),
    ACTION("up", "k UP", "", "up", 0, 0, NULL, run_up),
    ACTION("first", "g HOME", "", "to the first row", 0, 0, NULL, run_first),
    ACTION("end", "G END", "", "to the last row", 0, 0, NULL, run_last),
    ACTION("page-down", "^F PGDN", "", "a page down", 0, 0, NULL, run_page_down),
    ACTION("page-up", "^B PGUP", "", "a page up", 0, 0, NULL, run_page_up),
    ACTION("half-down", "^D", "", "half a page down", 0, 0, NULL, run_half_down),
    ACTION("half-up", "^U", "", "half a page up", 0, 0, NULL, run_half_up),
    ACTION("filter", "/", "filter",
           "show rows with all the words; !word without, col:word in a column", ACTION_HINT,
           TABLE_VIEWS, NULL, run_filter),
    ACTION("sort", ">", "", "sort by the next column, :sort COLUMN by that one", 0, TABLE_VIEWS,
           NULL, run_sort),
    ACTION("sort-before", "<", "", "sort by the column before", 0, TABLE_VIEWS, NULL,
           run_sort_before),
    ACTION("invert", "I", "", "turn the order round", 0, TABLE_VIEWS, NULL, run_invert),
    ACTION("pause", "p", "pause", "stop asking for new data, or go on", ACTION_HINT, 0, NULL,
           run_pause),
    ACTION("refetch", "^R", "", "ask for new data now", 0, 0, NULL, run_refetch),
    ACTION("command", ":", "", "type the name of an action; Tab completes", 0, 0, NULL,
           run_command),
    ACTION("help", "?", "help", "this list", ACTION_HINT | ACTION_KEEP, 0, NULL, run_help),
    ACTION("back", "q", "back", "back; at a first view: leave", ACTION_HINT | ACTION_KEEP, 0, NULL,
           run_back),
    ACTION("escape", "ESC", "", "clear the filter, else back", 0, 0, NULL, run_escape),
    ACTION("focus", "TAB", "focus", "keys move in the details, or in the table again", ACTION_HINT,
           SPLIT_VIEWS, no_size, run_focus),
    ACTION("redraw", "^L", "", "draw the screen anew", 0, 0, NULL, run_redraw),
    ACTION("suspend", "^Z", "", "stop the console; fg brings it back", 0, 0, NULL, run_suspend),
    ACTION("quit", "Q ^C", "", "leave", 0, 0, NULL, run_quit),
};
#undef ACTION

const struct action *actions_all(size_t *count)
{
    *count = COUNT_OF(actions);
    return actions;
}

bool action_applies(const struct action *action, enum view_kind kind)
{
    return action->views == 0 || (action->views & 1U << kind);
}

const char *action_disabled(const struct action *action, struct ui *ui)
{
    if (!action_applies(action, ui_view(ui)->kind))
        return "not in this view";
    return action->disabled ? action->disabled(ui) : NULL;
}
