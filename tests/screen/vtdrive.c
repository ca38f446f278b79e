/* vtdrive ROWS COLS -- COMMAND…: runs a command in a pseudo-terminal with libvterm and is driven by
 * lines on standard input. Each line is answered on standard output:
 *
 *   type TEXT          sends the characters                       → ok
 *   key NAME           ENTER ESC TAB BACKTAB BACKSPACE DELETE UP DOWN LEFT RIGHT HOME END PGUP PGDN
 *                      or ^X                                      → ok | unknown
 *   wait MS TEXT       until TEXT is on the screen, at most MS    → ok | timeout
 *   gone MS TEXT       until TEXT is not on the screen            → ok | timeout
 *   screen             as many lines as the screen has rows, blanks at their ends cut
 *   resize ROWS COLS                                              → ok
 *   quit               ends the command with SIGTERM              → exit STATUS (128 + n: signal n)
 *
 * At the end of its input it ends the command, too. */
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/screen/terminal.h"

struct drive {
    struct terminal *terminal;
    bool done;
};

static int end_command(struct drive *d)
{
    int status = 0;
    terminal_signal(d->terminal, SIGTERM);
    if (!terminal_wait_exit(d->terminal, 3000, &status)) {
        terminal_signal(d->terminal, SIGKILL);
        (void)terminal_wait_exit(d->terminal, 3000, &status);
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static const char *wait_for(struct drive *d, struct str rest, bool there)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct str number;
    int64_t timeout_ms = 0;
    if (!str_split(&rest, ' ', &number) || !str_to_i64(number, &timeout_ms) || rest.len == 0)
        return "unknown";
    const char *text = str_z(&mem, rest);
    bool met = there ? terminal_wait(d->terminal, text, (int)timeout_ms) >= 0
                     : terminal_wait_gone(d->terminal, text, (int)timeout_ms);
    return met ? "ok" : "timeout";
}

static const char *resize(struct drive *d, struct str rest)
{
    struct str rows_text;
    int64_t rows = 0, cols = 0;
    if (!str_split(&rest, ' ', &rows_text) || !str_to_i64(rows_text, &rows) ||
        !str_to_i64(rest, &cols) || rows < 1 || cols < 1 || rows > 1000 || cols > 1000)
        return "unknown";
    terminal_resize(d->terminal, (int)rows, (int)cols);
    return "ok";
}

static void obey(struct drive *d, struct str line)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct str rest = line, verb;
    const char *answer = "unknown";
    if (!str_split(&rest, ' ', &verb))
        return;
    if (str_eq(verb, STR("type"))) {
        terminal_type(d->terminal, rest);
        answer = "ok";
    } else if (str_eq(verb, STR("key"))) {
        answer = terminal_key(d->terminal, rest) ? "ok" : "unknown";
    } else if (str_eq(verb, STR("wait")) || str_eq(verb, STR("gone"))) {
        answer = wait_for(d, rest, verb.ptr[0] == 'w');
    } else if (str_eq(verb, STR("resize"))) {
        answer = resize(d, rest);
    } else if (str_eq(verb, STR("screen"))) {
        terminal_settle(d->terminal, 20);
        printf(STR_FMT, STR_ARG(terminal_screen(d->terminal, &mem)));
        answer = NULL;
    } else if (str_eq(verb, STR("quit"))) {
        printf("exit %d\n", end_command(d));
        d->done = true;
        answer = NULL;
    }
    if (answer != NULL)
        puts(answer);
    (void)fflush(stdout);
}

/* Whole lines only; what is left waits for the next read. */
static void obey_lines(struct drive *d, struct buf *input)
{
    struct str rest = buf_str(input);
    size_t end;
    while (!d->done && (end = str_find_char(rest, '\n')) != SIZE_MAX) {
        obey(d, str_sub(rest, 0, end));
        rest = str_sub(rest, end + 1, rest.len);
    }
    memmove(input->ptr, rest.ptr, rest.len);
    input->len = rest.len;
}

static void drive(struct drive *d)
{
    CLEANUP(buf_clear) struct buf input = {0};
    char bytes[4096];
    while (!d->done) {
        struct pollfd fds[] = {
            {STDIN_FILENO,             POLLIN, 0},
            {terminal_fd(d->terminal), POLLIN, 0}
        };
        if (poll(fds, COUNT_OF(fds), -1) < 0)
            continue;
        if (fds[1].revents & POLLIN)
            (void)terminal_pump(d->terminal, 0);
        if (!(fds[0].revents & (POLLIN | POLLHUP)))
            continue;
        ssize_t got = read(STDIN_FILENO, bytes, sizeof(bytes));
        if (got <= 0) {
            (void)end_command(d);
            return;
        }
        buf_add(&input, (struct str){bytes, (size_t)got});
        obey_lines(d, &input);
    }
}

int main(int argc, char **argv)
{
    int64_t rows = 0, cols = 0;
    if (argc < 5 || !str_to_i64(str_from(argv[1]), &rows) ||
        !str_to_i64(str_from(argv[2]), &cols) || strcmp(argv[3], "--") != 0 || rows < 1 ||
        cols < 1 || rows > 1000 || cols > 1000) {
        fprintf(stderr, "usage: vtdrive ROWS COLS -- COMMAND…\n");
        return 2;
    }
    (void)signal(SIGPIPE, SIG_IGN);
    struct drive d = {.terminal = terminal_start((int)rows, (int)cols, NULL, argv + 4)};
    if (d.terminal == NULL)
        return 1;
    drive(&d);
    terminal_free(d.terminal);
    return 0;
}
