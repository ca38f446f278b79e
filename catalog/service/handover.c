/* Letting another process write, and taking it back: the gate that changes go through. */
#include <stdlib.h>
#include <time.h>

#include "catalog/service/internal.h"

#define MS_PER_S 1000

enum gate_state { GATE_OPEN, GATE_SHUT, GATE_GONE };

struct gate {
    pthread_mutex_t lock;
    pthread_cond_t moved;
    enum gate_state state;
    unsigned inside; /* changes that are with the writer */
};

struct gate *gate_new(void)
{
    struct gate *g = mem_new_of(struct gate);
    pthread_condattr_t steady;
    pthread_condattr_init(&steady);
    pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
    pthread_mutex_init(&g->lock, NULL);
    pthread_cond_init(&g->moved, &steady);
    pthread_condattr_destroy(&steady);
    return g;
}

void gate_free(struct gate *g)
{
    if (g == NULL)
        return;
    pthread_mutex_destroy(&g->lock);
    pthread_cond_destroy(&g->moved);
    free(g);
}

static void move(struct gate *g, enum gate_state state)
{
    pthread_mutex_lock(&g->lock);
    g->state = state;
    pthread_cond_broadcast(&g->moved);
    pthread_mutex_unlock(&g->lock);
}

bool gate_enter(struct gate *g, struct err *err)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += CATALOG_WAIT_MS / MS_PER_S;
    int waited = 0;
    pthread_mutex_lock(&g->lock);
    while (g->state == GATE_SHUT && waited == 0)
        waited = pthread_cond_timedwait(&g->moved, &g->lock, &until);
    bool open = g->state == GATE_OPEN;
    g->inside += open;
    pthread_mutex_unlock(&g->lock);
    if (open)
        return true;
    (void)fail(err, ERR_BUSY, "", "the server is being restarted");
    return err_hint(err, "nothing was changed; try again in a moment");
}

void gate_leave(struct gate *g)
{
    pthread_mutex_lock(&g->lock);
    if (--g->inside == 0)
        pthread_cond_broadcast(&g->moved);
    pthread_mutex_unlock(&g->lock);
}

/* --- the catalog ------------------------------------------------------------------------------ */

void catalog_suspend(struct catalog *c)
{
    struct gate *g = c->gate;
    pthread_mutex_lock(&g->lock);
    g->state = GATE_SHUT;
    while (g->inside > 0)
        pthread_cond_wait(&g->moved, &g->lock);
    pthread_mutex_unlock(&g->lock);
    writer_stop(c->writer);
    c->writer = NULL;
    images_rest(c->images); /* the other process starts from the image's files */
}

/* What is made from the catalog is told to look again, as after a commit. */
bool catalog_resume(struct catalog *c, struct err *err)
{
    struct view *view = NULL;
    int64_t seq = 0;
    if (c->writer == NULL && !catalog_start_writer(c, err))
        return false;
    if (!view_open(c, &view, err))
        return false;
    bool ok = store_number(view->store, STMT_EVENT_LAST_SEQ, NO_ARGS, 0, &seq, err);
    view_close(view);
    if (!ok)
        return false;
    if (c->config.on_commit != NULL)
        c->config.on_commit(c->config.context, (uint64_t)seq, COMMIT_ACCESS | COMMIT_CONFIG);
    move(c->gate, GATE_OPEN);
    return true;
}

void catalog_abandon(struct catalog *c)
{
    move(c->gate, GATE_GONE);
}

int catalog_lock_fd(const struct catalog *c)
{
    return c->lock_fd;
}

void catalog_note(struct catalog *c, struct str state)
{
    store_lock_note(c->lock_fd, state);
}

bool catalog_holder(const char *path, struct arena *mem, struct catalog_holder *out,
                    struct err *err)
{
    struct store_holder holder;
    if (!store_lock_look(path, mem, &holder, err))
        return false;
    *out = (struct catalog_holder){holder.held, holder.pid, holder.state};
    return true;
}

bool catalog_look(const char *path, int lock_fd, bool *migrates, struct err *err)
{
    int schema = 0;
    if (!store_look(path, &schema, err) || !store_lock_is_of(path, lock_fd, err))
        return false;
    *migrates = schema != STORE_SCHEMA;
    return true;
}
