/* Frames and the fence behind each: no frame is drawn while the one before is still on its way, so
 * that a slow link never lags more than one frame behind. */
#include <unistd.h>

#include "tui/term/terminal.h"

#define FENCE_WAIT_MS 2000

static const char question[] = "\033[5n"; /* device status report, ECMA-48 8.3.35 */

void fence_answered(struct term *t)
{
    if (!t->fence.waiting)
        return;
    t->fence.waiting = false;
    t->fence.answered_once = true;
    t->fence.frame_ms = (int)(clock_steady_ms() - t->fence.asked_ms);
}

bool term_ready(struct term *t)
{
    if (t->fence.off || !t->fence.waiting || !t->fence.answered_once)
        return true;
    if (clock_steady_ms() - t->fence.asked_ms < FENCE_WAIT_MS)
        return false;
    t->fence.off = true;
    return true;
}

int term_frame_ms(const struct term *t)
{
    return t->fence.off ? 0 : t->fence.frame_ms;
}

void term_begin(struct term *t)
{
    (void)erase();
    t->cursor_row = t->cursor_col = -1;
}

static void ask(struct term *t)
{
    if (t->fence.off || t->fence.waiting)
        return;
    t->fence.waiting = true;
    t->fence.asked_ms = clock_steady_ms();
    ssize_t written = write(STDOUT_FILENO, question, sizeof(question) - 1);
    (void)written;
}

void term_end(struct term *t)
{
    bool shown = t->cursor_row >= 0;
    (void)curs_set(shown ? 1 : 0);
    if (shown)
        (void)move(t->cursor_row, t->cursor_col);
    (void)refresh();
    ask(t);
}

void term_redraw(struct term *t)
{
    UNUSED(t);
    (void)clearok(stdscr, TRUE);
}
