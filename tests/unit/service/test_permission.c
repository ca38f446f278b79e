/* service: who may do what, by the table and by the use cases themselves. */
#include "tests/unit/service/world.h"
#include "tests/unit/test.h"

/* Columns: ANON EVE(signed in) MIA(member) MARK(maintainer) OLGA(owner) DAVE(other team)
 * OSCAR(operator) ADA(admin). Written by hand from the rules, not from the code. */
static const struct {
    enum action action;
    const char *may;
} matrix[] = {
    {ACTION_USER_MANAGE,     ".......x"},
    {ACTION_TEAM_CREATE,     ".xxxxxxx"},
    {ACTION_TEAM_CHANGE,     "....x.xx"},
    {ACTION_API_CREATE,      "...xx.xx"},
    {ACTION_API_CHANGE,      "...xx.xx"},
    {ACTION_API_PUBLISH,     "...xx.xx"},
    {ACTION_PLAN_MANAGE,     "......xx"},
    {ACTION_APP_CREATE,      "..xxx.xx"},
    {ACTION_APP_CHANGE,      "..xxx.xx"},
    {ACTION_KEY_MANAGE,      "..xxx.xx"},
    {ACTION_ACCESS_ASK,      "..xxx.xx"},
    {ACTION_ACCESS_DECIDE,   "...xx.xx"},
    {ACTION_ACCESS_WITHDRAW, "..xxx.xx"},
    {ACTION_GATEWAY_READ,    "......xx"},
    {ACTION_GATEWAY_MANAGE,  "......xx"},
    {ACTION_DEPLOY,          "...xx.xx"},
    {ACTION_EVENT_READ,      ".xxxxxxx"},
    {ACTION_LIVE_READ,       "......xx"},
};

TEST(test_every_action_is_open_to_exactly_the_right_people)
{
    struct world w;
    unsigned seen = 0;
    world_begin(&w);
    for (size_t i = 0; i < COUNT_OF(matrix); i++) {
        seen |= 1U << matrix[i].action;
        for (int who = 0; who < WHO_COUNT; who++) {
            bool may = catalog_may(w.view, &w.who[who], matrix[i].action, w.zoo);
            if (may != (matrix[i].may[who] == 'x'))
                printf("\naction %d, who %d\n", (int)matrix[i].action, who);
            CHECK(may == (matrix[i].may[who] == 'x'));
        }
    }
    CHECK_I64(seen, (1U << ACTION_COUNT) - 1); /* no action without a row */
    world_end(&w);
}

TEST(test_an_object_without_a_team_gives_members_nothing)
{
    struct world w;
    world_begin(&w);
    for (int action = 0; action < ACTION_COUNT; action++) {
        bool all = action == ACTION_TEAM_CREATE || action == ACTION_EVENT_READ;
        CHECK_I64(catalog_may(w.view, &w.who[OLGA], (enum action)action, 0), all);
        CHECK(catalog_may(w.view, &w.who[ADA], (enum action)action, 0));
    }
    world_end(&w);
}

/* Each try gets as far as something that fails for another reason: x is reached, . is refused for
 * the lack of a right, ? does not even see the object. */
static const struct attempt {
    change_fn *fn;
    const char *body, *arg0, *arg1;
    enum err_code reached;
    const char *who;
} attempts[] = {
    {user_create,         "{\"name\":\"eve\"}",                                                                    NULL,         NULL,            ERR_CONFLICT,  ".......x"},
    {user_patch,          "{}",                                                                                    "eve",        NULL,            ERR_INVALID,   ".......x"},
    {team_create,         "{\"slug\":\"zoo\",\"name\":\"Z\"}",                                                     NULL,         NULL,            ERR_CONFLICT,  ".xxxxxxx"},
    {team_patch,          "{}",                                                                                    "zoo",        NULL,            ERR_INVALID,   "?...x.xx"},
    {member_put,          "{\"role\":\"chief\"}",                                                                  "zoo",        "eve",           ERR_INVALID,   "?...x.xx"},
    {member_delete,       NULL,                                                                                    "zoo",        "olga",          ERR_CONFLICT,  "?...x.xx"},
    {api_create,          "{\"slug\":\"pets\",\"name\":\"P\",\"team\":\"zoo\"}",                                   NULL,         NULL,            ERR_CONFLICT,
     "...xx.xx"                                                                                                                                                            },
    {api_patch,           "{}",                                                                                    "pets",       NULL,            ERR_INVALID,   "?..xx.xx"},
    {api_delete,          NULL,                                                                                    "pets",       NULL,            ERR_CONFLICT,  "?..xx.xx"},
    {version_create,      "{\"label\":\"v1\"}",                                                                    "pets",       NULL,            ERR_CONFLICT,  "?..xx.xx"},
    {version_patch,       "{}",                                                                                    "pets",       "v1",            ERR_INVALID,   "?..xx.xx"},
    {version_delete,      NULL,                                                                                    "pets",       "v1",            ERR_CONFLICT,  "?..xx.xx"},
    {version_stage,       "{\"stage\":\"retired\"}",                                                               "pets",       "v1",            ERR_CONFLICT,  "?..xx.xx"},
    {revision_add,        NULL,                                                                                    "pets",       "v1",            ERR_INVALID,   "?..xx.xx"},
    {plan_create,         "{\"slug\":\"gold\",\"name\":\"G\"}",                                                    NULL,         NULL,            ERR_CONFLICT,  "......xx"},
    {plan_patch,          "{}",                                                                                    "gold",       NULL,            ERR_INVALID,   "......xx"},
    {app_create,          "{\"slug\":\"own\",\"name\":\"O\",\"team\":\"zoo\"}",                                    NULL,         NULL,            ERR_CONFLICT,
     "..xxx.xx"                                                                                                                                                            },
    {app_patch,           "{}",                                                                                    "own",        NULL,            ERR_INVALID,   "??xxx?xx"},
    {key_create,          "{\"not_after\":\"2020-01-01T00:00:00Z\"}",                                              "own",        NULL,            ERR_INVALID,   "??xxx?xx"},
    {key_revoke,          NULL,                                                                                    "own",        "0000000000001", ERR_NOT_FOUND, "??xxx?xx"},
    {subscription_create, "{\"app\":\"own\",\"api\":\"nope\",\"plan\":\"gold\"}",                                  NULL,         NULL,
     ERR_INVALID,                                                                                                                                                ".xxxxxxx"},
    {group_create,        "{\"slug\":\"edge\",\"name\":\"E\"}",                                                    NULL,         NULL,            ERR_CONFLICT,  "......xx"},
    {group_patch,         "{}",                                                                                    "edge",       NULL,            ERR_INVALID,   "......xx"},
    {gateway_create,      "{\"slug\":\"gw\",\"group\":\"edge\",\"listener\":\"a:1\",\"admin\":\"a:2\"}",
     NULL,                                                                                                                       NULL,            ERR_CONFLICT,  "......xx"},
    {gateway_patch,       "{}",                                                                                    "gw",         NULL,            ERR_INVALID,   "......xx"},
    {gateway_delete,      NULL,                                                                                    "nope",       NULL,            ERR_NOT_FOUND, "......xx"},
    {gateway_token,       NULL,                                                                                    "nope",       NULL,            ERR_NOT_FOUND, "......xx"},
    {deployment_create,
     "{\"api\":\"pets\",\"version\":\"v1\",\"group\":\"edge\",\"base_path\":\"/pets\",\"upstream\":\"http://x\"}",
     NULL,                                                                                                                       NULL,            ERR_CONFLICT,  "...xx.xx"},
    {deployment_patch,    "{}",                                                                                    "DEPLOYMENT", NULL,            ERR_INVALID,   "?..xx.xx"},
};

static void try_all(struct world *w, const struct attempt *a, const char *arg0)
{
    for (int who = 0; who < WHO_COUNT; who++) {
        char row[4096] = {0}; /* larger than any record */
        enum err_code code = DO(w, a->fn, (enum who)who, a->body, row, arg0, a->arg1);
        enum err_code want = a->who[who] == 'x'   ? a->reached
                             : a->who[who] == '?' ? ERR_NOT_FOUND
                             : who == ANON        ? ERR_UNAUTHENTICATED
                                                  : ERR_DENIED;
        if (code != want)
            printf("\nattempt %zu by %d: %s, not %s: %s %s\n", (size_t)(a - attempts), who,
                   err_code_name(code), err_code_name(want), w->err.where, w->err.msg);
        CHECK_I64(code, want);
    }
}

TEST(test_use_cases_ask_for_permission_before_anything_else)
{
    struct world w;
    struct app own = {0};
    struct catalog_list deployments = {0};
    const struct catalog_query all = {0};
    world_begin_full(&w);
    MUST(&w, app_create, MIA, "{\"slug\":\"own\",\"name\":\"Own\",\"team\":\"zoo\"}", &own, NULL,
         NULL);
    CHECK_OK(catalog_deployments(w.view, &w.who[ADA], &all, &w.mem, &deployments, &w.err), &w.err);
    struct str id = id_format(&w.mem, ((const struct deployment *)deployments.rows)[0].id);
    int64_t events = scratch_number(w.scratch.path, "SELECT count(*) FROM event");
    for (size_t i = 0; i < COUNT_OF(attempts); i++) {
        const char *arg0 = attempts[i].arg0;
        if (arg0 != NULL && strcmp(arg0, "DEPLOYMENT") == 0)
            arg0 = id.ptr;
        try_all(&w, &attempts[i], arg0);
    }
    /* nothing of all that left a trace */
    CHECK_I64(scratch_number(w.scratch.path, "SELECT count(*) FROM event"), events);
    world_end(&w);
}
