/* Images: what is refused when building, and bytes that lie when opening. */
#include <stddef.h>
#include <stdlib.h>

#include "catalog/authz/image.h"
#include "tests/unit/authz/world.h"

TEST(test_build_refuses_with_the_place)
{
    static const struct {
        const char *where;
        int number;
    } cases[] = {
        {"/credentials/0/app",      0 },
        {"/deployments/2/api",      1 },
        {"/grants/0/app",           2 },
        {"/grants/0/api",           3 },
        {"/grants/0/plan",          4 },
        {"/deployments/1",          5 },
        {"/credentials/1",          6 },
        {"/plans/1/rate_period_ms", 7 },
        {"/deployments/0",          8 },
        {"/grants/0",               9 },
        {"/deployments/0",          10}
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        CLEANUP(world_clear) struct world w;
        struct err err = {0};
        world_init(&w);
        switch (cases[i].number) {
        case 0:
            w.credentials[0].app = 2;
            break;
        case 1:
            w.deployments[2].api = 3;
            break;
        case 2:
            w.grants[0].app = UINT32_MAX;
            break;
        case 3:
            w.grants[0].api = 3;
            break;
        case 4:
            w.grants[0].plan = 2;
            break;
        case 5:
            w.deployments[1].id = DEPLOY_PETS;
            break;
        case 6:
            w.credentials[1] = w.credentials[0];
            w.in.credential_count = 2;
            break;
        case 7:
            w.plans[1].rate_count = 1;
            break;
        case 8:
            w.deployments[0].id = 0;
            break;
        case 9:
            w.grants[0].subscription = 0;
            break;
        default:
            w.deployments[0].base_path = STR("pets");
            break;
        }
        CHECK(!access_build(&w.in, &w.bytes, &err));
        CHECK_I64(err.code, ERR_INVALID);
        CHECK_STR(str_from(err.where), str_from(cases[i].where));
        CHECK_I64(w.bytes.len, 0);
    }
}

TEST(test_build_is_deterministic_and_appends)
{
    CLEANUP(world_clear) struct world w;
    CLEANUP(buf_clear) struct buf twice = {0};
    struct err err = {0};
    world_init(&w);
    world_build(&w);
    CHECK_OK(access_build(&w.in, &twice, &err), &err);
    CHECK_OK(access_build(&w.in, &twice, &err), &err);
    CHECK_I64(twice.len, w.bytes.len * 2);
    CHECK(memcmp(twice.ptr, w.bytes.ptr, w.bytes.len) == 0);
    CHECK(memcmp(twice.ptr + w.bytes.len, w.bytes.ptr, w.bytes.len) == 0);
    CHECK_I64(w.image.version, 412);
    CHECK_I64(w.image.built_at_ms, WORLD_NOW - 1000);
}

TEST(test_empty_image_knows_nothing)
{
    CLEANUP(world_clear) struct world w;
    struct access_place place;
    struct decision d;
    world_init(&w);
    w.in = (struct access_input){.version = 1};
    d = world_decide(&w);
    CHECK(d.code == DENY_OPERATION_UNKNOWN);
    CHECK_I64(access_place_count(&w.image), 0);
    CHECK(!access_place_at(&w.image, 0, &place));
}

TEST(test_places_are_listed_and_found)
{
    CLEANUP(world_clear) struct world w;
    struct access_place place;
    struct str group = STR_NONE;
    world_init(&w);
    w.deployments[0].id = 900; /* the image sorts by id */
    world_build(&w);
    CHECK_I64(access_place_count(&w.image), 3);
    CHECK(access_place_at(&w.image, 0, &place));
    CHECK_I64(place.id, DEPLOY_OPEN);
    CHECK_STR(place.base_path, STR("/news"));
    CHECK(place.open);
    CHECK(access_place_find(&w.image, 900, &place));
    CHECK_STR(place.api, STR("pets"));
    CHECK_I64(place.operation_count, 5);
    CHECK(access_deployment_group(&w.image, DEPLOY_ROOT, &group));
    CHECK_STR(group, STR("edge"));
    CHECK(!access_deployment_group(&w.image, DEPLOY_PETS, &group));
    CHECK(!access_place_find(NULL, 900, &place));
}

/* Hashes are random, so a bucket holds few keys, at equal distances; here one holds all, last
 * first, and they lie together at one of its ends. */
static void crowd(struct world *w, size_t count, uint8_t end)
{
    struct access_credential *rows = arena_array(&w->mem, struct access_credential, count);
    for (size_t i = 0; i < count; i++) {
        size_t n = count - 1 - i;
        rows[i] =
            (struct access_credential){.app = (uint32_t)(n % 2),
                                       .revoked = n % 5 == 0,
                                       .not_after_ms = n % 3 == 0 ? WORLD_NOW + (int64_t)n : 0};
        memset(rows[i].sha256.bytes, end, 6);
        rows[i].sha256.bytes[6] = (uint8_t)(n / 2 >> 8);
        rows[i].sha256.bytes[7] = (uint8_t)(n / 2);
        rows[i].sha256.bytes[15] = (uint8_t)(n % 2);
        rows[i].sha256.bytes[31] = (uint8_t)n;
    }
    w->in.credentials = rows;
    w->in.credential_count = count;
}

static uint64_t high_of(uint32_t n, uint8_t end)
{
    return (end ? UINT64_MAX << 16 : 0) | n / 2;
}

static void check_key(const struct world *w, uint32_t n, uint8_t end)
{
    const struct image_header *h = image_header_of(&w->image);
    const struct image_key *key = &image_keys(h)[n];
    const struct image_app *app = &image_apps(h)[key->app];
    CHECK_I64(image_find_key(h, high_of(n, end), n % 2), n);
    CHECK_STR(image_str(h, app->slug), w->in.apps[n % 2].slug);
    CHECK_I64(image_key_end(h, n), n % 3 == 0 ? WORLD_NOW + (int64_t)n : 0);
    CHECK((key->flags & KEY_REVOKED) == (n % 5 == 0 ? KEY_REVOKED : 0));
    const struct image_app_key *listed = &image_app_keys(h)[app->key + n / 2];
    CHECK_I64(listed->key, n);
    CHECK_I64(listed->sha256_tail[15], (uint8_t)n);
}

static void check_crowd(uint32_t count, uint8_t end)
{
    CLEANUP(world_clear) struct world w;
    world_init(&w);
    crowd(&w, count, end);
    world_build(&w);
    const struct image_header *h = image_header_of(&w.image);
    for (uint32_t n = 0; n < count; n++)
        check_key(&w, n, end);
    CHECK_I64(image_find_key(h, high_of(count + 1, end), 0), count);
    CHECK_I64(image_find_key(h, 0, UINT64_MAX), count);
    CHECK_I64(image_find_key(h, UINT64_MAX, UINT64_MAX), count);
}

TEST(test_keys_that_share_a_bucket_are_in_order)
{
    static const uint32_t counts[] = {2, 63, 64, 65, 600};
    for (size_t i = 0; i < COUNT_OF(counts); i++) {
        check_crowd(counts[i], 0);
        check_crowd(counts[i], UINT8_MAX);
    }
}

/* A copy of exactly len bytes, so that the sanitizer sees every byte read behind it. */
static char *exact_copy(struct str bytes, size_t len)
{
    char *copy = aligned_alloc(16, (len + 15) / 16 * 16 + 16);
    memcpy(copy, bytes.ptr, len);
    return copy;
}

TEST(test_open_refuses_every_changed_byte_and_every_cut)
{
    CLEANUP(world_clear) struct world w;
    struct access_image image;
    struct err err = {0};
    world_init(&w);
    w.in.deployment_count = 1;
    world_build(&w);
    char *copy = exact_copy(buf_str(&w.bytes), w.bytes.len);
    for (size_t i = 0; i < w.bytes.len; i++) {
        static const char changes[] = {1, (char)0x80, (char)0xFF};
        for (size_t k = 0; k < sizeof(changes); k++) {
            copy[i] = (char)(copy[i] ^ changes[k]);
            if (access_open((struct str){copy, w.bytes.len}, &image, &err))
                printf("\nbyte %zu\n", i);
            CHECK(!access_open((struct str){copy, w.bytes.len}, &image, &err));
            copy[i] = w.bytes.ptr[i];
        }
    }
    CHECK_OK(access_open((struct str){copy, w.bytes.len}, &image, &err), &err);
    CHECK(!access_open((struct str){copy, w.bytes.len + 1}, &image, &err));
    free(copy);
    for (size_t len = 0; len < w.bytes.len; len++) {
        char *cut = malloc(len ? len : 1);
        memcpy(cut, w.bytes.ptr, len);
        CHECK(!access_open((struct str){cut, len}, &image, &err));
        CHECK_I64(err.code, ERR_INVALID);
        free(cut);
    }
}

static void fix_checksum(char *bytes, size_t len)
{
    uint64_t sum = image_checksum((struct str){bytes + IMAGE_UNCHECKED, len - IMAGE_UNCHECKED});
    memcpy(bytes + offsetof(struct image_header, checksum), &sum, sizeof(sum));
}

/* A few fields of 4 bytes each get telling values; the rest of the bytes stays. */
static void damage(char *bytes, size_t len, unsigned *seed)
{
    static const uint32_t values[] = {0, 1, 2, 3, 7, 0x7FFFFFFF, 0xFFFFFFFF, 0x80000000, 160, 4096};
    for (int n = 1 + rand_r(seed) % 3; n > 0; n--) {
        size_t at = IMAGE_UNCHECKED + (size_t)rand_r(seed) % (len - IMAGE_UNCHECKED - 4);
        uint32_t value = values[(size_t)rand_r(seed) % COUNT_OF(values)];
        if (rand_r(seed) % 4 == 0) {
            bytes[at] = (char)rand_r(seed);
            continue;
        }
        at -= at % 4;
        if (rand_r(seed) % 4 == 0) { /* near what stood there */
            memcpy(&value, bytes + at, sizeof(value));
            value += (uint32_t)(rand_r(seed) % 5) - 2;
        }
        memcpy(bytes + at, &value, sizeof(value));
    }
}

static void use_everything(struct world *w, const struct access_image *image)
{
    static const char *const paths[] = {"/pets/7", "/pets/7/toys", "/news/%31?x", "/", "/pets/"};
    static const int64_t ids[] = {DEPLOY_PETS, DEPLOY_OPEN, DEPLOY_ROOT, 1, 0, -1};
    CLEANUP(buf_clear) struct buf out = {0};
    struct access_place place;
    struct decision d;
    limiter_prepare(w->limiter, image);
    for (size_t i = 0; i < COUNT_OF(ids) * COUNT_OF(paths); i++) {
        struct check_request ask = w->request;
        ask.deployment = ids[i % COUNT_OF(ids)];
        ask.path = str_from(paths[i / COUNT_OF(ids)]);
        ask.method = i % 2 ? STR("GET") : STR("PUT");
        decide(image, w->limiter, &ask, 60000, w->now_ms, &d);
        buf_add(&out, d.operation); /* reads what the texts point to */
        buf_add(&out, d.plan);
        buf_add(&out, d.allow);
    }
    for (size_t i = 0; access_place_at(image, i, &place); i++)
        buf_add(&out, place.base_path);
    access_consumers(image, STR("edge"), w->now_ms, 60, &out);
}

/* A key that says it ends, in an image that does not say when, has ended. */
TEST(test_key_without_its_end_is_refused)
{
    CLEANUP(world_clear) struct world w;
    struct err err = {0};
    const uint32_t none = 0;
    world_init(&w);
    w.credentials[0].not_after_ms = WORLD_NOW + 1000;
    world_build(&w);
    CHECK(world_ask(&w, "GET", "/pets/7") == DENY_NONE);
    size_t row = offsetof(struct image_header, sections) +
                 SECTION_key_ends * sizeof(((struct image_header *)NULL)->sections[0]);
    memcpy(w.bytes.ptr + row + 4, &none, sizeof(none));
    fix_checksum(w.bytes.ptr, w.bytes.len);
    CHECK_OK(access_open(buf_str(&w.bytes), &w.image, &err), &err);
    CHECK(world_ask(&w, "GET", "/pets/7") == DENY_CREDENTIAL_EXPIRED);
}

/* Each of these would lead out of the bytes or divide by zero; random damage finds them rarely. */
TEST(test_open_refuses_each_wrong_number)
{
    enum { FIRST_BUCKET, LAST_BUCKET, APP_KEY, PERIOD, SECTION_END, SECTION_PLACE, METERED, CASES };
    for (int number = 0; number < CASES; number++) {
        CLEANUP(world_clear) struct world w;
        struct access_image image;
        struct err err = {0};
        uint32_t value = 1000000;
        world_init(&w);
        w.plans[0].rate_count = 1;
        w.plans[0].rate_period_ms = 1000;
        world_build(&w);
        struct image_header h;
        memcpy(&h, w.bytes.ptr, sizeof(h));
        size_t section = offsetof(struct image_header, sections);
        size_t keys_row = section + SECTION_keys * sizeof(h.sections[0]);
        const size_t places[CASES] = {
            [FIRST_BUCKET] = h.sections[SECTION_buckets].at,
            [LAST_BUCKET] = h.sections[SECTION_buckets].at + 4,
            [APP_KEY] = h.sections[SECTION_app_keys].at,
            [PERIOD] = h.sections[SECTION_plans].at + offsetof(struct image_plan, rate_period_ms),
            [SECTION_END] = section + SECTION_text * sizeof(h.sections[0]) + 4,
            [SECTION_PLACE] = keys_row,
            [METERED] = offsetof(struct image_header, metered),
        };
        if (number == PERIOD)
            value = 0;
        memcpy(w.bytes.ptr + places[number], &value, sizeof(value));
        fix_checksum(w.bytes.ptr, w.bytes.len);
        CHECK(!access_open(buf_str(&w.bytes), &image, &err));
        CHECK_STR(str_from(err.msg), STR("the access image points outside itself"));
    }
}

/* The checksum is no defence against intent: whatever opens must be safe to use. */
TEST(test_opened_bytes_are_safe_whatever_they_say)
{
    CLEANUP(world_clear) struct world w;
    static const struct str some[] = {
        {"GET /",     5},
        {"GET /{id}", 9}
    };
    struct err err = {0};
    unsigned seed = 412, opened = 0;
    world_init(&w);
    w.plans[0].rate_count = 5;
    w.plans[0].rate_period_ms = 1000;
    w.plans[0].quota_count = 100;
    w.plans[0].operations = some;
    w.plans[0].operation_count = 2;
    w.credentials[0].not_after_ms = WORLD_NOW + 5;
    w.grants[1] = (struct access_grant){502, 0, 2, 1, ACCESS_APPROVED, 0, 0};
    w.in.grant_count = 2;
    world_build(&w);
    for (int round = 0; round < 20000; round++) {
        struct access_image image;
        char *copy = aligned_alloc(16, w.bytes.len); /* its length is a multiple of 16 */
        memcpy(copy, w.bytes.ptr, w.bytes.len);
        damage(copy, w.bytes.len, &seed);
        fix_checksum(copy, w.bytes.len);
        if (access_open((struct str){copy, w.bytes.len}, &image, &err)) {
            use_everything(&w, &image);
            opened++;
        }
        free(copy);
    }
    CHECK(opened > 1000 && opened < 20000);
}
