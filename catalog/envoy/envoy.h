/* Snapshot → Envoy v3 resources as canonical JSON (sorted, no spaces). Pure; ≥ Envoy 1.40. */
#ifndef CHANCERY_ENVOY_H
#define CHANCERY_ENVOY_H

#include "catalog/base/base.h"

/** One deployed version in a group; sorted by the emitter, so the order given does not matter. */
struct envoy_deployment {
    int64_t id;
    struct str api, version_label; /* slug, label */
    struct str host; /* virtual host, "*.…" allowed; absent: every host that no other deployment of
                        the group names */
    struct str base_path;     /* "/pets/v1", never ending in '/' except "/" */
    struct str upstream_host; /* name or address */
    uint16_t upstream_port;
    bool upstream_tls;
    struct str
        upstream_path; /* prefix put in place of base_path; absent or "/": base path removed */
    bool open;         /* no credential asked: the check is switched off, identity still stripped */
    bool keep_escaped_slashes; /* "%2F" is passed on, not refused; a setting of the listener, so one
                                  such deployment decides for its whole group */
    uint32_t timeout_ms;       /* 0: 15,000 */
};
struct envoy_group {
    struct str slug;
    const struct envoy_deployment *deployments;
    size_t deployment_count;
};
/** An address that is host:port, or a Unix socket when path is present. */
struct envoy_address {
    struct str path, host;
    uint16_t port;
};
struct envoy_gateway {
    struct str slug, group, node_id;
    struct envoy_address listener; /* host and port */
    struct envoy_address admin;    /* mode 0600 when a Unix socket */
    struct envoy_address xds, check;
    struct str token_file; /* path of the gateway's token; absent over Unix sockets */
    bool request_log;      /* a JSON line for each request on standard output */
};

enum envoy_type { ENVOY_CDS, ENVOY_LDS, ENVOY_RDS, ENVOY_TYPE_COUNT };
/** "clusters" in /v3/discovery:clusters; "type.googleapis.com/envoy.config.cluster.v3.Cluster". */
const char *envoy_type_path(enum envoy_type type);
const char *envoy_type_url(enum envoy_type type);

/** Refuses what Envoy would reject or silently misread, naming the deployment: ERR_INVALID, where =
 * "api/label", with a hint. The emitters below expect deployments that pass; of several at one host
 * and base path they serve the oldest. */
MUST_USE bool envoy_deployment_check(const struct envoy_deployment *d, struct err *err);

/** Append the resources array ("[{…},…]") of one type. The version is the caller's hash of these
 * bytes. */
void envoy_clusters(const struct envoy_group *group, struct buf *out);
void envoy_routes(const struct envoy_group *group, struct buf *out);
void envoy_listener(const struct envoy_group *group, const struct envoy_gateway *gateway,
                    struct buf *out);
/** A whole DiscoveryResponse around resources. */
void envoy_response(enum envoy_type type, struct str version, struct str resources,
                    struct buf *out);

/** The gateway's bootstrap as YAML-readable JSON behind '#' comments that hold the complete start
 * command. Holds no secret: the token is read from token_file. */
void envoy_bootstrap(const struct envoy_gateway *gateway, struct buf *out);
/** Bootstrap with the group's resources as static ones, for `envoy --mode validate`. Names no token
 * file, which need not exist where this is tried. */
void envoy_static(const struct envoy_group *group, const struct envoy_gateway *gateway,
                  struct buf *out);

/** What a poll says, found by a scanner that skips everything else. Texts are slices of body. */
struct envoy_poll {
    struct str node_id, cluster, version, error_detail;
    struct str names[8];
    size_t name_count;
};
/** err: ERR_INVALID with the offset when body is no DiscoveryRequest. Bounded: depth 32, no
 * allocation. Names with escapes and more than 8 of them are refused. */
MUST_USE bool envoy_poll_read(struct str body, struct envoy_poll *out, struct err *err);

/* --- statistics ------------------------------------------------------------------------------- */

/** One line of /stats/prometheus of the access logger's scope: counter or histogram bucket. */
struct envoy_sample {
    struct str api, version_label, operation, app; /* absent labels are empty */
    struct str reason; /* "ok", a deny code, or empty: not asked, or no answer */
    int32_t status;
    double bucket_le; /* histograms: upper bound in ms, HUGE_VAL for +Inf; counters: 0 */
    uint64_t value;
    enum envoy_sample_kind { ENVOY_SAMPLE_REQUESTS, ENVOY_SAMPLE_DURATION } kind;
};
/** Calls each(context, sample) for every line it knows and skips other metrics. Label texts are
 * slices of text, or lie in mem when something was escaped. err: ERR_INVALID, where = "line N". */
MUST_USE bool envoy_stats_read(struct str text, struct arena *mem,
                               void (*each)(void *context, const struct envoy_sample *),
                               void *context, struct err *err);
/** The admin path and query to ask for them. */
extern const char envoy_stats_target[];

#endif
