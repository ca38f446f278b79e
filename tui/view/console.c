/* The console's life: one loop that waits, takes what came, draws once. */
#include <stdlib.h>

#include "tui/view/ui.h"
#include "tui/view/view.h"

#define PROMPT_BYTES  400
#define SLOW_LINK     4    /* periods of a live view are at least so many frame times */
#define STALE_TICK_MS 1000 /* the age beside "stale" moves */
#define GATHER_MS     20   /* replies that come together are one frame */

/* --- the stack of views -------------------------------------------------------------------------
 */

struct view *ui_view(struct ui *ui)
{
    return ui->stack[ui->depth - 1];
}

bool ui_pop(struct ui *ui)
{
    if (ui->depth < 2)
        return false;
    view_free(ui->stack[--ui->depth]);
    return true;
}

void ui_push(struct ui *ui, enum view_kind kind, struct str subject)
{
    if (ui->depth < STACK_MAX)
        ui->stack[ui->depth++] = view_new(kind, subject);
}

void ui_open(struct ui *ui, enum view_kind kind)
{
    while (ui_pop(ui)) {
    }
    if (ui_view(ui)->kind == kind)
        return;
    ui->last = ui_view(ui)->kind;
    view_free(ui->stack[0]);
    ui->stack[0] = view_new(kind, STR(""));
}

void ui_say(struct ui *ui, enum term_tone tone, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    (void)vsnprintf(ui->status, sizeof(ui->status), format, args); /* what is too long is cut */
    va_end(args);
    ui->status_tone = tone;
}

const struct json *ui_subscription(struct ui *ui)
{
    struct view *v = ui_view(ui);
    if (v->kind == VIEW_REQUEST)
        return feed_json(&v->feeds[0]);
    const struct table_row *row = v->kind == VIEW_REQUESTS ? table_selected(&v->table) : NULL;
    return row ? row->data : NULL;
}

/* --- the loop -----------------------------------------------------------------------------------
 */

static int least_period(const struct ui *ui)
{
    return SLOW_LINK * term_frame_ms(ui->term);
}

static void take_reply(struct ui *ui, struct client_reply *reply, int64_t now_ms)
{
    if (ui->draw_at_ms == 0)
        ui->draw_at_ms = now_ms + GATHER_MS;
    if (feed_take(&ui->me, reply, now_ms, 0))
        return;
    for (size_t i = 0; i < ui->depth; i++)
        if (view_take(ui->stack[i], reply, now_ms, least_period(ui)))
            return;
    if (!upload_take(ui, reply))
        (void)decide_take(ui, reply, now_ms);
    client_reply_free(reply); /* a change's, or of a view that has been left */
}

static void step(struct ui *ui, int64_t now_ms)
{
    feed_step(&ui->me, ui->client, ui->paused, now_ms);
    view_step(ui_view(ui), ui->client, ui->paused, now_ms);
    ui->dirty = detail_step(ui_view(ui), ui->client, ui->paused, now_ms) || ui->dirty;
    decide_step(ui, now_ms);
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int next_timeout(struct ui *ui, int64_t now_ms)
{
    const struct view *v = ui_view(ui);
    int64_t due = earlier(decide_due(ui), feed_due(&ui->me, ui->paused));
    for (size_t i = 0; i < v->feed_count; i++)
        due = earlier(due, feed_due(&v->feeds[i], ui->paused));
    due = earlier(due, detail_due(v, ui->paused));
    if (ui->draw_at_ms != 0 && term_ready(ui->term))
        due = earlier(due, ui->draw_at_ms);
    if (view_failing(v) != NULL || ((ui->dirty || ui->draw_at_ms != 0) && !term_ready(ui->term)))
        due = earlier(due, now_ms + STALE_TICK_MS);
    if (due == INT64_MAX)
        return -1;
    return due > now_ms ? (int)(due - now_ms) : 0;
}

static void read_keys(struct ui *ui)
{
    struct term_key key;
    while (!ui->quit && term_key(ui->term, &key))
        ui_key(ui, key);
}

static void draw(struct ui *ui, int64_t now_ms)
{
    bool gathered = ui->draw_at_ms != 0 && now_ms >= ui->draw_at_ms;
    if (!(ui->dirty || gathered) || !term_ready(ui->term))
        return;
    ui->dirty = false;
    ui->draw_at_ms = 0;
    ui_draw(ui);
}

static int loop(struct ui *ui)
{
    struct client_reply *reply;
    while (!ui->quit) {
        int64_t now_ms = clock_steady_ms();
        step(ui, now_ms);
        draw(ui, now_ms);
        unsigned wake = term_wait(ui->term, client_fd(ui->client), next_timeout(ui, now_ms));
        if (wake & (TERM_SIGNAL | TERM_HANGUP))
            return term_signal(ui->term) ? 128 + term_signal(ui->term) : 129;
        if (wake & TERM_STOP)
            term_suspend(ui->term);
        if (wake == 0 || (wake & (TERM_RESIZED | TERM_STOP)))
            ui->dirty = ui->dirty || wake != 0 || view_failing(ui_view(ui)) != NULL;
        while ((reply = client_take(ui->client)) != NULL)
            take_reply(ui, reply, clock_steady_ms());
        if (wake & TERM_INPUT)
            read_keys(ui);
    }
    return 0;
}

static void clear(struct ui *ui)
{
    while (ui_pop(ui)) {
    }
    view_free(ui->stack[0]);
    feed_clear(&ui->me);
    dialog_close(&ui->dialog);
    line_clear(&ui->prompt);
    arena_clear(&ui->decision.mem);
    arena_clear(&ui->upload.mem);
}

bool console_run(const struct server *server, int *status, struct err *err)
{
    struct ui ui = {.server = server, .last = VIEW_KIND_COUNT, .dirty = true};
    *status = 2;
    if (!client_open(server, &ui.client, err))
        return false;
    if (!term_open(&ui.term, err)) {
        client_close(ui.client);
        return false;
    }
    feed_init(&ui.me, STR("/v1/me"), 0, false);
    line_init(&ui.prompt, PROMPT_BYTES);
    ui.stack[ui.depth++] = view_new(VIEW_SERVICES, STR(""));
    if (term_notice(ui.term) != NULL)
        ui_say(&ui, TONE_WARN, "%s", term_notice(ui.term));
    *status = loop(&ui);
    term_close(ui.term); /* first: the shell need not wait for the network */
    client_close(ui.client);
    clear(&ui);
    return true;
}
