/* service: from a decision in the catalog to decisions at the door, under threads and damage. */
#include <pthread.h>
#include <unistd.h>

#include "tests/unit/service/world.h"
#include "tests/unit/test.h"

static enum deny_code call(const struct access_image *image, struct limiter *limiter,
                           int64_t deployment, struct str key, int64_t now_ms)
{
    struct decision decision = {0};
    const struct check_request request = {
        .deployment = deployment, .method = STR("GET"), .path = STR("/pets/pets/7"), .key = key};
    decide(image, limiter, &request, 0, now_ms, &decision);
    return decision.code;
}

static int64_t first_deployment(struct world *w)
{
    struct catalog_list list = {0};
    const struct catalog_query all = {0};
    CHECK_OK(catalog_deployments(w->view, &w->who[ADA], &all, &w->mem, &list, &w->err), &w->err);
    return ((const struct deployment *)list.rows)[0].id;
}

/* Each step is decided on the very next call after the change is answered. */
TEST(test_what_is_decided_is_enforced_at_once)
{
    struct world w;
    struct new_key key = {0};
    struct subscription row = {0};
    struct key revoked = {0};
    struct version version = {0};
    struct api api = {0};
    world_begin_full(&w);
    struct image_reader *reader = image_reader_open(w.catalog);
    struct limiter *limiter = limiter_new();
    int64_t deployment = first_deployment(&w);
#define CALL()                                    \
    (limiter_prepare(limiter, image_get(reader)), \
     call(image_get(reader), limiter, deployment, key.secret, w.now_ms))
    CHECK_I64(CALL(), DENY_CREDENTIAL_MISSING);
    MUST(&w, key_create, DAVE, NULL, &key, "store", NULL);
    CHECK_I64(CALL(), DENY_NOT_SUBSCRIBED);
    struct str id = world_ask(&w);
    CHECK_I64(CALL(), DENY_SUBSCRIPTION_PENDING);
    MUST(&w, subscription_approve, OLGA, NULL, &row, id.ptr, NULL);
    CHECK_I64(CALL(), DENY_NONE);
    MUST(&w, subscription_suspend, OLGA, NULL, &row, id.ptr, NULL);
    CHECK_I64(CALL(), DENY_SUBSCRIPTION_SUSPENDED);
    MUST(&w, subscription_resume, OLGA, NULL, &row, id.ptr, NULL);
    CHECK_I64(CALL(), DENY_NONE);
    MUST(&w, subscription_revoke, OLGA, NULL, &row, id.ptr, NULL);
    CHECK(CALL() != DENY_NONE);
    id = world_ask(&w); /* a revoked one does not stand in the way of the next */
    MUST(&w, subscription_approve, OLGA, NULL, &row, id.ptr, NULL);
    CHECK_I64(CALL(), DENY_NONE);
    MUST(&w, key_revoke, DAVE, NULL, &revoked, "store", id_format(&w.mem, key.key.id).ptr);
    CHECK_I64(CALL(), DENY_CREDENTIAL_REVOKED);
    const struct str pets = STR("pets");
    CHECK_OK(catalog_api(w.view, &w.who[OLGA], &pets, &w.mem, &api, &w.err), &w.err);
    CHECK_I64(
        world_change(&w, api_patch, OLGA, "{\"access\":\"open\"}", api.etag, &api, "pets", NULL),
        ERR_NONE);
    CHECK_I64(CALL(), DENY_NONE);
    MUST(&w, version_stage, OLGA,
         "{\"stage\":\"deprecated\",\"sunset_at\":\"2099-01-01T00:00:00Z\"}", &version, "pets",
         "v1");
    CHECK_I64(CALL(), DENY_NONE);
    MUST(&w, version_stage, OLGA, "{\"stage\":\"retired\"}", &version, "pets", "v1");
    CHECK_I64(CALL(), DENY_API_RETIRED);
    MUST(&w, deployment_delete, OLGA, NULL, NULL, id_format(&w.mem, deployment).ptr, NULL);
    CHECK_I64(CALL(), DENY_OPERATION_UNKNOWN);
#undef CALL
    limiter_free(limiter);
    image_reader_close(reader);
    world_end(&w);
}

/* The version of an image is the last event that changed access: not later ones, and not forgotten.
 */
TEST(test_an_image_is_numbered_by_the_last_change_of_access)
{
    struct world w;
    struct new_key key = {0};
    struct team team = {0};
    world_begin_full(&w);
    struct image_reader *reader = image_reader_open(w.catalog);
    uint64_t serial = image_get(reader)->serial;
    CHECK(serial > 0);
    MUST(&w, key_create, DAVE, NULL, &key, "store", NULL);
    CHECK(image_get(reader)->serial > serial);
    int64_t seq = scratch_number(w.scratch.path, "SELECT max(seq) FROM event");
    CHECK_I64(image_get(reader)->version, seq);
    w.flags = 0;
    MUST(&w, team_create, DAVE, "{\"slug\":\"third\",\"name\":\"T\"}", &team, NULL, NULL);
    CHECK_I64(w.flags, 0);
    CHECK_I64(image_get(reader)->version, seq);
    image_reader_close(reader);
    world_close(&w);
    world_open(&w);
    reader = image_reader_open(w.catalog);
    CHECK_I64(image_get(reader)->version, seq);
    image_reader_close(reader);
    world_end(&w);
}

/* A catalog that has become unreadable lets nobody in on an old list, and comes back by itself. */
TEST(test_an_image_that_cannot_be_built_lets_nobody_in)
{
    struct world w;
    struct new_key key = {0};
    struct subscription row = {0};
    world_begin_full(&w);
    struct image_reader *reader = image_reader_open(w.catalog);
    int64_t deployment = first_deployment(&w);
    struct limiter *limiter = limiter_new();
    MUST(&w, key_create, DAVE, NULL, &key, "store", NULL);
    struct str id = world_ask(&w);
    MUST(&w, subscription_approve, OLGA, NULL, &row, id.ptr, NULL);
    limiter_prepare(limiter, image_get(reader));
    CHECK_I64(call(image_get(reader), limiter, deployment, key.secret, w.now_ms), DENY_NONE);
    scratch_sql(w.scratch.path,
                "CREATE TABLE kept AS SELECT * FROM subscription;"
                "UPDATE subscription SET state = 'damaged' WHERE state = 'approved'");
    struct new_key other = {0};
    int64_t commits = w.commits;
    MUST(&w, key_create, DAVE, NULL, &other, "store", NULL); /* durable, but cannot be told yet */
    CHECK_I64(w.commits, commits);
    CHECK(image_get(reader) == NULL);
    CHECK_I64(call(image_get(reader), limiter, deployment, key.secret, w.now_ms), DENY_IMAGE_STALE);
    scratch_sql(w.scratch.path,
                "UPDATE subscription SET state = 'approved' WHERE state = 'damaged'");
    for (int i = 0; i < 5000 && image_get(reader) == NULL; i++) {
        image_idle(reader);
        usleep(2000);
    }
    CHECK(image_get(reader) != NULL);
    limiter_prepare(limiter, image_get(reader));
    CHECK_I64(call(image_get(reader), limiter, deployment, other.secret, w.now_ms), DENY_NONE);
    for (int i = 0; i < 5000 && w.commits == commits; i++)
        usleep(2000);
    CHECK_I64(w.commits, commits + 1);
    limiter_free(limiter);
    image_reader_close(reader);
    world_end(&w);
}

struct looker {
    struct world *w;
    pthread_t thread;
    int64_t deployment;
    struct str key;
    _Atomic bool *stop;
    int64_t calls, odd;
    uint64_t last;
};

static void *look(void *context)
{
    struct looker *l = context;
    struct image_reader *reader = image_reader_open(l->w->catalog);
    struct limiter *limiter = limiter_new();
    while (!atomic_load(l->stop)) {
        const struct access_image *image = image_get(reader);
        if (image == NULL || image->version < l->last) {
            l->odd++;
            continue;
        }
        if (image->version != l->last)
            limiter_prepare(limiter, image);
        l->last = image->version;
        if (call(image, limiter, l->deployment, l->key, l->w->now_ms) != DENY_NONE)
            l->odd++;
        l->calls++;
        if (l->calls % 16 == 0)
            image_idle(reader);
    }
    limiter_free(limiter);
    image_reader_close(reader);
    return NULL;
}

TEST(test_readers_go_on_while_images_are_swapped)
{
    struct world w;
    struct new_key key = {0};
    struct subscription row = {0};
    struct looker lookers[4] = {0};
    _Atomic bool stop = false;
    world_begin_full(&w);
    MUST(&w, key_create, DAVE, NULL, &key, "store", NULL);
    struct str id = world_ask(&w);
    MUST(&w, subscription_approve, OLGA, NULL, &row, id.ptr, NULL);
    for (size_t i = 0; i < COUNT_OF(lookers); i++) {
        lookers[i] = (struct looker){
            .w = &w, .deployment = first_deployment(&w), .key = key.secret, .stop = &stop};
        CHECK_I64(pthread_create(&lookers[i].thread, NULL, look, &lookers[i]), 0);
    }
    for (int i = 0; i < 100; i++) {
        struct new_key other = {0};
        MUST(&w, key_create, DAVE, NULL, &other, "store", NULL);
    }
    atomic_store(&stop, true);
    for (size_t i = 0; i < COUNT_OF(lookers); i++) {
        CHECK_I64(pthread_join(lookers[i].thread, NULL), 0);
        CHECK_I64(lookers[i].odd, 0);
        CHECK(lookers[i].calls > 0);
    }
    world_end(&w);
}
