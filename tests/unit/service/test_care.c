/* service: opening again, checking, copying, repeating, and files of earlier schemas. */
#include <pthread.h>
#include <unistd.h>

#include "tests/unit/service/world.h"
#include "tests/unit/test.h"

TEST(test_a_catalog_is_open_once)
{
    struct world w;
    struct catalog *second = NULL;
    world_begin(&w);
    const struct catalog_config config = {.path = w.scratch.path, .clock = &w.clock, .log = &w.log};
    CHECK(!catalog_open(&config, &second, &w.err));
    CHECK_I64(w.err.code, ERR_BUSY);
    world_end(&w);
}

TEST(test_ids_go_on_when_the_clock_is_set_back)
{
    struct world w;
    struct team team = {0};
    world_begin(&w);
    int64_t last = w.shop;
    w.now_ms -= INT64_C(86400000);
    world_close(&w);
    world_open(&w);
    MUST(&w, team_create, ADA, "{\"slug\":\"late\",\"name\":\"L\"}", &team, NULL, NULL);
    CHECK(team.id > last);
    world_end(&w);
}

TEST(test_damage_outside_the_log_is_found)
{
    static const char *const damage[] = {
        "UPDATE file SET packed = zeroblob(length(packed))",
        "UPDATE file SET size_bytes = size_bytes + 1",
        "PRAGMA foreign_keys = 0; UPDATE version SET api_id = 7",
        "PRAGMA foreign_keys = 0; DELETE FROM file",
    };
    for (size_t i = 0; i < COUNT_OF(damage); i++) {
        struct world w;
        struct catalog_report report = {0};
        world_begin_full(&w);
        CHECK_OK(catalog_check(w.view, &w.mem, &report, &w.err), &w.err);
        CHECK_STR(report.problem, STR_NONE);
        CHECK_I64(report.files, 1);
        CHECK_I64(report.events, scratch_number(w.scratch.path, "SELECT count(*) FROM event"));
        scratch_sql(w.scratch.path, damage[i]);
        CHECK_OK(catalog_check(w.view, &w.mem, &report, &w.err), &w.err);
        CHECK(report.problem.ptr != NULL);
        world_close(&w);
        scratch_clear(&w.scratch);
        arena_clear(&w.mem);
    }
}

struct busy {
    struct world *w;
    _Atomic bool stop;
    int made;
};

static void *keep_writing(void *context)
{
    struct busy *b = context;
    struct arena mem = {0};
    struct change change = {.by = &b->w->who[ADA], .if_match = IF_MATCH_NONE};
    while (!atomic_load(&b->stop)) {
        struct team team = {0};
        struct json *body = NULL;
        struct err err = {0};
        CHECK_OK(json_parse(arena_printf(&mem, "{\"slug\":\"t%d\",\"name\":\"T\"}", b->made), &mem,
                            &body, &err),
                 &err);
        change.body = body;
        CHECK_OK(catalog_change(b->w->catalog, team_create, &change, &mem, &team, &err), &err);
        b->made++;
    }
    arena_clear(&mem);
    return NULL;
}

TEST(test_a_copy_of_a_busy_catalog_is_sound)
{
    struct world w;
    struct busy busy = {.w = &w};
    pthread_t thread;
    world_begin_full(&w);
    CHECK_I64(pthread_create(&thread, NULL, keep_writing, &busy), 0);
    for (int i = 0; i < 5; i++) {
        struct catalog *copy = NULL;
        struct view *view = NULL;
        struct catalog_report report = {0};
        struct err err = {0};
        const char *target =
            scratch_beside(&w.scratch, arena_printf(&w.mem, ".copy%d", i).ptr, &w.mem);
        CHECK_OK(catalog_backup(w.catalog, target, &err), &err);
        const struct catalog_config config = {.path = target, .clock = &w.clock, .log = &w.log};
        CHECK_OK(catalog_open(&config, &copy, &err), &err);
        CHECK_OK(view_open(copy, &view, &err), &err);
        CHECK_OK(catalog_check(view, &w.mem, &report, &err), &err);
        CHECK_STR(report.problem, STR_NONE);
        view_close(view);
        catalog_close(copy);
        CHECK(!catalog_backup(w.catalog, target, &err));
        CHECK_I64(err.code, ERR_CONFLICT);
    }
    atomic_store(&busy.stop, true);
    pthread_join(thread, NULL);
    CHECK(busy.made > 0);
    world_end(&w);
}

/* --- creations sent twice --------------------------------------------------------------------- */

static void render_team(const void *out, struct buf *body)
{
    struct json_writer w = {.out = body};
    record_write(&w, &record_team, out);
}

static enum err_code repeat(struct world *w, change_fn *fn, enum who by, struct replay *replay,
                            const char *key, const char *text, const char *arg0, void *out)
{
    struct json *body = NULL;
    struct err err = {0};
    CHECK_OK(json_parse(str_from(text), &w->mem, &body, &err), &err);
    replay->key = str_from(key);
    replay->route = STR("createIt");
    replay->body = sha256_of(str_from(text));
    const struct change change = {.by = &w->who[by],
                                  .body = body,
                                  .args = {str_from(arg0)},
                                  .if_match = IF_MATCH_NONE,
                                  .replay = replay};
    err = (struct err){0};
    (void)!catalog_change(w->catalog, fn, &change, &w->mem, out, &err);
    w->err = err;
    return err.code;
}

TEST(test_a_creation_sent_twice_is_made_once)
{
    static const char a[] = "{\"slug\":\"a\",\"name\":\"A\"}",
                      b[] = "{\"slug\":\"b\",\"name\":\"B\"}";
    struct world w;
    struct team team = {0};
    struct replay replay = {.render = render_team};
    world_begin(&w);
    CHECK_I64(repeat(&w, team_create, DAVE, &replay, "k1", a, NULL, &team), ERR_NONE);
    CHECK(!replay.replayed);
    CHECK_I64(repeat(&w, team_create, DAVE, &replay, "k1", a, NULL, &team), ERR_NONE);
    CHECK(replay.replayed);
    CHECK(str_find(replay.answer, STR("\"slug\":\"a\"")) != SIZE_MAX);
    CHECK_I64(repeat(&w, team_create, DAVE, &replay, "k1", b, NULL, &team), ERR_CONFLICT);
    CHECK_STR(str_from(w.err.where), STR("Idempotency-Key"));
    CHECK(replay.taken);
    CHECK_I64(repeat(&w, team_create, MIA, &replay, "k1", b, NULL, &team),
              ERR_NONE); /* her own key */
    CHECK(!replay.replayed);
    CHECK_I64(repeat(&w, team_create, DAVE, &replay, "k2", a, NULL, &team), ERR_CONFLICT);
    CHECK_STR(str_from(w.err.where), STR("/slug")); /* failures are not kept */
    CHECK(!replay.taken);
    CHECK_I64(repeat(&w, team_create, DAVE, &replay, "k2", "{\"slug\":\"c\",\"name\":\"C\"}", NULL,
                     &team),
              ERR_NONE);
    CHECK_I64(repeat(&w, team_create, DAVE, &replay, "", b, NULL, &team), ERR_INVALID);
    w.now_ms += INT64_C(86400001);
    CHECK_I64(repeat(&w, team_create, DAVE, &replay, "k1", a, NULL, &team), ERR_CONFLICT);
    CHECK_STR(str_from(w.err.where), STR("/slug")); /* forgotten after a day */
    world_end(&w);
}

TEST(test_a_secret_is_not_kept_for_repetitions)
{
    struct world w;
    struct new_key made = {0}, again = {0};
    struct replay replay = {0};
    world_begin_full(&w);
    CHECK_I64(repeat(&w, key_create, DAVE, &replay, "k", "{}", "store", &made), ERR_NONE);
    CHECK_I64(repeat(&w, key_create, DAVE, &replay, "k", "{}", "store", &again), ERR_CONFLICT);
    CHECK(str_find(str_from(w.err.msg), STR("once")) != SIZE_MAX);
    CHECK_I64(scratch_number(w.scratch.path, "SELECT count(*) FROM api_key"), 1);
    world_end(&w);
}
