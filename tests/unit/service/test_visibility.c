/* service: who sees what, in single rows, lists, totals and search alike. */
#include "tests/unit/service/world.h"
#include "tests/unit/test.h"

static const struct {
    const char *slug, *visibility, *stage;
    const char *seen; /* ANON EVE MIA MARK OLGA DAVE OSCAR ADA */
} apis[] = {
    {"pub",        "public",   "published",  "xxxxxxxx"},
    {"pub-old",    "public",   "deprecated", "xxxxxxxx"},
    {"pub-draft",  "public",   "draft",      "..xxx.xx"},
    {"int",        "internal", "published",  ".xxxxxxx"},
    {"int-draft",  "internal", "draft",      "..xxx.xx"},
    {"priv",       "private",  "published",  "..xxx.xx"},
    {"priv-shop",  "private",  "published",  "..xxxxxx"},
    {"shop-draft", "private",  "draft",      "..xxx.xx"},
};

static void make_apis(struct world *w)
{
    for (size_t i = 0; i < COUNT_OF(apis); i++) {
        struct api api = {0};
        struct version version = {0};
        bool shop = strstr(apis[i].slug, "shop") != NULL;
        MUST(w, api_create, OLGA,
             arena_printf(
                 &w->mem,
                 "{\"slug\":\"%s\",\"name\":\"N\",\"team\":\"zoo\",\"visibility\":\"%s\","
                 "\"tags\":[\"t-%s\"],\"summary\":\"word%zu common\",\"allowed_teams\":[%s]}",
                 apis[i].slug, apis[i].visibility, apis[i].slug, i, shop ? "\"shop\"" : "")
                 .ptr,
             &api, NULL, NULL);
        MUST(w, version_create, OLGA, "{\"label\":\"v1\"}", &version, apis[i].slug, NULL);
        world_upload(w, OLGA, apis[i].slug, "v1", world_document, NULL);
        static const char *const moves[] = {"published", "deprecated"};
        for (size_t k = 0; k < COUNT_OF(moves) && strcmp(apis[i].stage, "draft") != 0; k++) {
            MUST(w, version_stage, OLGA,
                 arena_printf(&w->mem, "{\"stage\":\"%s\",\"sunset_at\":\"2099-01-01T00:00:00Z\"}",
                              moves[k])
                     .ptr,
                 &version, apis[i].slug, "v1");
            if (strcmp(moves[k], apis[i].stage) == 0)
                break;
        }
    }
}

static int64_t listed(struct world *w, enum who who, const struct catalog_query *query)
{
    struct catalog_list list = {0};
    CHECK_OK(catalog_apis(w->view, &w->who[who], query, &w->mem, &list, &w->err), &w->err);
    CHECK_I64(list.total, list.count);
    return list.total;
}

static void check_one(struct world *w, size_t i, enum who who)
{
    bool seen = apis[i].seen[who] == 'x';
    const struct str args[] = {str_from(apis[i].slug), STR("v1")};
    const struct principal *by = &w->who[who];
    struct api api = {0};
    struct version version = {0};
    struct revision revision = {0};
    struct catalog_file file = {0};
    struct catalog_list list = {0};
    struct err err = {0};
    enum err_code want = seen ? ERR_NONE : ERR_NOT_FOUND;
    CHECK_I64(catalog_api(w->view, by, args, &w->mem, &api, &err), seen);
    CHECK_I64(err.code, want);
    CHECK_I64(catalog_version(w->view, by, args, &w->mem, &version, &err), seen);
    CHECK_I64(catalog_revision(w->view, by, args, &w->mem, &revision, &err), seen);
    CHECK_I64(catalog_document(w->view, by, args, STR_NONE, &w->mem, &file, &err), seen);
    CHECK_I64(err.code, want);
    CLEANUP(buf_clear) struct buf one_file = {0};
    CHECK_I64(catalog_document_bundled(w->view, by, args, &w->mem, &file.file, &one_file, &err),
              seen);
    CHECK_I64(err.code, want);
    const struct catalog_query of = {.api = args[0], .version = args[1]};
    CHECK_OK(catalog_versions(w->view, by, &of, &w->mem, &list, &err), &err);
    CHECK_I64(list.total, seen);
    CHECK_OK(catalog_revisions(w->view, by, &of, &w->mem, &list, &err), &err);
    CHECK_I64(list.total, seen);
    CHECK_OK(catalog_operations(w->view, by, &of, &w->mem, &list, &err), &err);
    CHECK_I64(list.total, seen ? 3 : 0);
    const struct catalog_query word = {.q = arena_printf(&w->mem, "word%zu", i)};
    CHECK_I64(listed(w, who, &word), seen);
    const struct catalog_query tag = {.tag = arena_printf(&w->mem, "t-%s", apis[i].slug)};
    CHECK_I64(listed(w, who, &tag), seen);
}

TEST(test_an_api_is_seen_by_the_right_people_everywhere)
{
    struct world w;
    world_begin(&w);
    make_apis(&w);
    for (int who = 0; who < WHO_COUNT; who++) {
        const struct tag_count *tags = NULL;
        size_t tag_count = 0, sum = 0;
        const struct catalog_query all = {0}, words = {.q = STR("comm")};
        for (size_t i = 0; i < COUNT_OF(apis); i++) {
            check_one(&w, i, (enum who)who);
            sum += apis[i].seen[who] == 'x';
        }
        CHECK_I64(listed(&w, (enum who)who, &all), sum);
        CHECK_I64(listed(&w, (enum who)who, &words), sum);
        CHECK_OK(catalog_tags(w.view, &w.who[who], &w.mem, &tags, &tag_count, &w.err), &w.err);
        CHECK_I64(tag_count, sum);
    }
    world_end(&w);
}

/* A draft beside a published version shows neither itself nor its words or numbers. */
TEST(test_a_draft_gives_nothing_away)
{
    struct world w;
    struct version version = {0};
    world_begin_full(&w);
    MUST(&w, version_create, MARK, "{\"label\":\"v2\"}", &version, "pets", NULL);
    world_upload(&w, MARK, "pets", "v2",
                 "{\"openapi\":\"3.0.0\",\"info\":{\"title\":\"Secret\",\"version\":\"2\"},"
                 "\"paths\":{\"/zebras\":{\"get\":{\"summary\":\"hushhush\"}}}}",
                 NULL);
    const struct str args[] = {STR("pets"), STR("v2")};
    const struct catalog_query of = {.api = STR("pets")}, word = {.q = STR("hushhush")},
                               stage = {.stage = STR("draft")};
    for (int who = EVE; who < WHO_COUNT; who++) {
        bool sees = who != EVE && who != DAVE;
        struct api api = {0};
        struct catalog_list list = {0};
        struct err err = {0};
        CHECK_I64(catalog_version(w.view, &w.who[who], args, &w.mem, &version, &err), sees);
        CHECK_OK(catalog_versions(w.view, &w.who[who], &of, &w.mem, &list, &err), &err);
        CHECK_I64(list.total, sees ? 2 : 1);
        CHECK_I64(listed(&w, (enum who)who, &word), 0);
        CHECK_I64(listed(&w, (enum who)who, &stage), sees);
        CHECK_OK(catalog_api(w.view, &w.who[who], args, &w.mem, &api, &err), &err);
        CHECK_I64(api.version_count, 1);
        CHECK_I64(api.operation_count, 3);
        CHECK_I64(api.stage, STAGE_PUBLISHED);
    }
    world_end(&w);
}

TEST(test_search_finds_words_by_their_beginnings)
{
    struct world w;
    static const struct {
        const char *q;
        bool found;
    } cases[] = {
        {"pets",            true },
        {"pe",              true },
        {"PETS furry",      true },
        {"furry zebra",     false},
        {"quadru",          true },
        {"listPets",        true },
        {"anim",            true },
        {"\"",              true },
        {"pets OR zebra",   false},
        {"pets* NEAR(",     false},
        {"-pets",           true },
        {"summary:pets",    false},
        {"') OR 1=1 --",    false},
        {"nothing of this", false},
    };
    world_begin_full(&w);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const struct catalog_query query = {.q = str_from(cases[i].q)};
        int64_t got = listed(&w, EVE, &query);
        if (got != cases[i].found)
            printf("\n%s\n", cases[i].q);
        CHECK_I64(got, cases[i].found);
    }
    char *lengthy = arena_alloc(&w.mem, 20001);
    memset(lengthy, 'x', 20000);
    const struct catalog_query query = {
        .q = {lengthy, 20000}
    };
    CHECK_I64(listed(&w, ADA, &query), 0);
    world_end(&w);
}

TEST(test_plans_name_only_apis_that_are_seen)
{
    struct world w;
    struct plan plan = {0};
    struct catalog_list list = {0};
    const struct catalog_query all = {0}, hidden = {.api = STR("priv")};
    world_begin(&w);
    make_apis(&w);
    MUST(&w, plan_create, OSCAR, "{\"slug\":\"mixed\",\"name\":\"M\",\"apis\":[\"priv\",\"pub\"]}",
         &plan, NULL, NULL);
    MUST(&w, plan_create, OSCAR, "{\"slug\":\"secret\",\"name\":\"S\",\"apis\":[\"priv\"]}", &plan,
         NULL, NULL);
    const struct str mixed = STR("mixed"), secret = STR("secret");
    CHECK_OK(catalog_plans(w.view, &w.who[EVE], &all, &w.mem, &list, &w.err), &w.err);
    CHECK_I64(list.total, 1);
    CHECK_STR(((const struct plan *)list.rows)[0].apis, STR("[\"pub\"]"));
    CHECK_OK(catalog_plan(w.view, &w.who[EVE], &mixed, &w.mem, &plan, &w.err), &w.err);
    CHECK_STR(plan.apis, STR("[\"pub\"]"));
    CHECK(!catalog_plan(w.view, &w.who[EVE], &secret, &w.mem, &plan, &w.err));
    CHECK_OK(catalog_plans(w.view, &w.who[EVE], &hidden, &w.mem, &list, &w.err), &w.err);
    CHECK_I64(list.total, 0);
    CHECK_OK(catalog_plan(w.view, &w.who[MIA], &secret, &w.mem, &plan, &w.err), &w.err);
    CHECK_STR(plan.apis, STR("[\"priv\"]"));
    CHECK_OK(catalog_plans(w.view, &w.who[OSCAR], &all, &w.mem, &list, &w.err), &w.err);
    CHECK_I64(list.total, 2);
    world_end(&w);
}

/* Rows of each kind that a full world with one request has, as each sees them. */
TEST(test_lists_show_each_what_is_theirs)
{
    struct world w;
    static const struct {
        catalog_list_fn *list;
        const char *name, *rows; /* ANON EVE MIA MARK OLGA DAVE OSCAR ADA */
    } cases[] = {
        {catalog_users,         "users",         "01111177"},
        {catalog_teams,         "teams",         "02222222"},
        {catalog_apps,          "apps",          "00000111"},
        {catalog_keys,          "keys",          "00000111"},
        {catalog_subscriptions, "subscriptions", "00111111"},
        {catalog_plans,         "plans",         "01111111"},
        {catalog_groups,        "groups",        "01111111"},
        {catalog_gateways,      "gateways",      "00000011"},
        {catalog_deployments,   "deployments",   "01111111"},
    };
    struct new_key key = {0};
    world_begin_full(&w);
    world_ask(&w);
    MUST(&w, key_create, DAVE, NULL, &key, "store", NULL);
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        for (int who = 0; who < WHO_COUNT; who++) {
            const struct catalog_query query = {.app = cases[i].list == catalog_keys ? STR("store")
                                                                                     : STR_NONE};
            struct catalog_list list = {0};
            CHECK_OK(cases[i].list(w.view, &w.who[who], &query, &w.mem, &list, &w.err), &w.err);
            if (list.total != cases[i].rows[who] - '0')
                printf("\n%s by %d\n", cases[i].name, who);
            CHECK_I64(list.total, cases[i].rows[who] - '0');
        }
    world_end(&w);
}

TEST(test_upstreams_are_for_those_who_deploy)
{
    struct world w;
    world_begin_full(&w);
    for (int who = EVE; who < WHO_COUNT; who++) {
        const struct catalog_query all = {0};
        struct catalog_list list = {0};
        struct deployment one = {0};
        CHECK_OK(catalog_deployments(w.view, &w.who[who], &all, &w.mem, &list, &w.err), &w.err);
        const struct deployment *row = list.rows;
        struct str id = id_format(&w.mem, row->id);
        CHECK_OK(catalog_deployment(w.view, &w.who[who], &id, &w.mem, &one, &w.err), &w.err);
        bool shown = who == MARK || who == OLGA || who == OSCAR || who == ADA;
        CHECK_I64(row->upstream.ptr != NULL, shown);
        CHECK_I64(one.upstream.ptr != NULL, shown);
    }
    world_end(&w);
}

TEST(test_events_are_seen_by_the_teams_they_concern)
{
    struct world w;
    struct str id;
    world_begin_full(&w);
    id = world_ask(&w);
    const struct catalog_query of = {.subject = id}, all = {0};
    static const char seen[] = "..xxxxxx"; /* dave's team asked */
    for (int who = 0; who < WHO_COUNT; who++) {
        struct catalog_list list = {0};
        CHECK_OK(catalog_events(w.view, &w.who[who], &of, &w.mem, &list, &w.err), &w.err);
        CHECK_I64(list.total, seen[who] == 'x');
    }
    struct catalog_list eve = {0}, ada = {0};
    CHECK_OK(catalog_events(w.view, &w.who[EVE], &all, &w.mem, &eve, &w.err), &w.err);
    CHECK_I64(eve.total, 0);
    CHECK_OK(catalog_events(w.view, &w.who[ADA], &all, &w.mem, &ada, &w.err), &w.err);
    CHECK_I64(ada.total, scratch_number(w.scratch.path, "SELECT count(*) FROM event"));
    world_end(&w);
}
