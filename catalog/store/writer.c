/* The writer: one thread, one connection, many changes a COMMIT. */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "catalog/store/transaction.h"

#define BATCH_MOST 64

struct writer {
    struct store *store;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t work, finished;
    struct write_job *first, *last;
    bool stopping;
    void (*committed)(void *context, struct store *s);
    void *context;
};

static bool take_batch(struct writer *w, struct write_job **batch, size_t *count)
{
    pthread_mutex_lock(&w->lock);
    while (w->first == NULL && !w->stopping)
        pthread_cond_wait(&w->work, &w->lock);
    for (*count = 0; *count < BATCH_MOST && w->first != NULL; (*count)++) {
        batch[*count] = w->first;
        w->first = w->first->next;
    }
    if (w->first == NULL)
        w->last = NULL;
    bool go_on = *count > 0 || !w->stopping;
    pthread_mutex_unlock(&w->lock);
    return go_on;
}

static void fail_all(struct write_job **batch, size_t count, const struct err *err)
{
    for (size_t i = 0; i < count; i++)
        if (batch[i]->ok) {
            batch[i]->ok = false;
            *batch[i]->err = *err;
        }
}

static void answer(struct writer *w, struct write_job **batch, size_t count)
{
    pthread_mutex_lock(&w->lock);
    for (size_t i = 0; i < count; i++)
        batch[i]->done = true;
    pthread_cond_broadcast(&w->finished);
    pthread_mutex_unlock(&w->lock);
}

static void run_batch(struct writer *w, struct write_job **batch, size_t count)
{
    struct err err = {0};
    bool any = false;
    for (size_t i = 0; i < count; i++)
        batch[i]->ok = true;
    if (!store_begin(w->store, &err)) {
        err.code = ERR_STORE;
        fail_all(batch, count, &err);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        batch[i]->ok = store_savepoint(w->store, batch[i]->run, batch[i]->context, batch[i]->err);
        any = any || batch[i]->ok;
    }
    if (!store_in_transaction(w->store)) { /* a failure inside has undone everything */
        (void)fail(&err, ERR_STORE, "", "the batch was rolled back");
        fail_all(batch, count, &err);
        return;
    }
    if (!store_commit(w->store, &err))
        fail_all(batch, count, &err);
    else if (any)
        w->committed(w->context, w->store);
}

static void *run(void *writer)
{
    struct writer *w = writer;
    struct write_job *batch[BATCH_MOST];
    size_t count;
    while (take_batch(w, batch, &count)) {
        run_batch(w, batch, count);
        answer(w, batch, count);
        store_checkpoint(w->store);
    }
    return NULL;
}

bool writer_start(const char *path, void (*committed)(void *context, struct store *s),
                  void *context, struct writer **out, struct err *err)
{
    struct writer *w = mem_new_of(struct writer);
    w->committed = committed;
    w->context = context;
    pthread_mutex_init(&w->lock, NULL);
    pthread_cond_init(&w->work, NULL);
    pthread_cond_init(&w->finished, NULL);
    bool ok = store_open(path, STORE_WRITER, &w->store, err);
    if (ok && pthread_create(&w->thread, NULL, run, w) != 0)
        ok = fail(err, ERR_IO, "", "cannot start the writer's thread");
    if (!ok) {
        store_close(w->store);
        free(w);
        return false;
    }
    *out = w;
    return true;
}

bool writer_run(struct writer *w, struct write_job *job)
{
    struct err ignored = {0};
    if (job->err == NULL)
        job->err = &ignored;
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
    store_close(w->store);
    pthread_mutex_destroy(&w->lock);
    pthread_cond_destroy(&w->work);
    pthread_cond_destroy(&w->finished);
    free(w);
}
