/* service: after any change, the published image says what one built from all rows would; folding
 * and a restart from the file change nothing. */
#include <pthread.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "catalog/service/internal.h"
#include "tests/unit/service/world.h"
#include "tests/unit/test.h"

enum { STEPS = 160, APPS = 4, KEYS_MOST = 200, SUBS_MOST = 200, PLACES_MOST = 40 };

static const char *const apis[] = {"pets", "toys"};
static const char *const groups[] = {"edge", "core"};
static const char *const plans[] = {"gold", "thin"};

struct run {
    struct world w;
    unsigned seed;
    struct image_reader *reader;
    struct str keys[KEYS_MOST], key_ids[KEYS_MOST], key_apps[KEYS_MOST];
    struct str subs[SUBS_MOST], places[PLACES_MOST];
    int64_t place_ids[PLACES_MOST];
    size_t key_count, sub_count, place_count;
};

static size_t pick(struct run *r, size_t count)
{
    return (size_t)rand_r(&r->seed) % count;
}

static const char *an_app(struct run *r)
{
    return arena_printf(&r->w.mem, "app-%zu", pick(r, APPS)).ptr;
}

/* --- changes: what a rule forbids at the moment is simply refused -------------------------------
 */

static void make_key(struct run *r)
{
    struct new_key key = {0};
    const char *app = an_app(r);
    if (r->key_count == KEYS_MOST)
        return;
    MUST(&r->w, key_create, DAVE, NULL, &key, app, NULL);
    r->keys[r->key_count] = key.secret;
    r->key_apps[r->key_count] = str_from(app);
    r->key_ids[r->key_count++] = id_format(&r->w.mem, key.key.id);
}

static void drop_key(struct run *r)
{
    struct key key = {0};
    if (r->key_count == 0)
        return;
    size_t at = pick(r, r->key_count);
    (void)DO(&r->w, key_revoke, DAVE, NULL, &key, r->key_apps[at].ptr, r->key_ids[at].ptr);
}

static void ask(struct run *r)
{
    struct subscription sub = {0};
    const char *body = arena_printf(&r->w.mem, "{\"app\":\"%s\",\"api\":\"%s\",\"plan\":\"%s\"}",
                                    an_app(r), apis[pick(r, 2)], plans[pick(r, 2)])
                           .ptr;
    if (r->sub_count < SUBS_MOST &&
        DO(&r->w, subscription_create, DAVE, body, &sub, NULL, NULL) == ERR_NONE)
        r->subs[r->sub_count++] = id_format(&r->w.mem, sub.id);
}

static void move(struct run *r)
{
    static change_fn *const moves[] = {
        subscription_approve, subscription_approve, subscription_approve, subscription_suspend,
        subscription_resume,  subscription_revoke,  subscription_reject};
    struct subscription sub = {0};
    if (r->sub_count > 0)
        (void)DO(&r->w, moves[pick(r, COUNT_OF(moves))], ADA, "{\"reason\":\"so\"}", &sub,
                 r->subs[pick(r, r->sub_count)].ptr, NULL);
}

static void change_plan(struct run *r)
{
    static const char *const bodies[] = {"{\"operations\":[\"GET /pets\"]}", "{\"operations\":[]}",
                                         "{\"rate_count\":1000000,\"rate_period_s\":1}",
                                         "{\"rate_count\":0}"};
    struct plan plan = {0};
    const struct str name = str_from(plans[pick(r, 2)]);
    CHECK_OK(catalog_plan(r->w.view, &r->w.who[ADA], &name, &r->w.mem, &plan, &r->w.err),
             &r->w.err);
    CHECK_I64(world_change(&r->w, plan_patch, OSCAR, bodies[pick(r, COUNT_OF(bodies))], plan.etag,
                           &plan, name.ptr, NULL),
              ERR_NONE);
}

static void change_api(struct run *r)
{
    struct api api = {0};
    const struct str name = str_from(apis[pick(r, 2)]);
    CHECK_OK(catalog_api(r->w.view, &r->w.who[ADA], &name, &r->w.mem, &api, &r->w.err), &r->w.err);
    CHECK_I64(world_change(&r->w, api_patch, ADA,
                           pick(r, 3) ? "{\"access\":\"approved\"}" : "{\"access\":\"open\"}",
                           api.etag, &api, name.ptr, NULL),
              ERR_NONE);
}

static void change_stage(struct run *r)
{
    struct version version = {0};
    (void)DO(&r->w, version_stage, ADA,
             pick(r, 2) ? "{\"stage\":\"deprecated\",\"sunset_at\":\"2099-01-01T00:00:00Z\"}"
                        : "{\"stage\":\"published\"}",
             &version, apis[pick(r, 2)], pick(r, 3) ? "v1" : "v2");
}

static void change_document(struct run *r)
{
    const char *text =
        arena_printf(&r->w.mem,
                     "{\"openapi\":\"3.1.0\",\"info\":{\"title\":\"T\",\"version\":\"%zu\"},"
                     "\"paths\":{\"/pets\":{\"get\":{}},\"/p%zu\":{\"get\":{}}}}",
                     pick(r, 1000), pick(r, 3))
            .ptr;
    world_upload(&r->w, ADA, apis[pick(r, 2)], "v1", text, NULL);
}

static void deploy(struct run *r)
{
    struct deployment d = {0};
    const char *body =
        arena_printf(&r->w.mem,
                     "{\"api\":\"%s\",\"version\":\"%s\",\"group\":\"%s\","
                     "\"base_path\":\"/b%zu\",\"upstream\":\"http://127.0.0.1:1\"}",
                     apis[pick(r, 2)], pick(r, 2) ? "v1" : "v2", groups[pick(r, 2)], r->place_count)
            .ptr;
    if (r->place_count == PLACES_MOST ||
        DO(&r->w, deployment_create, ADA, body, &d, NULL, NULL) != ERR_NONE)
        return;
    r->place_ids[r->place_count] = d.id;
    r->places[r->place_count++] = id_format(&r->w.mem, d.id);
}

static void undeploy(struct run *r)
{
    if (r->place_count > 0)
        (void)DO(&r->w, deployment_delete, ADA, NULL, NULL, r->places[pick(r, r->place_count)].ptr,
                 NULL);
}

static void change_something(struct run *r)
{
    static void (*const steps[])(struct run * r) = {
        make_key,   make_key,     drop_key,        ask,    ask,      move, move, move, change_plan,
        change_api, change_stage, change_document, deploy, undeploy,
    };
    steps[pick(r, COUNT_OF(steps))](r);
}

/* --- the judge ----------------------------------------------------------------------------------
 */

static void same_call(struct run *r, const struct access_image *a, const struct access_image *b,
                      const struct check_request *ask)
{
    struct decision x, y;
    decide(a, NULL, ask, 0, r->w.now_ms, &x);
    decide(b, NULL, ask, 0, r->w.now_ms, &y);
    CHECK_STR(str_from(deny_name(x.code)), str_from(deny_name(y.code)));
    CHECK_STR(x.app, y.app);
    CHECK_STR(x.plan, y.plan);
    CHECK_STR(x.operation, y.operation);
    CHECK_I64(x.subscription, y.subscription);
    CHECK_I64(x.limit, y.limit);
}

static void same_calls(struct run *r, const struct access_image *a, const struct access_image *b)
{
    static const char *const paths[] = {"/pets", "/pets/7", "/p1", "/none"};
    CHECK_I64(access_place_count(a), access_place_count(b));
    for (int i = 0; i < 60; i++) {
        struct check_request ask = {.method = pick(r, 4) ? STR("GET") : STR("POST"),
                                    .dry_run = true};
        size_t place = r->place_count ? pick(r, r->place_count) : 0;
        if (r->place_count > 0)
            ask.deployment = r->place_ids[place];
        if (r->key_count > 0 && pick(r, 4))
            ask.key = r->keys[pick(r, r->key_count)];
        else
            ask.app = str_from(an_app(r));
        ask.path = arena_printf(&r->w.mem, "/b%zu%s", place, paths[pick(r, COUNT_OF(paths))]);
        same_call(r, a, b, &ask);
    }
}

static void every_call(struct run *r, const struct access_image *a, const struct access_image *b)
{
    CHECK_I64(access_place_count(a), access_place_count(b));
    for (size_t place = 0; place < r->place_count; place++)
        for (size_t key = 0; key < r->key_count; key++) {
            const struct check_request ask = {.deployment = r->place_ids[place],
                                              .method = STR("GET"),
                                              .path = arena_printf(&r->w.mem, "/b%zu/pets", place),
                                              .key = r->keys[key],
                                              .dry_run = true};
            same_call(r, a, b, &ask);
        }
}

/* Also: a group's number moves whenever its list does. */
static void same_lists(struct run *r, const struct access_image *a, const struct access_image *b,
                       struct str last[2], uint64_t versions[2])
{
    for (size_t i = 0; i < COUNT_OF(groups); i++) {
        CLEANUP(buf_clear) struct buf x = {0};
        CLEANUP(buf_clear) struct buf y = {0};
        struct access_image plain = *a;
        struct str group = str_from(groups[i]);
        uint64_t version = access_group_version(a, group);
        access_consumers(a, group, r->w.now_ms, 60, &x);
        access_consumers(b, group, r->w.now_ms, 60, &y);
        CHECK_STR(buf_str(&x), buf_str(&y));
        buf_reset(&x);
        plain.version = 0;
        access_consumers(&plain, group, r->w.now_ms, 60, &x);
        if (last[i].ptr != NULL && !str_eq(buf_str(&x), last[i]))
            CHECK(version > versions[i]);
        CHECK(version >= versions[i] && version <= a->version);
        last[i] = arena_str(&r->w.mem, buf_str(&x));
        versions[i] = version;
    }
}

static void compare(struct run *r, struct str last[2], uint64_t versions[2])
{
    CLEANUP(buf_clear) struct buf bytes = {0};
    struct access_image anew;
    const struct access_image *image = image_get(r->reader);
    CHECK_OK(image_load(r->w.view->store, r->w.now_ms, &bytes, &r->w.err), &r->w.err);
    CHECK_OK(access_open(buf_str(&bytes), &anew, &r->w.err), &r->w.err);
    CHECK(image != NULL);
    if (image == NULL)
        return;
    CHECK_I64(image->version, anew.version);
    same_calls(r, image, &anew);
    same_lists(r, image, &anew, last, versions);
    image_idle(r->reader);
}

static void begin(struct run *r, unsigned seed)
{
    struct api api = {0};
    struct version version = {0};
    struct plan plan = {0};
    struct group group = {0};
    memset(r, 0, sizeof(*r));
    r->seed = seed;
    world_begin_full(&r->w);
    struct world *w = &r->w;
    MUST(w, api_create, MARK, "{\"slug\":\"toys\",\"name\":\"Toys\",\"team\":\"zoo\"}", &api, NULL,
         NULL);
    for (size_t i = 0; i < 4; i++) {
        const char *label = i % 2 ? "v2" : "v1";
        if (i > 0)
            MUST(w, version_create, MARK, arena_printf(&w->mem, "{\"label\":\"%s\"}", label).ptr,
                 &version, apis[i / 2], NULL);
        if (i > 0)
            world_upload(w, MARK, apis[i / 2], label, world_document, NULL);
        if (i > 0)
            MUST(w, version_stage, MARK, "{\"stage\":\"published\"}", &version, apis[i / 2], label);
    }
    MUST(w, plan_create, OSCAR,
         "{\"slug\":\"thin\",\"name\":\"Thin\",\"apis\":[\"pets\",\"toys\"],"
         "\"operations\":[\"GET /pets\"]}",
         &plan, NULL, NULL);
    MUST(w, group_create, OSCAR, "{\"slug\":\"core\",\"name\":\"Core\"}", &group, NULL, NULL);
    for (size_t i = 0; i < APPS; i++) {
        struct app app = {0};
        MUST(
            w, app_create, DAVE,
            arena_printf(&w->mem, "{\"slug\":\"app-%zu\",\"name\":\"A\",\"team\":\"shop\"}", i).ptr,
            &app, NULL, NULL);
    }
    r->reader = image_reader_open(w->catalog);
    for (size_t i = 0; i < 4; i++)
        deploy(r);
    CHECK(r->place_count > 0);
}

static void reopen(struct run *r)
{
    image_reader_close(r->reader);
    world_close(&r->w);
    world_open(&r->w);
    r->reader = image_reader_open(r->w.catalog);
}

/* So many keys that changes come while the keeper folds. */
static void crowd(struct run *r)
{
    image_reader_close(r->reader);
    world_close(&r->w);
    scratch_sql(r->w.scratch.path,
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)"
                " INSERT INTO api_key(app_id, hint, sha256, created_by, created_at)"
                " SELECT (SELECT min(id) FROM app), 'abcd', randomblob(32), 'x', 1 FROM n");
    unlink(scratch_beside(&r->w.scratch, ".access", &r->w.mem));
    world_open(&r->w);
    r->reader = image_reader_open(r->w.catalog);
}

TEST(test_changes_that_come_while_folding_are_kept)
{
    struct run *r = mem_new_of(struct run);
    unsigned seed = (unsigned)time(NULL) + 2;
    printf("seed %u ", seed);
    begin(r, seed);
    crowd(r);
    images_fold_at(r->w.catalog->images, 1);
    for (size_t round = 0; round < 25; round++) {
        CLEANUP(buf_clear) struct buf bytes = {0};
        struct access_image anew;
        for (size_t i = 0; i < 8; i++)
            change_something(r);
        CHECK_OK(image_load(r->w.view->store, r->w.now_ms, &bytes, &r->w.err), &r->w.err);
        CHECK_OK(access_open(buf_str(&bytes), &anew, &r->w.err), &r->w.err);
        every_call(r, image_get(r->reader), &anew);
        image_idle(r->reader);
    }
    image_reader_close(r->reader);
    world_end(&r->w);
    free(r);
}

static void live(unsigned seed, size_t fold_bytes)
{
    struct run *r = mem_new_of(struct run);
    struct str last[2] = {STR_NONE, STR_NONE};
    uint64_t versions[2] = {0};
    begin(r, seed);
    images_fold_at(r->w.catalog->images, fold_bytes);
    for (size_t step = 0; step < STEPS; step++) {
        change_something(r);
        compare(r, last, versions);
        if (step % 40 == 39) {
            reopen(r);
            images_fold_at(r->w.catalog->images, fold_bytes);
            compare(r, last, versions);
        }
    }
    image_reader_close(r->reader);
    world_end(&r->w);
    free(r);
}

TEST(test_patched_images_say_what_the_rows_say)
{
    unsigned seed = (unsigned)time(NULL);
    printf("seed %u ", seed);
    live(seed, SIZE_MAX);
}

TEST(test_folding_all_the_time_changes_nothing)
{
    unsigned seed = (unsigned)time(NULL) + 1;
    printf("seed %u ", seed);
    live(seed, 1);
}

/* --- the file -----------------------------------------------------------------------------------
 */

/* With a row that no image can be built from, only the file can have given one. */
#define DAMAGE \
    "CREATE TABLE kept AS SELECT * FROM subscription; UPDATE subscription SET state = 'x'"
#define REPAIR \
    "UPDATE subscription SET state = (SELECT state FROM kept WHERE kept.id = subscription.id)"

struct filed {
    struct world w;
    const char *file, *patch;
    struct str sub;
    struct str key;
};

static void filed_begin(struct filed *f)
{
    struct new_key key = {0};
    struct subscription row = {0};
    world_begin_full(&f->w);
    f->file = scratch_beside(&f->w.scratch, ".access", &f->w.mem);
    f->patch = scratch_beside(&f->w.scratch, ".access-patch", &f->w.mem);
    MUST(&f->w, key_create, DAVE, NULL, &key, "store", NULL);
    f->key = key.secret;
    world_close(&f->w); /* files what is there as an image */
    unlink(f->file);
    world_open(&f->w);
    world_close(&f->w);
    world_open(&f->w);
    f->sub = world_ask(&f->w);
    MUST(&f->w, subscription_approve, OLGA, NULL, &row, f->sub.ptr, NULL);
    world_close(&f->w);
}

static enum deny_code filed_call(struct filed *f)
{
    struct image_reader *reader = image_reader_open(f->w.catalog);
    const struct access_image *image = image_get(reader);
    struct access_place place = {0};
    struct decision d = {.code = DENY_IMAGE_STALE};
    CHECK(access_place_at(image, 0, &place));
    const struct check_request ask = {.deployment = place.id,
                                      .method = STR("GET"),
                                      .path = STR("/pets/pets/7"),
                                      .key = f->key,
                                      .dry_run = true};
    decide(image, NULL, &ask, 0, f->w.now_ms, &d);
    image_reader_close(reader);
    return d.code;
}

static bool opens(struct filed *f)
{
    const struct catalog_config config = {
        .path = f->w.scratch.path, .clock = &f->w.clock, .log = &f->w.log};
    struct catalog *catalog = NULL;
    struct err err = {0};
    bool ok = catalog_open(&config, &catalog, &err);
    catalog_close(catalog);
    return ok;
}

TEST(test_a_restart_takes_the_image_from_its_file)
{
    struct filed f;
    struct stat about;
    filed_begin(&f);
    CHECK(stat(f.file, &about) == 0 && (about.st_mode & 0777) == 0600);
    CHECK(stat(f.patch, &about) == 0 && (about.st_mode & 0777) == 0600);
    scratch_sql(f.w.scratch.path, DAMAGE);
    world_open(&f.w);
    CHECK_I64(filed_call(&f), DENY_NONE);
    world_close(&f.w);
    scratch_sql(f.w.scratch.path, REPAIR);
    world_open(&f.w);
    world_end(&f.w);
}

/* Each file is refused and the rows are read: which the damage shows, as nothing opens then. */
TEST(test_a_file_that_is_not_the_state_is_refused)
{
    enum {
        BIT_BASE,
        BIT_PATCH,
        CUT_BASE,
        CUT_PATCH,
        NO_PATCH,
        NO_BASE,
        OLD_BOTH,
        OTHER_PAST,
        CASES
    };
    for (int number = 0; number < CASES; number++) {
        struct filed f;
        struct subscription row = {0};
        struct err err = {0};
        filed_begin(&f);
        struct str base = scratch_bytes(f.file, &f.w.mem);
        struct str patch = scratch_bytes(f.patch, &f.w.mem);
        char *bits = str_z(&f.w.mem, number == BIT_BASE ? base : patch);
        const char *name = number == BIT_BASE || number == CUT_BASE ? f.file : f.patch;
        switch (number) {
        case BIT_BASE:
        case BIT_PATCH:
            bits[200] ^= 4;
            CHECK_OK(file_replace(name,
                                  (struct str){bits, number == BIT_BASE ? base.len : patch.len},
                                  0600, &err),
                     &err);
            break;
        case CUT_BASE:
        case CUT_PATCH:
            CHECK(truncate(name, 160) == 0);
            break;
        case NO_PATCH:
        case NO_BASE:
            CHECK(unlink(number == NO_BASE ? f.file : f.patch) == 0);
            break;
        case OLD_BOTH: /* the files of before a revocation come back */
            world_open(&f.w);
            MUST(&f.w, subscription_revoke, OLGA, NULL, &row, f.sub.ptr, NULL);
            world_close(&f.w);
            CHECK_OK(file_replace(f.file, base, 0600, &err), &err);
            CHECK_OK(file_replace(f.patch, patch, 0600, &err), &err);
            break;
        default: /* as many events, but another history */
            scratch_sql(f.w.scratch.path,
                        "DROP TRIGGER event_no_update; UPDATE event SET hash = 'other'"
                        " WHERE seq = (SELECT number FROM meta WHERE name = 'access')");
            break;
        }
        scratch_sql(f.w.scratch.path, DAMAGE);
        CHECK(!opens(&f));
        scratch_sql(f.w.scratch.path, REPAIR);
        world_open(&f.w);
        CHECK_I64(filed_call(&f) == DENY_NONE, number != OLD_BOTH);
        world_close(&f.w);
        scratch_clear(&f.w.scratch);
        arena_clear(&f.w.mem);
    }
}

/* What was left half written by a killed process does not stay. */
TEST(test_half_written_files_are_removed)
{
    struct filed f;
    struct err err = {0};
    filed_begin(&f);
    const char *left = scratch_beside(&f.w.scratch, ".access.4711.new", &f.w.mem);
    CHECK_OK(file_replace(left, STR("half"), 0600, &err), &err);
    world_open(&f.w);
    CHECK(access(left, F_OK) != 0);
    world_end(&f.w);
}

/* Another process may write the files while this one rests, and this one may go on. */
TEST(test_an_image_rests_and_goes_on)
{
    struct filed f;
    struct subscription row = {0};
    struct stat before, after;
    filed_begin(&f);
    world_open(&f.w);
    images_rest(f.w.catalog->images);
    CHECK(stat(f.patch, &before) == 0);
    CHECK_I64(filed_call(&f), DENY_NONE);
    images_rest(f.w.catalog->images);
    CHECK(stat(f.patch, &after) == 0 && after.st_mtim.tv_nsec == before.st_mtim.tv_nsec);
    CHECK_OK(images_open(f.w.catalog->images, f.w.view->store, f.w.now_ms, &f.w.err), &f.w.err);
    CHECK_I64(filed_call(&f), DENY_NONE);
    MUST(&f.w, subscription_revoke, OLGA, NULL, &row, f.sub.ptr, NULL);
    CHECK(filed_call(&f) != DENY_NONE);
    images_rest(f.w.catalog->images); /* what was changed is filed */
    CHECK(stat(f.patch, &after) == 0 && after.st_mtim.tv_nsec != before.st_mtim.tv_nsec);
    world_end(&f.w);
}
