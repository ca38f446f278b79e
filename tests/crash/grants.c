/* A fault or a power loss must not let anybody in: the image in force against the rows. */
#include "tests/crash/grants.h"
#include "catalog/store/sqlite.h"

static const char subscriptions[] =
    "SELECT p.slug, s.state FROM subscription s JOIN app p ON p.id = s.app_id ORDER BY s.id";

static bool let_in(const struct access_image *image, struct str app)
{
    struct access_place place;
    struct decision d;
    if (!access_place_at(image, 0, &place))
        return false;
    const struct check_request ask = {.deployment = place.id,
                                      .method = STR("GET"),
                                      .path = STR("/s/parcels"),
                                      .app = app,
                                      .dry_run = true};
    decide(image, NULL, &ask, 0, clock_now_ms(&clock_system), &d);
    return d.code == DENY_NONE;
}

bool grants_check(struct catalog *c, const char *path, struct arena *mem, struct str *problem,
                  struct err *err)
{
    struct sqlite3 *db = NULL;
    struct sqlite3_stmt *stmt = NULL;
    enum sql_result got = SQL_FAILED;
    if (!sql_open(path, SQL_READER, &db, err))
        return false;
    struct image_reader *reader = image_reader_open(c);
    const struct access_image *image = image_get(reader);
    if (sql_prepare(db, str_from(subscriptions), &stmt, err))
        while (problem->ptr == NULL && (got = sql_step(stmt, "grants", err)) == SQL_ROW) {
            struct str app = sql_bytes(stmt, 0), state = sql_bytes(stmt, 1);
            bool in = let_in(image, app), may = str_eq(state, STR("approved"));
            if (in != may && access_place_count(image) > 0)
                *problem = arena_join(mem, app, STR(" is "), state,
                                      in ? STR(" and let in") : STR(" and not let in"));
        }
    sql_finalize(stmt);
    image_reader_close(reader);
    sql_close(db);
    return got != SQL_FAILED || problem->ptr != NULL;
}
