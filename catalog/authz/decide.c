/* The decision: a table of steps in the order of DESIGN §6; the first refusal ends it. */
#include "catalog/authz/limiter.h"
#include "catalog/route/route.h"

/* What the steps find out for each other. */
struct facts {
    const struct access_image *image;
    const struct image_header *h;
    struct limiter *limiter;
    const struct check_request *request;
    int64_t stale_after_ms, now_ms;
    struct decision *out;

    bool allowed; /* by a step that needs no other */
    const struct image_deployment *deployment;
    const struct image_app *app;
    const struct image_grant *grants; /* of the app for the API */
    uint32_t grant_count;
    uint32_t operation; /* its name's number */
    const struct image_grant *grant;
};

static enum deny_code find_deployment(struct facts *f)
{
    f->deployment = image_find_deployment(f->h, f->request->deployment);
    if (f->deployment == NULL || f->deployment->stage == ACCESS_STAGE_DRAFT) {
        f->deployment = NULL;
        return DENY_OPERATION_UNKNOWN;
    }
    f->out->api = image_str(f->h, image_apis(f->h)[f->deployment->api].slug);
    f->out->version_label = image_str(f->h, f->deployment->version_label);
    return DENY_NONE;
}

static enum deny_code check_fresh(struct facts *f)
{
    bool stale =
        f->stale_after_ms > 0 && f->now_ms > f->image->built_at_ms &&
        (uint64_t)f->now_ms - (uint64_t)f->image->built_at_ms > (uint64_t)f->stale_after_ms;
    return stale ? DENY_IMAGE_STALE : DENY_NONE;
}

static enum deny_code check_stage(struct facts *f)
{
    return f->deployment->stage == ACCESS_STAGE_RETIRED ? DENY_API_RETIRED : DENY_NONE;
}

static struct router router_of(const struct facts *f)
{
    const struct image_deployment *d = f->deployment;
    return (struct router){
        {image_routers(f->h) + d->router, d->router_len}
    };
}

/* The operation behind the client's path, less query and base path. */
static enum route_result match(struct facts *f, struct route_hit *hit)
{
    struct str path = f->request->path, rest = STR_NONE;
    const struct image_deployment *d = f->deployment;
    struct router router = router_of(f);
    path = str_sub(path, 0, str_find_char(path, '?'));
    if (!route_strip(path, image_str(f->h, d->base_path), &rest))
        return ROUTE_NONE;
    enum route_result result = route_match(&router, f->request->method, rest, hit);
    if (result == ROUTE_HIT && hit->value >= d->operation_count)
        return ROUTE_NONE;
    if (result == ROUTE_HIT) {
        f->operation = image_operations(f->h)[d->operation + hit->value];
        f->out->operation = image_str(f->h, image_names(f->h)[f->operation]);
    }
    return result;
}

static enum deny_code check_public(struct facts *f)
{
    struct route_hit hit;
    if (f->request->preflight && str_eq(f->request->method, STR("OPTIONS"))) {
        f->allowed = true;
    } else if (image_apis(f->h)[f->deployment->api].open) {
        (void)match(f, &hit);
        f->allowed = true;
    }
    return DENY_NONE;
}

/* Position of the key of that hash, or its count. */
static uint32_t find_key(const struct image_header *h, const struct sha256 *hash)
{
    uint64_t high = image_hash_part(hash->bytes), low = image_hash_part(hash->bytes + 8);
    const uint32_t *starts = image_buckets(h) + image_bucket(high, h->bucket_bits);
    const struct image_key *keys = image_keys(h);
    for (uint32_t first = starts[0], end = starts[1]; first < end;) {
        uint32_t middle = first + (end - first) / 2;
        const struct image_key *k = &keys[middle];
        if (k->high == high && k->low == low)
            return middle;
        if (k->high < high || (k->high == high && k->low < low))
            first = middle + 1;
        else
            end = middle;
    }
    return image_count(h, SECTION_keys);
}

/* Apps are sorted by slug. */
static enum deny_code assume_app(struct facts *f)
{
    uint32_t low = 0, high = image_count(f->h, SECTION_apps);
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        const struct image_app *app = &image_apps(f->h)[middle];
        int order = str_cmp(image_str(f->h, app->slug), f->request->app);
        if (order == 0) {
            f->app = app;
            f->out->app = image_str(f->h, app->slug);
            return DENY_NONE;
        }
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return DENY_CREDENTIAL_UNKNOWN;
}

static enum deny_code check_credential(struct facts *f)
{
    if (f->request->dry_run && f->request->app.len > 0)
        return assume_app(f);
    if (f->request->key.len == 0)
        return DENY_CREDENTIAL_MISSING;
    if (!key_well_formed(f->request->key))
        return DENY_CREDENTIAL_UNKNOWN;
    struct sha256 hash = sha256_of(f->request->key);
    uint32_t found = find_key(f->h, &hash);
    if (found == image_count(f->h, SECTION_keys))
        return DENY_CREDENTIAL_UNKNOWN;
    const struct image_key *key = &image_keys(f->h)[found];
    f->app = &image_apps(f->h)[key->app];
    f->out->app = image_str(f->h, f->app->slug);
    if ((key->flags & KEY_ENDS) && f->now_ms >= image_key_end(f->h, found))
        return DENY_CREDENTIAL_EXPIRED;
    return (key->flags & KEY_REVOKED) ? DENY_CREDENTIAL_REVOKED : DENY_NONE;
}

/* The app's grants for one API lie side by side. */
static void find_grants(struct facts *f)
{
    const struct image_grant *rows = image_grants(f->h) + f->app->grant;
    uint32_t api = f->deployment->api, low = 0, high = f->app->grant_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (rows[middle].api < api)
            low = middle + 1;
        else
            high = middle;
    }
    f->grants = rows + low;
    while (low + f->grant_count < f->app->grant_count && f->grants[f->grant_count].api == api)
        f->grant_count++;
}

static enum deny_code grant_verdict(const struct image_grant *g, int64_t now_ms)
{
    static const enum deny_code by_state[] = {
        [ACCESS_REQUESTED] = DENY_SUBSCRIPTION_PENDING,
        [ACCESS_APPROVED] = DENY_NONE,
        [ACCESS_SUSPENDED] = DENY_SUBSCRIPTION_SUSPENDED,
        [ACCESS_EXPIRED] = DENY_SUBSCRIPTION_EXPIRED,
        [ACCESS_REVOKED] = DENY_SUBSCRIPTION_EXPIRED,
        [ACCESS_REJECTED] = DENY_NOT_SUBSCRIBED,
    };
    if (g->state != ACCESS_APPROVED)
        return by_state[g->state];
    if (g->not_after_ms != 0 && now_ms >= g->not_after_ms)
        return DENY_SUBSCRIPTION_EXPIRED;
    if (g->not_before_ms != 0 && now_ms < g->not_before_ms)
        return DENY_SUBSCRIPTION_PENDING;
    return DENY_NONE;
}

/* How near a verdict is to access; more is nearer. */
static int verdict_rank(enum deny_code verdict)
{
    static const uint8_t ranks[DENY_CODE_COUNT] = {
        [DENY_NONE] = 4,
        [DENY_SUBSCRIPTION_PENDING] = 3,
        [DENY_SUBSCRIPTION_SUSPENDED] = 2,
        [DENY_SUBSCRIPTION_EXPIRED] = 1,
    };
    return ranks[verdict];
}

static void choose_grant(struct facts *f, const struct image_grant *g)
{
    f->grant = g;
    f->out->subscription = g->subscription;
    f->out->plan = image_str(f->h, image_plans(f->h)[g->plan].slug);
}

static enum deny_code check_subscription(struct facts *f)
{
    enum deny_code best = DENY_NOT_SUBSCRIBED;
    find_grants(f);
    for (uint32_t i = 0; i < f->grant_count; i++) {
        enum deny_code verdict = grant_verdict(&f->grants[i], f->now_ms);
        if (f->grant == NULL || verdict_rank(verdict) > verdict_rank(best)) {
            best = verdict;
            choose_grant(f, &f->grants[i]);
        }
    }
    return best;
}

/* Writes into the decision's own room: a buf at its limit refuses to grow before it allocates. */
static void fill_allow(struct facts *f, const struct route_hit *hit)
{
    struct decision *out = f->out;
    struct router router = router_of(f);
    struct buf text = {.ptr = out->allow_text,
                       .cap = sizeof(out->allow_text),
                       .limit_bytes = sizeof(out->allow_text)};
    route_allow(&router, hit, &text);
    if (text.len >= 2 && out->allow_text[text.len - 1] == ' ')
        text.len -= 2; /* the next method found no room behind its comma */
    out->allow = (struct str){out->allow_text, text.len};
}

static enum deny_code check_operation(struct facts *f)
{
    struct route_hit hit;
    enum route_result result = match(f, &hit);
    if (result == ROUTE_NONE)
        return DENY_OPERATION_UNKNOWN;
    if (result == ROUTE_HIT)
        return DENY_NONE;
    fill_allow(f, &hit);
    return DENY_METHOD_NOT_ALLOWED;
}

static enum deny_code check_plan(struct facts *f)
{
    for (uint32_t i = 0; i < f->grant_count; i++) {
        const struct image_grant *g = &f->grants[i];
        if (grant_verdict(g, f->now_ms) == DENY_NONE &&
            plan_covers(f->h, &image_plans(f->h)[g->plan], f->operation)) {
            choose_grant(f, g);
            return DENY_NONE;
        }
    }
    return DENY_OPERATION_NOT_IN_PLAN;
}

static enum deny_code check_limits(struct facts *f)
{
    const struct image_plan *plan = &image_plans(f->h)[f->grant->plan];
    if (!plan_is_metered(plan))
        return DENY_NONE;
    return limiter_take(f->limiter, f->grant->subscription, plan, f->now_ms, f->request->dry_run,
                        f->out);
}

typedef enum deny_code decision_step(struct facts *f);

static decision_step *const steps[] = {
    find_deployment,    check_fresh,     check_stage, check_public, check_credential,
    check_subscription, check_operation, check_plan,  check_limits,
};

void decide(const struct access_image *image, struct limiter *limiter,
            const struct check_request *request, int64_t stale_after_ms, int64_t now_ms,
            struct decision *out)
{
    struct facts f = {
        .image = image,
        .limiter = limiter,
        .request = request,
        .stale_after_ms = stale_after_ms,
        .now_ms = now_ms,
        .out = out,
    };
    *out = (struct decision){.code = DENY_IMAGE_STALE};
    if (image == NULL)
        return;
    f.h = image_header_of(image);
    out->code = DENY_NONE;
    for (size_t i = 0; i < COUNT_OF(steps) && !f.allowed && out->code == DENY_NONE; i++)
        out->code = steps[i](&f);
}
