/* The event log: one row a change, in the change's own savepoint, chained by hashes. */
#include "catalog/service/internal.h"

#define EVENT_FORMAT 1

const char event_first_hash[] = "0000000000000000000000000000000000000000000000000000000000000000";

struct str event_hash(const struct event *e, struct arena *mem)
{
    CLEANUP(buf_clear) struct buf text = {0};
    struct json_writer w = {.out = &text};
    json_open_array(&w);
    json_put_i64(&w, e->format);
    json_put_i64(&w, e->seq);
    json_put_i64(&w, e->at);
    json_put_str(&w, e->kind);
    json_put_str(&w, e->principal);
    json_put_str(&w, e->subject_type);
    json_put_i64(&w, e->subject_id);
    json_put_str(&w, e->subject);
    json_put_i64(&w, e->api_id);
    json_put_i64(&w, e->team_id);
    json_put_str(&w, e->before);
    json_put_str(&w, e->after);
    json_put_str(&w, e->reason);
    json_put_str(&w, e->prev_hash);
    json_close_array(&w);
    struct sha256 hash = sha256_of(buf_str(&text));
    return hex_format(mem, hash.bytes, sizeof(hash.bytes));
}

static struct str row_json(const struct record *record, const void *row, struct arena *mem)
{
    CLEANUP(buf_clear) struct buf text = {0};
    struct json_writer w = {.out = &text};
    if (row == NULL)
        return STR_NONE;
    record_write(&w, record, row);
    return arena_str(mem, buf_str(&text));
}

bool event_add(struct txn *txn, const struct principal *by, const struct happening *what,
               struct err *err)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct event e = {
        .format = EVENT_FORMAT,
        .at = txn->now_ms,
        .kind = str_from(what->kind),
        .principal = principal_text(by, &mem),
        .subject_type = str_from(what->record->name),
        .subject_id = what->id,
        .subject = what->name,
        .api_id = what->api_id,
        .team_id = what->team_id,
        .before = row_json(what->record, what->before, &mem),
        .after = row_json(what->record, what->after, &mem),
        .reason = what->reason,
    };
    if (!store_number(txn->store, STMT_EVENT_LAST_SEQ, NO_ARGS, 0, &e.seq, err) ||
        !store_bytes(txn->store, STMT_EVENT_LAST_HASH, NO_ARGS, &mem, &e.prev_hash, err))
        return false;
    e.seq++;
    if (e.prev_hash.ptr == NULL)
        e.prev_hash = str_from(event_first_hash);
    e.hash = event_hash(&e, &mem);
    return store_insert(txn->store, &record_event, &e, err) &&
           store_run(txn->store, STMT_META_SET,
                     ARGS(arg_text(STR("chain")), arg_i64(e.seq), arg_text(e.hash)), NULL, err);
}
