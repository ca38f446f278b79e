/* The worker pool: one mutex, one queue in, one list out. */
#include <stdlib.h>
#include <unistd.h>

#include "portal/http/dispatch.h"
#include "portal/http/worker.h"

static struct http_exchange *take(struct http_server *server)
{
    struct worker_pool *pool = &server->pool;
    pthread_mutex_lock(&pool->mutex);
    while (pool->first == NULL && !pool->stopping)
        pthread_cond_wait(&pool->ready, &pool->mutex);
    struct http_exchange *ex = pool->stopping ? NULL : pool->first;
    if (ex != NULL) {
        pool->first = ex->next;
        if (pool->first == NULL)
            pool->last = NULL;
        pool->queued--;
        atomic_fetch_sub_explicit(&server->queued_count, 1, memory_order_relaxed);
    }
    pthread_mutex_unlock(&pool->mutex);
    return ex;
}

static void give_back(struct http_server *server, struct http_exchange *ex)
{
    struct worker_pool *pool = &server->pool;
    pthread_mutex_lock(&pool->mutex);
    bool first = pool->done == NULL;
    ex->next = pool->done;
    pool->done = ex;
    /* Under the lock, so that nobody frees the server between the list and the signal. */
    if (first)
        (void)!write(server->wake_fd, &(uint64_t){1}, sizeof(uint64_t));
    pthread_mutex_unlock(&pool->mutex);
}

static void *begin(const struct http_config *config)
{
    return config->worker_open != NULL ? config->worker_open(config->context) : NULL;
}

/* One that could not begin (no more descriptors, a disk that cannot be read) tries again at each
 * request, so that refusing ends when its cause does. */
static void lend(const struct http_config *config, void **worker, struct http_exchange *ex)
{
    if (*worker == NULL)
        *worker = begin(config);
    if (*worker == NULL && config->worker_open != NULL && !ex->failed) {
        ex->failed = true;
        (void)fail(&ex->err, ERR_BUSY, "", "cannot be served at the moment");
    }
    ex->req.worker = *worker;
}

static void *work(void *arg)
{
    struct http_server *server = arg;
    const struct http_config *config = &server->config;
    void *worker = begin(config);
    for (struct http_exchange *ex = take(server); ex != NULL; ex = take(server)) {
        lend(config, &worker, ex);
        ex->worked = true;
        if (ex->stage == STAGE_ADMIT) {
            dispatch_lookup(ex);
        } else {
            bool answered = dispatch_run(ex);
            /* Only inline routes hold, so a worker's request always has its answer. */
            assert(answered);
            UNUSED(answered);
        }
        give_back(server, ex);
    }
    if (config->worker_close != NULL)
        config->worker_close(worker);
    return NULL;
}

bool worker_start(struct http_server *server, struct err *err)
{
    struct worker_pool *pool = &server->pool;
    pool->threads = mem_new(server->config.workers * sizeof(*pool->threads));
    for (; pool->thread_count < server->config.workers; pool->thread_count++)
        if (pthread_create(&pool->threads[pool->thread_count], NULL, work, server) != 0)
            return fail(err, ERR_IO, server->config.name, "cannot start a worker thread");
    return true;
}

bool worker_put(struct http_server *server, struct http_exchange *ex)
{
    struct worker_pool *pool = &server->pool;
    pthread_mutex_lock(&pool->mutex);
    bool room = pool->queued < server->config.queue_limit;
    if (room) {
        ex->next = NULL;
        if (pool->last != NULL)
            pool->last->next = ex;
        else
            pool->first = ex;
        pool->last = ex;
        pool->queued++;
        atomic_fetch_add_explicit(&server->queued_count, 1, memory_order_relaxed);
        pthread_cond_signal(&pool->ready);
    }
    pthread_mutex_unlock(&pool->mutex);
    return room;
}

struct http_exchange *worker_take_done(struct http_server *server)
{
    struct worker_pool *pool = &server->pool;
    pthread_mutex_lock(&pool->mutex);
    struct http_exchange *done = pool->done;
    pool->done = NULL;
    pthread_mutex_unlock(&pool->mutex);
    return done;
}

void worker_stop(struct http_server *server)
{
    struct worker_pool *pool = &server->pool;
    pthread_mutex_lock(&pool->mutex);
    pool->stopping = true;
    pthread_cond_broadcast(&pool->ready);
    pthread_mutex_unlock(&pool->mutex);
    for (size_t i = 0; i < pool->thread_count; i++)
        pthread_join(pool->threads[i], NULL);
    while (pool->first != NULL) {
        struct http_exchange *ex = pool->first;
        pool->first = ex->next;
        ex->next = pool->done;
        pool->done = ex;
    }
    pool->last = NULL;
    pool->queued = 0;
    pool->thread_count = 0;
    free(pool->threads);
    pool->threads = NULL;
}
