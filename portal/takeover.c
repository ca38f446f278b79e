/* Taking over, step by step; portal/handover.c has the other half. */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "catalog/service/service.h"
#include "portal/channel.h"
#include "portal/takeover.h"

bool takeover_wanted(struct takeover *t)
{
    int64_t fd = 0;
    *t = (struct takeover){.channel = -1, .lock_fd = -1};
    if (!str_to_i64(str_from(getenv(TAKEOVER_VARIABLE)), &fd) || fd < 0 || fd > INT32_MAX)
        return false;
    unsetenv(TAKEOVER_VARIABLE);
    t->channel = (int)fd;
    (void)fcntl(t->channel, F_SETFD, FD_CLOEXEC);
    return true;
}

static bool await(const struct takeover *t, enum channel_message wanted, struct channel_got *got,
                  struct err *err)
{
    if (!channel_read(t->channel, got, err))
        return false;
    if (got->message == wanted)
        return true;
    channel_got_clear(got);
    return fail(err, ERR_IO, "", "the other process says something unexpected");
}

/* A descriptor a line; the first is the lock. */
static void take_sockets(struct takeover *t, struct channel_got *got)
{
    struct str rest = buf_str(&got->text), line = STR_NONE;
    t->lock_fd = got->fds[0];
    got->fds[0] = -1;
    for (size_t i = 1; i < got->fd_count && str_split(&rest, '\n', &line); i++) {
        struct str name = STR_NONE;
        (void)str_split(&line, '\t', &name);
        vec_push(&t->sockets.openings, &t->sockets.mem,
                 (struct opening){got->fds[i], arena_str(&t->sockets.mem, name),
                                  arena_str(&t->sockets.mem, line)});
        got->fds[i] = -1;
    }
}

bool takeover_begin(struct takeover *t, struct err *err)
{
    struct channel_got got = {0};
    if (!await(t, CHANNEL_SOCKETS, &got, err))
        return false;
    bool ok = got.fd_count > 0 || fail(err, ERR_IO, "", "the other process gave no lock");
    if (ok)
        take_sockets(t, &got);
    channel_got_clear(&got);
    return ok;
}

bool takeover_catalog(struct takeover *t, const char *database, struct err *err)
{
    struct channel_got got = {0};
    bool migrates = false;
    if (!catalog_look(database, t->lock_fd, &migrates, err) ||
        !channel_send(t->channel, CHANNEL_WANTS, migrates ? STR("migrates") : STR(""), NULL, 0,
                      err) ||
        !await(t, CHANNEL_CATALOG, &got, err))
        return false;
    channel_got_clear(&got);
    return true;
}

bool takeover_limits(struct takeover *t, struct buf *limits, struct err *err)
{
    struct channel_got got = {0};
    if (!channel_send(t->channel, CHANNEL_LOADED, STR(""), NULL, 0, err) ||
        !await(t, CHANNEL_LIMITS, &got, err))
        return false;
    *limits = got.text;
    got.text = (struct buf){0};
    channel_got_clear(&got);
    return true;
}

void takeover_end(struct takeover *t, const struct err *err)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct str why = STR("");
    struct err ignored = {0};
    if (err != NULL)
        why = arena_printf(&mem, "%s%s%s", err->where, err->where[0] ? ": " : "", err->msg);
    /* Who has gone needs no answer. */
    (void)!channel_send(t->channel, err != NULL ? CHANNEL_FAILED : CHANNEL_SERVING, why, NULL, 0,
                        &ignored);
    close(t->channel);
    doors_close(&t->sockets);
    *t = (struct takeover){.channel = -1, .lock_fd = -1};
}
