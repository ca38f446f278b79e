/* The access image: built from the store after a change of access, handed to readers by one atomic
 * pointer. */
#include <stdatomic.h>
#include <stdlib.h>

#include "catalog/service/internal.h"

/* An image and its bytes; freed once no reader can hold it any more. */
struct published {
    struct buf bytes;
    struct access_image image;
    struct published *older;
};

/* A reader announces what it reads; the builder frees only what nobody has announced. */
struct image_reader {
    struct images *images;
    _Atomic(struct published *) holds;
    struct image_reader *next;
};

struct images {
    _Atomic(struct published *) current;
    pthread_mutex_t lock; /* guards the lists; readers that get an image do not take it */
    struct published *retired;
    struct image_reader *readers;
};

struct images *images_new(void)
{
    struct images *i = mem_new_of(struct images);
    pthread_mutex_init(&i->lock, NULL);
    return i;
}

static void published_free(struct published *p)
{
    if (p == NULL)
        return;
    buf_clear(&p->bytes);
    free(p);
}

void images_free(struct images *i)
{
    if (i == NULL)
        return;
    published_free(atomic_load(&i->current));
    for (struct published *p = i->retired; p != NULL;) {
        struct published *older = p->older;
        published_free(p);
        p = older;
    }
    pthread_mutex_destroy(&i->lock);
    free(i);
}

/* --- readers ---------------------------------------------------------------------------------- */

struct image_reader *image_reader_open(struct catalog *c)
{
    struct image_reader *r = mem_new_of(struct image_reader);
    r->images = c->images;
    pthread_mutex_lock(&c->images->lock);
    r->next = c->images->readers;
    c->images->readers = r;
    pthread_mutex_unlock(&c->images->lock);
    return r;
}

void image_reader_close(struct image_reader *r)
{
    if (r == NULL)
        return;
    struct images *i = r->images;
    pthread_mutex_lock(&i->lock);
    struct image_reader **at = &i->readers;
    while (*at != r)
        at = &(*at)->next;
    *at = r->next;
    pthread_mutex_unlock(&i->lock);
    free(r);
}

/* Announce, then look again: if it is still the current one, the builder will see the announcement.
 */
const struct access_image *image_get(struct image_reader *r)
{
    struct published *p;
    do {
        p = atomic_load(&r->images->current);
        atomic_store(&r->holds, p);
    } while (p != atomic_load(&r->images->current));
    return p ? &p->image : NULL;
}

void image_idle(struct image_reader *r)
{
    atomic_store_explicit(&r->holds, NULL, memory_order_release);
}

static bool held(const struct images *i, const struct published *p)
{
    for (const struct image_reader *r = i->readers; r != NULL; r = r->next)
        if (atomic_load(&r->holds) == p)
            return true;
    return false;
}

static void publish(struct images *i, struct published *fresh)
{
    struct published *old = atomic_exchange(&i->current, fresh);
    pthread_mutex_lock(&i->lock);
    if (old != NULL) {
        old->older = i->retired;
        i->retired = old;
    }
    for (struct published **at = &i->retired; *at != NULL;) {
        struct published *p = *at;
        if (held(i, p)) {
            at = &p->older;
            continue;
        }
        *at = p->older;
        published_free(p);
    }
    pthread_mutex_unlock(&i->lock);
}

/* --- loading ---------------------------------------------------------------------------------- */

/* Ids of apis, apps and plans in ascending order, which is the order of their statements. */
struct ids {
    VEC(int64_t) list;
};

struct loading {
    struct store *store;
    struct arena *mem;
    struct ids api_ids, app_ids, plan_ids;
    VEC(struct access_api) apis;
    VEC(struct access_app) apps;
    VEC(struct access_plan) plans;
    VEC(struct access_credential) credentials;
    VEC(struct access_grant) grants;
    VEC(struct access_deployment) deployments;
    VEC(int64_t) revisions;                  /* of deployments */
    VEC(struct access_operation) operations; /* of the revision being read */
};

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
    if (col[0].text.len != SHA256_LEN || !index_of(&l->app_ids, col[1].i64, &key.app))
        return fail(err, ERR_STORE, "api_key", "a key is damaged");
    memcpy(key.sha256.bytes, col[0].text.ptr, SHA256_LEN);
    vec_push(&l->credentials, l->mem, key);
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
    if (state < 0 || !index_of(&l->app_ids, col[1].i64, &grant.app) ||
        !index_of(&l->api_ids, col[2].i64, &grant.api) ||
        !index_of(&l->plan_ids, col[3].i64, &grant.plan))
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
    if (stage < 0 || !index_of(&l->api_ids, col[1].i64, &d.api))
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

static bool load(struct loading *l, struct err *err)
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

bool access_seq(struct store *s, uint64_t *out, struct err *err)
{
    int64_t seq = 0;
    if (!store_number(s, STMT_META, ARGS(arg_text(STR("access"))), 0, &seq, err))
        return false;
    *out = (uint64_t)seq;
    return true;
}

bool images_publish(struct images *i, struct store *s, int64_t now_ms, struct err *err)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct loading l = {.store = s, .mem = &mem};
    struct published *fresh = mem_new_of(struct published);
    uint64_t seq = 0;
    bool ok = access_seq(s, &seq, err) && load(&l, err);
    const struct access_input input = {
        .version = seq,
        .built_at_ms = now_ms,
        .apis = l.apis.ptr,
        .api_count = l.apis.len,
        .deployments = l.deployments.ptr,
        .deployment_count = l.deployments.len,
        .apps = l.apps.ptr,
        .app_count = l.apps.len,
        .credentials = l.credentials.ptr,
        .credential_count = l.credentials.len,
        .plans = l.plans.ptr,
        .plan_count = l.plans.len,
        .grants = l.grants.ptr,
        .grant_count = l.grants.len,
    };
    if (!ok || !access_build(&input, &fresh->bytes, err) ||
        !access_open(buf_str(&fresh->bytes), &fresh->image, err)) {
        published_free(fresh);
        publish(i, NULL);
        return false;
    }
    publish(i, fresh);
    return true;
}
