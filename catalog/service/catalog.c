/* Opening and closing the catalog; handing changes to the writer; what happens after a COMMIT. */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "catalog/service/internal.h"

#define ID_LANE_WRITER 1

bool catalog_create(const char *path, const struct clock *clock, struct err *err)
{
    UNUSED(clock);
    return store_create(path, err);
}

/* --- after a commit ------------------------------------------------------------------------------
 */

/* An image that cannot be built leaves the old one in force; the log says so. */
static void publish_image(struct catalog *c, struct store *s, uint64_t seq)
{
    struct err err = {0};
    if (!images_publish(c->images, s, seq, clock_now_ms(c->config.clock), &err))
        log_err(c->config.log, "the access image could not be built", &err);
}

static void committed(void *context, struct store *s)
{
    struct catalog *c = context;
    struct err err = {0};
    int64_t seq = 0;
    unsigned flags = c->pending_flags;
    c->pending_flags = 0;
    if (!store_number(s, STMT_EVENT_LAST_SEQ, NO_ARGS, 0, &seq, &err))
        log_err(c->config.log, "the last event could not be read", &err);
    if (flags & COMMIT_ACCESS)
        publish_image(c, s, (uint64_t)seq);
    if (c->config.on_commit != NULL)
        c->config.on_commit(c->config.context, (uint64_t)seq, flags);
}

/* --- life ----------------------------------------------------------------------------------------
 */

static bool first_image(struct catalog *c, struct err *err)
{
    struct view *view = NULL;
    int64_t seq = 0;
    if (!view_open(c, &view, err))
        return false;
    bool ok =
        store_number(view->store, STMT_EVENT_LAST_SEQ, NO_ARGS, 0, &seq, err) &&
        images_publish(c->images, view->store, (uint64_t)seq, clock_now_ms(c->config.clock), err);
    view_close(view);
    return ok;
}

bool catalog_open(const struct catalog_config *config, struct catalog **out, struct err *err)
{
    struct catalog *c = mem_new_of(struct catalog);
    c->config = *config;
    c->path = strdup(config->path);
    c->lock_fd = -1;
    c->ids.lane = ID_LANE_WRITER;
    c->images = images_new();
    bool ok = access(config->path, F_OK) == 0 ||
              fail(err, ERR_NOT_FOUND, config->path, "there is no catalog");
    ok = ok && store_lock(config->path, &c->lock_fd, err) &&
         writer_start(c->path, committed, c, &c->writer, err);
    if (!ok || !first_image(c, err)) {
        catalog_close(c);
        return false;
    }
    *out = c;
    return true;
}

void catalog_close(struct catalog *c)
{
    if (c == NULL)
        return;
    writer_stop(c->writer);
    images_free(c->images);
    if (c->lock_fd >= 0)
        close(c->lock_fd);
    free(c->path);
    free(c);
}

bool view_open(struct catalog *c, struct view **out, struct err *err)
{
    struct view *v = mem_new_of(struct view);
    v->catalog = c;
    if (!store_open(c->path, STORE_READER, &v->store, err)) {
        free(v);
        return false;
    }
    *out = v;
    return true;
}

void view_close(struct view *v)
{
    if (v == NULL)
        return;
    store_close(v->store);
    free(v);
}

/* --- changes -------------------------------------------------------------------------------------
 */

struct call {
    struct catalog *catalog;
    change_fn *fn;
    const void *in;
    struct arena *mem;
    void *out;
};

/* On the writer's thread, inside the change's savepoint. */
static bool run_call(void *context, struct store *s, struct err *err)
{
    const struct call *call = context;
    struct txn txn = {
        .catalog = call->catalog, .store = s, .now_ms = clock_now_ms(call->catalog->config.clock)};
    if (!call->fn(&txn, call->in, call->mem, call->out, err))
        return false;
    call->catalog->pending_flags |= txn.flags;
    return true;
}

bool catalog_change(struct catalog *c, change_fn *fn, const void *in, struct arena *mem, void *out,
                    struct err *err)
{
    struct call call = {c, fn, in, mem, out};
    struct write_job job = {.run = run_call, .context = &call, .err = err};
    struct change change = *(const struct change *)in;
    struct str password = body_text(&change, "password");
    if (password.ptr != NULL) { /* hashed here, not on the writer's thread */
        if (password.len < PASSWORD_LEAST)
            return fail(err, ERR_INVALID, "/password", "shorter than %d characters",
                        PASSWORD_LEAST);
        if (!password_hash(password, mem, &change.password_hash, err))
            return false;
        call.in = &change;
    }
    return writer_run(c->writer, &job);
}

/* --- care ----------------------------------------------------------------------------------------
 */

const int catalog_schema = 1;

bool catalog_backup(struct catalog *c, const char *target, struct err *err)
{
    struct view *view = NULL;
    if (!view_open(c, &view, err))
        return false;
    bool ok = store_backup(view->store, target, err);
    view_close(view);
    return ok;
}
