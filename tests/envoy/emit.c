/* Prints what catalog/envoy makes of a small description on standard input, for the test with a
 * real Envoy. Usage: envoy_emit clusters|listeners|routes|bootstrap|static < description */
#include <stdlib.h>
#include <unistd.h>

#include "catalog/envoy/envoy.h"

#define MOST_BYTES ((size_t)16 << 20)

static struct envoy_address read_address(const struct json *from)
{
    return (struct envoy_address){.path = json_get_str(from, "path"),
                                  .host = json_get_str(from, "host"),
                                  .port = (uint16_t)json_get_i64(from, "port", 0)};
}

static struct envoy_gateway read_gateway(const struct json *from)
{
    return (struct envoy_gateway){.slug = json_get_str(from, "slug"),
                                  .group = json_get_str(from, "group"),
                                  .node_id = json_get_str(from, "node_id"),
                                  .listener = read_address(json_get(from, "listener")),
                                  .admin = read_address(json_get(from, "admin")),
                                  .xds = read_address(json_get(from, "xds")),
                                  .check = read_address(json_get(from, "check")),
                                  .token_file = json_get_str(from, "token_file"),
                                  .request_log = json_get_bool(from, "request_log", false)};
}

static struct envoy_deployment read_deployment(const struct json *from)
{
    return (struct envoy_deployment){
        .id = json_get_i64(from, "id", 0),
        .api = json_get_str(from, "api"),
        .version_label = json_get_str(from, "version"),
        .host = json_get_str(from, "host"),
        .base_path = json_get_str(from, "base_path"),
        .upstream_host = json_get_str(from, "upstream_host"),
        .upstream_port = (uint16_t)json_get_i64(from, "upstream_port", 0),
        .upstream_tls = json_get_bool(from, "upstream_tls", false),
        .upstream_path = json_get_str(from, "upstream_path"),
        .open = json_get_bool(from, "open", false),
        .keep_escaped_slashes = json_get_bool(from, "keep_escaped_slashes", false),
        .timeout_ms = (uint32_t)json_get_i64(from, "timeout_ms", 0)};
}

static struct envoy_group read_group(const struct json *from, struct str slug, struct arena *mem)
{
    struct envoy_deployment *all =
        arena_array(mem, struct envoy_deployment, from ? from->count : 0);
    size_t count = 0;
    for (const struct json *one = from ? from->child : NULL; one != NULL; one = one->next)
        all[count++] = read_deployment(one);
    return (struct envoy_group){slug, all, count};
}

static bool check_all(const struct envoy_group *group, struct err *err)
{
    for (size_t i = 0; i < group->deployment_count; i++)
        if (!envoy_deployment_check(&group->deployments[i], err))
            return false;
    return true;
}

static void respond(enum envoy_type type, const struct buf *resources, struct buf *out)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct sha256 hash = sha256_of(buf_str(resources));
    envoy_response(type, hex_format(&mem, hash.bytes, 8), buf_str(resources), out);
}

static bool emit(const char *what, const struct json *input, struct arena *mem, struct buf *out,
                 struct err *err)
{
    CLEANUP(buf_clear) struct buf resources = {0};
    const struct envoy_gateway gateway = read_gateway(json_get(input, "gateway"));
    const struct envoy_group group = read_group(json_get(input, "deployments"), gateway.group, mem);
    if (!check_all(&group, err))
        return false;
    if (strcmp(what, "bootstrap") == 0) {
        envoy_bootstrap(&gateway, out);
    } else if (strcmp(what, "static") == 0) {
        envoy_static(&group, &gateway, out);
    } else if (strcmp(what, "clusters") == 0) {
        envoy_clusters(&group, &resources);
        respond(ENVOY_CDS, &resources, out);
    } else if (strcmp(what, "listeners") == 0) {
        envoy_listener(&group, &gateway, &resources);
        respond(ENVOY_LDS, &resources, out);
    } else if (strcmp(what, "routes") == 0) {
        envoy_routes(&group, &resources);
        respond(ENVOY_RDS, &resources, out);
    } else {
        return fail(err, ERR_INVALID, what, "unknown word");
    }
    return true;
}

int main(int argc, char **argv)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    CLEANUP(buf_clear) struct buf in = {0}, out = {0};
    struct json *input = NULL;
    struct err err = {0};
    if (argc != 2 || !crypto_init() || !file_read("/dev/stdin", MOST_BYTES, &in, &err) ||
        !json_parse(buf_str(&in), &mem, &input, &err) || !emit(argv[1], input, &mem, &out, &err)) {
        fprintf(stderr, "envoy_emit: %s: %s\n", err.where, err.msg);
        return EXIT_FAILURE;
    }
    return fwrite(out.ptr, 1, out.len, stdout) == out.len ? EXIT_SUCCESS : EXIT_FAILURE;
}
