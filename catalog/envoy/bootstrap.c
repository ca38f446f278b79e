/* What a gateway starts from, and the same with everything inside for `envoy --mode validate`. */
#include "catalog/envoy/resource.h"

#define TOKEN_SECRET "gateway_token"

static const struct {
    const char *match, *path;
} admin_paths[] = {
    {"prefix", "/stats"      },
    {"exact",  "/ready"      },
    {"prefix", "/server_info"},
    {"prefix", "/clusters"   },
    {"prefix", "/listeners"  },
    {"prefix", "/config_dump"},
};

/* How the gateway proves who it is to each of the two; on checks in a header of its own, because
 * the client's Authorization travels there too. */
struct control_cluster {
    const char *name, *token_header, *token_prefix;
};
static const struct control_cluster control_clusters[] = {
    {CHECK_CLUSTER, GATEWAY_TOKEN,   ""       },
    {XDS_CLUSTER,   "authorization", "Bearer "},
};

static void put_admin(struct json_writer *w, const struct envoy_gateway *gateway)
{
    envoy_object(w, "admin");
    envoy_put_address(w, "address", &gateway->admin, 0600);
    envoy_array(w, "allow_paths"); /* reading only: none that changes or stops the gateway */
    for (size_t i = 0; i < COUNT_OF(admin_paths); i++) {
        json_open_object(w);
        json_key_str(w, admin_paths[i].match, str_from(admin_paths[i].path));
        json_close_object(w);
    }
    json_close_array(w);
    json_close_object(w);
}

static void put_node(struct json_writer *w, const struct envoy_gateway *gateway)
{
    envoy_object(w, "node");
    json_key_str(w, "cluster", gateway->group);
    json_key_str(w, "id", gateway->node_id);
    json_close_object(w);
}

/* Envoy warns when there is no such limit, and an edge needs one. */
static void put_overload(struct json_writer *w)
{
    envoy_object(w, "overload_manager");
    envoy_array(w, "resource_monitors");
    envoy_open_extension(
        w, "envoy.resource_monitors.global_downstream_max_connections",
        ENVOY_TYPE(
            "extensions.resource_monitors.downstream_connections.v3.DownstreamConnectionsConfig"));
    json_key_i64(w, "max_active_downstream_connections", 50000);
    envoy_close_extension(w);
    json_close_array(w);
    json_close_object(w);
}

/* --- the clusters of the control plane -------------------------------------------------------- */

static void put_token_filter(struct json_writer *w, const struct control_cluster *cluster)
{
    envoy_open_extension(
        w, "token",
        ENVOY_TYPE("extensions.filters.http.credential_injector.v3.CredentialInjector"));
    json_key(w, STR("credential"));
    envoy_open_extension(w, "generic",
                         ENVOY_TYPE("extensions.http.injected_credentials.generic.v3.Generic"));
    envoy_object(w, "credential");
    json_key_str(w, "name", STR(TOKEN_SECRET));
    json_close_object(w);
    json_key_str(w, "header", str_from(cluster->token_header));
    json_key_str(w, "header_value_prefix", str_from(cluster->token_prefix));
    envoy_close_extension(w);
    json_key_bool(w, "overwrite", true);
    envoy_close_extension(w);
}

static void put_protocol(struct json_writer *w, const struct control_cluster *cluster, bool token)
{
    envoy_object(w, "typed_extension_protocol_options");
    envoy_object(w, "envoy.extensions.upstreams.http.v3.HttpProtocolOptions");
    json_key_str(w, "@type", STR(ENVOY_TYPE("extensions.upstreams.http.v3.HttpProtocolOptions")));
    /* Shorter than any server keeps idle connections, so that it is not the server that closes. */
    envoy_object(w, "common_http_protocol_options");
    json_key_str(w, "idle_timeout", STR("10s"));
    json_close_object(w);
    envoy_object(w, "explicit_http_config");
    envoy_object(w, "http_protocol_options");
    json_close_object(w);
    json_close_object(w);
    if (token) {
        envoy_array(w, "http_filters");
        put_token_filter(w, cluster);
        envoy_open_extension(w, "envoy.filters.http.upstream_codec",
                             ENVOY_TYPE("extensions.filters.http.upstream_codec.v3.UpstreamCodec"));
        envoy_close_extension(w);
        json_close_array(w);
    }
    json_close_object(w);
    json_close_object(w);
}

/* Checks are short and many: with Envoy's 1,024 a burst would be refused before it is asked about,
 * and with its 3 retries a restart of the checker would refuse all but three of the calls it cuts.
 */
static void put_breakers(struct json_writer *w)
{
    static const struct {
        const char *name;
        int64_t most;
    } limits[] = {
        {"max_connections",      512 },
        {"max_pending_requests", 8192},
        {"max_requests",         8192},
        {"max_retries",          512 },
    };
    envoy_object(w, "circuit_breakers");
    envoy_array(w, "thresholds");
    json_open_object(w);
    for (size_t i = 0; i < COUNT_OF(limits); i++)
        json_key_i64(w, limits[i].name, limits[i].most);
    json_close_object(w);
    json_close_array(w);
    json_close_object(w);
}

static void put_control_cluster(struct json_writer *w, const struct control_cluster *cluster,
                                const struct envoy_address *address, bool token)
{
    json_open_object(w);
    put_breakers(w);
    json_key_str(w, "connect_timeout", STR("1s"));
    envoy_put_endpoint(w, str_from(cluster->name), address);
    json_key_str(w, "type", str_from(envoy_discovery(address)));
    put_protocol(w, cluster, token);
    json_close_object(w);
}

static void put_control_clusters(struct json_writer *w, const struct envoy_gateway *gateway,
                                 bool token)
{
    const struct envoy_address *addresses[] = {&gateway->check, &gateway->xds};
    for (size_t i = 0; i < COUNT_OF(control_clusters); i++)
        put_control_cluster(w, &control_clusters[i], addresses[i],
                            token && addresses[i]->path.len == 0);
}

/* The file is read when Envoy starts. */
static void put_secret(struct json_writer *w, struct str token_file)
{
    envoy_array(w, "secrets");
    json_open_object(w);
    envoy_object(w, "generic_secret");
    envoy_object(w, "secret");
    json_key_str(w, "filename", token_file);
    json_close_object(w);
    json_close_object(w);
    json_key_str(w, "name", STR(TOKEN_SECRET));
    json_close_object(w);
    json_close_array(w);
}

/* --- the files -------------------------------------------------------------------------------- */

/* A name inside a comment cannot end it. */
static void put_comment_text(struct buf *out, struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if ((unsigned char)text.ptr[i] < 0x20)
            buf_add_char(out, '?');
        else
            buf_add_char(out, text.ptr[i]);
    }
}

static void put_comments(const struct envoy_gateway *gateway, struct buf *out)
{
    buf_add(out, STR("# Gateway "));
    put_comment_text(out, gateway->slug);
    buf_add(out, STR(" of group "));
    put_comment_text(out, gateway->group);
    buf_add(out,
            STR(". Save as envoy.yaml and start Envoy 1.40 or newer with\n"
                "#   envoy --config-path envoy.yaml --disable-hot-restart "
                "--reject-unknown-dynamic-fields --component-log-level misc:error\n"
                "# Without --reject-unknown-dynamic-fields an unknown field is dropped and may "
                "open an API;\n"
                "# --disable-hot-restart lets several gateways run on one host.\n"));
    if (gateway->token_file.len == 0)
        return;
    buf_add(out, STR("# The gateway's token is read from "));
    put_comment_text(out, gateway->token_file);
    buf_add(out, STR(" when Envoy starts: one line, readable by\n"
                     "# Envoy's user only. A new one is made on the gateway's page or by "
                     "POST /v1/gateways/"));
    put_comment_text(out, gateway->slug);
    buf_add(out, STR("/token;\n# restart Envoy with it before the old one ends.\n"));
}

void envoy_bootstrap(const struct envoy_gateway *gateway, struct buf *out)
{
    struct json_writer w = {.out = out};
    bool token = gateway->token_file.len > 0;
    put_comments(gateway, out);
    json_open_object(&w);
    put_admin(&w, gateway);
    envoy_object(&w, "dynamic_resources");
    envoy_put_source(&w, "cds_config");
    envoy_put_source(&w, "lds_config");
    json_close_object(&w);
    put_node(&w, gateway);
    put_overload(&w);
    envoy_object(&w, "static_resources");
    envoy_array(&w, "clusters");
    put_control_clusters(&w, gateway, token);
    json_close_array(&w);
    if (token)
        put_secret(&w, gateway->token_file);
    json_close_object(&w);
    envoy_put_stats_config(&w);
    json_key_bool(&w, "stats_flush_on_admin", true); /* a scrape sees everything up to itself */
    json_close_object(&w);
    buf_add_char(out, '\n');
}

/* The token's file is on the gateway's host, not where this is tried: left out. */
void envoy_static(const struct envoy_group *group, const struct envoy_gateway *gateway,
                  struct buf *out)
{
    struct json_writer w = {.out = out};
    json_open_object(&w);
    put_admin(&w, gateway);
    put_node(&w, gateway);
    put_overload(&w);
    envoy_object(&w, "static_resources");
    envoy_array(&w, "clusters");
    put_control_clusters(&w, gateway, false);
    envoy_put_clusters(&w, group, ENVOY_IN_FIELD);
    json_close_array(&w);
    envoy_array(&w, "listeners");
    envoy_put_listener(&w, group, gateway, ENVOY_IN_FIELD);
    json_close_array(&w);
    json_close_object(&w);
    envoy_put_stats_config(&w);
    json_close_object(&w);
}
