/* What the files of control/ share: the published snapshot, the state of each gateway, one lock. */
#ifndef CHANCERY_CONTROL_STATE_H
#define CHANCERY_CONTROL_STATE_H

#include <pthread.h>

#include "portal/control/control.h"
#include "portal/control/signing.h"

#define VERSION_LEN 16 /* hex digits of a content hash */

/** Resources of one type, as they go out. */
struct resources {
    char version[VERSION_LEN + 1];
    struct str response; /* whole DiscoveryResponse */
};
struct group_snapshot {
    struct str slug;
    struct resources clusters, routes;
    struct str quarantine; /* "pets/v1: why", absent when all deployments go out */
};
struct gateway_snapshot {
    struct str slug, node_id;
    const struct group_snapshot *group;
    struct sha256 token, old_token;
    bool has_token;
    int64_t old_token_until_ms; /* 0: no old token */
    struct resources listener;
};
/** Everything proxies may be told, built by the publisher, never changed afterwards. */
struct snapshot {
    struct arena mem;
    unsigned refs;
    uint64_t seq;
    int64_t built_ms;
    struct group_snapshot *groups;
    size_t group_count;
    struct gateway_snapshot *gateways;
    size_t gateway_count;
};

/** What one gateway was sent and has answered. */
struct gateway_state {
    char slug[64];
    struct control_type types[ENVOY_TYPE_COUNT];
    unsigned attempts[ENVOY_TYPE_COUNT]; /* of sending the same version again */
    int64_t last_poll_ms;
    int64_t warming;
    uint64_t applied_seq;
    int64_t applied_at_ms;
};

#define CHECK_LISTENERS_MAX 8
#define COMMITS_KEPT        1024
struct commit_time {
    uint64_t seq;
    int64_t at_ms;
};

/** One group's whole list in one form as it was signed; its text is made anew for each who asks. */
struct edition {
    char group[64];
    enum access_list_form form;
    uint64_t version;
    int64_t issued_ms, changes_at_ms; /* a map is another one from then on; INT64_MAX: never */
    size_t bytes;                     /* 0: none has been made */
    char key_id[SIGNING_ID_LEN + 1];
    uint8_t signature[SIGNATURE_LEN];
    bool wanted; /* by somebody who waits */
};

struct control {
    struct portal *portal;
    pthread_mutex_t lock; /* guards everything below */
    pthread_cond_t changed;
    pthread_t publisher;
    pthread_cond_t built; /* a snapshot, or that it could not be */
    bool dirty, stopping, tried;
    uint64_t seq;
    struct snapshot *current;
    VEC(struct gateway_state) states;
    VEC(struct edition) editions;
    pthread_cond_t lists_wanted;
    int64_t lists_held_until_ms; /* until then somebody may be waiting for a list to change */
    struct arena states_mem;
    struct commit_time commits[COMMITS_KEPT];
    uint64_t commit_count;

    struct http_listener check_listeners[CHECK_LISTENERS_MAX];
    size_t check_listener_count;
    struct http_server *control_server, *check_server;
    struct check *check;
    struct signing *signing;
    pthread_t lister;
    bool have_publisher, have_lister;
    bool decides;           /* or has decided: the limits are this process's to keep */
    int64_t limits_kept_ms; /* by the steady clock; the main thread's */
};

/** The current snapshot with a reference; give it back with snapshot_release. NULL before the first
 * one. */
struct snapshot *snapshot_take(struct control *c);
void snapshot_release(struct control *c, struct snapshot *s);
/** Runs held polls again. */
void control_wake(struct control *c);

/* publisher.c */
void *publisher_run(void *control);
/** A gateway's row as the emitter wants it; texts borrowed from the row and the settings. */
struct envoy_gateway control_envoy_gateway(const struct portal *portal, const struct gateway *row);

/* gateways.c */
const struct gateway_snapshot *gateway_by_node(const struct snapshot *s, struct str node_id);
const struct gateway_snapshot *gateway_by_slug(const struct snapshot *s, struct str slug);
/** The gateway whose current or still valid old token this is. */
const struct gateway_snapshot *gateway_by_token(const struct snapshot *s, struct str token,
                                                int64_t now_ms);
const struct resources *gateway_wanted(const struct gateway_snapshot *g, enum envoy_type type);
/** Call with the lock held. */
struct gateway_state *gateway_state_of(struct control *c, struct str slug);
/** Notes when everything wanted is acknowledged and warm. Call with the lock held. */
void gateway_settle(struct control *c, struct gateway_state *state, const struct snapshot *s,
                    const struct gateway_snapshot *g, int64_t now_ms);

/* discovery.c, consumers.c */
http_handler discovery_clusters, discovery_listeners, discovery_routes, consumers_for_gateway,
    maps_for_gateway, signing_keys_for_gateway;
/** Who is on the other side of this control request: by token over TCP, by node id over a Unix
 * socket. err: ERR_UNAUTHENTICATED, the same for every cause. */
MUST_USE bool control_authenticate(const struct http_request *req, const struct snapshot *s,
                                   struct str node_id, const struct gateway_snapshot **out,
                                   struct err *err);

/* lists.c */
void *lists_run(void *control);
/** What is wanted of a list. */
struct edition_key {
    struct str group;
    enum access_list_form form;
};
/** out: the list's last edition. False when it is none of that version that may still be sent; then
 * the lister is told to make one. */
bool edition_ready(struct control *c, struct edition_key key, uint64_t version, int64_t now_ms,
                   struct edition *out);
/** Signs in this thread. */
void edition_make(struct control *c, const struct access_image *image, struct edition_key key,
                  int64_t now_ms, struct edition *out);
/** Streams an edition of the image's version; takes the reader that holds the image. */
void edition_send(struct control *c, struct image_reader *reader, const struct access_image *image,
                  const struct edition *edition, bool gzip, struct http_response *res);

/* check.c */
struct check *check_new(struct control *c);
void check_free(struct check *check);
http_handler check_answer;
void check_turn(void *check);
/** Before its server starts: goes on from what another process has left. */
MUST_USE bool check_continue(struct check *check, struct str limits, struct err *err);
/** Appends the state of all limits. False when nothing has been counted since the last time, or
 * when another process decides. server: NULL when none is running. */
bool check_save(struct check *check, struct http_server *server, struct buf *limits);
/** Has the server's thread stop deciding, wherever it is, and waits until it has. */
void check_give(struct check *check, struct http_server *server, struct buf *limits);
void check_take(struct check *check, struct http_server *server);

/* limits.c */
/** Writes the limits' file when there is something new. */
void limits_write(struct control *c, struct http_server *server);

/* relay.c */
struct relay;
/** Passes checks on to the listener's address, where another process answers. */
struct relay *relay_new(const struct http_listener *listeners, size_t count);
void relay_free(struct relay *relay);
/** From another thread: what is under way and all that follows fails at once. */
void relay_stop(struct relay *relay);
bool relay_stopped(const struct relay *relay);
MUST_USE bool relay_check(struct relay *relay, struct http_request *req, struct http_response *res,
                          struct err *err);

/* validate.c */
/** Runs `envoy --mode validate` on a group's configuration. err: ERR_INVALID with Envoy's reason.
 */
MUST_USE bool validate_group(const char *envoy, const struct envoy_group *group,
                             const struct envoy_gateway *gateway, struct err *err);

#endif
