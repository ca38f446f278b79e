/* Starts and stops what proxies talk to, and keeps the published snapshot. */
#include <stdlib.h>

#include "portal/control/state.h"

#define STOP_GRACE_MS 2000

static const struct http_route control_routes[] = {
    {HTTP_POST, ROUTE_GATEWAY, "/v3/discovery:clusters",           discovery_clusters,    NULL,
     HTTP_INLINE | HTTP_HOLDS},
    {HTTP_POST, ROUTE_GATEWAY, "/v3/discovery:listeners",          discovery_listeners,   NULL,
     HTTP_INLINE | HTTP_HOLDS},
    {HTTP_POST, ROUTE_GATEWAY, "/v3/discovery:routes",             discovery_routes,      NULL,
     HTTP_INLINE | HTTP_HOLDS},
    {HTTP_GET,  ROUTE_GATEWAY, "/v1/gateways/{gateway}/consumers", consumers_for_gateway, NULL,
     HTTP_INLINE             },
};

struct snapshot *snapshot_take(struct control *c)
{
    pthread_mutex_lock(&c->lock);
    struct snapshot *s = c->current;
    if (s != NULL)
        s->refs++;
    pthread_mutex_unlock(&c->lock);
    return s;
}

void snapshot_release(struct control *c, struct snapshot *s)
{
    if (s == NULL)
        return;
    pthread_mutex_lock(&c->lock);
    bool last = --s->refs == 0;
    pthread_mutex_unlock(&c->lock);
    if (last) {
        arena_clear(&s->mem);
        free(s);
    }
}

void control_changed(struct control *c, uint64_t seq, unsigned commit_flags)
{
    pthread_mutex_lock(&c->lock);
    c->seq = seq;
    c->commits[c->commit_count++ % COMMITS_KEPT] =
        (struct commit_time){seq, clock_now_ms(c->portal->clock)};
    if (commit_flags & COMMIT_CONFIG) {
        c->dirty = true;
        pthread_cond_signal(&c->changed);
    }
    pthread_mutex_unlock(&c->lock);
}

/* A body of 77 kB comes with every poll; nothing else on these listeners is larger. */
static struct http_config control_http(const struct control_config *config, struct control *c)
{
    struct http_config http = http_config_default;
    http.name = "control";
    http.profile = HTTP_CHECK;
    http.listeners = config->control_listeners;
    http.listener_count = config->control_listener_count;
    http.routes = control_routes;
    http.route_count = COUNT_OF(control_routes);
    http.workers = 0;
    http.pool_bytes = 32768;
    http.body_limit_bytes = (size_t)1 << 20;
    http.clock = c->portal->clock;
    http.log = c->portal->log;
    http.context = c;
    return http;
}

static struct http_config check_http(const struct control_config *config, struct control *c)
{
    struct http_config http = http_config_default;
    http.name = "check";
    http.profile = HTTP_CHECK;
    http.listeners = config->check_listeners;
    http.listener_count = config->check_listener_count;
    http.any = check_answer;
    http.workers = 0;
    http.pool_bytes = 16384;
    http.clock = c->portal->clock;
    http.log = c->portal->log;
    http.context = c->check;
    http.on_turn = check_turn;
    return http;
}

static bool start_parts(const struct control_config *config, struct control *c, struct err *err)
{
    const struct http_config control = control_http(config, c), check = check_http(config, c);
    if (control.listener_count > 0 && !http_server_start(&control, &c->control_server, err))
        return false;
    if (check.listener_count > 0 && !http_server_start(&check, &c->check_server, err))
        return false;
    if (pthread_create(&c->publisher, NULL, publisher_run, c) != 0)
        return fail(err, ERR_IO, "", "cannot start the publisher thread");
    c->have_publisher = true;
    return true;
}

bool control_start(const struct control_config *config, struct control **out, struct err *err)
{
    struct control *c = mem_new_of(struct control);
    c->portal = config->portal;
    c->dirty = true;
    pthread_mutex_init(&c->lock, NULL);
    pthread_cond_init(&c->changed, NULL);
    c->check = check_new(c);
    if (!start_parts(config, c, err)) {
        control_stop(c);
        return false;
    }
    *out = c;
    return true;
}

void control_stop(struct control *c)
{
    if (c == NULL)
        return;
    pthread_mutex_lock(&c->lock);
    c->stopping = true;
    pthread_cond_signal(&c->changed);
    pthread_mutex_unlock(&c->lock);
    if (c->have_publisher)
        pthread_join(c->publisher, NULL);
    http_server_stop(c->control_server, STOP_GRACE_MS);
    http_server_stop(c->check_server, STOP_GRACE_MS);
    check_free(c->check);
    snapshot_release(c, c->current);
    arena_clear(&c->states_mem);
    pthread_cond_destroy(&c->changed);
    pthread_mutex_destroy(&c->lock);
    free(c);
}
