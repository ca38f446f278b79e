/* The writer: one thread, one connection, many changes a COMMIT. */
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "catalog/store/transaction.h"

#define BATCH_MOST 64
#define BATCH_NS   INT64_C(2000000) /* a batch takes in what arrives for so long */
#define RETRY_NS   INT64_C(200000000)
#define SECOND_NS  INT64_C(1000000000)

struct writer {
    struct store *store;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t work, finished;
    struct write_job *first, *last; /* the queue; guarded by lock */
    bool stopping;
    bool again; /* the writer's thread only: `committed` wants another call */
    bool (*committed)(void *context, struct store *s);
    void *context;
};

struct batch {
    struct write_job *jobs[BATCH_MOST];
    size_t count;
    bool any; /* a change that went well */
};

static int64_t steady_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * SECOND_NS + now.tv_nsec;
}

/* --- the queue -------------------------------------------------------------------------------- */

static void wait_a_while(struct writer *w)
{
    int64_t until = steady_ns() + RETRY_NS;
    const struct timespec at = {.tv_sec = until / SECOND_NS, .tv_nsec = until % SECOND_NS};
    pthread_cond_timedwait(&w->work, &w->lock, &at);
}

/* True when there are jobs or something to try again; false when the writer is to stop. */
static bool wait_for_work(struct writer *w)
{
    pthread_mutex_lock(&w->lock);
    while (w->first == NULL && !w->stopping && !w->again)
        pthread_cond_wait(&w->work, &w->lock);
    if (w->first == NULL && !w->stopping)
        wait_a_while(w);
    bool go_on = w->first != NULL || !w->stopping;
    pthread_mutex_unlock(&w->lock);
    return go_on;
}

static bool take(struct writer *w, struct batch *b)
{
    pthread_mutex_lock(&w->lock);
    struct write_job *job = b->count < BATCH_MOST ? w->first : NULL;
    if (job != NULL) {
        w->first = job->next;
        if (w->first == NULL)
            w->last = NULL;
        b->jobs[b->count++] = job;
        job->ok = false;
    }
    pthread_mutex_unlock(&w->lock);
    return job != NULL;
}

static void answer(struct writer *w, const struct batch *b)
{
    pthread_mutex_lock(&w->lock);
    for (size_t i = 0; i < b->count; i++)
        b->jobs[i]->done = true;
    pthread_cond_broadcast(&w->finished);
    pthread_mutex_unlock(&w->lock);
}

/* --- batches ---------------------------------------------------------------------------------- */

/* Changes that have gone well share the batch's fate; the others keep their own error. */
static void fail_all(struct batch *b, const struct err *err)
{
    for (size_t i = 0; i < b->count; i++)
        if (b->jobs[i]->ok) {
            b->jobs[i]->ok = false;
            if (b->jobs[i]->err == NULL)
                continue;
            *b->jobs[i]->err = *err;
            b->jobs[i]->err->code = ERR_STORE;
        }
    b->any = false;
}

static void refuse_all(struct writer *w, struct batch *b, const struct err *err)
{
    while (take(w, b))
        b->jobs[b->count - 1]->ok = true;
    fail_all(b, err);
}

static void run_batch(struct writer *w, struct batch *b)
{
    struct err err = {0};
    if (!store_begin(w->store, &err)) {
        refuse_all(w, b, &err);
        return;
    }
    int64_t until = steady_ns() + BATCH_NS;
    while (store_in_transaction(w->store) && (b->count == 0 || steady_ns() < until) && take(w, b)) {
        struct write_job *job = b->jobs[b->count - 1];
        struct err unasked = {0}; /* changes look at their error, also when the caller does not */
        job->ok = store_savepoint(w->store, job->run, job->context, job->err ? job->err : &unasked);
        b->any = b->any || job->ok;
    }
    if (!store_in_transaction(w->store)) {
        (void)fail(&err, ERR_STORE, "", "another change of the same moment could not be written");
        (void)err_hint(&err, "nothing was changed; try again");
        fail_all(b, &err);
    } else if (!store_commit(w->store, &err)) {
        fail_all(b, &err);
    }
}

static void *run(void *writer)
{
    struct writer *w = writer;
    while (wait_for_work(w)) {
        struct batch batch = {0};
        pthread_mutex_lock(&w->lock);
        bool jobs = w->first != NULL;
        pthread_mutex_unlock(&w->lock);
        if (jobs)
            run_batch(w, &batch);
        if (batch.any || w->again)
            w->again = !w->committed(w->context, w->store);
        answer(w, &batch);
        store_checkpoint(w->store);
    }
    return NULL;
}

/* --- life ------------------------------------------------------------------------------------- */

static void destroy(struct writer *w)
{
    store_close(w->store);
    pthread_mutex_destroy(&w->lock);
    pthread_cond_destroy(&w->work);
    pthread_cond_destroy(&w->finished);
    free(w);
}

bool writer_start(const char *path, bool (*committed)(void *context, struct store *s),
                  void *context, struct writer **out, struct err *err)
{
    struct writer *w = mem_new_of(struct writer);
    pthread_condattr_t steady;
    w->committed = committed;
    w->context = context;
    pthread_mutex_init(&w->lock, NULL);
    pthread_cond_init(&w->finished, NULL);
    pthread_condattr_init(&steady);
    pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
    pthread_cond_init(&w->work, &steady);
    pthread_condattr_destroy(&steady);
    bool ok = store_open(path, STORE_WRITER, &w->store, err);
    if (ok && pthread_create(&w->thread, NULL, run, w) != 0)
        ok = fail(err, ERR_IO, "", "cannot start the writer's thread");
    if (!ok) {
        destroy(w);
        return false;
    }
    *out = w;
    return true;
}

bool writer_run(struct writer *w, struct write_job *job)
{
    job->next = NULL;
    job->done = false;
    pthread_mutex_lock(&w->lock);
    if (w->last != NULL)
        w->last->next = job;
    else
        w->first = job;
    w->last = job;
    pthread_cond_signal(&w->work);
    while (!job->done)
        pthread_cond_wait(&w->finished, &w->lock);
    pthread_mutex_unlock(&w->lock);
    return job->ok;
}

void writer_stop(struct writer *w)
{
    if (w == NULL)
        return;
    pthread_mutex_lock(&w->lock);
    w->stopping = true;
    pthread_cond_signal(&w->work);
    pthread_mutex_unlock(&w->lock);
    pthread_join(w->thread, NULL);
    destroy(w);
}
