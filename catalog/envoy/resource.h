/* What the emitters share: words for writing Envoy's messages and the pieces that several of them
 * hold. Members are written in the order of their names, so that the bytes are canonical. */
#ifndef CHANCERY_ENVOY_RESOURCE_H
#define CHANCERY_ENVOY_RESOURCE_H

#include "catalog/envoy/envoy.h"

#define ENVOY_TYPE(name) "type.googleapis.com/envoy." name

#define XDS_CLUSTER   "chancery_xds"
#define CHECK_CLUSTER "chancery_check"
#define ROUTE_CONFIG  "chancery"
/* Also the namespace of the metadata that its answers leave, and the key of per-route messages. */
#define EXT_AUTHZ "envoy.filters.http.ext_authz"
/* Namespace of the route's own metadata: api, version, deployment. */
#define ROUTE_METADATA "chancery"
/* Substituted by Envoy with a member of it. */
#define ENVOY_OF_ROUTE(key) "%METADATA(ROUTE:" ROUTE_METADATA ":" key ")%"
/* Where the access logger counts; scanned again by stats.c. */
#define STATS_SCOPE    "chancery"
#define STATS_REQUESTS "rq"
#define STATS_DURATION "ms"
#define CREDENTIAL     "x-api-key"
#define GATEWAY_TOKEN  "x-chancery-gateway"
/* Identity of an allowed call, in the call itself; of a refused one, in metadata. */
#define CONSUMER          "x-consumer"
#define OPERATION         "x-operation"
#define REFUSED_CONSUMER  "x-refused-consumer"
#define REFUSED_OPERATION "x-refused-operation"
#define REFUSED_REASON    "x-reason"
/* Asked with; no header of the call itself. */
#define DEPLOYMENT_HEADER "x-chancery-deployment"

/** Whether a message stands in an "Any", which names its type, or in a field of its own type. */
enum envoy_place { ENVOY_IN_ANY, ENVOY_IN_FIELD };

/** Opens a member that is an object or an array. */
void envoy_object(struct json_writer *w, const char *key);
void envoy_array(struct json_writer *w, const char *key);
/** Opens {"name":…,"typed_config":{"@type":…; close closes both. */
void envoy_open_extension(struct json_writer *w, const char *name, const char *type);
void envoy_close_extension(struct json_writer *w);
/** key: {"patterns":[{"exact":…},…]} */
void envoy_put_exact(struct json_writer *w, const char *key, const char *const names[],
                     size_t count);
/** key: "15s" or "1.500s" */
void envoy_put_duration(struct json_writer *w, const char *key, uint32_t ms);
/** key: an Address; socket_mode is given to a Unix socket that Envoy makes, 0 for others. */
void envoy_put_address(struct json_writer *w, const char *key, const struct envoy_address *address,
                       int socket_mode);
/** The members "load_assignment", "name" of a cluster with one endpoint. */
void envoy_put_endpoint(struct json_writer *w, struct str name,
                        const struct envoy_address *address);
/** "STATIC" for Unix sockets and IP addresses, "STRICT_DNS" for names. */
const char *envoy_discovery(const struct envoy_address *address);
bool envoy_is_ip(struct str host);
/** key: the source that long-polls chancery_xds. */
void envoy_put_source(struct json_writer *w, const char *key);
/** The filter that asks about the route's deployment; it asks for every route that says nothing. */
void envoy_put_check_filter(struct json_writer *w);
/** "typed_per_filter_config" of a route that nobody is asked about. */
void envoy_put_route_unchecked(struct json_writer *w);
/** "upstream-<id>", in mem. */
struct str envoy_cluster_name(struct arena *mem, int64_t deployment);

/** Arrays of messages, for dynamic and static configuration alike. */
void envoy_put_clusters(struct json_writer *w, const struct envoy_group *group,
                        enum envoy_place place);
void envoy_put_routes(struct json_writer *w, const struct envoy_group *group,
                      enum envoy_place place);
/** The gateway's listener; routes stand inside instead of being discovered with ENVOY_IN_FIELD. */
void envoy_put_listener(struct json_writer *w, const struct envoy_group *group,
                        const struct envoy_gateway *gateway, enum envoy_place place);
/** "access_log": [figures, request log] */
void envoy_put_loggers(struct json_writer *w, const struct envoy_gateway *gateway);
/** "local_reply_config": Envoy's own answers as problem+json. */
void envoy_put_local_replies(struct json_writer *w);
/** "stats_config": buckets fine enough for percentiles of the durations. */
void envoy_put_stats_config(struct json_writer *w);

#endif
