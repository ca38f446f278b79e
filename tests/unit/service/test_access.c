/* service: requests and their decisions, keys, plans. */
#include <pthread.h>

#include "tests/unit/service/world.h"
#include "tests/unit/test.h"

#define HOUR_MS INT64_C(3600000)

static enum err_code decide_by(struct world *w, change_fn *fn, enum who by, struct str id,
                               const char *body, struct subscription *out)
{
    return DO(w, fn, by, body, out, id.ptr, NULL);
}

/* Letters are the steps in order: a approve, r reject, w withdraw, s suspend, e resume, v revoke.
 * The last one ends as told. */
TEST(test_requests_move_only_as_the_table_says)
{
    static const struct {
        const char *steps;
        enum err_code last;
        enum sub_state state;
    } cases[] = {
        {"a",   ERR_NONE,     SUB_APPROVED },
        {"r",   ERR_NONE,     SUB_REJECTED },
        {"w",   ERR_NONE,     SUB_WITHDRAWN},
        {"s",   ERR_CONFLICT, SUB_REQUESTED},
        {"e",   ERR_CONFLICT, SUB_REQUESTED},
        {"v",   ERR_CONFLICT, SUB_REQUESTED},
        {"aa",  ERR_CONFLICT, SUB_APPROVED },
        {"ar",  ERR_CONFLICT, SUB_APPROVED },
        {"aw",  ERR_CONFLICT, SUB_APPROVED },
        {"ae",  ERR_CONFLICT, SUB_APPROVED },
        {"as",  ERR_NONE,     SUB_SUSPENDED},
        {"ase", ERR_NONE,     SUB_APPROVED },
        {"asa", ERR_CONFLICT, SUB_SUSPENDED},
        {"asv", ERR_NONE,     SUB_REVOKED  },
        {"av",  ERR_NONE,     SUB_REVOKED  },
        {"ava", ERR_CONFLICT, SUB_REVOKED  },
        {"ra",  ERR_CONFLICT, SUB_REJECTED },
        {"wa",  ERR_CONFLICT, SUB_WITHDRAWN},
    };
    struct world w;
    world_begin_full(&w);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct str id = world_ask(&w);
        struct subscription row = {0};
        enum err_code code = ERR_NONE;
        for (const char *step = cases[i].steps; *step != '\0'; step++) {
            change_fn *fn = *step == 'a'   ? subscription_approve
                            : *step == 'r' ? subscription_reject
                            : *step == 'w' ? subscription_withdraw
                            : *step == 's' ? subscription_suspend
                            : *step == 'e' ? subscription_resume
                                           : subscription_revoke;
            code =
                decide_by(&w, fn, *step == 'w' ? DAVE : OLGA, id, "{\"reason\":\"because\"}", &row);
        }
        CHECK_I64(code, cases[i].last);
        CHECK_OK(catalog_subscription(w.view, &w.who[DAVE], &id, &w.mem, &row, &w.err), &w.err);
        CHECK_I64(row.state, cases[i].state);
        if (row.state == SUB_REQUESTED || row.state == SUB_APPROVED || row.state == SUB_SUSPENDED)
            MUST(&w, row.state == SUB_REQUESTED ? subscription_withdraw : subscription_revoke,
                 row.state == SUB_REQUESTED ? DAVE : OLGA, NULL, &row, id.ptr, NULL);
    }
    world_end(&w);
}

TEST(test_nobody_but_an_administrator_approves_their_own_request)
{
    static const struct {
        enum who who;
        enum err_code code;
    } cases[] = {
        {OLGA,  ERR_DENIED},
        {MARK,  ERR_DENIED},
        {OSCAR, ERR_DENIED},
        {ADA,   ERR_NONE  }
    };
    struct world w;
    struct app app = {0};
    world_begin_full(&w);
    MUST(&w, app_create, OLGA, "{\"slug\":\"inner\",\"name\":\"I\",\"team\":\"zoo\"}", &app, NULL,
         NULL);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct subscription row = {0};
        MUST(&w, subscription_create, cases[i].who,
             "{\"app\":\"inner\",\"api\":\"pets\",\"plan\":\"gold\"}", &row, NULL, NULL);
        struct str id = id_format(&w.mem, row.id);
        CHECK_I64(decide_by(&w, subscription_approve, cases[i].who, id, NULL, &row), cases[i].code);
        if (cases[i].code == ERR_DENIED) /* another one may */
            MUST(&w, subscription_approve, cases[i].who == OLGA ? MARK : OLGA, NULL, &row, id.ptr,
                 NULL);
        MUST(&w, subscription_revoke, OLGA, NULL, &row, id.ptr, NULL);
    }
    world_end(&w);
}

/* By table of people: who may approve what dave asked for pets of team zoo. */
TEST(test_requests_are_decided_by_keepers_of_the_api)
{
    static const struct {
        enum who who;
        enum err_code approve, withdraw;
    } cases[] = {
        {ANON,  ERR_NOT_FOUND, ERR_NOT_FOUND},
        {EVE,   ERR_NOT_FOUND, ERR_NOT_FOUND},
        {MIA,   ERR_DENIED,    ERR_DENIED   },
        {DAVE,  ERR_DENIED,    ERR_NONE     },
        {MARK,  ERR_NONE,      ERR_DENIED   },
        {OLGA,  ERR_NONE,      ERR_DENIED   },
        {OSCAR, ERR_NONE,      ERR_NONE     },
        {ADA,   ERR_NONE,      ERR_NONE     },
    };
    struct world w;
    world_begin_full(&w);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct subscription row = {0};
        struct str id = world_ask(&w);
        CHECK_I64(decide_by(&w, subscription_withdraw, cases[i].who, id, NULL, &row),
                  cases[i].withdraw);
        if (cases[i].withdraw == ERR_NONE)
            id = world_ask(&w);
        CHECK_I64(decide_by(&w, subscription_approve, cases[i].who, id, NULL, &row),
                  cases[i].approve);
        if (cases[i].approve != ERR_NONE)
            MUST(&w, subscription_approve, OLGA, NULL, &row, id.ptr, NULL);
        MUST(&w, subscription_revoke, OLGA, NULL, &row, id.ptr, NULL);
    }
    world_end(&w);
}

struct racer {
    struct world *w;
    enum who who;
    struct str id;
    pthread_t thread;
    pthread_barrier_t *start;
    struct arena mem;
    struct err err;
    bool won;
};

static void *race(void *context)
{
    struct racer *r = context;
    struct subscription row = {0};
    const struct change change = {
        .by = &r->w->who[r->who], .args = {r->id}, .if_match = IF_MATCH_NONE};
    pthread_barrier_wait(r->start);
    r->won = catalog_change(r->w->catalog, subscription_approve, &change, &r->mem, &row, &r->err);
    return NULL;
}

TEST(test_of_racing_approvers_one_wins_and_the_others_learn_who)
{
    static const enum who people[] = {MARK, OLGA, OSCAR, ADA};
    struct world w;
    world_begin_full(&w);
    for (int round = 0; round < 10; round++) {
        struct racer racers[COUNT_OF(people)] = {0};
        pthread_barrier_t start;
        struct subscription row = {0};
        struct str id = world_ask(&w);
        int winners = 0;
        pthread_barrier_init(&start, NULL, COUNT_OF(people));
        for (size_t i = 0; i < COUNT_OF(people); i++) {
            racers[i] = (struct racer){.w = &w, .who = people[i], .id = id, .start = &start};
            CHECK_I64(pthread_create(&racers[i].thread, NULL, race, &racers[i]), 0);
        }
        for (size_t i = 0; i < COUNT_OF(people); i++)
            pthread_join(racers[i].thread, NULL);
        CHECK_OK(catalog_subscription(w.view, &w.who[ADA], &id, &w.mem, &row, &w.err), &w.err);
        for (size_t i = 0; i < COUNT_OF(people); i++) {
            winners += racers[i].won;
            if (racers[i].won) {
                CHECK_STR(row.decided_by, w.who[people[i]].name);
            } else {
                CHECK_I64(racers[i].err.code, ERR_CONFLICT);
                CHECK(str_find(str_from(racers[i].err.msg), row.decided_by) != SIZE_MAX);
            }
            arena_clear(&racers[i].mem);
        }
        CHECK_I64(winners, 1);
        pthread_barrier_destroy(&start);
        MUST(&w, subscription_revoke, OLGA, NULL, &row, id.ptr, NULL);
    }
    world_end(&w);
}

TEST(test_requests_that_make_no_sense_are_refused_with_their_place)
{
    static const struct {
        const char *body, *where;
        enum err_code code;
    } cases[] = {
        {"{\"app\":\"store\",\"api\":\"pets\"}",                                                          "/plan",  ERR_INVALID},
        {"{\"app\":\"nope\",\"api\":\"pets\",\"plan\":\"gold\"}",                                         "/app",   ERR_INVALID},
        {"{\"app\":\"store\",\"api\":\"nope\",\"plan\":\"gold\"}",                                        "/api",   ERR_INVALID},
        {"{\"app\":\"store\",\"api\":\"draft\",\"plan\":\"gold\"}",                                       "/api",   ERR_INVALID},
        {"{\"app\":\"store\",\"api\":\"pets\",\"plan\":\"nope\"}",                                        "/plan",  ERR_INVALID},
        {"{\"app\":\"store\",\"api\":\"pets\",\"plan\":\"other\"}",                                       "/plan",  ERR_INVALID},
        {"{\"app\":\"store\",\"api\":\"pets\",\"plan\":\"gold\",\"state\":\"approved\"}",                 "/state",
         ERR_INVALID                                                                                                           },
        {"{\"app\":\"store\",\"api\":\"pets\",\"plan\":\"gold\",\"not_after\":\"2020-01-01T00:00:00Z\"}",
         "/not_after",                                                                                              ERR_INVALID},
    };
    struct world w;
    struct api api = {0};
    struct plan plan = {0};
    struct subscription row = {0};
    world_begin_full(&w);
    MUST(&w, api_create, OLGA, "{\"slug\":\"draft\",\"name\":\"D\",\"team\":\"zoo\"}", &api, NULL,
         NULL);
    MUST(&w, plan_create, ADA, "{\"slug\":\"other\",\"name\":\"O\",\"apis\":[\"pets\"]}", &plan,
         NULL, NULL);
    CHECK_I64(world_change(&w, plan_patch, ADA, "{\"apis\":[\"draft\",\"pets\"]}", plan.etag, &plan,
                           "other", NULL),
              ERR_NONE);
    CHECK_I64(world_change(&w, plan_patch, ADA, "{\"apis\":[\"draft\"]}", plan.etag, &plan, "other",
                           NULL),
              ERR_NONE);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        CHECK_I64(DO(&w, subscription_create, DAVE, cases[i].body, &row, NULL, NULL),
                  cases[i].code);
        CHECK_STR(str_from(w.err.where), str_from(cases[i].where));
    }
    struct str id = world_ask(&w);
    CHECK_I64(DO(&w, subscription_create, DAVE,
                 "{\"app\":\"store\",\"api\":\"pets\",\"plan\":\"gold\"}", &row, NULL, NULL),
              ERR_CONFLICT);
    CHECK_I64(DO(&w, subscription_reject, OLGA, NULL, &row, id.ptr, NULL), ERR_INVALID);
    CHECK_STR(str_from(w.err.where), STR("/reason"));
    CHECK_I64(DO(&w, subscription_approve, OLGA, "{\"until\":1}", &row, id.ptr, NULL), ERR_INVALID);
    CHECK_STR(str_from(w.err.where), STR("/until"));
    CHECK_I64(DO(&w, subscription_approve, OLGA, "{\"not_after\":\"2020-01-01T00:00:00Z\"}", &row,
                 id.ptr, NULL),
              ERR_INVALID);
    CHECK_STR(str_from(w.err.where), STR("/not_after"));
    world_end(&w);
}

TEST(test_automatic_approval_needs_nobody)
{
    struct world w;
    struct api api = {0};
    struct subscription row = {0};
    world_begin_full(&w);
    const struct str pets = STR("pets");
    CHECK_OK(catalog_api(w.view, &w.who[OLGA], &pets, &w.mem, &api, &w.err), &w.err);
    CHECK_I64(world_change(&w, api_patch, OLGA, "{\"approval\":\"automatic\"}", api.etag, &api,
                           "pets", NULL),
              ERR_NONE);
    MUST(&w, subscription_create, DAVE, "{\"app\":\"store\",\"api\":\"pets\",\"plan\":\"gold\"}",
         &row, NULL, NULL);
    CHECK_I64(row.state, SUB_APPROVED);
    CHECK_STR(row.decided_by, STR("chanceryd"));
    world_end(&w);
}

/* The end of a term comes by the clock: in the row, in the filters, in moves, and one may ask
 * again. */
TEST(test_a_term_ends_by_itself)
{
    struct world w;
    struct subscription row = {0};
    struct catalog_list list = {0};
    world_begin_full(&w);
    struct str id = world_ask(&w);
    struct str until = time_format(&w.mem, w.now_ms + HOUR_MS);
    MUST(&w, subscription_approve, OLGA,
         arena_printf(&w.mem, "{\"not_after\":\"" STR_FMT "\"}", STR_ARG(until)).ptr, &row, id.ptr,
         NULL);
    const struct catalog_query approved = {.state = STR("approved")},
                               expired = {.state = STR("expired")};
    for (int late = 0; late < 2; late++) {
        CHECK_OK(catalog_subscription(w.view, &w.who[DAVE], &id, &w.mem, &row, &w.err), &w.err);
        CHECK_I64(row.state, late ? SUB_EXPIRED : SUB_APPROVED);
        CHECK_OK(catalog_subscriptions(w.view, &w.who[DAVE], &approved, &w.mem, &list, &w.err),
                 &w.err);
        CHECK_I64(list.total, !late);
        CHECK_OK(catalog_subscriptions(w.view, &w.who[DAVE], &expired, &w.mem, &list, &w.err),
                 &w.err);
        CHECK_I64(list.total, late);
        w.now_ms += HOUR_MS;
    }
    CHECK_I64(DO(&w, subscription_suspend, OLGA, NULL, &row, id.ptr, NULL), ERR_CONFLICT);
    CHECK(str_find(str_from(w.err.msg), STR("expired")) != SIZE_MAX);
    world_ask(&w);
    world_end(&w);
}

TEST(test_a_plan_keeps_the_apis_it_is_used_for)
{
    struct world w;
    struct plan plan = {0};
    struct subscription row = {0};
    world_begin_full(&w);
    const struct str gold = STR("gold");
    struct str id = world_ask(&w);
    CHECK_OK(catalog_plan(w.view, &w.who[ADA], &gold, &w.mem, &plan, &w.err), &w.err);
    CHECK_I64(world_change(&w, plan_patch, ADA, "{\"apis\":[]}", plan.etag, &plan, "gold", NULL),
              ERR_CONFLICT);
    CHECK_STR(str_from(w.err.where), STR("/apis"));
    MUST(&w, subscription_withdraw, DAVE, NULL, &row, id.ptr, NULL);
    CHECK_I64(world_change(&w, plan_patch, ADA, "{\"apis\":[]}", plan.etag, &plan, "gold", NULL),
              ERR_NONE);
    world_end(&w);
}

TEST(test_patches_need_the_state_they_change)
{
    struct world w;
    struct api api = {0}, again = {0};
    world_begin_full(&w);
    const struct str pets = STR("pets");
    CHECK_OK(catalog_api(w.view, &w.who[OLGA], &pets, &w.mem, &api, &w.err), &w.err);
    CHECK_I64(DO(&w, api_patch, OLGA, "{\"tier\":1}", &again, "pets", NULL), ERR_INVALID);
    CHECK_STR(str_from(w.err.where), STR(""));
    CHECK_I64(world_change(&w, api_patch, OLGA, "{\"tier\":1}", api.etag + 1, &again, "pets", NULL),
              ERR_STALE);
    CHECK_I64(world_change(&w, api_patch, OLGA, "{\"tier\":1}", api.etag, &again, "pets", NULL),
              ERR_NONE);
    CHECK_I64(again.etag, api.etag + 1);
    CHECK_I64(world_change(&w, api_patch, MARK, "{\"tier\":2}", api.etag, &again, "pets", NULL),
              ERR_STALE);
    world_end(&w);
}

TEST(test_keys_are_shown_once_and_end_for_good)
{
    struct world w;
    struct new_key made = {0}, other = {0};
    struct key key = {0};
    world_begin_full(&w);
    MUST(&w, key_create, DAVE, "{\"name\":\"laptop\"}", &made, "store", NULL);
    MUST(&w, key_create, DAVE, NULL, &other, "store", NULL);
    CHECK_I64(made.secret.len, KEY_TEXT_LEN);
    CHECK(!str_eq(made.secret, other.secret));
    CHECK(str_ends(made.secret, made.key.hint));
    struct str id = id_format(&w.mem, made.key.id);
    MUST(&w, key_revoke, DAVE, NULL, &key, "store", id.ptr);
    CHECK(key.revoked_at != 0);
    CHECK_I64(DO(&w, key_revoke, DAVE, NULL, &key, "store", id.ptr), ERR_CONFLICT);
    world_end(&w);
}
