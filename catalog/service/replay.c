/* Creations sent twice: the first answer is kept beside the change and given again. */
#include "catalog/service/internal.h"

#define KEY_MOST_BYTES 200
#define KEPT_MS        INT64_C(86400000)

struct kept {
    struct arena *mem;
    bool found;
    struct str route, body, answer;
};

static bool take_kept(void *context, const struct arg *col, struct err *err)
{
    struct kept *k = context;
    UNUSED(err);
    k->found = true;
    k->route = arena_str(k->mem, col[0].text);
    k->body = arena_str(k->mem, col[1].text);
    k->answer = arena_str(k->mem, col[2].text);
    return true;
}

static struct str body_of(const struct replay *r)
{
    return (struct str){(const char *)r->body.bytes, sizeof(r->body.bytes)};
}

bool replay_look(struct txn *txn, const struct change *c, struct arena *mem, bool *done,
                 struct err *err)
{
    struct replay *r = c->replay;
    struct kept kept = {.mem = mem};
    *done = false;
    if (r == NULL)
        return true;
    r->replayed = r->taken = false;
    if (r->key.len == 0 || r->key.len > KEY_MOST_BYTES || !str_utf8(r->key, NULL))
        return fail(err, ERR_INVALID, "Idempotency-Key", "must have 1 to %d bytes", KEY_MOST_BYTES);
    if (!store_run(txn->store, STMT_REPLAYS_OVER, ARGS(arg_i64(txn->now_ms - KEPT_MS)), NULL,
                   err) ||
        !store_each(txn->store, STMT_REPLAY,
                    ARGS(arg_text(principal_text(c->by, mem)), arg_text(r->key)), take_kept, &kept,
                    err))
        return false;
    if (!kept.found)
        return true;
    if (!str_eq(kept.route, r->route) || !str_eq(kept.body, body_of(r))) {
        r->taken = true;
        (void)fail(err, ERR_CONFLICT, "Idempotency-Key", "the key belongs to another request");
        return err_hint(err, "use a fresh key for each request");
    }
    if (kept.answer.ptr == NULL) {
        (void)fail(err, ERR_CONFLICT, "Idempotency-Key",
                   "this has been done already, and its secret is shown only once");
        return err_hint(err, "make another one, and revoke the first");
    }
    r->replayed = *done = true;
    r->answer = kept.answer;
    return true;
}

bool replay_keep(struct txn *txn, const struct change *c, const void *out, struct err *err)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    CLEANUP(buf_clear) struct buf answer = {0};
    struct replay *r = c->replay;
    if (r == NULL)
        return true;
    if (r->render != NULL)
        r->render(out, &answer);
    struct str text = r->render != NULL ? arena_str(&mem, buf_str(&answer)) : STR_NONE;
    return store_run(txn->store, STMT_REPLAY_ADD,
                     ARGS(arg_text(principal_text(c->by, &mem)), arg_text(r->key),
                          arg_text(r->route), arg_bytes(body_of(r)), arg_text(text),
                          arg_i64(txn->now_ms)),
                     NULL, err);
}
