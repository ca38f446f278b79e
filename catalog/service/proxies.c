/* Groups and gateways. */
#include "catalog/service/internal.h"

#define OLD_TOKEN_MS     INT64_C(600000)
#define TOKEN_LEN        43
#define SOCKET_PATH_MOST 107 /* sun_path less its NUL */

/* --- groups ----------------------------------------------------------------------------------- */

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

bool group_of(struct txn *txn, const struct change *c, struct str slug, const char *where,
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
        !group_of(txn, c, c->args[0], NULL, mem, &row, err) || !need_etag(c, row.etag, err))
        return false;
    const struct group before = row;
    if (!record_read(&record_group, c->body, false, mem, &row, err) ||
        !store_update(txn->store, &record_group, &row, err) ||
        !group_event(txn, c, "group.changed", &before, &row, err))
        return false;
    *(struct group *)out = row;
    return true;
}

/* --- gateways --------------------------------------------------------------------------------- */

static bool gateway_event(struct txn *txn, const struct change *c, const char *kind,
                          const struct gateway *before, const struct gateway *after,
                          struct err *err)
{
    const struct gateway *row = after ? after : before;
    assert(row != NULL);
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
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.ptr[i] <= ' ' || strchr("\"'\\#?@", text.ptr[i]) != NULL)
            return false;
    if (socket && str_starts(text, STR("unix:/")))
        return text.len > 6 && text.len <= 5 + SOCKET_PATH_MOST;
    while (colon > 0 && text.ptr[colon - 1] != ':')
        colon--;
    return colon > 1 && str_find_char(text, '/') == SIZE_MAX &&
           str_to_i64(str_sub(text, colon, text.len), &port) && port > 0 && port < 65536;
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
static bool gateway_taken(const struct gateway *row, struct err *err)
{
    if (err->code == ERR_CONFLICT && str_find(str_from(err->msg), STR("listener")) != SIZE_MAX)
        return fail(err, ERR_CONFLICT, "/listener", "another gateway listens on " STR_FMT,
                    STR_ARG(row->listener));
    if (err->code == ERR_CONFLICT)
        return fail(err, ERR_CONFLICT, "/slug", "the slug \"" STR_FMT "\" is taken already",
                    STR_ARG(row->slug));
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
    if (!store_insert(txn->store, &record_gateway, &row, err))
        return gateway_taken(&row, err);
    if (!gateway_event(txn, c, "gateway.created", NULL, &row, err))
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
    if (!gateway_for_change(txn, c, mem, &row, err) || !need_etag(c, row.etag, err))
        return false;
    const struct gateway before = row;
    if (!record_read(&record_gateway, c->body, false, mem, &row, err) ||
        !addresses_valid(&row, err))
        return false;
    if (!store_update(txn->store, &record_gateway, &row, err))
        return gateway_taken(&row, err);
    if (!gateway_event(txn, c, "gateway.changed", &before, &row, err))
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
    struct new_gateway_token *made = out;
    struct gateway row = {0};
    if (!gateway_for_change(txn, c, mem, &row, err))
        return false;
    const struct gateway before = row;
    struct str token = random_base62(mem, TOKEN_LEN);
    row.old_token_sha256 = row.token_sha256;
    row.old_token_until = row.token_sha256.ptr ? txn->now_ms + OLD_TOKEN_MS : 0;
    row.token_sha256 = secret_hash(token, mem);
    row.token_made_at = txn->now_ms;
    if (!store_update(txn->store, &record_gateway, &row, err) ||
        !gateway_event(txn, c, "gateway.token", &before, &row, err))
        return false;
    *made = (struct new_gateway_token){row, token};
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
