/* The decision, in its stated order; first hit wins. No allocation, no lock. */
#include "catalog/authz/limiter.h"
#include "catalog/route/route.h"

/* --- the table of refusals
 * --------------------------------------------------------------------------- */

static const struct {
    const char *name;
    int status;
    const char *sentence, *remedy;
} codes[DENY_CODE_COUNT] = {
#define DENY_ROW(code, name, status, sentence, remedy) [code] = {name, status, sentence, remedy},
    DENY_CODES(DENY_ROW)
#undef DENY_ROW
};

const char *deny_name(enum deny_code code)
{
    return codes[code].name;
}

int deny_status(enum deny_code code)
{
    return codes[code].status;
}

const char *deny_sentence(enum deny_code code)
{
    return codes[code].sentence;
}

const char *deny_remedy(enum deny_code code)
{
    return codes[code].remedy;
}

void deny_body(enum deny_code code, struct str request_id, struct buf *out)
{
    struct json_writer w = {.out = out};
    json_open_object(&w);
    json_key_str(&w, "type", STR("about:blank"));
    json_key_str(&w, "title", str_from(deny_sentence(code)));
    json_key_i64(&w, "status", deny_status(code));
    json_key_str(&w, "detail", str_from(deny_remedy(code)));
    json_key_str(&w, "code", str_from(deny_name(code)));
    json_key_str(&w, "request_id", request_id);
    json_close_object(&w);
}

/* --- steps
 * ------------------------------------------------------------------------------------------- */

/* What is known of a call while it is being decided. */
struct deciding {
    const struct access_image *image;
    const struct check_request *request;
    const struct image_deployment *deployment;
    int64_t now_ms;
    enum route_result found;
    struct route_hit hit;
    struct decision *out;
};

/* The client's path behind the base path, cut at a segment border; absent when it lies elsewhere.
 */
static struct str inner_path(struct str path, struct str base)
{
    size_t query = str_find_char(path, '?');
    path = str_sub(path, 0, query);
    if (!str_starts(path, base))
        return STR_NONE;
    struct str rest = str_sub(path, base.len, path.len);
    return rest.len == 0 || rest.ptr[0] == '/' ? rest : STR_NONE;
}

static void find_operation(struct deciding *d)
{
    const struct image_deployment *deployment = d->deployment;
    struct str base = image_str(d->image, deployment->base_path);
    const struct router router = {
        {(const char *)image_at(d->image, SEC_ROUTERS) + deployment->router_at,
         deployment->router_len}
    };
    d->found =
        route_match(&router, d->request->method, inner_path(d->request->path, base), &d->hit);
    if (d->found == ROUTE_HIT && d->hit.value >= deployment->operations)
        d->found = ROUTE_NONE;
}

static uint32_t operation_key(const struct deciding *d)
{
    const uint32_t *operations = image_at(d->image, SEC_OPERATIONS);
    return operations[d->deployment->first_operation + d->hit.value];
}

static void name_operation(struct deciding *d)
{
    const struct image_text *keys = image_at(d->image, SEC_KEYS);
    d->out->operation = image_str(d->image, keys[operation_key(d)]);
}

static enum deny_code check_credential(struct deciding *d, uint32_t *app)
{
    struct str key = d->request->key;
    if (key.len == 0)
        return DENY_CREDENTIAL_MISSING;
    if (!key_well_formed(key))
        return DENY_CREDENTIAL_UNKNOWN;
    struct sha256 hash = sha256_of(key);
    const struct image_credential *credential = image_find_credential(d->image, hash.bytes);
    if (credential == NULL)
        return DENY_CREDENTIAL_UNKNOWN;
    const struct image_app *apps = image_at(d->image, SEC_APPS);
    *app = credential->app;
    d->out->app = image_str(d->image, apps[*app].slug);
    if (credential->not_after_ms != 0 && credential->not_after_ms <= d->now_ms)
        return DENY_CREDENTIAL_EXPIRED;
    return credential->revoked ? DENY_CREDENTIAL_REVOKED : DENY_NONE;
}

static bool plan_covers(const struct deciding *d, const struct image_plan *plan)
{
    const uint32_t *keys = (const uint32_t *)image_at(d->image, SEC_PLAN_KEYS) + plan->first_key;
    size_t low = 0, high = plan->keys;
    if (plan->all_operations)
        return true;
    uint32_t wanted = operation_key(d);
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (keys[middle] == wanted)
            return true;
        if (keys[middle] < wanted)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

static enum deny_code grant_state(const struct image_grant *grant, int64_t now_ms)
{
    switch ((enum access_state)grant->state) {
    case ACCESS_REQUESTED:
        return DENY_SUBSCRIPTION_PENDING;
    case ACCESS_APPROVED:
        if (grant->not_after_ms != 0 && grant->not_after_ms <= now_ms)
            return DENY_SUBSCRIPTION_EXPIRED;
        return grant->not_before_ms > now_ms ? DENY_SUBSCRIPTION_PENDING : DENY_NONE;
    case ACCESS_SUSPENDED:
        return DENY_SUBSCRIPTION_SUSPENDED;
    case ACCESS_EXPIRED:
        return DENY_SUBSCRIPTION_EXPIRED;
    case ACCESS_REVOKED:
    case ACCESS_REJECTED:
        break;
    }
    return DENY_NOT_SUBSCRIBED;
}

/* Of several grants the best counts: one in force that covers the operation, one in force, then
 * what is nearest to it. */
static int rank_of(const struct deciding *d, const struct image_grant *grant, enum deny_code state)
{
    const struct image_plan *plans = image_at(d->image, SEC_PLANS);
    if (state == DENY_NONE)
        return d->found == ROUTE_HIT && plan_covers(d, &plans[grant->plan]) ? 6 : 5;
    if (state == DENY_SUBSCRIPTION_PENDING)
        return 4;
    if (state == DENY_SUBSCRIPTION_SUSPENDED)
        return 3;
    return state == DENY_SUBSCRIPTION_EXPIRED ? 2 : 1;
}

static enum deny_code find_grant(struct deciding *d, uint32_t app_index,
                                 const struct image_grant **out)
{
    const struct image_app *app =
        (const struct image_app *)image_at(d->image, SEC_APPS) + app_index;
    const struct image_grant *grants =
        (const struct image_grant *)image_at(d->image, SEC_GRANTS) + app->first_grant;
    enum deny_code best = DENY_NOT_SUBSCRIBED;
    int best_rank = 0;
    size_t low = 0, high = app->grants;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (grants[middle].api < d->deployment->api)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < app->grants && grants[low].api == d->deployment->api; low++) {
        enum deny_code state = grant_state(&grants[low], d->now_ms);
        int rank = rank_of(d, &grants[low], state);
        if (rank > best_rank) {
            best_rank = rank;
            best = state;
            *out = &grants[low];
        }
    }
    return best;
}

static void allow_header(struct deciding *d)
{
    const struct image_deployment *deployment = d->deployment;
    const struct router router = {
        {(const char *)image_at(d->image, SEC_ROUTERS) + deployment->router_at,
         deployment->router_len}
    };
    struct decision *out = d->out;
    struct buf allow = {.ptr = out->allow_text,
                        .cap = sizeof(out->allow_text),
                        .limit_bytes = sizeof(out->allow_text)};
    route_allow(&router, &d->hit, &allow);
    out->allow = buf_str(&allow);
}

static enum deny_code check_operation(struct deciding *d)
{
    if (d->found == ROUTE_NONE)
        return DENY_OPERATION_UNKNOWN;
    if (d->found == ROUTE_METHOD) {
        allow_header(d);
        return DENY_METHOD_NOT_ALLOWED;
    }
    name_operation(d);
    return DENY_NONE;
}

static enum deny_code decide_consumer(struct deciding *d, struct limiter *limiter)
{
    const struct image_plan *plans = image_at(d->image, SEC_PLANS);
    const struct image_grant *grant = NULL;
    uint32_t app = 0;
    enum deny_code code = check_credential(d, &app);
    if (code == DENY_NONE)
        code = find_grant(d, app, &grant);
    if (code != DENY_NONE)
        return code;
    d->out->plan = image_str(d->image, plans[grant->plan].slug);
    d->out->subscription = grant->subscription;
    code = check_operation(d);
    if (code == DENY_NONE && !plan_covers(d, &plans[grant->plan]))
        code = DENY_OPERATION_NOT_IN_PLAN;
    if (code != DENY_NONE)
        return code;
    return limiter_take(limiter, grant->subscription, &plans[grant->plan], !d->request->dry_run,
                        d->now_ms, d->out);
}

static enum deny_code decide_code(struct deciding *d, struct limiter *limiter,
                                  int64_t stale_after_ms)
{
    if (d->image == NULL)
        return DENY_IMAGE_STALE;
    d->deployment = image_find_deployment(d->image, d->request->deployment);
    if (d->deployment == NULL || d->deployment->stage == ACCESS_STAGE_DRAFT)
        return DENY_OPERATION_UNKNOWN;
    const struct image_api *api =
        (const struct image_api *)image_at(d->image, SEC_APIS) + d->deployment->api;
    d->out->api = image_str(d->image, api->slug);
    d->out->version_label = image_str(d->image, d->deployment->version_label);
    if (stale_after_ms > 0 && d->now_ms - d->image->built_at_ms > stale_after_ms)
        return DENY_IMAGE_STALE;
    if (d->deployment->stage != ACCESS_STAGE_LIVE)
        return DENY_API_RETIRED;
    find_operation(d);
    if (!api->open && !d->request->preflight)
        return decide_consumer(d, limiter);
    if (d->found == ROUTE_HIT)
        name_operation(d);
    return DENY_NONE;
}

void decide(const struct access_image *image, struct limiter *limiter,
            const struct check_request *request, int64_t stale_after_ms, int64_t now_ms,
            struct decision *out)
{
    struct deciding d = {
        .image = image, .request = request, .now_ms = now_ms, .found = ROUTE_NONE, .out = out};
    memset(out, 0, sizeof(*out));
    assert(limiter != NULL || request->dry_run);
    out->code = decide_code(&d, limiter, stale_after_ms);
}
