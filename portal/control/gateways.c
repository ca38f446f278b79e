/* Gateways: who they are, what they were sent, what they have applied. */
#include "portal/control/state.h"

#define CONNECTED_MS INT64_C(40000) /* a hold of 28 s, a pause, and some */

const char *gateway_sync_name(enum gateway_sync sync)
{
    static const char *const names[] = {
        [SYNC_NEVER] = "never",
        [SYNC_IN_SYNC] = "in_sync",
        [SYNC_DRIFT] = "drift",
        [SYNC_REJECTED] = "rejected",
    };
    return names[sync];
}

const struct gateway_snapshot *gateway_by_node(const struct snapshot *s, struct str node_id)
{
    for (size_t i = 0; i < s->gateway_count; i++)
        if (str_eq(s->gateways[i].node_id, node_id))
            return &s->gateways[i];
    return NULL;
}

const struct gateway_snapshot *gateway_by_slug(const struct snapshot *s, struct str slug)
{
    for (size_t i = 0; i < s->gateway_count; i++)
        if (str_eq(s->gateways[i].slug, slug))
            return &s->gateways[i];
    return NULL;
}

const struct gateway_snapshot *gateway_by_token(const struct snapshot *s, struct str token,
                                                int64_t now_ms)
{
    if (token.len == 0)
        return NULL;
    struct sha256 hash = sha256_of(token);
    for (size_t i = 0; i < s->gateway_count; i++) {
        const struct gateway_snapshot *g = &s->gateways[i];
        if (g->has_token && equal_constant_time(&g->token, &hash, sizeof(hash)))
            return g;
        if (g->old_token_until_ms > now_ms &&
            equal_constant_time(&g->old_token, &hash, sizeof(hash)))
            return g;
    }
    return NULL;
}

const struct resources *gateway_wanted(const struct gateway_snapshot *g, enum envoy_type type)
{
    switch (type) {
    case ENVOY_CDS:
        return &g->group->clusters;
    case ENVOY_RDS:
        return &g->group->routes;
    case ENVOY_LDS:
    case ENVOY_TYPE_COUNT:
        break;
    }
    return &g->listener;
}

struct gateway_state *gateway_state_of(struct control *c, struct str slug)
{
    for (size_t i = 0; i < c->states.len; i++)
        if (str_eq(str_from(c->states.ptr[i].slug), slug))
            return &c->states.ptr[i];
    struct gateway_state fresh = {0};
    memcpy(fresh.slug, slug.ptr, slug.len < sizeof(fresh.slug) ? slug.len : sizeof(fresh.slug) - 1);
    vec_push(&c->states, &c->states_mem, fresh);
    return vec_last(&c->states);
}

static bool all_acknowledged(const struct gateway_state *state, const struct gateway_snapshot *g)
{
    for (int type = 0; type < ENVOY_TYPE_COUNT; type++)
        if (strcmp(state->types[type].acknowledged,
                   gateway_wanted(g, (enum envoy_type)type)->version) != 0)
            return false;
    return true;
}

void gateway_settle(struct control *c, struct gateway_state *state, const struct snapshot *s,
                    const struct gateway_snapshot *g, int64_t now_ms)
{
    UNUSED(c);
    for (int type = 0; type < ENVOY_TYPE_COUNT; type++)
        memcpy(state->types[type].wanted, gateway_wanted(g, (enum envoy_type)type)->version,
               VERSION_LEN + 1);
    if (state->applied_seq >= s->seq || state->warming > 0 || !all_acknowledged(state, g))
        return;
    state->applied_seq = s->seq;
    state->applied_at_ms = now_ms;
}

/* The time the last acknowledgement came in, not the time warming was found to be over. */
static int64_t last_acknowledged(const struct gateway_state *state)
{
    int64_t at = 0;
    for (int type = 0; type < ENVOY_TYPE_COUNT; type++)
        if (state->types[type].acknowledged_at_ms > at)
            at = state->types[type].acknowledged_at_ms;
    return at;
}

void control_warming(struct control *c, struct str gateway, int64_t warming_clusters)
{
    struct snapshot *s = snapshot_take(c);
    if (s == NULL)
        return;
    const struct gateway_snapshot *g = gateway_by_slug(s, gateway);
    pthread_mutex_lock(&c->lock);
    if (g != NULL) {
        struct gateway_state *state = gateway_state_of(c, gateway);
        state->warming = warming_clusters;
        gateway_settle(c, state, s, g, last_acknowledged(state));
    }
    pthread_mutex_unlock(&c->lock);
    snapshot_release(c, s);
}

static enum gateway_sync sync_of(const struct control_gateway *g)
{
    bool same = true;
    if (!g->types[ENVOY_CDS].acknowledged[0] && !g->types[ENVOY_CDS].rejected[0])
        return SYNC_NEVER;
    for (int type = 0; type < ENVOY_TYPE_COUNT; type++) {
        const struct control_type *t = &g->types[type];
        if (t->rejected[0] != '\0' && strcmp(t->rejected, t->wanted) == 0)
            return SYNC_REJECTED;
        same = same && strcmp(t->acknowledged, t->wanted) == 0;
    }
    return same && !g->warming && g->connected ? SYNC_IN_SYNC : SYNC_DRIFT;
}

static struct str error_of(const struct control_gateway *g, const struct gateway_snapshot *from,
                           struct arena *mem)
{
    static const char *const nouns[] = {
        [ENVOY_CDS] = "clusters", [ENVOY_LDS] = "listeners", [ENVOY_RDS] = "routes"};
    if (from->group->quarantine.ptr != NULL)
        return arena_str(mem, from->group->quarantine);
    for (int type = 0; type < ENVOY_TYPE_COUNT; type++)
        if (g->types[type].rejected[0] != '\0' &&
            strcmp(g->types[type].rejected, g->types[type].wanted) == 0)
            return arena_printf(mem, "the gateway rejected %s %s; its log says why", nouns[type],
                                g->types[type].rejected);
    return g->warming ? STR("acknowledged, but clusters are still warming") : STR_NONE;
}

void control_gateways(struct control *c, struct arena *mem, const struct control_gateway **out,
                      size_t *count)
{
    struct snapshot *s = snapshot_take(c);
    int64_t now_ms = clock_now_ms(c->portal->clock);
    *count = s ? s->gateway_count : 0;
    struct control_gateway *list = arena_array(mem, struct control_gateway, *count);
    for (size_t i = 0; i < *count; i++) {
        const struct gateway_snapshot *from = &s->gateways[i];
        struct control_gateway *g = &list[i];
        pthread_mutex_lock(&c->lock);
        struct gateway_state *state = gateway_state_of(c, from->slug);
        gateway_settle(c, state, s, from, last_acknowledged(state));
        memcpy(g->types, state->types, sizeof(g->types));
        g->last_poll_ms = state->last_poll_ms;
        g->warming = state->warming > 0;
        g->applied_seq = state->applied_seq;
        g->applied_at_ms = state->applied_at_ms;
        pthread_mutex_unlock(&c->lock);
        g->slug = arena_str(mem, from->slug);
        g->group = arena_str(mem, from->group->slug);
        g->connected = g->last_poll_ms != 0 && now_ms - g->last_poll_ms < CONNECTED_MS;
        g->sync = sync_of(g);
        g->error = error_of(g, from, mem);
    }
    *out = list;
    snapshot_release(c, s);
}
