/* Reviews: a second person looks at a revision before it is published. */
#include "catalog/service/internal.h"

static bool review_event(struct txn *txn, const struct change *c, const char *kind,
                         const struct review *before, const struct review *after,
                         const struct api *api, struct arena *mem, struct err *err)
{
    const struct happening what = {
        .kind = kind,
        .record = &record_review,
        .before = before,
        .after = after,
        .id = after->id,
        .name = arena_join(mem, after->api, STR("/"), after->version),
        .api_id = api->id,
        .team_id = api->team_id,
        .reason = before ? after->reason : after->note,
    };
    return event_add(txn, c->by, &what, err);
}

bool review_create(struct txn *txn, const void *in, struct arena *mem, void *out, struct err *err)
{
    static const struct json nothing = {.type = JSON_TYPE_OBJECT};
    const struct change *c = in;
    struct api api = {0};
    struct version version = {0};
    struct revision revision = {0};
    struct review row = {
        .id = new_id(txn), .requested_by = c->by->name, .requested_at = txn->now_ms, .etag = 1};
    if (!store_one(txn->store, STMT_API, &record_api, ARGS(VIEWER(c->by), arg_text(c->args[0])),
                   mem, &api, err) ||
        !permit(txn->store, c->by, ACTION_REVIEW_ASK, api.team_id, err) ||
        !store_one(txn->store, STMT_VERSION, &record_version,
                   ARGS(VIEWER(c->by), arg_text(c->args[0]), arg_text(c->args[1])), mem, &version,
                   err) ||
        !record_read(&record_review, c->body ? c->body : &nothing, true, mem, &row, err))
        return false;
    if (next_revision(&version) == 0)
        return fail(err, ERR_CONFLICT, "", "a version without a document cannot be reviewed");
    if (!store_one(txn->store, STMT_REVISION_BY_ID, &record_revision,
                   ARGS(arg_i64(next_revision(&version))), mem, &revision, err))
        return false;
    row.version_id = version.id;
    row.revision_id = revision.id;
    row.api = api.slug;
    row.version = version.label;
    row.revision = revision.sha256;
    if (!store_insert(txn->store, &record_review, &row, err))
        return err->code == ERR_CONFLICT &&
               fail(err, ERR_CONFLICT, "", "a review of this document is asked for already");
    if (!review_event(txn, c, "review.requested", NULL, &row, &api, mem, err))
        return false;
    *(struct review *)out = row;
    return true;
}

/* The review, and the revision it is about. */
static bool review_for(struct txn *txn, const struct change *c, enum action action,
                       struct arena *mem, struct review *row, struct api *api,
                       struct revision *revision, struct err *err)
{
    struct version version = {0};
    int64_t id = 0;
    (void)!id_parse(c->args[0], &id);
    return store_one(
               txn->store, STMT_REVIEW, &record_review,
               ARGS(VIEWER(c->by), arg_text(STR_NONE), arg_text(STR_NONE), arg_i64(0), arg_i64(id)),
               mem, row, err) &&
           store_one(txn->store, STMT_VERSION_BY_ID, &record_version,
                     ARGS(arg_i64(row->version_id)), mem, &version, err) &&
           store_one(txn->store, STMT_API_BY_ID, &record_api, ARGS(arg_i64(version.api_id)), mem,
                     api, err) &&
           permit(txn->store, c->by, action, api->team_id, err) &&
           store_one(txn->store, STMT_REVISION_BY_ID, &record_revision,
                     ARGS(arg_i64(row->revision_id)), mem, revision, err);
}

static bool is_second(const struct change *c, const struct review *row,
                      const struct revision *revision, struct err *err)
{
    bool asked = str_eq(c->by->name, row->requested_by);
    if (!asked && !str_eq(c->by->name, revision->created_by))
        return true;
    (void)fail(err, ERR_DENIED, "", "a review is decided by a second person; you %s",
               asked ? "asked for it" : "uploaded the document");
    return err_hint(err, "ask another maintainer of the team, or an operator");
}

static bool decide_review(struct txn *txn, const struct change *c, enum review_state to,
                          struct arena *mem, struct review *out, struct err *err)
{
    static const char *const kinds[REVIEW_STATE_COUNT] = {[REVIEW_APPROVED] = "review.approved",
                                                          [REVIEW_REJECTED] = "review.rejected",
                                                          [REVIEW_WITHDRAWN] = "review.withdrawn"};
    struct review row = {0};
    struct api api = {0};
    struct revision revision = {0};
    if (!review_for(txn, c, to == REVIEW_WITHDRAWN ? ACTION_REVIEW_ASK : ACTION_REVIEW_DECIDE, mem,
                    &row, &api, &revision, err) ||
        !check_etag(c, row.etag, err))
        return false;
    if (row.state != REVIEW_REQUESTED)
        return fail(err, ERR_CONFLICT, "", "the review has been %s already",
                    name_of(&names_review_state, row.state));
    if (to != REVIEW_WITHDRAWN && !is_second(c, &row, &revision, err))
        return false;
    const struct review before = row;
    row.state = (int)to;
    row.decided_by = c->by->name;
    row.decided_at = txn->now_ms;
    if (!reason_of(c, "reason", to == REVIEW_REJECTED, &row.reason, err) ||
        !store_update(txn->store, &record_review, &row, err) ||
        !review_event(txn, c, kinds[to], &before, &row, &api, mem, err))
        return false;
    *out = row;
    return true;
}

bool review_approve(struct txn *txn, const void *in, struct arena *mem, void *out, struct err *err)
{
    return decide_review(txn, in, REVIEW_APPROVED, mem, out, err);
}

bool review_reject(struct txn *txn, const void *in, struct arena *mem, void *out, struct err *err)
{
    return decide_review(txn, in, REVIEW_REJECTED, mem, out, err);
}

bool review_withdraw(struct txn *txn, const void *in, struct arena *mem, void *out, struct err *err)
{
    return decide_review(txn, in, REVIEW_WITHDRAWN, mem, out, err);
}
