/* LDS: a group's listener with one gateway's address: strip, ask, route. */
#include "catalog/envoy/resource.h"

/* What only the checker or the gateway may say is taken from requests before anything reads it.
 * With '_' too: servers that hand headers on as variables cannot tell the two apart. */
static const char *const stripped[] = {
    CONSUMER,      "x-plan",       OPERATION,     "x_consumer",      "x_plan",
    "x_operation", REFUSED_REASON, GATEWAY_TOKEN, DEPLOYMENT_HEADER, "x-forwarded-host",
};

static void put_strip(struct json_writer *w)
{
    envoy_array(w, "early_header_mutation_extensions");
    envoy_open_extension(
        w, "strip",
        ENVOY_TYPE("extensions.http.early_header_mutation.header_mutation.v3.HeaderMutation"));
    envoy_array(w, "mutations");
    for (size_t i = 0; i < COUNT_OF(stripped); i++) {
        json_open_object(w);
        json_key_str(w, "remove", str_from(stripped[i]));
        json_close_object(w);
    }
    json_close_array(w);
    envoy_close_extension(w);
    json_close_array(w);
}

static void put_filters(struct json_writer *w)
{
    envoy_array(w, "http_filters");
    envoy_put_check_filter(w);
    envoy_open_extension(w, "envoy.filters.http.router",
                         ENVOY_TYPE("extensions.filters.http.router.v3.Router"));
    envoy_close_extension(w);
    json_close_array(w);
}

/* One setting for the whole listener: the slashes are looked at before there is a route. */
static bool keeps_escaped_slashes(const struct envoy_group *group)
{
    for (size_t i = 0; i < group->deployment_count; i++)
        if (group->deployments[i].keep_escaped_slashes)
            return true;
    return false;
}

/* No client is internal, also none from a private address: internal ones may set timeouts and
 * retries by x-envoy-* headers. With an empty list Envoy takes local clients for internal, so one
 * address that no client has stands in it. */
static void put_internal_addresses(struct json_writer *w)
{
    envoy_object(w, "internal_address_config");
    envoy_array(w, "cidr_ranges");
    json_open_object(w);
    json_key_str(w, "address_prefix", STR("::"));
    json_key_i64(w, "prefix_len", 128);
    json_close_object(w);
    json_close_array(w);
    json_close_object(w);
}

static void put_discovered_routes(struct json_writer *w)
{
    envoy_object(w, "rds");
    envoy_put_source(w, "config_source");
    json_key_str(w, "route_config_name", STR(ROUTE_CONFIG));
    json_close_object(w);
}

static void put_connection_manager(struct json_writer *w, const struct envoy_group *group,
                                   const struct envoy_gateway *gateway, enum envoy_place place)
{
    envoy_open_extension(
        w, "envoy.filters.network.http_connection_manager",
        ENVOY_TYPE("extensions.filters.network.http_connection_manager.v3.HttpConnectionManager"));
    envoy_put_loggers(w, gateway);
    json_key_bool(w, "always_set_request_id_in_response", true);
    put_strip(w);
    put_filters(w);
    put_internal_addresses(w);
    envoy_put_local_replies(w);
    json_key_bool(w, "merge_slashes", true);
    json_key_bool(w, "normalize_path", true);
    json_key_str(w, "path_with_escaped_slashes_action",
                 keeps_escaped_slashes(group) ? STR("KEEP_UNCHANGED") : STR("REJECT_REQUEST"));
    if (place == ENVOY_IN_ANY)
        put_discovered_routes(w);
    json_key_str(w, "request_headers_timeout", STR("10s"));
    if (place == ENVOY_IN_FIELD) {
        json_key(w, STR("route_config"));
        envoy_put_routes(w, group, place);
    }
    json_key_str(w, "stat_prefix", STR("edge"));
    json_key_bool(w, "use_remote_address", true);
    envoy_close_extension(w);
}

void envoy_put_listener(struct json_writer *w, const struct envoy_group *group,
                        const struct envoy_gateway *gateway, enum envoy_place place)
{
    json_open_object(w);
    if (place == ENVOY_IN_ANY)
        json_key_str(w, "@type", str_from(envoy_type_url(ENVOY_LDS)));
    envoy_put_address(w, "address", &gateway->listener, 0);
    envoy_array(w, "filter_chains");
    json_open_object(w);
    envoy_array(w, "filters");
    put_connection_manager(w, group, gateway, place);
    json_close_array(w);
    json_close_object(w);
    json_close_array(w);
    json_key_str(w, "name", STR("chancery"));
    json_close_object(w);
}

void envoy_listener(const struct envoy_group *group, const struct envoy_gateway *gateway,
                    struct buf *out)
{
    struct json_writer w = {.out = out};
    json_open_array(&w);
    envoy_put_listener(&w, group, gateway, ENVOY_IN_ANY);
    json_close_array(&w);
}
