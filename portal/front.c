/* The portal's own server: routes of people and programs, who answers, what each answer carries.
 */
#include <stdlib.h>

#include "portal/control/control.h"
#include "portal/fleet/fleet.h"
#include "portal/front.h"
#include "portal/identity.h"
#include "portal/settings.h"
#include "portal/web/web.h"

#define REST_PREFIX      "/v1/"
#define QUEUE_PER_WORKER 64
#define STOP_GRACE_MS    5000

static void *worker_open(void *context)
{
    struct portal *portal = context;
    struct worker *w = mem_new_of(struct worker);
    struct err err = {0};
    w->app = portal;
    if (!view_open(portal->catalog, &w->view, &err)) {
        log_err(portal->log, "a worker cannot read the catalog", &err);
        free(w);
        return NULL;
    }
    return w;
}

static void worker_close(void *worker)
{
    struct worker *w = worker;
    if (w == NULL)
        return;
    view_close(w->view);
    free(w);
}

/* Programs below /v1 and for health, people on pages; where there is neither, who accepts HTML is a
 * browser. */
static bool for_programs(const struct http_request *req)
{
    if (str_starts(req->path, STR(REST_PREFIX)))
        return true;
    if (req->route != NULL)
        return req->route->operation_id != NULL;
    return str_find(http_header(req, "accept"), STR("text/html")) == SIZE_MAX;
}

/* Without a route nobody has asked who looks; the page has the reader's navigation all the same. */
static void identify_reader(struct http_request *req)
{
    struct err unsaid = {0};
    if (req->principal == NULL && req->worker != NULL)
        (void)identity_identify(req, &unsaid);
}

static void on_error(struct http_request *req, const struct err *err, struct http_response *res)
{
    if (http_status_of(err) >= 500)
        log_error(APP(req)->log, "request failed", LOG_STR("request", req->request_id),
                  LOG_STR("path", req->path), LOG_STR("code", str_from(err_code_name(err->code))),
                  LOG_STR("message", str_from(err->msg)), LOG_STR("source", str_from(err->file)),
                  LOG_I64("line", err->line));
    if (for_programs(req)) {
        http_problem(req, err, res);
        return;
    }
    identify_reader(req);
    web_error(req, err, res);
}

static bool has_header(const struct http_response *res, const char *name)
{
    for (size_t i = 0; i < res->header_count; i++)
        if (str_eq_nocase(res->headers[i].name, str_from(name)))
            return true;
    return false;
}

/* On every answer, refusals and errors included. */
static void on_answer(struct http_request *req, struct http_response *res)
{
    http_set_header(
        res, "Content-Security-Policy",
        STR("default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
            "frame-ancestors 'none'; base-uri 'none'"));
    http_set_header(res, "X-Content-Type-Options", STR("nosniff"));
    http_set_header(res, "Referrer-Policy", STR("same-origin"));
    http_set_header(res, "Cross-Origin-Opener-Policy", STR("same-origin"));
    if (req->peer.secure)
        http_set_header(res, "Strict-Transport-Security", STR("max-age=31536000"));
    if (!has_header(res, "Cache-Control"))
        http_set_header(res, "Cache-Control", STR("no-store"));
}

static const struct http_route own_routes[] = {
    {HTTP_GET,  ROUTE_SIGNED_IN, "/v1/live",                                 fleet_rest_live,              "getLive",         0},
    {HTTP_GET,  ROUTE_SIGNED_IN, "/v1/gateways/{gateway}/status",            control_rest_status,
     "getGatewayStatus",                                                                                                      0},
    {HTTP_GET,  ROUTE_SIGNED_IN, "/v1/gateways/{gateway}/consumers",         control_rest_consumers,
     "getGatewayConsumers",                                                                                                   0},
    {HTTP_GET,  ROUTE_SIGNED_IN, "/v1/gateways/{gateway}/maps/{map}",        control_rest_maps,
     "getGatewayMap",                                                                                                         0},
    {HTTP_GET,  ROUTE_ANYONE,    "/v1/signing-keys",                         control_rest_signing_keys,    "listSigningKeys", 0},
    {HTTP_POST, ROUTE_SIGNED_IN, "/v1/signing-keys",                         control_rest_signing_key_new,
     "createSigningKey",                                                                                                      0},
    {HTTP_GET,  ROUTE_SIGNED_IN, "/v1/gateways/{gateway}/bootstrap",         control_rest_bootstrap,
     "getGatewayBootstrap",                                                                                                   0},
    {HTTP_GET,  ROUTE_SIGNED_IN, "/v1/subscriptions/{subscription}/receipt", control_rest_receipt,
     "getSubscriptionReceipt",                                                                                                0},
    {HTTP_GET,  ROUTE_LOCAL,     "/metrics",                                 fleet_metrics,                "getMetrics",      0},
};

static const struct {
    const struct http_route *routes;
    const size_t *count;
} route_tables[] = {
    {rest_routes, &rest_route_count                    },
    {web_routes,  &web_route_count                     },
    {own_routes,  &(const size_t){COUNT_OF(own_routes)}},
};

size_t front_routes(struct http_route **out)
{
    size_t count = 0, at = 0;
    for (size_t i = 0; i < COUNT_OF(route_tables); i++)
        count += *route_tables[i].count;
    *out = mem_new(count * sizeof(**out));
    for (size_t i = 0; i < COUNT_OF(route_tables); i++)
        for (size_t k = 0; k < *route_tables[i].count; k++)
            (*out)[at++] = route_tables[i].routes[k];
    return count;
}

/* "https://portal.example:8443/" → "portal.example:8443"; loopback addresses need no naming. */
static struct str host_of(struct str url)
{
    if (!str_starts(url, STR("https://")))
        return STR("");
    struct str host = str_sub(url, sizeof("https://") - 1, url.len);
    return str_sub(host, 0, str_find_char(host, '/'));
}

static struct http_config front_config(struct front *f, const struct http_listener *listeners,
                                       size_t count)
{
    const struct settings *s = f->portal->settings;
    struct http_config http = http_config_default;
    http.name = "portal";
    http.profile = HTTP_PORTAL;
    http.listeners = listeners;
    http.listener_count = count;
    http.connection_limit = (size_t)s->connections;
    http.pool_bytes = (size_t)16 * 1024; /* browsers bring the cookies of the whole domain */
    http.header_deadline_ms = s->header_deadline_ms;
    http.body_deadline_ms = s->body_deadline_ms;
    http.public_host = host_of(s->public_url);
    http.trusted_proxies = s->trusted_proxies;
    http.clock = f->portal->clock;
    http.log = f->portal->log;
    http.context = f->portal;
    return http;
}

bool front_start(struct front *f, const struct http_listener *listeners, size_t count,
                 struct err *err)
{
    const struct settings *s = f->portal->settings;
    struct http_config http = front_config(f, listeners, count);
    if (f->routes == NULL)
        f->route_count = front_routes(&f->routes);
    http.routes = f->routes;
    http.route_count = f->route_count;
    http.workers = (size_t)s->workers;
    http.queue_limit = (size_t)s->workers * QUEUE_PER_WORKER;
    http.upload_limit_bytes = (size_t)s->upload_limit_bytes;
    http.spool_dir = str_z(&f->mem, s->spool_dir);
    http.worker_open = worker_open;
    http.worker_close = worker_close;
    http.identify = identity_identify;
    http.admit = identity_admit;
    http.check_form = identity_check_form;
    http.on_error = on_error;
    http.on_answer = on_answer;
    struct http_server *drained = f->server;
    if (!http_server_start(&http, &f->server, err))
        return false;
    http_server_stop(drained, STOP_GRACE_MS);
    return true;
}

/* --- while another process starts --------------------------------------------------------------
 */

static bool refuse(struct http_request *req, struct http_response *res, struct err *err)
{
    UNUSED(req);
    UNUSED(res);
    (void)fail(err, ERR_BUSY, "", "the server is being restarted");
    return err_hint(err, "try again in a moment");
}

bool front_start_refusing(struct front *f, const struct http_listener *listeners, size_t count,
                          struct err *err)
{
    struct http_config http = front_config(f, listeners, count);
    http.any = refuse;
    http.workers = 0;
    http.on_answer = on_answer;
    return http_server_start(&http, &f->refusing, err);
}

void front_drain(struct front *f)
{
    if (f->server != NULL)
        http_server_drain(f->server, true);
}

size_t front_connections(const struct front *f)
{
    struct http_counts counts = {0};
    if (f->server != NULL)
        http_server_counts(f->server, &counts);
    return counts.connections;
}

void front_stop_refusing(struct front *f)
{
    http_server_stop(f->refusing, 0);
    f->refusing = NULL;
}

void front_stop(struct front *f)
{
    front_stop_refusing(f);
    http_server_stop(f->server, STOP_GRACE_MS);
    f->server = NULL;
}

void front_clear(struct front *f)
{
    front_stop(f);
    free(f->routes);
    arena_clear(&f->mem);
}
