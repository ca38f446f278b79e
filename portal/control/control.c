/* Starts and stops what proxies talk to, and keeps the published snapshot. */
#include <stdlib.h>

#include "portal/control/state.h"
#include "portal/settings.h"

#define STOP_GRACE_MS 2000

static const struct http_route control_routes[] = {
    {HTTP_POST, ROUTE_GATEWAY, "/v3/discovery:clusters",            discovery_clusters,       NULL,
     HTTP_INLINE | HTTP_HOLDS                                                                                  },
    {HTTP_POST, ROUTE_GATEWAY, "/v3/discovery:listeners",           discovery_listeners,      NULL,
     HTTP_INLINE | HTTP_HOLDS                                                                                  },
    {HTTP_POST, ROUTE_GATEWAY, "/v3/discovery:routes",              discovery_routes,         NULL,
     HTTP_INLINE | HTTP_HOLDS                                                                                  },
    {HTTP_GET,  ROUTE_GATEWAY, "/v1/gateways/{gateway}/consumers",  consumers_for_gateway,    NULL,
     HTTP_INLINE | HTTP_HOLDS                                                                                  },
    {HTTP_GET,  ROUTE_GATEWAY, "/v1/gateways/{gateway}/maps/{map}", maps_for_gateway,         NULL,
     HTTP_INLINE | HTTP_HOLDS                                                                                  },
    {HTTP_GET,  ROUTE_GATEWAY, "/v1/signing-keys",                  signing_keys_for_gateway, NULL, HTTP_INLINE},
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
    if ((commit_flags & COMMIT_ACCESS) && c->control_server != NULL &&
        clock_now_ms(c->portal->clock) <= c->lists_held_until_ms)
        http_server_wake(c->control_server);
    pthread_mutex_unlock(&c->lock);
}

void control_wake(struct control *c)
{
    pthread_mutex_lock(&c->lock);
    if (c->control_server != NULL)
        http_server_wake(c->control_server);
    pthread_mutex_unlock(&c->lock);
}

/* A body of 77 kB comes with every poll; nothing else on these listeners is larger. */
static struct http_config control_http(const struct http_listener *listeners, size_t count,
                                       struct control *c)
{
    struct http_config http = http_config_default;
    http.name = "control";
    http.profile = HTTP_CHECK;
    http.listeners = listeners;
    http.listener_count = count;
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

static struct http_config check_http(struct control *c)
{
    struct http_config http = http_config_default;
    http.name = "check";
    http.profile = HTTP_CHECK;
    http.listeners = c->check_listeners;
    http.listener_count = c->check_listener_count;
    http.any = check_answer;
    http.workers = 0;
    http.clock = c->portal->clock;
    http.log = c->portal->log;
    http.context = c->check;
    http.on_turn = check_turn;
    return http;
}

static bool serve_polls(struct control *c, const struct http_listener *listeners, size_t count,
                        struct err *err)
{
    const struct http_config http = control_http(listeners, count, c);
    struct http_server *server = NULL;
    if (count == 0)
        return true;
    if (!http_server_start(&http, &server, err))
        return false;
    pthread_mutex_lock(&c->lock);
    c->control_server = server;
    pthread_mutex_unlock(&c->lock);
    return true;
}

static bool open_signing(struct control *c, struct err *err)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    const struct settings *s = c->portal->settings;
    struct str path = s->signing_key_file.len > 0
                          ? s->signing_key_file
                          : arena_join(&mem, s->database, STR(".signing-key"));
    return signing_open(str_z(&mem, path), clock_now_ms(c->portal->clock), &c->signing, err);
}

static bool start_parts(const struct control_config *config, struct control *c, struct err *err)
{
    if (!open_signing(c, err) ||
        !serve_polls(c, config->control_listeners, config->control_listener_count, err))
        return false;
    if (pthread_create(&c->publisher, NULL, publisher_run, c) != 0)
        return fail(err, ERR_IO, "", "cannot start the publisher thread");
    c->have_publisher = true;
    if (pthread_create(&c->lister, NULL, lists_run, c) != 0)
        return fail(err, ERR_IO, "", "cannot start the thread of consumer lists");
    c->have_lister = true;
    return true;
}

bool control_start_checks(struct control *c, struct str limits, struct err *err)
{
    const struct http_config http = check_http(c);
    c->decides = check_continue(c->check, limits, err) &&
                 (http.listener_count == 0 || http_server_start(&http, &c->check_server, err));
    return c->decides;
}

void control_await_snapshot(struct control *c)
{
    pthread_mutex_lock(&c->lock);
    while (!c->tried && !c->stopping)
        pthread_cond_wait(&c->built, &c->lock);
    pthread_mutex_unlock(&c->lock);
}

/* --- handing over ----------------------------------------------------------------------------- */

void control_give_checks(struct control *c, struct buf *limits)
{
    check_give(c->check, c->check_server, limits);
}

void control_take_checks(struct control *c)
{
    check_take(c->check, c->check_server);
}

void control_drain_polls(struct control *c)
{
    if (c->control_server != NULL)
        http_server_drain(c->control_server, true);
}

void control_drain_checks(struct control *c)
{
    if (c->check_server != NULL)
        http_server_drain(c->check_server, false);
}

bool control_resume_polls(struct control *c, const struct http_listener *listeners, size_t count,
                          struct err *err)
{
    pthread_mutex_lock(&c->lock);
    struct http_server *drained = c->control_server;
    c->control_server = NULL;
    pthread_mutex_unlock(&c->lock);
    http_server_stop(drained, STOP_GRACE_MS);
    return serve_polls(c, listeners, count, err);
}

size_t control_connections(const struct control *c)
{
    const struct http_server *const servers[] = {c->control_server, c->check_server};
    size_t count = 0;
    for (size_t i = 0; i < COUNT_OF(servers); i++) {
        struct http_counts counts = {0};
        if (servers[i] != NULL)
            http_server_counts(servers[i], &counts);
        count += counts.connections;
    }
    return count;
}

/* --- life ------------------------------------------------------------------------------------- */

bool control_start(const struct control_config *config, struct control **out, struct err *err)
{
    struct control *c = mem_new_of(struct control);
    c->portal = config->portal;
    c->dirty = true;
    pthread_mutex_init(&c->lock, NULL);
    pthread_cond_init(&c->changed, NULL);
    pthread_cond_init(&c->built, NULL);
    assert(config->check_listener_count <= CHECK_LISTENERS_MAX);
    c->check_listener_count = config->check_listener_count;
    for (size_t i = 0; i < c->check_listener_count; i++)
        c->check_listeners[i] = config->check_listeners[i];
    pthread_cond_init(&c->lists_wanted, NULL);
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
    pthread_cond_signal(&c->lists_wanted);
    pthread_mutex_unlock(&c->lock);
    if (c->have_publisher)
        pthread_join(c->publisher, NULL);
    if (c->have_lister)
        pthread_join(c->lister, NULL);
    http_server_stop(c->control_server, STOP_GRACE_MS);
    http_server_stop(c->check_server, STOP_GRACE_MS);
    if (c->decides)
        limits_write(c, NULL);
    check_free(c->check);
    signing_close(c->signing);
    snapshot_release(c, c->current);
    arena_clear(&c->states_mem);
    pthread_cond_destroy(&c->changed);
    pthread_cond_destroy(&c->built);
    pthread_cond_destroy(&c->lists_wanted);
    pthread_mutex_destroy(&c->lock);
    free(c);
}
