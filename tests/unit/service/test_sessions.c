/* service: sessions, sign-in, Unix peers, the first administrator. */
#include <unistd.h>

#include "tests/unit/service/world.h"
#include "tests/unit/test.h"

#define MINUTE_MS INT64_C(60000)

static enum err_code session_of(struct world *w, struct str cookie, struct principal *who,
                                bool *stale)
{
    struct err err = {0};
    bool ok = principal_of_session(w->view, cookie, &w->mem, who, stale, &err);
    CHECK(ok == (err.code == ERR_NONE));
    return err.code;
}

TEST(test_sessions_end_by_idling_by_age_and_by_a_clock_set_back)
{
    static const struct {
        int64_t step_min; /* between two looks */
        int looks;        /* that succeed, each keeping the session alive */
    } cases[] = {
        {29, 24}, /* 11 h 36 min; the next look is past 12 h */
        {30, 0 },
        {-1, 0 },
    };
    struct world w;
    world_begin(&w);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct new_session made = {0};
        struct principal who = {0};
        bool stale = false;
        int64_t start = w.now_ms;
        int looks = 0;
        MUST(&w, session_create, DAVE, NULL, &made, NULL, NULL);
        CHECK_I64(session_of(&w, made.cookie, &who, &stale), ERR_NONE);
        CHECK(!stale);
        CHECK_STR(who.name, STR("dave"));
        CHECK_STR(who.csrf, made.session.csrf);
        for (;;) {
            w.now_ms += cases[i].step_min * MINUTE_MS;
            if (session_of(&w, made.cookie, &who, &stale) != ERR_NONE)
                break;
            CHECK(stale);
            const struct change seen = {.by = &who, .if_match = IF_MATCH_NONE};
            CHECK_OK(catalog_change(w.catalog, session_seen, &seen, &w.mem, NULL, &w.err), &w.err);
            looks++;
        }
        CHECK_I64(looks, cases[i].looks);
        w.now_ms = start + (int64_t)48 * 60 * MINUTE_MS; /* a session of the past stays over */
        CHECK_I64(session_of(&w, made.cookie, &who, &stale), ERR_UNAUTHENTICATED);
    }
    world_end(&w);
}

TEST(test_sessions_end_with_what_they_were_given_for)
{
    static const struct {
        const char *patch;
        bool ends;
    } cases[] = {
        {"{\"display_name\":\"Dave\"}",            false},
        {"{\"role\":\"operator\"}",                true },
        {"{\"password\":\"a new long password\"}", true },
        {"{\"disabled\":true}",                    true },
    };
    struct world w;
    world_begin(&w);
    const struct str dave = STR("dave");
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct new_session made = {0};
        struct principal who = {0};
        struct user user = {0};
        bool stale = false;
        MUST(&w, session_create, DAVE, NULL, &made, NULL, NULL);
        CHECK_OK(catalog_user(w.view, &w.who[ADA], &dave, &w.mem, &user, &w.err), &w.err);
        CHECK_I64(world_change(&w, user_patch, ADA, cases[i].patch, user.etag, &user, "dave", NULL),
                  ERR_NONE);
        CHECK_I64(session_of(&w, made.cookie, &who, &stale),
                  cases[i].ends ? ERR_UNAUTHENTICATED : ERR_NONE);
    }
    struct new_session made = {0};
    struct principal who = {0};
    bool stale = false;
    MUST(&w, session_create, MIA, NULL, &made, NULL, NULL);
    CHECK_I64(session_of(&w, made.cookie, &who, &stale), ERR_NONE);
    const struct change out = {.by = &who, .if_match = IF_MATCH_NONE};
    CHECK_OK(catalog_change(w.catalog, session_delete, &out, &w.mem, NULL, &w.err), &w.err);
    CHECK_OK(catalog_change(w.catalog, session_delete, &out, &w.mem, NULL, &w.err),
             &w.err); /* twice */
    CHECK_I64(session_of(&w, made.cookie, &who, &stale), ERR_UNAUTHENTICATED);
    static const char *const forged[] = {"", "x", "0000000000000000000000000000000000000000000"};
    for (size_t i = 0; i < COUNT_OF(forged); i++)
        CHECK_I64(session_of(&w, str_from(forged[i]), &who, &stale), ERR_UNAUTHENTICATED);
    CHECK_I64(session_of(&w, STR_NONE, &who, &stale), ERR_UNAUTHENTICATED);
    world_end(&w);
}

TEST(test_sign_in_says_the_same_for_all_that_is_wrong)
{
    static const struct {
        const char *name, *password;
        bool ok;
    } cases[] = {
        {"pat",    "a long password", true },
        {"pat",    "a long passwore", false},
        {"pat",    "",                false},
        {"nobody", "a long password", false},
        {"eve",    "",                false}, /* has no password */
        {"off",    "a long password", false},
    };
    struct world w;
    struct user user = {0};
    world_begin(&w);
    MUST(&w, user_create, ADA, "{\"name\":\"pat\",\"password\":\"a long password\"}", &user, NULL,
         NULL);
    MUST(&w, user_create, ADA, "{\"name\":\"off\",\"password\":\"a long password\"}", &user, NULL,
         NULL);
    CHECK_I64(
        world_change(&w, user_patch, ADA, "{\"disabled\":true}", user.etag, &user, "off", NULL),
        ERR_NONE);
    char said[sizeof(w.err.msg)] = "";
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct principal who = {0};
        struct err err = {0};
        CHECK_I64(sign_in_check(w.view, str_from(cases[i].name), str_from(cases[i].password),
                                &w.mem, &who, &err),
                  cases[i].ok);
        CHECK_I64(err.code, cases[i].ok ? ERR_NONE : ERR_UNAUTHENTICATED);
        if (cases[i].ok) {
            CHECK_STR(who.name, STR("pat"));
            continue;
        }
        if (*said == '\0')
            memcpy(said, err.msg, sizeof(said));
        CHECK_STR(str_from(err.msg), str_from(said));
    }
    CHECK_I64(DO(&w, user_create, ADA, "{\"name\":\"short\",\"password\":\"123456789\"}", &user,
                 NULL, NULL),
              ERR_INVALID);
    CHECK_STR(str_from(w.err.where), STR("/password"));
    /* nobody makes us hash who may not set a password; a short one would be named otherwise */
    CHECK_I64(DO(&w, user_create, EVE, "{\"name\":\"x\",\"password\":\"1\"}", &user, NULL, NULL),
              ERR_DENIED);
    CHECK_I64(DO(&w, setup_use, ANON, "{\"code\":\"x\",\"name\":\"x\",\"password\":\"1\"}", &user,
                 NULL, NULL),
              ERR_DENIED);
    world_end(&w);
}

TEST(test_the_setup_link_makes_one_administrator_within_the_hour)
{
    struct world w;
    struct user user = {0};
    struct str code = STR_NONE, late = STR_NONE;
    world_begin(&w);
    CHECK_I64(DO(&w, setup_code_create, OLGA, NULL, &code, NULL, NULL), ERR_DENIED);
    MUST(&w, setup_code_create, ADA, NULL, &code, NULL, NULL);
    MUST(&w, setup_code_create, ADA, NULL, &late, NULL, NULL);
    const char *use = arena_printf(&w.mem,
                                   "{\"code\":\"" STR_FMT
                                   "\",\"name\":\"first\",\"password\":\"a long password\"}",
                                   STR_ARG(code))
                          .ptr;
    const char *bad = arena_printf(&w.mem,
                                   "{\"code\":\"" STR_FMT
                                   "\",\"name\":\"No Name\",\"password\":\"a long password\"}",
                                   STR_ARG(code))
                          .ptr;
    const char *open =
        arena_printf(&w.mem, "{\"code\":\"" STR_FMT "\",\"name\":\"open\"}", STR_ARG(code)).ptr;
    CHECK_I64(DO(&w, setup_use, ANON, bad, &user, NULL, NULL),
              ERR_INVALID); /* and the code still holds */
    CHECK_I64(DO(&w, setup_use, ANON, open, &user, NULL, NULL), ERR_INVALID);
    CHECK_I64(DO(&w, setup_use, ANON, use, &user, NULL, NULL), ERR_NONE);
    CHECK_I64(user.role, ROLE_ADMIN);
    CHECK_I64(DO(&w, setup_use, ANON, use, &user, NULL, NULL), ERR_DENIED);
    w.now_ms += 60 * MINUTE_MS;
    CHECK_I64(DO(&w, setup_use, ANON,
                 arena_printf(&w.mem,
                              "{\"code\":\"" STR_FMT
                              "\",\"name\":\"late\",\"password\":\"a long password\"}",
                              STR_ARG(late))
                     .ptr,
                 &user, NULL, NULL),
              ERR_DENIED);
    CHECK_I64(DO(&w, setup_use, ANON, "{}", &user, NULL, NULL), ERR_DENIED);
    world_end(&w);
}

TEST(test_unix_peers_are_mapped_or_told_how)
{
    struct world w;
    struct principal who = {0};
    struct user user = {0};
    world_begin(&w);
    CHECK_OK(principal_of_unix(w.view, 0, &w.mem, &who, &w.err), &w.err);
    CHECK_STR(who.name, STR("local-admin"));
    CHECK_I64(who.role, ROLE_ADMIN);
    CHECK_OK(principal_of_unix(w.view, (unsigned)geteuid(), &w.mem, &who, &w.err), &w.err);
    CHECK_STR(who.name, STR("local-admin"));
    unsigned daemon_uid = 1; /* "daemon" on every Debian */
    if (geteuid() != daemon_uid) {
        CHECK(!principal_of_unix(w.view, daemon_uid, &w.mem, &who, &w.err));
        CHECK_I64(w.err.code, ERR_DENIED);
        CHECK(str_find(str_from(w.err.hint), STR("unix_name")) != SIZE_MAX);
        MUST(&w, user_create, ADA, "{\"name\":\"mapped\",\"unix_name\":\"daemon\"}", &user, NULL,
             NULL);
        w.err = (struct err){0};
        CHECK_OK(principal_of_unix(w.view, daemon_uid, &w.mem, &who, &w.err), &w.err);
        CHECK_STR(who.name, STR("mapped"));
        CHECK_I64(who.role, ROLE_USER);
        CHECK_I64(world_change(&w, user_patch, ADA, "{\"disabled\":true}", user.etag, &user,
                               "mapped", NULL),
                  ERR_NONE);
        CHECK(!principal_of_unix(w.view, daemon_uid, &w.mem, &who, &w.err));
    }
    CHECK(!principal_of_unix(w.view, 4000000001U, &w.mem, &who, &w.err));
    CHECK_I64(w.err.code, ERR_DENIED);
    world_end(&w);
}

TEST(test_a_team_keeps_an_owner)
{
    struct world w;
    struct member member = {0};
    world_begin(&w);
    CHECK_I64(DO(&w, member_put, OLGA, "{\"role\":\"member\"}", &member, "zoo", "olga"),
              ERR_CONFLICT);
    CHECK_I64(DO(&w, member_delete, ADA, NULL, NULL, "zoo", "olga"), ERR_CONFLICT);
    MUST(&w, member_put, OLGA, "{\"role\":\"owner\"}", &member, "zoo", "eve");
    MUST(&w, member_delete, ADA, NULL, NULL, "zoo", "olga");
    world_end(&w);
}
