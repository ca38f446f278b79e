/* chanceryd restart: has the serving process hand over to a fresh one, and waits for the outcome.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/pidfd.h>
#include <time.h>
#include <unistd.h>

#include "catalog/service/service.h"
#include "portal/serve.h"

#define STEP_MS 20

/* What the lock file says: "serving 2", "restarting 3", "failed 3: why". */
struct standing {
    struct catalog_holder holder;
    struct str word, why;
    int64_t number;
};

static bool look(const char *path, struct arena *mem, struct standing *out, struct err *err)
{
    *out = (struct standing){0};
    if (!catalog_holder(path, mem, &out->holder, err))
        return false;
    struct str rest = out->holder.state, number = STR_NONE;
    (void)str_split(&rest, ' ', &out->word);
    (void)str_split(&rest, ':', &number);
    out->why = rest.ptr != NULL ? str_trim(rest) : STR("");
    if (!str_to_i64(number, &out->number))
        out->number = -1;
    return true;
}

static bool is(const struct standing *s, const char *word)
{
    return str_eq(s->word, str_from(word));
}

static bool has_ended(int process)
{
    struct pollfd fd = {.fd = process, .events = POLLIN};
    return poll(&fd, 1, STEP_MS) > 0;
}

static int tell_ended(const char *path)
{
    fprintf(stderr, "chanceryd: %s: the process that served it has ended\n", path);
    return EXIT_NOT_SERVED;
}

/* Until another process serves, or the old one says that none will. */
static int wait_for_outcome(const char *path, const struct standing *before, int process)
{
    int64_t began_ms = clock_steady_ms();
    for (;;) {
        CLEANUP(arena_clear) struct arena mem = {0};
        struct standing now;
        struct err err = {0};
        bool ended = has_ended(process);
        if (!look(path, &mem, &now, &err)) {
            complain(&err);
            return EXIT_FAILURE;
        }
        bool other = now.holder.held && now.holder.pid != before->holder.pid;
        if (other && is(&now, "serving")) {
            printf("process %lld has taken over from %lld in %lld ms\n", (long long)now.holder.pid,
                   (long long)before->holder.pid, (long long)(clock_steady_ms() - began_ms));
            return EXIT_SUCCESS;
        }
        if (!other && is(&now, "failed") && now.number > before->number) {
            fprintf(stderr, "chanceryd: process %lld goes on: " STR_FMT "\n",
                    (long long)before->holder.pid, STR_ARG(now.why));
            return EXIT_FAILURE;
        }
        if (ended && !other)
            return tell_ended(path);
    }
}

int command_restart(const struct invocation *in)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    const char *path = str_z(&mem, in->settings.database);
    struct standing before;
    struct err err = {0};
    if (!look(path, &mem, &before, &err)) {
        complain(&err);
        return EXIT_FAILURE;
    }
    if (!before.holder.held || before.number < 0) {
        fprintf(stderr, "chanceryd: %s: nobody serves this catalog\n", path);
        return EXIT_NOT_SERVED;
    }
    int process = pidfd_open((pid_t)before.holder.pid, 0);
    if (process < 0)
        return tell_ended(path);
    if (is(&before, "restarting")) /* somebody else has asked: the same outcome is ours */
        before.number--;
    else if (pidfd_send_signal(process, SIGUSR2, NULL, 0) != 0) {
        fprintf(stderr, "chanceryd: process %lld: %s\n", (long long)before.holder.pid,
                strerror(errno));
        close(process);
        return EXIT_FAILURE;
    }
    int status = wait_for_outcome(path, &before, process);
    close(process);
    return status;
}
