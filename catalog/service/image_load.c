/* What the access image is made from: all rows, or those that a change has touched. */
#include <stdlib.h>

#include "catalog/service/internal.h"

/* Ids of apis, apps and plans in ascending order, which is the order of their statements. */
struct ids {
    VEC(int64_t) list;
};

struct loading {
    struct store *store;
    struct arena *mem;
    bool some; /* rows that are spoken of are read when they are missing; ids are in no order */
    struct ids api_ids, app_ids, plan_ids;
    VEC(struct access_api) apis;
    VEC(struct access_app) apps;
    VEC(struct access_plan) plans;
    struct buf credentials; /* of struct access_credential; by far the most, they grow in place */
    VEC(struct access_grant) grants;
    VEC(struct access_deployment) deployments;
    VEC(int64_t) revisions;                  /* of deployments */
    VEC(struct access_operation) operations; /* of the revision being read */
    const struct access_image *before;       /* what the touched rows lie over */
    struct ids key_ids, gone;
    VEC(int64_t) version_deployments;
};

static void loading_clear(struct loading *l)
{
    buf_clear(&l->credentials);
}

static int compare_ids(const void *left, const void *right)
{
    int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return (a > b) - (a < b);
}

static bool index_of(const struct ids *ids, int64_t id, uint32_t *out)
{
    const int64_t *hit =
        ids->list.len ? bsearch(&id, ids->list.ptr, ids->list.len, sizeof(id), compare_ids) : NULL;
    if (hit == NULL)
        return false;
    *out = (uint32_t)(hit - ids->list.ptr);
    return true;
}

/* The place of a row that is spoken of. */
static bool refer(struct loading *l, struct ids *ids, int64_t id, enum statement by_id,
                  store_each_fn *each, uint32_t *out)
{
    if (!l->some)
        return index_of(ids, id, out);
    for (size_t i = 0; i < ids->list.len; i++)
        if (ids->list.ptr[i] == id) {
            *out = (uint32_t)i;
            return true;
        }
    *out = (uint32_t)ids->list.len;
    return store_each(l->store, by_id, ARGS(arg_i64(id)), each, l, NULL) &&
           ids->list.len == *out + (size_t)1;
}

static bool load_api(void *context, const struct arg *col, struct err *err)
{
    struct loading *l = context;
    UNUSED(err);
    vec_push(&l->api_ids.list, l->mem, col[0].i64);
    vec_push(&l->apis, l->mem,
             (struct access_api){.slug = arena_str(l->mem, col[1].text),
                                 .open = str_eq(col[2].text, str_from(name_of(&names_api_access,
                                                                              API_ACCESS_OPEN)))});
    return true;
}

static bool load_app(void *context, const struct arg *col, struct err *err)
{
    struct loading *l = context;
    UNUSED(err);
    vec_push(&l->app_ids.list, l->mem, col[0].i64);
    vec_push(&l->apps, l->mem, (struct access_app){arena_str(l->mem, col[1].text)});
    return true;
}

static bool load_plan(void *context, const struct arg *col, struct err *err)
{
    struct loading *l = context;
    struct access_plan plan = {
        .slug = arena_str(l->mem, col[1].text),
        .rate_count = (uint32_t)col[2].i64,
        .rate_period_ms = (uint32_t)col[3].i64 * 1000,
        .burst = (uint32_t)col[4].i64,
        .quota_count = (uint32_t)col[5].i64,
        .quota_monthly = str_eq(col[6].text, str_from(name_of(&names_quota_period, QUOTA_MONTH))),
    };
    UNUSED(err);
    plan.operation_count = list_read(arena_str(l->mem, col[7].text), l->mem, &plan.operations);
    if (plan.operation_count == 0)
        plan.operations = NULL; /* none named: all */
    vec_push(&l->plan_ids.list, l->mem, col[0].i64);
    vec_push(&l->plans, l->mem, plan);
    return true;
}

static bool load_key(void *context, const struct arg *col, struct err *err)
{
    struct loading *l = context;
    struct access_credential key = {.revoked = col[3].i64 != 0, .not_after_ms = col[2].i64};
    if (col[0].text.len != SHA256_LEN ||
        !refer(l, &l->app_ids, col[1].i64, STMT_IMAGE_APP, load_app, &key.app))
        return fail(err, ERR_STORE, "api_key", "a key is damaged");
    memcpy(key.sha256.bytes, col[0].text.ptr, SHA256_LEN);
    buf_add(&l->credentials, (struct str){(const char *)&key, sizeof(key)});
    return true;
}

static bool load_grant(void *context, const struct arg *col, struct err *err)
{
    static const enum access_state states[SUB_STATE_COUNT] = {
        [SUB_REQUESTED] = ACCESS_REQUESTED, [SUB_APPROVED] = ACCESS_APPROVED,
        [SUB_SUSPENDED] = ACCESS_SUSPENDED, [SUB_EXPIRED] = ACCESS_EXPIRED,
        [SUB_REVOKED] = ACCESS_REVOKED,     [SUB_REJECTED] = ACCESS_REJECTED,
        [SUB_WITHDRAWN] = ACCESS_REJECTED,
    };
    struct loading *l = context;
    struct access_grant grant = {.subscription = col[0].i64, .not_after_ms = col[5].i64};
    int state = value_of(&names_sub_state, col[4].text);
    if (state < 0 || !refer(l, &l->app_ids, col[1].i64, STMT_IMAGE_APP, load_app, &grant.app) ||
        !refer(l, &l->api_ids, col[2].i64, STMT_IMAGE_API, load_api, &grant.api) ||
        !refer(l, &l->plan_ids, col[3].i64, STMT_IMAGE_PLAN, load_plan, &grant.plan))
        return fail(err, ERR_STORE, "subscription", "a subscription is damaged");
    grant.state = states[state];
    vec_push(&l->grants, l->mem, grant);
    return true;
}

static bool load_deployment(void *context, const struct arg *col, struct err *err)
{
    static const enum access_stage stages[STAGE_COUNT] = {
        [STAGE_DRAFT] = ACCESS_STAGE_DRAFT,
        [STAGE_PUBLISHED] = ACCESS_STAGE_LIVE,
        [STAGE_DEPRECATED] = ACCESS_STAGE_LIVE,
        [STAGE_RETIRED] = ACCESS_STAGE_RETIRED,
    };
    struct loading *l = context;
    struct access_deployment d = {
        .id = col[0].i64,
        .version_label = arena_str(l->mem, col[2].text),
        .group = arena_str(l->mem, col[3].text),
        .base_path = arena_str(l->mem, col[4].text),
    };
    int stage = value_of(&names_stage, col[5].text);
    if (stage < 0 || !refer(l, &l->api_ids, col[1].i64, STMT_IMAGE_API, load_api, &d.api))
        return fail(err, ERR_STORE, "deployment", "a deployment is damaged");
    d.stage = stages[stage];
    vec_push(&l->deployments, l->mem, d);
    vec_push(&l->revisions, l->mem, col[6].i64);
    return true;
}

static bool load_operation(void *context, const struct arg *col, struct err *err)
{
    struct loading *l = context;
    UNUSED(err);
    vec_push(&l->operations, l->mem,
             (struct access_operation){arena_str(l->mem, col[0].text),
                                       arena_str(l->mem, col[1].text),
                                       arena_str(l->mem, col[2].text)});
    return true;
}

/* Deployments of one revision share its list. */
static bool load_operations(struct loading *l, struct err *err)
{
    for (size_t i = 0; i < l->deployments.len; i++) {
        struct access_deployment *d = &l->deployments.ptr[i];
        for (size_t k = 0; k < i && d->operations == NULL; k++)
            if (l->revisions.ptr[k] == l->revisions.ptr[i]) {
                d->operations = l->deployments.ptr[k].operations;
                d->operation_count = l->deployments.ptr[k].operation_count;
            }
        if (d->operations != NULL)
            continue;
        memset(&l->operations, 0, sizeof(l->operations));
        if (!store_each(l->store, STMT_IMAGE_OPERATIONS, ARGS(arg_i64(l->revisions.ptr[i])),
                        load_operation, l, err))
            return false;
        d->operations = l->operations.ptr;
        d->operation_count = l->operations.len;
    }
    return true;
}

static bool load_all(struct loading *l, struct err *err)
{
    static const struct {
        enum statement statement;
        store_each_fn *each;
    } steps[] = {
        {STMT_IMAGE_APIS,        load_api       },
        {STMT_IMAGE_APPS,        load_app       },
        {STMT_IMAGE_PLANS,       load_plan      },
        {STMT_IMAGE_KEYS,        load_key       },
        {STMT_IMAGE_GRANTS,      load_grant     },
        {STMT_IMAGE_DEPLOYMENTS, load_deployment},
    };
    for (size_t i = 0; i < COUNT_OF(steps); i++)
        if (!store_each(l->store, steps[i].statement, NO_ARGS, steps[i].each, l, err))
            return false;
    return load_operations(l, err);
}

/* --- what was touched ------------------------------------------------------------------------- */

static bool known(const struct ids *ids, int64_t id)
{
    for (size_t i = 0; i < ids->list.len; i++)
        if (ids->list.ptr[i] == id)
            return true;
    return false;
}

static bool touch_app(struct loading *l, int64_t id, struct err *err)
{
    return known(&l->app_ids, id) ||
           store_each(l->store, STMT_IMAGE_APP, ARGS(arg_i64(id)), load_app, l, err);
}

static bool touch_key(struct loading *l, int64_t id, struct err *err)
{
    if (known(&l->key_ids, id))
        return true;
    vec_push(&l->key_ids.list, l->mem, id);
    return store_each(l->store, STMT_IMAGE_KEY, ARGS(arg_i64(id)), load_key, l, err);
}

static bool touch_plan(struct loading *l, int64_t id, struct err *err)
{
    return known(&l->plan_ids, id) ||
           store_each(l->store, STMT_IMAGE_PLAN, ARGS(arg_i64(id)), load_plan, l, err);
}

static bool touch_api(struct loading *l, int64_t id, struct err *err)
{
    return known(&l->api_ids, id) ||
           store_each(l->store, STMT_IMAGE_API, ARGS(arg_i64(id)), load_api, l, err);
}

/* A row that is no more is told as such, when the image below has it. Comes last: by then each API
 * that has a row is there. */
static void add_gone(struct loading *l, int64_t id)
{
    struct access_place place;
    if (!access_place_find(l->before, id, &place))
        return;
    struct access_deployment d = {.id = id,
                                  .version_label = arena_str(l->mem, place.version_label),
                                  .group = arena_str(l->mem, place.group),
                                  .stage = ACCESS_STAGE_GONE};
    while (d.api < l->apis.len && !str_eq(l->apis.ptr[d.api].slug, place.api))
        d.api++;
    if (d.api == l->apis.len) {
        vec_push(&l->api_ids.list, l->mem, 0);
        vec_push(&l->apis, l->mem, (struct access_api){arena_str(l->mem, place.api), place.open});
    }
    vec_push(&l->deployments, l->mem, d);
    vec_push(&l->revisions, l->mem, 0);
}

static bool touch_deployment(struct loading *l, int64_t id, struct err *err)
{
    size_t count = l->deployments.len;
    for (size_t i = 0; i < count; i++)
        if (l->deployments.ptr[i].id == id)
            return true;
    if (!store_each(l->store, STMT_IMAGE_DEPLOYMENT, ARGS(arg_i64(id)), load_deployment, l, err))
        return false;
    if (l->deployments.len == count && !known(&l->gone, id))
        vec_push(&l->gone.list, l->mem, id);
    return true;
}

static bool add_id(void *context, const struct arg *col, struct err *err)
{
    struct loading *l = context;
    UNUSED(err);
    vec_push(&l->version_deployments, l->mem, col[0].i64);
    return true;
}

static bool touch_version(struct loading *l, int64_t id, struct err *err)
{
    l->version_deployments.len = 0;
    if (!store_each(l->store, STMT_IMAGE_VERSION_DEPLOYMENTS, ARGS(arg_i64(id)), add_id, l, err))
        return false;
    for (size_t i = 0; i < l->version_deployments.len; i++)
        if (!touch_deployment(l, l->version_deployments.ptr[i], err))
            return false;
    return true;
}

/* An app in a patch is there with all its grants. */
static bool load_touched(struct loading *l, const struct touches *touches, struct err *err)
{
    static bool (*const loaders[])(struct loading * l, int64_t id, struct err * err) = {
        [TOUCH_APP] = touch_app,
        [TOUCH_KEY] = touch_key,
        [TOUCH_PLAN] = touch_plan,
        [TOUCH_API] = touch_api,
        [TOUCH_DEPLOYMENT] = touch_deployment,
        [TOUCH_VERSION] = touch_version,
    };
    for (size_t i = 0; i < touches->count; i++)
        if (!loaders[touches->rows[i].kind](l, touches->rows[i].id, err))
            return false;
    for (size_t i = 0; i < l->app_ids.list.len; i++)
        if (!store_each(l->store, STMT_IMAGE_APP_GRANTS, ARGS(arg_i64(l->app_ids.list.ptr[i])),
                        load_grant, l, err))
            return false;
    if (!load_operations(l, err))
        return false;
    for (size_t i = 0; i < l->gone.list.len; i++)
        add_gone(l, l->gone.list.ptr[i]);
    return true;
}

/* --- images ----------------------------------------------------------------------------------- */

bool access_seq(struct store *s, uint64_t *out, struct err *err)
{
    int64_t seq = 0;
    if (!store_number(s, STMT_META, ARGS(arg_text(STR("access"))), 0, &seq, err))
        return false;
    *out = (uint64_t)seq;
    return true;
}

/* The event's hash stands for all that happened before it. */
bool access_state(struct store *s, uint64_t *seq, struct sha256 *stamp, struct err *err)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct str hash = STR_NONE;
    if (!access_seq(s, seq, err) ||
        !store_bytes(s, STMT_EVENT_HASH, ARGS(arg_i64((int64_t)*seq)), &mem, &hash, err))
        return false;
    *stamp = sha256_of(arena_printf(&mem, "%d %llu " STR_FMT, STORE_SCHEMA,
                                    (unsigned long long)*seq, STR_ARG(hash)));
    return true;
}

static bool build(struct loading *l, struct access_input *in, struct buf *out, struct err *err)
{
    in->apis = l->apis.ptr;
    in->api_count = l->apis.len;
    in->deployments = l->deployments.ptr;
    in->deployment_count = l->deployments.len;
    in->apps = l->apps.ptr;
    in->app_count = l->apps.len;
    in->credentials = (const void *)l->credentials.ptr;
    in->credential_count = l->credentials.len / sizeof(*in->credentials);
    in->plans = l->plans.ptr;
    in->plan_count = l->plans.len;
    in->grants = l->grants.ptr;
    in->grant_count = l->grants.len;
    return access_build(in, out, err);
}

bool image_load(struct store *s, int64_t now_ms, struct buf *out, struct err *err)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    CLEANUP(loading_clear) struct loading l = {.store = s, .mem = &mem};
    struct access_input in = {.built_at_ms = now_ms};
    if (!access_state(s, &in.version, &in.stamp, err) || !load_all(&l, err))
        return false;
    in.origin = in.version;
    return build(&l, &in, out, err);
}

bool image_load_touched(struct store *s, const struct access_image *before,
                        const struct touches *touches, int64_t now_ms, struct buf *out,
                        struct err *err)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    CLEANUP(loading_clear)
    struct loading l = {.store = s, .mem = &mem, .some = true, .before = before};
    struct access_input in = {.built_at_ms = now_ms, .under = access_checksum(before)};
    return access_state(s, &in.version, &in.stamp, err) && load_touched(&l, touches, err) &&
           build(&l, &in, out, err);
}
