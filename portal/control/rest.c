/* What people see of proxies: bootstrap, status, and the receipt of a change. */
#include "portal/control/state.h"

bool control_rest_bootstrap(struct http_request *req, struct http_response *res, struct err *err)
{
    struct gateway row = {0};
    if (!catalog_gateway(VIEW(req), PRINCIPAL(req), req->args, req->mem, &row, err))
        return false;
    const struct envoy_gateway gateway = control_envoy_gateway(APP(req), &row);
    if (gateway.xds.path.len == 0 && gateway.xds.port == 0) {
        (void)fail(err, ERR_CONFLICT, "",
                   "the gateway has a token file, but discovery listens on no TCP address");
        return err_hint(err,
                        "set control_listen and check_listen, or clear the gateway's token_file");
    }
    res->content_type = STR("application/yaml");
    envoy_bootstrap(&gateway, &res->owned);
    signing_comment(APP(req)->control->signing, req->mem, &res->owned);
    return true;
}

static void write_time(struct json_writer *w, struct arena *mem, const char *name, int64_t at_ms)
{
    json_key_str(w, name, at_ms ? time_format(mem, at_ms) : STR_NONE);
}

static void write_version(struct json_writer *w, const char *name, const char *version)
{
    json_key_str(w, name, version[0] ? str_from(version) : STR_NONE);
}

static void write_type(struct json_writer *w, struct arena *mem, enum envoy_type type,
                       const struct control_type *t)
{
    json_open_object(w);
    json_key_str(w, "type", str_from(envoy_type_path(type)));
    write_version(w, "version", t->wanted);
    write_version(w, "acknowledged", t->acknowledged);
    write_time(w, mem, "acknowledged_at", t->acknowledged_at_ms);
    write_version(w, "rejected", t->rejected);
    write_time(w, mem, "rejected_at", t->rejected_at_ms);
    json_close_object(w);
}

bool control_rest_status(struct http_request *req, struct http_response *res, struct err *err)
{
    struct gateway row = {0};
    const struct control_gateway *list = NULL;
    size_t count = 0;
    if (!catalog_gateway(VIEW(req), PRINCIPAL(req), req->args, req->mem, &row, err))
        return false;
    control_gateways(APP(req)->control, req->mem, &list, &count);
    struct control_gateway none = {.slug = row.slug, .group = row.group};
    const struct control_gateway *g = &none;
    for (size_t i = 0; i < count; i++)
        if (str_eq(list[i].slug, row.slug))
            g = &list[i];
    struct json_writer w = {.out = &res->owned};
    json_open_object(&w);
    json_key_str(&w, "gateway", g->slug);
    json_key_str(&w, "group", g->group);
    json_key_bool(&w, "connected", g->connected);
    json_key_str(&w, "sync", str_from(gateway_sync_name(g->sync)));
    write_time(&w, req->mem, "last_poll_at", g->last_poll_ms);
    json_key_i64(&w, "applied_seq", (int64_t)g->applied_seq);
    write_time(&w, req->mem, "applied_at", g->applied_at_ms);
    json_key_str(&w, "error", g->error);
    json_key(&w, STR("types"));
    json_open_array(&w);
    for (int type = 0; type < ENVOY_TYPE_COUNT; type++)
        write_type(&w, req->mem, (enum envoy_type)type, &g->types[type]);
    json_close_array(&w);
    json_close_object(&w);
    res->content_type = STR("application/json");
    return true;
}

/* --- receipts ----------------------------------------------------------------------------------
 */

/* When the change with this number was published; 0 when that was before this process started. */
static int64_t published_at(struct control *c, uint64_t seq)
{
    int64_t at = 0;
    pthread_mutex_lock(&c->lock);
    uint64_t kept = c->commit_count < COMMITS_KEPT ? c->commit_count : COMMITS_KEPT;
    for (uint64_t i = c->commit_count - kept; i < c->commit_count; i++) {
        const struct commit_time *commit = &c->commits[i % COMMITS_KEPT];
        if (commit->seq >= seq) {
            at = commit->at_ms;
            break;
        }
    }
    pthread_mutex_unlock(&c->lock);
    return at;
}

/* Gateways that serve the subscription's API; they ask for each call, so what is published is in
 * force. */
static bool serving_groups(struct http_request *req, struct str api,
                           struct catalog_list *deployments, struct err *err)
{
    const struct catalog_query of_api = {.api = api, .limit = 500};
    return catalog_deployments(VIEW(req), &principal_internal, &of_api, req->mem, deployments, err);
}

static bool serves(const struct catalog_list *deployments, struct str group)
{
    const struct deployment *rows = deployments->rows;
    for (size_t i = 0; i < deployments->count; i++)
        if (str_eq(rows[i].group, group))
            return true;
    return false;
}

static void write_receipt(struct http_request *req, const struct event *last,
                          const struct catalog_list *deployments, struct buf *out)
{
    struct control *c = APP(req)->control;
    const struct control_gateway *list = NULL;
    size_t count = 0;
    int64_t at_ms = published_at(c, (uint64_t)last->seq);
    control_gateways(c, req->mem, &list, &count);
    struct json_writer w = {.out = out};
    json_open_object(&w);
    json_key_i64(&w, "seq", last->seq);
    json_key_str(&w, "change", last->kind);
    write_time(&w, req->mem, "changed_at", last->at);
    write_time(&w, req->mem, "published_at", at_ms);
    json_key(&w, STR("gateways"));
    json_open_array(&w);
    for (size_t i = 0; i < count; i++) {
        if (!serves(deployments, list[i].group))
            continue;
        bool enforced = list[i].connected && at_ms != 0;
        json_open_object(&w);
        json_key_str(&w, "gateway", list[i].slug);
        json_key_str(&w, "group", list[i].group);
        json_key_bool(&w, "enforced", enforced);
        write_time(&w, req->mem, "enforced_at", enforced ? at_ms : 0);
        json_key(&w, STR("ms"));
        if (enforced)
            json_put_i64(&w, at_ms - last->at);
        else
            json_put_null(&w);
        json_close_object(&w);
    }
    json_close_array(&w);
    json_close_object(&w);
}

bool control_rest_receipt(struct http_request *req, struct http_response *res, struct err *err)
{
    struct subscription sub = {0};
    struct catalog_list events = {0}, deployments = {0};
    if (!catalog_subscription(VIEW(req), PRINCIPAL(req), req->args, req->mem, &sub, err))
        return false;
    const struct catalog_query last = {.subject = id_format(req->mem, sub.id), .limit = 1};
    if (!catalog_events(VIEW(req), &principal_internal, &last, req->mem, &events, err) ||
        !serving_groups(req, sub.api, &deployments, err))
        return false;
    if (events.count == 0)
        return fail(err, ERR_NOT_FOUND, "", "nothing is recorded of this subscription");
    write_receipt(req, events.rows, &deployments, &res->owned);
    res->content_type = STR("application/json");
    return true;
}
