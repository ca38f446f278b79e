/* chanceryd serve: opens the catalog, binds every listener, starts the servers, waits for a signal.
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "portal/app.h"
#include "portal/control/control.h"
#include "portal/fleet/fleet.h"
#include "portal/identity.h"
#include "portal/serve.h"
#include "portal/web/web.h"

#define STOP_GRACE_MS             5000
#define LISTENERS_MOST            2
#define REST_PREFIX               "/v1/"
#define QUEUE_PER_WORKER          64
#define FILES_BESIDES_CONNECTIONS 256

/* A TCP address and a Unix socket that one server listens on; either may be absent. */
struct door {
    struct http_listener listeners[LISTENERS_MOST];
    size_t count;
    uint16_t port;
};

/* Everything that runs, in the order it is started; stopped the other way round. */
struct running {
    struct log log;
    struct arena mem; /* texts the servers keep */
    struct portal portal;
    struct door portal_door, control_door, check_door;
    struct http_server *server;
    struct http_route *routes;
};

static bool open_door(struct door *door, const struct settings *s, struct str socket,
                      const char *socket_name, struct str listen, const char *listen_name,
                      struct err *err)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    if (socket.len > 0) {
        struct str address = arena_join(&mem, STR("unix:"), socket);
        if (!http_listen(address, (unsigned)s->socket_mode, socket_name,
                         &door->listeners[door->count], NULL, err))
            return false;
        door->count++;
    }
    if (listen.len > 0) {
        if (!http_listen(listen, 0, listen_name, &door->listeners[door->count], &door->port, err))
            return err_at(err,
                          arena_printf(&mem, "%s = " STR_FMT, listen_name, STR_ARG(listen)).ptr);
        door->count++;
    }
    return true;
}

static bool open_doors(struct running *r, const struct settings *s, struct err *err)
{
    return open_door(&r->portal_door, s, s->socket, "socket", s->listen, "listen", err) &&
           open_door(&r->control_door, s, s->control_socket, "control_socket", s->control_listen,
                     "control_listen", err) &&
           open_door(&r->check_door, s, s->check_socket, "check_socket", s->check_listen,
                     "check_listen", err);
}

/* --- the portal's server ------------------------------------------------------------------------
 */

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

static void on_error(struct http_request *req, const struct err *err, struct http_response *res)
{
    if (http_status_of(err) >= 500)
        log_error(APP(req)->log, "request failed", LOG_STR("request", req->request_id),
                  LOG_STR("path", req->path), LOG_STR("code", str_from(err_code_name(err->code))),
                  LOG_STR("message", str_from(err->msg)), LOG_STR("source", str_from(err->file)),
                  LOG_I64("line", err->line));
    if (for_programs(req))
        http_problem(req, err, res);
    else
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
    {HTTP_GET, ROUTE_SIGNED_IN, "/v1/live",                                 fleet_rest_live,        "getLive",    0},
    {HTTP_GET, ROUTE_SIGNED_IN, "/v1/gateways/{gateway}/status",            control_rest_status,
     "getGatewayStatus",                                                                                          0},
    {HTTP_GET, ROUTE_SIGNED_IN, "/v1/gateways/{gateway}/consumers",         control_rest_consumers,
     "getGatewayConsumers",                                                                                       0},
    {HTTP_GET, ROUTE_SIGNED_IN, "/v1/gateways/{gateway}/bootstrap",         control_rest_bootstrap,
     "getGatewayBootstrap",                                                                                       0},
    {HTTP_GET, ROUTE_SIGNED_IN, "/v1/subscriptions/{subscription}/receipt", control_rest_receipt,
     "getSubscriptionReceipt",                                                                                    0},
    {HTTP_GET, ROUTE_LOCAL,     "/metrics",                                 fleet_metrics,          "getMetrics", 0},
};

static const struct {
    const struct http_route *routes;
    const size_t *count;
} route_tables[] = {
    {rest_routes, &rest_route_count                    },
    {web_routes,  &web_route_count                     },
    {own_routes,  &(const size_t){COUNT_OF(own_routes)}},
};

static size_t all_routes(struct http_route **out)
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

static bool start_portal(struct running *r, const struct settings *s, struct err *err)
{
    struct http_config http = http_config_default;
    http.name = "portal";
    http.profile = HTTP_PORTAL;
    http.listeners = r->portal_door.listeners;
    http.listener_count = r->portal_door.count;
    http.route_count = all_routes(&r->routes);
    http.routes = r->routes;
    http.workers = (size_t)s->workers;
    http.queue_limit = (size_t)s->workers * QUEUE_PER_WORKER;
    http.connection_limit = (size_t)s->connections;
    http.upload_limit_bytes = (size_t)s->upload_limit_bytes;
    http.header_deadline_ms = s->header_deadline_ms;
    http.body_deadline_ms = s->body_deadline_ms;
    http.spool_dir = str_z(&r->mem, s->spool_dir);
    http.public_host = host_of(s->public_url);
    http.trusted_proxies = s->trusted_proxies;
    http.clock = r->portal.clock;
    http.log = r->portal.log;
    http.context = &r->portal;
    http.worker_open = worker_open;
    http.worker_close = worker_close;
    http.identify = identity_identify;
    http.admit = identity_admit;
    http.check_form = identity_check_form;
    http.on_error = on_error;
    http.on_answer = on_answer;
    return http_server_start(&http, &r->server, err);
}

/* --- life ----------------------------------------------------------------------------------------
 */

static void on_commit(void *context, uint64_t seq, unsigned commit_flags)
{
    struct portal *portal = context;
    if (portal->control != NULL)
        control_changed(portal->control, seq, commit_flags);
    if (commit_flags & COMMIT_CONFIG) /* a new gateway is shown at once */
        fleet_poke(portal->fleet);
}

static bool make_directory(struct str path, const char *setting, struct err *err)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    if (mkdir(str_z(&mem, path), 0700) == 0 || errno == EEXIST)
        return true;
    (void)fail(err, ERR_IO, setting, "cannot make the directory " STR_FMT ": %s", STR_ARG(path),
               strerror(errno));
    return err_hint(err, "make it yourself, or name another with --set %s=…", setting);
}

static bool open_files_for(int64_t connections, struct err *err)
{
    struct rlimit limit;
    rlim_t need = (rlim_t)connections + FILES_BESIDES_CONNECTIONS;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= need)
        return true;
    limit.rlim_cur = limit.rlim_max < need ? limit.rlim_max : need;
    (void)setrlimit(RLIMIT_NOFILE, &limit);
    if (limit.rlim_cur >= need)
        return true;
    (void)fail(err, ERR_LIMIT, "connections",
               "%lld connections need %llu open files, %llu are allowed", (long long)connections,
               (unsigned long long)need, (unsigned long long)limit.rlim_cur);
    return err_hint(err, "raise the limit (ulimit -n, LimitNOFILE) or lower the setting");
}

static bool start(struct running *r, const struct settings *s, struct err *err)
{
    struct portal *portal = &r->portal;
    const struct catalog_config catalog = {.path = str_z(&r->mem, s->database),
                                           .clock = portal->clock,
                                           .log = portal->log,
                                           .on_commit = on_commit,
                                           .context = portal};
    if (!open_files_for(s->connections, err) || !catalog_open(&catalog, &portal->catalog, err) ||
        !make_directory(s->spool_dir, "spool_dir", err) || !open_doors(r, s, err))
        return false;
    const struct control_config control = {
        .portal = portal,
        .control_listeners = r->control_door.listeners,
        .control_listener_count = r->control_door.count,
        .check_listeners = r->check_door.listeners,
        .check_listener_count = r->check_door.count,
    };
    portal->identity = identity_new();
    return control_start(&control, &portal->control, err) &&
           fleet_start(portal, &portal->fleet, err) && start_portal(r, s, err);
}

static void stop(struct running *r)
{
    http_server_stop(r->server, STOP_GRACE_MS);
    fleet_stop(r->portal.fleet);
    control_stop(r->portal.control);
    catalog_close(r->portal.catalog);
    identity_free(r->portal.identity);
    free(r->routes);
    arena_clear(&r->mem);
}

int command_serve(const struct invocation *in)
{
    const struct settings *s = &in->settings;
    struct running r = {
        .log = {.fd = STDERR_FILENO, .least = LOG_INFO, .clock = &clock_system}
    };
    struct err err = {0};
    sigset_t signals;
    int signal_number = 0;
    r.portal = (struct portal){.settings = s,
                               .clock = &clock_system,
                               .log = &r.log,
                               .public_url = s->public_url,
                               .started_ms = clock_now_ms(&clock_system)};
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    sigprocmask(SIG_BLOCK, &signals, NULL); /* before the threads, so that all inherit it */
    if (!start(&r, s, &err)) {
        if (err.code == ERR_NOT_FOUND)
            (void)err_hint(&err, "make it with: chanceryd init");
        complain(&err);
        stop(&r);
        return EXIT_FAILURE;
    }
    log_info(&r.log, "ready", LOG_STR("portal", s->public_url), LOG_I64("port", r.portal_door.port),
             LOG_I64("control_port", r.control_door.port), LOG_I64("check_port", r.check_door.port),
             LOG_I64("ms", clock_now_ms(&clock_system) - r.portal.started_ms));
    while (sigwait(&signals, &signal_number) != 0)
        continue;
    log_info(&r.log, "stopping", LOG_I64("signal", signal_number));
    stop(&r);
    return EXIT_SUCCESS;
}

int command_routes(const struct invocation *in)
{
    struct http_route *routes = NULL;
    size_t count = all_routes(&routes);
    UNUSED(in);
    for (size_t i = 0; i < count; i++)
        printf("%s %s %s\n", http_method_name(routes[i].method), routes[i].path,
               routes[i].operation_id ? routes[i].operation_id : "-");
    free(routes);
    return EXIT_SUCCESS;
}
