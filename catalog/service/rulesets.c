/* Rulesets of the organisation: texts that are never changed, one of which is in force. */
#include "catalog/service/internal.h"

#define TEXT_MOST_BYTES ((size_t)256 << 10)

static bool ruleset_event(struct txn *txn, const struct change *c, const char *kind,
                          const struct ruleset *before, const struct ruleset *after,
                          struct err *err)
{
    const struct happening what = {.kind = kind,
                                   .record = &record_ruleset,
                                   .before = before,
                                   .after = after,
                                   .id = after->id,
                                   .name = after->slug,
                                   .reason = body_text(c, "reason")};
    return event_add(txn, c->by, &what, err);
}

/* The number in force is one there is, and the teams are there. */
static bool check_ruleset(struct txn *txn, const struct ruleset *row, struct arena *mem,
                          struct err *err)
{
    const struct str *teams = NULL;
    size_t count = list_read(row->teams, mem, &teams);
    int64_t team_id = 0;
    for (size_t i = 0; i < count; i++)
        if (!team_id_of(txn->store, teams[i], "/teams", &team_id, err))
            return false;
    if (row->number >= 0 && row->number <= row->latest)
        return true;
    (void)fail(err, ERR_INVALID, "/number", "the ruleset has no revision %lld",
               (long long)row->number);
    return row->latest == 0
               ? err_hint(err, "put its text first (PUT /v1/rulesets/" STR_FMT "/text)",
                          STR_ARG(row->slug))
               : err_hint(err, "it has 1 to %lld; 0 puts none in force", (long long)row->latest);
}

bool ruleset_create(struct txn *txn, const void *in, struct arena *mem, void *out, struct err *err)
{
    const struct change *c = in;
    struct ruleset row = {.id = new_id(txn), .created_at = txn->now_ms, .etag = 1};
    if (!permit(txn->store, c->by, ACTION_POLICY_MANAGE, 0, err) ||
        !record_read(&record_ruleset, c->body, true, mem, &row, err) ||
        !check_ruleset(txn, &row, mem, err) ||
        !insert_named(txn, &record_ruleset, &row, "slug", row.slug, err) ||
        !ruleset_event(txn, c, "ruleset.created", NULL, &row, err))
        return false;
    *(struct ruleset *)out = row;
    return true;
}

static bool ruleset_for(struct txn *txn, const struct change *c, struct arena *mem,
                        struct ruleset *row, struct err *err)
{
    return permit(txn->store, c->by, ACTION_POLICY_MANAGE, 0, err) &&
           store_one(txn->store, STMT_RULESET, &record_ruleset,
                     ARGS(VIEWER(c->by), arg_text(c->args[0])), mem, row, err);
}

bool ruleset_patch(struct txn *txn, const void *in, struct arena *mem, void *out, struct err *err)
{
    const struct change *c = in;
    struct ruleset row = {0};
    if (!ruleset_for(txn, c, mem, &row, err) || !need_etag(c, row.etag, err))
        return false;
    const struct ruleset before = row;
    if (!record_read(&record_ruleset, c->body, false, mem, &row, err) ||
        !check_ruleset(txn, &row, mem, err) ||
        !store_update(txn->store, &record_ruleset, &row, err) ||
        !ruleset_event(txn, c, "ruleset.changed", &before, &row, err))
        return false;
    *(struct ruleset *)out = row;
    return true;
}

static bool text_event(struct txn *txn, const struct change *c, const struct ruleset_revision *row,
                       struct err *err)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    const struct happening what = {
        .kind = "ruleset.text",
        .record = &record_ruleset_revision,
        .after = row,
        .id = row->id,
        .name = arena_printf(&mem, STR_FMT "@%lld", STR_ARG(row->ruleset), (long long)row->number),
        .reason = body_text(c, "reason"),
    };
    return event_add(txn, c->by, &what, err);
}

bool ruleset_put_text(struct txn *txn, const void *in, struct arena *mem, void *out,
                      struct err *err)
{
    const struct change *c = in;
    struct ruleset ruleset = {0};
    struct ruleset_revision latest = {0};
    bool any = false;
    struct str text = body_text(c, "text");
    if (!ruleset_for(txn, c, mem, &ruleset, err))
        return false;
    if (text.len > TEXT_MOST_BYTES)
        return fail(err, ERR_INVALID, "/text", "longer than %zu bytes", TEXT_MOST_BYTES);
    const struct sha256 hash = sha256_of(text);
    const struct ruleset_revision row = {
        .id = new_id(txn),
        .ruleset_id = ruleset.id,
        .ruleset = ruleset.slug,
        .number = ruleset.latest + 1,
        .sha256 = hex_format(mem, hash.bytes, sizeof(hash.bytes)),
        .text = text,
        .created_by = c->by->name,
        .created_at = txn->now_ms,
    };
    if (!store_find(txn->store, STMT_RULESET_REVISION, &record_ruleset_revision,
                    ARGS(arg_i64(ruleset.id), arg_i64(ruleset.latest)), mem, &latest, &any, err))
        return false;
    bool same = any && str_eq(latest.sha256, row.sha256); /* once more changes nothing */
    if (!same && (!store_insert(txn->store, &record_ruleset_revision, &row, err) ||
                  !text_event(txn, c, &row, err)))
        return false;
    *(struct ruleset_revision *)out = same ? latest : row;
    return true;
}
