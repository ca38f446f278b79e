/* `?`: the actions of this view, each with its keys, and why one cannot be run now. */
#include "tui/view/ui.h"

void help_draw(struct ui *ui, struct rect place)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    VEC(struct pager_line) lines = {0};
    size_t count;
    const struct action *actions = actions_all(&count);
    for (size_t i = 0; i < count; i++) {
        const struct action *a = &actions[i];
        if (!action_applies(a, ui_view(ui)->kind))
            continue;
        const char *why = action_disabled(a, ui);
        struct str label = arena_printf(&mem, "%-9s :%s", a->keys, a->name);
        struct str text = arena_printf(&mem, "%s%s%s%s%s", a->help,
                                       a->flags & ACTION_CONFIRM ? " (asks first)" : "",
                                       why ? " [not now: " : "", why ? why : "", why ? "]" : "");
        vec_push(&lines, &mem, (struct pager_line){label, text, why ? TONE_DIM : TONE_TEXT, 0});
    }
    (void)pager_draw(ui->term, place, lines.ptr, lines.len, &ui->help_top);
}
