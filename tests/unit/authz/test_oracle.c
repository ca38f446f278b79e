/* The list given to other proxies says what decide() does: random catalogs, random calls, and a
 * simple judge that reads nothing but the list's JSON and the deployments' path tables. */
#include <stdlib.h>
#include <time.h>

#include "tests/unit/authz/town.h"

enum {
    APPS = 12,
    APIS = 5,
    KEYS = 30,
    PLANS = 6,
    GRANTS = 40,
    DEPLOYMENTS = 8,
    CALLS = 1000,
    CATALOGS = 20
};

struct catalog {
    struct arena mem;
    unsigned seed;
    struct str keys[KEYS];
    struct access_api apis[APIS];
    struct access_app apps[APPS];
    struct access_credential credentials[KEYS];
    struct access_plan plans[PLANS];
    struct access_grant grants[GRANTS];
    struct access_deployment deployments[DEPLOYMENTS];
};

static void catalog_clear(struct catalog *c)
{
    arena_clear(&c->mem);
}

static uint32_t pick(struct catalog *c, size_t count)
{
    return (uint32_t)((size_t)rand_r(&c->seed) % count);
}

static int64_t around_now(struct catalog *c)
{
    return pick(c, 3) ? 0 : WORLD_NOW - 500 + (int64_t)pick(c, 1000);
}

static void fill_plans(struct catalog *c)
{
    for (size_t i = 0; i < PLANS; i++) {
        struct str *list = arena_array(&c->mem, struct str, TOWN_OPERATIONS);
        c->plans[i] = (struct access_plan){.slug = arena_printf(&c->mem, "plan-%zu", i)};
        if (i % 3 == 0)
            continue;
        c->plans[i].operations = list;
        for (size_t k = 0; k < TOWN_OPERATIONS; k++)
            if (pick(c, 2))
                list[c->plans[i].operation_count++] = town_operations[k].key;
    }
}

static void fill(struct catalog *c)
{
    for (size_t i = 0; i < APIS; i++)
        c->apis[i] = (struct access_api){arena_printf(&c->mem, "api-%zu", i), false};
    for (size_t i = 0; i < APPS; i++)
        c->apps[i] = (struct access_app){arena_printf(&c->mem, "app-%zu", (i * 7) % APPS)};
    for (size_t i = 0; i < KEYS; i++) {
        c->keys[i] = key_new(&c->mem, 'l');
        c->credentials[i] = (struct access_credential){sha256_of(c->keys[i]), pick(c, APPS),
                                                       pick(c, 8) == 0, around_now(c)};
    }
    fill_plans(c);
    for (size_t i = 0; i < GRANTS; i++)
        c->grants[i] = (struct access_grant){
            1 + (int64_t)i,
            pick(c, APPS),
            pick(c, APIS),
            pick(c, PLANS),
            pick(c, 3) ? ACCESS_APPROVED : (enum access_state)pick(c, ACCESS_REJECTED + 1),
            around_now(c),
            around_now(c)};
    for (size_t i = 0; i < DEPLOYMENTS; i++)
        c->deployments[i] = (struct access_deployment){(int64_t)(DEPLOYMENTS - i),
                                                       pick(c, APIS),
                                                       STR("v1"),
                                                       str_from(town_groups[pick(c, 2)]),
                                                       i % 2 ? STR("/base") : STR(""),
                                                       ACCESS_STAGE_LIVE,
                                                       town_operations,
                                                       1 + pick(c, TOWN_OPERATIONS),
                                                       STR_NONE};
}

/* --- the judge: JSON in, yes or no out ----------------------------------------------------------
 */

static bool in_time(const struct json *row)
{
    int64_t from = 0, to = INT64_MAX;
    struct str begin = json_get_str(row, "not_before"), end = json_get_str(row, "not_after");
    CHECK(begin.ptr == NULL || time_parse(begin, &from));
    CHECK(end.ptr == NULL || time_parse(end, &to));
    return from <= WORLD_NOW && WORLD_NOW < to;
}

static bool has_key(const struct json *consumer, struct str hex)
{
    const struct json *list = json_get(consumer, "credentials");
    for (const struct json *row = list->child; row != NULL; row = row->next)
        if (str_eq(json_get_str(row, "sha256"), hex))
            return in_time(row);
    return false;
}

static bool covers(const struct json *grant, struct str operation)
{
    const struct json *list = json_get(grant, "operations");
    if (list->type == JSON_TYPE_STRING)
        return str_eq(list->string, STR("all"));
    for (const struct json *row = list->child; row != NULL; row = row->next)
        if (str_eq(row->string, operation))
            return true;
    return false;
}

/* One glob per template, written by hand: no code of the router. */
static struct str judge_operation(const struct access_deployment *d, struct str method,
                                  struct str path)
{
    static const char *const shapes[] = {"/items",   "/items",   "/items/7",
                                         "/items/7", "/v3.json", "/a/b"};
    if (!str_starts(path, d->base_path))
        return STR_NONE;
    struct str rest = str_sub(path, d->base_path.len, path.len);
    struct str served = str_eq(method, STR("HEAD")) ? STR("GET") : method;
    for (size_t i = 0; i < d->operation_count; i++)
        if (str_eq(rest, str_from(shapes[i])) && str_eq(served, d->operations[i].method))
            return d->operations[i].key;
    return STR_NONE;
}

static bool judge(const struct json *root, struct str hex, struct str api, struct str operation)
{
    if (operation.ptr == NULL)
        return false;
    const struct json *list = json_get(root, "consumers");
    for (const struct json *consumer = list->child; consumer != NULL; consumer = consumer->next) {
        if (!has_key(consumer, hex))
            continue;
        const struct json *grants = json_get(consumer, "grants");
        for (const struct json *grant = grants->child; grant != NULL; grant = grant->next)
            if (str_eq(json_get_str(grant, "api"), api) && in_time(grant) &&
                covers(grant, operation))
                return true;
    }
    return false;
}

static unsigned compare(struct catalog *c, const struct access_image *image,
                        struct limiter *limiter, struct json *const roots[2])
{
    unsigned allowed = 0;
    for (int i = 0; i < CALLS; i++) {
        const struct access_deployment *d = &c->deployments[pick(c, DEPLOYMENTS)];
        struct str key = c->keys[pick(c, KEYS)];
        struct str base = pick(c, 10) ? d->base_path : STR("/basement");
        struct check_request ask = {
            .deployment = d->id,
            .method = str_from(town_methods[pick(c, TOWN_METHODS)]),
            .key = key,
            .path = arena_join(&c->mem, base, str_from(town_paths[pick(c, TOWN_PATHS)]))};
        struct decision got;
        struct sha256 hash = sha256_of(key);
        decide(image, limiter, &ask, 0, WORLD_NOW, &got);
        bool want =
            judge(roots[str_eq(d->group, STR("core"))], hex_format(&c->mem, hash.bytes, SHA256_LEN),
                  c->apis[d->api].slug, judge_operation(d, ask.method, ask.path));
        if ((got.code == DENY_NONE) != want)
            printf("\n" STR_FMT " " STR_FMT ": %s, the list says %s\n", STR_ARG(ask.method),
                   STR_ARG(ask.path), deny_name(got.code), want ? "yes" : "no");
        CHECK((got.code == DENY_NONE) == want);
        allowed += want;
    }
    return allowed;
}

TEST(test_decide_agrees_with_the_consumer_list)
{
    unsigned seed = (unsigned)time(NULL), allowed = 0;
    printf("seed %u ", seed);
    for (unsigned round = 0; round < CATALOGS; round++) {
        CLEANUP(catalog_clear) struct catalog c = {.seed = seed + round};
        CLEANUP(buf_clear) struct buf bytes = {0};
        struct json *roots[2] = {NULL};
        struct access_image image;
        struct err err = {0};
        fill(&c);
        struct access_input in = {.version = 1,
                                  .apis = c.apis,
                                  .api_count = APIS,
                                  .deployments = c.deployments,
                                  .deployment_count = DEPLOYMENTS,
                                  .apps = c.apps,
                                  .app_count = APPS,
                                  .credentials = c.credentials,
                                  .credential_count = KEYS,
                                  .plans = c.plans,
                                  .plan_count = PLANS,
                                  .grants = c.grants,
                                  .grant_count = GRANTS};
        CHECK_OK(access_build(&in, &bytes, &err), &err);
        CHECK_OK(access_open(buf_str(&bytes), &image, &err), &err);
        for (size_t i = 0; i < 2; i++) {
            CLEANUP(buf_clear) struct buf list = {0};
            access_consumers(&image, str_from(town_groups[i]), WORLD_NOW, 60, &list);
            CHECK_OK(json_parse(arena_str(&c.mem, buf_str(&list)), &c.mem, &roots[i], &err), &err);
        }
        struct limiter *limiter = limiter_new();
        allowed += compare(&c, &image, limiter, roots);
        limiter_free(limiter);
    }
    CHECK(allowed > CATALOGS * CALLS / 100);
}
