/* decide: every rule, every refusal, and which of two refusals comes first. */
#include "tests/unit/authz/world.h"

typedef void bend(struct world *w);

static void bend_unknown_deployment(struct world *w)
{
    w->request.deployment = 99;
}
static void bend_draft(struct world *w)
{
    w->deployments[0].stage = ACCESS_STAGE_DRAFT;
}
static void bend_no_deployment(struct world *w)
{
    w->request.deployment = 0;
}
static void bend_stale(struct world *w)
{
    w->stale_after_ms = 999;
}
static void bend_retired(struct world *w)
{
    w->deployments[0].stage = ACCESS_STAGE_RETIRED;
}
static void bend_no_key(struct world *w)
{
    w->request.key = STR_NONE;
}
static void bend_empty_key(struct world *w)
{
    w->request.key = STR("");
}
static void bend_typo_key(struct world *w)
{
    char *text = str_z(&w->mem, w->key);
    text[9] = text[9] == 'x' ? 'y' : 'x';
    w->request.key = (struct str){text, w->key.len};
}
/* Listed, so that only its length can refuse it. */
static void bend_short_key(struct world *w)
{
    w->request.key = str_sub(w->key, 0, w->key.len - 1);
    w->credentials[1] = (struct access_credential){sha256_of(w->request.key), 0, false, 0};
    w->in.credential_count = 2;
}
static void bend_other_key(struct world *w)
{
    w->request.key = key_new(&w->mem, 'l');
}
static void bend_expired_key(struct world *w)
{
    w->credentials[0].not_after_ms = WORLD_NOW;
}
static void bend_revoked_key(struct world *w)
{
    w->credentials[0].revoked = true;
}
static void bend_no_grant(struct world *w)
{
    w->grants[0].api = 2;
}
static void bend_foreign_grant(struct world *w)
{
    w->grants[0].app = 1;
}
static void bend_rejected(struct world *w)
{
    w->grants[0].state = ACCESS_REJECTED;
}
static void bend_requested(struct world *w)
{
    w->grants[0].state = ACCESS_REQUESTED;
}
static void bend_future(struct world *w)
{
    w->grants[0].not_before_ms = WORLD_NOW + 1;
}
static void bend_suspended(struct world *w)
{
    w->grants[0].state = ACCESS_SUSPENDED;
}
static void bend_expired(struct world *w)
{
    w->grants[0].state = ACCESS_EXPIRED;
}
static void bend_revoked(struct world *w)
{
    w->grants[0].state = ACCESS_REVOKED;
}
static void bend_ended(struct world *w)
{
    w->grants[0].not_after_ms = WORLD_NOW;
}
static void bend_path(struct world *w)
{
    w->request.path = STR("/pets/7/nowhere");
}
static void bend_outside_base(struct world *w)
{
    w->request.path = STR("/petsx/7");
}
static void bend_method(struct world *w)
{
    w->request.method = STR("PATCH");
}
static void bend_plan(struct world *w)
{
    static const struct str only[] = {
        {"GET /",        5 },
        {"DELETE /{id}", 12},
        {"PATCH /{id}",  11}
    };
    w->plans[0].operations = only;
    w->plans[0].operation_count = COUNT_OF(only);
}
static void bend_empty_plan(struct world *w)
{
    static const struct str none[1];
    w->plans[0].operations = none;
    w->plans[0].operation_count = 0;
}
/* One call was made before, so that the next one is too much. */
static void use_up(struct world *w)
{
    struct world twin;
    world_init(&twin);
    twin.plans[0] = w->plans[0];
    twin.plans[0].operations = NULL;
    limiter_free(twin.limiter);
    twin.limiter = w->limiter;
    CHECK_CODE(world_decide(&twin).code, DENY_NONE, "use up");
    twin.limiter = NULL;
    world_clear(&twin);
}
static void bend_rate(struct world *w)
{
    w->plans[0].rate_count = 1;
    w->plans[0].rate_period_ms = 60000;
    w->plans[0].burst = 1;
    use_up(w);
}
static void bend_quota(struct world *w)
{
    w->plans[0].quota_count = 1;
    if (w->plans[0].rate_count == 0)
        use_up(w);
}

/* In the order of precedence; refusals of one rank exclude each other. */
static const struct {
    const char *name;
    bend *apply;
    int rank;
    enum deny_code code;
    int field; /* rows that set the same field of the input exclude each other */
} bends[] = {
    {"unknown deployment", bend_unknown_deployment, 0,  DENY_OPERATION_UNKNOWN,      0},
    {"no deployment",      bend_no_deployment,      0,  DENY_OPERATION_UNKNOWN,      0},
    {"draft",              bend_draft,              0,  DENY_OPERATION_UNKNOWN,      1},
    {"stale",              bend_stale,              1,  DENY_IMAGE_STALE,            0},
    {"retired",            bend_retired,            2,  DENY_API_RETIRED,            1},
    {"no key",             bend_no_key,             3,  DENY_CREDENTIAL_MISSING,     2},
    {"empty key",          bend_empty_key,          3,  DENY_CREDENTIAL_MISSING,     2},
    {"typo in key",        bend_typo_key,           4,  DENY_CREDENTIAL_UNKNOWN,     2},
    {"short key",          bend_short_key,          4,  DENY_CREDENTIAL_UNKNOWN,     2},
    {"other key",          bend_other_key,          4,  DENY_CREDENTIAL_UNKNOWN,     2},
    {"expired key",        bend_expired_key,        5,  DENY_CREDENTIAL_EXPIRED,     0},
    {"revoked key",        bend_revoked_key,        6,  DENY_CREDENTIAL_REVOKED,     0},
    {"no grant",           bend_no_grant,           7,  DENY_NOT_SUBSCRIBED,         0},
    {"foreign grant",      bend_foreign_grant,      7,  DENY_NOT_SUBSCRIBED,         0},
    {"rejected",           bend_rejected,           7,  DENY_NOT_SUBSCRIBED,         0},
    {"requested",          bend_requested,          7,  DENY_SUBSCRIPTION_PENDING,   0},
    {"suspended",          bend_suspended,          7,  DENY_SUBSCRIPTION_SUSPENDED, 0},
    {"expired",            bend_expired,            7,  DENY_SUBSCRIPTION_EXPIRED,   0},
    {"revoked",            bend_revoked,            7,  DENY_SUBSCRIPTION_EXPIRED,   0},
    {"not begun",          bend_future,             8,  DENY_SUBSCRIPTION_PENDING,   0},
    {"ended",              bend_ended,              8,  DENY_SUBSCRIPTION_EXPIRED,   0},
    {"path",               bend_path,               9,  DENY_OPERATION_UNKNOWN,      0},
    {"outside base",       bend_outside_base,       9,  DENY_OPERATION_UNKNOWN,      0},
    {"method",             bend_method,             10, DENY_METHOD_NOT_ALLOWED,     0},
    {"plan",               bend_plan,               11, DENY_OPERATION_NOT_IN_PLAN,  0},
    {"empty plan",         bend_empty_plan,         11, DENY_OPERATION_NOT_IN_PLAN,  0},
    {"rate",               bend_rate,               12, DENY_RATE_LIMITED,           0},
    {"quota",              bend_quota,              13, DENY_QUOTA_EXHAUSTED,        0},
};

TEST(test_decide_each_refusal_alone)
{
    bool seen[DENY_CODE_COUNT] = {[DENY_NONE] = true};
    for (size_t i = 0; i < COUNT_OF(bends); i++) {
        CLEANUP(world_clear) struct world w;
        world_init(&w);
        bends[i].apply(&w);
        struct decision d = world_decide(&w);
        CHECK_CODE(d.code, bends[i].code, bends[i].name);
        seen[bends[i].code] = true;
    }
    for (size_t code = 0; code < DENY_CODE_COUNT; code++)
        CHECK(seen[code]);
}

TEST(test_decide_of_two_refusals_the_earlier_speaks)
{
    for (size_t i = 0; i < COUNT_OF(bends); i++)
        for (size_t k = i + 1; k < COUNT_OF(bends); k++) {
            char what[80];
            if (bends[i].rank == bends[k].rank ||
                (bends[i].field != 0 && bends[i].field == bends[k].field))
                continue;
            CLEANUP(world_clear) struct world w;
            world_init(&w);
            bends[i].apply(&w);
            bends[k].apply(&w);
            snprintf(what, sizeof(what), "%s + %s", bends[i].name, bends[k].name);
            CHECK_CODE(world_decide(&w).code, bends[i].code, what);
        }
}

TEST(test_decide_tells_who_and_what)
{
    CLEANUP(world_clear) struct world w;
    world_init(&w);
    struct decision d = world_decide(&w);
    CHECK_CODE(d.code, DENY_NONE, "as it is");
    CHECK_STR(d.app, STR("shop"));
    CHECK_STR(d.api, STR("pets"));
    CHECK_STR(d.version_label, STR("v1"));
    CHECK_STR(d.plan, STR("gold"));
    CHECK_STR(d.operation, STR("GET /{id}"));
    CHECK_I64(d.subscription, 501);
    CHECK_I64(d.limit, 0);
    CHECK(d.allow.ptr == NULL);
}

TEST(test_decide_paths_below_the_base)
{
    static const struct {
        int64_t deployment;
        const char *method, *path;
        enum deny_code code;
    } cases[] = {
        {DEPLOY_PETS, "GET",    "/pets/",            DENY_NONE              },
        {DEPLOY_PETS, "GET",    "/pets",             DENY_OPERATION_UNKNOWN },
        {DEPLOY_PETS, "GET",    "/pets?x",           DENY_OPERATION_UNKNOWN },
        {DEPLOY_PETS, "GET",    "/petsx/1",          DENY_OPERATION_UNKNOWN },
        {DEPLOY_PETS, "GET",    "/7",                DENY_OPERATION_UNKNOWN },
        {DEPLOY_PETS, "GET",    "/pets/7/",          DENY_OPERATION_UNKNOWN },
        {DEPLOY_PETS, "GET",    "/pets/7/toys",      DENY_NONE              },
        {DEPLOY_PETS, "GET",    "/pets/7%2Ftoys",    DENY_NONE              }, /* one segment: {id} */
        {DEPLOY_PETS, "DELETE", "/pets/7%2Ftoys",    DENY_NONE              },
        {DEPLOY_PETS, "DELETE", "/pets/7/toys",      DENY_METHOD_NOT_ALLOWED},
        {DEPLOY_PETS, "GET",    "/pets%2F7",         DENY_OPERATION_UNKNOWN },
        {DEPLOY_PETS, "GET",    "/p%65ts/7",         DENY_NONE              },
        {DEPLOY_PETS, "GET",    "/pets/%zz",         DENY_OPERATION_UNKNOWN },
        {DEPLOY_PETS, "GET",    "/pets/7?a=%zz/../", DENY_NONE              },
        {DEPLOY_PETS, "GET",    "/pets/../admin",    DENY_OPERATION_UNKNOWN },
        {DEPLOY_PETS, "GET",    "/pets/%2e%2e",      DENY_OPERATION_UNKNOWN },
        {DEPLOY_PETS, "HEAD",   "/pets/7",           DENY_NONE              },
        {DEPLOY_PETS, "head",   "/pets/7",           DENY_METHOD_NOT_ALLOWED},
        {DEPLOY_PETS, "GET",    "",                  DENY_OPERATION_UNKNOWN },
        {DEPLOY_PETS, "GET",    "/pets/bad?x",       DENY_NONE              }, /* {id}; "/bad?x" itself is left out */
        {DEPLOY_ROOT, "GET",    "/",                 DENY_NONE              },
        {DEPLOY_ROOT, "GET",    "/7",                DENY_NONE              },
        {DEPLOY_ROOT, "GET",    "/pets/7",           DENY_OPERATION_UNKNOWN },
    };
    CLEANUP(world_clear) struct world w;
    world_init(&w);
    w.grants[1] = (struct access_grant){502, 0, 2, 0, ACCESS_APPROVED, 0, 0};
    w.in.grant_count = 2;
    world_build(&w);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        w.request.deployment = cases[i].deployment;
        CHECK_CODE(world_ask(&w, cases[i].method, cases[i].path), cases[i].code, cases[i].path);
    }
}

TEST(test_decide_head_names_the_get_operation)
{
    CLEANUP(world_clear) struct world w;
    world_init(&w);
    bend_plan(&w);
    w.request.method = STR("HEAD");
    w.request.path = STR("/pets/");
    struct decision d = world_decide(&w);
    CHECK_CODE(d.code, DENY_NONE, "HEAD");
    CHECK_STR(d.operation, STR("GET /"));
}

TEST(test_decide_allow_lists_methods)
{
    CLEANUP(world_clear) struct world w;
    world_init(&w);
    bend_method(&w);
    struct decision d;
    world_build(&w);
    decide(&w.image, w.limiter, &w.request, 0, w.now_ms, &d);
    CHECK_CODE(d.code, DENY_METHOD_NOT_ALLOWED, "PATCH");
    CHECK_STR(d.allow, STR("DELETE, GET, HEAD"));
}

TEST(test_decide_long_allow_ends_at_a_whole_method)
{
    struct access_operation many[40];
    for (int width = 1; width <= 12; width++) { /* somewhere the cut falls behind a comma */
        CLEANUP(world_clear) struct world w;
        struct decision d;
        world_init(&w);
        for (unsigned i = 0; i < COUNT_OF(many); i++) {
            struct str method = arena_printf(&w.mem, "M%0*u", width + 1, i);
            many[i] = (struct access_operation){method, method, STR("/x")};
        }
        w.deployments[0].operations = many;
        w.deployments[0].operation_count = COUNT_OF(many);
        w.request.path = STR("/pets/x");
        world_build(&w);
        decide(&w.image, w.limiter, &w.request, 0, w.now_ms, &d);
        CHECK_CODE(d.code, DENY_METHOD_NOT_ALLOWED, "GET");
        size_t each = (size_t)width + 2, whole = (sizeof(d.allow_text) + 2) / (each + 2);
        CHECK_I64(d.allow.len, whole * (each + 2) - 2);
        CHECK(d.allow.ptr == d.allow_text);
    }
}

TEST(test_decide_open_api_needs_no_key)
{
    static const struct {
        const char *method, *path, *operation;
    } cases[] = {
        {"GET",   "/news/7",     "GET /{id}"},
        {"GET",   "/news/7/8/9", NULL       },
        {"PATCH", "/news/7",     NULL       },
        {"GET",   "/elsewhere",  NULL       }
    };
    CLEANUP(world_clear) struct world w;
    world_init(&w);
    w.request.deployment = DEPLOY_OPEN;
    w.request.key = STR_NONE;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        w.request.method = str_from(cases[i].method);
        w.request.path = str_from(cases[i].path);
        struct decision d = world_decide(&w);
        CHECK_CODE(d.code, DENY_NONE, cases[i].path);
        CHECK_STR(d.operation, str_from(cases[i].operation));
        CHECK(d.app.ptr == NULL && d.subscription == 0);
    }
    w.deployments[1].stage = ACCESS_STAGE_RETIRED;
    CHECK_CODE(world_decide(&w).code, DENY_API_RETIRED, "retired open API");
    w.stale_after_ms = 1;
    CHECK_CODE(world_decide(&w).code, DENY_IMAGE_STALE, "stale open API");
}

TEST(test_decide_preflight_is_never_asked_for_a_key)
{
    CLEANUP(world_clear) struct world w;
    world_init(&w);
    w.request.key = STR_NONE;
    w.request.method = STR("OPTIONS");
    w.request.preflight = true;
    CHECK_CODE(world_decide(&w).code, DENY_NONE, "preflight");
    w.request.preflight = false;
    CHECK_CODE(world_decide(&w).code, DENY_CREDENTIAL_MISSING, "plain OPTIONS");
    w.request.preflight = true;
    w.request.method = STR("GET");
    CHECK_CODE(world_decide(&w).code, DENY_CREDENTIAL_MISSING, "GET that claims to be a preflight");
    w.request.method = STR("OPTIONS");
    w.deployments[0].stage = ACCESS_STAGE_RETIRED;
    CHECK_CODE(world_decide(&w).code, DENY_API_RETIRED, "retired");
    w.deployments[0].stage = ACCESS_STAGE_DRAFT;
    CHECK_CODE(world_decide(&w).code, DENY_OPERATION_UNKNOWN, "draft");
}

TEST(test_decide_times_are_exact_to_the_millisecond)
{
    CLEANUP(world_clear) struct world w;
    world_init(&w);
    w.credentials[0].not_after_ms = WORLD_NOW + 1;
    w.grants[0].not_before_ms = WORLD_NOW;
    w.grants[0].not_after_ms = WORLD_NOW + 1;
    CHECK_CODE(world_decide(&w).code, DENY_NONE, "last ms");
    w.credentials[0].not_after_ms = 0;
    w.now_ms = WORLD_NOW + 1;
    CHECK_CODE(world_decide(&w).code, DENY_SUBSCRIPTION_EXPIRED, "first ms after");
    w.now_ms = WORLD_NOW - 1;
    CHECK_CODE(world_decide(&w).code, DENY_SUBSCRIPTION_PENDING, "last ms before");
    w.now_ms = WORLD_NOW;
    w.stale_after_ms = 1000;
    CHECK_CODE(world_decide(&w).code, DENY_NONE, "as old as may be");
}

TEST(test_decide_of_several_grants_the_best_speaks)
{
    static const struct {
        enum access_state states[3];
        enum deny_code code;
        int64_t subscription;
    } cases[] = {
        {{ACCESS_REJECTED, ACCESS_REVOKED, ACCESS_APPROVED},   DENY_NONE,                   503},
        {{ACCESS_APPROVED, ACCESS_APPROVED, ACCESS_APPROVED},  DENY_NONE,                   501},
        {{ACCESS_EXPIRED, ACCESS_SUSPENDED, ACCESS_REQUESTED}, DENY_SUBSCRIPTION_PENDING,   503},
        {{ACCESS_EXPIRED, ACCESS_SUSPENDED, ACCESS_REJECTED},  DENY_SUBSCRIPTION_SUSPENDED, 502},
        {{ACCESS_REJECTED, ACCESS_REJECTED, ACCESS_REVOKED},   DENY_SUBSCRIPTION_EXPIRED,   503},
        {{ACCESS_REJECTED, ACCESS_REJECTED, ACCESS_REJECTED},  DENY_NOT_SUBSCRIBED,         501},
    };
    CLEANUP(world_clear) struct world w;
    world_init(&w);
    w.in.grant_count = 3;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        for (unsigned k = 0; k < 3; k++) /* given in falling order: the image sorts */
            w.grants[2 - k] = (struct access_grant){501 + k, 0, 0, 0, cases[i].states[k], 0, 0};
        struct decision d = world_decide(&w);
        CHECK_CODE(d.code, cases[i].code, "states");
        CHECK_I64(d.subscription, cases[i].subscription);
    }
}

TEST(test_decide_prefers_the_grant_that_covers_the_operation)
{
    CLEANUP(world_clear) struct world w;
    world_init(&w);
    bend_plan(&w);
    w.grants[1] = (struct access_grant){502, 0, 0, 1, ACCESS_APPROVED, 0, 0};
    w.in.grant_count = 2;
    struct decision d = world_decide(&w);
    CHECK_CODE(d.code, DENY_NONE, "second plan covers");
    CHECK_I64(d.subscription, 502);
    CHECK_STR(d.plan, STR("thin"));
    w.grants[1].not_after_ms = WORLD_NOW;
    d = world_decide(&w);
    CHECK_CODE(d.code, DENY_OPERATION_NOT_IN_PLAN, "the covering one has ended");
    CHECK_I64(d.subscription, 501);
}

TEST(test_decide_without_an_image_refuses)
{
    struct decision d;
    struct check_request ask = {.deployment = 1, .method = STR("GET"), .path = STR("/")};
    decide(NULL, NULL, &ask, 0, WORLD_NOW, &d);
    CHECK_CODE(d.code, DENY_IMAGE_STALE, "no image");
}

TEST(test_deny_bodies_are_problem_json)
{
    for (unsigned code = DENY_NONE + 1; code < DENY_CODE_COUNT; code++) {
        CLEANUP(arena_clear) struct arena mem = {0};
        CLEANUP(buf_clear) struct buf out = {0};
        struct json *body = NULL;
        struct err err = {0};
        deny_body((enum deny_code)code, STR("r-1"), &out);
        CHECK_OK(json_parse(buf_str(&out), &mem, &body, &err), &err);
        CHECK_STR(json_get_str(body, "code"), str_from(deny_name((enum deny_code)code)));
        CHECK_I64(json_get_i64(body, "status", 0), deny_status((enum deny_code)code));
        CHECK_STR(json_get_str(body, "title"), str_from(deny_sentence((enum deny_code)code)));
        CHECK_STR(json_get_str(body, "detail"), str_from(deny_remedy((enum deny_code)code)));
        CHECK_STR(json_get_str(body, "request_id"), STR("r-1"));
        CHECK(json_get_str(body, "type").len > 0);
        CHECK(deny_status((enum deny_code)code) >= 400);
    }
}
