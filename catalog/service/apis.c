/* APIs and their versions. */
#include "catalog/service/internal.h"

static bool api_event(struct txn *txn, const struct change *c, const char *kind,
                      const struct api *before, const struct api *after, struct err *err)
{
    const struct api *row = after ? after : before;
    const struct happening what = {.kind = kind,
                                   .record = &record_api,
                                   .before = before,
                                   .after = after,
                                   .id = row->id,
                                   .name = row->slug,
                                   .api_id = row->id,
                                   .team_id = row->team_id,
                                   .reason = body_text(c, "reason")};
    return event_add(txn, c->by, &what, err);
}

static bool set_allowed_teams(struct txn *txn, const struct api *row, struct arena *mem,
                              struct err *err)
{
    const struct str *slugs = NULL;
    size_t count = list_read(row->allowed_teams, mem, &slugs);
    if (!store_run(txn->store, STMT_API_TEAMS_CLEAR, ARGS(arg_i64(row->id)), NULL, err))
        return false;
    for (size_t i = 0; i < count; i++) {
        int64_t team_id = 0;
        if (!team_id_of(txn->store, slugs[i], "/allowed_teams", &team_id, err) ||
            !store_run(txn->store, STMT_API_TEAM_ADD, ARGS(arg_i64(row->id), arg_i64(team_id)),
                       NULL, err))
            return false;
    }
    return true;
}

static bool read_back(struct txn *txn, int64_t id, struct arena *mem, struct api *out,
                      struct err *err)
{
    return store_one(txn->store, STMT_API_BY_ID, &record_api, ARGS(arg_i64(id)), mem, out, err);
}

bool api_create(struct txn *txn, const void *in, struct arena *mem, void *out, struct err *err)
{
    const struct change *c = in;
    struct api row = {
        .id = new_id(txn), .created_at = txn->now_ms, .updated_at = txn->now_ms, .etag = 1};
    if (c->by->via == VIA_NOBODY)
        return permit(txn->store, c->by, ACTION_API_CREATE, 0, err);
    if (!record_read(&record_api, c->body, true, mem, &row, err) ||
        !team_id_of(txn->store, row.team, "/team", &row.team_id, err) ||
        !permit(txn->store, c->by, ACTION_API_CREATE, row.team_id, err) ||
        !insert_named(txn, &record_api, &row, "slug", row.slug, err) ||
        !set_allowed_teams(txn, &row, mem, err) || !read_back(txn, row.id, mem, &row, err) ||
        !search_update(txn, &row, err) || !api_event(txn, c, "api.created", NULL, &row, err))
        return false;
    *(struct api *)out = row;
    return true;
}

/* The API when `by` sees it and may do that to it. */
static bool api_for(struct txn *txn, const struct change *c, enum action action, struct arena *mem,
                    struct api *row, struct err *err)
{
    return store_one(txn->store, STMT_API, &record_api, ARGS(VIEWER(c->by), arg_text(c->args[0])),
                     mem, row, err) &&
           permit(txn->store, c->by, action, row->team_id, err);
}

bool api_patch(struct txn *txn, const void *in, struct arena *mem, void *out, struct err *err)
{
    const struct change *c = in;
    struct api row = {0};
    if (!api_for(txn, c, ACTION_API_CHANGE, mem, &row, err) || !need_etag(c, row.etag, err))
        return false;
    const struct api before = row;
    if (!record_read(&record_api, c->body, false, mem, &row, err) ||
        !team_id_of(txn->store, row.team, "/team", &row.team_id, err) ||
        !permit(txn->store, c->by, ACTION_API_CREATE, row.team_id,
                err)) /* nobody gives an API to a team not their own */
        return false;
    row.updated_at = txn->now_ms;
    if (!store_update(txn->store, &record_api, &row, err) ||
        !set_allowed_teams(txn, &row, mem, err) || !read_back(txn, row.id, mem, &row, err) ||
        !search_update(txn, &row, err) || !api_event(txn, c, "api.changed", &before, &row, err))
        return false;
    if (row.access != before.access) {
        touch(txn, TOUCH_API, row.id);
        txn->flags |= COMMIT_CONFIG;
    }
    *(struct api *)out = row;
    return true;
}

bool api_delete(struct txn *txn, const void *in, struct arena *mem, void *out, struct err *err)
{
    const struct change *c = in;
    struct api row = {0};
    int64_t uses = 0;
    UNUSED(out);
    if (!api_for(txn, c, ACTION_API_CHANGE, mem, &row, err) || !check_etag(c, row.etag, err) ||
        !store_number(txn->store, STMT_API_USES, ARGS(arg_i64(row.id)), 0, &uses, err))
        return false;
    if (uses > 0) {
        (void)fail(err, ERR_CONFLICT, "", "the API still has versions, plans or subscriptions");
        return err_hint(err, "delete its drafts; what has been published is retired, not deleted");
    }
    return store_run(txn->store, STMT_API_TEAMS_CLEAR, ARGS(arg_i64(row.id)), NULL, err) &&
           store_run(txn->store, STMT_SEARCH_CLEAR, ARGS(arg_i64(row.id)), NULL, err) &&
           store_delete(txn->store, &record_api, row.id, err) &&
           api_event(txn, c, "api.deleted", &row, NULL, err);
}

/* --- versions --------------------------------------------------------------------------------- */

static bool version_event(struct txn *txn, const struct change *c, const char *kind,
                          const struct api *api, const struct version *before,
                          const struct version *after, struct err *err)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    const struct version *row = after ? after : before;
    const struct happening what = {.kind = kind,
                                   .record = &record_version,
                                   .before = before,
                                   .after = after,
                                   .id = row->id,
                                   .name = arena_join(&mem, api->slug, STR("/"), row->label),
                                   .api_id = api->id,
                                   .team_id = api->team_id,
                                   .reason = body_text(c, "reason")};
    return event_add(txn, c->by, &what, err);
}

bool version_create(struct txn *txn, const void *in, struct arena *mem, void *out, struct err *err)
{
    const struct change *c = in;
    struct api api = {0};
    struct version row = {.id = new_id(txn), .created_at = txn->now_ms, .etag = 1};
    if (!api_for(txn, c, ACTION_API_CHANGE, mem, &api, err) ||
        !record_read(&record_version, c->body, true, mem, &row, err))
        return false;
    row.api_id = api.id;
    row.api = api.slug;
    if (!insert_named(txn, &record_version, &row, "label", row.label, err) ||
        !version_event(txn, c, "version.created", &api, NULL, &row, err))
        return false;
    *(struct version *)out = row;
    return true;
}

static bool version_for(struct txn *txn, const struct change *c, enum action action,
                        struct arena *mem, struct api *api, struct version *row, struct err *err)
{
    return api_for(txn, c, action, mem, api, err) &&
           store_one(txn->store, STMT_VERSION, &record_version,
                     ARGS(VIEWER(c->by), arg_text(c->args[0]), arg_text(c->args[1])), mem, row,
                     err);
}

static bool successor_exists(struct txn *txn, const struct version *row, struct err *err)
{
    int64_t count = 0;
    if (row->successor.len == 0)
        return true;
    if (!store_number(txn->store, STMT_VERSION_OTHER,
                      ARGS(arg_i64(row->api_id), arg_text(row->successor), arg_i64(row->id)), 0,
                      &count, err))
        return false;
    return count > 0 ||
           fail(err, ERR_INVALID, "/successor", "the API has no other version \"" STR_FMT "\"",
                STR_ARG(row->successor));
}

static bool version_save(struct txn *txn, const struct change *c, const char *kind,
                         const struct api *api, const struct version *before, struct version *row,
                         struct arena *mem, struct err *err)
{
    return successor_exists(txn, row, err) && store_update(txn->store, &record_version, row, err) &&
           store_one(txn->store, STMT_VERSION_BY_ID, &record_version, ARGS(arg_i64(row->id)), mem,
                     row, err) &&
           search_update(txn, api, err) && version_event(txn, c, kind, api, before, row, err);
}

bool version_patch(struct txn *txn, const void *in, struct arena *mem, void *out, struct err *err)
{
    const struct change *c = in;
    struct api api = {0};
    struct version row = {0};
    if (!version_for(txn, c, ACTION_API_CHANGE, mem, &api, &row, err) ||
        !need_etag(c, row.etag, err))
        return false;
    const struct version before = row;
    if (!record_read(&record_version, c->body, false, mem, &row, err) ||
        !version_save(txn, c, "version.changed", &api, &before, &row, mem, err))
        return false;
    *(struct version *)out = row;
    return true;
}

bool version_delete(struct txn *txn, const void *in, struct arena *mem, void *out, struct err *err)
{
    const struct change *c = in;
    struct api api = {0};
    struct version row = {0};
    static const enum statement drops[] = {
        STMT_VERSION_DETACH,   STMT_REVIEWS_DROP,    STMT_FINDINGS_DROP,       STMT_CHANGES_DROP,
        STMT_ASSESSMENTS_DROP, STMT_OPERATIONS_DROP, STMT_REVISION_FILES_DROP, STMT_REVISIONS_DROP};
    UNUSED(out);
    if (!version_for(txn, c, ACTION_API_CHANGE, mem, &api, &row, err) ||
        !check_etag(c, row.etag, err))
        return false;
    if (row.stage != STAGE_DRAFT || row.published_at != 0) {
        (void)fail(err, ERR_CONFLICT, "", "only drafts that were never published can be deleted");
        return err_hint(err, "deprecate it, then retire it");
    }
    for (size_t i = 0; i < COUNT_OF(drops); i++)
        if (!store_run(txn->store, drops[i], ARGS(arg_i64(row.id)), NULL, err))
            return false;
    return store_delete(txn->store, &record_version, row.id, err) &&
           search_update(txn, &api, err) &&
           version_event(txn, c, "version.deleted", &api, &row, NULL, err);
}

/* A candidate is put in force by moving the version to the stage it has. */
static bool takes_candidate(const struct version *row, enum stage to)
{
    return row->candidate_id != 0 && row->stage == (int)to && to != STAGE_RETIRED;
}

/* What a move asks of a version besides following the table of stages. */
static bool may_move(const struct version *row, enum stage to, struct err *err)
{
    if (!stage_may_follow((enum stage)row->stage, to) && !takes_candidate(row, to)) {
        (void)fail(err, ERR_CONFLICT, "/stage", "a version that is %s cannot become %s",
                   name_of(&names_stage, row->stage), name_of(&names_stage, (int)to));
        return to == STAGE_RETIRED ? err_hint(err, "deprecate it first") : false;
    }
    if (to == STAGE_PUBLISHED && row->revision_id == 0) {
        (void)fail(err, ERR_CONFLICT, "/stage", "a version without a document cannot be published");
        return err_hint(err, "upload its OpenAPI document first");
    }
    return true;
}

/* Who calls a deprecated version is told until when it answers. */
static bool check_sunset(const struct version *row, enum stage to, int64_t now_ms, struct err *err)
{
    if (to != STAGE_DEPRECATED || row->stage == STAGE_DEPRECATED || row->sunset_at > now_ms)
        return true;
    (void)fail(err, ERR_INVALID, "/sunset_at",
               row->sunset_at == 0 ? "a deprecated version needs the day it stops"
                                   : "must be in the future");
    return err_hint(err, "callers are told until when it answers");
}

/* {stage, sunset_at, successor, reason, override}: the fields of a version apart, so that
 * record_read can judge them. */
static bool read_move(const struct change *c, struct version *row, enum stage *to,
                      struct arena *mem, struct err *err)
{
    static const char *const others[] = {"stage", "reason", "override"};
    struct str reason = STR_NONE;
    int stage = value_of(&names_stage, body_text(c, "stage"));
    if (stage < 0) {
        (void)fail(err, ERR_INVALID, "/stage", "is missing or not a stage");
        return err_hint(err, "use published, deprecated or retired");
    }
    *to = (enum stage)stage;
    return reason_of(c, "reason", false, &reason, err) &&
           record_read(&record_version, body_without(c->body, others, COUNT_OF(others), mem), false,
                       mem, row, err);
}

/* What goes before callers is judged first. */
static bool pass_gate(struct txn *txn, const struct change *c, const struct api *api,
                      struct version *row, enum stage to, struct arena *mem, struct err *err)
{
    struct verdict verdict = {0};
    struct judged judged = {
        .api = api, .version = row, .revision_id = next_revision(row), .now_ms = txn->now_ms};
    if (to != STAGE_PUBLISHED && !takes_candidate(row, to))
        return true;
    if (!reason_of(c, "override", false, &judged.override, err) ||
        !publish_ask(txn, c, &judged, mem, &verdict, err))
        return false;
    if (verdict.blocked)
        return publish_refuse(&verdict, err);
    row->revision_id = judged.revision_id;
    row->candidate_id = 0;
    return true;
}

bool version_stage(struct txn *txn, const void *in, struct arena *mem, void *out, struct err *err)
{
    const struct change *c = in;
    struct api api = {0};
    struct version row = {0};
    enum stage to = STAGE_DRAFT;
    if (!version_for(txn, c, ACTION_API_PUBLISH, mem, &api, &row, err) ||
        !check_etag(c, row.etag, err))
        return false;
    const struct version before = row;
    if (!read_move(c, &row, &to, mem, err) || !may_move(&before, to, err) ||
        !check_sunset(&row, to, txn->now_ms, err) || !pass_gate(txn, c, &api, &row, to, mem, err))
        return false;
    row.stage = (int)to;
    bool first = to == STAGE_PUBLISHED && row.published_at == 0;
    if (first)
        row.published_at = txn->now_ms;
    if ((first || row.revision_id != before.revision_id) &&
        !revision_published(txn, row.revision_id, err))
        return false;
    if (!version_save(txn, c, "version.stage", &api, &before, &row, mem, err))
        return false;
    touch(txn, TOUCH_VERSION, row.id);
    txn->flags |= COMMIT_CONFIG;
    *(struct version *)out = row;
    return true;
}
