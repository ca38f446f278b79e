/* The check endpoint: what Envoy's ext_authz and other proxies ask before each request. One thread;
 * it reads the access image only. Path: /check/{deployment}{client's path and query}; where that
 * names no deployment (all zeros), the header x-chancery-deployment does: Envoy sets it by route.
 */
#include <stdatomic.h>
#include <stdlib.h>

#include "portal/control/state.h"

#define PREFIX_LEN (sizeof("/check/") - 1)

/* What the main thread wants of the server's; done at the end of a turn. */
enum errand { ERRAND_NONE, ERRAND_SAVE, ERRAND_GIVE, ERRAND_TAKE };

struct check {
    struct control *control;
    struct image_reader *images;
    struct limiter *limiter;
    const struct access_image *image;
    uint64_t prepared;   /* version of the image the limiter has room for */
    struct relay *relay; /* set: another process decides */
    _Atomic(enum errand) errand;
    pthread_mutex_t lock;
    pthread_cond_t done;
    struct relay *offered; /* of ERRAND_GIVE; guarded by lock, like the next */
    struct buf *limits;
    int64_t saved_ms; /* of the last call that has been saved */
};

struct check *check_new(struct control *c)
{
    struct check *check = mem_new_of(struct check);
    check->control = c;
    check->images = image_reader_open(c->portal->catalog);
    check->limiter = limiter_new();
    pthread_mutex_init(&check->lock, NULL);
    pthread_cond_init(&check->done, NULL);
    return check;
}

void check_free(struct check *check)
{
    if (check == NULL)
        return;
    image_reader_close(check->images);
    limiter_free(check->limiter);
    relay_free(check->relay);
    pthread_mutex_destroy(&check->lock);
    pthread_cond_destroy(&check->done);
    free(check);
}

/* --- handing over ----------------------------------------------------------------------------- */

bool check_continue(struct check *check, struct str limits, struct err *err)
{
    return limits.ptr == NULL ||
           limiter_load(check->limiter, limits, clock_now_ms(check->control->portal->clock), err);
}

static void save(struct check *check)
{
    check->saved_ms = limiter_last_ms(check->limiter);
    limiter_save(check->limiter, clock_now_ms(check->control->portal->clock), check->limits);
}

/* On the server's thread, between two decisions: the state is whole, and no call is counted behind
 * it. */
static void run_errand(struct check *check, enum errand errand)
{
    pthread_mutex_lock(&check->lock);
    switch (errand) {
    case ERRAND_NONE:
        break;
    case ERRAND_SAVE:
        if (limiter_last_ms(check->limiter) != check->saved_ms)
            save(check);
        break;
    case ERRAND_GIVE:
        save(check);
        check->relay = check->offered;
        break;
    case ERRAND_TAKE:
        relay_free(check->relay);
        check->relay = NULL;
        break;
    }
    atomic_store(&check->errand, ERRAND_NONE);
    pthread_cond_signal(&check->done);
    pthread_mutex_unlock(&check->lock);
}

static void send_errand(struct check *check, struct http_server *server, enum errand errand)
{
    if (server == NULL) {
        run_errand(check, errand);
        return;
    }
    pthread_mutex_lock(&check->lock);
    atomic_store(&check->errand, errand);
    http_server_wake(server);
    while (atomic_load(&check->errand) != ERRAND_NONE)
        pthread_cond_wait(&check->done, &check->lock);
    pthread_mutex_unlock(&check->lock);
}

bool check_save(struct check *check, struct http_server *server, struct buf *limits)
{
    pthread_mutex_lock(&check->lock);
    bool given = check->offered != NULL;
    check->limits = limits;
    pthread_mutex_unlock(&check->lock);
    if (!given)
        send_errand(check, server, ERRAND_SAVE);
    return limits->len > 0;
}

void check_give(struct check *check, struct http_server *server, struct buf *limits)
{
    struct control *c = check->control;
    pthread_mutex_lock(&check->lock);
    check->offered = relay_new(c->check_listeners, c->check_listener_count);
    check->limits = limits;
    pthread_mutex_unlock(&check->lock);
    send_errand(check, server, ERRAND_GIVE);
}

void check_take(struct check *check, struct http_server *server)
{
    pthread_mutex_lock(&check->lock);
    struct relay *given = check->offered;
    check->offered = NULL;
    pthread_mutex_unlock(&check->lock);
    if (given == NULL)
        return;
    relay_stop(given); /* so that the thread comes to the end of its turn */
    send_errand(check, server, ERRAND_TAKE);
}

void check_turn(void *check)
{
    struct check *self = check;
    self->image = NULL;
    image_idle(self->images);
    enum errand errand = atomic_load_explicit(&self->errand, memory_order_acquire);
    if (errand != ERRAND_NONE)
        run_errand(self, errand);
}

/* --- deciding --------------------------------------------------------------------------------- */

/* The image of this turn of the event loop. */
static const struct access_image *current_image(struct check *check)
{
    if (check->image == NULL)
        check->image = image_get(check->images);
    if (check->image != NULL && check->image->version != check->prepared) {
        limiter_prepare(check->limiter, check->image);
        check->prepared = check->image->version;
    }
    return check->image;
}

/* Over TCP a gateway's token is asked, and only its own group's deployments are answered for. */
static bool caller_may_ask(struct check *check, const struct http_request *req, int64_t deployment,
                           struct err *err)
{
    struct str group = STR_NONE;
    if (req->peer.is_unix)
        return true;
    struct snapshot *s = snapshot_take(check->control);
    const struct gateway_snapshot *g =
        s ? gateway_by_token(s, http_header(req, "x-chancery-gateway"), req->now_ms) : NULL;
    bool may = g != NULL && access_deployment_group(current_image(check), deployment, &group) &&
               str_eq(group, g->group->slug);
    bool known = g != NULL;
    snapshot_release(check->control, s);
    if (known && !may && group.ptr == NULL) /* an unknown deployment is the decision's business */
        return true;
    return may || fail(err, ERR_UNAUTHENTICATED, "", "the gateway's token is wrong or missing");
}

/* HTTP header values hold visible ASCII; a name that does not is left out rather than garbled. */
static bool set_text(struct http_response *res, const char *name, struct str value)
{
    for (size_t i = 0; i < value.len; i++)
        if ((unsigned char)value.ptr[i] < 0x20 || (unsigned char)value.ptr[i] > 0x7E)
            return false;
    if (value.len > 0)
        http_set_header(res, name, value);
    return value.len > 0;
}

/* Who calls what: for the upstream and the proxy's figures. An operation says "allowed", too. */
static void identify(const struct decision *d, struct http_response *res)
{
    set_text(res, "x-consumer", d->app);
    set_text(res, "x-plan", d->plan);
    if (!set_text(res, "x-operation", d->operation))
        set_text(res, "x-reason", str_from(deny_name(d->code)));
}

/* For the proxy's figures alone, by names that no upstream takes for an identity. */
static void tell_refused(const struct decision *d, struct http_response *res)
{
    set_text(res, "x-reason", str_from(deny_name(d->code)));
    set_text(res, "x-refused-consumer", d->app);
    set_text(res, "x-refused-operation", d->operation);
}

/* Who is let through the same way again, by the same image, is answered alike. Its texts are known
 * by where they are: an image does not change, and no two have a serial in common. */
static bool told_before(struct http_request *req, const struct check *check,
                        const struct decision *d)
{
    if (d->code != DENY_NONE || d->limit > 0)
        return false;
    const struct http_alike alike = {
        {check->image->serial, (uintptr_t)d->app.ptr, (uintptr_t)d->plan.ptr,
         (uintptr_t)d->operation.ptr, (uint64_t)d->app.len << 32 | d->plan.len, d->operation.len}
    };
    return http_answer_again(req, &alike);
}

static void describe(struct http_request *req, const struct decision *d, struct http_response *res)
{
    if (d->code == DENY_NONE)
        identify(d, res);
    else
        tell_refused(d, res);
    if (d->limit > 0) {
        int64_t reset_s = (d->reset_ms + 999) / 1000;
        http_set_header(
            res, "ratelimit",
            arena_printf(req->mem, "\"default\";r=%u;t=%lld", d->remaining, (long long)reset_s));
        http_set_header(res, "ratelimit-policy",
                        arena_printf(req->mem, "\"default\";q=%u", d->limit));
    }
}

static void refuse(struct http_request *req, const struct decision *d, struct http_response *res)
{
    res->status = deny_status(d->code);
    res->content_type = STR("application/problem+json");
    deny_body(d->code, req->request_id, &res->owned);
    if (res->status == 401)
        http_set_header(res, "www-authenticate",
                        STR("ApiKey realm=\"chancery\", header=\"X-API-Key\""));
    if (d->retry_after_ms > 0)
        http_set_header(
            res, "retry-after",
            arena_printf(req->mem, "%lld", (long long)((d->retry_after_ms + 999) / 1000)));
    /* The decision holds this text itself, and is gone when the answer is sent. */
    set_text(res, "allow", arena_str(req->mem, d->allow));
}

static int64_t deployment_of(const struct http_request *req, struct str path)
{
    int64_t deployment = 0;
    if (id_parse(str_sub(path, 0, ID_TEXT_LEN), &deployment) && deployment == 0)
        (void)!id_parse(http_header(req, "x-chancery-deployment"), &deployment);
    return deployment;
}

bool check_answer(struct http_request *req, struct http_response *res, struct err *err)
{
    struct check *check = req->context;
    struct decision d;
    struct str rest = str_starts(req->target, STR("/check/"))
                          ? str_sub(req->target, PREFIX_LEN, req->target.len)
                          : STR_NONE;
    int64_t deployment = deployment_of(req, rest);
    if (!caller_may_ask(check, req, deployment, err))
        return false;
    if (check->relay != NULL) {
        if (relay_check(check->relay, req, res, err))
            return true;
        if (!relay_stopped(check->relay))
            return false;
        *err = (struct err){0}; /* the other process has failed: this one decides again */
    }
    const struct check_request ask = {
        .deployment = deployment,
        .method = req->method_text,
        .path = str_sub(rest, ID_TEXT_LEN, rest.len),
        .key = http_header(req, "x-api-key"),
        .preflight = str_eq(req->method_text, STR("OPTIONS")) &&
                     http_header(req, "origin").ptr != NULL &&
                     http_header(req, "access-control-request-method").ptr != NULL,
    };
    decide(current_image(check), check->limiter, &ask, 0, req->now_ms, &d);
    if (told_before(req, check, &d))
        return true;
    describe(req, &d, res);
    if (d.code != DENY_NONE)
        refuse(req, &d, res);
    return true;
}
