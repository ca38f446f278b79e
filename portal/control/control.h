/* What proxies talk to: discovery with held polls, acknowledgements, the check endpoint, consumer
 * lists. */
#ifndef CHANCERY_CONTROL_H
#define CHANCERY_CONTROL_H

#include "portal/app.h"

/** Starts the publisher thread and the control server on listeners already bound; over TCP they ask
 * for gateway tokens. The listeners' sockets become the control's, those for checks when
 * control_start_checks has gone well. */
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
/** Starts deciding. limits (absent: none) is what control_give_checks of another process has left.
 *  err: ERR_INVALID, ERR_IO. */
MUST_USE bool control_start_checks(struct control *c, struct str limits, struct err *err);
/** For a start that takes over from nobody: what the last run has left of rates and quotas. Comes
 * before control_start_checks. */
void control_recall_limits(struct control *c);
/** Called every few seconds: writes them down at least each half minute. control_stop does so, too.
 */
void control_keep_limits(struct control *c);
/** Waits until the configuration has been built once, so that gateways are known by their tokens.
 */
void control_await_snapshot(struct control *c);

/* --- handing over to another process on the same sockets ----------------------------------------
 */

/** Stops deciding: from here on each check is passed on to who listens at the same address. limits
 * gets the state of all rates and quotas. */
void control_give_checks(struct control *c, struct buf *limits);
/** Decides again, when the other process has failed. */
void control_take_checks(struct control *c);
/** Discovery and lists: no new connections, held polls are answered, idle connections end. */
void control_drain_polls(struct control *c);
/** The same for checks, but each connection ends with its next answer. */
void control_drain_checks(struct control *c);
/** Serves polls on fresh copies of the same sockets after control_drain_polls. */
MUST_USE bool control_resume_polls(struct control *c, const struct http_listener *listeners,
                                   size_t count, struct err *err);
/** Connections that are still open. */
size_t control_connections(const struct control *c);
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

http_handler control_rest_status;          /* GET /v1/gateways/{gateway}/status */
http_handler control_rest_consumers;       /* GET /v1/gateways/{gateway}/consumers */
http_handler control_rest_maps;            /* GET /v1/gateways/{gateway}/maps/{map} */
http_handler control_rest_signing_keys;    /* GET /v1/signing-keys */
http_handler control_rest_signing_key_new; /* POST /v1/signing-keys */
http_handler control_rest_bootstrap;       /* GET /v1/gateways/{gateway}/bootstrap */
http_handler control_rest_receipt;         /* GET /v1/subscriptions/{subscription}/receipt */

#endif
