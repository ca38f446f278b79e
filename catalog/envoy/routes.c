/* RDS: one route configuration, a virtual host for each host, a route for each deployment. */
#include <stdlib.h>

#include "catalog/envoy/resource.h"

/* From here on a list that is searched one by one costs more than a tree by path. */
#define TREE_FROM          200
#define DEFAULT_TIMEOUT_MS 15000

struct route_list {
    struct envoy_deployment *ptr;
    size_t len;
};

/* --- order ------------------------------------------------------------------------------------ */

/* Hosts by name, "any" last. */
static int compare_hosts(struct str a, struct str b)
{
    if ((a.len == 0) != (b.len == 0))
        return a.len == 0 ? 1 : -1;
    return str_cmp(a, b);
}

/* Within a host the longer path first, so that a prefix never hides what is below it. */
static int by_place(const void *a, const void *b)
{
    const struct envoy_deployment *x = a, *y = b;
    int order = compare_hosts(x->host, y->host);
    if (order == 0)
        order = str_cmp(y->base_path, x->base_path);
    return order ? order : (x->id > y->id) - (x->id < y->id);
}

static bool same_place(const struct envoy_deployment *a, const struct envoy_deployment *b)
{
    return compare_hosts(a->host, b->host) == 0 && str_eq(a->base_path, b->base_path);
}

/* Sorted; of several at one place the oldest, as the others could never be reached. */
static struct route_list sort_routes(const struct envoy_group *group, struct arena *mem)
{
    struct route_list all = {arena_array(mem, struct envoy_deployment, group->deployment_count),
                             group->deployment_count};
    size_t kept = 0;
    for (size_t i = 0; i < all.len; i++)
        all.ptr[i] = group->deployments[i];
    qsort(all.ptr, all.len, sizeof(*all.ptr), by_place);
    for (size_t i = 0; i < all.len; i++)
        if (kept == 0 || !same_place(&all.ptr[kept - 1], &all.ptr[i]))
            all.ptr[kept++] = all.ptr[i];
    all.len = kept;
    return all;
}

/* --- one route -------------------------------------------------------------------------------- */

static bool is_root(struct str path)
{
    return path.len == 0 || str_eq(path, STR("/"));
}

static void put_match(struct json_writer *w, const char *kind, struct str path)
{
    envoy_object(w, "match");
    json_key_str(w, kind, path);
    json_close_object(w);
}

static void put_metadata(struct json_writer *w, const struct envoy_deployment *d)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    envoy_object(w, "metadata");
    envoy_object(w, "filter_metadata");
    envoy_object(w, ROUTE_METADATA);
    json_key_str(w, "api", d->api);
    json_key_str(w, "deployment", id_format(&mem, d->id));
    json_key_str(w, "version", d->version_label);
    json_close_object(w);
    json_close_object(w);
    json_close_object(w);
}

/* How a call is matched, and what stands in place of the part that was. */
struct way {
    const char *kind; /* of a RouteMatch */
    struct str path, to;
};

#define WAYS_MOST 2

/* Where nothing is left of the base path, what was matched takes its border along: Envoy has no
 * empty text to put there, and "/" in front of the border would make two. */
static size_t ways_of(const struct envoy_deployment *d, struct arena *mem,
                      struct way out[WAYS_MOST])
{
    static const struct str root = {"/", 1};
    struct str base = d->base_path, to = d->upstream_path;
    while (to.len > 0 && to.ptr[to.len - 1] == '/')
        to.len--;
    if (is_root(base)) {
        out[0] = (struct way){"prefix", root, to.len > 0 ? arena_join(mem, to, root) : STR_NONE};
        return 1;
    }
    if (to.len > 0) {
        out[0] = (struct way){"path_separated_prefix", base, to};
        return 1;
    }
    out[0] = (struct way){"prefix", arena_join(mem, base, root), root};
    out[1] = (struct way){"path", base, root};
    return 2;
}

/* The upstream's own name: servers with several sites need it. Addresses have none. */
static struct str upstream_authority(const struct envoy_deployment *d, struct arena *mem)
{
    if (envoy_is_ip(d->upstream_host))
        return STR_NONE;
    if (d->upstream_port == (d->upstream_tls ? 443 : 80))
        return d->upstream_host;
    return arena_printf(mem, STR_FMT ":%u", STR_ARG(d->upstream_host), d->upstream_port);
}

static void put_action(struct json_writer *w, const struct envoy_deployment *d, struct str to)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct str authority = upstream_authority(d, &mem);
    envoy_object(w, "route");
    if (authority.ptr != NULL)
        json_key_bool(w, "append_x_forwarded_host", true);
    json_key_str(w, "cluster", envoy_cluster_name(&mem, d->id));
    if (authority.ptr != NULL)
        json_key_str(w, "host_rewrite_literal", authority);
    if (to.ptr != NULL)
        json_key_str(w, "prefix_rewrite", to);
    envoy_put_duration(w, "timeout", d->timeout_ms ? d->timeout_ms : DEFAULT_TIMEOUT_MS);
    json_close_object(w);
}

static void put_way(struct json_writer *w, const struct envoy_deployment *d, const struct way *way)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    json_open_object(w);
    put_match(w, way->kind, way->path);
    put_metadata(w, d);
    json_key_str(w, "name", arena_join(&mem, d->api, STR("/"), d->version_label));
    put_action(w, d, way->to);
    if (d->open)
        envoy_put_route_unchecked(w);
    json_close_object(w);
}

static void put_route(struct json_writer *w, const struct envoy_deployment *d)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct way ways[WAYS_MOST];
    size_t count = ways_of(d, &mem, ways);
    for (size_t i = 0; i < count; i++)
        put_way(w, d, &ways[i]);
}

/* Answered by Envoy itself; the local replies give it its body. */
static void put_nothing_here(struct json_writer *w, bool typed)
{
    json_open_object(w);
    if (typed)
        json_key_str(w, "@type", STR(ENVOY_TYPE("config.route.v3.Route")));
    envoy_object(w, "direct_response");
    json_key_i64(w, "status", 404);
    json_close_object(w);
    put_match(w, "prefix", STR("/"));
    json_key_str(w, "name", STR("none"));
    envoy_put_route_unchecked(w);
    json_close_object(w);
}

/* --- a virtual host --------------------------------------------------------------------------- */

static void put_list(struct json_writer *w, struct route_list routes)
{
    envoy_array(w, "routes");
    for (size_t i = 0; i < routes.len; i++)
        put_route(w, &routes.ptr[i]);
    put_nothing_here(w, false);
    json_close_array(w);
}

/* A leaf is chosen by its longest text, which may end inside a segment; then the routes above it
 * must still have their turn, as nothing falls through to other leaves. */
static void put_leaf(struct json_writer *w, struct route_list routes, size_t at)
{
    struct str key = routes.ptr[at].base_path;
    json_key(w, key);
    json_open_object(w);
    envoy_object(w, "action");
    json_key_str(w, "name", STR("routes"));
    envoy_object(w, "typed_config");
    json_key_str(w, "@type", STR(ENVOY_TYPE("config.route.v3.RouteList")));
    envoy_array(w, "routes");
    for (size_t i = at; i < routes.len; i++)
        if (str_starts(key, routes.ptr[i].base_path))
            put_route(w, &routes.ptr[i]);
    put_nothing_here(w, false);
    json_close_array(w);
    json_close_object(w);
    json_close_object(w);
    json_close_object(w);
}

static void put_tree_miss(struct json_writer *w)
{
    envoy_object(w, "on_no_match");
    envoy_object(w, "action");
    json_key_str(w, "name", STR("none"));
    json_key(w, STR("typed_config"));
    put_nothing_here(w, true);
    json_close_object(w);
    json_close_object(w);
}

static void put_tree(struct json_writer *w, struct route_list routes)
{
    envoy_object(w, "matcher");
    envoy_object(w, "matcher_tree");
    json_key(w, STR("input"));
    envoy_open_extension(w, "path", ENVOY_TYPE("type.matcher.v3.HttpRequestHeaderMatchInput"));
    json_key_str(w, "header_name", STR(":path"));
    envoy_close_extension(w);
    envoy_object(w, "prefix_match_map");
    envoy_object(w, "map");
    for (size_t i = routes.len; i > 0; i--) /* keys of the tree rise, those of the list fall */
        put_leaf(w, routes, i - 1);
    json_close_object(w);
    json_close_object(w);
    json_close_object(w);
    put_tree_miss(w);
    json_close_object(w);
}

static void put_virtual_host(struct json_writer *w, struct str host, struct route_list routes)
{
    json_open_object(w);
    envoy_array(w, "domains");
    json_put_str(w, host.len > 0 ? host : STR("*"));
    json_close_array(w);
    if (routes.len >= TREE_FROM)
        put_tree(w, routes);
    json_key_str(w, "name", host.len > 0 ? host : STR("any"));
    if (routes.len < TREE_FROM)
        put_list(w, routes);
    json_close_object(w);
}

/* "*" is always there, else Envoy would have no route for other hosts and ask the checker. */
static void put_virtual_hosts(struct json_writer *w, struct route_list routes)
{
    size_t at = 0;
    bool any = false;
    envoy_array(w, "virtual_hosts");
    while (at < routes.len || !any) {
        struct str host = at < routes.len ? routes.ptr[at].host : STR_NONE;
        struct route_list of_host = {routes.ptr + at, 0};
        while (at + of_host.len < routes.len &&
               compare_hosts(routes.ptr[at + of_host.len].host, host) == 0)
            of_host.len++;
        at += of_host.len;
        put_virtual_host(w, host, of_host);
        any = host.len == 0;
    }
    json_close_array(w);
}

void envoy_put_routes(struct json_writer *w, const struct envoy_group *group,
                      enum envoy_place place)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    json_open_object(w);
    if (place == ENVOY_IN_ANY)
        json_key_str(w, "@type", str_from(envoy_type_url(ENVOY_RDS)));
    json_key_bool(w, "ignore_port_in_host_matching", true);
    json_key_str(w, "name", STR(ROUTE_CONFIG));
    envoy_array(w, "request_headers_to_remove"); /* also where the checker is not asked */
    json_put_str(w, STR(CREDENTIAL));
    json_close_array(w);
    put_virtual_hosts(w, sort_routes(group, &mem));
    json_close_object(w);
}

void envoy_routes(const struct envoy_group *group, struct buf *out)
{
    struct json_writer w = {.out = out};
    json_open_array(&w);
    envoy_put_routes(&w, group, ENVOY_IN_ANY);
    json_close_array(&w);
}
