/* service: the publish gate's decision table, and that nothing passes by what held yesterday. */
#include "tests/unit/service/world.h"
#include "tests/unit/test.h"

/* One error and one remark of validation, warnings and no errors of spectral:oas. */
static const char flawed[] =
    "{\"openapi\":\"3.0.4\",\"info\":{\"title\":\"T\",\"version\":\"1\"},\"paths\":{\"/a/{id}\":{"
    "\"get\":{\"responses\":{\"200\":{\"$ref\":\"r.yaml\"}}}}}}";

/* Of pets/v2, a draft with that document: API pets is of team zoo, has the tag animals, a summary,
 * and an owner; nobody has reviewed it. code: of one item the verdict has; NULL: it has none. */
static const struct {
    const char *rule;
    int action;
    const char *code;
} table[] = {
  /* clang-format off */
    {"\"condition\":\"validation\",\"argument\":\"error\",\"action\":\"block\"",                        GATE_BLOCK,  "path-parameter-missing"},
    {"\"condition\":\"validation\",\"argument\":\"error\",\"action\":\"notify\"",                       GATE_NOTIFY, "path-parameter-missing"},
    {"\"condition\":\"validation\",\"argument\":\"error\",\"action\":\"allow\"",                        GATE_ALLOW,  NULL},
    {"\"condition\":\"validation\",\"argument\":\"info\",\"action\":\"block\"",                         GATE_BLOCK,  "outside-reference"},
    {"\"condition\":\"finding\",\"argument\":\"warn\",\"action\":\"block\"",                            GATE_BLOCK,  "operation-operationId"},
    {"\"condition\":\"rule\",\"argument\":\"operation-operationId\",\"action\":\"block\"",              GATE_BLOCK,  "operation-operationId"},
    {"\"condition\":\"rule\",\"argument\":\"path-parameter-missing\",\"action\":\"block\"",             GATE_BLOCK,  "path-parameter-missing"},
    {"\"condition\":\"rule\",\"argument\":\"no-such-rule\",\"action\":\"block\"",                       GATE_ALLOW,  NULL},
    {"\"condition\":\"breaking\",\"argument\":\"warn\",\"action\":\"block\"",                           GATE_ALLOW,  NULL}, /* a new label */
    {"\"condition\":\"description\",\"action\":\"block\"",                                              GATE_ALLOW,  NULL},
    {"\"condition\":\"owner\",\"action\":\"block\"",                                                    GATE_ALLOW,  NULL},
    {"\"condition\":\"review\",\"action\":\"block\"",                                                   GATE_BLOCK,  "review-missing"},
    {"\"condition\":\"review\",\"action\":\"block\",\"team\":\"zoo\"",                                  GATE_BLOCK,  "review-missing"},
    {"\"condition\":\"review\",\"action\":\"block\",\"team\":\"shop\"",                                 GATE_ALLOW,  NULL},
    {"\"condition\":\"review\",\"action\":\"block\",\"tag\":\"animals\"",                               GATE_BLOCK,  "review-missing"},
    {"\"condition\":\"review\",\"action\":\"block\",\"tag\":\"plants\"",                                GATE_ALLOW,  NULL},
    {"\"condition\":\"review\",\"action\":\"block\",\"team\":\"zoo\",\"tag\":\"plants\"",               GATE_ALLOW,  NULL},
  /* clang-format on */
};

static void draft(struct world *w, const char *text)
{
    struct version version = {0};
    MUST(w, version_create, MARK, "{\"label\":\"v2\"}", &version, "pets", NULL);
    world_upload(w, MARK, "pets", "v2", text, NULL);
}

static struct verdict verdict_on(struct world *w, const char *label)
{
    const struct str args[] = {STR("pets"), str_from(label)};
    struct verdict verdict = {0};
    CHECK_OK(catalog_verdict(w->view, &w->who[OLGA], args, &w->mem, &verdict, &w->err), &w->err);
    return verdict;
}

static const struct verdict_item *item_of(const struct verdict *verdict, const char *code)
{
    for (size_t i = 0; i < verdict->count; i++)
        if (str_eq(verdict->items[i].code, str_from(code)))
            return &verdict->items[i];
    return NULL;
}

static void drop_rules(struct world *w)
{
    struct catalog_list list = {0};
    const struct catalog_query all = {.limit = 500};
    CHECK_OK(catalog_gate_rules(w->view, &w->who[ADA], &all, &w->mem, &list, &w->err), &w->err);
    for (size_t i = 0; i < list.count; i++)
        MUST(w, gate_rule_delete, OSCAR, NULL, NULL,
             id_format(&w->mem, ((const struct gate_rule *)list.rows)[i].id).ptr, NULL);
}

static void add_rule(struct world *w, int position, const char *rest)
{
    struct gate_rule row = {0};
    MUST(w, gate_rule_create, OSCAR,
         arena_printf(&w->mem, "{\"position\":%d,%s}", position, rest).ptr, &row, NULL, NULL);
}

TEST(test_each_condition_decides_on_what_it_is_about)
{
    struct world w;
    world_begin_full(&w);
    draft(&w, flawed);
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        drop_rules(&w);
        add_rule(&w, 1, table[i].rule);
        struct verdict verdict = verdict_on(&w, "v2");
        bool ok = table[i].code == NULL
                      ? verdict.count == 0
                      : item_of(&verdict, table[i].code) != NULL &&
                            (int)item_of(&verdict, table[i].code)->action == table[i].action;
        if (!ok)
            printf("\n%s: %zu items\n", table[i].rule, verdict.count);
        CHECK(ok);
        CHECK(verdict.blocked == (table[i].action == GATE_BLOCK));
        for (size_t k = 0; k < verdict.count; k++)
            CHECK(verdict.items[k].remedy.len > 0 && verdict.items[k].detail.len > 0);
    }
    world_end(&w);
}

TEST(test_severities_reach_as_far_as_the_argument)
{
    struct world w;
    world_begin_full(&w);
    draft(&w, flawed);
    drop_rules(&w);
    add_rule(&w, 1, "\"condition\":\"validation\",\"argument\":\"warn\",\"action\":\"block\"");
    struct verdict verdict = verdict_on(&w, "v2");
    CHECK(item_of(&verdict, "path-parameter-missing") != NULL); /* an error */
    CHECK(item_of(&verdict, "outside-reference") == NULL);      /* a remark */
    CHECK(item_of(&verdict, "operation-operationId") == NULL);  /* of a ruleset */
    world_end(&w);
}

TEST(test_the_first_rule_that_matches_decides_on_each_thing)
{
    struct world w;
    world_begin_full(&w);
    draft(&w, flawed);
    drop_rules(&w);
    add_rule(&w, 1,
             "\"condition\":\"rule\",\"argument\":\"outside-reference\",\"action\":\"notify\"");
    add_rule(&w, 2, "\"condition\":\"validation\",\"argument\":\"hint\",\"action\":\"block\"");
    add_rule(&w, 3, "\"condition\":\"review\",\"action\":\"allow\",\"tag\":\"animals\"");
    add_rule(&w, 4, "\"condition\":\"review\",\"action\":\"block\"");
    struct verdict verdict = verdict_on(&w, "v2");
    CHECK_I64(item_of(&verdict, "outside-reference")->action, GATE_NOTIFY);
    CHECK_I64(item_of(&verdict, "path-parameter-missing")->action, GATE_BLOCK);
    CHECK(item_of(&verdict, "review-missing") == NULL);
    CHECK_I64(verdict.items[0].action, GATE_BLOCK); /* what blocks goes first */
    CHECK_I64(verdict.blocks + verdict.notices + verdict.allowed, verdict.count);
    world_end(&w);
}

TEST(test_what_is_missing_about_the_api_is_told)
{
    struct world w;
    struct api api = {0};
    world_begin_full(&w);
    const struct str args[] = {STR("pets")};
    CHECK_OK(catalog_api(w.view, &w.who[OLGA], args, &w.mem, &api, &w.err), &w.err);
    CHECK_I64(world_change(&w, api_patch, OLGA, "{\"summary\":null}", api.etag, &api, "pets", NULL),
              ERR_NONE);
    draft(&w, world_document);
    struct verdict verdict = verdict_on(&w, "v2");
    CHECK_I64(item_of(&verdict, "description-missing")->action, GATE_NOTIFY);
    CHECK(item_of(&verdict, "owner-missing") == NULL);
    scratch_sql(w.scratch.path, "UPDATE member SET role = 'member' WHERE role = 'owner'");
    verdict = verdict_on(&w, "v2");
    CHECK(item_of(&verdict, "owner-missing") != NULL);
    world_end(&w);
}

TEST(test_a_waiver_ends_with_the_clock)
{
    struct world w;
    struct waiver waiver = {0};
    struct version version = {0};
    world_begin_full(&w);
    draft(&w, flawed);
    CHECK(verdict_on(&w, "v2").blocked);
    MUST(&w, waiver_create, OSCAR,
         arena_printf(
             &w.mem,
             "{\"code\":\"path-parameter-missing\",\"reason\":\"r\",\"not_after\":\"" STR_FMT "\"}",
             STR_ARG(time_format(&w.mem, w.now_ms + 1000)))
             .ptr,
         &waiver, "pets", NULL);
    w.now_ms += 999;
    CHECK(!verdict_on(&w, "v2").blocked);
    w.now_ms += 1;
    struct verdict verdict = verdict_on(&w, "v2");
    CHECK(verdict.blocked);
    CHECK_I64(item_of(&verdict, "path-parameter-missing")->waiver, 0);
    CHECK_I64(DO(&w, version_stage, OLGA, "{\"stage\":\"published\"}", &version, "pets", "v2"),
              ERR_CONFLICT);
    CHECK_STR(str_from(w.err.where), STR("/stage"));
    CHECK(str_find(str_from(w.err.hint), STR("waiver")) != SIZE_MAX);
    world_end(&w);
}

/* --- nothing passes by what held yesterday ---------------------------------------------------- */

static const char strict[] =
    "{\"text\":\"rules: {no-get: {given: '$.paths[*].get', severity: error, "
    "then: {function: falsy}}}\"}";

TEST(test_rulesets_that_changed_since_the_upload_are_asked_before_publishing)
{
    struct world w;
    struct ruleset ruleset = {0};
    struct ruleset_revision text = {0};
    struct version version = {0};
    struct verdict verdict = {0};
    world_begin_full(&w);
    draft(&w, world_document);
    add_rule(&w, 1, "\"condition\":\"finding\",\"argument\":\"error\",\"action\":\"block\"");
    CHECK(!verdict_on(&w, "v2").blocked);
    MUST(&w, ruleset_create, OSCAR, "{\"slug\":\"house\",\"name\":\"House\",\"everywhere\":true}",
         &ruleset, NULL, NULL);
    MUST(&w, ruleset_put_text, OSCAR, strict, &text, "house", NULL);
    CHECK(!verdict_on(&w, "v2").blocked); /* not in force yet */
    CHECK_I64(world_change(&w, ruleset_patch, OSCAR, "{\"number\":1}", ruleset.etag, &ruleset,
                           "house", NULL),
              ERR_NONE);
    CHECK(verdict_on(&w, "v2").blocked);
    struct json *body = NULL;
    CHECK_OK(json_parse(STR("{\"stage\":\"published\"}"), &w.mem, &body, &w.err), &w.err);
    const struct change move = {
        .by = &w.who[OLGA],
        .args = {STR("pets"), STR("v2")},
        .body = body,
        .if_match = IF_MATCH_NONE,
        .verdict = &verdict
    };
    CHECK(!catalog_change(w.catalog, version_stage, &move, &w.mem, &version, &w.err));
    CHECK_I64(w.err.code, ERR_CONFLICT);
    CHECK(item_of(&verdict, "no-get") != NULL);
    world_end(&w);
}

/* Judged against a document that another upload has replaced meanwhile. */
TEST(test_a_comparison_with_what_is_no_longer_in_force_does_not_count)
{
    static const char smaller[] =
        "{\"openapi\":\"3.1.0\",\"info\":{\"title\":\"P\",\"version\":\"1\"},\"paths\":{\"/pets\":{"
        "\"get\":{\"operationId\":\"listPets\",\"tags\":[\"animals\"]}}}}";
    struct world w;
    struct import import = {0};
    struct assessment_made made = {0};
    struct revision first = {0}, second = {0};
    struct version version = {0};
    struct verdict verdict = {0};
    const struct str args[] = {STR("pets"), STR("v1")};
    world_begin_full(&w);
    CHECK_OK(import_read(str_from(world_document), STR("a.json"), NULL, &w.mem, &import, &w.err),
             &w.err);
    CHECK_OK(import_assess(w.view, &w.who[MARK], args, &import, &w.mem, &made, &w.err), &w.err);
    world_upload(&w, MARK, "pets", "v1", smaller, &first);
    MUST(&w, version_stage, MARK, "{\"stage\":\"published\",\"override\":\"agreed\"}", &version,
         "pets", "v1");
    CHECK_STR(version.revision, first.sha256);
    /* the document of the start, once more: it only adds to what is in force now */
    const struct change upload = {
        .by = &w.who[MARK],
        .args = {args[0], args[1]},
        .if_match = IF_MATCH_NONE,
        .import = &import,
        .assessed = &made,
        .verdict = &verdict
    };
    CHECK_OK(catalog_change(w.catalog, revision_add, &upload, &w.mem, &second, &w.err), &w.err);
    CHECK(!verdict.blocked);
    struct assessment row = {0};
    CHECK_OK(catalog_assessment(w.view, &w.who[MARK], args, &w.mem, &row, &w.err), &w.err);
    CHECK_STR(row.revision, second.sha256);
    CHECK_STR(row.base, first.sha256);
    CHECK(row.change_count > 0 && row.breaking_count == 0);
    world_end(&w);
}

TEST(test_a_ruleset_cannot_reach_outside)
{
    static const char *const texts[] = {"extends: /etc/passwd", "extends: ruleset.yaml.bak",
                                        "extends: https://example.com/x.yaml",
                                        "extends: spectral:x", "extends: x.js"};
    struct world w;
    struct ruleset ruleset = {0};
    struct ruleset_revision row = {0};
    world_begin(&w);
    MUST(&w, ruleset_create, OSCAR, "{\"slug\":\"house\",\"name\":\"House\"}", &ruleset, NULL,
         NULL);
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        CHECK_I64(DO(&w, ruleset_put_text, OSCAR,
                     arena_printf(&w.mem, "{\"text\":\"%s\"}", texts[i]).ptr, &row, "house", NULL),
                  ERR_INVALID);
        CHECK_STR(str_from(w.err.where), STR("/text"));
    }
    world_end(&w);
}

/* --- who sees it ------------------------------------------------------------------------------ */

/* API pets is internal; v1 has a candidate, which mark has uploaded and asked a review for.
 * Columns: ANON EVE(signed in) MIA(member) MARK(maintainer) OLGA(owner) DAVE(other team) OSCAR ADA.
 */
static const struct {
    const char *name;
    catalog_list_fn *list;
    struct catalog_query query;
    const char *seen;
} lists[] = {
  /* clang-format off */
    {"assessments", catalog_assessments,       {.api = {"pets", 4}},                                          "01222122"},
    {"findings",    catalog_findings,          {.api = {"pets", 4}, .version = {"v1", 2}, .code = {"info-contact", 12}}, "01111111"},
    {"waivers",     catalog_waivers,           {.api = {"pets", 4}},                                          "00111011"},
    {"reviews",     catalog_reviews,           {.api = {"pets", 4}},                                          "00111011"},
    {"awaiting",    catalog_reviews,           {.awaiting = true},                                            "00001011"},
    {"rulesets",    catalog_rulesets,          {.limit = 1},                                                  "01111111"},
    {"texts",       catalog_ruleset_revisions, {.ruleset = {"house", 5}},                                     "01111111"},
    {"gate rules",  catalog_gate_rules,        {.limit = 500},                                                "05555555"},
  /* clang-format on */
};

TEST(test_what_governs_a_document_is_seen_by_those_whom_it_concerns)
{
    static const char smaller[] =
        "{\"openapi\":\"3.1.0\",\"info\":{\"title\":\"P\",\"version\":\"1\"},\"paths\":{}}";
    struct world w;
    struct review review = {0};
    struct waiver waiver = {0};
    struct ruleset ruleset = {0};
    struct ruleset_revision text = {0};
    world_begin_full(&w);
    world_upload(&w, MARK, "pets", "v1", smaller, NULL);
    MUST(&w, review_create, MARK, NULL, &review, "pets", "v1");
    MUST(&w, waiver_create, OSCAR,
         "{\"code\":\"a\",\"reason\":\"r\",\"not_after\":\"2026-12-01T00:00:00Z\"}", &waiver,
         "pets", NULL);
    MUST(&w, ruleset_create, OSCAR, "{\"slug\":\"house\",\"name\":\"House\"}", &ruleset, NULL,
         NULL);
    MUST(&w, ruleset_put_text, OSCAR, strict, &text, "house", NULL);
    for (size_t i = 0; i < COUNT_OF(lists); i++)
        for (int who = 0; who < WHO_COUNT; who++) {
            struct catalog_list list = {0};
            CHECK_OK(lists[i].list(w.view, &w.who[who], &lists[i].query, &w.mem, &list, &w.err),
                     &w.err);
            if (list.total != lists[i].seen[who] - '0')
                printf("\n%s: " STR_FMT "\n", lists[i].name, STR_ARG(w.who[who].name));
            CHECK_I64(list.total, lists[i].seen[who] - '0');
        }
    const struct str args[] = {id_format(&w.mem, review.id)};
    CHECK(!catalog_review(w.view, &w.who[DAVE], args, &w.mem, &review, &w.err));
    CHECK_I64(w.err.code, ERR_NOT_FOUND);
    world_end(&w);
}

TEST(test_reviews_are_decided_by_a_second_person)
{
    struct world w;
    struct review review = {0};
    world_begin_full(&w);
    draft(&w, world_document); /* by mark */
    MUST(&w, review_create, OLGA, "{\"note\":\"n\"}", &review, "pets", "v2");
    const char *id = id_format(&w.mem, review.id).ptr;
    static const struct {
        enum who who;
        enum err_code code;
    } tries[] = {
        {ANON,  ERR_NOT_FOUND},
        {DAVE,  ERR_NOT_FOUND},
        {MIA,   ERR_DENIED   }, /* a member, no maintainer */
        {MARK,  ERR_DENIED   }, /* uploaded it */
        {OLGA,  ERR_DENIED   }, /* asked */
        {OSCAR, ERR_NONE     },
        {ADA,   ERR_CONFLICT }, /* decided already */
    };
    for (size_t i = 0; i < COUNT_OF(tries); i++)
        CHECK_I64(DO(&w, review_approve, tries[i].who, NULL, &review, id, NULL), tries[i].code);
    CHECK_STR(review.decided_by, STR("oscar"));
    world_end(&w);
}
