/* openpty, not forkpty: with the slave kept open the modes can be read after the program's end, and
 * its last output is not lost. */
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
#include <vterm.h>

#include "tests/screen/terminal.h"

#define FRAME_MS 5000

struct terminal {
    int fd, slave, rows, cols, status;
    bool ended, alternate;
    pid_t pid;
    VTerm *vt;
    VTermScreen *screen;
    struct buf bytes;
};

/* --- life ---------------------------------------------------------------------------------------
 */

static void to_program(const char *bytes, size_t len, void *context)
{
    struct terminal *t = context;
    ssize_t written = t->fd >= 0 ? write(t->fd, bytes, len) : 0;
    (void)written;
}

static int on_property(VTermProp property, VTermValue *value, void *context)
{
    struct terminal *t = context;
    if (property == VTERM_PROP_ALTSCREEN)
        t->alternate = value->boolean;
    return 1;
}

static const VTermScreenCallbacks callbacks = {.settermprop = on_property};

/* ncurses keeps memory until the end; a crash must reach the program's own handlers. */
static const char *const standard[] = {
    "LINES",
    "COLUMNS",
    "NO_COLOR",
    "CHANCERY_SOCKET",
    "ESCDELAY",
    "TERM=xterm-256color",
    "LC_ALL=C.UTF-8",
    "TZ=UTC",
    "ASAN_OPTIONS=detect_leaks=0:handle_segv=0:handle_abort=0:handle_sigbus=0",
    "TSAN_OPTIONS=handle_segv=0:handle_abort=0:handle_sigbus=0",
};

struct variables {
    VEC(char *) list;
};

/* "NAME=value" in place of what NAME was; "NAME" alone takes it away. */
static void put_variable(struct variables *v, struct arena *mem, const char *variable)
{
    struct str text = str_from(variable), name = str_sub(text, 0, str_find_char(text, '='));
    size_t kept = 0;
    for (size_t i = 0; i < v->list.len; i++) {
        struct str old = str_from(v->list.ptr[i]);
        if (!str_eq(str_sub(old, 0, str_find_char(old, '=')), name))
            v->list.ptr[kept++] = v->list.ptr[i];
    }
    v->list.len = kept;
    if (name.len < text.len)
        vec_push(&v->list, mem, str_z(mem, text));
}

/* Made before the fork: a child of a program with threads must not allocate. */
static char **make_environment(struct arena *mem, const char *const *own)
{
    struct variables v = {0};
    for (char **inherited = environ; *inherited != NULL; inherited++)
        vec_push(&v.list, mem, str_z(mem, str_from(*inherited)));
    for (size_t i = 0; i < COUNT_OF(standard); i++)
        put_variable(&v, mem, standard[i]);
    for (size_t i = 0; own != NULL && own[i] != NULL; i++)
        put_variable(&v, mem, own[i]);
    vec_push(&v.list, mem, NULL);
    return v.list.ptr;
}

static void become(int slave, char *const *environment, char *const *words)
{
    setsid();
    (void)ioctl(slave, TIOCSCTTY, 0);
    for (int fd = 0; fd < 3; fd++)
        (void)dup2(slave, fd);
    for (int fd = 3; fd < 64; fd++)
        (void)close(fd);
    execvpe(words[0], words, environment);
    _exit(127);
}

struct terminal *terminal_start(int rows, int cols, const char *const *environment,
                                char *const *words)
{
    struct winsize size = {(unsigned short)rows, (unsigned short)cols, 0, 0};
    CLEANUP(arena_clear) struct arena mem = {0};
    char *const *variables = make_environment(&mem, environment);
    struct terminal *t = mem_new_of(struct terminal);
    t->rows = rows;
    t->cols = cols;
    if (openpty(&t->fd, &t->slave, NULL, NULL, &size) != 0 || (t->pid = fork()) < 0) {
        free(t);
        return NULL;
    }
    if (t->pid == 0)
        become(t->slave, variables, words);
    t->vt = vterm_new(rows, cols);
    vterm_set_utf8(t->vt, 1);
    vterm_output_set_callback(t->vt, to_program, t);
    t->screen = vterm_obtain_screen(t->vt);
    vterm_screen_enable_altscreen(t->screen, 1);
    vterm_screen_set_callbacks(t->screen, &callbacks, t);
    vterm_screen_reset(t->screen, 1);
    return t;
}

static bool ended(struct terminal *t)
{
    if (!t->ended && waitpid(t->pid, &t->status, WNOHANG) == t->pid)
        t->ended = true;
    return t->ended;
}

void terminal_free(struct terminal *t)
{
    if (t == NULL)
        return;
    if (!ended(t)) {
        (void)kill(t->pid, SIGKILL);
        (void)waitpid(t->pid, &t->status, 0);
    }
    terminal_hang_up(t);
    vterm_free(t->vt);
    buf_clear(&t->bytes);
    free(t);
}

void terminal_hang_up(struct terminal *t)
{
    if (t->fd >= 0)
        (void)close(t->fd);
    if (t->slave >= 0)
        (void)close(t->slave);
    t->fd = t->slave = -1;
}

/* --- output -------------------------------------------------------------------------------------
 */

int terminal_fd(const struct terminal *t)
{
    return t->fd;
}

bool terminal_pump(struct terminal *t, int timeout_ms)
{
    struct pollfd ready = {t->fd, POLLIN, 0};
    char bytes[65536];
    if (poll(&ready, 1, timeout_ms) <= 0 || !(ready.revents & POLLIN))
        return false;
    ssize_t got = read(t->fd, bytes, sizeof(bytes));
    if (got <= 0)
        return false;
    buf_add(&t->bytes, (struct str){bytes, (size_t)got});
    (void)vterm_input_write(t->vt, bytes, (size_t)got);
    return true;
}

void terminal_settle(struct terminal *t, int quiet_ms)
{
    while (terminal_pump(t, quiet_ms)) {
    }
}

static void add_character(struct buf *b, uint32_t c)
{
    static const uint8_t lead[] = {0, 0, 0xC0, 0xE0, 0xF0};
    size_t count = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    buf_add_char(b, (char)(lead[count] | c >> 6 * (count - 1)));
    for (size_t i = count - 1; i > 0; i--)
        buf_add_char(b, (char)(0x80 | (c >> 6 * (i - 1) & 0x3F)));
}

static void read_row(struct terminal *t, int row, struct buf *b)
{
    VTermScreenCell cell = {0};
    for (int col = 0; col<t->cols; col += cell.width> 1 ? cell.width : 1) {
        (void)vterm_screen_get_cell(t->screen, (VTermPos){row, col}, &cell);
        if (cell.chars[0] == 0)
            buf_add_char(b, ' ');
        for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell.chars[i] != 0; i++)
            add_character(b, cell.chars[i]);
    }
    while (b->len > 0 && b->ptr[b->len - 1] == ' ')
        b->len--;
}

struct str terminal_row(struct terminal *t, int row, struct arena *mem)
{
    CLEANUP(buf_clear) struct buf b = {0};
    read_row(t, row, &b);
    return arena_str(mem, buf_str(&b));
}

struct str terminal_screen(struct terminal *t, struct arena *mem)
{
    CLEANUP(buf_clear) struct buf all = {0};
    for (int row = 0; row < t->rows; row++) {
        buf_add(&all, terminal_row(t, row, mem));
        buf_add_char(&all, '\n');
    }
    return arena_str(mem, buf_str(&all));
}

int terminal_find(struct terminal *t, const char *text)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    for (int row = 0; row < t->rows; row++)
        if (str_find(terminal_row(t, row, &mem), str_from(text)) != SIZE_MAX)
            return row;
    return -1;
}

/* The text may be there while the rest of its frame is still to come; our frames end with a
 * question to the terminal. */
static void finish_frame(struct terminal *t)
{
    int64_t end = clock_steady_ms() + FRAME_MS;
    while (!str_ends(buf_str(&t->bytes), STR("\033[5n")) && !ended(t) && clock_steady_ms() < end)
        (void)terminal_pump(t, 10);
}

int terminal_wait(struct terminal *t, const char *text, int timeout_ms)
{
    int64_t end = clock_steady_ms() + timeout_ms;
    int row = terminal_find(t, text);
    while (row < 0 && clock_steady_ms() < end) {
        if (terminal_pump(t, 20) || ended(t))
            row = terminal_find(t, text);
        if (row < 0 && ended(t) && !terminal_pump(t, 0))
            break;
    }
    if (row >= 0)
        finish_frame(t);
    return row;
}

bool terminal_wait_gone(struct terminal *t, const char *text, int timeout_ms)
{
    int64_t end = clock_steady_ms() + timeout_ms;
    while (terminal_find(t, text) >= 0) {
        if (clock_steady_ms() > end)
            return false;
        (void)terminal_pump(t, 20);
    }
    finish_frame(t);
    return true;
}

bool terminal_wait_screen(struct terminal *t, struct str screen, int timeout_ms)
{
    int64_t end = clock_steady_ms() + timeout_ms;
    for (;;) {
        CLEANUP(arena_clear) struct arena mem = {0};
        if (str_eq(terminal_screen(t, &mem), screen))
            return true;
        if (clock_steady_ms() > end)
            return false;
        (void)terminal_pump(t, 20);
    }
}

bool terminal_reverse(struct terminal *t, int row, int col)
{
    VTermScreenCell cell = {0};
    (void)vterm_screen_get_cell(t->screen, (VTermPos){row, col}, &cell);
    return cell.attrs.reverse;
}

bool terminal_alternate(const struct terminal *t)
{
    return t->alternate;
}

struct str terminal_bytes(const struct terminal *t)
{
    return buf_str(&t->bytes);
}

/* --- input --------------------------------------------------------------------------------------
 */

void terminal_send(struct terminal *t, struct str bytes)
{
    to_program(bytes.ptr, bytes.len, t);
}

void terminal_type(struct terminal *t, struct str utf8)
{
    terminal_send(t, utf8);
}

bool terminal_key(struct terminal *t, struct str name)
{
    static const struct {
        const char *name;
        VTermKey key;
        VTermModifier modifier;
    } keys[] = {
        {"ENTER",     VTERM_KEY_ENTER,     VTERM_MOD_NONE },
        {"ESC",       VTERM_KEY_ESCAPE,    VTERM_MOD_NONE },
        {"TAB",       VTERM_KEY_TAB,       VTERM_MOD_NONE },
        {"BACKTAB",   VTERM_KEY_TAB,       VTERM_MOD_SHIFT},
        {"BACKSPACE", VTERM_KEY_BACKSPACE, VTERM_MOD_NONE },
        {"DELETE",    VTERM_KEY_DEL,       VTERM_MOD_NONE },
        {"UP",        VTERM_KEY_UP,        VTERM_MOD_NONE },
        {"DOWN",      VTERM_KEY_DOWN,      VTERM_MOD_NONE },
        {"LEFT",      VTERM_KEY_LEFT,      VTERM_MOD_NONE },
        {"RIGHT",     VTERM_KEY_RIGHT,     VTERM_MOD_NONE },
        {"HOME",      VTERM_KEY_HOME,      VTERM_MOD_NONE },
        {"END",       VTERM_KEY_END,       VTERM_MOD_NONE },
        {"PGUP",      VTERM_KEY_PAGEUP,    VTERM_MOD_NONE },
        {"PGDN",      VTERM_KEY_PAGEDOWN,  VTERM_MOD_NONE },
    };
    if (name.len == 2 && name.ptr[0] == '^') {
        char byte = (char)(name.ptr[1] & 0x1F);
        terminal_send(t, (struct str){&byte, 1});
        return true;
    }
    for (size_t i = 0; i < COUNT_OF(keys); i++)
        if (str_eq(name, str_from(keys[i].name))) {
            vterm_keyboard_key(t->vt, keys[i].key, keys[i].modifier);
            return true;
        }
    return false;
}

void terminal_resize(struct terminal *t, int rows, int cols)
{
    struct winsize size = {(unsigned short)rows, (unsigned short)cols, 0, 0};
    t->rows = rows;
    t->cols = cols;
    vterm_set_size(t->vt, rows, cols);
    (void)ioctl(t->fd, TIOCSWINSZ, &size);
}

/* --- the end ------------------------------------------------------------------------------------
 */

void terminal_signal(struct terminal *t, int number)
{
    (void)kill(t->pid, number);
}

bool terminal_wait_exit(struct terminal *t, int timeout_ms, int *status)
{
    int64_t end = clock_steady_ms() + timeout_ms;
    while (!ended(t) && clock_steady_ms() < end) {
        if (t->fd >= 0)
            (void)terminal_pump(t, 10);
        else
            (void)poll(NULL, 0, 5);
    }
    while (t->fd >= 0 && terminal_pump(t, 20)) {
    }
    *status = t->status;
    return t->ended;
}

bool terminal_cooked(const struct terminal *t)
{
    struct termios modes;
    if (tcgetattr(t->slave, &modes) != 0)
        return false;
    return (modes.c_lflag & ICANON) && (modes.c_lflag & ECHO) && (modes.c_lflag & ISIG) &&
           (modes.c_oflag & OPOST) && (modes.c_iflag & ICRNL);
}
