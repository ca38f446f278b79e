/* Steps that most use cases have. */
#include "catalog/service/internal.h"

int64_t new_id(struct txn *txn)
{
    return id_next(&txn->catalog->ids, txn->now_ms);
}

bool check_etag(const struct change *c, int64_t etag, struct err *err)
{
    if (c->if_match == IF_MATCH_NONE || c->if_match == etag)
        return true;
    (void)fail(err, ERR_STALE, "If-Match", "somebody else has changed it meanwhile");
    return err_hint(err, "read it again and repeat the change");
}

bool insert_named(struct txn *txn, const struct record *record, const void *row, const char *field,
                  struct str value, struct err *err)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    if (store_insert(txn->store, record, row, err))
        return true;
    if (err->code == ERR_CONFLICT)
        (void)fail(err, ERR_CONFLICT, arena_printf(&mem, "/%s", field).ptr,
                   "there is a %s with %s \"" STR_FMT "\" already", record->name, field,
                   STR_ARG(value));
    return false;
}

struct str body_text(const struct change *c, const char *name)
{
    return c->body ? json_get_str(c->body, name) : STR_NONE;
}

bool team_id_of(struct store *s, struct str slug, const char *where, int64_t *out, struct err *err)
{
    if (!store_number(s, STMT_TEAM_ID, ARGS(arg_text(slug)), 0, out, err))
        return false;
    return *out != 0 ||
           fail(err, ERR_INVALID, where, "there is no team \"" STR_FMT "\"", STR_ARG(slug));
}

/* --- search -------------------------------------------------------------------------------------
 */

struct words {
    struct buf *out;
};

static bool add_operation(void *context, const struct arg *columns, struct err *err)
{
    struct words *words = context;
    UNUSED(err);
    for (int i = 0; i < 4; i++) {
        buf_add(words->out, columns[i].text);
        buf_add_char(words->out, '\n');
    }
    return true;
}

bool search_update(struct txn *txn, const struct api *api, struct arena *mem, struct err *err)
{
    CLEANUP(buf_clear) struct buf text = {.limit_bytes = (size_t)16 << 20};
    struct words words = {&text};
    const struct str own[] = {api->slug,        api->name, api->summary,
                              api->description, api->tags, api->team};
    for (size_t i = 0; i < COUNT_OF(own); i++) {
        buf_add(&text, own[i]);
        buf_add_char(&text, '\n');
    }
    UNUSED(mem);
    return store_each(txn->store, STMT_SEARCH_OPERATIONS, ARGS(arg_i64(api->id)), add_operation,
                      &words, err) &&
           store_run(txn->store, STMT_SEARCH_CLEAR, ARGS(arg_i64(api->id)), NULL, err) &&
           store_run(txn->store, STMT_SEARCH_ADD, ARGS(arg_i64(api->id), arg_text(buf_str(&text))),
                     NULL, err);
}
