/* CDS: one cluster for each deployment's upstream. */
#include <stdlib.h>

#include "catalog/envoy/resource.h"

static int by_id(const void *a, const void *b)
{
    const struct envoy_deployment *x = a, *y = b;
    return (x->id > y->id) - (x->id < y->id);
}

/* The authorities that the gateway's host trusts; Debian's place for them, where Envoy's own images
 * have them, too. Envoy looks for none by itself. */
#define AUTHORITIES "/etc/ssl/certs/ca-certificates.crt"

/* Without a validation context Envoy takes any certificate: ask for a trusted one that names the
 * upstream. */
static void put_tls(struct json_writer *w, struct str host)
{
    bool is_ip = envoy_is_ip(host);
    json_key(w, STR("transport_socket"));
    envoy_open_extension(w, "envoy.transport_sockets.tls",
                         ENVOY_TYPE("extensions.transport_sockets.tls.v3.UpstreamTlsContext"));
    envoy_object(w, "common_tls_context");
    envoy_object(w, "validation_context");
    envoy_array(w, "match_typed_subject_alt_names");
    json_open_object(w);
    envoy_object(w, "matcher");
    json_key_str(w, "exact", host);
    json_close_object(w);
    json_key_str(w, "san_type", is_ip ? STR("IP_ADDRESS") : STR("DNS"));
    json_close_object(w);
    json_close_array(w);
    envoy_object(w, "trusted_ca");
    json_key_str(w, "filename", STR(AUTHORITIES));
    json_close_object(w);
    json_close_object(w);
    json_close_object(w);
    if (!is_ip) /* RFC 6066 §3: no addresses in the server name */
        json_key_str(w, "sni", host);
    envoy_close_extension(w);
}

static void put_cluster(struct json_writer *w, const struct envoy_deployment *d,
                        enum envoy_place place)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct envoy_address upstream = {.host = d->upstream_host, .port = d->upstream_port};
    const char *discovery = envoy_discovery(&upstream);
    json_open_object(w);
    if (place == ENVOY_IN_ANY)
        json_key_str(w, "@type", str_from(envoy_type_url(ENVOY_CDS)));
    json_key_str(w, "connect_timeout", STR("5s"));
    if (strcmp(discovery, "STRICT_DNS") == 0)
        json_key_str(w, "dns_lookup_family", STR("V4_PREFERRED"));
    envoy_put_endpoint(w, envoy_cluster_name(&mem, d->id), &upstream);
    if (d->upstream_tls)
        put_tls(w, d->upstream_host);
    json_key_str(w, "type", str_from(discovery));
    json_close_object(w);
}

void envoy_put_clusters(struct json_writer *w, const struct envoy_group *group,
                        enum envoy_place place)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct envoy_deployment *sorted =
        arena_array(&mem, struct envoy_deployment, group->deployment_count);
    for (size_t i = 0; i < group->deployment_count; i++)
        sorted[i] = group->deployments[i];
    qsort(sorted, group->deployment_count, sizeof(*sorted), by_id);
    for (size_t i = 0; i < group->deployment_count; i++)
        put_cluster(w, &sorted[i], place);
}

void envoy_clusters(const struct envoy_group *group, struct buf *out)
{
    struct json_writer w = {.out = out};
    json_open_array(&w);
    envoy_put_clusters(&w, group, ENVOY_IN_ANY);
    json_close_array(&w);
}
