/* Pages of lists: keyset cursors, totals, limits. */
#include "catalog/service/internal.h"

#define LIMIT_DEFAULT 50
#define LIMIT_MOST    500
#define ARG_PLACES    22 /* $1 … $22, as statements.h numbers them */
#define PLACE_TEXT    19
#define PLACE_NUMBER  20
#define PLACE_LIMIT   21
#define CHECK_DIGITS  4

/* Opaque outside: hex of the key and four digits that a guess or a cut-off would miss. */
static struct str cursor_make(struct str key, struct arena *mem)
{
    struct str hex = hex_format(mem, key.ptr, key.len);
    return arena_printf(mem, STR_FMT "%04x", STR_ARG(hex), crc32_of(key) & 0xFFFF);
}

static bool cursor_read(struct str cursor, struct arena *mem, struct str *key)
{
    if (cursor.len <= CHECK_DIGITS || cursor.len % 2 != 0 || cursor.len > 400)
        return false;
    size_t len = (cursor.len - CHECK_DIGITS) / 2;
    char *bytes = arena_alloc(mem, len + 1);
    *key = (struct str){bytes, len};
    return hex_parse(str_sub(cursor, 0, len * 2), bytes, len) &&
           str_eq(cursor_make(*key, mem), cursor);
}

static bool set_cursor(const struct list_kind *kind, struct str cursor, struct arena *mem,
                       struct arg *args, struct err *err)
{
    const struct field *f = record_field(kind->record, str_from(kind->key));
    struct str key = STR_NONE;
    int64_t number = 0;
    if (cursor.ptr == NULL)
        return true;
    bool ok = cursor_read(cursor, mem, &key);
    if (ok && f->type == FIELD_TEXT)
        args[PLACE_TEXT] = arg_text(key);
    else if (ok && str_to_i64(key, &number))
        args[PLACE_NUMBER] = arg_i64(number);
    else {
        (void)fail(err, ERR_INVALID, "cursor", "is none of this list's cursors");
        return err_hint(err, "use `next` of the page before, unchanged");
    }
    return true;
}

static struct str key_of(const struct list_kind *kind, const void *row, struct arena *mem)
{
    const struct field *f = record_field(kind->record, str_from(kind->key));
    const void *at = (const char *)row + f->offset;
    return f->type == FIELD_TEXT ? *(const struct str *)at
                                 : arena_printf(mem, "%lld", (long long)*(const int64_t *)at);
}

bool list_page(struct view *v, const struct list_kind *kind, const struct principal *by,
               const struct arg *filters, size_t filter_count, const struct catalog_query *query,
               struct arena *mem, struct catalog_list *out, struct err *err)
{
    struct arg args[ARG_PLACES] = {VIEWER(by)};
    struct store_rows rows = {0};
    int64_t limit = query->limit ? query->limit : LIMIT_DEFAULT, total = 0;
    if (limit < 1 || limit > LIMIT_MOST)
        return fail(err, ERR_INVALID, "limit", "%lld is out of range: 1 to %d", (long long)limit,
                    LIMIT_MOST);
    for (size_t i = 0; i < filter_count; i++)
        args[i + 2] = filters[i];
    args[PLACE_LIMIT] = arg_i64(limit + 1);
    if (!set_cursor(kind, query->cursor, mem, args, err) ||
        !store_all(v->store, kind->page, kind->record, args, COUNT_OF(args), mem, &rows, err) ||
        !store_number(v->store, kind->count, args, COUNT_OF(args), 0, &total, err))
        return false;
    *out = (struct catalog_list){.rows = rows.rows, .count = rows.count, .total = total};
    if (rows.count > (size_t)limit) {
        out->count = (size_t)limit;
        out->next = cursor_make(
            key_of(kind, (const char *)rows.rows + (out->count - 1) * kind->record->size, mem),
            mem);
    }
    return true;
}

/* --- the lists ----------------------------------------------------------------------------------
 */

#define LIST(function, page, count, row, key, ...)                                           \
    bool function(struct view *v, const struct principal *by, const struct catalog_query *q, \
                  struct arena *mem, struct catalog_list *out, struct err *err)              \
    {                                                                                        \
        static const struct list_kind kind = {page, count, &record_##row, key};              \
        return list_page(v, &kind, by, ARGS(__VA_ARGS__), q, mem, out, err);                 \
    }

/* "pet st" becomes "pet"* "st"*: all words, by their beginnings, nothing of FTS5's own language. */
static struct arg words_arg(struct str q, struct arena *mem)
{
    CLEANUP(buf_clear) struct buf out = {.limit_bytes = 4096};
    bool inside = false;
    for (size_t i = 0; i < q.len; i++) {
        unsigned char c = (unsigned char)q.ptr[i];
        bool word =
            (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c >= 0x80;
        if (word && !inside)
            buf_add_char(&out, '"');
        if (word)
            buf_add_char(&out, (char)c);
        if (!word && inside)
            buf_add(&out, STR("\"* "));
        inside = word;
    }
    if (inside)
        buf_add(&out, STR("\"*"));
    return out.len && !out.failed ? arg_text(arena_str(mem, buf_str(&out))) : (struct arg){0};
}

static struct arg id_arg(struct str text)
{
    int64_t id = 0;
    return id_parse(text, &id) ? arg_i64(id) : (struct arg){0};
}

LIST(catalog_users, STMT_USERS, STMT_USERS_COUNT, user, "name", {0})
LIST(catalog_teams, STMT_TEAMS, STMT_TEAMS_COUNT, team, "slug", arg_text(q->q), arg_i64(q->mine))
LIST(catalog_members, STMT_MEMBERS, STMT_MEMBERS_COUNT, member, "id", arg_text(q->team))
LIST(catalog_apis, STMT_APIS, STMT_APIS_COUNT, api, "slug", words_arg(q->q, mem), arg_text(q->team),
     arg_text(q->tag), arg_text(q->stage))
LIST(catalog_versions, STMT_VERSIONS, STMT_VERSIONS_COUNT, version, "id", arg_text(q->api))
LIST(catalog_revisions, STMT_REVISIONS, STMT_REVISIONS_COUNT, revision, "id", arg_text(q->api),
     arg_text(q->version))
LIST(catalog_operations, STMT_OPERATIONS, STMT_OPERATIONS_COUNT, operation, "position",
     arg_text(q->api), arg_text(q->version), arg_text(q->q), arg_text(q->tag))
LIST(catalog_plans, STMT_PLANS, STMT_PLANS_COUNT, plan, "slug", arg_text(q->api))
LIST(catalog_apps, STMT_APPS, STMT_APPS_COUNT, app, "slug", arg_text(q->q), arg_text(q->team),
     arg_i64(q->mine))
LIST(catalog_keys, STMT_KEYS, STMT_KEYS_COUNT, key, "id", arg_text(q->app))
LIST(catalog_groups, STMT_GROUPS, STMT_GROUPS_COUNT, group, "slug", {0})
LIST(catalog_gateways, STMT_GATEWAYS, STMT_GATEWAYS_COUNT, gateway, "slug", arg_text(q->group))
LIST(catalog_deployments, STMT_DEPLOYMENTS, STMT_DEPLOYMENTS_COUNT, deployment, "id",
     arg_text(q->api), arg_text(q->version), arg_text(q->group))
LIST(catalog_events, STMT_EVENTS, STMT_EVENTS_COUNT, event, "seq", arg_text(q->subject),
     arg_text(q->kind), arg_text(q->api), id_arg(q->subject))
static LIST(list_subscriptions, STMT_SUBS, STMT_SUBS_COUNT, subscription, "id", arg_text(q->api),
            arg_text(q->app), arg_text(q->state), arg_i64(q->mine), arg_i64(q->awaiting))

    /* The end of a term is a matter of the clock, not of a change. */
    static void let_expire(struct subscription *sub, int64_t now_ms)
{
    if ((sub->state == SUB_APPROVED || sub->state == SUB_SUSPENDED) && sub->not_after != 0 &&
        sub->not_after <= now_ms)
        sub->state = SUB_EXPIRED;
}

bool catalog_subscriptions(struct view *v, const struct principal *by,
                           const struct catalog_query *q, struct arena *mem,
                           struct catalog_list *out, struct err *err)
{
    if (!list_subscriptions(v, by, q, mem, out, err))
        return false;
    struct subscription *rows = arena_array(mem, struct subscription, out->count);
    if (out->count > 0)
        memcpy(rows, out->rows, out->count * sizeof(*rows));
    for (size_t i = 0; i < out->count; i++)
        let_expire(&rows[i], clock_now_ms(v->catalog->config.clock));
    out->rows = rows;
    return true;
}

/* --- single rows --------------------------------------------------------------------------------
 */

#define GET(function, statement, row, ...)                                                       \
    bool function(struct view *v, const struct principal *by, const struct str *args,            \
                  struct arena *mem, void *out, struct err *err)                                 \
    {                                                                                            \
        return store_one(v->store, statement, &record_##row, ARGS(VIEWER(by), __VA_ARGS__), mem, \
                         out, err);                                                              \
    }
#define UNUSED_ARG ((struct arg){0})

GET(catalog_user, STMT_USER, user, arg_text(args[0]))
GET(catalog_team, STMT_TEAM, team, arg_text(args[0]))
GET(catalog_api, STMT_API, api, arg_text(args[0]))
GET(catalog_version, STMT_VERSION, version, arg_text(args[0]), arg_text(args[1]))
GET(catalog_revision, STMT_REVISION, revision, arg_text(args[0]), arg_text(args[1]))
GET(catalog_operation, STMT_OPERATION, operation, arg_text(args[0]), arg_text(args[1]), UNUSED_ARG,
    UNUSED_ARG, id_arg(args[2]))
GET(catalog_plan, STMT_PLAN, plan, arg_text(args[0]))
GET(catalog_app, STMT_APP, app, arg_text(args[0]))
GET(catalog_group, STMT_GROUP, group, arg_text(args[0]))
GET(catalog_gateway, STMT_GATEWAY, gateway, arg_text(args[0]))
GET(catalog_deployment, STMT_DEPLOYMENT, deployment, UNUSED_ARG, UNUSED_ARG, UNUSED_ARG,
    id_arg(args[0]))

bool catalog_subscription(struct view *v, const struct principal *by, const struct str *args,
                          struct arena *mem, void *out, struct err *err)
{
    if (!store_one(v->store, STMT_SUB, &record_subscription, ARGS(VIEWER(by), id_arg(args[0])), mem,
                   out, err))
        return false;
    let_expire(out, clock_now_ms(v->catalog->config.clock));
    return true;
}

/* --- tags ---------------------------------------------------------------------------------------
 */

struct tag_list {
    struct arena *mem;
    VEC(struct tag_count) tags;
};

static bool add_tag(void *context, const struct arg *columns, struct err *err)
{
    struct tag_list *list = context;
    UNUSED(err);
    vec_push(&list->tags, list->mem,
             (struct tag_count){arena_str(list->mem, columns[0].text), columns[1].i64});
    return true;
}

bool catalog_tags(struct view *v, const struct principal *by, struct arena *mem,
                  const struct tag_count **out, size_t *count, struct err *err)
{
    struct tag_list list = {.mem = mem};
    if (!store_each(v->store, STMT_API_TAGS, ARGS(VIEWER(by)), add_tag, &list, err))
        return false;
    *out = list.tags.ptr;
    *count = list.tags.len;
    return true;
}
