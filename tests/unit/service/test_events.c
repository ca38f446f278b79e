/* service: the chain of events, what it holds and what it must not hold. */
#include "tests/unit/service/world.h"
#include "tests/unit/test.h"

static struct str problem_of(struct world *w)
{
    struct catalog_report report = {0};
    CHECK_OK(catalog_check(w->view, &w->mem, &report, &w->err), &w->err);
    return report.problem;
}

#define TRIGGERS_OFF \
    "DROP TRIGGER IF EXISTS event_no_update; DROP TRIGGER IF EXISTS event_no_delete;"

/* Each byte of each column of some rows is changed and put back. */
TEST(test_any_changed_byte_of_an_event_is_found)
{
    static const char *const columns[] = {
        "format", "at",      "kind",   "principal", "subject_type", "subject_id", "subject",
        "api_id", "team_id", "before", "after",     "reason",       "prev_hash",  "hash"};
    struct world w;
    struct subscription row = {0};
    world_begin_full(&w);
    struct str id = world_ask(&w);
    MUST(&w, subscription_approve, OLGA, "{\"reason\":\"why not\"}", &row, id.ptr, NULL);
    const int rows[] = {1, 7, (int)scratch_number(w.scratch.path, "SELECT max(seq) FROM event")};
    scratch_sql(w.scratch.path, TRIGGERS_OFF "CREATE TABLE kept AS SELECT * FROM event;");
    CHECK_STR(problem_of(&w), STR_NONE);
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        for (size_t k = 0; k < COUNT_OF(columns); k++) {
            int64_t length = scratch_number(
                w.scratch.path,
                arena_printf(&w.mem, "SELECT length(CAST(%s AS TEXT)) FROM kept WHERE seq = %d",
                             columns[k], rows[i])
                    .ptr);
            for (int64_t at = 1; at <= length; at += 1 + length / 6) {
                /* the text with one character replaced by its successor or 'x' */
                scratch_sql(
                    w.scratch.path,
                    arena_printf(&w.mem,
                                 "UPDATE event SET %s = substr(%s, 1, %d) || CASE substr(%s, %d, 1)"
                                 " WHEN '1' THEN '2' ELSE '1' END || substr(%s, %d) WHERE seq = %d",
                                 columns[k], columns[k], (int)at - 1, columns[k], (int)at,
                                 columns[k], (int)at + 1, rows[i])
                        .ptr);
                struct str problem = problem_of(&w);
                if (problem.ptr == NULL)
                    printf("\nseq %d %s byte %d\n", rows[i], columns[k], (int)at);
                CHECK(problem.ptr != NULL);
                scratch_sql(
                    w.scratch.path,
                    arena_printf(
                        &w.mem,
                        "UPDATE event SET %s = (SELECT %s FROM kept WHERE seq = %d) WHERE seq = %d",
                        columns[k], columns[k], rows[i], rows[i])
                        .ptr);
            }
        }
    CHECK_STR(problem_of(&w), STR_NONE);
    world_end(&w);
}

TEST(test_missing_swapped_and_cut_off_events_are_found)
{
    static const char *const damage[] = {
        "DELETE FROM event WHERE seq = 5",
        "DELETE FROM event WHERE seq = 1",
        "DELETE FROM event WHERE seq = (SELECT max(seq) FROM event)",
        "DELETE FROM event",
        ("UPDATE event SET seq = -1 WHERE seq = 5; UPDATE event SET seq = 5 WHERE seq = 6;"
         "UPDATE event SET seq = 6 WHERE seq = -1"),
        "UPDATE event SET seq = seq + 1 WHERE seq = (SELECT max(seq) FROM event)",
        "UPDATE event SET before = NULL, after = '' WHERE seq = 5",
    };
    struct world w;
    world_begin_full(&w);
    scratch_sql(w.scratch.path, TRIGGERS_OFF "CREATE TABLE kept AS SELECT * FROM event;");
    for (size_t i = 0; i < COUNT_OF(damage); i++) {
        scratch_sql(w.scratch.path, damage[i]);
        CHECK(problem_of(&w).ptr != NULL);
        scratch_sql(w.scratch.path, "DELETE FROM event; INSERT INTO event SELECT * FROM kept;");
        CHECK_STR(problem_of(&w), STR_NONE);
    }
    world_end(&w);
}

TEST(test_an_event_tells_who_what_before_and_after)
{
    struct world w;
    struct api api = {0};
    struct catalog_list list = {0};
    struct json *before = NULL, *after = NULL;
    world_begin_full(&w);
    const struct str pets = STR("pets");
    CHECK_OK(catalog_api(w.view, &w.who[OLGA], &pets, &w.mem, &api, &w.err), &w.err);
    CHECK_I64(world_change(&w, api_patch, OLGA, "{\"tier\":3}", api.etag, &api, "pets", NULL),
              ERR_NONE);
    const struct catalog_query query = {.subject = pets, .kind = STR("api.changed")};
    CHECK_OK(catalog_events(w.view, &w.who[OLGA], &query, &w.mem, &list, &w.err), &w.err);
    CHECK_I64(list.total, 1);
    const struct event *e = list.rows;
    CHECK_STR(e->principal, STR("olga via session"));
    CHECK_I64(e->at, w.now_ms);
    CHECK_OK(json_parse(e->before, &w.mem, &before, &w.err), &w.err);
    CHECK_OK(json_parse(e->after, &w.mem, &after, &w.err), &w.err);
    CHECK_I64(json_get_i64(before, "tier", -1), 0);
    CHECK_I64(json_get_i64(after, "tier", -1), 3);
    world_end(&w);
}

TEST(test_a_failed_change_leaves_no_event)
{
    struct world w;
    struct api api = {0};
    world_begin_full(&w);
    int64_t events = scratch_number(w.scratch.path, "SELECT count(*) FROM event");
    CHECK_I64(DO(&w, api_create, OLGA,
                 "{\"slug\":\"x\",\"name\":\"X\",\"team\":\"zoo\",\"allowed_teams\":[\"nope\"]}",
                 &api, NULL, NULL),
              ERR_INVALID);
    CHECK_STR(str_from(w.err.where), STR("/allowed_teams"));
    CHECK_I64(scratch_number(w.scratch.path, "SELECT count(*) FROM event"), events);
    CHECK_I64(scratch_number(w.scratch.path, "SELECT count(*) FROM api WHERE slug = 'x'"), 0);
    world_end(&w);
}

/* All secrets of a life: a key, a password, a session, a gateway's token, a setup code. */
TEST(test_no_secret_is_in_the_file)
{
    struct world w;
    struct new_key key = {0};
    struct new_gateway_token token = {0}, newer = {0};
    struct new_session session = {0};
    struct user user = {0};
    struct new_token personal = {0};
    struct str code = STR_NONE;
    world_begin_full(&w);
    MUST(&w, token_create, DAVE, "{\"name\":\"laptop\"}", &personal, "dave", NULL);
    MUST(&w, key_create, DAVE, NULL, &key, "store", NULL);
    MUST(&w, gateway_token, ADA, NULL, &token, "gw", NULL);
    MUST(&w, gateway_token, ADA, NULL, &newer, "gw", NULL);
    MUST(&w, session_create, DAVE, NULL, &session, NULL, NULL);
    MUST(&w, setup_code_create, ADA, NULL, &code, NULL, NULL);
    MUST(&w, user_create, ADA, "{\"name\":\"pat\",\"password\":\"correct horse battery\"}", &user,
         NULL, NULL);
    const struct str secrets[] = {key.secret,     token.token, newer.token,
                                  session.cookie, code,        STR("correct horse battery"),
                                  personal.secret};
    const char *const files[] = {w.scratch.path, scratch_beside(&w.scratch, "-wal", &w.mem)};
    for (size_t f = 0; f < COUNT_OF(files); f++) {
        struct str bytes = scratch_bytes(files[f], &w.mem);
        CHECK(bytes.len > 0);
        for (size_t i = 0; i < COUNT_OF(secrets); i++) {
            CHECK(secrets[i].len > 10);
            CHECK_I64(str_find(bytes, secrets[i]), SIZE_MAX);
        }
    }
    /* hashes are needed, but not in the log, which people read */
    CHECK_I64(
        scratch_number(
            w.scratch.path,
            "SELECT count(*) FROM event WHERE after LIKE '%argon2%' OR after LIKE '%sha256\":\"%' AND kind NOT LIKE 'revision%'"),
        0);
    world_end(&w);
}
