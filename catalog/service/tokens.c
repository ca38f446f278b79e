/* Personal tokens: what a user gives to programs. Made, listed, revoked, and turned into a
 * principal.
 */
#include "catalog/service/internal.h"

#define DAY_MS       INT64_C(86400000)
#define TERM_DAYS    90
#define TERM_MOST    366 /* a year, counted to the end of its last day */
#define SEEN_STEP_MS INT64_C(60000)
#define HINT_LEN     4

bool catalog_tokens(struct view *v, const struct principal *by, const struct catalog_query *q,
                    struct arena *mem, struct catalog_list *out, struct err *err)
{
    static const struct list_kind kind = {STMT_TOKENS, STMT_TOKENS_COUNT, &record_token, "id"};
    struct user user = {0};
    return catalog_user(v, by, &q->user, mem, &user, err) &&
           permit(v->store, by, ACTION_TOKEN_READ, user.id, err) &&
           list_page(v, &kind, by, ARGS(arg_text(q->user), arg_i64(by->role == ROLE_ADMIN)), q, mem,
                     out, err);
}

/* --- changes ---------------------------------------------------------------------------------- */

/* The user that the path names, if `by` may do that to what is theirs. */
static bool owner_for(struct txn *txn, const struct change *c, enum action action,
                      struct arena *mem, struct user *owner, struct err *err)
{
    return store_one(txn->store, STMT_USER, &record_user, ARGS(VIEWER(c->by), arg_text(c->args[0])),
                     mem, owner, err) &&
           permit(txn->store, c->by, action, owner->id, err);
}

static bool token_event(struct txn *txn, const struct change *c, const char *kind,
                        const struct token *before, const struct token *after, struct err *err)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    const struct happening what = {.kind = kind,
                                   .record = &record_token,
                                   .before = before,
                                   .after = after,
                                   .id = after->id,
                                   .name = arena_join(&mem, after->user, STR("/"), after->name),
                                   .reason = body_text(c, "reason")};
    return event_add(txn, c->by, &what, err);
}

static bool set_term(struct token *row, int64_t now_ms, struct err *err)
{
    if (row->not_after == 0)
        row->not_after = now_ms + TERM_DAYS * DAY_MS;
    if (row->not_after <= now_ms)
        return fail(err, ERR_INVALID, "/not_after", "lies in the past");
    return row->not_after <= now_ms + TERM_MOST * DAY_MS ||
           fail(err, ERR_INVALID, "/not_after", "lies more than a year ahead");
}

bool token_create(struct txn *txn, const void *in, struct arena *mem, void *out, struct err *err)
{
    const struct change *c = in;
    struct new_token *made = out;
    struct user owner = {0};
    struct token row = {.id = new_id(txn), .created_at = txn->now_ms};
    if (!owner_for(txn, c, ACTION_TOKEN_CREATE, mem, &owner, err) ||
        !record_read(&record_token, c->body, true, mem, &row, err) ||
        !set_term(&row, txn->now_ms, err))
        return false;
    struct str secret = token_new(mem);
    row.user_id = owner.id;
    row.user = owner.name;
    row.sha256 = secret_hash(secret, mem);
    row.hint = str_sub(secret, secret.len - HINT_LEN, HINT_LEN);
    if (!insert_named(txn, &record_token, &row, "name", row.name, err)) {
        if (err->code == ERR_CONFLICT)
            (void)err_hint(err, "revoke that one first, or choose another name");
        return false;
    }
    if (!token_event(txn, c, "token.created", NULL, &row, err))
        return false;
    *made = (struct new_token){row, secret};
    return true;
}

bool token_revoke(struct txn *txn, const void *in, struct arena *mem, void *out, struct err *err)
{
    const struct change *c = in;
    struct user owner = {0};
    struct token row = {0};
    int64_t id = 0;
    if (!owner_for(txn, c, ACTION_TOKEN_REVOKE, mem, &owner, err))
        return false;
    if (!id_parse(c->args[1], &id))
        return fail(err, ERR_NOT_FOUND, "", "there is no such token");
    if (!store_one(txn->store, STMT_TOKEN, &record_token,
                   ARGS(VIEWER(c->by), arg_text(owner.name), arg_i64(c->by->role == ROLE_ADMIN),
                        arg_i64(id)),
                   mem, &row, err))
        return false;
    if (row.revoked_at != 0)
        return fail(err, ERR_CONFLICT, "", "the token has been revoked already");
    const struct token before = row;
    row.revoked_at = txn->now_ms;
    if (!store_update(txn->store, &record_token, &row, err) ||
        !token_event(txn, c, "token.revoked", &before, &row, err))
        return false;
    *(struct token *)out = row;
    return true;
}

bool token_seen(struct txn *txn, const void *in, struct arena *mem, void *out, struct err *err)
{
    const struct change *c = in;
    UNUSED(mem);
    UNUSED(out);
    int64_t minute = txn->now_ms - txn->now_ms % SEEN_STEP_MS;
    return store_run(txn->store, STMT_TOKEN_SEEN, ARGS(arg_i64(c->by->token_id), arg_i64(minute)),
                     NULL, err);
}

/* --- who asks --------------------------------------------------------------------------------- */

/* One look-up finds live tokens only, so the others are alike in what they cost and in what is
 * said.
 */
bool principal_of_token(struct view *v, struct str text, struct arena *mem, struct principal *out,
                        bool *unseen, struct err *err)
{
    struct token token = {0};
    struct user user = {0};
    int64_t now_ms = clock_now_ms(v->catalog->config.clock);
    bool live = false;
    if (token_well_formed(text) &&
        !store_find(v->store, STMT_TOKEN_LIVE, &record_token,
                    ARGS(arg_bytes(secret_hash(text, mem)), arg_i64(now_ms)), mem, &token, &live,
                    err))
        return false;
    if (live && !store_find(v->store, STMT_USER_BY_ID, &record_user, ARGS(arg_i64(token.user_id)),
                            mem, &user, &live, err))
        return false;
    if (!live || user.disabled) {
        (void)fail(err, ERR_UNAUTHENTICATED, "", "the token is not valid");
        return err_hint(err,
                        "it is mistyped, expired or revoked; make another on your account page");
    }
    *out = principal_of_user(&user, VIA_TOKEN);
    out->token = token.name;
    out->token_id = token.id;
    out->scope = (enum token_scope)token.scope;
    *unseen = now_ms - token.last_used_at >= SEEN_STEP_MS;
    return true;
}
