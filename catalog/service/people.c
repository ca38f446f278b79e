/* Users, teams, members. */
#include "catalog/service/internal.h"

static const char *const password_member[] = {"password"};
#define WITHOUT_PASSWORD(c, mem) body_without((c)->body, password_member, 1, (mem))

static bool user_event(struct txn *txn, const struct principal *by, const char *kind,
                       const struct user *before, const struct user *after, struct err *err)
{
    const struct happening what = {.kind = kind,
                                   .record = &record_user,
                                   .before = before,
                                   .after = after,
                                   .id = after->id,
                                   .name = after->name};
    return event_add(txn, by, &what, err);
}

static bool user_insert(struct txn *txn, const struct principal *by, struct user *row,
                        struct err *err)
{
    row->id = new_id(txn);
    row->created_at = txn->now_ms;
    row->etag = 1;
    return insert_named(txn, &record_user, row, "name", row->name, err) &&
           user_event(txn, by, "user.created", NULL, row, err);
}

bool user_create(struct txn *txn, const void *in, struct arena *mem, void *out, struct err *err)
{
    const struct change *c = in;
    struct user row = {.password_hash = c->password_hash};
    if (!permit(txn->store, c->by, ACTION_USER_MANAGE, 0, err) ||
        !record_read(&record_user, WITHOUT_PASSWORD(c, mem), true, mem, &row, err) ||
        !user_insert(txn, c->by, &row, err))
        return false;
    *(struct user *)out = row;
    return true;
}

/* Whoever held the old password, role or standing must show the new one. */
static bool end_sessions(struct txn *txn, const struct user *before, const struct user *after,
                         struct err *err)
{
    if (before->role == after->role && before->disabled == after->disabled &&
        str_eq(before->password_hash, after->password_hash))
        return true;
    return store_run(txn->store, STMT_SESSIONS_DROP, ARGS(arg_i64(after->id)), NULL, err);
}

bool user_password_wanted(struct txn *txn, const void *in, struct arena *mem, void *out,
                          struct err *err)
{
    const struct change *c = in;
    UNUSED(mem);
    UNUSED(out);
    return permit(txn->store, c->by, ACTION_USER_MANAGE, 0, err);
}

bool user_patch(struct txn *txn, const void *in, struct arena *mem, void *out, struct err *err)
{
    const struct change *c = in;
    struct user row = {0};
    if (!permit(txn->store, c->by, ACTION_USER_MANAGE, 0, err) ||
        !store_one(txn->store, STMT_USER_BY_NAME, &record_user, ARGS(arg_text(c->args[0])), mem,
                   &row, err) ||
        !need_etag(c, row.etag, err))
        return false;
    const struct user before = row;
    if (c->password_hash.ptr != NULL)
        row.password_hash = c->password_hash;
    if (!record_read(&record_user, WITHOUT_PASSWORD(c, mem), false, mem, &row, err) ||
        !store_update(txn->store, &record_user, &row, err) ||
        !end_sessions(txn, &before, &row, err) ||
        !user_event(txn, c->by, "user.changed", &before, &row, err))
        return false;
    *(struct user *)out = row;
    return true;
}

/* --- one's own password ----------------------------------------------------------------------- */

bool own_password_wanted(struct txn *txn, const void *in, struct arena *mem, void *out,
                         struct err *err)
{
    const struct change *c = in;
    UNUSED(mem);
    UNUSED(out);
    return permit(txn->store, c->by, ACTION_PASSWORD_CHANGE, c->by->user_id, err);
}

/* The session that asks must still be there: an administrator may have set another password since
 * the present one was checked. */
static bool session_is_left(struct txn *txn, const struct principal *by, struct err *err)
{
    int64_t ended = 0;
    if (by->via != VIA_SESSION)
        return true;
    return store_run(txn->store, STMT_SESSION_DROP, ARGS(arg_i64(by->session_id)), &ended, err) &&
           (ended > 0 || fail(err, ERR_UNAUTHENTICATED, "", "the session is over"));
}

bool password_change(struct txn *txn, const void *in, struct arena *mem, void *out, struct err *err)
{
    const struct change *c = in;
    struct user row = {0};
    if (!own_password_wanted(txn, in, mem, NULL, err))
        return false;
    if (c->password_hash.ptr == NULL)
        return fail(err, ERR_INVALID, "/password", "is required");
    if (!session_is_left(txn, c->by, err) ||
        !store_one(txn->store, STMT_USER_BY_ID, &record_user, ARGS(arg_i64(c->by->user_id)), mem,
                   &row, err))
        return false;
    const struct user before = row;
    row.password_hash = c->password_hash;
    return store_update(txn->store, &record_user, &row, err) &&
           end_sessions(txn, &before, &row, err) &&
           user_event(txn, c->by, "user.password", &before, &row, err) &&
           (c->by->via != VIA_SESSION || session_begin(txn, c->by, mem, out, err));
}

/* --- teams ------------------------------------------------------------------------------------ */

static bool team_event(struct txn *txn, const struct principal *by, const char *kind,
                       const struct team *before, const struct team *after, struct err *err)
{
    const struct happening what = {.kind = kind,
                                   .record = &record_team,
                                   .before = before,
                                   .after = after,
                                   .id = after->id,
                                   .name = after->slug,
                                   .team_id = after->id};
    return event_add(txn, by, &what, err);
}

bool team_create(struct txn *txn, const void *in, struct arena *mem, void *out, struct err *err)
{
    const struct change *c = in;
    struct team row = {.id = new_id(txn), .created_at = txn->now_ms, .etag = 1};
    if (!permit(txn->store, c->by, ACTION_TEAM_CREATE, 0, err) ||
        !record_read(&record_team, c->body, true, mem, &row, err) ||
        !insert_named(txn, &record_team, &row, "slug", row.slug, err))
        return false;
    const struct member owner = {
        .id = new_id(txn), .team_id = row.id, .user_id = c->by->user_id, .role = MEMBER_OWNER};
    row.member_count = c->by->user_id != 0;
    if (c->by->user_id != 0 && !store_insert(txn->store, &record_member, &owner, err))
        return false;
    if (!team_event(txn, c->by, "team.created", NULL, &row, err))
        return false;
    *(struct team *)out = row;
    return true;
}

static bool team_for_change(struct txn *txn, const struct change *c, struct arena *mem,
                            struct team *row, struct err *err)
{
    return store_one(txn->store, STMT_TEAM, &record_team, ARGS(VIEWER(c->by), arg_text(c->args[0])),
                     mem, row, err) &&
           permit(txn->store, c->by, ACTION_TEAM_CHANGE, row->id, err);
}

bool team_patch(struct txn *txn, const void *in, struct arena *mem, void *out, struct err *err)
{
    const struct change *c = in;
    struct team row = {0};
    if (!team_for_change(txn, c, mem, &row, err) || !need_etag(c, row.etag, err))
        return false;
    const struct team before = row;
    if (!record_read(&record_team, c->body, false, mem, &row, err) ||
        !store_update(txn->store, &record_team, &row, err) ||
        !team_event(txn, c->by, "team.changed", &before, &row, err))
        return false;
    *(struct team *)out = row;
    return true;
}

static bool member_event(struct txn *txn, const struct principal *by, const char *kind,
                         const struct member *before, const struct member *after,
                         const struct team *team, struct err *err)
{
    const struct member *row = after ? after : before;
    const struct happening what = {.kind = kind,
                                   .record = &record_member,
                                   .before = before,
                                   .after = after,
                                   .id = row->id,
                                   .name = row->user,
                                   .team_id = team->id};
    return event_add(txn, by, &what, err);
}

/* A team keeps at least one owner, or nobody in it could manage it any more. */
static bool keeps_owner(struct txn *txn, const struct team *team, const struct member *was,
                        int role, struct err *err)
{
    int64_t owners = 0;
    if (was->role != MEMBER_OWNER || role == MEMBER_OWNER)
        return true;
    if (!store_number(txn->store, STMT_MEMBER_OWNERS, ARGS(arg_i64(team->id)), 0, &owners, err))
        return false;
    return owners > 1 || fail(err, ERR_CONFLICT, "", "\"" STR_FMT "\" is the team's last owner",
                              STR_ARG(was->user));
}

bool member_put(struct txn *txn, const void *in, struct arena *mem, void *out, struct err *err)
{
    const struct change *c = in;
    struct team team = {0};
    struct user user = {0};
    struct member row = {0};
    bool known = false;
    if (!team_for_change(txn, c, mem, &team, err) ||
        !store_one(txn->store, STMT_USER_BY_NAME, &record_user, ARGS(arg_text(c->args[1])), mem,
                   &user, err) ||
        !store_find(txn->store, STMT_MEMBER, &record_member,
                    ARGS(arg_i64(team.id), arg_i64(user.id)), mem, &row, &known, err))
        return false;
    const struct member before = row;
    if (!known)
        row = (struct member){.id = new_id(txn),
                              .team_id = team.id,
                              .user_id = user.id,
                              .team = team.slug,
                              .user = user.name};
    if (c->body != NULL && !record_read(&record_member, c->body, false, mem, &row, err))
        return false;
    if (known && (!keeps_owner(txn, &team, &before, row.role, err) ||
                  !store_update(txn->store, &record_member, &row, err)))
        return false;
    if (!known && !store_insert(txn->store, &record_member, &row, err))
        return false;
    if (!member_event(txn, c->by, known ? "member.changed" : "member.added", known ? &before : NULL,
                      &row, &team, err))
        return false;
    *(struct member *)out = row;
    return true;
}

bool member_delete(struct txn *txn, const void *in, struct arena *mem, void *out, struct err *err)
{
    const struct change *c = in;
    struct team team = {0};
    struct user user = {0};
    struct member row = {0};
    UNUSED(out);
    return team_for_change(txn, c, mem, &team, err) &&
           store_one(txn->store, STMT_USER_BY_NAME, &record_user, ARGS(arg_text(c->args[1])), mem,
                     &user, err) &&
           store_one(txn->store, STMT_MEMBER, &record_member,
                     ARGS(arg_i64(team.id), arg_i64(user.id)), mem, &row, err) &&
           keeps_owner(txn, &team, &row, MEMBER_MEMBER, err) &&
           store_delete(txn->store, &record_member, row.id, err) &&
           member_event(txn, c->by, "member.removed", &row, NULL, &team, err);
}

/* --- the first administrator ------------------------------------------------------------------ */

#define SETUP_VALID_MS INT64_C(3600000)
#define SETUP_CODE_LEN 32

static struct arg code_hash(struct str code, struct arena *mem)
{
    return arg_bytes(secret_hash(code, mem));
}

static bool code_invalid(struct err *err)
{
    (void)fail(err, ERR_DENIED, "",
               "the link is not valid, has been used, or is older than an hour");
    return err_hint(err, "make users over the Unix socket, or a new catalog with chanceryd init");
}

bool setup_password_wanted(struct txn *txn, const void *in, struct arena *mem, void *out,
                           struct err *err)
{
    const struct change *c = in;
    int64_t known = 0;
    UNUSED(out);
    if (!store_number(txn->store, STMT_SETUP_KNOWN,
                      ARGS(code_hash(body_text(c, "code"), mem), arg_i64(txn->now_ms)), 0, &known,
                      err))
        return false;
    return known > 0 || code_invalid(err);
}

bool setup_code_create(struct txn *txn, const void *in, struct arena *mem, void *out,
                       struct err *err)
{
    const struct change *c = in;
    struct str code = random_base62(mem, SETUP_CODE_LEN);
    if (!permit(txn->store, c->by, ACTION_USER_MANAGE, 0, err) ||
        !store_run(txn->store, STMT_SETUP_ADD,
                   ARGS(code_hash(code, mem), arg_i64(txn->now_ms + SETUP_VALID_MS)), NULL, err))
        return false;
    *(struct str *)out = code;
    return true;
}

bool setup_use(struct txn *txn, const void *in, struct arena *mem, void *out, struct err *err)
{
    const struct change *c = in;
    struct user row = {.name = arena_str(mem, body_text(c, "name")),
                       .role = ROLE_ADMIN,
                       .password_hash = c->password_hash};
    int64_t used = 0;
    if (!store_run(txn->store, STMT_SETUP_USE,
                   ARGS(code_hash(body_text(c, "code"), mem), arg_i64(txn->now_ms)), &used, err))
        return false;
    if (used == 0)
        return code_invalid(err);
    if (!slug_valid(row.name)) {
        (void)fail(err, ERR_INVALID, "/name", "is not a name");
        return err_hint(err, "use lower-case letters, digits and hyphens, a letter first");
    }
    if (row.password_hash.ptr == NULL)
        return fail(err, ERR_INVALID, "/password", "is required");
    if (!user_insert(txn, &principal_internal, &row, err))
        return false;
    *(struct user *)out = row;
    return true;
}
