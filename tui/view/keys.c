/* What a key means in each mode; the command prompt and its completion. */
#include "tui/view/ui.h"

/* --- actions ------------------------------------------------------------------------------------
 */

static void run(struct ui *ui, const struct action *action, struct str argument)
{
    const char *why = action_disabled(action, ui);
    if (why != NULL)
        ui_say(ui, TONE_WARN, "%s: %s", action->name, why);
    else
        action->run(ui, argument);
}

static bool has_key(const struct action *action, uint32_t code)
{
    struct str rest = str_from(action->keys), name;
    while (str_split(&rest, ' ', &name))
        if (term_key_parse(name) == code)
            return true;
    return false;
}

static void view_key(struct ui *ui, struct term_key key)
{
    size_t count;
    const struct action *actions = actions_all(&count);
    if (key.pasted) /* text for nobody: running it as keys could change the server */
        return;
    for (size_t i = 0; i < count; i++)
        if (has_key(&actions[i], key.code)) {
            ui->status[0] = '\0';
            run(ui, &actions[i], STR_NONE);
            return;
        }
}

/* --- `:` ----------------------------------------------------------------------------------------
 */

static const struct action *exactly(struct str name)
{
    size_t count;
    const struct action *actions = actions_all(&count);
    for (size_t i = 0; i < count; i++)
        if (str_eq(str_from(actions[i].name), name))
            return &actions[i];
    return NULL;
}

/* The names that begin so: how many, the first one, and how much they share. */
static size_t beginning(struct str start, const struct action **first, size_t *shared)
{
    size_t count, found = 0;
    const struct action *actions = actions_all(&count);
    for (size_t i = 0; i < count; i++) {
        struct str name = str_from(actions[i].name);
        if (!str_starts(name, start))
            continue;
        if (found++ == 0) {
            *first = &actions[i];
            *shared = name.len;
        }
        while (!str_starts(name, str_sub(str_from((*first)->name), 0, *shared)))
            --*shared;
    }
    return found;
}

static void run_typed(struct ui *ui, struct str typed)
{
    struct str rest = str_trim(typed), name;
    if (!str_split(&rest, ' ', &name) || name.len == 0)
        return;
    const struct action *action = exactly(name);
    size_t shared = 0;
    size_t found = action ? 1 : beginning(name, &action, &shared);
    if (found == 1)
        run(ui, action, rest.ptr ? str_trim(rest) : STR_NONE);
    else
        ui_say(ui, TONE_BAD,
               found ? "\"" STR_FMT "\" is the beginning of several actions; Tab completes"
                     : "there is no action \"" STR_FMT "\"; ? lists them",
               STR_ARG(name));
}

static void complete(struct ui *ui)
{
    const struct action *first = NULL;
    size_t shared = 0;
    size_t found = beginning(buf_str(&ui->prompt.text), &first, &shared);
    if (found == 0)
        return;
    line_set(&ui->prompt, str_sub(str_from(first->name), 0, shared));
    ui_say(ui, TONE_DIM, found == 1 ? "%s: %s" : "%s %s …", first->name,
           found == 1 ? first->help : "");
}

static void prompt_key(struct ui *ui, struct term_key key)
{
    bool filter = ui->mode == MODE_FILTER;
    struct table *table = &ui_view(ui)->table;
    if (!key.pasted && key.code == TERM_KEY_ENTER) {
        CLEANUP(arena_clear) struct arena mem = {0};
        struct str typed = arena_str(&mem, buf_str(&ui->prompt.text));
        ui->mode = MODE_VIEW;
        if (!filter)
            run_typed(ui, typed);
    } else if (!key.pasted && (key.code == TERM_KEY_ESC || key.code == ('C' & 0x1F))) {
        ui->mode = MODE_VIEW;
        if (filter)
            table_filter(table, STR(""));
    } else if (!key.pasted && key.code == TERM_KEY_TAB && !filter) {
        complete(ui);
    } else if (line_key(&ui->prompt, key) && filter) {
        table_filter(table, buf_str(&ui->prompt.text)); /* narrows while it is typed */
    }
}

/* --- help ---------------------------------------------------------------------------------------
 */

static void help_key(struct ui *ui, struct term_key key)
{
    size_t page = (size_t)(term_rows(ui->term) > 4 ? term_rows(ui->term) - 4 : 1);
    if (key.code == 'j' || key.code == TERM_KEY_DOWN)
        ui->help_top++;
    else if ((key.code == 'k' || key.code == TERM_KEY_UP) && ui->help_top > 0)
        ui->help_top--;
    else if (key.code == ' ' || key.code == TERM_KEY_PAGE_DOWN)
        ui->help_top += page;
    else if (key.code == TERM_KEY_PAGE_UP)
        ui->help_top -= page < ui->help_top ? page : ui->help_top;
    else if (key.code != 'k' && key.code != TERM_KEY_UP)
        ui->mode = MODE_VIEW;
}

void ui_key(struct ui *ui, struct term_key key)
{
    static void (*const handlers[])(struct ui *, struct term_key) = {
        [MODE_VIEW] = view_key, [MODE_FILTER] = prompt_key, [MODE_COMMAND] = prompt_key,
        [MODE_HELP] = help_key, [MODE_DIALOG] = decide_key,
    };
    handlers[ui->mode](ui, key);
    ui->dirty = true;
}
