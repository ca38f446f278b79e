/* The decision: a table of steps in the order of DESIGN §6; the first refusal ends it. */
#include "catalog/authz/limiter.h"
#include "catalog/route/route.h"

/* What the steps find out for each other. Each thing is read where it was found: in the image, or
 * in the patch over it. */
struct facts {
    const struct access_image *image;
    const struct image_header *h, *over; /* over: NULL without a patch */
    struct limiter *limiter;
    const struct check_request *request;
    int64_t stale_after_ms, now_ms;
    struct decision *out;

    bool allowed;       /* by a step that needs no other */
    uint64_t high, low; /* of the key's hash */
    struct image_place place;
    const struct image_header *party; /* where the app and its grants are */
    const struct image_app *app;
    const struct image_grant *grants; /* of the app for the API */
    uint32_t grant_count;
    uint32_t operation; /* its name's number */
    const struct image_grant *grant;
};

static enum deny_code find_deployment(struct facts *f)
{
    if (!image_place(f->image, f->request->deployment, &f->place) ||
        f->place.deployment->stage == ACCESS_STAGE_DRAFT)
        return DENY_OPERATION_UNKNOWN;
    f->out->api = f->place.api;
    f->out->version_label = image_str(f->place.h, f->place.deployment->version_label);
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
    return f->place.deployment->stage == ACCESS_STAGE_RETIRED ? DENY_API_RETIRED : DENY_NONE;
}

static struct router router_of(const struct facts *f)
{
    const struct image_deployment *d = f->place.deployment;
    return (struct router){
        {image_routers(f->place.h) + d->router, d->router_len}
    };
}

/* The operation behind the client's path, less query and base path. */
static enum route_result match(struct facts *f, struct route_hit *hit)
{
    struct str path = f->request->path, rest = STR_NONE;
    const struct image_header *h = f->place.h;
    const struct image_deployment *d = f->place.deployment;
    struct router router = router_of(f);
    path = str_sub(path, 0, str_find_char(path, '?'));
    if (!route_strip(path, image_str(h, d->base_path), &rest))
        return ROUTE_NONE;
    enum route_result result = route_match(&router, f->request->method, rest, hit);
    if (result == ROUTE_HIT && hit->value >= d->operation_count)
        return ROUTE_NONE;
    if (result == ROUTE_HIT) {
        f->operation = image_operations(h)[d->operation + hit->value];
        f->out->operation = image_str(h, image_names(h)[f->operation]);
    }
    return result;
}

static enum deny_code check_public(struct facts *f)
{
    struct route_hit hit;
    if (f->request->preflight && str_eq(f->request->method, STR("OPTIONS"))) {
        f->allowed = true;
    } else if (f->place.open) {
        (void)match(f, &hit);
        f->allowed = true;
    }
    return DENY_NONE;
}

/* An app in the patch is there with all its grants. */
static bool find_app(struct facts *f, struct str slug)
{
    const struct image_header *parts[] = {f->over, f->h};
    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        const struct image_header *h = parts[i];
        uint32_t at = h ? image_find_text(h, SECTION_apps, slug) : 0;
        if (h == NULL || at == image_count(h, SECTION_apps))
            continue;
        f->party = h;
        f->app = &image_apps(h)[at];
        f->out->app = image_str(h, f->app->slug);
        return true;
    }
    return false;
}

/* The key, in the patch or else in the image; NULL when there is none. */
static const struct image_header *find_key(const struct facts *f, uint32_t *at)
{
    const struct image_header *parts[] = {f->over, f->h};
    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        const struct image_header *h = parts[i];
        *at = h ? image_find_key(h, f->high, f->low) : 0;
        if (h != NULL && *at < image_count(h, SECTION_keys))
            return h;
    }
    return NULL;
}

static enum deny_code check_credential(struct facts *f)
{
    uint32_t at = 0;
    if (f->request->dry_run && f->request->app.len > 0)
        return find_app(f, f->request->app) ? DENY_NONE : DENY_CREDENTIAL_UNKNOWN;
    if (f->request->key.len == 0)
        return DENY_CREDENTIAL_MISSING;
    if (f->request->key.len != KEY_TEXT_LEN)
        return DENY_CREDENTIAL_UNKNOWN;
    const struct image_header *h = find_key(f, &at);
    if (h == NULL)
        return DENY_CREDENTIAL_UNKNOWN;
    const struct image_key *key = &image_keys(h)[at];
    f->party = h;
    f->app = &image_apps(h)[key->app];
    f->out->app = image_str(h, f->app->slug);
    if (f->over != NULL && h != f->over && !find_app(f, f->out->app))
        return DENY_CREDENTIAL_UNKNOWN;
    if ((key->flags & KEY_ENDS) && f->now_ms >= image_key_end(h, at))
        return DENY_CREDENTIAL_EXPIRED;
    return (key->flags & KEY_REVOKED) ? DENY_CREDENTIAL_REVOKED : DENY_NONE;
}

/* The API's number where the app's grants are. */
static uint32_t api_number(const struct facts *f)
{
    return f->party == f->place.h ? f->place.deployment->api
                                  : image_find_text(f->party, SECTION_apis, f->place.api);
}

/* The app's grants for one API lie side by side. */
static void find_grants(struct facts *f)
{
    const struct image_grant *rows = image_grants(f->party) + f->app->grant;
    uint32_t api = api_number(f), low = 0, high = f->app->grant_count;
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
    f->out->plan = image_str(f->party, image_plans(f->party)[g->plan].slug);
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

static bool covered(const struct facts *f, const struct image_grant *g)
{
    const struct image_header *where = NULL;
    const struct image_plan *plan = image_plan_now(f->party, f->over, g->plan, &where);
    uint32_t name = where == f->place.h ? f->operation
                                        : image_find_text(where, SECTION_names, f->out->operation);
    return plan_covers(where, plan, name);
}

static enum deny_code check_plan(struct facts *f)
{
    for (uint32_t i = 0; i < f->grant_count; i++) {
        const struct image_grant *g = &f->grants[i];
        if (grant_verdict(g, f->now_ms) == DENY_NONE && covered(f, g)) {
            choose_grant(f, g);
            return DENY_NONE;
        }
    }
    return DENY_OPERATION_NOT_IN_PLAN;
}

static enum deny_code check_limits(struct facts *f)
{
    const struct image_header *where = NULL;
    const struct image_plan *plan = image_plan_now(f->party, f->over, f->grant->plan, &where);
    if (!plan_is_metered(plan))
        return DENY_NONE;
    return limiter_take(f->limiter, f->grant->subscription, plan, f->now_ms, f->request->dry_run,
                        f->out);
}

/* Before the first step, for memory is slower than all of them. What is no key by its length is not
 * worth a hash. */
static void foresee_key(struct facts *f)
{
    if (f->request->key.len != KEY_TEXT_LEN)
        return;
    struct sha256 hash = sha256_of(f->request->key);
    f->high = image_hash_part(hash.bytes);
    f->low = image_hash_part(hash.bytes + 8);
    image_foresee_key(f->h, f->high);
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
    f.over = image_patch_of(image);
    out->code = DENY_NONE;
    foresee_key(&f);
    for (size_t i = 0; i < COUNT_OF(steps) && !f.allowed && out->code == DENY_NONE; i++)
        out->code = steps[i](&f);
}
