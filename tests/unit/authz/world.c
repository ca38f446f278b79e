/* The small catalog of the tests. */
#include "tests/unit/authz/world.h"

static const struct access_operation pets_operations[] = {
    {{"GET /", 5},           {"GET", 3},    {"/", 1}          },
    {{"GET /{id}", 9},       {"GET", 3},    {"/{id}", 5}      },
    {{"DELETE /{id}", 12},   {"DELETE", 6}, {"/{id}", 5}      },
    {{"GET /{id}/toys", 14}, {"GET", 3},    {"/{id}/toys", 10}},
    {{"GET /bad?x", 10},     {"GET", 3},    {"/bad?x", 6}     },
};

void world_init(struct world *w)
{
    *w = (struct world){.now_ms = WORLD_NOW, .limiter = limiter_new()};
    w->key = key_new(&w->mem, 't');
    w->apis[0] = (struct access_api){STR("pets"), false};
    w->apis[1] = (struct access_api){STR("news"), true};
    w->apis[2] = (struct access_api){STR("maps"), false};
    w->deployments[0] = (struct access_deployment){DEPLOY_PETS,     0,
                                                   STR("v1"),       STR("edge"),
                                                   STR("/pets"),    ACCESS_STAGE_LIVE,
                                                   pets_operations, COUNT_OF(pets_operations),
                                                   STR_NONE};
    w->deployments[1] = w->deployments[2] = w->deployments[0];
    w->deployments[1].id = DEPLOY_OPEN;
    w->deployments[1].api = 1;
    w->deployments[1].base_path = STR("/news/");
    w->deployments[2].id = DEPLOY_ROOT;
    w->deployments[2].api = 2;
    w->deployments[2].base_path = STR("/");
    w->apps[0] = (struct access_app){STR("shop")};
    w->apps[1] = (struct access_app){STR("app")};
    w->credentials[0] = (struct access_credential){sha256_of(w->key), 0, false, 0};
    w->plans[0] = (struct access_plan){.slug = STR("gold")};
    w->plans[1] = (struct access_plan){.slug = STR("thin")};
    w->grants[0] = (struct access_grant){501, 0, 0, 0, ACCESS_APPROVED, 0, 0};
    w->in = (struct access_input){
        .version = 412,
        .built_at_ms = WORLD_NOW - 1000,
        .apis = w->apis,
        .api_count = 3,
        .deployments = w->deployments,
        .deployment_count = 3,
        .apps = w->apps,
        .app_count = 2,
        .credentials = w->credentials,
        .credential_count = 1,
        .plans = w->plans,
        .plan_count = 2,
        .grants = w->grants,
        .grant_count = 1,
    };
    w->request = (struct check_request){.deployment = DEPLOY_PETS,
                                        .method = STR("GET"),
                                        .path = STR("/pets/7?limit=3"),
                                        .key = w->key};
}

void world_clear(struct world *w)
{
    limiter_free(w->limiter);
    buf_clear(&w->bytes);
    arena_clear(&w->mem);
}

void world_build(struct world *w)
{
    struct err err = {0};
    buf_reset(&w->bytes);
    CHECK_OK(access_build(&w->in, &w->bytes, &err), &err);
    CHECK_OK(access_open(buf_str(&w->bytes), &w->image, &err), &err);
    limiter_prepare(w->limiter, &w->image);
}

struct decision world_decide(struct world *w)
{
    struct decision d;
    world_build(w);
    decide(&w->image, w->limiter, &w->request, w->stale_after_ms, w->now_ms, &d);
    return d;
}

enum deny_code world_ask(struct world *w, const char *method, const char *path)
{
    struct decision d;
    struct check_request ask = w->request;
    ask.method = str_from(method);
    ask.path = str_from(path);
    decide(&w->image, w->limiter, &ask, w->stale_after_ms, w->now_ms, &d);
    return d.code;
}

void check_code(enum deny_code got, enum deny_code want, const char *what, int line)
{
    if (got != want)
        printf("\nline %d: %s: got %s, want %s\n", line, what, deny_name(got), deny_name(want));
    CHECK(got == want);
}
