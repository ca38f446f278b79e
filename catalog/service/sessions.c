/* Sessions and Unix peers: from a cookie or a uid to a principal. */
#include <pwd.h>
#include <unistd.h>

#include "catalog/service/internal.h"

#define IDLE_MS      INT64_C(1800000)
#define WHOLE_MS     INT64_C(43200000)
#define SEEN_STEP_MS INT64_C(60000)
#define COOKIE_LEN   43 /* 256 bits in base62 */
#define CSRF_LEN     32
#define NAME_BUFFER  4096

struct principal principal_of_user(const struct user *user, enum principal_via via)
{
    return (struct principal){
        .user_id = user->id, .name = user->name, .role = (enum role)user->role, .via = via};
}

/* A well-formed hash that no password has: unknown names cost the same time as known ones. */
static const char nobodys_hash[] =
    "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

bool sign_in_check(struct view *v, struct str name, struct str password, struct arena *mem,
                   struct principal *out, struct err *err)
{
    struct user user = {0};
    struct err none = {0};
    bool known = store_one(v->store, STMT_USER_BY_NAME, &record_user,
                           ARGS(arg_text(name.ptr ? name : STR(""))), mem, &user, &none);
    if (!known && none.code != ERR_NOT_FOUND) {
        *err = none;
        return false;
    }
    bool usable = known && !user.disabled && user.password_hash.len > 0;
    bool matches = password_matches(usable ? user.password_hash : str_from(nobodys_hash),
                                    password.ptr ? password : STR(""));
    if (!usable || !matches) {
        (void)fail(err, ERR_UNAUTHENTICATED, "", "name or password is wrong");
        return err_hint(err, "an administrator can set a new password");
    }
    *out = principal_of_user(&user, VIA_SESSION);
    return true;
}

bool principal_of_session(struct view *v, struct str cookie, struct arena *mem,
                          struct principal *out, bool *stale_seen, struct err *err)
{
    struct session session = {0};
    struct user user = {0};
    int64_t now_ms = clock_now_ms(v->catalog->config.clock);
    bool ok = store_one(v->store, STMT_SESSION_BY_HASH, &record_session,
                        ARGS(arg_bytes(secret_hash(cookie, mem))), mem, &session, err) &&
              store_one(v->store, STMT_USER_BY_ID, &record_user, ARGS(arg_i64(session.user_id)),
                        mem, &user, err);
    if (!ok && err->code != ERR_NOT_FOUND)
        return false;
    if (!ok || user.disabled || now_ms >= session.expires_at ||
        now_ms - session.seen_at >= IDLE_MS || now_ms < session.created_at)
        return fail(err, ERR_UNAUTHENTICATED, "", "the session is over");
    *out = principal_of_user(&user, VIA_SESSION);
    out->csrf = session.csrf;
    out->session_id = session.id;
    *stale_seen = now_ms - session.seen_at >= SEEN_STEP_MS;
    return true;
}

bool principal_of_unix(struct view *v, unsigned uid, struct arena *mem, struct principal *out,
                       struct err *err)
{
    char buffer[NAME_BUFFER];
    struct passwd entry, *found = NULL;
    struct user user = {0};
    if (uid == 0 || uid == (unsigned)geteuid()) {
        *out = (struct principal){.name = STR("local-admin"), .role = ROLE_ADMIN, .via = VIA_UNIX};
        return true;
    }
    if (getpwuid_r((uid_t)uid, &entry, buffer, sizeof(buffer), &found) != 0 || found == NULL)
        return fail(err, ERR_DENIED, "", "the account with uid %u has no name here", uid);
    struct str name = arena_str(mem, str_from(entry.pw_name));
    if (store_one(v->store, STMT_USER_BY_UNIX_NAME, &record_user, ARGS(arg_text(name)), mem, &user,
                  err)) {
        *out = principal_of_user(&user, VIA_UNIX);
        return true;
    }
    if (err->code != ERR_NOT_FOUND)
        return false;
    (void)fail(err, ERR_DENIED, "", "the account " STR_FMT " belongs to no user", STR_ARG(name));
    return err_hint(
        err, "an administrator maps it: PATCH /v1/users/NAME {\"unix_name\": \"" STR_FMT "\"}",
        STR_ARG(name));
}

/* --- changes ---------------------------------------------------------------------------------- */

static bool session_event(struct txn *txn, const struct principal *by, const char *kind, int64_t id,
                          struct err *err)
{
    const struct happening what = {
        .kind = kind, .record = &record_session, .id = id, .name = by->name};
    return event_add(txn, by, &what, err);
}

bool session_begin(struct txn *txn, const struct principal *by, struct arena *mem,
                   struct new_session *made, struct err *err)
{
    struct str cookie = random_base62(mem, COOKIE_LEN);
    const struct session row = {
        .id = new_id(txn),
        .id_hash = secret_hash(cookie, mem),
        .user_id = by->user_id,
        .csrf = random_base62(mem, CSRF_LEN),
        .created_at = txn->now_ms,
        .seen_at = txn->now_ms,
        .expires_at = txn->now_ms + WHOLE_MS,
    };
    if (!store_run(txn->store, STMT_SESSIONS_OVER,
                   ARGS(arg_i64(txn->now_ms), arg_i64(txn->now_ms - IDLE_MS)), NULL, err) ||
        !store_insert(txn->store, &record_session, &row, err) ||
        !session_event(txn, by, "session.started", row.id, err))
        return false;
    *made = (struct new_session){row, cookie};
    return true;
}

bool session_create(struct txn *txn, const void *in, struct arena *mem, void *out, struct err *err)
{
    const struct change *c = in;
    return session_begin(txn, c->by, mem, out, err);
}

bool session_delete(struct txn *txn, const void *in, struct arena *mem, void *out, struct err *err)
{
    const struct change *c = in;
    UNUSED(mem);
    UNUSED(out);
    return store_run(txn->store, STMT_SESSION_DROP, ARGS(arg_i64(c->by->session_id)), NULL, err) &&
           session_event(txn, c->by, "session.ended", c->by->session_id, err);
}

bool session_seen(struct txn *txn, const void *in, struct arena *mem, void *out, struct err *err)
{
    const struct change *c = in;
    UNUSED(mem);
    UNUSED(out);
    return store_run(txn->store, STMT_SESSION_SEEN,
                     ARGS(arg_i64(c->by->session_id), arg_i64(txn->now_ms)), NULL, err);
}
