/* The changing catalog of the patch tests. */
#include <stdlib.h>

#include "tests/unit/authz/town.h"

const char *const town_groups[TOWN_GROUPS] = {"edge", "core"};

/* Templates and calls avoid overlaps, so that the judge needs no order of preference. */
const struct access_operation town_operations[TOWN_OPERATIONS] = {
    {{"GET /items", 10},         {"GET", 3},    {"/items", 6}      },
    {{"POST /items", 11},        {"POST", 4},   {"/items", 6}      },
    {{"GET /items/{id}", 15},    {"GET", 3},    {"/items/{id}", 11}},
    {{"DELETE /items/{id}", 18}, {"DELETE", 6}, {"/items/{id}", 11}},
    {{"GET /v{n}.json", 14},     {"GET", 3},    {"/v{n}.json", 10} },
    {{"PUT /a/b", 8},            {"PUT", 3},    {"/a/b", 4}        },
};
const char *const town_paths[TOWN_PATHS] = {"/items",     "/items/7", "/v3.json", "/a/b",
                                            "/items/7/x", "/none",    "/items/"};
const char *const town_methods[TOWN_METHODS] = {"GET", "POST", "DELETE", "PUT", "HEAD"};

uint32_t town_pick(struct town *t, size_t count)
{
    return (uint32_t)((size_t)rand_r(&t->seed) % count);
}

static int64_t around_now(struct town *t)
{
    return town_pick(t, 3) ? 0 : WORLD_NOW - 500 + (int64_t)town_pick(t, 1000);
}

/* --- changes ---------------------------------------------------------------------------------- */

typedef void town_step(struct town *t, struct town_touched *touched);

static void add_app(struct town *t, struct town_touched *touched)
{
    if (t->app_count == TOWN_APPS)
        return;
    touched->apps[t->app_count] = true;
    t->apps[t->app_count] =
        (struct access_app){arena_printf(&t->mem, "app-%zu", t->app_count * 5 % TOWN_APPS)};
    t->app_count++;
}

static void add_key(struct town *t, struct town_touched *touched)
{
    if (t->key_count == TOWN_KEYS)
        return;
    touched->keys[t->key_count] = true;
    t->keys[t->key_count] = key_new(&t->mem, 'l');
    t->credentials[t->key_count] = (struct access_credential){
        sha256_of(t->keys[t->key_count]), town_pick(t, t->app_count), false, around_now(t)};
    t->key_count++;
}

static void revoke_key(struct town *t, struct town_touched *touched)
{
    uint32_t key = town_pick(t, t->key_count);
    touched->keys[key] = true;
    t->credentials[key].revoked = true;
}

static void change_grant(struct town *t, struct town_touched *touched)
{
    struct access_grant *g = &t->grants[town_pick(t, t->grant_count)];
    g->state = town_pick(t, 3) ? ACCESS_APPROVED /* and never back to a request */
                               : (enum access_state)(1 + town_pick(t, ACCESS_REJECTED));
    g->not_after_ms = around_now(t);
    touched->apps[g->app] = true;
}

static void add_grant(struct town *t, struct town_touched *touched)
{
    if (t->grant_count == TOWN_GRANTS)
        return;
    struct access_grant *g = &t->grants[t->grant_count];
    *g = (struct access_grant){.subscription = 1 + (int64_t)t->grant_count++,
                               .app = town_pick(t, t->app_count),
                               .api = town_pick(t, TOWN_APIS),
                               .plan = town_pick(t, TOWN_PLANS),
                               .state = town_pick(t, 4) ? ACCESS_APPROVED : ACCESS_REQUESTED,
                               .not_before_ms = around_now(t)};
    touched->apps[g->app] = true;
}

/* The last one is taken away, as when a request is rejected. What was approved once stays, so that
 * whoever was told of it can be told of its end. */
static void drop_grant(struct town *t, struct town_touched *touched)
{
    if (t->grant_count < 2 || t->grants[t->grant_count - 1].state != ACCESS_REQUESTED)
        return;
    touched->apps[t->grants[--t->grant_count].app] = true;
}

static void change_plan(struct town *t, struct town_touched *touched)
{
    uint32_t number = town_pick(t, TOWN_PLANS);
    struct access_plan *p = &t->plans[number];
    touched->plans[number] = true;
    p->rate_count = town_pick(t, 2) ? 0 : 1000000 + town_pick(t, 5);
    p->rate_period_ms = 1000;
    p->operations = NULL;
    p->operation_count = 0;
    if (town_pick(t, 3) == 0)
        return;
    struct str *list = arena_array(&t->mem, struct str, TOWN_OPERATIONS);
    for (size_t k = 0; k < TOWN_OPERATIONS; k++)
        if (town_pick(t, 3))
            list[p->operation_count++] = town_operations[k].key;
    p->operations = list;
}

static void change_api(struct town *t, struct town_touched *touched)
{
    uint32_t number = town_pick(t, TOWN_APIS);
    touched->apis[number] = true;
    t->apis[number].open = town_pick(t, 4) == 0;
}

static void change_place(struct town *t, struct town_touched *touched)
{
    uint32_t number = town_pick(t, t->place_count);
    struct access_deployment *d = &t->places[number];
    touched->places[number] = true;
    d->stage = town_pick(t, 4) ? ACCESS_STAGE_LIVE : (enum access_stage)town_pick(t, 3);
    d->operation_count = town_pick(t, TOWN_OPERATIONS + 1);
    d->base_path = town_pick(t, 2) ? STR("/base") : STR("");
}

static void add_place(struct town *t, struct town_touched *touched)
{
    if (t->place_count == TOWN_PLACES)
        return;
    touched->places[t->place_count] = true;
    t->places[t->place_count] = (struct access_deployment){
        .id = 100 - (int64_t)t->place_count,
        .api = town_pick(t, TOWN_APIS),
        .version_label = arena_printf(&t->mem, "v%zu", t->place_count + 1),
        .group = str_from(town_groups[town_pick(t, TOWN_GROUPS)]),
        .base_path = STR(""),
        .stage = ACCESS_STAGE_LIVE,
        .operations = town_operations,
        .operation_count = TOWN_OPERATIONS};
    t->place_count++;
}

static void drop_place(struct town *t, struct town_touched *touched)
{
    uint32_t number = town_pick(t, t->place_count);
    touched->places[number] = true;
    t->places[number].stage = ACCESS_STAGE_GONE;
    t->places[number].operation_count = 0;
}

void town_change(struct town *t, struct town_touched *touched)
{
    static town_step *const steps[] = {
        add_app,      add_key,   add_key,    revoke_key,   change_grant, change_grant,
        change_grant, add_grant, add_grant,  drop_grant,   change_plan,  change_api,
        change_place, add_place, drop_place, change_grant,
    };
    t->version++;
    steps[town_pick(t, COUNT_OF(steps))](t, touched);
}

void town_init(struct town *t, unsigned seed)
{
    struct town_touched ignored = {0};
    *t = (struct town){.seed = seed, .version = 1};
    for (size_t i = 0; i < TOWN_APIS; i++)
        t->apis[i].slug = arena_printf(&t->mem, "api-%zu", (i * 3) % TOWN_APIS);
    for (size_t i = 0; i < TOWN_PLANS; i++)
        t->plans[i].slug = arena_printf(&t->mem, "plan-%zu", (i * 2) % TOWN_PLANS);
    for (size_t i = 0; i < TOWN_APPS / 2; i++)
        add_app(t, &ignored);
    for (size_t i = 0; i < TOWN_KEYS / 4; i++)
        add_key(t, &ignored);
    for (size_t i = 0; i < TOWN_GRANTS / 3; i++)
        add_grant(t, &ignored);
    for (size_t i = 0; i < TOWN_PLACES / 2; i++)
        add_place(t, &ignored);
}

void town_clear(struct town *t)
{
    arena_clear(&t->mem);
}

/* --- images ----------------------------------------------------------------------------------- */

static struct access_input head(const struct town *t)
{
    return (struct access_input){.version = t->version,
                                 .built_at_ms = WORLD_NOW + (int64_t)t->version,
                                 .origin = 1,
                                 .apis = t->apis,
                                 .api_count = TOWN_APIS,
                                 .apps = t->apps,
                                 .app_count = t->app_count,
                                 .plans = t->plans,
                                 .plan_count = TOWN_PLANS};
}

void town_build(struct town *t, struct buf *out)
{
    struct access_deployment places[TOWN_PLACES];
    struct access_input in = head(t);
    struct err err = {0};
    for (size_t i = 0; i < t->place_count; i++)
        if (t->places[i].stage != ACCESS_STAGE_GONE)
            places[in.deployment_count++] = t->places[i];
    in.deployments = places;
    in.credentials = t->credentials;
    in.credential_count = t->key_count;
    in.grants = t->grants;
    in.grant_count = t->grant_count;
    buf_reset(out);
    CHECK_OK(access_build(&in, out, &err), &err);
}

/* Rows of a patch: those touched and those they speak of, numbered anew. */
struct patch {
    struct access_app apps[TOWN_APPS];
    struct access_api apis[TOWN_APIS];
    struct access_plan plans[TOWN_PLANS];
    struct access_credential credentials[TOWN_KEYS];
    struct access_grant grants[TOWN_GRANTS];
    struct access_deployment places[TOWN_PLACES];
    uint32_t app[TOWN_APPS], api[TOWN_APIS], plan[TOWN_PLANS];
};

static void choose(const struct town *t, struct town_touched *want)
{
    for (size_t i = 0; i < t->key_count; i++)
        if (want->keys[i])
            want->apps[t->credentials[i].app] = true;
    for (size_t i = 0; i < t->grant_count; i++)
        if (want->apps[t->grants[i].app])
            want->apis[t->grants[i].api] = want->plans[t->grants[i].plan] = true;
    for (size_t i = 0; i < t->place_count; i++)
        if (want->places[i])
            want->apis[t->places[i].api] = true;
}

static void take_named(const struct town *t, const struct town_touched *want, struct patch *p,
                       struct access_input *in)
{
    in->app_count = in->api_count = in->plan_count = 0;
    for (size_t i = 0; i < t->app_count; i++)
        if (want->apps[i]) {
            p->app[i] = (uint32_t)in->app_count;
            p->apps[in->app_count++] = t->apps[i];
        }
    for (size_t i = 0; i < TOWN_APIS; i++)
        if (want->apis[i]) {
            p->api[i] = (uint32_t)in->api_count;
            p->apis[in->api_count++] = t->apis[i];
        }
    for (size_t i = 0; i < TOWN_PLANS; i++)
        if (want->plans[i]) {
            p->plan[i] = (uint32_t)in->plan_count;
            p->plans[in->plan_count++] = t->plans[i];
        }
    in->apps = p->apps;
    in->apis = p->apis;
    in->plans = p->plans;
}

static void take_rows(const struct town *t, const struct town_touched *want, struct patch *p,
                      struct access_input *in)
{
    for (size_t i = 0; i < t->key_count; i++)
        if (want->keys[i]) {
            p->credentials[in->credential_count] = t->credentials[i];
            p->credentials[in->credential_count++].app = p->app[t->credentials[i].app];
        }
    for (size_t i = 0; i < t->grant_count; i++)
        if (want->apps[t->grants[i].app]) {
            struct access_grant *g = &p->grants[in->grant_count++];
            *g = t->grants[i];
            g->app = p->app[g->app];
            g->api = p->api[g->api];
            g->plan = p->plan[g->plan];
        }
    for (size_t i = 0; i < t->place_count; i++)
        if (want->places[i]) {
            p->places[in->deployment_count] = t->places[i];
            p->places[in->deployment_count++].api = p->api[t->places[i].api];
        }
    in->credentials = p->credentials;
    in->grants = p->grants;
    in->deployments = p->places;
}

void town_patch(struct town *t, const struct town_touched *touched, uint64_t under, struct buf *out)
{
    struct patch *p = arena_new(&t->mem, struct patch);
    struct town_touched want = *touched;
    struct access_input in = head(t);
    struct err err = {0};
    in.under = under;
    choose(t, &want);
    take_named(t, &want, p, &in);
    take_rows(t, &want, p, &in);
    buf_reset(out);
    CHECK_OK(access_build(&in, out, &err), &err);
}

struct check_request town_call(struct town *t)
{
    const struct access_grant *g = &t->grants[town_pick(t, t->grant_count)];
    const struct access_deployment *d = &t->places[town_pick(t, t->place_count)];
    uint32_t key = town_pick(t, t->key_count);
    for (uint32_t i = 0; i < t->key_count && town_pick(t, 8); i++) /* mostly of the grant's app */
        if (t->credentials[(key + i) % t->key_count].app == g->app) {
            key = (key + i) % (uint32_t)t->key_count;
            break;
        }
    for (size_t i = 0; i < t->place_count && town_pick(t, 8); i++)
        if (t->places[i].api == g->api)
            d = &t->places[i];
    bool dry = town_pick(t, 5) == 0;
    return (struct check_request){
        .deployment = d->id,
        .method = str_from(town_methods[town_pick(t, TOWN_METHODS)]),
        .path = arena_join(&t->mem, d->base_path, str_from(town_paths[town_pick(t, TOWN_PATHS)])),
        .key = t->keys[key],
        .dry_run = dry,
        .app = dry && town_pick(t, 2) ? t->apps[town_pick(t, t->app_count)].slug : STR_NONE};
}
