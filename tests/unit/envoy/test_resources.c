/* envoy: what is emitted, byte for byte (tests/data/envoy), its canonical form, and what is
 * refused. */
#include <stdlib.h>
#include <unistd.h>

#include "catalog/envoy/envoy.h"
#include "tests/unit/test.h"

#define GOLDEN TEST_DATA "/envoy"

static const struct envoy_deployment deployments[] = {
    {.id = 7,
     .api = {"pets", 4},
     .version_label = {"v1", 2},
     .base_path = {"/pets", 5},
     .upstream_host = {"10.0.0.7", 8},
     .upstream_port = 8080    },
    {.id = 5,
     .api = {"pets", 4},
     .version_label = {"v1.1", 4},
     .base_path = {"/pets/v1", 8},
     .upstream_host = {"pets.internal", 13},
     .upstream_port = 443,
     .upstream_tls = true,
     .upstream_path = {"/api/", 5},
     .timeout_ms = 1500},
    {.id = 9,
     .api = {"status", 6},
     .version_label = {"1", 1},
     .host = {"status.example", 14},
     .base_path = {"/", 1},
     .upstream_host = {"::1", 3},
     .upstream_port = 80,
     .upstream_tls = true,
     .upstream_path = {"/s", 2},
     .open = true},
    {.id = 11,         /* hidden by 7: same place, younger */
     .api = {"other", 5},
     .version_label = {"v1", 2},
     .base_path = {"/pets", 5},
     .upstream_host = {"10.0.0.8", 8},
     .upstream_port = 80             },
};
static const struct envoy_group group = {
    {"edge", 4},
    deployments, COUNT_OF(deployments)
};
static const struct envoy_gateway by_socket = {
    .slug = {"edge-1",                                 6},
    .group = {"edge",                                        4},
    .node_id = {"edge-1",6},
    .listener = {.host = {"0.0.0.0", 7},                                 .port = 8080},
    .admin = {.path = {"/run/chancery/admin.sock", 24}                                       },
    .xds = {.path = {"/run/chancery/control.sock", 26}},
    .check = {.path = {"/run/chancery/check.sock", 24}},
};
static const struct envoy_gateway by_token = {
    .slug = {"far\n-1",                       6           },
    .group = {"edge",                          4           },
    .node_id = {"far-1",                         5           },
    .listener = {.host = {"::", 2},               .port = 443 },
    .admin = {.host = {"127.0.0.1", 9},        .port = 9901},
    .xds = {.host = {"control.example", 15}, .port = 9000},
    .check = {.host = {"10.1.1.1", 8},         .port = 9001},
    .token_file = {"/etc/envoy/token",              16          },
    .request_log = true,
};

/* CHANCERY_ACCEPT=1 writes what came out as the new golden file. */
static void check_golden(const char *name, const struct buf *got)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct err err = {0};
    const char *accept = getenv("CHANCERY_ACCEPT");
    struct str path = arena_printf(&mem, GOLDEN "/%s", name);
    if (accept != NULL && strcmp(accept, "1") == 0)
        CHECK_OK(file_replace(path.ptr, buf_str(got), 0644, &err), &err);
    struct str want = test_file(&mem, GOLDEN, name);
    CHECK_STR(buf_str(got), want);
    if (!str_eq(buf_str(got), want))
        printf("   accept: CHANCERY_ACCEPT=1 build/dev/catalog/envoy/unit_envoy && git diff %s\n",
               path.ptr);
}

TEST(test_resources_are_as_accepted)
{
    CLEANUP(buf_clear) struct buf clusters = {0}, routes = {0}, listener = {0}, log = {0};
    envoy_clusters(&group, &clusters);
    check_golden("clusters.json", &clusters);
    envoy_routes(&group, &routes);
    check_golden("routes.json", &routes);
    envoy_listener(&group, &by_socket, &listener);
    check_golden("listener.json", &listener);
    envoy_listener(&group, &by_token, &log);
    check_golden("listener-log.json", &log);
}

TEST(test_bootstraps_are_as_accepted)
{
    CLEANUP(buf_clear) struct buf socket = {0}, token = {0}, whole = {0};
    envoy_bootstrap(&by_socket, &socket);
    check_golden("bootstrap-socket.yaml", &socket);
    envoy_bootstrap(&by_token, &token);
    check_golden("bootstrap-token.yaml", &token);
    envoy_static(&group, &by_token, &whole);
    check_golden("static.json", &whole);
    CHECK(str_find(buf_str(&whole), by_token.token_file) == SIZE_MAX);
}

TEST(test_response_wraps_resources)
{
    CLEANUP(buf_clear) struct buf out = {0};
    envoy_response(ENVOY_RDS, STR("v\"1"), STR("[{\"name\":\"x\"}]"), &out);
    CHECK_STR(buf_str(&out),
              STR("{\"resources\":[{\"name\":\"x\"}],\"type_url\":\"type.googleapis.com/"
                  "envoy.config.route.v3.RouteConfiguration\",\"version_info\":\"v\\\"1\"}"));
}

/* --- canonical form --------------------------------------------------------------------------- */

static bool is_sorted(const struct json *value)
{
    for (const struct json *one = value->child; one != NULL; one = one->next) {
        bool rises = value->type != JSON_TYPE_OBJECT || one->next == NULL ||
                     str_cmp(one->key, one->next->key) < 0;
        if (!rises)
            printf("\n   not before the next: " STR_FMT "\n", STR_ARG(one->key));
        if (!rises || !is_sorted(one))
            return false;
    }
    return true;
}

static void check_canonical(const struct buf *out)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    CLEANUP(buf_clear) struct buf again = {0};
    struct json *value = NULL;
    struct err err = {0};
    struct str text = buf_str(out);
    while (str_starts(text, STR("#")))
        text = str_sub(text, str_find_char(text, '\n') + 1, text.len);
    CHECK_OK(json_parse(text, &mem, &value, &err), &err);
    if (value == NULL)
        return;
    struct json_writer w = {.out = &again};
    CHECK(is_sorted(value));
    json_write(&w, value);
    CHECK_STR(buf_str(&again), str_trim(text));
}

/* A group large enough for the tree, given backwards. */
static struct envoy_group large_group(struct arena *mem, size_t count)
{
    struct envoy_deployment *all = arena_array(mem, struct envoy_deployment, count);
    for (size_t i = 0; i < count; i++)
        all[i] = (struct envoy_deployment){.id = (int64_t)(count - i),
                                           .api = STR("many"),
                                           .version_label = STR("v1"),
                                           .base_path = arena_printf(mem, "/m/%zu", i),
                                           .upstream_host = STR("many.example"),
                                           .upstream_port = 80};
    return (struct envoy_group){STR("edge"), all, count};
}

TEST(test_everything_emitted_is_canonical)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    const struct envoy_group groups[] = {
        group, large_group(&mem, 250), {STR("none"), NULL, 0}
    };
    const struct envoy_gateway *const gateways[] = {&by_socket, &by_token};
    for (size_t i = 0; i < 2 * COUNT_OF(groups); i++) {
        const struct envoy_group *g = &groups[i / 2];
        CLEANUP(buf_clear)
        struct buf clusters = {0}, routes = {0}, listener = {0}, bootstrap = {0}, whole = {0};
        envoy_clusters(g, &clusters);
        check_canonical(&clusters);
        envoy_routes(g, &routes);
        check_canonical(&routes);
        envoy_listener(g, gateways[i % 2], &listener);
        check_canonical(&listener);
        envoy_bootstrap(gateways[i % 2], &bootstrap);
        check_canonical(&bootstrap);
        envoy_static(g, gateways[i % 2], &whole);
        check_canonical(&whole);
    }
}

TEST(test_order_given_does_not_matter)
{
    struct envoy_deployment turned[COUNT_OF(deployments)];
    for (size_t i = 0; i < COUNT_OF(deployments); i++)
        turned[COUNT_OF(deployments) - 1 - i] = deployments[i];
    const struct envoy_group other = {group.slug, turned, COUNT_OF(turned)};
    CLEANUP(buf_clear) struct buf a = {0}, b = {0};
    envoy_clusters(&group, &a);
    envoy_clusters(&other, &b);
    envoy_routes(&group, &a);
    envoy_routes(&other, &b);
    CHECK_STR(buf_str(&a), buf_str(&b));
}

static const struct json *virtual_host(struct arena *mem, const struct envoy_group *g)
{
    CLEANUP(buf_clear) struct buf out = {0};
    struct json *value = NULL;
    struct err err = {0};
    envoy_routes(g, &out);
    CHECK_OK(json_parse(arena_str(mem, buf_str(&out)), mem, &value, &err), &err);
    return value ? json_get(value->child, "virtual_hosts")->child : NULL;
}

TEST(test_tree_takes_the_lists_place_from_200_routes_on)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    const struct envoy_group below = large_group(&mem, 199), from = large_group(&mem, 200);
    CHECK_I64(json_get(virtual_host(&mem, &below), "routes")->count, 2 * 199 + 1); /* "none" */
    const struct json *host = virtual_host(&mem, &from);
    CHECK(json_get(host, "routes") == NULL);
    const struct json *tree = json_get(json_get(host, "matcher"), "matcher_tree");
    CHECK_I64(json_get(json_get(tree, "prefix_match_map"), "map")->count, 200);
}

/* --- what is refused -------------------------------------------------------------------------- */

static struct envoy_deployment good_deployment(void)
{
    return (struct envoy_deployment){.id = 1,
                                     .api = STR("pets"),
                                     .version_label = STR("v1"),
                                     .base_path = STR("/pets"),
                                     .upstream_host = STR("a.example"),
                                     .upstream_port = 80};
}

static void check_accepts(const struct envoy_deployment *d, bool want, const char *value)
{
    struct err err = {0};
    bool got = envoy_deployment_check(d, &err);
    if (got != want)
        printf("\n   %s: %s\n", value, err.msg);
    CHECK_I64(got, want);
    if (got)
        return;
    CHECK_I64(err.code, ERR_INVALID);
    CHECK(str_starts(str_from(err.where), d->api));
    CHECK(err.hint[0] != '\0');
}

struct text_case {
    const char *text;
    bool ok;
};

static void check_texts(const struct text_case *cases, size_t count, size_t offset)
{
    for (size_t i = 0; i < count; i++) {
        struct envoy_deployment d = good_deployment();
        struct str text = str_from(cases[i].text);
        memcpy((char *)&d + offset, &text, sizeof(text));
        check_accepts(&d, cases[i].ok, cases[i].text);
    }
}

TEST(test_deployment_check_base_path)
{
    static const struct text_case cases[] = {
        {"/",                 true },
        {"/a",                true },
        {"/a/b-c_d.e~f",      true },
        {"/a:b@c!$&'()*+,;=", true },
        {"",                  false},
        {"a",                 false},
        {"/a/",               false},
        {"//",                false},
        {"/a//b",             false},
        {"/a?b",              false},
        {"/a#b",              false},
        {"/a%20b",            false},
        {"/a b",              false},
        {"/a/../b",           false},
        {"/.",                false},
        {"/a\\b",             false},
        {"/{a}",              false},
        {"/a\xC3\xA9",        false},
        {"/a\n",              false},
    };
    check_texts(cases, COUNT_OF(cases), offsetof(struct envoy_deployment, base_path));
}

TEST(test_deployment_check_upstream)
{
    static const struct text_case hosts[] = {
        {"a",               true },
        {"a.example",       true },
        {"A-1.b_c.example", true },
        {"127.0.0.1",       true },
        {"::1",             true },
        {"fe80::1",         true },
        {"",                false},
        {"a b",             false},
        {"1.2.3",           false},
        {"256.1.1.1",       false},
        {"-a.example",      false},
        {"a..b",            false},
        {"http://a",        false},
        {"a:80",            false},
        {"[::1]",           false},
        {"a.",              false},
        {"2130706433",      false},
        {"a\n",             false},
    };
    static const struct text_case paths[] = {
        {"",      true },
        {"/",     true },
        {"/x",    true },
        {"/x/",   true },
        {"/x/y",  true },
        {"x",     false},
        {"/x//",  false},
        {"//",    false},
        {"/x?y",  false},
        {"/../x", false},
    };
    check_texts(hosts, COUNT_OF(hosts), offsetof(struct envoy_deployment, upstream_host));
    check_texts(paths, COUNT_OF(paths), offsetof(struct envoy_deployment, upstream_path));
}

TEST(test_deployment_check_names)
{
    static const struct text_case apis[] = {
        {"a",   true },
        {"a-1", true },
        {"",    false},
        {"1a",  false},
        {"A",   false},
        {"a_b", false},
        {"a/b", false}
    };
    static const struct text_case labels[] = {
        {"1",                                 true },
        {"v1.2_b-C",                          true },
        {"",                                  false},
        {"-v",                                false},
        {"v 1",                               false},
        {"v/1",                               false},
        {"012345678901234567890123456789012", false}
    };
    static const struct text_case virtual_hosts[] = {
        {"",             true },
        {"a.example",    true },
        {"*.a.example",  true },
        {"10.0.0.1",     true },
        {"*",            false},
        {"A.example",    false},
        {"a.example:80", false},
        {"a.*",          false},
        {"*.",           false},
        {"a/b",          false}
    };
    check_texts(apis, COUNT_OF(apis), offsetof(struct envoy_deployment, api));
    check_texts(labels, COUNT_OF(labels), offsetof(struct envoy_deployment, version_label));
    check_texts(virtual_hosts, COUNT_OF(virtual_hosts), offsetof(struct envoy_deployment, host));
}

TEST(test_deployment_check_numbers)
{
    struct envoy_deployment d = good_deployment();
    check_accepts(&d, true, "good");
    d.timeout_ms = 3600001;
    check_accepts(&d, false, "timeout");
    d = good_deployment();
    d.upstream_port = 0;
    check_accepts(&d, false, "port");
    d = good_deployment();
    d.id = 0;
    check_accepts(&d, false, "id");
}
