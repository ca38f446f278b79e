/* Catalog rows → the flat image. */
#include <stdlib.h>

#include "catalog/authz/image.h"
#include "catalog/route/route.h"

#define TEXT_MOST_BYTES ((size_t)1 << 31)

struct builder {
    const struct access_input *in;
    struct arena mem;
    struct buf sections[SEC_COUNT];
    struct str *keys; /* operation keys, sorted, each once */
    size_t key_count;
    uint32_t bucket_bits;
};

size_t image_record_size(enum image_section section)
{
    static const size_t sizes[SEC_COUNT] = {
        [SEC_BUCKETS] = sizeof(uint32_t),
        [SEC_CREDENTIALS] = sizeof(struct image_credential),
        [SEC_HASHES] = sizeof(struct sha256),
        [SEC_APPS] = sizeof(struct image_app),
        [SEC_APP_ORDER] = sizeof(uint32_t),
        [SEC_APP_KEYS] = sizeof(uint32_t),
        [SEC_APIS] = sizeof(struct image_api),
        [SEC_PLANS] = sizeof(struct image_plan),
        [SEC_PLAN_KEYS] = sizeof(uint32_t),
        [SEC_GRANTS] = sizeof(struct image_grant),
        [SEC_DEPLOYMENTS] = sizeof(struct image_deployment),
        [SEC_OPERATIONS] = sizeof(uint32_t),
        [SEC_KEYS] = sizeof(struct image_text),
        [SEC_ROUTERS] = 1,
        [SEC_TEXT] = 1,
    };
    return sizes[section];
}

static void put(struct builder *b, enum image_section section, const void *record)
{
    buf_add(&b->sections[section], (struct str){record, image_record_size(section)});
}

static uint32_t records(const struct builder *b, enum image_section section)
{
    return (uint32_t)(b->sections[section].len / image_record_size(section));
}

static struct image_text put_text(struct builder *b, struct str text)
{
    struct buf *to = &b->sections[SEC_TEXT];
    const struct image_text at = {(uint32_t)to->len, (uint32_t)text.len};
    buf_add(to, text);
    return at;
}

/* --- checking ------------------------------------------------------------------------------------
 */

static bool in_range(uint32_t index, size_t count, const char *what, size_t row, struct err *err)
{
    char where[48];
    if (index < count)
        return true;
    snprintf(where, sizeof(where), "/%s/%zu", what, row);
    return fail(err, ERR_INVALID, where, "refers to row %u of %zu", index, count);
}

static bool check_input(const struct access_input *in, struct err *err)
{
    for (size_t i = 0; i < in->deployment_count; i++)
        if (!in_range(in->deployments[i].api, in->api_count, "deployments", i, err))
            return false;
    for (size_t i = 0; i < in->credential_count; i++)
        if (!in_range(in->credentials[i].app, in->app_count, "credentials", i, err))
            return false;
    for (size_t i = 0; i < in->grant_count; i++)
        if (!in_range(in->grants[i].app, in->app_count, "grants", i, err) ||
            !in_range(in->grants[i].api, in->api_count, "grants", i, err) ||
            !in_range(in->grants[i].plan, in->plan_count, "grants", i, err))
            return false;
    return true;
}

/* --- operation keys ------------------------------------------------------------------------------
 */

static int compare_texts(const void *left, const void *right)
{
    return str_cmp(*(const struct str *)left, *(const struct str *)right);
}

static void collect_keys(struct builder *b)
{
    size_t count = 0, at = 0;
    for (size_t i = 0; i < b->in->deployment_count; i++)
        count += b->in->deployments[i].operation_count;
    b->keys = arena_array(&b->mem, struct str, count);
    for (size_t i = 0; i < b->in->deployment_count; i++)
        for (size_t k = 0; k < b->in->deployments[i].operation_count; k++)
            b->keys[at++] = b->in->deployments[i].operations[k].key;
    if (count > 0)
        qsort(b->keys, count, sizeof(*b->keys), compare_texts);
    for (size_t i = 0; i < count; i++)
        if (i == 0 || !str_eq(b->keys[i], b->keys[b->key_count - 1]))
            b->keys[b->key_count++] = b->keys[i];
    for (size_t i = 0; i < b->key_count; i++) {
        const struct image_text text = put_text(b, b->keys[i]);
        put(b, SEC_KEYS, &text);
    }
}

static bool key_number(const struct builder *b, struct str key, uint32_t *out)
{
    const struct str *hit =
        b->key_count ? bsearch(&key, b->keys, b->key_count, sizeof(key), compare_texts) : NULL;
    if (hit == NULL)
        return false;
    *out = (uint32_t)(hit - b->keys);
    return true;
}

/* --- credentials ---------------------------------------------------------------------------------
 */

static int compare_credentials(const void *left, const void *right)
{
    const struct access_credential *const *a = left, *const *b = right;
    return memcmp((*a)->sha256.bytes, (*b)->sha256.bytes, SHA256_LEN);
}

/* About two credentials a bucket. */
static uint32_t bits_for(size_t count)
{
    uint32_t bits = 0;
    while (bits < 24 && ((size_t)2 << bits) < count)
        bits++;
    return bits;
}

static void put_buckets(struct builder *b, const struct access_credential *const *sorted,
                        size_t count)
{
    uint32_t buckets = 1U << b->bucket_bits, next = 0;
    for (uint32_t bucket = 0; bucket <= buckets; bucket++) {
        while (next < count && image_bucket(sorted[next]->sha256.bytes, b->bucket_bits) < bucket)
            next++;
        put(b, SEC_BUCKETS, &next);
    }
}

static void put_credentials(struct builder *b, uint32_t *app_of)
{
    size_t count = b->in->credential_count;
    const struct access_credential **sorted =
        arena_array(&b->mem, const struct access_credential *, count);
    for (size_t i = 0; i < count; i++)
        sorted[i] = &b->in->credentials[i];
    if (count > 0)
        qsort(sorted, count, sizeof(*sorted), compare_credentials);
    b->bucket_bits = bits_for(count);
    put_buckets(b, sorted, count);
    for (size_t i = 0; i < count; i++) {
        struct image_credential record = {.app = sorted[i]->app,
                                          .revoked = sorted[i]->revoked,
                                          .not_after_ms = sorted[i]->not_after_ms};
        memcpy(record.hash, sorted[i]->sha256.bytes, sizeof(record.hash));
        put(b, SEC_CREDENTIALS, &record);
        put(b, SEC_HASHES, &sorted[i]->sha256);
        app_of[i] = record.app;
    }
}

/* --- apps and grants
 * ------------------------------------------------------------------------------ */

static int compare_grants(const void *left, const void *right)
{
    const struct image_grant *a = left, *b = right;
    if (a->app != b->app)
        return a->app < b->app ? -1 : 1;
    if (a->api != b->api)
        return a->api < b->api ? -1 : 1;
    return (a->subscription > b->subscription) - (a->subscription < b->subscription);
}

static void put_grants(struct builder *b, struct image_app *apps)
{
    size_t count = b->in->grant_count;
    struct image_grant *sorted = arena_array(&b->mem, struct image_grant, count);
    for (size_t i = 0; i < count; i++) {
        const struct access_grant *from = &b->in->grants[i];
        sorted[i] = (struct image_grant){
            from->subscription, from->not_before_ms, from->not_after_ms,   from->app,
            from->api,          from->plan,          (uint32_t)from->state};
    }
    if (count > 0)
        qsort(sorted, count, sizeof(*sorted), compare_grants);
    for (size_t i = 0; i < count; i++) {
        struct image_app *app = &apps[sorted[i].app];
        if (app->grants++ == 0)
            app->first_grant = (uint32_t)i;
        put(b, SEC_GRANTS, &sorted[i]);
    }
}

struct named {
    struct str slug;
    uint32_t index;
};

static int compare_named(const void *left, const void *right)
{
    return str_cmp(((const struct named *)left)->slug, ((const struct named *)right)->slug);
}

static void put_apps(struct builder *b)
{
    size_t count = b->in->app_count, credentials = b->in->credential_count;
    struct image_app *apps = arena_array(&b->mem, struct image_app, count);
    struct named *order = arena_array(&b->mem, struct named, count);
    uint32_t *app_of = arena_array(&b->mem, uint32_t, credentials);
    uint32_t *keys = arena_array(&b->mem, uint32_t, credentials), first = 0;
    put_credentials(b, app_of);
    put_grants(b, apps);
    for (size_t i = 0; i < credentials; i++)
        apps[app_of[i]].keys++;
    for (size_t i = 0; i < count; i++) {
        apps[i].slug = put_text(b, b->in->apps[i].slug);
        apps[i].first_key = first;
        first += apps[i].keys;
        apps[i].keys = 0;
        order[i] = (struct named){b->in->apps[i].slug, (uint32_t)i};
    }
    for (uint32_t i = 0; i < credentials; i++) {
        struct image_app *app = &apps[app_of[i]];
        keys[app->first_key + app->keys++] = i;
    }
    for (size_t i = 0; i < credentials; i++)
        put(b, SEC_APP_KEYS, &keys[i]);
    if (count > 0)
        qsort(order, count, sizeof(*order), compare_named);
    for (size_t i = 0; i < count; i++) {
        put(b, SEC_APPS, &apps[i]);
        put(b, SEC_APP_ORDER, &order[i].index);
    }
}

/* --- apis and plans
 * -------------------------------------------------------------------------------- */

static void put_apis(struct builder *b)
{
    for (size_t i = 0; i < b->in->api_count; i++) {
        const struct image_api api = {.slug = put_text(b, b->in->apis[i].slug),
                                      .open = b->in->apis[i].open};
        put(b, SEC_APIS, &api);
    }
}

static int compare_numbers(const void *left, const void *right)
{
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return (a > b) - (a < b);
}

static void put_plans(struct builder *b)
{
    for (size_t i = 0; i < b->in->plan_count; i++) {
        const struct access_plan *from = &b->in->plans[i];
        struct image_plan plan = {
            .slug = put_text(b, from->slug),
            .rate_count = from->rate_count,
            .rate_period_ms = from->rate_period_ms,
            .burst = from->burst,
            .quota_count = from->quota_count,
            .quota_monthly = from->quota_monthly,
            .all_operations = from->operations == NULL,
            .first_key = records(b, SEC_PLAN_KEYS),
        };
        uint32_t *numbers = arena_array(&b->mem, uint32_t, from->operation_count);
        for (size_t k = 0; k < from->operation_count; k++)
            if (key_number(b, from->operations[k], &numbers[plan.keys]))
                plan.keys++; /* a key of no deployed operation covers nothing */
        if (plan.keys > 1)
            qsort(numbers, plan.keys, sizeof(*numbers), compare_numbers);
        for (uint32_t k = 0; k < plan.keys; k++)
            put(b, SEC_PLAN_KEYS, &numbers[k]);
        put(b, SEC_PLANS, &plan);
    }
}

/* --- deployments
 * ------------------------------------------------------------------------------------ */

/* Leaves out what cannot be compiled, so that it is refused and the rest of the API is served. */
static void compile_router(const struct access_deployment *d, struct arena *mem, struct buf *out)
{
    struct route_entry *entries = arena_array(mem, struct route_entry, d->operation_count);
    size_t count = 0;
    for (size_t i = 0; i < d->operation_count; i++)
        entries[count++] =
            (struct route_entry){d->operations[i].method, d->operations[i].path, (uint32_t)i};
    struct err err = {0};
    int64_t bad = 0;
    while (!route_compile(entries, count, out, &err)) {
        if (err.where[0] != '/' || !str_to_i64(str_from(err.where + 1), &bad) || bad < 0 ||
            (size_t)bad >= count) {
            count = 0; /* a fault refuses everything rather than something unknown */
            continue;
        }
        memmove(&entries[bad], &entries[bad + 1], (count - (size_t)bad - 1) * sizeof(*entries));
        count--;
    }
}

static int compare_deployments(const void *left, const void *right)
{
    const struct access_deployment *const *a = left, *const *b = right;
    return ((*a)->id > (*b)->id) - ((*a)->id < (*b)->id);
}

static void put_deployment(struct builder *b, const struct access_deployment *from)
{
    struct buf *routers = &b->sections[SEC_ROUTERS];
    struct str base = from->base_path;
    if (str_ends(base, STR("/")))
        base.len--;
    struct image_deployment d = {
        .id = from->id,
        .api = from->api,
        .stage = (uint32_t)from->stage,
        .version_label = put_text(b, from->version_label),
        .group = put_text(b, from->group),
        .base_path = put_text(b, base),
        .router_at = (uint32_t)routers->len,
        .first_operation = records(b, SEC_OPERATIONS),
        .operations = (uint32_t)from->operation_count,
    };
    compile_router(from, &b->mem, routers);
    d.router_len = (uint32_t)routers->len - d.router_at;
    for (size_t i = 0; i < from->operation_count; i++) {
        uint32_t number = 0;
        if (key_number(b, from->operations[i].key, &number)) /* always: collect_keys has seen it */
            put(b, SEC_OPERATIONS, &number);
    }
    put(b, SEC_DEPLOYMENTS, &d);
}

static void put_deployments(struct builder *b)
{
    size_t count = b->in->deployment_count;
    const struct access_deployment **sorted =
        arena_array(&b->mem, const struct access_deployment *, count);
    for (size_t i = 0; i < count; i++)
        sorted[i] = &b->in->deployments[i];
    if (count > 0)
        qsort(sorted, count, sizeof(*sorted), compare_deployments);
    for (size_t i = 0; i < count; i++)
        put_deployment(b, sorted[i]);
}

/* --- the whole
 * ---------------------------------------------------------------------------------------- */

static size_t aligned(size_t at)
{
    return (at + IMAGE_ALIGNMENT - 1) / IMAGE_ALIGNMENT * IMAGE_ALIGNMENT;
}

static void write_out(struct builder *b, struct buf *out)
{
    struct image_header head = {
        .magic = IMAGE_MAGIC,
        .format = IMAGE_FORMAT,
        .bucket_bits = b->bucket_bits,
        .version = b->in->version,
        .built_at_ms = b->in->built_at_ms,
    };
    size_t at = aligned(sizeof(head));
    for (int i = 0; i < SEC_COUNT; i++) {
        head.sections[i] = (struct image_section_place){at, records(b, (enum image_section)i)};
        at = aligned(at + b->sections[i].len);
    }
    head.total_bytes = at;
    char *bytes = buf_room(out, at);
    if (bytes == NULL)
        return;
    memset(bytes, 0, at);
    for (int i = 0; i < SEC_COUNT; i++)
        if (b->sections[i].len > 0)
            memcpy(bytes + head.sections[i].offset, b->sections[i].ptr, b->sections[i].len);
    memcpy(bytes, &head, sizeof(head));
    head.checksum = sha256_of((struct str){bytes, at});
    memcpy(bytes, &head, sizeof(head));
    out->len += at;
}

bool access_build(const struct access_input *in, struct buf *out, struct err *err)
{
    struct builder b = {.in = in};
    if (!check_input(in, err))
        return false;
    collect_keys(&b);
    put_apis(&b);
    put_plans(&b);
    put_apps(&b);
    put_deployments(&b);
    bool small =
        b.sections[SEC_TEXT].len < TEXT_MOST_BYTES && b.sections[SEC_ROUTERS].len < TEXT_MOST_BYTES;
    if (small)
        write_out(&b, out);
    for (int i = 0; i < SEC_COUNT; i++)
        buf_clear(&b.sections[i]);
    arena_clear(&b.mem);
    return (small && !out->failed) ||
           fail(err, ERR_LIMIT, "", "the access image exceeds its limit");
}
