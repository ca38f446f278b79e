/* What a signal handler needs, and so the only file here with writable static data: a handler gets
 * no argument. Only async-signal-safe calls below the line "handlers". */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "tui/term/restore.h"

#define STACK_BYTES 65536

static const int crash_signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGSYS};
static const int soft_signals[] = {SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGWINCH, SIGTSTP};

static struct {
    int fd, wake_fd;
    struct termios cooked;
    char bytes[256];
    size_t len;
    struct sigaction crash_before[COUNT_OF(crash_signals)];
    struct sigaction soft_before[COUNT_OF(soft_signals)];
    struct sigaction pipe_before;
    stack_t stack_before;
    void *stack;
    volatile sig_atomic_t armed, ending;
} saved;

/* --- handlers ----------------------------------------------------------------------------------
 */

static void put_back(void)
{
    if (!saved.armed)
        return;
    saved.armed = 0;
    ssize_t written = write(saved.fd, saved.bytes, saved.len);
    (void)written;
    (void)tcsetattr(saved.fd, TCSANOW, &saved.cooked);
}

/* The former handler (none, or a sanitizer's) gets the signal as if we had not been there. */
static void on_crash(int number)
{
    put_back();
    for (size_t i = 0; i < COUNT_OF(crash_signals); i++)
        if (crash_signals[i] == number)
            (void)sigaction(number, &saved.crash_before[i], NULL);
    (void)raise(number);
}

static bool ends(int number)
{
    return number != SIGWINCH && number != SIGTSTP;
}

static void on_soft(int number)
{
    int before = errno;
    char byte = (char)number;
    if (ends(number) && saved.ending) { /* the loop is stuck, perhaps in a write to the terminal */
        put_back();
        _exit(128 + number);
    }
    if (ends(number))
        saved.ending = 1;
    ssize_t written = write(saved.wake_fd, &byte, 1);
    (void)written;
    errno = before;
}

/* --- arming ------------------------------------------------------------------------------------
 */

static void handle(int number, void (*handler)(int), int flags, struct sigaction *before)
{
    struct sigaction action = {0};
    action.sa_handler = handler;
    action.sa_flags = flags;
    (void)sigemptyset(&action.sa_mask);
    (void)sigaction(number, &action, before);
}

/* A crash by stack overflow needs another stack to be handled on. */
static void use_own_stack(void)
{
    saved.stack = mem_new(STACK_BYTES);
    const stack_t stack = {.ss_sp = saved.stack, .ss_size = STACK_BYTES};
    (void)sigaltstack(&stack, &saved.stack_before);
}

void restore_arm(int fd, const struct termios *cooked, struct str bytes, int wake_fd)
{
    saved.fd = fd;
    saved.wake_fd = wake_fd;
    saved.cooked = *cooked;
    saved.len = bytes.len < sizeof(saved.bytes) ? bytes.len : sizeof(saved.bytes);
    memcpy(saved.bytes, bytes.ptr, saved.len);
    saved.ending = 0;
    use_own_stack();
    saved.armed = 1;
    for (size_t i = 0; i < COUNT_OF(crash_signals); i++)
        handle(crash_signals[i], on_crash, SA_ONSTACK | SA_NODEFER, &saved.crash_before[i]);
    for (size_t i = 0; i < COUNT_OF(soft_signals); i++)
        handle(soft_signals[i], on_soft, SA_RESTART, &saved.soft_before[i]);
    handle(SIGPIPE, SIG_IGN, 0, &saved.pipe_before);
}

void restore_disarm(void)
{
    if (saved.stack == NULL)
        return;
    saved.armed = 0;
    for (size_t i = 0; i < COUNT_OF(crash_signals); i++)
        (void)sigaction(crash_signals[i], &saved.crash_before[i], NULL);
    for (size_t i = 0; i < COUNT_OF(soft_signals); i++)
        (void)sigaction(soft_signals[i], &saved.soft_before[i], NULL);
    (void)sigaction(SIGPIPE, &saved.pipe_before, NULL);
    (void)sigaltstack(&saved.stack_before, NULL);
    free(saved.stack);
    saved.stack = NULL;
}
