/* Routes: HEAD, OPTIONS, 404 and 405 with Allow come from the table alone. */
#include <stdlib.h>

#include "portal/http/table.h"

#define ARGS_MAX COUNT_OF(((struct http_request *)NULL)->args)

static bool check_row(const struct http_config *config, size_t index, struct err *err)
{
    const struct http_route *route = &config->routes[index];
    char where[32];
    size_t variables = 0;
    snprintf(where, sizeof(where), "/%zu", index);
    for (const char *at = strchr(route->path, '{'); at != NULL; at = strchr(at + 1, '{'))
        variables++;
    if (variables > ARGS_MAX)
        return fail(err, ERR_INVALID, where, "%s has more than %zu variables", route->path,
                    ARGS_MAX);
    if ((route->flags & HTTP_HOLDS) != 0 && (route->flags & HTTP_INLINE) == 0)
        return fail(err, ERR_INVALID, where, "%s holds but is not inline", route->path);
    if ((route->flags & HTTP_UPLOAD) != 0 &&
        ((route->flags & HTTP_INLINE) != 0 || config->spool_dir == NULL))
        return fail(err, ERR_INVALID, where, "%s takes uploads inline or without a spool_dir",
                    route->path);
    if ((route->flags & HTTP_INLINE) == 0 && (config->workers == 0 || config->queue_limit == 0))
        return fail(err, ERR_INVALID, where, "%s needs worker threads", route->path);
    return true;
}

bool table_compile(struct http_server *server, struct err *err)
{
    const struct http_config *config = &server->config;
    CLEANUP(arena_clear) struct arena mem = {0};
    struct route_entry *entries = arena_array(&mem, struct route_entry, config->route_count);
    for (size_t i = 0; i < config->route_count; i++) {
        if (!check_row(config, i, err))
            return false;
        entries[i] = (struct route_entry){
            .method = str_from(http_method_name(config->routes[i].method)),
            .template = str_from(config->routes[i].path),
            .value = (uint32_t)i,
        };
    }
    return route_compile(entries, config->route_count, &server->router_bytes, err) &&
           route_open(buf_str(&server->router_bytes), &server->router, err);
}

static bool decode_args(struct http_exchange *ex, const struct route_hit *hit)
{
    struct http_request *req = &ex->req;
    for (size_t i = 0; i < hit->param_count && i < ARGS_MAX; i++) {
        if (!route_decode(hit->params[i], &ex->own, &req->args[i]) || !str_utf8(req->args[i], NULL))
            return fail(&ex->err, ERR_INVALID, "path", "has text that is not UTF-8");
        req->arg_count = i + 1;
    }
    return true;
}

static struct str allow_of(struct http_exchange *ex, const struct route_hit *hit)
{
    CLEANUP(buf_clear) struct buf allow = {0};
    route_allow(&ex->server->router, hit, &allow);
    if (str_find(buf_str(&allow), STR("OPTIONS")) == SIZE_MAX)
        buf_add(&allow, STR(", OPTIONS"));
    return arena_str(&ex->own, buf_str(&allow));
}

bool table_route(struct http_exchange *ex)
{
    struct http_request *req = &ex->req;
    struct route_hit hit;
    switch (route_match(&ex->server->router, req->method_text, req->path, &hit)) {
    case ROUTE_NONE:
        return fail(&ex->err, ERR_NOT_FOUND, "", "there is nothing at this path");
    case ROUTE_METHOD:
        http_set_header(&ex->res, "Allow", allow_of(ex, &hit));
        if (req->method == HTTP_OPTIONS) {
            ex->res.status = 204;
            return true;
        }
        ex->res.status = 405;
        return fail(&ex->err, ERR_INVALID, "method", "is not one of this path's");
    case ROUTE_HIT:
        req->route = &ex->server->config.routes[hit.value];
        break;
    }
    return decode_args(ex, &hit) && (req->target.len == req->path.len ||
                                     form_decode(ex->facts.query, "query", &ex->own, &req->query,
                                                 &req->query_count, &ex->err));
}
