/* The state of rates and quotas between two runs, in a file beside the database. What is counted
 * behind the last writing is forgotten when the process is killed, never more: an older state only
 * says that less has been used. */
#include "portal/control/state.h"
#include "portal/settings.h"

#define FILE_MODE   0600U
#define LIMIT_BYTES ((size_t)1 << 30)
#define KEEP_MS     INT64_C(25000) /* looked at each 5 s: half a minute at most */

static const char *limits_file(const struct control *c, struct arena *mem)
{
    return arena_join(mem, c->portal->settings->database, STR(".limits")).ptr;
}

void control_recall_limits(struct control *c)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    CLEANUP(buf_clear) struct buf saved = {0};
    struct err err = {0};
    const char *file = limits_file(c, &mem);
    file_tidy(file);
    if (file_read(file, LIMIT_BYTES, &saved, &err) &&
        check_continue(c->check, buf_str(&saved), &err))
        return;
    if (err.code != ERR_NOT_FOUND)
        log_err(c->portal->log, "the limits of the last run are not used", &err);
}

void limits_write(struct control *c, struct http_server *server)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    CLEANUP(buf_clear) struct buf limits = {0};
    struct err err = {0};
    if (!check_save(c->check, server, &limits) ||
        file_replace(limits_file(c, &mem), buf_str(&limits), FILE_MODE, &err))
        return;
    log_err(c->portal->log, "the limits could not be kept", &err);
}

void control_keep_limits(struct control *c)
{
    int64_t now_ms = clock_steady_ms();
    if (now_ms - c->limits_kept_ms < KEEP_MS)
        return;
    c->limits_kept_ms = now_ms;
    limits_write(c, c->check_server);
}
