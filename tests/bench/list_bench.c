/* A consumer list of a million keys, streamed from the image, and the same as a jansson tree.
 * Prints CPU seconds of each, and what each needs in memory beyond what was there. Usage:
 * list_bench */
#include <jansson.h>
#include <stdlib.h>
#include <time.h>

#include "catalog/authz/authz.h"

enum { KEYS = 1000000, KEYS_PER_APP = 4, APPS = KEYS / KEYS_PER_APP, APIS = 200 };
#define NOW INT64_C(1790000000000)

static double cpu_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* The peak of resident memory since it was last forgotten (proc(5), clear_refs). */
static double peak_mb(bool forget)
{
    CLEANUP(buf_clear) struct buf text = {0};
    struct err err = {0};
    if (forget) {
        FILE *refs = fopen("/proc/self/clear_refs", "w");
        if (refs != NULL) {
            fputs("5", refs);
            fclose(refs);
        }
    }
    if (!file_read("/proc/self/status", (size_t)1 << 20, &text, &err))
        return 0;
    size_t at = str_find(buf_str(&text), STR("VmHWM:"));
    struct str rest = str_trim(str_sub(buf_str(&text), at + 6, 32));
    int64_t kb = 0;
    (void)!str_to_i64(str_sub(rest, 0, str_find_char(rest, ' ')), &kb);
    return (double)kb / 1024;
}

static void fill(struct arena *mem, struct access_input *in)
{
    struct access_app *apps = arena_array(mem, struct access_app, APPS);
    struct access_api *apis = arena_array(mem, struct access_api, APIS);
    struct access_plan *plan = arena_new(mem, struct access_plan);
    struct access_grant *grants = arena_array(mem, struct access_grant, APPS);
    struct access_credential *keys = arena_array(mem, struct access_credential, KEYS);
    struct access_deployment *places = arena_array(mem, struct access_deployment, APIS);
    for (uint32_t i = 0; i < APIS; i++) {
        apis[i].slug = arena_printf(mem, "api-%u", i);
        places[i] = (struct access_deployment){.id = i + 1,
                                               .api = i,
                                               .version_label = STR("v1"),
                                               .group = STR("edge"),
                                               .base_path = apis[i].slug.len ? STR("/x") : STR(""),
                                               .stage = ACCESS_STAGE_LIVE};
    }
    for (uint32_t i = 0; i < APPS; i++) {
        apps[i].slug = arena_printf(mem, "app-%u", i);
        grants[i] = (struct access_grant){
            .subscription = i + 1, .app = i, .api = i % APIS, .state = ACCESS_APPROVED};
    }
    for (uint32_t i = 0; i < KEYS; i++) {
        random_fill(keys[i].sha256.bytes, SHA256_LEN);
        keys[i].app = i % APPS;
    }
    plan->slug = STR("gold");
    *in = (struct access_input){.version = 1,
                                .apis = apis,
                                .api_count = APIS,
                                .apps = apps,
                                .app_count = APPS,
                                .plans = plan,
                                .plan_count = 1,
                                .grants = grants,
                                .grant_count = APPS,
                                .credentials = keys,
                                .credential_count = KEYS,
                                .deployments = places,
                                .deployment_count = APIS};
}

/* --- ours ------------------------------------------------------------------------------------- */

/* With a key, the text is signed as it comes. */
static size_t stream(const struct access_image *image, const struct sign_key *key, bool zip)
{
    const struct access_list_options options = {
        .group = STR("edge"), .version = 1, .now_ms = NOW, .ttl_s = 60};
    CLEANUP(buf_clear) struct buf piece = {0};
    CLEANUP(buf_clear) struct buf packed = {0};
    struct access_list *list = access_list_open(image, &options);
    struct gzip_stream *z = zip ? gzip_open(1) : NULL;
    struct signer signer;
    uint8_t signature[SIGNATURE_LEN];
    size_t size = 0;
    if (key != NULL)
        sign_begin(&signer, key);
    for (bool more = true; more; buf_reset(&piece), buf_reset(&packed)) {
        more = access_list_next(list, &piece);
        if (key != NULL)
            sign_add(&signer, buf_str(&piece));
        if (z != NULL && !gzip_add(z, buf_str(&piece), !more, &packed))
            exit(EXIT_FAILURE);
        size += z != NULL ? packed.len : piece.len;
    }
    if (key != NULL)
        sign_end(&signer, signature);
    gzip_close(z);
    access_list_close(list);
    return size;
}

/* --- the tree --------------------------------------------------------------------------------- */

static json_t *consumer(const struct access_input *in, uint32_t app, struct arena *mem)
{
    json_t *row = json_object(), *keys = json_array(), *grants = json_array();
    for (uint32_t k = app; k < KEYS; k += APPS) {
        json_t *key = json_object();
        struct str hex = hex_format(mem, in->credentials[k].sha256.bytes, SHA256_LEN);
        json_object_set_new(key, "type", json_string("api_key"));
        json_object_set_new(key, "sha256", json_stringn(hex.ptr, hex.len));
        json_object_set_new(key, "not_after", json_null());
        json_array_append_new(keys, key);
    }
    json_t *grant = json_object();
    struct str api = in->apis[in->grants[app].api].slug;
    json_object_set_new(grant, "api", json_stringn(api.ptr, api.len));
    json_object_set_new(grant, "plan", json_string("gold"));
    json_object_set_new(grant, "operations", json_string("all"));
    json_object_set_new(grant, "not_before", json_null());
    json_object_set_new(grant, "not_after", json_null());
    json_object_set_new(grant, "rate", json_null());
    json_array_append_new(grants, grant);
    json_object_set_new(row, "app", json_stringn(in->apps[app].slug.ptr, in->apps[app].slug.len));
    json_object_set_new(row, "credentials", keys);
    json_object_set_new(row, "grants", grants);
    return row;
}

static int count(const char *bytes, size_t size, void *sum)
{
    UNUSED(bytes);
    *(size_t *)sum += size;
    return 0;
}

static size_t tree(const struct access_input *in)
{
    json_t *root = json_object(), *list = json_array();
    size_t size = 0;
    for (uint32_t app = 0; app < APPS; app++) {
        CLEANUP(arena_clear) struct arena mem = {0};
        json_array_append_new(list, consumer(in, app, &mem));
    }
    json_object_set_new(root, "version", json_integer(1));
    json_object_set_new(root, "consumers", list);
    json_dump_callback(root, count, &size, JSON_COMPACT);
    json_decref(root);
    return size;
}

int main(void)
{
    struct arena mem = {0};
    struct access_input in;
    struct access_image image;
    struct buf bytes = {0};
    struct err err = {0};
    uint8_t seed[32];
    if (!crypto_init())
        return EXIT_FAILURE;
    random_fill(seed, sizeof(seed));
    const struct sign_key key = sign_key_from(seed);
    fill(&mem, &in);
    if (!access_build(&in, &bytes, &err) || !access_open(buf_str(&bytes), &image, &err)) {
        fprintf(stderr, "%s: %s\n", err.where, err.msg);
        return EXIT_FAILURE;
    }
    double least = 1e9, peak = peak_mb(true), start;
    size_t size = 0;
    for (int i = 0; i < 5; i++) {
        start = cpu_s();
        size = stream(&image, NULL, false);
        double took = cpu_s() - start;
        least = took < least ? took : least;
    }
    printf("stream: %.3f s %.1f MB more, %.1f MB of text\n", least, peak_mb(false) - peak,
           (double)size / 1e6);
    start = cpu_s();
    (void)stream(&image, &key, false);
    printf("signed: %.3f s\n", cpu_s() - start);
    start = cpu_s();
    size = stream(&image, NULL, true);
    printf("gzip: %.3f s %.1f MB\n", cpu_s() - start, (double)size / 1e6);
    printf("all of these: %.1f MB more\n", peak_mb(false) - peak);
    peak = peak_mb(true);
    start = cpu_s();
    size = tree(&in);
    printf("tree: %.3f s %.1f MB more, %.1f MB of text\n", cpu_s() - start, peak_mb(false) - peak,
           (double)size / 1e6);
    buf_clear(&bytes);
    arena_clear(&mem);
    return EXIT_SUCCESS;
}
