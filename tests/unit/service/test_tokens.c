/* service: personal tokens and the change of one's own password. */
#include "tests/unit/service/world.h"
#include "tests/unit/test.h"

#define MINUTE_MS INT64_C(60000)
#define DAY_MS    INT64_C(86400000)

static enum err_code principal_of(struct world *w, struct str text, struct principal *who,
                                  bool *unseen)
{
    w->err = (struct err){0};
    bool ok = principal_of_token(w->view, text, &w->mem, who, unseen, &w->err);
    CHECK(ok == (w->err.code == ERR_NONE));
    return w->err.code;
}

static struct new_token make(struct world *w, const char *body)
{
    struct new_token made = {0};
    MUST(w, token_create, DAVE, body, &made, "dave", NULL);
    CHECK(token_well_formed(made.secret));
    CHECK_STR(made.token.hint, str_sub(made.secret, TOKEN_TEXT_LEN - 4, 4));
    return made;
}

TEST(test_a_token_is_its_owner_with_a_scope)
{
    struct world w;
    struct principal who = {0};
    bool unseen = false;
    world_begin(&w);
    struct new_token made = make(&w, "{\"name\":\"laptop\",\"scope\":\"write\"}");
    CHECK_I64(made.token.not_after, w.now_ms + 90 * DAY_MS);
    CHECK_I64(principal_of(&w, made.secret, &who, &unseen), ERR_NONE);
    CHECK_STR(principal_text(&who, &w.mem), STR("dave via token laptop"));
    CHECK_I64(who.user_id, w.who[DAVE].user_id);
    CHECK_I64(who.role, ROLE_USER);
    CHECK_I64(who.scope, SCOPE_WRITE);
    CHECK(unseen);
    struct new_token least = make(&w, "{\"name\":\"job\"}");
    CHECK_I64(least.token.scope, SCOPE_READ);
    world_end(&w);
}

TEST(test_use_is_noted_once_a_minute)
{
    struct world w;
    struct principal who = {0};
    bool unseen = false;
    world_begin(&w);
    struct new_token made = make(&w, "{\"name\":\"laptop\"}");
    for (int minute = 0; minute < 3; minute++) {
        w.now_ms += MINUTE_MS;
        CHECK_I64(principal_of(&w, made.secret, &who, &unseen), ERR_NONE);
        CHECK(unseen);
        const struct change seen = {.by = &who, .if_match = IF_MATCH_NONE};
        CHECK_OK(catalog_change(w.catalog, token_seen, &seen, &w.mem, NULL, &w.err), &w.err);
        CHECK_I64(scratch_number(w.scratch.path, "SELECT last_used_at FROM token"),
                  w.now_ms - w.now_ms % MINUTE_MS);
        CHECK_I64(principal_of(&w, made.secret, &who, &unseen), ERR_NONE);
        CHECK(!unseen);
    }
    CHECK_I64(scratch_number(w.scratch.path, "SELECT count(*) FROM event WHERE kind LIKE 'token%'"),
              1);
    world_end(&w);
}

/* All of them say one thing, so that nobody learns which tokens have been. */
TEST(test_tokens_end_and_say_the_same_for_all_that_is_wrong)
{
    struct world w;
    struct principal who = {0};
    struct token row = {0};
    struct user user = {0};
    bool unseen = false;
    world_begin(&w);
    struct new_token good = make(&w, "{\"name\":\"good\"}");
    struct new_token revoked = make(&w, "{\"name\":\"revoked\"}");
    struct new_token over =
        make(&w, arena_printf(&w.mem, "{\"name\":\"over\",\"not_after\":\"" STR_FMT "\"}",
                              STR_ARG(time_format(&w.mem, w.now_ms + MINUTE_MS)))
                     .ptr);
    struct str id = id_format(&w.mem, revoked.token.id);
    MUST(&w, token_revoke, DAVE, NULL, &row, "dave", id.ptr);
    CHECK_I64(row.revoked_at, w.now_ms);
    CHECK_I64(principal_of(&w, over.secret, &who, &unseen), ERR_NONE);
    w.now_ms += MINUTE_MS;
    char *typo = str_z(&w.mem, good.secret);
    typo[10] = typo[10] == 'x' ? 'y' : 'x';
    const struct str wrong[] = {revoked.secret,  over.secret,         token_new(&w.mem),
                                str_from(typo),  STR("chp_"),         STR_NONE,
                                good.token.hint, key_new(&w.mem, 'l')};
    char said[sizeof(w.err.msg) + sizeof(w.err.hint)] = "";
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        CHECK_I64(principal_of(&w, wrong[i], &who, &unseen), ERR_UNAUTHENTICATED);
        struct str now = arena_join(&w.mem, str_from(w.err.msg), str_from(w.err.hint));
        if (i == 0)
            memcpy(said, now.ptr, now.len + 1);
        CHECK_STR(now, str_from(said));
    }
    CHECK_I64(principal_of(&w, good.secret, &who, &unseen), ERR_NONE);
    const struct str dave = STR("dave");
    CHECK_OK(catalog_user(w.view, &w.who[ADA], &dave, &w.mem, &user, &w.err), &w.err);
    CHECK_I64(
        world_change(&w, user_patch, ADA, "{\"disabled\":true}", user.etag, &user, "dave", NULL),
        ERR_NONE);
    CHECK_I64(principal_of(&w, good.secret, &who, &unseen), ERR_UNAUTHENTICATED);
    CHECK_STR(arena_join(&w.mem, str_from(w.err.msg), str_from(w.err.hint)), str_from(said));
    CHECK_I64(world_change(&w, user_patch, ADA, "{\"disabled\":false,\"role\":\"operator\"}",
                           user.etag, &user, "dave", NULL),
              ERR_NONE);
    CHECK_I64(principal_of(&w, good.secret, &who, &unseen), ERR_NONE);
    CHECK_I64(who.role, ROLE_OPERATOR); /* the owner's role of today */
    w.now_ms = good.token.created_at - 1;
    CHECK_I64(principal_of(&w, good.secret, &who, &unseen), ERR_UNAUTHENTICATED);
    w.now_ms += 1;
    world_end(&w);
}

TEST(test_token_bodies_are_judged)
{
    static const struct {
        const char *body, *where;
        int64_t not_after_days;
        enum err_code code;
    } cases[] = {
        {"{\"name\":\"laptop\"}",                          "/name",      0,   ERR_CONFLICT},
        {"{}",                                             "/name",      0,   ERR_INVALID },
        {"{\"name\":\"a b\"}",                             "/name",      0,   ERR_INVALID },
        {"{\"name\":\"x\",\"scope\":\"root\"}",            "/scope",     0,   ERR_INVALID },
        {"{\"name\":\"x\",\"user\":\"ada\"}",              "/user",      0,   ERR_INVALID },
        {"{\"name\":\"x\",\"not_after\":\"" STR_FMT "\"}", "/not_after", -1,  ERR_INVALID },
        {"{\"name\":\"x\",\"not_after\":\"" STR_FMT "\"}", "/not_after", 367, ERR_INVALID },
        {"{\"name\":\"x\",\"not_after\":\"" STR_FMT "\"}", "",           366, ERR_NONE    },
    };
    struct world w;
    struct new_token made = {0};
    struct token row = {0};
    world_begin(&w);
    struct new_token first = make(&w, "{\"name\":\"laptop\"}");
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct str at = time_format(&w.mem, w.now_ms + cases[i].not_after_days * DAY_MS);
        CLEANUP(buf_clear) struct buf body = {0};
        size_t gap = str_find(str_from(cases[i].body), STR(STR_FMT));
        buf_add(&body, str_sub(str_from(cases[i].body), 0, gap));
        if (gap != SIZE_MAX) {
            buf_add(&body, at);
            buf_add(&body, STR("\"}"));
        }
        CHECK_I64(DO(&w, token_create, DAVE, str_z(&w.mem, buf_str(&body)), &made, "dave", NULL),
                  cases[i].code);
        CHECK_STR(str_from(w.err.where), str_from(cases[i].where));
    }
    /* a revoked one gives its name away, and is not revoked twice */
    struct str id = id_format(&w.mem, first.token.id);
    MUST(&w, token_revoke, ADA, NULL, &row, "dave", id.ptr);
    CHECK_I64(DO(&w, token_revoke, DAVE, NULL, &row, "dave", id.ptr), ERR_CONFLICT);
    (void)make(&w, "{\"name\":\"laptop\"}");
    /* another user's path does not reach it */
    CHECK_I64(DO(&w, token_revoke, ADA, NULL, &row, "mia", id.ptr), ERR_NOT_FOUND);
    world_end(&w);
}

TEST(test_tokens_are_listed_for_their_owner_and_administrators)
{
    static const struct {
        enum who who;
        enum err_code code;
    } cases[] = {
        {DAVE,  ERR_NONE     },
        {ADA,   ERR_NONE     },
        {OSCAR, ERR_DENIED   },
        {MIA,   ERR_NOT_FOUND},
        {ANON,  ERR_NOT_FOUND},
    };
    struct world w;
    world_begin(&w);
    (void)make(&w, "{\"name\":\"one\"}");
    (void)make(&w, "{\"name\":\"two\"}");
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const struct catalog_query query = {.user = STR("dave"), .limit = 1};
        struct catalog_list list = {0};
        struct err err = {0};
        CHECK_I64(catalog_tokens(w.view, &w.who[cases[i].who], &query, &w.mem, &list, &err),
                  cases[i].code == ERR_NONE);
        CHECK_I64(err.code, cases[i].code);
        CHECK_I64(list.total, cases[i].code == ERR_NONE ? 2 : 0);
        if (list.count > 0)
            CHECK_STR(((const struct token *)list.rows)[0].name, STR("two"));
    }
    world_end(&w);
}

/* --- one's own password ----------------------------------------------------------------------- */

TEST(test_a_changed_password_ends_all_sessions_and_gives_one_back)
{
    struct world w;
    struct new_session old = {0}, other = {0}, made = {0};
    struct principal who = {0};
    bool flag = false;
    world_begin(&w);
    struct new_token token = make(&w, "{\"name\":\"laptop\"}");
    MUST(&w, session_create, DAVE, NULL, &old, NULL, NULL);
    MUST(&w, session_create, DAVE, NULL, &other, NULL, NULL);
    CHECK_I64(DO(&w, password_change, ANON, "{\"password\":\"a new long one\"}", &made, NULL, NULL),
              ERR_UNAUTHENTICATED);
    w.who[DAVE].session_id = old.session.id;
    CHECK_I64(DO(&w, password_change, DAVE, "{\"password\":\"short\"}", &made, NULL, NULL),
              ERR_INVALID);
    CHECK_I64(DO(&w, password_change, DAVE, "{}", &made, NULL, NULL), ERR_INVALID);
    MUST(&w, password_change, DAVE, "{\"password\":\"a new long one\"}", &made, NULL, NULL);
    const struct str over[] = {old.cookie, other.cookie};
    for (size_t i = 0; i < COUNT_OF(over); i++) {
        struct err err = {0};
        CHECK(!principal_of_session(w.view, over[i], &w.mem, &who, &flag, &err));
        CHECK_I64(err.code, ERR_UNAUTHENTICATED);
    }
    CHECK_OK(principal_of_session(w.view, made.cookie, &w.mem, &who, &flag, &w.err), &w.err);
    CHECK_STR(who.name, STR("dave"));
    CHECK_OK(sign_in_check(w.view, STR("dave"), STR("a new long one"), &w.mem, &who, &w.err),
             &w.err);
    CHECK_I64(principal_of(&w, token.secret, &who, &flag), ERR_NONE);
    /* the session that asks has ended meanwhile */
    CHECK_I64(
        DO(&w, password_change, DAVE, "{\"password\":\"another long one\"}", &made, NULL, NULL),
        ERR_UNAUTHENTICATED);
    world_end(&w);
}
