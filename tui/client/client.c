/* Workers: a bounded queue of questions, a list of replies, an eventfd between. Nothing here is
 * ever waited for by the thread that draws. */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "tui/client/client.h"

#define WORKERS    2 /* a slow list must not hold up an approval */
#define QUEUE_MOST 32

struct question {
    uint64_t id;
    struct client_ask ask;
    struct arena mem;
};

struct worker {
    pthread_t thread;
    struct client *client;
    struct fetch *fetch;
};

struct client {
    struct arena mem;
    const struct server *server;
    int event_fd;
    struct worker workers[WORKERS];
    size_t started;
    pthread_mutex_t lock; /* guards everything below */
    pthread_cond_t asked;
    struct str token; /* the newest; in mem, as those before: a worker may still send one */
    bool stopping;
    uint64_t last_id;
    struct question *queue[QUEUE_MOST];
    size_t queued;
    struct client_reply *replies[QUEUE_MOST + WORKERS];
    size_t replied;
    size_t under_way; /* taken from the queue, not yet a reply */
};

static void question_free(struct question *q)
{
    if (q == NULL)
        return;
    arena_clear(&q->mem);
    free(q);
}

/* --- the workers' side -------------------------------------------------------------------------
 */

/* The next question, and the token to ask it with; NULL when the client is closing. */
static struct question *wait_question(struct client *c, struct str *token)
{
    struct question *q = NULL;
    pthread_mutex_lock(&c->lock);
    while (!c->stopping && c->queued == 0)
        pthread_cond_wait(&c->asked, &c->lock);
    if (!c->stopping) {
        q = c->queue[0];
        c->queued--;
        memmove(c->queue, c->queue + 1, c->queued * sizeof(struct question *));
        c->under_way++;
    }
    *token = c->token;
    pthread_mutex_unlock(&c->lock);
    return q;
}

static void hand_over(struct client *c, struct client_reply *reply)
{
    const uint64_t one = 1;
    pthread_mutex_lock(&c->lock);
    c->replies[c->replied++] = reply;
    c->under_way--;
    pthread_mutex_unlock(&c->lock);
    ssize_t written = write(c->event_fd, &one, sizeof(one));
    (void)written;
}

static void *work(void *context)
{
    struct worker *w = context;
    struct question *q;
    struct server server = *w->client->server;
    while ((q = wait_question(w->client, &server.token)) != NULL) {
        struct client_reply *reply = client_call(w->fetch, &server, &q->ask);
        reply->id = q->id;
        question_free(q);
        hand_over(w->client, reply);
    }
    return NULL;
}

/* --- opening and closing ------------------------------------------------------------------------
 */

/* Signals are the main thread's: it alone may touch the terminal. */
static bool start_workers(struct client *c, struct err *err)
{
    sigset_t all, before;
    int problem = 0;
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    for (size_t i = 0; i < WORKERS && problem == 0; i++) {
        c->workers[i].client = c;
        c->workers[i].fetch = fetch_new();
        problem = pthread_create(&c->workers[i].thread, NULL, work, &c->workers[i]);
        c->started += problem == 0;
    }
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    return problem == 0 || fail(err, ERR_IO, "", "cannot start a thread: %s", strerror(problem));
}

bool client_open(const struct server *server, struct client **out, struct err *err)
{
    struct client *c = mem_new_of(struct client);
    c->server = server;
    c->token = server->token;
    c->event_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    pthread_mutex_init(&c->lock, NULL);
    pthread_cond_init(&c->asked, NULL);
    bool ok = c->event_fd >= 0
                  ? start_workers(c, err)
                  : fail(err, ERR_IO, "", "cannot make an eventfd: %s", strerror(errno));
    if (ok)
        *out = c;
    else
        client_close(c);
    return ok;
}

void client_close(struct client *c)
{
    if (c == NULL)
        return;
    pthread_mutex_lock(&c->lock);
    c->stopping = true;
    pthread_cond_broadcast(&c->asked);
    pthread_mutex_unlock(&c->lock);
    for (size_t i = 0; i < c->started; i++)
        fetch_stop(c->workers[i].fetch);
    for (size_t i = 0; i < c->started; i++)
        (void)pthread_join(c->workers[i].thread, NULL);
    for (size_t i = 0; i < WORKERS; i++)
        fetch_free(c->workers[i].fetch);
    for (size_t i = 0; i < c->queued; i++)
        question_free(c->queue[i]);
    for (size_t i = 0; i < c->replied; i++)
        client_reply_free(c->replies[i]);
    if (c->event_fd >= 0)
        (void)close(c->event_fd);
    pthread_cond_destroy(&c->asked);
    pthread_mutex_destroy(&c->lock);
    arena_clear(&c->mem);
    free(c);
}

bool client_renew(struct client *c, struct err *err)
{
    struct str token = STR_NONE;
    if (c->server->token_file.len == 0)
        return true;
    if (!server_token(c->server->token_file, &c->mem, &token, err))
        return false;
    pthread_mutex_lock(&c->lock);
    c->token = token;
    pthread_mutex_unlock(&c->lock);
    return true;
}

/* --- the drawing thread's side -------------------------------------------------------------------
 */

int client_fd(const struct client *c)
{
    return c->event_fd;
}

static struct question *question_new(const struct client_ask *ask)
{
    struct question *q = mem_new_of(struct question);
    q->ask = *ask;
    q->ask.target = arena_str(&q->mem, ask->target);
    if (ask->body.ptr != NULL)
        q->ask.body = arena_str(&q->mem, ask->body);
    return q;
}

uint64_t client_send(struct client *c, const struct client_ask *ask)
{
    bool change = strcmp(ask->method, "GET") != 0;
    uint64_t id = 0;
    pthread_mutex_lock(&c->lock);
    if (c->queued + c->under_way + c->replied < QUEUE_MOST) {
        struct question *q = question_new(ask);
        size_t at = change ? 0 : c->queued;
        memmove(c->queue + at + 1, c->queue + at, (c->queued - at) * sizeof(struct question *));
        c->queue[at] = q;
        c->queued++;
        id = q->id = ++c->last_id;
        pthread_cond_signal(&c->asked);
    }
    pthread_mutex_unlock(&c->lock);
    return id;
}

struct client_reply *client_take(struct client *c)
{
    struct client_reply *reply = NULL;
    uint64_t count;
    ssize_t got = read(c->event_fd, &count, sizeof(count));
    (void)got;
    pthread_mutex_lock(&c->lock);
    if (c->replied > 0) {
        reply = c->replies[0];
        c->replied--;
        memmove(c->replies, c->replies + 1, c->replied * sizeof(struct client_reply *));
    }
    pthread_mutex_unlock(&c->lock);
    return reply;
}
