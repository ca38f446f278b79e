/* REST xDS: polls are held until there is something new, and their versions say what was applied.
 */
#include "portal/control/state.h"

/* Envoy's own limit is in x-envoy-expected-rq-timeout-ms (35 s as our bootstrap says). */
#define HOLD_MS          INT64_C(28000)
#define HOLD_MARGIN_MS   INT64_C(2000)
#define FIRST_RETRY_MS   INT64_C(1000) /* doubles: a proxy that starts must get its configuration */
#define LATER_RETRY_MS   INT64_C(30000) /* doubles: an answer may have been lost on its way */
#define LATER_RETRY_MOST 3
#define RETRY_DOUBLINGS  6
#define CLUSTERS_WAIT_MS INT64_C(5000)

static const char *const not_known =
    "this gateway is not known here, or its token is wrong or missing";

bool control_authenticate(const struct http_request *req, const struct snapshot *s,
                          struct str node_id, const struct gateway_snapshot **out, struct err *err)
{
    const struct gateway_snapshot *g = NULL;
    struct str bearer = http_header(req, "authorization");
    if (s == NULL) {
        (void)fail(err, ERR_BUSY, "", "the first configuration is not ready yet");
        return err_hint(err, "try again in a second");
    }
    if (str_starts(bearer, STR("Bearer ")))
        g = gateway_by_token(s, str_trim(str_sub(bearer, 7, bearer.len)), req->now_ms);
    else if (req->peer.is_unix && bearer.ptr == NULL)
        g = gateway_by_node(s, node_id);
    if (g == NULL || (node_id.ptr != NULL && !str_eq(g->node_id, node_id))) {
        (void)fail(err, ERR_UNAUTHENTICATED, "", "%s", not_known);
        return err_hint(
            err,
            "make a token with POST /v1/gateways/{gateway}/token and put it into the token file");
    }
    *out = g;
    return true;
}

static bool is(const char *version, struct str text)
{
    return str_eq(str_from(version), text);
}

static void set_version(char to[VERSION_LEN + 1], struct str from)
{
    memset(to, 0, VERSION_LEN + 1);
    memcpy(to, from.ptr, from.len < VERSION_LEN ? from.len : VERSION_LEN);
}

/* A poll carries the version that the proxy runs: what was sent, or what it had before it rejected
 * that. True when that acknowledges something new. */
static bool learn(struct gateway_state *state, enum envoy_type type, struct str version,
                  int64_t now_ms)
{
    struct control_type *t = &state->types[type];
    bool restarted =
        version.len == 0 && t->sent[0] != '\0' && strcmp(t->sent, t->acknowledged) == 0;
    if (restarted) {
        *t = (struct control_type){0};
        state->attempts[type] = 0;
        state->applied_seq = 0;
        return false;
    }
    if (version.len > 0 && version.len <= VERSION_LEN && !is(t->acknowledged, version) &&
        (t->sent[0] == '\0' || is(t->sent, version))) {
        set_version(t->acknowledged, version);
        set_version(t->sent, version);
        memset(t->rejected, 0, sizeof(t->rejected));
        t->acknowledged_at_ms = now_ms;
        state->attempts[type] = 0;
        return true;
    }
    if (t->sent[0] != '\0' && !is(t->sent, version) && strcmp(t->rejected, t->sent) != 0) {
        memcpy(t->rejected, t->sent, sizeof(t->rejected));
        t->rejected_at_ms = now_ms;
    }
    return false;
}

/* When the same version may go out again; 0: at once, INT64_MAX: not before it changes. */
static int64_t next_try(const struct gateway_state *state, enum envoy_type type, const char *wanted,
                        bool starting)
{
    const struct control_type *t = &state->types[type];
    unsigned tries = state->attempts[type];
    if (strcmp(t->sent, wanted) != 0)
        return 0;
    if (!starting && tries >= LATER_RETRY_MOST)
        return INT64_MAX;
    int64_t wait = starting ? FIRST_RETRY_MS : LATER_RETRY_MS;
    return t->sent_at_ms + (wait << (tries < RETRY_DOUBLINGS ? tries : RETRY_DOUBLINGS));
}

/* Routes wait for the clusters they name, as long as those can be expected to come. */
static int64_t clusters_first(const struct gateway_state *state, const struct snapshot *s,
                              const struct gateway_snapshot *g, enum envoy_type type)
{
    const struct control_type *clusters = &state->types[ENVOY_CDS];
    const char *wanted = g->group->clusters.version;
    if (type != ENVOY_RDS || strcmp(clusters->acknowledged, wanted) == 0 ||
        strcmp(clusters->rejected, wanted) == 0)
        return 0;
    bool sent = strcmp(clusters->sent, wanted) == 0;
    return (sent ? clusters->sent_at_ms : s->built_ms) + CLUSTERS_WAIT_MS;
}

static int64_t hold_end(const struct http_request *req)
{
    int64_t expected = 0, hold = HOLD_MS;
    if (str_to_i64(http_header(req, "x-envoy-expected-rq-timeout-ms"), &expected) &&
        expected > HOLD_MARGIN_MS && expected - HOLD_MARGIN_MS < hold)
        hold = expected - HOLD_MARGIN_MS;
    return req->arrived_ms + hold;
}

static void mark_sent(struct gateway_state *state, enum envoy_type type, const char *version,
                      int64_t now_ms)
{
    struct control_type *t = &state->types[type];
    state->attempts[type] = strcmp(t->sent, version) == 0 ? state->attempts[type] + 1 : 0;
    memcpy(t->sent, version, VERSION_LEN + 1);
    t->sent_at_ms = now_ms;
}

/* Whether to answer now; if not, when to look again at the latest. */
static bool answer_now(struct control *c, const struct http_request *req, const struct snapshot *s,
                       const struct gateway_snapshot *g, enum envoy_type type, struct str version,
                       int64_t *look_again_ms)
{
    const struct resources *wanted = gateway_wanted(g, type);
    bool starting = version.len == 0, send = false, acknowledged = false;
    pthread_mutex_lock(&c->lock);
    struct gateway_state *state = gateway_state_of(c, g->slug);
    state->last_poll_ms = req->now_ms;
    if (!req->held)
        acknowledged = learn(state, type, version, req->now_ms);
    gateway_settle(c, state, s, g, req->now_ms);
    *look_again_ms = INT64_MAX;
    if (!is(wanted->version, version)) {
        int64_t retry = next_try(state, type, wanted->version, starting);
        int64_t order = clusters_first(state, s, g, type);
        *look_again_ms = retry > order ? retry : order;
        send = *look_again_ms <= req->now_ms;
    }
    if (send)
        mark_sent(state, type, wanted->version, req->now_ms);
    pthread_mutex_unlock(&c->lock);
    if (acknowledged &&
        type == ENVOY_CDS) /* held polls for routes have waited for these clusters */
        control_wake(c);
    return send;
}

static bool discover(struct http_request *req, enum envoy_type type, struct http_response *res,
                     struct err *err)
{
    struct control *c = req->context;
    struct envoy_poll poll;
    const struct gateway_snapshot *g = NULL;
    int64_t look_again_ms;
    if (!envoy_poll_read(req->body, &poll, err))
        return false;
    struct snapshot *s = snapshot_take(c);
    if (!control_authenticate(req, s, poll.node_id, &g, err)) {
        snapshot_release(c, s);
        return false;
    }
    assert(g != NULL);
    if (answer_now(c, req, s, g, type, poll.version, &look_again_ms)) {
        res->content_type = STR("application/json");
        res->body = arena_str(req->mem, gateway_wanted(g, type)->response);
    } else if (req->hold_over) {
        res->status = 304;
    } else {
        int64_t end = hold_end(req);
        res->hold_until_ms = look_again_ms < end ? look_again_ms : end;
    }
    snapshot_release(c, s);
    return true;
}

bool discovery_clusters(struct http_request *req, struct http_response *res, struct err *err)
{
    return discover(req, ENVOY_CDS, res, err);
}

bool discovery_listeners(struct http_request *req, struct http_response *res, struct err *err)
{
    return discover(req, ENVOY_LDS, res, err);
}

bool discovery_routes(struct http_request *req, struct http_response *res, struct err *err)
{
    return discover(req, ENVOY_RDS, res, err);
}
