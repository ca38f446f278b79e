/* service: one process lets another write, and takes it back. */
#include <pthread.h>
#include <unistd.h>

#include "tests/unit/service/world.h"
#include "tests/unit/test.h"

static bool open_beside(struct world *w, struct catalog **out, struct err *err)
{
    const struct catalog_config config = {.path = w->scratch.path,
                                          .clock = &w->clock,
                                          .log = &w->log,
                                          .lock_fd = dup(catalog_lock_fd(w->catalog))};
    return catalog_open(&config, out, err);
}

struct late_change {
    struct world *world;
    enum err_code code;
};

static void *change_late(void *context)
{
    struct late_change *late = context;
    const struct change change = {
        .by = &late->world->who[ADA], .if_match = IF_MATCH_NONE, .args = {STR("zoo"), STR("eve")}
    };
    CLEANUP(arena_clear) struct arena mem = {0};
    struct err err = {0};
    struct user row = {0};
    struct change with = change;
    struct json *body = NULL;
    CHECK_OK(json_parse(STR("{\"name\":\"late\"}"), &mem, &body, &err), &err);
    with.body = body;
    if (!catalog_change(late->world->catalog, user_create, &with, &mem, &row, &err))
        late->code = err.code;
    return NULL;
}

static bool eve_is_known(struct world *w, const char *name)
{
    struct user row = {0};
    const struct str args[] = {str_from(name)};
    return catalog_user(w->view, &w->who[ADA], args, &w->mem, &row, &w->err);
}

/* What the other process did is seen, what waited meanwhile is done. */
TEST(test_a_suspended_catalog_goes_on_where_the_other_process_stopped)
{
    struct world w;
    struct catalog *other = NULL;
    struct subscription row = {0};
    pthread_t thread;
    world_begin_full(&w);
    struct late_change late = {.world = &w};
    struct str id = world_ask(&w);
    MUST(&w, subscription_approve, OLGA, NULL, &row, id.ptr, NULL);
    struct image_reader *reader = image_reader_open(w.catalog);
    uint64_t before = image_get(reader)->version;
    image_idle(reader);
    catalog_suspend(w.catalog);
    CHECK_OK(open_beside(&w, &other, &w.err), &w.err);
    CHECK_I64(pthread_create(&thread, NULL, change_late, &late), 0);
    const struct change revoke = {.by = &w.who[OLGA], .if_match = IF_MATCH_NONE, .args = {id}};
    CHECK_OK(catalog_change(other, subscription_revoke, &revoke, &w.mem, &row, &w.err), &w.err);
    CHECK(image_get(reader)->version == before);
    image_idle(reader);
    catalog_close(other);
    atomic_store(&w.flags, 0);
    CHECK_OK(catalog_resume(w.catalog, &w.err), &w.err);
    CHECK(image_get(reader)->version > before);
    CHECK_I64(atomic_load(&w.flags), COMMIT_ACCESS | COMMIT_CONFIG);
    CHECK_I64(pthread_join(thread, NULL), 0);
    CHECK_I64(late.code, ERR_NONE);
    CHECK(eve_is_known(&w, "late"));
    image_reader_close(reader);
    world_end(&w);
}

TEST(test_an_abandoned_catalog_refuses_changes_and_reads_on)
{
    struct world w;
    struct late_change late = {.world = &w};
    pthread_t thread;
    world_begin_full(&w);
    catalog_suspend(w.catalog);
    CHECK_I64(pthread_create(&thread, NULL, change_late, &late), 0);
    catalog_abandon(w.catalog);
    CHECK_I64(pthread_join(thread, NULL), 0);
    CHECK_I64(late.code, ERR_BUSY);
    CHECK(!eve_is_known(&w, "late"));
    CHECK(eve_is_known(&w, "eve"));
    world_end(&w);
}

TEST(test_a_wait_for_the_other_process_ends)
{
    struct world w;
    struct late_change late = {.world = &w};
    world_begin_full(&w);
    catalog_suspend(w.catalog);
    change_late(&late);
    CHECK_I64(late.code, ERR_BUSY);
    CHECK_OK(catalog_resume(w.catalog, &w.err), &w.err);
    late.code = ERR_NONE;
    change_late(&late);
    CHECK_I64(late.code, ERR_NONE);
    world_end(&w);
}

/* An old process cannot go on over a file that a newer one has migrated; its image stays. */
TEST(test_a_migrated_file_is_not_taken_back)
{
    struct world w;
    bool migrates = false;
    world_begin_full(&w);
    struct image_reader *reader = image_reader_open(w.catalog);
    CHECK_OK(catalog_look(w.scratch.path, catalog_lock_fd(w.catalog), &migrates, &w.err), &w.err);
    CHECK(!migrates);
    catalog_suspend(w.catalog);
    scratch_sql(w.scratch.path, "PRAGMA user_version = 9999");
    CHECK(!catalog_look(w.scratch.path, catalog_lock_fd(w.catalog), &migrates, &w.err));
    CHECK_I64(w.err.code, ERR_STALE);
    CHECK(!catalog_resume(w.catalog, &w.err));
    CHECK_I64(w.err.code, ERR_STALE);
    CHECK(image_get(reader) != NULL);
    scratch_sql(w.scratch.path, "PRAGMA user_version = 1");
    CHECK_OK(catalog_resume(w.catalog, &w.err), &w.err);
    image_reader_close(reader);
    world_end(&w);
}

TEST(test_the_lock_says_who_serves_and_fits_one_catalog)
{
    struct world w, elsewhere;
    struct catalog_holder holder = {0};
    bool migrates = false;
    world_begin(&w);
    world_begin(&elsewhere);
    catalog_note(w.catalog, STR("serving 3"));
    CHECK_OK(catalog_holder(w.scratch.path, &w.mem, &holder, &w.err), &w.err);
    CHECK(holder.held);
    CHECK_I64(holder.pid, getpid());
    CHECK_STR(holder.state, STR("serving 3"));
    CHECK(!catalog_look(w.scratch.path, catalog_lock_fd(elsewhere.catalog), &migrates, &w.err));
    CHECK_I64(w.err.code, ERR_CONFLICT);
    world_end(&elsewhere);
    world_close(&w);
    CHECK_OK(catalog_holder(w.scratch.path, &w.mem, &holder, &w.err), &w.err);
    CHECK(!holder.held);
    world_open(&w);
    world_end(&w);
}
