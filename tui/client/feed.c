/* Data that is asked for again and again, and kept when it cannot be had. */
#include "tui/client/client.h"

#define FIRST_RETRY_MS 250
#define LAST_RETRY_MS  5000

void feed_init(struct feed *f, struct str target, int period_ms, bool paged)
{
    *f = (struct feed){.period_ms = period_ms, .paged = paged};
    buf_add(&f->target, target);
}

void feed_clear(struct feed *f)
{
    buf_clear(&f->target);
    client_reply_free(f->data);
    *f = (struct feed){0};
}

void feed_again(struct feed *f)
{
    f->due_ms = 0;
}

const struct json *feed_json(const struct feed *f)
{
    return f->data ? f->data->json : NULL;
}

int64_t feed_due(const struct feed *f, bool paused)
{
    bool asked_for = f->data == NULL || f->due_ms == 0;
    if (f->target.len == 0 || f->waiting != 0 || (paused && !asked_for))
        return INT64_MAX;
    return f->due_ms;
}

void feed_step(struct feed *f, struct client *c, bool paused, int64_t now_ms)
{
    if (feed_due(f, paused) > now_ms)
        return;
    const struct client_ask ask = {.method = "GET",
                                   .target = buf_str(&f->target),
                                   .paged = f->paged,
                                   .known = f->data ? f->data->digest : 0};
    f->waiting = client_send(c, &ask);
    f->due_ms = f->waiting ? INT64_MAX : now_ms + FIRST_RETRY_MS;
}

/* Asking again and again who is not known changes nothing, and looks like an attack. */
static int64_t retry_after(const struct feed *f, int64_t now_ms)
{
    if (f->err.code == ERR_UNAUTHENTICATED)
        return INT64_MAX;
    int failures = f->failures;
    int64_t ms = FIRST_RETRY_MS;
    for (int i = 1; i < failures && ms < LAST_RETRY_MS; i++)
        ms *= 2;
    return now_ms + (ms < LAST_RETRY_MS ? ms : LAST_RETRY_MS);
}

static void keep(struct feed *f, struct client_reply *reply)
{
    if (reply->same) {
        client_reply_free(reply);
        return;
    }
    client_reply_free(f->data);
    f->data = reply;
    f->generation++;
}

bool feed_take(struct feed *f, struct client_reply *reply, int64_t now_ms, int least_ms)
{
    if (f->waiting == 0 || f->waiting != reply->id)
        return false;
    bool again = f->due_ms == 0; /* feed_again while the question was under way */
    f->waiting = 0;
    f->reached = reply->reached;
    f->err = reply->err;
    if (!reply->ok) {
        f->failures++;
        f->due_ms = again ? 0 : retry_after(f, now_ms);
        client_reply_free(reply);
        return true;
    }
    f->failures = 0;
    keep(f, reply);
    f->good_ms = now_ms;
    f->due_ms = f->period_ms == 0 ? INT64_MAX
                                  : now_ms + (f->period_ms > least_ms ? f->period_ms : least_ms);
    if (again)
        f->due_ms = 0;
    return true;
}
