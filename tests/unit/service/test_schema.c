/* service: databases of earlier schemas open, verify and answer as they did. With
 * CHANCERY_MAKE_SCHEMA=FOLDER the files of the present schema are made there; a landed file is
 * never made again. */
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/service/world.h"
#include "tests/unit/test.h"

static const struct {
    const char *name;
    catalog_list_fn *list;
    const struct record *record;
    struct catalog_query query;
    int since; /* the first schema that has it */
} reads[] = {
  /* clang-format off */
    {.name = "users", .list = catalog_users, .record = &record_user},
    {.name = "tokens", .list = catalog_tokens, .record = &record_token, .query.user = {"dave", 4}, .since = 2},
    {.name = "teams", .list = catalog_teams, .record = &record_team},
    {.name = "members", .list = catalog_members, .record = &record_member, .query.team = {"zoo", 3}},
    {.name = "apis", .list = catalog_apis, .record = &record_api, .query.q = {"furry", 5}},
    {.name = "versions", .list = catalog_versions, .record = &record_version, .query.api = {"pets", 4}},
    {.name = "revisions", .list = catalog_revisions, .record = &record_revision, .query.api = {"pets", 4}, .query.version = {"v1", 2}},
    {.name = "operations", .list = catalog_operations, .record = &record_operation, .query.api = {"pets", 4}, .query.version = {"v1", 2}},
    {.name = "plans", .list = catalog_plans, .record = &record_plan},
    {.name = "apps", .list = catalog_apps, .record = &record_app},
    {.name = "keys", .list = catalog_keys, .record = &record_key, .query.app = {"store", 5}},
    {.name = "subscriptions", .list = catalog_subscriptions, .record = &record_subscription},
    {.name = "groups", .list = catalog_groups, .record = &record_group},
    {.name = "gateways", .list = catalog_gateways, .record = &record_gateway},
    {.name = "deployments", .list = catalog_deployments, .record = &record_deployment},
    {.name = "assessments", .list = catalog_assessments, .record = &record_assessment, .since = 3},
    {.name = "findings", .list = catalog_findings, .record = &record_revision_finding, .query.api = {"pets", 4}, .query.version = {"v1", 2}, .since = 3},
    {.name = "changes", .list = catalog_revision_changes, .record = &record_revision_change, .query.api = {"pets", 4}, .query.version = {"v2", 2}, .since = 3},
    {.name = "rulesets", .list = catalog_rulesets, .record = &record_ruleset, .since = 3},
    {.name = "texts", .list = catalog_ruleset_revisions, .record = &record_ruleset_revision, .query.ruleset = {"house", 5}, .since = 3},
    {.name = "gate rules", .list = catalog_gate_rules, .record = &record_gate_rule, .since = 3},
    {.name = "waivers", .list = catalog_waivers, .record = &record_waiver, .since = 3},
    {.name = "reviews", .list = catalog_reviews, .record = &record_review, .since = 3},
    {.name = "events", .list = catalog_events, .record = &record_event, .query.limit = 500},
  /* clang-format on */
};

/* Every list that the schema has, one row a line as a JSON object. */
static struct str read_all(struct world *w, int schema)
{
    CLEANUP(buf_clear) struct buf out = {0};
    for (size_t i = 0; i < COUNT_OF(reads); i++) {
        struct catalog_list list = {0};
        if (reads[i].since > schema)
            continue;
        CHECK_OK(
            reads[i].list(w->view, &principal_internal, &reads[i].query, &w->mem, &list, &w->err),
            &w->err);
        buf_printf(&out, "%s %lld\n", reads[i].name, (long long)list.total);
        for (size_t row = 0; row < list.count; row++) {
            struct json_writer json = {.out = &out};
            record_write(&json, reads[i].record,
                         (const char *)list.rows + row * reads[i].record->size);
            buf_add_char(&out, '\n');
        }
    }
    return arena_str(&w->mem, buf_str(&out));
}

static void put(struct world *w, const char *folder, const char *suffix, struct str bytes)
{
    const char *path = arena_printf(&w->mem, "%s/schema-%d%s", folder, catalog_schema, suffix).ptr;
    CHECK(access(path, F_OK) != 0);
    CHECK_OK(file_replace(path, bytes, 0644, &w->err), &w->err);
}

/* Something of everything that governs documents. */
static void govern(struct world *w)
{
    struct ruleset ruleset = {0};
    struct ruleset_revision text = {0};
    struct version version = {0};
    struct waiver waiver = {0};
    struct review review = {0};
    MUST(w, version_create, MARK, "{\"label\":\"v2\"}", &version, "pets", NULL);
    world_upload(
        w, MARK, "pets", "v2",
        "{\"openapi\":\"3.1.0\",\"info\":{\"title\":\"P\",\"version\":\"2\"},\"paths\":{}}", NULL);
    MUST(w, review_create, MARK, "{\"note\":\"is it fine?\"}", &review, "pets", "v2");
    MUST(w, ruleset_create, OSCAR,
         "{\"slug\":\"house\",\"name\":\"House\",\"teams\":[\"shop\"],\"tags\":[\"animals\"]}",
         &ruleset, NULL, NULL);
    MUST(w, ruleset_put_text, OSCAR, "{\"text\":\"extends: chancery\\n\"}", &text, "house", NULL);
    MUST(w, waiver_create, OSCAR,
         "{\"code\":\"info-contact\",\"pointer\":\"/info\",\"version\":\"v1\",\"reason\":\"later\","
         "\"not_after\":\"2026-12-01T00:00:00Z\"}",
         &waiver, "pets", NULL);
}

TEST(test_schema_files_are_made_when_asked_for)
{
    const char *folder = getenv("CHANCERY_MAKE_SCHEMA");
    struct world w;
    struct new_key key = {0};
    struct new_token token = {0};
    struct subscription row = {0};
    if (folder == NULL)
        return;
    world_begin_full(&w);
    MUST(&w, key_create, DAVE, "{\"name\":\"laptop\"}", &key, "store", NULL);
    MUST(&w, token_create, DAVE, "{\"name\":\"laptop\",\"scope\":\"write\"}", &token, "dave", NULL);
    struct str id = world_ask(&w);
    MUST(&w, subscription_approve, OLGA, "{\"reason\":\"fine\"}", &row, id.ptr, NULL);
    govern(&w);
    put(&w, folder, ".txt", read_all(&w, catalog_schema));
    world_close(&w);
    scratch_sql(w.scratch.path, "PRAGMA journal_mode = DELETE; PRAGMA page_size = 512; VACUUM;");
    put(&w, folder, ".db", scratch_bytes(w.scratch.path, &w.mem));
    scratch_clear(&w.scratch);
    arena_clear(&w.mem);
}

TEST(test_databases_of_every_landed_schema_open_and_answer_the_same)
{
    for (int schema = 1; schema <= catalog_schema; schema++) {
        struct world w = {0};
        struct stat copy = {0};
        w.clock = clock_system;
        w.log = (struct log){STDERR_FILENO, LOG_ERROR, &clock_system};
        scratch_make(&w.scratch);
        struct str file =
            test_file(&w.mem, TEST_DATA, arena_printf(&w.mem, "schema-%d.db", schema).ptr);
        struct str want =
            test_file(&w.mem, TEST_DATA, arena_printf(&w.mem, "schema-%d.txt", schema).ptr);
        CHECK(file.len > 0 && want.len > 0);
        CHECK_OK(file_replace(w.scratch.path, file, 0600, &w.err), &w.err);
        world_open(&w);
        CHECK_STR(read_all(&w, schema), want);
        const char *kept =
            scratch_beside(&w.scratch, arena_printf(&w.mem, ".schema-%d", schema).ptr, &w.mem);
        CHECK_I64(stat(kept, &copy) == 0,
                  schema < catalog_schema); /* a copy before each migration */
        CHECK_I64(scratch_number(w.scratch.path, "PRAGMA user_version"), catalog_schema);
        world_end(&w);
    }
}
