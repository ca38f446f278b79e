/* What proxies talk to: discovery with held polls, acknowledgements, the check endpoint, consumer
 * lists. */
#ifndef CHANCERY_CONTROL_H
#define CHANCERY_CONTROL_H

#include "portal/app.h"

/** Starts the publisher thread, the control server and the check server on listeners already bound.
 *  Listeners are Unix sockets first (unix_count of them), then TCP ones, which ask for gateway
 * tokens. */
struct control_config {
    struct portal *portal;
    const struct http_listener *control_listeners;
    size_t control_listener_count;
    const struct http_listener *check_listeners;
    size_t check_listener_count;
};
MUST_USE bool control_start(const struct control_config *config, struct control **out,
                            struct err *err);
void control_stop(struct control *c);
/** Told after every commit, on the writer's thread: wakes the publisher, returns at once. */
void control_changed(struct control *c, uint64_t seq, unsigned commit_flags);

/* --- what is known of a gateway ------------------------------------------------------------------
 */

enum gateway_sync { SYNC_NEVER, SYNC_IN_SYNC, SYNC_DRIFT, SYNC_REJECTED };
const char *gateway_sync_name(enum gateway_sync sync);

/** One resource type of one gateway. Versions are content hashes, "" when none. */
struct control_type {
    char wanted[17], sent[17], acknowledged[17], rejected[17];
    int64_t sent_at_ms, acknowledged_at_ms, rejected_at_ms;
};
struct control_gateway {
    struct str slug, group;
    enum gateway_sync sync;
    bool connected; /* a poll is held or came within the last 40 s */
    bool warming;   /* acknowledged, yet clusters are still warming: does not count as applied */
    int64_t last_poll_ms;
    uint64_t applied_seq; /* event number of the newest snapshot applied whole */
    int64_t applied_at_ms;
    struct control_type types[ENVOY_TYPE_COUNT];
    struct str error; /* why a version was rejected or a deployment is quarantined */
};
/** State of every gateway, sorted by slug; texts in mem. */
void control_gateways(struct control *c, struct arena *mem, const struct control_gateway **out,
                      size_t *count);
/** Told by the fleet after it read a gateway's admin: an acknowledgement counts only while nothing
 * warms. */
void control_warming(struct control *c, struct str gateway, int64_t warming_clusters);

/* --- REST handlers
 * --------------------------------------------------------------------------------- */

http_handler control_rest_status;    /* GET /v1/gateways/{gateway}/status */
http_handler control_rest_consumers; /* GET /v1/gateways/{gateway}/consumers */
http_handler control_rest_bootstrap; /* GET /v1/gateways/{gateway}/bootstrap */
http_handler control_rest_receipt;   /* GET /v1/subscriptions/{subscription}/receipt */

#endif
