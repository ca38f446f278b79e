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

bool need_etag(const struct change *c, int64_t etag, struct err *err)
{
    if (c->if_match == IF_MATCH_NONE) {
        (void)fail(err, ERR_INVALID, "", "the change does not say what it changes");
        return err_hint(err, "send the ETag of the state you saw as If-Match");
    }
    return check_etag(c, etag, err);
}

bool insert_named(struct txn *txn, const struct record *record, const void *row, const char *field,
                  struct str value, struct err *err)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    if (store_insert(txn->store, record, row, err))
        return true;
    if (err->code == ERR_CONFLICT)
        (void)fail(err, ERR_CONFLICT, arena_printf(&mem, "/%s", field).ptr,
                   "the %s \"" STR_FMT "\" is taken already", field, STR_ARG(value));
    return false;
}

struct str secret_hash(struct str secret, struct arena *mem)
{
    struct sha256 *hash = arena_new(mem, struct sha256);
    *hash = sha256_of(secret);
    return (struct str){(const char *)hash->bytes, sizeof(hash->bytes)};
}

static bool one_of(struct str name, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq(name, str_from(names[i])))
            return true;
    return false;
}

const struct json *body_without(const struct json *body, const char *const *names, size_t count,
                                struct arena *mem)
{
    struct json *copy = arena_new(mem, struct json);
    struct json **tail = &copy->child;
    copy->type = JSON_TYPE_OBJECT;
    for (const struct json *item = body ? body->child : NULL; item != NULL; item = item->next) {
        if (one_of(item->key, names, count))
            continue;
        *tail = arena_new(mem, struct json);
        **tail = *item;
        (*tail)->next = NULL;
        tail = &(*tail)->next;
        copy->count++;
    }
    return copy;
}

void let_expire(struct subscription *sub, int64_t now_ms)
{
    if ((sub->state == SUB_APPROVED || sub->state == SUB_SUSPENDED) && sub->not_after != 0 &&
        sub->not_after <= now_ms)
        sub->state = SUB_EXPIRED;
}

struct str body_text(const struct change *c, const char *name)
{
    return c->body ? json_get_str(c->body, name) : STR_NONE;
}

bool reason_of(const struct change *c, const char *name, bool needed, struct str *out,
               struct err *err)
{
    char where[32];
    struct str reason = str_trim(body_text(c, name));
    snprintf(where, sizeof(where), "/%s", name);
    if (needed && reason.len == 0) {
        (void)fail(err, ERR_INVALID, where, "is required");
        return err_hint(err, "tell the people who asked why");
    }
    if (reason.len > REASON_MOST)
        return fail(err, ERR_INVALID, where, "longer than %d bytes", REASON_MOST);
    *out = reason.len > 0 ? reason : STR_NONE;
    return true;
}

bool team_id_of(struct store *s, struct str slug, const char *where, int64_t *out, struct err *err)
{
    if (!store_number(s, STMT_TEAM_ID, ARGS(arg_text(slug)), 0, out, err))
        return false;
    return *out != 0 ||
           fail(err, ERR_INVALID, where, "there is no team \"" STR_FMT "\"", STR_ARG(slug));
}

/* --- search ----------------------------------------------------------------------------------- */

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

bool search_update(struct txn *txn, const struct api *api, struct err *err)
{
    CLEANUP(buf_clear) struct buf text = {.limit_bytes = (size_t)16 << 20};
    struct words words = {&text};
    const struct str own[] = {api->slug,        api->name, api->summary,
                              api->description, api->tags, api->team};
    for (size_t i = 0; i < COUNT_OF(own); i++) {
        buf_add(&text, own[i]);
        buf_add_char(&text, '\n');
    }
    return store_each(txn->store, STMT_SEARCH_OPERATIONS, ARGS(arg_i64(api->id)), add_operation,
                      &words, err) &&
           store_run(txn->store, STMT_SEARCH_CLEAR, ARGS(arg_i64(api->id)), NULL, err) &&
           store_run(txn->store, STMT_SEARCH_ADD, ARGS(arg_i64(api->id), arg_text(buf_str(&text))),
                     NULL, err);
}
