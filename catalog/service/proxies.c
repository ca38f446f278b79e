/* Groups, gateways, deployments, and what a group's proxies are configured with. */
#include "catalog/service/internal.h"

#define OLD_TOKEN_MS INT64_C(600000)
#define TOKEN_LEN    43

/* --- groups --------------------------------------------------------------------------------------
 */

static bool group_event(struct txn *txn, const struct change *c, const char *kind,
                        const struct group *before, const struct group *after, struct err *err)
{
    const struct happening what = {.kind = kind,
                                   .record = &record_group,
                                   .before = before,
                                   .after = after,
                                   .id = after->id,
                                   .name = after->slug};
    txn->flags |= COMMIT_CONFIG;
    return event_add(txn, c->by, &what, err);
}

bool group_create(struct txn *txn, const void *in, struct arena *mem, void *out, struct err *err)
{
    const struct change *c = in;
    struct group row = {.id = new_id(txn), .created_at = txn->now_ms, .etag = 1};
    if (!permit(txn->store, c->by, ACTION_GATEWAY_MANAGE, 0, err) ||
        !record_read(&record_group, c->body, true, mem, &row, err) ||
        !insert_named(txn, &record_group, &row, "slug", row.slug, err) ||
        !group_event(txn, c, "group.created", NULL, &row, err))
        return false;
    *(struct group *)out = row;
    return true;
}

static bool group_of(struct txn *txn, const struct change *c, struct str slug, const char *where,
                     struct arena *mem, struct group *row, struct err *err)
{
    if (store_one(txn->store, STMT_GROUP, &record_group, ARGS(VIEWER(c->by), arg_text(slug)), mem,
                  row, err))
        return true;
    if (err->code == ERR_NOT_FOUND && where != NULL)
        return fail(err, ERR_INVALID, where, "there is no group \"" STR_FMT "\"", STR_ARG(slug));
    return false;
}

bool group_patch(struct txn *txn, const void *in, struct arena *mem, void *out, struct err *err)
{
    const struct change *c = in;
    struct group row = {0};
    if (!permit(txn->store, c->by, ACTION_GATEWAY_MANAGE, 0, err) ||
        !group_of(txn, c, c->args[0], NULL, mem, &row, err) || !check_etag(c, row.etag, err))
        return false;
    const struct group before = row;
    if (!record_read(&record_group, c->body, false, mem, &row, err) ||
        !store_update(txn->store, &record_group, &row, err) ||
        !group_event(txn, c, "group.changed", &before, &row, err))
        return false;
    *(struct group *)out = row;
    return true;
}

/* --- gateways ------------------------------------------------------------------------------------
 */

static bool gateway_event(struct txn *txn, const struct change *c, const char *kind,
                          const struct gateway *before, const struct gateway *after,
                          struct err *err)
{
    const struct gateway *row = after ? after : before;
    const struct happening what = {.kind = kind,
                                   .record = &record_gateway,
                                   .before = before,
                                   .after = after,
                                   .id = row->id,
                                   .name = row->slug};
    txn->flags |= COMMIT_CONFIG;
    return event_add(txn, c->by, &what, err);
}

/* "host:port", or where a socket will do "unix:/path". */
static bool address_valid(struct str text, bool socket)
{
    size_t colon = text.len;
    int64_t port = 0;
    if (socket && str_starts(text, STR("unix:/")))
        return text.len > 6 && text.len <= 5 + 107;
    while (colon > 0 && text.ptr[colon - 1] != ':')
        colon--;
    return colon > 1 && str_to_i64(str_sub(text, colon, text.len), &port) && port > 0 &&
           port < 65536;
}

static bool addresses_valid(const struct gateway *row, struct err *err)
{
    if (!address_valid(row->listener, false)) {
        (void)fail(err, ERR_INVALID, "/listener", "\"" STR_FMT "\" is not an address",
                   STR_ARG(row->listener));
        return err_hint(err, "write host:port, for example 0.0.0.0:10000");
    }
    if (!address_valid(row->admin, true)) {
        (void)fail(err, ERR_INVALID, "/admin", "\"" STR_FMT "\" is not an address",
                   STR_ARG(row->admin));
        return err_hint(err, "write unix:/path or host:port");
    }
    return true;
}

/* Two live proxies on one address would both start and silently share the traffic. */
static bool insert_gateway(struct txn *txn, const struct gateway *row, struct err *err)
{
    if (store_insert(txn->store, &record_gateway, row, err))
        return true;
    if (err->code == ERR_CONFLICT && str_find(str_from(err->msg), STR("listener")) != SIZE_MAX)
        return fail(err, ERR_CONFLICT, "/listener", "another gateway listens on " STR_FMT,
                    STR_ARG(row->listener));
    if (err->code == ERR_CONFLICT)
        return fail(err, ERR_CONFLICT, "/slug",
                    "there is a gateway with slug \"" STR_FMT "\" already", STR_ARG(row->slug));
    return false;
}

bool gateway_create(struct txn *txn, const void *in, struct arena *mem, void *out, struct err *err)
{
    const struct change *c = in;
    struct group group = {0};
    struct gateway row = {.id = new_id(txn), .created_at = txn->now_ms, .etag = 1};
    if (!permit(txn->store, c->by, ACTION_GATEWAY_MANAGE, 0, err) ||
        !record_read(&record_gateway, c->body, true, mem, &row, err) ||
        !group_of(txn, c, row.group, "/group", mem, &group, err) || !addresses_valid(&row, err))
        return false;
    row.group_id = group.id;
    row.node_id = row.slug;
    if (!insert_gateway(txn, &row, err) ||
        !gateway_event(txn, c, "gateway.created", NULL, &row, err))
        return false;
    *(struct gateway *)out = row;
    return true;
}

static bool gateway_for_change(struct txn *txn, const struct change *c, struct arena *mem,
                               struct gateway *row, struct err *err)
{
    return permit(txn->store, c->by, ACTION_GATEWAY_MANAGE, 0, err) &&
           store_one(txn->store, STMT_GATEWAY, &record_gateway,
                     ARGS(VIEWER(c->by), arg_text(c->args[0])), mem, row, err) &&
           check_etag(c, row->etag, err);
}

bool gateway_patch(struct txn *txn, const void *in, struct arena *mem, void *out, struct err *err)
{
    const struct change *c = in;
    struct gateway row = {0};
    if (!gateway_for_change(txn, c, mem, &row, err))
        return false;
    const struct gateway before = row;
    if (!record_read(&record_gateway, c->body, false, mem, &row, err) ||
        !addresses_valid(&row, err) || !store_update(txn->store, &record_gateway, &row, err) ||
        !gateway_event(txn, c, "gateway.changed", &before, &row, err))
        return false;
    *(struct gateway *)out = row;
    return true;
}

bool gateway_delete(struct txn *txn, const void *in, struct arena *mem, void *out, struct err *err)
{
    const struct change *c = in;
    struct gateway row = {0};
    UNUSED(out);
    return gateway_for_change(txn, c, mem, &row, err) &&
           store_delete(txn->store, &record_gateway, row.id, err) &&
           gateway_event(txn, c, "gateway.deleted", &row, NULL, err);
}

bool gateway_token(struct txn *txn, const void *in, struct arena *mem, void *out, struct err *err)
{
    const struct change *c = in;
    struct new_token *made = out;
    struct gateway row = {0};
    if (!gateway_for_change(txn, c, mem, &row, err))
        return false;
    const struct gateway before = row;
    struct str token = random_base62(mem, TOKEN_LEN);
    struct sha256 *hash = arena_new(mem, struct sha256);
    *hash = sha256_of(token);
    row.old_token_sha256 = row.token_sha256;
    row.old_token_until = row.token_sha256.ptr ? txn->now_ms + OLD_TOKEN_MS : 0;
    row.token_sha256 = (struct str){(const char *)hash->bytes, sizeof(hash->bytes)};
    row.token_made_at = txn->now_ms;
    if (!store_update(txn->store, &record_gateway, &row, err) ||
        !gateway_event(txn, c, "gateway.token", &before, &row, err))
        return false;
    *made = (struct new_token){row, token};
    return true;
}

bool catalog_gateway_table(struct view *v, struct arena *mem, struct catalog_list *out,
                           struct err *err)
{
    struct store_rows rows = {0};
    if (!store_all(v->store, STMT_GATEWAY_TABLE, &record_gateway, NO_ARGS, mem, &rows, err))
        return false;
    *out =
        (struct catalog_list){.rows = rows.rows, .count = rows.count, .total = (int64_t)rows.count};
    return true;
}

/* --- upstreams -----------------------------------------------------------------------------------
 */

/* http://host[:port][/path] and https; nothing else is an upstream. */
static bool upstream_read(struct str url, struct envoy_deployment *d, struct err *err)
{
    int64_t port = 0;
    d->upstream_tls = str_starts(url, STR("https://"));
    struct str rest = d->upstream_tls                   ? str_sub(url, 8, url.len)
                      : str_starts(url, STR("http://")) ? str_sub(url, 7, url.len)
                                                        : STR_NONE;
    size_t slash = str_find_char(rest, '/');
    struct str authority = str_sub(rest, 0, slash);
    d->upstream_path = slash == SIZE_MAX ? STR_NONE : str_sub(rest, slash, rest.len);
    size_t colon = str_find_char(authority, ':');
    if (rest.len > 0 && authority.ptr[0] == '[') { /* an IPv6 address */
        size_t close = str_find_char(authority, ']');
        d->upstream_host = close == SIZE_MAX ? STR_NONE : str_sub(authority, 1, close - 1);
        colon = close != SIZE_MAX && close + 1 < authority.len ? close + 1 : SIZE_MAX;
    } else {
        d->upstream_host = str_sub(authority, 0, colon);
    }
    bool ok = d->upstream_host.len > 0 && str_find_char(rest, '@') == SIZE_MAX &&
              str_find_char(rest, '?') == SIZE_MAX;
    if (colon == SIZE_MAX)
        port = d->upstream_tls ? 443 : 80;
    else
        ok = ok && str_to_i64(str_sub(authority, colon + 1, authority.len), &port);
    if (!ok || port < 1 || port > 65535) {
        (void)fail(err, ERR_INVALID, "/upstream", "\"" STR_FMT "\" is not an upstream",
                   STR_ARG(url));
        return err_hint(err,
                        "write http://host:port/path or https://host/path, without user or query");
    }
    d->upstream_port = (uint16_t)port;
    return true;
}

/* --- deployments ---------------------------------------------------------------------------------
 */

static bool deployment_event(struct txn *txn, const struct change *c, const char *kind,
                             const struct api *api, const struct deployment *before,
                             const struct deployment *after, struct err *err)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    const struct deployment *row = after ? after : before;
    const struct happening what = {
        .kind = kind,
        .record = &record_deployment,
        .before = before,
        .after = after,
        .id = row->id,
        .name = arena_join(&mem, row->api, STR("/"), row->version, STR(" @ "), row->group),
        .api_id = api->id,
        .team_id = api->team_id};
    txn->flags |= COMMIT_ACCESS | COMMIT_CONFIG;
    return event_add(txn, c->by, &what, err);
}

static bool place_taken(const struct deployment *row, struct err *err)
{
    if (err->code != ERR_CONFLICT)
        return false;
    if (str_find(str_from(err->msg), STR("deployment.version_id")) != SIZE_MAX)
        return fail(err, ERR_CONFLICT, "/group", "the version is deployed to this group already");
    return fail(err, ERR_CONFLICT, "/base_path",
                "another deployment of the group has the base path " STR_FMT,
                STR_ARG(row->base_path));
}

static bool deployment_valid(const struct deployment *row, const struct api *api, struct err *err)
{
    struct envoy_deployment d = {
        .id = row->id,
        .api = row->api,
        .version_label = row->version,
        .host = row->host,
        .base_path = row->base_path,
        .open = api->access == API_ACCESS_OPEN,
        .keep_escaped_slashes = row->keep_escaped_slashes,
        .timeout_ms = (uint32_t)row->timeout_ms,
    };
    if (!upstream_read(row->upstream, &d, err))
        return false;
    return envoy_deployment_check(&d, err) || err_at(err, "/base_path");
}

static bool deployed_api(struct txn *txn, const struct change *c, struct str slug,
                         struct arena *mem, struct api *api, struct err *err)
{
    return store_one(txn->store, STMT_API, &record_api, ARGS(VIEWER(c->by), arg_text(slug)), mem,
                     api, err) &&
           permit(txn->store, c->by, ACTION_DEPLOY, api->team_id, err);
}

/* A name in a body that leads nowhere is the body's fault, not a missing page. */
static bool named(bool found, const char *where, struct err *err)
{
    if (found || err->code != ERR_NOT_FOUND)
        return found;
    err->code = ERR_INVALID;
    return err_at(err, where);
}

bool deployment_create(struct txn *txn, const void *in, struct arena *mem, void *out,
                       struct err *err)
{
    const struct change *c = in;
    struct api api = {0};
    struct version version = {0};
    struct group group = {0};
    struct deployment row = {.id = new_id(txn), .created_at = txn->now_ms, .etag = 1};
    if (c->by->via == VIA_NOBODY)
        return permit(txn->store, c->by, ACTION_DEPLOY, 0, err);
    if (!record_read(&record_deployment, c->body, true, mem, &row, err) ||
        !named(deployed_api(txn, c, row.api, mem, &api, err), "/api", err) ||
        !named(store_one(txn->store, STMT_VERSION, &record_version,
                         ARGS(VIEWER(c->by), arg_text(row.api), arg_text(row.version)), mem,
                         &version, err),
               "/version", err) ||
        !group_of(txn, c, row.group, "/group", mem, &group, err))
        return false;
    if (version.stage != STAGE_PUBLISHED && version.stage != STAGE_DEPRECATED) {
        (void)fail(err, ERR_CONFLICT, "/version", "a %s version is not deployed",
                   name_of(&names_stage, version.stage));
        return err_hint(err, "publish it first");
    }
    row.version_id = version.id;
    row.group_id = group.id;
    if (!deployment_valid(&row, &api, err))
        return false;
    if (!store_insert(txn->store, &record_deployment, &row, err))
        return place_taken(&row, err);
    if (!deployment_event(txn, c, "deployment.created", &api, NULL, &row, err))
        return false;
    *(struct deployment *)out = row;
    return true;
}

static bool deployment_for_change(struct txn *txn, const struct change *c, struct arena *mem,
                                  struct deployment *row, struct api *api, struct err *err)
{
    int64_t id = 0;
    if (!id_parse(c->args[0], &id))
        return fail(err, ERR_NOT_FOUND, "", "there is no such deployment");
    const struct arg none = {0};
    return store_one(txn->store, STMT_DEPLOYMENT, &record_deployment,
                     ARGS(VIEWER(c->by), none, none, none, arg_i64(id)), mem, row, err) &&
           deployed_api(txn, c, row->api, mem, api, err) && check_etag(c, row->etag, err);
}

bool deployment_patch(struct txn *txn, const void *in, struct arena *mem, void *out,
                      struct err *err)
{
    const struct change *c = in;
    struct deployment row = {0};
    struct api api = {0};
    if (!deployment_for_change(txn, c, mem, &row, &api, err))
        return false;
    const struct deployment before = row;
    if (!record_read(&record_deployment, c->body, false, mem, &row, err) ||
        !deployment_valid(&row, &api, err))
        return false;
    if (!store_update(txn->store, &record_deployment, &row, err))
        return place_taken(&row, err);
    if (!deployment_event(txn, c, "deployment.changed", &api, &before, &row, err))
        return false;
    *(struct deployment *)out = row;
    return true;
}

bool deployment_delete(struct txn *txn, const void *in, struct arena *mem, void *out,
                       struct err *err)
{
    const struct change *c = in;
    struct deployment row = {0};
    struct api api = {0};
    UNUSED(out);
    return deployment_for_change(txn, c, mem, &row, &api, err) &&
           store_delete(txn->store, &record_deployment, row.id, err) &&
           deployment_event(txn, c, "deployment.deleted", &api, &row, NULL, err);
}

/* --- the snapshot --------------------------------------------------------------------------------
 */

struct snapshot_rows {
    struct arena *mem;
    VEC(struct envoy_deployment) rows;
};

static bool add_deployment(void *context, const struct arg *col, struct err *err)
{
    struct snapshot_rows *s = context;
    struct envoy_deployment d = {
        .id = col[0].i64,
        .api = arena_str(s->mem, col[1].text),
        .version_label = arena_str(s->mem, col[2].text),
        .host = arena_str(s->mem, col[3].text),
        .base_path = arena_str(s->mem, col[4].text),
        .open = str_eq(col[6].text, str_from(name_of(&names_api_access, API_ACCESS_OPEN))),
        .keep_escaped_slashes = col[7].i64 != 0,
        .timeout_ms = (uint32_t)col[8].i64,
    };
    if (!upstream_read(arena_str(s->mem, col[5].text), &d, err))
        return false;
    vec_push(&s->rows, s->mem, d);
    return true;
}

bool catalog_snapshot(struct view *v, struct str group, struct arena *mem, struct envoy_group *out,
                      struct err *err)
{
    struct snapshot_rows s = {.mem = mem};
    if (!store_each(v->store, STMT_SNAPSHOT, ARGS(arg_text(group)), add_deployment, &s, err))
        return false;
    *out = (struct envoy_group){arena_str(mem, group), s.rows.ptr, s.rows.len};
    return true;
}
