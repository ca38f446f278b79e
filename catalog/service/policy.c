/* What the publish gate goes by: its table of rules, and waivers. */
#include "catalog/service/internal.h"

#define WAIVER_MOST_MS (INT64_C(366) * 86400000)

/* --- rules ------------------------------------------------------------------------------------ */

static bool rule_event(struct txn *txn, const struct change *c, const char *kind,
                       const struct gate_rule *before, const struct gate_rule *after,
                       struct err *err)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    const struct gate_rule *row = after ? after : before;
    assert(row != NULL);
    const struct happening what = {
        .kind = kind,
        .record = &record_gate_rule,
        .before = before,
        .after = after,
        .id = row->id,
        .name = arena_printf(&mem, "gate rule %lld", (long long)row->position),
        .reason = body_text(c, "reason"),
    };
    return event_add(txn, c->by, &what, err);
}

/* What a condition's argument must be. */
static bool check_argument(const struct gate_rule *row, struct err *err)
{
    const struct str argument = row->argument;
    switch ((enum condition)row->condition) {
    case CONDITION_VALIDATION:
    case CONDITION_FINDING:
        return value_of(&names_found, argument) >= 0 ||
               fail(err, ERR_INVALID, "/argument",
                    "must be the least severity: error, warn, info or hint");
    case CONDITION_BREAKING:
        return value_of(&names_change_level, argument) >= CHANGE_WARN ||
               fail(err, ERR_INVALID, "/argument", "must be the least level: error or warn");
    case CONDITION_RULE:
        return argument.len > 0 ||
               fail(err, ERR_INVALID, "/argument", "must be the code of a finding");
    case CONDITION_DESCRIPTION:
    case CONDITION_OWNER:
    case CONDITION_REVIEW:
        return argument.len == 0 ||
               fail(err, ERR_INVALID, "/argument", "this condition takes none");
    case CONDITION_COUNT:
        break;
    }
    return false;
}

static bool check_rule(struct txn *txn, const struct gate_rule *row, struct err *err)
{
    int64_t team_id = 0;
    if (row->position < 1)
        return fail(err, ERR_INVALID, "/position", "must be 1 or more");
    return check_argument(row, err) &&
           (row->team.len == 0 || team_id_of(txn->store, row->team, "/team", &team_id, err));
}

static bool position_taken(const struct gate_rule *row, struct err *err)
{
    if (err->code != ERR_CONFLICT)
        return false;
    (void)fail(err, ERR_CONFLICT, "/position", "there is a rule at position %lld already",
               (long long)row->position);
    return err_hint(err, "the first that matches decides, so each has a place of its own");
}

bool gate_rule_create(struct txn *txn, const void *in, struct arena *mem, void *out,
                      struct err *err)
{
    const struct change *c = in;
    struct gate_rule row = {.id = new_id(txn), .etag = 1};
    if (!permit(txn->store, c->by, ACTION_POLICY_MANAGE, 0, err) ||
        !record_read(&record_gate_rule, c->body, true, mem, &row, err) ||
        !check_rule(txn, &row, err))
        return false;
    if (!store_insert(txn->store, &record_gate_rule, &row, err))
        return position_taken(&row, err);
    if (!rule_event(txn, c, "gate_rule.created", NULL, &row, err))
        return false;
    *(struct gate_rule *)out = row;
    return true;
}

static bool rule_for(struct txn *txn, const struct change *c, struct arena *mem,
                     struct gate_rule *row, struct err *err)
{
    int64_t id = 0;
    (void)!id_parse(c->args[0], &id);
    return permit(txn->store, c->by, ACTION_POLICY_MANAGE, 0, err) &&
           store_one(txn->store, STMT_GATE_RULE, &record_gate_rule,
                     ARGS(VIEWER(c->by), arg_i64(id)), mem, row, err);
}

bool gate_rule_patch(struct txn *txn, const void *in, struct arena *mem, void *out, struct err *err)
{
    const struct change *c = in;
    struct gate_rule row = {0};
    if (!rule_for(txn, c, mem, &row, err) || !need_etag(c, row.etag, err))
        return false;
    const struct gate_rule before = row;
    if (!record_read(&record_gate_rule, c->body, false, mem, &row, err) ||
        !check_rule(txn, &row, err))
        return false;
    if (!store_update(txn->store, &record_gate_rule, &row, err))
        return position_taken(&row, err);
    if (!rule_event(txn, c, "gate_rule.changed", &before, &row, err))
        return false;
    *(struct gate_rule *)out = row;
    return true;
}

bool gate_rule_delete(struct txn *txn, const void *in, struct arena *mem, void *out,
                      struct err *err)
{
    const struct change *c = in;
    struct gate_rule row = {0};
    UNUSED(out);
    return rule_for(txn, c, mem, &row, err) && check_etag(c, row.etag, err) &&
           store_delete(txn->store, &record_gate_rule, row.id, err) &&
           rule_event(txn, c, "gate_rule.deleted", &row, NULL, err);
}

/* --- waivers ---------------------------------------------------------------------------------- */

static bool waiver_event(struct txn *txn, const struct change *c, const char *kind,
                         const struct waiver *before, const struct waiver *after, int64_t team_id,
                         struct arena *mem, struct err *err)
{
    const struct happening what = {
        .kind = kind,
        .record = &record_waiver,
        .before = before,
        .after = after,
        .id = after->id,
        .name = arena_join(mem, after->api, STR(" "), after->code),
        .api_id = after->api_id,
        .team_id = team_id,
        .reason = before ? body_text(c, "reason") : after->reason,
    };
    return event_add(txn, c->by, &what, err);
}

static bool check_waiver(struct txn *txn, const struct waiver *row, struct err *err)
{
    int64_t known = 0;
    if (row->code.len == 0)
        return fail(err, ERR_INVALID, "/code", "must be the code of a finding");
    if (row->reason.len == 0)
        return fail(err, ERR_INVALID, "/reason", "must say why");
    if (row->not_after <= txn->now_ms || row->not_after > txn->now_ms + WAIVER_MOST_MS)
        return fail(err, ERR_INVALID, "/not_after", "must be in the future, a year ahead at most");
    if (row->version.len == 0)
        return true;
    if (!store_number(txn->store, STMT_VERSION_OTHER,
                      ARGS(arg_i64(row->api_id), arg_text(row->version), arg_i64(0)), 0, &known,
                      err))
        return false;
    return known > 0 || fail(err, ERR_INVALID, "/version", "the API has no version \"" STR_FMT "\"",
                             STR_ARG(row->version));
}

bool waiver_create(struct txn *txn, const void *in, struct arena *mem, void *out, struct err *err)
{
    const struct change *c = in;
    struct api api = {0};
    struct waiver row = {.id = new_id(txn), .created_by = c->by->name, .created_at = txn->now_ms};
    if (!store_one(txn->store, STMT_API, &record_api, ARGS(VIEWER(c->by), arg_text(c->args[0])),
                   mem, &api, err) ||
        !permit(txn->store, c->by, ACTION_WAIVE, api.team_id, err) ||
        !record_read(&record_waiver, c->body, true, mem, &row, err))
        return false;
    row.api_id = api.id;
    row.api = api.slug;
    if (!check_waiver(txn, &row, err) || !store_insert(txn->store, &record_waiver, &row, err) ||
        !waiver_event(txn, c, "waiver.created", NULL, &row, api.team_id, mem, err))
        return false;
    *(struct waiver *)out = row;
    return true;
}

bool waiver_revoke(struct txn *txn, const void *in, struct arena *mem, void *out, struct err *err)
{
    const struct change *c = in;
    struct waiver row = {0};
    struct api api = {0};
    int64_t id = 0;
    (void)!id_parse(c->args[0], &id);
    if (!store_one(txn->store, STMT_WAIVER, &record_waiver,
                   ARGS(VIEWER(c->by), arg_text(STR_NONE), arg_text(STR_NONE), arg_i64(id)), mem,
                   &row, err) ||
        !store_one(txn->store, STMT_API_BY_ID, &record_api, ARGS(arg_i64(row.api_id)), mem, &api,
                   err) ||
        !permit(txn->store, c->by, ACTION_WAIVE, api.team_id, err))
        return false;
    if (row.revoked_at != 0)
        return fail(err, ERR_CONFLICT, "", "the waiver has been revoked already");
    const struct waiver before = row;
    row.revoked_at = txn->now_ms;
    row.revoked_by = c->by->name;
    if (!store_update(txn->store, &record_waiver, &row, err) ||
        !waiver_event(txn, c, "waiver.revoked", &before, &row, api.team_id, mem, err))
        return false;
    *(struct waiver *)out = row;
    return true;
}
