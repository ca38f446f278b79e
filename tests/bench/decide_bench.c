/* What a decision costs with a million keys: image build and open, bytes a key, ns a call, the
 * consumer list. Usage: decide_bench [KEYS]. Not a test: figures move with the machine. */
#include <stdlib.h>
#include <time.h>

#include "catalog/authz/authz.h"

enum { KEYS_PER_APP = 4, APIS = 200, OPERATIONS = 100, CALLS = 1000000, KEPT_KEYS = 65536 };
#define NOW INT64_C(1790000000000)

struct bench {
    struct arena mem;
    size_t key_count;
    struct str *kept; /* texts of the first keys, for calls that hit */
    struct str *foreign;
    struct access_input in;
    struct buf bytes;
    struct access_image image;
    struct limiter *limiter;
};

static double cpu_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void make_keys(struct bench *b, size_t app_count)
{
    struct access_credential *rows = arena_array(&b->mem, struct access_credential, b->key_count);
    b->kept = arena_array(&b->mem, struct str, KEPT_KEYS);
    b->foreign = arena_array(&b->mem, struct str, KEPT_KEYS);
    for (size_t i = 0; i < b->key_count; i++) {
        if (i < KEPT_KEYS) {
            b->kept[i] = key_new(&b->mem, 'l');
            b->foreign[i] = key_new(&b->mem, 'l');
            rows[i].sha256 = sha256_of(b->kept[i]);
        } else {
            random_fill(rows[i].sha256.bytes, SHA256_LEN);
        }
        rows[i].app = (uint32_t)(i % app_count);
    }
    b->in.credentials = rows;
    b->in.credential_count = b->key_count;
}

static void make_parties(struct bench *b, size_t app_count)
{
    struct access_app *apps = arena_array(&b->mem, struct access_app, app_count);
    struct access_grant *grants = arena_array(&b->mem, struct access_grant, app_count);
    struct access_plan *plans = arena_array(&b->mem, struct access_plan, 2);
    for (size_t i = 0; i < app_count; i++) {
        apps[i].slug = arena_printf(&b->mem, "app-%zu", i);
        grants[i] = (struct access_grant){.subscription = (int64_t)i + 1,
                                          .app = (uint32_t)i,
                                          .api = (uint32_t)(i % APIS),
                                          .plan = (uint32_t)(i % 2),
                                          .state = ACCESS_APPROVED};
    }
    plans[0].slug = STR("open-end");
    plans[1] = (struct access_plan){STR("metered"), 1000000, 1000, 1000000, 0, false, NULL, 0};
    b->in.apps = apps;
    b->in.app_count = app_count;
    b->in.grants = grants;
    b->in.grant_count = app_count;
    b->in.plans = plans;
    b->in.plan_count = 2;
}

static void make_apis(struct bench *b)
{
    struct access_operation *table = arena_array(&b->mem, struct access_operation, OPERATIONS);
    struct access_api *apis = arena_array(&b->mem, struct access_api, APIS);
    struct access_deployment *rows = arena_array(&b->mem, struct access_deployment, APIS);
    for (size_t i = 0; i < OPERATIONS; i++) {
        struct str path = arena_printf(&b->mem, "/things-%zu/{id}/parts", i);
        table[i] =
            (struct access_operation){arena_join(&b->mem, STR("GET "), path), STR("GET"), path};
    }
    for (size_t i = 0; i < APIS; i++) {
        apis[i].slug = arena_printf(&b->mem, "api-%zu", i);
        rows[i] = (struct access_deployment){(int64_t)i + 1,
                                             (uint32_t)i,
                                             STR("v1"),
                                             STR("edge"),
                                             arena_printf(&b->mem, "/api-%zu", i),
                                             ACCESS_STAGE_LIVE,
                                             table,
                                             OPERATIONS,
                                             STR_NONE};
    }
    b->in.apis = apis;
    b->in.api_count = APIS;
    b->in.deployments = rows;
    b->in.deployment_count = APIS;
}

static void say(const char *what, double figure, const char *unit)
{
    printf("%-34s %12.2f %s\n", what, figure, unit);
}

static void bench_image(struct bench *b)
{
    struct err err = {0};
    double start = cpu_s();
    if (!access_build(&b->in, &b->bytes, &err)) {
        fprintf(stderr, "%s: %s\n", err.where, err.msg);
        exit(EXIT_FAILURE);
    }
    double built = cpu_s();
    if (!access_open(buf_str(&b->bytes), &b->image, &err)) {
        fprintf(stderr, "%s\n", err.msg);
        exit(EXIT_FAILURE);
    }
    double opened = cpu_s();
    limiter_prepare(b->limiter, &b->image);
    say("build", (built - start) * 1e3, "ms");
    say("open (checksum and bounds)", (opened - built) * 1e3, "ms");
    say("limiter_prepare", (cpu_s() - opened) * 1e3, "ms");
    say("image", (double)b->bytes.len / 1e6, "MB");
    say("image a key, all sections", (double)b->bytes.len / (double)b->key_count, "bytes");
}

static size_t usable(const struct bench *b)
{
    return b->key_count < KEPT_KEYS ? b->key_count : KEPT_KEYS;
}

/* step 0: the unmetered apps, 1: the metered ones. */
static void bench_calls(struct bench *b, const char *what, const struct str *keys, size_t step)
{
    struct str paths[APIS];
    size_t allowed = 0, app_count = b->in.app_count, count = usable(b) / 2;
    for (size_t i = 0; i < APIS; i++)
        paths[i] = arena_printf(&b->mem, "/api-%zu/things-%zu/42/parts?limit=5", i, i % OPERATIONS);
    double start = cpu_s();
    for (size_t i = 0; i < CALLS; i++) {
        size_t key = (i * 7919 % count) * 2 + step, api = key % app_count % APIS;
        struct decision d;
        struct check_request ask = {.deployment = (int64_t)api + 1,
                                    .method = STR("GET"),
                                    .path = paths[api],
                                    .key = keys[key]};
        decide(&b->image, b->limiter, &ask, 0, NOW + (int64_t)(i / 1000), &d);
        allowed += d.code == DENY_NONE;
    }
    say(what, (cpu_s() - start) / CALLS * 1e9, "ns/call");
    say("  of these allowed", 100.0 * (double)allowed / CALLS, "%");
}

static void bench_hash(struct bench *b)
{
    unsigned sum = 0;
    double start = cpu_s();
    for (size_t i = 0; i < CALLS; i++)
        sum += sha256_of(b->kept[i % usable(b)]).bytes[0];
    say("SHA-256 of a key alone", (cpu_s() - start) / CALLS * 1e9 + (sum == 1 ? 1e-9 : 0), "ns");
}

/* The second list goes into memory that is there already, as a server's would. */
static void bench_list(struct bench *b)
{
    static const char *const names[] = {"consumer list, fresh memory",
                                        "consumer list, used memory"};
    CLEANUP(buf_clear) struct buf out = {0};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        double start = cpu_s();
        buf_reset(&out);
        access_consumers(&b->image, STR("edge"), NOW, 60, &out);
        double took = cpu_s() - start;
        say(names[i], took * 1e3, "ms");
        say("  that is", (double)out.len / 1e6 / took, "MB/s");
    }
    say("  of", (double)out.len / 1e6, "MB");
}

int main(int argc, char **argv)
{
    int64_t keys = 1000000;
    struct bench b = {0};
    if (!crypto_init() || (argc > 1 && !str_to_i64(str_from(argv[1]), &keys)) || keys < 1000) {
        fputs("usage: decide_bench [KEYS, at least 1000]\n", stderr);
        return EXIT_FAILURE;
    }
    b.key_count = (size_t)keys;
    b.limiter = limiter_new();
    b.in.version = 1;
    make_keys(&b, b.key_count / KEYS_PER_APP);
    make_parties(&b, b.key_count / KEYS_PER_APP);
    make_apis(&b);
    say("keys", (double)b.key_count, "");
    bench_image(&b);
    bench_hash(&b);
    bench_calls(&b, "decide, known key", b.kept, 0);
    bench_calls(&b, "decide, known key, rate", b.kept, 1);
    bench_calls(&b, "decide, unknown key", b.foreign, 0);
    bench_list(&b);
    limiter_free(b.limiter);
    buf_clear(&b.bytes);
    arena_clear(&b.mem);
    return EXIT_SUCCESS;
}
