/* Plans, apps, keys and subscriptions: who may call what. */
#include "catalog/service/internal.h"

#define DAY_MS INT64_C(86400000)
#define ANY    ((struct arg){0}) /* a filter that does not filter */

/* --- plans ------------------------------------------------------------------------------------ */

static bool plan_event(struct txn *txn, const struct change *c, const char *kind,
                       const struct plan *before, const struct plan *after, struct err *err)
{
    const struct happening what = {.kind = kind,
                                   .record = &record_plan,
                                   .before = before,
                                   .after = after,
                                   .id = after->id,
                                   .name = after->slug};
    return event_add(txn, c->by, &what, err);
}

static bool set_plan_apis(struct txn *txn, const struct change *c, const struct plan *row,
                          struct arena *mem, struct err *err)
{
    const struct str *slugs = NULL;
    size_t count = list_read(row->apis, mem, &slugs);
    if (!store_run(txn->store, STMT_PLAN_APIS_CLEAR, ARGS(arg_i64(row->id)), NULL, err))
        return false;
    for (size_t i = 0; i < count; i++) {
        struct api api = {0};
        if (!store_one(txn->store, STMT_API_OWN, &record_api,
                       ARGS(VIEWER(c->by), arg_text(slugs[i])), mem, &api, err))
            return err->code == ERR_NOT_FOUND
                       ? fail(err, ERR_INVALID, "/apis", "there is no API \"" STR_FMT "\"",
                              STR_ARG(slugs[i]))
                       : false;
        if (!store_run(txn->store, STMT_PLAN_API_ADD, ARGS(arg_i64(row->id), arg_i64(api.id)), NULL,
                       err))
            return false;
    }
    return true;
}

/* A rate without a period is one a second; a burst is at least one call. */
static void complete_plan(struct plan *row)
{
    if (row->rate_count > 0 && row->rate_period_s == 0)
        row->rate_period_s = 1;
    if (row->rate_count > 0 && row->burst == 0)
        row->burst = row->rate_count;
}

/* Access that has been granted does not end by a change of the plan that nobody of the app sees. */
static bool plan_still_serves(struct txn *txn, const struct plan *row, struct err *err)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct str api = STR_NONE;
    if (!store_bytes(txn->store, STMT_PLAN_STILL_USED, ARGS(arg_i64(row->id), arg_i64(txn->now_ms)),
                     &mem, &api, err))
        return false;
    if (api.ptr == NULL)
        return true;
    (void)fail(err, ERR_CONFLICT, "/apis", "the plan still has subscriptions to \"" STR_FMT "\"",
               STR_ARG(api));
    return err_hint(err, "revoke them first");
}

static bool save_plan(struct txn *txn, const struct change *c, const struct plan *before,
                      struct plan *row, struct arena *mem, struct err *err)
{
    if (!set_plan_apis(txn, c, row, mem, err) ||
        !store_one(txn->store, STMT_PLAN_BY_ID, &record_plan, ARGS(arg_i64(row->id)), mem, row,
                   err) ||
        !plan_still_serves(txn, row, err) ||
        !plan_event(txn, c, before ? "plan.changed" : "plan.created", before, row, err))
        return false;
    touch(txn, TOUCH_PLAN, row->id);
    return true;
}

bool plan_create(struct txn *txn, const void *in, struct arena *mem, void *out, struct err *err)
{
    const struct change *c = in;
    struct plan row = {.id = new_id(txn), .created_at = txn->now_ms, .etag = 1};
    if (!permit(txn->store, c->by, ACTION_PLAN_MANAGE, 0, err) ||
        !record_read(&record_plan, c->body, true, mem, &row, err))
        return false;
    complete_plan(&row);
    if (!insert_named(txn, &record_plan, &row, "slug", row.slug, err) ||
        !save_plan(txn, c, NULL, &row, mem, err))
        return false;
    *(struct plan *)out = row;
    return true;
}

bool plan_patch(struct txn *txn, const void *in, struct arena *mem, void *out, struct err *err)
{
    const struct change *c = in;
    struct plan row = {0};
    if (!permit(txn->store, c->by, ACTION_PLAN_MANAGE, 0, err) ||
        !store_one(txn->store, STMT_PLAN, &record_plan,
                   ARGS(VIEWER(c->by), ANY, arg_text(c->args[0])), mem, &row, err) ||
        !need_etag(c, row.etag, err))
        return false;
    const struct plan before = row;
    if (!record_read(&record_plan, c->body, false, mem, &row, err))
        return false;
    complete_plan(&row);
    if (!store_update(txn->store, &record_plan, &row, err) ||
        !save_plan(txn, c, &before, &row, mem, err))
        return false;
    *(struct plan *)out = row;
    return true;
}

/* --- apps ------------------------------------------------------------------------------------- */

static bool app_event(struct txn *txn, const struct change *c, const char *kind,
                      const struct app *before, const struct app *after, struct err *err)
{
    const struct happening what = {.kind = kind,
                                   .record = &record_app,
                                   .before = before,
                                   .after = after,
                                   .id = after->id,
                                   .name = after->slug,
                                   .team_id = after->team_id};
    return event_add(txn, c->by, &what, err);
}

bool app_create(struct txn *txn, const void *in, struct arena *mem, void *out, struct err *err)
{
    const struct change *c = in;
    struct app row = {.id = new_id(txn), .created_at = txn->now_ms, .etag = 1};
    if (c->by->via == VIA_NOBODY)
        return permit(txn->store, c->by, ACTION_APP_CREATE, 0, err);
    if (!record_read(&record_app, c->body, true, mem, &row, err) ||
        !team_id_of(txn->store, row.team, "/team", &row.team_id, err) ||
        !permit(txn->store, c->by, ACTION_APP_CREATE, row.team_id, err) ||
        !insert_named(txn, &record_app, &row, "slug", row.slug, err) ||
        !app_event(txn, c, "app.created", NULL, &row, err))
        return false;
    touch(txn, TOUCH_APP, row.id);
    *(struct app *)out = row;
    return true;
}

static bool app_for(struct txn *txn, const struct change *c, struct str slug, enum action action,
                    struct arena *mem, struct app *row, struct err *err)
{
    return store_one(txn->store, STMT_APP, &record_app, ARGS(VIEWER(c->by), arg_text(slug)), mem,
                     row, err) &&
           permit(txn->store, c->by, action, row->team_id, err);
}

bool app_patch(struct txn *txn, const void *in, struct arena *mem, void *out, struct err *err)
{
    const struct change *c = in;
    struct app row = {0};
    if (!app_for(txn, c, c->args[0], ACTION_APP_CHANGE, mem, &row, err) ||
        !need_etag(c, row.etag, err))
        return false;
    const struct app before = row;
    if (!record_read(&record_app, c->body, false, mem, &row, err) ||
        !store_update(txn->store, &record_app, &row, err) ||
        !app_event(txn, c, "app.changed", &before, &row, err))
        return false;
    *(struct app *)out = row;
    return true;
}

/* --- keys ------------------------------------------------------------------------------------- */

static bool key_event(struct txn *txn, const struct change *c, const char *kind,
                      const struct app *app, const struct key *before, const struct key *after,
                      struct err *err)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    const struct happening what = {.kind = kind,
                                   .record = &record_key,
                                   .before = before,
                                   .after = after,
                                   .id = after->id,
                                   .name = arena_join(&mem, app->slug, STR("/…"), after->hint),
                                   .team_id = app->team_id,
                                   .reason = body_text(c, "reason")};
    return event_add(txn, c->by, &what, err);
}

bool key_create(struct txn *txn, const void *in, struct arena *mem, void *out, struct err *err)
{
    const struct change *c = in;
    struct app app = {0};
    struct new_key *made = out;
    struct key row = {.id = new_id(txn), .created_at = txn->now_ms, .created_by = c->by->name};
    if (!app_for(txn, c, c->args[0], ACTION_KEY_MANAGE, mem, &app, err) ||
        (c->body != NULL && !record_read(&record_key, c->body, true, mem, &row, err)))
        return false;
    if (row.not_after != 0 && row.not_after <= txn->now_ms)
        return fail(err, ERR_INVALID, "/not_after", "lies in the past");
    struct str secret = key_new(mem, 'l');
    row.app_id = app.id;
    row.app = app.slug;
    row.sha256 = secret_hash(secret, mem);
    row.hint = str_sub(secret, secret.len - 4, 4);
    if (!store_insert(txn->store, &record_key, &row, err) ||
        !key_event(txn, c, "key.created", &app, NULL, &row, err))
        return false;
    touch(txn, TOUCH_KEY, row.id);
    *made = (struct new_key){row, secret};
    return true;
}

bool key_revoke(struct txn *txn, const void *in, struct arena *mem, void *out, struct err *err)
{
    const struct change *c = in;
    struct app app = {0};
    struct key row = {0};
    int64_t id = 0;
    if (!app_for(txn, c, c->args[0], ACTION_KEY_MANAGE, mem, &app, err))
        return false;
    if (!id_parse(c->args[1], &id))
        return fail(err, ERR_NOT_FOUND, "", "there is no such key");
    if (!store_one(txn->store, STMT_KEY, &record_key,
                   ARGS(VIEWER(c->by), arg_text(c->args[0]), arg_i64(id)), mem, &row, err))
        return false;
    if (row.revoked_at != 0)
        return fail(err, ERR_CONFLICT, "", "the key has been revoked already");
    const struct key before = row;
    row.revoked_at = txn->now_ms;
    if (!store_update(txn->store, &record_key, &row, err) ||
        !key_event(txn, c, "key.revoked", &app, &before, &row, err))
        return false;
    touch(txn, TOUCH_KEY, row.id);
    if (out != NULL)
        *(struct key *)out = row;
    return true;
}

/* --- subscriptions ---------------------------------------------------------------------------- */

/* The log of the API's team; the app's team sees it by its subject. */
static bool sub_event(struct txn *txn, const struct change *c, const char *kind, int64_t api_team,
                      const struct subscription *before, const struct subscription *after,
                      struct err *err)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    const struct happening what = {.kind = kind,
                                   .record = &record_subscription,
                                   .before = before,
                                   .after = after,
                                   .id = after->id,
                                   .name = arena_join(&mem, after->app, STR(" → "), after->api),
                                   .api_id = after->api_id,
                                   .team_id = api_team,
                                   .reason = body_text(c, "reason")};
    return event_add(txn, c->by, &what, err);
}

static bool may_be_asked(struct txn *txn, const struct api *api, const struct plan *plan,
                         const struct app *app, struct err *err)
{
    int64_t covered = 0, open = 0, published = 0;
    if (!store_number(txn->store, STMT_PLAN_COVERS, ARGS(arg_i64(plan->id), arg_i64(api->id)), 0,
                      &covered, err) ||
        !store_number(txn->store, STMT_API_PUBLISHED_COUNT, ARGS(arg_i64(api->id)), 0, &published,
                      err) ||
        !store_number(
            txn->store, STMT_SUB_OPEN,
            ARGS(arg_i64(app->id), arg_i64(api->id), arg_i64(plan->id), arg_i64(txn->now_ms)), 0,
            &open, err))
        return false;
    if (!covered) {
        (void)fail(err, ERR_INVALID, "/plan", "the plan \"" STR_FMT "\" does not cover this API",
                   STR_ARG(plan->slug));
        return err_hint(err, "GET /v1/plans?api=" STR_FMT " lists those that do",
                        STR_ARG(api->slug));
    }
    if (!published)
        return fail(err, ERR_CONFLICT, "/api", "the API has no published version yet");
    if (open)
        return fail(err, ERR_CONFLICT, "", "the app has this access already, or has asked for it");
    return true;
}

static void approve_row(struct subscription *row, const struct plan *plan,
                        const struct principal *by, struct str reason, int64_t now_ms)
{
    row->state = SUB_APPROVED;
    row->decided_by = by->name;
    row->decided_at = now_ms;
    row->reason = reason;
    if (row->not_after == 0 && plan->term_days > 0)
        row->not_after = now_ms + plan->term_days * DAY_MS;
}

/* A name in a body that leads nowhere is the body's fault, not a missing page. */
static bool named(bool found, const char *where, struct err *err)
{
    if (!found && err->code == ERR_NOT_FOUND)
        err->code = ERR_INVALID;
    return found || err_at(err, where);
}

bool subscription_create(struct txn *txn, const void *in, struct arena *mem, void *out,
                         struct err *err)
{
    const struct change *c = in;
    struct app app = {0};
    struct api api = {0};
    struct plan plan = {0};
    struct subscription row = {
        .id = new_id(txn), .requested_by = c->by->name, .requested_at = txn->now_ms, .etag = 1};
    if (c->by->via == VIA_NOBODY)
        return permit(txn->store, c->by, ACTION_ACCESS_ASK, 0, err);
    if (!record_read(&record_subscription, c->body, true, mem, &row, err) ||
        !named(store_one(txn->store, STMT_APP, &record_app, ARGS(VIEWER(c->by), arg_text(row.app)),
                         mem, &app, err),
               "/app", err) ||
        !permit(txn->store, c->by, ACTION_ACCESS_ASK, app.team_id, err) ||
        !named(store_one(txn->store, STMT_API_OWN, &record_api,
                         ARGS(VIEWER(c->by), arg_text(row.api)), mem, &api, err),
               "/api", err) ||
        !named(store_one(txn->store, STMT_PLAN, &record_plan,
                         ARGS(VIEWER(c->by), ANY, arg_text(row.plan)), mem, &plan, err),
               "/plan", err) ||
        !may_be_asked(txn, &api, &plan, &app, err))
        return false;
    row.app_id = app.id;
    row.api_id = api.id;
    row.plan_id = plan.id;
    row.state = SUB_REQUESTED;
    if (row.not_after != 0 && row.not_after <= txn->now_ms)
        return fail(err, ERR_INVALID, "/not_after", "lies in the past");
    bool automatic = api.approval == APPROVAL_AUTOMATIC;
    if (automatic)
        approve_row(&row, &plan, &principal_internal, STR("approved automatically"), txn->now_ms);
    if (!store_insert(txn->store, &record_subscription, &row, err) ||
        !store_one(txn->store, STMT_SUB, &record_subscription, ARGS(VIEWER(c->by), arg_i64(row.id)),
                   mem, &row, err) ||
        !sub_event(txn, c, automatic ? "subscription.approved" : "subscription.requested",
                   api.team_id, NULL, &row, err))
        return false;
    touch(txn, TOUCH_APP, row.app_id);
    *(struct subscription *)out = row;
    return true;
}

struct sub_move {
    enum sub_state to;
    enum action action;
    const char *event, *done; /* "subscription.approved", "approved" */
    bool needs_reason;
    bool of_app; /* the permission is asked of the app's team, else of the API's */
};

static const struct sub_move moves[] = {
    {SUB_APPROVED,  ACTION_ACCESS_DECIDE,   "subscription.approved",  "approved",  false, false},
    {SUB_REJECTED,  ACTION_ACCESS_DECIDE,   "subscription.rejected",  "rejected",  true,  false},
    {SUB_WITHDRAWN, ACTION_ACCESS_WITHDRAW, "subscription.withdrawn", "withdrawn", false, true },
    {SUB_SUSPENDED, ACTION_ACCESS_DECIDE,   "subscription.suspended", "suspended", false, false},
    {SUB_APPROVED,  ACTION_ACCESS_DECIDE,   "subscription.resumed",   "resumed",   false, false},
    {SUB_REVOKED,   ACTION_ACCESS_DECIDE,   "subscription.revoked",   "revoked",   false, false},
};
enum { MOVE_APPROVE, MOVE_REJECT, MOVE_WITHDRAW, MOVE_SUSPEND, MOVE_RESUME, MOVE_REVOKE };

static bool may_follow(const struct subscription *row, const struct sub_move *move, struct err *err)
{
    bool resumes = move == &moves[MOVE_RESUME];
    bool ok = sub_state_may_follow((enum sub_state)row->state, move->to) &&
              (move->to != SUB_APPROVED || resumes == (row->state == SUB_SUSPENDED));
    if (ok)
        return true;
    const char *state = name_of(&names_sub_state, row->state);
    if (row->decided_by.len > 0)
        return fail(err, ERR_CONFLICT, "", "it cannot be %s: it is %s, by " STR_FMT, move->done,
                    state, STR_ARG(row->decided_by));
    return fail(err, ERR_CONFLICT, "", "it cannot be %s: it is %s", move->done, state);
}

/* Four eyes: nobody but an administrator approves what they have asked for themselves. */
static bool not_own(const struct change *c, const struct subscription *row,
                    const struct sub_move *move, struct err *err)
{
    if (move != &moves[MOVE_APPROVE] || acting_role(c->by) == ROLE_ADMIN ||
        !str_eq(row->requested_by, c->by->name))
        return true;
    (void)fail(err, ERR_DENIED, "", "nobody approves their own request");
    return err_hint(err, "ask another maintainer of the API's team, or an operator");
}

static bool only_members(const struct json *body, struct err *err)
{
    for (const struct json *item = body ? body->child : NULL; item != NULL; item = item->next)
        if (!str_eq(item->key, STR("reason")) && !str_eq(item->key, STR("not_after"))) {
            CLEANUP(arena_clear) struct arena mem = {0};
            (void)fail(err, ERR_INVALID, arena_join(&mem, STR("/"), item->key).ptr,
                       "is not known here");
            return err_hint(err, "give reason, not_after or nothing");
        }
    return true;
}

static bool read_decision(const struct change *c, const struct sub_move *move, struct arena *mem,
                          struct subscription *row, struct err *err)
{
    struct str until = body_text(c, "not_after"), reason = STR_NONE;
    if (!only_members(c->body, err) || !reason_of(c, "reason", move->needs_reason, &reason, err))
        return false;
    if (until.ptr != NULL && !time_parse(until, &row->not_after))
        return fail(err, ERR_INVALID, "/not_after", "is not a time");
    row->reason = reason.len ? arena_str(mem, reason) : STR_NONE;
    return true;
}

static bool move_subscription(struct txn *txn, const struct change *c, const struct sub_move *move,
                              struct arena *mem, void *out, struct err *err)
{
    struct subscription row = {0};
    struct api api = {0};
    struct app app = {0};
    struct plan plan = {0};
    int64_t id = 0;
    if (!id_parse(c->args[0], &id))
        return fail(err, ERR_NOT_FOUND, "", "there is no such subscription");
    if (!store_one(txn->store, STMT_SUB, &record_subscription, ARGS(VIEWER(c->by), arg_i64(id)),
                   mem, &row, err) ||
        !store_one(txn->store, STMT_API_OWN_BY_ID, &record_api, ARGS(arg_i64(row.api_id)), mem,
                   &api, err) ||
        !store_one(txn->store, STMT_APP_BY_ID, &record_app, ARGS(arg_i64(row.app_id)), mem, &app,
                   err) ||
        !store_one(txn->store, STMT_PLAN_BY_ID, &record_plan, ARGS(arg_i64(row.plan_id)), mem,
                   &plan, err) ||
        !permit(txn->store, c->by, move->action, move->of_app ? app.team_id : api.team_id, err) ||
        !check_etag(c, row.etag, err))
        return false;
    let_expire(&row, txn->now_ms);
    if (!may_follow(&row, move, err) || !not_own(c, &row, move, err))
        return false;
    const struct subscription before = row;
    if (!read_decision(c, move, mem, &row, err))
        return false;
    if (move->to == SUB_APPROVED && row.not_after != 0 && row.not_after <= txn->now_ms) {
        (void)fail(err, ERR_INVALID, "/not_after", "lies in the past");
        return err_hint(err, "give not_after a time to come, or reject the request");
    }
    if (move == &moves[MOVE_APPROVE]) {
        approve_row(&row, &plan, c->by, row.reason, txn->now_ms);
    } else {
        row.state = (int)move->to;
        row.decided_by = c->by->name;
        row.decided_at = txn->now_ms;
    }
    if (!store_update(txn->store, &record_subscription, &row, err) ||
        !sub_event(txn, c, move->event, api.team_id, &before, &row, err))
        return false;
    touch(txn, TOUCH_APP, row.app_id);
    if (out != NULL)
        *(struct subscription *)out = row;
    return true;
}

#define MOVE(function, move)                                                                      \
    bool function(struct txn *txn, const void *in, struct arena *mem, void *out, struct err *err) \
    {                                                                                             \
        return move_subscription(txn, in, &moves[move], mem, out, err);                           \
    }
MOVE(subscription_approve, MOVE_APPROVE)
MOVE(subscription_reject, MOVE_REJECT)
MOVE(subscription_withdraw, MOVE_WITHDRAW)
MOVE(subscription_suspend, MOVE_SUSPEND)
MOVE(subscription_resume, MOVE_RESUME)
MOVE(subscription_revoke, MOVE_REVOKE)
