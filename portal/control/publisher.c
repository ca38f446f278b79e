/* Builds what proxies are configured with after each change of configuration, checks it with Envoy
 * itself where a binary is configured, and publishes it in one step. */
#include <stdlib.h>

#include "portal/control/state.h"
#include "portal/settings.h"

static void set_resources(struct resources *r, enum envoy_type type, struct str resources,
                          struct arena *mem)
{
    CLEANUP(buf_clear) struct buf response = {0};
    struct sha256 hash = sha256_of(resources);
    struct str hex = hex_format(mem, hash.bytes, VERSION_LEN / 2);
    memcpy(r->version, hex.ptr, VERSION_LEN);
    envoy_response(type, hex, resources, &response);
    r->response = arena_str(mem, buf_str(&response));
}

/* "host:port" or "unix:/path"; what does not read stays zeroed and is refused by Envoy's
 * validation. */
static struct envoy_address address_of(struct str text)
{
    struct envoy_address a = {0};
    int64_t port = 0;
    size_t colon = text.len;
    if (str_starts(text, STR("unix:"))) {
        a.path = str_sub(text, 5, text.len);
        return a;
    }
    while (colon > 0 && text.ptr[colon - 1] != ':')
        colon--;
    if (colon > 0 && str_to_i64(str_sub(text, colon, text.len), &port) && port > 0 &&
        port < 65536) {
        a.host = str_sub(text, 0, colon - 1);
        a.port = (uint16_t)port;
    }
    if (a.host.len > 1 && a.host.ptr[0] == '[')
        a.host = str_sub(a.host, 1, a.host.len - 2);
    return a;
}

static struct envoy_address own_address(struct str socket, struct str listen, bool by_socket)
{
    if (by_socket)
        return (struct envoy_address){.path = socket};
    return address_of(listen);
}

struct envoy_gateway control_envoy_gateway(const struct portal *portal, const struct gateway *row)
{
    const struct settings *set = portal->settings;
    bool by_socket = row->token_file.len == 0;
    return (struct envoy_gateway){
        .slug = row->slug,
        .group = row->group,
        .node_id = row->node_id,
        .listener = address_of(row->listener),
        .admin = address_of(row->admin),
        .xds = own_address(set->control_socket, set->control_listen, by_socket),
        .check = own_address(set->check_socket, set->check_listen, by_socket),
        .token_file = row->token_file,
    };
}

/* --- quarantine --------------------------------------------------------------------------------
 */

static bool alone_is_valid(const char *envoy, const struct envoy_group *group, size_t index,
                           const struct envoy_gateway *gateway, struct err *err)
{
    const struct envoy_group one = {group->slug, &group->deployments[index], 1};
    return envoy_deployment_check(&group->deployments[index], err) &&
           (envoy == NULL || validate_group(envoy, &one, gateway, err));
}

/* Leaves out the deployments that Envoy refuses one by one, and says which and why. */
static struct str leave_out_bad(const char *envoy, struct envoy_group *group,
                                const struct envoy_gateway *gateway, struct arena *mem)
{
    struct envoy_deployment *good =
        arena_array(mem, struct envoy_deployment, group->deployment_count);
    struct str why = STR_NONE;
    size_t kept = 0;
    for (size_t i = 0; i < group->deployment_count; i++) {
        const struct envoy_deployment *d = &group->deployments[i];
        struct err err = {0};
        if (alone_is_valid(envoy, group, i, gateway, &err)) {
            good[kept++] = *d;
            continue;
        }
        why =
            arena_printf(mem, STR_FMT "%s" STR_FMT "/" STR_FMT " is held back: %s", STR_ARG(why),
                         why.len ? "; " : "", STR_ARG(d->api), STR_ARG(d->version_label), err.msg);
    }
    group->deployments = good;
    group->deployment_count = kept;
    return why;
}

static bool group_is_valid(const char *envoy, const struct envoy_group *group,
                           const struct envoy_gateway *gateway)
{
    struct err err = {0};
    for (size_t i = 0; i < group->deployment_count; i++)
        if (!envoy_deployment_check(&group->deployments[i], &err))
            return false;
    return envoy == NULL || gateway == NULL || validate_group(envoy, group, gateway, &err);
}

/* --- building ----------------------------------------------------------------------------------
 */

struct build {
    struct control *control;
    struct view *view;
    struct snapshot *snapshot;
    const struct snapshot *before; /* what has been checked already need not be checked again */
    const struct gateway *rows;
    size_t row_count;
};

static bool unchanged(const struct build *b, const struct group_snapshot *g)
{
    for (size_t i = 0; b->before != NULL && i < b->before->group_count; i++) {
        const struct group_snapshot *old = &b->before->groups[i];
        if (str_eq(old->slug, g->slug) && old->quarantine.ptr == NULL &&
            strcmp(old->routes.version, g->routes.version) == 0 &&
            strcmp(old->clusters.version, g->clusters.version) == 0)
            return true;
    }
    return false;
}

static void render(struct group_snapshot *g, const struct envoy_group *group, struct arena *mem)
{
    CLEANUP(buf_clear) struct buf clusters = {0}, routes = {0};
    envoy_clusters(group, &clusters);
    envoy_routes(group, &routes);
    set_resources(&g->clusters, ENVOY_CDS, buf_str(&clusters), mem);
    set_resources(&g->routes, ENVOY_RDS, buf_str(&routes), mem);
}

static bool build_group(struct build *b, struct group_snapshot *g, struct envoy_group *group,
                        struct err *err)
{
    struct arena *mem = &b->snapshot->mem;
    const struct portal *portal = b->control->portal;
    const char *envoy = portal->settings->envoy.len ? str_z(mem, portal->settings->envoy) : NULL;
    struct envoy_gateway gateway = {0};
    const struct envoy_gateway *any = NULL;
    if (!catalog_snapshot(b->view, g->slug, mem, group, err))
        return false;
    for (size_t i = 0; i < b->row_count && any == NULL; i++)
        if (str_eq(b->rows[i].group, g->slug)) {
            gateway = control_envoy_gateway(portal, &b->rows[i]);
            any = &gateway;
        }
    render(g, group, mem);
    if (!unchanged(b, g) && !group_is_valid(envoy, group, any)) {
        g->quarantine = leave_out_bad(any ? envoy : NULL, group, any, mem);
        render(g, group, mem);
    }
    return true;
}

static void fill_gateway(struct build *b, struct gateway_snapshot *g, const struct gateway *row,
                         const struct group_snapshot *group, const struct envoy_group *what)
{
    struct arena *mem = &b->snapshot->mem;
    CLEANUP(buf_clear) struct buf listener = {0};
    const struct envoy_gateway gateway = control_envoy_gateway(b->control->portal, row);
    g->slug = row->slug;
    g->node_id = row->node_id;
    g->group = group;
    if (row->token_sha256.len == SHA256_LEN) {
        memcpy(g->token.bytes, row->token_sha256.ptr, SHA256_LEN);
        g->has_token = true;
    }
    if (row->old_token_sha256.len == SHA256_LEN) {
        memcpy(g->old_token.bytes, row->old_token_sha256.ptr, SHA256_LEN);
        g->old_token_until_ms = row->old_token_until;
    }
    envoy_listener(what, &gateway, &listener);
    set_resources(&g->listener, ENVOY_LDS, buf_str(&listener), mem);
}

static bool build_all(struct build *b, struct err *err)
{
    struct snapshot *s = b->snapshot;
    struct catalog_list groups = {0}, gateways = {0};
    const struct catalog_query all = {.limit = 500};
    if (!catalog_gateway_table(b->view, &s->mem, &gateways, err) ||
        !catalog_groups(b->view, &principal_internal, &all, &s->mem, &groups, err))
        return false;
    b->rows = gateways.rows;
    b->row_count = gateways.count;
    s->group_count = groups.count;
    s->groups = arena_array(&s->mem, struct group_snapshot, groups.count);
    s->gateways = arena_array(&s->mem, struct gateway_snapshot, gateways.count);
    const struct group *rows = groups.rows;
    for (size_t i = 0; i < groups.count; i++) {
        struct envoy_group what = {0};
        s->groups[i].slug = rows[i].slug;
        if (!build_group(b, &s->groups[i], &what, err))
            return false;
        for (size_t k = 0; k < gateways.count; k++)
            if (str_eq(b->rows[k].group, rows[i].slug))
                fill_gateway(b, &s->gateways[s->gateway_count++], &b->rows[k], &s->groups[i],
                             &what);
    }
    return true;
}

static void publish(struct control *c, struct snapshot *fresh)
{
    pthread_mutex_lock(&c->lock);
    struct snapshot *old = c->current;
    fresh->refs = 1;
    c->current = fresh;
    pthread_mutex_unlock(&c->lock);
    snapshot_release(c, old);
    control_wake(c);
}

/* Whoever waits for a first snapshot goes on, also without one. */
static void note_tried(struct control *c)
{
    pthread_mutex_lock(&c->lock);
    c->tried = true;
    pthread_cond_broadcast(&c->built);
    pthread_mutex_unlock(&c->lock);
}

static void build_and_publish(struct control *c, struct view *view, uint64_t seq)
{
    struct snapshot *fresh = mem_new_of(struct snapshot), *before = snapshot_take(c);
    struct build b = {.control = c, .view = view, .snapshot = fresh, .before = before};
    struct err err = {0};
    fresh->seq = seq;
    fresh->built_ms = clock_now_ms(c->portal->clock);
    if (build_all(&b, &err)) {
        publish(c, fresh);
    } else { /* proxies keep what they have */
        log_err(c->portal->log, "configuration could not be built", &err);
        arena_clear(&fresh->mem);
        free(fresh);
    }
    snapshot_release(c, before);
    note_tried(c);
}

/* Waits for a change; false when the program ends. */
static bool next_change(struct control *c, uint64_t *seq)
{
    pthread_mutex_lock(&c->lock);
    while (!c->dirty && !c->stopping)
        pthread_cond_wait(&c->changed, &c->lock);
    c->dirty = false;
    *seq = c->seq;
    bool go_on = !c->stopping;
    pthread_mutex_unlock(&c->lock);
    return go_on;
}

void *publisher_run(void *control)
{
    struct control *c = control;
    struct view *view = NULL;
    struct err err = {0};
    uint64_t seq;
    if (!view_open(c->portal->catalog, &view, &err)) {
        log_err(c->portal->log, "the publisher cannot read the catalog", &err);
        note_tried(c);
        return NULL;
    }
    while (next_change(c, &seq))
        build_and_publish(c, view, seq);
    view_close(view);
    return NULL;
}
