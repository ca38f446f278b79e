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
    {ACTION_UPSTREAM_READ,   "...xx.xx"},
    {ACTION_EVENT_READ,      ".xxxxxxx"},
    {ACTION_LIVE_READ,       "......xx"},
    {ACTION_POLICY_MANAGE,   "......xx"},
    {ACTION_GATE_READ,       "..xxx.xx"},
    {ACTION_WAIVE,           "......xx"},
    {ACTION_REVIEW_ASK,      "...xx.xx"},
    {ACTION_REVIEW_DECIDE,   "...xx.xx"},
};

/* The same about what belongs to user mia. */
static const struct {
    enum action action;
    const char *may;
} of_user[] = {
    {ACTION_PASSWORD_CHANGE, "..x....."},
    {ACTION_TOKEN_CREATE,    "..x....."},
    {ACTION_TOKEN_READ,      "..x....x"},
    {ACTION_TOKEN_REVOKE,    "..x....x"},
};

static void check_may(struct world *w, const struct principal *who, enum action action,
                      int64_t owner_id, bool want)
{
    bool may = catalog_may(w->view, who, action, owner_id);
    if (may != want)
        printf("\naction %d, " STR_FMT " scope %d\n", (int)action, STR_ARG(who->name),
               (int)who->scope);
    CHECK(may == want);
}

TEST(test_every_action_is_open_to_exactly_the_right_people)
{
    struct world w;
    unsigned seen = 0;
    world_begin(&w);
    for (int who = 0; who < WHO_COUNT; who++) {
        for (size_t i = 0; i < COUNT_OF(matrix); i++) {
            seen |= 1U << matrix[i].action;
            check_may(&w, &w.who[who], matrix[i].action, w.zoo, matrix[i].may[who] == 'x');
        }
        for (size_t i = 0; i < COUNT_OF(of_user); i++) {
            seen |= 1U << of_user[i].action;
            check_may(&w, &w.who[who], of_user[i].action, w.who[MIA].user_id,
                      of_user[i].may[who] == 'x');
        }
    }
    CHECK_I64(seen, (1U << ACTION_COUNT) - 1); /* no action without a row */
    world_end(&w);
}

/* A team and a user may have the same number: neither counts as the other. */
TEST(test_an_object_without_a_team_gives_members_nothing)
{
    struct world w;
    world_begin(&w);
    for (int action = 0; action < ACTION_COUNT; action++) {
        bool all = action == ACTION_TEAM_CREATE || action == ACTION_EVENT_READ;
        bool alone = action == ACTION_PASSWORD_CHANGE || action == ACTION_TOKEN_CREATE;
        CHECK_I64(catalog_may(w.view, &w.who[OLGA], (enum action)action, 0), all);
        CHECK_I64(catalog_may(w.view, &w.who[OLGA], (enum action)action, w.who[ADA].user_id), all);
        CHECK_I64(catalog_may(w.view, &w.who[ADA], (enum action)action, 0), !alone);
    }
    world_end(&w);
}

/* --- tokens ----------------------------------------------------------------------------------- */

static struct principal by_token(const struct world *w, enum who who, enum token_scope scope)
{
    struct principal p = w->who[who];
    p.via = VIA_TOKEN;
    p.token = STR("t");
    p.scope = scope;
    return p;
}

/* For OLGA, owner of team zoo, and ADA, administrator and in no team: by what scope the action is
 * first allowed, r w a, or never. Written by hand from the scopes' meaning. */
static const struct {
    enum action action;
    char olga, ada;
} scopes[] = {
    {ACTION_USER_MANAGE,     '.', 'a'},
    {ACTION_TEAM_CREATE,     'w', 'w'},
    {ACTION_TEAM_CHANGE,     'w', 'a'},
    {ACTION_API_CREATE,      'w', 'a'},
    {ACTION_API_CHANGE,      'w', 'a'},
    {ACTION_API_PUBLISH,     'w', 'a'},
    {ACTION_PLAN_MANAGE,     '.', 'a'},
    {ACTION_APP_CREATE,      'w', 'a'},
    {ACTION_APP_CHANGE,      'w', 'a'},
    {ACTION_KEY_MANAGE,      'w', 'a'},
    {ACTION_ACCESS_ASK,      'w', 'a'},
    {ACTION_ACCESS_DECIDE,   'w', 'a'},
    {ACTION_ACCESS_WITHDRAW, 'w', 'a'},
    {ACTION_GATEWAY_READ,    '.', 'r'},
    {ACTION_GATEWAY_MANAGE,  '.', 'a'},
    {ACTION_DEPLOY,          'w', 'a'},
    {ACTION_UPSTREAM_READ,   'r', 'r'},
    {ACTION_EVENT_READ,      'r', 'r'},
    {ACTION_LIVE_READ,       '.', 'r'},
    {ACTION_POLICY_MANAGE,   '.', 'a'},
    {ACTION_GATE_READ,       'r', 'r'},
    {ACTION_WAIVE,           '.', 'a'},
    {ACTION_REVIEW_ASK,      'w', 'a'},
    {ACTION_REVIEW_DECIDE,   'w', 'a'},
};

TEST(test_a_token_may_what_its_scope_reaches_and_its_owner_may)
{
    static const char order[] = "rwa";
    struct world w;
    world_begin(&w);
    for (size_t i = 0; i < COUNT_OF(scopes); i++)
        for (int scope = 0; scope < SCOPE_COUNT; scope++) {
            const struct principal olga = by_token(&w, OLGA, (enum token_scope)scope);
            const struct principal ada = by_token(&w, ADA, (enum token_scope)scope);
            const char *from_olga = strchr(order, scopes[i].olga);
            const char *from_ada = strchr(order, scopes[i].ada);
            check_may(&w, &olga, scopes[i].action, w.zoo,
                      from_olga != NULL && from_olga - order <= scope);
            check_may(&w, &ada, scopes[i].action, w.zoo,
                      from_ada != NULL && from_ada - order <= scope);
        }
    for (int scope = 0; scope < SCOPE_COUNT; scope++) {
        const struct principal own_token = by_token(&w, OLGA, (enum token_scope)scope);
        const struct principal other = by_token(&w, ADA, (enum token_scope)scope);
        int64_t olga = w.who[OLGA].user_id;
        check_may(&w, &own_token, ACTION_PASSWORD_CHANGE, olga, false);
        check_may(&w, &own_token, ACTION_TOKEN_CREATE, olga, false);
        check_may(&w, &own_token, ACTION_TOKEN_READ, olga, true);
        check_may(&w, &own_token, ACTION_TOKEN_REVOKE, olga, scope >= SCOPE_WRITE);
        check_may(&w, &other, ACTION_TOKEN_READ, olga, true);
        check_may(&w, &other, ACTION_TOKEN_REVOKE, olga, scope >= SCOPE_ADMIN);
    }
    CHECK_I64(COUNT_OF(scopes) + COUNT_OF(of_user), ACTION_COUNT);
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
    {token_create,        "{\"name\":\"a b\"}",                                                                    "mia",        NULL,            ERR_INVALID,   "??x???.."},
    {token_revoke,        NULL,                                                                                    "mia",        "0000000000001", ERR_NOT_FOUND, "??x???.x"},
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

/* A token that only reads changes nothing, whoever it belongs to: no use case forgets to ask. */
static void try_reading_token(struct world *w, const struct attempt *a, enum who who,
                              const char *arg0)
{
    char row[4096] = {0};
    const struct principal session = w->who[who];
    w->who[who] = by_token(w, who, SCOPE_READ);
    enum err_code code = DO(w, a->fn, who, a->body, row, arg0, a->arg1);
    w->who[who] = session;
    enum err_code want = a->who[who] == '?' ? ERR_NOT_FOUND : ERR_DENIED;
    if (a->fn == subscription_create && code == ERR_INVALID)
        return; /* it names an app that this one does not see */
    if (code != want)
        printf("\nattempt %zu by %d's token: %s, not %s: %s %s\n", (size_t)(a - attempts), (int)who,
               err_code_name(code), err_code_name(want), w->err.where, w->err.msg);
    CHECK_I64(code, want);
}

static void try_all(struct world *w, const struct attempt *a, const char *arg0)
{
    for (int who = 0; who < WHO_COUNT; who++) {
        char row[4096] = {0}; /* larger than any record */
        if (who != ANON)
            try_reading_token(w, a, (enum who)who, arg0);
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
