/* service: documents, versions and their stages, deployments. */
#include "tests/unit/service/world.h"
#include "tests/unit/test.h"

TEST(test_a_document_comes_back_byte_exact_and_is_stored_once)
{
    struct world w;
    struct revision first = {0}, again = {0}, other = {0};
    struct version version = {0};
    struct catalog_file file = {0};
    world_begin_full(&w);
    world_upload(&w, OLGA, "pets", "v1", world_document, &first);
    int64_t events = scratch_number(w.scratch.path, "SELECT count(*) FROM event");
    world_upload(&w, OLGA, "pets", "v1", world_document, &again);
    CHECK_I64(first.id, again.id);
    CHECK_STR(first.sha256, again.sha256);
    CHECK_I64(scratch_number(w.scratch.path, "SELECT count(*) FROM event"), events);
    MUST(&w, version_create, OLGA, "{\"label\":\"v2\"}", &version, "pets", NULL);
    world_upload(&w, OLGA, "pets", "v2", world_document, &other);
    CHECK(other.id != first.id);
    CHECK_STR(other.sha256, first.sha256); /* a name is made from the manifest alone */
    CHECK_I64(scratch_number(w.scratch.path, "SELECT count(*) FROM file"), 1);
    const struct str args[] = {STR("pets"), STR("v1")};
    CHECK_OK(catalog_document(w.view, &w.who[EVE], args, STR_NONE, &w.mem, &file, &w.err), &w.err);
    CHECK_STR(file.bytes, str_from(world_document));
    CHECK_STR(file.file.media_type, STR("application/json"));
    CHECK(!catalog_document(w.view, &w.who[EVE], args, STR("other.yaml"), &w.mem, &file, &w.err));
    CHECK_I64(w.err.code, ERR_NOT_FOUND);
    world_end(&w);
}

TEST(test_a_document_becomes_operations_and_findings)
{
    struct world w;
    struct revision revision = {0};
    struct catalog_list list = {0};
    world_begin_full(&w);
    const struct catalog_query of = {.api = STR("pets"), .version = STR("v1")};
    CHECK_OK(catalog_operations(w.view, &w.who[EVE], &of, &w.mem, &list, &w.err), &w.err);
    const struct operation *rows = list.rows;
    CHECK_I64(list.total, 3);
    CHECK_STR(rows[0].key, STR("GET /pets"));
    CHECK_STR(rows[0].tags, STR("[\"animals\"]"));
    CHECK_STR(rows[2].key, STR("GET /pets/{petId}"));
    const struct str one[] = {STR("pets"), STR("v1"), id_format(&w.mem, rows[1].id)};
    struct operation operation = {0};
    CHECK_OK(catalog_operation(w.view, &w.who[EVE], one, &w.mem, &operation, &w.err), &w.err);
    CHECK_STR(operation.operation_id, STR("addPet"));
    world_upload(
        &w, OLGA, "pets", "v1",
        "{\"openapi\":\"3.0.0\",\"openapi\":\"3.0.1\",\"info\":{\"title\":\"T\",\"version\":\"1\"},\"paths\":{}}",
        &revision);
    CHECK(revision.finding_count > 0);
    CHECK_I64(scratch_number(w.scratch.path,
                             "SELECT count(*) FROM revision_finding WHERE code = 'duplicate-key'"),
              1);
    world_end(&w);
}

TEST(test_an_upload_tells_what_is_wrong_with_the_document)
{
    struct world w;
    struct revision revision = {0};
    world_begin_full(&w);
    world_upload(&w, OLGA, "pets", "v1",
                 "{\"openapi\":\"3.0.4\",\"info\":{\"title\":\"T\",\"version\":\"1\"},\"paths\":{"
                 "\"/a/{id}\":{\"get\":{\"responses\":{\"200\":{\"$ref\":\"r.yaml\"}}}}}}",
                 &revision);
    CHECK_I64(
        revision.finding_count,
        scratch_number(w.scratch.path,
                       "SELECT finding_count FROM assessment ORDER BY revision_id DESC LIMIT 1"));
    CHECK_I64(scratch_number(
                  w.scratch.path,
                  "SELECT count(*) FROM revision_finding WHERE severity = 'error' AND code = "
                  "'path-parameter-missing' AND pointer = '/paths/~1a~1{id}/get' AND line = 1"),
              1);
    CHECK_I64(scratch_number(w.scratch.path,
                             "SELECT count(*) FROM revision_finding WHERE severity = 'info' AND "
                             "code = 'outside-reference' AND source = 'validation'"),
              1);
    CHECK_I64(scratch_number(w.scratch.path,
                             "SELECT count(*) FROM revision_finding WHERE source = 'spectral:oas' "
                             "AND code = 'operation-operationId'"),
              1);
    world_end(&w);
}

TEST(test_unreadable_documents_are_refused_before_the_writer)
{
    static const char *const bad[] = {"", "{", "openapi: 9.9\n", "[]", "{\"openapi\":\"3.0.0\""};
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        CLEANUP(arena_clear) struct arena mem = {0};
        struct import import = {0};
        struct err err = {0};
        CHECK(!import_read(str_from(bad[i]), STR("a.yaml"), NULL, &mem, &import, &err));
        CHECK_I64(err.code, ERR_INVALID);
    }
}

/* 4,000 schemas refer to one of 24 kB. */
TEST(test_documents_that_weigh_too_much_are_refused_before_the_writer)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    CLEANUP(buf_clear) struct buf text = {0};
    struct import import = {0};
    struct err err = {0};
    buf_add(&text, STR("openapi: 3.1.0\ninfo: {title: t, version: '1'}\npaths: {}\n"
                       "components:\n  schemas:\n    Wide: {enum: ["));
    for (unsigned i = 0; i < 2000; i++)
        buf_printf(&text, "value%05u, ", i);
    buf_add(&text, STR("last]}\n"));
    for (unsigned i = 0; i < 4000; i++)
        buf_printf(&text, "    S%u: {$ref: '#/components/schemas/Wide'}\n", i);
    CHECK(!import_read(buf_str(&text), STR("a.yaml"), NULL, &mem, &import, &err));
    CHECK_I64(err.code, ERR_LIMIT);
    CHECK(strstr(err.where, "line 7 column 9") != NULL && err.hint[0] != '\0');
}

TEST(test_file_names_of_clients_are_never_paths)
{
    static const struct {
        const char *name, *path;
    } cases[] = {
        {"pets.yaml",           "pets.yaml"   },
        {"../../etc/passwd",    "passwd"      },
        {"C:\\docs\\pets.json", "openapi.json"},
        {"",                    "openapi.json"},
        {"a b.json",            "openapi.json"},
        {"dir/",                "openapi.json"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        CLEANUP(arena_clear) struct arena mem = {0};
        struct import import = {0};
        struct err err = {0};
        CHECK_OK(import_read(str_from(world_document), str_from(cases[i].name), NULL, &mem, &import,
                             &err),
                 &err);
        CHECK_STR(import.files[0].path, str_from(cases[i].path));
    }
}

static enum err_code stage(struct world *w, const char *label, const char *to, struct version *out)
{
    return DO(w, version_stage, OLGA, arena_printf(&w->mem, "{\"stage\":\"%s\"}", to).ptr, out,
              "pets", label);
}

TEST(test_stages_ask_for_what_they_need)
{
    struct world w;
    struct version version = {0};
    struct deployment deployment = {0};
    world_begin_full(&w);
    MUST(&w, version_create, OLGA, "{\"label\":\"v2\"}", &version, "pets", NULL);
    CHECK_I64(stage(&w, "v2", "published", &version), ERR_CONFLICT);
    CHECK(str_find(str_from(w.err.hint), STR("upload")) != SIZE_MAX);
    CHECK_I64(stage(&w, "v2", "nonsense", &version), ERR_INVALID);
    CHECK_STR(str_from(w.err.where), STR("/stage"));
    static const char deploy[] =
        "{\"api\":\"pets\",\"version\":\"v2\",\"group\":\"edge\",\"base_path\":\"/v2\",\"upstream\":\"http://h\"}";
    CHECK_I64(DO(&w, deployment_create, OLGA, deploy, &deployment, NULL, NULL), ERR_CONFLICT);
    CHECK_STR(str_from(w.err.where), STR("/version"));
    world_upload(&w, OLGA, "pets", "v2", world_document, NULL);
    CHECK_I64(stage(&w, "v2", "published", &version), ERR_NONE);
    CHECK_I64(version.published_at, w.now_ms);
    CHECK_I64(DO(&w, deployment_create, OLGA, deploy, &deployment, NULL, NULL), ERR_NONE);
    CHECK_I64(DO(&w, version_delete, OLGA, NULL, NULL, "pets", "v2"), ERR_CONFLICT);
    CHECK_I64(
        DO(&w, version_stage, OLGA,
           "{\"stage\":\"deprecated\",\"successor\":\"v9\",\"sunset_at\":\"2099-01-01T00:00:00Z\"}",
           &version, "pets", "v1"),
        ERR_INVALID);
    CHECK_STR(str_from(w.err.where), STR("/successor"));
    for (int i = 0; i < 2; i++) {
        static const char *const bodies[] = {
            "{\"stage\":\"deprecated\",\"sunset_at\":null}",
            "{\"stage\":\"deprecated\",\"sunset_at\":\"2020-01-01T00:00:00Z\"}"};
        CHECK_I64(DO(&w, version_stage, OLGA, bodies[i], &version, "pets", "v1"), ERR_INVALID);
        CHECK_STR(str_from(w.err.where), STR("/sunset_at"));
    }
    CHECK_I64(
        DO(&w, version_stage, OLGA,
           "{\"stage\":\"deprecated\",\"successor\":\"v2\",\"sunset_at\":\"2030-01-01T00:00:00Z\",\"reason\":\"old\"}",
           &version, "pets", "v1"),
        ERR_NONE);
    CHECK_STR(version.successor, STR("v2"));
    CHECK_I64(stage(&w, "v1", "retired", &version), ERR_NONE);
    CHECK_I64(stage(&w, "v1", "published", &version), ERR_CONFLICT);
    world_end(&w);
}

TEST(test_a_draft_can_be_deleted_with_all_it_holds)
{
    struct world w;
    struct version version = {0};
    world_begin_full(&w);
    MUST(&w, version_create, OLGA, "{\"label\":\"v2\"}", &version, "pets", NULL);
    world_upload(&w, OLGA, "pets", "v2", world_document, NULL);
    MUST(&w, version_delete, OLGA, NULL, NULL, "pets", "v2");
    CHECK_I64(scratch_number(w.scratch.path, "SELECT count(*) FROM operation"), 3);
    CHECK_I64(scratch_number(w.scratch.path, "SELECT count(*) FROM revision"), 1);
    world_end(&w);
}

TEST(test_upstreams_are_read_strictly)
{
    static const struct {
        const char *url;
        bool ok;
    } cases[] = {
        {"http://h",                   true },
        {"https://h.example:8443/a/b", true },
        {"http://127.0.0.1:9000",      true },
        {"http://[::1]:80/x",          true },
        {"ftp://h",                    false},
        {"http://",                    false},
        {"http:///x",                  false},
        {"http://h:",                  false},
        {"http://h:0",                 false},
        {"http://h:65536",             false},
        {"http://h:8o",                false},
        {"http://h:-1",                false},
        {"http://u@h",                 false},
        {"http://h/?q",                false},
        {"http://h/#f",                false},
        {"http://h/a b",               false},
        {"http://[::1",                false},
        {"http://[::1]x80",            false},
        {"http://a:1:2",               false},
        {"HTTP://h",                   false},
        {"http://h\\x",                false},
        {"//h",                        false},
    };
    struct world w;
    struct catalog_list list = {0};
    const struct catalog_query all = {0};
    world_begin_full(&w);
    CHECK_OK(catalog_deployments(w.view, &w.who[ADA], &all, &w.mem, &list, &w.err), &w.err);
    struct deployment row = *(const struct deployment *)list.rows;
    struct str id = id_format(&w.mem, row.id);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        CLEANUP(buf_clear) struct buf body = {0};
        struct json_writer out = {.out = &body};
        json_open_object(&out);
        json_key_str(&out, "upstream", str_from(cases[i].url));
        json_close_object(&out);
        enum err_code code = world_change(&w, deployment_patch, OLGA, str_z(&w.mem, buf_str(&body)),
                                          row.etag, &row, id.ptr, NULL);
        if ((code == ERR_NONE) != cases[i].ok)
            printf("\n%s: %s %s\n", cases[i].url, w.err.where, w.err.msg);
        CHECK_I64(code, cases[i].ok ? ERR_NONE : ERR_INVALID);
    }
    world_end(&w);
}

TEST(test_two_deployments_never_share_a_place)
{
    struct world w;
    struct version version = {0};
    struct deployment row = {0};
    struct gateway gateway = {0};
    world_begin_full(&w);
    MUST(&w, version_create, OLGA, "{\"label\":\"v2\"}", &version, "pets", NULL);
    world_upload(&w, OLGA, "pets", "v2", world_document, NULL);
    CHECK_I64(stage(&w, "v2", "published", &version), ERR_NONE);
    CHECK_I64(
        DO(&w, deployment_create, OLGA,
           "{\"api\":\"pets\",\"version\":\"v2\",\"group\":\"edge\",\"base_path\":\"/pets\",\"upstream\":\"http://h\"}",
           &row, NULL, NULL),
        ERR_CONFLICT);
    CHECK_STR(str_from(w.err.where), STR("/base_path"));
    CHECK_I64(
        DO(&w, deployment_create, OLGA,
           "{\"api\":\"pets\",\"version\":\"v1\",\"group\":\"edge\",\"base_path\":\"/more\",\"upstream\":\"http://h\"}",
           &row, NULL, NULL),
        ERR_CONFLICT);
    CHECK_STR(str_from(w.err.where), STR("/group"));
    CHECK_I64(
        DO(&w, gateway_create, OSCAR,
           "{\"slug\":\"gw2\",\"group\":\"edge\",\"listener\":\"127.0.0.1:10000\",\"admin\":\"a:1\"}",
           &gateway, NULL, NULL),
        ERR_CONFLICT);
    CHECK_STR(str_from(w.err.where), STR("/listener"));
    world_end(&w);
}

TEST(test_the_snapshot_holds_what_a_group_serves)
{
    struct world w;
    struct envoy_group group = {0};
    struct version version = {0};
    world_begin_full(&w);
    CHECK_OK(catalog_snapshot(w.view, STR("edge"), &w.mem, &group, &w.err), &w.err);
    CHECK_I64(group.deployment_count, 1);
    const struct envoy_deployment *d = group.deployments;
    CHECK_STR(d->api, STR("pets"));
    CHECK_STR(d->upstream_host, STR("127.0.0.1"));
    CHECK_I64(d->upstream_port, 9000);
    CHECK(!d->open && !d->upstream_tls);
    MUST(&w, version_stage, OLGA,
         "{\"stage\":\"deprecated\",\"sunset_at\":\"2099-01-01T00:00:00Z\"}", &version, "pets",
         "v1");
    MUST(&w, version_stage, OLGA, "{\"stage\":\"retired\"}", &version, "pets", "v1");
    CHECK_OK(catalog_snapshot(w.view, STR("edge"), &w.mem, &group, &w.err), &w.err);
    CHECK_I64(group.deployment_count, 1); /* keeps its route, so that callers are told 410 */
    CHECK_OK(catalog_snapshot(w.view, STR("other"), &w.mem, &group, &w.err), &w.err);
    CHECK_I64(group.deployment_count, 0);
    world_end(&w);
}

TEST(test_operations_that_no_proxy_carries_are_named_when_deployed)
{
    struct world w;
    struct version version = {0};
    struct deployment row = {0};
    struct catalog_list list = {0};
    world_begin_full(&w);
    MUST(&w, version_create, OLGA, "{\"label\":\"v2\"}", &version, "pets", NULL);
    world_upload(&w, OLGA, "pets", "v2",
                 "{\"openapi\":\"3.2.0\",\"info\":{\"title\":\"T\",\"version\":\"1\"},\"paths\":{"
                 "\"/find\":{\"query\":{\"summary\":\"Q\"},\"get\":{\"summary\":\"G\"}}}}",
                 NULL);
    CHECK_I64(stage(&w, "v2", "published", &version), ERR_NONE);
    MUST(&w, deployment_create, OLGA,
         "{\"api\":\"pets\",\"version\":\"v2\",\"group\":\"edge\",\"base_path\":\"/v2\","
         "\"upstream\":\"http://h\"}",
         &row, NULL, NULL);
    const struct catalog_query of = {.subject = id_format(&w.mem, row.id)};
    CHECK_OK(catalog_events(w.view, &w.who[OLGA], &of, &w.mem, &list, &w.err), &w.err);
    CHECK_I64(list.total, 1);
    CHECK_STR(((const struct event *)list.rows)[0].reason,
              STR("not served by proxies: QUERY /find"));
    world_end(&w);
}
