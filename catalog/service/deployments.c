/* Deployments, and what a group's proxies are configured with. */
#include "catalog/service/internal.h"

#define KEYS_MOST_BYTES 900 /* of an event's reason */

static bool deployment_event(struct txn *txn, const struct change *c, const char *kind,
                             const struct api *api, const struct deployment *before,
                             const struct deployment *after, struct str reason, struct err *err)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    const struct deployment *row = after ? after : before;
    assert(row != NULL);
    const struct happening what = {
        .kind = kind,
        .record = &record_deployment,
        .before = before,
        .after = after,
        .id = row->id,
        .name = arena_join(&mem, row->api, STR("/"), row->version, STR(" @ "), row->group),
        .api_id = api->id,
        .team_id = api->team_id,
        .reason = reason};
    touch(txn, TOUCH_DEPLOYMENT, row->id);
    txn->flags |= COMMIT_CONFIG;
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

/* What no HTTP/1.1 proxy can carry is deployed without; the log says so. */
static bool unservable(struct txn *txn, const struct version *version, struct arena *mem,
                       struct str *out, struct err *err)
{
    struct str keys = STR_NONE;
    if (!store_bytes(txn->store, STMT_UNSERVABLE, ARGS(arg_id(version->revision_id)), mem, &keys,
                     err))
        return false;
    keys = str_sub(keys, 0, KEYS_MOST_BYTES);
    while (keys.len > 0 && !str_utf8(keys, NULL)) /* cut at a character's border */
        keys.len--;
    if (keys.len > 0)
        *out = arena_join(mem, STR("not served by proxies: "), keys);
    return true;
}

bool deployment_create(struct txn *txn, const void *in, struct arena *mem, void *out,
                       struct err *err)
{
    const struct change *c = in;
    struct api api = {0};
    struct version version = {0};
    struct group group = {0};
    struct str left_out = STR_NONE;
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
    if (!deployment_valid(&row, &api, err) || !unservable(txn, &version, mem, &left_out, err))
        return false;
    if (!store_insert(txn->store, &record_deployment, &row, err))
        return place_taken(&row, err);
    if (!deployment_event(txn, c, "deployment.created", &api, NULL, &row, left_out, err))
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
    if (!deployment_for_change(txn, c, mem, &row, &api, err) || !need_etag(c, row.etag, err))
        return false;
    const struct deployment before = row;
    if (!record_read(&record_deployment, c->body, false, mem, &row, err) ||
        !deployment_valid(&row, &api, err))
        return false;
    if (!store_update(txn->store, &record_deployment, &row, err))
        return place_taken(&row, err);
    if (!deployment_event(txn, c, "deployment.changed", &api, &before, &row, STR_NONE, err))
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
           deployment_event(txn, c, "deployment.deleted", &api, &row, NULL, STR_NONE, err);
}

/* --- the snapshot ----------------------------------------------------------------------------- */

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
