/* Opening, restoring, resizing, waiting. */
#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "tui/term/restore.h"
#include "tui/term/terminal.h"

#define ESC_DELAY_MS     50
#define LAST_ANSWER_MS   100
#define EMPTY_READS_MOST 8

static const char paste_on[] = "\033[?2004h", paste_off[] = "\033[?2004l";

static void send(const char *bytes)
{
    ssize_t written = write(STDOUT_FILENO, bytes, strlen(bytes));
    (void)written;
}

/* --- opening ------------------------------------------------------------------------------------
 */

/* Servers seldom know the names of young terminals; nearly all of those understand xterm's. */
static SCREEN *open_screen(struct term *t, const char *name)
{
    static const char *const stand_ins[] = {"xterm-256color", "vt100"};
    SCREEN *screen = newterm(name, stdout, stdin);
    for (size_t i = 0; screen == NULL && i < COUNT_OF(stand_ins); i++) {
        screen = newterm(stand_ins[i], stdout, stdin);
        if (screen != NULL)
            (void)snprintf(t->notice, sizeof(t->notice),
                           "TERM \"%.40s\" is not known on this machine: drawing as %s", name,
                           stand_ins[i]);
    }
    return screen;
}

static void add_capability(struct buf *b, const char *name)
{
    const char *text = tigetstr(name);
    if (text == NULL || (intptr_t)text == -1)
        return;
    for (; *text; text++) { /* padding ("$<5>") is for ncurses' own output only */
        const char *end = text[0] == '$' && text[1] == '<' ? strchr(text, '>') : NULL;
        if (end != NULL)
            text = end;
        else
            buf_add_char(b, *text);
    }
}

static void arm(struct term *t)
{
    static const char *const undo[] = {"sgr0", "op", "rmkx", "rmcup", "cnorm"};
    CLEANUP(buf_clear) struct buf bytes = {0};
    buf_add(&bytes, str_from(paste_off));
    for (size_t i = 0; i < COUNT_OF(undo); i++)
        add_capability(&bytes, undo[i]);
    restore_arm(STDOUT_FILENO, &t->cooked, buf_str(&bytes), t->wake[1]);
}

static void set_modes(struct term *t)
{
    (void)raw();
    (void)noecho();
    (void)nonl();
    (void)nodelay(stdscr, TRUE);
    (void)keypad(stdscr, TRUE);
    (void)leaveok(stdscr, FALSE);
    if (getenv("ESCDELAY") == NULL)
        (void)set_escdelay(ESC_DELAY_MS);
    input_open();
    paint_open(t);
    send(paste_on);
}

static bool drawable(const char *name, struct err *err)
{
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
        return fail(err, ERR_INVALID, "", "standard input and output are not a terminal");
    if (name == NULL || name[0] == '\0' || strcmp(name, "dumb") == 0)
        return fail(err, ERR_INVALID, "TERM", "this terminal (TERM=%.40s) cannot be drawn on",
                    name ? name : "");
    return true;
}

bool term_open(struct term **out, struct err *err)
{
    const char *name = getenv("TERM");
    if (!drawable(name, err))
        return false;
    (void)setlocale(LC_ALL, "");
    struct term *t = mem_new_of(struct term);
    t->ascii = strcmp(nl_langinfo(CODESET), "UTF-8") != 0;
    if (tcgetattr(STDIN_FILENO, &t->cooked) != 0 || pipe2(t->wake, O_CLOEXEC | O_NONBLOCK) != 0) {
        (void)fail(err, ERR_IO, "", "cannot prepare the terminal: %s", strerror(errno));
        free(t);
        return false;
    }
    t->screen = open_screen(t, name);
    if (t->screen == NULL) {
        (void)close(t->wake[0]);
        (void)close(t->wake[1]);
        free(t);
        return fail(err, ERR_INVALID, "TERM", "no description of terminal \"%.40s\"", name);
    }
    arm(t);
    set_modes(t);
    *out = t;
    return true;
}

/* --- restoring ----------------------------------------------------------------------------------
 */

/* An answer that comes after the program's end would be typed into the shell. */
static void await_last_answer(struct term *t)
{
    int64_t end = clock_steady_ms() + LAST_ANSWER_MS;
    struct term_key key;
    while (t->fence.waiting && t->fence.answered_once && clock_steady_ms() < end) {
        struct pollfd tty = {STDIN_FILENO, POLLIN, 0};
        if (poll(&tty, 1, LAST_ANSWER_MS) <= 0 || (tty.revents & (POLLHUP | POLLERR)))
            return;
        while (term_key(t, &key)) {
        }
    }
}

static void leave(struct term *t)
{
    await_last_answer(t);
    send(paste_off);
    (void)curs_set(1);
    (void)endwin();
    (void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &t->cooked);
}

void term_close(struct term *t)
{
    if (t == NULL)
        return;
    leave(t);
    restore_disarm();
    delscreen(t->screen);
    (void)close(t->wake[0]);
    (void)close(t->wake[1]);
    free(t);
}

void term_suspend(struct term *t)
{
    leave(t);
    restore_disarm();
    (void)signal(SIGTSTP, SIG_DFL);
    (void)kill(0, SIGTSTP); /* the whole job, as ^Z of a cooked terminal does */
    arm(t);
    (void)reset_prog_mode();
    send(paste_on);
    t->fence.waiting = false;
    t->resize = true;
    (void)clearok(stdscr, TRUE);
}

const char *term_notice(const struct term *t)
{
    return t->notice[0] ? t->notice : NULL;
}

/* --- waiting ------------------------------------------------------------------------------------
 */

static unsigned read_signals(struct term *t)
{
    unsigned char bytes[64];
    unsigned wake = 0;
    ssize_t got = read(t->wake[0], bytes, sizeof(bytes));
    for (ssize_t i = 0; i < got; i++) {
        if (bytes[i] == SIGWINCH)
            t->resize = true;
        else if (bytes[i] == SIGTSTP)
            wake |= TERM_STOP;
        else
            t->signal = bytes[i];
    }
    return wake | (t->signal ? TERM_SIGNAL : 0U);
}

/* Many changes of size in a row cost one layout. A size that comes back between two looks is the
 * same to ncurses, yet the terminal has cut what it showed: all is painted anew. */
static unsigned apply_resize(struct term *t)
{
    struct winsize size = {0};
    if (!t->resize)
        return 0;
    t->resize = false;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_row == 0 || size.ws_col == 0)
        return 0;
    (void)resizeterm(size.ws_row, size.ws_col);
    (void)clearok(stdscr, TRUE);
    return TERM_RESIZED;
}

/* Readable without a byte, again and again, is a terminal that has gone without saying so. */
static bool vanished(struct term *t)
{
    int waiting = 0;
    if (ioctl(STDIN_FILENO, FIONREAD, &waiting) == 0 && waiting > 0) {
        t->empty_reads = 0;
        return false;
    }
    return ++t->empty_reads > EMPTY_READS_MOST;
}

unsigned term_wait(struct term *t, int other_fd, int timeout_ms)
{
    struct pollfd fds[] = {
        {STDIN_FILENO, POLLIN, 0},
        {t->wake[0],   POLLIN, 0},
        {other_fd,     POLLIN, 0},
    };
    unsigned wake = apply_resize(t);
    int ready = poll(fds, COUNT_OF(fds), wake ? 0 : timeout_ms);
    if (ready <= 0)
        return wake;
    if (fds[1].revents & POLLIN)
        wake |= read_signals(t);
    if (fds[0].revents & (POLLHUP | POLLERR | POLLNVAL))
        wake |= TERM_HANGUP;
    else if (fds[0].revents & POLLIN)
        wake |= vanished(t) ? TERM_HANGUP : TERM_INPUT;
    if (fds[2].revents & POLLIN)
        wake |= TERM_OTHER;
    return wake | apply_resize(t);
}

int term_signal(const struct term *t)
{
    return t->signal;
}
