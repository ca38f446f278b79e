/* Handing over, step by step; portal/takeover.c has the other half. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "portal/channel.h"
#include "portal/handover.h"
#include "portal/notify.h"

#define CHANNEL_FD       3 /* in the new process */
#define START_MS         15000
#define LOAD_MS          900000 /* a migration copies the file first */
#define QUIET_MS         2000   /* so long new connections wait; then they are answered 503 */
#define DRAIN_MS         2000
#define DRAIN_MIGRATE_MS 10000 /* nobody may read while the schema changes */
#define LEAVE_MS         10000
#define STEP_MS          20
#define END_MS           1000

struct handover {
    struct running *r;
    int channel;
    pid_t child; /* 0: none */
    bool gave_catalog, gave_checks;
};

/* --- the new process -------------------------------------------------------------------------- */

/* As this one was started: a path is looked up again, so that a new program there is found. */
static const char *program_of(const struct running *r, struct arena *mem)
{
    char path[4096];
    if (strchr(r->words[0], '/') != NULL)
        return r->words[0];
    ssize_t len = readlink("/proc/self/exe", path, sizeof(path));
    struct str name = {path, len > 0 ? (size_t)len : 0};
    if (str_ends(name, STR(" (deleted)"))) /* it has been replaced */
        name.len -= sizeof(" (deleted)") - 1;
    return str_z(mem, name);
}

static int spawn(const struct running *r, int channel, pid_t *child)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none;
    sigemptyset(&none);
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, channel, CHANNEL_FD);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
    posix_spawnattr_setsigmask(&attributes, &none);
    int failed = posix_spawn(child, program_of(r, &mem), &actions, &attributes, r->words, environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return failed;
}

static bool start_child(struct handover *h, struct err *err)
{
    char number[12];
    int ends[2];
    if (!channel_pair(ends, err))
        return false;
    snprintf(number, sizeof(number), "%d", CHANNEL_FD);
    setenv(TAKEOVER_VARIABLE, number, 1);
    int failed = spawn(h->r, ends[1], &h->child);
    unsetenv(TAKEOVER_VARIABLE);
    close(ends[1]);
    h->channel = ends[0];
    if (failed == 0)
        return true;
    h->child = 0;
    return fail(err, ERR_IO, h->r->words[0], "cannot be started: %s", strerror(failed));
}

static bool reap(struct handover *h, int *status)
{
    pid_t got;
    while ((got = waitpid(h->child, status, WNOHANG)) < 0 && errno == EINTR)
        continue;
    if (got != 0)
        h->child = 0;
    return got != 0;
}

static void end_child(struct handover *h)
{
    int status = 0;
    if (h->child == 0)
        return;
    kill(h->child, SIGKILL);
    while (waitpid(h->child, &status, 0) < 0 && errno == EINTR)
        continue;
    h->child = 0;
}

static void nap(void)
{
    const struct timespec step = {.tv_nsec = STEP_MS * 1000000L};
    nanosleep(&step, NULL);
}

/* The channel has ended: how did the process? */
static bool fail_ended(struct handover *h, struct err *err)
{
    int status = 0;
    int64_t until = clock_steady_ms() + END_MS;
    while (!reap(h, &status) && clock_steady_ms() < until)
        nap();
    if (h->child != 0)
        return fail(err, ERR_CONFLICT, "", "the new process has lost its way");
    if (WIFSIGNALED(status))
        return fail(err, ERR_CONFLICT, "", "the new process was ended by signal %d",
                    WTERMSIG(status));
    (void)fail(err, ERR_CONFLICT, "", "the new process ended with status %d",
               WIFEXITED(status) ? WEXITSTATUS(status) : -1);
    return err_hint(err, "the log says why");
}

/* Who has gone before it could be told says more by its end. */
static bool tell(struct handover *h, enum channel_message message, struct str text, const int *fds,
                 size_t fd_count, struct err *err)
{
    struct err broken = {0};
    return channel_send(h->channel, message, text, fds, fd_count, &broken) || fail_ended(h, err);
}

/* --- waiting ---------------------------------------------------------------------------------- */

static bool told_to_stop(void)
{
    sigset_t pending;
    return sigpending(&pending) == 0 &&
           (sigismember(&pending, SIGINT) == 1 || sigismember(&pending, SIGTERM) == 1);
}

enum outcome { CAME, LATE, BROKEN };

static enum outcome wait_for(struct handover *h, enum channel_message wanted, int64_t wait_ms,
                             struct channel_got *got, struct err *err)
{
    int64_t until = clock_steady_ms() + wait_ms;
    struct pollfd fd = {.fd = h->channel, .events = POLLIN};
    while (poll(&fd, 1, STEP_MS) == 0) {
        if (told_to_stop())
            return fail(err, ERR_CONFLICT, "", "the server is to stop") ? CAME : BROKEN;
        if (clock_steady_ms() >= until)
            return LATE;
    }
    if (!channel_read(h->channel, got, err))
        return fail_ended(h, err) ? CAME : BROKEN;
    if (got->message == wanted)
        return CAME;
    (void)fail(err, ERR_CONFLICT, "", STR_FMT, STR_ARG(buf_str(&got->text)));
    channel_got_clear(got);
    return BROKEN;
}

static bool await(struct handover *h, enum channel_message wanted, int64_t wait_ms,
                  struct channel_got *got, struct err *err)
{
    switch (wait_for(h, wanted, wait_ms, got, err)) {
    case CAME:
        return true;
    case LATE:
        return fail(err, ERR_CONFLICT, "", "the new process was not ready within %lld s",
                    (long long)wait_ms / 1000);
    case BROKEN:
        break;
    }
    return false;
}

/* --- the steps -------------------------------------------------------------------------------- */

static bool pass_sockets(struct handover *h, struct err *err)
{
    CLEANUP(buf_clear) struct buf lines = {0};
    const struct doors *doors = &h->r->doors;
    int fds[CHANNEL_FDS_MAX] = {catalog_lock_fd(h->r->portal.catalog)};
    size_t count = 1;
    for (size_t i = 0; i < doors->openings.len && count < CHANNEL_FDS_MAX; i++) {
        const struct opening *o = &doors->openings.ptr[i];
        buf_printf(&lines, STR_FMT "\t" STR_FMT "\n", STR_ARG(o->name), STR_ARG(o->address));
        fds[count++] = o->fd;
    }
    return tell(h, CHANNEL_SOCKETS, buf_str(&lines), fds, count, err);
}

static void wait_drained(const struct running *r, int64_t wait_ms)
{
    int64_t until = clock_steady_ms() + wait_ms;
    while (front_connections(&r->front) > 0 && clock_steady_ms() < until && !told_to_stop())
        nap();
}

/* Requests under way are finished while their changes can still be made; connections that come wait
 * in the kernel for the new process. */
static bool give_catalog(struct handover *h, bool migrates, struct err *err)
{
    struct running *r = h->r;
    h->gave_catalog = true;
    front_drain(&r->front);
    wait_drained(r, migrates ? DRAIN_MIGRATE_MS : DRAIN_MS);
    if (migrates && front_connections(&r->front) > 0) {
        (void)fail(err, ERR_CONFLICT, "",
                   "requests are running, and the catalog is to be migrated");
        return err_hint(err, "try again when they have ended, or stop the server and start anew");
    }
    catalog_suspend(r->portal.catalog);
    return tell(h, CHANNEL_CATALOG, STR(""), NULL, 0, err);
}

/* What waits for a portal is answered 503 rather than kept for longer. */
static void refuse_meanwhile(struct running *r)
{
    struct http_listener listeners[DOOR_LISTENERS_MAX];
    struct err err = {0};
    size_t count = doors_copy(&r->doors, DOOR_PORTAL, r->tls, listeners);
    if (r->front.refusing == NULL && !front_start_refusing(&r->front, listeners, count, &err))
        log_err(&r->log, "requests cannot be refused", &err);
}

static bool await_loaded(struct handover *h, struct channel_got *got, struct err *err)
{
    enum outcome outcome = wait_for(h, CHANNEL_LOADED, QUIET_MS, got, err);
    if (outcome != LATE)
        return outcome == CAME;
    refuse_meanwhile(h->r);
    return await(h, CHANNEL_LOADED, LOAD_MS, got, err);
}

static bool give_checks(struct handover *h, struct err *err)
{
    CLEANUP(buf_clear) struct buf limits = {0};
    struct control *control = h->r->portal.control;
    h->gave_checks = true;
    control_drain_polls(control);
    control_give_checks(control, &limits);
    return tell(h, CHANNEL_LIMITS, buf_str(&limits), NULL, 0, err);
}

static bool hand_over(struct handover *h, struct err *err)
{
    struct channel_got got = {0};
    if (!start_child(h, err) || !pass_sockets(h, err) ||
        !await(h, CHANNEL_WANTS, START_MS, &got, err))
        return false;
    bool migrates = str_eq(buf_str(&got.text), STR("migrates"));
    channel_got_clear(&got);
    if (!give_catalog(h, migrates, err) || !await_loaded(h, &got, err))
        return false;
    channel_got_clear(&got);
    if (!give_checks(h, err) || !await(h, CHANNEL_SERVING, START_MS, &got, err))
        return false;
    channel_got_clear(&got);
    return true;
}

/* --- taking back ------------------------------------------------------------------------------ */

void handover_retry(struct running *r)
{
    struct err err = {0};
    r->half = !catalog_resume(r->portal.catalog, &err) || !running_start_front(r, &err);
    if (!r->half) {
        front_stop_refusing(&r->front);
        return;
    }
    log_err(&r->log, "the catalog cannot be taken back; only decisions go on", &err);
    refuse_meanwhile(r);
}

/* Only once the other process is certainly gone: two must never write or decide. */
static void take_back(struct handover *h)
{
    struct running *r = h->r;
    struct http_listener listeners[DOOR_LISTENERS_MAX];
    struct err err = {0};
    end_child(h);
    if (h->gave_checks) {
        control_take_checks(r->portal.control);
        size_t count = doors_copy(&r->doors, DOOR_CONTROL, NULL, listeners);
        if (!control_resume_polls(r->portal.control, listeners, count, &err))
            log_err(&r->log, "polls cannot be served again", &err);
    }
    if (h->gave_catalog)
        handover_retry(r);
}

/* --- telling ---------------------------------------------------------------------------------- */

static void note(struct running *r, const char *word, const char *why)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    catalog_note(r->portal.catalog, arena_printf(&mem, "%s %u%s%s", word, r->restarts,
                                                 why != NULL ? ": " : "", why ? why : ""));
}

static void tell_begin(struct running *r)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    r->restarts++;
    note(r, "restarting", NULL);
    log_info(&r->log, "restarting", LOG_I64("restart", r->restarts));
    notify_manager(arena_printf(&mem, "RELOADING=1\nMONOTONIC_USEC=%lld",
                                (long long)now.tv_sec * 1000000 + now.tv_nsec / 1000));
}

static void tell_failed(struct running *r, const struct err *err)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    log_err(&r->log, "the new process failed; this one goes on", err);
    notify_manager(STR("READY=1"));
    note(r, "failed",
         arena_printf(&mem, "%s%s%s", err->where, err->where[0] ? ": " : "", err->msg).ptr);
}

static void tell_done(const struct handover *h, int64_t began_ms)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    notify_manager(arena_printf(&mem, "MAINPID=%ld\nREADY=1", (long)h->child));
    log_info(&h->r->log, "handed over", LOG_I64("to", h->child),
             LOG_I64("ms", clock_steady_ms() - began_ms));
}

/* --- leaving ---------------------------------------------------------------------------------- */

/* Our copies of the sockets go, so that only the new process is asked. */
static void leave(struct running *r)
{
    int64_t until = clock_steady_ms() + LEAVE_MS;
    catalog_abandon(r->portal.catalog);
    control_drain_checks(r->portal.control);
    front_stop_refusing(&r->front);
    doors_close(&r->doors);
    while (front_connections(&r->front) + control_connections(r->portal.control) > 0 &&
           clock_steady_ms() < until && !told_to_stop())
        nap();
    log_info(&r->log, "leaving",
             LOG_I64("connections", (int64_t)(front_connections(&r->front) +
                                              control_connections(r->portal.control))));
}

bool handover_run(struct running *r)
{
    struct handover h = {.r = r, .channel = -1};
    struct err err = {0};
    int64_t began_ms = clock_steady_ms();
    tell_begin(r);
    bool done = hand_over(&h, &err);
    if (h.channel >= 0)
        close(h.channel);
    if (!done) {
        take_back(&h);
        tell_failed(r, &err);
        return false;
    }
    tell_done(&h, began_ms);
    leave(r);
    return true;
}
