/* Words for writing Envoy's messages, types, and the pieces that several messages hold. */
#include <arpa/inet.h>

#include "catalog/envoy/resource.h"

static const struct {
    const char *path, *url;
} types[ENVOY_TYPE_COUNT] = {
    [ENVOY_CDS] = {"clusters",  ENVOY_TYPE("config.cluster.v3.Cluster")         },
    [ENVOY_LDS] = {"listeners", ENVOY_TYPE("config.listener.v3.Listener")       },
    [ENVOY_RDS] = {"routes",    ENVOY_TYPE("config.route.v3.RouteConfiguration")},
};

const char *envoy_type_path(enum envoy_type type)
{
    return types[type].path;
}

const char *envoy_type_url(enum envoy_type type)
{
    return types[type].url;
}

void envoy_response(enum envoy_type type, struct str version, struct str resources, struct buf *out)
{
    struct json_writer w = {.out = out};
    json_open_object(&w);
    json_key(&w, STR("resources"));
    json_put_raw(&w, resources);
    json_key_str(&w, "type_url", str_from(envoy_type_url(type)));
    json_key_str(&w, "version_info", version);
    json_close_object(&w);
}

void envoy_object(struct json_writer *w, const char *key)
{
    json_key(w, str_from(key));
    json_open_object(w);
}

void envoy_array(struct json_writer *w, const char *key)
{
    json_key(w, str_from(key));
    json_open_array(w);
}

void envoy_open_extension(struct json_writer *w, const char *name, const char *type)
{
    json_open_object(w);
    json_key_str(w, "name", str_from(name));
    envoy_object(w, "typed_config");
    json_key_str(w, "@type", str_from(type));
}

void envoy_close_extension(struct json_writer *w)
{
    json_close_object(w);
    json_close_object(w);
}

void envoy_put_exact(struct json_writer *w, const char *key, const char *const names[],
                     size_t count)
{
    envoy_object(w, key);
    envoy_array(w, "patterns");
    for (size_t i = 0; i < count; i++) {
        json_open_object(w);
        json_key_str(w, "exact", str_from(names[i]));
        json_close_object(w);
    }
    json_close_array(w);
    json_close_object(w);
}

void envoy_put_duration(struct json_writer *w, const char *key, uint32_t ms)
{
    char text[24];
    if (ms % 1000 == 0)
        snprintf(text, sizeof(text), "%us", ms / 1000);
    else
        snprintf(text, sizeof(text), "%u.%03us", ms / 1000, ms % 1000);
    json_key_str(w, key, str_from(text));
}

void envoy_put_address(struct json_writer *w, const char *key, const struct envoy_address *address,
                       int socket_mode)
{
    envoy_object(w, key);
    if (address->path.len > 0) {
        envoy_object(w, "pipe");
        if (socket_mode != 0)
            json_key_i64(w, "mode", socket_mode);
        json_key_str(w, "path", address->path);
    } else {
        envoy_object(w, "socket_address");
        json_key_str(w, "address", address->host.len > 0 ? address->host : STR("0.0.0.0"));
        json_key_i64(w, "port_value", address->port);
    }
    json_close_object(w);
    json_close_object(w);
}

void envoy_put_endpoint(struct json_writer *w, struct str name, const struct envoy_address *address)
{
    envoy_object(w, "load_assignment");
    json_key_str(w, "cluster_name", name);
    envoy_array(w, "endpoints");
    json_open_object(w);
    envoy_array(w, "lb_endpoints");
    json_open_object(w);
    envoy_object(w, "endpoint");
    envoy_put_address(w, "address", address, 0);
    json_close_object(w);
    json_close_object(w);
    json_close_array(w);
    json_close_object(w);
    json_close_array(w);
    json_close_object(w);
    json_key_str(w, "name", name);
}

bool envoy_is_ip(struct str host)
{
    char text[INET6_ADDRSTRLEN] = {0};
    unsigned char parsed[sizeof(struct in6_addr)];
    if (host.len == 0 || host.len >= sizeof(text))
        return false;
    memcpy(text, host.ptr, host.len);
    return inet_pton(AF_INET, text, parsed) == 1 || inet_pton(AF_INET6, text, parsed) == 1;
}

const char *envoy_discovery(const struct envoy_address *address)
{
    return address->path.len > 0 || envoy_is_ip(address->host) ? "STATIC" : "STRICT_DNS";
}

void envoy_put_source(struct json_writer *w, const char *key)
{
    envoy_object(w, key);
    envoy_object(w, "api_config_source");
    json_key_str(w, "api_type", STR("REST"));
    envoy_array(w, "cluster_names");
    json_put_str(w, STR(XDS_CLUSTER));
    json_close_array(w);
    /* Below 1 ms Envoy crashes; this long it waits after an answer, and between tries while there
     * is none. The server holds a poll for less than the timeout. */
    json_key_str(w, "refresh_delay", STR("0.1s"));
    json_key_str(w, "request_timeout", STR("35s"));
    json_key_str(w, "transport_api_version", STR("V3"));
    json_close_object(w);
    json_key_str(w, "initial_fetch_timeout", STR("0s")); /* no listener before its routes */
    json_key_str(w, "resource_api_version", STR("V3"));
    json_close_object(w);
}

struct str envoy_cluster_name(struct arena *mem, int64_t deployment)
{
    return arena_join(mem, STR("upstream-"), id_format(mem, deployment));
}
